"""Parts of a frame: a run of rows (views, nothing is copied), or some rows (copied column by column as they are asked for)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from rulecheck.columns.frame import Column, Frame, Members, Whole
from rulecheck.submission import Slot


def run_of(frame: Frame, first: int, last: int) -> Frame:
    """The rows from `first` up to `last`, which is not among them, with everything below them."""
    if first == 0 and last == frame.count:
        return frame
    part = _run_of(frame, first, last)
    part.positions = _positions(frame, slice(first, last))
    return part


def _run_of(frame: Frame, first: int, last: int) -> Frame:
    part = _part(frame, slice(first, last), last - first)
    part.first = frame.first + first
    part.numbers = None if frame.numbers is None else frame.numbers[first:last]
    for kind, members in frame.members.items():
        starts = members.starts[first : last + 1]
        below = _run_of(members.frame, int(starts[0]), int(starts[-1]))
        _put_under(below, part, np.repeat(np.arange(part.count), np.diff(starts)))
        complete = None if members.complete is None else members.complete[first:last]
        part.members[kind] = Members(below, starts - starts[0], complete)
    return part


def some_of(frame: Frame, rows: Whole, with_members: bool = True, with_texts: bool = True) -> Frame:
    """Some rows, in the order given, with everything below them, or with nothing; with keys and names, or without."""
    part = _some_of(frame, rows, with_texts) if with_members else _part(frame, rows, len(rows), with_texts)
    part.positions = _positions(frame, rows)
    return part


def _some_of(frame: Frame, rows: Whole, with_texts: bool) -> Frame:
    part = _part(frame, rows, len(rows), with_texts)
    part.numbers = rows + frame.first if frame.numbers is None else frame.numbers.take(rows)
    for kind, members in frame.members.items():
        lengths = (members.starts[1:] - members.starts[:-1])[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        owners = np.repeat(np.arange(len(rows)), lengths)
        of_each = members.starts[rows][owners] + np.arange(len(owners)) - starts[owners]
        below = _some_of(members.frame, of_each, with_texts)
        _put_under(below, part, owners)
        complete = None if members.complete is None else members.complete[rows]
        part.members[kind] = Members(below, starts, complete)
    return part


def _put_under(below: Frame, above: Frame, parent_rows: Whole) -> None:
    """The members as those of a part: they lead up to it, and it leads to them."""
    below.parent, below.parent_rows = above, parent_rows


def _positions(frame: Frame, rows: Any) -> Whole | None:
    """Where the rows stand among the members that the frame above leads to."""
    if frame.parent is None or frame.kind.id not in frame.parent.members:
        return None
    positions: Whole = (frame.positions if frame.positions is not None else np.arange(frame.count))[rows]
    return positions


def _part(frame: Frame, rows: Any, count: int, with_texts: bool = True) -> Frame:
    """The frame's own rows, under the same parents."""
    return Frame(
        kind=frame.kind,
        count=count,
        columns=_Columns(frame.columns, rows),
        places=None if frame.places is None else _cut(frame.places, rows),
        place_list=frame.place_list,
        parent=frame.parent,
        parent_rows=None if frame.parent_rows is None else frame.parent_rows[rows],
        keys=_texts(frame.keys, rows) if with_texts else None,
        names=_texts(frame.names, rows) if with_texts else None,
    )


def _cut(array: Any, rows: Any) -> Any:
    return array[rows] if isinstance(rows, slice) else array.take(rows)


def _texts(texts: Any, rows: Any) -> Any:
    """Of an Arrow array of texts."""
    if texts is None:
        return None
    return texts.slice(rows.start, rows.stop - rows.start) if isinstance(rows, slice) else texts.take(rows)


class _Columns(Mapping[Slot, Column]):
    """The columns of a part, each cut out when it is first asked for."""

    def __init__(self, of: Mapping[Slot, Column], rows: Any) -> None:
        self._of = of
        self._rows = rows
        self._cut: dict[Slot, Column] = {}

    def __getitem__(self, slot: Slot) -> Column:
        found = self._cut.get(slot)
        if found is None:
            whole, rows = self._of[slot], self._rows
            found = whole.run(rows.start, rows.stop) if isinstance(rows, slice) else whole.some(rows)
            self._cut[slot] = found
        return found

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)
