"""Subjects as frames of columns, and frames as subjects again: what holds the evaluator of columns to that of single subjects.

Nothing of the engines takes part: the frames are what `columns.frame` says they are, value by value, so that a wrong verdict is
the evaluator's. What a frame leaves open (values where none was told, columns that hold nothing, an array of flags that are all
the same) is drawn at random where a `Random` is given, since no verdict may hang on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa

from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Column, Frame, Members
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Slot, Subject

ORIGIN = Origin("frame", "第1行", "line 1", "")


@dataclass
class Laid:
    """Subjects laid out in frames: `rows`, by frame, the subject of each row, and `roots`, the frames that lead to all others."""

    roots: dict[str, Frame]
    rows: dict[int, list[Subject]]

    def __iter__(self) -> Iterator[tuple[Frame, list[Subject]]]:
        """Every frame at or below the roots, with its subjects row by row."""
        for root in self.roots.values():
            for frame in below(root):
                yield frame, self.rows[id(frame)]


def below(frame: Frame) -> Iterator[Frame]:
    """A frame and those of its members."""
    yield frame
    for members in frame.members.values():
        yield from below(members.frame)


def frames(subjects: Sequence[Subject], rules: model.RuleSet) -> dict[str, Frame]:
    """The frames of subjects with all their members, by kind: what a partition is."""
    return {frame.kind.id: frame for frame, _ in lay_out(subjects, rules)}


def lay_out(subjects: Sequence[Subject], rules: model.RuleSet, noise: Random | None = None) -> Laid:
    """Subjects with all their members as frames. Of a kind whose parents are not among `subjects`, the parents are laid out as a
    frame of their own, and `parent_rows` points into it (-1: there is none)."""
    layout = _Layout(rules, noise)
    roots: dict[str, Frame] = {}
    for kind in rules.kinds.values():
        given = [each for each in subjects if each.kind.id == kind.id]
        if given:
            roots[kind.id] = layout.frame_with_parents(kind, given)
    return Laid(roots, layout.rows)


class _Layout:
    def __init__(self, rules: model.RuleSet, noise: Random | None) -> None:
        self._rules = rules
        self._noise = noise
        self.rows: dict[int, list[Subject]] = {}

    def frame_with_parents(self, kind: model.Kind, subjects: list[Subject]) -> Frame:
        frame = self.frame(kind, subjects)
        parents = list({id(each.parent): each.parent for each in subjects if each.parent is not None}.values())
        if parents:
            frame.parent = self.frame_with_parents(parents[0].kind, parents)
            row_of = {id(each): row for row, each in enumerate(parents)}
            frame.parent_rows = _whole([-1 if each.parent is None else row_of[id(each.parent)] for each in subjects])
            beside = frame.parent.members.get(kind.id)
            if beside is not None and not beside.frame.count:
                # To be under a parent that leads to members is to be one of them.
                del frame.parent.members[kind.id]
            elif beside is not None:
                position = {id(each): row for row, each in enumerate(self.rows[id(beside.frame)])}
                frame.positions = _whole([-1 if each.parent is None else position[id(each)] for each in subjects])
        elif kind.parent is not None and self._luck():
            frame.parent_rows = _whole([-1] * len(subjects))
        return frame

    def frame(self, kind: model.Kind, subjects: list[Subject]) -> Frame:
        """The rows of one kind and, below them, their members."""
        frame = Frame(
            kind=kind,
            count=len(subjects),
            columns=dict(self._columns(kind, subjects)),
            keys=pa.array([each.id for each in subjects], pa.string()),
            names=pa.array([each.name for each in subjects], pa.string()),
        )
        places = list({each.place.english: each.place for each in subjects if each.place is not None}.values())
        if places or self._luck():
            position = {place.english: index for index, place in enumerate(places)}
            frame.places = _whole([-1 if each.place is None else position[each.place.english] for each in subjects])
            frame.place_list = tuple(places)
        for child, slot in kind.children.items():
            rosters = [each.rosters[slot] for each in subjects]
            if any(rosters) or self._luck():
                frame.members[child] = self._members(self._rules.kinds[child], frame, rosters)
        self.rows[id(frame)] = subjects
        return frame

    def _members(self, kind: model.Kind, above: Frame, rosters: list[Roster | None]) -> Members:
        sizes = [0 if each is None else len(each.members) for each in rosters]
        frame = self.frame(kind, [member for each in rosters if each is not None for member in each.members])
        frame.parent = above
        frame.parent_rows = np.repeat(np.arange(above.count, dtype=np.int64), sizes)
        complete = np.array([each is not None and each.is_complete for each in rosters], np.bool_)
        starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        return Members(frame, starts, None if complete.all() and not self._luck() else complete)

    def _columns(self, kind: model.Kind, subjects: list[Subject]) -> Iterator[tuple[Slot, Column]]:
        for name, slot in kind.slots.items():
            fact = self._rules.facts[name]
            values = [each.values[slot] for each in subjects]
            if fact.every is None:
                yield from self._told(slot, fact, values)
            else:
                keys = sorted({key for value in values for key in value or {}})
                for key in keys:
                    yield from self._told((slot, key), fact, [(value or {}).get(key, UNTOLD) for value in values])

    def _told(self, slot: Slot, fact: model.Fact, values: list[Any]) -> Iterator[tuple[Slot, Column]]:
        if any(value is not UNTOLD for value in values) or self._luck():
            yield slot, self._column(fact, values)

    def _column(self, fact: model.Fact, values: list[Any]) -> Column:
        state = np.array([NOT_TOLD if each is UNTOLD else KNOWN_NONE if each is NONE else TOLD for each in values], np.uint8)
        texts: list[str] | None = None
        if isinstance(fact.type, model.TextType | model.ReferenceType):
            texts = list({each: None for each in values if isinstance(each, str)})
            if self._noise is not None:
                # A list of texts may hold one that no row has, in any order.
                texts.append("无人")
                self._noise.shuffle(texts)
            position = {text: index for index, text in enumerate(texts)}
            values = [position[each] if isinstance(each, str) else each for each in values]
        told = [int(each) for each, is_told in zip(values, state, strict=True) if is_told == TOLD]
        numbers = [int(each) if is_told == TOLD else self._filler(told) for each, is_told in zip(values, state, strict=True)]
        stored = self._narrow(_whole(numbers))
        if self._luck() and not (state == KNOWN_NONE).any():
            return Column(stored, None, texts, told=np.packbits(state == TOLD, bitorder="little"))
        return Column(stored, state if state.any() or self._luck() else None, texts)

    def _narrow(self, values: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[Any]]:
        """The values, now and then as narrow as they may be kept."""
        types = (np.int8, np.int16, np.int32) if self._luck() else ()
        fitting = (each for each in types if np.array_equal(values.astype(each), values))
        return values.astype(next(fitting, np.int64))

    def _filler(self, told: list[int]) -> int:
        """What stands where nothing was told: nought, or something that was told of somebody."""
        return 0 if self._noise is None else self._noise.choice((0, *told[:5]))

    def _luck(self) -> bool:
        return self._noise is not None and self._noise.random() < 0.3


def _whole(values: Sequence[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, np.int64)


# --- and back ---


def subjects_of(frame: Frame, rules: model.RuleSet) -> list[Subject]:
    """The subjects of a frame's rows, with those above and all their members."""
    if frame.parent is None:
        return _subjects(frame, rules, [None] * frame.count)
    rows = [-1] * frame.count if frame.parent_rows is None else [int(row) for row in frame.parent_rows]
    beside = next((each for each in frame.parent.members.values() if each.frame is frame), None)
    above = subjects_of(frame.parent, rules)
    if beside is None:
        return _subjects(frame, rules, [above[row] if row >= 0 else None for row in rows])
    found = []
    for each in above:
        roster = each.rosters[each.kind.children[frame.kind.id]]
        found.extend(roster.members if roster is not None else [])
    return found


def _subjects(frame: Frame, rules: model.RuleSet, parents: Sequence[Subject | None]) -> list[Subject]:
    made = []
    for row, parent in enumerate(parents):
        place = -1 if frame.places is None else int(frame.places[row])
        made.append(
            Subject(
                kind=frame.kind,
                id=frame.keys[row].as_py(),
                name=frame.names[row].as_py(),
                origin=ORIGIN,
                place=None if place < 0 else frame.place_list[place],
                parent=parent,
                values=[_value(frame, rules.facts[name], slot, row) for name, slot in frame.kind.slots.items()],
                rosters=[None] * len(frame.kind.children),
                origins={},
            )
        )
    for child, members in frame.members.items():
        found = _subjects(members.frame, rules, [made[row] for row in members.frame.parent_rows])  # type: ignore[union-attr]
        for row, subject in enumerate(made):
            own = found[members.starts[row] : members.starts[row + 1]]
            is_complete = members.complete is None or bool(members.complete[row])
            if own or is_complete:
                subject.rosters[frame.kind.children[child]] = Roster(own, is_complete, ORIGIN)
    return made


def _value(frame: Frame, fact: model.Fact, slot: int, row: int) -> Any:
    if fact.every is None:
        return _one_value(frame.columns.get(slot), row)
    periods = [each for each in frame.columns if isinstance(each, tuple) and each[0] == slot]
    return {each[1]: _one_value(frame.columns[each], row) for each in periods} or UNTOLD


def _one_value(column: Column | None, row: int) -> Any:
    if column is None or (column.state is not None and column.state[row] == NOT_TOLD):
        return UNTOLD
    if column.state is not None and column.state[row] == KNOWN_NONE:
        return NONE
    value = int(column.values[row])
    return value if column.texts is None else column.texts[value]


def told(subject: Subject) -> Mapping[str, Any]:
    """All that was told of a subject and its members, in a form that two subjects can be compared by: of a period that was not
    told it makes no difference whether it is there; of a roster that is empty and not complete, whether it is."""

    def plain(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: each for key, each in value.items() if each is not UNTOLD} or UNTOLD

    rosters = {}
    for child, slot in subject.kind.children.items():
        roster = subject.rosters[slot]
        if roster is not None and (roster.members or roster.is_complete):
            rosters[child] = (roster.is_complete, [told(each) for each in roster.members])
    return {
        "kind": subject.kind.id,
        "id": subject.id,
        "place": subject.place,
        "values": [plain(value) for value in subject.values],
        "rosters": rosters,
        "parent": None if subject.parent is None else subject.parent.id,
    }
