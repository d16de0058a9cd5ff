"""The words of `dsl/layout.toml`, and how a text is compared with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from rulecheck.data import read_table

_SPACE: Final = re.compile(r"\s+")
_BRACKETED_END: Final = re.compile(r"[（(\[【][^（()）\[\]【】]*[)）\]】]\Z")
_COLON_END: Final = re.compile(r"[:：]\Z")


@cache
def _data() -> Mapping[str, Any]:
    return read_table("dsl", "layout.toml")


@cache
def listed(section: str) -> frozenset[str]:
    """The words of a section that has no ids, in both languages, as `squeezed` gives them."""
    return frozenset(squeezed(word) for language in ("zh", "en") for word in _data()[section][language])


@cache
def meanings(section: str) -> Mapping[str, str]:
    """Every word of a section with ids, as `squeezed` gives it, to its id."""
    rows = _data()[section]
    return {squeezed(word): name for name, row in rows.items() for language in ("zh", "en") for word in row[language]}


@cache
def longest_first(section: str) -> tuple[str, ...]:
    """The words of a section as they are written, for patterns and endings."""
    rows = _data()[section]
    lists = [rows] if "zh" in rows else rows.values()
    found = {word for row in lists for language in ("zh", "en") for word in row[language]}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def squeezed(text: str) -> str:
    """A text without any white space, without case: words are compared in this form."""
    return _SPACE.sub("", text).casefold()


def label_of(text: str) -> str:
    """A label in the form in which words are compared: no colon at its end, no brackets behind it."""
    return squeezed(_BRACKETED_END.sub("", _COLON_END.sub("", text.strip()).rstrip()))


def spaced(word: str) -> str:
    """A pattern for a word with any white space between its characters: `填 报 人`."""
    return r"\s*".join(re.escape(character) for character in word if not character.isspace())
