"""Forms in text: YAML with comments, a JSON skeleton, CSV tables; blank ones say nothing when they are read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rulecheck import facts
from rulecheck.facts.csv_reader import read_csv
from rulecheck.facts.nodes import FORBIDDEN, Faults
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Kind
from rulecheck.submission import UNTOLD, Subject
from rulecheck.templates.csv_writer import file_name, guarded
from rulecheck.templates.form import FormatName, Section
from rulecheck.templates.writers import FORMATS, write
from rulecheck.templates.yaml_writer import scalar
from support_template import (
    LANGUAGES,
    ORIGIN,
    at_random,
    blank,
    filled,
    read_back,
    shipped_rules,
    small_rules,
    told,
    whole,
)


def text_of(format: FormatName, language: Language = "zh", **names: list[str]) -> str:
    (content,) = write(blank(small_rules(), **names), format, language).values()
    return content.decode()


# --- blank ---


def test_yaml_says_above_each_name_what_is_asked() -> None:
    assert text_of("yaml", only=["employs"]).split("单位:\n")[1] == (
        "  - 编号:\n"
        "    名称:\n"
        "    统一社会信用代码:\n"
        "    # 核定编制多少人？\n"
        "    # 依据：某发〔2022〕1号 一（一）1 编制50人以上的安排残疾人\n"
        "    # 例：48\n"
        "    # 范围：0人至1000人\n"
        "    # 留空表示未报\n"
        "    编制（人）:\n"
        "    佐证材料（编制）:\n"
        "    # 安排残疾人多少人？\n"
        "    # 依据：某发〔2022〕1号 一（一）1 编制50人以上的安排残疾人\n"
        "    # 例：48\n"
        "    # 范围：不少于0人\n"
        "    # 精确到0.01人\n"
        "    # 留空表示未报\n"
        "    安排人数（人）:\n"
        "    佐证材料（安排人数）:\n"
    )


def test_json_has_null_for_everything() -> None:
    assert json.loads(text_of("json", "en", only=["学校教师在编"])) == {
        "as_of": None,
        "place": None,
        "town": [
            {
                "id": None,
                "name": None,
                "credit_code": None,
                "school": [
                    {
                        "id": None,
                        "name": None,
                        "teacher": [{"id": None, "name": None, "on_staff": None, "evidence (on_staff)": None}],
                    }
                ],
            }
        ],
    }


def test_csv_is_a_file_a_kind_for_spreadsheet_programs() -> None:
    files = write(blank(small_rules(), only=["学校教师在编"]), "csv", "zh")
    assert list(files) == ["镇.csv", "学校.csv", "教师.csv"]
    assert files["镇.csv"] == "\ufeff编号,名称,统一社会信用代码,地区,截至,学校\r\n".encode()
    assert files["教师.csv"] == "\ufeff编号,名称,上级,在编,佐证材料（在编）\r\n".encode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("format", "code"), [("yaml", "F229"), ("json", "F229"), ("csv", "F158")])
def test_a_form_that_nobody_filled_in_says_nothing_and_is_told_so(
    format: FormatName, language: Language, code: str, tmp_path: Path
) -> None:
    for rules in (small_rules(), shipped_rules()):
        submission = read_back(tmp_path, whole(rules), format, language, rules)
        assert not any(submission.subjects.values())
        assert {fault.code for refusal in submission.refused for fault in refusal.faults} == {code}, told(submission)


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_members_left_blank_are_not_said_to_be_none(format: FormatName, tmp_path: Path) -> None:
    # The unit fills in the town and leaves the skeleton of its schools as it is.
    path = tmp_path / f"form.{format}"
    name = {"yaml": ("    名称:\n", "    名称: 某镇\n"), "json": ('"名称": null', '"名称": "某镇"')}[format]
    path.write_text(text_of(format, only=["学校教师在编"]).replace(*name, 1), encoding="utf-8")
    submission = facts.read([path], small_rules())
    (town,) = submission.subjects["town"]
    assert town.name == "某镇"
    assert town.rosters == [None]


@pytest.mark.parametrize("format", FORMATS.values())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_form_is_the_same_bytes(format: FormatName, language: Language) -> None:
    rules = small_rules()
    assert write(whole(rules), format, language) == write(whole(rules), format, language)


# --- filled in ---


def subject(kind: Kind, id: str, name: str, parent: Subject | None = None) -> Subject:
    values = [UNTOLD if small_rules().facts[each].every is None else {} for each in kind.slots]
    return Subject(kind, id, name, ORIGIN, None, parent, values, [None] * len(kind.children), {})


def test_a_subject_goes_by_name_where_that_is_its_id_and_by_both_where_another_has_the_name() -> None:
    rules = small_rules()
    unit = rules.kinds["unit"]
    subjects = {"unit": (subject(unit, "甲局", "甲局"), subject(unit, "乙局", "乙局"), subject(unit, "3", "乙局"))}
    (content,) = write(filled(rules, subjects), "csv", "zh").values()
    assert content.decode().splitlines()[1:] == [",甲局,,,", "乙局,乙局,,,", "3,乙局,,,"]


def test_only_what_is_said_of_a_kind_stands_in_a_filled_form() -> None:
    rules = small_rules()
    files = write(filled(rules, at_random(rules, 1), blank(rules, only=["employs", "限时审核"])), "csv", "zh")
    assert "申领.csv" not in write(filled(rules, {"unit": at_random(rules, 1)["unit"]}, whole(rules)), "csv", "zh")
    assert "单位.csv" in files


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3楼", "@甲", "＝1", "'=1", "''=1", "-"])
def test_a_text_like_a_formula_is_guarded_in_csv(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "-0.5", "-5%", "3", "甲=乙", "'甲", "", "2023-01-01"])
def test_numbers_and_other_texts_are_not(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("甲局", "甲局"),
        ("编制（人）", "编制（人）"),
        ("2023年12月31日", "2023年12月31日"),
        ("17:30", "17:30"),
        ("posts (people)", "posts (people)"),
        ("null", '"null"'),
        ("~", '"~"'),
        ("- 甲", '"- 甲"'),
        ("甲: 乙", '"甲: 乙"'),
        ("甲 #乙", '"甲 #乙"'),
        ("两\n行", '"两\\n行"'),
        (" 前", '" 前"'),
    ],
)
def test_yaml_quotes_what_it_would_take_for_something_else(text: str, written: str) -> None:
    assert scalar(text) == written


TEXT = st.text(max_size=30).filter(lambda text: not FORBIDDEN.search(text))


@given(TEXT)
def test_any_text_is_the_same_after_yaml(text: str) -> None:
    written = f"{scalar(text)}: {scalar(text)}\n"
    assert yaml.load(written, yaml.BaseLoader) == {text: text}


@given(TEXT)
def test_any_text_is_the_same_after_csv(text: str) -> None:
    rows = io.StringIO(newline="")
    csv.writer(rows).writerows([["甲", "乙"], [guarded(text), "乙"]])
    grid = read_csv(rows.getvalue(), "表.csv", Faults("表.csv"))
    assert grid is not None
    assert grid.rows[1] == [text, "乙"]


@pytest.mark.parametrize(
    ("zh", "id", "name"),
    [("单位", "unit", "单位.csv"), ("县/区", "county", "county.csv"), ("con", "aux", "aux_.csv"), ("甲：乙", "ab", "甲：乙.csv")],
)
def test_a_file_has_a_name_that_every_system_takes(zh: str, id: str, name: str) -> None:
    kind = Kind(id, zh, None, None, False, {}, {}, None, small_rules().kinds["town"].span)
    assert file_name(Section(kind, None, (), (), (), False), "zh") == name
