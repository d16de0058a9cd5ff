"""YAML: what was written is what is read, or it is refused with its line."""

from __future__ import annotations

import pytest

from rulecheck.facts import limits, yaml_reader
from rulecheck.submission import UNTOLD
from support_facts import advice, codes, fault_of, faults, one_value, only, shown, text_of, the_fault, value, yaml


@pytest.mark.parametrize(
    ("fact", "written", "expected"),
    [
        ("opens_at", "17:30", 17 * 60 + 30),
        ("is_public", "no", 0),
        ("is_public", "yes", 1),
        ("is_public", "否", 0),
        ("remarks_text", "no", "no"),
        ("remarks_text", "012", "012"),
        ("remarks_text", "1e3", "1e3"),
        ("remarks_text", "17:30", "17:30"),
        ("remarks_text", "'0x1F'", "0x1F"),
        ("posts", "50", 50),
        ("posts", "'50人'", 50),
        ("posts", "1,000人", 1000),
        ("posts", "", UNTOLD),
        ("posts", "~", UNTOLD),
        ("posts", "null", UNTOLD),
        ("posts", "/", UNTOLD),
        ("posts", "—", UNTOLD),
        ("founded_on", "2022-11-28", 738487),
    ],
)
def test_a_scalar_is_read_as_the_text_that_was_written(fact: str, written: str, expected: object) -> None:
    assert one_value(fact, written) == expected


@pytest.mark.parametrize("written", ["012", "1e3", "1_000", "0x10", ".5e1", "17:30", "yes"])
def test_what_yaml_would_turn_into_another_number_is_refused_for_a_quantity(written: str) -> None:
    fault = fault_of("posts", written)
    assert "第3行“编制”" in text_of(fault)
    assert written in text_of(fault)


def test_a_quoted_null_is_text() -> None:
    assert one_value("remarks_text", "'null'") == "null"


def test_every_value_keeps_its_line_and_its_text() -> None:
    subject = only(yaml("单位:\n  - 名称: 甲局\n\n    # 2022年底\n    编制: 50 人\n"))
    origin = subject.origins[subject.kind.slots["posts"]]
    assert (origin.file, origin.where_zh, origin.where_en, origin.written) == ("-", "第5行", "line 5", "50 人")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("单位:\n  - 名称: 甲\n    编制: 5\n    编制: 6\n", "F134", "第4行"),
        ("单位: []\n单位: []\n", "F134", "第2行"),
        ("单位:\n  - &a\n    名称: 甲\n", "F135", "第2行"),
        ("单位:\n  - 名称: &a 甲\n  - 名称: *a\n", "F135", "第2行"),
        ("单位:\n  - 名称: !!str 甲\n", "F139", "第2行"),
        ("单位:\n  - 名称: !other 甲\n", "F139", "第2行"),
        ("单位:\n  - 名称: 甲\n    <<: {编制: 5}\n", "F136", "第3行"),
        ("单位:\n  - 名称: 甲\n---\n单位:\n  - 名称: 乙\n", "F137", "第3行"),
        ("? [单位]\n: 甲\n", "F138", "第1行"),
        ("单位:\n  - 名称: 甲\n\t编制: 5\n", "F133", "第3行"),
        ("单位:\n  - 名称: [甲\n", "F131", "第3行"),
        ("单位：\n  - 名称: 甲\n", "F132", "第1行"),
        ("单位:\n  - 名称: 甲\n    编制：50\n    是否公开: 是\n", "F132", "第3行"),
        ("单位：甲局\n编制：50\n", "F132", "第1行"),
        ("- 名称: 甲\n", "F214", "第1行"),
        ("甲局\n", "F214", "第1行"),
    ],
)
def test_what_makes_one_text_mean_another_is_refused_with_its_line(text: str, code: str, place: str) -> None:
    submission = yaml(text)
    assert codes(submission)[0] == code, shown(submission)
    assert place in text_of(faults(submission)[0])
    assert advice(faults(submission)[0])


def test_a_duplicate_key_names_both_lines() -> None:
    fault = the_fault(yaml("单位:\n  - 名称: 甲\n    编制: 5\n    编制: 6\n"))
    assert "前一处在第3行" in text_of(fault)


def test_all_faults_of_a_file_are_listed() -> None:
    text = "单位:\n  - 名称: 甲\n    编制: 五十\n    是否公开: 也许\n    编职: 5\n"
    assert len(codes(yaml(text))) == 3


@pytest.mark.parametrize(("depth", "is_refused"), [(28, False), (29, False), (30, True)])
def test_depth_is_limited(depth: int, is_refused: bool) -> None:
    # the file, the list of units and the unit take three levels of the 32
    submission = yaml("单位: [{名称: 甲, 情况: " + "[" * depth + "]" * depth + "}]")
    assert codes(submission) == ["F115" if is_refused else "F213"]


@pytest.mark.parametrize("text", ["[" * 10_000, "{a: " * 10_000, "- " * 10_000, "? " * 10_000])
def test_ten_thousand_brackets_are_one_message(text: str) -> None:
    assert len(faults(yaml("单位: \n " + text))) == 1


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml as library

    text = "单位:\n  - 名称: 甲\n    编制: 012\n    编制: 6\n    开门时刻: 17:30\n"
    expected = shown(yaml(text))
    monkeypatch.setattr(yaml_reader, "_PARSER", library.BaseLoader)
    assert shown(yaml(text)) == expected


@pytest.mark.parametrize(("limit", "is_refused"), [(23, False), (22, False), (21, True)])
def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch, limit: int, is_refused: bool) -> None:
    monkeypatch.setattr(yaml_reader, "MAXIMUM_CELLS", limit)
    text = "单位:\n  - 名称: 甲\n  - 名称: 乙\n地区:\n"  # three mappings of 6, a list, three values
    assert codes(yaml(text)) == (["F114"] if is_refused else [])


def test_a_value_of_ten_thousand_characters_is_the_longest() -> None:
    assert len(one_value("remarks_text", "长" * limits.MAXIMUM_TEXT)) == limits.MAXIMUM_TEXT
    fault = fault_of("remarks_text", "长" * (limits.MAXIMUM_TEXT + 1))
    assert fault.code == "F118"
    assert "10001" in text_of(fault)


@pytest.mark.parametrize(
    ("written", "character"),
    [("甲\u202e乙", "U+202E"), ("甲\u200b乙", "U+200B"), ('"甲\\u202e乙"', "U+202E"), ('"甲\\0乙"', "U+0000")],
)
def test_invisible_and_direction_characters_are_refused(written: str, character: str) -> None:
    fault = fault_of("remarks_text", written)
    assert fault.code == "F112"
    assert character in text_of(fault)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert value(only(yaml("\ufeff单位:\n  - 名称: 甲\n    编制: 5\n")), "posts") == 5
