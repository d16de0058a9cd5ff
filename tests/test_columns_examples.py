"""Every example of every shipped rule through the columns: the verdict that the example states, and that of the rows.

Examples of one as-of date, reading and supposed parameters make one frame a kind, so that every rule of the group is judged on
the subjects of all its examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.dataclass import replace
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.proving.examples import Case, _is_outside, build, chosen, run_examples, with_parameters
from rulecheck.rules import model
from rulecheck.rules.load import load
from support_frames import lay_out

Key = tuple[int, str | None, tuple[tuple[str, model.Exactly], ...]]
"""As-of date, reading, supposed parameters."""


@dataclass
class Group:
    """Examples that one plan can judge, with the rules they are of."""

    rules: dict[str, model.Rule] = field(default_factory=dict)
    examples: list[tuple[model.Rule, model.RuleExample, Case]] = field(default_factory=list)


@cache
def shipped() -> model.RuleSet:
    rules, _ = load()
    assert rules is not None
    return rules


def read_as(rule: model.Rule, reading: str | None) -> model.Rule:
    """The rule with a reading of its name as the default."""
    named = [each for each in rule.readings if reading is not None and each.name is not None and reading in _names(each.name)]
    if not named:
        return rule
    others = [replace(each, is_default=False) for each in rule.readings if each is not named[0]]
    return replace(rule, readings=(replace(named[0], is_default=True), *others))


def _names(name: model.Bilingual) -> tuple[str, str]:
    return name.zh, name.en


def groups() -> Iterator[tuple[Key, Group]]:
    found: dict[Key, Group] = defaultdict(Group)
    for rule in shipped().rules:
        for example in rule.examples:
            case = build(shipped(), rule, example)
            assert not case.problems, example.span
            key = case.as_of, example.reading, tuple(sorted(case.parameters.items()))
            group = found[key]
            group.rules[rule.id] = with_parameters(read_as(rule, example.reading), case.parameters)
            group.examples.append((rule, example, case))
    return iter(found.items())


def verdict_of(rule: model.Rule, example: model.RuleExample, case: Case, by_judgement: dict[str, list[Any]]) -> Verdict | None:
    """The verdict of the judgement an example is about, chosen as the examples' own runner does."""
    found = chosen(SimpleNamespace(judges={rule.kind.id: by_judgement[rule.id]}), rule, example, case)  # type: ignore[arg-type]
    if not found and _is_outside(rule, example, case):
        return Verdict.NOT_APPLICABLE
    (one,) = found
    verdict: Verdict = one.verdicts[id(case.subject)]  # type: ignore[attr-defined]
    return Verdict.MET if case.reason_accepted and verdict is Verdict.DEPARTS else verdict


def test_every_example_of_every_shipped_rule() -> None:
    stated = {id(each.example): each.verdict for each in run_examples(shipped())}
    examples = judged = 0
    for (as_of, _, _), group in groups():
        rules = replace(shipped(), rules=tuple(group.rules.values()), relations=())
        plan = lower(rules, as_of)
        rows, columns = Judge(plan), ColumnJudge(plan)
        by_judgement: dict[str, list[Any]] = {}
        subjects = [case.subject for _, _, case in group.examples]
        laid = lay_out(subjects, rules, Random(as_of))
        for frame, of_frame in laid:
            found = columns.verdicts(frame)
            assert not found.by_row
            for number, judge in enumerate(rows.judges.get(frame.kind.id, ())):
                verdicts = [CODES[each] for each in found.codes[number].tolist()]
                assert verdicts == [judge.verdict(each) for each in of_frame], (judge.plan.rule.id, judge.plan.tag, as_of)
                judged += len(verdicts)
                if frame is not laid.roots[frame.kind.id]:
                    continue  # members of an example's subject, of which the example says no verdict
                of_subject = {id(each): verdict for each, verdict in zip(of_frame, verdicts, strict=True)}
                one = SimpleNamespace(plan=judge.plan, verdicts=of_subject)
                by_judgement.setdefault(judge.plan.rule.id, []).append(one)
        for rule, example, case in group.examples:
            verdict = verdict_of(rule, example, case, by_judgement)
            assert verdict == example.verdict == stated[id(example)], (rule.id, example.span.line, example.span.text)
            examples += 1
    assert examples == sum(len(rule.examples) for rule in shipped().rules) > 3_000
    assert judged > 5 * examples


@pytest.mark.parametrize("as_of", [date(2023, 6, 30), date(2025, 1, 2)])
def test_all_examples_of_a_kind_as_one_table(as_of: date) -> None:
    """Whatever an example was written for, its subject gets the same verdict of every rule of its kind."""
    rules = replace(shipped(), relations=())
    subjects = [case.subject for _, group in groups() for _, _, case in group.examples]
    plan = lower(rules, as_of.toordinal())
    rows, columns = Judge(plan), ColumnJudge(plan)
    random = Random(as_of.toordinal())
    judged = 0
    for frame, of_frame in lay_out(subjects, rules, random):
        found = columns.verdicts(frame)
        for number, judge in enumerate(rows.judges.get(frame.kind.id, ())):
            chosen_rows = random.sample(range(frame.count), min(60, frame.count))
            expected = [judge.verdict(of_frame[row]) for row in chosen_rows]
            assert [CODES[found.codes[number][row]] for row in chosen_rows] == expected, (judge.plan.rule.id, judge.plan.tag)
            judged += len(expected)
    assert judged > 10_000
