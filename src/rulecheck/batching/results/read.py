"""Results read back, a batch of rows at a time: as they are written, or the verdicts by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.results.columns import KEY
from rulecheck.batching.results.folder import read_manifest
from rulecheck.columns.judge import CODES

_NAMES = pa.array([str(each) for each in CODES[1:]], pa.string())
_NAMED = pa.dictionary(pa.int8(), pa.string())

_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "verdicts": (),
    "adverse": ("column", "verdict"),
    "faults": ("relation", "period"),
}


def rows_of(root: Path, folder: str, kind: str, columns: Sequence[str], *, named: bool, kept: object = None) -> Any:
    """The rows of a kind of subject in one of the folders of results, part by part, as a `RecordBatchReader`; nothing is read
    before it is asked for. `columns`: those of verdicts, which are given by name where they are `named`, else as codes; `kept`:
    what must not go away before all is read. OSError where the results are not there, or not whole."""
    manifest = read_manifest(root)
    if manifest is None:
        raise FileNotFoundError(str(root))
    parts = sorted(root / name for name in manifest["files"] if name.startswith(f"{folder}/{kind}/"))
    # A column of places is there only in the parts that have one.
    whole = pa.unify_schemas([*(parquet.read_schema(each).remove_metadata() for each in parts), _nothing(folder, columns)])
    given = frozenset(columns) if named else frozenset()
    schema = pa.schema([pa.field(each.name, _NAMED) if each.name in given else each for each in whole])
    return pa.RecordBatchReader.from_batches(schema, _batches(parts, schema, given, kept))


def _nothing(folder: str, columns: Sequence[str]) -> pa.Schema:
    """The columns that are there even where no row is."""
    texts = [(name, pa.string()) for name in (KEY, *_ALWAYS[folder])]
    return pa.schema([*texts, *((name, pa.uint8()) for name in columns)])


def _batches(parts: Sequence[Path], schema: pa.Schema, named: frozenset[str], kept: object) -> Iterator[pa.RecordBatch]:
    _ = kept
    for part in parts:
        with parquet.ParquetFile(part) as file:
            for batch in file.iter_batches():
                there = set(batch.schema.names)
                columns = [_column(batch.column(each.name), each.name in named) for each in schema if each.name in there]
                found = pa.table(columns, names=[each.name for each in schema if each.name in there])
                for each in schema:
                    if each.name not in there:
                        found = found.append_column(each, pa.nulls(len(found), each.type))
                yield from found.select(schema.names).cast(schema).to_batches()


def _column(column: Any, is_named: bool) -> Any:
    if not is_named:
        return column
    codes = np.asarray(column)
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8) - 1, pa.int8(), mask=codes == 0), _NAMES)
