"""What is said of several things at once: how many of a list of conditions hold."""

from __future__ import annotations

from collections.abc import Mapping

from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.language.source import Span
from rulecheck.rules import model
from rulecheck.rules.resolve.measures import COUNT


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


def span_of_first(test: model.Test, tests: tuple[model.Test, ...]) -> Span:
    """Where the same condition stands first."""
    return tests[tests.index(test)].span
