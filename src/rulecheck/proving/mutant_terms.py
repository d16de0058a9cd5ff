"""Small changes of one expression: what a slip of the pen, or a clause read carelessly, would make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal, get_args

from rulecheck.dataclass import dataclass, replace
from rulecheck.language import words
from rulecheck.measures.units import Unit, unit_table
from rulecheck.prose.phrases import both
from rulecheck.prose.values import period_text, quantity_text, value_text
from rulecheck.proving.rewriting import DROPPED, Node, Site
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Change:
    """An expression and what stands in its place (DROPPED: nothing). `before` and `after` are words for it; `witness`: a value
    that tells the two apart, as an example would bind it, where it is known."""

    code: str
    node: Node
    put: Node
    before: Bilingual
    after: Bilingual
    witness: Bilingual | None = None


NOTHING: Final = Bilingual("", "")


def changes(site: Site, role: str) -> Iterator[Change]:
    """Every change of an expression; `role` is the clause of the limb it stands in."""
    yield from _dropped(site, role)
    make = _MAKERS.get(type(site.node))
    if make is not None:
        yield from make(site, role)


def _written(node: Node) -> Bilingual:
    text = " ".join(node.span.text.split())
    return Bilingual(text, text)


def _dropped(site: Site, role: str) -> Iterator[Change]:
    """A part of 且 or 或, a whole clause of conditions or exceptions, or what members have to be to count."""
    is_whole = site.parent is None and (role == "excepted" or (role == "applies" and not isinstance(site.node, model.AllOf)))
    is_where = isinstance(site.parent, model.Collection) and not isinstance(site.node, model.AllOf)
    if is_whole or is_where or _is_part(site):
        code = "M104" if role == "excepted" and not is_where else "M103"
        yield Change(code, site.node, DROPPED, _written(site.node), NOTHING)


def _is_part(site: Site) -> bool:
    return site.is_one_of_several and isinstance(site.node, get_args(model.Test))


# --- operators ---

_OTHERS: Final[dict[model.Relation, tuple[model.Relation, ...]]] = {
    "at_least": ("more_than", "at_most"),
    "more_than": ("at_least", "less_than"),
    "at_most": ("less_than", "at_least"),
    "less_than": ("at_most", "more_than"),
    "equal": ("unequal",),
    "unequal": ("equal",),
}
_QUANTITY: Final = {
    "at_least": "at_least",
    "more_than": "exceeds",
    "at_most": "at_most",
    "less_than": "fewer_than",
    "equal": "eq",
    "unequal": "ne",
}
_DAY: Final = _QUANTITY | {
    "at_least": "no_earlier_than",
    "more_than": "later_than",
    "at_most": "no_later_than",
    "less_than": "earlier_than",
}
_RANK: Final = _QUANTITY | {
    "at_least": "no_lower_than",
    "more_than": "higher_than",
    "at_most": "no_higher_than",
    "less_than": "lower_than",
}
"""The word of the language for a relation, by what is compared."""


def _word(relation: model.Relation, type_: model.Type) -> str:
    if isinstance(type_, model.DateType | model.TimeType):
        return _DAY[relation]
    return (_RANK if isinstance(type_, model.CategoryType) else _QUANTITY)[relation]


def _spelled(word: str) -> Bilingual:
    return both(lambda language: words.spell("comparisons", word, language))


def _compare(site: Site, role: str) -> Iterator[Change]:
    node: model.Compare = site.node
    for relation in _OTHERS[node.relation]:
        word = _word(relation, node.left.type)
        put = replace(node, relation=relation, word=word)
        differs, witness = _differs(node, put)
        if differs:
            yield Change("M101", node, put, _spelled(node.word), _spelled(word), witness)


def _member(site: Site, role: str) -> Iterator[Change]:
    node: model.Member = site.node
    put = replace(node, negated=not node.negated)
    said = {False: _keyword("in"), True: _keyword("not_in")}
    if len(node.values) == 1:
        said = {False: _spelled("eq"), True: _spelled("ne")}
    yield Change("M101", node, put, said[node.negated], said[not node.negated])
    if len(node.values) > 1:
        for value in sorted(node.values, key=str):
            told = value_text(Fraction(value), node.term.type) if isinstance(value, int) else Bilingual(value, value)
            yield Change("M113", node, replace(node, values=node.values - {value}), told, NOTHING)


def _is_none(site: Site, role: str) -> Iterator[Change]:
    node: model.IsNone = site.node
    said = {False: _spelled("eq"), True: _spelled("ne")}
    yield Change("M101", node, replace(node, negated=not node.negated), said[node.negated], said[not node.negated])


def _not(site: Site, role: str) -> Iterator[Change]:
    if site.parent is not None or role != "requirement":
        yield Change("M114", site.node, site.node.part, _written(site.node), NOTHING)


def _quantified(site: Site, role: str) -> Iterator[Change]:
    node = site.node
    other = model.Some if isinstance(node, model.Every) else model.Every
    put = other(node.members, node.test, node.span)
    names = {model.Every: _keyword("every"), model.Some: _keyword("some")}
    yield Change("M111", node, put, names[type(node)], names[other])


def _keyword(name: str) -> Bilingual:
    return both(lambda language: words.spell("words", name, language))


# --- thresholds ---

Held = tuple[bool, int | None, int | None] | None
"""The whole steps with which a comparison of a fact with a constant holds: from, to; the first says that it is all others."""


def _held(compare: model.Compare) -> Held:
    left, right = compare.left, compare.right
    if not isinstance(left, model.FactTerm) or not isinstance(right, model.Literal_):
        return None
    low, high = _range(left.fact)
    value = right.value / _step_of_fact(left.fact)
    relation = compare.relation
    if relation in ("equal", "unequal"):
        return relation == "unequal", ceil(value), floor(value)
    if relation in ("at_least", "more_than"):
        bound = ceil(value) if relation == "at_least" else floor(value) + 1
        return False, bound if low is None else max(bound, low), high
    bound = floor(value) if relation == "at_most" else ceil(value) - 1
    return False, low, bound if high is None else min(bound, high)


def _range(fact: model.Fact) -> tuple[int | None, int | None]:
    if isinstance(fact.type, model.CategoryType):
        return 0, len(fact.type.members) - 1
    return fact.minimum, fact.maximum


def _step_of_fact(fact: model.Fact) -> Fraction:
    return fact.step if isinstance(fact.type, model.NumberType) else Fraction(1)


def _differs(before: model.Compare, after: model.Compare) -> tuple[bool, Bilingual | None]:
    """Whether two comparisons can come out otherwise at all, and a value with which they do."""
    one, other = _held(before), _held(after)
    if one is None or other is None:
        return True, None
    if one == other or (_is_empty(one) and _is_empty(other)):
        return False, None
    if one[0] or other[0]:
        return True, None
    assert isinstance(before.left, model.FactTerm)
    low, high = _range(before.left.fact)
    for value in (*_beside(one), *_beside(other)):
        inside = (low is None or value >= low) and (high is None or value <= high)
        if inside and _holds(one, value) != _holds(other, value):
            return True, _bound(before.left.fact, value)
    return True, None


def _is_empty(held: tuple[bool, int | None, int | None]) -> bool:
    return not held[0] and held[1] is not None and held[2] is not None and held[1] > held[2]


def _beside(held: tuple[bool, int | None, int | None]) -> Iterator[int]:
    for end in held[1:]:
        if end is not None:
            yield from (end, end - 1, end + 1)


def _holds(held: tuple[bool, int | None, int | None], value: int) -> bool:
    return (held[1] is None or value >= held[1]) and (held[2] is None or value <= held[2])


def _bound(fact: model.Fact, steps: int) -> Bilingual | None:
    try:
        value = value_text(steps * _step_of_fact(fact), fact.type)
    except (IndexError, ValueError, OverflowError):
        return None
    return Bilingual(f"{fact.zh}={value.zh}", f"{fact.id} = {value.en}")


def step_of(term: model.Term) -> Fraction | None:
    """The step of what a constant is compared with; None where it has none of its own."""
    match term:
        case model.FactTerm(fact=fact) | model.PeriodTotal(fact=fact):
            return _step_of_fact(fact)
        case model.Count() | model.Distinct() | model.HowMany():
            return Fraction(1)
        case model.Total(term=inner):
            return step_of(inner)
        case model.Sum(left=left, right=right) if isinstance(left.type, model.NumberType):
            steps = [step for step in (step_of(left), step_of(right)) if step is not None]
            return min(steps, default=None)
        case _:
            return None if isinstance(term.type, model.NumberType) else Fraction(1)


def _last_digit(literal: model.Literal_) -> Fraction:
    """One of the last place that a number was written to: 1 for 50, a tenth for 1.5, in its unit."""
    unit = literal.type.unit if isinstance(literal.type, model.NumberType) else None
    factor = unit.factor if unit is not None else Fraction(1)
    place = Fraction(1)
    while (literal.value / factor / place).denominator != 1 and place > Fraction(1, 10**6):
        place /= 10
    return place * factor


_LAST_MINUTE: Final = 1440


def _literal(site: Site, role: str) -> Iterator[Change]:
    node: model.Literal_ = site.node
    parent = site.parent
    if parent is None or isinstance(parent, model.DateShift | model.RolledDate):
        return
    step = None
    if isinstance(parent, model.Compare):
        step = step_of(parent.left if site.field == "right" else parent.right)
    for sign in (-1, 1):
        value = node.value + sign * (step or _last_digit(node))
        most = len(node.type.members) - 1 if isinstance(node.type, model.CategoryType) else _LAST_MINUTE
        if isinstance(node.type, model.CategoryType | model.TimeType) and not 0 <= value <= most:
            continue
        yield from _valued("M102", site, replace(node, value=value), _told(node), _told(replace(node, value=value)))
    yield from _units(site)


def _told(literal: model.Literal_) -> Bilingual:
    return value_text(literal.value, literal.type)


def _valued(code: str, site: Site, put: model.Literal_, before: Bilingual, after: Bilingual) -> Iterator[Change]:
    """Another constant in a place, unless no value could tell the two apart."""
    witness = None
    if isinstance(site.parent, model.Compare):
        other = replace(site.parent, left=put) if site.field == "left" else replace(site.parent, right=put)
        differs, witness = _differs(site.parent, other)
        if not differs:
            return
    yield Change(code, site.node, put, before, after, witness)


def _units(site: Site) -> Iterator[Change]:
    """The same number in the next smaller and the next larger unit of its kind: 小时 taken as 分钟, 万元 as 元."""
    node: model.Literal_ = site.node
    unit = node.type.unit if isinstance(node.type, model.NumberType) else None
    if unit is None or node.value == 0:
        return
    for other in _neighbours(unit):
        put = replace(node, value=node.value / unit.factor * other.factor)
        yield from _valued("M105", site, put, _told(node), quantity_text(put.value, other))


def _neighbours(unit: Unit) -> Iterator[Unit]:
    parts = unit.text.split("/")
    for position, part in enumerate(parts):
        known = unit_table().units.get(part)
        if known is None or not known.dimension:
            continue
        kin = [each for each in unit_table().units.values() if each.dimension == known.dimension]
        smaller = [each for each in kin if each.factor < known.factor]
        larger = [each for each in kin if each.factor > known.factor]
        for found in (max(smaller, key=_factor, default=None), min(larger, key=_factor, default=None)):
            other = unit_table().find("/".join([*parts[:position], found.text, *parts[position + 1 :]])) if found else None
            if other is not None and other.factor != unit.factor:
                yield other


def _factor(unit: Unit) -> Fraction:
    return unit.factor


# --- days and periods ---

_DAYS: Final = {
    "day": Bilingual("天", "days"),
    "workday": Bilingual("个工作日", "working days"),
    "month": Bilingual("个月", "months"),
}


def _shift(site: Site, role: str) -> Iterator[Change]:
    node: model.DateShift = site.node
    if node.unit in ("day", "workday"):
        put = replace(node, unit="workday" if node.unit == "day" else "day")
        yield Change("M106", node, put, _days(node), _days(put))
    for sign in (-1, 1):
        put = replace(node, amount=node.amount + sign)
        yield Change("M107", node, put, _days(node), _days(put))


def _days(node: model.DateShift) -> Bilingual:
    unit = _DAYS[node.unit]
    return Bilingual(f"{node.amount}{unit.zh}", f"{node.amount} {unit.en}")


def _rolled(site: Site, role: str) -> Iterator[Change]:
    yield Change("M112", site.node, site.node.term, _written(site.node), _written(site.node.term))


def _period_total(site: Site, role: str) -> Iterator[Change]:
    node: model.PeriodTotal = site.node
    for periods in (node.periods[1:], node.periods[:-1]) if len(node.periods) > 1 else ():
        yield Change("M109", node, replace(node, periods=periods), _span(node.periods), _span(periods))


def _span(keys: tuple[str, ...]) -> Bilingual:
    first, last = period_text(keys[0]), period_text(keys[-1])
    return first if len(keys) == 1 else Bilingual(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")


def _annual(site: Site, role: str) -> Iterator[Change]:
    """A day of every year that something is compared with; a due date is changed as such."""
    node: model.AnnualDay = site.node
    for amount in (-1, 1) if site.parent is not None else ():
        put = model.DateShift(node, amount, "day", node.type, node.span)
        day = node.month, node.day
        yield Change("M102", node, put, _every_year(day), _every_year(_beside_day(day, amount)))


def _in_season(site: Site, role: str) -> Iterator[Change]:
    """A window of the year: within it or not, and each end a day earlier and a day later."""
    node: model.InSeason = site.node
    said = {False: _keyword("in"), True: _keyword("not_in")}
    yield Change("M101", node, replace(node, negated=not node.negated), said[node.negated], said[not node.negated])
    for position, ends in enumerate(node.seasons):
        for end in (0, 1):
            for amount in (-1, 1):
                moved = tuple(_beside_day(day, amount) if at == end else day for at, day in enumerate(ends))
                seasons = (*node.seasons[:position], (moved[0], moved[1]), *node.seasons[position + 1 :])
                yield Change("M109", node, replace(node, seasons=seasons), _every_year(ends[end]), _every_year(moved[end]))


def _beside_day(day: tuple[int, int], amount: int) -> tuple[int, int]:
    moved = date(_COMMON_YEAR, *day if day != (2, 29) else (2, 28)) + timedelta(amount)
    return moved.month, moved.day


_COMMON_YEAR: Final = 2023


def _every_year(day: tuple[int, int]) -> Bilingual:
    return Bilingual(f"每年{day[0]}月{day[1]}日", f"every {day[0]:02d}-{day[1]:02d}")


_OTHER_WAY: Final[dict[str, tuple[Literal["growth", "fall"], Bilingual]]] = {
    "growth": ("fall", Bilingual("降幅", "fall")),
    "fall": ("growth", Bilingual("增幅", "growth")),
}


def _change(site: Site, role: str) -> Iterator[Change]:
    """Growth taken for a fall: the difference the other way round."""
    node: model.Change = site.node
    if node.way in _OTHER_WAY and isinstance(node.term, model.Quotient) and isinstance(node.term.left, model.Sum):
        way, after = _OTHER_WAY[node.way]
        turned = replace(node.term.left, left=node.term.left.right, right=node.term.left.left)
        put = replace(node, way=way, term=replace(node.term, left=turned))
        yield Change("M101", node, put, _OTHER_WAY[way][1], after)


_MAKERS: Final[dict[type, Callable[[Site, str], Iterator[Change]]]] = {
    model.Compare: _compare,
    model.Member: _member,
    model.IsNone: _is_none,
    model.Not: _not,
    model.Every: _quantified,
    model.Some: _quantified,
    model.Literal_: _literal,
    model.DateShift: _shift,
    model.RolledDate: _rolled,
    model.PeriodTotal: _period_total,
    model.AnnualDay: _annual,
    model.InSeason: _in_season,
    model.Change: _change,
}
