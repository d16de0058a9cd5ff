"""Where a figure of a large table is said to stand: in the table that it is from, which may be that of a member or of whoever is
above."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from support_batch_command import DAY, OFFICES, UNITS, batch, write_folder
from support_command import call
from support_shell import COUNTER_RULE, STAFF_RULE

DOWN = STAFF_RULE.split("  适用情形")[0] + "  要求：每一 科室 满足 （窗口数 不少于 1个）\n"
UP = COUNTER_RULE.split("  示例")[0].replace("  要求：", "  适用情形：编制 不少于 50人\n  要求：")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    (tmp_path / "rules" / "test" / "staff.rule").write_text(DOWN, encoding="utf-8")
    (tmp_path / "rules" / "test" / "counter.rule").write_text(UP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def origins(node: Any) -> Iterator[tuple[str, str]]:
    """The files and places of a report, with what is in it."""
    if isinstance(node, dict):
        if {"file", "where"} <= node.keys():
            yield node["file"], node["where"]["zh"]
        for each in node.values():
            yield from origins(each)
    elif isinstance(node, list):
        for each in node:
            yield from origins(each)


def told(key: str, *tables: str) -> set[tuple[str, str]]:
    found = batch("--explain", key, "--format", "json", tables=tables or ("单位.csv", "科室.csv"))
    assert found.status in (0, 1), found.err
    return set(origins(json.loads(found.out)["judgements"]))


def test_members_and_those_above_stand_in_their_own_tables(folder: Path) -> None:
    assert told("单位:U1") == {("单位.csv", "数据第1行"), ("科室.csv", "数据第1行")}
    assert told("科室:U1/1") == {("单位.csv", "数据第1行"), ("科室.csv", "数据第1行")}


def test_tables_of_one_database_are_named(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "全.sqlite")) as database, database:
        for name, rows in (("单位", UNITS), ("科室", OFFICES)):
            database.execute(f"create table {name} ({', '.join(f'{each} text' for each in rows[0])})")
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f"insert into {name} values ({marks})", [[*row.values()] for row in rows])
    assert told("单位:U1", "全.sqlite") == {("全.sqlite", "表“单位”数据第1行"), ("全.sqlite", "表“科室”数据第1行")}


def test_examples_of_a_comparison_too(folder: Path) -> None:
    shutil.copytree(folder / "rules", folder / "别")
    (folder / "别" / "test" / "staff.rule").write_text(DOWN.replace("不少于 1个", "不少于 0个"), encoding="utf-8")
    found = call("compare", "rules", "别", "单位.csv", "科室.csv", "--tables", "--as-of", DAY)
    assert found.status == 1, found.err
    assert "科室.csv 数据第1行" in found.out
    assert "单位.csv 数据" not in found.out
