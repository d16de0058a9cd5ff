"""`项数（…）`: how many of a list of conditions hold, with what is not known, what is missing and what would cure it."""

from __future__ import annotations

import pytest

from rulecheck.judgement import Verdict
from support_explain import everything, judge, node, one, unit
from support_resolve import requiring, told

LIST = "要求：项数（已公示、窗口数 不少于 3个、星级 不低于 二星） 不少于 2"
BOTH = [("published", "yes"), ("stars", "two_star")]
ADDED = "要求：项数（已公示、星级 不低于 二星）+窗口数 不少于 {}个"


@pytest.mark.parametrize(
    ("facts", "verdict", "missing"),
    [
        ("已公示: 是\n窗口数: 3个\n星级: 一星", Verdict.MET, []),
        ("已公示: 是\n窗口数: 2个\n星级: 一星", Verdict.VIOLATED, []),
        ("已公示: 否\n窗口数: 2个\n星级: 三星", Verdict.VIOLATED, []),
        # two are known: the third no longer matters, one way or the other
        ("已公示: 是\n窗口数: 3个", Verdict.MET, []),
        ("已公示: 否\n窗口数: 2个", Verdict.VIOLATED, []),
        ("已公示: 是\n窗口数: 2个", Verdict.UNDETERMINED, ["stars"]),
        ("已公示: 否", Verdict.UNDETERMINED, ["counters", "stars"]),
    ],
)
def test_what_is_not_known_counts_from_none_to_all(facts: str, verdict: Verdict, missing: list[str]) -> None:
    judgement = one(LIST, unit(facts))
    assert (judgement.verdict, [each.fact for each in judgement.missing]) == (verdict, missing)


@pytest.mark.parametrize(
    ("facts", "verdict", "missing"),
    [
        ("窗口数: 2个\n已公示: 是\n星级: 二星", Verdict.MET, []),
        ("窗口数: 2个\n已公示: 是\n星级: 一星", Verdict.VIOLATED, []),
        ("窗口数: 4个", Verdict.MET, []),
        ("窗口数: 1个", Verdict.VIOLATED, []),
        ("窗口数: 3个\n已公示: 否", Verdict.UNDETERMINED, ["stars"]),
        ("已公示: 否\n星级: 一星", Verdict.UNDETERMINED, ["counters"]),
    ],
)
def test_a_number_of_others_is_added(facts: str, verdict: Verdict, missing: list[str]) -> None:
    judgement = one(ADDED.format(4), unit(facts))
    assert (judgement.verdict, [each.fact for each in judgement.missing]) == (verdict, missing)


def test_what_was_left_out_of_a_condition_that_is_known_is_not_asked_for() -> None:
    # 已公示 settles the first condition, so that the posts are not wanted; only the counters are.
    clauses = "要求：项数（已公示 或 编制 不少于 50人、窗口数 不少于 3个） 不少于 2"
    (missing,) = one(clauses, unit("已公示: 是")).missing
    assert missing.fact == "counters"


@pytest.mark.parametrize(
    ("clauses", "facts", "changes"),
    [
        # 公示 costs one step; so does a star; the first of the list is taken
        (LIST, "已公示: 否\n窗口数: 3个\n星级: 一星", [("published", "yes")]),
        # one of three is missing and the counters are one short
        (LIST, "已公示: 是\n窗口数: 2个\n星级: 一星", [("counters", "3")]),
        ("要求：项数（已公示、星级 不低于 二星） 不少于 2", "已公示: 否\n星级: 一星", BOTH),
        # two more are wanted: one change of the figure is fewer than two of conditions
        (ADDED.format(4), "窗口数: 2个\n已公示: 否\n星级: 一星", [("counters", "4")]),
        # the counters end at 20: both conditions and one more counter make 22
        (ADDED.format(22), "窗口数: 19个\n已公示: 否\n星级: 一星", [*BOTH, ("counters", "20")]),
        # too many: what is published can only be published, the stars only rise
        ("要求：项数（已公示、星级 不低于 二星） 不超过 1", "已公示: 是\n星级: 二星", []),
        ("要求：项数（已公示、编制 不少于 50人） 不少于 2", "已公示: 否\n编制: 49人", []),
    ],
)
def test_the_fewest_changes(clauses: str, facts: str, changes: list[tuple[str, str]]) -> None:
    judgement = one(clauses, unit(facts))
    assert judgement.verdict is Verdict.VIOLATED
    assert [(each.fact, each.to_value) for each in judgement.remedy] == changes


def test_each_condition_is_told_with_whether_it_holds() -> None:
    judgement = one(LIST, unit("已公示: 是\n窗口数: 2个\n星级: 一星"))
    listed = node(judgement, "（已公示为是；窗口数 不少于 3个；星级 不低于 二星）中成立的项数：1个")
    assert [(each.text.zh, each.value) for each in listed.children] == [
        ("已公示为是（报：是）：成立", "yes"),
        ("窗口数 2个 不少于 3个：不成立", "no"),
        ("星级 一星 不低于 二星：不成立", "no"),
    ]
    assert judgement.margin is not None
    assert judgement.margin.value == "-1"
    assert "成立的项数1个" in judgement.reason.zh


def test_what_has_nothing_to_check_does_not_count() -> None:
    # no staff: the ratio cannot be reckoned, so it is not one of those that hold
    clauses = "要求：项数（已公示、残疾职工数÷职工总数 不低于 0%） 不少于 1"
    assert one(clauses, unit("已公示: 否\n残疾职工数: 0人\n职工总数: 0人")).verdict is Verdict.VIOLATED
    assert one(clauses, unit("已公示: 否\n残疾职工数: 0人\n职工总数: 1人")).verdict is Verdict.MET


def test_of_each_member() -> None:
    rows = "座位: 9个, 有坡道: 是, 网点类型: 固定", "座位: 9个, 有坡道: 否, 网点类型: 固定"
    lines = "".join(f"  - {{名称: {number}号, {row}}}\n" for number, row in enumerate(rows, 1))
    clauses = "要求：每一 网点 满足 （项数（座位 不少于 10个、有坡道、网点类型=固定） 不少于 2）"
    judgement = one(clauses, unit(f"网点:\n{lines}"))
    # of two ways that cost one step each the first
    assert [(each.fact, each.to_value) for each in judgement.remedy] == [("seats", "10")]


def test_a_sensitive_figure_is_not_told_by_the_number() -> None:
    clauses = "要求：项数（补助金额 不少于 77元、已公示） 不少于 2"
    (judgement,) = judge(clauses, unit("补助金额: 31元\n已公示: 是"))
    assert "31" not in everything(judgement).replace("2023-12-31", "").replace("12月31日", "").replace("12-31", "")
    assert "成立的项数（敏感信息，已隐去）" in judgement.reason.zh


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("项数（已备案） 不少于 1", ("R261", "项数（已备案）")),
        ("项数（已备案、编制 不少于 5人、已备案） 不少于 2", ("R262", "已备案", "已备案")),
        ("项数（已备案、已备案=是） 不少于 2", ("R262", "已备案=是", "已备案")),
        ("项数（编制、已备案） 不少于 1", ("R214", "编制")),
        ("项数（已备案、大单位） 不少于 2人+1元", ("U211", "2人", "1元")),
        ("项数（已备案、大单位） 不少于 2元", ("U211", "项数（已备案、大单位）", "2元")),
        ("项数（已备案、大单位）", ("R213", "项数（已备案、大单位）")),
    ],
)
def test_a_list_with_a_fault(expression: str, expected: tuple[str, ...]) -> None:
    assert told(requiring(expression)) == [expected]
