"""Documents are found however the brackets and digits of their numbers were typed, by one lookup for every verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.commands.read import documents_named
from rulecheck.rules.called import documents_called
from rulecheck.templates.choose import choose
from support_command import call
from support_shell import write_rules
from support_template import shipped_rules

NUMBER = "黄政办发〔2022〕60号"

TYPED = (
    NUMBER,
    *(f"黄政办发{left}2022{right}60号" for left, right in ("[]", "【】", "()", "（）", "［］", "﹝﹞")),
    "黄政办发〔２０２２〕６０号",
    "黄政办发 [2022] 60 号",
    "黄政办发［２０２２］60号",
    "huangshi/2022-60",
    "huangshi\\2022-60",
    "2022-60",
    "HUANGSHI/2022-60/",
)


@pytest.mark.parametrize("typed", TYPED)
def test_one_document_however_it_is_typed(typed: str) -> None:
    rules = shipped_rules()
    (document,), unknown = documents_called([typed], rules.documents)
    assert (document.number, unknown) == (NUMBER, [])
    assert documents_named([typed], rules) == ({document.folder}, [])
    assert choose(rules, [], [typed], [])[0].documents == (document,)


@pytest.mark.parametrize("typed", ["", "  ", "/", "黄政办发〔2022〕600号", "黄政办发2022 60号", "黄政办发〔2022〕6〇号"])
def test_what_no_document_is_called(typed: str) -> None:
    rules = shipped_rules()
    assert documents_called([typed, NUMBER], rules.documents)[1] == [typed]
    found, (problem,) = documents_named([typed], rules)
    assert (found, problem.code, problem.values["name"]) == (set(), "P102", typed)


def test_in_the_order_of_the_names_each_once() -> None:
    documents = shipped_rules().documents
    first, second = documents[1], documents[0]
    found, _ = documents_called([first.folder, second.folder, first.folder], documents)
    assert found == (first, second)


@pytest.mark.parametrize("typed", ["测政发[2023]1号", "测政发（２０２３）１号", "测政发【2023】1号"])
def test_verbs_take_it(tmp_path: Path, typed: str) -> None:
    rules = write_rules(tmp_path / "规则")
    (tmp_path / "单位.csv").write_text("名称,地区,编制,配备人数,类别\n甲局,黄石市,50,0,机关\n", encoding="utf-8")
    found = call("check", tmp_path / "单位.csv", "--rules", rules, "--as-of", "2023-06-30", "--document", typed)
    assert found.status == 1, found.err
    assert call("read", "--rules", rules, "--document", typed).status == 0
    assert call("compare", rules, rules, tmp_path / "单位.csv", "--document", typed, "--as-of", "2023-06-30").status == 0
