"""The commands that README.md and the pages under examples show are run as they stand, from the project's own folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from support_command import call

PROJECT = Path(__file__).parents[1]
MARKED = re.compile(r"<!-- run: status (\d) -->\n+```sh?\n(.*?)```", re.DOTALL)


def commands(page: str) -> list[tuple[int, str]]:
    text = (PROJECT / page).read_text(encoding="utf-8")
    return [(int(status), line) for status, block in MARKED.findall(text) for line in block.strip().splitlines()]


COMMANDS = [
    *commands("README.md"),
    *commands("examples/README.md"),
    *commands("examples/gazette/README.md"),
]


@pytest.mark.parametrize(("status", "line"), COMMANDS)
def test_a_command_ends_as_the_page_says(status: int, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a folder of its own, with the project's beside it, so that what a command writes is not left in the project.
    for name in ("examples", "rules"):
        (tmp_path / name).symlink_to(PROJECT / name, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    program, *words = shlex.split(line)
    assert program == "rulecheck"
    before = set(tmp_path.iterdir())
    run = call(*words)
    assert run.status == status, run.err
    for word in words:
        if word.startswith(("退回清单", "空白表")):
            assert {tmp_path / word} == set(tmp_path.iterdir()) - before


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 5
