"""A file whose name would do for a pattern is the file, whatever lies beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from support_batch_command import OFFICES, UNITS, batch, rows_of, write_folder, write_table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


NAMES = ("单位_[12]", "单位_*", "单位_?", "单位_[!a]", "单位_{1,2}", "单位_[1", "单位_[[]")


@pytest.mark.parametrize("ending", ["csv", "parquet", "ndjson"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_fits_its_neighbour(folder: Path, name: str, ending: str) -> None:
    for each, row in ((name, UNITS[0]), ("单位_1", UNITS[1]), ("单位_", UNITS[2]), ("单位_[", UNITS[3])):
        write(folder / f"{each}.{ending}", row)
    found = batch("--output", "out", tables=(f"{name}.{ending}",))
    assert found.status == 1, found.err
    assert keys(folder) == ["U1"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_folders_and_parts_that_fit_their_neighbours(folder: Path, ending: str) -> None:
    for name in ("各[区]", "各区"):
        (folder / name / "单位").mkdir(parents=True)
        for part, row in (("[12]", UNITS[0]), ("1", UNITS[1]), ("*", UNITS[4])):
            write(folder / name / "单位" / f"{part}.{ending}", row)
    # In the order of their names, in which an asterisk comes before a figure and a bracket behind it.
    found = batch("--output", "结[果]", "--memory", "1GB", tables=("各[区]/单位",))
    assert found.status == 1, found.err
    assert [row["key"] for row in rows_of(folder / "结[果]", "verdicts", "unit")] == ["U5", "U2", "U1"]


def test_text_that_is_written_anew_into_a_folder_that_fits_another(folder: Path) -> None:
    (folder / "单位.csv").write_bytes((folder / "单位.csv").read_text(encoding="utf-8").encode("gb18030"))
    found = batch("--output", "结[果]", tables=("单位.csv",))
    assert found.status == 1, found.err
    assert len(rows_of(folder / "结[果]", "verdicts", "unit")) == len(UNITS)


def write(path: Path, row: dict[str, str]) -> None:
    if path.suffix == ".csv":
        write_table(path, [row])
    elif path.suffix == ".ndjson":
        path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), path)


def keys(folder: Path) -> list[str]:
    return [row["key"] for row in rows_of(folder / "out", "verdicts", "unit")]


def test_members_of_a_table_that_fits_another(folder: Path) -> None:
    """They are joined to those above, which the engine does."""
    for each, row in (("科室_[12]", OFFICES[1]), ("科室_1", OFFICES[0])):
        write(folder / f"{each}.parquet", row)
    found = batch("--output", "out", tables=("单位.csv", "科室_[12].parquet"))
    assert found.status == 1, found.err
    assert [(row["parent"], row["key"]) for row in rows_of(folder / "out", "verdicts", "office")] == [("U1", "2")]
