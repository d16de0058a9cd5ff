"""Rows of totals: recognised wherever they stand, never subjects, checked exactly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rulecheck.dataclass import replace
from rulecheck.facts.layout.totals import check_totals, covered, has_sum, total_name
from rulecheck.facts.nodes import Faults
from rulecheck.submission import NONE, UNTOLD
from support_facts import RULE_SET
from support_layout import layout, told

FACTS = RULE_SET.facts


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "总计",
        "小计",
        "共计",
        "合 计",
        "合　　计",
        " 总计：",
        "合计（人）",
        "全市合计",
        "市直单位小计",
        "total",
        "Total",
        "Subtotal",
    ],
)
def test_names_of_totals(text: str) -> None:
    assert total_name(text)


@pytest.mark.parametrize(
    "text", ["", "统计局", "审计局", "会计学校", "合计数据中心", "total energies", "甲局", "某某市人力资源和社会保障局合计"]
)
def test_names_of_units(text: str) -> None:
    assert not total_name(text)


@pytest.mark.parametrize("row", ["合计||7", "|合计|7", "合 计|2个|7"])
def test_a_total_in_the_number_or_the_name(row: str) -> None:
    found = layout(f"序号|名称|编制\n1|甲局|3\n2|乙局|4\n{row}")
    assert found.columns["名称"] == ["甲局", "乙局"]
    (total,) = found.table.totals
    assert (total.number, total.first, total.last, total.texts[2]) == (4, 0, 1, "7")


def test_a_total_in_a_column_without_meaning_behind_the_name_is_a_remark() -> None:
    assert layout("名称|编制|备注\n甲局|3|合计").columns["名称"] == ["甲局"]


@pytest.mark.parametrize(
    ("names", "before", "count", "expected"),
    [
        (["合计"], [3], 3, [(0, 2)]),
        (["合计"], [0], 3, [(0, 2)]),
        (["小计", "小计", "总计"], [1, 3, 3], 3, [(0, 0), (1, 2), (0, 2)]),
        (["总计", "小计", "小计"], [0, 0, 1], 3, [(0, 2), (0, 0), (1, 2)]),
        (["市直合计", "县区合计", "合计"], [1, 3, 3], 3, [(0, 0), (1, 2), (0, 2)]),
        (["全市合计"], [3], 3, [(0, 2)]),
        (["小计", "小计"], [2, 2], 2, [(0, 1), (2, 1)]),
    ],
)
def test_the_rows_that_a_total_covers(names: list[str], before: list[int], count: int, expected: list[tuple[int, int]]) -> None:
    assert covered(names, before, count) == expected


def test_totals_between_rows_that_are_dropped() -> None:
    found = layout("名称|编制\n一、市直|\n甲局|1\n小计|1\n\n二、县区|\n乙局|2\n丙局|3\n小计|5\n总计|6")
    assert [(total.number, total.name, total.first, total.last) for total in found.table.totals] == [
        (4, "小计", 0, 0),
        (9, "小计", 1, 2),
        (10, "总计", 0, 2),
    ]


def test_a_total_of_several_kinds_goes_to_each_column_of_one() -> None:
    found = layout("核查对象|名称|编制|人口\n单位|甲局|50|\n镇|乙镇||900\n学校|丙校||80\n合计||50|980", sheet="Sheet1")
    unit, town, school = found.tables
    assert unit.totals[0].texts == ["", "50"]
    assert town.totals[0].texts == ["", ""]
    assert school.totals[0].texts == ["", ""]


# --- checking ---


def check(text: str, values: Sequence[Sequence[object]], facts: Sequence[str | None]) -> tuple[list[str], list[str]]:
    """The faults and warnings of a sheet whose columns have these values."""
    table = layout(text).table
    faults = Faults("报送.xlsx")
    check_totals(table, values, [FACTS[fact] if fact else None for fact in facts], faults)
    return [told(fault) for fault in faults.errors], [told(fault) for fault in faults.warnings]


SHEET = "名称|{}\n甲局|x\n乙局|x\n合计|{}"


@pytest.mark.parametrize(
    ("heading", "total", "fact", "values", "is_right"),
    [
        ("编制", "11", "posts", [5, 6], True),
        ("编制", "10", "posts", [5, 6], False),
        ("编制", "12", "posts", [5, 6], False),
        ("编制", "１１人", "posts", [5, 6], True),
        ("编制", "0.11百人", "posts", [5, 6], True),
        ("编制（百人）", "0.11", "posts", [5, 6], True),
        ("编制（百人）", "11", "posts", [5, 6], False),
        ("编制", "2000", "posts", [1000, 1000], True),  # more than one unit may have
        ("编外人员", "5", "others", [5, 0], True),
        ("编制", "5", "posts", [5, NONE], True),
        ("面积", "0.3", "area", [10, 20], True),  # in steps of 1/100
        ("面积", "0.31", "area", [10, 20], False),
        ("面积", "0.300000000000000000001", "area", [10, 20], False),
        ("新增就业人数@2022年", "11", "new_jobs", [5, 6], True),
        ("新增就业人数@2022年（百人）", "0.12", "new_jobs", [5, 6], False),
    ],
)
def test_a_total_is_the_sum_of_its_rows(heading: str, total: str, fact: str, values: list[object], is_right: bool) -> None:
    errors, warnings = check(SHEET.format(heading, total), [["甲局", "乙局"], values], [None, fact])
    assert (errors, warnings) == ([] if is_right else ["S231 B4"], [])


@pytest.mark.parametrize(("first", "last"), [(2, 0), (0, 2)])
def test_a_total_of_rows_that_were_lost_to_another_fault_is_not_checked(first: int, last: int) -> None:
    table = layout(SHEET.format("编制", "10")).table
    table = replace(table, totals=(replace(table.totals[0], first=first, last=last),))
    faults = Faults("报送.xlsx")
    check_totals(table, [["甲局"], [5]], [None, FACTS["posts"]], faults)
    assert not faults.errors


def test_the_message_shows_both_sums() -> None:
    table = layout(SHEET.format("编制", "10")).table
    faults = Faults("报送.xlsx")
    check_totals(table, [[], [5, 6]], [None, FACTS["posts"]], faults)
    assert faults.errors[0].values["sum"] == "11人"
    assert faults.errors[0].values["written"] == "10"


def test_sums_of_a_sensitive_fact_are_not_shown() -> None:
    table = layout(SHEET.format("职工工资", "10")).table
    faults = Faults("报送.xlsx")
    check_totals(table, [[], [500, 600]], [None, FACTS["wages"]], faults)
    assert "11" not in str(faults.errors[0].values)
    assert "10" not in str(faults.errors[0].values)


@pytest.mark.parametrize("total", ["", "/", "—"])
def test_a_blank_total_is_not_checked(total: str) -> None:
    assert check(SHEET.format("编制", total), [[], [5, 6]], [None, "posts"]) == ([], [])


def test_a_column_with_untold_rows_cannot_be_checked() -> None:
    assert check(SHEET.format("编制", "5"), [[], [5, UNTOLD]], [None, "posts"]) == ([], ["S232 B4"])


def test_a_total_that_is_no_number_is_a_fault() -> None:
    assert check(SHEET.format("编制", "约10"), [[], [5, 6]], [None, "posts"])[0] == ["S233 B4"]


def test_a_total_in_another_sort_of_unit_is_a_fault() -> None:
    assert check(SHEET.format("编制", "11米"), [[], [5, 6]], [None, "posts"])[0] == ["S233 B4"]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("posts", True),
        ("wages", True),
        ("area", True),
        ("inspections", True),
        ("ratio", False),
        ("score", False),
        ("category", False),
        ("founded_on", False),
        ("is_public", False),
    ],
)
def test_what_can_be_added(fact: str, expected: bool) -> None:
    assert has_sum(FACTS[fact]) is expected


def test_a_share_is_not_summed() -> None:
    assert check(SHEET.format("安排比例", "1.5%"), [[], [150, 160]], [None, "ratio"]) == ([], [])
