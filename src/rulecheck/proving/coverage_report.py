"""The coverage of documents as text for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from rulecheck.data import read_table
from rulecheck.language.diagnostics import help_text, message
from rulecheck.language.syntax import Language
from rulecheck.proving.coverage import STATES, DocumentCoverage, ItemCoverage, Survey
from rulecheck.report.layout import BLANK, Line, pad, paint, paragraph, width_of
from rulecheck.rules.model import Bilingual

SCHEMA: Final = "rulecheck-coverage/1"


def _phrases() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return read_table("reports", "coverage.toml")


def _say(key: str, language: Language, **values: object) -> str:
    section, name = key.split(".")
    return _phrases()[section][name][language].format_map(values)


def _pick(text: Bilingual, language: Language) -> str:
    return text.zh if language == "zh" else text.en


# --- text ---


def render_text(survey: Survey, language: Language) -> str:
    lines = [Line(_say("line.title", language))]
    if not survey.with_texts:
        lines += paragraph(_say("line.no_texts", language), "  ")
    for document in survey.documents:
        lines += [BLANK, *_document(document, survey.with_texts, language)]
    faults = sum(problem.severity == "error" for problem in survey.problems)
    end = _say("line.incomplete", language, count=faults) if faults else _say("line.complete", language)
    return paint([*lines, BLANK, *paragraph(end)], color=False)


def _document(of: DocumentCoverage, with_texts: bool, language: Language) -> Iterator[Line]:
    document = of.document
    yield from paragraph(f"{document.number} {document.title}")
    if document.coverage == "partial":
        yield from paragraph(_say("line.partial", language), "  ")
    if with_texts and of.verified is None:
        yield from paragraph(_say("line.no_text", language), "  ")
    join = _say("line.join", language)
    states = join.join(
        _say("line.count", language, name=_say(f"state.{state}", language), count=count)
        for state, count in of.counts.items()
        if count or state == "unaccounted"
    )
    yield from paragraph(_say("line.counts", language, total=len(of.items), states=states), "  ")
    key = "line.quoted" if of.verified is None else "line.verified"
    yield from paragraph(_say(key, language, count=of.quotations, verified=of.verified), "  ")
    names = max((width_of(item.locator) for item in of.items), default=0)
    kinds = max(width_of(_say(f"state.{state}", language)) for state in STATES)
    for item in of.items:
        head = f"  {pad(item.locator, names)}  {pad(_say(f'state.{item.state}', language), kinds)}  "
        for number, told in enumerate(_told(item, language) or [""]):
            yield from paragraph(told, head if number == 0 else " " * width_of(head))


def _told(item: ItemCoverage, language: Language) -> list[str]:
    """The rules, then what is left out or why there are none, then what is to be said of the text."""
    join = _say("line.join", language)
    names = _say("line.names", language).join(rule.zh if language == "zh" else rule.id for rule in item.rules)
    told = [names] if names else []
    told += [_pick(reason, language) for reason in item.reasons]
    notes = [_say(f"text.{item.text}", language)] if item.text not in (None, "same") and item.state != "lost" else []
    notes += [_say("line.errata", language, count=item.errata)] if item.errata else []
    return told + ([join.join(notes)] if notes else [])


# --- JSON ---


def render_json(survey: Survey, language: Language) -> str:
    """Both languages throughout; the same survey gives the same bytes."""
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
    return {
        "number": of.document.number,
        "title": of.document.title,
        "folder": of.document.folder,
        "coverage": of.document.coverage,
        "counts": dict(of.counts),
        "quotations": of.quotations,
        "verified": of.verified,
        "items": [
            {
                "locator": item.locator,
                "state": item.state,
                "rules": [rule.id for rule in item.rules],
                "reasons": [{"zh": reason.zh, "en": reason.en} for reason in item.reasons],
                "errata": item.errata,
                "text": item.text,
            }
            for item in of.items
        ],
    }


Renderer = Callable[[Survey, Language], str]
RENDERERS: Final[Mapping[str, Renderer]] = {"text": render_text, "json": render_json}
