"""Checks over what is resolved that need the whole: what 无 means where it is compared, changes that need an action."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.rules import model
from rulecheck.rules.nodes import walk
from rulecheck.rules.resolve.vocabulary import VocabularyReader


def check_vocabulary(vocabulary: VocabularyReader) -> list[Diagnostic]:
    """A changeable fact says what to do about it; nothing else could word a cure as an action."""
    return [
        error("R223", fact.span, name=fact.zh)
        for fact in vocabulary.facts.values()
        if fact.changeable is not None and fact.action is None
    ]


def check_rule(rule: model.Rule) -> list[Diagnostic]:
    """无 in a comparison or a sum is an error of the rule, unless the rule tests it or the fact says what it counts as."""
    problems = []
    for reading in rule.readings:
        for limb in reading.limbs:
            nodes = [node for test in (limb.applies, limb.excepted, limb.requirement, limb.due) if test for node in walk(test)]
            tested = {node.fact.fact.id for node in nodes if isinstance(node, model.IsNone)}
            if limb.done is not None:
                tested.add(limb.done.fact.id)
            for node in nodes:
                if isinstance(node, model.Compare | model.Total | model.PeriodTotal | model.DateShift | model.InSeason):
                    for term in compared(node):
                        fact = term.fact
                        if fact.may_be_none and fact.none_is is None and fact.id not in tested:
                            problems.append(error("R224", term.span, name=fact.zh))
    return problems


def compared(node: model.Test | model.Term) -> Iterator[model.FactTerm]:
    """The facts whose value a comparison or sum needs, not looking into members, which are walked on their own."""
    match node:
        case model.FactTerm():
            yield node
        case model.Compare(left=left, right=right) | model.Sum(left=left, right=right):
            yield from compared(left)
            yield from compared(right)
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            yield from compared(left)
            yield from compared(right)
        case model.Total(term=term) | model.DateShift(term=term) | model.RolledDate(term=term):
            yield from compared(term)
        case model.Change(term=term) | model.InSeason(term=term):
            yield from compared(term)
        case _:
            return
