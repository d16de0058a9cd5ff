"""One table as different programs write it (`files/make.py`) is one grid."""

from __future__ import annotations

import pytest

from rulecheck.facts.grids import Area, Mark, cell_spot
from support_spreadsheets import FILES, cells, parts_of, read, warned, xlsx, zipped

TABLE = [
    ["2023年度情况表", "", "", "", "", "", "", "", "", "", ""],
    ["", "", "", "", "", "", "", "", "", "", ""],
    ["编号", "名称", "编制（人）", "比例", "成立日期", "受理时间", "时刻", "金额\n（元）", "合格", "公式", "备注"],
    ["U1", "甲局", "50人", "5%", "2023-01-19", "2023-01-19 08:30", "17:30", "1234.5", "true", "51", "第一行\n第二行"],
    ["0007", "乙局", "１２", "#DIV/0!", "2023.1.19", "", "", "1200", "false", "", ""],
]
PROGRAMS = ("xlsxwriter.xlsx", "since1904.xlsx", "openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods")


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_table(name: str) -> None:
    (grid,), faults = read((FILES / name).read_bytes(), name)
    assert grid.rows == TABLE
    assert (grid.file, grid.sheet, grid.left, list(grid.numbers)) == (name, "单位", 3, [2, 3, 4, 5, 6])
    assert grid.merged == (Area(0, 0, 0, 10),)
    assert grid.marks == {(3, 8): Mark.BOOLEAN, (4, 8): Mark.BOOLEAN, (4, 3): Mark.ERROR}
    assert faults.errors == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_hidden_sheet_is_told_and_not_read(name: str) -> None:
    _, faults = read((FILES / name).read_bytes(), name)
    hidden = [each.values["sheet"] for each in faults.warnings if each.code == "S112"]
    # LibreOffice knows one way of hiding; of sheets that no menu of Excel can show nothing is said
    assert hidden == (["去年", "清单"] if name.startswith("libreoffice") else ["去年"])


def test_the_lists_of_a_form_are_nothing_to_tell() -> None:
    parts = parts_of(xlsx(cells("><v>1</v>"), cells("><v>2</v>"), cells("><v>3</v>")))
    book = parts["xl/workbook.xml"].replace('name="表2"'.encode(), 'name="_选项" state="hidden"'.encode())
    book = book.replace('name="表3"'.encode(), 'name="表3" state="hidden"'.encode())
    grids, faults = read(zipped(parts | {"xl/workbook.xml": book}))
    assert [grid.sheet for grid in grids] == ["表1"]
    assert [(each.code, each.values["sheet"]) for each in faults.warnings] == [("S112", "表3")]


def test_places_are_those_of_the_sheet() -> None:
    (grid,), _ = read((FILES / "xlsxwriter.xlsx").read_bytes())
    row, column = 3, 3  # 5%
    assert cell_spot(grid.sheet, grid.numbers[row], grid.left + column) == "!单位!F5"


def test_formulas_are_read_by_their_results_with_one_warning_a_sheet() -> None:
    _, faults = read((FILES / "xlsxwriter.xlsx").read_bytes())
    assert warned(faults)[0] == ("S115", "!单位!L5", "2")
