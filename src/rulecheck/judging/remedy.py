"""The smallest change that a unit can honestly make to cure a failed requirement, or nothing where there is none.

Only facts of the requirement that the vocabulary declares changeable are moved, in their declared direction, in whole steps and
within their range; dates, conditions, and what belongs to a period that is over stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Verdict
from rulecheck.judging import algebra, plan
from rulecheck.judging.judge import LimbJudge
from rulecheck.judging.lower import last_day
from rulecheck.judging.rows import Rows, TruthOf, reach_members
from rulecheck.judging.truth import ADVERSE, NO, NOT, YES, Truth
from rulecheck.rules import model
from rulecheck.rules.nodes import walk
from rulecheck.submission import UNTOLD, Subject

MOST_STEPS = 10**15
MOST_TRIED = 100
"""Steps tried one by one for an equality."""
ADVERSE_OR_SHORT = ADVERSE | {Verdict.FALLS_SHORT}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One fact of one subject moved from a value to another (in steps of the fact)."""

    subject: Subject
    fact: model.Fact
    slot: int
    period: str | None
    before: int
    after: int


Cure = tuple[Step, ...]


class Remedies:
    """Finds cures for one limb."""

    def __init__(self, judge: LimbJudge, rows: Rows) -> None:
        self._judge = judge
        self._rows = rows
        self._truths: dict[int, TruthOf] = {}
        limb = judge.limb.limb
        self._conditions = {
            node.fact.id
            for test in (limb.applies, limb.excepted)
            for node in (walk(test) if test is not None else ())
            if isinstance(node, model.FactTerm)
        }

    def find(self, subject: Subject) -> Cure:
        """The cure of the subject's failed requirement: applied it gives `met` (or takes the rule away, where the fact it
        moves is a condition too); one step less does not. Empty where there is none."""
        requirement = self._judge.limb.requirement
        if requirement is None:
            return ()
        cure = self._cure(requirement, subject, YES)
        if cure is None:
            return ()
        cure = merged(cure)
        return cure if cure and self._is_enough(cure, subject) and not self._is_too_much(cure, subject) else ()

    def _is_enough(self, cure: Cure, subject: Subject) -> bool:
        with applied(cure):
            outcome = self._judge.outcome(subject)
        if outcome.verdict is Verdict.MET:
            return True
        # A fact that is a condition too may take the rule away, or leave open whether it applies; nothing else may.
        is_condition = any(each.fact.id in self._conditions for each in cure)
        return is_condition and outcome.truths[3] == YES and not outcome.possible & ADVERSE_OR_SHORT

    def _is_too_much(self, cure: Cure, subject: Subject) -> bool:
        """Whether the cure would still do with one of its changes a step smaller."""
        for position, each in enumerate(cure):
            nearer = each.after - (1 if each.after > each.before else -1)
            less = Step(each.subject, each.fact, each.slot, each.period, each.before, nearer)
            if self._is_enough((*cure[:position], less, *cure[position + 1 :]), subject):
                return True
        return False

    # --- cures of a test ---

    def _truth(self, node: plan.Test) -> TruthOf:
        found = self._truths.get(id(node))
        if found is None:
            found = self._truths[id(node)] = algebra.unharmed(algebra.test(node, self._rows), self._rows)
        return found

    def _cure(self, node: plan.Test, subject: Subject, wanted: Truth) -> Cure | None:
        """The cheapest changes that bring the test to `wanted`; empty where it is so already, None where nothing can."""
        if self._truth(node)(subject) == wanted:
            return ()
        match node:
            case plan.Not(part=part):
                return self._cure(part, subject, NOT[wanted])
            case plan.All(parts=parts) | plan.Any(parts=parts):
                takes_all = isinstance(node, plan.All) == (wanted == YES)
                cures = [self._cure(part, subject, wanted) for part in parts]
                return together(cures) if takes_all else cheapest(cures)
            case plan.Every(members=members, test=test) | plan.Some(members=members, test=test):
                belongs = algebra.where(members, self._rows)
                found, is_complete = reach_members(members, subject)
                inside = [each for each in found if belongs is None or belongs(each) == YES]
                takes_all = isinstance(node, plan.Every) == (wanted == YES)
                if takes_all and not is_complete:
                    return None
                cures = [self._cure(test, each, wanted) for each in inside]
                return together(cures) if takes_all else cheapest(cures)
            case plan.In(term=plan.FactValue() as fact, values=values, negated=negated):
                return self._cure_choice(fact, values, (wanted == YES) != negated, subject)
            case plan.Compare():
                return self._cure_compare(node, subject, wanted)
            case _:
                return None

    def _cure_choice(self, fact: plan.FactValue, values: frozenset[int | str], inside: bool, subject: Subject) -> Cure | None:
        place = self._movable(fact, subject)
        if place is None:
            return None
        owner, slot, before = place
        low, high = fact.fact.minimum, fact.fact.maximum
        if low is None or high is None:
            return None
        if isinstance(fact.fact.type, model.CategoryType) and fact.fact.type.is_open:
            high -= 1  # nobody can be told to become something that is not listed
        options = [each for each in range(low, high + 1) if (each in values) == inside and may_move(fact.fact, before, each)]
        nearest = min(options, key=lambda each: (abs(each - before), each), default=None)
        return None if nearest is None else (Step(owner, fact.fact, slot, fact.period, before, nearest),)

    def _cure_compare(self, node: plan.Compare, subject: Subject, wanted: Truth) -> Cure | None:
        parameters = [term for term in terms_in((node.left, node.right)) if isinstance(term, plan.ParameterValue)]
        if any(not isinstance(algebra.term(term, self._rows)(subject), int) for term in parameters):
            # How much is enough is the authority's to say; the far end of what it may say would mislead.
            return None
        cures: list[Cure | None] = []
        for fact in numerators_in(node):
            cures.extend(self._cure_number(fact, node, subject, wanted, up) for up in (True, False))
        divisors = {figure_of(fact) for fact in facts_in(node.guards)}
        divisors |= {figure_of(inner) for _, inner in totals_in(node.guards)}
        for members, inner in totals_in((node.left, node.right)):
            if figure_of(inner) in divisors:
                continue
            for each in reach_members(members, subject)[0]:
                cures.extend(self._cure_number(inner, node, subject, wanted, up, owner=each) for up in (True, False))
        cures.append(self._cure_count(node, subject, wanted))
        cures += self._cures_listed(node, subject, wanted)
        return cheapest(cures)

    def _cures_listed(self, node: plan.Compare, subject: Subject, wanted: Truth) -> list[Cure]:
        """Conditions of a list brought to hold, or not to, the cheapest first; the rest of the way by one figure beside them."""
        truth, facts = self._truth(node), numerators_in(node)
        found: list[Cure] = []
        for listed in (term for term in terms_in((node.left, node.right)) if isinstance(term, plan.HowMany)):
            for outcome in (YES, NO):
                options = [self._cure(each, subject, outcome) for each in listed.tests]
                chosen: Cure = ()
                for each in sorted((each for each in options if each), key=cost):
                    chosen = merged((*chosen, *each))
                    with applied(chosen):
                        is_enough = truth(subject) == wanted
                        rest = [self._cure_number(fact, node, subject, wanted, up) for fact in facts for up in (True, False)]
                    if is_enough:
                        found.append(chosen)
                        break
                    found += [(*chosen, *more) for more in rest if more]
        return found

    def _cure_number(
        self,
        fact: plan.FactValue,
        node: plan.Test,
        subject: Subject,
        wanted: Truth,
        upward: bool,
        owner: Subject | None = None,
    ) -> Cure | None:
        """The fewest steps of one fact that bring the test to `wanted`: doubled until it is there, then halved between."""
        place = self._movable(fact, owner or subject)
        if place is None:
            return None
        holder, slot, before = place
        if not may_move(fact.fact, before, before + (1 if upward else -1)):
            return None
        limit = fact.fact.maximum if upward else fact.fact.minimum
        room = MOST_STEPS if limit is None else abs(limit - before)
        sign = 1 if upward else -1
        truth = self._truth(node)

        def reaches(steps: int) -> bool:
            with applied((Step(holder, fact.fact, slot, fact.period, before, before + sign * steps),)):
                return truth(subject) == wanted

        if isinstance(node, plan.Compare) and node.relation == "equal":
            # Equal is so at one value alone, which doubling would pass over.
            steps = next((each for each in range(1, min(room, MOST_TRIED) + 1) if reaches(each)), None)
            return None if steps is None else (Step(holder, fact.fact, slot, fact.period, before, before + sign * steps),)
        low, high = 0, 1
        while high <= room and not reaches(high):
            low, high = high, high * 2
        if high > room:
            if low >= room or not reaches(room):
                return None
            high = room
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reaches(middle) else (middle, high)
        return (Step(holder, fact.fact, slot, fact.period, before, before + sign * high),)

    def _cure_count(self, node: plan.Compare, subject: Subject, wanted: Truth) -> Cure | None:
        """Bring members to fulfil what is counted, or not to, the cheapest first, until the comparison is as wanted."""
        truth = self._truth(node)
        divisors = [each for each in (node.written_left.denominator, node.written_right.denominator) if each is not None]
        everybody = counts_in(divisors)
        for members in counts_in((node.left, node.right)):
            if not members.where or any(members is each for each in everybody):
                continue
            # Of a share only what it asks for can be brought about, not who is asked.
            *conditions, asked = members.where
            inside = [
                each
                for each in reach_members(members, subject)[0]
                if all(self._truth(condition)(each) == YES for condition in conditions)
            ]
            for outcome in (YES, NO):
                options = [self._cure(asked, each, outcome) for each in inside]
                chosen: Cure = ()
                for each in sorted((each for each in options if each), key=cost):
                    chosen = (*chosen, *each)
                    with applied(chosen):
                        if truth(subject) == wanted:
                            return chosen
        return None

    def _movable(self, fact: plan.FactValue, subject: Subject) -> tuple[Subject, int, int] | None:
        """Where the fact stands and its value, if the unit can change it: declared so, known, and not of a past period."""
        declared = fact.fact
        if declared.changeable is None or isinstance(declared.type, model.DateType):
            return None
        if fact.period is not None and last_day(fact.period) < self._judge.limb.as_of:
            return None
        owner = subject.above(fact.up)
        if owner is None or owner.kind.id not in fact.slots:
            return None
        slot = fact.slots[owner.kind.id]
        value: Any = owner.values[slot]
        if fact.period is not None and value is not UNTOLD:
            value = value.get(fact.period, UNTOLD)
        return (owner, slot, value) if isinstance(value, int) else None


def may_move(fact: model.Fact, before: int, after: int) -> bool:
    """Whether the fact can be moved so: in its declared direction and within its range."""
    if (fact.changeable == "increase" and after < before) or (fact.changeable == "decrease" and after > before):
        return False
    if fact.changeable is None or after == before:
        return False
    return (fact.minimum is None or after >= fact.minimum) and (fact.maximum is None or after <= fact.maximum)


def cost(cure: Cure) -> tuple[int, int]:
    return len(cure), sum(abs(each.after - each.before) for each in cure)


def cheapest(cures: Iterable[Cure | None]) -> Cure | None:
    return min((each for each in cures if each is not None), key=cost, default=None)


def together(cures: Sequence[Cure | None]) -> Cure | None:
    return None if any(each is None for each in cures) else tuple(step for each in cures for step in each or ())


def merged(cure: Cure) -> Cure:
    """One change a fact: of several the farthest, so that each of them is fulfilled."""
    found: dict[tuple[int, int, str | None], Step] = {}
    for each in cure:
        key = (id(each.subject), each.slot, each.period)
        known = found.get(key)
        if known is None or abs(each.after - each.before) > abs(known.after - known.before):
            found[key] = each
    return tuple(found.values())


@contextmanager
def applied(cure: Cure) -> Iterator[None]:
    """The subjects as they would be after the cure, put back at the end."""
    before = [(each.subject, each.slot, each.subject.values[each.slot]) for each in cure]
    try:
        for each in cure:
            values = each.subject.values
            if each.period is None:
                values[each.slot] = each.after
            else:
                values[each.slot] = {**values[each.slot], each.period: each.after}
        yield
    finally:
        for subject, slot, value in reversed(before):
            subject.values[slot] = value


# --- what a comparison rests on ---


def terms_in(terms: Iterable[plan.Term]) -> Iterator[plan.Term]:
    for term in terms:
        yield term
        match term:
            case plan.Add(left=left, right=right) | plan.Multiply(left=left, right=right):
                yield from terms_in((left, right))
            case plan.Shift(term=inner) | plan.Roll(term=inner) | plan.Weekday(term=inner):
                yield from terms_in((inner,))
            case _:
                pass


def figure_of(fact: plan.FactValue) -> tuple[str, str | None]:
    """Which figure it is: of a fact by period, each period has its own."""
    return fact.fact.id, fact.period


def facts_in(terms: Iterable[plan.Term]) -> list[plan.FactValue]:
    return [term for term in terms_in(terms) if isinstance(term, plan.FactValue)]


def numerators_in(node: plan.Compare) -> list[plan.FactValue]:
    """The facts of a comparison but those it divides by: a ratio is cured by what is counted, never by what it is counted
    against."""
    divisors = {figure_of(fact) for fact in facts_in(node.guards)}
    return [fact for fact in facts_in((node.left, node.right)) if figure_of(fact) not in divisors]


def totals_in(terms: Iterable[plan.Term]) -> list[tuple[plan.Members, plan.FactValue]]:
    return [
        (term.members, term.term)
        for term in terms_in(terms)
        if isinstance(term, plan.Total) and isinstance(term.term, plan.FactValue)
    ]


def counts_in(terms: Iterable[plan.Term]) -> list[plan.Members]:
    return [term.members for term in terms_in(terms) if isinstance(term, plan.Count)]
