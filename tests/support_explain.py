"""A small invented city with one document, and ways to judge one clause as text against one submission as text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import dedent

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.judgement import Evidence, Judgement
from rulecheck.language.diagnostics import render
from rulecheck.proving.examples import ExampleResult, run_examples
from rulecheck.rules.load import load
from rulecheck.rules.model import RuleSet

PLACES = """
places:
  - zh: 清河市
    en: qinghe
    title: Qinghe City
    level: city
    contains:
      - {zh: 东川县, en: dongchuan, title: Dongchuan County, level: county}
      - {zh: 南坪区, en: nanping, title: Nanping District, level: county}
  - {zh: 白沙市, en: baisha, title: Baisha City, level: city}
"""

DOCUMENT = """
title: 清河市公共服务办法
number: 清政办发〔2023〕1号
kind: 规范性文件
issuer: 清河市人民政府办公室
issued: 2022-12-20
place: 清河市
in_force: {start: 2023-01-01}
horizon: 2025-12-31
status: {state: in_force}
items: [{locator: 一}, {locator: 二}]
"""

VOCABULARY = """
对象：单位 / unit

对象：网点 / outlet
  上级：单位

对象：检查 / inspection
  上级：单位
  发生日：检查日

对象：职工 / employee
  上级：单位
  敏感：是

对象：申请 / claim
  发生日：受理日

事实：编制 / posts
  所属对象：单位
  类型：数量（人）
  范围：0人至10000人

事实：残疾职工数 / disabled_staff
  所属对象：单位
  类型：数量（人）
  范围：0人至10000人
  可整改：只增
  整改措施："再安排残疾人{difference}就业" / "employ more disabled people: {difference}"

事实：职工总数 / staff
  所属对象：单位
  类型：数量（人）
  范围：0人至10000人

事实：窗口数 / counters
  所属对象：单位
  类型：数量（个）
  范围：0个至20个
  可整改：可增减
  整改措施："窗口调整为{target}" / "have {target} counters"

事实：超编人数 / surplus
  所属对象：单位
  类型：数量（人）
  范围：0人至10000人
  可整改：只减
  整改措施："减少超编{difference}" / "fewer surplus posts: {difference}"

事实：满意率 / satisfaction
  所属对象：单位
  类型：比例
  步长：0.01%
  范围：0%至100%

事实：面积 / floor_area
  所属对象：单位
  类型：数量（平方米）
  步长：0.1平方米
  范围：0平方米至100000平方米

事实：单位类别 / category
  所属对象：单位
  类型：类别（机关 / organ、学校 / school、公司 / company）

事实：星级 / stars
  所属对象：单位
  类型：等级（一星 / one_star、二星 / two_star、三星 / three_star）
  可整改：只增
  整改措施："升为{target}" / "rise to {target}"

事实：已公示 / published
  所属对象：单位
  类型：是否
  可整改：只增
  整改措施："公示服务事项" / "publish the services"

事实：系统名称 / system_name
  所属对象：单位
  类型：文本

事实：成立日 / founded_on
  所属对象：单位
  类型：日期

事实：验收日 / accepted_works_on
  所属对象：单位
  类型：日期
  可以为无：是

事实：开门时刻 / opens_at
  所属对象：单位
  类型：时刻

事实：补助金额 / subsidy
  所属对象：单位
  类型：数量（元）
  范围：0元至1000000元
  可整改：只增
  整改措施："再发补助{difference}" / "pay more: {difference}"
  敏感：是

事实：病情 / illness
  所属对象：单位
  类型：文本
  敏感：是

事实：新增岗位 / new_posts
  所属对象：单位
  类型：数量（个）
  周期：每年
  范围：0个至10000个
  可整改：只增
  整改措施："再新增岗位{difference}" / "open more posts: {difference}"

事实：检修次数 / repairs
  所属对象：单位
  类型：数量（次）
  周期：每季度
  范围：0次至100次

事实：用电量 / power
  所属对象：单位
  类型：数量（千瓦时）
  周期：每月
  范围：0千瓦时至1000000千瓦时

事实：座位 / seats
  所属对象：网点
  类型：数量（个）
  范围：0个至1000个
  可整改：只增
  整改措施："再设座位{difference}" / "add seats: {difference}"

事实：有坡道 / has_ramp
  所属对象：网点
  类型：是否
  可整改：只增
  整改措施："修建坡道" / "build a ramp"

事实：网点类型 / outlet_type
  所属对象：网点
  类型：类别（固定 / fixed、流动 / mobile）

事实：检查日 / inspected_on
  所属对象：检查
  类型：日期

事实：得分 / score
  所属对象：检查
  类型：数量（个）
  范围：0个至100个

事实：工龄 / service_years
  所属对象：职工
  类型：数量（个）
  范围：0个至60个
  敏感：是

事实：受理日 / received_on
  所属对象：申请
  类型：日期

事实：办结日 / decided_on
  所属对象：申请
  类型：日期
  可以为无：是

事实：受理单位 / office
  所属对象：申请
  类型：引用（单位）

参数：安排比例 / placement_ratio
  类型：比例
  范围：0%至100%
  来源："虚构条例第一条" / "Invented act, art. 1"
  取值：2023年1月1日起，1.5%

参数：座位标准 / seat_standard
  类型：数量（个）
  范围：0个至1000个
  来源："虚构标准" / "Invented standard"
  取值：东川县，2023年1月1日起，10个
  取值：南坪区，2023年1月1日起，12个，未确认
  取值：清河市，2023年1月1日起，不低于 8个

参数：窗口下限 / counter_floor
  类型：数量（个）
  范围：0个至1000个
  来源："虚构标准" / "Invented standard"
  取值：2023年1月1日起，不低于 8个

参数：开门标准 / opening_standard
  类型：时刻
  来源："作息通知" / "Notice on hours"
  取值：东川县，2023年1月1日起，每年5月1日至每年9月30日，8:00
  取值：东川县，2023年1月1日起，每年10月1日至每年4月30日，8:30
  取值：南坪区，2023年1月1日起，待明确
"""


def indented(text: str) -> str:
    return "".join(f"  {line.strip()}\n" for line in text.strip().splitlines())


@cache
def rule_set(rules: str) -> RuleSet:
    """The invented city's rule folder with these declarations."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "places.yaml").write_text(PLACES, encoding="utf-8")
        (folder / "source.yaml").write_text(DOCUMENT, encoding="utf-8")
        (folder / "vocabulary.rule").write_text(VOCABULARY, encoding="utf-8")
        (folder / "rules.rule").write_text(rules, encoding="utf-8")
        found, problems = load(folder)
    assert found is not None, "\n".join(render(each, "zh") for each in problems)
    return found


def rule(clauses: str, kind: str = "单位", id: str = "probe") -> str:
    """A rule with these clauses, of item 一."""
    return f'规则：测试规则 / {id}\n  标题："测试规则" / "Probe"\n  依据：一\n  核查对象：{kind}\n{indented(clauses)}'


def judge(
    clauses: str, submission: str, *, kind: str = "单位", as_of: str = "2024-06-30", records: str = "", more: str = ""
) -> list[Judgement]:
    """The judgements of one rule, made through the whole pipeline: `submission` and `records` are YAML."""
    rules = rule_set(rule(clauses, kind) + more)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        handed_in = folder / "报送.yaml"
        handed_in.write_text(dedent(submission).lstrip("\n"), encoding="utf-8")
        of_authority = folder / "记录.yaml"
        if records:
            of_authority.write_text(dedent(records).lstrip("\n"), encoding="utf-8")
        read = facts.read([handed_in], rules, records=[of_authority] if records else [], base=folder)
    assert not read.refused, "\n".join(render(each, "zh") for refusal in read.refused for each in refusal.faults)
    report = run(rules, read, as_of=date.fromisoformat(as_of).toordinal(), today=0)
    return [each for each in report.judgements if each.rule == "probe"]


def one(
    clauses: str, submission: str, *, kind: str = "单位", as_of: str = "2024-06-30", records: str = "", more: str = ""
) -> Judgement:
    """The only judgement of one rule and submission."""
    (found,) = judge(clauses, submission, kind=kind, as_of=as_of, records=records, more=more)
    return found


def unit(facts_of_unit: str = "", place: str = "东川县") -> str:
    """A submission of one unit 甲局: its name on line 2, its place on line 3, the facts from line 4 on."""
    lines = dedent(facts_of_unit).strip("\n").splitlines()
    return "单位:\n  - 名称: 甲局\n" + f"    地区: {place}\n" + "".join(f"    {line}\n" for line in lines)


def claim(facts_of_claim: str) -> str:
    """A submission of one claim S1 in 东川县, its facts from line 4 on."""
    return "申请:\n  - 编号: S1\n    地区: 东川县\n" + "".join(f"    {line}\n" for line in facts_of_claim.splitlines())


def outlets(*rows: str, partial: bool = False) -> str:
    """A submission of 甲局 with outlets 1号, 2号 …, from line 5 on (a partial roster: from line 7)."""
    head, space = ("网点:\n  未报全: 是\n  名单:\n", "    ") if partial else ("网点:\n", "  ")
    return unit(head + "".join(f"{space}- {{名称: {number}号, {row}}}\n" for number, row in enumerate(rows, start=1)))


def nodes(evidence: Evidence) -> Iterator[Evidence]:
    """A node of the evidence tree and everything below it."""
    yield evidence
    for child in evidence.children:
        yield from nodes(child)


def node(judgement: Judgement, text: str) -> Evidence:
    """The only node whose Chinese text begins so."""
    (found,) = (each for each in nodes(judgement.evidence) if each.text.zh.startswith(text))
    return found


def told(judgement: Judgement) -> tuple[str, str]:
    return judgement.reason.zh, judgement.reason.en


def everything(judgement: Judgement) -> str:
    """All that a report could show of a judgement, in one text."""
    return repr((judgement, judgement.reason, judgement.evidence))


def examples(clauses: str, kind: str = "单位") -> list[ExampleResult]:
    return list(run_examples(rule_set(rule(clauses, kind))))
