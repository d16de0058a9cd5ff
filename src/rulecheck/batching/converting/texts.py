"""Columns of texts: plain decimal numbers read all at once, every other distinct text once, by the readers of `check`."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rulecheck.columns.frame import Flags, Whole

_MOST_PLACES: Final = 9
_MOST_DIGITS: Final = 18
"""Digits that fit 64 bits whatever they are, those counted that are put behind to give all numbers the same places."""
_LONGEST: Final = _MOST_DIGITS + 2
_NOUGHT, _POINT, _MINUS = (np.uint8(ord(each)) for each in "0.-")
_POWERS: Final = 10 ** np.arange(_MOST_DIGITS + 1, dtype=np.int64)

Bytes = npt.NDArray[np.uint8]


def as_texts(array: pa.Array) -> pa.Array:
    """An array of texts with offsets, whatever kind of text array it was."""
    return array.cast(pa.large_string()) if pa.types.is_string_view(array.type) else array


def bytes_of(array: pa.Array) -> tuple[Whole, Whole, Bytes]:
    """Where each text of a string array starts and ends in the bytes behind it."""
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, offsets, data = array.buffers()
    if offsets is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8)
    bounds = np.frombuffer(offsets, width, array.offset + len(array) + 1)[array.offset :].astype(np.int64, copy=False)
    return bounds[:-1], bounds[1:], np.frombuffer(data or b"", np.uint8)


def distinct_texts(array: pa.Array) -> list[str]:
    """The texts of an array without nulls. Bytes that are no UTF-8 become U+FFFD, which no reader takes."""
    try:
        found: list[str] = array.to_pylist()
    except UnicodeDecodeError:
        found = [each.as_buffer().to_pybytes().decode("utf-8", "replace") for each in array]
    return found


_GROUPED: Final = r"^-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{1,9})?$"
"""A number with a comma before every three digits, as `check` takes it."""


def without_commas(array: pa.Array) -> pa.Array:
    """The texts, numbers whose digits are grouped in threes without their commas."""
    return pc.if_else(pc.match_substring_regex(array, _GROUPED), pc.replace_substring(array, ",", ""), array)


def plain_decimals(array: pa.Array) -> tuple[Whole, int, Flags]:
    """The texts that are ASCII digits with perhaps a minus before, and a point and up to nine digits behind: `120`, `-0.50`.

    As whole numbers of 10⁻ᵖ, with p and which rows they are. What begins with a nought that is not the only digit before the
    point is none of them.
    """
    starts, ends, data = bytes_of(array)
    lengths = ends - starts
    plain = (lengths > 0) & (lengths <= _LONGEST)
    longest = int(lengths[plain].max()) if plain.any() else 0
    values = np.zeros(len(starts), np.int64)
    if not longest:
        return values, 0, plain
    last = max(len(data) - 1, 0)
    shortest = int(lengths.min())
    first = data[np.minimum(starts, last)]
    negative = (first == _MINUS) & plain
    is_signed = bool(negative.any())
    if is_signed:
        starts = starts + negative
        lengths = lengths - negative
        shortest -= 1
        plain &= lengths > 0
        first = data[np.minimum(starts, last)]
    points = np.full(len(starts), -1, np.int8)
    """Where the point stands in the text."""
    has_points = False
    for place in range(longest):
        byte = data[starts + place] if place < shortest else data[np.minimum(starts + place, last)]
        digit = byte - _NOUGHT
        other = digit > 9
        if place < shortest:
            inside = None
        else:
            inside = lengths > place
            other &= inside
        if other.any():
            point = other & (byte == _POINT) & (points < 0)
            if point.any():
                has_points = True
                points[point] = place
            plain &= ~other | point
            taken = ~other if inside is None else inside & ~other
            values = np.where(taken, values * 10 + digit, values)
        elif inside is None:
            values = values * 10 + digit
        else:
            values = np.where(inside, values * 10 + digit, values)
    # a nought before another digit
    second = data[np.minimum(starts + 1, last)]
    plain &= ~((first == _NOUGHT) & (lengths > 1) & (second != _POINT))
    digits = lengths
    most = 0
    if has_points:
        pointed = points >= 0
        places = np.where(pointed, lengths - points - 1, 0)
        plain &= ~pointed | ((points > 0) & (places > 0) & (places <= _MOST_PLACES))
        most = int(places[plain].max(initial=0))
        missing = np.where(plain, most - places, 0)
        digits = lengths - pointed + missing
        if most:
            values = values * _POWERS[missing]
    plain &= digits <= _MOST_DIGITS
    if is_signed:
        values = np.where(negative, -values, values)
    return values, most, plain
