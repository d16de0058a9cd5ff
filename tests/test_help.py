"""Help: the same in both languages, within 80 columns, true to the table of verbs; its examples run."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from rulecheck.cli.help import page, texts
from rulecheck.cli.verbs import FOR_ALL, HELP, LANGUAGE, VERBS, VERSION, Option, Verb
from rulecheck.data import read_text
from rulecheck.language.diagnostics import display_width
from support_command import call, process
from support_messages import assert_each_is_one_sentence_twice
from support_shell import write_rules, write_texts

CLI = Path(import_module("rulecheck.cli").__file__ or "").parent
EVERY = [None, *VERBS.values()]


def name(verb: Verb | None) -> str:
    return verb.name if verb is not None else "program"


# --- the pages ---


@pytest.mark.parametrize("verb", EVERY, ids=name)
@pytest.mark.parametrize("language", ["zh", "en", None])
def test_no_line_is_wider_than_80_columns(verb: Verb | None, language: Any) -> None:
    wide = [line for line in page(verb, language).splitlines() if display_width(line) > 80]
    assert not wide


def test_width_counts_chinese_as_two() -> None:
    assert display_width("用法：ab") == 8


@pytest.mark.parametrize("verb", EVERY, ids=name)
def test_an_english_page_has_no_chinese_but_document_numbers(verb: Verb | None) -> None:
    text = page(verb, "en").replace("黄政办发〔2022〕60号", "")
    assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text)


@pytest.mark.parametrize("verb", EVERY, ids=name)
def test_a_chinese_page_has_no_english_words_of_its_own(verb: Verb | None) -> None:
    text = page(verb, "zh")
    assert not re.search(r"(?i)\b(usage|options|arguments|commands|default|show|required|error|file|dir|text file)\b", text)


@pytest.mark.parametrize("verb", EVERY, ids=name)
def test_without_a_language_both_pages_are_shown_chinese_first(verb: Verb | None) -> None:
    assert page(verb, None) == page(verb, "zh") + "\n" + page(verb, "en")


@pytest.mark.parametrize("verb", VERBS.values(), ids=name)
def test_a_page_explains_every_option_and_argument_once(verb: Verb) -> None:
    for language in ("zh", "en"):
        lines = page(verb, language).splitlines()  # type: ignore[arg-type]
        for option in verb.options:
            shown = ", ".join(option.words)
            assert sum(re.match(rf"  {re.escape(shown)}(?: |$)", line) is not None for line in lines) == 1, shown


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("--lang", "en", "--help"), ("--help", "--lang=en"), ("help",)])
def test_help_of_the_program(words: tuple[str, ...]) -> None:
    found = call(*words)
    assert (found.status, found.err) == (0, "")
    assert ("用法：" in found.out) == ("en" not in "".join(words))
    assert "Usage: rulecheck COMMAND" in found.out


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--help", "--lang", "en"),
        ("check", "--lang", "en", "-h"),
        ("--lang", "en", "check", "--help"),
        ("--lang=en", "help", "check"),
        ("help", "check", "--lang", "en"),
        ("check", "--no-such", "--help", "--lang", "en"),  # help even where something is wrong
    ],
)
def test_help_of_a_verb_in_the_language_asked_for(words: tuple[str, ...]) -> None:
    assert call(*words) == (0, page(VERBS["check"], "en"), "")


def test_no_verb_shows_the_help_as_a_fault() -> None:
    assert call() == (2, "", page(None, None))


def test_help_is_quick_to_load_and_needs_no_rules() -> None:
    found = process("--help", python=("-X", "importtime"))
    loaded = {line.split("|")[-1].strip() for line in found.stderr.decode().splitlines()}
    assert not {"lark", "pint", "pydantic", "typer", "rich"} & loaded


# --- the texts ---


def test_every_text_is_used_and_in_both_languages() -> None:
    table = texts()
    assert set(table["verbs"]) == set(VERBS)
    taken = {option.takes for verb in VERBS.values() for option in verb.options} | {
        verb.argument.takes for verb in VERBS.values() if verb.argument is not None
    }
    assert set(table["values"]) == taken - {"", "choice", "language"}
    shared = set(table["options"])
    for verb in VERBS.values():
        own = table["verbs"][verb.name]
        names = {option.name for option in verb.options}
        assert set(own.get("options", {})) | shared >= names, verb.name
        assert set(own.get("options", {})) <= names, verb.name
        assert set(own.get("arguments", {})) == ({verb.argument.name} if verb.argument is not None else set())
    used = {option.name for verb in VERBS.values() for option in verb.options} | {VERSION.name}
    assert shared <= used

    def both(row: Any, path: str) -> None:
        if isinstance(row, dict):
            if "zh" in row or "en" in row:
                assert row.get("zh"), path
                assert row.get("en"), path
            for key, each in row.items():
                both(each, f"{path}.{key}")

    both(table, "help")


def test_messages_of_usage_are_used_and_in_both_languages() -> None:
    used = {code for path in CLI.glob("*.py") for code in re.findall(r'"(H\d\d\d)"', path.read_text(encoding="utf-8"))}
    rows = tomllib.loads(read_text("dsl", "messages", "help.toml"))
    assert set(rows) == used
    assert_each_is_one_sentence_twice(rows)


# --- the table and what it stands for ---

FUNCTIONS = {
    "check": ("rulecheck.commands.check", "Request"),
    "batch": ("rulecheck.commands.batch", "Request"),
    "compare": ("rulecheck.commands.compare", "Request"),
    "template": ("rulecheck.commands.template", "Request"),
    "read": ("rulecheck.commands.read", "read"),
    "test": ("rulecheck.commands.test", "Request"),
    "coverage": ("rulecheck.commands.coverage", "coverage"),
    "lint": ("rulecheck.commands.lint", "lint"),
    "fmt": ("rulecheck.commands.fmt", "fmt"),
    "translate": ("rulecheck.commands.translate", "translate"),
    "completion": ("rulecheck.commands.completion", "completion"),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=name)
def test_what_a_verb_takes_is_what_the_command_line_gives(verb: Verb) -> None:
    module, attribute = FUNCTIONS[verb.name]
    taker = getattr(import_module(module), attribute)
    known = {field.name for field in fields(taker)} if is_dataclass(taker) else set(signature(taker).parameters)
    given = {option.name for option in verb.options} - {HELP.name}
    given |= {verb.argument.name} if verb.argument is not None else set()
    assert given - ({LANGUAGE.name} if verb.name == "completion" else set()) == known


def test_formats_of_the_table_are_those_there_are() -> None:
    from rulecheck import report
    from rulecheck.commands import compare
    from rulecheck.linting import report as linting_report
    from rulecheck.proving import coverage_report

    def choices(verb: str) -> set[str]:
        return {choice for option in VERBS[verb].options if option.name == "format" for choice in option.choices}

    assert choices("check") == set(report.RENDERERS)
    assert choices("compare") == set(compare.FORMATS)
    assert choices("coverage") == set(coverage_report.RENDERERS)
    assert choices("lint") == set(linting_report.RENDERERS)


@pytest.mark.parametrize("verb", VERBS.values(), ids=name)
def test_no_word_means_two_options(verb: Verb) -> None:
    words = [word for option in verb.options for word in option.words]
    assert len(words) == len(set(words))
    assert all(verb.options[-len(FOR_ALL) :] == FOR_ALL for verb in VERBS.values())
    assert all(isinstance(option, Option) and option.words[-1].startswith("--") for option in verb.options)


# --- the examples ---


def examples() -> list[str]:
    rows = [texts()["program"], *texts()["verbs"].values()]
    return [example for row in rows for language in ("zh", "en") for example in row["examples"][language]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for rules, facts, sources in (("规则", "报送材料", "原文"), ("rules", "submissions", "texts")):
        write_rules(tmp_path / rules)
        (tmp_path / rules / "places.yaml").write_text("places:\n  - {zh: 黄石市, en: huangshi, level: city}\n", encoding="utf-8")
        write_texts(tmp_path / sources)
        (tmp_path / facts).mkdir()
        unit = "{名称: 甲局, 单位类别: 机关, 层级: 市级, 编制: 50, 安排残疾人就业人数: 0}"
        text = f"截至: 2023-12-31\n地区: 黄石市\n单位:\n  - {unit}\n"
        (tmp_path / facts / "单位.yaml").write_text(text, encoding="utf-8")
    row = "U1,甲局,黄石市,机关,50人,0人\n"
    (tmp_path / "单位.csv").write_text(f"编号,名称,地区,类别,编制,配备人数\n{row}", encoding="utf-8")
    (tmp_path / "unit.csv").write_text(f"id,name,place,category,posts,staff_on_duty\n{row}", encoding="utf-8")
    for each in ("旧规则", "新规则", "old_rules", "new_rules"):
        shutil.copytree(Path(__file__).parent.parent / "rules", tmp_path / each)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "example", [each for each in dict.fromkeys(examples()) if each.startswith("rulecheck ") and "|" not in each]
)
def test_an_example_does_what_it_says(folder: Path, example: str) -> None:
    _, *words = shlex.split(example)
    if find_spec(f"rulecheck.commands.{words[0]}") is None and words[0] != "completion":
        pytest.skip("not there yet")
    before = set(folder.rglob("*"))
    found = call(*words)
    assert found.status in (0, 1), found.err
    new = {path.relative_to(folder).parts[0] for path in set(folder.rglob("*")) - before}
    assert new == ({words[words.index("--output") + 1]} if "--output" in words else set())
    assert found.out or new or "fmt" in words
