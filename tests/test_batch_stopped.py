"""`rulecheck batch` stopped on its way, by whatever stops it, and gone on with."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rulecheck.batching import job as jobs
from rulecheck.batching import run as runs
from rulecheck.batching.duckdb.source import DuckdbSource
from support_batch_command import DAY, TABLES, batch, contents, later_claims, small, write_folder
from support_command import SOURCE_TREE, Outcome, call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


KILLED = """
import os, signal, sys
from rulecheck.batching import job as jobs, run as runs
from rulecheck.commands import batch as command
from rulecheck.cli import run
made = command._job
def small(*given):
    job = made(*given)
    return jobs.Job(**{name: getattr(job, name) for name in job.__dataclass_fields__} | {"rows": 2})
command._job = small
write, left = runs.PartWriter.write, [int(sys.argv[1])]
def killing(self, *given):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return write(self, *given)
runs.PartWriter.write = killing
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_killed_run_goes_on_where_it_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["batch", *TABLES, "--rules", "rules", "--as-of", DAY, "--threads", "1", "--output", "out"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "2", *words],
        env={**os.environ, "PYTHONPATH": str(SOURCE_TREE)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert {path.name for path in (folder / "out").iterdir()} == {".partial"}
    small(monkeypatch)
    written = []
    write = runs.PartWriter.write
    monkeypatch.setattr(runs.PartWriter, "write", lambda self, *given: written.append(given[2]) or write(self, *given))
    found = batch("--output", "out", "--threads", "1")
    assert found.status == 1
    assert "2 块已完成" in found.err
    batch("--output", "whole", "--threads", "1")
    assert contents(folder / "out") == contents(folder / "whole")
    assert len(written) == 2 * len(set(written)) - 2


def test_events_after_the_as_of_day_are_counted_once_in_a_run_that_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later_claims(folder)
    small(monkeypatch)
    batch("--output", "whole")
    stop_after(monkeypatch, 2, jobs.Stopped(jobs.fault("B561", "")))
    found = batch("--output", "out", "--threads", "1")
    assert "块已完成" in found.err
    assert json.loads((folder / "out" / "summary.json").read_bytes())["later_than_as_of"][0]["count"] == 2
    assert contents(folder / "out") == contents(folder / "whole")


def stop_after(monkeypatch: pytest.MonkeyPatch, parts: int, problem: BaseException) -> Outcome:
    """A run into `out` that is stopped by `problem` when some parts are done."""
    write, left = runs.PartWriter.write, [parts]

    def stopping(self: Any, *given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise problem
        return write(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", stopping)
        return batch("--output", "out", "--threads", "1")


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), RuntimeError("Query interrupted")], ids=["python", "duckdb"])
def test_an_interrupted_run_keeps_what_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    small(monkeypatch)
    found = interrupt_after(monkeypatch, 2, problem)
    assert (found.status, found.out) == (130, "")
    # The second may have been waiting for the only thread.
    told = re.search("已中断，已完成的 ([12]) 块保留着", found.err)
    assert told is not None
    assert "[W211]" in found.err
    assert "再运行同一条命令，从中断的地方接着做" in found.err
    assert not (folder / "out" / "manifest.json").exists()
    assert f"{told[1]} 块已完成" in batch("--output", "out", "--threads", "1").err
    assert (folder / "out" / "manifest.json").exists()


def interrupt_after(monkeypatch: pytest.MonkeyPatch, parts: int, problem: BaseException) -> Outcome:
    """A run into `out` whose engine is interrupted when it has given some parts, as by Ctrl-C."""
    partitions, left = DuckdbSource.partitions, [parts]

    def interrupted(self: Any, *given: Any) -> Iterator[Any]:
        for each in partitions(self, *given):
            left[0] -= 1
            if left[0] < 0:
                with self._engine._cursor(()):
                    raise problem
            yield each

    with monkeypatch.context() as patched:
        patched.setattr(DuckdbSource, "partitions", interrupted)
        return batch("--output", "out", "--threads", "1")


def test_a_run_interrupted_before_it_has_begun_has_no_result(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "open_inputs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch("--output", "out")
    assert not (folder / "out").exists()


def test_another_run_over_what_was_begun_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = runs.PartWriter.write
    monkeypatch.setattr(runs.PartWriter, "write", full)
    batch("--output", "out")
    monkeypatch.setattr(runs.PartWriter, "write", write)
    found = call("batch", *TABLES, "--rules", "rules", "--as-of", "2023-07-01", "--output", "out")
    assert "从头做起，因为变了：截至日期" in found.err
    assert json.loads((folder / "out" / "summary.json").read_bytes())["as_of"] == "2023-07-01"


def full(*_: object) -> None:
    raise OSError(28, os.strerror(28))


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", full)
        found = batch("--output", "out")
    assert (found.status, found.out) == (2, "")
    assert "[W204]" in found.err
    assert not (folder / "out" / "manifest.json").exists()
    assert batch("--output", "out").status == 1
    assert (folder / "out" / "manifest.json").exists()


def test_an_engine_out_of_room_loses_nothing_of_what_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    write, left = runs.PartWriter.write, [2]

    def crowded(self: Any, *given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise jobs.Stopped(jobs.fault("B561", ""))
        return write(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", crowded)
        assert batch("--output", "out", "--threads", "1").status == 2
    found = batch("--output", "out", "--threads", "1")
    assert found.status == 1
    assert "2 块已完成" in found.err


LIMITED = """
import resource, sys
from rulecheck.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))
sys.exit(run(sys.argv[1:]))
"""


def test_a_file_that_cannot_grow(folder: Path) -> None:
    pytest.importorskip("resource")
    words = ["batch", *TABLES, "--rules", "rules", "--as-of", DAY, "--output", "out"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    run = subprocess.run([sys.executable, "-c", LIMITED, *words], env=environment, capture_output=True, timeout=120, check=False)
    assert run.returncode == 2, run.stderr.decode()
    assert b"[W204]" in run.stderr
    assert not (folder / "out" / "manifest.json").exists()


def test_what_is_there_already_is_not_worked_out_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = batch("--output", "out")
    monkeypatch.setattr(runs.PartWriter, "write", full)
    again = batch("--output", "out")
    assert (again.status, again.out) == (first.status, first.out)
    assert "没有重算" in again.err
