"""The roster of the units that should report: how it is written, and who is meant by a code or name."""

from __future__ import annotations

import pytest

from rulecheck.facts.authority.expected import Expected, read_expected
from rulecheck.facts.authority.listings import rows_of_grids
from rulecheck.facts.grids import Area, Grid, Mark
from rulecheck.facts.nodes import Faults
from rulecheck.language.diagnostics import help_text, render
from rulecheck.submission import ExpectedUnit
from support_facts import CITY
from support_lists import HEADINGS, grid, roster, roster_faults, told

# Invented; its check digit is worked out in test_credit_codes.
VILLAGE = "N2429900MA0000001A"

ROSTER = f"""
名录:
  - 代码: DW-01
    全称: 黄石市航标局
    简称: 市航标局、航标局
    层级: 市级
    地区: 黄石市
    应报: 单位、申领
  - 代码: {VILLAGE}
    全称: 云栖村经济合作社
  - 全称: 市桥梁局（筹）
    简称: [桥梁局]
"""


def found(expected: Expected, **names: str) -> str | None:
    unit = expected.find(**names)
    return None if unit is None else unit.full_name


# --- how it is written ---


def test_every_column_has_its_meaning() -> None:
    first = roster(ROSTER).units[0]
    assert first == ExpectedUnit(
        "DW-01", "黄石市航标局", ("市航标局", "航标局"), "市级", CITY, ("unit", "claim"), is_credit_code=False
    )


def test_a_unit_without_a_code_is_told_by_its_full_name() -> None:
    assert [unit.code for unit in roster(ROSTER).units] == ["DW-01", VILLAGE, "市桥梁局（筹）"]


def test_a_list_may_stand_bare_and_in_english() -> None:
    expected = roster("- {code: A-1, full_name: 甲局, short_names: [甲], place: 黄石市, reports: unit}\n")
    assert expected.units == (ExpectedUnit("A-1", "甲局", ("甲",), "", CITY, ("unit",)),)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("- 代码: A1\n", "E116", "没有写“全称”"),
        ("名录: 见附件\n", "E110", "每一条应写明“全称”等各项"),
        ("名录: []\n", "E117", "是空的"),
        ("- {全称: 甲局, 地区: 某某市}\n", "F219", "某某市"),
        ("- {全称: 甲局, 应报: 单伩}\n", "F201", "单伩"),
        ("- {全称: 甲局, 单位全称: 乙局}\n", "E113", "“单位全称”和“全称”是同一项"),
        ("- {全称: 甲局, 代码: A1}\n- {全称: 乙局, 代码: a1}\n", "E120", "“甲局”（第1行）和“乙局”"),
        ("- {全称: 甲局}\n- {全称: 甲 局}\n", "E121", "列了两次，前一处在第1行"),
        ("- {全称: 甲局, 简称: 老甲}\n- {全称: 乙局, 简称: 老甲}\n", "E122", "“老甲”既指“甲局”（第1行），又指“乙局”"),
        ("- {全称: 甲局}\n- {全称: 乙局, 简称: 甲局}\n", "E122", "既指“甲局”"),
        ("- {全称: 甲局, 代码: N2429900MA0000001B}\n", "E104", "校验码不符"),
        ("- {全称: 甲局, 代码: N2429900MAO000001A}\n", "E102", "第11位“O”"),
        ("- {全称: 甲局, 代码: {甲: 乙}}\n", "F213", "代码"),
    ],
)
def test_a_faulty_roster_is_not_used(text: str, code: str, words: str) -> None:
    (fault,) = roster_faults(text)
    assert fault.code == code
    assert words in render(fault)


def test_every_fault_is_told() -> None:
    assert [fault.code for fault in roster_faults("- {地区: 某某市, 全称: 甲局}\n- {代码: A1}\n")] == ["E116", "F219"]


def test_what_is_not_used_is_told_with_what_may_be_meant() -> None:
    faults = Faults("名录.yaml")
    cells = grid(["代码", "全称", "简稱", "序号"], ["A1", "甲局", "甲", "1"])
    assert read_expected(rows_of_grids([cells], faults, "expected"), faults, HEADINGS) is not None
    (remark,) = told(faults.warnings)
    assert (remark.code, help_text(remark.code, "zh", remark.values)) == ("E112", "是否想写：简称")


def from_grids(*grids: Grid) -> tuple[Expected | None, Faults]:
    faults = Faults("名录.xlsx")
    return read_expected(rows_of_grids(list(grids), faults, "expected"), faults, HEADINGS), faults


def test_a_sheet_may_begin_anywhere_and_have_titles_blanks_and_totals() -> None:
    expected, faults = from_grids(
        grid(
            ["应报单位名录", "", "", ""],
            ["代 码", "单位\n全称", "简称", "应报"],
            ["A1", "甲局", "甲、老甲", "单位"],
            ["", "", "", ""],
            ["/", "乙局", "—", ""],
            ["合计", "2", "", ""],
            top=3,
            left=3,
        )
    )
    assert expected is not None
    assert [(unit.code, unit.full_name, unit.short_names) for unit in expected.units] == [
        ("A1", "甲局", ("甲", "老甲")),
        ("乙局", "乙局", ()),
    ]
    assert faults.warnings == []


def test_a_fault_in_a_sheet_names_its_cell() -> None:
    _, faults = from_grids(grid(["全称", "地区"], ["甲局", "某某市"], top=3, left=3))
    (fault,) = told(faults.errors)
    assert fault.place is not None
    assert fault.place.where == "!名录!D4"
    assert "名录.xlsx!名录!D4" in render(fault)


def test_a_merged_cell_counts_for_each_of_its_rows() -> None:
    cells = grid(["全称", "地区"], ["甲局", "黄石市"], ["乙局", ""])
    cells.merged = (Area(1, 1, 2, 1),)
    expected, _ = from_grids(cells)
    assert expected is not None
    assert [unit.place for unit in expected.units] == [CITY, CITY]


def test_an_error_in_a_cell_is_not_a_blank() -> None:
    cells = grid(["代码", "全称"], ["A1", "#REF!"])
    cells.marks = {(1, 1): Mark.ERROR}
    expected, faults = from_grids(cells)
    assert expected is None
    assert faults.errors[0].code == "E115"


def test_a_code_that_lost_digits_is_refused() -> None:
    cells = grid(["代码", "全称"], ["114299000000000000", "甲局"])
    cells.marks = {(1, 0): Mark.ROUNDED}
    _, faults = from_grids(cells)
    assert [fault.code for fault in told(faults.errors)] == ["E105"]


def test_a_list_without_the_column_that_it_needs() -> None:
    expected, faults = from_grids(grid(["代码", "简称"], ["A1", "甲"]))
    assert expected is None
    assert [fault.code for fault in told(faults.errors)] == ["E111"]


def test_other_sheets_are_passed_over_with_a_remark() -> None:
    expected, faults = from_grids(grid(["全称"], ["甲局"]), grid(["一、请如实填写。"], sheet="填表说明"))
    assert expected is not None
    assert [remark.code for remark in told(faults.warnings)] == ["E114"]


# --- who is meant ---


@pytest.mark.parametrize("name", ["黄石市航标局", "市航标局", "航标局", "黄石市 航标局", "航标局\u3000"])
def test_a_unit_is_found_by_its_full_name_and_its_short_names(name: str) -> None:
    assert found(roster(ROSTER), name=name) == "黄石市航标局"


def test_other_names_are_nobodys_however_near() -> None:
    expected = roster(ROSTER)
    assert [expected.find(name=name) for name in ("航标", "市航标局机关", "黄石航标局", "")] == [None] * 4


@pytest.mark.parametrize("name", ["市桥梁局（筹）", "市桥梁局(筹)"])
def test_the_width_of_brackets_does_not_matter(name: str) -> None:
    assert found(roster(ROSTER), name=name) == "市桥梁局（筹）"


def test_a_code_comes_before_a_name() -> None:
    expected = roster(ROSTER)
    assert found(expected, id="DW-01", name="桥梁局") == "黄石市航标局"
    assert found(expected, id="dw-01") == "黄石市航标局"
    assert found(expected, credit_code=VILLAGE.lower(), name="航标局") == "云栖村经济合作社"


def test_an_id_may_be_a_name() -> None:
    assert found(roster(ROSTER), id="航标局") == "黄石市航标局"


def test_a_name_does_not_go_against_a_credit_code() -> None:
    other = "A1429900000000000K"
    expected = roster(ROSTER)
    assert found(expected, credit_code=other, name="云栖村经济合作社") is None
    # The roster does not know the credit code of this one: its name tells it.
    assert found(expected, credit_code=other, name="航标局") == "黄石市航标局"


def test_within_another_subject_only_full_names_count() -> None:
    expected = roster(ROSTER)
    assert expected.find(name="航标局", with_short_names=False) is None
    assert expected.find(name="黄石市航标局", with_short_names=False) is expected.units[0]


# --- names of files and folders ---


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("单位-航标局.csv", ["黄石市航标局"]),
        ("02市航标局/单位.xlsx", ["黄石市航标局"]),
        ("桥梁局/单位-航标局.csv", ["黄石市航标局"]),  # the innermost name counts
        ("航标局/南片/单位.csv", ["黄石市航标局"]),
        ("附件1 DW-01.xlsx", ["黄石市航标局"]),
        ("航标局、桥梁局联合报送.yaml", ["黄石市航标局", "市桥梁局（筹）"]),
        ("DW-012.xlsx", []),
        ("单位.xlsx", []),
    ],
)
def test_a_file_is_told_by_its_name_or_its_folder(file: str, names: list[str]) -> None:
    assert [unit.full_name for unit in roster(ROSTER).by_path(file)] == names


def test_the_longest_name_counts() -> None:
    expected = roster("- {全称: 教育局}\n- {全称: 磁湖区教育局}\n")
    assert [unit.full_name for unit in expected.by_path("磁湖区教育局.csv")] == ["磁湖区教育局"]
    assert [unit.full_name for unit in expected.by_path("市教育局.csv")] == ["教育局"]


NAMESAKES = """
- {代码: DW-01, 全称: 黄石市航标局, 简称: 航标局, 地区: 黄石市}
- {代码: DW-02, 全称: 阳新县航标局, 简称: 县航标局, 地区: 阳新县}
"""


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        ("航标局/单位.csv", ["DW-01"]),
        ("01市航标局/单位.csv", ["DW-01"]),
        ("阳新县航标局/航标局.csv", ["DW-02"]),  # inside the county's folder the name is short for the county's
        ("阳新县/航标局.csv", ["DW-02"]),
        ("县航标局/单位-航标局.csv", ["DW-02"]),
        ("云栖县航标局/单位.csv", []),  # a place between makes it somebody who is not on the roster
        ("大冶市航标局.csv", []),
        ("磁湖区航标局.csv", []),
        ("2023年黄石市航标局.csv", ["DW-01"]),
        ("2023年度航标局.csv", ["DW-01"]),
        ("2023年度县航标局.csv", ["DW-02"]),
    ],
)
def test_units_of_one_name_are_told_apart_by_the_place_before_it(file: str, codes: list[str]) -> None:
    assert [unit.code for unit in roster(NAMESAKES).by_path(file)] == codes
