"""A folder of rules read from disk: its documents, its rule files, and what is said where a file is of no use."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.rules import model
from rulecheck.rules.load import MAXIMUM_RULE_BYTES, load

SOURCE = """title: 某通知
number: 某发〔2022〕1号
kind: 规范性文件
issuer: 黄石市人民政府
issued: 2022-11-16
place: 黄石市
in_force:
  start: 2022-11-16
  end: 2025-12-31
horizon: 2025-06-30
status:
  state: in_force
coverage: partial
items:
  - locator: 二（一）1
    fingerprint: abc
"""

RULE = """对象：单位 / unit
事实：编制 / posts
  所属对象：单位
  类型：数量（人）
规则：示范 / sample
  依据：二（一）1
  核查对象：单位
  要求：编制 不少于 50人
"""


def write(folder: Path, **files: str) -> Path:
    """Files by name; `__` stands for a folder, the last `_` for the dot."""
    for name, text in files.items():
        head, _, suffix = name.rpartition("_")
        path = folder / f"{head.replace('__', '/')}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def usable(folder: Path) -> model.RuleSet:
    rules, problems = load(folder)
    assert [render(each) for each in problems] == []
    assert rules is not None
    return rules


def refused(folder: Path) -> list[Diagnostic]:
    rules, problems = load(folder)
    assert rules is None
    for each in problems:
        assert render(each, "zh")
        assert render(each, "en")
    return problems


def told(folder: Path) -> list[tuple[str, str]]:
    """Each fault as its code and its file."""
    return [(each.code, each.file) for each in refused(folder)]


# --- what is read ---


def test_the_shipped_rules_are_read_where_no_folder_is_named() -> None:
    rules, problems = load()
    assert [render(each) for each in problems] == []
    assert rules is not None
    assert rules.rules


def test_a_document_is_what_its_file_says(tmp_path: Path) -> None:
    (document,) = usable(write(tmp_path, source_yaml=SOURCE, a_rule=RULE)).documents
    assert (document.folder, document.title, document.number) == ("", "某通知", "某发〔2022〕1号")
    assert (document.issuer, document.kind) == ("黄石市人民政府", "规范性文件")
    assert document.issued == date(2022, 11, 16)
    assert document.in_force == (date(2022, 11, 16).toordinal(), date(2025, 12, 31).toordinal())
    assert document.horizon == date(2025, 6, 30).toordinal()
    assert document.place is not None
    assert document.place.english == "huangshi"
    assert document.status == {"state": "in_force", "checked_by": "", "checked_on": ""}
    assert (document.coverage, document.items) == ("partial", (model.Item("二（一）1", "abc"),))
    assert (document.basis, document.text) == ((), "")


def test_what_a_document_does_not_say_is_not_assumed(tmp_path: Path) -> None:
    short = "".join(
        line + "\n"
        for line in SOURCE.splitlines()
        if line.split(":")[0].strip() not in ("place", "end", "horizon", "coverage", "items", "fingerprint", "- locator")
    )
    (document,) = usable(write(tmp_path, source_yaml=short + 'text: ""\n', a_rule=RULE)).documents
    assert (document.place, document.in_force[1], document.horizon) == (None, None, None)
    assert (document.coverage, document.items) == ("full", ())


def test_a_rule_belongs_to_the_nearest_document(tmp_path: Path) -> None:
    inner = SOURCE.replace("某通知", "内层")
    folder = write(
        tmp_path,
        source_yaml=SOURCE,
        a_rule=RULE,
        in__source_yaml=inner,
        in__deep__b_rule=RULE[RULE.index("规则") :].replace("示范 / sample", "其二 / second"),
        inside__c_rule=RULE[RULE.index("规则") :].replace("示范 / sample", "其三 / third"),
    )
    rules = usable(folder)
    assert [(each.id, each.document.title) for each in rules.rules] == [
        ("sample", "某通知"),
        ("third", "某通知"),
        ("second", "内层"),
    ]
    assert [each.folder for each in rules.documents] == ["", "in"]


def test_a_rule_file_may_begin_with_a_mark_and_end_its_lines_either_way(tmp_path: Path) -> None:
    folder = write(tmp_path, source_yaml=SOURCE)
    (folder / "a.rule").write_bytes(b"\xef\xbb\xbf" + RULE.replace("\n", "\r\n").encode())
    assert [each.id for each in usable(folder).rules] == ["sample"]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=RULE, README_md="不是规则", notes_yaml="{{{")
    assert len(usable(folder).rules) == 1


def test_the_digest_covers_every_file_that_counts(tmp_path: Path) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=RULE)
    before = usable(folder).sha256
    assert usable(folder).sha256 == before
    write(folder, README_md="说明")
    assert usable(folder).sha256 == before
    write(folder, a_rule=RULE.replace("50人", "51人"))
    changed = usable(folder).sha256
    assert changed != before
    write(folder, source_yaml=SOURCE.replace("某通知", "某方案"))
    assert usable(folder).sha256 not in (before, changed)


def test_a_folder_may_bring_its_own_places_and_holidays(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    folder = write(
        tmp_path,
        source_yaml=SOURCE.replace("黄石市\nin_force", "甲县\nin_force"),
        a_rule=RULE,
        places_yaml="places:\n  - zh: 甲县\n    en: first_county\n    title: First County\n    level: county\n",
    )
    place = usable(folder).documents[0].place
    assert place is not None
    assert place.english == "first_county"


# --- what is refused ---


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert told(tmp_path / "nowhere") == [("X101", "nowhere")]


def test_a_folder_without_rule_files(tmp_path: Path) -> None:
    assert told(write(tmp_path, source_yaml=SOURCE)) == [("X102", tmp_path.name)]


@pytest.mark.parametrize("over", [0, 1])
def test_a_rule_file_of_the_greatest_size(tmp_path: Path, over: int) -> None:
    folder = write(tmp_path, source_yaml=SOURCE)
    content = RULE.encode()
    (folder / "a.rule").write_bytes(content + b"\n" * (MAXIMUM_RULE_BYTES + over - len(content)))
    if over:
        assert told(folder) == [("X103", "a.rule")]
        assert refused(folder)[0].values == {"size": "300"}
    else:
        usable(folder)


def test_a_rule_file_that_is_no_text(tmp_path: Path) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, b_rule=RULE)
    (folder / "a.rule").write_bytes("# 一\n# 二\n".encode() + "规则".encode("gbk"))
    (problem,) = refused(folder)
    assert (problem.code, problem.file, problem.values) == ("X104", "a.rule", {"line": "3"})


def test_a_rule_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=RULE)
    opened = Path.open

    def locked(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "a.rule":
            raise PermissionError(13, os.strerror(13))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", locked)
    (problem,) = refused(folder)
    assert (problem.code, problem.file, problem.values) == ("X105", "a.rule", {"reason": os.strerror(13)})


def test_what_cannot_be_looked_into_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=RULE)
    (folder / "closed").mkdir()
    listed = os.scandir

    def locked(path: Any) -> Any:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, os.strerror(13), str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", locked)
    assert told(folder) == [("X105", "closed")]


@pytest.mark.skipif(os.name != "posix", reason="links need no privilege")
def test_a_link_to_nothing_is_not_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=RULE)
    (folder / "b.rule").symlink_to("nowhere.rule")
    assert told(folder) == [("X105", "b.rule")]


def test_rules_without_a_document(tmp_path: Path) -> None:
    (problem,) = refused(write(tmp_path, a_rule=RULE))
    assert (problem.code, problem.labels[0].span.text, problem.values) == ("C201", "示范 / sample", {"name": "示范"})


def test_the_document_of_another_folder_is_not_taken(tmp_path: Path) -> None:
    assert told(write(tmp_path, other__source_yaml=SOURCE, a_rule=RULE)) == [("C201", "a.rule")]
    assert told(write(tmp_path, otherwise__b_rule=RULE, a_rule="# 空\n")) == [("C201", "otherwise/b.rule")]


@pytest.mark.parametrize("text", ["- 一\n- 二\n", "文字", "", "\n"])
def test_a_document_that_is_no_table(tmp_path: Path, text: str) -> None:
    assert told(write(tmp_path, source_yaml=text, a_rule=RULE)) == [("C202", "source.yaml")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "U800"),
        (SOURCE + "title: 又一个\n", "U801"),
        (SOURCE + "basis: &a [x]\n", "U802"),
        (SOURCE + "basis: *a\n", "U802"),
        ("!!python/object/apply:os.system [x]\n", "U802"),
        ("[" * 10_000, "U803"),
        (SOURCE + "#" * 1_000_000, "U803"),
        (SOURCE.replace("title: ", "title: \u202e"), "L119"),
    ],
)
def test_a_document_of_hostile_yaml(tmp_path: Path, text: str, code: str) -> None:
    assert told(write(tmp_path, source_yaml=text, a_rule=RULE)) == [(code, "source.yaml")]


def test_a_document_that_is_no_text(tmp_path: Path) -> None:
    folder = write(tmp_path, a_rule=RULE)
    (folder / "source.yaml").write_bytes(SOURCE.encode("gbk"))
    assert told(folder) == [("X104", "source.yaml")]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (SOURCE.replace("title: 某通知\n", ""), ["title"]),
        (SOURCE.replace("title: 某通知", 'title: ""'), ["title"]),
        (SOURCE.replace("title:", "titel:"), ["title", "titel"]),
        (SOURCE.replace("issued: 2022-11-16", "issued: 2022-13-16"), ["issued"]),
        (SOURCE.replace("start:", "begin:"), ["in_force.start", "in_force.begin"]),
        (SOURCE.replace("  state: in_force\n", "  state_of: x\n"), ["status.state", "status.state_of"]),
        (SOURCE.replace("locator:", "place:"), ["items.0.locator", "items.0.place"]),
    ],
)
def test_a_field_of_a_document_with_a_fault(tmp_path: Path, text: str, fields: list[str]) -> None:
    problems = refused(write(tmp_path, source_yaml=text, a_rule=RULE))
    assert [(each.code, each.file) for each in problems] == [("C203", "source.yaml")] * len(fields)
    assert sorted(each.values["field"] for each in problems) == sorted(fields)


def test_a_document_of_an_unknown_place(tmp_path: Path) -> None:
    (problem,) = refused(write(tmp_path, source_yaml=SOURCE.replace("place: 黄石市", "place: 仙市"), a_rule=RULE))
    assert (problem.code, problem.file, problem.values) == ("C204", "source.yaml", {"place": "仙市"})


@pytest.mark.parametrize(("start", "fits"), [("2022-11-15", False), ("2022-11-16", True), ("2022-11-17", True)])
def test_a_document_is_not_in_force_before_it_is_issued(tmp_path: Path, start: str, fits: bool) -> None:
    folder = write(tmp_path, source_yaml=SOURCE.replace("start: 2022-11-16", f"start: {start}"), a_rule=RULE)
    if fits:
        usable(folder)
    else:
        assert told(folder) == [("C205", "source.yaml")]


# --- several at once ---


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    folder = write(tmp_path, a__source_yaml="", b__source_yaml=SOURCE, b__x_rule=RULE + "  要求 50人\n")
    (folder / "c.rule").write_bytes(b"\xff")
    assert [file for _, file in told(folder)] == ["a/source.yaml", "b/x.rule", "c.rule"]


def test_names_are_not_looked_up_while_a_file_is_not_understood(tmp_path: Path) -> None:
    wrong = RULE.replace("编制 不少于", "编织 不少于")
    folder = write(tmp_path, source_yaml=SOURCE, a_rule=wrong)
    assert [code for code, _ in told(folder)] == ["N203"]
    (folder / "b.rule").write_bytes(b"\xff")
    assert [code for code, _ in told(folder)] == ["X104"]
