"""What units hand in, once read: subjects with typed values, each with the place it came from.

Values, by the fact's type: quantity, whole steps; date, ordinal; time of day, minutes; yes/no, 1 or 0; category, position
in its list; text and reference, str. `UNTOLD` (nothing was said) and `NONE` (known to be none) are neither. A periodic
fact's value is a dict from period key (`2023`, `2023-Q2`, `2023-06`) to such a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Any, Final

from rulecheck.dataclass import dataclass, field
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.measures.places import Place
from rulecheck.rules.model import Bilingual, Kind

UNTOLD: Final = None
"""Nothing was said: blank, `/`, `—`, or the fact is not there at all."""


class _None(Enum):
    NONE = "none"

    def __repr__(self) -> str:
        return "NONE"


NONE: Final = _None.NONE
"""Known to be none: 无."""

class Other(int):
    """A category that an open list does not name: its position behind the members, and the text that stands for it."""

    text: str

    def __new__(cls, position: int, text: str) -> Other:
        made = super().__new__(cls, position)
        made.text = text
        return made


Slot = int | tuple[int, str]
"""A fact's place in `Subject.values`, with the period key of a periodic fact."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`file` relative with `/`; `where` the place in it, in words for users of either language (`第7行` / `line 7`,
    `$.单位[0].编制`). `written` is the text as it stood there."""

    file: str
    where_zh: str
    where_en: str
    written: str


@dataclass(slots=True)
class Roster:
    """The members handed in for one kind of child. `is_complete` is False where marked 未报全."""

    members: list[Subject]
    is_complete: bool
    origin: Origin


@dataclass(slots=True, eq=False)
class Subject:
    """One unit, event or thing. `values` by `kind.slots`, `rosters` by `kind.children` (None: nothing was said).

    `origins` maps a slot, or (slot, period key), to where the value stood. `place` is resolved from the subject, its parent, the
    file's header or `--place`; None when nobody said. Built by `facts`, not changed after.
    """

    kind: Kind
    id: str
    name: str
    origin: Origin
    place: Place | None
    parent: Subject | None
    values: list[Any]
    rosters: list[Roster | None]
    origins: Mapping[Slot, Origin]
    as_of: int | None = None
    """The submission's own as-of date (ordinal), from the header of the file."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Reasons the unit itself gives, by rule id: shown, without effect."""
    alias: str = ""
    """What tells a subject of a sensitive kind apart in a report: its number among those of its kind."""
    disputed: dict[Slot, str] = field(default_factory=dict)
    """Facts that break a relation, with its Chinese name: their values count as untold."""
    supporting: dict[Slot, str] = field(default_factory=dict)
    """What is named as 佐证材料 for a fact: shown, without effect."""

    def above(self, steps: int) -> Subject | None:
        """The subject itself (0), its parent (1) …; None where there is none so far up."""
        found: Subject | None = self
        for _ in range(steps):
            found = found.parent if found is not None else None
        return found


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the authority about one rule and subject: a reason accepted, or a waiver. `limb`, `period` None: all."""

    effect: str
    """`accepted_reason` or `waiver`."""
    rule: str
    subject: str
    limb: str | None
    period: str | None
    by: str
    document: str
    issued: int | None
    until: int | None
    reason: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be taken, with every fault found in it. `unit`, `units`, `told_by`: as in `Received`.
    `is_submission` is False for the authority's own files (records, roster, manifest), which go back to no unit."""

    file: str
    faults: tuple[Diagnostic, ...]
    unit: str = ""
    units: tuple[str, ...] = ()
    told_by: str = ""
    is_submission: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read and taken: how much was in it, and who signed it (as written; empty where nobody did). `units`: the
    codes of the expected units that it comes from, `told_by` what told them: `subjects` in it, its `signature`, its `name`."""

    file: str
    sha256: str
    format: str
    encoding: str
    sheets: tuple[str, ...]
    subjects: int
    values: int
    unit: str = ""
    filled_by: str = ""
    reviewed_by: str = ""
    signed_on: str = ""
    units: tuple[str, ...] = ()
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedUnit:
    """A unit that should report, as the roster (应报单位名录) lists it. `code` tells it from all others: its credit code, a code
    of the authority's own, or its full name. `level` as written; `reports`: the kinds it is to report, empty: any."""

    code: str
    full_name: str
    short_names: tuple[str, ...] = ()
    level: str = ""
    place: Place | None = None
    reports: tuple[str, ...] = ()
    is_credit_code: bool = False


class State(StrEnum):
    """Where an expected unit stands. `partly`: something was taken, but kinds that it is to report are missing, or other files
    of it were refused."""

    RECEIVED = "received"
    PARTLY = "partly"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Standing:
    """What has come from an expected unit: files taken, files refused, files of a kind that nobody can check (`unread`), and
    the kinds that it is to report and are in none of them."""

    unit: ExpectedUnit
    state: State
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    missing: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """All that was handed in. `subjects`: every subject of each kind (English id), nested ones included, in a stable order.
    `received`: the files taken, `refused` the files not taken, `replaced` (file, by which) those that a manifest says a later
    version replaces, `expected` where each unit of the roster stands (None: no roster was given)."""

    subjects: Mapping[str, tuple[Subject, ...]]
    records: tuple[Record, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[Diagnostic, ...]
    sha256: str
    received: tuple[Received, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    expected: tuple[Standing, ...] | None = None
