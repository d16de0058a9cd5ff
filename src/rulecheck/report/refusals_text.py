"""What goes back to whom, as text: a block a unit, to be sent on as it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rulecheck.judgement import Report
from rulecheck.language.syntax import Language
from rulecheck.report.blocks import named
from rulecheck.report.handed_in import unit_text
from rulecheck.report.layout import BLANK, Line, Style, paint, paragraph
from rulecheck.report.refusals import Item, Part, UnitRefusals, refusals
from rulecheck.report.wording import pick, say
from rulecheck.rules.model import Bilingual

_SHOWN_NAMES = 6


def render_refusals_text(report: Report, language: Language) -> str:
    """The list as lines of at most 100 columns."""
    units = refusals(report)
    lines = [Line(say("refusals.title", language), Style.BOLD), *paragraph(say("preliminary.note", language)), BLANK]
    if not units:
        return paint([*lines, *paragraph(say("refusals.nothing", language))], color=False)
    lines += paragraph(_sum(units, language))
    for number, unit in enumerate(units, 1):
        lines += [BLANK, *paragraph(unit_title(unit, language), f"{number}. ")]
        for part, items in groupby(unit.items, key=lambda item: item.part):
            lines += _part(part, list(items), language)
    return paint(lines, color=False)


def _sum(units: Sequence[UnitRefusals], language: Language) -> str:
    unsigned = sum(not unit.name for unit in units)
    return say(
        "refusals.sum",
        language,
        units=sum(bool(unit.name) for unit in units),
        unsigned=say("refusals.unsigned", language, count=unsigned) if unsigned else "",
        files=sum(len(unit.refused_files) for unit in units),
        faults=sum(len(unit.of(Part.CONTRADICTION)) for unit in units),
        missing=sum(len(unit.of(Part.MISSING)) for unit in units),
        silent=sum(len(unit.of(Part.SILENT)) for unit in units),
    )


def unit_title(unit: UnitRefusals, language: Language) -> str:
    """The unit with what tells it from others of its name; of a file that nobody signed, whom it is about."""
    if unit.unit is not None:
        return unit_text(unit.unit, language)
    if unit.name:
        return unit.name
    about = named(unit.about, language, _SHOWN_NAMES)
    return say("refusals.about", language, units=about) if about else say("refusals.unnamed", language)


def _part(part: Part, items: Sequence[Item], language: Language) -> list[Line]:
    lines = paragraph(say(f"refusals_part.{part}", language), "   ", style=Style.BOLD)
    for file, of_file in groupby(items, key=lambda item: item.file):
        if file:
            lines += paragraph(file, "     ")
        for item in of_file:
            lines += paragraph(entry(item.place, item.what, language), "       - ")
            lines += paragraph(say("refusals.to_do", language, text=pick(item.to_do, language)), "         ")
    return lines


def entry(place: Bilingual, what: Bilingual, language: Language) -> str:
    """What is wrong with where it is, where that is known."""
    where = pick(place, language)
    return say("refusals.entry", language, place=where, what=pick(what, language)) if where else pick(what, language)
