"""The judgement of one rule and subject, whole: verdict, paragraph, evidence tree, what is missing, what would cure it.

The verdict comes from the same functions as everywhere (`judge`); this module only puts to it what an auditor needs to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rulecheck import model, plan, words
from rulecheck.days import day_text
from rulecheck.describe import (
    arithmetic,
    both,
    bounds_text,
    evidence_of,
    join,
    masked,
    number_text,
    origin_of,
    period_text,
    phrase,
    plain_value,
    shown_name,
    term_evidence,
    term_name,
    test_name,
    trace_value,
    value_text,
)
from rulecheck.judge import Judge, LimbJudge, Outcome, RuleJudge
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
from rulecheck.lower import Lowering
from rulecheck.missing import Gap, MissingFacts
from rulecheck.model import Bilingual
from rulecheck.remedy import Remedies, Step
from rulecheck.resolve.guards import walk
from rulecheck.submission import NONE, Origin, Record, Subject
from rulecheck.trace import LimbTrace, LimbView, TermTrace, TestTrace, trace_limb, view_limb
from rulecheck.truth import ADVERSE, NO, TRUTH_NAMES, UNKNOWN, YES, in_order, single

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

    def __init__(
        self, judge: Judge, subjects: Mapping[str, Sequence[Subject]], records: Iterable[Record] = ()
    ) -> None:
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
        trace = self.trace(of.limbs[0], subject)
        gaps = self._gaps(of, outcomes, possible, verdict, subject)
        cure = limb.remedies.find(subject) if verdict in ADVERSE_OR_SHORT else ()
        records = self._records_for(judged, subject)
        accepted = next((each for each in records if each.effect == "accepted_reason"), None)
        by_reason = None
        if verdict is Verdict.DEPARTS and accepted is not None:
            # Only the authority's acceptance turns comply-or-explain into met; the truths stay as they were.
            by_reason = AcceptedReason(accepted.by, accepted.document, iso(accepted.issued), accepted.reason)
            verdict, possible, cure = Verdict.MET, frozenset({Verdict.MET}), ()
        waiver = next((each for each in records if each.effect == "waiver"), None)
        waived = None
        if verdict is Verdict.VIOLATED and waiver and (waiver.until is None or self._as_of <= waiver.until):
            waived = Waiver(waiver.by, waiver.document, iso(waiver.until))
        parameters = self._parameters(of.limbs[0], subject)
        reading = self._reading(of, outcomes)
        missing = tuple(self._missing(gap) for gap in gaps)
        changes = tuple(self._change(step) for step in cure)
        reason = self._reason(trace, outcomes[0], verdict, possible, missing, changes, of)
        reason = self._remarks(reason, by_reason, waived, parameters, reading, verdict)
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
            reason=reason,
            missing=missing,
            possible=in_order(possible),
            margin=self._margin(trace),
            remedy=changes,
            parameters=parameters,
            reading=reading,
            by_reason=by_reason,
            waived=waived,
            given_reason=subject.reasons.get(rule.id),
            responsible=tuple(ResponsibleAgency(each.agency, each.role) for each in rule.responsible),
            evidence=self.evidence(of, trace, outcomes[0]),
            see_also=rule.see_also,
        )

    def trace(self, of: LimbJudge, subject: Subject) -> LimbTrace:
        """The figures behind a judgement, without words."""
        return trace_limb(self._limb(of).view, subject)

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
            owner: Subject | None = subject
            for _ in range(bound.up):
                owner = owner.parent if owner is not None else None
            return party(owner) if owner else Party(bound.kind.id if bound.kind else "", None, None)
        reference = bound.reference
        owner = subject
        for _ in range(reference.up):
            owner = owner.parent if owner is not None else None
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
            "roster": lambda: self._rules.kinds[gap.id].name,
            "place": lambda: Bilingual("地区", "place"),
            "parameter": lambda: self._rules.parameters[gap.id].name,
            "calendar": lambda: Bilingual(f"{gap.id}年节假日安排", f"holiday notice of {gap.id}"),
            "reading": lambda: Bilingual("口径", "reading"),
        }[gap.kind]()
        if gap.period is not None:
            name = phrase("terms", "at_period", period=period_text(gap.period), term=name)
        fact = f"calendar_{gap.id}" if gap.kind == "calendar" else gap.id
        subject = gap.subject
        return MissingFact(
            fact=fact,
            name=name,
            subject=shown_id(subject) if subject else None,
            subject_name=shown_name(subject) if subject else None,
            period=gap.period,
            awaiting=gap.awaiting,
        )

    # --- margin and cure ---

    def _margin(self, trace: LimbTrace) -> Margin | None:
        if trace.done is not None and trace.due is not None:
            if trace.done.raw is NONE or trace.done.value is None or trace.due.value is None:
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
            state, value = "pending", phrase("values", "pending").zh
        elif low is not None and low == high:
            state = "confirmed" if row.row.is_confirmed else "unconfirmed"
            value = plain_value(low * node.scale, parameter.type)[0]
        else:
            state = "bounded"
            ends = (None if low is None else low * node.scale, None if high is None else high * node.scale)
            value = bounds_text(*ends, parameter.type).zh
        return UsedParameter(parameter.id, parameter.name, value, unit, parameter.source, state)

    def _reading(self, of: RuleJudge, outcomes: Sequence[Outcome]) -> ReadingUse | None:
        named = [
            ReadingResult(limb.limb.reading.name, outcome.verdict)
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
            if each.limb in (None, judged.tag) and each.period in (None, period)
        ]

    # --- the paragraph ---

    def _reason(
        self,
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
            return self._why_not_applicable(trace, outcome, of)
        if verdict is Verdict.UNDETERMINED:
            return self._why_undetermined(missing, possible, limb.limb.modality)
        facts = self._facts(trace)
        demand = self._demand(trace)
        kind = trace.subject.kind.name
        if verdict is Verdict.NOT_DUE:
            assert trace.due is not None or limb.due is not None
            as_of = both(lambda language: day_text(limb.as_of, language))
            return phrase("reasons", "not_due", due=self._due(trace), as_of=as_of, kind=kind, facts=facts, demand=demand)
        gap = self._gap(trace)
        name = "met" if verdict is Verdict.MET and outcome.verdict is Verdict.MET else "violated"
        reason = phrase("reasons", name, kind=kind, facts=facts, gap=gap, demand=demand)
        if outcome.verdict not in ADVERSE_OR_SHORT or verdict is Verdict.MET:
            return reason
        if changes:
            return append(reason, phrase("reasons", "cure", actions=join([change.action for change in changes], "；", "; ")))
        return append(reason, phrase("reasons", "beyond_cure" if self._is_beyond_cure(trace) else "no_cure"))

    def _remarks(
        self,
        reason: Bilingual,
        by_reason: AcceptedReason | None,
        waived: Waiver | None,
        parameters: Sequence[UsedParameter],
        reading: ReadingUse | None,
        verdict: Verdict,
    ) -> Bilingual:
        if by_reason is not None:
            reason = append(reason, phrase("reasons", "by_reason", by=by_reason.by, document=by_reason.document))
        if waived is not None:
            reason = append(reason, phrase("reasons", "waived", by=waived.by, document=waived.document))
        for state in ("unconfirmed", "bounded"):
            names = [each.name for each in parameters if each.state == state]
            if names and verdict is not Verdict.NOT_APPLICABLE:
                state_text = phrase("reasons", state)
                reason = append(reason, phrase("reasons", "rests_on", state=state_text, names=join(names)))
        for other in reading.others if reading is not None else ():
            if other.verdict != verdict:
                name = verdict_name(other.verdict)
                reason = append(reason, phrase("reasons", "other_reading", name=other.name, verdict=name))
        return reason

    def _why_not_applicable(self, trace: LimbTrace, outcome: Outcome, of: RuleJudge) -> Bilingual:
        in_force, applies, excepted, _, _ = outcome.truths
        rule = of.plan.rule
        if in_force == NO and of.limbs[0].in_place(trace.subject) == NO:
            place = trace.subject.place
            assert place is not None
            assert rule.place is not None
            return phrase("reasons", "other_place", place=place_name(place), rule_place=place_name(rule.place))
        if in_force == NO:
            return phrase("reasons", "not_in_force", window=window_text(trace.view.limb.window))
        if excepted == YES and trace.excepted is not None:
            return phrase("reasons", "exception", facts=self._told(decisive(trace.excepted, YES)))
        if applies == NO and trace.applies is not None and trace.applies.truth == NO:
            return phrase("reasons", "condition", facts=self._told(decisive(trace.applies, NO)))
        return phrase("reasons", "nothing")

    def _why_undetermined(
        self, missing: Sequence[MissingFact], possible: frozenset[Verdict], modality: model.Modality
    ) -> Bilingual:
        told = []
        for awaiting, name in (("submitter", "needs"), ("authority", "awaits")):
            facts = [each.name for each in missing if each.awaiting == awaiting]
            if facts:
                told.append(phrase("reasons", name, facts=join(list(dict.fromkeys(facts)))))
        if not told:
            told.append(phrase("reasons", "harmless"))
        names = [verdict_name(each, modality) for each in in_order(possible)]
        return phrase("reasons", "undetermined", missing=join(told, "；", "; "), possible=join(names))

    def _facts(self, trace: LimbTrace) -> Bilingual:
        """The figures of conditions and requirement, each once, with where the requirement's stand."""
        told: list[Bilingual] = []
        for test in (trace.applies, trace.requirement):
            for leaf in facts_of(test):
                text = self._fact_text(leaf, with_origin=test is trace.requirement)
                if text not in told:
                    told.append(text)
        for term in (trace.event_day, trace.done):
            if term is not None:
                text = self._fact_text(term, with_origin=True)
                if text not in told:
                    told.insert(0 if term is trace.event_day else len(told), text)
        if trace.due is not None and trace.done is not None:
            name = phrase("evidence", "due", due=EMPTY, as_of=EMPTY, state=EMPTY)
            del name
            told.insert(max(0, len(told) - 1), self._due_told(trace.due))
        return join(told, "，", ", ")

    def _due_told(self, due: TermTrace) -> Bilingual:
        value = trace_value(due)
        return Bilingual(f"完成时限{value.zh}", f"due {value.en}")

    def _fact_text(self, leaf: TermTrace, with_origin: bool) -> Bilingual:
        name = term_name(leaf.view.term, leaf.view.fact.period if leaf.view.fact else None)
        value = trace_value(leaf)
        origin = origin_of(leaf) if with_origin else None
        zh, en = f"{name.zh}{value.zh}", f"{name.en} {value.en}"
        if origin is not None and isinstance(leaf.view.term, model.FactTerm):
            zh += f"（{where(origin).zh}）"
            en += f" ({where(origin).en})"
        return Bilingual(zh, en)

    def _told(self, traces: Sequence[TestTrace]) -> Bilingual:
        parts = []
        for each in traces:
            node = evidence_of(each, True)
            parts.append(node.text)
        return join(parts, "；", "; ")

    def _demand(self, trace: LimbTrace) -> Bilingual:
        """What is required, as a sentence; what 禁止 forbids is told as it is written, without the denial around it."""
        limb = trace.view.limb.limb
        if trace.done is not None:
            return phrase("reasons", "by_date", due=self._due(trace))
        assert limb.requirement is not None
        test = limb.requirement
        if limb.modality == "must_not" and isinstance(test, model.Not):
            return phrase("reasons", "demand_must_not", test=test_name(test.part))
        if isinstance(test, model.Compare) and limb.modality == "must" and test.relation in ("at_least", "at_most"):
            number = isinstance(test.left.type, model.NumberType)
            if number and isinstance(test.left, model.FactTerm | model.PeriodTotal) and trace.requirement is not None:
                right = trace.requirement.terms[1]
                if isinstance(test.right, model.Literal_):
                    return phrase("reasons", test.relation, term=term_name(test.left), value=trace_value(right))
        name = "demand" if limb.modality == "must" else f"demand_{limb.modality}"
        return phrase("reasons", name, test=test_name(test))

    def _gap(self, trace: LimbTrace) -> Bilingual:
        if trace.done is not None and trace.due is not None:
            if trace.done.value is None or trace.due.value is None or trace.done.raw is NONE:
                return EMPTY
            days = trace.done.value - trace.due.value
            if days <= 0:
                return EMPTY
            name = "late"
            text = both(lambda language: f"{days.numerator}天" if language == "zh" else f"{days.numerator} days")
            return comma(phrase("gaps", name, gap=text))
        told = []
        for each, gap, unit in comparisons(trace.requirement):
            if gap is None or each.truth != NO or gap >= 0:
                continue
            test = each.view.test
            assert isinstance(test, model.Compare)
            upward = test.relation in ("at_least", "more_than")
            is_moment = isinstance(test.left.type, model.DateType | model.TimeType)
            name = ("early" if upward else "late") if is_moment else "less" if upward else "over"
            told.append(phrase("gaps", name, gap=both(lambda language, gap=gap, unit=unit: number_text(-gap, unit, language))))
        return comma(join(told)) if told else EMPTY

    def _due(self, trace: LimbTrace) -> Bilingual:
        limb = trace.view.limb
        if trace.due is not None:
            return trace_value(trace.due)
        end = limb.due.value if isinstance(limb.due, plan.Constant) else limb.as_of
        return both(lambda language: day_text(end, language))

    def _is_beyond_cure(self, trace: LimbTrace) -> bool:
        limb = trace.view.limb
        if trace.done is not None or trace.event_day is not None:
            return True
        return limb.due is not None

    # --- the tree ---

    def evidence(self, of: RuleJudge, trace: LimbTrace, outcome: Outcome) -> Evidence:
        """The five truths with what they rest on; the ones that settled the verdict are marked."""
        limb, rule = trace.view.limb, of.plan.rule
        in_force, applies, excepted, holds, due = outcome.truths
        place_text = self._place_text(trace.subject, rule)
        window = window_text(limb.window)
        if trace.event_day is not None:
            fact = trace.event_day
            told = phrase("evidence", "in_force_event", fact=arithmetic(fact), window=window, place=place_text)
            leaf: tuple[Evidence, ...] = (term_evidence(fact),)
        else:
            told, leaf = phrase("evidence", "in_force", window=window, place=place_text), ()
        ruled_out = in_force == NO or applies == NO or excepted == YES
        children = [_node(told, in_force, in_force == NO or not ruled_out, leaf)]
        if trace.applies is not None:
            inner = evidence_of(trace.applies, applies == NO or not ruled_out)
            children.append(_node(phrase("evidence", "applies"), applies, inner.decided, (inner,)))
        else:
            children.append(_node(phrase("evidence", "always"), applies, applies == NO, ()))
        if trace.excepted is not None:
            inner = evidence_of(trace.excepted, excepted == YES or not ruled_out)
            children.append(_node(phrase("evidence", "excepted"), excepted, inner.decided, (inner,)))
        if trace.requirement is not None:
            inner = evidence_of(trace.requirement, not ruled_out)
            children.append(_node(phrase("evidence", "requirement"), holds, not ruled_out, (inner,)))
        elif trace.done is not None and trace.due is not None:
            text = phrase(
                "tests", "done_by", done=arithmetic(trace.done), due=arithmetic(trace.due)
            )
            leaves = (term_evidence(trace.done), *(term_evidence(part) for part in trace.due.parts))
            inner = _node(text, holds, not ruled_out, leaves)
            children.append(_node(phrase("evidence", "requirement"), holds, not ruled_out, (inner,)))
        children.append(self._due_evidence(trace, due, not ruled_out and holds != YES))
        return Evidence(
            text=phrase("evidence", "judgement", title=rule.title),
            value=str(outcome.verdict),
            unit=None,
            origin=trace.subject.origin,
            decided=True,
            children=tuple(children),
        )

    def _due_evidence(self, trace: LimbTrace, due: int, decided: bool) -> Evidence:
        limb = trace.view.limb
        if limb.due is None:
            return _node(phrase("evidence", "due_at_once"), due, decided, ())
        state = phrase("evidence", ("is_not_due", "is_due", "due_unknown")[due])
        as_of = both(lambda language: day_text(limb.as_of, language))
        text = phrase("evidence", "due", due=self._due(trace), as_of=as_of, state=state)
        return _node(text, due, decided, ())

    def _place_text(self, subject: Subject, rule: model.Rule) -> Bilingual:
        if rule.place is None:
            return phrase("evidence", "everywhere")
        if subject.place is None:
            return phrase("evidence", "place_unknown")
        return phrase("evidence", "inside", place=place_name(subject.place), rule_place=place_name(rule.place))


# --- small pieces ----------------------------------------------------------------------------------------------------


def _node(text: Bilingual, truth: int, decided: bool, children: tuple[Evidence, ...]) -> Evidence:
    outcome = phrase("tests", ("fails", "holds", "unknown")[truth])
    told = Bilingual(f"{text.zh}：{outcome.zh}", f"{text.en}: {outcome.en}")
    return Evidence(told, TRUTH_NAMES[truth], None, None, decided, children)


def comparisons(trace: TestTrace | None) -> list[tuple[TestTrace, Fraction | None, model.Unit | None]]:
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
    if left.value is None or right.value is None or trace.guard != YES:
        return [(trace, None, unit)]
    gap = left.value - right.value if test.relation in ("at_least", "more_than") else right.value - left.value
    scale = unit.factor if unit is not None and not isinstance(test.left.type, model.NumberType) else Fraction(1)
    return [(trace, gap * scale, unit)]


def margin_unit(test: model.Compare) -> model.Unit | None:
    """The unit a difference of the two sides is told in: percentage points for shares, days for dates, minutes for times."""
    from rulecheck.units import unit_table

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
    if isinstance(term, model.FactTerm | model.ParameterTerm | model.Count | model.Total | model.Distinct | model.Share):
        return [trace]
    if isinstance(term, model.PeriodTotal):
        return [trace]
    return [leaf for part in trace.parts for leaf in fact_leaves(part)]


def decisive(trace: TestTrace, outcome: int) -> list[TestTrace]:
    """The smallest parts of a condition that made it come out so."""
    if isinstance(trace.view.test, model.AllOf | model.AnyOf):
        return [leaf for part in trace.parts if part.truth == outcome for leaf in decisive(part, outcome)]
    return [trace]


def fill(template: str, difference: Bilingual, target: Bilingual, language: str) -> str:
    return template.replace("{difference}", getattr(difference, language)).replace("{target}", getattr(target, language))


def party(subject: Subject) -> Party:
    return Party(subject.kind.id, shown_id(subject), shown_name(subject))


def shown_id(subject: Subject) -> str:
    return masked(subject.id) if subject.kind.sensitive else subject.id


def place_name(place: model.Place) -> Bilingual:
    return Bilingual(place.chinese, place.title)


def window_text(window: tuple[int, int | None]) -> Bilingual:
    start, end = window
    if end is None:
        return phrase("evidence", "onward", start=both(lambda language: day_text(start, language)))
    return phrase(
        "evidence",
        "from_to",
        start=both(lambda language: day_text(start, language)),
        end=both(lambda language: day_text(end, language)),
    )


def where(origin: Origin) -> Bilingual:
    return Bilingual(f"{origin.file} {origin.where_zh}".strip(), f"{origin.file} {origin.where_en}".strip())


def append(text: Bilingual, more: Bilingual) -> Bilingual:
    return Bilingual(text.zh + more.zh, f"{text.en} {more.en}")


def comma(text: Bilingual) -> Bilingual:
    return Bilingual(f"，{text.zh}", f", {text.en}")


FALLS_SHORT_NAMES = {"strive": Bilingual("未达力争目标", "target missed"), "encouraged": Bilingual("鼓励事项未开展", "not undertaken")}


def verdict_name(verdict: Verdict, modality: model.Modality | None = None) -> Bilingual:
    if verdict is Verdict.FALLS_SHORT and modality in FALLS_SHORT_NAMES:
        return FALLS_SHORT_NAMES[modality]
    return both(lambda language: words.spell("verdicts", str(verdict), language).replace("_", " "))


def iso(day: int | None) -> str | None:
    return None if day is None else day_text(day, "en")
