"""The Lark parser of `dsl/grammar.lark`, with the terminals that hold words of the word table.

The lexer is Lark's basic one: every token is recognised without regard to the parser's state, so that keywords are
reserved everywhere. A word is a NAME run whose whole text is in the table; its token type is looked up, not matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from lark import Lark, Token

from rulecheck.data import read_text
from rulecheck.language import words
from rulecheck.language.words import HAN, SPLITTING

DIGIT: Final = r"[0-9\uff10-\uff19]"
_GAP: Final = r"[ \t\u3000]*"



def _label(word: str) -> str:
    """A label at the start of a line whose word matches a pattern: indentation, word, tags, colon (re.MULTILINE)."""
    limb = rf"(?:[(\uff08][^()\uff08\uff09\n:\uff1a]*[)\uff09]{_GAP})?"
    reading = rf"(?:[\[\u3014][^\[\]\u3014\u3015\n:\uff1a]*[\]\u3015]{_GAP})?"
    return rf"^[ \t\u3000\ufeff]*{word}{_GAP}{limb}{reading}[:\uff1a]"


LABEL: Final = _label(rf"(?:[{HAN}][{HAN}0-9]*|[A-Za-z]+(?:[ \t]+[A-Za-z_]+)*)")
"""Any word with a colon at the start of a line, in the table or not."""

_TOKEN_BY_WORD_SECTION: Final = {"constants": "CONSTANT", "comparisons": "COMPARE"}
_TOKEN_BY_FUNCTION_SHAPE: Final = {"aggregate": "AGGREGATE", "call": "FUNCTION", "conditions": "NUMBER_OF"}


def token_type(word: words.Word) -> str:
    """The grammar's token type of a keyword."""
    if word.section == "words":
        return word.id.upper()
    if word.section == "functions":
        return _TOKEN_BY_FUNCTION_SHAPE[word.shape]
    return "EQUALS" if word.id == "eq" else _TOKEN_BY_WORD_SECTION[word.section]


@cache
def keyword_types() -> Mapping[str, str]:
    """The token type of every keyword, by spelling, the words of an English phrase set off by single spaces."""
    return {text: token_type(word) for text, word in words.table().reserved.items()}


def _alternatives(texts: Iterable[str]) -> str:
    """A pattern for any of the texts, the longest first, a space standing for any run of spaces."""
    ordered = sorted(set(texts), key=lambda text: (-len(text), text))
    return "(?:" + "|".join(re.escape(text).replace(r"\ ", r"[ \t]+") for text in ordered) + ")"


def _is_han(text: str) -> bool:
    return re.fullmatch(f"[{HAN}]+", text) is not None


def _generated_terminals() -> dict[str, tuple[int, str, str]]:
    """Terminals made from the word table: priority, pattern and flags, by name."""
    table = words.table()
    reserved = list(table.reserved)
    han = [text for text in reserved if _is_han(text)]
    latin = {text.split()[0] for text in reserved if text[0].isascii() and text[0].isalpha()}
    constants = _alternatives(text for text in words.spellings("constants") if _is_han(text))
    to = _alternatives(text for text in words.spellings("words") if table.reserved[text].id == "to" and _is_han(text))
    no_keyword = rf"(?!{_alternatives(han)}(?![{HAN}])|{_alternatives(latin)}(?![A-Za-z0-9_]))"
    # 50人至100人: a unit ends before 至 as before 且, 或 and 的
    unit_run = rf"(?:(?![{''.join(SPLITTING)}]|{to})[{HAN}])+"
    unit_part = rf"(?:[%\uff05\u2030\u2103\u33a1\u33a5]|{no_keyword}(?:{unit_run}|[A-Za-z_][A-Za-z0-9_]*))"
    number = rf"{DIGIT}+(?:[.\uff0e]{DIGIT}+)?"
    line_labels = (text for label in table.labels.values() if label.shape == "line"
                   for spelling in label.spellings.values() for text in spelling)
    return {
        "LABEL": (20, LABEL, "m"),
        # inside quotation marks a # does not begin a comment
        "LABEL_LINE": (21, _label(_alternatives(line_labels)) + r'(?:"[^"\n]*"|[^#\n])*', "m"),
        "PHRASE": (6, _alternatives(text for text in reserved if " " in text) + r"(?![A-Za-z0-9_])", ""),
        "SYMBOL": (1, _alternatives(text for text in reserved if not re.match(rf"[{HAN}A-Za-z']", text)), ""),
        "PARTICLE": (1, rf"(?:[{''.join(SPLITTING)}]|['\u2019]s(?![A-Za-z0-9_]))", ""),
        "QUANTITY": (2, rf"{number}(?:[ \t]*{unit_part}(?:[ \t]*[/\uff0f][ \t]*{unit_part})*)?", ""),
        # 周一至周五 and 2022年至2024年 need no spaces: 至 parts from constants and numbers
        "TIGHT_CONSTANT": (5, rf"{constants}(?={to}{constants}(?![{HAN}]))", ""),
        "TIGHT_TO": (5, rf"{to}(?=[ \t]*{DIGIT}|[ \t]*每年[ \t]*{DIGIT}|{constants}(?![{HAN}]))", ""),
    }


def grammar_text() -> str:
    """The grammar file with the generated terminals added."""
    lines = [read_text("dsl", "grammar.lark")]
    for name, (priority, pattern, flags) in _generated_terminals().items():
        lines.append(f"{name}.{priority}: /{pattern.replace('/', chr(92) + '/')}/{flags}")
    # tokens whose type is looked up: declared for the lexer, never seen by the parser
    lines.append("%declare UNKNOWN_LABEL")
    return "\n".join(lines)


def _as_keyword(token: Token) -> Token:
    kind = keyword_types().get(" ".join(token.split()).replace("\u2019", "'"))
    if kind is not None:
        token.type = kind
    return token


def _as_label(token: Token) -> Token:
    written = words.read_label(str(token))
    token.type = f"LABEL_{written.label.shape.upper()}" if written else "UNKNOWN_LABEL"
    return token


def build(transformer: object | None = None, comment: Callable[[Token], Token] | None = None, **options: Any) -> Lark:
    """A parser; `transformer` has a method for each rule alias, `comment` is called with each comment's token."""
    kinds = keyword_types()

    def as_word(token: Token) -> Token:
        kind = kinds.get(token)
        if kind is not None:
            token.type = kind
        return token

    callbacks: dict[str, Callable[[Token], Token]] = {
        "NAME": as_word,
        "LABEL": _as_label,
        **dict.fromkeys(("PHRASE", "SYMBOL", "PARTICLE", "TIGHT_CONSTANT", "TIGHT_TO"), _as_keyword),
    }
    if comment is not None:
        callbacks["COMMENT"] = comment
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer="basic",
        maybe_placeholders=False,
        keep_all_tokens=transformer is not None,  # the builder takes places from the outermost tokens
        transformer=transformer,
        lexer_callbacks=callbacks,
        **options,
    )
