"""Growth, fall and increase against the period before: the figure of the period, the one before, and what is reckoned of them."""

from __future__ import annotations

from typing import Literal, cast

from rulecheck.dataclass import replace
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.rules import model
from rulecheck.rules.resolve.measures import POINT, dimension, never_negative
from rulecheck.rules.resolve.sets import measure_fits
from rulecheck.rules.resolve.vocabulary import VocabularyReader

Way = Literal["growth", "fall", "increase"]
CHANGES: tuple[Way, ...] = ("growth", "fall", "increase")


def change(
    vocabulary: VocabularyReader,
    expression: syntax.Call,
    fact: model.Term,
    every: model.Frequency | None,
    problems: list[Diagnostic],
) -> model.Change | None:
    """`（X-上期X）÷上期X`, `（上期X-X）÷上期X` or `X-上期X` of what the function names; None where that makes no sense, which is
    told."""
    span, way, where = expression.span, cast(Way, expression.function), expression.argument.span
    if not isinstance(fact, model.FactTerm) or fact.period != 0 or fact.fact.every != every:
        problems.append(error("R239", where))
        return None
    if not isinstance(fact.type, model.NumberType):
        problems.append(error("U208", where))
        return None
    if not measure_fits(way, fact.fact, where, problems):
        return None
    before = replace(fact, period=-1)
    if way != "increase" and not never_negative(before):
        problems.append(error("R211", where))
        return None
    difference = model.NumberType(vocabulary.units.find(POINT)) if dimension(fact) == () else fact.type
    if way == "increase":
        return model.Change(way, fact, model.Sum(fact, before, True, difference, span), difference, span)
    left, right = (before, fact) if way == "fall" else (fact, before)
    share = model.NumberType(vocabulary.units.find("%"))
    reckoned = model.Quotient(model.Sum(left, right, True, difference, span), before, share, span)
    return model.Change(way, fact, reckoned, share, span)
