"""Working days: the data against two libraries, and exact counting against a walk day by day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.data import folder
from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.language.source import Source
from rulecheck.measures.days import FIRST_DAY, LAST_DAY, is_weekend
from rulecheck.measures.workdays import Calendar, Notice, make_calendar, read_notice
from support_calendar import load_calendar

SHIPPED, PROBLEMS = load_calendar(folder("dsl") / "calendar")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def days(*texts: str) -> frozenset[int]:
    return frozenset(map(day, texts))


def dates(bounds: tuple[int, int | None]) -> tuple[str, str | None]:
    earliest, latest = bounds
    return date.fromordinal(earliest).isoformat(), None if latest is None else date.fromordinal(latest).isoformat()


# --- the data ---


def test_the_shipped_years_are_read_without_fault() -> None:
    assert PROBLEMS == []
    assert SHIPPED.years == tuple(range(2007, 2027))


def test_every_day_agrees_with_two_libraries() -> None:
    second = holidays.country_holidays("CN", years=range(2007, 2027))
    start, end = date(2007, 1, 1), date(2026, 12, 28)
    every = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    ours = [SHIPPED.is_workday(each.toordinal()) for each in every]
    assert ours == [chinese_calendar.is_workday(each) for each in every]
    assert ours == [second.is_working_day(each) for each in every]


@pytest.mark.parametrize(("year", "worked"), [(2022, 249), (2023, 249), (2024, 251), (2025, 248)])
def test_working_days_a_year(year: int, worked: int) -> None:
    first, last = day(f"{year}-01-01"), day(f"{year}-12-31")
    assert [SHIPPED.is_workday(each) for each in range(first, last + 1)].count(True) == worked


def test_no_notice_ever_changed_a_day_before_29_december() -> None:
    assert SHIPPED.provisional_from == (12, 29)
    assert SHIPPED.is_workday(day("2007-12-29")) is True
    assert SHIPPED.is_workday(day("2018-12-29")) is True
    assert SHIPPED.is_workday(day("2018-12-31")) is False


def test_the_notices_own_number_and_date_are_never_invented() -> None:
    files = sorted((folder("dsl") / "calendar").glob("*.yaml"))
    notices = [read_notice(Source(path.name, path.read_text("utf-8")), path.stem)[0] for path in files]
    assert len(notices) == 20
    assert {(notice.number, notice.issued) for notice in notices if notice} == {("", "")}


# --- counting ---


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # Spring Festival 2023: off 21 to 27 January, Saturday 28 and Sunday 29 worked
        ("2023-01-19", 1, "2023-01-20"),
        ("2023-01-19", 2, "2023-01-28"),
        ("2023-01-19", 3, "2023-01-29"),
        ("2023-01-19", 4, "2023-01-30"),
        ("2023-01-19", 5, "2023-01-31"),
        ("2023-01-25", 1, "2023-01-28"),
        ("2023-01-28", 1, "2023-01-29"),
        ("2023-01-29", 1, "2023-01-30"),
        ("2023-01-30", -1, "2023-01-29"),
        ("2023-01-29", -1, "2023-01-28"),
        ("2023-01-28", -1, "2023-01-20"),
        # Sunday 4 February 2024 worked, Saturday the 3rd not
        ("2024-02-02", 1, "2024-02-04"),
        ("2024-02-03", 1, "2024-02-04"),
        ("2024-02-04", 1, "2024-02-05"),
        ("2024-02-05", -1, "2024-02-04"),
        # an ordinary weekend
        ("2023-03-03", 1, "2023-03-06"),
        ("2023-03-04", 1, "2023-03-06"),
        ("2023-03-05", 1, "2023-03-06"),
        # nothing to count: the day itself, worked or not
        ("2023-03-04", 0, "2023-03-04"),
    ],
)
def test_the_first_day_is_not_counted(start: str, count: int, end: str) -> None:
    assert dates(SHIPPED.add_workdays(day(start), count)) == (end, end)


@pytest.mark.parametrize(
    ("start", "rolled"),
    [
        ("2023-01-20", "2023-01-20"),
        ("2023-01-21", "2023-01-28"),
        ("2023-01-28", "2023-01-28"),
        ("2024-02-03", "2024-02-04"),
        ("2023-03-04", "2023-03-06"),
    ],
)
def test_a_rest_day_rolls_forward(start: str, rolled: str) -> None:
    assert dates(SHIPPED.roll(day(start))) == (rolled, rolled)


@pytest.mark.parametrize(
    ("start", "count", "earliest", "latest"),
    [
        # Monday 28 December 2026 is certain; from the 29th on everything waits for 2027's notice
        ("2026-12-25", 1, "2026-12-28", "2026-12-28"),
        ("2026-12-25", 2, "2026-12-29", None),
        ("2026-12-25", 5, "2027-01-01", None),
        ("2026-12-30", 3, "2027-01-02", None),
        ("2027-05-01", 10, "2027-05-11", None),
        ("2027-01-02", -1, "2026-12-28", "2027-01-01"),
        ("2027-01-02", -5, "2026-12-22", "2026-12-28"),
        # before the first notice
        ("2006-12-28", 1, "2006-12-29", "2006-12-30"),
        ("2007-01-04", -1, "2006-12-31", "2006-12-31"),
        ("2006-12-31", -2, "0001-01-01", "2006-12-29"),
    ],
)
def test_unknown_days_give_bounds(start: str, count: int, earliest: str, latest: str | None) -> None:
    assert dates(SHIPPED.add_workdays(day(start), count)) == (earliest, latest)


def test_rolling_into_the_unknown() -> None:
    assert dates(SHIPPED.roll(day("2026-12-28"))) == ("2026-12-28", "2026-12-28")
    assert dates(SHIPPED.roll(day("2026-12-29"))) == ("2026-12-29", None)


@pytest.mark.parametrize(
    ("text", "worked"),
    [("2026-12-28", True), ("2026-12-27", False), ("2026-12-29", None), ("2027-01-01", None), ("2006-12-29", None)],
)
def test_a_day_without_a_notice_is_neither(text: str, worked: bool | None) -> None:
    assert SHIPPED.is_workday(day(text)) is worked


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2023-01-02", "2023-01-01", ()),
        ("2023-01-01", "2023-12-31", ()),
        ("2026-12-28", "2026-12-28", ()),
        ("2026-12-28", "2026-12-29", (2027,)),
        ("2026-06-01", "2027-02-01", (2027,)),
        ("2026-06-01", "2028-02-01", (2027, 2028)),
        ("2027-12-28", "2027-12-28", (2027,)),
        ("2027-12-29", "2027-12-29", (2027, 2028)),
        ("2006-12-29", "2007-01-04", (2006,)),
        ("2006-12-30", "2007-01-04", ()),
    ],
)
def test_years_whose_notice_is_needed(first: str, last: str, years: tuple[int, ...]) -> None:
    assert SHIPPED.missing_years(day(first), day(last)) == years


def test_a_year_that_is_missing_in_between_is_bounded_by_the_next() -> None:
    notices = [Notice(2021, days("2021-01-01"), days()), Notice(2023, days("2023-01-02"), days())]
    calendar = make_calendar(notices)
    assert dates(calendar.add_workdays(day("2021-12-28"), 1)) == ("2021-12-29", "2023-01-03")
    assert calendar.missing_years(day("2021-12-28"), day("2023-01-03")) == (2022,)


def test_without_any_notice_nothing_is_known() -> None:
    calendar = make_calendar([])
    assert calendar.is_workday(day("2023-03-06")) is None
    assert dates(calendar.add_workdays(day("2023-03-06"), 3)) == ("2023-03-09", None)
    assert dates(calendar.add_workdays(day("2023-03-06"), -3)) == ("0001-01-01", "2023-03-03")


def test_counting_stops_at_the_ends_of_the_calendar() -> None:
    assert SHIPPED.add_workdays(day("2023-03-06"), 10**9) == (LAST_DAY, None)
    assert SHIPPED.add_workdays(day("2023-03-06"), -(10**9)) == (FIRST_DAY, FIRST_DAY)


# --- against a walk ---


@cache
def library_state(number: int) -> bool | None:
    """The day by chinesecalendar alone; from 29 December 2026 unknown."""
    return chinese_calendar.is_workday(date.fromordinal(number)) if number < day("2026-12-29") else None


def walked(start: int, step: int, most: int, certainly: bool) -> list[int | None]:
    """The first `most` days that are certainly or possibly worked, one day at a time; None once nothing is known."""
    found: list[int | None] = []
    number = start
    while len(found) < most:
        number += step
        state = library_state(number)
        if state or (state is None and not certainly):
            found.append(number)
        elif state is None and number >= day("2027-01-01"):
            return found + [None] * (most - len(found))
    return found


def test_every_start_from_2018_to_2026_and_thirty_days_each_way() -> None:
    for start in range(day("2018-01-01"), day("2026-12-31") + 1):
        later = zip(walked(start, 1, 30, certainly=False), walked(start, 1, 30, certainly=True), strict=True)
        assert [SHIPPED.add_workdays(start, count) for count in range(1, 31)] == list(later), start
        sooner = zip(walked(start, -1, 30, certainly=True), walked(start, -1, 30, certainly=False), strict=True)
        assert [SHIPPED.add_workdays(start, -count) for count in range(1, 31)] == list(sooner), start


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, list[Notice]]:
    """Some years near one another, each with a few days off and a few worked, the December before included."""
    notices = []
    for year in draw(st.sets(st.integers(2020, 2024))):
        changed = draw(st.sets(st.integers(day(f"{year - 1}-12-29"), day(f"{year}-12-28")), max_size=8))
        off = frozenset(number for number in changed if not is_weekend(number))
        notices.append(Notice(year, off, frozenset(changed) - off))
    return make_calendar(notices), notices


def state_by_hand(number: int, notices: list[Notice]) -> bool | None:
    """What the notices say of one day, straight from the definition."""
    for notice in notices:
        if number in notice.work or number in notice.off:
            return number in notice.work
    given, here = {notice.year for notice in notices}, date.fromordinal(number)
    if here.year not in given or ((here.month, here.day) >= (12, 29) and here.year + 1 not in given):
        return None
    return here.weekday() < 5


@given(calendars(), st.integers(day("2019-06-01"), day("2025-06-01")), st.integers(-400, 400))
def test_any_calendar_counts_as_a_walk_does(drawn: tuple[Calendar, list[Notice]], start: int, count: int) -> None:
    calendar, notices = drawn
    assert calendar.is_workday(start) is state_by_hand(start, notices)
    step, left = (1 if count >= 0 else -1), abs(count)
    ends: list[int | None] = []
    for worked in ((True, None), (True,)):
        number, counted = start, 0
        while counted < left and day("2017-01-01") < number < day("2027-12-31"):
            number += step
            counted += state_by_hand(number, notices) in worked
        ends.append(number if counted == left else None)
    possible, certain = ends
    bounds = calendar.add_workdays(start, count)
    assert bounds == ((possible, certain) if step > 0 else (certain or FIRST_DAY, possible))
    earliest, latest = bounds
    if latest is not None and earliest > FIRST_DAY:
        assert earliest <= latest


@given(calendars(), st.integers(day("2019-06-01"), day("2025-06-01")), st.integers(0, 500))
def test_the_missing_years_are_enough(drawn: tuple[Calendar, list[Notice]], start: int, length: int) -> None:
    calendar, notices = drawn
    missing = calendar.missing_years(start, start + length)
    assert not set(missing) & set(calendar.years)
    mended = make_calendar([*notices, *(Notice(year, frozenset(), frozenset()) for year in missing)])
    assert None not in [mended.is_workday(number) for number in range(start, start + length + 1)]
    is_known = None not in [calendar.is_workday(number) for number in range(start, start + length + 1)]
    assert is_known == (missing == ())


# --- a department's own file ---

NOTICE_2027 = """\
year: 2027
notice:
  number: 国办发明电〔0000〕0号
  issued: 2026-11-30
off:
  - 2026-12-31
  - 2027-01-01
work:
  - 2027-01-03
"""


def test_a_department_adds_a_year(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text(NOTICE_2027, encoding="utf-8")
    calendar, problems = load_calendar(folder("dsl") / "calendar", tmp_path)
    assert problems == []
    assert calendar.years[-1] == 2027
    assert dates(calendar.add_workdays(day("2026-12-28"), 3)) == ("2027-01-03", "2027-01-03")
    assert calendar.is_workday(day("2026-12-31")) is False
    assert calendar.is_workday(day("2027-12-28")) is True
    assert calendar.is_workday(day("2027-12-29")) is None
    assert calendar.sha256 != SHIPPED.sha256


def test_a_year_given_twice_is_taken_from_the_later_folder_and_told(tmp_path: Path) -> None:
    text = "year: 2026\noff:\n  - 2026-01-01\nwork: []\n"
    (tmp_path / "2026.yaml").write_text(text, encoding="utf-8")
    calendar, problems = load_calendar(folder("dsl") / "calendar", tmp_path)
    assert [(each.code, each.severity) for each in problems] == [("U858", "warning")]
    assert calendar.is_workday(day("2026-01-02")) is True


def test_the_digest_is_of_the_days_alone(tmp_path: Path) -> None:
    text = "# a comment\nwork: [2027-01-03]\noff: ['2027-01-01', 2026-12-31]\nyear: 2027\n"
    (tmp_path / "2027.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "2027.yaml").write_text(NOTICE_2027, encoding="utf-8")
    one, _ = load_calendar(tmp_path)
    other, _ = load_calendar(tmp_path / "other", tmp_path / "nowhere")
    assert one.sha256 == other.sha256


def only(text: str, stem: str = "2027") -> Diagnostic:
    notice, problems = read_notice(Source(f"calendar/{stem}.yaml", text), stem)
    assert notice is None
    assert len(problems) == 1, [render(each) for each in problems]
    return problems[0]


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        ("year: 2027\noff: [2027-01-02]\nwork: []\n", "U854", "2027-01-02"),
        ("year: 2027\noff: [2027-01-01]\nwork: [2027-01-04]\n", "U855", "2027-01-04"),
        ("year: 2027\noff: [2027-01-01, 2027-01-01]\nwork: []\n", "U856", "2027-01-01"),
        ("year: 2027\noff: [2026-01-02]\nwork: []\n", "U853", "2026-01-02"),
        ("year: 2027\noff: [2026-11-30]\nwork: []\n", "U853", "2026-11-30"),
        ("year: 2027\noff: [2028-01-03]\nwork: []\n", "U853", "2028-01-03"),
        ("year: 2027\noff: [2027-02-29]\nwork: []\n", "U850", "2027-02-29"),
        ("year: 2027\noff: [2027/1/1]\nwork: []\n", "U850", "2027/1/1"),
        ("year: 2026\noff: [2026-01-01]\nwork: []\n", "U852", "2026"),
        ("year: 27\noff: [2027-01-01]\nwork: []\n", "U851", "27"),
        ("year: 2027\noff: []\nwork: []\n", "U857", "y"),
        ("year: 2027\noff: [2027-01-01]\n", "U805", "y"),
        ("off: [2027-01-01]\nwork: []\n", "U805", "o"),
        ("year: 2027\n? [off]\n: []\nwork: []\n", "U806", "["),
        ("year: 2027\n---\nyear: 2028\n", "U802", "-"),
        ("year: 2027\noff: 2027-01-01\nwork: []\n", "U806", "2027-01-01"),
        ("year: 2027\noff: [2027-01-01]\nwork: []\nrest: []\n", "U804", "rest"),
        ("year: 2027\nnotice: {no: 1}\noff: [2027-01-01]\nwork: []\n", "U804", "no"),
        ("year: 2027\nnotice: here\noff: [2027-01-01]\nwork: []\n", "U806", "here"),
        ("year: 2027\nyear: 2027\noff: [2027-01-01]\nwork: []\n", "U801", "year"),
        ("- 2027\n", "U806", "-"),
        ("", "U805", ""),
        ("year: &a 2027\n", "U802", "&a 2027"),
        ("year: [\n", "U800", ""),
        ("year: 2027\x00\n", "L119", "\x00"),
        ("year: " + "[" * 60 + "]" * 60, "U803", "["),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(text: str, code: str, underlined: str) -> None:
    problem = only(text)
    assert (problem.code, problem.labels[0].span.text.strip()) == (code, underlined)
    assert render(problem, "zh")
    assert render(problem, "en")


def test_all_faults_come_at_once() -> None:
    text = "year: 2027\noff: [2027-01-02, 2027-01-03, nonsense]\nwork: [2027-01-04]\n"
    _, problems = read_notice(Source("calendar/2027.yaml", text), "2027")
    assert [each.code for each in problems] == ["U854", "U854", "U850", "U855"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_bytes(b"year: \xff\xfe\n")
    _, problems = load_calendar(tmp_path)
    assert [each.code for each in problems] == ["U807"]


def test_counting_costs_no_walk() -> None:
    far = SHIPPED.add_workdays(day("2007-01-01"), 4000)
    assert far[0] == far[1]
    assert sum(SHIPPED.is_workday(number) is True for number in range(day("2007-01-02"), far[0] + 1)) == 4000
