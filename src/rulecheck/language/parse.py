"""Text to tree: `parse` reads a rule file and returns its tree with every fault found.

The text is parsed as a whole; only when that fails is it cut at its declarations, and a failing declaration at its
clauses, so that each fault is found by itself. A declaration with a fault in it is left out of the tree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Final, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput
from lark.utils import TextSlice

from rulecheck.language import parse_grammar, syntax, words
from rulecheck.language.diagnostics import Diagnostic, Label, error, hidden_characters
from rulecheck.language.parse_build import Builder, Entry
from rulecheck.language.parse_errors import explain
from rulecheck.language.source import Source, Span
from rulecheck.language.syntax import Clause, Comment, Declaration, File, Language, Line, Pair, Quote

MAX_DEPTH: Final = 100
MAX_CLAUSE: Final = 20_000
"""Characters from one label to the next; quotations, comments and empty lines are not counted."""
MAX_FAULTS: Final = 200
"""After so many the rest of a file is not looked at."""

_LABEL = re.compile(parse_grammar.LABEL, re.MULTILINE)

# What nests, what joins a chain that nests in the tree, what ends a chain, and what is text and holds none of these.
_NESTING = re.compile(
    r'"[^"\n]*"|「[^」\n]*」?|(?P<aside>#[^\n]*\n?|^[ \t\u3000]*(?:[>＞][^\n]*\n?|\n))'
    r"|(?P<open>[(（{｛])|(?P<close>[)）}｝])|(?P<chain>[+＋\-－−×*＊÷]|并非|\bnot\b)|(?P<cut>[,，、且或]|\b(?:and|or)\b)"
    rf"|(?P<label>{parse_grammar.LABEL})",
    re.MULTILINE,
)


class _Parser:
    """Lark's parser with the builder its reductions call. Lark binds the builder's methods when it is made, so there is
    one builder a process, set afresh for each text; `_LOCK` keeps two threads apart."""

    def __init__(self) -> None:
        self.builder = Builder(Source("", ""))
        self.comments: list[Token] = []
        self.lark = parse_grammar.build(self.builder, self._comment)

    def _comment(self, token: Token) -> Token:
        self.comments.append(token)
        return token

    def begin(self, source: Source, language: Language) -> None:
        self.builder.source = source
        self.builder.language = language
        self.builder.problems = []
        self.comments = []

    def entries(self, start: int, end: int) -> list[Entry]:
        """The entries of one stretch of the text; raises UnexpectedInput."""
        text = self.builder.source.text
        return cast(list[Entry], self.lark.parse(TextSlice(text, start, end)))

    def failure(self, text: str) -> int | None:
        """Where another text fails to parse, or None; leaves no trace in the parse under way."""
        source, problems, comments = self.builder.source, self.builder.problems, self.comments
        self.begin(Source("", text), self.builder.language)
        try:
            self.entries(0, len(text))
        except UnexpectedInput as fault:
            is_end = getattr(getattr(fault, "token", None), "type", "") == "$END"
            return len(text) if is_end else fault.pos_in_stream
        finally:
            self.builder.source, self.builder.problems, self.comments = source, problems, comments
        return None


_LOCK = Lock()


@cache
def _parser() -> _Parser:
    return _Parser()


def parse(source: Source) -> tuple[File | None, list[Diagnostic]]:
    """The tree of a rule file, and what is wrong with it, in the order of the text. The tree holds the declarations
    that are free of faults; it is None for a text that was not looked into (control characters, nesting too deep)."""
    refused = hidden_characters(source) or list(_too_much(source))
    if refused:
        return None, refused
    language = _language(source.text)
    with _LOCK:
        parser = _parser()
        parser.begin(source, language)
        try:
            entries = parser.entries(0, len(source.text))
            reading = _Reading(entries, parser.comments, parser.builder.problems)
            reading.regions = [entry.start for entry in entries if entry.label and entry.label.declares]
        except UnexpectedInput:
            reading = _piecewise(parser, source)
    return _assemble(source, language, reading)


def bare_parser() -> Lark:
    """Lark's own parser of the same grammar, making Lark's trees with positions: what benchmarks compare with."""
    return parse_grammar.build(propagate_positions=True)


def _language(text: str) -> Language:
    """The language of a file is that of its first label; Chinese for a file without any."""
    for match in _LABEL.finditer(text):
        written = words.read_label(match.group())
        if written:
            return written.language
    return "zh"


def _too_much(source: Source) -> Iterator[Diagnostic]:
    """One diagnostic where brackets and chains of operators nest deeper than MAX_DEPTH in some clause, or a clause is longer
    than MAX_CLAUSE.

    An upper bound of the tree's depth, counted without parsing, so that no walk over the tree runs out of stack.
    """
    depth = base = 0
    outer: list[tuple[int, int]] = []
    label, counted_from = (0, 0), 0
    for match in _NESTING.finditer(source.text):
        kind = match.lastgroup
        if kind == "open":
            outer.append((base, depth))
            depth += 1
            base = depth
        elif kind == "close":
            if outer:
                base, depth = outer.pop()
        elif kind == "chain":
            depth += 1
        elif kind == "cut":
            depth = base
        elif kind == "aside":
            counted_from += match.end() - match.start()
        elif kind == "label":
            if match.start() - counted_from > MAX_CLAUSE:
                break
            depth = base = 0
            outer.clear()
            label, counted_from = match.span(), match.end()
        if depth > MAX_DEPTH:
            yield error("L118", Span(source, match.start(), match.end()), limit=MAX_DEPTH)
            return
    else:
        if len(source.text) - counted_from <= MAX_CLAUSE:
            return
    start, end = label
    lead = len(source.text[start:end]) - len(source.text[start:end].lstrip())
    yield error("L144", Span(source, start + lead, max(end, start + 1)), limit=f"{MAX_CLAUSE:,}")


# --- piece by piece, where the whole does not parse ---


@dataclass(slots=True)
class _Reading:
    """What was read of a text: its entries in order, its comments, problems, and where each declaration begins."""

    entries: list[Entry]
    comments: list[Token]
    problems: list[Diagnostic]
    regions: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a clause begins, by the look of its line."""

    start: int
    declares: bool


def _piecewise(parser: _Parser, source: Source) -> _Reading:
    reading = _Reading([], [], [])
    cuts = [_Cut(0, False)]
    for match in _LABEL.finditer(source.text):
        written = words.read_label(match.group())
        cuts.append(_Cut(match.start(), written is not None and written.label.declares))
    reading.regions = [cut.start for cut in cuts if cut.declares]
    heads = [index for index, cut in enumerate(cuts) if cut.declares or index == 0]
    for head, following in zip(heads, [*heads[1:], len(cuts)], strict=True):
        stretch = cuts[head:following]
        end = cuts[following].start if following < len(cuts) else len(source.text)
        if _read_piece(parser, reading, stretch[0].start, end) is None:
            continue
        for cut, stop in zip(stretch, [*(cut.start for cut in stretch[1:]), end], strict=True):
            _read_clause(parser, reading, source, cut.start, stop)
        if len(reading.problems) > MAX_FAULTS:
            break
    return reading


def _read_piece(parser: _Parser, reading: _Reading, start: int, end: int) -> UnexpectedInput | None:
    """Reads one stretch into `reading`; a stretch that does not parse adds nothing and its fault is returned."""
    parser.builder.problems = []
    parser.comments = []
    try:
        entries = parser.entries(start, end)
    except UnexpectedInput as fault:
        return fault
    reading.entries += entries
    reading.comments += parser.comments
    reading.problems += parser.builder.problems
    return None


def _read_clause(parser: _Parser, reading: _Reading, source: Source, start: int, end: int) -> None:
    resumed = False
    while start < end and len(reading.problems) <= MAX_FAULTS:
        known = len(reading.entries)
        fault = _read_piece(parser, reading, start, end)
        if fault is None:
            break
        problems = parser.builder.problems
        language = parser.builder.language
        problem, resume = explain(parser.lark, fault, source, start, end, language, parser.failure)
        reading.problems += [*problems, problem]
        if resume is None:
            return
        # a label without its colon: what stands before its line is a clause by itself, what stands below is read on
        _read_piece(parser, reading, start, resume)
        if _declares(source, resume):
            reading.regions = sorted({*reading.regions, resume})
        line_end = source.text.find("\n", resume, end)
        start = end if line_end < 0 else line_end + 1
        resumed = True
    if resumed:
        # quotations below such a line belong to it, not to the clause before
        reading.entries[known:] = [entry for entry in reading.entries[known:] if entry.label is not None]


def _declares(source: Source, offset: int) -> bool:
    rest = source.text[offset:].split("\n", 1)[0].strip()
    return any(
        rest.startswith(text) for text, (label, _) in words.table().label_by_text.items() if label.declares
    )


# --- entries to declarations ---


@dataclass(slots=True)
class _Draft:
    """A label's entry with the quotations and comments that belong to it."""

    entry: Entry
    end: int
    quotes: list[Quote] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def all_comments(self) -> tuple[Comment, ...]:
        # one comment fits at the end of a line; earlier ones of a clause over several lines go above it
        last = max((index for index, comment in enumerate(self.comments) if comment.is_trailing), default=-1)
        leading = [Comment(comment.text, False) for index, comment in enumerate(self.comments) if index != last]
        return (*leading, *self.comments[last : last + 1]) if last >= 0 else tuple(leading)


def _assemble(source: Source, language: Language, reading: _Reading) -> tuple[File, list[Diagnostic]]:
    problems = reading.problems
    drafts = _drafts(reading.entries, problems)
    rest = _place_comments(source, drafts, reading.comments)
    regions = reading.regions
    by_region: dict[int, list[_Draft]] = {}
    for draft in drafts:
        by_region.setdefault(bisect_right(regions, draft.entry.start) - 1, []).append(draft)
    declarations: list[tuple[int, Declaration]] = []
    for region, members in by_region.items():
        head = members[0].entry
        if region < 0:
            problems.append(error("L121", Span(source, head.start, head.colon)))
        elif head.label is not None and head.label.declares and head.start >= regions[region]:
            problems.extend(_misplaced(source, members, language))
            declarations.append((region, _declaration(source, members)))
    faulty = {bisect_right(regions, problem.labels[0].span.start) - 1 for problem in problems}
    good = tuple(declaration for region, declaration in declarations if region not in faulty)
    return File(source, language, good, rest), _first(sorted(problems, key=Diagnostic.sort_key))


def _first(problems: list[Diagnostic]) -> list[Diagnostic]:
    """The problems to tell: all, or of very many the first, and that there are more."""
    if len(problems) <= MAX_FAULTS:
        return problems
    return [*problems[:MAX_FAULTS], error("L143", problems[MAX_FAULTS].labels[0], count=MAX_FAULTS)]


def _drafts(entries: Sequence[Entry], problems: list[Diagnostic]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for entry in entries:
        if not isinstance(entry.body, Quote):
            drafts.append(_Draft(entry, entry.end))
        elif drafts and drafts[-1].entry.label is not None and drafts[-1].entry.label.quotes:
            drafts[-1].quotes.append(entry.body)
            drafts[-1].end = entry.end
        else:
            problems.append(error("L122", entry.body.span))
    return drafts


def _place_comments(source: Source, drafts: list[_Draft], comments: Sequence[Token]) -> tuple[Comment, ...]:
    """Gives each comment to the clause on its line or below it; returns those after the last clause."""
    rest: list[Comment] = []
    starts = [draft.entry.start for draft in drafts]
    for token in comments:
        offset = cast(int, token.start_pos)
        line_start = source.text.rfind("\n", 0, offset) + 1
        text = token[1:].strip()
        index = bisect_right(starts, offset) - 1
        if index >= 0 and source.text[line_start:offset].strip(" \t\u3000\ufeff"):
            drafts[index].comments.append(Comment(text, True))
        elif index >= 0 and offset < drafts[index].end:
            drafts[index].comments.append(Comment(text, False))
        elif index + 1 < len(drafts):
            drafts[index + 1].comments.append(Comment(text, False))
        else:
            rest.append(Comment(text, False))
    return tuple(rest)


def _misplaced(source: Source, drafts: Sequence[_Draft], language: Language) -> Iterator[Diagnostic]:
    """Labels that do not belong into their declaration, and clauses that stand twice."""
    head = cast(words.Label, drafts[0].entry.label)
    seen: dict[tuple[str, str | None, str | None], Span] = {}
    for draft in drafts[1:]:
        entry = draft.entry
        label = cast(words.Label, entry.label)
        span = Span(source, entry.start, entry.colon)
        if head.id not in label.within:
            known = "、".join(words.spell_label(name, language) for name in sorted(label.within, key=_order))
            yield error("L111", span, label=words.spell_label(label.id, language),
                        declaration=words.spell_label(head.id, language), known=known)
        elif not label.repeats:
            key = (label.id, entry.limb, entry.reading)
            if key in seen:
                first = Label(seen[key], "第一次写在这里", "first written here")
                yield error("L116", span, first, label=words.spell_label(label.id, language))
            seen.setdefault(key, span)


def _order(name: str) -> int:
    return words.label(name).order


def _declaration(source: Source, drafts: Sequence[_Draft]) -> Declaration:
    head, *rest = drafts
    return Declaration(
        label=cast(words.Label, head.entry.label).id,
        head=cast("Pair | Line", head.entry.body),
        clauses=tuple(_clause(source, draft) for draft in rest),
        span=Span(source, head.entry.start, drafts[-1].end),
        comments=head.all_comments(),
        quotes=tuple(head.quotes),
    )


def _clause(source: Source, draft: _Draft) -> Clause:
    entry = draft.entry
    return Clause(
        label=cast(words.Label, entry.label).id,
        limb=entry.limb,
        reading=entry.reading,
        body=cast(syntax.Body, entry.body),
        quotes=tuple(draft.quotes),
        span=Span(source, entry.start, draft.end),
        label_span=Span(source, entry.start, entry.colon),
        comments=draft.all_comments(),
    )
