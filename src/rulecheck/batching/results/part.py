"""One partition: judged, written, and counted. What is counted is all that the summary needs of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rulecheck.batching.results.adverse import Adverse
from rulecheck.batching.results.columns import VerdictColumn
from rulecheck.batching.results.files import WRITERS, part_name
from rulecheck.batching.results.folder import Folder
from rulecheck.batching.results.tables import plain, verdict_table, who_of
from rulecheck.batching.results.texts import constant
from rulecheck.columns.frame import TOLD, Frame, States
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.settle import Breach, Settler
from rulecheck.judging.judge import Judge
from rulecheck.judging.plan import Plan
from rulecheck.rules import model

NOWHERE: Final = ""
"""The key of those of whom nobody said where they are."""

Counts = dict[str, Any]


class PartWriter:
    """Judges partitions and writes their parts; one for each thread."""

    def __init__(
        self, plan: Plan, columns: Mapping[str, tuple[VerdictColumn, ...]], folder: Folder, format: str, is_told: bool
    ) -> None:
        self._judge = ColumnJudge(plan)
        self._settler = Settler(plan.rules)
        rows = Judge(plan) if is_told else None
        self._columns = columns
        self._dated = dated_kinds(plan.rules)
        self._as_of = plan.as_of
        self._folder = folder
        self._format = format
        self._adverse = {kind: Adverse(of_kind, rows) for kind, of_kind in columns.items()} if rows is not None else {}

    def write(self, root: Frame, number: int, name: str) -> Counts:
        """Everything there is to say of one partition; its mark is set last."""
        files: dict[str, int] = {}
        noted: Counts = {"rows": {}, "told": {}, "counts": {}, "harmless": {}, "by_row": {}, "faults": {}, "later": {}}
        breaches = self._settler.settle(root)
        for breach in breaches:
            relation = breach.relation.id
            noted["faults"][relation] = noted["faults"].get(relation, 0) + len(breach.rows)
        for frame in frames_of(root):
            kind, columns = frame.kind.id, self._columns.get(frame.kind.id, ())
            if frame.keys is None:
                continue  # members of whom there is a word and no table: nobody is judged
            noted["rows"][kind] = frame.count
            later = later_rows(frame, self._as_of) if kind in self._dated else 0
            if later:
                noted["later"][kind] = later
            if not columns:
                continue
            verdicts = self._judge.verdicts(frame)
            self._write("verdicts", kind, number, verdict_table(frame, columns, verdicts.codes), files)
            if kind in self._adverse:
                told = self._adverse[kind].tell(frame, verdicts.codes)
                self._write("adverse", kind, number, told.table, files)
                noted["told"][kind] = len(told.table)
                noted["harmless"][kind] = dict(told.harmless)
            noted["counts"][kind] = counted(frame, columns, verdicts.codes)
            noted["by_row"][kind] = [each.name for each in columns if each.number in verdicts.by_row]
        for kind, faults in fault_tables(breaches).items():
            self._write("faults", kind, number, faults, files)
        self._folder.done(name, files, noted)
        return noted

    def _write(self, what: str, kind: str, number: int, table: Any, files: dict[str, int]) -> None:
        name = part_name(what, kind, number, self._format)
        with self._folder.writing(name) as file:
            WRITERS[self._format](table, file)
        files[name] = self._folder.size(name)


def fault_tables(breaches: Sequence[Breach]) -> Mapping[str, Any]:
    """By kind who broke which relation, and in which period: facts that count as not told."""
    found: dict[str, list[Any]] = {}
    for each in breaches:
        count = len(each.rows)
        told = dict(who_of(each.frame, each.rows))
        told |= {"relation": constant(each.relation.id, count), "period": constant(each.period, count)}
        # Few rows are told of: with its dictionary each would bring the keys of all the rest.
        found.setdefault(each.frame.kind.id, []).append(pa.table({name: plain(column) for name, column in told.items()}))
    return {kind: pa.concat_tables(tables) for kind, tables in found.items()}


def dated_kinds(rules: model.RuleSet) -> frozenset[str]:
    """The kinds of events that rules are about: of others nobody asks when they occurred."""
    return frozenset(rule.kind.id for rule in rules.rules if rule.kind.occurs_on is not None)


def later_rows(events: Frame, as_of: int) -> int:
    """How many events are dated after the as-of day; those of which no day was told, or none is known, are not."""
    assert events.kind.occurs_on is not None
    column = events.columns.get(events.kind.slots[events.kind.occurs_on])
    if column is None:
        return 0
    later = column.values > as_of
    return int(np.count_nonzero(later if column.state is None else later & (column.state == TOLD)))


def frames_of(root: Frame) -> Iterator[Frame]:
    """A frame and all below it."""
    yield root
    for members in root.members.values():
        yield from frames_of(members.frame)


def counted(frame: Frame, columns: Sequence[VerdictColumn], codes: Sequence[States]) -> Mapping[str, Mapping[str, list[int]]]:
    """By column and place (English id) how many rows have each code."""
    names = [*(each.english for each in frame.place_list), NOWHERE]
    width = len(CODES)
    at = None if frame.places is None else np.where(frame.places < 0, len(names) - 1, frame.places) * width
    found: dict[str, dict[str, list[int]]] = {}
    for each in columns:
        of_column = codes[each.number]
        if at is None:
            found[each.name] = {NOWHERE: np.bincount(of_column, minlength=width).tolist()}
            continue
        counts = np.bincount(at + of_column, minlength=width * len(names)).reshape(-1, width)
        found[each.name] = {name: of_place.tolist() for name, of_place in zip(names, counts, strict=True) if of_place.any()}
    return found
