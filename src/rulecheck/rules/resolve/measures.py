"""What a term measures: dimensions of numbers, which types can be compared, and in what unit a result is shown."""

from __future__ import annotations

from functools import cache
from typing import Literal

from rulecheck.data import read_table
from rulecheck.language.diagnostics import Diagnostic, Label, error
from rulecheck.measures.units import divide, multiply
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.resolve.vocabulary import VocabularyReader

POINT = "个百分点"
COUNT = model.NumberType(None)

Counted = Literal["counted"]
"""The dimension of a count of members: it agrees with every unit of counting (人, 所, 场 …)."""

Dimension = tuple[tuple[str, int], ...] | Counted


def dimension(term: model.Term) -> Dimension:
    """What a number measures; counts of members agree with any unit of counting."""
    if isinstance(term, model.Count | model.Distinct | model.HowMany):
        return "counted"
    if isinstance(term, model.Product):
        return combine(dimension(term.left), dimension(term.right), multiply)
    if isinstance(term, model.Quotient):
        return combine(dimension(term.left), dimension(term.right), divide)
    if isinstance(term, model.Sum) and isinstance(term.left.type, model.NumberType):
        return dimension(term.left)
    assert isinstance(term.type, model.NumberType)
    if term.type.unit is None or term.type.unit.text == POINT:
        return ()
    return term.type.unit.dimension


def combine(left: Dimension, right: Dimension, how: object) -> Dimension:
    if left != "counted" and right != "counted":
        return multiply(left, right) if how is multiply else divide(left, right)
    if how is divide:
        if left != () and right != () and is_counting(left) and is_counting(right):
            return ()  # a count over a count is a share
        return "counted" if right == () else divide(plain(left), plain(right))
    return "counted" if is_counting(left) and is_counting(right) else multiply(plain(left), plain(right))


def plain(of: Dimension) -> tuple[tuple[str, int], ...]:
    """A dimension with a count taken as a bare number, as it is beside money, time or length."""
    return () if of == "counted" else of


@cache
def measured() -> frozenset[str]:
    """Base dimensions that are measured and not counted: money, time, length …"""
    return frozenset(read_table("dsl", "counting.toml")["measured"])


def is_counting(of: Dimension) -> bool:
    """Whether a number of this dimension counts things: a count, a bare number, or one unit that is not measured."""
    return of in ("counted", ()) or (len(of) == 1 and of[0][1] == 1 and of[0][0] not in measured())


def agree(left: Dimension, right: Dimension) -> bool:
    if left == "counted" or right == "counted":
        return is_counting(left) and is_counting(right)
    return left == right


def is_discrete(left: model.Type, right: model.Type) -> bool:
    return type(left) is type(right) and isinstance(left, model.CategoryType | model.YesNoType | model.WeekdayType)


def comparable(left: model.Term, right: model.Term, relation: model.Relation) -> bool:
    one, other = left.type, right.type
    if isinstance(one, model.NumberType) and isinstance(other, model.NumberType):
        return agree(dimension(left), dimension(right))
    if isinstance(one, model.CategoryType) and isinstance(other, model.CategoryType):
        return one.members == other.members and (one.is_ranked or relation in ("equal", "unequal"))
    if isinstance(one, model.DateType | model.TimeType):
        return type(one) is type(other)
    if isinstance(one, model.ReferenceType) and isinstance(other, model.ReferenceType) and one.kind != other.kind:
        return False  # ids of two kinds of subject say nothing of each other
    return type(one) is type(other) and relation in ("equal", "unequal")


def product_type(left: model.Term, right: model.Term, unit: Dimension) -> model.Type:
    """A share of a quantity is shown in the quantity's unit."""
    for one, other in ((left, right), (right, left)):
        if dimension(one) == () and isinstance(other.type, model.NumberType):
            return other.type
    return COUNT if unit == "counted" else model.NumberType(None)


def quotient_type(vocabulary: VocabularyReader, left: model.Term, right: model.Term, unit: Dimension) -> model.Type:
    if unit == ():
        return model.NumberType(vocabulary.units.find("%"))
    if unit == "counted" or not isinstance(left.type, model.NumberType) or not isinstance(right.type, model.NumberType):
        return COUNT
    one, other = left.type.unit, right.type.unit
    if other is None:
        return left.type
    return model.NumberType(vocabulary.units.find(f"{one.text}/{other.text}") if one else None)


TYPE_NAMES: dict[type, Bilingual] = {
    model.DateType: Bilingual("日期", "a date"),
    model.TimeType: Bilingual("时刻", "a time of day"),
    model.WeekdayType: Bilingual("星期几", "a weekday"),
    model.YesNoType: Bilingual("是否", "yes or no"),
    model.CategoryType: Bilingual("类别", "a category"),
    model.TextType: Bilingual("文本", "text"),
    model.ReferenceType: Bilingual("引用", "a reference"),
}


def describe_type(term: model.Term) -> Bilingual:
    """What a term is, in a few words for a label: its unit, or its type."""
    if not isinstance(term.type, model.NumberType):
        return TYPE_NAMES[type(term.type)]
    measured = dimension(term)
    if measured == "counted":
        return Bilingual("个数", "a count")
    unit = term.type.unit
    if measured == () and (unit is None or unit.text == "%"):
        return Bilingual("比例或纯数", "a share or bare number")
    if unit is not None:
        return Bilingual(unit.text, unit.english)
    shown = "·".join(name if power == 1 else f"{name}^{power}" for name, power in measured)
    return Bilingual(shown, shown)


def clash(vocabulary: VocabularyReader, left: model.Term, right: model.Term) -> Diagnostic:
    """Two sides that cannot be compared or added, each labelled with what it is, and facts that would fit."""
    sides = [Label(side.span, shown.zh, shown.en) for side in (left, right) for shown in [describe_type(side)]]
    bare = [side for side in (left, right) if isinstance(side, model.Literal_) and side.type == COUNT]
    if bare and isinstance(left.type, model.NumberType) and isinstance(right.type, model.NumberType):
        other = describe_type(right if bare[0] is left else left)
        return error("U212", bare[0].span, unit=other.zh, unit_en=other.en)
    fits = [
        fact.zh
        for fact in vocabulary.facts.values()
        if isinstance(right.type, model.NumberType)
        and isinstance(fact.type, model.NumberType)
        and agree(dimension(right), fact.type.unit.dimension if fact.type.unit else ())
    ]
    return error(
        "U211",
        *sides,
        left=describe_type(left).zh,
        right=describe_type(right).zh,
        left_en=describe_type(left).en,
        right_en=describe_type(right).en,
        fact="、".join(fits[:3]),
    )


def never_negative(term: model.Term) -> bool:
    """Whether a divisor can be multiplied across a comparison without turning it round: declared never below zero."""
    match term:
        case model.Literal_(value=value):
            return value > 0
        case model.FactTerm(fact=fact) | model.PeriodTotal(fact=fact):
            return fact.minimum is not None and fact.minimum >= 0
        case model.ParameterTerm(parameter=parameter):
            return parameter.minimum is not None and parameter.minimum >= 0
        case model.Total(term=inner):
            return never_negative(inner)
        case model.Count() | model.Distinct() | model.Share() | model.HowMany():
            return True
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            return never_negative(left) and never_negative(right)
        case model.Sum(left=left, right=right, is_difference=False):
            return never_negative(left) and never_negative(right)
        case _:
            return False
