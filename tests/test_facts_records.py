"""The authority's records: what each must say, and whom it may name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rulecheck.facts import read
from rulecheck.submission import Submission
from support_facts import RULE_SET, Desk, advice, codes, shown, text_of, the_fault

FACTS = "单位:\n  - {编号: U1, 名称: 甲局}\n  - {编号: U2, 名称: 乙局}\n镇:\n  - 名称: 丙镇\n    学校: [{名称: 一小}]\n"

FULL = {
    "类型": "豁免",
    "规则": "至少安排一人",
    "对象": "U1",
    "采纳单位": "市残联",
    "文号": "示例〔2023〕1号",
    "日期": "2023年1月5日",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def handed_in(desk: Desk, text: str, facts: str = FACTS, name: str = "记录.yaml") -> Submission:
    return read([desk.put("报送.yaml", facts)], RULE_SET, records=[desk.put(name, text)])


def record(desk: Desk, **changes: str | None) -> Submission:
    given = {key: value for key, value in (FULL | changes).items() if value is not None}
    return handed_in(desk, "记录:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in given.items()) + "\n")


def test_a_full_record(desk: Desk) -> None:
    submission = record(desk, 分项="甲", 有效期至="2023年底", 理由="正在招聘", 对象="甲局")
    assert codes(submission) == [], shown(submission)
    (found,) = submission.records
    assert (found.effect, found.rule, found.subject, found.limb, found.period) == ("waiver", "employs_one", "U1", "甲", None)
    assert (found.by, found.document, found.reason) == ("市残联", "示例〔2023〕1号", "正在招聘")
    assert (found.issued, found.until) == (date(2023, 1, 5).toordinal(), date(2023, 12, 31).toordinal())
    assert (found.origin.file, found.origin.where_zh) == ("记录.yaml", "第2行")


def test_in_english_as_json(desk: Desk) -> None:
    text = (
        '{"records": [{"effect": "accepted_reason", "rule": "reports_yearly", "subject": "U2", "period": "2023",'
        ' "by": "the city", "document": "No. 1", "date": "2023-01-05"}]}'
    )
    (found,) = handed_in(desk, text, name="records.json").records
    assert (found.effect, found.rule, found.subject, found.period, found.until) == (
        "accepted_reason", "reports_yearly", "U2", "2023", None,
    )  # fmt: skip


@pytest.mark.parametrize("key", list(FULL))
def test_each_needed_part(desk: Desk, key: str) -> None:
    for missing in (None, "/"):
        fault = the_fault(record(desk, **{key: missing}))
        assert fault.code == "F433"
        assert f"“{key}”" in text_of(fault)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"类型": "原谅"}, "F434"),
        ({"规则": "至少安排两人"}, "F221"),
        ({"日期": "去年"}, "U830"),
        ({"有效期至": "2023年1月4日"}, "F437"),
        ({"分项": "丙"}, "F435"),
        ({"规则": "每年报送", "分项": "甲"}, "F439"),
        ({"期间": "2023年"}, "F224"),
        ({"规则": "每年报送", "期间": "2023年6月"}, "F225"),
        ({"规划": "x"}, "F432"),
        ({"文号": "[一, 二]"}, "F213"),
        ({"rule": "employs_one"}, "F209"),
    ],
)
def test_what_a_record_cannot_say(desk: Desk, changes: dict[str, str], code: str) -> None:
    submission = record(desk, **changes)
    fault = the_fault(submission)
    assert fault.code == code
    assert submission.records == ()
    assert submission.refused[0].file == "记录.yaml"
    assert advice(fault)


@pytest.mark.parametrize("name", ["丁局", "丙镇"])
def test_a_record_of_somebody_not_handed_in_is_set_aside(desk: Desk, name: str) -> None:
    submission = record(desk, 对象=name)
    assert (submission.records, submission.refused) == ((), ())
    assert [each.code for each in submission.warnings] == ["F436"]


@pytest.mark.parametrize("until", ["2023年1月5日", "2023年1月6日"])
def test_a_record_may_end_on_its_own_day(desk: Desk, until: str) -> None:
    assert codes(record(desk, 有效期至=until)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("单位: []\n", "F431"),
        ("- {}\n", "F430"),
        ("记录: 无\n", "F430"),
        ("", "F113"),
        ("记录: [\n", "F131"),
    ],
)
def test_files_that_are_no_records(desk: Desk, text: str, code: str) -> None:
    assert codes(handed_in(desk, text)) == [code]


def test_a_rule_of_members_finds_a_member(desk: Desk) -> None:
    (found,) = record(desk, 规则="学校人数", 对象="一小").records
    assert found.subject == "一小"


def test_a_member_of_two_parents_cannot_be_meant(desk: Desk) -> None:
    facts = "镇:\n  - {名称: 甲, 学校: [{名称: 一小}]}\n  - {名称: 乙, 学校: [{名称: 一小}]}\n"
    given = FULL | {"规则": "学校人数", "对象": "一小"}
    text = "记录:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in given.items())
    assert codes(handed_in(desk, text, facts)) == ["F412"]


def test_the_same_record_twice(desk: Desk) -> None:
    one = "  - " + "\n    ".join(f"{key}: {value}" for key, value in FULL.items()) + "\n"
    assert codes(handed_in(desk, "记录:\n" + one + one)) == ["F438"]
    assert codes(handed_in(desk, "记录:\n" + one + one.replace("U1", "U2"))) == []


def test_a_record_for_a_subject_of_a_refused_file_is_passed_over(desk: Desk) -> None:
    submission = handed_in(
        desk,
        "记录:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in FULL.items()) + "\n",
        FACTS.replace("名称: 甲局", "名称: 甲局, 编制: 许多"),
    )
    assert [refusal.file for refusal in submission.refused] == ["报送.yaml"]
    assert [(warning.code, warning.file) for warning in submission.warnings] == [("F440", "记录.yaml")]


def test_records_may_lie_in_a_folder_of_facts(desk: Desk) -> None:
    path = desk.put("报送/记录.yaml", "记录:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in FULL.items()))
    desk.put("报送/事实.yaml", FACTS)
    submission = read([path.parent], RULE_SET, records=[path])
    assert (codes(submission), len(submission.records)) == ([], 1)


def test_records_change_the_hash(desk: Desk) -> None:
    assert record(desk).sha256 != record(desk, 文号="另一号").sha256
