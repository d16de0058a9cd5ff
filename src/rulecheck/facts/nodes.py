"""What every reader yields: keys, cells, mappings and lists, each with its place in the file. Nothing is typed yet.

These are plain slotted classes, not frozen ones: a file may hold a million of them, and freezing doubles the time of
making one. They never leave `facts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from collections.abc import Mapping as Values
from typing import Any, Final, Literal

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.limits import MAXIMUM_FAULTS, MAXIMUM_FAULTS_KEPT
from rulecheck.language.diagnostics import Diagnostic, Place, closest
from rulecheck.submission import Origin

Spot = int | str
"""A place in a file: a line from 1 (0: the file as a whole), or the path of a JSON value."""

Form = Literal["text", "boolean", "null"]
"""What the format itself says of a value: true or false, null; else text (of a JSON number its digits as written), to be
read by the fact's type."""


@dataclass(slots=True)
class Cell:
    """One value as written."""

    text: str
    spot: Spot
    form: Form = "text"


@dataclass(slots=True)
class Key:
    """The name before a value: a key, or the heading of a column."""

    text: str
    spot: Spot


@dataclass(slots=True)
class Mapping:
    """Keys and values, in the order of the file. The reader has refused a key that stands twice."""

    entries: list[tuple[Key, Node]]
    spot: Spot


VALUES_OF_A_MAPPING: Final = 6
"""What a mapping counts as beside its values, and a row of a table at least: an empty one takes the memory of a few values."""


@dataclass(slots=True)
class Objects:
    """JSON objects that hold nothing but values, by key: the value of each of them under each key, and which of them lack it.
    A value is a text (of a number its digits), true, false or None, which a missing one is as well."""

    names: list[str]
    columns: list[list[Any]]
    absent: list[Collection[int]]
    count: int


class Items:
    """A list. One of JSON objects that hold nothing but values has them as `objects`, and makes their nodes when asked."""

    __slots__ = ("_nodes", "_open", "objects", "spot")

    def __init__(
        self, nodes: list[Node], spot: Spot, objects: Objects | None = None, open: Callable[[], list[Node]] | None = None
    ) -> None:
        self._nodes = nodes
        self._open = open
        self.objects = objects
        self.spot = spot

    @property
    def nodes(self) -> list[Node]:
        if self._open is not None:
            self._nodes, self._open = self._open(), None
        return self._nodes


Node = Cell | Mapping | Items


def where(spot: Spot) -> tuple[str, str]:
    """The place in words, Chinese and English: `第7行`, `line 7`; a JSON path is the same in both."""
    if isinstance(spot, str):
        return spot, spot
    return (f"第{spot}行", f"line {spot}") if spot else ("", "")


class TooManyFaults(Exception):
    """Ends the reading of a file whose faults nobody would read to the end; caught where the reading began."""


@dataclass(slots=True)
class Faults:
    """The faults and warnings of one file, in the order they were found. The same fault at the same place is kept
    once: a wrong heading is one fault, not one a row. `is_reading`: too many faults end the reading of the file, by
    TooManyFaults; otherwise they are not kept."""

    file: str
    errors: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    is_reading: bool = False
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def add(self, code: str, spot: Spot = 0, **values: object) -> None:
        self._keep(self.errors, "error", code, where(spot), values)

    def warn(self, code: str, spot: Spot = 0, **values: object) -> None:
        self._keep(self.warnings, "warning", code, where(spot), values)

    def add_at(self, code: str, origin: Origin, **values: object) -> None:
        """A fault at the place of a value that was read before."""
        self._keep(self.errors, "error", code, (origin.where_zh, origin.where_en), values)

    def warn_at(self, code: str, origin: Origin, **values: object) -> None:
        """A warning at the place of a value that was read before."""
        self._keep(self.warnings, "warning", code, (origin.where_zh, origin.where_en), values)

    def report(self, problem: Problem, spot: Spot = 0, name: str = "", name_en: str = "") -> None:
        """A problem found at a place; `name`: of the fact concerned, for messages that do not say it themselves. A
        JSON path says it already."""
        zh, en = where(spot)
        if name and isinstance(spot, int):
            zh, en = f"{zh}“{name}”", f"{en} “{name_en or name}”"
        self._keep(self.errors, "error", problem.code, (zh, en), problem.values)

    def listed(self) -> tuple[Diagnostic, ...]:
        """The errors to show: all, or the first of very many and how many more."""
        if len(self.errors) <= MAXIMUM_FAULTS:
            return tuple(self.errors)
        more = Faults(self.file)
        count = len(self.errors) - MAXIMUM_FAULTS
        more.add("F119", count=f"{count}+" if len(self.errors) == MAXIMUM_FAULTS_KEPT else count)
        return (*self.errors[:MAXIMUM_FAULTS], *more.errors)

    def _keep(
        self, kept: list[Diagnostic], severity: str, code: str, words: tuple[str, str], values: Values[str, object]
    ) -> None:
        zh, en = words
        key = (code, zh, *values.values())
        if key not in self._seen:
            if len(kept) >= MAXIMUM_FAULTS_KEPT:
                if self.is_reading and severity == "error":
                    raise TooManyFaults
                return
            self._seen.add(key)
            place = Place(self.file, zh, "" if zh == en else en)
            texts = {name: str(value) for name, value in values.items()}
            kept.append(Diagnostic(code, place=place, values=texts, severity=severity))


def first_at(spot: Spot) -> dict[str, object]:
    """The place of an earlier mention, as the values `first` and `first_en` of a message."""
    zh, en = where(spot)
    return {"first": zh.removeprefix("!"), "first_en": en.removeprefix("!")}


_SHOWN: Final = 40
_HIDDEN: Final = "***"


def shown(text: str, sensitive: bool = False) -> str:
    """The user's own words for a message: on one line, cut short, and never those of a sensitive fact."""
    if sensitive:
        return _HIDDEN
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


# Characters that no submission needs and that can make text look like other text or steer a terminal: controls but
# tab and line ends, zero-width and direction marks, soft hyphens, lone surrogates, non-characters, tags.
FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a key or a value: a code of `dsl/messages/` and its values; the place is the caller's to add."""

    code: str
    values: Values[str, object] = field(default_factory=dict)


def near(name: str, known: Iterable[str]) -> str:
    """The known names nearest to a name, for a message; empty where none is near."""
    return "、".join(closest(name, known))


def code_points(characters: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(f"U+{ord(character):04X}" for character in characters))
