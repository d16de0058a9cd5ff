"""What was handed in and by whom: the lines of the head, who is silent, what was replaced, and in full what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rulecheck.judgement import Report
from rulecheck.language.syntax import Language
from rulecheck.report.blocks import named
from rulecheck.report.layout import Line, Style, paragraph
from rulecheck.report.sections import note, section
from rulecheck.report.wording import join, pick, quoted, say
from rulecheck.submission import ExpectedUnit, Received, Refusal, Standing, State

_SHOWN_NAMES = 6


def standing_line(report: Report, language: Language) -> str:
    """How many of the units expected have reported; empty where no roster was given."""
    if report.expected is None:
        return ""
    states = Counter(standing.state for standing in report.expected)
    partly = states[State.PARTLY]
    return say(
        "head.standing",
        language,
        expected=len(report.expected),
        received=states[State.RECEIVED] + partly,
        partly=say("head.partly", language, count=partly) if partly else "",
        refused=states[State.REFUSED],
        silent=states[State.SILENT],
    )


def read_line(report: Report, language: Language) -> str:
    """How much was read, in short; empty where there is nothing to say."""
    refused = sum(refusal.is_submission for refusal in report.refused)
    if not report.received and not report.replaced:
        return ""
    sheets = sum(len(received.sheets) for received in report.received)
    others = {"sent_back": refused, "replaced": len(report.replaced)}
    return say(
        "head.taken",
        language,
        files=len(report.received),
        sheets=say("head.sheets", language, count=sheets) if sheets else "",
        subjects=sum(received.subjects for received in report.received),
        values=sum(received.values for received in report.received),
        others="".join(say(f"head.{key}", language, count=count) for key, count in others.items() if count),
    )


def silent(report: Report, language: Language) -> list[Line]:
    """Every unit of the roster that is silent, however many there are."""
    found = [standing for standing in report.expected or () if standing.state is State.SILENT]
    if not found:
        return []
    lines = section("silent", language, Style.RED, count=len(found)) + note("silent_note", language)
    for standing in found:
        text = unit_text(standing.unit, language)
        if standing.unread:
            text = say("unit.unread", language, unit=text, files=join(standing.unread, language))
        lines.extend(paragraph(text, "  - "))
    return lines


def partly(report: Report, language: Language) -> list[Line]:
    """Every unit that reported, but not all it was to."""
    found = [standing for standing in report.expected or () if standing.state is State.PARTLY]
    if not found:
        return []
    lines = section("partly", language, Style.YELLOW, count=len(found))
    for standing in found:
        parts = say("block.clauses", language).join(_parts(standing, language))
        unit = unit_text(standing.unit, language)
        lines.extend(paragraph(say("unit.partly", language, unit=unit, parts=parts), "  - "))
    return lines


def _parts(standing: Standing, language: Language) -> Iterator[str]:
    if standing.missing:
        yield say(
            "unit.lacks", language, kinds=join((quoted(pick(kind, language), language) for kind in standing.missing), language)
        )
    if standing.refused:
        yield say("unit.sent_back", language, files=join(standing.refused, language))


def replaced(report: Report, language: Language) -> list[Line]:
    if not report.replaced:
        return []
    lines = section("replaced", language, Style.BOLD, count=len(report.replaced)) + note("replaced_note", language)
    for file, by in report.replaced:
        lines.extend(paragraph(say("unit.replaced", language, file=file, by=by), "  - "))
    return lines


def received(report: Report, language: Language) -> list[Line]:
    """Each file that was read: what was in it, who signed it and which units it is from."""
    if not report.received:
        return []
    lines = section("received", language, Style.BOLD, count=len(report.received))
    for each in report.received:
        details = say("block.clauses", language).join(_details(each, report, language))
        lines.extend(paragraph(say("unit.file", language, file=each.file, details=details), "  - "))
    return lines


def _details(received: Received, report: Report, language: Language) -> Iterator[str]:
    format = received.format.upper()
    yield say("unit.format", language, format=format, encoding=received.encoding) if received.encoding else format
    if received.sheets:
        yield say("unit.sheets", language, sheets=join(received.sheets, language))
    yield say("unit.content", language, subjects=received.subjects, values=received.values)
    if received.unit:
        yield say("unit.signed", language, unit=received.unit)
    if received.filled_by:
        yield say("unit.filled_by", language, name=received.filled_by)
    if received.reviewed_by:
        yield say("unit.reviewed_by", language, name=received.reviewed_by)
    if received.signed_on:
        yield say("unit.signed_on", language, date=received.signed_on)
    if received.units:
        units = sender_text(received, report, language)
        yield say("unit.from", language, units=units, told=say(f"told_by.{received.told_by}", language))


def returned_text(refusal: Refusal, report: Report, language: Language) -> str:
    """A file that was not taken, with whose it is."""
    if not refusal.is_submission:
        return say("unit.own", language, file=refusal.file)
    sender = sender_text(refusal, report, language)
    return say("unit.returned", language, file=refusal.file, units=sender) if sender else refusal.file


def sender_text(file: Received | Refusal, report: Report, language: Language) -> str:
    """Whom a file comes from: the units of the roster, else who signed it; empty where nothing tells."""
    names = {standing.unit.code: standing.unit.full_name for standing in report.expected or ()}
    units = [names.get(code, code) for code in file.units]
    return named(units, language, _SHOWN_NAMES) if units else file.unit


def place_text(unit: ExpectedUnit, language: Language) -> str:
    """The name of the unit's place, empty where the roster has none."""
    return (unit.place.chinese if language == "zh" else unit.place.title) if unit.place is not None else ""


def unit_text(unit: ExpectedUnit, language: Language) -> str:
    """A unit with what tells it from others of its name."""
    details = [each for each in (unit.code, unit.level, place_text(unit, language)) if each and each != unit.full_name]
    if not details:
        return unit.full_name
    return say("unit.named", language, name=unit.full_name, details=join(details, language))
