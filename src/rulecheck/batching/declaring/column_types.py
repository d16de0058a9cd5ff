"""Which Arrow types can hold a fact, exactly: what is asked of a column before any row of it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

import pyarrow as pa

from rulecheck.facts.nodes import Problem, shown
from rulecheck.facts.values import is_share
from rulecheck.measures.units import Unit
from rulecheck.rules import model

_FAMILIES: Final[tuple[tuple[str, Callable[[pa.DataType], bool]], ...]] = (
    ("text", lambda each: pa.types.is_string(each) or pa.types.is_large_string(each) or pa.types.is_string_view(each)),
    ("whole", pa.types.is_integer),
    ("decimal", pa.types.is_decimal),
    ("boolean", pa.types.is_boolean),
    ("date", pa.types.is_date),
    ("timestamp", lambda each: pa.types.is_timestamp(each) and each.tz is None),
    ("time", pa.types.is_time),
    ("floating", pa.types.is_floating),
    ("null", pa.types.is_null),
)

_FITTING: Final[Mapping[type[model.Type], frozenset[str]]] = {
    model.NumberType: frozenset({"whole", "decimal", "text", "null"}),
    model.DateType: frozenset({"date", "timestamp", "text", "null"}),
    model.TimeType: frozenset({"time", "text", "null"}),
    model.YesNoType: frozenset({"boolean", "text", "null"}),
    model.CategoryType: frozenset({"text", "whole", "null"}),
    model.TextType: frozenset({"text", "whole", "null"}),
    model.ReferenceType: frozenset({"text", "whole", "null"}),
    model.WeekdayType: frozenset(),  # never a fact; resolve sees to it
}

_UNFIT: Final[Mapping[type[model.Type], str]] = {
    model.NumberType: "B111",
    model.DateType: "B112",
    model.TimeType: "B113",
    model.YesNoType: "B114",
}
_NO_TEXT: Final = "B115"
_ZONED: Final = "B116"
"""Of a date: a cast alone would take it in whichever time zone a program is set to."""
_MOST_PLACES: Final = 9
"""Decimal places that a message proposes where a step is no decimal."""


def plain_type(type: pa.DataType) -> pa.DataType:
    """The type of the values, however they are packed."""
    while True:
        if isinstance(type, pa.BaseExtensionType):
            type = type.storage_type
        elif pa.types.is_dictionary(type) or pa.types.is_run_end_encoded(type):
            type = type.value_type
        else:
            return type


def family(type: pa.DataType) -> str:
    """What a type is a way to store; empty for lists, structures, bytes and whatever else no fact is."""
    plain = plain_type(type)
    return next((name for name, fits in _FAMILIES if fits(plain)), "")


def is_text_or_number(type: pa.DataType) -> bool:
    """Whether a column can name subjects: texts, and numbers without decimals, whose digits are the name."""
    plain = plain_type(type)
    return family(plain) in ("text", "whole", "null") or (family(plain) == "decimal" and plain.scale == 0)


def misfit(type: pa.DataType, heading: str, fact: model.Fact, unit: Unit | None) -> Problem | None:
    """Why a column cannot hold a fact; None where it can. `unit`: the one that the heading or the mapping file gives."""
    found, wanted = family(type), fact.type.__class__
    name: dict[str, object] = {"fact": fact.zh, "fact_en": fact.id, "type": str(plain_type(type)), "heading": shown(heading)}
    if wanted is model.NumberType and found == "floating":
        return Problem("B106", {**name, "places": _places(fact, unit)})
    if wanted is model.DateType and pa.types.is_timestamp(plain_type(type)) and found == "":
        return Problem(_ZONED, name)
    if found not in _FITTING[wanted] and not (wanted in _TEXTS and is_text_or_number(type)):
        return Problem(_UNFIT.get(wanted, _NO_TEXT), name)
    if found in ("whole", "decimal") and unit is None and fact.unit is not None and is_share(fact.unit):
        return Problem("B107", name)
    return None


_TEXTS: Final = frozenset({model.CategoryType, model.TextType, model.ReferenceType})


def no_text(type: pa.DataType, heading: str) -> Problem | None:
    """Why a column cannot name subjects or places; None where it can."""
    if is_text_or_number(type):
        return None
    values = {"fact": shown(heading), "fact_en": shown(heading), "type": str(plain_type(type)), "heading": shown(heading)}
    return Problem(_NO_TEXT, values)


def _places(fact: model.Fact, unit: Unit | None) -> int:
    """Decimal places that a number needs to hold every step."""
    given = unit or fact.unit
    step = fact.step / (given.factor if given else Fraction(1))
    return next((places for places in range(_MOST_PLACES) if (step * 10**places).denominator == 1), _MOST_PLACES)
