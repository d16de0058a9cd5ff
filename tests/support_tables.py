"""Subjects as the tables that a user would hand in: a table a kind, every value as text, or as Arrow types that hold it exactly.

The way from subjects to tables is this module's own, through the words of submissions; the way back is the engines', which is
what these tables are for.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from rulecheck.batching.sources.table import InMemory, Table
from rulecheck.measures.days import period_names
from rulecheck.measures.units import Unit, unit_table
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Other, Roster, Subject

Rows = list[dict[str, str | None]]
"""Rows of a table by heading, every cell as text; None where there is nothing."""


class Writer:
    """Writes tables of the subjects of one rule set, in the many ways that mean the same."""

    def __init__(self, rules: model.RuleSet, random: Random) -> None:
        self._rules = rules
        self._random = random
        self._headings: Mapping[int, Sequence[tuple[str, str | None]]] = {}

    def rows(self, subjects: Mapping[str, Sequence[Subject]]) -> dict[str, Rows]:
        """The rows of each kind that has any, in no order."""
        found = {}
        for kind, of_kind in subjects.items():
            if of_kind:
                periods = periods_of(of_kind)
                self._headings = {
                    slot: [(self.heading(fact, each), each) for each in (periods.get(slot, ()) if fact.every else (None,))]
                    for slot, fact in enumerate(map(self._rules.facts.__getitem__, self._rules.kinds[kind].slots))
                }
                found[kind] = [self._row(each) for each in self._random.sample(list(of_kind), len(of_kind))]
        return found

    def _row(self, subject: Subject) -> dict[str, str | None]:
        row: dict[str, str | None] = {"编号": subject.id}
        if subject.kind.parent is not None:
            assert subject.parent is not None
            row["上级"] = subject.parent.id
        row["地区"] = None if subject.place is None else self._random.choice((subject.place.chinese, subject.place.english))
        for child, slot in subject.kind.children.items():
            row[self._rules.kinds[child].zh] = self._statement(subject.rosters[slot])
        for name, slot in subject.kind.slots.items():
            fact = self._rules.facts[name]
            for heading, period in self._headings[slot]:
                value = subject.values[slot]
                if period is not None:
                    value = (value or {}).get(period, UNTOLD)
                row[heading] = self._cell(fact, value)
        return row

    def heading(self, fact: model.Fact, period: str | None) -> str:
        unit = unit_of(fact)
        named = "" if unit is None else f"（{unit.text}）"
        return fact.zh + named + ("" if period is None else f"@{period_names(period)[0]}")

    def _statement(self, roster: Roster | None) -> str | None:
        if roster is None:
            return None
        if not roster.is_complete:
            return "未报全"
        return self._random.choice((None, "已报全")) if roster.members else self._random.choice(("无", "空"))

    def _cell(self, fact: model.Fact, value: Any) -> str | None:
        if value is UNTOLD:
            return self._random.choice((None, None, "", "—", "/"))
        return "无" if value is NONE else text_of(fact, value)


def periods_of(subjects: Sequence[Subject]) -> Mapping[int, Sequence[str]]:
    """The periods that anybody reports a fact of, by its slot."""
    found: dict[int, set[str]] = {}
    for subject in subjects:
        for slot, value in enumerate(subject.values):
            if isinstance(value, dict):
                found.setdefault(slot, set()).update(value)
    return {slot: sorted(keys) for slot, keys in found.items()}


def text_of(fact: model.Fact, value: Any) -> str:
    """A told value as a submission has it, numbers in the unit of their heading, without it."""
    match fact.type:
        case model.NumberType():
            unit = unit_of(fact)
            return f"{exact(Fraction(value) * fact.step / (unit.factor if unit else 1)):f}"
        case model.DateType():
            return date.fromordinal(value).isoformat()
        case model.TimeType():
            return f"{value // 60:02d}:{value % 60:02d}"
        case model.YesNoType():
            return "是" if value else "否"
        case model.CategoryType(members=members):
            return value.text if isinstance(value, Other) else members[value].zh
        case _:
            return str(value)


@cache
def unit_of(fact: model.Fact) -> Unit | None:
    """The fact's unit, or a smaller one where a step of the fact has no end in that: a minute in hours."""
    unit = fact.unit
    if unit is None or _places(fact.step / unit.factor) is not None:
        return unit
    return next(each for each in map(unit_table().find, SMALLER) if each is not None and each.dimension == unit.dimension)


SMALLER = ("分钟", "天")


def _places(number: Fraction) -> int | None:
    """How many decimals a number has, None where they have no end."""
    return next((each for each in range(20) if 10**each % number.denominator == 0), None)


def exact(number: Fraction) -> Decimal:
    """A number with finitely many decimals, exactly."""
    places = _places(number)
    assert places is not None
    return Decimal(number.numerator * (10**places // number.denominator)).scaleb(-places)


def arrow(rows: Rows, random: Random) -> pa.Table:
    """The same as an Arrow table: columns of plain numbers as decimals or integers, of days as days, of 是 and 否 as booleans, of
    few different texts as a dictionary; what does not fit so, and some of what does, as texts."""
    return pa.table({name: _column([row[name] for row in rows], name, random) for name in rows[0]})


def _column(cells: Sequence[str | None], name: str, random: Random) -> pa.Array:
    told = [each for each in cells if each not in (None, "", "—", "/")]
    plain = [each if each in told else None for each in cells]
    is_named = name in ("编号", "上级", "地区")
    if not is_named and told and random.random() < 0.8:
        if all(_is_number(each) for each in told) and "_text_" not in name:
            decimals = [None if each is None else Decimal(each) for each in plain]
            if all("." not in str(each) for each in told) and random.random() < 0.5:
                return pa.array([None if each is None else int(each) for each in plain], pa.int64())
            places = max(-int(each.as_tuple().exponent) for each in decimals if each is not None)
            return pa.array(decimals, pa.decimal128(38, max(places, 0)))
        if all(len(each) == 10 and each[4] == each[7] == "-" for each in told):
            return pa.array([None if each is None else date.fromisoformat(each) for each in plain], pa.date32())
        if set(told) <= {"是", "否"}:
            return pa.array([None if each is None else each == "是" for each in plain], pa.bool_())
        if random.random() < 0.5:
            return pa.array(cells, pa.string()).dictionary_encode()
    return pa.array(cells, random.choice((pa.string(), pa.large_string())))


def _is_number(text: str | None) -> bool:
    return text is not None and text.removeprefix("-").replace(".", "", 1).isdecimal()


def in_memory(kind: model.Kind, table: pa.Table) -> Table:
    """An Arrow table as one of the caller's own."""
    headings, types = tuple(table.schema.names), tuple(table.schema.types)
    return Table(kind.zh, kind.zh, headings, types, InMemory(table), table.num_rows, False)


def write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(path: Path, table: pa.Table) -> None:
    parquet.write_table(table, path, row_group_size=50)
