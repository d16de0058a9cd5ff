"""`rulecheck batch --explain`: why this one."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from support_batch_command import CLAIMS, DAY, UNITS, batch, small, write_folder, write_table
from support_command import call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


ALIKE = ("rule", "limb", "period", "verdict", "modality", "possible", "margin", "remedy", "parameters", "reading", "bound")


@pytest.mark.parametrize(("key", "row"), [("U1", 0), ("U2", 1), ("U3", 2), ("U4", 3), ("U5", 4)])
def test_a_row_is_explained_as_check_explains_it(folder: Path, key: str, row: int) -> None:
    batch("--output", "out")
    explained = batch("--output", "out", "--explain", f"单位:{key}", "--format", "json")
    write_table(folder / "单位.csv", [UNITS[row]])
    checked = call("check", "单位.csv", "--rules", "rules", "--as-of", DAY, "--format", "json")
    assert explained.status == checked.status
    (ours,), (theirs,) = (json.loads(each.out)["judgements"] for each in (explained, checked))
    assert {name: ours[name] for name in ALIKE} == {name: theirs[name] for name in ALIKE}
    assert ours["subject"]["id"] == key
    assert [each["fact"] for each in ours["missing"]] == [each["fact"] for each in theirs["missing"]]


def test_members_are_named_with_those_above_them(folder: Path) -> None:
    several = batch("--explain", "科室:1")
    assert several.status == 2
    assert "科室:U1/1、科室:U2/1" in several.err
    assert "office:U1/1, office:U2/1" in batch("--explain", "科室:1", "--lang", "en").err
    found = batch("--explain", "科室:U1/1", "--format", "json")
    (judgement,) = json.loads(found.out)["judgements"]
    assert (found.status, judgement["verdict"], judgement["subject"]["id"]) == (1, "violated", "1")
    assert batch("--explain", "U9").status == 2


def test_a_stored_verdict_that_differs_stops_the_explanation(folder: Path) -> None:
    batch("--output", "out")
    path = folder / "out" / "verdicts" / "unit" / "part-00000.parquet"
    table = parquet.read_table(path)
    position = table.column_names.index("unit_has_staff")
    codes = [1, *table.column("unit_has_staff").to_pylist()[1:]]
    parquet.write_table(table.set_column(position, "unit_has_staff", [codes]), path)
    found = batch("--output", "out", "--explain", "U1")
    assert (found.status, found.out) == (3, "")
    assert "[W403]" in found.err
    assert batch("--explain", "U1").status == 1


def test_a_sensitive_row_is_explained_by_the_number_that_the_results_show(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    batch("--output", "out")
    for key, verdict in (("***1", "met"), ("***2", "violated"), ("申请:***3", "undetermined")):
        found = batch("--output", "out", "--explain", key, "--format", "json")
        (judgement,) = json.loads(found.out)["judgements"]
        assert judgement["verdict"] == verdict
        assert "S1" not in found.out + found.err
    assert batch("--explain", "***4").status == 2
    # Units are not sensitive: theirs are ids.
    assert batch("--explain", "单位:***1").status == 2


def test_a_number_that_is_somebodys_id_as_well_is_asked_about(folder: Path) -> None:
    write_table(folder / "申请.csv", [CLAIMS[0], {**CLAIMS[1], "编号": "***1"}])
    found = batch("--explain", "申请:***1")
    assert found.status == 2
    assert "[W402]" in found.err


def test_results_of_another_run_are_not_explained_from(folder: Path) -> None:
    batch("--output", "out")
    write_table(folder / "申请.csv", CLAIMS[:2])
    found = batch("--output", "out", "--explain", "U1")
    assert found.status == 2
    assert "[W404]" in found.err


@pytest.mark.parametrize(("key", "is_hinted"), [("U9", True), ("单位:U9", False), ("单位：U9", False), ("没有这种:U1", False)])
def test_a_row_that_is_not_there(folder: Path, key: str, is_hinted: bool) -> None:
    found = batch("--explain", key)
    assert (found.status, found.out) == (2, "")
    assert f"[W401] 表里没有“{key}”" in found.err
    assert (f"如 单位:{key}" in found.err) is is_hinted


@pytest.mark.parametrize("name", ["没有", "rules"])
def test_a_folder_without_whole_results_is_not_explained_from(folder: Path, name: str) -> None:
    found = batch("--output", name, "--explain", "U1")
    assert (found.status, found.out) == (2, "")
    assert "[W405]" in found.err
    assert "[W404]" not in found.err


@pytest.mark.parametrize("more", ["", ', "fingerprint": {}', ', "fingerprint": [], "files": {}, "summary": {}'])
def test_a_manifest_that_says_nothing_is_no_result(folder: Path, more: str) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "manifest.json").write_text('{"schema": "rulecheck-batch/1"' + more + "}", encoding="utf-8")
    for arguments, code in ((("--explain", "U1"), "W405"), ((), "W201")):
        found = batch("--output", "out", *arguments)
        assert (found.status, found.out) == (2, "")
        assert f"[{code}]" in found.err


@pytest.mark.parametrize("content", [None, b"", b"junk"])
@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_results_that_were_changed_since_are_not_explained_from(folder: Path, format: str, content: bytes | None) -> None:
    assert batch("--output", "out", "--format", format).status == 1
    (path,) = (folder / "out" / "verdicts" / "unit").iterdir()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    found = batch("--output", "out", "--explain", "U1")
    assert (found.status, found.out) == (2, "")
    assert "[W406]" in found.err


@pytest.mark.parametrize("told_as", [(), ("--format", "text"), ("--format", "json")])
def test_results_in_csv_are_explained_from_in_any_form(folder: Path, told_as: tuple[str, ...]) -> None:
    batch("--output", "out", "--format", "csv")
    assert batch("--output", "out", "--explain", "U1", *told_as).status == 1
    path = folder / "out" / "verdicts" / "unit" / "part-00000.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    position = rows[0].split(",").index('"unit_has_staff"')
    cells = rows[1].split(",")
    assert cells[position] == "2"
    rows[1] = ",".join([*cells[:position], "1", *cells[position + 1 :]])
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = batch("--output", "out", "--explain", "U1", *told_as)
    assert (found.status, found.out) == (3, "")
    assert "[W403]" in found.err
