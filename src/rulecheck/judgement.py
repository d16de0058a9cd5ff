"""The result of judging: verdicts, truths and the judgement with its evidence, ready for any report.

Meanings of the verdicts: design §2. Numbers that leave this module are exact text.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.rules.model import Bilingual, Document
from rulecheck.submission import Origin, Received, Refusal, Standing


class Verdict(StrEnum):
    MET = "met"
    VIOLATED = "violated"
    DEPARTS = "departs"
    FALLS_SHORT = "falls_short"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


ATTENTION_FIRST: Final = (
    Verdict.VIOLATED,
    Verdict.DEPARTS,
    Verdict.UNDETERMINED,
    Verdict.FALLS_SHORT,
    Verdict.NOT_DUE,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
)
"""The verdicts as people are told of them: what asks for attention first."""


@dataclass(frozen=True, slots=True)
class Party:
    """A subject as named in a report; sensitive names come masked."""

    type: str
    id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """The subject of a judgement. `origin` is where it stands in the submission; `parents` from the nearest outward."""

    type: str
    id: str
    name: str
    origin: Origin
    parents: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """`fact` English id, `name` both names (with period), `subject` the subject's id; `awaiting`: submitter or authority.
    `is_disputed`: it was told, and contradicts another fact."""

    fact: str
    name: Bilingual
    subject: str | None
    subject_name: str | None
    period: str | None
    awaiting: str
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Margin:
    """Positive is room, negative is what is short; exact text and the unit's Chinese name ('' for a bare number)."""

    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a cure. `from_value`, `to_value`: exact text without unit, `action` worded as something to do."""

    subject: str
    fact: str
    from_value: str
    to_value: str
    unit: str
    action: Bilingual


@dataclass(frozen=True, slots=True)
class UsedParameter:
    """`state`: confirmed, unconfirmed, bounded or pending. `value`: exact text; of a bounded one its bounds (`≥1.5`), empty where
    pending. Masked ids keep a mark of their own, so that subjects stay apart."""

    parameter: str
    name: Bilingual
    value: str
    unit: str
    source: Bilingual
    state: str


@dataclass(frozen=True, slots=True)
class ReadingResult:
    name: Bilingual
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ReadingUse:
    """`used` is None where the question is open; `others` are the fair readings and what each would give."""

    used: Bilingual | None
    others: tuple[ReadingResult, ...]


@dataclass(frozen=True, slots=True)
class AcceptedReason:
    by: str
    document: str
    date: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Waiver:
    by: str
    document: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A node of the evidence tree. `value` exact text or a truth (`yes`, `no`, `unknown`) or None; `decided`: this node settled
    its parent's outcome."""

    text: Bilingual
    value: str | None
    unit: str | None
    origin: Origin | None
    decided: bool
    children: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponsibleAgency:
    agency: str
    role: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: (rule, limb, subject, period). `words` and `tree` make the short paragraph and the evidence when first
    asked, since a report shows few of the judgements of a large submission; `reason` and `evidence` are what they give."""

    id: str
    rule: str
    limb: str | None
    period: str | None
    title: Bilingual
    document: Document
    locator: str
    quote: tuple[str, ...]
    subject: SubjectLine
    bound: Party
    as_of: str
    verdict: Verdict
    modality: str
    partial: Bilingual | None
    words: Callable[[], Bilingual] = field(compare=False, repr=False)
    missing: tuple[MissingFact, ...]
    possible: tuple[Verdict, ...]
    margin: Margin | None
    remedy: tuple[Change, ...]
    parameters: tuple[UsedParameter, ...]
    reading: ReadingUse | None
    by_reason: AcceptedReason | None
    waived: Waiver | None
    given_reason: str | None
    """A reason the unit itself gives: shown, without effect."""
    responsible: tuple[ResponsibleAgency, ...]
    tree: Callable[[], Evidence] = field(compare=False, repr=False)
    see_also: tuple[Bilingual, ...] = ()

    @property
    def reason(self) -> Bilingual:
        """The short paragraph."""
        return self.words()

    @property
    def evidence(self) -> Evidence:
        return self.tree()


@dataclass(frozen=True, slots=True)
class DataFault:
    """A relation among facts that the submission breaks; the facts named count as untold."""

    relation: str
    name: Bilingual
    subject: SubjectLine
    text: Bilingual
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule that found no subject, or an item declared not checkable or lost. `what`: rule or item."""

    what: str
    id: str
    document: str
    locator: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the result rests on: `engine` name and version, the others SHA-256 in hex."""

    engine: str
    rules: str
    facts: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of one run, in a stable order. `as_of`: the dates used, and where each came from. What was handed in:
    `received` the files taken, `refused` those not taken, `replaced` (file, by which) those that a later version replaces,
    `expected` where each unit of the roster stands (None: no roster was given). `documents`: the numbers of those that the
    check was narrowed to, None where it was of all rules."""

    as_of: tuple[str, ...]
    as_of_source: str
    """`option`, `submission`, `today`, `mixed`, or `unused` where nothing was judged."""
    receipt: Receipt
    judgements: tuple[Judgement, ...]
    refused: tuple[Refusal, ...]
    faults: tuple[DataFault, ...]
    not_checked: tuple[NotChecked, ...]
    warnings: tuple[Bilingual, ...] = ()
    received: tuple[Received, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    expected: tuple[Standing, ...] | None = None
    documents: tuple[str, ...] | None = None
