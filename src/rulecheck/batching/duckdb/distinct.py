"""Whether all is well with the keys of a table to which nothing else refers: a quick look, which leaves every doubt to a thorough
one. Of each key 64 bits are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rulecheck.batching.converting.identities import read_keys
from rulecheck.batching.converting.texts import as_texts, bytes_of
from rulecheck.batching.declaring.declare import TablePlan
from rulecheck.facts.layout.totals import words_in_totals

MOST_ROWS: Final = 16_777_216
"""Whose keys are looked at so: 128 MB of them."""
_LONGEST: Final = 128
"""Bytes of a key."""
_WORD: Final = 8

Hashes = npt.NDArray[np.uint64]


def all_differ(plan: TablePlan, batches: Iterator[Mapping[int, pa.Array]], count: int) -> bool:
    """Whether every row tells a key, no two tell the same, and none is called as a row that sums up others. False means no more
    than that it has to be looked at thoroughly. `batches`: the columns of keys by their place in the table, `count` rows in
    all."""
    seen: Hashes = np.zeros(count, np.uint64)
    first = 0
    for columns in batches:
        if any(_may_be_total(columns[each.number]) for each in plan.keys):
            return False
        keys, faults = read_keys(plan, columns.__getitem__, len(columns[plan.keys[0].number]))
        hashed = None if faults or keys.null_count else hashes(keys)
        if hashed is None:
            return False
        seen[first : first + len(hashed)] = hashed
        first += len(hashed)
    seen.sort()
    return not bool((seen[1:] == seen[:-1]).any())


_FACTORS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
_HALF: Final = np.uint64(32)
_KEPT: Final[Hashes] = np.array([2 ** (8 * count) - 1 for count in range(_WORD + 1)], np.uint64)
"""By count the bits of so many bytes, the first of them lowest."""


def hashes(texts: pa.Array) -> Hashes | None:
    """64 bits of each text, alike for texts that are alike; None where one is too long. No text may be null."""
    starts, ends, data = bytes_of(texts)
    lengths = ends - starts
    longest = int(lengths.max(initial=0))
    if longest > _LONGEST:
        return None
    padded = np.concatenate([data, np.zeros(_WORD + _LONGEST, np.uint8)])
    # Eight bytes from every byte on, as one number.
    words: Hashes = np.ndarray((len(padded) - _WORD + 1,), np.dtype("<u8"), padded, strides=(1,))
    found: Hashes = (lengths.astype(np.uint64) + np.uint64(1)) * _FACTORS[1]
    for first in range(0, longest, _WORD):
        found = (found ^ (words[starts + first] & _KEPT[np.clip(lengths - first, 0, _WORD)])) * _FACTORS[0]
        found = (found ^ (found >> _HALF)) * _FACTORS[1]
        found ^= found >> _HALF
    return found


_NOUGHT: Final = np.uint8(ord("0"))


def _may_be_total(column: pa.Array) -> bool:
    """Most keys end with a digit, and no total does."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type)):
        return False
    texts = as_texts(column)
    starts, ends, data = bytes_of(texts)
    if not len(data):
        return False
    rest = np.flatnonzero((ends > starts) & (data[np.maximum(ends, 1) - 1] - _NOUGHT > 9))
    return bool(len(rest)) and bool(pc.any(pc.match_substring_regex(texts.take(pa.array(rest)), total_pattern())).as_py())


@cache
def total_pattern() -> str:
    """What the names of rows that sum up others are like; not all that are like it are such names."""
    return "(?i)" + "|".join(map(re.escape, sorted(words_in_totals())))
