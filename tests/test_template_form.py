"""What a form asks: the facts that chosen rules read, with their clauses; and the words of a heading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulecheck.templates.choose import choose
from rulecheck.templates.form import Form, Question
from rulecheck.templates.notes import answer_lines, question_note
from rulecheck.templates.values import number_text
from rulecheck.templates.wording import evidence_heading, fact_heading
from support_template import blank, shipped_rules, small_rules, whole


def asked(form: Form) -> dict[str, list[str]]:
    return {section.kind.zh: [question.fact.zh for question in section.questions] for section in form.sections}


def question(form: Form, name: str) -> Question:
    return next(each for section in form.sections for each in section.questions if each.fact.zh == name)


# --- what is asked ---


def test_a_rule_asks_what_its_condition_and_requirement_read() -> None:
    assert asked(blank(small_rules(), only=["employs"])) == {"单位": ["编制", "安排人数"]}


def test_a_rule_about_members_asks_for_them_and_for_what_they_are_part_of() -> None:
    form = blank(small_rules(), only=["学校教师在编"])
    assert asked(form) == {"镇": [], "学校": [], "教师": ["在编"]}
    assert [[child.zh for child in section.children] for section in form.sections] == [["学校"], ["教师"], []]


def test_an_event_asks_when_it_occurred_and_who_is_bound() -> None:
    assert asked(blank(small_rules(), only=["限时审核"])) == {"申领": ["主管", "受理日", "审核完成日"]}


def test_a_fact_that_must_agree_with_one_that_is_read_is_asked_too() -> None:
    form = blank(small_rules(), only=["每年新增就业"])
    assert asked(form) == {"单位": ["新增就业", "流失就业"]}
    assert question(form, "流失就业").uses[0].title.zh == "流失不多于新增"


def test_a_yearly_duty_asks_for_every_year_it_is_owed_in() -> None:
    # In force from 16 November 2022; the document's horizon is the end of 2025.
    assert question(blank(small_rules(), only=["每年新增就业"]), "新增就业").periods == ("2022", "2023", "2024", "2025")


def test_what_sort_of_subject_it_is_is_asked_before_what_one_document_asks() -> None:
    units = asked(blank(shipped_rules(), only=["市级机关安排残疾人就业"]))["单位"]
    assert units == ["层级", "单位类别", "编制", "在职职工总数", "安排残疾人就业人数"]


def test_a_kind_asks_all_of_its_facts_read_or_not() -> None:
    form = blank(small_rules(), kinds=["申领"])
    assert asked(form) == {"申领": ["主管", "受理日", "审核完成日"]}
    assert "评分" in asked(blank(small_rules(), kinds=["单位"]))["单位"]
    assert "评分" not in asked(whole(small_rules()))["单位"]


def test_a_fact_that_no_rule_reads_is_asked_for_the_periods_of_the_documents() -> None:
    assert question(blank(small_rules(), kinds=["单位"]), "检查次数").periods[:2] == ("2022-Q4", "2023-Q1")


def test_a_kind_chosen_with_rules_narrows_them_down_and_keeps_what_it_is_part_of() -> None:
    form = blank(small_rules(), only=["学校教师在编", "employs"], kinds=["教师"])
    assert asked(form) == {"镇": [], "学校": [], "教师": ["在编"]}


def test_a_document_asks_what_its_rules_read() -> None:
    form = blank(shipped_rules(), documents=["黄政办发[2022]58号"])
    assert {"学校", "上课日", "失业保险金申领"} <= set(asked(form))
    assert "残疾人" not in asked(form)
    assert asked(form)["上课日"] == ["上课日期", "提供课后服务", "课后服务时长", "课后服务结束时刻"]


def test_every_fact_that_a_shipped_rule_reads_names_its_clause() -> None:
    for section in whole(shipped_rules()).sections:
        for each in section.questions:
            assert each.uses, each.fact.id
            assert (each.periods != ()) == (each.fact.every is not None), each.fact.id


def test_bodies_have_a_code_and_events_members_and_places_none() -> None:
    codes = {section.kind.id: section.has_code for section in whole(shipped_rules()).sections}
    assert codes["unit"]
    assert not codes["unemployment_claim"]
    assert not codes["school_day"]
    assert not codes["locality"]


# --- names that mean nothing ---


@pytest.mark.parametrize(
    ("only", "documents", "kinds", "code", "near"),
    [
        (["市级机关安排残疾人"], [], [], "T101", "安排残疾人"),
        ([], ["某发〔2022〕2号"], [], "T102", "某发〔2022〕1号"),
        ([], [], ["单立"], "T103", "单位"),
    ],
)
def test_a_name_that_means_nothing_is_told_with_the_nearest(
    only: list[str], documents: list[str], kinds: list[str], code: str, near: str
) -> None:
    _, (problem,) = choose(small_rules(), only, documents, kinds)
    assert problem.code == code
    assert near in problem.values["near"]


def test_rules_are_named_by_title_too_and_documents_by_folder() -> None:
    choice, problems = choose(shipped_rules(), ["失业保险金申领5个工作日内完成审核"], ["2022-60", "huangshi/2022-60"], [])
    assert len(choice.documents) == 1
    assert [problem.code for problem in problems] == [] or problems[0].code == "T101"


# --- headings and what is said of them ---


def test_headings_have_the_unit_and_the_period() -> None:
    jobs = question(whole(small_rules()), "新增就业").fact
    assert fact_heading(jobs, None, "zh") == "新增就业（人）"
    assert fact_heading(jobs, "2022", "zh") == "新增就业@2022年（人）"
    assert fact_heading(jobs, "2022", "en") == "new_jobs@2022 (people)"
    assert evidence_heading(jobs, "zh") == "佐证材料（新增就业）"
    assert evidence_heading(jobs, "en") == "evidence (new_jobs)"


def test_a_fact_whose_name_is_a_heading_word_goes_by_its_other_name() -> None:
    posts = small_rules().facts["posts"]
    assert fact_heading(replace(posts, zh="名称"), None, "zh") == "posts（人）"
    assert fact_heading(replace(posts, id="parent"), None, "en") == "编制 (people)"


def test_a_note_tells_the_question_the_clause_and_how_to_answer() -> None:
    assert question_note(question(whole(small_rules()), "编制"), "zh") == (
        "核定编制多少人？",
        "依据：某发〔2022〕1号 一（一）1 编制50人以上的安排残疾人",
        "例：48",
        "范围：0人至1000人",
        "留空表示未报",
    )


def test_a_note_says_where_none_may_be_written() -> None:
    form = blank(small_rules(), kinds=["单位"])
    assert "没有填“无”" in answer_lines(question(form, "撤销日"), "zh")
    assert "没有可填“无”，按0人计" in answer_lines(question(form, "临时人员"), "zh")
    assert "从中选一项：机关、其他" in answer_lines(question(form, "类别"), "zh")
    assert "Write yes or no" in answer_lines(question(form, "已公开"), "en")


def test_a_note_names_three_clauses_and_how_many_there_are() -> None:
    level = question(whole(shipped_rules()), "层级")
    clauses = [line for line in question_note(level, "zh") if line.startswith("依据：")]
    count = sum(bool(use.locators) for use in level.uses)
    assert count > 3
    assert len(clauses) == 3
    assert f"等{count}条规则" in question_note(level, "zh")


# --- numbers ---


def test_a_number_without_an_end_in_its_unit_is_written_in_another() -> None:
    length = small_rules().facts["opening_length"]  # hours, in steps of a minute
    assert number_text(90, length, "zh") == "1.5"
    assert number_text(7, length, "zh") == "7分钟"
    land = small_rules().facts["land"]  # square metres, in steps of a tenth of a mu: 200/3 m²
    assert number_text(3, land, "zh") == "200"
    assert number_text(1, land, "zh") == "0.1亩"
