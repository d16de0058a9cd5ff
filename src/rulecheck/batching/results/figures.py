"""The figures that decided a verdict, and its margin, for many rows at a time: what `explaining` tells of each, in columns.

What a comparison leaves is reckoned again from the plan by the evaluator of columns, on the rows that are told; the texts are
those of the report of a check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from rulecheck.batching.results.columns import VerdictColumn
from rulecheck.batching.results.texts import SAFE, coded, different_rows, largest, texts_of
from rulecheck.batching.results.told_column import ToldColumn
from rulecheck.columns import numbers
from rulecheck.columns.evaluate import Columns, NumberOf, TruthOf
from rulecheck.columns.frame import KNOWN_NONE, TOLD, Flags, Frame, Members
from rulecheck.columns.numbers import Number
from rulecheck.columns.scope import Raw, Scope
from rulecheck.columns.truths import NO, YES, array
from rulecheck.dataclass import dataclass, replace
from rulecheck.explaining.describe import plain_value
from rulecheck.explaining.reasons import margin_unit
from rulecheck.explaining.trace import parts_of, terms_of, tests_of
from rulecheck.judging import algebra, plan
from rulecheck.judging.lower import Lowering
from rulecheck.measures.units import Unit
from rulecheck.prose.names import term_name
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import members_of, walk

MASKED: Final = "***"
NONE_TEXT: Final = "无"
DAYS: Final = "天"

Tell = Callable[[ToldColumn, int], None]
"""Tells something of the rows of a scope: in a column, from this row on."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A fact that a limb reads, or what was reckoned of its members. `fact`: English id (with `@period`), of what is reckoned the
    term in words. `node`: of a fact, where it stands."""

    fact: str
    name: Bilingual
    unit: str
    is_sensitive: bool
    type: model.Type
    node: plan.FactValue | None
    ratio: plan.Ratio
    numerator: NumberOf
    denominator: NumberOf | None


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """A side of a comparison: numerator over denominator with their scales."""

    ratio: plan.Ratio
    numerator: NumberOf
    denominator: NumberOf | None


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """A comparison of a requirement that leaves room or falls short. `sign`: -1 under a *not*."""

    left: _Side
    right: _Side
    greater_wanted: bool
    sign: int
    unit: Unit | None
    times: tuple[int, int]
    """What brings both sides to whole numbers of one size."""
    factor: Fraction
    """What brings the difference of these to `unit`."""
    truth: TruthOf
    guard: TruthOf | None
    is_hidden: bool


class LimbFigures:
    """What is told of one column of verdicts, made once a plan."""

    def __init__(self, column: VerdictColumn, rules: model.RuleSet, columns: Columns) -> None:
        self._columns = columns
        limb = column.judgement.readings[0]
        source = limb.limb
        self._is_open = column.judgement.is_open
        self._lowering = Lowering(rules, source.owed, source.in_force, limb.period, limb.as_of)
        self.figures = tuple(self._figure(each) for each in _leaves(source, limb))
        self.looks_at_members = limb_looks_at_members(source)
        self._comparisons = tuple(self._compared(source.requirement, 1)) if source.requirement is not None else ()
        self._done = self._side(source.done) if source.done is not None else None
        self._due = self._side(source.due) if source.done is not None and source.due is not None else None
        self._is_hidden = any(is_sensitive(each) for each in (source.done, source.due) if each is not None)

    # --- once a plan ---

    def _side(self, term: model.Term) -> _Side:
        ratio = self._lowering.ratio(term)
        below = ratio.denominator
        return _Side(
            ratio, algebra.term(ratio.numerator, self._columns), None if below is None else algebra.term(below, self._columns)
        )

    def _figure(self, term: model.Term) -> Figure:
        side = self._side(term)
        node = side.ratio.numerator if isinstance(term, model.FactTerm) else None
        assert node is None or isinstance(node, plan.FactValue)
        period = node.period if node is not None else None
        name = term_name(term, period)
        unit = term.type.unit.text if isinstance(term.type, model.NumberType) and term.type.unit is not None else ""
        fact = name.en
        if isinstance(term, model.FactTerm):
            fact = term.fact.id + (f"@{period}" if period is not None else "")
        return Figure(fact, name, unit, is_sensitive(term), term.type, node, side.ratio, side.numerator, side.denominator)

    def _compared(self, test: model.Test, sign: int) -> Iterator[_Comparison]:
        """The comparisons that a requirement is made of, as `explaining.reasons.comparisons` finds them."""
        if isinstance(test, model.AllOf):
            for part in test.parts:
                yield from self._compared(part, sign)
        elif isinstance(test, model.Not):
            yield from self._compared(test.part, -sign)
        elif isinstance(test, model.Compare) and test.relation not in ("equal", "unequal"):
            unit = margin_unit(test)
            tested = algebra.test(self._lowering.test(test), self._columns)
            left, right = self._side(test.left), self._side(test.right)
            scales = _scale(left), _scale(right)
            common = Fraction(
                gcd(scales[0].numerator * scales[1].denominator, scales[1].numerator * scales[0].denominator),
                scales[0].denominator * scales[1].denominator,
            )
            in_base = unit is not None and not isinstance(test.left.type, model.NumberType)
            yield _Comparison(
                left=left,
                right=right,
                greater_wanted=test.relation in ("at_least", "more_than"),
                sign=sign,
                unit=unit,
                times=(int(scales[0] / common), int(scales[1] / common)),
                factor=common if unit is None or in_base else common / unit.factor,
                truth=tested.truth,
                guard=tested.guard,
                is_hidden=is_sensitive(test.left) or is_sensitive(test.right),
            )

    # --- for the rows of a frame ---

    def values(self, figure: Figure, scope: Scope) -> Tell:
        """A figure of the rows of a scope; nothing where it is not known."""
        count = scope.frame.count
        if figure.node is None:
            side = _Side(figure.ratio, figure.numerator, figure.denominator)
            numerator, denominator, marks = _exact(side, scope)
            if figure.is_sensitive:
                return _same(MASKED, count)
            above, known = _by_row(numerator.values, count), _marks(marks, count)
            if denominator is None and not isinstance(figure.type, model.NumberType):
                assert figure.ratio.numerator.scale == 1
                return _of_type(figure.type, above, known, Fraction(1))
            factor = _factor(side, figure.type.unit if isinstance(figure.type, model.NumberType) else None)
            if denominator is None:
                return lambda column, first: column.numbers(first, above, known, factor)
            below = _by_row(denominator.values, count)
            return lambda column, first: column.quotients(first, above, below, known, factor)
        raw = scope.raw(figure.node)
        if raw.values is None:
            return _same(None, count)
        state = raw.state
        if isinstance(state, int):
            if state != TOLD:
                return _same(NONE_TEXT if state == KNOWN_NONE else None, count)
            return self._told(figure, raw, None)
        told = self._told(figure, raw, state == TOLD)
        none = state == KNOWN_NONE
        return _both(told, lambda column, first: column.marked(first, none, NONE_TEXT)) if none.any() else told

    @staticmethod
    def _told(figure: Figure, raw: Raw, known: Flags | None) -> Tell:
        assert figure.node is not None
        values, texts = raw.values, raw.texts
        assert values is not None
        if figure.is_sensitive:
            # Which of the rows told anything is no secret, what they told is.
            return _where(known, MASKED, len(values))
        if texts is not None:
            found = coded(values, known, lambda each: pa.array([texts[place] for place in each.tolist()], pa.string()))
            return lambda column, first: column.coded(first, found)
        return _of_type(figure.type, values, known, figure.node.fact.step)

    def margin(self, scope: Scope) -> tuple[Tell, Tell]:
        """The margin of the rows and its unit; nothing where there is none."""
        count = scope.frame.count
        if not count or self._is_open:
            return _same(None, count), _same(None, count)
        if self._done is not None and self._due is not None:
            return self._days_left(scope)
        found = [each for each in self._comparisons if not each.is_hidden]
        if not found:
            return _same(None, count), _same(None, count)
        return _one(found[0], scope) if len(found) == 1 else _several(found, scope)

    def _days_left(self, scope: Scope) -> tuple[Tell, Tell]:
        assert self._done is not None
        assert self._due is not None
        if self._is_hidden:
            return _same(None, scope.frame.count), _same(None, scope.frame.count)
        count = scope.frame.count
        done, _, is_done = _exact(self._done, scope)
        due, _, is_due = _exact(self._due, scope)
        known = _marks(_and(is_done, is_due), count)
        left = _by_row(due.values - done.values, count)
        return lambda column, first: column.numbers(first, left, known, Fraction(1)), _where(known, DAYS, count)


def _same(text: str | None, count: int) -> Tell:
    return lambda column, first: column.same(first, count, text)


def _where(marks: Flags | None, text: str, count: int) -> Tell:
    return _same(text, count) if marks is None else lambda column, first: column.marked(first, marks, text)


def _both(one: Tell, other: Tell) -> Tell:
    def tell(column: ToldColumn, first: int) -> None:
        one(column, first)
        other(column, first)

    return tell


def _of_type(type_: model.Type, values: Any, known: Flags | None, step: Fraction) -> Tell:
    """Values of a fact as `plain_value` tells them one by one: without their unit."""
    match type_:
        case model.NumberType(unit=unit):
            factor = step if unit is None else step / unit.factor
            return lambda column, first: column.numbers(first, values, known, factor)
        case model.DateType():
            return lambda column, first: column.days(first, values, known)
        case _:
            found = coded(values, known, texts_of(type_))
            return lambda column, first: column.coded(first, found)


def _one(of: _Comparison, scope: Scope) -> tuple[Tell, Tell]:
    room = _room(of, scope)
    unit = of.unit.text if of.unit is not None else ""

    def tell(column: ToldColumn, first: int) -> None:
        if room.below is None:
            column.numbers(first, room.above, room.known, room.factor)
        else:
            column.quotients(first, room.above, room.below, room.known, room.factor)

    return tell, _where(room.known, unit, scope.frame.count)


def _several(found: Sequence[_Comparison], scope: Scope) -> tuple[Tell, Tell]:
    """The least room of several comparisons in one unit; in several units that of the first that fails."""
    count = scope.frame.count
    rooms = [_room(each, scope) for each in found]
    parts: list[Any] = []
    for each, room in zip(found, rooms, strict=True):
        below = np.ones(count, np.int64) if room.below is None else room.below
        known = np.ones(count, bool) if room.known is None else room.known
        parts += [np.where(known, room.above, 0), np.where(known, below, 1), known]
        parts.append(array(each.truth(scope), count) == NO)
    rows, places = different_rows(parts)
    texts, units = [], []
    for row in rows:
        cells = [[part[row] for part in parts[at : at + 4]] for at in range(0, len(parts), 4)]
        told = [
            (each, Fraction(int(above)) * room.factor / int(below), failing)
            for each, room, (above, below, known, failing) in zip(found, rooms, cells, strict=True)
            if known
        ]
        if len({each.unit for each, _, _ in told}) > 1:
            told = [each for each in told if each[2]][:1]
        best = min(told, key=lambda each: _in_base(each[0], each[1]), default=None)
        texts.append(None if best is None else exact_number(best[1]))
        units.append(None if best is None else best[0].unit.text if best[0].unit is not None else "")
    return chosen(places, texts), chosen(places, units)


def chosen(places: Any, texts: Sequence[str | None]) -> Tell:
    """By row the text that stands at a place of `texts`."""
    return lambda column, first: column.words(slice(first, first + len(places)), places, texts)


# --- rooms ---


class _Whole(NamedTuple):
    """Whole numbers, one a row or one for all, and what none of them goes beyond, whatever its sign."""

    values: Any
    most: int


class _Room(NamedTuple):
    """above ÷ below × factor, in the unit it is told in, where `known` (None: throughout)."""

    above: Any
    below: Any
    known: Flags | None
    factor: Fraction


def _room(of: _Comparison, scope: Scope) -> _Room:
    """The room that a comparison leaves: what is wanted to be greater, less the other."""
    count = scope.frame.count
    left, left_below, left_known = _exact(of.left, scope)
    right, right_below, right_known = _exact(of.right, scope)
    known = _and(left_known, right_known)
    if of.guard is not None:
        known = _and(known, array(of.guard(scope), count) == YES)
    # Both sides over one denominator: a ÷ b − c ÷ d = (a×d − c×b) ÷ (b×d), with the scales brought to whole numbers.
    one = _product(left, right_below, of.times[0])
    other = _product(right, left_below, of.times[1])
    sign = of.sign if of.greater_wanted else -of.sign
    above = _difference(one, other) if sign > 0 else _difference(other, one)
    below = left_below if right_below is None else right_below if left_below is None else _product(left_below, right_below, 1)
    if below is not None:
        known = _and(known, np.not_equal(below.values, 0))
    return _Room(_by_row(above, count), None if below is None else _by_row(below.values, count), _marks(known, count), of.factor)


def _in_base(of: _Comparison, room: Fraction) -> Fraction:
    return room * (of.unit.factor if of.unit is not None else Fraction(1))


def _scale(side: _Side) -> Fraction:
    below = side.ratio.denominator
    return side.ratio.numerator.scale if below is None else side.ratio.numerator.scale / below.scale


def _factor(side: _Side, unit: Unit | None) -> Fraction:
    return _scale(side) if unit is None else _scale(side) / unit.factor


def _exact(side: _Side, scope: Scope) -> tuple[_Whole, _Whole | None, Any]:
    """Numerator and denominator (None: over 1) of the rows, and where both are known exactly (True: throughout)."""
    above, known = _values(side.numerator(scope))
    if side.denominator is None:
        return above, None, known
    below, is_known = _values(side.denominator(scope))
    return above, below, _and(_and(known, is_known), np.not_equal(below.values, 0))


def _values(number: Number) -> tuple[_Whole, Any]:
    return _Whole(numbers.wide(number.low), max(abs(number.least), abs(number.most))), numbers.exact_rows(number)


def _and(one: Any, other: Any) -> Any:
    return other if one is True else one if other is True else one & other


def _by_row(values: Any, count: int) -> Any:
    return values if isinstance(values, np.ndarray) and values.ndim else np.full(count, values)


def _marks(marks: Any, count: int) -> Flags | None:
    """The marks by row; None where all are marked."""
    return None if marks is True else _by_row(marks, count)


def _measured(of: _Whole) -> _Whole:
    return _Whole(of.values, largest(of.values)) if isinstance(of.values, np.ndarray) else _Whole(of.values, abs(of.values))


def _product(one: _Whole, other: _Whole | None, factor: int) -> _Whole:
    """Products of whole numbers; where 64 bits may not do, Python's own."""
    most = one.most * abs(factor) * (1 if other is None else other.most)
    if most >= SAFE:
        one, other = _measured(one), None if other is None else _measured(other)
        most = one.most * abs(factor) * (1 if other is None else other.most)
    values = _endless(one.values) if most >= SAFE else one.values
    if other is not None:
        values = values * (_endless(other.values) if most >= SAFE else other.values)
    return _Whole(values if factor == 1 else values * factor, most)


def _difference(one: _Whole, other: _Whole) -> Any:
    if one.most + other.most >= SAFE:
        one, other = _measured(one), _measured(other)
    if one.most + other.most >= SAFE:
        return _endless(one.values) - _endless(other.values)
    return one.values - other.values


def _endless(values: Any) -> Any:
    return values.astype(object) if isinstance(values, np.ndarray) else int(values)


def exact_number(value: Fraction) -> str:
    return plain_value(value, model.NumberType(None))[0]


# --- what a limb reads ---


def _parts(limb: model.Limb) -> Iterator[model.Test | model.Term]:
    yield from (each for each in (limb.applies, limb.excepted, limb.requirement, limb.done, limb.due) if each is not None)


def _leaves(limb: model.Limb, of: plan.LimbPlan) -> Iterator[model.Term]:
    """The facts and totals that a limb rests on, each once, in the order of its clauses, without members' own facts."""
    seen: set[Any] = set()
    event = of.event_day
    if event is not None:
        seen.add((event.fact.id, 0, None))
        yield model.FactTerm(event.fact, 0, None, event.fact.type, limb.span)
    for part in _parts(limb):
        for leaf in _leaves_of(part):
            key = (leaf.fact.id, leaf.up, leaf.period) if isinstance(leaf, model.FactTerm) else leaf
            if key not in seen:
                seen.add(key)
                yield leaf


def _leaves_of(node: model.Test | model.Term) -> Iterator[model.Term]:
    match node:
        case model.FactTerm() | model.Count() | model.Total() | model.Distinct() | model.Share():
            yield node
        case model.PeriodTotal():
            yield from parts_of(node)
        case model.AllOf(parts=tests) | model.AnyOf(parts=tests) | model.HowMany(tests=tests):
            for each in tests:
                yield from _leaves_of(each)
        case model.Not(part=inner):
            yield from _leaves_of(inner)
        case model.Compare(left=left, right=right):
            yield from _leaves_of(left)
            yield from _leaves_of(right)
        case model.Member(term=term) | model.InSeason(term=term):
            yield from _leaves_of(term)
        case model.IsNone(fact=fact):
            yield fact
        case model.WithinTop(fact=fact, siblings=siblings, span=span):
            yield fact
            yield model.Total(siblings, fact, fact.type, span)
        case model.Every() | model.Some():
            return
        case _:
            for part in parts_of(node):
                yield from _leaves_of(part)


def is_sensitive(term: model.Term) -> bool:
    """Whether a sensitive figure could be reckoned back from a term, as `explaining.describe.is_sensitive` has it."""
    if isinstance(term, model.FactTerm):
        return term.fact.sensitive
    if isinstance(term, model.Total | model.Distinct):
        return isinstance(term.term, model.FactTerm) and term.term.fact.sensitive
    if isinstance(term, model.HowMany):
        return any(map(_rests_on_sensitive, term.tests))
    return any(map(is_sensitive, parts_of(term)))


def _rests_on_sensitive(test: model.Test) -> bool:
    return any(map(is_sensitive, terms_of(test))) or any(map(_rests_on_sensitive, tests_of(test)))


def limb_looks_at_members(limb: model.Limb) -> bool:
    """Whether members take part in it, so that rows cannot be looked at without them."""
    return any(members_of(node) is not None or isinstance(node, model.WithinTop) for part in _parts(limb) for node in walk(part))


def nameless(frame: Frame) -> Frame:
    """The frame without its texts, from which rows are cut out quickly."""
    members = {kind: Members(nameless(each.frame), each.starts, each.complete) for kind, each in frame.members.items()}
    return replace(frame, keys=None, names=None, members=members)
