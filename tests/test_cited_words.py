"""The project cites the documents and does not contain them: at most 40 characters in a row, lists of bodies included."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rulecheck.proving.sources import normalise
from rulecheck.rules.citing import body_lists

PROJECT = Path(__file__).parent.parent
FOLDERS = ("rules", "reports", "examples", "docs", "dsl", "src", "tests")
TEXTS = (".rule", ".yaml", ".toml", ".txt", ".md", ".py", ".json", ".csv", ".html")
MOST = 40


def stretches(text: str) -> set[str]:
    """Every stretch of one character too many."""
    return {text[start : start + MOST + 1] for start in range(len(text) - MOST)}


@pytest.mark.skipif("RULECHECK_SOURCES" not in os.environ, reason="the texts of the documents are not at hand")
def test_nothing_longer_than_forty_characters_is_copied() -> None:
    printed: set[str] = set()
    for path in Path(os.environ["RULECHECK_SOURCES"]).glob("*.txt"):
        printed |= stretches(normalise(path.read_text(encoding="utf-8")))
    assert printed
    files = [path for folder in FOLDERS for path in (PROJECT / folder).rglob("*") if path.suffix in TEXTS and path.is_file()]
    copied = {path: stretches(normalise(path.read_text(encoding="utf-8", errors="replace"))) & printed for path in files}
    assert {path.relative_to(PROJECT).as_posix() for path, found in copied.items() if found} == set()


def test_a_long_list_of_bodies_is_told_in_several() -> None:
    names = [f"{number:>010}" for number in range(5)]  # three of them and their commas take 32 characters, four 43
    assert list(body_lists(names)) == [names[:3], names[3:]]
    assert list(body_lists(["甲" * 36, "乙"])) == [["甲" * 36], ["乙"]]
    assert list(body_lists(["甲" * 17, "乙" * 17])) == [["甲" * 17, "乙" * 17]]  # 35 with the comma
    assert list(body_lists(["甲" * 17, "乙" * 18])) == [["甲" * 17], ["乙" * 18]]
    assert list(body_lists([])) == []
