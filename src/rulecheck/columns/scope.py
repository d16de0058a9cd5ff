"""From a frame to the rows above and below it, with what was worked out once kept while the frame is judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rulecheck.columns import numbers
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Bits, Column, Flags, Frame, Members, States, Stored, Whole
from rulecheck.columns.numbers import Marks, Number
from rulecheck.columns.truths import Truth
from rulecheck.dataclass import dataclass
from rulecheck.judging import plan
from rulecheck.rules.model import DateType, Kind


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A fact's values as they came, a row each: `state` is one for all rows or one a row. `ends`: between which they lie."""

    values: Stored | None
    state: int | States
    texts: Any = None
    ends: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The members asked for: those of owner `i` are the rows `starts[i]` to `ends[i]` of `scope`. The last owner has none and is
    nobody: for whoever has nobody above. `rows`: by row of the asking frame its owner (None: each row its own)."""

    scope: Scope
    starts: Whole
    ends: Whole
    complete: Any
    rows: Whole | None


class Scope:
    """A frame while it is judged. `is_told`: every value is taken as told; rows of which that is not so are judged again."""

    __slots__ = (
        "_above", "_columns", "_members", "_missing", "_numbers", "_of_place", "_placeless", "_segments",
        "frame", "is_told", "shared",
    )  # fmt: skip

    def __init__(self, frame: Frame, is_told: bool, shared: dict[tuple[int, bool], Scope]) -> None:
        """`shared`: the scopes of frames above, for all blocks of a run: by the frame's `id`, which they keep alive."""
        self.frame = frame
        self.is_told = is_told
        self.shared = shared
        self._above: dict[int, tuple[Scope, Whole | None] | None] = {}
        self._columns: dict[Any, Column | None] = {}
        self._numbers: dict[Any, Number] = {}
        self._missing: dict[Any, Marks] = {}
        self._placeless: Marks | None = None
        self._of_place: dict[Any, Truth] = {}
        self._members: dict[str, Scope] = {}
        self._segments: dict[Any, Segments] = {}

    def as_told(self) -> Scope:
        """The same frame, taking every value as told."""
        found = Scope(self.frame, True, self.shared)
        found._columns = self._columns
        return found

    # --- values ---

    def raw(self, node: plan.FactValue) -> Raw:
        """The values of a fact of the frame's rows, or of those above them."""
        found = self._stored(node)
        if found is None:
            return Raw(None, NOT_TOLD)
        column, rows = found
        # What is taken as told is compared as it is kept; whatever is reckoned with is widened first (`numbers`).
        values = column.stored if self.is_told else column.values
        return Raw(values if rows is None else values[rows], self._state(column, rows), column.texts, column.bounds())

    def _stored(self, node: plan.FactValue) -> tuple[Column, Whole | None] | None:
        """The column in which a fact stands, and by row of this frame the row there (-1: none; None: its own)."""
        found = self.above(node.up)
        if found is None:
            return None
        scope, rows = found
        slot = node.slots.get(scope.frame.kind.id)
        column = None if slot is None else scope.column(slot if node.period is None else (slot, node.period))
        if column is None or (rows is not None and not len(column.stored)):
            return None
        return column, rows

    def _state(self, column: Column, rows: Whole | None) -> int | States:
        if self.is_told:
            return TOLD
        if rows is None:
            state = column.state
            return TOLD if state is None else state
        of_rows = np.full(len(rows), TOLD, np.uint8) if column.state is None else column.state[rows]
        of_rows[rows < 0] = NOT_TOLD
        return of_rows

    def missing(self, node: plan.FactValue) -> Marks:
        """The rows of which a fact was not told, or is known to be none."""
        key = (node.fact.id, node.up, node.period)
        if key not in self._missing:
            found = self._stored(node)
            self._missing[key] = True if found is None else self._state(*found) != TOLD
        return self._missing[key]

    def placeless(self) -> Marks:
        """The rows of which nobody said where they are."""
        if self._placeless is None:
            places = self.frame.places
            flags: Any = places is None or places < 0
            self._placeless = flags if np.any(flags) else False
        return self._placeless

    def of_place(self, key: Any, truth: Callable[[], Truth]) -> Truth:
        """A truth that hangs on nothing but where the rows are, worked out once; rules of one place ask for the same."""
        if key not in self._of_place:
            self._of_place[key] = truth()
        return self._of_place[key]

    def told(self, node: plan.FactValue) -> Bits | None:
        """A bit a row, 1 for told, where a fact is kept so (`Column.told`)."""
        found = self._stored(node)
        return found[0].told if found is not None and found[1] is None else None

    def column(self, slot: Any) -> Column | None:
        """A column of this frame."""
        if slot not in self._columns:
            self._columns[slot] = self.frame.columns.get(slot)
        return self._columns[slot]

    def number(self, node: plan.FactValue, untold: Number) -> Number:
        """The numbers of a fact; `untold`: what one may be that was not told."""
        key = (node.fact.id, node.up, node.period)
        found = self._numbers.get(key)
        if found is None:
            raw = self.raw(node)
            found = self._numbers[key] = self._number(raw, self.filled(node, raw), untold)
        return found

    def filled(self, node: plan.FactValue, raw: Raw) -> Number:
        """The values as numbers; for a day that was not told stands another, so that a table of days stays small."""
        if raw.values is None:
            return numbers.constant(0)
        values = raw.values
        if isinstance(node.fact.type, DateType) and len(values) and values.min() < raw.ends[0]:
            values = np.maximum(values, raw.ends[0])
        return Number(values, values, *raw.ends)

    def _number(self, raw: Raw, told: Number, untold: Number) -> Number:
        if raw.values is None:
            return untold if raw.texts is None else Number(0, 0, 0, 0, undefined=True, texts=raw.texts)
        if isinstance(raw.state, int):
            return Number(told.low, told.high, told.least, told.most, texts=raw.texts)
        missing = raw.state == NOT_TOLD
        none = raw.state == KNOWN_NONE
        if raw.texts is not None:
            return Number(told.low, told.low, told.least, told.most, undefined=missing | none, texts=raw.texts)
        if untold.undefined is not False:
            return Number(told.low, told.low, told.least, told.most, undefined=missing | none)
        # An open end keeps what stands there: it is looked at nowhere.
        low = told.low if untold.open_low else _but(told.low, missing, untold.low)
        high = told.low if untold.open_high else _but(told.low, missing, untold.high)
        return Number(
            low,
            high,
            told.least if untold.open_low and untold.open_high else min(told.least, untold.least),
            told.most if untold.open_low and untold.open_high else max(told.most, untold.most),
            missing if untold.open_low else False,
            missing if untold.open_high else False,
            none if none.any() else False,
        )

    # --- rows above and below ---

    def above(self, steps: int) -> tuple[Scope, Whole | None] | None:
        """The scope so many steps above, and by row of this frame the row there (-1: none); None where nobody has one."""
        if steps == 0:
            return self, None
        if steps not in self._above:
            below = self.above(steps - 1)
            found = None
            if below is not None and below[0].frame.parent is not None and below[0].frame.parent_rows is not None:
                scope, rows = below
                parent_rows = scope.frame.parent_rows
                assert parent_rows is not None
                assert scope.frame.parent is not None
                if rows is not None:
                    # The last row stands in for nobody.
                    parent_rows = np.append(parent_rows, -1)[rows]
                found = (scope.parent(scope.frame.parent), parent_rows)
            self._above[steps] = found
        return self._above[steps]

    def parent(self, frame: Frame) -> Scope:
        key = (id(frame), self.is_told)
        found = self.shared.get(key)
        if found is None:
            found = self.shared[key] = Scope(frame, self.is_told, self.shared)
        return found

    def members(self, kind: str) -> Scope:
        if kind not in self._members:
            self._members[kind] = Scope(self.frame.members[kind].frame, self.is_told, self.shared)
        return self._members[kind]

    def nobody(self, kind: Kind) -> Scope:
        """Members of whom none was handed in."""
        return Scope(Frame(kind, 0, {}), self.is_told, self.shared)

    def segments(self, members: plan.Members) -> Segments:
        """Where the members stand that are asked for."""
        key = (members.up, tuple(each.id for each in members.path))
        if key not in self._segments:
            self._segments[key] = self._reached(members)
        return self._segments[key]

    def _reached(self, members: plan.Members) -> Segments:
        found = self.above(members.up)
        kind = members.path[-1]
        if found is None:
            nobody = np.zeros(1, np.int64)
            all_rows = np.zeros(self.frame.count, np.int64)
            return Segments(self.nobody(kind), nobody, nobody, np.zeros(1, bool), all_rows)
        scope, rows = found
        starts: Any = None
        complete: Any = np.ones(scope.frame.count, bool)
        for each in members.path:
            below = scope.frame.members.get(each.id)
            if below is None:
                # Of whoever is there nothing was said; below nobody there is nobody, for certain.
                complete = np.zeros(len(complete), bool) if starts is None else complete & (starts[1:] == starts[:-1])
                starts = np.zeros(len(complete) + 1, np.int64)
                scope = self.nobody(each)
                continue
            if starts is None:
                starts = below.starts
                complete = complete if below.complete is None else below.complete
            else:
                complete = complete & _all_of(below, starts)
                starts = below.starts[starts]
            scope = scope.members(each.id)
        if rows is None:
            return Segments(scope, starts[:-1], starts[1:], complete, None)
        nobody = starts[-1:]
        return Segments(scope, np.append(starts[:-1], nobody), np.append(starts[1:], nobody), np.append(complete, False), rows)


def _but(values: Any, missing: Flags, end: Any) -> Whole:
    """The values, and another where they are missing."""
    found: Whole = values.copy()
    np.copyto(found, end, where=missing)
    return found


def _all_of(below: Members, starts: Whole) -> Any:
    """By owner, whether the members of every row from `starts[i]` to `starts[i + 1]` are complete."""
    if below.complete is None:
        return True
    failing = np.concatenate(([0], np.cumsum(~below.complete)))
    return failing[starts[1:]] == failing[starts[:-1]]
