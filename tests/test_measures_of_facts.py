"""`统计口径`: what a figure measures, told wherever it is asked for, and what cannot be reckoned of it."""

from __future__ import annotations

import pytest

from rulecheck.language.diagnostics import Diagnostic
from rulecheck.prose.documents import fact_text
from rulecheck.rules import model
from rulecheck.templates.form import Question
from rulecheck.templates.notes import answer_lines
from support_resolve import accepted, rule, told

JOBS = """
事实：{name} / {english}
  所属对象：单位
  类型：{type}
  {clauses}
"""
NEW = JOBS.format(name="新设岗位", english="posts_opened", type="数量（个）", clauses="周期：每年\n  统计口径：当期新增")
STOCK = JOBS.format(name="在岗人数", english="at_work", type="数量（人）", clauses="周期：每年\n  统计口径：期末存量")
TOTAL = JOBS.format(name="累计培训", english="trained", type="数量（人）", clauses="周期：每年\n  统计口径：累计")


@pytest.mark.parametrize(
    ("text", "name", "measures"),
    [(NEW, "posts_opened", "new"), (STOCK, "at_work", "stock"), (TOTAL, "trained", "cumulative"), ("", "posts", None)],
)
def test_a_fact_says_what_it_measures(text: str, name: str, measures: str | None) -> None:
    assert accepted(text + rule("要求：已备案")).facts[name].measures == measures


@pytest.mark.parametrize(
    ("text", "name", "zh", "en", "asked"),
    [
        (NEW, "posts_opened", "（只计当期新增的）", "(only what is new in the period)", "只填当期新增的"),
        (STOCK, "at_work", "（期末实有数）", "(what there is at the end of the period)", "填期末实有数"),
        (TOTAL, "trained", "（从头累计数）", "(all added up from the beginning)", "填从头累计到期末的数"),
    ],
)
def test_it_is_told_to_the_lawyer_and_to_the_clerk(text: str, name: str, zh: str, en: str, asked: str) -> None:
    rules = accepted(text + rule("要求：已备案"))
    fact: model.Fact = rules.facts[name]
    said = fact_text(fact, rules)
    assert said.zh.endswith(zh)
    assert said.en.endswith(en)
    assert asked in answer_lines(Question(fact, 0, None), "zh")


def test_no_measure_is_told_of_a_fact_without_one() -> None:
    rules = accepted(rule("要求：已备案"))
    assert "口径" not in fact_text(rules.facts["posts"], rules).zh
    assert not [each for each in answer_lines(Question(rules.facts["posts"], 0, None), "zh") if "新增" in each or "累计" in each]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (JOBS.format(name="已挂牌", english="signed", type="是否", clauses="统计口径：累计"), ("R263", "统计口径：累计")),
        (JOBS.format(name="开张日", english="opened", type="日期", clauses="统计口径：期末存量"), ("R263", "统计口径：期末存量")),
        (NEW.replace("  周期：每年\n", ""), ("R264", "统计口径：当期新增")),
        (NEW + rule("周期：每年", "要求：增加（新设岗位） 不少于 5个"), ("R265", "新设岗位")),
        (STOCK + rule("要求：合计（在岗人数，2023年至2024年） 不少于 5人"), ("R266", "在岗人数")),
        (TOTAL + rule("要求：合计（累计培训，2023年至2024年） 不少于 5人"), ("R266", "累计培训")),
    ],
)
def test_what_a_measure_does_not_bear(text: str, expected: tuple[str, ...]) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        JOBS.format(name="建成数", english="built", type="数量（个）", clauses="统计口径：累计"),
        JOBS.format(name="新增占比", english="new_share", type="比例", clauses="周期：每月\n  统计口径：当期新增"),
        STOCK + rule("周期：每年", "要求：增加（在岗人数） 不少于 5人"),
        NEW + rule("周期：每年", "要求：增幅（新设岗位） 不低于 5%"),
        NEW + rule("要求：合计（新设岗位，2023年至2024年） 不少于 5个"),
    ],
)
def test_what_it_does(text: str) -> None:
    problems: list[Diagnostic | tuple[str, ...]] = [*told(text + rule("要求：已备案").replace("示范 / sample", "又一 / again"))]
    assert problems == []
