"""What is wrong with a stretch of text that does not parse, in the words of the person who wrote it.

`HINTS` are tried in order, each for one kind of mistake; the first that knows the mistake speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.utils import TextSlice

from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, Label, closest, error
from rulecheck.language.parse_grammar import keyword_types
from rulecheck.language.parse_terms import foreign_letter, is_foreign_letter
from rulecheck.language.source import Source, Span
from rulecheck.language.syntax import Language

Probe = Callable[[str], int | None]
"""Where a text fails to parse, as an offset in it, or None where it parses."""

_OPENING: Final = {"LPAR": "RPAR", "LBRACE": "RBRACE"}
_CLOSING: Final = {closing: opening for opening, closing in _OPENING.items()}
_RELATIONS: Final = frozenset({"COMPARE", "EQUALS", "IN", "NOT_IN"})
_JOINS: Final = frozenset({"AND", "OR"})

_EXPRESSION_STARTS: Final = frozenset(
    {"NAME", "QUANTITY", "LPAR", "DATE", "YEAR", "QUARTER", "MONTH", "ANNUAL", "TIME", "CONSTANT", "TEXT", "AGGREGATE",
     "FUNCTION", "NUMBER_OF", "EVERY", "SOME", "NOT"}
)
_OPERATORS: Final = frozenset(
    {"PLUS", "MINUS", "TIMES", "DIVIDE", "ROLLED", "COMPARE", "EQUALS", "IN", "NOT_IN", "AND", "OR", "OF", "PERIOD"}
)
# Sets of tokens that a message calls by one name: the name, what must be possible for it, what it then stands for.
_GROUPS: Final = (
    ("start_of_expression", frozenset({"NAME", "QUANTITY", "LPAR"}), _EXPRESSION_STARTS),
    ("operator", frozenset({"PLUS", "TIMES"}), _OPERATORS),
)


@dataclass(frozen=True, slots=True)
class _Fault:
    """One failed stretch: its tokens, the place of the unexpected one (len(tokens) at the end), what could have stood
    there instead."""

    source: Source
    start: int
    end: int
    tokens: Sequence[Token]
    index: int
    accepted: frozenset[str]
    language: Language
    probe: Probe

    @property
    def token(self) -> Token | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    @property
    def before(self) -> Token | None:
        return self.tokens[self.index - 1] if self.index else None

    def span(self, token: Token) -> Span:
        start, end = cast(int, token.start_pos), cast(int, token.end_pos)
        text = str(token)
        return Span(self.source, start + len(text) - len(text.lstrip(" \t\u3000\ufeff")), end)


def explain(
    lark: Lark, fault: UnexpectedInput, source: Source, start: int, end: int, language: Language, probe: Probe
) -> tuple[Diagnostic, int | None]:
    """The one message for a failed stretch; and, where the fault is a label without a colon, the offset of its line."""
    if isinstance(fault, UnexpectedCharacters):
        return _explain_character(source, cast(int, fault.pos_in_stream)), None
    assert isinstance(fault, UnexpectedToken)
    is_end = fault.token.type == "$END"
    if not is_end:
        # Nothing below the line of the fault explains it, and a long clause with a fault in each line is gone over once.
        line_end = source.text.find("\n", cast(int, fault.token.start_pos), end)
        end = end if line_end < 0 else line_end
    tokens = _tokens(lark, source.text, start, end)
    index = len(tokens) if is_end else next(
        (number for number, token in enumerate(tokens) if token.start_pos == fault.token.start_pos), len(tokens)
    )
    accepted = frozenset(fault.interactive_parser.accepts())  # type: ignore[no-untyped-call]
    found = _Fault(source, start, end, tokens, index, accepted, language, probe)
    for hint in HINTS:
        problem = hint(found)
        if problem is not None:
            resume = source.text.rfind("\n", 0, problem.labels[0].span.start) + 1 if problem.code == "L112" else None
            return problem, resume
    return _unexpected(found), None


def _tokens(lark: Lark, text: str, start: int, end: int) -> list[Token]:
    tokens: list[Token] = []
    try:
        for token in lark.lex(TextSlice(text, start, end)):
            tokens.append(token)
    except UnexpectedCharacters:
        pass
    return tokens


# --- characters no token begins with ---


def _explain_character(source: Source, offset: int) -> Diagnostic:
    character = source.text[offset]
    line_end = source.text.find("\n", offset)
    rest = Span(source, offset, len(source.text) if line_end < 0 else line_end)
    here = Span(source, offset, offset + 1)
    if character == '"':
        return error("L106", rest)
    if character == "「":
        return error("L107", rest)
    if character in "“”‘’＂":
        return error("L132", here, character=character)
    if character in "。；;.":
        return error("L137", here, character=character)
    if is_foreign_letter(character):
        return error("L142", here, **foreign_letter(character))
    return error("L102", here, character=character, point=f"U+{ord(character):04X}")


# --- hints ---


def _unknown_label(fault: _Fault) -> Diagnostic | None:
    if fault.token is None or fault.token.type != "UNKNOWN_LABEL":
        return None
    word = re.split(r"[(\uff08\[\u3014:\uff1a]", fault.token.strip("\ufeff \t\u3000"))[0].strip()
    known = [text for text, (_, language) in words.table().label_by_text.items() if language == fault.language]
    return error("L110", fault.span(fault.token), label=word, near="、".join(closest(word, known)[:1]))


def _missing_colon(fault: _Fault) -> Diagnostic | None:
    token = fault.token
    if token is None or token.type.startswith("LABEL"):
        return None
    offset = cast(int, token.start_pos)
    text = fault.source.text
    line_start = text.rfind("\n", 0, offset) + 1
    if text[line_start:offset].strip(" \t\u3000\ufeff"):
        return None
    found = _label_at_line_start().match(text, offset)
    if found is None:
        return None
    return error("L112", Span(fault.source, offset, found.end()), label=found.group())


@cache
def _label_at_line_start() -> re.Pattern[str]:
    texts = sorted(words.table().label_by_text, key=lambda text: (-len(text), text))
    return re.compile("|".join(re.escape(text) + (r"(?![A-Za-z0-9_])" if text.isascii() else "") for text in texts))


def _thousands(fault: _Fault) -> Diagnostic | None:
    if fault.token is None or fault.token.type != "THOUSANDS":
        return None
    plain = re.sub("[,，]", "", fault.token)
    return error("L120", fault.span(fault.token), number=fault.token, plain=plain)


def _mixed_joins(fault: _Fault) -> Diagnostic | None:
    token = fault.token
    if token is None or token.type not in _JOINS or token.type in fault.accepted or not fault.accepted & _JOINS:
        return None
    other = _last_at_same_depth(fault, _JOINS - {token.type}, frozenset())
    spans = [fault.span(token)] + ([fault.span(other)] if other else [])
    return error("L109", *spans)


def _last_at_same_depth(fault: _Fault, types: frozenset[str], stop: frozenset[str]) -> Token | None:
    depth = 0
    for token in reversed(fault.tokens[: fault.index]):
        if token.type in _CLOSING:
            depth += 1
        elif token.type in _OPENING:
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0 and token.type in types:
            return token
        elif depth == 0 and token.type in stop:
            return None
    return None


def _share_of(fault: _Fault) -> Diagnostic | None:
    """`X的60%`: a share is multiplied."""
    token, before = fault.token, fault.before
    if token is None or before is None or before.type != "OF" or token.type != "QUANTITY":
        return None
    first = fault.index - 2
    while first >= 2 and fault.tokens[first - 1].type == "OF":
        first -= 2
    if first < 0:
        return None
    start = fault.span(fault.tokens[first]).start
    span = Span(fault.source, start, fault.span(token).end)
    whole = fault.source.text[start : fault.span(before).start].strip()
    return error("L113", span, share=token, whole=whole, text=span.text)


def _swallowed(fault: _Fault) -> Diagnostic | None:
    """A keyword inside a longer run of characters; believed only when the text goes further with it set off."""
    for token in (fault.before, fault.token):
        if token is None or token.type not in ("NAME", "QUANTITY") or token.startswith("「"):
            continue
        parts = [part for part in words.han_keywords().split(token) if part]
        if len(parts) < 2:
            continue
        spaced = " ".join(parts)
        start, end = cast(int, token.start_pos), cast(int, token.end_pos)
        text = fault.source.text
        failed = fault.probe(f"{text[fault.start:start]} {spaced} {text[end:fault.end]}")
        reached = fault.token.start_pos if fault.token is not None else fault.end
        added = len(spaced) - len(token) + 2
        if failed is not None and failed <= cast(int, reached) - fault.start + added:
            continue
        keywords = [part for part in parts if words.is_reserved(part)]
        bracketed = "".join(part if words.is_reserved(part) else f"「{part}」" for part in parts)
        return error("L108", fault.span(token), text=token, keyword="、".join(dict.fromkeys(keywords)), spaced=spaced,
                     quoted=bracketed if "「" in bracketed else spaced)
    return None


def _mixed_name(fault: _Fault) -> Diagnostic | None:
    """`甲1` or `PM浓度` without 「」: a run of Chinese characters ends where digits or letters begin."""
    last = fault.index
    if fault.token is None or fault.before is None or fault.before.type not in ("NAME", "QUANTITY"):
        return None
    if fault.before.end_pos != fault.token.start_pos or fault.token.type not in ("NAME", "QUANTITY"):
        return None
    first = last - 1
    while last + 1 < len(fault.tokens) and fault.tokens[last + 1].start_pos == fault.tokens[last].end_pos and (
        fault.tokens[last + 1].type in ("NAME", "QUANTITY")
    ):
        last += 1
    span = Span(fault.source, fault.span(fault.tokens[first]).start, fault.span(fault.tokens[last]).end)
    return error("L125", span, text=span.text)


def _reserved_name(fault: _Fault) -> Diagnostic | None:
    token, before = fault.token, fault.before
    if token is not None and token.type in set(keyword_types().values()) and "NAME" in fault.accepted:
        if "QUANTITY" not in fault.accepted:
            return error("L114", fault.span(token), word=token)
    elif before is not None and before.type in ("FUNCTION", "AGGREGATE", "NUMBER_OF") and fault.accepted == {"LPAR"}:
        return error("L114", fault.span(before), word=before)
    return None


def _two_relations(fault: _Fault) -> Diagnostic | None:
    token = fault.token
    if token is None or token.type not in _RELATIONS or token.type in fault.accepted:
        return None
    first = _last_at_same_depth(fault, _RELATIONS, frozenset({"AND", "OR", "COMMA", "NOT"}))
    return error("L128", fault.span(token), fault.span(first)) if first else None


def _governed(fault: _Fault) -> Diagnostic | None:
    before = fault.before
    if before is None or before.type not in ("SATISFIES", "WHERE") or fault.accepted != {"LPAR"}:
        return None
    return error("L138", fault.span(before), word=before)


def _pair(fault: _Fault) -> Diagnostic | None:
    label = next((token for token in reversed(fault.tokens[: fault.index]) if token.type.startswith("LABEL")), None)
    if label is None or label.type not in ("LABEL_PAIR", "LABEL_READING") or not fault.accepted & {"SLASH", "NAME"}:
        return None
    text = fault.source.text
    line_end = text.find("\n", cast(int, label.end_pos), fault.end)
    rest = text[cast(int, label.end_pos) : fault.end if line_end < 0 else line_end].split("#")[0]
    start = cast(int, label.end_pos) + len(rest) - len(rest.lstrip())
    if not rest.strip():
        return None
    return error("L115", Span(fault.source, start, start + len(rest.strip())), text=rest.strip())


def _brackets(fault: _Fault) -> Diagnostic | None:
    opened: list[Token] = []
    for earlier in fault.tokens[: fault.index]:
        if earlier.type in _OPENING:
            opened.append(earlier)
        elif earlier.type in _CLOSING and opened:
            opened.pop()
    token = fault.token
    if token is None or token.type.startswith("LABEL") or token.type in ("QUOTE", "ARROW"):
        return error("L104", fault.span(opened[-1]), bracket=opened[-1]) if opened else None
    if token.type in _CLOSING and (not opened or opened[-1].type != _CLOSING[token.type]):
        return error("L105", fault.span(token), bracket=token)
    return None


def _ends_early(fault: _Fault) -> Diagnostic | None:
    token = fault.token
    if token is not None and not token.type.startswith("LABEL") and token.type != "QUOTE":
        return None
    before = fault.before
    if before is None:
        return None
    chinese, english = _expected(fault.accepted)
    return error("L103", fault.span(before), text=before.strip(), expected_zh=chinese, expected_en=english)


def _outside(fault: _Fault) -> Diagnostic | None:
    """A line that begins with no label, where the clause above it is complete."""
    token = fault.token
    if token is None or token.type.startswith("LABEL") or "LABEL_PAIR" not in fault.accepted:
        return None
    text, start = fault.source.text, fault.span(token).start
    line_end = text.find("\n", start)
    line = text[start : fault.end if line_end < 0 else line_end].rstrip()
    if text[text.rfind("\n", 0, start) + 1 : start].strip(" \t\u3000\ufeff"):
        return None
    return error("L136", Span(fault.source, start, start + len(line)), text=line)


HINTS: Final[tuple[Callable[[_Fault], Diagnostic | None], ...]] = (
    _unknown_label,
    _missing_colon,
    _thousands,
    _mixed_joins,
    _share_of,
    _swallowed,
    _mixed_name,
    _governed,
    _reserved_name,
    _two_relations,
    _brackets,
    _pair,
    _ends_early,
    _outside,
)


def _unexpected(fault: _Fault) -> Diagnostic:
    token = cast(Token, fault.token)
    chinese, english = _expected(fault.accepted)
    labels: list[Span | Label] = [fault.span(token)]
    return error("L101", *labels, found=token.strip(), expected_zh=chinese, expected_en=english)


def _expected(accepted: frozenset[str]) -> tuple[str, str]:
    """What could stand in a place, in plain words, Chinese and English."""
    left = set(accepted)
    names: list[str] = []
    for name, needed, covered in _GROUPS:
        if needed <= left:
            names.append(name)
            left -= covered
    names += [word for (section, word) in words.table().words if section == "tokens" and word in left]
    if any(kind.startswith("LABEL") or kind == "$END" for kind in left):
        names.append("new_line")
    chinese = "、".join(words.spell("tokens", name, "zh") for name in names)
    english = ", ".join(words.spell("tokens", name, "en") for name in names)
    return chinese or "另起一行的下一项", english or "the next clause on a new line"
