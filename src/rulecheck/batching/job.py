"""A run from what a user asks for: tables opened and understood, a folder made ready, partitions judged, results in their place.

What stops it is told as diagnostics (`Stopped`); nobody's mistake becomes a traceback.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rulecheck.batching.declaring.mapping import TableMapping, load_mapping
from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.source import ROWS, DuckdbSource, Given, plan_tables
from rulecheck.batching.inputs import InputFile, Reading, changed, files_of, held_inputs, read_inputs, sha256_of
from rulecheck.batching.results.folder import STAGING, Folder, InUse, read_manifest, usable
from rulecheck.batching.results.summary import TableRead
from rulecheck.batching.run import Progress, Result, Wanted, run
from rulecheck.batching.sources.open import open_tables
from rulecheck.batching.sources.table import Table, Unreadable, tell_ignored
from rulecheck.checking import ENGINE, only_of
from rulecheck.dataclass import dataclass
from rulecheck.facts.headings import Headings
from rulecheck.facts.nodes import Faults
from rulecheck.judgement import Receipt
from rulecheck.judging.lower import lower
from rulecheck.judging.plan import Plan
from rulecheck.language.diagnostics import Diagnostic, fault, message
from rulecheck.measures.days import day_text
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.streams import real_path, write_fault
from rulecheck.submission import Origin

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What writing fails with where a disk, a quota or the size allowed to a file is used up."""
OF_THE_ENGINE: Final = frozenset({"B511", "B512", "B561", "B562", "W604"})
"""The engine has too little memory or disk, or stopped; the same run may go on with the same tables."""

MANY_RULES: Final = 64
"""About one kind of subjects."""

CHANGES: Final = {
    "engine": "W501",
    "rules": "W502",
    "calendar": "W503",
    "as_of": "W504",
    "place": "W505",
    "documents": "W506",
    "format": "W507",
    "told": "W511",
    "headings": "W508",
    "tables": "W509",
    "partition": "W510",
}
"""What a run is told apart by, and the message that names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What is asked for. `rules` are all of them; `documents`: the folders of those whose rules alone are wanted, None for all.
    `memory`: of the engine, as DuckDB writes sizes."""

    tables: Sequence[Path]
    rules: model.RuleSet
    as_of: int
    place: Place | None = None
    headings: Path | None = None
    documents: frozenset[str] | None = None
    format: str = "parquet"
    is_told: bool = True
    """Whether the adverse and undetermined rows are written with their figures, beside the verdicts of all."""
    memory: str | None = None
    threads: int = 1
    engine: str = "duckdb"
    rows: int | None = None
    held: Sequence[Table] = ()
    """Tables in memory, beside those of the files."""
    reading: Reading | None = None
    """The files of the tables, where somebody has begun to read them."""

    @property
    def partition(self) -> int:
        """Rows judged and written together. What is told of a row under many rules takes more room than the row."""
        if self.rows is not None:
            return self.rows
        most = max(Counter(rule.kind.id for rule in self.chosen.rules).values(), default=0)
        return ROWS // 2 if self.is_told and most > MANY_RULES else ROWS

    @property
    def chosen(self) -> model.RuleSet:
        """The rules that are wanted, with the whole vocabulary."""
        return self.rules if self.documents is None else only_of(self.rules, self.documents)

    @property
    def numbers(self) -> tuple[str, ...] | None:
        """The documents by their numbers, as a report names them."""
        if self.documents is None:
            return None
        return tuple(each.number or each.title for each in self.rules.documents if each.folder in self.documents)


class Stopped(Exception):
    """The run cannot go on, or could not begin: what is wrong, each with what to do."""

    def __init__(self, *problems: Diagnostic) -> None:
        super().__init__(*(each.code for each in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Tables that were opened and understood. `warnings` are remarks for the user."""

    job: Job
    rules: model.RuleSet
    given: Given
    files: tuple[InputFile, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def plan(self) -> Plan:
        return lower(self.rules, self.job.as_of, {each.kind.id for each in self.given.declared.tables})

    @property
    def places(self) -> dict[str, Origin]:
        """Where each kind (English id) has its table, as messages say it."""
        return {each.kind.id: Origin(each.header.called, *each.header.where(), "") for each in self.given.declared.tables}

    @property
    def receipt(self) -> Receipt:
        return Receipt(ENGINE, self.rules.sha256, sha256_of(self.files), self.rules.calendar.sha256)

    @contextlib.contextmanager
    def source(self, scratch: Path, beside: model.RuleSet | None = None) -> Iterator[DuckdbSource]:
        """The partitions; Stopped where rows do not fit together or cannot be read. `beside`: other rules that are judged too."""
        try:
            with DuckdbSource(
                self.given,
                self.rules,
                self.job.place,
                scratch,
                Means(self.job.memory, self.job.threads),
                self.job.partition,
                beside=beside,
            ) as source:
                yield source
        except Unreadable as problem:
            raise Stopped(*problem.faults) from None


def fingerprint(job: Job, files: Sequence[InputFile]) -> dict[str, Any]:
    """What the results hang on; two runs alike in all of it give the same bytes."""
    return {
        "engine": ENGINE,
        "rules": job.rules.sha256,
        "calendar": job.rules.calendar.sha256,
        "as_of": day_text(job.as_of, "en"),
        "place": None if job.place is None else job.place.english,
        "documents": None if job.documents is None else sorted(job.documents),
        "format": job.format,
        "told": job.is_told,
        "headings": None if job.headings is None else _sha256(job.headings),
        "tables": sorted(
            ({"file": each.path.name, "bytes": each.bytes, "sha256": each.sha256} for each in files), key=lambda each: str(each)
        ),
        "partition": job.partition,
    }


def _sha256(path: Path) -> str:
    """Of a file that may not be there: that is told when it is read."""
    try:
        return read_inputs([path])[0].sha256
    except OSError:
        return ""


def open_inputs(job: Job) -> tuple[InputFile, ...]:
    """The files of the tables and the tables in memory, read once for their hashes; what cannot be read is told when the tables
    are opened."""
    try:
        files = job.reading.files() if job.reading is not None else read_inputs(files_of(job.tables))
        return (*files, *held_inputs(job.held))
    except OSError as problem:
        raise Stopped(fault("X304" if problem.filename is None else "F101", str(problem.filename or ""))) from None


def prepare(job: Job, files: tuple[InputFile, ...], scratch: Path) -> Ready:
    """Opens the tables and finds out what they hold. Stopped with every fault of all of them."""
    rules = job.chosen
    mapping = TableMapping()
    if job.headings is not None:
        mapping = load_mapping(job.headings, job.headings.name, Headings(rules))
    opened = open_tables(job.tables, scratch, mapping.is_ignored)
    held, passed = _held(job, mapping)
    given = plan_tables(rules, [*opened.tables, *held], mapping, rules.rules)
    problems = [*opened.faults, *given.declared.errors]
    if problems:
        raise Stopped(*problems)
    return Ready(job, rules, given, files, (*opened.warnings, *passed, *given.declared.warnings))


def _held(job: Job, mapping: TableMapping) -> tuple[list[Table], list[Diagnostic]]:
    """The tables in memory that are wanted, and remarks on the others."""
    wanted: list[Table] = []
    remarks: list[Diagnostic] = []
    for each in job.held:
        if not mapping.is_ignored(each.name, each.file):
            wanted.append(each)
            continue
        faults = Faults(each.file)
        tell_ignored([each.name], faults)
        remarks += faults.warnings
    return wanted, remarks


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a run says on its way, beside its result."""

    problems: Callable[[Sequence[Diagnostic]], None]
    begun: Callable[[Folder], None]
    progress: Callable[[Progress], None]


def carry_out(job: Job, output: Path, told: Told) -> Mapping[str, Any]:
    """The whole run; gives its summary. Stopped where it cannot be; OSError never."""
    problem = usable(output)
    if problem is not None:
        raise Stopped(problem)
    files = open_inputs(job)
    inside = [each for each in files if not each.is_held and real_path(output) in real_path(each.path).parents]
    if inside:
        raise Stopped(*(fault("W208", str(each.path)) for each in inside))
    target = real_path(output)
    if any(each.is_dir() and real_path(each) in target.parents for each in job.tables):
        # The folder of results would be taken for a part of the table.
        raise Stopped(fault("W212", str(output)))
    folder = Folder(output, fingerprint(job, files))
    was_there = output.exists()
    try:
        folder.open()
    except InUse:
        raise Stopped(fault("W203", str(output))) from None
    except OSError as stopped:
        raise Stopped(write_fault(output, stopped)) from None
    if not folder.changed:
        told.begun(folder)
    if folder.is_whole:
        whole = read_manifest(output)
        assert whole is not None
        # What is said of the tables is no less true of results that are there already.
        with tempfile.TemporaryDirectory(prefix="rulecheck-") as scratch:
            told.problems(prepare(job, files, Path(scratch)).warnings)
        summary: Mapping[str, Any] = whole["summary"]
        return summary
    try:
        return _done(job, files, folder, told).summary
    except OSError as stopped:
        done = len(folder.parts())
        if stopped.errno in NO_ROOM:
            raise Stopped(fault("W204", str(output), done=done)) from None
        raise Stopped(fault("W210", str(output), reason=stopped.strerror or type(stopped).__name__, done=done)) from None
    except Stopped as stopped:
        # Where the tables have to be put right first they will be others, and nothing of this run is of use; what an earlier one
        # began is, to whoever named another table by mistake.
        if not folder.has_earlier and not any(each.code in OF_THE_ENGINE for each in stopped.problems):
            _take_away(output, was_there)
        raise
    finally:
        folder.close()


def _done(job: Job, files: tuple[InputFile, ...], folder: Folder, told: Told) -> Result:
    scratch = folder.scratch
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        ready = prepare(job, files, scratch)
        told.problems(ready.warnings)
        wanted = Wanted(ready.plan, ready.receipt, _read_of(ready), job.numbers, job.format, job.is_told, job.threads)
        return RUNS[job.engine](ready, wanted, folder, scratch, told)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _begin(folder: Folder, told: Told) -> None:
    """The tables can be read and fit together: what another run began is given up, which is said."""
    folder.begin()
    if folder.changed:
        told.begun(folder)


def _on_duckdb(ready: Ready, wanted: Wanted, folder: Folder, scratch: Path, told: Told) -> Result:
    with ready.source(scratch) as source:
        _begin(folder, told)
        return run(wanted, source, folder, told.progress, lambda: _unchanged(ready.files))


def _on_spark(ready: Ready, wanted: Wanted, folder: Folder, scratch: Path, told: Told) -> Result:
    from rulecheck.batching.spark.run import SparkRun
    from rulecheck.batching.spark.session import SparkMeans

    means = SparkMeans(ready.job.memory, ready.job.threads)
    on_spark = SparkRun(ready.given.tables, ready.given.declared, ready.job.place, means, ready.job.partition, scratch)
    try:
        return on_spark.run(wanted, folder, told.progress, lambda: _unchanged(ready.files), lambda: _begin(folder, told))
    except Unreadable as problem:
        raise Stopped(*problem.faults) from None


RUNS: Final[Mapping[str, Callable[[Ready, Wanted, Folder, Path, Told], Result]]] = {"duckdb": _on_duckdb, "spark": _on_spark}
"""How the partitions are gone through, by engine. What comes out is the same."""


def _read_of(ready: Ready) -> list[TableRead]:
    """The files with the kinds of the tables in them, in an order of their own."""
    found = []
    for each in ready.files:
        # The name of a table begins with that of its file, or of the folder that holds its parts.
        called = (each.path.name, each.path.parent.name)
        kinds = [
            plan.kind.id
            for table, plan in zip(ready.given.tables, ready.given.declared.tables, strict=True)
            if Path(table.file).name in called
        ]
        found.append(TableRead(each.path.name, tuple(sorted(kinds)), each.bytes, each.sha256))
    return sorted(found, key=lambda each: (each.kinds, each.file, each.sha256))


def _unchanged(files: Sequence[InputFile]) -> None:
    problems = list(changed(files))
    if problems:
        raise Stopped(*problems)


def _take_away(output: Path, was_there: bool) -> None:
    """Nothing is left of a run whose tables cannot be used."""
    shutil.rmtree(output / STAGING, ignore_errors=True)
    if not was_there:
        with contextlib.suppress(OSError):
            output.rmdir()


def changes(what: Sequence[str]) -> tuple[str, str]:
    """The parts of a fingerprint in words, Chinese and English."""
    codes = [CHANGES[each] for each in what if each in CHANGES]
    return "、".join(message(code, "zh", {}) for code in codes), ", ".join(message(code, "en", {}) for code in codes)
