"""Text laid out for a terminal whose Chinese characters are two columns wide: wrapping, tables, trees, colour.

Everything that reaches a line passes through `clean`, so nothing in the data can steer a terminal; colour comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache

from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import display_width, visible

WIDTH = 100
"""Columns of a line."""

_NOT_AT_START = frozenset("，。、；：？！）〕】》〉」』”’…％‰℃·,.;:?!)]}%")
_NOT_AT_END = frozenset("（〔【《〈「『“‘([{")


class Style(StrEnum):
    """How a line is emphasised where colour is wanted; the values are the ANSI parameters."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    RED = "1;31"
    GREEN = "1;32"
    YELLOW = "1;33"


@dataclass(frozen=True, slots=True)
class Line:
    text: str = ""
    style: Style = Style.PLAIN


BLANK = Line()


def clean(text: str) -> str:
    """The text on one line, control characters and bidirectional marks made visible."""
    return text if text.isprintable() else visible(text)


@cache
def _columns(character: str) -> int:
    return display_width(character)


def width_of(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters: at spaces and beside wide characters, but never before closing
    punctuation, after opening punctuation, or between a number and its unit."""
    if before == " ":
        return after != " "
    if after == " " or after in _NOT_AT_START or before in _NOT_AT_END or _columns(after) == 0:
        return False
    if before in _NOT_AT_START and after in _NOT_AT_END:
        return True
    if _columns(before) < 2 and _columns(after) < 2:
        return False
    return not before.isdecimal()


def _pieces(text: str) -> list[str]:
    """The text cut at every place where a line may end."""
    pieces: list[str] = []
    start = 0
    for position in range(1, len(text)):
        if _may_break(text[position - 1], text[position]):
            pieces.append(text[start:position])
            start = position
    pieces.append(text[start:])
    return pieces


def _split_hard(piece: str, room: int) -> list[str]:
    """A piece that fits no line, such as a long path, cut at the column."""
    parts = [""]
    taken = 0
    for character in piece:
        columns = _columns(character)
        if taken + columns > room and parts[-1]:
            parts.append("")
            taken = 0
        parts[-1] += character
        taken += columns
    return parts


def wrap(text: str, first: str = "", later: str | None = None, width: int = WIDTH) -> list[str]:
    """The text in lines of at most `width` columns: the first begins with `first`, the others with `later` (default:
    blanks as wide as `first`)."""
    text = clean(text)
    if later is None:
        later = " " * width_of(first)
    if width_of(first) + width_of(text) <= width:
        return [(first + text).rstrip()]
    lines: list[str] = []
    prefix, current, taken = first, "", 0
    for piece in _pieces(text):
        room = width - width_of(prefix)
        if current and taken + width_of(piece.rstrip()) > room:
            lines.append((prefix + current).rstrip())
            prefix, current, taken = later, "", 0
            room = width - width_of(prefix)
        if width_of(piece.rstrip()) > room:
            *full, piece = _split_hard(piece, max(room, 2))
            for part in full:
                lines.append(prefix + part)
                prefix = later
        current += piece
        taken += width_of(piece)
    lines.append((prefix + current).rstrip())
    return lines


def paragraph(text: str, first: str = "", later: str | None = None, style: Style = Style.PLAIN) -> list[Line]:
    """A wrapped text as lines of one style."""
    return [Line(line, style) for line in wrap(text, first, later)]


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with blanks to `width` columns, after it or (`right`) before it."""
    blanks = " " * max(0, width - width_of(text))
    return blanks + text if right else text + blanks


def table(header: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "  ") -> list[str]:
    """A table whose first column is text, wrapped where it is long, and whose others are figures, set right."""
    cells = [[clean(cell) for cell in row] for row in rows]
    columns = list(zip(header, *cells, strict=True))
    figures = [max(map(width_of, column)) for column in columns[1:]]
    room = WIDTH - len(indent) - sum(figures) - 2 * len(figures)
    first = min(room, max(map(width_of, columns[0])))
    lines = [_row([header[0]], header[1:], first, figures, indent)]
    lines.append(indent + "-" * (first + sum(figures) + 2 * len(figures)))
    for row in cells:
        name, *others = wrap(row[0], width=first)
        lines.append(_row([name], row[1:], first, figures, indent))
        lines.extend(indent + line for line in others)
    return lines


def _row(name: Sequence[str], figures: Sequence[str], first: int, widths: Sequence[int], indent: str) -> str:
    cells = [pad(name[0], first), *(pad(cell, width, right=True) for cell, width in zip(figures, widths, strict=True))]
    return (indent + "  ".join(cells)).rstrip()


def paint(lines: Iterable[Line], *, color: bool) -> str:
    """The lines as one text that ends in a newline."""
    return "".join(f"{_painted(line) if color else clean(line.text)}\n" for line in lines)


def _painted(line: Line) -> str:
    text = clean(line.text)
    return f"\x1b[{line.style}m{text}\x1b[0m" if line.style and text else text
