"""`rulecheck batch` from files to files: results and statuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from rulecheck.commands import batch as command
from support_batch_command import (
    DAY,
    OFFICES,
    TABLES,
    UNITS,
    batch,
    contents,
    later_claims,
    rows_of,
    small,
    write_folder,
    write_table,
)
from support_command import call
from support_golden import golden


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- results ---


def test_verdicts_of_every_row(folder: Path) -> None:
    found = batch("--output", "out")
    assert found.status == 1, found.err
    out = folder / "out"
    codes = {row["code"]: row["verdict"] for row in parquet.read_table(out / "codes.parquet").to_pylist()}
    units = {row["key"]: codes[row["unit_has_staff"]] for row in rows_of(out, "verdicts", "unit")}
    # U5 tells of more staff than posts: both count as not told.
    assert units == {"U1": "violated", "U2": "met", "U3": "undetermined", "U4": "not_applicable", "U5": "undetermined"}
    offices = [(row["parent"], row["key"], codes[row["office_has_counter"]]) for row in rows_of(out, "verdicts", "office")]
    assert sorted(offices) == [("U1", "1", "violated"), ("U1", "2", "met"), ("U2", "1", "undetermined")]
    # Applications are sensitive: nothing of their ids is told.
    claims = [(row["key"], codes[row["application_limit"]]) for row in rows_of(out, "verdicts", "application")]
    assert claims == [("***1", "met"), ("***2", "violated"), ("***3", "undetermined")]
    columns = {row["column"]: row for row in parquet.read_table(out / "columns.parquet").to_pylist()}
    assert columns["unit_has_staff"]["document"] == "测政发〔2023〕1号"


def test_rows_told_of(folder: Path) -> None:
    batch("--output", "out")
    told = {(row["key"], row["column"]): row for row in rows_of(folder / "out", "adverse", "unit")}
    assert set(told) == {("U1", "unit_has_staff"), ("U3", "unit_has_staff"), ("U5", "unit_has_staff")}
    first = told["U1", "unit_has_staff"]
    assert (first["verdict"], first["margin"], first["margin_unit"], first["name"], first["place"]) == (
        "violated",
        "-1",
        "人",
        "甲局",
        "黄石市",
    )
    figures = {first[f"fact_{at}"]: (first[f"value_{at}"], first[f"unit_{at}"]) for at in (1, 2, 3)}
    assert figures == {"posts": ("50", "人"), "category": ("organ", ""), "staff_on_duty": ("0", "人")}
    assert told["U3", "unit_has_staff"]["missing"] == "posts, place"
    assert told["U3", "unit_has_staff"]["awaiting"] == "submitter"
    assert told["U3", "unit_has_staff"]["possible"] == "violated, not_applicable"


def test_members_with_one_id_are_told_apart_by_their_parents(folder: Path) -> None:
    names = [{**row, "名称": "窗口科"} for row in OFFICES]
    write_table(folder / "科室.csv", [*names, {"编号": "3", "名称": "窗口科", "上级": "U4", "窗口数": "0"}])
    batch("--output", "out")
    told = [(row["parent"], row["key"], row["name"]) for row in rows_of(folder / "out", "adverse", "office")]
    assert told == [("U1", "1", "窗口科"), ("U2", "1", "窗口科"), ("U4", "3", "窗口科")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary(folder: Path, language: str) -> None:
    found = batch("--output", "out", "--lang", language)
    lines = [line for line in found.out.splitlines() if not line.startswith(("依据：", "Rests on"))]
    golden(f"batch_summary.{language}.txt", "\n".join(lines) + "\n")


def test_the_same_input_gives_the_same_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    batch("--output", "one", "--threads", "1")
    batch("--output", "two", "--threads", "2")
    assert contents(folder / "one") == contents(folder / "two")


def test_verdicts_only(folder: Path) -> None:
    batch("--output", "all")
    assert batch("--output", "out", "--verdicts-only").status == 1
    assert not (folder / "out" / "adverse").exists()
    assert rows_of(folder / "out", "verdicts", "unit") == rows_of(folder / "all", "verdicts", "unit")
    assert "是否列出不符合的行" in batch("--output", "out").err
    assert (folder / "out" / "adverse").exists()


def test_the_order_of_the_tables_makes_no_difference(folder: Path) -> None:
    batch("--output", "one")
    batch("--output", "two", tables=TABLES[::-1])
    assert contents(folder / "one") == contents(folder / "two")


def test_rows_that_contradict_themselves_are_listed(folder: Path) -> None:
    batch("--output", "out")
    assert [(row["key"], row["relation"]) for row in rows_of(folder / "out", "faults", "unit")] == [("U5", "staff_within_posts")]
    summary = json.loads((folder / "out" / "summary.json").read_bytes())
    assert [(each["file"], each["kinds"]) for each in summary["tables"]] == [
        ("申请.csv", ["application"]),
        ("科室.csv", ["office"]),
        ("单位.csv", ["unit"]),
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh", "“申请”有 2 个的发生日期晚于截至日期 2023年6月30日，请核对"),
        ("en", "2 of application are dated after the as-of date, 2023-06-30; please check"),
    ],
)
def test_events_after_the_as_of_day_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, line: str) -> None:
    later_claims(folder)
    small(monkeypatch)
    found = batch("--output", "out", "--lang", language)
    assert [each for each in found.out.splitlines() if "晚于截至" in each or "as-of date" in each] == [line]
    summary = json.loads((folder / "out" / "summary.json").read_bytes())
    assert summary["later_than_as_of"] == [{"kind": "application", "name": {"zh": "申请", "en": "application"}, "count": 2}]
    # The results that are there already say the same, and a check of the same table counts as many.
    assert line in batch("--output", "out", "--lang", language).out
    checked = call("check", "申请.csv", "--rules", "rules", "--as-of", DAY)
    assert "“申请”有2个的发生日期晚于截至日期" in checked.out + checked.err


def test_events_until_the_as_of_day_are_not_spoken_of(folder: Path) -> None:
    found = batch("--output", "out")
    assert "发生日期晚于" not in found.out
    assert json.loads((folder / "out" / "summary.json").read_bytes())["later_than_as_of"] == []


def test_csv(folder: Path) -> None:
    assert batch("--output", "out", "--format", "csv").status == 1
    with (folder / "out" / "adverse" / "unit" / "part-00000.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["key"], row["margin"], row["missing"]) for row in rows] == [
        ("U1", "-1", ""),
        ("U3", "-1", "posts, place"),
        ("U5", "", "posts, staff_on_duty"),
    ]


def test_only_the_rules_of_a_document(folder: Path) -> None:
    found = batch("--output", "out", "--document", "测政发〔2023〕1号")
    assert found.status == 1
    assert json.loads((folder / "out" / "summary.json").read_bytes())["documents"] == ["测政发〔2023〕1号"]
    assert batch("--output", "out", "--document", "没有").status == 2


# --- statuses ---


def test_nothing_violated_is_0_and_nothing_decided_is_4(folder: Path) -> None:
    write_table(folder / "单位.csv", [UNITS[1]])
    assert batch("--output", "good", tables=["单位.csv"]).status == 0
    assert batch("--output", "good", "--fail-on", "undetermined", tables=["单位.csv"]).status == 0
    write_table(folder / "单位.csv", [UNITS[2]])
    assert batch("--output", "open", tables=["单位.csv"]).status == 4
    assert batch("--output", "open", "--fail-on", "undetermined", tables=["单位.csv"]).status == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "W104"),
        (("--output", "out", "--memory", "a lot"), "W102"),
        (("--output", "out", "--memory", "1MB"), "W102"),
        (("--output", "out", "--threads", "0"), "W103"),
        (("--output", "out", "--threads", "two"), "W103"),
        (("--output", "rules"), "W201"),
        (("--output", "单位.csv"), "W202"),
        (("--output", "no/where"), "X313"),
        (("--output", "out", "--format", "text"), "X301"),
        (("--output", "out", "--place", "nowhere at all"), "X303"),
    ],
)
def test_usage_that_is_refused(folder: Path, arguments: tuple[str, ...], code: str) -> None:
    found = batch(*arguments)
    assert (found.status, found.out) == (2, "")
    assert f"[{code}]" in found.err
    assert not (folder / "out").exists()


def test_what_is_not_installed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "duckdb" else object())
    found = batch("--output", "out")
    assert found.status == 2
    assert "[W101]" in found.err
    assert "rulecheck-zh[batch]" in found.err


def test_duplicate_keys_are_refused_and_nothing_is_written(folder: Path) -> None:
    write_table(folder / "单位.csv", [*UNITS, UNITS[0]])
    found = batch("--output", "out")
    assert (found.status, found.out) == (2, "")
    assert "U1" in found.err
    assert not (folder / "out").exists()


def test_a_bad_cell_leaves_what_was_there(folder: Path) -> None:
    batch("--output", "out")
    before = contents(folder / "out")
    write_table(folder / "单位.csv", [{**UNITS[0], "编制": "许多"}])
    assert batch("--output", "out").status == 2
    assert contents(folder / "out") == before


def test_results_in_the_folder_of_a_table_are_refused(folder: Path) -> None:
    (folder / "单位").mkdir()
    (folder / "单位.csv").rename(folder / "单位" / "一.csv")
    found = batch("--output", "单位/结果", tables=("单位",))
    assert (found.status, found.out) == (2, "")
    assert "[W212]" in found.err
    assert [each.name for each in (folder / "单位").iterdir()] == ["一.csv"]


def test_tables_in_the_folder_of_results_are_refused(folder: Path) -> None:
    (folder / "out").mkdir()
    found = call("batch", "out/单位.csv", "--rules", "rules", "--as-of", DAY, "--output", "out")
    assert found.status == 2
    (folder / "单位.csv").rename(folder / "out" / "单位.csv")
    assert "[W201]" in call("batch", "out/单位.csv", "--rules", "rules", "--as-of", DAY, "--output", "out").err
