"""Translation: the same tree in the other language, and back to the same bytes."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings

from rulecheck.language import syntax
from rulecheck.language.format import format_file
from rulecheck.language.translate import translate
from support_syntax import UNHURRIED, Partners, files, parsed, rule

NAMES = {
    "单位": "unit", "市级机关": "city_organ", "单位类别": "kind", "编制": "posts", "黄石市": "huangshi", "镇": "town",
    "人口": "people", "逐年": "yearly", "失业申领": "claim", "受理日": "accepted_on",
}
UNITS = {"人": "people", "批次": "batches", "千人": "thousand_people", "个工作日": "working_days"}


def back(mapping: dict[str, str]) -> dict[str, str]:
    return {english: chinese for chinese, english in mapping.items()}


def to_english(text: str) -> str:
    translated, problems = translate(parsed(text), "en", NAMES, UNITS)
    assert problems == []
    return translated


@settings(max_examples=60, **UNHURRIED)
@given(files())
def test_there_and_back_gives_the_same_bytes(file: syntax.File) -> None:
    text = format_file(file)
    english, problems = translate(file, "en", Partners(), Partners())
    assert problems == []
    again, problems = translate(parsed(english), "zh", Partners(), Partners())
    assert problems == []
    assert again == text


@settings(max_examples=30, **UNHURRIED)
@given(files())
def test_translation_is_formatted(file: syntax.File) -> None:
    english, _ = translate(file, "en", Partners(), Partners())
    assert format_file(parsed(english)) == english


CHINESE = rule(
    "标题：\"题目\" / \"title\"",
    "依据：二（一）1  # 注释不译",
    "> 编制50人(含)以上的",
    "核查对象：单位",
    "适用地区：黄石市",
    "适用情形：单位类别=市级机关 且 编制 不少于 50人",
    "要求（乙）〔逐年〕：镇的人口≥3.8批次/千人",
    "完成时限：受理日+5个工作日 遇休息日顺延",
    "责任部门：市残联",
    "示例：编制=49人，地区=黄石市，镇={人口=5人}×2 → 不适用",
)

ENGLISH = """\
Rule: a / 甲
  Title: "title" / "题目"
  Basis: 二（一）1  # 注释不译
  > 编制50人(含)以上的
  For each: unit
  Place: huangshi
  Applies when: kind = city_organ and posts at least 50 people
  Must (b) [yearly]: town's people >= 3.8 batches/thousand_people
  Due: accepted_on + 5 working_days rolled to a working day
  Responsible departments: 市残联
  Example: posts = 49 people, place = huangshi, town = {people = 5 people}×2 → not_applicable
"""


def test_a_rule_in_english() -> None:
    assert to_english(CHINESE) == ENGLISH


def test_a_rule_back_in_chinese() -> None:
    assert translate(parsed(ENGLISH), "zh", back(NAMES), back(UNITS)) == (CHINESE, [])


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("取值：2022年5月1日起，每年5月1日至每年9月30日，17:30，未确认",
         "Value: 2022-05-01 onward, every 05-01 to every 09-30, 17:30, unconfirmed"),
        ("取值：黄石市，不超过 5人", "Value: huangshi, at most 5 people"),
        ("取值：待明确", "Value: pending"),
        ("类型：数量（批次/千人）", "Type: quantity(batches/thousand_people)"),
        ("类型：类别（机关 / organ、单位）", "Type: category(organ / 机关, unit)"),
        ("类型：引用（单位）", "Type: reference(unit)"),
        ("范围：0%至100%", "Range: 0% to 100%"),
        ("说明：\"只有中文\"", "Note: \"只有中文\""),
    ],
)
def test_a_clause_of_the_vocabulary(chinese: str, english: str) -> None:
    head = "参数：甲 / a\n  " if chinese.startswith(("取值", "说明")) else "事实：甲 / a\n  "
    heading = "Parameter: a / 甲\n  " if head.startswith("参数") else "Fact: a / 甲\n  "
    assert to_english(f"{head}{chinese}\n") == f"{heading}{english}\n"


def test_trees_of_both_languages_differ_only_in_names_and_units() -> None:
    def shape(node: object) -> object:
        if isinstance(node, tuple):
            return tuple(shape(each) for each in node)
        if isinstance(node, syntax.Name):
            return "a name"
        if hasattr(node, "__dataclass_fields__"):
            kept = (field for field in fields(node) if field.compare and field.name not in ("unit", "limb", "reading"))
            return (type(node), *(shape(getattr(node, field.name)) for field in kept))
        return node

    assert shape(parsed(CHINESE).declarations) == shape(parsed(ENGLISH).declarations)


def test_names_and_units_without_partner_are_named_once_each_place_and_kept() -> None:
    text = rule("核查对象：单位、企业", "要求〔期末〕：编制≥5元/千人")
    translated, problems = translate(parsed(text), "en", NAMES, UNITS)
    places = [(problem.code, problem.labels[0].span.text) for problem in problems]
    assert places == [("L140", "企业"), ("L140", "要求〔期末〕："), ("L141", "5元/千人")]
    assert "For each: unit, 企业" in translated
    assert "Must [期末]: posts >= 5 元/thousand_people" in translated


def test_a_file_in_the_language_asked_for_is_only_formatted() -> None:
    assert translate(parsed("规则:甲/a\n"), "zh", {}, {}) == ("规则：甲 / a\n", [])
