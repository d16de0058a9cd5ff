"""The parser: what each clause means as a tree, and what it says about each mistake."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecheck.language import syntax
from rulecheck.language.diagnostics import render
from rulecheck.language.format import format_file
from rulecheck.language.parse import MAX_CLAUSE, MAX_DEPTH, MAX_FAULTS, parse
from rulecheck.language.source import Source
from rulecheck.language.syntax import (
    Arithmetic,
    At,
    Comparison,
    Conjunction,
    Constant,
    Date,
    Disjunction,
    Extent,
    Name,
    Path,
    Quantity,
    Range,
)
from support_syntax import NOWHERE, UNHURRIED, found, only_body, parsed, problems_of, rule


def name(text: str) -> Name:
    return Name(text, NOWHERE)


def quantity(number: str, unit: str | None = None) -> Quantity:
    return Quantity(number, unit, NOWHERE)


def equals(left: str, right: str) -> Comparison:
    return Comparison(name(left), "eq", name(right), NOWHERE)


# --- trees ---


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("50人", quantity("50", "人")),
        ("1.50%", quantity("1.50", "%")),
        ("３．８批次／千人", quantity("3.8", "批次/千人")),
        ("5 个工作日", quantity("5", "个工作日")),
        ("50", quantity("50")),
        ("2022年11月28日", Date(2022, 11, 28, NOWHERE)),
        ("2022-11-28", Date(2022, 11, 28, NOWHERE)),
        ("2023年6月底", Date(2023, 6, None, NOWHERE)),
        ("end of 2024", Date(2024, None, None, NOWHERE)),
        ("2022年", syntax.Year(2022, NOWHERE)),
        ("2022年度", quantity("2022", "年度")),
        ("3年", quantity("3", "年")),
        ("2023年6月", syntax.Month(2023, 6, NOWHERE)),
        ("2023年第2季度", syntax.Quarter(2023, 2, NOWHERE)),
        ("２０２３年四季度", syntax.Quarter(2023, 4, NOWHERE)),
        ("quarter 2023-Q1", syntax.Quarter(2023, 1, NOWHERE)),
        ("每年5月1日", syntax.Annual(5, 1, NOWHERE)),
        ("d 属于 每年9月1日至10月31日",
         syntax.Membership(
             name("d"), False,
             (Range(syntax.Annual(9, 1, NOWHERE), syntax.Annual(10, 31, NOWHERE), NOWHERE),), NOWHERE)),
        ("d 不属于 （每年3月1日至4月30日、every 09-01 to every 10-31、每年12月1日）",
         syntax.Membership(
             name("d"), True,
             (Range(syntax.Annual(3, 1, NOWHERE), syntax.Annual(4, 30, NOWHERE), NOWHERE),
              Range(syntax.Annual(9, 1, NOWHERE), syntax.Annual(10, 31, NOWHERE), NOWHERE),
              syntax.Annual(12, 1, NOWHERE)), NOWHERE)),
        ("增幅（x）", syntax.Call("growth", name("x"), NOWHERE)),
        ("fall(x)", syntax.Call("fall", name("x"), NOWHERE)),
        ("increase(x)", syntax.Call("increase", name("x"), NOWHERE)),
        ("17：30", syntax.Time(17, 30, NOWHERE)),
        ("未知", Constant("unknown", NOWHERE)),
        ("星期天", Constant("sunday", NOWHERE)),
        ('"甲#乙"', syntax.TextLiteral("甲#乙", NOWHERE)),
        ("镇的学校的人数", Path((name("镇"), name("学校"), name("人数")), NOWHERE)),
        ("town's school's pupils", Path((name("town"), name("school"), name("pupils")), NOWHERE)),
        ("新增就业人数@2022年", At(name("新增就业人数"), syntax.Year(2022, NOWHERE), NOWHERE)),
        ("jobs@2022-06", At(name("jobs"), syntax.Month(2022, 6, NOWHERE), NOWHERE)),
        ("活动@2022年第三季度", At(name("活动"), syntax.Quarter(2022, 3, NOWHERE), NOWHERE)),
        ("jobs@2022-q3", At(name("jobs"), syntax.Quarter(2022, 3, NOWHERE), NOWHERE)),
        ("「或有负债」", name("或有负债")),
        ("「不少于」", name("不少于")),
        ("要求等级", name("要求等级")),
        ("a-b-c", Arithmetic("-", Arithmetic("-", name("a"), name("b"), NOWHERE), name("c"), NOWHERE)),
        ("a+b×c", Arithmetic("+", name("a"), Arithmetic("×", name("b"), name("c"), NOWHERE), NOWHERE)),
        ("并非 a=b", syntax.Negation(equals("a", "b"), NOWHERE)),
        ("a=b 且 c=d", Conjunction((equals("a", "b"), equals("c", "d")), NOWHERE)),
        ("（a=b 且 c=d） 或 e=f",
         Disjunction((Conjunction((equals("a", "b"), equals("c", "d")), NOWHERE), equals("e", "f")), NOWHERE)),
        ("d+5个工作日 遇休息日顺延",
         syntax.Rolled(Arithmetic("+", name("d"), quantity("5", "个工作日"), NOWHERE), NOWHERE)),
        ("星期（d） 属于 周一至周五",
         syntax.Membership(
             syntax.Call("weekday", name("d"), NOWHERE), False,
             (Range(Constant("monday", NOWHERE), Constant("friday", NOWHERE), NOWHERE),), NOWHERE)),
        ("x 不属于 （甲、5人至8人）",
         syntax.Membership(
             name("x"), True,
             (name("甲"), Range(quantity("5", "人"), quantity("8", "人"), NOWHERE)), NOWHERE)),
        ("每一 学校 其中 （a=b） 满足 （c=d）",
         syntax.Quantified("every", name("学校"), equals("a", "b"), equals("c", "d"), NOWHERE)),
        ("占比（学校 其中 a=b，c=d）",
         syntax.Aggregate("share", name("学校"), equals("a", "b"), equals("c", "d"), None, NOWHERE)),
        ("合计（jobs，2022年至2024年）",
         syntax.Aggregate(
             "sum", name("jobs"), None, None, (syntax.Year(2022, NOWHERE), syntax.Year(2024, NOWHERE)), NOWHERE)),
        ("合计（jobs，2022年第4季度至2023年第1季度）",
         syntax.Aggregate(
             "sum", name("jobs"), None, None, (syntax.Quarter(2022, 4, NOWHERE), syntax.Quarter(2023, 1, NOWHERE)), NOWHERE)),
    ],
)  # fmt: skip
def test_expressions(written: str, tree: syntax.Expression) -> None:
    assert only_body(f"要求：{written}") == tree


@pytest.mark.parametrize("word", ["不少于", "不低于", "达到", "≥", "at least"])
def test_each_comparison_word_keeps_its_own_id(word: str) -> None:
    ids = {"不少于": "at_least", "不低于": "no_lower_than", "达到": "reaches", "≥": "ge", "at least": "at_least"}
    assert only_body(f"要求：x {word} 5") == Comparison(name("x"), ids[word], quantity("5"), NOWHERE)


@pytest.mark.parametrize(
    ("written", "place", "period", "season", "value", "state"),
    [
        ("17:30", None, None, None, syntax.Time(17, 30, NOWHERE), "confirmed"),
        ("待明确，未确认", None, None, None, None, "unconfirmed"),
        ("甲市，1.5%，已确认", name("甲市"), None, None, quantity("1.5", "%"), "confirmed"),
        ("已确认", None, None, None, name("已确认"), "confirmed"),
        ("2022年1月1日 起，不低于 2%", None, syntax.Interval(Date(2022, 1, 1, NOWHERE), None, NOWHERE), None,
         Extent(quantity("2", "%"), None, NOWHERE), "confirmed"),
        ("2022年1月1日至2022年底，5人至8人", None,
         syntax.Interval(Date(2022, 1, 1, NOWHERE), Date(2022, None, None, NOWHERE), NOWHERE), None,
         Extent(quantity("5", "人"), quantity("8", "人"), NOWHERE), "confirmed"),
        ("每年10月1日至4月30日，不超过 3人", None, None,
         (syntax.Annual(10, 1, NOWHERE), syntax.Annual(4, 30, NOWHERE)),
         Extent(None, quantity("3", "人"), NOWHERE), "confirmed"),
    ],
)  # fmt: skip
def test_values_of_a_parameter(
    written: str, place: object, period: object, season: object, value: object, state: str
) -> None:
    body = only_body(f"取值：{written}", "参数：甲 / a")
    assert isinstance(body, syntax.Value)
    assert (body.place, body.period, body.season, body.value, body.state) == (place, period, season, value, state)


def test_a_rule_with_tags_quotations_and_comments() -> None:
    file = parsed("# 一\n规则：甲 / a\n  依据：二（一）1 # 二\n  > 满50人 # 引\n  Must (b) [逐年]: x = 1\n")
    (declaration,) = file.declarations
    basis, must = declaration.clauses
    assert (file.language, declaration.label, declaration.comments) == ("zh", "rule", (syntax.Comment("一", False),))
    assert basis.body == syntax.Line("二（一）1", NOWHERE)
    assert [quote.text for quote in basis.quotes] == ["满50人 # 引"]
    assert basis.comments == (syntax.Comment("二", True),)
    assert (must.label, must.limb, must.reading) == ("must", "乙", "逐年")


def test_places_are_offsets_in_the_whole_file() -> None:
    file = parsed("规则：甲 / a\n\n  要求：（x+y）×2≥5人\n")
    (clause,) = file.declarations[0].clauses
    assert isinstance(clause.body, Comparison)
    assert isinstance(clause.body.left, Arithmetic)
    texts = [clause.span.text, clause.label_span.text, clause.body.left.span.text, clause.body.left.left.span.text]
    assert texts == ["要求：（x+y）×2≥5人", "要求：", "（x+y）×2", "（x+y）"]
    assert (clause.span.line, clause.span.column) == (3, 3)


@pytest.mark.parametrize("text", ["\ufeff规则：甲 / a\r\n  要求：x=1\r\n", "规则：甲 / a\n\t要求：\n\n\n    x =\n 1"])
def test_line_ends_indentation_and_a_byte_order_mark_do_not_matter(text: str) -> None:
    assert parsed(text) == parsed("规则：甲 / a\n要求：x=1\n")


# --- mistakes: code and underlined words ---


@pytest.mark.parametrize(
    ("clause", "code", "underlined"),
    [
        ("除外情形：建筑用途属于（中小学、幼儿园）", "L108", "建筑用途属于"),
        ("要求：培训人数不少于80人", "L108", "培训人数不少于"),
        ("要求：每一学校满足（a=1）", "L108", "每一学校满足"),
        ("要求：受理日+5个工作日遇休息日顺延", "L108", "5个工作日遇休息日顺延"),
        ("要求：a=1 且 b=2 或 c=3", "L109", "或"),
        ("要求：a=1 或 （b=2 且 c=3 或 d=4）", "L109", "或"),
        ("邀求：a=1", "L110", "邀求："),
        ("类型：数量（人）", "L111", "类型："),
        ("要求 a=1", "L112", "要求"),
        ("要求（甲） a=1", "L112", "要求"),
        ("要求：人数≥总数的60%", "L113", "总数的60%"),
        ("要求：人数≥镇的总数的60%", "L113", "镇的总数的60%"),
        ("要求：合计 不少于 5人", "L114", "合计"),
        ("要求：镇的合计＞2", "L114", "合计"),
        ("义务主体：是", "L114", "是"),
        ("口径：甲 / 乙", "L115", "甲 / 乙"),
        ("口径：甲", "L115", "甲"),
        ("完成时限：2023年2月30日", "L117", "2023年2月30日"),
        ("完成时限：2023年13月1日", "L117", "2023年13月1日"),
        ("考核期：2022年6月31日至2023年1月1日", "L117", "2022年6月31日"),
        ("完成时限：2022年6月30日至2023年1月1日", "L101", "至"),
        ("要求：x@2022年13月=1", "L117", "@2022年13月"),
        ("要求：x@2022年第5季度=1", "L117", "@2022年第5季度"),
        ("要求：x@2022-Q0=1", "L117", "@2022-Q0"),
        ("要求：a≥1,000人", "L120", "1,000"),
        ("要求：a≥1，000，000人", "L120", "1，000，000"),
        ("核查对象（甲）：单位", "L123", "核查对象（甲）："),
        ("要求（一）：a=1", "L124", "要求（一）："),
        ("要求：甲1=是", "L125", "甲1"),
        ("要求：PM浓度=1", "L125", "PM浓度"),
        ("周期：每天", "L126", "每天"),
        ("示例：a=1 → 合格", "L126", "合格"),
        ("示例：a=1 → 无法判定（符合、合格）", "L126", "合格"),
        ("要求：计数（学校，a=1）≥2", "L127", "计数（学校，a=1）"),
        ("要求：占比（学校）≥2", "L127", "占比（学校）"),
        ("要求：合计（x，5人至8人）≥2", "L127", "5人至8人"),
        ("要求：合计（x 其中 a=1，2022年）≥2", "L127", "合计（x 其中 a=1，2022年）"),
        ("要求〔〕：a=1", "L139", "要求〔〕："),
        ("要求：（a=1） 且 b≥1≥c", "L128", "≥"),
        ("要求：甲1号=是", "L125", "甲1号"),
        ("要求：（a=1｝", "L105", "｝"),
        ("口径：", "L103", "口径："),
        ("要求：a≥1≥b", "L128", "≥"),
        ("要求：时刻＜24:00", "L129", "24:00"),
        ("要求：时刻＜9:60", "L129", "9:60"),
        ("示例：镇={a=1}×0 → 符合", "L130", "0"),
        ("示例：镇={a=1}×1.5 → 符合", "L130", "1.5"),
        ("示例：镇={a=1}×1000001 → 符合", "L130", "1000001"),
        (f"要求：a≥{'9' * 41}", "L130", "9" * 41),
        ("责任部门：", "L131", "责任部门："),
        ("责任部门：# 空", "L131", "责任部门："),
        ("标题：“你好”", "L132", "“"),
        ("随便写的一行", "L136", "随便写的一行"),
        ("要求：a=1。", "L137", "。"),
        ("要求：每一 学校 满足 人数≥5人", "L138", "满足"),
        ("要求：「」=1", "L139", "「」"),
        ("要求：（a=1", "L104", "（"),
        ("要求：a 属于 （b、c", "L104", "（"),
        ("示例：镇={a=1 → 符合", "L104", "{"),
        ("要求：a=1）", "L105", "）"),
        ('标题："没有', "L106", '"没有'),
        ('责任部门：甲"乙', "L106", '"乙'),
        ("要求：「没有=1", "L107", "「没有=1"),
        ("要求：", "L103", "要求："),
        ("要求：a 且", "L103", "且"),
        ("示例：a=1", "L103", "1"),
        ("前提：a 1", "L101", "1"),
        ("要求：a≥$5", "L102", "$"),
        ("> 引文", "L122", "> 引文"),
    ],
)
def test_a_mistake_in_a_rule(clause: str, code: str, underlined: str) -> None:
    assert found(rule('说明："前"', clause, '说明："后"')) == [(code, underlined)]


@pytest.mark.parametrize(
    ("clause", "code", "underlined"),
    [
        ("取值：5人，甲市", "L134", "5人"),
        ("取值：每年5月1日起，5人", "L134", "每年5月1日起"),
        ("取值：每年2月30日至3月1日，5人", "L117", "每年2月30日"),
        ("取值：高于 5人", "L135", "高于"),
        ("类型：数量", "L133", "数量"),
        ("类型：日期（人）", "L133", "日期（人）"),
        ("类型：金额（元）", "L126", "金额"),
        ("类型：类别（机关 / 单位）", "L115", "机关 / 单位"),
        ("取值：17:30 起，5人", "L134", "17:30 起"),
        ("取值：2022年1月1日至5人，5人", "L134", "2022年1月1日至5人"),
        ("取值：每年5月1日至5人，5人", "L134", "每年5月1日至5人"),
        ("取值：5人至9月30日，5人", "L134", "5人至9月30日"),
        ("取值：2022年1月1日起", "L134", "2022年1月1日起"),
        ("类型：类别（机关 / organ / 甲）", "L115", "机关 / organ / 甲"),
        ("类型：引用（单位 / unit）", "L133", "引用（单位 / unit）"),
        ("类型：数量（「人 次」）", "L133", "数量（「人 次」）"),
        ("范围：超过 0人", "L135", "超过"),
    ],
)
def test_a_mistake_in_a_parameter(clause: str, code: str, underlined: str) -> None:
    assert found(f"参数：甲 / a\n  {clause}\n") == [(code, underlined)]


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        ("核查对象：单位\n", "L121", "核查对象："),
        ("规则 甲 / a\n  要求：x=1\n  要求：\n", "L112", "规则"),
        ("对象：甲、乙 / b\n", "L115", "甲、乙 / b"),
        ("对象：a / b\n", "L115", "a / b"),
        ("对象：甲 / 「b」\n", "L115", "甲 / 「b」"),
        ("对象：计数 / b\n", "L114", "计数"),
        ("Subject: count / 数\n", "L114", "count"),
        ("没有标签\n", "L136", "没有标签"),
    ],
)
def test_a_mistake_in_a_head(text: str, code: str, underlined: str) -> None:
    assert found(text)[0] == (code, underlined)


def test_english_mistakes() -> None:
    text = "Rule: a / 甲\n  Must x = 1\n  For each unit\n  Must: x at least\n  Mast: x = 1\n  Must: x = 1 and y = 2 or z = 3\n"
    assert found(text) == [("L112", "Must"), ("L112", "For each"), ("L103", "at least"), ("L110", "Mast:"), ("L109", "or")]


def test_all_faults_come_at_once_and_good_declarations_remain() -> None:
    text = (
        "规则：甲 / a\n  要求：x=1。\n  禁止：培训人数不少于80人\n  类型：日期\n"
        "规则：乙 / b\n  要求：x=1\n"
        "规则：丙 / c\n  完成时限：2023年2月30日\n"
        "规则 丁 / d\n  要求：x=\n"
        "规则：戊 / e\n  要求：x=1\n"
    )
    file, problems = parse(Source("甲.rule", text))
    assert [problem.code for problem in problems] == ["L137", "L108", "L111", "L117", "L112", "L103"]
    assert file is not None
    assert [declaration.head.english.text for declaration in file.declarations] == ["b", "e"]  # type: ignore[union-attr]


def test_a_clause_that_does_not_repeat_shows_both_places() -> None:
    (problem,) = problems_of(rule("施行：2022年1月1日起", "施行：2023年1月1日起"))
    assert problem.code == "L116"
    assert [label.span.line for label in problem.labels] == [3, 2]


@pytest.mark.parametrize("clauses", [("施行（甲）：2022年1月1日起", "施行（乙）：2023年1月1日起"),
                                     ("施行：2022年1月1日起", "施行〔逐年〕：2023年1月1日起")])  # fmt: skip
def test_one_clause_for_each_limb_and_reading_is_no_repetition(clauses: tuple[str, str]) -> None:
    assert problems_of(rule(*clauses)) == []


def test_the_hint_for_a_swallowed_keyword_says_how_to_write_it() -> None:
    (problem,) = problems_of(rule("除外情形：建筑用途属于（中小学）"))
    assert render(problem).splitlines() == [
        "错误[L108] “建筑用途属于”不是一个词：关键词“属于”和前后的字连在了一起",
        "  ─→ 甲.rule:2:8",
        "   2 │   除外情形：建筑用途属于（中小学）",
        "     │             ^^^^^^^^^^^^",
        "  提示：关键词前后要空格：建筑用途 属于；或者把名称写在「」里：「建筑用途」属于",
    ]


def test_the_nearest_label_is_named() -> None:
    (problem,) = problems_of(rule("完成时线：2024年底"))
    assert problem.values["near"] == "完成时限"


@pytest.mark.parametrize(("clause", "expected"), [("示例：a=1", "“→”"), ("要求：a 且", "名称、数值或括号")])
def test_what_could_follow_is_said_in_plain_words(clause: str, expected: str) -> None:
    (problem,) = problems_of(rule(clause))
    assert expected in problem.values["expected_zh"]
    assert "LABEL" not in problem.values["expected_en"]


# --- hostile texts ---


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH])
def test_nesting_up_to_the_limit(depth: int) -> None:
    assert problems_of(rule(f"要求：{'（' * depth}a=1{'）' * depth}")) == []


@pytest.mark.parametrize(
    "body",
    [
        "（" * (MAX_DEPTH + 1) + "a=1" + "）" * (MAX_DEPTH + 1),
        "（" * 10_000 + "a=1" + "）" * 10_000,
        "（" * 10_000,
        "并非 " * 10_000 + "a=1",
        "a" + "+a" * 10_000,
        ("（a+" * 60) + "a" + "）" * 60,
    ],
)
def test_deeper_nesting_is_refused(body: str) -> None:
    file, (problem,) = parse(Source("甲.rule", rule(f"要求：{body}")))
    assert (file, problem.code) == (None, "L118")


def test_a_chain_of_the_greatest_depth_is_still_one_when_formatted() -> None:
    chain = "a=1" + "-1" * (MAX_DEPTH - 2) + "-2023-13"  # no date
    file, problems = parse(Source("甲.rule", rule(f"要求：{chain}")))
    assert (file is not None, problems) == (True, [])
    assert parse(Source("甲.rule", format_file(file)))[1] == []


@pytest.mark.parametrize(("length", "codes"), [(MAX_CLAUSE, []), (MAX_CLAUSE + 1, ["L144"])])
def test_a_clause_of_the_greatest_length(length: int, codes: list[str]) -> None:
    clause = "责任部门："  # counted from its colon on; what is quoted, a comment or empty is not counted
    beside = f"# {'注' * length}{chr(10) * length}"
    text = f"规则：甲 / a\n  依据：一\n  > {'引' * length}\n  {clause}{'甲' * length}{beside}  要求：a=1\n"
    assert [each.code for each in parse(Source("甲.rule", text))[1]] == codes


@pytest.mark.parametrize(
    "line",
    ["  示里：甲=1\n", "  示例：甲=1人人 → 不\n", '标题："\n', "  要求：馆舍面积不少于五百且座位不少于六十或人数不超过三\n"],
)
def test_of_very_many_faults_the_first_are_told(line: str) -> None:
    _, problems = parse(Source("甲.rule", "规则：甲 / a\n" + line * 3_000))
    assert len(problems) == MAX_FAULTS + 1
    assert problems[-1].code == "L143"
    assert problems[-1].values == {"count": str(MAX_FAULTS)}


@pytest.mark.parametrize(
    "text", ["「" * 200_000, "  示例 甲=1\n" * 20_000, "规则：甲 / a\n  要求：" + "甲 且 " * 100_000, '"' * 200_001]
)
def test_rubbish_of_any_size_is_refused_at_once(text: str) -> None:
    # each of these once took minutes
    assert parse(Source("甲.rule", text))[1]


def test_many_clauses_of_little_depth_are_no_nesting() -> None:
    many = " 且 ".join(["（a+b）×c＞d"] * 300)
    assert problems_of(rule(f"要求：{many}", *[f"示例：a=（{number}） → 符合" for number in range(300)])) == []


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x85", "\xad", "\u200b", "\u202e", "\u2066", "\u2028", "\u3164", "\ufe0f", "\ud800",
     "\U000e0041", "\r"],
)
def test_control_characters_are_refused_even_in_comments(character: str) -> None:
    file, (problem,) = parse(Source("甲.rule", f"规则：甲 / a # {character}x\n"))
    assert (file, problem.code, problem.labels[0].span.text) == (None, "L119", character)
    assert problem.values["character"] == f"U+{ord(character):04X}"


@pytest.mark.parametrize(
    ("text", "character", "plain"),
    [
        ("规则：甲 / post\u0455\n", "\u0455", ""),  # Cyrillic
        (rule("要求：p\u043ests≥1人"), "\u043e", ""),
        (rule("要求：「p\u043ests」≥1人"), "\u043e", ""),
        (rule("要求：「α」≥1人"), "α", ""),
        (rule("要求：「Ａ类」≥1人"), "Ａ", "A"),
        (rule("要求：「第１类」≥1人"), "１", "1"),
        (rule("要求：\u2f08数≥1人"), "\u2f08", "人"),  # a radical
        (rule("要求：\uf9d1数≥1人"), "\uf9d1", "六"),  # a compatibility ideograph
        (rule("要求：「a\u0301」≥1人"), "\u0301", ""),
        (rule("要求：「\ue000」≥1人"), "\ue000", ""),  # whatever a font makes of it
        ("规则：甲 / 𝐚\n", "𝐚", "a"),
    ],
)
def test_letters_that_look_like_others_are_refused_with_their_code(text: str, character: str, plain: str) -> None:
    _, problems = parse(Source("甲.rule", text))
    (problem,) = (each for each in problems if each.code == "L142")
    assert problem.labels[0].span.text == character
    assert problem.values == {"character": character, "point": f"U+{ord(character):04X}", "plain": plain}


@pytest.mark.parametrize(
    "name", ["「Ⅱ类」", "「PM2.5」", "「甲（一）」", "「㎡数」", "〇一", "々人", "𠮷", "「“双减”」", "\ufa0e"]
)
def test_names_of_chinese_characters_signs_and_ascii_are_plain(name: str) -> None:
    assert problems_of(rule(f"要求：{name}≥1人")) == []


@pytest.mark.parametrize("text", ["规则：甲 / a\n  依据：一\n  > \u043e\u2f08Ａ\n  # \u043e\n"])
def test_quotations_and_comments_may_hold_any_letter(text: str) -> None:
    _, problems = parse(Source("甲.rule", text))
    assert [each.code for each in problems if each.code in ("L142", "L102")] == []


@pytest.mark.parametrize("text", ["", "\n", "# 只有注释", "　　\n"])
def test_a_file_without_declarations_is_no_mistake(text: str) -> None:
    file, problems = parse(Source("甲.rule", text))
    assert file is not None
    assert (file.declarations, problems) == ((), [])


PIECES = (
    "规则：甲 / a\n", "  要求：", "  依据：二（一）1", "取值：", "示例：", "要求", "（", "）", "{", "}", "，", "、", "×", "÷",
    "=", "≥", "不少于", " 且 ", " 或 ", "的", "并非 ", "每一 ", " 满足 ", " 其中 ", "计数", "合计", "60%", "5个工作日", "2022年",
    "2023年2月30日", "至", "起", "「", "」", '"', "“", "#", ">", "\n", "\n  > ", "x", "编制", "17:30", "1,000", "@", "→", "…",
    "\u202e", "'s", "\ufeff",
)  # fmt: skip


@settings(max_examples=150, **UNHURRIED)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_text_raises(text: str) -> None:
    found(text)


@settings(max_examples=50, **UNHURRIED)
@given(st.text(max_size=40))
def test_no_random_text_raises(text: str) -> None:
    found(text)


@pytest.mark.parametrize(
    "text",
    ["a" + " " * 20_000 + "x", "a " * 20_000, "要" * 50_000, "\n" * 50_000, rule("要求：a=1" + " 且 a=1" * 3_000)],
)
def test_long_texts_do_not_hang(text: str) -> None:
    found(text)
