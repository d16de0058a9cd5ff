"""From the rule set to the plan of one as-of date: periods unrolled, divisions gone, numbers scaled to integers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import gcd, lcm
from typing import assert_never

from rulecheck.dataclass import dataclass
from rulecheck.judging import plan
from rulecheck.judging.plan import Ratio
from rulecheck.judging.truth import NO, UNKNOWN, YES
from rulecheck.measures.days import day_of_year, year_of
from rulecheck.rules import model

ONE = Fraction(1)


def lower(rules: model.RuleSet, as_of: int, kinds: Container[str] | None = None) -> plan.Plan:
    """The plan at one as-of date (an ordinal): of all rules, or of those about some kinds of subject (English ids)."""
    found: dict[str, list[plan.JudgementPlan]] = defaultdict(list)
    for rule in rules.rules:
        if kinds is None or rule.kind.id in kinds:
            found[rule.kind.id].extend(_rule(rule, rules, as_of))
    return plan.Plan(as_of, rules, {kind: tuple(each) for kind, each in found.items()})


def _rule(rule: model.Rule, rules: model.RuleSet, as_of: int) -> Iterator[plan.JudgementPlan]:
    is_open = len(rule.readings) > 1 and not any(reading.is_default for reading in rule.readings)
    tags = list(dict.fromkeys(limb.tag for reading in rule.readings for limb in reading.limbs))
    for tag in tags:
        limbs = [(reading, limb) for reading in rule.readings for limb in reading.limbs if limb.tag == tag]
        # A period counts when the duty is owed in it under any of the readings.
        owed = {period: None for _, limb in limbs for period in periods(rule.every, limb, as_of)}
        for period in sorted(owed, key=lambda each: each.start if each else 0):
            lowered = tuple(
                Lowering(rules, limb.owed, limb.in_force, period, as_of).limb(limb, reading, rule.kind) for reading, limb in limbs
            )
            yield plan.JudgementPlan(rule, tag, period, lowered, is_open)


# --- periods ---

MONTHS = {"year": 12, "quarter": 3, "month": 1}


def period_of(every: model.Frequency, day: int) -> plan.Period:
    """The year, quarter or month that holds a day."""
    months = MONTHS[every]
    moment = date.fromordinal(day)
    first = (moment.month - 1) // months * months
    return _period(every, moment.year, first)


def _period(every: model.Frequency, year: int, first_month: int) -> plan.Period:
    start = date(year, first_month + 1, 1)
    after = first_month + MONTHS[every]
    end = date(year + after // 12, after % 12 + 1, 1).toordinal() - 1
    keys = {"year": f"{year}", "quarter": f"{year}-Q{first_month // 3 + 1}", "month": f"{year}-{first_month + 1:02d}"}
    return plan.Period(keys[every], start.toordinal(), end)


def last_day(key: str) -> int:
    """The last day of the period of a key: `2023`, `2023-Q2`, `2023-06`."""
    year, _, rest = key.partition("-")
    if not rest:
        return date(int(year), 12, 31).toordinal()
    if rest.startswith("Q"):
        return _period("quarter", int(year), int(rest[1:]) * 3 - 3).end
    return _period("month", int(year), int(rest) - 1).end


def periods(every: model.Frequency | None, limb: model.Limb, as_of: int) -> list[plan.Period | None]:
    """The periods in which the duty is owed and that have begun; a single None for a duty without periods.

    A period that has not begun is not judged; where none has begun there is one, so that the rule is seen not to apply yet.
    """
    if every is None:
        return [None]
    start = max(limb.owed[0], limb.in_force[0])
    ends = [end for end in (limb.owed[1], limb.in_force[1]) if end is not None]
    last = min([as_of, *ends])
    found: list[plan.Period | None] = []
    period = period_of(every, start)
    while period.start <= last or not found:
        found.append(period)
        period = period_of(every, period.end + 1)
    return found


def shifted(every: model.Frequency, period: plan.Period, by: int) -> plan.Period:
    """The period `by` periods later."""
    for _ in range(abs(by)):
        period = period_of(every, period.end + 1 if by > 0 else period.start - 1)
    return period


# --- one limb ---


@dataclass(frozen=True, slots=True)
class Lowering:
    """Lowers the expressions of one limb in one period."""

    rules: model.RuleSet
    owed: tuple[int, int | None]
    in_force: tuple[int, int | None]
    period: plan.Period | None
    as_of: int

    @property
    def owed_in_force(self) -> tuple[int, int | None]:
        ends = [end for end in (self.owed[1], self.in_force[1]) if end is not None]
        return max(self.owed[0], self.in_force[0]), min(ends) if ends else None

    @property
    def window(self) -> tuple[int, int | None]:
        start, end = self.owed_in_force
        if self.period is None:
            return start, end
        return max(start, self.period.start), self.period.end if end is None else min(end, self.period.end)

    @property
    def test_day(self) -> int:
        end = self.window[1]
        return self.as_of if end is None else min(self.as_of, end)

    def limb(self, limb: model.Limb, reading: model.Reading, kind: model.Kind) -> plan.LimbPlan:
        event_day = None
        if kind.occurs_on is not None:
            fact = self.rules.facts[kind.occurs_on]
            event_day = self.fact(model.FactTerm(fact, 0, None, fact.type, limb.span))
        in_time = UNKNOWN if event_day is not None else YES if self.window[0] <= self.test_day else NO
        due = self.whole(limb.due) if limb.due is not None else None
        if due is None and self.period is not None and limb.modality != "must_not":
            # A duty of a period can be met until the period is over; what is forbidden in it is forbidden at once.
            due = plan.Constant(self.period.end, ONE)
        return plan.LimbPlan(
            limb=limb,
            reading=reading,
            period=self.period,
            in_time=in_time,
            event_day=event_day,
            window=self.window,
            owed=self.owed_in_force,
            applies=self.test(limb.applies) if limb.applies else None,
            excepted=self.test(limb.excepted) if limb.excepted else None,
            requirement=self.test(limb.requirement) if limb.requirement else None,
            done=self.fact(limb.done) if limb.done else None,
            due=due,
            as_of=self.as_of,
            test_day=self.test_day,
        )

    # --- terms ---

    def fact(self, term: model.FactTerm) -> plan.FactValue:
        key = term.period
        if isinstance(key, int):
            assert self.period is not None
            assert term.fact.every is not None
            key = shifted(term.fact.every, self.period, key).key
        slots = {kind: self.rules.kinds[kind].slots[term.fact.id] for kind in term.fact.kinds}
        return plan.FactValue(term.fact, slots, term.up, key, term.fact.step)

    def parameter(self, term: model.ParameterTerm) -> plan.ParameterValue:
        parameter = term.parameter
        bounds = [_bounds(row.value, parameter) for row in parameter.values]
        open_bounds = (parameter.minimum, parameter.maximum)
        known = [each for pair in [*bounds, open_bounds] for each in pair if each is not None]
        scale = Fraction(1, lcm(*(each.denominator for each in known)) if known else 1)

        def whole(value: Fraction | None) -> int | None:
            return None if value is None else int(value / scale)

        rows = tuple(
            plan.ParameterRow(row, whole(low), whole(high)) for row, (low, high) in zip(parameter.values, bounds, strict=True)
        )
        day = self.fact(term.day) if term.day is not None else None
        return plan.ParameterValue(parameter, day, self.test_day, rows, whole(open_bounds[0]), whole(open_bounds[1]), scale)

    def members(self, of: model.Collection, also: model.Test | None = None) -> plan.Members:
        where = tuple(self.test(each) for each in (of.where, also) if each is not None)
        occurs_on = of.kinds[-1].occurs_on
        if occurs_on is None:
            return plan.Members(of.kinds, of.up, where, None, None)
        fact = self.rules.facts[occurs_on]
        day = self.fact(model.FactTerm(fact, 0, None, fact.type, of.span))
        return plan.Members(of.kinds, of.up, where, day, self.window)

    def ratio(self, term: model.Term) -> Ratio:
        """A term as numerator over denominator."""
        match term:
            case model.Literal_(value=value):
                return Ratio(plan.Constant(value.numerator, Fraction(1, value.denominator)), None)
            case model.FactTerm():
                return Ratio(self.fact(term), None)
            case model.ParameterTerm():
                return Ratio(self.parameter(term), None)
            case model.Sum(left=left, right=right, is_difference=is_difference, type=type_):
                scale = None
                if not isinstance(left.type, model.NumberType) and isinstance(type_, model.NumberType) and type_.unit:
                    # Days and minutes are whole numbers of the difference's own unit.
                    scale = type_.unit.factor
                return add(self.ratio(left), self.ratio(right), -1 if is_difference else 1, scale)
            case model.Product(left=left, right=right):
                return multiply(self.ratio(left), self.ratio(right))
            case model.Quotient(left=left, right=right):
                return divide(self.ratio(left), self.ratio(right))
            case model.Count(members=members):
                return Ratio(plan.Count(self.members(members), ONE), None)
            case model.Total(members=members, term=inner):
                each = self.whole(inner)
                return Ratio(plan.Total(self.members(members), each, each.scale), None)
            case model.Distinct(members=members, term=inner):
                return Ratio(plan.Distinct(self.members(members), self.whole(inner), ONE), None)
            case model.Share(members=members, test=test):
                counted = plan.Count(self.members(members, test), ONE)
                return Ratio(counted, plan.Count(self.members(members), ONE))
            case model.HowMany(tests=tests):
                return Ratio(plan.HowMany(tuple(self.test(each) for each in tests), ONE), None)
            case model.PeriodTotal(fact=fact, up=up, periods=keys, span=span):
                parts = [Ratio(self.fact(model.FactTerm(fact, up, key, fact.type, span)), None) for key in keys]
                total = parts[0]
                for part in parts[1:]:
                    total = add(total, part, 1, None)
                return total
            case model.DateShift(term=inner, amount=amount, unit=unit):
                return Ratio(plan.Shift(self.whole(inner), amount, unit, ONE), None)
            case model.RolledDate(term=inner):
                return Ratio(plan.Roll(self.whole(inner), ONE), None)
            case model.WeekdayOf(term=inner):
                return Ratio(plan.Weekday(self.whole(inner), ONE), None)
            case model.PeriodEnd():
                assert self.period is not None
                return Ratio(plan.Constant(self.period.end, ONE), None)
            case model.AnnualDay(month=month, day=day):
                assert self.period is not None
                return Ratio(plan.Constant(day_of_year(year_of(self.period.start), month, day), ONE), None)
            case model.Change(term=inner):
                return self.ratio(inner)
            case _:
                assert_never(term)

    def divisors(self, term: model.Term) -> tuple[plan.Term, ...]:
        """Everything that is divided by on the way to a term; where one is zero there is nothing to check.

        Of `a ÷ (b ÷ c)` both b and c, though only b is left below the line.
        """
        match term:
            case model.Quotient(left=left, right=right):
                return (*self.divisors(left), *self.divisors(right), self.ratio(right).numerator)
            case model.Sum(left=left, right=right) | model.Product(left=left, right=right):
                return (*self.divisors(left), *self.divisors(right))
            case model.Change(term=inner):
                return self.divisors(inner)
            case model.Share(members=members):
                return (plan.Count(self.members(members), ONE),)
            case _:
                return ()

    def whole(self, term: model.Term) -> plan.Term:
        """A term that has no denominator: dates, facts, what members are asked for."""
        ratio = self.ratio(term)
        assert ratio.denominator is None
        return ratio.numerator

    # --- tests ---

    def test(self, test: model.Test) -> plan.Test:
        match test:
            case model.Compare():
                return self.compare(test)
            case model.Member(term=term, values=values, negated=negated):
                return plan.In(self.whole(term), values, negated, test)
            case model.InSeason(term=term, seasons=seasons, negated=negated):
                return plan.InSeason(self.whole(term), seasons, negated, test)
            case model.IsNone(fact=fact, negated=negated):
                return plan.IsNone(self.fact(fact), negated, test)
            case model.AllOf(parts=parts):
                return plan.All(tuple(self.test(part) for part in parts))
            case model.AnyOf(parts=parts):
                return plan.Any(tuple(self.test(part) for part in parts))
            case model.Not(part=part):
                return plan.Not(self.test(part))
            case model.Every(members=members, test=inner):
                return plan.Every(self.members(members), self.test(inner), test)
            case model.Some(members=members, test=inner):
                return plan.Some(self.members(members), self.test(inner), test)
            case model.WithinTop(fact=fact, share=share, siblings=siblings):
                return plan.WithinTop(self.fact(fact), share.numerator, share.denominator, self.members(siblings), test)
            case _:
                assert_never(test)

    def compare(self, test: model.Compare) -> plan.Compare:
        written_left, written_right = self.ratio(test.left), self.ratio(test.right)
        left, right = cross(written_left, written_right)
        left_factor, right_factor = over_one_denominator(left.scale, right.scale)
        relation = test.relation
        swaps = relation in ("at_most", "less_than")
        if swaps:
            left, right, left_factor, right_factor = right, left, right_factor, left_factor
        guards = (*self.divisors(test.left), *self.divisors(test.right))
        return plan.Compare(
            relation="equal" if relation in ("equal", "unequal") else "at_least" if relation in AT_LEAST else "more_than",
            negated=relation == "unequal",
            left=left,
            left_factor=left_factor,
            right=right,
            right_factor=right_factor,
            guards=guards,
            written=test,
            written_left=written_left,
            written_right=written_right,
        )


AT_LEAST = ("at_least", "at_most")


def _bounds(value: model.Exactly | model.Between | None, of: model.Parameter) -> tuple[Fraction | None, Fraction | None]:
    match value:
        case model.Exactly(value=exact):
            return exact, exact
        case model.Between(low=low, high=high):
            return low if low is not None else of.minimum, high if high is not None else of.maximum
        case None:
            return of.minimum, of.maximum


# --- integers over one denominator ---


def over_one_denominator(left: Fraction, right: Fraction) -> tuple[int, int]:
    """The smallest whole factors that bring two scales to one: left × a = right × b in value for equal numbers."""
    common = common_scale(left, right)
    return int(left / common), int(right / common)


def common_scale(left: Fraction, right: Fraction) -> Fraction:
    """The largest scale of which both are whole multiples."""
    denominator = lcm(left.denominator, right.denominator)
    return Fraction(gcd(int(left * denominator), int(right * denominator)), denominator)


def add(left: Ratio, right: Ratio, sign: int, scale: Fraction | None) -> Ratio:
    one, other = cross(left, right)
    common = common_scale(one.scale, other.scale)
    total = plan.Add(one, int(one.scale / common), other, sign * int(other.scale / common), scale or common)
    denominators = [each.denominator for each in (left, right) if each.denominator is not None]
    return Ratio(total, _product(denominators))


def multiply(left: Ratio, right: Ratio) -> Ratio:
    denominators = [each.denominator for each in (left, right) if each.denominator is not None]
    return Ratio(times(left.numerator, right.numerator), _product(denominators))


def divide(left: Ratio, right: Ratio) -> Ratio:
    numerator = times(left.numerator, right.denominator) if right.denominator else left.numerator
    denominator = times(right.numerator, left.denominator) if left.denominator else right.numerator
    return Ratio(numerator, denominator)


def cross(left: Ratio, right: Ratio) -> tuple[plan.Term, plan.Term]:
    """Both numerators with the other side's denominator multiplied in."""
    one = times(left.numerator, right.denominator) if right.denominator else left.numerator
    other = times(right.numerator, left.denominator) if left.denominator else right.numerator
    return one, other


def times(left: plan.Term, right: plan.Term) -> plan.Term:
    return plan.Multiply(left, right, left.scale * right.scale)


def _product(terms: Sequence[plan.Term]) -> plan.Term | None:
    if not terms:
        return None
    return terms[0] if len(terms) == 1 else times(terms[0], terms[1])


def lower_relation(rules: model.RuleSet, relation: model.RelationRule, key: str | None = None) -> plan.Test:
    """A relation between facts as a test on one subject, of a periodic one in the period of `key`; it holds at any time."""
    always = (date.min.toordinal(), None)
    period = None if key is None or relation.every is None else period_of(relation.every, last_day(key))
    return Lowering(rules, always, always, period, date.max.toordinal()).test(relation.test)
