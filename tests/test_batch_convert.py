"""Columns of tables are read as `check` reads each value: exactly, or with a fault of the cell."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from rulecheck.batching.converting.cells import CellFaults, diagnostics, together  # noqa: E402
from rulecheck.batching.converting.convert import ColumnReader, convert  # noqa: E402
from rulecheck.batching.converting.numbers import steps_of  # noqa: E402
from rulecheck.batching.converting.texts import plain_decimals  # noqa: E402
from rulecheck.batching.declaring.column_types import misfit  # noqa: E402
from rulecheck.batching.declaring.declare import FactColumn, TableHeader, declare  # noqa: E402
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
    "", " ", "　", "/", "／", "—", "--", "无", " 无 ", "none", "NONE", "未填", "未知", "0", "-0", "00", "007", "1", "+1",
    "-1", "1.", ".5", "1.0", "1.50", "0.5", "00.5", "-0.5", "- 5", "１２", "１,２００", "1,200", "12,00", "1200人",
    "0.5万人", "3 千人", "5%", "0.5‰", "60 %", "0.05", "1e3", "0x10", "1_000", "½", "五", "约50", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "123456789012345678", "1234567890123456789", "12345678901234567890123",
    "0.000000001", "0.0000000001", "1" * 31, "1000", "1001", "999.99", "3.5", "2000000", "2平方米", "1亩", "3亩", "0.001",
    "120分钟", "2 小时", "2023-01-19", "2023年1月19日", "2023.1.9", "2023/1/19", "2023-1-19", "2023-02-29", "2024-02-29",
    "1899-12-31", "2199-12-31", "2200-01-01", "2024年底", "2023年6月底", "2023-01-19 00:00:00", "2023-01-19T10:00", "2023",
    "1月19日", "17:30", "17:30:00", "17:30:15", "24:00", "24:01", "5点", "9时5分", "下午3点", "是", "否", "yes", "No",
    "TRUE", "false", "√", "✗", "y", "机关", "organ", " 事业单位 ", "机构", "其他", "其他（丙）", "other: x", "甲", "a", "b ",
    "甲局", "a\u200bb", "\x07", "a\tb", "a\nb", "x" * 10_001, "\ufffd", "１２人", "10" + "0" * 17, "-",
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


# --- numbers that are stored as such ---


def exact(value: Any, of: Fact, unit: str = "") -> Any:
    """A number in steps by the definition of it; None where `check` refuses it or it is beyond 64 bits."""
    if value is None:
        return UNTOLD
    measured = unit_table().find(unit) if unit else of.unit
    steps = Fraction(value) * (measured.factor if measured else 1) / of.step
    low, high = of.minimum, of.maximum
    fits = steps.denominator == 1 and -(2**63) <= steps < 2**63
    return int(steps) if fits and (low is None or steps >= low) and (high is None or steps <= high) else Problem("")


def same_numbers(array: Any, given: Sequence[Any], of: Fact, unit: str = "") -> None:
    expected = [exact(each, of, unit) for each in given]
    found, faults = read(of, array, unit)
    assert values(found) == [UNTOLD if isinstance(each, Problem) else each for each in expected]
    assert faults.count == sum(isinstance(each, Problem) for each in expected)
    assert [each.row for each in faults.first] == [row for row, each in enumerate(expected) if isinstance(each, Problem)][:20]


NUMBERS = [each for each in BY_ID.values() if isinstance(each.type, NumberType)]
EDGES = [0, 1, -1, 9, 10, 100, 127, -128, 255, 999, 1000, 1001, 2**31 - 1, -(2**31), 2**32, 2**53 + 1, 2**63 - 1, -(2**63)]


@pytest.mark.parametrize("of", NUMBERS, ids=lambda each: each.id)
@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_whole_numbers(of: Fact, bits: int) -> None:
    unit = of.unit.text if of.unit else ""
    for sign, low, high in (("int", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1), ("uint", 0, 2**bits - 1)):
        given = [None, *(each for each in EDGES if low <= each <= high), low, high, None]
        type = getattr(pa, f"{sign}{bits}")()
        same_numbers(pa.array(given, type), given, of, unit)
        same_numbers(pa.array(given, type).slice(2), given[2:], of, unit)
        same_numbers(pa.array(given, type).dictionary_encode(), given, of, unit)


def decimals(chance: random.Random, precision: int, scale: int) -> list[Decimal | None]:
    """Numbers of all sizes, those at both ends of what the type and 64 bits hold among them."""
    most = 10**precision - 1
    whole = [0, most, -most, 10**scale, -(10**scale), 5 * 10**scale, 2**63, 2**63 - 1, -(2**63), -(2**63) - 1, 2**64, 2**127]
    whole += [(2**63 - 1) * 10**scale, -(2**63) * 10**scale, 2**63 * 10**scale, 10 ** (scale + 17)]
    whole += [chance.randrange(-(10 ** chance.randrange(1, precision + 1)) + 1, most + 1) for _ in range(60)]
    whole += [chance.randrange(-2000, 2000) * 10**scale // chance.choice([1, 2, 4, 10, 100]) for _ in range(60)]
    return [None, *(Decimal((each < 0, tuple(map(int, str(abs(each)))), -scale)) for each in whole if abs(each) <= most), None]


@pytest.mark.parametrize("of", NUMBERS, ids=lambda each: each.id)
@pytest.mark.parametrize(
    ("make", "precision", "scale"),
    [
        ("decimal32", 9, 2),
        ("decimal64", 18, 0),
        ("decimal64", 18, 4),
        ("decimal128", 18, 2),
        ("decimal128", 38, 0),
        ("decimal128", 38, 2),
        ("decimal128", 38, 18),
        ("decimal128", 38, 37),
        ("decimal128", 5, -2),
        ("decimal256", 76, 10),
        ("decimal256", 76, 60),
    ],
)
def test_decimals(of: Fact, make: str, precision: int, scale: int) -> None:
    chance = random.Random(f"{of.id} {make} {precision} {scale}")
    given = decimals(chance, precision, max(scale, 0))
    if scale < 0:
        given = [None, Decimal("1E2"), Decimal("-3E2"), Decimal("99999E2")]
    array = pa.array(given, getattr(pa, make)(precision, scale))
    unit = of.unit.text if of.unit else ""
    same_numbers(array, given, of, unit)
    same_numbers(array.slice(1, 50), given[1:51], of, unit)
    same_numbers(array.slice(1, len(given) - 2), given[1:-1], of, unit)


def test_what_stands_at_a_null_has_no_say() -> None:
    behind = np.array([1, 2**62, -7], np.int64)
    array = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(b"\x01"), pa.py_buffer(behind)])
    found, faults = read("posts", array)
    assert (values(found), faults.count) == ([1, None, None], 0)
    assert abs(found.values).max() < 2**31


BEHIND: Sequence[tuple[Any, str, str]] = (
    (pa.int8(), "posts", "i1"),
    (pa.int16(), "posts", "i2"),
    (pa.int32(), "signed", "i4"),
    (pa.int64(), "posts", "i8"),
    (pa.int64(), "area", "i8"),
    (pa.uint64(), "posts", "u8"),
    (pa.decimal64(12, 2), "area", "i8"),
    (pa.decimal128(12, 2), "area", "i8"),
    (pa.decimal256(12, 2), "area", "i8"),
    (pa.date32(), "founded_on", "i4"),
    (pa.date64(), "founded_on", "i8"),
    (pa.timestamp("us"), "founded_on", "i8"),
    (pa.bool_(), "is_public", "u1"),
    (pa.dictionary(pa.int8(), pa.string()), "open", "i1"),
    (pa.dictionary(pa.int32(), pa.string()), "open", "i4"),
)
"""Types, a fact of each, and what a value is made of in memory."""


@pytest.mark.parametrize(("type", "of", "width"), BEHIND, ids=[f"{each[0]}-{each[1]}" for each in BEHIND])
def test_what_stands_at_nulls_changes_nothing(type: Any, of: str, width: str) -> None:
    chance = random.Random(f"{type} {of}")
    for _ in range(20):
        given = [None if chance.random() < 0.3 else some_value(chance, type) for _ in range(chance.choice((1, 7, 8, 9, 40, 300)))]
        clean = pa.array(given, type)
        spoilt = with_anything_at_nulls(clean, width, chance)
        clean = clean.cast(pa.string()) if pa.types.is_dictionary(type) else clean
        assert spoilt.to_pylist() == given
        for first in (0, 1, 8, 13):
            found, faults = read(of, spoilt.slice(first))
            expected, expected_faults = read(of, clean.slice(first))
            assert (values(found, of), faults) == (values(expected, of), expected_faults)
            told = [each for each in values(found, of) if each is not UNTOLD]
            least, most = found.bounds()
            assert not told or (least <= min(told) and max(told) <= most)
            if pa.types.is_date(type) and told:
                # A table of days is made from the first to the last.
                assert (least, most) == (min(told), max(told)) == (found.values.min(), found.values.max())


def some_value(chance: random.Random, type: Any) -> Any:
    if pa.types.is_boolean(type):
        return chance.random() < 0.5
    if pa.types.is_dictionary(type):
        return chance.choice("甲乙")
    if pa.types.is_date(type):
        return date(2023, 1, 1) + timedelta(chance.randrange(400))
    if pa.types.is_timestamp(type):
        return datetime(2023, 1, 1) + timedelta(chance.randrange(400))
    whole = chance.randrange(100)
    return Decimal(whole) if pa.types.is_decimal(type) else whole


def with_anything_at_nulls(array: Any, width: str, chance: random.Random) -> Any:
    """The same array with other bytes where nothing was told, the first index of a dictionary at the least."""
    nulls = array.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(array.type):
        indices = with_anything_at_nulls(array.indices, width, chance)
        return pa.DictionaryArray.from_arrays(indices, array.dictionary, safe=False)
    bits, data = array.buffers()
    if pa.types.is_boolean(array.type):
        flags = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[: len(array)]
        flags[nulls] = [chance.randrange(2) for _ in range(int(nulls.sum()))]
        return pa.Array.from_buffers(array.type, len(array), [bits, pa.py_buffer(np.packbits(flags, bitorder="little"))])
    kept = np.frombuffer(data, np.uint8).copy()
    per_value = array.type.bit_width // 8
    wild = np.frombuffer(chance.randbytes(per_value * len(array)), np.uint8).copy()
    if chance.random() < 0.5:
        wild = np.zeros(per_value * len(array), width).view(np.uint8)[: per_value * len(array)]
    rows = kept[: per_value * len(array)].reshape(len(array), per_value)
    rows[nulls] = wild.reshape(len(array), per_value)[nulls]
    return pa.Array.from_buffers(array.type, len(array), [bits, pa.py_buffer(kept)])


@pytest.mark.parametrize("seed", range(30))
def test_parts_of_a_column(seed: int) -> None:
    chance = random.Random(seed)
    given = [None if chance.random() < 0.3 else chance.randrange(100) for _ in range(chance.choice((1, 16, 61)))]
    found, _ = read("posts", pa.array(given, pa.int64()))
    whole = values(found)
    first = chance.randrange(len(given))
    last = chance.randrange(first, len(given)) + 1
    rows = np.array([chance.randrange(len(given)) for _ in range(20)], np.int64)
    for part in (found.run(first, last), found.run(first // 8 * 8, last)):
        assert values(part) == whole[last - len(part.values) : last]
        assert values(part.some(np.arange(len(part.values)))) == whole[last - len(part.values) : last]
    assert values(found.some(rows)) == [whole[row] for row in rows.tolist()]


SIZES = [Fraction(1), *(Fraction(each) for each in (2, 3, 10, 100, 10**4, 10**18, 10**19, "1/2", "1/3", "1/100", "1/1000000000"))]
SIZES += [Fraction(each) for each in ("2/3", "7/10", "200000/3", "1/1000000000000000000", "1/10000000000000000000", "10/7")]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_steps_at_the_ends_of_64_bits(size: Fraction) -> None:
    """What is just within 64 bits is exact, what is just beyond is marked, in every type and with every higher word."""
    ends = [int(end / size) + near for end in (2**63, -(2**63)) for near in range(-3, 4)]
    ends += [
        near * size.denominator + (2**bits if bits else 0)
        for bits in (0, 63, 64, 96, 127, 128, 160, 192, 224)
        for near in (0, 5, -5)
    ]
    ends += [-each for each in ends]
    for make, low, high in (
        (pa.int64(), -(2**63), 2**63 - 1),
        (pa.uint64(), 0, 2**64 - 1),
        (pa.decimal64(18, 0), 1 - 10**18, 10**18 - 1),
        (pa.decimal128(38, 0), 1 - 10**38, 10**38 - 1),
        (pa.decimal256(76, 0), 1 - 10**76, 10**76 - 1),
    ):
        given = [each for each in ends if low <= each <= high]
        exactly = [each * size for each in given]
        values, bad, least, most = steps_of(
            pa.array([Decimal(each) for each in given] if pa.types.is_decimal(make) else given, make), None, size
        )
        fits = [each.denominator == 1 and -(2**63) <= each < 2**63 for each in exactly]
        assert values.tolist() == [int(each) if fit else 0 for each, fit in zip(exactly, fits, strict=True)], make
        assert least <= min(values.tolist())
        assert max(values.tolist()) <= most
        assert (bad.tolist() if bad is not None else [False] * len(given)) == [not fit for fit in fits], make


@pytest.mark.parametrize("seed", range(20))
def test_plain_decimals(seed: int) -> None:
    chance = random.Random(seed)
    texts = [
        "".join(chance.choice(chance.choice(["0123456789", "0123456789.", "0.-", "019.x"])) for _ in range(chance.randrange(12)))
        for _ in range(300)
    ] + ["9" * 18, "9" * 19, "-" + "9" * 18, "0." + "1" * 9, "1." + "1" * 10, "1" * 17 + ".1", "1" * 17 + ".12", "0.1", "-"]
    found, places, plain = plain_decimals(pa.array(texts))
    for row, text in enumerate(texts):
        digits = text.removeprefix("-")
        head, point, tail = digits.partition(".")
        written = head.isdecimal() and (not point or tail.isdecimal()) and (head == "0" or not head.startswith("0"))
        assert not plain[row] or written, text
        if plain[row]:
            assert Fraction(int(found[row]), 10**places) == Fraction(text)
        elif written:  # left to the reader of `check`, since it has too many digits
            assert len(tail) > 9 or len(head) + max(len(tail), places) > 18


# --- the other types ---


def test_days() -> None:
    given = [date(2023, 1, 19), None, date(1900, 1, 1), date(2199, 12, 31)]
    for type in (pa.date32(), pa.date64(), *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns"))):
        array = pa.array(given, pa.date32()).cast(type)
        found, faults = read("founded_on", array)
        assert values(found) == [None if each is None else each.toordinal() for each in given], type
        assert not faults


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_moment_is_a_day_only_at_midnight(unit: str) -> None:
    array = pa.array([datetime(2023, 1, 19), datetime(2023, 1, 19, 10, 30)], pa.timestamp(unit))
    found, faults = read("founded_on", array)
    assert values(found) == [date(2023, 1, 19).toordinal(), None]
    assert [(each.row, each.problem) for each in faults.first] == [(1, Problem("U830", {"text": "2023-01-19 10:30:00"}))]


@pytest.mark.parametrize("far", [date(1899, 12, 31), date(9999, 12, 31), date(2200, 1, 1)])
def test_days_of_other_centuries_are_refused_as_in_check(far: date) -> None:
    for type in (pa.date32(), pa.timestamp("us")):
        found, faults = read("founded_on", pa.array([far]).cast(type))
        assert values(found) == [None]
        assert faults.first[0].problem == read_value(Cell(far.isoformat(), 0), BY_ID["founded_on"])


def test_days_within_a_declared_range() -> None:
    of = fact("受理日", "accepted", BY.type, low=date(2023, 1, 1).toordinal(), high=date(2023, 12, 31).toordinal())
    given = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), None]
    same(read(of, pa.array(given)), as_check([each and each.isoformat() for each in given], of), of)


def test_times() -> None:
    given = [time(17, 30), None, time(0, 0), time(17, 30, 15), time(23, 59)]
    for type in (pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")):
        found, faults = read("opens_at", pa.array(given, type))
        assert values(found) == [1050, None, 0, None, 1439], type
        assert [each.problem for each in faults.first] == [Problem("U835", {"text": "17:30:15"})]
    midnight = pa.array([86_400_000_000], pa.int64()).view(pa.time64("us"))
    assert values(read("opens_at", midnight)[0]) == [1440]
    beyond = pa.array([86_460_000_000, -60_000_000], pa.int64()).view(pa.time64("us"))
    found, faults = read("opens_at", beyond)
    assert (values(found), faults.count, faults.first[0].problem.code) == ([None, None], 2, "U836")


def test_booleans() -> None:
    given = [True, False, None, True] * 5
    for array in (pa.array(given), pa.array(given).slice(3), pa.array(given).dictionary_encode()):
        assert values(read("is_public", array)[0]) == [None if each is None else int(each) for each in array.to_pylist()]


def test_texts_of_digits() -> None:
    found, _ = read("remarks_text", pa.array([7, None, 7, 12]))
    assert values(found) == ["7", None, "7", "12"]
    assert list(found.texts or ()) == ["7", "12"]


def test_texts_that_mean_the_same_have_one_number() -> None:
    found, _ = read("remarks_text", pa.array(["甲", " 甲 ", "乙", "—"]))
    assert found.values.tolist()[:2] == [0, 0]
    assert values(found) == ["甲", "甲", "乙", None]


def test_columns_of_nulls_and_without_rows() -> None:
    for of in BY_ID.values():
        assert values(read(of, pa.nulls(3))[0]) == [None] * 3
        for type in (pa.null(), pa.string(), pa.dictionary(pa.int8(), pa.string())):
            assert values(read(of, pa.array([], type))[0]) == []
        assert values(read(of, pa.array([None, None], pa.dictionary(pa.int8(), pa.string())))[0]) == [None, None]


@pytest.mark.parametrize("value", [NONE, 0])
def test_what_a_blank_stands_for(value: Any) -> None:
    texts = ["", None, "未填", "2023-01-19"]
    found, _ = read("closed_on", pa.array(texts), blank=value)
    assert values(found) == [value, value, UNTOLD, date(2023, 1, 19).toordinal()]
    found, _ = read("closed_on", pa.array([None, date(2023, 1, 19)]), blank=value)
    assert values(found) == [value, date(2023, 1, 19).toordinal()]
    found, _ = read("others", pa.array(["", None, "3", "/"]), blank=value)
    assert values(found) == [value, value, 3, UNTOLD]
    found, _ = read("remarks_text", pa.array(["", None, "甲"]), blank=NONE)
    assert values(found) == [NONE, NONE, "甲"]


def test_runs() -> None:
    array = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array([5, 6]))
    assert values(read("posts", array)[0]) == [5, 5, 6]


def test_texts_stay_known_from_one_array_to_the_next() -> None:
    reader = ColumnReader(column("category", pa.string()))
    assert values(reader.read(pa.array(["机关", "x"]), 10)[0]) == [0, None]
    _, faults = reader.read(pa.array(["organ", "x", None, "x"]), 10)
    assert [each.row for each in faults.first] == [11, 13]
    _, faults = reader.read(pa.array(["x", "organ"]), np.array([7, 3]))
    assert [each.row for each in faults.first] == [7]


# --- what is said of faults ---


def test_faults_are_told_by_row_and_heading() -> None:
    header = TableHeader("单位", "单位.parquet", (("编号", pa.string()), ("编制", pa.int64())))
    plan = declare(RULE_SET, [header], chosen=()).tables[0]
    _, faults = convert(plan.facts[0], pa.array([5, 1001, -1]), 100)
    told = diagnostics(plan, faults)
    assert [(each.place.where, each.place.where_en) for each in told if each.place] == [
        ("数据第102行“编制”", "data row 102 “编制”"),
        ("数据第103行“编制”", "data row 103 “编制”"),
    ]
    assert "“编制”应在 0人–1000人 之间，不能是“1001”" in render(told[0])
    assert "posts lies within 0 people–1000 people, which “1001” does not" in render(told[0], "en")


def test_only_the_first_faults_are_told_and_the_number_of_all() -> None:
    header = TableHeader("单位", "单位.parquet", (("编号", pa.string()), ("编制", pa.int64())))
    plan = declare(RULE_SET, [header], chosen=()).tables[0]
    reader = ColumnReader(plan.facts[0])
    faults = together(reader.read(pa.array([-1] * 15), first)[1] for first in (30, 0, 15))
    told = diagnostics(plan, faults)
    assert [each.code for each in told] == ["F308"] * 20 + ["B202"]
    assert told[0].place is not None
    assert told[0].place.where == "数据第1行“编制”"
    assert told[-1].values["count"] == "25"
    assert all(render(told[-1], language) for language in ("zh", "en"))


@pytest.mark.parametrize("array", [pa.array([Decimal("1E30")], pa.decimal128(38, 0)), pa.array(["1" + "0" * 29])])
def test_a_number_beyond_64_bits_is_refused(array: Any) -> None:
    _, faults = read("area", array)
    (found,) = faults.first
    assert found.problem.code == ("U817" if len(str(array[0])) > 30 else "B201")
    _, faults = read("others", pa.array(["1" + "0" * 25]))
    assert (faults.first[0].problem.code, faults.first[0].problem.values["value"]) == ("B201", "1" + "0" * 25)


def test_sensitive_values_are_not_shown() -> None:
    for array in (pa.array([Decimal("0.001")]), pa.array(["0.001"]), pa.array(["1" + "0" * 25])):
        _, faults = read("wages", array)
        assert faults.first[0].problem.values["value"] == "***"


def test_a_type_that_changes_within_a_table() -> None:
    reader = ColumnReader(column("posts", pa.int64()))
    assert values(reader.read(pa.array([1], pa.int32()))[0]) == [1]
    found, faults = reader.read(pa.array([1.5, 2.0]), 5)
    assert values(found) == [None, None]
    (fault,) = faults.first
    assert (fault.row, fault.problem.code, fault.problem.values["type"]) == (5, "B203", "double")


def test_bytes_that_are_no_text() -> None:
    data = pa.py_buffer("编".encode() + b"\xb1\xe0")
    array = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(np.array([0, 3, 5], np.int32)), data])
    for of in ("posts", "remarks_text", "founded_on"):
        _, faults = read(of, array)
        assert faults.first[-1].problem.code == "F112"
