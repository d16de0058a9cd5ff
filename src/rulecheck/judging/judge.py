"""Verdicts of a plan, subject by subject: the walk of `algebra` over the primitives of `rows`, and the verdict table."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Verdict
from rulecheck.judging import algebra, plan
from rulecheck.judging.algebra import Five
from rulecheck.judging.rows import Rows, TruthOf
from rulecheck.judging.truth import AND, Truths, possible_table, single, verdict_table
from rulecheck.submission import Subject


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came out for one limb under one reading."""

    truths: Truths
    possible: frozenset[Verdict]
    verdict: Verdict


class LimbJudge:
    """One limb under one reading, ready to judge subjects."""

    __slots__ = ("_possible", "_table", "five", "in_place", "limb")

    def __init__(self, limb: plan.LimbPlan, rule_place: TruthOf, rows: Rows) -> None:
        self.limb = limb
        self.in_place = rule_place
        self.five: Five[TruthOf] = algebra.five(limb, rows)
        self._table = verdict_table(limb.limb.modality)
        self._possible = possible_table(limb.limb.modality)

    def truths(self, subject: Subject) -> Truths:
        """The five truths of a subject; what can no longer matter is still told, for the evidence."""
        in_force, applies, excepted, holds, due = self.five
        return (
            AND[in_force(subject)][self.in_place(subject)],
            applies(subject),
            excepted(subject),
            holds(subject),
            due(subject),
        )

    def verdict(self, subject: Subject) -> Verdict:
        return self._table[self.truths(subject)]

    def outcome(self, subject: Subject) -> Outcome:
        truths = self.truths(subject)
        return Outcome(truths, self._possible[truths], self._table[truths])


class RuleJudge:
    """One (rule, limb, period): the default reading decides; an open question is decided only where all readings agree."""

    __slots__ = ("limbs", "plan")

    def __init__(self, of: plan.JudgementPlan, rows: Rows) -> None:
        self.plan = of
        place = rows.in_place(of.rule.place)
        self.limbs = tuple(LimbJudge(limb, place, rows) for limb in of.readings)

    def verdict(self, subject: Subject) -> Verdict:
        if not self.plan.is_open:
            return self.limbs[0].verdict(subject)
        return single(self.possible(subject))

    def possible(self, subject: Subject) -> frozenset[Verdict]:
        if not self.plan.is_open:
            return self.limbs[0].outcome(subject).possible
        return frozenset[Verdict]().union(*(limb.outcome(subject).possible for limb in self.limbs))


class Judge:
    """A plan made ready: `judges` by kind of subject (English id)."""

    def __init__(self, of: plan.Plan) -> None:
        self.plan = of
        self.rows = Rows(of.rules.calendar, of.rules.places)
        self.judges = {
            kind: tuple(RuleJudge(each, self.rows) for each in judgements) for kind, judgements in of.judgements.items()
        }

    def verdicts(self, subject: Subject) -> Iterator[tuple[RuleJudge, Verdict]]:
        """Every judgement of one subject, verdicts alone."""
        for judge in self.judges.get(subject.kind.id, ()):
            yield judge, judge.verdict(subject)
