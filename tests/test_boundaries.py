"""The boundary examples that a rule must have, and which of them is lacking."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.language.diagnostics import help_text, message
from rulecheck.proving.boundaries import lacking
from rulecheck.proving.boundaries import lacking as lacking_of
from rulecheck.rules.load import load
from support_shell import LIMIT_RULE, STAFF_RULE, VOCABULARY, rule_set

HEAD = "规则：甲 / a\n  依据：二（一）1\n  > 至少配备1人\n  核查对象：单位\n"
UNKNOWN = "  示例：配备人数=未知 → 无法判定\n"


def lacks(folder: Path, rule: str, vocabulary: str = VOCABULARY) -> list[tuple[str, str]]:
    """Code and underlined words of everything that one rule lacks; messages can be filled in."""
    files = {"staff.rule": rule, "limit.rule": "", "counter.rule": "", "vocabulary.rule": vocabulary}
    problems = lacking(rule_set(folder / "rules", files))
    for problem in problems:
        assert message(problem.code, "zh", problem.values)
        assert message(problem.code, "en", problem.values)
        help_text(problem.code, "zh", problem.values)
    return [(problem.code, problem.labels[0].span.text) for problem in problems]


def test_a_rule_with_every_boundary_lacks_nothing(tmp_path: Path) -> None:
    assert lacks(tmp_path, STAFF_RULE) == []


@pytest.mark.parametrize(
    ("left_out", "code", "words"),
    [
        ("示例：配备人数=0人 → 不符合", "", ""),  # the other example with 0 posts stands on that side, too
        ("示例：配备人数=1人 → 符合", "R302", "配备人数 不少于 1人"),
        ("示例：配备人数=2人 → 符合", "R304", "配备人数 不少于 1人"),
        ("示例：编制=49人，配备人数=0人 → 不适用", "R305", "编制 不少于 50人"),
        ("示例：编制=51人，配备人数=0人 → 不符合", "R304", "编制 不少于 50人"),
        ("示例：类别=学校，配备人数=0人 → 不适用", "R307", "类别 属于 （学校、医院）"),
        ("示例：配备人数=未知 → 无法判定（符合、不符合）", "R308", "要求"),
    ],
)
def test_each_boundary_is_asked_for(tmp_path: Path, left_out: str, code: str, words: str) -> None:
    assert f"  {left_out}\n" in STAFF_RULE
    found = lacks(tmp_path, STAFF_RULE.replace(f"  {left_out}\n", ""))
    assert [each for each, _ in found] == ([code] if code else [])
    assert all(text.startswith(words) for _, text in found)


def test_an_exception_that_no_example_meets_is_asked_for_once(tmp_path: Path) -> None:
    rule = STAFF_RULE
    for each in ("学校", "医院"):
        rule = rule.replace(f"  示例：类别={each}，配备人数=0人 → 不适用\n", "")
    assert lacks(tmp_path, rule) == [("R306", "类别 属于 （学校、医院）")]


# --- where a threshold lies ---


def counts(*numbers: int) -> str:
    return "".join(f"  示例：配备人数={number}人 → 符合\n" for number in numbers)


@pytest.mark.parametrize(
    ("word", "enough"), [("不少于", (4, 5, 6)), ("超过", (4, 5, 6)), ("不超过", (4, 5, 6)), ("少于", (4, 5, 6))]
)
def test_on_below_and_above_are_needed_whatever_the_word(tmp_path: Path, word: str, enough: tuple[int, ...]) -> None:
    demand = f"  要求：配备人数 {word} 5人\n"
    assert lacks(tmp_path, HEAD + demand + counts(*enough) + UNKNOWN) == []


@pytest.mark.parametrize(
    ("word", "numbers", "codes"),
    [
        ("不少于", (3, 5, 6), ["R305"]),  # 4 is the first that fails
        ("不少于", (4, 5, 9), []),  # above, any number will do
        ("不超过", (4, 5, 7), ["R305"]),  # 6 is the first that fails
        ("不超过", (1, 5, 6), []),
        ("超过", (4, 5, 7), ["R305"]),  # 6 is the first that holds
        ("超过", (1, 5, 6), []),
        ("少于", (3, 5, 6), ["R305"]),  # 4 is the first that holds
        ("少于", (4, 5, 9), []),
    ],
)
def test_the_neighbour_on_the_other_side_is_needed_exactly(
    tmp_path: Path, word: str, numbers: tuple[int, ...], codes: list[str]
) -> None:
    rule = HEAD + f"  要求：配备人数 {word} 5人\n" + counts(*numbers) + UNKNOWN
    assert [code for code, _ in lacks(tmp_path, rule)] == codes


def test_a_side_that_the_declared_range_shuts_out_is_not_asked_for(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数 超过 0人\n" + counts(0, 1) + UNKNOWN
    assert lacks(tmp_path, rule) == []


def test_a_side_that_a_relation_shuts_out_is_not_asked_for(tmp_path: Path) -> None:
    examples = "  示例：编制=9人，配备人数=8人 → 不符合\n  示例：编制=9人，配备人数=9人 → 符合\n"
    rule = HEAD + "  要求：配备人数 不少于 编制\n" + examples + "  示例：编制=9人，配备人数=未知 → 无法判定\n"
    assert lacks(tmp_path, rule) == []  # more on duty than posts contradicts the vocabulary
    without = VOCABULARY.replace("须有：配备人数 不超过 编制", "须有：配备人数 不超过 2×编制")
    assert [code for code, _ in lacks(tmp_path / "b", rule, without)] == ["R304"]


def test_of_two_facts_any_distance_will_do(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数 不少于 10%×编制\n  前提：编制=100人\n" + counts(3, 10, 30) + UNKNOWN
    assert lacks(tmp_path, rule) == []
    short = HEAD + "  要求：配备人数 不少于 10%×编制\n  前提：编制=100人\n" + counts(3, 30) + UNKNOWN
    assert [code for code, _ in lacks(tmp_path / "b", short)] == ["R302"]


def test_an_equality_needs_an_example_of_each(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数=编制\n  前提：编制=5人\n" + UNKNOWN
    assert [code for code, _ in lacks(tmp_path, rule + counts(5))] == ["R309"]
    assert [code for code, _ in lacks(tmp_path / "b", rule + counts(4))] == ["R302"]
    assert lacks(tmp_path / "c", rule + counts(4, 5)) == []


def test_a_threshold_of_the_members_is_looked_for_among_the_members(tmp_path: Path) -> None:
    rule = HEAD + "  要求：每一 科室 满足 （窗口数 不少于 2个）\n"
    rule += "  示例：科室={窗口数=1个}{窗口数=2个} → 不符合\n  示例：科室={窗口数=未知} → 无法判定\n"
    assert lacks(tmp_path, rule) == [("R304", "窗口数 不少于 2个")]
    assert lacks(tmp_path / "b", rule + "  示例：科室={窗口数=3个} → 符合\n") == []


PARAMETER = VOCABULARY + """
参数：配备比例 / staff_ratio
  类型：比例
  范围：0%至100%
  来源："另一文件" / "another instrument"
  取值：不低于 1%
"""


def test_a_threshold_of_an_open_parameter_is_met_by_what_it_leaves_open(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数 不少于 配备比例×编制\n  前提：编制=200人\n" + UNKNOWN
    rule += "  示例：配备人数=1人 → 不符合\n  示例：配备人数=200人 → 符合\n"
    assert lacks(tmp_path, rule, PARAMETER) == []


def test_examples_may_suppose_the_parameter(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数 不少于 配备比例×编制\n  前提：编制=200人，配备比例=1%\n" + UNKNOWN + counts(1, 2)
    assert [code for code, _ in lacks(tmp_path, rule, PARAMETER)] == ["R304"]
    assert lacks(tmp_path / "b", rule + counts(3), PARAMETER) == []


def test_what_several_limbs_share_needs_its_examples_once(tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace("所属对象：科室\n  类型：数量（个）", "所属对象：科室、单位\n  类型：数量（个）")
    rule = HEAD + "  适用情形：编制 不少于 50人\n  要求（甲）：配备人数 不少于 1人\n  要求（乙）：窗口数 不少于 1个\n"
    for posts, staff in ((49, 0), (50, 1), (51, 2)):
        rule += f"  示例（甲）：编制={posts}人，配备人数={staff}人 → 符合\n"
    for number in ("0个", "1个", "2个", "未知"):
        rule += f"  示例（乙）：编制=50人，窗口数={number} → 符合\n"
    assert lacks(tmp_path, rule + "  示例（甲）：编制=未知，配备人数=0人 → 无法判定\n", vocabulary) == []


# --- dates ---


def date_lacks(folder: Path, rule: str) -> list[str]:
    problems = lacking(rule_set(folder / "rules", {"limit.rule": rule, "staff.rule": "", "counter.rule": ""}))
    return [problem.code for problem in problems]


def test_the_due_date_and_the_day_after_are_needed(tmp_path: Path) -> None:
    assert date_lacks(tmp_path, LIMIT_RULE) == []
    for number, (day, code) in enumerate((("2023年3月13日 → 符合", "R310"), ("2023年3月14日 → 不符合", "R311"))):
        folder = tmp_path / str(number)
        assert date_lacks(folder, LIMIT_RULE.replace(f"  示例：办结日={day}\n", "")) == [code]


def test_what_is_not_done_as_of_these_days_will_do(tmp_path: Path) -> None:
    rule = LIMIT_RULE.replace("办结日=2023年3月13日 → 符合", "办结日=无，截至=2023年3月13日 → 未到完成时限")
    rule = rule.replace("办结日=2023年3月14日 → 不符合", "办结日=无，截至=2023年3月14日 → 不符合")
    assert date_lacks(tmp_path, rule) == []


def test_two_days_after_is_not_the_day_after(tmp_path: Path) -> None:
    assert date_lacks(tmp_path, LIMIT_RULE.replace("2023年3月14日", "2023年3月15日")) == ["R311"]


def test_of_a_state_the_as_of_date_counts(tmp_path: Path) -> None:
    rule = HEAD + "  要求：配备人数 不少于 1人\n  完成时限：2024年6月底\n"
    told = ((0, "6月30日"), (1, "7月1日"), (2, "7月1日"))
    days = "".join(f"  示例：配备人数={number}人，截至=2024年{day} → 符合\n" for number, day in told)
    unknown = "  示例：配备人数=未知，截至=2024年7月1日 → 无法判定\n"
    assert lacks(tmp_path, rule + days + unknown) == []
    assert [code for code, _ in lacks(tmp_path / "b", rule + days.replace("6月30日", "6月29日") + unknown)] == ["R310"]


# --- what a threshold may be of ---


def offices(*counters: str) -> str:
    return "科室=" + "".join(f"{{窗口数={each}}}" for each in counters)


@pytest.mark.parametrize(
    ("demand", "below", "on", "above"),
    [
        ("计数（科室） 不少于 2个", offices("1个"), offices("1个", "1个"), offices("1个", "1个", "1个")),
        ("计数（科室 其中 窗口数 不少于 0个） 不少于 2个", offices("1个"), offices("1个", "1个"), offices("1个", "1个", "1个")),
        ("合计（科室的窗口数） 不少于 3个", offices("1个", "1个"), offices("1个", "2个"), offices("2个", "2个")),
        ("占比（科室，窗口数=1个） 不少于 50%", offices("1个", "2个", "2个"), offices("1个", "2个"), offices("1个", "1个")),
        ("配备人数÷编制 不少于 50%", "配备人数=1人，编制=3人", "配备人数=1人，编制=2人", "配备人数=2人，编制=3人"),
    ],
)
def test_counts_totals_shares_and_quotients_have_thresholds_too(
    tmp_path: Path, demand: str, below: str, on: str, above: str
) -> None:
    unknown = "  示例：科室=未知，配备人数=未知 → 无法判定\n"
    for number, (told, codes) in enumerate((((below, on, above), []), ((below, above), ["R302"]), ((below, on), ["R304"]))):
        rule = HEAD + f"  要求：{demand}\n" + "".join(f"  示例：{each} → 符合\n" for each in told) + unknown
        thresholds = [(code, words) for code, words in lacks(tmp_path / str(number), rule) if words == demand]
        assert [code for code, _ in thresholds] == codes


def test_no_boundary_of_the_shipped_rules_lacks_its_example() -> None:
    rules, _ = load()
    assert rules is not None
    assert lacking(rules) == []


# --- stretches of the year ---

SEASONAL = VOCABULARY + "\n事实：活动日 / held_on\n  所属对象：单位\n  类型：日期\n  可以为无：是\n"


def held(*days: str) -> str:
    return "".join(f"  示例：活动日={day} → 符合\n" for day in days)


@pytest.mark.parametrize(
    ("stretch", "days", "lacking"),
    [
        ("每年9月1日至10月31日", ("2023年8月31日", "2024年9月1日", "2023年10月31日", "2024年11月1日"), []),
        ("每年9月1日至10月31日", ("2023年9月2日", "2023年10月30日"), ["首日的前一日", "首日", "末日", "末日的次日"]),
        ("每年9月1日至10月31日", ("2023年8月31日", "2024年9月1日", "2023年11月1日"), ["末日"]),
        # over the new year; 28 February is the last day of 2023, 29 February that of 2024
        ("每年12月1日至2月29日", ("2023年11月30日", "2023年12月1日", "2023年2月28日", "2023年3月1日"), []),
        ("每年12月1日至2月29日", ("2023年11月30日", "2023年12月1日", "2024年2月28日", "2024年3月1日"), ["末日"]),
        # a single day is first and last
        ("每年5月4日", ("2023年5月3日", "2023年5月4日", "2023年5月5日"), []),
        # the whole year has no ends
        ("每年1月1日至12月31日", (), []),
    ],
)
def test_the_ends_of_a_stretch_need_a_day_on_either_side(
    tmp_path: Path, stretch: str, days: tuple[str, ...], lacking: list[str]
) -> None:
    demand = f"  要求：活动日≠无 且 活动日 属于 {stretch}\n"
    rule = HEAD + demand + held(*days) + "  示例：活动日=未知 → 无法判定\n"
    files = {"staff.rule": rule, "limit.rule": "", "counter.rule": "", "vocabulary.rule": SEASONAL}
    found = lacking_of(rule_set(tmp_path / "rules", files))
    assert [each.values["edge"] for each in found] == lacking
    assert {each.code for each in found} <= {"R312"}
    for each in found:
        assert message(each.code, "zh", each.values)
        assert help_text(each.code, "en", each.values)
