"""From the arguments to tables: Parquet, CSV, NDJSON, SQLite and DuckDB files, a folder of the parts of one table, and tables in
memory. What no engine reads exactly is written anew into a scratch folder, as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from rulecheck.batching.sources.csv import csv_table
from rulecheck.batching.sources.lines import lines_table
from rulecheck.batching.sources.parquet import parquet_table
from rulecheck.batching.sources.table import InMemory, Opened, Table
from rulecheck.facts.nodes import Faults, shown
from rulecheck.language.diagnostics import visible

Reader = Callable[[str, Sequence[Path], Path, Faults], list[Table]]
"""Makes tables of files: what to call them, the files (the parts of one table, in order), a scratch folder, and where to tell
what is wrong."""


def _duckdb(name: str, paths: Sequence[Path], scratch: Path, faults: Faults) -> list[Table]:
    from rulecheck.batching.duckdb.files import duckdb_tables

    return duckdb_tables(name, paths, scratch, faults)


def _sqlite(name: str, paths: Sequence[Path], scratch: Path, faults: Faults) -> list[Table]:
    from rulecheck.batching.sources.sqlite import sqlite_tables

    return sqlite_tables(name, paths, scratch, faults)


READERS: Final[Mapping[str, Reader]] = {
    ".parquet": parquet_table,
    ".csv": csv_table,
    ".ndjson": lines_table,
    ".jsonl": lines_table,
    ".sqlite": _sqlite,
    ".sqlite3": _sqlite,
    ".db": _sqlite,
    ".duckdb": _duckdb,
}
"""What reads a file, by its ending."""

DATABASES: Final = frozenset({".sqlite", ".sqlite3", ".db", ".duckdb"})
"""Files that hold tables of their own, and so are no part of one."""


def open_tables(arguments: Sequence[Path], scratch: Path) -> Opened:
    """The tables that the arguments stand for, in their order. A file is one table, a database as many as it holds; a folder is
    one table in parts, read in the order of their names. A pattern that no shell has filled in is filled in here."""
    opened = Opened([], [], [])
    named = _named([path for argument in arguments for path in _filled_in(argument)])
    for path, name in named:
        faults = Faults(name)
        try:
            opened.tables += _tables(path, name, scratch, faults)
        except OSError as problem:
            faults.add("B511" if problem.filename is not None and _is_under(problem.filename, scratch) else "B502")
        except MemoryError:
            faults.add("B512")
        opened.faults += faults.listed()
        opened.warnings += faults.warnings
    return opened


def _is_under(path: Any, folder: Path) -> bool:
    return Path(os.fsdecode(path)).is_relative_to(folder)


def _filled_in(argument: Path) -> list[Path]:
    if argument.exists() or not has_magic(str(argument)):
        return [argument]
    return [Path(each) for each in sorted(glob(str(argument)))] or [argument]


def _named(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Each file once, with the name that messages call it by: its own, from a folder further up where two would be alike."""
    known = {Path(os.path.abspath(path)): 1 for path in paths}
    while True:
        names = {path: visible("/".join(path.parts[-parts:])) for path, parts in known.items()}
        alike = [path for path in known if list(names.values()).count(names[path]) > 1 and known[path] < len(path.parts)]
        if not alike:
            return [(path, names[path]) for path in known]
        for path in alike:
            known[path] += 1


def _tables(path: Path, name: str, scratch: Path, faults: Faults) -> list[Table]:
    if not path.exists():
        faults.add("B506" if has_magic(str(path)) else "B501")
        return []
    if path.is_dir():
        return _parts(path, name, scratch, faults)
    if not path.is_file():
        faults.add("B503")
        return []
    reader = _database(path) or READERS.get(path.suffix.lower())
    if reader is None:
        faults.add("B504", ending=shown(path.suffix) or name)
        return []
    return reader(name, [path], scratch, faults)


def _database(path: Path) -> Reader | None:
    """What reads a database; those of either program are often called `.db`, and say themselves what they are."""
    if path.suffix.lower() not in DATABASES:
        return None
    with path.open("rb") as file:
        return _duckdb if file.read(12)[8:] == b"DUCK" else None


def _parts(folder: Path, name: str, scratch: Path, faults: Faults) -> list[Table]:
    """A folder as one table: its files that are not hidden, all of one kind. What programs leave beside (`_SUCCESS`) is none."""
    entries = sorted((each for each in folder.iterdir() if not each.name.startswith((".", "_"))), key=lambda each: each.name)
    if any(each.is_dir() for each in entries):
        faults.add("B508", part=shown(next(each.name for each in entries if each.is_dir())))
        return []
    endings = {each.suffix.lower() for each in entries if each.suffix.lower() in READERS}
    parts = [each for each in entries if each.suffix.lower() in READERS]
    if not parts:
        faults.add("B505")
        return []
    if len(endings) > 1 or not endings.isdisjoint(DATABASES):
        faults.add("B507", endings="、".join(sorted(endings)), endings_en=", ".join(sorted(endings)))
        return []
    return READERS[endings.pop()](name, parts, scratch, faults)


# --- tables in memory ---


def tables_in_memory(given: Mapping[str, Any]) -> Opened:
    """Tables of the caller's own, by the name of their kind: Arrow tables, record batches and readers, frames of pandas and
    Polars, and whatever else hands out Arrow's own stream."""
    opened = Opened([], [], [])
    for name, each in given.items():
        faults = Faults(visible(name))
        try:
            table = _arrow(each)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            faults.add("B551", type=type(each).__name__)
        else:
            headings = tuple(map(str, table.column_names))
            opened.tables.append(
                Table(name, visible(name), headings, tuple(table.schema.types), InMemory(table), table.num_rows, False)
            )
        opened.faults += faults.listed()
    return opened


def _arrow(given: Any) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if type(given).__module__.split(".")[0] == "pandas":
        # Its own stream would add the labels of the rows as a column.
        return pa.Table.from_pandas(given, preserve_index=False)
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    raise TypeError
