"""The workbook of a form, opened by another library: what may be chosen, what is said, what is locked, and that nothing runs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from rulecheck import facts
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Kind
from rulecheck.submission import Submission
from rulecheck.templates.form import Form, Section
from rulecheck.templates.xlsx import sheet_name, write_xlsx
from support_template import LANGUAGES, at_random, blank, filled, read_back, shipped_rules, small_rules, told, whole

FORMS = Path(__file__).parent / "files" / "forms"

HEADINGS = 6
"""The row of the headings, from 1."""


def opened(form: Form, language: Language = "zh") -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(form, language)))


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(blank(small_rules(), kinds=["单位", "教师"]))


def column(sheet: Any, heading: str) -> int:
    return next(cell.column for cell in sheet[HEADINGS] if plain(cell.value) == heading)


def plain(heading: str | None) -> str:
    """A heading without its line breaks."""
    return (heading or "").replace("\n(", " (").replace("\n", "")


def rule_of(sheet: Any, heading: str) -> Any:
    """What may be entered in the first row under a heading."""
    place = (column(sheet, heading), HEADINGS + 1)
    for rule in sheet.data_validations.dataValidation:
        left, top, right, bottom = range_boundaries(str(rule.sqref))
        if left <= place[0] <= right and top <= place[1] <= bottom:
            return rule
    return None


def choices(book: Any, sheet: Any, heading: str) -> list[str]:
    """The members of the list that a heading's cells are bound to, by way of its named range."""
    rule = rule_of(sheet, heading)
    assert rule.type == "list"
    ((name, place),) = book.defined_names[rule.formula1].destinations
    return [cell.value for row in book[name][place] for cell in row]


# --- what may be entered ---


def test_a_category_is_chosen_from_a_named_range(book: Any) -> None:
    assert choices(book, book["单位"], "类别") == ["机关", "其他"]
    assert choices(book, book["单位"], "已公开") == ["是", "否"]
    assert choices(book, book["镇"], "学校") == ["已报全", "未报全", "无"]
    assert "黄石市" in choices(book, book["单位"], "地区")


def test_lists_stand_on_a_sheet_that_nobody_sees(book: Any) -> None:
    assert book["_选项"].sheet_state == "veryHidden"
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["填表说明和示例", "单位", "镇", "学校", "教师"]


def test_a_list_is_not_kept_within_the_rule_itself() -> None:
    # A list of more than 255 characters within the rule is dropped by the writer without an error.
    sheet = opened(blank(shipped_rules(), documents=["2022-58"]))["学校"]
    assert rule_of(sheet, "学校类型").formula1 == "list_school_type"


def test_numbers_are_held_to_their_range_in_the_unit_of_the_heading(book: Any) -> None:
    posts, area = rule_of(book["单位"], "编制（人）"), rule_of(book["单位"], "结余（万元）")
    assert (posts.type, posts.operator, posts.formula1, posts.formula2) == ("whole", None, "0", "1000")
    assert (area.type, area.operator, area.formula1) == ("decimal", "lessThanOrEqual", "100")
    assert rule_of(book["单位"], "安排比例（%）").formula2 == "100"
    assert posts.errorStyle in (None, "stop")


def test_where_none_may_be_written_another_entry_is_asked_about_not_refused(book: Any) -> None:
    assert rule_of(book["单位"], "临时人员（人）").errorStyle == "warning"
    assert rule_of(book["单位"], "撤销日").errorStyle == "warning"
    assert "无" in rule_of(book["单位"], "撤销日").error


def test_a_number_that_may_need_another_unit_is_asked_about_not_refused(book: Any) -> None:
    # 7 minutes are no decimal number of hours; half a person is one of persons.
    assert rule_of(book["单位"], "开放时长（小时）").errorStyle == "warning"
    assert rule_of(book["单位"], "安排人数（人）").errorStyle in (None, "stop")


def test_dates_are_dates_and_text_is_kept_as_typed(book: Any) -> None:
    sheet = book["单位"]
    assert rule_of(sheet, "成立日").type == "date"
    assert sheet.cell(HEADINGS + 1, column(sheet, "成立日")).number_format == "yyyy-mm-dd"
    for heading in ("编号", "统一社会信用代码", "情况", "开门时刻", "佐证材料（编制）"):
        assert sheet.cell(HEADINGS + 1, column(sheet, heading)).number_format == "@"


# --- what is said and locked ---


def test_every_heading_says_what_it_is_for(book: Any) -> None:
    for sheet in book.worksheets[1:-1]:
        assert all(cell.comment is not None for cell in sheet[HEADINGS] if cell.value)
    comment = book["单位"].cell(HEADINGS, column(book["单位"], "编制（人）")).comment.text
    assert comment.splitlines() == [
        "核定编制多少人？",
        "依据：某发〔2022〕1号 一（一）1 编制50人以上的安排残疾人",
        "例：48",
        "范围：0人至1000人",
        "留空表示未报",
    ]


def test_what_is_said_of_a_kind_stands_under_the_title_and_at_the_id() -> None:
    sheet = opened(blank(small_rules(), kinds=["申领"]))["申领"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["申领填报表", "一件申领一条", "依据《某通知》（某发〔2022〕1号）"]
    assert "一件申领一条" in sheet.cell(HEADINGS, column(sheet, "编号")).comment.text


def test_beside_each_fact_is_a_place_for_its_evidence(book: Any) -> None:
    headings = [plain(cell.value) for cell in book["单位"][HEADINGS] if cell.value]
    facts = headings[headings.index("截至") + 1 : headings.index("说明理由@原则上公开")]
    names = [re.sub("（.*|@.*", "", each) for each in facts if not each.startswith("佐证材料")]
    assert [each for each in facts if each.startswith("佐证材料")] == [f"佐证材料（{name}）" for name in dict.fromkeys(names)]
    assert headings[headings.index("编制（人）") + 1] == "佐证材料（编制）"


def test_labels_are_locked_and_entries_are_not_and_there_is_no_password(book: Any) -> None:
    sheet = book["单位"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet["A1"].protection.locked
    assert all(cell.protection.locked for cell in sheet[HEADINGS] if cell.value)
    assert not any(cell.protection.locked for cell in sheet[HEADINGS + 1])
    assert not sheet.column_dimensions["A"].protection.locked  # rows below those that are drawn
    assert not sheet["B4"].protection.locked  # who signs


def test_the_instructions_list_every_fact_with_its_clause(book: Any) -> None:
    rows = {row[1].value: row for row in book["填表说明和示例"].iter_rows() if row[1].value}
    assert rows["编制（人）"][0].value == "单位"
    assert rows["编制（人）"][2].value == "核定编制多少人？"
    assert rows["编制（人）"][4].value == "某发〔2022〕1号 一（一）1"
    assert "新增就业（人）" in rows


# --- that nothing runs ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_no_formulas_macros_or_links(language: Language) -> None:
    rules = small_rules()
    for form in (whole(rules), filled(rules, at_random(rules, 3))):
        content = write_xlsx(form, language)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            text = "".join(parts.read(name).decode() for name in names if name.startswith("xl/worksheets/"))
        assert "<f>" not in text
        assert "<f " not in text
        assert "hyperlink" not in text
        assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)


def test_what_looks_like_a_formula_is_text() -> None:
    rules = small_rules()
    subjects = at_random(rules, 3)
    subjects["unit"][0].values[rules.kinds["unit"].slots["remarks_text"]] = "=1+1"
    sheet = opened(filled(rules, subjects))["单位"]
    cell = sheet.cell(HEADINGS + 1, column(sheet, "情况"))
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_form_is_the_same_bytes(language: Language) -> None:
    assert write_xlsx(whole(small_rules()), language) == write_xlsx(whole(small_rules()), language)


# --- odd names, and a form that nobody filled in ---


def section(zh: str, id: str) -> Section:
    town = small_rules().kinds["town"]
    return Section(Kind(id, zh, None, None, False, {}, {}, None, town.span), None, (), (), (), False)


def test_a_kind_whose_name_no_sheet_can_have_goes_by_its_id() -> None:
    assert sheet_name(section("单位", "unit"), "zh") == "单位"
    assert sheet_name(section("县/区", "county"), "zh") == "county_"
    assert sheet_name(section("一" * 31, "long"), "zh") == "一" * 31
    assert sheet_name(section("一" * 32, "long"), "zh") == "long_"


# --- filled in by hand ---

HEADED = {
    "zh": ("单位", "名称", "编制（人）", "安排人数（人）", "佐证材料（编制）", "已公开", "是"),
    "en": ("unit", "name", "posts (people)", "employed (people)", "evidence (posts)", "published", "yes"),
}


def fill_in_by_hand(path: Path, language: Language) -> None:
    """A form with one unit in it and the line of signatures: as of, reporting unit, filled in by, reviewed by, signed on."""
    kind, name, posts, employed, evidence, published, yes = HEADED[language]
    book = opened(blank(small_rules(), only=["employs", "publishes"]), language)
    sheet = book[kind]
    for heading, value in {name: "某局", posts: 60, employed: "1.5人", evidence: "编办〔2023〕1号", published: yes}.items():
        sheet.cell(HEADINGS + 1, column(sheet, heading), value)
    for place, value in {
        "B4": date(2023, 12, 31),
        "D4": "某局办公室",
        "F4": "甲某",
        "H4": "乙某",
        "J4": date(2024, 1, 5),
    }.items():
        sheet[place] = value
    book.save(path)


def check_what_was_filled_in(submission: Submission) -> None:
    assert not submission.refused, told(submission)
    (unit,) = submission.subjects["unit"]
    slots = unit.kind.slots
    assert (unit.name, unit.as_of) == ("某局", date(2023, 12, 31).toordinal())
    assert [unit.values[slots[fact]] for fact in ("posts", "employed", "published")] == [60, 150, 1]
    assert unit.supporting == {slots["posts"]: "编办〔2023〕1号"}
    (received,) = submission.received
    assert (received.unit, received.filled_by, received.reviewed_by) == ("某局办公室", "甲某", "乙某")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_filled_in_by_hand_is_read(language: Language, tmp_path: Path) -> None:
    fill_in_by_hand(tmp_path / "form.xlsx", language)
    submission = facts.read([tmp_path / "form.xlsx"], small_rules())
    check_what_was_filled_in(submission)
    assert not submission.warnings, told(submission)


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_form_saved_by_libreoffice_is_read(ending: str) -> None:
    # The form of `fill_in_by_hand`, opened by LibreOffice 7.4 and saved in its formats.
    check_what_was_filled_in(facts.read([FORMS / f"libreoffice.{ending}"], small_rules()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_that_nobody_filled_in_says_nothing_and_is_told_so(language: Language, tmp_path: Path) -> None:
    rules = shipped_rules()
    submission = read_back(tmp_path, blank(rules, documents=["2022-58"]), "xlsx", language, rules)
    assert not any(submission.subjects.values())
    assert "F229" in told(submission)
