"""Families of tables cut into partitions: against a grouping in plain Python, whatever the size of the partitions, and with every
row that does not fit told before anything is judged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.engine import Engine, in_batches
from rulecheck.batching.edges import Edges, edges, facts_read
from rulecheck.batching.sources.table import Unreadable
from rulecheck.columns.cut import run_of, some_of
from rulecheck.columns.frame import Frame
from rulecheck.columns.subjects import subject_at
from rulecheck.language.diagnostics import help_text, message
from rulecheck.submission import Origin
from support_batch import Rows, Run, rules, shuffled, subjects, world, write_csv, write_parquet

ORDER = ("城市", "单位", "员工")
PARENTS = {"单位": "城市", "员工": "单位"}
IDS = {"城市": "city", "单位": "unit", "员工": "worker"}
FACTS = {"户籍人口（人）": "residents", "编制（人）": "posts", "面积（平方米）": "area", "年龄（岁）": "age", "工种": "trade"}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def write(folder: Path, tables: dict[str, Rows]) -> list[Path]:
    for kind, rows in tables.items():
        write_csv(folder / f"{kind}.csv", rows)
    return [folder / f"{kind}.csv" for kind in tables]


def value(name: str, text: str | None) -> int | str | None:
    return text if text is None or name == "工种" else int(text)


def grouped(tables: dict[str, Rows]) -> list[dict[str, Any]]:
    """The subjects with their members, by nothing but dicts: members in the order in which their table has them."""
    below: dict[str, dict[str, list[dict[str, Any]]]] = {kind: defaultdict(list) for kind in ORDER}
    for kind in reversed(ORDER):
        member = next((child for child, parent in PARENTS.items() if parent == kind), None)
        for row in tables[kind]:
            values = {FACTS[name]: value(name, text) for name, text in row.items() if name in FACTS}
            members: dict[str, Any] = {}
            if member is not None:
                found = below[member][row["编号"] or ""]
                members[IDS[member]] = (found, bool(found))
            below[kind][row.get("上级") or ""].append({"key": row["编号"], "values": values, "members": members})
    return below["城市"][""]


def mixed(seed: int, cities: int = 30) -> dict[str, Rows]:
    random = Random(seed)
    return {kind: shuffled(rows, random) for kind, rows in world(random, cities).items()}


# --- what belongs together comes together ---


@pytest.mark.parametrize("seed", range(5))
def test_families_are_what_a_plain_grouping_finds(seed: int, tmp_path: Path, scratch: Path) -> None:
    tables = mixed(seed)
    with Run(write(tmp_path, tables), scratch) as run:
        assert [each.kind.id for each in run.families.roots()] == ["city"]
        assert [each for frame in run.frames() for each in subjects(frame)] == grouped(tables)


def test_every_row_knows_where_it_stands_in_its_table(tmp_path: Path, scratch: Path) -> None:
    """Members are sorted under their parents; what is said of one still names the row of its table."""
    tables = mixed(3)
    with Run(write(tmp_path, tables), scratch) as run:
        for frame in run.frames(4):
            part = some_of(run_of(frame, frame.count // 2, frame.count), np.arange(frame.count - frame.count // 2)[::-1])
            for whole in (frame, part):
                units = whole.members["unit"].frame
                for kind, of_kind in (("城市", whole), ("单位", units), ("员工", units.members["worker"].frame)):
                    numbers = of_kind.row_numbers().tolist()
                    assert [tables[kind][number]["编号"] for number in numbers] == of_kind.keys.to_pylist()
                    for row in range(min(of_kind.count, 3)):
                        tables_of = {of_kind.kind.id: Origin("表.csv", "", "", "")}
                        assert subject_at(of_kind, row, tables_of).origin.where_en == f"data row {numbers[row] + 1}"


@pytest.mark.parametrize("rows", [1, 2, 7, 1000])
def test_partitions_of_any_size_give_the_same(rows: int, tmp_path: Path, scratch: Path) -> None:
    tables = mixed(7)
    with Run(write(tmp_path, tables), scratch) as run:
        frames = list(run.frames(rows))
        assert [frame.count for frame in frames[:-1]] == [rows] * (len(frames) - 1)
        assert [frame.first for frame in frames] == list(range(0, len(tables["城市"]), rows))
        assert [each for frame in frames for each in subjects(frame)] == grouped(tables)


def test_rows_in_the_order_of_their_parents_need_no_sorting_but_come_the_same(tmp_path: Path, scratch: Path) -> None:
    tables = world(Random(2), 30)
    with Run(write(tmp_path, tables), scratch) as run:
        assert [each for frame in run.frames(4) for each in subjects(frame)] == grouped(tables)


def test_partitions_can_be_passed_over(tmp_path: Path, scratch: Path) -> None:
    tables = mixed(8)
    with Run(write(tmp_path, tables), scratch) as run:
        (root,) = run.families.roots()
        later = [each for frame in run.families.partitions(root, 4, 3) for each in subjects(frame)]
        assert later == grouped(tables)[12:]


def test_the_same_input_gives_the_same_partitions(tmp_path: Path, scratch: Path) -> None:
    tables = mixed(9, 200)
    paths = write(tmp_path, tables)
    found = []
    for threads in (1, 2, 4):
        with Run(paths, scratch, means=Means("200MB", threads)) as run:
            found.append([subjects(frame) for frame in run.frames(run.families.rows_for(run.families.roots()[0], 64))])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 5


def test_partitions_are_sized_by_all_their_rows(tmp_path: Path, scratch: Path) -> None:
    tables = world(Random(4), 40)
    total = sum(map(len, tables.values()))
    with Run(write(tmp_path, tables), scratch) as run:
        (root,) = run.families.roots()
        assert run.families.rows_for(root, total) == 40
        assert run.families.rows_for(root, 1) == 1


# --- who only looks up ---


def by_key(frame: Frame) -> dict[str, int]:
    return {key: row for row, key in enumerate(frame.keys.to_pylist())}


def test_a_table_that_only_looks_up_streams_with_the_rows_above_at_hand(tmp_path: Path, scratch: Path) -> None:
    tables = mixed(10)
    with Run(write(tmp_path, tables), scratch, cut=Edges(frozenset())) as run:
        assert [each.kind.id for each in run.families.roots()] == ["city", "unit", "worker"]
        workers = [frame for frame in run.frames(7) if frame.kind.id == "worker"]
    row = 0
    for frame in workers:
        units = frame.parent
        assert units is workers[0].parent
        assert units is not None
        assert units.parent is not None
        assert frame.parent_rows is not None
        assert units.parent_rows is not None
        for position in range(frame.count):
            given = tables["员工"][row]
            assert (frame.keys[position].as_py(), frame.first + position) == (given["编号"], row)
            above = int(frame.parent_rows[position])
            assert units.keys[above].as_py() == given["上级"]
            city = units.parent.keys[int(units.parent_rows[above])].as_py()
            assert city == next(each["上级"] for each in tables["单位"] if each["编号"] == given["上级"])
            row += 1
    assert row == len(tables["员工"])


def test_members_of_a_family_whose_top_looks_up(tmp_path: Path, scratch: Path) -> None:
    tables = mixed(11)
    with Run(write(tmp_path, tables), scratch, cut=Edges(frozenset({"worker"}))) as run:
        assert [each.kind.id for each in run.families.roots()] == ["city", "unit"]
        units = [frame for frame in run.frames(5) if frame.kind.id == "unit"]
    found = {}
    for frame in units:
        assert frame.parent is not None
        assert frame.parent_rows is not None
        for row, each in enumerate(subjects(frame)):
            found[each["key"]] = (frame.parent.keys[int(frame.parent_rows[row])].as_py(), each["members"])
    expected = {unit["key"]: (city["key"], unit["members"]) for city in grouped(tables) for unit in city["members"]["unit"][0]}
    assert found == expected


# --- what is said of rosters ---


def test_what_is_stated_of_members_counts(tmp_path: Path, scratch: Path) -> None:
    tables: dict[str, Rows] = {
        "城市": [
            {"编号": f"C{row}", "单位": stated}
            for row, stated in enumerate([None, "无", "已报全", "未报全", None, "未报全", "已报全"])
        ],
        "单位": [{"编号": "U", "上级": f"C{row}"} for row in (4, 5, 6)],
    }
    with Run(write(tmp_path, tables), scratch) as run:
        (frame,) = run.frames()
    members = frame.members["unit"]
    assert members.complete is not None
    # Untold; none; all there of which there is none: nothing; not all there; as handed in; some; all
    assert members.complete.tolist() == [False, True, False, False, True, False, True]
    assert members.starts.tolist() == [0, 0, 0, 0, 0, 1, 2, 3]


def test_a_statement_counts_where_there_is_no_table(tmp_path: Path, scratch: Path) -> None:
    tables: dict[str, Rows] = {"城市": [{"编号": "A", "单位": "无"}, {"编号": "B", "单位": None}]}
    with Run(write(tmp_path, tables), scratch) as run:
        (frame,) = run.frames()
    members = frame.members["unit"]
    assert members.complete is not None
    assert (members.frame.count, members.starts.tolist(), members.complete.tolist()) == (0, [0, 0, 0], [True, False])


def test_a_kind_without_table_and_word_is_told_of_nobody(tmp_path: Path, scratch: Path) -> None:
    with Run(write(tmp_path, {"城市": [{"编号": "A", "户籍人口": "1"}]}), scratch) as run:
        (frame,) = run.frames()
    assert frame.members == {}


# --- rows that do not fit ---


def told(tables: dict[str, Rows], folder: Path, scratch: Path) -> list[tuple[str, str, str]]:
    """Code, file and place of each fault, every one with its message in both languages."""
    with pytest.raises(Unreadable) as raised, Run(write(folder, tables), scratch) as run:
        list(run.frames())
    for each in raised.value.faults:
        for language in ("zh", "en"):
            assert "{" not in message(each.code, language, each.values)
            assert "{" not in help_text(each.code, language, each.values)
    return [(each.code, each.place.file, each.place.where) for each in raised.value.faults if each.place]


CITIES: Rows = [{"编号": "C1"}, {"编号": "C2"}]


def units(*rows: tuple[str | None, str | None]) -> Rows:
    return [{"编号": key, "上级": above, "编制": "1"} for key, above in rows]


FAULTS: list[tuple[dict[str, Rows], list[tuple[str, str, str]]]] = [
    ({"城市": [{"编号": "C1", "户籍人口": "1"}, {"编号": " C1 ", "户籍人口": "2"}]}, [("B301", "城市.csv", "数据第2行“编号”")]),
    ({"城市": [{"编号": "C1", "户籍人口": "1"}, {"编号": None, "户籍人口": "2"}]}, [("F210", "城市.csv", "数据第2行")]),
    ({"城市": [{"编号": "C1", "户籍人口": "1"}, {"编号": "—", "户籍人口": "2"}]}, [("F210", "城市.csv", "数据第2行")]),
    (
        {"城市": [{"编号": "C1", "名称": "黄石"}, {"编号": "小计：", "名称": None}, {"编号": None, "名称": "市直合计"}]},
        [("B307", "城市.csv", "数据第2行“编号”"), ("B307", "城市.csv", "数据第3行“名称”")],
    ),
    ({"城市": [{"编号": "C\u200b1", "户籍人口": "1"}]}, [("F112", "城市.csv", "数据第1行“编号”")]),
    ({"城市": CITIES, "单位": units(("U1", "C1"), ("U1", "C1"))}, [("B301", "单位.csv", "数据第2行“编号”")]),
    (
        {"城市": CITIES, "单位": units(("U1", "C3"), ("U2", "C1"), ("U3", "C4"))},
        [("B303", "单位.csv", "数据第1行“上级”"), ("B303", "单位.csv", "数据第3行“上级”")],
    ),
    (
        {"城市": CITIES, "单位": units(("U1", None), ("U2", "/"))},
        [("B302", "单位.csv", "数据第1行“上级”"), ("B302", "单位.csv", "数据第2行“上级”")],
    ),
    ({"单位": units(("U1", "C1"))}, [("B304", "单位.csv", "数据第1行“上级”")]),
    (
        {"城市": CITIES, "单位": units(("U1", "C1"), ("U1", "C2")), "员工": [{"编号": "W", "上级": "U1"}]},
        [("B305", "员工.csv", "数据第1行“上级”")],
    ),
    ({"城市": [{"编号": "C1", "单位": "无"}], "单位": units(("U1", "C1"))}, [("B306", "城市.csv", "数据第1行“单位”")]),
    ({"城市": [{"编号": "C1", "户籍人口": "很多"}]}, [("F301", "城市.csv", "数据第1行“户籍人口”")]),
]


@pytest.mark.parametrize(("tables", "expected"), FAULTS)
def test_rows_that_do_not_fit_are_told(
    tables: dict[str, Rows], expected: list[tuple[str, str, str]], tmp_path: Path, scratch: Path
) -> None:
    found = told(tables, tmp_path, scratch)
    if expected[0][0] == "F301":  # whatever `check` says of such a number
        assert [each[1:] for each in found] == [each[1:] for each in expected]
    else:
        assert found == expected


def test_a_key_may_come_again_under_another_parent(tmp_path: Path, scratch: Path) -> None:
    tables = {"城市": CITIES, "单位": units(("U1", "C1"), ("U1", "C2"))}
    with Run(write(tmp_path, tables), scratch) as run:
        (frame,) = run.frames()
    assert frame.members["unit"].starts.tolist() == [0, 1, 2]


def test_a_parent_may_be_called_by_its_name(tmp_path: Path, scratch: Path) -> None:
    cities: Rows = [{"编号": "C1", "名称": "黄石市"}, {"编号": "C2", "名称": "C1"}]
    tables = {"城市": cities, "单位": units(("U1", "黄石市"), ("U2", "C1"), ("U3", "C2"))}
    with Run(write(tmp_path, tables), scratch) as run:
        (frame,) = run.frames()
    # An id counts before a name: C1 is the first city, whatever the second is called.
    assert frame.members["unit"].frame.keys.to_pylist() == ["U1", "U2", "U3"]
    assert frame.members["unit"].starts.tolist() == [0, 2, 3]


def test_many_faults_are_counted(tmp_path: Path, scratch: Path) -> None:
    cities: Rows = [{"编号": f"C{row // 2}"} for row in range(100)]
    found = told({"城市": cities}, tmp_path, scratch)
    assert [code for code, _, _ in found] == ["B301"] * 20 + ["B202"]


def test_keys_that_only_look_alike_are_two(tmp_path: Path, scratch: Path) -> None:
    keys = ["7", "007", "a", "A", "Ａ", "é", "e\u0301"]
    with Run(write(tmp_path, {"城市": [{"编号": key, "户籍人口": "1"} for key in keys]}), scratch) as run:
        (frame,) = run.frames()
    assert frame.keys.to_pylist() == keys


# --- which edges there are ---


def rule(requirement: str, kind: str) -> str:
    return f"\n规则：试 / trial\n  依据：一\n  > 试\n  核查对象：{kind}\n  要求：{requirement}\n"


EDGES = [
    (rule("编制 不少于 1人", "单位"), set()),
    (rule("年龄 不少于 16岁 且 编制 不少于 1人", "员工"), set()),
    (rule("计数（员工） 不少于 1", "单位"), {"worker"}),
    (rule("编制 不少于 1人", "单位") + "\n关系：甲 / one\n  所属对象：单位\n  须有：残疾职工 不超过 编制\n", set()),
    (
        rule("编制 不少于 1人", "单位") + "\n关系：甲 / one\n  所属对象：单位\n  须有：编制 不超过 户籍人口\n",
        {"unit", "worker", "claim"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), EDGES)
def test_edges_that_hold_rows_together(text: str, expected: set[str]) -> None:
    assert edges(rules(text)).segments == expected


def test_facts_that_are_read() -> None:
    made = rules(rule("年龄 不少于 16岁 且 编制 不少于 1人", "员工"))
    assert facts_read(made) == {("worker", "age"), ("unit", "posts")}


# --- batches ---


@pytest.mark.parametrize("size", [1, 2, 3, 10, 100])
def test_batches_are_cut_to_one_size(size: int) -> None:
    random = Random(size)
    given, start = [], 0
    while start < 97:
        count = min(random.randrange(0, 13), 97 - start)
        given.append(pa.record_batch({"a": np.arange(start, start + count)}))
        start += count
    found = list(in_batches(given, size))
    assert [each.num_rows for each in found] == [size] * (97 // size) + ([97 % size] if 97 % size else [])
    assert [row for each in found for row in each.column(0).to_pylist()] == list(range(97))


def test_rows_keep_their_order_over_many_row_groups_and_files(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "城市"
    folder.mkdir()
    for part in range(4):
        keys = [f"C{row}" for row in range(part * 25_000, (part + 1) * 25_000)]
        parquet.write_table(pa.table({"编号": keys}), folder / f"part-{part}.parquet", row_group_size=3_000)
    with Run([folder], scratch, means=Means("200MB", 4)) as run:
        keys = [key for frame in run.frames(8_192) for key in frame.keys.to_pylist()]
    assert keys == [f"C{row}" for row in range(100_000)]


def test_sorting_goes_to_disk_where_memory_is_short(tmp_path: Path, scratch: Path) -> None:
    count = 60_000
    order = np.random.default_rng(1).permutation(count * 8)
    filler = pa.array([f"{row:0100d}" for row in range(count * 8)])
    write_parquet(tmp_path / "城市.parquet", [{"编号": f"C{row}"} for row in range(count)])
    table = pa.table({"编号": [f"U{row}" for row in order], "上级": [f"C{row // 8}" for row in order], "电话": filler})
    parquet.write_table(table, tmp_path / "单位.parquet")
    with Run([tmp_path / "城市.parquet", tmp_path / "单位.parquet"], scratch, means=Means("100MB", 2)) as run:
        seen = 0
        for frame in run.frames(10_000):
            members = frame.members["unit"]
            assert np.array_equal(members.starts, np.arange(0, frame.count * 8 + 1, 8))
            for key in members.frame.keys.to_pylist()[::5_000]:
                assert seen * 8 <= int(key[1:]) < (seen + frame.count) * 8
            seen += frame.count
    assert seen == count


# --- too little room ---


def failing(engine: Engine) -> str:
    """The code for a query that needs more memory than there is, whatever is spilled."""
    with pytest.raises(Unreadable) as raised:
        engine.rows("SELECT list(range) FROM range(5_000_000)")
    (fault,) = raised.value.faults
    return fault.code


def test_too_little_memory_is_told(scratch: Path) -> None:
    with Engine([], scratch, Means("10MB", 2)) as engine:
        assert failing(engine) == "B561"


def test_a_full_disk_is_told(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecheck.batching.duckdb.engine._LEAST_ROOM", 1 << 60)
    with Engine([], scratch, Means("10MB", 2)) as engine:
        assert failing(engine) == "B562"
