"""A file whose name would do for a pattern is the file, whatever lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from support_batch_command import UNITS, batch, rows_of, write_folder, write_table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_name_that_fits_its_neighbour(folder: Path, ending: str) -> None:
    (folder / "单位.csv").unlink()
    for name, row in (("单位_[12]", UNITS[0]), ("单位_1", UNITS[1])):
        if ending == "csv":
            write_table(folder / f"{name}.csv", [row])
        else:
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), folder / f"{name}.parquet")
    found = batch("--output", "out", tables=(f"单位_[12].{ending}",))
    assert found.status == 1, found.err
    assert [row["key"] for row in rows_of(folder / "out", "verdicts", "unit")] == ["U1"]
