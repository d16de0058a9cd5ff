"""A frame taken block by block, and each block in two goes: as if everything had been told, then the rows of which it was not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from rulecheck.columns import cut
from rulecheck.columns.asked import Asks, FactAsked, MembersAsked, PlaceAsked
from rulecheck.columns.frame import Bits, Flags, Frame
from rulecheck.columns.gathered import sums
from rulecheck.columns.numbers import Marks, any_of
from rulecheck.columns.scope import Scope
from rulecheck.columns.truths import Codes
from rulecheck.dataclass import dataclass
from rulecheck.judging import plan

ROWS: Final = 131_072
"""Rows judged at a time: few enough for a core's own memory to hold what is worked on."""
MOSTLY: Final = 2
"""Where more than one row in so many has something untold, a block is judged once, with what the rows may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A run of a frame's rows. `as_told` takes every value as told, `as_is` none."""

    frame: Frame
    rows: slice
    as_told: Scope
    as_is: Scope

    def worked_out(self, of: Callable[[Scope], Codes], missing: Marks, looks_down: bool) -> Codes:
        """A byte for each row. `missing`: the rows of which not everything was told that is asked."""
        if isinstance(missing, bool):
            return of(self.as_is if missing else self.as_told)
        rows = np.flatnonzero(missing)
        if len(rows) * MOSTLY > self.frame.count:
            return of(self.as_is)
        found = of(self.as_told)
        if len(rows):
            part = cut.some_of(self.frame, rows, looks_down, with_texts=False)
            found[rows] = of(Scope(part, False, self.as_is.shared))
        return found


def blocks(frame: Frame, size: int = ROWS) -> Iterator[Block]:
    """The frame in runs of rows."""
    shared: dict[tuple[int, bool], Scope] = {}
    for first in range(0, frame.count, size):
        rows = slice(first, min(first + size, frame.count))
        part = cut.run_of(frame, rows.start, rows.stop)
        as_is = Scope(part, False, shared)
        yield Block(part, rows, as_is.as_told(), as_is)
    # What leads back to itself would be kept until somebody looks for it.
    shared.clear()


def gaps(asks: Asks, scope: Scope) -> Marks:
    """The rows of which not everything was told that is asked; rosters that are not complete are no gap in this sense."""
    found: Marks = False
    told: Bits | None = None
    for ask in asks:
        match ask:
            case FactAsked(node=node):
                bits = scope.told(node)
                if bits is None:
                    found = any_of(found, scope.missing(node))
                else:
                    told = bits if told is None else told & bits
            case PlaceAsked():
                found = any_of(found, scope.placeless())
            case MembersAsked(members=members, of_each=of_each):
                found = any_of(found, _gaps_below(scope, members, of_each))
    if told is None:
        return found
    return any_of(found, np.unpackbits(~told, count=scope.frame.count, bitorder="little").view(np.bool_))


def _gaps_below(scope: Scope, members: plan.Members, of_each: Asks) -> Marks:
    segments = scope.segments(members)
    below = gaps(of_each, segments.scope)
    if below is False:
        return False
    flags: Flags = segments.ends > segments.starts if below is True else sums(segments, below) > 0
    return flags if segments.rows is None else flags[segments.rows]
