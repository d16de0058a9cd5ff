"""The short paragraph of a judgement: the figures, what is required, by how much it falls short, what would cure it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rulecheck.explaining.describe import (
    FIGURES,
    arithmetic,
    counts_text,
    evidence_of,
    is_sensitive,
    origin_of,
    shown_id,
    shown_name,
    sides,
    trace_value,
)
from rulecheck.explaining.trace import LimbTrace, TermTrace, TestTrace
from rulecheck.judgement import Change, MissingFact, Verdict
from rulecheck.judging import plan
from rulecheck.judging.judge import Outcome, RuleJudge
from rulecheck.judging.lower import last_day
from rulecheck.judging.truth import ADVERSE, NO, YES, in_order
from rulecheck.language import words
from rulecheck.language.diagnostics import located
from rulecheck.measures.places import Place
from rulecheck.measures.units import Unit, unit_table
from rulecheck.prose.names import condition_name, counted, is_count, term_name, word_of
from rulecheck.prose.phrases import EMPTY, both, join, phrase, readable
from rulecheck.prose.values import date_text, quantity_text, window_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.submission import NONE, Origin

MOST_NAMES = 3
"""Members named in a sentence; the tree tells of more."""

ADVERSE_OR_SHORT = ADVERSE | {Verdict.FALLS_SHORT}


def reason_of(
    trace: LimbTrace,
    outcome: Outcome,
    verdict: Verdict,
    possible: frozenset[Verdict],
    missing: Sequence[MissingFact],
    changes: Sequence[Change],
    of: RuleJudge,
) -> Bilingual:
    limb = trace.view.limb
    if verdict is Verdict.NOT_APPLICABLE:
        return why_not_applicable(trace, outcome, of)
    if verdict is Verdict.UNDETERMINED:
        return why_undetermined(missing, possible, limb.limb.modality, shown_id(trace.subject))
    facts = figures(trace, with_due=verdict is not Verdict.NOT_DUE)
    demand = demand_of(trace)
    kind = readable(trace.subject.kind.name)
    if verdict is Verdict.NOT_DUE:
        assert trace.due is not None or limb.due is not None
        as_of = date_text(limb.as_of)
        if trace.done is not None:
            # What is required is that it is done by that date: once told, that is said.
            return phrase("reasons", "not_due_event", due=due_text(trace), as_of=as_of, kind=kind, facts=facts)
        return phrase("reasons", "not_due", due=due_text(trace), as_of=as_of, kind=kind, facts=facts, demand=demand)
    gap = gap_of(trace)
    name = "met" if verdict is Verdict.MET and outcome.verdict is Verdict.MET else "violated"
    reason = phrase("reasons", name, kind=kind, facts=facts, gap=gap, demand=demand)
    if changes or outcome.verdict not in ADVERSE_OR_SHORT or verdict is Verdict.MET:
        return reason
    return append(reason, phrase("reasons", why_no_cure(trace)))


def why_not_applicable(trace: LimbTrace, outcome: Outcome, of: RuleJudge) -> Bilingual:
    in_force, applies, excepted, _, _ = outcome.truths
    rule = of.plan.rule
    if in_force == NO and of.limbs[0].in_place(trace.subject) == NO:
        place = trace.subject.place
        assert place is not None
        assert rule.place is not None
        return phrase("reasons", "other_place", place=place_name(place), rule_place=place_name(rule.place))
    if in_force == NO and trace.event_day is not None and trace.event_day.value is not None:
        fact = fact_text(trace.event_day, with_origin=True)
        return phrase("reasons", "not_in_force_event", fact=fact, window=window_text(trace.view.limb.told_window))
    if in_force == NO:
        return phrase("reasons", "not_in_force", window=window_text(trace.view.limb.told_window))
    if excepted == YES and trace.excepted is not None:
        return phrase(
            "reasons", "exception", facts=join([exception_text(each) for each in decisive(trace.excepted, YES)], "；", "; ")
        )
    if applies == NO and trace.applies is not None and trace.applies.truth == NO:
        return phrase("reasons", "condition", facts=told_tests(decisive(trace.applies, NO)))
    return phrase("reasons", "nothing")


def why_undetermined(
    missing: Sequence[MissingFact],
    possible: frozenset[Verdict],
    modality: model.Modality,
    subject: str,
) -> Bilingual:
    told = []
    for awaiting, name in (("submitter", "needs"), ("authority", "awaits")):
        facts = missing_names([each for each in missing if each.awaiting == awaiting], subject)
        if facts:
            told.append(phrase("reasons", name, facts=join(facts)))
    if not told:
        told.append(phrase("reasons", "harmless"))
    names = [verdict_name(each, modality) for each in in_order(possible)]
    return phrase("reasons", "undetermined", missing=join(told, "；", "; "), possible=join(names))


def figures(trace: LimbTrace, *, with_due: bool = True) -> Bilingual:
    """The figures that decide: of the conditions the numbers and dates, of the requirement all, with where they stand."""
    found: list[tuple[TermTrace, bool]] = []
    if trace.event_day is not None:
        found.append((trace.event_day, True))
    required = facts_of(trace.requirement)
    if trace.due is not None and trace.done is not None and not isinstance(trace.due.view.term, model.FactTerm):
        required = [*required, *fact_leaves(trace.due)]
    stated = {term_key(leaf) for leaf in required}
    if trace.due is not None:
        stated.add(term_key(trace.due))
    found += [(leaf, False) for leaf in facts_of(trace.applies) if is_measured(leaf) and term_key(leaf) not in stated]
    found += [(leaf, True) for leaf in required]
    told = [fact_text(leaf, with_origin) for leaf, with_origin in found]
    told += [reckoned_text(term) for test in (trace.applies, trace.requirement) for term in reckoned(test)]
    told += [members_text(each) for each in quantifiers_of(trace.requirement)]
    if trace.done is not None and trace.due is not None:
        told += [phrase("told", "due", value=trace_value(trace.due))] if with_due else []
        told.append(done_text(trace.done))
    return join(list(dict.fromkeys(told)), "，", ", ")


def done_text(done: TermTrace) -> Bilingual:
    """When it was done and where that stands; 无 is told as not done yet."""
    told = fact_text(done, with_origin=True)
    if done.raw is not NONE:
        return told
    not_done = phrase("told", "not_done", name=term_name(done.view.term, done.view.fact.period if done.view.fact else None))
    origin = origin_of(done)
    return not_done if origin is None else phrase("told", "at", told=not_done, where=where(origin))


def reckoned(trace: TestTrace | None) -> list[TermTrace]:
    """The sides of comparisons that are reckoned from several figures and came out exactly, for the arithmetic to be shown."""
    if trace is None or trace.counts is not None:
        return []
    composite = (model.Product, model.Quotient, model.Sum, model.Change, model.DateShift, model.RolledDate)
    own = [term for term in trace.terms if isinstance(term.view.term, composite) and term.value is not None]
    return own + [term for part in trace.parts for term in reckoned(part)]


def reckoned_text(trace: TermTrace) -> Bilingual:
    """The arithmetic of a side; a day reckoned from one that is told beside it only by what came out."""
    term = trace.view.term
    if not isinstance(term, model.DateShift | model.RolledDate):
        return arithmetic(trace)
    return phrase("told", "reckoned", name=term_name(term), value=trace_value(trace))


def term_key(leaf: TermTrace) -> object:
    """What makes two leaves the same figure: the same fact in the same period, else the same text."""
    if isinstance(leaf.view.term, model.WeekdayOf):
        return "weekday", term_key(leaf.parts[0])
    fact = leaf.view.fact
    return (fact.fact.id, fact.up, fact.period) if fact is not None else leaf.view.term


def is_measured(leaf: TermTrace) -> bool:
    return isinstance(leaf.view.term.type, model.NumberType | model.DateType | model.TimeType | model.WeekdayType)


def exception_text(trace: TestTrace) -> Bilingual:
    """An exception that applies, by its words; a sensitive one only by the fact it rests on."""
    if any(is_sensitive(term) for term in trace.terms):
        return join([fact_text(term, with_origin=False) for term in trace.terms if is_sensitive(term)])
    return condition_name(trace.view.test)


def told_tests(traces: Sequence[TestTrace]) -> Bilingual:
    """What the figures are and what the condition asked for: `编制49人（条件是不少于 50人）`."""
    parts = []
    for each in traces:
        test = each.view.test
        if isinstance(test, model.Compare):
            wanted = join([word_of(test), sides(each)[1]], " ", " ")
            parts.append(phrase("told", "is_not", fact=arithmetic_told(each.terms[0]), wanted=wanted))
        elif isinstance(test, model.Member | model.InSeason | model.IsNone):
            wanted = condition_name(test)
            parts.append(phrase("told", "is_not", fact=fact_text(each.terms[0], with_origin=False), wanted=wanted))
        else:
            parts.append(evidence_of(each, True).text)
    return join(parts, "；", "; ")


def arithmetic_told(trace: TermTrace) -> Bilingual:
    """A figure as in a sentence; what is reckoned with its arithmetic."""
    return fact_text(trace, with_origin=False) if trace.view.fact is not None else arithmetic(trace)


SOFTER = ("in_principle", "strive", "encouraged")
"""Which modalities are told as such where something is to be done by a date: only a command is 要求."""


def demand_of(trace: LimbTrace) -> Bilingual:
    """What is required, as a sentence; what 禁止 forbids is told as it is written, without the denial around it."""
    limb = trace.view.limb.limb
    if trace.done is not None:
        name = f"by_date_{limb.modality}" if limb.modality in SOFTER else "by_date"
        return phrase("reasons", name, due=due_text(trace))
    assert limb.requirement is not None
    test = limb.requirement
    if limb.modality == "must_not" and isinstance(test, model.Not):
        return phrase("reasons", "demand_must_not", test=condition_name(test.part))
    if isinstance(test, model.Compare) and limb.modality == "must" and test.relation in ("at_least", "at_most"):
        number = isinstance(test.left.type, model.NumberType)
        if number and isinstance(test.left, model.FactTerm | model.PeriodTotal) and trace.requirement is not None:
            right = trace.requirement.terms[1]
            if isinstance(test.right, model.Literal_):
                return phrase("reasons", test.relation, term=term_name(test.left), value=trace_value(right))
    name = "demand" if limb.modality == "must" else f"demand_{limb.modality}"
    return phrase("reasons", name, test=condition_name(test))


GAPS = {
    model.DateType: ("early", "late"),
    model.TimeType: ("early", "late"),
    model.CategoryType: ("lower_rank", "higher_rank"),
}
"""How a difference is told by the type of what is compared: below, above; of anything else as less or over."""


def gap_of(trace: LimbTrace) -> Bilingual:
    if trace.done is not None and trace.due is not None:
        if trace.done.value is None or trace.due.value is None or trace.done.raw is NONE:
            return EMPTY
        days = trace.done.value - trace.due.value
        if days <= 0:
            return EMPTY
        text = quantity_text(days, unit_table().find("天"))
        return comma(phrase("gaps", "late", gap=text))
    told = []
    for each, gap, unit in comparisons(trace.requirement):
        if gap is None or each.truth != NO or gap >= 0:
            continue
        test = each.view.test
        assert isinstance(test, model.Compare)
        upward = test.relation in ("at_least", "more_than")
        name = GAPS.get(type(test.left.type), ("less", "over"))[0 if upward else 1]
        text = quantity_text(-gap, unit)
        told.append(phrase("gaps", name, gap=counted(text) if is_count(test.left) else text))
    return comma(join(told)) if told else EMPTY


def due_text(trace: LimbTrace) -> Bilingual:
    limb = trace.view.limb
    if trace.due is not None:
        return trace_value(trace.due)
    end = limb.due.value if isinstance(limb.due, plan.Constant) else limb.as_of
    return date_text(end)


def why_no_cure(trace: LimbTrace) -> str:
    """Which sentence says why there is no cure."""
    quantified = quantifiers_of(trace.requirement)
    if any(isinstance(leaf.view.term, model.ParameterTerm) and leaf.value is None for leaf in facts_of(trace.requirement)):
        return "first_settle"
    if any(not each.is_complete for each in quantified):
        return "first_report"
    members_are_events = any(each.view.members is not None and each.view.members.window is not None for each in quantified)
    if (trace.event_day is not None and trace.done is None) or members_are_events:
        return "happened"
    if any(each.counts is not None and each.counts[3] for each in quantified):
        return "first_tell"
    if trace.done is not None or any(_is_over(leaf, trace.view.limb.as_of) for leaf in facts_of(trace.requirement)):
        return "beyond_cure"
    if any(isinstance(leaf.view.term, model.Count) for leaf in facts_of(trace.requirement)):
        return "not_enough_members"
    return "no_cure"


def _is_over(leaf: TermTrace, as_of: int) -> bool:
    """Whether a figure is of a period that has ended: nothing that is done now can change it."""
    term, fact = leaf.view.term, leaf.view.fact
    keys = term.periods if isinstance(term, model.PeriodTotal) else (fact.period,) if fact is not None and fact.period else ()
    return bool(keys) and all(last_day(key) < as_of for key in keys)


# --- figures ---


def comparisons(trace: TestTrace | None) -> list[tuple[TestTrace, Fraction | None, Unit | None]]:
    """The comparisons that a requirement is made of, with the room each leaves (negative: short) and its unit."""
    if trace is None:
        return []
    test = trace.view.test
    if isinstance(test, model.AllOf):
        return [each for part in trace.parts for each in comparisons(part)]
    if isinstance(test, model.Not):
        return [(each, None if gap is None else -gap, unit) for each, gap, unit in comparisons(trace.parts[0])]
    if not isinstance(test, model.Compare) or test.relation in ("equal", "unequal"):
        return []
    left, right = trace.terms
    unit = margin_unit(test)
    if is_sensitive(left) or is_sensitive(right) or left.value is None or right.value is None or trace.guard != YES:
        return [(trace, None, unit)]
    gap = left.value - right.value if test.relation in ("at_least", "more_than") else right.value - left.value
    scale = unit.factor if unit is not None and not isinstance(test.left.type, model.NumberType) else Fraction(1)
    return [(trace, gap * scale, unit)]


def margin_unit(test: model.Compare) -> Unit | None:
    """The unit a difference of the two sides is told in: percentage points for shares, days for dates, minutes for times."""
    left, right = test.left.type, test.right.type
    if isinstance(left, model.DateType):
        return unit_table().find("天")
    if isinstance(left, model.TimeType):
        return unit_table().find("分钟")
    for type_ in (right, left):
        if isinstance(type_, model.NumberType) and type_.unit is not None:
            return unit_table().find("个百分点") if type_.unit.dimension == () else type_.unit
    return None


def facts_of(trace: TestTrace | None) -> list[TermTrace]:
    """The facts and totals that a test rests on, in the order of the text; members' own facts stay in the tree."""
    if trace is None:
        return []
    found = [leaf for term in trace.terms for leaf in fact_leaves(term)]
    if trace.counts is None:
        found += [leaf for part in trace.parts for leaf in facts_of(part)]
    return found


def fact_leaves(trace: TermTrace) -> list[TermTrace]:
    term = trace.view.term
    if isinstance(term, (*FIGURES, model.PeriodTotal)):
        return [trace]
    if isinstance(term, model.WeekdayOf) and isinstance(term.term, model.FactTerm):
        return [trace]
    return [leaf for part in trace.parts for leaf in fact_leaves(part)]


def fact_text(leaf: TermTrace, with_origin: bool) -> Bilingual:
    """A figure in a sentence: `编制50人`, `单位类别为机关`, with where it stands in the submission."""
    term = leaf.view.term
    if isinstance(term, model.WeekdayOf):
        return _with_weekday(leaf, with_origin)
    name = term_name(term, leaf.view.fact.period if leaf.view.fact else None)
    way = "number" if is_measured(leaf) else "yes_no" if isinstance(term.type, model.YesNoType) else "choice"
    told = phrase("told", way, name=name, value=trace_value(leaf))
    origin = origin_of(leaf) if with_origin and isinstance(term, model.FactTerm) else None
    return phrase("told", "at", told=told, where=where(origin)) if origin is not None else told


def _with_weekday(leaf: TermTrace, with_origin: bool) -> Bilingual:
    """A date in a sentence with the day of the week that was asked for, where both may be told."""
    (day,) = leaf.parts
    if leaf.value is None or is_sensitive(leaf):
        return fact_text(day, with_origin)
    told = phrase("told", "on_weekday", told=fact_text(day, with_origin=False), weekday=trace_value(leaf))
    origin = origin_of(day) if with_origin else None
    return phrase("told", "at", told=told, where=where(origin)) if origin is not None else told


def quantifiers_of(trace: TestTrace | None) -> list[TestTrace]:
    """The outermost 每一 and 存在 of a requirement."""
    if trace is None:
        return []
    if trace.counts is not None:
        return [trace]
    return [each for part in trace.parts for each in quantifiers_of(part)]


def members_text(trace: TestTrace) -> Bilingual:
    """How many members fulfil it, and the first that do not by name."""
    assert trace.counts is not None
    assert isinstance(trace.view.test, model.Every | model.Some)
    total, yes, no, unknown = trace.counts
    members = readable(trace.view.test.members.kinds[-1].name)
    told = phrase("told", "members", members=members, total=total, counts=counts_text(yes, no, unknown))
    failing = [each for each in trace.parts if each.truth == NO and each.belongs == YES]
    if not failing or not isinstance(trace.view.test, model.Every):
        return told
    return phrase("told", "failing", told=told, names=named(failing, no))


def named(failing: Sequence[TestTrace], count: int) -> Bilingual:
    """The first few members by name with their figures and place, and how many there are."""
    names = []
    for each in failing[:MOST_NAMES]:
        name = shown_name(each.subject)
        facts = join([fact_text(leaf, with_origin=False) for leaf in facts_of(each)], "，", ", ")
        told = phrase("told", "member", name=name, facts=facts)
        names.append(phrase("told", "at", told=told, where=where(each.subject.origin)))
    text = join(names, "；", "; ")
    return text if count <= MOST_NAMES else phrase("told", "and_more", names=text, count=count)


def decisive(trace: TestTrace, outcome: int) -> list[TestTrace]:
    """The smallest parts of a condition that made it come out so."""
    if isinstance(trace.view.test, model.AllOf | model.AnyOf):
        return [leaf for part in trace.parts if part.truth == outcome for leaf in decisive(part, outcome)]
    return [trace]


def missing_names(missing: Sequence[MissingFact], subject: str) -> list[Bilingual]:
    """What is missing by name; of other subjects (members) with whom it concerns."""
    owners: dict[Bilingual, list[str]] = {}
    for each in missing:
        names = owners.setdefault(readable(each.name), [])
        if each.subject is not None and each.subject != subject and each.subject_name:
            names.append(each.subject_name)
    told = []
    for fact, names in owners.items():
        text = join([Bilingual(name, name) for name in names[:MOST_NAMES]])
        if len(names) > MOST_NAMES:
            text = phrase("told", "and_more", names=text, count=len(names))
        told.append(phrase("told", "of_member", fact=fact, names=text) if names else fact)
    return told


def place_name(place: Place) -> Bilingual:
    return Bilingual(place.chinese, place.title)


def where(origin: Origin) -> Bilingual:
    return Bilingual(located(origin.file, origin.where_zh), located(origin.file, origin.where_en))


def append(text: Bilingual, more: Bilingual) -> Bilingual:
    return Bilingual(text.zh + more.zh, f"{text.en} {more.en}")


def comma(text: Bilingual) -> Bilingual:
    return Bilingual(f"，{text.zh}", f", {text.en}")


FALLS_SHORT_NAMES = {
    "strive": Bilingual("未达力争目标", "target missed"),
    "encouraged": Bilingual("鼓励事项未开展", "not undertaken"),
}


def verdict_name(verdict: Verdict, modality: model.Modality | None = None) -> Bilingual:
    if verdict is Verdict.FALLS_SHORT and modality in FALLS_SHORT_NAMES:
        return FALLS_SHORT_NAMES[modality]
    return both(lambda language: words.spell("verdicts", str(verdict), language).replace("_", " "))
