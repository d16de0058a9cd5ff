"""The command line: the verbs for those who write rules, `fmt`, `translate`, `test` and `coverage`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support_command import call
from support_shell import DECLARATIONS, LIMIT_RULE, STAFF_RULE, TEXT, write_rules, write_texts


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("verbs") / "rules")


# --- fmt ---

UGLY = "规则:甲/a\n   依据 : 一\n核查对象:单位\n要求:配备人数>=1人 # 注\n"
PRETTY = "规则：甲 / a\n  依据：一\n  核查对象：单位\n  要求：配备人数≥1人  # 注\n"


def test_fmt_rewrites_in_place_and_once(tmp_path: Path) -> None:
    file = tmp_path / "a.rule"
    file.write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    assert call("fmt", "--check", file).status == 1
    assert call("fmt", file).status == 0
    assert file.read_bytes() == PRETTY.encode()
    assert call("fmt", "--check", file).status == 0


def test_fmt_check_names_the_files_and_touches_none(tmp_path: Path) -> None:
    for name, text in (("a.rule", UGLY), ("b.rule", PRETTY), ("c.txt", UGLY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = call("fmt", "--check", tmp_path)
    assert (found.status, found.out) == (1, f"{(tmp_path / 'a.rule').as_posix()}\n")
    assert (tmp_path / "a.rule").read_text(encoding="utf-8") == UGLY


def test_fmt_leaves_a_file_with_a_fault_alone_and_goes_on(tmp_path: Path) -> None:
    bad, ugly = tmp_path / "bad.rule", tmp_path / "ugly.rule"
    bad.write_text("规则：甲\n", encoding="utf-8")
    ugly.write_text(UGLY, encoding="utf-8")
    found = call("fmt", bad, ugly)
    assert found.status == 2
    assert "bad.rule:1" in found.err
    assert bad.read_text(encoding="utf-8") == "规则：甲\n"
    assert ugly.read_text(encoding="utf-8") == PRETTY


def test_fmt_of_standard_input_goes_to_standard_output() -> None:
    assert call("fmt", "-", stdin=UGLY).out == PRETTY
    assert call("fmt", "--check", "-", stdin=UGLY).status == 1


def test_fmt_of_nothing_there_is_refused(tmp_path: Path) -> None:
    assert call("fmt", tmp_path / "none.rule").status == 2
    assert call("fmt").status == 2


# --- translate ---


def test_translate_there_and_back_gives_the_same_bytes(rules: Path, tmp_path: Path) -> None:
    there = call("translate", "--to", "en", "--rules", rules, rules / "test" / "staff.rule")
    assert there.status == 0
    assert there.out.startswith("Rule: unit_has_staff / 单位配员\n")
    english = tmp_path / "english.rule"
    english.write_text(there.out, encoding="utf-8")
    assert call("translate", "--to", "zh", "--rules", rules, english).out == STAFF_RULE


def test_translate_finds_the_rules_folder_of_the_file(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules")
    (folder / "places.yaml").write_text("places:\n  - {zh: 黄石市, en: huangshi, level: city}\n", encoding="utf-8")
    assert call("translate", "--to", "en", folder / "test" / "staff.rule").status == 0
    (folder / "places.yaml").unlink()
    found = call("translate", "--to", "en", folder / "test" / "staff.rule")
    assert (found.status, found.out) == (2, "")
    assert "配备人数" in found.err


@pytest.mark.parametrize(
    "more",
    ["对象：甲 / a\n事实：甲 / b\n", "对象：甲 / a\n事实：乙 / a\n", "对象：船员 / staff_on_duty\n"],
    ids=["one name, two partners", "two names, one partner", "a partner that another file has given away"],
)
def test_translate_refuses_names_that_could_not_be_told_apart(rules: Path, tmp_path: Path, more: str) -> None:
    file = tmp_path / "more.rule"
    file.write_text(more, encoding="utf-8")
    found = call("translate", "--to", "en", "--rules", rules, file)
    assert (found.status, found.out) == (2, "")
    assert "L145" in found.err


def test_translate_into_its_own_language_only_formats() -> None:
    assert call("translate", "--to", "zh", "-", stdin=UGLY).out == PRETTY


@pytest.mark.parametrize(
    "arguments", [("--to", "fr", "-"), ("-",), ("--to", "en", "none.rule"), ("--to", "en", "--rules", "none", "-")]
)
def test_translate_refuses(arguments: tuple[str, ...]) -> None:
    found = call("translate", *arguments, stdin=UGLY)
    assert (found.status, found.out) == (2, "")


# --- test and coverage ---


def test_the_examples_of_good_rules_come_out_as_stated(rules: Path) -> None:
    found = call("test", "--rules", rules)
    assert (found.status, found.err) == (0, "")
    assert found.out == "规则3条，示例15个，结果相符15个，缺少边界示例0处\n"


def test_a_wrong_example_is_shown_with_what_came_out(tmp_path: Path) -> None:
    wrong = write_rules(tmp_path / "rules", {"staff.rule": STAFF_RULE.replace("配备人数=1人 → 符合", "配备人数=1人 → 不符合")})
    found = call("test", "--rules", wrong)
    assert found.status == 1
    assert "test/staff.rule:11:" in found.err
    assert "结果是符合" in found.err


def test_a_lacking_boundary_fails(tmp_path: Path) -> None:
    lacking = write_rules(tmp_path / "rules", {"staff.rule": STAFF_RULE.replace("  示例：配备人数=1人 → 符合\n", "")})
    found = call("test", "--rules", lacking, "--lang", "en")
    assert found.status == 1
    assert "R302" in found.err
    assert "staff_on_duty = 1" in found.err


def test_an_example_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    broken = write_rules(tmp_path / "rules", {"limit.rule": LIMIT_RULE + "  示例：没有的事实=1人 → 符合\n"})
    assert call("test", "--rules", broken).status == 2


def test_coverage_verifies_quotations_where_texts_are_given(rules: Path, tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "texts")
    assert call("coverage", "--rules", rules, "--sources", texts).status == 0
    (texts / "test.txt").write_text(TEXT.replace("至少配备1人", "至少配备2人"), encoding="utf-8")
    found = call("coverage", "--rules", rules, "--sources", texts)
    assert found.status == 1
    assert "C312" in found.err
    assert call("coverage", "--rules", rules).status == 0


def test_coverage_fails_on_an_item_not_accounted_for(tmp_path: Path) -> None:
    gap = write_rules(tmp_path / "rules", {"declarations.rule": DECLARATIONS.split("不可核查：三")[0]})
    found = call("coverage", "--rules", gap, "--format", "json")
    assert found.status == 1
    assert not json.loads(found.out)["complete"]


def test_coverage_refuses_texts_that_are_not_there(rules: Path, tmp_path: Path) -> None:
    assert call("coverage", "--rules", rules, "--sources", tmp_path / "none").status == 2
    assert call("coverage", "--rules", rules, "--sources", tmp_path).status == 2
    assert call("coverage", "--rules", rules, "--format", "xml").status == 2
