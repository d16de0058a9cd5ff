"""One judgement as a compact block of lines: what, where it says so, why, what to do, who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulecheck.judgement import Evidence, Judgement, ReadingUse, SubjectLine, UsedParameter, Verdict
from rulecheck.language.diagnostics import located
from rulecheck.language.syntax import Language
from rulecheck.language.words import limb_tag
from rulecheck.report.layout import Line, Style, paragraph, wrap
from rulecheck.report.wording import amount, day, join, period, pick, quoted, say, verdict_name, verdict_names
from rulecheck.rules.citing import body_lists
from rulecheck.submission import Origin

_ROLES = ("lead", "accountable", "responsible")


def block(judgement: Judgement, number: int, language: Language, *, verbose: bool = False, with_date: bool = False) -> list[Line]:
    """The block; `with_date` where judgements of the report have different as-of dates, `verbose` with the evidence."""
    head = f"{number:>3}. "
    indent = " " * len(head)
    lines = paragraph(heading(judgement, language), head, style=Style.BOLD)
    for text in _passages(judgement, language, verbose=verbose, with_date=with_date):
        lines.extend(_hanging(text, indent))
    if verbose:
        lines.extend(paragraph(say("block.evidence", language), indent, style=Style.DIM))
        lines.extend(Line(text) for text in tree(judgement, language, indent))
    return lines


def _hanging(text: str, indent: str) -> list[Line]:
    """Continuations of a passage stand two columns in; a quotation keeps its mark."""
    if text.startswith("> "):
        return paragraph(text[2:], indent + "> ", style=Style.DIM)
    return paragraph(text, indent, indent + "  ")


def title(judgement: Judgement, language: Language) -> str:
    """The rule with its limb and period, without the subject."""
    parts = [pick(judgement.title, language)]
    if judgement.limb:
        parts[0] += say("block.limb", language, tag=limb_tag(judgement.limb, language) or judgement.limb)
    if judgement.period:
        parts.append(period(judgement.period, language))
    return " · ".join(parts)


def heading(judgement: Judgement, language: Language) -> str:
    return f"{title(judgement, language)} · {subject_name(judgement.subject, language)}"


def subject_name(subject: SubjectLine, language: Language) -> str:
    """The subject, with the nearest it is part of."""
    name = subject.name or subject.id
    parent = next((parent.name or parent.id for parent in subject.parents), None)
    return say("block.within", language, name=name, parent=parent) if parent else name


def origin_text(origin: Origin, language: Language) -> str:
    return located(origin.file, origin.where_zh if language == "zh" else origin.where_en)


def _passages(judgement: Judgement, language: Language, *, verbose: bool, with_date: bool) -> Iterator[str]:
    """The passages of a block in order, each to be wrapped on its own."""
    number = judgement.document.number or judgement.document.title
    yield say("block.citation", language, document=number, locator=judgement.locator)
    for words in judgement.quote:
        yield f"> {words}"
    if judgement.verdict is Verdict.UNDETERMINED:
        yield say("block.possible", language, verdicts=verdict_names(judgement, judgement.possible, language))
    yield pick(judgement.reason, language)
    if judgement.remedy:
        actions = say("block.clauses", language).join(pick(change.action, language) for change in judgement.remedy)
        together = say("block.together", language) if len(judgement.remedy) > 1 else ""
        yield say("block.remedy", language, actions=actions + together)
    yield from _readings(judgement, language, verbose=verbose)
    for used in judgement.parameters:
        if verbose or used.state != "confirmed":
            yield _parameter(used, language)
    if judgement.partial is not None:
        yield say("block.partial", language, what=pick(judgement.partial, language))
    yield from _records(judgement, language)
    bound = judgement.bound.name or judgement.bound.id or say("block.unnamed", language)
    yield say("block.bound", language, name=bound)
    for role in _ROLES:
        for agencies in body_lists(line.agency for line in judgement.responsible if line.role == role):
            yield say(f"role.{role}", language, agencies=say("block.agencies", language).join(agencies))
    for other in judgement.see_also:
        yield say("block.see_also", language, text=pick(other, language))
    if with_date:
        yield say("block.as_of", language, date=day(judgement.as_of, language))
    if verbose:
        yield from _details(judgement, language)


def _readings(judgement: Judgement, language: Language, *, verbose: bool) -> Iterable[str]:
    """The other fair readings, where one of them would give another verdict."""
    reading = judgement.reading
    if reading is None or not (
        verbose or reading.used is None or any(other.verdict is not judgement.verdict for other in reading.others)
    ):
        return
    parts = list(_other_readings(judgement, reading, language))
    if reading.used is not None:
        parts.insert(0, say("block.used", language, name=quoted(pick(reading.used, language), language)))
    name = "block.reading_open" if reading.used is None else "block.reading"
    yield say(name, language, parts=say("block.clauses", language).join(parts))


def _other_readings(judgement: Judgement, reading: ReadingUse, language: Language) -> Iterator[str]:
    for other in reading.others:
        verdict = verdict_names(judgement, (other.verdict,), language)
        yield say("block.other", language, name=quoted(pick(other.name, language), language), verdict=verdict)


def _parameter(used: UsedParameter, language: Language) -> str:
    return say(
        "block.parameter",
        language,
        name=pick(used.name, language),
        value=amount(used.value, used.unit, language) if used.value else say("block.no_value", language),
        state=say(f"state.{used.state}", language),
        source=pick(used.source, language),
    )


def _records(judgement: Judgement, language: Language) -> Iterator[str]:
    """What the authority has on record about this judgement, and what the unit itself says."""
    accepted, waived = judgement.by_reason, judgement.waived
    if accepted is not None:
        date = say("block.dated", language, date=day(accepted.date, language)) if accepted.date else ""
        who = {"by": accepted.by, "document": accepted.document, "date": date}
        yield say("block.accepted", language, reason=accepted.reason, **who)
    if waived is not None:
        until = say("block.until", language, date=day(waived.until, language)) if waived.until else ""
        yield say("block.waived", language, by=waived.by, document=waived.document, until=until)
    if judgement.given_reason and accepted is None:
        yield say("block.given", language, reason=judgement.given_reason)


def _details(judgement: Judgement, language: Language) -> Iterator[str]:
    if judgement.margin is not None:
        value = judgement.margin.value
        key = "block.margin_short" if value.startswith("-") else "block.margin_room"
        yield say(key, language, value=amount(value.removeprefix("-"), judgement.margin.unit, language))
    yield say("block.origin", language, origin=origin_text(judgement.subject.origin, language))
    yield say("block.id", language, id=judgement.id)


# --- evidence ---


def tree(judgement: Judgement, language: Language, indent: str) -> list[str]:
    """The evidence as a tree below the verdict; a node that settled its parent's outcome is marked with `*`. What a node says
    holds its value already."""
    lines: list[str] = []

    def draw(node: Evidence, text: str, first: str, later: str) -> None:
        if node.origin is not None:
            text = say("block.node_at", language, node=text, origin=origin_text(node.origin, language))
        lines.extend(wrap(text, first, later + ("│   " if node.children else "    ")))
        for position, child in enumerate(node.children, 1):
            branch, stem = ("└", " ") if position == len(node.children) else ("├", "│")
            draw(child, pick(child.text, language), f"{later}{branch}─{'*' if child.decided else '─'} ", f"{later}{stem}   ")

    root = judgement.evidence
    verdict = verdict_name(judgement, language)
    draw(root, say("block.node", language, text=pick(root.text, language), value=verdict), indent, indent)
    return lines


def named(names: Sequence[str], language: Language, limit: int | None) -> str:
    """A list of names; beyond `limit` only how many there are."""
    if limit is None or len(names) <= limit:
        return join(names, language)
    return say("move.and_more", language, names=join(names[:limit], language), count=len(names))
