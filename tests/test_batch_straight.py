"""Parquet read without the engine: the same rows as with it, or none; and the quick look at keys, which takes no two for one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rulecheck.batching.duckdb.distinct import hashes
from rulecheck.batching.duckdb.engine import Engine, column, in_batches
from rulecheck.batching.inputs import Reading, read_inputs
from rulecheck.batching.sources import straight as straight_reading
from rulecheck.batching.sources.open import open_tables
from rulecheck.batching.sources.pages import held_at_once
from rulecheck.batching.sources.straight import is_straight, straight
from rulecheck.batching.sources.table import Table, Unreadable
from support_batch import LITTLE, Run

ROWS = 2_500
CATEGORIES = 4
"""The place of the column that is read as a dictionary."""
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "as it comes": {},
    "many groups": {"row_group_size": 700},
    "small pages": {"data_page_size": 1_500, "dictionary_pagesize_limit": 4_000},
    "no dictionaries": {"use_dictionary": False, "compression": "none"},
    "pages of the second kind": {"data_page_version": "2.0", "compression": "zstd"},
    "short decimals": {"store_decimal_as_integer": True, "compression": "gzip"},
    "without Arrow's own schema": {"store_schema": False, "write_statistics": False},
}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def rows(random: Random, count: int = ROWS) -> pa.Table:
    """A table of all types that are read straight, a tenth of it null."""

    def some(make: Any) -> list[Any]:
        return [None if random.random() < 0.1 else make() for _ in range(count)]

    return pa.table(
        {
            "编号": [f"U{number}" for number in range(count)],
            "甲": pa.array(some(lambda: random.randrange(-(2**63), 2**63)), pa.int64()),
            "乙": pa.array(some(lambda: random.randrange(-(2**31), 2**31)), pa.int32()),
            "丙": pa.array(some(lambda: Decimal(random.randrange(-(10**12), 10**12)) / 100), pa.decimal128(12, 2)),
            "丁": pa.array(some(lambda: random.choice(("机关", "学校", "其他单位"))), pa.string()),
            "戊": pa.array(some(lambda: Decimal(random.randrange(10**30))), pa.decimal128(38, 0)),
            "己": pa.array(some(lambda: random.random() < 0.5), pa.bool_()),
            "庚": pa.array(some(lambda: date(2000, 1, 1) + timedelta(random.randrange(20_000))), pa.date32()),
            "辛": pa.array(some(lambda: random.randrange(2**64)), pa.uint64()),
            "壬": pa.array(some(lambda: random.choice(("学校", "机关"))), pa.string()).dictionary_encode(),
            "癸": pa.array(some(lambda: random.randrange(2**32)), pa.uint32()),
        }
    )


def opened(path: Path, scratch: Path) -> Table:
    found = open_tables([path], scratch)
    assert not found.faults
    return found.tables[0]


def by_engine(table: Table, scratch: Path, size: int) -> list[pa.RecordBatch]:
    names = ", ".join(map(column, range(len(table.headings))))
    with Engine([table], scratch, LITTLE) as engine:
        return list(engine.stream(f"SELECT {names} FROM {engine.relation(table)}", size, [table]))


def values(batches: list[pa.RecordBatch]) -> list[list[list[Any]]]:
    return [[each.to_pylist() for each in batch.columns] for batch in batches]


def numbers(batches: list[pa.RecordBatch]) -> list[list[list[Any]]]:
    """The same with days as numbers: a damaged one may lie beyond all calendars."""
    return values([pa.record_batch([_plain(each) for each in batch.columns], names=batch.schema.names) for batch in batches])


def _plain(array: pa.Array) -> pa.Array:
    return array.cast(pa.int32()) if pa.types.is_date32(array.type) else array


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("size", [333, 1_000_000])
def test_the_rows_are_those_of_the_engine(options: str, size: int, tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(rows(Random(size)), path, **OPTIONS[options])
    table = opened(path, scratch)
    every = range(len(table.headings))
    assert is_straight(table, every)
    found = values(list(in_batches(straight(table, every, size, [CATEGORIES]), size)))
    assert found == values(by_engine(table, scratch, size))
    some = [1, CATEGORIES]
    assert values(list(in_batches(straight(table, some, size), size))) == [[batch[each] for each in some] for batch in found]


def test_the_parts_of_a_table_follow_one_another(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "单位"
    folder.mkdir()
    for part in range(3):
        parquet.write_table(rows(Random(part), 100 + part), folder / f"{part}.parquet")
    table = opened(folder, scratch)
    found = list(in_batches(straight(table, [0, 1], 70), 70))
    assert [batch.num_rows for batch in found] == [70] * 4 + [23]
    assert [batch[:2] for batch in values(by_engine(table, scratch, 70))] == values(found)


# --- what is left to the engine ---

OTHERS: Mapping[str, pa.Table] = {
    "few bits": pa.table({"编号": ["1"], "甲": pa.array([1], pa.int8())}),
    "times": pa.table({"编号": ["1"], "甲": pa.array([datetime(2023, 1, 1)])}),
    "floating point": pa.table({"编号": ["1"], "甲": [0.5]}),
    "nested": pa.table({"编号": ["1"], "甲": [1], "乙": [[1, 2]]}),
    "a point in a heading": pa.table({"编号": ["1"], "甲": [1], "甲.乙": [1]}),
    "one heading twice": pa.Table.from_arrays([pa.array(["1"]), pa.array([1]), pa.array([2])], ["编号", "甲", "甲"]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_all_else_is_the_engines(name: str, tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(OTHERS[name], path)
    table = opened(path, scratch)
    assert not is_straight(table, [0, 1])
    with Engine([table], scratch, LITTLE) as engine:
        (batch,) = engine.in_order(table, [0, 1], 10)
    assert batch.to_pylist() == [{"c0": "1", "c1": OTHERS[name].column(1)[0].as_py()}]


def test_what_unpacks_to_much_is_left_to_the_engine(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of noughts, a thousandth of its size in the file."""
    path = tmp_path / "单位.parquet"
    size = 400 * 20_000
    table = pa.table({"编号": pa.array(["0" * 400] * 20_000)})
    parquet.write_table(table, path, compression="zstd", use_dictionary=False, data_page_size=1 << 30)
    assert path.stat().st_size < size / 500
    assert size <= held_at_once([path], [0]) < size * 1.1
    assert is_straight(opened(path, scratch), [0])
    monkeypatch.setattr(straight_reading, "_MOST_HELD", size - 1)
    assert not is_straight(opened(path, scratch), [0])


@pytest.mark.parametrize("options", OPTIONS)
def test_what_is_held_is_a_page_of_each_column(options: str, tmp_path: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(rows(Random(1)), path, **OPTIONS[options])
    with parquet.ParquetFile(path) as file:
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        chunks = [[group.column(number) for group in groups] for number in range(file.metadata.num_columns)]
    sizes = [max(each.total_uncompressed_size + each.total_compressed_size for each in of_column) for of_column in chunks]
    found = held_at_once([path], range(len(chunks)))
    assert max(max(each.total_uncompressed_size for each in of_column) for of_column in chunks) / 50 < found <= sum(sizes)
    assert (found < sum(sizes) * 0.9) == (options == "small pages")


# --- what is damaged ---


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_gives_the_rows_of_the_engine_or_none(seed: int, tmp_path: Path, scratch: Path) -> None:
    random = Random(seed)
    path = tmp_path / "单位.parquet"
    parquet.write_table(rows(random, 500), path, **OPTIONS[random.choice(("as it comes", "many groups", "no dictionaries"))])
    whole = path.read_bytes()
    tail = int.from_bytes(whole[-8:-4], "little") + 8
    refused: list[list[str]] = []
    for _ in range(15):
        content = bytearray(whole)
        content[random.randrange(4, len(whole) - tail)] = random.randrange(256)
        path.write_bytes(content)
        table = opened(path, scratch)
        every = range(len(table.headings))
        if not is_straight(table, every):
            continue
        try:
            found = list(in_batches(straight(table, every, 200, [CATEGORIES]), 200))
        except Unreadable as problem:
            refused.append([each.code for each in problem.faults])
            continue
        with suppress(Unreadable):
            assert numbers(found) == numbers(by_engine(table, scratch, 200))
    assert len(refused) < 15
    assert all(codes == ["B563"] for codes in refused)


def test_bytes_that_are_no_text_are_told(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    for plain in (True, False):
        bad = pa.array([b"1", b"\xff"], pa.binary()).view(pa.string())
        parquet.write_table(pa.table({"编号": ["1", "2"], "甲": bad}), path, use_dictionary=not plain)
        table = opened(path, scratch)
        assert is_straight(table, [0, 1])
        for listed in ((), (1,)):
            with pytest.raises(Unreadable) as raised:
                list(straight(table, [0, 1], 10, listed))
            assert [(each.code, each.place.file if each.place else "") for each in raised.value.faults] == [
                ("B563", "单位.parquet")
            ]


def test_fewer_rows_than_a_file_says_are_told(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(rows(Random(1), 50), path)
    table = opened(path, scratch)
    for other in (49, 51):
        parquet.write_table(rows(Random(1), other), path)
        with pytest.raises(Unreadable):
            list(straight(table, [0], 10))


def test_a_group_that_says_another_number_of_rows_is_left_to_the_engine(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "单位.parquet"
    parquet.write_table(rows(Random(1), 1_600), path, row_group_size=700)
    whole = path.read_bytes()
    tail = len(whole) - int.from_bytes(whole[-8:-4], "little") - 8
    seven_hundred = bytes((0xF8, 0x0A))  # as Thrift writes it
    found = {True: 0, False: 0}
    at = whole.find(seven_hundred, tail)
    while at >= 0:
        path.write_bytes(whole[:at] + bytes((0xFA, 0x0A)) + whole[at + 2 :])
        opened_ = open_tables([path], scratch).tables
        if opened_:
            found[is_straight(opened_[0], range(len(opened_[0].headings)))] += 1
        at = whole.find(seven_hundred, at + 1)
    assert found[False] >= 2 * len(rows(Random(1), 1).column_names)
    path.write_bytes(whole)
    assert is_straight(opened(path, scratch), [0])


def test_a_page_damaged_far_behind_is_told_by_the_engine_too(tmp_path: Path, scratch: Path) -> None:
    """What fails in the middle of a stream comes as another exception than what fails at its beginning."""
    path = tmp_path / "单位.parquet"
    count = 400_000
    table = pa.table({"编号": [str(number) for number in range(count)], "甲": pa.array([1] * count, pa.int16())})
    parquet.write_table(table, path, row_group_size=50_000, use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[-300_000:-200_000] = bytes(100_000)
    path.write_bytes(content)
    found = opened(path, scratch)
    assert not is_straight(found, [0, 1])
    with Engine([found], scratch, LITTLE) as engine, pytest.raises(Unreadable) as raised:
        list(engine.in_order(found, [0, 1], 1_000))
    assert [each.code for each in raised.value.faults] == ["B563"]


# --- keys ---


def test_hashes_are_alike_where_texts_are_and_nowhere_else() -> None:
    random = Random(5)
    letters = ["", "\0", "a", "b", "编", "号", "0", "1" * 7, "1" * 8, "1" * 9, " "]
    texts = list({"".join(random.choices(letters, k=random.randrange(8))) for _ in range(20_000)})
    texts = [each for each in texts if len(each.encode()) <= 128]
    for type in (pa.string(), pa.large_string()):
        found = hashes(pa.array(texts, type))
        assert found is not None
        assert len(set(found.tolist())) == len(texts)
        again = hashes(pa.array(["x", *texts[::-1]], type)[1:])
        assert again is not None
        assert again.tolist() == found.tolist()[::-1]
    assert hashes(pa.array(["x" * 128], pa.large_string())) is not None
    assert hashes(pa.array(["x" * 129], pa.large_string())) is None
    assert hashes(pa.array([], pa.large_string())) is not None


KEYS: Mapping[str, tuple[list[str | None], list[tuple[str, str]]]] = {
    "all different": (["U1", "U2", "合计科目公司1", "007", "7"], []),
    "twice, far apart": ([f"U{number}" for number in range(150_000)] + ["U7"], [("B301", "数据第150001行“编号”")]),
    "twice, but for a blank": (["U1", " U1 "], [("B301", "数据第2行“编号”")]),
    "none": (["U1", None, "U3"], [("F210", "数据第2行")]),
    "untold": (["U1", "/"], [("F210", "数据第2行")]),
    "a total": (["U1", "合计"], [("B307", "数据第2行“编号”")]),
    "long": (["x" * 200, "x" * 200 + "1"], []),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_told_as_the_engine_tells_them(name: str, tmp_path: Path, scratch: Path) -> None:
    keys, expected = KEYS[name]
    path = tmp_path / "城市.parquet"
    parquet.write_table(pa.table({"编号": keys, "户籍人口": pa.array(range(len(keys)), pa.int64())}), path)
    found: list[tuple[str, str]] = []
    try:
        with Run([path], scratch) as run:
            frames = list(run.frames(100))
            assert [key for frame in frames for key in frame.keys.to_pylist()] == keys
    except Unreadable as problem:
        found = [(each.code, each.place.where if each.place else "") for each in problem.faults]
    assert found == expected


# --- what is done beside the rest ---


def test_files_read_beside_are_those_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "单位.parquet"
    path.write_bytes(b"123")
    assert Reading([path]).files() == read_inputs([path])
    (tmp_path / "folder.parquet").mkdir()
    assert Reading([tmp_path / "folder.parquet", tmp_path / "nowhere"]).files() == ()


def test_what_fails_beside_is_told_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for problem in (OSError("broken"), MemoryError()):

        def fails(_: object, problem: BaseException = problem) -> None:
            raise problem

        monkeypatch.setattr("rulecheck.batching.inputs.read_inputs", fails)
        with pytest.raises(type(problem)):
            Reading([tmp_path]).files()


def test_arrow_is_made_ready_and_pandas_can_still_be_used() -> None:
    pytest.importorskip("pandas")
    script = (
        "import sys\n"
        "from rulecheck.batching.alone import make_ready\n"
        "make_ready()\n"
        "import pyarrow\n"
        "assert pyarrow.default_memory_pool().backend_name == 'system'\n"
        "assert pyarrow.array([1]).to_pylist() == [1] and 'pandas' not in sys.modules\n"
        "import pandas\n"
        "frame = pandas.DataFrame({'a': [1]})\n"
        "assert pyarrow.Table.from_pandas(frame).to_pydict() == {'a': [1]}\n"
        "assert pyarrow.array(frame['a']).to_pylist() == [1]\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
