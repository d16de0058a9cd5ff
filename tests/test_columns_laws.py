"""Laws of the evaluator of columns: each primitive of `judging.algebra`, on columns of rows, gives what it gives on each row.

Numbers and truths that a primitive takes are drawn for each row and given to both evaluators, so that every case of a primitive
is met — exact, between bounds, open at an end, undefined; facts, members and places come from a small family of subjects.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from generate_rules import (
    CITY,
    DATE,
    EAST,
    FIRST,
    HERE,
    MARKET,
    OTHER,
    Vocabulary,
    make_parameter,
)
from generate_rules import COUNT as PLAIN
from rulecheck.columns.numbers import TooLarge
from rulecheck.dataclass import replace
from rulecheck.judging import intervals, plan
from rulecheck.judging.intervals import Interval, between
from rulecheck.judging.lower import Lowering
from rulecheck.judging.rows import Rows
from rulecheck.judging.truth import NO, UNKNOWN, YES
from rulecheck.rules import model
from support_laws import (
    COLUMNS,
    KINDS,
    LAWS,
    ONE,
    PARENTS,
    ROWS,
    RULES,
    SEEDS,
    WANTED,
    Case,
    Family,
    agree,
    case,
    exactly,
    huge,
    known,
    known_day,
    law,
    not_below_zero,
    small,
    some_day,
)

# --- numbers ---


@law
def constant(family: Family, kind: str) -> Case:
    return case("constant", [family.random.choice((0, -3, 2**62))], False)


def any_fact(family: Family, kind: str) -> plan.FactValue:
    depth = {"unit": 0, "part": 1, "cell": 2, "claim": 1}[kind]
    name = family.random.choice(("range", "up", "any", "optional", "sort", "yearly"))
    period = family.random.choice(("2021", "2022", "2023")) if name == "yearly" else None
    found = family.fact(kind, name, family.random.randint(0, depth), period)
    if family.random.random() < 0.1:
        return replace(found, slots={"nobody": 0, "somebody": 1})
    return replace(found, fact=replace(found.fact, none_is=1)) if family.random.random() < 0.1 else found


@law
def fact_(family: Family, kind: str) -> Case:
    return case("fact", [any_fact(family, kind)], False)


@law
def parameter(family: Family, kind: str) -> Case:
    of = family.random.choice(("people", "share", "date", "time"))
    made = make_parameter(family.random, 0, of, Vocabulary())
    node = Lowering(RULES, (FIRST, None), (FIRST, None), None, family.day()).parameter(
        model.ParameterTerm(made, None, made.type, HERE)
    )
    name = family.random.choice((None, "day", "done"))
    return case("parameter", [replace(node, day=family.fact(kind, name) if name else None)], False)


@law
def add(family: Family, kind: str) -> Case:
    one, other = family.random.choice((1, 2, 10)), family.random.choice((1, -1, -3))
    return case("add", [family.numbers(small), one, family.numbers(family.random.choice((small, known))), other], False)


@law
def multiply(family: Family, kind: str) -> Case:
    draws = family.random.choice(((small, small), (known, small), (small, known), (known, known)))
    return case("multiply", [family.numbers(each) for each in draws], False)


@law
def count(family: Family, kind: str) -> Case:
    return case("count", [family.members(kind), family.where()], False)


@law
def total(family: Family, kind: str) -> Case:
    members = family.members(kind)
    name = family.random.choice(("range", "up", "any", "optional"))
    value = family.fact(members.path[-1].id, name)
    node = plan.Total(members, value, ONE)
    if family.random.random() < 0.5:
        return case("total", [node, family.where(), (ROWS.fact(value), COLUMNS.fact(value))], False)
    draw = not_below_zero if value.fact.minimum is not None else small
    return case("total", [node, family.where(), family.numbers(draw)], False)


@law
def distinct(family: Family, kind: str) -> Case:
    members = family.members(kind)
    name = family.random.choice(("range", "any", "optional", "text", "sort", "day", "done", "yearly"))
    term: Any = family.fact(members.path[-1].id, name, 0, "2022" if name == "yearly" else None)
    value = (ROWS.fact(term), COLUMNS.fact(term))
    if family.random.random() < 0.4:
        term = plan.Shift(term, 3, "day", ONE)
        value = family.numbers(small)
    return case("distinct", [plan.Distinct(members, term, ONE), family.where(), value], False)


@law
def how_many(family: Family, kind: str) -> Case:
    pairs = [family.truths() for _ in range(family.random.choice((1, 2, 3)))]
    return case("how_many", [(tuple(each[0] for each in pairs), tuple(each[1] for each in pairs))], False)


@law
def shift(family: Family, kind: str) -> Case:
    unit, amounts = family.random.choice((("day", (7, -3, 400)), ("workday", (1, 5, -3, 0)), ("month", (1, -2, 12))))
    day = family.numbers(family.random.choice((some_day, known_day)))
    return case("shift", [plan.Shift(plan.Constant(0, ONE), family.random.choice(amounts), unit, ONE), day], False)


@law
def roll(family: Family, kind: str) -> Case:
    return case("roll", [family.numbers(family.random.choice((some_day, known_day)))], False)


@law
def weekday(family: Family, kind: str) -> Case:
    return case("weekday", [family.numbers(family.random.choice((some_day, known_day)))], False)


# --- tests of numbers ---


def compared(family: Family) -> list[Any]:
    factors = family.random.choice((1, 2, 3, 7)), family.random.choice((1, 1, 5))
    draws = [family.random.choice((small, known, known)) for _ in range(2)]
    if family.random.random() < 0.3:
        limit = family.random.choice((0, 2, -3, between(1, 2)))
        draws[family.random.choice((0, 1))] = lambda _: limit
    return [family.numbers(draws[0]), factors[0], family.numbers(draws[1]), factors[1]]


@law
def at_least(family: Family, kind: str) -> Case:
    return case("at_least", compared(family), True)


@law
def more_than(family: Family, kind: str) -> Case:
    return case("more_than", compared(family), True)


@law
def equal(family: Family, kind: str) -> Case:
    return case("equal", compared(family), True)


@law
def equal_texts(family: Family, kind: str) -> Case:
    names = [family.random.choice(("text", "other")) for _ in range(2)]
    depth = {"unit": 0, "part": 1, "cell": 2, "claim": 1}[kind]
    nodes = [family.fact(kind, name, family.random.randint(0, depth)) for name in names]
    pairs = [(ROWS.fact(each), COLUMNS.fact(each)) for each in nodes]
    return case("equal", [pairs[0], 1, pairs[1], 1], True)


@law
def nonzero(family: Family, kind: str) -> Case:
    return case("nonzero", [family.numbers(family.random.choice((small, known)))], True)


def within_values(family: Family, values: frozenset[int | str]) -> plan.In:
    written = model.Member(model.Literal_(ONE, PLAIN, HERE), values, False, HERE)
    return plan.In(plan.Constant(0, ONE), values, False, written)


@law
def member(family: Family, kind: str) -> Case:
    chosen = frozenset[int | str](family.random.sample(range(-3, 6), family.random.choice((1, 2, 5))))
    return case("member", [within_values(family, chosen), family.numbers(family.random.choice((small, known, wide)))], True)


def wide(random: Random) -> intervals.Number:
    return random.choice((Interval(-3, -3 + random.choice((1, 8, 999, 1000, 1001, 5000))), small(random)))


@law
def member_of_texts(family: Family, kind: str) -> Case:
    chosen = frozenset[int | str](family.random.sample("东西南北中", family.random.choice((1, 2))))
    node = family.fact(kind, "text", family.random.choice((0, 1)) if kind != "unit" else 0)
    return case("member", [within_values(family, chosen), (ROWS.fact(node), COLUMNS.fact(node))], True)


@law
def in_season(family: Family, kind: str) -> Case:
    ends = ((1, 1), (2, 28), (2, 29), (3, 1), (9, 1), (10, 31), (12, 31))
    seasons = tuple((family.random.choice(ends), family.random.choice(ends)) for _ in range(family.random.choice((1, 2))))
    written = model.InSeason(model.Literal_(ONE, DATE, HERE), seasons, False, HERE)
    node = plan.InSeason(plan.Constant(0, ONE), seasons, False, written)
    return case("in_season", [node, family.numbers(family.random.choice((some_day, known_day)))], True)


@law
def is_none(family: Family, kind: str) -> Case:
    name = family.random.choice(("optional", "done", "any"))
    return case("is_none", [family.fact(kind, name, family.random.choice((0, 1)) if kind != "unit" else 0)], True)


@law
def within(family: Family, kind: str) -> Case:
    first = family.day()
    window = first, family.random.choice((None, first, first + 200, first - 1))
    node = family.fact(kind, family.random.choice(("day", "done")))
    return Case(ROWS.within(node, window), COLUMNS.within(node, window), True)


@law
def event_done(family: Family, kind: str) -> Case:
    return case("event_done", [family.fact(kind, "done"), family.numbers(family.random.choice((some_day, known_day)))], True)


@law
def within_top(family: Family, kind: str) -> Case:
    kinds = [each for each in WANTED[kind] if each[1][-1] == kind and each[0] == len(each[1])]
    up, path = family.random.choice(kinds)
    members = plan.Members(tuple(KINDS[each] for each in path), up, (), None, None)
    value = family.fact(kind, family.random.choice(("range", "up", "optional")))
    share = Fraction(family.random.choice((1, 20, 50, 60, 100)), 100)
    written = model.WithinTop(model.FactTerm(value.fact, 0, None, PLAIN, HERE), share, model.Collection((), 0, None, HERE), HERE)
    node = plan.WithinTop(value, share.numerator, share.denominator, members, written)
    draw = family.random.choice((not_below_zero, lambda random: random.randint(0, 6)))
    number = family.numbers(draw) if family.random.random() < 0.5 else (ROWS.fact(value), COLUMNS.fact(value))
    return case("within_top", [node, family.where(), number], True)


# --- truths ---


@law
def known_(family: Family, kind: str) -> Case:
    return case("known", [family.random.choice((NO, YES, UNKNOWN))], True)


@law
def both(family: Family, kind: str) -> Case:
    return case("both", [family.truths(), family.truths()], True)


@law
def either(family: Family, kind: str) -> Case:
    return case("either", [family.truths(), family.truths()], True)


@law
def negate(family: Family, kind: str) -> Case:
    return case("negate", [family.truths()], True)


@law
def implies(family: Family, kind: str) -> Case:
    return case("implies", [family.truths(), family.truths()], True)


@law
def every(family: Family, kind: str) -> Case:
    return case("every", [family.members(kind), family.where(), family.truths()], True)


@law
def some(family: Family, kind: str) -> Case:
    return case("some", [family.members(kind), family.where(), family.truths()], True)


@law
def any_member(family: Family, kind: str) -> Case:
    return case("any_member", [family.members(kind), family.where()], True)


@law
def in_place(family: Family, kind: str) -> Case:
    return case("in_place", [family.random.choice((None, CITY, EAST, MARKET, OTHER))], True)


@pytest.mark.parametrize("name", LAWS)
def test_columns_on_a_list_are_rows_on_each_element(name: str) -> None:
    rows = 0
    for seed in SEEDS:
        family = Family(seed)
        for kind in ("part",) if name == "within_top" else PARENTS:
            made = LAWS[name](family, kind)
            rows += agree(family, kind, made.on_rows, made.on_columns, made.is_truth)
    assert rows > 300


def test_every_primitive_has_a_law() -> None:
    def primitives(of: type) -> set[str]:
        return {name for name, value in vars(of).items() if callable(value) and not name.startswith("_")}

    named = {name.rstrip("_") for name in LAWS} - {"equal_texts", "member_of_texts"}
    # What is no primitive of the algebra: the evaluator's own, for places and for the evidence.
    assert primitives(Rows) - {"raw", "parameter_row", "greater"} == named


# --- what does not fit ---


@pytest.mark.parametrize("name", ["add", "multiply", "at_least", "more_than", "equal", "total", "within_top"])
def test_a_number_that_may_not_fit_is_refused_and_never_wrong(name: str) -> None:
    refused = 0
    for seed in SEEDS:
        family = Family(seed)
        kind = "part" if name == "within_top" else "unit"
        made = _huge(family, name, kind)
        try:
            agree(family, kind, made.on_rows, made.on_columns, made.is_truth)
        except TooLarge:
            refused += 1
    assert 0 < refused < len(SEEDS)


def _huge(family: Family, name: str, kind: str) -> Case:
    random = family.random
    draws: list[Any] = [random.choice((huge, small, known)), random.choice((huge, small))]
    if name == "multiply":
        return case(name, [family.numbers(each) for each in draws], False)
    if name == "total":
        members = family.members(kind)
        node = plan.Total(members, family.fact(members.path[-1].id, "any"), ONE)
        return case(name, [node, family.where(), family.numbers(draws[0])], False)
    if name == "within_top":
        members = plan.Members((KINDS["part"],), 1, (), None, None)
        value = family.fact(kind, "up")
        written = model.WithinTop(
            model.FactTerm(value.fact, 0, None, PLAIN, HERE), ONE, model.Collection((), 0, None, HERE), HERE
        )
        node = plan.WithinTop(value, 3, 5, members, written)  # type: ignore[assignment]
        return case(name, [node, family.where(), family.numbers(lambda random: abs(_plain(huge(random))) - 1)], True)
    return case(name, [family.numbers(draws[0]), random.choice((1, 3)), family.numbers(draws[1]), 2], name != "add")


def _plain(number: Any) -> int:
    return number if isinstance(number, int) else number.high


@pytest.mark.parametrize("name", ["at_least", "more_than", "equal"])
def test_a_limit_far_outside_is_compared_exactly(name: str) -> None:
    """What a column of exact numbers is compared with may lie where no 64 bits reach, and is still on one side of everything."""
    for seed in SEEDS:
        family = Family(seed)
        far = family.random.choice((2**62, 2**63 - 1, -(2**62), -(2**63)))
        sides = [
            family.drawn(lambda: family.random.randint(-4, 5), lambda _, of: exactly(of)),  # noqa: B023
            family.random.choice((1, 3)),
            (ROWS.constant(far), COLUMNS.constant(far)),
            family.random.choice((2, 10**9)),
        ]
        if family.random.random() < 0.5:
            sides = sides[2:] + sides[:2]
        made = case(name, sides, True)
        agree(family, "unit", made.on_rows, made.on_columns, True)
