"""A first look into an XLS file (and what WPS writes as .et): the stream of the workbook in its compound file, then its records,
for how far cells reach and for what the reader of the values leaves out. Layouts: [MS-CFB], [MS-XLS]."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from rulecheck.facts.spreadsheets.scan_formats import BUILT_IN, shape_of
from rulecheck.facts.spreadsheets.scan_parts import Scan, Shape, SheetScan, Unfit, reaches, too_far

Record = tuple[int, bytes]
"""The kind of a record, and what it holds."""


def scan_xls(content: bytes) -> Scan:
    try:
        stream = _workbook_stream(content)
        workbook = _Workbook(stream)
        scan = Scan()
        for name, start, is_hidden in workbook.sheets:
            found = scan.sheets[name] = SheetScan(is_hidden=is_hidden)
            workbook.read_sheet(name, start, found)
    except (struct.error, IndexError, ValueError):  # what is said of lengths and places is not so
        raise Unfit("S102") from None
    return scan


# --- the compound file ---

_END: Final = 0xFFFFFFFA
"""Numbers of sectors from here on mean the end of a chain, or a sector without one."""


def _workbook_stream(content: bytes) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Unfit("S102")
    (directory,) = struct.unpack_from("<I", content, 48)
    cutoff, mini_start = struct.unpack_from("<II", content, 56)
    size = 1 << shift

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    def numbers(part: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    def whole(start: int, table: tuple[int, ...], take: Callable[[int], bytes]) -> bytes:
        return b"".join(take(number) for number in _chain(start, table))

    of_tables = list(struct.unpack_from("<109I", content, 76))
    (extension,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if extension >= _END:
            break
        *more, extension = numbers(sector(extension))
        of_tables += more
    table = numbers(b"".join(sector(number) for number in of_tables if number < len(content) // size))
    entries: dict[str, tuple[int, int]] = {}
    listed = whole(directory, table, sector)
    for at in range(0, len(listed) - 127, 128):
        length, kind = struct.unpack_from("<HB", listed, at + 64)
        name = listed[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if kind in (2, 5):
            entries["" if kind == 5 else name.lower()] = struct.unpack_from("<II", listed, at + 116)
    if "" not in entries:
        raise Unfit("S102")
    if "encryptedpackage" in entries:
        raise Unfit("S101")
    found = entries.get("workbook") or entries.get("book")
    if found is None:
        raise Unfit("S107", found="DOC" if "worddocument" in entries else "OLE")
    start, length = found
    if length >= cutoff:
        return whole(start, table, sector)[:length]
    small = whole(entries.get("", (_END, 0))[0], table, sector)
    small_table = numbers(whole(mini_start, table, sector))
    return whole(start, small_table, lambda number: small[number << mini_shift : number + 1 << mini_shift])[:length]


def _chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
    """The sectors from one on; a chain that bites its own tail is broken."""
    number = start
    for _ in range(len(table) + 1):
        if number >= _END:
            return
        yield number
        number = table[number]
    raise Unfit("S102")


# --- its records ---

_BEGIN, _FINISH, _PASSWORD, _CODE_PAGE, _SHEET, _FORMAT, _STYLE = 0x809, 0x0A, 0x2F, 0x42, 0x85, 0x41E, 0xE0
_FORMULA, _BOOLEAN_OR_ERROR, _NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _ROW = 0x06, 0x205, 0x203, 0x27E, 0xBD, 0x208
_TEXTS: Final = frozenset({0xFD, 0x204, 0xD6})
_CELLS: Final = _TEXTS | {_FORMULA, _BOOLEAN_OR_ERROR, _NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS}
_ERRORS: Final = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NEWEST: Final = 0x600
_CHINESE: Final = 936


class _Workbook:
    """`sheets`: name, where its records start, and whether it is hidden."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self.sheets: list[tuple[str, int, bool]] = []
        self._shapes: list[Shape] = []
        self._kinds: dict[int, int] = {}
        """By style, the number of its shape."""
        codes, styles = dict(BUILT_IN), []
        version, encoding = _NEWEST, "latin-1"
        for kind, data in _records(stream, 0):
            if kind == _BEGIN:
                (version,) = struct.unpack_from("<H", data)
            elif kind == _PASSWORD:
                raise Unfit("S101")
            elif kind == _CODE_PAGE and struct.unpack_from("<H", data)[0] == _CHINESE:
                encoding = "gb18030"
            elif kind == _SHEET:
                start, state, is_other = struct.unpack_from("<IBB", data)
                if not is_other:
                    name = _text(data, 6, 1, version, encoding)
                    self.sheets.append((name, start, bool(state & 3)))
            elif kind == _FORMAT:
                (number,) = struct.unpack_from("<H", data)
                codes[number] = _text(data, 2, 2 if version >= _NEWEST else 1, version, encoding)
            elif kind == _STYLE:
                styles.append(struct.unpack_from("<HH", data)[1])
        for style, number in enumerate(styles):
            shape = shape_of(codes.get(number, ""))
            if shape is not None:
                self._kinds[style] = len(self._shapes)
                self._shapes.append(shape)

    def read_sheet(self, name: str, start: int, found: SheetScan) -> None:
        kinds, hidden = self._kinds, set()
        found.shapes.known = self._shapes
        last_row = last_column = 0
        for kind, data in _records(self._stream, start):
            if kind == _ROW:
                hidden |= {struct.unpack_from("<H", data)[0] + 1} if data[12] & 0x20 else set()
            if kind not in _CELLS:
                continue
            row, column, style = struct.unpack_from("<HHH", data)
            row, column = row + 1, column + 1
            if row in hidden:
                hidden.remove(row)
                found.hidden_rows += 1
            last_row, last_column = max(last_row, row), max(last_column, column)
            if reaches(last_row, last_column):
                raise too_far(name, last_row, last_column)
            if kind in _TEXTS:
                continue
            if kind == _SHORT_NUMBERS:
                for offset in range((len(data) - 6) // 6):
                    (style,) = struct.unpack_from("<H", data, 4 + 6 * offset)
                    if style in kinds:
                        found.shapes.add(row, column + offset, kinds[style])
                continue
            error = None
            if kind == _BOOLEAN_OR_ERROR:
                error = data[6] if data[7] else None
                if error is None:
                    found.booleans[row, column] = data[6] == 1
            elif kind == _FORMULA:
                found.formula((row, column))
                if data[12:14] == b"\xff\xff":
                    error = data[8] if data[6] == 2 else None
                    if data[6] == 1:
                        found.booleans[row, column] = data[8] == 1
                elif style in kinds:
                    found.shapes.add(row, column, kinds[style])
            elif style in kinds:
                found.shapes.add(row, column, kinds[style])
            if error is not None:
                found.errors[row, column] = _ERRORS.get(error, "#?")
            found.check()


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """The records from a place to the end of their part; charts within a sheet are passed over."""
    at, depth, last = start, 0, len(stream) - 4
    unpack = struct.Struct("<HH").unpack_from
    while at <= last:
        kind, length = unpack(stream, at)
        at += 4
        if kind == _BEGIN:
            depth += 1
        elif kind == _FINISH:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1:
            yield kind, stream[at : at + length]
        at += length


def _text(data: bytes, at: int, width: int, version: int, encoding: str) -> str:
    """A text with its length (in one byte or two) before it."""
    count = int.from_bytes(data[at : at + width], "little")
    at += width
    if version < _NEWEST:
        return data[at : at + count].decode(encoding, "replace")
    is_wide = data[at] & 1
    at += 1
    return data[at : at + count * 2].decode("utf-16-le") if is_wide else data[at : at + count].decode("latin-1")
