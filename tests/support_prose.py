"""Rules of the invented city (`support_explain`) told in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulecheck.commands.read import render
from rulecheck.language.syntax import Language
from rulecheck.prose.documents import told
from rulecheck.rules import model
from rulecheck.rules.resolve.guards import walk
from support_explain import rule, rule_set


def prose(clauses: str, kind: str = "单位", language: Language = "zh") -> str:
    """All that `rulecheck read` says of one rule with these clauses."""
    return prose_of(rule_set(rule(clauses, kind)), language)


def prose_of(rules: model.RuleSet, language: Language = "zh", id: str = "probe") -> str:
    return render(told(rules, {id}, ()), language, color=False)


def line(clauses: str, label: str, kind: str = "单位", language: Language = "zh") -> str:
    """The first line behind a label with what belongs to it, as one text."""
    return part(prose(clauses, kind, language), label, language)


def part(text: str, label: str, language: Language) -> str:
    """The same of a whole text."""
    lines = text.splitlines()
    start = next(number for number, each in enumerate(lines) if each.strip().startswith(label))
    indent = len(lines[start]) - len(lines[start].lstrip())
    taken = [lines[start].strip().removeprefix(label).strip()]
    for each in lines[start + 1 :]:
        if len(each) - len(each.lstrip()) <= indent:
            break
        taken.append(each.strip())
    return ("" if language == "zh" else " ").join(taken)


def node_types(rules: Iterable[model.Rule]) -> set[type]:
    return {type(node) for each in rules for node in _nodes(each)}


def _nodes(of: model.Rule) -> Iterator[object]:
    for reading in of.readings:
        for limb in reading.limbs:
            for part in (limb.applies, limb.excepted, limb.requirement, limb.done, limb.due):
                if part is not None:
                    yield from walk(part)
