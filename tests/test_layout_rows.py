"""Rows that look like subjects and are none: sums without the usual word, parts of the row above, groups, notes, signatures."""

from __future__ import annotations

import pytest

from support_layout import layout

HEAD = "名称|编制|面积\n甲局|50|300\n乙局|48|200\n"
NUMBERED = "序号|名称|编制\n"


@pytest.mark.parametrize("name", ["合计数", "累计", "共2家单位", "总计（2家）", "汇总", "Grand Total"])
def test_further_words_of_totals(name: str) -> None:
    found = layout(f"{HEAD}{name}|98|500")
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert [total.name for total in found.table.totals] == [name]


@pytest.mark.parametrize("name", ["黄石市审计局", "设计总院", "共青团市委", "汇总街道办", "第1小学"])
def test_names_that_only_resemble_totals(name: str) -> None:
    assert layout(f"{HEAD}{name}|1|1").columns["名称"] == ["甲局", "乙局", name]


def test_a_total_may_stand_in_any_column_of_a_row_without_a_name() -> None:
    found = layout("名称|类型|编制\n甲局|机关|50\n|合计|50")
    assert found.columns["名称"] == ["甲局"]
    assert [total.name for total in found.table.totals] == ["合计"]


@pytest.mark.parametrize("name", ["其中：工勤", "其中:女", "平均", "人均"])
def test_parts_and_averages_are_no_subjects(name: str) -> None:
    found = layout(f"名称|编制|面积\n甲局|50|300\n{name}|5|30\n乙局|48|200")
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.warnings == ["S224 A3"]


@pytest.mark.parametrize("name", ["（示例）某某局", "例：某某局", "[填写示例]某某局"])
def test_rows_that_show_how_to_fill_in_are_no_subjects(name: str) -> None:
    found = layout(f"名称|编制|面积\n{name}|5|30\n甲局|50|300\n例湖街道|3|4")
    assert found.columns["名称"] == ["甲局", "例湖街道"]
    assert found.warnings == ["S224 A2"]


def test_a_name_for_the_whole_is_a_subject_and_is_told() -> None:
    found = layout(f"{HEAD}全市|98|500")
    assert found.columns["名称"] == ["甲局", "乙局", "全市"]
    assert found.warnings == ["S225 A4"]


# --- groups ---


def test_groups_numbered_in_chinese_over_rows_numbered_in_digits() -> None:
    found = layout(NUMBERED + "一、|大冶市|\n1|甲局|50\n二|阳新县|\n1|乙局|48")
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.warnings == ["S210 A2", "S210 A4"]


def test_a_group_with_figures_sums_up_its_rows() -> None:
    found = layout(NUMBERED + "一|大冶市|98\n1|甲局|50\n2|乙局|48\n二|阳新县|7\n1|丙局|7")
    assert found.columns["名称"] == ["甲局", "乙局", "丙局"]
    assert [(total.name, total.first, total.last) for total in found.table.totals] == [("大冶市", 0, 1), ("阳新县", 2, 2)]


def test_a_group_named_in_the_column_of_names() -> None:
    found = layout("名称|编制\n一、大冶市|98\n甲局|50\n乙局|48\n二、阳新县|7\n丙局|7")
    assert found.columns["名称"] == ["甲局", "乙局", "丙局"]
    assert [total.name for total in found.table.totals] == ["一、大冶市", "二、阳新县"]


@pytest.mark.parametrize(
    "rows",
    [
        "序号|名称|编制\n一|甲局|50\n二|乙局|48\n三|丙局|",
        "序号|名称|编制\n|一、甲局|50\n|二、乙局|48\n|三、丙局|7\n|合计|105",
    ],
)
def test_subjects_that_are_all_numbered_in_chinese(rows: str) -> None:
    assert len(layout(rows).table.numbers) == 3


# --- notes and signatures ---


@pytest.mark.parametrize(
    "note",
    [
        "1.编制以批复为准",
        "以上数据截至2023年12月31日",
        "数据来源：市某局",
        "*含工勤编制3名",
        "各单位编制已核对；面积待核。",
    ],
)
def test_notes_without_the_word(note: str) -> None:
    found = layout(HEAD + note)
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.warnings == ["S209 A4"]


def test_a_numbered_name_without_figures_below_others_is_a_subject() -> None:
    assert layout("名称|编制|面积\n1.甲局|50|300\n2.乙局||").columns["名称"] == ["1.甲局", "2.乙局"]


@pytest.mark.parametrize(
    ("below", "header"),
    [
        ("单位负责人：王五|审核人：李四|填报人：张三", {"reviewed_by": "李四", "filled_by": "张三"}),
        ("审核人：李四|单位负责人：王五|填报人：张三", {"reviewed_by": "李四", "filled_by": "张三"}),
        ("填表人|张三|13900000000", {"filled_by": "张三"}),
        ("联系电话：0714-1234567|填报日期：2024年1月5日", {"signed_on": "2024年1月5日"}),
        ("2024年1月5日", {"signed_on": "2024年1月5日"}),
        ("||2024年1月5日", {"signed_on": "2024年1月5日"}),
        ("（盖章）", {}),
        ("||填报单位（公章）", {}),
    ],
)
def test_signatures_as_reports_have_them(below: str, header: dict[str, str]) -> None:
    found = layout(HEAD + below)
    assert found.columns["名称"] == ["甲局", "乙局"]
    assert found.header == header


@pytest.mark.parametrize("numbers", ["甲|1|2", "A|B|C", "栏次|1|2", "1|2|3"])
def test_rows_that_number_the_columns(numbers: str) -> None:
    found = layout(f"名称|编制|面积\n{numbers}\n甲局|50|300")
    assert found.columns["名称"] == ["甲局"]
    assert found.warnings == ["S217 A2"]


# --- groups of columns ---


@pytest.mark.parametrize("group", ["上年末", "计划数", "同比增长", "2021年计划"])
def test_figures_of_another_time_are_not_the_fact(group: str) -> None:
    below_names = layout(f"|{group}|\n名称|编制|面积\n甲局|50|300", merged=["B1:C1"])
    beside_names = layout(f"名称|{group}|\n|编制|面积\n甲局|50|300", merged=["A1:A2", "B1:C1"])
    for found in (below_names, beside_names):
        assert [column.key.text for column in found.table.columns] == ["名称", f"{group}-编制", f"{group}-面积"]


@pytest.mark.parametrize("title", ["2023年计划完成情况表", "主要目标"])
def test_a_title_may_speak_of_a_plan(title: str) -> None:
    found = layout(f"{title}||\n{HEAD}", merged=["A1:C1"])
    assert set(found.columns) == {"名称", "编制", "面积"}


def test_a_year_in_the_middle_of_three_rows_of_headings() -> None:
    text = "名称|就业（百人）||\n|2022年|2023年\n|新增就业人数|新增就业人数\n甲局|1|2"
    found = layout(text, merged=["A1:A3", "B1:C1"])
    assert found.columns == {"名称": ["甲局"], "新增就业人数@2022年（百人）": ["1"], "新增就业人数@2023年（百人）": ["2"]}


def test_a_figure_above_a_heading_is_not_lost() -> None:
    found = layout("|1001|\n名称|编制|面积\n甲局|50|300")
    assert found.errors or "S209 B1" in found.warnings


def test_a_unit_beside_a_mark_or_a_year_in_the_brackets_of_a_heading() -> None:
    found = layout("名称|编制（百人，必填）|新增就业人数（2022年，人）\n甲局|1|2")
    assert found.columns == {"名称": ["甲局"], "编制（百人）": ["1"], "新增就业人数@2022年（人）": ["2"]}


def test_a_list_of_items_is_no_form_of_a_unit_called_item() -> None:
    found = layout("名称|指标|数值\n甲局|编制|5\n甲局|面积|300")
    assert [list(column.texts) for table in found.tables for column in table.columns if column.key.text == "名称"] in ([], [[""]])
