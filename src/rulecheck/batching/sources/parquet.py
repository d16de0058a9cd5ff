"""Parquet: what a file says of itself at its end. Rows are read by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.sources.table import MAXIMUM_HEADINGS, ParquetFiles, Table, part_name, table_name
from rulecheck.facts.nodes import Faults, shown

MOST_DIGITS: Final = 38
"""Digits of a decimal; past them engines make doubles of it."""


def parquet_table(name: str, paths: Sequence[Path], scratch: Path, faults: Faults) -> list[Table]:
    """The table whose parts the files are, in their order."""
    schemas: list[pa.Schema] = []
    rows: list[int] = []
    for path in paths:
        faults.file = part_name(name, path, paths)
        try:
            with parquet.ParquetFile(path) as file:
                schemas.append(file.schema_arrow)
                rows.append(file.metadata.num_rows)
        except (pa.ArrowException, OSError, UnicodeDecodeError):
            # A file that was cut off has lost its end, where all of this stands.
            faults.add("B521" if _begins_as_parquet(path) else "B522")
            return []
        if not schemas[-1].equals(schemas[0], check_metadata=False):
            faults.add("B509", first=shown(paths[0].name))
            return []
    schema = schemas[0]
    if len(schema) > MAXIMUM_HEADINGS:
        faults.add("B510", count=f"{len(schema):,}", limit=f"{MAXIMUM_HEADINGS:,}")
        return []
    for each in schema:
        if pa.types.is_decimal(each.type) and each.type.precision > MOST_DIGITS:
            faults.add("B523", name=shown(each.name), digits=each.type.precision, limit=MOST_DIGITS)
    if faults.errors:
        return []
    source = ParquetFiles(tuple(paths), tuple(rows))
    return [Table(table_name(name), name, tuple(schema.names), tuple(schema.types), source, sum(rows), False)]


def _begins_as_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"
