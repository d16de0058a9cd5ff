"""Whom a rule binds, what it commands under each reading, and what is said of rules, relations and items with a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from support_resolve import (
    DOCUMENT,
    accepted,
    condition,
    helped,
    limb,
    limbs,
    measures,
    requiring,
    resolved,
    rule,
    the_problem,
    told,
)

ONE = '口径：从宽 / lenient（默认）："甲说" / "one view"'
OTHER = '口径：从严 / strict："乙说" / "another view"'


def day(year: int, month: int, day_of_month: int) -> int:
    return date(year, month, day_of_month).toordinal()


def the_rule(text: str) -> model.Rule:
    (found,) = accepted(text).rules
    return found


def same(found: model.Test | None, expression: str, kind: str = "单位") -> bool:
    """Whether a condition is what the expression stands for."""
    return repr(found) == repr(condition(expression, kind=kind))


# --- the head ---


def test_a_rule_has_its_title_its_basis_and_its_document() -> None:
    found = the_rule(
        """规则：示范 / sample
  标题："配备" / "Staffing"
  依据：二（一）1
  > 至少配备1人
  > 不得缺岗
  核查对象：单位
  要求：已备案
  牵头单位：市人社局，市教育局
  责任部门：各县（市、区）人民政府、市财政局
  责任单位：甲局；乙局
  关联规定："某法第一条" / "art. 1"
"""
    )
    assert (found.id, found.zh, found.title) == ("sample", "示范", Bilingual("配备", "Staffing"))
    assert found.document is DOCUMENT
    (citation,) = found.citations
    assert (citation.locator, [text for text, _ in citation.quotes]) == ("二（一）1", ["至少配备1人", "不得缺岗"])
    assert [(each.agency, each.role) for each in found.responsible] == [
        ("市人社局", "lead"),
        ("市教育局", "lead"),
        ("各县（市、区）人民政府", "responsible"),
        ("市财政局", "responsible"),
        ("甲局", "accountable"),
        ("乙局", "accountable"),
    ]
    assert found.see_also == (Bilingual("某法第一条", "art. 1"),)


def test_a_rule_without_title_is_called_by_its_name() -> None:
    found = the_rule(requiring("已备案").replace("sample", "first_sample"))
    assert (found.title, found.every, found.place) == (Bilingual("示范", "first sample"), None, None)


def test_a_rule_holds_in_its_own_place_or_in_that_of_the_document() -> None:
    places, _ = measures()
    document = replace(DOCUMENT, place=places.find("湖北省"))
    for clauses, expected in (((), "hubei"), (("适用地区：黄石市",), "huangshi")):
        rules, problems = resolved(requiring("已备案", *clauses), documents=(document,))
        assert problems == []
        assert rules.rules[0].place == places.find(expected)


def test_a_rule_belongs_to_the_nearest_document_above_it() -> None:
    inner = replace(DOCUMENT, folder="a/b")
    text = requiring("已备案")
    for name, expected in (("a/b/x.rule", inner), ("a/b/c/x.rule", inner), ("a/x.rule", DOCUMENT), ("a/bc/x.rule", DOCUMENT)):
        rules, _ = resolved(text, name=name, documents=(DOCUMENT, inner))
        assert rules.rules[0].document is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [(requiring("已备案"), "示范 / sample"), ('不可核查：二（一）3\n  理由："无数字"\n', "二（一）3")],
)
def test_without_a_document_there_is_nothing_to_rest_on(text: str, words: str) -> None:
    for documents in ((), (replace(DOCUMENT, folder="b"),)):
        rules, (problem,) = resolved(text, documents=documents)
        assert (problem.code, problem.labels[0].span.text.strip()) == ("C201", words)
        assert (rules.rules, rules.declarations) == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("规则：示范 / sample\n  依据：一\n  要求：已备案\n", ("R201", "示范 / sample")),
        ("规则：示范 / sample\n  核查对象：单位\n  要求：已备案\n", ("R201", "示范 / sample")),
        (rule("要求：已备案", kind="单立"), ("N203", "单立")),
        (rule("要求：已备案", kind="编制"), ("N203", "编制")),
        (rule("要求：已备案", kind="单位、员工"), ("R225", "员工")),
        (requiring("已备案", "适用地区：仙市"), ("N204", "仙市")),
        (requiring("已备案", "适用地区：黄石市、武汉市"), ("R229", "武汉市")),
        (requiring("已备案", "义务主体：编制"), ("R216", "编制")),
        (requiring("已备案", "义务主体：编织"), ("N203", "编织")),
        (requiring("已备案", "义务主体：城市、员工"), ("R225", "员工")),
        (rule(), ("R218", "示范 / sample")),
        (rule("适用情形：已备案"), ("R218", "示范 / sample")),
    ],
)
def test_the_head_of_a_rule_with_a_fault(text: str, expected: tuple[str, ...]) -> None:
    assert told(text) == [expected]


def test_a_missing_clause_is_named() -> None:
    assert the_problem("规则：示范 / sample\n  依据：一\n  要求：已备案\n").values["label_zh"] == "核查对象"
    assert the_problem("规则：示范 / sample\n  核查对象：单位\n  要求：已备案\n").values["label_zh"] == "依据"


def test_a_misspelt_subject_is_answered_with_the_nearest() -> None:
    assert "单位" in helped(rule("要求：已备案", kind="单立"))
    assert "unit" in helped(rule("要求：已备案", kind="untis"), "en")


@pytest.mark.parametrize(
    ("clauses", "kind", "up", "bound"),
    [
        ((), "员工", 0, "worker"),
        (("义务主体：员工",), "员工", 0, "worker"),
        (("义务主体：单位",), "员工", 1, "unit"),
        (("义务主体：城市",), "员工", 2, "city"),
    ],
)
def test_who_is_bound(clauses: tuple[str, ...], kind: str, up: int, bound: str) -> None:
    found = the_rule(requiring("已备案", *clauses, kind=kind)).bound
    assert (found.up, found.reference, found.kind.id if found.kind else None) == (up, None, bound)


def test_who_is_bound_by_reference() -> None:
    found = the_rule(requiring("持证", "义务主体：主管单位", kind="员工")).bound
    assert found.reference is not None
    assert (found.reference.fact.id, found.reference.up) == ("overseer", 1)
    assert found.kind is not None
    assert found.kind.id == "unit"


@pytest.mark.parametrize(("written", "expected"), [("每年", "year"), ("每季度", "quarter"), ("每月", "month")])
def test_how_often_a_rule_is_judged(written: str, expected: str) -> None:
    assert the_rule(requiring("已备案", f"周期：{written}")).every == expected


# --- limbs ---


@pytest.mark.parametrize(
    ("label", "modality"),
    [
        ("要求", "must"),
        ("禁止", "must_not"),
        ("原则上", "in_principle"),
        ("力争", "strive"),
        ("鼓励", "encouraged"),
    ],
)
def test_how_strongly_a_rule_commands(label: str, modality: str) -> None:
    assert limb(rule(f"{label}：已备案")).modality == modality


def test_two_commands_are_both_owed() -> None:
    found = limb(rule("要求：已备案", "要求：性质=学校 且 级别=市级"))
    assert same(found.requirement, "已备案 且 性质=学校 且 级别=市级")


def test_of_two_things_forbidden_neither_may_be() -> None:
    found = limb(rule("禁止：已备案", "禁止：性质=学校"))
    assert same(found.requirement, "并非 （已备案 或 性质=学校）")


def test_conditions_are_joined_by_and_exceptions_by_or() -> None:
    found = limb(requiring("已备案", "适用情形：性质=学校", "适用情形：级别=市级", "除外情形：性质=机关", "除外情形：大单位"))
    assert same(found.applies, "性质=学校 且 级别=市级")
    assert same(found.excepted, "性质=机关 或 编制 不少于 50人")


def test_a_clause_without_tag_holds_for_every_limb() -> None:
    ((first, second),) = limbs(
        rule(
            "适用情形：大单位",
            "适用情形（乙）：级别=市级",
            "要求（甲）：已备案",
            "原则上（乙）：性质=学校",
            '部分核查（甲）："其余不查" / "rest"',
        )
    )
    assert (first.tag, first.modality, second.tag, second.modality) == ("甲", "must", "乙", "in_principle")
    assert same(first.applies, "大单位")
    assert same(second.applies, "大单位 且 级别=市级")
    assert (first.partial, second.partial) == (Bilingual("其余不查", "rest"), None)


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (("要求：已备案", "原则上：大单位"), ("R220", "要求：", "原则上：")),
        (("要求：已备案", "要求（甲）：大单位"), ("R227", "要求：")),
        (("要求（甲）：已备案", "适用情形（乙）：大单位"), ("R219", "适用情形（乙）：")),
        (("要求：办结日",), ("R222", "要求：办结日")),
        (("要求：持有", "完成时限：受理日+5天"), ("N203", "持有")),
        (("要求：受理日=无", "完成时限：补贴金额"), ("R221", "完成时限：补贴金额")),
        (("要求：办结日", "完成时限：受里日+5天"), ("N203", "受里日")),
        (("要求：已备案", "施行：2023年1月1日至2022年12月31日"), ("U206", "施行：2023年1月1日至2022年12月31日")),
        (("要求：已备案", "考核期：2023年1月1日至2022年12月31日"), ("U206", "考核期：2023年1月1日至2022年12月31日")),
        (("要求：退回金额 不少于 5元",), ("R224", "退回金额")),
    ],
)
def test_a_limb_with_a_fault(clauses: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert told(rule(*clauses, kind="申领")) == [expected]


def test_a_limb_that_is_not_commanded_is_named() -> None:
    assert the_problem(rule("要求（甲）：已备案", "除外情形（丙）：大单位")).values == {"limb": "丙"}


# --- events with a limit ---


def test_a_date_alone_is_an_event_with_its_limit() -> None:
    found = limb(rule("要求：办结日", "完成时限：受理日+5个工作日", kind="申领"))
    assert found.done is not None
    assert (found.done.fact.id, found.requirement) == ("finished_on", None)
    assert isinstance(found.due, model.DateShift)


def test_a_condition_may_have_a_limit_too() -> None:
    found = limb(rule("要求：已备案", "完成时限：2023年6月底"))
    assert found.done is None
    assert same(found.requirement, "已备案")
    assert isinstance(found.due, model.Literal_)
    assert found.due.value == day(2023, 6, 30)


def test_the_end_of_a_period_is_a_limit() -> None:
    assert isinstance(limb(rule("要求：年度备案", "周期：每年", "完成时限：当期末")).due, model.PeriodEnd)


def test_a_date_forbidden_is_no_event() -> None:
    assert told(rule("禁止：成立日")) == [("R214", "成立日")]
    assert told(rule("要求：成立日", "要求：已备案")) == [("R214", "成立日")]


# --- when ---


@pytest.mark.parametrize(
    ("clauses", "in_force", "owed"),
    [
        ((), (day(2022, 11, 16), None), (day(2022, 11, 16), day(2025, 12, 31))),
        (("施行：2023年1月1日 起",), (day(2023, 1, 1), None), (day(2022, 11, 16), day(2025, 12, 31))),
        (
            ("考核期：2023年1月1日至2024年底",),
            (day(2022, 11, 16), None),
            (day(2023, 1, 1), day(2024, 12, 31)),
        ),
        (("考核期：2023年1月1日至2023年1月1日",), (day(2022, 11, 16), None), (day(2023, 1, 1), day(2023, 1, 1))),
    ],
)
def test_when_a_duty_is_owed(
    clauses: tuple[str, ...], in_force: tuple[int, int | None], owed: tuple[int, int | None]
) -> None:
    found = limb(requiring("已备案", *clauses))
    assert (found.in_force, found.owed) == (in_force, owed)


# --- readings ---


def test_a_rule_without_readings_has_one_that_needs_no_name() -> None:
    (only,) = the_rule(requiring("已备案")).readings
    assert (only.name, only.reason, only.is_default) == (None, None, True)


def test_the_default_reading_comes_first() -> None:
    first, second = the_rule(requiring("已备案", OTHER, ONE)).readings
    assert (first.name, first.reason, first.is_default) == (
        Bilingual("从宽", "lenient"),
        Bilingual("甲说", "one view"),
        True,
    )
    assert (second.name, second.is_default) == (Bilingual("从严", "strict"), False)


def test_a_question_left_open_has_no_default() -> None:
    found = the_rule(requiring("已备案", ONE.replace("（默认）", ""), OTHER)).readings
    assert [(each.name.zh, each.is_default) for each in found if each.name] == [("从宽", False), ("从严", False)]


@pytest.mark.parametrize("name", ["从严", "strict"])
def test_a_clause_of_a_reading_takes_the_place_of_the_untagged_one(name: str) -> None:
    (lenient,), (strict,) = limbs(
        rule("要求：已备案", f"要求〔{name}〕：性质=学校", "适用情形：大单位", f"适用情形〔{name}〕：级别=市级", ONE, OTHER)
    )
    assert same(lenient.requirement, "已备案")
    assert same(lenient.applies, "大单位")
    assert same(strict.requirement, "性质=学校")
    assert same(strict.applies, "级别=市级")


def test_a_reading_may_take_a_clause_away() -> None:
    (lenient,), (strict,) = limbs(rule("要求：已备案", "除外情形：大单位", "除外情形〔从严〕：无", ONE, OTHER))
    assert same(lenient.excepted, "大单位")
    assert strict.excepted is None


def test_a_reading_may_leave_out_a_limb() -> None:
    lenient, strict = limbs(rule("要求（甲）：已备案", "要求（乙）：大单位", "要求（乙）〔从严〕：无", ONE, OTHER))
    assert [each.tag for each in lenient] == ["甲", "乙"]
    assert [each.tag for each in strict] == ["甲"]


def test_a_limit_of_a_reading() -> None:
    (lenient,), (strict,) = limbs(
        rule("要求：办结日", "完成时限：受理日+5天", "完成时限〔从严〕：受理日+3天", ONE, OTHER, kind="申领")
    )
    assert isinstance(lenient.due, model.DateShift)
    assert isinstance(strict.due, model.DateShift)
    assert (lenient.due.amount, strict.due.amount) == (5, 3)


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (("适用情形〔从中〕：大单位", ONE), [("N208", "适用情形〔从中〕：")]),
        (("适用情形〔从中〕：大单位",), [("N208", "适用情形〔从中〕：")]),
        ((ONE, OTHER.replace("：\"乙", "（默认）：\"乙")), [("R217", '从严 / strict（默认）："乙说" / "another view"')]),
        (("适用情形：大蛋位", ONE, OTHER), [("N203", "大蛋位")]),
        (("适用情形（丙）：大单位", ONE, OTHER), [("R219", "适用情形（丙）：")]),
    ],
)
def test_a_reading_with_a_fault(clauses: tuple[str, ...], expected: list[tuple[str, ...]]) -> None:
    assert told(requiring("已备案", *clauses)) == expected


# --- what is accepted ---


def test_what_is_accepted_says_the_code_the_limb_and_why() -> None:
    written = rule(
        "要求（甲）：已备案", "要求（乙）：大单位", '已核：K102："只是背景" / "background"', '已核（乙）：K102："已由甲管"'
    )
    first, second = the_rule(written).accepted
    assert (first.code, first.limb, first.reason) == ("K102", None, Bilingual("只是背景", "background"))
    assert (second.limb, second.reason) == ("乙", Bilingual("已由甲管", "已由甲管"))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ('已核：K998："甲"', ("R250", 'K998："甲"')),
        ('已核（丙）：K102："甲"', ("R219", "已核（丙）：")),
        ('已核〔从严〕：K102："甲"', ("R241", "已核〔从严〕：")),
    ],
)
def test_an_acceptance_with_a_fault(clause: str, expected: tuple[str, str]) -> None:
    assert expected in told(requiring("已备案", clause))


def test_an_acceptance_in_a_fact_has_no_limbs() -> None:
    assert ("R219", "已核（甲）：") in told('事实：新数 / new_number\n  所属对象：单位\n  类型：是否\n  已核（甲）：K102："甲"\n')


# --- examples ---


def test_what_is_given_stands_before_an_example() -> None:
    found = the_rule(
        rule(
            "要求（甲）：已备案",
            "要求（乙）：大单位",
            "前提：级别=市级",
            "前提（乙）：性质=学校",
            "示例（甲）：已备案=是 → 符合",
            "示例（乙）：编制=未知 → 无法判定（符合、不符合）",
        )
    ).examples
    assert [(each.limb, each.verdict, each.possible) for each in found] == [
        ("甲", "met", ()),
        ("乙", "undetermined", ("met", "violated")),
    ]
    assert [len(each.bindings) for each in found] == [2, 3]


def test_what_is_given_under_a_reading_stands_before_its_examples_alone() -> None:
    found = the_rule(
        rule("要求：已备案", ONE, OTHER, "前提〔从严〕：级别=市级", "示例：已备案=是 → 符合", "示例〔从严〕：已备案=是 → 符合")
    ).examples
    assert [(each.reading, len(each.bindings)) for each in found] == [(None, 1), ("从严", 2)]


def test_only_what_is_open_has_possible_verdicts() -> None:
    text = requiring("已备案", "示例：已备案=是 → 符合（符合、不符合）")
    assert [each[0] for each in told(text)] == ["R228"]
    assert "（符合、不符合）" in told(text)[0][1]


# --- relations ---


def relation(of: str, holds: str, *clauses: str) -> str:
    return "\n  ".join(["关系：某关系 / some_relation", f"所属对象：{of}", f"须有：{holds}", *clauses]) + "\n"


@pytest.mark.parametrize(
    ("holds", "facts"),
    [
        ("残疾职工 不超过 编制", ["disabled_staff", "posts"]),
        ("编制+残疾职工 不超过 编制×2", ["posts", "disabled_staff"]),
        ("残疾职工÷编制 不超过 50% 且 已备案", ["disabled_staff", "posts", "filed"]),
        ("并非 （性质=学校 或 电话=\"1\"）", ["nature", "phone"]),
        ("成立日+5天 遇休息日顺延 不晚于 2022年底", ["founded"]),
        ("星期（成立日） 属于 周一至周五", ["founded"]),
        ("计数（员工） 不超过 编制", ["posts"]),
    ],
)
def test_a_relation_names_the_facts_it_reads(holds: str, facts: list[str]) -> None:
    (found,) = accepted(relation("单位", holds)).relations
    assert [each.fact.id for each in found.facts] == facts
    assert (found.id, found.zh, found.kind.id, found.every) == ("some_relation", "某关系", "unit", None)


def test_a_relation_of_what_may_be_none_and_of_several_subjects() -> None:
    (found,) = accepted(relation("申领", "办结日=无 或 办结日 不早于 受理日")).relations
    assert [each.fact.id for each in found.facts] == ["finished_on", "accepted_on"]
    both = accepted(relation("单位、员工", "残疾职工 不超过 编制")).relations
    assert [each.kind.id for each in both] == ["unit", "worker"]


def test_a_periodic_relation() -> None:
    (found,) = accepted(relation("单位", "上期（新增就业） 不超过 新增就业", "周期：每年", '说明："递增" / "rising"')).relations
    assert (found.every, found.note) == ("year", Bilingual("递增", "rising"))
    assert [each.period for each in found.facts] == [-1, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("关系：某关系 / some_relation\n  须有：已备案\n", ("R201", "某关系 / some_relation")),
        ("关系：某关系 / some_relation\n  所属对象：单位\n", ("R201", "某关系 / some_relation")),
        (relation("单立", "已备案"), ("N203", "单立")),
        (relation("单位", "以备案"), ("N203", "以备案")),
        (relation("单位", "新增就业 不超过 编制"), ("R205", "新增就业")),
    ],
)
def test_a_relation_with_a_fault(text: str, expected: tuple[str, ...]) -> None:
    assert told(text) == [expected]


# --- items ---


def test_items_that_no_rule_covers_say_why() -> None:
    found = accepted(
        '不可核查：二（一）3\n  理由："无数字" / "no figure"\n'
        '缺失：二（二）3\n  理由："缺页" / "page missing"\n'
        '勘误：二（一）1\n  原文："5O" / "5O"\n  应为："50" / "50"\n  根据："印本" / "print"\n'
        '不作依据：全文\n  > 2022-2024年\n  理由："标题" / "the title"\n'
    ).declarations
    assert [(each.state, each.locator) for each in found] == [
        ("not_checkable", "二（一）3"),
        ("lost", "二（二）3"),
        ("erratum", "二（一）1"),
        ("set_aside", "全文"),
    ]
    reasons = [Bilingual("无数字", "no figure"), Bilingual("缺页", "page missing"), None, Bilingual("标题", "the title")]
    assert [each.because for each in found] == reasons
    assert [[text for text, _ in each.quotes] for each in found] == [[], [], [], ["2022-2024年"]]
    assert (found[2].printed, found[2].presumed, found[2].authority) == (
        Bilingual("5O", "5O"),
        Bilingual("50", "50"),
        Bilingual("印本", "print"),
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("不可核查：二（一）3\n", ["理由"]),
        ("缺失：二（一）3\n", ["理由"]),
        ("不作依据：二（一）3\n  > 2022年\n", ["理由"]),
        ('不作依据：二（一）3\n  理由："标题"\n', [">"]),
        ('勘误：二（一）3\n  原文："甲"\n  应为："乙"\n', ["根据"]),
        ("勘误：二（一）3\n", ["原文", "应为", "根据"]),
    ],
)
def test_an_item_that_does_not_say_why(text: str, missing: list[str]) -> None:
    _, problems = resolved(text)
    assert [(each.code, each.labels[0].span.text.strip()) for each in problems] == [("R201", "二（一）3")] * len(missing)
    assert [each.values["label_zh"] for each in problems] == missing


# --- several at once ---


def test_every_fault_of_a_rule_is_told_once_under_all_limbs_and_readings() -> None:
    text = rule(
        "适用地区：仙市",
        "适用情形：性质=学小",
        "要求（甲）：编织 不少于 50人",
        "要求（乙）：编制 不少于 50元",
        "完成时限：编制",
        ONE,
        OTHER,
    )
    assert told(text) == [
        ("N204", "仙市"),
        ("N207", "学小"),
        ("N203", "编织"),
        ("U211", "编制", "50元"),
        ("R221", "完成时限：编制"),
    ]


def test_a_rule_with_a_fault_leaves_the_others_standing() -> None:
    text = requiring("编织 不少于 5人") + requiring("已备案").replace("示范 / sample", "其二 / second")
    rules, problems = resolved(text)
    assert ([each.code for each in problems], [each.id for each in rules.rules]) == (["N203"], ["second"])
