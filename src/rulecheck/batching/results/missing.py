"""What is missing of undetermined rows: found by the explaining evaluator for one row of each pattern and told of them all.

What is missing hangs on which facts were told and how every condition came out, not on the figures themselves. Rows of which all
of that is the same share one answer.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rulecheck.batching.results.columns import VerdictColumn
from rulecheck.batching.results.figures import limb_looks_at_members
from rulecheck.columns import truths
from rulecheck.columns.asked import Ask, Asks, FactAsked, MembersAsked, asked_of
from rulecheck.columns.cut import some_of
from rulecheck.columns.evaluate import Columns, NumberOf, TruthOf
from rulecheck.columns.frame import TOLD, Frame, Whole
from rulecheck.columns.numbers import TooLarge, exact_rows
from rulecheck.columns.scope import Scope, Segments
from rulecheck.columns.subjects import Subjects
from rulecheck.dataclass import replace
from rulecheck.explaining.explain import Explainer
from rulecheck.judgement import Judgement, Verdict
from rulecheck.judging import algebra, plan
from rulecheck.judging.judge import Judge
from rulecheck.judging.truth import ADVERSE
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.model import DateType

SEPARATOR: Final = ", "
Patterns = npt.NDArray[np.uint64]
# The constants of splitmix64.
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_MOST_SMALL: Final = 31
"""Marks of two bits that are kept in one number, with a bit before them that tells how many there are."""


class Answer(NamedTuple):
    """What is missing (English ids, `@period`), whose move it is, which verdicts are possible, and whether none is adverse."""

    missing: str
    awaiting: str
    possible: str
    is_harmless: bool


class Notes:
    """What was noted of the rows of one scope: mixed into one number a row, the last small marks still side by side."""

    __slots__ = ("_count", "_mixed", "_small", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._mixed: Patterns = np.zeros(scope.frame.count, np.uint64)
        self._small: Any = 1
        self._count = 0

    def small(self, marks: Any) -> None:
        """Marks from 0 to 3, or truths: one a row or one for all."""
        if isinstance(marks, np.ndarray):
            marks = marks.astype(np.uint64)
            small = self._small if isinstance(self._small, np.ndarray) else np.uint64(self._small)
            self._small = (small << np.uint64(2)) | marks
        elif isinstance(self._small, np.ndarray):
            self._small = (self._small << np.uint64(2)) | np.uint64(marks)
        else:
            self._small = self._small << 2 | int(marks)
        self._count += 1
        if self._count == _MOST_SMALL:
            self._mix()

    def large(self, marks: Any) -> None:
        """Whole numbers."""
        self._mix()
        self._mixed = mixed(self._mixed, marks)

    def patterns(self) -> Patterns:
        self._mix()
        return self._mixed

    def _mix(self) -> None:
        if self._count:
            self._mixed = mixed(self._mixed, self._small)
            self._small, self._count = 1, 0


class Noting(Columns):
    """The evaluator of columns that notes how every condition of a scope came out, and what was told: for each row a number that
    is the same, in every partition, where all of that is the same. (Two patterns fall together once in 2⁶⁴.)"""

    def __init__(self, rules: model.RuleSet) -> None:
        super().__init__(rules.calendar, rules.places)
        self.notes: dict[int, Notes] = {}
        self.below: dict[tuple[int, int], Segments] = {}
        self._asked: dict[int, list[Asks]] = {}

    def expect(self, asks: Asks) -> None:
        """What a limb asks of members, which counts for those too who are still to come."""
        for ask in asks:
            if isinstance(ask, MembersAsked):
                self._asked.setdefault(id(ask.members), []).append(ask.of_each)
                self.expect(ask.of_each)

    def forget(self) -> None:
        """Nothing is noted any more."""
        self.notes.clear()
        self.below.clear()

    def note(self, scope: Scope, marks: Any) -> None:
        """Marks from 0 to 3 or truths, one a row of a scope or one for all."""
        self._of(scope).small(marks)

    def note_numbers(self, scope: Scope, numbers: Any) -> None:
        """The same of whole numbers."""
        self._of(scope).large(numbers)

    def _of(self, scope: Scope) -> Notes:
        found = self.notes.get(id(scope))
        if found is None:
            found = self.notes[id(scope)] = Notes(scope)
        return found

    def _noted(self, truth: TruthOf) -> TruthOf:
        def noting(scope: Scope) -> Any:
            found = truth(scope)
            self.note(scope, truths.codes(found))
            return found

        return noting

    def _looked_above(self, steps: int, scope: Scope) -> None:
        """Whether there is anybody so far up: of nobody nothing can be asked."""
        if steps:
            found = scope.above(steps)
            self.note(scope, 0 if found is None else 1 if found[1] is None else found[1] >= 0)

    def _looked_below(self, members: plan.Members, scope: Scope) -> None:
        segments = scope.segments(members)
        self._looked_above(members.up, scope)
        self.below[id(scope), id(segments)] = segments
        for asks in self._asked.get(id(members), ()):
            self._asked_from_below(asks, scope, members.up - len(members.path))
            self.note_numbers(scope, _places_above(scope, members.up))
        self.note(segments.scope, 0)
        complete = np.broadcast_to(np.asarray(segments.complete), (len(segments.starts),))
        self.note(scope, complete if segments.rows is None else complete[segments.rows])

    def _asked_from_below(self, asks: Asks, scope: Scope, steps: int) -> None:
        """What members ask of the rows of a scope and of those above; these are `steps` further up for them."""
        for ask in asks:
            if isinstance(ask, MembersAsked):
                self._asked_from_below(ask.of_each, scope, steps + ask.members.up - len(ask.members.path))
            elif isinstance(ask, FactAsked) and ask.node.up + steps >= 0:
                raw = scope.raw(replace(ask.node, up=ask.node.up + steps))
                self.note(scope, raw.state)
                if isinstance(ask.node.fact.type, DateType) and raw.values is not None:
                    # What a parameter is on a day hangs on the day itself.
                    self.note_numbers(scope, np.where(np.asarray(raw.state) == TOLD, raw.values, 0))
                elif isinstance(ask.node.fact.type, DateType):
                    self.note_numbers(scope, 0)

    # --- what is told ---

    def fact(self, node: plan.FactValue) -> NumberOf:
        number = super().fact(node)

        def noting(scope: Scope) -> Any:
            self._looked_above(node.up, scope)
            self.note(scope, scope.raw(node).state)
            return number(scope)

        return noting

    def parameter(self, node: plan.ParameterValue) -> NumberOf:
        number = super().parameter(node)

        def noting(scope: Scope) -> Any:
            if node.day is not None:
                self.note(scope, scope.raw(node.day).state)
            self.note_numbers(scope, _places(scope.frame))
            found = number(scope)
            self.note(scope, exact_rows(found))
            return found

        return noting

    def shift(self, node: plan.Shift, day: NumberOf) -> NumberOf:
        return self._noted_days(super().shift(node, day), day)

    def roll(self, day: NumberOf) -> NumberOf:
        return self._noted_days(super().roll(day), day)

    def _noted_days(self, moved: NumberOf, day: NumberOf) -> NumberOf:
        """Where the calendar does not reach, which year is asked for hangs on the day itself."""

        def noting(scope: Scope) -> Any:
            found = moved(scope)
            known = exact_rows(found)
            self.note_numbers(scope, 0 if known is True else np.where(known, 0, day(scope).low))
            return found

        return noting

    # --- conditions ---

    def at_least(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._noted(super().at_least(left, left_factor, right, right_factor))

    def more_than(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._noted(super().more_than(left, left_factor, right, right_factor))

    def equal(self, left: NumberOf, left_factor: int, right: NumberOf, right_factor: int) -> TruthOf:
        return self._noted(super().equal(left, left_factor, right, right_factor))

    def nonzero(self, number: NumberOf) -> TruthOf:
        return self._noted(super().nonzero(number))

    def member(self, node: plan.In, value: NumberOf) -> TruthOf:
        return self._noted(super().member(node, value))

    def in_season(self, node: plan.InSeason, day: NumberOf) -> TruthOf:
        return self._noted(super().in_season(node, day))

    def is_none(self, fact: plan.FactValue) -> TruthOf:
        return self._noted(super().is_none(fact))

    def within(self, fact: plan.FactValue, window: tuple[int, int | None]) -> TruthOf:
        return self._noted(super().within(fact, window))

    def event_done(self, done: plan.FactValue, due: NumberOf) -> TruthOf:
        truth = self._noted(super().event_done(done, due))

        def noting(scope: Scope) -> Any:
            self.note(scope, scope.raw(done).state)
            return truth(scope)

        return noting

    def in_place(self, place: Place | None) -> TruthOf:
        return self._noted(super().in_place(place))

    # --- members ---

    def count(self, members: plan.Members, where: TruthOf | None) -> NumberOf:
        number = super().count(members, where)

        def noting(scope: Scope) -> Any:
            self._looked_below(members, scope)
            return number(scope)

        return noting

    def total(self, node: plan.Total, where: TruthOf | None, value: NumberOf) -> NumberOf:
        number = super().total(node, where, value)

        def noting(scope: Scope) -> Any:
            self._looked_below(node.members, scope)
            return number(scope)

        return noting

    def distinct(self, node: plan.Distinct, where: TruthOf | None, value: NumberOf) -> NumberOf:
        number = super().distinct(node, where, value)

        def noting(scope: Scope) -> Any:
            self._looked_below(node.members, scope)
            if isinstance(node.term, plan.FactValue):
                below = scope.segments(node.members).scope
                self.note(below, below.raw(node.term).state)
            return number(scope)

        return noting

    def within_top(self, node: plan.WithinTop, where: TruthOf | None, value: NumberOf) -> TruthOf:
        truth = self._noted(super().within_top(node, where, value))

        def noting(scope: Scope) -> Any:
            self._looked_below(node.members, scope)
            return truth(scope)

        return noting

    def every(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._quantified(members, super().every(members, where, truth))

    def some(self, members: plan.Members, where: TruthOf | None, truth: TruthOf) -> TruthOf:
        return self._quantified(members, super().some(members, where, truth))

    def _quantified(self, members: plan.Members, truth: TruthOf) -> TruthOf:
        noted = self._noted(truth)

        def noting(scope: Scope) -> Any:
            self._looked_below(members, scope)
            return noted(scope)

        return noting

    # --- patterns ---

    def patterns(self, which: int, above: frozenset[int] = frozenset()) -> Patterns:
        """By row of a scope (its `id`) what was noted of it and of the members looked at; these in whatever order they come."""
        found = self.notes[which].patterns()
        for (owner, _), segments in self.below.items():
            below = id(segments.scope)
            if owner != which or below in above | {which}:
                continue
            of_each = mixed(self.patterns(below, above | {which}), 1)
            sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(of_each, dtype=np.uint64)))
            of_owner = sums[segments.ends] - sums[segments.starts]
            found = mixed(found, of_owner if segments.rows is None else of_owner[segments.rows])
        return found


def mixed(before: Patterns, marks: Any) -> Patterns:
    """Numbers that hang on all bits of both."""
    found = (before ^ np.asarray(marks).astype(np.uint64)) + _STEP
    found = (found ^ (found >> np.uint64(30))) * _FIRST
    found = (found ^ (found >> np.uint64(27))) * _SECOND
    return found ^ (found >> np.uint64(31))


def _places(frame: Frame) -> Any:
    """By row a number that stands for its place in every partition."""
    if frame.places is None:
        return 0
    numbers = [crc32(each.english.encode()) for each in frame.place_list]
    return np.array([*numbers, 0], np.int64).take(frame.places, mode="wrap")


def _asks_of_those_between(asks: Asks) -> bool:
    """Whether members that are reached over others ask something of these, which stand in no scope of the walk."""
    return any(
        isinstance(ask, MembersAsked)
        and (_asks_of_those_between(ask.of_each) or (any(map(_asks_above, ask.of_each)) and len(ask.members.path) > 1))
        for ask in asks
    )


def _asks_above(ask: Ask) -> bool:
    return ask.node.up > 0 if isinstance(ask, FactAsked) else isinstance(ask, MembersAsked) and ask.members.up > 0


def _places_above(scope: Scope, steps: int) -> Any:
    """The same of those so many steps above."""
    found = scope.above(steps)
    if found is None:
        return 0
    places = _places(found[0].frame)
    if found[1] is None or isinstance(places, int):
        return places
    return np.append(places, 0)[found[1]]


class Missing:
    """What is missing of the rows of one column of verdicts; what was once found for a pattern is kept for all partitions.
    `noting` may serve several columns, one after the other."""

    def __init__(self, column: VerdictColumn, judge: Judge, explainer: Explainer, noting: Noting) -> None:
        self._noting = noting
        self._truths: list[TruthOf] = [each for reading in column.judgement.readings for each in algebra.five(reading, noting)]
        self._truths.append(noting.in_place(column.judgement.rule.place))
        asks = [asked_of(reading, None) for reading in column.judgement.readings]
        for each in asks:
            noting.expect(each)
        self._is_one_by_one = any(map(_asks_of_those_between, asks))
        self._judge = judge.judges[column.kind][column.number]
        self._explainer = explainer
        self._looks_at_members = any(limb_looks_at_members(each.limb) for each in column.judgement.readings)
        self._known: dict[int, Answer] = {}

    def answers(self, frame: Frame, bare: Frame, rows: Whole) -> tuple[Any, list[Answer]]:
        """By row the place of its answer, and the answers. `bare`: the frame without its texts."""
        if self._is_one_by_one:
            return self._one_by_one(frame, rows)
        noting = self._noting
        noting.forget()
        scope = Scope(some_of(bare, rows, self._looks_at_members), False, {})
        noting.note(scope, 0)
        try:
            for truth in self._truths:
                truth(scope)
        except TooLarge:
            return self._one_by_one(frame, rows)
        encoded = pa.array(noting.patterns(id(scope))).dictionary_encode()
        places = np.asarray(encoded.indices)
        answers = []
        for place, pattern in enumerate(encoded.dictionary.to_pylist()):
            if pattern not in self._known:
                self._known[pattern] = self._answer(Subjects(), frame, int(rows[np.argmax(places == place)]))
            answers.append(self._known[pattern])
        return places, answers

    def _one_by_one(self, frame: Frame, rows: Whole) -> tuple[Any, list[Answer]]:
        subjects = Subjects()
        return np.arange(len(rows)), [self._answer(subjects, frame, int(row)) for row in rows]

    def _answer(self, subjects: Subjects, frame: Frame, row: int) -> Answer:
        return answer_of(self._explainer.explain(self._judge, subjects.at(frame, row)))


def answer_of(judgement: Judgement) -> Answer:
    """The same of one judgement, as a check explains it; a fact of several members is named once."""
    facts = [each.fact + (f"@{each.period}" if each.period is not None else "") for each in judgement.missing]
    awaiting = [each.awaiting for each in judgement.missing]
    return Answer(
        missing=SEPARATOR.join(dict.fromkeys(facts)),
        awaiting=SEPARATOR.join(sorted(set(awaiting), reverse=True)),
        possible=SEPARATOR.join(judgement.possible),
        is_harmless=judgement.verdict is Verdict.UNDETERMINED and ADVERSE.isdisjoint(judgement.possible),
    )
