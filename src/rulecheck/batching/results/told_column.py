"""A column of the rows told of, put together limb by limb; a text is made once for all the rows of the column that have it.

Numbers of whatever scale are brought to one power of ten and told apart as whole numbers before any is written out. In the
dictionary that comes of it every text stands once, as Parquet needs it: of a dictionary that holds a text twice the writer would
give other texts to the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rulecheck.batching.results.tables import numbered
from rulecheck.batching.results.texts import (
    MOST_PLACES,
    SAFE,
    coded,
    day_texts,
    largest,
    places_of,
    quotient_texts,
    reduced,
    reduced_texts,
    scaled_texts,
)
from rulecheck.columns.frame import Flags, Whole
from rulecheck.dataclass import dataclass

_LIKE_FIGURES: Final = tuple("-0123456789")
"""What numbers and days begin with. No number reads like a day, which has a `-` inside."""
_OFTEN: Final = 2
"""How often a text stands on average from which on they are kept in a dictionary."""
_HALF: Final = 32
"""Bits of each of two numbers that are told apart as one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """Whole numbers times a factor. `rows`: a run of rows of the column, or the number of each."""

    rows: Any
    values: Any
    factor: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class _Quotients:
    """Quotients in lowest terms, `below` above nought."""

    rows: Any
    above: Whole
    below: Whole


class ToldColumn:
    """A column of so many texts, all of them null to begin with. What is told of `first` and on is told of no row before."""

    def __init__(self, count: int) -> None:
        self._places = np.full(count, -1, np.int32)
        self._words: dict[str, int] = {}
        self._numbers: list[_Figures] = []
        self._days: list[_Figures] = []
        self._quotients: list[_Quotients] = []
        self._others: list[tuple[Any, Any]] = []
        self._is_apart = True

    # --- what is told of the rows from `first` on ---

    def same(self, first: int, count: int, text: str | None) -> None:
        """One text for all of them."""
        if text is not None:
            self._places[first : first + count] = self._place(text)

    def marked(self, first: int, marks: Flags, text: str) -> None:
        """One text where marked."""
        if marks.any():
            rows, _ = _known(first, marks)
            self._places[rows] = self._place(text)

    def words(self, rows: Any, places: Any, texts: Sequence[str | None]) -> None:
        """The text that stands at a place of `texts`, for some rows of the column."""
        self._places[rows] = np.array([-1 if each is None else self._place(each) for each in texts], np.int32).take(places)

    def coded(self, first: int, texts: Any) -> None:
        """Few texts as a dictionary array; null is null."""
        table = np.array([self._place(each) for each in texts.dictionary.to_pylist()], np.int32)
        rows, (places,) = _known(first, np.asarray(texts.is_valid()), np.asarray(texts.indices.fill_null(0)))
        self._places[rows] = table.take(places)

    def numbers(self, first: int, values: Any, known: Flags | None, factor: Fraction) -> None:
        """Whole numbers times a factor where known (None: throughout)."""
        places = places_of(factor.denominator)
        if places is None or places > MOST_PLACES:
            # Thirds and the like, such as hours of minutes; and steps much smaller than what they count.
            self.quotients(first, values, np.ones(len(values), np.int64), known, factor)
        else:
            _add(self._numbers, first, values, known, factor)

    def days(self, first: int, values: Whole, known: Flags | None) -> None:
        _add(self._days, first, values, known, Fraction(1))

    def quotients(self, first: int, above: Any, below: Any, known: Flags | None, factor: Fraction) -> None:
        """above ÷ below × factor where known; `below` is not nought there."""
        rows, (above, below) = _known(first, known, above, below)
        if not len(above):
            return
        highest = max(largest(above) * abs(factor.numerator), largest(below) * factor.denominator)
        if highest >= SAFE or above.dtype == object or below.dtype == object:
            self._other(rows, quotient_texts(above, below, factor))
            return
        above, below = reduced(above * factor.numerator, below * factor.denominator)
        ends = 10**MOST_PLACES % below == 0
        numbers = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        if not ends.all():
            self._quotients.append(_Quotients(numbers[~ends], above[~ends], below[~ends]))
        if ends.any():
            above, below = above[ends], below[ends]
            ten = next(10**places for places in range(MOST_PLACES + 1) if (10**places % below == 0).all())
            if largest(above) * ten >= SAFE:
                self._other(numbers[ends], quotient_texts(above, below, Fraction(1)))
            else:
                self._numbers.append(_Figures(numbers[ends], above * (ten // below), Fraction(1, ten)))

    def _other(self, rows: Any, texts: Any) -> None:
        """Texts of which nobody knows whether they stand elsewhere too."""
        self._others.append((rows, texts.dictionary_encode()))
        self._is_apart = False

    def _place(self, text: str) -> int:
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = len(self._words)
            self._is_apart = self._is_apart and not text.startswith(_LIKE_FIGURES)
        return found

    # --- all of it ---

    def array(self) -> Any:
        """The column: a dictionary array, or plain texts where most rows have one of their own."""
        numbers = self._of_one_scale()
        texts = [pa.array(list(self._words), pa.string())]
        start = len(self._words)
        for found, pieces in (
            (_told_days(self._days), self._days),
            (_told_numbers(numbers), numbers),
            (_told_quotients(self._quotients), self._quotients),
        ):
            if found is not None:
                places, of_these = found
                _put(self._places, pieces, places + np.int32(start))
                texts.append(of_these)
                start += len(of_these)
        for rows, encoded in self._others:
            self._places[rows] = np.asarray(encoded.indices) + start
            texts.append(encoded.dictionary)
            start += len(encoded.dictionary)
        return self._joined(pa.concat_arrays(texts))

    def _joined(self, texts: Any) -> Any:
        places = self._places
        if not self._is_apart:
            encoded = texts.dictionary_encode()
            if len(encoded.dictionary) < len(texts):
                places = np.append(np.asarray(encoded.indices), np.int32(-1))[places]
                texts = encoded.dictionary
        if np.count_nonzero(places >= 0) < _OFTEN * len(texts):
            return texts.take(pa.array(places, mask=places < 0))
        return numbered(places, texts)

    def _of_one_scale(self) -> list[_Figures]:
        """The numbers as whole numbers of one scale; those that it would make too large are told apart by their texts."""
        found, places = [], 0
        for each in self._numbers:
            if each.values.dtype == object:
                self._other(each.rows, _texts_of_numbers(each))
            else:
                found.append(each)
                places = max(places, places_of(each.factor.denominator) or 0)
        brought = []
        for each in found:
            factor = each.factor * 10**places
            assert factor.denominator == 1
            if largest(each.values) * abs(factor.numerator) >= SAFE:
                self._other(each.rows, _texts_of_numbers(each))
            else:
                values = each.values if factor == 1 else each.values * factor.numerator
                brought.append(_Figures(each.rows, values, Fraction(1, 10**places)))
        return brought


def _texts_of_numbers(figures: _Figures) -> Any:
    return coded(figures.values, None, lambda values: scaled_texts(values, figures.factor)).dictionary_decode()


def _told_days(figures: list[_Figures]) -> tuple[Any, Any] | None:
    """The place of each among the different texts, and these."""
    if not figures:
        return None
    encoded = pa.array(np.concatenate([each.values for each in figures])).dictionary_encode()
    return np.asarray(encoded.indices), day_texts(np.asarray(encoded.dictionary))


def _told_numbers(figures: list[_Figures]) -> tuple[Any, Any] | None:
    if not figures:
        return None
    encoded = pa.array(np.concatenate([each.values for each in figures])).dictionary_encode()
    places, values = np.asarray(encoded.indices), np.asarray(encoded.dictionary)
    factor = figures[0].factor
    if factor == 1:
        return places, scaled_texts(values, factor)
    # Those without decimals come first: as whole numbers they are written out in half the time.
    is_whole = values % factor.denominator == 0
    wholes, others = np.flatnonzero(is_whole), np.flatnonzero(~is_whole)
    moved = np.empty(len(values), np.int32)
    moved[wholes] = np.arange(len(wholes))
    moved[others] = np.arange(len(wholes), len(values))
    texts = [scaled_texts(values.take(wholes) // factor.denominator, Fraction(1)), scaled_texts(values.take(others), factor)]
    return moved.take(places), pa.concat_arrays(texts)


def _told_quotients(quotients: list[_Quotients]) -> tuple[Any, Any] | None:
    """Quotients in lowest terms that no decimal of few places tells: such as differ have different texts."""
    if not quotients:
        return None
    above = np.concatenate([each.above for each in quotients])
    below = np.concatenate([each.below for each in quotients])
    if max(largest(above), largest(below)) >= 2 ** (_HALF - 1):
        texts = quotient_texts(above, below, Fraction(1)).dictionary_encode()
        return np.asarray(texts.indices), texts.dictionary
    encoded = pa.array((above << _HALF) + below).dictionary_encode()
    pairs = np.asarray(encoded.dictionary)
    return np.asarray(encoded.indices), reduced_texts(pairs >> _HALF, pairs & (2**_HALF - 1))


def _put(to: Any, pieces: Sequence[_Figures | _Quotients], places: Any) -> None:
    """The places of all pieces, one behind the other, where the rows of each are."""
    start = 0
    for each in pieces:
        rows = each.rows
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        to[rows] = places[start : start + count]
        start += count


def _add(to: list[_Figures], first: int, values: Any, known: Flags | None, factor: Fraction) -> None:
    rows, (found,) = _known(first, known, values)
    if len(found):
        to.append(_Figures(rows, found, factor))


def _known(first: int, known: Flags | None, *columns: Any) -> tuple[Any, Sequence[Any]]:
    """The rows from `first` on that are known (a run where all are, else the number of each), and what they have in columns."""
    if known is None:
        return slice(first, first + len(columns[0])), columns
    places = np.flatnonzero(known)
    if len(places) == len(known):
        return slice(first, first + len(known)), columns
    return places + first, [each.take(places) for each in columns]
