"""What is worked out day by day, kept in tables: a column of days is looked up, never reckoned row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from rulecheck.columns.frame import Stored
from rulecheck.measures.days import FIRST_DAY, LAST_DAY

MARGIN: Final = 366
WIDEST: Final = 40_000
"""Days that one table covers: some hundred years. Days further apart are worked out once for each that occurs."""

Tables = tuple[Stored, ...]


class DayTable:
    """A function from a day to whole numbers, `width` of them, for whole columns. A day is worked out once a run."""

    __slots__ = ("_covered", "_of_day", "_width")

    def __init__(self, of_day: Callable[[int], tuple[int, ...]], width: int) -> None:
        self._of_day = of_day
        self._width = width
        # First day and tables in one: another thread sees both or neither.
        self._covered: tuple[int, Tables] = (0, self._worked_out(()))

    def exactly(self, days: Stored, least: int, most: int) -> tuple[Stored, int, int] | None:
        """Of a table of bounds (low, high, whether high is open): the number of each day, with the least and the most of them,
        where for every day from `least` to `most` there is just one. None where there is not, or where nobody knows yet."""
        first, tables = self._covered
        if not first <= least <= most < first + len(tables[0]):
            return None
        low, high, is_open = (each[least - first : most - first + 1] for each in tables)
        if is_open.any() or not (low == high).all():
            return None
        return tables[0].take(days - first), int(low.min()), int(low.max())

    def __call__(self, days: Any, least: int, most: int) -> Tables:
        """The numbers of each of the days, which lie from `least` to `most`; days outside the calendar are its first or last."""
        if isinstance(days, int):
            return tuple(each[0] for each in self._worked_out((min(max(days, FIRST_DAY), LAST_DAY),)))
        if least < FIRST_DAY or most > LAST_DAY:
            days = np.clip(days, FIRST_DAY, LAST_DAY)
            least, most = max(FIRST_DAY, min(least, LAST_DAY)), max(FIRST_DAY, min(most, LAST_DAY))
        first, tables = self._covered
        if not first <= least <= most < first + len(tables[0]):
            if len(tables[0]):
                least, most = min(least, first), max(most, first + len(tables[0]) - 1)
            if most - least > WIDEST:
                found, places = np.unique(days, return_inverse=True)
                return tuple(each[places] for each in self._worked_out(found.tolist()))
            first, last = max(FIRST_DAY, least - MARGIN), min(LAST_DAY, most + MARGIN)
            tables = self._worked_out(range(first, last + 1))
            self._covered = first, tables
        index = days - first
        return tuple(each.take(index) for each in tables)

    def _worked_out(self, days: Iterable[int]) -> Tables:
        rows = [self._of_day(day) for day in days]
        # Days and answers are small: what is looked up is half as wide as what is reckoned with.
        table = np.array(rows, np.int32).reshape(len(rows), self._width)
        return tuple(np.ascontiguousarray(table[:, each]) for each in range(self._width))
