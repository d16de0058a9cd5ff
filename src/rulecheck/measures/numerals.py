"""Values as people write them, read exactly: numbers with a unit, dates, times of day, periods, yes and no, and the
marks for what is untold or none.

Every reader takes one text and returns the value or a `Fault`, the message that says what is wrong with the text.
Nothing is guessed: a text that two people could take for different values is refused, with what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Literal

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, error, fault
from rulecheck.language.source import Span
from rulecheck.measures.days import last_of_month, last_of_year

MOST_DIGITS = 30
MOST_CHARACTERS = 100
"""Longer texts are no numbers, dates or times; they are not looked at further."""

FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, and the unit text behind it (empty without one). `60%` is 60 with the unit `%`."""

    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text was not read: a key of `dsl/messages/` and the text, cut where it is long."""

    code: str
    text: str

    def in_file(self, file: str, where: str = "") -> Diagnostic:
        """The fault at a place of a submission."""
        return fault(self.code, file, where, text=self.text)

    def at(self, span: Span) -> Diagnostic:
        """The fault in a text."""
        return error(self.code, span, text=self.text)


# Full-width ASCII, the ideographic and no-break spaces, the minus sign. Not NFKC, which reads ① as 1 and 10⁴ as 104.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}


def plain(text: str) -> str:
    """A text with full-width letters, digits and signs made half-width, and no spaces at its ends."""
    return text.translate(_WIDTHS).strip()


# --- numbers ---

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9](?:[0-9,]*[0-9])?)(?:\.(?P<decimals>[0-9]+))?(?P<rest>.*)", re.S)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_CHINESE_NUMERAL = re.compile(r"[+-]?[零〇一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟廿卅]")
_ROUGH_START = ("约", "大约", "近", "超", "不足", "不到", "至少", "不少于", ">", "<", "≥", "≤", "~", "about")
_NOT_A_UNIT = (
    # What stands behind a number and is no unit, and the fault that it is: the first that fits. `m2` is a unit.
    (re.compile(r"[eE][+-]?[0-9]"), "U812"),
    (re.compile(r"_"), "U813"),
    (re.compile(r"[.,]"), "U815"),
    (re.compile(r"[余多]|.*(?:余|左右|以上|以下|以内|上下|\+|~)$"), "U819"),
    (re.compile(r".*(?:(?<![A-Za-z])[0-9]|[A-Za-z][014-9]|[0-9][0-9])"), "U818"),
)


def read_number(text: str) -> Number | Fault:
    """A number, perhaps with a unit: `50`, `１,２００ 人`, `-0.5`, `60%`, `3.8批次/千人`.

    Refused: Chinese numerals, `1e3`, `1_000`, `012`, `1,20`, `½`, `①`, `10⁴`, digits of other scripts, `约50`,
    `50余人`, ranges and several numbers at once, more than 30 digits. The unit is not looked up here.
    """
    written = plain(text)
    match = _NUMBER.fullmatch(written) if len(written) <= MOST_CHARACTERS else None
    if match is None:
        return _no_number(written)
    whole, decimals, rest = match["whole"], match["decimals"] or "", match["rest"].strip()
    digits = whole.replace(",", "")
    code = next((code for pattern, code in _NOT_A_UNIT if pattern.match(rest)), "")
    if len(digits) + len(decimals) > MOST_DIGITS:
        code = "U817"
    elif "," in whole and not _GROUPED.fullmatch(whole):
        code = "U815"
    elif _is_odd_numeral(rest[:1]):
        code = "U816"
    elif not code and len(digits) > 1 and digits.startswith("0"):
        code = "U814"
    if code:
        return Fault(code, _short(written))
    value = Fraction(int(digits + decimals), 10 ** len(decimals))
    return Number(-value if match["sign"] == "-" else value, rest)


def _no_number(written: str) -> Fault:
    if len(written) > MOST_CHARACTERS:
        return Fault("U817", _short(written))
    if _CHINESE_NUMERAL.match(written):
        return Fault("U811", _short(written))
    if written.casefold().startswith(_ROUGH_START):
        return Fault("U819", _short(written))
    return Fault("U816" if any(map(_is_odd_numeral, written)) else "U810", _short(written))


def _is_odd_numeral(character: str) -> bool:
    """A digit of another script, a superscript, a fraction sign, a circled or Roman number; not the plain 0 to 9."""
    return bool(character) and not character.isascii() and unicodedata.category(character).startswith("N")


def _short(written: str) -> str:
    return written if len(written) <= 40 else written[:40] + "…"


# --- dates, times of day, periods ---

_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>[0-9]{4}) *年 *(?P<month>[0-9]{1,2}) *月 *(?P<day>[0-9]{1,2}) *[日号]",
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?:[ T]0?0:00(?::00)?)?",
        r"(?P<year>[0-9]{4}) *年 *(?P<month>[0-9]{1,2}) *月 *[底末]",
        r"(?P<year>[0-9]{4}) *年 *[底末]",
        r"(?i:end +of +)(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2}))?",
    )
)
_NO_DAY = re.compile(r"[0-9]{4} *年(?: *[0-9]{1,2} *月)?|[0-9]{4}(?:[-/.][0-9]{1,2})?")
_NO_YEAR = re.compile(r"[0-9]{1,2} *月 *[0-9]{1,2} *[日号]|[0-9]{1,2}([-/.][0-9]{1,2}){1,2}([0-9]{2})?|[0-9]{2}年.*")


def read_date(text: str) -> int | Fault:
    """A day, as an ordinal: `2023年1月19日`, `2023-01-19`, `2023/1/19`, `2023.1.19`; `2024年底` and `2023年6月底` are
    the last day of the year and of the month. A date with the time 0:00, as spreadsheets write it, is that date."""
    written = plain(text)
    for pattern in _DATES:
        match = pattern.fullmatch(written)
        if match is not None:
            parts = match.groupdict()
            return _day(written, int(parts["year"]), parts.get("month"), parts.get("day"))
    if _NO_DAY.fullmatch(written):
        return Fault("U833", written)
    if _NO_YEAR.fullmatch(written):
        return Fault("U834", written)
    return Fault("U830", _short(written))


def _day(written: str, year: int, month: str | None, day: str | None) -> int | Fault:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault("U832", written)
    if month is None:
        return last_of_year(year)
    if not 1 <= int(month) <= 12:
        return Fault("U831", written)
    if day is None:
        return last_of_month(year, int(month))
    if not 1 <= int(day) <= monthrange(year, int(month))[1]:
        return Fault("U831", written)
    return date(year, int(month), int(day)).toordinal()


_TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::00)?",
        r"(?P<hour>[0-9]{1,2}) *[时点] *(?P<minute>[0-9]{1,2}) *分",
        r"(?P<hour>[0-9]{1,2}) *[时点]整?",
    )
)
_HALF_DAYS = ("上午", "下午", "中午", "晚", "早", "凌晨", "am", "pm", "a.m.", "p.m.")


def read_time(text: str) -> int | Fault:
    """A time of day by the 24-hour clock, in minutes after midnight: `17:30`, `17时30分`, `17点`; 24:00 is 1440."""
    written = plain(text)
    match = next(filter(None, (pattern.fullmatch(written) for pattern in _TIMES)), None)
    if match is None:
        has_half = any(half in written.casefold() for half in _HALF_DAYS)
        return Fault("U837" if has_half else "U835", _short(written))
    hour, minute = int(match["hour"]), int(match.groupdict().get("minute") or 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        return Fault("U836", written)
    return hour * 60 + minute


_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>[0-9]{4}) *(?:年度?)?",
        r"(?P<year>[0-9]{4})(?: *年 *第? *(?P<zh>[1-4一二三四]) *季度| *-? *[qQ](?P<quarter>[1-4]))",
        r"(?P<year>[0-9]{4})(?: *年 *(?P<named>[0-9]{1,2}) *月份?|[-/.](?P<month>[0-9]{1,2}))",
    )
)


def read_period(text: str) -> str | Fault:
    """A year, quarter or month, as its key: `2023`, `2023-Q2`, `2023-06`. Written `2023年`, `2023年第二季度`,
    `2023年6月`, …"""
    written = plain(text)
    for pattern in _PERIODS:
        match = pattern.fullmatch(written)
        if match is None:
            continue
        if not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return Fault("U832", written)
        parts = match.groupdict()
        quarter, month = parts.get("zh") or parts.get("quarter"), parts.get("named") or parts.get("month")
        if quarter:
            return f"{match['year']}-Q{'0一二三四'.find(quarter) if quarter in '一二三四' else quarter}"
        if not month:
            return match["year"]
        return f"{match['year']}-{int(month):02d}" if 1 <= int(month) <= 12 else Fault("U831", written)
    return Fault("U839", _short(written))


# --- words ---


@cache
def _markers() -> Mapping[str, str]:
    """Each marker, plain and without case, with the list of `dsl/markers.toml` it stands in."""
    lists = read_table("dsl", "markers.toml")
    return {plain(marker).casefold(): name for name, markers in lists.items() for marker in markers}


def read_marker(text: str) -> Literal["untold", "none"] | None:
    """Whether a text says that nothing was told (blank, `/`, `—`, 未填) or that there is none (无); None: it is a
    value."""
    written = plain(text).casefold()
    if not written:
        return "untold"
    match _markers().get(written):
        case "untold":
            return "untold"
        case "none":
            return "none"
    return None


@cache
def starts_of_untold() -> frozenset[str]:
    """The characters that a text which says that nothing was told can begin with, in whatever width and case; empty for none."""
    plain_starts = {marker[0] for marker, name in _markers().items() if name == "untold"}
    wide = {chr(code) for code, narrow in _WIDTHS.items() if chr(narrow).casefold() in plain_starts}
    spaces = {chr(code) for code in range(0x3001) if chr(code).isspace()}
    return frozenset({"", *plain_starts, *map(str.upper, plain_starts), *wide, *spaces})


@cache
def ends_of_untold() -> frozenset[str]:
    """The ASCII characters that a text which says that nothing was told can end with; it can end with any other character too."""
    ends = {marker[-1] for marker, name in _markers().items() if name == "untold"}
    return frozenset(chr(code) for code in range(0x80) if chr(code).casefold() in ends or chr(code).isspace())


@cache
def longest_marker() -> int:
    """The characters of the longest text that stands in the place of a value."""
    return max(map(len, _markers()))


def untold_among(texts: Iterable[str]) -> list[str]:
    """Those of many texts that say that nothing was told, as `read_marker` finds them."""
    starts = starts_of_untold()
    return [text for text in texts if text[:1] in starts and read_marker(text) == "untold"]


def read_yes_no(text: str) -> bool | Fault:
    """是 or 否, yes or no, true or false; nothing else is taken for an answer."""
    match _markers().get(plain(text).casefold()):
        case "yes":
            return True
        case "no":
            return False
    return Fault("U838", _short(plain(text)))
