"""A first look into an ODS file: how far its cells reach once their repetitions are counted, and what the reader of its values
leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Final

from rulecheck.facts.limits import MAXIMUM_ODD_XML
from rulecheck.facts.spreadsheets.scan_parts import (
    Archive,
    Scan,
    Shape,
    SheetScan,
    Unfit,
    parse,
    reaches,
    too_far,
    too_large,
    xml_parser,
)

_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_CALC: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "

_TYPE: Final = _OFFICE + "value-type"
_FORMULA: Final = _TABLE + "formula"
_ACROSS: Final = _TABLE + "number-columns-repeated"
_DOWN: Final = _TABLE + "number-rows-repeated"
_SPANS: Final = (_TABLE + "number-rows-spanned", _TABLE + "number-columns-spanned")

_ERROR_TEXT: Final = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d+")
_DURATION: Final = re.compile(r"(-?)PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_SHOWN: Final = re.compile(r"(\D*?)-?(\d[\d,]*(?:\.\d+)?)(\D*)")
_TELLING: Final = re.compile(r"[^\W\d_]|[%‰]")
_ANSWERS: Final = ("of:=TRUE()", "of:=FALSE()")
"""How LibreOffice writes a yes/no cell."""
_PERCENT: Final = Shape(shift=2)
_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"


def scan_ods(archive: Archive) -> Scan:
    if archive.has(_MANIFEST) and b"encryption-data" in archive.whole(_MANIFEST):
        raise Unfit("S101")
    if archive.size(_CONTENT) > MAXIMUM_ODD_XML:
        raise too_large(MAXIMUM_ODD_XML)
    scan = Scan()
    _Content(scan).read(archive)
    return scan


class _Content:
    """The one document that holds all sheets, element by element. Rows and columns are counted from 1."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._name = ""
        self._sheet = SheetScan()
        self._depth = 0
        self._row = self._rows = self._column = self._columns = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._take_text: Callable[[str], None] | None = None
        """Takes the text of the cell that is open, if it is of use."""
        self._is_hidden_row = False
        self._kinds: dict[tuple[int, int, str, str, bool], int] = {}
        """The numbers of the shapes of the sheet."""
        self._parser = xml_parser()
        self._starts = {
            _STYLE + "style": self._start_style,
            _TABLE + "table-properties": self._start_properties,
            _TABLE + "table": self._start_table,
            _TABLE + "table-row": self._start_row,
            _TABLE + "table-cell": self._start_cell,
            _TABLE + "covered-table-cell": self._start_cell,
            _OFFICE + "annotation": self._start_comment,
        }
        self._ends = {
            _TABLE + "table": self._end_table,
            _TABLE + "table-row": self._end_row,
            _TABLE + "table-cell": self._end_cell,
            _TABLE + "covered-table-cell": self._end_cell,
            _OFFICE + "annotation": self._end_comment,
        }

    def read(self, archive: Archive) -> None:
        parser = self._parser
        starts, ends = self._starts.get, self._ends.get

        def start(name: str, attributes: dict[str, str]) -> None:
            found = starts(name)
            if found is not None:
                found(attributes)

        def end(name: str) -> None:
            found = ends(name)
            if found is not None:
                found()

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parse(parser, archive, _CONTENT)

    # sheets

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(_STYLE + "name", "")

    def _start_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get(_TABLE + "display") == "false":
            self._hidden_styles.add(self._style)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 1:  # a table within a cell
            return
        self._name = attributes.get(_TABLE + "name", "")
        self._sheet = self._scan.sheets[self._name] = SheetScan()
        self._sheet.is_hidden = attributes.get(_TABLE + "style-name") in self._hidden_styles
        self._row = 0
        self._kinds = {}

    def _end_table(self) -> None:
        self._depth -= 1

    # rows and cells

    def _start_row(self, attributes: dict[str, str]) -> None:
        if self._depth == 1:
            self._row += 1
            self._rows = _count(attributes.get(_DOWN))
            self._column = 0
            self._is_hidden_row = attributes.get(_TABLE + "visibility") in ("collapse", "filter")

    def _end_row(self) -> None:
        if self._depth == 1:
            self._row += self._rows - 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._depth != 1:
            return
        self._column += 1
        self._columns = _count(attributes.get(_ACROSS))
        self._cell = attributes
        if _TYPE not in attributes and _FORMULA not in attributes:
            return
        last_row, last_column = self._row + self._rows - 1, self._column + self._columns - 1
        if reaches(last_row, last_column):
            raise too_far(self._name, last_row, last_column)
        if self._is_hidden_row:
            self._sheet.hidden_rows += self._rows
            self._is_hidden_row = False
        if attributes.get(_TYPE) == "float" or _is_error(attributes):
            self._text = []
            self._parser.CharacterDataHandler = self._take_text = self._text.append

    def _start_comment(self, attributes: dict[str, str]) -> None:
        self._parser.CharacterDataHandler = None

    def _end_comment(self) -> None:
        self._parser.CharacterDataHandler = self._take_text

    def _end_cell(self) -> None:
        attributes = self._cell
        if self._depth != 1 or attributes is None:
            return
        self._cell = self._take_text = self._parser.CharacterDataHandler = None
        kind = attributes.get(_TYPE)
        if kind in ("percentage", "time", "boolean") or _FORMULA in attributes or self._text:
            self._take(attributes, kind)
        spans = [_count(attributes.get(name)) for name in _SPANS] if _SPANS[1] in attributes else [1, 1]
        if spans != [1, 1]:
            self._sheet.merged.append((self._row, self._column, self._row + spans[0] - 1, self._column + spans[1] - 1))
        self._column += self._columns - 1

    def _kind(self, shape: Shape) -> int:
        key = (shape.shift, shape.digits, shape.before, shape.after, shape.is_scaled)
        if key not in self._kinds:
            self._kinds[key] = len(self._sheet.shapes.known)
            self._sheet.shapes.known.append(shape)
        return self._kinds[key]

    def _take(self, attributes: dict[str, str], kind: str | None) -> None:
        sheet = self._sheet
        text, self._text = "".join(self._text).strip(), []
        error = text if kind != "float" else ""
        shape = _shape(text, attributes.get(_OFFICE + "value", "")) if kind == "float" else None
        shape = _PERCENT if kind == "percentage" else shape
        duration = _DURATION.fullmatch(attributes.get(_OFFICE + "time-value", "")) if kind == "time" else None
        formula = attributes.get(_FORMULA, "")
        rows, columns = range(self._row, self._row + self._rows), range(self._column, self._column + self._columns)
        for at in product(rows, columns):
            if error:
                sheet.errors[at] = error
            elif kind is None:
                sheet.uncalculated.append(at)
            elif formula and formula not in _ANSWERS:
                sheet.formula(at)
            if kind == "boolean" or formula in _ANSWERS:
                sheet.booleans[at] = attributes.get(_OFFICE + "boolean-value") == "true" or formula == _ANSWERS[0]
            elif shape is not None:
                sheet.shapes.add(*at, self._kind(shape))
            elif duration is not None:
                sign, hours, minutes, seconds = duration.groups()
                sheet.texts[at] = f"{sign}{hours.zfill(2)}:{minutes}" + (f":{seconds}" if seconds != "00" else "")
            sheet.check()


def _is_error(attributes: dict[str, str]) -> bool:
    shown = attributes.get(_OFFICE + "string-value", "")
    return attributes.get(_CALC + "value-type") == "error" or _ERROR_TEXT.fullmatch(shown) is not None


def _shape(text: str, held: str) -> Shape | None:
    """How a number is shown, by what is shown: ODS writes that beside what it holds."""
    found = _SHOWN.fullmatch(text) if text != held else None
    if found is None:
        return None
    before, digits, after = found.groups()
    plain, whole = digits.replace(",", ""), held.lstrip("-").partition(".")[0]
    if whole.isdecimal() and len(whole) > len(plain.partition(".")[0]) + 1:
        return Shape(is_scaled=True)
    before, after = (each.strip() if _TELLING.search(each) else "" for each in (before, after))
    shape = Shape(0, len(plain) if plain.isdecimal() and plain != "0" and plain[0] == "0" else 0, before, after)
    return None if shape == Shape() else shape


def _count(written: str | None) -> int:
    """A number of repetitions; what cannot be one counts as more than any table holds."""
    if written is None:
        return 1
    return int(written) if written.isdecimal() and len(written) < 12 else 10**12
