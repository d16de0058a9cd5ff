"""What workers of Spark do: read names, and judge partitions. Nothing here knows Spark; it takes and gives Arrow batches.

What a worker has to know comes as one piece of bytes with the function that needs it, and is opened once a worker, not once a
task.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from rulecheck.batching.converting.cells import Rows, together
from rulecheck.batching.converting.framing import Framing, Made, add_stated, completeness, placed
from rulecheck.batching.converting.identities import read_keys, read_names
from rulecheck.batching.declaring.declare import TablePlan
from rulecheck.batching.results.columns import verdict_columns
from rulecheck.batching.results.folder import Folder
from rulecheck.batching.results.part import PartWriter
from rulecheck.batching.run import part_of
from rulecheck.batching.sources.table import Unreadable
from rulecheck.columns.frame import Frame, Members, Whole
from rulecheck.columns.settle import Settler
from rulecheck.dataclass import dataclass
from rulecheck.judging.plan import Plan
from rulecheck.language.source import Source
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.compile import UNJUDGED

Batches = Iterator[pa.RecordBatch]

ROW: Final = "row"
"""The number of a row in its table, from 0."""
ABOVE: Final = "above"
"""The number of the row above it, in its own table."""
TABLE: Final = "table"
"""Which of the tables of a family a row comes from: `Branch.number`."""
PARTITION: Final = "partition"

NAMED: Final = "row long, key string, name string, parent string, faults binary"
"""What `NamesReader` gives."""
DONE: Final = "partition long, faults binary, stopped string"
"""What `PartitionJudge` gives, a row for each partition: what cannot be read in it, or why it could not be written."""


def column(number: int) -> str:
    """What a column of a table is called: by its place, since headings may hold anything."""
    return f"c{number}"


def column_in(table: int, number: int) -> str:
    """The same among the tables of a family."""
    return f"t{table}_{column(number)}"


def packed(what: Any) -> bytes:
    """Anything of ours as bytes, for workers that run the same version."""
    found = io.BytesIO()
    _Packer(found, protocol=5).dump(what)
    return zlib.compress(found.getvalue(), 1)


class _Packer(pickle.Pickler):
    """Leaves out what nothing is judged by: texts of rule files, examples, acceptances. They may be of the kind that is read
    from a file when it is asked for."""

    def reducer_override(self, of: Any) -> Any:
        match of:
            case Source():
                return Source, (of.name, "")
            case model.Rule() | model.RuleSet():
                whole = model.Rule if isinstance(of, model.Rule) else model.RuleSet
                return whole, tuple(() if name in _LEFT_OUT else getattr(of, name) for name in whole.__match_args__)
        return NotImplemented


_LEFT_OUT: Final = frozenset({*UNJUDGED, "files"})


def unpacked(given: bytes) -> Any:
    return pickle.loads(zlib.decompress(given))


# --- names ---


@dataclass(frozen=True, slots=True)
class NamesReader:
    """Reads the keys of a table, and where there are columns for them names and parents. `plan` is packed."""

    plan: bytes
    columns: tuple[int, ...]

    def __call__(self, batches: Batches) -> Batches:
        plan: TablePlan = unpacked(self.plan)
        schema = pa.schema(
            [(ROW, pa.int64()), *((name, pa.string()) for name in ("key", "name", "parent")), ("faults", pa.binary())]
        )
        for batch in batches:
            rows, count = _whole(batch.column(ROW)), batch.num_rows
            arrays = {number: _array(batch, column(number)) for number in self.columns}
            keys, misread = read_keys(plan, arrays.__getitem__, count, rows)
            faults, texts = [misread], {"key": keys}
            for word, named in (("name", plan.name), ("parent", plan.parent)):
                if named is not None and named.number in arrays:
                    texts[word], misread = read_names(named, arrays[named.number], rows)
                    faults.append(misread)
            none = pa.nulls(count, pa.string())
            found = [texts[word].cast(pa.string()) if word in texts else none for word in schema.names[1:4]]
            yield pa.record_batch([batch.column(ROW), *found, pa.nulls(count, pa.binary())], schema=schema)
            if any(faults):
                told = pa.array([packed(together(faults))], pa.binary())
                yield pa.record_batch([*(pa.nulls(1, schema.field(at).type) for at in range(4)), told], schema=schema)


# --- partitions ---


@dataclass(frozen=True, slots=True)
class Branch:
    """A table of a family. `columns`: what is read of it; `below`: the tables of its members."""

    number: int
    plan: TablePlan
    columns: tuple[int, ...]
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done with the partitions of a family. `above`: the tables that rows of `top` look up to, the nearest first.
    `folder`: of the results, on storage that every worker sees; `is_told`: whether adverse rows are told of."""

    plan: Plan
    top: Branch
    above: tuple[Branch, ...]
    place: Place | None
    folder: str
    format: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class PartitionJudge:
    """Judges and writes whole partitions, whose rows come one after the other. `work` is packed."""

    work: bytes

    def __call__(self, batches: Batches) -> Batches:
        worker = _worker(self.work)
        for number, rows in partitions(batches):
            yield _outcome(worker, number, worker.of_family(rows))


@dataclass(frozen=True, slots=True)
class TableJudge:
    """Judges and writes the partitions of a table that stands by itself, which workers read from its Parquet files: what comes in
    is the numbers of tasks. `work` is packed; `rows`: of each file; `size`: of a partition; `wanted`: by task the partitions."""

    work: bytes
    paths: tuple[str, ...]
    rows: tuple[int, ...]
    headings: tuple[str, ...]
    size: int
    wanted: tuple[tuple[int, ...], ...]

    def __call__(self, batches: Batches) -> Batches:
        worker = _worker(self.work)
        names = {number: self.headings[number] for number in worker.columns}
        for batch in batches:
            for task in batch.column(0).to_pylist():
                for first, last in runs(self.wanted[task]):
                    start, stop = first * self.size, min((last + 1) * self.size, sum(self.rows))
                    found = rows_of(self.paths, self.rows, list(names.values()), range(start, stop), self.size)
                    for number, rows in zip(range(first, last + 1), found, strict=True):
                        columns = {at: _array(rows, name) for at, name in names.items()}
                        yield _outcome(worker, number, worker.of_table(number * self.size, rows.num_rows, columns))


def _outcome(worker: Worker, number: int, given: Mapping[int, _Rows]) -> pa.RecordBatch:
    """A row of `DONE` for a partition that was judged and written."""
    faults = stopped = None
    try:
        worker.write(number, given)
    except Unreadable as problem:
        faults = packed(problem.faults)
    except OSError as problem:
        stopped = problem.strerror or type(problem).__name__
    return pa.record_batch(
        {
            PARTITION: pa.array([number], pa.int64()),
            "faults": pa.array([faults], pa.binary()),
            "stopped": pa.array([stopped], pa.string()),
        }
    )


def runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Numbers that rise, as runs without a gap: the first and the last of each."""
    first = previous = None
    for number in numbers:
        if first is None or previous is None:
            first = number
        elif number != previous + 1:
            yield first, previous
            first = number
        previous = number
    if first is not None and previous is not None:
        yield first, previous


def rows_of(paths: Sequence[str], counts: Sequence[int], names: Sequence[str], wanted: range, size: int) -> Iterator[pa.Table]:
    """So many rows at a time, of the rows wanted of files that follow one another. Other row groups are not read."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for path, first, rows in zip(paths, accumulate(counts, initial=0), counts, strict=False):
        if first >= wanted.stop or first + rows <= wanted.start:
            continue
        for batch in _rows_of_file(path, names, range(max(wanted.start - first, 0), min(wanted.stop - first, rows)), size):
            while batch.num_rows:
                part = batch.slice(0, size - count)
                waiting.append(part)
                count += part.num_rows
                batch = batch.slice(part.num_rows)
                if count == size:
                    yield pa.Table.from_batches(waiting)
                    waiting, count = [], 0
    if count:
        yield pa.Table.from_batches(waiting)


def _rows_of_file(path: str, names: Sequence[str], wanted: range, size: int) -> Batches:
    with parquet.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
        starts = list(accumulate(sizes, initial=0))
        groups = [each for each in range(len(sizes)) if starts[each] < wanted.stop and starts[each + 1] > wanted.start]
        at = starts[groups[0]] if groups else 0
        for batch in file.iter_batches(size, row_groups=groups, columns=list(names), use_threads=False):
            low, high = max(wanted.start - at, 0), min(wanted.stop - at, batch.num_rows)
            if high > low:
                yield batch.slice(low, high - low)
            at += batch.num_rows


def partitions(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.Table]]:
    """The rows of each partition, from batches that may begin and end anywhere in one."""
    waiting: list[pa.RecordBatch] = []
    current: int | None = None
    for batch in batches:
        numbers = _whole(batch.column(PARTITION))
        cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
        for start, stop in pairwise(cuts):
            if start == stop:
                continue
            number = int(numbers[start])
            if current is not None and number != current:
                yield current, pa.Table.from_batches(waiting)
                waiting = []
            current = number
            waiting.append(batch.slice(start, stop - start))
    if current is not None:
        yield current, pa.Table.from_batches(waiting)


@lru_cache(maxsize=4)
def _worker(work: bytes) -> Worker:
    return Worker(unpacked(work))


class Worker:
    """Makes frames of the rows of partitions, settles, judges and writes them."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rules = work.plan.rules
        self._framing = Framing(work.plan.rules)
        self._settler = Settler(work.plan.rules)
        self._writer = PartWriter(work.plan, verdict_columns(work.plan), Folder(Path(work.folder), {}), work.format, work.is_told)

    @property
    def columns(self) -> tuple[int, ...]:
        """What is read of the table at the top."""
        return self._work.top.columns

    def write(self, number: int, given: Mapping[int, _Rows]) -> None:
        """The results of one partition, and its mark. Raises Unreadable, and OSError where the folder cannot take them."""
        self._writer.write(self.frame(given), number, part_of(self._work.top.plan.kind.id, number))

    def of_family(self, rows: pa.Table) -> Mapping[int, _Rows]:
        """The rows of a partition table by table."""
        batch = rows.combine_chunks()
        return {each.number: _Rows.of(batch, each) for each in self._branches()}

    def of_table(self, first: int, count: int, columns: Mapping[int, pa.Array]) -> Mapping[int, _Rows]:
        """Rows that follow one another in the only table."""
        return {self._work.top.number: _Rows(np.arange(first, first + count), np.full(count, -1, np.int64), columns)}

    def frame(self, given: Mapping[int, _Rows]) -> Frame:
        """The rows of a partition as a frame that leads to all others; nothing is settled but the rows above it."""
        top = given[self._work.top.number].in_order(None)
        made = self._tree(self._work.top, top, int(top.numbers[0]) if len(top.numbers) else 0, given)
        self._look_up(made.frame, top, given)
        placed(made.frame, self._work.place)
        return made.frame

    def _branches(self) -> Iterator[Branch]:
        yield from self._work.above
        yield from _every(self._work.top)

    def _tree(self, branch: Branch, own: _Rows, rows: Rows, given: Mapping[int, _Rows]) -> Made:
        """The frame of some rows with everything below them."""
        made = self._framing.make(branch.plan, own.columns, len(own.numbers), rows)
        for below in branch.below:
            members = given[below.number].in_order(own.numbers)
            frame = self._tree(below, members, members.numbers, given).frame
            frame.parent, frame.parent_rows = made.frame, members.above
            starts = np.searchsorted(members.above, np.arange(made.frame.count + 1)).astype(np.int64)
            complete = completeness(branch.plan, below.plan, made, starts, rows)
            made.frame.members[below.plan.kind.id] = Members(frame, starts, complete)
        add_stated(made, self._rules)
        return made

    def _look_up(self, frame: Frame, own: _Rows, given: Mapping[int, _Rows]) -> None:
        """Leads the frame to the rows above it, which are placed and settled before anybody looks."""
        chain: list[Frame] = []
        for branch in self._work.above:
            above = given[branch.number].in_order(None)
            made = self._framing.make(branch.plan, above.columns, len(above.numbers), above.numbers).frame
            frame.parent, frame.parent_rows = made, positions(above.numbers, own.above)
            chain.append(made)
            frame, own = made, above
        for above_frame in reversed(chain):
            placed(above_frame, self._work.place)
            self._settler.settle(above_frame)


def _every(branch: Branch) -> Iterator[Branch]:
    yield branch
    for below in branch.below:
        yield from _every(below)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of one table in a partition: their numbers, those of the rows above them (-1: none), the columns by their places."""

    numbers: Whole
    above: Whole
    columns: Mapping[int, pa.Array]

    @classmethod
    def of(cls, batch: pa.Table, branch: Branch) -> _Rows:
        rows = np.flatnonzero(_whole(batch.column(TABLE)) == branch.number)
        at = None if len(rows) == len(batch) else pa.array(rows)
        columns = {number: _array(batch, column_in(branch.number, number), at) for number in branch.columns}
        return cls(_whole(batch.column(ROW))[rows], _whole(compute.fill_null(batch.column(ABOVE), -1))[rows], columns)

    def in_order(self, above: Whole | None) -> _Rows:
        """By the position of the row above among those given, which then stands for it; without, by their own number."""
        found = self.above if above is None else positions(above, self.above)
        keys = (self.numbers,) if above is None else (self.numbers, found)
        order = np.lexsort(keys)
        if (order == np.arange(len(order))).all():
            return _Rows(self.numbers, found, self.columns)
        at = pa.array(order)
        return _Rows(self.numbers[order], found[order], {number: each.take(at) for number, each in self.columns.items()})


def positions(numbers: Whole, wanted: Whole) -> Whole:
    """Where each number stands among others, which need not rise."""
    if not len(wanted):
        return np.zeros(0, np.int64)
    order = np.argsort(numbers, kind="stable")
    found: Whole = np.take(order, np.searchsorted(numbers[order], wanted), mode="clip").astype(np.int64)
    if not (numbers[found] == wanted).all():
        raise AssertionError("rows of a partition belong to rows that are not in it")
    return found


def _array(batch: Any, name: str, at: pa.Array | None = None) -> pa.Array:
    """A column in one piece; one that was not read holds nothing."""
    count = batch.num_rows if at is None else len(at)
    if name not in batch.schema.names:
        return pa.nulls(count, pa.string())
    found = batch.column(name)
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()
    return found if at is None else found.take(at)


def _whole(array: Any) -> Whole:
    found: Whole = np.asarray(array.to_numpy(zero_copy_only=False) if isinstance(array, pa.Array) else array.to_numpy())
    return found.astype(np.int64, copy=False)
