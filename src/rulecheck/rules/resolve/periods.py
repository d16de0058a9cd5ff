"""Keys of periods: `2023` a year, `2023-Q2` a quarter, `2023-06` a month."""

from __future__ import annotations

from rulecheck.language import syntax
from rulecheck.rules import model


def period_key(period: syntax.Year | syntax.Month) -> str:
    return f"{period.year}" if isinstance(period, syntax.Year) else f"{period.year}-{period.month:02d}"


def key_frequency(key: str) -> model.Frequency:
    """How long the period of a key is: `2023` a year, `2023-Q2` a quarter, `2023-06` a month."""
    _, _, rest = key.partition("-")
    return "year" if not rest else "quarter" if rest.startswith("Q") else "month"


def period_keys(first: syntax.Year | syntax.Month, last: syntax.Year | syntax.Month) -> tuple[str, ...]:
    """All keys from first to last, both included; empty when they do not fit each other."""
    if isinstance(first, syntax.Year) and isinstance(last, syntax.Year):
        return tuple(str(year) for year in range(first.year, last.year + 1))
    if isinstance(first, syntax.Month) and isinstance(last, syntax.Month):
        span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return tuple(f"{month // 12}-{month % 12 + 1:02d}" for month in span)
    return ()
