"""Verdicts of a plan in columns: the walk of `judging.algebra` over blocks of rows, and the verdict table.

A block is judged as if every fact had been told, which is quick; the rows of which that is not so are judged again with what they
may be. What may not fit 64 bits is judged row by row.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Final

import numpy as np

from rulecheck.columns import truths
from rulecheck.columns.asked import Asks, asked_of, looks_down
from rulecheck.columns.block import Block, blocks, gaps
from rulecheck.columns.evaluate import Columns, TruthOf
from rulecheck.columns.frame import Frame
from rulecheck.columns.numbers import Marks, TooLarge, any_of
from rulecheck.columns.scope import Scope
from rulecheck.columns.subjects import Subjects
from rulecheck.columns.truths import TO_ROWS, Codes, Table, Truth
from rulecheck.dataclass import dataclass
from rulecheck.judgement import Verdict
from rulecheck.judging import algebra, plan
from rulecheck.judging.judge import Judge
from rulecheck.judging.truth import possible_table, single
from rulecheck.rules.model import Modality

CODES: Final[tuple[Verdict | None, ...]] = (None, *Verdict)
"""What a byte of a verdict column stands for; 0 is nobody's."""
CODE_OF: Final = {verdict: code for code, verdict in enumerate(CODES) if verdict is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """The verdicts of a frame's rows: `codes` has a column for each judgement of the plan for that kind, in the plan's order.

    `by_row`: the judgements of which some rows were judged one by one, because numbers might not have fitted 64 bits.
    """

    codes: tuple[Codes, ...]
    by_row: frozenset[int]


class LimbColumns:
    """One limb under one reading, ready to judge frames."""

    __slots__ = ("_five", "_in_place", "_possible", "_verdicts", "asks", "limb")

    def __init__(self, limb: plan.LimbPlan, judgement: plan.JudgementPlan, columns: Columns) -> None:
        self.limb = limb
        self._five: algebra.Five[TruthOf] = algebra.five(limb, columns)
        self._in_place = columns.in_place(judgement.rule.place)
        self.asks: Asks = asked_of(limb, judgement.rule.place)
        self._verdicts, self._possible = _tables(limb.limb.modality)

    def truths(self, scope: Scope) -> tuple[Truth, ...]:
        """The five truths, in the order of the verdict table."""
        in_force, *others = (each(scope) for each in self._five)
        return (truths.both(in_force, self._in_place(scope)), *others)

    def verdicts(self, scope: Scope) -> Codes:
        """The verdict of each row."""
        return truths.select(self._verdicts, self.truths(scope), scope.frame.count)

    def possible(self, scope: Scope) -> Codes:
        """Which verdicts are possible, a bit each."""
        return truths.select(self._possible, self.truths(scope), scope.frame.count)

    def gaps(self, scope: Scope) -> Marks:
        """The rows of which not everything was told that the limb asks for. `scope` takes nothing as told."""
        return gaps(self.asks, scope)


class JudgementColumns:
    """One (rule, limb, period), ready to judge frames."""

    __slots__ = ("limbs", "looks_down", "plan")

    def __init__(self, of: plan.JudgementPlan, columns: Columns) -> None:
        self.plan = of
        # An open question is decided only where all readings agree; else the default reading decides.
        readings = of.readings if of.is_open else of.readings[:1]
        self.limbs = tuple(LimbColumns(each, of, columns) for each in readings)
        self.looks_down = any(looks_down(limb.asks) for limb in self.limbs)

    def codes(self, block: Block) -> Codes:
        """The verdicts of a block."""
        missing: Marks = False
        for limb in self.limbs:
            missing = any_of(missing, limb.gaps(block.as_is))
        return block.worked_out(self._codes, missing, self.looks_down)

    def _codes(self, scope: Scope) -> Codes:
        first, *others = self.limbs
        if not others:
            return first.verdicts(scope)
        possible = first.possible(scope)
        for limb in others:
            possible = possible | limb.possible(scope)
        return _SINGLE.take(possible)


class ColumnJudge:
    """A plan made ready for frames; `judgements` by kind of subject (English id)."""

    def __init__(self, of: plan.Plan) -> None:
        self.plan = of
        columns = Columns(of.rules.calendar, of.rules.places)
        self.judgements = {kind: tuple(JudgementColumns(each, columns) for each in them) for kind, them in of.judgements.items()}
        self._rows: Judge | None = None

    def verdicts(self, frame: Frame) -> Verdicts:
        """The verdicts of every row of a frame."""
        found = self.judgements.get(frame.kind.id, ())
        columns = tuple(np.zeros(frame.count, np.uint8) for _ in found)
        by_row: set[int] = set()
        for block in blocks(frame):
            for number, judgement in enumerate(found):
                try:
                    columns[number][block.rows] = judgement.codes(block)
                except TooLarge:
                    by_row.add(number)
                    columns[number][block.rows] = self._row_by_row(block.frame, number)
        return Verdicts(columns, frozenset(by_row))

    def _row_by_row(self, frame: Frame, number: int) -> Codes:
        if self._rows is None:
            self._rows = Judge(self.plan)
        judge, subjects = self._rows.judges[frame.kind.id][number], Subjects()
        found = [CODE_OF[judge.verdict(subjects.at(frame, row))] for row in range(frame.count)]
        return np.array(found, np.uint8)


# --- the verdict table as bytes ---


@cache
def _tables(modality: Modality) -> tuple[Table, Table]:
    """For every combination of the five truths the verdict's code, and the verdicts that are still possible, a bit each."""
    of_rows = possible_table(modality)
    verdicts, possible = {}, {}
    for key in product((truths.NO, truths.UNKNOWN, truths.YES), repeat=5):
        in_force, applies, excepted, holds, due = (TO_ROWS[each] for each in key)
        found = of_rows[in_force, applies, excepted, holds, due]
        verdicts[key] = CODE_OF[single(found)]
        possible[key] = sum(1 << CODE_OF[verdict] - 1 for verdict in found)
    return verdicts, possible


def _bits(byte: int) -> frozenset[Verdict]:
    return frozenset(verdict for verdict, code in CODE_OF.items() if byte >> code - 1 & 1)


_SINGLE: Final = np.array([CODE_OF[single(_bits(byte))] if byte else 0 for byte in range(1 << len(CODE_OF))], np.uint8)
"""By the bits of the possible verdicts the verdict: the only one, or undetermined."""
