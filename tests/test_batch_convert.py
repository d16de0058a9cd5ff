"""Columns of tables are read as `check` reads each value: exactly, or with a fault of the cell."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from rulecheck.batching.cells import CellFaults, diagnostics, together  # noqa: E402
from rulecheck.batching.column_types import misfit  # noqa: E402
from rulecheck.batching.convert import ColumnReader, convert  # noqa: E402
from rulecheck.batching.declare import FactColumn, TableHeader, declare  # noqa: E402
from rulecheck.batching.numbers import steps_of  # noqa: E402
from rulecheck.batching.texts import plain_decimals  # noqa: E402
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Column  # noqa: E402
from rulecheck.facts.nodes import Cell, Problem  # noqa: E402
from rulecheck.facts.values import read_value  # noqa: E402
from rulecheck.language.diagnostics import render  # noqa: E402
from rulecheck.measures.units import unit_table  # noqa: E402
from rulecheck.rules.model import Bilingual, CategoryType, Fact, NumberType  # noqa: E402
from rulecheck.submission import NONE, UNTOLD  # noqa: E402
from support_facts import FACTS, RULE_SET, fact, quantity  # noqa: E402

BY_ID = {each.id: each for each in FACTS} | {
    "open": fact("类型", "open", CategoryType((Bilingual("甲", "a"), Bilingual("乙", "b")), False, True)),
    "signed": fact("增减", "signed", NumberType(None), step="1/1000"),
    "land": fact("用地", "land", quantity("亩"), step="2000/3", low=-5),
    "never": fact("注销日", "never", BY.type, may_be_none=True) if (BY := FACTS[8]) else BY,
}


def column(of: Fact | str, type: Any = None, unit: str = "", blank: Any = UNTOLD) -> FactColumn:
    chosen = BY_ID[of] if isinstance(of, str) else of
    return FactColumn(0, chosen.zh, type or pa.string(), chosen, 0, unit_table().find(unit) if unit else None, blank)


def read(of: Fact | str, array: Any, unit: str = "", blank: Any = UNTOLD) -> tuple[Column, CellFaults]:
    chosen = column(of, array.type, unit, blank)
    assert misfit(array.type, "", chosen.fact, chosen.unit) is None
    return convert(chosen, array)


def values(found: Column, of: Fact | str = "posts") -> list[Any]:
    """What a column holds, as `Subject.values` has it."""
    state = found.state if found.state is not None else np.zeros(len(found.values), np.uint8)
    told = [int(each) for each in found.values]
    if found.texts is not None:
        told = [found.texts[each] if state[row] == TOLD else each for row, each in enumerate(told)]  # type: ignore[misc]
    return [{TOLD: value, NOT_TOLD: UNTOLD, KNOWN_NONE: NONE}[int(each)] for value, each in zip(told, state, strict=True)]


# --- as `check` reads each value ---

ODD = [
    "", " ", "　", "/", "／", "—", "--", "无", " 无 ", "none", "NONE", "未填", "未知", "0", "-0", "00", "007", "1", "+1", "-1", "1.", ".5",
    "1.0", "1.50", "0.5", "00.5", "-0.5", "- 5", "１２", "１,２００", "1,200", "12,00", "1200人", "0.5万人", "3 千人", "5%", "0.5‰", "60 %",
    "0.05", "1e3", "0x10", "1_000", "½", "五", "约50", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "123456789012345678", "1234567890123456789", "12345678901234567890123", "0.000000001", "0.0000000001", "1" * 31, "1000",
    "1001", "999.99", "3.5", "2000000", "2平方米", "1亩", "3亩", "0.001", "120分钟", "2 小时", "2023-01-19", "2023年1月19日", "2023.1.9",
    "2023/1/19", "2023-1-19", "2023-02-29", "2024-02-29", "1899-12-31", "2199-12-31", "2200-01-01", "2024年底", "2023年6月底",
    "2023-01-19 00:00:00", "2023-01-19T10:00", "2023", "1月19日", "17:30", "17:30:00", "17:30:15", "24:00", "24:01", "5点", "9时5分",
    "下午3点", "是", "否", "yes", "No", "TRUE", "false", "√", "✗", "y", "机关", "organ", " 事业单位 ", "机构", "其他", "其他（丙）", "other: x",
    "甲", "a", "b ", "甲局", "a\u200bb", "\x07", "a\tb", "a\nb", "x" * 10_001, "\ufffd", "１２人", "10" + "0" * 17, "-",
]  # fmt: skip


def as_check(texts: Sequence[str | None], of: Fact, unit: str = "") -> list[Any]:
    found = unit_table().find(unit) if unit else None
    return [UNTOLD if text is None else read_value(Cell(text, 0), of, found) for text in texts]


def same(found: tuple[Column, CellFaults], expected: Sequence[Any], of: Fact) -> None:
    """The values are those expected; what is refused there is refused here, with the same words."""
    taken, faults = found
    problems = {row: each for row, each in enumerate(expected) if isinstance(each, Problem)}
    large = {row for row, each in enumerate(expected) if isinstance(each, int) and not -(2**63) <= each < 2**63}
    assert faults.count == len(problems) + len(large)
    for each in faults.first:
        if each.row in large:
            assert each.problem.code == "B201"
        else:
            assert each.problem == problems[each.row]
    for row, value in enumerate(values(taken, of)):
        wanted = UNTOLD if row in problems or row in large else expected[row]
        assert value == wanted, (row, value, wanted)
        assert (value is NONE) == (wanted is NONE)


@pytest.mark.parametrize("unit", ["", "own", "other"])
@pytest.mark.parametrize("of", BY_ID.values(), ids=BY_ID)
def test_every_text_is_read_as_check_reads_it(of: Fact, unit: str) -> None:
    chance = random.Random(of.id + unit)
    name = "" if unit == "" or of.unit is None else of.unit.text if unit == "own" else f"百{of.unit.text}"
    name = name if name == "" or unit_table().find(name) is not None else of.unit.text  # type: ignore[union-attr]
    for texts in (ODD, [chance.choice([*ODD, None]) for _ in range(400)], [each for each in ODD if each.isascii()][:40]):
        for type in (pa.string(), pa.large_string(), pa.string_view()):
            array = pa.array(texts, type)
            same(read(of, array, name), as_check(texts, of, name), of)
        packed = pa.array(texts, pa.string()).dictionary_encode()
        same(read(of, packed, name), as_check(texts, of, name), of)
        same(read(of, pa.chunked_array([packed, packed]), name), as_check([*texts, *texts], of, name), of)
        same(read(of, pa.array(["x", *texts, "y"]).slice(1, len(texts)), name), as_check(texts, of, name), of)
