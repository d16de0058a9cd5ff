"""From the parser's reductions to clauses: one method for each rule alias of the grammar, called while Lark parses.

The methods for expressions are in `parse_terms`. A method gets the children of its rule in order, every token kept:
tokens, and nodes that other methods made. A word that is none is a problem; a node comes out all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, cast

from lark import Token

from rulecheck.language import syntax, words
from rulecheck.language.parse_terms import ASCII, ExpressionBuilder, squeeze
from rulecheck.language.source import Span
from rulecheck.language.syntax import Expression, Extent, Name, Range

MAX_TIMES: Final = 1_000_000

_COLON = re.compile("[:：]")
_HAN = re.compile(f"[{words.HAN}]")
_STATES: Final = ("confirmed", "unconfirmed")


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


@dataclass(slots=True)
class Builder(ExpressionBuilder):
    """The methods for clauses, beside those for expressions: Lark calls both on one object."""

    def _word(self, section: str, token: Token) -> str:
        """The id of a word of the section; a problem for anything else."""
        found = words.identify(section, token)
        if found is None:
            known = [words.spell(where, name, self.language) for where, name in words.table().words if where == section]
            self.problem("L126", self.token_span(token), word=token, known="、".join(known))
        return found or ""

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
        entry = self._entry(token, body, body.span.end)
        if isinstance(body, syntax.Word) and entry.label is not None and body.word not in entry.label.words:
            known = "、".join(words.spell_setting(name, self.language) for name in entry.label.words)
            self.problem("L126", body.span, word=body.span.text, known=known)
        return entry

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
        if text.count('"') % 2:
            # left open, a quotation mark would reach into a comment behind
            self.problem("L106", self.span(start + text.rindex('"'), end))
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
        return syntax.Pair(self.named(chinese), self.named(english), span)

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
        names = tuple(self.named(token) for token in children[::2])
        return syntax.Names(names, self.span(names[0].span.start, names[-1].span.end))

    def word(self, children: list[Token]) -> syntax.Word:
        token = children[0]
        found = words.identify("settings", token) or words.identify("constants", token) or ""
        return syntax.Word(found, self.token_span(token))

    def interval(self, children: list[Token]) -> syntax.Interval:
        start = self.dated(children[0])
        end = self.dated(children[2]) if len(children) == 3 else None
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
                return syntax.Type(word, None, (), self.named(items[0][0]), span)
            if word == "quantity" and not any(part.startswith("「") for part in items[0]):
                unit = "".join(items[0]).translate(ASCII)
                return syntax.Type(word, unit, (), None, span)
        if word and (items or word in ("category", "ranked", "quantity", "reference")):
            self.problem("L133", span, type=token)
        return syntax.Type(word, None, (), None, span)

    def _member(self, item: list[Token]) -> syntax.Pair | Name:
        if len(item) == 1:
            return self.named(item[0])
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
        relation = words.means(cast(str, words.identify("comparisons", squeeze(token))))
        if relation not in ("at_least", "at_most"):
            self.problem("L135", self.token_span(token), word=token)
        return Extent(None, term, span) if relation == "at_most" else Extent(term, None, span)

    def season(self, children: list[Any]) -> Season:
        first, _, last = children
        span = self.span(first.span.start, last.end_pos)
        if not isinstance(first, syntax.Annual):
            self.problem("L134", span, text=span.text)
        return Season(first, self.returning(last), span)

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

    def review(self, children: list[Any]) -> syntax.Review:
        code, *_, reason = children
        return syntax.Review(str(code).strip("「」"), reason, self.span(cast(int, code.start_pos), reason.span.end))

    # --- bindings

    def target(self, children: list[Token]) -> Name | syntax.Constant:
        token = children[0]
        found = words.identify("targets", token)
        return syntax.Constant(found, self.token_span(token)) if found else self.named(token)

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
        text = token.translate(ASCII)
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
