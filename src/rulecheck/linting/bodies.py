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


def missing(library: Library) -> Iterator[Remark]:
    """A body that an item cited names and the rule does not."""
    for view, printed in _printed(library):
        named = _named(view)
        left_out = [each for each in printed if each not in named]
        if left_out:
            yield remark(view.declared, view.declared.declaration.head.span, names=_listed(left_out))


def not_printed(library: Library) -> Iterator[Remark]:
    """A body that the rule names otherwise than the items cited: another name, or another role."""
    for view, printed in _printed(library):
        other = [each for each in _named(view) if each not in printed]
        if other:
            yield remark(view.declared, view.declared.declaration.head.span, names=_listed(other))


def _listed(bodies: list[tuple[str, str]]) -> Bilingual:
    def told(language: str) -> str:
        return "、".join(f"{words.spell_label(role, 'en' if language == 'en' else 'zh')} {name}" for role, name in bodies)

    return Bilingual(told("zh"), told("en"))


def _named(view: RuleView) -> list[tuple[str, str]]:
    return [(each.role, normalise(each.agency)) for each in view.rule.responsible]


def _printed(library: Library) -> Iterator[tuple[RuleView, list[tuple[str, str]]]]:
    """Each rule whose items name bodies, with them: role and name, in one form of punctuation."""
    for view in library.views:
        items = (library.texts or {}).get(view.rule.document.folder, ())
        cited = {each.locator for each in view.rule.citations}
        printed = [body for item in items if item.locator in cited for body in bodies(item.text)]
        if printed:
            yield view, printed


def bodies(text: str) -> list[tuple[str, str]]:
    """The bodies that the text of an item names, with their roles: 〔牵头单位：甲；责任单位：乙、丙〕."""
    labels = {words.spell_label(role, "zh"): role for role in ROLES}
    pattern = re.compile(f"({'|'.join(labels)})\\s*[:：]")
    found = []
    for match in pattern.finditer(text):
        stretch = pattern.split(_until_closed(text[match.end() :]))[0]
        found += [(labels[match[1]], normalise(each)) for each in split_agencies(stretch.strip().rstrip("。;；"))]
    return found


def _until_closed(text: str) -> str:
    """What stands before the bracket that closes a list, or before its paragraph ends."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "(（") - (character in ")）")
        if depth < 0 or character in _CLOSING or character == "\n":
            return text[:position]
    return text
