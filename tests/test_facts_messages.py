"""Every code of this package has its message in both languages, and every message is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from rulecheck.data import read_text
from rulecheck.facts import headings
from support_messages import assert_both_languages_name_the_same, assert_each_is_one_sentence_twice

PACKAGE = Path(headings.__file__).parent
USED = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(F[1-4]\d\d)"', path.read_text(encoding="utf-8"))}
ROWS = tomllib.loads(read_text("dsl", "messages", "facts.toml"))
MESSAGES = {code: row for code, row in ROWS.items() if re.match(r"F[1-4]\d\d\Z", code)}


def test_codes_and_messages_are_the_same() -> None:
    assert set(MESSAGES) == USED


def test_every_message_is_there_twice_and_is_one_sentence() -> None:
    assert_each_is_one_sentence_twice(MESSAGES)


def test_both_languages_say_the_same_things() -> None:
    # what a library says of a broken file is English and is left out in Chinese
    assert_both_languages_name_the_same(MESSAGES, only_in_english={"detail"})


def test_words_of_the_data_file_mean_one_thing() -> None:
    for section in ("reserved", "record", "effects"):
        rows = tomllib.loads(read_text("dsl", "headings.toml"))[section]
        written = [word for row in rows.values() for language in ("zh", "en") for word in row[language]]
        assert len(written) == len(set(written)) == len(headings.words(section))
    assert not headings.listed("ignored") & set(headings.words("reserved"))
