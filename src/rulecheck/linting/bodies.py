"""The bodies that an item names as responsible, against those that the rule copies from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rulecheck.language import words
from rulecheck.linting.finding import Library, Remark, RuleView, remark
from rulecheck.proving.sources import normalise
from rulecheck.rules.model import Bilingual
from rulecheck.rules.resolve.rules import ROLES, split_agencies

_CLOSING: Final = "〕】]"


Bodies = dict[tuple[str, str], str]
"""Roles and names in one form of punctuation, each with the name as it is written."""


def missing(library: Library) -> Iterator[Remark]:
    """A body that an item cited names and the rule does not."""
    for view, printed in _printed(library):
        yield from _only_in(printed, _named(view), view)


def not_printed(library: Library) -> Iterator[Remark]:
    """A body that the rule names otherwise than the items cited: another name, or another role."""
    for view, printed in _printed(library):
        yield from _only_in(_named(view), printed, view)


def _only_in(one: Bodies, other: Bodies, view: RuleView) -> Iterator[Remark]:
    found = [(role, name) for (role, key), name in one.items() if (role, key) not in other]
    if found:
        zh = "、".join(f"{words.spell_label(role, 'zh')} {name}" for role, name in found)
        en = ", ".join(f"{words.spell_label(role, 'en')} {name}" for role, name in found)
        yield remark(view.declared, view.declared.declaration.head.span, names=Bilingual(zh, en))


def _named(view: RuleView) -> Bodies:
    return {(each.role, normalise(each.agency)): each.agency for each in view.rule.responsible}


def _printed(library: Library) -> Iterator[tuple[RuleView, Bodies]]:
    """Each rule whose items name bodies, with them."""
    for view in library.views:
        items = (library.texts or {}).get(view.rule.document.folder, ())
        cited = {each.locator for each in view.rule.citations}
        printed: Bodies = {}
        for item in items:
            if item.locator in cited:
                printed |= bodies(item.text)
        if printed:
            yield view, printed


def bodies(text: str) -> Bodies:
    """The bodies that the text of an item names: 〔牵头单位：甲；责任单位：乙、丙〕."""
    labels = {words.spell_label(role, "zh"): role for role in ROLES}
    pattern = re.compile(f"({'|'.join(labels)})\\s*[:：]")
    found: Bodies = {}
    for match in pattern.finditer(text):
        stretch = pattern.split(_until_closed(text[match.end() :]))[0]
        found |= {(labels[match[1]], normalise(each)): each for each in split_agencies(stretch.strip().rstrip("。;；"))}
    return found


def _until_closed(text: str) -> str:
    """What stands before the bracket that closes a list, or before its paragraph ends."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "(（") - (character in ")）")
        if depth < 0 or character in _CLOSING or character == "\n":
            return text[:position]
    return text
