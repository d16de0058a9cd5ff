"""NDJSON: an object a line. Numbers stay the texts that they are written as; DuckDB's and Arrow's readers would make doubles of
them (0.1000000000000000055 became 0.1), and so the lines are read here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from rulecheck.batching.sources.staged import ROWS_AT_ONCE, Staging
from rulecheck.batching.sources.table import MAXIMUM_HEADINGS, Table, part_name, table_name
from rulecheck.facts.limits import MEGABYTE
from rulecheck.facts.nodes import Faults, shown

MOST_OF_A_LINE: Final = 4 * MEGABYTE
_WORDS: Final = {True: "true", False: "false"}


class _Odd(Exception):
    """A line that is no row: the code of the message, and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def lines_table(name: str, paths: Sequence[Path], scratch: Path, faults: Faults) -> list[Table]:
    """The table whose parts the files are, in their order. Its headings are all the names that any line has."""
    staging = Staging(scratch)
    for path in paths:
        faults.file = part_name(name, path, paths)
        with path.open("rb") as file:
            number = 1
            while lines := list(islice(_lines(file), ROWS_AT_ONCE)):
                try:
                    rows = [row for line in lines if (row := _row(line)) is not None]
                except _Odd:
                    _tell(lines, number, faults)
                    return []
                if rows:
                    _add(staging, rows)
                if len(staging.types) > MAXIMUM_HEADINGS:
                    faults.add("B510", count=f"{len(staging.types):,}", limit=f"{MAXIMUM_HEADINGS:,}")
                    return []
                number += len(lines)
    headings = tuple(staging.types)
    if not headings:
        faults.add("B532")
        return []
    source = staging.source()
    return [Table(table_name(name), name, headings, (pa.string(),) * len(headings), source, sum(source.rows), True)]


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.readline(MOST_OF_A_LINE + 1), b"")


def _add(staging: Staging, rows: list[dict[str, str | None]]) -> None:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    staging.add(columns, dict.fromkeys(names, pa.string()), len(rows))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Odd("B545", name=shown(next(name for name in names if names.count(name) > 1)))
    return made


def _no_number(text: str) -> Any:
    raise _Odd("B544", text=text)


_decode: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_no_number).decode


def _row(line: bytes) -> dict[str, str | None] | None:
    """The texts of a line by name; None for a blank line. Raises _Odd."""
    if len(line) > MOST_OF_A_LINE:
        raise _Odd("B547", limit=MOST_OF_A_LINE // MEGABYTE)
    if b"\0" in line:
        raise _Odd("B535")
    try:
        text = line.decode("utf-8-sig").strip()
        row = _decode(text) if text else None
        if "\\u" in text and isinstance(row, dict):
            # Half a character may be escaped in JSON, but is none in any text.
            "".join(f"{name}{value}" for name, value in row.items()).encode("utf-8")
    except UnicodeError:
        raise _Odd("B543") from None
    except (ValueError, RecursionError):
        raise _Odd("B542") from None
    if row is None:
        return None
    if not isinstance(row, dict):
        raise _Odd("B542")
    for name, value in row.items():
        if value.__class__ is str or value is None:
            continue
        if value.__class__ is not bool:
            raise _Odd("B546", name=shown(name))
        row[name] = _WORDS[value]
    return row


def _tell(lines: list[bytes], first: int, faults: Faults) -> None:
    """The first line that is no row."""
    for number, line in enumerate(lines, first):
        try:
            _row(line)
        except _Odd as odd:
            faults.add(odd.code, number, **odd.values)
            return
