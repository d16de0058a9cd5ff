"""The judgement of one rule and subject, whole: verdict, paragraph, evidence tree, what is missing, what would cure it.

The verdict comes from the same functions as everywhere (`judge`); this module only puts to it what an auditor needs to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rulecheck.dataclass import dataclass
from rulecheck.explaining.describe import is_sensitive, plain_value, shown_id, shown_name
from rulecheck.explaining.evidence import evidence_tree
from rulecheck.explaining.reasons import append, comparisons, reason_of
from rulecheck.explaining.trace import LimbTrace, LimbView, trace_limb, view_limb
from rulecheck.judgement import (
    AcceptedReason,
    Change,
    Evidence,
    Judgement,
    Margin,
    MissingFact,
    Party,
    ReadingResult,
    ReadingUse,
    ResponsibleAgency,
    SubjectLine,
    UsedParameter,
    Verdict,
    Waiver,
)
from rulecheck.judging import plan
from rulecheck.judging.judge import Judge, LimbJudge, Outcome, RuleJudge
from rulecheck.judging.lower import Lowering
from rulecheck.judging.missing import Gap, MissingFacts
from rulecheck.judging.remedy import Remedies, Step
from rulecheck.judging.truth import ADVERSE, NO, UNKNOWN, Truths, in_order, single
from rulecheck.measures.days import day_text
from rulecheck.prose.phrases import both, phrase, readable
from rulecheck.prose.values import period_text, told_bounds, value_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import walk
from rulecheck.submission import NONE, Record, Subject

MOST_NAMES = 3
"""Members named in a sentence; the tree tells of more."""

ADVERSE_OR_SHORT = ADVERSE | {Verdict.FALLS_SHORT}
EMPTY = Bilingual("", "")


@dataclass(frozen=True, slots=True, eq=False)
class _Limb:
    """One limb under one reading with everything that explains it, made when first needed."""

    judge: LimbJudge
    view: LimbView
    missing: MissingFacts
    remedies: Remedies


class Explainer:
    """Explains the judgements of one plan. `subjects`: all subjects by kind and id, to name who is bound; `records`: the
    authority's; names of parties in a reference that is not among the subjects stay as they were written."""

    def __init__(self, judge: Judge, subjects: Mapping[str, Sequence[Subject]], records: Iterable[Record] = ()) -> None:
        self._judge = judge
        self._rules = judge.plan.rules
        self._as_of = judge.plan.as_of
        self._limbs: dict[int, _Limb] = {}
        self._by_name: dict[tuple[str, str], Subject] = {}
        for kind, found in subjects.items():
            for subject in found:
                self._by_name.setdefault((kind, subject.name), subject)
        for kind, found in subjects.items():
            for subject in found:
                self._by_name[kind, subject.id] = subject
        self._records: dict[tuple[str, str], list[Record]] = {}
        for record in records:
            self._records.setdefault((record.rule, record.subject), []).append(record)

    def explain(self, of: RuleJudge, subject: Subject) -> Judgement:
        """The judgement of one (rule, limb, period) and subject."""
        rule, judged = of.plan.rule, of.plan
        outcomes = [limb.outcome(subject) for limb in of.limbs]
        possible = of.possible(subject)
        verdict = single(possible)
        limb = self._limb(of.limbs[0])
        records = self._records_for(judged, subject)
        accepted = next((each for each in records if each.effect == "accepted_reason"), None)
        by_reason = None
        if accepted is not None and Verdict.DEPARTS in possible:
            # Only the authority's acceptance turns comply-or-explain into met; the truths stay as they were.
            by_reason = AcceptedReason(accepted.by, accepted.document, iso(accepted.issued), accepted.reason)
            possible = frozenset(Verdict.MET if each is Verdict.DEPARTS else each for each in possible)
            verdict = single(possible)
        gaps = self._gaps(of, outcomes, possible, verdict, subject)
        cure = limb.remedies.find(subject) if verdict in ADVERSE_OR_SHORT else ()
        waiver = next((each for each in records if each.effect == "waiver"), None)
        waived = None
        if verdict is Verdict.VIOLATED and waiver and (waiver.until is None or self._as_of <= waiver.until):
            waived = Waiver(waiver.by, waiver.document, iso(waiver.until))
        lapsed = waiver if verdict is Verdict.VIOLATED and waived is None else None
        parameters = self._parameters(of.limbs[0], subject)
        reading = self._reading(of, outcomes)
        missing = tuple(self._missing(gap) for gap in gaps)
        changes = tuple(self._change(step) for step in cure)

        def words() -> Bilingual:
            trace = self.trace(of.limbs[0], subject, outcomes[0].truths)
            reason = reason_of(trace, outcomes[0], verdict, possible, missing, changes, of)
            if by_reason is not None:
                way = "by_reason" if outcomes[0].verdict is Verdict.DEPARTS else "by_reason_unknown"
                accepted_text = phrase("reasons", way, by=by_reason.by, document=by_reason.document)
                reason = append(reason, accepted_text)
            if lapsed is not None and lapsed.until is not None:
                until = value_text(Fraction(lapsed.until), model.DateType())
                lapsed_text = phrase("reasons", "waiver_lapsed", by=lapsed.by, document=lapsed.document, until=until)
                reason = append(reason, lapsed_text)
            return reason

        def tree() -> Evidence:
            return evidence_tree(of, self.trace(of.limbs[0], subject, outcomes[0].truths), outcomes[0])

        subject_line = self.subject_line(subject)
        period = judged.period.key if judged.period else None
        return Judgement(
            id="/".join([rule.id, judged.tag or "-", f"{subject.kind.id}:{subject_line.id}", period or "-"]),
            rule=rule.id,
            limb=judged.tag,
            period=period,
            title=rule.title,
            document=rule.document,
            locator=rule.citations[0].locator,
            quote=tuple(quote for citation in rule.citations for quote, _ in citation.quotes),
            subject=subject_line,
            bound=self._bound(rule, subject),
            as_of=iso(self._as_of) or "",
            verdict=verdict,
            modality=of.limbs[0].limb.limb.modality,
            partial=of.limbs[0].limb.limb.partial,
            words=words,
            missing=missing,
            possible=in_order(possible),
            margin=None
            if verdict is Verdict.NOT_APPLICABLE or judged.is_open
            else self._margin(self.trace(of.limbs[0], subject, outcomes[0].truths)),
            remedy=changes,
            parameters=parameters,
            reading=reading,
            by_reason=by_reason,
            waived=waived,
            given_reason=subject.reasons.get(rule.id),
            responsible=tuple(ResponsibleAgency(each.agency, each.role) for each in rule.responsible),
            tree=tree,
            see_also=rule.see_also,
        )

    def trace(self, of: LimbJudge, subject: Subject, truths: Truths) -> LimbTrace:
        """The figures behind a judgement, without words."""
        return trace_limb(self._limb(of).view, subject, truths)

    def _limb(self, of: LimbJudge) -> _Limb:
        found = self._limbs.get(id(of))
        if found is None:
            limb, rows = of.limb, self._judge.rows
            lowering = Lowering(self._rules, limb.limb.owed, limb.limb.in_force, limb.period, limb.as_of)
            place = next(
                each.rule.place
                for judgements in self._judge.plan.judgements.values()
                for each in judgements
                if limb in each.readings
            )
            found = self._limbs[id(of)] = _Limb(
                judge=of,
                view=view_limb(limb, lowering, rows),
                missing=MissingFacts(limb, place, self._rules.calendar, self._rules.places),
                remedies=Remedies(of, rows),
            )
        return found

    # --- parties ---

    def subject_line(self, subject: Subject) -> SubjectLine:
        parents = []
        above = subject.parent
        while above is not None:
            parents.append(party(above))
            above = above.parent
        return SubjectLine(subject.kind.id, shown_id(subject), shown_name(subject), subject.origin, tuple(parents))

    def _bound(self, rule: model.Rule, subject: Subject) -> Party:
        bound = rule.bound
        if bound.reference is None:
            owner = subject.above(bound.up)
            return party(owner) if owner else Party(bound.kind.id if bound.kind else "", None, None)
        reference = bound.reference
        owner = subject.above(reference.up)
        written = owner.values[owner.kind.slots[reference.fact.id]] if owner is not None else None
        kind = bound.kind.id if bound.kind else ""
        if not isinstance(written, str):
            return Party(kind, None, None)
        named = self._by_name.get((kind, written))
        return party(named) if named else Party(kind, written, written)

    # --- what is missing ---

    def _gaps(
        self,
        of: RuleJudge,
        outcomes: Sequence[Outcome],
        possible: frozenset[Verdict],
        verdict: Verdict,
        subject: Subject,
    ) -> tuple[Gap, ...]:
        if verdict is Verdict.NOT_DUE and outcomes[0].truths[3] == UNKNOWN:
            return self._limb(of.limbs[0]).missing.find(subject) or ()
        if verdict is not Verdict.UNDETERMINED or not possible & ADVERSE:
            # What cannot come out adverse asks nothing of anybody.
            return ()
        found: list[Gap] = []
        for limb, outcome in zip(of.limbs, outcomes, strict=True):
            if outcome.verdict is Verdict.UNDETERMINED and (of.plan.is_open or limb is of.limbs[0]):
                found.extend(self._limb(limb).missing.find(subject))
        if of.plan.is_open and len({outcome.verdict for outcome in outcomes}) > 1:
            found.append(Gap("reading", of.plan.rule.id, None, None))
        return tuple(dict.fromkeys(found))

    def _missing(self, gap: Gap) -> MissingFact:
        name = {
            "fact": lambda: self._rules.facts[gap.id].name,
            "roster": lambda: roster_name(self._rules.kinds[gap.id].name),
            "place": lambda: Bilingual("地区", "place"),
            "parameter": lambda: self._rules.parameters[gap.id].name,
            "calendar": lambda: Bilingual(f"{gap.id}年节假日安排", f"holiday notice of {gap.id}"),
            "reading": lambda: Bilingual("按哪种口径", "which reading"),
        }[gap.kind]()
        if gap.period is not None:
            name = phrase("terms", "at_period", period=period_text(gap.period), term=name)
        is_disputed = gap.kind == "fact" and gap.subject is not None and _is_disputed(gap.subject, gap)
        if is_disputed:
            name = phrase("values", "to_correct", name=name)
        fact = f"calendar_{gap.id}" if gap.kind == "calendar" else gap.id
        subject = gap.subject
        return MissingFact(
            fact=fact,
            name=name,
            subject=shown_id(subject) if subject else None,
            subject_name=shown_name(subject) if subject else None,
            period=gap.period,
            awaiting=gap.awaiting,
            is_disputed=is_disputed,
        )

    # --- margin and cure ---

    def _margin(self, trace: LimbTrace) -> Margin | None:
        if trace.done is not None and trace.due is not None:
            if trace.done.raw is NONE or trace.done.value is None or trace.due.value is None:
                return None
            if is_sensitive(trace.done) or is_sensitive(trace.due):
                return None
            days = trace.due.value - trace.done.value
            return Margin(str(days.numerator), "天")
        found = [each for each in comparisons(trace.requirement) if each[1] is not None]
        if not found:
            return None
        units = {unit for _, _, unit in found}
        if len(units) > 1:
            found = [each for each in found if each[0].truth == NO][:1]
            if not found:
                return None
        gap = min((each for each in found if each[1] is not None), key=lambda each: each[1] or Fraction(0))
        value, unit = plain_value(gap[1] or Fraction(0), model.NumberType(gap[2]))
        return Margin(value, unit or "")

    def _change(self, step: Step) -> Change:
        fact = step.fact
        if fact.sensitive:
            hidden, action = phrase("values", "masked"), fact.action or EMPTY
            worded = both(lambda language: fill(getattr(action, language), hidden, hidden, language))
            return Change(shown_id(step.subject), fact.id, "***", "***", "", worded)
        before, after = (plain_value(value * fact.step, fact.type) for value in (step.before, step.after))
        difference = value_text(abs(step.after - step.before) * fact.step, fact.type)
        target = value_text(step.after * fact.step, fact.type)
        action = fact.action or EMPTY
        if isinstance(fact.type, model.NumberType):
            worded = both(lambda language: fill(getattr(action, language), difference, target, language))
        else:
            worded = both(lambda language: fill(getattr(action, language), target, target, language))
        return Change(shown_id(step.subject), fact.id, before[0], after[0], before[1] or "", worded)

    # --- parameters and readings ---

    def _parameters(self, of: LimbJudge, subject: Subject) -> tuple[UsedParameter, ...]:
        limb = of.limb.limb
        terms: dict[str, model.ParameterTerm] = {}
        for test in (limb.applies, limb.excepted, limb.requirement, limb.due):
            for node in walk(test) if test is not None else ():
                if isinstance(node, model.ParameterTerm):
                    terms.setdefault(node.parameter.id, node)
        lowering = Lowering(self._rules, limb.owed, limb.in_force, of.limb.period, of.limb.as_of)
        return tuple(self._parameter(lowering.parameter(term), subject) for _, term in sorted(terms.items()))

    def _parameter(self, node: plan.ParameterValue, subject: Subject) -> UsedParameter:
        rows = self._judge.rows
        reached = node.day is not None and subject.kind.id in node.day.slots
        day = rows.raw(node.day)(subject) if node.day is not None and reached else node.test_day
        row = rows.parameter_row(node, subject.place, day)
        low, high = (row.low, row.high) if row is not None else (node.low, node.high)
        parameter = node.parameter
        unit = parameter.type.unit.text if isinstance(parameter.type, model.NumberType) and parameter.type.unit else ""
        if row is None or row.row.value is None:
            state, value = "pending", ""
        elif low is not None and low == high:
            state = "confirmed" if row.row.is_confirmed else "unconfirmed"
            value = plain_value(low * node.scale, parameter.type)[0]
        else:
            state = "bounded"
            ends = told_bounds(parameter, None if low is None else low * node.scale, None if high is None else high * node.scale)
            value = bounds_of(*ends, parameter.type)
        return UsedParameter(parameter.id, readable(parameter.name), value, unit, parameter.source, state)

    def _reading(self, of: RuleJudge, outcomes: Sequence[Outcome]) -> ReadingUse | None:
        named = [
            ReadingResult(readable(limb.limb.reading.name), outcome.verdict)
            for limb, outcome in zip(of.limbs, outcomes, strict=True)
            if limb.limb.reading.name is not None
        ]
        if not named:
            return None
        if of.plan.is_open:
            return ReadingUse(None, tuple(named))
        return ReadingUse(named[0].name, tuple(named[1:]))

    def _records_for(self, judged: plan.JudgementPlan, subject: Subject) -> list[Record]:
        period = judged.period.key if judged.period else None
        return [
            each
            for each in self._records.get((judged.rule.id, subject.id), [])
            if each.limb in (None, judged.tag)
            and each.period in (None, period)
            # What the authority decided later was not yet so on the day of the check.
            and (each.issued is None or each.issued <= self._as_of)
        ]


# --- small pieces ---


def _is_disputed(subject: Subject, gap: Gap) -> bool:
    """Whether the fact was told and contradicts another."""
    slot = subject.kind.slots[gap.id]
    return slot in subject.disputed or (gap.period is not None and (slot, gap.period) in subject.disputed)


def party(subject: Subject) -> Party:
    return Party(subject.kind.id, shown_id(subject), shown_name(subject))


def roster_name(kind: Bilingual) -> Bilingual:
    """What is asked for where a roster is not all there."""
    return Bilingual(f"完整的{kind.zh}名录", f"the complete roster of {kind.en}")


def fill(template: str, difference: Bilingual, target: Bilingual, language: str) -> str:
    return template.replace("{difference}", getattr(difference, language)).replace("{target}", getattr(target, language))


def bounds_of(low: Fraction | None, high: Fraction | None, type_: model.Type) -> str:
    """Bounds as exact text without unit: `≥1.5`, `≤30`, `1.5～2`."""
    ends = [None if end is None else plain_value(end, type_)[0] for end in (low, high)]
    if ends[0] is not None and ends[1] is not None:
        return f"{ends[0]}～{ends[1]}"
    return f"≥{ends[0]}" if ends[0] is not None else f"≤{ends[1]}" if ends[1] is not None else ""


def iso(day: int | None) -> str | None:
    return None if day is None else day_text(day, "en")
