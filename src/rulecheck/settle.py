"""Relations between facts: where a submission contradicts itself, the facts concerned count as untold until it is put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rulecheck import algebra, model
from rulecheck.lower import lower_relation
from rulecheck.rows import Rows
from rulecheck.submission import UNTOLD, Origin, Subject
from rulecheck.truth import NO


@dataclass(frozen=True, slots=True)
class Breach:
    """A relation that a subject's figures break, with where each figure stands."""

    relation: model.RelationRule
    subject: Subject
    origins: tuple[Origin, ...]


def settle(rules: model.RuleSet, subjects: Iterable[Subject]) -> list[Breach]:
    """All breaches; the facts concerned are taken back to untold, after every relation has been tried on what was handed in."""
    rows = Rows(rules.calendar, rules.places)
    tests = [(each, algebra.test(lower_relation(rules, each), rows)) for each in rules.relations]
    breaches: list[Breach] = []
    disputed: list[tuple[Subject, int, str]] = []
    for subject in subjects:
        for relation, tested in tests:
            if relation.kind is not subject.kind or algebra.unharmed(tested, rows)(subject) != NO:
                continue
            origins = []
            for term in relation.facts:
                owner = above(subject, term.up)
                if owner is None or term.fact.id not in owner.kind.slots:
                    continue
                slot = owner.kind.slots[term.fact.id]
                disputed.append((owner, slot, relation.zh))
                if slot in owner.origins:
                    origins.append(owner.origins[slot])
            breaches.append(Breach(relation, subject, tuple(origins)))
    for owner, slot, name in disputed:
        owner.values[slot] = UNTOLD
        owner.disputed[slot] = name
    return breaches


def above(subject: Subject, up: int) -> Subject | None:
    found: Subject | None = subject
    for _ in range(up):
        found = found.parent if found is not None else None
    return found
