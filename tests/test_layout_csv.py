"""CSV into a grid: rows as they stand, their lines, what separates the cells."""

from __future__ import annotations

import csv
import io
import time

import pytest

from rulecheck.facts import csv_reader
from rulecheck.facts.csv_reader import read_csv
from rulecheck.facts.grids import Grid
from rulecheck.facts.nodes import Faults
from support_layout import told


def read(text: str) -> tuple[Grid | None, Faults]:
    faults = Faults("单位.csv")
    return read_csv(text, "单位.csv", faults), faults


def grid_of(text: str) -> Grid:
    grid, faults = read(text)
    assert grid is not None
    assert faults.errors == []
    return grid


def test_rows_as_they_stand() -> None:
    grid = grid_of("名称,编制\n甲局, 5 \n乙局,\n")
    assert grid.rows == [["名称", "编制"], ["甲局", " 5 "], ["乙局", ""]]
    assert list(grid.numbers) == [1, 2, 3]
    assert (grid.file, grid.sheet, grid.left, grid.lengths) == ("单位.csv", "", 1, ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_first_line_of_each_row(end: str) -> None:
    grid = grid_of(end.join(["名称,情况", "", '甲局,"一', '二"', "乙局,无", ""]))
    assert list(grid.numbers) == [1, 3, 5]


def test_rows_of_different_lengths_are_filled_up() -> None:
    grid = grid_of("单位表\n名称,编制,面积\n甲局,5\n")
    assert grid.rows == [["单位表", "", ""], ["名称", "编制", "面积"], ["甲局", "5", ""]]
    assert grid.lengths == [1, 3, 2]


@pytest.mark.parametrize("text", ["", "\n\n", "\r\n"])
def test_nothing(text: str) -> None:
    assert read(text)[0] is None


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("名称\t编制\n甲局\t1,000\n乙局\t2,000\n", 2),
        ("名称;编制;情况\n甲局;5;好,很好\n", 3),
        ("单位情况表\n名称;编制\n甲局;5\n乙局;6\n", 2),
        ("名称，编制\n甲局，5\n", 2),
        ("名称|编制\n甲局|5\n", 2),
    ],
)
def test_other_marks_between_all_cells(text: str, width: int) -> None:
    grid, faults = read(text)
    assert grid is not None
    assert len(grid.rows[0]) == width
    assert [told(fault) for fault in faults.warnings] == ["S216 第1行"]


@pytest.mark.parametrize(
    "text",
    [
        "名称,情况\n甲局,一；二\n乙局,三；四\n",
        "名称,情况\n甲局,一、二\n",
        "名称\n甲、乙\n丙、丁、戊\n",
        "名称,编制\n甲局;5,6\n",
    ],
)
def test_marks_inside_cells_separate_nothing(text: str) -> None:
    grid = grid_of(text)
    assert len(grid.rows[0]) == text.split("\n")[0].count(",") + 1


@pytest.mark.parametrize("text", ["名称;编制\n甲局;5;6\n", "名称，编制\n甲局，5，6\n乙局，7\n"])
def test_another_mark_used_unevenly_is_refused(text: str) -> None:
    grid, faults = read(text)
    assert grid is None
    assert [told(fault) for fault in faults.errors] == ["F157 第1行"]


@pytest.mark.parametrize(("count", "is_refused"), [(11, False), (12, False), (14, True)])
def test_the_number_of_cells_is_limited(monkeypatch: pytest.MonkeyPatch, count: int, is_refused: bool) -> None:
    monkeypatch.setattr(csv_reader, "MAXIMUM_CELLS", 12)
    grid, _ = read("甲,乙\n" * (count // 2))
    assert (grid is None) is is_refused


@pytest.mark.parametrize(("columns", "is_refused"), [(4, False), (5, False), (6, True)])
def test_the_number_of_columns_is_limited(monkeypatch: pytest.MonkeyPatch, columns: int, is_refused: bool) -> None:
    monkeypatch.setattr(csv_reader, "MAXIMUM_COLUMNS", 5)
    _, faults = read("表\n" + ",".join("名" * columns) + "\n")
    assert [told(fault) for fault in faults.errors] == (["S222 第2行"] if is_refused else [])


def test_one_long_row_does_not_make_all_rows_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "MAXIMUM_CELLS", 100)
    grid, faults = read("甲\n" * 20 + "甲,乙,丙,丁,戊,己\n")
    assert grid is None
    assert [fault.code for fault in faults.errors] == ["F114"]


def test_ten_thousand_rows_cost_little_more_than_the_reader_of_python() -> None:
    text = "\n".join(",".join([f"第{number}局", *["12"] * 13]) for number in range(10_000))
    spent = {"python": 9_999_999_999, "ours": 9_999_999_999}
    for _ in range(5):
        start = time.process_time_ns()
        list(csv.reader(io.StringIO(text, newline="")))
        middle = time.process_time_ns()
        read_csv(text, "单位.csv", Faults(""))
        end = time.process_time_ns()
        spent = {"python": min(spent["python"], middle - start), "ours": min(spent["ours"], end - middle)}
    assert spent["ours"] < 3 * spent["python"]


def test_texts_written_as_formulas() -> None:
    grid = grid_of('编号,编制,式\n"=""007""",="5",="a"&"b"\n')
    assert grid.rows[1] == ["007", "5", '="a"&"b"']
