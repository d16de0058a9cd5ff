"""`rulecheck.batch`: tables in files and in memory, the verdicts of `rulecheck.check`, results that any library takes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

import rulecheck
from rulecheck.judgement import Verdict
from support_command import call
from support_shell import drawn_rows, write_rules

DAY = "2023-06-30"


def made_rows(count: int = 300) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return drawn_rows(7, count, posts=(48, 52), staff=(0, 2), counters=(0, 1, None))


def _polars(table: Any) -> Any:
    return pytest.importorskip("polars").from_arrow(table)


def _pandas(table: Any) -> Any:
    # Whole numbers with gaps are Int64, not floats.
    return pytest.importorskip("pandas").DataFrame.from_arrow(table).convert_dtypes()


MADE: dict[str, Callable[[Any], Any]] = {
    "arrow": lambda table: table,
    "reader": lambda table: table.to_reader(),
    "polars": _polars,
    "pandas": _pandas,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bulk")
    write_rules(folder / "规则")
    units, offices = made_rows()
    for name, rows in (("单位", units), ("科室", offices)):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def rules(folder: Path) -> rulecheck.Rules:
    return rulecheck.load(folder / "规则")


def tables(library: str = "arrow", count: int = 300) -> dict[str, Any]:
    units, offices = made_rows(count)
    return {name: MADE[library](pyarrow.Table.from_pylist(rows)) for name, rows in (("单位", units), ("科室", offices))}


def judged(batch: rulecheck.Batch) -> dict[tuple[str, str, str], str]:
    """By parent, key and rule."""
    found = {}
    for kind in batch.rows:
        table = pyarrow.table(batch.verdicts(kind))
        columns = [each.column for each in batch.by_rule if each.kind == kind]
        for row in table.to_pylist():
            found.update({(row.get("parent") or "", row["key"], name): row[name] for name in columns})
    return found


def checked(report: rulecheck.Report) -> dict[tuple[str, str, str], str]:
    found = {}
    for each in report.judgements:
        parent = each.subject.parents[0].id if each.subject.parents else ""
        found[parent or "", each.subject.id, each.rule] = str(each.verdict)
    return found


# --- the same verdicts ---


@pytest.mark.parametrize("library", MADE)
def test_the_verdicts_of_check(rules: rulecheck.Rules, library: str) -> None:
    batch = rulecheck.batch(tables(library), rules, as_of=DAY)
    report = rulecheck.check(tables(), rules, as_of=DAY)
    assert batch.counts == report.counts
    assert len({each for each, count in batch.counts.items() if count}) == 4
    assert judged(batch) == checked(report)
    assert batch.exit_status == report.exit_status == 1


def test_paths_and_memory_are_alike(rules: rulecheck.Rules, folder: Path) -> None:
    held = rulecheck.batch(tables(), rules, as_of=date(2023, 6, 30))
    read = rulecheck.batch([folder / "单位.parquet", str(folder / "科室.parquet")], rules, as_of=DAY)
    mixed = rulecheck.batch([folder / "单位.parquet", {"科室": tables()["科室"]}], rules, as_of=DAY)
    assert judged(held) == judged(read) == judged(mixed)
    assert held.counts == read.counts == mixed.counts
    for kind in ("单位", "科室"):
        assert pyarrow.table(held.adverse(kind)) == pyarrow.table(read.adverse(kind)) == pyarrow.table(mixed.adverse(kind))


def test_the_counts_are_those_of_the_rows(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY)
    verdicts = judged(batch)
    for each in batch.by_rule:
        of_rule = [verdict for (_, _, rule), verdict in verdicts.items() if rule == each.column]
        assert {str(verdict): count for verdict, count in each.counts.items() if count} == {
            verdict: of_rule.count(verdict) for verdict in set(of_rule)
        }
    assert sum(batch.counts.values()) == len(verdicts)
    assert batch.rows["unit"] == 300
    told = pyarrow.table(batch.adverse("单位")).to_pylist() + pyarrow.table(batch.adverse("office")).to_pylist()
    adverse = {str(each) for each in (Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT, Verdict.UNDETERMINED)}
    assert sorted((row.get("parent") or "", row["key"], row["column"], row["verdict"]) for row in told) == sorted(
        (*key, verdict) for key, verdict in verdicts.items() if verdict in adverse
    )


def test_codes_and_names_say_the_same(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY)
    names = pyarrow.table(batch.verdicts("unit"))["unit_has_staff"].to_pylist()
    codes = pyarrow.table(batch.verdicts("unit", codes=True))["unit_has_staff"].to_pylist()
    assert [list(Verdict)[code - 1] for code in codes] == names


# --- the folder ---


def test_the_folder_of_the_command(rules: rulecheck.Rules, folder: Path, tmp_path: Path) -> None:
    paths = [folder / "单位.parquet", folder / "科室.parquet"]
    batch = rulecheck.batch(paths, rules, as_of=DAY, output=tmp_path / "由程序")
    words = ("batch", *paths, "--rules", folder / "规则", "--as-of", DAY, "--output", tmp_path / "由命令")
    assert call(*words).status == batch.exit_status
    ours, theirs = (
        {each.relative_to(root): each.read_bytes() for each in root.rglob("*") if each.is_file()}
        for root in (tmp_path / "由程序", tmp_path / "由命令")
    )
    assert ours == theirs
    assert {each.relative_to(tmp_path / "由程序") for each in batch.files()} == set(ours)
    assert batch.folder == tmp_path / "由程序"
    assert batch.text() == (batch.folder / "summary.txt").read_text(encoding="utf-8")
    again = rulecheck.batch(paths, rules, as_of=DAY, output=tmp_path / "由程序")
    assert judged(again) == judged(batch)


def test_tables_in_memory_and_the_same_folder(rules: rulecheck.Rules, tmp_path: Path) -> None:
    first = rulecheck.batch(tables(), rules, as_of=DAY, output=tmp_path / "结果")
    assert [each["bytes"] for each in first.tree()["tables"]] == [None, None]
    written = (tmp_path / "结果" / "manifest.json").stat().st_mtime_ns
    rulecheck.batch(tables(), rules, as_of=DAY, output=tmp_path / "结果")
    assert (tmp_path / "结果" / "manifest.json").stat().st_mtime_ns == written
    other = tables()
    other["单位"] = other["单位"].slice(1)
    other["科室"] = other["科室"].filter(pyarrow.compute.not_equal(other["科室"]["上级"], "U00000"))
    second = rulecheck.batch(other, rules, as_of=DAY, output=tmp_path / "结果")
    assert second.rows["unit"] == 299
    assert second.receipt.facts != first.receipt.facts


def test_remarks_are_the_same_on_results_that_are_there_already(rules: rulecheck.Rules, tmp_path: Path) -> None:
    (tmp_path / "单位.csv").write_bytes("编号,编制\n1,50\n".encode("gb18030"))
    first, again = (
        rulecheck.batch(tmp_path / "单位.csv", rules, as_of=DAY, output=tmp_path / "结果", verdicts_only=True) for _ in range(2)
    )
    assert {"B536", "B121", "B122"} <= {each.code for each in first.remarks}
    assert [each.text for each in again.remarks] == [each.text for each in first.remarks]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["单位.csv", "结果"]


def test_results_that_were_taken_away(rules: rulecheck.Rules, tmp_path: Path) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY, output=tmp_path / "结果")
    (tmp_path / "结果" / "manifest.json").unlink()
    assert codes_of(lambda: batch.verdicts("单位").columns) == ["I111"]


def test_without_a_folder_nothing_is_left(rules: rulecheck.Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    batch = rulecheck.batch(tables(), rules, as_of=DAY)
    assert batch.folder is None
    assert batch.files() == ()
    rows = batch.verdicts("单位")
    stream = pyarrow.RecordBatchReader.from_stream(rows)
    del batch, rows
    gc.collect()
    assert stream.read_all().num_rows == 300
    del stream
    gc.collect()
    assert list(tmp_path.iterdir()) == []


# --- out ---


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_tables_out(rules: rulecheck.Rules, library: str) -> None:
    batch = rulecheck.batch(tables(library), rules, as_of=DAY)
    module = pytest.importorskip(library)
    for rows in (batch.verdicts("unit"), batch.adverse("unit"), batch.contradictions("unit")):
        found = module.DataFrame(rows) if library == "polars" else module.DataFrame.from_arrow(rows)
        assert tuple(found.columns) == rows.columns
        assert len(found) == pyarrow.table(rows).num_rows
        if "unit_has_staff" in rows.columns:
            (of_rule,) = (each for each in batch.by_rule if each.column == "unit_has_staff")
            assert int((found["unit_has_staff"] == "violated").sum()) == of_rule.counts[Verdict.VIOLATED] > 0


def test_results_do_not_change(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY)
    with pytest.raises(FrozenInstanceError):
        batch.folder = None  # type: ignore[misc]
    batch.tree()["counts"].clear()
    batch.counts.clear()
    assert sum(batch.counts.values()) > 0
    with pytest.raises(TypeError):
        batch.by_rule[0].counts[Verdict.MET] = 0  # type: ignore[index]


# --- explaining ---


def test_why_this_one(rules: rulecheck.Rules, folder: Path, tmp_path: Path) -> None:
    batch = rulecheck.batch([folder / "单位.parquet", folder / "科室.parquet"], rules, as_of=DAY, output=tmp_path / "结果")
    verdicts = judged(batch)
    report = batch.explain("单位:U00003")
    assert isinstance(report, rulecheck.Report)
    assert [str(each.verdict) for each in report.judgements] == [verdicts["", "U00003", "unit_has_staff"]]
    assert report.judgements[0].reason.zh
    held = rulecheck.batch(tables(), rules, as_of=DAY)
    assert [each.verdict for each in held.explain("U00003").judgements] == [each.verdict for each in report.judgements]
    assert codes_of(lambda: held.explain("没有")) == ["W401"]


def test_a_row_whose_stored_verdict_is_another(rules: rulecheck.Rules, tmp_path: Path) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY, output=tmp_path / "结果")
    (part,) = (tmp_path / "结果" / "verdicts" / "unit").iterdir()
    table = pyarrow.parquet.read_table(part)
    wrong = pyarrow.array([code % 7 + 1 for code in table["unit_has_staff"].to_pylist()], pyarrow.uint8())
    pyarrow.parquet.write_table(table.set_column(table.schema.get_field_index("unit_has_staff"), "unit_has_staff", wrong), part)
    assert codes_of(lambda: batch.explain("单位:U00003")) == ["W403"]


# --- faults ---


def codes_of(wanted: Callable[[], object]) -> list[str]:
    with pytest.raises(rulecheck.RulecheckError) as caught:
        wanted()
    for each in caught.value.faults:
        assert each.text.zh
        assert each.text.en
    assert caught.value.report is None
    return [each.code for each in caught.value.faults if each.is_error]


@pytest.mark.parametrize("library", ["arrow", "polars", "pandas"])
def test_floats_are_refused(rules: rulecheck.Rules, tmp_path: Path, library: str) -> None:
    table = pyarrow.table({"编号": ["1", "2"], "编制": [50.5, 49.0], "配备人数": [1, 1]})
    given = {"单位": MADE[library](table)}
    found = codes_of(lambda: rulecheck.batch(given, rules, as_of=DAY, output=tmp_path / "结果"))
    assert len(found) == 1
    assert found[0].startswith("B")
    assert not (tmp_path / "结果").exists()


def test_options_that_cannot_be_taken(rules: rulecheck.Rules, tmp_path: Path) -> None:
    def batch(**options: Any) -> Callable[[], object]:
        return lambda: rulecheck.batch(options.pop("tables", None) or tables(), rules, **{"as_of": DAY, **options})

    assert codes_of(batch(as_of="昨天")) == ["X302"]
    assert codes_of(batch(as_of=None)) == ["I113"]
    assert codes_of(batch(place="没有的地方")) == ["X303"]
    assert codes_of(batch(documents=["没有的文件"])) == ["P102"]
    assert codes_of(batch(memory="很多", threads=0)) == ["W102", "W103"]
    assert codes_of(batch(headings=tmp_path)) == ["X305"]
    assert codes_of(batch(tables=7)) == ["I103"]
    assert codes_of(batch(tables={"单位": [1, 2]})) == ["B551"]
    assert codes_of(batch(tables=tmp_path / "没有.parquet")) == ["B501"]
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "a.txt").write_text("a", encoding="utf-8")
    assert codes_of(batch(output=tmp_path / "别的")) == ["W201"]


def test_a_bad_row_is_told_with_its_place(rules: rulecheck.Rules) -> None:
    table = pyarrow.table({"编号": ["1", "1"], "编制": [50, 49]})
    with pytest.raises(rulecheck.RulecheckError) as caught:
        rulecheck.batch({"单位": table}, rules, as_of=DAY)
    assert "单位" in str(caught.value)


def test_the_kind_has_to_be_told_of_several(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY)
    assert codes_of(batch.verdicts) == ["I110"]
    assert codes_of(lambda: batch.adverse("人")) == ["I110"]
    assert batch.verdicts("科室").columns == batch.verdicts("office").columns


def test_only_verdicts(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY, verdicts_only=True)
    assert judged(batch) == judged(rulecheck.batch(tables(), rules, as_of=DAY))
    assert codes_of(lambda: batch.adverse("单位")) == ["I112"]


def test_documents_and_place(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch(tables(), rules, as_of=DAY, documents=["测政发[2023]1号"], memory="512MB", threads=2)
    assert batch.tree()["documents"] == ["测政发〔2023〕1号"]
    bare = pyarrow.table({"编号": ["1"], "编制": [50], "配备人数": [0], "类别": ["机关"]})
    placed = rulecheck.batch({"单位": bare}, rules, as_of=DAY, place="黄石市")
    assert pyarrow.table(placed.verdicts())["place"].to_pylist() == ["黄石市"]


def test_a_table_of_no_rows(rules: rulecheck.Rules) -> None:
    batch = rulecheck.batch({"单位": tables()["单位"].slice(0, 0)}, rules, as_of=DAY)
    assert batch.exit_status == 4
    assert sum(batch.counts.values()) == 0
    assert pyarrow.table(batch.verdicts("单位")).num_rows == 0


def test_what_is_missing_is_said(rules: rulecheck.Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecheck.commands.batch.find_spec", lambda name: None if name == "duckdb" else object())
    assert codes_of(lambda: rulecheck.batch(tables(), rules, as_of=DAY)) == ["W101"]
