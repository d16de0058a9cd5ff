"""Why this one: a row of the tables, judged and explained by itself, and held against what came out of the run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.source import DuckdbSource
from rulecheck.batching.job import CHANGES, Job, Ready, Stopped, changes, fingerprint, open_inputs, prepare
from rulecheck.batching.results.columns import VerdictColumn, column_name, verdict_columns
from rulecheck.batching.results.files import part_name
from rulecheck.batching.results.folder import read_manifest
from rulecheck.batching.results.part import frames_of
from rulecheck.batching.results.tables import MASK, shown_keys
from rulecheck.batching.sources.table import Unreadable
from rulecheck.checking import run as check
from rulecheck.columns.frame import Flags, Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.settle import Settler
from rulecheck.columns.subjects import Subjects
from rulecheck.dataclass import dataclass, replace
from rulecheck.judgement import Judgement, Report, Verdict
from rulecheck.judging.lower import lower
from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.rules import model
from rulecheck.submission import Subject, Submission

MOST_NAMED: Final = 10
"""Rows of one key that are named."""
COLONS: Final = frozenset(":：")
"""Between a kind and a key, of either width."""


@dataclass(frozen=True, slots=True)
class Key:
    """A row as the user names it: `KEY`, `KIND:KEY`, `KIND:PARENT/KEY`. A key of a sensitive kind may be the number of the row as
    the results show it (`***12`)."""

    kind: model.Kind | None
    parent: str | None
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where a row is: the number of its partition in its family, the frame (English id of its kind) and the row in it."""

    family: str
    number: int
    kind: str
    row: int
    parent: str | None

    def named(self, kind: str, key: str) -> str:
        """As the user may write it, with either name of its kind."""
        return f"{kind}:{self.parent}/{key}" if self.parent is not None else f"{kind}:{key}"


class Differs(Exception):
    """The verdict of the run is not that of the explanation: neither may be used."""

    def __init__(self, *problems: Diagnostic) -> None:
        super().__init__(*(each.code for each in problems))
        self.problems = problems


def explain(job: Job, key: str, output: Path | None) -> Report:
    """The report on one row, as a check gives it. `output`: results to hold it against. Raises Stopped, and Differs."""
    files = open_inputs(job)
    stored_as = _format_of(output, fingerprint(job, files)) if output is not None else ""
    with tempfile.TemporaryDirectory(prefix="rulecheck-") as name:
        scratch = Path(name)
        ready = prepare(job, files, scratch)
        try:
            found = _find(ready, _key(key, ready.rules), key, scratch)
            frame, number = _frame(ready, found, scratch)
        except Unreadable as problem:
            raise Stopped(*problem.faults) from None
    subject = Subjects(ready.places).at(frame, found.row)
    report = check(ready.rules, _submission(ready, subject), as_of=job.as_of, today=job.as_of, only=subject)
    columns = verdict_columns(ready.plan).get(found.kind, ())
    _agrees(key, columns, _judged(ready, frame, found), report)
    if output is not None:
        _agrees(key, columns, _stored(output, stored_as, columns, found, number), report)
    # Of what else the rules are about, one row says nothing.
    return replace(report, not_checked=())


# --- finding it ---


def _key(text: str, rules: model.RuleSet) -> Key:
    head, colon, rest = text.replace("：", ":").partition(":")
    kind = rules.kind_named(head.strip()) if colon else None
    if kind is None:
        return Key(None, None, text)
    parent, slash, own = rest.strip().rpartition("/")
    return Key(kind, parent, own) if slash and kind.parent is not None else Key(kind, None, rest.strip())


def _find(ready: Ready, key: Key, text: str, scratch: Path) -> Found:
    """The only row of that key; keys alone are read for it."""
    found: list[Found] = []
    with _source(ready, scratch, keys_only=True) as source:
        for family in source.families:
            for number, root in enumerate(source.partitions(family, 0)):
                found += _rows(root, key, family, number)
                is_only = key.kind is not None and key.kind.id == family and key.kind.parent is None
                # A number that the results show may be somebody's id as well.
                if found and is_only and not key.key.startswith(MASK):
                    return found[0]
    if not found:
        # How a kind is written before a key is said to whom has not written one.
        bare = {"bare": text} if text.strip() and not COLONS & set(text) else {}
        raise Stopped(Diagnostic("W401", values={"key": text, **bare}))
    if len(found) > 1:
        named = found[:MOST_NAMED]
        several = "、".join(each.named(ready.rules.kinds[each.kind].zh, key.key) for each in named)
        several_en = ", ".join(each.named(each.kind, key.key) for each in named)
        raise Stopped(Diagnostic("W402", values={"key": text, "found": several, "found_en": several_en}))
    return found[0]


def _rows(root: Frame, key: Key, family: str, number: int) -> Iterator[Found]:
    for frame in frames_of(root):
        if key.kind is not None and frame.kind is not key.kind:
            continue
        equal = _equal(frame.keys, key.key)
        if frame.kind.sensitive and key.key.startswith(MASK):
            equal |= _equal(shown_keys(frame), key.key)
        for row in np.flatnonzero(equal).tolist():
            above = shown = None
            if frame.parent is not None and frame.parent_rows is not None and frame.parent_rows[row] >= 0:
                at = int(frame.parent_rows[row])
                above, shown = frame.parent.keys[at].as_py(), shown_keys(frame.parent)[at].as_py()
            if key.parent is None or key.parent in (above, shown):
                yield Found(family, number, frame.kind.id, row, shown)


def _equal(keys: Any, key: str) -> Flags:
    return np.array(compute.fill_null(compute.equal(keys, key), False))


def _source(ready: Ready, scratch: Path, *, keys_only: bool) -> DuckdbSource:
    means = Means(ready.job.memory, ready.job.threads)
    return DuckdbSource(ready.given, ready.rules, ready.job.place, scratch, means, ready.job.partition, keys_only=keys_only)


def _frame(ready: Ready, found: Found, scratch: Path) -> tuple[Frame, int]:
    """The frame that the row is in, as handed in, and the number of its partition."""
    with _source(ready, scratch, keys_only=False) as source:
        root = next(source.partitions(found.family, found.number))
    return next(each for each in frames_of(root) if each.kind.id == found.kind), found.number


# --- judging it ---


def _submission(ready: Ready, subject: Subject) -> Submission:
    """The subject with its whole family."""
    top = subject
    while top.parent is not None:
        top = top.parent
    subjects: dict[str, list[Subject]] = {kind: [] for kind in ready.rules.kinds}
    for each in _family(top):
        subjects[each.kind.id].append(each)
    if not any(each is subject for each in subjects[subject.kind.id]):
        # Whoever only looks up to those above is not on their list of members.
        subjects[subject.kind.id].append(subject)
    return Submission({kind: tuple(found) for kind, found in subjects.items()}, (), (), (), ready.receipt.facts)


def _family(top: Subject) -> Iterator[Subject]:
    yield top
    for roster in top.rosters:
        for member in roster.members if roster is not None else ():
            yield from _family(member)


def _judged(ready: Ready, frame: Frame, found: Found) -> Sequence[Verdict | None]:
    """The verdicts of the row as the run comes to them."""
    root = frame
    while root.kind.id != found.family:
        assert root.parent is not None
        root = root.parent
    Settler(ready.rules).settle(root)
    plan = lower(ready.rules, ready.job.as_of, {frame.kind.id})
    return [CODES[codes[found.row]] for codes in ColumnJudge(plan).verdicts(frame).codes]


def _agrees(key: str, columns: Sequence[VerdictColumn], codes: Sequence[Verdict | None], report: Report) -> None:
    by_itself = {(each.rule, each.limb, each.period): each for each in report.judgements}
    problems = []
    for column in columns:
        judged = column.judgement
        judgement = by_itself[judged.rule.id, judged.tag, judged.period.key if judged.period is not None else None]
        if codes[column.number] is not judgement.verdict:
            problems.append(_difference(key, column, codes[column.number], judgement))
    if problems:
        raise Differs(*problems)


def _difference(key: str, column: VerdictColumn, batch: Verdict | None, judgement: Judgement) -> Diagnostic:
    told: dict[str, str] = {}
    for name, verdict in (("batch", batch), ("row", judgement.verdict)):
        told[name] = words.spell("verdicts", verdict, "zh") if verdict is not None else "—"
        told[f"{name}_en"] = words.spell("verdicts", verdict, "en") if verdict is not None else "—"
    return Diagnostic("W403", values={"key": key, "column": column_name(column.judgement), **told})


# --- what is stored ---


def _format_of(output: Path, wanted: Mapping[str, Any]) -> str:
    """The format of the results, which may be another than the explanation's. Stopped where they are of another run."""
    whole = read_manifest(output)
    if whole is None:
        raise Stopped(fault("W405", str(output)))
    different = [each for each in CHANGES if each != "format" and whole["fingerprint"].get(each) != wanted[each]]
    if different:
        what, what_en = changes(different)
        raise Stopped(fault("W404", str(output), what=what, what_en=what_en))
    return str(whole["fingerprint"].get("format", ""))


def _stored(output: Path, format: str, columns: Sequence[VerdictColumn], found: Found, number: int) -> Sequence[Verdict | None]:
    """The verdicts of the row as they stand in the results. Stopped where these were moved or changed since."""
    path = output / part_name("verdicts", found.kind, number, format)
    names = [each.name for each in columns]
    try:
        if format == "csv":
            table = arrow_csv.read_csv(path, convert_options=arrow_csv.ConvertOptions(include_columns=names))
        else:
            table = parquet.read_table(path, columns=names)
    except (OSError, pa.ArrowException):
        raise Stopped(fault("W406", str(path))) from None
    row = table.slice(found.row, 1).to_pylist()[0] if len(table) > found.row else {}
    codes: list[Verdict | None] = [None] * len(columns)
    for each in columns:
        code = row.get(each.name)
        codes[each.number] = CODES[code] if isinstance(code, int) and 0 < code < len(CODES) else None
    return codes
