"""`rulecheck check` with a roster, a list of what was received, and a file for what goes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from support_command import call
from support_shell import write_rules

GOOD = "截至: 2023-06-30\n单位:\n  - {名称: 甲局, 地区: 黄石市, 编制: 50, 类别: 机关, 配备人数: 1}\n"
BROKEN = "单位:\n  - {名称: 乙局, 编制: 五十来人}\n"
ROSTER = "名录:\n  - {代码: A1, 全称: 甲局}\n  - {代码: A2, 全称: 乙局}\n  - {代码: A3, 全称: 丙局, 简称: 丙}\n"

Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("lists") / "rules")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_report_says_who_is_silent(rules: Path, write: Write) -> None:
    facts, roster = write("报送/a.yaml", GOOD), write("名录.yaml", ROSTER)
    found = call("check", facts, "--rules", rules, "--expected", roster)
    assert found.status == 0
    assert "应报3家：已报1家，退回0家，未报送2家" in found.out
    assert "  - 丙局（A3）\n" in found.out
    assert "乙局" not in call("check", facts, "--rules", rules).out


def test_a_faulty_roster_gives_two_and_the_rest_is_judged(rules: Path, write: Write) -> None:
    found = call("check", write("a.yaml", GOOD), "--rules", rules, "--expected", write("名录.yaml", ROSTER + "  - {代码: A3}\n"))
    assert found.status == 2
    assert "[E116] 没有写“全称”" in found.out
    assert "未报送" not in found.out
    assert "【其余】\n  符合1项。" in found.out


def test_a_list_of_what_was_received(rules: Path, write: Write) -> None:
    write("报送/a.yaml", GOOD)
    later = write("报送/b.yaml", GOOD.replace("配备人数: 1", "配备人数: 0"))
    assert call("check", later.parent, "--rules", rules).status == 2
    found = call("check", later.parent, "--rules", rules, "--manifest", write("清单.yaml", "- {文件: b.yaml, 替代: a.yaml}\n"))
    assert found.status == 1
    assert "报送/a.yaml，由报送/b.yaml替代" in found.out


def returned(rules: Path, write: Write, target: Path, *options: object) -> int:
    write("报送/a.yaml", GOOD)
    facts = write("报送/乙局.yaml", BROKEN).parent
    found = call("check", facts, "--rules", rules, "--expected", write("名录.yaml", ROSTER), "--refusals", target, *options)
    words = "what goes back to the units was written to" if "en" in options else "退回清单已写入"
    assert f"{words} {target}\n" in found.err
    return found.status


def test_what_goes_back_as_text_json_and_spreadsheet(rules: Path, write: Write, tmp_path: Path) -> None:
    for ending in ("txt", "json", "xlsx"):
        assert returned(rules, write, tmp_path / f"退回.{ending}") == 2
    text = (tmp_path / "退回.txt").read_text(encoding="utf-8")
    assert "1. 乙局（A2）\n   退回更正的文件\n     报送/乙局.yaml\n       - 第2行" in text
    tree = json.loads((tmp_path / "退回.json").read_text(encoding="utf-8"))
    assert [(unit["unit"], unit["items"][0]["part"]) for unit in tree["units"]] == [("乙局", "refused"), ("丙局", "silent")]
    book = load_workbook(tmp_path / "退回.xlsx")
    assert [sheet.max_row for sheet in book] == [3, 3]


def test_in_english(rules: Path, write: Write, tmp_path: Path) -> None:
    assert returned(rules, write, tmp_path / "back.txt", "--lang", "en") == 2
    assert (tmp_path / "back.txt").read_text(encoding="utf-8").startswith("Returned to the units\n")


def test_an_empty_list_takes_the_place_of_an_old_one(rules: Path, write: Write, tmp_path: Path) -> None:
    old = write("退回.txt", "旧的\n")
    assert call("check", write("a.yaml", GOOD), "--rules", rules, "--refusals", old).status == 0
    assert "没有需要退回的。" in old.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("退回.pdf", ".txt、.json、.xlsx"),
        ("退回", ".txt、.json、.xlsx"),
        ("报送/退回.txt", "X312"),
        ("名录.txt", "X312"),
        ("没有/退回.txt", "X313"),
        ("结果.txt", "E150"),
    ],
)
def test_a_list_that_cannot_be_written_gives_two_and_no_result(
    rules: Path, write: Write, tmp_path: Path, name: str, words: str
) -> None:
    write("报送/a.yaml", GOOD)
    roster = write("名录.txt", ROSTER) if name == "名录.txt" else write("名录.yaml", ROSTER)
    options = ("--expected", roster, "--refusals", tmp_path / name, "--output", tmp_path / "结果.txt")
    found = call("check", tmp_path / "报送", "--rules", rules, *options)
    assert (found.status, found.out) == (2, "")
    assert words in found.err
    assert not (tmp_path / "结果.txt").exists()


def test_the_output_does_not_overwrite_a_list(rules: Path, write: Write) -> None:
    roster = write("名录.yaml", ROSTER)
    found = call("check", write("a.yaml", GOOD), "--rules", rules, "--expected", roster, "--output", roster)
    assert found.status == 2
    assert roster.read_text(encoding="utf-8") == ROSTER


@pytest.mark.parametrize("option", ["--expected", "--manifest", "--headings"])
def test_a_list_is_one_file_and_no_folder(rules: Path, write: Write, tmp_path: Path, option: str) -> None:
    found = call("check", write("a.yaml", GOOD), "--rules", rules, option, tmp_path)
    assert (found.status, found.out) == (2, "")
    assert "[X305]" in found.err


def test_a_list_that_is_not_there_gives_two_and_the_rest_is_judged(rules: Path, write: Write, tmp_path: Path) -> None:
    found = call("check", write("a.yaml", GOOD), "--rules", rules, "--expected", tmp_path / "没有.xlsx")
    assert found.status == 2
    assert "[F101]" in found.out
    assert "未报送" not in found.out
