"""A small folder of rules with an invented document, for tests of everything around the judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from rulecheck.proving.sources import fingerprint, split
from rulecheck.rules import model
from rulecheck.rules.load import load

TEXT = """测试市人民政府关于做好配员工作的通知
测政发 [2023] 1号
一、目标
到2024年,全市配员工作明显改善。
二、任务
(一)做好配员工作
1.编制50人(含)以上的单位至少配备1人,学校、医院除外。
2. 受理后5个工作日内办结。
[责任部门: 各单位]
4.逐步推动各项工作。
三、要求
加强宣传。
"""

ITEMS = ("前言", "一", "二（一）1", "二（一）2", "二（一）3", "二（一）4", "三")

VOCABULARY = """对象：单位 / unit

事实：编制 / posts
  所属对象：单位
  类型：数量（人）
  范围：0人至1000人
  步长：1人

事实：配备人数 / staff_on_duty
  所属对象：单位
  类型：数量（人）
  范围：0人至1000人
  步长：1人
  可整改：只增
  整改措施："再配备{difference}" / "assign {difference} more"

事实：联系电话号码 / phone_number
  所属对象：单位
  类型：数量（人）
  范围：0人至1000人
  步长：1人
  敏感：是

事实：类别 / category
  所属对象：单位
  类型：类别（机关 / organ、学校 / school、医院 / hospital）

关系：配备不多于编制 / staff_within_posts
  所属对象：单位
  须有：配备人数 不超过 编制

关系：电话不多于编制 / phone_within_posts
  所属对象：单位
  须有：联系电话号码 不超过 编制

事实：培训人次 / trainees
  所属对象：单位
  类型：数量（人）
  周期：每年
  范围：0人至1000人
  步长：1人

事实：合格人次 / passed
  所属对象：单位
  类型：数量（人）
  周期：每年
  范围：0人至1000人
  步长：1人

关系：合格不多于培训 / passed_within_trained
  所属对象：单位
  周期：每年
  须有：合格人次 不超过 培训人次

对象：申请 / application
  发生日：受理日
  敏感：是

事实：受理日 / accepted_on
  所属对象：申请
  类型：日期

事实：办结日 / done_on
  所属对象：申请
  类型：日期
  可以为无：是

对象：科室 / office
  上级：单位

事实：窗口数 / counters
  所属对象：科室
  类型：数量（个）
  范围：0个至100个
  步长：1个
"""

STAFF_RULE = """规则：单位配员 / unit_has_staff
  依据：二（一）1
  > 编制50人(含)以上的单位
  > 至少配备1人
  核查对象：单位
  适用情形：编制 不少于 50人
  除外情形：类别 属于 （学校、医院）
  要求：配备人数 不少于 1人
  前提：编制=50人，类别=机关
  示例：配备人数=0人 → 不符合
  示例：配备人数=1人 → 符合
  示例：配备人数=2人 → 符合
  示例：编制=49人，配备人数=0人 → 不适用
  示例：编制=51人，配备人数=0人 → 不符合
  示例：类别=学校，配备人数=0人 → 不适用
  示例：类别=医院，配备人数=0人 → 不适用
  示例：配备人数=未知 → 无法判定（符合、不符合）
"""

LIMIT_RULE = """规则：申请办结时限 / application_limit
  依据：二（一）2
  > 5个工作日内办结
  核查对象：申请
  要求：办结日
  完成时限：受理日+5个工作日
  前提：受理日=2023年3月6日，截至=2023年6月30日
  示例：办结日=2023年3月13日 → 符合
  示例：办结日=2023年3月14日 → 不符合
  示例：办结日=未知 → 无法判定（符合、不符合）
"""

COUNTER_RULE = """规则：科室开设窗口 / office_has_counter
  依据：二（一）1
  > 至少配备1人
  核查对象：科室
  要求：窗口数 不少于 1个
  示例：窗口数=0个 → 不符合
  示例：窗口数=1个 → 符合
  示例：窗口数=2个 → 符合
  示例：窗口数=未知 → 无法判定（符合、不符合）
"""

DECLARATIONS = """不可核查：前言
  > 测政发〔2023〕1号
  理由："没有单独的要求" / "nothing is commanded"

不可核查：一
  理由："没有可核对的目标" / "no aim that can be checked"

不作依据：一
  > 到2024年
  理由："只说期末，没有目标数" / "only the end of the period, no figure"

缺失：二（一）3
  理由："所据文本没有第3项" / "the copy has no item 3"

不可核查：二（一）4
  理由："逐步推动" / "to promote step by step"

不可核查：三
  理由："没有数字" / "no figure"
"""

FILES = {
    "vocabulary.rule": VOCABULARY,
    "staff.rule": STAFF_RULE,
    "limit.rule": LIMIT_RULE,
    "counter.rule": COUNTER_RULE,
    "declarations.rule": DECLARATIONS,
}


def register(items: tuple[str, ...] = ITEMS, coverage: str = "full", fingerprints: Mapping[str, str] | None = None) -> str:
    """A `source.yaml`; fingerprints are those of TEXT unless others are given."""
    known = {item.locator: fingerprint(item.text) for item in split(TEXT)} | dict(fingerprints or {})
    listed = "".join(f'  - locator: {each}\n    fingerprint: "{known.get(each, "")}"\n' for each in items)
    return (
        "title: 关于做好配员工作的通知\nnumber: 测政发〔2023〕1号\nkind: 通知\nissuer: 测试市人民政府\nissued: 2023-01-01\n"
        "place: 黄石市\nin_force:\n  start: 2023-01-01\nhorizon: 2024-12-31\nstatus:\n  state: in_force\n"
        f"text: test.txt\ncoverage: {coverage}\nitems:\n{listed}"
    )


def write_rules(folder: Path, files: Mapping[str, str] | None = None, source: str | None = None) -> Path:
    """The folder of rules: FILES, some of them replaced or (an empty text) left out."""
    (folder / "test").mkdir(parents=True)
    for name, text in {**FILES, **(files or {})}.items():
        if text:
            (folder / "test" / name).write_text(text, encoding="utf-8")
    (folder / "test" / "source.yaml").write_text(source or register(), encoding="utf-8")
    return folder


def rule_set(folder: Path, files: Mapping[str, str] | None = None, source: str | None = None) -> model.RuleSet:
    """The rules of `write_rules`, which must be without fault."""
    rules, problems = load(write_rules(folder, files, source))
    assert problems == []
    assert rules is not None
    return rules


def write_texts(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir()
    (folder / "test.txt").write_text(text, encoding="utf-8")
    return folder


def drawn_rows(
    seed: int, count: int, posts: tuple[int, int], staff: tuple[int, int], counters: Sequence[int | None]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Units and their offices, about one figure of a unit in twenty not told; `posts` and `staff` from least to most."""
    draw = Random(seed)
    units, offices = [], []
    for number in range(count):
        unit: dict[str, Any] = {"编号": f"U{number:05d}", "名称": f"第{number}局", "地区": "黄石市"}
        unit["编制"] = draw.randint(*posts) if draw.random() < 0.95 else None
        unit["配备人数"] = draw.randint(*staff) if draw.random() < 0.95 else None
        unit["类别"] = draw.choice(["机关", "学校", "医院"])
        units.append(unit)
        for each in range(draw.randint(0, 2)):
            offices.append({"编号": f"{each}", "名称": f"{each}科", "上级": unit["编号"], "窗口数": draw.choice(counters)})
    return units, offices
