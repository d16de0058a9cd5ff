"""The grammar and the word table hold together."""

from __future__ import annotations

import io
import logging
import re
import tomllib
from functools import cache

import pytest
from lark import Lark, logger
from lark.exceptions import GrammarError

from rulecheck.data import read_text
from rulecheck.language import parse_grammar, words
from rulecheck.language.parse import bare_parser
from support_syntax import parsed


@cache
def lark() -> Lark:
    return bare_parser()


def log_of_building(grammar: str, **options: object) -> str:
    """What Lark logs while it builds an LALR parser in debug mode."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        Lark(grammar, parser="lalr", debug=True, **options)  # type: ignore[arg-type]
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return written.getvalue().lower()


def test_the_grammar_has_no_conflict() -> None:
    assert "conflict" not in log_of_building(parse_grammar.grammar_text(), lexer="basic")


def test_a_seeded_conflict_is_noticed() -> None:
    dangling = parse_grammar.grammar_text().replace("| NOT test ", "| NOT test [AND test] ")
    assert "conflict" in log_of_building(dangling, lexer="basic")


def test_a_seeded_ambiguity_is_refused() -> None:
    ambiguous = parse_grammar.grammar_text().replace("?term: sum\n", "?term: sum\n | atom -> rolled\n")
    with pytest.raises(GrammarError):
        log_of_building(ambiguous, lexer="basic")


# Punctuation by its code points, so that a tool that folds full-width marks cannot slip through.
PUNCTUATION = {
    "LPAR": (0x28, 0xFF08),
    "RPAR": (0x29, 0xFF09),
    "LBRACE": (0x7B, 0xFF5B),
    "RBRACE": (0x7D, 0xFF5D),
    "COMMA": (0x2C, 0xFF0C, 0x3001),
    "COLON": (0x3A, 0xFF1A),
    "SLASH": (0x2F, 0xFF0F),
    "PLUS": (0x2B, 0xFF0B),
    "MINUS": (0x2D, 0xFF0D, 0x2212),
    "TIMES": (0xD7, 0x2A, 0xFF0A),
    "DIVIDE": (0xF7,),
    "ARROW": (0x2192,),
}


@pytest.mark.parametrize(("terminal", "points"), PUNCTUATION.items())
def test_both_widths_of_punctuation_are_one_terminal(terminal: str, points: tuple[int, ...]) -> None:
    for point in points:
        assert [token.type for token in lark().lex(chr(point))] == [terminal]


@pytest.mark.parametrize(
    ("symbol", "points"),
    [("ge", (0x2265,)), ("le", (0x2264,)), ("gt", (0x3E, 0xFF1E)), ("lt", (0x3C, 0xFF1C)), ("eq", (0x3D, 0xFF1D)),
     ("ne", (0x2260,))],
)
def test_both_widths_of_a_comparison_symbol_are_one_word(symbol: str, points: tuple[int, ...]) -> None:
    for point in points:
        assert words.identify("comparisons", chr(point)) == symbol


def test_a_file_of_half_width_and_one_of_full_width_punctuation_are_one_tree() -> None:
    half = "规则:甲/a\n 要求:x 属于 (a,b) 且 (y+1>2)\n 示例:x=a,z={u=1}->符合(符合,不适用)\n"
    full = "规则：甲／a\n 要求：x 属于 （a，b） 且 （y＋1＞2）\n 示例：x＝a，z＝｛u＝1｝→符合（符合、不适用）\n"
    assert parsed(half) == parsed(full)


def test_the_grammar_is_written_with_escapes() -> None:
    without_comments = re.sub(r"(?m)^//.*$", "", read_text("dsl", "grammar.lark"))
    assert not re.findall("[\uff00-\uffef]", without_comments)


def test_characters_that_split_words_are_left_out_of_names() -> None:
    splitting = {text for text in words.spellings("words", "zh") if text in ("且", "或", "的")}
    assert splitting == set(words.SPLITTING)
    for character in words.SPLITTING:
        assert [str(token) for token in lark().lex(f"甲{character}乙")] == ["甲", character, "乙"]


@pytest.mark.parametrize("name", ["〇", "一二〇号", "々", "㐀", "𠮷野", "posts_2", "_x", "要求等级", "不同意见", "存在问题数"])
def test_a_run_of_chinese_characters_or_an_identifier_is_one_name(name: str) -> None:
    assert [(token.type, str(token)) for token in lark().lex(name)] == [("NAME", name)]


@pytest.mark.parametrize("text", sorted(words.table().reserved))
def test_a_keyword_is_a_keyword_wherever_it_stands_and_a_name_in_brackets(text: str) -> None:
    _, token = lark().lex(f"x {text}")
    assert token.type == parse_grammar.token_type(words.table().reserved[text])
    _, token = lark().lex(f"x 「{text}」")
    assert token.type == "NAME"


def test_no_word_is_spelled_twice_in_a_section_or_among_keywords() -> None:
    raw = tomllib.loads(read_text("dsl", "words.toml"))
    sections = [("labels",), ("types",), ("settings",), ("targets",), ("verdicts",), words.RESERVED_SECTIONS]
    for together in sections:
        seen: dict[str, str] = {}
        for section in together:
            for name, row in raw[section].items():
                for text in {*row["zh"], *row["en"]}:
                    assert seen.setdefault(text, f"{section}.{name}") == f"{section}.{name}", text


def test_every_label_says_where_it_stands() -> None:
    labels = words.table().labels
    opening = {name for name, label in labels.items() if label.declares}
    for label in labels.values():
        assert label.declares != bool(label.within)
        assert label.within <= opening


def test_every_language_has_as_many_limb_tags() -> None:
    assert len({len(tags) for tags in words.table().limbs.values()}) == 1
