"""Words for what a trace holds, in both languages: values with units, terms with their arithmetic, tests with their outcome."""

from __future__ import annotations

from fractions import Fraction

from rulecheck.explaining.trace import TermTrace, TestTrace
from rulecheck.judgement import Evidence
from rulecheck.judging.truth import NO, TRUTH_NAMES, UNKNOWN, YES, Truth
from rulecheck.measures.days import day_text
from rulecheck.measures.units import exact_text, unit_table
from rulecheck.prose.names import (
    bracketed,
    condition_name,
    counted,
    is_count,
    needs_brackets,
    shifted_name,
    sign_of,
    term_name,
    word_of,
)
from rulecheck.prose.phrases import join, phrase, readable
from rulecheck.prose.values import bounds_text, quantity_text, told_bounds, value_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.submission import NONE, UNTOLD, Origin, Other, Subject

# --- values ---


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
        if isinstance(trace.raw, Other):
            return phrase("values", "other", text=trace.raw.text)
    elif is_sensitive(trace):
        return phrase("values", "masked")
    value = trace.value
    if value is not None:
        text = value_text(value, trace.view.term.type)
        return counted(text) if is_count(trace.view.term) else text
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
    if any(rests_on_sensitive(each) for each in trace.tests):
        return True
    return (fact is not None and fact.fact.sensitive) or any(is_sensitive(part) for part in trace.parts)


def rests_on_sensitive(trace: TestTrace) -> bool:
    """Whether a sensitive figure takes part in a condition, so that whether it holds would tell of it."""
    return any(map(is_sensitive, trace.terms)) or any(map(rests_on_sensitive, trace.parts))


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


# --- terms ---


def arithmetic(trace: TermTrace) -> Bilingual:
    """The reckoning spelt out: `编制 50人`; `规定比例×在职职工总数＝1.5%×48人＝0.72人`; a constant is itself."""
    term = trace.view.term
    value = trace_value(trace)
    if isinstance(term, model.Literal_):
        return value
    if isinstance(term, model.AnnualDay):
        return phrase("told", "number", name=term_name(term), value=bracketed(value))
    name = term_name(term, trace.view.fact.period if trace.view.fact else None)
    numbers = _numbers(trace)
    if numbers is None:
        return Bilingual(f"{name.zh} {value.zh}", f"{name.en} {value.en}")
    return Bilingual(f"{name.zh}＝{numbers.zh}＝{value.zh}", f"{name.en} = {numbers.en} = {value.en}")


def sides(trace: TestTrace) -> tuple[Bilingual, Bilingual]:
    """Both sides of a comparison, spelt out; a number that a count is compared with is told as one."""
    left, right = trace.terms
    return _side(left, right), _side(right, left)


def _side(trace: TermTrace, other: TermTrace) -> Bilingual:
    told = arithmetic(trace)
    return counted(told) if isinstance(trace.view.term, model.Literal_) and is_count(other.view.term) else told


def _numbers(trace: TermTrace) -> Bilingual | None:
    """The same reckoning with the figures in place of the names; None where there is nothing to reckon."""
    term = trace.view.term
    if isinstance(term, model.PeriodTotal):
        return join([trace_value(part) for part in trace.parts], "+", " + ")
    if isinstance(term, model.DateShift):
        return shifted_name(trace_value(trace.parts[0]), term.amount, term.unit)
    if isinstance(term, model.RolledDate):
        inner = _numbers(trace.parts[0]) or trace_value(trace.parts[0])
        return phrase("terms", "rolled", day=inner)
    if isinstance(term, model.Change):
        return _numbers(trace.parts[0])
    if not isinstance(term, model.Sum | model.Product | model.Quotient):
        return None
    parts = [_numbers(part) or trace_value(part) for part in trace.parts]
    told = [
        bracketed(text) if needs_brackets(part.view.term, term) else text for text, part in zip(parts, trace.parts, strict=True)
    ]
    return join(told, sign_of(term), f" {sign_of(term)} ")


# --- tests ---


OUTCOMES = ("fails", "holds", "unknown")


def evidence_of(trace: TestTrace, decided: bool) -> Evidence:
    """A test with its figures and outcome as a node of the evidence tree."""
    view, outcome = trace.view, phrase("tests", OUTCOMES[trace.truth])
    children: list[Evidence] = []
    test = view.test
    match test:
        case model.Compare():
            left, right = sides(trace)
            word = word_of(test)
            text = Bilingual(f"{left.zh} {word.zh} {right.zh}", f"{left.en} {word.en} {right.en}")
        case model.Member() | model.InSeason():
            text, shown = condition_name(test), trace_value(trace.terms[0])
            if is_sensitive(trace.terms[0]):
                # That it holds would tell what was reported.
                text = term_name(test.term)
            text = Bilingual(f"{text.zh}（报：{shown.zh}）", f"{text.en} (reported: {shown.en})")
        case model.WithinTop():
            text = _ranked(trace, test)
        case model.AllOf():
            text = phrase("tests", "all")
        case model.AnyOf():
            text = phrase("tests", "any")
        case model.Not():
            text = phrase("tests", "not")
        case _:
            text = condition_name(test)
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
    children.extend(evidence_of(head, True) for head in trace.heads)
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


def _ranked(trace: TestTrace, test: model.WithinTop) -> Bilingual:
    """Where a member stands: its part of the whole, and what part those greater make up, where all is known."""
    name = condition_name(test)
    own, total = trace.terms
    greater = trace.view.greater(trace.subject) if trace.view.greater is not None else None
    if greater is None or own.value is None or not total.value or is_sensitive(own):
        return name
    scale = own.view.ratio.numerator.scale
    parts = [quantity_text(each / total.value, unit_table().find("%")) for each in (own.value, greater * scale)]
    told = phrase("told", "ranked", share=parts[0], greater=parts[1])
    return Bilingual(f"{name.zh}（{told.zh}）", f"{name.en} ({told.en})")


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


FIGURES = (model.FactTerm, model.ParameterTerm, model.Count, model.Total, model.Distinct, model.Share, model.HowMany)
"""Terms that are told as one figure."""


def leaves(trace: TermTrace) -> list[Evidence]:
    """The facts and parameters a term rests on, each with its value and where it stands."""
    term = trace.view.term
    if isinstance(term, FIGURES):
        return [term_evidence(trace)]
    term = trace.view.term
    if isinstance(term, model.Change) and term.way != "increase":
        # What it is a share of stands above the line already.
        return leaves(trace.parts[0].parts[0])
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
        children=() if is_sensitive(trace) else tuple(evidence_of(each, each.truth != NO) for each in trace.tests),
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
        case model.CategoryType(choices=choices):
            return choices[value.numerator].en, None
        case model.YesNoType():
            return ("yes" if value else "no"), None
        case _:
            return value_text(value, type_).en, None
