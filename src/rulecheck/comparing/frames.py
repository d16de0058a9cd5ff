"""Two rule sets on tables: partitions as frames of either vocabulary, verdicts and causes in columns; row by row only what is
shown.

A cause is what it is for a submission (`causes`): differences are put back for a whole frame at once, and the rows of which the
old verdict comes back are those of which it is a cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rulecheck.columns.frame import Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.settle import Settler
from rulecheck.columns.subjects import Subjects
from rulecheck.comparing.causes import NOT_SWITCHED
from rulecheck.comparing.differences import Version, tag_of
from rulecheck.comparing.grouping import EXAMPLES, Groups, Room
from rulecheck.comparing.pairs import pairs_of
from rulecheck.comparing.result import VOCABULARY, Difference, Example, Group, RuleChange, Turn
from rulecheck.comparing.wording import told
from rulecheck.comparing.worlds import Key, Vocabulary
from rulecheck.dataclass import dataclass
from rulecheck.explaining.explain import Explainer
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.plan import JudgementPlan
from rulecheck.submission import Origin, Subject

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.intp]
Column = tuple[int, str | None, str | None]
"""A pair of rules, a limb, a period."""


class Apart(Exception):
    """The two frames do not have the same rows in the same order."""


class _Side:
    """One rule set, ready to judge and explain frames."""

    def __init__(self, version: Version, day: int) -> None:
        self.rules = version.rules
        plan = lower(version.rules, day)
        self.columns = ColumnJudge(plan)
        self.rows = Judge(plan)
        self.settler = Settler(version.rules)


@dataclass(slots=True, eq=False)
class _Frames:
    """The rows of one kind as either side reads them, with their verdicts by what is judged."""

    frames: Mapping[Vocabulary, Frame]
    codes: tuple[Mapping[Column, Codes], Mapping[Column, Codes]]
    subjects: tuple[Subjects, Subjects]

    def subject(self, side: int, row: int) -> Subject:
        return self.subjects[side].at(self.frames["old" if side == 0 else "new"], row)


class FramesCompared:
    """A comparison that grows partition by partition. `tables`: by kind, where its table is, for the places that are told;
    `lists`: whether those that changed are listed by name."""

    def __init__(
        self, old: Version, new: Version, day: int, tables: Mapping[str, Origin] | None = None, *, lists: bool = False
    ) -> None:
        self.pairs = pairs_of(old, new)
        self._day, self._tables, self._lists = day, tables, lists
        self._sides = (_Side(old, day), _Side(new, day))
        self._judges: dict[tuple[int, Vocabulary, frozenset[Key]], ColumnJudge] = {}
        room = Room()
        self._changed, self._appeared, self._fell_away = (Groups(lists=False, room=room) for _ in range(3))
        self._moved: dict[int, int] = {}
        self._judged: dict[int, int] = {}
        self._verdicts: dict[int, dict[Verdict, int]] = {}
        self.unchanged = 0

    def add(self, before: Frame, after: Frame) -> None:
        """The next rows, as either vocabulary reads them: a frame with all that is below it, not settled yet. Apart where the
        rows are not the same."""
        for side, root in zip(self._sides, (before, after), strict=True):
            side.settler.settle(root)
        for was, now in _paired(before, after):
            self._kind(was, now)

    def whole(self) -> tuple[tuple[Group, ...], tuple[Group, ...], tuple[Group, ...]]:
        """What changed verdict, what only the new and what only the old rules judge."""
        changed, appeared, fell_away = (
            each.whole(lambda number: self.pairs[number].line) for each in (self._changed, self._appeared, self._fell_away)
        )
        return changed, appeared, fell_away

    def rules(self) -> Iterator[RuleChange]:
        """Every rule that says something else, with what became of its judgements."""
        for number, pair in sorted(enumerate(self.pairs), key=lambda each: each[1].line.position):
            if pair.differences:
                found = self._verdicts.get(number, {})
                ordered = {verdict: found[verdict] for verdict in Verdict if verdict in found}
                yield RuleChange(pair.line, pair.differences, self._moved.get(number, 0), self._judged.get(number, 0), ordered)

    # --- one kind of a partition ---

    def _kind(self, before: Frame, after: Frame) -> None:
        codes = tuple(self._codes(side, frame) for side, frame in enumerate((before, after)))
        both = _Frames({"old": before, "new": after}, (codes[0], codes[1]), (Subjects(self._tables), Subjects(self._tables)))
        for column in dict.fromkeys([*codes[1], *codes[0]]):
            was, now = codes[0].get(column), codes[1].get(column)
            number = column[0]
            self._judged[number] = self._judged.get(number, 0) + before.count
            if was is not None and now is not None:
                rows = np.flatnonzero(was != now)
                self.unchanged += before.count - len(rows)
                self._moved[number] = self._moved.get(number, 0) + len(rows)
                if len(rows):
                    self._turned(column, rows, both)
            else:
                self._moved[number] = self._moved.get(number, 0) + before.count
                self._one_sided(column, both)

    def _codes(self, side: int, frame: Frame) -> dict[Column, Codes]:
        numbers = {(pair.before, pair.after)[side]: number for number, pair in enumerate(self.pairs)}
        judge = self._sides[side].columns
        columns = judge.verdicts(frame).codes
        plans = judge.plan.judgements.get(frame.kind.id, ())
        return {_column(each, numbers[each.rule]): codes for each, codes in zip(plans, columns, strict=True)}

    def _one_sided(self, column: Column, both: _Frames) -> None:
        pair = self.pairs[column[0]]
        side = 0 if column in both.codes[0] else 1
        because = pair.one_sided(column[1], is_read=True) or (_of_submission(),)
        codes = both.codes[side][column]
        groups = self._fell_away if side == 0 else self._appeared
        for code in np.unique(codes).tolist():
            rows = np.flatnonzero(codes == code)
            verdicts = (CODES[code], None) if side == 0 else (None, CODES[code])
            self._add(groups, column, verdicts, rows, because, both)
            if pair.worlds is None and CODES[code] is not None:
                counted = self._verdicts.setdefault(column[0], {})
                verdict = CODES[code]
                assert verdict is not None
                counted[verdict] = counted.get(verdict, 0) + len(rows)

    def _turned(self, column: Column, rows: Rows, both: _Frames) -> None:
        """Rows whose verdict changed, by way and causes."""
        was, now = both.codes[0][column], both.codes[1][column]
        pair = self.pairs[column[0]]
        switches = [each for each in pair.differences if each.decides and each.what not in NOT_SWITCHED]
        of_vocabulary = tuple(each for each in pair.differences if each.what in VOCABULARY)
        marks = [self._restored(column, frozenset((each.key,)), "new", both, was, rows) for each in switches]
        marks.append(self._restored(column, frozenset(), "old", both, was, rows))
        signature = np.stack([was[rows].astype(np.int64), now[rows].astype(np.int64), *(each.astype(np.int64) for each in marks)])
        kinds, place = np.unique(signature, axis=1, return_inverse=True)
        for number in range(kinds.shape[1]):
            of_kind = rows[place.ravel() == number]
            first, second, *flags = kinds[:, number].tolist()
            verdicts = CODES[first], CODES[second]
            alone = tuple(each for each, is_cause in zip(switches, flags, strict=False) if is_cause)
            if flags[-1] or alone:
                because = alone + (of_vocabulary if flags[-1] else ())
                self._add(self._changed, column, verdicts, of_kind, because or (_of_submission(),), both)
            else:
                self._together(column, verdicts, of_kind, both)

    def _together(self, column: Column, verdicts: tuple[Verdict | None, Verdict | None], rows: Rows, both: _Frames) -> None:
        """Rows of which no difference alone is the cause: as `causes` has it of one, a smallest set that brings the old verdict
        back together, found for all rows at once that have come to need the same."""
        pair = self.pairs[column[0]]
        was = both.codes[0][column]
        switches = [each for each in pair.differences if each.decides and each.what not in NOT_SWITCHED]
        of_vocabulary = tuple(each for each in pair.differences if each.what in VOCABULARY)
        keys = frozenset(each.key for each in switches)
        in_new = self._restored(column, keys, "new", both, was, rows)
        found: dict[tuple[Vocabulary, frozenset[Key]], Rows] = {("new", keys): rows[in_new], ("old", keys): rows[~in_new]}
        for each in switches:
            split: dict[tuple[Vocabulary, frozenset[Key]], Rows] = {}
            for (vocabulary, needed), of_kind in found.items():
                if not len(of_kind):
                    continue
                less = needed - {each.key}
                without = self._restored(column, less, vocabulary, both, was, of_kind)
                for at, some in ((less, of_kind[without]), (needed, of_kind[~without])):
                    before = split.get((vocabulary, at))
                    split[vocabulary, at] = some if before is None else np.union1d(before, some)
            found = split
        for (vocabulary, needed), of_kind in found.items():
            if len(of_kind):
                because = tuple(each for each in switches if each.key in needed)
                because += of_vocabulary if vocabulary == "old" else ()
                self._add(self._changed, column, verdicts, of_kind, because or (_of_submission(),), both)

    def _restored(
        self, column: Column, put_back: frozenset[Key], vocabulary: Vocabulary, both: _Frames, was: Codes, rows: Rows
    ) -> npt.NDArray[np.bool_]:
        """Of which rows the old verdict comes back."""
        at = (column[0], vocabulary, put_back)
        worlds = self.pairs[column[0]].worlds
        rules = worlds.rules(vocabulary, put_back) if worlds is not None else None
        if rules is None:
            return np.zeros(len(rows), np.bool_)
        if at not in self._judges:
            self._judges[at] = ColumnJudge(lower(rules, self._day))
        judge, frame = self._judges[at], both.frames[vocabulary]
        plans = judge.plan.judgements.get(frame.kind.id, ())
        for each, codes in zip(plans, judge.verdicts(frame).codes, strict=True):
            if _column(each, column[0]) == column:
                back: npt.NDArray[np.bool_] = codes[rows] == was[rows]
                return back
        return np.zeros(len(rows), np.bool_)

    # --- what is shown ---

    def _add(
        self,
        groups: Groups,
        column: Column,
        verdicts: tuple[Verdict | None, Verdict | None],
        rows: Rows,
        because: tuple[Difference, ...],
        both: _Frames,
    ) -> None:
        shown = rows[:EXAMPLES].tolist()
        for position, row in enumerate(shown):
            turn = Turn((both.frames["new"].kind.id, both.frames["new"].number_of(row)), *column, *verdicts)
            count = 1 if position + 1 < len(shown) else len(rows) - position
            groups.add(turn, because, lambda turn=turn, row=row: self._example(turn, column, row, both), count)  # type: ignore[misc]
        if self._lists and shown:
            side = 1 if column in both.codes[1] else 0
            explainer = Explainer(self._sides[side].rows, {}, ())
            first = Turn((both.frames["new"].kind.id, both.frames["new"].number_of(shown[0])), *column, *verdicts)
            groups.keep(first, because, len(rows), lambda number: explainer.subject_line(both.subject(side, int(rows[number]))))

    def _example(self, turn: Turn, column: Column, row: int, both: _Frames) -> Example:
        sides: list[Any] = []
        for side in (0, 1):
            found = None
            if column in both.codes[side]:
                found = self._explained(side, column, both.subject(side, row))
            sides.append(found)
        either = sides[1] or sides[0]
        return Example(turn, either.subject, sides[0], sides[1])

    def _explained(self, side: int, column: Column, subject: Subject) -> object:
        rule = (self.pairs[column[0]].before, self.pairs[column[0]].after)[side]
        judge = self._sides[side].rows
        one = next(
            each for each in judge.judges[subject.kind.id] if each.plan.rule is rule and _column(each.plan, column[0]) == column
        )
        return Explainer(judge, {}, ()).explain(one, subject)


def _column(of: JudgementPlan, number: int) -> Column:
    return number, tag_of(of.tag), of.period.key if of.period is not None else None


def _of_submission() -> Difference:
    return Difference("submission", told("what", "submission"), (), (), of="submission")


def _paired(before: Frame, after: Frame) -> Iterator[tuple[Frame, Frame]]:
    """The frames of one kind on either side, parents before members."""
    if before.kind.id != after.kind.id or before.count != after.count or not _same(before.keys, after.keys):
        raise Apart(after.kind.id)
    yield before, after
    for kind in dict.fromkeys([*before.members, *after.members]):
        if kind in before.members and kind in after.members:
            yield from _paired(before.members[kind].frame, after.members[kind].frame)


def _same(before: Sequence[Any] | None, after: Sequence[Any] | None) -> bool:
    return before is None or after is None or bool(before == after)
