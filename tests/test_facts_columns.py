"""Tables by column: marks of cells, places of values, what stands beside the facts; short ways give what the long ones do."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecheck.facts import drafts, read
from rulecheck.facts.assemble import assemble
from rulecheck.facts.columns import read_table
from rulecheck.facts.grids import Column, Header, Mark, Table
from rulecheck.facts.headings import Headings
from rulecheck.facts.identity import read_identifier, read_identifiers
from rulecheck.facts.nodes import Cell, Faults, Key
from rulecheck.facts.told import FileFacts
from rulecheck.facts.values import read_value, read_values
from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.measures.units import unit_table
from rulecheck.submission import NONE, UNTOLD, Origin, Subject, Submission
from support_facts import COUNTY, FACTS, RULE_SET, Desk, advice, codes, only, shown, text_of, the_fault, value, yaml

HEADINGS = Headings(RULE_SET)
CODE = "11420200MB12345676"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def sheet(
    rows: Sequence[Sequence[str]],
    *,
    marks: Mapping[str, Mark] | None = None,
    raw: Mapping[str, str] | None = None,
    kind: str = "单位",
    **more: Any,
) -> Table:
    """A table whose headings stand in row 6 and whose first column is C; `marks` and `raw` by cell, `D7`."""
    headings, *below = rows

    def of_column(number: int, given: Mapping[str, Any] | None) -> dict[int, Any]:
        letter = "CDEFGH"[number]
        return {int(cell[1:]) - 7: what for cell, what in (given or {}).items() if cell[0] == letter}

    columns = [
        Column(Key(text, f"!表!{'CDEFGH'[number]}6"), number + 3, [row[number] for row in below],
               of_column(number, marks), of_column(number, raw))
        for number, text in enumerate(headings)
    ]  # fmt: skip
    return Table("a.xlsx", "表", Key(kind, "!表!C6"), range(7, 7 + len(below)), columns, **more)


def taken(*tables: Table) -> tuple[list[Subject], list[Diagnostic]]:
    """The subjects of tables of one file, and its faults."""
    faults = Faults("a.xlsx")
    blocks = []
    for table in tables:
        block = read_table(table, HEADINGS, faults, sum(each.count for each in blocks))
        assert block is not None
        blocks.append(block)
    subjects = assemble([FileFacts("a.xlsx", faults, blocks=blocks)], RULE_SET, None)
    return [each for found in subjects.values() for each in found], faults.errors


def one(table: Table) -> Subject:
    (subject,), faults = taken(table)
    assert not faults
    return subject


def fault(table: Table) -> Diagnostic:
    _, (found,) = taken(table)
    assert all(render(found, language) for language in ("zh", "en"))
    return found


def origin(subject: Subject, fact: str) -> Origin:
    return subject.origins[subject.kind.slots[fact]]


# --- where things stand ---


def test_a_value_of_a_sheet_stands_in_its_cell() -> None:
    subject = one(sheet([["名称", "编制（人）"], ["甲局", "50"]]))
    assert origin(subject, "posts") == Origin("a.xlsx", "!表!D7", "!表!D7", "50")
    assert subject.origin == Origin("a.xlsx", "!表!C7", "!表!C7", "甲局")


def test_a_fault_of_a_sheet_stands_in_its_cell() -> None:
    found = fault(sheet([["名称", "编制"], ["甲局", "5"], ["乙局", "许多"]]))
    assert found.place is not None
    assert found.place.where == "!表!D8"


def test_the_cells_of_a_form_stand_where_they_are() -> None:
    table = sheet([["名称", "编制"], ["甲局", "50"]], spots=("!表!B2", "!表!F9"))
    assert origin(one(table), "posts").where_zh == "!表!F9"


def test_origins_are_there_for_what_the_row_mentions() -> None:
    subject = one(sheet([["名称", "编制", "面积（亩）"], ["甲局", "", "3"]]))
    slots = subject.kind.slots
    assert set(subject.origins) == {slots["posts"], slots["area"]}
    assert len(subject.origins) == 2
    assert subject.origins.get(slots["score"]) is None


def test_faults_are_told_row_by_row() -> None:
    _, faults = taken(sheet([["名称", "编制", "评分"], ["甲", "x", "y"], ["", "1", "11"]]))
    assert [each.place.where for each in faults if each.place] == ["!表!D7", "!表!E7", "!表!E8", "!表!C8"]


# --- unusual cells ---


@pytest.mark.parametrize(("mark", "text", "code"), [(Mark.ERROR, "#DIV/0!", "F313"), (Mark.UNREADABLE, "", "F314")])
@pytest.mark.parametrize("cell", ["C7", "D7", "E7", "F7", "G7"])
def test_a_broken_cell_is_never_blank(mark: Mark, text: str, code: str, cell: str) -> None:
    rows = [["编号", "编制", "情况", "佐证材料（编制）", "地区"], ["1", "5", "好", "附件一", "黄石市"]]
    rows[1]["CDEFG".index(cell[0])] = text
    _, faults = taken(sheet(rows, marks={cell: mark}))
    assert (faults[0].code, faults[0].place and faults[0].place.where) == (code, f"!表!{cell}")
    assert advice(faults[0])


def test_a_broken_cell_under_an_ignored_heading_is_nobodys() -> None:
    assert one(sheet([["名称", "备注"], ["甲", "#REF!"]], marks={"D7": Mark.ERROR})).name == "甲"


def test_a_rounded_number_is_taken_and_its_origin_says_so() -> None:
    marks, raw = {"D7": Mark.ROUNDED}, {"D7": "0.30000000000000004"}
    subject = one(sheet([["名称", "面积（平方米）"], ["甲", "0.3"]], marks=marks, raw=raw))
    assert value(subject, "area") == 30
    written = origin(subject, "area").written
    assert written.startswith("0.3（")
    assert "15" in written
    assert "0.30000000000000004" in written


@pytest.mark.parametrize("heading", ["编号", "名称", "统一社会信用代码", "情况"])
def test_a_rounded_number_in_place_of_a_text_has_lost_digits(heading: str) -> None:
    rows = [["名称" if heading != "名称" else "编号", heading], ["甲", "114202001234567000"]]
    found = fault(sheet(rows, marks={"D7": Mark.ROUNDED}, raw={"D7": "1.14202001234567E17"}))
    assert found.code == "F315"
    assert "文本格式" in advice(found)


@pytest.mark.parametrize(("text", "expected"), [("true", 1), ("false", 0), ("TRUE", 1)])
def test_true_and_false_are_yes_and_no(text: str, expected: int) -> None:
    table = sheet([["名称", "是否公开"], ["甲", text]], marks={"D7": Mark.BOOLEAN})
    assert value(one(table), "is_public") == expected


@pytest.mark.parametrize("heading", ["编制", "编号"])
def test_true_is_no_number_and_no_id(heading: str) -> None:
    assert fault(sheet([["名称", heading], ["甲", "true"]], marks={"D7": Mark.BOOLEAN})).code == "F302"


# --- the words above a table ---


def test_place_and_date_above_a_table_hold_for_its_rows() -> None:
    header = Header({"place": Key("阳新县", "!表!A1"), "as_of": Key("2023年12月31日", "!表!A2")})
    subject = one(sheet([["名称"], ["甲"]], header=header))
    assert (subject.place, subject.as_of) == (COUNTY, 738885)


@pytest.mark.parametrize(("word", "text", "code"), [("place", "阳新市区", "F219"), ("as_of", "昨天", "U830")])
def test_a_fault_above_a_table_stands_there(word: str, text: str, code: str) -> None:
    found = fault(sheet([["名称"], ["甲"]], header=Header({word: Key(text, "!表!A1")})))
    assert (found.code, found.place and found.place.where) == (code, "!表!A1")


# --- rosters told in a cell ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("无", (0, True)), ("空", (0, True)), ("none", (0, True)), ("未报全", (0, False)), ("incomplete", (0, False)),
        ("已报全", None), ("complete", None), ("", None), ("/", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_a_cell_may_tell_of_a_whole_roster(desk: Desk, form: str, text: str, expected: tuple[int, bool] | None) -> None:
    content = f"名称,残疾职工\n甲,{text}\n" if form == "csv" else f"单位:\n  - 名称: 甲\n    残疾职工: '{text}'\n"
    subject = only(desk.read({f"单位.{form}": content}))
    roster = subject.rosters[subject.kind.children["disabled_employee"]]
    assert (None if roster is None else (len(roster.members), roster.is_complete)) == expected


@pytest.mark.parametrize(("text", "is_complete"), [("已报全", True), ("", True), ("未报全", False)])
def test_members_in_a_table_of_their_own(desk: Desk, text: str, is_complete: bool) -> None:
    files = {"单位.csv": f"名称,残疾职工\n甲,{text}\n", "残疾职工.csv": "名称,上级\n张三,甲\n"}
    subject = only(desk.read(files))
    roster = subject.rosters[subject.kind.children["disabled_employee"]]
    assert roster is not None
    assert ([each.name for each in roster.members], roster.is_complete) == (["张三"], is_complete)


def test_members_of_a_roster_told_to_be_empty(desk: Desk) -> None:
    files = {"单位.csv": "名称,残疾职工\n甲,无\n", "残疾职工.csv": "名称,上级\n张三,甲\n"}
    assert codes(desk.read(files)) == ["F401", "F401"]


def test_a_cell_that_tells_nothing_known_of_a_roster(desk: Desk) -> None:
    found = the_fault(desk.read({"单位.csv": "名称,残疾职工\n甲,3人\n"}))
    assert found.code == "F231"
    assert "第2行" in text_of(found)
    assert "未报全" in advice(found)


# --- what supports a fact ---


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("单位.csv", "名称,编制,佐证材料（编制）,佐证材料（新增就业人数@2022年）\n甲,5,编委文件,统计报表\n"),
        ("unit.csv", "name,posts,evidence (posts),Evidence(new_jobs@2022)\n甲,5,编委文件,统计报表\n"),
        ("a.yaml", "单位:\n- 名称: 甲\n  佐证材料（编制）: 编委文件\n  佐证材料（新增就业人数@2022年）: 统计报表\n"),
        ("a.json", '{"unit": [{"name": "甲", "evidence (posts)": "编委文件", "evidence (new_jobs@2022)": "统计报表"}]}'),
    ],
)
def test_what_supports_a_fact_is_kept_beside_it(desk: Desk, name: str, content: str) -> None:
    submission = desk.read({name: content})
    subject = only(submission)
    slots = subject.kind.slots
    assert subject.supporting == {slots["posts"]: "编委文件", (slots["new_jobs"], "2022"): "统计报表"}
    assert submission.warnings == ()


def test_nothing_is_kept_where_nothing_supports(desk: Desk) -> None:
    assert only(desk.read({"单位.csv": "名称,佐证材料（编制）\n甲,/\n"})).supporting == {}


def test_what_several_files_name_supports_together(desk: Desk) -> None:
    files = {f"单位-{each}.csv": f"名称,佐证材料（编制）\n甲,{each}\n" for each in ("文件一", "文件二")}
    subject = only(desk.read(files))
    assert subject.supporting == {subject.kind.slots["posts"]: "文件一；文件二"}


@pytest.mark.parametrize(
    ("heading", "code"), [("佐证材料（编职）", "F202"), ("佐证材料（人口）", "F204"), ("佐证材料（名称）", "F202")]
)
def test_support_for_what_is_no_fact(heading: str, code: str) -> None:
    assert fault(sheet([["名称", heading], ["甲", "x"]])).code == code


# --- codes as keys ---


def test_a_credit_code_is_the_key_where_given(desk: Desk) -> None:
    files = {
        "单位-1.csv": f"统一社会信用代码,编号,名称,编制\n{CODE},7,甲局,5\n",
        "单位-2.csv": f"信用代码,评分\n{CODE.lower()},6\n",
        "单位-3.csv": "编号,面积（平方米）\n7,1\n",
        "单位-4.csv": "名称,编外人员\n甲局,2\n",
    }
    subject = only(desk.read(files))
    assert (subject.id, subject.name) == (CODE, "甲局")
    assert [value(subject, each) for each in ("posts", "score", "area", "others")] == [5, 6, 100, 2]


def test_a_credit_code_with_a_wrong_check_digit(desk: Desk) -> None:
    found = the_fault(desk.read({"单位.csv": f"统一社会信用代码\n{CODE[:-1]}A\n"}))
    assert found.code == "E104"
    assert "第2行" in text_of(found)


@pytest.mark.parametrize("written", [CODE, "7", "甲局"])
def test_a_parent_may_be_named_by_code_id_or_name(desk: Desk, written: str) -> None:
    files = {"单位.csv": f"信用代码,编号,名称\n{CODE},7,甲局\n", "残疾职工.csv": f"名称,上级\n张三,{written}\n"}
    assert only(desk.read(files), "disabled_employee").parent is not None


# --- several tables in one file ---


def test_two_sheets_may_tell_of_one_subject() -> None:
    first, second = sheet([["名称", "编制"], ["甲", "5"]]), sheet([["名称", "评分"], ["甲", "6"]])
    second.sheet = "表二"
    (subject,), faults = taken(first, second)
    assert not faults
    assert (value(subject, "posts"), value(subject, "score")) == (5, 6)
    assert origin(subject, "score").where_zh == "!表二!D7"


def test_a_subject_twice_on_one_sheet() -> None:
    assert fault(sheet([["名称"], ["甲"], ["甲"]])).code == "F407"


def test_a_contradiction_of_two_sheets_shows_both_cells() -> None:
    first, second = sheet([["名称", "编制"], ["甲", "5"]]), sheet([["名称", "编制"], ["甲", "6"]])
    second.sheet = "表二"
    _, faults = taken(first, second)
    assert [(each.code, each.place and each.place.where, each.values["place"]) for each in faults] == [
        ("F401", "!表!D7", "a.xlsx!表二!D7"),
        ("F401", "!表二!D7", "a.xlsx!表!D7"),
    ]


# --- the short ways and the long ones ---

TEXTS = st.one_of(
    st.integers(-3, 2000).map(str),
    st.decimals(0, 1200, places=3).map(str),
    st.tuples(st.integers(0, 1200), st.sampled_from(["人", "百人", "%", "‰", "元", "亩", " 人", "坨", "余人", "２", "年"])).map(
        lambda pair: f"{pair[0]}{pair[1]}"
    ),
    st.sampled_from(
        ["", "/", "无", "未知", "012", "1,000", "1e3", "１２", "5.", ".5", "-5", "+5", "0", "0.0", "1" * 40, "5\u200b", "5　人"]
    ),
    st.sampled_from(["2023年1月19日", "2023-01-19", "2023-2-30", "2023年2月29日", "1899-12-31", "2023.1.19", "2023年底", "9:30"]),
    st.sampled_from(["机关", "事业单位", "organ", "是", "否", "true", "~", "甲", " 甲 ", "甲\n乙"]),
    st.text(max_size=4),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXTS, max_size=12), st.sampled_from(FACTS), st.sampled_from([None, "人", "百人", "%", "‰", "万元", "亩"]))
def test_texts_are_read_together_as_one_by_one(texts: list[str], fact: Any, unit_text: str | None) -> None:
    unit = unit_table().find(unit_text) if unit_text else None
    expected = {text: read_value(Cell(text, 0), fact, unit) for text in texts}
    assert read_values(set(texts), fact, unit) == expected


def fingerprint(submission: Submission) -> object:
    """All that a submission says."""
    return (
        [
            (kind, each.id, each.name, each.values, dict(each.origins), each.origin, each.as_of, each.place, each.reasons,
             each.supporting, each.rosters and [roster and (len(roster.members), roster.is_complete, roster.origin)
                                                for roster in each.rosters])
            for kind, subjects in submission.subjects.items()
            for each in subjects
        ],
        submission.refused,
        submission.warnings,
        submission.received,
    )  # fmt: skip


SAID = st.fixed_dictionaries(
    {},
    optional={
        "编号": st.integers(1, 4).map(str),
        "名称": st.sampled_from(["甲", "乙", "丙", " 丁 ", ""]),
        "编制": st.one_of(st.integers(0, 60).map(str), TEXTS),
        "面积（亩）": st.sampled_from(["1", "2.5", "3亩", ""]),
        "成立日": st.sampled_from(["2023年1月19日", "2023-2-1", "", "2023年2月30日"]),
        "撤销日": st.sampled_from(["无", "2023-2-1", ""]),
        "是否公开": st.sampled_from([True, False, "是", "", None]),
        "新增就业人数@2022年": st.integers(0, 9).map(str),
        "新增就业人数@2023年": st.sampled_from(["1", ""]),
        "地区": st.sampled_from(["黄石市", "阳新县", ""]),
        "截至": st.sampled_from(["2023年底", ""]),
        "残疾职工": st.sampled_from(["无", "未报全", "已报全", ""]),
        "佐证材料（编制）": st.sampled_from(["文件", ""]),
        "备注": st.sampled_from(["x", ""]),
    },
)
FILES = st.lists(st.lists(SAID, min_size=1, max_size=5), min_size=1, max_size=3)


def as_yaml(rows: Sequence[Mapping[str, Any]]) -> str:
    return "地区: 黄石市\n单位:\n" + "".join(
        "- "
        + "\n  ".join([f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(text)}" for key, text in row.items()] or ["{}"])
        + "\n"
        for row in rows
    )


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"地区": "黄石市", "单位": rows}, ensure_ascii=False)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, st.sampled_from([("yaml", as_yaml), ("json", as_json)]))
def test_a_list_by_columns_gives_what_its_nodes_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[list[dict[str, Any]]], form: Any
) -> None:
    ending, write = form
    paths = [Desk(tmp_path).put(f"{number}.{ending}", write(rows)) for number, rows in enumerate(files)]
    short = fingerprint(read(paths, RULE_SET))
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "rows_of", lambda *_: None)
        long = fingerprint(read(paths, RULE_SET))
    assert short == long


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_blocks_taken_whole_give_what_their_drafts_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[list[dict[str, Any]]]
) -> None:
    paths = [Desk(tmp_path).put(f"{number}.json", as_json(rows)) for number, rows in enumerate(files)]
    short = fingerprint(read(paths, RULE_SET))
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["rulecheck.facts.assemble"], "plain_blocks", lambda *_: {})
        long = fingerprint(read(paths, RULE_SET))
    assert short == long


def test_the_short_ways_are_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the properties above would compare the long ways with themselves."""
    made: list[str] = []
    original = drafts.Draft
    monkeypatch.setattr(drafts, "Draft", lambda *given, **named: made.append("draft") or original(*given, **named))
    rows = [{"名称": "甲", "编制": "5"}, {"名称": "乙", "编制": 6}]
    for name, content in (("a.json", as_json(rows)), ("a.yaml", as_yaml(rows)), ("单位.csv", "名称,编制\n甲,5\n乙,6\n")):
        submission = desk.read({name: content})
        assert [value(each, "posts") for each in submission.subjects["unit"]] == [5, 6], shown(submission)
    assert not made


def test_untold_and_none_by_columns() -> None:
    submission = yaml("单位:\n  - {名称: 甲, 撤销日: 无}\n  - {名称: 乙, 撤销日: /}\n  - {名称: 丙}\n")
    found = submission.subjects["unit"]
    assert [value(each, "closed_on") for each in found] == [NONE, UNTOLD, UNTOLD]
    assert [len(each.origins) for each in found] == [1, 1, 0]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(TEXTS, st.sampled_from(["／", "－－", "UNKNOWN", "Ｕnknown", " 未填 ", "\u3000", "\u2002/", "未知"]))))
def test_names_are_read_together_as_one_by_one(texts: list[str]) -> None:
    assert read_identifiers(set(texts)) == {text: read_identifier(text) for text in texts}
