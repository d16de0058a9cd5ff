"""Tables in files of every format and in memory: the same frames from each, numbers exactly as they stand, and one clear message
for a file that cannot be read."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rulecheck import batching
from rulecheck.batching.duckdb.engine import Engine
from rulecheck.batching.sources.open import open_tables, tables_in_memory
from rulecheck.batching.sources.table import Opened, Unreadable
from rulecheck.data import read_text
from rulecheck.language.diagnostics import help_text, message, render
from support_batch import LITTLE, WRITERS, Rows, Run, shuffled, subjects, world, write_csv, write_parquet


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def tables() -> dict[str, Rows]:
    random = Random(11)
    return {kind: rows if kind == "城市" else shuffled(rows, random) for kind, rows in world(Random(3), 20).items()}


def read(run: Run) -> list[dict[str, Any]]:
    return [each for frame in run.frames() for each in subjects(frame)]


@pytest.fixture(scope="module")
def expected(tables: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("expected")
    (folder / "scratch").mkdir()
    for kind, rows in tables.items():
        write_parquet(folder / f"{kind}.parquet", rows)
    with Run(sorted(folder.glob("*.parquet")), folder / "scratch") as run:
        found = read(run)
    assert [each["key"] for each in found] == [row["编号"] for row in tables["城市"]]
    return found


# --- the same from every format ---


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_frames(
    name: str, tables: dict[str, Rows], expected: list[dict[str, Any]], tmp_path: Path, scratch: Path
) -> None:
    ending, write = WRITERS[name]
    for kind, rows in tables.items():
        write(tmp_path / f"{kind}{ending}", rows)
    with Run(sorted(tmp_path.glob(f"*{ending}")), scratch) as run:
        assert read(run) == expected


@pytest.mark.parametrize("name", ["parquet", "csv", "csv in GB18030", "ndjson"])
def test_a_folder_is_one_table_in_parts(
    name: str, tables: dict[str, Rows], expected: list[dict[str, Any]], tmp_path: Path, scratch: Path
) -> None:
    ending, write = WRITERS[name]
    for kind, rows in tables.items():
        folder = tmp_path / kind
        folder.mkdir()
        (folder / "_SUCCESS").touch()
        for part in range(0, len(rows), 9):
            write(folder / f"part-{part:03d}{ending}", rows[part : part + 9])
    with Run([tmp_path / kind for kind in tables], scratch) as run:
        assert read(run) == expected


def from_arrow(rows: Rows) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in rows[0]})


IN_MEMORY: dict[str, Callable[[Rows], Any]] = {
    "arrow": from_arrow,
    "a batch": lambda rows: from_arrow(rows).combine_chunks().to_batches()[0],
    "pandas": lambda rows: from_arrow(rows).to_pandas(),
    "pandas with labels": lambda rows: from_arrow(rows).to_pandas().set_index(pandas.Index([f"x{n}" for n in range(len(rows))])),
    "polars": lambda rows: polars.from_arrow(from_arrow(rows)),
}


@pytest.mark.parametrize("name", IN_MEMORY)
def test_tables_in_memory_give_the_same_frames(
    name: str, tables: dict[str, Rows], expected: list[dict[str, Any]], scratch: Path
) -> None:
    opened = tables_in_memory({kind: IN_MEMORY[name](rows) for kind, rows in tables.items()})
    assert not opened.faults
    with Run([], scratch, tables=opened.tables) as run:
        assert read(run) == expected


def test_a_database_holds_several_tables(
    tables: dict[str, Rows], expected: list[dict[str, Any]], tmp_path: Path, scratch: Path
) -> None:
    path = tmp_path / "全部.duckdb"
    with duckdb.connect(str(path)) as connection:
        for kind, rows in tables.items():
            connection.register("given", from_arrow(rows))
            connection.execute(f'CREATE TABLE "{kind}" AS SELECT * FROM given')
            connection.unregister("given")
        connection.execute("CREATE VIEW 别的 AS SELECT 1")
    with Run([path], scratch) as run:
        assert read(run) == expected


# --- what stands in a file, as it stands there ---


def columns(path: Path, scratch: Path) -> dict[str, list[Any]]:
    """The columns of the one table of a file as the engine gives them."""
    opened = open_tables([path], scratch)
    assert [render(each) for each in opened.faults] == []
    (table,) = opened.tables
    with Engine([table], scratch, LITTLE) as engine:
        asked = ", ".join(f"{engine.value(table, number)} AS c{number}" for number in range(len(table.headings)))
        batches = list(engine.stream(f"SELECT {asked} FROM {engine.relation(table)}", 1000, [table]))
    return {
        heading: [value for batch in batches for value in batch.column(number).to_pylist()]
        for number, heading in enumerate(table.headings)
    }


NUMBERS = ["0.1000000000000000055", "1e400", "12345678901234567890", "-0.0", "1.10", "100000000000000000000000000001", "1E2"]


def test_numbers_of_ndjson_are_the_texts_that_stand_there(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.ndjson"
    path.write_text("".join(f'{{"编制": {number}}}\n' for number in NUMBERS), encoding="utf-8")
    assert columns(path, scratch) == {"编制": NUMBERS}


def test_ndjson_may_lack_names_and_gain_them_later(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.ndjson"
    lines = ['{"甲": 1}', "", '{"乙": true, "甲": null}', '\ufeff{"丙": "x\\u4e00", "乙": false}']
    path.write_text("\n".join(lines), encoding="utf-8")
    assert columns(path, scratch) == {"甲": ["1", None, None], "乙": [None, "true", "false"], "丙": [None, None, "x一"]}


def test_names_that_turn_up_after_many_rows_are_empty_before(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulecheck.batching.sources.lines.ROWS_AT_ONCE", 2)
    path = tmp_path / "单位.ndjson"
    path.write_text('{"甲": 1}\n{"甲": 2}\n{"甲": 3, "乙": 4}\n{"丙": 5}\n{"甲": 6}\n', encoding="utf-8")
    expected = {"甲": ["1", "2", "3", None, "6"], "乙": [None, None, "4", None, None], "丙": [None, None, None, "5", None]}
    assert columns(path, scratch) == expected


CSV_TEXTS = [
    ("编号,编制\n007,1.10\n", {"编号": ["007"], "编制": ["1.10"]}),
    ("编号,编制\r\n1,2\r\n", {"编号": ["1"], "编制": ["2"]}),
    ("\ufeff编号,编制\n1,2", {"编号": ["1"], "编制": ["2"]}),
    ('编号,"编制\n（人）"\n1,"2\n3"\n', {"编号": ["1"], "编制\n（人）": ["2\n3"]}),
    ('编号,编制\n1,"a ""b"", c"\n', {"编号": ["1"], "编制": ['a "b", c']}),
    ("编号,编制\n\n1,2\n\n3,4\n\n", {"编号": ["1", "3"], "编制": ["2", "4"]}),
    ("编号,编制\n1,2\n,\n3,4\n,\n", {"编号": ["1", "3"], "编制": ["2", "4"]}),
    ("编号\n1\n\n2\n", {"编号": ["1", "2"]}),
    ("编号,编制\n1,\n,2\n", {"编号": ["1", None], "编制": [None, "2"]}),
    ("编号,编制,,\n1,2,,\n", {"编号": ["1"], "编制": ["2"]}),
    ("编号,编制\nNULL,nan\n", {"编号": ["NULL"], "编制": ["nan"]}),
    ("ID,id\n1,2\n", {"ID": ["1"], "id": ["2"]}),
    ("编号,编制\n'=1,\"'-2\"\n", {"编号": ["=1"], "编制": ["-2"]}),
    ('编号,编制\n="007",=1\n', {"编号": ["007"], "编制": ["=1"]}),
    ("编号,编制\n'甲,''-1\n", {"编号": ["'甲"], "编制": ["'-1"]}),
]


@pytest.mark.parametrize(("text", "expected"), CSV_TEXTS)
def test_cells_of_csv_are_the_texts_that_stand_there(
    text: str, expected: dict[str, list[Any]], tmp_path: Path, scratch: Path
) -> None:
    path = tmp_path / "单位.csv"
    path.write_bytes(text.encode())
    assert columns(path, scratch) == expected


def test_gb18030_is_read_across_the_pieces_of_a_file(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecheck.batching.sources.csv.PIECE", 3)
    path = tmp_path / "单位.csv"
    path.write_bytes("编号,名称\n1,湖北㐀𠀀省\n2,黄石\n".encode("gb18030"))
    opened = open_tables([path], scratch)
    assert [each.code for each in opened.warnings] == ["B536"]
    assert columns(path, scratch) == {"编号": ["1", "2"], "名称": ["湖北㐀𠀀省", "黄石"]}


def test_a_database_says_itself_whose_it_is(tables: dict[str, Rows], tmp_path: Path, scratch: Path) -> None:
    WRITERS["duckdb"][1](tmp_path / "城市.db", tables["城市"])
    assert columns(tmp_path / "城市.db", scratch)["编号"] == [row["编号"] for row in tables["城市"]]


def test_what_stands_in_sqlite_counts_not_what_is_declared(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE 单位 (编号 VARCHAR, "a""b", 甲 INTEGER, 乙 BLOB, 丙 DOUBLE)')
        connection.execute("INSERT INTO 单位 VALUES ('007', 9223372036854775807, 'x', 5, 0.1)")
        connection.execute("INSERT INTO 单位 VALUES (NULL, -1, 3, NULL, 'x')")
        connection.commit()
    opened = open_tables([path], scratch)
    (table,) = opened.tables
    assert table.types == (pa.string(), pa.int64(), pa.string(), pa.int64(), pa.float64())
    found = columns(path, scratch)
    assert {name: found[name] for name in ("编号", 'a"b', "甲", "乙")} == {
        "编号": ["007", None],
        'a"b': [9223372036854775807, -1],
        "甲": ["x", "3"],
        "乙": [5, None],
    }


def test_the_columns_of_parquet_keep_their_types(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    given = pa.table(
        {
            "a": pa.array([Decimal("0.1"), None], pa.decimal128(38, 20)),
            "A": pa.array([2**64 - 1, 0], pa.uint64()),
            "a ": pa.array(["x", None]).dictionary_encode(),
        }
    )
    parquet.write_table(given, path)
    (table,) = open_tables([path], scratch).tables
    assert table.types == tuple(given.schema.types)
    assert table.rows == 2
    assert columns(path, scratch) == given.to_pydict()


# --- what cannot be read ---


def codes(opened: Opened) -> list[str]:
    """The codes of all faults; each has its message and help in both languages."""
    for each in opened.faults:
        for language in ("zh", "en"):
            assert message(each.code, language, each.values)
            help_text(each.code, language, each.values)
        assert each.place is not None
    return [each.code for each in opened.faults]


def whole_parquet(folder: Path) -> bytes:
    path = folder / "whole.parquet"
    write_parquet(path, [{"编号": f"U{row}", "编制": str(row)} for row in range(500)])
    return path.read_bytes()


BROKEN: list[tuple[str, Callable[[Path], bytes], str, str]] = [
    ("a.parquet", lambda folder: whole_parquet(folder)[:-20], "B521", ""),
    ("a.parquet", lambda folder: whole_parquet(folder)[:100], "B521", ""),
    ("a.parquet", lambda _: b"PAR1", "B521", ""),
    ("a.parquet", lambda _: b"", "B522", ""),
    ("a.parquet", lambda _: "编号\n1\n".encode(), "B522", ""),
    ("a.csv", lambda _: b"", "B532", ""),
    ("a.csv", lambda _: b"\xef\xbb\xbf", "B532", ""),
    ("a.csv", lambda _: "编号\n1".encode("utf-16"), "B533", ""),
    ("a.csv", lambda _: b"PK\x03\x04....", "B534", ""),
    ("a.csv", lambda _: "编号,甲\n1,2\n3,\0\n".encode(), "B535", "第3行"),
    ("a.csv", lambda _: "编号,名称\n1,黄石\n2,".encode("gb18030") + b"\xff\xff\n", "B531", "第3行"),
    ("a.csv", lambda _: "编号,名称\n1,黄石市人民政府\n2,".encode() + b"\xe9\xbb\n", "B531", "第3行"),
    ("a.csv", lambda _: b"\n1,2\n", "B538", "第1行"),
    ("a.csv", lambda _: "编号;名称\n1;2\n".encode(), "B539", "第1行"),
    ("a.csv", lambda _: '编号,"名称\n1,2\n'.encode(), "B537", "第1行"),
    ("a.ndjson", lambda _: b"", "B532", ""),
    ("a.ndjson", lambda _: b'{"a": 1}\n[1]\n', "B542", "第2行"),
    ("a.ndjson", lambda _: b'{"a": 1}\n{"a": 1', "B542", "第2行"),
    ("a.ndjson", lambda _: b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "B542", "第1行"),
    ("a.ndjson", lambda _: b'{"a": "\xff"}\n', "B543", "第1行"),
    ("a.ndjson", lambda _: b'{"a": "\\ud800"}\n', "B543", "第1行"),
    ("a.ndjson", lambda _: b'{"a": NaN}\n', "B544", "第1行"),
    ("a.ndjson", lambda _: b'{"a": 1, "a": 2}\n', "B545", "第1行"),
    ("a.ndjson", lambda _: b'{"a": {"b": 1}}\n', "B546", "第1行"),
    ("a.ndjson", lambda _: b'{"a": "\0"}\n', "B535", "第1行"),
    ("a.sqlite", lambda _: b"nothing like it", "B548", ""),
    ("a.sqlite", lambda _: b"", "B549", ""),
    ("a.duckdb", lambda _: b"nothing like it" * 1000, "B548", ""),
    ("a.xlsx", lambda _: b"", "B504", ""),
    ("a", lambda _: b"", "B504", ""),
]


@pytest.mark.parametrize(("name", "content", "code", "where"), BROKEN)
def test_a_file_that_cannot_be_read_has_one_message(
    name: str, content: Callable[[Path], bytes], code: str, where: str, tmp_path: Path, scratch: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content(scratch))
    opened = open_tables([path], scratch)
    assert codes(opened) == [code]
    assert opened.tables == []
    place = opened.faults[0].place
    assert place is not None
    assert (place.file, place.where) == (name, where)


def folder_of(files: dict[str, bytes]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    return make


FOLDERS: list[tuple[dict[str, bytes], str]] = [
    ({}, "B505"),
    ({"a.txt": b""}, "B505"),
    ({"a.csv": b"a\n1\n", "b.ndjson": b'{"a": 1}'}, "B507"),
    ({"a.sqlite": b""}, "B507"),
    ({"a.csv": b"a\n1\n", "b/c.csv": b"a\n1\n"}, "B508"),
    ({"a.csv": b"a,b\n1,2\n", "b.csv": b"b,a\n1,2\n"}, "B509"),
]


@pytest.mark.parametrize(("files", "code"), FOLDERS)
def test_a_folder_that_is_no_table_has_one_message(files: dict[str, bytes], code: str, tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "单位"
    folder.mkdir()
    folder_of(files)(folder)
    assert codes(open_tables([folder], scratch)) == [code]


def test_what_is_not_there_is_told(tmp_path: Path, scratch: Path) -> None:
    opened = open_tables([tmp_path / "无.csv", tmp_path / "无*.csv"], scratch)
    assert codes(opened) == ["B501", "B506"]


def test_a_pattern_that_no_shell_filled_in_is_filled_in(tmp_path: Path, scratch: Path) -> None:
    for name in ("城市.csv", "单位.csv"):
        write_csv(tmp_path / name, [{"编号": "1"}])
    assert [each.name for each in open_tables([tmp_path / "*.csv"], scratch).tables] == ["单位", "城市"]


def test_two_files_of_one_name_are_told_apart(tmp_path: Path, scratch: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "单位.csv", [{"编号": "1"}])
    opened = open_tables([tmp_path / "甲" / "单位.csv", tmp_path / "乙" / "单位.csv"], scratch)
    assert [(each.name, each.file) for each in opened.tables] == [("单位", "甲/单位.csv"), ("单位", "乙/单位.csv")]


def test_a_decimal_that_engines_would_make_a_double_of_is_refused(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(pa.table({"甲": pa.array([1], pa.decimal256(40, 2))}), path)
    assert codes(open_tables([path], scratch)) == ["B523"]


def test_parts_of_other_types_are_told(tmp_path: Path, scratch: Path) -> None:
    for name, type_ in (("a.parquet", pa.int64()), ("b.parquet", pa.int32())):
        parquet.write_table(pa.table({"甲": pa.array([1], type_)}), tmp_path / name)
    opened = open_tables([tmp_path], scratch)
    assert "B508" in codes(opened)  # the scratch folder stands in it
    (tmp_path / "单位").mkdir()
    for name in ("a.parquet", "b.parquet"):
        (tmp_path / name).rename(tmp_path / "单位" / name)
    opened = open_tables([tmp_path / "单位"], scratch)
    assert codes(opened) == ["B509"]
    assert opened.faults[0].file == "单位/b.parquet"


def test_bytes_in_sqlite_are_told(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE 单位 (编号)")
        connection.execute("INSERT INTO 单位 VALUES (x'00')")
        connection.commit()
    assert codes(open_tables([path], scratch)) == ["B550"]


def test_what_is_no_table_is_told() -> None:
    assert codes(tables_in_memory({"单位": [1, 2], "城市": pandas.DataFrame({"a": ["x", 1]})})) == ["B551", "B551"]


# --- what turns out on the way ---


def stumble(path: Path, scratch: Path) -> list[tuple[str, str]]:
    """Reads all rows, which must fail; code and place of each fault."""
    opened = open_tables([path], scratch)
    assert codes(opened) == []
    (table,) = opened.tables
    with Engine([table], scratch, LITTLE) as engine, pytest.raises(Unreadable) as raised:
        list(engine.stream(f"SELECT * FROM {engine.relation(table)}", 1000, [table]))
    return [(each.code, each.place.where if each.place else "") for each in raised.value.faults]


RAGGED = [
    ("编号,甲\n1,2\n3\n", "B540", "第3行"),
    ("编号,甲\n1,2\n3,4,5\n", "B540", "第3行"),
    ('编号,甲\n1,"2\n2"\n3,4,5\n', "B540", "第4行"),
    ('编号,甲\n1,2\n3,"4\n', "B537", "第3行"),
    ('编号,甲\n1,2\n3,"4"x\n', "B537", "第3行"),
]


@pytest.mark.parametrize(("text", "code", "where"), RAGGED)
def test_a_row_of_csv_that_does_not_fit_is_told_by_its_line(
    text: str, code: str, where: str, tmp_path: Path, scratch: Path
) -> None:
    path = tmp_path / "单位.csv"
    path.write_text(text, encoding="utf-8")
    assert stumble(path, scratch) == [(code, where)]


def test_a_damaged_page_is_told(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    content = bytearray(whole_parquet(scratch))
    content[200:2000] = bytes(1800)
    path.write_bytes(bytes(content))
    assert stumble(path, scratch) == [("B563", "")]


def test_the_engine_reads_nothing_but_what_it_was_given(tmp_path: Path, scratch: Path) -> None:
    for name in ("单位", "城市"):
        write_csv(tmp_path / f"{name}.csv", [{"编号": "1"}])
    (table,) = open_tables([tmp_path / "单位.csv"], scratch).tables
    with Engine([table], scratch, LITTLE) as engine:
        for asked in (
            f"SELECT * FROM read_csv('{tmp_path / '城市.csv'}')",
            f"COPY (SELECT 1) TO '{tmp_path / '新.csv'}'",
            f"ATTACH '{tmp_path / '新.duckdb'}'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(Unreadable):
                engine.run(asked)
    assert not (tmp_path / "新.csv").exists()


def test_nothing_is_left_behind(tmp_path: Path, scratch: Path) -> None:
    write_csv(tmp_path / "单位.csv", [{"编号": "1"}])
    opened = open_tables([tmp_path / "单位.csv"], scratch)
    with Engine(opened.tables, scratch, LITTLE):
        pass
    assert list(scratch.iterdir()) == []


# --- messages ---

MESSAGES = {
    code: row
    for code, row in tomllib.loads(read_text("dsl", "messages", "batching.toml")).items()
    if re.match(r"B[35]\d\d\Z", code)
}
FILES = list(Path(batching.__file__).parent.rglob("*.py"))


def test_every_code_has_its_message_and_every_message_is_used() -> None:
    used = {code for path in FILES for code in re.findall(r'"(B[35]\d\d)"', path.read_text(encoding="utf-8"))}
    assert used == set(MESSAGES)
