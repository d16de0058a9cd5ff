"""The tree of a rule file: what is written, before anything is known about names, units or meaning.

One tree serves both languages: keywords are ids of the word table (`dsl/words.toml`), so a Chinese file and its English
translation differ only in names, spans and language. Spans and comments take no part in equality.
"""

from __future__ import annotations

from typing import Literal

from rulecheck.dataclass import dataclass, field
from rulecheck.language.source import Source, Span

Language = Literal["zh", "en"]


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


# --- expressions ---


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, without its brackets 「」. Which thing it names is decided by `resolve`."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with an optional unit: `50人`, `60%`, `3.8批次/千人`, `5个工作日`. `number` is plain ASCII decimal text as
    written (`1.50` stays); `unit` is the unit's text with compound parts joined by `/`, `%` and `‰` included."""

    number: str
    unit: str | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Date:
    """`2022年11月28日` (year, month, day), `2023年6月底` (day is None), `2024年底` (month and day are None: 31 December)."""

    year: int
    month: int | None
    day: int | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Annual:
    """A day that comes back every year, `每年5月1日` / `every 05-01`: only in parameter values."""

    month: int
    day: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year as a period, `2022年` / `year 2022`: in `合计（…，2022年至2024年）`, after `@`, and in `期间=2023年`."""

    year: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year as a period, `2023年第2季度` / `quarter 2023-Q2`; `quarter` is 1 to 4."""

    year: int
    quarter: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month as a period, `2023年6月` / `month 2023-06`."""

    year: int
    month: int
    span: Span = _span()


Period = Year | Quarter | Month


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, `17:30`."""

    hour: int
    minute: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant that is a word of the table: yes, no, none, unknown, empty, monday … sunday, period_end, as_of, pending,
    a verdict."""

    word: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TextLiteral:
    """Text in straight double quotes."""

    value: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Path:
    """`镇的学校的人数` / `town's school's people`: two or more names, outermost first."""

    names: tuple[Name, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class At:
    """A periodic fact at one period, `新增就业人数@2022年` / `new_jobs@2022`."""

    name: Name
    period: Period
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of `+ - × ÷` (in a tree always these four characters)."""

    operator: Literal["+", "-", "×", "÷"]
    left: Expression
    right: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one term: `星期（日期）` weekday, `上期（数值）` previous, `不计无（…）`, `结论（规则）` verdict_of."""

    function: str
    argument: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`计数 合计 不同 占比` over a collection (count, sum, distinct, share), or `合计` of a periodic fact over `periods`.

    `path`: the collection, or for sum and distinct the collection's fact (`镇的人口`). `where`: which elements (其中).
    `test`: for share, what those counted in the numerator fulfil. `periods`: first and last, of one length, both included.
    """

    function: str
    path: Path | Name
    where: Expression | None
    test: Expression | None
    periods: tuple[Period, Period] | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HowMany:
    """`项数（有微信预约、有电话预约）` / `number_of(…, …)`: how many of the conditions hold."""

    conditions: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is the id of a comparison word of the table (at_least, ge, exceeds, gt, eq, ne, …): the clause's own word is
    kept, `resolve` maps it to its meaning."""

    left: Expression
    operator: str
    right: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Range:
    """`周一至周五`, `5月至9月`: only inside a membership."""

    low: Expression
    high: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Membership:
    """`单位类别 属于 （机关、事业单位）`, `星期（日期） 属于 周一至周五`; `negated` for 不属于."""

    item: Expression
    negated: bool
    choices: tuple[Expression | Range, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Conjunction:
    parts: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Disjunction:
    parts: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Negation:
    part: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantified:
    """`每一 学校 其中 （…） 满足 （…）` (every) or `存在 …` (some); `path` names the collection."""

    word: Literal["every", "some"]
    path: Path | Name
    where: Expression | None
    test: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rolled:
    """A day that moves to the next working day when it falls on a rest day: `受理日+30天 遇休息日顺延`."""

    term: Expression
    span: Span = _span()


Expression = (
    Name | Quantity | Date | Year | Quarter | Month | Annual | Time | Constant | TextLiteral | Path | At | Arithmetic | Call
    | Aggregate | HowMany | Comparison | Membership | Conjunction | Disjunction | Negation | Quantified | Rolled
)


def depth(node: object) -> int:
    """How deep operators nest in an expression: 0 for a name or a number."""
    if isinstance(node, tuple):
        return max(map(depth, node), default=0)
    if not isinstance(node, Expression | Range):
        return 0
    inside = [getattr(node, name) for name in node.__match_args__]
    return max((1 + depth(each) for each in inside if isinstance(each, tuple | Expression)), default=0)


# --- bodies of clauses, one for each shape of the word table ---


@dataclass(frozen=True, slots=True)
class Pair:
    """The two names of a declaration, `编制 / posts`; the order in the text follows the file's language."""

    chinese: Name
    english: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Line:
    """Free text to the end of the line, kept whole and never translated: a locator, a list of bodies as printed."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Texts:
    """`"中文" / "English"`; either may stand alone."""

    chinese: str | None
    english: str | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Names:
    """One or more names, `单位、企业`."""

    names: tuple[Name, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the table: year, quarter, month; increase, decrease, either; yes, no."""

    word: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Interval:
    """`2022年11月28日至2025年12月31日` or `2022年11月28日 起` (`end` is None)."""

    start: Date
    end: Date | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Type:
    """`数量（人）`, `比例`, `类别（机关 / organ、事业单位 / institution）`, `引用（单位）`, `日期` …

    `word`: quantity, share, date, time, yes_no, category, ranked, text, reference. `unit`: of a quantity.
    `members`: of a category or ranked list, each a pair (or a bare name already paired elsewhere). `target`: of a reference.
    """

    word: str
    unit: str | None
    members: tuple[Pair | Name, ...]
    target: Name | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Extent:
    """A range of values, both ends included: `0人至100000人`; an end left open is None (`不低于 0人`)."""

    low: Expression | None
    high: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Value:
    """One dated value of a parameter: `黄石市，2022年5月1日起，每年5月1日至9月30日，不低于 1.5%，已确认`.

    Parts in this order, all but the value optional. `value`: an expression; an `Extent` where only bounds are known; None for
    待明确. `state`: confirmed or unconfirmed.
    """

    place: Name | None
    period: Interval | None
    season: tuple[Annual, Annual] | None
    value: Expression | Extent | None
    state: Literal["confirmed", "unconfirmed"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Reading:
    """`口径：持续义务 / continuing_duty（默认）："…理由" / "…reason"`."""

    name: Pair
    is_default: bool
    reason: Texts | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Review:
    """`已核：K102："…理由" / "…reason"`: what a check remarks (its code) has been looked at and may stand, and why."""

    code: str
    reason: Texts
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Element:
    """One member of a collection in an example, `{日期=2023年3月1日，时长=2小时}`, optionally `×80`."""

    bindings: tuple[Binding, ...]
    times: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Elements:
    """A collection in an example: `{…}{…}×3`, `空` for none, `未报全{…}` for a partial roster."""

    elements: tuple[Element, ...]
    is_complete: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Binding:
    """`编制=50人`, `新增就业人数@2022年=800人`, `镇={…}{…}`; `target` may also be the constants as_of, place, period,
    reason_accepted."""

    target: Name | At | Constant
    value: Expression | Elements
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Bindings:
    bindings: tuple[Binding, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Example:
    """`示例：编制=50人，在职=48人 → 不符合`; undetermined may list what is possible: `→ 无法判定（符合、不适用）`."""

    bindings: tuple[Binding, ...]
    verdict: str
    possible: tuple[str, ...]
    span: Span = _span()


Body = (
    Pair | Line | Texts | Names | Word | Interval | Type | Extent | Value | Reading | Review | Bindings | Example | Expression
)


# --- clauses, declarations, files ---


@dataclass(frozen=True, slots=True)
class Quote:
    """One line of operative words, without the leading `>`."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, without its `#`. `is_trailing`: it stands at the end of the clause's line, else on a line before it."""

    text: str
    is_trailing: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """`label` is an id of the word table. `limb`: the tag in （）; `reading`: the tag in 〔〕, the name of a reading that this
    clause belongs to instead of the default one."""

    label: str
    limb: str | None
    reading: str | None
    body: Body
    quotes: tuple[Quote, ...]
    span: Span = _span()
    label_span: Span = _span()
    comments: tuple[Comment, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Declaration:
    """`label`: subject, fact, parameter, definition, relation, rule, not_checkable, lost, erratum or set_aside. `head`: the
    pair of names, or the locator of an item. `quotes`: the words of the item that are declared."""

    label: str
    head: Pair | Line
    clauses: tuple[Clause, ...]
    span: Span = _span()
    comments: tuple[Comment, ...] = field(default=(), compare=False)
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    source: Source = field(compare=False)
    language: Language = field(compare=False)
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False)
    """Comments after the last declaration's last clause."""
