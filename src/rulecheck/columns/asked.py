"""What a limb asks for: the facts it reads, of whom, and whether it matters where somebody is. The walk is the meaning's own
(`judging.algebra`), over sets of what is asked instead of numbers and truths."""

from __future__ import annotations

from typing import Any

from rulecheck.dataclass import dataclass
from rulecheck.judging import algebra, plan
from rulecheck.measures.places import Place


@dataclass(frozen=True, slots=True, eq=False)
class FactAsked:
    """A fact of the row, or of the row above it (`node.up`)."""

    node: plan.FactValue


@dataclass(frozen=True, slots=True, eq=False)
class PlaceAsked:
    """Where the row's subject is."""


@dataclass(frozen=True, slots=True, eq=False)
class MembersAsked:
    """Members, and what is asked of each."""

    members: plan.Members
    of_each: Asks


Ask = FactAsked | PlaceAsked | MembersAsked
Asks = tuple[Ask, ...]


def asked_of(limb: plan.LimbPlan, place: Place | None) -> Asks:
    """Everything a limb reads, each fact of a row once."""
    five = algebra.five(limb, _Asking())
    found = [ask for part in five for ask in part]
    return _once([*found, PlaceAsked()] if place is not None else found)


def asked_by(test: plan.Test) -> Asks:
    """Everything a test reads."""
    return _once(algebra.unharmed(algebra.test(test, _Asking()), _Asking()))


def looks_down(asks: Asks) -> bool:
    """Whether members of the rows themselves are asked for."""
    return any(isinstance(ask, MembersAsked) and ask.members.up == 0 for ask in asks)


def _once(asks: Any) -> Asks:
    """Each fact once, and the place once; members stay apart, since each is asked something else."""
    found: dict[Any, Ask] = {}
    for ask in asks:
        match ask:
            case FactAsked(node=node):
                found.setdefault((node.fact.id, node.up, node.period), ask)
            case PlaceAsked():
                found.setdefault("place", ask)
            case _:
                found[id(ask)] = ask
    return tuple(found.values())


class _Asking:
    """`algebra.Algebra` over what is asked."""

    def constant(self, value: int) -> Asks:
        return ()

    def fact(self, node: plan.FactValue) -> Asks:
        return (FactAsked(node),)

    def parameter(self, node: plan.ParameterValue) -> Asks:
        day: Asks = (FactAsked(node.day),) if node.day is not None else ()
        return (*day, PlaceAsked()) if any(row.row.place is not None for row in node.rows) else day

    def add(self, left: Asks, left_factor: int, right: Asks, right_factor: int) -> Asks:
        return left + right

    def multiply(self, left: Asks, right: Asks) -> Asks:
        return left + right

    def count(self, members: plan.Members, where: Asks | None) -> Asks:
        return (MembersAsked(members, _once(where or ())),)

    def total(self, node: plan.Total, where: Asks | None, value: Asks) -> Asks:
        return (MembersAsked(node.members, _once((where or ()) + value)),)

    def distinct(self, node: plan.Distinct, where: Asks | None, value: Asks) -> Asks:
        return (MembersAsked(node.members, _once((where or ()) + value)),)

    def how_many(self, truths: tuple[Asks, ...]) -> Asks:
        return tuple(ask for truth in truths for ask in truth)

    def shift(self, node: plan.Shift, day: Asks) -> Asks:
        return day

    def roll(self, day: Asks) -> Asks:
        return day

    def weekday(self, day: Asks) -> Asks:
        return day

    def at_least(self, left: Asks, left_factor: int, right: Asks, right_factor: int) -> Asks:
        return left + right

    more_than = equal = at_least

    def nonzero(self, number: Asks) -> Asks:
        return number

    def member(self, node: plan.In, value: Asks) -> Asks:
        return value

    def in_season(self, node: plan.InSeason, day: Asks) -> Asks:
        return day

    def is_none(self, fact: plan.FactValue) -> Asks:
        return (FactAsked(fact),)

    def within_top(self, node: plan.WithinTop, where: Asks | None, value: Asks) -> Asks:
        own = (where or ()) + value
        return (*own, MembersAsked(node.members, _once(own)))

    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> Asks:
        return (FactAsked(fact),)

    def event_done(self, done: plan.FactValue, due: Asks) -> Asks:
        return (FactAsked(done), *due)

    def known(self, truth: int) -> Asks:
        return ()

    def both(self, left: Asks, right: Asks) -> Asks:
        return left + right

    either = implies = both

    def negate(self, truth: Asks) -> Asks:
        return truth

    def every(self, members: plan.Members, where: Asks | None, truth: Asks) -> Asks:
        return (MembersAsked(members, _once((where or ()) + truth)),)

    some = every

    def any_member(self, members: plan.Members, where: Asks | None) -> Asks:
        return (MembersAsked(members, _once(where or ())),)
