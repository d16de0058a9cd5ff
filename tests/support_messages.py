"""What holds of every message that a user can see."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

Messages = Mapping[str, Mapping[str, str]]
"""A table of `dsl/messages/`: what is said by code, in both languages, with what to do."""


def assert_each_is_one_sentence_twice(messages: Messages) -> None:
    for code, row in messages.items():
        assert row["zh"], code
        assert row["en"], code
        assert ("help_zh" in row) == ("help_en" in row), code
        assert not row["zh"].endswith("。"), code
        assert not row["en"].endswith("."), code


def assert_both_languages_name_the_same(messages: Messages, only_in_english: Collection[str] = ()) -> None:
    """The same values in both, whichever language they are in themselves."""
    for code, row in messages.items():
        assert _names(row["zh"]) == _names(row["en"]) - set(only_in_english), code
        assert _names(row.get("help_zh", "")) == _names(row.get("help_en", "")), code


def _names(text: str) -> set[str]:
    # Three braces are one that is written, around a value.
    return {name.removesuffix("_en") for name in re.findall(r"(?<!\{)\{(\w+)\}", text.replace("{{{", "{{ {"))}
