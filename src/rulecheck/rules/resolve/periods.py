"""Keys of periods (`2023` a year, `2023-Q2` a quarter, `2023-06` a month), and the stretches of time a rule may add to a day."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.rules import model
from rulecheck.rules.resolve.vocabulary import VocabularyReader

SHIFT_UNITS: dict[str, tuple[Literal["day", "workday", "month"], int]] = {
    "天": ("day", 1),
    "日": ("day", 1),
    "工作日": ("workday", 1),
    "个工作日": ("workday", 1),
    "个月": ("month", 1),
    "月": ("month", 1),
    "季度": ("month", 3),
    "年": ("month", 12),
    "周": ("day", 7),
}
MOST_SHIFTED = {"day": 36_600, "workday": 5_000, "month": 1_200}
"""How far a rule may reach from a day: no provision needs more, and the calendar ends."""


def period_key(period: syntax.Period) -> str:
    match period:
        case syntax.Year(year=year):
            return f"{year}"
        case syntax.Quarter(year=year, quarter=quarter):
            return f"{year}-Q{quarter}"
        case syntax.Month(year=year, month=month):
            return f"{year}-{month:02d}"


def key_frequency(key: str) -> model.Frequency:
    """How long the period of a key is: `2023` a year, `2023-Q2` a quarter, `2023-06` a month."""
    _, _, rest = key.partition("-")
    return "year" if not rest else "quarter" if rest.startswith("Q") else "month"


def period_keys(first: syntax.Period, last: syntax.Period) -> tuple[str, ...]:
    """All keys from first to last, both included; empty when they do not fit each other."""
    if isinstance(first, syntax.Year) and isinstance(last, syntax.Year):
        return tuple(str(year) for year in range(first.year, last.year + 1))
    if isinstance(first, syntax.Quarter) and isinstance(last, syntax.Quarter):
        span = range(first.year * 4 + first.quarter - 1, last.year * 4 + last.quarter)
        return tuple(f"{quarter // 4}-Q{quarter % 4 + 1}" for quarter in span)
    if isinstance(first, syntax.Month) and isinstance(last, syntax.Month):
        span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return tuple(f"{month // 12}-{month % 12 + 1:02d}" for month in span)
    return ()


def shift(
    vocabulary: VocabularyReader, left: model.Term, expression: syntax.Arithmetic, problems: list[Diagnostic]
) -> model.Term | None:
    """A day some days, working days or months before or after another; None where no such stretch stands beside it."""
    right = expression.right
    if not isinstance(right, syntax.Quantity):
        return None
    unit = vocabulary.units.find(right.unit) if right.unit else None
    known = SHIFT_UNITS.get(unit.text) if unit else None
    amount = Fraction(right.number)
    if known is None or amount.denominator != 1:
        problems.append(error("U209", right.span))
        return None
    days = amount.numerator * known[1] * (1 if expression.operator == "+" else -1)
    if abs(days) > MOST_SHIFTED[known[0]]:
        problems.append(error("U213", right.span, most=MOST_SHIFTED[known[0]]))
        return None
    return model.DateShift(left, days, known[0], model.DateType(), expression.span)
