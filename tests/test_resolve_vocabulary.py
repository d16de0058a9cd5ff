"""What declarations of subjects, facts and parameters mean, and what is said where they are wrong."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rulecheck.rules import model
from rulecheck.rules.model import Between, Bilingual, Exactly
from support_resolve import accepted, helped, resolved, the_problem, told


def fact_text(*clauses: str, name: str = "新事实 / new_fact", of: str = "单位") -> str:
    return "\n  ".join([f"事实：{name}", f"所属对象：{of}", *clauses]) + "\n"


def fact(*clauses: str) -> model.Fact:
    return accepted(fact_text(*clauses)).facts["new_fact"]


def parameter_text(*clauses: str, type_: str = "数量（人）") -> str:
    return "\n  ".join(["参数：新参数 / new_parameter", f"类型：{type_}", '来源："某令" / "an order"', *clauses]) + "\n"


def parameter(*clauses: str, type_: str = "数量（人）") -> model.Parameter:
    return accepted(parameter_text(*clauses, type_=type_)).parameters["new_parameter"]


def parameter_value(written: str, type_: str) -> object:
    return parameter(f"取值：{written}", type_=type_).values[0].value


def day(year: int, month: int, day_of_month: int) -> int:
    return date(year, month, day_of_month).toordinal()


# --- names ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对象：工厂 / unit", [("N201", "unit", "单位 / unit")]),
        ("对象：单位 / unit", [("N201", "unit", "单位 / unit")]),
        ("对象：单位 / company", [("N202", "单位", "单位 / unit")]),
        (fact_text("类型：类别（机关 / bureau、其他 / other）"), [("N202", "机关", "机关 / organ"), ("N203", "bureau")]),
        ("对象：名称 / title_of_it", [("N210", "名称")]),
        ("对象：编号 / id", [("N210", "编号"), ("N210", "id")]),
        (fact_text("类型：是否", name="地区 / area_of_it"), [("N210", "地区")]),
    ],
)
def test_a_name_stands_for_one_thing(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [each for each in told(text) if each[0] != "R203"] == expected


def test_a_name_that_is_taken_names_the_pair_it_belongs_to() -> None:
    assert the_problem("对象：单位 / company").values == {"name": "单位", "other": "unit"}


def test_a_member_may_be_shared_by_several_facts() -> None:
    shared = accepted(fact_text("类型：类别（机关 / organ、其他 / other）")).facts["new_fact"].type
    assert shared == model.CategoryType((Bilingual("机关", "organ"), Bilingual("其他", "other")), is_ranked=False)


def test_a_word_of_submissions_may_name_a_parameter() -> None:
    assert told('参数：名单 / roster\n  类型：是否\n  来源："某令"\n  取值：是\n') == []


@pytest.mark.parametrize(
    ("text", "underlined", "near"),
    [
        ("对象：科室 / office\n  上级：单立\n", "单立", "单位"),
        ("对象：科室 / office\n  上级：unti\n", "unti", "unit"),
        (fact_text("类型：是否", of="员公"), "员公", "员工"),
        (fact_text("类型：引用（城镇）"), "城镇", "城市"),
        (fact_text("类型：引用（编制）"), "编制", ""),
        ("对象：科室 / office\n  发生日：成立\n", "成立", "成立日"),
        (fact_text("类型：类别（机关、学小、医院）"), "学小", "学校"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(text: str, underlined: str, near: str) -> None:
    assert told(text) == [("N203", underlined)]
    assert near in helped(text)
    assert near in helped(text, "en")


def test_a_name_that_resembles_nothing_has_no_help() -> None:
    assert helped("对象：科室 / office\n  上级：xyz\n") == ""


# --- subjects ---


def test_a_subject_has_its_facts_its_members_and_its_parent() -> None:
    rules = accepted(
        '对象：科室 / office\n  上级：单位\n  敏感：是\n  说明："内设" / "internal"\n'
        + fact_text("类型：日期", name="设立日 / set_up", of="科室、单位")
    )
    office, unit = rules.kinds["office"], rules.kinds["unit"]
    assert (office.zh, office.parent, office.sensitive, office.occurs_on) == ("科室", "unit", True, None)
    assert office.note == Bilingual("内设", "internal")
    assert office.slots == {"set_up": 0}
    assert set(unit.children) == {"worker", "claim", "office"}
    assert "set_up" in unit.slots
    assert rules.facts["set_up"].kinds == ("office", "unit")
    assert rules.kinds["claim"].occurs_on == "accepted_on"
    assert rules.names["科室"] == "office"


def test_a_subject_is_not_above_itself() -> None:
    text = "对象：村 / village\n  上级：组\n对象：组 / group\n  上级：村\n"
    problem = the_problem(text)
    assert (problem.code, problem.labels[0].span.text) == ("R202", "村 / village")
    assert problem.values == {"names": "village → group → village"}


def test_a_subject_part_of_itself_is_a_circle() -> None:
    assert told("对象：村 / village\n  上级：村\n") == [("R202", "村 / village")]


def test_a_subject_is_part_of_one_other() -> None:
    assert told("对象：科室 / office\n  上级：单位、城市\n") == [("R225", "城市")]


def test_an_event_occurs_on_a_date_of_its_own() -> None:
    assert told("对象：科室 / office\n  发生日：编制\n") == [("N203", "编制")]


# --- facts ---


def test_a_fact_says_whose_and_what_it_is() -> None:
    assert told("事实：新事实 / new_fact\n  类型：是否\n") == [("R201", "新事实 / new_fact")]
    assert the_problem("事实：新事实 / new_fact\n  类型：是否\n").values == {"label_zh": "所属对象", "label_en": "Of"}
    assert told(fact_text()) == [("R201", "新事实 / new_fact")]
    assert the_problem(fact_text()).values == {"label_zh": "类型", "label_en": "Type"}


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("日期", model.DateType()),
        ("时刻", model.TimeType()),
        ("是否", model.YesNoType()),
        ("文本", model.TextType()),
        ("引用（单位）", model.ReferenceType("unit")),
    ],
)
def test_types(type_: str, expected: model.Type) -> None:
    assert fact(f"类型：{type_}").type == expected


def test_a_category_has_its_members_in_order() -> None:
    ranked = fact("类型：等级（乡级 / town_level、省级 / province_level）").type
    assert ranked == model.CategoryType(
        (Bilingual("乡级", "town_level"), Bilingual("省级", "province_level")), is_ranked=True
    )


def test_a_category_of_one_is_none() -> None:
    assert told(fact_text("类型：类别（机关）")) == [("R203", "类别（机关）")]


def test_an_unknown_unit_is_answered_with_the_nearest() -> None:
    text = fact_text("类型：数量（平方迷）")
    assert told(text) == [("U201", "数量（平方迷）")]
    assert "平方米" in helped(text)


@pytest.mark.parametrize(
    ("clauses", "step", "minimum", "maximum"),
    [
        (("类型：数量（人）",), Fraction(1), 0, None),
        (("类型：数量（万元）",), Fraction(10_000), 0, None),
        (("类型：数量（万元）", "步长：1元", "范围：0元至1万元"), Fraction(1), 0, 10_000),
        (("类型：比例",), Fraction(1, 10_000), 0, None),
        (("类型：比例", "步长：1%", "范围：0%至100%"), Fraction(1, 100), 0, 100),
        (("类型：数量（人）", "范围：不低于 5人"), Fraction(1), 5, None),
        (("类型：数量（人）", "范围：不超过 5人"), Fraction(1), None, 5),
        (("类型：数量（人）", "范围：5人至5人"), Fraction(1), 5, 5),
        (("类型：日期", "范围：2022-01-01至2022-12-31"), Fraction(1), day(2022, 1, 1), day(2022, 12, 31)),
        (("类型：日期",), Fraction(1), None, None),
        (("类型：时刻",), Fraction(1), 0, 1440),
        (("类型：是否",), Fraction(1), 0, 1),
        (("类型：类别（机关、学校、医院）",), Fraction(1), 0, 2),
        (("类型：文本",), Fraction(1), None, None),
    ],
)
def test_values_are_whole_steps_within_a_range(
    clauses: tuple[str, ...], step: Fraction, minimum: int | None, maximum: int | None
) -> None:
    found = fact(*clauses)
    assert (found.step, found.minimum, found.maximum) == (step, minimum, maximum)


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (("类型：数量（人）", "步长：0人"), ("U204", "步长：0人")),
        (("类型：数量（人）", "步长：1元"), ("U202", "1元")),
        (("类型：数量（人）", "步长：1"), ("U202", "1")),
        (("类型：数量（人）", "步长：1仁"), ("U201", "1仁")),
        (("类型：数量（人）", "步长：是"), ("U203", "是")),
        (("类型：数量（人）", "范围：0元至5人"), ("U202", "0元")),
        (("类型：数量（人）", "步长：2人", "范围：0人至5人"), ("U205", "范围：0人至5人")),
        (("类型：数量（人）", "步长：2人", "范围：1人至4人"), ("U205", "范围：1人至4人")),
        (("类型：数量（人）", "范围：5人至4人"), ("U206", "范围：5人至4人")),
        (("类型：数量（人）", "步长：2人", "可以为无：是", "无计为：3人"), ("U205", "无计为：3人")),
        (("类型：数量（人）", "可以为无：是", "无计为：3元"), ("U202", "3元")),
        (("类型：类别（机关、学校）", "可以为无：是", "无计为：医院"), ("U203", "医院")),
        (("类型：数量（人）", "可整改：只增"), ("R223", "事实：新事实 / new_fact")),
    ],
)
def test_a_fact_with_a_fault(clauses: tuple[str, ...], expected: tuple[str, ...]) -> None:
    (found,) = told(fact_text(*clauses))
    assert (found[0], found[1].splitlines()[0]) == expected


def test_a_unit_of_another_kind_names_both() -> None:
    assert the_problem(fact_text("类型：数量（人）", "步长：1元")).values == {"unit": "元", "declared": "人"}
    assert the_problem(fact_text("类型：数量（人）", "步长：1")).values == {"unit": "—", "declared": "人"}


@pytest.mark.parametrize(
    ("type_", "written", "steps"),
    [
        ("数量（人）", "3人", 3),
        ("数量（万元）", "2万元", 2),
        ("是否", "否", 0),
        ("是否", "是", 1),
        ("类别（机关、学校、医院）", "医院", 2),
        ("时刻", "8:30", 510),
        ("日期", "2022-11-16", day(2022, 11, 16)),
    ],
)
def test_what_none_counts_as(type_: str, written: str, steps: int) -> None:
    found = fact(f"类型：{type_}", "可以为无：是", f"无计为：{written}")
    assert (found.may_be_none, found.none_is) == (True, steps)


@pytest.mark.parametrize(
    ("written", "expected"), [("只增", "increase"), ("只减", "decrease"), ("可增减", "either")]
)
def test_which_way_a_fact_can_be_changed(written: str, expected: str) -> None:
    found = fact("类型：数量（人）", f"可整改：{written}", '整改措施："增加" / "add"')
    assert (found.changeable, found.action) == (expected, Bilingual("增加", "add"))


@pytest.mark.parametrize(("written", "expected"), [("每年", "year"), ("每季度", "quarter"), ("每月", "month")])
def test_how_often_a_fact_is_reported(written: str, expected: str) -> None:
    assert fact("类型：数量（人）", f"周期：{written}").every == expected


def test_what_is_not_said_of_a_fact_is_not_so() -> None:
    found = fact("类型：数量（人）", "敏感：否", '提问："几人" ')
    assert (found.every, found.changeable, found.action, found.none_is) == (None, None, None, None)
    assert (found.may_be_none, found.sensitive, found.note) == (False, False, None)
    assert found.question == Bilingual("几人", "几人")


# --- parameters ---


@pytest.mark.parametrize(
    ("type_", "written", "expected"),
    [
        ("数量（人）", "50人", Exactly(Fraction(50))),
        ("数量（人）", "0.5万人", Exactly(Fraction(5000))),
        ("比例", "1.5%", Exactly(Fraction(3, 200))),
        ("数量（人）", "不低于 50人", Between(Fraction(50), None)),
        ("数量（人）", "不超过 50人", Between(None, Fraction(50))),
        ("数量（人）", "50人至60人", Between(Fraction(50), Fraction(60))),
        ("时刻", "17:30", Exactly(Fraction(1050))),
        ("日期", "2023年2月底", Exactly(Fraction(day(2023, 2, 28)))),
        ("日期", "2024年底", Exactly(Fraction(day(2024, 12, 31)))),
        ("是否", "是", Exactly(Fraction(1))),
        ("类别（机关、学校）", "学校", Exactly(Fraction(1))),
        ("数量（人）", "待明确", None),
    ],
)
def test_what_a_parameter_is_set_to(type_: str, written: str, expected: object) -> None:
    assert parameter_value(written, type_) == expected


def test_where_and_when_a_value_holds() -> None:
    rows = parameter(
        "取值：黄石市，2022年1月1日至2022年12月31日，50人，未确认",
        "取值：2023年1月1日起，60人，已确认",
        "取值：每年5月1日至9月30日，70人",
        "取值：80人",
    ).values
    assert [each.place.english if each.place else None for each in rows] == ["huangshi", None, None, None]
    assert [(each.start, each.end) for each in rows] == [
        (day(2022, 1, 1), day(2022, 12, 31)),
        (day(2023, 1, 1), None),
        (None, None),
        (None, None),
    ]
    assert [each.season for each in rows] == [None, None, ((5, 1), (9, 30)), None]
    assert [each.is_confirmed for each in rows] == [False, True, True, True]


def test_a_parameter_has_a_range_and_a_source() -> None:
    found = parameter("范围：10人至20人", "取值：15人")
    assert (found.minimum, found.maximum) == (10, 20)
    assert found.source == Bilingual("某令", "an order")
    assert (found.zh, parameter("取值：15人").minimum, parameter("取值：15人").maximum) == ("新参数", None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("参数：新参数 / new_parameter\n  类型：是否\n  取值：是\n", ("R204", "新参数 / new_parameter")),
        ('参数：新参数 / new_parameter\n  来源："某令"\n  取值：是\n', ("R201", "新参数 / new_parameter")),
        (parameter_text("取值：仙市，5人"), ("N204", "仙市")),
        (parameter_text("取值：5元"), ("U202", "5元")),
        (parameter_text("取值：不低于 5元"), ("U202", "5元")),
        (parameter_text("取值：5仁"), ("U201", "5仁")),
        (parameter_text("取值：是"), ("U203", "是")),
        (parameter_text("取值：2022年", type_="日期"), ("U203", "2022年")),
        (parameter_text("取值：机关", type_="类别（学校、医院）"), ("U203", "机关")),
    ],
)
def test_a_parameter_with_a_fault(text: str, expected: tuple[str, ...]) -> None:
    assert told(text) == [expected]


# --- several at once ---


def test_every_fault_of_a_file_is_told_once_and_in_the_order_of_the_text() -> None:
    text = (
        "对象：科室 / office\n  上级：单立\n"
        + fact_text("类型：数量（人）", "步长：1元")
        + "参数：新参数 / new_parameter\n  类型：是否\n  取值：仙市，是\n"
    )
    assert told(text) == [("N203", "单立"), ("U202", "1元"), ("R204", "新参数 / new_parameter"), ("N204", "仙市")]


def test_a_fault_in_one_file_leaves_the_others_as_they_are() -> None:
    rules, problems = resolved("对象：科室 / office\n  上级：单立\n")
    assert {each.file for each in problems} == {"new.rule"}
    assert (rules.kinds["office"].parent, rules.kinds["unit"].parent) == (None, "city")
