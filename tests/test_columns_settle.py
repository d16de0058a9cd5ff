"""Relations between facts over columns, as over single subjects: the same breaches, and the same verdicts after them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from generate_tables import make_tables, roots_of
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.settle import Settler
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.settle import settle
from support_frames import lay_out

WORLDS = 35
Told = tuple[str, str | None, str, str]
"""A breach: relation, period, kind and id of the subject."""


def compare(seed: int) -> tuple[int, int]:
    """Settles one world both ways and judges it; how many breaches there were, and how many facts they made untold."""
    world = make_tables(seed, untold=(0.0, 0.1), relations=3)
    roots = roots_of(world)
    laid = lay_out(roots, world.rules, Random(seed))
    settler = Settler(world.rules)
    found: Counter[Told] = Counter()
    for root in laid.roots.values():
        for breach in settler.settle(root):
            for row in breach.rows.tolist():
                subject = laid.rows[id(breach.frame)][row]
                found[breach.relation.id, breach.period, subject.kind.id, subject.id] += 1
    subjects = [each for of_kind in world.subjects.values() for each in of_kind]
    expected = Counter(
        (each.relation.id, each.period, each.subject.kind.id, each.subject.id) for each in settle(world.rules, subjects)
    )
    assert found == expected, f"make_tables({seed}, relations=3)"

    plan = lower(world.rules, world.as_of)
    rows, columns = Judge(plan), ColumnJudge(plan)
    for frame, of_frame in laid:
        codes = columns.verdicts(frame).codes
        for number, judge in enumerate(rows.judges.get(frame.kind.id, ())):
            verdicts = [CODES[each] for each in codes[number].tolist()]
            assert verdicts == [judge.verdict(each) for each in of_frame], (
                f"make_tables({seed}, relations=3): {judge.plan.rule.id}"
            )
    return expected.total(), sum(len(each.disputed) for each in subjects)


@pytest.mark.parametrize("part", range(2))
def test_columns_settle_as_rows_do(part: int) -> None:
    breaches = disputed = 0
    for seed in range(part * 1_000_000, part * 1_000_000 + WORLDS):
        found, facts = compare(seed)
        breaches, disputed = breaches + found, disputed + facts
    assert breaches > 300
    assert disputed > 300


@pytest.mark.slow
@pytest.mark.parametrize("part", range(100, 110))
def test_columns_settle_as_rows_do_on_many_more(part: int) -> None:
    for seed in range(part * 1_000_000, part * 1_000_000 + 200):
        compare(seed)
