"""Typed values as text that reads back the same, and what a value of a fact may look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any, Final

from rulecheck.language.syntax import Language
from rulecheck.measures.days import day_text, time_text
from rulecheck.measures.numerals import MOST_DIGITS, read_marker
from rulecheck.measures.units import Unit, describe, exact_text, unit_table
from rulecheck.report.wording import pick
from rulecheck.rules.model import (
    Bilingual,
    CategoryType,
    DateType,
    Fact,
    NumberType,
    ReferenceType,
    TimeType,
    YesNoType,
)
from rulecheck.submission import NONE, UNTOLD, Other
from rulecheck.templates.wording import say

DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def value_text(value: Any, fact: Fact, language: Language) -> str:
    """A value of one subject and period as it is written under the fact's heading: a number in the heading's unit goes
    without it. Untold is blank."""
    if value is UNTOLD:
        return ""
    if value is NONE:
        return say("word.none", language)
    match fact.type:
        case NumberType():
            return number_text(value, fact, language)
        case DateType():
            return day_text(value, language)
        case TimeType():
            return time_text(value)
        case YesNoType():
            return say("word.yes" if value else "word.no", language)
        case CategoryType(choices=choices):
            return value.text if isinstance(value, Other) else member_text(choices[value], language)
        case _:
            return str(value)


def number_text(value: int, fact: Fact, language: Language) -> str:
    """The number in the fact's unit; where that has no end in decimals (a third of an hour), in another unit that is named."""
    exact = value * fact.step
    count = exact / unit_factor(fact)
    if fact.unit is None or _is_writable(count):
        return exact_text(count)
    others = [unit for unit in _like(fact.unit) if _is_writable(exact / unit.factor)]
    if not others:
        return exact_text(count)
    return describe(exact, min(others, key=lambda unit: len(exact_text(exact / unit.factor))), language)


def unit_factor(fact: Fact) -> Fraction:
    """How much the unit of a number's heading is in the units that values are reckoned in; 1 where there is none."""
    return fact.unit.factor if fact.unit is not None else Fraction(1)


def member_text(member: Bilingual, language: Language) -> str:
    """A member of a list by the name of the language; by the other where the name would be read as “nothing said” or none."""
    name = pick(member, language)
    other = pick(member, "en" if language == "zh" else "zh")
    return other if read_marker(name) is not None and read_marker(other) is None else name


def _is_writable(count: Fraction) -> bool:
    text = exact_text(count)
    return "/" not in text and sum(character.isdecimal() for character in text) <= MOST_DIGITS


def _like(unit: Unit) -> Iterator[Unit]:
    """Units of the same measure: of a compound unit, with any of its parts another."""
    table = unit_table()
    parts = [table.find(part) for part in unit.text.split("/")]
    choices = [
        [each for each in table.units.values() if each.dimension == part.dimension] if part is not None else [] for part in parts
    ]
    for combined in product(*choices):
        found = table.find("/".join(each.text for each in combined))
        if found is not None and found.dimension == unit.dimension:
            yield found


# --- what a value may look like ---

_EXAMPLES: Final = (48, 12, 5, 2, 1, 0, 100, 1000)
"""Numbers to show as examples, in the unit of the heading: the first that the fact can have."""

_EXAMPLE_DAY: Final = 738_701  # 30 June 2023
_EXAMPLE_TIME: Final = 17 * 60 + 30


def example_text(fact: Fact, language: Language) -> str:
    """A value that the fact can have, as it is written under its heading."""
    match fact.type:
        case NumberType():
            return value_text(_example_number(fact), fact, language)
        case DateType():
            return value_text(_within(_EXAMPLE_DAY, fact), fact, language)
        case TimeType():
            return value_text(_within(_EXAMPLE_TIME, fact), fact, language)
        case YesNoType():
            return value_text(1, fact, language)
        case CategoryType():
            return value_text(0, fact, language)
        case ReferenceType():
            return say("example.name", language)
        case _:
            return say("example.text", language)


def _example_number(fact: Fact) -> int:
    factor = unit_factor(fact)
    for count in _EXAMPLES:
        steps = count * factor / fact.step
        if steps.denominator == 1 and _within(int(steps), fact) == steps:
            return int(steps)
    return _within(0, fact)


def _within(value: int, fact: Fact) -> int:
    value = value if fact.minimum is None else max(value, fact.minimum)
    return value if fact.maximum is None else min(value, fact.maximum)


def shown(steps: int, fact: Fact, language: Language) -> str:
    """A value of the fact's range with its unit, for people."""
    if isinstance(fact.type, NumberType):
        return describe(steps * fact.step, fact.unit, language)
    return value_text(steps, fact, language)


def bounds_in_unit(fact: Fact) -> tuple[str | None, str | None]:
    """The ends of a quantity's range in the unit of its heading as decimal text, None where open or not to be written so."""
    factor = unit_factor(fact)
    ends = [None if end is None else exact_text(end * fact.step / factor) for end in (fact.minimum, fact.maximum)]
    low, high = (end if end is not None and DECIMAL.fullmatch(end) else None for end in ends)
    return low, high


def counts_whole(fact: Fact) -> bool:
    """Whether every value is a whole number of the heading's unit."""
    return (fact.step / unit_factor(fact)).denominator == 1


def is_decimal(fact: Fact) -> bool:
    """Whether every value is a decimal number of the heading's unit."""
    return DECIMAL.fullmatch(exact_text(fact.step / unit_factor(fact))) is not None
