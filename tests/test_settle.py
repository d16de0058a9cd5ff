"""Relations between facts over periods: which figures a breach takes back, worked out by hand."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.judgement import DataFault
from rulecheck.judging.settle import settle
from rulecheck.submission import UNTOLD
from support_explain import rule, rule_set, unit

YEARLY = "  周期：每年\n"
GROWTH = "定义：岗位增幅 / growth_of_posts\n  所属对象：单位\n  含义：增幅（新增岗位）\n"


def settled(holds: str, told: str, every: str = YEARLY, more: str = "") -> tuple[list[DataFault], dict[str, object]]:
    """What is said of a relation that is broken, and the posts by year with 编制 as they count afterwards."""
    text = f"\n关系：某关系 / some_relation\n  所属对象：单位\n{every}  须有：{holds}\n{more}"
    rules = rule_set(rule("要求：已公示") + text)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "报送.yaml"
        path.write_text(unit(told), encoding="utf-8")
        read = facts.read([path], rules, base=Path(name))
        faults = run(rules, read, as_of=738_000, today=0).faults
        read = facts.read([path], rules, base=Path(name))
    assert not read.refused
    (subject,) = read.subjects["unit"]
    settle(rules, [subject])
    kind = rules.kinds["unit"]
    by_year = subject.values[kind.slots["new_posts"]] or {}
    left = {key: value for key, value in by_year.items() if value is not UNTOLD}
    return list(faults), {**left, "编制": subject.values[kind.slots["posts"]]}


POSTS = "编制: 4人\n新增岗位: {2022年: 9个, 2023年: 3个, 2024年: 5个}"


@pytest.mark.parametrize(
    ("holds", "left"),
    [
        # 3 after 9: the two of them contradict each other, and 5 after 3 is fine
        ("新增岗位 不少于 上期（新增岗位）", {"2024": 5, "编制": 4}),
        ("增加（新增岗位） 不少于 0个", {"2024": 5, "编制": 4}),
        ("增幅（新增岗位） 不低于 0%", {"2024": 5, "编制": 4}),
        ("降幅（新增岗位） 不超过 50%", {"2024": 5, "编制": 4}),
        ("岗位增幅 不低于 0%", {"2024": 5, "编制": 4}),
        ("增加（新增岗位） 不超过 1个", {"2022": 9, "编制": 4}),
        # asked of the year before alone, it is asked in the year after the last that was told, too
        ("上期（新增岗位） 不少于 6个", {"2022": 9, "编制": 4}),
        # a figure without period beside one by year: taken back with it
        ("新增岗位÷1个×1人 不少于 编制", {"2022": 9, "2024": 5, "编制": UNTOLD}),
        # a year by its name beside the year that it is judged in: 9 is not below 3, nor below 5
        ("新增岗位@2022年 不超过 新增岗位", {"编制": 4}),
    ],
)
def test_the_figures_that_contradict_each_other_are_taken_back(holds: str, left: dict[str, object]) -> None:
    assert settled(holds, POSTS, more=GROWTH)[1] == left


@pytest.mark.parametrize(
    ("holds", "left"),
    [
        ("合计（新增岗位，2023年至2024年）÷1个×1人 不超过 编制", {"2022": 9, "编制": UNTOLD}),
        ("项数（新增岗位@2023年 不少于 5个、编制 不少于 9人） 不少于 1", {"2022": 9, "2024": 5, "编制": UNTOLD}),
    ],
)
def test_a_sum_of_years_and_a_list_of_conditions_name_their_figures(holds: str, left: dict[str, object]) -> None:
    assert settled(holds, POSTS, every="")[1] == left


def test_the_years_that_contradict_each_other_are_named() -> None:
    (fault,) = settled("新增岗位 不少于 上期（新增岗位）", POSTS)[0]
    assert "2023年新增岗位" in fault.text.zh.replace(" ", "")
    assert "2022年新增岗位" in fault.text.zh.replace(" ", "")
    assert [each.written for each in fault.origins] == ["3个", "9个"]


def test_growth_from_nothing_has_nothing_to_check() -> None:
    told = "新增岗位: {2022年: 0个, 2023年: 30个}"
    assert settled("增幅（新增岗位） 不超过 50%", told) == ([], {"2022": 0, "2023": 30, "编制": UNTOLD})


def test_a_text_beside_figures_by_year_is_no_period() -> None:
    told = "系统名称: xy\n新增岗位: {2023年: 3个, 2024年: 5个}"
    assert settled('系统名称="ab" 或 新增岗位 不超过 4个', told)[1] == {"2023": 3, "编制": UNTOLD}


@pytest.mark.parametrize(
    ("means", "clauses", "codes"),
    [
        ("增幅（新增岗位）", "周期：每年\n要求：某量 不低于 5%", []),
        ("新增岗位 不少于 上期（新增岗位）", "周期：每年\n要求：某量", []),
        ("当期末-成立日", "周期：每月\n要求：某量 不超过 30天", []),
        ("检修次数", "周期：每年\n要求：某量 不少于 1次", ["R205"]),
        ("增幅（新增岗位）", "要求：某量 不低于 5%", ["R205"]),
        # of two periods at once: in none of them does it make sense
        ("新增岗位+检修次数×1个", "要求：已公示", ["R205"]),
    ],
)
def test_a_definition_has_the_period_of_what_uses_it(means: str, clauses: str, codes: list[str]) -> None:
    text = rule(clauses) + f"\n定义：某量 / some_amount\n  所属对象：单位\n  含义：{means}\n"
    if not codes:
        rule_set(text)
        return
    with pytest.raises(AssertionError) as refused:
        rule_set(text)
    assert all(code in str(refused.value) for code in codes)
