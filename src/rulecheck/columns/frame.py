"""Subjects as columns: a frame holds rows of one kind, and leads to the frames of its parents and of its members.

Values are what `submission` says they are, by the fact's type, as 64-bit whole numbers: steps, ordinals, minutes, 1 or 0,
positions. Texts and references are positions in the `texts` of their column. Nothing in a frame is ever a float.
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

TOLD: Final = 0
NOT_TOLD: Final = 1
KNOWN_NONE: Final = 2
"""The states of a value: told, `UNTOLD`, `NONE`."""


@dataclass(slots=True, eq=False)
class Column:
    """The values of one fact, in one period for a periodic one. `state` is None where every value was told; what stands in
    `values` where one was not told has no meaning, and is 0 or something that was told of somebody. `texts`: of a text or
    reference, what `values` point at, each text once. `ends`: the least and the most that was told; ask `bounds`."""

    values: Whole
    state: States | None = None
    texts: Sequence[str] | None = None
    ends: tuple[int, int] | None = None

    def bounds(self) -> tuple[int, int]:
        """Two numbers between which everything lies that was told; worked out once, for all parts of the column."""
        if self.ends is None:
            told = self.values if self.state is None else self.values[self.state == TOLD]
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
