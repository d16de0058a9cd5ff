"""From the parser's reductions to expressions: one method for each rule alias of the grammar, called while Lark parses.

A method gets the children of its rule in order, every token kept: tokens, and nodes that other methods made. Faults
that the grammar cannot see (a date that does not exist) are collected in `problems`; a node comes out all the same.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from lark import Token

from rulecheck.language import syntax, words
from rulecheck.language.diagnostics import Diagnostic, Label, error
from rulecheck.language.source import Source, Span
from rulecheck.language.syntax import Expression, Language, Name, Range

MAX_DIGITS: Final = 40

ASCII = str.maketrans("０１２３４５６７８９．／％", "0123456789./%")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")
_HAN = re.compile(f"[{words.HAN}]")
_QUARTER = re.compile(r"季度|[Qq][0-9]")
_QUARTERS: Final = {"1": 1, "2": 2, "3": 3, "4": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Co", "Cn"})
_ARITHMETIC: Final = {"PLUS": "+", "MINUS": "-", "TIMES": "×", "DIVIDE": "÷"}


def plain_name(token: str) -> str:
    """The name a token holds, without its brackets 「」."""
    return token[1:-1] if token[0] == "「" else str(token)


def is_foreign_letter(character: str) -> bool:
    """Whether it is a letter, digit, accent or private character, and no ASCII one nor a Chinese character. Radicals and
    compatibility forms (⼈, Ａ, １), which look like others, are such; Roman numerals (Ⅱ) and signs are not."""
    if character.isascii():
        return False
    plain = unicodedata.normalize("NFKC", character)
    if unicodedata.category(character) in _LETTERS:
        return plain != character or _HAN.fullmatch(character) is None
    return _HAN.fullmatch(plain) is not None and unicodedata.decomposition(character).startswith("<compat>")


def foreign_letter(character: str) -> dict[str, str]:
    """The values of the message about it: the character, its code point, and the plain one that it stands for, if any."""
    plain = unicodedata.normalize("NFKC", character)
    return {"character": character, "point": f"U+{ord(character):04X}", "plain": plain if plain != character else ""}


def squeeze(text: str) -> str:
    """A phrase with single spaces between its words."""
    return " ".join(text.split())


@dataclass(slots=True)
class ExpressionBuilder:
    """State of one parse: the source, the language of its first label, problems found on the way."""

    source: Source
    language: Language = "zh"
    problems: list[Diagnostic] = field(default_factory=list)

    # --- small things

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def token_span(self, token: Token) -> Span:
        return Span(self.source, cast(int, token.start_pos), cast(int, token.end_pos))

    def problem(self, code: str, *spans: Span | Label, **values: object) -> None:
        self.problems.append(error(code, *spans, **values))

    def named(self, token: Token) -> Name:
        text = plain_name(token)
        if not text.strip():
            self.problem("L139", self.token_span(token))
        elif not text.isascii():
            self._letters(token)
        return Name(text, Span(self.source, token.start_pos, token.end_pos))  # type: ignore[arg-type]

    def _letters(self, token: Token) -> None:
        """A name is of Chinese characters, ASCII letters and digits: others may look the same and be another name."""
        for offset, character in enumerate(token):
            if is_foreign_letter(character):
                start = cast(int, token.start_pos) + offset
                self.problem("L142", self.span(start, start + 1), **foreign_letter(character))

    # --- expressions

    def conjunction(self, children: list[Any]) -> syntax.Conjunction:
        parts = tuple(children[::2])
        return syntax.Conjunction(parts, Span(self.source, parts[0].span.start, parts[-1].span.end))

    def disjunction(self, children: list[Any]) -> syntax.Disjunction:
        parts = tuple(children[::2])
        return syntax.Disjunction(parts, Span(self.source, parts[0].span.start, parts[-1].span.end))

    def negation(self, children: list[Any]) -> syntax.Negation:
        token, part = children
        return syntax.Negation(part, Span(self.source, token.start_pos, part.span.end))

    def quantified(self, children: list[Any]) -> syntax.Quantified:
        where = children[4] if len(children) > 6 else None
        word = "every" if children[0].type == "EVERY" else "some"
        span = Span(self.source, children[0].start_pos, children[-1].end_pos)
        return syntax.Quantified(cast(Any, word), children[1], where, children[-2], span)

    def comparison(self, children: list[Any]) -> syntax.Comparison:
        left, token, right = children
        operator = words.identify("comparisons", token) or words.identify("comparisons", squeeze(token))
        return syntax.Comparison(left, cast(str, operator), right, Span(self.source, left.span.start, right.span.end))

    def membership(self, children: list[Any]) -> syntax.Membership:
        item, token, *rest = children
        last = rest[-1]
        end = cast(int, last.end_pos) if isinstance(last, Token) else last.span.end
        choices = tuple(rest[1:-1:2]) if isinstance(last, Token) else (last,)
        return syntax.Membership(item, token.type == "NOT_IN", choices, Span(self.source, item.span.start, end))

    def rolled(self, children: list[Any]) -> syntax.Rolled:
        term, token = children
        return syntax.Rolled(term, Span(self.source, term.span.start, token.end_pos))

    def arithmetic(self, children: list[Any]) -> syntax.Arithmetic:
        left, token, right = children
        span = Span(self.source, left.span.start, right.span.end)
        return syntax.Arithmetic(cast(Any, _ARITHMETIC[token.type]), left, right, span)

    def bracketed(self, children: list[Any]) -> Expression:
        opening, inner, closing = children
        # the place of a bracketed part takes in its brackets, so that an underline covers them
        return cast(Expression, replace(inner, span=Span(self.source, opening.start_pos, closing.end_pos)))

    def call(self, children: list[Any]) -> syntax.Call:
        token = children[0]
        function = cast(str, words.identify("functions", token))
        return syntax.Call(function, children[2], Span(self.source, token.start_pos, children[-1].end_pos))

    def how_many(self, children: list[Any]) -> syntax.HowMany:
        conditions = tuple(children[2:-1:2])
        return syntax.HowMany(conditions, Span(self.source, children[0].start_pos, children[-1].end_pos))

    def aggregate(self, children: list[Any]) -> syntax.Aggregate:
        token = children[0]
        function = cast(str, words.identify("functions", token))
        span = Span(self.source, token.start_pos, children[-1].end_pos)
        where = test = periods = tail = None
        for index, child in enumerate(children):
            if isinstance(child, Token):
                if child.type == "WHERE":
                    where = children[index + 1]
                elif child.type == "COMMA":
                    tail = children[index + 1]
        ends = (tail.low, tail.high) if isinstance(tail, Range) else (tail, tail)
        if any(all(isinstance(end, length) for end in ends) for length in (syntax.Year, syntax.Quarter, syntax.Month)):
            periods = cast(Any, ends)
        elif isinstance(tail, Range):
            self.problem("L127", tail.span, function=token)
        else:
            test = tail
        if (test is not None) != (function == "share") or (periods and (function != "sum" or where is not None)):
            self.problem("L127", span, function=token)
        return syntax.Aggregate(function, children[2], where, test, periods, span)

    # --- names and literals

    def name(self, children: list[Token]) -> Name:
        return self.named(children[0])

    def path(self, children: list[Token]) -> syntax.Path:
        names = tuple(self.named(token) for token in children[::2])
        return syntax.Path(names, Span(self.source, names[0].span.start, names[-1].span.end))

    def at(self, children: list[Token]) -> syntax.At:
        name, token = children
        return syntax.At(self.named(name), self._period(token), self.span(cast(int, name.start_pos), cast(int, token.end_pos)))

    def _period(self, token: Token) -> syntax.Period:
        """The year, quarter or month that stands behind `@`."""
        if _QUARTER.search(token):
            return self._quarter(token)
        span = self.token_span(token)
        numbers = [int(number) for number in _DIGITS.findall(token.translate(ASCII))]
        if len(numbers) == 1:
            self._check_date(span, numbers[0], 1, 1)
            return syntax.Year(numbers[0], span)
        self._check_date(span, numbers[0], numbers[1], 1)
        return syntax.Month(numbers[0], numbers[1], span)

    def _quarter(self, token: Token) -> syntax.Quarter:
        span, text = self.token_span(token), token.translate(ASCII)
        year = int(cast(re.Match[str], _DIGITS.search(text)).group())
        self._check_date(span, year, 1, 1)
        number = _QUARTERS.get(text.removesuffix("季度")[-1])
        if number is None:
            self.problem("L117", span, date=span.text, reason_zh="一年只有四个季度", reason_en="a year has four quarters")
        return syntax.Quarter(year, number or 1, span)

    def quantity(self, children: list[Token]) -> syntax.Quantity:
        token = children[0]
        text = token if token.isascii() else token.translate(ASCII)
        end = cast(re.Match[str], _NUMBER.match(text)).end()
        span = Span(self.source, token.start_pos, token.end_pos)  # type: ignore[arg-type]
        if end > MAX_DIGITS:
            self.problem("L130", span, number=text[:MAX_DIGITS] + "…", limit=f"{MAX_DIGITS}")
        unit = text[end:]
        if unit:
            if " " in unit or "\t" in unit:
                unit = "".join(unit.split())
            keyword = words.swallowed_keyword(unit)
            if keyword:
                cut = text.index(keyword)
                spaced = f"{text[:cut]} {keyword} {text[cut + len(keyword) :]}".strip()
                self.problem("L108", span, text=token, keyword=keyword, spaced=spaced, quoted=spaced)
        return syntax.Quantity(text[:end], unit or None, span)

    def date(self, children: list[Token]) -> syntax.Date:
        return self.dated(children[0])

    def dated(self, token: Token) -> syntax.Date:
        span = self.token_span(token)
        numbers = [int(number) for number in _DIGITS.findall(token.translate(ASCII))]
        self._check_date(span, *(*numbers, 1, 1)[:3])
        year, month, day = (*numbers, None, None)[:3]
        return syntax.Date(cast(int, year), month, day, span)

    def _check_date(self, span: Span, year: int, month: int, day: int) -> None:
        if not 1 <= month <= 12 or year < 1:
            self.problem("L117", span, date=span.text, reason_zh="没有这个月份", reason_en="there is no such month")
            return
        last = calendar.monthrange(year, month)[1]
        if not 1 <= day <= last:
            self.problem("L117", span, date=span.text, reason_zh=f"这个月只有{last}天",
                         reason_en=f"that month has {last} days")

    def year(self, children: list[Token]) -> syntax.Year:
        date = self.dated(children[0])
        return syntax.Year(date.year, date.span)

    def quarter(self, children: list[Token]) -> syntax.Quarter:
        return self._quarter(children[0])

    def month(self, children: list[Token]) -> syntax.Month:
        date = self.dated(children[0])
        return syntax.Month(date.year, cast(int, date.month), date.span)

    def annual(self, children: list[Token]) -> syntax.Annual:
        return self.returning(children[0])

    def returning(self, token: Token) -> syntax.Annual:
        span = self.token_span(token)
        month, day = (int(number) for number in _DIGITS.findall(token.translate(ASCII)))
        self._check_date(span, 2000, month, day)  # a leap year: 29 February comes back, if not every year
        return syntax.Annual(month, day, span)

    def yearly_range(self, children: list[Any]) -> Range:
        """`每年9月1日至10月31日`: the second day comes back as the first does."""
        first, _, last = children
        return Range(first, self.returning(last), Span(self.source, first.span.start, last.end_pos))

    def time(self, children: list[Token]) -> syntax.Time:
        token = children[0]
        span = self.token_span(token)
        hour, minute = (int(number) for number in _DIGITS.findall(token.translate(ASCII)))
        if hour > 23 or minute > 59:
            self.problem("L129", span, time=token)
        return syntax.Time(hour, minute, span)

    def constant(self, children: list[Token]) -> syntax.Constant:
        token = children[0]
        return syntax.Constant(cast(str, words.identify("constants", token)), self.token_span(token))

    def text(self, children: list[Token]) -> syntax.TextLiteral:
        token = children[0]
        return syntax.TextLiteral(token[1:-1], self.token_span(token))
