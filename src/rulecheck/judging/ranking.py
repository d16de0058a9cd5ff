"""The head of a ranking, with figures that may not be known.

A member belongs when those strictly greater than it do not yet make up p/q of the whole: q × greater < p × all. Put as one sum
over everybody, that is 0 < Σ c, where c is p × s of somebody not greater and (p − q) × s of somebody greater. For a given value
of the member each of the others adds to the sum by itself, and the sum only rises with that value: so the least it can be is
that of the member's least value, and the most that of its greatest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rulecheck.judging.intervals import Number, Undefined, bounds
from rulecheck.judging.truth import NO, UNKNOWN, YES, Truth

Weighed = tuple[Number, Truth]
"""Somebody's value, and whether they are in the ranking at all."""

ENDLESS: Final = None
"""A sum that nothing bounds."""


def is_within(own: Number, others: Sequence[Weighed], more: tuple[Number, bool], p: int, q: int) -> Truth:
    """Whether the member belongs. `more`: what somebody who was not handed in may have, and whether there may be such."""
    if any(isinstance(each, Undefined) for each in (own, *(value for value, _ in others), *([more[0]] if more[1] else []))):
        return UNKNOWN
    assert not isinstance(own, Undefined)
    low, high = bounds(own)
    assert low is not None  # never below zero
    least = _least(low, others, more, p, q)
    if least is not ENDLESS and least > 0:
        return YES
    most = _most(high, others, more, p, q)
    return NO if most is not ENDLESS and most <= 0 else UNKNOWN


def _least(own: int, others: Iterable[Weighed], more: tuple[Number, bool], p: int, q: int) -> int | None:
    total = p * own
    for value, is_member in others:
        assert not isinstance(value, Undefined)
        low, high = bounds(value)
        if high is not None and high <= own:
            part = p * (low or 0)
        elif p == q:
            part = 0
        elif high is None:
            return ENDLESS
        else:
            part = (p - q) * high
        total += part if is_member == YES else min(part, 0)
    if more[1] and p < q:
        assert not isinstance(more[0], Undefined)
        high = bounds(more[0]).high
        if high is None or high > own:
            return ENDLESS
    return total


def _most(own: int | None, others: Iterable[Weighed], more: tuple[Number, bool], p: int, q: int) -> int | None:
    if own is None:
        return ENDLESS
    total = p * own
    for value, is_member in others:
        assert not isinstance(value, Undefined)
        low, high = bounds(value)
        part = p * (own if high is None else min(own, high)) if (low or 0) <= own else (p - q) * (low or 0)
        total += part if is_member == YES else max(part, 0)
    if more[1]:
        assert not isinstance(more[0], Undefined)
        low, high = bounds(more[0])
        if (low or 0) <= own and own > 0 and (high is None or high > 0):
            return ENDLESS
    return total
