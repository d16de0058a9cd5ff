"""`dataclass` as the standard library has it, for a quick start: a class costs a twentieth to declare, because what has to be
compiled for it is compiled when it is first used, and most runs use few of the classes there are.

Type checkers see `dataclasses` itself. Of the options of `dataclass` there are `frozen`, `slots` and `eq`, of those of `field`
`default_factory`, `default`, `compare` and `repr`; a class inherits from no other dataclass. `dataclasses.fields`,
`is_dataclass` and `match` work with such classes as with any.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

_NOTHING: Any = object()
_NO_FIELDS = ("ClassVar", "InitVar", "KW_ONLY")
"""Annotations of the standard library that are not carried."""

if TYPE_CHECKING:
    from dataclasses import Field, dataclass, field, replace
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> type | Callable[[type], type]:
        """A class whose annotated names are its fields, in their order."""
        if cls is not None:
            return _made(cls, frozen, slots, eq)
        return lambda each: _made(each, frozen, slots, eq)

    def field(*, default: Any = _NOTHING, default_factory: Any = None, compare: bool = True, repr: bool = True) -> _Given:
        """What is said of a field beside its type."""
        return _Given(default, default_factory, compare, repr)

    def replace(of: Any, /, **changes: Any) -> Any:
        """The same again but for some fields."""
        kept = {name: getattr(of, name) for name in of.__match_args__ if name not in changes}
        return of.__class__(**kept, **changes)


class _Given:
    __slots__ = ("compare", "default", "factory", "repr")

    def __init__(self, default: Any, factory: Any, compare: bool, repr: bool) -> None:
        self.default, self.factory, self.compare, self.repr = default, factory, compare, repr


class _Part:
    """A field: its default (a value, or a factory of values), and what it takes part in."""

    __slots__ = ("compare", "default", "factory", "name", "repr")

    def __init__(self, name: str, given: Any) -> None:
        said = given if isinstance(given, _Given) else _Given(given, None, True, True)
        if type(said.default).__hash__ is None or type(said.default).__name__ == "Field":
            raise TypeError(f"field {name!r}: a default that can change needs a factory; field() is this module's")
        self.name, self.default, self.factory = name, said.default, said.factory
        self.compare, self.repr = said.compare, said.repr


def _made(cls: type, frozen: bool, slots: bool, eq: bool) -> type:
    if any("__dataclass_fields__" in base.__dict__ for base in cls.__mro__):
        raise TypeError(f"{cls.__name__} is a dataclass already, or inherits from one")
    body = dict(cls.__dict__)
    parts = [_Part(name, body.pop(name, _NOTHING)) for name in body.get("__annotations__", ())]
    names = tuple(part.name for part in parts)
    home: list[type] = []
    fields = _Fields(parts, home)
    members: dict[str, Any] = {"__match_args__": names, "__dataclass_fields__": fields, "__repr__": _repr_of(parts)}
    if "__init__" not in body:
        members["__init__"] = _first_init(parts, frozen, slots, home)
    if eq:
        members |= _equality(parts, frozen)
    if frozen:
        members |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if slots:
            members |= {"__getstate__": _state, "__setstate__": _set_state}
    members = {name: value for name, value in members.items() if name not in body}
    if not slots:
        # As the standard library leaves it: a default stands on the class too, a field() does not.
        for part in parts:
            if part.default is not _NOTHING:
                setattr(cls, part.name, part.default)
            elif part.name in cls.__dict__:
                delattr(cls, part.name)
        for name, value in members.items():
            setattr(cls, name, value)
        home.append(cls)
        return cls
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    made = type(cls)(cls.__name__, cls.__bases__, body | members | {"__slots__": names})
    made.__qualname__ = cls.__qualname__
    home.append(made)
    return made


def _first_init(parts: list[_Part], frozen: bool, slots: bool, home: list[type]) -> Callable[..., None]:
    """An `__init__` that puts the compiled one in its own place when the first instance is made. `home` holds the class, which
    is there by then."""

    def __init__(self: Any, /, *arguments: Any, **named: Any) -> None:
        owner = home[0]
        init = _init(parts, frozen, slots, owner)
        if owner.__dict__.get("__init__") is __init__:
            owner.__init__ = init  # type: ignore[misc]
        init(self, *arguments, **named)

    return __init__


def _init(parts: list[_Part], frozen: bool, slots: bool, owner: type) -> Callable[..., None]:
    if any(word in str(said) for said in owner.__annotations__.values() for word in _NO_FIELDS):
        raise TypeError(f"{owner.__name__} declares what is no field")
    names: dict[str, Any] = {"nothing": _NOTHING, "set_attribute": object.__setattr__}
    parameters, lines = [], []
    for number, part in enumerate(parts):
        value = part.name
        if part.factory is not None:
            names[f"factory_{number}"] = part.factory
            parameters.append(f"{part.name}=nothing")
            value = f"factory_{number}() if {part.name} is nothing else {part.name}"
        elif part.default is not _NOTHING:
            names[f"default_{number}"] = part.default
            parameters.append(f"{part.name}=default_{number}")
        else:
            parameters.append(part.name)
        if not frozen:
            lines.append(f"self.{part.name} = {value}")
        elif slots:
            names[f"set_{number}"] = owner.__dict__[part.name].__set__
            lines.append(f"set_{number}(self, {value})")
        else:
            lines.append(f"set_attribute(self, {part.name!r}, {value})")
    if hasattr(owner, "__post_init__"):
        lines.append("self.__post_init__()")
    text = f"def __init__(self, {', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    made: dict[str, Any] = {}
    exec(f"def make({', '.join(names)}):\n {text.replace(chr(10), chr(10) + ' ')}\n return __init__", made)
    init: Callable[..., None] = made["make"](**names)
    init.__qualname__ = f"{owner.__qualname__}.__init__"
    return init


def _equality(parts: list[_Part], frozen: bool) -> dict[str, Any]:
    compared = [part.name for part in parts if part.compare]
    key: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: object) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _repr_of(parts: list[_Part]) -> Callable[[Any], str]:
    shown = [part.name for part in parts if part.repr]

    def __repr__(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    return recursive_repr()(__repr__)


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


class _Fields:
    """What `dataclasses.fields` asks for, made when it is asked for, by the standard library."""

    def __init__(self, parts: list[_Part], home: list[type]) -> None:
        self._parts, self._home = parts, home

    def __get__(self, instance: object, owner: type) -> dict[str, Field[Any]]:
        import dataclasses
        from inspect import get_annotations

        owner = self._home[0]
        given: dict[str, Any] = {}
        for part in self._parts:
            said: dict[str, Any] = {"compare": part.compare, "repr": part.repr}
            if part.factory is not None:
                said["default_factory"] = part.factory
            elif part.default is not _NOTHING:
                said["default"] = part.default
            given[part.name] = dataclasses.field(**said)
        declared = {"__annotations__": get_annotations(owner), "__module__": owner.__module__}
        twin: Any = dataclasses.dataclass(type(owner.__name__, (), {**given, **declared}))
        found: dict[str, Field[Any]] = twin.__dataclass_fields__
        type.__setattr__(owner, "__dataclass_fields__", found)
        return found
