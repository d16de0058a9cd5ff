"""What a report says of what was handed in: read, replaced, returned, and who is silent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulecheck.judgement import Report, Verdict
from rulecheck.language.diagnostics import Diagnostic, Place
from rulecheck.language.syntax import Language
from rulecheck.report import exit_status, render
from rulecheck.report.blocks import origin_text
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Origin, Received, Refusal, Standing, State
from support_everything import MARKET, MET_IN_PART, RECEIVED, REFUSED, SPARROW, STANDINGS, STATISTICS, STONE, VIOLATED
from support_report import judgement, report


def text(of: Report, language: Language = "zh", *, verbose: bool = False) -> str:
    return render(of, "text", language, verbose=verbose)


def head(of: Report) -> str:
    return text(of).partition("【")[0]


def tree(of: Report) -> dict[str, Any]:
    return json.loads(render(of, "json", "zh"))


# --- the head ---


def test_the_head_says_how_many_have_reported() -> None:
    assert "报送情况  应报5家：已报2家（其中不全1家），退回1家，未报送2家\n" in head(report(expected=STANDINGS))
    assert "应报1家：已报1家，退回0家，未报送0家\n" in head(report(expected=(Standing(MARKET, State.RECEIVED),)))


def test_without_a_roster_nothing_is_said_of_units() -> None:
    assert "应报" not in text(report(VIOLATED, received=RECEIVED))


def test_the_head_says_how_much_was_read() -> None:
    full = report(received=RECEIVED, refused=(REFUSED,), replaced=(("a.csv", "b.csv"),))
    assert "已读材料  2个文件（2张工作表），31个对象，106个数据；退回1个；被替代1个\n" in head(full)
    assert "已读材料  1个文件，20个对象，40个数据\n" in head(report(received=RECEIVED[1:]))


def test_the_authoritys_own_files_are_no_files_sent_back() -> None:
    own = Refusal("名录.xlsx", REFUSED.faults, is_submission=False)
    assert "退回1个" not in head(report(received=RECEIVED, refused=(own,)))


def test_many_remarks_are_counted_and_listed_with_verbose() -> None:
    many = report(warnings=tuple(Bilingual(f"提醒{number}。", "") for number in range(1, 23)))
    assert "提醒20。" in head(many)
    assert "提醒21。" not in head(many)
    assert "另有2条提醒，加 --verbose 全部列出" in head(many)
    assert "提醒22。" in text(many, verbose=True)
    assert "另有" not in text(report(warnings=many.warnings[:20]))


# --- who is silent ---


@pytest.mark.parametrize("verbose", [False, True])
def test_every_silent_unit_is_named_however_many(verbose: bool) -> None:
    silent = tuple(Standing(SPARROW if number else STONE, State.SILENT) for number in range(40))
    shown = text(report(VIOLATED, expected=silent), verbose=verbose)
    assert "【未报送】40家" in shown
    assert shown.count("  - 黄石市山雀局（DW-04、市级、黄石市）\n") == 39
    assert shown.index("【未报送】") < shown.index("【不符合】")


def test_a_silent_unit_of_which_there_is_a_scan() -> None:
    shown = text(report(expected=(Standing(STONE, State.SILENT, unread=("石阶局/扫描件.jpg",)),)))
    assert "  - 石阶局：只收到不能核查的文件石阶局/扫描件.jpg\n" in shown


def test_what_a_unit_still_owes() -> None:
    lacks = Standing(
        MARKET, State.PARTLY, ("a.csv",), ("b.csv", "c.csv"), (), (Bilingual("申领", "claim"), Bilingual("学校", "school"))
    )
    shown = text(report(expected=(lacks,)))
    assert "  - 黄石市市场监测局（DW-01、市级、黄石市）：缺报“申领”、“学校”；另有退回的文件b.csv、c.csv\n" in shown


def test_units_that_reported_all_are_not_listed() -> None:
    shown = text(report(expected=(Standing(MARKET, State.RECEIVED, ("a.csv",)),)))
    assert "【未报送】" not in shown
    assert "【报送不全】" not in shown


def test_silence_changes_no_exit_status() -> None:
    silent = (Standing(STONE, State.SILENT),)
    assert exit_status(report(judgement(Verdict.MET), expected=silent)) == 0
    assert exit_status(report(VIOLATED, expected=silent)) == 1
    assert exit_status(report(expected=silent)) == 4


# --- files ---


def test_a_refused_file_says_whose_it_is() -> None:
    shown = text(report(refused=(REFUSED,), expected=(Standing(STATISTICS, State.REFUSED),)))
    assert "  第三批/统计局.yaml（磁湖区统计局）\n" in shown
    signed = Refusal("a.csv", REFUSED.faults, unit="市编办")
    assert "  a.csv（市编办）\n" in text(report(refused=(signed,)))
    assert "  a.csv\n" in text(report(refused=(Refusal("a.csv", REFUSED.faults),)))
    own = Refusal("名录.xlsx", REFUSED.faults, is_submission=False)
    assert "  名录.xlsx（主管部门自己的文件）\n" in text(report(refused=(own,)))
    assert tree(report(refused=(REFUSED, own)))["refused"][1]["is_submission"] is False


def test_what_was_replaced_is_always_listed() -> None:
    for verbose in (False, True):
        shown = text(report(replaced=(("a.csv", "b.csv"),)), verbose=verbose)
        assert "【被替代的文件】1个" in shown
        assert "  - a.csv，由b.csv替代\n" in shown


def test_each_file_read_is_listed_with_verbose() -> None:
    full = report(MET_IN_PART, received=RECEIVED, expected=STANDINGS)
    shown = " ".join(text(full, verbose=True).split())
    assert "【已读材料】" not in text(full)
    assert "单位.xlsx：XLSX；工作表单位、说明；11个对象，66个数据；填报单位市场局；填报人甲某；审核人乙某；" in shown
    assert "日期2024年1月5日；来自黄石市市场监测局（按其中的对象认定）" in shown
    assert "申领/一季度.csv：CSV，gb18030；20个对象，40个数据；来自磁湖区经办所（按文件名或文件夹名认定）" in shown


# --- JSON ---


def test_json_without_a_roster_says_so() -> None:
    assert tree(report())["expected"] is None
    assert tree(report(expected=()))["expected"] == []


def test_json_has_the_state_and_the_files_of_each_unit() -> None:
    units = tree(report(expected=STANDINGS))["expected"]
    assert [unit["state"] for unit in units] == ["received", "partly", "refused", "silent", "silent"]
    assert units[1] == {
        "code": "91429900000000000L",
        "full_name": "磁湖区经办所",
        "short_names": [],
        "level": "县级",
        "place": None,
        "reports": ["unemployment_claim", "organ"],
        "state": "partly",
        "files": ["申领/一季度.csv"],
        "refused": ["申领/二季度.csv"],
        "unread": [],
        "missing": ["organ"],
    }


def test_json_has_what_was_read() -> None:
    first, second = tree(report(received=RECEIVED))["received"]
    assert (first["file"], first["sheets"], first["subjects"], first["told_by"]) == (
        "单位.xlsx",
        ["单位", "说明"],
        11,
        "subjects",
    )
    assert first["signature"] == {"unit": "市场局", "filled_by": "甲某", "reviewed_by": "乙某", "signed_on": "2024年1月5日"}
    assert set(second["signature"].values()) == {None}
    assert tree(report(replaced=(("a.csv", "b.csv"),)))["replaced"] == [{"file": "a.csv", "by": "b.csv"}]


def test_json_of_a_file_that_nothing_tells_of() -> None:
    plain = Received("a.yaml", "4d" * 32, "yaml", "", (), 1, 1)
    (only,) = tree(report(received=(plain,)))["received"]
    assert (only["encoding"], only["units"], only["told_by"]) == (None, [], None)


@pytest.mark.parametrize(
    ("where", "where_en", "line", "sheet", "cell"),
    [
        ("第7行“编制”", "line 7 “posts”", 7, None, None),
        ("!单位!C7", "", None, "单位", "C7"),
        ("!甲!乙!C7", "", None, "甲!乙", "C7"),
        ("$.单位[0].编制", "", None, None, None),
        ("", "", None, None, None),
    ],
)
def test_json_has_the_line_or_the_cell_of_a_fault(
    where: str, where_en: str, line: int | None, sheet: str | None, cell: str | None
) -> None:
    fault = Diagnostic("F113", place=Place("a", where, where_en))
    (shown,) = tree(report(refused=(Refusal("a", (fault,)),)))["refused"][0]["faults"]
    assert (shown["line"], shown["sheet"], shown["cell"]) == (line, sheet, cell)


def test_a_cell_of_a_spreadsheet_is_written_as_spreadsheets_do() -> None:
    cell = Origin("单位.xlsx", "!单位!C7", "!单位!C7", "5")
    assert {origin_text(cell, language) for language in ("zh", "en")} == {"单位.xlsx!单位!C7"}
    assert origin_text(Origin("a.csv", "第7行", "line 7", "5"), "en") == "a.csv line 7"
    assert origin_text(Origin("a.csv", "", "", "5"), "zh") == "a.csv"
