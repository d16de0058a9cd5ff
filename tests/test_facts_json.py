"""JSON: numbers as written, the path of every value."""

from __future__ import annotations

import pytest

from rulecheck.facts import json_reader
from rulecheck.submission import UNTOLD
from support_facts import advice, codes, faults, json, only, shown, text_of, the_fault, value


def one(fact: str, written: str) -> str:
    return '{"单位": [{"名称": "甲局", "' + fact + '": ' + written + "}]}"


@pytest.mark.parametrize(
    ("fact", "written", "expected"),
    [
        ("posts", "50", 50),
        ("posts", '"50人"', 50),
        ("posts", "50.0", 50),
        ("posts", "null", UNTOLD),
        ("posts", '""', UNTOLD),
        ("area", "0.07", 7),
        ("area", "12345678901234567890.01", 1234567890123456789001),
        ("is_public", "true", 1),
        ("is_public", "false", 0),
        ("is_public", '"是"', 1),
        ("remarks_text", "012345", None),
        ("remarks_text", '"012345"', "012345"),
        ("remarks_text", "1.50", "1.50"),
    ],
)
def test_values(fact: str, written: str, expected: object) -> None:
    submission = json(one(fact, written))
    if expected is None and written == "012345":
        assert the_fault(submission).code == "F141"
    else:
        assert value(only(submission), fact) == expected


def test_every_value_keeps_its_path() -> None:
    subject = only(json('{"单位": [{"名称": "甲", "编制": 50, "新增就业人数": {"2022年": 8}}]}'))
    slots = subject.kind.slots
    assert subject.origins[slots["posts"]].where_zh == "$.单位[0].编制"
    assert subject.origins[slots["posts"]].where_en == "$.单位[0].编制"
    assert subject.origins[slots["new_jobs"], "2022"].where_zh == '$.单位[0].新增就业人数["2022年"]'


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"单位": [{"名称": "甲", "编制": 5, "编制": 6}]}', "F142", "$.单位[0].编制"),
        ('{"单位": [{"名称": "甲", "编制": NaN}]}', "F143", "$.单位[0].编制"),
        ('{"单位": [{"名称": "甲", "编制": -Infinity}]}', "F143", "$.单位[0].编制"),
        ('{"单位": [{"名称": "甲", "编制": true}]}', "F302", "$.单位[0].编制"),
        ('{"单位": [{"名称": "甲", "编制": [5]}]}', "F213", "$.单位[0].编制"),
        ('{"单位": [{"名称": true}]}', "F302", "$.单位[0].名称"),
        ('{"单位": ["甲"]}', "F211", "$.单位[0]"),
        ('{"单位": [{"名称": "甲"},]}', "F141", "第1行"),
        ('{"单位"\n: [', "F141", "第2行"),
        ('["单位"]', "F214", "$"),
        ('{"单位": [{"名称": "\\ud800"}]}', "F112", "$.单位[0].名称"),
        ('{"单位": [{"名称": "甲\\u202e"}]}', "F112", "$.单位[0].名称"),
    ],
)
def test_refused_with_its_place(text: str, code: str, place: str) -> None:
    submission = json(text)
    assert codes(submission)[0] == code, shown(submission)
    assert place in text_of(faults(submission)[0])
    assert advice(faults(submission)[0])


@pytest.mark.parametrize("number", ["1e3", "1E-7", "1e1000000", "1" * 31])
def test_a_number_that_is_not_plain_digits_is_refused_not_computed(number: str) -> None:
    assert "$.单位[0].posts" in text_of(the_fault(json(one("posts", number))))


@pytest.mark.parametrize(("depth", "code"), [(28, "F213"), (29, "F213"), (30, "F115")])
def test_depth_is_limited(depth: int, code: str) -> None:
    # the file, the list of units and the unit take three levels of the 32
    assert codes(json(one("posts", "[" * depth + "]" * depth))) == [code]


@pytest.mark.parametrize("text", ["[" * 10_000, '{"a":' * 10_000, "[" * 10_000 + "]" * 10_000])
def test_ten_thousand_brackets_are_one_message(text: str) -> None:
    assert codes(json(text)) == ["F115"]


def test_brackets_in_text_have_no_depth() -> None:
    assert value(only(json(one("remarks_text", '"' + "[" * 50 + '"'))), "remarks_text") == "[" * 50


@pytest.mark.parametrize("text", ['{"' + '\\"' * 100_000, '{"' + "\\" * 100_001, "{" + '"' * 100_001])
def test_measuring_is_linear_in_broken_strings(text: str) -> None:
    assert codes(json(text)) == ["F141"]


def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MAXIMUM_CELLS", 10)
    assert codes(json('{"单位": [' + ",".join(["{}"] * 12) + "]}")) == ["F114"]
