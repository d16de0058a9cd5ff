"""Rule texts resolved against a small invented vocabulary, for the tests of `rulecheck.rules.resolve`."""

from __future__ import annotations

from datetime import date
from functools import cache

from rulecheck import data
from rulecheck.language.diagnostics import Diagnostic, help_text, render
from rulecheck.language.parse import parse
from rulecheck.language.source import Source
from rulecheck.language.syntax import File, Language
from rulecheck.measures.places import Places, load_places
from rulecheck.measures.units import unit_table
from rulecheck.measures.workdays import Calendar
from rulecheck.rules import model
from rulecheck.rules.resolve import resolve
from support_calendar import load_calendar

VOCABULARY = """
对象：城市 / city
对象：单位 / unit
  上级：城市
对象：员工 / worker
  上级：单位
对象：申领 / claim
  上级：单位
  发生日：受理日

事实：户籍人口 / residents
  所属对象：城市
  类型：数量（人）
事实：编制 / posts
  所属对象：单位
  类型：数量（人）
  范围：0人至1000人
事实：残疾职工 / disabled_staff
  所属对象：单位
  类型：数量（人）
事实：增减人数 / change
  所属对象：单位
  类型：数量（人）
  范围：不超过 1000人
事实：经费 / budget
  所属对象：单位
  类型：数量（万元）
事实：面积 / area
  所属对象：单位
  类型：数量（平方米）
事实：边长 / side
  所属对象：单位
  类型：数量（米）
事实：就业率 / employment
  所属对象：单位
  类型：比例
事实：去年就业率 / employment_before
  所属对象：单位
  类型：比例
事实：性质 / nature
  所属对象：单位
  类型：类别（机关 / organ、学校 / school、医院 / hospital）
事实：级别 / grade
  所属对象：单位
  类型：等级（县级 / county_level、市级 / city_level）
事实：已备案 / filed
  所属对象：单位
  类型：是否
事实：开门时刻 / opens_at
  所属对象：单位
  类型：时刻
事实：关门时刻 / closes_at
  所属对象：单位
  类型：时刻
事实：成立日 / founded
  所属对象：单位
  类型：日期
事实：主管单位 / overseer
  所属对象：单位
  类型：引用（单位）
事实：电话 / phone
  所属对象：单位
  类型：文本
事实：新增就业 / new_jobs
  所属对象：单位
  类型：数量（人）
  周期：每年
事实：年度备案 / filed_yearly
  所属对象：单位
  类型：是否
  周期：每年
事实：月产量 / output
  所属对象：单位
  类型：数量（件）
  周期：每月
事实：盈亏 / profit
  所属对象：单位
  类型：数量（万元）
  周期：每年
  范围：不超过 1000万元
事实：达标率 / reached
  所属对象：单位
  类型：比例
  周期：每年
事实：季度检查 / checks
  所属对象：单位
  类型：数量（次）
  周期：每季度
事实：年龄 / age
  所属对象：员工
  类型：数量（岁）
事实：月薪 / pay
  所属对象：员工
  类型：数量（元）
事实：持证 / disabled
  所属对象：员工
  类型：是否
事实：工种 / trade
  所属对象：员工
  类型：文本
事实：受理日 / accepted_on
  所属对象：申领
  类型：日期
事实：办结日 / finished_on
  所属对象：申领
  类型：日期
  可以为无：是
事实：退回金额 / returned
  所属对象：申领
  类型：数量（元）
  可以为无：是
事实：补贴金额 / granted
  所属对象：申领
  类型：数量（元）
  可以为无：是
  无计为：0元

参数：标准比例 / standard_share
  类型：比例
  范围：0%至100%
  来源："某令" / "an order"
  取值：2%
参数：调整数 / adjustment
  类型：数量（人）
  来源："某令" / "an order"
  取值：待明确

定义：大单位 / large_unit
  所属对象：单位
  含义：编制 不少于 50人
定义：应配人数 / staff_owed
  所属对象：单位
  含义：编制×2%
"""

DOCUMENT = model.Document(
    folder="",
    title="某通知",
    number="某发〔2022〕1号",
    kind="规范性文件",
    issuer="某市人民政府",
    issued=date(2022, 11, 1),
    place=None,
    in_force=(date(2022, 11, 16).toordinal(), None),
    horizon=date(2025, 12, 31).toordinal(),
    status={"state": "in_force", "checked_by": "", "checked_on": ""},
    basis=(),
    text="",
    coverage="full",
    items=(),
)


@cache
def measures() -> tuple[Places, Calendar]:
    places, place_problems = load_places(data.folder("rules"))
    calendar, calendar_problems = load_calendar(data.folder("dsl") / "calendar")
    assert not place_problems
    assert not calendar_problems
    return places, calendar


def tree(text: str, name: str) -> File:
    file, problems = parse(Source(name, text))
    assert [render(each) for each in problems] == []
    assert file is not None
    return file


@cache
def vocabulary() -> File:
    return tree(VOCABULARY, "vocabulary.rule")


def resolved(
    text: str, *, name: str = "new.rule", documents: tuple[model.Document, ...] = (DOCUMENT,)
) -> tuple[model.RuleSet, list[Diagnostic]]:
    """The rule set of a text beside the vocabulary, and what there is to tell."""
    places, calendar = measures()
    return resolve([vocabulary(), tree(text, name)], documents, places, calendar, unit_table(), "0" * 64)


def accepted(text: str) -> model.RuleSet:
    rules, problems = resolved(text)
    assert [render(each) for each in problems] == []
    return rules


def told(text: str) -> list[tuple[str, ...]]:
    """Each fault as its code and the words it underlines."""
    _, problems = resolved(text)
    for each in problems:
        assert render(each, "zh")
        assert render(each, "en")
    return [(each.code, *(label.span.text for label in each.labels)) for each in problems]


def the_problem(text: str) -> Diagnostic:
    _, problems = resolved(text)
    assert len(problems) == 1, [render(each) for each in problems]
    return problems[0]


def helped(text: str, language: Language = "zh") -> str:
    """The help of the only fault."""
    problem = the_problem(text)
    return help_text(problem.code, language, problem.values)


def rule(*clauses: str, kind: str = "单位") -> str:
    """A rule of a kind with its basis and these clauses."""
    return "\n  ".join(["规则：示范 / sample", "依据：二（一）1", f"核查对象：{kind}", *clauses]) + "\n"


def requiring(expression: str, *clauses: str, kind: str = "单位") -> str:
    return rule(f"要求：{expression}", *clauses, kind=kind)


def limbs(text: str) -> list[tuple[model.Limb, ...]]:
    """The limbs of the only rule, a tuple a reading."""
    found = accepted(text).rules
    assert len(found) == 1
    return [reading.limbs for reading in found[0].readings]


def limb(text: str) -> model.Limb:
    """The only limb of the only rule."""
    ((only,),) = limbs(text)
    return only


def condition(expression: str, *clauses: str, kind: str = "单位") -> model.Test:
    """The condition that an expression stands for."""
    test = limb(requiring(expression, *clauses, kind=kind)).requirement
    assert test is not None
    return test


def value(expression: str, *clauses: str, kind: str = "单位") -> model.Term:
    """The term that an expression stands for."""
    test = condition(f"{expression} 不少于 {expression}", *clauses, kind=kind)
    assert isinstance(test, model.Compare)
    assert test.left == test.right
    return test.left


def unit_of(expression: str, *clauses: str, kind: str = "单位") -> str | None:
    """The unit in which a value is shown, None for a bare number."""
    type_ = value(expression, *clauses, kind=kind).type
    assert isinstance(type_, model.NumberType)
    return type_.unit.text if type_.unit else None
