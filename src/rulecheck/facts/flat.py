"""Lists of flat subjects in YAML and JSON, every value a plain one, turned into columns, so that they are read as tables are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.columns import Rows
from rulecheck.facts.grids import Mark
from rulecheck.facts.nodes import Cell, Items, Key, Mapping, Node, Objects, Spot
from rulecheck.rules.model import Kind


def rows_of(items: Items, kind: Kind, file: str) -> Rows | None:
    """The list by columns; None where a member is not flat."""
    if items.objects is not None:
        return _of_objects(items.objects, str(items.spot), kind, file)
    return _of_nodes(items.nodes, kind, file)


# --- JSON ---


@dataclass(slots=True)
class _Paths:
    """`$.单位[3].编制`"""

    list_path: str
    keys: Sequence[str]
    names_columns: bool = False

    def row(self, row: int) -> Spot:
        return f"{self.list_path}[{row}]"

    def every_row(self, count: int) -> Sequence[Spot]:
        return [f"{self.list_path}[{row}]" for row in range(count)]

    def cell(self, row: int, column: int) -> Spot:
        return below(f"{self.list_path}[{row}]", self.keys[column])


_PLAIN_KEY: Final = re.compile(r"[^\W\d]\w*\Z")


def below(path: str, key: str) -> str:
    """The path of a key's value."""
    return f"{path}.{key}" if _PLAIN_KEY.match(key) else f"{path}[{json.dumps(key, ensure_ascii=False)}]"


_PLAIN: Final = frozenset({str, bool, type(None)})
_WORDS: Final[dict[object, str]] = {True: "true", False: "false", None: ""}


def objects_of(pairs: Sequence[Sequence[tuple[str, Any]]]) -> Objects | None:
    """JSON objects by key; None where one of them holds another or a list, or has a key twice."""
    found = _by_key(pairs)
    return found if found is not None and all(set(map(type, column)) <= _PLAIN for column in found.columns) else None


def _of_objects(objects: Objects, path: str, kind: Kind, file: str) -> Rows:
    texts, marks = [], []
    for column in objects.columns:
        odd = [row for row, value in enumerate(column) if type(value) is not str] if _has_words(column) else []
        marks.append({row: Mark.BOOLEAN for row in odd if column[row] is not None})
        texts.append([value if type(value) is str else _WORDS[value] for value in column] if odd else column)
    keys = [Key(name, path) for name in objects.names]
    raw: list[dict[int, str]] = [{}] * len(keys)
    spots = _Paths(path, objects.names)
    return Rows(kind, file, "", objects.count, keys, texts, marks, raw, objects.absent, spots, is_table=False)


def _has_words(column: Sequence[object]) -> bool:
    return set(map(type, column)) != {str}


def _by_key(rows: Sequence[Sequence[tuple[str, Any]]]) -> Objects | None:
    """The values of the rows under every key they have; None where a row has a key twice."""
    split = [tuple(zip(*row, strict=True)) or ((), ()) for row in rows]
    shapes = {names for names, _ in split}
    if any(len(set(names)) != len(names) for names in shapes):
        return None
    if len(shapes) == 1:
        (names,) = shapes
        columns = list(map(list, zip(*(values for _, values in split), strict=True)))
        return Objects(list(names), columns, [()] * len(names), len(rows))
    every = list(dict.fromkeys(name for names, _ in split for name in names))
    mapped = [dict(row) for row in rows]
    columns = [[row.get(name) for row in mapped] for name in every]
    absent = [{number for number, row in enumerate(mapped) if name not in row} for name in every]
    return Objects(every, columns, list(absent), len(rows))


# --- YAML ---


@dataclass(slots=True)
class _LinesOfCells:
    """The line of each row and cell."""

    rows: Sequence[Spot]
    cells: Sequence[Sequence[Spot]]
    names_columns: bool = False

    def row(self, row: int) -> Spot:
        return self.rows[row]

    def every_row(self, count: int) -> Sequence[Spot]:
        return self.rows

    def cell(self, row: int, column: int) -> Spot:
        return self.cells[column][row]


def _of_nodes(nodes: Sequence[Node], kind: Kind, file: str) -> Rows | None:
    members = [node for node in nodes if type(node) is Mapping]
    if len(members) != len(nodes):
        return None
    found = _by_key([[(key.text, node) for key, node in member.entries] for member in members])
    if found is None:
        return None
    names, columns, absent = found.names, found.columns, found.absent
    for column, lacking in zip(columns, absent, strict=True):
        if lacking:
            column[:] = [_BLANK if cell is None else cell for cell in column]
        if any(type(cell) is not Cell or cell.form == "null" for cell in column):
            return None
    texts = [[cell.text for cell in column] for column in columns]
    spots = _LinesOfCells([member.spot for member in members], [[cell.spot for cell in column] for column in columns])
    keys = [Key(name, 0) for name in names]
    nothing: list[dict[int, Any]] = [{}] * len(names)
    return Rows(kind, file, "", len(members), keys, texts, nothing, nothing, absent, spots, is_table=False)


_BLANK: Final = Cell("", 0)
