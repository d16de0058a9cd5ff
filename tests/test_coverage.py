"""Coverage: every numbered item has a state, every quotation stands in the item cited."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from rulecheck import data
from rulecheck.language.diagnostics import Diagnostic, help_text, message
from rulecheck.language.syntax import Language
from rulecheck.proving.coverage import Survey, survey
from rulecheck.proving.coverage_html import render_html
from rulecheck.proving.coverage_report import RENDERERS, render_json, render_text
from rulecheck.proving.sources import read_texts, split
from rulecheck.rules.load import load
from support_command import call
from support_golden import golden
from support_shell import DECLARATIONS, ITEMS, LIMIT_RULE, STAFF_RULE, TEXT, register, rule_set, write_rules, write_texts

GOLDEN = Path(__file__).parent / "golden"


def surveyed(tmp_path: Path, text: str | None = TEXT, source: str | None = None, **files: str) -> Survey:
    """The survey of the small rules, with some files (without `.rule`) replaced."""
    rules = rule_set(tmp_path / "rules", {f"{name}.rule": content for name, content in files.items()}, source)
    return survey(rules, None if text is None else {"test": split(text)})


def told(found: Survey) -> list[tuple[str, str]]:
    """The code of each fault and where it is: the underlined words or the item. Messages can be filled in."""
    for problem in found.problems:
        for language in ("zh", "en"):
            assert message(problem.code, language, problem.values)  # type: ignore[arg-type]
            help_text(problem.code, language, problem.values)  # type: ignore[arg-type]
    return [(problem.code, _where(problem)) for problem in found.problems]


def _where(problem: Diagnostic) -> str:
    if problem.labels:
        return problem.labels[0].span.text.strip("> \n").splitlines()[0]
    assert problem.place is not None
    return problem.place.where


def states(found: Survey) -> dict[str, str]:
    return {item.locator: item.state for item in found.documents[0].items}


# --- states ---


def test_each_item_is_encoded_or_declared(tmp_path: Path) -> None:
    found = surveyed(tmp_path)
    assert states(found) == {
        "前言": "not_checkable",
        "一": "not_checkable",
        "二（一）1": "encoded",
        "二（一）2": "encoded",
        "二（一）3": "lost",
        "二（一）4": "not_checkable",
        "三": "not_checkable",
    }
    assert told(found) == []
    assert found.is_complete


def test_an_item_of_which_something_is_left_out_is_partly_checked(tmp_path: Path) -> None:
    found = surveyed(tmp_path, staff=STAFF_RULE + '  部分核查："其余不核查" / "the rest is not checked"\n')
    item = found.documents[0].items[2]
    assert (item.state, [reason.zh for reason in item.reasons]) == ("partly", ["其余不核查"])
    assert [rule.id for rule in item.rules] == ["office_has_counter", "unit_has_staff"]


def test_an_item_both_encoded_and_declared_is_partly_checked(tmp_path: Path) -> None:
    also = DECLARATIONS + '\n不可核查：二（一）1\n  理由："质量不核查" / "quality is not checked"\n'
    assert states(surveyed(tmp_path, declarations=also))["二（一）1"] == "partly"


def test_an_item_without_rule_and_declaration_is_not_accounted_for(tmp_path: Path) -> None:
    found = surveyed(tmp_path, declarations=DECLARATIONS.split("不可核查：三")[0])
    assert states(found)["三"] == "unaccounted"
    assert told(found) == [("C317", "三")]
    assert not found.is_complete


def test_an_erratum_alone_accounts_for_nothing(tmp_path: Path) -> None:
    erratum = '勘误：三\n  原文："加强宣传"\n  应为："加大宣传"\n  根据："按文义" / "from the sense"\n'
    found = surveyed(tmp_path, declarations=DECLARATIONS.split("不可核查：三")[0] + erratum)
    assert found.documents[0].items[-1].errata == 1
    assert told(found) == [("C317", "三")]


# --- citations and quotations ---


def test_items_that_the_document_does_not_list_cannot_be_cited_or_declared(tmp_path: Path) -> None:
    items = tuple(each for each in ITEMS if each not in ("二（一）2", "三"))
    found = surveyed(tmp_path, text=None, source=register(items))
    assert told(found) == [("C310", "依据：二（一）2"), ("C311", "不可核查：三")]


def test_words_that_are_not_in_the_item_cited_are_told(tmp_path: Path) -> None:
    found = surveyed(tmp_path, staff=STAFF_RULE.replace("至少配备1人", "至少配备2人"))
    assert told(found) == [("C312", "至少配备2人")]
    assert (found.documents[0].quotations, found.documents[0].verified) == (4, 3)


def test_words_of_another_item_are_told_with_that_item(tmp_path: Path) -> None:
    found = surveyed(tmp_path, staff=STAFF_RULE.replace("至少配备1人", "逐步推动各项工作"))
    (problem,) = found.problems
    assert (problem.code, problem.values["elsewhere"]) == ("C312", "二（一）4")


def test_width_and_spaces_of_a_quotation_do_not_matter(tmp_path: Path) -> None:
    assert told(surveyed(tmp_path, staff=STAFF_RULE.replace("50人(含)以上", "５０ 人（含）以上"))) == []


@pytest.mark.parametrize(("count", "codes"), [(40, ["C312"]), (41, ["C313", "C312"])])
def test_a_line_of_quotation_has_at_most_forty_characters(tmp_path: Path, count: int, codes: list[str]) -> None:
    found = surveyed(tmp_path, staff=STAFF_RULE.replace("至少配备1人", "字" * count))
    assert [problem.code for problem in found.problems] == codes


def test_what_an_erratum_says_is_printed_must_be(tmp_path: Path) -> None:
    erratum = '勘误：三\n  原文："加强宜传"\n  应为："加强宣传"\n  根据："按文义" / "from the sense"\n'
    found = surveyed(tmp_path, declarations=DECLARATIONS + "\n" + erratum)
    assert told(found) == [("C316", "勘误：三")]


# --- numbers and bounding words ---


def uses(found: Survey, locator: str) -> list[tuple[str, str]]:
    """Each mark of an item with what became of it."""
    (item,) = [each for each in found.documents[0].accounts or () if each.locator == locator]
    return [(each.mark.text, each.use) for each in item.accounts]


def test_every_number_and_bounding_word_is_used_or_set_aside(tmp_path: Path) -> None:
    found = surveyed(tmp_path)
    assert uses(found, "前言") == [("[2023]1号", "set_aside")]
    assert uses(found, "一") == [("2024", "set_aside")]
    assert uses(found, "二（一）1") == [("50", "used"), ("以上", "used"), ("至少", "used"), ("1", "used")]
    assert uses(found, "二（一）2") == [("5", "used"), ("工作日内", "used")]
    assert found.documents[0].figures == {
        "number": {"used": 3, "set_aside": 2, "unaccounted": 0},
        "word": {"used": 3, "set_aside": 0, "unaccounted": 0},
    }


def test_a_mark_names_the_rules_that_quote_it_or_the_reason(tmp_path: Path) -> None:
    accounts = {each.locator: each.accounts for each in surveyed(tmp_path).documents[0].accounts or ()}
    first, last = accounts["二（一）1"][0], accounts["二（一）1"][-1]
    assert [rule.id for rule in first.rules] == ["unit_has_staff"]
    assert [rule.id for rule in last.rules] == ["office_has_counter", "unit_has_staff"]
    assert [reason.en for reason in accounts["一"][0].reasons] == ["only the end of the period, no figure"]


def test_a_number_that_no_rule_quotes_is_told(tmp_path: Path) -> None:
    text = TEXT.replace("4.逐步推动", "4.到2023年底前逐步推动")
    found = surveyed(tmp_path, text=text, limit=LIMIT_RULE.replace("5个工作日内办结", "办结"))
    assert told(found) == [("C314", "二（一）4"), ("C324", "二（一）2"), ("C324", "二（一）4")]
    assert [problem.values["marks"] for problem in found.problems[1:]] == ["5、工作日内", "2023、年底"]
    assert not found.is_complete


def test_a_quotation_counts_in_the_item_cited_only(tmp_path: Path) -> None:
    text = TEXT.replace("4.逐步推动", "4.至少配备1人,逐步推动")
    assert uses(surveyed(tmp_path, text=text), "二（一）4") == [("至少", "unaccounted"), ("1", "unaccounted")]


def test_all_places_of_a_quotation_in_the_item_count_but_no_part_of_a_number(tmp_path: Path) -> None:
    text = TEXT.replace("学校、医院除外", "下属单位至少配备1人,学校至少配备11人")
    assert uses(surveyed(tmp_path, text=text), "二（一）1")[4:] == [
        ("至少", "used"),
        ("1", "used"),
        ("至少", "unaccounted"),
        ("11", "unaccounted"),
    ]


def test_words_set_aside_for_the_whole_document_count_wherever_they_stand(tmp_path: Path) -> None:
    text = TEXT.replace("(一)做好配员工作", "(一)做好两级配员").replace("加强宣传", "加强两级配员宣传")
    declared = DECLARATIONS + '\n不作依据：全文\n  > 两级配员\n  理由："名称" / "a name"\n'
    found = surveyed(tmp_path, text=text, declarations=declared)
    assert (uses(found, "二（一）"), uses(found, "三")) == ([("两", "set_aside")], [("两", "set_aside")])
    assert told(found) == [("C314", "三")]  # a heading has no fingerprint


def test_a_number_in_a_heading_is_told_too(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT.replace("(一)做好配员工作", "(一)做好两级配员"))
    assert told(found) == [("C324", "二（一）")]


def test_what_is_declared_must_stand_in_the_item(tmp_path: Path) -> None:
    found = surveyed(tmp_path, declarations=DECLARATIONS.replace("> 到2024年", "> 到2025年"))
    assert told(found) == [("C312", "到2025年"), ("C324", "一")]
    gone = DECLARATIONS + '\n不作依据：全文\n  > 三年行动\n  理由："名称" / "a name"\n'
    assert told(surveyed(tmp_path / "other", declarations=gone)) == [("C312", "三年行动")]


def test_only_words_set_aside_may_be_of_the_whole_document(tmp_path: Path) -> None:
    also = DECLARATIONS + '\n不可核查：全文\n  理由："无" / "none"\n'
    assert told(surveyed(tmp_path, declarations=also)) == [("C311", "不可核查：全文")]


def test_setting_words_aside_does_not_account_for_an_item(tmp_path: Path) -> None:
    without = DECLARATIONS.replace('不可核查：一\n  理由："没有可核对的目标" / "no aim that can be checked"\n\n', "")
    assert told(surveyed(tmp_path, declarations=without)) == [("C317", "一")]


def test_of_a_partly_registered_document_the_numbers_of_cited_and_declared_items_count(tmp_path: Path) -> None:
    text = TEXT.replace("加强宣传", "3年内加强宣传")
    source = register(("二（一）1", "二（一）2"), coverage="partial")
    found = surveyed(tmp_path, text=text, source=source, declarations="# 无\n")
    assert [each.locator for each in found.documents[0].accounts or ()] == ["二（一）1", "二（一）2"]
    assert told(found) == []


# --- texts ---


def test_a_changed_text_is_told_by_its_fingerprint(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT.replace("加强宣传", "大力加强宣传"))
    assert told(found) == [("C314", "三")]
    assert found.documents[0].items[-1].text == "changed"


def test_of_a_changed_item_is_told_what_is_gone_and_what_may_be_new(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT.replace("5个工作日内办结", "3个工作日内办结"))
    assert told(found) == [("C312", "5个工作日内办结"), ("C314", "二（一）2"), ("C324", "二（一）2")]
    change = found.documents[0].items[3].change
    assert change is not None
    assert (change.gone, change.marks_gone, change.marks_new) == (("5个工作日内办结",), ("5",), ("3", "工作日内"))
    text = render_text(found, "en")
    assert "no longer there, of what is quoted or declared: 5个工作日内办结" in text
    assert "numbers and bounding words gone: 5\n" in text
    assert "not accounted for, perhaps new: 3, 工作日内" in text


def test_an_item_of_the_text_that_is_not_registered_is_told(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT + "四、附则\n自印发之日起施行。\n")
    assert told(found) == [("C315", "四")]


def test_a_registered_item_that_the_text_lacks_is_told_unless_declared_lost(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT.replace("4.逐步推动各项工作。\n", ""))
    assert told(found) == [("C319", "二（一）4")]


def test_a_number_that_the_copy_leaves_out_must_be_declared_lost(tmp_path: Path) -> None:
    without = DECLARATIONS.replace('缺失：二（一）3\n  理由："所据文本没有第3项" / "the copy has no item 3"\n\n', "")
    items = tuple(each for each in ITEMS if each != "二（一）3")
    assert told(surveyed(tmp_path, declarations=without, source=register(items))) == [("C318", "二（一）3")]


def test_of_a_partly_registered_document_only_what_is_listed_counts(tmp_path: Path) -> None:
    items = ("二（一）1", "二（一）2")
    source = register(items, coverage="partial")
    found = surveyed(tmp_path, source=source, declarations="# 无\n")
    assert told(found) == []
    assert list(states(found)) == list(items)


def test_without_texts_nothing_is_verified_and_that_is_said(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=None)
    assert found.is_complete
    assert found.documents[0].verified is None
    assert "均未核对" in render_text(found, "zh")
    assert "not verified" in render_text(found, "en")


# --- report ---


def test_the_text_names_every_item_with_its_state(tmp_path: Path) -> None:
    text = render_text(surveyed(tmp_path), "zh")
    assert "条目7：已编规则2，不可核查4，文本缺失1，未交代0" in text
    assert "引文4行，与原文相符4行" in text
    assert "  二（一）1  已编规则  科室开设窗口、单位配员\n" in text
    assert "  二（一）3  文本缺失  所据文本没有第3项\n" in text
    assert text.endswith("全部条目均已交代。\n")


def test_the_json_has_both_languages(tmp_path: Path) -> None:
    tree = json.loads(render_json(surveyed(tmp_path, declarations=DECLARATIONS.split("不可核查：三")[0]), "zh"))
    assert tree["schema"] == "rulecheck-coverage/1"
    assert not tree["complete"]
    (document,) = tree["documents"]
    assert document["counts"] == {"encoded": 2, "partly": 0, "not_checkable": 3, "lost": 1, "unaccounted": 1}
    assert document["items"][2]["rules"] == ["office_has_counter", "unit_has_staff"]
    (problem,) = tree["problems"]
    assert (problem["code"], problem["where"]) == ("C317", "三")
    assert problem["text"]["en"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_the_report_of_an_invented_document(tmp_path: Path, format: str, language: Language) -> None:
    text = TEXT.replace("4.逐步推动", "4.到2025年全覆盖,逐步推动").replace("5个工作日内办结", "3个工作日内办结")
    golden(f"coverage.{language}.{format}", RENDERERS[format](surveyed(tmp_path, text=text), language, True))


def test_the_reference_shows_what_is_printed() -> None:
    shown = re.findall(r"^```coverage\n(.*?)^```$", data.read_text("dsl", "reference.md"), re.MULTILINE | re.DOTALL)
    goldens = [(GOLDEN / f"coverage.{language}.text").read_text(encoding="utf-8") for language in ("zh", "en")]
    assert [sample in text for sample, text in zip(shown, goldens, strict=True)] == [True, True]


def test_the_command_prints_every_format(tmp_path: Path) -> None:
    rules, texts = write_rules(tmp_path / "rules"), write_texts(tmp_path / "texts")
    order = ("coverage", "--rules", rules, "--sources", texts)
    assert call(*order, "--format", "html").out.startswith("<!DOCTYPE html>")
    assert "【50】" in call(*order, "-v").out
    assert "【50】" not in call(*order).out
    (texts / "test.txt").write_text(TEXT.replace("加强宣传", "至少宣传"), encoding="utf-8")
    found = call(*order, "--lang", "en")
    assert found.status == 1
    assert "error[C324] numbers or bounding words of this item that nothing accounts for (1): 至少" in found.err


def test_only_what_is_unaccounted_for_is_listed_unless_all_is_asked_for(tmp_path: Path) -> None:
    found = surveyed(tmp_path, text=TEXT.replace("4.逐步推动", "4.到2023年底前逐步推动"))
    brief, full = (re.sub(r"\n +", "", render_text(found, "zh", verbose)) for verbose in (False, True))
    assert "数字6处：规则用到3，说明不用2，未交代1" in brief
    assert "未交代：到【2023】年底前逐步推动各、到2023【年底】前逐步推动各项工" in brief
    assert "【50】" not in brief
    assert "编制【50】人(含)以上的单　规则用到：单位配员" in full
    assert "目标到【2024】年,全市配员工作　说明不用：只说期末，没有目标数" in full


def test_the_json_has_every_mark_and_no_text_beside_it(tmp_path: Path) -> None:
    tree = json.loads(render_json(surveyed(tmp_path), "zh"))
    (document,) = tree["documents"]
    assert document["figures"]["number"] == {"used": 3, "set_aside": 2, "unaccounted": 0}
    mark = document["items"][1]["marks"][0]
    reasons = [{"zh": "只说期末，没有目标数", "en": "only the end of the period, no figure"}]
    assert mark == {"kind": "number", "text": "2024", "at": 3, "use": "set_aside", "rules": [], "reasons": reasons}
    without = json.loads(render_json(surveyed(tmp_path / "other", text=None), "zh"))["documents"][0]
    assert (without["figures"], without["items"][1]["marks"]) == (None, None)


def test_nothing_in_a_text_or_a_reason_becomes_markup(tmp_path: Path) -> None:
    text = TEXT.replace("到2024年,全市", "到2024年<script>alert(1)</script>&\u202e全市")
    declared = DECLARATIONS.replace("没有可核对的目标", "<b>没有")
    page = render_html(surveyed(tmp_path, text=text, declarations=declared), "zh")
    assert "<script" not in page
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(" in page
    assert "&lt;b&gt;没有" in page


def test_the_page_shows_at_most_twenty_characters_beside_a_number(tmp_path: Path) -> None:
    page = render_html(surveyed(tmp_path, text=TEXT.replace("到2024年", "甲" * 30 + "到2024年" + "乙" * 30)), "zh")
    assert "甲" * 19 + "到</span><strong>2024</strong>" in page
    assert "甲" * 20 not in page
    assert "乙" * 20 not in page


def test_the_page_stands_by_itself(tmp_path: Path) -> None:
    page = render_html(surveyed(tmp_path), "en")
    assert not re.search(r"src=|href=|@import|url\(|http[s]?://", page)
    assert page.startswith("<!DOCTYPE html>")


# --- the shipped rules ---


def test_every_item_of_the_shipped_documents_is_accounted_for() -> None:
    rules, _ = load()
    assert rules is not None
    assert told(survey(rules, None)) == []


with_sources = pytest.mark.skipif("RULECHECK_SOURCES" not in os.environ, reason="the texts of the documents are not at hand")


def shipped_survey() -> Survey:
    rules, _ = load()
    assert rules is not None
    texts, problems = read_texts(Path(os.environ["RULECHECK_SOURCES"]), rules.documents)
    assert problems == []
    return survey(rules, texts)


@with_sources
def test_every_quotation_of_the_shipped_rules_stands_in_its_text_and_every_number_is_accounted_for() -> None:
    assert told(shipped_survey()) == []


@with_sources
def test_the_numbers_and_bounding_words_of_60_as_counted_by_hand() -> None:
    (document,) = [each for each in shipped_survey().documents if each.document.folder == "huangshi/2022-60"]
    assert document.figures == {
        "number": {"used": 22, "set_aside": 13, "unaccounted": 0},
        "word": {"used": 15, "set_aside": 1, "unaccounted": 0},
    }
