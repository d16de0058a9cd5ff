"""The values that are worth a look in an example: on, below and above each limit, every category, the days around a date,
and a fact that is not told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from rulecheck.dataclass import dataclass, replace
from rulecheck.judging import algebra
from rulecheck.judging.lower import period_of, periods
from rulecheck.language import syntax
from rulecheck.language.source import Span
from rulecheck.measures.units import exact_text
from rulecheck.proving.boundaries import Run, difference, limb_runs
from rulecheck.proving.rewriting import LIMB_TESTS, Node, sites
from rulecheck.rules import model

Bindings = tuple[syntax.Binding, ...]
Key = tuple[str, str | None]
"""What a binding binds: an English id (or as_of, period …) and the period's text."""


def varied(
    rules: model.RuleSet, rule: model.Rule, limb: model.Limb, example: model.RuleExample, own: Bindings
) -> Iterator[Bindings]:
    """The bindings of an example with one value moved: of a fact, of a fact of its first member, or of the time. `limb`: as the
    reading has it that the example is judged under."""
    look = _look_at(rule)
    run = next(limb_runs(rules, replace(rule, examples=(replace(example, reading=None),)), limb), None)
    for binding in example.bindings:
        if isinstance(binding.value, syntax.Elements):
            yield from (_put(rules, own, binding, elements) for elements in _members(rules, binding.value, look))
            continue
        fact = _fact_of(rules, binding)
        if fact is not None:
            for value in (*_values(fact, look, binding, limb, run), *_moved(fact, look, binding, limb, run)):
                yield _put(rules, own, binding, value)
    span = example.span
    for day in _days(rule, limb, run):
        yield _put(rules, own, syntax.Binding(syntax.Constant("as_of", span), _date(day, span), span), _date(day, span))
    for period in _periods(rule, limb, span):
        yield _put(rules, own, syntax.Binding(syntax.Constant("period", span), period, span), period)


def _key(rules: model.RuleSet, binding: syntax.Binding) -> Key:
    target = binding.target
    if isinstance(target, syntax.Constant):
        return target.word, None
    name = target.name if isinstance(target, syntax.At) else target
    return rules.names.get(name.text, name.text), str(target.period) if isinstance(target, syntax.At) else None


def _put(
    rules: model.RuleSet, own: Bindings, binding: syntax.Binding, value: syntax.Expression | syntax.Elements
) -> Bindings:
    key = _key(rules, binding)
    kept = tuple(each for each in own if _key(rules, each) != key)
    return (*kept, replace(binding, value=value))


def _fact_of(rules: model.RuleSet, binding: syntax.Binding) -> model.Fact | None:
    return rules.facts.get(_key(rules, binding)[0])


# --- facts ---


@dataclass(frozen=True, slots=True)
class Look:
    """`limits`: the constants that each fact is compared with, and the steps beside them, by the fact's id. `is_english`: the
    language of the rule's file."""

    limits: Mapping[str, set[Fraction]]
    is_english: bool

    def quantity(self, fact: model.Fact, number: Fraction, span: Span) -> syntax.Expression:
        unit = fact.unit
        text = exact_text(number / (unit.factor if unit is not None else 1))
        name = None if unit is None else unit.english if self.is_english else unit.text
        return syntax.Quantity(text, name, span)

    def name(self, of: model.Bilingual, span: Span) -> syntax.Name:
        return syntax.Name(of.en if self.is_english else of.zh, span)


def _look_at(rule: model.Rule) -> Look:
    found: dict[str, set[Fraction]] = {}
    for node in _nodes(rule):
        if isinstance(node, model.Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, model.FactTerm) and isinstance(other, model.Literal_):
                    step = one.fact.step if isinstance(one.type, model.NumberType) else Fraction(1)
                    found.setdefault(one.fact.id, set()).update(other.value + sign * step for sign in (-1, 0, 1))
    return Look(found, rule.span.text[:1].isascii())


def _nodes(rule: model.Rule) -> Iterator[Node]:
    for reading in rule.readings:
        for limb in reading.limbs:
            for role in LIMB_TESTS:
                value = getattr(limb, role)
                if value is not None:
                    yield from (site.node for site in sites(value))


def _values(
    fact: model.Fact,
    look: Look,
    binding: syntax.Binding,
    limb: model.Limb | None = None,
    run: Run | None = None,
) -> Iterator[syntax.Expression]:
    """The values of a fact worth a look, as they are written."""
    span = binding.span
    yield syntax.Constant("unknown", span)
    if fact.may_be_none:
        yield syntax.Constant("none", span)
    match fact.type:
        case model.YesNoType():
            yield from (syntax.Constant(word, span) for word in ("yes", "no"))
        case model.CategoryType(members=members):
            yield from (look.name(member, span) for member in members)
        case model.DateType():
            days = {int(day) for day in look.limits.get(fact.id, ())} | set(_due_days(limb, run)) | set(_ends(fact, limb, run))
            yield from (_date(day, span) for day in sorted(days))
        case model.TimeType():
            minutes = {int(minute) for minute in look.limits.get(fact.id, ())}
            yield from (syntax.Time(*divmod(minute, 60), span) for minute in sorted(minutes) if 0 <= minute < 1440)
        case model.NumberType():
            numbers = look.limits.get(fact.id, set())
            yield from (look.quantity(fact, number, span) for number in sorted(numbers) if _fits(fact, number))


def _fits(fact: model.Fact, number: Fraction) -> bool:
    steps = number / fact.step
    low, high = fact.minimum, fact.maximum
    return steps.denominator == 1 and (low is None or steps >= low) and (high is None or steps <= high)


def _moved(
    fact: model.Fact, look: Look, binding: syntax.Binding, limb: model.Limb, run: Run | None
) -> Iterator[syntax.Expression]:
    """The value that brings a comparison of other things to its limit, with the steps beside it."""
    value = binding.value
    if run is None or not isinstance(value, syntax.Quantity) or not isinstance(fact.type, model.NumberType):
        return
    found: set[Fraction] = set()
    now = Fraction(value.number) * (fact.unit.factor if fact.unit is not None else 1)
    for role in LIMB_TESTS[:3]:
        test = getattr(limb, role)
        for site in sites(test) if test is not None else ():
            if isinstance(site.node, model.Compare) and any(_reads(each.node, fact) for each in sites(site.node)):
                bounds = difference(site.node, run.subject, run.lowering, run.rows)
                if bounds is not None and bounds[0] is not None and bounds[0] == bounds[1]:
                    gap = bounds[0] - bounds[0] % fact.step
                    found |= {exact + sign * fact.step for exact in (now - gap, now + gap) for sign in (-1, 0, 1)}
    yield from (look.quantity(fact, number, binding.span) for number in sorted(found) if _fits(fact, number))


def _reads(node: Node, fact: model.Fact) -> bool:
    return isinstance(node, model.FactTerm | model.PeriodTotal) and node.fact is fact


def _members(
    rules: model.RuleSet, elements: syntax.Elements, look: Look
) -> Iterator[syntax.Elements]:
    """Members with a value of the first moved, the first moved and the rest as they are, and none at all."""
    if not elements.elements:
        return
    yield replace(elements, elements=())
    first = elements.elements[0]
    for binding in first.bindings:
        fact = _fact_of(rules, binding)
        for value in _values(fact, look, binding) if fact is not None else ():
            moved = replace(first, bindings=_put(rules, first.bindings, binding, value), times=1)
            yield replace(elements, elements=(moved, *elements.elements[1:]))
            yield replace(elements, elements=(first, moved))


# --- time ---


def _date(day: int, span: Span) -> syntax.Date:
    moment = date.fromordinal(day)
    return syntax.Date(moment.year, moment.month, moment.day, span)


def _due_days(limb: model.Limb | None, run: Run | None) -> Iterator[int]:
    if run is None or limb is None or (limb.due is None and run.judge.limb.due is None):
        return
    planned = run.lowering.whole(limb.due) if limb.due is not None else run.judge.limb.due
    assert planned is not None
    due = algebra.term(planned, run.rows)(run.subject)
    if isinstance(due, int):
        yield from (due - 1, due, due + 1)


def _ends(fact: model.Fact, limb: model.Limb | None, run: Run | None) -> Iterator[int]:
    """The days at both ends of the period in which an event counts, of the fact that says when it was."""
    if limb is not None and run is not None and run.subject.kind.occurs_on == fact.id:
        start, end = max(limb.owed[0], limb.in_force[0]), limb.owed[1]
        yield from (start - 1, start)
        yield from (end, end + 1) if end is not None else ()


def _days(rule: model.Rule, limb: model.Limb, run: Run | None) -> Iterable[int]:
    """As-of dates: around the due date of every reading, and the ends of the period in which the duty is owed."""
    days = set(_due_days(limb, run))
    for reading in rule.readings:
        for each in reading.limbs:
            if each.tag == limb.tag and isinstance(each.due, model.Literal_):
                due = each.due.value.numerator
                days |= {due, due + 1}
            start = max(each.owed[0], each.in_force[0])
            days |= {start - 1, start}
            if each.owed[1] is not None:
                days.add(each.owed[1] + 1)
    return sorted(days)


def _periods(rule: model.Rule, limb: model.Limb, span: Span) -> Iterator[syntax.Expression]:
    """The years before, within and after those in which something is owed; other periods are left to the as-of date."""
    if rule.every != "year":
        return
    start, end = limb.owed[0], limb.owed[1]
    found = [each for each in periods(rule.every, limb, end or start) if each is not None]
    outside = (period_of("year", found[0].start - 1), period_of("year", found[-1].end + 1))
    yield from (syntax.Year(int(each.key), span) for each in (outside[0], *found, outside[1]))


# --- facts that an example leaves out ---


def completed(rules: model.RuleSet, rule: model.Rule, limb: model.Limb, example: model.RuleExample) -> Bindings:
    """Every fact of the subject that a limb reads and the example does not tell, at a limit where it has one; in a rule without
    examples the as-of date too."""
    look = _look_at(rule)
    told = {_key(rules, binding) for binding in example.bindings}
    span = rule.span
    untold = syntax.Constant("unknown", span)
    found: list[syntax.Binding] = []
    if not rule.examples:
        end = limb.owed[1] if limb.owed[1] is not None else limb.owed[0] + 365
        found.append(syntax.Binding(syntax.Constant("as_of", span), _date(end, span), span))
    for fact, key in dict.fromkeys(_read(rule, limb)):
        name = look.name(fact.name, span)
        binding = syntax.Binding(syntax.At(name, _period(key, span), span) if key else name, untold, span)
        if _key(rules, binding) not in told:
            found.append(replace(binding, value=_first(fact, look, binding, limb)))
    return tuple(found)


def _first(
    fact: model.Fact, look: Look, binding: syntax.Binding, limb: model.Limb
) -> syntax.Expression:
    values: Sequence[syntax.Expression] = list(_values(fact, look, binding))
    told = [each for each in values if not (isinstance(each, syntax.Constant) and each.word in ("unknown", "none"))]
    if not told and isinstance(fact.type, model.NumberType):
        return look.quantity(fact, (fact.minimum or 0) * fact.step, binding.span)
    if not told and isinstance(fact.type, model.DateType):
        return _date(limb.owed[0], binding.span)
    return (told or values)[0]


def _read(rule: model.Rule, limb: model.Limb) -> Iterator[tuple[model.Fact, str | None]]:
    """The facts of the subject itself that a limb reads, with the years they are of."""
    tests = [value for role in (*LIMB_TESTS, "done") if (value := getattr(limb, role)) is not None]
    for node in (site.node for test in tests for site in sites(test)):
        if isinstance(node, model.PeriodTotal) and rule.kind.id in node.fact.kinds:
            yield from ((node.fact, key) for key in node.periods if key.isdigit())
        elif isinstance(node, model.FactTerm) and rule.kind.id in node.fact.kinds:
            if node.fact.every is None:
                yield node.fact, None
            elif isinstance(node.period, str) and node.period.isdigit():
                yield node.fact, node.period


def _period(key: str, span: Span) -> syntax.Year:
    return syntax.Year(int(key), span)
