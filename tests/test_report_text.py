"""The report for a terminal: what stands where, what is left out, and nothing wider than a line."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pytest

from rulecheck.judgement import Evidence, Judgement, ReadingResult, ReadingUse, Report, Verdict
from rulecheck.language.diagnostics import display_width, fault
from rulecheck.language.syntax import Language
from rulecheck.report import render
from rulecheck.report.wording import phrases
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Refusal
from support_everything import (
    ASKED,
    DEPARTS,
    EVERYTHING,
    EVIDENCE,
    FAULT,
    HARMLESS,
    LATE,
    MET_BY_REASON,
    MET_IN_PART,
    NOT_APPLICABLE,
    RATIO,
    REFUSED,
    SETTLE,
    STRIVEN,
    VIOLATED,
    WAIVED,
)
from support_golden import golden
from support_report import judgement, missing, party, report, subject


def text(*judgements: Judgement, verbose: bool = False, language: Language = "zh") -> str:
    return render(report(*judgements), "text", language, verbose=verbose)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verbose", [False, True])
def test_one_of_everything(language: Language, verbose: bool) -> None:
    name = f"report_{'full' if verbose else 'short'}.{language}.txt"
    golden(name, render(EVERYTHING, "text", language, verbose=verbose))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_a_hundred_columns(language: Language, verbose: bool) -> None:
    lines = render(EVERYTHING, "text", language, verbose=verbose).split("\n")
    assert max(map(display_width, lines)) <= 100


def test_every_report_says_that_it_is_preliminary() -> None:
    assert all("系统初步比对" in render(sample, "text", "zh") for sample in (EVERYTHING, report(), report(VIOLATED)))
    assert "Preliminary comparison by the system" in text(language="en")


def test_what_is_wrong_comes_first_then_what_is_missing_then_the_sums() -> None:
    headings = re.findall(r"^【(.*?)】", render(EVERYTHING, "text", "zh"), re.MULTILINE)
    assert headings == [
        "退回清单",
        "未报送",
        "报送不全",
        "被替代的文件",
        "数据矛盾",
        "不符合",
        "不符合，已豁免",
        "需说明理由",
        "待补报",
        "待明确",
        "无法判定，但不会不符合",
        "按义务主体汇总",
        "按文件汇总",
        "其余",
        "未核查",
    ]


def test_sections_without_content_are_left_out() -> None:
    headings = re.findall(r"^【(.*?)】", text(MET_IN_PART), re.MULTILINE)
    assert headings == ["按义务主体汇总", "按文件汇总", "其余"]


def test_nothing_to_compare_is_said() -> None:
    assert text().endswith("没有可以比对的内容。\n")


def test_the_as_of_date_says_where_it_came_from() -> None:
    sources = {"option": "由选项指定", "submission": "取自报送文件", "today": "取当日", "mixed": "分别取自"}
    for source, words in sources.items():
        assert words in render(report(VIOLATED, as_of_source=source), "text", "zh")


def test_without_a_date_none_is_shown() -> None:
    unused = report(as_of=(), as_of_source="unused")
    assert "\n截至日期  未用到，没有可以判断的对象\n" in render(unused, "text", "zh")


def test_with_several_dates_each_block_says_its_own() -> None:
    several = report(VIOLATED, replace(WAIVED, as_of="2023-12-31"), as_of=("2023-12-31", "2024-12-31"))
    shown = render(several, "text", "zh")
    assert "截至日期  2023年12月31日、2024年12月31日" in shown
    assert "     截至日期：2024年12月31日\n" in shown
    assert "     截至日期：2023年12月31日\n" in shown
    assert "截至日期：" not in text(VIOLATED)


def test_a_waived_violation_stands_apart_and_is_counted_among_the_violations() -> None:
    shown = text(VIOLATED, WAIVED)
    assert "不符合  2  其中已豁免1" in shown
    assert "【不符合】1项" in shown
    assert "【不符合，已豁免】1项" in shown
    assert "已豁免：市残联，黄残联函〔2024〕3号，至2025年6月30日止；结论不变" in shown


def test_only_waived_ones_make_no_section_of_violations() -> None:
    assert "【不符合】" not in text(WAIVED)


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (STRIVEN, "未达力争目标1项"),
        (replace(STRIVEN, modality="encouraged"), "鼓励事项未开展1项"),
        (MET_IN_PART, "符合（部分核查）1项"),
        (replace(MET_IN_PART, partial=None), "符合1项"),
    ],
)
def test_the_name_of_a_verdict_by_its_modality(found: Judgement, name: str) -> None:
    assert f"  {name}。" in text(found)
    assert f"【{name.removesuffix('1项')}】1项" in text(found, verbose=True)


def test_what_cannot_be_violated_asks_for_nothing() -> None:
    shown = text(HARMLESS)
    assert "待补报" not in shown
    assert "机关安排残疾人就业（甲）：月亮山管理处（可能为符合、不适用）" in shown


def test_undetermined_without_a_missing_fact_is_explained() -> None:
    partial = replace(ASKED, missing=(), words=lambda: Bilingual("名单未报全。", "The list is not complete."))
    shown = text(partial)
    assert "【其他无法判定】1项" in shown
    assert "     可能为：符合、不符合\n     名单未报全。\n" in shown


def test_the_other_reading_is_told_only_where_it_would_change_the_verdict() -> None:
    def read(other: Verdict, used: Bilingual | None) -> str:
        others = (ReadingResult(Bilingual("期末", "at the end"), other),)
        return text(replace(VIOLATED, reading=ReadingUse(used, others)))

    lasting = Bilingual("持续", "lasting")

    assert "口径：本次按“持续”；若按“期末”，则为未到完成时限" in read(Verdict.NOT_DUE, lasting)
    assert "口径" not in read(Verdict.VIOLATED, lasting)
    assert "口径未定：若按“期末”，则为不符合" in read(Verdict.VIOLATED, None)


def test_the_only_reading_is_told_in_full_reports_without_others() -> None:
    only = replace(VIOLATED, reading=ReadingUse(Bilingual("期末完成", "by the end"), ()))
    assert "     口径：本次按“期末完成”\n" in text(only, verbose=True)
    assert "口径" not in text(only)


@pytest.mark.parametrize(
    ("state", "shown"),
    [("confirmed", ""), ("unconfirmed", "尚未确认"), ("bounded", "只知上下限"), ("pending", "待明确")],
)
def test_a_parameter_that_is_not_confirmed_is_noted(state: str, shown: str) -> None:
    block = text(replace(VIOLATED, parameters=(replace(RATIO, state=state),)))
    assert (f"所依参数：规定比例 1.5%（{shown}；来源：" in block) == bool(shown)


def test_changes_made_together_are_one_suggestion() -> None:
    (change,) = VIOLATED.remedy
    both = (change, replace(change, action=Bilingual("将结果报送市残联", "report it")))
    assert "整改建议：还需安排1名残疾人就业；将结果报送市残联（须同时完成）" in text(replace(VIOLATED, remedy=both))
    assert "整改建议" not in text(LATE)


def test_a_reason_of_the_unit_is_shown_as_being_without_effect() -> None:
    assert "单位说明：冬季天黑较早（未经主管部门采纳，不影响结论）" in text(DEPARTS)
    assert "理由已采纳：校车末班17:10发车（磁湖区教育局，磁教函〔2024〕8号，2024年3月1日）" in text(MET_BY_REASON, verbose=True)


@pytest.mark.parametrize(("count", "more"), [(12, False), (13, True)])
def test_of_many_figures_that_one_subject_lacks_some_are_named(count: int, more: bool) -> None:
    lacking = tuple(missing(f"fact_{number}", f"第{number}项数", f"figure {number}") for number in range(1, count + 1))
    open_one = replace(ASKED, missing=lacking)
    assert "- 第12项数：" in text(open_one)
    assert ("……另有1项数据待补报" in text(open_one)) is more
    assert ("- 第13项数：" in text(open_one, verbose=True)) is more


def test_a_check_of_some_documents_says_so() -> None:
    assert "所选文件" not in render(report(), "text", "zh")
    some = replace(report(), documents=("测政发〔2023〕1号",))
    assert "所选文件  测政发〔2023〕1号；其他文件的规则没有核查\n" in render(some, "text", "zh")


def test_a_bound_that_nobody_named_is_said_to_be_so() -> None:
    shown = text(replace(VIOLATED, bound=party(None)))
    assert "义务主体：（未报）" in shown
    assert "  （未报）       1" in shown


def test_evidence_is_drawn_as_a_tree_only_when_asked_for() -> None:
    assert "├" not in text(VIOLATED)
    shown = text(VIOLATED, verbose=True)
    assert "     机关安排残疾人就业：不符合\n" in shown
    assert "     └─* 要求：安排残疾人就业人数 不少于 1人：不成立\n" in shown
    assert "         └─* 安排残疾人就业人数：0人（单位.yaml 第7行）\n" in shown


def test_a_wrapped_node_does_not_break_the_branches() -> None:
    long = Evidence(Bilingual("长" * 60, "x"), "yes", None, None, False, (EVIDENCE.children[1],))
    tree = replace(EVIDENCE, children=(long, EVIDENCE.children[1]))
    shown = text(replace(VIOLATED, tree=lambda: tree), verbose=True)
    # 5 columns of indent and 4 of branch leave 45 characters of two columns; 15 go below
    assert f"     ├── {'长' * 45}\n     │   │   {'长' * 15}\n     │   └─* 要求：" in shown


def test_the_help_of_a_message_is_wrapped_and_its_place_is_not() -> None:
    file = "报送材料/" + "很长的文件夹名称" * 8 + "/单位.csv"
    refusal = Refusal(file, (fault("U810", file, text="许多"),))
    lines = render(report(refused=(refusal,)), "text", "en").splitlines()
    assert f"      ─→ {file}" in lines
    first = next(number for number, line in enumerate(lines) if line.startswith("      help: "))
    assert lines[first + 1].startswith("        ")
    assert all(display_width(line) <= 100 for line in lines[first : first + 2])


def test_hidden_faults_of_a_refused_file_are_counted() -> None:
    many = Refusal("a.yaml", REFUSED.faults[1:] * 23)
    assert "……另有3处" in render(report(refused=(many,)), "text", "zh")
    assert "……另有" not in render(report(refused=(many,)), "text", "zh", verbose=True)


def test_many_subjects_of_one_parameter_are_named_in_part() -> None:
    waiting = [replace(SETTLE, id=str(number), subject=subject(f"第{number}小学")) for number in range(1, 8)]
    seven, six = (text(*waiting[:count]).replace("\n    ", "") for count in (7, 6))
    assert "；对象第1小学、第2小学、第3小学、第4小学、第5小学、第6小学等7个\n" in seven
    assert "；对象第1小学、第2小学、第3小学、第4小学、第5小学、第6小学\n" in six


def test_a_waiver_column_stands_in_the_summary_only_where_there_is_a_waiver() -> None:
    assert "其中豁免" in text(WAIVED)
    assert "其中豁免" not in text(VIOLATED)


def test_units_are_in_the_language_of_the_report() -> None:
    assert "Short by: 1 person\n" in text(VIOLATED, verbose=True, language="en")
    assert "posts: 50 people (单位.yaml line 5)" in text(VIOLATED, verbose=True, language="en")


def test_nothing_in_the_data_becomes_a_terminal_escape() -> None:
    hostile = "\x1b[31m坏\x9b\u202e\r\n"
    everything = replace(
        report(
            judgement(
                Verdict.VIOLATED,
                of=subject(hostile, file=hostile, parents=(party(hostile),)),
                bound=party(hostile),
                quote=(hostile,),
                locator=hostile,
                title=Bilingual(hostile, hostile),
                reason=Bilingual(hostile, hostile),
                given_reason=hostile,
                evidence=Evidence(Bilingual(hostile, hostile), hostile, hostile, None, True),
            ),
            NOT_APPLICABLE,
            refused=(Refusal(hostile, (replace(REFUSED.faults[1], values={"line": hostile}),)),),
            faults=(replace(FAULT, text=Bilingual(hostile, hostile)),),
            warnings=(Bilingual(hostile, hostile),),
        )
    )
    shown = render(everything, "text", "zh", verbose=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "坏" in shown


def test_colour_changes_nothing_but_colour() -> None:
    plain = render(EVERYTHING, "text", "zh")
    coloured = render(EVERYTHING, "text", "zh", color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31m【不符合】2项\x1b[0m\n" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_both_languages_of_a_phrase_take_the_same_values() -> None:
    def fields(template: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}

    wrong = [
        f"{section}.{key}"
        for section, lines in phrases().items()
        for key, columns in lines.items()
        if set(columns) != {"zh", "en"} or fields(columns["zh"]) != fields(columns["en"])
    ]
    assert wrong == []


def test_the_same_report_gives_the_same_text() -> None:
    again: Report = replace(EVERYTHING)
    assert render(again, "text", "zh", verbose=True) == render(EVERYTHING, "text", "zh", verbose=True)
