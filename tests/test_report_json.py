"""The JSON report: the keys of the Contract in their order, exact bytes, nothing raw from hostile data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rulecheck.data import read_text
from rulecheck.judgement import Report, Verdict
from rulecheck.report import render
from support_everything import ASKED, DEPARTS, EVERYTHING, MET_BY_REASON, MET_IN_PART, VIOLATED, WAIVED
from support_golden import golden
from support_report import closed, judgement, report, subject

TOP = ("schema", "as_of", "receipt", "counts", "refused", "not_checked", "judgements")
JUDGEMENT = (
    *("id", "rule", "limb", "period", "title", "document", "locator", "quote", "subject", "bound", "as_of", "verdict"),
    *("modality", "partial", "reason", "missing", "possible", "margin", "remedy", "parameters", "reading", "by_reason"),
    *("waived", "responsible", "evidence"),
)


SCHEMA = json.loads(read_text("reports", "report.schema.json"))


def tree(of: Report) -> dict[str, Any]:
    return json.loads(render(of, "json", "zh"))


def test_everything_is_as_agreed() -> None:
    golden("report_one.json", render(report(VIOLATED), "json", "zh"))


def test_the_keys_of_the_contract_come_first_and_in_their_order() -> None:
    whole = tree(EVERYTHING)
    assert tuple(whole)[: len(TOP)] == TOP
    assert all(tuple(line)[: len(JUDGEMENT)] == JUDGEMENT for line in whole["judgements"])


def test_the_schema_is_itself_well_formed() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("sample", [EVERYTHING, report(), report(as_of=("2023-12-31", "2024-12-31"))])
def test_every_report_fits_the_schema(sample: Report) -> None:
    validator = Draft202012Validator(closed(SCHEMA))
    assert [error.message for error in validator.iter_errors(tree(sample))] == []


@pytest.mark.parametrize("key", ["verdict", "evidence", "waived"])
def test_a_judgement_without_one_of_its_keys_does_not_fit_the_schema(key: str) -> None:
    whole = tree(EVERYTHING)
    del whole["judgements"][0][key]
    assert not Draft202012Validator(SCHEMA).is_valid(whole)


def test_every_verdict_is_counted_also_those_that_did_not_occur() -> None:
    assert tree(report(VIOLATED, WAIVED))["counts"] == {
        "met": 0,
        "violated": 2,
        "departs": 0,
        "falls_short": 0,
        "not_due": 0,
        "not_applicable": 0,
        "undetermined": 0,
    }


def test_one_date_is_a_text_and_several_are_a_list_in_order() -> None:
    assert tree(report())["as_of"] == "2024-12-31"
    assert tree(report(as_of=("2024-12-31", "2023-06-30")))["as_of"] == ["2023-06-30", "2024-12-31"]


def test_what_is_not_there_is_null() -> None:
    plain = tree(report(judgement(Verdict.MET)))["judgements"][0]
    absent = ("limb", "period", "partial", "margin", "reading", "by_reason", "waived", "given_reason")
    assert {key: plain[key] for key in absent} == dict.fromkeys(absent)


def test_partial_coverage_says_what_was_left_out() -> None:
    assert tree(report(MET_IN_PART))["judgements"][0]["partial"] == {
        "zh": "是否按规定向社会公示未核查",
        "en": "whether it was made public was not checked",
    }


def test_records_of_the_authority_are_told() -> None:
    waived, accepted = tree(report(WAIVED, MET_BY_REASON))["judgements"]
    assert waived["waived"] == {"by": "市残联", "document": "黄残联函〔2024〕3号", "until": "2025-06-30"}
    assert accepted["by_reason"]["reason"] == "校车末班17:10发车"


def test_possible_verdicts_stand_in_one_order_whatever_the_order_found() -> None:
    assert tree(report(ASKED))["judgements"][0]["possible"] == ["met", "violated"]
    turned = replace(ASKED, possible=ASKED.possible[::-1])
    assert render(report(turned), "json", "zh") == render(report(ASKED), "json", "zh")


def test_language_and_verbosity_change_no_byte() -> None:
    plain = render(EVERYTHING, "json", "zh")
    assert render(EVERYTHING, "json", "en", verbose=True, color=True) == plain


def test_chinese_is_not_escaped_and_the_text_ends_in_one_newline() -> None:
    text = render(report(DEPARTS), "json", "zh")
    assert "原则上不早于当地正常下班时间" in text
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize(
    ("hostile", "written"),
    [
        ("\x1b[31m红", "\\u001b[31m红"),
        ("\x9b31m", "\\u009b31m"),
        ("‮倒", "\\u202e倒"),
        ("\u2028", "\\u2028"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\ud800", "\\ud800"),
        ("全\u3000角", "全\u3000角"),
        ("𠮷", "𠮷"),
    ],
)
def test_characters_that_could_steer_a_terminal_are_escapes_with_the_same_value(hostile: str, written: str) -> None:
    text = render(report(judgement(Verdict.MET, of=subject(hostile))), "json", "zh")
    assert f'"name": "{written}"' in text
    assert json.loads(text)["judgements"][0]["subject"]["name"] == hostile
    text.encode("utf-8")
