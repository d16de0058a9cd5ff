"""An Arrow column of one fact into a column of a frame, exactly as `check` would read each value.

Whole numbers, decimals, dates, times and booleans are converted all at once; of texts the plain decimal numbers are; every other
distinct text is read once, by the reader that `check` has. Nothing is rounded: what is no whole number of steps, lies outside the
declared range or cannot be read is a fault of its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rulecheck.batching.converting.cells import MOST_SHOWN, NO_FAULTS, CellFault, CellFaults, Rows, row_number
from rulecheck.batching.converting.numbers import HIGHEST, LOWEST, Nulls, nulls_of, raw_values, scaled, small, steps_of
from rulecheck.batching.converting.texts import as_texts, distinct_texts, plain_decimals, without_commas
from rulecheck.batching.declaring.column_types import family, misfit, plain_type
from rulecheck.batching.declaring.declare import FactColumn
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Bits, Column, Flags, States, Stored
from rulecheck.dataclass import dataclass
from rulecheck.facts.limits import MAXIMUM_TEXT
from rulecheck.facts.nodes import FORBIDDEN, Cell, Problem, shown
from rulecheck.facts.values import is_share, read_value, read_values
from rulecheck.measures.days import first_of_year, last_of_year
from rulecheck.measures.numerals import FIRST_YEAR, LAST_YEAR, longest_marker, read_marker
from rulecheck.rules.model import NumberType, ReferenceType, TextType
from rulecheck.submission import NONE, UNTOLD

_EPOCH: Final = 719_163
"""1970-01-01 as an ordinal."""
_FIRST_DAY: Final = first_of_year(FIRST_YEAR)
_LAST_DAY: Final = last_of_year(LAST_YEAR)
_A_DAY: Final[Mapping[str, int]] = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_DIGITS: Final[Mapping[str, int]] = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_MINUTES: Final = 24 * 60
_MANY: Final = 100
"""Texts that are no plain numbers, from which on it is worth while to look at their commas."""
_MOST_KNOWN: Final = 200_000
"""Texts of one column whose values are kept for the arrays that follow."""

Indices = npt.NDArray[np.intp]
Meaning = tuple[int, int] | Problem
"""A value with its state, or what is wrong with it."""


def convert(column: FactColumn, array: pa.Array | pa.ChunkedArray, rows: Rows = 0) -> tuple[Column, CellFaults]:
    """The values of one array, and the faults of its cells, whose values then are not told. `rows`: where they stand in the
    table. To read many arrays of a column, make one `ColumnReader`."""
    return ColumnReader(column).read(array, rows)


@dataclass(slots=True)
class _Read:
    """Values by row. `state`, or `told` in place of it: as a `Column` has them; `bad`: rows with a fault, which `problem` gives;
    `is_harmless`: what stands at nulls may stay there, and lies between the `ends`."""

    values: Stored
    state: States | None = None
    bad: Flags | None = None
    problem: Callable[[int], Problem] | None = None
    texts: Sequence[str] | None = None
    is_harmless: bool = False
    ends: tuple[int, int] | None = None
    told: Bits | None = None


class ColumnReader:
    """Reads the arrays of one column. Texts that were read are kept, so that each is read once."""

    def __init__(self, column: FactColumn) -> None:
        self.column = column
        self.fact = column.fact
        self._size = column.size if isinstance(column.fact.type, NumberType) else None
        self._blank = _meaning(column.blank)
        self._known: dict[str, Meaning] = {}
        self._families: dict[pa.DataType, str] = {}
        self._dictionary: tuple[pa.Array, _Read] | None = None
        self._has_texts = isinstance(column.fact.type, TextType | ReferenceType)

    def read(self, array: pa.Array | pa.ChunkedArray, rows: Rows = 0) -> tuple[Column, CellFaults]:
        """As `convert`."""
        flat = plain_array(array)
        if flat.type != self.column.type:
            changed = self._changed(flat, rows)
            if changed is not None:
                return changed
        found = self._of_dictionary(flat) if pa.types.is_dictionary(flat.type) else self._of_plain(flat)
        if found.bad is None:
            return Column(found.values, found.state, found.texts, found.ends, found.told), NO_FAULTS
        read = _state_of(found)
        state = np.zeros(len(flat), np.uint8) if read is None else read.copy()
        state[found.bad] = NOT_TOLD
        assert found.problem is not None
        positions = np.flatnonzero(found.bad)
        number = self.column.number
        first = [CellFault(row_number(rows, row), number, found.problem(row)) for row in positions[:MOST_SHOWN].tolist()]
        return Column(np.where(found.bad, 0, found.values), state, found.texts), CellFaults(tuple(first), len(positions))

    def _changed(self, array: pa.Array, rows: Rows) -> tuple[Column, CellFaults] | None:
        """The fault of a later file of the table in which the column is of a type that does not fit."""
        if misfit(array.type, self.column.heading, self.fact, self.column.unit) is None:
            return None
        types = {"type": str(plain_type(array.type)), "other": str(plain_type(self.column.type))}
        problem = Problem("B203", {"heading": shown(self.column.heading), **types})
        nothing = Column(np.zeros(len(array), np.int64), np.full(len(array), NOT_TOLD, np.uint8))
        first = (CellFault(row_number(rows, 0), self.column.number, problem),) if len(array) else ()
        return nothing, CellFaults(first, len(first))

    # --- the ways to store values ---

    def _of_dictionary(self, array: pa.DictionaryArray) -> _Read:
        """Each value of the dictionary read once."""
        nulls = nulls_of(array.indices)
        whole = self._of_distinct(plain_array(array.dictionary))
        if not len(array.dictionary):
            return self._with_blanks(_Read(np.zeros(len(array), np.int64), texts=whole.texts), nulls)
        return self._with_blanks(_taken(whole, array.indices, nulls), nulls)

    def _of_distinct(self, dictionary: pa.Array) -> _Read:
        """The values of a dictionary; the same one comes with every array of a table."""
        if self._dictionary is None or not self._dictionary[0].equals(dictionary):
            self._dictionary = dictionary, _narrowed(self._of_plain(dictionary))
        return self._dictionary[1]

    def _of_plain(self, array: pa.Array) -> _Read:
        if not len(array):
            return _Read(np.zeros(0, np.int64), texts=[] if self._has_texts else None)
        nulls = nulls_of(array)
        if array.null_count == len(array):
            return self._with_blanks(_Read(np.zeros(len(array), np.int64), texts=[] if self._has_texts else None), nulls)
        match self._family(array.type):
            case "text":
                return self._of_texts(as_texts(array), nulls)
            case "whole" | "decimal" if self._size is None:  # a text or category that is written in digits
                return self._of_texts(array.cast(pa.large_string()), nulls)
            case "whole" | "decimal":
                return self._of_numbers(array, nulls)
            case "boolean":
                return self._with_blanks(_Read(bits_of(array).view(np.int8), is_harmless=True, ends=(0, 1)), nulls)
            case "date" | "timestamp":
                return self._of_days(array, nulls)
            case "time":
                return self._of_times(array, nulls)
        raise AssertionError("the type was found to fit when the table was declared")

    def _family(self, type: pa.DataType) -> str:
        found = self._families.get(type)
        if found is None:
            found = self._families[type] = str(family(type))
        return found

    def _of_numbers(self, array: pa.Array, nulls: Nulls | None) -> _Read:
        assert self._size is not None
        values, bad, *ends = steps_of(array, nulls, self._size)
        found = _Read(values, bad=bad, problem=lambda row: self._too_large(_written(array[row])), is_harmless=True)
        return self._within(found, nulls, *ends)

    def _of_days(self, array: pa.Array, nulls: Nulls | None) -> _Read:
        if pa.types.is_date32(array.type):
            unit, parts = "D", 1
            given: Stored = raw_values(array, np.int32)
        else:
            unit = "ms" if pa.types.is_date64(array.type) else array.type.unit
            given, parts = raw_values(array, np.int64), _A_DAY[unit]
        days = given // parts if parts != 1 else given
        bad: Flags | None = None
        if parts != 1 or int(days.min()) < _FIRST_DAY - _EPOCH or int(days.max()) > _LAST_DAY - _EPOCH:
            bad = (days < _FIRST_DAY - _EPOCH) | (days > _LAST_DAY - _EPOCH) | (days * parts != given)
            days = np.where(bad, 0, days)
            if nulls is not None:
                bad &= ~nulls.flags
            bad = bad if bad.any() else None
        values = days.astype(np.int32, copy=False) + np.int32(_EPOCH)
        if nulls is not None:
            # A day that was told of somebody: a table of days from the first to the last stays small.
            np.copyto(values, values[int(np.argmin(nulls.flags))], where=nulls.flags)

        def problem(row: int) -> Problem:
            day, rest = divmod(int(given[row]), parts)
            text = str(np.datetime64(day, "D"))
            return self._problem(f"{text} {clock_text(rest, unit)}" if rest else text)

        found = _Read(values, bad=bad, problem=problem, is_harmless=True)
        return self._within(found, nulls, int(values.min()), int(values.max()))

    def _of_times(self, array: pa.Array, nulls: Nulls | None) -> _Read:
        unit = array.type.unit
        given = raw_values(array, np.int32 if unit in ("s", "ms") else np.int64).astype(np.int64)
        parts = _A_DAY[unit] // _MINUTES
        minutes = given // parts
        bad = (minutes * parts != given) | (minutes < 0) | (minutes > _MINUTES)
        if nulls is not None:
            bad &= ~nulls.flags
        found = _Read(np.where(bad, 0, minutes), bad=bad if bad.any() else None)
        found.problem = lambda row: self._problem(clock_text(int(given[row]), unit))
        return self._within(found, nulls, int(found.values.min()), int(found.values.max()))

    def _within(self, found: _Read, nulls: Nulls | None, least: int, most: int) -> _Read:
        """What lies outside the declared range is a fault. All the values lie from `least` to `most`."""
        low, high, values = self.fact.minimum, self.fact.maximum, found.values
        if found.is_harmless and found.bad is None:
            value, state = self._blank
            found.ends = (min(least, value), max(most, value)) if nulls is not None and state == TOLD else (least, most)
        if len(values) and ((low is not None and least < low) or (high is not None and most > high)):
            beyond = np.zeros(len(values), np.bool_)
            if low is not None:
                beyond |= values < low
            if high is not None:
                beyond |= values > high
            if nulls is not None:
                beyond &= ~nulls.flags
            if found.bad is not None:
                beyond |= found.bad
            found.bad = beyond if beyond.any() else None
        return self._with_blanks(found, nulls)

    def _with_blanks(self, found: _Read, nulls: Nulls | None) -> _Read:
        """What stands for a null, in place of it."""
        if nulls is None:
            return found
        value, state = self._blank
        if state == TOLD or not found.is_harmless:
            values = found.values if _holds(found.values.dtype, value, value) else found.values.astype(np.int64)
            found.values = np.where(nulls.flags, value, values)
        if state == NOT_TOLD and found.state is None:
            found.told = nulls.told
            found.state = None if found.told is not None else nulls.flags.view(np.uint8)
        elif state != TOLD or found.state is not None:
            told = np.zeros(len(found.values), np.uint8) if found.state is None else found.state
            found.state = np.where(nulls.flags, np.uint8(state), told)
        return found

    # --- texts ---

    def _of_texts(self, array: pa.Array, nulls: Nulls | None) -> _Read:
        if self._has_texts:
            return self._with_blanks(self._coded(array), nulls)
        if self._size is None:
            return self._with_blanks(self._distinct(array), nulls)
        found, plain = self._plain_steps(array, nulls)
        rest = np.flatnonzero(~plain if nulls is None else ~(plain | nulls.flags))
        if len(rest):
            others = array.take(pa.array(rest))
            found = _merged(found, rest, self._grouped(others) if len(rest) > _MANY else self._distinct(others))
        return self._with_blanks(found, nulls)

    def _grouped(self, array: pa.Array) -> _Read:
        """Numbers with commas between their digits, of which there can be as many as rows, and others."""
        found, plain = self._plain_steps(without_commas(array), None)
        rest = np.flatnonzero(~plain)
        return _merged(found, rest, self._distinct(array.take(pa.array(rest)))) if len(rest) else found

    def _plain_steps(self, array: pa.Array, nulls: Nulls | None) -> tuple[_Read, Flags]:
        """Plain decimal numbers as steps, and which rows they are; what is not quite as it should be is left to `check`'s
        reader."""
        values, places, plain = plain_decimals(array)
        if nulls is not None:
            plain &= ~nulls.flags
        if self.column.unit is None and self.fact.unit is not None and is_share(self.fact.unit):
            plain[:] = False  # a bare number may be a percentage or a fraction
        assert self._size is not None
        steps, bad, least, most = scaled(small(np.where(plain, values, 0), None), self._size / 10**places)
        if bad is not None:
            plain &= ~bad
        low, high = self.fact.minimum, self.fact.maximum
        if (low is not None and least < low) or (high is not None and most > high):
            if low is not None:
                plain &= steps >= low
            if high is not None:
                plain &= steps <= high
        return _Read(np.where(plain, steps, 0), is_harmless=True), plain

    def _distinct(self, array: pa.Array) -> _Read:
        """The values of texts, each distinct one read once; nulls are not told."""
        encoded = array.dictionary_encode()
        written = distinct_texts(encoded.dictionary)
        known = self._learned(written)
        meanings = [known[text] for text in written]
        nulls = nulls_of(encoded.indices)
        if not meanings:
            return _Read(np.zeros(len(array), np.int64), np.full(len(array), NOT_TOLD, np.uint8) if len(array) else None)
        problems = {number: each for number, each in enumerate(meanings) if isinstance(each, Problem)}
        values = np.array([0 if isinstance(each, Problem) else each[0] for each in meanings], np.int64)
        states = np.array([0 if isinstance(each, Problem) else each[1] for each in meanings], np.uint8)
        bad: Flags | None = None
        if problems:
            bad = np.zeros(len(meanings), np.bool_)
            bad[list(problems)] = True
        whole = _Read(values, states if states.any() else None, bad, lambda number: problems[number])
        return _taken(_narrowed(whole), encoded.indices, nulls)

    def _learned(self, texts: Sequence[str]) -> Mapping[str, Meaning]:
        """What these texts mean, and others that were read before."""
        known = self._known
        if len(known) > _MOST_KNOWN:
            known = self._known = {}
        for text, value in read_values([each for each in texts if each not in known], self.fact, self.column.unit).items():
            if value is UNTOLD and not text.strip():
                known[text] = self._blank
            elif isinstance(value, int) and not LOWEST <= value <= HIGHEST:
                known[text] = self._too_large(text)
            else:
                known[text] = value if isinstance(value, Problem) else _meaning(value)
        return known

    def _coded(self, array: pa.Array) -> _Read:
        """Free texts and references as positions in a list of the different ones; nulls are at 0."""
        encoded = array.dictionary_encode()
        written = distinct_texts(encoded.dictionary)
        if not written:
            return _Read(np.zeros(len(array), np.int64), texts=[])
        meant, odd = self._meant(written)
        states = np.zeros(len(written), np.uint8)
        problems: dict[int, Problem] = {}
        for number, value in odd.items():
            if isinstance(value, Problem):
                problems[number] = value
            else:
                states[number] = KNOWN_NONE if value is NONE else NOT_TOLD if written[number].strip() else self._blank[1]
        texts = {text: number for number, text in enumerate(dict.fromkeys(meant))}
        values = np.fromiter(map(texts.__getitem__, meant), np.int64, len(meant))
        bad: Flags | None = None
        if problems:
            bad = np.zeros(len(written), np.bool_)
            bad[list(problems)] = True
        whole = _Read(values, states if states.any() else None, bad, lambda number: problems[number], list(texts))
        return _taken(whole, encoded.indices, nulls_of(encoded.indices))

    def _meant(self, texts: Sequence[str]) -> tuple[list[str], dict[int, object]]:
        """What free texts are read as, and by position those that are none: the text of these means nothing."""
        meant = list(map(str.strip, texts))
        if FORBIDDEN.search("\n".join(texts)) or max(map(len, texts), default=0) > MAXIMUM_TEXT:
            suspect: Sequence[int] = range(len(texts))
        else:
            longest = longest_marker()
            suspect = [number for number, text in enumerate(meant) if len(text) <= longest and read_marker(text)]
        read = {number: read_value(Cell(texts[number], 0), self.fact) for number in suspect}
        odd = {number: value for number, value in read.items() if not isinstance(value, str)}
        for number in odd:
            meant[number] = ""
        return meant, odd

    # --- faults ---

    def _problem(self, text: str) -> Problem:
        """What `check` would say of a value that it does not take."""
        found = read_value(Cell(text, 0), self.fact, self.column.unit)
        assert isinstance(found, Problem)
        return found

    def _too_large(self, text: str) -> Problem:
        """What `check` would say of a number; where it would take it, that it is too large here."""
        found = read_value(Cell(text, 0), self.fact, self.column.unit)
        if isinstance(found, Problem):
            return found
        return Problem("B201", {"fact": self.fact.zh, "fact_en": self.fact.id, "value": shown(text, self.fact.sensitive)})


def plain_array(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, of a type whose values lie in plain buffers or behind a dictionary."""
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_run_end_encoded(array.type):
        array = pc.run_end_decode(array)
    return array


def clock_text(given: int, unit: str) -> str:
    """What a clock shows so many seconds, or parts of one, after midnight: `17:30:15`."""
    seconds, rest = divmod(given, _A_DAY[unit] // _A_DAY["s"])
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{rest:0{_DIGITS[unit]}d}" if rest else text


def bits_of(array: pa.BooleanArray) -> Flags:
    """The values of an array of booleans; what stands at a null is anything."""
    first = array.offset // 8
    bits = np.frombuffer(array.buffers()[1], np.uint8, (array.offset + len(array) + 7) // 8 - first, first)
    skipped = array.offset - first * 8
    return np.unpackbits(bits, bitorder="little")[skipped : skipped + len(array)].view(np.bool_)


def _meaning(value: object) -> tuple[int, int]:
    """A value as `Subject.values` holds it, with its state."""
    if value is UNTOLD:
        return 0, NOT_TOLD
    if value is NONE:
        return 0, KNOWN_NONE
    assert isinstance(value, int)
    return int(value), TOLD


def _holds(type: np.dtype[Any], least: int, most: int) -> bool:
    """Whether whole numbers of a type can be both."""
    of_type = np.iinfo(type)
    return bool(of_type.min <= least and most <= of_type.max)


def _narrowed(whole: _Read) -> _Read:
    """Distinct values in a byte each, where they fit one, with ends that 0 lies between: positions of categories, answers."""
    if len(whole.values) and whole.texts is None:
        least, most = int(whole.values.min()), int(whole.values.max())
        if _holds(np.dtype(np.int8), least, most):
            whole.values = whole.values.astype(np.int8)
            whole.ends = min(least, 0), max(most, 0)
    return whole


_BYTES: Final = 256


def _taken(whole: _Read, codes: pa.Array, nulls: Nulls | None) -> _Read:
    """The values at the indices; nulls have the first, or none, without its faults."""
    is_plain = whole.state is None and whole.told is None and whole.bad is None and whole.texts is None
    if is_plain and codes.type.bit_width == 8 and whole.values.dtype == np.int8:
        # A byte for a byte, whatever stands at nulls.
        table = np.zeros(_BYTES, np.int8)
        table[: len(whole.values)] = whole.values[:_BYTES]
        found = raw_values(codes, np.uint8).tobytes().translate(table.tobytes())
        return _Read(np.frombuffer(found, np.int8), is_harmless=True, ends=whole.ends)
    indices: Indices = raw_values(codes, codes.type.to_pandas_dtype()).astype(np.intp, copy=False)
    if nulls is not None:
        indices = np.where(nulls.flags, 0, indices)
    bad = whole.bad[indices] if whole.bad is not None else None
    if bad is not None and nulls is not None:
        bad &= ~nulls.flags
    problem, state = whole.problem, _state_of(whole)
    return _Read(
        whole.values.take(indices),
        state[indices] if state is not None else None,
        bad if bad is not None and bad.any() else None,
        None if problem is None else lambda row: problem(int(indices[row])),
        whole.texts,
        ends=whole.ends,
    )


def _state_of(found: _Read) -> States | None:
    return found.state if found.told is None else np.unpackbits(~found.told, count=len(found.values), bitorder="little")


def _merged(found: _Read, rows: Indices, others: _Read) -> _Read:
    """The values with those of some rows in their places."""
    found.values[rows] = others.values
    if others.state is not None:
        found.state = np.zeros(len(found.values), np.uint8)
        found.state[rows] = others.state
    if others.bad is not None:
        found.bad = np.zeros(len(found.values), np.bool_)
        found.bad[rows] = others.bad
        problem = others.problem
        assert problem is not None
        found.problem = lambda row: problem(int(np.searchsorted(rows, row)))
    return found


def _written(scalar: pa.Scalar) -> str:
    """A whole number or decimal as people write it, without the noughts that only its type has."""
    text = format(scalar.as_py(), "f") if pa.types.is_decimal(scalar.type) else str(scalar.as_py())
    return text.rstrip("0").rstrip(".") if "." in text else text
