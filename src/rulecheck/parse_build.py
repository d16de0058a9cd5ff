"""From the parser's reductions to the tree: one method for each rule alias of the grammar, called while Lark parses.

A method gets the children of its rule in order, every token kept: tokens, and nodes that other methods made. Faults
that the grammar cannot see (a date that does not exist, a word that is none) are collected in `problems`; a node comes
out all the same.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from lark import Token

from rulecheck import syntax, words
from rulecheck.diagnostics import Diagnostic, Label, closest, error
from rulecheck.source import Source, Span
from rulecheck.syntax import Expression, Extent, Language, Name, Range

MAX_DIGITS: Final = 40
MAX_TIMES: Final = 1_000_000

_ASCII = str.maketrans("０１２３４５６７８９．／％", "0123456789./%")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")
_COLON = re.compile("[:：]")
_HAN = re.compile("[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_ARITHMETIC: Final = {"PLUS": "+", "MINUS": "-", "TIMES": "×", "DIVIDE": "÷"}
_STATES: Final = ("confirmed", "unconfirmed")
_LOWER: Final = ("at_least",)
_UPPER: Final = ("at_most",)


@dataclass(slots=True)
class Entry:
    """A label with its body, or (label None) a line of quotation; offsets, `colon` being the end of the label."""

    label: words.Label | None
    body: syntax.Body | syntax.Quote
    start: int
    colon: int
    end: int
    limb: str | None = None
    reading: str | None = None


@dataclass(slots=True)
class Season:
    """`每年5月1日至9月30日` as a part of a value row."""

    first: syntax.Annual
    last: syntax.Annual
    span: Span


@dataclass(slots=True)
class Onward:
    """`2022年5月1日起` as a part of a value row."""

    start: syntax.Date
    span: Span


def plain_name(token: str) -> str:
    """The name a token holds, without its brackets 「」."""
    return token[1:-1] if token[0] == "「" else str(token)


@dataclass(slots=True)
class Builder:
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

    def _name(self, token: Token) -> Name:
        text = plain_name(token)
        if not text.strip():
            self.problem("L139", self.token_span(token))
        return Name(text, Span(self.source, token.start_pos, token.end_pos))  # type: ignore[arg-type]

    def _word(self, section: str, token: Token, *more: str) -> str:
        """The id of a word of the section (or of `more`, spelled as a constant); a problem for anything else."""
        found = words.identify(section, token)
        if found is None and words.identify("constants", token) in more:
            found = words.identify("constants", token)
        if found is not None:
            return found
        known = words.spellings(section, self.language)
        known += [words.spell("constants", name, self.language) for name in more]
        self.problem("L126", self.token_span(token), word=token, known="、".join(known),
                     near="、".join(closest(token, known)[:1]))
        return ""

    # --- entries

    def start(self, children: list[Entry]) -> list[Entry]:
        return children

    def _entry(self, token: Token, body: syntax.Body, end: int) -> Entry:
        text, colon = token, cast(int, token.end_pos)
        if token.type == "LABEL_LINE":
            cut = cast(re.Match[str], _COLON.search(token)).end()
            text, colon = token[:cut], cast(int, token.start_pos) + cut  # type: ignore[assignment]
        written = words.read_label(str(text))
        assert written is not None
        start = cast(int, token.start_pos) + len(text) - len(text.lstrip(" \t\u3000\ufeff"))
        limb, reading = written.limb, written.reading
        if limb is not None or reading is not None:
            limb, reading = self._tags(written, self.span(start, colon))
        return Entry(written.label, body, start, colon, end, limb, reading)

    def _tags(self, written: words.WrittenLabel, span: Span) -> tuple[str | None, str | None]:
        language = self.language
        if not written.label.limb:
            self.problem("L123", span, label=words.spell_label(written.label.id, language))
            return None, None
        limb = written.limb
        if limb is not None:
            limb = words.limb_tag(limb, language)
            if limb is None:
                self.problem("L124", span, tag=written.limb, tags="、".join(words.table().limbs[language]))
        reading = written.reading
        if reading is not None:
            reading = reading.strip("「」 ")
            if not reading:
                self.problem("L139", span)
        return limb, reading

    def clause(self, children: list[Any]) -> Entry:
        token, body = children
        if token.type == "LABEL_EXTENT" and isinstance(body, Range):
            body = Extent(body.low, body.high, body.span)
        return self._entry(token, body, body.span.end)

    def line_clause(self, children: list[Token]) -> Entry:
        token = children[0]
        cut = cast(re.Match[str], _COLON.search(token)).end()
        text = token[cut:]
        start = cast(int, token.start_pos) + cut + len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            first = cast(int, token.start_pos) + len(token) - len(token.lstrip())
            self.problem("L131", self.span(first, cast(int, token.start_pos) + cut), text=token[:cut].strip())
        end = start + len(text)
        return self._entry(token, syntax.Line(text, self.span(start, end)), end)

    def quote(self, children: list[Token]) -> Entry:
        token = children[0]
        start = cast(int, token.start_pos) + len(token) - len(token.lstrip(" \t\u3000\ufeff"))
        end = cast(int, token.start_pos) + len(token.rstrip())
        text = token.strip(" \t\r\u3000\ufeff")[1:].strip()
        if not text:
            self.problem("L131", self.span(start, end), text=">")
        return Entry(None, syntax.Quote(text, self.span(start, end)), start, start, end)

    # --- bodies

    def pair(self, children: list[Token]) -> syntax.Pair:
        first, _, second = children
        span = self.span(cast(int, first.start_pos), cast(int, second.end_pos))
        return self._pair(first, second, span)

    def _pair(self, first: Token, second: Token, span: Span) -> syntax.Pair:
        first_is_chinese, second_is_chinese = (not token[0].isascii() for token in (first, second))
        if first_is_chinese == second_is_chinese:
            self.problem("L115", span, text=span.text)
        chinese, english = (first, second) if first_is_chinese else (second, first)
        return syntax.Pair(self._name(chinese), self._name(english), span)

    def texts(self, children: list[Token]) -> syntax.Texts:
        span = self.span(cast(int, children[0].start_pos), cast(int, children[-1].end_pos))
        first = children[0][1:-1]
        if len(children) == 1:
            return syntax.Texts(first, None, span) if _HAN.search(first) else syntax.Texts(None, first, span)
        second = children[2][1:-1]
        own, other = _HAN.search(first) is not None, _HAN.search(second) is not None
        # two texts stand own language first; where the writing says plainly otherwise, it is believed
        first_is_chinese = own if own != other else self.language != "en"
        chinese, english = (first, second) if first_is_chinese else (second, first)
        return syntax.Texts(chinese, english, span)

    def names(self, children: list[Token]) -> syntax.Names:
        names = tuple(self._name(token) for token in children[::2])
        return syntax.Names(names, self.span(names[0].span.start, names[-1].span.end))

    def word(self, children: list[Token]) -> syntax.Word:
        token = children[0]
        return syntax.Word(self._word("settings", token, "yes", "no"), self.token_span(token))

    def interval(self, children: list[Token]) -> syntax.Interval:
        start = self._date(children[0])
        end = self._date(children[2]) if len(children) == 3 else None
        span = self.span(cast(int, children[0].start_pos), cast(int, children[-1].end_pos))
        return syntax.Interval(start, end, span)

    def type_item(self, children: list[Token]) -> list[Token]:
        return children

    def type(self, children: list[Any]) -> syntax.Type:
        token: Token = children[0]
        word = self._word("types", token)
        items: list[list[Token]] = children[2:-1:2]
        span = self.span(cast(int, token.start_pos), cast(int, children[-1].end_pos))
        if word in ("category", "ranked") and items:
            return syntax.Type(word, None, tuple(self._member(item) for item in items), None, span)
        if word in ("quantity", "share", "reference") and len(items) == 1:
            if word == "reference" and len(items[0]) == 1:
                return syntax.Type(word, None, (), self._name(items[0][0]), span)
            if word == "quantity":
                unit = "".join(plain_name(part) for part in items[0]).translate(_ASCII)
                return syntax.Type(word, unit, (), None, span)
        if word and (items or word in ("category", "ranked", "quantity", "reference")):
            self.problem("L133", span, type=token)
        return syntax.Type(word, None, (), None, span)

    def _member(self, item: list[Token]) -> syntax.Pair | Name:
        if len(item) == 1:
            return self._name(item[0])
        span = self.span(cast(int, item[0].start_pos), cast(int, item[-1].end_pos))
        if len(item) > 3:
            self.problem("L115", span, text=span.text)
        return self._pair(item[0], item[2], span)

    def range(self, children: list[Any]) -> Range:
        low, _, high = children
        return Range(low, high, Span(self.source, low.span.start, high.span.end))

    def bound(self, children: list[Any]) -> Extent:
        token, term = children
        span = Span(self.source, token.start_pos, term.span.end)
        relation = words.means(cast(str, words.identify("comparisons", _squeeze(token))))
        if relation not in _LOWER + _UPPER:
            self.problem("L135", self.token_span(token), word=token)
        return Extent(None, term, span) if relation in _UPPER else Extent(term, None, span)

    def season(self, children: list[Any]) -> Season:
        first, _, last = children
        span = self.span(first.span.start, last.end_pos)
        if not isinstance(first, syntax.Annual):
            self.problem("L134", span, text=span.text)
        return Season(first, self._annual(last), span)

    def onward(self, children: list[Any]) -> Onward:
        start, token = children
        span = self.span(start.span.start, token.end_pos)
        if not isinstance(start, syntax.Date):
            self.problem("L134", span, text=span.text)
        return Onward(start, span)

    def value(self, children: list[Any]) -> syntax.Value:
        parts = children[::2]
        span = self.span(parts[0].span.start, parts[-1].span.end)
        state = "confirmed"
        if len(parts) > 1 and isinstance(parts[-1], Name):
            last = parts[-1]
            found = words.identify("settings", last.span.text)
            if found in _STATES:
                state = found or state
                parts = parts[:-1]
        *before, last = parts
        place: Name | None = None
        period: syntax.Interval | None = None
        season: tuple[syntax.Annual, syntax.Annual] | None = None
        # the parts stand in this order, each at most once
        if before and isinstance(before[0], Name):
            place = before.pop(0)
        if before and isinstance(before[0], Onward):
            part = before.pop(0)
            period = syntax.Interval(part.start, None, part.span)
        elif before and isinstance(before[0], Range) and isinstance(before[0].low, syntax.Date):
            part = before.pop(0)
            period = syntax.Interval(part.low, part.high, part.span)
            if not isinstance(part.high, syntax.Date):
                self.problem("L134", part.span, text=part.span.text)
        if before and isinstance(before[0], Season):
            part = before.pop(0)
            season = (part.first, part.last)
        elif before and isinstance(before[0], Range) and isinstance(before[0].low, syntax.Annual):
            part = before.pop(0)
            season = (part.low, part.high)
            if not isinstance(part.high, syntax.Annual):
                self.problem("L134", part.span, text=part.span.text)
        for part in before:
            self.problem("L134", part.span, text=part.span.text)
        value: Expression | Extent | None
        if isinstance(last, Range):
            value = Extent(last.low, last.high, last.span)
        elif isinstance(last, Season | Onward):
            self.problem("L134", last.span, text=last.span.text)
            value = None
        elif isinstance(last, syntax.Constant) and last.word == "pending":
            value = None
        else:
            value = last
        return syntax.Value(place, period, season, value, cast(Any, state), span)

    def reading(self, children: list[Any]) -> syntax.Reading:
        pair = children[0]
        is_default = any(isinstance(child, Token) and child.type == "DEFAULT" for child in children)
        texts = children[-1] if isinstance(children[-1], syntax.Texts) else None
        last = children[-1]
        end = cast(int, last.end_pos) if isinstance(last, Token) else last.span.end
        return syntax.Reading(pair, is_default, texts, Span(self.source, pair.span.start, end))

    # --- bindings

    def target(self, children: list[Token]) -> Name | syntax.Constant:
        token = children[0]
        found = words.identify("targets", token)
        return syntax.Constant(found, self.token_span(token)) if found else self._name(token)

    def binding(self, children: list[Any]) -> syntax.Binding:
        target, _, value = children
        if isinstance(value, syntax.Constant) and value.word == "empty":
            value = syntax.Elements((), True, value.span)
        return syntax.Binding(target, value, Span(self.source, target.span.start, value.span.end))

    def bindings(self, children: list[Any]) -> syntax.Bindings:
        bindings = tuple(children[::2])
        return syntax.Bindings(bindings, self.span(bindings[0].span.start, bindings[-1].span.end))

    def element(self, children: list[Any]) -> syntax.Element:
        opening, last = children[0], children[-1]
        bindings = children[1].bindings if isinstance(children[1], syntax.Bindings) else ()
        times = self._times(last) if last.type == "QUANTITY" else 1
        return syntax.Element(bindings, times, self.span(opening.start_pos, last.end_pos))

    def _times(self, token: Token) -> int:
        text = token.translate(_ASCII)
        if not text.isdecimal() or len(text) > len(str(MAX_TIMES)) or not 1 <= int(text) <= MAX_TIMES:
            self.problem("L130", self.token_span(token), number=token, limit=f"{MAX_TIMES}")
            return 1
        return int(text)

    def elements(self, children: list[Any]) -> syntax.Elements:
        first: Any = children[0]
        last: Any = children[-1]
        is_complete = not isinstance(first, Token)
        elements = tuple(children if is_complete else children[1:])
        start = first.span.start if is_complete else first.start_pos
        end = last.span.end if elements else first.end_pos
        return syntax.Elements(elements, is_complete, Span(self.source, start, end))

    def example(self, children: list[Any]) -> syntax.Example:
        first = children[0]
        bindings: tuple[syntax.Binding, ...] = ()
        if isinstance(first, syntax.Bindings):
            bindings = first.bindings
            children = children[1:]
        start = bindings[0].span.start if bindings else first.start_pos
        verdict = self._word("verdicts", children[1])
        possible = tuple(self._word("verdicts", token) for token in children[3::2])
        return syntax.Example(bindings, verdict, possible, self.span(start, children[-1].end_pos))

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
        operator = words.identify("comparisons", token) or words.identify("comparisons", _squeeze(token))
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
        if all(isinstance(end, syntax.Year) for end in ends) or all(isinstance(end, syntax.Month) for end in ends):
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
        return self._name(children[0])

    def path(self, children: list[Token]) -> syntax.Path:
        names = tuple(self._name(token) for token in children[::2])
        return syntax.Path(names, Span(self.source, names[0].span.start, names[-1].span.end))

    def at(self, children: list[Token]) -> syntax.At:
        name, token = children
        span = self.token_span(token)
        numbers = [int(number) for number in _DIGITS.findall(token.translate(_ASCII))]
        period: syntax.Year | syntax.Month
        if len(numbers) == 1:
            period = syntax.Year(numbers[0], span)
            self._check_date(span, numbers[0], 1, 1)
        else:
            period = syntax.Month(numbers[0], numbers[1], span)
            self._check_date(span, numbers[0], numbers[1], 1)
        return syntax.At(self._name(name), period, self.span(cast(int, name.start_pos), cast(int, token.end_pos)))

    def quantity(self, children: list[Token]) -> syntax.Quantity:
        token = children[0]
        text = token if token.isascii() else token.translate(_ASCII)
        end = cast(re.Match[str], _NUMBER.match(text)).end()
        span = Span(self.source, token.start_pos, token.end_pos)  # type: ignore[arg-type]
        if end > MAX_DIGITS:
            self.problem("L130", span, number=text[:MAX_DIGITS] + "…", limit=f"{MAX_DIGITS}")
        unit = text[end:]
        if unit and (" " in unit or "\t" in unit):
            unit = "".join(unit.split())
        return syntax.Quantity(text[:end], unit or None, span)

    def date(self, children: list[Token]) -> syntax.Date:
        return self._date(children[0])

    def _date(self, token: Token) -> syntax.Date:
        span = self.token_span(token)
        numbers = [int(number) for number in _DIGITS.findall(token.translate(_ASCII))]
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
        date = self._date(children[0])
        return syntax.Year(date.year, date.span)

    def month(self, children: list[Token]) -> syntax.Month:
        date = self._date(children[0])
        return syntax.Month(date.year, cast(int, date.month), date.span)

    def annual(self, children: list[Token]) -> syntax.Annual:
        return self._annual(children[0])

    def _annual(self, token: Token) -> syntax.Annual:
        span = self.token_span(token)
        month, day = (int(number) for number in _DIGITS.findall(token.translate(_ASCII)))
        self._check_date(span, 2000, month, day)  # a leap year: 29 February comes back, if not every year
        return syntax.Annual(month, day, span)

    def time(self, children: list[Token]) -> syntax.Time:
        token = children[0]
        span = self.token_span(token)
        hour, minute = (int(number) for number in _DIGITS.findall(token.translate(_ASCII)))
        if hour > 23 or minute > 59:
            self.problem("L129", span, time=token)
        return syntax.Time(hour, minute, span)

    def constant(self, children: list[Token]) -> syntax.Constant:
        token = children[0]
        return syntax.Constant(cast(str, words.identify("constants", token)), self.token_span(token))

    def text(self, children: list[Token]) -> syntax.TextLiteral:
        token = children[0]
        return syntax.TextLiteral(token[1:-1], self.token_span(token))


def _squeeze(token: str) -> str:
    return " ".join(token.split())
