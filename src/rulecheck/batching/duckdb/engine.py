"""The embedded engine: tables as DuckDB sees them, and streams of their columns in batches of one size."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from rulecheck.batching.duckdb.connection import ALL_THERE_IS, Means, connected, locked, source_in, text
from rulecheck.batching.sources.csv import LONGEST_ROW, broken_line
from rulecheck.batching.sources.straight import is_straight, straight
from rulecheck.batching.sources.table import CsvFiles, DatabaseTable, InMemory, ParquetFiles, Table, Unreadable
from rulecheck.facts.limits import MEGABYTE
from rulecheck.facts.nodes import Faults

if TYPE_CHECKING:
    import duckdb

_GUARDED: Final = r"^'+[=+\-@\t\r＝＋－＠]"
_AS_FORMULA: Final = r'^="([^"]*)"$'
"""The same as in `facts.csv_reader`, as DuckDB writes patterns."""

_INTERRUPTED: Final = "Query interrupted"
_OUT_OF_MEMORY: Final = "Out of Memory Error"
_LEAST_ROOM: Final = 16 * MEGABYTE
"""Of the disk it spills to; where less is left, that is why it failed."""

_READ_AT_ONCE: Final = 131_072
"""Rows that the engine hands over together: parts of them are given on without a copy."""

Batches = Iterator[pa.RecordBatch]


class Engine:
    """DuckDB with the tables of one run, and nothing else within its reach. It spills into a folder of its own in `scratch`,
    which is removed at the end. Queries run on cursors of their own, so that several streams can be read in step."""

    def __init__(self, tables: Sequence[Table], scratch: Path, means: Means = ALL_THERE_IS) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="engine-", dir=scratch))
        self._means = means
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._tables = tuple(tables)
        self._relations: dict[int, str] = {}
        self._memory: dict[str, pa.Table] = {}
        self._files: list[Path] = []
        self._attached: dict[Path, str] = {}
        for table in tables:
            source = table.source
            match source:
                case ParquetFiles(paths=paths):
                    self._files += paths
                    relation = f"read_parquet({_list(paths)}, hive_partitioning = false)"
                case CsvFiles(paths=paths):
                    self._files += paths
                    relation = _read_csv(paths, len(table.headings))
                case DatabaseTable(path=path):
                    relation = source_in(self._attached.setdefault(path, f"given_{len(self._attached)}"), source)
                case InMemory(table=held):
                    relation = f"memory_{len(self._memory)}"
                    self._memory[relation] = held
            names = ", ".join(map(column, range(len(table.headings))))
            named = f"{relation} AS t({names})"
            if isinstance(source, CsvFiles):
                # A row of nothing but commas, as spreadsheet programs leave them below a table.
                named = f"(SELECT * FROM {named} WHERE coalesce({names}) IS NOT NULL) AS t"
            self._relations[id(table)] = named

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """Opened when something is asked of it for the first time."""
        if self._opened is None:
            self._opened = connected(self._scratch, self._means)
            for path, name in self._attached.items():
                self._opened.execute(f"ATTACH {text(str(path))} AS {name} (READ_ONLY)")
            locked(self._opened, self._files)
        return self._opened

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def relation(self, table: Table) -> str:
        """The table for a FROM clause; its columns are called by `column`."""
        return self._relations[id(table)]

    def value(self, table: Table, position: int) -> str:
        """A column of the table as it is meant: without the mark that spreadsheet programs put before a text."""
        if not (isinstance(table.source, CsvFiles) and table.source.is_guarded):
            return column(position)
        name = column(position)
        bare = f"regexp_replace({name}, {text(_AS_FORMULA)}, '\\1')"
        return f"CASE WHEN regexp_matches({name}, {text(_GUARDED)}) THEN substr({name}, 2) ELSE {bare} END"

    def run(self, sql: str, of: Sequence[Table] = ()) -> None:
        """A statement without rows. `of`: the tables it reads, here as below."""
        with self._cursor(of) as cursor:
            cursor.execute(sql)

    def rows(self, sql: str, of: Sequence[Table] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query that has few."""
        with self._cursor(of) as cursor:
            found: list[tuple[Any, ...]] = cursor.sql(sql).fetchall()
            return found

    def add(self, name: str, rows: pa.RecordBatch) -> None:
        """Adds rows to a table of our own."""
        with self._cursor(()) as cursor:
            cursor.register("added_rows", pa.Table.from_batches([rows]))
            cursor.execute(f"INSERT INTO {name} SELECT * FROM added_rows")

    def stream(self, sql: str, rows: int, of: Sequence[Table] = ()) -> Batches:
        """The rows of a query in batches of `rows`, the last one shorter."""
        with self._cursor(of) as cursor:
            yield from in_batches(cursor.sql(sql).to_arrow_reader(max(rows, _READ_AT_ONCE)), rows)

    def in_order(self, table: Table, columns: Sequence[int], rows: int, listed: Collection[int] = ()) -> Batches:
        """Columns of a table, by their places, as they are meant, in batches of `rows` in the order of their file. `listed`:
        those of few different texts, which may come as a dictionary."""
        if is_straight(table, columns):
            return in_batches(straight(table, columns, rows, listed), rows)
        named = ", ".join(f"{self.value(table, number)} AS {column(number)}" for number in columns)
        return self.stream(f"SELECT {named or '1 AS nothing'} FROM {self.relation(table)}", rows, [table])

    @contextmanager
    def _cursor(self, of: Sequence[Table]) -> Iterator[duckdb.DuckDBPyConnection]:
        """Raises Unreadable for what the engine cannot do."""
        import duckdb

        try:
            with self._connection.cursor() as cursor:
                for name, held in self._memory.items():
                    cursor.register(name, held)
                yield cursor
        except (duckdb.Error, pa.ArrowException, OSError) as problem:
            # In the middle of a stream Arrow has nothing but OSError for what the engine says.
            if shutil.disk_usage(self._scratch).free < _LEAST_ROOM:
                raise _told("", "B562") from None
            raise unreadable(of or self._tables, problem) from None
        except RuntimeError as problem:
            # What Ctrl-C becomes while a query is at work.
            if str(problem) == _INTERRUPTED:
                raise KeyboardInterrupt from None
            raise


def column(position: int) -> str:
    """What a column is called in SQL: by its place, since headings may differ in case only, or not at all."""
    return f"c{position}"


def in_batches(batches: Iterable[pa.RecordBatch], rows: int) -> Batches:
    """The same rows in batches of one size, whatever the size they came in."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while batch.num_rows:
            part = batch.slice(0, rows - count)
            waiting.append(part)
            count += part.num_rows
            batch = batch.slice(part.num_rows)
            if count == rows:
                yield joined(waiting)
                waiting, count = [], 0
    if count:
        yield joined(waiting)


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _list(paths: Iterable[Path]) -> str:
    return "[" + ", ".join(text(str(path)) for path in paths) + "]"


def _read_csv(paths: Sequence[Path], width: int) -> str:
    columns = ", ".join(f"{column(position)}: 'VARCHAR'" for position in range(width))
    return (
        f"read_csv({_list(paths)}, columns = {{{columns}}}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', strict_mode = true, null_padding = false, comment = '', hive_partitioning = false, "
        f"max_line_size = {LONGEST_ROW})"
    )


# --- what went wrong ---


def unreadable(tables: Iterable[Table], problem: Exception) -> Unreadable:
    """What a failure of the engine means to the user: a row of a CSV that does not fit, a damaged file, or too little room."""
    import duckdb

    if isinstance(problem, duckdb.OutOfMemoryException) or _OUT_OF_MEMORY in str(problem):
        return _told("", "B562" if "temp_directory" in str(problem) or "disk" in str(problem).lower() else "B561")
    damaged: list[Faults] = []
    for table in tables:
        if isinstance(table.source, CsvFiles):
            found = broken_line(table.source, table.file, len(table.headings))
            if found.errors:
                return Unreadable(found.listed())
        if not isinstance(table.source, InMemory):
            damaged.append(Faults(table.file))
    if len(damaged) == 1:
        damaged[0].add("B563")
        return Unreadable(damaged[0].listed())
    return _told("、".join(each.file for each in damaged), "B564")


def _told(file: str, code: str) -> Unreadable:
    faults = Faults(file)
    faults.add(code)
    return Unreadable(faults.listed())
