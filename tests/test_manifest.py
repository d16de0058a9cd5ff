"""The list of what was received: which file a later version replaces."""

from __future__ import annotations

import pytest

from rulecheck.facts.authority.listings import rows_of_grids
from rulecheck.facts.authority.manifest import read_manifest
from rulecheck.facts.nodes import Faults
from rulecheck.language.diagnostics import Diagnostic, render
from support_lists import grid, rows_of_yaml, told

FILES = ("04湖岸局/单位.xlsx", "04湖岸局/单位（修改后）.xlsx", "04湖岸局/单位（再改）.xlsx", "05芦苇局/单位.xlsx", "申领.csv")
FIRST, SECOND, THIRD, OTHER, CLAIMS = FILES


def read(text: str) -> tuple[tuple[tuple[str, str], ...], list[Diagnostic]]:
    faults = Faults("清单.yaml")
    return read_manifest(rows_of_yaml(text, "manifest", faults), faults, FILES), told(faults.errors)


def replaced(text: str) -> tuple[tuple[str, str], ...]:
    found, faults = read(text)
    assert faults == []
    return found


def fault(text: str) -> str:
    """The one fault of a list, which is then not used at all."""
    found, faults = read(text)
    assert found == ()
    (only,) = faults
    return render(only)


def test_a_later_file_replaces_an_earlier_one() -> None:
    text = f"清单:\n  - 文件: {SECOND}\n    替代: {FIRST}\n    收到日期: 2024年1月12日\n    说明: 更正人数\n"
    assert replaced(text) == ((FIRST, SECOND),)


def test_in_english_and_bare() -> None:
    assert replaced(f"- {{file: {SECOND}, replaces: {FIRST}}}\n") == ((FIRST, SECOND),)


def test_files_that_replace_nothing_may_be_listed() -> None:
    assert replaced(f"- {{文件: {CLAIMS}, 收到日期: 2024-01-12}}\n- {{文件: {OTHER}}}\n") == ()


def test_one_may_replace_several() -> None:
    assert replaced(f"- 文件: {THIRD}\n  替代: [{FIRST}, {SECOND}]\n") == ((FIRST, THIRD), (SECOND, THIRD))


def test_step_by_step() -> None:
    text = f"- {{文件: {SECOND}, 替代: {FIRST}}}\n- {{文件: {THIRD}, 替代: {SECOND}}}\n"
    assert replaced(text) == ((FIRST, SECOND), (SECOND, THIRD))


def test_the_end_of_a_name_is_enough_where_it_tells() -> None:
    assert replaced("- {文件: 单位（修改后）.xlsx, 替代: 湖岸局/单位.xlsx}\n".replace("湖岸局", "04湖岸局")) == ((FIRST, SECOND),)
    assert replaced(r"- {文件: '04湖岸局\单位（修改后）.xlsx', 替代: 04湖岸局/单位.xlsx}") == ((FIRST, SECOND),)


def test_from_cells() -> None:
    faults = Faults("清单.csv")
    cells = grid(["序号", "文件", "替代", "收到日期"], ["1", SECOND, FIRST, "2024-01-12"], ["2", CLAIMS, "", ""], sheet="")
    assert read_manifest(rows_of_grids([cells], faults, "manifest"), faults, FILES) == ((FIRST, SECOND),)
    assert faults.errors == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"- {{文件: 单位（改）.xlsx, 替代: {FIRST}}}\n", "[E140] 这次核查的文件里没有“单位（改）.xlsx”"),
        (f"- {{文件: {SECOND}, 替代: 08/单位.xls}}\n", "[E140] 这次核查的文件里没有“08/单位.xls”"),
        (f"- {{文件: {SECOND}, 替代: 单位.xlsx}}\n", f"[E141] “单位.xlsx”指的不止一个文件：{FIRST}、{OTHER}"),
        (f"- {{文件: {SECOND}, 替代: {SECOND}}}\n", f"[E142] “{SECOND}”不能替代它自己"),
        (
            f"- {{文件: {SECOND}, 替代: {FIRST}}}\n- {{文件: {THIRD}, 替代: {FIRST}}}\n",
            f"[E143] “{FIRST}”有两个文件替代：“{SECOND}”（第1行）和“{THIRD}”",
        ),
        (
            f"- {{文件: {SECOND}, 替代: {FIRST}}}\n- {{文件: {FIRST}, 替代: {SECOND}}}\n",
            f"[E144] 这几个文件互相替代，没有一个有效：{FIRST}、{SECOND}",
        ),
        (
            f"- {{文件: {SECOND}, 替代: {FIRST}, 收到日期: 2024-01-11}}\n- {{文件: {FIRST}, 收到日期: 2024-01-12}}\n",
            f"[E145] “{SECOND}”收到的日期早于它替代的“{FIRST}”",
        ),
        (f"- {{文件: {SECOND}, 收到日期: 一月}}\n", "一月"),
        (f"- {{替代: {FIRST}}}\n", "[E116] 没有写“文件”"),
    ],
)
def test_a_faulty_list_is_not_used(text: str, words: str) -> None:
    assert words in fault(text)


def test_a_circle_of_three_is_told_once() -> None:
    text = "".join(f"- {{文件: {file}, 替代: {older}}}\n" for file, older in ((SECOND, FIRST), (THIRD, SECOND), (FIRST, THIRD)))
    assert fault(text).count("E144") == 1


def test_received_on_one_day_is_no_fault() -> None:
    text = f"- {{文件: {SECOND}, 替代: {FIRST}, 收到日期: 2024-01-12}}\n- {{文件: {FIRST}, 收到日期: 2024-01-12}}\n"
    assert replaced(text) == ((FIRST, SECOND),)
