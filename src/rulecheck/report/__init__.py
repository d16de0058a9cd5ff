"""The last stage: a `Report` as text for a terminal, as JSON, and its exit status. A format is a row of `RENDERERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

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
    "RENDERERS",
    "BoundSummary",
    "DocumentSummary",
    "Options",
    "Tally",
    "exit_status",
    "render",
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


def render(report: Report, format: str, language: Language, *, verbose: bool = False, color: bool = False) -> str:
    """The report in one of the formats of `RENDERERS`; any other name is a programmer's mistake and raises KeyError."""
    return RENDERERS[format](report, Options(language, verbose, color))
