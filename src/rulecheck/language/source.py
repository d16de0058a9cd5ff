"""Where a piece of text stands: the positions that every message and every tree node refer to."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from rulecheck.dataclass import dataclass, field


def decoded(content: bytes) -> str:
    """The text of a rule or data file: UTF-8, with or without a byte order mark. UnicodeDecodeError for any other."""
    return content.decode("utf-8-sig").replace("\r\n", "\n")


@dataclass(frozen=True)
class Source:
    """One text as read: `name` is the path shown to the user (relative, with `/`), `text` the decoded content."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for offset, character in enumerate(self.text):
            if character == "\n":
                starts.append(offset + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1, the column in characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source, `start` and `end` as character offsets, `end` excluded."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]
