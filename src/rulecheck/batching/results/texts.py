"""Whole numbers in columns as exact text, made once for each different number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from rulecheck.columns.frame import Whole
from rulecheck.explaining.describe import plain_value
from rulecheck.measures.units import exact_text
from rulecheck.rules import model

MOST_PLACES: Final = 6
"""Decimals up to which Arrow writes a decimal without an exponent."""
SAFE: Final = 2**62
"""What is reckoned stays below it, and so fits 64 bits."""
_SHORT: Final = 10**18
"""What a decimal of 64 bits holds stays below it."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DENSE: Final = 4
"""Numbers whose range is at most so many times their count are told apart by a table of the range, others by sorting."""


def different(values: Whole) -> tuple[Whole, Any]:
    """The different values, rising, and by value its place among them."""
    if not len(values):
        return values, np.empty(0, np.int32)
    least, most = int(values.min()), int(values.max())
    if values.dtype == object or most - least > max(4_096, _DENSE * len(values)):
        found, places = np.unique(values, return_inverse=True)
        return found, places.astype(np.int32)
    at = values - least
    is_there = np.zeros(most - least + 1, bool)
    is_there[at] = True
    numbers = np.cumsum(is_there, dtype=np.int32)
    return np.flatnonzero(is_there) + least, numbers[at] - 1


def different_rows(columns: Sequence[Any]) -> tuple[list[int], Any]:
    """Of columns of whole numbers or marks: the first row of each kind that differs, and by row the place of its kind."""
    places: Any = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        found, of_column = different(column)
        # Below the square of the count of rows, so that it fits.
        _, places = different(places.astype(np.int64) * len(found) + of_column)
    count = int(places.max(initial=-1)) + 1
    rows = np.empty(count, np.int64)
    rows[places[::-1]] = np.arange(len(places))[::-1]
    return rows.tolist(), places


def coded(values: Whole, told: Any, to_texts: Callable[[Whole], Any]) -> Any:
    """Texts of values as a dictionary array; null where a value is not `told` (None: all are)."""
    if told is not None:
        if not told.any():
            return constant(None, len(values))
        # What stands where nothing was told has no meaning, and may be no day at all.
        values = np.where(told, values, values[told.argmax()])
    found, places = different(values)
    texts = to_texts(found).dictionary_encode()
    if len(texts.dictionary) < len(texts):
        # Two values with one text: a dictionary holds each text once.
        places = np.asarray(texts.indices)[places]
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=None if told is None else ~told), texts.dictionary)


def texts_of(type_: model.Type) -> Callable[[Whole], Any]:
    """How values are told that are neither numbers nor days, as `plain_value` tells them one by one."""
    return lambda values: pa.array([plain_value(Fraction(each), type_)[0] for each in values.tolist()], pa.string())


def day_texts(days: Whole) -> Any:
    """Days as ISO text."""
    return pa.array(days - _EPOCH, pa.int32()).cast(pa.date32()).cast(pa.string())


def scaled_texts(values: Any, factor: Fraction) -> Any:
    """Whole numbers times a factor as exact text, as `exact_text` writes it."""
    places = places_of(factor.denominator)
    highest = largest(values)
    whole = factor.numerator * 10 ** (places or 0) // factor.denominator if places is not None else 0
    if places is None or places > MOST_PLACES or highest * abs(whole) >= SAFE or values.dtype == object:
        return pa.array([exact_text(int(each) * factor) for each in values.tolist()], pa.string())
    scaled = pa.array(values * whole)
    if not places:
        return scaled.cast(pa.string())
    # A decimal of so many places is the whole number that stands for it, on as many bits or on twice as many.
    if highest * abs(whole) < _SHORT:
        decimals = pa.Array.from_buffers(pa.decimal64(18, places), len(scaled), scaled.buffers())
    else:
        low = np.asarray(scaled)
        wide = np.stack([low, low >> 63], axis=1)
        decimals = pa.Array.from_buffers(pa.decimal128(38, places), len(low), [None, pa.py_buffer(np.ascontiguousarray(wide))])
    return compute.utf8_rtrim(compute.utf8_rtrim(decimals.cast(pa.string()), "0"), ".")


def quotient_texts(above: Any, below: Any, factor: Fraction) -> Any:
    """Quotients of whole numbers (none by zero) times a factor as exact text, as `exact_text` writes them."""
    count = len(above)
    if not count:
        return pa.array([], pa.string())
    highest = largest(above) * abs(factor.numerator), largest(below) * factor.denominator
    if max(highest) >= SAFE or above.dtype == object or below.dtype == object:
        return _one_by_one(above, below, factor)
    return reduced_texts(*reduced(above * factor.numerator, below * factor.denominator))


def reduced(above: Whole, below: Whole) -> tuple[Whole, Whole]:
    """Quotients in lowest terms, with the sign above."""
    common = np.gcd(above, below) * np.where(below < 0, -1, 1)
    return above // common, below // common


def reduced_texts(above: Whole, below: Whole) -> Any:
    """The same texts of quotients in lowest terms, `below` above nought."""
    texts = pa.array(above).cast(pa.string())
    # Without its twos a divisor is odd, and 5²⁶ is the last power of five on 64 bits: decimals end where nothing else is left.
    ends = 5**26 % (below // (below & -below)) == 0
    if not ends.all():
        texts = compute.binary_join_element_wise(texts, pa.array(below).cast(pa.string()), "/")
    wholes = below == 1
    rows = np.flatnonzero(ends & ~wholes)
    if len(rows):
        texts = compute.replace_with_mask(texts, pa.array(ends & ~wholes), _decimals(above[rows], below[rows]))
    if wholes.any() and not ends.all():
        texts = compute.replace_with_mask(texts, pa.array(wholes), pa.array(above[wholes]).cast(pa.string()))
    return texts


def _decimals(above: Whole, below: Whole) -> Any:
    """Quotients whose decimals end."""
    ten = 10**MOST_PLACES
    if (ten % below).any() or largest(above) * ten >= SAFE:
        return _one_by_one(above, below, Fraction(1))
    return scaled_texts(above * (ten // below), Fraction(1, ten))


def _one_by_one(above: Any, below: Any, factor: Fraction) -> Any:
    pairs = zip(above.tolist(), below.tolist(), strict=True)
    return pa.array([exact_text(Fraction(one, other) * factor) for one, other in pairs], pa.string())


def largest(values: Any) -> int:
    """The largest of the values without their signs."""
    return max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0


def places_of(denominator: int) -> int | None:
    """Decimals that a fraction of this denominator needs; None where they never end."""
    places = 0
    while 10**places % denominator:
        places += 1
        if places > 18:
            return None
    return places


def constant(text: str | None, count: int) -> Any:
    """The same text for every row, as a dictionary array."""
    if text is None:
        return pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int32()), _array_of(()))
    return pa.DictionaryArray.from_arrays(_noughts(count.bit_length()).slice(0, count), _array_of((text,)))


@cache
def _noughts(bits: int) -> Any:
    return pa.array(np.zeros(1 << bits, np.int32))


@cache
def _array_of(texts: tuple[str, ...]) -> Any:
    """The same array whenever it is asked for, which Arrow then need not compare."""
    return pa.array(texts, pa.string())
