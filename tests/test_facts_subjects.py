"""Keys and structure: names in both languages, headers, nesting, rosters."""

from __future__ import annotations

from datetime import date

import pytest

from rulecheck.submission import Submission
from support_facts import (
    CITY,
    COUNTY,
    advice,
    codes,
    fault_of,
    faults,
    only,
    shown,
    text_of,
    the_fault,
    value,
    yaml,
)


def test_either_language_gives_the_same() -> None:
    zh = only(yaml("截至: 2023年12月31日\n地区: 黄石市\n单位:\n  - {编号: A1, 名称: 甲局, 编制: 50人, 单位类别: 机关}\n"))
    en = only(yaml("as_of: 2023-12-31\nplace: huangshi\nunit:\n  - {id: A1, name: 甲局, posts: 50 people, category: organ}\n"))
    assert zh.values == en.values
    assert (zh.id, zh.name, zh.place, zh.as_of) == (en.id, en.name, en.place, en.as_of)
    assert (zh.place, zh.as_of) == (CITY, date(2023, 12, 31).toordinal())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [("编号: 012\n    名称: 甲", ("012", "甲")), ("编号: 012", ("012", "012")), ("名称: 甲", ("甲", "甲"))],
)
def test_the_id_is_the_number_else_the_name(lines: str, expected: tuple[str, str]) -> None:
    subject = only(yaml(f"单位:\n  - {lines}\n"))
    assert (subject.id, subject.name) == expected


@pytest.mark.parametrize("lines", ["编制: 5", "编号: /\n    编制: 5", "名称:\n    编制: 5"])
def test_neither_number_nor_name(lines: str) -> None:
    assert the_fault(yaml(f"单位:\n  - {lines}\n")).code == "F210"


def test_one_mapping_is_one_subject() -> None:
    assert only(yaml("单位: {名称: 甲, 编制: 5}")).name == "甲"


def test_an_unknown_fact_gets_the_nearest() -> None:
    fault = fault_of("编职", "5")
    assert fault.code == "F202"
    assert "编制" in advice(fault)
    assert "posts" in advice(fault_of("post", "5"))


def test_an_unknown_kind_gets_the_nearest() -> None:
    fault = the_fault(yaml("单为:\n  - 名称: 甲\n"))
    assert fault.code == "F201"
    assert "单位" in advice(fault)


def test_a_fact_of_another_kind_names_its_kinds() -> None:
    fault = fault_of("人口", "5")
    assert fault.code == "F204"
    assert "镇、学校" in text_of(fault)


def test_both_names_of_one_fact() -> None:
    fault = the_fault(yaml("单位:\n  - 名称: 甲\n    编制: 5\n    posts: 5\n"))
    assert fault.code == "F209"
    assert "“编制”（第3行）" in text_of(fault)


@pytest.mark.parametrize(
    ("key", "code", "character"),
    [
        ("pоsts", "F203", "U+043E"),  # a Cyrillic o
        ("ｐosts", "F203", "U+FF50"),
        ("⾯积", "F203", "U+2FAF"),  # a radical
        ("编制\u200b", "F112", "U+200B"),
        ("\u202e编制", "F112", "U+202E"),
        ("Posts", "F203", "U+0050"),
    ],
)
def test_keys_that_only_look_right(key: str, code: str, character: str) -> None:
    fault = fault_of(f'"{key}"', "5")
    assert fault.code == code
    assert character in text_of(fault)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("编制: 5\n", "F206"),
        ("单位:\n  - 甲局\n", "F211"),
        ("单位: 甲局\n", "F215"),
        ("截至: [2023年1月1日]\n单位: 空\n", "F213"),
        ("截至: 明天\n单位: 空\n", "U830"),
        ("地区: 黄百市\n单位: 空\n", "F219"),
        ("名称: 甲局\n单位: 空\n", "F222"),
        ("记录: []\n单位: 空\n", "F208"),
        ("records: []\n单位: 空\n", "F208"),
        ("单位:\n  - 名称: 甲\n    记录: []\n", "F208"),
        ("单位:\n  - 名称: 甲\n    核查对象: 单位\n", "F222"),
        ("单位:\n  - 名称: 甲\n    上级: 乙\n", "F226"),
        ("单位:\n  - 名称: 甲\n    镇: []\n", "F205"),
        ("镇:\n  - 名称: 甲\n    学校: [{名称: 一小, 上级: 甲}]\n", "F218"),
        ("镇:\n  - 名称: 甲\n    学校: 一小\n", "F212"),
        ("镇:\n  - 名称: 甲\n    学校: [一小]\n", "F211"),
        ("镇:\n  - 名称: 甲\n    学校: {未报全: 是}\n", "F216"),
        ("镇:\n  - 名称: 甲\n    学校: {未报全: 是, 名单: [], 人口: 1}\n", "F216"),
        ("镇:\n  - 名称: 甲\n    学校: {未报全: 也许, 名单: []}\n", "U838"),
        ("单位:\n  - 名称: 甲\n    说明理由: 没有\n", "F228"),
        ("单位:\n  - 名称: 甲\n    说明理由: {至少安排两人: 没有}\n", "F221"),
        ("截至: 2023年1月1日\n", "F229"),
        ("单位:\n", "F229"),
        ("", "F113"),
        ("# 只有注释\n", "F113"),
    ],
)
def test_structure(text: str, code: str) -> None:
    fault = the_fault(yaml(text))
    assert fault.code == code, shown(yaml(text))
    assert advice(fault)


def test_an_unknown_place_gets_the_nearest() -> None:
    assert "黄石" in advice(the_fault(yaml("地区: 黄石县\n单位: 空\n")))


def test_a_declared_emptiness_is_no_fault() -> None:
    submission = yaml("申领: 空\n单位: []\n")
    assert codes(submission) == []
    assert submission.subjects["claim"] == ()


def test_ignored_keys_are_reported_not_guessed() -> None:
    submission = yaml("备注: 无\n单位:\n  - 名称: 甲\n    备注: 无\n")
    assert [(warning.code, warning.severity) for warning in submission.warnings] == [("F207", "warning")] * 2
    assert codes(submission) == []


def test_a_units_own_reasons_are_kept_by_rule() -> None:
    text = "单位:\n  - 名称: 甲\n    说明理由: {至少安排一人: 正在招聘, reports_yearly: /}\n"
    assert only(yaml(text)).reasons == {"employs_one": "正在招聘"}


def test_a_sensitive_kind_is_not_named_in_messages() -> None:
    text = "单位:\n  - 名称: 甲\n    残疾职工: [{名称: 张三丰}, {名称: 张三丰}]\n"
    fault = the_fault(yaml(text))
    assert fault.code == "F407"
    assert "张三" not in text_of(fault)


# --- rosters ---


def roster(written: str) -> tuple[list[str], bool] | None:
    town = only(yaml(f"镇:\n  - 名称: 甲镇\n    学校: {written}\n"), "town")
    found = town.rosters[town.kind.children["school"]]
    return None if found is None else ([each.name for each in found.members], found.is_complete)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[{名称: 一小}, {名称: 二小}]", (["一小", "二小"], True)),
        ("{名称: 一小}", (["一小"], True)),
        ("{未报全: 是, 名单: [{名称: 一小}]}", (["一小"], False)),
        ("{incomplete: yes, list: [{名称: 一小}]}", (["一小"], False)),
        ("{未报全: 否, 名单: [{名称: 一小}]}", (["一小"], True)),
        ("{未报全: 是, 名单: []}", ([], False)),
        ("[]", ([], True)),
        ("空", ([], True)),
        ("无", ([], True)),
        ("empty", ([], True)),
        ("none", ([], True)),
        ("", None),
        ("/", None),
        ("~", None),
    ],
)
def test_rosters(written: str, expected: tuple[list[str], bool] | None) -> None:
    assert roster(written) == expected


def test_a_roster_that_nobody_mentions_is_untold() -> None:
    town = only(yaml("镇:\n  - 名称: 甲镇\n"), "town")
    assert town.rosters == [None]


NESTED = """\
地区: 黄石市
镇:
  - 名称: 甲镇
    地区: 阳新县
    学校:
      - 名称: 一小
        人口: 100
        班级: [{名称: 一班}, {名称: 二班}]
      - 名称: 二小
        地区: 黄石市
  - 名称: 乙镇
    学校:
      - 名称: 一小
"""


def nested() -> Submission:
    submission = yaml(NESTED)
    assert codes(submission) == []
    return submission


def test_members_know_their_parents_and_are_subjects_themselves() -> None:
    submission = nested()
    assert [each.name for each in submission.subjects["school"]] == ["一小", "二小", "一小"]
    assert [each.parent.name for each in submission.subjects["school"] if each.parent] == ["甲镇", "甲镇", "乙镇"]
    form = submission.subjects["form"][0]
    assert form.parent is submission.subjects["school"][0]
    assert form.parent is not None
    assert value(form.parent, "people") == 100


def test_the_place_is_its_own_else_its_parents_else_the_files() -> None:
    submission = nested()
    assert [each.place for each in submission.subjects["town"]] == [COUNTY, CITY]
    assert [each.place for each in submission.subjects["school"]] == [COUNTY, CITY, CITY]
    assert [each.place for each in submission.subjects["form"]] == [COUNTY, COUNTY]


def test_members_of_one_parent_have_different_names() -> None:
    text = "镇:\n  - 名称: 甲镇\n    学校: [{名称: 一小}, {名称: 一小}]\n"
    assert codes(yaml(text)) == ["F407"]
    assert len(faults(yaml(text))) == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ('名称: "甲\\t局"', "F112"),
        ("名称: 甲\n    地区: 黄百市", "F219"),
        ('名称: 甲\n    地区: "黄石市\\u200b"', "F112"),
        ("名称: 甲\n    截至: 2023年", "U833"),
        ("名称: 甲\n    未报全: 是", "F222"),
        ("名称: 甲\n    名称@2022年: 乙", "F222"),
        ("名称: [甲]", "F213"),
        ("名称: 甲\n    新增就业人数: [1]", "F223"),
        ("名称: 甲\n    说明理由: {至少安排一人: [无]}", "F213"),
        ('名称: 甲\n    说明理由: {至少安排一人: "\\u202e"}', "F112"),
        ("名称: 甲\n    说明理由: {至少安排一人: 一, employs_one: 一}", "F209"),
        ("名称: 甲\n    残疾职工: {未报全: [是], 名单: []}", "F213"),
    ],
)
def test_parts_of_a_subject(lines: str, code: str) -> None:
    submission = yaml(f"单位:\n  - {lines}\n")
    assert codes(submission)[0] == code, shown(submission)
    assert "行" in text_of(faults(submission)[0])


@pytest.mark.parametrize(
    "lines", ["截至: /", "地区: /", "截至: ~", "地区:", "说明理由: /", "说明理由: ~", "说明理由@至少安排一人: /"]
)
def test_parts_of_a_subject_may_be_left_open(lines: str) -> None:
    subject = only(yaml(f"单位:\n  - 名称: 甲\n    {lines}\n"))
    assert (subject.as_of, subject.place, subject.reasons) == (None, None, {})


def test_a_reason_in_a_column() -> None:
    assert only(yaml("单位:\n  - 名称: 甲\n    说明理由@至少安排一人: 正在招聘\n")).reasons == {"employs_one": "正在招聘"}


def test_of_very_many_faults_the_first_are_listed_and_the_others_counted() -> None:
    submission = yaml("单位:\n" + "".join(f"  - {{名称: 甲{number}, 编制: 许多}}\n" for number in range(203)))
    assert codes(submission) == ["U810"] * 200 + ["F119"]
    assert "3处" in text_of(faults(submission)[-1])
