"""Units: which count alike, by what exact factor, and how a value is written in them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.data import read_text
from rulecheck.measures import units
from rulecheck.measures.units import Dimension, Unit, describe, divide, exact_text, from_data, multiply, read_table, unit_table

TABLE = unit_table()
SIMPLE = sorted(TABLE.units)


def find(text: str) -> Unit:
    unit = TABLE.find(text)
    assert unit is not None, text
    return unit


@pytest.mark.parametrize(
    ("text", "base", "factor"),
    [
        ("人", "人", Fraction(1)),
        ("名", "人", Fraction(1)),
        ("万人", "人", Fraction(10000)),
        ("小时", "秒", Fraction(3600)),
        ("周", "天", Fraction(7)),
        ("年", "个月", Fraction(12)),
        ("个工作日", "个工作日", Fraction(1)),
        ("公里", "米", Fraction(1000)),
        ("公顷", "平方米", Fraction(10000)),
        ("亩", "平方米", Fraction(2000, 3)),
        ("角", "元", Fraction(1, 10)),
        ("亿元", "元", Fraction(100_000_000)),
        ("%", "1", Fraction(1, 100)),
        ("‰", "1", Fraction(1, 1000)),
        ("Gbps", "Mbps", Fraction(1000)),
        ("批次/千人", "批次/人", Fraction(1, 1000)),
        ("元/平方米/年", "元/个月/平方米", Fraction(1, 12)),
        ("公里/小时", "米/秒", Fraction(5, 18)),
    ],
)
def test_a_unit_has_a_base_and_an_exact_factor(text: str, base: str, factor: Fraction) -> None:
    unit = find(text)
    assert (TABLE.base(unit.dimension).text, unit.factor) == (base, factor)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人", "户"),
        ("人", "人次"),
        ("人", "岗位"),
        ("个", "家"),
        ("次", "场次"),
        ("场", "场次"),
        ("批", "批次"),
        ("天", "个工作日"),
        ("天", "小时"),
        ("天", "个月"),
        ("分", "分钟"),
        ("%", "个百分点"),
        ("元", "美元"),
        ("米", "平方米"),
        ("吨", "吨标准煤"),
        ("千瓦", "千瓦时"),
    ],
)
def test_these_are_never_compared(one: str, other: str) -> None:
    assert find(one).dimension != find(other).dimension


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("％", "%"),
        ("千分之一", None),
        ("㎡", "平方米"),
        ("m²", "平方米"),
        ("m2", "平方米"),
        ("元／㎡", "元/平方米"),
        ("ｋｍ", "公里"),
        ("万 人", "万人"),
        ("\u3000工作日 ", "个工作日"),
        ("working days", "个工作日"),
        ("Hours", "小时"),
        ("person", "人"),
        ("batches / thousand people", "批次/千人"),
        ("自然日", "日"),
        ("月", "个月"),
        ("周岁", "岁"),
        ("起", "宗"),
        ("MW", "兆瓦"),
        ("mw", None),
        ("MG", None),
        ("度", None),
        ("万", None),
        ("", None),
        ("/", None),
        ("元/", None),
        ("元/户/年/人/次", None),
        ("人^2", None),
        ("__class__", None),
    ],
)
def test_spellings(written: str, canonical: str | None) -> None:
    found = TABLE.find(written)
    assert (found.text if found else None) == canonical


def test_words_of_the_clause_stand_beside_each_other() -> None:
    assert find("名").text == "名"
    assert find("日").text == "日"
    assert find("名").dimension == find("人").dimension


def test_names_are_one_to_one() -> None:
    to_english, to_chinese = TABLE.names("en"), TABLE.names("zh")
    assert len(to_chinese) == len(to_english) == len(SIMPLE)
    assert all(to_chinese[to_english[name]] == name for name in SIMPLE)


def test_english_names_can_be_written_in_a_rule_file() -> None:
    assert all(name.isidentifier() and name.isascii() for name in TABLE.names("zh") if name not in "%‰")


def test_no_canonical_name_is_a_keyword() -> None:
    words = tomllib.loads(read_text("dsl", "words.toml"))
    sections = ("words", "functions", "constants", "comparisons")
    keywords = {word for name in sections for row in words[name].values() for word in (*row["zh"], *row["en"])}
    assert "至" in keywords
    assert not keywords & (set(TABLE.names("en")) | set(TABLE.names("zh")))


@given(st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=units.MOST_PARTS))
def test_compounds_translate_there_and_back(parts: list[str]) -> None:
    text = "/".join(parts)
    english = TABLE.translate(text, "en")
    assert english is not None
    assert TABLE.translate(english, "zh") == text


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("平方来", "平方米"), ("元/平方来", "元/平方米"), ("peple", "people"), ("batches/peple", "batches/people")],
)
def test_an_unknown_unit_gets_the_nearest(wrong: str, near: str) -> None:
    assert TABLE.find(wrong) is None
    assert near in TABLE.closest(wrong)


DIMENSIONS = st.sampled_from(SIMPLE).map(lambda name: find(name).dimension)


@given(DIMENSIONS, DIMENSIONS)
def test_division_undoes_multiplication(left: Dimension, right: Dimension) -> None:
    assert divide(multiply(left, right), right) == left
    assert divide(left, left) == ()


def test_two_unknown_parts_get_no_guess() -> None:
    assert TABLE.closest("平方来/胡") == []


def test_multiplying_rates() -> None:
    assert multiply(find("元/户").dimension, find("户").dimension) == find("元").dimension
    assert multiply(find("米").dimension, find("米").dimension) == find("亩").dimension
    assert TABLE.base(multiply(find("元").dimension, find("人").dimension)).text == "人·元"
    assert TABLE.base(divide((), multiply(find("秒").dimension, find("秒").dimension))).text == "1/秒^2"


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (Fraction(72, 100), "人", "0.72人", "0.72 people"),
        (Fraction(1), "人", "1人", "1 person"),
        (Fraction(1), "名", "1名", "1 individual"),
        (Fraction(0), "人", "0人", "0 people"),
        (Fraction(-3), "人", "-3人", "-3 people"),
        (Fraction(102), "米", "102米", "102 metres"),
        (Fraction(7200), "小时", "2小时", "2 hours"),
        (Fraction(60, 100), "%", "60%", "60%"),
        (Fraction(2, 3), "%", "200/3%", "200/3%"),
        (Fraction(1, 200), "个百分点", "0.5个百分点", "0.5 percentage points"),
        (Fraction(38, 10000), "批次/千人", "3.8批次/千人", "3.8 batches/thousand people"),
        (Fraction(5), "个工作日", "5个工作日", "5 working days"),
    ],
)
def test_a_value_is_shown_in_a_unit(value: Fraction, unit: str, chinese: str, english: str) -> None:
    assert describe(value, find(unit), "zh") == chinese
    assert describe(value, find(unit), "en") == english


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 50), "0.02"),
        (Fraction(2, 3), "2/3"),
        (Fraction(-1, 6), "-1/6"),
        (Fraction(10**40), "1" + "0" * 40),
        (Fraction(1, 10**20), "0." + "0" * 19 + "1"),
    ],
)
def test_numbers_are_exact_text(value: Fraction, text: str) -> None:
    assert exact_text(value) == text
    assert describe(value, None, "zh") == text


@given(st.fractions())
def test_exact_text_is_the_number(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


def test_the_table_survives_plain_data() -> None:
    assert from_data(json.loads(json.dumps(TABLE.as_data()))) == TABLE


def test_pint_is_imported_only_when_a_table_is_built() -> None:
    before = "import sys, rulecheck.measures.units as units; assert 'pint' not in sys.modules; "
    after = "units.unit_table(); assert 'pint' in sys.modules"
    path = os.pathsep.join(filter(None, sys.path))
    # Without the cache folder, where another test may have left the table ready.
    environment = os.environ | {"PYTHONPATH": path, "RULECHECK_CACHE": "off"}
    subprocess.run([sys.executable, "-c", before + after], check=True, env=environment)


def test_pint_is_named_in_one_module() -> None:
    package = Path(units.__file__).parent
    named = re.compile(r"^\s*(import|from) pint\b", re.MULTILINE)
    assert [path.name for path in package.rglob("*.py") if named.search(path.read_text("utf-8"))] == ["units.py"]


EMPTY = "[signs]\n[spellings]\n"


@pytest.mark.parametrize(
    "definitions",
    [
        "人 = [人] = people\n户 = [户] = people",
        "人 = [人] = people\n人 = [人] = persons",
        "人 = [人] = people\n户 = [户] = households = ｐｅｏｐｌｅ",
        "甲 = 2 * 乙 = kia",
    ],
)
def test_a_faulty_table_is_not_built(definitions: str) -> None:
    with pytest.raises(Exception, match=r"redefine|stands for both|not defined"):
        read_table(definitions, EMPTY)


def test_a_unit_is_one_line() -> None:
    table = read_table("人 = [人] = people = person\n打 = 12 * 人 = dozens = dozen = 十二人", EMPTY)
    dozen = table.find("十二人")
    assert dozen is not None
    assert describe(Fraction(12), dozen, "en") == "1 dozen"
