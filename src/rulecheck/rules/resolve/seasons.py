"""Stretches that come back every year: `每年9月1日至每年10月31日`, as what a day is asked to lie in."""

from __future__ import annotations

from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.rules import model


def is_season(choice: syntax.Expression | syntax.Range) -> bool:
    """Whether a choice of a membership is a day of every year, or a stretch between two of which one is such a day."""
    if isinstance(choice, syntax.Range):
        return isinstance(choice.low, syntax.Annual) or isinstance(choice.high, syntax.Annual)
    return isinstance(choice, syntax.Annual)


def in_season(day: model.Term, expression: syntax.Membership, problems: list[Diagnostic]) -> model.InSeason | None:
    """That a day lies in the stretches that are written; None where one of them makes no sense, which is told."""
    seasons: list[model.Season] = []
    for choice in expression.choices:
        first, last = (choice.low, choice.high) if isinstance(choice, syntax.Range) else (choice, choice)
        if not isinstance(first, syntax.Annual) or not isinstance(last, syntax.Annual):
            problems.append(error("U215", choice.span, text=choice.span.text))
            return None
        seasons.append(((first.month, first.day), (last.month, last.day)))
    return model.InSeason(day, tuple(seasons), expression.negated, expression.span)
