"""Words for values, days and periods, in both languages."""

from __future__ import annotations

from fractions import Fraction

from rulecheck.language import words
from rulecheck.measures.days import day_text, period_names, time_text
from rulecheck.measures.units import Unit, describe
from rulecheck.prose.phrases import both, phrase, readable
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def value_text(value: Fraction, type_: model.Type) -> Bilingual:
    """An exact value of a type, in the unit it is declared in."""
    match type_:
        case model.NumberType(unit=unit):
            return quantity_text(value, unit)
        case model.DateType():
            return date_text(value.numerator)
        case model.TimeType():
            return Bilingual(time_text(value.numerator), time_text(value.numerator))
        case model.WeekdayType():
            return weekday_text(value.numerator)
        case model.YesNoType():
            return phrase("values", "yes" if value else "no")
        case model.CategoryType(choices=choices):
            return readable(choices[value.numerator])
        case _:
            return Bilingual(str(value), str(value))


def quantity_text(value: Fraction, unit: Unit | None) -> Bilingual:
    """An exact quantity in its unit."""
    return both(lambda language: describe(value, unit, language))


def date_text(day: int) -> Bilingual:
    """A day, given as an ordinal."""
    return both(lambda language: day_text(day, language))


def weekday_text(day: int) -> Bilingual:
    """A weekday, 1 Monday to 7 Sunday."""
    name = WEEKDAYS[day - 1]
    return Bilingual(words.spell("constants", name, "zh"), words.spell("constants", name, "en").capitalize())


def annual_day_text(month: int, day: int) -> Bilingual:
    """A day of whichever year: `10月31日`, `31 October`."""
    return phrase("days", "annual", month=month, day=day, month_name=phrase("days", f"month_{month}"))


def last_day_text(month: int, day: int) -> Bilingual:
    """A day of whichever year up to which something holds; 29 February with what stands in for it."""
    told = annual_day_text(month, day)
    return phrase("days", "leap", day=told) if (month, day) == (2, 29) else told


def season_text(season: model.Season) -> Bilingual:
    """A stretch that comes back every year; one that goes over the new year says so."""
    first, last = season
    start, end = annual_day_text(*first), last_day_text(*last)
    if first == last:
        return phrase("days", "season_day", day=start)
    return phrase("days", "season" if first < last else "season_over", first=start, last=end)


def bounds_text(low: Fraction | None, high: Fraction | None, type_: model.Type) -> Bilingual:
    """A range of which an end may be open (None)."""
    if low is not None and high is not None:
        return phrase("values", "between", low=value_text(low, type_), high=value_text(high, type_))
    if low is not None:
        return phrase("values", "at_least", low=value_text(low, type_))
    if high is not None:
        return phrase("values", "at_most", high=value_text(high, type_))
    return phrase("values", "anything")


def told_bounds(of: model.Parameter, low: Fraction | None, high: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """The bounds worth telling: an end that is only the range any such parameter has says nothing."""
    return (None if low == of.minimum else low), (None if high == of.maximum else high)


def window_text(window: tuple[int, int | None]) -> Bilingual:
    """From when till when; an open end is None."""
    start, end = window
    if end is None:
        return phrase("evidence", "onward", start=date_text(start))
    return phrase("evidence", "from_to", start=date_text(start), end=date_text(end))


def period_text(key: str) -> Bilingual:
    """A period key for people: `2023年`, `2023年第2季度`, `2023年6月`."""
    return Bilingual(*period_names(key))