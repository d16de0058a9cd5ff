"""The command line: exit statuses, streams, files, and that hostile input never gives a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rulecheck import __version__, streams
from rulecheck.cli import main
from support_command import SOURCE_TREE, call, process
from support_shell import STAFF_RULE, write_rules


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rules(tmp_path_factory.mktemp("shell") / "rules")


UNIT = "截至: 2023-06-30\n地区: 黄石市\n单位:\n  - {名称: 甲局, 编制: 50, 类别: 机关, 配备人数: %s}\n"
GOOD, BAD, OPEN = (UNIT % number for number in ("1", "0", "未填"))
BROKEN = "单位: [\n"

HandIn = Callable[..., Path]
"""Writes a submission and gives its path."""


@pytest.fixture
def hand_in(tmp_path: Path) -> HandIn:
    def write(text: str, name: str = "单位.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


# --- check: exit status ---


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (GOOD, 0),
        (BAD, 1),
        (OPEN, 4),  # everything undetermined
        (BROKEN, 2),
        ("单位: {不存在的事实: 1}\n", 2),
        ("单位: []\n", 4),  # no judgement
    ],
)
def test_the_status_of_a_check(rules: Path, hand_in: HandIn, text: str, status: int) -> None:
    assert call("check", hand_in(text), "--rules", rules).status == status


def test_a_refused_file_gives_two_and_the_others_are_judged(rules: Path, hand_in: HandIn, tmp_path: Path) -> None:
    hand_in(BAD, "all/good.yaml")
    hand_in(BROKEN, "all/broken.yaml")
    found = call("check", tmp_path / "all", "--rules", rules)
    assert found.status == 2
    assert "退回清单" in found.out
    assert "broken.yaml" in found.out
    assert "不符合" in found.out


def test_a_file_that_is_not_there_is_refused_by_name(rules: Path, tmp_path: Path) -> None:
    found = call("check", tmp_path / "nowhere.yaml", "--rules", rules)
    assert found.status == 2
    assert "nowhere.yaml" in found.out


def test_a_waived_violation_does_not_count(rules: Path, hand_in: HandIn) -> None:
    waiver = "类型: 豁免, 规则: 单位配员, 对象: 甲局, 采纳单位: 市政府, 文号: 测〔2023〕2号, 日期: 2023-05-01, 理由: 受灾"
    records = hand_in(f"记录:\n  - {{{waiver}}}\n", "records.yaml")
    facts = hand_in(BAD)
    assert call("check", facts, "--rules", rules).status == 1
    assert call("check", facts, "--rules", rules, "--records", records).status == 0


def test_records_among_the_facts_are_refused(rules: Path, hand_in: HandIn) -> None:
    assert call("check", hand_in("记录:\n  - {类型: 豁免}\n"), "--rules", rules).status == 2


def test_a_check_can_be_narrowed_to_documents(hand_in: HandIn) -> None:
    # Two rules of the shipped documents on one unit: of 60号 on posts, none of 59号 on units.
    waiver = "类型: 豁免, 规则: 市级机关安排残疾人就业, 对象: 甲局, 采纳单位: 市政府, 文号: 测〔2023〕2号"
    records = hand_in(f"记录:\n  - {{{waiver}, 日期: 2023-05-01, 理由: 受灾}}\n", "records.yaml")
    facts = hand_in("截至: 2023-12-31\n地区: 黄石市\n单位:\n  - {名称: 甲局, 单位类别: 机关, 层级: 市级, 编制: 50}\n")
    arguments = ("check", facts, "--records", records, "--format", "json")
    every, one, other = (
        json.loads(call(*arguments, *more).out)
        for more in ((), ("--document", "2022-60"), ("--document", "黄政办发〔2022〕59号"))
    )
    chosen = [found["documents"] for found in (every, one, other)]
    assert chosen == [None, ["黄政办发〔2022〕60号"], ["黄政办发〔2022〕59号"]]
    numbers = [{each["document"] for each in found["judgements"]} for found in (every, one)]
    assert "黄政办发〔2022〕60号" in numbers[0]
    assert numbers[1] == {"黄政办发〔2022〕60号"}
    assert "市级机关" not in json.dumps(other["judgements"], ensure_ascii=False)
    assert {each["document"] for each in other["not_checked"]} == {"黄政办发〔2022〕59号"}
    found = call(*arguments, "--document", "黄政办发〔2022〕61号")
    assert (found.status, found.out) == (2, "")
    assert "P102" in found.err


IN_PRINCIPLE = STAFF_RULE.replace("  要求：", "  原则上：").replace("→ 不符合", "→ 需说明理由").replace("（符合、不符合）", "")


def test_fail_on_widens_one(hand_in: HandIn, tmp_path: Path) -> None:
    lenient = write_rules(tmp_path / "lenient", {"staff.rule": IN_PRINCIPLE})
    facts = hand_in(BAD)
    assert call("check", facts, "--rules", lenient).status == 0
    assert call("check", facts, "--rules", lenient, "--fail-on", "departs").status == 1
    assert call("check", facts, "--rules", lenient, "--fail-on", "undetermined").status == 0
    unknown = hand_in(OPEN, "open.yaml")
    assert call("check", unknown, "--rules", lenient, "--fail-on", "undetermined").status == 1
    assert call("check", unknown, "--rules", lenient, "--fail-on", "departs, undetermined").status == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "xml"),
        ("--lang", "fr"),
        ("--fail-on", "met"),
        ("--as-of", "明天"),
        ("--as-of", "2023-02-30"),
        ("--place", "乌有市"),
        ("--rules", "nowhere"),
        ("--no-such-option",),
        ("--output", "nowhere/report.txt"),
    ],
)
def test_usage_that_cannot_be_followed_gives_two_and_no_result(rules: Path, hand_in: HandIn, options: tuple[str, ...]) -> None:
    found = call("check", hand_in(GOOD), "--rules", rules, *options)
    assert found.status == 2
    assert found.out == ""
    assert found.err


def test_no_submission_is_a_usage_error(rules: Path) -> None:
    assert call("check", "--rules", rules).status == 2


def test_rules_with_a_fault_give_two_and_name_file_and_line(hand_in: HandIn, tmp_path: Path) -> None:
    broken = write_rules(tmp_path / "broken", {"staff.rule": STAFF_RULE.replace("配备人数 不少于", "配备人员 不少于")})
    found = call("check", hand_in(GOOD), "--rules", broken)
    assert (found.status, found.out) == (2, "")
    assert "test/staff.rule:8:" in found.err
    assert "配备人数" in found.err  # the nearest name


# --- check: options ---


def test_the_as_of_date_of_the_command_line_wins(rules: Path, hand_in: HandIn) -> None:
    facts = hand_in(BAD)
    found = call("check", facts, "--rules", rules, "--as-of", "2022年12月31日")  # before the document
    assert found.status == 0
    assert "2022年12月31日" in found.out
    assert json.loads(call("check", facts, "--rules", rules, "--format", "json").out)["as_of"] == "2023-06-30"


def test_the_place_of_the_command_line_is_for_those_who_name_none(rules: Path, hand_in: HandIn) -> None:
    nowhere = hand_in(BAD.replace("地区: 黄石市\n", ""))
    assert call("check", nowhere, "--rules", rules).status == 4
    assert call("check", nowhere, "--rules", rules, "--place", "黄石港").status == 1
    assert call("check", nowhere, "--rules", rules, "--place", "武汉市").status == 0
    assert call("check", hand_in(BAD), "--rules", rules, "--place", "武汉市").status == 1


def test_standard_input_is_a_submission(rules: Path) -> None:
    assert call("check", "-", "--rules", rules, stdin=BAD).status == 1
    unit = {"name": "a", "posts": 49, "staff_on_duty": 0}
    english = {"as_of": "2023-06-30", "place": "huangshi", "unit": [unit]}
    assert call("check", "-", "--rules", rules, stdin=json.dumps(english)).status == 0


def test_the_report_is_in_the_language_asked_for(rules: Path, hand_in: HandIn) -> None:
    facts = hand_in(BAD)
    assert "核查结果" in call("check", facts, "--rules", rules).out
    assert "Results of the check" in call("check", facts, "--rules", rules, "--lang", "en").out


def test_verbose_lists_everything(rules: Path, hand_in: HandIn) -> None:
    facts = hand_in(GOOD)
    assert "比对过程（" not in call("check", facts, "--rules", rules).out
    assert "比对过程（" in call("check", facts, "--rules", rules, "--verbose").out


def test_json_keeps_to_the_contract(rules: Path, hand_in: HandIn) -> None:
    tree = json.loads(call("check", hand_in(BAD), "--rules", rules, "--format", "json").out)
    assert tree["schema"] == "rulecheck-report/1"
    assert tree["counts"]["violated"] == 1
    assert tree["receipt"]["engine"] == f"rulecheck {__version__}"
    (judgement,) = tree["judgements"]
    assert (judgement["rule"], judgement["verdict"], judgement["locator"]) == ("unit_has_staff", "violated", "二（一）1")
    assert judgement["remedy"][0]["to"] == "1"


# --- check: output ---


def test_a_report_to_a_file_leaves_standard_output_empty(rules: Path, hand_in: HandIn, tmp_path: Path) -> None:
    facts, target = hand_in(BAD), tmp_path / "报告.json"
    found = call("check", facts, "--rules", rules, "--format", "json", "--output", target)
    assert (found.status, found.out) == (1, "")
    assert "报告.json" in found.err
    content = target.read_bytes()
    assert content == call("check", facts, "--rules", rules, "--format", "json").out.encode()
    assert b"\r" not in content
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["单位.yaml", "报告.json"])


def test_what_was_there_is_replaced_only_by_a_whole_report(
    rules: Path, hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.txt"
    target.write_text("before")

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert call("check", hand_in(GOOD), "--rules", rules, "--output", target).status == 2
    assert target.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.txt", "单位.yaml"]


def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    streams.write_whole(link, b"after")
    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("after", 0o640)


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no devices here")
def test_a_device_is_written_to_and_not_replaced(rules: Path, hand_in: HandIn) -> None:
    assert call("check", hand_in(GOOD), "--rules", rules, "--output", "/dev/null").status == 0
    assert not Path("/dev/null").is_file()


def test_the_output_may_not_overwrite_what_is_read(rules: Path, hand_in: HandIn, tmp_path: Path) -> None:
    facts = hand_in(GOOD, "in/单位.yaml")
    for target in (facts, tmp_path / "in" / "new.txt"):
        found = call("check", tmp_path / "in" if target != facts else facts, "--rules", rules, "--output", target)
        assert found.status == 2
        assert "X312" in found.err
    assert facts.read_text(encoding="utf-8") == GOOD


def test_refused_files_are_told_where_the_report_does_not_show(rules: Path, hand_in: HandIn) -> None:
    found = call("check", hand_in(BROKEN), "--rules", rules, "--format", "json")
    assert found.status == 2
    assert "单位.yaml" in found.err
    assert json.loads(found.out)["refused"][0]["file"] == "单位.yaml"


# --- the process ---


def test_version_and_help() -> None:
    assert call("--version").out.startswith(f"rulecheck {__version__}\n")
    text = call("check", "--help").out
    assert call("check", "-h").out == text
    assert text.index("核查报送材料") < text.index("Check submissions")


def test_the_shipped_rules_load_and_judge() -> None:
    found = process("check", "-", stdin="截至: 2023-06-30\n单位: [{名称: 甲局, 地区: 黄石市}]\n".encode())
    assert found.returncode in (0, 4)
    assert found.stderr == b""


def test_an_error_of_the_program_is_one_line_and_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("rulecheck.cli.run", fail)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 3
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "RULECHECK_DEBUG" in err
    monkeypatch.setenv("RULECHECK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main()


HOSTILE = {
    "control.yaml": b"\xe5\x8d\x95\xe4\xbd\x8d:\n  - {\xe5\x90\x8d\xe7\xa7\xb0: \"\x1b[31m\x07\"}\n",
    "nul.yaml": b"\x00\x00\x00\x00",
    "binary.csv": bytes(range(256)),
    "deep.json": b"[" * 100_000,
    "deep.yaml": b"[" * 5_000,
    "bomb.yaml": b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "tag.yaml": b"!!python/object/apply:os.system ['echo no']\n",
    "digits.json": '{"单位": [{"名称": "a", "编制": '.encode() + b"9" * 10_000 + b"}]}",
    "exponent.json": '{"单位": [{"名称": "a", "编制": 1e999999999}]}'.encode(),
    "list.json": b"[1, 2, 3]",
    "text.json": b'"a"',
    "unclosed.csv": '名称,编制\n"甲局,5\n'.encode(),
    "surrogate.json": b'{"\\ud800": 1}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_is_refused_by_name(rules: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    found = call("check", tmp_path / name, "--rules", rules)
    assert found.status == 2
    assert name in found.out
    assert "\x1b" not in found.out


def test_all_of_them_together_stop_nothing_and_give_no_traceback(rules: Path, tmp_path: Path) -> None:
    for name, content in HOSTILE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "单位.yaml").write_text(BAD, encoding="utf-8")
    found = process("check", ".", "--rules", rules, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (2, b"")
    assert b"Traceback" not in found.stdout
    assert b"\x1b" not in found.stdout
    assert all(name.encode() in found.stdout for name in HOSTILE)
    assert "至少配备1人" in found.stdout.decode()


HOSTILE_RULES = {
    "deep": "规则：甲 / a\n  要求：" + "（" * 20_000,
    "control": "规则：甲\x1b[31m / a\n",
    "quote": "> 甲\n",
    "long": "规则：" + "甲" * 100_000 + "\n",
}


@pytest.mark.parametrize("name", HOSTILE_RULES)
def test_hostile_rules_are_refused_by_every_verb(tmp_path: Path, name: str) -> None:
    folder = write_rules(tmp_path / "rules", {"hostile.rule": HOSTILE_RULES[name]})
    verbs = (("check", "-", "--rules", folder), ("test", "--rules", folder), ("fmt", "--check", folder))
    for arguments in (*verbs, ("coverage", "--rules", folder), ("translate", "--to", "en", folder / "test" / "hostile.rule")):
        found = call(*arguments, stdin=GOOD)
        assert found.status == 2, arguments
        assert "hostile.rule" in found.err
        assert "\x1b" not in found.err


def test_hostile_rules_give_no_traceback(tmp_path: Path) -> None:
    files = {f"{name}.rule": text for name, text in HOSTILE_RULES.items()}
    found = process("test", "--rules", write_rules(tmp_path / "rules", files))
    assert (found.returncode, found.stdout) == (2, b"")
    assert b"Traceback" not in found.stderr


def test_an_empty_rule_file_is_no_fault(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules", {"empty.rule": "\n"})
    assert call("test", "--rules", folder).status == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "gbk"},
    ],
)
def test_any_terminal_will_do(rules: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "a.yaml").write_text(BAD.replace("甲局", "𠮷局"), encoding="utf-8")
    text = process("check", "a.yaml", "--rules", rules, cwd=tmp_path, environment=environment)
    assert (text.returncode, text.stderr) == (1, b"")
    tree = process("check", "a.yaml", "--rules", rules, "--format", "json", cwd=tmp_path, environment=environment)
    assert json.loads(tree.stdout)["judgements"][0]["subject"]["name"] == "𠮷局"
    assert process("--help", environment=environment).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
def test_a_closed_pipe_is_quiet_and_changes_no_status(rules: Path, tmp_path: Path) -> None:
    units = "".join(f"  - {{名称: 单位{n}, 编制: 50, 类别: 机关, 配备人数: 0}}\n" for n in range(2000))
    (tmp_path / "a.yaml").write_text("截至: 2023-06-30\n地区: 黄石市\n单位:\n" + units, encoding="utf-8")
    command = [sys.executable, "-m", "rulecheck", "check", "a.yaml", "--rules", str(rules)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_told_and_gives_two(rules: Path, hand_in: HandIn) -> None:
    command = [sys.executable, "-m", "rulecheck", "check", str(hand_in(GOOD)), "--rules", str(rules)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    for format in ("text", "json"):
        with open("/dev/full", "wb") as full:
            found = subprocess.run(
                [*command, "--format", format], stdout=full, stderr=subprocess.PIPE, env=environment, check=False
            )
        assert found.returncode == 2
        assert found.stderr.count(b"\n") == 1


def test_colour_is_never_written_to_a_file_or_pipe(rules: Path, hand_in: HandIn) -> None:
    assert "\x1b" not in call("check", hand_in(BAD), "--rules", rules).out


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert streams.wants_color()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not streams.wants_color()
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not streams.wants_color()


# --- the same bytes ---


def test_order_of_arguments_hash_seed_locale_and_time_zone_change_no_byte(rules: Path, tmp_path: Path) -> None:
    for name, number in (("甲", 0), ("乙", 1), ("丙", 2)):
        text = UNIT.replace("甲局", f"{name}局") % number
        (tmp_path / f"{name}.yaml").write_text(text + "申请: [{编号: A1, 受理日: 2023-03-06}]\n", encoding="utf-8")
    # The same applications in three files are one.
    files = ["甲.yaml", "乙.yaml", "丙.yaml"]
    runs = [
        (files, {"PYTHONHASHSEED": "0", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}),
        (files[::-1], {"PYTHONHASHSEED": "1", "TZ": "America/Los_Angeles", "LC_ALL": "C"}),
        ([files[1], files[0], files[2], files[0]], {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX"}),
    ]
    outputs = [
        process("check", *order, "--rules", rules, "--format", "json", cwd=tmp_path, environment=environment)
        for order, environment in runs
    ]
    assert {each.returncode for each in outputs} == {1}
    assert len({each.stdout for each in outputs}) == 1
    assert str(tmp_path).encode() not in outputs[0].stdout


def test_nothing_heavy_is_imported_for_help_and_version() -> None:
    script = "import sys, rulecheck.cli; print(sorted({'lark', 'pint', 'yaml', 'click'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment, text=True, check=True)
    assert found.stdout == "[]\n"
