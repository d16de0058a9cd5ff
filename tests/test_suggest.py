"""`rulecheck test --mutate` and `--suggest`: what is told, and that the proposals, once answered, are what was lacking."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecheck.dataclass import replace
from rulecheck.judgement import Verdict
from rulecheck.language.words import identify, spell
from rulecheck.proving.examples import run_examples
from rulecheck.proving.mutation import tried
from rulecheck.proving.suggest import suggested
from rulecheck.rules.load import load
from support_command import call
from support_explain import rule, rule_set
from support_shell import COUNTER_RULE, LIMIT_RULE, STAFF_RULE, write_rules
from support_shell import rule_set as shell_rules

WEAK = STAFF_RULE.replace("  示例：配备人数=1人 → 符合\n", "").replace("  示例：类别=医院，配备人数=0人 → 不适用\n", "")


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    return write_rules(tmp_path / "rules", {"staff.rule": WEAK, "limit.rule": "", "counter.rule": ""})


# --- --mutate ---


def test_changes_that_nothing_notices_are_told_with_status_1(weak: Path) -> None:
    found = call("test", "--mutate", "--rules", weak)
    assert found.status == 1
    assert "错误[M101] “单位配员”：“不少于”改为“超过”，没有示例看得出来" in found.err
    assert "  提示：例如 配备人数=1人 的示例看得出来" in found.err
    assert "错误[M113] “单位配员”：列举中去掉“医院”，没有示例看得出来" in found.err
    counts = re.search(r"改动(\d+)处，示例看出(\d+)处，已核(\d+)处，没有看出(\d+)处", found.out)
    assert counts is not None
    made, killed, accepted, surviving = map(int, counts.groups())
    assert (made, accepted) == (killed + surviving, 0)
    assert surviving == found.err.count("错误[M")


def test_the_seconds_are_told_beside_the_result_not_in_it(weak: Path) -> None:
    found = call("test", "--mutate", "--rules", weak, "--lang", "en")
    assert re.search(r"took \d+\.\d seconds", found.err)
    assert "seconds" not in found.out
    assert "made “exceeds”, and no example notices" in found.err
    assert "rules: 1, changes:" in found.out


def test_where_every_change_is_noticed_the_status_is_0(tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules", {"limit.rule": "", "counter.rule": COUNTER_RULE})
    found = call("test", "科室开设窗口", "--mutate", "--rules", rules)
    assert (found.status, found.out.count("没有看出0处")) == (0, 1)


def test_the_rules_named_alone_are_tried(tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules")
    assert "规则1条，示例3个" in call("test", "application_limit", "--rules", rules).out
    assert "规则3条" in call("test", "--document", "测政发〔2023〕1号", "--rules", rules).out
    assert "规则1条，改动" in call("test", "application_limit", "--mutate", "--rules", rules).out
    assert call("test", "没有的规则", "--rules", rules).status == 2
    assert call("test", "--document", "没有的文件", "--rules", rules).status == 2


def test_changes_are_not_tried_on_examples_that_are_wrong(tmp_path: Path) -> None:
    wrong = STAFF_RULE.replace("配备人数=1人 → 符合", "配备人数=1人 → 不符合")
    found = call("test", "--mutate", "--rules", write_rules(tmp_path / "rules", {"staff.rule": wrong}))
    assert found.status == 1
    assert "先改正示例" in found.err
    assert "改动" not in found.out


# --- --suggest ---


def test_what_is_lacking_is_proposed_and_no_file_is_changed(weak: Path) -> None:
    before = {path: path.read_bytes() for path in weak.rglob("*") if path.is_file()}
    found = call("test", "--suggest", "--rules", weak)
    assert "# 单位配员 / unit_has_staff\n" in found.out
    assert "  示例：配备人数=1人 → ?\n" in found.out
    assert re.search(r"  示例：.*类别=医院.* → \?\n", found.out)
    assert {path: path.read_bytes() for path in before} == before


def test_where_nothing_is_lacking_that_is_said(tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules", {"limit.rule": "", "counter.rule": COUNTER_RULE})
    assert call("test", "科室开设窗口", "--suggest", "--rules", rules).out.endswith("没有要补的示例\n")


def test_proposals_are_in_the_language_of_the_file(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules", {"staff.rule": WEAK, "limit.rule": "", "counter.rule": ""})
    file = folder / "test" / "staff.rule"
    file.write_text(call("translate", "--to", "en", file, "--rules", folder).out, encoding="utf-8")
    found = call("test", "--suggest", "--rules", folder)
    assert "  Example: staff_on_duty = 1 people → ?\n" in found.out
    assert re.search(r"  Example: .*category = hospital.* → \?\n", found.out)


@pytest.mark.parametrize(
    ("clauses", "kind"),
    [
        ("要求：残疾职工数 不少于 1人", "单位"),  # no example at all
        ("适用情形：编制 不少于 50人\n完成时限：2024年6月30日\n要求：残疾职工数 不少于 1.5%×编制", "单位"),
        ("要求：每一 网点 满足 （座位 不少于 10个）\n示例：网点={座位=10个} → 符合", "单位"),
        ("周期：每年\n要求：新增岗位 不少于 1个\n示例：期间=2024年，新增岗位@2024年=1个 → 符合", "单位"),
        (
            "义务主体：受理单位\n要求：办结日\n完成时限：受理日+5个工作日\n"
            "示例：受理日=2024年3月1日，受理单位=甲局，办结日=2024年3月4日，截至=2024年6月30日 → 符合",
            "申请",
        ),
        ("要求：合计（新增岗位，2023年至2024年） 不少于 10个\n示例：新增岗位@2023年=1个，新增岗位@2024年=1个 → 不符合", "单位"),
    ],
)
def test_answered_proposals_leave_fewer_changes_unnoticed(clauses: str, kind: str) -> None:
    rules = rule_set(rule(clauses, kind))
    (before,) = tried(rules, rules.rules)
    lines = [line for line in suggested(rules, rules.rules[0]) if not line.startswith("#")]
    assert lines
    answered = rule_set(rule(clauses + "".join(f"\n{answer(clauses, line, kind)}" for line in lines), kind))
    (after,) = tried(answered, answered.rules)
    assert len(after.surviving) < len(before.surviving)
    assert len(after.surviving) <= before.made // 5


def answer(clauses: str, line: str, kind: str) -> str:
    """A proposal with the verdict that the rule gives: here the rule is taken to be right."""
    asked = line.strip().replace("?", spell("verdicts", Verdict.MET, "zh"))
    result = list(run_examples(rule_set(rule(f"{clauses}\n{asked}", kind))))[-1]
    assert result.verdict is not None, result.problems
    text = spell("verdicts", result.verdict, "zh")
    assert identify("verdicts", text) == result.verdict
    return line.strip().replace("?", text)


def test_a_shipped_rule_that_loses_an_example_is_asked_for_one_that_shows_the_same() -> None:
    rules, _ = load()
    assert rules is not None
    of = next(each for each in rules.rules if each.id == "unemployment_review_limit")
    assert list(suggested(rules, of)) == []
    kept = tuple(each for each in of.examples if each.reading is None)
    assert "示例〔提交起算〕：" in "\n".join(suggested(rules, replace(of, examples=kept)))


def test_a_rule_that_lacks_nothing_is_left_out(tmp_path: Path) -> None:
    rules = shell_rules(tmp_path / "rules", {"limit.rule": LIMIT_RULE, "counter.rule": COUNTER_RULE})
    of = next(each for each in rules.rules if each.id == "office_has_counter")
    assert list(suggested(rules, of)) == []
