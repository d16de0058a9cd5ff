"""What goes back to whom: to the right unit, in words that can be sent on, the same as text, JSON and spreadsheet."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from rulecheck.data import read_text
from rulecheck.judgement import DataFault, Report
from rulecheck.language.diagnostics import Diagnostic, Place, display_width, fault
from rulecheck.language.syntax import Language
from rulecheck.report import REFUSALS, render_refusals
from rulecheck.report.refusals import Item, Part, UnitRefusals, refusals
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Origin, Received, Refusal, Standing, State
from support_everything import (
    ASKED,
    ASKED_TOO,
    CLAIMS_OFFICE,
    EVERYTHING,
    FAULT,
    HARMLESS,
    MARKET,
    NOT_DUE,
    SETTLE,
    SPARROW,
    STATISTICS,
    STONE,
    VIOLATED,
)
from support_golden import golden
from support_report import judgement, missing, party, report, subject


def received(file: str, *codes: str, unit: str = "") -> Received:
    return Received(file, "4d" * 32, "yaml", "utf-8", (), 1, 1, unit, units=codes, told_by="subjects" if codes else "")


def refused(file: str, *codes: str, unit: str = "") -> Refusal:
    return Refusal(file, (fault("F113", file),), unit, codes, "subjects" if codes else "")


def standing(*units: Any) -> tuple[Standing, ...]:
    return tuple(Standing(unit, State.RECEIVED) for unit in units)


def names(of: Report) -> list[str]:
    return [unit.name for unit in refusals(of)]


def items(of: Report) -> list[Item]:
    return [item for unit in refusals(of) for item in unit.items]


# --- the whole list ---


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_of_everything(language: Language) -> None:
    golden(f"refusals.{language}.txt", render_refusals(EVERYTHING, ".txt", language).decode())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_a_hundred_columns(language: Language) -> None:
    lines = render_refusals(EVERYTHING, ".txt", language).decode().split("\n")
    assert max(map(display_width, lines)) <= 100


def test_a_report_with_nothing_to_send_back() -> None:
    assert refusals(report(VIOLATED)) == ()
    assert "没有需要退回的。" in render_refusals(report(VIOLATED), ".txt", "zh").decode()
    assert json.loads(render_refusals(report(VIOLATED), ".json", "zh"))["units"] == []


def test_of_one_unit_files_come_first_then_contradictions_then_what_is_missing() -> None:
    own = replace(FAULT, subject=ASKED.subject, origins=())
    one = report(ASKED, faults=(own,), refused=(refused("残联.csv", unit="磁湖区残联"),))
    (unit,) = refusals(one)
    assert [item.part for item in unit.items] == [Part.REFUSED, Part.CONTRADICTION, Part.MISSING, Part.MISSING]


def test_units_of_the_roster_come_first_in_its_order_and_files_of_nobody_last() -> None:
    files = (refused("a.csv"), refused("b.csv", unit="某某局"), refused("c.csv", "DW-04"), refused("d.csv", "DW-01"))
    assert names(report(refused=files, expected=standing(MARKET, SPARROW))) == ["黄石市市场监测局", "黄石市山雀局", "某某局", ""]


# --- to whom ---

OFFICES_CLAIM = judgement(
    ASKED.verdict,
    of=subject("SQ-1", "申领.csv", 3, type="unemployment_claim"),
    bound=party("磁湖区经办所", type="claims_office"),
    missing=(missing("accepted_on", "受理日", "accepted_on"),),
    possible=ASKED.possible,
)


def test_a_file_goes_back_to_whoever_signed_it() -> None:
    signed = refused("汇总.csv", "DW-03", "DW-04", unit="市场局")
    assert names(report(refused=(signed,), expected=standing(MARKET, STATISTICS, SPARROW))) == ["黄石市市场监测局"]


def test_a_signature_that_is_not_on_the_roster_counts_as_written() -> None:
    (unit,) = refusals(report(refused=(refused("汇总.csv", unit="市编办"),), expected=standing(MARKET)))
    assert (unit.name, unit.unit) == ("市编办", None)


def test_a_file_goes_back_to_the_unit_it_is_from() -> None:
    assert names(report(refused=(refused("统计局.csv", "DW-03"),), expected=standing(STATISTICS))) == ["磁湖区统计局"]


def test_a_file_of_several_units_that_nobody_signed_is_kept_apart() -> None:
    (unit,) = refusals(report(refused=(refused("汇总.csv", "DW-03", "DW-04"),), expected=standing(STATISTICS, SPARROW)))
    assert (unit.name, unit.about) == ("", ("磁湖区统计局", "黄石市山雀局"))


def test_files_of_nobody_are_not_thrown_together() -> None:
    found = refusals(report(refused=(refused("a.csv"), refused("b.csv"))))
    assert [(unit.name, unit.refused_files) for unit in found] == [("", ("a.csv",)), ("", ("b.csv",))]


def test_the_authoritys_own_files_go_back_to_nobody() -> None:
    own = replace(refused("名录.xlsx"), is_submission=False)
    assert refusals(report(refused=(own,))) == ()


def test_a_figure_goes_back_to_its_unit_and_a_members_to_the_unit_above() -> None:
    member = replace(FAULT, subject=subject("***1", "单位.yaml", 71, (party("市场局", "DW-01"),)))
    assert names(report(faults=(member,), expected=standing(MARKET))) == ["黄石市市场监测局"]


def test_a_figure_in_a_file_that_another_signed_goes_back_to_that_one() -> None:
    signed = received("单位.yaml", "DW-01", unit="市编办")
    assert names(report(faults=(FAULT,), received=(signed,), expected=standing(MARKET))) == ["市编办"]


def test_what_nobody_on_the_roster_answers_for_goes_by_the_files_unit() -> None:
    of_one = received("单位.yaml", "DW-01")
    assert names(report(faults=(FAULT,), received=(of_one,), expected=standing(MARKET))) == ["黄石市市场监测局"]
    of_two = received("单位.yaml", "DW-01", "DW-03")
    assert names(report(faults=(FAULT,), received=(of_two,), expected=standing(MARKET, STATISTICS))) == [""]


def test_what_is_bound_answers_where_the_subject_is_no_unit() -> None:
    (unit,) = refusals(report(OFFICES_CLAIM, expected=standing(CLAIMS_OFFICE)))
    assert unit.unit == CLAIMS_OFFICE


def test_without_roster_and_signature_a_file_about_one_goes_back_to_that_one() -> None:
    assert names(report(ASKED, ASKED_TOO)) == ["磁湖区残联"]
    assert names(report(replace(OFFICES_CLAIM, subject=subject("办公室", "a.csv", 3, (party("甲局"),))))) == ["甲局"]


def test_a_file_about_several_goes_back_to_the_one_who_is_bound_in_all_of_it() -> None:
    other = replace(OFFICES_CLAIM, subject=subject("SQ-2", "申领.csv", 4))
    assert names(report(OFFICES_CLAIM, other)) == ["磁湖区经办所"]
    elsewhere = replace(other, bound=party("月湖区经办所"))
    (unit,) = refusals(report(OFFICES_CLAIM, elsewhere))
    assert (unit.name, len(unit.items)) == ("", 2)


def test_a_contradiction_between_two_files_goes_back_to_both_senders_and_names_both_cells() -> None:
    cells = (Origin("甲.xlsx", "!单位!C7", "!单位!C7", "12"), Origin("乙.csv", "第3行", "line 3", "10"))
    between = replace(FAULT, subject=subject("磁湖区粮站", "甲.xlsx"), origins=cells)
    found = report(faults=(between,), received=(received("甲.xlsx", unit="甲局"), received("乙.csv", unit="乙局")))
    assert names(found) == ["乙局", "甲局"]
    assert {item.place.zh for item in items(found)} == {"甲.xlsx!单位!C7、乙.csv 第3行"}


# --- what ---


def only(of: Report) -> Item:
    (item,) = items(of)
    return item


def test_a_fault_says_where_it_is_and_what_to_do() -> None:
    cell = Diagnostic("F219", place=Place("甲.xlsx", "!单位!C7"), values={"name": "某某市", "near": "黄石市"})
    item = only(report(refused=(Refusal("甲.xlsx", (cell,)),)))
    assert (item.file, item.place.zh, item.code) == ("甲.xlsx", "单位!C7", "F219")
    assert (item.what.zh, item.to_do.zh) == ("地区表中没有“某某市”", "是否想写：黄石市")
    assert (item.what.en, item.to_do.en) == ("the table of places has no “某某市”", "did you mean: 黄石市")


def test_a_fault_without_advice_asks_for_the_file_again() -> None:
    plain = Diagnostic("F219", place=Place("甲.csv", "第7行", "line 7"), values={"name": "某某市", "near": ""})
    item = only(report(refused=(Refusal("甲.csv", (plain,)),)))
    assert (item.place.en, item.to_do.zh) == ("line 7", "请改正后重新报送")


def test_a_contradiction_says_what_must_hold() -> None:
    item = only(report(faults=(FAULT,)))
    assert item.what.zh.startswith("“磁湖区粮站”的数据矛盾：“残疾人职工不多于职工总数”不成立，")
    assert (item.file, item.place.zh) == ("单位.yaml", "第74行、第73行")


def test_a_missing_fact_is_asked_for_once_with_all_rules_that_wait_for_it() -> None:
    found = {item.what.zh: item for item in items(report(ASKED, ASKED_TOO))}
    assert set(found) == {
        "“磁湖区残联”缺少干部人数，“残联干部队伍中残疾人占比”、“机关安排残疾人就业（甲）”因此无法判定",
        "“磁湖区残联”缺少残疾人干部人数，“残联干部队伍中残疾人占比”因此无法判定",
    }
    item = found["“磁湖区残联”缺少残疾人干部人数，“残联干部队伍中残疾人占比”因此无法判定"]
    assert (item.file, item.place.zh, item.to_do.zh) == ("残联.yaml", "第2行", "请补报“磁湖区残联”的残疾人干部人数")


def test_a_fact_of_another_subject_is_asked_where_that_one_stands() -> None:
    waiting = judgement(
        ASKED.verdict, of=subject("科室", "科室.csv", 5), missing=(missing("staff", "干部人数", "staff", subject="磁湖区残联"),),
        possible=ASKED.possible,
    )  # fmt: skip
    there = judgement(VIOLATED.verdict, of=subject("磁湖区残联", "残联.yaml", 2))
    item = only(report(waiting, there))
    assert (item.file, item.place.en) == ("残联.yaml", "line 2")


@pytest.mark.parametrize("nothing_of_theirs", [SETTLE, HARMLESS, NOT_DUE])
def test_what_the_unit_need_not_do_is_not_asked(nothing_of_theirs: Any) -> None:
    assert refusals(report(nothing_of_theirs)) == ()


def test_who_is_silent_is_asked_to_report() -> None:
    silent = Standing(STONE, State.SILENT, unread=("石阶局/扫描件.jpg",))
    (unit,) = refusals(report(expected=(silent,)))
    assert [(item.part, item.file) for item in unit.items] == [(Part.REFUSED, "石阶局/扫描件.jpg"), (Part.SILENT, "")]


def test_a_kind_that_is_lacking_is_asked_for() -> None:
    partly = Standing(CLAIMS_OFFICE, State.PARTLY, ("a.csv",), missing=(Bilingual("失业保险金申领", "unemployment_claim"),))
    item = only(report(expected=(partly,)))
    assert (item.part, item.what.zh) == (Part.SILENT, "没有收到“失业保险金申领”的报送材料")


# --- formats ---

SCHEMA = json.loads(read_text("reports", "refusals.schema.json"))


def test_json_fits_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for sample in (EVERYTHING, report(), report(refused=(refused("a.csv"),))):
        tree = json.loads(render_refusals(sample, ".json", "zh"))
        assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(tree)] == []


def test_json_is_the_same_in_both_languages() -> None:
    assert render_refusals(EVERYTHING, ".json", "zh") == render_refusals(EVERYTHING, ".json", "en")


def sheets(of: Report, language: Language = "zh") -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(render_refusals(of, ".xlsx", language)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_spreadsheet_has_a_row_a_unit_and_a_row_an_item() -> None:
    found = sheets(EVERYTHING)
    units = refusals(EVERYTHING)
    assert found["总览"][0][:5] == ("单位", "代码", "层级", "地区", "退回文件（个）")
    assert len(found["总览"]) == 1 + len(units)
    market = next(row for row in found["总览"] if row[0] == "黄石市山雀局")
    assert market == ("黄石市山雀局", "DW-04", "市级", "黄石市", 0, 0, 0, 0, 1)
    assert found["清单"][0] == ("序号", "单位", "类别", "文件", "位置", "问题", "处理")
    assert [row[0] for row in found["清单"][1:]] == list(range(1, 1 + sum(len(unit.items) for unit in units)))


def test_a_spreadsheet_in_english() -> None:
    assert list(sheets(EVERYTHING, "en")) == ["Overview", "List"]


def test_an_empty_list_is_a_spreadsheet_too() -> None:
    assert [len(rows) for rows in sheets(report()).values()] == [1, 1]


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.invalid")', "http://example.invalid"]
)
def test_nothing_that_a_unit_wrote_becomes_a_formula_or_a_link(hostile: str) -> None:
    sample = report(refused=(refused(hostile, unit=hostile),))
    book = load_workbook(BytesIO(render_refusals(sample, ".xlsx", "zh")))
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type in "sn"
                assert cell.hyperlink is None
                assert cell.data_type == "n" or cell.quotePrefix
    assert book["清单"]["B2"].value == hostile


def test_what_no_cell_can_hold_is_shown_or_cut() -> None:
    sample = report(refused=(refused("a\x07\ud800.csv"), refused("b" * 40_000)))
    rows = sheets(sample)["清单"]
    assert rows[1][3] == "a\\u0007\\ud800.csv"
    assert len(rows[2][3]) == 32_767


@pytest.mark.parametrize("ending", [*REFUSALS])
def test_the_same_report_gives_the_same_bytes(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = render_refusals(EVERYTHING, ending, "zh")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert render_refusals(EVERYTHING, ending, "zh") == first


def test_nothing_of_sensitive_kinds_is_told_but_its_number() -> None:
    hidden = replace(FAULT, subject=subject("***3", "名册.csv", 4))
    assert isinstance(hidden, DataFault)
    assert names(report(faults=(hidden,))) == [""]
    assert "“***3”" in only(report(faults=(hidden,))).what.zh


def test_a_hidden_name_is_no_unit() -> None:
    hidden = replace(OFFICES_CLAIM, subject=subject("***1", "申领.csv", 3), bound=party(None))
    assert names(report(hidden)) == [""]


def test_a_unit_counts_its_files_once() -> None:
    twice = Refusal("a.csv", (fault("F113", "a.csv"), fault("F116", "a.csv")), "甲局")
    (unit,) = refusals(report(refused=(twice,)))
    assert isinstance(unit, UnitRefusals)
    assert (len(unit.items), unit.refused_files) == (2, ("a.csv",))


def test_a_figure_that_contradicts_another_is_not_called_missing_as_well() -> None:
    (first, *others) = ASKED.missing
    disputed = replace(ASKED, missing=(replace(first, is_disputed=True), *others))
    assert [item.part for item in items(report(disputed))] == [Part.MISSING]
    assert "残疾人干部人数" in only(report(disputed)).what.zh
