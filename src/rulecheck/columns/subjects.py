"""A row of a frame as a subject, with its whole family: for the evaluator of single subjects, and for an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Column, Frame, Members
from rulecheck.dataclass import replace
from rulecheck.rules.model import Kind
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Subject

NOWHERE = Origin("", "", "", "")


class Subjects:
    """Subjects of frames, each row one subject however it is come by. `tables`: where the tables are, by kind (English id), for
    those above and the members too; of a kind that is not there nothing says where a row stands."""

    def __init__(self, tables: Mapping[str, Origin] | None = None) -> None:
        self._tables = tables or {}
        self._made: dict[tuple[int, int], Subject] = {}
        self._frames: list[Frame] = []

    def at(self, frame: Frame, row: int) -> Subject:
        """The subject of a row; those above it, and all their members, are made with it."""
        above = frame.parent
        owner = -1 if above is None or frame.parent_rows is None else int(frame.parent_rows[row])
        if above is None or owner < 0:
            return self._make(frame, row, None)
        parent = self.at(above, owner)
        members = above.members.get(frame.kind.id)
        if members is None:
            return self._make(frame, row, parent)
        position = row if frame.positions is None else int(frame.positions[row])
        return self._make(members.frame, position, parent)

    def _make(self, frame: Frame, row: int, parent: Subject | None) -> Subject:
        key = (id(frame), row)
        if key in self._made:
            return self._made[key]
        self._frames.append(frame)  # kept, so that its `id` stays its own
        made = self._subject(frame, row, parent)
        self._made[key] = made
        for kind, below in frame.members.items():
            rows = range(int(below.starts[row]), int(below.starts[row + 1]))
            if rows or _is_complete(below, row):
                members = [self._make(below.frame, each, made) for each in rows]
                made.rosters[frame.kind.children[kind]] = Roster(members, _is_complete(below, row), made.origin)
        return made

    def _subject(self, frame: Frame, row: int, parent: Subject | None) -> Subject:
        number = 1 + frame.number_of(row)
        id_ = _text(frame.keys, row) or str(number)
        # What is told of a sensitive subject shows where it stood, never its id.
        written = "***" if frame.kind.sensitive else id_
        origin = replace(NOWHERE, written=written)
        table = self._tables.get(frame.kind.id)
        if table is not None:
            where_en = f"{table.where_en} data row {number}".strip()
            origin = Origin(table.file, f"{table.where_zh}数据第{number}行", where_en, written)
        values, origins = _values(frame, row, origin)
        place = frame.place_list[frame.places[row]] if frame.places is not None and frame.places[row] >= 0 else None
        return Subject(
            kind=frame.kind,
            id=id_,
            name=_text(frame.names, row) or id_,
            origin=origin,
            place=place,
            parent=parent,
            values=values,
            rosters=[None] * len(frame.kind.children),
            origins=origins,
        )


def subject_at(frame: Frame, row: int, tables: Mapping[str, Origin] | None = None) -> Subject:
    """The subject of one row."""
    return Subjects(tables).at(frame, row)


def _values(frame: Frame, row: int, origin: Origin) -> tuple[list[Any], dict[Any, Origin]]:
    values: list[Any] = [UNTOLD] * _width(frame.kind)
    origins: dict[Any, Origin] = {}
    for slot in frame.columns:
        value = value_at(frame.columns[slot], row)
        if value is UNTOLD:
            continue
        origins[slot] = origin
        if isinstance(slot, tuple):
            told = values[slot[0]]
            values[slot[0]] = {**(told or {}), slot[1]: value}
        else:
            values[slot] = value
    return values, origins


def _width(kind: Kind) -> int:
    return max(kind.slots.values(), default=-1) + 1


def value_at(column: Column, row: int) -> Any:
    """A value as a submission has it."""
    state = TOLD if column.state is None else int(column.state[row])
    if state != TOLD:
        return {NOT_TOLD: UNTOLD, KNOWN_NONE: NONE}[state]
    value = int(column.stored[row])
    return value if column.texts is None else column.texts[value]


def _is_complete(members: Members, row: int) -> bool:
    return members.complete is None or bool(members.complete[row])


def _text(texts: Any, row: int) -> str:
    """Of an Arrow array of texts; empty where there is none."""
    if texts is None:
        return ""
    found = texts[row].as_py()
    return "" if found is None else str(found)
