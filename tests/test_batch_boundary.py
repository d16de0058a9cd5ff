"""A hundred thousand cases exactly on the 60% boundary through the embedded engine, metres and kilometres mixed: none wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.source import DuckdbSource, plan_tables
from rulecheck.batching.sources.open import open_tables
from rulecheck.batching.sources.table import InMemory, Table
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.judgement import Verdict
from rulecheck.judging.lower import lower
from support_boundary import CASES, Shop, Unit, columns, csv_text, rules, shops

AS_OF = date(2024, 6, 30).toordinal()
HALVES: Sequence[tuple[Unit, bool]] = (("米", False), ("公里", True))
"""The unit of a table's heading, and which of the shops it has."""


def arrow(of: Sequence[Shop], unit: Unit) -> pa.Table:
    keys, numbers = columns(of, unit)
    texts = {name: pa.array(each, pa.string()) for name, each in keys.items()}
    return pa.table(texts | {name: pa.array(each, pa.decimal128(18, 6)) for name, each in numbers.items()})


def tables(form: str, of: Sequence[Shop], unit: Unit | None, folder: Path) -> Sequence[Table]:
    if form == "csv":
        (folder / "零售点.csv").write_text(csv_text(of, unit), encoding="utf-8")
        return open_tables([folder / "零售点.csv"], folder).tables
    assert unit is not None
    table = arrow(of, unit)
    if form == "parquet":
        parquet.write_table(table, folder / "零售点.parquet")
        return open_tables([folder / "零售点.parquet"], folder).tables
    names = tuple(table.schema.names)
    return [Table("零售点", "零售点", names, tuple(table.schema.types), InMemory(table), table.num_rows, False)]


def verdicts(given: Sequence[Table], folder: Path) -> Counter[tuple[str | None, Verdict | None]]:
    """How often each limb has each verdict."""
    made = plan_tables(rules(), given, None, rules().rules)
    assert not made.declared.errors
    judge = ColumnJudge(lower(rules(), AS_OF))
    tags = [each.plan.tag for each in judge.judgements["shop"]]
    counted: Counter[tuple[str | None, Verdict | None]] = Counter()
    with DuckdbSource(made, rules(), rules().places.by_id["qinghe"], folder, Means("300MB", 1)) as source:
        for frame in source.partitions("shop", 0):
            for tag, codes in zip(tags, judge.verdicts(frame).codes, strict=True):
                counted.update((tag, CODES[code]) for code in codes.tolist())
    return counted


BESIDE = {0: ("甲", "乙", "丙", "丁"), -1: (), 1: ("甲", "乙", "丙")}
"""The limbs that are met so many millimetres beside the boundary."""


@pytest.mark.parametrize("off", BESIDE)
@pytest.mark.parametrize("form", ["csv", "parquet", "memory"])
def test_metres_and_kilometres_in_tables_of_their_own(form: str, off: int, tmp_path: Path) -> None:
    found: Counter[tuple[str | None, Verdict | None]] = Counter()
    for unit, in_kilometres in HALVES:
        half = [each for each in shops(off) if each.is_in_kilometres == in_kilometres]
        folder = tmp_path / unit
        folder.mkdir()
        found += verdicts(tables(form, half, unit, folder), folder)
    expected = {(tag, Verdict.MET if tag in BESIDE[off] else Verdict.VIOLATED): CASES for tag in "甲乙丙丁"}
    assert found == expected


@pytest.mark.parametrize("off", BESIDE)
def test_metres_and_kilometres_mixed_in_one_column(off: int, tmp_path: Path) -> None:
    expected = {(tag, Verdict.MET if tag in BESIDE[off] else Verdict.VIOLATED): CASES for tag in "甲乙丙丁"}
    assert verdicts(tables("csv", list(shops(off)), None, tmp_path), tmp_path) == expected
