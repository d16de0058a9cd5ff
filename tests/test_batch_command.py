"""`rulecheck batch` from files to files: results, statuses, a killed run, a full disk, and why one row."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from rulecheck.batching import job as jobs
from rulecheck.batching import run as runs
from rulecheck.batching.duckdb.source import DuckdbSource
from rulecheck.commands import batch as command
from support_command import SOURCE_TREE, Outcome, call
from support_golden import golden
from support_shell import write_rules

UNITS = [
    {"编号": "U1", "名称": "甲局", "地区": "黄石市", "类别": "机关", "编制": "50", "配备人数": "0"},
    {"编号": "U2", "名称": "乙局", "地区": "黄石市", "类别": "机关", "编制": "50", "配备人数": "1"},
    {"编号": "U3", "名称": "丙局", "地区": "", "类别": "机关", "编制": "", "配备人数": "0"},
    {"编号": "U4", "名称": "丁校", "地区": "黄石市", "类别": "学校", "编制": "90", "配备人数": "0"},
    {"编号": "U5", "名称": "戊局", "地区": "黄石市", "类别": "机关", "编制": "60", "配备人数": "70"},
]
OFFICES = [
    {"编号": "1", "上级": "U1", "窗口数": "0"},
    {"编号": "2", "上级": "U1", "窗口数": "2"},
    {"编号": "1", "上级": "U2", "窗口数": ""},
]
CLAIMS = [
    {"编号": "S1", "地区": "黄石市", "受理日": "2023-03-06", "办结日": "2023-03-13"},
    {"编号": "S2", "地区": "黄石市", "受理日": "2023-03-06", "办结日": "2023-03-14"},
    {"编号": "S3", "地区": "黄石市", "受理日": "2023-03-06", "办结日": ""},
]
DAY = "2023-06-30"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_rules(tmp_path / "rules")
    (tmp_path / "rules" / "places.yaml").write_text("places:\n  - {zh: 黄石市, en: huangshi, level: city}\n", encoding="utf-8")
    for name, rows in (("单位", UNITS), ("科室", OFFICES), ("申请", CLAIMS)):
        write_table(tmp_path / f"{name}.csv", rows)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


TABLES = ("单位.csv", "科室.csv", "申请.csv")


def batch(*arguments: object, tables: Sequence[str] = TABLES) -> Outcome:
    return call("batch", *tables, "--rules", "rules", "--as-of", DAY, *arguments)


def small(monkeypatch: pytest.MonkeyPatch, rows: int = 2) -> None:
    """Partitions of a few rows."""
    made = command._job
    monkeypatch.setattr(command, "_job", lambda *given: replace_rows(made(*given), rows))


def replace_rows(job: Any, rows: int) -> Any:
    return None if job is None else jobs.Job(**{name: getattr(job, name) for name in job.__dataclass_fields__} | {"rows": rows})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows_of(folder: Path, what: str, kind: str) -> list[dict[str, Any]]:
    paths = sorted((folder / what / kind).glob("*.parquet"))
    return [row for path in paths for row in parquet.read_table(path).to_pylist()]


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


def later_claims(folder: Path) -> None:
    """Two of seven are dated after the as-of day, which itself is not later; an empty day says nothing."""
    days = ("2023-03-06", DAY, "2023-07-01", "", "2024-01-02", "2023-06-29", "—")
    claims = [{"编号": f"S{at}", "地区": "黄石市", "受理日": day, "办结日": "2024-05-06"} for at, day in enumerate(days)]
    write_table(folder / "申请.csv", claims)


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


def test_tables_in_the_folder_of_results_are_refused(folder: Path) -> None:
    (folder / "out").mkdir()
    found = call("batch", "out/单位.csv", "--rules", "rules", "--as-of", DAY, "--output", "out")
    assert found.status == 2
    (folder / "单位.csv").rename(folder / "out" / "单位.csv")
    assert "[W201]" in call("batch", "out/单位.csv", "--rules", "rules", "--as-of", DAY, "--output", "out").err


# --- stopped, and gone on with ---

KILLED = """
import os, signal, sys
from rulecheck.batching import job as jobs, run as runs
from rulecheck.commands import batch as command
from rulecheck.cli import run
made = command._job
def small(*given):
    job = made(*given)
    return jobs.Job(**{name: getattr(job, name) for name in job.__dataclass_fields__} | {"rows": 2})
command._job = small
write, left = runs.PartWriter.write, [int(sys.argv[1])]
def killing(self, *given):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return write(self, *given)
runs.PartWriter.write = killing
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_killed_run_goes_on_where_it_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["batch", *TABLES, "--rules", "rules", "--as-of", DAY, "--threads", "1", "--output", "out"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "2", *words],
        env={**os.environ, "PYTHONPATH": str(SOURCE_TREE)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert {path.name for path in (folder / "out").iterdir()} == {".partial"}
    small(monkeypatch)
    written = []
    write = runs.PartWriter.write
    monkeypatch.setattr(runs.PartWriter, "write", lambda self, *given: written.append(given[2]) or write(self, *given))
    found = batch("--output", "out", "--threads", "1")
    assert found.status == 1
    assert "2 块已完成" in found.err
    batch("--output", "whole", "--threads", "1")
    assert contents(folder / "out") == contents(folder / "whole")
    assert len(written) == 2 * len(set(written)) - 2


def test_events_after_the_as_of_day_are_counted_once_in_a_run_that_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later_claims(folder)
    small(monkeypatch)
    batch("--output", "whole")
    stop_after(monkeypatch, 2, jobs.Stopped(jobs.fault("B561", "")))
    found = batch("--output", "out", "--threads", "1")
    assert "块已完成" in found.err
    assert json.loads((folder / "out" / "summary.json").read_bytes())["later_than_as_of"][0]["count"] == 2
    assert contents(folder / "out") == contents(folder / "whole")


def stop_after(monkeypatch: pytest.MonkeyPatch, parts: int, problem: BaseException) -> Outcome:
    """A run into `out` that is stopped by `problem` when some parts are done."""
    write, left = runs.PartWriter.write, [parts]

    def stopping(self: Any, *given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise problem
        return write(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", stopping)
        return batch("--output", "out", "--threads", "1")


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), RuntimeError("Query interrupted")], ids=["python", "duckdb"])
def test_an_interrupted_run_keeps_what_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    small(monkeypatch)
    found = interrupt_after(monkeypatch, 2, problem)
    assert (found.status, found.out) == (130, "")
    # The second may have been waiting for the only thread.
    told = re.search("已中断，已完成的 ([12]) 块保留着", found.err)
    assert told is not None
    assert "[W211]" in found.err
    assert "再运行同一条命令，从中断的地方接着做" in found.err
    assert not (folder / "out" / "manifest.json").exists()
    assert f"{told[1]} 块已完成" in batch("--output", "out", "--threads", "1").err
    assert (folder / "out" / "manifest.json").exists()


def interrupt_after(monkeypatch: pytest.MonkeyPatch, parts: int, problem: BaseException) -> Outcome:
    """A run into `out` whose engine is interrupted when it has given some parts, as by Ctrl-C."""
    partitions, left = DuckdbSource.partitions, [parts]

    def interrupted(self: Any, *given: Any) -> Iterator[Any]:
        for each in partitions(self, *given):
            left[0] -= 1
            if left[0] < 0:
                with self._engine._cursor(()):
                    raise problem
            yield each

    with monkeypatch.context() as patched:
        patched.setattr(DuckdbSource, "partitions", interrupted)
        return batch("--output", "out", "--threads", "1")


def test_a_run_interrupted_before_it_has_begun_has_no_result(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "open_inputs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch("--output", "out")
    assert not (folder / "out").exists()


def test_another_run_over_what_was_begun_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = runs.PartWriter.write
    monkeypatch.setattr(runs.PartWriter, "write", full)
    batch("--output", "out")
    monkeypatch.setattr(runs.PartWriter, "write", write)
    found = call("batch", *TABLES, "--rules", "rules", "--as-of", "2023-07-01", "--output", "out")
    assert "从头做起，因为变了：截至日期" in found.err
    assert json.loads((folder / "out" / "summary.json").read_bytes())["as_of"] == "2023-07-01"


def full(*_: object) -> None:
    raise OSError(28, os.strerror(28))


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", full)
        found = batch("--output", "out")
    assert (found.status, found.out) == (2, "")
    assert "[W204]" in found.err
    assert not (folder / "out" / "manifest.json").exists()
    assert batch("--output", "out").status == 1
    assert (folder / "out" / "manifest.json").exists()


def test_an_engine_out_of_room_loses_nothing_of_what_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    write, left = runs.PartWriter.write, [2]

    def crowded(self: Any, *given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise jobs.Stopped(jobs.fault("B561", ""))
        return write(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(runs.PartWriter, "write", crowded)
        assert batch("--output", "out", "--threads", "1").status == 2
    found = batch("--output", "out", "--threads", "1")
    assert found.status == 1
    assert "2 块已完成" in found.err


LIMITED = """
import resource, sys
from rulecheck.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))
sys.exit(run(sys.argv[1:]))
"""


def test_a_file_that_cannot_grow(folder: Path) -> None:
    pytest.importorskip("resource")
    words = ["batch", *TABLES, "--rules", "rules", "--as-of", DAY, "--output", "out"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_TREE)}
    run = subprocess.run([sys.executable, "-c", LIMITED, *words], env=environment, capture_output=True, timeout=120, check=False)
    assert run.returncode == 2, run.stderr.decode()
    assert b"[W204]" in run.stderr
    assert not (folder / "out" / "manifest.json").exists()


def test_what_is_there_already_is_not_worked_out_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = batch("--output", "out")
    monkeypatch.setattr(runs.PartWriter, "write", full)
    again = batch("--output", "out")
    assert (again.status, again.out) == (first.status, first.out)
    assert "没有重算" in again.err


# --- why this one ---

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
    assert "office:U1/1、office:U2/1" in several.err
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
