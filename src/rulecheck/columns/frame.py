"""Subjects as columns: a frame holds rows of one kind, and leads to the frames of its parents and of its members.

Values are what `submission` says they are, by the fact's type, as whole numbers of at most 64 bits: steps, ordinals, minutes, 1
or 0, positions. Texts and references are positions in the `texts` of their column. Nothing in a frame is ever a float.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rulecheck.dataclass import dataclass, field
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind
from rulecheck.submission import Slot

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.uint8]
Stored = npt.NDArray[np.signedinteger[Any]]

TOLD: Final = 0
NOT_TOLD: Final = 1
KNOWN_NONE: Final = 2
"""The states of a value: told, `UNTOLD`, `NONE`."""


class Column:
    """The values of one fact, in one period for a periodic one.

    `stored`: the values as signed whole numbers of any width, most often that of the table; `values` are the same in 64 bits.
    What stands there where nothing was told has no meaning; of a day it is something that was told of somebody, or 0. `state` is
    None where every value was told. `told`: in place of `state`, where a value is either told or not: a bit a row, 1 for told,
    packed as Arrow packs them, the first row's the lowest of the first byte. `texts`: of a text or reference, what `values` point
    at, each text once. `ends`: between them lies everything that was told; ask `bounds`.
    """

    __slots__ = ("_state", "ends", "stored", "texts", "told")

    def __init__(
        self,
        stored: Stored,
        state: States | None = None,
        texts: Sequence[str] | None = None,
        ends: tuple[int, int] | None = None,
        told: Bits | None = None,
    ) -> None:
        self.stored = stored
        self._state = state
        self.texts = texts
        self.ends = ends
        self.told = told if state is None else None

    @property
    def values(self) -> Whole:
        """The values in 64 bits."""
        return self.stored.astype(np.int64, copy=False)

    @property
    def state(self) -> States | None:
        """Whether each value was told; None where all were."""
        if self._state is None and self.told is not None:
            self._state = np.unpackbits(~self.told, count=len(self.stored), bitorder="little")
        return self._state

    def run(self, first: int, last: int) -> Column:
        """The rows from `first` up to `last`, which is not among them; nothing is copied."""
        stored, ends = self.stored[first:last], self.bounds()
        if self.told is not None and first % 8 == 0:
            return Column(stored, None, self.texts, ends, self.told[first // 8 : (last + 7) // 8])
        state = self.state
        return Column(stored, None if state is None else state[first:last], self.texts, ends)

    def some(self, rows: Whole) -> Column:
        """Some rows, in the order given."""
        stored, ends, state = self.stored.take(rows), self.bounds(), self._state
        if state is not None:
            state = state.take(rows)
        elif self.told is not None:
            state = (~self.told.take(rows >> 3) >> (rows & 7).astype(np.uint8)) & np.uint8(1)
        return Column(stored, state, self.texts, ends)

    def bounds(self) -> tuple[int, int]:
        """Two numbers between which everything lies that was told; worked out once, for all parts of the column."""
        if self.ends is None:
            state = self.state
            told = self.stored if state is None else self.stored[state == TOLD]
            self.ends = (int(told.min()), int(told.max())) if len(told) else (0, 0)
        return self.ends


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The members of one kind: those of row `i` of the frame above are the rows `starts[i]` to `starts[i + 1]` of `frame`.

    `complete`: by row above, whether these are all of them (None: throughout). A row without members of which nothing was said is
    not complete; one with the statement 无 is complete and has none.
    """

    frame: Frame
    starts: Whole
    complete: Flags | None = None


@dataclass(slots=True, eq=False)
class Frame:
    """Rows of one kind. A slot without a column was told of nobody.

    `places`: by row a position in `place_list`, -1 where nobody said (None: nobody said of any). `parent_rows`: by row the row
    of `parent`, -1 where none was handed in. `members` by kind (English id); a kind that is missing was told of nobody. A frame
    whose parent leads to members of its kind is those members, or part of them: `positions` is then by row its place among
    them, where that is not its own number. `first`: the number of the first row in its table, from 0; `numbers`: that of each
    row, where they do not follow one another. `keys` and `names`: Arrow arrays of texts, for what is shown; nothing is judged
    by them.
    """

    kind: Kind
    count: int
    columns: Mapping[Slot, Column]
    places: Whole | None = None
    place_list: Sequence[Place] = ()
    parent: Frame | None = None
    parent_rows: Whole | None = None
    members: dict[str, Members] = field(default_factory=dict)
    first: int = 0
    positions: Whole | None = None
    keys: Any = None
    names: Any = None
    numbers: Whole | None = None

    def number_of(self, row: int) -> int:
        """The number of a row in its table, from 0."""
        return self.first + row if self.numbers is None else int(self.numbers[row])

    def row_numbers(self) -> Whole:
        """By row its number in its table, from 0."""
        return np.arange(self.first, self.first + self.count) if self.numbers is None else self.numbers
