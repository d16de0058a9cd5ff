"""The language reference is true: every sample in `dsl/reference.md` and `dsl/errors.md` is run, in both languages.

A fenced block is a `rule` (formatted, loaded, its examples run), a `rule-written` (as somebody may type it; the next `rule` is
what the formatter makes of it), a `yaml NAME` (a file of the samples' folder), or a `rule-error` followed by the exact message
as `text`. The Chinese blocks together are one rule folder, the English ones another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from rulecheck import data
from rulecheck.commands.test import otherwise
from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, render
from rulecheck.language.format import format_file
from rulecheck.language.parse import bare_parser, parse
from rulecheck.language.source import Source
from rulecheck.language.syntax import File, Language
from rulecheck.language.translate import translate
from rulecheck.measures.units import unit_table
from rulecheck.proving.boundaries import lacking
from rulecheck.proving.examples import ExampleResult, run_examples
from rulecheck.rules import model
from rulecheck.rules.load import load

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEW_FILE = "new.rule"


@dataclass(frozen=True)
class Block:
    """One fenced block: what stands behind its fence, its text, the line it begins on."""

    info: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}"


@cache
def document(name: str) -> str:
    return data.read_text("dsl", name)


@cache
def blocks(name: str) -> tuple[Block, ...]:
    text = document(name)
    return tuple(
        Block(found[1].strip(), found[2], text.count("\n", 0, found.start()) + 1) for found in FENCE.finditer(text)
    )


def of_kind(name: str, info: str) -> list[Block]:
    return [block for block in blocks(name) if block.info == info]


def parsed(text: str) -> File:
    file, problems = parse(Source("sample.rule", text))
    assert [render(each) for each in problems] == []
    assert file is not None
    return file


def samples(language: Language) -> list[Block]:
    return [block for block in of_kind("reference.md", "rule") if parsed(block.text).language == language]


def write_folder(folder: Path, language: Language) -> None:
    for number, block in enumerate(samples(language)):
        (folder / f"{number:02}.rule").write_text(block.text, encoding="utf-8")
    for block in blocks("reference.md"):
        if block.info.startswith("yaml "):
            (folder / block.info.removeprefix("yaml ")).write_text(block.text, encoding="utf-8")


def loaded(folder: Path) -> model.RuleSet:
    rules, problems = load(folder)
    assert [render(each) for each in problems] == []
    assert rules is not None
    return rules


@pytest.fixture(scope="module", params=["zh", "en"])
def rules(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> model.RuleSet:
    """The samples of one language as a rule folder."""
    folder = tmp_path_factory.mktemp(request.param)
    write_folder(folder, request.param)
    return loaded(folder)


# --- the samples ---


@pytest.mark.parametrize("block", of_kind("reference.md", "rule"), ids=str)
def test_a_sample_is_formatted(block: Block) -> None:
    assert format_file(parsed(block.text)) == block.text


def test_every_example_comes_out_as_written(rules: model.RuleSet) -> None:
    results = list(run_examples(rules))
    assert len(results) > 200
    assert [told(each) for each in results if not each.is_right] == []


def told(result: ExampleResult) -> str:
    return f"{result.example.span.text}: {result.verdict} {sorted(result.possible)} {result.problems}"


def test_the_rule_of_the_first_page_has_every_example_it_needs(rules: model.RuleSet) -> None:
    assert not [each for each in lacking(rules) if each.file == "00.rule"]


def test_every_sample_stands_in_both_languages(tmp_path: Path) -> None:
    write_folder(tmp_path, "zh")
    chinese = loaded(tmp_path)
    to_english = {**chinese.names, **chinese.places.names("en")}
    to_chinese = {english: name for name, english in to_english.items()}
    pairs = list(zip(samples("zh"), samples("en"), strict=True))
    assert len(pairs) > 25
    for one, other in pairs:
        assert translate(parsed(one.text), "en", to_english, unit_table().names("en")) == (other.text, [])
        assert translate(parsed(other.text), "zh", to_chinese, unit_table().names("zh")) == (one.text, [])


def test_what_is_typed_is_formatted_as_the_next_sample() -> None:
    following = dict(zip(blocks("reference.md"), blocks("reference.md")[1:], strict=False))
    typed = of_kind("reference.md", "rule-written")
    assert typed
    for block in typed:
        assert format_file(parsed(block.text)) == following[block].text


# --- nothing of the word table is left out ---

TABLE = tomllib.loads(data.read_text("dsl", "words.toml"))
SECTIONS = ("words", "functions", "constants", "comparisons", "types", "settings", "targets", "verdicts")


@cache
def tokens(language: Language) -> frozenset[str]:
    """Every word of the samples of a language that the lexer takes for one piece, labels without tag and colon."""
    texts = [block.text for block in samples(language)]
    if language == "zh":
        texts += [block.text for block in of_kind("reference.md", "rule-written")]
    return frozenset(piece for text in texts for piece in pieces(text))


def pieces(text: str) -> Iterator[str]:
    for token in bare_parser().lex(text):
        if token.type.startswith("LABEL"):
            label = words.read_label(re.split("[:：]", token)[0])
            assert label is not None
            yield words.spell_label(label.label.id, label.language)
        else:
            yield " ".join(token.split())


def spellings(language: Language) -> list[str]:
    labels = [row[language][0] for row in TABLE["labels"].values()]
    return labels + [row[language][0] for section in SECTIONS for row in TABLE[section].values()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_language_occurs_in_a_sample(language: Language) -> None:
    # `confirmed` is what a value is when nothing is said: the formatter leaves it out.
    left_out = {"已确认", "confirmed"} if language == "en" else set()
    assert [word for word in spellings(language) if word not in tokens(language) | left_out] == []


def test_the_index_names_every_word_and_synonym_of_the_table() -> None:
    index = document("reference.md").split("\n## ")[-1]
    rows = set(re.findall(r"^\| (`[^|]*) \| (`[^|]*) \|", index, re.MULTILINE))
    table = {
        tuple(cell(row[language]) for language in words.LANGUAGES)
        for section in ("labels", *SECTIONS)
        for row in TABLE[section].values()
    }
    assert rows == table


def cell(spelt: list[str]) -> str:
    first, *others = (f"`{each}`" for each in spelt)
    return first + (f"（{'、'.join(others)}）" if others else "")


@pytest.mark.parametrize("name", ["reference.md", "errors.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    places = {page: {anchor(title) for title in headings(page)} for page in ("reference.md", "errors.md")}
    for page, place in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", document(name)):
        assert not place or place in places[page or name]
        assert not page or page in places


def headings(name: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", FENCE.sub("", document(name)), re.MULTILINE)


def anchor(title: str) -> str:
    """The anchor that a page of Markdown gives a heading: small letters, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


# --- mistakes ---


@cache
def mistakes() -> list[tuple[Block, Block, Block]]:
    """A sample with its mistake, the message in Chinese, the message in English."""
    found = [block for block in blocks("errors.md") if block.info in ("rule-error", "text")]
    assert len(found) % 3 == 0
    return list(zip(found[::3], found[1::3], found[2::3], strict=True))


@pytest.fixture(scope="module")
def folder_with_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("errors")
    write_folder(folder, "zh")
    return folder


@pytest.mark.parametrize(("sample", "chinese", "english"), mistakes(), ids=str)
def test_a_mistake_is_told_as_written(sample: Block, chinese: Block, english: Block, folder_with_room: Path) -> None:
    assert (sample.info, chinese.info, english.info) == ("rule-error", "text", "text")
    (folder_with_room / NEW_FILE).write_text(sample.text, encoding="utf-8")
    assert messages(folder_with_room, "zh") == chinese.text
    assert messages(folder_with_room, "en") == english.text


def messages(folder: Path, language: Language) -> str:
    """What `rulecheck test` tells of the new file."""
    rules, problems = load(folder)
    if rules is not None:
        results = [each for each in run_examples(rules) if each.example.span.source.name == NEW_FILE]
        broken = [problem for each in results for problem in each.problems]
        wrong = [otherwise(each, language) for each in results if not each.problems and not each.is_right]
        missing: list[Diagnostic] = (
            [] if broken or wrong else [each for each in lacking(rules) if each.file == NEW_FILE]
        )
        problems = [*broken, *wrong, *missing]
    assert {each.file for each in problems} == {NEW_FILE}
    return "\n\n".join(render(each, language) for each in problems) + "\n"


# --- decisions ---


def test_the_index_of_decisions_lists_every_record_once() -> None:
    folder = data.folder("dsl").parent / "docs" / "decisions"
    listed = re.findall(
        r"^\| \d+ \| \[.*\]\((.*)\) \|$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
