"""Every small change of a rule, on the rule as resolved: one of its expressions, its modality, when it is owed and due, or a
clause of a reading. What no example could ever tell apart is not made: the same period, a date that is a working day anyway.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from rulecheck.dataclass import dataclass, replace
from rulecheck.judging.lower import period_of, periods
from rulecheck.language import words
from rulecheck.language.source import Span
from rulecheck.prose.phrases import both
from rulecheck.prose.values import date_text
from rulecheck.proving.mutant_terms import NOTHING, Change, changes
from rulecheck.proving.rewriting import LIMB_TESTS, each_limb, in_limb, sites
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one small change (`rule`), and words for it. `limbs`: the tags of the limbs concerned."""

    code: str
    rule: model.Rule
    span: Span
    before: Bilingual
    after: Bilingual
    limbs: frozenset[str | None]
    witness: Bilingual | None = None


def mutants(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """Each change once, in the order of the kinds; none of them is the rule itself."""
    seen = {(rule.every, rule.readings)}
    for each in _all(rules, rule):
        key = (each.rule.every, each.rule.readings)
        if key not in seen:
            seen.add(key)
            yield each


def _all(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    yield from _of_expressions(rule)
    for make in (_modality, _negated, _due, _rolled, _period, _frequency, _readings):
        yield from make(rules, rule)


def _limbs(rule: model.Rule) -> Iterator[tuple[model.Reading, model.Limb]]:
    for reading in rule.readings:
        for limb in reading.limbs:
            yield reading, limb


# --- expressions ---


def _of_expressions(rule: model.Rule) -> Iterator[Mutant]:
    made: set[object] = set()
    for _, limb in _limbs(rule):
        for role in LIMB_TESTS:
            value = getattr(limb, role)
            for site in sites(value) if value is not None else ():
                for change in changes(site, role):
                    key = (change.code, change.node.span, change.node, change.put)
                    if key not in made:
                        made.add(key)
                        yield _changed(rule, change)


def _changed(rule: model.Rule, change: Change) -> Mutant:
    concerned: set[str | None] = set()

    def put(limb: model.Limb, reading: model.Reading) -> model.Limb:
        changed = in_limb(limb, change.node, change.put)
        if changed is not limb:
            concerned.add(limb.tag)
        return changed

    found = each_limb(rule, put)
    return Mutant(change.code, found, change.node.span, change.before, change.after, frozenset(concerned), change.witness)


# --- clauses of a limb ---


def _clause(
    rule: model.Rule,
    code: str,
    span: Span,
    before: Bilingual,
    after: Bilingual,
    fits: Callable[[model.Limb], bool],
    change: Callable[[model.Limb], model.Limb],
) -> Mutant:
    """Every limb that has a clause, changed alike."""
    concerned = frozenset(limb.tag for _, limb in _limbs(rule) if fits(limb))
    found = each_limb(rule, lambda limb, _: change(limb) if fits(limb) else limb)
    return Mutant(code, found, span, before, after, concerned)


_OTHER_MODALITY: Final[dict[model.Modality, model.Modality]] = {
    "must": "in_principle",
    "must_not": "in_principle",
    "in_principle": "must",
    "strive": "must",
    "encouraged": "must",
}


def _modality(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    for span, modality in dict.fromkeys((limb.span, limb.modality) for _, limb in _limbs(rule)):
        other = _OTHER_MODALITY[modality]
        before, after = _label(modality), _label(other)
        if modality == "must_not":
            after = Bilingual(after.zh + before.zh, f"{after.en} {before.en.lower()}")
        yield _with_modality(rule, span, other, before, after)


def _with_modality(rule: model.Rule, span: Span, other: model.Modality, before: Bilingual, after: Bilingual) -> Mutant:
    return _clause(
        rule, "M108", span, before, after, lambda limb: limb.span == span, lambda limb: replace(limb, modality=other)
    )


def _label(name: str) -> Bilingual:
    return both(lambda language: words.spell_label(name, language))


def _negated(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """A requirement turned into its opposite; that of a single value is among the changes of operators."""
    for _, limb in _limbs(rule):
        requirement = limb.requirement
        if requirement is None or isinstance(requirement, model.Member | model.IsNone):
            continue
        put = requirement.part if isinstance(requirement, model.Not) else model.Not(requirement, requirement.span)
        text = " ".join(requirement.span.text.split())
        yield _changed(rule, Change("M114", requirement, put, Bilingual(text, text), NOTHING))


# --- when ---


def _due(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """A due date a day earlier and a day later; a number of days is changed by one as such."""
    for limb in _by_due(rule):
        if isinstance(limb.due, model.DateShift) and limb.due.unit != "month":
            continue
        for amount in (-1, 1):
            day = _due_of(limb)
            put = model.DateShift(day, amount, "day", model.DateType(), day.span)
            before, after = _due_words(day, amount)
            yield _due_changed(rule, "M110", limb, put, before, after)


def _by_due(rule: model.Rule) -> Iterator[model.Limb]:
    """A limb for each clause of due dates, and one for those whose date is the end of the period."""
    seen: set[object] = set()
    for _, limb in _limbs(rule):
        if limb.due is None and (rule.every is None or limb.modality == "must_not"):
            continue
        key = (limb.due.span, limb.due) if limb.due is not None else None
        if key not in seen:
            seen.add(key)
            yield limb


def _due_of(limb: model.Limb) -> model.Term:
    return limb.due if limb.due is not None else model.PeriodEnd(model.DateType(), limb.span)


def _due_words(day: model.Term, amount: int) -> tuple[Bilingual, Bilingual]:
    if isinstance(day, model.Literal_):
        return date_text(day.value.numerator), date_text(day.value.numerator + amount)
    text = " ".join(day.span.text.split())
    earlier = Bilingual("提前一天", "a day earlier") if amount < 0 else Bilingual("推后一天", "a day later")
    return Bilingual(text, text), earlier


def _due_changed(
    rule: model.Rule, code: str, of: model.Limb, put: model.Term, before: Bilingual, after: Bilingual
) -> Mutant:
    def fits(limb: model.Limb) -> bool:
        if of.due is None or limb.due is None:
            return limb.due is of.due and limb.modality != "must_not"
        return limb.due == of.due and limb.due.span == of.due.span

    span = of.due.span if of.due is not None else of.span
    return _clause(rule, code, span, before, after, fits, lambda limb: replace(limb, due=put))


def _rolled(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """A due date moved on from a rest day, where it could fall on one."""
    for limb in _by_due(rule):
        day = _due_of(limb)
        if isinstance(day, model.RolledDate) or (isinstance(day, model.DateShift) and day.unit == "workday"):
            continue
        if not _may_be_rest_day(rules, rule, limb, day):
            continue
        text = " ".join(day.span.text.split())
        put = model.RolledDate(day, model.DateType(), day.span)
        yield _due_changed(rule, "M112", limb, put, Bilingual(text, text), _ROLLED)


_ROLLED: Final = Bilingual("遇休息日顺延", "moved on from a rest day")


def _may_be_rest_day(rules: model.RuleSet, rule: model.Rule, limb: model.Limb, day: model.Term) -> bool:
    known: list[int] = []
    if isinstance(day, model.Literal_):
        known = [day.value.numerator]
    elif isinstance(day, model.PeriodEnd) and rule.every is not None:
        end = _window(limb)[1]
        if end is not None:
            known = [period.end for period in periods(rule.every, limb, end) if period is not None]
    elif isinstance(day, model.AnnualDay):
        start, end = _window(limb)
        years = range(date.fromordinal(start).year, date.fromordinal(end).year + 1) if end is not None else ()
        known = [date(year, day.month, min(day.day, monthrange(year, day.month)[1])).toordinal() for year in years]
    return not known or any(rules.calendar.roll(each) != (each, each) for each in known)


def _window(limb: model.Limb) -> tuple[int, int | None]:
    ends = [end for end in (limb.owed[1], limb.in_force[1]) if end is not None]
    return max(limb.owed[0], limb.in_force[0]), min(ends) if ends else None


def _period(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """The period in which the duty is owed, a day more and a day less at each end.

    Of a rule that leaves it to the document only where it decides which events count. At its end only where it does that, or
    where another period is judged for it: a state is judged by the last figures, whichever day they are of.
    """
    counts_events = any(_has_events(rule, limb) for _, limb in _limbs(rule))
    for owed, in_force in dict.fromkeys((limb.owed, limb.in_force) for _, limb in _limbs(rule)):
        of = next(limb for _, limb in _limbs(rule) if (limb.owed, limb.in_force) == (owed, in_force))
        inherits = (owed, in_force) == ((rule.document.in_force[0], rule.document.horizon), rule.document.in_force)
        if inherits and not counts_events:
            continue
        start, end = _window(of)
        shown = date_text(start)
        for amount in (-1, 1):
            yield _owed(rule, of, (start + amount, end), shown, date_text(start + amount))
        for amount in (-1, 1) if end is not None else ():
            assert end is not None
            if counts_events or _other_periods(rule, start, end, amount):
                yield _owed(rule, of, (start, end + amount), date_text(end), date_text(end + amount))


def _has_events(rule: model.Rule, limb: model.Limb) -> bool:
    if rule.kind.occurs_on is not None:
        return True
    found = (site.node for role in LIMB_TESTS if getattr(limb, role) is not None for site in sites(getattr(limb, role)))
    return any(isinstance(node, model.Collection) and node.kinds[-1].occurs_on is not None for node in found)


def _other_periods(rule: model.Rule, start: int, end: int, amount: int) -> bool:
    return rule.every is not None and end + amount >= start and period_of(rule.every, end) != period_of(rule.every, end + amount)


def _owed(
    rule: model.Rule, of: model.Limb, window: tuple[int, int | None], before: Bilingual, after: Bilingual
) -> Mutant:
    return _clause(
        rule,
        "M109",
        of.span,
        before,
        after,
        lambda limb: (limb.owed, limb.in_force) == (of.owed, of.in_force),
        lambda limb: replace(limb, owed=window, in_force=window),
    )


_OTHER_FREQUENCY: Final[dict[model.Frequency, model.Frequency]] = {"year": "quarter", "quarter": "month", "month": "quarter"}


def _frequency(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """Every quarter in place of every year, where no figure of the period is read."""
    if rule.every is None:
        return
    for _, limb in _limbs(rule):
        for role in LIMB_TESTS:
            value = getattr(limb, role)
            for site in sites(value) if value is not None else ():
                if isinstance(site.node, model.FactTerm) and isinstance(site.node.period, int):
                    return
        if limb.done is not None and isinstance(limb.done.period, int):
            return
    every = rule.every
    other = _OTHER_FREQUENCY[every]
    tags = frozenset(limb.tag for _, limb in _limbs(rule))
    yield Mutant("M115", replace(rule, every=other), rule.span, _setting(every), _setting(other), tags)


def _setting(name: str) -> Bilingual:
    return both(lambda language: words.spell_setting(name, language))


# --- readings ---

_CLAUSES: Final[dict[str, tuple[str, ...]]] = {
    "applies": ("applies",),
    "except": ("excepted",),
    "must": ("requirement", "done", "modality"),
    "due": ("due",),
    "owed": ("owed",),
    "in_force": ("in_force",),
}
"""The clauses that a reading can say otherwise, and what they are in a limb."""


def _readings(rules: model.RuleSet, rule: model.Rule) -> Iterator[Mutant]:
    """A clause of another reading left out, so that the reading says there what the first one says."""
    first = {limb.tag: limb for limb in rule.readings[0].limbs}
    for position, reading in enumerate(rule.readings[1:], 1):
        for limb in reading.limbs:
            default = first.get(limb.tag)
            if default is None or reading.name is None:
                continue
            for clause, fields in _CLAUSES.items():
                put = {name: getattr(default, name) for name in fields}
                if put == {name: getattr(limb, name) for name in fields}:
                    continue
                label = _label(clause)
                yield Mutant(
                    "M116",
                    _with_limb(rule, position, limb, replace(limb, **put)),
                    _span_of(limb, fields[0]),
                    Bilingual(f"{label.zh}〔{reading.name.zh}〕", f"{label.en} [{reading.name.en}]"),
                    NOTHING,
                    frozenset({limb.tag}),
                )


def _with_limb(rule: model.Rule, position: int, limb: model.Limb, put: model.Limb) -> model.Rule:
    reading = rule.readings[position]
    changed = replace(reading, limbs=tuple(put if each is limb else each for each in reading.limbs))
    return replace(rule, readings=tuple(changed if at == position else each for at, each in enumerate(rule.readings)))


def _span_of(limb: model.Limb, field: str) -> Span:
    value = getattr(limb, field)
    return value.span if isinstance(getattr(value, "span", None), Span) else limb.span


