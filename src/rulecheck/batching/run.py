"""A run over tables: partitions one after the other from an engine, judged and written by a few threads, counted in their order.

numpy and Arrow leave the interpreter to others while they reckon, so threads are enough; no more partitions are held than there
are threads and one more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import local
from typing import Any, Final, Protocol

from rulecheck.batching.results.columns import VerdictColumn, code_rows, column_rows, verdict_columns
from rulecheck.batching.results.files import WRITERS, side_table
from rulecheck.batching.results.folder import Folder
from rulecheck.batching.results.part import PartWriter
from rulecheck.batching.results.summary import Counted, TableRead, render_summary, render_tree, summary_tree
from rulecheck.columns.frame import Frame
from rulecheck.dataclass import dataclass
from rulecheck.judgement import Receipt
from rulecheck.judging.plan import Plan


class Source(Protocol):
    """Where partitions come from. The same tables give the same partitions, in the same order, every time."""

    @property
    def families(self) -> Sequence[str]:
        """The kinds of the frames that partitions are made of, each in turn."""

    def partitions(self, family: str, first: int) -> Iterator[Frame]:
        """The partitions of a family from that of number `first` on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: of one family how many partitions and rows."""

    family: str
    partitions: int
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a run is to do. `documents`: the numbers of those whose rules alone are wanted, None for all. `is_told`: whether the
    adverse and undetermined rows are told of."""

    plan: Plan
    receipt: Receipt
    tables: Sequence[TableRead]
    documents: Sequence[str] | None
    format: str
    is_told: bool
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came out. `summary` is the tree of `summary.json`."""

    columns: Mapping[str, tuple[VerdictColumn, ...]]
    counted: Counted
    summary: Mapping[str, Any]


END: Final = "end"


def run(
    wanted: Wanted, source: Source, folder: Folder, tell: Callable[[Progress], None], last: Callable[[], None] = lambda: None
) -> Result:
    """All partitions that are not done yet, then the results put in their place; `last` is called before that, and may raise.
    What the folder cannot take raises OSError; what was done stays done."""
    columns = verdict_columns(wanted.plan)
    counted = Counted()
    own = local()

    def write(frame: Frame, number: int, name: str) -> Mapping[str, Any]:
        writer: PartWriter | None = getattr(own, "writer", None)
        if writer is None:
            writer = own.writer = PartWriter(wanted.plan, columns, folder, wanted.format, wanted.is_told)
        return writer.write(frame, number, name)

    with ThreadPoolExecutor(max_workers=wanted.threads) as pool:
        for family in source.families:
            _run_family(family, source, folder, (pool, wanted.threads, write), counted, tell)
    return finished(wanted, counted, folder, last)


def finished(wanted: Wanted, counted: Counted, folder: Folder, last: Callable[[], None]) -> Result:
    """The results put in their place, when every partition is done; `last` is called before that, and may raise."""
    columns = verdict_columns(wanted.plan)
    files: dict[str, int] = {}
    last()
    for part in folder.parts():
        files |= folder.files_of(part)
    summary = summary_tree(
        wanted.plan.rules,
        columns,
        counted,
        as_of=wanted.plan.as_of,
        receipt=wanted.receipt,
        tables=wanted.tables,
        documents=wanted.documents,
        is_told=wanted.is_told,
    )
    texts = {
        "summary.json": render_tree(summary),
        "summary.txt": render_summary(summary, wanted.plan.rules, "zh", color=False).encode("utf-8", "backslashreplace"),
    }
    for name, rows in (("columns", column_rows(columns)), ("codes", code_rows())):
        with folder.writing(f"{name}.{wanted.format}") as file:
            WRITERS[wanted.format](side_table(rows), file)
        files[f"{name}.{wanted.format}"] = folder.size(f"{name}.{wanted.format}")
    folder.finish(texts, files, {"summary": summary})
    return Result(columns, counted, summary)


_Pool = tuple[ThreadPoolExecutor, int, Callable[[Frame, int, str], Mapping[str, Any]]]


def _run_family(
    family: str, source: Source, folder: Folder, by: _Pool, counted: Counted, tell: Callable[[Progress], None]
) -> None:
    pool, threads, write = by
    rows = number = 0

    def count(noted: Mapping[str, Any]) -> None:
        nonlocal rows, number
        counted.add(noted)
        rows += noted["rows"].get(family, 0)
        number += 1
        tell(Progress(family, number, rows))

    end = folder.mark(f"{family}-{END}")
    while (noted := folder.mark(part_of(family, number))) is not None:
        count(noted)
    if end is not None and end["partitions"] == number:
        return
    waiting: deque[Future[Mapping[str, Any]]] = deque()
    given = number
    try:
        for frame in source.partitions(family, number):
            done = folder.mark(part_of(family, given))
            waiting.append(_ready(done) if done is not None else pool.submit(write, frame, given, part_of(family, given)))
            given += 1
            del frame
            while len(waiting) > threads:
                count(waiting.popleft().result())
        while waiting:
            count(waiting.popleft().result())
    finally:
        for each in waiting:
            each.cancel()
    folder.done(f"{family}-{END}", {}, {"partitions": number})


def _ready(noted: Mapping[str, Any]) -> Future[Mapping[str, Any]]:
    made: Future[Mapping[str, Any]] = Future()
    made.set_result(noted)
    return made


def part_of(family: str, number: int) -> str:
    """What a partition is called among the marks of the folder."""
    return f"{family}-{number:05d}"
