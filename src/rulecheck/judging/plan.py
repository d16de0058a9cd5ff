"""The plan: a rule set lowered for one as-of date to few kinds of nodes over integers, ready for any evaluator.

Every term is a whole number times its `scale`; a comparison brings both sides over one denominator and has no division left
(`a ÷ b ≥ c` is `a ≥ c × b`, with a guard that b is not zero). Periods are unrolled: a limb has one plan a period.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from rulecheck.dataclass import dataclass, field
from rulecheck.judging.truth import Truth
from rulecheck.rules import model

# --- terms ---


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    value: int
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class FactValue:
    """A fact of the subject `up` steps above, at `period` for a periodic one."""

    fact: model.Fact
    slots: Mapping[str, int]
    """Where the fact stands in the values of each kind that has it."""
    up: int
    period: str | None
    scale: Fraction


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A row of a parameter with its value as bounds in the term's scale; both ends equal where it is exact."""

    row: model.ParameterValue
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ParameterValue:
    """A parameter at the governing day of the innermost event (`day`), else at `test_day`, and at the subject's place."""

    parameter: model.Parameter
    day: FactValue | None
    test_day: int
    rows: tuple[ParameterRow, ...]
    low: int | None
    high: int | None
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Add:
    """left × left_factor + right × right_factor."""

    left: Term
    left_factor: int
    right: Term
    right_factor: int
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Multiply:
    left: Term
    right: Term
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Members reached through the kinds `path`, from the subject `up` steps above.

    Of events only those count whose governing `day` (a fact of the member) lies in `window`.
    """

    path: tuple[model.Kind, ...]
    up: int
    where: tuple[Test, ...]
    """Each has to be fulfilled; of a share what it asks for is the last."""
    day: FactValue | None
    window: tuple[int, int | None] | None


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    members: Members
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    members: Members
    term: Term
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    members: Members
    term: Term
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class HowMany:
    tests: tuple[Test, ...]
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """`amount` days, working days or months after a day; the first day is not counted."""

    term: Term
    amount: int
    unit: Literal["day", "workday", "month"]
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    term: Term
    scale: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Weekday:
    term: Term
    scale: Fraction


Term = Constant | FactValue | ParameterValue | Add | Multiply | Count | Total | Distinct | HowMany | Shift | Roll | Weekday


# --- tests ---


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A side of a comparison as it was written, for the evidence: numerator over denominator (None: over 1)."""

    numerator: Term
    denominator: Term | None


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """left × left_factor ⋈ right × right_factor, with `relation` at_least, more_than or equal; `negated` for unequal.

    `guards` are the divisors: where one is zero there is nothing to check. `written` and the two ratios are for the evidence.
    """

    relation: Literal["at_least", "more_than", "equal"]
    negated: bool
    left: Term
    left_factor: int
    right: Term
    right_factor: int
    guards: tuple[Term, ...]
    written: model.Compare
    written_left: Ratio
    written_right: Ratio


@dataclass(frozen=True, slots=True, eq=False)
class In:
    term: Term
    values: frozenset[int | str]
    negated: bool
    written: model.Member


@dataclass(frozen=True, slots=True, eq=False)
class InSeason:
    term: Term
    seasons: tuple[model.Season, ...]
    negated: bool
    written: model.InSeason


@dataclass(frozen=True, slots=True, eq=False)
class IsNone:
    fact: FactValue
    negated: bool
    written: model.IsNone


@dataclass(frozen=True, slots=True, eq=False)
class All:
    parts: tuple[Test, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any:
    parts: tuple[Test, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    part: Test


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    members: Members
    test: Test
    written: model.Every


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    members: Members
    test: Test
    written: model.Some


@dataclass(frozen=True, slots=True, eq=False)
class WithinTop:
    """`denominator` × the sum of those greater < `numerator` × the sum of all; whole numbers of one scale throughout."""

    value: FactValue
    numerator: int
    denominator: int
    members: Members
    written: model.WithinTop


Test = Compare | In | InSeason | IsNone | All | Any | Not | Every | Some | WithinTop


# --- what is judged ---


@dataclass(frozen=True, slots=True)
class Period:
    """A year, quarter or month by its key, first and last day."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class LimbPlan:
    """A limb under one reading in one period.

    `in_time`: YES or NO for a state (in force and owed by the test day); for an event UNKNOWN, and `event_day` with `window`
    decides subject by subject. `owed`: the time of the duty, whatever the period. `due`: None where the duty is due at once.
    """

    limb: model.Limb
    reading: model.Reading
    period: Period | None
    in_time: Truth
    event_day: FactValue | None
    window: tuple[int, int | None]
    owed: tuple[int, int | None]
    applies: Test | None
    excepted: Test | None
    requirement: Test | None
    done: FactValue | None
    due: Term | None
    as_of: int
    test_day: int

    @property
    def told_window(self) -> tuple[int, int | None]:
        """The window as it is told: a period outside leaves none, and then all the time for which the duty is owed."""
        start, end = self.window
        if end is None or start <= end:
            return self.window
        ends = [each for each in (self.limb.owed[1], self.limb.in_force[1]) if each is not None]
        return max(self.limb.owed[0], self.limb.in_force[0]), min(ends, default=None)


@dataclass(frozen=True, slots=True, eq=False)
class JudgementPlan:
    """One (rule, limb, period): the readings, the default first (no default where the question is open)."""

    rule: model.Rule
    tag: str | None
    period: Period | None
    readings: tuple[LimbPlan, ...]
    is_open: bool
    """Several readings and none the default: the answer is the authority's."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that is judged at one as-of date, by kind of subject (English id)."""

    as_of: int
    rules: model.RuleSet
    judgements: Mapping[str, tuple[JudgementPlan, ...]] = field(default_factory=dict)
