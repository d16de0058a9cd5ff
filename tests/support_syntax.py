"""Rule texts for tests: parsing that must succeed or fail, and random trees as a parser could have made them."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rulecheck.language import syntax, words
from rulecheck.language.diagnostics import Diagnostic, help_text, message
from rulecheck.language.parse import parse
from rulecheck.language.source import Source, Span
from rulecheck.language.syntax import Language, Name

# Random files are large; a busy machine is no fault of theirs.
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}

NOWHERE = Span(Source("", ""), 0, 0)


def parsed(text: str) -> syntax.File:
    """The tree of a text without faults."""
    file, problems = parse(Source("甲.rule", text))
    assert problems == []
    assert file is not None
    return file


def problems_of(text: str) -> list[Diagnostic]:
    return parse(Source("甲.rule", text))[1]


def found(text: str) -> list[tuple[str, str]]:
    """Code and underlined words of every problem; also that every message and help can be filled in, in both languages."""
    problems = problems_of(text)
    for problem in problems:
        for language in words.LANGUAGES:
            assert message(problem.code, language, problem.values)
            help_text(problem.code, language, problem.values)
    return [(problem.code, problem.labels[0].span.text) for problem in problems]


def rule(*clauses: str) -> str:
    """A rule with the clauses, each on a line of its own."""
    return "\n".join(["规则：甲 / a", *(f"  {clause}" for clause in clauses)]) + "\n"


def only_body(clause: str, declaration: str = "规则：甲 / a") -> syntax.Body:
    """The body of the only clause of a declaration."""
    (only,) = parsed(f"{declaration}\n  {clause}\n").declarations[0].clauses
    return only.body


class Partners(Mapping[str, str]):
    """A one-to-one dictionary for every name or unit there is: the code points of one language's are the other's."""

    def __getitem__(self, name: str) -> str:
        return bytes.fromhex(name[2:]).decode() if name.startswith("q_") else f"q_{name.encode().hex()}"

    def __iter__(self):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def __len__(self) -> int:
        return 1


# --- words and names ---

# Characters that make trouble: those that never join a word, keywords' own, digits, letters, quotation marks, extensions.
_NAME_LETTERS = "编制人数至的且或无是属于不少周一五起每年〇々𠮷3xX_·“”（）：#\"' "
_HAN_WORDS = ("编制", "学校", "残疾人", "存在问题数", "不同意见", "要求等级", "责任", "截至", "地区", "已确认", "至", "无")


chinese_names = st.one_of(
    st.sampled_from(_HAN_WORDS), st.text(_NAME_LETTERS, min_size=1, max_size=6).map(lambda text: text.strip() or "空")
)
identifiers = st.from_regex(r"[a-p][a-z0-9_]{0,5}", fullmatch=True).filter(lambda text: not words.is_reserved(text))
tag_names = st.sampled_from(["期末目标", "逐年", "口径甲"])
names = st.builds(Name, chinese_names, st.just(NOWHERE))
limbs = st.sampled_from([None, None, "甲", "乙", "癸"])

_unit_parts = st.sampled_from(["人", "个工作日", "批次", "千人", "元", "%", "‰", "㎡", "个百分点"])
units = st.lists(_unit_parts, min_size=1, max_size=2).map("/".join)
numbers = st.from_regex(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?", fullmatch=True)

# --- values ---


def _node(kind: type, **parts: SearchStrategy[object]) -> SearchStrategy[object]:
    return st.builds(kind, span=st.just(NOWHERE), **parts)


years = st.integers(1, 9999)
dates = st.one_of(
    _node(syntax.Date, year=years, month=st.integers(1, 12), day=st.integers(1, 28)),
    _node(syntax.Date, year=years, month=st.integers(1, 12), day=st.none()),
    _node(syntax.Date, year=years, month=st.none(), day=st.none()),
)
year_nodes = _node(syntax.Year, year=years)
quarter_nodes = _node(syntax.Quarter, year=years, quarter=st.integers(1, 4))
month_nodes = _node(syntax.Month, year=years, month=st.integers(1, 12))
annuals = _node(syntax.Annual, month=st.integers(1, 12), day=st.integers(1, 28))
quantities = _node(syntax.Quantity, number=numbers, unit=st.one_of(st.none(), units))
times = _node(syntax.Time, hour=st.integers(0, 23), minute=st.integers(0, 59))
_constants = [word.id for word in words.table().words.values() if word.section == "constants"]
constants = _node(syntax.Constant, word=st.sampled_from([word for word in _constants if word not in ("empty", "pending")]))
plain_text = st.text(string.ascii_letters + "中文，。“”#（）：/ ", min_size=1, max_size=8)
texts_in_quotes = _node(syntax.TextLiteral, value=plain_text)
literals = st.one_of(quantities, dates, year_nodes, quarter_nodes, month_nodes, annuals, times, constants, texts_in_quotes)

# --- expressions ---

paths = st.one_of(names, _node(syntax.Path, names=st.lists(names, min_size=2, max_size=3).map(tuple)))
at_periods = _node(syntax.At, name=names, period=st.one_of(year_nodes, quarter_nodes, month_nodes))
_period_pairs = st.one_of(*(st.tuples(each, each) for each in (year_nodes, quarter_nodes, month_nodes)))
_comparisons = [word.id for word in words.table().words.values() if word.section == "comparisons"]


def _no_period(node: object) -> object:
    return Name("条件", NOWHERE) if isinstance(node, syntax.Period) else node


def _compound(parts: SearchStrategy[object]) -> SearchStrategy[object]:
    where = st.one_of(st.none(), parts)
    choices = st.lists(st.one_of(parts, _node(syntax.Range, low=parts, high=parts)), min_size=1, max_size=3).map(tuple)
    aggregate = {"path": paths, "where": where}
    nothing = {"test": st.none(), "periods": st.none()}
    return st.one_of(
        _node(syntax.Arithmetic, operator=st.sampled_from("+-×÷"), left=parts, right=parts),
        _node(syntax.Call, function=st.sampled_from(["weekday", "previous"]), argument=parts),
        _node(syntax.Aggregate, function=st.sampled_from(["count", "sum", "distinct"]), **aggregate, **nothing),
        _node(syntax.Aggregate, function=st.just("share"), **aggregate, test=parts.map(_no_period),
              periods=st.none()),
        _node(syntax.Aggregate, function=st.just("sum"), path=paths, where=st.none(), test=st.none(),
              periods=_period_pairs),
        _node(syntax.HowMany, conditions=st.lists(parts, min_size=1, max_size=3).map(tuple)),
        _node(syntax.Comparison, left=parts, operator=st.sampled_from(_comparisons), right=parts),
        _node(syntax.Membership, item=parts, negated=st.booleans(), choices=choices),
        _node(syntax.Conjunction, parts=st.lists(parts, min_size=2, max_size=3).map(tuple)),
        _node(syntax.Disjunction, parts=st.lists(parts, min_size=2, max_size=3).map(tuple)),
        _node(syntax.Negation, part=parts),
        _node(syntax.Quantified, word=st.sampled_from(["every", "some"]), path=paths, where=where, test=parts),
        _node(syntax.Rolled, term=parts),
    )


expressions = st.recursive(st.one_of(paths, at_periods, literals), _compound, max_leaves=8)

# --- bodies ---

pairs = _node(syntax.Pair, chinese=names, english=st.builds(Name, identifiers, st.just(NOWHERE)))
_lines = st.text("各县市残联、（）：1一/ ", max_size=8).map(lambda text: f'市{text}"#引"'.strip())
lines = _node(syntax.Line, text=_lines)
_chinese_text = plain_text.map(lambda text: f"中{text}")
_english_text = st.text(string.ascii_letters + "#：/ ", min_size=1, max_size=8)
texts = st.one_of(
    _node(syntax.Texts, chinese=_chinese_text, english=_english_text),
    _node(syntax.Texts, chinese=_chinese_text, english=st.none()),
    _node(syntax.Texts, chinese=st.none(), english=_english_text),
)
name_lists = _node(syntax.Names, names=st.lists(names, min_size=1, max_size=3).map(tuple))
intervals = _node(syntax.Interval, start=dates, end=st.one_of(st.none(), dates))
_no_more = {"unit": st.none(), "members": st.just(()), "target": st.none()}
_members = st.lists(st.one_of(pairs, names), min_size=1, max_size=3).map(tuple)
types = st.one_of(
    _node(syntax.Type, word=st.sampled_from(["share", "date", "time", "yes_no", "text"]), **_no_more),
    _node(syntax.Type, word=st.just("quantity"), **(_no_more | {"unit": units})),
    _node(syntax.Type, word=st.sampled_from(["category", "ranked"]), **(_no_more | {"members": _members})),
    _node(syntax.Type, word=st.just("reference"), **(_no_more | {"target": names})),
)
extents = st.one_of(
    _node(syntax.Extent, low=expressions, high=expressions),
    _node(syntax.Extent, low=expressions, high=st.none()),
    _node(syntax.Extent, low=st.none(), high=expressions),
)
values = _node(
    syntax.Value,
    place=st.one_of(st.none(), names),
    period=st.one_of(st.none(), intervals),
    season=st.one_of(st.none(), st.tuples(annuals, annuals)),
    value=st.one_of(st.none(), expressions, extents),
    state=st.sampled_from(["confirmed", "unconfirmed"]),
)
_codes = st.from_regex(r"[KM][1-9][0-9]{2}", fullmatch=True)
reviews = _node(syntax.Review, code=_codes, reason=texts)
readings = _node(syntax.Reading, name=pairs, is_default=st.booleans(), reason=st.one_of(st.none(), texts))
_targets = st.one_of(
    names, at_periods,
    _node(syntax.Constant, word=st.sampled_from([id_ for section, id_ in words.table().words if section == "targets"])),
)


def _with_members(values_: SearchStrategy[object]) -> SearchStrategy[object]:
    bindings = st.lists(_node(syntax.Binding, target=_targets, value=values_), max_size=2).map(tuple)
    elements = st.lists(_node(syntax.Element, bindings=bindings, times=st.integers(1, 90)), max_size=2).map(tuple)
    return _node(syntax.Elements, elements=elements, is_complete=st.booleans())


_binding_values = st.recursive(expressions, _with_members, max_leaves=3)
_bindings = st.lists(_node(syntax.Binding, target=_targets, value=_binding_values), min_size=1, max_size=3).map(tuple)
binding_lists = _node(syntax.Bindings, bindings=_bindings)
_verdicts = [id_ for section, id_ in words.table().words if section == "verdicts"]
examples = _node(
    syntax.Example,
    bindings=st.one_of(st.just(()), _bindings),
    verdict=st.sampled_from(_verdicts),
    possible=st.lists(st.sampled_from(_verdicts), max_size=2).map(tuple),
)

BODIES: Mapping[str, SearchStrategy[object]] = {
    "line": lines, "texts": texts, "names": name_lists, "interval": intervals, "type": types, "extent": extents,
    "value": values, "reading": readings, "review": reviews, "bindings": binding_lists, "example": examples,
    "expression": expressions,
}

# --- clauses and files ---

_comment_text = st.text("注abc：>#\"（ ", max_size=6).map(str.strip)
_leading = st.lists(st.builds(syntax.Comment, _comment_text, st.just(False)), max_size=1)
_trailing = st.lists(st.builds(syntax.Comment, _comment_text, st.just(True)), max_size=1)
comments = st.builds(lambda above, behind: (*above, *behind), _leading, _trailing)
_quotes = _node(syntax.Quote, text=st.text("编制50人(含)#> ", max_size=9).map(lambda text: f"满{text}".strip()))


@st.composite
def clauses(draw: st.DrawFn, label: words.Label) -> syntax.Clause:
    said = _node(syntax.Word, word=st.sampled_from(label.words or ("yes",)))
    body = draw(said if label.shape == "word" else BODIES[label.shape])
    return syntax.Clause(
        label=label.id,
        limb=draw(limbs) if label.limb else None,
        reading=draw(st.one_of(st.none(), tag_names)) if label.limb else None,
        body=body,  # type: ignore[arg-type]
        quotes=tuple(draw(st.lists(_quotes, max_size=2))) if label.quotes else (),  # type: ignore[arg-type]
        span=NOWHERE,
        label_span=NOWHERE,
        comments=draw(comments),
    )


@st.composite
def declarations(draw: st.DrawFn) -> syntax.Declaration:
    heads = [label for label in words.table().labels.values() if label.declares]
    head = draw(st.sampled_from([*heads, *[words.label("rule")] * 4]))
    allowed = [label for label in words.table().labels.values() if head.id in label.within]
    few = min(3, len(allowed))
    chosen = draw(st.permutations(allowed))[: draw(st.integers(few, 6))]
    written = [
        draw(clauses(label))
        for label in sorted(chosen, key=lambda label: label.order)
        for _ in range(draw(st.integers(1, 2)) if label.repeats else 1)
    ]
    body = draw(pairs if head.shape == "pair" else lines)
    quotes = tuple(draw(st.lists(_quotes, max_size=2))) if head.quotes else ()
    return syntax.Declaration(head.id, body, tuple(written), NOWHERE, draw(comments), quotes)  # type: ignore[arg-type]


def files(language: Language = "zh") -> SearchStrategy[syntax.File]:
    """Files as a parser could have made them, the clauses in the formatter's order."""
    rest = st.lists(st.builds(syntax.Comment, _comment_text, st.just(False)), max_size=1).map(tuple)
    some = st.lists(declarations(), min_size=1, max_size=3).map(tuple)
    return st.builds(syntax.File, st.just(NOWHERE.source), st.just(language), some, rest)
