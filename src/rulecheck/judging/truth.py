"""Three-valued truth and the one table of verdicts (design §2): the only place where truths become a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import Final

from rulecheck.judgement import Verdict
from rulecheck.rules.model import Modality

Truth = int
"""NO, YES or UNKNOWN. Plain integers, so that a table look-up is all that *and*, *or* and a verdict cost."""

NO: Final = 0
YES: Final = 1
UNKNOWN: Final = 2

AND: Final = ((NO, NO, NO), (NO, YES, UNKNOWN), (NO, UNKNOWN, UNKNOWN))
OR: Final = ((NO, YES, UNKNOWN), (YES, YES, YES), (UNKNOWN, YES, UNKNOWN))
NOT: Final = (YES, NO, UNKNOWN)
IMPLIES: Final = tuple(tuple(OR[NOT[left]][right] for right in (NO, YES, UNKNOWN)) for left in (NO, YES, UNKNOWN))
"""IMPLIES[guard][truth]: what cannot be checked (guard NO) does not count against anybody."""

TRUTH_NAMES: Final = ("no", "yes", "unknown")

ON_FAILURE: Final[dict[Modality, Verdict]] = {
    "must": Verdict.VIOLATED,
    "must_not": Verdict.VIOLATED,
    "in_principle": Verdict.DEPARTS,
    "strive": Verdict.FALLS_SHORT,
    "encouraged": Verdict.FALLS_SHORT,
}
ADVERSE: Final = frozenset({Verdict.VIOLATED, Verdict.DEPARTS})

Truths = tuple[Truth, Truth, Truth, Truth, Truth]
"""In force and place, applies, excepted, requirement holds, due."""


def _known(in_force: Truth, applies: Truth, excepted: Truth, holds: Truth, due: Truth, *, failure: Verdict) -> Verdict:
    if in_force == NO or applies == NO or excepted == YES:
        return Verdict.NOT_APPLICABLE
    if holds == YES:
        return Verdict.MET
    return Verdict.NOT_DUE if due == NO else failure


def _completions(truth: Truth) -> tuple[Truth, ...]:
    return (NO, YES) if truth == UNKNOWN else (truth,)


def _possible(truths: Truths, failure: Verdict) -> frozenset[Verdict]:
    in_force, applies, excepted, holds, due = truths
    if (in_force, applies, excepted, holds, due) == (YES, YES, NO, UNKNOWN, NO):
        # One row more: nothing can be held against anybody before the date, whatever is still to be reported.
        return frozenset({Verdict.NOT_DUE})
    completions = product(*map(_completions, truths))
    return frozenset(_known(*each, failure=failure) for each in completions)


@cache
def possible_table(modality: Modality) -> dict[Truths, frozenset[Verdict]]:
    """For every combination of the five truths, the verdicts that are still possible: the image over all completions."""
    failure = ON_FAILURE[modality]
    every = (NO, YES, UNKNOWN)
    return {each: _possible(each, failure) for each in product(every, every, every, every, every)}


@cache
def verdict_table(modality: Modality) -> dict[Truths, Verdict]:
    """The verdict of every combination: the one that is possible, or undetermined where there are several."""
    return {each: single(found) for each, found in possible_table(modality).items()}


def single(possible: frozenset[Verdict]) -> Verdict:
    return next(iter(possible)) if len(possible) == 1 else Verdict.UNDETERMINED


ORDER: Final = tuple(Verdict)


def in_order(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(set(verdicts), key=ORDER.index))
