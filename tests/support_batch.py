"""Tables for the tests of bulk reading: three levels of subjects as plain Python rows, written in every format, and read back out
of frames."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.converting.framing import Framing
from rulecheck.batching.declaring.declare import declare
from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.engine import Engine
from rulecheck.batching.duckdb.families import Families
from rulecheck.batching.edges import Edges, edges
from rulecheck.batching.sources.open import open_tables
from rulecheck.batching.sources.table import Table, Unreadable
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, Frame
from rulecheck.rules import model
from support_resolve import resolved

RULES = """
规则：试查城市 / looks_down_from_cities
  依据：一
  > 试
  核查对象：城市
  要求：每一 单位 满足 （每一 员工 满足 （年龄 不少于 16岁））
"""

LITTLE = Means("500MB", 2)

Rows = list[dict[str, str | None]]
"""Rows of a table as texts, None for what is not told."""


def rules(text: str = RULES) -> model.RuleSet:
    made, problems = resolved(text)
    assert [each for each in problems if each.severity == "error"] == []
    return made


# --- files ---


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def write_marked_csv(path: Path, rows: Rows) -> None:
    write_csv(path, rows, "utf-8-sig")


def write_gb18030_csv(path: Path, rows: Rows) -> None:
    write_csv(path, rows, "gb18030")


def arrow(rows: Rows) -> pa.Table:
    """Numbers as decimals, all else as texts."""
    columns = {}
    for name in rows[0]:
        given = [row[name] for row in rows]
        is_number = all(each is None or each.replace(".", "", 1).removeprefix("-").isdecimal() for each in given)
        is_number = is_number and name not in ("编号", "上级", "名称")
        columns[name] = pa.array(
            [None if each is None else Decimal(each) if is_number else each for each in given],
            pa.decimal128(18, 2) if is_number else pa.string(),
        )
    return pa.table(columns)


def write_parquet(path: Path, rows: Rows) -> None:
    parquet.write_table(arrow(rows), path, row_group_size=7)


def write_lines(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            told = {name: value for name, value in row.items() if value is not None}
            cells = [f"{json.dumps(name, ensure_ascii=False)}: {_json(name, value)}" for name, value in told.items()]
            file.write("{" + ", ".join(cells) + "}\n")


def _json(name: str, value: str) -> str:
    is_number = name not in ("编号", "上级", "名称") and value.replace(".", "", 1).isdecimal()
    return value if is_number else json.dumps(value, ensure_ascii=False)


def write_sqlite(path: Path, rows: Rows) -> None:
    with closing(sqlite3.connect(path)) as connection:
        names = ", ".join(f'"{name}"' for name in rows[0])
        connection.execute(f'CREATE TABLE "{path.stem}" ({names})')
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f'INSERT INTO "{path.stem}" VALUES ({marks})', [tuple(row.values()) for row in rows])
        connection.commit()


def write_duckdb(path: Path, rows: Rows) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.register("given", arrow(rows))
        connection.execute(f'CREATE TABLE "{path.stem}" AS SELECT * FROM given')


WRITERS: Mapping[str, tuple[str, Callable[[Path, Rows], None]]] = {
    "parquet": (".parquet", write_parquet),
    "csv": (".csv", write_csv),
    "csv with a mark": (".csv", write_marked_csv),
    "csv in GB18030": (".csv", write_gb18030_csv),
    "ndjson": (".ndjson", write_lines),
    "sqlite": (".sqlite", write_sqlite),
    "duckdb": (".duckdb", write_duckdb),
}


# --- a small world ---


def world(random: Random, cities: int = 9) -> dict[str, Rows]:
    """Cities, their units, and their workers: by kind, in order. Some have none below; a unit's name may come again elsewhere."""
    found: dict[str, Rows] = {"城市": [], "单位": [], "员工": []}
    for city in range(cities):
        found["城市"].append({"编号": f"C{city}", "户籍人口（人）": str(random.randrange(10_000))})
        for _ in range(random.choice((0, 1, 2, 5))):
            unit = f"U{len(found['单位'])}"
            posts = random.choice((None, "0", "49", "50", "1000"))
            area = str(random.randrange(9_999))
            found["单位"].append({"编号": unit, "上级": f"C{city}", "编制（人）": posts, "面积（平方米）": area})
            for worker in range(random.choice((0, 1, 3))):
                age, trade = random.choice((None, "16", "35")), random.choice(("电工", "焊工"))
                found["员工"].append({"编号": f"W{worker}", "上级": unit, "年龄（岁）": age, "工种": trade})
    return found


def shuffled(rows: Rows, random: Random) -> Rows:
    mixed = list(rows)
    random.shuffle(mixed)
    return mixed


# --- reading ---


class Run:
    """The tables of files as families; closed at the end of a test."""

    def __init__(
        self,
        paths: Sequence[Path],
        scratch: Path,
        of: model.RuleSet | None = None,
        cut: Edges | None = None,
        means: Means = LITTLE,
        tables: Sequence[Table] | None = None,
    ) -> None:
        self.rules = of or rules()
        if tables is None:
            opened = open_tables(paths, scratch)
            if opened.faults:
                raise Unreadable(opened.faults)
            tables = opened.tables
        declared = declare(self.rules, [each.header for each in tables])
        if declared.errors:
            raise Unreadable(declared.errors)
        self.engine = Engine(tables, scratch, means)
        given = list(zip(declared.tables, tables, strict=True))
        self.families = Families(self.engine, given, self.rules, cut or edges(self.rules), Framing(self.rules).make)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def frames(self, rows: int = 1_000_000) -> Iterator[Frame]:
        for root in self.families.roots():
            yield from self.families.partitions(root, rows)


def subjects(frame: Frame) -> list[dict[str, Any]]:
    """The rows of a frame with their members, as plain values: key, values by fact, members by kind (None: nothing was said)."""
    slots = {slot: name for name, slot in frame.kind.slots.items()}
    found = []
    below = {kind: subjects(members.frame) for kind, members in frame.members.items()}
    for row in range(frame.count):
        values: dict[str, Any] = {}
        for slot, column in frame.columns.items():
            name = slots[slot if isinstance(slot, int) else slot[0]]
            state = 0 if column.state is None else column.state[row]
            told = int(column.values[row]) if column.texts is None or state else column.texts[int(column.values[row])]
            values[name] = None if state == NOT_TOLD else "无" if state == KNOWN_NONE else told
        each: dict[str, Any] = {"key": frame.keys[row].as_py(), "values": values, "members": {}}
        for kind, members in frame.members.items():
            start, end = int(members.starts[row]), int(members.starts[row + 1])
            complete = members.complete is None or bool(members.complete[row])
            each["members"][kind] = (below[kind][start:end], complete)
            assert np.all(members.frame.parent_rows[start:end] == row)
            assert members.frame.parent is frame
        found.append(each)
    return found
