"""What an expression means apart from how it is written and which rule set it stands in: whether two say the same, and one of a
rule set put into the vocabulary of another."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

_UNSAID: Final = frozenset({"span", "type", "word"})
"""Fields that change nothing of what is judged: where it is written, what follows from the parts, which word was chosen."""


def meaning(of: Any) -> Any:
    """A value that two expressions of different rule sets share where they say the same. Facts, kinds and parameters count by
    their English ids, categories by their names; the order of conditions joined by 且 or 或 counts for nothing."""
    match of:
        case model.Fact() | model.Kind() | model.Parameter():
            return (type(of).__name__, of.id)
        case Place():
            return ("Place", of.english)
        case model.Literal_(value=value, type=model.CategoryType() as type_):
            return ("Literal_", _choice(type_, int(value)))
        case model.Member(term=term, values=values, negated=negated):
            named = {_choice(term.type, each) if isinstance(each, int) else each for each in values}
            return ("Member", meaning(term), tuple(sorted(map(str, named))), negated)
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            return (type(of).__name__, tuple(sorted(map(meaning, parts), key=repr)))
        case Bilingual():
            return (of.zh, of.en)
        case tuple():
            return tuple(map(meaning, of))
        case _ if hasattr(type(of), "__match_args__") and not isinstance(of, Fraction):
            return (type(of).__name__, *(meaning(getattr(of, name)) for name in of.__match_args__ if name not in _UNSAID))
        case _:
            return of


def _choice(type_: model.Type, position: int) -> str | int:
    return type_.choices[position].en if isinstance(type_, model.CategoryType) else position


class Unbound(Exception):
    """The vocabulary has no such name, or means something else by it."""


class Binding:
    """Expressions of the rule set `source` in the vocabulary of `target`. `parameters`: the objects that stand for parameters,
    by their ids, where they are not those of `target`."""

    def __init__(self, source: model.RuleSet, target: model.RuleSet, parameters: Mapping[str, model.Parameter]) -> None:
        self._target = target
        self._parameters = {**target.parameters, **parameters}
        self._is_own = source is target
        self._categories: dict[model.CategoryType, model.CategoryType] = {}
        for before, after in _pairs(source, target):
            if isinstance(before, model.CategoryType) and isinstance(after, model.CategoryType):
                self._categories.setdefault(before, after)

    def bound(self, of: Any) -> Any:
        """The same with the target's own facts, kinds and parameters; Unbound where it has none that can stand for one."""
        match of:
            case model.Fact():
                return self._fact(of)
            case model.Kind():
                return self._kind(of)
            case model.Parameter():
                if of.id not in self._parameters:
                    raise Unbound(of.id)
                return self._parameters[of.id]
            case model.CategoryType():
                return of if self._is_own else self._category(of)
            case model.Literal_(value=value, type=model.CategoryType() as type_, span=span) if not self._is_own:
                return model.Literal_(Fraction(self._position(type_, int(value))), self._category(type_), span)
            case model.Member(term=term, values=values, negated=negated, span=span) if isinstance(term.type, model.CategoryType):
                type_ = term.type
                kept = values if self._is_own else frozenset(self._position(type_, int(each)) for each in values)
                return model.Member(self.bound(term), kept, negated, span)
            case tuple():
                return tuple(map(self.bound, of))
            case _ if type(of).__module__ == model.__name__ and hasattr(type(of), "__match_args__"):
                return type(of)(*(self.bound(getattr(of, name)) for name in of.__match_args__))
            case _:
                return of

    def _fact(self, of: model.Fact) -> model.Fact:
        found = self._target.facts.get(of.id)
        if found is None or found.every != of.every or not _is_alike(of.type, found.type) or found.kinds != of.kinds:
            raise Unbound(of.id)
        return found

    def _kind(self, of: model.Kind) -> model.Kind:
        found = self._target.kinds.get(of.id)
        if found is None or found.parent != of.parent:
            raise Unbound(of.id)
        return found

    def _category(self, of: model.CategoryType) -> model.CategoryType:
        found = self._categories.get(of)
        if found is None:
            raise Unbound
        return found

    def _position(self, of: model.CategoryType, position: int) -> int:
        names = [each.en for each in self._category(of).choices]
        name = of.choices[position].en
        if name not in names:
            raise Unbound(name)
        return names.index(name)


def _pairs(source: model.RuleSet, target: model.RuleSet) -> list[tuple[model.Type, model.Type]]:
    """The types of what both rule sets declare under one id."""
    facts = [(each.type, target.facts[id].type) for id, each in source.facts.items() if id in target.facts]
    parameters = [(each.type, target.parameters[id].type) for id, each in source.parameters.items() if id in target.parameters]
    return [*facts, *parameters]


def _is_alike(before: model.Type, after: model.Type) -> bool:
    """Whether values of the two types can stand in one comparison."""
    if isinstance(before, model.NumberType) and isinstance(after, model.NumberType):
        return (before.unit and before.unit.dimension) == (after.unit and after.unit.dimension)
    return type(before) is type(after)
