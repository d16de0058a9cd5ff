"""Text into a typed value, by the fact it is given for. Every number is exact; what could be read in two ways is
refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from rulecheck.facts.limits import MAXIMUM_TEXT
from rulecheck.facts.nodes import FORBIDDEN, Cell, Problem, code_points, near, shown
from rulecheck.language.syntax import Language
from rulecheck.measures.days import day_text, time_text
from rulecheck.measures.numerals import (
    Fault,
    Number,
    read_date,
    read_marker,
    read_number,
    read_period,
    read_time,
    read_yes_no,
)
from rulecheck.measures.units import Unit, describe, unit_table
from rulecheck.rules.model import (
    CategoryType,
    DateType,
    Fact,
    Frequency,
    NumberType,
    ReferenceType,
    TextType,
    TimeType,
    WeekdayType,
    YesNoType,
)
from rulecheck.submission import NONE, UNTOLD, Other


def read_value(cell: Cell, fact: Fact, heading_unit: Unit | None = None) -> Any:
    """The value of a cell as `Subject.values` holds it, `UNTOLD`, `NONE`, or the `Problem` with it.

    `heading_unit`: the unit that the heading or key names, for numbers that are written without one.
    """
    if cell.form == "null":
        return UNTOLD
    problem = check_text(cell.text)
    if problem:
        return problem
    if cell.form == "boolean":
        if isinstance(fact.type, YesNoType):
            return int(cell.text == "true")
        return Problem("F302", {**_name(fact), "value": cell.text})
    match read_marker(cell.text):
        case "untold":
            return UNTOLD
        case "none":
            return _none(fact)
    if isinstance(fact.type, NumberType):
        return _number(cell.text, fact, heading_unit)
    return _READERS[type(fact.type)](cell.text, fact)


def read_values(texts: Iterable[str], fact: Fact, heading_unit: Unit | None = None) -> dict[str, Any]:
    """The values of many texts, each as `read_value` reads it. Plain numbers and dates, which most are, are read without its
    fractions and patterns, and whatever is odd about a text is left to it."""
    match fact.type:
        case NumberType():
            found = _plain_numbers(texts, fact, heading_unit)
        case DateType():
            found = _plain_dates(texts, fact)
        case _:
            found = dict.fromkeys(texts)
    for text, value in found.items():
        if value is None:
            found[text] = read_value(Cell(text, 0), fact, heading_unit)
    return found


def _plain_numbers(texts: Iterable[str], fact: Fact, heading_unit: Unit | None) -> dict[str, int | None]:
    """The numbers that are digits and perhaps a unit, in whole steps; None for all other texts."""
    low = fact.minimum if fact.minimum is not None else -_BEYOND
    high = fact.maximum if fact.maximum is not None else _BEYOND
    sizes, find = _Sizes(fact, heading_unit), _PLAIN_NUMBER.fullmatch
    bare = sizes[None]
    found: dict[str, int | None] = {}
    for text in texts:
        if bare is not None and text.isdecimal() and len(text) <= _MOST_DIGITS and str(whole := int(text)) == text:
            steps, rest = divmod(whole * bare[0], bare[1])
        elif (match := find(text)) and (size := sizes[match[3]]):
            digits = match[2] or ""
            steps, rest = divmod(int(match[1] + digits) * size[0], size[1] * 10 ** len(digits))
        else:
            found[text] = None
            continue
        found[text] = steps if not rest and low <= steps <= high else None
    return found


def _plain_dates(texts: Iterable[str], fact: Fact) -> dict[str, int | None]:
    """The days written `2023年1月19日` or `2023-01-19`; None for all other texts."""
    low = fact.minimum if fact.minimum is not None else -_BEYOND
    high = fact.maximum if fact.maximum is not None else _BEYOND
    found: dict[str, int | None] = {}
    for text in texts:
        match = _PLAIN_DATE.fullmatch(text)
        try:
            day = date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])).toordinal() if match else None
        except ValueError:  # no such day
            day = None
        found[text] = day if day is not None and low <= day <= high else None
    return found


_BEYOND: Final = 10**100
"""More steps than any plain number has."""

_PLAIN_DATE: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年([0-9]{1,2})月([0-9]{1,2})日|-([0-9]{1,2})-([0-9]{1,2}))")
_MOST_DIGITS: Final = 15
_PLAIN_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,9}))?([^0-9.,_+~\s][^0-9.,_+~]{0,9})?", re.ASCII)


class _Sizes(dict[str | None, tuple[int, int] | None]):
    """How many steps of a fact one of a unit is, by the unit's text (None: no unit is written), as numerator and denominator;
    None for a unit that is not a plain one of this fact."""

    def __init__(self, fact: Fact, heading_unit: Unit | None) -> None:
        super().__init__()
        self._fact = fact
        self._heading_unit = heading_unit

    def __missing__(self, text: str | None) -> tuple[int, int] | None:
        self[text] = size = self._size(text or "")
        return size

    def _size(self, text: str) -> tuple[int, int] | None:
        number = read_number(f"1{text}")
        if isinstance(number, Fault) or number != Number(Fraction(1), text):
            return None  # what stands behind the digits is more than a unit: full-width digits, for one
        unit = _unit_of(number, text, self._fact, self._heading_unit)
        if isinstance(unit, Problem):
            return None
        size = (unit.factor if unit else 1) / self._fact.step
        return size.numerator, size.denominator


def check_text(text: str) -> Problem | None:
    """The fault of a text that is too long or holds characters that cannot be seen."""
    if len(text) > MAXIMUM_TEXT:
        return Problem("F118", {"count": len(text), "limit": MAXIMUM_TEXT})
    if FORBIDDEN.search(text):
        return Problem("F112", {"characters": code_points(FORBIDDEN.findall(text))})
    return None


def from_fault(fault: Fault, sensitive: bool = False) -> Problem:
    """A fault of `numerals`, without the words of a sensitive fact."""
    return Problem(fault.code, {"text": shown(fault.text, sensitive)})


def _name(fact: Fact) -> dict[str, object]:
    return {"fact": fact.zh, "fact_en": fact.id}


# --- none ---


def _none(fact: Fact) -> Any:
    """无: what the fact says it counts as; else known to be none, where that can be; a yes/no fact is then 否."""
    if fact.none_is is not None:
        return fact.none_is
    if fact.may_be_none:
        return NONE
    if isinstance(fact.type, YesNoType):
        return 0
    unit = fact.unit
    zero = {"zero": describe(Fraction(0), unit, "zh"), "zero_en": describe(Fraction(0), unit, "en")}
    return Problem("F301" if isinstance(fact.type, NumberType) else "F310", {**_name(fact), **zero})


# --- numbers ---


def unlike_units(fact: Fact, unit: Unit) -> Problem | None:
    """The fault of giving a fact in `unit`, naming both units; None where they are of one dimension."""
    values = {**_name(fact), "unit": unit.text, "unit_en": unit.english}
    if not isinstance(fact.type, NumberType) or fact.unit is None:
        return Problem("F305", values)
    if fact.unit.dimension != unit.dimension:
        return Problem("F304", {**values, "declared": fact.unit.text, "declared_en": fact.unit.english})
    return None


def unknown_unit(fact: Fact, text: str) -> Problem:
    nearest = "、".join(unit_table().closest(text)) or (fact.unit.text if fact.unit else "")
    return Problem("F303", {**_name(fact), "unit": shown(text), "near": nearest})


def is_share(unit: Unit) -> bool:
    """Whether a unit is %, ‰ or the like, which a bare number may mean or not."""
    return unit.dimension == () and unit.factor != 1


def _number(text: str, fact: Fact, heading_unit: Unit | None) -> Any:
    number = read_number(text)
    if isinstance(number, Fault):
        return from_fault(number, fact.sensitive)
    unit = _unit_of(number, text, fact, heading_unit)
    if isinstance(unit, Problem):
        return unit
    value = number.value * unit.factor if unit else number.value
    steps = value / fact.step
    if steps.denominator != 1:
        return Problem("F307", {**_name(fact), **_given(text, fact), **amounts("step", fact, fact.step)})
    return _within(int(steps), text, fact)


def _unit_of(number: Number, text: str, fact: Fact, heading_unit: Unit | None) -> Unit | Problem | None:
    """The unit that a number is in: its own, else the heading's, else the fact's; a share must have one of the first
    two."""
    if number.unit:
        unit = unit_table().find(number.unit)
        if unit is None:
            return Problem("F311", _name(fact)) if fact.sensitive else unknown_unit(fact, number.unit)
        return unlike_units(fact, unit) or unit
    if heading_unit is None and fact.unit is not None and is_share(fact.unit):
        return Problem("F306", {**_name(fact), **_given(text, fact)})
    return heading_unit or fact.unit


def _within(steps: int, text: str, fact: Fact) -> int | Problem:
    """The value, where it lies in the fact's range, ends included."""
    low, high = fact.minimum, fact.maximum
    if (low is None or steps >= low) and (high is None or steps <= high):
        return steps
    ends = {}
    for language, suffix in _SUFFIXES:
        below = _shown_steps(low, fact, language) if low is not None else "…"
        above = _shown_steps(high, fact, language) if high is not None else "…"
        ends[f"range{suffix}"] = f"{below}–{above}"
    return Problem("F308", {**_name(fact), **_given(text, fact), **ends})


_SUFFIXES: Final[tuple[tuple[Language, str], ...]] = (("zh", ""), ("en", "_en"))


def _given(text: str, fact: Fact) -> dict[str, object]:
    return {"value": shown(text, fact.sensitive)}


def amounts(name: str, fact: Fact, value: Fraction) -> dict[str, str]:
    """An amount of a fact as the values `name` (Chinese) and `name_en` of a message."""
    return {f"{name}{suffix}": describe(value, fact.unit, language) for language, suffix in _SUFFIXES}


def _shown_steps(steps: int, fact: Fact, language: Language) -> str:
    match fact.type:
        case DateType():
            return day_text(steps, language)
        case TimeType():
            return time_text(steps)
        case _:
            return describe(steps * fact.step, fact.unit, language)


def show_value(value: Any, fact: Fact) -> tuple[str, str]:
    """A typed value for a message, Chinese and English; hidden where the fact is sensitive."""
    if fact.sensitive:
        return shown("", True), shown("", True)
    if value is NONE:
        return "无", "none"
    match fact.type:
        case CategoryType() if isinstance(value, Other):
            return shown(value.text), shown(value.text)
        case CategoryType(choices=choices):
            return choices[value].zh, choices[value].en
        case YesNoType():
            return ("是", "yes") if value else ("否", "no")
        case TextType() | ReferenceType():
            return shown(value), shown(value)
        case _:
            return _shown_steps(value, fact, "zh"), _shown_steps(value, fact, "en")


# --- the other types ---


def _date(text: str, fact: Fact) -> Any:
    day = read_date(text)
    return from_fault(day, fact.sensitive) if isinstance(day, Fault) else _within(day, text, fact)


def _time(text: str, fact: Fact) -> Any:
    minutes = read_time(text)
    return from_fault(minutes, fact.sensitive) if isinstance(minutes, Fault) else _within(minutes, text, fact)


def _yes_no(text: str, fact: Fact) -> Any:
    answer = read_yes_no(text)
    return from_fault(answer, fact.sensitive) if isinstance(answer, Fault) else int(answer)


_NAMED_OTHER: Final = re.compile(r"(?:其他|other)(?:\s*[(（](.+)[)）]|\s*[:：](.+))?")
"""What stands outside an open list, said to be so: 其他, 其他（…）, 其他：…"""


def _category(text: str, fact: Fact) -> Any:
    assert isinstance(fact.type, CategoryType)
    written = text.strip()
    for position, member in enumerate(fact.type.members):
        if written in (member.zh, member.en):
            return position
    if fact.type.is_open and (named := _NAMED_OTHER.fullmatch(written)):
        return Other(len(fact.type.members), (named[1] or named[2] or written).strip())
    known = [name for member in fact.type.members for name in (member.zh, member.en)]
    members = {
        "members": "、".join(member.zh for member in fact.type.members),
        "members_en": ", ".join(member.en for member in fact.type.members),
    }
    nearest = near(written, known)
    if fact.type.is_open and not nearest:
        return Other(len(fact.type.members), written)
    if fact.sensitive:
        nearest = ""
    return Problem("F309" if nearest else "F312", {**_name(fact), **_given(text, fact), **members, "near": nearest})


def _text(text: str, fact: Fact) -> Any:
    return text.strip()


_READERS: Final[dict[type, Callable[[str, Fact], Any]]] = {
    DateType: _date,
    TimeType: _time,
    YesNoType: _yes_no,
    CategoryType: _category,
    TextType: _text,
    ReferenceType: _text,
    WeekdayType: _text,  # never a fact; resolve sees to it
}

# --- periods ---

_EXAMPLES: Final[dict[Frequency, tuple[str, str]]] = {
    "year": ("2022年", "2022"),
    "quarter": ("2022年第1季度", "2022-Q1"),
    "month": ("2022年1月", "2022-01"),
}


def period_example(frequency: Frequency) -> dict[str, object]:
    zh, en = _EXAMPLES[frequency]
    return {"example": zh, "example_en": en}


def frequency_of(period: str) -> Frequency:
    """What a period key is: `2023` a year, `2023-Q2` a quarter, `2023-06` a month."""
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def read_period_of(text: str, fact: Fact) -> str | Problem:
    """The key of a period that a fact's value is given for."""
    if fact.every is None:
        return Problem("F224", {**_name(fact), "period": shown(text)})
    return read_period_as(text, fact.every, _name(fact))


def read_period_as(text: str, frequency: Frequency, name: dict[str, object]) -> str | Problem:
    """The key of a period of the frequency wanted; `name` are the values that say of what, `fact` and `fact_en`."""
    period = read_period(text)
    if isinstance(period, Fault):
        return from_fault(period)
    if frequency_of(period) != frequency:
        return Problem("F225", {**name, "period": shown(text), **period_example(frequency)})
    return period
