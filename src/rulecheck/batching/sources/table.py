"""What a table is, wherever it stands: its headings, the types of its columns, and how an engine comes by its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from rulecheck.batching.declaring.declare import TableHeader
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import Faults, shown
from rulecheck.language.diagnostics import Diagnostic

MAXIMUM_HEADINGS: Final = 2_000
"""Columns of one table."""


ENDINGS: Final = frozenset({".parquet", ".csv", ".ndjson", ".jsonl", ".sqlite", ".sqlite3", ".db", ".duckdb"})
"""Of the files that hold tables; a folder of parts may bear one too."""


IsIgnored = Callable[[str, str], bool]
"""Whether a table is not to be read, by its own name and what messages call its file."""

MOST_IGNORED_NAMED: Final = 20


def none_ignored(name: str, file: str) -> bool:
    """Every table is read."""
    return False


def tell_ignored(names: Sequence[str], faults: Faults) -> None:
    """Tables that are not read are named all the same."""
    if names:
        quoted = [f"“{shown(each)}”" for each in names[:MOST_IGNORED_NAMED]]
        more, more_en = ("……", "…") if len(names) > MOST_IGNORED_NAMED else ("", "")
        faults.warn("B127", count=len(names), tables="、".join(quoted) + more, tables_en=", ".join(quoted) + more_en)


def tell_of_database(found: Sequence[Table], ignored: Sequence[str], faults: Faults) -> None:
    """Which tables of a database are not read, and where there are none at all."""
    tell_ignored(ignored, faults)
    if not found and not ignored and not faults.errors:
        faults.add("B549")


def table_name(name: str) -> str:
    """What a file or folder says about whose table it is: its name without folders and ending."""
    path = Path(name)
    return path.stem if path.suffix.lower() in ENDINGS else path.name


def part_name(name: str, path: Path, paths: Sequence[Path]) -> str:
    """What messages call a file that is one of the parts of a table, or the whole of it."""
    return f"{name}/{path.name}" if len(paths) > 1 else name


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """Parquet files of one schema, whose rows follow one another. `rows`: how many each has."""

    paths: tuple[Path, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """CSV files in UTF-8 with the same headings. `is_guarded`: some text may stand with the mark that keeps spreadsheet programs
    from taking it for a formula (`'=…`, `="007"`), which is no part of it."""

    paths: tuple[Path, ...]
    is_guarded: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseTable:
    """A table in a file of DuckDB's."""

    path: Path
    schema: str
    table: str


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """A table of the caller's own."""

    table: pa.Table


Source = ParquetFiles | CsvFiles | DatabaseTable | InMemory


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table that was found, with nothing read but what it says of itself. `name` tells its kind unless a mapping says another;
    `file` is what messages call it. A column is known by its position; no two rows of `headings` need differ. `rows`: None where
    only reading them all would tell. `is_as_written`: its numbers are the texts that stood there."""

    name: str
    file: str
    headings: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    source: Source
    rows: int | None
    is_as_written: bool

    @property
    def header(self) -> TableHeader:
        """What the plan is made from."""
        return TableHeader(self.name, self.file, tuple(zip(self.headings, self.types, strict=True)))


@dataclass(slots=True)
class Opened:
    """The tables in the order of the arguments, and what is wrong with those that are not among them."""

    tables: list[Table]
    faults: list[Diagnostic]
    warnings: list[Diagnostic]


class Unreadable(Exception):
    """A table that turns out not to be readable, or rows that do not fit together: what is wrong, told once and whole."""

    def __init__(self, faults: Sequence[Diagnostic]) -> None:
        super().__init__(*(each.code for each in faults))
        self.faults = tuple(faults)
