"""The short paragraph of a judgement, sentence by sentence, in both languages."""

from __future__ import annotations

import pytest

from support_explain import claim, everything, judge, one, outlets, told, unit

EMPLOYS = "要求：残疾职工数 不少于 1人"
EVENT = "要求：办结日\n完成时限：受理日+5天"
EVERY = "要求：每一 网点 满足 （座位 不少于 10个）"
SOME = "要求：存在 网点 满足 （座位 不少于 10个）"
NO_CURE = "没有单位自身可以整改的事项。"


@pytest.mark.parametrize(
    ("clauses", "facts", "zh"),
    [
        # thresholds: on, below, above
        (EMPLOYS, "残疾职工数: 1人", "残疾职工数1人（报送.yaml 第4行）；要求残疾职工数至少1人，符合。"),
        (EMPLOYS, "残疾职工数: 2人", "残疾职工数2人（报送.yaml 第4行）；要求残疾职工数至少1人，符合。"),
        (EMPLOYS, "残疾职工数: 0人", "残疾职工数0人（报送.yaml 第4行），少1人；要求残疾职工数至少1人。"),
        (
            "要求：超编人数 不超过 3人",
            "超编人数: 5人",
            "超编人数5人（报送.yaml 第4行），超出2人；要求超编人数不超过3人。",
        ),
        # exactly on a strict threshold there is no figure by which it falls short
        ("要求：窗口数 超过 3个", "窗口数: 3个", "窗口数3个（报送.yaml 第4行）；要求：窗口数 超过 3个。"),
        ("要求：窗口数 少于 3个", "窗口数: 3个", "窗口数3个（报送.yaml 第4行）；要求：窗口数 少于 3个。"),
        ("要求：窗口数=3个", "窗口数: 2个", "窗口数2个（报送.yaml 第4行）；要求：窗口数 = 3个。"),
        # reckoned figures
        (
            "要求：残疾职工数÷职工总数 不低于 1.5%",
            "残疾职工数: 1人\n职工总数: 100人",
            "残疾职工数1人（报送.yaml 第4行），职工总数100人（报送.yaml 第5行），残疾职工数÷职工总数＝1人÷100人＝1%，"
            "少0.5个百分点；要求：残疾职工数÷职工总数 不低于 1.5%。",
        ),
        (
            "要求：残疾职工数 不少于 安排比例×职工总数",
            "残疾职工数: 1人\n职工总数: 100人",
            "残疾职工数1人（报送.yaml 第4行），安排比例1.5%，职工总数100人（报送.yaml 第5行），"
            "安排比例×职工总数＝1.5%×100人＝1.5人，少0.5人；要求：残疾职工数 不少于 安排比例×职工总数。",
        ),
        (
            "要求：（残疾职工数+编制）×2 不少于 10人",
            "残疾职工数: 1人\n编制: 3人",
            "残疾职工数1人（报送.yaml 第4行），编制3人（报送.yaml 第5行），（残疾职工数+编制）×2＝（1人+3人）×2＝8人，少2人；"
            "要求：（残疾职工数+编制）×2 不少于 10人。",
        ),
        (
            "要求：满意率 不低于 90%",
            "满意率: 89.5%",
            f"满意率89.5%（报送.yaml 第4行），少0.5个百分点；要求满意率至少90%。{NO_CURE}",
        ),
        # dates, times, choices, text
        (
            "要求：成立日 不晚于 2023年6月30日",
            "成立日: 2023-07-02",
            f"成立日2023年7月2日（报送.yaml 第4行），晚了2天；要求：成立日 不晚于 2023年6月30日。{NO_CURE}",
        ),
        (
            "要求：成立日 不早于 2023年6月30日",
            "成立日: 2023-06-28",
            f"成立日2023年6月28日（报送.yaml 第4行），早了2天；要求：成立日 不早于 2023年6月30日。{NO_CURE}",
        ),
        (
            "要求：开门时刻 不晚于 8:30",
            '开门时刻: "8:45"',
            f"开门时刻08:45（报送.yaml 第4行），晚了15分钟；要求：开门时刻 不晚于 08:30。{NO_CURE}",
        ),
        (
            "要求：单位类别 属于 （机关、学校）",
            "单位类别: 公司",
            f"单位类别为公司（报送.yaml 第4行）；要求：单位类别 属于 机关、学校。{NO_CURE}",
        ),
        (
            "要求：单位类别 不属于 （机关、学校）",
            "单位类别: 学校",
            f"单位类别为学校（报送.yaml 第4行）；要求：单位类别 不属于 机关、学校。{NO_CURE}",
        ),
        ("禁止：单位类别=公司", "单位类别: 公司", f"单位类别为公司（报送.yaml 第4行）；禁止：单位类别为公司。{NO_CURE}"),
        ("要求：已公示", "已公示: 否", "已公示：否（报送.yaml 第4行）；要求：已公示为是。"),
        (
            '要求：系统名称="统一系统"',
            "系统名称: 自建",
            f"系统名称为自建（报送.yaml 第4行）；要求：系统名称为统一系统。{NO_CURE}",
        ),
        # modality
        (
            "原则上：残疾职工数 不少于 1人",
            "残疾职工数: 0人",
            "残疾职工数0人（报送.yaml 第4行），少1人；原则上：残疾职工数 不少于 1人。",
        ),
        (
            "力争：残疾职工数 不少于 1人",
            "残疾职工数: 0人",
            "残疾职工数0人（报送.yaml 第4行），少1人；力争：残疾职工数 不少于 1人。",
        ),
        (
            "鼓励：残疾职工数 不少于 1人",
            "残疾职工数: 0人",
            "残疾职工数0人（报送.yaml 第4行），少1人；鼓励：残疾职工数 不少于 1人。",
        ),
        # together, either
        (
            "要求：残疾职工数 不少于 1人 或 窗口数 不少于 3个",
            "残疾职工数: 0人\n窗口数: 2个",
            "残疾职工数0人（报送.yaml 第4行），窗口数2个（报送.yaml 第5行）；要求：残疾职工数 不少于 1人，或窗口数 不少于 3个。",
        ),
        # the figures of the conditions come first
        (
            "适用情形：编制 不少于 50人\n" + EMPLOYS,
            "编制: 50人\n残疾职工数: 0人",
            "编制50人，残疾职工数0人（报送.yaml 第5行），少1人；要求残疾职工数至少1人。",
        ),
        pytest.param(
            "要求：星级 不低于 二星",
            "星级: 一星",
            "星级为一星（报送.yaml 第4行），低1级；要求：星级 不低于 二星。",
        ),
        pytest.param(
            "要求：星期（成立日） 属于 周一至周五",
            "成立日: 2024-06-29",
            f"成立日2024年6月29日（周六）（报送.yaml 第4行）；要求：成立日是周一至周五。{NO_CURE}",
        ),
    ],
)
def test_a_unit_is_told_its_figures_and_what_is_required(clauses: str, facts: str, zh: str) -> None:
    assert one(clauses, unit(facts)).reason.zh == f"经比对，该单位{zh}"


@pytest.mark.parametrize(
    ("clauses", "facts", "en"),
    [
        (
            EMPLOYS,
            "残疾职工数: 0人",
            "disabled staff 0 people (报送.yaml line 4), 1 person short; required: disabled staff at least 1 person.",
        ),
        (
            EMPLOYS,
            "残疾职工数: 1人",
            "disabled staff 1 person (报送.yaml line 4); required: disabled staff at least 1 person: met.",
        ),
        (
            "要求：成立日 不早于 2023年6月30日",
            "成立日: 2023-06-28",
            "founded on 2023-06-28 (报送.yaml line 4), 2 days too early; required: founded on no earlier than 2023-06-30. "
            "There is nothing the unit itself can change to cure it.",
        ),
        (
            "禁止：单位类别=公司",
            "单位类别: 公司",
            "category is company (报送.yaml line 4); forbidden: category is company. "
            "There is nothing the unit itself can change to cure it.",
        ),
        pytest.param(
            "适用情形：验收日≠无\n要求：验收日 不晚于 成立日+1个月",
            "成立日: 2024-01-31\n验收日: 2024-03-01",
            "accepted works on 2024-03-01 (报送.yaml line 5), founded on 2024-01-31 (报送.yaml line 4), "
            "founded on + 1 month = 2024-02-29, 1 day late; required: accepted works on no later than founded on + 1 month. "
            "There is nothing the unit itself can change to cure it.",
        ),
    ],
)
def test_the_same_in_english(clauses: str, facts: str, en: str) -> None:
    assert one(clauses, unit(facts)).reason.en == f"On comparison, this unit: {en}"


# --- not applicable ---


@pytest.mark.parametrize(
    ("clauses", "submission", "as_of", "zh", "en"),
    [
        (
            EMPLOYS,
            unit("残疾职工数: 0人", place="白沙市"),
            "2024-06-30",
            "不适用：白沙市不在规则适用地区（清河市）之内。",
            "Not applicable: Baisha City is not in Qinghe City.",
        ),
        (
            EMPLOYS,
            unit("残疾职工数: 0人"),
            "2022-12-31",
            "不适用：不在考核期（2023年1月1日至2025年12月31日）之内。",
            "Not applicable: outside the time it is owed (2023-01-01 to 2025-12-31).",
        ),
        (
            "施行：2024年7月1日 起\n考核期：2024年7月1日 起\n" + EMPLOYS,
            unit("残疾职工数: 0人"),
            "2024-06-30",
            "不适用：不在考核期（2024年7月1日起）之内。",
            "Not applicable: outside the time it is owed (from 2024-07-01).",
        ),
        (
            "适用情形：编制 不少于 50人\n" + EMPLOYS,
            unit("编制: 49人\n残疾职工数: 0人"),
            "2024-06-30",
            "不适用：不符合适用情形（编制49人（条件是不少于 50人））。",
            "Not applicable: the condition is not fulfilled (posts 49 people (the condition: at least 50 people)).",
        ),
        (
            "适用情形：单位类别=机关 且 编制+窗口数×1人/个 不少于 9人\n" + EMPLOYS,
            unit("编制: 4人\n窗口数: 3个\n单位类别: 学校"),
            "2024-06-30",
            "不适用：不符合适用情形（单位类别为学校（条件是单位类别为机关）；"
            "编制+窗口数×1人/个＝4人+3个×1人/个＝7人（条件是不少于 9人））。",
            "Not applicable: the condition is not fulfilled (category is school (the condition: category is organ); "
            "posts + counters × 1 person/item = 4 people + 3 items × 1 "
            "person/item = 7 people (the condition: at least 9 people)).",
        ),
        (
            "除外情形：单位类别=学校 或 单位类别=公司\n" + EMPLOYS,
            unit("单位类别: 学校\n残疾职工数: 0人"),
            "2024-06-30",
            "不适用：属于除外情形（单位类别为学校）。",
            "Not applicable: an exception applies (category is school).",
        ),
        (
            EVERY,
            unit("网点: []"),
            "2024-06-30",
            "不适用：没有可核查的内容（核查0项）。",
            "Not applicable: there is nothing to check (0 checked).",
        ),
        (
            "要求：残疾职工数÷职工总数 不低于 1.5%",
            unit("残疾职工数: 1人\n职工总数: 0人"),
            "2024-06-30",
            "不适用：没有可核查的内容（核查0项）。",
            "Not applicable: there is nothing to check (0 checked).",
        ),
        pytest.param(
            "适用情形：验收日=无\n要求：已公示",
            unit("验收日: 2024-01-31\n已公示: 否"),
            "2024-06-30",
            "不适用：不符合适用情形（验收日2024年1月31日（条件是验收日为无））。",
            "Not applicable: the condition is not fulfilled (accepted works on "
            "2024-01-31 (the condition: accepted works on is none)).",
        ),
    ],
)
def test_what_does_not_apply_says_which_of_the_five_reasons(clauses: str, submission: str, as_of: str, zh: str, en: str) -> None:
    judgement = one(clauses, submission, as_of=as_of)
    assert told(judgement) == (zh, en)
    assert (judgement.verdict, judgement.margin, judgement.remedy, judgement.missing) == ("not_applicable", None, (), ())


def test_a_period_outside_the_time_owed_is_told_the_whole_time() -> None:
    clauses = (
        "周期：每年\n考核期：2024年1月1日至2024年12月31日\n考核期〔各年〕：2023年1月1日至2024年12月31日\n"
        '要求：新增岗位 不少于 100个\n完成时限：当期末\n口径：末年 / last（默认）："只看末年" / "The last"\n'
        '口径：各年 / each："各年都看" / "Each"'
    )
    found = judge(clauses, unit("新增岗位: {2023年: 1个, 2024年: 1个}"), as_of="2025-06-30")
    reasons = {each.period: told(each) for each in found}
    assert reasons["2023"] == (
        "不适用：不在考核期（2024年1月1日至2024年12月31日）之内。",
        "Not applicable: outside the time it is owed (2024-01-01 to 2024-12-31).",
    )


def test_an_event_outside_the_time_owed_is_told_its_date() -> None:
    reason = one(EVENT, claim("受理日: 2022-03-01\n办结日: 2024-03-06"), kind="申请").reason.zh
    assert reason == "不适用：受理日2022年3月1日（报送.yaml 第4行）不在考核期（2023年1月1日至2025年12月31日）之内。"


# --- an event with a limit ---


@pytest.mark.parametrize(
    ("facts", "verdict", "margin", "rest"),
    [
        ("办结日: 2024-03-04", "met", "2", "办结日2024年3月4日（报送.yaml 第5行）；要求在2024年3月6日（含当日）前完成，符合。"),
        ("办结日: 2024-03-06", "met", "0", "办结日2024年3月6日（报送.yaml 第5行）；要求在2024年3月6日（含当日）前完成，符合。"),
        (
            "办结日: 2024-03-07",
            "violated",
            "-1",
            "办结日2024年3月7日（报送.yaml 第5行），晚了1天；要求在2024年3月6日（含当日）前完成。时限已过，事后无法补救。",
        ),
        pytest.param(
            "办结日: 无",
            "violated",
            None,
            "办结日：无（尚未完成）（报送.yaml 第5行）；要求在2024年3月6日（含当日）前完成。时限已过，事后无法补救。",
        ),
    ],
)
def test_an_event_is_early_on_the_day_late_or_not_done(facts: str, verdict: str, margin: str | None, rest: str) -> None:
    judgement = one(EVENT, claim("受理日: 2024-03-01\n" + facts), kind="申请")
    assert judgement.verdict == verdict
    assert (judgement.margin and judgement.margin.value) == margin
    assert judgement.reason.zh == f"经比对，该申请受理日2024年3月1日（报送.yaml 第4行），完成时限2024年3月6日，{rest}"


@pytest.mark.parametrize("word", ["原则上", "力争"])
def test_a_limit_that_is_no_command_is_not_told_as_one(word: str) -> None:
    clause = EVENT.replace("要求：", f"{word}：")
    reason = one(clause, claim("受理日: 2024-03-01\n办结日: 2024-03-07"), kind="申请").reason.zh
    assert f"；{word}在2024年3月6日（含当日）前完成。" in reason
    assert "要求在" not in reason


def test_a_limit_that_has_not_passed_is_told_once() -> None:
    reason = one(EVENT, claim("受理日: 2024-03-01\n办结日: 无"), kind="申请", as_of="2024-03-06").reason.zh
    assert reason.count("2024年3月6日") == 2  # the limit, and the as-of date which is the same day


@pytest.mark.parametrize(
    ("limit", "received", "decided", "due"),
    [
        ("5个工作日", "2024-03-01", "2024-03-11", "2024年3月8日"),
        ("5天 遇休息日顺延", "2024-03-04", "2024-03-12", "2024年3月11日"),
        ("1个月", "2024-01-31", "2024-03-01", "2024年2月29日"),
    ],
)
def test_a_limit_is_told_as_a_date(limit: str, received: str, decided: str, due: str) -> None:
    judgement = one(f"要求：办结日\n完成时限：受理日+{limit}", claim(f"受理日: {received}\n办结日: {decided}"), kind="申请")
    assert f"；要求在{due}（含当日）前完成。" in judgement.reason.zh


# --- due dates and periods ---


def test_on_the_due_date_it_is_not_yet_due_and_on_the_day_after_it_is() -> None:
    clauses = EMPLOYS + "\n完成时限：2024年底"
    before = one(clauses, unit("残疾职工数: 0人"), as_of="2024-12-31")
    assert told(before) == (
        "完成时限为2024年12月31日，截至2024年12月31日尚未到期；该单位残疾职工数0人（报送.yaml 第4行）；要求残疾职工数至少1人。",
        "Due 2024-12-31, which had not passed on 2024-12-31; this unit: disabled staff 0 people (报送.yaml line 4); "
        "required: disabled staff at least 1 person.",
    )
    assert (before.verdict, before.remedy) == ("not_due", ())
    assert one(clauses, unit("残疾职工数: 0人"), as_of="2025-01-01").verdict == "violated"


def test_a_duty_of_every_year_is_told_year_by_year() -> None:
    clauses = "周期：每年\n要求：新增岗位 不少于 100个\n完成时限：当期末"
    past, running = judge(clauses, unit("新增岗位: {2023年: 90个, 2024年: 20个}"))
    assert past.reason.zh == (
        "经比对，该单位2023年新增岗位90个（报送.yaml 第4行），少10个；要求新增岗位至少100个。时限已过，事后无法补救。"
    )
    assert (past.period, past.verdict, running.period, running.verdict) == ("2023", "violated", "2024", "not_due")


def test_a_change_is_told_against_the_period_before_with_its_reckoning() -> None:
    clauses = "周期：每年\n要求：增幅（新增岗位） 不低于 10%\n完成时限：每年3月31日"
    first, second = judge(clauses, unit("新增岗位: {2023年: 100个, 2024年: 105个}"))
    assert told(second) == (
        "经比对，该单位2024年新增岗位105个（报送.yaml 第4行），2023年新增岗位100个（报送.yaml 第4行），"
        "新增岗位比上年的增幅＝（105个-100个）÷100个＝5%，少5个百分点；要求：新增岗位比上年的增幅 不低于 10%。",
        "On comparison, this unit: new posts 2024 105 items (报送.yaml line 4), new posts 2023 100 items (报送.yaml line 4), "
        "the growth of new posts against the year before = (105 items - 100 items) ÷ 100 items = 5%, 5 percentage points short; "
        "required: the growth of new posts against the year before no lower than 10%.",
    )
    assert (first.verdict, [(each.fact, each.period) for each in first.missing]) == ("undetermined", [("new_posts", "2022")])


@pytest.mark.parametrize(
    ("clauses", "name", "reckoning"),
    [
        ("周期：每年\n要求：增加（新增岗位） 不少于 10个", "新增岗位比上年的增加数", "5个-9个＝-4个"),
        ("周期：每季度\n要求：降幅（检修次数） 不低于 10%", "检修次数比上季度的降幅", "（9次-5次）÷9次＝"),
        ("周期：每月\n要求：降幅（用电量） 不低于 10%", "用电量比上月的降幅", "（10千瓦时-9千瓦时）÷10千瓦时＝10%"),
    ],
)
def test_what_a_change_is_measured_against(clauses: str, name: str, reckoning: str) -> None:
    figures = "新增岗位: {2023年: 9个, 2024年: 5个}\n检修次数: {2023-Q1: 9次, 2023-Q2: 5次}\n"
    figures += "用电量: {2023-01: 10千瓦时, 2023-02: 9千瓦时}"
    second = judge(clauses, unit(figures), as_of="2025-01-01")[1]
    assert f"{name}＝{reckoning}" in second.reason.zh


def test_where_the_figure_before_was_zero_there_is_nothing_to_check() -> None:
    clauses = "周期：每年\n要求：降幅（新增岗位） 不低于 10%"
    second = judge(clauses, unit("新增岗位: {2023年: 0个, 2024年: 0个}"), as_of="2025-01-01")[1]
    assert (second.verdict, second.reason.zh) == ("not_applicable", "不适用：没有可核查的内容（核查0项）。")


def test_a_stretch_of_the_year_is_told_in_words() -> None:
    judgement = one("适用情形：成立日 属于 每年11月1日至2月28日\n要求：已公示", unit("成立日: 2023-03-01\n已公示: 否"))
    assert told(judgement) == (
        "不适用：不符合适用情形（成立日2023年3月1日（条件是成立日在每年11月1日至次年2月28日之内））。",
        "Not applicable: the condition is not fulfilled (founded on 2023-03-01 (the condition: founded on falls within the time "
        "from 1 November of every year to 28 February of the next)).",
    )


@pytest.mark.parametrize(
    ("year", "as_of", "verdict"),
    [
        ("2023", "2023-02-28", "not_due"),
        ("2023", "2023-03-01", "violated"),
        ("2024", "2024-02-29", "not_due"),
        ("2024", "2024-03-01", "violated"),
    ],
)
def test_the_last_of_february_stands_in_for_its_29th(year: str, as_of: str, verdict: str) -> None:
    clauses = "周期：每年\n要求：新增岗位 不少于 1个\n完成时限：每年2月29日"
    found = judge(clauses, unit(f"新增岗位: {{{year}年: 0个}}"), as_of=as_of)
    assert {each.period: each.verdict for each in found}[year] == verdict


def test_quarters_and_months_have_names() -> None:
    quarter = judge(
        "周期：每季度\n要求：检修次数 不少于 2次\n完成时限：当期末", unit("检修次数: {2023-Q1: 1次}"), as_of="2023-04-01"
    )[0]
    month = one(
        "周期：每月\n要求：用电量 不超过 200千瓦时\n完成时限：当期末", unit("用电量: {2023-01: 210千瓦时}"), as_of="2023-01-31"
    )
    assert "2023年第1季度检修次数1次" in quarter.reason.zh
    assert "repairs 2023 Q1 1 occasion" in quarter.reason.en
    assert "2023年1月用电量210千瓦时" in month.reason.zh
    assert "power 2023-01 210 kilowatt hours" in month.reason.en


def test_a_total_over_years_and_the_period_before() -> None:
    total = one("要求：合计（新增岗位，2023年至2024年） 不少于 100个", unit("新增岗位: {2023年: 90个, 2024年: 5个}"))
    assert total.reason.zh.startswith(
        "经比对，该单位2023年至2024年新增岗位合计95个，少5个；要求2023年至2024年新增岗位合计至少100个。"
    )
    grown = judge(
        "周期：每年\n要求：新增岗位 不少于 上期（新增岗位）\n完成时限：当期末", unit("新增岗位: {2022年: 9个, 2023年: 8个}")
    )[0]
    assert grown.reason.zh == (
        "经比对，该单位2023年新增岗位8个（报送.yaml 第4行），2022年新增岗位9个（报送.yaml 第4行），少1个；"
        "要求：新增岗位 不少于 上期新增岗位。时限已过，事后无法补救。"
    )
    assert "new posts at least new posts of the period before" in grown.reason.en


# --- rosters ---


@pytest.mark.parametrize(
    ("clauses", "submission", "zh"),
    [
        (EVERY, outlets("座位: 10个"), "应核查的网点1个，符合1个；要求：每一网点均须：座位 不少于 10个，符合。"),
        (
            EVERY,
            outlets("座位: 9个", "座位: 10个"),
            "应核查的网点2个，符合1个，不符合1个（不符合的有：1号：座位9个（报送.yaml 第5行））；"
            "要求：每一网点均须：座位 不少于 10个。",
        ),
        (
            EVERY,
            outlets(*["座位: 9个"] * 5),
            "应核查的网点5个，符合0个，不符合5个（不符合的有：1号：座位9个（报送.yaml 第5行）；2号：座位9个（报送.yaml 第6行）；"
            "3号：座位9个（报送.yaml 第7行）等5个）；要求：每一网点均须：座位 不少于 10个。",
        ),
        (
            EVERY,
            outlets("座位: 9个", partial=True),
            "应核查的网点1个，符合0个，不符合1个（不符合的有：1号：座位9个（报送.yaml 第7行））；"
            "要求：每一网点均须：座位 不少于 10个。"
            "名录未报全，补齐后才能给出整改建议。",
        ),
        (SOME, unit("网点: []"), f"应核查的网点0个，符合0个；要求：至少有一网点：座位 不少于 10个。{NO_CURE}"),
        (SOME, outlets("座位: 9个"), "应核查的网点1个，符合0个，不符合1个；要求：至少有一网点：座位 不少于 10个。"),
        (
            "要求：合计（网点的座位） 不少于 20个",
            outlets("座位: 9个", "座位: 8个"),
            "各网点的座位合计17个，少3个；要求：各网点的座位合计 不少于 20个。",
        ),
        (
            "要求：不同（网点的网点类型） 不少于 2",
            outlets("网点类型: 固定"),
            f"网点中不同网点类型的个数1个，少1个；要求：网点中不同网点类型的个数 不少于 2个。{NO_CURE}",
        ),
        pytest.param(
            "要求：计数（网点 其中 有坡道） 不少于 2",
            outlets("有坡道: 是", "有坡道: 否"),
            "有坡道为是的网点的数量1个，少1个；要求：有坡道为是的网点的数量 不少于 2个。",
        ),
        pytest.param(
            "要求：每一 网点 其中 （网点类型=固定） 满足 （有坡道）",
            outlets("网点类型: 固定, 有坡道: 是"),
            "应核查的网点1个，符合1个；要求：每一网点（网点类型为固定的）均须：有坡道为是，符合。",
        ),
        pytest.param(
            "要求：占比（网点，有坡道） 不低于 80%",
            outlets("有坡道: 是", "有坡道: 否"),
            "网点中有坡道为是的占比50%，少30个百分点；要求：网点中有坡道为是的占比 不低于 80%。",
        ),
        pytest.param(
            EVERY,
            outlets("座位: 9个", "有坡道: 是"),
            "应核查的网点2个，符合0个，不符合1个，无法确定1个（不符合的有：1号：座位9个（报送.yaml 第5行））；"
            "要求：每一网点均须：座位 不少于 10个。尚有未报事项，补报后才能给出整改建议。",
        ),
    ],
)
def test_a_roster_is_told_by_counts_and_the_first_that_fail(clauses: str, submission: str, zh: str) -> None:
    assert one(clauses, submission).reason.zh == f"经比对，该单位{zh}"


def test_why_nothing_is_proposed_after_the_due_date() -> None:
    # That the date has passed is no reason by itself: only what belongs to a day or a period that is over cannot be made good.
    limit = "\n完成时限：2023年底"
    too_few = one("要求：计数（网点） 不少于 2" + limit, outlets("座位: 9个"))
    assert too_few.reason.zh.endswith("要变的是名册里实有多少，不是哪一项数据；情况变了，重新报送名册。")
    kind = one("要求：不同（网点的网点类型） 不少于 2" + limit, outlets("网点类型: 固定"))
    assert kind.reason.zh.endswith(NO_CURE)


def test_what_has_happened_cannot_be_made_good() -> None:
    facts = unit("检查:\n  - {编号: J1, 检查日: 2024-03-01, 得分: 50个}")
    of_event = one("要求：得分 不少于 60个", facts, kind="检查")
    of_unit = one("要求：每一 检查 满足 （得分 不少于 60个）", facts)
    for each in (of_event, of_unit):
        assert each.reason.zh.endswith("该事项已经发生，事后无法补救。")
        assert each.reason.en.endswith("It has happened; it cannot be made good.")


# --- undetermined ---


@pytest.mark.parametrize(
    ("clauses", "submission", "zh", "en"),
    [
        (
            EMPLOYS,
            unit("编制: 3人"),
            "待补报残疾职工数；可能的结论为符合、不符合。",
            "the unit still has to report disabled staff; possible verdicts: met, violated.",
        ),
        (
            "力争：残疾职工数 不少于 1人",
            unit("编制: 3人"),
            "现有材料不足，但不会不符合；可能的结论为符合、未达力争目标。",
            "the figures do not suffice, but it cannot be violated; possible verdicts: met, target missed.",
        ),
        (
            "鼓励：残疾职工数 不少于 1人",
            unit("编制: 3人"),
            "现有材料不足，但不会不符合；可能的结论为符合、鼓励事项未开展。",
            "the figures do not suffice, but it cannot be violated; possible verdicts: met, not undertaken.",
        ),
        (
            EVERY,
            outlets("座位: 10个", "有坡道: 是"),
            "待补报座位（2号）；可能的结论为符合、不符合。",
            "the unit still has to report seats (2号); possible verdicts: met, violated.",
        ),
        (
            EVERY,
            outlets(*["有坡道: 是"] * 4),
            "待补报座位（1号、2号、3号等4个）；可能的结论为符合、不符合。",
            "the unit still has to report seats (1号, 2号, 3号 and others, 4 in all); possible verdicts: met, violated.",
        ),
        (
            "要求：窗口数 不少于 窗口下限",
            unit("窗口数: 9个"),
            "待主管部门明确窗口下限；可能的结论为符合、不符合。",
            "the authority still has to settle counter floor; possible verdicts: met, violated.",
        ),
        (
            "要求：窗口数 不少于 窗口下限",
            unit("编制: 9人"),
            "待补报窗口数；待主管部门明确窗口下限；可能的结论为符合、不符合。",
            "the unit still has to report counters; the authority still has to settle counter floor; "
            "possible verdicts: met, violated.",
        ),
        pytest.param(
            EVERY,
            outlets("座位: 10个", partial=True),
            "待补报完整的网点名录；可能的结论为符合、不符合。",
            "the unit still has to report the complete roster of outlet; possible verdicts: met, violated.",
        ),
    ],
)
def test_what_is_undetermined_says_whose_move_it_is(clauses: str, submission: str, zh: str, en: str) -> None:
    assert told(one(clauses, submission)) == (f"无法判定：{zh}", f"Undetermined: {en}")


def test_contradictory_facts_are_to_be_corrected() -> None:
    relation = "\n关系：残不超总 / disabled_in_staff\n  所属对象：单位\n  须有：残疾职工数 不超过 职工总数\n"
    judgement = one(EMPLOYS, unit("残疾职工数: 11人\n职工总数: 10人"), more=relation)
    assert judgement.reason.zh == "无法判定：待补报残疾职工数（数据矛盾，须先更正）；可能的结论为符合、不符合。"


# --- records of the authority ---

ACCEPTED = """
记录:
  - {类型: 采纳理由, 规则: 测试规则, 对象: 甲局, 采纳单位: 市残联, 文号: 残函1号, 日期: 2024-01-01, 理由: 机构新设}
"""
IN_PRINCIPLE = "原则上：残疾职工数 不少于 1人"


def waiver(until: str) -> str:
    row = f"{{类型: 豁免, 规则: 测试规则, 对象: 甲局, 采纳单位: 市残联, 文号: 残函2号, 日期: 2024-01-01, 有效期至: {until}, 理由: 新设}}"  # noqa: E501
    return f"记录:\n  - {row}\n"


def test_an_accepted_reason_makes_a_departure_met_and_keeps_the_figures() -> None:
    judgement = one(IN_PRINCIPLE, unit("残疾职工数: 0人"), records=ACCEPTED)
    assert told(judgement) == (
        "经比对，该单位残疾职工数0人（报送.yaml 第4行），少1人；原则上：残疾职工数 不少于 1人。"
        "原则上的要求未达到，理由已由市残联采纳（残函1号），视为符合。",
        "On comparison, this unit: disabled staff 0 people (报送.yaml line 4), 1 person short; "
        "in principle: disabled staff at least 1 person. "
        "The in-principle requirement is not fulfilled; 市残联 accepted the reason (残函1号): met by reason.",
    )
    assert (judgement.verdict, judgement.possible, judgement.remedy) == ("met", ("met",), ())
    assert judgement.by_reason is not None
    assert (judgement.by_reason.by, judgement.by_reason.date, judgement.by_reason.reason) == ("市残联", "2024-01-01", "机构新设")


def test_an_accepted_reason_also_settles_what_could_only_be_met_or_departed_from() -> None:
    judgement = one(IN_PRINCIPLE, unit("编制: 1人"), records=ACCEPTED)
    assert (judgement.verdict, judgement.missing) == ("met", ())


def test_where_the_figure_is_not_reported_the_accepted_reason_does_not_say_it_fell_short() -> None:
    assert "未达到，" not in one(IN_PRINCIPLE, unit("编制: 1人"), records=ACCEPTED).reason.zh


def test_a_waiver_on_its_last_day_and_the_day_after() -> None:
    in_force = one(EMPLOYS, unit("残疾职工数: 0人"), records=waiver("2024-06-30"))
    lapsed = one(EMPLOYS, unit("残疾职工数: 0人"), records=waiver("2024-06-29"))
    assert (in_force.verdict, lapsed.verdict) == ("violated", "violated")
    assert in_force.waived is not None
    assert (in_force.waived.by, in_force.waived.document, in_force.waived.until) == ("市残联", "残函2号", "2024-06-30")
    assert in_force.reason.zh.endswith("要求残疾职工数至少1人。")
    assert lapsed.waived is None
    assert lapsed.reason.zh.endswith("市残联的豁免（残函2号）已于2024年6月29日到期，不再有效。")
    assert lapsed.reason.en.endswith("The waiver by 市残联 (残函2号) lapsed on 2024-06-29.")


def test_a_reason_of_the_unit_itself_is_shown_and_changes_nothing() -> None:
    judgement = one(IN_PRINCIPLE, unit("残疾职工数: 0人\n说明理由: {测试规则: 暂无编制}"))
    assert (judgement.verdict, judgement.given_reason, judgement.by_reason) == ("departs", "暂无编制", None)


# --- readings ---

READINGS = (
    EMPLOYS + "\n适用情形〔宽〕：编制 不少于 10人\n适用情形〔严〕：编制 不少于 5人\n"
    '口径：宽 / wide{default}："甲" / "a"\n口径：严 / strict："乙" / "b"'
)


def test_an_open_question_is_the_authority_s_where_the_readings_differ() -> None:
    judgement = one(READINGS.replace("{default}", ""), unit("残疾职工数: 0人\n编制: 7人"))
    assert [(each.fact, each.awaiting) for each in judgement.missing] == [("probe", "authority")]
    assert judgement.possible == ("violated", "not_applicable")
    assert judgement.reading is not None
    assert judgement.reading.used is None
    assert [(each.name.zh, each.verdict) for each in judgement.reading.others] == [("宽", "not_applicable"), ("严", "violated")]
    assert judgement.reason.zh.startswith("无法判定：待主管部门明确按哪种口径；")


def test_where_all_readings_agree_the_question_does_not_matter() -> None:
    judgement = one(READINGS.replace("{default}", ""), unit("残疾职工数: 0人\n编制: 17人"))
    assert (judgement.verdict, judgement.missing) == ("violated", ())


def test_the_default_reading_decides_and_the_others_are_told() -> None:
    judgement = one(READINGS.replace("{default}", "（默认）"), unit("残疾职工数: 0人\n编制: 7人"))
    assert judgement.verdict == "not_applicable"
    assert judgement.reading is not None
    assert judgement.reading.used is not None
    assert judgement.reading.used.zh == "宽"
    assert [(each.name.zh, each.verdict) for each in judgement.reading.others] == [("严", "violated")]


# --- what must not be told ---


def test_the_text_of_a_sensitive_fact_appears_nowhere() -> None:
    judgement = one('要求：病情="无恙"', unit("病情: 甲类重症"))
    assert judgement.reason.zh == (f"经比对，该单位病情为（敏感信息，已隐去）（报送.yaml 第4行）；要求：病情为无恙。{NO_CURE}")
    assert "甲类重症" not in everything(judgement)


@pytest.mark.parametrize(
    ("clauses", "leaks"),
    [
        pytest.param("要求：补助金额 不少于 1000元", ("777", "223")),
        pytest.param("要求：补助金额 不少于 100元", ("777", "677")),
        pytest.param(
            "要求：补助金额÷职工总数 不少于 100元/人",
            ("777", "77.7", "22.3"),
        ),
    ],
)
def test_the_figure_of_a_sensitive_fact_cannot_be_reckoned_back(clauses: str, leaks: tuple[str, ...]) -> None:
    text = everything(one(clauses, unit("补助金额: 777元\n职工总数: 10人")))
    assert [leak for leak in leaks if leak in text] == []


@pytest.mark.parametrize("facts", ["工龄: 3个", ""])
def test_a_sensitive_subject_is_a_number_and_a_line(facts: str) -> None:
    row = ", ".join(["编号: 420281199001011234", "名称: 张三", *([facts] if facts else [])])
    judgement = one("要求：每一 职工 满足 （工龄 不少于 5个）", unit(f"职工:\n  - {{{row}}}"))
    assert "***1〔报送.yaml:5〕" in judgement.reason.zh
    assert not [each for each in ("420281199001011234", "张三", "3个") if each in everything(judgement)]


def test_a_period_that_only_another_reading_judges_is_told_when_the_duty_is_owed() -> None:
    clauses = """
        周期：每季度
        要求：检修次数 不少于 1次
        考核期：2023年4月1日 起
        考核期〔早〕：2023年1月1日 起
        口径：晚 / late（默认）："甲" / "a"
        口径：早 / early："乙" / "b"
    """
    first, *_ = judge(clauses, unit(), as_of="2023-06-30")
    assert (first.period, first.verdict) == ("2023-Q1", "not_applicable")
    assert told(first)[0] == "不适用：不在考核期（2023年4月1日起）之内。"
