"""Tables that the mapping file says are not to be read: a real database has many, and few of them are of subjects."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import duckdb
import pyarrow

import rulecheck
from support_batch_command import DAY, OFFICES, UNITS, batch, rows_of, write_folder, write_table

OTHERS = {
    "访问日志": "CREATE TABLE 访问日志 (时间 TEXT, 内容 BLOB)",
    "settings": "CREATE TABLE settings (name TEXT, value TEXT)",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def statements() -> list[str]:
    """A database of two tables of subjects and two of something else, of which one could not be read at all."""
    made = [*OTHERS.values(), "INSERT INTO 访问日志 VALUES ('8:00', CAST('x' AS BLOB))"]
    for kind, rows in (("单位", UNITS), ("科室", OFFICES)):
        made.append(f"CREATE TABLE {kind} ({', '.join(f'{name} TEXT' for name in rows[0])})")
        made += [f"INSERT INTO {kind} VALUES ({', '.join(map(repr, row.values()))})" for row in rows]
    return made


def in_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for each in statements():
            connection.execute(each)


def in_duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        for each in statements():
            connection.execute(each)


MAKERS: Mapping[str, Callable[[Path], None]] = {"库.db": in_sqlite, "库.duckdb": in_duckdb}


def judged(mapping: str, tables: Sequence[str]) -> tuple[int, str]:
    Path("对照.yaml").write_text(mapping, encoding="utf-8")
    found = batch("--output", "out", "--headings", "对照.yaml", tables=tables)
    return found.status, found.err


@pytest.mark.parametrize("name", MAKERS)
def test_a_table_that_is_no_subject_is_refused_and_says_what_can_be_done(folder: Path, name: str) -> None:
    MAKERS[name](folder / name)
    found = batch("--output", "out", tables=(name,))
    assert found.status == 2
    assert "[B101]" in found.err
    assert "表: {settings: 忽略}" in found.err


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    "mapping",
    [
        "表: {访问日志: 忽略, settings: 忽略}\n",
        "tables: {Settings: ignore, 访问日志: ignore}\n",
        "表: {NAME: 忽略, 单位: 单位, 科室: 科室}\n",
    ],
)
def test_tables_that_are_not_to_be_read(folder: Path, name: str, mapping: str) -> None:
    MAKERS[name](folder / name)
    status, told = judged(mapping.replace("NAME", name), (name,))
    assert status == 1, told
    assert "提醒[B127] 对照文件略过了 2 张表：" in told
    assert "“访问日志”" in told
    assert "“settings”" in told
    assert len(rows_of(folder / "out", "verdicts", "unit")) == len(UNITS)
    assert len(rows_of(folder / "out", "verdicts", "office")) == len(OFFICES)


@pytest.mark.parametrize("name", MAKERS)
def test_a_database_of_which_nothing_is_to_be_read(folder: Path, name: str) -> None:
    MAKERS[name](folder / name)
    status, told = judged(f"表: {{{name}: 忽略}}\n", ("单位.csv", name))
    assert status == 1, told
    assert "对照文件略过了 4 张表：" in told
    assert "[B549]" not in told


def test_a_table_of_subjects_that_is_not_to_be_read(folder: Path) -> None:
    """Whose name would say its kind: the mapping file comes first. Nothing in it is looked at."""
    (folder / "科室").mkdir()
    (folder / "科室" / "1.csv").write_bytes(b"\xff\xfe\x00")
    status, told = judged("表: {科室: 忽略}\n", ("单位.csv", "科室"))
    assert status == 1, told
    assert "提醒[B127] 对照文件略过了 1 张表：“科室”" in told
    # Its members were not handed in.
    assert "[B122]" in told
    assert not (folder / "out" / "verdicts" / "office").exists()


def test_a_table_that_is_not_there_is_told(folder: Path) -> None:
    status, told = judged("表: {日志: 忽略}\n", ("单位.csv",))
    assert status == 1, told
    assert "提醒[B136] 对照文件里的“日志”没有用上" in told


def test_a_kind_that_is_misspelt_is_not_left_out(folder: Path) -> None:
    status, told = judged("表: {单位: 忽视}\n", ("单位.csv",))
    assert status == 2
    assert "[F201]" in told


def test_many_tables_are_counted(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "多.db")) as connection, connection:
        for number in range(30):
            connection.execute(f"CREATE TABLE t{number:02d} (x TEXT)")
    status, told = judged("表: {多.db: 忽略}\n", ("单位.csv", "多.db"))
    assert status == 1, told
    assert "对照文件略过了 30 张表：“t00”、" in told
    assert "“t19”……" in told


def test_tables_in_memory(folder: Path) -> None:
    (folder / "对照.yaml").write_text("表: {logs: 忽略}\n", encoding="utf-8")
    tables = {"logs": pyarrow.table({"x": [1.5]}), "单位": pyarrow.Table.from_pylist(UNITS)}
    found = rulecheck.batch(tables, rulecheck.load("rules"), as_of=DAY, headings="对照.yaml")
    assert found.rows == {"unit": len(UNITS)}
    (told,) = [each for each in found.remarks if each.code == "B127"]
    assert "“logs”" in told.text.zh


def test_a_file_in_another_folder_of_the_same_name(folder: Path) -> None:
    """By the name that messages call it by, one of two that are called alike."""
    for name in ("新", "旧"):
        (folder / name).mkdir()
        write_table(folder / name / "单位.csv", UNITS if name == "新" else UNITS[:1])
    status, told = judged("表: {旧/单位.csv: 忽略}\n", ("旧/单位.csv", "新/单位.csv"))
    assert status == 1, told
    assert len(rows_of(folder / "out", "verdicts", "unit")) == len(UNITS)
