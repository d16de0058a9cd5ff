"""The formatter: canonical text, idempotent, and the mirror of the parser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecheck.language import syntax, words
from rulecheck.language.format import format_expression, format_file, sort_clauses
from rulecheck.language.syntax import Language
from support_syntax import NOWHERE, UNHURRIED, clauses, declarations, expressions, files, lines, only_body, pairs, parsed, rule

CLAUSES = [label for label in words.table().labels.values() if not label.declares]


def formatted(text: str) -> str:
    return format_file(parsed(text))


# --- laws ---


@settings(max_examples=150, **UNHURRIED)
@given(files())
def test_a_printed_tree_parses_as_itself(file: syntax.File) -> None:
    text = format_file(file)
    again = parsed(text)
    assert again == file
    assert format_file(again) == text


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("label", CLAUSES, ids=lambda label: label.id)
@settings(max_examples=6, **UNHURRIED)
@given(st.data())
def test_a_printed_clause_parses_as_itself(label: words.Label, language: Language, data: st.DataObject) -> None:
    clause = data.draw(clauses(label))
    if clause.limb is not None:
        clause = replace(clause, limb=words.limb_tag(clause.limb, language))
    head = data.draw(pairs if words.label(min(label.within)).shape == "pair" else lines)
    declaration = syntax.Declaration(min(label.within), head, (clause,), NOWHERE)
    assert parsed(format_file(syntax.File(NOWHERE.source, language, (declaration,)))).declarations == (declaration,)


@settings(max_examples=150, **UNHURRIED)
@given(expressions)
def test_a_printed_expression_parses_as_itself(node: syntax.Expression) -> None:
    assert only_body(f"要求：{format_expression(node, 'zh')}") == node


@settings(max_examples=100, **UNHURRIED)
@given(expressions)
def test_an_expression_printed_in_english_parses_as_itself(node: syntax.Expression) -> None:
    assert only_body(f"Must: {format_expression(node, 'en')}", "Rule: a / 甲") == node


@settings(max_examples=60, **UNHURRIED)
@given(declarations())
def test_sorting_clauses_moves_kinds_only(declaration: syntax.Declaration) -> None:
    for label in words.table().labels:
        before = [clause for clause in declaration.clauses if clause.label == label]
        assert [clause for clause in sort_clauses(declaration) if clause.label == label] == before


# --- one canonical sample of every clause, in both languages ---

RULE_ZH = """\
# 文件开头的注释
规则：甲 / a  # 行尾
  标题："题目" / "title"
  依据：二（一）1  # 依据行尾
  > 编制50人(含)以上的 # 不是注释
  > 至少安排1名
  依据：二（一）2
  周期：每年
  核查对象：单位、企业
  义务主体：经办机构
  适用地区：黄石市
  施行：2022年11月28日起
  考核期：2022年11月28日至2025年12月31日
  适用情形：单位类别=市级机关 且 编制 不少于 50人 且 人数＜规定比例×在职职工总数
  除外情形（甲）：建筑用途 属于 （中小学、幼儿园）
  要求（甲）：镇的学校的人数 不低于 60%
  # 说明写在上一行
  要求（乙）〔期末目标〕：每一 学校 其中 （学生=是） 满足 （人数＞5人 或 并非 停办=是）
  禁止：存在 学校 满足 （人数=0人）
  原则上：占比（学校 其中 学生=是，人数≥5人） 达到 66%
  力争：合计（新增就业人数，2022年至2024年）≥2500人
  鼓励：计数（学校 其中 学生=是）≠不同（学校的镇）
  完成时限：受理日+5个工作日 遇休息日顺延
  部分核查："未查" / "not checked"
  口径：持续义务 / continuing_duty（默认）："理由" / "reason"
  口径：期末目标 / end_target
  牵头单位：市残联
  责任部门：各县（市、区）人民政府、市残联
  责任单位：市政府国资委
  关联规定："条例"
  说明："English only"
  已核：K102："理由" / "reason"
  已核（甲）：M101："理由"
  前提：单位类别=市级机关，编制=50人，新增就业人数@2022年=800人，月报@2022年6月=1人
  示例：镇={人口=5人，校={}}{人口=6人}×3，区=空，街=未报全{人口=1人}，村=未报全 → 符合
  示例：截至=2024年底，地区=黄石市，期间=2023年，理由已采纳=是 → 无法判定（符合、不适用）
  示例：→ 不适用
"""

RULE_EN = """\
# 文件开头的注释
Rule: a / 甲  # 行尾
  Title: "title" / "题目"
  Basis: 二（一）1  # 依据行尾
  > 编制50人(含)以上的 # 不是注释
  > 至少安排1名
  Every: quarter
  For each: unit, company
  In force: 2022-11-28 onward
  Owed: 2022-11-28 to end of 2025-06
  Applies when: kind = organ and posts at least 50 people and hired < ratio × staff
  Except when (a): use in (school, kindergarten)
  Must (a): town's school's pupils no lower than 60%
  Must (b) [end_target]: every school where (pupils = yes) satisfies (staff > 5 people or not closed = yes)
  In principle: share_of(school where pupils = yes, staff >= 5 people) reaches 66%
  Strive for: sum(new_jobs, year 2022 to year 2024) >= 2500 people
  Encouraged: weekday(day) in monday to friday
  Due: accepted_on + 5 working_days rolled to a working day
  Reading: continuing_duty / 持续义务 (default): "reason" / "理由"
  Reading: end_target / 期末目标
  Responsible departments: 各县（市、区）人民政府、市残联
  Reviewed (a): K102: "reason" / "理由"
  Given: kind = organ, new_jobs@2022 = 800 people, reports@2022-06 = 1 report
  Example: town = {people = 5 people, school = {}}{people = 6 people}×3, area = empty, street = incomplete {x = 1} → met
  Example: as_of = end of 2024, place = huangshi, period = year 2023 → undetermined (met, not_applicable)
  Example: → not_applicable
"""

VOCABULARY_ZH = """\
对象：学校 / school
  上级：区
  发生日：受理日
  敏感：是

事实：编制 / posts
  所属对象：单位
  类型：数量（批次/千人）
  周期：每季度
  范围：0人至100000人
  步长：1人
  无计为：0人
  可以为无：是
  可整改：只增
  整改措施："还需安排" / "hire"
  敏感：否
  提问："多少？" / "how many?"

事实：类别 / kind
  类型：类别（机关 / organ、「是」 / yes_member、国企）

事实：层级 / level
  类型：等级（县级 / county_level、市级 / city_level）

事实：所在单位 / at_unit
  类型：引用（单位）

事实：比例 / ratio
  类型：比例
  范围：不低于 0%

参数：下班时间 / office_end
  来源："条例第八条" / "Regulation, article 8"
  取值：黄石市，2022年5月1日起，每年5月1日至每年9月30日，17:30，未确认
  取值：2022年5月1日至2024年12月31日，不低于 1.5%
  取值：0.5%至2%
  取值：待明确

定义：大单位 / large_unit
  所属对象：单位
  含义：编制≥50人

关系：在职不超编 / within_posts
  须有：在职≤编制

不可核查：二（一）3
  理由："没有可核查的数字" / "nothing to count"

缺失：二（二）3
  理由："文本缺损"

勘误：二（一）1
  原文："二Ο二二"
  应为："二〇二二"
  根据："上下文"

不作依据：全文
  > 2022-2024年
  > 二〇二二
  理由："标题里的年份"

# 文件末尾的注释
"""


@pytest.mark.parametrize("text", [RULE_ZH, RULE_EN, VOCABULARY_ZH])
def test_canonical_text_prints_as_itself(text: str) -> None:
    assert formatted(text) == text


def test_the_samples_hold_every_label() -> None:
    written = {
        clause.label
        for text in (RULE_ZH, VOCABULARY_ZH)
        for declaration in parsed(text).declarations
        for clause in declaration.clauses
    }
    assert written == {label.id for label in CLAUSES}


# --- what the formatter changes ---


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("要求:(a+b)×c>=5人 且(d=1)", "要求：（a+b）×c≥5人 且 d=1"),
        ("要求：人数 不少于 5 人", "要求：人数 不少于 5人"),
        ("要求：人数≥５０％", "要求：人数≥50%"),
        ("要求：「编制」=「无」", "要求：编制=「无」"),
        ("要求：（a=1 且 b=2） 或 c=3", "要求：（a=1 且 b=2） 或 c=3"),
        ("要求：（（a=1））", "要求：a=1"),
        ("要求：a−（b−c）−d", "要求：a-（b-c）-d"),
        ("要求：a*b*c=1", "要求：a×b×c=1"),
        ("要求：5 - 3=2", "要求：5 - 3=2"),
        ("要求 （ a ） [逐年] : x=1", "要求（甲）〔逐年〕：x=1"),
        ("考核期：2022-11-28 to 2024年底", "考核期：2022年11月28日至2024年底"),
        ("考核期：2022年01月05日 起", "考核期：2022年1月5日起"),
        ("完成时限：2023年6月底", "完成时限：2023年6月底"),
        ("要求：星期（d） 属于 星期一 至 星期五", "要求：星期（d） 属于 周一至周五"),
        ("要求：d 属于 周六", "要求：d 属于 （周六）"),
        ("要求：d 属于（甲 至 乙）", "要求：d 属于 甲 至 乙"),
        ("要求：并非（a=1 且 b=1）", "要求：并非 （a=1 且 b=1）"),
        ("示例：a=1->符合", "示例：a=1 → 符合"),
        ('已核(a): K102 "理由"', '已核（甲）：K102："理由"'),
        ("示例：a=1 → 未达力争目标", "示例：a=1 → 未达目标"),
        ("示例：x={a=1}×1 → 符合", "示例：x={a=1} → 符合"),
        ("示例：「地区」=甲，地区=乙 → 符合", "示例：「地区」=甲，地区=乙 → 符合"),
    ],
)
def test_one_clause(written: str, canonical: str) -> None:
    assert formatted(rule(written)) == rule(canonical)


def test_kinds_are_sorted_and_lines_of_one_kind_are_not() -> None:
    text = rule("示例：a=1 → 符合", "要求（乙）：b=1", "依据：二", "> 乙", "要求（甲）：a=1", "依据：一")
    assert formatted(text) == rule(
        "依据：二", "> 乙", "依据：一", "要求（乙）：b=1", "要求（甲）：a=1", "示例：a=1 → 符合"
    )


def test_comments_stay_with_their_clause() -> None:
    text = "# 一\n规则：甲 / a # 二\n# 三\n 要求：x=1 且 # 四\n # 五\n  y=1 #六\n 依据：一\n#七\n > 文\n# 八\n"
    assert formatted(text) == (
        "# 一\n规则：甲 / a  # 二\n  # 七\n  依据：一\n  > 文\n  # 三\n  # 四\n  # 五\n  要求：x=1 且 y=1  # 六\n\n# 八\n"
    )


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_an_empty_file_stays_empty(text: str) -> None:
    assert formatted(text) == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("编制", "编制"),
        ("posts", "posts"),
        ("存在问题数", "存在问题数"),
        ("目的地", "「目的地」"),
        ("或有负债", "「或有负债」"),
        ("PM浓度", "「PM浓度」"),
        ("无", "「无」"),
        ("at least", "「at least」"),
        ("周一至周五", "「周一至周五」"),
        ("周一至周五班", "周一至周五班"),
    ],
)
def test_a_name_is_bracketed_only_where_it_must_be(name: str, written: str) -> None:
    text = rule(f"要求：「{name}」=1")
    assert formatted(text) == rule(f"要求：{written}=1")
