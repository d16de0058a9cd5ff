"""The checker against the second reading of the meaning (`reference`): random rules, random subjects, the same verdicts.

A failure prints the seed; `make_world(seed)` gives its rules and subjects again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from generate_rules import World, make_world
from reference import Period, judgements, possible, verdict
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge, RuleJudge
from rulecheck.judging.lower import lower
from rulecheck.rules import model
from rulecheck.submission import Subject

CASES = 40_000
PARTS = 8
SEEDS = 1_000_000
"""Seeds of a part lie this far from those of the next."""

Case = tuple[RuleJudge, Period | None, Subject]


def cases(world: World) -> Iterator[Case]:
    """Every judgement of every subject; that the two agree on which judgements there are is part of the test."""
    judges = Judge(lower(world.rules, world.as_of)).judges
    for kind, of_kind in judges.items():
        expected: dict[tuple[str, str | None, str | None], Period | None] = {
            (rule.id, tag, key): period
            for rule in world.rules.rules
            if rule.kind.id == kind
            for (tag, key), period in judgements(rule, world.as_of).items()
        }
        found = {(each.plan.rule.id, each.plan.tag, key_of(each)): each for each in of_kind}
        assert found.keys() == expected.keys()
        for name, judge in found.items():
            for subject in world.subjects[kind]:
                yield judge, expected[name], subject


def key_of(judge: RuleJudge) -> str | None:
    return judge.plan.period.key if judge.plan.period else None


def compare(seed: int) -> Counter[Verdict]:
    """Judges one world both ways; how often each verdict came out."""
    world = make_world(seed)
    verdicts: Counter[Verdict] = Counter()
    for judge, period, subject in cases(world):
        rule: model.Rule = judge.plan.rule
        expected = possible(world.rules, rule, judge.plan.tag, period, subject, world.as_of)
        found = judge.verdict(subject)
        where = f"make_world({seed}): {rule.id}, {judge.plan.tag}, {key_of(judge)}, {subject.id}, as of {world.as_of}"
        assert (found, judge.possible(subject)) == (verdict(expected), expected), where
        verdicts[found] += 1
    return verdicts


def compare_many(first_seed: int, count: int) -> Counter[Verdict]:
    verdicts: Counter[Verdict] = Counter()
    seed = first_seed
    while verdicts.total() < count:
        verdicts += compare(seed)
        seed += 1
    return verdicts


@pytest.mark.parametrize("part", range(PARTS))
def test_the_reference_gives_the_same_verdicts(part: int) -> None:
    verdicts = compare_many(part * SEEDS, CASES // PARTS)

    # The cases must reach every verdict, else their agreement says little.
    assert set(verdicts) == set(Verdict)
    assert verdicts[Verdict.UNDETERMINED] < verdicts.total() / 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(100, 120))
def test_the_reference_gives_the_same_verdicts_on_many_more(part: int) -> None:
    compare_many(part * SEEDS, 25_000)
