"""DuckDB's own files: the tables in one, read without writing to it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from rulecheck.batching.duckdb.connection import connected, source_in, text
from rulecheck.batching.sources.sqlite import views_told
from rulecheck.batching.sources.table import MAXIMUM_HEADINGS, DatabaseTable, IsIgnored, Table, tell_of_database
from rulecheck.facts.nodes import Faults

_TABLES = (
    "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'given' AND NOT internal "
    "ORDER BY schema_name <> 'main', schema_name, table_name"
)
_VIEWS = "SELECT view_name FROM duckdb_views() WHERE database_name = 'given' AND NOT internal ORDER BY view_name"


def duckdb_tables(name: str, path: Path, scratch: Path, faults: Faults, is_ignored: IsIgnored) -> list[Table]:
    """The tables of a file, by schema and name, but for those that are ignored; those of `main` bear their own name alone."""
    found: list[Table] = []
    ignored: list[str] = []
    try:
        with closing(connected(scratch)) as connection:
            connection.execute(f"ATTACH {text(str(path))} AS given (READ_ONLY)")
            connection.execute("SET enable_external_access = false")
            for schema, table in connection.sql(_TABLES).fetchall():
                label = table if schema == "main" else f"{schema}.{table}"
                if is_ignored(label, name):
                    ignored.append(label)
                    continue
                source = DatabaseTable(path, schema, table)
                columns = connection.sql(f"SELECT * FROM {source_in('given', source)} LIMIT 0").to_arrow_table().schema
                if len(columns) > MAXIMUM_HEADINGS:
                    faults.add("B510", count=f"{len(columns):,}", limit=f"{MAXIMUM_HEADINGS:,}")
                    continue
                (rows,) = connection.sql(f"SELECT count(*) FROM {source_in('given', source)}").fetchall()[0]
                found.append(Table(label, name, tuple(columns.names), tuple(columns.types), source, rows, False))
            views_told([view for (view,) in connection.sql(_VIEWS).fetchall()], faults)
    except duckdb.Error:
        faults.add("B548")
        return []
    tell_of_database(found, ignored, faults)
    return found
