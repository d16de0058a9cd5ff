"""`rulecheck lint` as a user meets it: what is shown, what is counted, the exit status."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support_command import call
from support_golden import golden
from support_lint import FILES, folder_with

GOLDEN = Path(__file__).parent / "golden" / "lint"

CASE = """\
规则：单位备案 / units_register
  依据：一
  > 编制超过50人的单位原则上5个工作日内备案
  核查对象：单位
  适用情形：编制 不少于 50人
  要求（甲）：已备案
  要求（乙）：编制 不少于 0人
  已核：K120："样例" / "sample"
  已核：K102："时限由另一规则判断" / "the limit is judged by another rule"
  已核：K104："没有除外" / "nothing is excepted"

规则：单位全员 / staff_of_units
  依据：二
  > 单位应当备案
  核查对象：单位
  要求：人数 不少于 2人
  牵头单位：市教育局
  责任单位：市卫健委
  已核：K120："样例" / "sample"

规则：读到其余各项 / the_rest_is_read
  依据：一
  核查对象：单位
  要求：每一 申领 满足 （办结日 不晚于 受理日）
  要求：每一 开放日 满足 （时长 不少于 1小时）
  要求：类型 属于 （机关、学校）
  已核：K120："样例" / "sample"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_with(tmp_path, case=CASE)


@pytest.mark.parametrize(
    ("name", "options"),
    [("text.zh.txt", ()), ("text.en.txt", ("--lang", "en")), ("report.json", ("--format", "json"))],
)
def test_findings_are_shown_as_they_were_read(name: str, options: tuple[str, ...], folder: Path) -> None:
    found = call("lint", "--rules", folder, "--sources", FILES, *options)
    assert (found.status, found.err) == (1, "")
    golden(name, found.out, GOLDEN)


def test_without_texts_bodies_are_not_compared(folder: Path) -> None:
    found = call("lint", "--rules", folder)
    assert found.status == 1
    assert "K110" not in found.out
    assert "没有给出原文" in found.out


def test_the_rules_shipped_are_clean() -> None:
    found = call("lint")
    assert (found.status, found.err) == (0, "")
    assert "发现0处" in found.out


@pytest.mark.skipif("RULECHECK_SOURCES" not in os.environ, reason="the texts of the documents are not at hand")
def test_the_bodies_of_the_rules_shipped_are_as_printed() -> None:
    assert call("lint", "--sources", os.environ["RULECHECK_SOURCES"]).status == 0


def test_what_cannot_be_used_is_refused(folder: Path, tmp_path: Path) -> None:
    assert call("lint", "--rules", folder, "--format", "xml").status == 2
    assert call("lint", "--rules", folder, "--sources", tmp_path / "none").status == 2
    assert call("lint", "--rules", tmp_path / "none").status == 2
    unknown = folder_with(folder, case=CASE.replace("K104", "K404"))
    found = call("lint", "--rules", unknown)
    assert (found.status, found.out) == (2, "")
    assert "K404" in found.err
