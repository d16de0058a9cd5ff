"""Another meaning is told in other words: within each family below every rule means something else, and no two read alike."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest

from rulecheck.dataclass import replace
from rulecheck.language.syntax import Language
from rulecheck.rules import model
from support_explain import rule, rule_set
from support_prose import node_types, prose, prose_of

# What the rule is said of, and clauses that differ in meaning by one thing each.
FAMILIES: dict[str, tuple[str, list[str]]] = {
    "figures and comparisons": (
        "单位",
        [f"要求：编制 {word} {figure}" for word in ("不少于", "不超过", "超过", "少于", "=", "≠") for figure in ("50人", "51人")],
    ),
    "days": (
        "单位",
        [f"要求：成立日 {word} 2023年6月{day}日" for word in ("不早于", "不晚于", "晚于", "早于") for day in (29, 30)],
    ),
    "times of day": (
        "单位",
        [f"要求：开门时刻 {word}" for word in ("不早于 8:30", "不晚于 8:30", "晚于 8:30", "早于 8:30", "早于 8:31")],
    ),
    "ranks": ("单位", [f"要求：星级 {word}" for word in ("不低于 二星", "不高于 二星", "高于 二星", "低于 二星", "低于 三星")]),
    "another figure": ("单位", ["要求：编制 不少于 窗口数÷1个×1人", "要求：编制 不少于 职工总数", "要求：职工总数 不少于 编制"]),
    "reckonings": (
        "单位",
        [
            "要求：编制+职工总数 不少于 50人",
            "要求：编制-职工总数 不少于 50人",
            "要求：编制-（职工总数-残疾职工数） 不少于 50人",
            "要求：编制-职工总数-残疾职工数 不少于 50人",
            "要求：2×（编制+职工总数） 不少于 50人",
            "要求：2×编制+职工总数 不少于 50人",
            "要求：编制÷职工总数 不低于 50%",
            "要求：编制÷（职工总数÷残疾职工数） 不少于 50人",
            "要求：编制÷职工总数÷残疾职工数×1人 不低于 50%",
        ],
    ),
    "membership": (
        "单位",
        [
            "要求：单位类别=机关",
            "要求：单位类别≠机关",
            "要求：单位类别=学校",
            "要求：单位类别 属于 （机关、学校）",
            "要求：单位类别 不属于 （机关、学校）",
            "要求：已公示=是",
            "要求：已公示=否",
            '要求：系统名称="统一系统"',
            '要求：系统名称="另一系统"',
            "要求：星期（成立日） 属于 周一至周五",
            "要求：星期（成立日） 属于 周一至周四",
            "要求：星期（成立日） 不属于 周一至周五",
            "要求：星期（成立日）=周日",
            "要求：星期（成立日）≠周日",
            "要求：星期（验收日） 属于 周一至周五\n适用情形：验收日≠无",
        ],
    ),
    "how many of a list": (
        "单位",
        [
            "要求：项数（已公示、编制 不少于 50人） 不少于 1",
            "要求：项数（已公示、编制 不少于 50人） 不少于 2",
            "要求：项数（已公示、编制 不少于 51人） 不少于 1",
            "要求：项数（已公示、编制 不少于 50人、职工总数 不少于 9人） 不少于 1",
            "要求：项数（已公示 且 编制 不少于 50人、职工总数 不少于 9人） 不少于 1",
            "要求：项数（已公示、编制 不少于 50人 且 职工总数 不少于 9人） 不少于 1",
            "要求：项数（已公示、编制 不少于 50人）+窗口数 不少于 1个",
            "要求：窗口数-项数（已公示、编制 不少于 50人） 不少于 1个",
        ],
    ),
    "none": ("单位", ["要求：验收日=无", "要求：验收日≠无"]),
    "and, or, not": (
        "单位",
        [
            "要求：已公示 且 编制 不少于 50人",
            "要求：已公示 或 编制 不少于 50人",
            "要求：并非 （已公示 且 编制 不少于 50人）",
            "要求：并非 （已公示 或 编制 不少于 50人）",
            "要求：（已公示 且 编制 不少于 50人） 或 职工总数 不少于 9人",
            "要求：已公示 且 （编制 不少于 50人 或 职工总数 不少于 9人）",
            "要求：已公示 且 编制 不少于 50人 且 职工总数 不少于 9人",
            "要求：已公示 或 编制 不少于 50人 或 职工总数 不少于 9人",
            "要求：并非 （编制 不少于 50人）",
            "要求：编制 不少于 50人",
        ],
    ),
    "members": (
        "单位",
        [
            "要求：每一 网点 满足 （座位 不少于 10个）",
            "要求：存在 网点 满足 （座位 不少于 10个）",
            "要求：每一 网点 其中 （有坡道） 满足 （座位 不少于 10个）",
            "要求：每一 网点 其中 （座位 不少于 10个） 满足 （有坡道）",
            "要求：存在 网点 其中 （有坡道） 满足 （座位 不少于 10个）",
            "要求：每一 网点 其中 （有坡道 且 网点类型=固定） 满足 （座位 不少于 10个）",
            "要求：每一 网点 其中 （有坡道 或 网点类型=固定） 满足 （座位 不少于 10个）",
            "要求：存在 网点 其中 （有坡道 且 网点类型=固定） 满足 （座位 不少于 10个）",
            "要求：每一 网点 满足 （有坡道 且 网点类型=固定）",
            "要求：每一 网点 满足 （有坡道 或 网点类型=固定）",
            "要求：并非 （每一 网点 满足 （座位 不少于 10个））",
            "要求：每一 检查 满足 （得分 不少于 60个）",
            "要求：计数（网点） 不少于 2",
            "要求：计数（网点 其中 有坡道） 不少于 2",
            "要求：合计（网点的座位） 不少于 2个",
            "要求：合计（网点的座位 其中 有坡道） 不少于 2个",
            "要求：不同（网点的网点类型 其中 有坡道） 不少于 2",
            "要求：不同（网点的网点类型） 不少于 2",
            "要求：不同（网点的座位） 不少于 2",
            "要求：占比（网点，有坡道） 不低于 80%",
            "要求：占比（网点，网点类型=固定） 不低于 80%",
            "要求：占比（网点 其中 网点类型=固定，有坡道） 不低于 80%",
        ],
    ),
    "whose": (
        "网点",
        [
            "要求：计数（网点） 不少于 2",
            "要求：合计（网点的座位） 不少于 2个",
            "要求：座位 不少于 2个",
            "要求：有坡道",
            "要求：已公示",
            "义务主体：单位\n要求：有坡道",
            "义务主体：单位\n要求：已公示",
        ],
    ),
    "periods": (
        "单位",
        [
            "要求：合计（新增岗位，2023年至2024年） 不少于 9个",
            "要求：合计（新增岗位，2023年至2025年） 不少于 9个",
            "要求：新增岗位@2023年 不少于 9个",
            "要求：新增岗位@2024年 不少于 9个",
            "周期：每年\n要求：新增岗位 不少于 9个",
            "周期：每年\n要求：上期（新增岗位） 不少于 9个",
            "周期：每年\n要求：新增岗位 多于 上期（新增岗位）",
            "周期：每年\n要求：增幅（新增岗位） 不低于 9%",
            "周期：每年\n要求：降幅（新增岗位） 不低于 9%",
            "周期：每年\n要求：增加（新增岗位） 不少于 9个",
            "周期：每年\n要求：新增岗位 不少于 9个\n完成时限：每年10月31日",
            "周期：每年\n要求：新增岗位 不少于 9个\n完成时限：每年10月30日",
            "周期：每年\n要求：新增岗位 不少于 9个\n完成时限：每年10月31日+1天",
            "要求：成立日 属于 每年9月1日至10月31日",
            "要求：成立日 不属于 每年9月1日至10月31日",
            "要求：成立日 属于 每年10月31日至9月1日",
            "要求：成立日 属于 （每年9月1日、每年10月31日）",
            "要求：成立日 属于 每年9月1日至10月30日",
            "周期：每季度\n要求：检修次数 不少于 9次",
            "周期：每月\n要求：用电量 不少于 9千瓦时",
        ],
    ),
    "parameters": (
        "单位",
        ["要求：窗口数 不少于 座位标准", "要求：窗口数 不少于 窗口下限", "要求：开门时刻 不晚于 开门标准"],
    ),
    "limits of an event": (
        "申请",
        [
            "要求：办结日\n完成时限：受理日+5个工作日",
            "要求：办结日\n完成时限：受理日+6个工作日",
            "要求：办结日\n完成时限：受理日+5天",
            "要求：办结日\n完成时限：受理日+5个月",
            "要求：办结日\n完成时限：受理日+1天",
            "要求：办结日\n完成时限：受理日+1个工作日",
            "要求：办结日\n完成时限：受理日+1个月",
            "要求：办结日\n完成时限：受理日-1个工作日",
            "要求：办结日\n完成时限：受理日-5个工作日",
            "要求：办结日\n完成时限：受理日-1天",
            "要求：办结日\n完成时限：受理日-5天",
            "要求：办结日\n完成时限：受理日-1个月",
            "要求：办结日\n完成时限：受理日-5个月",
            "要求：办结日\n完成时限：受理日+5天 遇休息日顺延",
            "要求：办结日\n完成时限：受理日",
            "要求：受理日\n完成时限：受理日+5个工作日",
            "要求：办结日 不晚于 受理日\n适用情形：办结日≠无",
            "义务主体：受理单位\n要求：办结日\n完成时限：受理日+5个工作日",
        ],
    ),
    "modality": ("单位", [f"{word}：编制 不少于 50人" for word in ("要求", "禁止", "原则上", "力争", "鼓励")]),
    "forbidden": (
        "单位",
        [
            "禁止：已公示 或 编制 不少于 50人",
            "禁止：已公示 且 编制 不少于 50人",
            "禁止：已公示",
            "禁止：并非 （已公示 且 编制 不少于 50人）",
        ],
    ),
    "conditions, exceptions, dates": (
        "单位",
        [
            "要求：已公示",
            "适用情形：编制 不少于 50人\n要求：已公示",
            "除外情形：编制 不少于 50人\n要求：已公示",
            "适用情形：编制 不少于 50人\n适用情形：单位类别=机关\n要求：已公示",
            "除外情形：编制 不少于 50人\n除外情形：单位类别=机关\n要求：已公示",
            "要求：已公示\n完成时限：2024年底",
            "要求：已公示\n完成时限：2024年12月30日",
            "要求：已公示\n考核期：2023年1月1日至2024年12月31日",
            "要求：已公示\n考核期：2023年1月2日至2024年12月31日",
            "要求：已公示\n考核期：2023年1月1日至2024年12月30日",
            "要求：已公示\n考核期：2023年1月1日 起",
            "要求：已公示\n施行：2023年2月1日 起",
            "要求：已公示\n施行：2023年2月1日至2024年2月1日",
            "要求：已公示\n适用地区：东川县",
            '要求：已公示\n部分核查："内容不核查" / "What it says is not checked"',
            "周期：每年\n要求：新增岗位 不少于 1个\n完成时限：当期末",
            "周期：每年\n要求：新增岗位 不少于 1个",
            "周期：每年\n要求：新增岗位 不少于 1个\n完成时限：当期末+31天",
            "周期：每年\n禁止：新增岗位 不少于 1个",
        ],
    ),
    "limbs": (
        "单位",
        [
            "要求（甲）：已公示\n要求（乙）：编制 不少于 50人",
            "要求（甲）：编制 不少于 50人\n要求（乙）：已公示",
            "要求（甲）：已公示\n原则上（乙）：编制 不少于 50人",
            "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n除外情形（甲）：单位类别=机关",
            "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n除外情形（乙）：单位类别=机关",
            "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n除外情形：单位类别=机关",
            "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n完成时限（乙）：2024年底",
        ],
    ),
    "readings": (
        "单位",
        [
            '要求：已公示\n口径：宽 / wide（默认）："甲" / "a"',
            '要求：已公示\n口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："乙" / "b"\n要求〔严〕：编制 不少于 50人',
            '要求：已公示\n口径：宽 / wide："甲" / "a"\n口径：严 / strict（默认）："乙" / "b"\n要求〔严〕：编制 不少于 50人',
            '要求：已公示\n口径：宽 / wide："甲" / "a"\n口径：严 / strict："乙" / "b"\n要求〔严〕：编制 不少于 50人',
            '要求：已公示\n口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："乙" / "b"\n要求〔严〕：编制 不少于 51人',
            '要求：已公示\n口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："丙" / "c"\n要求〔严〕：编制 不少于 51人',
            '要求：已公示\n口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："乙" / "b"\n除外情形〔严〕：编制 不少于 50人',
            "要求：已公示\n除外情形：编制 不少于 50人\n"
            '口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："乙" / "b"\n除外情形〔严〕：无',
        ],
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_two_meanings_read_alike(family: str, language: Language) -> None:
    kind, clauses = FAMILIES[family]
    told = {each: prose(each, kind, language) for each in clauses}
    alike = [(one, other) for one, other in combinations(clauses, 2) if told[one] == told[other]]
    assert not alike


def test_every_node_of_the_model_is_among_them() -> None:
    rules = [rule_set(rule(each, kind)).rules[0] for kind, family in FAMILIES.values() for each in family]
    assert set(get_args(model.Term)) | set(get_args(model.Test)) <= node_types(rules)


# --- what other declarations add to the meaning ---

SEATS = "要求：窗口数 不少于 座位标准"


def changed(found: model.RuleSet, parameter: model.Parameter) -> model.RuleSet:
    """The rule set with another parameter of the same id in its only rule."""

    def swap(test: model.Test | None) -> model.Test | None:
        if isinstance(test, model.Compare) and isinstance(test.right, model.ParameterTerm):
            return replace(test, right=replace(test.right, parameter=parameter))
        return test

    (only,) = found.rules
    readings = tuple(
        replace(reading, limbs=tuple(replace(limb, requirement=swap(limb.requirement)) for limb in reading.limbs))
        for reading in only.readings
    )
    return replace(found, rules=(replace(only, readings=readings),))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_side_of_a_parameter_is_told(language: Language) -> None:
    found = rule_set(rule(SEATS))
    parameter = found.parameters["seat_standard"]
    first, *rest = parameter.values
    rows = [
        replace(first, place=None),
        replace(first, start=None),
        replace(first, end=first.start),
        replace(first, season=((5, 1), (9, 30))),
        replace(first, season=((5, 1), (9, 29))),
        replace(first, value=None),
        replace(first, value=model.Between(None, first.value.value if isinstance(first.value, model.Exactly) else None)),
        replace(first, is_confirmed=False),
    ]
    others = [replace(parameter, values=(row, *rest)) for row in rows]
    others += [replace(parameter, values=tuple(reversed(parameter.values))), replace(parameter, minimum=None)]
    others += [replace(parameter, source=model.Bilingual("另一标准", "Another standard"))]
    told = [prose_of(changed(found, each), language) for each in [parameter, *others]]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_fact_asks_is_told(language: Language) -> None:
    found = rule_set(rule("要求：编制 不少于 50人"))
    (only,) = found.rules
    posts = found.facts["posts"]
    other = replace(posts, question=model.Bilingual("核定编制多少人？", "How many posts?"))
    limb = only.readings[0].limbs[0]
    test = limb.requirement
    assert isinstance(test, model.Compare)
    assert isinstance(test.left, model.FactTerm)
    asked = replace(limb, requirement=replace(test, left=replace(test.left, fact=other)))
    again = replace(only, readings=(replace(only.readings[0], limbs=(asked,)),))
    assert prose_of(replace(found, rules=(again,)), language) != prose_of(found, language)
