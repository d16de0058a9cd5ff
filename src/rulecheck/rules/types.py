"""What a value can be: the types of facts and parameters, and a text in both languages."""

from __future__ import annotations

from rulecheck.dataclass import dataclass
from rulecheck.measures.units import Unit


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text for users in both languages; where one was not written the other stands in."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class NumberType:
    """A quantity. `unit` is the unit it is declared and shown in (None for a bare number); shares have the unit `%`."""

    unit: Unit | None


@dataclass(frozen=True, slots=True)
class DateType:
    """A day; values are ordinals (`date.toordinal`)."""


@dataclass(frozen=True, slots=True)
class TimeType:
    """A time of day; values are minutes after midnight, 24:00 is 1440."""


@dataclass(frozen=True, slots=True)
class WeekdayType:
    """A weekday, 1 Monday to 7 Sunday: never a fact, only what `星期（…）` gives."""


@dataclass(frozen=True, slots=True)
class YesNoType:
    """Yes or no; values are 1 and 0."""


@dataclass(frozen=True, slots=True)
class CategoryType:
    """One of `members`; values are positions in the list, which for `is_ranked` rise from low to high."""

    members: tuple[Bilingual, ...]
    is_ranked: bool


@dataclass(frozen=True, slots=True)
class TextType:
    """Free text, compared only for equality."""


@dataclass(frozen=True, slots=True)
class ReferenceType:
    """The id or name of a subject of kind `kind` (an English id)."""

    kind: str


Type = NumberType | DateType | TimeType | WeekdayType | YesNoType | CategoryType | TextType | ReferenceType
