"""Verdicts alone: the quick way through a plan gives what the way with evidence gives."""

from __future__ import annotations

from generate_rules import make_world
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.truth import single


def test_the_verdicts_of_a_subject_are_those_of_its_rules_in_their_order() -> None:
    seen_open = 0
    for seed in range(40):
        world = make_world(seed)
        judge = Judge(lower(world.rules, world.as_of))
        for kind, subjects in world.subjects.items():
            for subject in subjects:
                found = list(judge.verdicts(subject))
                assert [each for each, _ in found] == list(judge.judges.get(kind, ()))
                for each, verdict in found:
                    assert verdict is single(each.possible(subject))
                    seen_open += each.plan.is_open
    assert seen_open


def test_an_open_question_is_decided_only_where_every_reading_agrees() -> None:
    agreed = differed = 0
    for seed in range(60):
        world = make_world(seed)
        judge = Judge(lower(world.rules, world.as_of))
        for kind, judges in judge.judges.items():
            for each in (one for one in judges if one.plan.is_open):
                for subject in world.subjects[kind]:
                    verdicts = {limb.verdict(subject) for limb in each.limbs}
                    if each.verdict(subject) != "undetermined":
                        assert verdicts == {each.verdict(subject)}
                        agreed += 1
                    else:
                        differed += 1
    assert agreed
    assert differed
