"""Whole numbers that are not known exactly: bounds, both included, None where open. Exact numbers stay plain `int`."""

from __future__ import annotations

from typing import Final, NamedTuple

from rulecheck.judging.truth import NO, UNKNOWN, YES, Truth


class Interval(NamedTuple):
    low: int | None
    high: int | None


class Undefined:
    """A number that there is not: 无 where a number is needed. Nothing compared with it is known."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()
ANYTHING: Final = Interval(None, None)

Number = int | Interval | Undefined


def between(low: int | None, high: int | None) -> Number:
    """The interval, or the number itself where both ends agree."""
    return low if low is not None and low == high else Interval(low, high)


def bounds(number: int | Interval) -> Interval:
    return Interval(number, number) if isinstance(number, int) else number


def add(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return UNDEFINED
    one, other = bounds(left), bounds(right)
    return between(
        None if one.low is None or other.low is None else one.low + other.low,
        None if one.high is None or other.high is None else one.high + other.high,
    )


def scale(number: Number, factor: int) -> Number:
    if isinstance(number, int):
        return number * factor
    if isinstance(number, Undefined):
        return UNDEFINED
    if factor == 0:
        return 0
    low = None if number.low is None else number.low * factor
    high = None if number.high is None else number.high * factor
    return between(low, high) if factor > 0 else between(high, low)


def multiply(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return UNDEFINED
    if isinstance(left, int):
        return scale(right, left)
    if isinstance(right, int):
        return scale(left, right)
    corners = [_corner(a, a_sign, b, b_sign) for a, a_sign in _ends(left) for b, b_sign in _ends(right)]
    low = None if any(each == "-" for each in corners) else min(each for each in corners if isinstance(each, int))
    high = None if any(each == "+" for each in corners) else max(each for each in corners if isinstance(each, int))
    return between(low, high)


def _ends(of: Interval) -> tuple[tuple[int | None, int], tuple[int | None, int]]:
    """Each end with the sign that an open end runs to."""
    return (of.low, -1), (of.high, 1)


def _corner(a: int | None, a_sign: int, b: int | None, b_sign: int) -> int | str:
    if a is not None and b is not None:
        return a * b
    if a == 0 or b == 0:
        return 0
    sign_a = a_sign if a is None else (1 if a > 0 else -1)
    sign_b = b_sign if b is None else (1 if b > 0 else -1)
    return "+" if sign_a * sign_b > 0 else "-"


def hull_with_zero(number: Number) -> Number:
    """The number or nothing at all: what a member adds that may not belong."""
    if isinstance(number, Undefined):
        return UNDEFINED
    low, high = bounds(number)
    return between(None if low is None else min(low, 0), None if high is None else max(high, 0))


def at_least(left: Number, right: Number) -> Truth:
    """left ≥ right."""
    if isinstance(left, int) and isinstance(right, int):
        return YES if left >= right else NO
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return UNKNOWN
    one, other = bounds(left), bounds(right)
    if one.low is not None and other.high is not None and one.low >= other.high:
        return YES
    if one.high is not None and other.low is not None and one.high < other.low:
        return NO
    return UNKNOWN


def more_than(left: Number, right: Number) -> Truth:
    """left > right."""
    if isinstance(left, int) and isinstance(right, int):
        return YES if left > right else NO
    reverse = at_least(right, left)
    return UNKNOWN if reverse == UNKNOWN else YES - reverse


def equal(left: Number, right: Number) -> Truth:
    if isinstance(left, int) and isinstance(right, int):
        return YES if left == right else NO
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return UNKNOWN
    one, other = bounds(left), bounds(right)
    apart = (one.high is not None and other.low is not None and one.high < other.low) or (
        other.high is not None and one.low is not None and other.high < one.low
    )
    return NO if apart else UNKNOWN
