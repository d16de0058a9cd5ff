"""Arrow's whole numbers and decimals as 64-bit steps, without a loop over rows and without rounding: a value that is not a whole
number of steps, or does not fit 64 bits, is marked instead."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rulecheck.columns.frame import Bits, Flags, Whole

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1


class Nulls:
    """Which rows of an array are null, and some are; of a dictionary array, which indices are. Unpacked when it is asked for."""

    __slots__ = ("_bits", "_count", "_flags", "_skipped")

    def __init__(self, array: pa.Array) -> None:
        buffer = array.buffers()[0]
        first = array.offset // 8
        self._count = len(array)
        self._skipped = array.offset - first * 8
        self._bits: Bits | None = None
        if buffer is not None:
            self._bits = np.frombuffer(buffer, np.uint8, (array.offset + len(array) + 7) // 8 - first, first)
        self._flags: Flags | None = None

    @property
    def flags(self) -> Flags:
        """By row whether it is null."""
        if self._flags is None:
            if self._bits is None:
                self._flags = np.ones(self._count, np.bool_)
            else:
                end = self._skipped + self._count
                self._flags = np.unpackbits(~self._bits, count=end, bitorder="little")[self._skipped :].view(np.bool_)
        return self._flags

    @property
    def told(self) -> Bits | None:
        """The rows that are not null, as `Column.told`; None where they are not packed so."""
        return self._bits if self._skipped == 0 else None


def nulls_of(array: pa.Array) -> Nulls | None:
    """Which rows are null; None where none is."""
    return Nulls(array) if array.null_count else None


def raw_values(array: pa.Array, type: npt.DTypeLike, width: int = 1) -> npt.NDArray[Any]:
    """The values of a fixed-width array as they lie in memory, `width` of `type` a row; what stands at a null is anything."""
    made: npt.NDArray[Any] = np.frombuffer(array.buffers()[1], type, count=(array.offset + len(array)) * width)
    return made[array.offset * width :]


class Steps(NamedTuple):
    """Whole numbers, the rows that come out as no whole number of 64 bits (None: each does) and are 0, and between which two
    numbers everything lies that stands there. What stands at a null is anything that is small."""

    values: Whole
    bad: Flags | None
    least: int
    most: int


def steps_of(array: pa.Array, nulls: Nulls | None, size: Fraction) -> Steps:
    """Whole numbers or decimals × `size`."""
    if pa.types.is_decimal(array.type):
        size = _size_of_scale(size, array.type.scale)
        bits = array.type.bit_width
        if bits <= 64:
            values = raw_values(array, np.int32 if bits == 32 else np.int64).astype(np.int64, copy=False)
            return scaled(small(values, nulls), size, nulls)
        words = raw_values(array, np.int64, bits // 64).reshape(-1, bits // 64)
        low = np.ascontiguousarray(words[:, 0])
        if bits == 128 and len(low) and words[:, 1].min() == 0 == words[:, 1].max() and low.min() >= 0:
            return scaled(small(low, nulls), size, nulls)
        sign = low >> 63
        is_wide = words[:, 1] != sign
        for higher in range(2, bits // 64):
            is_wide |= words[:, higher] != sign
        return _with_wide(low, words, is_wide, nulls, size)
    width, is_signed = array.type.bit_width, pa.types.is_signed_integer(array.type)
    given = raw_values(array, np.dtype(f"{'i' if is_signed else 'u'}{width // 8}"))
    if width == 64 and not is_signed:
        words = np.stack([given.view(np.int64), np.zeros(len(given), np.int64)], axis=1)
        return _with_wide(words[:, 0].copy(), words, given > HIGHEST, nulls, size)
    return scaled(small(given.astype(np.int64, copy=False), nulls), size, nulls)


@cache
def _size_of_scale(size: Fraction, scale: int) -> Fraction:
    return size / Fraction(10) ** scale


_SMALL: Final = 2**31


def small(values: Whole, nulls: Nulls | None) -> Steps:
    """The values; where what stands at nulls is not small, 0 instead."""
    found = _with_ends(values)
    if nulls is None or (found.least >= -_SMALL and found.most < _SMALL):
        return found
    return _with_ends(np.where(nulls.flags, 0, values))


def _with_ends(values: Whole, bad: Flags | None = None) -> Steps:
    return Steps(values, bad, int(values.min()), int(values.max())) if len(values) else Steps(values, bad, 0, 0)


def scaled(given: Steps, size: Fraction, nulls: Nulls | None = None) -> Steps:
    """Numbers none of which is bad × size. Of nulls none comes out bad."""
    values, _, least, most = given
    over, under = size.numerator, size.denominator
    bad: Flags | None = None
    if under > HIGHEST:
        bad = values != 0
    elif under != 1:
        quotients = values // under
        bad = quotients * under != values  # a product beyond 64 bits wraps, and to something else
        values, least, most = quotients, least // under, most // under
    # Proven by the values themselves: a product of what lies between these fits.
    low, high = -(-LOWEST // over), HIGHEST // over
    if least < low or most > high:
        beyond = (values < low) | (values > high)
        bad = beyond if bad is None else bad | beyond
    if bad is not None and bad.any():
        values, _, least, most = _with_ends(np.where(bad, 0, values))
        if nulls is not None:
            bad &= ~nulls.flags
    if bad is not None:
        bad = bad if bad.any() else None
    if over > HIGHEST:
        return Steps(values, bad, 0, 0)  # nothing but 0 is left
    return Steps(values * over if over != 1 else values, bad, least * over, most * over)


# --- values beyond 64 bits, which may come within them by the division ---


def _with_wide(low: Whole, words: Whole, is_wide: Flags, nulls: Nulls | None, size: Fraction) -> Steps:
    """`scaled` of the values `low`, but for the rows `is_wide`, whose values are the `words`."""
    if nulls is not None:
        is_wide = is_wide & ~nulls.flags
    rows = np.flatnonzero(is_wide)
    if not len(rows):
        return scaled(small(low, nulls), size, nulls)
    values, bad, _, _ = scaled(_with_ends(np.where(is_wide if nulls is None else is_wide | nulls.flags, 0, low)), size)
    values = values.copy()
    values[rows], beyond = _scaled_wide(words[rows], size)
    if beyond is not None:
        bad = np.zeros(len(low), np.bool_) if bad is None else bad
        bad[rows] = beyond
    return _with_ends(values, bad)


_HALF: Final = np.uint64(32)
_LOW_HALF: Final = np.uint64(2**32 - 1)


def _scaled_wide(words: Whole, size: Fraction) -> tuple[Whole, Flags | None]:
    """`scaled` of numbers in two's complement, of several words each, the lowest first: division as on paper, digit by digit of
    32 bits."""
    negative = words[:, -1] < 0
    halves = np.ascontiguousarray(words).view(np.uint32).astype(np.uint64)
    digits = [halves[:, number] for number in range(halves.shape[1])]
    carry = negative.astype(np.uint64)
    for number, digit in enumerate(digits):
        complement = np.where(negative, digit ^ _LOW_HALF, digit) + carry
        digits[number], carry = complement & _LOW_HALF, complement >> _HALF
    bad = np.zeros(len(words), np.bool_)
    for divisor in map(np.uint64, _divisors(size.denominator)):
        rest = np.zeros(len(words), np.uint64)
        for number in range(len(digits) - 1, -1, -1):
            current = (rest << _HALF) | digits[number]
            digits[number], rest = current // divisor, current % divisor
        bad |= rest != 0
    for digit in digits[2:]:
        bad |= digit != 0
    size_of = (digits[1] << _HALF) | digits[0]
    bad |= size_of > np.where(negative, np.uint64(-LOWEST), np.uint64(HIGHEST))
    values = np.where(negative, ~size_of + np.uint64(1), size_of).view(np.int64)
    values, beyond, _, _ = scaled(_with_ends(np.where(bad, 0, values)), Fraction(size.numerator))
    if beyond is not None:
        bad |= beyond
    return values, bad if bad.any() else None


def _divisors(number: int) -> list[int]:
    """Numbers of at most 32 bits whose product is a number; what is left of it when its small factors are gone is one of them."""
    found = [1]
    factor = 2
    while factor * factor <= number and factor < 2**16:
        while number % factor == 0:
            number //= factor
            found.append(found.pop() * factor) if found[-1] * factor < 2**32 else found.append(factor)
        factor += 1
    if number >= 2**32:
        raise ValueError("a unit whose size has a prime factor beyond 32 bits")
    found.append(number)
    return found
