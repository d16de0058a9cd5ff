"""The last stage: a `Report` as text for a terminal, as JSON, and its exit status. A format is a row of `RENDERERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Report
from rulecheck.language.syntax import Language
from rulecheck.report.exit_status import exit_status
from rulecheck.report.json_report import render_json
from rulecheck.report.summary import (
    BoundSummary,
    DocumentSummary,
    Tally,
    summary_by_bound,
    summary_by_document,
    tally,
)
from rulecheck.report.text import render_text

__all__ = [
    "REFUSALS",
    "RENDERERS",
    "BoundSummary",
    "DocumentSummary",
    "Options",
    "Tally",
    "exit_status",
    "render",
    "render_refusals",
    "summary_by_bound",
    "summary_by_document",
    "tally",
]


@dataclass(frozen=True, slots=True)
class Options:
    """How to show a report. `verbose`: everything in full, with the evidence; `color`: emphasis by terminal escapes. A
    format takes what concerns it."""

    language: Language = "zh"
    verbose: bool = False
    color: bool = False


Renderer = Callable[[Report, Options], str]

RENDERERS: Final[Mapping[str, Renderer]] = {
    "text": lambda report, options: render_text(report, options.language, verbose=options.verbose, color=options.color),
    "json": lambda report, options: render_json(report),
}
"""The formats by the name that `--format` takes. Every rendering ends in a newline."""


def _refusals_as_text(report: Report, language: Language) -> bytes:
    from rulecheck.report.refusals_text import render_refusals_text

    return render_refusals_text(report, language).encode("utf-8", "backslashreplace")


def _refusals_as_json(report: Report, language: Language) -> bytes:
    from rulecheck.report.refusals_json import render_refusals_json

    return render_refusals_json(report).encode("utf-8", "backslashreplace")


def _refusals_as_xlsx(report: Report, language: Language) -> bytes:
    from rulecheck.report.refusals_xlsx import render_refusals_xlsx

    return render_refusals_xlsx(report, language)


REFUSALS: Final[Mapping[str, Callable[[Report, Language], bytes]]] = {
    ".txt": _refusals_as_text,
    ".json": _refusals_as_json,
    ".xlsx": _refusals_as_xlsx,
}
"""The formats of the list of what goes back to whom, by the ending of its file. Each loads what it needs when it is used."""


def render_refusals(report: Report, ending: str, language: Language) -> bytes:
    """What goes back to whom, as the bytes of a file with an ending of `REFUSALS`; any other raises KeyError."""
    return REFUSALS[ending](report, language)


def render(report: Report, format: str, language: Language, *, verbose: bool = False, color: bool = False) -> str:
    """The report in one of the formats of `RENDERERS`; any other name is a programmer's mistake and raises KeyError."""
    return RENDERERS[format](report, Options(language, verbose, color))
