"""Relations between facts: where a submission contradicts itself, the facts concerned count as untold until it is put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulecheck.dataclass import dataclass
from rulecheck.judging import algebra
from rulecheck.judging.lower import last_day, lower_relation, period_of, shifted
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
    """The periods in which the subject reported a figure that the relation asks for in each; a single None for a relation without
    periods."""
    if relation.every is None:
        return [None]
    keys: set[str] = set()
    for term in relation.facts:
        owner = subject.above(term.up)
        if isinstance(term.period, int) and owner is not None and term.fact.id in owner.kind.slots:
            values = owner.values[owner.kind.slots[term.fact.id]] or {}
            told = [key for key, value in values.items() if value is not UNTOLD]
            # What was told of 2023 is, as the figure of the period before, asked for in 2024.
            keys.update(told if term.period == 0 else (moved(relation.every, key, -term.period) for key in told))
    return sorted(keys)


def moved(every: model.Frequency, key: str, by: int) -> str:
    """The key of the period `by` periods later."""
    return shifted(every, period_of(every, last_day(key)), by).key if by else key


def period_in(term: model.FactTerm, relation: model.RelationRule, key: str | None) -> str | None:
    """The period of which a relation judged at `key` asks for a fact: its own, the one before, or one that is named."""
    if not isinstance(term.period, int):
        return term.period
    assert relation.every is not None
    assert key is not None
    return moved(relation.every, key, term.period)


def _cells(relation: model.RelationRule, subject: Subject, key: str | None) -> Iterator[Cell]:
    """Where the facts of a relation stand in the period of `key`."""
    for term in relation.facts:
        owner = subject.above(term.up)
        if owner is not None and term.fact.id in owner.kind.slots:
            yield owner, owner.kind.slots[term.fact.id], period_in(term, relation, key)
