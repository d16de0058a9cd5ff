"""Where the headings of a table stand: one to three rows, with what each column is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.grids import Area, Grid
from rulecheck.facts.headings import clean, is_ignored, words
from rulecheck.facts.layout.header import pairs_of_cell
from rulecheck.facts.layout.names import SKIP, Names, Skip, unit_in
from rulecheck.facts.layout.words import label_of, listed, meanings, squeezed
from rulecheck.measures.numerals import read_marker
from rulecheck.rules.model import Kind

_MOST_LOOKED_AT: Final = 50
"""Rows that may stand above the headings."""
_MOST_CELLS: Final = 10_000
"""Cells of those rows, on a very wide sheet."""
_MOST_DEEP: Final = 3
_FURTHER: Final = 3
"""Rows looked at below headings that are clear already: those over two rows begin with the weaker one."""
_IDENTITY: Final = frozenset({"id", "name", "credit_code", "code"})
_COLUMN_NUMBER: Final = re.compile(r"[（(\[]?(?P<number>[0-9０-９]{1,3})[)）\]]?(?:\s*=.*)?")
_COLUMN_LETTERS: Final = "甲乙丙丁戊己庚辛"
_LATIN_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FEWEST_NUMBERS: Final = 3

Areas = Mapping[int, Sequence[Area]]
"""The merged areas of a sheet by each row (position) that they cover."""
Covered = Mapping[tuple[int, int], Area]
"""The merged area that covers a cell, by its position."""


@dataclass(slots=True)
class Heading:
    """One column's heading: its texts from the uppermost down, the key that they stand for (None: nothing is called so), the
    position of the lowest. `unit`: what a row of units below says of it."""

    stack: tuple[str, ...]
    name: str | Skip | None
    row: int
    unit: str = ""

    @property
    def text(self) -> str:
        """The heading as it stands, on one line."""
        return "-".join(clean(each) for each in self.stack)

    def called(self, kind: Kind | None, names: Names) -> str | Skip | None:
        """What it is called among the names of a kind."""
        with_unit = names.found(kind, (*self.stack, self.unit)) if self.unit else None
        return with_unit or names.found(kind, self.stack)


@dataclass(slots=True)
class Block:
    """The rows `top` to `bottom` (positions, ends included) of headings; `headings` by column, None where there is none."""

    top: int
    bottom: int
    headings: list[Heading | None]

    @property
    def known(self) -> int:
        """How many different names are found that mean something."""
        named = {each.name for each in self.headings if each and isinstance(each.name, str) and not is_ignored(each.name)}
        return len(named) + sum(1 for each in self.headings if each and each.name is SKIP)

    @property
    def names(self) -> list[str | Skip | None]:
        return [each.name if each else None for each in self.headings]

    @property
    def filled(self) -> int:
        return sum(1 for each in self.headings if each)

    @property
    def is_full(self) -> bool:
        """Whether every column has a heading that is known: nothing is left to be found."""
        return all(each and each.name for each in self.headings)

    @property
    def is_clear(self) -> bool:
        """Most headings are names, two of them side by side: no form is like this."""
        found = [bool(each and each.name) for each in self.headings if each]
        is_beside = any(left and left.name and right and right.name for left, right in pairwise(self.headings))
        return self.known >= 2 and sum(found) * 2 > len(found) and is_beside

    @property
    def is_alternating(self) -> bool:
        """Whether no two names stand side by side, as labels with values between them."""
        named = [bool(each and each.name) for each in self.headings]
        return not any(left and right for left, right in pairwise(named))

    def columns_of(self, meanings: frozenset[str]) -> list[int]:
        """The columns whose headings are reserved words of these meanings."""
        return [
            column
            for column, heading in enumerate(self.headings)
            if heading and isinstance(heading.name, str) and words("reserved").get(heading.name) in meanings
        ]

    @property
    def identity(self) -> list[int]:
        return self.columns_of(_IDENTITY)

    @property
    def left_blank(self) -> bool:
        """Whether the first column of the grid is none of the table's."""
        return self.headings[0] is None

    @property
    def numbering(self) -> list[int]:
        """Columns such as 序号, which a row of totals may use for its name."""
        return [
            column
            for column, heading in enumerate(self.headings)
            if heading and isinstance(heading.name, str) and is_ignored(heading.name)
        ]


def areas_by_row(grid: Grid) -> Areas | None:
    """The merged areas by row; None where they cover more cells than there are, so that some lie on others."""
    count = sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in grid.merged)
    if grid.merged and count > len(grid.rows) * len(grid.rows[0]):
        return None
    found: dict[int, list[Area]] = {}
    for area in grid.merged:
        for row in range(area.top, area.bottom + 1):
            found.setdefault(row, []).append(area)
    return found


def find_block(grid: Grid, start: int, kind: Kind | None, names: Names, areas: Areas) -> Block | None:
    """The best headings at or below a row: those with the most names; of equals the fewest rows, then the uppermost."""
    best: Block | None = None
    rest = 0
    most = min(_MOST_LOOKED_AT, _MOST_CELLS // len(grid.rows[0]) + 1)
    for row in range(start, min(len(grid.rows), start + most)):
        if not any(text.strip() for text in grid.rows[row]) or _has_labels(grid.rows[row]):
            continue
        if best is not None and best.is_clear:
            rest += 1
            if rest > _FURTHER or row > best.bottom + _FURTHER:
                break
        found = block_at(grid, row, kind, names, areas)
        if found is not None and (best is None or _is_better(grid, found, best, areas)):
            best, rest = found, 0
            if best.is_full and best.top == best.bottom and row not in areas:
                break
    return _with_rows_below(grid, best, kind, names) if best is not None else None


def _is_better(grid: Grid, found: Block, best: Block, areas: Areas) -> bool:
    """More names, or the same ones without a row above them that adds nothing: a title, the name of a group."""
    if found.known != best.known or found.bottom != best.bottom:
        return found.known > best.known
    if found.names == best.names:
        return True
    # what a title says of the unit is for all columns, and is told
    return _is_title(grid, best, areas) and _without_units(found.names) == _without_units(best.names)


def _is_title(grid: Grid, block: Block, areas: Areas) -> bool:
    """Whether in the first row one text stands alone, over all columns or none in particular."""
    filled = [column for column, text in enumerate(grid.rows[block.top]) if text.strip()]
    headed = [column for column, heading in enumerate(block.headings) if heading]
    merged = [area for area in areas.get(block.top, ()) if filled and area.left == filled[0]]
    return len(filled) == 1 and all(area.left <= headed[0] and area.right >= headed[-1] for area in merged)


def _without_units(names: Sequence[str | Skip | None]) -> list[str | Skip | None]:
    return [each.partition("（")[0] if isinstance(each, str) else each for each in names]


def _has_labels(cells: Sequence[str]) -> bool:
    """Whether a row holds labels with their values, `填报单位：甲局`, `单位：万元`: no row of headings."""
    pairs = (pair for text in cells if ":" in text or "：" in text for pair in pairs_of_cell(text))
    return any(value and label_of(label) in meanings("header") for label, value in pairs)


def block_at(grid: Grid, row: int, kind: Kind | None, names: Names, areas: Areas) -> Block | None:
    """The headings that begin at a row; None where no cell of it is called anything."""
    rows = range(row, row + _MOST_DEEP)
    covered = {
        (each, column): area for each in rows for area in areas.get(each, ()) for column in range(area.left, area.right + 1)
    }
    best: Block | None = None
    for depth in range(1, _MOST_DEEP + 1):
        if row + depth > len(grid.rows):
            break
        if depth > 1 and not any(grid.rows[row + depth - 1]):
            break
        found = _block(grid, row, depth, covered, kind, names)
        if found.known and (best is None or found.known > best.known):
            best = found
        if depth == 1 and found.is_full and not covered:
            break  # nothing is left to be found
    return best


def _block(grid: Grid, top: int, depth: int, covered: Covered, kind: Kind | None, names: Names) -> Block:
    headings: list[Heading | None] = []
    for column in range(len(grid.rows[top])):
        parts = _parts(grid, top, depth, column, covered)
        if not parts or not parts[-1].is_own:
            headings.append(None)
            continue
        stack = tuple(each.text for each in parts)
        # One name right below another is a label of a form below another, not a heading over two rows.
        is_list = len(parts) > 1 and all(each.is_own and names.found(kind, (each.text,)) for each in parts[-2:])
        headings.append(Heading(stack, None if is_list else names.found(kind, stack), parts[-1].row))
    return Block(top, top + depth - 1, headings)


@dataclass(frozen=True, slots=True)
class _Text:
    """One of the texts over a column; `is_own`: it stands in the column itself, not only in a cell to its left that is merged
    with it or names a group."""

    text: str
    row: int
    is_own: bool


def _parts(grid: Grid, top: int, depth: int, column: int, covered: Covered) -> list[_Text]:
    """The texts over a column, from the uppermost down."""
    parts: list[_Text] = []
    for row in range(top, top + depth):
        text = grid.rows[row][column]
        area = covered.get((row, column))
        is_own = True
        if area is not None:
            if area.top < row:
                continue
            text = grid.rows[row][area.left]
            is_own = area.left == column and (area.right == column or row + 1 == top + depth or area.bottom > row)
        elif not text.strip():
            if not any(grid.rows[below][column].strip() for below in range(row + 1, top + depth)):
                continue
            left = next((each for each in range(column - 1, -1, -1) if grid.rows[row][each].strip()), None)
            is_merged = left is not None and (row, left) in covered  # how far that group reaches is told
            text = "" if left is None or is_merged else grid.rows[row][left]
            is_own = False
        if text.strip():
            parts.append(_Text(text, row, is_own))
    return parts


# --- rows that belong to the headings ---


def _with_rows_below(grid: Grid, block: Block, kind: Kind | None, names: Names) -> Block:
    """The block with a row of units under it."""
    row = block.bottom + 1
    if row < len(grid.rows) and _is_units_row(grid.rows[row], block):
        headings: list[Heading | None] = []
        for heading, text in zip(block.headings, grid.rows[row], strict=True):
            unit = unit_in(text)
            if heading is None or not unit:
                headings.append(heading)
                continue
            with_unit = Heading(heading.stack, heading.name, heading.row, unit)
            headings.append(Heading(heading.stack, with_unit.called(kind, names), heading.row, unit))
        block = Block(block.top, row, headings)
    return block


def _is_units_row(cells: Sequence[str], block: Block) -> bool:
    """Whether every cell is a unit, or says that there is none; the cell of an id or name says so or is the word `单位`."""
    for column in block.identity:
        text = cells[column]
        if read_marker(text) != "untold" and squeezed(text) not in listed("units_row"):
            return False
    filled = [text for text in cells if text.strip() and read_marker(text) != "untold"]
    if not filled or any(character.isdecimal() for text in filled for character in text):
        return False
    units = [bool(unit_in(text)) for text in filled]
    return any(units) and all(units[1:]) and (units[0] or squeezed(filled[0]) in listed("units_row"))


def is_column_numbers(cells: Sequence[str]) -> bool:
    """`甲 乙 1 2 3`, `栏次 1 2 3=1+2`, `A B C`: at least three numbers or letters in their order, two after 甲 or 栏次, and
    nothing else."""
    filled = [text.strip() for text in cells if text.strip()]
    if len(filled) >= _FEWEST_NUMBERS and "".join(filled) == _LATIN_LETTERS[: len(filled)]:
        return True
    rest = filled[1:] if filled and squeezed(filled[0]) in listed("column_numbers") else filled
    while rest and rest[0] in _COLUMN_LETTERS:
        rest = rest[1:]
    numbers = [_COLUMN_NUMBER.fullmatch(text) for text in rest]
    is_enough = len(rest) >= (_FEWEST_NUMBERS if len(rest) == len(filled) else _FEWEST_NUMBERS - 1)
    return is_enough and all(each and int(each["number"]) == number for number, each in enumerate(numbers, 1))
