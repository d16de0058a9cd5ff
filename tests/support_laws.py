"""For the laws of the evaluator of columns: a small family of subjects, numbers and truths drawn for each of its rows, and both
evaluators held against each other on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from generate_rules import (
    CALENDAR,
    CITY,
    DATE,
    EAST,
    FIRST,
    HERE,
    LAST,
    MARKET,
    ORIGIN,
    OTHER,
    PLACES,
    SORT,
    WEST,
    make_rules,
)
from generate_rules import COUNT as PLAIN
from rulecheck.columns import numbers as columns_numbers
from rulecheck.columns import truths as columns_truths
from rulecheck.columns.evaluate import Columns
from rulecheck.columns.frame import Frame
from rulecheck.columns.scope import Scope
from rulecheck.dataclass import replace
from rulecheck.judging import intervals, plan
from rulecheck.judging.intervals import UNDEFINED, Interval, between
from rulecheck.judging.rows import Rows
from rulecheck.judging.truth import NO, UNKNOWN, YES
from rulecheck.measures.days import FIRST_DAY, LAST_DAY
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Roster, Subject
from support_frames import lay_out

SEEDS = range(60)
ONE = Fraction(1)
Pair = tuple[Any, Any]
"""The same number or truth for the evaluator of rows and for that of columns."""


# --- a family ---


def fact(kind: str, name: str, of: model.Type = PLAIN, **more: Any) -> model.Fact:
    made = model.Fact(
        id=f"{kind}_{name}",
        zh=f"{kind}{name}",
        kinds=(kind,),
        type=of,
        step=ONE,
        minimum=None,
        maximum=None,
        none_is=None,
        may_be_none=False,
        changeable=None,
        action=None,
        sensitive=False,
        question=None,
        note=None,
        every=None,
        span=HERE,
    )
    return replace(made, **more) if more else made


PARENTS = {"unit": None, "part": "unit", "cell": "part", "claim": "unit"}
FACTS = [
    made
    for kind in PARENTS
    for made in (
        fact(kind, "range", minimum=0, maximum=5),
        fact(kind, "up", minimum=0),
        fact(kind, "any"),
        fact(kind, "optional", may_be_none=True, minimum=0, maximum=4),
        fact(kind, "day", DATE),
        fact(kind, "done", DATE, may_be_none=True),
        fact(kind, "sort", SORT, minimum=0, maximum=1),
        fact(kind, "text", model.TextType()),
        fact(kind, "other", model.TextType()),
        fact(kind, "yearly", every="year", minimum=0),
    )
]
KINDS = {
    kind: model.Kind(
        id=kind,
        zh=kind,
        parent=parent,
        occurs_on="claim_day" if kind == "claim" else None,
        sensitive=False,
        slots={each.id: slot for slot, each in enumerate(each for each in FACTS if each.kinds == (kind,))},
        children={child: slot for slot, child in enumerate(name for name, above in PARENTS.items() if above == kind)},
        note=None,
        span=HERE,
    )
    for kind, parent in PARENTS.items()
}
BY_NAME = {each.id: each for each in FACTS}
RULES = replace(make_rules(Random(0), rules=0)[0], kinds=KINDS, facts=BY_NAME, parameters={})
WANTED: dict[str, list[tuple[int, tuple[str, ...]]]] = {
    "unit": [(0, ("part",)), (0, ("claim",)), (0, ("part", "cell"))],
    "part": [(0, ("cell",)), (1, ("part",)), (1, ("part", "cell")), (1, ("claim",))],
    "cell": [(1, ("cell",)), (2, ("part",)), (2, ("part", "cell"))],
    "claim": [(1, ("claim",)), (1, ("part", "cell"))],
}
"""From each kind, members that can be asked for: how far up and down through which kinds."""


class Family:
    """Subjects of every kind with their frames, and what is drawn for each of them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.untold = self.random.choice((0.0, 0.15, 0.5))
        self.empty = self.random.choice((0.2, 0.2, 0.9))
        self.silent = self.random.choice((None, None, "part", "cell", "cell", "claim"))
        units = [self.subject(KINDS["unit"], None) for _ in range(self.random.choice((0, 1, 2, 25)))]
        loose = [self.subject(KINDS["part"], each) for each in units[:3] for _ in range(2)]
        loose += [self.subject(KINDS["part"], None) for _ in range(2)]
        # Parts that stand in a table of their own: of their units nothing else is handed in.
        apart = self.random.random() < 0.3
        for each in units if apart else []:
            each.rosters = [None] * len(each.rosters)
        self.rows: dict[int, list[Subject]] = {}
        self.frames: list[Frame] = []
        for frame, subjects in lay_out(loose if apart else units, RULES, self.random):
            self.frames.append(frame)
            self.rows[id(frame)] = subjects

    def subject(self, kind: model.Kind, parent: Subject | None) -> Subject:
        place = self.random.choice((None, CITY, EAST, MARKET, WEST, OTHER))
        values = [self.value(BY_NAME[name]) for name in kind.slots]
        subject = Subject(kind, "1", "1", ORIGIN, place, parent, values, [None] * len(kind.children), {})
        for child, slot in kind.children.items():
            luck = self.random.random()
            size = 0 if luck < self.empty else self.random.choice((1, 2, 3, 6))
            members = [self.subject(KINDS[child], subject) for _ in range(size)]
            is_complete = self.untold == 0 or self.random.random() > 0.15
            is_silent = luck < 0.1 or child == self.silent
            subject.rosters[slot] = None if is_silent else Roster(members, is_complete, ORIGIN)
        return subject

    def value(self, of: model.Fact) -> Any:
        if of.every is not None:
            return {key: self.value(replace(of, every=None)) for key in ("2022", "2023", "2024") if self.random.random() < 0.7}
        if self.random.random() < self.untold:
            return UNTOLD
        if of.may_be_none and self.random.random() < 0.3:
            return NONE
        if of.type == DATE:
            return self.day()
        if isinstance(of.type, model.TextType):
            return self.random.choice("东西南北")
        low = -4 if of.minimum is None else of.minimum
        return self.random.randint(low, 6 if of.maximum is None else of.maximum)

    def day(self) -> int:
        return self.random.choice(
            (FIRST_DAY, LAST_DAY, LAST_DAY - 3, FIRST, LAST, *[self.random.randint(FIRST - 40, LAST + 400) for _ in range(20)])
        )

    # --- what is drawn ---

    def drawn(self, draw: Callable[[], Any], packed: Callable[[Random, Sequence[Any]], Any]) -> Pair:
        """Something of each subject, for both evaluators."""
        if self.random.random() < 0.2:
            only = draw()
            draw = lambda: only  # noqa: E731
        of_subject = {id(each): draw() for subjects in self.rows.values() for each in subjects}
        of_frame = {name: packed(self.random, [of_subject[id(each)] for each in rows]) for name, rows in self.rows.items()}
        nobody = packed(self.random, [])
        return lambda subject: of_subject[id(subject)], lambda scope: of_frame.get(id(scope.frame), nobody)

    def numbers(self, draw: Callable[[Random], intervals.Number]) -> Pair:
        return self.drawn(lambda: draw(self.random), pack_numbers)

    def truths(self) -> Pair:
        choices = self.random.choice(((NO, YES), (NO, YES, UNKNOWN), (YES,), (NO,), (UNKNOWN,), (NO, UNKNOWN)))
        return self.drawn(lambda: self.random.choice(choices), pack_truths)

    def where(self) -> Pair:
        return (None, None) if self.random.random() < 0.3 else self.truths()

    def fact(self, kind: str, name: str, up: int = 0, period: str | None = None) -> plan.FactValue:
        for _ in range(up):
            parent = PARENTS[kind]
            kind = parent if parent is not None else kind
        made = BY_NAME[f"{kind}_{name}"]
        return plan.FactValue(made, {kind: KINDS[kind].slots[made.id]}, up, period, ONE)

    def members(self, kind: str) -> plan.Members:
        up, path = self.random.choice(WANTED[kind])
        return plan.Members(tuple(KINDS[each] for each in path), up, (), None, None)


def pack_numbers(random: Random, of: Sequence[Any]) -> columns_numbers.Number:
    """Numbers of rows as a column, in one of the forms that such a column may have."""
    anything = random.choice((0, 7, -9))

    def ends(number: Any) -> tuple[int | None, int | None]:
        return (0, 0) if number is UNDEFINED else tuple(intervals.bounds(number))  # type: ignore[return-value]

    lows = [anything if ends(each)[0] is None else ends(each)[0] for each in of]
    highs = [anything if ends(each)[1] is None else ends(each)[1] for each in of]
    least, most = min([*lows, *highs], default=0), max([*lows, *highs], default=0)
    marks: list[Any] = [
        np.array([ends(each)[0] is None for each in of], bool),
        np.array([ends(each)[1] is None for each in of], bool),
        np.array([each is UNDEFINED for each in of], bool),
    ]
    low: Any = np.array(lows, np.int64)
    high: Any = np.array(highs, np.int64)
    if len({*map(repr, of)}) == 1 and random.random() < 0.5:
        low, high, marks = lows[0], highs[0], [bool(each[0]) for each in marks]
    marks = [False if not np.any(each) and random.random() < 0.7 else each for each in marks]
    is_exact = all(isinstance(each, int) for each in of)
    if is_exact and random.random() < 0.8:
        return columns_numbers.Number(low, low, least, most)
    slack = random.choice((0, 0, 5))
    return columns_numbers.Number(low, high, least - slack, most + slack, *marks)


def exactly(of: Sequence[int]) -> columns_numbers.Number:
    return columns_numbers.of_column(np.array(of, np.int64))


def pack_truths(random: Random, of: Sequence[int]) -> columns_truths.Truth:
    codes = [columns_truths.FROM_ROWS[each] for each in of]
    if len(set(codes)) == 1 and random.random() < 0.5:
        return codes[0]
    if columns_truths.UNKNOWN not in codes and random.random() < 0.7:
        return np.array([each == columns_truths.YES for each in codes], bool)
    return np.array(codes, np.uint8)


def small(random: Random) -> intervals.Number:
    """A number of any form."""
    low = random.randint(-4, 5)
    unsure = (Interval(low, low + random.randint(1, 3)), Interval(None, low), Interval(low, None), Interval(None, None))
    return random.choice((low, low, low, low, *unsure, UNDEFINED))


def known(random: Random) -> intervals.Number:
    return random.randint(-4, 5)


def not_below_zero(random: Random) -> intervals.Number:
    low = random.randint(0, 5)
    return random.choice((low, low, low, low, low, Interval(low, low + 2), Interval(low, None), UNDEFINED))


def huge(random: Random) -> intervals.Number:
    near = random.choice((2**31, 2**32, 3_037_000_499, 2**62, 2**63 - 1, 5)) * random.choice((1, -1))
    return random.choice((near, near + random.choice((0, 1, -1)) * (abs(near) < 2**62), Interval(min(near, 0), max(near, 1))))


def some_day(random: Random) -> intervals.Number:
    one = random.choice((FIRST_DAY, LAST_DAY, FIRST - 3, LAST + 3, random.randint(FIRST - 50, LAST + 50)))
    last = min(one + random.choice((1, 9, 400, 5_000)), LAST_DAY)
    return random.choice(
        (one, one, one, between(one, last), Interval(one, None), Interval(None, one), Interval(None, None), UNDEFINED)
    )


def known_day(random: Random) -> intervals.Number:
    return random.choice((FIRST_DAY, LAST_DAY, *[random.randint(FIRST - 50, LAST + 50) for _ in range(12)]))


# --- what came out ---


def rows_of_number(number: columns_numbers.Number, count: int) -> list[Any]:
    def each(of: Any) -> list[Any]:
        return np.broadcast_to(np.asarray(of), (count,)).tolist()

    found: list[Any] = []
    low, high = each(number.low), each(number.high)
    for start, end, open_low, open_high, undefined in zip(
        low, high, each(number.open_low), each(number.open_high), each(number.undefined), strict=True
    ):
        assert open_low or undefined or number.least <= start <= number.most
        assert open_high or undefined or number.least <= end <= number.most
        found.append("undefined" if undefined else between(None if open_low else start, None if open_high else end))
    if number.texts is not None:
        return [each if each == "undefined" else number.texts[each] for each in found]
    return found


def rows_of_truth(truth: columns_truths.Truth, count: int) -> list[int]:
    return [columns_truths.TO_ROWS[each] for each in columns_truths.array(truth, count).tolist()]


def plain_number(number: Any) -> Any:
    if isinstance(number, Interval):
        return between(*number)
    return "undefined" if number is UNDEFINED else number


def agree(family: Family, kind: str, on_rows: Any, on_columns: Any, is_truth: bool) -> int:
    """Compares both evaluators on every row of every frame of a kind; how many rows there were."""
    count = 0
    for frame in family.frames:
        if frame.kind.id != kind:
            continue
        expected = [on_rows(each) for each in family.rows[id(frame)]]
        found = on_columns(Scope(frame, False, {}))
        if is_truth:
            assert rows_of_truth(found, frame.count) == expected
        else:
            assert rows_of_number(found, frame.count) == [plain_number(each) for each in expected]
        count += frame.count
    return count


@dataclass(frozen=True)
class Case:
    """A primitive on one family: what both evaluators make of it."""

    on_rows: Any
    on_columns: Any
    is_truth: bool


ROWS, COLUMNS = Rows(CALENDAR, PLACES), Columns(CALENDAR, PLACES)
Law = Callable[[Family, str], Case]
LAWS: dict[str, Law] = {}


def law(made: Law) -> Law:
    LAWS[made.__name__] = made
    return made


def case(name: str, pairs: Sequence[Any], is_truth: bool) -> Case:
    """A primitive by its name, with arguments for both: a pair for what differs, else the same for both."""
    of_rows = [each[0] if isinstance(each, tuple) and len(each) == 2 else each for each in pairs]
    of_columns = [each[1] if isinstance(each, tuple) and len(each) == 2 else each for each in pairs]
    return Case(getattr(ROWS, name)(*of_rows), getattr(COLUMNS, name)(*of_columns), is_truth)
