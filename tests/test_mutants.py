"""Small changes of a rule: each kind is noticed with one example more, and not without it."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from rulecheck import data
from rulecheck.data import read_table
from rulecheck.language.diagnostics import help_text, message
from rulecheck.proving.examples import run_examples
from rulecheck.proving.mutants import Mutant, mutants
from rulecheck.proving.mutation import is_noticed, prepared, told, tried
from rulecheck.rules.load import load
from rulecheck.rules.model import Rule, RuleSet
from support_explain import rule, rule_set


class Case(NamedTuple):
    """`others`: examples that a change does not disturb; `telling`: the one that it does. `after`: part of the words for it."""

    code: str
    after: str
    clauses: str
    others: tuple[str, ...]
    telling: str
    kind: str = "单位"
    before: str = ""


EMPLOYS = "要求：残疾职工数 不少于 1人"
BIG = f"适用情形：编制 不少于 50人 且 单位类别=机关\n{EMPLOYS}\n前提：编制=50人，单位类别=机关"
EITHER = "要求：已公示 或 残疾职工数 不少于 1人"
SEATS = "要求：每一 网点 其中 （网点类型=固定） 满足 （座位 不少于 10个）"
FIVE = (
    "义务主体：受理单位\n要求：办结日\n完成时限：受理日+5个工作日\n前提：受理日=2024年3月1日，受理单位=甲局，截至=2024年6月30日"
)
"""From a Friday: five working days end on Friday the 8th, five days on Wednesday the 6th."""
JUNE = f"完成时限：2024年6月30日\n{EMPLOYS}"
"""A Sunday."""
OF_2024 = "周期：每年\n考核期：2024年1月1日至2024年12月31日\n要求：新增岗位 不少于 1个"
TWO = (
    f"{EMPLOYS}\n适用情形：单位类别=机关\n适用情形〔宽〕：单位类别 属于 （机关、学校、公司）\n"
    "口径：窄 / narrow（默认）\n口径：宽 / wide"
)
YEARLY_COUNT = "周期：每年\n要求：计数（检查） 不少于 1个\n前提：截至=2023年12月31日"

CASES = (
    Case("M101", "超过", EMPLOYS, ("残疾职工数=0人 → 不符合", "残疾职工数=2人 → 符合"), "残疾职工数=1人 → 符合"),
    Case("M101", "不超过", EMPLOYS, ("残疾职工数=1人 → 符合",), "残疾职工数=2人 → 符合"),
    Case("M101", "≠", "要求：单位类别=机关", ("单位类别=未知 → 无法判定",), "单位类别=机关 → 符合"),
    Case("M101", "不属于", f"适用情形：单位类别 属于 （机关、学校）\n{EMPLOYS}", (), "单位类别=机关，残疾职工数=1人 → 符合"),
    Case("M101", "≠", "要求：验收日=无", (), "验收日=无 → 符合"),
    Case(
        "M101",
        "降幅",
        "周期：每年\n要求：增幅（新增岗位） 不低于 10%\n前提：新增岗位@2023年=10个，期间=2024年",
        (),
        "新增岗位@2024年=11个 → 符合",
    ),
    Case("M102", "2人", EMPLOYS, ("残疾职工数=0人 → 不符合", "残疾职工数=2人 → 符合"), "残疾职工数=1人 → 符合"),
    Case("M102", "0人", EMPLOYS, ("残疾职工数=1人 → 符合",), "残疾职工数=0人 → 不符合"),
    Case("M102", "89.99%", "要求：满意率 不低于 90%", ("满意率=90% → 符合", "满意率=89.98% → 不符合"), "满意率=89.99% → 不符合"),
    Case(
        "M102",
        "1.4%",
        "要求：残疾职工数 不少于 1.5%×职工总数\n前提：职工总数=1000人",
        ("残疾职工数=15人 → 符合",),
        "残疾职工数=14人 → 不符合",
    ),
    Case(
        "M102",
        "1",
        "要求：项数（已公示、单位类别=机关、星级=三星） 不少于 2\n前提：单位类别=学校",
        ("已公示=是，星级=三星 → 符合", "已公示=否，星级=一星 → 不符合"),
        "已公示=是，星级=一星 → 不符合",
    ),
    Case("M103", "", BIG, ("残疾职工数=0人 → 不符合",), "单位类别=学校，残疾职工数=0人 → 不适用", before="单位类别=机关"),
    Case("M103", "", EITHER, ("已公示=否，残疾职工数=1人 → 符合",), "已公示=是，残疾职工数=0人 → 符合", before="已公示"),
    Case("M103", "", SEATS, ("网点={网点类型=固定，座位=10个} → 符合",), "网点={网点类型=流动，座位=9个} → 不适用"),
    Case(
        "M104",
        "",
        f"除外情形：单位类别=学校\n{EMPLOYS}",
        ("单位类别=机关，残疾职工数=0人 → 不符合",),
        "单位类别=学校，残疾职工数=0人 → 不适用",
    ),
    Case(
        "M105",
        "1千元",
        "要求：补助金额 不少于 1万元",
        ("补助金额=0元 → 不符合", "补助金额=10000元 → 符合"),
        "补助金额=9999元 → 不符合",
    ),
    Case(
        "M106", "5天", FIVE, ("办结日=2024年3月6日 → 符合", "办结日=2024年3月11日 → 不符合"), "办结日=2024年3月8日 → 符合", "申请"
    ),
    Case("M107", "4个工作日", FIVE, ("办结日=2024年3月7日 → 符合",), "办结日=2024年3月8日 → 符合", "申请"),
    Case("M107", "6个工作日", FIVE, ("办结日=2024年3月8日 → 符合",), "办结日=2024年3月11日 → 不符合", "申请"),
    Case("M108", "原则上", EMPLOYS, ("残疾职工数=1人 → 符合",), "残疾职工数=0人 → 不符合"),
    Case("M108", "要求", "鼓励：残疾职工数 不少于 1人", ("残疾职工数=1人 → 符合",), "残疾职工数=0人 → 未达目标"),
    Case("M108", "原则上禁止", "禁止：超编人数 超过 0人", ("超编人数=0人 → 符合",), "超编人数=1人 → 不符合"),
    Case(
        "M109",
        "2023年5月31日",
        f"考核期：2023年6月1日至2024年12月31日\n{EMPLOYS}",
        ("残疾职工数=0人，截至=2023年6月1日 → 不符合",),
        "残疾职工数=0人，截至=2023年5月31日 → 不适用",
    ),
    Case(
        "M109",
        "2024年",
        "要求：合计（新增岗位，2023年至2024年） 不少于 10个",
        ("新增岗位@2023年=0个，新增岗位@2024年=10个 → 符合",),
        "新增岗位@2023年=10个，新增岗位@2024年=0个 → 符合",
    ),
    Case(
        "M109",
        "2025年1月1日",
        OF_2024,
        ("期间=2024年，新增岗位@2024年=0个，截至=2026年1月1日 → 不符合",),
        "期间=2025年，新增岗位@2025年=0个，截至=2026年1月1日 → 不适用",
    ),
    Case(
        "M109",
        "每年3月2日",
        "要求：成立日 属于 每年3月1日至每年5月31日",
        ("成立日=2024年3月2日 → 符合",),
        "成立日=2024年3月1日 → 符合",
    ),
    Case(
        "M109",
        "每年5月30日",
        "要求：成立日 属于 每年3月1日至每年5月31日",
        ("成立日=2024年5月30日 → 符合",),
        "成立日=2024年5月31日 → 符合",
    ),
    Case(
        "M110",
        "2024年6月29日",
        JUNE,
        ("残疾职工数=0人，截至=2024年7月1日 → 不符合",),
        "残疾职工数=0人，截至=2024年6月30日 → 未到完成时限",
    ),
    Case(
        "M110",
        "2024年7月1日",
        JUNE,
        ("残疾职工数=0人，截至=2024年7月2日 → 不符合",),
        "残疾职工数=0人，截至=2024年7月1日 → 不符合",
    ),
    Case(
        "M111",
        "存在",
        "要求：每一 网点 满足 （座位 不少于 10个）",
        ("网点={座位=10个} → 符合", "网点={座位=9个} → 不符合"),
        "网点={座位=10个}{座位=9个} → 不符合",
    ),
    Case(
        "M111",
        "每一",
        "要求：存在 网点 满足 （座位 不少于 10个）",
        ("网点={座位=10个} → 符合",),
        "网点={座位=10个}{座位=9个} → 符合",
    ),
    Case(
        "M112",
        "遇休息日顺延",
        JUNE,
        ("残疾职工数=0人，截至=2024年7月2日 → 不符合",),
        "残疾职工数=0人，截至=2024年7月1日 → 不符合",
    ),
    Case(
        "M112",
        "2024年6月30日",
        f"完成时限：2024年6月30日 遇休息日顺延\n{EMPLOYS}",
        ("残疾职工数=0人，截至=2024年6月30日 → 未到完成时限",),
        "残疾职工数=0人，截至=2024年7月1日 → 未到完成时限",
    ),
    Case(
        "M113",
        "",
        f"适用情形：单位类别 属于 （机关、学校）\n{EMPLOYS}",
        ("单位类别=机关，残疾职工数=0人 → 不符合",),
        "单位类别=学校，残疾职工数=0人 → 不符合",
        before="学校",
    ),
    Case("M114", "", EITHER, ("已公示=未知，残疾职工数=0人 → 无法判定",), "已公示=是，残疾职工数=0人 → 符合"),
    Case("M115", "每季度", YEARLY_COUNT, ("检查={检查日=2023年11月1日} → 符合",), "检查={检查日=2023年2月1日} → 符合"),
    Case("M116", "", TWO, ("单位类别=学校，残疾职工数=0人 → 不适用",), "〔宽〕单位类别=学校，残疾职工数=0人 → 不符合"),
)


def made(clauses: str, examples: tuple[str, ...], kind: str) -> tuple[RuleSet, Rule]:
    """The invented city's rules with one rule; an example may begin with its reading."""
    lines = [f"示例{each[: each.find('〕') + 1]}：{each[each.find('〕') + 1 :]}" for each in examples]
    rules = rule_set(rule("\n".join((clauses, *lines)), kind))
    assert [result for result in run_examples(rules) if not result.is_right] == []
    return rules, rules.rules[0]


def wanted(rules: RuleSet, of: Rule, case: Case) -> Mutant:
    found = [
        each
        for each in mutants(rules, of)
        if each.code == case.code and each.after.zh == case.after and case.before in each.before.zh
    ]
    assert found, [(each.code, each.before.zh, each.after.zh) for each in mutants(rules, of)]
    return found[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.after}-{case.telling}")
def test_one_example_notices_the_change_and_the_others_do_not(case: Case) -> None:
    for examples, notices in (((*case.others, case.telling), True), (case.others, False)):
        rules, of = made(case.clauses, examples, case.kind)
        changed = wanted(rules, of, case)
        assert is_noticed(rules, of, changed.rule, prepared(rules, of)) is notices


def test_every_kind_has_a_case_and_a_message_in_both_languages() -> None:
    codes = set(read_table("dsl", "messages", "mutants.toml"))
    assert {case.code for case in CASES} == codes - {"M120"}
    for case in CASES:
        rules, of = made(case.clauses, case.others, case.kind)
        problems = told(tried(rules, [of]))
        assert case.code in {problem.code for problem in problems}
        for problem in problems:
            for language in ("zh", "en"):
                assert message(problem.code, language, problem.values)
                help_text(problem.code, language, problem.values)


def test_the_reference_names_every_kind_in_both_languages() -> None:
    chapter = data.read_text("dsl", "reference.md").partition("### 示例看得出什么\n")[2].partition("\n## ")[0]
    chinese, _, english = chapter.partition("<summary>English</summary>")
    codes = set(read_table("dsl", "messages", "mutants.toml")) - {"M120"}
    assert set(re.findall(r"^\| `(M\d+)`", chinese, re.MULTILINE)) == codes
    assert set(re.findall(r"`(M\d+)`", english)) == codes


# --- what cannot be told apart is no change ---


@pytest.mark.parametrize(
    ("clauses", "kind", "code", "after"),
    [
        ("要求：残疾职工数 不少于 0人", "单位", "M102", "-1人"),  # no fewer than none, whatever is written
        ("要求：残疾职工数 不超过 10000人", "单位", "M102", "10001人"),
        ("完成时限：2024年12月31日\n要求：已公示", "单位", "M112", "遇休息日顺延"),  # a Tuesday
        (FIVE, "申请", "M112", "遇休息日顺延"),  # a working day in any case
        (f"考核期：2023年6月1日至2024年12月31日\n{EMPLOYS}", "单位", "M109", "2025年1月1日"),  # a state is judged as last told
        (EMPLOYS, "单位", "M109", "2023年1月2日"),  # the document's own period, not the rule's
    ],
)
def test_a_change_that_nothing_could_show_is_not_made(clauses: str, kind: str, code: str, after: str) -> None:
    rules = rule_set(rule(clauses, kind))
    assert (code, after) not in {(each.code, each.after.zh) for each in mutants(rules, rules.rules[0])}


def test_an_example_sees_no_reading_but_its_own() -> None:
    # Under the wide reading the school is bound; nobody said so, and so nothing is noticed.
    rules, of = made(TWO, ("单位类别=学校，残疾职工数=0人 → 不适用", "单位类别=机关，残疾职工数=0人 → 不符合"), "单位")
    assert "M116" in {each.code for result in tried(rules, [of]) for each in result.surviving}


def test_what_a_definition_says_is_changed_as_the_rule_has_it() -> None:
    more = "\n定义：大单位 / big\n  所属对象：单位\n  含义：编制 不少于 50人\n"
    rules = rule_set(rule(f"适用情形：大单位\n{EMPLOYS}") + more)
    assert ("M102", "51人") in {(each.code, each.after.zh) for each in mutants(rules, rules.rules[0])}


# --- what is reviewed ---

SCHOOL_OR = f"{EMPLOYS}\n示例：残疾职工数=0人 → 不符合\n示例：残疾职工数=2人 → 符合"


@pytest.mark.parametrize(
    ("reviewed", "surviving", "accepted", "idle"),
    [
        ("", 2, 0, 0),
        ('已核：M102："试" / "a trial"', 1, 1, 0),
        ('已核：M108："试" / "a trial"', 2, 0, 1),  # nothing of this kind is missed
    ],
)
def test_a_change_is_accepted_by_its_code(reviewed: str, surviving: int, accepted: int, idle: int) -> None:
    # Without an example on 1 a limit of 2 is not noticed, nor "more than 1".
    rules = rule_set(rule(f"{reviewed}\n{SCHOOL_OR}" if reviewed else SCHOOL_OR))
    (result,) = tried(rules, rules.rules)
    assert (len(result.surviving), len(result.accepted), len(result.idle)) == (surviving, accepted, idle)
    assert ("M120" in {each.code for each in told([result])}) == bool(idle)


def test_an_acceptance_of_one_limb_is_not_of_another() -> None:
    both = '要求（甲）：已公示\n要求（乙）：残疾职工数 不少于 1人\n已核（甲）：M108："试" / "a trial"'
    rules = rule_set(rule(both))
    (result,) = tried(rules, rules.rules)
    assert {each.limbs for each in result.accepted} == {frozenset({"甲"})}
    assert ("M108", frozenset({"乙"})) in {(each.code, each.limbs) for each in result.surviving}


# --- the rules shipped ---


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


def test_no_change_of_a_shipped_rule_is_the_rule_itself(shipped: RuleSet) -> None:
    for each in shipped.rules:
        found = [(mutant.rule.every, mutant.rule.readings) for mutant in mutants(shipped, each)]
        assert len(set(found)) == len(found)
        assert (each.every, each.readings) not in found


def test_every_change_of_a_shipped_rule_is_noticed_or_reviewed(shipped: RuleSet) -> None:
    results = list(tried(shipped, shipped.rules))
    assert [message(each.code, "zh", each.values) for each in told(results)] == []
    assert all(result.made >= 3 for result in results)
