"""Words for what a trace holds, in both languages: values with units, terms with their arithmetic, tests with their outcome."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

from rulecheck.data import read_text
from rulecheck.explaining.trace import TermTrace, TestTrace
from rulecheck.judgement import Evidence
from rulecheck.judging.truth import NO, TRUTH_NAMES, UNKNOWN, YES, Truth
from rulecheck.language import words
from rulecheck.language.syntax import Language
from rulecheck.measures.days import day_text, time_text
from rulecheck.measures.units import Unit, describe, exact_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.submission import NONE, UNTOLD, Origin, Subject


@cache
def _phrases() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(read_text("dsl", "phrases.toml"))


def phrase(section: str, name: str, /, **values: Bilingual | str | int) -> Bilingual:
    """A sentence of `dsl/phrases.toml`, filled in; bilingual values go to their own language."""
    row = _phrases()[section][name]
    filled = [
        row[language].format_map(
            {key: getattr(value, language) if isinstance(value, Bilingual) else value for key, value in values.items()}
        )
        for language in words.LANGUAGES
    ]
    return Bilingual(*filled)


def both(build: Callable[[Language], str]) -> Bilingual:
    return Bilingual(build("zh"), build("en"))


def join(parts: list[Bilingual], zh: str = "、", en: str = ", ") -> Bilingual:
    return Bilingual(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def readable(name: Bilingual) -> Bilingual:
    """Both names for a sentence: an English id with spaces."""
    return Bilingual(name.zh, name.en.replace("_", " "))


# --- values ---


def value_text(value: Fraction, type_: model.Type) -> Bilingual:
    """An exact value of a type, in the unit it is declared in."""
    match type_:
        case model.NumberType(unit=unit):
            return quantity_text(value, unit)
        case model.DateType():
            return both(lambda language: day_text(value.numerator, language))
        case model.TimeType():
            return Bilingual(time_text(value.numerator), time_text(value.numerator))
        case model.WeekdayType():
            return weekday_text(value.numerator)
        case model.YesNoType():
            return phrase("values", "yes" if value else "no")
        case model.CategoryType(members=members):
            return readable(members[value.numerator])
        case _:
            return Bilingual(str(value), str(value))


def quantity_text(value: Fraction, unit: Unit | None) -> Bilingual:
    """An exact quantity in its unit."""
    return both(lambda language: describe(value, unit, language))


def weekday_text(day: int) -> Bilingual:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return both(lambda language: words.spell("constants", names[day - 1], language))


def trace_value(trace: TermTrace) -> Bilingual:
    """What a term came to: its value, its bounds, or that it was not reported."""
    fact = trace.view.fact
    if fact is not None:
        if trace.raw is NONE:
            return phrase("values", "none")
        if fact.fact.sensitive and trace.raw is not UNTOLD:
            return phrase("values", "masked")
        if trace.raw is UNTOLD:
            owner = trace.subject.above(fact.up)
            slot = owner.kind.slots.get(fact.fact.id) if owner else None
            is_disputed = owner is not None and slot in owner.disputed
            return phrase("values", "disputed" if is_disputed else "untold")
        if isinstance(trace.raw, str):
            return Bilingual(trace.raw, trace.raw)
    elif is_sensitive(trace):
        return phrase("values", "masked")
    value = trace.value
    if value is not None:
        return value_text(value, trace.view.term.type)
    low, high = trace.bounds
    if isinstance(trace.view.term, model.ParameterTerm):
        low, high = told_bounds(trace.view.term.parameter, low, high)
    return bounds_text(low, high, trace.view.term.type)


def is_sensitive(trace: TermTrace) -> bool:
    """Whether a sensitive figure could be reckoned back from a term: it is one, or is made of one."""
    term = trace.view.term
    if isinstance(term, model.Total | model.Distinct) and isinstance(term.term, model.FactTerm) and term.term.fact.sensitive:
        return True
    fact = trace.view.fact
    return (fact is not None and fact.fact.sensitive) or any(is_sensitive(part) for part in trace.parts)


def told_bounds(of: model.Parameter, low: Fraction | None, high: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """The bounds worth telling: an end that is only the range any such parameter has says nothing."""
    return (None if low == of.minimum else low), (None if high == of.maximum else high)


def bounds_text(low: Fraction | None, high: Fraction | None, type_: model.Type) -> Bilingual:
    if low is not None and high is not None:
        return phrase("values", "between", low=value_text(low, type_), high=value_text(high, type_))
    if low is not None:
        return phrase("values", "at_least", low=value_text(low, type_))
    if high is not None:
        return phrase("values", "at_most", high=value_text(high, type_))
    return phrase("values", "anything")


def origin_of(trace: TermTrace) -> Origin | None:
    """Where the value of a fact stands in the submission, with the text masked where it is sensitive."""
    fact = trace.view.fact
    if fact is None:
        return None
    owner = trace.subject.above(fact.up)
    if owner is None or fact.fact.id not in owner.kind.slots:
        return None
    slot = owner.kind.slots[fact.fact.id]
    found = owner.origins.get((slot, fact.period) if fact.period is not None else slot)
    if found is not None and fact.fact.sensitive:
        return Origin(found.file, found.where_zh, found.where_en, "***")
    return found


def period_text(key: str) -> Bilingual:
    """A period key for people: `2023年`, `2023年第2季度`, `2023年6月`."""
    year, _, rest = key.partition("-")
    if not rest:
        return Bilingual(f"{year}年", year)
    if rest.startswith("Q"):
        return Bilingual(f"{year}年第{rest[1:]}季度", f"{year} Q{rest[1:]}")
    return Bilingual(f"{year}年{int(rest)}月", key)


# --- terms ---

SIGNS = {model.Product: "×", model.Quotient: "÷"}


def term_name(term: model.Term, period: str | None = None) -> Bilingual:
    """A term as written: names, signs, constants."""
    match term:
        case model.Literal_(value=value, type=type_):
            return value_text(value, type_)
        case model.FactTerm(fact=fact, period=key):
            name = readable(fact.name)
            shown = key if isinstance(key, str) else period
            if fact.every is not None and shown:
                return phrase("terms", "at_period", period=period_text(shown), term=name)
            return phrase("terms", "previous", term=name) if key == -1 else name
        case model.ParameterTerm(parameter=parameter):
            return readable(parameter.name)
        case model.Sum(left=left, right=right, is_difference=is_difference):
            sign = "-" if is_difference else "+"
            return join([term_name(left, period), term_name(right, period)], sign, f" {sign} ")
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            sign = SIGNS[type(term)]
            return join([_bracketed(left, period), _bracketed(right, period)], sign, f" {sign} ")
        case model.Count(members=members):
            name = readable(members.kinds[-1].name)
            if members.where is not None:
                return phrase("terms", "count_where", members=name, where=test_name(members.where))
            return phrase("terms", "count", members=name)
        case model.Total(members=members, term=inner):
            return phrase("terms", "total", members=readable(members.kinds[-1].name), term=term_name(inner))
        case model.Distinct(members=members, term=inner):
            return phrase("terms", "distinct", members=readable(members.kinds[-1].name), term=term_name(inner))
        case model.Share(members=members, test=test):
            return phrase("terms", "share", members=readable(members.kinds[-1].name), test=test_name(test))
        case model.PeriodTotal(fact=fact, periods=keys):
            first, last = period_text(keys[0]), period_text(keys[-1])
            return phrase("terms", "period_total", first=first, last=last, term=readable(fact.name))
        case model.DateShift(term=inner, amount=amount, unit=unit):
            return phrase("terms", f"shift_{unit}", day=term_name(inner, period), amount=amount)
        case model.RolledDate(term=inner):
            return phrase("terms", "rolled", day=term_name(inner, period))
        case model.WeekdayOf(term=inner):
            return phrase("terms", "weekday", day=term_name(inner, period))
        case model.PeriodEnd():
            return phrase("terms", "period_end")


def _bracketed(term: model.Term, period: str | None) -> Bilingual:
    name = term_name(term, period)
    return Bilingual(f"（{name.zh}）", f"({name.en})") if isinstance(term, model.Sum) else name


def arithmetic(trace: TermTrace) -> Bilingual:
    """The reckoning spelt out: `编制 50人`; `规定比例×在职职工总数＝1.5%×48人＝0.72人`; a constant is itself."""
    term = trace.view.term
    value = trace_value(trace)
    if isinstance(term, model.Literal_):
        return value
    name = term_name(term, trace.view.fact.period if trace.view.fact else None)
    numbers = _numbers(trace)
    if numbers is None:
        return Bilingual(f"{name.zh} {value.zh}", f"{name.en} {value.en}")
    return Bilingual(f"{name.zh}＝{numbers.zh}＝{value.zh}", f"{name.en} = {numbers.en} = {value.en}")


def _numbers(trace: TermTrace) -> Bilingual | None:
    """The same reckoning with the figures in place of the names; None where there is nothing to reckon."""
    term = trace.view.term
    if isinstance(term, model.PeriodTotal):
        return join([trace_value(part) for part in trace.parts], "+", " + ")
    if isinstance(term, model.DateShift):
        return phrase("terms", f"shift_{term.unit}", day=trace_value(trace.parts[0]), amount=term.amount)
    if isinstance(term, model.RolledDate):
        inner = _numbers(trace.parts[0]) or trace_value(trace.parts[0])
        return phrase("terms", "rolled", day=inner)
    if not isinstance(term, model.Sum | model.Product | model.Quotient):
        return None
    sign = SIGNS.get(type(term)) or ("-" if isinstance(term, model.Sum) and term.is_difference else "+")
    parts = [_numbers(part) or trace_value(part) for part in trace.parts]
    if not isinstance(term, model.Sum):
        parts = [
            Bilingual(f"（{text.zh}）", f"({text.en})") if isinstance(part.view.term, model.Sum) else text
            for text, part in zip(parts, trace.parts, strict=True)
        ]
    return join(parts, sign, f" {sign} ")


# --- tests ---


def word_of(test: model.Compare) -> Bilingual:
    return both(lambda language: words.spell("comparisons", test.word, language))


def test_name(test: model.Test) -> Bilingual:
    """A test as written, without figures."""
    match test:
        case model.Compare(left=left, right=right):
            one, word, other = term_name(left), word_of(test), term_name(right)
            return Bilingual(f"{one.zh} {word.zh} {other.zh}", f"{one.en} {word.en} {other.en}")
        case model.Member(term=term, negated=negated):
            return _member_name(test, term_name(term), negated)
        case model.IsNone(fact=fact, negated=negated):
            return phrase("tests", "is_not_none" if negated else "is_none", term=term_name(fact))
        case model.AllOf(parts=parts):
            return join([test_name(part) for part in parts], "，且", ", and ")
        case model.AnyOf(parts=parts):
            return join([test_name(part) for part in parts], "，或", ", or ")
        case model.Not(part=part):
            name = test_name(part)
            return Bilingual(f"并非（{name.zh}）", f"not ({name.en})")
        case model.Every(members=members, test=inner):
            name = readable(members.kinds[-1].name)
            if members.where is not None:
                name = phrase("tests", "those_where", members=name, where=test_name(members.where))
            return phrase("tests", "every", members=name, test=test_name(inner))
        case model.Some(members=members, test=inner):
            return phrase("tests", "some", members=readable(members.kinds[-1].name), test=test_name(inner))


def _member_name(test: model.Member, term: Bilingual, negated: bool) -> Bilingual:
    shown: list[Bilingual] = []
    days = sorted(value for value in test.values if isinstance(value, int))
    if isinstance(test.term.type, model.WeekdayType) and len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        span = phrase("terms", "weekdays", first=weekday_text(days[0]), last=weekday_text(days[-1]))
        return phrase("tests", "not_in" if negated else "in", term=term, values=span)
    for value in sorted(test.values, key=str):
        shown.append(Bilingual(value, value) if isinstance(value, str) else value_text(Fraction(value), test.term.type))
    if len(shown) == 1:
        return phrase("tests", "is_not" if negated else "is", term=term, values=shown[0])
    return phrase("tests", "not_in" if negated else "in", term=term, values=join(shown))


OUTCOMES = ("fails", "holds", "unknown")


def evidence_of(trace: TestTrace, decided: bool) -> Evidence:
    """A test with its figures and outcome as a node of the evidence tree."""
    view, outcome = trace.view, phrase("tests", OUTCOMES[trace.truth])
    children: list[Evidence] = []
    test = view.test
    match test:
        case model.Compare():
            left, right = (arithmetic(term) for term in trace.terms)
            word = word_of(test)
            text = Bilingual(f"{left.zh} {word.zh} {right.zh}", f"{left.en} {word.en} {right.en}")
        case model.Member():
            text, shown = test_name(test), trace_value(trace.terms[0])
            if is_sensitive(trace.terms[0]):
                # That it holds would tell what was reported.
                text = term_name(test.term)
            text = Bilingual(f"{text.zh}（报：{shown.zh}）", f"{text.en} (reported: {shown.en})")
        case model.AllOf():
            text = phrase("tests", "all")
        case model.AnyOf():
            text = phrase("tests", "any")
        case model.Not():
            text = phrase("tests", "not")
        case _:
            text = test_name(test)
    if trace.counts is not None:
        total, yes, no, unknown = trace.counts
        members = (
            readable(view.test.members.kinds[-1].name) if isinstance(view.test, model.Every | model.Some) else Bilingual("", "")
        )
        told = phrase("told", "members", members=members, total=total, counts=counts_text(yes, no, unknown))
        text = Bilingual(f"{text.zh}（{told.zh}）", f"{text.en} ({told.en})")
        if not trace.is_complete:
            gap = phrase("tests", "partial_roster")
            text = Bilingual(f"{text.zh}（{gap.zh}）", f"{text.en} ({gap.en})")
    children.extend(leaf for term in trace.terms for leaf in leaves(term))
    for part in trace.parts:
        node = evidence_of(part, decides(trace, part.truth))
        children.append(_named(node, part.subject) if trace.counts is not None else node)
    if trace.counts is not None:
        left_out = trace.counts[2] + trace.counts[3] - len(trace.parts)
        if left_out > 0 and isinstance(test, model.Every):
            children.append(Evidence(phrase("tests", "more_members", count=left_out), None, None, None, False))
    return Evidence(
        text=Bilingual(f"{text.zh}：{outcome.zh}", f"{text.en}: {outcome.en}"),
        value=TRUTH_NAMES[trace.truth],
        unit=None,
        origin=None,
        decided=decided,
        children=tuple(children),
    )


def counts_text(yes: int, no: int, unknown: int) -> Bilingual:
    """How many fulfil it, fail it, are unknown; what is nought is left out, but for those that fulfil it."""
    counts = (("count_yes", yes), ("count_no", no), ("count_unknown", unknown))
    return join([phrase("told", name, count=count) for name, count in counts if count or name == "count_yes"], "，", ", ")


def _named(node: Evidence, subject: Subject) -> Evidence:
    name = shown_name(subject)
    text = Bilingual(f"{name}：{node.text.zh}", f"{name}: {node.text.en}")
    return Evidence(text, node.value, node.unit, subject.origin, node.decided, node.children)


def shown_name(subject: Subject) -> str:
    """A subject's name; of a sensitive kind its number and the line it stands in, so that its unit can find it."""
    if not subject.kind.sensitive:
        return subject.name
    origin = subject.origin
    spot = origin.where_en.removeprefix("line ")
    return f"{masked(subject)}〔{origin.file.rsplit('/', 1)[-1]}:{spot}〕"


def shown_id(subject: Subject) -> str:
    """A subject's id; of a sensitive kind only its number."""
    return masked(subject) if subject.kind.sensitive else subject.id


def masked(subject: Subject) -> str:
    """What stands for a sensitive subject: nothing of its id, so that nothing can be guessed back from it."""
    return f"***{subject.alias}"


def decides(trace: TestTrace, part: Truth) -> bool:
    """Whether a part with this truth settled the whole: the failing part of an *and*, the fulfilled one of an *or*."""
    match trace.view.test:
        case model.AllOf() | model.Every():
            return part == trace.truth if trace.truth != YES else part == YES
        case model.AnyOf() | model.Some():
            return part == trace.truth if trace.truth != NO else part == NO
        case _:
            return part != UNKNOWN or trace.truth == UNKNOWN


def leaves(trace: TermTrace) -> list[Evidence]:
    """The facts and parameters a term rests on, each with its value and where it stands."""
    term = trace.view.term
    if isinstance(term, model.FactTerm | model.ParameterTerm | model.Count | model.Total | model.Distinct | model.Share):
        return [term_evidence(trace)]
    return [leaf for part in trace.parts for leaf in leaves(part)]


def term_evidence(trace: TermTrace) -> Evidence:
    name = term_name(trace.view.term, trace.view.fact.period if trace.view.fact else None)
    value = trace_value(trace)
    exact, unit = exact_value(trace)
    return Evidence(
        text=Bilingual(f"{name.zh}：{value.zh}", f"{name.en}: {value.en}"),
        value=exact,
        unit=unit,
        origin=origin_of(trace),
        decided=True,
    )


def exact_value(trace: TermTrace) -> tuple[str | None, str | None]:
    """The value as exact text and its unit's name, None where it is not known, not exact, or sensitive."""
    fact, type_ = trace.view.fact, trace.view.term.type
    if is_sensitive(trace) or (fact is not None and trace.raw is UNTOLD):
        return None, None
    if fact is not None and trace.raw is NONE:
        return "none", None
    if isinstance(trace.raw, str):
        return trace.raw, None
    if trace.value is None:
        return None, None
    return plain_value(trace.value, type_)


def plain_value(value: Fraction, type_: model.Type) -> tuple[str, str | None]:
    """A value as exact text apart from its unit; dates as ISO text, categories by their English id."""
    match type_:
        case model.NumberType(unit=None):
            return exact_text(value), None
        case model.NumberType(unit=unit) if unit is not None:
            return exact_text(value / unit.factor), unit.text
        case model.DateType():
            return day_text(value.numerator, "en"), None
        case model.CategoryType(members=members):
            return members[value.numerator].en, None
        case model.YesNoType():
            return ("yes" if value else "no"), None
        case _:
            return value_text(value, type_).en, None
