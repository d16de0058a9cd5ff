"""The pipeline: as-of dates, order and ids of judgements, what was not checked, contradictions, the receipt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rulecheck import __version__, facts
from rulecheck.checking import run
from rulecheck.judgement import Judgement, Report, Verdict
from rulecheck.report import render
from rulecheck.rules import model
from support_shell import STAFF_RULE, rule_set

TODAY = date(2023, 8, 1).toordinal()
OPTION = date(2023, 7, 1).toordinal()


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> model.RuleSet:
    return rule_set(tmp_path_factory.mktemp("shell") / "rules")


def checked(rules: model.RuleSet, folder: Path, *texts: str, as_of: int | None = None) -> Report:
    """The report on some submissions, each a YAML file."""
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    submission = facts.read(sorted(folder.glob("*.yaml")), rules)
    assert submission.refused == ()
    return run(rules, submission, as_of=as_of, today=TODAY)


def of(report: Report, rule: str) -> list[Judgement]:
    return [judgement for judgement in report.judgements if judgement.rule == rule]


UNIT = "单位:\n  - {名称: 甲局, 地区: 黄石市, 编制: 50, 配备人数: 0}\n"
OTHER = "单位:\n  - {名称: 乙局, 地区: 黄石市, 编制: 50, 配备人数: 1}\n"

# --- as of ---


def test_a_submission_is_judged_as_of_its_own_date(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "截至: 2023-06-30\n" + UNIT)
    assert (report.as_of, report.as_of_source) == (("2023-06-30",), "submission")
    assert of(report, "unit_has_staff")[0].as_of == "2023-06-30"


def test_the_option_wins(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "截至: 2023-06-30\n" + UNIT, as_of=OPTION)
    assert (report.as_of, report.as_of_source) == (("2023-07-01",), "option")


def test_else_it_is_today(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, UNIT)
    assert (report.as_of, report.as_of_source) == (("2023-08-01",), "today")


def test_each_submission_has_its_own(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "截至: 2023-06-30\n" + UNIT, OTHER)
    assert (report.as_of, report.as_of_source) == (("2023-06-30", "2023-08-01"), "mixed")
    assert [each.as_of for each in of(report, "unit_has_staff")] == ["2023-06-30", "2023-08-01"]


def test_before_the_document_nothing_is_adverse(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "截至: 2022-12-31\n" + UNIT)
    assert of(report, "unit_has_staff")[0].verdict is Verdict.NOT_APPLICABLE


def test_nothing_handed_in_gives_no_judgement_and_needs_no_date(rules: model.RuleSet, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    report = run(rules, facts.read([tmp_path], rules), as_of=None, today=TODAY)
    assert (report.judgements, report.as_of, report.as_of_source) == ((), (), "unused")


# --- ids and order ---

OFFICES = """截至: 2023-06-30
单位:
  - 名称: 甲局
    科室: [{名称: 办公室, 窗口数: 1}, {名称: 综合科, 窗口数: 0}]
  - 名称: 乙局
    科室: [{名称: 办公室, 窗口数: 2}]
"""


def test_members_of_one_name_under_two_parents_have_ids_of_their_own(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, OFFICES)
    assert [each.id for each in of(report, "office_has_counter")] == [
        "office_has_counter/-/office:甲局/办公室/-",
        "office_has_counter/-/office:甲局/综合科/-",
        "office_has_counter/-/office:乙局/办公室/-",
    ]


def test_judgements_come_in_the_order_of_the_items_then_of_the_rules_then_as_handed_in(
    rules: model.RuleSet, tmp_path: Path
) -> None:
    claims = "申请:\n  - {编号: Z, 受理日: 2023-03-06, 办结日: 2023-03-13}\n"
    units = "单位:\n  - {名称: 丙局, 科室: [{名称: 办公室}]}\n  - {名称: 乙局}\n"
    report = checked(rules, tmp_path, claims + units)
    assert [(each.locator, each.rule, each.subject.name[:3]) for each in report.judgements] == [
        ("二（一）1", "office_has_counter", "办公室"),
        ("二（一）1", "unit_has_staff", "丙局"),
        ("二（一）1", "unit_has_staff", "乙局"),
        ("二（一）2", "application_limit", "***"),
    ]


def test_sensitive_subjects_stay_apart_without_their_ids(rules: model.RuleSet, tmp_path: Path) -> None:
    claims = "申请:\n" + "".join(f"  - {{编号: 42010119900101{n}, 受理日: 2023-03-06}}\n" for n in ("0011", "0022"))
    report = checked(rules, tmp_path, claims)
    assert len({each.id for each in report.judgements}) == 2
    assert "19900101" not in render(report, "json", "zh")
    assert "19900101" not in render(report, "text", "zh", verbose=True)


# --- contradictions ---


def test_figures_that_contradict_one_another_are_told_and_count_as_untold(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "单位:\n  - 名称: 甲局\n    地区: 黄石市\n    编制: 60\n    配备人数: 61\n    类别: 机关\n")
    (fault,) = report.faults
    assert (fault.relation, fault.subject.name) == ("staff_within_posts", "甲局")
    assert fault.text.zh == "应有：配备人数 不超过 编制；报送：配备人数 61、编制 60"
    assert [(origin.where_zh, origin.written) for origin in fault.origins] == [("第5行", "61"), ("第4行", "60")]
    assert of(report, "unit_has_staff")[0].verdict is Verdict.UNDETERMINED


def test_a_sensitive_figure_is_not_repeated(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, "单位:\n  - {名称: 甲局, 编制: 60, 联系电话号码: 777}\n")
    (fault,) = report.faults
    assert [origin.written for origin in fault.origins] == ["***", "60"]
    assert "777" not in str(fault)


def test_figures_of_a_period_are_told_with_it(rules: model.RuleSet, tmp_path: Path) -> None:
    unit = "单位:\n  - 名称: 甲局\n    培训人次: {2022年: 9, 2023年: 5}\n    合格人次: {2022年: 9, 2023年: 6}\n"
    (fault,) = checked(rules, tmp_path, unit).faults
    assert fault.text.zh == "应有：合格人次 不超过 培训人次；报送：2023年合格人次 6、2023年培训人次 5"


# --- beside the judgements ---


def test_rules_without_subject_and_declared_items_are_listed(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, UNIT)
    assert [(each.what, each.id, each.locator) for each in report.not_checked] == [
        ("rule", "application_limit", "二（一）2"),
        ("rule", "office_has_counter", "二（一）1"),
        ("item", "一", "一"),
        ("item", "三", "三"),
        ("item", "二（一）3", "二（一）3"),
        ("item", "二（一）4", "二（一）4"),
        ("item", "前言", "前言"),
    ]
    assert report.not_checked[0].reason == model.Bilingual("报送中没有“申请”", "no application was handed in")
    assert report.not_checked[4].reason.zh == "所据文本没有第3项"


def test_a_missing_holiday_notice_is_told_once_for_all(rules: model.RuleSet, tmp_path: Path) -> None:
    claim = "  - {{编号: {}, 地区: 黄石市, 受理日: 2099-01-04, 办结日: 2099-01-12}}\n"
    claims = "截至: 2099-01-15\n申请:\n" + "".join(map(claim.format, "甲乙"))
    report = checked(rule_set(tmp_path / "rules", {"limit.rule": RULE_WITHOUT_END}), tmp_path, claims)
    assert [each.verdict for each in report.judgements] == [Verdict.UNDETERMINED] * 2
    assert [each.zh for each in report.warnings] == ["缺2099年节假日安排，2项判断因此未定"]


RULE_WITHOUT_END = """规则：申请办结时限 / application_limit
  依据：二（一）2
  > 5个工作日内办结
  核查对象：申请
  考核期：2023年1月1日 起
  要求：办结日
  完成时限：受理日+5个工作日
  示例：受理日=2023年3月6日，办结日=2023年3月13日，截至=2023年6月30日 → 符合
"""


def test_what_was_passed_over_is_a_warning_with_its_place(rules: model.RuleSet, tmp_path: Path) -> None:
    report = checked(rules, tmp_path, UNIT.replace("编制: 50", "编制: 50, 备注: 无"))
    (warning,) = report.warnings
    assert warning.zh.startswith("0.yaml 第2行")
    assert "备注" in warning.zh
    assert warning.en.startswith("0.yaml line 2")


def test_the_receipt_names_engine_rules_facts_and_calendar(rules: model.RuleSet, tmp_path: Path) -> None:
    first = checked(rules, tmp_path, UNIT).receipt
    assert (first.engine, first.rules, first.calendar) == (f"rulecheck {__version__}", rules.sha256, rules.calendar.sha256)
    assert first.facts != checked(rules, tmp_path, OTHER).receipt.facts


# --- records that can change nothing ---

COMMON = "对象: 甲局, 采纳单位: 市政府, 文号: 测〔2023〕2号, 理由: 受灾"


def warned(rules: model.RuleSet, folder: Path, record: str, rule: str = "单位配员") -> list[str]:
    """What the report says of one record beside the judgements, as of the end of June 2023."""
    (folder / "unit.yaml").write_text("截至: 2023-06-30\n" + UNIT, encoding="utf-8")
    (folder / "records.yaml").write_text(f"记录:\n  - {{规则: {rule}, {COMMON}, {record}}}\n", encoding="utf-8")
    submission = facts.read([folder / "unit.yaml"], rules, records=[folder / "records.yaml"])
    assert submission.refused == ()
    return [warning.zh for warning in run(rules, submission, as_of=None, today=TODAY).warnings]


def test_an_accepted_reason_has_no_effect_on_a_command(rules: model.RuleSet, tmp_path: Path) -> None:
    (warning,) = warned(rules, tmp_path, "类型: 采纳理由, 日期: 2023-05-01")
    assert warning.startswith("records.yaml 第2行：采纳的理由对“单位配员”不起作用")


def test_a_waiver_of_a_command_has_an_effect(rules: model.RuleSet, tmp_path: Path) -> None:
    assert warned(rules, tmp_path, "类型: 豁免, 日期: 2023-05-01") == []


def test_an_accepted_reason_has_an_effect_on_what_is_required_in_principle_and_a_waiver_has_none(tmp_path: Path) -> None:
    lenient = rule_set(tmp_path / "rules", {"staff.rule": IN_PRINCIPLE})
    assert warned(lenient, tmp_path, "类型: 采纳理由, 日期: 2023-05-01") == []
    (warning,) = warned(lenient, tmp_path, "类型: 豁免, 日期: 2023-05-01")
    assert "豁免对“单位配员”不起作用" in warning


@pytest.mark.parametrize(("issued", "count"), [("2023-06-30", 0), ("2023-07-01", 1)])
def test_what_was_decided_after_the_day_of_the_check_is_not_used(
    rules: model.RuleSet, tmp_path: Path, issued: str, count: int
) -> None:
    found = warned(rules, tmp_path, f"类型: 豁免, 日期: {issued}")
    assert ["晚于截至日期，这次没有用到" in text for text in found] == [True] * count


IN_PRINCIPLE = STAFF_RULE.replace("  要求：", "  原则上：").replace("→ 不符合", "→ 需说明理由").replace("（符合、不符合）", "")
