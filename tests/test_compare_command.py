"""`rulecheck compare` on the command line: reports in both languages, JSON by its schema, exit status, what is refused."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from rulecheck.data import read_text
from support_command import SOURCE_TREE, call
from support_golden import golden
from support_report import closed
from support_shell import STAFF_RULE, VOCABULARY, write_rules

UNITS = """截至: 2023-06-30
地区: 黄石市
单位:
  - {名称: 甲局, 编制: 50, 配备人数: 0, 类别: 机关}
  - {名称: 乙学校, 编制: 60, 配备人数: 0, 类别: 学校}
  - {名称: 丙局, 编制: 60, 配备人数: 1, 类别: 机关, 科室: [{名称: 一科, 窗口数: 1}]}
  - {名称: 丁局, 编制: 52, 配备人数: 未知, 类别: 机关}
"""
NEW = {
    "staff.rule": STAFF_RULE.split("  前提")[0]
    .replace("编制 不少于 50人", "编制 不少于 55人 且 类别≠医院")
    .replace("（学校、医院）", "（医院）")
    .replace("配备人数 不少于 1人", "配备人数 不少于 2人"),
    "counter.rule": "",
    "limit.rule": "",
    "window.rule": """规则：窗口够用 / enough_counters
  依据：二（一）1
  > 至少配备1人
  核查对象：科室
  要求：窗口数 不少于 2个
""",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_rules(tmp_path / "旧")
    write_rules(tmp_path / "新", NEW)
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "单位.yaml").write_text(UNITS.replace("配备人数: 未知, ", ""), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULECHECK_CACHE", "off")
    return tmp_path


def masked(text: str, folder: Path) -> str:
    """Without what changes with every byte of the program's own tables."""
    tree = json.loads(call("compare", "旧", "新", "报送", "--format", "json").out)
    for side in ("old", "new"):
        for name in ("rules", "facts", "calendar"):
            text = text.replace(tree["receipt"][side][name][:12], "0" * 12)
    return text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("everything", [False, True])
def test_the_report(folder: Path, language: str, everything: bool) -> None:
    found = call("compare", "旧", "新", "报送", "--lang", language, *(["--all"] if everything else []))
    assert (found.status, found.err) == (1, "")
    golden(f"compare{'_all' if everything else ''}.{language}.txt", masked(found.out, folder))


def test_no_line_is_wider_than_100_columns(folder: Path) -> None:
    from rulecheck.report.layout import width_of

    for language in ("zh", "en"):
        out = call("compare", "旧", "新", "报送", "--lang", language, "--all").out
        assert [line for line in out.splitlines() if width_of(line) > 100] == []


def tree(*words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("compare", *words, "--format", "json").out)
    return found


SCHEMA = json.loads(read_text("reports", "compare.schema.json"))


def test_json_fits_its_schema(folder: Path) -> None:
    report = json.loads(read_text("reports", "report.schema.json"))
    registry: Registry[Any] = Registry().with_resource("report.schema.json", Resource.from_contents(report))
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(closed(SCHEMA), registry=registry)
    found = tree("旧", "新", "报送")
    assert [error.message for error in validator.iter_errors(found)] == []
    counts = found["counts"]
    assert counts["compared"] == sum(counts[name] for name in ("changed", "only_new", "only_old", "reworded", "unchanged"))
    assert counts["changed"] == sum(way["count"] for group in found["changed"] for way in group["ways"])


def test_the_same_bytes_in_any_order_of_arguments(folder: Path) -> None:
    (folder / "报送" / "二.yaml").write_text("单位:\n  - {名称: 戊局, 编制: 50, 配备人数: 1, 地区: 黄石市}\n", encoding="utf-8")
    files = ["报送/单位.yaml", "报送/二.yaml"]
    first = call("compare", "旧", "新", *files, "--as-of", "2023-06-30", "--format", "json")
    second = call("compare", "--format", "json", "旧", "--as-of", "2023-06-30", "新", *reversed(files))
    assert first == second


def test_a_result_in_a_file(folder: Path) -> None:
    found = call("compare", "旧", "新", "报送", "--output", "差别.txt")
    assert (found.status, found.out) == (1, "")
    assert (folder / "差别.txt").read_text(encoding="utf-8") == call("compare", "旧", "新", "报送").out


def test_words_take_the_same_values_in_both_languages() -> None:
    for section, rows in tomllib.loads(read_text("reports", "compare.toml")).items():
        for name, row in rows.items():
            blanks = [sorted(re.findall(r"{(\w+)}", row[language])) for language in ("zh", "en")]
            assert blanks[0] == blanks[1], (section, name)


def test_words_are_all_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (SOURCE_TREE / "rulecheck" / "comparing").glob("*.py"))
    unused = [
        (section, name)
        for section, rows in tomllib.loads(read_text("reports", "compare.toml")).items()
        for name in rows
        if f'"{name}"' not in source and section not in ("every", "roles")
    ]
    assert unused == []


# --- exit status ---


def test_status_0_where_no_verdict_changed(folder: Path) -> None:
    found = call("compare", "旧", "旧", "报送")
    assert found.status == 0
    assert "两套规则说的完全一样" in found.out


def test_status_0_where_only_the_text_of_a_rule_changed(folder: Path) -> None:
    write_rules(folder / "别", {"staff.rule": STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 49人").split("  前提")[0]})
    found = call("compare", "旧", "别", "报送")
    assert found.status == 0
    assert "规则有改动，结论没有变（1条）" in found.out


def test_status_1_where_a_rule_was_added(folder: Path) -> None:
    write_rules(folder / "别", {"window.rule": NEW["window.rule"]})
    assert call("compare", "旧", "别", "报送").status == 1


def test_status_2_where_one_side_refuses_a_file(folder: Path) -> None:
    narrower = VOCABULARY.replace("范围：0人至1000人", "范围：0人至55人", 1)
    write_rules(folder / "别", {"vocabulary.rule": narrower})
    found = call("compare", "旧", "别", "报送")
    assert found.status == 2
    assert "单位.yaml（只有新规则退回）" in found.out
    other = call("compare", "别", "旧", "报送", "--lang", "en")
    assert "单位.yaml (refused by the old rules only)" in other.out


def test_status_4_where_nothing_was_judged(folder: Path) -> None:
    (folder / "空.yaml").write_text("单位: []\n", encoding="utf-8")
    assert call("compare", "旧", "新", "空.yaml").status == 4


# --- refused ---


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("旧", "新"), "X340"),
        (("旧", "无此文件夹", "报送"), "X101"),
        (("旧", "新", "报送", "--as-of", "某日"), "X302"),
        (("旧", "新", "报送", "--place", "某地"), "X303"),
        (("旧", "新", "报送", "--document", "某号"), "P102"),
        (("旧", "新", "报送", "--output", "新/差别.txt"), "X341"),
    ],
)
def test_usage_that_cannot_be_followed(folder: Path, words: tuple[str, ...], code: str) -> None:
    found = call("compare", *words)
    assert (found.status, found.out) == (2, "")
    assert code in found.err


def test_rules_with_a_fault_are_refused(folder: Path) -> None:
    (folder / "新" / "test" / "staff.rule").write_text("规则：\n", encoding="utf-8")
    found = call("compare", "旧", "新", "报送")
    assert (found.status, found.out) == (2, "")


def test_the_rules_shipped_by_their_word(folder: Path) -> None:
    (folder / "一.yaml").write_text("单位:\n  - {名称: 某局, 地区: 黄石市, 编制: 50}\n", encoding="utf-8")
    assert call("compare", "自带", "shipped", "一.yaml").status == 0


def test_of_one_document_alone(folder: Path) -> None:
    assert tree("旧", "新", "报送", "--document", "测政发〔2023〕1号")["counts"] == tree("旧", "新", "报送")["counts"]
