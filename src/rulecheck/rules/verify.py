"""Whether every field of a rule set holds what its type says: for rule sets that come from a file in the user's folder."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, Literal, get_args, get_origin

from rulecheck.language.diagnostics import Diagnostic
from rulecheck.language.source import Source, Span
from rulecheck.rules.model import Accepted, Rule, RuleExample, RuleSet

Check = Callable[[Any], bool]


def is_whole(rules: RuleSet) -> bool:
    """Whether all fields, down to the last, are of their types; but for the parts of rules that are read when asked for and that
    no verdict rests on."""
    return _Verifier().check(RuleSet)(rules)


_PARTS: Final = {"examples": tuple[RuleExample, ...], "accepted": tuple[Accepted, ...]}


def are_part(name: str, value: object) -> bool:
    """Whether this can be the examples of a rule, or what is accepted in it."""
    return _Verifier().check(_PARTS[name])(value)


def are_remarks(value: tuple[Diagnostic, ...]) -> bool:
    """Whether these can be what was remarked about rule files that are free of faults."""
    return _Verifier().check(tuple[Diagnostic, ...])(value) and all(each.severity == "warning" for each in value)


class _Verifier:
    def __init__(self) -> None:
        self._checks: dict[Any, Check] = {Any: lambda _: True, object: lambda _: True, Span: _is_span}
        self._seen: dict[int, object] = {}
        """Objects found right; kept, so that no other takes their number."""

    def check(self, hint: Any) -> Check:
        """The check of a type."""
        found = self._checks.get(hint)
        if found is None:
            found = self._checks[hint] = self._made(hint)
        return found

    def _made(self, hint: Any) -> Check:
        origin, arguments = get_origin(hint), get_args(hint)
        if hint is None or hint is NoneType:
            return lambda value: value is None
        if origin is Literal:
            return lambda value: value.__class__ is str and value in arguments
        if origin in (typing.Union, UnionType):
            return self._union(arguments)
        if origin is tuple and arguments[-1] is Ellipsis:
            inner = self.check(arguments[0])
            return lambda value: value.__class__ is tuple and all(map(inner, value))
        if origin is tuple:
            each = [self.check(argument) for argument in arguments]
            return lambda value: (
                value.__class__ is tuple
                and len(value) == len(each)
                and all(check(part) for check, part in zip(each, value, strict=True))
            )
        if origin is frozenset:
            member = self.check(arguments[0])
            return lambda value: value.__class__ is frozenset and all(map(member, value))
        if origin is Mapping:
            key, kept = map(self.check, arguments)
            return lambda value: value.__class__ is dict and all(map(key, value)) and all(map(kept, value.values()))
        if is_dataclass(hint):
            return self._dataclass(hint)
        if isinstance(hint, type):
            return lambda value: value.__class__ is hint
        raise TypeError(f"no check for {hint!r}")

    def _union(self, arguments: tuple[Any, ...]) -> Check:
        by_class = {each: each for each in arguments if isinstance(each, type)}
        others = [self.check(each) for each in arguments if not isinstance(each, type)]
        checks: dict[type, Check] = {}

        def union(value: Any) -> bool:
            cls = value.__class__
            if cls in by_class:
                if cls not in checks:
                    checks[cls] = self.check(cls)
                return checks[cls](value)
            return any(check(value) for check in others)

        return union

    def _dataclass(self, cls: Any) -> Check:
        checks: list[tuple[str, Check]] = []
        seen = self._seen

        def instance(value: Any) -> bool:
            if id(value) in seen:
                return isinstance(value, cls)
            if not isinstance(value, cls):
                return False
            if not checks:
                hints = typing.get_type_hints(cls)
                names = [each.name for each in fields(cls) if cls is not Rule or each.name not in _PARTS]
                checks.extend((name, self.check(hints[name])) for name in names)
            for name, check in checks:
                if not check(getattr(value, name)):
                    return False
            seen[id(value)] = value
            return True

        return instance


def _is_span(value: Any) -> bool:
    return (
        value.__class__ is Span
        and value.start.__class__ is int
        and value.end.__class__ is int
        and isinstance(value.source, Source)
        and value.source.name.__class__ is str
        and value.source.text.__class__ is str
        and 0 <= value.start <= value.end <= len(value.source.text)
    )
