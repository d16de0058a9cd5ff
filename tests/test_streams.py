"""The command among other processes: pipes, terminals of any encoding, streams that are closed or full, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from rulecheck import streams
from rulecheck.language.diagnostics import fault
from support_command import SOURCE_TREE, process
from support_shell import write_rules

UNIT = "截至: 2023-06-30\n地区: 黄石市\n单位:\n  - {名称: 甲局, 编制: 50, 类别: 机关, 配备人数: 0}\n"
NOT_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="no such streams")
HAS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rules, a submission that violates them, and a rule file."""
    made = tmp_path_factory.mktemp("streams")
    write_rules(made / "rules")
    (made / "a.yaml").write_text(UNIT, encoding="utf-8")
    return made


def shell(folder: Path, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of sh in the folder, where `rulecheck` is this project's."""
    program = f'rulecheck() {{ "{sys.executable}" -m rulecheck "$@"; }}; {line}'
    settings = {**os.environ, "PYTHONPATH": str(SOURCE_TREE), **environment}
    return subprocess.run(["bash", "-c", program], cwd=folder, env=settings, capture_output=True, timeout=60, check=False)


CHECK = "rulecheck check a.yaml --rules rules"


# --- closed streams ---


@NOT_WINDOWS
@pytest.mark.parametrize(
    ("closed", "status"),
    [
        ("<&-", 1),
        ("2>&-", 1),
        ("<&- 2>&-", 1),
        (">&-", 2),  # the report cannot be delivered
        ("<&- >&- 2>&-", 2),
        ("--output out.txt >&-", 1),  # delivered elsewhere
        ("--output out.txt <&- >&- 2>&-", 1),
    ],
)
def test_closed_streams(folder: Path, closed: str, status: int) -> None:
    found = shell(folder, f"{CHECK} {closed}")
    assert found.returncode == status
    assert b"Traceback" not in found.stderr
    assert "甲局".encode() in (folder / "out.txt").read_bytes() if "out.txt" in closed else True


@NOT_WINDOWS
def test_a_closed_standard_output_is_told(folder: Path) -> None:
    found = shell(folder, f"{CHECK} >&-")
    assert found.stderr.decode().startswith("结果无法写到标准输出（")
    assert found.stderr.count(b"\n") == 1


@NOT_WINDOWS
def test_no_file_takes_the_number_of_a_closed_stream(folder: Path) -> None:
    # Were the first file opened number 2, the message below would be written into it.
    shell(folder, "rulecheck fmt rules/test/staff.rule <&- >&- 2>&-")
    shell(folder, "rulecheck check a.yaml nowhere.yaml --format json --rules rules <&- >&- 2>&-")
    assert (folder / "a.yaml").read_text(encoding="utf-8") == UNIT


@NOT_WINDOWS
def test_standard_input_that_is_closed_is_an_empty_submission(folder: Path) -> None:
    found = shell(folder, "rulecheck check - --rules rules <&-")
    assert found.returncode == 2
    assert b"F113" in found.stdout


@NOT_WINDOWS
@pytest.mark.parametrize(
    "verb", ["check a.yaml --rules rules", "check --help", "--help", "--version", "fmt --check rules", "test --rules rules"]
)
def test_a_pipe_that_is_closed_at_once_is_quiet(folder: Path, verb: str) -> None:
    found = shell(folder, f"rulecheck {verb} | head -c 1; exit ${{PIPESTATUS[0]}}")
    assert found.stderr == b""
    assert found.returncode in (0, 1)


# --- full disks, folders that cannot be written to ---


@HAS_FULL
@pytest.mark.parametrize(
    "verb", [CHECK, f"{CHECK} --format json", "rulecheck --help", "rulecheck --version", "rulecheck test --rules rules"]
)
def test_a_full_disk_is_told_and_gives_two(folder: Path, verb: str) -> None:
    found = shell(folder, f"{verb} >/dev/full")
    assert found.returncode == 2
    assert found.stderr.decode().startswith("结果无法写到标准输出（")
    assert found.stderr.count(b"\n") == 1


@HAS_FULL
def test_messages_that_cannot_be_shown_change_no_status(folder: Path) -> None:
    assert shell(folder, f"{CHECK} --output out.txt 2>/dev/full").returncode == 1
    assert shell(folder, "rulecheck chek 2>/dev/full").returncode == 2


@NOT_WINDOWS
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to(folder: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        found = shell(folder, f"{CHECK} --output {tmp_path}/out.txt")
    finally:
        tmp_path.chmod(0o700)
    assert found.returncode == 2
    assert b"X314" in found.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_replaced_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As root may write anywhere, the system's refusal is played.
    def refuse(*arguments: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert not streams.save(tmp_path / "out.txt", "text", "zh")
    assert not list(tmp_path.iterdir())


def test_of_very_many_problems_the_first_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [fault("X101", f"folder {number}") for number in range(streams.MOST_TOLD + 5)]
    streams.tell_all(problems, "en")
    told = capsys.readouterr().err
    assert told.count("error[X101]") == streams.MOST_TOLD
    assert told.endswith("\n5 more are not listed; put right those above first\n")
    streams.tell_all(problems[:2], "en")
    assert capsys.readouterr().err.count("\n") == 4


# --- surroundings ---


@NOT_WINDOWS
@pytest.mark.parametrize(
    "setting", ["unset HOME", "HOME=/nonexistent", "unset PATH", "unset HOME PATH LANG TERM USER", "cd /; cd -"]
)
def test_no_part_of_the_surroundings_is_needed(folder: Path, setting: str) -> None:
    found = shell(folder, f"{setting} >/dev/null; {CHECK}")
    assert (found.returncode, found.stderr) == (1, b"")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8", "latin-1", "cp437"])
def test_every_encoding_of_a_terminal_will_do(folder: Path, encoding: str) -> None:
    for words in (["check", "a.yaml", "--rules", "rules"], ["--help"], ["chek"], ["check", "b.yaml", "--rules", "rules"]):
        found = process(*words, cwd=folder, environment={"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"})
        assert b"Traceback" not in found.stderr
        assert (found.stdout + found.stderr).decode(encoding)
        assert found.returncode in (0, 1, 2)


@NOT_WINDOWS
def test_a_name_that_is_no_text_is_shown_and_refused(folder: Path) -> None:
    found = shell(folder, r"""rulecheck check $'\xff\xfe.yaml' --rules rules""")
    assert found.returncode == 2
    assert b"Traceback" not in found.stderr
    assert b"xff" in (found.stdout + found.stderr).replace(b"dcff", b"xff")


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "xterm"}, {"FORCE_COLOR": "1"}])
def test_a_pipe_gets_no_colour(folder: Path, setting: dict[str, str]) -> None:
    found = process("check", "a.yaml", "--rules", "rules", cwd=folder, environment=setting)
    assert b"\x1b" not in found.stdout


# --- interruption ---


def interrupted(folder: Path, *words: str, ready: Callable[[], bool] = lambda: True) -> tuple[int, bytes, bytes]:
    """Ctrl-C while the command waits for its standard input."""
    command = [sys.executable, "-m", "rulecheck", *words]
    settings = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    streams_of = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, env=settings, **streams_of) as running:  # type: ignore[call-overload]
        end = time.monotonic() + 30
        while not waits_for_input(running.pid) and time.monotonic() < end:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        # Its input stays open: were the signal ignored, this would not end.
        out, err = running.stdout.read(), running.stderr.read()
        return running.wait(timeout=30), out, err


def waits_for_input(process_id: int) -> bool:
    """Whether a process has come to reading a pipe, as Linux tells it."""
    try:
        call, descriptor, *_ = Path(f"/proc/{process_id}/syscall").read_text().split()
    except (OSError, ValueError):
        return False
    return (call, descriptor) == ("0", "0x0")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told by Linux")
@pytest.mark.parametrize("words", [("check", "-", "--rules", "rules", "--output", "out-interrupted.txt"), ("fmt", "-")])
def test_an_interrupted_command_says_so_in_one_line(folder: Path, words: tuple[str, ...]) -> None:
    status, out, err = interrupted(folder, *words)
    assert status == 130
    assert out == b""
    assert err.decode() == "已中断，没有结果 / interrupted, no result\n"
    assert not list(folder.glob("*interrupted*")) + list(folder.glob(".*"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told by Linux")
def test_what_reads_spreadsheets_ends_with_the_command(folder: Path, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "单位.xlsx", {"constant_memory": True})
    rows = book.add_worksheet("单位")
    for number in range(60_000):
        rows.write_row(number, 0, [f"单位{number}", number] if number else ["名称", "编制"])
    book.close()
    command = [sys.executable, "-m", "rulecheck", "check", str(tmp_path / "单位.xlsx"), "--output", str(tmp_path / "out.txt")]
    settings = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        end = time.monotonic() + 30
        while not (children := children_of(running.pid)) and running.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert children
    assert (running.returncode, out, err.decode()) == (130, b"", "已中断，没有结果 / interrupted, no result\n")
    end = time.monotonic() + 10
    while any(Path(f"/proc/{each}").exists() for each in children) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{each}").exists() for each in children)
    assert [path.name for path in tmp_path.iterdir()] == ["单位.xlsx"]


def children_of(process_id: int) -> list[str]:
    try:
        return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    except OSError:
        return []


def test_what_is_half_written_when_interrupted_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.txt").write_text("before")

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        streams.write_whole(tmp_path / "out.txt", b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert (tmp_path / "out.txt").read_text() == "before"
