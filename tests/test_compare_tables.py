"""`rulecheck compare` on tables: the same groups as for a submission of the same rows, whatever the format and the partitions."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from support_command import call
from support_shell import COUNTER_RULE, STAFF_RULE, VOCABULARY, drawn_rows, write_rules

BODY = STAFF_RULE.split("  前提")[0]
COUNTED = BODY + "  除外情形：计数（科室） 不少于 2\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_rules(tmp_path / "旧", {"staff.rule": BODY})
    new = BODY.replace("50人\n  除", "52人\n  除").replace("（学校、医院）", "（医院）").replace("不少于 1人", "不少于 2人")
    more = COUNTER_RULE.replace("不少于 1个", "不少于 2个").split("  示例")[0]
    write_rules(tmp_path / "新", {"staff.rule": new, "counter.rule": more})
    units, offices = drawn_rows(11, 400, posts=(44, 58), staff=(0, 3), counters=range(4))
    for name, table in (("单位", units), ("科室", offices)):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table), tmp_path / f"{name}.parquet")
        lines = [",".join(table[0])]
        lines += [",".join("" if each is None else str(each) for each in row.values()) for row in table]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*words: object) -> dict[str, Any]:
    found = call("compare", *words, "--as-of", "2023-06-30", "--format", "json")
    assert found.status == 1, found.err
    tree = json.loads(found.out)
    groups = {
        name: [
            (
                group["rule"],
                [(cause["what"], cause["of"]) for cause in group["causes"]],
                [(way["from"], way["to"], way["count"]) for way in group["ways"]],
            )
            for group in tree[name]
        ]
        for name in ("changed", "only_new", "only_old")
    }
    return {**groups, "compared": tree["counts"]["compared"], "changed_count": tree["counts"]["changed"]}


def test_tables_say_what_submissions_say(folder: Path) -> None:
    expected = told("旧", "新", "单位.csv", "科室.csv")
    assert expected["changed_count"] > 100
    assert told("旧", "新", "单位.parquet", "科室.parquet") == expected
    assert told("旧", "新", "单位.csv", "科室.csv", "--tables") == expected


def test_rules_that_look_at_members_on_one_side_only(folder: Path) -> None:
    write_rules(folder / "数", {"staff.rule": COUNTED})
    assert told("旧", "数", "单位.parquet", "科室.parquet") == told("旧", "数", "单位.csv", "科室.csv")


def test_partitions_make_no_difference(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told("旧", "新", "单位.parquet", "科室.parquet")
    from rulecheck.batching import job

    monkeypatch.setattr(job.Job, "rows", 100, raising=False)
    assert told("旧", "新", "单位.parquet", "科室.parquet") == expected


def test_examples_are_explained_with_their_rows(folder: Path) -> None:
    found = call("compare", "旧", "新", "单位.parquet", "科室.parquet", "--as-of", "2023-06-30", "--lang", "en")
    assert found.status == 1
    assert "单位.parquet data row" in found.out
    assert "same verdict" in found.out.lower()


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_side_cannot_read_is_told_of_that_side(folder: Path, side: int) -> None:
    narrower = VOCABULARY.replace("范围：0人至1000人", "范围：0人至50人", 1)
    write_rules(folder / "窄", {"vocabulary.rule": narrower, "staff.rule": BODY})
    order = ["窄", "旧"] if side == 0 else ["旧", "窄"]
    found = call("compare", *order, "单位.parquet", "科室.parquet", "--as-of", "2023-06-30")
    assert (found.status, found.out) == (2, "")
    assert ("旧规则读不了这些表", "新规则读不了这些表")[side] in found.err


def test_a_table_that_is_of_another_kind_for_one_side(folder: Path) -> None:
    other = VOCABULARY.replace("对象：科室 / office", "对象：处室 / bureau").replace("所属对象：科室", "所属对象：处室")
    write_rules(folder / "别", {"vocabulary.rule": other, "counter.rule": "", "staff.rule": BODY})
    found = call("compare", "旧", "别", "单位.parquet", "科室.parquet", "--as-of", "2023-06-30")
    assert (found.status, found.out) == (2, "")


def test_tables_need_a_day(folder: Path) -> None:
    found = call("compare", "旧", "新", "单位.parquet")
    assert found.status == 2
    assert "X342" in found.err


def test_a_csv_beside_files_that_are_tables_is_one_too(folder: Path) -> None:
    assert told("旧", "新", "单位.parquet", "科室.csv") == told("旧", "新", "单位.parquet", "科室.parquet")


def test_remarks_on_the_tables_are_told_once(folder: Path) -> None:
    (folder / "对照.yaml").write_text("表头: {没有这列: 编制}\n", encoding="utf-8")
    found = call("compare", "旧", "新", "单位.parquet", "--as-of", "2023-06-30", "--headings", "对照.yaml")
    assert found.status == 1
    assert found.err.count("S325") == 1
    assert "没有这列" in found.err


def test_tables_that_change_meanwhile_are_not_compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rulecheck.comparing.frames import FramesCompared

    whole = FramesCompared.add

    def touched(self: FramesCompared, *frames: Any) -> None:
        whole(self, *frames)
        os.utime(folder / "单位.parquet", (1, 1))

    monkeypatch.setattr(FramesCompared, "add", touched)
    found = call("compare", "旧", "新", "单位.parquet", "科室.parquet", "--as-of", "2023-06-30")
    assert (found.status, found.out) == (2, "")
    assert found.err.count("W209") == 1


# --- who changed ---


def ways(tree: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (name, group["rule"], way["from"], way["to"], way["count"], way["subjects"])
        for name in ("changed", "only_new", "only_old")
        for group in tree[name]
        for way in group["ways"]
    ]


def listed(*words: object) -> list[tuple[Any, ...]]:
    found = call("compare", *words, "--as-of", "2023-06-30", "--format", "json")
    assert found.status == 1, found.err
    return ways(json.loads(found.out))


def named(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The subjects by kind, id and parents, without the words for where they stand."""
    return [
        (*way[:-1], sorted((each["type"], each["id"], each["name"], each["period"], str(each["parents"])) for each in way[-1]))
        for way in found
    ]


def test_all_lists_the_subjects_that_a_submission_lists(folder: Path) -> None:
    tables = listed("旧", "新", "单位.csv", "科室.csv", "--tables", "--all")
    assert named(tables) == named(listed("旧", "新", "单位.csv", "科室.csv"))
    assert all(len(way[-1]) == way[-2] for way in tables)
    assert all(way[-1] == [] for way in listed("旧", "新", "单位.parquet", "科室.parquet"))


def test_lists_have_an_end_and_say_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rulecheck.batching import job
    from rulecheck.comparing import grouping

    words = ("旧", "新", "单位.parquet", "科室.parquet", "--all")
    whole = named(listed(*words))
    monkeypatch.setattr(job.Job, "rows", 100, raising=False)
    monkeypatch.setattr(grouping, "LISTED", 7)
    short = listed(*words)
    assert [way[:-1] for way in short] == [way[:-1] for way in whole]
    assert [len(way[-1]) for way in short] == [min(7, way[-2]) for way in whole]
    found = call("compare", *words, "--as-of", "2023-06-30")
    assert "只列前7个" in found.out
    monkeypatch.setattr(grouping.Room.__init__, "__defaults__", (10,))
    short = listed(*words)
    assert sum(len(way[-1]) for way in short) == 10
    found = call("compare", *words, "--as-of", "2023-06-30", "--lang", "en")
    assert "are not" in found.out


# --- what it may use ---


def test_memory_and_threads_are_those_of_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rulecheck.comparing import tables

    asked: list[tuple[str | None, int]] = []
    compare = tables.compare_tables

    def noting(old: Any, new: Any, *rest: Any, **more: Any) -> Any:
        asked.extend((side.job.memory, side.job.threads) for side in (old, new))
        return compare(old, new, *rest, **more)

    monkeypatch.setattr(tables, "compare_tables", noting)
    words = ("旧", "新", "单位.parquet", "科室.parquet")
    assert told(*words, "--memory", "1GB", "--threads", "1") == told(*words)
    assert asked[:2] == [("256MB", 1), ("256MB", 1)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("单位.parquet", "--memory", "a lot"), "W102"),
        (("单位.parquet", "--threads", "0"), "W103"),
        (("单位.csv", "--memory", "1GB"), "X347"),
        (("单位.csv", "--threads", "2"), "X347"),
        (("单位.parquet", "--records", "记录.yaml"), "X348"),
        (("单位.csv", "--tables", "--records", "记录.yaml"), "X348"),
    ],
)
def test_options_that_cannot_be_taken(folder: Path, words: tuple[str, ...], code: str) -> None:
    found = call("compare", "旧", "新", *words, "--as-of", "2023-06-30")
    assert (found.status, found.out) == (2, "")
    assert code in found.err
