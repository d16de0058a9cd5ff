"""Every type of fact compared with every other by every kind of operator: judged by Kleene logic, or refused when it is read."""

from __future__ import annotations

from itertools import product

import pytest

import support_explain
from rulecheck.judgement import Judgement, Verdict
from support_explain import judge, rule, rule_set, unit

MORE = """
事实：备用系统 / spare_system
  所属对象：单位
  类型：文本

事实：主管单位 / overseer
  所属对象：单位
  类型：引用（单位）

事实：承办单位 / host
  所属对象：单位
  类型：引用（单位）

事实：指定网点 / chosen_outlet
  所属对象：单位
  类型：引用（网点）

事实：原类别 / category_before
  所属对象：单位
  类型：类别（机关、学校、公司）

事实：原星级 / stars_before
  所属对象：单位
  类型：等级（一星、二星、三星）

事实：已验收 / accepted_works
  所属对象：单位
  类型：是否

事实：关门时刻 / closes_at
  所属对象：单位
  类型：时刻

事实：开工日 / begun_on
  所属对象：单位
  类型：日期

事实：渠道 / channel
  所属对象：单位
  类型：类别（电话 / phone、窗口 / window、等）

事实：原渠道 / channel_before
  所属对象：单位
  类型：类别（电话、窗口、等）
"""

# type: two facts of it, and a smaller and a greater value
TYPES = {
    "quantity": ("编制", "职工总数", "5人", "6人"),
    "share": ("满意率", "满意率", "5%", "5%"),
    "date": ("成立日", "开工日", "2023-01-31", "2023-02-01"),
    "time": ("开门时刻", "关门时刻", "8:30", "17:30"),
    "weekday": ("星期（成立日）", "星期（开工日）", "2024-01-01", "2024-01-02"),
    "yes_no": ("已公示", "已验收", "否", "是"),
    "category": ("单位类别", "原类别", "机关", "学校"),
    "ranked": ("星级", "原星级", "二星", "三星"),
    "open": ("渠道", "原渠道", "电话", "窗口"),
    "text": ("系统名称", "备用系统", "甲系统", "乙系统"),
    "reference": ("主管单位", "承办单位", "甲局", "乙局"),
    "reference to another kind": ("指定网点", "指定网点", "一号", "一号"),
}
ORDERED = {"quantity", "share", "date", "time", "ranked"}
TOLD = {"weekday": ("成立日", "开工日")}
LITERALS = {
    "quantity": "5人",
    "share": "5%",
    "date": "2023-01-31",
    "time": "8:30",
    "weekday": "周一",
    "yes_no": "否",
    "category": "机关",
    "ranked": "二星",
    "open": "电话",
    "text": '"甲系统"',
    "reference": '"甲局"',
}
OPERATORS = ("=", "≠", "＜", "不少于")


@pytest.fixture(autouse=True)
def with_more_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_explain, "VOCABULARY", support_explain.VOCABULARY + MORE)
    rule_set.cache_clear()


def is_accepted(left: str, operator: str, right: str) -> bool:
    try:
        rule_set(rule(f"要求：{left} {operator} {right}"))
    except AssertionError:  # with the messages of what is wrong
        return False
    return True


@pytest.mark.parametrize("left", TYPES)
def test_only_what_is_of_one_type_is_compared(left: str) -> None:
    for right, operator in product(TYPES, OPERATORS):
        fits = left == right and left != "open" and (operator in "=≠" or left in ORDERED)
        assert is_accepted(TYPES[left][0], operator, TYPES[right][1]) is fits, (left, operator, right)


@pytest.mark.parametrize("left", TYPES)
def test_no_fact_stands_in_a_list_of_choices(left: str) -> None:
    for right in TYPES:
        assert not is_accepted(TYPES[left][0], "属于", f"（{TYPES[right][1]}、{TYPES[right][1]}）"), (left, right)


def compared(clause: str, of: str, one: str | None, other: str | None) -> Judgement:
    names = TOLD.get(of, TYPES[of][:2])
    told = [f"{name}: {value}" for name, value in zip(names, (one, other), strict=True) if value is not None]
    # 乙局 is named by its id, and has to be known by its name too.
    others = "  - {名称: 乙局, 编号: YJ, 地区: 东川县}\n"
    return judge(clause, unit("\n".join(told)) + others)[0]


EXPECTED = {"=": (True, False), "≠": (False, True), "＜": (False, True), "不少于": (True, False)}


@pytest.mark.parametrize(("of", "operator"), [(of, each) for of in TYPES for each in OPERATORS])
def test_two_facts_of_a_type(of: str, operator: str) -> None:
    one, other, low, high = TYPES[of]
    if one == other or of == "open" or (of not in ORDERED and operator not in "=≠"):
        return
    clause = f"要求：{one} {operator} {other}"
    same, lower = EXPECTED[operator]
    assert compared(clause, of, low, low).verdict is (Verdict.MET if same else Verdict.VIOLATED)
    assert compared(clause, of, low, high).verdict is (Verdict.MET if lower else Verdict.VIOLATED)
    for told in ((low, None), (None, low), (None, None)):
        found = compared(clause, of, *told)
        assert found.verdict is Verdict.UNDETERMINED
        names = TOLD.get(of, TYPES[of][:2])
        wanted = {name for name, value in zip(names, told, strict=True) if value is None}
        assert {support_explain.rule_set(rule(clause)).facts[each.fact].zh for each in found.missing} == wanted


@pytest.mark.parametrize("of", LITERALS)
def test_a_fact_and_a_value_either_way_round(of: str) -> None:
    one, _, low, high = TYPES[of]
    value = LITERALS[of]
    # A bare member is looked up as a name, and is one only behind the fact whose member it is.
    is_member = of in ("category", "ranked", "open")
    for clause in (f"要求：{one} = {value}", *([] if is_member else [f"要求：{value} = {one}"])):
        if clause.endswith(("机关 = 单位类别", "二星 = 星级", "电话 = 渠道")):
            continue
        assert compared(clause, of, low, None).verdict is Verdict.MET
        if high != low:
            assert compared(clause, of, high, None).verdict is Verdict.VIOLATED
        assert compared(clause, of, None, None).verdict is Verdict.UNDETERMINED


def test_a_reference_by_name_and_one_by_id_are_the_same() -> None:
    found = compared("要求：主管单位 = 承办单位", "reference", "乙局", "YJ")
    assert found.verdict is Verdict.MET
    assert found.margin is None
    assert found.remedy == ()


def test_two_names_that_name_nobody_here_are_compared_as_they_are() -> None:
    clause = "要求：主管单位 ≠ 承办单位"
    assert compared(clause, "reference", "丙局", "丁局").verdict is Verdict.MET
