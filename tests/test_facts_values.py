"""Text into typed values: every type, its boundaries, and what each refusal says."""

from __future__ import annotations

from datetime import date

import pytest

from rulecheck.language.diagnostics import render
from rulecheck.submission import NONE, UNTOLD
from support_facts import advice, fault_of, faults, json, one_value, text_of, yaml


@pytest.mark.parametrize(
    ("fact", "written", "expected"),
    [
        ("posts", "１２０ 人", 120),
        ("posts", "1.2千人", None),
        ("posts", "0.5千人", 500),
        ("ratio", "1.5%", 150),
        ("ratio", "１．５％", 150),
        ("ratio", "15‰", 150),
        ("ratio", "0%", 0),
        ("area", "3亩", 200000),
        ("area", "0.07平方米", 7),
        ("wages", "3.5万元", 3500000),
        ("score", "7", 7),
        ("category", "事业单位", 1),
        ("category", "institution", 1),
        ("founded_on", "2022年11月28日", date(2022, 11, 28).toordinal()),
        ("founded_on", "2022/11/28", date(2022, 11, 28).toordinal()),
        ("founded_on", "2024年底", date(2024, 12, 31).toordinal()),
        ("opens_at", "8:05", 485),
        ("opens_at", "24:00", 1440),
        ("is_public", "是", 1),
        ("is_public", "true", 1),
        ("remarks_text", "一 二", "一 二"),
    ],
)
def test_values_by_type(fact: str, written: str, expected: object) -> None:
    if expected is None:
        assert fault_of(fact, written).code == "F308"  # 1,200 people are more than the vocabulary allows
    else:
        assert one_value(fact, written) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [("others", 0), ("closed_on", NONE), ("is_public", 0)],
)
def test_none_is_what_the_fact_says(fact: str, expected: object) -> None:
    assert one_value(fact, "无") == expected
    assert one_value(fact, "none") == expected


@pytest.mark.parametrize(("fact", "code", "word"), [("posts", "F301", "0人"), ("founded_on", "F310", "留空")])
def test_none_where_the_fact_says_nothing_of_it(fact: str, code: str, word: str) -> None:
    fault = fault_of(fact, "无")
    assert fault.code == code
    assert word in advice(fault)


@pytest.mark.parametrize("fact", ["posts", "others", "closed_on", "is_public", "category", "remarks_text", "opens_at"])
@pytest.mark.parametrize("written", ["", "/", "—", "未填"])
def test_untold_is_never_zero_or_no(fact: str, written: str) -> None:
    assert one_value(fact, written) is UNTOLD


@pytest.mark.parametrize(("written", "expected"), [("0", 0), ("1", 1), ("999", 999), ("1000", 1000)])
def test_the_ends_of_a_range_are_in_it(written: str, expected: int) -> None:
    assert one_value("posts", written) == expected


@pytest.mark.parametrize("written", ["-1", "1001人", "2千人"])
def test_outside_the_range(written: str) -> None:
    fault = fault_of("posts", written)
    assert fault.code == "F308"
    assert "0人–1000人" in text_of(fault)
    assert "0 people–1000 people" in render(fault, "en")


def test_a_range_that_is_open_above() -> None:
    assert "0.00" not in text_of(fault_of("area", "-1"))
    assert "0平方米–…" in text_of(fault_of("area", "-1平方米"))


@pytest.mark.parametrize(("written", "code"), [("1.05%", None), ("1.055%", "F307"), ("100%", None), ("100.01%", "F308")])
def test_steps_of_a_share(written: str, code: str | None) -> None:
    if code is None:
        one_value("ratio", written)
    else:
        assert fault_of("ratio", written).code == code


def test_half_a_person_is_refused_with_the_step() -> None:
    fault = fault_of("posts", "0.5")
    assert fault.code == "F307"
    assert "1人" in text_of(fault)


@pytest.mark.parametrize("written", ["0.05", "5", "0", "1"])
def test_a_bare_share_is_refused_not_guessed(written: str) -> None:
    fault = fault_of("ratio", written)
    assert fault.code == "F306"
    assert "%" in advice(fault)


def test_a_unit_in_the_key_makes_a_bare_share_clear() -> None:
    submission = yaml("单位:\n  - 名称: 甲局\n    安排比例（%）: 5\n")
    subject = submission.subjects["unit"][0]
    assert subject.values[subject.kind.slots["ratio"]] == 500


@pytest.mark.parametrize("written", ["50元", "50米", "50%", "50个"])
def test_a_unit_of_another_dimension_names_both(written: str) -> None:
    fault = fault_of("posts", written)
    assert fault.code == "F304"
    assert "“人”" in text_of(fault)
    assert f"“{written[2:]}”" in text_of(fault)


def test_an_unknown_unit_gets_the_nearest() -> None:
    fault = fault_of("area", "3平方来")
    assert fault.code == "F303"
    assert "平方米" in advice(fault)


def test_a_unit_on_a_bare_number() -> None:
    assert fault_of("score", "7人").code == "F305"


@pytest.mark.parametrize("written", ["五十", "约50", "50余人", "40-50", "1e1000000", "½", "①", "50人。"])
def test_what_is_no_plain_number_is_refused(written: str) -> None:
    assert "“编制”" in text_of(fault_of("posts", written))


@pytest.mark.parametrize(("written", "near"), [("事业单為", "事业单位"), ("institute", "institution")])
def test_an_unknown_category_gets_the_nearest_and_all(written: str, near: str) -> None:
    fault = fault_of("category", written)
    assert near in advice(fault) or near in render(fault, "en")
    assert "机关、事业单位、国有企业" in advice(fault)


def test_a_category_like_no_other_gets_all() -> None:
    fault = fault_of("category", "？？")
    assert fault.code == "F312"
    assert "机关、事业单位、国有企业" in advice(fault)


@pytest.mark.parametrize("written", ["2023年2月29日", "2023年1月", "1月5日", "明天", "20230105"])
def test_no_date(written: str) -> None:
    assert "第3行“成立日”" in text_of(fault_of("founded_on", written))


@pytest.mark.parametrize("written", ["24:01", "8:60", "下午5点", "1730"])
def test_no_time_of_day(written: str) -> None:
    assert "第3行“开门时刻”" in text_of(fault_of("opens_at", written))


@pytest.mark.parametrize("written", ["1", "0", "有", "y"])
def test_no_answer_is_guessed(written: str) -> None:
    fault_of("is_public", written)


@pytest.mark.parametrize("written", ["八千八百元", "8888.888", "8888头", "-8888", "8888米", "1e8888", "88,88"])
def test_a_sensitive_value_is_never_repeated(written: str) -> None:
    fault = fault_of("wages", written)
    for language in ("zh", "en"):
        told = render(fault, language)
        assert "8888" not in told
        assert "八千" not in told
        assert "88,88" not in told
    assert "职工工资" in text_of(fault)


def test_a_long_value_is_cut_in_messages() -> None:
    fault = fault_of("category", "长" * 500)
    assert "长" * 39 + "…" in text_of(fault)
    assert "长" * 41 not in text_of(fault)


# --- facts with periods ---


@pytest.mark.parametrize(
    ("fact", "written", "expected"),
    [
        ("new_jobs", "{2022年: 800人, 2023: 无所谓}", None),
        ("new_jobs", "{2022年: 800人, 2023: 900}", {"2022": 800, "2023": 900}),
        ("new_jobs", "{2022年: }", {"2022": UNTOLD}),
        ("new_jobs", "", {}),
        ("inspections", "{2023年第2季度: 3次, 2023-Q3: 4}", {"2023-Q2": 3, "2023-Q3": 4}),
        ("electricity", "{2023年6月: 7, 2023-07: 8}", {"2023-06": 7, "2023-07": 8}),
    ],
)
def test_periods(fact: str, written: str, expected: dict[str, object] | None) -> None:
    if expected is None:
        assert "第3行" in text_of(fault_of(fact, written))
    else:
        assert one_value(fact, written) == expected


def test_a_period_of_another_length_says_how_to_write_it() -> None:
    fault = fault_of("inspections", "{2023年: 3}")
    assert fault.code == "F225"
    assert "2022年第1季度" in advice(fault)


def test_one_value_for_a_fact_of_every_year() -> None:
    fault = fault_of("new_jobs", "800人")
    assert fault.code == "F223"
    assert "{2022年: 值}" in advice(fault)


def test_one_period_twice() -> None:
    text = "单位:\n  - 名称: 甲\n    新增就业人数: {2022年: 1}\n    new_jobs@2022: 1\n"
    assert [fault.code for fault in faults(yaml(text))] == ["F209"]
    assert [fault.code for fault in faults(yaml("单位:\n  - 名称: 甲\n    new_jobs: {2022年: 1, 2022: 1}\n"))] == ["F209"]


def test_a_period_on_a_fact_without_periods() -> None:
    assert fault_of("posts", "{2022年: 5}").code == "F213"
    assert faults(json('{"unit": [{"name": "a", "posts@2022": 5}]}'))[0].code == "F224"
