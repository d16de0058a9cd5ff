"""How the kinds of the tables hang together in what is judged: which members must come with the subject they belong to, and
which only look up to it. An edge goes by the kind below, since each kind is part of one other at most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rulecheck.dataclass import dataclass
from rulecheck.rules import model
from rulecheck.rules.nodes import members_of, parts_of


@dataclass(frozen=True, slots=True)
class Edges:
    """`segments`: the kinds (English ids) whose rows come in the same partition as the row above them, all of them together.
    Every other kind streams by itself, with the rows above at hand."""

    segments: frozenset[str]

    def root(self, kind: model.Kind, rules: model.RuleSet, kinds: Collection[str]) -> model.Kind:
        """The kind at the top of the family of a kind, of which a table is there (`kinds`)."""
        while kind.id in self.segments and kind.parent in kinds:
            kind = rules.kinds[kind.parent or ""]
        return kind


def edges(rules: model.RuleSet) -> Edges:
    """The edges for everything that the rules judge, and for the relations between facts.

    Relations reach further than they read: a breach makes the facts that it names untold, those of the subject above too, and
    then for everybody who reads them.
    """
    segments = {kind.id for kind, test in _every_test(rules) for kind in _looked_down(rules, test, kind)}
    tangled: set[str] = set()
    for relation in rules.relations:
        steps = [term.up for term in relation.facts]
        looks_down = any(_looked_down(rules, relation.test, relation.kind))
        if any(steps):
            segments.update(kind.id for kind in _upwards(rules, relation.kind, max(steps)))
        if any(steps) or looks_down:
            tangled.update(_above(rules, relation.kind, up).id for up in steps)
    # Whoever looks up to a fact that depends on other rows has to see what became of it.
    for kind in rules.kinds.values():
        if any(above.id in tangled for above in _ancestors(rules, kind)):
            segments.add(kind.id)
    return Edges(frozenset(segments))


def _every_test(rules: model.RuleSet) -> Iterator[tuple[model.Kind, model.Test | model.Term]]:
    """All that is judged, each with the kind of whom it is asked."""
    for rule in rules.rules:
        for reading in rule.readings:
            for limb in reading.limbs:
                for part in (limb.applies, limb.excepted, limb.requirement, limb.done, limb.due):
                    if part is not None:
                        yield rule.kind, part
    for relation in rules.relations:
        yield relation.kind, relation.test


def _looked_down(rules: model.RuleSet, node: model.Test | model.Term, kind: model.Kind) -> Iterator[model.Kind]:
    """The kinds on the way to members that a node asked of a `kind` looks at, and those on the way up to whose members they are:
    whoever looks down from above has to come with all that lies below there."""
    found = node.siblings if isinstance(node, model.WithinTop) else members_of(node)
    if found is not None:
        yield from _upwards(rules, kind, found.up)
        yield from found.kinds
    inner = kind if found is None or isinstance(node, model.WithinTop) else found.kinds[-1]
    for part in parts_of(node):
        yield from _looked_down(rules, part, inner)


def _above(rules: model.RuleSet, kind: model.Kind, steps: int) -> model.Kind:
    for _ in range(steps):
        kind = rules.kinds[kind.parent or ""]
    return kind


def _upwards(rules: model.RuleSet, kind: model.Kind, steps: int) -> Iterator[model.Kind]:
    """The kinds on the way up, without the one at the end."""
    return (_above(rules, kind, step) for step in range(steps))


def _ancestors(rules: model.RuleSet, kind: model.Kind) -> Iterable[model.Kind]:
    while kind.parent is not None:
        kind = rules.kinds[kind.parent]
        yield kind


def facts_read(rules: model.RuleSet) -> frozenset[tuple[str, str]]:
    """The facts (kind, fact) that anything judged reads, or that a relation holds against another."""
    from rulecheck.templates.reads import needs_of

    needs = needs_of(rules, rules.rules)
    found = set(needs.uses)
    for relation in rules.relations:
        found.update(_facts_in(rules, relation.test, relation.kind))
    return frozenset(found)


def _facts_in(rules: model.RuleSet, node: model.Test | model.Term, kind: model.Kind) -> Iterator[tuple[str, str]]:
    """The facts (kind, fact) that a test asked of a `kind` reads, those of members too."""
    match node:
        case model.FactTerm(fact=fact, up=up) | model.PeriodTotal(fact=fact, up=up):
            yield _above(rules, kind, up).id, fact.id
        case model.ParameterTerm(day=day) if day is not None:
            yield from _facts_in(rules, day, kind)
    members = node.siblings if isinstance(node, model.WithinTop) else members_of(node)
    if members is not None:
        kind = members.kinds[-1]
        if kind.occurs_on is not None:
            yield kind.id, kind.occurs_on
    for part in parts_of(node):
        yield from _facts_in(rules, part, kind)
