"""Which boundary examples a rule still lacks: on, below and above each threshold, each exception, the due date and the day
after, a missing fact. Its own examples are looked at from the inside: what each comparison of the default reading came to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from rulecheck.dataclass import dataclass, field
from rulecheck.judging import algebra, plan
from rulecheck.judging.intervals import Interval, Number
from rulecheck.judging.judge import Judge, LimbJudge
from rulecheck.judging.lower import Lowering
from rulecheck.judging.rows import Rows, reach_members
from rulecheck.judging.truth import NO, UNKNOWN, YES
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.language.source import Span
from rulecheck.measures.days import first_of_year, in_season, last_of_year
from rulecheck.prose.values import annual_day_text, value_text
from rulecheck.proving.examples import build, chosen, judge_of
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import walk
from rulecheck.submission import NONE, UNTOLD, Origin, Subject

ORDERED = (model.NumberType, model.DateType, model.TimeType, model.CategoryType)
"""Types whose comparisons have a threshold."""


def lacking(rules: model.RuleSet) -> list[Diagnostic]:
    """Every boundary of every rule that no example stands on. A comparison that several limbs or, in a definition, several
    rules share needs its examples once."""
    limbs = [(rule, limb, list(limb_runs(rules, rule, limb))) for rule in rules.rules for limb in rule.readings[0].limbs]
    seen: dict[Span, Seen] = {}
    for _, _, runs in limbs:
        for run in runs:
            for node, subject in _all_compared(run):
                noted = seen.setdefault(node.span, Seen())
                if isinstance(node, model.InSeason):
                    _note_day(noted, node, subject, run)
                else:
                    _note(noted, node, subject, run)
    told: set[Span] = set()
    problems: list[Diagnostic] = []
    for rule, limb, runs in limbs:
        problems += _thresholds(rules, rule, limb, runs, seen, told)
        problems += _ranked(rule, limb, runs)
        problems += _exceptions(rule, limb, runs)
        problems += _due(rule, limb, runs)
        if not any(_waits(limb, run) for run in runs):
            problems.append(_error("R308", limb.span, rule, limb))
    return problems


@dataclass(frozen=True, slots=True)
class Run:
    """One example of a limb with the functions that judged it."""

    subject: Subject
    judge: LimbJudge
    lowering: Lowering
    rows: Rows


def limb_runs(rules: model.RuleSet, rule: model.Rule, limb: model.Limb) -> Iterator[Run]:
    """The examples of a limb, run."""
    judges: dict[int, Judge] = {}
    for example in rule.examples:
        if example.limb not in (None, limb.tag):
            continue
        case = build(rules, rule, example)
        if case.problems:
            continue
        judge = None if case.parameters else judges.get(case.as_of)
        if judge is None:
            judge = judge_of(rules, rule, case)
            if not case.parameters:
                judges[case.as_of] = judge
        for found in chosen(judge, rule, example, case):
            if found.plan.tag == limb.tag:
                of = found.limbs[0]
                lowering = Lowering(rules, of.limb.limb.owed, of.limb.limb.in_force, of.limb.period, of.limb.as_of)
                yield Run(case.subject, of, lowering, judge.rows)


def _error(code: str, span: Span, rule: model.Rule, limb: model.Limb, **values: Bilingual | str) -> Diagnostic:
    told: dict[str, str] = {"name": rule.zh, "name_en": rule.id}
    if limb.tag is not None:
        told |= {"name": f"{rule.zh}（{limb.tag}）", "name_en": f"{rule.id} ({limb.tag})"}
    for key, value in values.items():
        told |= {key: value.zh, f"{key}_en": value.en} if isinstance(value, Bilingual) else {key: value, f"{key}_en": value}
    return error(code, span, **told)


# --- thresholds ---


@dataclass(slots=True)
class Seen:
    """What the examples made of one comparison: exact differences left − right, signs that are certain, and whether it was
    ever left open; of a stretch of the year the edges of each that a day stood on."""

    differences: set[Fraction] = field(default_factory=set)
    signs: set[int] = field(default_factory=set)
    was_open: bool = False
    edges: set[tuple[model.Season, str]] = field(default_factory=set)


Bounded = model.Compare | model.InSeason
"""Tests that hold up to a boundary and not beyond it."""


def _all_compared(run: Run) -> Iterator[tuple[Bounded, Subject]]:
    """Every comparison of a limb as an example meets it. Where the example supposes a parameter, the tests are copies of the
    limb's, told by the same spans."""
    limb = run.judge.limb.limb
    for test in (limb.applies, limb.excepted, limb.requirement):
        if test is not None:
            yield from _compared(test, run.subject, run)


def _thresholds(
    rules: model.RuleSet,
    rule: model.Rule,
    limb: model.Limb,
    runs: Sequence[Run],
    seen: Mapping[Span, Seen],
    told: set[Span],
) -> Iterator[Diagnostic]:
    """What is lacking at the comparisons of a limb; `told`: those that were looked at for an earlier limb."""
    for test in (limb.applies, limb.excepted, limb.requirement):
        for compare, kind in _scoped(test, rule.kind) if test is not None else ():
            if isinstance(compare, model.InSeason):
                if compare.span not in told:
                    told.add(compare.span)
                    yield from _of_season(rule, limb, compare, seen.get(compare.span, Seen()))
                continue
            types = (compare.left.type, compare.right.type)
            if compare.span not in told and all(isinstance(type_, ORDERED) for type_ in types):
                told.add(compare.span)
                possible = _possible_signs(rules, compare, kind, runs)
                yield from _of_comparison(rule, limb, compare, possible, seen.get(compare.span, Seen()))


def _scoped(node: model.Test | model.Term, kind: model.Kind) -> Iterator[tuple[Bounded, model.Kind]]:
    """Every comparison inside a test with the kind of subject it is made on."""
    if isinstance(node, Bounded):
        yield node, kind
    for members, inner in _collections(node):
        for each in (members.where, inner):
            if each is not None:
                yield from _scoped(each, members.kinds[-1])
    for part in _parts(node):
        yield from _scoped(part, kind)


def _compared(node: model.Test | model.Term, subject: Subject, run: Run) -> Iterator[tuple[Bounded, Subject]]:
    """Every comparison inside a test with each subject it is made on: those of a member only where the member counts."""
    if isinstance(node, Bounded):
        yield node, subject
    for members, inner in _collections(node):
        belongs = run.lowering.test(members.where) if members.where is not None else None
        truth = algebra.fulfilled(algebra.test(belongs, run.rows), run.rows) if belongs is not None else None
        for each in reach_members(run.lowering.members(members), subject)[0]:
            if members.where is not None:
                yield from _compared(members.where, each, run)
            if inner is not None and (truth is None or truth(each) != NO):
                yield from _compared(inner, each, run)
    for part in _parts(node):
        yield from _compared(part, subject, run)


Inner = model.Test | model.Term | None


def _collections(node: model.Test | model.Term) -> Iterator[tuple[model.Collection, Inner]]:
    """The collection that a node itself looks through, with what it asks of each member."""
    match node:
        case model.Every(members=members, test=inner) | model.Some(members=members, test=inner):
            yield members, inner
        case model.Share(members=members, test=inner):
            yield members, inner
        case model.Total(members=members, term=inner) | model.Distinct(members=members, term=inner):
            yield members, inner
        case model.Count(members=members):
            yield members, None


def _parts(node: model.Test | model.Term) -> tuple[model.Test | model.Term, ...]:
    """What a node holds about the same subject."""
    match node:
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            return parts
        case model.HowMany(tests=tests):
            return tests
        case model.Not(part=part):
            return (part,)
        case model.Compare(left=left, right=right) | model.Sum(left=left, right=right):
            return left, right
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            return left, right
        case model.Member(term=term) | model.DateShift(term=term) | model.RolledDate(term=term):
            return (term,)
        case model.WeekdayOf(term=term) | model.InSeason(term=term) | model.Change(term=term):
            return (term,)
        case _:
            return ()


Bounds = tuple[Fraction | None, Fraction | None]


def _bounds(term: model.Term, subject: Subject, lowering: Lowering, rows: Rows) -> Bounds | None:
    """The value of a term, as bounds in base units; None where there is none."""
    ratio = lowering.ratio(term)
    above = _number(ratio.numerator, subject, rows)
    if ratio.denominator is None or above is None:
        return above
    below = _number(ratio.denominator, subject, rows)
    if below is None or None in above or None in below or below[0] != below[1] or not below[0] or above[0] != above[1]:
        return None, None
    assert above[0] is not None
    exact = above[0] / below[0]
    return exact, exact


def _number(term: plan.Term, subject: Subject, rows: Rows) -> Bounds | None:
    number: Number = algebra.term(term, rows)(subject)
    if isinstance(number, int):
        return number * term.scale, number * term.scale
    if isinstance(number, Interval):
        low, high = number
        return None if low is None else low * term.scale, None if high is None else high * term.scale
    return None


def difference(compare: model.Compare, subject: Subject, lowering: Lowering, rows: Rows) -> Bounds | None:
    """left − right as bounds."""
    left = _bounds(compare.left, subject, lowering, rows)
    right = _bounds(compare.right, subject, lowering, rows)
    if left is None or right is None:
        return None
    low = None if left[0] is None or right[1] is None else left[0] - right[1]
    high = None if left[1] is None or right[0] is None else left[1] - right[0]
    return low, high


def _note(seen: Seen, compare: model.Compare, subject: Subject, run: Run) -> None:
    found = difference(compare, subject, run.lowering, run.rows)
    if found is None:
        return
    low, high = found
    if low is not None and low == high:
        seen.differences.add(low)
        seen.signs.add((low > 0) - (low < 0))
    elif low is not None and low >= 0:
        seen.signs.add(1)
    elif high is not None and high <= 0:
        seen.signs.add(-1)
    else:
        seen.was_open = True


EDGES = {
    "before": Bilingual("首日的前一日", "the day before it begins"),
    "first": Bilingual("首日", "its first day"),
    "last": Bilingual("末日", "its last day"),
    "after": Bilingual("末日的次日", "the day after it ends"),
}
"""The days around the ends of a stretch of the year."""


def _edges(day: int, season: model.Season) -> Iterator[str]:
    """On which sides of the ends of a stretch a day stands."""
    before, inside, after = (in_season(each, season) for each in (day - 1, day, day + 1))
    found = {"first": not before, "last": not after} if inside else {"before": after, "after": before}
    yield from (edge for edge, is_so in found.items() if is_so)


def _note_day(seen: Seen, test: model.InSeason, subject: Subject, run: Run) -> None:
    found = _bounds(test.term, subject, run.lowering, run.rows)
    if found is not None and found[0] is not None and found[0] == found[1]:
        seen.edges |= {(season, edge) for season in test.seasons for edge in _edges(int(found[0]), season)}


def _of_season(rule: model.Rule, limb: model.Limb, test: model.InSeason, seen: Seen) -> Iterator[Diagnostic]:
    """The ends of each stretch need a day on either side; one that is the whole year has no ends."""
    for season in test.seasons:
        days = {edge: day for day in range(last_of_year(2024), first_of_year(2023) - 1, -1) for edge in _edges(day, season)}
        for edge, name in EDGES.items():
            if edge in days and (season, edge) not in seen.edges:
                day = date.fromordinal(days[edge])
                yield _error("R312", test.span, rule, limb, edge=name, day=annual_day_text(day.month, day.day))


SIDES = {-1: "R303", 0: "R302", 1: "R304"}
TIGHT = {"at_least": -1, "less_than": -1, "at_most": 1, "more_than": 1}
"""On which side of the threshold lies the value beside it that comes out the other way."""


def _of_comparison(
    rule: model.Rule, limb: model.Limb, compare: model.Compare, possible: set[int], seen: Seen
) -> Iterator[Diagnostic]:
    if compare.relation in ("equal", "unequal"):
        if 0 not in seen.signs:
            yield _error("R302", compare.span, rule, limb, value=_value(compare, Fraction(0)))
        if not seen.signs - {0} and possible - {0}:
            yield _error("R309", compare.span, rule, limb)
        return
    step = _step(compare)
    for sign, code in SIDES.items():
        if sign not in possible:
            continue
        if step is not None and sign == TIGHT[compare.relation]:
            if sign * step not in seen.differences:
                yield _error("R305", compare.span, rule, limb, value=_value(compare, sign * step))
        elif sign not in seen.signs and not (sign == 0 and seen.was_open and _rests_on_open_parameter(compare)):
            yield _error(code, compare.span, rule, limb, value=_value(compare, sign * (step or Fraction(0))))


def _possible_signs(rules: model.RuleSet, compare: model.Compare, kind: model.Kind, runs: Sequence[Run]) -> set[int]:
    """The signs that left − right can have at all, by the declared ranges and by the relations between facts."""
    found = difference(compare, blank(rules, kind), runs[0].lowering, runs[0].rows) if runs else None
    low, high = found if found is not None else (None, None)
    signs = {sign for sign, side in ((-1, low), (1, high)) if side is None or side * sign > 0}
    if (low is None or low <= 0) and (high is None or high >= 0):
        signs.add(0)
    for relation in rules.relations:
        if relation.kind is kind and isinstance(relation.test, model.Compare):
            signs &= _allowed(relation.test, compare)
    return signs


HOLDS = {
    "at_least": {0, 1},
    "at_most": {-1, 0},
    "more_than": {1},
    "less_than": {-1},
    "equal": {0},
    "unequal": {-1, 1},
}
"""The signs of left − right with which a comparison holds."""


def _allowed(relation: model.Compare, compare: model.Compare) -> set[int]:
    """The signs that a relation leaves to a comparison of the same two terms."""
    holds = HOLDS[relation.relation]
    if (relation.left, relation.right) == (compare.left, compare.right):
        return holds
    if (relation.left, relation.right) == (compare.right, compare.left):
        return {-sign for sign in holds}
    return {-1, 0, 1}


def blank(rules: model.RuleSet, kind: model.Kind) -> Subject:
    """A subject of which nothing is told, with all that is above it."""
    parent = blank(rules, rules.kinds[kind.parent]) if kind.parent is not None else None
    values = [UNTOLD] * len(kind.slots)
    return Subject(kind, "1", kind.zh, Origin("", "", "", ""), None, parent, values, [None] * len(kind.children), {})


def _step(compare: model.Compare) -> Fraction | None:
    """The step of a fact that is compared with a constant; None for any other comparison."""
    if isinstance(compare.left, model.FactTerm) and isinstance(compare.right, model.Literal_):
        step = compare.left.fact.step
        return step if compare.right.value % step == 0 else None
    return None


def _value(compare: model.Compare, beside: Fraction) -> Bilingual | str:
    """The value that an example would bind, where it can be told."""
    if _step(compare) is None or not isinstance(compare.left, model.FactTerm) or not isinstance(compare.right, model.Literal_):
        return ""
    fact = compare.left.fact
    try:
        value = value_text(compare.right.value + beside, fact.type)
    except (IndexError, ValueError, OverflowError):
        return ""
    return Bilingual(f"{fact.zh}={value.zh}", f"{fact.id} = {value.en}")


def _rests_on_open_parameter(compare: model.Compare) -> bool:
    return any(isinstance(node, model.ParameterTerm) for node in walk(compare))


# --- the head of a ranking ---


def _ranked(rule: model.Rule, limb: model.Limb, runs: Sequence[Run]) -> Iterator[Diagnostic]:
    """Somebody belongs to the head in one example, and somebody does not."""
    tests = [test for test in (limb.applies, limb.excepted, limb.requirement) if test is not None]
    for node in (node for test in tests for node in walk(test) if isinstance(node, model.WithinTop)):
        kind, seen = node.siblings.kinds[-1], set[int]()
        for run in runs:
            truth = algebra.test(run.lowering.test(node), run.rows).truth
            seen |= {truth(each) for each in _below(run.subject) if each.kind is kind}
        for wanted, code in ((YES, "R321"), (NO, "R322")):
            if wanted not in seen:
                yield _error(code, node.span, rule, limb)


def _below(subject: Subject) -> Iterator[Subject]:
    """A subject and all that is part of it."""
    yield subject
    for roster in subject.rosters:
        for each in roster.members if roster is not None else ():
            yield from _below(each)


# --- exceptions ---


def _exceptions(rule: model.Rule, limb: model.Limb, runs: Sequence[Run]) -> Iterator[Diagnostic]:
    """Each exception holds in an example; of an exception for several categories, each of them."""
    if limb.excepted is None:
        return
    parts = limb.excepted.parts if isinstance(limb.excepted, model.AnyOf) else (limb.excepted,)
    for position, part in enumerate(parts):
        holding = [run for run in runs if _holds(_part(run.judge.limb.limb.excepted, position), run) == YES]
        if not holding:
            yield _error("R306", part.span, rule, limb)
        elif isinstance(part, model.Member) and isinstance(part.term, model.FactTerm) and not part.negated:
            type_ = part.term.type
            told = {_raw(part.term, run) for run in holding}
            for value in sorted(part.values, key=str) if isinstance(type_, model.CategoryType) else ():
                if value not in told:
                    assert isinstance(value, int)
                    assert isinstance(type_, model.CategoryType)
                    yield _error("R307", part.span, rule, limb, value=type_.choices[value])


def _part(excepted: model.Test | None, position: int) -> model.Test:
    assert excepted is not None
    return excepted.parts[position] if isinstance(excepted, model.AnyOf) else excepted


def _holds(test: model.Test, run: Run) -> int:
    return algebra.fulfilled(algebra.test(run.lowering.test(test), run.rows), run.rows)(run.subject)


def _raw(term: model.FactTerm, run: Run) -> object:
    return run.rows.raw(run.lowering.fact(term))(run.subject)


# --- dates and missing facts ---


def _due(rule: model.Rule, limb: model.Limb, runs: Sequence[Run]) -> Iterator[Diagnostic]:
    """An example on the due date and one on the day after: of what was done, or of the as-of date where it was not."""
    if limb.due is None and rule.every is None:
        return
    distances = {distance for run in runs for distance in _distances(run)}
    for wanted, code in ((0, "R310"), (1, "R311")):
        if wanted not in distances:
            yield _error(code, limb.span, rule, limb)


def _distances(run: Run) -> Iterator[int]:
    """Days from the due date to what counts against it."""
    limb = run.judge.limb
    if limb.due is None:
        return
    due = algebra.term(limb.due, run.rows)(run.subject)
    if not isinstance(due, int):
        return
    done = run.rows.raw(limb.done)(run.subject) if limb.done is not None else NONE
    if isinstance(done, int):
        yield done - due
    elif done is NONE:
        yield limb.as_of - due


def _waits(limb: model.Limb, run: Run) -> bool:
    """Something the limb rests on is not told, and for that a condition or the requirement is not known."""
    if UNKNOWN not in run.judge.truths(run.subject)[1:]:
        return False
    tests = [test for test in (limb.applies, limb.excepted, limb.requirement, limb.due, limb.done) if test is not None]
    return any(_is_untold(test, run.subject, run) for test in tests)


def _is_untold(node: model.Test | model.Term, subject: Subject, run: Run) -> bool:
    match node:
        case model.FactTerm():
            return run.rows.raw(run.lowering.fact(node))(subject) is UNTOLD
        case model.IsNone(fact=fact):
            return _is_untold(fact, subject, run)
        case model.WithinTop(fact=fact, siblings=siblings):
            found, is_complete = reach_members(run.lowering.members(siblings), subject)
            return not is_complete or any(_is_untold(fact, each, run) for each in found)
        case model.PeriodTotal(fact=fact, up=up, periods=keys, span=span):
            return any(_is_untold(model.FactTerm(fact, up, key, fact.type, span), subject, run) for key in keys)
    for members, inner in _collections(node):
        found, is_complete = reach_members(run.lowering.members(members), subject)
        asked = [test for test in (members.where, inner) if test is not None]
        if not is_complete or any(_is_untold(test, each, run) for each in found for test in asked):
            return True
    return any(_is_untold(part, subject, run) for part in _parts(node))
