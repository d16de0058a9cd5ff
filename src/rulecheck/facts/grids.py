"""Between a file of cells and the facts in it: a `Grid` is one sheet as it stands, a `Table` the rows in it that are about
subjects of one kind, column by column.

A grid says nothing about meaning. Columns are whole lists, since a table may hold a hundred thousand rows: what is asked of every
cell is asked of the column's distinct texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.nodes import Key, Spot


class Mark(Enum):
    """What is unusual about a cell, beside its text."""

    ERROR = "error"
    """The text is an error value of the spreadsheet: `#DIV/0!`."""
    ROUNDED = "rounded"
    """A number that held more than the 15 significant digits that spreadsheets keep; the text is the rounded one."""
    BOOLEAN = "boolean"
    """`true` or `false` of the format itself."""
    UNREADABLE = "unreadable"
    """Something stands there that the reader cannot give: a formula that was never calculated."""


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, as positions in `Grid.rows` counted from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet, or a whole CSV file (`sheet` is then empty).

    `rows` are the texts of the cells as a person reads them there (a cell shown as 5% is `5%`, a date `2023-01-19`), blank is ``;
    every row has the same length. `numbers` are the rows' numbers in the file: lines of a CSV, rows of a sheet. `left` is the
    number of the first column, from 1. A merged area has its text in its first cell and blanks in the others. `marks` by position
    (row, column) in `rows`, from 0; `raw` the text behind a rounded number. `lengths`: how many cells each row had before it was
    filled up with blanks, where rows of a CSV differ; else empty.
    """

    file: str
    sheet: str
    rows: list[list[str]]
    numbers: Sequence[int]
    left: int = 1
    merged: tuple[Area, ...] = ()
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    raw: dict[tuple[int, int], str] = field(default_factory=dict)
    lengths: Sequence[int] = ()


@dataclass(slots=True)
class Column:
    """One column of a table. `texts` and `marks` by row of the table. `number` is the column's number in the file, from 1."""

    key: Key
    number: int
    texts: Sequence[str]
    marks: Mapping[int, Mark] = field(default_factory=dict)
    raw: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class TotalRow:
    """A row that sums up others: the rows `first` to `last` of the table (ends included). `texts` by column of the table."""

    number: int
    name: str
    texts: Sequence[str]
    first: int
    last: int


@dataclass(slots=True)
class Header:
    """What stands above or below a table, or signs a form, as written: `place`, `as_of`, `unit` (填报单位), `filled_by`,
    `reviewed_by`, `signed_on`, each a text and its spot."""

    words: dict[str, Key] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """Rows about subjects of one kind. `kind` names it, with the place where that stands; `numbers` as in `Grid`, a number a row.
    A form is a table of one row whose cells stand anywhere: `spots` then gives each column's own place."""

    file: str
    sheet: str
    kind: Key
    numbers: Sequence[int]
    columns: list[Column]
    totals: tuple[TotalRow, ...] = ()
    header: Header = field(default_factory=Header)
    spots: tuple[Spot, ...] = ()


def column_letters(number: int) -> str:
    """The letters of a column: 1 is A, 27 AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_spot(sheet: str, row: int, column: int) -> Spot:
    """The place of a cell by its numbers in the file: `!表!C7` on a sheet; in a CSV file, which has none, the line."""
    return f"!{sheet}!{column_letters(column)}{row}" if sheet else row


def spot_in(grid: Grid, row: int, column: int) -> Spot:
    """The place of a cell by its position in `Grid.rows`."""
    return cell_spot(grid.sheet, grid.numbers[row], grid.left + column)
