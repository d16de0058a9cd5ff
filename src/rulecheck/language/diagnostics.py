"""Faults of rule files and submissions, as values: what is wrong, where, and what to do. Texts are in `dsl/messages/`.

A stage returns its diagnostics beside its result and goes on; nothing is raised for a user's mistake.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Final

from rulecheck.data import read_text
from rulecheck.language.source import Span
from rulecheck.language.syntax import Language


@dataclass(frozen=True, slots=True)
class Label:
    """One place concerned, with its own few words (empty where the underline says enough)."""

    span: Span
    chinese: str = ""
    english: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is not in a text: a cell, a JSON path, a file as a whole. `where` is shown as it is, `where_en` (if any)
    in its place to English readers."""

    file: str
    where: str = ""
    where_en: str = ""

    def told(self, language: Language) -> str:
        return self.where_en if language == "en" and self.where_en else self.where


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`code` is a key of the tables in `dsl/messages/`; `values` fill the sentence, `labels` (spans) or `place` say where.

    `severity` is `error` (the stage's result must not be used) or `warning`.
    """

    code: str
    labels: tuple[Label, ...] = ()
    place: Place | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    severity: str = "error"

    @property
    def file(self) -> str:
        if self.labels:
            return self.labels[0].span.source.name
        return self.place.file if self.place else ""

    def sort_key(self) -> tuple[str, int, int, str, str]:
        start = self.labels[0].span.start if self.labels else 0
        return (self.file, start, 0, self.place.where if self.place else "", self.code)


def error(code: str, *spans: Span | Label, **values: object) -> Diagnostic:
    """A diagnostic at one or more spans of a text."""
    labels = tuple(span if isinstance(span, Label) else Label(span) for span in spans)
    return Diagnostic(code, labels=labels, values={key: str(value) for key, value in values.items()})


def fault(code: str, file: str, where: str = "", **values: object) -> Diagnostic:
    """A diagnostic at a place of a submission."""
    return Diagnostic(code, place=Place(file, where), values={key: str(value) for key, value in values.items()})


def closest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names nearest to `word`, best first. Short Chinese names count as near when two characters in three agree."""
    return get_close_matches(word, list(known), n=count, cutoff=0.5)


_TABLES: Final = {
    "C": "citations",
    "E": "expected_units",
    "F": "facts",
    "H": "help",
    "L": "language",
    "N": "names",
    "P": "provisions",
    "R": "rules",
    "S": "tables",
    "T": "templates",
    "U": "units",
    "X": "command_line",
}
"""The file of `dsl/messages/` that holds the codes with this letter; each is read when it is first needed."""


@cache
def _table(letter: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(read_text("dsl", "messages", f"{_TABLES[letter]}.toml"))


def _row(code: str) -> Mapping[str, str]:
    return _table(code[0])[code]


def message(code: str, language: Language, values: Mapping[str, str]) -> str:
    """The sentence of `code`, filled in. A missing code is a programmer's mistake and raises KeyError."""
    return _row(code)[language].format_map(values)


def help_text(code: str, language: Language, values: Mapping[str, str]) -> str:
    """What to do about it, or an empty text; a help that lacks a value (no near name) is left out."""
    text = _row(code).get(f"help_{language}", "")
    try:
        filled = text.format_map({key: value for key, value in values.items() if value})
    except KeyError:
        return ""
    return filled


def display_width(text: str) -> int:
    """Columns of a terminal that a text takes: East Asian wide and full-width characters take two."""
    return sum(
        0 if unicodedata.category(character) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


_HEADLINES = {"zh": {"error": "错误", "warning": "提醒"}, "en": {"error": "error", "warning": "warning"}}
_HELP = {"zh": "提示：", "en": "help: "}


def visible(text: str) -> str:
    """The text with control characters and bidirectional marks made visible, so that data cannot steer a terminal."""
    if text.isprintable():
        return text
    hidden = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    return "".join(f"\\u{ord(character):04x}" if unicodedata.category(character) in hidden else character for character in text)


def render(diagnostic: Diagnostic, language: Language = "zh") -> str:
    """The diagnostic as lines of text: headline, place, the line with the words underlined, help."""
    values = {key: visible(value) for key, value in diagnostic.values.items()}
    headline = f"{_HEADLINES[language][diagnostic.severity]}[{diagnostic.code}] "
    lines = [headline + message(diagnostic.code, language, values)]
    for label in diagnostic.labels:
        lines.extend(_excerpt(label, language))
    if diagnostic.place:
        told = diagnostic.place.told(language)
        where = f" {visible(told)}" if told else ""
        lines.append(f"  ─→ {visible(diagnostic.place.file)}{where}")
    help_line = help_text(diagnostic.code, language, values)
    if help_line:
        lines.append(f"  {_HELP[language]}{help_line}")
    return "\n".join(lines)


def _excerpt(label: Label, language: Language) -> list[str]:
    span = label.span
    line, column = span.line, span.column
    text = span.source.line(line).replace("\t", " ")
    underlined = text[column - 1 : column - 1 + max(1, min(span.end - span.start, len(text) - column + 1))]
    number = f"{line:>4}"
    marker = " " * display_width(visible(text[: column - 1])) + "^" * max(1, display_width(visible(underlined)))
    sentence = label.chinese if language == "zh" else label.english
    return [
        f"  ─→ {visible(span.source.name)}:{line}:{column}",
        f"{number} │ {visible(text)}",
        f"{' ' * len(number)} │ {marker}" + (f" {visible(sentence)}" if sentence else ""),
    ]
