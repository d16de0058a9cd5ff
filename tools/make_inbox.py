"""Makes `examples/inbox-2023/`: what fourteen invented units returned, as such returns come in.

Some files are written by openpyxl, some then turned by LibreOffice into .xlsx, .xls and .ods of its own making, so that the
reader meets the files of more than one program. Needs openpyxl (in the development extras) and `soffice`; the folder is kept
in the project, and this script is needed only to change it:

    python tools/make_inbox.py
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

EXAMPLES = Path(__file__).parents[1] / "examples"
INBOX = EXAMPLES / "inbox-2023"

HEADINGS = [
    "名称",
    "单位类别",
    "机构类型",
    "层级",
    "编制（人）",
    "在职职工总数（人）",
    "安排残疾人就业人数（人）",
    "已公示安排情况",
]
Row = Sequence[object]

thin = Side(style="thin")
BORDER = Border(left=thin, right=thin, top=thin, bottom=thin)


def sheet_of(book: Workbook, title: str) -> Worksheet:
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    return sheet


def put(sheet: Worksheet, top: int, left: int, rows: Sequence[Row]) -> None:
    for row, cells in enumerate(rows, start=top):
        for column, value in enumerate(cells, start=left):
            cell = sheet.cell(row, column, value)
            cell.border = BORDER
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def title(sheet: Worksheet, row: int, left: int, right: int, text: str) -> None:
    sheet.cell(row, left, text).font = Font(size=16, bold=True)
    sheet.merge_cells(start_row=row, start_column=left, end_row=row, end_column=right)


def save(book: Workbook, name: str) -> None:
    path = INBOX / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def through_office(book: Workbook, name: str) -> None:
    """The book as LibreOffice writes it, in the format of the name's ending."""
    path = INBOX / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "in" / "book.xlsx"
        first.parent.mkdir()
        book.save(first)
        command = ["soffice", "--headless", "--convert-to", path.suffix[1:], "--outdir", folder, str(first)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copyfile(Path(folder) / f"book{path.suffix}", path)


# --- one unit each ---


def kite_bureau() -> None:
    """A title, a line of header words, headings with line breaks and spaces, data from C5; a sheet of notes beside it."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    title(sheet, 1, 3, 10, "2023年度单位安排残疾人就业情况表")
    sheet["C2"], sheet["G2"] = "填报单位：示例市风筝局", "截至：2023年12月31日"
    headings = [
        "名称",
        "单位类别",
        "机构类型",
        "层 级",
        "编制\n（人）",
        "在职职工总数(人)",
        "安排残疾人就业人数（人）",
        "已公示安排情况",
    ]
    put(sheet, 4, 3, [headings, ["示例市风筝局", "机关", None, "市级", 50, 48, 0, "否"]])
    sheet["C7"] = "填报人：甲某    审核人：乙某    日期：2024年1月5日"
    notes = book.create_sheet("填表说明")
    notes["A1"] = "一、本表由各单位如实填写。"
    notes["A2"] = "二、编制按核定数填写。"
    save(book, "01风筝局/附件1 单位情况表.xlsx")


def lighthouse_bureau() -> None:
    """A form: labels beside values, and a line of signatures; saved by LibreOffice."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    title(sheet, 1, 1, 4, "安排残疾人就业情况报送表")
    form: list[Row] = [
        ["名称", "市灯塔局", "截至", date(2023, 12, 31)],
        ["单位类别", "机关", "层级", "市级"],
        ["编制", "49人", "在职职工总数", 47],
        ["安排残疾人就业人数", 0, "已公示安排情况", "否"],
    ]
    put(sheet, 2, 1, form)
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A7"], sheet["C7"] = "填报人：丙某", "审核人：丁某"
    through_office(book, "02灯塔局报送表.xlsx")


def ferry_bureau() -> None:
    """CSV as a Chinese spreadsheet program saves it: GB18030, full-width digits."""
    path = INBOX / "03渡船局" / "单位-渡船局.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [["截至", *HEADINGS], ["2023.12.31", "示例市渡船局", "机关", "", "市级", "５１", "67人", "1", "是"]]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


def shore_bureau() -> None:
    """Sent twice: the later version replaces the earlier one, as the manifest says."""
    for name, employed in (("单位.xlsx", 0), ("单位（修改后）.xlsx", 1)):
        book = Workbook()
        sheet = sheet_of(book, "单位")
        put(sheet, 1, 1, [["截至", *HEADINGS], [date(2023, 12, 31), "湖岸局", "机关", None, "市级", 80, 100, employed, "是"]])
        sheet["A2"].number_format = "yyyy/m/d"
        save(book, f"04湖岸局/{name}")


def reed_bureau() -> None:
    """The old binary format."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    put(sheet, 1, 1, [["截至", *HEADINGS], ["2023年12月31日", "示例市芦苇局", "机关", None, "市级", 120, 134, 2, "是"]])
    through_office(book, "05芦苇局.xls")


def dike_bureau() -> None:
    """A formula that divides by nothing: an error, not a blank."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    put(sheet, 1, 1, [["截至", *HEADINGS], ["2023年12月31日", "示例市堤坝局", "机关", None, "市级", 60, "=58/0", 0, "否"]])
    through_office(book, "06堤坝局.xlsx")


def fir_station() -> None:
    """An OpenDocument sheet of a unit that is told by its code."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    rows: list[Row] = [
        ["截至", "统一社会信用代码", *HEADINGS],
        ["2023年12月31日", FIR_CODE, "云杉站", "事业单位", "其他机构", "市级", 67, 70, 0, "否"],
    ]
    put(sheet, 1, 1, rows)
    through_office(book, "07云杉站.ods")


def bell_tower_bureau() -> None:
    """Two institutions and a total that is not their sum."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    institutions: list[Row] = [
        ["截至", *HEADINGS],
        ["2023年12月31日", "示例市星图馆", "事业单位", "其他机构", "市级", 70, 71, 1, "是"],
        ["2023年12月31日", "示例市声音馆", "事业单位", "其他机构", "市级", 66, 64, 0, "否"],
        [None, "合计", None, None, None, 136, 136, 1, None],
    ]
    put(sheet, 1, 1, institutions)
    save(book, "08钟楼局/下属单位.xlsx")


def firefly_bureau() -> None:
    text = """# 萤火局报送
截至: 2023年12月31日
单位:
  - 名称: 示例市萤火局
    单位类别: 机关
    层级: 市级
    编制: 120人
    在职职工总数: 110人
    安排残疾人就业人数: 0人
"""
    (INBOX / "09萤火局.yaml").write_text(text, encoding="utf-8")


def evening_bureau() -> None:
    """Two figures for one fact, and no manifest that says which counts."""
    for name, staff in (("单位-人事科.csv", "88"), ("单位-办公室.csv", "90")):
        path = INBOX / "10晚风局" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [["截至", *HEADINGS], ["2023-12-31", "示例市晚风局", "机关", "", "市级", "90", staff, "1", "是"]]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)


def step_bureau() -> None:
    """Nothing but a scan, which nobody can check."""
    path = INBOX / "12石阶局" / "扫描件.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    (path.parent / "~$单位.xlsx").write_bytes(b"\x05lock")


def swift_bureau() -> None:
    """Headings of its own, which the file of headings explains."""
    book = Workbook()
    sheet = sheet_of(book, "Sheet1")
    rows: list[Row] = [
        ["截至日期", "单位全称", "单位类别", "层级", "核定编制数（人）", "职工（人）", "残疾职工（人）", "是否公示"],
        ["2023年12月31日", "示例市雨燕局", "机关", "市级", 50, 134, 2, "是"],
    ]
    put(sheet, 1, 1, rows)
    save(book, "13雨燕局/单位.xlsx")


def cloud_bureau() -> None:
    """Three institutions of one bureau, ids merged down their rows' type, and a total that is right."""
    book = Workbook()
    sheet = sheet_of(book, "单位")
    title(sheet, 1, 1, 9, "卷云局所属事业单位情况表")
    institutions: list[Row] = [
        ["序号", "截至", *HEADINGS],
        [1, "2023年12月31日", "示例市云母馆", "事业单位", "其他机构", "市级", 68, 70, 1, "是"],
        [2, "2023年12月31日", "示例市云石所", "事业单位", "其他机构", "市级", 67, 66, 0, "否"],
        [3, "2023年12月31日", "示例市云雀园", "事业单位", "幼儿园", "市级", 90, 88, 0, "否"],
        ["合 计", None, None, None, None, None, 225, 224, 1, None],
    ]
    put(sheet, 2, 1, institutions)
    sheet.merge_cells("A6:F6")
    save(book, "14卷云局/所属单位.xlsx")


def stamp_bureau() -> None:
    """Of another county, and not on the roster."""
    text = "截至,名称,单位类别,层级,编制,在职职工总数,安排残疾人就业人数\n2023-12-31,青石县邮票局,机关,县级,70,66,0\n"
    (INBOX / "单位-青石县邮票局.csv").write_text(text, encoding="utf-8")


# --- beside the folder ---

FIR_CODE = "12429900MB0A2B3C1"
"""Invented: 429900 is the number of no place. The check digit is added below."""

ROSTER: list[Row] = [
    ["代码", "全称", "简称", "层级", "地区", "应报"],
    ["SL-01", "示例市风筝局", "市风筝局、风筝局", "市级", "黄石市", "单位"],
    ["SL-02", "示例市灯塔局", "市灯塔局、灯塔局", "市级", "黄石市", "单位"],
    ["SL-03", "示例市渡船局", "渡船局", "市级", "黄石市", "单位"],
    ["SL-04", "示例市湖岸局", "湖岸局", "市级", "黄石市", "单位"],
    ["SL-05", "示例市芦苇局", "芦苇局", "市级", "黄石市", "单位"],
    ["SL-06", "示例市堤坝局", "堤坝局", "市级", "黄石市", "单位"],
    ["FIR", "示例市云杉站", "云杉站", "市级", "黄石市", "单位"],
    ["SL-08", "示例市钟楼局", "钟楼局", "市级", "黄石市", "单位"],
    ["SL-09", "示例市萤火局", "萤火局", "市级", "黄石市", "单位"],
    ["SL-10", "示例市晚风局", "晚风局", "市级", "黄石市", "单位"],
    ["SL-11", "示例市山雀局", "山雀局", "市级", "黄石市", "单位"],
    ["SL-12", "示例市石阶局", "石阶局", "市级", "黄石市", "单位"],
    ["SL-13", "示例市雨燕局", "雨燕局", "市级", "黄石市", "单位"],
    ["SL-14", "示例市卷云局", "卷云局", "市级", "黄石市", "单位"],
]


def check_digit(code: str) -> str:
    """GB 32100: the digit that makes the weighted sum a multiple of 31."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(code))
    return letters[-total % 31]


def roster() -> None:
    book = Workbook()
    sheet = sheet_of(book, "应报单位名录")
    put(sheet, 1, 1, [[FIR_CODE if cell == "FIR" else cell for cell in row] for row in ROSTER])
    book.save(EXAMPLES / "inbox-2023-expected.xlsx")


def manifest() -> None:
    text = """# 哪一份以哪一份为准：没有写在这里的，两份一并核对，不一致的一并退回。
清单:
  - 文件: 04湖岸局/单位（修改后）.xlsx
    替代: 04湖岸局/单位.xlsx
    收到日期: 2024年1月12日
    说明: 补报了新录用的1名残疾人
"""
    (EXAMPLES / "inbox-2023-manifest.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(FIR_CODE) == 17:
        FIR_CODE += check_digit(FIR_CODE)
    shutil.rmtree(INBOX, ignore_errors=True)
    INBOX.mkdir(parents=True)
    for make in (
        kite_bureau,
        lighthouse_bureau,
        ferry_bureau,
        shore_bureau,
        reed_bureau,
        dike_bureau,
        fir_station,
        bell_tower_bureau,
        firefly_bureau,
        evening_bureau,
        step_bureau,
        swift_bureau,
        cloud_bureau,
        stamp_bureau,
        roster,
        manifest,
    ):
        make()
