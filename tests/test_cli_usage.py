"""The words of the command line: what they give a verb, and what is said of those that cannot be followed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rulecheck import cli
from rulecheck.cli.arguments import Wish, read_arguments
from rulecheck.data import read_text
from support_command import call
from support_messages import assert_each_is_one_sentence_twice


def given(*words: str) -> dict[str, Any]:
    asked = read_arguments(words)
    assert asked.wish is Wish.RUN
    assert not asked.problems
    return asked.given


def codes(*words: str) -> list[str]:
    return [each.code for each in read_arguments(words).problems]


def test_options_and_arguments_stand_in_any_order() -> None:
    expected = {"facts": ["a", "b"], "rules": Path("r"), "format": "json", "verbose": True, "language": "zh"}
    assert given("check", "a", "b", "--rules", "r", "--format", "json", "-v") == expected
    assert given("check", "--format=json", "a", "-v", "--rules=r", "b") == expected


def test_what_is_not_written_is_left_to_the_verb() -> None:
    assert given("check", "a") == {"facts": ["a"], "language": "zh"}
    assert given("test") == {"language": "zh"}


@pytest.mark.parametrize("words", [("-o", "x"), ("-ox",), ("--output", "x"), ("--output=x",)])
def test_ways_to_write_a_value(words: tuple[str, ...]) -> None:
    assert given("check", "a", *words)["output"] == Path("x")


def test_a_value_may_hold_an_equals_sign_and_begin_with_a_dash() -> None:
    assert given("check", "a", "--rules=x=y")["rules"] == Path("x=y")
    assert given("check", "a", "--place", "-x")["place"] == "-x"
    assert given("check", "a", "--place=")["place"] == ""


def test_options_that_repeat_are_kept_in_order() -> None:
    assert given("check", "a", "--records", "1", "--records=2")["records"] == [Path("1"), Path("2")]


def test_a_dash_is_standard_input_and_after_two_everything_is_an_argument() -> None:
    assert given("check", "-")["facts"] == ["-"]
    assert given("check", "--", "--rules", "-v")["facts"] == ["--rules", "-v"]


def test_the_language_may_stand_before_the_verb() -> None:
    assert given("--lang", "en", "test")["language"] == "en"
    assert given("test", "--lang", "en")["language"] == "en"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("chek", "a"), ["H101"]),
        (("Check", "a"), ["H101"]),
        (("check", "a", "--as_of", "2023-06-30"), ["H102"]),
        (("check", "a", "--verb"), ["H102"]),  # nothing is abbreviated
        (("check", "a", "-x"), ["H102"]),
        (("check", "a", "--version"), ["H102"]),
        (("check", "a", "--as-of"), ["H103"]),
        (("check", "a", "--rules="), ["H103"]),
        (("check", "a", "--as-of", "--verbose"), ["H103"]),
        (("check", "a", "--as-of", "--format=json"), ["H103"]),
        (("check",), ["H104"]),
        (("check", "--"), ["H104"]),
        (("translate", "a"), ["H105"]),
        (("translate",), ["H104", "H105"]),
        (("check", "a", "--verbose=yes"), ["H106"]),
        (("check", "a", "--format", "text", "--format", "json"), ["H107"]),
        (("--lang", "en", "check", "a", "--lang", "zh"), ["H107"]),
        (("check", "a", "-v", "-v"), []),
        (("translate", "--to", "en", "a", "b"), ["H108"]),
        (("coverage", "a"), ["H108"]),
        (("test", "--rule", "a"), ["H102"]),  # not also "a" is one too many
        (("check", "a", "--format", "xml"), ["X301"]),
        (("check", "a", "--lang", "EN"), ["X301"]),
        (("--lang", "fr"), ["X301"]),
        (("completion", "tcsh"), ["X301"]),
        (("check", "a", "--format", "xml", "--as-off", "--place"), ["X301", "H102", "H103"]),  # all at once
    ],
)
def test_what_cannot_be_followed(words: tuple[str, ...], expected: list[str]) -> None:
    assert codes(*words) == expected


def test_a_fault_of_usage_gives_two_and_how_to_write_it() -> None:
    assert call("chek", "a.yaml") == (
        2,
        "",
        "错误[H101] 没有“chek”这个命令\n  ─→ rulecheck\n  提示：是否想写：check\n"
        "用法：rulecheck 命令 …（说明：rulecheck --help）\n",
    )
    assert call("check", "a.yaml", "--as_of", "2023-06-30", "--lang", "en") == (
        2,
        "",
        "error[H102] there is no option “--as_of”\n  ─→ rulecheck check\n  help: did you mean: --as-of\n"
        "Usage: rulecheck check FACTS… [OPTIONS] (help: rulecheck check --help)\n",
    )


def test_an_unknown_verb_is_told_in_the_language_asked_for() -> None:
    assert call("chek", "--lang", "en").err.startswith("error[H101] there is no command “chek”\n")
    assert call("--lang", "en", "chek").err.startswith("error[H101]")


def test_a_choice_that_is_not_there_shows_those_that_are() -> None:
    found = call("check", "a", "--format", "xml")
    assert found.err.startswith("错误[X301] 没有“xml”这个选择\n  ─→ --format\n  提示：可以写：text、json\n")


def test_a_file_where_a_verb_should_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报送").mkdir()
    found = call("报送")
    assert found.status == 2
    assert found.err.startswith("错误[H109] “报送”不是命令\n  ─→ rulecheck\n  提示：要核查它，请写：rulecheck check 报送\n")


def test_hostile_words_do_not_reach_the_terminal() -> None:
    for words in (("\x1b[31m",), ("check", "--\x1b[31m"), ("check", "a", "--format", "\x1b[31m\u202e")):
        found = call(*words)
        assert found.status == 2
        assert "\x1b" not in found.err
        assert "\u202e" not in found.err


def test_every_message_of_the_command_line_is_used_and_in_both_languages() -> None:
    package = Path(cli.__file__).parent.parent
    used = {code for path in package.rglob("*.py") for code in re.findall(r'"(X\d\d\d)"', path.read_text(encoding="utf-8"))}
    rows = tomllib.loads(read_text("dsl", "messages", "command_line.toml"))
    assert set(rows) == used
    assert_each_is_one_sentence_twice(rows)
