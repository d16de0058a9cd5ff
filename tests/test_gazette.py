"""The example submissions under examples/gazette, judged: each rule of the gazette with every verdict that it can give."""

from __future__ import annotations

from collections import Counter

import pytest

from rulecheck import facts
from support_gazette import (
    ADVERSE,
    GAZETTE,
    Duty,
    Row,
    allowed,
    covered,
    judged,
    occurring,
    promised,
    section,
    section_names,
    shipped,
)

UNSETTLED: dict[Duty, frozenset[str]] = {("after_school_service_ends", None): frozenset({"met", "departs"})}
"""Verdicts that cannot be given, because a parameter that another authority sets is not settled (the end of office hours)."""


def _rows() -> list[object]:
    return [
        pytest.param(name, row, id="/".join([name, *(part or "-" for part in row.key)]))
        for name in section_names()
        for row in section(name).rows
    ]


@pytest.mark.parametrize(("name", "row"), _rows())
def test_verdict_worked_out_by_hand(name: str, row: Row) -> None:
    judgement = judged(name).judgements[row.key]
    assert str(judgement.verdict) == row.verdict
    assert not row.possible or {str(each) for each in judgement.possible} == row.possible


@pytest.mark.parametrize("name", section_names())
def test_no_file_of_a_section_is_refused(name: str) -> None:
    assert judged(name).report.refused == ()


@pytest.mark.parametrize("name", section_names())
def test_every_verdict_of_the_rules_own_examples_occurs(name: str) -> None:
    stated = {duty: verdicts for rule in covered(name) for duty, verdicts in promised(rule).items()}
    lacking = {duty: sorted(verdicts - occurring(name).get(duty, frozenset())) for duty, verdicts in stated.items()}
    assert {duty: verdicts for duty, verdicts in lacking.items() if verdicts} == {}


@pytest.mark.parametrize("name", section_names())
def test_every_verdict_that_the_form_of_a_duty_allows_occurs(name: str) -> None:
    possible = {duty: verdicts for rule in covered(name) for duty, verdicts in allowed(rule).items()}
    lacking = {duty: verdicts - occurring(name).get(duty, frozenset()) for duty, verdicts in possible.items()}
    assert {duty: verdicts for duty, verdicts in lacking.items() if verdicts} == {
        duty: verdicts for duty, verdicts in UNSETTLED.items() if duty in possible
    }


@pytest.mark.parametrize("name", section_names())
def test_table_has_every_adverse_verdict_and_one_of_each_other(name: str) -> None:
    rules = {rule.id for rule in covered(name)}
    found = {key: str(each.verdict) for key, each in judged(name).judgements.items() if key[0] in rules}
    rows = section(name).rows
    keys = [row.key for row in rows]
    assert len(keys) == len(set(keys))
    assert sorted(map(str, {key for key, verdict in found.items() if verdict in ADVERSE} - set(keys))) == []
    assert sorted({(key[0], verdict) for key, verdict in found.items()} - {(row.key[0], row.verdict) for row in rows}) == []


def test_sections_cover_every_rule_of_every_document() -> None:
    inside = {rule.id for name in section_names() for rule in covered(name)}
    assert sorted({rule.id for rule in shipped().rules} - inside) == []


def test_sections_can_be_handed_in_together() -> None:
    """No number names two subjects; of members a number tells only within its parent."""
    found = Counter(
        (kind, each.id)
        for name in section_names()
        for kind, subjects in facts.read([GAZETTE / name], shipped()).subjects.items()
        for each in subjects
        if each.parent is None
    )
    assert [key for key, times in found.items() if times > 1] == []
