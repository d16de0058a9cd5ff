"""The numbers and the bounding words of a text: everything in it that a rule could have to obey. Words are those of
`dsl/boundaries.toml`; which Chinese numerals count something is said in `dsl/marks.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, Literal

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.proving.sources import normalise

Kind = Literal["number", "word"]
KINDS: tuple[Kind, ...] = ("number", "word")
MOST_BESIDE: Final = 20
"""Characters of the text shown on either side of a mark: to find the place by, not to read the document."""

_FIGURE: Final = r"[0-9]+(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)*(?:[%‰]|[万亿]+)?"
_NUMERAL: Final = "[一二三四五六七八九十百千万亿两〇零半]"
_NUMERALS: Final = _NUMERAL + "{1,20}"
"""As long as any number is: without an end, a text of nothing but numerals would be looked through over and over."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A number or a bounding word. `text`, `before` and `after`: as printed, on one line; `start` and `end` in the normalised
    text."""

    kind: Kind
    text: str
    start: int
    end: int
    before: str
    after: str


@cache
def _pattern() -> re.Pattern[str]:
    """At each place the first alternative that fits; of words the longest."""
    table = read_table("dsl", "marks.toml")
    measures, names = _any(table["measures"]), _any(table["names"])
    words = _any(read_table("dsl", "boundaries.toml")["words"])
    numbers = (
        r"\[[0-9]{4}\[[0-9]+号",  # brackets of both sides have one form
        r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日",
        r"[0-9]{4}年[0-9]{1,2}月",
        r"[0-9]{1,2}:[0-9]{2}(?![0-9])",
        rf"{_FIGURE}(?:[-~至到]{_FIGURE})*",
        "百分百",
        f"{_NUMERALS}分之{_NUMERALS}",
        f"(?<!第)(?<!{_NUMERAL}){_NUMERALS}(?:[-~至到、]{_NUMERALS})?(?=[余多几]?(?:{measures}))",
    )
    return re.compile(f"(?P<name>{names})|(?P<number>{'|'.join(numbers)})|(?P<word>{words})")


def _any(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def marks_of(text: str) -> tuple[Mark, ...]:
    """Every number and every bounding word of a text, in its order."""
    return tuple(_marks(text))


def _marks(text: str) -> Iterator[Mark]:
    spaced, places, printed = _spaced(text)
    for match in _pattern().finditer(spaced):
        if match.lastgroup != "name":
            kind: Kind = "number" if match.lastgroup == "number" else "word"
            first, last = match.start(), match.end() - 1
            start, end = printed[first], printed[last] + 1
            yield Mark(
                kind=kind,
                text=_line(text[start:end]),
                start=places[first],
                end=places[last] + 1,
                before=_line(text[max(0, start - 10 * MOST_BESIDE) : start])[-MOST_BESIDE:],
                after=_line(text[end : end + 10 * MOST_BESIDE])[:MOST_BESIDE],
            )


def _line(text: str) -> str:
    return "".join(text.split())


def _spaced(text: str) -> tuple[str, list[int], list[int]]:
    """The normalised text, but with a space kept between two digits, for `10 9 8` is three numbers; and for each of its
    characters the place in the normalised text and in the text as printed."""
    signs: list[str] = []
    places: list[int] = []
    printed: list[int] = []
    position, is_apart = 0, False
    for at, each in enumerate(text):
        sign = _sign(each)
        if not sign:
            is_apart = is_apart or each.isspace()
            continue
        if is_apart and signs and _is_digit(signs[-1]) and _is_digit(sign):
            signs.append(" ")
            places.append(position)
            printed.append(at)
        signs.append(sign)
        places.append(position)
        printed.append(at)
        position, is_apart = position + 1, False
    return "".join(signs), places, printed


@cache
def _sign(character: str) -> str:
    return normalise(character)


def _is_digit(sign: str) -> bool:
    return sign in "0123456789"


def occurrences(run: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a quotation stand in a text, all of the places; both in their normalised form."""
    found: list[tuple[int, int]] = []
    sought, whole = normalise(run), normalise(text)
    start = whole.find(sought) if sought else -1
    while start >= 0:
        found.append((start, start + len(sought)))
        start = whole.find(sought, start + 1)
    return tuple(found)
