"""The rule set: what the files mean, names resolved, units checked. Exact numbers are Fractions in base units here; integers
over one denominator a comparison are the plan's business.

Kinds of subject, facts, parameters and expressions are frozen; they are compared by identity of their English id.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal

from rulecheck.dataclass import dataclass, field
from rulecheck.language import syntax
from rulecheck.language.source import Span
from rulecheck.measures.places import Place, Places
from rulecheck.measures.units import Unit
from rulecheck.measures.workdays import Calendar
from rulecheck.rules.types import (
    Bilingual,
    CategoryType,
    DateType,
    NumberType,
    ReferenceType,
    TextType,
    TimeType,
    Type,
    WeekdayType,
    YesNoType,
)

__all__ = [
    "Bilingual",
    "CategoryType",
    "DateType",
    "NumberType",
    "ReferenceType",
    "TextType",
    "TimeType",
    "Type",
    "WeekdayType",
    "YesNoType",
]
from rulecheck.rules.registered import SOURCE_FILE as SOURCE_FILE
from rulecheck.rules.registered import Document as Document
from rulecheck.rules.registered import Item as Item

# --- vocabulary ---

Frequency = Literal["year", "quarter", "month"]
Measure = Literal["new", "stock", "cumulative"]
"""What a figure measures: what came in the period, what there is at its end, or all up to then."""


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One thing that is asked of a subject.

    Values are whole numbers of `step` (a Fraction in base units: `value × step` is the exact quantity); `minimum` and `maximum`
    are whole steps, None where open. `none_is`: what 无 counts as, in steps. `every`: the fact has one value a period.
    `changeable`: which way a unit can honestly move it (None: it cannot).
    """

    id: str
    zh: str
    kinds: tuple[str, ...]
    type: Type
    step: Fraction
    minimum: int | None
    maximum: int | None
    none_is: int | None
    may_be_none: bool
    changeable: Literal["increase", "decrease", "either"] | None
    action: Bilingual | None
    sensitive: bool
    question: Bilingual | None
    note: Bilingual | None
    every: Frequency | None
    span: Span
    measures: Measure | None = None

    @property
    def name(self) -> Bilingual:
        return Bilingual(self.zh, self.id)

    @property
    def unit(self) -> Unit | None:
        return self.type.unit if isinstance(self.type, NumberType) else None


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of subject. `slots` maps a fact's English id to its place in `Subject.values`; `children` maps the kinds that are
    part of this one to their place in `Subject.rosters`. `occurs_on`: the date fact that governs an event."""

    id: str
    zh: str
    parent: str | None
    occurs_on: str | None
    sensitive: bool
    slots: Mapping[str, int]
    children: Mapping[str, int]
    note: Bilingual | None
    span: Span

    @property
    def name(self) -> Bilingual:
        return Bilingual(self.zh, self.id)


Season = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Exactly:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Between:
    """Only bounds are known; None is open."""

    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One row: where (None: everywhere), when (days, None: open), in which season ((month, day) pairs, both included), and what.

    `value` is None for 待明确. Numbers are in base units; a time of day is minutes, a date an ordinal.
    """

    place: Place | None
    start: int | None
    end: int | None
    season: Season | None
    value: Exactly | Between | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A value that another instrument sets. The first row that fits place and day counts; where none fits it is not known."""

    id: str
    zh: str
    type: Type
    minimum: Fraction | None
    maximum: Fraction | None
    source: Bilingual
    values: tuple[ParameterValue, ...]
    span: Span

    @property
    def name(self) -> Bilingual:
        return Bilingual(self.zh, self.id)


# --- expressions ---
# `up` counts the steps from the subject in scope to its parent that has the fact: 0 is the subject itself.


@dataclass(frozen=True, slots=True)
class Literal_:
    """A constant: numbers in base units with the unit they were written in."""

    value: Fraction
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FactTerm:
    """A fact; `period` is a period key (`2023`, `2023-Q2`, `2023-06`), or a shift against the current period (0, -1)."""

    fact: Fact
    up: int
    period: str | int | None
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterTerm:
    """`day`: the governing date of the innermost event in scope, None for the test date of the judgement."""

    parameter: Parameter
    day: FactTerm | None
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """left + right, or left - right."""

    left: Term
    right: Term
    is_difference: bool
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Product:
    left: Term
    right: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quotient:
    left: Term
    right: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Collection:
    """Members of `kinds[-1]`, reached from the subject `up` steps above through `kinds` in turn; `where` is tested on each.

    Where the last kind is an event, only those that occurred while the duty was owed are members: nothing before that is adverse.
    """

    kinds: tuple[Kind, ...]
    up: int
    where: Test | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    members: Collection
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of `term`, seen from each member."""

    members: Collection
    term: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different known values `term` has over the members."""

    members: Collection
    term: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the members fulfil `test`, over how many there are."""

    members: Collection
    test: Test
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many of the tests are fulfilled."""

    tests: tuple[Test, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """The sum of a periodic fact over `periods` (keys)."""

    fact: Fact
    up: int
    periods: tuple[str, ...]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DateShift:
    """`amount` days, working days or months after (before) a day; the first day is not counted."""

    term: Term
    amount: int
    unit: Literal["day", "workday", "month"]
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RolledDate:
    """The day itself, or the next working day where it is a rest day."""

    term: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WeekdayOf:
    term: Term
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The last day of the period being judged."""

    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnnualDay:
    """A day of the year being judged, `每年10月31日`; where the year has no 29 February, the 28th."""

    month: int
    day: int
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """How much `fact` changed since the period before; `term`: the same reckoned out, `（X-上期X）÷上期X` for growth."""

    way: Literal["growth", "fall", "increase"]
    fact: FactTerm
    term: Term
    type: Type
    span: Span = field(compare=False, repr=False)


Term = (
    Literal_
    | FactTerm
    | ParameterTerm
    | Sum
    | Product
    | Quotient
    | Count
    | Total
    | Distinct
    | Share
    | HowMany
    | PeriodTotal
    | DateShift
    | RolledDate
    | WeekdayOf
    | PeriodEnd
    | AnnualDay
    | Change
)

Relation = Literal["at_least", "at_most", "more_than", "less_than", "equal", "unequal"]


@dataclass(frozen=True, slots=True)
class Compare:
    """`word`: the id of the word written, for texts; `relation`: what it means."""

    left: Term
    relation: Relation
    right: Term
    word: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """A category, weekday, text or yes/no among `values`."""

    term: Term
    values: frozenset[int | str]
    negated: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InSeason:
    """A day whose month and day lie in one of `seasons`: first and last as (month, day), both included; a last before the first
    is one of the next year."""

    term: Term
    seasons: tuple[Season, ...]
    negated: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IsNone:
    fact: FactTerm
    negated: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Test, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Test, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    part: Test
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Every:
    members: Collection
    test: Test
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Some:
    members: Collection
    test: Test
    span: Span = field(compare=False, repr=False)


Test = Compare | Member | InSeason | IsNone | AllOf | AnyOf | Not | Every | Some


# --- rules ---

Modality = Literal["must", "must_not", "in_principle", "strive", "encouraged"]


@dataclass(frozen=True, slots=True)
class Limb:
    """One requirement of a rule under one reading: what is judged. Conditions of several clauses are joined by 且, exceptions by
    或. `done`: the date fact of an event with limit, and then `requirement` is None."""

    tag: str | None
    modality: Modality
    applies: Test | None
    excepted: Test | None
    requirement: Test | None
    done: FactTerm | None
    due: Term | None
    owed: tuple[int, int | None]
    in_force: tuple[int, int | None]
    partial: Bilingual | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A fair way to read the clause. `limbs`: every limb of the rule as this reading has it."""

    name: Bilingual | None
    reason: Bilingual | None
    is_default: bool
    limbs: tuple[Limb, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """`quotes`: operative words, a line each."""

    locator: str
    quotes: tuple[tuple[str, Span], ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Responsible:
    """`role`: lead, responsible or accountable; `agency` as printed."""

    agency: str
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """Who is bound: the subject itself (all None), the parent `up` steps above, or the subject a reference fact names."""

    up: int = 0
    reference: FactTerm | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a check remarks about a declaration (`code`), and why it may stand. `limb`: of this limb only, None for all."""

    code: str
    limb: str | None
    reason: Bilingual
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    id: str
    zh: str
    title: Bilingual
    document: Document
    citations: tuple[Citation, ...]
    kind: Kind
    bound: Bound
    place: Place | None
    every: Frequency | None
    readings: tuple[Reading, ...]
    """The default first; a rule without 口径 has one, without name. None of them is the default where the question is open."""
    responsible: tuple[Responsible, ...]
    see_also: tuple[Bilingual, ...]
    examples: tuple[RuleExample, ...]
    accepted: tuple[Accepted, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RuleExample:
    """An example with the limb's 前提 already in front of its bindings (a later binding of the same fact wins). `reading`: the
    name of the reading it is judged under, None for the default."""

    limb: str | None
    reading: str | None
    bindings: tuple[syntax.Binding, ...]
    verdict: str
    possible: tuple[str, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class RelationRule:
    """What must be true among the facts of one subject, for a periodic relation in every period that was reported; a breach is
    a fault of the data that names the cells."""

    id: str
    zh: str
    kind: Kind
    every: Frequency | None
    test: Test
    facts: tuple[FactTerm, ...]
    note: Bilingual | None
    span: Span


ItemState = Literal["not_checkable", "lost", "erratum", "set_aside"]
WHOLE_TEXT: Final = "全文"
"""The locator of the whole document, in words that are set aside; as every locator it is the same in all languages."""


@dataclass(frozen=True, slots=True)
class ItemDeclaration:
    """An item declared not checkable, lost in the copy, or with an erratum; or words of it that are set aside.

    `quotes`: the words of the item that the declaration is about, as a citation has them."""

    state: ItemState
    document: Document
    locator: str
    because: Bilingual | None
    printed: Bilingual | None
    presumed: Bilingual | None
    authority: Bilingual | None
    quotes: tuple[tuple[str, Span], ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Everything a check needs, complete: no name left open, no unit that clashes. `files` are the rule files as read."""

    kinds: Mapping[str, Kind]
    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    relations: tuple[RelationRule, ...]
    documents: tuple[Document, ...]
    declarations: tuple[ItemDeclaration, ...]
    places: Places
    calendar: Calendar
    names: Mapping[str, str]
    """Chinese name to English id, for every declared kind, fact, parameter, definition, category member, rule, reading."""
    files: tuple[syntax.File, ...]
    sha256: str

    def kind_named(self, name: str) -> Kind | None:
        return self.kinds.get(self.names.get(name, name))

    def fact_named(self, name: str) -> Fact | None:
        return self.facts.get(self.names.get(name, name))
