"""The interface for programs: facts in every form, typed results, one kind of error, nothing loaded before it is wanted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rulecheck
from rulecheck.data import read_text
from rulecheck.judgement import Verdict
from rulecheck.rules.model import Bilingual
from support_command import SOURCE_TREE, call
from support_shell import STAFF_RULE, write_rules

UNIT: dict[str, Any] = {"名称": "甲局", "地区": "黄石市", "编制": 50, "配备人数": 0, "类别": "机关"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    write_rules(folder / "规则")
    return folder


@pytest.fixture(scope="module")
def rules(folder: Path) -> rulecheck.Rules:
    return rulecheck.load(folder / "规则")


def verdicts(report: rulecheck.Report) -> dict[str, str]:
    return {each.subject.name: str(each.verdict) for each in report.judgements}


# --- loading ---


def test_rules(rules: rulecheck.Rules, folder: Path) -> None:
    assert rules.names == ("application_limit", "office_has_counter", "unit_has_staff")
    assert rules.folder == folder / "规则"
    assert Bilingual("单位", "unit") in rules.kinds
    assert [each.number for each in rules.documents] == ["测政发〔2023〕1号"]
    assert len(rules.files()) == 5


def test_rules_with_a_fault(tmp_path: Path) -> None:
    with pytest.raises(rulecheck.RulecheckError) as caught:
        rulecheck.load(write_rules(tmp_path / "规则", {"staff.rule": STAFF_RULE.replace("编制 不少于", "编织 不少于")}))
    (fault,) = {each.code for each in caught.value.faults}
    first = caught.value.faults[0]
    assert first.file == "test/staff.rule"
    assert first.where.en.startswith("line ")
    assert "编织" in first.text.zh
    assert fault in str(caught.value)
    assert caught.value.report is None


def test_no_such_folder() -> None:
    with pytest.raises(rulecheck.RulecheckError, match="X101"):
        rulecheck.load("没有的文件夹")


# --- facts in every form ---


def test_a_path_gives_what_the_command_gives(rules: rulecheck.Rules, folder: Path) -> None:
    text = "截至: 2023-06-30\n单位:\n  - {名称: 甲局, 地区: 黄石市, 编制: 50, 配备人数: 0}\n"
    (folder / "单位.yaml").write_text(text, encoding="utf-8")
    report = rulecheck.check(folder / "单位.yaml", rules)
    command = call("check", folder / "单位.yaml", "--rules", folder / "规则", "--format", "json")
    assert report.json() == command.out
    assert report.exit_status == command.status
    assert report.tree() == json.loads(command.out)


def test_data(rules: rulecheck.Rules) -> None:
    report = rulecheck.check({"截至": date(2023, 6, 30), "单位": [UNIT, {**UNIT, "名称": "乙局", "配备人数": None}]}, rules)
    assert verdicts(report) == {"甲局": "violated", "乙局": "undetermined"}
    assert report.judgements[0].as_of == "2023-06-30"
    assert report.judgements[0].subject.origin.where_zh == "$.单位[0]"


def test_numbers_are_exact(rules: rulecheck.Rules) -> None:
    units = [{**UNIT, "编制": Decimal("5E1")}, {**UNIT, "名称": "乙局", "编制": "49人"}]
    assert verdicts(rulecheck.check({"单位": units}, rules, as_of="2023-06-30")) == {"甲局": "violated", "乙局": "not_applicable"}


@pytest.mark.parametrize(
    ("value", "code"),
    [(50.0, "I101"), (float("nan"), "I101"), (object(), "I102"), (b"50", "I102"), (Decimal("NaN"), "I102"), ({1: 2}, "I109")],
)
def test_what_is_not_exact_is_refused(rules: rulecheck.Rules, value: object, code: str) -> None:
    with pytest.raises(rulecheck.RulecheckError) as caught:
        rulecheck.check({"单位": [{**UNIT, "编制": value}]}, rules)
    (fault,) = caught.value.faults
    assert (fault.code, fault.where.zh) == (code, "$.单位[0].编制")
    assert fault.text.en.isascii() or code == "I102"


def test_what_is_no_facts_at_all(rules: rulecheck.Rules) -> None:
    with pytest.raises(rulecheck.RulecheckError, match="I103"):
        rulecheck.check(7, rules)  # type: ignore[arg-type]


def test_several_things_together_are_one_submission(rules: rulecheck.Rules) -> None:
    told = {name: value for name, value in UNIT.items() if name != "配备人数"}
    parts = [{"单位": [told]}, {"单位": [{"名称": "甲局", "配备人数": 1}]}]
    assert verdicts(rulecheck.check(parts, rules, as_of="2023-06-30")) == {"甲局": "met"}


def test_options(rules: rulecheck.Rules) -> None:
    unit = {name: value for name, value in UNIT.items() if name != "地区"}
    report = rulecheck.check({"单位": [unit]}, rules, as_of=date(2023, 6, 30), place="黄石市", documents=["测政发〔2023〕1号"])
    assert verdicts(report) == {"甲局": "violated"}
    assert report.whole.documents == ("测政发〔2023〕1号",)
    for wrong, code in (({"as_of": "某日"}, "X302"), ({"place": "某地"}, "X303"), ({"documents": ["某号"]}, "P102")):
        with pytest.raises(rulecheck.RulecheckError, match=code):
            rulecheck.check({"单位": [unit]}, rules, **wrong)  # type: ignore[arg-type]


# --- what comes back ---


def test_a_refused_part_is_an_error_that_carries_the_rest(rules: rulecheck.Rules) -> None:
    parts = [{"单位": [UNIT]}, {"单位": [{**UNIT, "名称": "乙局", "编制": -1}]}]
    with pytest.raises(rulecheck.RulecheckError) as caught:
        rulecheck.check(parts, rules, as_of="2023-06-30")
    assert caught.value.report is not None
    kept = rulecheck.check(parts, rules, as_of="2023-06-30", keep_refused=True)
    assert verdicts(caught.value.report) == verdicts(kept) == {"甲局": "violated"}
    (refused,) = kept.refused
    assert refused.faults[0].code in str(caught.value)
    assert kept.exit_status == 2


def test_results_do_not_change(rules: rulecheck.Rules) -> None:
    report = rulecheck.check({"单位": [UNIT]}, rules, as_of="2023-06-30")
    for thing, name in ((report, "whole"), (rules, "folder"), (report.judgements[0], "verdict")):
        with pytest.raises(AttributeError):
            setattr(thing, name, None)


def test_counts_texts_and_rows(rules: rulecheck.Rules) -> None:
    report = rulecheck.check({"单位": [UNIT]}, rules, as_of="2023-06-30")
    assert report.counts[Verdict.VIOLATED] == len(report.with_verdict("violated")) == 1
    assert "不符合" in report.text()
    assert "violated" in report.text("en").lower()
    with pytest.raises(rulecheck.RulecheckError, match="I108"):
        report.text("fr")  # type: ignore[arg-type]
    (row,) = report.rows()
    found = (row["rule"], row["verdict"], row["margin"], row["unit"], row["waived"])
    assert found == ("unit_has_staff", "violated", "-1", "人", False)


def test_a_comparison(rules: rulecheck.Rules, tmp_path: Path) -> None:
    new = write_rules(tmp_path / "新", {"staff.rule": STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 55人")})
    found = rulecheck.compare(rules, new, {"单位": [UNIT]}, as_of="2023-06-30")
    (group,) = found.changed
    assert ([cause.what for cause in group.causes], group.count) == (["applies"], 1)
    assert [each.rule.id for each in found.rules] == ["unit_has_staff"]
    assert found.refused == ((), ())
    assert json.loads(found.json())["schema"] == "rulecheck-compare/1"
    assert "起因：适用情形" in found.text()


# --- tables ---


def libraries() -> list[Any]:
    names = ("pandas", "polars", "pyarrow")
    return [pytest.param(name, marks=pytest.mark.skipif(not _has(name), reason="not installed")) for name in names]


def _has(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None and find_spec("pyarrow") is not None


def made(library: str, rows: list[dict[str, Any]]) -> Any:
    import pyarrow

    table = pyarrow.Table.from_pylist(rows)
    if library == "polars":
        import polars

        return polars.from_arrow(table)
    if library == "pandas":
        import pandas

        return pandas.DataFrame.from_arrow(table)
    return table


@pytest.mark.parametrize("library", libraries())
def test_tables_in_and_out(rules: rulecheck.Rules, library: str) -> None:
    units = made(library, [UNIT, {**UNIT, "名称": "乙局", "编制": 49}])
    report = rulecheck.check({"单位": units}, rules, as_of="2023-06-30")
    assert verdicts(report) == {"甲局": "violated", "乙局": "not_applicable"}
    assert report.judgements[0].subject.origin.where_zh == "第2行"
    import pyarrow

    out = pyarrow.table(report)
    assert out.column("verdict").to_pylist() == [str(each.verdict) for each in report.judgements]
    assert out.to_pylist() == report.rows()


@pytest.mark.skipif(not _has("pyarrow"), reason="not installed")
def test_types_of_columns(rules: rulecheck.Rules) -> None:
    import pyarrow

    claims = pyarrow.table(
        {
            "编号": pyarrow.array([1, 2], pyarrow.int64()),
            "地区": pyarrow.array(["黄石市", "黄石市"]).dictionary_encode(),
            "受理日": pyarrow.array([date(2023, 3, 6)] * 2, pyarrow.date32()),
            "办结日": pyarrow.array([datetime(2023, 3, 13), None], pyarrow.timestamp("us")),
        }
    )
    units = pyarrow.table({"名称": ["甲局"], "编制（人）": pyarrow.array([Decimal("50.0")], pyarrow.decimal128(9, 1))})
    report = rulecheck.check({"申请": claims, "单位": units}, rules, as_of="2023-06-30")
    assert sorted(str(each.verdict) for each in report.judgements if each.rule == "application_limit") == ["met", "undetermined"]


@pytest.mark.skipif(not _has("pyarrow"), reason="not installed")
@pytest.mark.parametrize(
    ("values", "code"),
    [([50.0], "I105"), ([[50]], "I106"), ([{"a": 1}], "I106"), ([datetime(2023, 3, 6, 12)], "I107")],
)
def test_columns_that_are_not_exact_are_refused(rules: rulecheck.Rules, values: list[Any], code: str) -> None:
    import pyarrow

    with pytest.raises(rulecheck.RulecheckError) as caught:
        rulecheck.check({"单位": pyarrow.table({"名称": ["甲局"], "编制": values})}, rules)
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == (code, "单位.csv")
    assert "编制" in fault.text.zh


@pytest.mark.skipif(not _has("pyarrow"), reason="not installed")
def test_a_stream_that_can_be_read_once_is_compared_all_the_same(rules: rulecheck.Rules) -> None:
    import pyarrow

    reader = pyarrow.Table.from_pylist([UNIT]).to_reader()
    assert rulecheck.compare(rules, rules, {"单位": reader}, as_of="2023-06-30").found.compared == 1


# --- messages ---


def test_messages_are_used_and_in_both_languages() -> None:
    used = {
        code
        for path in (SOURCE_TREE / "rulecheck" / "api").glob("*.py")
        for code in re.findall(r'"(I\d\d\d)"', path.read_text(encoding="utf-8"))
    }
    rows = tomllib.loads(read_text("dsl", "messages", "interface.toml"))
    assert set(rows) == used
    for code, row in rows.items():
        assert row["zh"], code
        assert row["en"], code
        assert ("help_zh" in row) == ("help_en" in row), code


# --- loading late ---


def test_the_package_alone_loads_nothing() -> None:
    program = "import sys, rulecheck; print(*sorted(name for name in sys.modules if name.startswith('rulecheck')))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SOURCE_TREE)}
    )
    assert done.stdout.split() == ["rulecheck"]


def test_checking_loads_nothing_of_bulk(folder: Path) -> None:
    program = (
        "import sys, rulecheck\n"
        "rulecheck.check({'单位': []}, rulecheck.load(sys.argv[1]))\n"
        "print(*sorted({'numpy', 'pyarrow', 'duckdb', 'rulecheck.batching', 'rulecheck.columns'} & set(sys.modules)))\n"
    )
    words = [sys.executable, "-c", program, str(folder / "规则")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SOURCE_TREE)})
    assert done.stdout.split() == []


def test_every_name_is_there_however_modules_are_loaded() -> None:
    program = (
        "import rulecheck.cli, rulecheck.commands.batch, rulecheck.commands.check, rulecheck.commands.compare, rulecheck\n"
        "names = ('batch', 'check', 'compare', 'load', 'Batch', 'Report', 'Rows', 'Rules', 'Comparison')\n"
        "names += ('RuleCounts', 'RulecheckError', 'Fault', 'Refused')\n"
        "assert all(callable(getattr(rulecheck, name)) for name in names)\n"
        "assert set(names) <= set(dir(rulecheck))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(SOURCE_TREE)})


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        rulecheck.no_such_thing  # type: ignore[attr-defined]  # noqa: B018


def test_types_are_told_of_every_name() -> None:
    told = (SOURCE_TREE / "rulecheck" / "__init__.pyi").read_text(encoding="utf-8")
    assert {name for name in dir(rulecheck) if f"import {name} as {name}\n" in told} == rulecheck._API  # type: ignore[attr-defined]
