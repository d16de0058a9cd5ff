"""The fewest facts that, whatever their values, would leave one verdict, and whose move each of them is.

The unknown conditions of a limb (atoms) are found together with what each of them waits for. A set of facts settles the verdict
when every combination of outcomes of the atoms it makes known leaves one verdict, the others staying unknown. Atoms are taken
as independent, so a set found is always enough; it is the fewest but where two conditions on one fact exclude each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, Literal

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Verdict
from rulecheck.judging import algebra, plan
from rulecheck.judging.algebra import Five
from rulecheck.judging.intervals import Interval, Number
from rulecheck.judging.rows import NumberOf, Rows, TruthOf, fits_always, reach_members
from rulecheck.judging.truth import AND, NO, UNKNOWN, YES, Truth, verdict_table
from rulecheck.measures.days import FIRST_DAY, LAST_DAY, year_of
from rulecheck.measures.places import Place, Places
from rulecheck.measures.workdays import Calendar
from rulecheck.rules.model import Kind, Modality
from rulecheck.submission import UNTOLD, Subject

MOST_SEARCHED = 8
"""Dispensable facts up to which subsets are searched; beyond, pairs, and then one after the other is dropped."""
MOST_TRIES = 2_000
"""Suppositions tried for one set; a set that needs more is not taken to settle."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known: a fact or roster of a subject, a place, a parameter, a year of the calendar, a reading."""

    kind: Literal["fact", "roster", "place", "parameter", "calendar", "reading"]
    id: str
    subject: Subject | None
    period: str | None

    @property
    def awaiting(self) -> str:
        return "authority" if self.kind in ("parameter", "calendar", "reading") else "submitter"


Asked = Callable[[Subject], Any]
"""A number or truth that is asked of each member."""

Key = tuple[int, int]
"""A condition of one subject: the number of the condition, and the subject's identity."""


class Probe(Rows):
    """Rows that notice what they wait for, and in which the outcome of a condition can be supposed."""

    def __init__(self, calendar: Calendar, places: Places) -> None:
        super().__init__(calendar, places)
        self.atoms: dict[Key, frozenset[Gap]] = {}
        self.supposed: dict[Key, Truth] = {}
        self._reads: set[Gap] = set()
        self._depth = 0
        self._conditions = 0

    # --- noticing ---

    def raw(self, node: plan.FactValue) -> Callable[[Subject], Any]:
        read = super().raw(node)

        def noticing(subject: Subject) -> Any:
            value = read(subject)
            if value is UNTOLD:
                self._reads.add(Gap("fact", node.fact.id, subject.above(node.up), node.period))
            return value

        return noticing

    def parameter(self, node: plan.ParameterValue) -> NumberOf:
        read = super().parameter(node)
        # Told the day and the place, an exact value would be known wherever they turn out to lie.
        covers = any(fits_always(row) for row in node.rows)
        is_settled = covers and all(row.low is not None and row.low == row.high for row in node.rows)

        def noticing(subject: Subject) -> Number:
            value = read(subject)
            if isinstance(value, Interval):
                waits_for_day = node.day is not None and super(Probe, self).raw(node.day)(subject) is UNTOLD
                waits_for_place = any(row.row.place is not None and self._may_lie_in(subject, row.row.place) for row in node.rows)
                if waits_for_place:
                    self._reads.add(Gap("place", "place", subject, None))
                if not is_settled or not (waits_for_day or waits_for_place):
                    self._reads.add(Gap("parameter", node.parameter.id, None, None))
            return value

        return noticing

    def _may_lie_in(self, subject: Subject, place: Place) -> bool:
        """Whether more about where a subject lies could put it into a place: nothing was said, or only a wider place."""
        return subject.place is None or (subject.place != place and self._places.contains(subject.place, place))

    def shift(self, node: plan.Shift, day: NumberOf) -> NumberOf:
        return self._noticing_calendar(super().shift(node, day), day)

    def roll(self, day: NumberOf) -> NumberOf:
        return self._noticing_calendar(super().roll(day), day)

    def _noticing_calendar(self, moved: NumberOf, day: NumberOf) -> NumberOf:
        def noticing(subject: Subject) -> Number:
            value = moved(subject)
            if isinstance(value, Interval):
                start = day(subject)
                if isinstance(start, int):
                    # An end that nothing bounds is looked for in the next month, not over all the years there are.
                    low = value.low if value.low is not None and value.low > FIRST_DAY else max(start - 31, FIRST_DAY)
                    high = value.high if value.high is not None else min(max(start, low) + 31, LAST_DAY)
                    first, last = min(start, low), max(start, high)
                    for year in self._calendar.missing_years(first, last) or (year_of(last) + 1,):
                        self._reads.add(Gap("calendar", str(year), None, None))
            return value

        return noticing

    def _notice_rosters(self, members: plan.Members, subject: Subject, asked: Sequence[Asked]) -> None:
        """Rosters that are not all there, and what would be asked of those above by members who are still to come."""
        owner = subject.above(members.up)
        if owner is None:
            return
        found = [owner]
        for position, kind in enumerate(members.path):
            below = []
            for each in found:
                roster = each.rosters[each.kind.children[kind.id]]
                if roster is None or not roster.is_complete:
                    self._reads.add(Gap("roster", kind.id, each, None))
                    self._notice_newcomer(each, members.path[position:], asked)
                below.extend(roster.members if roster is not None else [])
            found = below

    def _notice_newcomer(self, owner: Subject, path: Sequence[Kind], asked: Sequence[Asked]) -> None:
        """What a member of whom nothing is known yet would need from the subjects that are there."""
        newcomers = []
        for kind in path:
            owner = Subject(
                kind=kind,
                id="",
                name="",
                origin=owner.origin,
                place=owner.place,
                parent=owner,
                values=[UNTOLD] * len(kind.slots),
                rosters=[None] * len(kind.children),
                origins={},
            )
            newcomers.append(owner)
        before, self._reads = self._reads, set()
        for each in asked:
            each(owner)
        of_others = {gap for gap in self._reads if all(gap.subject is not each for each in newcomers)}
        self._reads = before | of_others

    def count(self, members: plan.Members, where: TruthOf | None) -> NumberOf:
        return self._with_rosters(members, super().count(members, where), where)

    def total(self, node: plan.Total, where: TruthOf | None, value: NumberOf) -> NumberOf:
        return self._with_rosters(node.members, super().total(node, where, value), where, value)

    def distinct(self, node: plan.Distinct, where: TruthOf | None, value: NumberOf) -> NumberOf:
        return self._with_rosters(node.members, super().distinct(node, where, value), where, value)

    def how_many(self, truths: tuple[TruthOf, ...]) -> NumberOf:
        """Only a condition that is not known waits for anything, whatever was left out in those that are."""
        return super().how_many(tuple([self._if_unknown(truth) for truth in truths]))

    def _if_unknown(self, truth: TruthOf) -> TruthOf:
        def noticing(subject: Subject) -> Truth:
            before, self._reads = self._reads, set()
            found = truth(subject)
            self._reads = before | self._reads if found == UNKNOWN else before
            return found

        return noticing

    def _with_rosters(self, members: plan.Members, number: NumberOf, *asked: Asked | None) -> NumberOf:
        of_members = [each for each in asked if each is not None]

        def noticing(subject: Subject) -> Number:
            self._notice_rosters(members, subject, of_members)
            return number(subject)

        return noticing

    # --- conditions ---

    def _atom(self, truth: TruthOf) -> TruthOf:
        """A condition that is known or waited for as a whole; what it contains is part of it."""
        self._conditions += 1
        number = self._conditions

        def noticing(subject: Subject) -> Truth:
            if self._depth:
                return truth(subject)
            key = (number, id(subject))
            if key in self.supposed:
                return self.supposed[key]
            before, self._reads = self._reads, set()
            self._depth += 1
            try:
                found = truth(subject)
            finally:
                self._depth -= 1
                mine, self._reads = self._reads, before
            if found == UNKNOWN:
                self.atoms[key] = frozenset(mine)
            return found

        return noticing

    def at_least(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._atom(super().at_least(left, left_factor, right, right_factor))

    def more_than(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._atom(super().more_than(left, left_factor, right, right_factor))

    def equal(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._atom(super().equal(left, left_factor, right, right_factor))

    def nonzero(self, number: NumberOf) -> TruthOf:
        return self._atom(super().nonzero(number))

    def member(self, node: plan.In, value: NumberOf) -> TruthOf:
        return self._atom(super().member(node, value))

    def in_season(self, node: plan.InSeason, day: NumberOf) -> TruthOf:
        return self._atom(super().in_season(node, day))

    def is_none(self, fact: plan.FactValue) -> TruthOf:
        return self._atom(super().is_none(fact))

    def within_top(self, node: plan.WithinTop, where: TruthOf | None, value: NumberOf) -> TruthOf:
        truth = super().within_top(node, where, value)
        asked = [each for each in (where, value) if each is not None]

        def noticing(subject: Subject) -> Truth:
            self._notice_rosters(node.members, subject, asked)
            return truth(subject)

        return self._atom(noticing)

    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> TruthOf:
        return self._atom(super().within(fact, window))

    def event_done(self, done: plan.FactValue, due: NumberOf) -> TruthOf:
        return self._atom(super().event_done(done, due))

    def in_place(self, place: Place | None) -> TruthOf:
        inside = super().in_place(place)

        def noticing(subject: Subject) -> Truth:
            found = inside(subject)
            if found == UNKNOWN:
                # Nobody said where it lies, or only in what wider place.
                self._reads.add(Gap("place", "place", subject, None))
            return found

        return self._atom(noticing) if place is not None else inside

    def every(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._quantified(members, super().every(members, where, truth), where, truth)

    def some(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._quantified(members, super().some(members, where, truth), where, truth)

    def _quantified(self, members: plan.Members, truth: TruthOf, *asked: Asked | None) -> TruthOf:
        """Over a complete roster the members' conditions are waited for one by one, over a partial one the roster is."""
        of_members = [each for each in asked if each is not None]

        def noticing(subject: Subject) -> Truth:
            self._notice_rosters(members, subject, of_members)
            return truth(subject)

        whole = self._atom(noticing)
        return lambda subject: truth(subject) if reach_members(members, subject)[1] else whole(subject)


class MissingFacts:
    """Finds what is missing for one limb."""

    def __init__(self, limb: plan.LimbPlan, place: Place | None, calendar: Calendar, places: Places) -> None:
        self._probe = Probe(calendar, places)
        self._five: Five[TruthOf] = algebra.five(limb, self._probe)
        self._in_place = self._probe.in_place(place)
        self._modality: Modality = limb.limb.modality

    def find(self, subject: Subject) -> tuple[Gap, ...]:
        """The gaps to be closed, in a stable order; empty where nothing is unknown."""
        probe = self._probe
        probe.atoms, probe.supposed = {}, {}
        self._truths(subject)
        atoms = dict(probe.atoms)
        if not atoms:
            return ()
        everything = frozenset[Gap]().union(*atoms.values())
        # Whoever settles with all the rest told is dispensable; whatever settles holds all that is indispensable.
        needed = frozenset(gap for gap in everything if not self._settles(subject, atoms, everything - {gap}))
        others = sorted(everything - needed, key=_order)
        chosen = next((each for each in _candidates(needed, others) if self._settles(subject, atoms, each)), everything)
        for gap in reversed(others) if chosen == everything else ():
            if self._settles(subject, atoms, chosen - {gap}):
                chosen -= {gap}
        return tuple(sorted(chosen, key=_order))

    def _truths(self, subject: Subject) -> tuple[Truth, Truth, Truth, Truth, Truth]:
        in_force, applies, excepted, holds, due = self._five
        when = AND[in_force(subject)][self._in_place(subject)]
        return when, applies(subject), excepted(subject), holds(subject), due(subject)

    def _settles(self, subject: Subject, atoms: dict[Key, frozenset[Gap]], chosen: frozenset[Gap]) -> bool:
        """Whether one verdict is left however the conditions come out that these gaps leave open."""
        known = {key for key, gaps in atoms.items() if gaps and gaps <= chosen}
        table = verdict_table(self._modality)
        tries = 0

        def settled(supposed: dict[Key, Truth]) -> bool:
            nonlocal tries
            tries += 1
            self._probe.atoms, self._probe.supposed = {}, supposed
            truths = self._truths(subject)
            # Not due while the requirement is unknown is decided, but the fact is still wanted.
            if table[truths] != Verdict.UNDETERMINED and not (table[truths] == Verdict.NOT_DUE and truths[3] == UNKNOWN):
                return True
            # A condition that still matters, and can be known, is tried both ways.
            key = next((each for each in self._probe.atoms if each in known), None)
            if key is None or tries > MOST_TRIES:
                return False
            return all(settled({**supposed, key: outcome}) for outcome in (NO, YES))

        try:
            return settled({})
        finally:
            self._probe.supposed = {}


def _candidates(needed: frozenset[Gap], others: list[Gap]) -> Iterator[frozenset[Gap]]:
    """What is needed with ever more of the others."""
    for size in range(len(others) + 1 if len(others) <= MOST_SEARCHED else 3):
        yield from (needed.union(each) for each in combinations(others, size))


def _order(gap: Gap) -> tuple[str, ...]:
    """The submitter's move first; subjects by their place in the submission, since ids may repeat under different parents."""
    whose = "1" if gap.awaiting == "authority" else "0"
    owner = gap.subject
    where = (owner.id, owner.origin.file, owner.origin.where_en) if owner else ("", "", "")
    return (whose, gap.kind, gap.id, *where, gap.period or "")
