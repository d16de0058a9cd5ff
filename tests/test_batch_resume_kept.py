"""What is done of a run outlives a command that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from rulecheck.batching import run as runs
from support_batch_command import UNITS, batch, small, write_folder, write_table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("tables", [("单位x.csv",), ("单位.csv", "坏/科室.csv")])
def test_a_refused_command_takes_nothing_away_of_a_run_that_was_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tables: tuple[str, ...]
) -> None:
    small(monkeypatch)
    (folder / "坏").mkdir()
    write_table(folder / "坏" / "科室.csv", [{"编号": "1", "上级": "U1", "没有这项": "1"}])
    write, left = runs.PartWriter.write, [2]

    def stopping(self: runs.PartWriter, *given: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return write(self, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", stopping)
        assert batch("--output", "out", "--threads", "1", tables=("单位.csv",)).status == 130
    done = sorted(each.name for each in (folder / "out" / ".partial" / "parts").iterdir())
    assert len(done) == 2
    assert len(UNITS) > 4
    # A name mistyped, or one table more with a heading that nothing knows: it is refused, and the run can still go on.
    assert batch("--output", "out", "--threads", "1", tables=tables).status == 2
    assert sorted(each.name for each in (folder / "out" / ".partial" / "parts").iterdir()) == done
    found = batch("--output", "out", "--threads", "1", tables=("单位.csv",))
    assert found.status == 1
    assert "2 块已完成" in found.err
