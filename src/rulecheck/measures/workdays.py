"""Chinese working days: the yearly holiday notices as data, and exact counting over them.

A notice (`dsl/calendar/2023.yaml`; a department adds its own beside its rules) lists the weekdays that are off and
the weekend days that are worked. A year without a notice is not guessed: none of its days is known to be a working
day or a rest day, and counting over it gives bounds, the lower one as if every such day were worked, the upper one as
if none were.

The end of December is provisional until the next year's notice is there. Evidence: of the notices for 2007 to 2026,
four changed days of the December before: 2007's made 30 and 31 December 2006 working days, 2008's moved the rest day
of 29 December 2007 to the 31st, 2012's made 31 December 2011 a working day, and 2019's moved the rest day of 29
December 2018 to the 31st. None changed an earlier day than the 29th. So from 29 December (or an earlier day, should a
notice in the folder ever have changed one) every day, weekday or weekend, is uncertain while the next year's notice
is missing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256

from rulecheck.dataclass import dataclass, field
from rulecheck.language.diagnostics import Diagnostic, Label, error
from rulecheck.language.source import Source, Span, decoded
from rulecheck.language.yamltext import Listing, Node, Scalar, Table, read_yaml
from rulecheck.measures.days import FIRST_DAY, LAST_DAY, first_of_year, is_weekend, last_of_year, year_of

PROVISIONAL_FROM = (12, 29)
"""Month and day from which a year's end waits for the next year's notice; the evidence is in the module's docstring."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one year's holiday notice changes against Monday to Friday: `off` weekdays, `work` weekend days, as
    ordinals. Its days lie in `year` or in the December before. `number` and `issued` are empty where nobody has
    verified them."""

    year: int
    off: frozenset[int]
    work: frozenset[int]
    number: str = ""
    issued: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days over the years of some notices.

    `certain`: the days known to be worked; `possible`: these and the days of `first` to `last` that may be; both
    sorted. Outside `first` to `last` every day may be worked and none is known to be. `sha256` covers the days, not
    how their files look.
    """

    years: tuple[int, ...]
    first: int
    last: int
    certain: tuple[int, ...] = field(repr=False)
    possible: tuple[int, ...] = field(repr=False)
    provisional_from: tuple[int, int]
    sha256: str

    def is_workday(self, day: int) -> bool | None:
        """Whether a day is worked; None where no notice says."""
        if not self.first <= day <= self.last:
            return None
        if _holds(self.certain, day):
            return True
        return None if _holds(self.possible, day) else False

    def add_workdays(self, day: int, count: int) -> tuple[int, int | None]:
        """The earliest and the latest day that can be the `count`-th working day after `day`, which is itself not
        counted.

        The two are equal where every day that matters is known. Latest is None where nothing bounds it. A negative
        count goes back, and then it is the earliest that nothing may bound: it is the first day there is (ordinal 1).
        0 is the day itself.
        """
        if count == 0:
            return day, day
        if count > 0:
            index = bisect_right(self.certain, day) + count - 1
            latest = self.certain[index] if index < len(self.certain) else None
            return self._possible_after(day, count), latest
        index = bisect_left(self.certain, day) + count
        return self.certain[index] if index >= 0 else FIRST_DAY, self._possible_before(day, -count)

    def _possible_after(self, day: int, count: int) -> int:
        if day < self.first:
            before = self.first - 1 - day
            if count <= before:
                return day + count
            day, count = self.first - 1, count - before
        index = bisect_right(self.possible, day) + count - 1
        if index < len(self.possible):
            return self.possible[index]
        return min(max(day, self.last) + index - len(self.possible) + 1, LAST_DAY)

    def _possible_before(self, day: int, count: int) -> int:
        if day > self.last:
            after = day - self.last - 1
            if count <= after:
                return day - count
            day, count = self.last + 1, count - after
        index = bisect_left(self.possible, day) - count
        return self.possible[index] if index >= 0 else max(min(day, self.first) + index, FIRST_DAY)

    def roll(self, day: int) -> tuple[int, int | None]:
        """The earliest and the latest day that can be the first working day on or after `day`."""
        return self.add_workdays(day - 1, 1)

    def missing_years(self, first_day: int, last_day: int) -> tuple[int, ...]:
        """The years whose notices would make every day from `first_day` to `last_day` known."""
        missing: set[int] = set()
        for year in range(year_of(first_day), year_of(last_day) + 1):
            start, end = max(first_day, first_of_year(year)), min(last_day, last_of_year(year))
            if self._is_known(start, end):
                continue
            if year not in self.years:
                missing.add(year)
            year_end = max(start, date(year, *self.provisional_from).toordinal())
            if year + 1 not in self.years and not self._is_known(year_end, end):
                missing.add(year + 1)
        return tuple(sorted(missing))

    def _is_known(self, start: int, end: int) -> bool:
        if start > end:
            return True
        if start < self.first or end > self.last:
            return False
        return _count(self.certain, start, end) == _count(self.possible, start, end)


def _holds(days: Sequence[int], day: int) -> bool:
    index = bisect_left(days, day)
    return index < len(days) and days[index] == day


def _count(days: Sequence[int], start: int, end: int) -> int:
    return bisect_right(days, end) - bisect_left(days, start)


def make_calendar(notices: Iterable[Notice]) -> Calendar:
    """The calendar of some notices, one a year; without any, nothing is known of any day."""
    by_year = {notice.year: notice for notice in notices}
    years = tuple(sorted(by_year))
    off = frozenset[int]().union(*(notice.off for notice in by_year.values()))
    work = frozenset[int]().union(*(notice.work for notice in by_year.values()))
    provisional = _provisional_from(by_year)
    if not years:
        return Calendar((), 1, 0, (), (), provisional, _sha256(by_year))
    first = min(first_of_year(years[0]), *off, *work) if off or work else first_of_year(years[0])
    last = last_of_year(years[-1])
    certain: list[int] = []
    possible: list[int] = []
    for year in range(year_of(first), years[-1] + 1):
        start, end = max(first, first_of_year(year)), last_of_year(year)
        waits_from = end + 1
        if year not in by_year:
            waits_from = start
        elif year + 1 not in by_year:
            waits_from = date(year, *provisional).toordinal()
        for day in range(start, end + 1):
            is_listed = day in work or day in off
            if day >= waits_from and not is_listed:
                possible.append(day)
            elif day in work or (not is_weekend(day) and day not in off):
                certain.append(day)
                possible.append(day)
    return Calendar(years, first, last, tuple(certain), tuple(possible), provisional, _sha256(by_year))


def _provisional_from(notices: Mapping[int, Notice]) -> tuple[int, int]:
    changed = (
        date.fromordinal(day)
        for notice in notices.values()
        for day in notice.off | notice.work
        if day < first_of_year(notice.year)
    )
    return min([PROVISIONAL_FROM, *((day.month, day.day) for day in changed)])


def _sha256(notices: Mapping[int, Notice]) -> str:
    lines = [
        f"{year} {kind} {date.fromordinal(day).isoformat()}\n"
        for year, notice in sorted(notices.items())
        for kind, days in (("off", notice.off), ("work", notice.work))
        for day in sorted(days)
    ]
    return sha256("".join(lines).encode()).hexdigest()


# --- reading the files ---

_KEYS = ("year", "notice", "basis", "off", "work")
_NOTICE_KEYS = ("number", "issued")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def calendar_of(*folders: Mapping[str, bytes]) -> tuple[Calendar, list[Diagnostic]]:
    """The calendar of the bytes of some folders' `<year>.yaml` files, by name.

    A year given in two folders is taken from the later one; where the two differ that is a warning. With an error the
    calendar holds the years that could be read and must not be used to judge.
    """
    notices: dict[int, Notice] = {}
    places: dict[int, str] = {}
    problems: list[Diagnostic] = []
    for folder in folders:
        for name, content in folder.items():
            try:
                source = Source(name, decoded(content))
            except UnicodeDecodeError:
                problems.append(error("U807", Span(Source(name, ""), 0, 0), file=name))
                continue
            notice, faults = read_notice(source, name.rpartition("/")[2].removesuffix(".yaml"))
            problems.extend(faults)
            if notice is None:
                continue
            other = notices.get(notice.year)
            if other is not None and (other.off, other.work) != (notice.off, notice.work):
                start = Label(Span(source, 0, 0))
                values = {"year": str(notice.year), "other": places[notice.year]}
                problems.append(Diagnostic("U858", (start,), values=values, severity="warning"))
            notices[notice.year], places[notice.year] = notice, name
    return make_calendar(notices.values()), problems


def read_notice(source: Source, stem: str) -> tuple[Notice | None, list[Diagnostic]]:
    """One notice from the text of its file; `stem` is the file's name without `.yaml`, which must be the year."""
    node, problems = read_yaml(source)
    if node is None:
        return None, problems
    if not isinstance(node, Table):
        return None, [error("U806", node.span, key="—")]
    problems = [error("U804", key.span, key=key.text) for key, _ in node.entries if key.text not in _KEYS]
    missing = [key for key in ("year", "off", "work") if node.get(key) is None]
    problems.extend(error("U805", node.span, key=key) for key in missing)
    year = _year(node.get("year"), stem, problems)
    if year is None or missing:
        return None, problems
    off = _days(node, "off", year, problems)
    work = _days(node, "work", year, problems)
    if not off and not problems:
        # Every year so far had a rest day on a weekday; an empty list is a form that nobody has filled in.
        problems.append(error("U857", node.span, year=year))
    number, issued = _citation(node.get("notice"), problems)
    basis = node.get("basis")
    if problems:
        return None, problems
    return Notice(year, off, work, number, issued, basis.text if isinstance(basis, Scalar) else ""), []


def _year(node: Node | None, stem: str, problems: list[Diagnostic]) -> int | None:
    if node is None:
        return None
    if not isinstance(node, Scalar) or not re.fullmatch(r"(19|20|21)[0-9]{2}", node.text):
        problems.append(error("U851", node.span))
        return None
    if node.text != stem:
        problems.append(error("U852", node.span, year=node.text, file=stem))
        return None
    return int(node.text)


def _citation(node: Node | None, problems: list[Diagnostic]) -> tuple[str, str]:
    """Number and date of the notice, each empty where it is not given."""
    if node is None or (isinstance(node, Scalar) and not node.text):
        return "", ""
    if not isinstance(node, Table):
        problems.append(error("U806", node.span, key="notice"))
        return "", ""
    problems.extend(error("U804", key.span, key=key.text) for key, _ in node.entries if key.text not in _NOTICE_KEYS)
    number, issued = (value.text if isinstance(value, Scalar) else "" for value in (node.get("number"), node.get("issued")))
    return number, issued


def _days(table: Table, key: str, year: int, problems: list[Diagnostic]) -> frozenset[int]:
    node = table.get(key)
    if isinstance(node, Scalar) and not node.text:
        return frozenset()
    if not isinstance(node, Listing):
        problems.append(error("U806", node.span if node else table.span, key=key))
        return frozenset()
    days: set[int] = set()
    for item in node.items:
        day = _day(item, year, problems)
        if day is None:
            continue
        if day in days:
            problems.append(error("U856", item.span, day=_text(item)))
        elif is_weekend(day) != (key == "work"):
            problems.append(error("U854" if key == "off" else "U855", item.span, day=_text(item)))
        days.add(day)
    return frozenset(days)


def _day(item: Node, year: int, problems: list[Diagnostic]) -> int | None:
    text = _text(item)
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        problems.append(error("U850", item.span, day=text))
        return None
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        problems.append(error("U853", item.span, day=text, year=year))
        return None
    return day.toordinal()


def _text(item: Node) -> str:
    return item.text if isinstance(item, Scalar) else ""
