"""A comparison as text for a terminal: what changed verdict first, by rule and cause, each way with examples of both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from rulecheck.comparing.grouping import LISTED_IN_ALL
from rulecheck.comparing.result import Comparison, Difference, Example, Group, Reworded, RuleChange, RuleLine, Way
from rulecheck.comparing.wording import say
from rulecheck.judgement import Evidence, Judgement, SubjectLine, Verdict
from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.language.syntax import Language
from rulecheck.language.words import limb_tag
from rulecheck.prose.passages import Paragraph
from rulecheck.report.blocks import origin_text, subject_name
from rulecheck.report.layout import BLANK, Line, Style, pad, paint, paragraph, width_of
from rulecheck.report.wording import capital, day, join, period, pick, verdict_name
from rulecheck.report.wording import say as said
from rulecheck.submission import Refusal

_SHOWN_FAULTS = {True: 2, False: 20}
"""Faults of one refused file that are shown, by whether both sides refuse it: those are `rulecheck check`'s to tell."""

_END = re.compile("(?:[。；，.;,]| and| or|且|或)*$")
"""How lines of a list end: which word joins them depends on their place alone."""

_FIGURES = 6
"""Figures of an example that are shown on either side."""


def render_text(comparison: Comparison, language: Language, *, everything: bool = False, color: bool = False) -> str:
    """The comparison as lines of at most 100 columns. `everything`: all subjects by name, and what was only told otherwise."""
    groups = {"changed": comparison.groups, "appeared": comparison.appeared, "fell_away": comparison.fell_away}
    parts = [
        _head(comparison, language),
        _refused(comparison, language),
        *(_groups(name, found, comparison, language, everything=everything) for name, found in groups.items()),
        _unjudged("added", [each for each in comparison.rules if each.rule.old is None and not each.judged], language),
        _unjudged("removed", [each for each in comparison.rules if each.rule.new is None and not each.judged], language),
        _quiet(comparison, language),
        _reworded(comparison.reworded or (), language, everything=everything),
    ]
    return paint(list(chain.from_iterable((BLANK, *part) for part in parts if part))[1:], color=color)


# --- head ---


def _head(comparison: Comparison, language: Language) -> list[Line]:
    old, new = comparison.receipts
    rows = [
        (side, say("head", "rules", language, name=name, rules=receipt.rules[:12], calendar=receipt.calendar[:12]))
        for side, name, receipt in zip(("old", "new"), comparison.names, (old, new), strict=True)
    ]
    rows.append(("facts", say("head", "read", language, facts=new.facts[:12], engine=new.engine)))
    dates = join((day(date, language) for date in comparison.as_of), language)
    source = said(f"as_of_source.{comparison.as_of_source}", language)
    rows.append(("as_of", said("head.dated", language, dates=dates, source=source) if dates else source))
    labels = [say("head", key, language) for key, _ in rows]
    width = max(map(width_of, labels))
    lines = [Line(say("head", "title", language), Style.BOLD), *paragraph(said("preliminary.note", language)), BLANK]
    for label, (_, text) in zip(labels, rows, strict=True):
        lines += paragraph(text, f"{pad(label, width)}  ")
    return [*lines, BLANK, *_counts(comparison, language)]


def _counts(comparison: Comparison, language: Language) -> list[Line]:
    old, new = (len(each) for each in comparison.refused)
    rows = [(say("head", "refused", language, old=old, new=new), max(old, new), Style.RED)] if old or new else []
    reworded = len(comparison.reworded or ())
    counted = {
        "changed": (comparison.changed, Style.YELLOW),
        "appeared": (comparison.only_new, Style.YELLOW),
        "fell_away": (comparison.only_old, Style.YELLOW),
        "reworded": (reworded, Style.PLAIN),
        "unchanged" if comparison.reworded is not None else "kept": (comparison.unchanged - reworded, Style.PLAIN),
    }
    rows += [
        (capital(say("head", name, language)), count, style if count else Style.PLAIN)
        for name, (count, style) in counted.items()
        if count or name == "changed"
    ]
    names = max(width_of(name) for name, _, _ in rows)
    figures = max(len(str(count)) for _, count, _ in rows)
    lines = [Line(f"  {pad(name, names)}  {count:>{figures}}", style) for name, count, style in rows]
    if not comparison.rules and comparison.receipts[0].calendar == comparison.receipts[1].calendar:
        lines += paragraph(say("head", "same_rules", language), "  ")
    return lines


# --- what could not be taken ---


def _refused(comparison: Comparison, language: Language) -> list[Line]:
    old, new = ({each.file: each for each in side} for side in comparison.refused)
    if not old and not new:
        return []
    lines = [Line(say("section", "refused", language), Style.RED)]
    if old.keys() != new.keys():
        lines += paragraph(say("section", "refused_note", language), "  ", style=Style.DIM)
    for file in sorted({**old, **new}):
        name = "refused_both" if file in old and file in new else "refused_old" if file in old else "refused_new"
        lines += paragraph(say("line", name, language, file=file), "  ", style=Style.BOLD)
        lines += _faults(new.get(file) or old[file], _SHOWN_FAULTS[file in old and file in new], language)
    return lines


def _faults(refusal: Refusal, shown: int, language: Language) -> Iterator[Line]:
    for fault in refusal.faults[:shown]:
        yield from _diagnostic(fault, language)
    if len(refusal.faults) > shown:
        yield Line("    " + say("line", "more_faults", language, count=len(refusal.faults) - shown))


def _diagnostic(diagnostic: Diagnostic, language: Language) -> list[Line]:
    return [Line("    " + line) for line in render(diagnostic, language).split("\n")]


# --- what changed ---


def _groups(
    name: str, groups: Sequence[Group], comparison: Comparison, language: Language, *, everything: bool
) -> list[Line]:
    if not groups:
        return []
    lines = [Line(say("section", name, language, count=sum(group.count for group in groups)), Style.YELLOW)]
    for number, group in enumerate(groups, start=1):
        if number > 1:
            lines.append(BLANK)
        lines += _group(group, number, language, everything=everything)
    return lines


def _group(group: Group, number: int, language: Language, *, everything: bool) -> list[Line]:
    head = f"{number:>3}. "
    indent = " " * len(head)
    lines = paragraph(_title(group.rule, group.limb, language), head, style=Style.BOLD)
    lines += _cited(group.rule, indent, language)
    for cause in group.causes:
        lines += _difference(cause, say("line", "cause", language, cause=_name(cause, language)), indent, language)
    for way in group.ways:
        lines += _way(way, indent, language, everything=everything)
    return lines


def _title(rule: RuleLine, limb: str | None, language: Language) -> str:
    title = pick(rule.title, language)
    if limb is not None:
        title += said("block.limb", language, tag=limb_tag(limb, language) or limb)
    if rule.old is not None and rule.new is not None and rule.old != rule.new:
        title += say("line", "through", language, through=say("line", "renamed", language, old=rule.old))
    return title


def _cited(rule: RuleLine, indent: str, language: Language) -> Iterator[Line]:
    number = rule.document.number or rule.document.title
    yield from paragraph(said("block.citation", language, document=number, locator=rule.locator), indent)
    for words in rule.quote:
        yield from paragraph(words, indent + "> ", style=Style.DIM)


def _name(cause: Difference, language: Language) -> str:
    """What differs, with what it changed through."""
    name = pick(cause.name, language)
    if cause.through:
        through = join((pick(each, language) for each in cause.through), language)
        name += say("line", "through", language, through=through)
    return name


def _difference(of: Difference, head: str, indent: str, language: Language) -> Iterator[Line]:
    """What differs, then what either version says."""
    yield from paragraph(head, indent, indent + "  ")
    if of.before or of.after:
        yield from _version("before", of.before, of.after, indent + "  ", language)
        yield from _version("after", of.after, of.before, indent + "  ", language)


def _version(
    side: str, said_here: Sequence[Paragraph], said_there: Sequence[Paragraph], indent: str, language: Language
) -> Iterator[Line]:
    """What one version says; of several lines those that the other has not are marked with `*`."""
    mark = say("line", side, language)
    if not said_here:
        yield from paragraph(say("line", "nothing", language), indent + mark)
    there = {_bare(each, language) for each in said_there}
    later = " " * width_of(mark)
    for number, each in enumerate(said_here):
        is_own = min(len(said_here), len(said_there)) > 1 and _bare(each, language) not in there
        first = indent + (mark if number == 0 else later) + "  " * each.depth
        if is_own and number:
            first = first[:-2] + "* "
        first += pick(each.mark, language)
        yield from paragraph(pick(each.text, language), first, indent + later + "  " * (each.depth + 1))


def _bare(of: Paragraph, language: Language) -> str:
    return _END.sub("", pick(of.text, language))


def _way(way: Way, indent: str, language: Language, *, everything: bool) -> list[Line]:
    names = [_verdict(verdict, way, is_before, language) for verdict, is_before in ((way.before, True), (way.after, False))]
    lines = paragraph(
        say("line", "way", language, before=names[0], after=names[1], count=way.count), indent, style=Style.BOLD
    )
    for example in way.examples:
        lines += _example(example, indent + "  ", language)
    if everything and way.listed:
        listed = join((_listed(subject, key, language) for subject, key in way.listed), language)
        name = "listed" if len(way.listed) == way.count else "listed_first"
        text = say("line", name, language, names=listed, shown=len(way.listed), count=way.count)
        lines += paragraph(text, indent + "  ", indent + "    ")
    elif everything:
        lines += paragraph(say("line", "unlisted", language, count=way.count, most=LISTED_IN_ALL), indent + "  ", indent + "    ")
    return lines


def _verdict(verdict: Verdict | None, way: Way, is_before: bool, language: Language) -> str:
    if verdict is None:
        return say("line", "absent", language)
    first = way.examples[0].before if is_before else way.examples[0].after
    return verdict_name(first, language) if first is not None else said(f"verdict.{verdict}", language)


def _listed(subject: SubjectLine, key: str | None, language: Language) -> str:
    name = subject_name(subject, language)
    return name if key is None else say("line", "within", language, name=name, period=period(key, language))


def _example(example: Example, indent: str, language: Language) -> Iterator[Line]:
    subject = _listed(example.subject, example.turn.period, language)
    yield from paragraph(say("line", "example", language, subject=subject), indent)
    for side, judgement in (("before", example.before), ("after", example.after)):
        if judgement is not None:
            yield from paragraph(pick(judgement.reason, language), indent + "  " + say("line", side, language), indent + "    ")
    for text, origin in figures(example, language)[:_FIGURES]:
        yield from paragraph(say("line", "figure", language, text=text, origin=origin), indent + "  ", indent + "    ")


def figures(example: Example, language: Language) -> list[tuple[str, str]]:
    """The figures that either judgement rests on, each once, with where it stands."""
    found: dict[tuple[str, str], None] = {}
    for judgement in (example.after, example.before):
        if judgement is not None:
            for node in _leaves(judgement):
                if node.origin is not None:
                    found[pick(node.text, language), origin_text(node.origin, language)] = None
    return list(found)


def _leaves(judgement: Judgement) -> Iterator[Evidence]:
    """The nodes of the evidence, the judgement itself left out."""
    waiting = list(judgement.evidence.children)
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting = [*node.children, *waiting]


# --- rules ---


def _unjudged(name: str, changes: Sequence[RuleChange], language: Language) -> list[Line]:
    """Rules of one set only that found no subject; those that did stand with the judgements."""
    if not changes:
        return []
    lines = [Line(say("section", name, language, count=len(changes)), Style.BOLD)]
    for change in changes:
        lines += paragraph(_title(change.rule, None, language), "  - ")
        lines += _cited(change.rule, "    ", language)
        lines += chain.from_iterable(_said(each, "    ", language) for each in change.differences)
    return lines


def _said(of: Difference, indent: str, language: Language) -> Iterator[Line]:
    for each in of.after or of.before:
        yield from paragraph(pick(each.text, language), indent + "  " * each.depth + pick(each.mark, language))


def _quiet(comparison: Comparison, language: Language) -> list[Line]:
    """Rules of both sets that say something else, where no verdict changed."""
    found = [each for each in comparison.rules if each.rule.old and each.rule.new and not each.changed]
    if not found:
        return []
    lines = [Line(say("section", "rules", language, count=len(found)), Style.BOLD)]
    lines += paragraph(say("section", "rules_note", language), "  ", style=Style.DIM)
    for change in found:
        lines += paragraph(_title(change.rule, None, language), "  - ", style=Style.BOLD)
        lines += _cited(change.rule, "    ", language)
        for difference in change.differences:
            lines += _difference(difference, _name(difference, language), "    ", language)
    return lines


def _reworded(found: Sequence[Reworded], language: Language, *, everything: bool) -> list[Line]:
    if not found:
        return []
    lines = [Line(say("section", "reworded", language, count=len(found)), Style.BOLD)]
    if not everything:
        lines += paragraph(say("section", "reworded_note", language), "  ", style=Style.DIM)
    for rule, several in groupby(found, key=lambda each: each.rule):
        of_rule = list(several)
        lines += paragraph(say("line", "reworded", language, rule=_title(rule, None, language), count=len(of_rule)), "  - ")
        for each in of_rule if everything else ():
            parts = join((say("part", name, language) for name in each.parts), language)
            subject = _listed(each.subject, each.period, language)
            lines += paragraph(say("line", "parts", language, subject=subject, parts=parts), "    ")
            if "reason" in each.parts:
                for side, judgement in (("before", each.before()), ("after", each.after())):
                    lines += paragraph(pick(judgement.reason, language), "      " + say("line", side, language), "        ")
    return lines
