"""What a cell is as text: what a person sees there, with every digit that is held."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from rulecheck.facts.grids import Area, Mark
from rulecheck.facts.spreadsheets.child import number_text, text_of
from rulecheck.facts.spreadsheets.scan_formats import shape_of
from support_spreadsheets import cells, ods, read, sheet, the_row, warned, xlsx


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ("1200", "1200"),
        ("1200.0", "1200"),
        ("-3", "-3"),
        ("0.1", "0.1"),
        ("1.1000000000000001", "1.1"),  # how Excel itself writes 1.1
        ("60.042", "60.042"),
        ("1E-3", "0.001"),
        ("0.00001", "0.00001"),
        ("123456789012345", "123456789012345"),
        ("0.123456789012345", "0.123456789012345"),
        ("-0", "0"),
    ],
)
def test_numbers_in_plain_digits(held: str, text: str) -> None:
    (grid,), _ = read(xlsx(cells(f"><v>{held}</v>")))
    assert grid.rows == [[text]]
    assert grid.marks == {}


@pytest.mark.parametrize(
    ("held", "text", "raw"),
    [
        ("0.30000000000000004", "0.3", "0.30000000000000004"),
        ("2.9999999999999996", "3", "2.9999999999999996"),
        ("0.12345678901234568", "0.123456789012346", "0.12345678901234568"),
        ("1234567890123456", "1234567890123460", "1234567890123456"),
        ("110105194912310021", "110105194912310000", "110105194912310021"),
        ("1.10105194912310E+17", "110105194912310000", "110105194912310000"),
    ],
)
def test_more_digits_than_spreadsheets_keep(held: str, text: str, raw: str) -> None:
    (grid,), _ = read(xlsx(cells(f"><v>{held}</v>")))
    assert grid.rows == [[text]]
    assert grid.marks == {(0, 0): Mark.ROUNDED}
    assert grid.raw == {(0, 0): raw}


def test_numbers_of_no_ordinary_size_keep_their_exponent() -> None:
    assert number_text("1e+300") == ("1E+300", True)
    assert number_text("1e-300") == ("1E-300", True)
    assert number_text("inf") == ("inf", False)
    assert number_text("nan") == ("nan", False)
    assert text_of(True) == ("1", False)


@pytest.mark.parametrize(
    ("held", "code", "text"),
    [
        ("0.05", "0%", "5%"),
        ("0.070000000000000007", "0.0%", "7%"),
        ("0.0625", "0%", "6.25%"),  # shown as 6%, but no format rounds a fact
        ("-0.015", "0.0%;[Red]-0.0%", "-1.5%"),
        ("1", "0%", "100%"),
        ("0.05", "0.00", "0.05"),
        ("5", "0&quot;%&quot;", "5%"),
        ("50", "0&quot;人&quot;", "50人"),
        ("50", "General&quot;元&quot;", "50元"),
        ("12", "#,##0\\人", "12人"),
        ("7", "0000", "0007"),
        ("12345", "0000", "12345"),
        ("7", "&quot;第&quot;0&quot;号&quot;", "第7号"),
        ("1234.5", "¥#,##0.00", "1234.5"),
        ("1234.5", "_ * #,##0.00_ ", "1234.5"),
    ],
)
def test_number_formats(held: str, code: str, text: str) -> None:
    assert the_row(xlsx(cells(f's="1"><v>{held}</v>'), codes=(code,))) == [text]


def test_a_percent_format_leaves_text_and_blank_cells_alone() -> None:
    written = cells('s="1" t="inlineStr"><is><t>0.05</t></is>', 's="1">', 's="1" t="n"><v>0.5</v>')
    assert the_row(xlsx(written, codes=("0%",))) == ["0.05", "", "50%"]


def test_very_many_formats() -> None:
    codes = tuple(f'0&quot;人{at}&quot;' for at in range(40))
    written = cells('s="1"><v>5</v>', 's="40"><v>6</v>', 's="0"><v>7</v>', "><v>8</v>")
    assert the_row(xlsx(written, codes=codes)) == ["5人0", "6人39", "7", "8"]


def test_a_percentage_that_had_too_many_digits_is_rounded_first() -> None:
    (grid,), _ = read(xlsx(cells('s="1"><v>0.30000000000000004</v>'), codes=("0%",)))
    assert grid.rows == [["30%"]]
    assert grid.marks == {(0, 0): Mark.ROUNDED}


@pytest.mark.parametrize("code", ["#,##0,", "0.0,", "0!.0,&quot;万&quot;", "0\\.0,&quot;万元&quot;"])
def test_numbers_shown_in_thousands_are_not_read(code: str) -> None:
    (grid,), faults = read(xlsx(cells('s="1"><v>12345</v>', 's="1"><v>1</v>'), codes=(code,)))
    assert grid.marks == {(0, 0): Mark.UNREADABLE, (0, 1): Mark.UNREADABLE}
    assert warned(faults) == [("S117", "!表1!A1", "2")]


@pytest.mark.parametrize(
    ("held", "code", "text"),
    [
        ("44945", "yyyy-mm-dd", "2023-01-19"),
        ("44945", "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "2023-01-19"),
        ("44945", "[$-804]yyyy/m/d h:mm", "2023-01-19"),  # midnight
        ("44945.354166666664", "yyyy-mm-dd hh:mm", "2023-01-19 08:30"),
        ("44945.354340277779", "yyyy-mm-dd hh:mm", "2023-01-19 08:30:15"),
        ("44945.999999999", "yyyy-mm-dd hh:mm", "2023-01-20"),
        ("0.72916666666666663", "h:mm", "17:30"),
        ("1.1041666666666667", "[h]:mm", "26:30"),
        ("59", "yyyy-mm-dd", "1900-02-28"),  # the day after it, which Excel counts, never was
        ("61", "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_dates_and_times(held: str, code: str, text: str) -> None:
    assert the_row(xlsx(cells(f's="1"><v>{held}</v>'), codes=(code,))) == [text]


def test_dates_counted_from_1904() -> None:
    written = cells('s="1"><v>43483</v>')
    assert the_row(xlsx(written, codes=("yyyy-mm-dd",))) == ["2019-01-18"]
    assert the_row(xlsx(written, codes=("yyyy-mm-dd",), workbook='<workbookPr date1904="1"/>')) == ["2023-01-19"]


def test_yes_and_no_are_not_one_and_nought() -> None:
    (grid,), _ = read(xlsx(cells("><v>1</v>", 't="b"><v>1</v>', 't="b"><v>0</v>', "><v>0</v>")))
    assert grid.rows == [["1", "true", "false", "0"]]
    assert grid.marks == {(0, 1): Mark.BOOLEAN, (0, 2): Mark.BOOLEAN}


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?"])
def test_errors_are_errors_and_not_blanks(text: str) -> None:
    written = cells("><v>1</v>", f't="e"><f>1/0</f><v>{text}</v>', f's="1" t="e"><v>{text}</v>')
    (grid,), _ = read(xlsx(written, codes=("0%",)))
    assert grid.rows == [["1", text, text]]
    assert grid.marks == {(0, 1): Mark.ERROR, (0, 2): Mark.ERROR}


def test_formulas_that_were_never_calculated() -> None:
    written = cells("><v>1</v>", "><f>A1+1</f>", "><f>A1+2</f><v></v>", "><f>A1+3</f><v/>", 't="str"><f>&quot;&quot;</f><v></v>')
    (grid,), faults = read(xlsx(written))
    assert grid.rows == [["1", "", "", "", ""]]
    assert grid.marks == dict.fromkeys([(0, 1), (0, 2), (0, 3)], Mark.UNREADABLE)
    assert warned(faults) == [("S115", "!表1!E1", "1"), ("S116", "!表1!B1", "3")]


def test_a_nought_that_a_program_left_for_the_spreadsheet_to_calculate_is_no_nought() -> None:
    written = cells("><f>1+1</f><v>0</v>", "><f>1+1</f><v>2</v>", "><v>0</v>")
    (grid,), _ = read(xlsx(written, workbook='<calcPr fullCalcOnLoad="1"/>'))
    assert grid.marks == {(0, 0): Mark.UNREADABLE}
    (grid,), _ = read(xlsx(written))
    assert grid.marks == {}


def test_a_sheet_of_nothing_but_formulas_without_result() -> None:
    (grid,), _ = read(xlsx(sheet('<row r="3"><c r="C3"><f>1+1</f></c><c r="D3"><f>2</f></c></row>')))
    assert (grid.rows, grid.left, list(grid.numbers)) == ([["", ""]], 3, [3])
    assert grid.marks == {(0, 0): Mark.UNREADABLE, (0, 1): Mark.UNREADABLE}


def test_cells_that_the_reader_leaves_out_at_the_edge_are_there() -> None:
    rows = '<row r="2"><c r="A2"><f>1</f></c><c r="C2"><v>5</v></c></row><row r="4"><c r="D4"><f>1</f></c></row>'
    (grid,), _ = read(xlsx(sheet(rows)))
    assert (grid.left, list(grid.numbers)) == (1, [2, 3, 4])
    assert grid.rows == [["", "", "5", ""], ["", "", "", ""], ["", "", "", ""]]
    assert grid.marks == {(0, 0): Mark.UNREADABLE, (2, 3): Mark.UNREADABLE}


def test_texts_keep_their_lines_and_widths() -> None:
    written = cells(
        't="inlineStr"><is><t>一\n二</t></is>',
        't="inlineStr"><is><t>一_x000D_\n二</t></is>',
        't="inlineStr"><is><t>１２．５％</t></is>',
        't="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 局</t></r></is>',
        't="inlineStr"><is><t>007</t></is>',
    )
    assert the_row(xlsx(written)) == ["一\n二", "一\n二", "１２．５％", "甲 局", "007"]


def test_positions_of_data_that_starts_at_c4() -> None:
    (grid,), _ = read(xlsx(sheet('<row r="4"><c r="C4"><v>1</v></c></row><row r="6"><c r="D6"><v>2</v></c></row>')))
    assert (grid.rows, grid.left, list(grid.numbers)) == ([["1", ""], ["", ""], ["", "2"]], 3, [4, 5, 6])


def test_a_colour_at_the_far_end_is_no_content() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert the_row(xlsx(sheet(rows))) == ["1"]


def test_merged_cells() -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="E2"><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c></row>'
    merged = '<mergeCells><mergeCell ref="B2:C3"/><mergeCell ref="H9:I9"/></mergeCells>'
    (grid,), _ = read(xlsx(sheet(rows).replace("</sheetData>", f"</sheetData>{merged}")))
    assert grid.merged == (Area(0, 0, 1, 1),)  # and none outside of what is filled in


def test_hidden_rows_are_read_and_told() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
    (grid,), faults = read(xlsx(sheet(rows)))
    assert grid.rows == [["1"], ["2"]]
    assert warned(faults) == [("S118", "!表1", "1")]


def test_hidden_rows_without_content_are_nothing_to_tell() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/><row r="3" hidden="1"/>'
    assert warned(read(xlsx(sheet(rows)))[1]) == []
    for hidden, warnings in (("collapse", [("S118", "!表", "1")]), ("visible", [])):
        cell = '<table:table-cell office:value-type="float" office:value="1"/>'
        table = (
            f'<table:table-row table:visibility="{hidden}">{cell}</table:table-row>'
            '<table:table-row table:visibility="collapse" table:number-rows-repeated="1000000">'
            "<table:table-cell/></table:table-row>"
        )
        assert warned(read(ods(f'<table:table table:name="表">{table}</table:table>'))[1]) == warnings


@pytest.mark.parametrize(
    "written",
    [
        "<x:row r='1'><x:c r='A1' s='1'><x:v>0.5</x:v></x:c><x:c r='B1' t='e'><x:v>#N/A</x:v></x:c></x:row>",
        "<x:row><x:c s='1'><x:v>0.5</x:v></x:c><!-- a comment --><x:c t='e'><x:v>#N/A</x:v></x:c></x:row>",
    ],
)
def test_sheets_in_another_form_of_the_same_xml(written: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    odd = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{written}</x:sheetData></x:worksheet>'
    (grid,), _ = read(xlsx(odd, codes=("0%",)))
    assert grid.rows == [["50%", "#N/A"]]
    assert grid.marks == {(0, 1): Mark.ERROR}


@pytest.mark.parametrize("order", ['s="1" r="A1"', 'r="A1" t="n" s="1"', 'r="A1"  s="1"'])
def test_attributes_in_any_order(order: str) -> None:
    assert the_row(xlsx(sheet(f'<row r="1"><c {order}><v>0.5</v></c></row>'), codes=("0%",))) == ["50%"]


def test_ods_counts_repetitions() -> None:
    number = '<table:table-cell office:value-type="percentage" office:value="0.05" table:number-columns-repeated="2"/>'
    never = '<table:table-cell table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>'
    blanks = '<table:table-cell table:number-columns-repeated="{}"/>'
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{count}">{row}</table:table-row>'
        for count, row in ((3, blanks.format(1)), (2, blanks.format(2) + number + never), (1048570, blanks.format(16384)))
    )
    (grid,), _ = read(ods(f'<table:table table:name="表">{rows}</table:table>'))
    assert grid.rows == [["5%", "5%", ""]] * 2
    assert (grid.left, list(grid.numbers)) == (3, [4, 5])
    assert grid.marks == {(0, 2): Mark.UNREADABLE, (1, 2): Mark.UNREADABLE}


@pytest.mark.parametrize(
    ("held", "shown", "text"),
    [
        ("50", "50", "50"),
        ("50", "50人", "50人"),
        ("-50", "-50人", "-50人"),
        ("1234.5", "¥1,234.50", "1234.5"),
        ("1234.5", "(1,234.50)", "1234.5"),
        ("7", "0007", "0007"),
        ("0", "0", "0"),
        ("0", "-", "0"),
        ("5", "第5号", "第5号"),
        ("99.6", "100", "99.6"),
        ("0.5", "1/2", "0.5"),
        ("123456", "1.23E+005", "123456"),
    ],
)
def test_ods_tells_how_a_number_is_shown(held: str, shown: str, text: str) -> None:
    cell = f'<table:table-cell office:value-type="float" office:value="{held}"><text:p>{shown}</text:p></table:table-cell>'
    (grid,), _ = read(ods(f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'))
    assert (grid.rows, grid.marks) == ([[text]], {})


def test_a_comment_on_a_cell_of_ods_is_no_part_of_it() -> None:
    comment = "<office:annotation><text:p>约50人</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="float" office:value="7">{comment}<text:p>7人</text:p></table:table-cell>'
    (grid,), _ = read(ods(f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'))
    assert grid.rows == [["7人"]]


def test_ods_numbers_shown_in_thousands_are_not_read() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="12345"><text:p>1.2万</text:p></table:table-cell>'
    (grid,), faults = read(ods(f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'))
    assert grid.marks == {(0, 0): Mark.UNREADABLE}
    assert warned(faults) == [("S117", "!表!A1", "1")]


@pytest.mark.parametrize("code", ["General", "0.00", "#,##0", "yyyy-mm-dd", "h:mm", "@", "0.00E+00", "# ?/?", "[DBNum1]0"])
def test_formats_that_leave_a_number_as_it_is(code: str) -> None:
    assert shape_of(code) is None


def made(change: Callable[[Worksheet], None]) -> bytes:
    """A workbook as a spreadsheet program writes it: 名称 and 编制 of two units, changed."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "单位"
    for row in (["名称", "编制", "备用"], ["甲局", 50, None], ["乙局", 51, None]):
        page.append(row)
    change(page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_struck_out_is_read_and_told() -> None:
    def strike(page: Worksheet) -> None:
        page["A3"].font = page["B3"].font = Font(strike=True)
        page["C3"].font = Font(strike=True)  # holds nothing

    (grid,), faults = read(made(strike))
    assert grid.rows[2][:2] == ["乙局", "51"]
    assert warned(faults) == [("S125", "!单位!A3", "2")]


def test_a_font_that_says_it_does_not_strike_is_nothing_to_tell() -> None:
    def bold(page: Worksheet) -> None:
        page["A3"].font = Font(bold=True, strike=False)

    assert warned(read(made(bold))[1]) == []


@pytest.mark.parametrize(("column", "count"), [("B", 1), ("C", 1), ("D", 0)])
def test_hidden_columns_are_read_and_told(column: str, count: int) -> None:
    def hide(page: Worksheet) -> None:
        page.column_dimensions[column].hidden = True

    (grid,), faults = read(made(hide))
    assert grid.rows[1][1] == "50"
    assert warned(faults) == ([("S124", "!单位", str(count))] if count else [])
