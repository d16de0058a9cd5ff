"""What in a text is a number, and what is a word that sets a bound."""

from __future__ import annotations

from time import perf_counter

import pytest

from rulecheck.proving.marks import marks_of, occurrences
from rulecheck.proving.sources import normalise


def numbers(text: str) -> list[str]:
    return [mark.text for mark in marks_of(text) if mark.kind == "number"]


def words(text: str) -> list[str]:
    return [mark.text for mark in marks_of(text) if mark.kind == "word"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不少于50人", ["50"]),
        ("不少于５０人", ["５０"]),
        ("合格率96%以上，其他98.5％", ["96%", "98.5％"]),
        ("按1,500名计", ["1,500"]),
        ("3.8批次/千人", ["3.8", "千"]),
        ("安排24万人", ["24万"]),
        ("创建1-2个示范区", ["1-2"]),
        ("每年9-10月份", ["9-10"]),
        ("2022到2024年，1至10分", ["2022到2024", "1至10"]),
        ("推进7×24小时、5+2模式", ["7", "24", "5", "2"]),
        ("2022年11月28日印发，2023年10月底前", ["2022年11月28日", "2023年10月"]),
        ("到2024年底", ["2024"]),
        ("每年5月1日，17:30以前", ["5月1日", "17:30"]),
        ("某府发〔2022〕 58号", ["〔2022〕58号"]),
        ("10 9 8 7", ["10", "9", "8", "7"]),
        ("服务12345 热线", ["12345"]),
    ],
)
def test_arabic_numbers(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("至少一次核对，三级医院，两个街道", ["一", "三", "两"]),
        ("二十余家、十二条、两三项", ["二十", "十二", "两三"]),
        ("一至二年", ["一至二"]),
        ("落实百分百要求，减少三分之一，占百分之六十", ["百分百", "三分之一", "百分之六十"]),
        ("不足半年", ["半"]),
        # ordinals, numbers of items and words that only look like numbers count nothing
        ("第三个，（一）组织，一、目标", []),
        ("统一部署，一体推进，一批项目，进一步，一站式", []),
        ("“一对一”服务，与上一年度相比", []),
        ("全市，千方百计，三者合一", []),
    ],
)
def test_chinese_numerals_count_where_they_count_something(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不少于5人", ["不少于"]),  # not 少于
        ("不得低于60%，未达到的", ["不得低于", "未达到"]),
        ("5个工作日内", ["工作日内"]),
        ("3家及以上，2家以上", ["及以上", "以上"]),
        ("2022年底前完成", ["年底"]),
        ("2023年10月底前建成", ["底前"]),
        ("欠发达地区对标达标，覆盖率达80%", ["达"]),  # the first two set no bound
        ("基本建成", []),
    ],
)
def test_bounding_words_the_longest_counts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_mark_has_its_place_in_the_normalised_text_and_what_is_printed_beside_it() -> None:
    text = "前文（含）\n编制 5０ 人 以上，后文"
    first, second = marks_of(text)
    whole = normalise(text)
    assert (whole[first.start : first.end], whole[second.start : second.end]) == ("50", "以上")
    assert (first.before, first.text, first.after) == ("前文（含）编制", "5０", "人以上，后文")


def test_all_places_of_a_quotation_are_found_overlapping_ones_too() -> None:
    assert occurrences("一户、一户", "一户、 一户、一户") == ((0, 5), (3, 8))
    assert occurrences("没有", "一户") == ()
    assert occurrences("", "一户") == ()


@pytest.mark.parametrize("text", ["一" * 200_000, "1" * 200_000, "1至" * 100_000, "1," * 100_000, "达" * 100_000])
def test_no_text_takes_long(text: str) -> None:
    started = perf_counter()
    marks_of(text)
    assert perf_counter() - started < 10
