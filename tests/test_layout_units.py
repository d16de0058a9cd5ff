"""Units of measure that stand outside the headings, wherever people write them: to overlook one makes figures wrong by its
factor. The rows are of 甲局 with 编制 (declared in 人) and 面积 (in 亩)."""

from __future__ import annotations

import pytest

from rulecheck.facts.layout.measures import measures_in
from support_layout import layout

ROWS = "名称|编制|面积\n甲局|2|300"


@pytest.mark.parametrize(
    "title",
    [
        "单位情况表（百人）",
        "单位情况表（单位：百人）",
        "单位情况表(计量单位:百人)",
        "||单位百人",
        "||（单位：百人）",
        "||单位|百人",
        "注：表中单位均为百人",
        "注：以百人为单位",
    ],
)
def test_a_unit_above_the_headings_is_used(title: str) -> None:
    found = layout(f"{title}\n{ROWS}")
    assert [column.key.text for column in found.table.columns] == ["名称", "编制（百人）", "面积"]
    assert "S218 A2" in found.warnings


@pytest.mark.parametrize("note", ["注：1.表中单位均为百人；2.含工勤。", "说明：\n1、以百人为单位", "单位：百人"])
def test_a_unit_below_the_table_is_used(note: str) -> None:
    assert "编制（百人）" in layout(f"{ROWS}\n{note}").columns


def test_the_name_of_the_sheet_may_hold_it() -> None:
    assert "编制（百人）" in layout(ROWS, sheet="单位（百人）").columns


def test_it_holds_for_the_further_tables_of_the_sheet() -> None:
    found = layout(f"||单位：百人\n{ROWS}\n\n乙部门\n名称|编制\n乙局|5")
    assert found.errors == []
    assert [[column.key.text for column in table.columns] for table in found.tables] == [
        ["名称", "编制（百人）", "面积"],
        ["名称", "编制（百人）"],
    ]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("统计表（年）", []),  # handed in every year
        ("统计表（单位：年）", ["年"]),
        ("统计表（三）", []),
        ("本单位人数情况", []),
        ("填报单位：市某局", []),
        ("单位：人、万元", ["人", "万元"]),
    ],
)
def test_what_names_a_unit(text: str, units: list[str]) -> None:
    assert measures_in(text) == units


def test_the_unit_of_a_group_of_columns() -> None:
    text = "名称|人员（百人）||面积\n|编制|在册|\n甲局|2|3|300"
    found = layout(text, merged=["A1:A2", "B1:C1", "D1:D2"])
    assert found.columns["编制（百人）"] == ["2"]
    assert found.columns["面积"] == ["300"]


def test_a_unit_above_one_group_is_not_of_the_other_columns() -> None:
    found = layout("|规模（亩）||\n名称|面积|编制|\n甲局|300|5|", merged=["B1:B1"])
    assert set(found.columns) >= {"名称", "编制"}


def test_a_line_of_labels_is_no_row_of_headings() -> None:
    text = "填报单位：市某局|||单位：百人\n名称|面积|编制|编制外\n甲局|300|2|"
    found = layout(text)
    assert found.header == {"unit": "市某局"}
    assert found.columns["编制（百人）"] == ["2"]


# --- forms ---

FORM = "名称|甲局\n编制|2\n面积|300"


@pytest.mark.parametrize(
    "form",
    [
        "单位情况表（百人）\n" + FORM,
        "|单位：百人\n" + FORM,
        "单位|百人\n" + FORM,
        FORM + "\n注：人数单位均为百人",
        "名称|甲局|\n编制|2|百人\n面积|300|",
        "项目|数值|单位\n名称|甲局|\n编制|2|百人\n面积|300|亩",
        "项目|数值|单位|佐证材料\n名称|甲局||\n编制|2|百人|批复\n面积|300|亩|",
    ],
)
def test_a_unit_of_a_form(form: str) -> None:
    found = layout(form)
    assert found.errors == []
    assert found.columns["编制（百人）"] == ["2"]
    assert "unit" not in found.header


def test_a_unit_behind_a_value_that_has_one_already() -> None:
    assert layout("名称|甲局|\n编制|2百人|百人\n面积（亩）|300|亩").columns["编制"] == ["2百人"]
    assert layout("名称|甲局|\n编制（人）|2|百人\n面积|300|").errors == ["S219 C2"]


def test_a_unit_behind_a_blank_is_no_value() -> None:
    found = layout("名称|甲局|\n编制||人\n面积|300|亩")
    assert found.errors == []
    assert "人" not in found.columns.get("编制", [])


def test_the_day_in_the_title_of_a_form() -> None:
    assert layout("单位情况表（截至2023年12月31日）\n" + FORM).header == {"as_of": "2023年12月31日"}
