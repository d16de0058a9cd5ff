"""Names that differ by spaces or width alone are two subjects, and that is said; names broken into lines are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.rules.load import load
from rulecheck.submission import Submission


def read(folder: Path, rows: list[str], heading: str = "名称,编制,在职职工总数") -> Submission:
    rules, _ = load()
    assert rules is not None
    path = folder / "单位.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return facts.read([path], rules)


@pytest.mark.parametrize(
    ("first", "second"), [("甲局", "甲 局"), ("甲局", "甲　局"), ("乙集团（东）", "乙集团(东)"), ("A局", "Ａ局")]
)
def test_two_spellings_are_two_subjects_and_said(tmp_path: Path, first: str, second: str) -> None:
    found = read(tmp_path, [f"{first},50,", f"{second},,48"])
    assert [each.id for each in found.subjects["unit"]] == [first, second]
    (warning,) = [each for each in found.warnings if each.code == "F422"]
    assert warning.values["name"] == " ".join(second.split())
    assert warning.values["other"] == first


@pytest.mark.parametrize(("first", "second"), [("甲局", "乙局"), ("甲局一", "甲局二"), ("A-1", "A-2")])
def test_two_names_are_not(tmp_path: Path, first: str, second: str) -> None:
    assert not [each for each in read(tmp_path, [f"{first},50,", f"{second},,48"]).warnings if each.code == "F422"]


@pytest.mark.parametrize("written", ['"示例市\n风筝局"', '"示例市 \n 风筝局"', '"示例市风筝局\n"'])
def test_a_name_broken_to_fit_its_cell_is_one(tmp_path: Path, written: str) -> None:
    (unit,) = read(tmp_path, [f"{written},50,48"]).subjects["unit"]
    assert unit.id == "示例市风筝局"


def test_codes_below_one_another_are_not_joined(tmp_path: Path) -> None:
    (refused,) = read(tmp_path, ['"A-01\nA-02",50,48']).refused
    assert [fault.code for fault in refused.faults] == ["F112"]


@pytest.mark.parametrize(("written", "value"), [("√", 1), ("✓", 1), ("×", 0), ("✗", 0)])
def test_ticks_and_crosses_answer(tmp_path: Path, written: str, value: int) -> None:
    (unit,) = read(tmp_path, [f"甲局,{written}"], "名称,已公示安排情况").subjects["unit"]
    assert unit.values[unit.kind.slots["placement_published"]] == value
