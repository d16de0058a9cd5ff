"""Whole numbers in columns, exact or between bounds, as `judging.intervals` has them one by one.

Every column carries bounds of what stands in it, and whatever is reckoned with it is proven to fit 64 bits before it is reckoned;
what might not fit raises `TooLarge`, and the rule is judged row by row instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from rulecheck.columns import truths
from rulecheck.columns.frame import Flags, Stored
from rulecheck.columns.truths import NO, UNKNOWN, YES, Truth, decided
from rulecheck.dataclass import dataclass

LEAST: Final = -(2**63)
MOST: Final = 2**63 - 1

Ends = int | Stored
"""One number for all rows, or one a row; compared as wide as it is kept, reckoned with in 64 bits."""
Marks = bool | Flags
"""One answer for all rows, or one a row."""


class TooLarge(Exception):
    """A number that may not fit 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """What a number is or lies between, by row; of an exact one `high` is `low` itself. An open end has a value without meaning.

    `undefined`: there is no such number (无 where one is needed). `least`, `most`: of everything in `low` and `high`. `texts`: of
    a text, what the numbers point at; texts that were not told are undefined.
    """

    low: Ends
    high: Ends
    least: int
    most: int
    open_low: Marks = False
    open_high: Marks = False
    undefined: Marks = False
    texts: Sequence[str] | None = None

    @property
    def is_exact(self) -> bool:
        return self.high is self.low and self.open_low is False and self.open_high is False and self.undefined is False


def constant(value: int) -> Number:
    return Number(value, value, value, value)


def fits(least: int, most: int) -> None:
    """Proves that everything from `least` to `most` fits 64 bits."""
    if least < LEAST or most > MOST:
        raise TooLarge


def exact(values: Ends, least: int, most: int) -> Number:
    fits(least, most)
    return Number(values, values, least, most)


def between(low: int | None, high: int | None, undefined: bool = False) -> Number:
    """The same bounds for every row; None is open."""
    ends = [each for each in (low, high) if each is not None] or [0]
    fits(min(ends), max(ends))
    first, last = (ends[0] if each is None else each for each in (low, high))
    return Number(first, last if last != first else first, min(ends), max(ends), low is None, high is None, undefined)


def of_column(values: Stored) -> Number:
    """Exact values, a number a row."""
    if not len(values):
        return constant(0)
    return Number(values, values, int(values.min()), int(values.max()))


# --- marks ---


def any_of(left: Marks, right: Marks) -> Marks:
    if left is False or right is True:
        return right
    if right is False or left is True:
        return left
    return left | right


def where(marks: Marks, if_so: Ends, if_not: Ends) -> Ends:
    if marks is True or if_so is if_not:
        return if_so
    return if_not if marks is False else np.where(marks, if_so, if_not)


# --- arithmetic ---


def wide(ends: Ends) -> Any:
    """In 64 bits: what is proven to fit them may be reckoned with."""
    return ends if isinstance(ends, int) else ends.astype(np.int64, copy=False)


def _times(ends: Ends, factor: int) -> Ends:
    found: Ends = ends if factor == 1 else wide(ends) * factor
    return found


def scale(number: Number, factor: int) -> Number:
    """The number so many times; `factor` is not zero."""
    if factor == 1:
        return number
    least, most = sorted((number.least * factor, number.most * factor))
    fits(least, most)
    low = _times(number.low, factor)
    if number.is_exact:
        return Number(low, low, least, most)
    high = low if number.high is number.low else _times(number.high, factor)
    if factor > 0:
        return Number(low, high, least, most, number.open_low, number.open_high, number.undefined)
    return Number(high, low, least, most, number.open_high, number.open_low, number.undefined)


def add(left: Number, right: Number) -> Number:
    least, most = left.least + right.least, left.most + right.most
    fits(least, most)
    low = wide(left.low) + wide(right.low)
    if left.is_exact and right.is_exact:
        return Number(low, low, least, most)
    high = low if left.high is left.low and right.high is right.low else wide(left.high) + wide(right.high)
    return Number(
        low,
        high,
        least,
        most,
        any_of(left.open_low, right.open_low),
        any_of(left.open_high, right.open_high),
        any_of(left.undefined, right.undefined),
    )


def multiply(left: Number, right: Number) -> Number:
    products = [one * other for one in (left.least, left.most) for other in (right.least, right.most)]
    least, most = min(0, *products), max(0, *products)
    fits(least, most)
    if left.is_exact and right.is_exact:
        product = wide(left.low) * wide(right.low)
        return Number(product, product, least, most)
    for one, other in ((left, right), (right, left)):
        if one.is_exact and isinstance(one.low, int) and one.low:
            return scale(other, one.low)
    # The ends of a product are among the products of the ends. Nothing times an open end is nothing.
    low: Any = None
    high: Any = None
    open_low: Marks = False
    open_high: Marks = False
    for a, a_open, a_sign in ((wide(left.low), left.open_low, -1), (wide(left.high), left.open_high, 1)):
        for b, b_open, b_sign in ((wide(right.low), right.open_low, -1), (wide(right.high), right.open_high, 1)):
            corner: Any = a * b
            sign_a: Any = where(a_open, a_sign, np.sign(a))
            sign_b: Any = where(b_open, b_sign, np.sign(b))
            signs = sign_a * sign_b
            is_open = any_of(a_open, b_open)
            endless_up = _and(is_open, signs > 0)
            endless_down = _and(is_open, signs < 0)
            corner = where(is_open, 0, corner)
            open_low, open_high = any_of(open_low, endless_down), any_of(open_high, endless_up)
            # A corner that is endless is no end of the other side.
            low = _joined(np.minimum, low, where(endless_up, most, corner))
            high = _joined(np.maximum, high, where(endless_down, least, corner))
    return Number(low, high, least, most, open_low, open_high, any_of(left.undefined, right.undefined))


def _and(left: Marks, right: Any) -> Marks:
    if left is False:
        return False
    found = left & right
    return bool(found) if np.ndim(found) == 0 else found


def _joined(join: Callable[..., Any], one: Any, other: Any) -> Any:
    return other if one is None else join(one, other)


# --- comparisons ---


def at_least(left: Number, left_factor: int, right: Number, right_factor: int) -> Truth:
    """left × left_factor ≥ right × right_factor; the factors are above zero."""
    if left.is_exact and right.is_exact:
        # A threshold is brought to the column's own steps, so that nothing is multiplied a row.
        if isinstance(right.low, int):
            return _exactly(np.greater_equal, left, -(-right.low * right_factor // left_factor))
        if isinstance(left.low, int):
            return _exactly(np.less_equal, right, left.low * left_factor // right_factor)
        one, other = scale(left, left_factor), scale(right, right_factor)
        return np.greater_equal(one.low, other.low)
    one, other = scale(left, left_factor), scale(right, right_factor)
    yes = _without(np.greater_equal(one.low, other.high), one.open_low, other.open_high, one.undefined, other.undefined)
    no = _without(np.less(one.high, other.low), one.open_high, other.open_low, one.undefined, other.undefined)
    return _three(yes, no)


def more_than(left: Number, left_factor: int, right: Number, right_factor: int) -> Truth:
    return truths.negate(at_least(right, right_factor, left, left_factor))


def equal(left: Number, left_factor: int, right: Number, right_factor: int) -> Truth:
    if left.texts is not None or right.texts is not None:
        return _equal_texts(left, right)
    if left.is_exact and right.is_exact:
        if isinstance(left.low, int):
            left, left_factor, right, right_factor = right, right_factor, left, left_factor
        if isinstance(right.low, int):
            wanted, rest = divmod(right.low * right_factor, left_factor)
            return NO if rest else _exactly(np.equal, left, wanted)
        one, other = scale(left, left_factor), scale(right, right_factor)
        return np.equal(one.low, other.low)
    one, other = scale(left, left_factor), scale(right, right_factor)
    missing = one.undefined, other.undefined
    below = _without(np.less(one.high, other.low), one.open_high, other.open_low, *missing)
    above = _without(np.less(other.high, one.low), other.open_high, one.open_low, *missing)
    # Equal only where both are one number: an interval that shrank to one is that number.
    alike: Any = np.equal(one.low, one.high) & np.equal(other.low, other.high) & np.equal(one.low, other.low)
    same = _without(alike, one.open_low, one.open_high, other.open_low, other.open_high, *missing)
    return _three(same, below | above)


def _equal_texts(left: Number, right: Number) -> Truth:
    if left.texts is None or right.texts is None:
        return UNKNOWN
    left_codes: Any = left.low
    right_codes: Any = right.low
    if left.texts is not right.texts:
        numbers = {text: number for number, text in enumerate(left.texts)}
        table = np.array([numbers.get(text, -1) for text in right.texts] or [-1], np.int64)
        right_codes = table[right_codes]
    missing = left.undefined, right.undefined
    return _three(
        _without(np.equal(left_codes, right_codes), *missing), _without(np.not_equal(left_codes, right_codes), *missing)
    )


def _exactly(compare: np.ufunc, number: Number, limit: int) -> Truth:
    """A comparison of exact values with one number, which may lie far outside of what fits."""
    if isinstance(number.low, int):
        return YES if compare(number.low, limit) else NO
    if LEAST <= limit <= MOST:
        found: Flags = compare(number.low, limit)
        return found
    # Python's own integers say on which side of every value the limit lies.
    return YES if compare(0, 1 if limit > 0 else -1) else NO


def _without(flags: Any, *marks: Marks) -> Any:
    """The flags, but none where a mark is."""
    for each in marks:
        if each is True:
            return False
        if each is not False:
            flags = flags & ~each
    return flags


def _three(yes: Any, no: Any) -> Truth:
    if np.ndim(yes) == 0 and np.ndim(no) == 0:
        return YES if yes else NO if no else UNKNOWN
    if np.shape(yes) != np.shape(no):
        yes, no = np.broadcast_arrays(yes, no)
    return decided(yes, no)


# --- one among several ---


def exact_rows(number: Number) -> Marks:
    """Where a number is one number."""
    if number.is_exact:
        return True
    alike: Any = np.equal(number.low, number.high)
    for each in (number.open_low, number.open_high, number.undefined):
        if each is True:
            return False
        if each is not False:
            alike = alike & ~each
    return bool(alike) if np.ndim(alike) == 0 else alike


def known_but(flags: Flags, undefined: Marks) -> Truth:
    """The flags as truths; unknown where there is no number."""
    if undefined is False:
        return flags
    return UNKNOWN if undefined is True else decided(flags & ~undefined, ~flags & ~undefined)


def among(number: Number, values: Sequence[int]) -> Truth:
    """Whether an exact number is one of the values."""
    if isinstance(number.low, int):
        return YES if number.low in values else NO
    found = np.zeros(len(number.low), bool)
    for each in values:
        if number.least <= each <= number.most:
            found |= number.low == each
    return found


def among_intervals(number: Number, values: Sequence[int], widest: int) -> Truth:
    """Whether what lies between bounds is one of the values whatever it is; an open or very wide interval is not looked into."""
    inside: Any = 0
    for each in values:
        inside = inside + (np.less_equal(number.low, each) & np.greater_equal(number.high, each))
    width: Any = np.subtract(wide(number.high), wide(number.low))
    narrow: Any = (width >= 0) & (width <= widest)
    missing = number.open_low, number.open_high, number.undefined
    yes = _without(narrow & (inside == width + 1), *missing)
    no = _without(narrow & np.equal(inside, 0), *missing)
    return _three(yes, no)
