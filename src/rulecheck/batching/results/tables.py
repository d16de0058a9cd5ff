"""What is written of a frame: who its rows are, and their verdicts, as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from rulecheck.batching.results.columns import KEY, NAME, PARENT, PLACE, VerdictColumn
from rulecheck.columns.frame import Frame, States, Whole

MASK: Final = "***"
_OFTEN: Final = 4
"""How often the texts are picked on average from which on they are kept in a dictionary."""


def verdict_table(frame: Frame, columns: Sequence[VerdictColumn], codes: Sequence[States]) -> pa.Table:
    """The key of every row with its verdicts, a byte each."""
    found: dict[str, Any] = dict(who(frame))
    found |= {each.name: pa.array(codes[each.number], pa.uint8()) for each in columns}
    return pa.table(found)


def who(frame: Frame) -> Mapping[str, Any]:
    """Who the rows are: their keys, the keys of those above them, the places where they lie; every row of the frame."""
    found = {KEY: shown_keys(frame)}
    if frame.kind.parent is not None:
        found[PARENT] = shown_parents(frame)
    if frame.places is not None:
        found[PLACE] = places_of(frame, None)
    return found


def who_of(frame: Frame, rows: Whole) -> Mapping[str, Any]:
    """The same of some rows, their texts kept once: what is told of a subject under many rules names it by a number."""
    found = {KEY: _picked(shown_keys(frame), rows)}
    if frame.names is not None and not frame.kind.sensitive:
        found[NAME] = _picked(plain(frame.names), rows)
    if frame.kind.parent is not None:
        above = frame.parent
        if above is None or frame.parent_rows is None:
            found[PARENT] = pa.nulls(len(rows), pa.string()).dictionary_encode()
        else:
            found[PARENT] = _picked(shown_keys(above), frame.parent_rows[rows])
    if frame.places is not None:
        found[PLACE] = places_of(frame, rows)
    return found


def shown_keys(frame: Frame) -> Any:
    """The key of every row; of a sensitive kind only the number of the row, of which nothing can be guessed back."""
    if not frame.kind.sensitive:
        return plain(frame.keys)
    numbers = pa.array(frame.row_numbers() + 1)
    return compute.binary_join_element_wise(MASK, numbers.cast(pa.string()), "")


def shown_parents(frame: Frame) -> Any:
    """By row the key of the one above it; null where none was handed in."""
    if frame.parent is None or frame.parent_rows is None:
        return pa.nulls(frame.count, pa.string())
    return shown_keys(frame.parent).take(pa.array(frame.parent_rows, mask=frame.parent_rows < 0))


def places_of(frame: Frame, rows: Whole | None) -> Any:
    """The places by their full Chinese names; null where nobody said."""
    assert frame.places is not None
    places = frame.places.astype(np.int32)
    names = pa.array([place.chinese for place in frame.place_list], pa.string())
    return numbered(places if rows is None else places.take(rows), names)


def _picked(texts: Any, rows: Whole) -> Any:
    """The texts of some rows, null where a row is below nought. Texts that are picked often are kept in a dictionary, each once:
    members of different subjects may have one id, and Parquet would mistake their numbers."""
    if len(rows) < _OFTEN * len(texts):
        return texts.take(pa.array(rows, mask=rows < 0))
    encoded = texts.dictionary_encode()
    places = np.asarray(encoded.indices.fill_null(-1))
    found = places.take(rows, mode="clip") if len(places) else np.full(len(rows), -1, np.int32)
    return numbered(np.where(rows < 0, np.int32(-1), found) if (rows < 0).any() else found, encoded.dictionary)


def numbered(places: Any, texts: Any) -> Any:
    """By row the text that stands at its place of `texts`, which are different; null where a place is below nought."""
    # Arrow marks what is there by bits, which numpy packs quickly.
    there = pa.py_buffer(np.packbits(places >= 0, bitorder="little"))
    return pa.DictionaryArray.from_arrays(pa.Array.from_buffers(pa.int32(), len(places), [there, pa.py_buffer(places)]), texts)


def plain(keys: Any) -> Any:
    """An Arrow array of plain texts, in one piece."""
    if isinstance(keys, pa.ChunkedArray):
        keys = keys.combine_chunks()
    if pa.types.is_dictionary(keys.type):
        keys = keys.dictionary_decode()
    return keys if pa.types.is_string(keys.type) else keys.cast(pa.string())
