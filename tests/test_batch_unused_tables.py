"""A table that no rule has to do with is told of, since whoever hands it in expects verdicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from support_batch_command import DAY, TABLES, batch, write_folder, write_table
from support_command import Outcome, call
from support_shell import STAFF_RULE, register, write_rules

COUNTED = STAFF_RULE.split("  前提")[0] + "  除外情形：计数（科室） 不少于 2\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def unused(told: str) -> list[str]:
    """The files that the remark names."""
    return re.findall(r"\[B128\] [^\n]*\n  ─→ (\S+)", told)


def only(rules: Path, *names: str, **changed: str) -> None:
    """These files of rules alone, some of them with another text."""
    left_out = dict.fromkeys({"staff", "limit", "counter"} - set(names), "")
    write_rules(rules, {f"{name}.rule": text for name, text in {**left_out, **changed}.items()}, register(coverage="partial"))


def judged(*arguments: str) -> Outcome:
    return call("batch", *TABLES, "--rules", "own", "--as-of", DAY, "--output", "out", *arguments)


def test_every_table_is_judged(folder: Path) -> None:
    assert unused(batch("--output", "out").err) == []


def test_tables_that_no_rule_has_to_do_with(folder: Path) -> None:
    only(folder / "own", "staff")
    found = judged()
    assert unused(found.err) == ["科室.csv", "申请.csv"]
    assert "所用的规则没有一条核查“科室”" in found.err
    english = call("batch", *TABLES, "--rules", "own", "--as-of", DAY, "--output", "other", "--lang", "en").err
    assert "none of the rules judges office or looks at it" in english


def test_members_that_are_counted_are_of_use(folder: Path) -> None:
    only(folder / "own", "staff", staff=COUNTED)
    assert unused(judged().err) == ["申请.csv"]


def test_those_that_are_looked_up_to_are_of_use(folder: Path) -> None:
    """Where the members stand by themselves, nothing but their place comes from above."""
    only(folder / "own", "counter")
    assert unused(judged().err) == ["申请.csv"]


def test_the_rules_of_a_document_alone(folder: Path) -> None:
    """Of the rules that come with the program, as `--document` picks them."""
    write_table(folder / "学校.csv", [{"编号": "1", "名称": "甲学校"}])
    found = call("batch", "学校.csv", "--document", "黄政办发〔2022〕60号", "--as-of", DAY, "--output", "out")
    assert found.status == 4, found.err
    assert unused(found.err) == ["学校.csv"]


def test_a_comparison_tells_what_neither_side_has_to_do_with(folder: Path) -> None:
    only(folder / "own", "staff")
    only(folder / "new", "staff", staff=COUNTED)
    tables = ("单位.csv", "科室.csv", "申请.csv", "--tables", "--as-of", DAY)
    assert unused(call("compare", "own", "new", *tables).err) == ["申请.csv"]
    assert unused(call("compare", "own", "own", *tables).err) == ["科室.csv", "申请.csv"]
