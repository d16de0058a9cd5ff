"""Tables that Spark would not read as the embedded engine does (CSV, databases, tables in memory), written anew as Parquet by
that engine, so that both judge the same values."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.duckdb.engine import Engine
from rulecheck.batching.sources.table import ParquetFiles, Table
from rulecheck.dataclass import replace

_AT_ONCE: Final = 65_536


def as_parquet(tables: Sequence[Table], scratch: Path) -> list[Table]:
    """The same tables, each in Parquet files whose columns differ in name."""
    others = [each for each in tables if not _is_ready(each)]
    if not others:
        return list(tables)
    with closing(Engine(others, scratch)) as engine:
        paths = [scratch / f"table-{number}.parquet" for number in range(len(tables))]
        return [each if _is_ready(each) else _staged(engine, each, path) for each, path in zip(tables, paths, strict=True)]


def _is_ready(table: Table) -> bool:
    return isinstance(table.source, ParquetFiles) and len(set(table.headings)) == len(table.headings)


def _staged(engine: Engine, table: Table, path: Path) -> Table:
    names = [f"c{number}" for number in range(len(table.headings))]
    values = ", ".join(f"{engine.value(table, number)} AS {name}" for number, name in enumerate(names))
    rows = 0
    writer: parquet.ParquetWriter | None = None
    for batch in engine.stream(f"SELECT {values} FROM {engine.relation(table)}", _AT_ONCE, [table]):
        writer = writer or parquet.ParquetWriter(path, batch.schema)
        writer.write_batch(batch)
        rows += batch.num_rows
    if writer is None:
        types = [pa.string() if pa.types.is_null(type_) else type_ for type_ in table.types]
        writer = parquet.ParquetWriter(path, pa.schema(list(zip(names, types, strict=True))))
    writer.close()
    return replace(table, source=ParquetFiles((path,), (rows,)))
