"""Hostile and broken input, through the command line: each is refused with one clear message that names the place, the exit
status is 2, nothing is half-done, and it takes neither long nor much memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support_command import SOURCE_TREE, call
from support_hostile import LARGE, SMALL, TOO_LARGE, Hostile, yaml
from support_shell import STAFF_RULE, VOCABULARY, register, write_rules

GOOD = yaml("编制: 50\n类别: 机关\n配备人数: 0")

MOST_SECONDS = 5
MOST_MEGABYTES = 500


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("hostile") / "rules")


def named(case: Hostile) -> str:
    return case.name


# --- every kind, with its message ---


@pytest.mark.parametrize("case", [*SMALL, *TOO_LARGE], ids=named)
def test_it_is_refused_with_its_message(rules: Path, tmp_path: Path, case: Hostile) -> None:
    (tmp_path / case.name).write_bytes(case.make())
    found = call("check", tmp_path / case.name, "--rules", rules)
    assert found.status == 2
    assert found.err == ""
    assert f"    错误[{case.code}] {case.says}\n" in found.out
    between = "" if case.where.startswith("!") or not case.where else " "
    assert f"      ─→ {case.name}{between}{case.where}\n" in found.out
    assert "\x1b" not in found.out
    assert "\u202e" not in found.out
    assert re.search("^  不符合 +0$", found.out, re.MULTILINE)  # and nothing of it was judged


@pytest.mark.parametrize("case", SMALL, ids=named)
def test_the_message_is_there_in_english(rules: Path, tmp_path: Path, case: Hostile) -> None:
    (tmp_path / case.name).write_bytes(case.make())
    found = call("check", tmp_path / case.name, "--rules", rules, "--lang", "en")
    assert found.status == 2
    assert f"    error[{case.code}] " in found.out


def test_all_of_them_do_not_stop_a_good_file(rules: Path, tmp_path: Path) -> None:
    for case in SMALL:
        (tmp_path / case.name).write_bytes(case.make())
    (tmp_path / "good.yaml").write_bytes(GOOD)
    found = call("check", tmp_path, "--rules", rules)
    assert found.status == 2
    assert all(case.name in found.out for case in SMALL)
    assert re.search("^  不符合 +1$", found.out, re.MULTILINE)


def test_a_report_is_written_whole_or_not_at_all(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "bomb.yaml").write_bytes(SMALL[0].make())
    out = tmp_path / "out.txt"
    out.write_text("before", encoding="utf-8")
    assert call("check", tmp_path / "bomb.yaml", "--rules", rules, "--output", tmp_path / "no-folder" / "out.txt").status == 2
    assert out.read_text(encoding="utf-8") == "before"
    assert call("check", tmp_path / "bomb.yaml", "--rules", rules, "--output", out).status == 2
    assert "退回清单" in out.read_text(encoding="utf-8")


# --- how long, how much ---


class Cost(NamedTuple):
    """Of a process and its children: seconds of work, and the most memory any of them held."""

    status: int
    out: str
    err: str
    seconds: int
    megabytes: int


# A process begins with the memory of the one that starts it, which here is all of pytest: a small one stands between.
MEASURE = """
import os, subprocess, sys
running = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
_, status, usage = os.wait4(running.pid, 0)
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), int(usage.ru_utime + usage.ru_stime), usage.ru_maxrss // 1024, file=file)
os._exit(0)
"""


def measured(folder: Path, *words: object) -> Cost:
    """What a command costs; what it writes goes to files, as a pipe that nobody empties would stop it."""
    command = [sys.executable, "-c", MEASURE, str(folder / "cost"), sys.executable, "-m", "rulecheck", *map(str, words)]
    settings = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        subprocess.run(command, stdout=out, stderr=err, env=settings, timeout=60, check=True)
    status, seconds, megabytes = map(int, (folder / "cost").read_text().split())
    written, told = ((folder / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return Cost(status, written, told, seconds, megabytes)


QUICK = {"aliases.yaml", "values.yaml", "open.json", "单位-commas.csv", "单位-blank.xlsx"}
"""One of each format; the others with `-m slow`."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counted as Linux does")
@pytest.mark.parametrize(
    "case", [pytest.param(each, marks=() if each.name in QUICK else pytest.mark.slow) for each in LARGE], ids=named
)
def test_the_largest_files_take_neither_long_nor_much(rules: Path, tmp_path: Path, case: Hostile) -> None:
    (tmp_path / case.name).write_bytes(case.make())
    cost = measured(tmp_path, "check", tmp_path / case.name, "--rules", rules)
    (tmp_path / case.name).unlink()
    assert (cost.status, cost.err) == (2, "")
    assert f"错误[{case.code}" in cost.out
    assert cost.seconds <= MOST_SECONDS
    assert cost.megabytes <= MOST_MEGABYTES


# --- files that are none ---


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_pipe_among_the_files_is_not_waited_for(rules: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    found = call("check", tmp_path, "--rules", rules)
    assert found.status == 2
    assert "错误[F102] 这不是普通文件，不读取\n" in found.out
    assert call("check", tmp_path / "pipe.yaml", "--rules", rules).status == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_pipe_among_the_rules_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules")
    os.mkfifo(folder / "test" / "pipe.rule")
    os.mkfifo(folder / "test" / "places.yaml")
    assert call("test", "--rules", folder).status == 0
    assert call("fmt", "--check", folder / "test" / "pipe.rule").status == 2


def test_links_in_a_circle(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / "good.yaml").write_bytes(GOOD)
    found = call("check", tmp_path, "--rules", rules)
    assert found.status == 2
    assert found.out.count("错误[F103] 这是链接，文件夹中的链接一律不跟随\n") == 3
    assert call("check", tmp_path / "a.yaml", "--rules", rules).out.count("错误[F101]") == 1
    assert call("check", "-", "--rules", tmp_path / "a.yaml", stdin=GOOD).status == 2
    assert call("fmt", "--check", tmp_path / "a.yaml").status == 2


def test_links_in_a_circle_among_the_rules(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules")
    (folder / "test" / "again").symlink_to(folder)
    assert call("fmt", "--check", folder).status == 0
    found = call("test", "--rules", folder)
    assert (found.status, found.err.splitlines()[0]) == (2, "错误[X106] 规则文件夹里的这个链接指向文件夹，不跟随")
    (folder / "test" / "again").unlink()
    assert call("test", "--rules", folder).status == 0
    (folder / "test" / "a.rule").symlink_to("a.rule")
    found = call("test", "--rules", folder)
    assert (found.status, found.err.count("错误[X105]")) == (2, 1)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\Windows\\x", "\\\\server\\share", "~/.ssh/id", "CON"]
)
def test_names_that_are_paths_are_only_names(rules: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A subject, a heading and a kind of such a name are read as text and lead nowhere.
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    quoted = name.replace("\\", "\\\\")
    (work / "a.yaml").write_bytes(GOOD.replace("甲局".encode(), f'"{quoted}"'.encode()))
    before = sorted(tmp_path.rglob("*"))
    found = call("check", "a.yaml", "--rules", rules, "--format", "json")
    assert found.status == 1
    assert name.replace("\\", "\\\\") in found.out
    (work / "b.yaml").write_bytes(yaml(f'"{quoted}": 50'))
    refused = call("check", "b.yaml", "--rules", rules)
    assert refused.status == 2
    assert "错误[F202]" in refused.out
    (work / "b.yaml").unlink()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be")
@pytest.mark.parametrize("name", ["\x1b[31m.yaml", "甲\u202elmay.yaml", "a\nb.yaml"])
def test_names_of_files_that_deceive_are_refused(rules: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD)
    found = call("check", tmp_path, "--rules", rules)
    assert found.status == 2
    assert "错误[F108]" in found.out
    assert not {"\x1b", "\u202e"} & set(found.out)


# --- rule files ---

RULES = {
    "deep": ("  要求：" + "（" * 10_000 + "编制=1人" + "）" * 10_000, "L118", "括号或运算嵌套超过100层"),
    "chain": ("  要求：编制" + "＋编制" * 3_000 + "≥1人", "L118", "括号或运算嵌套超过100层"),
    "bidi": ("  要求：编制≥1人\u202e", "L119", "文件里有看不见的控制字符 U+202E"),
    "isolate": ("  > \u2066引文", "L119", "文件里有看不见的控制字符 U+2066"),
    "zero-width": ("  要求：编\u200b制≥1人", "L119", "文件里有看不见的控制字符 U+200B"),
    "control": ("  要求：编制≥1人 # \x1b[31m", "L119", "文件里有看不见的控制字符 U+001B"),
    "twin": ("  要求：p\u043ests≥1人", "L142", "“\u043e”（U+043E）不是汉字，也不是普通的字母或数字，只是可能看着一样"),
    "twin-name": ("  要求：「p\u043ests」≥1人", "L142", "“\u043e”（U+043E）不是汉字，也不是普通的字母或数字，只是可能看着一样"),
    "wide": ("  要求：「Ａ类」≥1人", "L142", "“Ａ”（U+FF21）不是汉字，也不是普通的字母或数字，只是可能看着一样"),
    "unknown": ("  要求：编织 不少于 1人", "N", ""),
    "long": ("  要求：" + "编制≥1人 且 " * 3_000 + "编制≥1人", "L144", "这一项太长，超过20,000个字"),
}


@pytest.mark.parametrize("name", RULES)
def test_rule_files_are_refused_with_their_message(tmp_path: Path, name: str) -> None:
    line, code, says = RULES[name]
    text = f"规则：某规则 / some_rule\n  依据：二（一）1\n  核查对象：单位\n{line}\n"
    folder = write_rules(tmp_path / "rules", {"hostile.rule": text})
    for words in (("check", "-", "--rules", folder), ("test", "--rules", folder), ("coverage", "--rules", folder)):
        found = call(*words, stdin=GOOD)
        assert (found.status, found.out) == (2, "")
        assert f"错误[{code}{'] ' + says if says else ''}" in found.err
        assert "test/hostile.rule:" in found.err
        assert not {"\x1b", "\u202e", "\u2066"} & set(found.err)


LARGE_RULES = {
    "comments": "# 甲\n",
    "rubbish": "甲 乙 丙\n",
    "no colon": "  示例 甲=1\n",
    "brackets": "「",
    "conditions": "编制≥1人 且 ",
    "bad labels": "  示里：甲=1\n",
    "rules": "规则：甲 / a\n",
    "good": STAFF_RULE,
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counted as Linux does")
@pytest.mark.parametrize("name", LARGE_RULES)
def test_the_largest_rule_files_take_neither_long_nor_much(tmp_path: Path, name: str) -> None:
    piece = LARGE_RULES[name]
    text = piece * (300_000 // len(piece.encode()))
    folder = write_rules(tmp_path / "rules", {"large.rule": text})
    cost = measured(tmp_path, "test", "--rules", folder)
    assert cost.status == (0 if name == "comments" else 2)
    assert "Traceback" not in cost.err
    assert len(cost.err) < 200_000  # the first faults, not thousands
    assert cost.seconds <= MOST_SECONDS
    assert cost.megabytes <= MOST_MEGABYTES


def test_two_facts_that_look_alike_cannot_be_declared(tmp_path: Path) -> None:
    twin = "\n事实：编\u2f30 / posts_again\n  所属对象：单位\n  类型：数量（人）\n"  # 編 + the radical 巾
    folder = write_rules(tmp_path / "rules", {"vocabulary.rule": VOCABULARY + twin})
    found = call("test", "--rules", folder)
    assert found.status == 2
    assert "（U+2F30）" in found.err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (register() + "basis: &a [x]\n", "U802"),
        ("[" * 10_000, "U803"),
        (register().replace("关于", "关\u202e于"), "L119"),
        (register() + "title: 又一个\n", "U801"),
        ("!!python/object/apply:os.system ['echo no']\n", "U802"),
    ],
)
def test_documents_are_refused_with_their_message(tmp_path: Path, text: str, code: str) -> None:
    found = call("test", "--rules", write_rules(tmp_path / "rules", source=text))
    assert (found.status, found.out) == (2, "")
    assert f"错误[{code}]" in found.err
    assert "test/source.yaml" in found.err
    assert "\u202e" not in found.err
