"""Examples of rules: every kind of binding, what comes out, and every fault that is told instead."""

from __future__ import annotations

import pytest

from rulecheck.proving.examples import run_examples
from support_explain import examples, rule, rule_set

EMPLOYS = "要求：残疾职工数 不少于 1人\n"
EVERY = "要求：每一 网点 满足 （座位 不少于 10个）\n"
STANDARD = "要求：窗口数 不少于 座位标准\n"
YEARLY = "周期：每年\n要求：新增岗位 不少于 1个\n完成时限：当期末\n"
EVENT = "义务主体：受理单位\n要求：办结日\n完成时限：受理日+5天\n"
IN_PRINCIPLE = "原则上：残疾职工数 不少于 1人\n"
LIMBS = "要求（甲）：残疾职工数 不少于 1人\n要求（乙）：已公示\n"
READINGS = (
    EMPLOYS + "适用情形〔宽〕：编制 不少于 10人\n适用情形〔严〕：编制 不少于 5人\n"
    '口径：宽 / wide（默认）："甲" / "a"\n口径：严 / strict："乙" / "b"\n'
)


@pytest.mark.parametrize(
    ("clauses", "example", "kind"),
    [
        (EMPLOYS, "示例：残疾职工数=0人 → 不符合", "单位"),
        (EMPLOYS, "示例：残疾职工数=1人 → 符合", "单位"),
        (EMPLOYS, "示例：残疾职工数=未知 → 无法判定（符合、不符合）", "单位"),
        (EMPLOYS, "示例：地区=白沙市，残疾职工数=1人 → 不适用", "单位"),
        (EMPLOYS, "示例：地区=未知，残疾职工数=0人 → 无法判定（不符合、不适用）", "单位"),
        (EMPLOYS, "示例：截至=2022年12月31日，残疾职工数=1人 → 不适用", "单位"),
        (EMPLOYS, "前提：残疾职工数=0人\n示例：残疾职工数=1人 → 符合", "单位"),
        ('要求：系统名称="甲"\n', '示例：系统名称="甲" → 符合', "单位"),
        ('要求：系统名称="甲"\n', "示例：系统名称=乙 → 不符合", "单位"),
        ("要求：单位类别=机关\n", "示例：单位类别=学校 → 不符合", "单位"),
        ("要求：单位类别=机关\n", "示例：单位类别=organ → 符合", "单位"),
        ("要求：已公示\n", "示例：已公示=无 → 不符合", "单位"),
        ("要求：验收日=无\n", "示例：验收日=无 → 符合", "单位"),
        ("要求：开门时刻 不晚于 8:30\n", "示例：开门时刻=8:31 → 不符合", "单位"),
        ("要求：满意率 不低于 90%\n", "示例：满意率=89.99% → 不符合", "单位"),
        # rosters
        (EVERY, "示例：网点={座位=10个}×3{座位=9个} → 不符合", "单位"),
        (EVERY, "示例：网点={座位=10个}×3 → 符合", "单位"),
        (EVERY, "示例：网点=空 → 不适用", "单位"),
        (EVERY, "示例：网点=无 → 不适用", "单位"),
        (EVERY, "示例：网点=未知 → 无法判定（符合、不符合、不适用）", "单位"),
        (EVERY, "示例：网点=未报全{座位=10个} → 无法判定（符合、不符合）", "单位"),
        (EVERY, "示例：网点=未报全{座位=9个} → 不符合", "单位"),
        # a member's example may say what stands above it
        ("要求：座位 不少于 编制×1个/人\n", "示例：编制=3人，座位=3个 → 符合", "网点"),
        ("要求：座位 不少于 编制×1个/人\n", "示例：编制=3人，座位=3个，地区=白沙市 → 不适用", "网点"),
        # periods
        (YEARLY, "示例：新增岗位@2024年=0个，期间=2024年 → 不符合", "单位"),
        (YEARLY, "示例：新增岗位@2025年=1个 → 符合", "单位"),
        (YEARLY, "示例：新增岗位@2024年=1个，新增岗位@2025年=1个，期间=2024年 → 符合", "单位"),
        ("周期：每月\n要求：用电量 不超过 2千瓦时\n", "示例：用电量@2023年6月=3千瓦时，期间=2023年6月 → 不符合", "单位"),
        # events
        (EVENT, "示例：受理日=2024年3月1日，办结日=2024年3月6日，受理单位=甲局 → 符合", "申请"),
        (EVENT, "示例：受理日=2024年3月1日，办结日=无，截至=2024年3月6日 → 未到完成时限", "申请"),
        (EVENT, "示例：受理日=2024年3月1日，办结日=无，截至=2024年3月7日 → 不符合", "申请"),
        # parameters: as they are, and supposed
        (STANDARD, "示例：窗口数=9个 → 无法判定（符合、不符合）", "单位"),
        (STANDARD, "示例：窗口数=9个，地区=东川县 → 不符合", "单位"),
        (STANDARD, "示例：窗口数=14个，座位标准=15个 → 不符合", "单位"),
        (STANDARD, "示例：窗口数=15个，座位标准=15个 → 符合", "单位"),
        # supposed within every kind of expression
        (
            "适用情形：并非 （编制+残疾职工数 少于 安排比例×职工总数）\n除外情形：单位类别=学校 或 存在 网点 满足 （有坡道）\n"
            "要求：每一 网点 其中 （网点类型=固定） 满足 （座位 不少于 座位标准）\n完成时限：2024年底\n",
            "示例：编制=1人，残疾职工数=0人，职工总数=10人，安排比例=10%，单位类别=机关，座位标准=3个，"
            "网点={网点类型=固定，有坡道=否，座位=2个} → 不符合",
            "单位",
        ),
        (
            "要求：计数（网点 其中 座位 不少于 座位标准）÷计数（网点） 不低于 50%\n",
            "示例：座位标准=3个，网点={座位=3个}{座位=2个} → 符合",
            "单位",
        ),
        # records, limbs, readings
        (IN_PRINCIPLE, "示例：残疾职工数=0人 → 需说明理由", "单位"),
        (IN_PRINCIPLE, "示例：残疾职工数=0人，理由已采纳=是 → 符合", "单位"),
        (IN_PRINCIPLE, "示例：残疾职工数=0人，理由已采纳=否 → 需说明理由", "单位"),
        pytest.param(
            IN_PRINCIPLE,
            "示例：残疾职工数=未知，理由已采纳=是 → 符合",
            "单位",
        ),
        (LIMBS, "示例（甲）：残疾职工数=1人，已公示=否 → 符合", "单位"),
        (LIMBS, "示例（乙）：残疾职工数=1人，已公示=否 → 不符合", "单位"),
        (READINGS, "示例：编制=7人，残疾职工数=0人 → 不适用", "单位"),
        (READINGS, "示例〔严〕：编制=7人，残疾职工数=0人 → 不符合", "单位"),
        (READINGS, "示例〔宽〕：编制=7人，残疾职工数=0人 → 不适用", "单位"),
    ],
)
def test_an_example_comes_out_as_worked_out_by_hand(clauses: str, example: str, kind: str) -> None:
    (result,) = examples(clauses + example, kind)
    assert [each.code for each in result.problems] == []
    assert (result.verdict, result.is_right) == (result.example.verdict, True)


@pytest.mark.parametrize(
    "example",
    [
        "示例：残疾职工数=0人 → 符合",
        "示例：残疾职工数=1人 → 不符合",
        "示例：残疾职工数=未知 → 符合",
        # the verdict is right, what is possible is not
        "示例：残疾职工数=未知 → 无法判定（符合、不适用）",
    ],
)
def test_an_example_that_comes_out_otherwise_is_wrong(example: str) -> None:
    (result,) = examples(EMPLOYS + example)
    assert (result.problems, result.is_right) == ((), False)


@pytest.mark.parametrize(
    ("clauses", "example", "code", "words"),
    [
        (EMPLOYS, "示例：座位=1个 → 符合", "N209", "座位"),
        (EMPLOYS, "示例：地区=无名市 → 符合", "N204", "无名市"),
        (LIMBS, "示例：已公示=否 → 不符合", "R231", None),
        (YEARLY, "示例：期间=2029年 → 符合", "R231", None),
        ("考核期：2023年1月1日 起\n要求：已公示\n", "示例：已公示=是 → 符合", "R232", None),
        (EMPLOYS, "示例：残疾职工数=1个 → 符合", "R233", "1个"),
        (EMPLOYS, "示例：残疾职工数=是 → 符合", "R233", "是"),
        (EMPLOYS, "示例：残疾职工数=1斤粮 → 符合", "R233", "1斤粮"),
        (EMPLOYS, "示例：单位类别=银行 → 符合", "R233", "银行"),
        (EMPLOYS, "示例：截至=5人 → 符合", "R233", "5人"),
        (EMPLOYS, "示例：期间=是 → 符合", "R233", "是"),
        (EMPLOYS, "示例：理由已采纳=5人 → 符合", "R233", "5人"),
        (EMPLOYS, "示例：网点={截至=2023年1月1日} → 符合", "R233", "截至=2023年1月1日"),
        (STANDARD, "示例：座位标准=15人 → 符合", "R233", "15人"),
        (EMPLOYS, "示例：网点=5个 → 符合", "R234", "5个"),
        (EMPLOYS, "示例：残疾职工数=无 → 符合", "R235", "无"),
        (EMPLOYS, "示例：残疾职工数=10001人 → 符合", "R236", "10001人"),
        (EMPLOYS, "示例：残疾职工数=1.5人 → 符合", "U205", "1.5人"),
        (EMPLOYS, "示例：新增岗位=5个 → 符合", "R205", "新增岗位"),
        (EMPLOYS, "示例：新增岗位@2023年6月=5个 → 符合", "R226", "新增岗位@2023年6月"),
        pytest.param(
            EMPLOYS,
            "示例：残疾职工数@2023年=1人 → 符合",
            "R206",
            "残疾职工数@2023年",
        ),
    ],
)
def test_what_cannot_be_run_is_told_with_the_words_at_fault(clauses: str, example: str, code: str, words: str | None) -> None:
    (result,) = examples(clauses + example)
    assert [each.code for each in result.problems] == [code]
    assert (result.verdict, result.is_right) == (None, False)
    if words is not None:
        span = result.problems[0].labels[0].span
        assert span.source.text[span.start : span.end] == words


def test_all_faults_of_an_example_come_at_once() -> None:
    (result,) = examples(EMPLOYS + "示例：座位=1个，残疾职工数=1个，地区=无名市 → 符合")
    assert sorted(each.code for each in result.problems) == ["N204", "N209", "R233"]


def test_only_the_rules_asked_for_are_run() -> None:
    rules = rule_set(rule(EMPLOYS + "示例：残疾职工数=1人 → 符合"))
    assert len(list(run_examples(rules))) == 1
    assert list(run_examples(rules, only=())) == []
