"""The coverage of documents as text for a terminal and as JSON, and the choice of formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from rulecheck.language.diagnostics import help_text, message
from rulecheck.language.syntax import Language
from rulecheck.proving.accounts import Account, ItemAccounts
from rulecheck.proving.coverage import STATES, DocumentCoverage, ItemCoverage, Survey
from rulecheck.proving.coverage_html import render_html
from rulecheck.proving.coverage_words import figures_told, item_told, mark_told, say, use_told
from rulecheck.report.layout import BLANK, Line, pad, paint, paragraph, width_of
from rulecheck.rules.model import Bilingual

SCHEMA: Final = "rulecheck-coverage/1"


# --- text ---


def render_text(survey: Survey, language: Language, verbose: bool = False) -> str:
    """Of numbers and bounding words only those that nothing accounts for, unless `verbose`."""
    lines = [Line(say("line.title", language))]
    if not survey.with_texts:
        lines += paragraph(say("line.no_texts", language), "  ")
    for document in survey.documents:
        lines += [BLANK, *_document(document, survey.with_texts, language, verbose)]
    faults = sum(problem.severity == "error" for problem in survey.problems)
    end = say("line.incomplete", language, count=faults) if faults else say("line.complete", language)
    return paint([*lines, BLANK, *paragraph(end)], color=False)


def _document(of: DocumentCoverage, with_texts: bool, language: Language, verbose: bool) -> Iterator[Line]:
    document = of.document
    yield from paragraph(f"{document.number} {document.title}")
    if document.coverage == "partial":
        yield from paragraph(say("line.partial", language), "  ")
    if with_texts and of.verified is None:
        yield from paragraph(say("line.no_text", language), "  ")
    join = say("line.join", language)
    states = join.join(
        say("line.count", language, name=say(f"state.{state}", language), count=count)
        for state, count in of.counts.items()
        if count or state == "unaccounted"
    )
    yield from paragraph(say("line.counts", language, total=len(of.items), states=states), "  ")
    key = "line.quoted" if of.verified is None else "line.verified"
    yield from paragraph(say(key, language, count=of.quotations, verified=of.verified), "  ")
    for figures in figures_told(of, language):
        yield from paragraph(figures, "  ")
    accounts = {each.locator: each for each in of.accounts or ()}
    rows: list[tuple[str, str, list[str]]] = [(item.locator, item.state, item_told(item, language)) for item in of.items]
    listed = {item.locator for item in of.items}
    rows += [(locator, "heading", []) for locator, each in accounts.items() if locator not in listed and each.accounts]
    names = max((width_of(locator) for locator, _, _ in rows), default=0)
    kinds = max(width_of(say(f"state.{state}", language)) for state in STATES)
    for locator, state, told in rows:
        head = f"  {pad(locator, names)}  {pad(say(f'state.{state}', language), kinds)}  "
        marks = list(_marks(accounts.get(locator), language, verbose))
        if state == "heading" and not marks:
            continue
        for number, line in enumerate([*told, *marks] or [""]):
            yield from paragraph(line, head if number == 0 else " " * width_of(head))


def _marks(of: ItemAccounts | None, language: Language, verbose: bool) -> Iterator[str]:
    if of is None:
        return
    if verbose:
        for each in of.accounts:
            yield say("mark.line", language, place=mark_told(each, language), use=use_told(each, language))
    elif of.unaccounted:
        yield say("line.marks", language, count=len(of.accounts), open=len(of.unaccounted))
        told = say("line.names", language).join(mark_told(each, language) for each in of.unaccounted)
        yield say("line.open", language, marks=told)


# --- JSON ---


def render_json(survey: Survey, language: Language, verbose: bool = False) -> str:
    """Both languages throughout and always in full; the same survey gives the same bytes."""
    tree = {
        "schema": SCHEMA,
        "complete": survey.is_complete,
        "with_texts": survey.with_texts,
        "documents": [_document_tree(document) for document in survey.documents],
        "problems": [
            {
                "code": problem.code,
                "file": problem.file,
                "where": problem.place.where if problem.place else "",
                "line": problem.labels[0].span.line if problem.labels else None,
                "text": {
                    "zh": message(problem.code, "zh", problem.values),
                    "en": message(problem.code, "en", problem.values),
                },
                "help": {
                    "zh": help_text(problem.code, "zh", problem.values),
                    "en": help_text(problem.code, "en", problem.values),
                },
            }
            for problem in survey.problems
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _document_tree(of: DocumentCoverage) -> dict[str, Any]:
    accounts = {each.locator: each.accounts for each in of.accounts or ()}
    listed = {item.locator for item in of.items}
    return {
        "number": of.document.number,
        "title": of.document.title,
        "folder": of.document.folder,
        "coverage": of.document.coverage,
        "counts": dict(of.counts),
        "quotations": of.quotations,
        "verified": of.verified,
        "figures": None if of.figures is None else {kind: dict(uses) for kind, uses in of.figures.items()},
        "items": [_item_tree(item, accounts.get(item.locator)) for item in of.items],
        "unlisted": [
            {"locator": locator, "marks": _marks_tree(marks)}
            for locator, marks in accounts.items()
            if locator not in listed and marks
        ],
    }


def _item_tree(item: ItemCoverage, accounts: Sequence[Account] | None) -> dict[str, Any]:
    change = item.change
    return {
        "locator": item.locator,
        "state": item.state,
        "rules": [rule.id for rule in item.rules],
        "reasons": _texts(item.reasons),
        "errata": item.errata,
        "text": item.text,
        "change": None
        if change is None
        else {"gone": list(change.gone), "marks_gone": list(change.marks_gone), "marks_new": list(change.marks_new)},
        "marks": None if accounts is None else _marks_tree(accounts),
    }


def _texts(of: Sequence[Bilingual]) -> list[dict[str, str]]:
    return [{"zh": each.zh, "en": each.en} for each in of]


def _marks_tree(of: Sequence[Account]) -> list[dict[str, Any]]:
    """`at`: where the mark begins in the normalised text of the item, which itself is not given."""
    return [
        {
            "kind": each.mark.kind,
            "text": each.mark.text,
            "at": each.mark.start,
            "use": each.use,
            "rules": [rule.id for rule in each.rules],
            "reasons": _texts(each.reasons),
        }
        for each in of
    ]


Renderer = Callable[[Survey, Language, bool], str]
RENDERERS: Final[Mapping[str, Renderer]] = {"text": render_text, "json": render_json, "html": render_html}
