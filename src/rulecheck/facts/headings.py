"""What a key or heading of a submission means: a reserved word, a fact (with its unit and period), a child kind, or
nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import FORBIDDEN, Problem, code_points, near, shown
from rulecheck.facts.values import read_period_of, unknown_unit, unlike_units
from rulecheck.measures.units import Unit, unit_table
from rulecheck.rules.model import Fact, Kind, RuleSet
from rulecheck.submission import Slot

# --- the data file ---


@cache
def _data() -> Mapping[str, Any]:
    return read_table("dsl", "headings.toml")


@cache
def words(section: str) -> Mapping[str, str]:
    """Every word of a section, in both languages, to its id: `words("reserved")["编号"]` is `id`."""
    return {word: name for name, row in _data()[section].items() for language in ("zh", "en") for word in row[language]}


@cache
def listed(section: str) -> frozenset[str]:
    """The words of a section that has no ids: `ignored`, `supporting`, `totals`, `empty`."""
    return frozenset(word for language in ("zh", "en") for word in _data()[section][language])


def is_ignored(name: str) -> bool:
    """Whether a heading is passed over, whatever its kind."""
    return name.lower() in listed("ignored")


def word_of(section: str, name: str) -> tuple[str, str]:
    """The word to use in a message, Chinese and English."""
    row = _data()[section][name]
    return row["zh"][0], row["en"][0]


# --- what a key can be ---


@dataclass(frozen=True, slots=True)
class Reserved:
    """A word of `headings.toml`; `rest` is what stands behind its @ (`说明理由@规则`)."""

    word: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class FactKey:
    """A fact: `slot` in `Subject.values`; `unit` that the heading names; `period` behind an @."""

    fact: Fact
    slot: int
    unit: Unit | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Supporting:
    """What is named in support of a fact: `佐证材料（编制）`."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class ChildKey:
    """A kind that is part of the subject's."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Ignored:
    """A heading that is passed over."""


Meaning = Reserved | FactKey | Supporting | ChildKey | Ignored | Problem

_UNIT: Final = re.compile(r"(?P<name>.+?)[（(](?P<unit>[^（()）]+)[)）]\Z", re.DOTALL)
_PERIOD: Final = re.compile(r"[@＠]")
_BRACKETED: Final = re.compile(r"(?P<name>[^（(]+)[（(](?P<inner>.+)[)）]\Z", re.DOTALL)
_SPACE: Final = re.compile(r"\s+")


def clean(text: str) -> str:
    """A key without the spaces and line breaks that people put into headings: all of them in Chinese, doubled ones in
    English."""
    return _SPACE.sub(" " if text.isascii() else "", text.strip())


class Headings:
    """The keys of one rule set, looked up once each."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.rule_names = {name: rule.id for rule in rules.rules for name in (rule.zh, rule.id)}
        self._known: dict[tuple[str, str], Meaning] = {}
        self.kind_names = [name for kind in rules.kinds.values() for name in (kind.zh, kind.id)]

    def kind(self, text: str) -> Kind | Problem:
        """The kind that a top-level key names."""
        name = clean(text)
        kind = self.rules.kind_named(name)
        if kind is not None:
            return kind
        fact = self.rules.fact_named(name)
        if fact is not None:
            owners = self._names(fact.kinds)
            return Problem("F206", {"name": shown(name), "kinds": owners[0], "kinds_en": owners[1]})
        return Problem("F201", {"name": shown(name), "near": near(name, self.kind_names)})

    def meaning(self, kind: Kind, text: str) -> Meaning:
        """What a key of a subject of `kind` means."""
        found = self._known.get((kind.id, text))
        if found is None:
            found = self._known[kind.id, text] = self._meaning(kind, text)
        return found

    def _meaning(self, kind: Kind, text: str) -> Meaning:
        if FORBIDDEN.search(text):
            return Problem("F112", {"characters": code_points(FORBIDDEN.findall(text))})
        name = clean(text)
        found = self._plain(kind, name) or self._supporting(kind, name)
        if found is not None:
            return found
        name, unit_text = _split_unit(name)
        name, *periods = _PERIOD.split(name, maxsplit=1)
        if not unit_text:
            name, unit_text = _split_unit(name)
        found = self._plain(kind, name.strip())
        match found:
            case FactKey(fact, slot):
                return _completed(fact, slot, unit_text, periods[0].strip() if periods else "")
            case Reserved(word) if periods and not unit_text:
                return Reserved(word, periods[0].strip())
            case Problem():
                return found
            case _:
                return self._unknown(kind, clean(text))

    def _plain(self, kind: Kind, name: str) -> Meaning | None:
        """The meaning of a name without unit and period; None when nothing has this name."""
        if name in words("reserved"):
            return Reserved(words("reserved")[name])
        fact = self.rules.fact_named(name)
        if fact is not None:
            if fact.id in kind.slots:
                return FactKey(fact, kind.slots[fact.id])
            zh, en = self._names(fact.kinds)
            values = {"name": shown(name), "kind": kind.zh, "kind_en": kind.id, "kinds": zh, "kinds_en": en}
            return Problem("F204", values)
        child = self.rules.kind_named(name)
        if child is not None:
            if child.id in kind.children:
                return ChildKey(child)
            return Problem("F205", {"name": shown(name), "kind": kind.zh, "kind_en": kind.id})
        return Ignored() if is_ignored(name) else None

    def _supporting(self, kind: Kind, name: str) -> Meaning | None:
        match = _BRACKETED.match(name)
        if match is None or match["name"].strip().lower() not in listed("supporting"):
            return None
        match self.meaning(kind, match["inner"]):
            case FactKey(slot=slot, period=period):
                return Supporting(slot if period is None else (slot, period))
            case Problem() as problem:
                return problem
            case _:
                return self._unknown(kind, name)

    def _unknown(self, kind: Kind, name: str) -> Problem:
        known = self._names_of(kind)
        twin = next((each for each in known if folded(each) == folded(name)), "")
        if twin:
            odd = [character for character in name if character not in twin]
            return Problem("F203", {"name": shown(name), "twin": twin, "characters": code_points(odd)})
        return Problem("F202", {"name": shown(name), "kind": kind.zh, "kind_en": kind.id, "near": near(name, known)})

    def _names_of(self, kind: Kind) -> list[str]:
        facts = [name for each in kind.slots for name in (self.rules.facts[each].zh, each)]
        children = [name for each in kind.children for name in (self.rules.kinds[each].zh, each)]
        return [*facts, *children, *words("reserved")]

    def _names(self, kinds: Iterable[str]) -> tuple[str, str]:
        found: list[Kind] = [self.rules.kinds[each] for each in kinds]
        return "、".join(each.zh for each in found), ", ".join(each.id for each in found)


def _split_unit(name: str) -> tuple[str, str]:
    match = _UNIT.match(name)
    return (match["name"].strip(), match["unit"].strip()) if match else (name, "")


def _completed(fact: Fact, slot: int, unit_text: str, period_text: str) -> FactKey | Problem:
    """The fact with the unit and the period of its heading."""
    unit: Unit | None = None
    if unit_text:
        unit = unit_table().find(unit_text)
        if unit is None:
            return unknown_unit(fact, unit_text)
        problem = unlike_units(fact, unit)
        if problem:
            return problem
    if not period_text:
        return FactKey(fact, slot, unit)
    period = read_period_of(period_text, fact)
    return period if isinstance(period, Problem) else FactKey(fact, slot, unit, period)


# --- names that are nearly right ---

# Letters of other alphabets that print like Latin ones; NFKC folds widths and the radicals that look like whole
# characters.
_TWINS: Final = str.maketrans(
    "АВЕКМНОРСТХаеорсухіјѕԁɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵ—–‐‑",
    "ABEKMHOPCTXaeopcyxijsdgABEZHIKMNOPTYXov----",
)


def folded(name: str) -> str:
    """A form in which names that look alike are the same."""
    return unicodedata.normalize("NFKC", name).translate(_TWINS).casefold()
