"""What a heading or label, as people write it, is called in the vocabulary.

A heading may be spread over two or three rows, carry its unit in any of several ways, a number in front, a mark that it must be
filled in. Each way is tried only as a whole: a name is found when it is declared (or mapped), never because it is near.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.headings import Headings, clean, is_ignored, word_of, words
from rulecheck.facts.headings import listed as headings_listed
from rulecheck.facts.layout.heading_map import HeadingMap
from rulecheck.facts.layout.words import listed, longest_first, meanings, squeezed
from rulecheck.measures.numerals import Fault, read_period
from rulecheck.measures.units import unit_table
from rulecheck.rules.model import Fact, Kind


class Skip(Enum):
    """A heading that the mapping file passes over."""

    SKIP = "skip"


SKIP: Final = Skip.SKIP


class Other(str):
    """A heading over a fact's name that makes something else of it: `计划` over `编制`. Nothing is called so, and it is told."""


MOST_LETTERS: Final = 100
"""A longer text is no heading; a bound for what follows."""

MOST_TEXTS: Final = 20_000
"""Different texts of one sheet that are looked at closely; further ones are names only as they are declared."""

_FIGURE: Final = re.compile(r"[+-]?[0-9０-９][0-9０-９,，.．]*%?")
_MOST_OF_A_GROUP: Final = 8
"""Letters of the name of a group of columns; a longer one is a title."""

_NUMBERED: Final = re.compile(
    r"(?:[0-9０-９]{1,3}(?:[.．][0-9]{1,2})*|[一二三四五六七八九十]{1,3})\s*[.．、]\s*|[（(][0-9一二三四五六七八九十]{1,3}[）)]\s*|[①-⑳]\s*"
)
_MARKS: Final = re.compile(r"\A[*＊★※]+\s*|\s*[*＊★※]+\Z")
_OF_WHICH: Final = re.compile(r"\A(?:其中|of which)\s*[:：]?\s*")
_BRACKETS: Final = str.maketrans("[【〔{｛]】〕}｝", "（（（（（）））））")
_INSIDE: Final = re.compile(r"(?P<name>.+?)\s*[（(](?P<inside>[^（()）]+)[)）]\Z", re.DOTALL)
_UNIT_WORD: Final = re.compile(r"\A(?:计量)?单位\s*[:：]?\s*|\Aunits?\s*:\s*|\Ain\s+", re.IGNORECASE)
_BETWEEN_UNITS: Final = re.compile(r"[、，,；;\s]+")
_AT: Final = re.compile(r"[@＠]")
_YEAR_FIRST: Final = re.compile(
    r"(?P<period>[0-9０-９]{4}\s*年(?:\s*度|\s*第?\s*[1-4一二三四]\s*季度|\s*[0-9]{1,2}\s*月份?)?)\s*的?(?P<name>[^0-9底末].*)",
    re.DOTALL,
)
_HAS_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Names:
    """Looks names up for one rule set and one mapping file, each once."""

    headings: Headings
    mapping: HeadingMap
    plain: frozenset[str] = frozenset()
    """Every name of a fact and reserved word as it is declared: what a heading most often is."""
    _known: dict[tuple[str, tuple[str, ...]], str | Skip | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = self.headings.rules.facts.values()
        self.plain = frozenset({*words("reserved"), *(name for fact in facts for name in (fact.zh, fact.id))})

    def found(self, kind: Kind | None, stack: Sequence[str]) -> str | Skip | None:
        """The key of the vocabulary (unit and period included) that a heading stands for, from its uppermost to its lowest text;
        None where nothing is called so. Without a kind, what any kind has."""
        key = (kind.id if kind else "", tuple(stack))
        if key not in self._known:
            if len(self._known) >= MOST_TEXTS:
                return clean(stack[-1]) if stack and self._is_name(kind, clean(stack[-1])) else None
            self._known[key] = self._find(kind, [text for text in stack if text.strip()])
        return self._known[key]

    def fact(self, kind: Kind | None, name: str) -> Fact | None:
        """The fact that a name, perhaps with unit and period, stands for."""
        fact = self.headings.rules.fact_named(_base(name))
        return fact if fact is not None and (kind is None or fact.id in kind.slots) else None

    def _find(self, kind: Kind | None, stack: list[str]) -> str | Skip | None:
        if not stack or any(len(text) > MOST_LETTERS for text in stack) or not _HAS_LETTER.search("".join(stack)):
            return None
        for text in _joined(stack):
            mapped = self._mapped(kind, text)
            if mapped is not None:
                return self._with_unit_above(kind, stack, mapped)
        if len(stack) == 1:
            return self._single(kind, stack[0])
        found = next(filter(None, self._several(kind, stack)), None)
        is_of_others = found is not None and found not in words("reserved") and any(map(_is_of_other_figures, stack[:-1]))
        if is_of_others and not self._single(kind, _joined(stack)[0]):
            return Other("-".join(map(clean, stack)))
        return self._with_unit_above(kind, stack, found)

    def _with_unit_above(self, kind: Kind | None, stack: list[str], found: str | Skip | None) -> str | Skip | None:
        """The key with the unit that a group of columns has: `保障金（万元）` over `应缴保障金`."""
        above = [_name_and_units(text) for text in stack[:-1]]
        units = [unit for _, found_units in above for unit in found_units]
        if not units or found is SKIP:
            return found
        found = self._find(kind, [*(name for name, _ in above if name), stack[-1]]) or found
        fact = self.fact(kind, found) if isinstance(found, str) and not _INSIDE.match(found) else None
        if fact is None or fact.unit is None:
            return found
        fitting = [each for each in units if (unit := unit_table().find(each)) and unit.dimension == fact.unit.dimension]
        return f"{found}（{fitting[-1]}）" if fitting else found

    def _mapped(self, kind: Kind | None, text: str) -> str | Skip | None:
        """What the mapping file says that a heading stands for: as it is written, or without its unit, which the key then has."""
        for each in _variants(text):
            mapped = self.mapping.target(kind, each)
            if mapped is not None:
                return SKIP if mapped == "" else mapped
            inside = _INSIDE.match(each)
            unit = unit_in(inside["inside"]) if inside else ""
            mapped = self.mapping.target(kind, inside["name"]) if inside and unit else None
            if mapped is not None and not _INSIDE.match(mapped):  # a unit of its own could be another than the heading's
                return SKIP if mapped == "" else f"{mapped}（{unit}）"
        return None

    def _several(self, kind: Kind | None, stack: list[str]) -> Iterator[str | None]:
        *above, lowest = stack
        if unit := unit_in(lowest):
            over = self._find(kind, above)
            yield f"{over}（{unit}）" if isinstance(over, str) and self.fact(kind, over) and not _INSIDE.match(over) else None
        for number in range(len(stack) - 1, -1, -1):
            period = stack[number]
            if not isinstance(read_period(period), Fault):
                over = self._find(kind, [*stack[:number], *stack[number + 1 :]])
                yield self._with_period(over, period) if isinstance(over, str) else None
        if any(_FIGURE.fullmatch(text.strip()) for text in above):
            return  # a figure above a heading is no group of columns, and is not to be lost in one
        for text in _joined(stack):
            yield self._single(kind, text)

    def _with_period(self, name: str, period: str) -> str | None:
        fact = self.headings.rules.fact_named(_base(name))
        if fact is None or fact.every is None or _AT.search(name):
            return None
        inside = _INSIDE.match(name)
        return f"{inside['name']}@{clean(period)}（{inside['inside']}）" if inside else f"{name}@{clean(period)}"

    def _single(self, kind: Kind | None, text: str) -> str | None:
        return next((found for each in _variants(text) if (found := self._as_written(kind, each))), None)

    def _as_written(self, kind: Kind | None, text: str) -> str | None:
        """The key that a text is, but for how its unit and period are written."""
        inside = _INSIDE.match(text)
        if inside and not self._is_name(kind, clean(text)):
            name, inner = inside["name"], inside["inside"].strip()
            if clean(name).lower() in headings_listed("supporting"):
                return clean(text)  # the brackets hold a fact, not its unit
            if squeezed(inner) in listed("heading_marks"):
                return self._single(kind, name)
            if not isinstance(read_period(inner), Fault):
                found = self._single(kind, name)
                return self._with_period(found, inner) if found else None
            if (found := self._of_several_inside(kind, name, inner)) is not None:
                return found
            unit = _UNIT_WORD.sub("", inner)
            return f"{clean(name)}（{unit}）" if self._is_name(kind, _base(name)) else self._of_period_first(kind, text)
        if self._is_name(kind, _base(text)):
            return clean(text)
        return self._identity(kind, text) or self._unit_behind(kind, text) or self._of_period_first(kind, text)

    def _of_several_inside(self, kind: Kind | None, name: str, inside: str) -> str | None:
        """`编制（人，必填）`, `应缴保障金（2022年，万元）`."""
        parts = [part for part in _BETWEEN_UNITS.split(inside) if part]
        periods = [part for part in parts if not isinstance(read_period(part), Fault)]
        rest = [part for part in parts if part not in periods and squeezed(part) not in listed("heading_marks")]
        if len(parts) < 2 or len(periods) > 1 or len(rest) > 1:
            return None
        found = self._single(kind, f"{name}（{rest[0]}）" if rest else name)
        return self._with_period(found, periods[0]) if found and periods else found

    def _of_period_first(self, kind: Kind | None, text: str) -> str | None:
        """`2022年新增就业人数`."""
        match = _YEAR_FIRST.fullmatch(text.strip())
        if match is None or isinstance(read_period(match["period"]), Fault):
            return None
        found = self._as_written(kind, match["name"])
        return self._with_period(found, match["period"]) if found else None

    def _unit_behind(self, kind: Kind | None, text: str) -> str | None:
        """`编制/人`, `编制 人`, `编制，人`."""
        for mark in ("/", "／", "，", ",", None):
            name, _, last = text.strip().partition(mark) if mark else text.strip().rpartition(" ")
            if name and last and self._is_name(kind, clean(name)) and (unit := unit_in(last)):
                return f"{clean(name)}（{unit}）"
        return None

    def _identity(self, kind: Kind | None, text: str) -> str | None:
        """`单位名称`, or `单位` alone, in a table of 单位; in one of its members it names the 上级."""
        name = squeezed(text)
        for each in [kind] if kind is not None else self.headings.rules.kinds.values():
            above = self._parent(each)
            for owner, answers in ((each, {"": "name", "name": "name", "id": "id"}), (above, {"": "parent", "name": "parent"})):
                for owner_name in (squeezed(owner.zh), squeezed(owner.id)) if owner else ():
                    ending = name.removeprefix(owner_name).removeprefix("_")
                    answer = answers.get(meanings("identity").get(ending, ending)) if name.startswith(owner_name) else None
                    if answer is not None:
                        return word_of("reserved", answer)[0]  # a key in which both languages are understood
        return None

    def _parent(self, kind: Kind) -> Kind | None:
        return self.headings.rules.kinds[kind.parent] if kind.parent else None

    def _is_name(self, kind: Kind | None, name: str) -> bool:
        rules = self.headings.rules
        if name in words("reserved") or is_ignored(name):
            return True
        fact = rules.fact_named(name)
        if fact is not None:
            return kind is None or fact.id in kind.slots
        child = rules.kind_named(name)
        return child is not None and (child.parent is not None if kind is None else child.id in kind.children)


def unit_in(text: str) -> str:
    """The unit that a text is, without brackets and `单位：`; empty where it is none."""
    inner = text.strip()
    if len(inner) > MOST_LETTERS or not inner:
        return ""
    if inner[0] in "（(" and inner[-1] in "）)":
        inner = inner[1:-1]
    inner = _UNIT_WORD.sub("", inner.strip()).strip()
    return inner if inner and unit_table().find(inner) is not None else ""


def _is_of_other_figures(text: str) -> bool:
    """`上年末`, `计划数`; no title of a table, which may speak of a plan."""
    name = squeezed(text)
    if len(name) > _MOST_OF_A_GROUP or any(name.endswith(word) for word in listed("name_endings")):
        return False
    return any(word in name for word in listed("other_figures"))


def units_of(text: str) -> list[str]:
    """`万元`, `人、万元`; empty where one of them is no unit."""
    if unit := unit_in(text):
        return [unit]
    parts = [unit_in(part) for part in _BETWEEN_UNITS.split(text.strip()) if part]
    if not all(parts):
        parts = [unit_in(part) for part in re.split(r"[/／]", text)]
    return parts if all(parts) else []


def _name_and_units(text: str) -> tuple[str, list[str]]:
    """The heading of a group without its units, and these: `保障金（万元）`, `万元`."""
    plain = _MARKS.sub("", text.strip()).translate(_BRACKETS)
    if unit := unit_in(plain):
        return "", [unit]
    inside = _INSIDE.match(plain)
    units = units_of(_UNIT_WORD.sub("", inside["inside"])) if inside else []
    return (inside["name"], units) if inside and units else (text, [])


def kind_of_name(name: str, headings: Headings) -> Kind | None:
    """The kind that the name of a sheet, or a title, gives: `单位`, `1.单位`, `单位表`, `单位（市直）`, `附表2 单位情况表`."""
    if len(name) > MOST_LETTERS:
        return None
    text = _MARKS.sub("", name.strip())
    for begun in (text, _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text, _ATTACHED.sub("", text)):
        for end in [len(begun), *(found.start() for found in reversed(list(_NAME_ENDS.finditer(begun))))]:
            beginning = begun[:end].strip()
            for each in (beginning, *_without_ending(beginning)):
                kind = headings.rules.kind_named(clean(each)) or headings.rules.kind_named(clean(each).lower())
                if kind is not None:
                    return kind
    return None


_ATTACHED: Final = re.compile(r"\A(?:附件|附表|表|sheet|table)\s*[0-9一二三四五六七八九十]{0,3}\s*[.．、:：-]?\s*", re.IGNORECASE)
_NAME_ENDS: Final = re.compile(r"[-_（( ]")


def _without_ending(text: str) -> Iterator[str]:
    for ending in longest_first("name_endings"):
        if text.casefold().endswith(ending) and len(text) > len(ending):
            yield text[: -len(ending)].rstrip(" _-")


def _joined(stack: list[str]) -> list[str]:
    """The names that a heading of several rows may have, the whole of it first."""
    if len(stack) == 1:
        return stack
    texts = [_MARKS.sub("", text.strip()) for text in stack]
    above, lowest = "".join(texts[:-1]), texts[-1]
    upper_is_ascii = above.isascii() and lowest.isascii()
    whole = " ".join(texts) if upper_is_ascii else above + lowest
    return [
        whole,
        f"{above}-{lowest}",
        *([f"{above}_{lowest}".replace(" ", "_")] if upper_is_ascii else []),
        lowest,
        lowest + above,
    ]


def _variants(text: str) -> Iterator[str]:
    """A text and what is left of it without a colon, marks, a number in front and 其中."""
    yield text
    less = _MARKS.sub("", text.strip()).rstrip(":：").rstrip()
    if less != text:
        yield less
    plain = less.translate(_BRACKETS)
    if plain != less:
        yield plain
    for pattern in (_NUMBERED, _OF_WHICH):
        shorter = pattern.sub("", plain, count=1) if pattern.match(plain) else plain
        if shorter != plain:
            plain = shorter
            yield plain


def _base(text: str) -> str:
    """A key without unit and period."""
    name = clean(text)
    for _ in range(2):
        match = _INSIDE.match(name)
        name = _AT.split(match["name"] if match else name, maxsplit=1)[0].strip()
    return name
