"""Tables of any size from Python: what `rulecheck batch` writes, as objects, and read back as tables of any library that takes
Arrow's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from weakref import finalize

from rulecheck.api.faults import Fault
from rulecheck.api.results import Report, language_of, raised
from rulecheck.commands.batch import exit_status, missing_packages
from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import Receipt, Verdict
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.syntax import Language
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

if TYPE_CHECKING:
    from rulecheck.batching.job import Job
    from rulecheck.batching.sources.table import Table

Tables = str | Path | Mapping[str, Any] | Sequence[Any]
"""Paths of tables, tables by kind of subject, or several of these."""


class Rows:
    """Rows of a result, read when they are asked for: `polars.DataFrame(rows)`, `pandas.DataFrame.from_arrow(rows)`,
    `pyarrow.table(rows)`, or a batch at a time with `pyarrow.RecordBatchReader.from_stream(rows)`."""

    __slots__ = ("_open",)

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._open = opened

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._open().schema.names)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self._open().__arrow_c_stream__(requested_schema)


@dataclass(frozen=True, slots=True, eq=False)
class RuleCounts:
    """How often each verdict came out for one rule, limb and period. `column`: of the tables of verdicts."""

    kind: str
    column: str
    rule: str
    limb: str | None
    period: str | None
    title: Bilingual
    document: str
    locator: str
    counts: Mapping[Verdict, int]


class _Kept:
    """Where the results are, and what they were made from; a folder of our own is taken away with the last that uses it."""

    def __init__(self, job: Job, root: Path, own: Path | None) -> None:
        self.job, self.root = job, root
        if own is not None:
            finalize(self, shutil.rmtree, own, ignore_errors=True)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What came out of a run over tables. `folder`: where the results are, None where they were not asked for; `remarks`: what
    was said of the tables that were taken all the same."""

    folder: Path | None
    remarks: tuple[Fault, ...] = field(repr=False)
    _summary: Mapping[str, Any] = field(repr=False)
    _kept: _Kept = field(repr=False)

    @property
    def rows(self) -> dict[str, int]:
        """How many subjects of each kind (English id) were judged."""
        return dict(self._summary["rows"])

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many judgements have each verdict."""
        return _counts(self._summary["counts"])

    @property
    def by_rule(self) -> tuple[RuleCounts, ...]:
        """The same by rule, limb and period."""
        return tuple(_of_rule(each) for each in self._summary["by_rule"])

    @property
    def receipt(self) -> Receipt:
        """What the result rests on: the engine and the hashes of rules, tables and calendar."""
        return Receipt(**self._summary["receipt"])

    @property
    def exit_status(self) -> int:
        """What `rulecheck batch` ends with: 0 nothing violated, 1 something is, 4 nothing decided."""
        return exit_status(self._summary["counts"], frozenset())

    def verdicts(self, kind: str | None = None, *, codes: bool = False) -> Rows:
        """A row for each subject in the order of its table, with a column for each rule, limb and period: the names of the
        verdicts, or with `codes` the numbers that are stored. `kind`: by either name; None where there is but one."""
        id_ = self._kind(kind)
        columns = [each["column"] for each in self._summary["by_rule"] if each["kind"] == id_]
        return self._rows("verdicts", id_, columns, named=not codes)

    def adverse(self, kind: str | None = None) -> Rows:
        """A row for each judgement that is violated, departs, falls short or is undetermined: the margin, the figures that
        decided, and what is missing. RulecheckError where only verdicts were asked for."""
        if not self._kept.job.is_told:
            raise raised([Diagnostic("I112")])
        return self._rows("adverse", self._kind(kind))

    def contradictions(self, kind: str | None = None) -> Rows:
        """A row for each relation between facts that a subject breaks; the facts in it count as not told."""
        return self._rows("faults", self._kind(kind))

    def files(self) -> tuple[Path, ...]:
        """The files of the results; none where no folder was asked for."""
        if self.folder is None:
            return ()
        from rulecheck.batching.results.folder import MANIFEST, read_manifest

        manifest = read_manifest(self.folder) or {"files": {}}
        return tuple(self.folder / name for name in (*manifest["files"], MANIFEST))

    def explain(self, key: str) -> Report:
        """The report of `rulecheck.check` on one row: `KEY`, `KIND:KEY` or `KIND:PARENT/KEY`. RulecheckError where there is no
        such row, where several are called so, or where a verdict of the run is not that of the explanation."""
        from rulecheck.batching.explain import Differs, explain
        from rulecheck.batching.job import Stopped

        try:
            return Report(explain(self._kept.job, key, self._kept.root))
        except (Stopped, Differs) as stopped:
            raise raised(stopped.problems) from None

    def text(self, language: Language = "zh") -> str:
        """The summary as `rulecheck batch` prints it."""
        from rulecheck.batching.results.summary import render_summary

        return render_summary(self._summary, self._kept.job.rules, language_of(language), color=False)

    def tree(self) -> dict[str, Any]:
        """The summary as dicts and lists, `rulecheck-batch-summary/1`."""
        return deepcopy(dict(self._summary))

    def _kind(self, name: str | None) -> str:
        kinds = self._kept.job.rules.kinds
        judged = [*self._summary["rows"], *(each["kind"] for each in self._summary["by_rule"])]
        known = [kinds[id_] for id_ in dict.fromkeys(judged)]
        found = [each for each in known if name is None or name in (each.zh, each.id)]
        if len(found) != 1:
            raise raised([Diagnostic("I110", values={"kind": name or "", "known": "、".join(each.zh for each in known)})])
        return found[0].id

    def _rows(self, folder: str, kind: str, columns: Sequence[str] = (), *, named: bool = False) -> Rows:
        kept = self._kept

        def opened() -> Any:
            from rulecheck.batching.results.read import rows_of

            try:
                return rows_of(kept.root, folder, kind, columns, named=named, kept=kept)
            except OSError as problem:
                raise raised([fault("I111", str(kept.root), reason=problem.strerror or type(problem).__name__)]) from None

        return Rows(opened)


def _counts(of: Mapping[str, int]) -> dict[Verdict, int]:
    return {Verdict(name): count for name, count in of.items()}


def _of_rule(row: Mapping[str, Any]) -> RuleCounts:
    return RuleCounts(
        kind=row["kind"],
        column=row["column"],
        rule=row["rule"],
        limb=row["limb"],
        period=row["period"],
        title=Bilingual(row["title"]["zh"], row["title"]["en"]),
        document=row["document"],
        locator=row["locator"],
        counts=MappingProxyType(_counts(row["counts"])),
    )


# --- running ---


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of a run, read already but for the tables. `memory`: in megabytes."""

    rules: model.RuleSet
    as_of: int
    place: Place | None
    documents: frozenset[str] | None
    headings: Path | None
    memory: int
    threads: int
    is_told: bool


def carry_out(tables: Tables, asked: Asked, output: Path | None) -> Batch:
    """The whole run. RulecheckError where it cannot be done."""
    from rulecheck.batching import job as running

    paths, held = _handed_in(tables)
    job = running.Job(
        tables=paths,
        rules=asked.rules,
        as_of=asked.as_of,
        place=asked.place,
        headings=asked.headings,
        documents=asked.documents,
        is_told=asked.is_told,
        # Half for the engine, half for what is judged and written.
        memory=f"{asked.memory // 2}MB",
        threads=asked.threads,
        held=held,
    )
    remarks: list[Diagnostic] = []
    told = running.Told(remarks.extend, lambda _: None, lambda _: None)
    own = Path(tempfile.mkdtemp(prefix="rulecheck-")) if output is None else None
    root = output if own is None else own / "results"
    assert root is not None
    kept = _Kept(job, root, own)
    try:
        summary = running.carry_out(job, root, told)
    except running.Stopped as stopped:
        raise raised(stopped.problems) from None
    return Batch(output, tuple(map(Fault, remarks)), summary, kept)


def not_installed() -> list[Diagnostic]:
    """What is to be said where tables cannot be judged here."""
    missing = missing_packages("duckdb")
    return [fault("W101", "batch", missing="、".join(missing), extra="batch")] if missing else []


def _handed_in(tables: Tables) -> tuple[list[Path], list[Table]]:
    """The files, and the tables in memory. What is no table is told, whatever else is wrong."""
    from rulecheck.batching.sources.open import tables_in_memory

    several: Sequence[Any] = tables if isinstance(tables, list | tuple) else [tables]
    paths: list[Path] = []
    held: list[Table] = []
    problems: list[Diagnostic] = []
    for each in several:
        if isinstance(each, str | Path):
            paths.append(Path(each))
        elif isinstance(each, Mapping):
            opened = tables_in_memory({str(kind): table for kind, table in each.items()})
            held += opened.tables
            problems += opened.faults
        else:
            problems.append(Diagnostic("I103", values={"type": type(each).__name__}))
    if problems:
        raise raised(problems)
    return paths, held
