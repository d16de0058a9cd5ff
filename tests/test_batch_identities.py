"""Who a row is about, whose it is and where: names, codes, places and statements of rosters, as `check` reads them."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

import pyarrow.compute as pc  # noqa: E402

from rulecheck.batching.converting.identities import (  # noqa: E402
    EMPTY,
    PARTLY,
    UNSAID,
    WHOLE,
    _is_clean,
    read_keys,
    read_names,
    read_places,
    read_statements,
)
from rulecheck.batching.declaring.declare import NameColumn, PlaceColumn, StatementColumn, TableHeader, declare  # noqa: E402
from rulecheck.facts.credit_codes import read_credit_code  # noqa: E402
from rulecheck.facts.identity import read_code, read_identifier, read_place, read_statement  # noqa: E402
from rulecheck.facts.nodes import FORBIDDEN, Problem  # noqa: E402
from support_facts import KINDS, RULE_SET  # noqa: E402

TEXT = pa.string()
TYPES = [pa.string(), pa.large_string(), pa.string_view()]
NAMES = [
    "甲局", " 甲局 ", "　甲局", "007", "7", "7.0", "", " ", "/", "—", "未填", "unknown", "Not Given", "ＵＮＫＮＯＷＮ", "无",
    "none", "A-1", "未来局", "市（区）局", "a·b", "O’Neill", "“甲”局", "é", "a\u00a0b", "\u00a0甲", "甲\n局", "甲 局",
    "a\nb", "a\tb", "甲\r\n局", "\x07", "a\u200bb", "a\u00adb", "\ufeff甲", "甲\u2028", "\U000e0001", "\U0001f600", "𠮷",
    "x" * 10_000, "x" * 10_001, "N", "u",
]  # fmt: skip


def names(texts: list[str | None], word: str = "id", type: Any = TEXT) -> tuple[list[str | None], list[tuple[int, Problem]], int]:
    found, faults = read_names(NameColumn(0, "编号", type, word), pa.array(texts, type))
    assert found.type == pa.large_string()
    return found.to_pylist(), [(each.row, each.problem) for each in faults.first], faults.count


def as_check(texts: list[str | None], read: Any = read_identifier) -> tuple[list[str | None], list[tuple[int, Problem]], int]:
    meant = ["" if text is None else read(text) for text in texts]
    problems = [(row, each) for row, each in enumerate(meant) if isinstance(each, Problem)]
    return [None if isinstance(each, Problem) or not each else each for each in meant], problems[:20], len(problems)


@pytest.mark.parametrize("type", [*TYPES, pa.dictionary(pa.int32(), TEXT)])
def test_names_are_read_as_in_check(type: Any) -> None:
    assert names([*NAMES, None], type=type) == as_check([*NAMES, None])
    for text in NAMES:
        assert names(["甲", text, None], type=type) == as_check(["甲", text, None])
    clean = [text for text in NAMES if not isinstance(read_identifier(text), Problem) and "\n" not in text]
    chance = random.Random(1)
    for _ in range(20):
        texts = [chance.choice([*clean, None]) for _ in range(50)]
        assert names(texts, type=type) == as_check(texts)


def test_numbers_are_names_too() -> None:
    assert names([7, None, 12], type=pa.int64()) == (["7", None, "12"], [], 0)  # type: ignore[list-item]
    assert names([7, None, 12], type=pa.decimal128(20, 0)) == (["7", None, "12"], [], 0)  # type: ignore[list-item]


def test_every_character_is_taken_or_refused_as_in_check() -> None:
    """Of characters that stand alone, those that are refused are found among the bytes."""
    allowed = "".join(
        chr(point)
        for point in range(0x20, sys.maxunicode + 1)
        if not 0xD800 <= point < 0xE000 and not FORBIDDEN.match(chr(point))
    )
    parts = [allowed[start : start + 2000] for start in range(0, len(allowed), 2000)]
    assert _is_clean(pa.array(parts, pa.large_string()))
    for point in [each for each in range(sys.maxunicode + 1) if FORBIDDEN.match(chr(each)) and not 0xD800 <= each < 0xE000]:
        assert not _is_clean(pa.array(["甲", f"ab{chr(point)}"], pa.large_string())), hex(point)


def test_blanks_around_a_name_are_those_of_python() -> None:
    every = [chr(point) for point in range(1, sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    trimmed = pc.utf8_trim_whitespace(pa.array(every)).to_pylist()
    assert [each for each, left in zip(every, trimmed, strict=True) if (left == "") != (each.strip() == "")] == []


def test_every_blank_is_taken_off_a_name() -> None:
    every = [chr(point) for point in range(1, sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    blanks = [each for each in every if each.strip() == "" and each not in "\t\n\r" and not FORBIDDEN.search(each)]
    assert " " in blanks
    assert "\u3000" in blanks
    for blank in blanks:
        for text in (f"{blank}a1", f"a1{blank}", f"{blank}局", f"局{blank}"):
            found, faults = read_names(NameColumn(0, "编号", TEXT, "id"), pa.array([text, "b2"], TEXT))
            assert (found.to_pylist(), faults.count) == ([text.strip(), "b2"], 0), hex(ord(blank))


@pytest.mark.parametrize("index", [pa.int8(), pa.uint8(), pa.int16(), pa.int32()])
def test_places_of_a_dictionary_are_those_of_its_texts(index: Any) -> None:
    """A text that no row has is nobody's place and nobody's fault; a dictionary may have a text twice."""
    chance = random.Random(str(index))
    for texts in (["潜江市", "黄石市", "武汉市"], ["不知何处", "黄石市", "潜江市"], ["黄石市", "黄石市", "潜江市"]):
        for _ in range(20):
            codes = [None if chance.random() < 0.2 else chance.randrange(3) for _ in range(chance.randrange(1, 12))]
            packed = pa.DictionaryArray.from_arrays(pa.array(codes, index), pa.array(texts))
            plain = pa.array([None if each is None else texts[each] for each in codes], pa.string())
            column = PlaceColumn(0, "地区", packed.type)
            found, listed, faults = read_places(column, packed, RULE_SET.places)
            expected, expected_list, expected_faults = read_places(PlaceColumn(0, "地区", plain.type), plain, RULE_SET.places)
            assert (found.tolist(), listed, faults) == (expected.tolist(), expected_list, expected_faults)


def test_bytes_that_are_no_text() -> None:
    data = pa.py_buffer("编".encode() + b"\xb1\xe0")
    array = pa.Array.from_buffers(TEXT, 2, [None, pa.py_buffer(np.array([0, 3, 5], np.int32)), data])
    found, faults = read_names(NameColumn(0, "编号", TEXT, "id"), array)
    assert (found.to_pylist(), [each.problem.code for each in faults.first]) == (["编", None], ["F112"])


def test_texts_out_of_a_larger_array() -> None:
    texts = [*NAMES, None] * 2
    array = pa.array(texts).slice(5, 50)
    found, faults = read_names(NameColumn(0, "编号", TEXT, "id"), array)
    assert (found.to_pylist(), faults.count) == (as_check(texts[5:55])[0], as_check(texts[5:55])[2])


# --- codes ---


def codes() -> list[str]:
    """Codes with the right check digit, made here."""
    chance = random.Random(3)
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    made = []
    for _ in range(200):
        start = "".join(chance.choice(letters) for _ in range(2)) + "".join(chance.choice("0123456789") for _ in range(6))
        start += "".join(chance.choice(letters) for _ in range(9))
        made.append(next(start + each for each in letters if not isinstance(read_credit_code(start + each), Problem)))
    return made


def test_credit_codes() -> None:
    chance = random.Random(4)
    right = codes()
    assert names(list(right), "credit_code") == (right, [], 0)
    wrong = [each[:-1] + chance.choice("0123456789ABC") for each in right[:50]]
    odd = [
        right[0].lower(),
        f" {right[1]} ",
        "",
        "/",
        None,
        "123",
        right[2][:4] + " " + right[2][4:],
        "I" + right[3][1:],
        "x" * 18,
    ]
    mixed = [*right, *wrong, *odd]
    chance.shuffle(mixed)
    assert names(mixed, "credit_code") == as_check(mixed, read_code)
    found, faults = read_names(NameColumn(0, "代码", TEXT, "credit_code"), pa.array([right[0], "123", "1"]), np.array([9, 4, 7]))
    assert [each.row for each in faults.first] == [4, 7]
    assert found.to_pylist() == [right[0], None, None]


@pytest.mark.parametrize("position", range(17))
def test_letters_of_a_credit_code_where_only_digits_can_stand(position: int) -> None:
    """Whatever check digit such a code has, one of them is right for it."""
    start = codes()[0][:-1]
    wrong = [start[:position] + "A" + start[position + 1 :] + each for each in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    assert names(list(wrong), "credit_code") == as_check(wrong, read_code)


# --- keys ---


def test_the_key_is_the_first_that_is_told() -> None:
    header = TableHeader("单位", "单位.parquet", (("名称", TEXT), ("信用代码", TEXT), ("编号", pa.int64())))
    plan = declare(RULE_SET, [header], chosen=()).tables[0]
    code = codes()[0]
    columns = [
        pa.array(["甲", "乙", "丙", " ", None]),
        pa.array([code, "", None, "/", "123"]),
        pa.array([1, 2, None, None, None]),
    ]
    keys, faults = read_keys(plan, columns.__getitem__, 5, 100)
    assert keys.to_pylist() == [code, "2", "丙", None, None]
    assert [(each.row, each.column, each.problem.code) for each in faults.first] == [(103, -1, "F210"), (104, 1, "E101")]
    assert faults.count == 2


# --- places and rosters ---


def test_places() -> None:
    texts = ["黄石市", "阳新", None, "/", "huangshi", "黄石", "武汉", " 阳新县 "]
    column = PlaceColumn(3, "地区", TEXT)
    for array in (pa.array(texts), pa.array(texts).dictionary_encode(), pa.chunked_array([texts[:3], texts[3:]])):
        positions, places, faults = read_places(column, array, RULE_SET.places, 10)
        assert [places[each].english if each >= 0 else "" for each in positions] == [
            "huangshi", "yangxin", "", "", "huangshi", "huangshi", "", "yangxin",
        ]  # fmt: skip
        assert [(each.row, each.column, each.problem) for each in faults.first] == [(16, 3, read_place("武汉", RULE_SET.places))]
        assert len(places) == 2
    positions, places, _ = read_places(column, pa.nulls(2), RULE_SET.places)
    assert (positions.tolist(), places) == ([-1, -1], ())


def test_statements() -> None:
    school = KINDS["school"]
    column = StatementColumn(1, "学校", TEXT, school)
    found, faults = read_statements(column, pa.array(["无", "空", "已报全", "未报全", "", None, "/", "有", "complete"]))
    assert found.tolist() == [EMPTY, EMPTY, WHOLE, PARTLY, UNSAID, UNSAID, UNSAID, UNSAID, WHOLE]
    assert [(each.row, each.problem) for each in faults.first] == [(7, read_statement("有", school))]
