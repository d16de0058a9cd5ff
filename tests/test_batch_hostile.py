"""`rulecheck batch` given tables nobody should give it: one clear message a fault, in either language, status 2, nothing left."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from support_command import Outcome, call
from support_shell import write_rules

HEAD = "编号,名称,类别,编制,配备人数\n"
GOOD = "U1,甲局,机关,50,0\n"
Made = Callable[[], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_rules(tmp_path / "rules")
    (tmp_path / "rules" / "places.yaml").write_text("places:\n  - {zh: 黄石市, en: huangshi, level: city}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def batch(*arguments: str) -> Outcome:
    return call("batch", *arguments, "--rules", "rules", "--as-of", "2023-06-30", "--place", "黄石市", "--output", "out")


def text(name: str, content: str, encoding: str = "utf-8") -> Made:
    def make() -> None:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content.encode(encoding))

    return make


def units(rows: str) -> Made:
    return text("单位.csv", HEAD + rows)


def columns(name: str, **given: Any) -> Made:
    return lambda: parquet.write_table(pa.table(given), name)


def several(*made: Made) -> Made:
    return lambda: [each() for each in made] and None


def in_sqlite(*statements: str) -> Made:
    def make() -> None:
        with closing(sqlite3.connect("a.sqlite")) as connection:
            for each in statements:
                connection.execute(each)
            connection.commit()

    return make


def in_duckdb(*statements: str) -> Made:
    def make() -> None:
        with closing(duckdb.connect("a.duckdb")) as connection:
            for each in statements:
                connection.execute(each)

    return make


def cut(made: Made, name: str, at: int) -> Made:
    def make() -> None:
        made()
        Path(name).write_bytes(Path(name).read_bytes()[:at])

    return make


LISTS = pa.array([[1]])
MANY = {f"列{number}": ["1"] for number in range(2_001)}
ROWS = {"编号": [str(row) for row in range(5_000)], "编制": [60] * 5_000}
OFFICES = "编号,上级,窗口数\n"

REFUSED: list[tuple[str, Made, tuple[str, ...], list[str]]] = [
    # headings
    ("no key", text("单位.csv", "类别,编制\n机关,50\n"), ("单位.csv",), ["B103"]),
    ("surplus", text("单位.csv", "编号,编制,电话\n1,50,1\n"), ("单位.csv",), ["B117"]),
    ("no heading", text("单位.csv", "编号,,编制\n1,x,50\n"), ("单位.csv",), ["B110"]),
    ("no columns", columns("单位.parquet"), ("单位.parquet",), ["B103"]),
    ("many columns", columns("单位.parquet", 编号=["1"], **MANY), ("单位.parquet",), ["B510"]),
    ("bidi", text("单位.csv", "编号,编\u202e制\n1,50\n"), ("单位.csv",), ["F112"]),
    ("terminal", text("单位.csv", "编号,\x1b[31m编制\n1,50\n"), ("单位.csv",), ["F112"]),
    ("substitution", text("单位.csv", '编号,${env:HOME},"{0}""x"\n1,2,3\n'), ("单位.csv",), ["B118", "B118"]),
    ("two of one fact", text("单位.csv", "编号,编制,编制（人）\n1,50,60\n"), ("单位.csv",), ["F209"]),
    ("unit of another size", text("单位.csv", "编号,编制（米）\n1,50\n"), ("单位.csv",), ["F304"]),
    ("no such unit", text("单位.csv", "编号,编制（瓜）\n1,50\n"), ("单位.csv",), ["F303"]),
    # types
    ("list", columns("单位.parquet", 编号=["1"], 编制=LISTS), ("单位.parquet",), ["B111"]),
    ("doubles", columns("单位.parquet", 编号=["1"], 编制=[50.0]), ("单位.parquet",), ["B106"]),
    ("moments", columns("单位.parquet", 编号=["1"], 编制=[datetime(2023, 1, 1)]), ("单位.parquet",), ["B111"]),
    ("key of bytes", columns("单位.parquet", 编号=[b"1"]), ("单位.parquet",), ["B115"]),
    ("key of doubles", columns("单位.parquet", 编号=[1.0]), ("单位.parquet",), ["B115"]),
    ("key with places", columns("单位.parquet", 编号=[Decimal("1.0")]), ("单位.parquet",), ["B115"]),
    # cells
    ("midday", columns("申请.parquet", 编号=["1"], 受理日=[datetime(2023, 1, 1, 12)]), ("申请.parquet",), ["U830"]),
    ("out of range", units("1,甲,机关,1001,0\n2,乙,机关,-1,0\n"), ("单位.csv",), ["F308", "F308"]),
    ("half a step", units("1,甲,机关,50.5,0\n"), ("单位.csv",), ["F307"]),
    ("exponents", units("1,甲,机关,1e400,1e3\n"), ("单位.csv",), ["U812", "U812"]),
    ("no numbers", units("1,甲,机关,NaN,inf\n"), ("单位.csv",), ["U810", "U810"]),
    ("leading 0", units("1,甲,机关,007,'007\n"), ("单位.csv",), ["U814", "U810"]),
    ("no such category", units("1,甲,公司,50,0\n"), ("单位.csv",), ["F312"]),
    ("no such place", text("单位.csv", "编号,地区\n1,火星\n"), ("单位.csv",), ["F219"]),
    # rows
    ("no id", units("1,甲,机关,50,0\n,,机关,50,0\n"), ("单位.csv",), ["F210"]),
    ("no id in Parquet", columns("单位.parquet", 编号=["1", None]), ("单位.parquet",), ["F210"]),
    ("one id twice", units(GOOD + GOOD), ("单位.csv",), ["B301"]),
    ("one id, a space more", units(GOOD + " " + GOOD), ("单位.csv",), ["B301"]),
    ("id in two lines", units('"U1\nU2",甲,机关,50,0\n'), ("单位.csv",), ["F112"]),
    ("id with controls", columns("单位.parquet", 编号=["a\nb", "c\0d", "e\x1b[31m"]), ("单位.parquet",), ["F112"] * 3),
    ("totals", units(GOOD + "合计,,,50,0\n"), ("单位.csv",), ["B307"]),
    ("one id in two parts", several(text("单位/a.csv", HEAD + GOOD), text("单位/b.csv", HEAD + GOOD)), ("单位",), ["B301"]),
    (
        "no such parent",
        several(units(GOOD), text("科室.csv", OFFICES + "1,U9,1\n2,,1\n")),
        ("单位.csv", "科室.csv"),
        ["B303", "B302"],
    ),
    (
        "7 is not 007",
        several(columns("单位.parquet", 编号=[7]), text("科室.csv", OFFICES + "1,007,1\n")),
        ("单位.parquet", "科室.csv"),
        ["B303"],
    ),
    ("no table of parents", text("科室.csv", OFFICES + "1,U1,1\n"), ("科室.csv",), ["B304"]),
    # files
    ("cut off", cut(columns("单位.parquet", **ROWS), "单位.parquet", -40), ("单位.parquet",), ["B521"]),
    ("CSV called Parquet", text("单位.parquet", HEAD + GOOD), ("单位.parquet",), ["B522"]),
    ("Parquet called CSV", columns("单位.csv", 编号=["1"]), ("单位.csv",), ["B534"]),
    ("a row of 9 MB", units("1," + "甲" * 3_000_000 + ",机关,50,0\n"), ("单位.csv",), ["B547"]),
    ("a cell of 9 MB", units("1," + "x" * 9_000_000 + ",机关,50,0\n"), ("单位.csv",), ["B547"]),
    ("a long cell, then a short row", units("1," + "x" * 200_000 + ",机关,50,0\n2,乙\n"), ("单位.csv",), ["B540"]),
    ("an open quote", units('1,"甲,机关,50,0\n' + GOOD), ("单位.csv",), ["B537"]),
    ("a line of 5 MB", text("单位.ndjson", '{"编号": "' + "x" * 5_000_000 + '"}\n'), ("单位.ndjson",), ["B547"]),
    ("a name twice", text("单位.ndjson", '{"编号": 1, "编制": 50, "编制": 0}\n'), ("单位.ndjson",), ["B545"]),
    ("nested", text("单位.ndjson", '{"编号": 1, "编制": [50]}\n'), ("单位.ndjson",), ["B546"]),
    ("an array", text("单位.ndjson", '[{"编号": 1}]\n'), ("单位.ndjson",), ["B542"]),
    ("no SQLite", text("a.sqlite", HEAD + GOOD), ("a.sqlite",), ["B548"]),
    ("doubles in SQLite", in_sqlite("CREATE TABLE 单位 AS SELECT 1 AS 编号, 50.0 AS 编制"), ("a.sqlite",), ["B106"]),
    ("a view in SQLite", in_sqlite("CREATE VIEW 单位 AS SELECT 1 AS 编号"), ("a.sqlite",), ["B549"]),
    ("a view in DuckDB", in_duckdb("CREATE VIEW 单位 AS SELECT 1 AS 编号"), ("a.duckdb",), ["B549"]),
    ("an odd name", in_duckdb('CREATE TABLE "x""; ${env:HOME}" (编号 INT)'), ("a.duckdb",), ["B101"]),
    # arguments
    ("folder in the folder", several(text("单位/a.csv", HEAD + GOOD), text("单位/out/b.csv", HEAD)), ("单位",), ["B508"]),
    ("one table by two ways", several(units(GOOD), text("b/单位.csv", HEAD + GOOD)), ("单位.csv", "b/单位.csv"), ["B102"]),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("made", "tables", "expected"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_one_message_a_fault_and_nothing_left(made: Made, tables: tuple[str, ...], expected: list[str], language: str) -> None:
    made()
    found = batch(*tables, "--lang", language)
    assert (found.status, found.out) == (2, "")
    assert re.findall(rf"^{'错误' if language == 'zh' else 'error'}\[(\w+)\]", found.err, re.MULTILINE) == expected
    assert "Traceback" not in found.err
    assert not {"\x1b", "\u202e", "\0"} & set(found.err)
    assert not Path("out").exists()


JUDGED: list[tuple[str, Made, tuple[str, ...], int]] = [
    ("no rows", units(""), ("单位.csv",), 4),
    ("no rows in Parquet", columns("单位.parquet", 编号=pa.array([], pa.string())), ("单位.parquet",), 4),
    ("a file twice", units(GOOD), ("单位.csv", "单位.csv"), 1),
    ("GB18030", text("单位.csv", HEAD + "007,甲局,机关,５０,0\n", "gb18030"), ("单位.csv",), 1),
    ("7 and 007", units("7,甲,机关,50,0\n007,乙,机关,50,0\n"), ("单位.csv",), 1),
    ("thousands", units('1,甲,机关,"1,000",+0\n'), ("单位.csv",), 1),
    ("wild cards in a path", text("[1]*{0}'/单位.csv", HEAD + GOOD), ("[1]*{0}'/单位.csv",), 1),
    ("a view beside", in_duckdb(f"CREATE TABLE 单位 AS SELECT * FROM (VALUES {('1', '甲', '机关', 50, 0)}) t({HEAD.strip()})",
                                "CREATE VIEW 科室 AS SELECT * FROM read_csv('secret.csv')"), ("a.duckdb",), 1),
]  # fmt: skip


@pytest.mark.parametrize(("made", "tables", "status"), [each[1:] for each in JUDGED], ids=[each[0] for each in JUDGED])
def test_what_only_looks_odd_is_judged(made: Made, tables: tuple[str, ...], status: int) -> None:
    text("secret.csv", "编号,上级,窗口数\n1,1,0\n")()
    made()
    found = batch(*tables)
    assert found.status == status, found.err
    assert Path("out/manifest.json").exists()
    assert ("[B552]" in found.err) == (tables == ("a.duckdb",))
    assert not Path("out/verdicts/office").exists()


def test_an_id_is_no_formula() -> None:
    given = ["=cmd|'/c calc'!A1", "@SUM(1)", "-1+2", "+3"]
    units("".join(f'"{each}",={number},机关,50,0\n' for number, each in enumerate(given)))()
    assert batch("单位.csv", "--format", "csv").status == 1
    for path in sorted(Path("out").rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-")) and not cell.lstrip("-").isdigit()]
    assert "'=cmd|'/c calc'!A1" in Path("out/adverse/unit/part-00000.csv").read_text(encoding="utf-8")


@contextmanager
def locked() -> Iterator[None]:
    """An SQLite file that somebody is writing to."""
    with closing(sqlite3.connect("a.sqlite", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE 单位 (编号)")
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_database_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **options: connect(*given, **{"timeout": 0, **options}))
    with locked():
        found = batch("a.sqlite")
    assert (found.status, re.findall(r"\[(B\d+)\]", found.err)) == (2, ["B548"])
    assert "正在使用" in found.err


def test_days_of_other_ages_are_refused() -> None:
    columns("申请.parquet", 编号=["1"], 受理日=pa.array([2**31 - 1], pa.date32()), 办结日=[date(1, 1, 1)])()
    assert batch("申请.parquet").status == 2


def test_what_is_no_file_is_not_opened() -> None:
    Path("单位.csv").symlink_to("/dev/zero")
    found = batch("单位.csv")
    assert (found.status, "[B503]" in found.err) == (2, True)


def test_a_word_of_members_beside_a_table_of_them() -> None:
    """No rule looks down at toilets, so their table is judged by itself; that another place has none adds no part to it."""
    Path("地方.csv").write_text("编号,名称,地区,公共厕所\nP1,甲,黄石市,\nP2,乙,黄石市,无\n", encoding="utf-8")
    Path("公共厕所.csv").write_text("编号,上级\nE1,P1\n", encoding="utf-8")
    found = call("batch", "地方.csv", "公共厕所.csv", "--as-of", "2023-12-31", "--output", "out")
    assert found.status in (0, 4), found.err
    assert parquet.read_table("out/verdicts/public_toilet")["key"].to_pylist() == ["E1"]


def test_whole_numbers_that_became_doubles_are_not_to_be_written_as_doubles() -> None:
    """An id that is kept as a double would be cast to the text `7.0`."""
    columns("单位.parquet", 编号=[7.0], 编制=[50.0])()
    told = batch("单位.parquet").err
    for code, cast in (("B115", 'CAST("编号" AS BIGINT)'), ("B106", 'CAST("编制" AS DECIMAL(18, 0))')):
        help_line = told.split(f"[{code}]")[1].splitlines()[2]
        assert cast in help_line
        assert '"Int64"' in help_line
