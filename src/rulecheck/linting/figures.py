"""Figures: those that a quotation writes, with the boundary word beside each, and those that a rule holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.language import syntax
from rulecheck.language.source import Span
from rulecheck.measures.units import Dimension, Unit, unit_table
from rulecheck.rules import model
from rulecheck.rules.nodes import parts_of, walk
from rulecheck.rules.resolve.measures import is_counting

WORKDAYS: Final[Dimension] = (("个工作日", 1),)
DAYS: Final[Dimension] = (("天", 1),)
TIME: Final[Dimension] = (("时刻", 1),)
"""A time of day, as minutes."""
_MONTHS: Final[Dimension] = (("个月", 1),)
_SHIFTED: Final[Mapping[str, Dimension]] = {"day": DAYS, "workday": WORKDAYS, "month": _MONTHS}

# one character for one, so that places stay
_PLAIN: Final = str.maketrans("０１２３４５６７８９％（）：．＋", "0123456789%():.+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a quotation. `value`: in base units of `dimension` (None: its unit is not known). `bound`: the relation that
    the boundary word beside it (`word`) asks for."""

    text: str
    number: Fraction
    value: Fraction
    dimension: Dimension | None
    bound: model.Relation | None
    word: str
    is_chinese: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Held:
    """A number of a rule in base units, and (`number`) as written; `is_bare`: it has no unit."""

    value: Fraction
    number: Fraction
    dimension: Dimension
    is_bare: bool
    span: Span


def agree(figure: Figure, held: Held) -> bool:
    """The same number in the same unit, whichever it is told in."""
    if figure.dimension is None or held.is_bare:
        return held.value in (figure.number, figure.value)
    if figure.dimension == held.dimension or (_counts(figure.dimension) and _counts(held.dimension)):
        return figure.value == held.value
    # 万人…达到7个 is 7个/万人: the rate's own unit stands elsewhere in the sentence
    return any(exponent < 0 for _, exponent in held.dimension) and figure.number == held.number


def days_confused(figure: Figure, held: Held) -> bool:
    """As many days, but working days on one side only."""
    return {figure.dimension, held.dimension} == {WORKDAYS, DAYS} and figure.value == held.value


def _counts(of: Dimension) -> bool:
    return of != () and is_counting(of)


# --- of quotations ---


@cache
def words() -> Mapping[str, Any]:
    """`dsl/lint.toml`."""
    return read_table("dsl", "lint.toml")


@cache
def _bounds() -> tuple[Sequence[tuple[str, model.Relation]], Sequence[tuple[str, model.Relation]]]:
    """Boundary words before and behind a figure, the longest first, with the relation each asks for."""
    told = words()["boundaries"]
    relations = {word: row["means"] for word, row in read_table("dsl", "boundaries.toml")["words"].items() if "means" in row}
    relations |= dict.fromkeys(told["at_most"], "at_most")
    longest = sorted(relations.items(), key=lambda each: -len(each[0]))
    behind = [each for each in longest if each[0] in told["behind"]]
    return [each for each in longest if each[0] not in told["behind"]], behind


_DATE: Final = re.compile(
    r"(?P<first>\d{4})年?[-—–~至](?P<last>\d{4})年|(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:\d{1,2}日)?)?"
    r"|(?<!\d)(?:(?P<since>\d{1,2})[-—–~至])?(?P<only>\d{1,2})月(?:\d{1,2}日)?"
)
_CLOCK: Final = re.compile(r"(?<!\d)(\d{1,2})(?::(\d{2})|[时点](?!间|段|长|代)(?:(\d{1,2})分)?)(?!\d)")
_NUMBER: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?![\d.]*\d)")
_UP_TO: Final = re.compile(r"[-—–~至](?=\d)\d+(?:\.\d+)?")
"""The upper end of a range: 1-2个 asks for one."""
_NUMERAL: Final = re.compile("([一二两三四五六七八九十百]{1,4})(?=个工作日|个月|天|小时|日内|日以内|年内|年以内)")
_ANY_NUMERAL: Final = re.compile("[一二两三四五六七八九十百千]{1,5}")
_UNIT: Final = re.compile(r"[\u4e00-\u9fff%‰℃㎡A-Za-z/]{1,10}")
_MULTIPLES: Final = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100}
_ONES: Final = {character: value for value, character in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> int:
    """The number of a Chinese numeral, 两 included; 十五 is 15."""
    total, ones = 0, 0
    for character in text:
        if character in _TENS:
            total, ones = total + (ones or 1) * _TENS[character], 0
        else:
            ones = _ONES[character]
    return total + ones


def figures(quote: str, span: Span) -> list[Figure]:
    """The numbers of a line of quotation; years, months and days of a date are not among them, nor digits of names."""
    plain = quote.translate(_PLAIN)
    for pattern in (*words()["names"]["patterns"], _DATE.pattern):
        plain = re.sub(pattern, lambda found: "＿" * len(found.group()), plain)
    found = []
    for match in _CLOCK.finditer(plain):
        minutes = Fraction(int(match[1]) * 60 + int(match[2] or match[3] or 0))
        found.append(_figure(quote, plain, span, match.start(), match.end(), Fraction(int(match[1])), minutes, TIME))
    plain = _CLOCK.sub(lambda match: "＿" * len(match.group()), plain)
    for match in _NUMBER.finditer(plain):
        if plain[: match.start()].endswith(("-", "—", "–", "~", "至")) and plain[: match.start() - 1][-1:].isdigit():
            continue
        upper = _UP_TO.match(plain, match.end())
        end = upper.end() if upper else match.end()
        length, unit, factor = _unit(plain[end:])
        number = Fraction(match[1]) * factor
        value = number * (unit.factor if unit else 1)
        found.append(_figure(quote, plain, span, match.start(), end + length, number, value, unit.dimension if unit else None))
    for match in _NUMERAL.finditer(plain):
        number = Fraction(numeral(match[1]))
        length, unit, _ = _unit(plain[match.end() :])
        if unit is not None:
            end = match.end() + length
            made = _figure(quote, plain, span, match.start(), end, number, number * unit.factor, unit.dimension, True)
            found += [made] if made.bound else []
    return found


def _unit(rest: str) -> tuple[int, Unit | None, int]:
    """How many characters behind a number are its unit, the unit, and what a bare 万 multiplies by."""
    match = _UNIT.match(rest)
    for length in range(len(match.group()) if match else 0, 0, -1):
        unit = unit_table().find(rest[:length])
        if unit is not None:
            return length, unit, 1
    if rest[:1] in _MULTIPLES:
        length, unit, _ = _unit(rest[1:])
        return length + 1, unit, _MULTIPLES[rest[0]]
    return 0, None, 1


def _figure(
    quote: str, plain: str, span: Span, start: int, end: int, number: Fraction, value: Fraction,
    dimension: Dimension | None, is_chinese: bool = False,
) -> Figure:  # fmt: skip
    bound, word = _bound_beside(plain[:start], plain[end:])
    offset = span.start + span.text.index(quote) if quote in span.text else span.start
    place = Span(span.source, offset + start, offset + end) if quote in span.text else span
    return Figure(quote[start:end], number, value, dimension, bound, word, is_chinese, place)


def _bound_beside(before: str, behind: str) -> tuple[model.Relation | None, str]:
    ahead, after = _bounds()
    before = before.rstrip(" 了到为约“\"")
    for word, relation in ahead:
        if before.endswith(word):
            return relation, word
    for between in words()["boundaries"]["between"]:
        behind = behind.removeprefix(between)
    for word, relation in after:
        if behind.startswith(word):
            return relation, word
    return None, ""


def numerals(quote: str) -> set[Fraction]:
    """Every Chinese numeral of a quotation, read as generously as can be."""
    return {Fraction(numeral(found)) for found in _ANY_NUMERAL.findall(quote)} | ({Fraction(1, 2)} if "半" in quote else set())


def dates(quote: str) -> Iterator[tuple[str, set[int], set[int]]]:
    """The dates of a quotation as written, with the years and months they name."""
    for match in _DATE.finditer(quote.translate(_PLAIN)):
        years = {int(match[name]) for name in ("first", "last", "year") if match[name]}
        months = {int(match[name]) for name in ("month", "since", "only") if match[name]}
        yield match.group(), years, months


# --- of rules ---


def held(view_limbs: Sequence[model.Limb]) -> list[Held]:
    """Every number that limbs rest on: of conditions, exceptions, requirements, limits and parameters."""
    found: list[Held] = []
    for limb in view_limbs:
        for test in (limb.applies, limb.excepted, limb.requirement, limb.due):
            if test is not None:
                found += numbers_in(test)
    return found


def numbers_in(node: model.Test | model.Term) -> Iterator[Held]:
    """The numbers of a test or term, those inside members and of the parameters it names included."""
    yield from own_number(node)
    if isinstance(node, model.ParameterTerm):
        yield from _of_parameter(node)
    for part in parts_of(node):
        yield from numbers_in(part)


def own_number(node: model.Test | model.Term) -> Iterator[Held]:
    """The number that a node itself is."""
    if isinstance(node, model.Literal_):
        yield from _number(node.value, node.type, node.span)
    elif isinstance(node, model.DateShift):
        amount = Fraction(abs(node.amount))
        yield Held(amount, amount, _SHIFTED[node.unit], False, node.span)
    elif isinstance(node, model.WithinTop):
        yield Held(node.share, node.share, (), False, node.span)


def months_in(node: model.Test | model.Term) -> Iterator[tuple[int, Span]]:
    """The months that a test or term names for every year, those inside members included."""
    for each in walk(node):
        if isinstance(each, model.AnnualDay):
            yield each.month, each.span
        elif isinstance(each, model.InSeason):
            for season in each.seasons:
                yield from ((month, each.span) for month, _ in season)


def _number(value: Fraction, type_: model.Type, span: Span) -> Iterator[Held]:
    if isinstance(type_, model.NumberType):
        unit = type_.unit
        yield Held(value, value / unit.factor if unit else value, unit.dimension if unit else (), unit is None, span)
    elif isinstance(type_, model.TimeType):
        yield Held(value, value / 60, TIME, False, span)


def _of_parameter(node: model.ParameterTerm) -> Iterator[Held]:
    for row in node.parameter.values:
        match row.value:
            case model.Exactly(value=value):
                yield from _number(value, node.parameter.type, node.span)
            case model.Between(low=low, high=high):
                for end in (low, high):
                    if end is not None:
                        yield from _number(end, node.parameter.type, node.span)


def calendar_of(declaration: syntax.Declaration) -> tuple[set[int], set[int]]:
    """The years and months that the clauses of a rule name, its examples left out."""
    years: set[int] = set()
    months: set[int] = set()
    for clause in declaration.clauses:
        if clause.label not in ("example", "given"):
            _note_dates(clause.body, years, months)
    return years, months


def _note_dates(node: object, years: set[int], months: set[int]) -> None:
    if isinstance(node, tuple):
        for each in node:
            _note_dates(each, years, months)
    elif hasattr(type(node), "__match_args__") and type(node).__module__ == syntax.__name__:
        year, month = getattr(node, "year", None), getattr(node, "month", None)
        if isinstance(year, int):
            years.add(year)
        if isinstance(month, int):
            months.add(month)
        for name in node.__match_args__:  # type: ignore[attr-defined]
            _note_dates(getattr(node, name), years, months)
