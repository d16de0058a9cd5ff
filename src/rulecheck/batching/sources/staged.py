"""Tables written anew into the scratch folder, where the engine would not read the original exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.sources.table import ParquetFiles

ROWS_AT_ONCE: Final = 20_000


class Staging:
    """Rows that come in pieces, kept as Parquet. A column that turns up later is empty in the pieces before it."""

    def __init__(self, scratch: Path) -> None:
        number = sum(1 for _ in scratch.glob("rows-*.parquet"))
        self._path = scratch / f"rows-{number}.parquet"
        self._types: dict[str, pa.DataType] = {}
        self._writer: parquet.ParquetWriter | None = None
        self._paths: list[Path] = []
        self._rows: list[int] = []

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """By heading, in the order in which they turned up."""
        return self._types

    def add(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, pa.DataType], count: int) -> None:
        """The next `count` rows. Raises pa.ArrowException for values that are not of their type."""
        if new := {name: type_ for name, type_ in types.items() if name not in self._types}:
            self._types |= new
            self._next_file()
        arrays = [
            pa.array(columns[name], type_) if name in columns else pa.nulls(count, type_) for name, type_ in self._types.items()
        ]
        if self._writer is None:
            self._next_file()
        assert self._writer is not None
        self._writer.write_batch(pa.record_batch(arrays, schema=pa.schema(list(self._types.items()))))
        self._rows[-1] += count

    def _next_file(self) -> None:
        self.close()
        path = self._path.with_stem(f"{self._path.stem}-{len(self._paths)}") if self._paths else self._path
        self._writer = parquet.ParquetWriter(path, pa.schema(list(self._types.items())), compression="zstd", compression_level=1)
        self._paths.append(path)
        self._rows.append(0)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def source(self) -> ParquetFiles:
        """All that was added. Parts that were written before the last column turned up are widened."""
        self.close()
        schema = pa.schema(list(self._types.items()))
        for position, path in enumerate(self._paths):
            with parquet.ParquetFile(path) as file:
                if len(file.schema_arrow) == len(schema):
                    continue
                wide = path.with_suffix(".wide")
                with parquet.ParquetWriter(wide, schema, compression="zstd", compression_level=1) as writer:
                    for batch in file.iter_batches():
                        more = [pa.nulls(batch.num_rows, each.type) for each in list(schema)[batch.num_columns :]]
                        writer.write_batch(pa.record_batch([*batch.columns, *more], schema=schema))
            path.unlink()
            self._paths[position] = wide.rename(path.with_stem(f"{path.stem}-w"))
        return ParquetFiles(tuple(self._paths), tuple(self._rows))
