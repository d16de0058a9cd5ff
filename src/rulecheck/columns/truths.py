"""Three-valued truth in columns: NO < UNKNOWN < YES as 0, 1, 2, so that *and* is the lesser and *or* the greater of two.

A truth of a block of rows is one `int` where it is the same for all, an array of bool where it is known for all, else an array of
bytes. What a combination of truths comes to is read off one table (`select`), whatever they are kept as.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rulecheck.columns.frame import Flags
from rulecheck.judging import truth as rows

NO: Final = 0
UNKNOWN: Final = 1
YES: Final = 2

FROM_ROWS: Final = {rows.NO: NO, rows.UNKNOWN: UNKNOWN, rows.YES: YES}
TO_ROWS: Final = {NO: rows.NO, UNKNOWN: rows.UNKNOWN, YES: rows.YES}

Codes = npt.NDArray[np.uint8]
Truth = int | Flags | Codes


def codes(truth: Truth) -> Any:
    """The truth as 0, 1 and 2: a number, or an array of bytes."""
    if isinstance(truth, int):
        return truth
    return truth.view(np.uint8) << 1 if truth.dtype == np.bool_ else truth


def array(truth: Truth, count: int) -> Codes:
    """The truth of each of `count` rows as 0, 1 and 2."""
    found = codes(truth)
    return np.full(count, found, np.uint8) if isinstance(found, int) else found


def both(left: Truth, right: Truth) -> Truth:
    if isinstance(left, int) or isinstance(right, int):
        one, other = (left, right) if isinstance(left, int) else (right, left)
        if one == YES:
            return other
        return NO if one == NO else _with_unknown(other, np.minimum)
    return _joined(left, right, np.minimum)


def either(left: Truth, right: Truth) -> Truth:
    if isinstance(left, int) or isinstance(right, int):
        one, other = (left, right) if isinstance(left, int) else (right, left)
        if one == NO:
            return other
        return YES if one == YES else _with_unknown(other, np.maximum)
    return _joined(left, right, np.maximum)


def _joined(left: Flags | Codes, right: Flags | Codes, join: np.ufunc) -> Truth:
    found: Flags | Codes = join(left, right) if left.dtype == right.dtype else join(codes(left), codes(right))
    return found


def _with_unknown(truth: Truth, join: np.ufunc) -> Truth:
    return int(join(truth, UNKNOWN)) if isinstance(truth, int) else join(codes(truth), np.uint8(UNKNOWN))


def negate(truth: Truth) -> Truth:
    if isinstance(truth, int):
        return YES - truth
    found: Flags | Codes = ~truth if truth.dtype == np.bool_ else np.uint8(YES) - codes(truth)
    return found


def implies(guard: Truth, truth: Truth) -> Truth:
    """What cannot be checked (guard NO) does not count against anybody."""
    return either(negate(guard), truth)


def decided(yes: Flags, no: Flags) -> Codes:
    """YES and NO where said, UNKNOWN elsewhere; nowhere both."""
    found: Codes = yes.view(np.uint8) - no.view(np.uint8)
    found += np.uint8(UNKNOWN)
    return found


# --- what a combination of truths comes to ---

Table = Mapping[tuple[int, ...], int]
"""By a tuple of truths (0, 1, 2), a byte."""


def select(table: Table, truths: Sequence[Truth], count: int) -> Codes:
    """The table's byte for the truths of each of `count` rows."""
    varying = [position for position, truth in enumerate(truths) if not isinstance(truth, int)]
    if any(truths[position].dtype != np.bool_ for position in varying):  # type: ignore[union-attr]
        return _looked_up(table, truths, varying, count)
    known = [truth if isinstance(truth, int) else None for truth in truths]
    found = _chosen(table, truths, known, varying)
    return np.full(count, found, np.uint8) if isinstance(found, int) else found


_LISTED: Final[dict[tuple[int, tuple[int | None, ...]], tuple[Table, Codes]]] = {}
"""What was listed of a table (by its `id`, and the table with it, so that the `id` stays its own) for some truths fixed."""


def _looked_up(table: Table, truths: Sequence[Truth], varying: Sequence[int], count: int) -> Codes:
    fixed = tuple(truth if isinstance(truth, int) else None for truth in truths)
    listed = _LISTED.get((id(table), fixed))
    if listed is None:
        listed = _LISTED[id(table), fixed] = (table, _listed(table, fixed))
    index = np.zeros(count, np.uint8)
    for position in varying:
        index *= np.uint8(3)
        index += codes(truths[position])
    return listed[1].take(index)


def _listed(table: Table, fixed: tuple[int | None, ...]) -> Codes:
    """The table's bytes for all outcomes of the truths that are not fixed, the last of them counting up first."""
    outcomes = product(*((NO, UNKNOWN, YES) if each is None else (each,) for each in fixed))
    return np.array([table[each] for each in outcomes], np.uint8)


def _chosen(table: Table, truths: Sequence[Truth], known: list[int | None], varying: Sequence[int]) -> int | Codes:
    """Where every truth is yes or no: one choice after the other, and none where both lead to the same."""
    if not varying:
        return table[tuple(each for each in known if each is not None)]
    first, *others = varying
    if_yes = _chosen(table, truths, [*known[:first], YES, *known[first + 1 :]], others)
    if_no = _chosen(table, truths, [*known[:first], NO, *known[first + 1 :]], others)
    if isinstance(if_yes, int) and isinstance(if_no, int) and if_yes == if_no:
        return if_yes
    flags: Any = truths[first]
    mask = np.negative(flags.view(np.uint8))  # 0 or 255
    if isinstance(if_yes, int) and isinstance(if_no, int):
        chosen: Codes = (mask & np.uint8(if_yes ^ if_no)) ^ np.uint8(if_no)
        return chosen
    yes, no = np.asarray(if_yes, np.uint8), np.asarray(if_no, np.uint8)
    between: Codes = ((yes ^ no) & mask) ^ no
    return between
