"""What every part of a limb came to for one subject: a tree of values and truths, without words.

The views are made once per plan beside the verdict functions, from the same walk; a trace is then only their values. Words are
put to it (`describe`) for what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from rulecheck.dataclass import dataclass
from rulecheck.judging import algebra, plan
from rulecheck.judging.intervals import Interval, Number, Undefined
from rulecheck.judging.lower import Lowering
from rulecheck.judging.plan import Ratio
from rulecheck.judging.rows import NumberOf, Rows, TruthOf, reach_members
from rulecheck.judging.truth import NO, UNKNOWN, YES, Truth, Truths
from rulecheck.rules import model
from rulecheck.submission import Subject

MOST_MEMBERS = 20
"""Members told one by one in an explanation; the counts tell of the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class TermView:
    """A term as written with the functions that give its value: numerator and (where there is one) denominator."""

    term: model.Term
    ratio: Ratio
    numerator: NumberOf
    denominator: NumberOf | None
    fact: plan.FactValue | None
    raw: Callable[[Subject], Any] | None
    parts: tuple[TermView, ...]
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TestView:
    """A test as written with the functions that give its truth and whether there was anything to check."""

    test: model.Test
    node: plan.Test
    truth: TruthOf
    guard: TruthOf | None
    terms: tuple[TermView, ...]
    parts: tuple[TestView, ...]
    members: plan.Members | None
    belongs: TruthOf | None
    heads: tuple[TestView, ...]
    greater: Callable[[Subject], int | None] | None
    """Of the head of a ranking the sum of those greater, in the fact's steps, where it is known."""


class TermTrace(NamedTuple):
    """What a term came to: the plan's whole numbers as they were; exact values in base units are reckoned when asked for.

    Tuples, because one is made for every term of every judgement explained.
    """

    view: TermView
    subject: Subject
    raw: Any
    numerator: Number
    denominator: Number | None
    parts: tuple[TermTrace, ...]
    tests: tuple[TestTrace, ...]
    """Of a list of conditions each one."""

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The value's bounds in base units, both ends included; None where open or undefined."""
        ratio = self.view.ratio
        if self.denominator is None or ratio.denominator is None:
            return exact_bounds(self.numerator, ratio.numerator.scale)
        above, below = self.numerator, self.denominator
        if isinstance(above, int) and isinstance(below, int) and below != 0:
            exact = above * ratio.numerator.scale / (below * ratio.denominator.scale)
            return exact, exact
        return None, None

    @property
    def value(self) -> Fraction | None:
        """The exact value in base units; None where it is not known, not a number, or undefined."""
        low, high = self.bounds
        return low if low is not None and low == high else None


class TestTrace(NamedTuple):
    """What a test came to. `counts`: for a quantifier how many members there are, fulfil it, fail it, are unknown;
    `is_complete`: all were reported."""

    view: TestView
    subject: Subject
    truth: Truth
    guard: Truth
    terms: tuple[TermTrace, ...]
    parts: tuple[TestTrace, ...]
    counts: tuple[int, int, int, int] | None
    is_complete: bool
    heads: tuple[TestTrace, ...] = ()
    """Of a member how it came to belong to the head of a ranking, where it was picked by that."""
    belongs: Truth = YES
    """Of a member whether it is one."""


# --- views: once per plan ---


class Views:
    """Makes views of one limb in one period."""

    def __init__(self, lowering: Lowering, rows: Rows) -> None:
        self._lowering = lowering
        self._rows = rows

    def term(self, term: model.Term) -> TermView:
        ratio = self._lowering.ratio(term)
        fact = ratio.numerator if isinstance(term, model.FactTerm) else None
        assert fact is None or isinstance(fact, plan.FactValue)
        return TermView(
            term=term,
            ratio=ratio,
            numerator=algebra.term(ratio.numerator, self._rows),
            denominator=algebra.term(ratio.denominator, self._rows) if ratio.denominator is not None else None,
            fact=fact,
            raw=self._rows.raw(fact) if fact is not None else None,
            parts=tuple(self.term(part) for part in parts_of(term)),
            tests=tuple(self.test(each) for each in term.tests) if isinstance(term, model.HowMany) else (),
        )

    def test(self, test: model.Test) -> TestView:
        node = self._lowering.test(test)
        tested = algebra.test(node, self._rows)
        members = belongs = None
        heads: tuple[TestView, ...] = ()
        if isinstance(test, model.Every | model.Some) and isinstance(node, plan.Every | plan.Some):
            members = node.members
            where = test.members.where
            chosen = where.parts if isinstance(where, model.AllOf) else (where,)
            heads = tuple(self.test(each) for each in chosen if isinstance(each, model.WithinTop))
            belongs = algebra.where(node.members, self._rows)
        return TestView(
            test=test,
            node=node,
            truth=tested.truth,
            guard=tested.guard,
            terms=tuple(self.term(term) for term in terms_of(test)),
            parts=tuple(self.test(part) for part in tests_of(test)),
            members=members,
            belongs=belongs,
            heads=heads,
            greater=self._rows.greater(node) if isinstance(node, plan.WithinTop) else None,
        )


def parts_of(term: model.Term) -> tuple[model.Term, ...]:
    match term:
        case model.Sum(left=left, right=right) | model.Product(left=left, right=right):
            return left, right
        case model.Quotient(left=left, right=right):
            return left, right
        case model.DateShift(term=inner) | model.RolledDate(term=inner) | model.WeekdayOf(term=inner):
            return (inner,)
        case model.Change(term=inner):
            return (inner,)
        case model.PeriodTotal(fact=fact, up=up, periods=keys, span=span):
            return tuple(model.FactTerm(fact, up, key, fact.type, span) for key in keys)
        case _:
            return ()


def terms_of(test: model.Test) -> tuple[model.Term, ...]:
    match test:
        case model.Compare(left=left, right=right):
            return left, right
        case model.Member(term=term) | model.InSeason(term=term):
            return (term,)
        case model.IsNone(fact=fact):
            return (fact,)
        case model.WithinTop(fact=fact, siblings=siblings, span=span):
            return fact, model.Total(siblings, fact, fact.type, span)
        case _:
            return ()


def tests_of(test: model.Test) -> tuple[model.Test, ...]:
    match test:
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            return parts
        case model.Not(part=part):
            return (part,)
        case model.Every(test=inner) | model.Some(test=inner):
            return (inner,)
        case _:
            return ()


# --- traces: once per judgement ---


def trace_term(view: TermView, subject: Subject) -> TermTrace:
    """The value of a term and of its parts."""
    if view.raw is not None:
        raw = view.raw(subject)
        return TermTrace(view, subject, raw, raw if type(raw) is int else view.numerator(subject), None, (), ())
    return TermTrace(
        view,
        subject,
        None,
        view.numerator(subject),
        None if view.denominator is None else view.denominator(subject),
        tuple([trace_term(part, subject) for part in view.parts]) if view.parts else (),
        tuple([trace_test(each, subject) for each in view.tests]) if view.tests else (),
    )


def exact_bounds(number: Number, scale: Fraction) -> tuple[Fraction | None, Fraction | None]:
    if isinstance(number, int):
        exact = number * scale
        return exact, exact
    if isinstance(number, Interval):
        return (
            None if number.low is None else number.low * scale,
            None if number.high is None else number.high * scale,
        )
    if isinstance(number, Undefined):
        return None, None
    return None, None  # text: told by its raw value


def trace_test(view: TestView, subject: Subject) -> TestTrace:
    """The truth of a test and of its parts; of a quantifier the members that decided it."""
    truth = view.truth(subject)
    guard = YES if view.guard is None else view.guard(subject)
    counts = None
    is_complete = True
    parts: tuple[TestTrace, ...] = ()
    if view.members is None:
        if view.parts:
            parts = tuple([trace_test(part, subject) for part in view.parts])
    else:
        (inner,) = view.parts
        found, is_complete = reach_members(view.members, subject)
        told: list[TestTrace] = []
        total = yes = no = unknown = 0
        # Of an *every* the members that fail or are unknown decide, of a *some* the first that fulfils it.
        wanted = (NO, UNKNOWN) if isinstance(view.test, model.Every) else (YES, UNKNOWN)
        for each in found:
            belongs = YES if view.belongs is None else view.belongs(each)
            if belongs == NO:
                continue
            one = inner.truth(each)
            if belongs == UNKNOWN and one == wanted[0]:
                one = UNKNOWN  # it decides nothing while it may not be one of those asked about
            total, yes, no, unknown = total + 1, yes + (one == YES), no + (one == NO), unknown + (one == UNKNOWN)
            if one in wanted and len(told) < MOST_MEMBERS:
                heads = tuple([trace_test(head, each) for head in view.heads])
                told.append(trace_test(inner, each)._replace(heads=heads, belongs=belongs))
        counts, parts = (total, yes, no, unknown), tuple(told)
    terms = tuple([trace_term(term, subject) for term in view.terms]) if view.terms else ()
    return TestTrace(view, subject, truth, guard, terms, parts, counts, is_complete)


# --- a whole limb ---


@dataclass(frozen=True, slots=True, eq=False)
class LimbView:
    """The views of a limb's conditions, requirement and date."""

    limb: plan.LimbPlan
    applies: TestView | None
    excepted: TestView | None
    requirement: TestView | None
    done: TermView | None
    due: TermView | None
    event_day: TermView | None


class LimbTrace(NamedTuple):
    """What each of them came to for one subject."""

    view: LimbView
    subject: Subject
    applies: TestTrace | None
    excepted: TestTrace | None
    requirement: TestTrace | None
    done: TermTrace | None
    due: TermTrace | None
    event_day: TermTrace | None


def view_limb(limb: plan.LimbPlan, lowering: Lowering, rows: Rows) -> LimbView:
    views, source = Views(lowering, rows), limb.limb
    event_day = None
    if limb.event_day is not None:
        fact = limb.event_day.fact
        event_day = views.term(model.FactTerm(fact, 0, None, fact.type, source.span))
    return LimbView(
        limb=limb,
        applies=views.test(source.applies) if source.applies else None,
        excepted=views.test(source.excepted) if source.excepted else None,
        requirement=views.test(source.requirement) if source.requirement else None,
        done=views.term(source.done) if source.done else None,
        due=views.term(source.due) if source.due else None,
        event_day=event_day,
    )


def trace_limb(view: LimbView, subject: Subject, truths: Truths) -> LimbTrace:
    """The figures behind the five truths; of a rule that does not apply only what ruled it out, the requirement not."""
    in_force, applies, excepted, _, _ = truths
    is_ruled_out = in_force == NO or applies == NO or excepted == YES
    return LimbTrace(
        view,
        subject,
        trace_test(view.applies, subject) if view.applies else None,
        trace_test(view.excepted, subject) if view.excepted else None,
        trace_test(view.requirement, subject) if view.requirement and not is_ruled_out else None,
        trace_term(view.done, subject) if view.done and not is_ruled_out else None,
        trace_term(view.due, subject) if view.due and not is_ruled_out else None,
        trace_term(view.event_day, subject) if view.event_day else None,
    )
