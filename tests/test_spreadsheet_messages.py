"""Every message about spreadsheet files is there in both languages, is used, and is tested."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from rulecheck.data import read_text
from rulecheck.facts import files

PACKAGE = Path(files.__file__).parent
TESTS = Path(__file__).parent
OWN = re.compile(r'"(S1\d\d)"')
ROWS = tomllib.loads(read_text("dsl", "messages", "tables.toml"))
MESSAGES = {code: row for code, row in ROWS.items() if re.fullmatch(r"S1\d\d", code)}


def codes(paths: list[Path]) -> set[str]:
    return {code for path in paths for code in OWN.findall(path.read_text(encoding="utf-8"))}


def test_codes_and_messages_are_the_same() -> None:
    assert set(MESSAGES) == codes(sorted(PACKAGE.rglob("*.py")))


def test_every_message_is_tested() -> None:
    assert set(MESSAGES) <= codes(sorted(TESTS.glob("test_spreadsheet_*.py")))


def test_every_message_is_there_twice_says_the_same_and_what_to_do() -> None:
    for code, row in MESSAGES.items():
        assert set(row) == {"zh", "en", "help_zh", "help_en"}, code
        assert not row["zh"].endswith("。"), code
        assert not row["en"].endswith("."), code
        assert sorted(re.findall(r"\{\w+\}", row["zh"])) == sorted(re.findall(r"\{\w+\}", row["en"])), code
