"""Parquet read straight from its files, a part of the rows after the other: for what has neither to be joined nor sorted it takes
half the time that the engine takes.

Of types only those are read so whose values lie in the file as they lie in Arrow: nothing is converted on the way. All others,
files with nested columns and large pages are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Final

import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.sources.pages import Unclear, held_at_once
from rulecheck.batching.sources.table import ParquetFiles, Table, Unreadable
from rulecheck.facts.limits import MEGABYTE
from rulecheck.facts.nodes import Faults

_MOST_HELD: Final = 128 * MEGABYTE
_BUFFER: Final = MEGABYTE // 4
"""Of each column; without one a whole chunk is read at a time."""
_TYPES: Final[Sequence[Callable[[pa.DataType], bool]]] = (
    pa.types.is_int32,
    pa.types.is_int64,
    pa.types.is_uint32,
    pa.types.is_uint64,
    pa.types.is_decimal128,
    pa.types.is_boolean,
    pa.types.is_date32,
)


def is_straight(table: Table, columns: Collection[int]) -> bool:
    """Whether some columns of a table (by their places) can be read so."""
    if not isinstance(table.source, ParquetFiles) or not columns:
        return False
    if len(set(table.headings)) != len(table.headings) or any("." in each for each in table.headings):
        return False  # Arrow finds columns by their names, and takes a point for a way into one
    if any(pa.types.is_nested(each) for each in table.types):
        return False
    if not all(_is_text(table.types[each]) or any(fits(table.types[each]) for fits in _TYPES) for each in columns):
        return False
    try:
        return held_at_once(table.source.paths, columns) <= _MOST_HELD
    except (Unclear, pa.ArrowException, OSError, UnicodeDecodeError):
        return False


def straight(table: Table, columns: Sequence[int], rows: int, listed: Collection[int] = ()) -> Iterator[pa.RecordBatch]:
    """The columns (by their places, rising) in the order of the rows, in batches of at most `rows`. `listed`: those whose texts
    come as a dictionary. Raises Unreadable for a damaged file."""
    assert isinstance(table.source, ParquetFiles)
    names = [table.headings[each] for each in columns]
    in_lists = [table.headings[each] for each in columns if each in listed and _is_text(table.types[each])]
    for path, expected in zip(table.source.paths, table.source.rows, strict=True):
        found = 0
        try:
            with (
                parquet.ParquetFile(path, read_dictionary=in_lists, pre_buffer=False, buffer_size=_BUFFER) as file,
                closing(_ahead(file.iter_batches(rows, columns=names, use_threads=False))) as batches,
            ):
                for batch in batches:
                    _check(batch)
                    found += batch.num_rows
                    if batch.schema.names != names or found > expected:
                        raise _damaged(table)
                    yield batch
        except MemoryError:
            raise _told("", "B561") from None
        except (pa.ArrowException, OSError, UnicodeDecodeError):
            raise _damaged(table) from None
        if found != expected:
            raise _damaged(table)


def _is_text(type: pa.DataType) -> bool:
    plain = type.value_type if pa.types.is_dictionary(type) else type
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _check(batch: pa.RecordBatch) -> None:
    """Columns are of one length, texts are UTF-8, numbers of texts in a dictionary lie within it. Raises pa.ArrowInvalid."""
    batch.validate()
    for column in batch.columns:
        if _is_text(column.type):
            column.validate(full=True)


def _ahead(batches: Iterator[pa.RecordBatch]) -> Generator[pa.RecordBatch]:
    """The same batches, the next of them read while one is worked on."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        waiting = reader.submit(next, batches, None)
        while (batch := waiting.result()) is not None:
            waiting = reader.submit(next, batches, None)
            yield batch
            del batch


def _damaged(table: Table) -> Unreadable:
    return _told(table.file, "B563")


def _told(file: str, code: str) -> Unreadable:
    faults = Faults(file)
    faults.add(code)
    return Unreadable(faults.listed())
