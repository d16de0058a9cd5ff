"""Faults of rule files and submissions, as values: what is wrong, where, and what to do. Texts are in `dsl/messages/`.

A stage returns its diagnostics beside its result and goes on; nothing is raised for a user's mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass, field
from rulecheck.language.source import Source, Span
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


def located(file: str, where: str) -> str:
    """A place as one text: `单位.csv 第7行`; a cell of a spreadsheet as spreadsheets write it, `单位.xlsx!表!C7`."""
    return f"{file}{where}" if where.startswith("!") else f"{file} {where}".strip()


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
    "B": "batching",
    "C": "citations",
    "E": "expected_units",
    "F": "facts",
    "H": "help",
    "I": "interface",
    "K": "lint",
    "L": "language",
    "M": "mutants",
    "N": "names",
    "P": "provisions",
    "R": "rules",
    "S": "tables",
    "T": "templates",
    "U": "units",
    "W": "results",
    "X": "command_line",
}
"""The file of `dsl/messages/` that holds the codes with this letter; each is read when it is first needed."""


def _row(code: str) -> Mapping[str, str]:
    row: Mapping[str, str] = read_table("dsl", "messages", f"{_TABLES[code[0]]}.toml")[code]
    return row


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


# C0 and C1 controls but tab and line ends, a lone carriage return, line and paragraph separators, marks that change the
# direction, characters that are not seen or only choose how another looks, halves of surrogate pairs, non-characters, and a
# byte order mark that is not at the very start.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
    "|\r(?!\n)|\ufeff"
)


def hidden_characters(source: Source) -> list[Diagnostic]:
    """A fault for each character of a rule or data file that makes it look other than it is; the first of very many."""
    found = (match for match in _HIDDEN.finditer(source.text) if match.start() or match.group() != "\ufeff")
    spans = (Span(source, match.start(), match.end()) for match in islice(found, _MOST_HIDDEN))
    return [error("L119", span, character=f"U+{ord(span.text):04X}") for span in spans]


_MOST_HIDDEN: Final = 20
_MOST_OF_A_VALUE: Final = 400
_MOST_COLUMNS: Final = 160
"""Characters of a line shown below a headline; of a longer one the part around the fault."""


def _cut(value: str) -> str:
    return value if len(value) <= _MOST_OF_A_VALUE else value[: _MOST_OF_A_VALUE - 1] + "…"


def render(diagnostic: Diagnostic, language: Language = "zh") -> str:
    """The diagnostic as lines of text: headline, place, the line with the words underlined, help."""
    values = {key: visible(_cut(value)) for key, value in diagnostic.values.items()}
    headline = f"{_HEADLINES[language][diagnostic.severity]}[{diagnostic.code}] "
    lines = [headline + message(diagnostic.code, language, values)]
    for label in diagnostic.labels:
        lines.extend(_excerpt(label, language))
    if diagnostic.place:
        lines.append(f"  ─→ {visible(located(diagnostic.place.file, diagnostic.place.told(language)))}")
    help_line = help_text(diagnostic.code, language, values)
    if help_line:
        lines.append(f"  {_HELP[language]}{help_line}")
    return "\n".join(lines)


def _excerpt(label: Label, language: Language) -> list[str]:
    span = label.span
    line, column = span.line, span.column
    text = span.source.line(line).replace("\t", " ")
    first, length = column - 1, max(1, min(span.end - span.start, len(text) - column + 1))
    if len(text) > _MOST_COLUMNS:
        begin = max(0, min(first - _MOST_COLUMNS // 4, len(text) - _MOST_COLUMNS))
        shown = text[begin : begin + _MOST_COLUMNS]
        text = ("…" if begin else "") + shown + ("…" if begin + len(shown) < len(text) else "")
        first += (1 if begin else 0) - begin
        length = min(length, len(text) - first)
    underlined = text[first : first + length]
    number = f"{line:>4}"
    marker = " " * display_width(visible(text[:first])) + "^" * max(1, display_width(visible(underlined)))
    sentence = label.chinese if language == "zh" else label.english
    return [
        f"  ─→ {visible(span.source.name)}:{line}:{column}",
        f"{number} │ {visible(text)}",
        f"{' ' * len(number)} │ {marker}" + (f" {visible(sentence)}" if sentence else ""),
    ]
