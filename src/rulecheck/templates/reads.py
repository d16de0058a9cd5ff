"""What rules read: the facts of every kind of subject that their expressions name, with the periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.judging.lower import period_of, periods, shifted
from rulecheck.rules import model
from rulecheck.rules.nodes import members_of, parts_of
from rulecheck.templates.form import Use

MOST_PERIODS: Final[Mapping[model.Frequency, int]] = {"year": 10, "quarter": 16, "month": 36}
"""How many periods of one fact a form asks for at most: more columns than that are not filled in by hand."""

OPEN_YEARS: Final = 3
"""How many years of a duty without an end a form asks about."""

Key = tuple[str, str]
"""A fact of a kind, by English ids."""


@dataclass(slots=True)
class Needs:
    """What was read so far. `kinds`: every kind met, with those on the way to it; `uses` and `keys` (of periods) by fact."""

    rules: model.RuleSet
    kinds: dict[str, None] = field(default_factory=dict)
    uses: dict[Key, dict[Use, None]] = field(default_factory=dict)
    keys: dict[Key, set[str]] = field(default_factory=dict)

    def add_kind(self, kind: model.Kind | None) -> None:
        """A kind, and what it is part of: without its parent a member cannot be placed."""
        while kind is not None and kind.id not in self.kinds:
            self.kinds[kind.id] = None
            kind = self.rules.kinds[kind.parent] if kind.parent is not None else None

    def add(self, kind: model.Kind, fact: model.Fact, use: Use | None, keys: Iterable[str] = ()) -> None:
        self.add_kind(kind)
        uses = self.uses.setdefault((kind.id, fact.id), {})
        if use is not None:
            uses[use] = None
        self.keys.setdefault((kind.id, fact.id), set()).update(keys)

    def above(self, kind: model.Kind, steps: int) -> model.Kind:
        for _ in range(steps):
            kind = self.rules.kinds[kind.parent or ""]
        return kind


def needs_of(rules: model.RuleSet, chosen: Iterable[model.Rule]) -> Needs:
    """What the chosen rules read under any of their readings, and what must agree with it."""
    needs = Needs(rules)
    for rule in chosen:
        use = Use(rule.title, rule.document.number, tuple(dict.fromkeys(each.locator for each in rule.citations)))
        needs.add_kind(rule.kind)
        if rule.kind.occurs_on is not None:
            needs.add(rule.kind, rules.facts[rule.kind.occurs_on], use)
        if rule.bound.reference is not None:
            _Reader(needs, use, ()).read(rule.bound.reference, rule.kind)
        for reading in rule.readings:
            for limb in reading.limbs:
                reader = _Reader(needs, use, _periods(rule, limb))
                for node in (limb.applies, limb.excepted, limb.requirement, limb.done, limb.due):
                    if node is not None:
                        reader.read(node, rule.kind)
    _add_relations(needs)
    return needs


def _periods(rule: model.Rule, limb: model.Limb) -> tuple[tuple[model.Frequency, int], ...]:
    """The periods in which a duty is owed, each as its frequency and first day."""
    if rule.every is None:
        return ()
    ends = [end for end in (limb.owed[1], limb.in_force[1], rule.document.horizon) if end is not None]
    start = max(limb.owed[0], limb.in_force[0])
    last = min(ends) if ends else start + OPEN_YEARS * 365
    found = [each for each in periods(rule.every, limb, last) if each is not None]
    return tuple((rule.every, each.start) for each in found[: MOST_PERIODS[rule.every]])


def span_keys(every: model.Frequency, documents: Iterable[model.Document]) -> tuple[str, ...]:
    """The keys of the periods that documents are about, for a fact that no rule reads."""
    keys: set[str] = set()
    for document in documents:
        start = document.in_force[0]
        last = document.horizon or start + OPEN_YEARS * 365
        period = period_of(every, start)
        while period.start <= last and len(keys) < MOST_PERIODS[every]:
            keys.add(period.key)
            period = period_of(every, period.end + 1)
    return tuple(sorted(keys))


def _add_relations(needs: Needs) -> None:
    """Facts that must agree with those read: a breach would make them unusable, so both sides are asked."""
    read = {key: set(keys) for key, keys in needs.keys.items()}
    for relation in needs.rules.relations:
        owners = [(needs.above(relation.kind, term.up), term) for term in relation.facts]
        touched = [(owner, term) for owner, term in owners if (owner.id, term.fact.id) in read]
        if not any(not isinstance(term.period, str) or term.period in read[owner.id, term.fact.id] for owner, term in touched):
            continue
        common = {key for owner, term in touched for key in read[owner.id, term.fact.id]}
        use = Use(model.Bilingual(relation.zh, relation.id.replace("_", " ")))
        for owner, term in owners:
            named = {term.period} if isinstance(term.period, str) else common
            needs.add(owner, term.fact, use, named if term.fact.every is not None else ())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the expressions of one limb. `periods`: those in which it is judged."""

    needs: Needs
    use: Use
    periods: tuple[tuple[model.Frequency, int], ...]

    def read(self, node: model.Test | model.Term, kind: model.Kind) -> None:
        """Note every fact that an expression about a subject of `kind` reads."""
        match node:
            case model.FactTerm():
                self._fact(node, kind)
            case model.PeriodTotal(fact=fact, up=up, periods=keys):
                self.needs.add(self.needs.above(kind, up), fact, self.use, keys)
            case model.ParameterTerm(day=day) if day is not None:
                self.read(day, kind)
        members = members_of(node)
        if members is not None:
            kind = members.kinds[-1]
            self.needs.add_kind(kind)
            if kind.occurs_on is not None:
                self.needs.add(kind, self.needs.rules.facts[kind.occurs_on], self.use)
        for part in parts_of(node):
            self.read(part, kind)

    def _fact(self, term: model.FactTerm, kind: model.Kind) -> None:
        owner = self.needs.above(kind, term.up)
        self.needs.add(owner, term.fact, self.use, self._keys(term) if term.fact.every is not None else ())

    def _keys(self, term: model.FactTerm) -> Iterable[str]:
        if isinstance(term.period, str):
            return (term.period,)
        return [shifted(every, period_of(every, start), term.period or 0).key for every, start in self.periods]
