"""The evaluator of columns: every number and truth of the walk is a function of a scope, made once a plan, as `judging.rows`
makes functions of a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from rulecheck.columns import gathered, numbers, ranked, truths
from rulecheck.columns.days import DayTable
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD
from rulecheck.columns.numbers import Number, exact
from rulecheck.columns.scope import Scope
from rulecheck.columns.truths import FROM_ROWS, NO, UNKNOWN, YES, Truth
from rulecheck.judging import intervals, plan
from rulecheck.judging.rows import MOST_DAYS, Rows, fits_always, may_turn_out_none, untold_number
from rulecheck.measures.days import FIRST_DAY, LAST_DAY, add_months, in_season, weekday
from rulecheck.measures.places import Place, Places
from rulecheck.measures.workdays import Calendar
from rulecheck.rules.model import ReferenceType, TextType

NumberOf = Callable[[Scope], Number]
TruthOf = Callable[[Scope], Truth]

MOST_VALUES: Final = 1_000
"""As `judging.rows`: an interval wider than this is not compared with a list one by one."""


class Columns:
    """The primitives of `algebra.Algebra` over a block of rows at a time."""

    def __init__(self, calendar: Calendar, places: Places) -> None:
        self._calendar = calendar
        self._places = places
        self._rows = Rows(calendar, places)
        self._tables: dict[Any, DayTable] = {}

    # --- numbers ---

    def constant(self, value: int) -> NumberOf:
        if not numbers.LEAST <= value <= numbers.MOST:
            return _too_large
        only = numbers.constant(value)
        return lambda scope: only

    def fact(self, node: plan.FactValue) -> NumberOf:
        if isinstance(node.fact.type, TextType | ReferenceType):
            untold = Number(0, 0, 0, 0, undefined=True, texts=())
        else:
            try:
                untold = _number(untold_number(node.fact))
            except numbers.TooLarge:
                return _too_large
        return lambda scope: scope.number(node, untold)

    def parameter(self, node: plan.ParameterValue) -> NumberOf:
        try:
            untold = numbers.between(node.low, node.high)
            values = [numbers.between(row.low, row.high) for row in node.rows]
        except numbers.TooLarge:
            return _too_large
        if len(node.rows) == 1 and fits_always(node.rows[0]):
            return lambda scope: values[0]
        fitting = [self._fitting(row, node.test_day if node.day is None else None, node.day) for row in node.rows]

        def number(scope: Scope) -> Number:
            open_: Truth = YES
            chosen = []
            for value, fits in zip(values, fitting, strict=True):
                holds = fits(scope)
                chosen.append((truths.both(open_, holds), value))
                # Of a row that may fit nobody can say whether those behind it count.
                open_ = truths.both(open_, truths.negate(holds))
            return _first_that_fits(chosen, untold)

        return number

    def _fitting(self, row: plan.ParameterRow, test_day: int | None, day: plan.FactValue | None) -> TruthOf:
        """Whether a row of a parameter fits place and day."""
        written = row.row
        parts: list[TruthOf] = []
        if written.place is not None:
            parts.append(self._lies_in(written.place))
        if written.start is not None or written.end is not None or written.season is not None:
            parts.append(self._fits_day(written.start, written.end, written.season, test_day, day))

        def fits(scope: Scope) -> Truth:
            found: Truth = YES
            for part in parts:
                found = truths.both(found, part(scope))
            return found

        return fits

    def _lies_in(self, place: Place) -> TruthOf:
        """Of a parameter's row: whether the subject lies in its place; a wider place than that is not in it."""
        return self._by_place(("row", place.english), lambda where: YES if self._places.contains(place, where) else NO)

    def _by_place(self, key: tuple[str, str], truth_of: Callable[[Place], int]) -> TruthOf:
        known: dict[str, int] = {}

        def of_rows(scope: Scope) -> Truth:
            frame = scope.frame
            if frame.places is None:
                return UNKNOWN
            for each in frame.place_list:
                if each.english not in known:
                    known[each.english] = truth_of(each)
            # The last stands for those of whom nobody said where they are.
            table = [known[each.english] for each in frame.place_list]
            if scope.is_told and len(set(table)) == 1:
                return table[0]
            if scope.is_told and UNKNOWN not in table:
                return np.array([each == YES for each in (*table, NO)]).take(frame.places, mode="wrap")
            return np.array([*table, UNKNOWN], np.uint8).take(frame.places, mode="wrap")

        return lambda scope: scope.of_place(key, lambda: of_rows(scope))

    def _fits_day(self, start: Any, end: Any, season: Any, test_day: int | None, day: plan.FactValue | None) -> TruthOf:
        def fits(moment: int) -> bool:
            in_time = (start is None or start <= moment) and (end is None or moment <= end)
            return in_time and (season is None or in_season(moment, season))

        if day is None:
            assert test_day is not None
            always = YES if fits(test_day) else NO
            return lambda scope: always
        table = DayTable(lambda moment: (int(fits(moment)),), 1)

        def truth(scope: Scope) -> Truth:
            raw = scope.raw(day)
            if raw.values is None:
                return UNKNOWN
            number = scope.filled(day, raw)
            holds = np.asarray(table(number.low, number.least, number.most)[0], bool)
            return _of_states(raw.state, np.broadcast_to(holds, (scope.frame.count,)))

        return truth

    def add(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> NumberOf:
        return lambda scope: numbers.add(numbers.scale(left(scope), left_factor), numbers.scale(right(scope), right_factor))

    def multiply(self, left: NumberOf, right: NumberOf) -> NumberOf:
        return lambda scope: numbers.multiply(left(scope), right(scope))

    def count(self, members: plan.Members, where: TruthOf | None) -> NumberOf:
        return lambda scope: gathered.count(scope.segments(members), where)

    def total(self, node: plan.Total, where: TruthOf | None, value: NumberOf) -> NumberOf:
        least = node.term.fact.minimum if isinstance(node.term, plan.FactValue) else None
        never_below = least is not None and least >= 0
        optional = may_turn_out_none(node.term)
        return lambda scope: gathered.total(scope.segments(node.members), where, value, never_below, optional)

    def distinct(self, node: plan.Distinct, where: TruthOf | None, value: NumberOf) -> NumberOf:
        fact = node.term if isinstance(node.term, plan.FactValue) else None
        optional = may_turn_out_none(node.term)
        return lambda scope: gathered.distinct(scope.segments(node.members), where, fact, value, optional)

    def how_many(self, of: tuple[TruthOf, ...]) -> NumberOf:
        def number(scope: Scope) -> Number:
            surely: Any = 0
            open_: Any = 0
            is_known = True
            for truth in of:
                found = truth(scope)
                surely = surely + _as_whole(truths.codes(found) == YES)
                if isinstance(found, int) or found.dtype != np.bool_:
                    is_known = False
                    open_ = open_ + _as_whole(truths.codes(found) == UNKNOWN)
            return Number(surely, surely if is_known else surely + open_, 0, len(of))

        return number

    def shift(self, node: plan.Shift, day: NumberOf) -> NumberOf:
        calendar, amount, unit = self._calendar, node.amount, node.unit

        def one(start: int) -> tuple[int, int | None]:
            if unit == "workday":
                return calendar.add_workdays(start, amount)
            moved = min(max(start + amount, FIRST_DAY), LAST_DAY) if unit == "day" else add_months(start, amount)
            return moved, moved

        return self._on_days((unit, amount), one, day)

    def roll(self, day: NumberOf) -> NumberOf:
        return self._on_days("roll", self._calendar.roll, day)

    def _on_days(self, key: Any, one: Callable[[int], tuple[int, int | None]], day: NumberOf) -> NumberOf:
        def bounds(start: int) -> tuple[int, int, int]:
            low, high = one(start)
            return low, low if high is None else high, int(high is None)

        table = self._tables.setdefault(key, DayTable(bounds, 3))

        def number(scope: Scope) -> Number:
            days = day(scope)
            if days.is_exact and not isinstance(days.low, int):
                found = table.exactly(days.low, days.least, days.most)
                if found is not None:
                    return exact(*found)
            low, high, is_open = table(days.low, days.least, days.most)
            if not days.is_exact:
                _, high, is_open = table(days.high, days.least, days.most)
            if days.is_exact and not np.any(is_open) and np.array_equal(low, high):
                return exact(_plain(low), int(np.min(low, initial=LAST_DAY)), int(np.max(low, initial=FIRST_DAY)))
            least = min(int(np.min(low, initial=LAST_DAY)), int(np.min(high, initial=LAST_DAY)))
            most = max(int(np.max(low, initial=FIRST_DAY)), int(np.max(high, initial=FIRST_DAY)))
            open_high = numbers.any_of(days.open_high, _plain(np.asarray(is_open, bool)))
            return Number(_plain(low), _plain(high), least, most, days.open_low, open_high, days.undefined)

        return number

    def weekday(self, day: NumberOf) -> NumberOf:
        def number(scope: Scope) -> Number:
            days = day(scope)
            of_day: Any = weekday(days.low) if isinstance(days.low, int) else (days.low - 1) % 7 + 1
            if days.is_exact:
                return exact(of_day, 1, 7)
            known = numbers.exact_rows(days)
            return Number(numbers.where(known, of_day, 1), numbers.where(known, of_day, 7), 1, 7, undefined=days.undefined)

        return number

    # --- tests of numbers ---

    def at_least(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return lambda scope: numbers.at_least(left(scope), left_factor, right(scope), right_factor)

    def more_than(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return lambda scope: numbers.more_than(left(scope), left_factor, right(scope), right_factor)

    def equal(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return lambda scope: numbers.equal(left(scope), left_factor, right(scope), right_factor)

    def nonzero(self, number: NumberOf) -> TruthOf:
        nought = numbers.constant(0)
        return lambda scope: truths.negate(numbers.equal(number(scope), 1, nought, 1))

    def member(self, node: plan.In, value: NumberOf) -> TruthOf:
        whole = sorted(each for each in node.values if isinstance(each, int))

        def truth(scope: Scope) -> Truth:
            number = value(scope)
            if number.texts is not None:
                among = np.array([each in node.values for each in (*number.texts, "")], bool)
                found: Any = np.asarray(among[number.low])
                return numbers.known_but(np.broadcast_to(found, (scope.frame.count,)), number.undefined)
            if number.is_exact:
                return numbers.among(number, whole)
            return numbers.among_intervals(number, whole, MOST_VALUES)

        return truth

    def in_season(self, node: plan.InSeason, day: NumberOf) -> TruthOf:
        seasons = node.seasons

        def inside(moment: int) -> tuple[int, ...]:
            return (int(any(in_season(moment, each) for each in seasons)),)

        table = self._tables.setdefault(("season", seasons), DayTable(inside, 1))

        def truth(scope: Scope) -> Truth:
            days = day(scope)
            if days.is_exact:
                found = np.asarray(table(days.low, days.least, days.most)[0], bool)
                return found if found.ndim else YES if found else NO
            return _over_days(days, scope.frame.count, lambda low, high: _season_of(range(low, high + 1)[:MOST_DAYS], inside))

        return truth

    def is_none(self, fact: plan.FactValue) -> TruthOf:
        def truth(scope: Scope) -> Truth:
            state = scope.raw(fact).state
            if isinstance(state, int):
                return {NOT_TOLD: UNKNOWN, TOLD: NO, KNOWN_NONE: YES}[state]
            return np.array([NO, UNKNOWN, YES], np.uint8).take(state)

        return truth

    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> TruthOf:
        first, last = window

        def truth(scope: Scope) -> Truth:
            raw = scope.raw(fact)
            if raw.values is None:
                return UNKNOWN
            inside = raw.values >= first
            if last is not None:
                inside &= raw.values <= last
            return _of_states(raw.state, inside)

        return truth

    def event_done(self, done: plan.FactValue, due: NumberOf) -> TruthOf:
        """Done on or before the limit; 无 is not done."""

        def truth(scope: Scope) -> Truth:
            raw = scope.raw(done)
            if raw.values is None:
                return UNKNOWN
            return _of_states(raw.state, numbers.at_least(due(scope), 1, numbers.of_column(raw.values), 1))

        return truth

    def within_top(self, node: plan.WithinTop, where: TruthOf | None, value: NumberOf) -> TruthOf:
        untold = untold_number(node.value.fact)
        return lambda scope: ranked.within_top(scope, node, where, value, untold)

    # --- truths ---

    def known(self, truth: int) -> TruthOf:
        return _CONSTANTS[FROM_ROWS[truth]]

    def both(self, left: TruthOf, right: TruthOf) -> TruthOf:
        if left is _CONSTANTS[YES]:
            return right
        return left if right is _CONSTANTS[YES] else lambda scope: truths.both(left(scope), right(scope))

    def either(self, left: TruthOf, right: TruthOf) -> TruthOf:
        return lambda scope: truths.either(left(scope), right(scope))

    def negate(self, truth: TruthOf) -> TruthOf:
        return lambda scope: truths.negate(truth(scope))

    def implies(self, guard: TruthOf, truth: TruthOf) -> TruthOf:
        return lambda scope: truths.implies(guard(scope), truth(scope))

    def every(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return lambda scope: gathered.every(scope.segments(members), where, truth)

    def some(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return lambda scope: gathered.some(scope.segments(members), where, truth)

    def any_member(self, members: plan.Members, where: TruthOf | None) -> TruthOf:
        return self.some(members, where, self.known(1))

    def in_place(self, place: Place | None) -> TruthOf:
        """Whether the subject lies in a place; unknown where nobody said where it is, or only in what wider place."""
        if place is None:
            return _CONSTANTS[YES]
        places = self._places

        def lies(where: Place) -> int:
            return YES if places.contains(place, where) else UNKNOWN if places.contains(where, place) else NO

        return self._by_place(("subject", place.english), lies)


_CONSTANTS: Final[tuple[TruthOf, TruthOf, TruthOf]] = (lambda _: NO, lambda _: UNKNOWN, lambda _: YES)


def _too_large(scope: Scope) -> Number:
    raise numbers.TooLarge


def _number(of: intervals.Number) -> Number:
    if isinstance(of, intervals.Undefined):
        return Number(0, 0, 0, 0, undefined=True)
    low, high = intervals.bounds(of)
    return numbers.between(low, high)


def _plain(of: Any) -> Any:
    """A number as Python has it, where it is the same for every row."""
    return of.item() if np.ndim(of) == 0 and isinstance(of, np.generic | np.ndarray) else of


def _as_whole(flags: Any) -> Any:
    return int(flags) if np.ndim(flags) == 0 else flags.astype(np.int64)


def _of_states(state: Any, of_told: Truth) -> Truth:
    """What holds of values that were told; of an untold one nothing is known, of 无 it does not hold."""
    if isinstance(state, int):
        return of_told if state == TOLD else UNKNOWN if state == NOT_TOLD else NO
    found = truths.array(of_told, len(state)).copy()
    found[state == NOT_TOLD] = UNKNOWN
    found[state == KNOWN_NONE] = NO
    return found


def _first_that_fits(chosen: list[tuple[Truth, Number]], untold: Number) -> Number:
    """The value of the first row that fits; what is not known where none does, or where one before it may."""
    ends: list[Any] = [untold.low, untold.high, untold.open_low, untold.open_high]
    least, most = untold.least, untold.most
    for fits, value in chosen:
        sure: Any = fits == YES if isinstance(fits, int) else fits if fits.dtype == np.bool_ else fits == YES
        if sure is False:
            continue
        for number, end in enumerate((value.low, value.high, value.open_low, value.open_high)):
            ends[number] = end if sure is True else np.where(sure, end, ends[number])
        least, most = min(least, value.least), max(most, value.most)
    low, high, open_low, open_high = ends
    if open_low is False and open_high is False and np.array_equal(low, high):
        high = low
    return Number(low, high, least, most, open_low, open_high)


def _season_of(days: Any, inside: Callable[[int], tuple[int, ...]]) -> int:
    found = {inside(each)[0] for each in days}
    return UNKNOWN if len(found) > 1 else YES if 1 in found else NO


def _over_days(days: Number, count: int, truth_of: Callable[[int, int], int]) -> Truth:
    """A test of days that are not known exactly, once for each pair of bounds that occurs."""
    low, high, open_, undefined = (
        np.broadcast_to(np.asarray(each), (count,))
        for each in (days.low, days.high, numbers.any_of(days.open_low, days.open_high), days.undefined)
    )
    bounded = np.flatnonzero(~(open_ | undefined))
    pairs, places = np.unique(np.stack([low[bounded], high[bounded]], axis=1), axis=0, return_inverse=True)
    outcomes = np.array([truth_of(first, last) for first, last in pairs.tolist()], np.uint8)
    found = np.full(count, UNKNOWN, np.uint8)
    found[bounded] = outcomes[places.reshape(-1)]
    return found
