"""What a comparison of two rule sets gives: frozen, in a stable order, ready for any report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import Judgement, Receipt, SubjectLine, Verdict
from rulecheck.prose.passages import Paragraph
from rulecheck.rules.model import Bilingual, Document
from rulecheck.submission import Refusal

VOCABULARY: Final = frozenset({"fact", "event", "relation", "submission"})
"""Differences of what can be handed in: these show in what was read, and no clause can be put back without them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions of a rule say differently.

    `what`: a key of [what] in `reports/compare.toml`; `limb` and `reading`: of this limb and reading alone; `of`: the id of the
    parameter, fact or relation. `before`, `after`: what each version says, empty where it says nothing. `through`: definitions or
    registered dates that changed while the clause uses them. `decides`: whether a verdict can depend on it.
    """

    what: str
    name: Bilingual
    before: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]
    limb: str | None = None
    reading: str | None = None
    of: str = ""
    through: tuple[Bilingual, ...] = ()
    decides: bool = True

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from the other differences of its rule."""
        return (self.what, self.limb or "", self.reading or "", self.of)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as both versions are called: the newer one's words where there is one. `old` and `new`: the ids, None where this set
    has no such rule; `position`: its place in the order of the documents."""

    old: str | None
    new: str | None
    title: Bilingual
    document: Document
    locator: str
    quote: tuple[str, ...]
    position: tuple[object, ...] = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        return self.new or self.old or ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One judgement under both rule sets: whose (a key that no other subject has), of which rule, limb and period, and how it
    came out; a verdict is None where that rule set gives no such judgement. `rule` is an index into the pairs of rules."""

    subject: object
    rule: int
    limb: str | None
    period: str | None
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class Example:
    """A subject whose verdict changed, explained: each side None where that rule set gives no judgement."""

    turn: Turn
    subject: SubjectLine
    before: Judgement | None
    after: Judgement | None


@dataclass(frozen=True, slots=True)
class Way:
    """How verdicts changed: from, to, how many judgements, and the first of them explained. `listed`: who, with the period, as
    far as they were asked for."""

    before: Verdict | None
    after: Verdict | None
    count: int
    examples: tuple[Example, ...]
    listed: tuple[tuple[SubjectLine, str | None], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The judgements of one rule and limb that changed for the same reason. Where nothing in the rule set is
    the cause, it is a difference of what was read of the submission."""

    rule: RuleLine
    limb: str | None
    causes: tuple[Difference, ...]
    ways: tuple[Way, ...]

    @property
    def count(self) -> int:
        return sum(way.count for way in self.ways)


@dataclass(frozen=True, slots=True)
class Reworded:
    """A judgement whose verdict stayed, while its reason, margin, missing facts or remedy did not. `parts`: which of them."""

    rule: RuleLine
    subject: SubjectLine
    limb: str | None
    period: str | None
    verdict: Verdict
    parts: tuple[str, ...]
    before: Callable[[], Judgement] = field(compare=False, repr=False)
    after: Callable[[], Judgement] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What the two sets say differently about one rule, and how many judgements of it changed verdict, appeared or fell away. Of
    a rule in one set only the one difference is the whole rule, and `verdicts` counts what that set gives."""

    rule: RuleLine
    differences: tuple[Difference, ...]
    changed: int
    judged: int
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs. `receipts` and `refused`: of the old and of the new side; `groups`: what changed
    verdict; `appeared`, `fell_away`: what only one side judges. `unchanged` and `compared` count judgements."""

    as_of: tuple[str, ...]
    as_of_source: str
    receipts: tuple[Receipt, Receipt]
    names: tuple[str, str]
    refused: tuple[tuple[Refusal, ...], tuple[Refusal, ...]]
    groups: tuple[Group, ...]
    appeared: tuple[Group, ...]
    fell_away: tuple[Group, ...]
    reworded: tuple[Reworded, ...] | None
    """None where words were not compared: of tables, only what changed verdict is explained."""
    rules: tuple[RuleChange, ...]
    unchanged: int
    warnings: tuple[Bilingual, ...] = ()

    @property
    def changed(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def only_new(self) -> int:
        return sum(group.count for group in self.appeared)

    @property
    def only_old(self) -> int:
        return sum(group.count for group in self.fell_away)

    @property
    def compared(self) -> int:
        return self.unchanged + self.changed + self.only_new + self.only_old
