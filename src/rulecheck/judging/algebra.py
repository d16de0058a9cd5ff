"""The meaning, written once: one walk over the plan. An evaluator only says what a number and a truth are (`Algebra`).

A test is a pair: whether it holds, and whether there was anything to check (`guard`, None where there always is). What cannot
be checked — a zero divisor, no member — neither helps nor harms: it is left out of *and* and *every*, fulfils no *or*, and a
rule with nothing to check at all is not applicable.
"""

from __future__ import annotations

from functools import reduce
from typing import Generic, NamedTuple, Protocol, TypeVar, assert_never

from rulecheck.judging import plan

N = TypeVar("N")
T = TypeVar("T")


class Tested(NamedTuple, Generic[T]):
    truth: T
    guard: T | None


class Algebra(Protocol[N, T]):
    """The primitives of an evaluator: rows, or columns."""

    def constant(self, value: int) -> N: ...
    def fact(self, node: plan.FactValue) -> N: ...
    def parameter(self, node: plan.ParameterValue) -> N: ...
    def add(self, left: N, left_factor: int, right: N, right_factor: int) -> N: ...
    def multiply(self, left: N, right: N) -> N: ...
    def count(self, members: plan.Members, where: T | None) -> N: ...
    def total(self, node: plan.Total, where: T | None, value: N) -> N: ...
    def distinct(self, node: plan.Distinct, where: T | None, value: N) -> N: ...
    def how_many(self, truths: tuple[T, ...]) -> N: ...
    def shift(self, node: plan.Shift, day: N) -> N: ...
    def roll(self, day: N) -> N: ...
    def weekday(self, day: N) -> N: ...

    def at_least(self, left: N, left_factor: int, right: N, right_factor: int) -> T: ...
    def more_than(self, left: N, left_factor: int, right: N, right_factor: int) -> T: ...
    def equal(self, left: N, left_factor: int, right: N, right_factor: int) -> T: ...
    def nonzero(self, number: N) -> T: ...
    def member(self, node: plan.In, value: N) -> T: ...
    def in_season(self, node: plan.InSeason, day: N) -> T: ...
    def is_none(self, fact: plan.FactValue) -> T: ...
    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> T: ...
    def event_done(self, done: plan.FactValue, due: N) -> T: ...

    def known(self, truth: int) -> T: ...
    def both(self, left: T, right: T) -> T: ...
    def either(self, left: T, right: T) -> T: ...
    def negate(self, truth: T) -> T: ...
    def implies(self, guard: T, truth: T) -> T: ...
    def every(self, members: plan.Members, where: T | None, truth: T) -> T: ...
    def some(self, members: plan.Members, where: T | None, truth: T) -> T: ...
    def any_member(self, members: plan.Members, where: T | None) -> T: ...


class Five(NamedTuple, Generic[T]):
    """The five truths of a limb, in the order of the verdict table."""

    in_force: T
    applies: T
    excepted: T
    holds: T
    due: T


def term(node: plan.Term, on: Algebra[N, T]) -> N:
    """The number of a term."""
    match node:
        case plan.Constant(value=value):
            return on.constant(value)
        case plan.FactValue():
            return on.fact(node)
        case plan.ParameterValue():
            return on.parameter(node)
        case plan.Add(left=left, left_factor=a, right=right, right_factor=b):
            return on.add(term(left, on), a, term(right, on), b)
        case plan.Multiply(left=left, right=right):
            return on.multiply(term(left, on), term(right, on))
        case plan.Count(members=members):
            return on.count(members, where(members, on))
        case plan.Total(members=members, term=inner):
            return on.total(node, where(members, on), term(inner, on))
        case plan.Distinct(members=members, term=inner):
            return on.distinct(node, where(members, on), term(inner, on))
        case plan.HowMany(tests=tests):
            return on.how_many(tuple([fulfilled(test(each, on), on) for each in tests]))
        case plan.Shift(term=inner):
            return on.shift(node, term(inner, on))
        case plan.Roll(term=inner):
            return on.roll(term(inner, on))
        case plan.Weekday(term=inner):
            return on.weekday(term(inner, on))
        case _:
            assert_never(node)


def where(members: plan.Members, on: Algebra[N, T]) -> T | None:
    """Who belongs: within the window, and what 其中 asks for."""
    tests: list[T] = []
    if members.day is not None and members.window is not None:
        tests.append(on.within(members.day, members.window))
    tests.extend(fulfilled(test(each, on), on) for each in members.where)
    return reduce(on.both, tests) if tests else None


def fulfilled(tested: Tested[T], on: Algebra[N, T]) -> T:
    """It holds, and there was something to check."""
    return tested.truth if tested.guard is None else on.both(tested.guard, tested.truth)


def unharmed(tested: Tested[T], on: Algebra[N, T]) -> T:
    """It holds wherever there was something to check."""
    return tested.truth if tested.guard is None else on.implies(tested.guard, tested.truth)


def test(node: plan.Test, on: Algebra[N, T]) -> Tested[T]:
    """Whether a test holds, and whether there was anything to check."""
    match node:
        case plan.Compare():
            return compare(node, on)
        case plan.In(term=inner, negated=negated):
            truth = on.member(node, term(inner, on))
            return Tested(on.negate(truth) if negated else truth, None)
        case plan.InSeason(term=inner, negated=negated):
            truth = on.in_season(node, term(inner, on))
            return Tested(on.negate(truth) if negated else truth, None)
        case plan.IsNone(fact=fact, negated=negated):
            truth = on.is_none(fact)
            return Tested(on.negate(truth) if negated else truth, None)
        case plan.All(parts=parts):
            tested = [test(part, on) for part in parts]
            return Tested(reduce(on.both, [unharmed(each, on) for each in tested]), any_guard(tested, on))
        case plan.Any(parts=parts):
            tested = [test(part, on) for part in parts]
            return Tested(reduce(on.either, [fulfilled(each, on) for each in tested]), any_guard(tested, on))
        case plan.Not(part=part):
            inner_test = test(part, on)
            return Tested(on.negate(inner_test.truth), inner_test.guard)
        case plan.Every(members=members, test=inner_node):
            each_one, belongs = test(inner_node, on), where(members, on)
            counted = belongs
            if each_one.guard is not None:
                counted = each_one.guard if belongs is None else on.both(belongs, each_one.guard)
            return Tested(on.every(members, belongs, unharmed(each_one, on)), on.any_member(members, counted))
        case plan.Some(members=members, test=inner_node):
            return Tested(on.some(members, where(members, on), fulfilled(test(inner_node, on), on)), None)
        case _:
            assert_never(node)


def any_guard(tested: list[Tested[T]], on: Algebra[N, T]) -> T | None:
    """There was something to check in one of the parts at least."""
    guards = [each.guard for each in tested if each.guard is not None]
    return reduce(on.either, guards) if len(guards) == len(tested) else None


def compare(node: plan.Compare, on: Algebra[N, T]) -> Tested[T]:
    primitives = {"at_least": on.at_least, "more_than": on.more_than, "equal": on.equal}
    truth = primitives[node.relation](term(node.left, on), node.left_factor, term(node.right, on), node.right_factor)
    guards = [on.nonzero(term(each, on)) for each in node.guards]
    return Tested(on.negate(truth) if node.negated else truth, reduce(on.both, guards) if guards else None)


def five(limb: plan.LimbPlan, on: Algebra[N, T]) -> Five[T]:
    """The five truths of a limb (the place apart, which is the subject's)."""
    in_force = on.within(limb.event_day, limb.window) if limb.event_day is not None else on.known(limb.in_time)
    applies = on.known(1)
    if limb.applies is not None:
        condition = test(limb.applies, on)
        applies = fulfilled(condition, on)
    excepted = fulfilled(test(limb.excepted, on), on) if limb.excepted is not None else on.known(0)
    due = term(limb.due, on) if limb.due is not None else None
    is_due = on.known(1) if due is None else on.more_than(on.constant(limb.as_of), 1, due, 1)
    if limb.done is not None:
        assert due is not None
        return Five(in_force, applies, excepted, on.event_done(limb.done, due), is_due)
    assert limb.requirement is not None
    requirement = test(limb.requirement, on)
    if requirement.guard is not None:
        applies = on.both(applies, requirement.guard)
    # That there is anything to check is part of `applies`; given that, the requirement holds or not.
    return Five(in_force, applies, excepted, requirement.truth, is_due)
