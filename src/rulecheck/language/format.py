"""Tree to text: the canonical text of a rule file, in the language of the tree. Knows how things are written, not what
they mean: it is the mirror of `parse`, and a tree printed and parsed again is the same tree.

Declarations keep their order; the clauses of one are sorted by kind, in the order of the word table, those of one kind
as written. Words are canonical, but for comparison words, which stay as the clause says them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, assert_never

from rulecheck.dataclass import dataclass
from rulecheck.language import syntax, words
from rulecheck.language.syntax import Clause, Comment, Declaration, Expression, File, Language, Name, Range

_INDENT: Final = "  "
_UNIT_SIGNS: Final = "%‰℃㎡㎥"


@dataclass(frozen=True, slots=True)
class _Style:
    """Punctuation of one language: `gap` stands around a symbol, `colon` behind a label."""

    opening: str
    closing: str
    comma: str
    listing: str
    colon: str
    gap: str


_STYLES: Final[Mapping[Language, _Style]] = MappingProxyType(
    {
        "zh": _Style("（", "）", "，", "、", "：", ""),
        "en": _Style("(", ")", ", ", ", ", ": ", " "),
    }
)

# How tightly each kind of node binds; a node that binds less tightly than its place asks for stands in brackets.
_JOINED, _TEST, _RELATION, _TERM, _SUM, _PRODUCT, _ATOM = range(7)


def format_file(file: File) -> str:
    """The canonical text of a file, ending in a line end; an empty text for an empty file."""
    blocks = [_declaration(declaration, file.language) for declaration in file.declarations]
    blocks += ["\n".join(_comment_line(comment) for comment in file.comments)] if file.comments else []
    return "\n\n".join(blocks) + "\n" if blocks else ""


def sort_clauses(declaration: Declaration) -> tuple[Clause, ...]:
    """The clauses of a declaration in the formatter's order."""
    return tuple(sorted(declaration.clauses, key=lambda clause: words.label(clause.label).order))


def format_expression(node: Expression, language: Language) -> str:
    """An expression as it is written in a clause."""
    return _Printer(language).expression(node)


def format_bindings(bindings: Sequence[syntax.Binding], language: Language) -> str:
    """What an example binds, as it is written in a clause."""
    return _Printer(language).bindings(bindings)


def _declaration(declaration: Declaration, language: Language) -> str:
    printer = _Printer(language)
    label = words.spell_label(declaration.label, language) + printer.style.colon
    lines = _with_comments(label + printer.body(declaration.head), declaration.comments, "")
    lines += [f"{_INDENT}> {quote.text}" for quote in declaration.quotes]
    for clause in sort_clauses(declaration):
        lines += _with_comments(_INDENT + printer.clause(clause), clause.comments, _INDENT)
        lines += [f"{_INDENT}> {quote.text}" for quote in clause.quotes]
    return "\n".join(lines)


def _with_comments(line: str, comments: Sequence[Comment], indent: str) -> list[str]:
    above = [indent + _comment_line(comment) for comment in comments if not comment.is_trailing]
    behind = "".join(f"  {_comment_line(comment)}" for comment in comments if comment.is_trailing)
    return [*above, line + behind]


def _comment_line(comment: Comment) -> str:
    return f"# {comment.text}".rstrip()


@dataclass(frozen=True, slots=True)
class _Printer:
    """Prints the nodes of one language."""

    language: Language

    @property
    def style(self) -> _Style:
        return _STYLES[self.language]

    # --- small things

    def _spell(self, section: str, name: str) -> str:
        return words.spell(section, name, self.language)

    def _bracketed(self, text: str) -> str:
        return f"{self.style.opening}{text}{self.style.closing}"

    def _name(self, text: str) -> str:
        return text if words.is_plain_name(text) else f"「{text}」"

    def _unless(self, section: str, name: Name) -> str:
        """A name where a word of `section` would be read as that word."""
        return f"「{name.text}」" if words.identify(section, name.text) else self._name(name.text)

    def _span_of(self, low: str, high: str, is_tight: bool) -> str:
        to = self._spell("words", "to")
        return f"{low}{to}{high}" if is_tight and self.language == "zh" else f"{low} {to} {high}"

    def constant(self, name: str) -> str:
        return self._spell(words.constant_section(name), name)

    def date(self, date: syntax.Date) -> str:
        if self.language == "zh":
            if date.month is None:
                return f"{date.year:04d}年底"
            return f"{date.year:04d}年{date.month}月" + ("底" if date.day is None else f"{date.day}日")
        if date.day is None:
            return f"end of {date.year:04d}" + ("" if date.month is None else f"-{date.month:02d}")
        return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"

    def period(self, period: syntax.Period, is_bare: bool = False) -> str:
        """A year, quarter or month; `is_bare` behind `@`, where English leaves the word out."""
        match period:
            case syntax.Year():
                word, chinese, english = "year ", "", ""
            case syntax.Quarter(quarter=quarter):
                word, chinese, english = "quarter ", f"第{quarter}季度", f"-Q{quarter}"
            case syntax.Month(month=month):
                word, chinese, english = "month ", f"{month}月", f"-{month:02d}"
        if self.language == "zh":
            return f"{period.year:04d}年{chinese}"
        return f"{'' if is_bare else word}{period.year:04d}{english}"

    def annual(self, day: syntax.Annual) -> str:
        return f"每年{day.month}月{day.day}日" if self.language == "zh" else f"every {day.month:02d}-{day.day:02d}"

    def quantity(self, quantity: syntax.Quantity) -> str:
        unit = quantity.unit or ""
        gap = " " if self.language == "en" and unit and unit[0] not in _UNIT_SIGNS else ""
        return quantity.number + gap + unit

    # --- clauses

    def clause(self, clause: Clause) -> str:
        label = words.spell_label(clause.label, self.language)
        gap = self.style.gap
        if clause.limb is not None:
            label += gap + self._bracketed(clause.limb)
        if clause.reading is not None:
            label += f"〔{clause.reading}〕" if self.language == "zh" else f" [{clause.reading}]"
        return (label + self.style.colon + self.body(clause.body)).rstrip()

    def body(self, body: syntax.Body) -> str:
        match body:
            case syntax.Pair():
                return self.pair(body)
            case syntax.Line():
                return body.text
            case syntax.Texts():
                return self.texts(body)
            case syntax.Names():
                return self.style.listing.join(self._name(name.text) for name in body.names)
            case syntax.Word():
                return words.spell_setting(body.word, self.language)
            case syntax.Interval():
                return self.interval(body)
            case syntax.Type():
                return self.type(body)
            case syntax.Extent():
                return self.extent(body)
            case syntax.Value():
                return self.value(body)
            case syntax.Reading():
                return self.reading(body)
            case syntax.Review():
                return f"{self._name(body.code)}{self.style.colon}{self.texts(body.reason)}"
            case syntax.Bindings():
                return self.bindings(body.bindings)
            case syntax.Example():
                return self.example(body)
            case _:
                return self.expression(body)

    def pair(self, pair: syntax.Pair) -> str:
        text = pair.chinese.text
        # in a pair the name without 「」 that is ASCII is the English one
        chinese = f"「{text}」" if text.isascii() else self._name(text)
        names = (chinese, pair.english.text)
        return " / ".join(names if self.language == "zh" else reversed(names))

    def texts(self, texts: syntax.Texts) -> str:
        both = (texts.chinese, texts.english) if self.language == "zh" else (texts.english, texts.chinese)
        return " / ".join(f'"{text}"' for text in both if text is not None)

    def interval(self, interval: syntax.Interval) -> str:
        start = self.date(interval.start)
        if interval.end is None:
            return f"{start}{self.style.gap}{self._spell('words', 'onward')}"
        return self._span_of(start, self.date(interval.end), True)

    def type(self, type_: syntax.Type) -> str:
        word = self._spell("types", type_.word)
        if type_.unit is not None:
            return word + self._bracketed(type_.unit)
        if type_.target is not None:
            return word + self._bracketed(self._name(type_.target.text))
        if type_.members:
            members = [
                self.pair(member) if isinstance(member, syntax.Pair) else self._name(member.text) for member in type_.members
            ]
            return word + self._bracketed(self.style.listing.join(members))
        return word

    def extent(self, extent: syntax.Extent) -> str:
        if extent.low is not None and extent.high is not None:
            return self._range(extent.low, extent.high)
        if extent.low is not None:
            return f"{self._spell('comparisons', 'no_lower_than')} {self._at(extent.low, _TERM)}"
        assert extent.high is not None
        return f"{self._spell('comparisons', 'at_most')} {self._at(extent.high, _TERM)}"

    def value(self, value: syntax.Value) -> str:
        parts: list[str] = []
        if value.place is not None:
            parts.append(self._name(value.place.text))
        if value.period is not None:
            parts.append(self.interval(value.period))
        if value.season is not None:
            first, last = value.season
            parts.append(self._span_of(self.annual(first), self.annual(last), True))
        if value.value is None:
            parts.append(self._spell("constants", "pending"))
        elif isinstance(value.value, syntax.Extent):
            parts.append(self.extent(value.value))
        elif isinstance(value.value, Name):
            parts.append(self._unless("settings", value.value))
        else:
            parts.append(self._at(value.value, _TERM))
        if value.state == "unconfirmed":
            parts.append(self._spell("settings", value.state))
        return self.style.comma.join(parts)

    def reading(self, reading: syntax.Reading) -> str:
        text = self.pair(reading.name)
        if reading.is_default:
            text += self.style.gap + self._bracketed(self._spell("words", "default"))
        return text if reading.reason is None else f"{text}{self.style.colon}{self.texts(reading.reason)}"

    # --- bindings

    def bindings(self, bindings: Sequence[syntax.Binding]) -> str:
        return self.style.comma.join(self._binding(binding) for binding in bindings)

    def _binding(self, binding: syntax.Binding) -> str:
        match binding.target:
            case Name():
                target = self._unless("targets", binding.target)
            case syntax.Constant(word):
                target = self.constant(word)
            case syntax.At():
                target = self._at(binding.target, _ATOM)
            case _:
                assert_never(binding.target)
        value = binding.value
        text = self._elements(value) if isinstance(value, syntax.Elements) else self._at(value, _TERM)
        return f"{target}{self.style.gap}={self.style.gap}{text}"

    def _elements(self, elements: syntax.Elements) -> str:
        members = "".join(
            f"{{{self.bindings(element.bindings)}}}" + (f"×{element.times}" if element.times != 1 else "")
            for element in elements.elements
        )
        if not elements.is_complete:
            return f"{self._spell('words', 'incomplete')}{self.style.gap}{members}".rstrip()
        return members or self._spell("constants", "empty")

    def example(self, example: syntax.Example) -> str:
        text = f"{self.bindings(example.bindings)} → {self._spell('verdicts', example.verdict)}".lstrip()
        if not example.possible:
            return text
        possible = self.style.listing.join(self._spell("verdicts", verdict) for verdict in example.possible)
        return text + self.style.gap + self._bracketed(possible)

    # --- expressions

    def expression(self, node: Expression) -> str:
        match node:
            case Name():
                return self._name(node.text)
            case syntax.Quantity():
                return self.quantity(node)
            case syntax.Comparison():
                return self._comparison(node)
            case syntax.Conjunction():
                return self._joined(node.parts, "and")
            case syntax.Disjunction():
                return self._joined(node.parts, "or")
            case syntax.Negation():
                return f"{self._spell('words', 'not')} {self._at(node.part, _TEST)}"
            case syntax.Arithmetic():
                return self._arithmetic(node)
            case syntax.Membership():
                return self._membership(node)
            case syntax.Quantified():
                return self._quantified(node)
            case syntax.Aggregate():
                return self._aggregate(node)
            case syntax.Call():
                return self._spell("functions", node.function) + self._bracketed(self.expression(node.argument))
            case syntax.HowMany():
                return self._how_many(node)
            case syntax.Rolled():
                return f"{self._at(node.term, _SUM)} {self._spell('words', 'rolled')}"
            case syntax.Path():
                return self._path(node)
            case syntax.At():
                return f"{self._name(node.name.text)}@{self.period(node.period, is_bare=True)}"
            case syntax.Date():
                return self.date(node)
            case syntax.Year() | syntax.Quarter() | syntax.Month():
                return self.period(node)
            case syntax.Annual():
                return self.annual(node)
            case syntax.Time():
                return f"{node.hour}:{node.minute:02d}"
            case syntax.Constant():
                return self.constant(node.word)
            case syntax.TextLiteral():
                return f'"{node.value}"'
            case _:
                assert_never(node)

    def _at(self, node: Expression, level: int) -> str:
        """An expression in a place that asks for at least this tightness."""
        text = self.expression(node)
        return text if _level(node) >= level else self._bracketed(text)

    def _range(self, low: Expression, high: Expression) -> str:
        # 至 would join a name beside it: only numbers and constants stand tight
        is_tight = all(isinstance(end, _TIGHT) for end in (low, high)) and (
            isinstance(low, syntax.Constant) == isinstance(high, syntax.Constant)
        )
        return self._span_of(self._at(low, _TERM), self._at(high, _TERM), is_tight)

    def _choice(self, choice: Expression | Range) -> str:
        return self._range(choice.low, choice.high) if isinstance(choice, Range) else self._at(choice, _TERM)

    def _path(self, path: syntax.Path | Name) -> str:
        names = path.names if isinstance(path, syntax.Path) else (path,)
        of = self._spell("words", "of")
        return (of if self.language == "zh" else f"{of} ").join(self._name(name.text) for name in names)

    def _arithmetic(self, node: syntax.Arithmetic) -> str:
        level = _level(node)
        left, right = self._at(node.left, level), self._at(node.right, level + 1)
        # 2022-11 without spaces would be a date
        gap = " " if node.operator == "-" and left[-1].isdecimal() and right[0].isdecimal() else self.style.gap
        return f"{left}{gap}{node.operator}{gap}{right}"

    def _comparison(self, node: syntax.Comparison) -> str:
        gap = self.style.gap if words.is_symbol(node.operator) else " "
        operator = self._spell("comparisons", node.operator)
        return f"{self._at(node.left, _TERM)}{gap}{operator}{gap}{self._at(node.right, _TERM)}"

    def _membership(self, node: syntax.Membership) -> str:
        word = self._spell("words", "not_in" if node.negated else "in")
        item = self._at(node.item, _TERM)
        if len(node.choices) == 1 and isinstance(node.choices[0], Range):
            only = node.choices[0]
            if isinstance(only.low, _PLAIN) and isinstance(only.high, _PLAIN):
                return f"{item} {word} {self._choice(only)}"
        choices = self.style.listing.join(self._choice(choice) for choice in node.choices)
        return f"{item} {word} {self._bracketed(choices)}"

    def _joined(self, parts: Sequence[Expression], word: str) -> str:
        return f" {self._spell('words', word)} ".join(self._at(part, _TEST) for part in parts)

    def _quantified(self, node: syntax.Quantified) -> str:
        text = f"{self._spell('words', node.word)} {self._path(node.path)}"
        if node.where is not None:
            text += f" {self._spell('words', 'where')} {self._bracketed(self.expression(node.where))}"
        return f"{text} {self._spell('words', 'satisfies')} {self._bracketed(self.expression(node.test))}"

    def _how_many(self, node: syntax.HowMany) -> str:
        conditions = self.style.listing.join(self.expression(each) for each in node.conditions)
        return self._spell("functions", "number_of") + self._bracketed(conditions)

    def _aggregate(self, node: syntax.Aggregate) -> str:
        text = self._path(node.path)
        if node.where is not None:
            text += f" {self._spell('words', 'where')} {self.expression(node.where)}"
        if node.test is not None:
            text += self.style.comma + self.expression(node.test)
        if node.periods is not None:
            first, last = node.periods
            text += self.style.comma + self._span_of(self.period(first), self.period(last), True)
        return self._spell("functions", node.function) + self._bracketed(text)


_TIGHT: Final = (
    syntax.Quantity,
    syntax.Date,
    syntax.Year,
    syntax.Quarter,
    syntax.Month,
    syntax.Annual,
    syntax.Time,
    syntax.Constant,
)
_PLAIN: Final = (*_TIGHT, syntax.TextLiteral, Name, syntax.Path)

_LEVELS: Final[Mapping[type, int]] = MappingProxyType(
    {
        syntax.Conjunction: _JOINED,
        syntax.Disjunction: _JOINED,
        syntax.Negation: _TEST,
        syntax.Quantified: _TEST,
        syntax.Comparison: _RELATION,
        syntax.Membership: _RELATION,
        syntax.Rolled: _TERM,
    }
)


def _level(node: Expression) -> int:
    if isinstance(node, syntax.Arithmetic):
        return _SUM if node.operator in "+-" else _PRODUCT
    return _LEVELS.get(type(node), _ATOM)
