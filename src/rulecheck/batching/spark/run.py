"""A run on Spark: the partitions of the embedded engine, brought together by a shuffle, judged and written by the workers.

Results do not pass through Spark: a worker writes its partitions into the folder of results and sets their marks, as a thread
does on one machine. The folder is the same, byte for byte, and a run that was cut short is gone on with by either engine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from rulecheck.batching.declaring.declare import Declared
from rulecheck.batching.edges import edges, facts_read
from rulecheck.batching.results.folder import Folder
from rulecheck.batching.results.summary import Counted
from rulecheck.batching.run import END, Progress, Result, Wanted, finished, part_of
from rulecheck.batching.sources.table import Table, Unreadable
from rulecheck.batching.spark.families import Family, families
from rulecheck.batching.spark.links import forget, link
from rulecheck.batching.spark.session import SparkMeans, session
from rulecheck.batching.spark.staging import as_parquet
from rulecheck.batching.spark.tables import read
from rulecheck.batching.spark.worker import DONE, PARTITION, PartitionJudge, TableJudge, Work, packed, unpacked
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import Faults, shown
from rulecheck.measures.places import Place

_EVERY: Final = 1
"""Seconds between two looks at how far the workers are."""
_SHUFFLED: Final = "spark.sql.shuffle.partitions"
_AT_ONCE: Final = 4
"""Partitions of the run that one task takes at most where there are very many."""


@dataclass(frozen=True, slots=True, eq=False)
class SparkRun:
    """What a run on Spark goes through. `rows`: of a partition, members included."""

    tables: Sequence[Table]
    declared: Declared
    place: Place | None
    means: SparkMeans
    rows: int
    scratch: Path

    def run(
        self,
        wanted: Wanted,
        folder: Folder,
        tell: Callable[[Progress], None],
        last: Callable[[], None],
        begin: Callable[[], None],
    ) -> Result:
        """As `run.run`; `begin` is called once the tables are known to fit together. Raises Unreadable for rows that cannot be
        read or do not fit together, and where Spark gave up."""
        counted = Counted()
        _check_java()
        with _telling_failures(folder), session(self.means) as spark:
            tables = as_parquet(self.tables, self.scratch)
            facts = facts_read(wanted.plan.rules)
            asked = {
                plan.kind.id: [each.number for each in plan.facts if (plan.kind.id, each.fact.id) in facts]
                for plan in self.declared.tables
            }
            pairs = zip(self.declared.tables, tables, strict=True)
            linked = link([read(spark, plan, table, asked[plan.kind.id]) for plan, table in pairs])
            try:
                begin()
                for family in families(linked, edges(wanted.plan.rules), asked, self.rows):
                    self._judge(spark, family, wanted, folder, counted, tell)
            finally:
                forget(linked)
        return finished(wanted, counted, folder, last)

    def _judge(
        self,
        spark: SparkSession,
        family: Family,
        wanted: Wanted,
        folder: Folder,
        counted: Counted,
        tell: Callable[[Progress], None],
    ) -> None:
        """Every partition of a family that is not done yet; then what was noted of all of them."""
        done = [number for number in range(family.partitions) if folder.mark(part_of(family.kind, number)) is not None]
        if len(done) < family.partitions:
            work = Work(
                wanted.plan, family.top, family.above, self.place, str(folder.root.absolute()), wanted.format, wanted.is_told
            )
            with _watching(folder, family, tell):
                _carry_out(spark, family, done, packed(work))
        rows = counted.rows[family.kind]
        for number in range(family.partitions):
            noted = folder.mark(part_of(family.kind, number))
            if noted is None:
                raise _failed("W602", part=part_of(family.kind, number))
            counted.add(noted)
        table = family.linked[family.top.number].table
        if counted.rows[family.kind] - rows != table.rows:
            raise _failed("W605", table=shown(table.plan.header.file), rows=table.rows, found=counted.rows[family.kind] - rows)
        folder.done(f"{family.kind}-{END}", {}, {"partitions": family.partitions})
        tell(Progress(family.kind, family.partitions, counted.rows[family.kind]))


def _carry_out(spark: SparkSession, family: Family, done: Collection[int], work: bytes) -> None:
    """One job. Of a family the rows are shuffled by partition; a table that stands alone is read by the workers themselves, since
    rows that go through Spark cost more than everything that is done with them (docs/decisions/35)."""
    left = [number for number in range(family.partitions) if number not in set(done)]
    tasks = min(len(left), max(int(spark.conf.get(_SHUFFLED) or 1), len(left) // _AT_ONCE))
    if family.stands_alone:
        judged = spark.range(0, tasks, 1, tasks).mapInArrow(_table_judge(family, left, tasks, work), DONE)
    else:
        rows = family.frame(done).repartition(tasks, PARTITION).sortWithinPartitions(PARTITION)
        judged = rows.mapInArrow(PartitionJudge(work), DONE)
    # A row for each partition, whatever its size.
    problems = sorted(judged.where("faults IS NOT NULL OR stopped IS NOT NULL").collect(), key=lambda each: each[PARTITION])
    for each in problems:
        if each.faults is not None:
            raise Unreadable(unpacked(bytes(each.faults)))
    for each in problems:
        raise OSError(0, each.stopped)


def _table_judge(family: Family, left: Sequence[int], tasks: int, work: bytes) -> TableJudge:
    """Each task takes partitions that lie side by side."""
    table = family.linked[family.top.number].table
    bounds = [len(left) * task // tasks for task in range(tasks + 1)]
    wanted = tuple(tuple(left[start:stop]) for start, stop in pairwise(bounds))
    paths = tuple(str(path.absolute()) for path in table.source.paths)
    return TableJudge(work, paths, table.source.rows, table.headings, family.rows, wanted)


@contextmanager
def _watching(folder: Folder, family: Family, tell: Callable[[Progress], None]) -> Iterator[None]:
    """Tells how far the workers are, from the marks that they set."""
    stop = Event()

    def watch() -> None:
        before = 0
        while not stop.wait(_EVERY):
            done = sum(1 for each in folder.parts() if each.startswith(f"{family.kind}-"))
            if done != before:
                before = done
                tell(Progress(family.kind, done, min(done * family.rows, family.linked[family.top.number].table.rows)))

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


# --- what went wrong ---


def _check_java() -> None:
    has_java = shutil.which("java") is not None or "JAVA_HOME" in os.environ or "SPARK_REMOTE" in os.environ
    if not has_java:
        raise _failed("W603")


@contextmanager
def _telling_failures(folder: Folder) -> Iterator[None]:
    """What Spark gives up on, told in a sentence."""
    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as problem:
        raise _failed("W604", reason=shown(_reason(problem)), done=len(folder.parts())) from problem


def _reason(problem: Exception) -> str:
    """The first line that says something."""
    lines = [line.strip() for line in str(problem).splitlines()]
    return next((line for line in lines if line), type(problem).__name__)


def _failed(code: str, **values: Any) -> Unreadable:
    faults = Faults("Spark")
    faults.add(code, **values)
    return Unreadable(faults.listed())
