"""SQLite: the tables of a file, read without writing to it. What type a column declares is only a hint there: what stands in it
counts. A column that holds doubles is given as such, for the plan to refuse."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow as pa

from rulecheck.batching.sources.staged import ROWS_AT_ONCE, Staging
from rulecheck.batching.sources.table import MAXIMUM_HEADINGS, IsIgnored, Table, tell_of_database
from rulecheck.facts.nodes import Faults, shown

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
_VIEWS: Final = "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name"
_FORMS: Final = ("integer", "text", "real", "blob")
MOST_VIEWS_NAMED: Final = 5
_AS: Final = {pa.string(): "TEXT", pa.float64(): "REAL"}
"""What values of several forms are brought to; whole numbers stand alone."""


def sqlite_tables(name: str, path: Path, scratch: Path, faults: Faults, is_ignored: IsIgnored) -> list[Table]:
    """The tables of a file, by name, but for those that are ignored."""
    found: list[Table] = []
    ignored: list[str] = []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            for (table,) in connection.execute(_TABLES).fetchall():
                if is_ignored(table, name):
                    ignored.append(table)
                    continue
                made = _table(connection, table, name, scratch, faults)
                if made is not None:
                    found.append(made)
            views_told([view for (view,) in connection.execute(_VIEWS).fetchall()], faults)
    except (sqlite3.Error, UnicodeError):
        faults.add("B548")
        return []
    tell_of_database(found, ignored, faults)
    return found


def views_told(views: Sequence[str], faults: Faults) -> None:
    """Views are queries of somebody else's and may read anything: they are passed over, and it is said."""
    if views:
        named = [f"“{shown(each)}”" for each in views[:MOST_VIEWS_NAMED]] + ["……"] * (len(views) > MOST_VIEWS_NAMED)
        faults.warn("B552", count=len(views), views="、".join(named), views_en=", ".join(named).replace("……", "…"))


def quoted(name: str) -> str:
    """A name as SQL has it, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def _table(connection: sqlite3.Connection, table: str, file: str, scratch: Path, faults: Faults) -> Table | None:
    headings = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")]
    if len(headings) > MAXIMUM_HEADINGS:
        faults.add("B510", count=f"{len(headings):,}", limit=f"{MAXIMUM_HEADINGS:,}")
        return None
    types = _types(connection, table, headings)
    if types is None:
        faults.add("B550", table=shown(table))
        return None
    columns = ", ".join(
        f"CAST({quoted(name)} AS {_AS[type_]})" if type_ in _AS else quoted(name)
        for name, type_ in zip(headings, types, strict=True)
    )
    staging = Staging(scratch)
    names = [str(position) for position in range(len(headings))]
    typed = dict(zip(names, types, strict=True))
    rows = connection.execute(f"SELECT {columns} FROM {quoted(table)}")
    staging.add({name: [] for name in names}, typed, 0)
    while piece := rows.fetchmany(ROWS_AT_ONCE):
        staging.add(dict(zip(names, zip(*piece, strict=True), strict=True)), typed, len(piece))
    source = staging.source()
    return Table(table, file, tuple(headings), tuple(types), source, sum(source.rows), False)


def _types(connection: sqlite3.Connection, table: str, headings: list[str]) -> list[pa.DataType] | None:
    """By column: whole numbers, doubles where any value is one, else texts; None where bytes stand in one."""
    found: list[pa.DataType] = []
    for start in range(0, len(headings), 100):
        part = headings[start : start + 100]
        asked = ", ".join(f"MAX(typeof({quoted(name)}) = '{form}')" for name in part for form in _FORMS)
        told = connection.execute(f"SELECT {asked} FROM {quoted(table)}").fetchone()
        for position in range(len(part)):
            integer, text, real, blob = told[position * 4 : position * 4 + 4]
            if blob:
                return None
            found.append(pa.float64() if real else pa.int64() if integer and not text else pa.string())
    return found
