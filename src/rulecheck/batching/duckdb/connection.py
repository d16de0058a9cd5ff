"""A connection to DuckDB in its own process: bounded memory and threads, nothing fetched, nothing read but what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rulecheck.batching.sources.table import DatabaseTable
from rulecheck.dataclass import dataclass

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use: `memory` as DuckDB writes sizes (`2GB`; None: its own rule, four fifths of what there is), `threads`
    (None: one for each processor)."""

    memory: str | None = None
    threads: int | None = None


ALL_THERE_IS: Final = Means()


def connected(scratch: Path, means: Means = ALL_THERE_IS) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into `scratch`. Extensions are neither fetched nor loaded."""
    # A tenth of a second, which tables that are read without the engine do not need.
    import duckdb

    settings: dict[str, Any] = {
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        # Rows come in the order of their file: the same input gives the same partitions.
        "preserve_insertion_order": True,
        # Decimals of up to 18 digits as 64 bits, half of what they would be.
        "arrow_output_version": "1.5",
    }
    if means.memory is not None:
        settings["memory_limit"] = means.memory
    if means.threads is not None:
        settings["threads"] = means.threads
    return duckdb.connect(config=settings)


def locked(connection: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> None:
    """From here on nothing can be read but the files given, and no setting changed."""
    allowed = ", ".join(text(str(path)) for path in paths)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def text(value: str) -> str:
    """A text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


def source_in(database: str, source: DatabaseTable) -> str:
    """A table as SQL names it, in the file that was attached as `database`."""
    quoted = ['"' + each.replace('"', '""') + '"' for each in (source.schema, source.table)]
    return f"{database}.{'.'.join(quoted)}"
