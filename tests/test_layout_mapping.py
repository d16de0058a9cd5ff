"""The mapping file: headings as units write them, and the names that they stand for."""

from __future__ import annotations

import pytest

from rulecheck.facts.layout.heading_map import HeadingMap, read_heading_map
from rulecheck.facts.nodes import Faults
from support_layout import HEADINGS, layout, told


def read(text: str) -> tuple[HeadingMap, list[str]]:
    faults = Faults("对照.yaml")
    found = read_heading_map(text, HEADINGS, faults)
    return found, [told(fault) for fault in faults.errors]


def mapping(text: str) -> HeadingMap:
    found, faults = read(text)
    assert faults == []
    return found


CHINESE = "表头:\n  单位全称: 名称\n  在编人数: 编制\n  占地: 面积（亩）\n忽略: [传真, 邮编]\n"
ENGLISH = "headings: {full title: name, staff: posts, ground: area (mu)}\nignore: [fax]\n"


def test_chinese() -> None:
    found = layout("单位全称|在编 人数|占地|传真\n甲局|5|3|12345", mapping=mapping(CHINESE))
    assert found.columns == {"名称": ["甲局"], "编制": ["5"], "面积（亩）": ["3"]}
    assert found.warnings == []


def test_english() -> None:
    found = layout("full title|staff|ground|fax\nOffice A|5|3|1", sheet="unit", mapping=mapping(ENGLISH))
    assert found.columns == {"name": ["Office A"], "posts": ["5"], "area (mu)": ["3"]}


def test_a_unit_in_the_heading_is_kept() -> None:
    given = mapping("表头: {在编人数: 编制, 占地: 面积（亩）}")
    assert list(layout("名称|在编人数(人)\n甲局|5", mapping=given).columns) == ["名称", "编制（人）"]
    assert list(layout("名称|1.在编人数（人）\n甲局|5", mapping=given).columns) == ["名称", "编制（人）"]


def test_a_unit_other_than_that_of_the_mapping_is_not_taken() -> None:
    found = layout("名称|占地（平方米）\n甲局|3", mapping=mapping("表头: {占地: 面积（亩）}"))
    assert "面积（亩）" not in found.columns


def test_in_a_form() -> None:
    found = layout("单位全称|甲局\n在编人数|5\n占地|3\n传真|12345", mapping=mapping(CHINESE))
    assert found.columns == {"名称": ["甲局"], "编制": ["5"], "面积（亩）": ["3"]}


def test_of_one_kind_before_that_of_all() -> None:
    given = mapping("表头: {人数: 编制}\n学校:\n  表头: {人数: 人口}\n")
    assert list(layout("名称|人数\n甲|5", sheet="单位", mapping=given).columns) == ["名称", "编制"]
    assert list(layout("名称|人数\n甲|5", sheet="学校", mapping=given).columns) == ["名称", "人口"]


def test_a_mapping_counts_more_than_what_the_heading_would_mean() -> None:
    assert list(layout("名称|编制\n甲|5", mapping=mapping("表头: {编制: 编外人员}")).columns) == ["名称", "编外人员"]


def test_several_headings_for_one_name_as_long_as_a_table_has_one() -> None:
    given = mapping("表头: {在编人数: 编制, 编制数: 编制}")
    assert list(layout("名称|编制数\n甲|5", mapping=given).columns) == ["名称", "编制"]
    assert layout("名称|编制数|在编人数\n甲|5|6", mapping=given).errors == ["S215 C1"]


def test_headings_over_two_rows() -> None:
    given = mapping("表头: {职工-在岗: 编制, 职工借调: 编外人员}")
    found = layout("名称|职工|\n|在岗|借调\n甲局|5|6", merged=["A1:A2", "B1:C1"], mapping=given)
    assert list(found.columns) == ["名称", "编制", "编外人员"]


def test_what_was_never_used_is_told() -> None:
    given = mapping(CHINESE)
    layout("单位全称|编制|传真\n甲局|5|1", mapping=given)
    faults = Faults("对照.yaml")
    given.warn_unused(faults)
    assert [warning.values["heading"] for warning in faults.warnings] == ["在编人数", "占地", "邮编"]
    assert {told(warning) for warning in faults.warnings} == {"S325 第3行", "S325 第4行", "S325 第5行"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 编制\n", "S321 第1行"),
        ("编制\n", "S321 第1行"),
        ("表头: 编制\n", "S321 第1行"),
        ("表投: {在编: 编制}\n", "S322 第1行"),
        ("单位:\n  表投: {在编: 编制}\n", "S322 第2行"),
        ("忽略: {传真: 编制}\n", "S323 第1行"),
        ("表头:\n  在编:\n", "S324 第2行"),
        ("表头:\n  在编: [编制]\n", "S324 第2行"),
        ("表头:\n  在编: 编制\n忽略: [在 编]\n", "S326 第3行"),
        ("表头:\n  在编: 编职\n", "S327 第2行"),
        ("表头:\n  在编: 备注\n", "S327 第2行"),
        ("表头:\n  在编: 编制（米）\n", "F304 第2行"),
        ("计量单位: {编制: 千人}\n", "S328 第1行"),
        ("单位:\n  blank: {撤销日: 无}\n", "S328 第2行"),
        ("单位:\n  表头: {在编: 编职}\n", "F202 第2行"),
        ("单位:\n  表头: {在编: 人口}\n", "F204 第2行"),
        ("表头:\n  在编: 编制\n  在编: 面积\n", "F134 第3行"),
    ],
)
def test_faults_have_their_line(text: str, expected: str) -> None:
    assert read(text)[1] == [expected]


def test_the_nearest_name_is_told() -> None:
    faults = Faults("对照.yaml")
    read_heading_map("表头: {在编: 编职}\n", HEADINGS, faults)
    assert "编制" in faults.errors[0].values["near"]
