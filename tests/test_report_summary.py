"""Figures about a report, whose move it is, and the exit status."""

from __future__ import annotations

import pytest

from rulecheck.judgement import Judgement, Verdict
from rulecheck.report import exit_status, summary_by_bound, summary_by_document, tally
from rulecheck.report.moves import open_judgements, to_settle, to_submit
from support_everything import (
    ASKED,
    ASKED_TOO,
    DEPARTS,
    ENCOURAGED,
    EVERYTHING,
    HARMLESS,
    LATE,
    MET_BY_REASON,
    MET_IN_PART,
    NOT_APPLICABLE,
    NOT_DUE,
    REFUSED,
    SETTLE,
    STRIVEN,
    VIOLATED,
    WAIVED,
)
from support_report import judgement, missing, party, report, subject

NOTHING = frozenset[Verdict]()


@pytest.mark.parametrize(
    ("judgements", "status"),
    [
        ((), 4),
        ((ASKED,), 4),
        ((HARMLESS,), 4),
        ((ASKED, NOT_APPLICABLE), 0),
        ((NOT_DUE,), 0),
        ((MET_IN_PART,), 0),
        ((STRIVEN, ENCOURAGED), 0),
        ((DEPARTS,), 0),
        ((WAIVED,), 0),
        ((VIOLATED,), 1),
        ((WAIVED, VIOLATED), 1),
        ((VIOLATED, ASKED), 1),
    ],
)
def test_the_status_by_what_was_found(judgements: tuple[Judgement, ...], status: int) -> None:
    assert exit_status(report(*judgements), NOTHING) == status


@pytest.mark.parametrize("judgements", [(), (ASKED,), (MET_IN_PART,), (VIOLATED,)])
def test_a_refused_file_is_status_2_whatever_the_others_gave(judgements: tuple[Judgement, ...]) -> None:
    assert exit_status(report(*judgements, refused=(REFUSED,)), NOTHING) == 2


@pytest.mark.parametrize(
    ("found", "fail_on", "status"),
    [
        (DEPARTS, Verdict.DEPARTS, 1),
        (ASKED, Verdict.UNDETERMINED, 1),
        (ASKED, Verdict.DEPARTS, 4),
        (VIOLATED, Verdict.DEPARTS, 1),
        (WAIVED, Verdict.VIOLATED, 0),
        (MET_BY_REASON, Verdict.DEPARTS, 0),
    ],
)
def test_fail_on_widens_what_fails(found: Judgement, fail_on: Verdict, status: int) -> None:
    assert exit_status(report(found), frozenset({fail_on})) == status


def test_the_tally_counts_verdicts_and_what_is_particular_among_them() -> None:
    sums = tally(EVERYTHING.judgements)
    assert {verdict: count for verdict, count in sums.counts.items() if count} == {
        Verdict.VIOLATED: 3,
        Verdict.DEPARTS: 1,
        Verdict.UNDETERMINED: 4,
        Verdict.FALLS_SHORT: 2,
        Verdict.NOT_DUE: 1,
        Verdict.MET: 2,
        Verdict.NOT_APPLICABLE: 1,
    }
    assert (sums.waived, sums.partial, sums.accepted, sums.harmless, sums.encouraged) == (1, 1, 1, 1, 1)
    assert sums.total == 14


def test_by_bound_the_most_violations_come_first_and_one_who_is_bound_has_one_row() -> None:
    a, b, c = party("甲局"), party("乙局"), party("丙局")
    rows = summary_by_bound(
        report(
            judgement(Verdict.MET, bound=a),
            judgement(Verdict.UNDETERMINED, bound=b),
            judgement(Verdict.VIOLATED, bound=c),
            judgement(Verdict.VIOLATED, bound=b),
        )
    )
    assert [(row.bound.name, row.tally.total) for row in rows] == [("乙局", 2), ("丙局", 1), ("甲局", 1)]


def test_two_who_share_a_name_are_two_rows() -> None:
    same = [judgement(Verdict.MET, bound=party("中心小学", id)) for id in ("s-1", "s-2")]
    assert [row.bound.id for row in summary_by_bound(report(*same))] == ["s-1", "s-2"]


def test_by_document_the_older_comes_first() -> None:
    rows = summary_by_document(report(VIOLATED, LATE, WAIVED))
    assert [(row.document.number, row.tally.counts[Verdict.VIOLATED]) for row in rows] == [
        ("黄政办发〔2022〕58号", 1),
        ("黄政办发〔2022〕60号", 2),
    ]


def test_what_could_still_be_adverse_is_asked_for_and_the_rest_is_not() -> None:
    assert open_judgements(EVERYTHING) == (ASKED, ASKED_TOO, SETTLE)


def test_a_fact_that_two_rules_need_is_asked_for_once() -> None:
    (group,) = to_submit((ASKED, ASKED_TOO))
    assert group.bound.name == "磁湖区人民政府"
    (of,) = group.subjects
    assert of.name == "磁湖区残联"
    assert [(need.fact.fact, need.judgements) for need in of.needs] == [
        ("staff", (ASKED, ASKED_TOO)),
        ("disabled_staff", (ASKED,)),
    ]


def test_a_missing_fact_without_subject_is_the_judgements_own() -> None:
    waiting = judgement(
        Verdict.UNDETERMINED,
        of=subject("月湖小学"),
        missing=(missing("posts", "编制", "posts"),),
        possible=(Verdict.MET, Verdict.VIOLATED),
    )
    assert [of.name for group in to_submit((waiting,)) for of in group.subjects] == ["月湖小学"]


def test_the_authority_is_shown_first_that_on_which_most_depends() -> None:
    def waits(name: str, fact: str) -> Judgement:
        lacking = (missing(fact, fact, fact, "authority"),)
        return judgement(
            Verdict.UNDETERMINED, of=subject(name), missing=lacking, possible=(Verdict.MET, Verdict.VIOLATED)
        )

    needs = to_settle((waits("甲", "ratio"), waits("乙", "hours"), waits("丙", "hours")))
    assert [(need.fact.fact, len(need.judgements)) for need in needs] == [("hours", 2), ("ratio", 1)]


def test_what_the_submitter_lacks_is_not_asked_of_the_authority() -> None:
    assert to_settle((ASKED, ASKED_TOO)) == ()
    assert to_submit((SETTLE,)) == ()
