"""Arrow tables as files: Parquet, or CSV for spreadsheet programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from rulecheck.templates.csv_writer import guarded

_MARK: Final = "\ufeff".encode()
_LARGEST_DICTIONARY: Final = 16 * 1024 * 1024
"""Bytes of different texts of a column in one part; past them each is written as often as it occurs."""
_SUSPECT: Final = r"^'*[=+\-@\t\r＝＋－＠]"
"""As `templates.csv_writer` has it: what a spreadsheet program might take for a formula."""


def write_parquet(table: pa.Table, file: BinaryIO) -> None:
    """Plain texts, such as keys, differ from row to row and are written as they are; everything else has few values. Statistics
    are kept of plain texts alone, by which a reader finds the part that holds a key."""
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    parquet.write_table(
        table,
        file,
        compression="snappy",
        row_group_size=max(1, min(len(table), 1 << 20)),
        use_dictionary=[name for name in table.column_names if name not in texts],
        dictionary_pagesize_limit=_LARGEST_DICTIONARY,
        write_statistics=texts,
        store_schema=False,
    )


def write_csv(table: pa.Table, file: BinaryIO) -> None:
    """UTF-8 with its mark; texts that would pass for formulas have `'` before them."""
    file.write(_MARK)
    plain = {name: _plain(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    arrow_csv.write_csv(pa.table(plain), file, arrow_csv.WriteOptions(quoting_style="needed"))


def _plain(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([_guarded_dictionary(each) for each in column.chunks], pa.string())
    return _guarded(column) if pa.types.is_string(column.type) else column


def _guarded_dictionary(column: Any) -> Any:
    return _guarded(column.dictionary).take(column.indices)


def _guarded(texts: Any) -> Any:
    suspect = compute.match_substring_regex(texts, _SUSPECT)
    if not compute.any(suspect).as_py():
        return texts
    # Few texts, and numbers below nought: each is looked at.
    told = [None if each is None else guarded(each) for each in texts.to_pylist()]
    return pa.array(told, pa.string()) if isinstance(texts, pa.Array) else pa.chunked_array([told], pa.string())


WRITERS: Final[Mapping[str, Callable[[Any, BinaryIO], None]]] = {"parquet": write_parquet, "csv": write_csv}
"""The formats by the name that `--format` takes, which is the ending of their files."""


def side_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """A small table of rows that all have the same keys."""
    names = list(rows[0]) if rows else []
    return pa.table({name: _typed([row[name] for row in rows]) for name in names})


def _typed(values: Sequence[Any]) -> Any:
    return pa.array(values, pa.int32() if all(isinstance(each, int) for each in values) else pa.string())


_NUMBERED: Final = "part-{number:05d}.{ending}"


def part_name(folder: str, kind: str, number: int, ending: str) -> str:
    """`verdicts/unit/part-00000.parquet`."""
    return f"{folder}/{kind}/{_NUMBERED.format(number=number, ending=ending)}"
