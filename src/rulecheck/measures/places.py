"""Places and which lies in which, from `places.yaml` of a rules folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rulecheck.dataclass import dataclass, field
from rulecheck.language.diagnostics import Diagnostic, closest, error
from rulecheck.language.source import Source, Span, decoded
from rulecheck.language.syntax import Language
from rulecheck.language.yamltext import Listing, Node, Scalar, Table, read_yaml

PLACES_FILE = "places.yaml"

LEVELS = ("town", "county", "city", "province")
"""From low to high."""


@dataclass(frozen=True, slots=True)
class Place:
    """`chinese` is the full name (黄石市), `english` the identifier (huangshi), `title` the name for English readers.

    `parent`: the `english` of the place it lies in, None at the top. `is_zone`: a development zone, no division of
    its own.
    """

    chinese: str
    english: str
    title: str
    level: str
    parent: str | None
    is_zone: bool
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All places, by `english`; `names` of `find` are full and short Chinese names, identifiers and titles."""

    by_id: Mapping[str, Place]
    _known: Mapping[str, str] = field(repr=False)

    def find(self, name: str) -> Place | None:
        """The place of a name in either language, full or short; None when it is not in the table."""
        place = self._known.get(_plain(name))
        return None if place is None else self.by_id[place]

    def ancestors(self, place: Place) -> tuple[Place, ...]:
        """The places that a place lies in, the nearest first."""
        found: list[Place] = []
        while place.parent is not None:
            place = self.by_id[place.parent]
            found.append(place)
        return tuple(found)

    def contains(self, outer: Place, inner: Place) -> bool:
        """Whether `inner` is `outer` or lies in it."""
        return inner == outer or outer in self.ancestors(inner)

    def members(self, outer: Place, level: str) -> tuple[Place, ...]:
        """The places of a level that lie in a place, in the order of the table: 各县（市、区）of 黄石市."""
        return tuple(p for p in self.by_id.values() if p.level == level and p != outer and self.contains(outer, p))

    def names(self, to: Language) -> Mapping[str, str]:
        """Full Chinese names to identifiers, or back: one to one."""
        if to == "en":
            return {place.chinese: place.english for place in self.by_id.values()}
        return {place.english: place.chinese for place in self.by_id.values()}

    def closest(self, name: str) -> list[str]:
        """The names nearest to one that is not in the table."""
        return closest(_plain(name), self._known)


def level_rank(level: str) -> int:
    """0 town to 3 province: for `县级以上`."""
    return LEVELS.index(level)


def make_places(places: Iterable[Place]) -> Places:
    """The table of some places, parents before what lies in them, all names different."""
    by_id = {place.english: place for place in places}
    return Places(by_id, {_plain(name): place.english for place in by_id.values() for name in _names(place)})


def load_places(folder: Path) -> tuple[Places, list[Diagnostic]]:
    """The places of `folder/places.yaml`; a folder without one has none."""
    path = folder / PLACES_FILE
    if not path.is_file():
        return make_places(()), []
    try:
        return places_of(path.read_bytes())
    except OSError:
        return make_places(()), [error("U807", Span(Source(PLACES_FILE, ""), 0, 0), file=PLACES_FILE)]


def places_of(content: bytes | None) -> tuple[Places, list[Diagnostic]]:
    """The places of the bytes of a `places.yaml`; without one there are none."""
    if content is None:
        return make_places(()), []
    try:
        return read_places(Source(PLACES_FILE, decoded(content)))
    except UnicodeDecodeError:
        return make_places(()), [error("U807", Span(Source(PLACES_FILE, ""), 0, 0), file=PLACES_FILE)]


def read_places(source: Source) -> tuple[Places, list[Diagnostic]]:
    """The places of one text. With an error, those that could be read."""
    node, problems = read_yaml(source)
    if node is None:
        return make_places(()), problems
    listing = node.get("places") if isinstance(node, Table) else None
    if not isinstance(listing, Listing):
        return make_places(()), [error("U805", node.span, key="places")]
    found: list[Place] = []
    _read(listing, None, found, {}, problems)
    return make_places(found), problems


_KEYS = ("zh", "en", "title", "short", "level", "functional_zone", "contains")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


def _read(listing: Listing, parent: Place | None, found: list[Place], taken: dict[str, str], problems: list[Diagnostic]) -> None:
    for node in listing.items:
        place = _place(node, parent, problems)
        if place is None or not isinstance(node, Table):
            continue
        clash = next((name for name in _names(place) if _plain(name) in taken), None)
        if clash is not None:
            problems.append(error("U871", node.span, name=clash, other=taken[_plain(clash)]))
            continue
        taken.update({_plain(name): place.chinese for name in _names(place)})
        found.append(place)
        inner = node.get("contains")
        if isinstance(inner, Listing):
            _read(inner, place, found, taken, problems)
        elif inner is not None:
            problems.append(error("U806", inner.span, key="contains"))


def _place(node: Node, parent: Place | None, problems: list[Diagnostic]) -> Place | None:
    if not isinstance(node, Table):
        problems.append(error("U806", node.span, key="places"))
        return None
    before = len(problems)
    problems.extend(error("U804", key.span, key=key.text) for key, _ in node.entries if key.text not in _KEYS)
    chinese, english, level = (_text(node, key, problems) for key in ("zh", "en", "level"))
    if english and not _IDENTIFIER.fullmatch(english):
        problems.append(error("U872", _at(node, "en"), name=english))
    if level and level not in LEVELS:
        problems.append(error("U870", _at(node, "level"), level=level, known=", ".join(reversed(LEVELS))))
    elif level and parent is not None and level_rank(level) >= level_rank(parent.level):
        problems.append(error("U873", _at(node, "level"), name=chinese, other=parent.chinese))
    title, zone, short = node.get("title"), node.get("functional_zone"), node.get("short")
    is_zone = isinstance(zone, Scalar) and zone.text == "yes"
    if zone is not None and not (isinstance(zone, Scalar) and zone.text in ("yes", "no")):
        problems.append(error("U806", zone.span, key="functional_zone"))
    names = [item.text for item in short.items if isinstance(item, Scalar)] if isinstance(short, Listing) else []
    if short is not None and (not isinstance(short, Listing) or len(names) != len(short.items)):
        problems.append(error("U806", short.span, key="short"))
    if len(problems) > before:
        return None
    shown = title.text if isinstance(title, Scalar) else english
    return Place(chinese, english, shown, level, parent.english if parent else None, is_zone, tuple(names))


def _text(table: Table, key: str, problems: list[Diagnostic]) -> str:
    node = table.get(key)
    if isinstance(node, Scalar) and node.text.strip():
        return node.text.strip()
    problems.append(error("U805", table.span, key=key))
    return ""


def _at(table: Table, key: str) -> Span:
    node = table.get(key)
    return node.span if node is not None else table.span


def _names(place: Place) -> tuple[str, ...]:
    """Every name of a place, each once however it is written."""
    return tuple({_plain(name): name for name in (place.chinese, place.english, place.title, *place.short)}.values())


def _plain(name: str) -> str:
    """A name without spaces at its ends, full-width spaces included, and without case."""
    return name.strip().casefold()
