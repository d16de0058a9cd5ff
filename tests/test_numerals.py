"""What people write, and what it is read as."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.language.diagnostics import render
from rulecheck.language.source import Source, Span
from rulecheck.measures.days import add_months, day_text, last_of_month, time_text, weekday
from rulecheck.measures.numerals import Fault, Number, read_date, read_marker, read_number, read_period, read_time, read_yes_no
from rulecheck.measures.units import exact_text


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


# --- numbers ---


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", Fraction(0), ""),
        ("50", Fraction(50), ""),
        ("-3", Fraction(-3), ""),
        ("+3", Fraction(3), ""),
        ("－3", Fraction(-3), ""),
        ("−3", Fraction(-3), ""),
        ("0.5", Fraction(1, 2), ""),
        ("1.50", Fraction(3, 2), ""),
        ("１２０ 分钟", Fraction(120), "分钟"),
        ("１２．５％", Fraction(25, 2), "%"),
        ("\u30002 小时\u3000", Fraction(2), "小时"),
        ("\u00a050人", Fraction(50), "人"),
        ("1,200", Fraction(1200), ""),
        ("1，200人", Fraction(1200), "人"),
        ("12,345,678.90元", Fraction(1234567890, 100), "元"),
        ("3.8批次/千人", Fraction(38, 10), "批次/千人"),
        ("3.8批次／千人", Fraction(38, 10), "批次/千人"),
        ("60 %", Fraction(60), "%"),
        ("5个工作日", Fraction(5), "个工作日"),
        ("80m2", Fraction(80), "m2"),
        ("80㎡", Fraction(80), "㎡"),
        ("3百人", Fraction(3), "百人"),
        ("9" * 30, Fraction(10**30 - 1), ""),
    ],
)
def test_a_number_with_its_unit(text: str, value: Fraction, unit: str) -> None:
    assert read_number(text) == Number(value, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "U810"),
        ("人", "U810"),
        ("NaN", "U810"),
        ("inf", "U810"),
        (".5", "U810"),
        ("+-5", "U810"),
        ("- 5", "U810"),
        ("五十", "U811"),
        ("十五人", "U811"),
        ("百分之八十", "U811"),
        ("壹万元", "U811"),
        ("1e3", "U812"),
        ("1E+3", "U812"),
        ("1_000", "U813"),
        ("012", "U814"),
        ("00", "U814"),
        ("01.5", "U814"),
        ("1,20", "U815"),
        ("1,2000", "U815"),
        ("12,34,567", "U815"),
        ("0,123", "U815"),
        ("1,,200", "U815"),
        ("5.", "U815"),
        ("5,", "U815"),
        ("1.2.3", "U815"),
        ("1.5,000", "U815"),
        ("½", "U816"),
        ("1½", "U816"),
        ("①", "U816"),
        ("10⁴", "U816"),
        ("٥٠", "U816"),
        ("5٠", "U816"),
        ("Ⅷ", "U816"),
        ("9" * 31, "U817"),
        ("0." + "0" * 30, "U817"),
        ("1" * 5000, "U817"),
        ("1 200", "U818"),
        ("15-20人", "U818"),
        ("15至20人", "U818"),
        ("2小时30分钟", "U818"),
        ("5人3", "U818"),
        ("约50", "U819"),
        ("近50人", "U819"),
        ("≥50", "U819"),
        ("50余人", "U819"),
        ("50多", "U819"),
        ("50人以上", "U819"),
        ("50+", "U819"),
    ],
)
def test_what_is_no_plain_number_is_refused(text: str, code: str) -> None:
    result = read_number(text)
    assert isinstance(result, Fault)
    assert result.code == code


@given(st.fractions(-(10**9), 10**9, max_denominator=1).map(int) | st.decimals(-(10**9), 10**9, places=4).map(Fraction))
def test_exact_text_is_read_back(value: Fraction) -> None:
    assert read_number(exact_text(Fraction(value))) == Number(Fraction(value), "")


@given(st.text(max_size=60) | st.from_regex(r"[0-9０-９,，.．eE+\-人年月日:/% ]{0,20}", fullmatch=True))
def test_no_text_raises(text: str) -> None:
    for reader in (read_number, read_date, read_time, read_period, read_yes_no, read_marker):
        reader(text)


# --- dates ---


@pytest.mark.parametrize(
    "text",
    [
        "2023年1月19日",
        "2023年01月19日",
        "2023 年 1 月 19 日",
        "2023\u00a0年\u00a01\u00a0月\u00a019\u00a0日",
        "２０２３年１月１９日",
        "2023-01-19",
        "2023-1-19",
        "2023/1/19",
        "2023.1.19",
        "2023／1／19",
        " 2023-01-19\u3000",
        "2023/1/19 0:00",
        "2023-01-19 00:00:00",
        "2023-01-19T00:00:00",
    ],
)
def test_spellings_of_a_date(text: str) -> None:
    assert read_date(text) == day(2023, 1, 19)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年底", (2024, 12, 31)),
        ("2024年末", (2024, 12, 31)),
        ("2023年6月底", (2023, 6, 30)),
        ("2023年2月底", (2023, 2, 28)),
        ("2024年2月底", (2024, 2, 29)),
        ("end of 2024", (2024, 12, 31)),
        ("End of 2023-06", (2023, 6, 30)),
        ("2024-02-29", (2024, 2, 29)),
        ("1900-01-01", (1900, 1, 1)),
        ("2199-12-31", (2199, 12, 31)),
    ],
)
def test_ends_of_periods_and_edges(text: str, expected: tuple[int, int, int]) -> None:
    assert read_date(text) == day(*expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "U830"),
        ("明天", "U830"),
        ("20230119", "U830"),
        ("44945", "U830"),
        ("2023-1/19", "U830"),
        ("2023-01-19 08:30", "U830"),
        ("2023-02-29", "U831"),
        ("2023年2月30日", "U831"),
        ("2023-13-01", "U831"),
        ("2023-00-10", "U831"),
        ("2023-01-00", "U831"),
        ("2023年13月底", "U831"),
        ("1899-12-31", "U832"),
        ("2200-01-01", "U832"),
        ("0000年底", "U832"),
        ("2023年1月", "U833"),
        ("2023-01", "U833"),
        ("2023", "U833"),
        ("1月19日", "U834"),
        ("23年1月19日", "U834"),
        ("23-1-19", "U834"),
        ("19/1/2023", "U834"),
    ],
)
def test_dates_refused(text: str, code: str) -> None:
    result = read_date(text)
    assert isinstance(result, Fault)
    assert result.code == code


# --- times and periods ---


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("0:00", 0),
        ("8:05", 485),
        ("17:30", 1050),
        ("１７：３０", 1050),
        ("17:30:00", 1050),
        ("17时30分", 1050),
        ("17点30分", 1050),
        ("17时5分", 1025),
        ("17点", 1020),
        ("17时整", 1020),
        ("23:59", 1439),
        ("24:00", 1440),
    ],
)
def test_times_of_day(text: str, minutes: int) -> None:
    assert read_time(text) == minutes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "U835"),
        ("17", "U835"),
        ("17:5", "U835"),
        ("1730", "U835"),
        ("17:30:20", "U835"),
        ("17:60", "U836"),
        ("24:01", "U836"),
        ("25:00", "U836"),
        ("下午5:30", "U837"),
        ("5:30 PM", "U837"),
    ],
)
def test_times_refused(text: str, code: str) -> None:
    result = read_time(text)
    assert isinstance(result, Fault)
    assert result.code == code


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2023", "2023"),
        ("2023年", "2023"),
        ("２０２３年度", "2023"),
        ("2023年6月", "2023-06"),
        ("2023年6月份", "2023-06"),
        ("2023-06", "2023-06"),
        ("2023.6", "2023-06"),
        ("2023年第二季度", "2023-Q2"),
        ("2023年4季度", "2023-Q4"),
        ("2023-Q1", "2023-Q1"),
        ("2023q3", "2023-Q3"),
    ],
)
def test_periods(text: str, key: str) -> None:
    assert read_period(text) == key


@pytest.mark.parametrize(
    ("text", "code"), [("2023-13", "U831"), ("1850", "U832"), ("23年", "U839"), ("上半年", "U839")]
)
def test_periods_refused(text: str, code: str) -> None:
    assert read_period(text) == Fault(code, text)


# --- words ---


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "/", "／", "—", "——", "-", "－", "–", "未填", "未报", "unknown"])
def test_untold(text: str) -> None:
    assert read_marker(text) == "untold"


@pytest.mark.parametrize("text", ["无", " 无 ", "none", "None"])
def test_none(text: str) -> None:
    assert read_marker(text) == "none"


@pytest.mark.parametrize("text", ["0", "是", "否", "有", "无人", "N", "-1", "N/A"])
def test_values_are_no_markers(text: str) -> None:
    assert read_marker(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [("是", True), ("Yes", True), ("TRUE", True), ("否", False), ("ｎｏ", False), ("false", False)],
)
def test_yes_and_no(text: str, answer: bool) -> None:
    assert read_yes_no(text) is answer


@pytest.mark.parametrize("text", ["", "对", "错", "有", "无", "1", "0", "Y", "是的", "√√"])
def test_nothing_else_is_an_answer(text: str) -> None:
    assert read_yes_no(text) == Fault("U838", text)


def test_a_fault_is_a_message_with_its_place() -> None:
    fault = read_number("1e3")
    assert isinstance(fault, Fault)
    shown = render(fault.in_file("单位.yaml", "第7行"))
    assert "“1e3”是科学计数法" in shown
    assert "单位.yaml 第7行" in shown
    span = Span(Source("规则.rule", "不少于 1e3人"), 4, 7)
    assert fault.at(span).labels[0].span.text == "1e3"


# --- days ---


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2023, 1, 19), 1, (2023, 2, 19)),
        ((2023, 1, 28), 1, (2023, 2, 28)),
        ((2023, 1, 31), 1, (2023, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2023, 11, 30), 3, (2024, 2, 29)),
        ((2023, 12, 31), 1, (2024, 1, 31)),
        ((2023, 3, 31), -1, (2023, 2, 28)),
        ((2023, 1, 1), -1, (2022, 12, 1)),
        ((2023, 1, 1), 0, (2023, 1, 1)),
        ((9999, 12, 1), 1, (9999, 12, 31)),
        ((1, 1, 5), -1, (1, 1, 1)),
    ],
)
def test_months_on(start: tuple[int, int, int], months: int, end: tuple[int, int, int]) -> None:
    assert add_months(day(*start), months) == day(*end)


def test_days_are_written_in_both_languages() -> None:
    assert weekday(day(2026, 11, 23)) == 1
    assert weekday(day(2026, 11, 22)) == 7
    assert last_of_month(2024, 2) == day(2024, 2, 29)
    assert day_text(day(2023, 1, 9), "zh") == "2023年1月9日"
    assert day_text(day(2023, 1, 9), "en") == "2023-01-09"
    assert time_text(1050) == "17:30"
    assert time_text(1440) == "24:00"
