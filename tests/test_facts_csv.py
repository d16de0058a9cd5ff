"""CSV: headings with units and periods, lines that stay right, rows that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.facts import csv_reader
from rulecheck.submission import UNTOLD, Submission
from support_facts import Desk, advice, codes, faults, only, shown, text_of, the_fault, value


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def table(desk: Desk, text: str, name: str = "单位.csv") -> Submission:
    return desk.read({name: text})


@pytest.mark.parametrize(
    ("heading", "cell", "fact", "expected"),
    [
        ("编制（人）", "50", "posts", 50),
        ("posts (people)", "50", "posts", 50),
        ("编制", "50", "posts", 50),
        ("编制 （人）", "50", "posts", 50),
        ('"编 制\n（人）"', "50", "posts", 50),
        ("编制（百人）", "3", "posts", 300),
        ("编制（百人）", "3人", "posts", 3),
        ("编制（人）", "", "posts", UNTOLD),
        ("安排比例（%）", "1.5", "ratio", 150),
        ("安排比例（‰）", "15", "ratio", 150),
        ("安排比例", "1.5%", "ratio", 150),
        ("面积（亩）", "3", "area", 200000),
    ],
)
def test_units_in_headings(desk: Desk, heading: str, cell: str, fact: str, expected: object) -> None:
    assert value(only(table(desk, f"名称,{heading}\n甲局,{cell}\n")), fact) == expected


@pytest.mark.parametrize(
    "heading", ["新增就业人数@2022年", "新增就业人数@2022年（人）", "新增就业人数（人）@2022", "new_jobs@2022"]
)
def test_periods_in_headings(desk: Desk, heading: str) -> None:
    assert value(only(table(desk, f"名称,{heading}\n甲局,800\n")), "new_jobs") == {"2022": 800}


@pytest.mark.parametrize("name", ["单位.csv", "单位-2023年.csv", "单位_甲.csv", "单位（市直）.csv", "unit.csv", "unit-2.CSV"])
def test_the_kind_from_the_name_of_the_file(desk: Desk, name: str) -> None:
    assert only(table(desk, "名称\n甲局\n", name)).name == "甲局"


def test_the_kind_from_a_column(desk: Desk) -> None:
    text = "核查对象,名称,编制,人口\n单位,甲局,50,\n镇,乙镇,,900\n"
    submission = table(desk, text, "报送.csv")
    assert value(only(submission), "posts") == 50
    assert value(only(submission, "town"), "people") == 900


def test_a_value_of_another_kind_in_a_shared_table_is_refused(desk: Desk) -> None:
    fault = the_fault(table(desk, "核查对象,名称,编制\n单位,甲局,50\n镇,乙镇,60\n", "报送.csv"))
    assert fault.code == "F204"
    assert "单位" in text_of(fault)


def test_lines_are_right_after_a_quoted_line_break(desk: Desk) -> None:
    submission = table(desk, '名称,情况,编制\n甲,"一\n二",5\n\n乙,无事,6\n')
    origins = [each.origins[each.kind.slots["posts"]] for each in submission.subjects["unit"]]
    assert [(each.file, each.where_zh) for each in origins] == [("单位.csv", "第2行“编制”"), ("单位.csv", "第5行“编制”")]


def test_a_figure_of_a_period_is_told_with_its_period(desk: Desk) -> None:
    (unit,) = table(desk, "名称,新增就业人数@2022年,新增就业人数@2023年\n甲局,800,900\n").subjects["unit"]
    places = {(each.where_zh, each.where_en) for each in unit.origins.values()}
    assert places >= {
        ("第2行“新增就业人数@2022年”", "line 2 “new_jobs@2022”"),
        ("第2行“新增就业人数@2023年”", "line 2 “new_jobs@2023”"),
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(desk: Desk, end: str) -> None:
    submission = table(desk, end.join(["名称,编制", "甲,5", "乙,6", ""]))
    assert [each.origin.where_en for each in submission.subjects["unit"]] == ["line 2", "line 3"]


def test_rows_of_blanks_and_trailing_blank_cells_are_passed_over(desk: Desk) -> None:
    submission = table(desk, "名称,编制\n甲,5,,\n,\n\n")
    assert value(only(submission), "posts") == 5


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("名称,编制\n甲,1,000\n", "F153", "第2行"),
        ("名称,编制\n甲\n", "F154", "第2行"),
        ("名称,编制,编制\n甲,1,1\n", "F152", "第1行"),
        ("名称,编制,posts\n甲,1,1\n", "F209", "第1行"),
        ("名称,编制,编制（人）\n甲,1,1\n", "F209", "第1行"),
        ("名称,,编制\n甲,x,1\n", "F155", "第2行"),
        ("名称,编职\n甲,1\n乙,2\n", "F202", "第1行"),
        ("名称,编制（米）\n甲,1\n", "F304", "第1行"),
        ("名称,编制（坨）\n甲,1\n", "F303", "第1行"),
        ("名称,单位类别（人）\n甲,机关\n", "F305", "第1行"),
        ("名称,编制@2022年\n甲,1\n", "F224", "第1行"),
        ("名称,新增就业人数\n甲,1\n", "F223", "第2行"),
        ("名称,新增就业人数@2022年6月\n甲,1\n", "F225", "第1行"),
        ("名称;编制\n甲;1;2\n", "F157", "第1行"),
        ("名称,编制\n", "F158", "第1行"),
        ('名称,编制\n甲,"1\n', "F151", "第2行"),
        ('名称,编制\n甲,"1"2\n', "F151", "第2行"),
        ("名称,编制\n甲,1\n乙,2\n合计,4\n", "S231", "第4行"),
        ("核查对象,名称\n,甲\n", "F156", "第2行"),
        ("核查对象,名称\n单元,甲\n", "F201", "第2行"),
        ("名称,编制\n甲,1\n甲,1\n", "F407", "第3行"),
    ],
)
def test_refused_with_its_line(desk: Desk, text: str, code: str, place: str) -> None:
    submission = table(desk, text)
    assert codes(submission)[0] == code, shown(submission)
    assert place in text_of(faults(submission)[0])
    assert advice(faults(submission)[0])


def test_a_wrong_heading_is_one_fault_not_one_a_row(desk: Desk) -> None:
    assert codes(table(desk, "名称,编职\n甲,1\n乙,2\n")) == ["F202"]


@pytest.mark.parametrize("mark", [";", "，", "\t", "|"])
def test_another_mark_between_all_cells_is_taken_with_a_remark(desk: Desk, mark: str) -> None:
    submission = table(desk, f"名称{mark}编制\n甲{mark}1\n")
    assert value(only(submission), "posts") == 1
    assert [warning.code for warning in submission.warnings] == ["S216"]


def test_a_row_of_totals_that_is_right_is_no_subject(desk: Desk) -> None:
    submission = table(desk, "名称,编制\n甲,1\n乙,2\n合计,3\n")
    assert not submission.refused, shown(submission)
    assert [each.name for each in submission.subjects["unit"]] == ["甲", "乙"]


def test_a_file_named_after_no_kind(desk: Desk) -> None:
    fault = the_fault(table(desk, "名称\n甲\n", "报表-单位.csv"))
    assert fault.code == "F227"
    assert "核查对象" in advice(fault)


def test_a_byte_order_mark_is_no_part_of_the_first_heading(desk: Desk) -> None:
    assert only(table(desk, "\ufeff名称\n甲\n")).name == "甲"


def test_gb18030_is_read_with_a_remark(desk: Desk) -> None:
    submission = desk.read({"单位.csv": "名称,编制\n甲局,5\n".encode("gb18030")})
    assert value(only(submission), "posts") == 5
    assert [warning.code for warning in submission.warnings] == ["S121"]
    assert [each.encoding for each in submission.received] == ["GB18030"]


def test_ignored_headings_are_reported_once(desk: Desk) -> None:
    submission = table(desk, "序号,名称,备注\n1,甲,x\n2,乙,y\n")
    assert [warning.values["name"] for warning in submission.warnings] == ["序号", "备注"]


@pytest.mark.parametrize(("rows", "is_refused"), [(4, False), (5, False), (6, True)])
def test_the_number_of_cells_is_limited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, rows: int, is_refused: bool
) -> None:
    monkeypatch.setattr(csv_reader, "MAXIMUM_CELLS", 12)  # the heading row is counted
    text = "名称,编制\n" + "".join(f"{number},1\n" for number in range(rows))
    assert codes(table(desk, text)) == (["F114"] if is_refused else [])


def test_a_cell_longer_than_the_reader_takes(desk: Desk) -> None:
    assert codes(table(desk, "名称,情况\n甲," + "长" * 200_000 + "\n")) == ["F151"]


def test_a_line_of_nothing_but_commas_is_refused_before_it_is_split(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reader, "MAXIMUM_CELLS", 12)
    assert codes(table(desk, "名称\n" + "," * 25 + "\n")) == ["F114"]
