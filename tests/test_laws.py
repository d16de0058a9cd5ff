"""Laws of what a judgement is reckoned with: the tables of truth and of verdicts (design §2), and intervals."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from reference import verdicts_of
from rulecheck.judging import intervals, truth
from rulecheck.judging.intervals import Interval
from rulecheck.rules import model

KLEENE = (truth.NO, truth.YES, truth.UNKNOWN)


# --- tables ---


def known(of: truth.Truth) -> set[bool]:
    return {truth.NO: {False}, truth.YES: {True}, truth.UNKNOWN: {False, True}}[of]


def kleene(values: set[bool]) -> truth.Truth:
    return truth.UNKNOWN if len(values) == 2 else truth.YES if True in values else truth.NO


@pytest.mark.parametrize(
    ("table", "meaning"),
    [
        (truth.AND, lambda one, other: one and other),
        (truth.OR, lambda one, other: one or other),
        (truth.IMPLIES, lambda one, other: other or not one),
    ],
)
def test_the_tables_of_truth_are_the_connectives_over_all_completions(
    table: tuple[tuple[int, ...], ...], meaning: Callable[[bool, bool], bool]
) -> None:
    for left, right in product(KLEENE, KLEENE):
        expected = kleene({meaning(one, other) for one in known(left) for other in known(right)})
        assert table[left][right] == expected


def test_not_knowing_is_not_knowing_the_opposite() -> None:
    assert [truth.NOT[each] for each in KLEENE] == [truth.YES, truth.NO, truth.UNKNOWN]


@pytest.mark.parametrize("modality", ["must", "must_not", "in_principle", "strive", "encouraged"])
def test_the_verdict_table_is_that_of_the_design(modality: model.Modality) -> None:
    def of(value: truth.Truth) -> frozenset[str]:
        return frozenset("yes" if each else "no" for each in known(value))

    table = truth.possible_table(modality)
    assert len(table) == 3**5
    for truths, possible in table.items():
        in_force, applies, excepted, holds, due = map(of, truths)
        assert possible == verdicts_of(in_force, applies, excepted, holds, due, modality), truths
        assert truth.verdict_table(modality)[truths] == truth.single(possible)


YES, NO, UNKNOWN = truth.YES, truth.NO, truth.UNKNOWN


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        # in force, applies, excepted, holds, due
        ((YES, YES, NO, YES, YES), {"met"}),
        ((YES, YES, NO, YES, NO), {"met"}),
        ((YES, YES, NO, NO, YES), {"violated"}),
        ((YES, YES, NO, NO, NO), {"not_due"}),
        ((NO, YES, NO, NO, YES), {"not_applicable"}),
        ((YES, NO, NO, NO, YES), {"not_applicable"}),
        ((YES, YES, YES, NO, YES), {"not_applicable"}),
        ((YES, YES, UNKNOWN, YES, YES), {"met", "not_applicable"}),
        ((YES, NO, UNKNOWN, NO, YES), {"not_applicable"}),
        ((UNKNOWN, YES, NO, NO, YES), {"violated", "not_applicable"}),
        ((YES, YES, NO, UNKNOWN, YES), {"met", "violated"}),
        ((YES, YES, NO, UNKNOWN, NO), {"not_due"}),
        ((YES, YES, NO, NO, UNKNOWN), {"not_due", "violated"}),
        ((YES, YES, NO, UNKNOWN, UNKNOWN), {"met", "not_due", "violated"}),
        ((YES, UNKNOWN, NO, UNKNOWN, NO), {"met", "not_due", "not_applicable"}),
        ((UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), {"met", "not_due", "violated", "not_applicable"}),
    ],
)
def test_the_sentences_of_the_design(truths: truth.Truths, expected: set[str]) -> None:
    assert {each.value for each in truth.possible_table("must")[truths]} == expected


@pytest.mark.parametrize(
    ("modality", "expected"),
    [
        ("must", "violated"),
        ("must_not", "violated"),
        ("in_principle", "departs"),
        ("strive", "falls_short"),
        ("encouraged", "falls_short"),
    ],
)
def test_what_does_not_hold_is_named_by_the_clause_s_own_word(modality: model.Modality, expected: str) -> None:
    assert truth.verdict_table(modality)[YES, YES, NO, NO, YES] == expected


# --- intervals ---

SMALL = range(-3, 4)
INTERVALS = [Interval(low, high) for low in SMALL for high in SMALL if low <= high]
FAR = 50  # beyond every result of small numbers: stands for an end that is open
OPEN = [Interval(None, high) for high in SMALL] + [Interval(low, None) for low in SMALL] + [Interval(None, None)]


def points(of: Interval) -> range:
    return range(-FAR if of.low is None else of.low, (FAR if of.high is None else of.high) + 1)


def ends(number: intervals.Number) -> Interval:
    assert not isinstance(number, intervals.Undefined)
    return intervals.bounds(number)


@pytest.mark.parametrize(
    ("operation", "pointwise"),
    [(intervals.add, lambda a, b: a + b), (intervals.multiply, lambda a, b: a * b)],
    ids=["add", "multiply"],
)
def test_a_result_spans_exactly_what_the_points_give(
    operation: Callable[[Any, Any], intervals.Number], pointwise: Callable[[int, int], int]
) -> None:
    for left, right in product(INTERVALS, INTERVALS):
        results = [pointwise(a, b) for a in points(left) for b in points(right)]
        for one, other in product(forms(left), forms(right)):
            assert ends(operation(one, other)) == (min(results), max(results))


def test_an_open_end_stays_open_only_where_it_must() -> None:
    for left, right in product(OPEN, INTERVALS + OPEN):
        sums = [a + b for a in (points(left)[0], points(left)[-1]) for b in (points(right)[0], points(right)[-1])]
        products = [a * b for a in (points(left)[0], points(left)[-1]) for b in (points(right)[0], points(right)[-1])]
        for operation, results in ((intervals.add, sums), (intervals.multiply, products)):
            low, high = min(results), max(results)
            expected = (None if low < 6 - FAR else low, None if high > FAR - 6 else high)
            for one, other in product(forms(left), forms(right)):
                assert ends(operation(one, other)) == expected, (operation.__name__, left, right)
                assert ends(operation(other, one)) == expected, (operation.__name__, right, left)


def forms(of: Interval) -> list[intervals.Number]:
    """A number known exactly can come as a plain one too."""
    return [of, of.low] if of.low is not None and of.low == of.high else [of]


@pytest.mark.parametrize(
    ("relation", "pointwise"),
    [
        (intervals.at_least, lambda a, b: a >= b),
        (intervals.more_than, lambda a, b: a > b),
        (intervals.equal, lambda a, b: a == b),
    ],
    ids=["at_least", "more_than", "equal"],
)
def test_a_comparison_is_decided_exactly_where_all_points_agree(
    relation: Callable[[Any, Any], truth.Truth], pointwise: Callable[[int, int], bool]
) -> None:
    for left, right in product(INTERVALS + OPEN, INTERVALS + OPEN):
        expected = kleene({pointwise(a, b) for a in points(left) for b in points(right)})
        assert relation(intervals.between(*left), intervals.between(*right)) == expected


@pytest.mark.parametrize("factor", [-2, -1, 0, 1, 3])
def test_scaling_scales_both_ends(factor: int) -> None:
    for each in INTERVALS + OPEN:
        expected = intervals.multiply(each, factor) if factor else 0
        assert intervals.scale(each, factor) == expected


def test_a_member_that_may_not_belong_adds_itself_or_nothing() -> None:
    for each in INTERVALS:
        results = [*points(each), 0]
        assert ends(intervals.hull_with_zero(each)) == (min(results), max(results))
