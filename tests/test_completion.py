"""Completion in a shell: what the words up to the cursor may become, and the scripts that ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rulecheck.cli.completion import answers
from rulecheck.cli.verbs import VERBS
from rulecheck.commands.completion import script
from support_command import SOURCE_TREE, process


def found(*words: str) -> list[str]:
    return [answer for answer, _ in answers(words)]


def test_verbs() -> None:
    assert found("ch") == ["check"]
    assert found("t") == ["template", "test", "translate"]
    assert found("") == [*VERBS]
    assert found("--lang", "en", "c") == ["check", "compare", "coverage", "completion"]
    assert found("help", "fm") == ["fmt"]
    assert found("nothing", "") == []


def test_options_of_the_verb() -> None:
    assert found("check", "--re") == ["--records", "--refusals"]
    assert found("check", "a.yaml", "--f") == ["--format", "--fail-on"]
    assert found("test", "-") == ["--document", "--mutate", "--suggest", "--rules", "--lang", "--help"]
    assert found("--v") == ["--version"]


def test_an_option_that_is_written_is_not_offered_again_but_where_it_repeats() -> None:
    assert found("check", "--rules", "x", "--r") == ["--records", "--refusals"]
    assert found("check", "--records", "x", "--rec") == ["--records"]


def test_values() -> None:
    assert found("check", "--format", "") == ["text", "json"]
    assert found("check", "--lang", "e") == ["en"]
    assert found("check", "--fail-on", "d") == ["departs"]
    assert found("translate", "--to", "") == ["zh", "en"]
    assert found("completion", "z") == ["zsh"]


def test_files_are_left_to_the_shell() -> None:
    assert found("check", "") == []
    assert found("check", "--rules", "") == []
    assert found("check", "--", "--r") == []


@pytest.mark.parametrize(
    ("shell", "line"), [("bash", "check\n"), ("zsh", "check:核查报送材料\n"), ("fish", "check\t核查报送材料\n")]
)
def test_answers_as_each_shell_reads_them(shell: str, line: str) -> None:
    ran = process("ch", environment={"RULECHECK_COMPLETE": shell, "PYTHONIOENCODING": "utf-8"})
    assert (ran.returncode, ran.stdout.decode(), ran.stderr) == (0, line, b"")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with the command `rulecheck` on it."""
    command = tmp_path / "bin" / "rulecheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{SOURCE_TREE}" exec "{sys.executable}" -m rulecheck "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}{os.pathsep}{os.environ['PATH']}"


def ask_bash(path: str, *words: str) -> list[str]:
    """What bash completes the last word to, having run the example of the help."""
    quoted = " ".join(f"'{word}'" for word in words)
    program = (
        f'eval "$(rulecheck completion bash)"; COMP_WORDS=(rulecheck {quoted}); COMP_CWORD={len(words)}; '
        "_rulecheck rulecheck; printf '%s\\n' \"${COMPREPLY[@]}\"; complete -p rulecheck"
    )
    ran = subprocess.run(["bash", "-c", program], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True)
    *lines, registered = ran.stdout.splitlines()
    assert registered == "complete -o default -F _rulecheck rulecheck"
    return [line for line in lines if line]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes(path: str) -> None:
    assert ask_bash(path, "ch") == ["check"]
    assert ask_bash(path, "check", "a b.yaml", "--form") == ["--format"]
    assert ask_bash(path, "check", "") == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_scripts_of_other_shells_are_sound(shell: str, tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_text(script(shell), encoding="utf-8")
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    subprocess.run([shell, "-n", str(file)], check=True)
