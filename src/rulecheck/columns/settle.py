"""Relations between facts, in columns: as `judging.settle`, for a root frame with everything below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rulecheck.columns import numbers, truths
from rulecheck.columns.asked import Asks, asked_by, looks_down
from rulecheck.columns.block import Block, blocks, gaps
from rulecheck.columns.evaluate import Columns, TruthOf
from rulecheck.columns.frame import NOT_TOLD, TOLD, Column, Frame, Whole
from rulecheck.columns.scope import Scope
from rulecheck.columns.subjects import Subjects
from rulecheck.columns.truths import NO, TO_ROWS, Codes
from rulecheck.dataclass import dataclass
from rulecheck.judging import algebra, plan
from rulecheck.judging.lower import lower_relation
from rulecheck.judging.rows import Rows
from rulecheck.judging.settle import moved, period_in
from rulecheck.rules import model
from rulecheck.submission import Slot


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """A relation that figures of some rows of a frame break; `period`: a key, for a periodic relation."""

    relation: model.RelationRule
    period: str | None
    frame: Frame
    rows: Whole


class Settler:
    """The relations of a rule set, ready for frames. What was lowered once serves every partition."""

    def __init__(self, rules: model.RuleSet) -> None:
        self._rules = rules
        self._columns = Columns(rules.calendar, rules.places)
        self._tests: dict[tuple[int, str | None], _Test] = {}

    def settle(self, root: Frame) -> list[Breach]:
        """All breaches, in the order of frames and relations. The facts concerned are no longer told, after every relation has
        been tried on what was handed in."""
        breaches = [breach for frame in _tree(root) for breach in self._breaches(frame)]
        for breach in breaches:
            for term in breach.relation.facts:
                _take_back(breach, term)
        return breaches

    def _breaches(self, frame: Frame) -> Iterator[Breach]:
        for relation in self._rules.relations:
            if relation.kind.id == frame.kind.id and frame.count:
                for key in _periods(relation, frame):
                    broken = self._test(relation, key).outcome(frame) == NO
                    if key is not None:
                        broken &= _reported(relation, key, frame)
                    if broken.any():
                        yield Breach(relation, key, frame, np.flatnonzero(broken))

    def _test(self, relation: model.RelationRule, key: str | None) -> _Test:
        found = self._tests.get((id(relation), key))
        if found is None:
            found = self._tests[id(relation), key] = _Test(self._rules, relation, key, self._columns)
        return found


class _Test:
    """A relation in one period, ready for frames."""

    def __init__(self, rules: model.RuleSet, relation: model.RelationRule, key: str | None, columns: Columns) -> None:
        lowered = lower_relation(rules, relation, key)
        self._truth: TruthOf = algebra.unharmed(algebra.test(lowered, columns), columns)
        self._asks: Asks = asked_by(lowered)
        self._rows = Rows(rules.calendar, rules.places)
        self._lowered = lowered

    def outcome(self, frame: Frame) -> Codes:
        """Whether it holds, by row."""
        found = np.empty(frame.count, np.uint8)
        for block in blocks(frame):
            try:
                found[block.rows] = block.worked_out(self._codes, gaps(self._asks, block.as_is), looks_down(self._asks))
            except numbers.TooLarge:
                found[block.rows] = self._row_by_row(block)
        return found

    def _codes(self, scope: Scope) -> Codes:
        return truths.array(self._truth(scope), scope.frame.count).copy()

    def _row_by_row(self, block: Block) -> Codes:
        truth = algebra.unharmed(algebra.test(self._lowered, self._rows), self._rows)
        subjects = Subjects()
        of_rows = {rows: codes for codes, rows in TO_ROWS.items()}
        found = [of_rows[truth(subjects.at(block.frame, row))] for row in range(block.frame.count)]
        return np.array(found, np.uint8)


def _tree(frame: Frame) -> Iterator[Frame]:
    yield frame
    for members in frame.members.values():
        yield from _tree(members.frame)


# --- periods ---


def _periods(relation: model.RelationRule, frame: Frame) -> list[str | None]:
    """The periods in which somebody reported a figure that the relation asks for in each; a single None without periods."""
    if relation.every is None:
        return [None]
    keys: set[str] = set()
    for term in relation.facts:
        owner = _above(frame, term.up)
        if isinstance(term.period, int) and owner is not None and term.fact.id in owner.kind.slots:
            slot = owner.kind.slots[term.fact.id]
            told = [each[1] for each in owner.columns if isinstance(each, tuple) and each[0] == slot]
            keys.update(moved(relation.every, each, -term.period) for each in told)
    return [*sorted(keys)]


def _reported(relation: model.RelationRule, key: str, frame: Frame) -> Any:
    """The rows that reported a figure of the period."""
    scope = Scope(frame, False, {})
    found = np.zeros(frame.count, bool)
    for term in relation.facts:
        if isinstance(term.period, int):
            node = plan.FactValue(term.fact, dict(_slots(term, frame)), term.up, period_in(term, relation, key), term.fact.step)
            found |= scope.raw(node).state != NOT_TOLD
    return found


def _slots(term: model.FactTerm, frame: Frame) -> Iterator[tuple[str, int]]:
    owner = _above(frame, term.up)
    if owner is not None and term.fact.id in owner.kind.slots:
        yield owner.kind.id, owner.kind.slots[term.fact.id]


# --- what becomes untold ---


def _above(frame: Frame, steps: int) -> Frame | None:
    found: Frame | None = frame
    for _ in range(steps):
        found = found.parent if found is not None else None
    return found


def _take_back(breach: Breach, term: model.FactTerm) -> None:
    """The fact is no longer told by those who broke the relation, or by those above them whose fact it is."""
    owner, rows = breach.frame, breach.rows
    for _ in range(term.up):
        if owner.parent is None or owner.parent_rows is None:
            return
        rows = owner.parent_rows[rows]
        owner, rows = owner.parent, rows[rows >= 0]
    slot: Slot | None = owner.kind.slots.get(term.fact.id)
    period = period_in(term, breach.relation, breach.period)
    if slot is None:
        return
    at: Slot = slot if period is None else (slot, period)  # type: ignore[assignment]
    column = owner.columns.get(at)
    if column is not None:
        state = np.full(owner.count, TOLD, np.uint8) if column.state is None else column.state.copy()
        state[rows] = NOT_TOLD
        owner.columns = {**owner.columns, at: Column(column.values, state, column.texts, column.bounds())}
