"""A second reading of the design's meaning (§2), slow and obvious: it shares no code with the evaluator it is compared with.

It walks the expressions of `model` over the subjects of `submission` directly, in Fractions. Three ideas carry it:

- a number is a `Range` of what it can be (None: no bound), a told one both its ends; a quotient stays a pair of ranges;
- a truth is the set of what it can be, yes or no or either, and every connective is worked out over all of it; beside it
  stands whether there was anything to check (somebody in an `every`, something to divide by);
- a verdict is the set of the verdicts of every completion of the five truths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

from rulecheck.judgement import Verdict
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Subject

# --- numbers ---


class Range(NamedTuple):
    """Everything from `low` to `high`, ends included; None is no bound. `is_number` is False where there may be none at all,
    and then nothing reckoned with it is known."""

    low: Fraction | None
    high: Fraction | None
    is_number: bool = True


ANYTHING = Range(None, None)
NO_NUMBER = Range(None, None, False)
INFINITE = 10**40  # stands for "no bound" inside a product; more than any value here


def exactly(value: int | Fraction) -> Range:
    return Range(Fraction(value), Fraction(value))


def hull(ranges: Iterable[Range]) -> Range:
    """The smallest range that holds all of them."""
    found = list(ranges)
    if not all(each.is_number for each in found):
        return NO_NUMBER
    lows, highs = [each.low for each in found], [each.high for each in found]
    low = None if None in lows else min(each for each in lows if each is not None)
    high = None if None in highs else max(each for each in highs if each is not None)
    return Range(low, high)


def narrowed(inner: Range, outer: Range) -> Range:
    low = max((each for each in (inner.low, outer.low) if each is not None), default=None)
    high = min((each for each in (inner.high, outer.high) if each is not None), default=None)
    return Range(low, high)


def plus(left: Range, right: Range) -> Range:
    if not (left.is_number and right.is_number):
        return NO_NUMBER
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Range(low, high)


def negative(of: Range) -> Range:
    return Range(None if of.high is None else -of.high, None if of.low is None else -of.low, of.is_number)


def times(left: Range, right: Range) -> Range:
    """Every product lies between the products of the ends; nothing times "no bound" is nothing."""
    if not (left.is_number and right.is_number):
        return NO_NUMBER
    corners = [
        one * other
        for one in (-INFINITE if left.low is None else left.low, INFINITE if left.high is None else left.high)
        for other in (-INFINITE if right.low is None else right.low, INFINITE if right.high is None else right.high)
    ]
    low, high = Fraction(min(corners)), Fraction(max(corners))
    return Range(None if low <= -INFINITE // 10**20 else low, None if high >= INFINITE // 10**20 else high)


ONE = exactly(1)


@dataclass(frozen=True)
class Number:
    """`above` ÷ `below`; `divisors`: every divisor inside, none of which may be 0."""

    above: Range
    below: Range = ONE
    divisors: tuple[Range, ...] = ()


# --- truths ---

YES, NO = "yes", "no"
Truth = frozenset[str]

SURELY: Truth = frozenset({YES})
NEVER: Truth = frozenset({NO})
UNKNOWN: Truth = frozenset({YES, NO})


def opposite(truth: Truth) -> Truth:
    return frozenset(NO if each == YES else YES for each in truth)


def all_of(truths: Iterable[Truth]) -> Truth:
    """What *and* can give, each truth taken independently."""
    return frozenset(YES if set(each) <= {YES} else NO for each in product(*truths))


def any_of(truths: Iterable[Truth]) -> Truth:
    return frozenset(YES if YES in each else NO for each in product(*truths))


class Tested(NamedTuple):
    """Whether a test holds, and whether there was anything to check: a divisor that is not zero, somebody in an `every`."""

    holds: Truth
    checked: Truth = SURELY

    @property
    def fulfilled(self) -> Truth:
        return all_of((self.holds, self.checked))

    @property
    def unharmed(self) -> Truth:
        """What has nothing to check counts against nobody."""
        return any_of((self.holds, opposite(self.checked)))


def compared(left: Range, relation: model.Relation, right: Range) -> Truth:
    """Decided where both ends agree."""

    def always_at_least(one: Range, other: Range) -> bool:
        return one.low is not None and other.high is not None and one.low >= other.high

    def always_more(one: Range, other: Range) -> bool:
        return one.low is not None and other.high is not None and one.low > other.high

    match relation:
        case "at_least":
            return SURELY if always_at_least(left, right) else NEVER if always_more(right, left) else UNKNOWN
        case "at_most":
            return compared(right, "at_least", left)
        case "more_than":
            return SURELY if always_more(left, right) else NEVER if always_at_least(right, left) else UNKNOWN
        case "less_than":
            return compared(right, "more_than", left)
        case "equal":
            if left == right and left.low is not None and left.low == left.high:
                return SURELY
            return NEVER if always_more(left, right) or always_more(right, left) else UNKNOWN
        case "unequal":
            return opposite(compared(left, "equal", right))


# --- the verdict ---

BY_MODALITY = {
    "must": Verdict.VIOLATED,
    "must_not": Verdict.VIOLATED,
    "in_principle": Verdict.DEPARTS,
    "strive": Verdict.FALLS_SHORT,
    "encouraged": Verdict.FALLS_SHORT,
}


def verdict_of(in_force: str, applies: str, excepted: str, holds: str, due: str, modality: str) -> Verdict:
    """The table of §2, for known values."""
    if in_force == NO or applies == NO or excepted == YES:
        return Verdict.NOT_APPLICABLE
    if holds == YES:
        return Verdict.MET
    return Verdict.NOT_DUE if due == NO else BY_MODALITY[modality]


def verdicts_of(in_force: Truth, applies: Truth, excepted: Truth, holds: Truth, due: Truth, modality: str) -> frozenset[Verdict]:
    """The verdicts still possible."""
    if (in_force, applies, excepted, holds, due) == (SURELY, SURELY, NEVER, UNKNOWN, NEVER):
        return frozenset({Verdict.NOT_DUE})
    return frozenset(verdict_of(*truths, modality) for truths in product(in_force, applies, excepted, holds, due))


# --- periods ---


class Period(NamedTuple):
    key: str
    start: int
    end: int


MONTHS = {"year": 12, "quarter": 3, "month": 1}


def period(every: model.Frequency, months_since_year_0: int) -> Period:
    """The period that begins in a month."""
    year, month = divmod(months_since_year_0, 12)
    next_year, next_month = divmod(months_since_year_0 + MONTHS[every], 12)
    key = {"year": f"{year}", "quarter": f"{year}-Q{month // 3 + 1}", "month": f"{year}-{month + 1:02d}"}[every]
    return Period(key, date(year, month + 1, 1).toordinal(), date(next_year, next_month + 1, 1).toordinal() - 1)


def first_month(every: model.Frequency, day: int) -> int:
    """The month in which the period of a day begins."""
    of = date.fromordinal(day)
    months = of.year * 12 + of.month - 1
    return months - months % MONTHS[every]


def window_of(limb: model.Limb) -> tuple[int, int | None]:
    """When the duty is both owed and in force."""
    ends = [end for end in (limb.owed[1], limb.in_force[1]) if end is not None]
    return max(limb.owed[0], limb.in_force[0]), min(ends, default=None)


def periods(every: model.Frequency, limb: model.Limb, as_of: int) -> list[Period]:
    """The periods that have begun by the as-of date and lie in the window, in whole or in part; the first one in any case."""
    start, end = window_of(limb)
    last = as_of if end is None else min(as_of, end)
    found = []
    month = first_month(every, start)
    while (each := period(every, month)).start <= last or not found:
        found.append(each)
        month += MONTHS[every]
    return found


# --- the walk ---


@dataclass(frozen=True)
class Reference:
    """One limb of a rule under one reading, in one period, at one as-of date."""

    rules: model.RuleSet
    rule: model.Rule
    limb: model.Limb
    period: Period | None
    as_of: int

    def possible(self, subject: Subject) -> frozenset[Verdict]:
        return verdicts_of(*self.truths(subject), self.limb.modality)

    def truths(self, subject: Subject) -> tuple[Truth, Truth, Truth, Truth, Truth]:
        limb = self.limb
        in_force = all_of((self.in_time(subject), self.in_place(subject)))
        applies = self.test(limb.applies, subject).fulfilled if limb.applies else SURELY
        excepted = self.test(limb.excepted, subject).fulfilled if limb.excepted else NEVER
        if limb.done is not None:
            return in_force, applies, excepted, *self.event(limb.done, subject)
        assert limb.requirement is not None
        # A requirement with nothing to check is not applicable.
        holds, checked = self.test(limb.requirement, subject)
        return in_force, all_of((applies, checked)), excepted, holds, self.due(subject)

    def due(self, subject: Subject) -> Truth:
        if self.limb.due is not None:
            return self.passed(self.term(self.limb.due, subject).above)
        if self.period is not None and self.limb.modality != "must_not":
            # A duty of a period can be met until the period is over; what is forbidden is so at once.
            return self.passed(exactly(self.period.end))
        return SURELY

    # --- when and where ---

    @property
    def window(self) -> tuple[int, int | None]:
        start, end = window_of(self.limb)
        if self.period is None:
            return start, end
        return max(start, self.period.start), self.period.end if end is None else min(end, self.period.end)

    @property
    def test_day(self) -> int:
        """A state is tested at the earlier of the as-of date and the end of the time for which it is owed."""
        end = self.window[1]
        return self.as_of if end is None else min(self.as_of, end)

    def in_time(self, subject: Subject) -> Truth:
        if self.rule.kind.occurs_on is not None:
            return self.occurred(self.rule.kind, subject)
        return SURELY if self.window[0] <= self.test_day else NEVER

    def occurred(self, kind: model.Kind, subject: Subject) -> Truth:
        """Whether an event lies in the window, by its governing date."""
        assert kind.occurs_on is not None
        told = self.raw(self.rules.facts[kind.occurs_on], subject, None)
        if told is UNTOLD:
            return UNKNOWN
        start, end = self.window
        return SURELY if told is not NONE and start <= told and (end is None or told <= end) else NEVER

    def in_place(self, subject: Subject) -> Truth:
        if self.rule.place is None:
            return SURELY
        if subject.place is None:
            return UNKNOWN
        if self.lies_in(subject.place, self.rule.place):
            return SURELY
        # Who is only said to be in the province may be in the city or not.
        return UNKNOWN if self.lies_in(self.rule.place, subject.place) else NEVER

    def lies_in(self, inner: Place, outer: Place) -> bool:
        current: Place | None = inner
        while current is not None:
            if current.english == outer.english:
                return True
            current = self.rules.places.by_id[current.parent] if current.parent else None
        return False

    def passed(self, due: Range) -> Truth:
        """On the date itself it has not passed."""
        return compared(exactly(self.as_of), "more_than", due)

    def event(self, done: model.FactTerm, subject: Subject) -> tuple[Truth, Truth]:
        """An event with a limit: on or before it met; later, or none, not; untold not known. Due once the limit has passed,
        as for every other duty: before that nothing is adverse, not even a later day that somebody already wrote down."""
        assert self.limb.due is not None
        due = self.term(self.limb.due, subject).above
        told = self.raw(done.fact, self.at(subject, done.up), self.key(done.period))
        if told is NONE:
            return NEVER, self.passed(due)
        holds = UNKNOWN if told is UNTOLD else compared(exactly(told), "at_most", due)
        return holds, self.passed(due)

    # --- facts ---

    def at(self, subject: Subject, up: int) -> Subject | None:
        current: Subject | None = subject
        for _ in range(up):
            current = current.parent if current else None
        return current

    def raw(self, fact: model.Fact, subject: Subject | None, key: str | None) -> Any:
        """The value as told: UNTOLD, NONE, whole steps or text."""
        if subject is None or fact.id not in subject.kind.slots:
            return UNTOLD
        value = subject.values[subject.kind.slots[fact.id]]
        if key is not None and value is not UNTOLD:
            value = value.get(key, UNTOLD)
        return value

    def key(self, of: str | int | None) -> str | None:
        """The key of a period given by its key or as a shift against the current one."""
        if not isinstance(of, int):
            return of
        assert self.period is not None
        assert self.rule.every is not None
        month = first_month(self.rule.every, self.period.start) + of * MONTHS[self.rule.every]
        return period(self.rule.every, month).key

    def number(self, of: model.Fact, subject: Subject | None, key: str | None) -> Range:
        """A fact inside a comparison or a sum, in base units. Nothing is known of a none there, nor of what may yet be one."""
        told = self.raw(of, subject, key)
        if told is NONE and of.none_is is not None:
            return exactly(of.none_is * of.step)
        if told is NONE or (told is UNTOLD and of.may_be_none and of.none_is is None):
            return NO_NUMBER
        if isinstance(told, str):
            return ANYTHING
        if told is UNTOLD:
            return declared(of)
        return exactly(told * of.step)

    # --- terms ---

    def term(self, term: model.Term, subject: Subject) -> Number:
        match term:
            case model.Literal_(value=value):
                return Number(exactly(value))
            case model.FactTerm():
                return Number(self.number(term.fact, self.at(subject, term.up), self.key(term.period)))
            case model.ParameterTerm(parameter=parameter, day=day):
                return Number(self.parameter(parameter, day, subject))
            case model.Sum(left=left, right=right, is_difference=is_difference):
                found = self.sum(self.term(left, subject), self.term(right, subject), is_difference)
                if isinstance(left.type, model.DateType | model.TimeType) and isinstance(term.type, model.NumberType):
                    # Days and minutes are told in base units, as every quantity.
                    assert term.type.unit is not None
                    return Number(times(found.above, exactly(term.type.unit.factor)))
                return found
            case model.Product(left=left, right=right):
                one, other = self.term(left, subject), self.term(right, subject)
                divisors = one.divisors + other.divisors
                return Number(times(one.above, other.above), times(one.below, other.below), divisors)
            case model.Quotient(left=left, right=right):
                one, other = self.term(left, subject), self.term(right, subject)
                divisors = (*one.divisors, *other.divisors, other.above)
                return Number(times(one.above, other.below), times(one.below, other.above), divisors)
            case model.Count(members=members):
                return Number(self.count(members, subject))
            case model.Total(members=members, term=each):
                return Number(self.total(members, each, subject))
            case model.Distinct(members=members, term=each):
                return Number(self.distinct(members, each, subject))
            case model.Share(members=members, test=test):
                of_all = self.count(members, subject)
                return Number(self.count(members, subject, test), of_all, (of_all,))
            case model.HowMany(tests=tests):
                found_each = [self.test(each, subject).fulfilled for each in tests]
                return Number(Range(Fraction(found_each.count(SURELY)), Fraction(sum(YES in each for each in found_each))))
            case model.PeriodTotal(fact=fact, up=up, periods=keys):
                total = exactly(0)
                for key in keys:
                    total = plus(total, self.number(fact, self.at(subject, up), key))
                return Number(total)
            case model.DateShift(term=day, amount=amount, unit=unit):
                return Number(self.shifted(self.term(day, subject).above, amount, unit))
            case model.RolledDate(term=day):
                found = self.term(day, subject).above
                before = Range(found.low and found.low - 1, found.high and found.high - 1)
                return Number(self.shifted(before, 1, "workday"))
            case model.WeekdayOf(term=day):
                found = self.term(day, subject).above
                if found.low is None or found.low != found.high:
                    return Number(Range(Fraction(1), Fraction(7)))
                return Number(exactly(date.fromordinal(int(found.low)).isoweekday()))
            case model.PeriodEnd():
                assert self.period is not None
                return Number(exactly(self.period.end))
            case model.AnnualDay(month=month, day=day):
                assert self.period is not None
                year = date.fromordinal(self.period.end).year
                # 29 February of a year that has none is the day before 1 March.
                is_lost = (month, day) == (2, 29) and year % 4 != 0
                found_day = date(year, 3, 1) - timedelta(days=1) if is_lost else date(year, month, day)
                return Number(exactly(found_day.toordinal()))
            case model.Change(way=way, fact=fact):
                return self.change(way, fact, subject)

    def change(self, way: str, fact: model.FactTerm, subject: Subject) -> Number:
        """From the two figures themselves, not from how the rule set spells them out."""
        owner = self.at(subject, fact.up)
        now, before = (self.number(fact.fact, owner, self.key(shift)) for shift in (0, -1))
        if way == "increase":
            return Number(plus(now, negative(before)))
        more = plus(now, negative(before)) if way == "growth" else plus(before, negative(now))
        return Number(more, before, (before,))

    def sum(self, left: Number, right: Number, is_difference: bool) -> Number:
        one, other = times(left.above, right.below), times(right.above, left.below)
        above = plus(one, negative(other) if is_difference else other)
        return Number(above, times(left.below, right.below), left.divisors + right.divisors)

    # --- parameters ---

    def parameter(self, of: model.Parameter, day: model.FactTerm | None, subject: Subject) -> Range:
        """The first row that fits; where none does, or where it cannot be told which, all that is declared."""
        declared_range = Range(of.minimum, of.maximum)
        at: Any = self.test_day if day is None else self.raw(day.fact, self.at(subject, day.up), None)
        for row in of.values:
            fits = all_of((self.row_fits_place(row, subject.place), row_fits_day(row, at)))
            if fits == UNKNOWN:
                return declared_range
            if fits == SURELY:
                match row.value:
                    case model.Exactly(value=value):
                        return exactly(value)
                    case model.Between(low=low, high=high):
                        return narrowed(Range(low, high), declared_range)
                return declared_range
        return declared_range

    def row_fits_place(self, row: model.ParameterValue, place: Place | None) -> Truth:
        if row.place is None:
            return SURELY
        if place is None:
            return UNKNOWN
        return SURELY if self.lies_in(place, row.place) else NEVER

    # --- days ---

    def shifted(self, days: Range, amount: int, unit: str) -> Range:
        low = None if days.low is None else self.shift(int(days.low), amount, unit)[0]
        high = None if days.high is None else self.shift(int(days.high), amount, unit)[1]
        return Range(None if low is None else Fraction(low), None if high is None else Fraction(high))

    def shift(self, day: int, amount: int, unit: str) -> tuple[int | None, int | None]:
        """The earliest and the latest day that can be meant; None is no bound."""
        if unit == "day":
            return day + amount, day + amount
        if unit == "month":
            of = date.fromordinal(day)
            year, month = divmod(of.year * 12 + of.month - 1 + amount, 12)
            following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
            last = (following - timedelta(days=1)).day
            found = date(year, month + 1, min(of.day, last)).toordinal()
            return found, found
        if amount == 0:
            return day, day
        step = 1 if amount > 0 else -1
        all_worked = self.walk_days(day, abs(amount), step, True)
        none_worked = self.walk_days(day, abs(amount), step, False)
        return (all_worked, none_worked) if step > 0 else (none_worked, all_worked)

    def walk_days(self, day: int, count: int, step: int, unknown: bool) -> int | None:
        """The `count`-th working day after (before) a day, taking the days that are not known as `unknown`."""
        calendar = self.rules.calendar
        while count:
            day += step
            known = calendar.is_workday(day)
            beyond = day > calendar.last if step > 0 else day < calendar.first
            if beyond and not unknown:
                return None
            count -= unknown if known is None else known
        return day

    # --- members ---

    def members(self, of: model.Collection, subject: Subject) -> tuple[list[tuple[Subject, Truth]], bool]:
        """Those who may be members, each with whether it is one; and whether these are all there can be."""
        top = self.at(subject, of.up)
        found = [] if top is None else [top]
        is_whole = top is not None
        for kind in of.kinds:
            inner: list[Subject] = []
            for each in found:
                roster = each.rosters[each.kind.children[kind.id]]
                is_whole = is_whole and roster is not None and roster.is_complete
                inner.extend(roster.members if roster else ())
            found = inner
        members = []
        for each in found:
            occurred = self.occurred(of.kinds[-1], each) if of.kinds[-1].occurs_on is not None else SURELY
            is_chosen = self.test(of.where, each).fulfilled if of.where is not None else SURELY
            is_member = all_of((occurred, is_chosen))
            if is_member != NEVER:
                members.append((each, is_member))
        return members, is_whole

    def count(self, of: model.Collection, subject: Subject, test: model.Test | None = None) -> Range:
        members, is_whole = self.members(of, subject)
        low = high = 0
        for each, is_member in members:
            counts = is_member if test is None else all_of((is_member, self.test(test, each).fulfilled))
            low += counts == SURELY
            high += YES in counts
        return Range(Fraction(low), Fraction(high) if is_whole else None)

    def total(self, of: model.Collection, term: model.Term, subject: Subject) -> Range:
        members, is_whole = self.members(of, subject)
        total = exactly(0)
        for each, is_member in members:
            value = self.term(term, each).above
            total = plus(total, value if is_member == SURELY else hull((value, exactly(0))))
        if is_whole:
            return total
        # Of those not handed in, any number may be members, each with any value that the declared range allows.
        each_more = self.unseen(term)
        if not (total.is_number and each_more.is_number):
            return NO_NUMBER
        low_stays = each_more.low is not None and each_more.low >= 0
        high_stays = each_more.high is not None and each_more.high <= 0
        return Range(total.low if low_stays else None, total.high if high_stays else None)

    def unseen(self, term: model.Term) -> Range:
        """What a term can be for a member of whom nothing is known."""
        match term:
            case model.Literal_(value=value):
                return exactly(value)
            case model.FactTerm(fact=fact):
                return self.number(fact, None, None)
            case model.ParameterTerm(parameter=parameter):
                return Range(parameter.minimum, parameter.maximum)
            case model.Sum(left=left, right=right, is_difference=is_difference):
                other = self.unseen(right)
                return plus(self.unseen(left), negative(other) if is_difference else other)
            case model.Product(left=left, right=right):
                return times(self.unseen(left), self.unseen(right))
            case _:
                return ANYTHING

    def distinct(self, of: model.Collection, term: model.Term, subject: Subject) -> Range:
        """Sure: the different values of those who are members. At most: one more for each who may add one."""
        members, is_whole = self.members(of, subject)
        sure, maybe = set(), set()
        untold_members = others = 0
        for each, is_member in members:
            told = self.told(term, each)
            if told is NONE:
                continue
            if told is UNTOLD:
                others += 1
                untold_members += is_member == SURELY and not self.may_be_none(term)
                continue
            maybe.add(told)
            if is_member == SURELY:
                sure.add(told)
        low = max(len(sure), 1 if untold_members else 0)
        return Range(Fraction(low), Fraction(len(maybe) + others) if is_whole else None)

    def told(self, term: model.Term, subject: Subject) -> Any:
        """The value of a term where it is known, text included; else UNTOLD, or NONE."""
        if isinstance(term, model.FactTerm):
            found = self.raw(term.fact, self.at(subject, term.up), self.key(term.period))
            return 0 if found is NONE and isinstance(term.fact.type, model.YesNoType) else found
        value = self.term(term, subject).above
        return value.low if value.low is not None and value.low == value.high else UNTOLD

    def may_be_none(self, term: model.Term) -> bool:
        return isinstance(term, model.FactTerm) and term.fact.may_be_none and term.fact.none_is is None

    # --- tests ---

    def test(self, test: model.Test, subject: Subject) -> Tested:
        match test:
            case model.Compare(left=left, relation=relation, right=right) if isinstance(left.type, model.TextType):
                texts = {self.told(left, subject), self.told(right, subject)}
                same = UNKNOWN if UNTOLD in texts else SURELY if len(texts) == 1 else NEVER
                return Tested(same if relation == "equal" else opposite(same))
            case model.Compare(left=left, relation=relation, right=right):
                one, other = self.term(left, subject), self.term(right, subject)
                # a ÷ b ≥ c as a ≥ c × b: no divisor is declared below zero.
                holds = compared(times(one.above, other.below), relation, times(other.above, one.below))
                checked = all_of(compared(each, "unequal", exactly(0)) for each in one.divisors + other.divisors)
                return Tested(holds, checked)
            case model.Member(term=term, values=values, negated=negated):
                found = self.member(term, values, subject)
                return Tested(opposite(found) if negated else found)
            case model.InSeason(term=term, seasons=seasons, negated=negated):
                found = self.in_seasons(self.term(term, subject).above, seasons)
                return Tested(opposite(found) if negated else found)
            case model.IsNone(fact=fact, negated=negated):
                found = self.is_none(fact, subject)
                return Tested(opposite(found) if negated else found)
            case model.AllOf(parts=parts):
                tested = [self.test(part, subject) for part in parts]
                return Tested(all_of(each.unharmed for each in tested), any_of(each.checked for each in tested))
            case model.AnyOf(parts=parts):
                tested = [self.test(part, subject) for part in parts]
                return Tested(any_of(each.fulfilled for each in tested), any_of(each.checked for each in tested))
            case model.Not(part=part):
                holds, checked = self.test(part, subject)
                return Tested(opposite(holds), checked)
            case model.WithinTop():
                return Tested(self.within_top(test, subject))
            case model.Every(members=of, test=each_test):
                members, is_whole = self.members(of, subject)
                tests = [(is_member, self.test(each_test, each)) for each, is_member in members]
                holds = [any_of((opposite(is_member), tested.unharmed)) for is_member, tested in tests]
                checked = [all_of((is_member, tested.checked)) for is_member, tested in tests]
                unseen = [] if is_whole else [UNKNOWN]
                return Tested(all_of(holds + unseen), any_of(checked + unseen))
            case model.Some(members=of, test=each_test):
                members, is_whole = self.members(of, subject)
                found = [all_of((is_member, self.test(each_test, each).fulfilled)) for each, is_member in members]
                return Tested(any_of(found + ([] if is_whole else [UNKNOWN])))

    def within_top(self, test: model.WithinTop, subject: Subject) -> Truth:
        """Every value that matters is tried: the ends of what is told, and those just on either side of another's."""
        siblings, is_whole = self.members(test.siblings, subject)
        own_truth = next((truth for each, truth in siblings if each is subject), None)
        if own_truth is None and self.at(subject, 1) is not None:
            return NEVER
        fact = test.fact.fact
        key = self.key(test.fact.period)
        others = [(self.number(fact, each, key), truth) for each, truth in siblings if each is not subject]
        own = self.number(fact, subject, key)
        unseen = [self.number(fact, None, None)] if not is_whole else []
        if not all(each.is_number for each in (own, *(value for value, _ in others), *unseen)):
            return UNKNOWN
        big = Fraction(INFINITE)
        found: set[str] = set()
        for value in {own.low, own.high if own.high is not None else big}:
            assert value is not None
            signs = []
            for choose in (min, max):
                total = test.share * value
                for other, truth in others:
                    candidates = {other.low or Fraction(0), other.high if other.high is not None else big}
                    candidates |= {each for each in (value,) if (other.low or 0) <= each <= max(candidates)}
                    parts = {each * (test.share - (each > value)) for each in candidates}
                    total += choose(parts if truth == SURELY else {*parts, Fraction(0)})
                for other in unseen:
                    candidates = {other.low or Fraction(0), other.high if other.high is not None else big}
                    candidates |= {each for each in (value,) if (other.low or 0) <= each <= max(candidates)}
                    total += choose({Fraction(0), *(each * (test.share - (each > value)) * INFINITE for each in candidates)})
                signs.append(total > 0)
            found |= {YES if each else NO for each in signs}
        return all_of((frozenset(found), own_truth or SURELY))

    def member(self, term: model.Term, values: frozenset[int | str], subject: Subject) -> Truth:
        if isinstance(term, model.FactTerm) and isinstance(term.type, model.TextType | model.ReferenceType):
            told = self.told(term, subject)
            if told is UNTOLD or told is NONE:
                return UNKNOWN
            return SURELY if told in values else NEVER
        found = self.term(term, subject).above
        if found.low is None or found.high is None:
            return UNKNOWN
        inside = {value in values for value in range(int(found.low), int(found.high) + 1)}
        return SURELY if inside == {True} else NEVER if inside == {False} else UNKNOWN

    def in_seasons(self, day: Range, seasons: Iterable[Any]) -> Truth:
        if day.low is None or day.high is None:
            return UNKNOWN
        days = [date.fromordinal(each) for each in range(int(day.low), int(day.high) + 1)]
        inside = {any(in_season(each, season) for season in seasons) for each in days}
        return UNKNOWN if len(inside) > 1 else SURELY if True in inside else NEVER

    def is_none(self, term: model.FactTerm, subject: Subject) -> Truth:
        told = self.raw(term.fact, self.at(subject, term.up), self.key(term.period))
        if told is UNTOLD:
            return UNKNOWN if term.fact.may_be_none and term.fact.none_is is None else NEVER
        return SURELY if told is NONE else NEVER


def declared(fact: model.Fact) -> Range:
    """Everything a fact can be, none apart, in base units."""
    match fact.type:
        case model.YesNoType():
            return Range(Fraction(0), Fraction(1))
        case model.CategoryType(members=members, is_open=is_open):
            return Range(Fraction(0), Fraction(len(members) - (not is_open)))
        case model.TimeType():
            return narrowed(stepped(fact), Range(Fraction(0), Fraction(1440)))
    found = stepped(fact)
    return found if fact.none_is is None else hull((found, exactly(fact.none_is * fact.step)))


def stepped(fact: model.Fact) -> Range:
    low = None if fact.minimum is None else fact.minimum * fact.step
    return Range(low, None if fact.maximum is None else fact.maximum * fact.step)


def in_season(day: date, season: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    start, end = season
    today = (day.month, day.day)
    return start <= today <= end if start <= end else today >= start or today <= end


def row_fits_day(row: model.ParameterValue, day: Any) -> Truth:
    if row.start is None and row.end is None and row.season is None:
        return SURELY
    if day is UNTOLD:
        return UNKNOWN
    if day is NONE:
        return NEVER
    is_after = row.start is None or row.start <= day
    is_before = row.end is None or day <= row.end
    in_its_season = row.season is None or in_season(date.fromordinal(day), row.season)
    return SURELY if is_after and is_before and in_its_season else NEVER


# --- a rule ---


def judgements(rule: model.Rule, as_of: int) -> dict[tuple[str | None, str | None], Period | None]:
    """Every (limb, period) that is judged at a date."""
    found: dict[tuple[str | None, str | None], Period | None] = {}
    for reading in rule.readings:
        for limb in reading.limbs:
            for each in periods(rule.every, limb, as_of) if rule.every else (None,):
                found[limb.tag, each.key if each else None] = each
    return found


def possible(
    rules: model.RuleSet, rule: model.Rule, tag: str | None, of: Period | None, subject: Subject, as_of: int
) -> frozenset[Verdict]:
    """The verdicts still possible: of the default reading, or of every reading where the question is open."""
    chosen = [reading for reading in rule.readings if reading.is_default] or list(rule.readings)
    limbs = [limb for reading in chosen for limb in reading.limbs if limb.tag == tag]
    return frozenset().union(*(Reference(rules, rule, limb, of, as_of).possible(subject) for limb in limbs))


def verdict(found: frozenset[Verdict]) -> Verdict:
    return next(iter(found)) if len(found) == 1 else Verdict.UNDETERMINED
