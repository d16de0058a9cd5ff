"""Columns that say who a subject is, whose it is and where: names and codes as texts, places, and what is said of rosters.

What is said is what `facts.identity` reads, once for each distinct text that is not plain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rulecheck.batching.converting.cells import MOST_SHOWN, NO_FAULTS, CellFault, CellFaults, Rows, row_number, together
from rulecheck.batching.converting.convert import plain_array
from rulecheck.batching.converting.numbers import nulls_of, raw_values
from rulecheck.batching.converting.texts import Bytes, bytes_of, distinct_texts
from rulecheck.batching.declaring.declare import NameColumn, PlaceColumn, StatementColumn, TablePlan
from rulecheck.columns.frame import Flags, Whole
from rulecheck.dataclass import dataclass
from rulecheck.facts.identity import read_code, read_identifiers, read_place, read_statement
from rulecheck.facts.limits import MAXIMUM_TEXT
from rulecheck.facts.nodes import FORBIDDEN, Problem
from rulecheck.measures.numerals import ends_of_untold, longest_marker, starts_of_untold, untold_among
from rulecheck.measures.places import Place, Places

# --- names and codes ---


def read_keys(plan: TablePlan, columns: Callable[[int], pa.Array], count: int, rows: Rows = 0) -> tuple[pa.Array, CellFaults]:
    """The key of every row: the first of 统一社会信用代码, 编号 and 名称 that it tells. `columns` gives the array of a column by
    its number. A row that tells none of them is a fault."""
    key: pa.Array | None = None
    faults: list[CellFaults] = []
    for column in plan.keys:
        names, found = _read_names(column, columns(column.number), rows)
        faults.append(found)
        key = names if key is None else pc.coalesce(key, names)
    assert key is not None
    if key.null_count:
        nameless = np.flatnonzero(_is_null(key))
        problem = Problem("F210", {"kind": plan.kind.zh, "kind_en": plan.kind.id})
        first = tuple(CellFault(row_number(rows, row), -1, problem) for row in nameless[:MOST_SHOWN].tolist())
        faults.append(CellFaults(first, len(nameless)))
    every = together(faults)
    return _without_bad(key, every), every


def read_names(column: NameColumn, array: pa.Array | pa.ChunkedArray, rows: Rows = 0) -> tuple[pa.Array, CellFaults]:
    """编号, 名称, 上级 or 统一社会信用代码 as a `large_string` array, null where it is not told or has a fault: `007` and `7` are
    two, blanks around a name are no part of it."""
    names, faults = _read_names(column, array, rows)
    return _without_bad(names, faults), faults


_BAD: Final = ""
"""Stands for a name with a fault; no name is empty."""


def _without_bad(names: pa.Array, faults: CellFaults) -> pa.Array:
    if not faults:
        return names
    return pc.if_else(pc.equal(names, pa.scalar(_BAD, pa.large_string())), pa.scalar(None, pa.large_string()), names)


def _read_names(column: NameColumn, array: pa.Array | pa.ChunkedArray, rows: Rows) -> tuple[pa.Array, CellFaults]:
    flat = _texts_of(array)
    if flat.null_count == len(flat):
        return flat, NO_FAULTS
    if column.word == "credit_code":
        right = _right_codes(flat)
        rest = np.flatnonzero(~(right | _is_null(flat)))
        if not len(rest):
            return flat, NO_FAULTS
        numbers = rest + rows if isinstance(rows, int) else rows[rest]
        read, faults = _of_distinct(column.number, flat.take(pa.array(rest)), _read_codes, numbers)
        mask = np.zeros(len(flat), np.bool_)
        mask[rest] = True
        return pc.replace_with_mask(flat, pa.array(mask), read), faults
    if not _is_clean(flat):
        return _of_distinct(column.number, flat, read_identifiers, rows)
    trimmed = pc.utf8_trim_whitespace(flat) if _may_be_padded(flat) else flat
    maybe = _maybe_untold(trimmed)
    untold = untold_among(distinct_texts(trimmed.take(pa.array(maybe)).unique().drop_null())) if len(maybe) else ()
    if not untold:
        return trimmed, NO_FAULTS
    is_untold = pc.is_in(trimmed, pa.array(untold, pa.large_string()))
    return pc.if_else(is_untold, pa.scalar(None, pa.large_string()), trimmed), NO_FAULTS


def _read_codes(texts: Sequence[str]) -> dict[str, str | Problem]:
    return {text: read_code(text) for text in texts}


_BLANK_BEGINS: Final = np.zeros(256, np.bool_)
_BLANK_BEGINS[: 0x20 + 1] = True
_BLANK_BEGINS[[0xC2, 0xE1, 0xE2, 0xE3]] = True
_BLANK_ENDS: Final = np.zeros(256, np.bool_)
_BLANK_ENDS[: 0x20 + 1] = True
_BLANK_ENDS[0x80:] = True
"""Bytes that a blank begins and ends with in UTF-8, and others."""


def _may_be_padded(array: pa.Array) -> bool:
    """Whether some text may begin or end with a blank."""
    starts, ends, data = bytes_of(array)
    if not len(data):
        return False
    begins = _BLANK_BEGINS.take(data.take(np.minimum(starts, len(data) - 1)))
    return bool(begins.any() or _BLANK_ENDS.take(data.take(np.maximum(ends, 1) - 1)).any())


def _maybe_untold(array: pa.Array) -> npt.NDArray[np.intp]:
    """The rows that are short enough, and begin as a text does that says that nothing was told."""
    starts, ends, data = bytes_of(array)
    lengths = ends - starts
    if not len(data):
        return np.arange(len(array))
    begins = np.zeros(256, np.bool_)
    begins[[each.encode()[0] for each in starts_of_untold() if each]] = True
    ends_well = np.ones(256, np.bool_)
    ends_well[:0x80] = False
    ends_well[list(map(ord, ends_of_untold()))] = True
    # Most names that begin like such a word are codes, and end with a digit.
    may = begins[data[np.minimum(starts, len(data) - 1)]] & ends_well[data[np.maximum(ends, 1) - 1]]
    return np.flatnonzero((lengths <= longest_marker() * _MOST_BYTES) & (may | (lengths == 0)))


_MOST_BYTES: Final = 4
"""Of one character."""


def _texts_of(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Any array that can name something, as texts."""
    flat = plain_array(array)
    if pa.types.is_dictionary(flat.type):
        flat = flat.dictionary_decode()
    return flat if pa.types.is_large_string(flat.type) else flat.cast(pa.large_string())


def _is_null(array: pa.Array) -> Flags:
    nulls = nulls_of(array)
    return np.zeros(len(array), np.bool_) if nulls is None else nulls.flags


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A column of texts. `codes`: by row the position of its text, that of none being `len(texts)`; `order`: the positions that
    occur, as they first do."""

    codes: npt.NDArray[np.integer[Any]]
    texts: Sequence[str]
    order: Sequence[int]


def _coded(array: pa.Array | pa.ChunkedArray) -> _Coded:
    flat = plain_array(array)
    if pa.types.is_dictionary(flat.type) and flat.indices.type.bit_width == 8:
        texts = distinct_texts(flat.dictionary.cast(pa.large_string()))
        if None not in texts and len(set(texts)) == len(texts) < _NO_BYTE:
            codes, nulls = raw_values(flat.indices, np.uint8), nulls_of(flat.indices)
            if nulls is not None:
                codes = np.where(nulls.flags, np.uint8(len(texts)), codes)
            as_bytes = codes.tobytes()
            first = {code: as_bytes.find(code) for code in range(len(texts))}
            return _Coded(codes, texts, sorted((code for code, at in first.items() if at >= 0), key=first.__getitem__))
    return _encoded(_texts_of(flat).dictionary_encode())


_NO_BYTE: Final = 255


def _encoded(array: pa.DictionaryArray) -> _Coded:
    """Of an array whose dictionary has what occurs, as it first does."""
    codes, nulls = raw_values(array.indices, np.int32), nulls_of(array.indices)
    texts = distinct_texts(array.dictionary)
    return _Coded(codes if nulls is None else np.where(nulls.flags, np.int32(len(texts)), codes), texts, range(len(texts)))


def _of_distinct(
    number: int, array: pa.Array, read_all: Callable[[Sequence[str]], Any], rows: Rows
) -> tuple[pa.Array, CellFaults]:
    """What the distinct texts of a column are read as, an empty text as null and one with a fault as `_BAD`."""
    encoded = array.dictionary_encode()
    coded = _encoded(encoded)
    meant = read_all(coded.texts)
    problems = {each: meant[text] for each, text in enumerate(coded.texts) if isinstance(meant[text], Problem)}
    texts = [_BAD if isinstance(found := meant[text], Problem) else found or None for text in coded.texts]
    taken = pa.array(texts, pa.large_string()).take(encoded.indices)
    return taken, _faults(number, coded, problems, rows)


def _faults(number: int, coded: _Coded, problems: Mapping[int, Problem], rows: Rows) -> CellFaults:
    """The faults of the rows whose text has one."""
    if not problems:
        return NO_FAULTS
    bad = np.zeros(len(coded.texts) + 1, np.bool_)
    bad[list(problems)] = True
    positions = np.flatnonzero(bad.take(coded.codes))
    shown = positions[:MOST_SHOWN].tolist()
    first = tuple(CellFault(row_number(rows, row), number, problems[int(coded.codes[row])]) for row in shown)
    return CellFaults(first, len(positions))


# --- characters that a name cannot have ---

_SUSPECT: Final = np.zeros(256, np.bool_)
_SUSPECT[:0x20] = True
_SUSPECT[[0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xED, 0xEF, 0xF3]] = True
"""Bytes with which every character of `FORBIDDEN` begins in UTF-8, and line breaks and tabs."""


def _is_clean(array: pa.Array) -> bool:
    """Whether every text is short and on one line, and none holds a character of `FORBIDDEN`."""
    starts, ends, data = bytes_of(array)
    data = data[int(starts[0]) : int(ends[-1])] if len(starts) else data
    if int((ends - starts).max(initial=0)) > MAXIMUM_TEXT:
        return False
    if not len(data) or (data.view(np.int8).min() >= 0x20 and data.max() < 0x7F):
        return True  # letters, digits and signs of ASCII alone
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:  # bytes that are no UTF-8
        return False
    places = np.flatnonzero(_SUSPECT.take(data))
    return not len(places) or _are_harmless(data, places)


def _are_harmless(data: Bytes, places: npt.NDArray[np.intp]) -> bool:
    """Whether the characters that begin at these bytes are all allowed in a name."""
    lead = data[places]
    if np.any(lead < 0x80):
        return False
    padded = np.concatenate([data, np.zeros(3, np.uint8)])
    parts = [(padded[places + offset] & 0x3F).astype(np.int64) for offset in (1, 2, 3)]
    two = ((lead & 0x1F).astype(np.int64) << 6) | parts[0]
    three = ((lead & 0x0F).astype(np.int64) << 12) | (parts[0] << 6) | parts[1]
    four = ((lead & 0x07).astype(np.int64) << 18) | (parts[0] << 12) | (parts[1] << 6) | parts[2]
    points = np.unique(np.where(lead < 0xE0, two, np.where(lead < 0xF0, three, four)))
    return not FORBIDDEN.search("".join(map(chr, points.tolist())))


# --- 统一社会信用代码 ---

_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH: Final = 18
_WEIGHTS: Final = np.array([3**place % 31 for place in range(_LENGTH - 1)], np.int64)
_WORTH: Final = np.full(256, -1, np.int8)
_WORTH[[ord(letter) for letter in _LETTERS]] = np.arange(len(_LETTERS))


def _right_codes(array: pa.Array) -> Flags:
    """Which texts are credit codes in their one form, with the right check digit; all others are left to `read_code`."""
    starts, ends, data = bytes_of(array)
    right: Flags = (ends - starts == _LENGTH) & ~_is_null(array)
    rows = np.flatnonzero(right)
    if not len(rows):
        return right
    letters = _WORTH[data[starts[rows][:, None] + np.arange(_LENGTH)]]
    fits = (letters >= 0).all(axis=1) & (letters[:, 2:8] < 10).all(axis=1)
    sums = letters[:, :-1].astype(np.int64) @ _WEIGHTS
    right[rows] = fits & ((31 - sums % 31) % 31 == letters[:, -1])
    return right


# --- places and rosters ---


def read_places(
    column: PlaceColumn, array: pa.Array | pa.ChunkedArray, places: Places, rows: Rows = 0
) -> tuple[Whole, tuple[Place, ...], CellFaults]:
    """By row the position of its place in a list, -1 where nobody said; the list, of those places that occur; faults."""
    coded = _coded(array)
    found = {code: read_place(coded.texts[code], places) for code in coded.order}
    occurring = list({each.english: each for each in found.values() if isinstance(each, Place)}.values())
    meant = {code: occurring.index(each) if isinstance(each, Place) else each for code, each in found.items()}
    positions, faults = _positions(column.number, coded, meant, rows)
    return positions, tuple(occurring), faults


UNSAID: Final = -1
PARTLY: Final = 0
WHOLE: Final = 1
EMPTY: Final = 2
"""What a row says of a roster: nothing, that it is not complete, that it is, that it is and has no members."""


def read_statements(column: StatementColumn, array: pa.Array | pa.ChunkedArray, rows: Rows = 0) -> tuple[Whole, CellFaults]:
    """What each row says of its members of one kind: `UNSAID`, `PARTLY`, `WHOLE` or `EMPTY`."""
    coded = _coded(array)
    found = {code: read_statement(coded.texts[code], column.kind) for code in coded.order}
    meant = {code: _CODES[each] if isinstance(each, tuple) else each for code, each in found.items()}
    return _positions(column.number, coded, meant, rows)


_CODES: Final = {(False, False): PARTLY, (True, False): WHOLE, (True, True): EMPTY}


def _positions(number: int, coded: _Coded, meant: Mapping[int, int | Problem | None], rows: Rows) -> tuple[Whole, CellFaults]:
    """By row what its text means, -1 where that is nothing."""
    problems = {each: found for each, found in meant.items() if isinstance(found, Problem)}
    values = np.full(len(coded.texts) + 1, -1, np.int64)
    for code, each in meant.items():
        if isinstance(each, int):
            values[code] = each
    return values.take(coded.codes), _faults(number, coded, problems, rows)
