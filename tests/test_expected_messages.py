"""Every code E has its message in both languages, and every message is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import rulecheck
from rulecheck.data import read_text
from support_messages import assert_both_languages_name_the_same, assert_each_is_one_sentence_twice

PACKAGE = Path(rulecheck.__file__).parent
USED = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(E\d\d\d)"', path.read_text(encoding="utf-8"))}
MESSAGES = tomllib.loads(read_text("dsl", "messages", "expected_units.toml"))


def test_codes_and_messages_are_the_same() -> None:
    assert set(MESSAGES) == USED


def test_every_message_is_there_twice_and_is_one_sentence() -> None:
    assert_each_is_one_sentence_twice(MESSAGES)


def test_both_languages_say_the_same_things() -> None:
    assert_both_languages_name_the_same(MESSAGES)


def test_words_of_the_lists_mean_one_thing() -> None:
    lists = tomllib.loads(read_text("dsl", "listings.toml"))
    for name in ("expected", "manifest", "titles"):
        words = [word for row in lists[name].values() for language in ("zh", "en") for word in row[language]]
        assert len(words) == len(set(words)), name
