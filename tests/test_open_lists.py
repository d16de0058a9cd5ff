"""`类别（甲、乙、等）`: what an open list does not name is taken as it is, equal to no member, and its text kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.facts.nodes import Cell, Problem
from rulecheck.facts.values import read_value
from rulecheck.judgement import Judgement, Verdict
from rulecheck.language.format import format_expression, format_file
from rulecheck.language.translate import translate
from rulecheck.measures.units import unit_table
from rulecheck.prose.documents import fact_text
from rulecheck.rules import model
from rulecheck.submission import Other
from rulecheck.templates.form import Question
from rulecheck.templates.notes import answer_lines
from rulecheck.templates.values import value_text
from support_explain import node, one, rule, rule_set, unit
from support_resolve import accepted, requiring, told
from support_syntax import parsed

CHANNEL = "事实：投诉渠道 / channel\n  所属对象：单位\n  类型：类别（电话专线 / phone_line、现场窗口 / counter、等）\n"


def judged(clauses: str, value: str) -> Judgement:
    return one(clauses, unit(f"投诉渠道: {value}" if value else ""), more=CHANNEL)


def channel() -> model.Fact:
    return rule_set(rule("要求：已公示") + CHANNEL).facts["channel"]


@pytest.mark.parametrize(
    ("requirement", "value", "verdict"),
    [
        ("投诉渠道 属于 （电话专线、现场窗口）", "电话专线", Verdict.MET),
        ("投诉渠道 属于 （电话专线、现场窗口）", "小程序", Verdict.VIOLATED),
        ("投诉渠道 不属于 （电话专线、现场窗口）", "小程序", Verdict.MET),
        ("投诉渠道 不属于 （电话专线、现场窗口）", "现场窗口", Verdict.VIOLATED),
        # it need not be one of those listed
        ("投诉渠道 属于 （电话专线、现场窗口）", "", Verdict.UNDETERMINED),
        ("投诉渠道=电话专线", "小程序", Verdict.VIOLATED),
        ("投诉渠道≠电话专线", "小程序", Verdict.MET),
        ("投诉渠道=其他", "小程序", Verdict.MET),
        ("投诉渠道=其他", "其他（电话专线转接）", Verdict.MET),
        ("投诉渠道=其他", "电话专线", Verdict.VIOLATED),
    ],
)
def test_what_is_not_listed_is_no_member(requirement: str, value: str, verdict: Verdict) -> None:
    assert judged(f"要求：{requirement}", value).verdict is verdict


def test_its_text_is_told() -> None:
    judgement = judged("要求：投诉渠道 属于 （电话专线、现场窗口）", "小程序")
    found = node(judgement, "投诉渠道：其他（“小程序”）")
    assert (found.value, found.text.en) == ("other", "channel: other (“小程序”)")
    assert found.origin is not None
    assert found.origin.written == "小程序"
    assert "小程序" in judgement.reason.zh


@pytest.mark.parametrize(
    ("written", "expected", "text"),
    [
        ("电话专线", 0, None),
        ("counter", 1, None),
        ("小程序", 2, "小程序"),
        ("其他", 2, "其他"),
        ("other", 2, "other"),
        ("其他（电话专线2）", 2, "电话专线2"),
        ("其他：微信", 2, "微信"),
    ],
)
def test_the_value_that_is_read(written: str, expected: int, text: str | None) -> None:
    found = read_value(Cell(written, 1), channel())
    assert (found, getattr(found, "text", None)) == (expected, text)


@pytest.mark.parametrize(("written", "near"), [("电话专钱", "电话专线"), ("countr", "counter")])
def test_what_looks_like_a_member_is_asked_about(written: str, near: str) -> None:
    found = read_value(Cell(written, 1), channel())
    assert isinstance(found, Problem)
    assert (found.code, found.values["near"]) == ("F309", near)


def test_two_files_that_name_different_others_contradict_each_other() -> None:
    rules = rule_set(rule("要求：已公示") + CHANNEL)
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{number}.yaml" for number in range(2)]
        for second, refused in (("小程序", False), ("网站", True)):
            for path, value in zip(paths, ("小程序", second), strict=True):
                path.write_text(unit(f"投诉渠道: {value}"), encoding="utf-8")
            assert bool(facts.read(paths, rules, base=Path(name)).refused) is refused


def test_it_goes_back_into_a_form_as_it_was_written() -> None:
    fact = channel()
    assert value_text(Other(2, "小程序"), fact, "zh") == "小程序"
    assert value_text(1, fact, "en") == "counter"
    assert "从中选一项，都不是的照实填写：电话专线、现场窗口" in answer_lines(Question(fact, 0, None), "zh")
    rules = rule_set(rule("要求：已公示") + CHANNEL)
    assert "以下之一，或者没有列出的：电话专线、现场窗口" in fact_text(fact, rules).zh


def test_nobody_is_told_to_become_something_else() -> None:
    more = CHANNEL + '  可整改：可增减\n  整改措施："改为{target}" / "make it {target}"\n'
    judgement = one("要求：投诉渠道 不属于 （电话专线、现场窗口）", unit("投诉渠道: 电话专线"), more=more)
    assert judgement.verdict is Verdict.VIOLATED
    assert judgement.remedy == ()


@pytest.mark.parametrize("written", ["甲 / a、乙 / b、等", "甲 / a、乙 / b 等"])
def test_how_it_is_written(written: str) -> None:
    file = parsed(f"事实：渠道 / channel\n  类型：类别（{written}）\n")
    formatted = "事实：渠道 / channel\n  类型：类别（甲 / a、乙 / b、等）\n"
    assert format_file(file) == formatted
    names = {"渠道": "channel", "甲": "a", "乙": "b"}
    english, problems = translate(file, "en", names, unit_table().names("en"))
    assert (english, problems) == ("Fact: channel / 渠道\n  Type: category(a / 甲, b / 乙, and others)\n", [])
    back = translate(parsed(english), "zh", {value: key for key, value in names.items()}, unit_table().names("zh"))
    assert back == (formatted, [])


def test_a_fact_that_is_called_others_does_not_end_a_phrase() -> None:
    body = parsed("Rule: a / 甲\n  Must: x and 「others」\n").declarations[0].clauses[0].body
    assert format_expression(body, "en") == "x and 「others」"  # type: ignore[arg-type]


OPEN = "事实：渠道 / channel\n  所属对象：单位\n  类型：{}\n"
LISTED = "类别（专线 / phone_line、信函 / letter、等）"


def test_other_is_a_name_of_the_language() -> None:
    rules = accepted(OPEN.format(LISTED) + requiring("渠道≠其他"))
    assert rules.names["其他"] == "other"
    assert rules.facts["channel"].maximum == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPEN.format("等级（低 / low、高 / high、等）"), ("R267", "等级（低 / low、高 / high、等）")),
        (OPEN.format("类别（专线 / phone_line、其他 / other、等）"), ("R268", "类别（专线 / phone_line、其他 / other、等）")),
        (OPEN.format(LISTED) + OPEN.format(LISTED).replace("渠道 / channel", "新渠道 / new_channel") + requiring("渠道=新渠道"),
         ("R269", "渠道")),
        (OPEN.format(LISTED).replace("单位", "员工") + requiring("不同（员工的渠道） 不少于 2"), ("R269", "渠道")),
    ],
)  # fmt: skip
def test_what_an_open_list_does_not_bear(text: str, expected: tuple[str, ...]) -> None:
    assert told(text) == [expected]
