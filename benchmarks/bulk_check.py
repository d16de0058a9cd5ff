"""Before anything is timed: numpy and SQL by hand and the row evaluator come to the same verdict in every cell.

    python benchmarks/bulk_check.py [--count N] [--sets N] [--sample N]

numpy and SQL are compared on every row; a sample of the rows is judged one by one, read from the table by another way.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import bulk_numpy
import bulk_sql
from bulk_numpy import CODES, Codes, Days
from bulk_world import AS_OF, Heading, asked, headings, load_rules, write_rules, write_table
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.rules import model
from rulecheck.submission import UNTOLD, Origin, Subject

SAMPLE = 3_000


def whole(fact: model.Fact, value: Any) -> int:
    """A value of the table as the checker keeps it: whole steps, ordinals, positions in a list."""
    match fact.type:
        case model.NumberType(unit=unit):
            assert unit is not None
            assert isinstance(value, int | Decimal)
            steps = Fraction(value) * unit.factor / fact.step
            assert steps.denominator == 1, (fact.id, value)
            return int(steps)
        case model.CategoryType(members=members):
            return [member.zh for member in members].index(value)
        case _:
            return value.toordinal() if isinstance(value, date) else int(value)


def subjects(rules: model.RuleSet, heads: list[Heading], table: pa.Table) -> list[Subject]:
    """The rows of a table as the row evaluator takes them."""
    kind = rules.kinds["unit"]
    nowhere = Origin("表.parquet", "", "", "")
    found = [
        Subject(
            kind=kind, id=key, name=key, origin=nowhere, place=rules.places.find(place), parent=None,
            values=[UNTOLD] * len(kind.slots), rosters=[None] * len(kind.children), origins={},
        )
        for key, place in zip(table.column("编号").to_pylist(), table.column("地区").to_pylist(), strict=True)
    ]  # fmt: skip
    for head in heads:
        slot, year = kind.slots[head.fact.id], head.name.partition("@")[2]
        for subject, value in zip(found, table.column(head.text).to_pylist(), strict=True):
            if value is None:
                continue
            if year:
                subject.values[slot] = {**(subject.values[slot] or {}), year: whole(head.fact, value)}
            else:
                subject.values[slot] = whole(head.fact, value)
    return found


def by_rows(rules: model.RuleSet, heads: list[Heading], table: pa.Table) -> dict[str, Codes]:
    judge = Judge(lower(rules, AS_OF.toordinal()))
    found: dict[str, list[int]] = {each.plan.rule.id: [] for each in judge.judges["unit"]}
    for subject in subjects(rules, heads, table):
        for each, verdict in judge.verdicts(subject):
            found[each.plan.rule.id].append(CODES.index(verdict))
    return {rule: np.array(codes, np.uint8) for rule, codes in found.items()}


def by_sql(rules: model.RuleSet, file: Path, sets: int) -> dict[str, Codes]:
    connection = bulk_sql.connect(rules.calendar, sets)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "verdicts.parquet"
        connection.execute(bulk_sql.copy(file, target, sets)).fetchall()
        connection.close()
        table = pq.read_table(target)
    # With more than one thread the rows come out in another order than they went in; they are numbered from 1.
    rows = table.column("编号").cast(pa.int64()).to_numpy() - 1
    assert len(rows) == len(np.unique(rows))
    order = np.argsort(rows)
    return {each.id: table.column(each.id).to_numpy()[order] for each in asked(sets)}


def same(what: str, one: Mapping[str, Codes], other: Mapping[str, Codes]) -> None:
    """Stops at the first rule whose codes differ, telling the first rows."""
    assert set(one) == set(other), (what, set(one) ^ set(other))
    for rule, codes in one.items():
        different = np.flatnonzero(codes != other[rule])
        if len(different):
            told = [(int(row), CODES[codes[row]].value, CODES[other[rule][row]].value) for row in different[:5]]
            raise AssertionError(f"{what}: {rule} differs in {len(different)} rows, first {told}")


def check(file: Path, sets: int = 1, sample: int = SAMPLE) -> str:
    """Compares the three on a file; what was compared and how verdicts are spread, in a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        write_rules(Path(folder) / "rules", sets)
        rules = load_rules(Path(folder) / "rules")
    heads = headings(rules)
    table = pq.read_table(file).combine_chunks()
    numpy_codes = bulk_numpy.verdicts(bulk_numpy.sources(table, heads), len(table), Days(rules.calendar), sets)
    same("numpy and SQL", numpy_codes, by_sql(rules, file, sets))
    rows = np.linspace(0, len(table) - 1, min(sample, len(table)), dtype=np.int64)
    few = table.take(pa.array(rows))
    same("numpy and rows", {rule: codes[rows] for rule, codes in numpy_codes.items()}, by_rows(rules, heads, few))
    counts: Counter[int] = Counter()
    for codes in numpy_codes.values():
        counts.update(dict(enumerate(np.bincount(codes, minlength=len(CODES)).tolist())))
    cells = len(table) * len(numpy_codes)
    spread = ", ".join(f"{CODES[code]} {each * 100 / cells:.1f}%" for code, each in counts.most_common())
    return f"{cells} verdicts the same by numpy and SQL, {len(rows) * len(numpy_codes)} of them by rows: {spread}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--sets", type=int, default=1)
    options.add_argument("--sample", type=int, default=SAMPLE)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "units.parquet"
        write_table(load_rules(), file, chosen.count, seed=7)
        print(check(file, chosen.sets, chosen.sample))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
