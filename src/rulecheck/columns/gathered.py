"""What is asked of the members of each owner: how many, how much, every, some. A segment without members is no special case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rulecheck.columns import numbers, truths
from rulecheck.columns.frame import NOT_TOLD, TOLD, Flags, Whole
from rulecheck.columns.numbers import Marks, Number
from rulecheck.columns.scope import Scope, Segments
from rulecheck.columns.truths import NO, UNKNOWN, YES, Truth
from rulecheck.judging import plan

NumberOf = Callable[[Scope], Number]
TruthOf = Callable[[Scope], Truth]


# --- truths ---


def every(segments: Segments, where: TruthOf | None, truth: TruthOf) -> Truth:
    of_member = truth(segments.scope)
    if where is not None:
        of_member = truths.implies(where(segments.scope), of_member)
    return _over(segments, of_member, np.minimum, YES)


def some(segments: Segments, where: TruthOf | None, truth: TruthOf) -> Truth:
    of_member = truth(segments.scope)
    if where is not None:
        of_member = truths.both(where(segments.scope), of_member)
    return _over(segments, of_member, np.maximum, NO)


def _over(segments: Segments, truth: Truth, join: np.ufunc, of_none: int) -> Truth:
    if isinstance(truth, int) or truth.dtype != np.bool_ or not segments.complete.all():
        found: Any = np.where(segments.complete, of_none, UNKNOWN).astype(np.uint8)
        truth = truths.array(truth, segments.scope.frame.count)
    else:
        found = np.full(len(segments.starts), of_none == YES)
    filled = segments.ends > segments.starts
    if filled.any():
        joined = join.reduceat(truth[: segments.ends[-1]], segments.starts[filled])
        found[filled] = join(found[filled], joined)
    of_rows: Truth = found if segments.rows is None else found[segments.rows]
    return of_rows


# --- numbers ---


def count(segments: Segments, where: TruthOf | None) -> Number:
    surely = possibly = segments.ends - segments.starts
    if where is not None:
        belongs = where(segments.scope)
        if isinstance(belongs, int):
            surely, possibly = surely * (belongs == YES), possibly * (belongs != NO)
        else:
            surely = sums(segments, truths.codes(belongs) == YES)
            possibly = surely if belongs.dtype == np.bool_ else sums(segments, truths.codes(belongs) != NO)
    return _lifted(segments, _counted(segments, surely, possibly))


def _counted(segments: Segments, surely: Whole, possibly: Whole) -> Number:
    most = int(possibly.max(initial=0))
    if segments.complete.all():
        return Number(surely, possibly, 0, most)
    return Number(surely, possibly, 0, most, open_high=~segments.complete)


def total(segments: Segments, where: TruthOf | None, value: NumberOf, never_below: bool, optional: bool) -> Number:
    """The sum over the members. `never_below`: nobody can take anything away from it; `optional`: one may turn out 无."""
    scope, number = segments.scope, value(segments.scope)
    members = scope.frame.count
    belongs = YES if where is None else where(scope)
    low, high = _each(number.low, members), _each(number.high, members)
    is_exact = number.high is number.low
    marks = [_each_mark(each, members) for each in (number.open_low, number.open_high, number.undefined)]
    if not (isinstance(belongs, int) and belongs == YES):
        codes = truths.array(belongs, members)
        nobody = codes == NO
        maybe = codes == UNKNOWN
        low = np.where(nobody, 0, np.where(maybe, np.minimum(low, 0), low))
        high = np.where(nobody, 0, np.where(maybe, np.maximum(high, 0), high))
        is_exact = is_exact and not maybe.any()
        marks = [each if each is False else each & ~nobody for each in marks]
    most_members = int((segments.ends - segments.starts).max(initial=0))
    least, most = min(number.least, 0) * most_members, max(number.most, 0) * most_members
    numbers.fits(least, most)
    least_of_all = sums(segments, low)
    most_of_all = least_of_all if is_exact else sums(segments, high)
    any_marks: list[Marks] = [False if each is False else sums(segments, each) > 0 for each in marks]
    open_low, open_high, undefined = any_marks
    if not segments.complete.all():
        partial = ~segments.complete
        if optional:
            undefined = numbers.any_of(undefined, partial)
        else:
            open_high = numbers.any_of(open_high, partial)
            open_low = open_low if never_below else numbers.any_of(open_low, partial)
    return _lifted(segments, Number(least_of_all, most_of_all, least, most, open_low, open_high, undefined))


def distinct(segments: Segments, where: TruthOf | None, fact: plan.FactValue | None, value: NumberOf, optional: bool) -> Number:
    """How many different values the members have."""
    scope = segments.scope
    members = scope.frame.count
    values, told, untold = _values(scope, fact, value)
    codes = truths.array(YES if where is None else where(scope), members)
    surely = _different(segments, values, told & (codes == YES))
    possibly = _different(segments, values, told & (codes != NO)) + sums(segments, untold & (codes != NO))
    if not optional:
        at_least_one = sums(segments, untold & (codes == YES)) > 0
        surely = np.where(surely > 0, surely, at_least_one.astype(np.int64))
    return _lifted(segments, _counted(segments, surely, possibly))


def _values(scope: Scope, fact: plan.FactValue | None, value: NumberOf) -> tuple[Whole, Flags, Flags]:
    """The members' values, where they are known, and where they may still be any; 无 is neither."""
    members = scope.frame.count
    if fact is not None:
        raw = scope.raw(fact)
        if raw.values is None:
            return np.zeros(members, np.int64), np.zeros(members, bool), np.ones(members, bool)
        state = np.broadcast_to(np.asarray(raw.state, np.uint8), (members,))
        return raw.values, state == TOLD, state == NOT_TOLD
    number = value(scope)
    told = np.broadcast_to(np.asarray(numbers.exact_rows(number)), (members,))
    undefined = np.broadcast_to(np.asarray(number.undefined), (members,))
    return _each(number.low, members), told, ~told & ~undefined


def _different(segments: Segments, values: Whole, chosen: Flags) -> Whole:
    """By owner, how many different values the chosen members have."""
    owner = np.repeat(np.arange(len(segments.starts)), segments.ends - segments.starts)
    first = int(segments.starts[0]) if len(segments.starts) else 0
    picked = np.flatnonzero(chosen[first : first + len(owner)])
    owners, found = owner[picked], values[first + picked]
    order = np.lexsort((found, owners))
    owners, found = owners[order], found[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (owners[1:] != owners[:-1]) | (found[1:] != found[:-1])
    return np.bincount(owners[is_new], minlength=len(segments.starts)).astype(np.int64)


def sums(segments: Segments, values: Any) -> Whole:
    """By owner, the sum over its members."""
    running = np.zeros(len(values) + 1, np.int64)
    # Where the sum over all of them runs over, the difference of two still is what lies between.
    np.cumsum(values, dtype=np.int64, out=running[1:])
    found: Whole = running[segments.ends] - running[segments.starts]
    return found


def _each(ends: Any, count: int) -> Whole:
    return np.broadcast_to(np.asarray(ends, np.int64), (count,))


def _each_mark(marks: Marks, count: int) -> Any:
    return False if marks is False else np.broadcast_to(np.asarray(marks), (count,))


def _lifted(segments: Segments, number: Number) -> Number:
    """From the owners to the rows that ask."""
    rows = segments.rows
    if rows is None:
        return number

    def lifted(of: Any) -> Any:
        return of if isinstance(of, bool | int) else of[rows]

    low = lifted(number.low)
    high = low if number.high is number.low else lifted(number.high)
    marks = (lifted(each) for each in (number.open_low, number.open_high, number.undefined))
    return Number(low, high, number.least, number.most, *marks)
