"""Worlds of many rows: the random rules of `generate_rules` over tables such as a province hands in.

Beside what is random there: facts on the boundary of what they are compared with, worked out from the plan; numbers whose
products do not fit 64 bits; days at both ends of the calendar; texts and references; categories that an open list does not name;
rosters of many members, of none, not reported; relations between facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from generate_rules import HERE, ORIGIN, VAST, Subjects, Vocabulary, World, Writer, make_rules, some_day
from rulecheck.dataclass import replace
from rulecheck.judging import algebra, plan
from rulecheck.judging.lower import lower
from rulecheck.judging.rows import Rows
from rulecheck.measures.days import FIRST_DAY, LAST_DAY
from rulecheck.rules import model
from rulecheck.rules.resolve.rules import facts_of
from rulecheck.submission import NONE, UNTOLD, Other, Roster, Subject

ALSO = ("crowd", "dust", "reference", "text", "open", "date")
"""Sorts of facts that the smaller worlds have seldom or never."""

ROOTS = (1, 3, 12, 40, 90)


def make_tables(
    seed: int,
    untold: Sequence[float] = (0.0, 0.05, 0.3),
    roots: Sequence[int] = ROOTS,
    relations: int = 0,
    on_boundary: float = 0.6,
) -> World:
    """The world of a seed. `on_boundary`: the part of the values of compared facts that are put on a boundary."""
    random = Random(seed)
    rules, vocabulary = make_rules(random, rules=random.choice((2, 4, 6)), also=ALSO)
    if relations:
        rules = replace(rules, relations=tuple(make_relations(random, vocabulary, relations)))
    marks = [int(each) for each in vocabulary.marks.get("DateType", ()) if FIRST_DAY < each < LAST_DAY]
    as_of = random.choice(marks) + random.choice((0, 0, 1)) if marks and random.random() < 0.5 else some_day(random)
    subjects = Table(random, vocabulary, random.choice(untold)).make(random.choice(roots))
    world = World(rules, vocabulary, subjects, as_of)
    put_on_boundaries(random, world, on_boundary)
    return world


def roots_of(world: World) -> list[Subject]:
    """The subjects that nothing stands above, which lead to all others."""
    return [each for subjects in world.subjects.values() for each in subjects if each.parent is None]


def loosen(random: Random, world: World) -> World:
    """The same world with the members on their own, as a table whose parents lie in another one: nobody has a roster, some have
    no parent at all, and some lie elsewhere than their parent."""
    for subjects in world.subjects.values():
        for subject in subjects:
            subject.rosters = [None] * len(subject.rosters)
            if random.random() < 0.1:
                subject.parent = None
    return world


def make_relations(random: Random, vocabulary: Vocabulary, count: int) -> Iterator[model.RelationRule]:
    """Relations between the facts of a subject and of those above it."""
    for number in range(count):
        kind = random.choice(list(vocabulary.kinds.values()))
        every: model.Frequency | None = random.choice((None, None, "year", "quarter", "month"))
        test = Writer(random, vocabulary, kind, every).test(random.choice((0, 1, 1)))
        facts = tuple(dict.fromkeys(facts_of(test)))
        if facts:
            yield model.RelationRule(f"relation_{number}", f"关系{number}", kind, every, test, facts, None, HERE)


@dataclass
class Table(Subjects):
    """Subjects in numbers."""

    def roster(self, kind: model.Kind, parent: Subject) -> Roster | None:
        luck = self.random.random()
        if luck < 0.06:
            return None
        is_deep = parent.parent is not None
        size = 0 if luck < 0.2 else self.random.choice((1, 1, 2, 3) if is_deep else (1, 2, 2, 3, 7))
        members = [self.subject(kind, parent, self.place_below(parent)) for _ in range(size)]
        return Roster(members, self.random.random() >= 0.12, ORIGIN)

    def place_below(self, parent: Subject) -> Any:
        others = [each.place for subjects in self.made.values() for each in subjects[:3]]
        return parent.place if self.random.random() < 0.85 else self.random.choice([None, *others])

    def told(self, fact: model.Fact) -> Any:
        if fact.may_be_none and fact.none_is is None and self.random.random() < 0.2:
            return NONE
        vast = next((most for of, most in VAST.items() if f"_{of}_" in fact.id), None)
        if vast is not None:
            least = -vast if fact.minimum is None or fact.minimum < 0 else 0
            near = self.random.choice((0, 2**31, 2**32, 3_037_000_499, 2**40, 10**9, vast))
            return min(max(near + self.random.choice((-1, 0, 0, 1, self.random.randint(0, 1000))), least), vast)
        if fact.type == model.DateType() and fact.minimum is None and self.random.random() < 0.04:
            return self.random.choice((FIRST_DAY, FIRST_DAY + 1, LAST_DAY - 1, LAST_DAY))
        value = super().told(fact)
        if isinstance(fact.type, model.CategoryType) and fact.type.is_open and value == len(fact.type.members):
            return Other(value, self.random.choice(("商会", "协会")))
        return value


# --- boundaries ---


@dataclass(frozen=True)
class Boundary:
    """Two numbers of a subject that are compared; on the boundary both are the same. `facts`: what of the subject itself they
    hang on."""

    kind: str
    left: plan.Term
    left_factor: int
    right: plan.Term
    right_factor: int
    facts: tuple[plan.FactValue, ...] = field(compare=False)


def boundaries(of: plan.Plan) -> list[Boundary]:
    """The comparisons of a plan that a fact of the subject itself can be put on the boundary of."""
    found: list[Boundary] = []
    for kind, judgements in of.judgements.items():
        for judgement in judgements:
            for limb in judgement.readings:
                for node in (limb.applies, limb.excepted, limb.requirement):
                    if node is not None:
                        found.extend(_in_test(node, kind))
                if limb.done is not None and limb.due is not None:
                    found.append(_boundary(kind, limb.done, 1, limb.due, 1))
                if limb.due is not None:
                    found.append(_boundary(kind, limb.due, 1, plan.Constant(of.as_of, Fraction(1)), 1))
    return [each for each in found if each.facts]


def _boundary(kind: str, left: plan.Term, left_factor: int, right: plan.Term, right_factor: int) -> Boundary:
    facts = [
        each
        for each in (*_own(left), *_own(right))
        if isinstance(each.fact.type, model.NumberType | model.DateType | model.TimeType)
    ]
    return Boundary(kind, left, left_factor, right, right_factor, tuple(facts))


def _own(term: plan.Term) -> Iterator[plan.FactValue]:
    """The facts of the subject itself that a number hangs on."""
    match term:
        case plan.FactValue(up=0):
            yield term
        case plan.Add(left=left, right=right) | plan.Multiply(left=left, right=right):
            yield from _own(left)
            yield from _own(right)
        case plan.Shift(term=inner) | plan.Roll(term=inner):
            yield from _own(inner)


def _in_test(node: plan.Test, kind: str) -> Iterator[Boundary]:
    match node:
        case plan.Compare(left=left, left_factor=a, right=right, right_factor=b):
            yield _boundary(kind, left, a, right, b)
            for term in (left, right):
                yield from _in_term(term, kind)
        case plan.All(parts=parts) | plan.Any(parts=parts):
            for part in parts:
                yield from _in_test(part, kind)
        case plan.Not(part=part):
            yield from _in_test(part, kind)
        case plan.Every(members=members, test=inner) | plan.Some(members=members, test=inner):
            yield from _in_members(members)
            yield from _in_test(inner, members.path[-1].id)


def _in_term(term: plan.Term, kind: str) -> Iterator[Boundary]:
    match term:
        case plan.Add(left=left, right=right) | plan.Multiply(left=left, right=right):
            yield from _in_term(left, kind)
            yield from _in_term(right, kind)
        case plan.Count(members=members) | plan.Total(members=members) | plan.Distinct(members=members):
            yield from _in_members(members)
        case plan.HowMany(tests=tests):
            for each in tests:
                yield from _in_test(each, kind)


def _in_members(members: plan.Members) -> Iterator[Boundary]:
    for each in members.where:
        yield from _in_test(each, members.path[-1].id)


Slots = tuple[str, int, str | None]
"""A fact of a kind, in one period for a periodic one."""


def compared(world: World) -> dict[Slots, list[tuple[_Solver, plan.FactValue]]]:
    """The facts that are compared, with their comparisons."""
    rows = Rows(world.rules.calendar, world.rules.places)
    found: dict[Slots, list[tuple[_Solver, plan.FactValue]]] = {}
    for each in boundaries(lower(world.rules, world.as_of)):
        solver = _Solver(each, rows)
        for node in each.facts:
            found.setdefault((each.kind, node.slots[each.kind], node.period), []).append((solver, node))
    return found


def put_on_boundaries(random: Random, world: World, part: float) -> None:
    """Moves a part of the values of each fact onto the boundary of one of its comparisons, or one step beside it."""
    for (kind, _, _), comparisons in compared(world).items():
        for subject in world.subjects[kind]:
            if random.random() < part:
                solver, node = random.choice(comparisons)
                solver.solve(random, subject, node)


class _Solver:
    def __init__(self, of: Boundary, rows: Rows) -> None:
        self.of = of
        self._left, self._right = algebra.term(of.left, rows), algebra.term(of.right, rows)

    def gap(self, subject: Subject) -> int | None:
        """How far the two numbers lie apart; None where it is not known."""
        left, right = self._left(subject), self._right(subject)
        if not isinstance(left, int) or not isinstance(right, int):
            return None
        return left * self.of.left_factor - right * self.of.right_factor

    def solve(self, random: Random, subject: Subject, node: plan.FactValue) -> None:
        start = told_of(node, subject)
        before = self.gap(subject)
        if start is UNTOLD or start is NONE or before is None:
            return
        low = node.fact.minimum if node.fact.minimum is not None else -(2**62)
        high = node.fact.maximum if node.fact.maximum is not None else 2**62
        if isinstance(node.fact.type, model.DateType):
            low, high = max(low, FIRST_DAY), min(high, LAST_DAY)
        beside = start + 1 if start < high else start - 1
        tell(node, subject, beside)
        after = self.gap(subject)
        found = start
        if after is not None and after != before:
            exact = start - Fraction(before * (beside - start), after - before)
            found = floor(exact) + random.choice((0, 0, 0, 0, 0, 1, -1))
        tell(node, subject, min(max(found, low), high))


def told_of(node: plan.FactValue, subject: Subject) -> Any:
    value = subject.values[node.slots[subject.kind.id]]
    return value if node.period is None or value is UNTOLD else value.get(node.period, UNTOLD)


def tell(node: plan.FactValue, subject: Subject, value: int) -> None:
    slot = node.slots[subject.kind.id]
    subject.values[slot] = value if node.period is None else {**subject.values[slot], node.period: value}


def share_on_boundary(world: World) -> tuple[int, int]:
    """How many of the told values of compared facts lie exactly on the boundary of a comparison, and of how many; what is
    compared with something that is not known has no boundary."""
    on = of = 0
    for (kind, _, _), comparisons in compared(world).items():
        for subject in world.subjects[kind]:
            if told_of(comparisons[0][1], subject) in (UNTOLD, NONE):
                continue
            gaps = {solver.gap(subject) for solver, _ in comparisons}
            of += gaps != {None}
            on += 0 in gaps
    return on, of
