"""Drafts of all files into subjects: the same subject of several files joined, members put under their parents,
places and as-of dates filled in.

Two values for one fact of one subject are never settled by choice: every file that gives one is refused, with the
place of another, and nothing of these files is judged; whichever was right, the auditor would else get a verdict from
half of a contradiction. So is a file whose 上级 names nobody that is left. Refusals may follow from refusals; the end
of it does not depend on any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rulecheck.facts.groups import Group, Index, Merger
from rulecheck.facts.nodes import Faults, first_at, near, shown
from rulecheck.facts.rows import plain_blocks, subjects_of
from rulecheck.facts.told import Block, Draft, FileFacts
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind, ReferenceType, RuleSet
from rulecheck.submission import UNTOLD, Roster, Subject

if TYPE_CHECKING:
    from rulecheck.facts.authority.senders import Senders


def assemble(
    files: Sequence[FileFacts], rules: RuleSet, place: Place | None, senders: Senders | None = None
) -> dict[str, tuple[Subject, ...]]:
    """Every subject of each kind, nested ones included, in the order of file names and of each file.

    Faults are added to the files they concern; a file with a fault, from reading or from here, gives no subject.
    `place`: of subjects for which nobody says one. `senders`: the roster of expected units, where there is one.
    """
    accepted = [each for each in files if not each.faults.errors]
    while True:
        joining = _Joining(accepted, [each for each in files if each.faults.errors], rules, senders)
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


class _Joining:
    """One joining of the files that are not refused so far. `refused`: the others, for what is missing because of
    them."""

    def __init__(self, files: Sequence[FileFacts], refused: Sequence[FileFacts], rules: RuleSet, senders: Senders | None) -> None:
        self.senders = senders
        self.files = sorted(files, key=lambda each: each.file)
        self.refused = sorted(refused, key=lambda each: each.file)
        self.rules = rules
        self.faults: dict[str, Faults] = {each.file: each.faults for each in files}
        self.merger = Merger(self.faults, rules, senders)
        self.index: dict[str, Index] = {kind: Index() for kind in rules.kinds}
        self.group_of: dict[Draft, Group] = {}
        self.whole: dict[str, list[Block]] = {}
        """Blocks of which every row is a subject of its own: they are not taken apart."""

    def run(self) -> None:
        drafts: dict[str, list[Draft]] = {kind: [] for kind in self.rules.kinds}
        self.whole = plain_blocks(self.files, self.refused, self.rules)
        for file in self.files:
            for draft in file.drafts:
                drafts[draft.kind.id].append(draft)
            for block in file.blocks:
                if block not in self.whole.get(block.kind.id, ()):
                    drafts[block.kind.id] += block.drafts()
        for kind in _by_rank(self.rules):
            self._group(kind, drafts[kind.id])
            for group in self.index[kind.id]:
                self.merger.merge(group)
        for index in self.index.values():
            for group in index:
                self._check_not_empty(group)
        self._settle_references()

    # --- which drafts are one subject ---

    def _group(self, kind: Kind, drafts: list[Draft]) -> None:
        placed: list[tuple[Draft, Group | None]] = []
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
        groups: dict[tuple[Group | None, str], Group] = {}
        self._place_all(kind, placed, groups)
        # A row without 上级 is about the member that another row or file places, where just one has this id or name.
        index.add_names()
        alone: list[tuple[Draft, Group | None]] = []
        for draft in loose:
            match index.find(draft.id):
                case [] if self._has_any(kind.parent):
                    # Left by itself it would be missing from the list of whoever it belongs to, and that list would pass.
                    above = self.rules.kinds[kind.parent or ""]
                    self._add(draft, "F416", subject=draft.shown, kind=above.zh, kind_en=above.id)
                case []:
                    alone.append((draft, None))
                case [group]:
                    self._join(group, draft)
                case several:
                    self._add(draft, "F413", subject=draft.shown, kind=kind.zh, kind_en=kind.id, count=len(several))
        self._place_all(kind, alone, groups)
        index.add_names()

    def _place_all(
        self, kind: Kind, placed: list[tuple[Draft, Group | None]], groups: dict[tuple[Group | None, str], Group]
    ) -> None:
        """Drafts with their parents into groups: by code, those that give only an id or a name by the one code or id it goes
        with."""
        codes: dict[tuple[Group | None, str], set[str]] = {}
        ids: dict[tuple[Group | None, str], set[str]] = {}
        for draft, parent in placed:
            if draft.written_code and draft.written_id:
                codes.setdefault((parent, draft.written_id), set()).add(draft.written_code)
        for draft, parent in placed:
            if draft.written_name and draft.written_name != draft.id:
                meant = {draft.id} if draft.written_code else codes.get((parent, draft.written_id), {draft.id})
                ids.setdefault((parent, draft.written_name), set()).update(meant)
        for draft, parent in placed:
            known = codes if draft.written_id else ids
            meant = {draft.id} if draft.written_code else known.get((parent, draft.id), {draft.id})
            if len(meant) > 1:
                several = "、".join(shown(each, kind.sensitive) for each in sorted(meant))
                self._add(draft, "F414", subject=draft.shown, ids=several)
                continue
            (id_,) = meant
            group = groups.get((parent, id_))
            if group is None:
                group = groups[parent, id_] = Group(kind, parent, id_)
                self.index[kind.id].by_id.setdefault(id_, []).append(group)
            self._join(group, draft)

    def _join(self, group: Group, draft: Draft) -> None:
        earlier = next((each for each in group.drafts if (each.file, each.sheet) == (draft.file, draft.sheet)), None)
        if earlier is not None:
            self._add(draft, "F407", subject=draft.shown, **first_at(earlier.spot))
        group.drafts.append(draft)
        self.group_of[draft] = group

    def _named_parent(self, draft: Draft, kind: Kind) -> Group | None:
        index = self.index[kind.id]
        meant = self._found(index, draft.parent_text, draft.file)
        if len(meant) == 1:
            return meant[0]
        names = {"name": shown(draft.parent_text, kind.sensitive), "kind": kind.zh, "kind_en": kind.id}
        refusing = next((file.file for file in self.refused if file.tells_of(kind, draft.parent_text)), "")
        if meant:
            self._add(draft, "F412", **names, count=len(meant))
        elif refusing:
            self._add(draft, "F411", **names, file=refusing)
        else:
            known = [] if kind.sensitive else [*index.by_id, *index.by_name]
            self._add(draft, "F410", **names, near=near(draft.parent_text, known))
        return None

    def _found(self, index: Index, text: str, file: str) -> list[Group]:
        """The groups that a text in a file means; by another name of a unit only where the roster of expected units has it."""
        found = index.find(text)
        return found if found or self.senders is None else index.find(self.senders.code(text, file))

    def _has_any(self, kind: str | None) -> bool:
        return kind is not None and next(iter(self.index[kind]), None) is not None

    # --- rosters and references ---

    def _check_not_empty(self, group: Group) -> None:
        """A roster stated to be empty has no members in any file."""
        for draft in group.parent.drafts if group.parent is not None else ():
            stated = draft.rosters.get(group.kind.id)
            if stated is not None and stated.is_empty:
                what, empty, member = (group.kind.zh, group.kind.id), ("空", "empty"), (group.shown, group.shown)
                origin = group.drafts[0].origin
                assert group.parent is not None
                self.merger.contradict(group.parent, what, empty, stated.origin, member, origin)
                self.merger.contradict(group.parent, what, member, origin, empty, stated.origin)

    def _settle_references(self) -> None:
        """A reference becomes the id of the subject it names; one that names nobody here stays as written."""
        for name, fact in self.rules.facts.items():
            if isinstance(fact.type, ReferenceType) and fact.type.kind in self.index:
                for kind in fact.kinds:
                    slot = self.rules.kinds[kind].slots[name]
                    for group in self.index[kind]:
                        self._settle_reference(group, slot, self.index[fact.type.kind], fact.sensitive)

    def _settle_reference(self, group: Group, slot: int, target: Index, sensitive: bool) -> None:
        for key, value in list(group.values.items()):
            if (key if isinstance(key, int) else key[0]) != slot or not isinstance(value, str):
                continue
            match self._found(target, value, group.origins[key].file):
                case []:
                    pass
                case [named]:
                    group.values[key] = named.id
                case several:
                    origin = group.origins[key]
                    self.faults[origin.file].add_at("F415", origin, name=shown(value, sensitive), count=len(several))

    # --- the result ---

    def link(self, place: Place | None) -> dict[str, tuple[Subject, ...]]:
        self._find_lacking()
        made: dict[Group, Subject] = {}
        result: dict[str, tuple[Subject, ...]] = {}
        for kind in _by_rank(self.rules):
            groups = sorted(self.index[kind.id], key=lambda each: each.order)
            for group in groups:
                made[group] = self._subject(group, made, place)
            result[kind.id] = self._in_order(groups, made, self.whole.get(kind.id, ()), place)
        for group, subject in made.items():
            if group.parent is not None:
                _enrol(made[group.parent], subject)
        for group, subject in made.items():
            _drop_unfilled(group, subject)
        for file in self.refused:
            for name in sorted(file.kinds()):
                if any(name in group.lacking for group in made):
                    kind = self.rules.kinds[name]
                    file.faults.warn("F421", 0, kind=kind.zh, kind_en=kind.id)
        for group, subject in made.items():
            for name in group.lacking:
                roster = subject.rosters[subject.kind.children[name]]
                if roster is not None:
                    roster.is_complete = False
        return {kind: result[kind] for kind in self.rules.kinds}

    def _in_order(
        self, groups: Sequence[Group], made: Mapping[Group, Subject], blocks: Sequence[Block], place: Place | None
    ) -> tuple[Subject, ...]:
        """The subjects of one kind by file and order in it; those of a block stand together."""
        parts = [(group.order, [made[group]]) for group in groups]
        parts += [((each.file, each.first), subjects_of(each, self.rules, place, self.senders)) for each in blocks]
        parts.sort(key=lambda part: part[0])
        return tuple(subject for _, subjects in parts for subject in subjects)

    def _find_lacking(self) -> None:
        """What a refused file would have added to a roster is missing from it: such a roster is not complete as
        handed in."""
        for file in self.refused:
            for draft in file.every_draft() if self._may_lack(file) else ():
                if draft.kind.parent is None:
                    continue
                index = self.index[draft.kind.parent]
                above = (draft.parent.id, *draft.parent.names) if draft.parent else (draft.parent_text,)
                named = [group for text in above if text for group in self._found(index, text, file.file)]
                for group in named if any(above) else index:
                    group.lacking[draft.kind.id] = None
            for name in file.lost:
                parent = self.rules.kinds[name].parent
                for group in self.index[parent] if parent is not None else ():
                    group.lacking[name] = None

    def _may_lack(self, file: FileFacts) -> bool:
        """Whether a refused file holds members of anything."""
        return any(self.rules.kinds[kind].parent is not None for kind in file.kinds())

    def _subject(self, group: Group, made: dict[Group, Subject], place: Place | None) -> Subject:
        kind = group.kind
        values: list[Any] = [UNTOLD] * len(kind.slots)
        for name, slot in kind.slots.items():
            if self.rules.facts[name].every is not None:
                values[slot] = {}
        for key, value in group.values.items():
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
            origins=group.origins,
            as_of=group.as_of,
            reasons=group.reasons,
            supporting=group.supporting,
        )

    def _add(self, draft: Draft, code: str, **values: object) -> None:
        self.faults[draft.file].add(code, draft.spot, **values)


def _drop_unfilled(group: Group, subject: Subject) -> None:
    """A roster said to be all there (已报全), of which nobody handed in a row, tells nothing: having none is said by 无."""
    for child, position in subject.kind.children.items():
        stated = [draft.rosters[child] for draft in group.drafts if child in draft.rosters]
        roster = subject.rosters[position]
        if roster is not None and not roster.members and roster.is_complete and not any(each.is_empty for each in stated):
            subject.rosters[position] = None


def _enrol(parent: Subject, member: Subject) -> None:
    position = parent.kind.children[member.kind.id]
    roster = parent.rosters[position]
    if roster is None:
        roster = parent.rosters[position] = Roster([], True, member.origin)
    roster.members.append(member)
