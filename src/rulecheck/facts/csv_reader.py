"""CSV into a grid of cells: the rows as they stand, each with its first line. What the cells mean is for `layout` to find.

Cells are separated by commas; a file whose every row is separated alike by tabs, semicolons, upright strokes or full-width commas
is read too, and says so.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import Final

from rulecheck.facts.grids import Grid
from rulecheck.facts.limits import MAXIMUM_CELLS, MAXIMUM_COLUMNS
from rulecheck.facts.nodes import Faults

_COMMA: Final = ","
_OTHER_DELIMITERS: Final = {"\t": "TAB", ";": ";", "；": "；", "，": "，", "、": "、", "|": "|"}
_NEVER_IN_TEXT: Final = frozenset("\t;；")
"""Marks that a title or a note, which are one cell, may lack: the others are punctuation as well."""
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
"""A text with `'` before it that a spreadsheet program would else take for a formula; the mark is no part of it."""
_AS_FORMULA: Final = re.compile(r'="([^"]*)"')
"""A text that is written as a formula, so that a spreadsheet program keeps its noughts: `="007"`."""
_LINE: Final = re.compile(r"[^\r\n]+")
_MOST_LOOKED_AT: Final = 50
"""Lines that show what a file is separated by."""


def read_csv(text: str, file_name: str, faults: Faults) -> Grid | None:
    """The cells of a CSV text, None where it holds none or cannot be read; rows that are shorter are filled up with blanks."""
    delimiter = _delimiter(text, faults)
    if delimiter is None:
        return None
    if text.count(delimiter) > 2 * MAXIMUM_CELLS:  # a row is built whole before its cells can be counted
        faults.add("F114", 0, limit=f"{MAXIMUM_CELLS:,}")
        return None
    read = _rows(text, delimiter, faults)
    if read is None:
        return None
    rows, numbers = read
    if "'" in text:
        rows = [[cell[1:] if _GUARDED.match(cell) else cell for cell in row] for row in rows]
    if '="' in text:
        rows = [[found[1] if (found := _AS_FORMULA.fullmatch(cell)) else cell for cell in row] for row in rows]
    lengths = list(map(len, rows))
    sizes = set(lengths)
    if 0 in sizes:  # a blank line
        rows, numbers = [row for row in rows if row], [number for number, row in zip(numbers, rows, strict=True) if row]
        lengths = list(map(len, rows))
        sizes.discard(0)
    if not rows:
        return None
    if sum(lengths) > MAXIMUM_CELLS:
        faults.add("F114", 0, limit=f"{MAXIMUM_CELLS:,}")
        return None
    if delimiter != _COMMA:
        if len(sizes - {1}) > 1:
            faults.add("F157", numbers[0], mark=_OTHER_DELIMITERS[delimiter])
            return None
        faults.warn("S216", numbers[0], mark=_OTHER_DELIMITERS[delimiter])
    if max(sizes) > MAXIMUM_COLUMNS:
        widest = lengths.index(max(sizes))
        faults.add("S222", numbers[widest], count=lengths[widest], limit=f"{MAXIMUM_COLUMNS:,}")
        return None
    if len(sizes) == 1:
        return Grid(file_name, "", rows, numbers)
    if len(rows) * max(sizes) > MAXIMUM_CELLS:
        faults.add("F114", 0, limit=f"{MAXIMUM_CELLS:,}")
        return None
    width = max(sizes)
    filled = [row + [""] * (width - len(row)) if len(row) < width else row for row in rows]
    return Grid(file_name, "", filled, numbers, lengths=lengths)


def _delimiter(text: str, faults: Faults) -> str | None:
    """What cells are separated by; None, with the fault, where a file without commas seems to be separated by something else
    but not in the same way throughout."""
    lines = [found[0] for found in islice(_LINE.finditer(text), _MOST_LOOKED_AT)]
    commas = _counts(lines, _COMMA)
    for mark in _OTHER_DELIMITERS:
        counts = _counts(lines, mark)
        bare = counts.pop(0, 0)
        is_alike = len(counts) == 1 and (not bare or (mark in _NEVER_IN_TEXT and bare < sum(counts.values())))
        if is_alike and 0 in commas:
            return mark
    if len(commas) == 1 and 0 in commas:
        for mark, name in _OTHER_DELIMITERS.items():
            if len(lines) > 1 and mark in lines[0] and mark in lines[1]:
                faults.add("F157", 1, mark=name)
                return None
    return _COMMA


def _counts(lines: list[str], mark: str) -> Counter[int]:
    """How many lines have the mark how often."""
    return Counter(line.count(mark) for line in lines)


def _rows(text: str, delimiter: str, faults: Faults) -> tuple[list[list[str]], list[int]] | None:
    """All rows, blank lines as empty lists, and the first line of each (a quoted cell may span several)."""
    if '"' not in text:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            pass  # once more below, to find the line
        else:
            return rows, list(range(1, len(rows) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, numbers = [], [1]
    try:
        for row in reader:
            rows.append(row)
            numbers.append(reader.line_num + 1)
    except csv.Error as fault:
        faults.add("F151", numbers[-1], detail=str(fault))
        return None
    return rows, numbers[:-1]
