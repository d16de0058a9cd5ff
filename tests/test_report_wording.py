"""Dates, periods and amounts as users read them."""

from __future__ import annotations

import pytest

from rulecheck.report.wording import amount, capital, day, period, quoted


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("2023", "2023年", "2023"),
        ("2023-Q2", "2023年第2季度", "2023 Q2"),
        ("2023-06", "2023年6月", "2023-06"),
        ("方案实施期", "方案实施期", "方案实施期"),
        ("2023-x", "2023-x", "2023-x"),
    ],
)
def test_a_period(key: str, zh: str, en: str) -> None:
    assert (period(key, "zh"), period(key, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [("2024-02-09", "2024年2月9日", "2024-02-09"), ("2024年底", "2024年底", "2024年底"), ("a-b-c", "a-b-c", "a-b-c")],
)
def test_a_day(text: str, zh: str, en: str) -> None:
    assert (day(text, "zh"), day(text, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("0", "人", "0人", "0 people"),
        ("1", "人", "1人", "1 person"),
        ("2/3", "人", "2/3人", "2/3 people"),
        ("1.5", "%", "1.5%", "1.5%"),
        ("3", "", "3", "3"),
        ("3", "不明单位", "3不明单位", "3 不明单位"),
    ],
)
def test_an_amount(value: str, unit: str, zh: str, en: str) -> None:
    assert (amount(value, unit, "zh"), amount(value, unit, "en")) == (zh, en)


def test_quotation_marks_within_quotation_marks_are_single() -> None:
    assert quoted("“四个一”服务", "zh") == "“‘四个一’服务”"


def test_a_heading_begins_with_a_capital() -> None:
    assert (capital("not due"), capital("符合"), capital("")) == ("Not due", "符合", "")
