"""CSV: a heading row and a row a subject; the kind from a column 核查对象 or from the file's name.

Yields the same tree as the other formats: a mapping from the kind's name to the list of its rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Final

from rulecheck.facts.limits import MAXIMUM_CELLS
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Mapping, shown

_STEM_ENDS: Final = re.compile(r"[-_（(]")
_OTHER_DELIMITERS: Final = {"\t": "TAB", ";": ";", "，": "，", "、": "、", "|": "|"}


def kind_of_stem(stem: str, is_kind: Callable[[str], bool]) -> str:
    """The kind that a file's name gives: `单位-2023年`, `单位_甲局`, `单位（市直）` give 单位, `tobacco_shop-2023`
    tobacco_shop. The longest beginning that names a kind counts; where none does, the shortest is told as unknown."""
    ends = [found.start() for found in _STEM_ENDS.finditer(stem)]
    beginnings = [stem.strip(), *(stem[:end].strip() for end in reversed(ends))]
    return next((each for each in beginnings if is_kind(each)), beginnings[-1])


def read_csv(text: str, stem_kind: str, is_kind_heading: Callable[[str], bool], faults: Faults) -> tuple[Mapping | None, int]:
    """The tree of a CSV text, None where it holds no heading row or cannot be read, and the number of values met.

    `stem_kind`: the kind that the file's name gives. `is_kind_heading` tells the heading of the column that names each
    row's kind.
    """
    rows = _rows(text, faults)
    if not rows:
        return None, 0
    line, heading = rows[0]
    _check_headings(heading, line, len(rows) > 1, faults)
    keys = [Key(name.strip(), line) for name in heading]
    kind_column = next((index for index, key in enumerate(keys) if is_kind_heading(key.text)), None)
    kinds: dict[str, tuple[Key, Items]] = {}
    if kind_column is None:
        _group(kinds, Key(stem_kind, 0))
    for line, row in rows[1:]:
        if len(row) != len(keys) and not (len(row) > len(keys) and not any(cell.strip() for cell in row[len(keys) :])):
            code = "F153" if len(row) > len(keys) else "F154"
            faults.add(code, line, count=len(row), expected=len(keys))
            continue
        entries = []
        for index, (key, written) in enumerate(zip(keys, row, strict=False)):
            if key.text == "":
                if written.strip():
                    faults.add("F155", line, column=index + 1, value=shown(written))
            elif index != kind_column:
                entries.append((key, Cell(written, line)))
        kind = stem_kind if kind_column is None else row[kind_column].strip()
        if not kind:
            faults.add("F156", line, heading=keys[kind_column or 0].text)
            continue
        _group(kinds, Key(kind, 0 if kind_column is None else line)).nodes.append(Mapping(list(entries), line))
    return Mapping(list(kinds.values()), 0), len(keys) * (len(rows) - 1)


def _group(kinds: dict[str, tuple[Key, Items]], key: Key) -> Items:
    if key.text not in kinds:
        kinds[key.text] = (key, Items([], key.spot))
    return kinds[key.text][1]


def _rows(text: str, faults: Faults) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with its first line (a quoted cell may span several)."""
    rows: list[tuple[int, list[str]]] = []
    if text.count(",") > 2 * MAXIMUM_CELLS:  # a row is built whole before its cells can be counted
        faults.add("F114", 0, limit=f"{MAXIMUM_CELLS:,}")
        return rows
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    count = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
                count += len(row)
                if count > MAXIMUM_CELLS:
                    faults.add("F114", line, limit=f"{MAXIMUM_CELLS:,}")
                    return []
            line = reader.line_num + 1
    except csv.Error as fault:
        faults.add("F151", line, detail=str(fault))
        return []
    return rows


def _check_headings(heading: list[str], line: int, has_rows: bool, faults: Faults) -> None:
    if len(heading) == 1:
        for mark, name in _OTHER_DELIMITERS.items():
            if mark in heading[0]:
                faults.add("F157", line, mark=name)
    if not has_rows:
        faults.add("F158", line)
    seen: set[str] = set()
    for name in (each.strip() for each in heading):
        if name and name in seen:
            faults.add("F152", line, heading=shown(name))
        seen.add(name)
