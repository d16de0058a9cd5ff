"""The rendered examples under `reports/examples/`: what the README's first command prints, and one judgement as JSON.

They are read by people before they are kept; `RULECHECK_GOLDEN=write` writes them anew after a change that was meant.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.judgement import Receipt, Report
from rulecheck.language.syntax import Language
from rulecheck.report import render
from rulecheck.rules.load import load
from support_golden import golden

PROJECT = Path(__file__).parent.parent
RENDERED = PROJECT / "reports" / "examples"
TODAY = date(2024, 2, 1).toordinal()


@pytest.fixture(scope="module")
def report() -> Report:
    rules, problems = load()
    assert rules is not None, problems
    examples = PROJECT / "examples"
    records = [examples / "huangshi-2023-records.yaml"]
    submission = facts.read([examples / "huangshi-2023"], rules, records=records)
    made = run(rules, submission, as_of=None, today=TODAY)
    # The hashes change with every word of a rule; what they are is tested elsewhere.
    return replace(made, receipt=Receipt(made.receipt.engine, "0" * 64, "0" * 64, "0" * 64))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_of_the_example_submissions(report: Report, language: Language) -> None:
    golden(f"huangshi-2023.{language}.txt", render(report, "text", language), RENDERED)


def test_one_judgement_as_json(report: Report) -> None:
    tree = json.loads(render(report, "json", "zh"))
    wanted = ("city_organ_employs_disabled", "violated")
    one = next(each for each in tree["judgements"] if (each["rule"], each["verdict"]) == wanted)
    golden("one-judgement.json", json.dumps(one, ensure_ascii=False, indent=2) + "\n", RENDERED)
