"""Figures about the judgements of a report: tallies, by who is bound and by document. Any format may show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rulecheck.dataclass import dataclass
from rulecheck.judgement import Judgement, Party, Report, Verdict
from rulecheck.rules.model import Document

ADVERSE = frozenset({Verdict.VIOLATED, Verdict.DEPARTS})
"""The verdicts that ask something of somebody."""


def may_be_adverse(judgement: Judgement) -> bool:
    """Whether an undetermined judgement could still turn out against the unit; if not, it asks nothing of anybody."""
    return not ADVERSE.isdisjoint(judgement.possible)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many judgements had each verdict (every verdict is a key).

    Of these: violated but waived, met but only partly checked, met because a reason was accepted, undetermined but
    never adverse, short of what is only encouraged.
    """

    counts: Mapping[Verdict, int]
    waived: int
    partial: int
    accepted: int
    harmless: int
    encouraged: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def tally(judgements: Iterable[Judgement]) -> Tally:
    counts = dict.fromkeys(Verdict, 0)
    waived = partial = accepted = harmless = encouraged = 0
    for judgement in judgements:
        verdict = judgement.verdict
        counts[verdict] += 1
        waived += verdict is Verdict.VIOLATED and judgement.waived is not None
        partial += verdict is Verdict.MET and judgement.partial is not None
        accepted += verdict is Verdict.MET and judgement.by_reason is not None
        harmless += verdict is Verdict.UNDETERMINED and not may_be_adverse(judgement)
        encouraged += verdict is Verdict.FALLS_SHORT and judgement.modality == "encouraged"
    return Tally(counts, waived, partial, accepted, harmless, encouraged)


@dataclass(frozen=True, slots=True)
class BoundSummary:
    bound: Party
    tally: Tally


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    document: Document
    tally: Tally


def summary_by_bound(report: Report) -> tuple[BoundSummary, ...]:
    """A row for each who is bound: the most violations first, then what is to be explained, what is open, and by id."""
    groups: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement in report.judgements:
        groups.setdefault(party_key(judgement.bound), []).append(judgement)
    rows = [(key, BoundSummary(group[0].bound, tally(group))) for key, group in groups.items()]
    rows.sort(key=lambda row: (*(-row[1].tally.counts[verdict] for verdict in _WORST_FIRST), row[0]))
    return tuple(row for _, row in rows)


_WORST_FIRST = (Verdict.VIOLATED, Verdict.DEPARTS, Verdict.UNDETERMINED)


def summary_by_document(report: Report) -> tuple[DocumentSummary, ...]:
    """A row for each document judged, by date of issue and number."""
    groups: dict[str, list[Judgement]] = {}
    for judgement in report.judgements:
        groups.setdefault(judgement.document.folder, []).append(judgement)
    rows = [DocumentSummary(group[0].document, tally(group)) for group in groups.values()]
    return tuple(sorted(rows, key=lambda row: (row.document.issued, row.document.number, row.document.folder)))


def party_key(party: Party) -> tuple[str, str, str]:
    """What tells one party from another."""
    return (party.type, party.id or "", "" if party.id else party.name or "")
