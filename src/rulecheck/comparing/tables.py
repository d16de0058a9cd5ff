"""Two rule sets on the same tables: the partitions of both side by side, each read with its own vocabulary."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from rulecheck.batching.declaring.declare import UNUSED
from rulecheck.batching.duckdb.source import DuckdbSource
from rulecheck.batching.inputs import changed
from rulecheck.batching.job import Job, Ready, Stopped, open_inputs, prepare
from rulecheck.batching.run import Progress
from rulecheck.batching.sources.table import Unreadable
from rulecheck.columns.frame import Frame
from rulecheck.comparing.differences import Version
from rulecheck.comparing.frames import FramesCompared
from rulecheck.comparing.result import Comparison
from rulecheck.comparing.trees import Files, Trees
from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.measures.days import day_text


@dataclass(frozen=True, slots=True, eq=False)
class TableSide:
    """One rule set with the tables that both are judged on. `files`: of the rules, read only where the sides differ."""

    job: Job
    name: str
    files: Callable[[], Files]


class SideStopped(Exception):
    """One side cannot read the tables. `side`: 0 the old rules, 1 the new, None where both can, but each otherwise."""

    def __init__(self, side: int | None, problems: tuple[Diagnostic, ...]) -> None:
        super().__init__(side, *(each.code for each in problems))
        self.side, self.problems = side, problems


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is said on the way: remarks on the tables, those of both sides once, and how far it has come."""

    remarks: Callable[[Sequence[Diagnostic]], None]
    progress: Callable[[Progress], None]


def compare_tables(old: TableSide, new: TableSide, told: Told, *, lists: bool = False) -> Comparison:
    """The whole comparison, partition by partition. `lists`: the subjects that changed are listed, as far as `grouping` has it.
    Raises SideStopped."""
    with tempfile.TemporaryDirectory(prefix="rulecheck-") as name:
        scratch = Path(name)
        before, after = (_ready(side, given, scratch) for side, given in enumerate((old, new)))
        problems = tuple(_other_kinds(before, after))
        if problems:
            raise SideStopped(None, problems)
        told.remarks(_remarks(before, after))
        versions = [Version(each.rules, Trees(side.files, each.rules.names)) for each, side in ((before, old), (after, new))]
        compared = FramesCompared(versions[0], versions[1], new.job.as_of, after.places, lists=lists)
        _judge(before, after, scratch, compared, told.progress)
        problems = tuple(_once((*changed(before.files), *changed(after.files))))
        if problems:
            raise SideStopped(None, problems)
    groups, appeared, fell_away = compared.whole()
    return Comparison(
        as_of=(day_text(new.job.as_of, "en"),),
        as_of_source="option",
        receipts=(before.receipt, after.receipt),
        names=(old.name, new.name),
        refused=((), ()),
        groups=groups,
        appeared=appeared,
        fell_away=fell_away,
        reworded=None,
        rules=tuple(compared.rules()),
        unchanged=compared.unchanged,
    )


def _once(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What both sides have to say alike is said once."""
    told: list[Diagnostic] = []
    for each in problems:
        if each not in told:
            told.append(each)
    return told


def _remarks(before: Ready, after: Ready) -> list[Diagnostic]:
    """A table is of no use only where neither side has any."""
    every = _once((*before.warnings, *after.warnings))
    return [each for each in every if each.code != UNUSED or (each in before.warnings and each in after.warnings)]


def _ready(side: int, given: TableSide, scratch: Path) -> Ready:
    own = scratch / str(side)
    own.mkdir()
    try:
        return prepare(given.job, open_inputs(given.job), own)
    except Stopped as stopped:
        raise SideStopped(side, stopped.problems) from None


def _other_kinds(before: Ready, after: Ready) -> Iterator[Diagnostic]:
    """Tables that are of one kind of subject for the old rules and of another, or of none, for the new."""
    kinds = [
        {table.file: plan.kind for table, plan in zip(each.given.tables, each.given.declared.tables, strict=True)}
        for each in (before, after)
    ]
    for file in sorted({**kinds[0], **kinds[1]}):
        was, now = kinds[0].get(file), kinds[1].get(file)
        if was is None or now is None or was.id != now.id:
            names = [each.zh if each is not None else "—" for each in (was, now)]
            yield fault("X346", file, old=names[0], new=names[1])


def _judge(before: Ready, after: Ready, scratch: Path, compared: FramesCompared, tell: Callable[[Progress], None]) -> None:
    with ExitStack() as opened:
        sources = []
        for side, (ready, other) in enumerate(((before, after), (after, before))):
            try:
                sources.append(opened.enter_context(ready.source(scratch / str(side), beside=other.rules)))
            except Stopped as stopped:
                raise SideStopped(side, stopped.problems) from None
        for family in sources[1].families:
            rows = 0
            both = zip(_partitions(0, sources[0], family), _partitions(1, sources[1], family), strict=True)
            for number, (was, now) in enumerate(both, start=1):
                rows += now.count
                compared.add(was, now)
                tell(Progress(family, number, rows))


def _partitions(side: int, source: DuckdbSource, family: str) -> Iterator[Frame]:
    """The partitions of one side; what it cannot read is told as its own."""
    try:
        yield from source.partitions(family, 0)
    except Unreadable as problem:
        raise SideStopped(side, tuple(problem.faults)) from None
