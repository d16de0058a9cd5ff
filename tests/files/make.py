"""Makes the spreadsheets in this folder: one table, as different programs write it. Run by hand when the table changes.

    python tests/files/make.py

Needs xlsxwriter, openpyxl and LibreOffice (`soffice`). The files are kept because what a program writes changes with its version,
and because LibreOffice is not there where the tests run.
`crashing.xls` is not made here: it is `libreoffice.xls` with a few bytes changed, found by trying very many such changes.
"""

from __future__ import annotations

import datetime
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import PatternFill

HERE = Path(__file__).parent
HEADINGS = ("编号", "名称", "编制（人）", "比例", "成立日期", "受理时间", "时刻", "金额\n（元）", "合格", "公式", "备注")
DAY, MOMENT, TIME = datetime.date(2023, 1, 19), datetime.datetime(2023, 1, 19, 8, 30), datetime.time(17, 30)
CHINESE_DATE = 'yyyy"年"m"月"d"日"'


def by_xlsxwriter(path: Path, is_1904: bool = False) -> None:
    """The table from C4 on, its title merged above it; a hidden sheet with content, a sheet without, and a chart on its own."""
    book = xlsxwriter.Workbook(path, {"date_1904": is_1904})
    sheet = book.add_worksheet("单位")
    formats = {
        code: book.add_format({"num_format": code})
        for code in ("0%", CHINESE_DATE, "yyyy/m/d h:mm", "h:mm:ss", '0"人"', "0000", "#,##0.00")
    }
    sheet.merge_range("C2:M2", "2023年度情况表", book.add_format())
    sheet.write_row("C4", HEADINGS)
    sheet.write_row("C5", ["U1"])
    sheet.write_rich_string("D5", book.add_format({"bold": True}), "甲", book.add_format(), "局")
    sheet.write_number("E5", 50, formats['0"人"'])
    sheet.write_number("F5", 0.05, formats["0%"])
    sheet.write_datetime("G5", DAY, formats[CHINESE_DATE])
    sheet.write_datetime("H5", MOMENT, formats["yyyy/m/d h:mm"])
    sheet.write_datetime("I5", TIME, formats["h:mm:ss"])
    sheet.write_number("J5", 1234.5, formats["#,##0.00"])
    sheet.write_boolean("K5", True)
    sheet.write_formula("L5", "=E5+1", None, 51)
    sheet.write_string("M5", "第一行\n第二行")
    sheet.write_number("C6", 7, formats["0000"])
    sheet.write_string("D6", "乙局")
    sheet.write_string("E6", "１２")
    sheet.write_formula("F6", "=1/0", formats["0%"], "#DIV/0!")
    sheet.write_string("G6", "2023.1.19")
    sheet.write_blank("H6", None, formats["yyyy/m/d h:mm"])
    sheet.write_number("J6", 1200)
    sheet.write_boolean("K6", False)
    book.add_worksheet("空表")
    book.add_worksheet("去年").write_row("A1", ["编号", "U1"])
    book.get_worksheet_by_name("去年").hide()
    book.add_worksheet("清单").write_row("A1", ["是", "否"])
    book.get_worksheet_by_name("清单").very_hidden()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=单位!$E$5:$E$6"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()


def by_openpyxl(path: Path) -> None:
    """The same, with a colour given to a cell at the far end of the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "单位"
    sheet.merge_cells("C2:M2")

    def put(cell: str, value: Any, code: str = "General", kind: str = "") -> None:
        sheet[cell] = value
        sheet[cell].number_format = code
        if kind:
            sheet[cell].data_type = kind

    put("C2", "2023年度情况表")
    for column, heading in enumerate(HEADINGS, 3):
        sheet.cell(4, column, heading)
    put("C5", "U1")
    put("D5", "甲局")
    put("E5", 50, '0"人"')
    put("F5", 0.05, "0%")
    put("G5", DAY, CHINESE_DATE)
    put("H5", MOMENT, "yyyy/m/d h:mm")
    put("I5", TIME, "h:mm:ss")
    put("J5", 1234.5, "#,##0.00")
    put("K5", True)
    put("L5", 51)
    put("M5", "第一行\n第二行")
    put("C6", 7, "0000")
    put("D6", "乙局")
    put("E6", "１２")
    put("F6", "#DIV/0!", "0%", "e")
    put("G6", "2023.1.19")
    put("J6", 1200)
    put("K6", False)
    sheet["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    book.create_sheet("空表")
    book.create_sheet("去年")["A1"] = "编号"
    book["去年"].sheet_state = "hidden"
    book.save(path)


def by_libreoffice(source: Path, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", "--headless", "--convert-to", ending, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.move(Path(folder, f"{source.stem}.{ending}"), HERE / f"libreoffice.{ending}")


def main() -> None:
    by_xlsxwriter(HERE / "xlsxwriter.xlsx")
    by_xlsxwriter(HERE / "since1904.xlsx", is_1904=True)
    by_openpyxl(HERE / "openpyxl.xlsx")
    for ending in ("xlsx", "ods", "xls"):
        by_libreoffice(HERE / "xlsxwriter.xlsx", ending)


if __name__ == "__main__":
    main()
