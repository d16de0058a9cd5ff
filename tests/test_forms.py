"""Forms: one unit a sheet, labels beside their values or above them."""

from __future__ import annotations

import pytest

from rulecheck.facts.grids import Mark
from rulecheck.facts.layout.heading_map import NO_MAPPING
from rulecheck.facts.layout.sheet import read_layout
from rulecheck.facts.nodes import Faults
from support_layout import HEADINGS, Layout, grid, layout


def values(found: Layout) -> dict[str, tuple[str, str]]:
    """Each name with its value and the cell where it stands."""
    table = found.table
    return {
        column.key.text: (column.texts[0], str(spot).rpartition("!")[2])
        for column, spot in zip(table.columns, table.spots, strict=True)
    }


def test_labels_beside_their_values() -> None:
    found = layout("名称|甲局\n编制|50人\n面积|300")
    assert values(found) == {"名称": ("甲局", "B1"), "编制": ("50人", "B2"), "面积": ("300", "B3")}
    assert found.warnings == ["S301 A1"]
    assert found.table.kind.text == "单位"


def test_the_remark_says_what_was_taken_as_what() -> None:
    remark = layout("名称|甲局\n编制|50人").faults.warnings[0]
    assert remark.values["pairs"] == "“名称”B1、“编制”B2"


def test_english() -> None:
    found = layout("name:|Office A\nposts:|50 people\narea:|300\nFilled in by: A. Person  Date: 2024-01-05", sheet="unit")
    assert values(found) == {"name": ("Office A", "B1"), "posts": ("50 people", "B2"), "area": ("300", "B3")}
    assert found.header == {"filled_by": "A. Person", "signed_on": "2024-01-05"}


def test_a_title_sections_colons_numbers_and_an_offset() -> None:
    text = """
单位情况表||
一、基本情况||
1|单位名称：|甲局
2|单位类别：|机关
二、人员||
3|编 制：|50
4|其中：编外人员|3
"""
    assert values(layout(text, left=2, top=3)) == {
        "名称": ("甲局", "D5"),
        "单位类别": ("机关", "D6"),
        "编制": ("50", "D8"),
        "编外人员": ("3", "D9"),
    }


def test_two_pairs_a_row_and_merged_values() -> None:
    found = layout("名称|甲局||\n编制|50|面积|300\n情况|无事||", merged=["B1:D1", "B3:D3"])
    assert values(found) == {
        "名称": ("甲局", "B1"),
        "编制": ("50", "B2"),
        "面积": ("300", "D2"),
        "情况": ("无事", "B3"),
    }


def test_labels_above_their_values() -> None:
    found = layout("名称|编制|单位类别\n甲局|50|机关\n面积|成立日|评分\n300|2020年1月3日|5")
    assert values(found) == {
        "名称": ("甲局", "A2"),
        "编制": ("50", "B2"),
        "单位类别": ("机关", "C2"),
        "面积": ("300", "A4"),
        "成立日": ("2020年1月3日", "B4"),
        "评分": ("5", "C4"),
    }


def test_a_label_and_its_value_in_one_cell() -> None:
    found = layout("单位名称：甲局\n编制：50人  面积：300\n填报人：张三")
    assert values(found) == {"名称": ("甲局", "A1"), "编制": ("50人", "A2"), "面积": ("300", "A2")}
    assert found.header == {"filled_by": "张三"}


def test_all_in_one_row() -> None:
    assert values(layout("名称|甲局|编制|50")) == {"名称": ("甲局", "B1"), "编制": ("50", "D1")}


def test_a_unit_between_label_and_value() -> None:
    found = layout("项目|计量单位|数量\n名称||甲局\n编制|百人|5\n面积|亩|3")
    assert values(found) == {"名称": ("甲局", "C2"), "编制（百人）": ("5", "C3"), "面积（亩）": ("3", "C4")}


def test_a_unit_in_the_label() -> None:
    assert values(layout("名称|甲局\n编制（百人）|5"))["编制（百人）"] == ("5", "B2")


def test_what_proves_a_value_stands_beside_it() -> None:
    found = layout("项目|填报内容|佐证材料\n名称|甲局|\n编制|50|编办批复\n面积|300|")
    assert values(found)["佐证材料（编制）"] == ("编办批复", "C3")


def test_a_group_merged_beside_its_labels() -> None:
    found = layout("名称||甲局\n新增就业人数|2022年|5\n|2023年|6\n编制||50", merged=["A2:A3", "A1:B1", "A4:B4"])
    assert values(found)["新增就业人数@2022年"] == ("5", "C2")
    assert values(found)["新增就业人数@2023年"] == ("6", "C3")


@pytest.mark.parametrize(
    "signed",
    [
        "填报单位：甲局|\n填报人：张三  审核人：李四|日期：2024年1月5日",
        "填报单位|甲局\n填报人|张三\n审核人|李四\n日期|2024年1月5日",
        "填报单位：甲局|\n填报人：张三  审核人：李四|2024年1月5日",
        "填报单位（盖章）：甲局　填报人：张三　审核人（签字）：李四　填报日期：2024年1月5日",
    ],
)
def test_signatures(signed: str) -> None:
    found = layout("名称|乙局\n编制|50\n面积|300\n" + signed)
    assert found.header == {"unit": "甲局", "filled_by": "张三", "reviewed_by": "李四", "signed_on": "2024年1月5日"}
    assert values(found)["名称"] == ("乙局", "B1")


def test_the_name_from_the_reporting_unit() -> None:
    assert values(layout("填报单位：甲局|\n编制|50\n面积|300"))["名称"] == ("甲局", "A1")


def test_nothing_filled_in_is_untold() -> None:
    assert values(layout("名称|甲局\n编制|50\n面积|\n情况|无事"))["面积"] == ("", "B3")


def test_a_blank_form_is_passed_over() -> None:
    found = layout("名称||编制|\n面积||情况|")
    assert (found.tables, found.errors, found.warnings) == ([], [], ["S202"])


@pytest.mark.parametrize("sheet", ["甲局", "Sheet1"])
def test_the_only_kind_that_has_all_labels(sheet: str) -> None:
    found = layout("名称|甲局\n编制|50\n面积|300", sheet=sheet)
    assert found.table.kind.text == "单位"
    assert found.warnings == ["S204 A1", "S301 A1"]


def test_the_kind_from_the_name_of_the_file() -> None:
    assert layout("名称|甲镇\n人口|50", sheet="甲镇", stem="镇").table.kind.text == "镇"


def test_labels_that_several_kinds_have() -> None:
    assert layout("名称|甲镇\n人口|50", sheet="甲镇").errors == ["S205 A1"]


def test_labels_of_no_one_kind() -> None:
    assert layout("名称|甲镇\n人口|50\n编制|5", sheet="甲镇").errors == ["S207 A1"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("编制|51", ["S302 B4"]),
        ("其他人数|7", ["F202 A4"]),
        ("|7", ["S305 B4"]),
        ("单位类刖|机关", ["F202 A4"]),
    ],
)
def test_what_could_mean_something_else_is_a_fault(more: str, expected: list[str]) -> None:
    assert layout("名称|甲局\n编制|50\n面积|300\n" + more).errors == expected


def test_two_values_are_shown_with_both_cells() -> None:
    told = layout("名称|甲局\n编制|50\n面积|300\n编制|51").told
    assert "51" in told
    assert "50" in told
    assert "B2" in told
    assert "B4" in told


def test_the_same_value_twice_is_one() -> None:
    assert values(layout("名称|甲局\n编制|50\n面积|300\n编制|50"))["编制"] == ("50", "B2")


def test_a_figure_below_a_label_in_a_form_with_values_beside() -> None:
    assert layout("名称|甲局\n编制|50\n面积|\n300|").errors == ["S304 A4"]


def test_a_text_not_in_the_place_of_its_value() -> None:
    assert layout("名称|甲局|\n编制|50|\n情况||无事").errors == ["S304 C3"]


def test_a_text_behind_a_value_is_told() -> None:
    assert layout("名称|甲局|\n编制|50|含借调\n面积|300|").warnings == ["S306 C2", "S301 A1"]


def test_notes_are_told_and_ignored_labels_too() -> None:
    found = layout("名称|甲局\n编制|50\n面积|300\n联系人|王五\n注：编制以批复为准|")
    assert found.errors == []
    assert sorted(found.warnings) == ["F207 A4", "S209 A5", "S301 A1"]


def test_marks_of_a_value_are_kept() -> None:
    sheet = grid("名称|甲局\n编制|#REF!\n面积|300")
    sheet.marks[1, 1] = Mark.ERROR
    (table,) = read_layout(sheet, HEADINGS, "", NO_MAPPING, Faults(""))
    assert [column.marks for column in table.columns] == [{}, {0: Mark.ERROR}, {}]


def test_in_a_csv_file_the_line_says_where() -> None:
    table = layout("名称|甲局\n编制|50\n面积|300", sheet="", stem="单位").table
    assert table.spots == (1, 2, 3)


@pytest.mark.parametrize(
    "text", ["名称|编制\n甲局|50", "名称|编职\n甲局|50\n乙局|60", "名称\n甲局\n乙局", "名称|单位类别\n甲局|机关\n编制局|机关"]
)
def test_tables_are_no_forms(text: str) -> None:
    assert "S301 A1" not in layout(text).warnings
