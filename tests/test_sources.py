"""Texts of documents: their items, the one form they are compared in, their fingerprints."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rulecheck.proving.sources import chinese, fingerprint, gaps, normalise, numeral, read_texts, split
from rulecheck.rules.model import Document
from support_report import PLAN


def locators(text: str) -> list[str]:
    return [item.locator for item in split(text)]


# --- items ---


def test_sections_heads_and_numbers_make_locators_as_they_are_printed() -> None:
    text = "通知\n某府发1号\n一、目标\n达到目标。\n二、任务\n(一)第一行动\n1.甲事。\n2. 乙事。\n（二）第二行动\n3．丙事。\n"
    assert locators(text) == ["前言", "一", "二", "二（一）", "二（一）1", "二（一）2", "二（二）", "二（二）3"]


def test_the_text_of_an_item_is_without_its_number_and_with_the_paragraphs_that_follow() -> None:
    items = {item.locator: item for item in split("题目\n一、任务\n1. 甲事。\n[责任部门: 某局]\n2.乙事。\n")}
    assert items["一1"].text == "甲事。\n[责任部门: 某局]"
    assert items["一2"].text == "乙事。"
    assert items["一1"].line == 3


def test_a_heading_is_one_paragraph_without_a_clause_above_items_of_its_own() -> None:
    text = "一、任务\n(一)开展行动。\n1.甲事。\n(二)开展行动,注重实效。\n2.乙事。\n(三)加强领导。\n"
    headings = [item.locator for item in split(text) if item.is_heading]
    assert headings == ["一", "一（一）"]  # （二） has a clause, （三） has nothing below it


def test_what_is_left_of_a_lost_item_makes_its_head_an_item() -> None:
    items = {item.locator: item for item in split("一、任务\n(一)开展行动。\n人民政府〕\n2.乙事。\n")}
    assert not items["一（一）"].is_heading


def test_numbers_may_start_again_under_each_head() -> None:
    text = "一、甲\n(一)乙:\n1.丙;\n2.丁。\n(二)戊:\n1.己。\n"
    assert locators(text) == ["一", "一（一）", "一（一）1", "一（一）2", "一（二）", "一（二）1"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1.5万人参加。", "a decimal"),
        ("2022年全市新建。", "a year"),
        ("1.又一句。", "a number that does not rise"),
        ("一、二产业融合。", "a section that does not rise"),
        ("(13人)", "a figure in brackets"),
    ],
)
def test_not_every_number_at_the_start_of_a_paragraph_begins_an_item(line: str, why: str) -> None:
    found = locators(f"题目\n一、目标\n(一)甲\n1.乙。\n2.丙。\n{line}\n")
    assert found == ["前言", "一", "一（一）", "一（一）1", "一（一）2"], why


def test_the_annex_is_what_follows_the_last_section() -> None:
    text = "通知\n附件: 实施方案\n一、目标\n达到目标。\n附件: 名单\n附件\n1.某人\n"
    assert locators(text) == ["前言", "一", "附件"]
    assert split(text)[2].text == "附件: 名单\n附件\n1.某人"


def test_a_text_without_numbers_is_preamble() -> None:
    assert locators("关于聘请的通知\n现予聘请。\n") == ["前言"]
    assert locators("") == []


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numerals(number: int, text: str) -> None:
    assert chinese(number) == text
    assert numeral(text) == number


@pytest.mark.parametrize("text", ["", "百", "十十", "一二", "二十三四"])
def test_no_numeral(text: str) -> None:
    assert numeral(text) == 0


# --- what a copy has lost ---


def test_numbers_that_run_on_over_the_heads_are_missed() -> None:
    assert gaps(split("一、任务\n(一)甲行动\n1.甲。\n2.乙。\n(二)乙行动\n4.丁。\n6.己。\n")) == ("一（一）3", "一（二）5")


def test_the_first_number_is_missed_too() -> None:
    assert gaps(split("一、任务\n(一)甲行动\n2.乙。\n")) == ("一（一）1",)


def test_nothing_is_missed_where_numbers_start_again() -> None:
    assert gaps(split("一、任务\n(一)甲:\n1.甲。\n2.乙。\n(二)乙:\n1.丙。\n二、要求\n1.丁。\n")) == ()


# --- one form ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("编制５０人（含）以上，", "编制50人(含)以上,"),
        ("黄政办发〔2022〕60号", "黄政办发 [2022] 60号"),
        ("“十四五”期间", '"十四五"期间'),
        ("《实施办法》", "〈实施办法〉"),
        ("2022—2024年", "2022-2024年"),
        ("比例达１．５％", "比例达1.5%"),
        ("前\u200b后\n　左右", "前后左右"),
    ],
)
def test_copies_of_one_text_come_to_one_form(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [("不少于", "不小于"), ("50人", "5人"), ("甲。乙", "甲乙"), ("1.5", "15")])
def test_words_figures_and_stops_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_is_the_sha256_of_the_one_form() -> None:
    assert fingerprint(" （") == hashlib.sha256(b"(").hexdigest()
    assert len(fingerprint("")) == 64
    assert fingerprint("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# --- files ---


def registered(text: str) -> Document:
    return replace(PLAN, folder="f", text=text, issued=date(2023, 1, 1))


def codes(folder: Path, name: str) -> list[str]:
    texts, problems = read_texts(folder, [registered(name)])
    assert bool(texts) != bool(problems)
    return [problem.code for problem in problems]


def test_a_text_is_read_by_the_name_its_document_gives(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeff题目\r\n一、目标\r\n".encode())
    texts, problems = read_texts(tmp_path, [registered("a.txt")])
    assert problems == []
    assert [item.locator for item in texts["f"]] == ["前言", "一"]


def test_texts_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("题目\n目标".encode("gbk"))
    (tmp_path / "folder").mkdir()
    assert codes(tmp_path, "none.txt") == ["C321"]
    assert codes(tmp_path, "folder") == ["C321"]
    assert codes(tmp_path, "gbk.txt") == ["C323"]


@pytest.mark.parametrize("name", ["", "../a.txt", "/etc/passwd", "a/b.txt", "a\\b.txt", "."])
def test_a_document_cannot_name_a_file_outside_the_folder(tmp_path: Path, name: str) -> None:
    assert codes(tmp_path, name) == ["C320"]
