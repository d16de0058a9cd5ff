"""The report as text for a terminal: what is wrong first, then what is missing and whose move it is, then the sums.

Quiet about the rest unless `verbose`. Phrases are in `reports/text.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from rulecheck.judgement import ATTENTION_FIRST, Judgement, NotChecked, Report, Verdict
from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.language.syntax import Language
from rulecheck.report.blocks import block, named, origin_text, subject_name, title
from rulecheck.report.handed_in import partly, read_line, received, replaced, returned_text, silent, standing_line
from rulecheck.report.layout import BLANK, Line, Style, pad, paint, paragraph, table, width_of
from rulecheck.report.moves import AUTHORITY, SUBMITTER, Need, open_judgements, to_settle, to_submit, waiting_for
from rulecheck.report.sections import note, section
from rulecheck.report.summary import Tally, may_be_adverse, summary_by_bound, summary_by_document, tally
from rulecheck.report.wording import capital, day, join, pick, quoted, say, verdict_name, verdict_names

_SHOWN_FAULTS = 20
"""Faults of one refused file that are shown; the rest are counted."""

_SHOWN_WARNINGS = 20
"""Remarks of the head that are shown; the rest are counted."""

_PLACE = "  ─→ "
"""How the line of a message begins that says where; it is kept in one piece to be copied."""

_SHOWN_NEEDS = 12
"""Figures of one subject still to be submitted that are named; the rest are counted."""

_SHOWN_NAMES = 6
"""Subjects or rules of one list that are named; the rest are counted."""

_QUIET = (Verdict.FALLS_SHORT, Verdict.NOT_DUE, Verdict.MET, Verdict.NOT_APPLICABLE)

_STYLES = {
    Verdict.VIOLATED: Style.RED,
    Verdict.DEPARTS: Style.YELLOW,
    Verdict.UNDETERMINED: Style.YELLOW,
    Verdict.MET: Style.GREEN,
}


def render_text(report: Report, language: Language, *, verbose: bool, color: bool) -> str:
    """The whole report as lines of at most 100 columns, excerpts of refused files excepted."""
    parts = [
        _head(report, language, verbose=verbose),
        _refused(report, language, verbose=verbose),
        silent(report, language),
        partly(report, language),
        replaced(report, language),
        _faults(report, language),
        *_adverse(report, language, verbose=verbose),
        _to_submit(report, language, verbose=verbose),
        _to_settle(report, language, verbose=verbose),
        _unexplained(report, language, verbose=verbose),
        _harmless(report, language, verbose=verbose),
        *(_listed(report, language) if verbose else ()),
        _by_bound(report, language),
        _by_document(report, language),
        [] if verbose else _rest(report, language),
        _not_checked(report, language, verbose=verbose),
        received(report, language) if verbose else [],
    ]
    lines = chain.from_iterable((BLANK, *part) for part in parts if part)
    return paint(list(lines)[1:], color=color)


# --- head ---


def _head(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    judgements = report.judgements
    subjects = {(judgement.subject.type, judgement.subject.id) for judgement in judgements}
    dates = join((day(date, language) for date in report.as_of), language)
    receipt = report.receipt
    source = say(f"as_of_source.{report.as_of_source}", language)
    rows = [
        ("as_of", say("head.dated", language, dates=dates, source=source) if dates else source),
        ("units", standing_line(report, language)),
        ("read", read_line(report, language)),
        ("documents", say("head.chosen", language, documents=join(report.documents, language)) if report.documents else ""),
        (
            "scope",
            say(
                "head.extent",
                language,
                subjects=len(subjects),
                bound=len(summary_by_bound(report)),
                judgements=len(judgements),
            ),
        ),
        (
            "receipt",
            say(
                "head.hashes",
                language,
                engine=receipt.engine,
                rules=receipt.rules[:12],
                facts=receipt.facts[:12],
                calendar=receipt.calendar[:12],
            ),
        ),
    ]
    rows = [(key, text) for key, text in rows if text]
    labels = [say(f"head.{key}", language) for key, _ in rows]
    width = max(map(width_of, labels))
    lines = [Line(say("head.title", language), Style.BOLD), *paragraph(say("preliminary.note", language)), BLANK]
    for label, (_, text) in zip(labels, rows, strict=True):
        lines.extend(paragraph(text, f"{pad(label, width)}  "))
    shown = report.warnings if verbose else report.warnings[:_SHOWN_WARNINGS]
    remarks = [pick(warning, language) for warning in shown]
    if len(shown) < len(report.warnings):
        remarks.append(say("head.more_warnings", language, count=len(report.warnings) - len(shown)))
    for remark in remarks:
        lines.extend(paragraph(remark, f"{pad(say('head.warning', language), width)}  "))
    return [*lines, BLANK, *_counts(report, language)]


def _counts(report: Report, language: Language) -> list[Line]:
    """How many of each verdict, aligned; verdicts that did not occur are left out, violations never."""
    total = tally(report.judgements)
    rows = [(Style.RED, say("head.refused", language), len(report.refused), "")] if report.refused else []
    if report.faults:
        rows.append((Style.YELLOW, say("head.faults", language), len(report.faults), ""))
    for verdict in ATTENTION_FIRST:
        count = total.counts[verdict]
        if verdict is Verdict.FALLS_SHORT:
            rows.extend(_falls_short(total, language))
        elif count or verdict is Verdict.VIOLATED:
            style = _STYLES.get(verdict, Style.PLAIN) if count else Style.PLAIN
            rows.append((style, say(f"verdict.{verdict}", language), count, _of_these(verdict, total, language)))
    names = max(width_of(name) for _, name, _, _ in rows)
    figures = max(len(str(count)) for _, _, count, _ in rows)
    return [
        Line(f"  {pad(capital(name), names)}  {count:>{figures}}  {remark}".rstrip(), style)
        for style, name, count, remark in rows
    ]


def _falls_short(total: Tally, language: Language) -> list[tuple[Style, str, int, str]]:
    counted = {
        "falls_short": total.counts[Verdict.FALLS_SHORT] - total.encouraged,
        "falls_short_encouraged": total.encouraged,
    }
    return [(Style.PLAIN, say(f"verdict.{key}", language), count, "") for key, count in counted.items() if count]


def _of_these(verdict: Verdict, total: Tally, language: Language) -> str:
    counted = {
        Verdict.VIOLATED: {"waived": total.waived},
        Verdict.UNDETERMINED: {"harmless": total.harmless},
        Verdict.MET: {"partial": total.partial, "accepted": total.accepted},
    }.get(verdict, {})
    parts = [say(f"head.{key}", language, count=count) for key, count in counted.items() if count]
    return say("head.of_these", language, parts=join(parts, language)) if parts else ""


# --- what is wrong ---


def _counted(name: str, judgements: Sequence[Judgement], language: Language) -> list[Line]:
    """The heading of judgements with one verdict."""
    style = _STYLES.get(judgements[0].verdict, Style.BOLD) if judgements else Style.BOLD
    return section("counted", language, style, name=capital(name), count=len(judgements))


def _refused(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    if not report.refused:
        return []
    lines = section("refused", language, Style.RED, count=len(report.refused)) + note("refused_note", language)
    for refusal in report.refused:
        lines.extend(paragraph(returned_text(refusal, report, language), "  ", style=Style.BOLD))
        shown = refusal.faults if verbose else refusal.faults[:_SHOWN_FAULTS]
        lines.extend(chain.from_iterable(_diagnostic(fault, language) for fault in shown))
        if len(shown) < len(refusal.faults):
            lines.append(Line("    " + say("move.more_faults", language, count=len(refusal.faults) - len(shown))))
    return lines


def _diagnostic(diagnostic: Diagnostic, language: Language) -> list[Line]:
    """The message as it is everywhere: its headline and its help wrapped, a place in one piece; where words are underlined only
    the headline, or the lines under the words would not fit them."""
    headline, *others = render(diagnostic, language).split("\n")
    lines = paragraph(headline, "    ", "      ")
    for line in others:
        is_whole = diagnostic.labels or line.startswith(_PLACE)
        lines += [Line("    " + line)] if is_whole else paragraph(line.lstrip(), "      ", "        ")
    return lines


def _faults(report: Report, language: Language) -> list[Line]:
    if not report.faults:
        return []
    lines = section("faults", language, Style.YELLOW, count=len(report.faults)) + note("faults_note", language)
    for number, fault in enumerate(report.faults, 1):
        name = f"{pick(fault.name, language)} · {subject_name(fault.subject, language)}"
        lines.extend(paragraph(name, f"{number:>3}. ", style=Style.BOLD))
        lines.extend(paragraph(pick(fault.text, language), "     "))
        for origin in fault.origins:
            lines.extend(paragraph(origin_text(origin, language), "     - "))
    return lines


def _blocks(judgements: Sequence[Judgement], report: Report, language: Language, *, verbose: bool) -> list[Line]:
    with_date = len(report.as_of) > 1
    blocks = (
        block(judgement, number, language, verbose=verbose, with_date=with_date) for number, judgement in enumerate(judgements, 1)
    )
    return [line for position, lines in enumerate(blocks) for line in ((BLANK, *lines) if position else lines)]


def _adverse(report: Report, language: Language, *, verbose: bool) -> list[list[Line]]:
    """Violated, violated but waived, and departing from what is commanded in principle."""
    violated = _having(report, Verdict.VIOLATED)
    plain = [judgement for judgement in violated if judgement.waived is None]
    waived = [judgement for judgement in violated if judgement.waived is not None]
    departs = _having(report, Verdict.DEPARTS)
    headed = [
        (plain, _counted(say("verdict.violated", language), plain, language)),
        (waived, section("waived", language, Style.YELLOW, count=len(waived))),
        (departs, _counted(say("verdict.departs", language), departs, language)),
    ]
    return [head + _blocks(judgements, report, language, verbose=verbose) for judgements, head in headed if judgements]


def _having(report: Report, verdict: Verdict) -> list[Judgement]:
    return [judgement for judgement in report.judgements if judgement.verdict is verdict]


# --- whose move ---


def _to_submit(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    waiting = waiting_for(SUBMITTER, open_judgements(report))
    if not waiting:
        return []
    lines = section("submitter", language, Style.YELLOW, count=len(waiting)) + note("submitter_note", language)
    for group in to_submit(waiting):
        bound = group.bound.name or group.bound.id or say("block.unnamed", language)
        lines.extend(paragraph(say("move.bound", language, name=bound), "  ", style=Style.BOLD))
        for subject in group.subjects:
            lines.extend(paragraph(subject.name, "    "))
            shown = subject.needs if verbose else subject.needs[:_SHOWN_NEEDS]
            for need in shown:
                lines.extend(paragraph(_need(need, language), "      - "))
            if len(shown) < len(subject.needs):
                lines.append(Line("      " + say("move.more_needs", language, count=len(subject.needs) - len(shown))))
    return lines


def _need(need: Need, language: Language) -> str:
    rules = join(
        dict.fromkeys(
            say(
                "move.rule",
                language,
                title=quoted(title(judgement, language), language),
                verdicts=verdict_names(judgement, judgement.possible, language),
            )
            for judgement in need.judgements
        ),
        language,
    )
    return say("move.need", language, fact=pick(need.fact.name, language), rules=rules)


def _to_settle(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    waiting = waiting_for(AUTHORITY, open_judgements(report))
    if not waiting:
        return []
    limit = None if verbose else _SHOWN_NAMES
    lines = section("authority", language, Style.YELLOW, count=len(waiting)) + note("authority_note", language)
    for need in to_settle(waiting):
        titles = dict.fromkeys(quoted(title(judgement, language), language) for judgement in need.judgements)
        subjects = {(line.subject.type, line.subject.id): line.subject for line in need.judgements}
        text = say(
            "move.settle",
            language,
            fact=pick(need.fact.name, language),
            count=len(need.judgements),
            rules=named(list(titles), language, limit),
            subjects=named([subject.name or subject.id for subject in subjects.values()], language, limit),
        )
        lines.extend(paragraph(text, "  - "))
    return lines


def _unexplained(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    """Undetermined without a single fact that is missing, such as a roster not handed in whole."""
    judgements = [judgement for judgement in open_judgements(report) if not judgement.missing]
    if not judgements:
        return []
    head = section("unexplained", language, Style.YELLOW, count=len(judgements))
    return head + _blocks(judgements, report, language, verbose=verbose)


def _harmless(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    judgements = [line for line in _having(report, Verdict.UNDETERMINED) if not may_be_adverse(line)]
    if not judgements:
        return []
    groups: dict[tuple[str, str], list[str]] = {}
    for judgement in judgements:
        key = (title(judgement, language), verdict_names(judgement, judgement.possible, language))
        groups.setdefault(key, []).append(judgement.subject.name or judgement.subject.id)
    lines = section("harmless", language, Style.BOLD, count=len(judgements)) + note("harmless_note", language)
    for (name, verdicts), subjects in groups.items():
        listed = named(subjects, language, None if verbose else _SHOWN_NAMES)
        text = say("move.harmless", language, title=name, subjects=listed, verdicts=verdicts)
        lines.extend(paragraph(text, "  - "))
    return lines


# --- sums and the rest ---


def _by_bound(report: Report, language: Language) -> list[Line]:
    unnamed = say("block.unnamed", language)
    rows = [
        (row.bound.name or row.bound.id or unnamed, row.tally)
        for row in summary_by_bound(report)
        if row.tally.total > row.tally.counts[Verdict.NOT_APPLICABLE]
    ]
    return _summary("bound", rows, language)


def _by_document(report: Report, language: Language) -> list[Line]:
    rows = [(row.document.number or row.document.title, row.tally) for row in summary_by_document(report)]
    return _summary("document", rows, language)


def _summary(by: str, rows: Sequence[tuple[str, Tally]], language: Language) -> list[Line]:
    if not rows:
        return []
    columns: list[str] = [str(verdict) for verdict in ATTENTION_FIRST]
    if any(sums.waived for _, sums in rows):
        columns.insert(1, "waived")
    header = [say(f"column.{key}", language) for key in (by, *columns, "total")]
    cells = [[name, *(_figure(sums, key) for key in columns), str(sums.total)] for name, sums in rows]
    return section(f"by_{by}", language, Style.BOLD) + [Line(line) for line in table(header, cells)]


def _figure(sums: Tally, key: str) -> str:
    """A figure of a summary; nought is a dash, so that what is there stands out."""
    count = sums.waived if key == "waived" else sums.counts[Verdict(key)]
    return str(count) if count else "-"


def _quiet(report: Report, language: Language) -> dict[str, list[Judgement]]:
    """The judgements that ask nothing of anybody, by the name of their verdict, its plain name first."""
    groups: dict[str, list[Judgement]] = {}
    for verdict in _QUIET:
        groups[say(f"verdict.{verdict}", language)] = []
        for judgement in _having(report, verdict):
            groups.setdefault(verdict_name(judgement, language), []).append(judgement)
    return {name: judgements for name, judgements in groups.items() if judgements}


def _rest(report: Report, language: Language) -> list[Line]:
    """One line for what asks nothing of anybody."""
    if not report.judgements:
        return paragraph(say("section.nothing", language))
    counted = [
        say("count.item", language, name=name, count=len(judgements)) for name, judgements in _quiet(report, language).items()
    ]
    if not counted:
        return []
    lines = section("rest", language, Style.BOLD)
    lines.extend(paragraph(say("section.rest_line", language, counts=join(counted, language)), "  "))
    return [*lines, *note("rest_hint", language)]


def _listed(report: Report, language: Language) -> list[list[Line]]:
    """Every judgement that the sections above did not show in full."""
    undetermined = [
        judgement for judgement in _having(report, Verdict.UNDETERMINED) if judgement.missing or not may_be_adverse(judgement)
    ]
    groups = {say("verdict.undetermined", language): undetermined} | _quiet(report, language)
    return [
        _counted(name, judgements, language) + _blocks(judgements, report, language, verbose=True)
        for name, judgements in groups.items()
        if judgements
    ]


def _not_checked(report: Report, language: Language, *, verbose: bool) -> list[Line]:
    if not report.not_checked:
        return []
    lines = section("not_checked", language, Style.BOLD)
    for what, key in (("rule", "not_checked_rules"), ("item", "not_checked_items")):
        found = [line for line in report.not_checked if line.what == what]
        if found:
            lines.extend(paragraph(say(f"section.{key}", language, count=len(found)), "  "))
            if verbose:
                lines.extend(chain.from_iterable(_unchecked(line, language) for line in found))
    return lines


def _unchecked(line: NotChecked, language: Language) -> Iterable[Line]:
    name = " ".join(part for part in (line.document, line.locator, line.id if line.what == "rule" else "") if part)
    return paragraph(say("block.node", language, text=name, value=pick(line.reason, language)), "  - ")
