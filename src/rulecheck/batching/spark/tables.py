"""Tables as Spark sees them: columns called by their place, each row with its number in the table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as fn

from rulecheck.batching.converting.framing import columns_read
from rulecheck.batching.declaring.column_types import family, plain_type
from rulecheck.batching.declaring.declare import TablePlan
from rulecheck.batching.sources.table import ParquetFiles, Table, Unreadable
from rulecheck.batching.spark.worker import ROW, column
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import Faults, shown

_SPECIAL: Final = re.compile(r"([\\{}\[\]*?])")
"""What Hadoop takes for a pattern."""
_FAMILIES: Final = frozenset({"text", "whole", "decimal", "boolean", "date"})
_FINEST: Final = frozenset({"ms", "us"})
"""Of points in time, what Spark reads without leaving anything out."""


@dataclass(frozen=True, slots=True, eq=False)
class SparkTable:
    """A table with what it holds. `headings`: as they stand in its files; `columns`: the places of those that
    can be read; the others hold nothing."""

    plan: TablePlan
    frame: Any
    source: ParquetFiles
    headings: tuple[str, ...]
    columns: frozenset[int]

    @property
    def rows(self) -> int:
        return sum(self.source.rows)

    def select(self, columns: Iterable[int]) -> DataFrame:
        """Some columns, with the number of the row."""
        frame: DataFrame = self.frame
        return frame.select(ROW, *(column(number) for number in columns if number in self.columns))


def read(session: SparkSession, plan: TablePlan, table: Table, facts: Collection[int]) -> SparkTable:
    """A table of Parquet files; of its facts the columns asked for. Raises Unreadable for a column that Spark does not read
    exactly."""
    source = table.source
    assert isinstance(source, ParquetFiles)
    needed = {*columns_read(plan, facts), *([plan.parent.number] if plan.parent is not None else [])}
    _check_types(plan, table, needed)
    empty = {number for number, type_ in enumerate(table.types) if family(type_) == "null"}
    reader = session.read.option("recursiveFileLookup", "true").option("mergeSchema", "false")
    given = reader.parquet(*map(_address, source.paths))
    names = [f"`{name.replace('`', '``')}`" for name in given.columns]
    picked = [fn.col(names[number]).alias(column(number)) for number in sorted(needed - empty)]
    place_in_file = fn.col("_metadata.row_index")
    if len(source.paths) == 1:
        frame = given.select(place_in_file.alias(ROW), *picked)
    else:
        frame = _numbered(session, given, source, picked)
    return SparkTable(plan, frame, source, tuple(given.columns), frozenset(needed - empty))


def _numbered(session: SparkSession, given: DataFrame, source: ParquetFiles, picked: Sequence[Any]) -> DataFrame:
    """The rows of many files, numbered as if they were one."""
    starts = dict(zip((path.name for path in source.paths), accumulate(source.rows, initial=0), strict=False))
    # Spark writes names of files in its own way, which is asked of it.
    names = [address.rsplit("/", 1)[-1] for address in given.inputFiles()]
    offsets = session.createDataFrame([(name, starts[unquote(name)]) for name in names], "file string, start long")
    name, index = fn.col("_metadata.file_name").alias("name"), fn.col("_metadata.row_index").alias("place_in_file")
    rows = given.select(name, index, *picked)
    joined = rows.join(fn.broadcast(offsets), fn.col("name") == fn.col("file"))
    number = (fn.col("start") + fn.col("place_in_file")).alias(ROW)
    return joined.select(number, *(each for each in rows.columns if each not in ("name", "place_in_file")))


def _address(path: Path) -> str:
    """A file on storage that driver and workers see alike."""
    return "file://" + _SPECIAL.sub(r"\\\1", str(path.absolute()))


def _check_types(plan: TablePlan, table: Table, needed: Collection[int]) -> None:
    faults = Faults(table.file)
    for number in sorted(needed):
        type_ = plain_type(table.types[number])
        found = family(type_)
        is_read = found in _FAMILIES or found == "null" or (found == "timestamp" and type_.unit in _FINEST)
        if not is_read:
            faults.add("W601", heading=shown(table.headings[number]), type=str(type_))
    if faults.errors:
        raise Unreadable(faults.listed())
