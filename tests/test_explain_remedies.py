"""What is missing, by how much it falls short, and the smallest honest change that would cure it."""

from __future__ import annotations

import pytest

from support_explain import judge, one, outlets, unit

EVERY = "要求：每一 网点 满足 （座位 不少于 10个）"


@pytest.mark.parametrize(
    ("clauses", "facts", "change"),
    [
        ("要求：残疾职工数 不少于 3人", "残疾职工数: 1人", ("disabled_staff", "1", "3", "人", "再安排残疾人2人就业")),
        ("要求：残疾职工数 超过 3人", "残疾职工数: 1人", ("disabled_staff", "1", "4", "人", "再安排残疾人3人就业")),
        ("要求：超编人数 不超过 3人", "超编人数: 5人", ("surplus", "5", "3", "人", "减少超编2人")),
        ("要求：窗口数=3个", "窗口数: 2个", ("counters", "2", "3", "个", "窗口调整为3个")),
        ("要求：窗口数 少于 3个", "窗口数: 3个", ("counters", "3", "2", "个", "窗口调整为2个")),
        ("要求：星级 不低于 二星", "星级: 一星", ("stars", "one_star", "two_star", "", "升为二星")),
        ("要求：星级 属于 （二星、三星）", "星级: 一星", ("stars", "one_star", "two_star", "", "升为二星")),
        ("要求：已公示", "已公示: 否", ("published", "no", "yes", "", "公示服务事项")),
        # by ratio the next whole person
        (
            "要求：残疾职工数÷职工总数 不低于 1.5%",
            "残疾职工数: 1人\n职工总数: 100人",
            ("disabled_staff", "1", "2", "人", "再安排残疾人1人就业"),
        ),
        # of two ways the cheaper
        (
            "要求：残疾职工数 不少于 5人 或 窗口数 不少于 3个",
            "残疾职工数: 0人\n窗口数: 2个",
            ("counters", "2", "3", "个", "窗口调整为3个"),
        ),
        (
            "禁止：残疾职工数 少于 1人",
            "残疾职工数: 0人",
            ("disabled_staff", "0", "1", "人", "再安排残疾人1人就业"),
        ),
    ],
)
def test_the_smallest_change(clauses: str, facts: str, change: tuple[str, str, str, str, str]) -> None:
    (found,) = one(clauses, unit(facts)).remedy
    assert (found.fact, found.from_value, found.to_value, found.unit, found.action.zh) == change
    assert found.subject == "甲局"


def test_changes_made_together() -> None:
    judgement = one("要求：残疾职工数 不少于 1人 且 窗口数 不少于 3个", unit("残疾职工数: 0人\n窗口数: 2个"))
    assert [(each.fact, each.to_value) for each in judgement.remedy] == [("disabled_staff", "1"), ("counters", "3")]
    assert judgement.remedy[0].action.en == "employ more disabled people: 1 person"


def test_members_are_cured_one_by_one_or_the_nearest_alone() -> None:
    submission = outlets("座位: 7个", "座位: 9个")
    every = one(EVERY, submission).remedy
    some = one(EVERY.replace("每一", "存在"), submission).remedy
    assert [(each.subject, each.from_value, each.to_value) for each in every] == [("1号", "7", "10"), ("2号", "9", "10")]
    assert [(each.subject, each.from_value, each.to_value) for each in some] == [("2号", "9", "10")]


def test_counts_and_totals_are_cured_by_members() -> None:
    counted = one("要求：计数（网点 其中 有坡道） 不少于 2", outlets("有坡道: 是", "有坡道: 否", "有坡道: 否"))
    totalled = one("要求：合计（网点的座位） 不少于 20个", outlets("座位: 9个", "座位: 8个"))
    assert [(each.subject, each.fact, each.to_value) for each in counted.remedy] == [("2号", "has_ramp", "yes")]
    assert [(each.fact, each.from_value, each.to_value) for each in totalled.remedy] == [("seats", "9", "12")]


@pytest.mark.parametrize(
    ("clauses", "submission", "why"),
    [
        ("要求：编制 不少于 3人", unit("编制: 1人"), "posts are not changeable"),
        ("要求：窗口数 不少于 21个", unit("窗口数: 1个"), "the range ends at 20"),
        ("要求：超编人数 不少于 3人", unit("超编人数: 1人"), "it may only fall"),
        ("要求：残疾职工数 不少于 3人 且 编制 不少于 3人", unit("残疾职工数: 1人\n编制: 1人"), "half a cure is none"),
        (EVERY, outlets("座位: 9个", partial=True), "the rest of the roster is not known"),
        (EVERY, outlets("座位: 9个", "有坡道: 是"), "one member's figure is not known"),
        ("要求：成立日 不晚于 2023年6月30日", unit("成立日: 2023-07-01"), "dates are past"),
    ],
)
def test_where_there_is_no_honest_change_there_is_none(clauses: str, submission: str, why: str) -> None:
    judgement = one(clauses, submission)
    assert judgement.verdict == "violated"
    assert judgement.remedy == (), why


def test_a_period_that_is_over_is_not_changed_and_one_that_runs_is_not_due() -> None:
    clauses = "周期：每年\n要求：新增岗位 不少于 100个"
    past, running = judge(clauses, unit("新增岗位: {2023年: 90个, 2024年: 90个}"))
    assert (past.period, past.remedy) == ("2023", ())
    assert (running.period, running.verdict, running.remedy) == ("2024", "not_due", ())


# --- margins ---


@pytest.mark.parametrize(
    ("clauses", "facts", "margin"),
    [
        ("要求：残疾职工数 不少于 3人", "残疾职工数: 2人", ("-1", "人")),
        ("要求：残疾职工数 不少于 3人", "残疾职工数: 3人", ("0", "人")),
        ("要求：残疾职工数 不少于 3人", "残疾职工数: 4人", ("1", "人")),
        ("要求：超编人数 不超过 3人", "超编人数: 1人", ("2", "人")),
        ("要求：满意率 不低于 90%", "满意率: 89.5%", ("-0.5", "个百分点")),
        ("要求：面积 不少于 100.5平方米", "面积: 100平方米", ("-0.5", "平方米")),
        ("要求：开门时刻 不晚于 8:30", '开门时刻: "8:45"', ("-15", "分钟")),
        ("要求：成立日 早于 2023年7月1日", "成立日: 2023-07-03", ("-2", "天")),
        ("要求：并非 （残疾职工数 少于 3人）", "残疾职工数: 2人", ("-1", "人")),
        # several in one unit: the tightest; in several units: the one that failed
        ("要求：残疾职工数 不少于 3人 且 职工总数 不少于 30人", "残疾职工数: 2人\n职工总数: 20人", ("-10", "人")),
        ("要求：残疾职工数 不少于 3人 且 窗口数 不少于 2个", "残疾职工数: 5人\n窗口数: 1个", ("-1", "个")),
        ("要求：残疾职工数 不少于 3人 且 窗口数 不少于 2个", "残疾职工数: 5人\n窗口数: 5个", None),
        # nothing to measure
        ("要求：窗口数=3个", "窗口数: 2个", None),
        ("要求：已公示", "已公示: 否", None),
        ("要求：残疾职工数 不少于 1人 或 已公示", "残疾职工数: 0人\n已公示: 否", None),
        ("要求：残疾职工数 不少于 1人", "编制: 0人", None),
    ],
)
def test_the_margin_is_room_or_what_is_short(clauses: str, facts: str, margin: tuple[str, str] | None) -> None:
    found = one(clauses, unit(facts)).margin
    assert (None if found is None else (found.value, found.unit)) == margin


# --- what is missing ---


@pytest.mark.parametrize(
    ("clauses", "submission", "missing"),
    [
        ("要求：残疾职工数 不少于 1人", unit("编制: 1人"), [("disabled_staff", "甲局", None)]),
        # either alone would not settle it, one of the two does
        ("适用情形：编制 不少于 50人\n要求：残疾职工数 不少于 1人", unit("残疾职工数: 0人"), [("posts", "甲局", None)]),
        (
            "适用情形：编制 不少于 50人\n要求：残疾职工数 不少于 1人",
            unit("已公示: 是"),
            [("disabled_staff", "甲局", None), ("posts", "甲局", None)],
        ),
        (EVERY, outlets("座位: 10个", "有坡道: 是"), [("seats", "2号", None)]),
        (EVERY, outlets("座位: 10个", partial=True), [("outlet", "甲局", None)]),
        (EVERY, unit("编制: 1人"), [("outlet", "甲局", None)]),
        (
            "要求：合计（新增岗位，2023年至2024年） 不少于 100个",
            unit("新增岗位: {2023年: 90个}"),
            [("new_posts", "甲局", "2024")],
        ),
        # settled early: what is missing cannot matter any more
        ("要求：合计（新增岗位，2023年至2024年） 不少于 100个", unit("新增岗位: {2023年: 100个}"), []),
    ],
)
def test_the_fewest_facts_are_asked_for(clauses: str, submission: str, missing: list[tuple[str, str, str | None]]) -> None:
    found = one(clauses, submission).missing
    assert [(each.fact, each.subject, each.period) for each in found] == missing
    assert {each.awaiting for each in found} <= {"submitter"}


def test_what_is_not_due_says_what_is_missing_too() -> None:
    judgement = one("要求：残疾职工数 不少于 1人\n完成时限：2024年底", unit("编制: 1人"))
    assert judgement.verdict == "not_due"
    assert [each.fact for each in judgement.missing] == ["disabled_staff"]


def test_what_cannot_be_violated_asks_nothing_of_anybody() -> None:
    judgement = one("鼓励：残疾职工数 不少于 1人", unit("编制: 1人"))
    assert (judgement.verdict, judgement.possible, judgement.missing) == ("undetermined", ("met", "falls_short"), ())


def test_a_year_without_a_holiday_notice_is_the_authority_s_move() -> None:
    submission = "申请:\n  - {编号: S1, 地区: 东川县, 受理日: 2090-03-01, 办结日: 2090-03-09}\n"
    clauses = "施行：2023年1月1日 起\n考核期：2023年1月1日 起\n要求：办结日\n完成时限：受理日+5个工作日"
    judgement = one(clauses, submission, kind="申请", as_of="2090-06-30")
    assert [(each.fact, each.name.zh, each.awaiting) for each in judgement.missing] == [
        ("calendar_2090", "2090年节假日安排", "authority")
    ]


@pytest.mark.parametrize(
    ("demand", "to"),
    # 106 is the first whole figure that is 5.5% more than 100
    [("增幅（新增岗位） 不低于 10%", "110"), ("增幅（新增岗位） 不低于 5.5%", "106"), ("增加（新增岗位） 超过 5个", "106")],
)
def test_a_change_is_cured_by_the_figure_of_the_period_never_by_the_one_before(demand: str, to: str) -> None:
    clauses = f"周期：每年\n要求：{demand}\n完成时限：每年3月31日"
    (found,) = judge(clauses, unit("新增岗位: {2023年: 100个, 2024年: 105个}"))[1].remedy
    assert (found.fact, found.from_value, found.to_value) == ("new_posts", "105", to)


def test_a_change_of_a_period_that_is_over_cannot_be_cured() -> None:
    clauses = "周期：每年\n要求：增幅（新增岗位） 不低于 10%"
    found = judge(clauses, unit("新增岗位: {2023年: 100个, 2024年: 105个}"), as_of="2025-01-01")
    assert [(each.verdict, each.remedy) for each in found[1:2]] == [("violated", ())]
