"""Every code of blank forms has its message in both languages, every message is used, and so is every phrase."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from rulecheck.commands import template
from rulecheck.data import read_text
from rulecheck.templates import build
from support_messages import assert_each_is_one_sentence_twice

FILES = [*Path(build.__file__).parent.glob("*.py"), Path(template.__file__)]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
MESSAGES = tomllib.loads(read_text("dsl", "messages", "templates.toml"))
PHRASES = tomllib.loads(read_text("reports", "template.toml"))


def test_codes_and_messages_are_the_same() -> None:
    assert set(re.findall(r'"(T\d\d\d)"', SOURCE)) == set(MESSAGES)


def test_every_message_is_there_twice_and_is_one_sentence() -> None:
    assert_each_is_one_sentence_twice(MESSAGES)


def test_every_phrase_is_there_twice_with_the_same_values() -> None:
    for section, rows in PHRASES.items():
        for key, row in rows.items():
            if section != "codes":
                assert set(row) == {"zh", "en"}, key
                assert values(row["zh"]) == values(row["en"]), f"{section}.{key}"


def test_every_phrase_is_used() -> None:
    # Some are named by the role of a column or the key of a list, as `note.{word}`.
    named = {section for section in PHRASES if f'"{section}.{{' in SOURCE or f'f"{section}.{{' in SOURCE}
    for section, rows in PHRASES.items():
        for key in rows:
            assert f'"{section}.{key}"' in SOURCE or (section in named and f'"{key}"' in SOURCE) or section == "codes", key


def values(text: str) -> set[str]:
    return {name.partition(":")[0] for name in re.findall(r"\{(\w+(?::\w+)?)\}", text)}
