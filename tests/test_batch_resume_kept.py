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
    (tmp_path / "坏").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stop_after_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run over the units into `out`, interrupted when two partitions are written."""
    write, left = runs.PartWriter.write, [2]

    def stopping(self: runs.PartWriter, *given: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return write(self, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", stopping)
        assert batch("--output", "out", "--threads", "1", tables=("单位.csv",)).status == 130


def marks(folder: Path) -> list[str]:
    return sorted(each.name for each in (folder / "out" / ".partial" / "parts").iterdir())


@pytest.mark.parametrize("tables", [("单位x.csv",), ("单位.csv", "坏/科室.csv")])
def test_a_refused_command_takes_nothing_away_of_a_run_that_was_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tables: tuple[str, ...]
) -> None:
    small(monkeypatch)
    write_table(folder / "坏" / "科室.csv", [{"编号": "1", "上级": "U1", "没有这项": "1"}])
    stop_after_two(monkeypatch)
    done = marks(folder)
    assert len(done) == 2
    assert len(UNITS) > 4
    # A name mistyped, or one table more with a heading that nothing knows: it is refused, and the run can still go on.
    assert batch("--output", "out", "--threads", "1", tables=tables).status == 2
    assert marks(folder) == done
    found = batch("--output", "out", "--threads", "1", tables=("单位.csv",))
    assert found.status == 1
    assert "2 块已完成" in found.err


def test_tables_that_do_not_fit_together_take_nothing_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    stop_after_two(monkeypatch)
    done = marks(folder)
    write_table(folder / "坏" / "科室.csv", [{"编号": "1", "上级": "没有这个单位", "窗口数": "1"}])
    refused = batch("--output", "out", "--threads", "1", tables=("单位.csv", "坏/科室.csv"))
    assert refused.status == 2
    assert "[B303]" in refused.err
    assert "从头做起" not in refused.err
    assert marks(folder) == done


def test_starting_anew_is_told_once_the_tables_are_known_to_be_of_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    stop_after_two(monkeypatch)
    assert "从头做起" not in batch("--output", "out", tables=("单位x.csv",)).err
    assert "从头做起，因为变了：表" in batch("--output", "out", tables=("单位.csv", "科室.csv")).err
    # Nothing is left of what was begun before.
    assert not (folder / "out" / ".partial").exists()
    assert {path.name for path in (folder / "out" / "verdicts").iterdir()} == {"unit", "office"}


def test_a_refused_command_leaves_nothing_where_nothing_was(folder: Path) -> None:
    assert batch("--output", "out", tables=("单位x.csv",)).status == 2
    assert not (folder / "out").exists()
