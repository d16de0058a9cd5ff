"""The evidence tree of a judgement: the five truths with what each rests on, the ones that settled it marked."""

from __future__ import annotations

from rulecheck.explaining.describe import arithmetic, evidence_of, leaves, term_evidence
from rulecheck.explaining.reasons import due_text, place_name
from rulecheck.explaining.trace import LimbTrace
from rulecheck.judgement import Evidence
from rulecheck.judging.judge import Outcome, RuleJudge
from rulecheck.judging.truth import NO, TRUTH_NAMES, YES
from rulecheck.prose.phrases import phrase
from rulecheck.prose.values import date_text, window_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Subject


def evidence_tree(of: RuleJudge, trace: LimbTrace, outcome: Outcome) -> Evidence:
    """The five truths with what they rest on; the ones that settled the verdict are marked."""
    limb, rule = trace.view.limb, of.plan.rule
    in_force, applies, excepted, holds, due = outcome.truths
    place_text = place_text_of(trace.subject, rule)
    window = window_text(limb.told_window)
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
        text = phrase("tests", "done_by", done=arithmetic(trace.done), due=arithmetic(trace.due))
        inner = _node(text, holds, not ruled_out, (term_evidence(trace.done), *leaves(trace.due)))
        children.append(_node(phrase("evidence", "requirement"), holds, not ruled_out, (inner,)))
    children.append(due_evidence(trace, due, not ruled_out and holds != YES))
    return Evidence(
        text=phrase("evidence", "judgement", title=rule.title),
        value=str(outcome.verdict),
        unit=None,
        origin=trace.subject.origin,
        decided=True,
        children=tuple(children),
    )


def due_evidence(trace: LimbTrace, due: int, decided: bool) -> Evidence:
    limb = trace.view.limb
    if limb.due is None:
        return _node(phrase("evidence", "due_at_once"), due, decided, ())
    state = phrase("evidence", ("is_not_due", "is_due", "due_unknown")[due])
    as_of = date_text(limb.as_of)
    text = phrase("evidence", "due", due=due_text(trace), as_of=as_of, state=state)
    return _node(text, due, decided, ())


def place_text_of(subject: Subject, rule: model.Rule) -> Bilingual:
    if rule.place is None:
        return phrase("evidence", "everywhere")
    if subject.place is None:
        return phrase("evidence", "place_unknown")
    return phrase("evidence", "inside", place=place_name(subject.place), rule_place=place_name(rule.place))


def _node(text: Bilingual, truth: int, decided: bool, children: tuple[Evidence, ...]) -> Evidence:
    outcome = phrase("tests", ("fails", "holds", "unknown")[truth])
    told = Bilingual(f"{text.zh}：{outcome.zh}", f"{text.en}: {outcome.en}")
    return Evidence(told, TRUTH_NAMES[truth], None, None, decided, children)
