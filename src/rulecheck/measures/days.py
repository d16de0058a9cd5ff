"""Days as whole numbers (`date.toordinal`): weekday, months on, ends of months, and how a day or a time of day is
written.

Arithmetic never leaves the calendar: what would fall before year 1 or after year 9999 is its first or last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from rulecheck.language.syntax import Language

FIRST_DAY = date.min.toordinal()
LAST_DAY = date.max.toordinal()


def weekday(day: int) -> int:
    """1 Monday to 7 Sunday."""
    return (day - 1) % 7 + 1


def is_weekend(day: int) -> bool:
    return weekday(day) > 5


def year_of(day: int) -> int:
    return date.fromordinal(day).year


def first_of_year(year: int) -> int:
    return date(year, 1, 1).toordinal()


def last_of_year(year: int) -> int:
    """The last day on which something due "by the end of `year`" is in time."""
    return date(year, 12, 31).toordinal()


def last_of_month(year: int, month: int) -> int:
    return date(year, month, monthrange(year, month)[1]).toordinal()


def day_of_year(year: int, month: int, day: int) -> int:
    """A day of a year; where the month has no such day (29 February), its last."""
    return date(year, month, min(day, monthrange(year, month)[1])).toordinal()


def in_season(day: int, season: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether a day lies in a stretch that comes back every year, first and last (month, day) included; a last before the
    first is one of the next year."""
    value = date.fromordinal(day)
    moment, (first, last) = (value.month, value.day), season
    return first <= moment <= last if first <= last else moment >= first or moment <= last


def add_months(day: int, months: int) -> int:
    """The corresponding day `months` later (earlier if negative), or that month's last day where there is none:
    a month after 31 January is 28 or 29 February."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year < date.min.year:
        return FIRST_DAY
    if year > date.max.year:
        return LAST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def day_text(day: int, language: Language) -> str:
    """`2023年1月19日` or `2023-01-19`."""
    value = date.fromordinal(day)
    return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else value.isoformat()


def time_text(minutes: int) -> str:
    """A time of day, in minutes after midnight, as `17:30`; 1440 is `24:00`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def period_names(key: str) -> tuple[str, str]:
    """A period key for people, in Chinese and English: `2023年`, `2023年第2季度`, `2023年6月`; `2023`, `2023 Q2`, `2023-06`."""
    year, _, rest = key.partition("-")
    if not rest:
        return f"{year}年", year
    if rest.startswith("Q"):
        return f"{year}年第{rest[1:]}季度", f"{year} Q{rest[1:]}"
    return f"{year}年{int(rest)}月", key
