"""Blocks into subjects without taking them apart: where every row is a subject of its own and nothing else tells of it, joining
has nothing to join. `assemble` does the rest, and would find the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from rulecheck.facts.told import Block, FileFacts, RowOrigins
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind, ReferenceType, RuleSet
from rulecheck.submission import UNTOLD, Roster, Subject

if TYPE_CHECKING:
    from rulecheck.facts.authority.senders import Senders


def plain_blocks(files: Sequence[FileFacts], refused: Sequence[FileFacts], rules: RuleSet) -> dict[str, list[Block]]:
    """The blocks of each kind that need no joining: nobody is a member of their subjects or refers to them, and no other row or
    file tells of them."""
    present = {kind for file in (*files, *refused) for kind in file.kinds()}
    blocks: dict[str, list[Block]] = {}
    for file in files:
        for block in file.blocks:
            blocks.setdefault(block.kind.id, []).append(block)
    return {
        kind: found
        for kind, found in blocks.items()
        if not _is_joined(rules.kinds[kind], present, rules)
        and all(block.is_plain() for block in found)
        and _are_apart(found, list(_texts_of_drafts(files, kind)))
    }


def _is_joined(kind: Kind, present: set[str], rules: RuleSet) -> bool:
    """Whether subjects of other kinds here may belong to those of this kind, or one refer to the other."""
    if not present.isdisjoint(kind.children):
        return True
    references = [fact for fact in rules.facts.values() if isinstance(fact.type, ReferenceType)]
    return any(
        kind.id in fact.kinds or (isinstance(fact.type, ReferenceType) and fact.type.kind == kind.id and present & {*fact.kinds})
        for fact in references
    )


def _texts_of_drafts(files: Sequence[FileFacts], kind: str) -> Iterator[set[str]]:
    for file in files:
        for draft in file.drafts:
            if draft.kind.id == kind:
                yield {draft.id, *draft.names}


def _are_apart(blocks: Sequence[Block], of_drafts: Sequence[set[str]]) -> bool:
    """Whether nothing that one block or draft calls its subjects is said by another."""
    if len(blocks) == 1 and not of_drafts:
        return True
    seen: set[str] = set()
    for each in (*of_drafts, *(block.texts() for block in blocks)):
        if not seen.isdisjoint(each):
            return False
        seen |= each
    return True


def subjects_of(block: Block, rules: RuleSet, place: Place | None, senders: Senders | None) -> list[Subject]:
    """The subjects of a plain block, in its order. `place` and `senders`: as in `assemble`."""
    kind, children = block.kind, len(block.kind.children)
    keys = block.keys()
    places = [each or block.header_place for each in block.places]
    if senders is not None:
        files = {block.file}
        places = [each or senders.place(key, files) for key, each in zip(keys, places, strict=True)]
    subjects = [
        Subject(kind, key, name or key, origin, where or place, None, values, [None] * children, origins, day, {}, "", {}, {})
        for key, name, origin, where, values, origins, day in zip(
            keys,
            block.names,
            block.row_origins(),
            places,
            _values(block, rules),
            map(RowOrigins, repeat(block), range(block.count)),
            [each or block.header_as_of for each in block.days],
            strict=True,
        )
    ]
    _add_the_rest(block, subjects)
    return subjects


def _values(block: Block, rules: RuleSet) -> list[list[Any]]:
    """The values of each row by slot, periodic facts as a dict from period to value."""
    columns: list[Iterable[Any]] = []
    for name, slot in block.kind.slots.items():
        if rules.facts[name].every is None:
            columns.append(block.by_slot[slot].values if slot in block.by_slot else repeat(UNTOLD, block.count))
        else:
            columns.append(_periods(block, slot))
    return list(map(list, zip(*columns, strict=True))) if columns else [[] for _ in range(block.count)]


def _periods(block: Block, slot: int) -> Iterator[dict[str, Any]]:
    given = [(each.slot[1], each) for each in block.facts if isinstance(each.slot, tuple) and each.slot[0] == slot]
    names = [name for name, _ in given]
    if any(each.absent for _, each in given):
        for row in range(block.count):
            yield {name: each.values[row] for name, each in given if row not in each.absent}
    elif given:
        for told in zip(*(each.values for _, each in given), strict=True):
            yield dict(zip(names, told, strict=True))
    else:
        for _ in range(block.count):
            yield {}


def _add_the_rest(block: Block, subjects: Sequence[Subject]) -> None:
    """What few rows have: statements on rosters, reasons, supporting material."""
    for column in block.rosters:
        position = block.kind.children[column.what]
        for row, stated in enumerate(column.values):
            # 已报全 without a single row tells nothing; see `assemble`.
            if stated is not None and stated != (True, False):
                origin = block.written(row, column.number, column.texts[row])
                subjects[row].rosters[position] = Roster([], stated[0], origin)
    for column in block.reasons:
        for row, text in enumerate(column.values):
            if text is not None:
                subjects[row].reasons[column.what] = text
    for column in block.supporting:
        for row, text in enumerate(column.values):
            if text is not None:
                subjects[row].supporting[column.what] = text
