"""A rule set as plain data and back: lines of JSON that hold what the rule files mean, so that nothing has to be parsed.

The first line has what every run needs (names, facts, kinds, documents, the calendar, and of each rule who and what it is
about); every other line is a part that is read when it is asked for: the readings of one rule, its examples, what is accepted in
it, the text of one file. Things that are one and the same (a fact, a unit, a document) are so again. Syntax trees
(`RuleSet.files`) are not kept.

A value is itself where JSON has it (text, whole number, yes/no, nothing), else a list that begins with what it is: `["/", 3,
20]` a fraction, `["+", 5, 1, 1]` the numbers 5, 6 and 7, `["=", 7]` the thing shared that has this number, `[12, …]` the fields
of the class that has this number in the first line's table. No other classes than the dataclasses of `_MODULES` are ever made,
and nothing that is read is run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from importlib import import_module
from itertools import accumulate, pairwise
from typing import Any, Final

from rulecheck.language.diagnostics import Diagnostic
from rulecheck.language.source import Source, Span
from rulecheck.measures.places import Place
from rulecheck.measures.units import Unit
from rulecheck.rules import model

FORMAT: Final = 2
"""To be raised with every change of what the lines mean."""

_MODULES: Final = {
    "model": "rulecheck.rules.model",
    "types": "rulecheck.rules.types",
    "registered": "rulecheck.rules.registered",
    "syntax": "rulecheck.language.syntax",
    "units": "rulecheck.measures.units",
    "places": "rulecheck.measures.places",
    "workdays": "rulecheck.measures.workdays",
    "diagnostics": "rulecheck.language.diagnostics",
}
_SHORT: Final = {module: short for short, module in _MODULES.items()}

_ALONE: Final = (model.Fact, model.Kind, model.Parameter, model.Document)
"""Compared by identity and named from many places."""
_ALIKE: Final = (Unit, Place, model.NumberType, model.CategoryType, model.ReferenceType)
"""Equal ones are kept once."""
_LATER: Final = ("readings", "examples", "accepted")
"""Parts of a rule that are read when asked for."""
_APART: Final = ("rules", "files")
"""Of a rule set: the rules have lines of their own, the files none."""


class NotCompiled(Exception):
    """The bytes are not what `compiled` wrote."""


# --- to plain data ---


def compiled(rules: model.RuleSet, problems: Sequence[Diagnostic]) -> bytes:
    """The rule set, with what was remarked when its files were read, as lines of JSON in UTF-8."""
    writer = _Writer()
    parts: list[Any] = [None]

    def part(value: Any) -> int:
        parts.append(value)
        return len(parts) - 1

    listed = []
    for rule in rules.rules:
        listed.append([part(writer.section(getattr(rule, name))) for name in _LATER] + writer.fields(rule, _LATER))
    rest = writer.fields(rules, _APART)
    remarks = writer.value(tuple(problems))
    sources = [[source.name, part(source.text)] for source in writer.sources]
    parts[0] = {
        "format": FORMAT,
        "classes": list(writer.classes),
        "sources": sources,
        "shared": writer.shared,
        "rules": listed,
        "rest": rest,
        "problems": remarks,
    }
    return b"\n".join(map(_line, parts))


def _line(part: Any) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


class _Writer:
    """Values as plain data; what is shared is collected in `shared`, before what refers to it."""

    def __init__(self) -> None:
        self.classes: dict[str, int] = {}
        self.sources: dict[Source, int] = {}
        self.shared: list[Any] = []
        self._numbers: dict[object, int] = {}
        self._local: dict[int, int] = {}

    def value(self, of: Any) -> Any:
        match of:
            case None | bool() | str() | int():
                return of
            case Fraction():
                return ["/", of.numerator, of.denominator]
            case date():
                return ["d", of.toordinal()]
            case tuple() if of and all(type(each) is int for each in of):
                return ["+", of[0], *(after - before for before, after in pairwise(of))]
            case tuple():
                return ["t", *map(self.value, of)]
            case frozenset():
                return ["s", *sorted(of, key=lambda each: (isinstance(each, str), each))]
            case Mapping():
                return ["m", {key: self.value(each) for key, each in of.items()}]
            case Span():
                return ["p", self.sources.setdefault(of.source, len(self.sources)), of.start, of.end]
            case _:
                return self._object(of)

    def _object(self, of: Any) -> Any:
        if id(of) in self._local:
            return ["~", self._local[id(of)]]
        if not isinstance(of, _ALONE + _ALIKE):
            return self._made(of)
        key: object = id(of) if isinstance(of, _ALONE) else of
        if key not in self._numbers:
            local, self._local = self._local, {}
            self.shared.append(self._made(of))
            self._local = local
            self._numbers[key] = len(self.shared) - 1
        return ["=", self._numbers[key]]

    def _made(self, of: Any) -> list[Any]:
        name = f"{_SHORT[type(of).__module__]}.{type(of).__name__}"
        return [self.classes.setdefault(name, len(self.classes)), *self.fields(of)]

    def fields(self, of: Any, without: Sequence[str] = ()) -> list[Any]:
        return [self.value(getattr(of, name)) for name in of.__match_args__ if name not in without]

    def section(self, of: Any) -> list[Any]:
        """A part that is read by itself: the things that it names more than once, each as often as it is one, then the part."""
        times: Counter[int] = Counter()
        found: list[Any] = []
        _count(of, times, found)
        local = []
        for each in found:
            if times[id(each)] > 1:
                local.append(self._made(each))
                self._local[id(each)] = len(local) - 1
        whole = self.value(of)
        self._local.clear()
        return [local, whole]


def _count(of: Any, times: Counter[int], found: list[Any]) -> None:
    """How often each object below is referred to; `found` has them once, what is inside before what holds it."""
    if isinstance(of, tuple):
        for each in of:
            _count(each, times, found)
    elif hasattr(type(of), "__dataclass_fields__") and not isinstance(of, (Span, *_ALONE, *_ALIKE)):
        times[id(of)] += 1
        if times[id(of)] == 1:
            for name in of.__match_args__:
                _count(getattr(of, name), times, found)
            found.append(of)


# --- and back ---


class _Source(Source):
    """A file whose text is read when a line of it is shown."""

    def __init__(self, name: str, read: Callable[[], Any]) -> None:
        self.__dict__.update(name=name, _read=read)

    def __getattr__(self, name: str) -> Any:
        if name != "text":
            raise AttributeError(name)
        self.__dict__["text"] = text = self._read()
        return text


class _Rule(model.Rule):
    """A rule whose readings, examples and acceptances are read when they are asked for."""

    __slots__ = ("_parts",)

    def __getattr__(self, name: str) -> Any:
        if name not in _LATER:
            raise AttributeError(name)
        found = self._parts[name]()
        object.__setattr__(self, name, found)
        return found


_KEPT: Final = tuple(name for name in model.Rule.__match_args__ if name not in _LATER)


Guard = Callable[[str, str, Callable[[], Any]], Any]
"""Stands between a rule (its id) and the reading of a part that no verdict rests on (its name)."""
UNJUDGED: Final = ("examples", "accepted")


def restored(content: bytes, guard: Guard | None = None) -> tuple[model.RuleSet, list[Diagnostic]]:
    """The rule set of what `compiled` wrote, and what was remarked. NotCompiled where it cannot be read; where a part that is
    read when asked for cannot, one of `BROKEN` is raised then."""
    try:
        return _Reader(content, guard).whole()
    except BROKEN as problem:
        raise NotCompiled from problem


BROKEN: Final = (NotCompiled, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class _Reader:
    def __init__(self, content: bytes, guard: Guard | None) -> None:
        self.guard = guard
        self.lines = content.split(b"\n")
        self.head: dict[str, Any] = json.loads(self.lines[0])
        if self.head["format"] != FORMAT:
            raise NotCompiled
        self.sources = [_Source(name, partial(self.line, number)) for name, number in self.head["sources"]]
        self.shared: list[Any] = []
        self.local: list[Any] = []
        self.make: dict[Any, Callable[[list[Any]], Any]] = {
            "/": lambda of: Fraction(of[1], of[2]),
            "=": lambda of: self.shared[of[1]],
            "~": lambda of: self.local[of[1]],
            "p": lambda of: Span(self.sources[of[1]], of[2], of[3]),
            "t": lambda of: tuple([self.value(each) for each in of[1:]]),
            "+": lambda of: tuple(accumulate(of[1:])),
            "s": lambda of: frozenset(of[1:]),
            "m": lambda of: {key: self.value(each) for key, each in of[1].items()},
            "d": lambda of: date.fromordinal(of[1]),
        }
        for number, name in enumerate(self.head["classes"]):
            self.make[number] = partial(self._first_of, number, name)

    def _first_of(self, number: int, name: str, of: list[Any]) -> Any:
        """A class is looked up when its first instance is made: of the syntax trees most runs need none."""
        short, _, named = name.partition(".")
        module = import_module(_MODULES[short])
        cls = vars(module)[named]
        if not isinstance(cls, type) or cls.__module__ != _MODULES[short] or "__dataclass_fields__" not in vars(cls):
            raise NotCompiled
        value = self.value

        def make(of: list[Any]) -> Any:
            return cls(*[value(each) if each.__class__ is list else each for each in of[1:]])

        self.make[number] = make
        return make(of)

    def value(self, of: Any) -> Any:
        return self.make[of[0]](of) if of.__class__ is list else of

    def line(self, number: int) -> Any:
        return json.loads(self.lines[number])

    def section(self, number: int) -> Any:
        local, whole = self.line(number)
        self.local = []
        for each in local:
            self.local.append(self.value(each))
        return self.value(whole)

    def rule(self, row: list[Any]) -> model.Rule:
        made = _Rule.__new__(_Rule)
        put = object.__setattr__
        for name, each in zip(_KEPT, row[len(_LATER) :], strict=True):
            put(made, name, self.value(each))
        parts: dict[str, Any] = {name: partial(self.section, number) for name, number in zip(_LATER, row, strict=False)}
        if self.guard is not None:
            parts |= {name: partial(self.guard, made.id, name, parts[name]) for name in UNJUDGED}
        put(made, "_parts", parts)
        return made

    def whole(self) -> tuple[model.RuleSet, list[Diagnostic]]:
        for each in self.head["shared"]:
            self.shared.append(self.value(each))
        rules = tuple(self.rule(row) for row in self.head["rules"])
        rest = map(self.value, self.head["rest"])
        names = [name for name in model.RuleSet.__match_args__ if name not in _APART]
        given = dict(zip(names, rest, strict=True))
        return model.RuleSet(rules=rules, files=(), **given), list(self.value(self.head["problems"]))
