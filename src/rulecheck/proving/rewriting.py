"""Expressions with one place changed. Clauses are resolved anew for each limb and reading, so a place is known by its text:
the same words changed in the file would change every copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, get_args

from rulecheck.dataclass import dataclass, replace
from rulecheck.rules import model

NODES: Final = (*get_args(model.Test), *get_args(model.Term), model.Collection)
"""Every kind of expression there is."""

Node = Any
"""A test, a term or a collection."""

DROPPED: Final = object()
"""What stands for an expression that is left out."""


@dataclass(frozen=True, slots=True)
class Site:
    """An expression and where it stands: `parent` is None at the top of a clause; `field` is its name there."""

    node: Node
    parent: Node | None
    field: str

    @property
    def key(self) -> tuple[object, ...]:
        return type(self.node), self.node.span, self.node

    @property
    def is_one_of_several(self) -> bool:
        value = getattr(self.parent, self.field) if self.parent is not None else None
        return isinstance(value, tuple) and len(value) > 1


def sites(node: Node, parent: Node | None = None, field: str = "") -> Iterator[Site]:
    """Every expression inside one, itself first."""
    yield Site(node, parent, field)
    for name, inner in _inside(node):
        yield from sites(inner, node, name)


def _inside(node: Node) -> Iterator[tuple[str, Node]]:
    for name in type(node).__match_args__:
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, NODES):
                yield name, each


def rewritten(node: Node, target: Node, put: Node) -> Node:
    """An expression with `put` wherever it has `target`; DROPPED where nothing is left. The very same where it has it not."""
    if node.span == target.span and type(node) is type(target) and node == target:
        return put
    changes: dict[str, Any] = {}
    for name in type(node).__match_args__:
        value = getattr(node, name)
        if isinstance(value, NODES):
            changed = rewritten(value, target, put)
            if changed is not value:
                changes[name] = None if changed is DROPPED else changed
        elif isinstance(value, tuple) and any(isinstance(each, NODES) for each in value):
            parts = tuple(rewritten(each, target, put) if isinstance(each, NODES) else each for each in value)
            if any(part is not each for part, each in zip(parts, value, strict=True)):
                changes[name] = tuple(part for part in parts if part is not DROPPED)
    if () in changes.values():
        return DROPPED
    return replace(node, **changes) if changes else node


LIMB_TESTS: Final = ("applies", "excepted", "requirement", "due")
"""The clauses of a limb that are expressions."""


def in_limb(limb: model.Limb, target: Node, put: Node) -> model.Limb:
    """A limb with `put` wherever its clauses have `target`."""
    changes: dict[str, Any] = {}
    for name in LIMB_TESTS:
        value = getattr(limb, name)
        if value is not None:
            changed = rewritten(value, target, put)
            if changed is not value:
                changes[name] = None if changed is DROPPED else changed
    return replace(limb, **changes) if changes else limb


def each_limb(rule: model.Rule, change: Callable[[model.Limb, model.Reading], model.Limb]) -> model.Rule:
    """A rule with every limb of every reading changed."""
    readings = tuple(
        replace(reading, limbs=tuple(change(limb, reading) for limb in reading.limbs)) for reading in rule.readings
    )
    return replace(rule, readings=readings)
