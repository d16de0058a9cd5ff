"""The evaluator of single subjects: every number and truth of the walk is a function of a subject, made once per plan.

Exact values stay plain integers all the way; intervals appear only where something is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rulecheck.judging import intervals, plan, ranking
from rulecheck.judging.intervals import ANYTHING, UNDEFINED, Interval, Number, Undefined, between
from rulecheck.judging.truth import AND, IMPLIES, NO, NOT, OR, UNKNOWN, YES, Truth
from rulecheck.measures.days import FIRST_DAY, LAST_DAY, add_months, in_season, weekday
from rulecheck.measures.places import Place, Places
from rulecheck.measures.workdays import Calendar
from rulecheck.rules.model import Fact
from rulecheck.submission import NONE, UNTOLD, Roster, Subject

NumberOf = Callable[[Subject], Number]
TruthOf = Callable[[Subject], Truth]
_Table = tuple[tuple[Truth, ...], ...]
_Fold = tuple[Truth, _Table, _Table, Truth]
"""Of members: what holds of none, how their truths are joined and each weighed by whether it belongs, what settles it."""

_YES: Final = YES
MOST_DAYS: Final = 3_660
"""Days looked at one by one: ten years."""


class Rows:
    """The primitives of `algebra.Algebra` over one subject at a time."""

    def __init__(self, calendar: Calendar, places: Places) -> None:
        self._calendar = calendar
        self._places = places

    # --- numbers ---

    def constant(self, value: int) -> NumberOf:
        return lambda subject: value

    def raw(self, node: plan.FactValue) -> Callable[[Subject], Any]:
        """The fact's value as it was handed in: a number or text, `NONE`, or `UNTOLD`."""
        period = node.period
        if len(node.slots) == 1 and node.up == 0 and period is None:
            slot = next(iter(node.slots.values()))
            return lambda subject: subject.values[slot]
        slots, steps = node.slots, node.up

        def reach(subject: Subject) -> Any:
            above = subject.above(steps)
            if above is None or above.kind.id not in slots:
                return UNTOLD
            value = above.values[slots[above.kind.id]]
            if period is not None and value is not UNTOLD:
                return value.get(period, UNTOLD)
            return value

        return reach

    def fact(self, node: plan.FactValue) -> NumberOf:
        raw = self.raw(node)
        untold = untold_number(node.fact)

        def number(subject: Subject) -> Number:
            value = raw(subject)
            if value is UNTOLD:
                return untold
            if value is NONE:
                return UNDEFINED
            return value  # type: ignore[no-any-return]

        return number

    def parameter(self, node: plan.ParameterValue) -> NumberOf:
        untold = between(node.low, node.high)
        day_of = self.raw(node.day) if node.day is not None else None
        is_single = len(node.rows) == 1 and fits_always(node.rows[0])
        if is_single:
            only = between(node.rows[0].low, node.rows[0].high)
            return lambda subject: only
        known: dict[tuple[str | None, Any], Number] = {}

        def number(subject: Subject) -> Number:
            day = node.test_day if day_of is None else day_of(subject)
            key = (subject.place.english if subject.place else None, day)
            if key not in known:
                row = self.parameter_row(node, subject.place, day)
                known[key] = between(row.low, row.high) if row is not None else untold
            return known[key]

        return number

    def parameter_row(self, node: plan.ParameterValue, place: Place | None, day: Any) -> plan.ParameterRow | None:
        """The first row that fits a place and a day; None where none does or where it cannot be told which."""
        for row in node.rows:
            fits = _fits(row, place, day, self._places)
            if fits == YES:
                return row
            if fits == UNKNOWN:
                return None
        return None

    def add(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> NumberOf:
        def number(subject: Subject) -> Number:
            one, other = left(subject), right(subject)
            if type(one) is int and type(other) is int:
                return one * left_factor + other * right_factor
            return intervals.add(intervals.scale(one, left_factor), intervals.scale(other, right_factor))

        return number

    def multiply(self, left: NumberOf, right: NumberOf) -> NumberOf:
        return lambda subject: intervals.multiply(left(subject), right(subject))

    def count(self, members: plan.Members, where: TruthOf | None) -> NumberOf:
        def number(subject: Subject) -> Number:
            found, is_complete = reach_members(members, subject)
            surely = possibly = 0
            for each in found:
                belongs = YES if where is None else where(each)
                surely += belongs == YES
                possibly += belongs != NO
            return between(surely, possibly if is_complete else None)

        return number

    def total(self, node: plan.Total, where: TruthOf | None, value: NumberOf) -> NumberOf:
        members = node.members
        least = node.term.fact.minimum if isinstance(node.term, plan.FactValue) else None

        def number(subject: Subject) -> Number:
            found, is_complete = reach_members(members, subject)
            total: Number = 0
            for each in found:
                belongs = YES if where is None else where(each)
                if belongs != NO:
                    part = value(each)
                    total = intervals.add(total, part if belongs == YES else intervals.hull_with_zero(part))
            if is_complete or isinstance(total, Undefined):
                return total
            if may_turn_out_none(node.term):
                return UNDEFINED
            # Whoever was not reported can only add, where what is summed is never below zero; else nothing is known.
            return Interval(intervals.bounds(total).low, None) if least is not None and least >= 0 else ANYTHING

        return number

    def distinct(self, node: plan.Distinct, where: TruthOf | None, value: NumberOf) -> NumberOf:
        members, is_optional = node.members, may_turn_out_none(node.term)
        raw = self.raw(node.term) if isinstance(node.term, plan.FactValue) else value

        def number(subject: Subject) -> Number:
            found, is_complete = reach_members(members, subject)
            sure: set[Any] = set()
            maybe: set[Any] = set()
            at_least_one = False
            open_ = 0
            for each in found:
                belongs = YES if where is None else where(each)
                one = raw(each)
                if belongs == NO or one is NONE or isinstance(one, Undefined):
                    continue
                if one is not UNTOLD and not isinstance(one, Interval):
                    maybe.add(one)
                    if belongs == YES:
                        sure.add(one)
                else:
                    open_ += 1
                    at_least_one = at_least_one or (belongs == YES and not is_optional)
            return between(len(sure) or int(at_least_one), len(maybe) + open_ if is_complete else None)

        return number

    def how_many(self, truths: tuple[TruthOf, ...]) -> NumberOf:
        def number(subject: Subject) -> Number:
            found = [truth(subject) for truth in truths]
            surely = found.count(YES)
            return between(surely, surely + found.count(UNKNOWN))

        return number

    def shift(self, node: plan.Shift, day: NumberOf) -> NumberOf:
        calendar, amount = self._calendar, node.amount

        def one(start: int) -> tuple[int, int | None]:
            if node.unit == "workday":
                return calendar.add_workdays(start, amount)
            moved = min(max(start + amount, FIRST_DAY), LAST_DAY) if node.unit == "day" else add_months(start, amount)
            return moved, moved

        return _on_days(day, one)

    def roll(self, day: NumberOf) -> NumberOf:
        return _on_days(day, self._calendar.roll)

    def weekday(self, day: NumberOf) -> NumberOf:
        def number(subject: Subject) -> Number:
            value = day(subject)
            if isinstance(value, int):
                return weekday(value)
            return UNDEFINED if isinstance(value, Undefined) else Interval(1, 7)

        return number

    # --- tests of numbers ---

    def at_least(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            one, other = left(subject), right(subject)
            if type(one) is int and type(other) is int:
                return _YES if one * left_factor >= other * right_factor else NO
            return intervals.at_least(intervals.scale(one, left_factor), intervals.scale(other, right_factor))

        return truth

    def more_than(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            one, other = left(subject), right(subject)
            if type(one) is int and type(other) is int:
                return _YES if one * left_factor > other * right_factor else NO
            return intervals.more_than(intervals.scale(one, left_factor), intervals.scale(other, right_factor))

        return truth

    def equal(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            one: Any = left(subject)
            other: Any = right(subject)
            if isinstance(one, str) or isinstance(other, str):
                # Texts and references, which nothing scales; what was not told may be any text.
                return UNKNOWN if type(one) is not type(other) else YES if one == other else NO
            return intervals.equal(intervals.scale(one, left_factor), intervals.scale(other, right_factor))

        return truth

    def nonzero(self, number: NumberOf) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            same = intervals.equal(number(subject), 0)
            return NOT[same]

        return truth

    def member(self, node: plan.In, value: NumberOf) -> TruthOf:
        values = node.values

        def truth(subject: Subject) -> Truth:
            one: Any = value(subject)
            if isinstance(one, Undefined):
                return UNKNOWN
            if isinstance(one, Interval):
                if one.low is None or one.high is None or one.high - one.low > 1000:
                    return UNKNOWN
                inside = [each in values for each in range(one.low, one.high + 1)]
                return YES if all(inside) else UNKNOWN if any(inside) else NO
            return YES if one in values else NO

        return truth

    def in_season(self, node: plan.InSeason, day: NumberOf) -> TruthOf:
        seasons = node.seasons

        def truth(subject: Subject) -> Truth:
            value = day(subject)
            if isinstance(value, int):
                return YES if any(in_season(value, each) for each in seasons) else NO
            if isinstance(value, Undefined) or value.low is None or value.high is None:
                return UNKNOWN
            # In so many days every day of the year comes up, 29 February with them.
            found = {any(in_season(each, season) for season in seasons) for each in range(value.low, value.high + 1)[:MOST_DAYS]}
            return UNKNOWN if len(found) > 1 else YES if True in found else NO

        return truth

    def is_none(self, fact: plan.FactValue) -> TruthOf:
        raw = self.raw(fact)

        def truth(subject: Subject) -> Truth:
            value = raw(subject)
            return UNKNOWN if value is UNTOLD else YES if value is NONE else NO

        return truth

    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> TruthOf:
        raw = self.raw(fact)
        first, last = window

        def truth(subject: Subject) -> Truth:
            day = raw(subject)
            if day is UNTOLD:
                return UNKNOWN
            if day is NONE:
                return NO
            return YES if first <= day and (last is None or day <= last) else NO

        return truth

    def event_done(self, done: plan.FactValue, due: NumberOf) -> TruthOf:
        """Done on or before the limit; 无 is not done."""
        raw = self.raw(done)

        def truth(subject: Subject) -> Truth:
            day = raw(subject)
            if day is NONE:
                return NO
            return intervals.at_least(due(subject), ANYTHING if day is UNTOLD else day)

        return truth

    def within_top(self, node: plan.WithinTop, where: TruthOf | None, value: NumberOf) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            belongs = YES if where is None else where(subject)
            if belongs == NO:
                return NO
            found, is_complete = reach_members(node.members, subject)
            others = [(each, YES if where is None else where(each)) for each in found if each is not subject]
            values = [(value(each), is_member) for each, is_member in others if is_member != NO]
            is_open = not is_complete
            more = (untold_number(node.value.fact) if is_open else 0, is_open)
            return AND[belongs][ranking.is_within(value(subject), values, more, node.numerator, node.denominator)]

        return truth

    def greater(self, node: plan.WithinTop) -> Callable[[Subject], int | None]:
        """The sum of those greater than a member, where every figure is known."""
        value, members = self.fact(node.value), node.members
        where = self.within(members.day, members.window) if members.day is not None and members.window is not None else None

        def number(subject: Subject) -> int | None:
            found, is_complete = reach_members(node.members, subject)
            own = value(subject)
            told = [value(each) for each in found if where is None or where(each) != NO]
            if not is_complete or not isinstance(own, int) or not all(isinstance(each, int) for each in told):
                return None
            return sum(each for each in told if isinstance(each, int) and each > own)

        return number

    # --- truths ---

    def known(self, truth: Truth) -> TruthOf:
        return _CONSTANTS[truth]

    def both(self, left: TruthOf, right: TruthOf) -> TruthOf:
        if left is _CONSTANTS[YES]:
            return right
        if right is _CONSTANTS[YES]:
            return left

        def truth(subject: Subject) -> Truth:
            one = left(subject)
            return NO if one == NO else AND[one][right(subject)]

        return truth

    def either(self, left: TruthOf, right: TruthOf) -> TruthOf:
        def truth(subject: Subject) -> Truth:
            one = left(subject)
            return _YES if one == YES else OR[one][right(subject)]

        return truth

    def negate(self, truth: TruthOf) -> TruthOf:
        return lambda subject: NOT[truth(subject)]

    def implies(self, guard: TruthOf, truth: TruthOf) -> TruthOf:
        return lambda subject: IMPLIES[guard(subject)][truth(subject)]

    def every(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._over(members, where, truth, (YES, AND, IMPLIES, NO))

    def some(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._over(members, where, truth, (NO, OR, AND, YES))

    def _over(self, members: plan.Members, where: TruthOf | None, truth: TruthOf, fold: _Fold) -> TruthOf:
        of_none, join, weigh, decided = fold

        def over(subject: Subject) -> Truth:
            found, is_complete = reach_members(members, subject)
            result = of_none if is_complete else UNKNOWN
            for each in found:
                belongs = YES if where is None else where(each)
                if belongs != NO:
                    result = join[result][weigh[belongs][truth(each)]]
                    if result == decided:
                        return decided
            return result

        return over

    def any_member(self, members: plan.Members, where: TruthOf | None) -> TruthOf:
        return self.some(members, where, self.known(YES))

    def in_place(self, place: Place | None) -> TruthOf:
        """Whether the subject lies in a place; unknown when nobody said where it is."""
        if place is None:
            return self.known(YES)
        places = self._places
        inside: dict[str, Truth] = {}

        def truth(subject: Subject) -> Truth:
            where = subject.place
            if where is None:
                return UNKNOWN
            found = inside.get(where.english)
            if found is None:
                # A subject said to lie in a wider place (the province) may lie in this one or not.
                found = YES if places.contains(place, where) else UNKNOWN if places.contains(where, place) else NO
                inside[where.english] = found
            return found

        return truth


_CONSTANTS: Final[tuple[TruthOf, TruthOf, TruthOf]] = (lambda _: NO, lambda _: YES, lambda _: UNKNOWN)


def reach_members(members: plan.Members, subject: Subject) -> tuple[list[Subject], bool]:
    """The members handed in, and whether they are all."""
    above = subject.above(members.up)
    if above is None:
        return [], False
    found, is_complete = [above], True
    for kind in members.path:
        below: list[Subject] = []
        for each in found:
            roster: Roster | None = each.rosters[each.kind.children[kind.id]]
            if roster is None:
                is_complete = False
            else:
                below.extend(roster.members)
                is_complete = is_complete and roster.is_complete
        found = below
    return found, is_complete


def untold_number(fact: Fact) -> Number:
    """What an untold fact may be: within its range; where it may turn out to be 无, nothing compared with it is known."""
    return UNDEFINED if fact.may_be_none and fact.none_is is None else between(fact.minimum, fact.maximum)


def may_turn_out_none(term: plan.Term) -> bool:
    """Whether a member's value may be 无 without counting as anything."""
    return isinstance(term, plan.FactValue) and term.fact.may_be_none and term.fact.none_is is None


def _on_days(day: NumberOf, one: Callable[[int], tuple[int, int | None]]) -> NumberOf:
    """A function of days on a day that may not be known exactly."""

    def number(subject: Subject) -> Number:
        value = day(subject)
        if isinstance(value, int):
            return between(*one(value))
        if isinstance(value, Undefined):
            return UNDEFINED
        low = None if value.low is None else one(value.low)[0]
        high = None if value.high is None else one(value.high)[1]
        return between(low, high)

    return number


def fits_always(row: plan.ParameterRow) -> bool:
    """Whether a row holds everywhere and at any time."""
    written = row.row
    return written.place is None and written.start is None and written.end is None and written.season is None


def _fits(row: plan.ParameterRow, place: Place | None, day: Any, places: Places) -> Truth:
    written = row.row
    truth = YES
    if written.place is not None:
        truth = UNKNOWN if place is None else YES if places.contains(written.place, place) else NO
    if written.start is None and written.end is None and written.season is None:
        return truth
    if day is UNTOLD:
        return AND[truth][UNKNOWN]
    if day is NONE:
        return NO
    in_time = (written.start is None or written.start <= day) and (written.end is None or day <= written.end)
    if written.season is not None:
        in_time = in_time and in_season(day, written.season)
    return truth if in_time else NO
