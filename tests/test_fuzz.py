"""A little fuzzing of every reader, the same cases on every machine; for more, `python tests/fuzz/run.py --seconds N reader`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

from mutate import minimise
from run import case, failure, fuzz
from targets import TARGETS, Target

CASES = {"rules": 120, "yaml": 60, "json": 60, "csv": 60, "xlsx": 30}


@pytest.mark.parametrize("reader", TARGETS)
def test_no_promise_is_broken(reader: str) -> None:
    number, found = fuzz(reader, seed=20231231, seconds=300, most=CASES[reader])
    assert number == CASES[reader]
    assert not found, {kind: content[:2000] for kind, content in found.items()}


def test_a_case_is_the_same_every_time() -> None:
    seeds = TARGETS["rules"].corpus()
    first = [case("rules", seeds, 1, number) for number in range(20)]
    assert first == [case("rules", seeds, 1, number) for number in range(20)]
    assert first != [case("rules", seeds, 2, number) for number in range(20)]


def broken(content: bytes, folder: Path) -> None:
    if b"x" in content:
        raise ValueError("seen")


def test_what_breaks_is_told_and_made_smaller(tmp_path: Path) -> None:
    target = Target(lambda: [b"aaaxbbb"], broken)
    assert failure(target, b"aaa", tmp_path) is None
    kind = failure(target, b"aaaxbbb", tmp_path)
    assert kind is not None
    assert kind.startswith("ValueError")
    assert minimise(b"aaaxbbb", lambda each: failure(target, each, tmp_path) == kind) == b"x"
