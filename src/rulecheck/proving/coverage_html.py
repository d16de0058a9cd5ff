"""The coverage of documents as one page that can be printed and stands by itself: `reports/coverage.html`, filled in. All that
is filled in is escaped, and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from string import Template

from rulecheck.data import read_text
from rulecheck.language.diagnostics import Diagnostic, message, visible
from rulecheck.language.syntax import Language
from rulecheck.proving.accounts import Account
from rulecheck.proving.coverage import STATES, DocumentCoverage, Survey
from rulecheck.proving.coverage_words import figures_told, item_told, say, use_told


@cache
def _parts() -> Mapping[str, Template]:
    _, *pieces = re.split(r"<!-- part: (\w+) -->\n", read_text("reports", "coverage.html"))
    return {name: Template(text.rstrip("\n")) for name, text in zip(pieces[::2], pieces[1::2], strict=True)}


class _Made(str):
    """Markup that was made here; any other text is escaped before it stands in a page."""

    __slots__ = ()


def _filled(part: str, **values: str) -> _Made:
    safe = {name: value if isinstance(value, _Made) else escape(_shown(value)) for name, value in values.items()}
    return _Made(_parts()[part].substitute(safe))


def _shown(text: str) -> str:
    return text if text.isprintable() else visible(text)


def _joined(made: Iterable[_Made]) -> _Made:
    return _Made("\n".join(made))


def render_html(survey: Survey, language: Language, verbose: bool = False) -> str:
    """Always in full; `verbose` makes no difference."""
    notes = [] if survey.with_texts else [say("line.no_texts", language)]
    faults = [problem for problem in survey.problems if problem.severity == "error"]
    end = say("line.faults", language, count=len(faults)) if faults else say("line.complete", language)
    page = _filled(
        "page",
        language=language,
        title=say("line.title", language),
        notes=_joined(_filled("note", text=each) for each in notes),
        documents=_joined(_document(each, survey.with_texts, language) for each in survey.documents),
        end=end,
        faults=_list(_joined(_filled("told", text=_fault(each, language)) for each in faults)),
    )
    return page + "\n"


def _fault(problem: Diagnostic, language: Language) -> str:
    place = problem.place.told(language) if problem.place else str(problem.labels[0].span.line) if problem.labels else ""
    text = message(problem.code, language, problem.values)
    return say("line.fault", language, code=problem.code, file=problem.file, place=place, text=text)


def _document(of: DocumentCoverage, with_texts: bool, language: Language) -> _Made:
    head = {name: say(f"html.{name}", language) for name in ("locator", "state", "rules", "marks")}
    return _filled(
        "document",
        number=of.document.number,
        title=of.document.title,
        notes=_joined(_filled("note", text=each) for each in _notes(of, with_texts, language)),
        items=_joined(_items(of, language)),
        **head,
    )


def _notes(of: DocumentCoverage, with_texts: bool, language: Language) -> Iterator[str]:
    if of.document.coverage == "partial":
        yield say("line.partial", language)
    if with_texts and of.verified is None:
        yield say("line.no_text", language)
    states = say("line.join", language).join(
        say("line.count", language, name=say(f"state.{state}", language), count=of.counts[state]) for state in STATES
    )
    yield say("line.counts", language, total=len(of.items), states=states)
    key = "line.quoted" if of.verified is None else "line.verified"
    yield say(key, language, count=of.quotations, verified=of.verified)
    yield from figures_told(of, language)


def _items(of: DocumentCoverage, language: Language) -> Iterator[_Made]:
    """The items as registered, then the headings and other items of the text that have numbers."""
    accounts = {each.locator: each.accounts for each in of.accounts or ()}
    for item in of.items:
        told = _joined(_filled("told", text=each) for each in item_told(item, language))
        yield _row(item.locator, item.state, told, accounts.pop(item.locator, ()), language)
    for locator, marks in accounts.items():
        if marks:
            yield _row(locator, "heading", _Made(), marks, language)


def _row(locator: str, state: str, told: _Made, marks: Iterable[Account], language: Language) -> _Made:
    lines = _joined(
        _filled(
            "mark",
            kind=each.use,
            before=each.mark.before,
            text=each.mark.text,
            after=each.mark.after,
            use=use_told(each, language),
        )
        for each in marks
    )
    shown = say(f"state.{state}", language)
    return _filled("item", locator=locator, kind=state, state=shown, told=_list(told), marks=_list(lines))


def _list(lines: _Made) -> _Made:
    return _filled("list", lines=lines) if lines else lines
