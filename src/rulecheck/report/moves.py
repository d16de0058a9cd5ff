"""Whose move it is: what is missing for the judgements that could still turn out adverse, by who can supply it."""

from __future__ import annotations

from collections.abc import Iterable

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Judgement, MissingFact, Party, Report, Verdict
from rulecheck.report.summary import may_be_adverse, party_key

SUBMITTER = "submitter"
AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Need:
    """One fact, and the judgements that wait for it."""

    fact: MissingFact
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class SubjectNeeds:
    """What is to be submitted about one subject."""

    id: str
    name: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class BoundNeeds:
    """What is to be submitted by, or for, one who is bound."""

    bound: Party
    subjects: tuple[SubjectNeeds, ...]


def open_judgements(report: Report) -> tuple[Judgement, ...]:
    """The undetermined judgements that could still turn out adverse."""
    return tuple(
        judgement for judgement in report.judgements if judgement.verdict is Verdict.UNDETERMINED and may_be_adverse(judgement)
    )


def waiting_for(whom: str, judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements that lack something `whom` can supply."""
    return tuple(judgement for judgement in judgements if any(missing.awaiting == whom for missing in judgement.missing))


def to_submit(judgements: Iterable[Judgement]) -> tuple[BoundNeeds, ...]:
    """The facts to be submitted: by bound, by subject, each fact once, in the order of the judgements."""
    bounds: dict[tuple[str, str, str], tuple[Party, dict[str, list[tuple[MissingFact, Judgement]]]]] = {}
    for judgement in judgements:
        for missing in judgement.missing:
            if missing.awaiting == SUBMITTER:
                _, subjects = bounds.setdefault(party_key(judgement.bound), (judgement.bound, {}))
                subjects.setdefault(missing.subject or judgement.subject.id, []).append((missing, judgement))
    return tuple(
        BoundNeeds(
            party,
            tuple(SubjectNeeds(subject, _subject_name(*asked[0]), _needs(asked)) for subject, asked in subjects.items()),
        )
        for party, subjects in bounds.values()
    )


def _subject_name(missing: MissingFact, judgement: Judgement) -> str:
    if missing.subject is None:
        return judgement.subject.name or judgement.subject.id
    return missing.subject_name or missing.subject


def to_settle(judgements: Iterable[Judgement]) -> tuple[Need, ...]:
    """What the authority has to settle, each once, that on which most depends first."""
    asked = [(missing, judgement) for judgement in judgements for missing in judgement.missing if missing.awaiting == AUTHORITY]
    needs = sorted(_needs(asked), key=lambda need: (-len(need.judgements), need.fact.fact, need.fact.period or ""))
    return tuple(needs)


def _needs(asked: Iterable[tuple[MissingFact, Judgement]]) -> tuple[Need, ...]:
    groups: dict[tuple[str, str | None, str], tuple[MissingFact, dict[str, Judgement]]] = {}
    for missing, judgement in asked:
        _, waiting = groups.setdefault((missing.fact, missing.period, missing.name.zh), (missing, {}))
        waiting[judgement.id] = judgement
    return tuple(Need(fact, tuple(waiting.values())) for fact, waiting in groups.values())
