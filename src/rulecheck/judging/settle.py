"""Relations between facts: where a submission contradicts itself, the facts concerned count as untold until it is put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulecheck.dataclass import dataclass
from rulecheck.judging import algebra
from rulecheck.judging.lower import lower_relation
from rulecheck.judging.rows import Rows, TruthOf
from rulecheck.judging.truth import NO
from rulecheck.rules import model
from rulecheck.submission import UNTOLD, Origin, Subject

Cell = tuple[Subject, int, str | None]
"""A value: whose, in which slot, of which period."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A relation that a subject's figures break, with where each figure stands; `period`: a key, for a periodic relation."""

    relation: model.RelationRule
    subject: Subject
    period: str | None
    origins: tuple[Origin, ...]


def settle(rules: model.RuleSet, subjects: Iterable[Subject]) -> list[Breach]:
    """All breaches; the facts concerned are taken back to untold, after every relation has been tried on what was handed in."""
    rows = Rows(rules.calendar, rules.places)
    tests: dict[tuple[int, str | None], TruthOf] = {}
    by_kind: dict[str, list[model.RelationRule]] = {}
    for relation in rules.relations:
        by_kind.setdefault(relation.kind.id, []).append(relation)
    breaches: list[Breach] = []
    disputed: list[tuple[Cell, str]] = []
    for subject in subjects:
        for relation in by_kind.get(subject.kind.id, ()):
            for key in _periods(relation, subject):
                test = tests.get((id(relation), key))
                if test is None:
                    tested = algebra.test(lower_relation(rules, relation, key), rows)
                    test = tests[id(relation), key] = algebra.unharmed(tested, rows)
                if test(subject) == NO:
                    cells = list(_cells(relation, subject, key))
                    disputed += [(cell, relation.zh) for cell in cells]
                    origins = [owner.origins.get(slot if at is None else (slot, at)) for owner, slot, at in cells]
                    breaches.append(Breach(relation, subject, key, tuple(each for each in origins if each is not None)))
    for (owner, slot, at), name in disputed:
        owner.disputed[slot] = name
        owner.values[slot] = UNTOLD if at is None else {**(owner.values[slot] or {}), at: UNTOLD}
    return breaches


def _periods(relation: model.RelationRule, subject: Subject) -> Sequence[str | None]:
    """The periods for which the subject reported any of the facts; a single None for a relation without periods."""
    if relation.every is None:
        return [None]
    keys: set[str] = set()
    for owner, slot, _ in _cells(relation, subject, ""):
        keys.update(owner.values[slot] or ())
    return sorted(keys)


def _cells(relation: model.RelationRule, subject: Subject, key: str | None) -> Iterator[Cell]:
    """Where the facts of a relation stand; periodic ones at the period of `key` or at their own."""
    for term in relation.facts:
        owner = subject.above(term.up)
        if owner is not None and term.fact.id in owner.kind.slots:
            period = None if term.fact.every is None else term.period if isinstance(term.period, str) else key
            yield owner, owner.kind.slots[term.fact.id], period
