"""`rulecheck read`: the rules in plain sentences, for a lawyer to read beside the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, REFUSED
from rulecheck.commands.options import read_language
from rulecheck.language.diagnostics import Diagnostic, closest, message
from rulecheck.language.syntax import Language
from rulecheck.prose.documents import Section, told
from rulecheck.prose.passages import Paragraph
from rulecheck.report.layout import BLANK, Line, Style, paint, paragraph, width_of
from rulecheck.report.wording import pick
from rulecheck.rules import model
from rulecheck.rules.called import document_names, documents_called
from rulecheck.rules.load import load

STEP = "  "
"""One step to the right."""


def read(names: Sequence[str], *, rules: Path | None, documents: Sequence[str], language: str, output: Path | None) -> int:
    """Tell all rules, or those named (by either name) and those of the documents named (by number or folder)."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    # Not what is kept ready for judging: notes stand in the files alone.
    found, faults = load(rules)
    streams.tell_all(faults, spoken)
    if found is None:
        return REFUSED
    wanted, problems = rules_named(names, found)
    whole, more = documents_named(documents, found)
    if problems or more:
        streams.tell_all([*problems, *more], spoken)
        return REFUSED
    if not names and not documents:
        whole = {document.folder for document in found.documents}
    color = output is None and streams.wants_color()
    text = render(told(found, wanted, whole), spoken, color=color)
    if output is None:
        streams.result(text)
    elif not streams.save(output, text, spoken):
        return REFUSED
    else:
        streams.tell(message("P103", spoken, {"file": str(output)}))
    return DONE


def rules_named(names: Iterable[str], rules: model.RuleSet) -> tuple[set[str], list[Diagnostic]]:
    """The ids of rules named in either language, and what is no rule."""
    ids = {name: rule.id for rule in rules.rules for name in (rule.zh, rule.id)}
    wanted = {ids[name] for name in names if name in ids}
    return wanted, [_unknown("P101", name, closest(name, ids)) for name in names if name not in ids]


def documents_named(names: Sequence[str], rules: model.RuleSet) -> tuple[set[str], list[Diagnostic]]:
    """The folders of documents named by number, folder, the folder's last part, or title, and what is no document."""
    found, unknown = documents_called(names, rules.documents)
    known = [name for document in rules.documents for name in document_names(document)[:3] if name] if unknown else []
    numbers = [document.number for document in rules.documents]
    problems = [_unknown("P102", name, closest(name, known) or numbers[:3]) for name in unknown]
    return {document.folder for document in found}, problems


def _unknown(code: str, name: str, near: Iterable[str]) -> Diagnostic:
    """A name that is none of those known, with what may be meant; it stands in no file, so no place is told."""
    return Diagnostic(code, values={"name": name, "near": "、".join(near)})


def render(sections: Iterable[Section], language: Language, *, color: bool) -> str:
    """The sections as text, a blank line between them."""
    return paint(_lines(sections, language), color=color)


def _lines(sections: Iterable[Section], language: Language) -> Iterator[Line]:
    for number, (heading, lines) in enumerate(sections):
        if number:
            yield BLANK
        title = pick(heading, language)
        if title:
            yield from paragraph(title, style=Style.BOLD)
        for each in lines:
            yield from _wrapped(each, language, is_title=not title and each is lines[0])


def _wrapped(of: Paragraph, language: Language, *, is_title: bool) -> list[Line]:
    mark = pick(of.mark, language)
    first = STEP * of.depth + mark
    later = " " * min(width_of(first), len(STEP) * (of.depth + 1))
    return paragraph(pick(of.text, language), first, later, Style.BOLD if is_title else Style.PLAIN)
