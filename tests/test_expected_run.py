"""A roster and a list of what was received in a whole run: one unit under several names, its place, who stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from rulecheck.facts import read
from rulecheck.language.diagnostics import render
from rulecheck.submission import State, Submission
from support_facts import CITY, COUNTY, RULE_SET, Desk, codes, only, shown, text_of, the_fault, value

ROSTER = """
名录:
  - {代码: DW-01, 全称: 黄石市航标局, 简称: 航标局, 地区: 黄石市, 应报: 单位}
  - {代码: DW-02, 全称: 黄石市桥梁局, 简称: 桥梁局, 地区: 黄石市, 应报: "单位、申领"}
  - {代码: DW-03, 全称: 阳新县渡口局, 简称: 渡口局, 地区: 阳新县}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def received(
    desk: Desk, files: Mapping[str, str | bytes], roster: str | None = ROSTER, manifest: str = "", **options: Any
) -> Submission:
    """A folder of files, with a roster and a list beside it."""
    for name, content in files.items():
        desk.put(f"报送/{name}", content)
    lists = {
        "expected": desk.put("名录.yaml", roster) if roster else None,
        "manifest": desk.put("清单.yaml", manifest) if manifest else None,
    }
    return read([desk.folder / "报送"], RULE_SET, **lists, **options)


def unit(name: str, facts: str = "编制: 5", header: str = "") -> str:
    return f"{header}单位:\n  - 名称: {name}\n    {facts}\n"


def states(submission: Submission) -> list[str]:
    assert submission.expected is not None
    return [str(standing.state) for standing in submission.expected]


# --- one unit under several names ---


def test_files_that_call_one_unit_differently_are_about_one_subject(desk: Desk) -> None:
    subject = only(received(desk, {"a.yaml": unit("航标局"), "b.yaml": unit("黄石市航标局", "面积: 3平方米")}))
    assert (subject.id, subject.name) == ("DW-01", "黄石市航标局")
    assert (value(subject, "posts"), value(subject, "area")) == (5, 300)


def test_without_a_roster_they_are_two(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("航标局"), "b.yaml": unit("黄石市航标局")}, roster=None)
    assert [subject.name for subject in submission.subjects["unit"]] == ["航标局", "黄石市航标局"]
    assert submission.expected is None


def test_rows_of_a_table_as_well(desk: Desk) -> None:
    table = "名称,编制\n航标局,5\n黄石市桥梁局,6\n别的局,7\n"
    submission = received(desk, {"单位.csv": table, "b.yaml": unit("桥梁局", "面积: 3平方米")})
    assert [(each.id, each.name) for each in submission.subjects["unit"]] == [
        ("DW-02", "黄石市桥梁局"),
        ("DW-01", "黄石市航标局"),
        ("别的局", "别的局"),
    ]


def test_a_contradiction_between_names_is_told_by_the_units_name(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("航标局", "编制: 5"), "b.yaml": unit("黄石市航标局", "编制: 6")})
    assert codes(submission) == ["F401", "F401"]
    assert "“黄石市航标局”" in shown(submission)
    assert states(submission) == ["refused", "silent", "silent"]


def test_another_name_stands_also_for_the_one_above_and_the_one_meant(desk: Desk) -> None:
    claim = "申领:\n  - {编号: SQ-1, 受理日: 2023-01-19, 经办机构: 桥梁局}\n"
    person = "残疾职工:\n  - {编号: P-1, 上级: 航标局}\n"
    submission = received(
        desk, {"a.yaml": unit("黄石市航标局"), "b.yaml": unit("黄石市桥梁局"), "c.yaml": claim, "d.yaml": person}
    )
    assert value(only(submission, "claim"), "office") == "DW-02"
    parent = only(submission, "disabled_employee").parent
    assert parent is not None
    assert parent.id == "DW-01"


CODE = "91429900000000000L"


@pytest.mark.parametrize("names", [("a.yaml", "b.csv"), ("b.yaml", "a.csv")])
def test_a_credit_code_that_a_unit_gives_beside_its_name_is_its_code(desk: Desk, names: tuple[str, str]) -> None:
    whole, alone = names
    person = f"残疾职工:\n  - {{编号: P-1, 上级: {CODE}}}\n"
    files = {
        whole: f"单位:\n  - {{统一社会信用代码: {CODE}, 名称: 航标局, 编制: 5}}\n",
        alone: f"核查对象,统一社会信用代码,面积\n单位,{CODE},3平方米\n",
        "c.yaml": person,
    }
    submission = received(desk, files)
    subject = only(submission)
    assert (subject.id, value(subject, "posts"), value(subject, "area")) == ("DW-01", 5, 300)
    assert only(submission, "disabled_employee").parent is subject
    assert states(submission)[0] == "received"


def test_a_code_that_two_units_give_is_nobodys(desk: Desk) -> None:
    rows = "".join(f"单位,{CODE},{name}\n" for name in ("航标局", "桥梁局"))
    alone = f"核查对象,统一社会信用代码,面积\n单位,{CODE},3平方米\n"
    submission = received(desk, {"a.csv": "核查对象,统一社会信用代码,名称\n" + rows, "b.csv": alone})
    assert sorted(each.id for each in submission.subjects["unit"]) == [CODE, "DW-01", "DW-02"]


@pytest.mark.parametrize("called", ["DW-01", "黄石市航标局", "航标局", "JG-7"])
def test_a_record_of_the_authority_may_call_it_by_any_of_them(desk: Desk, called: str) -> None:
    common = "采纳单位: 市政府, 文号: 测〔2023〕2号, 日期: 2023-05-01"
    record = desk.put("记录.yaml", f"记录:\n  - {{类型: 豁免, 规则: 至少安排一人, 对象: {called}, {common}}}\n")
    submission = received(desk, {"a.yaml": "单位:\n  - {编号: JG-7, 名称: 航标局, 编制: 5}\n"}, records=[record])
    assert submission.refused == ()
    assert [each.subject for each in submission.records] == ["DW-01"]


NAMESAKES = """
名录:
  - {代码: DW-01, 全称: 黄石市航标局, 简称: 航标局, 地区: 黄石市}
  - {代码: DW-02, 全称: 阳新县航标局, 简称: 县航标局, 地区: 阳新县}
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("02阳新县航标局/单位.yaml", unit("航标局")),
        ("单位.yaml", unit("航标局", "编制: 5", "填报单位: 阳新县航标局\n")),
        ("单位.yaml", unit("航标局", "地区: 阳新县")),
        ("单位.yaml", unit("航标局", "编制: 5", "地区: 阳新县\n")),
        ("02阳新县航标局/单位.csv", "名称,编制\n航标局,5\n"),
        ("02阳新县航标局/报送.yaml", unit("磁湖站", "编制: 5", "填报单位: 航标局\n")),
        ("02阳新县航标局/残疾职工.csv", "编号,上级\nC-1,航标局\n"),
    ],
)
def test_a_short_name_in_a_file_of_another_who_could_be_called_so_is_nobodys(desk: Desk, file: str, text: str) -> None:
    submission = received(desk, {file: text}, NAMESAKES)
    assert [fault.code for refusal in submission.refused for fault in refusal.faults] == ["E135"]
    assert "黄石市航标局" in text_of(submission.refused[0].faults[0])
    assert not submission.subjects.get("unit")
    assert states(submission) == ["silent", "refused"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("单位.yaml", unit("航标局")),
        ("01黄石市航标局/单位.yaml", unit("航标局")),
        ("02阳新县航标局/单位.yaml", unit("黄石市航标局")),  # the full name leaves no doubt
        ("02阳新县航标局/单位.yaml", "单位:\n  - 编号: DW-01\n    名称: 航标局\n"),
        ("单位.yaml", unit("航标局", "地区: 黄石市")),
    ],
)
def test_where_nothing_speaks_against_a_short_name_it_counts(desk: Desk, file: str, text: str) -> None:
    submission = received(desk, {file: text}, NAMESAKES)
    assert (only(submission).id, states(submission)) == ("DW-01", ["received", "silent"])


def test_subjects_of_one_name_from_different_units_are_joined_with_a_remark(desk: Desk) -> None:
    files = {"航标局/单位.csv": "名称,编制\n服务中心,5\n", "桥梁局/单位.csv": "名称,面积\n服务中心,3平方米\n"}
    submission = received(desk, files)
    assert len(submission.subjects["unit"]) == 1
    (warning,) = submission.warnings
    assert (warning.code, warning.file) == ("E137", "报送/航标局/单位.csv")
    assert "报送/桥梁局/单位.csv" in text_of(warning)


@pytest.mark.parametrize(
    "files",
    [
        {"航标局/单位-1.csv": "名称,编制\n服务中心,5\n", "航标局/单位-2.csv": "名称,面积\n服务中心,3平方米\n"},  # one unit's
        {"航标局/单位.csv": "名称,编制\n桥梁局,5\n", "桥梁局/单位.csv": "名称,面积\n桥梁局,3平方米\n"},  # on the roster
        {"航标局/单位.csv": "名称,编制\n服务中心,5\n", "桥梁局/单位.csv": "名称,面积\n服务二中心,3平方米\n"},
    ],
)
def test_otherwise_there_is_no_such_remark(desk: Desk, files: dict[str, str]) -> None:
    assert [warning.code for warning in received(desk, files).warnings if warning.code == "E137"] == []


NUMBERED = """
名录:
  - {代码: 1, 全称: 黄石市航标局}
  - {代码: 2, 全称: 黄石市桥梁局, 简称: 桥梁局}
  - {代码: A1429900000000000K, 全称: 云栖基地}
  - {代码: DW-04, 全称: 黄石市渡口局}
"""


@pytest.mark.parametrize("name", ["黄石市桥梁局", "桥梁局"])
def test_the_number_of_a_row_is_not_taken_for_a_code_beside_a_name(desk: Desk, name: str) -> None:
    submission = received(desk, {"单位.csv": f"编号,名称,编制\n1,{name},5\n"}, NUMBERED)
    assert (only(submission).id, only(submission).name) == ("2", "黄石市桥梁局")
    assert states(submission) == ["silent", "received", "silent", "silent"]


def test_nor_beside_a_name_that_is_not_on_the_roster(desk: Desk) -> None:
    submission = received(desk, {"单位.csv": "编号,名称,编制\n1,磁湖站,5\n"}, NUMBERED)
    assert (only(submission).name, states(submission)) == ("磁湖站", ["silent"] * 4)


def test_alone_or_with_its_own_name_it_is_the_code(desk: Desk) -> None:
    files = {"a.csv": "核查对象,编号,名称,编制\n单位,1,,5\n", "b.csv": "核查对象,编号,名称,编制\n单位,2,桥梁局,5\n"}
    assert states(received(desk, files, NUMBERED)) == ["received", "received", "silent", "silent"]


@pytest.mark.parametrize(("column", "code"), [("统一社会信用代码", "A1429900000000000K"), ("编号", "DW-04")])
def test_a_code_and_a_name_of_two_units_are_nobodys(desk: Desk, column: str, code: str) -> None:
    submission = received(desk, {"单位.csv": f"{column},名称,编制\n{code},黄石市桥梁局,5\n"}, NUMBERED)
    assert [fault.code for refusal in submission.refused for fault in refusal.faults] == ["E136"]
    assert states(submission) == ["silent", "refused", "silent", "silent"]


def test_a_credit_code_beside_such_a_name_is_not_learnt_for_the_wrong_unit(desk: Desk) -> None:
    code = "A1429900000000000K"
    given = f"单位:\n  - 名称: 航标局\n    统一社会信用代码: {code}\n"
    alone = f"单位:\n  - 统一社会信用代码: {code}\n    编制: 7\n"
    submission = received(desk, {"阳新县航标局/a.yaml": given, "b.yaml": alone}, NAMESAKES)
    assert [subject.id for subject in submission.subjects["unit"]] == [code]
    assert states(submission) == ["silent", "refused"]


# --- places ---


def test_a_place_that_nobody_says_is_the_rosters(desk: Desk) -> None:
    assert only(received(desk, {"a.yaml": unit("渡口局")}, place=CITY)).place == COUNTY


def test_what_the_submission_says_comes_first(desk: Desk) -> None:
    assert only(received(desk, {"a.yaml": unit("航标局", "地区: 阳新县")})).place == COUNTY
    assert only(received(desk, {"a.yaml": unit("航标局", header="地区: 阳新县\n")})).place == COUNTY


def test_subjects_of_a_unit_that_sent_them_have_its_place(desk: Desk) -> None:
    assert only(received(desk, {"渡口局/a.yaml": unit("渡口所")})).place == COUNTY


# --- where each unit stands ---


def test_expected_received_refused_and_silent(desk: Desk) -> None:
    files = {"a.yaml": unit("航标局"), "桥梁局/b.yaml": "单位：坏了\n"}
    submission = received(desk, files)
    assert states(submission) == ["received", "refused", "silent"]
    (taken,) = submission.received
    assert (taken.units, taken.told_by) == (("DW-01",), "subjects")
    (refused,) = submission.refused
    assert (refused.units, refused.told_by, refused.is_submission) == (("DW-02",), "name", True)


def test_a_kind_that_is_lacking(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("桥梁局")})
    assert submission.expected is not None
    assert (submission.expected[1].state, [kind.zh for kind in submission.expected[1].missing]) == (State.PARTLY, ["申领"])


def test_that_there_are_none_is_a_report(desk: Desk) -> None:
    assert states(received(desk, {"a.yaml": unit("桥梁局") + "申领: 无\n"}))[1] == "received"


def test_a_scan_is_silence_and_a_lock_file_nothing_at_all(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("航标局"), "桥梁局/扫描件.jpg": b"\xff\xd8", "桥梁局/~$单位.xlsx": b"x"})
    assert submission.expected is not None
    standing = submission.expected[1]
    assert (standing.state, standing.unread) == (State.SILENT, ("报送/桥梁局/扫描件.jpg",))


def test_a_submission_of_nobody_on_the_roster_is_judged_and_told(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("邮票局")})
    assert only(submission).name == "邮票局"
    assert [warning.code for warning in submission.warnings] == ["E130"]


def test_a_faulty_roster_is_refused_and_nobody_is_called_silent(desk: Desk) -> None:
    submission = received(desk, {"a.yaml": unit("航标局")}, roster="- {全称: 甲局}\n- {全称: 甲局}\n")
    assert (codes(submission), submission.expected) == (["E121"], None)
    assert not submission.refused[0].is_submission
    assert len(submission.subjects["unit"]) == 1


def test_a_roster_in_the_folder_is_no_submission(desk: Desk) -> None:
    path = desk.put("报送/名录.yaml", ROSTER)
    desk.put("报送/a.yaml", unit("航标局"))
    submission = read([desk.folder / "报送"], RULE_SET, expected=path)
    assert submission.refused == ()
    assert states(submission) == ["received", "silent", "silent"]


def test_a_roster_in_csv(desk: Desk) -> None:
    roster = desk.put("名录.csv", "应报单位名录,,\n代码,全称,简称\nDW-01,黄石市航标局,航标局、标局\n")
    submission = read([desk.put("a.yaml", unit("标局"))], RULE_SET, expected=roster)
    assert states(submission) == ["received"]


def test_where_a_folder_was_not_looked_into_nobody_is_called_silent(desk: Desk) -> None:
    roster = desk.put("名录.yaml", ROSTER)
    submission = read([desk.put("a.yaml", unit("航标局")), desk.folder / "没有的文件夹"], RULE_SET, expected=roster)
    assert submission.expected is None
    assert [(warning.code, warning.file) for warning in submission.warnings] == [("E134", "名录.yaml")]
    assert len(submission.subjects["unit"]) == 1


@pytest.mark.parametrize("signature", ["航标局", "航标局（盖章）", "黄石市航标局 (公章)"])
def test_a_signature_with_a_remark_on_its_seal(desk: Desk, signature: str) -> None:
    submission = received(desk, {"单位.csv": f"填报单位：{signature},\n名称,编制\n别的局,5\n"})
    assert states(submission)[0] == "received"
    assert submission.received[0].told_by == "signature"
    assert submission.received[0].unit == signature.partition("（")[0].partition(" ")[0]


# --- what replaces what ---

VERSIONS = {"a/单位.yaml": unit("航标局", "编制: 5"), "a/单位（改）.yaml": unit("航标局", "编制: 6")}
MANIFEST = "清单:\n  - {文件: a/单位（改）.yaml, 替代: a/单位.yaml}\n"


def test_two_versions_contradict_each_other(desk: Desk) -> None:
    submission = received(desk, VERSIONS)
    assert codes(submission) == ["F401", "F401"]
    for fault, other in zip(
        [fault for refusal in submission.refused for fault in refusal.faults], ["a/单位（改）.yaml", "a/单位.yaml"], strict=True
    ):
        assert f"报送/{other} 第" in text_of(fault)


def test_a_later_version_replaces_an_earlier_one_when_the_list_says_so(desk: Desk) -> None:
    submission = received(desk, VERSIONS, manifest=MANIFEST)
    assert value(only(submission), "posts") == 6
    assert submission.replaced == (("报送/a/单位.yaml", "报送/a/单位（改）.yaml"),)
    assert [each.file for each in submission.received] == ["报送/a/单位（改）.yaml"]
    assert submission.expected is not None
    assert submission.expected[0].files == ("报送/a/单位（改）.yaml",)


def test_an_earlier_version_that_could_not_be_read_is_replaced_as_well(desk: Desk) -> None:
    for broken in ("单位：坏了\n", b"\xff\xfe"):
        submission = received(desk, {**VERSIONS, "a/单位.yaml": broken}, manifest=MANIFEST)
        assert submission.refused == ()
        assert states(submission)[0] == "received"


def test_a_later_version_that_is_refused_brings_nothing_back(desk: Desk) -> None:
    submission = received(desk, {**VERSIONS, "a/单位（改）.yaml": "单位：坏了\n"}, manifest=MANIFEST)
    assert submission.subjects["unit"] == ()
    assert [refusal.file for refusal in submission.refused] == ["报送/a/单位（改）.yaml"]


def test_a_faulty_list_is_refused_and_replaces_nothing(desk: Desk) -> None:
    submission = received(desk, {"a/单位.yaml": unit("航标局")}, manifest=MANIFEST)
    fault = the_fault(submission)
    assert (fault.code, fault.file) == ("E140", "清单.yaml")
    assert "a/单位（改）.yaml" in render(fault)
    assert not submission.refused[0].is_submission
    assert submission.replaced == ()


def test_what_was_replaced_counts_in_the_receipt(desk: Desk) -> None:
    before = received(desk, VERSIONS, manifest=MANIFEST).sha256
    assert received(desk, {**VERSIONS, "a/单位.yaml": unit("航标局", "编制: 4")}, manifest=MANIFEST).sha256 != before


def test_a_roster_and_a_list_from_spreadsheets(desk: Desk) -> None:
    roster = spreadsheet(
        desk.folder / "名录.xlsx", ["应报单位名录"], ["代码", "全称", "简称"], ["DW-01", "黄石市航标局", "航标局"]
    )
    listed = spreadsheet(desk.folder / "清单.xlsx", ["文件", "替代"], ["a/单位（改）.yaml", "a/单位.yaml"])
    for name, content in VERSIONS.items():
        desk.put(f"报送/{name}", content)
    submission = read([desk.folder / "报送"], RULE_SET, expected=roster, manifest=listed)
    assert submission.refused == ()
    assert submission.expected is not None
    assert submission.expected[0].files == ("报送/a/单位（改）.yaml",)


def test_a_fault_in_a_spreadsheet_names_its_cell(desk: Desk) -> None:
    roster = spreadsheet(desk.folder / "名录.xlsx", ["代码", "全称"], ["91429900000000000X", "甲局"])
    fault = the_fault(read([desk.put("a.yaml", unit("甲局"))], RULE_SET, expected=roster))
    assert fault.code == "E104"
    assert "名录.xlsx!名录!A2" in text_of(fault)


def spreadsheet(path: Path, *rows: Sequence[str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名录"
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path
