"""Writes `dsl/calendar/<year>.yaml`, one holiday notice a file, from the package chinesecalendar.

    python tools/make_calendar.py 2007 2026

A file holds what the year's notice changes against Monday to Friday. Changes of the last days of December belong to
the notice of the year that follows. Every day is compared with the package holidays; where the two differ the script
says so, writes it into `basis`, and ends with status 1. The notice's number and date are left for a person to fill in
from the notice itself, and files that have them are not overwritten.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
import holidays
import yaml

FOLDER = Path(__file__).resolve().parent.parent / "dsl" / "calendar"
LATE_DECEMBER = 20
"""From this day of December on, a change is the next year's notice's: nothing in the autumn is moved by it."""

TEMPLATE = """\
# Working days of {year} against Monday to Friday, Beijing. A change of late December belongs to the next year's file.
year: {year}
notice:
  number: ""   # of the State Council's holiday notice: to be filled in from the notice itself
  issued: ""
basis: "{basis}"
off:   # weekdays that are not worked
{off}work:  # weekend days that are worked
{work}"""


def days_of_notice(year: int) -> Iterator[date]:
    """The days that a year's notice can change: late December of the year before to mid-December of the year."""
    day = date(year - 1, 12, LATE_DECEMBER)
    while day < date(year, 12, LATE_DECEMBER):
        yield day
        day += timedelta(days=1)


def make_file(year: int, second: holidays.HolidayBase) -> tuple[str, list[str]]:
    """The text of a year's file, and the days on which the two packages differ."""
    days = list(days_of_notice(year))
    changed = [day for day in days if chinese_calendar.is_workday(day) != (day.weekday() < 5)]
    differ = [day.isoformat() for day in days if chinese_calendar.is_workday(day) != second.is_working_day(day)]
    basis = f"generated from chinesecalendar {version('chinesecalendar')}; "
    basis += "differs from" if differ else "agrees with"
    basis += f" holidays {version('holidays')}" + (f" on {', '.join(differ)}" if differ else " on every day")
    off, work = (
        "".join(f"  - {day.isoformat()}\n" for day in changed if (day.weekday() < 5) == weekdays)
        for weekdays in (True, False)
    )
    return TEMPLATE.format(year=year, basis=basis, off=off, work=work or "  []\n"), differ


def main(first: int, last: int) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    second = holidays.country_holidays("CN", years=range(first - 1, last + 1))
    found: list[str] = []
    for year in range(first, last + 1):
        path = FOLDER / f"{year}.yaml"
        if path.exists() and (yaml.safe_load(path.read_text(encoding="utf-8")).get("notice") or {}).get("number"):
            print(f"{path.name}: has its notice's number, left as it is", file=sys.stderr)
            continue
        text, differ = make_file(year, second)
        path.write_text(text, encoding="utf-8", newline="\n")
        found.extend(differ)
    for day in found:
        print(f"chinesecalendar and holidays differ: {day}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
