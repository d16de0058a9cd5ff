"""The evidence tree: the five truths, the figures with where they stand, the arithmetic, what decided."""

from __future__ import annotations

import pytest

from support_explain import claim, everything, judge, node, nodes, one, outlets, unit

EVENT = "要求：办结日\n完成时限：受理日+5个工作日"
EVERY = "要求：每一 网点 满足 （座位 不少于 10个）"


def test_the_five_truths_stand_in_order_and_what_decided_is_marked() -> None:
    clauses = "适用情形：编制 不少于 50人\n除外情形：单位类别 属于 （学校、公司）\n要求：已公示\n完成时限：2024年底"
    tree = one(clauses, unit("编制: 50人\n单位类别: 机关\n已公示: 否")).evidence
    assert [(each.text.zh, each.value, each.decided) for each in tree.children] == [
        ("时间与地区：考核期2023年1月1日至2025年12月31日，地区：东川县（规则适用于清河市）：成立", "yes", True),
        ("适用情形：成立", "yes", True),
        ("除外情形：不成立", "no", True),
        ("要求：不成立", "no", True),
        ("完成时限：2024年12月31日（截至2024年6月30日未到期）：不成立", "no", True),
    ]
    assert [each.text.en for each in tree.children] == [
        "time and place: owed 2023-01-01 to 2025-12-31, place: Dongchuan County (the rule binds in Qinghe City): holds",
        "applies when: holds",
        "except when: does not hold",
        "requirement: does not hold",
        "due 2024-12-31 (not yet past on 2024-06-30): does not hold",
    ]
    assert (tree.text.zh, tree.value) == ("测试规则", "not_due")


def test_without_conditions_and_limit_that_is_said() -> None:
    tree = one("要求：已公示", unit("已公示: 是")).evidence
    assert [(each.text.zh, each.decided) for each in tree.children][1:] == [
        ("适用情形：不设条件：成立", False),
        ("要求：成立", True),
        ("持续义务，不设完成时限：成立", False),
    ]


def test_only_what_ruled_it_out_decides() -> None:
    judgement = one("适用情形：编制 不少于 50人\n要求：已公示", unit("编制: 49人\n已公示: 否"))
    marks = {each.text.zh.split("：")[0]: each.decided for each in judgement.evidence.children}
    assert marks == {"时间与地区": False, "适用情形": True, "持续义务，不设完成时限": False}


def test_a_figure_has_its_value_unit_and_place_in_the_submission() -> None:
    judgement = one("要求：残疾职工数 不少于 安排比例×职工总数", unit("残疾职工数: 1人\n职工总数: 100人"))
    compared = node(judgement, "残疾职工数 1人 不少于")
    assert compared.text.zh == "残疾职工数 1人 不少于 安排比例×职工总数＝1.5%×100人＝1.5人：不成立"
    assert compared.text.en == (
        "disabled staff 1 person at least placement ratio × staff = 1.5% × 100 people = 1.5 people: does not hold"
    )
    assert [(each.text.zh, each.value, each.unit) for each in compared.children] == [
        ("残疾职工数：1人", "1", "人"),
        ("安排比例：1.5%", "1.5", "%"),
        ("职工总数：100人", "100", "人"),
    ]
    origins = [each.origin for each in compared.children]
    assert origins[0] is not None
    assert (origins[0].file, origins[0].where_zh, origins[0].where_en, origins[0].written) == (
        "报送.yaml",
        "第4行",
        "line 4",
        "1人",
    )
    assert origins[1] is None


@pytest.mark.parametrize(
    ("clauses", "facts", "text"),
    [
        ("要求：残疾职工数-编制 不少于 0人", "残疾职工数: 1人\n编制: 3人", "残疾职工数-编制＝1人-3人＝-2人 不少于 0人：不成立"),
        (
            "要求：残疾职工数-编制 不少于 0人",
            "残疾职工数: 1人",
            "残疾职工数-编制＝1人-未报＝-9999人至1人之间 不少于 0人：无法确定",
        ),
        (
            "要求：2×（残疾职工数+编制） 不少于 10人",
            "残疾职工数: 1人\n编制: 3人",
            "2×（残疾职工数+编制）＝2×（1人+3人）＝8人 不少于 10人：不成立",
        ),
        (
            "适用情形：验收日≠无\n要求：验收日-成立日 不超过 20天",
            "成立日: 2024-01-01\n验收日: 2024-01-31",
            "验收日-成立日＝2024年1月31日-2024年1月1日＝30天 不超过 20天：不成立",
        ),
        (
            "适用情形：验收日≠无\n要求：验收日 不晚于 成立日+1个月",
            "成立日: 2024-01-31\n验收日: 2024-02-29",
            "验收日 2024年2月29日 不晚于 成立日+1个月＝2024年1月31日+1个月＝2024年2月29日：成立",
        ),
        (
            "要求：合计（新增岗位，2023年至2024年） 不少于 100个",
            "新增岗位: {2023年: 90个, 2024年: 5个}",
            "2023年至2024年新增岗位合计＝90个+5个＝95个 不少于 100个：不成立",
        ),
        ("要求：单位类别 属于 （机关、学校）", "单位类别: 公司", "单位类别 属于 机关、学校（报：公司）：不成立"),
        ("要求：单位类别≠公司", "单位类别: 公司", "单位类别不为公司（报：公司）：不成立"),
        ("要求：星级 不低于 二星", "星级: 三星", "星级 三星 不低于 二星：成立"),
        ("要求：已公示", "已公示: 是", "已公示为是（报：是）：成立"),
        ("要求：验收日≠无", "验收日: 无", "验收日不为无：不成立"),
        ("要求：开门时刻 不晚于 8:30", '开门时刻: "8:30"', "开门时刻 08:30 不晚于 08:30：成立"),
        ("要求：窗口数 不少于 座位标准", "窗口数: 10个", "窗口数 10个 不少于 座位标准 10个：成立"),
        ("要求：开门时刻 不晚于 8:30", "编制: 1人", "开门时刻 未报 不晚于 08:30：无法确定"),
        ("要求：成立日 不晚于 2023年6月30日", "编制: 1人", "成立日 未报 不晚于 2023年6月30日：无法确定"),
    ],
)
def test_the_arithmetic_is_spelt_out(clauses: str, facts: str, text: str) -> None:
    assert text in [each.text.zh for each in nodes(one(clauses, unit(facts)).evidence)]


@pytest.mark.parametrize(
    ("clauses", "facts", "text", "value"),
    [
        ("要求：单位类别=机关", "单位类别: 公司", "单位类别：公司", "company"),
        ("要求：已公示", "已公示: 否", "已公示：否", "no"),
        ("要求：成立日 不晚于 2023年6月30日", "成立日: 2023-07-02", "成立日：2023年7月2日", "2023-07-02"),
        ("要求：开门时刻 不晚于 8:30", '开门时刻: "8:45"', "开门时刻：08:45", "08:45"),
        ('要求：系统名称="甲"', "系统名称: 乙", "系统名称：乙", "乙"),
        ("要求：验收日≠无", "验收日: 无", "验收日：无", "none"),
        ("要求：已公示", "编制: 1人", "已公示：未报", None),
    ],
)
def test_values_of_every_type_are_exact_text(clauses: str, facts: str, text: str, value: str | None) -> None:
    assert node(one(clauses, unit(facts)), text).value == value


def test_of_an_or_and_a_not_the_part_that_settled_it_is_marked() -> None:
    judgement = one("要求：已公示 或 并非 （成立日 早于 2020年1月1日）", unit("已公示: 否\n成立日: 2021-01-01"))
    assert node(judgement, "以下至少一项成立").value == "yes"
    assert not node(judgement, "已公示为是").decided
    assert node(judgement, "成立日 2021年1月1日").value == "no"
    assert node(judgement, "成立日 2021年1月1日").decided
    both = one("要求：已公示 且 窗口数 不少于 3个", unit("已公示: 是\n窗口数: 2个"))
    assert [(each.text.zh, each.decided) for each in node(both, "以下各项同时成立").children] == [
        ("已公示为是（报：是）：成立", False),
        ("窗口数 2个 不少于 3个：不成立", True),
    ]


def test_a_denial_does_not_contradict_itself() -> None:
    judgement = one("要求：并非 （成立日 早于 2020年1月1日）", unit("成立日: 2019-01-01"))
    assert "以下不成立：不成立" not in [each.text.zh for each in nodes(judgement.evidence)]


# --- events and limits ---


def test_of_an_event_its_day_and_the_reckoned_limit_are_told() -> None:
    judgement = one(EVENT, claim("受理日: 2024-03-01\n办结日: 2024-03-11"), kind="申请")
    assert judgement.evidence.children[0].text.zh == (
        "受理日 2024年3月1日在考核期2023年1月1日至2025年12月31日之内，地区：东川县（规则适用于清河市）：成立"
    )
    done = node(judgement, "办结日 2024年3月11日")
    assert done.text.zh == "办结日 2024年3月11日 不晚于 受理日+5个工作日＝2024年3月1日+5个工作日＝2024年3月8日：不成立"
    assert [each.text.zh for each in done.children] == ["办结日：2024年3月11日", "受理日：2024年3月1日"]
    assert node(judgement, "完成时限").text.zh == "完成时限：2024年3月8日（截至2024年6月30日已到期）：成立"


def test_a_rolled_limit_rests_on_the_fact_it_starts_from() -> None:
    judgement = one(
        "要求：办结日\n完成时限：受理日+5天 遇休息日顺延", claim("受理日: 2024-03-04\n办结日: 2024-03-12"), kind="申请"
    )
    done = node(judgement, "办结日 2024年3月12日")
    assert "2024年3月4日+5天" in done.text.zh
    assert [each.text.zh for each in done.children] == ["办结日：2024年3月12日", "受理日：2024年3月4日"]


def test_a_limit_that_is_not_known_is_said_so() -> None:
    judgement = one(EVENT, claim("办结日: 2024-03-12"), kind="申请")
    assert judgement.verdict == "undetermined"
    assert "是否到期无法确定" in judgement.evidence.children[-1].text.zh
    assert judgement.margin is None


def test_a_date_as_limit() -> None:
    judgement = one("要求：验收日\n完成时限：2024年3月底", unit("验收日: 2024-04-01"))
    assert node(judgement, "验收日 2024年4月1日").text.zh == "验收日 2024年4月1日 不晚于 2024年3月31日：不成立"
    assert judgement.margin is not None
    assert (judgement.margin.value, judgement.margin.unit) == ("-1", "天")


# --- place ---


def test_where_it_lies_when_nobody_said() -> None:
    submission = unit("已公示: 否").replace("    地区: 东川县\n", "")
    judgement = one("要求：已公示", submission)
    assert "未说明所在地区：无法确定" in judgement.evidence.children[0].text.zh
    assert [(each.fact, each.name.zh, each.awaiting) for each in judgement.missing] == [("place", "地区", "submitter")]


# --- rosters ---


def test_the_members_that_decided_stand_under_the_count() -> None:
    judgement = one(EVERY, outlets("座位: 9个", "有坡道: 是", "座位: 10个", partial=True))
    every = node(judgement, "每一网点均须")
    assert every.text.zh == (
        "每一网点均须：座位 不少于 10个（应核查的网点3个，符合1个，不符合1个，无法确定1个）（名录未报全）：不成立"
    )
    assert [(each.text.zh, each.decided) for each in every.children] == [
        ("1号：座位 9个 不少于 10个：不成立", True),
        ("2号：座位 未报 不少于 10个：无法确定", False),
    ]
    origin = every.children[0].origin
    assert origin is not None
    assert origin.where_zh == "第7行"


def test_twenty_members_are_told_and_the_rest_counted() -> None:
    all_told = node(one(EVERY, outlets(*["座位: 9个"] * 20)), "每一网点均须").children
    left_out = node(one(EVERY, outlets(*["座位: 9个"] * 22)), "每一网点均须").children
    assert len(all_told) == 20
    assert len(left_out) == 21
    assert (left_out[-1].text.zh, left_out[-1].text.en) == ("其余2项从略", "2 more left out")


def test_of_a_some_the_member_that_fulfils_it_is_told() -> None:
    some = node(one("要求：存在 网点 满足 （座位 不少于 10个）", outlets("座位: 9个", "座位: 12个")), "至少有一网点")
    assert [(each.text.zh, each.decided) for each in some.children] == [("2号：座位 12个 不少于 10个：成立", True)]


@pytest.mark.parametrize(
    ("clauses", "rows", "text"),
    [
        ("要求：合计（网点的座位） 不少于 20个", ("座位: 9个", "有坡道: 是"), "各网点的座位合计：9个至1009个之间"),
        ("要求：不同（网点的网点类型） 不少于 1", ("网点类型: 固定",), "网点中不同网点类型的个数：1个"),
        ("要求：计数（网点） 不少于 1", ("座位: 9个",), "网点的数量：1个"),
        ("要求：占比（网点，有坡道） 不低于 80%", ("有坡道: 是", "有坡道: 否"), "网点中有坡道为是的占比：50%"),
    ],
)
def test_what_is_gathered_from_members_is_one_figure(clauses: str, rows: tuple[str, ...], text: str) -> None:
    assert text in [each.text.zh for each in nodes(one(clauses, outlets(*rows)).evidence)]


def test_a_count_of_a_partial_roster_is_known_from_below() -> None:
    judgement = one("要求：计数（网点） 不少于 2", outlets("座位: 9个", partial=True))
    assert "网点的数量：不低于1" in [each.text.zh for each in nodes(judgement.evidence)]


# --- parameters ---


@pytest.mark.parametrize(
    ("clauses", "place", "as_of", "used"),
    [
        ("要求：窗口数 不少于 座位标准", "东川县", "2024-06-30", ("seat_standard", "10", "个", "confirmed")),
        ("要求：窗口数 不少于 座位标准", "南坪区", "2024-06-30", ("seat_standard", "12", "个", "unconfirmed")),
        ("要求：窗口数 不少于 座位标准", "清河市", "2024-06-30", ("seat_standard", "≥8", "个", "bounded")),
        ("要求：开门时刻 不晚于 开门标准", "东川县", "2024-06-30", ("opening_standard", "08:00", "", "confirmed")),
        ("要求：开门时刻 不晚于 开门标准", "东川县", "2024-02-01", ("opening_standard", "08:30", "", "confirmed")),
        ("要求：开门时刻 不晚于 开门标准", "南坪区", "2024-06-30", ("opening_standard", "", "", "pending")),
        ("要求：窗口数 不少于 窗口标准", "东川县", "2024-06-30", ("counter_standard", "2～5", "个", "bounded")),
        ("要求：窗口数 不超过 窗口标准", "南坪区", "2024-06-30", ("counter_standard", "≤5", "个", "bounded")),
    ],
)
def test_a_parameter_is_told_with_its_state(clauses: str, place: str, as_of: str, used: tuple[str, str, str, str]) -> None:
    more = (
        "\n参数：窗口标准 / counter_standard\n  类型：数量（个）\n  范围：0个至100个\n"
        '  来源："虚构标准" / "Invented standard"\n'
        "  取值：东川县，2023年1月1日起，2个至5个\n  取值：南坪区，2023年1月1日起，不超过 5个\n"
    )
    (found,) = one(clauses, unit('窗口数: 4个\n开门时刻: "8:15"', place=place), as_of=as_of, more=more).parameters
    assert (found.parameter, found.value, found.unit, found.state) == used


def test_the_bounds_of_a_parameter_stand_in_the_evidence() -> None:
    judgement = one("要求：窗口数 不少于 座位标准", unit("窗口数: 9个", place="清河市"))
    assert node(judgement, "座位标准").text.zh == "座位标准：不低于8个"
    pending = one("要求：开门时刻 不晚于 开门标准", unit('开门时刻: "8:15"', place="南坪区"))
    assert [(each.fact, each.subject, each.awaiting) for each in pending.missing] == [("opening_standard", None, "authority")]


# --- who is bound ---


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("受理单位: 甲局", ("unit", "甲局", "甲局")),
        ("受理单位: 乙局", ("unit", "乙局", "乙局")),
        ("", ("unit", None, None)),
    ],
)
def test_a_reference_names_who_is_bound(written: str, party: tuple[str, str | None, str | None]) -> None:
    facts = "受理日: 2024-03-01\n办结日: 2024-03-04" + (f"\n{written}" if written else "")
    bound = one("义务主体：受理单位\n" + EVENT, unit("编制: 1人") + claim(facts), kind="申请").bound
    assert (bound.type, bound.id, bound.name) == party


def test_the_parent_or_the_subject_itself_is_bound() -> None:
    submission = outlets("座位: 9个")
    itself = one("要求：座位 不少于 10个", submission, kind="网点")
    above = one("义务主体：单位\n要求：座位 不少于 10个", submission, kind="网点")
    assert (itself.bound.type, itself.bound.name) == ("outlet", "1号")
    assert (above.bound.type, above.bound.name) == ("unit", "甲局")
    assert [(each.type, each.name) for each in above.subject.parents] == [("unit", "甲局")]
    assert above.id == "probe/-/outlet:甲局/1号/-"


# --- what is contradictory, what is sensitive ---


def test_a_contradictory_fact_counts_as_not_reported() -> None:
    relation = "\n关系：残不超总 / disabled_in_staff\n  所属对象：单位\n  须有：残疾职工数 不超过 职工总数\n"
    judgement = one("要求：残疾职工数 不少于 1人", unit("残疾职工数: 11人\n职工总数: 10人"), more=relation)
    leaf = node(judgement, "残疾职工数：")
    assert (leaf.text.zh, leaf.value) == ("残疾职工数：数据矛盾，视为未报", None)
    assert judgement.verdict == "undetermined"


def test_a_sensitive_leaf_has_a_place_and_no_value() -> None:
    judgement = one('要求：病情="无恙"', unit("病情: 重症"))
    leaf = node(judgement, "病情：")
    assert (leaf.text.zh, leaf.text.en, leaf.value, leaf.unit) == (
        "病情：（敏感信息，已隐去）",
        "illness: (sensitive, withheld)",
        None,
        None,
    )
    assert leaf.origin is not None
    assert (leaf.origin.where_zh, leaf.origin.written) == ("第4行", "***")


def test_a_sensitive_subject_judged_itself_is_masked() -> None:
    (judgement,) = judge("要求：工龄 不少于 5个", unit("职工:\n  - {编号: 42028119900101, 名称: 张三}"), kind="职工")
    assert (judgement.subject.id, judgement.subject.name) == ("***1", "***1〔报送.yaml:5〕")
    assert not [each for each in ("42028119900101", "张三") if each in everything(judgement)]


def test_a_change_rests_on_the_two_figures_each_told_once() -> None:
    clauses = "周期：每年\n要求：降幅（新增岗位） 不低于 10%\n完成时限：每年3月31日"
    compared = node(judge(clauses, unit("新增岗位: {2023年: 100个, 2024年: 95个}"))[1], "新增岗位比上年的降幅")
    assert compared.text.zh == "新增岗位比上年的降幅＝（100个-95个）÷100个＝5% 不低于 10%：不成立"
    assert [each.text.zh for each in compared.children] == ["2023年新增岗位：100个", "2024年新增岗位：95个"]


def test_a_stretch_of_the_year_shows_the_day_reported() -> None:
    judgement = one("要求：成立日 属于 （每年3月1日至4月30日、每年9月1日）", unit("成立日: 2023-05-01"))
    found = node(judgement, "成立日在每年")
    assert found.text.zh == "成立日在每年3月1日至4月30日或每年9月1日之内（报：2023年5月1日）：不成立"
    assert found.text.en == (
        "founded on falls within the time from 1 March to 30 April of every year or 1 September of every year "
        "(reported: 2023-05-01): does not hold"
    )
    assert [each.text.zh for each in found.children] == ["成立日：2023年5月1日"]
