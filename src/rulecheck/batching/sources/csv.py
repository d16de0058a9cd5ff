"""CSV: the encoding found and brought to UTF-8, the headings read, every value a text. Rows are read by the engine; where it
stumbles, the line is found here.

Bytes are looked through once, in pieces, however large the file.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Final

import pyarrow as pa

from rulecheck.batching.sources.table import MAXIMUM_HEADINGS, CsvFiles, Table, part_name, table_name
from rulecheck.dataclass import dataclass
from rulecheck.facts.files import SPREADSHEET_BEGINNINGS
from rulecheck.facts.limits import MEGABYTE
from rulecheck.facts.nodes import Faults, shown

PIECE: Final = 4 * MEGABYTE
MOST_OF_A_ROW: Final = 2 * MEGABYTE
"""Characters of the headings; past them a quotation mark was left open."""
LONGEST_ROW: Final = 8 * MEGABYTE
"""Bytes of one row, line ends in quoted cells included, that an engine reads."""

_UTF8_MARK: Final = codecs.BOM_UTF8
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_UTF8_CHINESE: Final = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_GUARDS: Final = tuple(f"'{mark}".encode() for mark in "=+-@＝＋－＠\t\r")
_FORMULA: Final = b'="'
_OTHER_DELIMITERS: Final = {"\t": "TAB", ";": ";", "；": "；", "，": "，", "|": "|"}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the bytes of a file are: `broken_at` the line at which they are no UTF-8 (None: they are), `seems_utf8`: nearly all
    the Chinese is well-formed UTF-8, so that a broken place is damage."""

    broken_at: int | None
    seems_utf8: bool
    is_guarded: bool


def csv_table(name: str, paths: Sequence[Path], scratch: Path, faults: Faults) -> list[Table]:
    """The table whose parts the files are, in their order; each begins with the headings."""
    first: tuple[str, ...] = ()
    readable: list[Path] = []
    is_guarded = False
    for path in paths:
        faults.file = part_name(name, path, paths)
        looked = _looked(path, faults)
        if looked is None:
            return []
        is_guarded |= looked.is_guarded or looked.broken_at is not None
        found = path
        if looked.broken_at is not None:
            converted = _converted(path, looked, scratch, faults)
            if converted is None:
                return []
            found = converted
        headings = _headings(found, faults)
        if headings is None:
            return []
        if readable and headings != first:
            faults.add("B509", first=shown(paths[0].name))
            return []
        first = headings
        readable.append(found)
    types = (pa.string(),) * len(first)
    return [Table(table_name(name), name, first, types, CsvFiles(tuple(readable), is_guarded), None, True)]


def _looked(path: Path, faults: Faults) -> _Looked | None:
    """One pass over the bytes; None, with the fault, where they are none of a CSV."""
    with path.open("rb") as file:
        beginning = file.read(4)
        if not beginning.removeprefix(_UTF8_MARK):
            faults.add("B532")
            return None
        if beginning.startswith(_WIDE_MARKS):
            faults.add("B533")
            return None
        if beginning.startswith((*SPREADSHEET_BEGINNINGS, b"PAR1")):
            faults.add("B534")
            return None
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        lines, broken_at, is_guarded, beyond, chinese = 1, None, False, 0, 0
        last = b""
        while piece := file.read(PIECE):
            nul = piece.find(b"\0")
            if nul >= 0:
                faults.add("B535", lines + piece.count(b"\n", 0, nul))
                return None
            if broken_at is None:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError as fault:
                    broken_at = lines + piece.count(b"\n", 0, fault.start)
            if broken_at is not None or not piece.isascii():
                beyond, chinese = beyond + len(_NOT_ASCII.findall(piece)), chinese + 3 * len(_UTF8_CHINESE.findall(piece))
            if not is_guarded:
                joined = last[-4:] + piece
                is_guarded = _FORMULA in joined or (b"'" in joined and any(mark in joined for mark in _GUARDS))
            lines += piece.count(b"\n")
            last = piece
        if broken_at is None:
            try:
                decoder.decode(b"", True)
            except UnicodeDecodeError:
                broken_at = lines
    return _Looked(broken_at, chinese * 10 > beyond * 9, is_guarded)


def _converted(path: Path, looked: _Looked, scratch: Path, faults: Faults) -> Path | None:
    """A file in GB18030 (of which GBK and GB2312 are part), written anew in UTF-8; None where it is neither."""
    with path.open("rb") as file:
        if looked.seems_utf8 or file.read(3) == _UTF8_MARK:
            faults.add("B531", looked.broken_at or 0)
            return None
    number = sum(1 for _ in scratch.glob("text-*.csv"))
    converted = scratch / f"text-{number}.csv"
    first_chinese = ""
    with path.open("rb") as file, converted.open("wb") as output:
        decoder = codecs.getincrementaldecoder("gb18030")()
        lines = 1
        piece = b"-"
        while piece:
            piece = file.read(PIECE)
            try:
                text = decoder.decode(piece, not piece)
            except UnicodeDecodeError as fault:
                faults.add("B531", lines + piece.count(b"\n", 0, max(fault.start, 0)))
                return None
            first_chinese = first_chinese or _first_chinese(text)
            output.write(text.encode("utf-8"))
            lines += text.count("\n")
    faults.warn("B536", looked.broken_at or 0, text=shown(first_chinese))
    return converted


def _first_chinese(text: str) -> str:
    """The first piece of a text that tells whether it was read rightly."""
    found = re.search(r"[^\x00-\x7f][^\r\n,]*", text)
    return found[0] if found else ""


# --- headings, and the lines at which reading fails ---


def _headings(path: Path, faults: Faults) -> tuple[str, ...] | None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            row = next(csv.reader(chain([_bounded(file)], file), strict=True), [])
        except csv.Error:
            faults.add("B537", 1)
            return None
    if not any(each.strip() for each in row):
        faults.add("B538", 1)
        return None
    while not row[-1].strip():  # commas at the end of a line, as spreadsheet programs leave them
        row.pop()
    if len(row) > MAXIMUM_HEADINGS:
        faults.add("B510", count=f"{len(row):,}", limit=f"{MAXIMUM_HEADINGS:,}")
        return None
    for mark, name in _OTHER_DELIMITERS.items():
        if len(row) == 1 and mark in row[0]:
            faults.add("B539", 1, mark=name)
            return None
    return tuple(row)


def _bounded(file: IO[str]) -> str:
    """The first line, no more than a row may have."""
    return file.readline(MOST_OF_A_ROW)


def broken_line(source: CsvFiles, name: str, width: int) -> Faults:
    """Why an engine could not read a CSV: the first row that has more or fewer cells than there are headings (`width`),
    in which a quotation mark is left open, or which is longer than an engine reads; nothing where all rows are well."""
    faults = Faults(name)
    before = csv.field_size_limit(LONGEST_ROW)
    try:
        for path in source.paths:
            faults.file = part_name(name, path, source.paths)
            if _is_broken(path, width, faults):
                break
    finally:
        csv.field_size_limit(before)
    return faults


def _is_broken(path: Path, width: int, faults: Faults) -> bool:
    """Tells the first row of a file that cannot be read."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        start = 1
        try:
            for row in reader:
                if _is_too_long(row):
                    faults.add("B547", start, limit=LONGEST_ROW // MEGABYTE)
                    return True
                if row and len(row) != width and (len(row) < width or any(row[width:])):
                    faults.add("B540", start, count=len(row), expected=width)
                    return True
                start = reader.line_num + 1
        except csv.Error as problem:
            # A cell of many lines that finds no end is one that a quotation mark left open; a line of its own is as it stands.
            if str(problem).startswith("field larger") and reader.line_num <= start:
                faults.add("B547", start, limit=LONGEST_ROW // MEGABYTE)
            else:
                faults.add("B537", start)
            return True
    return False


def _is_too_long(row: Sequence[str]) -> bool:
    # No character has more than four bytes.
    return sum(map(len, row)) * 4 > LONGEST_ROW and len(",".join(row).encode("utf-8")) > LONGEST_ROW
