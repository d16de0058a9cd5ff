"""Every code of tables has its message in both languages, and every message is used; words of the data file mean one thing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from rulecheck.data import read_text
from rulecheck.facts import limits
from rulecheck.facts.layout import words as layout_words
from support_messages import assert_both_languages_name_the_same, assert_each_is_one_sentence_twice

PACKAGE = Path(limits.__file__).parent
USED = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(S[23]\d\d)"', path.read_text(encoding="utf-8"))}
ROWS = tomllib.loads(read_text("dsl", "messages", "tables.toml"))
MESSAGES = {code: row for code, row in ROWS.items() if re.match(r"S[23]\d\d\Z", code)}
WORDS = tomllib.loads(read_text("dsl", "layout.toml"))
TESTED = "".join(
    path.read_text(encoding="utf-8")
    for name in ("layout", "forms", "totals")
    for path in Path(__file__).parent.glob(f"test_{name}*")
)


def test_codes_and_messages_are_the_same() -> None:
    assert set(MESSAGES) == USED


def test_every_code_is_tested() -> None:
    assert {code for code in MESSAGES if code not in TESTED} == set()


def test_every_message_is_there_twice_and_is_one_sentence() -> None:
    assert_each_is_one_sentence_twice(MESSAGES)


def test_both_languages_say_the_same_things() -> None:
    assert_both_languages_name_the_same(MESSAGES)


def test_every_word_is_there_in_both_languages_and_english_ones_in_lower_case() -> None:
    for section, rows in WORDS.items():
        for row in [rows] if "zh" in rows else rows.values():
            assert row["zh"], section
            assert row["en"], section
            assert all(word == word.lower() for word in row["en"]), section


def test_labels_mean_one_thing() -> None:
    for section in ("header", "mapping", "mapping_of_tables", "identity"):
        written = [
            layout_words.squeezed(word) for row in WORDS[section].values() for language in ("zh", "en") for word in row[language]
        ]
        assert len(set(written)) == len(layout_words.meanings(section))
        assert len(written) - len(set(written)) <= 3  # `as of` and `as_of` differ, `filled in by` and `filled_in_by` too
