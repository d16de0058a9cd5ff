"""A first look into an XLSX file: how far its cells reach, and what the reader of its values leaves out.

Sheets are read by regular expressions over the plain form in which nearly all programs write cells; a sheet in another form is
brought into that form first.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final

from rulecheck.facts.grids import column_letters
from rulecheck.facts.limits import MAXIMUM_MARKS, MAXIMUM_ODD_XML
from rulecheck.facts.spreadsheets.scan_formats import BUILT_IN, shape_of
from rulecheck.facts.spreadsheets.scan_parts import (
    XML_FAULTS,
    Archive,
    Position,
    Scan,
    Shape,
    SheetScan,
    Unfit,
    elements,
    local,
    local_attributes,
    reaches,
    too_far,
    too_large,
    too_many,
    xml_parser,
)

_WORKBOOK: Final = "xl/workbook.xml"
_LINKS: Final = frozenset({"Relationship"})
_SECTIONS: Final = frozenset({"numFmts", "fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"})
_STYLES: Final = _SECTIONS | {"numFmt", "font", "strike", "xf"}


def scan_xlsx(archive: Archive) -> Scan:
    workbook = _workbook_part(archive)
    relations = {each["Id"]: each for each in _relations(archive, workbook) if "Id" in each}
    described = elements(archive, workbook, frozenset({"sheet", "calcPr"}))
    for each in relations.values():
        if each.get("Type", "").endswith("/sharedStrings"):
            _check_plain(archive, _target(workbook, each))
    shapes, struck = _looks(archive, workbook, relations.values())
    is_stale = any(name == "calcPr" and attributes.get("fullCalcOnLoad") in ("1", "true") for name, attributes in described)
    scan = Scan()
    for name, attributes in described:
        relation = relations.get(attributes.get("id", "")) if name == "sheet" else None
        if relation is None or not relation.get("Type", "").endswith("/worksheet"):
            continue
        title, part = attributes.get("name", ""), _target(workbook, relation)
        try:
            pieces = _checked(title, _pieces(archive.chunks(part)))
        except _OddForm:
            pieces = _of_odd_form(archive, title, part)
        found = scan.sheets[title] = SheetScan(digits=partial(_digits, pieces))
        scan.details.append(partial(_take_details, found, pieces, shapes, struck, is_stale))
    return scan


# --- parts ---


def _workbook_part(archive: Archive) -> str:
    if archive.has("_rels/.rels"):
        for _, attributes in elements(archive, "_rels/.rels", _LINKS):
            if attributes.get("Type", "").endswith("/officeDocument"):
                return attributes.get("Target", _WORKBOOK).lstrip("/")
    return _WORKBOOK


def _relations(archive: Archive, part: str) -> list[dict[str, str]]:
    folder, name = posixpath.split(part)
    found = posixpath.join(folder, "_rels", f"{name}.rels")
    if not archive.has(found):
        raise Unfit("S102")
    return [attributes for _, attributes in elements(archive, found, _LINKS)]


def _target(part: str, relation: Mapping[str, str]) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _check_plain(archive: Archive, name: str) -> None:
    """A part that is only unpacked, to know its size and that it declares nothing."""
    if archive.has(name):
        end = b""
        for chunk in archive.chunks(name):
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or b"<!" in end + chunk[:1]:
                raise Unfit("S104")
            end = chunk[-8:]


def _looks(archive: Archive, workbook: str, relations: Iterable[Mapping[str, str]]) -> tuple[dict[int, Shape], frozenset[int]]:
    """The shapes of the cells' styles, by number, where they have one; and the styles that strike their cells out."""
    found: dict[int, Shape] = {}
    struck: set[int] = set()
    for relation in relations:
        name = _target(workbook, relation)
        if not relation.get("Type", "").endswith("/styles") or not archive.has(name):
            continue
        codes: dict[int, str] = dict(BUILT_IN)
        known: dict[int, Shape | None] = {}
        count, fonts, section = 0, 0, ""
        struck_fonts: set[str] = set()
        for element, attributes in elements(archive, name, _STYLES):
            if element == "numFmt" and attributes.get("numFmtId", "").isdecimal():
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif element in _SECTIONS:
                section = element
            elif section == "fonts" and element == "font":
                fonts += 1
            elif section == "fonts" and element == "strike" and attributes.get("val", "1") not in ("0", "false"):
                struck_fonts.add(str(fonts - 1))
            elif section == "cellXfs" and element == "xf":
                written = attributes.get("numFmtId", "0")
                number = int(written) if written.isdecimal() else 0
                if number not in known:
                    known[number] = shape_of(codes.get(number, ""))
                shape = known[number]
                if shape is not None:
                    found[count] = shape
                if attributes.get("fontId") in struck_fonts:
                    struck.add(count)
                count += 1
    return found, frozenset(struck)


# --- sheets, piece by piece ---

_FURTHER: Final = rb'(?: (?:cm|vm|ph)="[0-9]+")* ?'
_ATTRIBUTES: Final = rb'(?: s="[0-9]+")?(?: t="[a-zA-Z]+")?' + _FURTHER + b"/?>"
_ODD: Final = re.compile(rb'<c[\s/>](?!r="[A-Z]{1,3}[1-9][0-9]{0,6}"' + _ATTRIBUTES + b")")
_COLUMN: Final = re.compile(rb'<c r="([A-Z]+)')
_FILLED: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>/]*>')
_ROW: Final = b'<row r="'
_TWO_LETTERS: Final = 702


class _OddForm(Exception):
    """The sheet is not written in the plain form."""


def _of_odd_form(archive: Archive, sheet: str, part: str) -> list[bytes]:
    if archive.size(part) > MAXIMUM_ODD_XML:
        raise too_large(MAXIMUM_ODD_XML)
    try:
        return _checked(sheet, _pieces(_rewritten(archive.chunks(part))))
    except _OddForm:  # places that no sheet has
        raise Unfit("S102") from None


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet cut between rows."""
    waiting: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"<row")
        if cut > 0:
            yield b"".join([*waiting, chunk[:cut]])
            waiting = [chunk[cut:]]
        else:
            waiting.append(chunk)
    yield b"".join(waiting)


def _checked(sheet: str, pieces: Iterable[bytes]) -> list[bytes]:
    """The pieces, if they are in the plain form and no cell of theirs lies too far out.

    To look whether any cell is odd or lies beyond the last row and column is several times quicker than to read where each
    lies; that is done only where there is one, or where the last row and column make too large a table.
    """
    kept: list[bytes] = []
    row, column, is_exact = 0, 0, False
    for piece in pieces:
        if b"<!" in piece:
            raise Unfit("S104") if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece else _OddForm
        if not kept and b"<worksheet" not in piece:
            raise _OddForm
        kept.append(piece)
        if is_exact:
            if _ODD.search(piece):
                raise _OddForm
            row, column = _filled([piece], row, column)
        else:
            row, column = max(row, _last_row(piece)), column or _last_column(piece)
            if _unlike(row, column).search(piece):
                if _ODD.search(piece):
                    raise _OddForm
                column = max(column, _last_column(piece))
                is_exact = _unlike(row, column).search(piece) is not None
            is_exact = is_exact or column > _TWO_LETTERS or reaches(row, column)
            if is_exact:
                row, column = _filled(kept, 0, 0)
        if is_exact and reaches(row, column):
            raise too_far(sheet, row, column)
    return kept


def _last_row(piece: bytes) -> int:
    """The number of the last row of a piece; it need not be the largest."""
    start = piece.rfind(_ROW) + len(_ROW)
    written = piece[start : piece.find(b'"', start)]
    return int(written) if start >= len(_ROW) and written.isdigit() and len(written) < 10 else 0


def _last_column(piece: bytes) -> int:
    return max(map(_number, set(_COLUMN.findall(piece))), default=0)


def _unlike(row: int, column: int) -> re.Pattern[bytes]:
    """Matches a cell that is not written in the plain form or lies beyond a row or column."""
    digits = str(row)
    rows = [digits, rf"[1-9][0-9]{{0,{len(digits) - 2}}}"] if len(digits) > 1 else [digits]
    for place, digit in enumerate(digits):
        least = "1" if place == 0 else "0"
        if digit > least:
            rows.append(rf"{digits[:place]}[{least}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    letters = column_letters(column)
    match len(letters):
        case 0:
            columns = ["(?!)"]
        case 1:
            columns = [f"[A-{letters}]"]
        case 2:
            columns = ["[A-Z]", f"{letters[0]}[A-{letters[1]}]"]
            columns += [f"[A-{chr(ord(letters[0]) - 1)}][A-Z]"] if letters[0] > "A" else []
        case _:  # to be looked at more closely in any case
            columns = ["[A-Z]{1,3}"]
    pattern = rf'<c[\s/>](?!r="(?:{"|".join(columns)})(?:{"|".join(rows)})"'
    return re.compile(pattern.encode() + _ATTRIBUTES + b")")


def _filled(pieces: Iterable[bytes], last_row: int, last_column: int) -> tuple[int, int]:
    """How far cells with content reach. Those without may stand anywhere: whole columns are given a colour."""
    for piece in pieces:
        found = _FILLED.findall(piece)
        last_row = max([last_row, *map(int, {row for _, row in found})])
        last_column = max([last_column, *map(_number, {column for column, _ in found})])
    return last_row, last_column


@cache
def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rewritten(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet in another form, in the plain one: prefixes, comments, single quotes, cells that do not say where they are."""
    out: list[str] = ["<worksheet>"]
    row = column = 0

    def start(name: str, found: dict[str, str]) -> None:
        nonlocal row, column
        element, attributes = local(name), local_attributes(found)
        if element == "row":
            given = attributes.get("r", "")
            row, column = int(given) if given.isdecimal() and len(given) < 10 else row + 1, 0
            out.append(f'<row r="{row}"{_kept(attributes, "hidden", str.isalnum)}>')
        elif element == "c":
            match = _CELL_NAME.fullmatch(attributes.get("r", ""))
            column = _number(match[1].encode()) if match else column + 1
            row = int(match[2]) if match else row
            kept = _kept(attributes, "s", str.isdecimal) + _kept(attributes, "t", str.isalpha)
            out.append(f'<c r="{column_letters(column)}{row}"{kept}>')
        elif element in ("v", "f", "is"):
            out.append(f"<{element}>")
            if element == "v":
                parser.CharacterDataHandler = lambda text: out.append(html.escape(text))

    def end(name: str) -> None:
        element = local(name)
        parser.CharacterDataHandler = None
        if element in ("row", "c", "v", "f", "is"):
            out.append(f"</{element}>")

    parser = xml_parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield "".join(out).encode()
            out.clear()
        parser.Parse(b"", True)
    except XML_FAULTS:
        raise Unfit("S102") from None
    yield "".join(out).encode()


_CELL_NAME: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _kept(attributes: Mapping[str, str], name: str, fits: Callable[[str], bool]) -> str:
    """An attribute as in the plain form; one that does not fit there is left out."""
    value = attributes.get(name, "")
    return f' {name}="{value}"' if value.isascii() and fits(value) else ""


# --- what the reader leaves out ---

_START: Final = rb'<c r="([A-Z]+)([0-9]+)"'
_FORMULA: Final = rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)"
_VALUE: Final = rb"<v(?:\s[^>]*)?(?:/>|>([^<]*)</v>)"
_TYPED: Final = _START + rb'[^>]* t="%s"[^>]*>(?:' + _FORMULA + rb")?" + _VALUE
_ERRORS: Final = re.compile(_TYPED % b"e")
_BOOLEANS: Final = re.compile(_TYPED % b"b")
_FORMULAS: Final = re.compile(_START + rb"([^>]*)>" + _FORMULA + rb"(?:" + _VALUE + rb")?")
_DIGITS: Final = re.compile(_START + rb"[^>]*>(?:" + _FORMULA + rb")?<v>(-?[0-9]{16,})</v>")
_HIDDEN: Final = re.compile(rb'<row\s[^>]*\bhidden="(?:1|true)"[^>/]*>')
MOST_STRUCK: Final = 1_000
"""Styles that strike out, as far as they are looked for; a workbook made by hand has few."""
_FEW: Final = 30
"""Styles that are quicker to look for one by one than to look at every style."""


def _digits(pieces: Iterable[bytes]) -> dict[Position, str]:
    """Whole numbers of 16 and more digits."""
    return {(int(row), _number(letters)): value.decode() for piece in pieces for letters, row, value in _DIGITS.findall(piece)}


_HIDDEN_COLUMNS: Final = re.compile(rb'<col\s(?=[^>]*\bhidden="(?:1|true)")[^>]*\bmin="([0-9]{1,5})"[^>]*>')
_HIDES_AFTER: Final = re.compile(rb'\bmax="([0-9]{1,5})"')


def _hidden_columns(pieces: Sequence[bytes]) -> int:
    """How many columns that hold something are hidden."""
    spans = []
    for match in _HIDDEN_COLUMNS.finditer(pieces[0]):
        last = _HIDES_AFTER.search(match[0])
        spans.append((int(match[1]), int(last[1]) if last else int(match[1])))
    if not spans:
        return 0
    filled = {_number(letters) for piece in pieces for letters, _ in _FILLED.findall(piece)}
    return sum(any(first <= column <= last for first, last in spans) for column in filled)


def _take_details(
    found: SheetScan, pieces: Sequence[bytes], shapes: Mapping[int, Shape], struck: frozenset[int], is_stale: bool
) -> None:
    found.hidden_columns = _hidden_columns(pieces)
    if struck:
        wanted = b"|".join(str(number).encode() for number in sorted(struck)[:MOST_STRUCK])
        of_style = re.compile(_START + rb' s="(?:' + wanted + rb')"[^>/]*>')
        for piece in pieces:
            found.struck += [(int(row), _number(letters)) for letters, row in of_style.findall(piece)]
            found.check()
    styles = {str(number).encode(): kind for kind, number in enumerate(shapes)}
    found.shapes.known = list(shapes.values())
    looked_for = b"|".join(styles) if len(styles) <= _FEW else b"[0-9]+"
    styled = re.compile(_START + rb' s="(' + looked_for + rb')"(?: t="n")?' + _FURTHER + b">")
    merged = 0
    for piece in pieces:
        if b' hidden="' in piece:
            found.hidden_rows += len(_HIDDEN.findall(piece))
        if b' t="e"' in piece:
            for letters, row, value in _ERRORS.findall(piece):
                found.errors[int(row), _number(letters)] = html.unescape(value.decode("utf-8", "replace"))
        if b' t="b"' in piece:
            for letters, row, value in _BOOLEANS.findall(piece):
                found.booleans[int(row), _number(letters)] = value.strip() in (b"1", b"true")
        if b"<f" in piece:
            for letters, row, attributes, value in _FORMULAS.findall(piece):
                is_empty = value == b"" and b't="str"' not in attributes
                if is_empty or (is_stale and value == b"0"):
                    found.uncalculated.append((int(row), _number(letters)))
                else:
                    found.formula((int(row), _number(letters)))
        merged += piece.count(b"<mergeCell ")
        if merged > MAXIMUM_MARKS:
            raise too_many()
        matches = styled.findall(piece) if styles else []
        if len(styles) > _FEW:
            matches = [match for match in matches if match[2] in styles]
        if matches:
            columns, rows, numbers = zip(*matches, strict=True)
            found.shapes.rows.extend(map(int, rows))
            found.shapes.columns.extend(map(_number, columns))
            found.shapes.kinds.extend(map(styles.__getitem__, numbers))
        found.check()
