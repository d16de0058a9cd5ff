"""The head of a ranking (`judging.ranking`) in columns: sorted where every figure of a ranking is known, else one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rulecheck.columns import gathered, numbers, truths
from rulecheck.columns.frame import Flags, Whole
from rulecheck.columns.numbers import Number
from rulecheck.columns.scope import Scope, Segments
from rulecheck.columns.truths import FROM_ROWS, NO, TO_ROWS, YES, Truth
from rulecheck.judging import intervals, plan, ranking


def within_top(
    scope: Scope,
    node: plan.WithinTop,
    where: Callable[[Scope], Truth] | None,
    value: Callable[[Scope], Number],
    untold: intervals.Number,
) -> Truth:
    """Whether each row belongs to the head of its ranking. `untold`: what somebody who was not handed in may have."""
    segments = scope.segments(node.members)
    of_all = _Ranking(segments, YES if where is None else where(segments.scope), value(segments.scope))
    belongs = YES if where is None else where(scope)
    owners = segments.rows if segments.rows is not None else np.arange(scope.frame.count)
    places = scope.frame.positions if scope.frame.positions is not None else np.arange(scope.frame.count)
    simple = of_all.is_known[owners]
    found = np.zeros(scope.frame.count, np.uint8)
    if simple.any():
        found[simple] = of_all.heads(node.numerator, node.denominator)[places[simple]] * np.uint8(YES)
    own = value(scope)
    for row in np.flatnonzero(~simple).tolist():
        owner = int(owners[row])
        others = of_all.others(owner, int(places[row]))
        is_open = not segments.complete[owner]
        more = (untold if is_open else 0, is_open)
        outcome = ranking.is_within(one_of(own, row), others, more, node.numerator, node.denominator)
        found[row] = FROM_ROWS[outcome]
    return truths.both(belongs, found)


class _Ranking:
    """The rankings of all owners. `is_known`: by owner, whether everybody is there with a figure."""

    def __init__(self, segments: Segments, belongs: Truth, number: Number) -> None:
        self.segments = segments
        self.count = segments.scope.frame.count
        self.number = number
        self.belongs = truths.array(belongs, self.count)
        known = np.broadcast_to(np.asarray(numbers.exact_rows(number)), (self.count,))
        unsure = (self.belongs != NO) & (~known | (self.belongs != YES))
        self.is_known: Flags = (gathered.sums(segments, unsure) == 0) & segments.complete

    def heads(self, numerator: int, denominator: int) -> Flags:
        """By member: q × the sum of those greater < p × the sum of all."""
        segments = self.segments
        longest = int((segments.ends - segments.starts).max(initial=0))
        numbers.fits(0, max(self.number.most, 0) * longest * max(numerator, denominator))
        values: Whole = np.where(self.belongs == YES, np.broadcast_to(numbers.wide(self.number.low), (self.count,)), 0)
        owner = np.repeat(np.arange(len(segments.starts)), segments.ends - segments.starts)
        order = np.lexsort((-values, owner))
        sorted_values, sorted_owner = values[order], owner[order]
        before = np.concatenate(([0], np.cumsum(sorted_values)))[:-1]
        at_start = before[segments.starts.clip(max=max(len(before) - 1, 0))] if len(before) else before
        is_first = np.ones(len(order), bool)
        is_first[1:] = (sorted_owner[1:] != sorted_owner[:-1]) | (sorted_values[1:] != sorted_values[:-1])
        # Of equals each has only those greater before it: what stood before the first of them.
        first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
        greater = before[first] - at_start[sorted_owner] if len(order) else before
        all_ = gathered.sums(segments, values)[sorted_owner]
        found = np.zeros(self.count, bool)
        found[order] = denominator * greater < numerator * all_
        return found

    def others(self, owner: int, place: int) -> list[ranking.Weighed]:
        members = range(int(self.segments.starts[owner]), int(self.segments.ends[owner]))
        return [
            (one_of(self.number, each), TO_ROWS[int(self.belongs[each])])
            for each in members
            if each != place and self.belongs[each] != NO
        ]


def one_of(number: Number, row: int) -> intervals.Number:
    """The number of one row, as the evaluator of rows has it."""

    def at(of: Any) -> Any:
        return of if np.ndim(of) == 0 else of[row]

    if at(number.undefined):
        return intervals.UNDEFINED
    low = None if at(number.open_low) else int(at(number.low))
    high = None if at(number.open_high) else int(at(number.high))
    return intervals.between(low, high)
