"""Drafts of all files into subjects: the same subject of several files joined, members put under their parents,
places and as-of dates filled in.

Two values for one fact of one subject are never settled by choice: every file that gives one is refused, with the
place of another, and nothing of these files is judged; whichever was right, the auditor would else get a verdict from
half of a contradiction. So is a file whose 上级 names nobody that is left. Refusals may follow from refusals; the end
of it does not depend on any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from rulecheck.facts.drafts import Draft, FileFacts, Slot
from rulecheck.facts.headings import word_of
from rulecheck.facts.nodes import Faults, first_at, near, shown
from rulecheck.facts.values import show_value
from rulecheck.measures.days import day_text
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind, ReferenceType, RuleSet
from rulecheck.submission import UNTOLD, Origin, Roster, Subject


@dataclass(slots=True, eq=False)
class _Group:
    """One subject: what all files say of it. `drafts` by file name and order in the file."""

    kind: Kind
    parent: _Group | None
    id: str
    drafts: list[Draft] = field(default_factory=list)
    name: str = ""
    values: dict[Slot, tuple[Any, Origin]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    place: Place | None = None
    as_of: int | None = None
    lacking: dict[str, None] = field(default_factory=dict)
    """Kinds of child whose roster lacks what a refused file holds."""

    @property
    def order(self) -> tuple[str, int]:
        return self.drafts[0].file, self.drafts[0].order

    @property
    def shown(self) -> str:
        return shown(self.id, self.kind.sensitive)


@dataclass(slots=True)
class _Index:
    """The groups of one kind, by id and by name."""

    by_id: dict[str, list[_Group]] = field(default_factory=dict)
    by_name: dict[str, list[_Group]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[_Group]:
        return (group for groups in self.by_id.values() for group in groups)

    def add_names(self) -> None:
        self.by_name.clear()
        for group in self:
            for name in dict.fromkeys(each.written_name for each in group.drafts if each.written_name):
                self.by_name.setdefault(name, []).append(group)

    def find(self, text: str) -> list[_Group]:
        """The groups that a text means: those with this id, else those with this name."""
        return self.by_id.get(text) or self.by_name.get(text) or []


def assemble(files: Sequence[FileFacts], rules: RuleSet, place: Place | None) -> dict[str, tuple[Subject, ...]]:
    """Every subject of each kind, nested ones included, in the order of file names and of each file.

    Faults are added to the files they concern; a file with a fault, from reading or from here, gives no subject.
    `place`: of subjects for which nobody says one.
    """
    accepted = [each for each in files if not each.faults.errors]
    while True:
        joining = _Joining(accepted, [each for each in files if each.faults.errors], rules)
        joining.run()
        still = [each for each in accepted if not each.faults.errors]
        if len(still) == len(accepted):
            return joining.link(place)
        accepted = still


def _by_rank(rules: RuleSet) -> list[Kind]:
    """The kinds, each after the one it is part of."""

    def rank(kind: Kind) -> int:
        return 0 if kind.parent is None else rank(rules.kinds[kind.parent]) + 1

    return sorted(rules.kinds.values(), key=rank)


_GIVEN_TWICE: Final = "F401"

Given = Sequence[tuple[Any, Origin]]
"""The values that the drafts of one subject give for one thing, each with its place."""


class _Joining:
    """One joining of the files that are not refused so far. `refused`: the others, for what is missing because of
    them."""

    def __init__(self, files: Sequence[FileFacts], refused: Sequence[FileFacts], rules: RuleSet) -> None:
        self.files = sorted(files, key=lambda each: each.file)
        self.refused = sorted(refused, key=lambda each: each.file)
        self.rules = rules
        self.faults: dict[str, Faults] = {each.file: each.faults for each in files}
        self.index: dict[str, _Index] = {kind: _Index() for kind in rules.kinds}
        self.group_of: dict[Draft, _Group] = {}

    def run(self) -> None:
        drafts: dict[str, list[Draft]] = {kind: [] for kind in self.rules.kinds}
        for file in self.files:
            for draft in file.drafts:
                drafts[draft.kind.id].append(draft)
        for kind in _by_rank(self.rules):
            self._group(kind, drafts[kind.id])
            for group in self.index[kind.id]:
                self._merge(group)
        for index in self.index.values():
            for group in index:
                self._check_not_empty(group)
        self._settle_references()

    # --- which drafts are one subject ---

    def _group(self, kind: Kind, drafts: list[Draft]) -> None:
        placed: list[tuple[Draft, _Group | None]] = []
        loose: list[Draft] = []
        for draft in drafts:
            if draft.parent is not None:
                if draft.parent in self.group_of:  # else the parent has a fault of its own
                    placed.append((draft, self.group_of[draft.parent]))
            elif draft.parent_text:
                parent = self._named_parent(draft, self.rules.kinds[kind.parent or ""])
                if parent is not None:
                    placed.append((draft, parent))
            elif kind.parent is None:
                placed.append((draft, None))
            else:
                loose.append(draft)
        index = self.index[kind.id]
        groups: dict[tuple[_Group | None, str], _Group] = {}
        self._place_all(kind, placed, groups)
        # A row without 上级 is about the member that another row or file places, where just one has this id or name.
        index.add_names()
        alone: list[tuple[Draft, _Group | None]] = []
        for draft in loose:
            match index.find(draft.id):
                case []:
                    alone.append((draft, None))
                case [group]:
                    self._join(group, draft)
                case several:
                    self._add(draft, "F413", subject=draft.shown, kind=kind.zh, kind_en=kind.id, count=len(several))
        self._place_all(kind, alone, groups)
        index.add_names()

    def _place_all(
        self, kind: Kind, placed: list[tuple[Draft, _Group | None]], groups: dict[tuple[_Group | None, str], _Group]
    ) -> None:
        """Drafts with their parents into groups: by id, and those that give only a name by the one id it goes with."""
        ids: dict[tuple[_Group | None, str], set[str]] = {}
        for draft, parent in placed:
            if draft.written_id and draft.written_name:
                ids.setdefault((parent, draft.written_name), set()).add(draft.written_id)
        for draft, parent in placed:
            meant = {draft.written_id} if draft.written_id else ids.get((parent, draft.written_name), {draft.id})
            if len(meant) > 1:
                several = "、".join(shown(each, kind.sensitive) for each in sorted(meant))
                self._add(draft, "F414", subject=draft.shown, ids=several)
                continue
            (id_,) = meant
            group = groups.get((parent, id_))
            if group is None:
                group = groups[parent, id_] = _Group(kind, parent, id_)
                self.index[kind.id].by_id.setdefault(id_, []).append(group)
            self._join(group, draft)

    def _join(self, group: _Group, draft: Draft) -> None:
        earlier = next((each for each in group.drafts if each.file == draft.file), None)
        if earlier is not None:
            self._add(draft, "F407", subject=draft.shown, **first_at(earlier.spot))
        group.drafts.append(draft)
        self.group_of[draft] = group

    def _named_parent(self, draft: Draft, kind: Kind) -> _Group | None:
        index = self.index[kind.id]
        meant = index.find(draft.parent_text)
        if len(meant) == 1:
            return meant[0]
        names = {"name": shown(draft.parent_text, kind.sensitive), "kind": kind.zh, "kind_en": kind.id}
        refusing = next((file.file for file in self.refused if _tells_of(file, kind, draft.parent_text)), "")
        if meant:
            self._add(draft, "F412", **names, count=len(meant))
        elif refusing:
            self._add(draft, "F411", **names, file=refusing)
        else:
            known = [] if kind.sensitive else [*index.by_id, *index.by_name]
            self._add(draft, "F410", **names, near=near(draft.parent_text, known))
        return None

    # --- what the drafts of one subject say together ---

    def _merge(self, group: _Group) -> None:
        group.drafts.sort(key=lambda each: (each.file, each.order))
        if len(group.drafts) == 1:
            group.values = dict(group.drafts[0].values)
            group.reasons = {rule: text for rule, (text, _) in group.drafts[0].reasons.items()}
        else:
            self._merge_values(group)
            self._merge_reasons(group)
        names = [(each.written_name, each.origin) for each in group.drafts if each.written_name]
        group.name = self._settle(group, word_of("reserved", "name"), names, self._words_of(group)) or group.id
        self._settle_place(group)
        self._settle_as_of(group)

    def _merge_values(self, group: _Group) -> None:
        given: dict[Slot, list[tuple[Any, Origin]]] = {}
        for draft in group.drafts:
            for slot, telling in draft.values.items():
                given.setdefault(slot, []).append(telling)
        names = {slot: name for name, slot in group.kind.slots.items()}
        for slot, tellings in given.items():
            told = [each for each in tellings if each[0] is not UNTOLD] or tellings
            group.values[slot] = told[0]
            if any(value != told[0][0] for value, _ in told):
                fact = self.rules.facts[names[slot if isinstance(slot, int) else slot[0]]]
                period = "" if isinstance(slot, int) else f"@{slot[1]}"
                what = (fact.zh + period, fact.id + period)
                self._settle(group, what, told, partial(show_value, fact=fact))

    def _merge_reasons(self, group: _Group) -> None:
        given: dict[str, list[tuple[Any, Origin]]] = {}
        for draft in group.drafts:
            for rule, reason in draft.reasons.items():
                given.setdefault(rule, []).append(reason)
        for rule, reasons in given.items():
            group.reasons[rule] = self._settle(group, word_of("reserved", "reasons"), reasons, self._words_of(group))

    def _settle_place(self, group: _Group) -> None:
        """Its own place, else its parent's, else the files'."""
        given = [(each.place, each.origin) for each in group.drafts if each.place is not None]
        if not given and group.parent is not None and group.parent.place is not None:
            group.place = group.parent.place
            return
        given = given or [(each.header_place, each.origin) for each in group.drafts if each.header_place is not None]
        what = word_of("reserved", "place")
        group.place = self._settle(group, what, given, lambda place: (place.chinese, place.english))

    def _settle_as_of(self, group: _Group) -> None:
        """The as-of date of the files that give facts of the subject, which must agree. Files that name it only on
        the way to its members count where there are no others, and then the latest does."""

        def day(draft: Draft) -> int | None:
            return draft.as_of or (day(draft.parent) if draft.parent else None) or draft.header_as_of

        telling = [(day(each), each.origin) for each in group.drafts if each.values and day(each)]
        what = word_of("reserved", "as_of")
        group.as_of = self._settle(group, what, telling, lambda value: (day_text(value, "zh"), day_text(value, "en")))
        if group.as_of is None:
            days = [found for found in map(day, group.drafts) if found]
            group.as_of = max(days, default=group.parent.as_of if group.parent else None)

    def _settle(self, group: _Group, what: tuple[str, str], given: Given, show: Callable[[Any], tuple[str, str]]) -> Any:
        """The one value given, None where there is none. Where they differ, each is a fault of its file that names
        another."""
        for value, origin in given:
            other = next((each for each in given if each[0] != value), None)
            if other is not None:
                self._contradict(group, what, show(value), origin, show(other[0]), other[1])
        return given[0][0] if given else None

    def _contradict(
        self,
        group: _Group,
        what: tuple[str, str],
        value: tuple[str, str],
        origin: Origin,
        other: tuple[str, str],
        other_origin: Origin,
    ) -> None:
        self.faults[origin.file].add_at(
            _GIVEN_TWICE,
            origin,
            subject=group.shown,
            what=what[0],
            what_en=what[1],
            value=value[0],
            value_en=value[1],
            other=other[0],
            other_en=other[1],
            place=f"{other_origin.file} {other_origin.where_zh}".strip(),
            place_en=f"{other_origin.file} {other_origin.where_en}".strip(),
        )

    @staticmethod
    def _words_of(group: _Group) -> Callable[[Any], tuple[str, str]]:
        return lambda text: (shown(text, group.kind.sensitive), shown(text, group.kind.sensitive))

    # --- rosters and references ---

    def _check_not_empty(self, group: _Group) -> None:
        """A roster stated to be empty has no members in any file."""
        for draft in group.parent.drafts if group.parent is not None else ():
            stated = draft.rosters.get(group.kind.id)
            if stated is not None and stated.is_empty:
                what, empty, member = (group.kind.zh, group.kind.id), ("空", "empty"), (group.shown, group.shown)
                origin = group.drafts[0].origin
                assert group.parent is not None
                self._contradict(group.parent, what, empty, stated.origin, member, origin)
                self._contradict(group.parent, what, member, origin, empty, stated.origin)

    def _settle_references(self) -> None:
        """A reference becomes the id of the subject it names; one that names nobody here stays as written."""
        for name, fact in self.rules.facts.items():
            if isinstance(fact.type, ReferenceType) and fact.type.kind in self.index:
                for kind in fact.kinds:
                    slot = self.rules.kinds[kind].slots[name]
                    for group in self.index[kind]:
                        self._settle_reference(group, slot, self.index[fact.type.kind], fact.sensitive)

    def _settle_reference(self, group: _Group, slot: int, target: _Index, sensitive: bool) -> None:
        for key, (value, origin) in list(group.values.items()):
            if (key if isinstance(key, int) else key[0]) != slot or not isinstance(value, str):
                continue
            match target.find(value):
                case []:
                    pass
                case [named]:
                    group.values[key] = (named.id, origin)
                case several:
                    self.faults[origin.file].add_at("F415", origin, name=shown(value, sensitive), count=len(several))

    # --- the result ---

    def link(self, place: Place | None) -> dict[str, tuple[Subject, ...]]:
        self._find_lacking()
        made: dict[_Group, Subject] = {}
        result: dict[str, tuple[Subject, ...]] = {}
        for kind in _by_rank(self.rules):
            groups = sorted(self.index[kind.id], key=lambda each: each.order)
            for group in groups:
                made[group] = self._subject(group, made, place)
            result[kind.id] = tuple(made[group] for group in groups)
        for group, subject in made.items():
            if group.parent is not None:
                _enrol(made[group.parent], subject)
        for file in self.refused:
            for name in _kinds_in(file):
                if any(name in group.lacking for group in made):
                    kind = self.rules.kinds[name]
                    file.faults.warn("F421", 0, kind=kind.zh, kind_en=kind.id)
        for group, subject in made.items():
            for name in group.lacking:
                roster = subject.rosters[subject.kind.children[name]]
                if roster is not None:
                    roster.is_complete = False
        return {kind: result[kind] for kind in self.rules.kinds}

    def _find_lacking(self) -> None:
        """What a refused file would have added to a roster is missing from it: such a roster is not complete as
        handed in."""
        for file in self.refused:
            for draft in file.drafts:
                if draft.kind.parent is None:
                    continue
                index = self.index[draft.kind.parent]
                above = (draft.parent.written_id, draft.parent.written_name) if draft.parent else (draft.parent_text,)
                named = [group for text in above if text for group in index.find(text)]
                for group in named if any(above) else index:
                    group.lacking[draft.kind.id] = None
            for name in file.lost:
                parent = self.rules.kinds[name].parent
                for group in self.index[parent] if parent is not None else ():
                    group.lacking[name] = None

    def _subject(self, group: _Group, made: dict[_Group, Subject], place: Place | None) -> Subject:
        kind = group.kind
        values: list[Any] = [UNTOLD] * len(kind.slots)
        for name, slot in kind.slots.items():
            if self.rules.facts[name].every is not None:
                values[slot] = {}
        for key, (value, _) in group.values.items():
            if isinstance(key, int):
                values[key] = value
            else:
                values[key[0]][key[1]] = value
        rosters: list[Roster | None] = [None] * len(kind.children)
        for child, position in kind.children.items():
            stated = [draft.rosters[child] for draft in group.drafts if child in draft.rosters]
            if stated:
                rosters[position] = Roster([], all(each.is_complete for each in stated), stated[0].origin)
        return Subject(
            kind=kind,
            id=group.id,
            name=group.name,
            origin=group.drafts[0].origin,
            place=group.place or place,
            parent=made[group.parent] if group.parent is not None else None,
            values=values,
            rosters=rosters,
            origins={key: origin for key, (_, origin) in group.values.items()},
            as_of=group.as_of,
            reasons=group.reasons,
        )

    def _add(self, draft: Draft, code: str, **values: object) -> None:
        self.faults[draft.file].add(code, draft.spot, **values)


def _tells_of(file: FileFacts, kind: Kind, text: str) -> bool:
    """Whether a file holds a subject of this id or name."""
    return any(each.kind is kind and text in (each.written_id, each.written_name) for each in file.drafts)


def _kinds_in(file: FileFacts) -> list[str]:
    return sorted({draft.kind.id for draft in file.drafts} | file.lost)


def _enrol(parent: Subject, member: Subject) -> None:
    position = parent.kind.children[member.kind.id]
    roster = parent.rosters[position]
    if roster is None:
        roster = parent.rosters[position] = Roster([], True, member.origin)
    roster.members.append(member)
