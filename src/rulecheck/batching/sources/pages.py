"""The pages of Parquet files, by their headers: how much has to be held at once to read some columns from start to end.

Arrow unpacks a page whole, whatever a file says of it, and knows no limit. So a table is read without the engine, which has one,
only where every page of it is small.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as parquet

_FIRST_READ: Final = 256
_LONGEST_HEADER: Final = 16 * 1024
"""Bytes. Headers hold the least and the most of a page, which a writer may leave long."""
_MOST_PAGES: Final = 1_000_000


class Unclear(Exception):
    """A file whose pages are not as they should be: the engine finds out what is wrong, if anything is."""


def held_at_once(paths: Iterable[Path], columns: Iterable[int]) -> int:
    """Bytes that a page of each column takes with its dictionary, packed and unpacked, at most. Raises Unclear, and OSError."""
    columns = tuple(columns)
    return max((_held(path, columns) for path in paths), default=0)


def _held(path: Path, columns: tuple[int, ...]) -> int:
    most = dict.fromkeys(columns, 0)
    pages = 0
    with parquet.ParquetFile(path) as file, open(path, "rb") as raw:
        metadata = file.metadata
        for group in range(metadata.num_row_groups):
            of_group = metadata.row_group(group)
            for number in columns:
                dictionary = largest = 0
                chunk = of_group.column(number)
                if chunk.num_values != of_group.num_rows:
                    raise Unclear
                for is_dictionary, size in _pages(raw.fileno(), chunk):
                    pages += 1
                    if is_dictionary:
                        dictionary += size
                    else:
                        largest = max(largest, size)
                if pages > _MOST_PAGES:
                    raise Unclear
                most[number] = max(most[number], dictionary + largest)
    return sum(most.values())


def _pages(handle: int, chunk: Any) -> Iterator[tuple[bool, int]]:
    """By page of a column chunk whether it is a dictionary, and its size, packed and unpacked together."""
    if chunk.file_path:
        raise Unclear
    at = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset is not None and 0 < chunk.dictionary_page_offset < at:
        at = chunk.dictionary_page_offset
    end = at + chunk.total_compressed_size
    while at < end:
        (kind, unpacked, packed), length = _header(handle, at, min(end - at, _LONGEST_HEADER))
        if unpacked < 0 or packed < 0:
            raise Unclear
        yield kind == _DICTIONARY, unpacked + packed
        at += length + packed


# --- Thrift's compact protocol, as far as the header of a page goes ---

_DICTIONARY: Final = 2
_STOP: Final = 0
_I32: Final = 5
_DEEPEST: Final = 8


def _header(handle: int, at: int, most: int) -> tuple[tuple[int, int, int], int]:
    """The kind of a page, its size unpacked and packed, and how long the header is. More is read where it is longer."""
    size = min(_FIRST_READ, most)
    while True:
        content = _read_at(handle, size, at)
        try:
            return _page_header(content)
        except IndexError:
            if size == most or len(content) < size:
                raise Unclear from None
            size = min(size * 8, most)


def _read_at(handle: int, size: int, at: int) -> bytes:
    os.lseek(handle, at, os.SEEK_SET)
    return os.read(handle, size)


def _page_header(content: bytes) -> tuple[tuple[int, int, int], int]:
    """Raises IndexError where the header goes on, Unclear where it is none."""
    found: dict[int, int] = {}
    at = field = 0
    while (head := content[at]) != _STOP:
        at += 1
        if not head >> 4:
            raise Unclear
        field += head >> 4
        if head & 15 == _I32 and field <= 3:
            value, at = _number(content, at)
            found[field] = (value >> 1) ^ -(value & 1)
        else:
            at = _past(content, at, head & 15, 0)
    if len(found) != 3:
        raise Unclear
    return (found[1], found[2], found[3]), at + 1


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A whole number in as many bytes as it takes, seven bits in each, and where it ends."""
    value = shift = 0
    while (byte := content[at]) & 0x80:
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if shift > 63:
            raise Unclear
    return value | byte << shift, at + 1


def _past(content: bytes, at: int, kind: int, depth: int) -> int:
    """Where a value of a kind ends."""
    if depth > _DEEPEST:
        raise Unclear
    match kind:
        case 1 | 2:  # true and false, told by the field itself
            return at
        case 3:
            return at + 1
        case 4 | 5 | 6:
            return _number(content, at)[1]
        case 7:
            return at + 8
        case 8:
            length, at = _number(content, at)
            return at + length
        case 12:
            while (head := content[at]) != _STOP:
                at += 1
                if not head >> 4:
                    raise Unclear
                at = _past(content, at, head & 15, depth + 1)
            return at + 1
    raise Unclear  # no header of a page holds lists
