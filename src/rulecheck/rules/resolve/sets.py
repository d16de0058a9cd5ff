"""What is said of several things at once: how many of a list of conditions hold."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.language.source import Span
from rulecheck.rules import model
from rulecheck.rules.resolve.measures import COUNT
from rulecheck.rules.resolve.vocabulary import VocabularyReader


def how_many(tests: tuple[model.Test, ...], span: Span, problems: list[Diagnostic]) -> model.Term | None:
    """`项数（…）`: at least two conditions, none of them twice, which would count one thing for two."""
    if len(tests) < 2:
        problems.append(error("R261", span))
        return None
    for position, test in enumerate(tests):
        if test in tests[:position]:
            problems.append(error("R262", test.span, span_of_first(test, tests)))
            return None
    return model.HowMany(tests, COUNT, span)


FORBIDDEN: Mapping[str, tuple[model.Measure, ...]] = {
    "increase": ("new",),
    "period_total": ("stock", "cumulative"),
}
"""What a function cannot be taken of: an increase of what is an increase already, a sum of what was counted before."""


def measure_fits(function: str, fact: model.Fact, span: Span, problems: list[Diagnostic]) -> bool:
    """Whether a function of a figure over periods makes sense of what the figure measures."""
    if fact.measures not in FORBIDDEN.get(function, ()):
        return True
    problems.append(error("R265" if function == "increase" else "R266", span, name=fact.zh))
    return False


def within_top(
    vocabulary: VocabularyReader,
    expression: syntax.WithinTop,
    fact: model.FactTerm,
    kind: model.Kind,
    problems: list[Diagnostic],
) -> model.Test | None:
    """`居前（办件量，50%）` of a member: its own figure, never below zero, against those of all members of its parent."""
    unit = vocabulary.units.find(expression.share.unit) if expression.share.unit else None
    share = Fraction(expression.share.number) * (unit.factor if unit else 0)
    if kind.parent is None or fact.up:
        problems.append(error("R271", expression.span, kind=kind.zh))
    elif not isinstance(fact.type, model.NumberType) or fact.fact.minimum is None or fact.fact.minimum < 0:
        problems.append(error("R272", expression.fact.span, name=fact.fact.zh))
    elif unit is None or unit.dimension != () or not 0 < share <= 1:
        problems.append(error("R273", expression.share.span))
    else:
        siblings = model.Collection((kind,), 1, None, expression.span)
        return model.WithinTop(fact, share, siblings, expression.span)
    return None


def is_open(term: model.Term) -> bool:
    """Whether a term may be something that no list names: two such are not known to be the same."""
    return isinstance(term.type, model.CategoryType) and term.type.is_open


def span_of_first(test: model.Test, tests: tuple[model.Test, ...]) -> Span:
    """Where the same condition stands first."""
    return tests[tests.index(test)].span
