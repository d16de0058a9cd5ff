"""Random rule sets and subjects, built directly as `model` and `submission` objects, typed as the resolver would leave them.

Everything hangs on one `random.Random`: the same seed gives the same rules and subjects on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any, Literal

from rulecheck.dataclass import replace
from rulecheck.language.source import Source, Span
from rulecheck.measures.places import Place, make_places
from rulecheck.measures.units import Unit
from rulecheck.measures.workdays import Notice, make_calendar
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Subject

HERE = Span(Source("generated.rule", ""), 0, 0)
ORIGIN = Origin("generated.yaml", "第1行", "line 1", "")


def day(year: int, month: int, of_month: int) -> int:
    return date(year, month, of_month).toordinal()


# --- what every rule set shares ---


def _place(zh: str, en: str, level: str, parent: str | None) -> Place:
    return Place(zh, en, en.title(), level, parent, False, ())


CITY = _place("甲市", "first_city", "city", None)
EAST = _place("东县", "east_county", "county", "first_city")
WEST = _place("西县", "west_county", "county", "first_city")
MARKET = _place("集镇", "market_town", "town", "east_county")
OTHER = _place("乙市", "other_city", "city", None)
PLACES = make_places((CITY, EAST, WEST, MARKET, OTHER))

# Two weeks with holidays and make-up weekends; from 29 December 2023 on nothing is known.
NOTICES = tuple(
    Notice(year, frozenset(day(year, 5, each) for each in off), frozenset(day(year, 5, each) for each in work))
    for year, off, work in ((2022, (2, 3, 4), (7,)), (2023, (1, 2, 3), (6,)))
)
CALENDAR = make_calendar(NOTICES)

PEOPLE = Unit("人", "people", (("人", 1),), Fraction(1), "person")
MONEY = Unit("万元", "ten_thousand_yuan", (("元", 1),), Fraction(10_000), "ten_thousand_yuan")
SHARE = Unit("%", "%", (), Fraction(1, 100), "%")
DAYS = Unit("天", "days", (("天", 1),), Fraction(1), "day")
MINUTES = Unit("分钟", "minutes", (("秒", 1),), Fraction(60), "minute")

UNITS: Mapping[str, Unit | None] = {
    "plain": None,
    "people": PEOPLE,
    "money": MONEY,
    "share": SHARE,
    "days": DAYS,
    "minutes": MINUTES,
    "crowd": PEOPLE,
    "dust": None,
}
STEPS: Mapping[str, Fraction] = {
    "plain": Fraction(1, 2),
    "people": Fraction(1),
    "money": Fraction(2_500),
    "share": Fraction(1, 200),
    "dust": Fraction(1, 10**9),
}
SMALL = {"plain": 8, "people": 6, "money": 8, "share": 200}
"""How many steps the declared ranges of generated facts have at most."""
VAST = {"crowd": 2**62, "dust": 10**12}
"""Facts whose products need not fit 64 bits, with the most steps that one of them has."""

LEVEL = model.CategoryType((model.Bilingual("低", "low"), model.Bilingual("中", "middle"), model.Bilingual("高", "high")), True)
SORT = model.CategoryType((model.Bilingual("机关", "organ"), model.Bilingual("学校", "school")), False)
OPEN = model.CategoryType(SORT.members, False, True)
COUNT = model.NumberType(None)
DATE = model.DateType()
TIME = model.TimeType()

FIRST, LAST = day(2022, 1, 1), day(2024, 12, 31)
MODALITIES: tuple[model.Modality, ...] = ("must", "must_not", "in_principle", "strive", "encouraged")
RELATIONS: tuple[model.Relation, ...] = ("at_least", "at_most", "more_than", "less_than", "equal", "unequal")
WORDS: Mapping[str, str] = {
    "at_least": "ge",
    "at_most": "le",
    "more_than": "gt",
    "less_than": "lt",
    "equal": "eq",
    "unequal": "ne",
}
REPORTED = (2021, 2022, 2023, 2024)
LENGTHS: Mapping[model.Frequency, int] = {"year": 12, "quarter": 3, "month": 1}

DOCUMENT = model.Document(
    folder="generated",
    title="关于生成规则的通知",
    number="〔2022〕1号",
    kind="notice",
    issuer="甲市人民政府",
    issued=date(2022, 1, 1),
    place=CITY,
    in_force=(FIRST, None),
    horizon=LAST,
    status={},
    basis=(),
    text="",
    coverage="full",
    items=(),
)


def key_of(every: model.Frequency, year: int, month: int) -> str:
    """The key of the period that a month lies in."""
    return {"year": f"{year}", "quarter": f"{year}-Q{(month - 1) // 3 + 1}", "month": f"{year}-{month:02d}"}[every]


# --- kinds, facts, parameters ---


@dataclass
class Vocabulary:
    """Kinds by id, the facts of each, the parameters. `marks`: the constants that comparisons use, by measure, so that values can
    lie on them."""

    kinds: dict[str, model.Kind] = field(default_factory=dict)
    facts: dict[str, model.Fact] = field(default_factory=dict)
    parameters: dict[str, model.Parameter] = field(default_factory=dict)
    marks: dict[str, list[Fraction]] = field(default_factory=dict)

    def facts_of(self, kind: model.Kind) -> list[model.Fact]:
        return [self.facts[name] for name in kind.slots]

    def mark(self, measure: str, value: Fraction) -> Fraction:
        self.marks.setdefault(measure, []).append(value)
        return value


def measure_of(of: model.Type) -> str:
    """What the marks of a type are kept under."""
    if isinstance(of, model.NumberType):
        return next((name for name, unit in UNITS.items() if unit == of.unit), "plain")
    return type(of).__name__


def make_fact(random: Random, kind: str, number: int, of: str, bare_none: bool = True) -> model.Fact:
    """A fact of a kind. `of`: a measure, or date, time, yes_no, level, sort, text."""
    types: Mapping[str, model.Type] = {
        "date": DATE,
        "done": DATE,
        "occurs": DATE,
        "time": TIME,
        "yes_no": model.YesNoType(),
        "level": LEVEL,
        "sort": SORT,
        "open": OPEN,
        "text": model.TextType(),
        "reference": model.ReferenceType("unit"),
    }
    type_ = types.get(of) or model.NumberType(UNITS[of])
    minimum: int | None = None
    maximum: int | None = None
    none_is = None
    may_be_none = of == "done"
    changeable: Literal["increase", "decrease", "either"] | None = None
    if of in SMALL:
        minimum = random.choice((0, 0, 0, 1, None if of == "money" else 0, -2 if of == "plain" else 0))
        maximum = random.choice((SMALL[of], SMALL[of], SMALL[of] // 2, None))
        changeable = random.choice((None, "increase", "increase", "decrease", "either"))
        if random.random() < 0.15:
            none_is = max(minimum or 0, 0)
        elif random.random() < 0.12:
            may_be_none = bare_none
    elif of in VAST:
        minimum, maximum = random.choice(((0, None), (0, VAST[of]), (None, None), (-VAST[of], VAST[of])))
        changeable = random.choice((None, "increase", "decrease"))
    elif of == "time":
        minimum, maximum = 0, 1440
    elif of == "yes_no":
        minimum, maximum = 0, 1
        changeable = random.choice((None, "either", "increase", "decrease"))
    elif isinstance(type_, model.CategoryType):
        minimum, maximum = 0, len(type_.choices) - 1
    elif type_ == DATE and random.random() < 0.4:
        minimum, maximum = FIRST, LAST
    every = random.choice(("year", "quarter", "month")) if of in SMALL and random.random() < 0.25 else None
    return model.Fact(
        id=f"{kind}_{of}_{number}",
        zh=f"{kind}{of}{number}号",
        kinds=(kind,),
        type=type_,
        step=STEPS.get(of, Fraction(1)),
        minimum=minimum,
        maximum=maximum,
        none_is=none_is,
        may_be_none=may_be_none,
        changeable=changeable,
        action=None if changeable is None else model.Bilingual("还需{difference}", "{difference} more"),
        sensitive=False,
        question=None,
        note=None,
        every=every,
        span=HERE,
    )


SHAPES: Sequence[Mapping[str, tuple[str | None, bool]]] = (
    {"unit": (None, False)},
    {"unit": (None, False), "part": ("unit", False)},
    {"unit": (None, False), "claim": ("unit", True)},
    {"unit": (None, False), "part": ("unit", False), "claim": ("unit", True)},
    {"unit": (None, False), "part": ("unit", False), "cell": ("part", False)},
    {"unit": (None, False), "part": ("unit", False), "visit": ("part", True)},
    {"claim": (None, True), "person": ("claim", False)},
)
"""Kinds, each with its parent and whether it is an event."""

COMMON = ("people", "people", "money", "share", "plain", "yes_no", "yes_no", "level", "sort", "open", "date", "time", "text")


def make_vocabulary(random: Random, bare_none: bool, also: Sequence[str] = ()) -> Vocabulary:
    """Kinds with their facts, and parameters. `also`: sorts of facts that a kind may have beside the common ones."""
    made = Vocabulary()
    shape = random.choice(SHAPES)
    for kind, (parent, is_event) in shape.items():
        sorts = ["people", *random.sample(COMMON, random.randint(2, 4))]
        if is_event:
            sorts.append("occurs")
        if random.random() < 0.5 or is_event:
            sorts.append("done")
        if also:
            sorts.extend(random.sample(also, random.choice((0, 0, 1, 1, 2))))
        facts = [make_fact(random, kind, number, of, bare_none) for number, of in enumerate(sorts)]
        children = [name for name, (above, _) in shape.items() if above == kind]
        made.facts.update({fact.id: fact for fact in facts})
        made.kinds[kind] = model.Kind(
            id=kind,
            zh=f"{kind}类",
            parent=parent,
            occurs_on=next((fact.id for fact in facts if "_occurs_" in fact.id), None),
            sensitive=False,
            slots={fact.id: slot for slot, fact in enumerate(facts)},
            children={name: slot for slot, name in enumerate(children)},
            note=None,
            span=HERE,
        )
    for number in range(random.randint(1, 3)):
        of = random.choice(("people", "share", "share", "money", "date", "time"))
        made.parameters[f"parameter_{of}_{number}"] = make_parameter(random, number, of, made)
    return made


def some_number(random: Random, of: str) -> Fraction:
    """A number in base units such as a clause would name."""
    if of == "days":
        return Fraction(random.choice((0, 1, 5, 30, 200)))
    if of == "minutes":
        return 60 * Fraction(random.choice((-30, 0, 30, 540)))
    if of == "share":
        return Fraction(random.choice((0, 1, 3, 20, 60, 100, 120)), 200)
    return random.randint(0, SMALL[of] // 2) * STEPS[of]


def some_value(random: Random, of: str) -> Fraction:
    """A number, day or time of day, by measure or name of the type."""
    if of in ("date", "DateType"):
        return Fraction(some_day(random))
    return Fraction(some_minute(random)) if of in ("time", "TimeType") else some_number(random, of)


def some_day(random: Random) -> int:
    if random.random() < 0.5:
        return random.choice((day(2022, 12, 31), day(2023, 6, 30), day(2023, 12, 29), day(2024, 2, 29), day(2023, 5, 4)))
    return random.randint(FIRST - 30, LAST + 30)


def some_minute(random: Random) -> int:
    return random.choice((0, 8 * 60, 17 * 60 + 30, 24 * 60))


def make_parameter(random: Random, number: int, of: str, vocabulary: Vocabulary) -> model.Parameter:
    """One to three rows, dated, seasonal, by place, exact, bounded or not yet known."""

    type_: model.Type = {"date": DATE, "time": TIME}.get(of) or model.NumberType(UNITS[of])

    def some_marked() -> Fraction:
        return vocabulary.mark(measure_of(type_), some_value(random, of))

    def row() -> model.ParameterValue:
        value: model.Exactly | model.Between | None = model.Exactly(some_marked())
        luck = random.random()
        if luck < 0.25:
            low, high = sorted((some_marked(), some_marked()))
            value = random.choice((model.Between(low, None), model.Between(None, high), model.Between(low, high)))
        elif luck < 0.4:
            value = None
        start = random.choice((None, None, FIRST, day(2023, 1, 1)))
        end = random.choice((None, None, day(2022, 12, 31), LAST))
        if start is not None and end is not None and end < start:
            end = None
        season = random.choice((None, None, None, ((5, 1), (9, 30)), ((10, 1), (4, 30))))
        return model.ParameterValue(
            random.choice((None, None, CITY, EAST, MARKET)), start, end, season, value, random.random() < 0.7
        )

    has_range = of not in ("date", "time") and random.random() < 0.6
    name = f"parameter_{of}_{number}"
    return model.Parameter(
        id=name,
        zh=f"参数{of}{number}号",
        type=type_,
        minimum=Fraction(0) if has_range or of in ("people", "money", "share") else None,
        maximum=SMALL[of] * STEPS[of] if has_range else None,
        source=model.Bilingual("另一份文件", "another instrument"),
        values=tuple(row() for _ in range(random.randint(1, 3))),
        span=HERE,
    )


# --- expressions ---


@dataclass(frozen=True)
class Writer:
    """Writes random terms and tests for a rule judged of `kind`, `every` so often."""

    random: Random
    vocabulary: Vocabulary
    kind: model.Kind
    every: model.Frequency | None

    def inside(self, kind: model.Kind) -> Writer:
        return Writer(self.random, self.vocabulary, kind, self.every)

    def chain(self) -> list[tuple[int, model.Kind]]:
        """The kind and those it is part of, with the steps up."""
        found = [(0, self.kind)]
        while (parent := found[-1][1].parent) is not None:
            found.append((len(found), self.vocabulary.kinds[parent]))
        return found

    def fact_term(self, fits: Callable[[model.Fact], bool]) -> model.FactTerm | None:
        """A fact of the subject, or of one above it, with its period where it has one."""
        choices = []
        for up, kind in self.chain():
            for fact in self.vocabulary.facts_of(kind):
                if fits(fact):
                    choices.append((fact, up))
        if not choices:
            return None
        fact, up = self.random.choice(choices)
        return model.FactTerm(fact, up, self.period_key(fact) if fact.every else None, fact.type, HERE)

    def period_key(self, fact: model.Fact) -> str | int:
        if self.every == fact.every and self.random.random() < 0.8:
            return self.random.choice((0, 0, -1))
        assert fact.every is not None
        return key_of(fact.every, self.random.choice((2022, 2023)), self.random.randint(1, 12))

    def collection(self, depth: int) -> tuple[model.Collection, Writer] | None:
        choices: list[tuple[int, tuple[model.Kind, ...]]] = []
        for up, kind in self.chain():
            for child in kind.children:
                first = self.vocabulary.kinds[child]
                choices.append((up, (first,)))
                choices.extend((up, (first, self.vocabulary.kinds[inner])) for inner in first.children)
        if not choices:
            return None
        up, kinds = self.random.choice(choices)
        inner = self.inside(kinds[-1])
        where = inner.test(max(depth - 1, 0)) if self.random.random() < (0.5 if depth > 0 else 0.15) else None
        return model.Collection(kinds, up, where, HERE), inner

    # --- terms ---

    def literal(self, of: str) -> model.Literal_:
        value = self.vocabulary.mark(of, some_number(self.random, of))
        return model.Literal_(value, model.NumberType(UNITS[of]), HERE)

    def number(self, of: str, depth: int, is_divisor: bool = False) -> model.Term:
        """A number of a measure; as a divisor declared never below zero."""
        makers: list[Callable[[str, int, bool], model.Term | None]] = [self._fact] * 6 + [self._literal, self._parameter]
        makers += [self._members, self._members, self._members, self._periods]
        makers += [self._change] * 6 if self.every is not None and not is_divisor else []
        if depth > 0:
            makers += [self._sum, self._product, self._how_many]
            makers += [self._quotient] * 2 if of == "plain" else []
            makers += [self._days] * 4 if of == "days" else [self._minutes] * 4 if of == "minutes" else []
        for _ in range(6):
            found = self.random.choice(makers)(of, depth, is_divisor)
            if found is not None:
                return found
        return self.literal(of) if not is_divisor else model.Literal_(Fraction(2), model.NumberType(UNITS[of]), HERE)

    def _literal(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        return None if is_divisor else self.literal(of)

    def _fact(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        def fits(fact: model.Fact) -> bool:
            if not isinstance(fact.type, model.NumberType) or not same_measure(fact.type, of):
                return False
            return not is_divisor or (fact.minimum is not None and fact.minimum >= 0)

        return self.fact_term(fits)

    def _parameter(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        fitting = [
            each
            for each in self.vocabulary.parameters.values()
            if isinstance(each.type, model.NumberType) and same_measure(each.type, of)
            if not is_divisor or (each.minimum is not None and each.minimum >= 0)
        ]
        return self.parameter_term(fitting)

    def parameter_term(self, fitting: Sequence[model.Parameter]) -> model.ParameterTerm | None:
        if not fitting:
            return None
        chosen = self.random.choice(fitting)
        governing = None
        for up, kind in self.chain():
            if kind.occurs_on is not None:
                fact = self.vocabulary.facts[kind.occurs_on]
                governing = model.FactTerm(fact, up, None, fact.type, HERE)
                break
        return model.ParameterTerm(chosen, governing, chosen.type, HERE)

    def _members(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        reached = self.collection(depth)
        if reached is None:
            return None
        members, inner = reached
        how = self.random.choice(("count", "count", "total", "total", "distinct"))
        if of == "plain" and self.random.random() < 0.6:
            return model.Share(members, inner.test(depth - 1), model.NumberType(SHARE), HERE)
        if how == "total":
            fits = [
                fact
                for fact in self.vocabulary.facts_of(inner.kind)
                if isinstance(fact.type, model.NumberType) and same_measure(fact.type, of)
                if not is_divisor or (fact.minimum is not None and fact.minimum >= 0)
            ]
            if not fits:
                return None
            fact = self.random.choice(fits)
            term = model.FactTerm(fact, 0, self.period_key(fact) if fact.every else None, fact.type, HERE)
            return model.Total(members, term, term.type, HERE)
        if of not in ("people", "plain"):
            return None
        if how == "count":
            return model.Count(members, COUNT, HERE)
        each = inner.fact_term(lambda fact: True)
        return None if each is None else model.Distinct(members, each, COUNT, HERE)

    def _how_many(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        if of not in ("people", "plain"):
            return None
        return model.HowMany(tuple(self.test(depth - 1) for _ in range(self.random.choice((2, 3)))), COUNT, HERE)

    def _periods(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        for up, kind in self.chain():
            for fact in self.vocabulary.facts_of(kind):
                if fact.every is None or not isinstance(fact.type, model.NumberType) or not same_measure(fact.type, of):
                    continue
                if is_divisor and (fact.minimum is None or fact.minimum < 0):
                    continue
                months = range(self.random.choice((0, 12)), self.random.choice((13, 24)), LENGTHS[fact.every])
                keys = tuple(key_of(fact.every, 2022 + month // 12, month % 12 + 1) for month in months)[:4]
                return model.PeriodTotal(fact, up, keys, fact.type, HERE)
        return None

    def _sum(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        left = self.number(of, depth - 1, is_divisor)
        right = self.number(of, depth - 1, is_divisor)
        return model.Sum(left, right, not is_divisor and self.random.random() < 0.4, left.type, HERE)

    def _product(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        if is_divisor:
            return None
        if self.random.random() < 0.6:
            share: model.Term = self.literal("share")
        else:
            share = self.number("plain", depth - 1)
        other = self.number(of, depth - 1)
        left, right = self.random.sample((share, other), 2)
        return model.Product(left, right, other.type, HERE)

    def _quotient(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        measure = self.random.choice(("people", "people", "money", "plain"))
        left, right = self.number(measure, depth - 1, is_divisor), self.number(measure, depth - 1, True)
        return model.Quotient(left, right, model.NumberType(SHARE), HERE)

    def _change(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        """How much a figure of the period changed since the one before: a share of it, or by how much."""
        way = self.random.choice(("growth", "fall")) if of == "plain" else "increase"

        def fits(fact: model.Fact) -> bool:
            is_number = fact.every == self.every and isinstance(fact.type, model.NumberType)
            if way == "increase":
                return is_number and same_measure(fact.type, of)
            return is_number and fact.minimum is not None and fact.minimum >= 0

        found = self.fact_term(fits)
        if found is None:
            return None
        now, before = replace(found, period=0), replace(found, period=-1)
        if way == "increase":
            return model.Change(way, now, model.Sum(now, before, True, now.type, HERE), now.type, HERE)
        left, right = (now, before) if way == "growth" else (before, now)
        share = model.NumberType(SHARE)
        reckoned = model.Quotient(model.Sum(left, right, True, now.type, HERE), before, share, HERE)
        return model.Change(way, now, reckoned, share, HERE)

    def _days(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        """The days from one day to another."""
        if is_divisor:
            return None
        return model.Sum(self.day(depth - 1), self.day(depth - 1), True, model.NumberType(DAYS), HERE)

    def _minutes(self, of: str, depth: int, is_divisor: bool) -> model.Term | None:
        """The minutes from one time of day to another."""
        fact = self.fact_term(lambda each: each.type == TIME)
        if fact is None or is_divisor:
            return None
        other = self.vocabulary.mark("TimeType", Fraction(some_minute(self.random)))
        return model.Sum(fact, model.Literal_(other, TIME, HERE), True, model.NumberType(MINUTES), HERE)

    def day(self, depth: int) -> model.Term:
        """A day."""
        fact = self.fact_term(lambda each: each.type == DATE and not each.may_be_none)
        luck = self.random.random()
        if depth > 0 and luck < 0.3:
            unit, amounts = self.random.choice((("day", (7, -3)), ("workday", (1, 5, -3, 0)), ("month", (1, -2, 12))))
            return model.DateShift(self.day(depth - 1), self.random.choice(amounts), unit, DATE, HERE)
        if depth > 0 and luck < 0.4:
            return model.RolledDate(self.day(depth - 1), DATE, HERE)
        if luck < 0.6 and self.every == "year" and self.random.random() < 0.7:
            month, number = self.random.choice(((1, 1), (2, 29), (10, 31), (12, 31)))
            for year in REPORTED:
                self.vocabulary.mark("DateType", Fraction(day(year, month, min(number, 28 if month == 2 else number))))
            return model.AnnualDay(month, number, DATE, HERE)
        if luck < 0.5 and self.every is not None:
            return model.PeriodEnd(DATE, HERE)
        if luck < 0.6:
            parameter = self.parameter_term([each for each in self.vocabulary.parameters.values() if each.type == DATE])
            if parameter is not None:
                return parameter
        if fact is not None and luck < 0.9:
            return fact
        return model.Literal_(self.vocabulary.mark("DateType", Fraction(some_day(self.random))), DATE, HERE)

    # --- tests ---

    def test(self, depth: int) -> model.Test:
        simple: list[Callable[[int], model.Test | None]] = [self._compare] * 6 + [self._member] * 3
        simple += [self._other_compare, self._is_none, self._within_top]
        deep: list[Callable[[int], model.Test | None]] = [self._all, self._any, self._not] + [self._quantified] * 4
        for _ in range(6):
            found = self.random.choice(simple + (deep if depth > 0 else []))(depth)
            if found is not None:
                return found
        return self._compare(0)

    def _compare(self, depth: int) -> model.Test:
        of = self.random.choice(("people", "people", "people", "money", "plain", "plain", "days", "minutes"))
        left = self.number(of, depth)
        right = self.number(of, depth - 1) if self.random.random() < 0.5 else self.literal(near(left, of))
        if self.random.random() < 0.1:
            left, right = right, left
        return self.comparison(left, right)

    def comparison(self, left: model.Term, right: model.Term) -> model.Compare:
        relation = self.random.choice(RELATIONS + RELATIONS[:2])
        return model.Compare(left, relation, right, WORDS[relation], HERE)

    def _other_compare(self, depth: int) -> model.Test | None:
        """Days, times of day, ranks."""
        how = self.random.choice(("day", "day", "time", "level", "weekday", "season", "same"))
        if how == "day":
            return self.comparison(self.day(depth), self.day(depth))
        if how == "season":
            ends = ((1, 1), (2, 28), (2, 29), (3, 1), (6, 30), (9, 1), (10, 31), (12, 31))
            seasons = tuple((self.random.choice(ends), self.random.choice(ends)) for _ in range(self.random.choice((1, 1, 2))))
            return model.InSeason(self.day(depth), seasons, self.random.random() < 0.2, HERE)
        if how == "same":
            return self._same()
        if how == "weekday":
            chosen = frozenset[int | str](self.random.sample(range(1, 8), self.random.choice((1, 5, 7))))
            return model.Member(
                model.WeekdayOf(self.day(depth), model.WeekdayType(), HERE), chosen, self.random.random() < 0.2, HERE
            )
        type_: model.Type = TIME if how == "time" else LEVEL
        fact = self.fact_term(lambda each: each.type == type_)
        if fact is None:
            return None
        other = self.parameter_term([each for each in self.vocabulary.parameters.values() if each.type == type_])
        if other is not None and self.random.random() < 0.7:
            return self.comparison(fact, other)
        value = some_minute(self.random) if how == "time" else self.random.randint(0, 2)
        value_marked = self.vocabulary.mark(type(type_).__name__, Fraction(value))
        return self.comparison(fact, model.Literal_(value_marked, type_, HERE))

    def _same(self) -> model.Test | None:
        """Two facts that are told without figures: the same, or not."""
        kinds = (model.YesNoType, model.CategoryType, model.TextType, model.ReferenceType)
        left = self.fact_term(lambda each: isinstance(each.type, kinds) and each.type != OPEN)
        if left is None:
            return None
        right = self.fact_term(lambda each: each.type == left.type)
        assert right is not None
        relation: model.Relation = self.random.choice(("equal", "unequal"))
        return model.Compare(left, relation, right, WORDS[relation], HERE)

    def _member(self, depth: int) -> model.Test | None:
        fact = self.fact_term(lambda each: isinstance(each.type, model.YesNoType | model.CategoryType | model.TextType))
        if fact is None:
            return None
        values: frozenset[int | str] = frozenset({1})
        if isinstance(fact.type, model.CategoryType):
            values = frozenset(self.random.sample(range(len(fact.type.choices)), self.random.choice((1, 1, 2))))
        elif isinstance(fact.type, model.TextType):
            values = frozenset(self.random.sample(("东", "西", "南"), 2))
        return model.Member(fact, values, self.random.random() < 0.25, HERE)

    def _within_top(self, depth: int) -> model.Test | None:
        fits = [
            fact
            for fact in self.vocabulary.facts_of(self.kind)
            if isinstance(fact.type, model.NumberType) and fact.minimum is not None and fact.minimum >= 0
        ]
        if self.kind.parent is None or not fits:
            return None
        fact = self.random.choice(fits)
        term = model.FactTerm(fact, 0, self.period_key(fact) if fact.every else None, fact.type, HERE)
        share = Fraction(self.random.choice((1, 20, 50, 60, 100)), 100)
        return model.WithinTop(term, share, model.Collection((self.kind,), 1, None, HERE), HERE)

    def _is_none(self, depth: int) -> model.Test | None:
        fact = self.fact_term(lambda each: each.may_be_none)
        return None if fact is None else model.IsNone(fact, self.random.random() < 0.5, HERE)

    def _all(self, depth: int) -> model.Test:
        return model.AllOf(tuple(self.test(depth - 1) for _ in range(self.random.choice((2, 2, 3)))), HERE)

    def _any(self, depth: int) -> model.Test:
        return model.AnyOf(tuple(self.test(depth - 1) for _ in range(2)), HERE)

    def _not(self, depth: int) -> model.Test:
        return model.Not(self.test(depth - 1), HERE)

    def _quantified(self, depth: int) -> model.Test | None:
        reached = self.collection(depth - 1)
        if reached is None:
            return None
        members, inner = reached
        how = self.random.choice((model.Every, model.Every, model.Some))
        return how(members, inner.test(depth - 1), HERE)


def same_measure(type_: model.NumberType, of: str) -> bool:
    """Shares and bare numbers go together."""
    found = measure_of(type_)
    return found == of or {found, of} <= {"plain", "share"}


def near(term: model.Term, of: str) -> str:
    """What to measure a literal in that stands against a term: shares against shares."""
    return "share" if of == "plain" and isinstance(term.type, model.NumberType) and term.type.unit == SHARE else of


# --- rules ---


@dataclass(frozen=True)
class World:
    """A rule set with subjects of every kind, to be judged at `as_of`."""

    rules: model.RuleSet
    vocabulary: Vocabulary
    subjects: Mapping[str, Sequence[Subject]]
    as_of: int

    @staticmethod
    def keys(every: model.Frequency) -> list[str]:
        """The periods that subjects may report."""
        return sorted({key_of(every, year, month) for year in REPORTED for month in range(1, 13)})


def make_world(seed: int, untold: Sequence[float] = (0.0, 0.08, 0.3), roots: int = 6, bare_none: bool = True) -> World:
    """The world of a seed. `untold`: how often a fact is not told, one of these. `bare_none`: quantities may be none without
    counting as anything, which the rules do not always provide for."""
    random = Random(seed)
    rules, vocabulary = make_rules(random, bare_none=bare_none)
    marks = [int(each) for each in vocabulary.marks.get("DateType", ())]
    as_of = random.choice(marks) + random.choice((0, 0, 1)) if marks and random.random() < 0.5 else some_day(random)
    subjects = Subjects(random, vocabulary, random.choice(untold)).make(roots)
    return World(rules, vocabulary, subjects, as_of)


def make_rules(
    random: Random, rules: int = 4, bare_none: bool = True, also: Sequence[str] = ()
) -> tuple[model.RuleSet, Vocabulary]:
    vocabulary = make_vocabulary(random, bare_none, also)
    made = tuple(make_rule(random, vocabulary, number) for number in range(rules))
    named: list[model.Kind | model.Fact | model.Parameter] = [
        *vocabulary.kinds.values(),
        *vocabulary.facts.values(),
        *vocabulary.parameters.values(),
    ]
    names = {each.zh: each.id for each in named}
    rule_set = model.RuleSet(
        kinds=vocabulary.kinds,
        facts=vocabulary.facts,
        parameters=vocabulary.parameters,
        rules=made,
        relations=(),
        documents=(DOCUMENT,),
        declarations=(),
        places=PLACES,
        calendar=CALENDAR,
        names=names,
        files=(),
        sha256="",
    )
    return rule_set, vocabulary


def make_rule(random: Random, vocabulary: Vocabulary, number: int) -> model.Rule:
    kind = random.choice(list(vocabulary.kinds.values()))
    every: model.Frequency | None = None
    if kind.occurs_on is None and random.random() < 0.3:
        every = random.choice(("year", "quarter", "month", "year"))
    writer = Writer(random, vocabulary, kind, every)
    tags = random.choice(((None,), (None,), ("甲", "乙")))
    modalities = {tag: random.choice((*MODALITIES, "must", "must")) for tag in tags}
    how_many, has_default = random.choice(((1, True), (1, True), (1, True), (2, True), (2, False)))
    readings = tuple(
        model.Reading(
            None if how_many == 1 else model.Bilingual(f"口径{index}", f"reading_{index}"),
            None if how_many == 1 else model.Bilingual("有两种读法", "it can be read in two ways"),
            has_default and index == 0,
            tuple(make_limb(writer, tag, modalities[tag]) for tag in tags),
        )
        for index in range(how_many)
    )
    return model.Rule(
        id=f"rule_{number}",
        zh=f"规则{number}",
        title=model.Bilingual(f"规则{number}", f"rule {number}"),
        document=DOCUMENT,
        citations=(model.Citation("一（一）1", (("按时完成", HERE),), HERE),),
        kind=kind,
        bound=model.Bound(kind=kind),
        place=random.choice((None, None, CITY, EAST)),
        every=every,
        readings=readings,
        responsible=(),
        see_also=(),
        examples=(),
        accepted=(),
        span=HERE,
    )


def make_limb(writer: Writer, tag: str | None, modality: model.Modality) -> model.Limb:
    random = writer.random
    done = due = None
    if random.random() < 0.25:
        done = writer.fact_term(lambda fact: fact.type == DATE and "_done_" in fact.id)
    if done is not None or random.random() < 0.35:
        due = writer.day(2)
    requirement = None if done is not None else writer.test(random.choice((1, 2, 2, 3)))
    if requirement is not None and modality == "must_not":
        requirement = model.Not(requirement, HERE)
    owed_from = random.choice((FIRST, FIRST, day(2022, 7, 1), day(2023, 1, 1)))
    return model.Limb(
        tag=tag,
        modality=modality,
        applies=writer.test(random.choice((0, 1, 2))) if random.random() < 0.4 else None,
        excepted=writer.test(random.choice((0, 0, 1))) if random.random() < 0.25 else None,
        requirement=requirement,
        done=done,
        due=due,
        owed=(owed_from, random.choice((None, day(2023, 12, 31), LAST))),
        in_force=random.choice(((FIRST, None), (FIRST, None), (day(2022, 3, 15), day(2024, 6, 30)))),
        partial=None,
        span=HERE,
    )


# --- subjects ---


@dataclass
class Subjects:
    """Makes random subjects. `untold`: how often a fact is not told."""

    random: Random
    vocabulary: Vocabulary
    untold: float = 0.25
    made: dict[str, list[Subject]] = field(default_factory=dict)

    def make(self, roots: int) -> dict[str, list[Subject]]:
        """Subjects of every kind, nested ones included."""
        self.made = {kind: [] for kind in self.vocabulary.kinds}
        for kind in self.vocabulary.kinds.values():
            if kind.parent is None:
                for _ in range(roots):
                    place = self.random.choice((None, CITY, EAST, EAST, EAST, MARKET, MARKET, WEST, OTHER))
                    self.subject(kind, None, place)
        return self.made

    def subject(self, kind: model.Kind, parent: Subject | None, place: Place | None) -> Subject:
        number = len(self.made[kind.id])
        values = [self.value(fact) for fact in self.vocabulary.facts_of(kind)]
        name = f"{kind.id}{number}"
        subject = Subject(kind, name, name, ORIGIN, place, parent, values, [None] * len(kind.children), {})
        self.made[kind.id].append(subject)
        for child, slot in kind.children.items():
            subject.rosters[slot] = self.roster(self.vocabulary.kinds[child], subject)
        return subject

    def roster(self, kind: model.Kind, parent: Subject) -> Roster | None:
        luck = self.random.random()
        if luck < 0.06:
            return None
        size = 0 if luck < 0.18 else self.random.choice((1, 1, 2, 2, 3))
        members = [
            self.subject(kind, parent, parent.place if self.random.random() < 0.9 else self.random.choice((EAST, None)))
            for _ in range(size)
        ]
        return Roster(members, self.random.random() >= 0.1, ORIGIN)

    def value(self, fact: model.Fact) -> Any:
        if fact.every is None:
            return self.one_value(fact)
        if self.random.random() < self.untold / 5:
            return UNTOLD
        is_left_out = self.untold and 0.2
        return {key: self.one_value(fact) for key in World.keys(fact.every) if self.random.random() >= is_left_out}

    def one_value(self, fact: model.Fact) -> Any:
        if self.random.random() < self.untold:
            return UNTOLD
        return self.told(fact)

    def told(self, fact: model.Fact) -> Any:
        """A value of the declared range, on or beside a constant of the rules more often than not."""
        if fact.may_be_none and fact.none_is is None and self.random.random() < 0.25:
            return NONE
        if isinstance(fact.type, model.TextType | model.ReferenceType):
            return self.random.choice(("东", "西", "南", "北"))
        low, high = fact.minimum, fact.maximum
        marks = self.vocabulary.marks.get(measure_of(fact.type), [])
        if marks and self.random.random() < 0.6:
            found = int(self.random.choice(marks) / fact.step) + self.random.choice((-1, 0, 0, 1))
        elif fact.type == DATE:
            found = self.random.randint(FIRST - 60, LAST + 60)
        else:
            start = low if low is not None else -3
            found = self.random.choice((start, high if high is not None else start + 5, self.random.randint(start, start + 8)))
        found = found if low is None else max(found, low)
        return found if high is None else min(found, high)
