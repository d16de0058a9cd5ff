"""A form as a workbook: a sheet for each kind of subject, one of instructions, and the lists to choose from on a hidden one.

Labels are locked without a password, cells to fill in are not. There are no formulas, macros or links, and the same form gives
the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rulecheck.dataclass import dataclass
from rulecheck.facts.grids import column_letters
from rulecheck.language.diagnostics import display_width
from rulecheck.language.syntax import Language
from rulecheck.report.wording import pick
from rulecheck.rules.model import CategoryType, DateType, NumberType, YesNoType
from rulecheck.submission import Subject
from rulecheck.templates.form import Form, Question, Section
from rulecheck.templates.notes import answer_lines, clause_index, column_note, guide, heading_lines, kind_note, range_text
from rulecheck.templates.tables import Column, Namesakes, cell_day, cell_text, columns_of, namesakes
from rulecheck.templates.values import DECIMAL, bounds_in_unit, counts_whole, is_decimal, member_text
from rulecheck.templates.wording import fact_heading, name_of, say

_MADE: Final = datetime(2023, 1, 1, tzinfo=UTC)
"""When every form says it was made: the same form is the same bytes on every day."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_PROTECTED: Final = {
    "objects": True,
    "scenarios": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
    "autofilter": True,
}
_FONT: Final = "宋体"
_LAST_ROW: Final = 1_048_575
_HEADING_ROW: Final = 5
_HEIGHTS: Final = (30, 18, 18, 22, 8, 46)
"""The row of the headings, from 0, and its height with those above it: the title, what the kind is, the documents, who signs, a
little air."""

_RULED_ROWS: Final = 20
"""Rows that are drawn for filling in; those below can be filled in too."""

_PAGE_WIDTH: Final = 210
"""Characters that a printed page holds across and can still be read."""

_MOST_NAME: Final = 31
_NEVER_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
_MOST_CELL: Final = 32_767
_MOST_PROMPT: Final = 255
_EXACT_DIGITS: Final = 15
"""Significant digits of a number that spreadsheets keep; longer ones are written as text."""
_FIRST_SURE_DAY: Final = date(1900, 3, 1)
"""Before this day spreadsheet programs count days in different ways."""
_LIKE_FORMULA: Final = re.compile(r"[=+\-@]")


def write_xlsx(form: Form, language: Language) -> bytes:
    """The bytes of the workbook."""
    content = io.BytesIO()
    book = Workbook(content, _OPTIONS)
    book.set_properties({"title": say("title.form", language), "author": "rulecheck", "created": _MADE})
    writer = _Writer(form, language, book, _formats(book), {}, namesakes(form))
    writer.instructions()
    for section in form.sections:
        writer.sheet(section)
    writer.lists()
    book.close()
    return content.getvalue()


def sheet_name(section: Section, language: Language) -> str:
    """The kind's name, where that is fit for a sheet; else its English id, cut where it is long."""
    name = name_of(section.kind, language)
    is_fit = len(name) <= _MOST_NAME and not _NEVER_IN_SHEETS.search(name) and name.casefold() != "history"
    return name if is_fit else f"{section.kind.id[: _MOST_NAME - 1]}_"


# --- looks ---

_INK, _PALE, _SHADE, _LINE, _GREY = "#1F3A4D", "#EEF3F6", "#D5E1E8", "#B5C0C8", "#5F6B73"
_HEADING: Final = {"bold": True, "border": 1, "border_color": _LINE, "text_wrap": True, "align": "center", "valign": "vcenter"}
_ENTRY: Final = {"locked": False, "text_wrap": True, "valign": "top"}
_RULED: Final = {"border": 1, "border_color": _LINE}
_LOOKS: Final[Mapping[str, Mapping[str, object]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _INK, "valign": "vcenter"},
    "basis": {"font_color": _GREY, "valign": "vcenter"},
    "label": {"font_color": _INK, "align": "right", "valign": "vcenter"},
    "signed": {"locked": False, "bottom": 1, "bottom_color": _LINE, "valign": "vcenter", "num_format": "@"},
    "signed_date": {"locked": False, "bottom": 1, "bottom_color": _LINE, "valign": "vcenter", "num_format": "yyyy-mm-dd"},
    "who": {**_HEADING, "bg_color": _INK, "font_color": "#FFFFFF"},
    "fact": {**_HEADING, "bg_color": _SHADE, "font_color": _INK},
    "evidence": {**_HEADING, "bold": False, "bg_color": _PALE, "font_color": _GREY},
    "text": {**_ENTRY, "num_format": "@"},
    "quoted": {**_ENTRY, "num_format": "@", "quote_prefix": True},
    "number": {**_ENTRY, "align": "right"},
    "date": {**_ENTRY, "num_format": "yyyy-mm-dd", "align": "center"},
    "choice": {**_ENTRY, "num_format": "@", "align": "center"},
    "line": {"valign": "top"},
    "cell": {"border": 1, "border_color": _LINE, "text_wrap": True, "valign": "top"},
}


def _formats(book: Workbook) -> dict[str, Format]:
    """The looks by name; each way of entry also ruled, as `ruled text`."""
    ruled = {f"ruled {name}": {**look, **_RULED} for name, look in _LOOKS.items() if _ENTRY.items() <= look.items()}
    font = {"font_name": _FONT, "font_size": 10}
    return {name: book.add_format({**font, **look}) for name, look in (*_LOOKS.items(), *ruled.items())}


_WHO: Final = ("kind", "id", "name", "credit_code", "parent", "place", "as_of")
_WIDTHS: Final = {"id": 14, "name": 28, "credit_code": 22, "parent": 22, "place": 12, "as_of": 12, "reasons": 24}
_LEAST_WIDTH, _MOST_WIDTH = 12, 24
_BREAKS: Final = re.compile(r" (?=[（(])|(?<! )(?=[（(])|(?=@)")


def _broken(heading: str) -> str:
    """A heading with its period and unit on lines of their own; the reader does not mind line breaks."""
    return _BREAKS.sub("\n", heading) if len(heading) > 6 else heading


def _width(column: Column) -> int:
    """The width in characters: each line of the heading fits, where it is not very long."""
    longest = max(map(display_width, _broken(column.heading).split("\n")))
    return _WIDTHS.get(column.role, max(_LEAST_WIDTH, min(_MOST_WIDTH, longest + 2)))


def _entry_format(column: Column) -> str:
    """The look of a column's cells, which is also what a spreadsheet program takes an entry for."""
    if column.role == "as_of":
        return "date"
    if column.role != "fact" or column.question is None:
        return "choice" if column.role == "roster" else "text"
    match column.question.fact.type:
        case NumberType():
            return "number"
        case DateType():
            return "date"
        case YesNoType() | CategoryType():
            return "choice"
        case _:
            return "text"


_INDEX: Final = {"sheet": 16, "heading": 28, "question": 40, "rules": 44, "clauses": 46}
"""The columns of the list of headings, with their widths."""


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column."""
    return sum(1 + max(0, display_width(line) - 1) // (width - 2) for line in text.split("\n"))


# --- the workbook ---


@dataclass(frozen=True, slots=True)
class _Writer:
    """`choices`: the lists to choose from by the name of their range, filled while sheets are written."""

    form: Form
    language: Language
    book: Workbook
    formats: Mapping[str, Format]
    choices: dict[str, Sequence[str]]
    known: Namesakes

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def instructions(self) -> None:
        """What to do, and every heading with its clauses."""
        sheet = self.book.add_worksheet(self.say("title.guide"))
        sheet.set_row(0, 30)
        title, *others = heading_lines(self.form, self.language)
        sheet.write_string(0, 0, title, self.formats["title"])
        lines = [*others, "", *guide(self.form, "xlsx", self.language), ""]
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, line, self.formats["line"])
        top = len(lines) + 1
        for column, (key, width) in enumerate(_INDEX.items()):
            sheet.set_column(column, column, width, self.formats["line"])
            sheet.write_string(top, column, self.say(f"index.{key}"), self.formats["fact"])
        row = top
        for section in self.form.sections:
            for question in section.questions:
                row += 1
                texts = self._index(section, question)
                sheet.set_row(row, 14 * max(map(_lines, texts, _INDEX.values())) + 4)
                for column, text in enumerate(texts):
                    sheet.write_string(row, column, text[:_MOST_CELL], self.formats["cell"])
        sheet.hide_gridlines(2)
        sheet.protect("", _PROTECTED)
        _print(sheet, sum(_INDEX.values()))
        sheet.repeat_rows(top)
        sheet.activate()

    def _index(self, section: Section, question: Question) -> tuple[str, ...]:
        fact = question.fact
        asked = pick(fact.question, self.language) if fact.question is not None else ""
        heading = fact_heading(fact, None, self.language)
        answers = "\n".join(answer_lines(question, self.language))
        return name_of(section.kind, self.language), heading, asked, answers, "\n".join(clause_index(question))

    def sheet(self, section: Section) -> None:
        """A sheet of one kind: title, basis, who signs, headings, rows."""
        name = sheet_name(section, self.language)
        sheet = self.book.add_worksheet(name)
        columns = columns_of(section, self.language, names_kind=name == name_of(section.kind, self.language))
        sheet.write_string(0, 0, self.say("title.of", kind=name_of(section.kind, self.language)), self.formats["title"])
        for text in kind_note(section.kind, self.language):
            sheet.write_string(1, 0, text, self.formats["line"])
        for text in heading_lines(self.form, self.language)[1:]:
            sheet.write_string(2, 0, text, self.formats["basis"])
        if section.parent is None:
            self._signature(sheet)
        top = _HEADING_ROW
        for row, height in enumerate(_HEIGHTS):
            sheet.set_row(row, height, self.formats["line"])
        for position, column in enumerate(columns):
            entry = _entry_format(column)
            sheet.set_column(position, position, _width(column), self.formats[entry])
            look = "who" if column.role in _WHO else "evidence" if column.role == "evidence" else "fact"
            sheet.write_string(top, position, _broken(column.heading), self.formats[look])
            self._comment(sheet, top, position, column_note(column, section, self.language))
            self._validate(sheet, top + 1, position, column)
        ruled = [self.formats[f"ruled {_entry_format(column)}"] for column in columns]
        last = top + max(_RULED_ROWS, len(section.subjects))
        for row in range(top + 1, last + 1):
            for position, look in enumerate(ruled):
                sheet.write_blank(row, position, None, look)
        for row, subject in enumerate(section.subjects, start=top + 1):
            for position, column in enumerate(columns):
                self._fill(sheet, row, position, column, subject, section)
        sheet.freeze_panes(top + 1, 2)
        sheet.protect("", _PROTECTED)
        sheet.print_area(0, 0, last, len(columns) - 1)
        _print(sheet, sum(map(_width, columns)))
        sheet.repeat_rows(top)

    def _signature(self, sheet: Worksheet) -> None:
        """Who reports, for which day: labels, each with a cell to its right."""
        position = 0
        for word in ("as_of", "unit", "filled_by", "reviewed_by", "signed_on"):
            sheet.write_string(_HEADING_ROW - 2, position, self.say(f"signature.{word}"), self.formats["label"])
            look = "signed_date" if word in ("as_of", "signed_on") else "signed"
            sheet.write_blank(_HEADING_ROW - 2, position + 1, None, self.formats[look])
            position += 2

    def _comment(self, sheet: Worksheet, row: int, column: int, lines: Sequence[str]) -> None:
        text = "\n".join(lines)[:_MOST_CELL]
        rows = sum(1 + display_width(line) // 46 for line in lines)
        looks = {"author": "", "font_name": _FONT, "font_size": 9, "width": 300, "height": 24 + 17 * rows, "color": "#FFFBE6"}
        sheet.write_comment(row, column, text, looks)

    # --- what may be entered ---

    def _validate(self, sheet: Worksheet, first: int, position: int, column: Column) -> None:
        rule = self._rule(column)
        if rule is not None:
            shown = {key: text[:_MOST_PROMPT] if isinstance(text, str) else text for key, text in rule.items()}
            titled = {"error_title": self.say("refused.title"), **shown}
            sheet.data_validation(first, position, _LAST_ROW, position, titled)

    def _rule(self, column: Column) -> dict[str, Any] | None:
        if column.role == "place" and self.form.places:
            # The reader knows short names too.
            return self._list("_places", [pick(each, self.language) for each in self.form.places], "warning")
        if column.role == "roster":
            return self._list("_members", [self.say(f"word.{word}") for word in ("complete", "incomplete", "none")], "stop")
        if column.role == "as_of":
            return self._dates("date", "stop")
        if column.role != "fact" or column.question is None:
            return None
        fact = column.question.fact
        may_be_none = fact.may_be_none or fact.none_is is not None
        nothing = [self.say("word.none")] if may_be_none else []
        match fact.type:
            case NumberType():
                return self._numbers(column.question, may_be_none)
            case DateType():
                return self._dates("date_none" if may_be_none else "date", "warning" if may_be_none else "stop")
            case YesNoType():
                return self._list("_yes_no", [self.say("word.yes"), self.say("word.no")], "warning" if may_be_none else "stop")
            case CategoryType(members=members):
                choices = [*(member_text(each, self.language) for each in members), *nothing]
                return self._list(fact.id, choices, "information" if fact.type.is_open else "stop")
            case _:
                return None

    def _list(self, name: str, members: Sequence[str], severity: str) -> dict[str, Any]:
        """A choice from a named range: a list within the rule itself may hold no more than 255 characters. `name`: the id of the
        fact whose members these are; that of any other list begins with `_`, as no id does."""
        self.choices[f"list_{name}"] = members
        return {
            "validate": "list",
            "source": f"=list_{name}",
            "error_type": severity,
            "error_message": self.say("refused.choice_open" if severity == "information" else "refused.choice"),
        }

    def _numbers(self, question: Question, may_be_none: bool) -> dict[str, Any]:
        low, high = bounds_in_unit(question.fact)
        limits: dict[str, Any] = {"criteria": ">=", "value": f"-{'9' * _EXACT_DIGITS}"}
        if low is not None and high is not None:
            limits = {"criteria": "between", "minimum": low, "maximum": high}
        elif low is not None:
            limits = {"criteria": ">=", "value": low}
        elif high is not None:
            limits = {"criteria": "<=", "value": high}
        told = range_text(question, self.language) or self.say("refused.any")
        is_strict = not may_be_none and is_decimal(question.fact)
        return {
            "validate": "integer" if counts_whole(question.fact) else "decimal",
            **limits,
            "error_type": "stop" if is_strict else "warning",
            "error_message": self.say("refused.none" if may_be_none else "refused.number", range=told),
        }

    def _dates(self, message: str, severity: str) -> dict[str, Any]:
        return {
            "validate": "date",
            "criteria": ">=",
            "value": _FIRST_SURE_DAY,
            "error_type": severity,
            "error_message": self.say(f"refused.{message}"),
        }

    def lists(self) -> None:
        """The lists, a column each, on a sheet that nobody sees."""
        name = self.say("title.lists")
        sheet = self.book.add_worksheet(name)
        for position, (title, members) in enumerate(self.choices.items()):
            sheet.write_string(0, position, title)
            for row, member in enumerate(members, start=1):
                sheet.write_string(row, position, member[:_MOST_CELL])
            letters = column_letters(position + 1)
            self.book.define_name(title, f"='{name}'!${letters}$2:${letters}${len(members) + 1}")
        sheet.protect("")
        sheet.very_hidden()

    # --- what is filled in ---

    def _fill(self, sheet: Worksheet, row: int, position: int, column: Column, subject: Subject, section: Section) -> None:
        text = cell_text(column, subject, section, self.known, self.language)
        if not text:
            return
        entry = _entry_format(column)
        day = cell_day(column, subject)
        if day is not None and day >= _FIRST_SURE_DAY.toordinal():
            sheet.write_datetime(row, position, date.fromordinal(day), self.formats["ruled date"])
        elif entry == "number" and _keeps(text):
            sheet.write_number(row, position, Decimal(text), self.formats["ruled number"])
        else:
            look = "quoted" if _LIKE_FORMULA.match(text) else entry
            sheet.write_string(row, position, text, self.formats[f"ruled {look}"])


def _keeps(text: str) -> bool:
    """Whether a spreadsheet program keeps a number as it is."""
    if not DECIMAL.fullmatch(text):
        return False
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return len(digits if "." in text else digits.rstrip("0")) <= _EXACT_DIGITS


def _print(sheet: Worksheet, width: int) -> None:
    """On A4, across; a wide sheet over several pages, each with the names. `width`: of all columns, in characters."""
    pages = -(-width // _PAGE_WIDTH)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_footer("&C&P / &N")
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0, 1)
