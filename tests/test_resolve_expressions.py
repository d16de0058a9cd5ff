"""What expressions stand for, what their values measure, and what is said where they make no sense."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rulecheck.rules import model
from rulecheck.rules.resolve.rules import facts_of
from support_resolve import condition, helped, limb, requiring, resolved, the_problem, told, unit_of, value


def member_of(expression: str, kind: str = "单位") -> tuple[set[int | str], bool]:
    """The values of a membership and whether it is negated."""
    test = condition(expression, kind=kind)
    assert isinstance(test, model.Member)
    return set(test.values), test.negated


def comparison(expression: str, *clauses: str, kind: str = "单位") -> model.Compare:
    test = condition(expression, *clauses, kind=kind)
    assert isinstance(test, model.Compare)
    return test


# --- units ---


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("编制", "人"),
        ("编制+残疾职工", "人"),
        ("编制-残疾职工", "人"),
        ("编制×2%", "人"),
        ("2%×编制", "人"),
        ("编制×2", "人"),
        ("编制÷2", "人"),
        ("编制×标准比例", "人"),
        ("残疾职工÷编制", "%"),
        ("就业率-去年就业率", "个百分点"),
        ("就业率+去年就业率", "%"),
        ("就业率×去年就业率", "%"),
        ("经费÷编制", "万元/人"),
        ("边长×边长", None),
        ("计数（员工）", None),
        ("不同（员工的工种）", None),
        ("计数（员工）÷编制", "%"),
        ("计数（员工）÷计数（申领）", "%"),
        ("计数（员工）÷2", None),
        ("计数（员工）×2", None),
        ("计数（员工）+编制", None),
        ("合计（员工的月薪）", "元"),
        ("占比（员工，持证）", "%"),
        ("成立日-2022-01-01", "天"),
        ("关门时刻-开门时刻", "分钟"),
        ("应配人数", "人"),
        ("调整数", "人"),
        ("合计（新增就业，2022年至2024年）", "人"),
    ],
)
def test_the_unit_a_value_is_shown_in(expression: str, unit: str | None) -> None:
    assert unit_of(expression) == unit


@pytest.mark.parametrize(
    "expression",
    [
        "残疾职工 不少于 编制×标准比例",
        "残疾职工÷编制 不低于 2%",
        "就业率-去年就业率 不低于 2个百分点",
        "就业率-去年就业率 不低于 2%",
        "经费÷编制 不低于 0.5万元/人",
        "经费÷编制 不低于 5000元/人",
        "边长×边长 不超过 面积",
        "面积÷边长 不少于 3米",
        "经费 不少于 50元",
        "计数（员工） 不少于 50人",
        "计数（员工） 不少于 50名",
        "计数（员工） 不少于 50",
        "50人 不超过 计数（员工）",
        "计数（员工） 不超过 编制",
        "计数（员工）÷编制 不低于 50%",
        "不同（员工的工种） 不少于 3种",
        "占比（员工，持证） 不低于 50%",
        "成立日-2022-01-01 不少于 30天",
        "关门时刻-开门时刻 不少于 2小时",
        "成立日 不晚于 2022年底",
        "2022-11-16 不晚于 成立日",
        "开门时刻 早于 9:00",
        "级别 不低于 市级",
        "（编制+残疾职工）×2 超过 50人",
    ],
)
def test_sides_that_agree(expression: str) -> None:
    assert told(requiring(expression)) == []


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("编制 不少于 50元", "编制", "50元"),
        ("50元 不超过 编制", "50元", "编制"),
        ("编制 不少于 50%", "编制", "50%"),
        ("残疾职工÷编制 不低于 2人", "残疾职工÷编制", "2人"),
        ("就业率 不低于 编制", "就业率", "编制"),
        ("经费÷编制 不低于 5万元", "经费÷编制", "5万元"),
        ("边长×边长 不超过 边长", "边长×边长", "边长"),
        ("计数（员工） 不少于 2元/人", "计数（员工）", "2元/人"),
        ("编制+经费 不少于 50人", "编制", "经费"),
        ("编制-经费 不少于 50人", "编制", "经费"),
        ("合计（员工的月薪） 不少于 编制", "合计（员工的月薪）", "编制"),
    ],
)
def test_both_sides_of_a_clash_are_underlined(expression: str, left: str, right: str) -> None:
    assert told(requiring(expression)) == [("U211", left, right)]


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("编制 不少于 2022-11-16", "编制", "2022-11-16"),
        ("成立日 不晚于 9:00", "成立日", "9:00"),
        ("级别 不低于 性质", "级别", "性质"),
        ("性质 不低于 学校", "性质", "学校"),
        ("已备案 不低于 是", "已备案", "是"),
        ("电话 不低于 电话", "电话", "电话"),
    ],
)
def test_both_sides_of_a_clash_that_are_no_numbers_are_underlined(expression: str, left: str, right: str) -> None:
    assert told(requiring(expression)) == [("U211", left, right)]


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("成立日 不晚于 9:00", ("日期", "a date"), ("时刻", "a time of day")),
        ("星期（成立日） 不低于 级别", ("星期几", "a weekday"), ("类别", "a category")),
        ("电话=主管单位", ("文本", "text"), ("引用", "a reference")),
        ("已备案=成立日", ("是否", "yes or no"), ("日期", "a date")),
    ],
)
def test_each_side_of_a_clash_that_is_no_number_says_what_it_is(
    expression: str, left: tuple[str, str], right: tuple[str, str]
) -> None:
    labels = the_problem(requiring(expression)).labels
    assert [(each.chinese, each.english) for each in labels] == [left, right]


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("成立日 不晚于 编制", "成立日", "编制"),
        ("2022-11-16 不晚于 编制", "2022-11-16", "编制"),
        ("级别 不低于 编制", "级别", "编制"),
    ],
)
def test_a_left_side_that_is_no_number_clashes_with_a_number(expression: str, left: str, right: str) -> None:
    assert told(requiring(expression)) == [("U211", left, right)]


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("计数（员工） 不少于 5元", "计数（员工）", "5元"),
        ("计数（员工） 不少于 5天", "计数（员工）", "5天"),
        ("计数（员工）×经费 不少于 5人", "计数（员工）×经费", "5人"),
        ("合计（员工的月薪）÷计数（员工） 不低于 50%", "合计（员工的月薪）÷计数（员工）", "50%"),
    ],
)
def test_a_count_is_neither_money_nor_time(expression: str, left: str, right: str) -> None:
    assert told(requiring(expression)) == [("U211", left, right)]


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [
        ("编制 不少于 50元", ("人", "people"), ("元", "yuan")),
        ("就业率 不低于 5天", ("比例或纯数", "a share or bare number"), ("天", "days")),
        ("计数（员工） 不低于 5元/人", ("个数", "a count"), ("元/人", "yuan/person")),
        ("边长×边长 不超过 边长", ("米^2", "米^2"), ("米", "metres")),
        ("就业率-去年就业率 不低于 编制", ("个百分点", "percentage_points"), ("人", "people")),
    ],
)
def test_each_side_of_a_clash_says_what_it_is(expression: str, left: tuple[str, str], right: tuple[str, str]) -> None:
    labels = the_problem(requiring(expression)).labels
    assert [(each.chinese, each.english) for each in labels] == [left, right]


def test_a_clash_names_facts_that_would_fit() -> None:
    assert "月薪" in helped(requiring("编制 不少于 50元"))
    assert "经费" in helped(requiring("编制 不少于 50元"))
    assert helped(requiring("编制 不少于 50平方米/人")) == ""


@pytest.mark.parametrize(
    ("expression", "number", "unit"),
    [("编制 不少于 50", "50", "人"), ("50 不超过 编制", "50", "人"), ("编制+5 不少于 50人", "5", "人")],
)
def test_a_number_without_unit(expression: str, number: str, unit: str) -> None:
    problem = the_problem(requiring(expression))
    assert (problem.code, [label.span.text for label in problem.labels]) == ("U212", [number])
    assert problem.values["unit"] == unit


# --- one fault each ---


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("编织 不少于 50人", ("N203", "编织")),
        ("年龄 不少于 50岁", ("N205", "年龄")),
        ("计数（城市） 不少于 1", ("N206", "城市")),
        ("计数（单位的城市） 不少于 1", ("N206", "城市")),
        ("计数（员共） 不少于 1", ("N203", "员共")),
        ("性质=学小", ("N207", "学小")),
        ("性质=县级", ("N207", "县级")),
        ("性质 属于 （学校、学小）", ("N207", "学小")),
        ("编制 不少于 50仁", ("U201", "50仁")),
        ("50人 属于 （学校）", ("U210", "学校")),
        ("星期（编制） 属于 周一", ("U207", "编制")),
        ("成立日+编制 不晚于 2022-11-16", ("U208", "成立日+编制")),
        ("成立日×2 不晚于 2022-11-16", ("U208", "成立日×2")),
        ("开门时刻+关门时刻 不晚于 9:00", ("U208", "开门时刻+关门时刻")),
        ("合计（员工的持证） 不少于 1", ("U208", "合计（员工的持证）")),
        ("合计（年度备案，2022年至2024年） 不少于 1", ("U208", "合计（年度备案，2022年至2024年）")),
        ("编制 属于 （50人、60人）", ("U210", "50人")),
        ("成立日 属于 （2022-11-16）", ("U210", "2022-11-16")),
        ("编制 属于 每年9月1日至每年10月31日", ("U214", "每年9月1日至每年10月31日")),
        ("开门时刻 属于 （每年9月1日）", ("U214", "每年9月1日")),
        ("成立日 属于 每年9月1日至2022年10月31日", ("U215", "每年9月1日至2022年10月31日")),
        ("成立日 属于 （每年9月1日、2022年10月31日）", ("U215", "2022年10月31日")),
        ("成立日 不晚于 每年10月31日", ("R238", "每年10月31日")),
        ("上期（新增就业） 不少于 1人", ("R240", "新增就业")),
        ("增幅（编制） 不低于 5%", ("R239", "编制")),
        ("增幅（新增就业） 不低于 5%", ("R205", "新增就业")),
        ("性质 属于 （周一）", ("U210", "周一")),
        ("电话 属于 （电话）", ("U210", "电话")),
        ('编制="五十"', ("U210", '"五十"')),
        ('电话 不少于 "1"', ("U210", '"1"')),
        ('性质="学校"', ("U210", '"学校"')),
        ("星期（成立日） 属于 周五至周一", ("U206", "周五至周一")),
        ("合计（新增就业，2024年至2022年） 不少于 1人", ("U206", "合计（新增就业，2024年至2022年）")),
        ("新增就业 不少于 1人", ("R205", "新增就业")),
        ("编制@2022年 不少于 1人", ("R206", "编制")),
        ("上期（编制） 不少于 1人", ("R206", "编制")),
        ("合计（编制，2022年至2024年） 不少于 1人", ("R206", "编制")),
        ("合计（编织，2022年至2024年） 不少于 1人", ("N203", "编织")),
        ("新增就业@2022年6月 不少于 1人", ("R226", "新增就业")),
        ("月产量@2022年 不少于 1件", ("R226", "月产量")),
        ("新增就业@2022年第1季度 不少于 1人", ("R226", "新增就业")),
        ("季度检查@2022年3月 不少于 1次", ("R226", "季度检查")),
        ("合计（季度检查，2023年第2季度至2023年第1季度） 不少于 1次", ("U206", "合计（季度检查，2023年第2季度至2023年第1季度）")),
        ("成立日 不晚于 当期末", ("R207", "当期末")),
        ("（编制=5人） 不少于 1人", ("R208", "（编制=5人）")),
        ("员工的年龄 不少于 18岁", ("R210", "员工")),
        ("城市的单位的编制 不少于 18人", ("R210", "城市")),
        ("编制÷增减人数 不少于 1", ("R211", "增减人数")),
        ("编制÷（编制-残疾职工） 不少于 1", ("R211", "（编制-残疾职工）")),
        ("编制÷0人 不少于 1", ("R211", "0人")),
        ("编制÷调整数 不少于 1", ("R211", "调整数")),
        ("合计（员工） 不少于 1", ("R212", "员工")),
        ("合计（员工的月薪，2022年至2024年） 不少于 1", ("R212", "员工的月薪")),
        ("编制×2", ("R213", "编制×2")),
        ("编制", ("R214", "编制")),
        ("应配人数", ("R213", "编制×2%")),
        ("编制 不少于 无", ("R215", "编制 不少于 无")),
        ("编制×2=无", ("R215", "编制×2=无")),
        ("无=成立日+5天", ("R215", "无=成立日+5天")),
    ],
)
def test_an_expression_with_a_fault(expression: str, expected: tuple[str, ...]) -> None:
    assert told(requiring(expression)) == [expected]


@pytest.mark.parametrize("amount", ["1.5天", "5人", "5", "1小时"])
def test_a_day_moves_by_whole_days_and_months(amount: str) -> None:
    assert ("U209", amount) in told(requiring(f"成立日+{amount} 不晚于 2022-11-16"))


@pytest.mark.parametrize("amount", ["1.5天", "5人", "5"])
def test_a_wrong_amount_of_days_is_told_once(amount: str) -> None:
    assert told(requiring(f"成立日+{amount} 不晚于 2022-11-16")) == [("U209", amount)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("退回金额 不少于 5元", ("R224", "退回金额")),
        ("退回金额×2 不少于 5元", ("R224", "退回金额")),
        ("退回金额+补贴金额 不少于 5元", ("R224", "退回金额")),
        ("办结日 遇休息日顺延 不晚于 2023-01-01", ("R224", "办结日")),
        ("办结日+5天 不晚于 2023-01-01", ("R224", "办结日")),
        ("办结日 属于 每年9月1日至10月31日", ("R224", "办结日")),
    ],
)
def test_what_may_be_none_is_not_compared_untested(expression: str, expected: tuple[str, ...]) -> None:
    assert told(requiring(expression, kind="申领")) == [expected]


def test_what_may_be_none_is_not_summed_over_members() -> None:
    assert told(requiring("合计（申领的退回金额） 不少于 5元")) == [("R224", "退回金额")]


@pytest.mark.parametrize(
    "text",
    [
        requiring("退回金额=无 或 退回金额 不少于 5元", kind="申领"),
        requiring("退回金额 不少于 5元", "适用情形：退回金额≠无", kind="申领"),
        requiring("退回金额 不少于 5元", "除外情形：退回金额=无", kind="申领"),
        requiring("补贴金额 不少于 5元", kind="申领"),
        requiring("合计（申领 的补贴金额） 不少于 5元"),
    ],
)
def test_what_may_be_none_is_compared_where_that_is_settled(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (requiring("编织 不少于 50人"), "编制"),
        (requiring("potss 不少于 50人"), "posts"),
        (requiring("计数（员共） 不少于 1"), "员工"),
        (requiring("面积 不少于 50平方迷"), "平方米"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest(text: str, near: str) -> None:
    assert near in helped(text)
    assert near in helped(text, "en")


def test_a_fact_of_another_subject_names_its_owner() -> None:
    problem = the_problem(requiring("年龄 不少于 50岁"))
    assert problem.values == {"name": "年龄", "kind": "单位", "owners": "员工"}


def test_a_wrong_member_is_answered_with_the_members() -> None:
    assert the_problem(requiring("性质=学小")).values["members"] == "机关、学校、医院"


def test_a_fault_on_either_side_is_told() -> None:
    assert told(requiring("编织+编知 不少于 就也率")) == [("N203", "编织"), ("N203", "编知"), ("N203", "就也率")]
    assert told(requiring("编织 不少于 50人 且 并非 电画 = 5人")) == [("N203", "编织"), ("N203", "电画")]
    assert told(requiring("编织 不少于 50人 或 已备案")) == [("N203", "编织")]


@pytest.mark.parametrize(
    "expression",
    [
        "每一 员工 满足 （年令 不少于 18岁）",
        "存在 员工 其中 （年令 不少于 18岁） 满足 （持证）",
        "计数（员工 其中 年令 不少于 18岁） 不少于 1",
        "合计（员工的月薪 其中 年令 不少于 18岁） 不少于 1元",
        "合计（员工的年令） 不少于 1岁",
        "占比（员工，年令 不少于 18岁） 不低于 1%",
        "星期（年令） 属于 周一",
        "年令 遇休息日顺延 不晚于 2022-11-16",
        "年令 属于 （学校）",
        '年令="学校"',
        "单位的年令 不少于 18岁",
        "年令=无",
        "年令",
    ],
)
def test_a_fault_inside_is_told_once(expression: str) -> None:
    expected = [("N203", "年令"), ("R215", "年令=无")] if expression == "年令=无" else [("N203", "年令")]
    assert told(requiring(expression)) == expected


def test_a_collection_with_an_unknown_kind() -> None:
    assert told(requiring("每一 员共 满足 （持证）")) == [("N203", "员共")]
    assert told(requiring("每一 单位的员共 满足 （持证）", kind="城市")) == [("N203", "员共")]


# --- what is meant ---


@pytest.mark.parametrize(
    ("expression", "values", "negated"),
    [
        ("性质=学校", {1}, False),
        ("性质≠学校", {1}, True),
        ("性质 属于 （学校、医院）", {1, 2}, False),
        ("性质 不属于 （机关）", {0}, True),
        ("级别=市级", {1}, False),
        ("已备案", {1}, False),
        ("已备案=是", {1}, False),
        ("已备案=否", {0}, False),
        ("星期（成立日） 属于 周一至周五", {1, 2, 3, 4, 5}, False),
        ("星期（成立日） 属于 （周六、周日）", {6, 7}, False),
        ("星期（成立日） 属于 （周一至周二、周日）", {1, 2, 7}, False),
        ("星期（成立日）=周日", {7}, False),
        ('电话="110"', {"110"}, False),
        ('"110"≠电话', {"110"}, True),
        ('电话 属于 （"110"、"119"）', {"110", "119"}, False),
        ('主管单位="某局"', {"某局"}, False),
        ("级别 属于 （县级 至 市级）", {0, 1}, False),
    ],
)
def test_membership(expression: str, values: set[int | str], negated: bool) -> None:
    assert member_of(expression) == (values, negated)


@pytest.mark.parametrize(
    ("expression", "low"),
    [("编制 不少于 50人", 50), ("编制 不少于 0.5万人", 5000), ("就业率 不低于 1.5%", Fraction(3, 200))],
)
def test_a_quantity_is_exact_in_base_units(expression: str, low: Fraction) -> None:
    right = comparison(expression).right
    assert isinstance(right, model.Literal_)
    assert right.value == low


def test_dates_and_times_are_days_and_minutes() -> None:
    day, time = comparison("成立日 不晚于 2022年6月底").right, comparison("开门时刻 早于 9:30").right
    assert isinstance(day, model.Literal_)
    assert isinstance(time, model.Literal_)
    assert (day.value, time.value) == (date(2022, 6, 30).toordinal(), 570)


def test_a_comparison_keeps_its_sides_and_its_word() -> None:
    found = comparison("50人 不超过 编制")
    assert isinstance(found.left, model.Literal_)
    assert isinstance(found.right, model.FactTerm)
    assert (found.relation, found.word) == ("at_most", "at_most")
    assert comparison("成立日 不晚于 2022年底").word == "no_later_than"


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("+5天", 5, "day"),
        ("-5日", -5, "day"),
        ("+2周", 14, "day"),
        ("+5个工作日", 5, "workday"),
        ("-5个工作日", -5, "workday"),
        ("+3个月", 3, "month"),
        ("+2季度", 6, "month"),
        ("+1年", 12, "month"),
    ],
)
def test_a_day_some_time_after(written: str, amount: int, unit: str) -> None:
    term = value(f"成立日{written}")
    assert isinstance(term, model.DateShift)
    assert (term.amount, term.unit, term.type) == (amount, unit, model.DateType())


def test_a_day_rolled_over_rest_days() -> None:
    term = value("成立日+5天 遇休息日顺延")
    assert isinstance(term, model.RolledDate)
    assert isinstance(term.term, model.DateShift)
    assert term.type == model.DateType()


@pytest.mark.parametrize(
    ("expression", "kind", "up"),
    [
        ("编制", "单位", 0),
        ("编制", "员工", 1),
        ("户籍人口", "员工", 2),
        ("城市的户籍人口", "单位", 1),
        ("城市的户籍人口", "员工", 2),
        ("单位的编制", "员工", 1),
        ("单位的编制", "单位", 0),
        ("单位的户籍人口", "员工", 2),
    ],
)
def test_a_fact_of_a_subject_above(expression: str, kind: str, up: int) -> None:
    term = value(expression, kind=kind)
    assert isinstance(term, model.FactTerm)
    assert (term.up, term.period) == (up, None)


@pytest.mark.parametrize(
    ("expression", "clauses", "period"),
    [
        ("新增就业@2022年", (), "2022"),
        ("月产量@2022年6月", (), "2022-06"),
        ("新增就业", ("周期：每年",), 0),
        ("上期（新增就业）", ("周期：每年",), -1),
        ("新增就业@2022年", ("周期：每年",), "2022"),
        ("季度检查@2022年第4季度", (), "2022-Q4"),
    ],
)
def test_the_period_of_a_fact(expression: str, clauses: tuple[str, ...], period: object) -> None:
    term = value(expression, *clauses)
    assert isinstance(term, model.FactTerm)
    assert term.period == period


def test_a_periodic_fact_needs_a_rule_of_the_same_period() -> None:
    assert told(requiring("新增就业 不少于 1人", "周期：每月")) == [("R205", "新增就业")]


@pytest.mark.parametrize(
    ("expression", "periods"),
    [
        ("合计（新增就业，2022年至2024年）", ("2022", "2023", "2024")),
        ("合计（新增就业，2022年至2022年）", ("2022",)),
        ("合计（季度检查，2022年第3季度至2023年第2季度）", ("2022-Q3", "2022-Q4", "2023-Q1", "2023-Q2")),
        ("合计（月产量，2022年11月至2023年2月）", ("2022-11", "2022-12", "2023-01", "2023-02")),
    ],
)
def test_a_total_over_periods(expression: str, periods: tuple[str, ...]) -> None:
    term = value(expression)
    assert isinstance(term, model.PeriodTotal)
    assert term.periods == periods


@pytest.mark.parametrize(
    ("clauses", "expression", "expected"),
    [
        ("周期：每月", "成立日 不晚于 每年10月31日", ("R238", "每年10月31日")),
        ("周期：每季度", "成立日 不晚于 每年10月31日+5天", ("R238", "每年10月31日")),
        ("周期：每年", "增加（编制） 不少于 1人", ("R239", "编制")),
        ("周期：每年", "增加（新增就业+1人） 不少于 1人", ("R239", "新增就业+1人")),
        ("周期：每年", "降幅（新增就业@2022年） 不低于 5%", ("R239", "新增就业@2022年")),
        ("周期：每年", "增幅（年度备案） 不低于 5%", ("U208", "年度备案")),
        ("周期：每年", "降幅（盈亏） 不低于 5%", ("R211", "盈亏")),
        ("周期：每年", "增加（新增就业） 不少于 5%", ("U211", "增加（新增就业）", "5%")),
        ("周期：每年", "增幅（新增就业） 不低于 5人", ("U211", "增幅（新增就业）", "5人")),
        ("周期：每月", "上期（新增就业） 不少于 1人", ("R240", "新增就业")),
    ],
)
def test_a_fault_in_a_rule_of_every_period(clauses: str, expression: str, expected: tuple[str, ...]) -> None:
    assert told(requiring(expression, clauses))[0] == expected


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("增幅（新增就业）", "%"),
        ("降幅（新增就业）", "%"),
        ("增加（新增就业）", "人"),
        ("增加（达标率）", "个百分点"),
        ("增加（盈亏）", "万元"),
    ],
)
def test_a_change_is_a_share_or_measured_as_the_fact_is(expression: str, unit: str) -> None:
    found = value(expression, "周期：每年")
    assert isinstance(found, model.Change)
    assert unit_of(expression, "周期：每年") == unit
    periods = [term.period for term in facts_of(found.term)]
    assert (found.fact.period, periods[:2]) == (0, [-1, 0] if "降幅" in expression else [0, -1])


@pytest.mark.parametrize(
    ("expression", "seasons"),
    [
        ("成立日 属于 每年9月1日至每年10月31日", (((9, 1), (10, 31)),)),
        ("成立日 属于 每年11月1日至2月29日", (((11, 1), (2, 29)),)),
        ("成立日 属于 每年5月4日", (((5, 4), (5, 4)),)),
        ("成立日 属于 （每年3月1日至4月30日、每年9月1日）", (((3, 1), (4, 30)), ((9, 1), (9, 1)))),
    ],
)
def test_a_stretch_of_the_year(expression: str, seasons: tuple[model.Season, ...]) -> None:
    found = condition(expression)
    assert isinstance(found, model.InSeason)
    assert (found.seasons, found.negated) == (seasons, False)


def test_a_day_of_the_year_judged() -> None:
    due = limb(requiring("已备案", "周期：每年", "完成时限：每年10月31日+5个工作日")).due
    assert isinstance(due, model.DateShift)
    assert isinstance(due.term, model.AnnualDay)
    assert (due.term.month, due.term.day) == (10, 31)


def test_the_end_of_the_period() -> None:
    assert isinstance(value("当期末", "周期：每年"), model.PeriodEnd)


def test_members_of_members_and_of_a_subject_above() -> None:
    every = condition("每一 单位的员工 其中 （持证） 满足 （年龄 不少于 18岁）", kind="城市")
    assert isinstance(every, model.Every)
    assert ([kind.id for kind in every.members.kinds], every.members.up) == (["unit", "worker"], 0)
    assert isinstance(every.members.where, model.Member)
    some = condition("存在 员工 满足 （持证）", kind="申领")
    assert isinstance(some, model.Some)
    assert ([kind.id for kind in some.members.kinds], some.members.up, some.members.where) == (["worker"], 1, None)


def test_a_constant_may_stand_first() -> None:
    found = comparison("是≠已备案")
    assert found.relation == "unequal"
    assert isinstance(found.left, model.Literal_)
    assert isinstance(found.right, model.FactTerm)


def test_conditions_joined_and_turned() -> None:
    test = condition("已备案 且 （性质=学校 或 并非 级别=市级）")
    assert isinstance(test, model.AllOf)
    assert isinstance(test.parts[0], model.Member)
    assert isinstance(test.parts[1], model.AnyOf)
    assert isinstance(test.parts[1].parts[1], model.Not)


@pytest.mark.parametrize(("expression", "negated"), [("办结日=无", False), ("办结日≠无", True), ("无=办结日", False)])
def test_nothing_reported(expression: str, negated: bool) -> None:
    test = condition(expression, kind="申领")
    assert isinstance(test, model.IsNone)
    assert (test.fact.fact.id, test.negated) == ("finished_on", negated)


def test_a_parameter_is_looked_up_at_the_day_of_the_event() -> None:
    at_event, at_worker = value("标准比例", kind="申领"), value("标准比例", kind="员工")
    assert isinstance(at_event, model.ParameterTerm)
    assert isinstance(at_worker, model.ParameterTerm)
    assert at_event.day is not None
    assert (at_event.day.fact.id, at_event.day.up, at_worker.day) == ("accepted_on", 0, None)


@pytest.mark.parametrize(
    "divisor",
    [
        "编制",
        "50人",
        "计数（员工）",
        "不同（员工的工种）",
        "合计（员工的年龄）",
        "占比（员工，持证）",
        "标准比例",
        "合计（新增就业，2022年至2024年）",
        "新增就业@2022年",
        "（编制+残疾职工）",
        "（编制×残疾职工）",
        "（编制÷残疾职工）",
    ],
)
def test_what_may_divide(divisor: str) -> None:
    assert isinstance(value(f"残疾职工÷{divisor}"), model.Quotient)


# --- definitions ---


def test_a_definition_is_put_in_its_place() -> None:
    assert repr(condition("大单位")) == repr(condition("编制 不少于 50人"))
    assert repr(value("应配人数")) == repr(value("编制×2%"))
    assert repr(condition("大单位 且 已备案")) == repr(condition("编制 不少于 50人 且 已备案"))


def test_a_definition_is_found_from_below() -> None:
    test = condition("大单位", kind="员工")
    assert isinstance(test, model.Compare)
    assert isinstance(test.left, model.FactTerm)
    assert test.left.up == 1


def definition(name: str, means: str, of: str = "单位") -> str:
    return f"定义：{name}\n  所属对象：{of}\n  含义：{means}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (definition("甲数 / first", "甲数+5人"), [("R209", "甲数")]),
        (definition("甲类 / first", "并非 甲类"), [("R209", "甲类")]),
        (definition("甲数 / first", "编织+5人"), [("N203", "编织")]),
        (definition("甲数 / first", "编制+5元"), [("U211", "编制", "5元")]),
        (definition("甲数 / first", "编制", of="单立"), [("N203", "单立")]),
        ("定义：甲数 / first\n  所属对象：单位\n", [("R201", "甲数 / first")]),
        ("定义：甲数 / first\n  含义：编制\n", [("R201", "甲数 / first")]),
        (definition("甲数 / first", "乙数") + definition("乙数 / second", "甲数"), [("R209", "乙数"), ("R209", "甲数")]),
    ],
)
def test_a_definition_with_a_fault(text: str, expected: list[tuple[str, ...]]) -> None:
    assert sorted(told(text)) == sorted(expected)


def nested(levels: int) -> str:
    """Definitions of which each adds one to the one before, the last as many levels deep, and a rule that uses it."""
    names = ["编制", *(f"甲{''.join('零一二三四五六七八九'[int(digit)] for digit in str(level))}" for level in range(levels))]
    english = (f"level_{'i' * level}x" for level in range(levels))
    pairs = zip(names[1:], english, names, strict=False)
    text = "".join(definition(f"{name} / {other}", f"{before}+1人") for name, other, before in pairs)
    return text + requiring(f"{names[-1]} 不少于 5人")


@pytest.mark.parametrize(("levels", "expected"), [(1, []), (50, []), (51, [("R237", "甲零")])])
def test_definitions_nest_only_so_deep(levels: int, expected: list[tuple[str, ...]]) -> None:
    assert told(nested(levels)) == expected


def test_a_definition_that_means_nothing_is_told_where_it_stands() -> None:
    text = "定义：甲数 / first\n  所属对象：单位\n" + requiring("甲数 不少于 5人")
    assert set(told(text)) == {("R201", "甲数 / first")}


def test_a_definition_of_several_subjects_is_read_for_each() -> None:
    assert told(definition("甲数 / first", "编制+5人", of="单位、员工")) == []
    assert told(definition("甲数 / first", "年龄+5岁", of="员工、单位")) == [("N205", "年龄")]


# --- several at once ---


def test_a_fault_in_a_definition_is_told_once_however_often_it_is_used() -> None:
    text = definition("甲类 / first", "编织 不少于 5人") + requiring("甲类 且 大单位", "适用情形：甲类", "除外情形：甲类")
    assert told(text) == [("N203", "编织")]


def test_a_limb_without_fault_is_as_written() -> None:
    assert repr(limb(requiring("已备案")).requirement) == repr(condition("已备案=是"))
    rules, problems = resolved(requiring("编织 不少于 5人"))
    assert ([each.code for each in problems], rules.rules) == (["N203"], ())
