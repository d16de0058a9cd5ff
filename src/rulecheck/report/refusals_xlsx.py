"""What goes back to whom, as a spreadsheet: a sheet with a row a unit, and one with a row for each thing to put right.

Every cell is text or a count: nothing that a unit wrote becomes a formula, a link or a number. The same report gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rulecheck.judgement import Report
from rulecheck.language.diagnostics import visible
from rulecheck.language.syntax import Language
from rulecheck.report.handed_in import place_text
from rulecheck.report.refusals import Part, UnitRefusals, refusals
from rulecheck.report.refusals_text import unit_title
from rulecheck.report.wording import pick, say

_LONGEST: Final = 32_767
"""Characters that a cell holds."""

_MADE: Final = datetime(2000, 1, 1)
"""No clock: the same list is the same file."""

_OVERVIEW: Final[dict[str, int]] = {"unit": 30, "code": 22, "level": 8, "place": 12, "files": 12} | {
    str(part): 12 for part in Part
}
_LIST: Final = {"number": 6, "unit": 28, "part": 14, "file": 30, "where": 22, "what": 60, "to_do": 48}
"""The columns and their widths in characters."""

_AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def render_refusals_xlsx(report: Report, language: Language) -> bytes:
    """The bytes of the workbook."""
    buffer = BytesIO()
    book = Workbook(buffer, _AS_TEXT)
    book.set_properties({"created": _MADE, "title": say("refusals.title", language)})
    sheets = _Sheets(book, language)
    units = refusals(report)
    sheets.write("overview", _OVERVIEW, [_overview(unit, language) for unit in units])
    sheets.write("list", _LIST, [row for unit in units for row in _rows(unit, language)], numbered=True)
    book.close()
    return buffer.getvalue()


def _overview(unit: UnitRefusals, language: Language) -> list[str | int]:
    name = unit.name or unit_title(unit, language)
    counts = [len(unit.refused_files), *(len(unit.of(part)) for part in Part)]
    if unit.unit is None:
        return [name, "", "", "", *counts]
    return [name, unit.unit.code, unit.unit.level, place_text(unit.unit, language), *counts]


def _rows(unit: UnitRefusals, language: Language) -> list[list[str | int]]:
    name = unit.name or unit_title(unit, language)
    return [
        [
            name,
            say(f"refusals_part.{item.part}", language),
            item.file,
            pick(item.place, language),
            pick(item.what, language),
            pick(item.to_do, language),
        ]
        for item in unit.items
    ]


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self.book = book
        self.language = language
        shape = {"text_wrap": True, "valign": "top", "border": 1}
        self.heading: Format = book.add_format({**shape, "bold": True, "bg_color": "#E7E6E6", "align": "center"})
        # The mark of a text keeps what begins like a formula a text also when somebody edits the cell.
        self.text: Format = book.add_format({**shape, "quote_prefix": True, "num_format": "@"})
        self.count: Format = book.add_format(shape)

    def write(self, name: str, columns: dict[str, int], rows: Sequence[Sequence[str | int]], *, numbered: bool = False) -> None:
        sheet: Worksheet = self.book.add_worksheet(say(f"refusals_sheet.{name}", self.language))
        for column, (key, width) in enumerate(columns.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, say(f"refusals_sheet.{key}", self.language), self.heading)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate([line, *row] if numbered else row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value, self.count)
                else:
                    sheet.write_string(line, column, _plain(value), self.text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _plain(text: str) -> str:
    """What a cell can hold: no control characters, no halves of pairs, not too long."""
    shown = visible(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
