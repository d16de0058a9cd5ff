"""Whole numbers in columns as exact text, made once for each different number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from rulecheck.columns.frame import Whole
from rulecheck.explaining.describe import plain_value
from rulecheck.measures.units import exact_text
from rulecheck.rules import model

_MOST_PLACES: Final = 6
"""Decimals up to which Arrow writes a decimal without an exponent."""
_DENSE: Final = 4
"""Numbers whose range is at most so many times their count are told apart by a table of the range, others by sorting."""


def different(values: Whole) -> tuple[Whole, Any]:
    """The different values, rising, and by value its place among them."""
    if not len(values):
        return values, np.empty(0, np.int32)
    least, most = int(values.min()), int(values.max())
    if most - least > max(4_096, _DENSE * len(values)):
        found, places = np.unique(values, return_inverse=True)
        return found, places.astype(np.int32)
    at = values - least
    is_there = np.zeros(most - least + 1, bool)
    is_there[at] = True
    numbers = np.cumsum(is_there, dtype=np.int32)
    return np.flatnonzero(is_there) + least, numbers[at] - 1


def coded(values: Whole, told: Any, to_texts: Callable[[Whole], Any]) -> Any:
    """Texts of values as a dictionary array; null where a value is not `told` (None: all are)."""
    if told is not None:
        if not told.any():
            return constant(None, len(values))
        # What stands where nothing was told has no meaning, and may be no day at all.
        values = np.where(told, values, values[told.argmax()])
    found, places = different(values)
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=None if told is None else ~told), to_texts(found))


def texts_of(type_: model.Type, step: Fraction) -> Callable[[Whole], Any]:
    """How values of a fact are told, as `plain_value` tells them one by one: without their unit."""
    match type_:
        case model.NumberType(unit=unit):
            factor = step if unit is None else step / unit.factor
            return lambda values: scaled_texts(values, factor)
        case model.DateType():
            return lambda values: pa.array([date.fromordinal(each).isoformat() for each in values.tolist()], pa.string())
        case _:
            return lambda values: pa.array([plain_value(Fraction(each), type_)[0] for each in values.tolist()], pa.string())


def scaled_texts(values: Any, factor: Fraction) -> Any:
    """Whole numbers times a factor as exact text, as `exact_text` writes it."""
    places = _places(factor.denominator)
    largest = max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0
    whole = factor.numerator * 10 ** (places or 0) // factor.denominator if places is not None else 0
    if places is None or places > _MOST_PLACES or largest * abs(whole) >= 2**62 or values.dtype == object:
        return pa.array([exact_text(int(each) * factor) for each in values.tolist()], pa.string())
    scaled = pa.array(values * whole)
    if not places:
        return scaled.cast(pa.string())
    # A decimal of so many places is the whole number that stands for it, on twice the bits.
    low = np.asarray(scaled)
    wide = np.stack([low, low >> 63], axis=1)
    decimals = pa.Array.from_buffers(pa.decimal128(38, places), len(low), [None, pa.py_buffer(np.ascontiguousarray(wide))])
    return compute.utf8_rtrim(compute.utf8_rtrim(decimals.cast(pa.string()), "0"), ".")


def _places(denominator: int) -> int | None:
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
        return pa.nulls(count, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text], pa.string()))


def chosen(places: Any, texts: Sequence[str | None]) -> Any:
    """By row the text that stands at a place of `texts`."""
    kept = [each for each in texts if each is not None]
    table = np.array([kept.index(each) if each is not None else -1 for each in texts] or [-1], np.int32)
    found = table[places]
    unique = list(dict.fromkeys(kept))
    again = np.array([unique.index(each) for each in kept] or [-1], np.int32)
    found = np.where(found < 0, -1, again[found])
    return pa.DictionaryArray.from_arrays(pa.array(found.astype(np.int32), mask=found < 0), pa.array(unique, pa.string()))
