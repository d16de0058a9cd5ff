"""Text in a terminal whose Chinese characters are two columns wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecheck.language.diagnostics import display_width
from rulecheck.report.layout import Line, Style, paint, table, wrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五", ["一二三四五"]),
        ("一二三四五六", ["一二三四五", "六"]),
        ("一二三四五，六", ["一二三四", "五，六"]),
        ("一二三四五。”六", ["一二三四", "五。”六"]),
        ("一二三四（五六）", ["一二三四", "（五六）"]),
        ("一二三四50人", ["一二三四", "50人"]),
        ("一二3四", ["一二3四"]),
        ("one two three", ["one two", "three"]),
        ("one two-three", ["one", "two-three"]),
        ("abcdefghijkl", ["abcdefghij", "kl"]),
        ("一abcdefghijkl", ["一", "abcdefghij", "kl"]),
        ("", [""]),
    ],
)
def test_lines_of_ten_columns(text: str, lines: list[str]) -> None:
    assert wrap(text, width=10) == lines


def test_the_first_line_and_the_others_have_their_own_beginnings() -> None:
    assert wrap("一二三四五六", "- ", width=10) == ["- 一二三四", "  五六"]
    assert wrap("一二三四五六", "> ", "> ", width=10) == ["> 一二三四", "> 五六"]


@given(st.text("一，。（）“”50人 ab-/", max_size=60), st.integers(12, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, "  ", width=width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width for line in lines)


def test_columns_of_a_table_stand_under_one_another() -> None:
    assert table(["名称", "A"], [["一二三", "12"], ["a", "3"]]) == [
        "  名称     A",
        "  ----------",
        "  一二三  12",
        "  a        3",
    ]


def test_a_long_name_in_a_table_goes_on_below() -> None:
    lines = table(["名称", "数"], [["长" * 60, "1"]])
    assert [display_width(line) for line in lines] == [100, 100, 100, 28]
    assert lines[2].endswith("长   1")
    assert lines[3] == "  " + "长" * 13


def test_data_cannot_steer_the_terminal() -> None:
    assert wrap("红\x1b[31m\n‮") == ["红\\u001b[31m\\u000a\\u202e"]
    assert table(["\x07"], [["\x1b"]])[2] == "  \\u001b"
    assert paint([Line("\x1b]0;x\x07", Style.RED)], color=True) == "\x1b[1;31m\\u001b]0;x\\u0007\x1b[0m\n"


def test_colour_only_when_asked_for() -> None:
    lines = [Line("头", Style.BOLD), Line("文")]
    assert paint(lines, color=False) == "头\n文\n"
    assert paint(lines, color=True) == "\x1b[1m头\x1b[0m\n文\n"
