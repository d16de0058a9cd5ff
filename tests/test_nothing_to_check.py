"""A part with nothing to check beside one that has: decision 8, in the evaluator and in the second reading of the meaning."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest

from reference import possible, verdict
from rulecheck import facts
from rulecheck.judgement import Verdict
from support_explain import one, rule, rule_set, unit

A = "残疾职工数÷职工总数 不低于 10%"
"""Without staff there is nothing to check."""
B = "窗口数 不少于 3个"
NOBODY, HALF = "残疾职工数: 0人\n职工总数: 0人\n", "残疾职工数: 5人\n职工总数: 10人\n"
OPEN = "残疾职工数: 0人\n"

MET, VIOLATED, NOT_APPLICABLE, UNDETERMINED = Verdict.MET, Verdict.VIOLATED, Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("requirement", "told", "expected"),
    [
        (f"{A} 或 {B}", NOBODY + "窗口数: 2个", VIOLATED),
        (f"{A} 或 {B}", NOBODY + "窗口数: 3个", MET),
        (f"{A} 或 {B}", NOBODY, UNDETERMINED),
        (f"{A} 或 {B}", HALF + "窗口数: 2个", MET),
        # no disabled person among an unknown number of staff: that A holds and that there is anybody are taken independently
        (f"{A} 或 {B}", OPEN + "窗口数: 2个", UNDETERMINED),
        (f"{A} 或 {B}", OPEN + "窗口数: 3个", MET),
        (f"{A} 且 {B}", NOBODY + "窗口数: 2个", VIOLATED),
        (f"{A} 且 {B}", NOBODY + "窗口数: 3个", MET),
        (f"{A} 或 {A}", NOBODY, NOT_APPLICABLE),
        (f"{A} 且 {A}", NOBODY, NOT_APPLICABLE),
        (f"{A} 或 每一 网点 满足 （有坡道）", NOBODY + "网点: 无", NOT_APPLICABLE),
        # each the negation of the other, however it is put
        (f"并非 （{A} 或 {B}）", NOBODY + "窗口数: 2个", MET),
        (f"（并非 （{A}）） 且 （并非 （{B}））", NOBODY + "窗口数: 2个", MET),
        (f"并非 （{A} 且 {B}）", NOBODY + "窗口数: 3个", VIOLATED),
        (f"（并非 （{A}）） 或 （并非 （{B}））", NOBODY + "窗口数: 3个", VIOLATED),
        # in a list of conditions it does not count as fulfilled
        (f"项数（{A}、{B}） 不少于 1", NOBODY + "窗口数: 2个", VIOLATED),
        (f"项数（{A}、{B}） 不少于 1", NOBODY + "窗口数: 3个", MET),
    ],
)
def test_it_neither_helps_nor_harms(requirement: str, told: str, expected: Verdict) -> None:
    clauses = f"要求：{requirement}"
    assert one(clauses, unit(told)).verdict is expected
    rules = rule_set(rule(clauses))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "报送.yaml"
        path.write_text(unit(told), encoding="utf-8")
        (subject,) = facts.read([path], rules, base=Path(name)).subjects["unit"]
    found = possible(rules, rules.rules[0], None, None, subject, date(2024, 6, 30).toordinal())
    assert verdict(found) is expected
