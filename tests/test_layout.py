"""Sheets as people send them: where the headings are, what stands around them, what the rows are about."""

from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecheck.facts.grids import Grid, Mark
from rulecheck.facts.layout.heading_map import NO_MAPPING
from rulecheck.facts.layout.sheet import MOST_TABLES, read_layout
from rulecheck.facts.nodes import Faults
from support_layout import HEADINGS, grid, layout

PLAIN = """
名称|编制|面积
甲局|50 |300
乙局|48 |200
"""


def test_a_plain_table() -> None:
    found = layout(PLAIN)
    assert found.columns == {"名称": ["甲局", "乙局"], "编制": ["50", "48"], "面积": ["300", "200"]}
    assert found.table.kind.text == "单位"
    assert list(found.table.numbers) == [2, 3]
    assert found.warnings == []


def test_cells_are_named_as_the_sheet_has_them_when_the_table_begins_at_c4() -> None:
    table = layout(PLAIN, left=3, top=4).table
    assert [column.number for column in table.columns] == [3, 4, 5]
    assert [column.key.spot for column in table.columns] == ["!单位!C4", "!单位!D4", "!单位!E4"]
    assert list(table.numbers) == [5, 6]


def test_english() -> None:
    found = layout("name|posts (people)|area\nOffice A|50|300\nTotal|50|300\nNote: all posts", sheet="unit")
    assert found.columns == {"name": ["Office A"], "posts（people）": ["50"], "area": ["300"]}
    assert [total.name for total in found.table.totals] == ["Total"]
    assert found.warnings == ["S209 A4"]


# --- titles and words above ---


@pytest.mark.parametrize(
    ("above", "merged"),
    [
        ("2023年单位情况统计表", ["A1:C1"]),
        ("2023年单位情况统计表", []),
        ("附件1\n2023年单位情况统计表\n", ["A2:C2"]),
        ("|市直单位情况|", []),
    ],
)
def test_titles_are_no_data(above: str, merged: list[str]) -> None:
    found = layout(above + PLAIN, merged=merged)
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert list(found.table.numbers) == [above.count("\n") + 3, above.count("\n") + 4]
    assert found.warnings == []


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("截至：2023年12月31日", {"as_of": "2023年12月31日"}),
        ("（截至2023年12月31日）", {"as_of": "2023年12月31日"}),
        ("单位情况表（截至2023年底）", {"as_of": "2023年底"}),
        ("截至|2023年12月31日", {"as_of": "2023年12月31日"}),
        ("截 至：|2023年12月31日", {"as_of": "2023年12月31日"}),
        ("地区：阳新县", {"place": "阳新县"}),
        ("填报单位：市某某局||截止日期：2023.12.31", {"unit": "市某某局", "as_of": "2023.12.31"}),
        ("填报单位（盖章）：市某某局", {"unit": "市某某局"}),
        ("单位名称：市某某局  地区：阳新县", {"unit": "市某某局", "place": "阳新县"}),
        ("as of: 2023-12-31  place: Yangxin", {"as_of": "2023-12-31", "place": "Yangxin"}),
    ],
)
def test_words_above_the_headings_are_kept(above: str, expected: dict[str, str]) -> None:
    found = layout(above + PLAIN)
    assert found.header == expected
    assert found.columns["名称"] == ["甲局", "乙局"]


def test_a_word_has_the_place_of_its_value() -> None:
    words = layout("截至：|2023年12月31日" + PLAIN).table.header.words
    assert words["as_of"].spot == "!单位!B1"


def test_two_values_of_one_word_are_a_fault() -> None:
    found = layout("截至：2023年12月31日||截至：2023年6月30日" + PLAIN)
    assert found.errors == ["S214 C1"]


def test_a_fact_outside_the_table_is_a_fault() -> None:
    assert layout("编外人员：5人" + PLAIN).errors == ["S213 A1"]


def test_an_unknown_word_above_is_reported() -> None:
    assert layout("表号：统基1表" + PLAIN).warnings == ["F207 A1"]


def test_a_lone_figure_above_is_told() -> None:
    assert layout("2023" + PLAIN).warnings == ["S209 A1"]


def test_a_figure_above_that_nothing_names_is_a_fault() -> None:
    assert layout("人数|37" + PLAIN).errors == ["S212 B1"]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("单位：百人", ["名称", "编制（百人）", "面积"]),
        ("（单位：百人）", ["名称", "编制（百人）", "面积"]),
        ("单位：百人、亩", ["名称", "编制（百人）", "面积（亩）"]),
        ("计量单位：百人/亩", ["名称", "编制（百人）", "面积（亩）"]),
        ("单位：万元", ["名称", "编制", "面积"]),
    ],
)
def test_a_unit_above_the_table_is_that_of_columns_without_one(measure: str, expected: list[str]) -> None:
    assert list(layout(measure + PLAIN).columns) == expected


def test_a_unit_in_the_heading_counts_more_than_the_one_above() -> None:
    found = layout("单位：百人\n名称|编制（人）|编外人员\n甲局|50|1")
    assert list(found.columns) == ["名称", "编制（人）", "编外人员（百人）"]
    assert found.warnings == ["S218 A2"]


def test_two_units_of_one_sort_above_the_table_are_a_fault() -> None:
    assert layout("单位：人、百人" + PLAIN).errors == ["S219 A2"]


# --- headings ---


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("编制（人）", "编制（人）"),
        ("编制(人)", "编制（人）"),
        ("编制[人]", "编制（人）"),
        ("编制/人", "编制（人）"),
        ("编制 人", "编制（人）"),
        ("编制（单位：人）", "编制（人）"),
        ("编 制\\n（人）", "编制（人）"),
        ("编　制", "编制"),
        ("1.编制", "编制"),
        ("（1）编制", "编制"),
        ("①编制", "编制"),
        ("一、编制", "编制"),
        ("*编制", "编制"),
        ("编制（必填）", "编制"),
        ("编制：", "编制"),
        ("其中：编外人员", "编外人员"),
        ("posts", "posts"),
        ("新增就业人数@2022年（人）", "新增就业人数@2022年（人）"),
        ("新增就业人数（2022年）", "新增就业人数@2022年"),
        ("2022年新增就业人数", "新增就业人数@2022年"),
        ("2022年新增就业人数（人）", "新增就业人数@2022年（人）"),
        ("佐证材料（编制）", "佐证材料（编制）"),
    ],
)
def test_ways_to_write_a_heading(heading: str, expected: str) -> None:
    assert list(layout(f"名称|面积|{heading}\n甲局|300|5").columns) == ["名称", "面积", expected]


@pytest.mark.parametrize(
    ("kind", "heading", "expected"),
    [
        ("单位", "单位名称", "名称"),
        ("单位", "单位编号", "编号"),
        ("单位", "unit name", "名称"),
        ("残疾职工", "单位名称", "上级"),
        ("学校", "学校名称", "名称"),
        ("学校", "镇名称", "上级"),
        ("单位", "单位", "名称"),
        ("单位", "unit", "名称"),
        ("学校", "镇", "上级"),
    ],
)
def test_the_name_of_the_kind_before_name_and_id(kind: str, heading: str, expected: str) -> None:
    other = "名称" if expected == "编号" else "编号"
    assert list(layout(f"{other}|{heading}|地区\nA1|甲|阳新县", sheet=kind).columns) == [other, expected, "地区"]


def test_a_table_on_a_sheet_of_instructions_is_read() -> None:
    assert layout(PLAIN, sheet="填报说明", stem="单位").columns["名称"] == ["甲局", "乙局"]


def test_headings_over_two_rows_with_merged_cells() -> None:
    text = """
        名称|人员||面积
        ||编外人员|
        甲局|50|3|300
    """.replace("        ", "").replace("||编外人员", "|编制|编外人员")
    found = layout(text, merged=["A1:A2", "B1:C1", "D1:D2"])
    assert found.columns == {"名称": ["甲局"], "编制": ["50"], "编外人员": ["3"], "面积": ["300"]}
    assert [column.key.spot for column in found.table.columns] == ["!单位!A1", "!单位!B2", "!单位!C2", "!单位!D1"]


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("编外", "人员", "编外人员"),
        ("人员", "编制", "编制"),
        ("职工", "编制（人）", "编制（人）"),
        ("新增就业人数", "2022年", "新增就业人数@2022年"),
        ("2022年", "新增就业人数", "新增就业人数@2022年"),
        ("新增就业人数（人）", "2022年", "新增就业人数@2022年（人）"),
        ("用电量", "2022年1月", "用电量@2022年1月"),
    ],
)
def test_names_of_two_rows(upper: str, lower: str, expected: str) -> None:
    text = f"名称|{upper}||面积\n|{lower}|评分|\n甲局|5|6|7"
    for merged in (["A1:A2", "B1:C1", "D1:D2"], []):
        assert list(layout(text, merged=merged).columns) == ["名称", expected, "评分", "面积"]


def test_headings_over_two_rows_in_a_csv_file() -> None:
    found = layout("名称,新增就业人数,\n,2022年,2023年\n甲局,5,6".replace(",", "|"), sheet="", stem="单位")
    assert list(found.columns) == ["名称", "新增就业人数@2022年", "新增就业人数@2023年"]


def test_a_row_of_units_under_the_headings() -> None:
    found = layout("名称|编制|面积|情况\n|百人|亩|/\n甲局|5|6|无事")
    assert found.columns == {"名称": ["甲局"], "编制（百人）": ["5"], "面积（亩）": ["6"], "情况": ["无事"]}


def test_a_row_that_begins_with_the_word_unit_is_a_row_of_units() -> None:
    assert list(layout("名称|编制|面积\n单位|百人|亩\n甲局|5|6").columns) == ["名称", "编制（百人）", "面积（亩）"]


@pytest.mark.parametrize("numbers", ["甲|1|2|3", "栏次|1|2|3=1+2", "1|2|3|4", "（1）|（2）|（3）|（4）"])
def test_a_row_that_numbers_the_columns(numbers: str) -> None:
    found = layout(f"名称|编制|编外人员|面积\n{numbers}\n乙局|5|6|7")
    assert found.columns["名称"] == ["乙局"]
    assert found.warnings == ["S217 A2"]


def test_a_heading_merged_over_columns_whose_values_are_merged_too() -> None:
    found = layout("名称|编制||面积\n甲局|5||7", merged=["B1:C1", "B2:C2"])
    assert found.columns == {"名称": ["甲局"], "编制": ["5"], "面积": ["7"]}


def test_data_without_a_heading_is_a_fault_at_its_cell() -> None:
    found = layout("名称||编制\n甲局||50\n乙局|3|48")
    assert found.errors == ["F155 B3"]
    assert "第B列" in found.told


def test_a_blank_column_is_nothing() -> None:
    assert layout("名称||编制\n甲局||50").columns == {"名称": ["甲局"], "编制": ["50"]}


def test_one_heading_twice_names_both_columns() -> None:
    found = layout("名称|编制|编制\n甲局|5|6")
    assert found.errors == ["F152 C1"]
    assert "第B列和第C列" in found.told


def test_two_headings_that_come_to_the_same_name() -> None:
    found = layout("名称|编制|1.编制\n甲局|5|6")
    assert found.errors == ["S215 C1"]


def test_headings_that_mean_nothing_may_stand_twice() -> None:
    assert list(layout("名称|备注|编制|备注\n甲局||5|").columns) == ["名称", "备注", "编制"]


def test_an_unknown_heading_is_left_as_it_stands() -> None:
    """`columns` says so, once, with the nearest name."""
    assert list(layout("名称|编职|面积\n甲局|5|6").columns) == ["名称", "编职", "面积"]


def test_no_heading_that_is_known() -> None:
    found = layout("单位名|编制数\n甲局|5")
    assert found.errors == ["F202 A1", "F202 B1"]
    assert "编制" in found.told


# --- the kind ---


@pytest.mark.parametrize(
    "sheet", ["单位", "unit", "Unit", "单位表", "1.单位", "一、单位", "单位（市直）", "单位-2023", "附件2 单位情况表", "单位信息"]
)
def test_the_kind_from_the_name_of_the_sheet(sheet: str) -> None:
    found = layout("名称\n甲", sheet=sheet, stem="镇")
    assert found.table.kind.text == "单位"
    assert found.warnings == []


def test_the_kind_from_the_name_of_the_file() -> None:
    assert layout("名称\n甲", sheet="Sheet1", stem="镇").table.kind.text == "镇"


def test_the_kind_that_alone_has_all_headings() -> None:
    found = layout(PLAIN, sheet="Sheet1")
    assert found.table.kind.text == "单位"
    assert found.warnings == ["S204 A1"]


def test_headings_of_several_kinds_are_refused() -> None:
    found = layout("名称|人口\n甲|5", sheet="Sheet1")
    assert found.errors == ["S205 A1"]
    assert "镇、学校" in found.told


def test_headings_of_no_one_kind_are_refused() -> None:
    assert layout("名称|编制|人口\n甲|5|6", sheet="Sheet1").errors == ["S207 A1"]


def test_a_csv_file_named_after_no_kind() -> None:
    assert layout("名称\n甲", sheet="").errors == ["F227"]


def test_the_kind_from_a_column() -> None:
    found = layout("核查对象|名称|编制|人口\n单位|甲局|50|\n镇|乙镇||900\n单位|丙局|7|", sheet="Sheet1")
    unit, town = found.tables
    assert (unit.kind.text, list(unit.numbers), [each.key.text for each in unit.columns]) == ("单位", [2, 4], ["名称", "编制"])
    assert (town.kind.text, list(town.numbers), [each.key.text for each in town.columns]) == ("镇", [3], ["名称", "人口"])


def test_rows_of_no_kind_in_a_shared_table() -> None:
    found = layout("核查对象|名称|编制\n|甲局|50\n单元|乙局|5", sheet="Sheet1")
    assert found.errors == ["F156 A2", "F201 A3"]


# --- sheets that are no tables ---


@pytest.mark.parametrize(
    ("text", "sheet", "warning"),
    [
        ("", "Sheet2", "S201"),
        ("  |　", "单位", "S201"),
        ("填表说明\n1. 请如实填写\n2. 请用阿拉伯数字", "填表说明", "S202"),
        ("请如实填写\n请用阿拉伯数字", "Sheet3", "S202"),
        ("机关\n事业单位", "lists", "S202"),
        ("1|机关\n2|事业单位", "下拉选项", "S202"),
        ("名称|全称\n编制|批准的人数，如50\n面积|建筑面积", "指标解释", "S202"),
        (PLAIN, "填报示例", "S202"),
        ("名称|编制", "单位", "S203 A1"),
    ],
)
def test_sheets_without_data_are_passed_over_and_told(text: str, sheet: str, warning: str) -> None:
    found = layout(text, sheet=sheet)
    assert (found.tables, found.errors, found.warnings) == ([], [], [warning])


def test_figures_without_known_headings_are_not_passed_over() -> None:
    assert layout("甲|乙\n1|2", sheet="Sheet1").errors == ["S206"]


def test_a_csv_file_with_headings_only_is_refused() -> None:
    assert layout("名称|编制", sheet="", stem="单位").errors == ["F158 第1行"]


# --- rows ---


def test_blank_rows_between() -> None:
    found = layout("名称|编制\n\n甲局|50\n|\n\n乙局|48\n")
    assert found.columns == {"名称": ["甲局", "乙局"], "编制": ["50", "48"]}
    assert list(found.table.numbers) == [3, 6]
    assert found.warnings == []


def test_ids_merged_over_several_rows_are_filled_down() -> None:
    found = layout("上级|名称|人口\n甲镇|一小|5\n|二小|6\n乙镇|三小|7\n|四小|8", sheet="学校", merged=["A2:A3"])
    assert found.columns["上级"] == ["甲镇", "甲镇", "乙镇", ""]


def test_a_figure_merged_over_several_rows_is_a_fault() -> None:
    assert layout("名称|编制\n甲局|50\n乙局|", merged=["B2:B3"]).errors == ["S211 B2"]


def test_a_value_merged_over_several_columns_is_a_fault() -> None:
    assert layout("名称|编制|面积\n甲局|50|", merged=["B2:C2"]).errors == ["S211 B2"]


def test_marks_move_with_their_rows() -> None:
    sheet = grid("表\n名称|编制\n\n甲局|#DIV/0!\n乙局|1")
    sheet.marks[3, 1] = Mark.ERROR
    sheet.raw[4, 1] = "1.0000000000000001"
    (table,) = read_layout(sheet, HEADINGS, "", NO_MAPPING, Faults(""))
    assert table.columns[1].marks == {0: Mark.ERROR}
    assert table.columns[1].raw == {1: "1.0000000000000001"}


def test_headings_repeated_on_every_page() -> None:
    found = layout("名称|编制\n甲局|50\n名称|编制\n乙局|48")
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.warnings == ["S208 A3"]


@pytest.mark.parametrize(("section", "merged"), [("一、市直单位", []), ("市直单位", ["A2:B2"]), ("（二）县区单位", [])])
def test_titles_of_groups_are_no_subjects(section: str, merged: list[str]) -> None:
    found = layout(f"名称|编制\n{section}|\n甲局|50", merged=merged)
    assert found.columns["名称"] == ["甲局"]
    assert found.warnings == ["S210 A2"]


def test_of_many_notes_the_first_are_told() -> None:
    found = layout("名称|编制\n甲局|5\n" + "\n".join(f"注{number}：略|" for number in range(22)))
    assert found.columns["名称"] == ["甲局"]
    assert found.warnings == [*(f"S209 A{row}" for row in range(3, 23)), "S223 A23"]
    assert found.faults.warnings[-1].values["count"] == "2"


def test_a_unit_of_which_nothing_is_told_stays() -> None:
    assert layout("名称|编制\n甲局|50\n注册中心|\n审计局|").columns["名称"] == ["甲局", "注册中心", "审计局"]


@pytest.mark.parametrize(
    ("below", "header", "warnings"),
    [
        ("注：编制以批复为准", {}, ["S209 A4"]),
        ("\n备注：1.编制以批复为准\n2.面积为建筑面积", {}, ["S209 A5", "S209 A6"]),
        ("填报人：张三  审核人：李四", {"filled_by": "张三", "reviewed_by": "李四"}, []),
        ("填报人：张三审核人：李四", {"filled_by": "张三", "reviewed_by": "李四"}, []),
        ("填 报 人：张三|审 核 人：李四", {"filled_by": "张三", "reviewed_by": "李四"}, []),
        ("填报人|张三|", {"filled_by": "张三"}, []),
        (
            "单位负责人（签字）：王五||填报日期：2024年1月5日",
            {"reviewed_by": "王五", "signed_on": "2024年1月5日"},
            [],
        ),
        ("填报人：张三 财务负责人：李四", {"filled_by": "张三"}, ["F207 A4"]),
        ("填报人：  审核人：", {}, []),
        ("填报人：张三|审核人：李四|2024年1月5日", {"filled_by": "张三", "reviewed_by": "李四", "signed_on": "2024年1月5日"}, []),
        ("填报人：张三  2024年1月5日", {"filled_by": "张三", "signed_on": "2024年1月5日"}, []),
        ("填报人：张三||    年   月   日", {"filled_by": "张三"}, []),
        ("填报人：张三||（公章）", {"filled_by": "张三"}, ["S209 C4"]),
        ("Filled in by: A. Person   Reviewed by: B. Person", {"filled_by": "A. Person", "reviewed_by": "B. Person"}, []),
    ],
)
def test_what_stands_below(below: str, header: dict[str, str], warnings: list[str]) -> None:
    found = layout(PLAIN.rstrip("\n") + "\n" + below)
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.header == header
    assert found.warnings == warnings


def test_the_only_row_without_a_name_is_about_the_unit_that_signs() -> None:
    found = layout("填报单位：甲局\n编制|面积\n5|6")
    assert found.columns == {"名称": ["甲局"], "编制": ["5"], "面积": ["6"]}
    assert found.table.spots == ("!单位!A1", "!单位!A3", "!单位!B3")


def test_several_rows_without_a_name_are_not() -> None:
    assert list(layout("填报单位：甲局\n编制|面积\n5|6\n7|8").columns) == ["编制", "面积"]


# --- several tables on a sheet ---


def test_two_tables_of_one_kind() -> None:
    found = layout("名称|编制\n甲局|5\n\n表二\n名称|面积\n乙局|6")
    first, second = found.tables
    assert found.errors == []
    assert ([*first.numbers], [column.key.text for column in first.columns]) == ([2], ["名称", "编制"])
    assert ([*second.numbers], [column.key.text for column in second.columns]) == ([6], ["名称", "面积"])


def test_a_title_says_the_kind_of_the_second_table() -> None:
    found = layout("名称|编制\n甲局|5\n\n镇情况表\n名称|人口\n乙镇|6")
    assert found.errors == []
    assert [table.kind.text for table in found.tables] == ["单位", "镇"]


def test_a_second_table_that_may_be_of_several_kinds_is_refused() -> None:
    found = layout("名称|编制\n甲局|5\n\n名称|人口\n乙镇|6")
    assert found.errors == ["S205 A4"]


def test_tables_side_by_side_are_refused() -> None:
    assert layout("名称|编制||名称|编制\n甲局|5||乙局|6").errors == ["F152 D1", "F152 E1"]


def test_more_tables_than_a_sheet_may_have() -> None:
    def tables(count: int) -> str:
        return "".join(f"名称|编制|面积\n{number}局|5|6\n\n名称|面积|编制\n{number}厅|6|5\n\n" for number in range(count // 2))

    assert layout(tables(MOST_TABLES)).errors == []
    assert layout(tables(MOST_TABLES + 2)).errors == ["S221 A151"]


def test_merged_cells_that_lie_on_each_other() -> None:
    assert layout("名称|编制\n甲局|5", merged=["A1:B2"]).errors != ["S220"]
    assert layout("名称|编制\n甲局|5", merged=["A1:B2", "A1:A2"]).errors == ["S220"]


# --- CSV files ---


def csv_faults(text: str) -> list[str]:
    from rulecheck.facts.csv_reader import read_csv

    faults = Faults("单位.csv")
    sheet = read_csv(text, "单位.csv", faults)
    assert sheet is not None
    read_layout(sheet, HEADINGS, "单位", NO_MAPPING, faults)
    return [f"{fault.code} {fault.place.where if fault.place else ''}" for fault in faults.errors]


def test_rows_of_a_csv_file_that_do_not_fit_are_measured_by_the_headings() -> None:
    assert csv_faults("单位表\n名称,编制\n甲局,1,000\n乙局\n丙局,5,,\n注：无\n合计,1\n") == ["F153 第3行", "F154 第4行"]


# --- all at once ---

CELLS = st.sampled_from(["", "1", "20", "3.5", "无", "/"])
ROWS = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), CELLS, CELLS), min_size=1, max_size=4)
TITLES = st.lists(st.sampled_from(["", "单位情况表", "附件1", "（内部）"]), max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    ROWS,
    TITLES,
    st.lists(st.integers(0, 4), max_size=3),
    st.integers(0, 3),
    st.sampled_from(["名称|编制|面积", "name|posts|area"]),
)
def test_titles_blank_rows_and_an_offset_change_nothing(
    rows: list[tuple[str, str, str]], titles: list[str], gaps: list[int], offset: int, headings: str
) -> None:
    lines = [[*headings.split("|")], *(["单位" + name + "局", posts, area] for name, posts, area in rows)]
    plain = Grid("报送.xlsx", "单位", lines, range(1, len(lines) + 1))
    body = list(lines)
    for gap in gaps:
        body.insert(1 + gap % len(body), ["", "", ""])
    messy = [["", *[""] * offset, title, *[""] * 2] for title in titles] + [[*[""] * (offset + 1), *line] for line in body]
    faults = Faults("报送.xlsx")
    (expected,) = read_layout(plain, HEADINGS, "", NO_MAPPING, faults)
    (found,) = read_layout(Grid("报送.xlsx", "单位", messy, range(1, len(messy) + 1)), HEADINGS, "", NO_MAPPING, faults)
    assert faults.errors == []
    assert [(each.key.text, list(each.texts)) for each in found.columns] == [
        (each.key.text, list(each.texts)) for each in expected.columns
    ]
    assert [each.number for each in found.columns] == [each.number + offset + 1 for each in expected.columns]
    wanted = [number for number, row in enumerate(messy, 1) if row[offset + 1] and number > len(titles) + 1]
    assert list(found.numbers) == wanted


def test_a_hundred_thousand_rows_cost_little_more_than_turning_them_into_columns() -> None:
    facts = ["编制", "编外人员", "面积", "评分", "情况", "单位类别", "成立日", "地区"]
    rows = [["名称", *facts], *([f"第{number}局", *["1"] * len(facts)] for number in range(100_000))]
    sheet = Grid("报送.xlsx", "单位", rows, range(1, len(rows) + 1))
    spent = {}
    for _, what in product(range(3), ("turning", "reading")):
        start = time.process_time()
        if what == "turning":
            columns = list(zip(*rows, strict=True))
        else:
            (table,) = read_layout(sheet, HEADINGS, "", NO_MAPPING, Faults(""))
        spent[what] = min(spent.get(what, time.process_time() - start), time.process_time() - start)
    assert len(columns[0]) - 1 == len(table.numbers)
    assert spent["reading"] < 6 * spent["turning"]


WORDS = st.sampled_from(
    [
        "",
        "",
        "",
        "名称",
        "编制",
        "编制（人）",
        "面积",
        "单位名称",
        "甲局",
        "合计",
        "小计",
        "序号",
        "备注",
        "填报单位：",
        "填报人：张三",
        "截至：2023年12月31日",
        "单位：百人",
        "单位",
        "人",
        "2022年",
        "新增就业人数",
        "一、机关",
        "注：略",
        "核查对象",
        "镇",
        "佐证材料",
        "无",
        "栏次",
        "项目",
        "数值",
        "a:b",
        "：",
        "@",
        "\n",
    ]
)


@st.composite
def sheets(draw: st.DrawFn) -> Grid:
    """Any arrangement of such words and figures; every figure is another one."""
    width, height = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    rows = [[draw(st.one_of(WORDS, st.just("#"))) for _ in range(width)] for _ in range(height)]
    figures = iter(range(1001, 9999))
    rows = [[str(next(figures)) if text == "#" else text for text in row] for row in rows]
    return Grid("报送.xlsx", draw(st.sampled_from(["单位", "Sheet1"])), rows, range(1, height + 1))


@settings(max_examples=150, deadline=None)
@given(sheets(), st.sampled_from(["单位", "报送"]))
def test_no_figure_is_lost_without_a_word(sheet: Grid, stem: str) -> None:
    faults = Faults("报送.xlsx")
    written = [text for row in sheet.rows for text in row if text.isdigit()]
    tables = read_layout(sheet, HEADINGS, stem, NO_MAPPING, faults)
    kept = {text for table in tables for column in table.columns for text in (column.key.text, *column.texts)}
    kept |= {text for table in tables for total in table.totals for text in total.texts}
    kept |= {key.text for table in tables for key in table.header.words.values()}
    said = " ".join(str(fault.values) for fault in faults.warnings)
    is_passed = any(fault.code in ("S202", "S203") for fault in faults.warnings)  # the sheet is told as a whole
    assert (
        faults.errors or is_passed or all(text in kept or text in said or any(text in each for each in kept) for text in written)
    )
    assert all(len(column.texts) == len(table.numbers) for table in tables for column in table.columns)
