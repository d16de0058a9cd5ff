"""What several files say of one subject, brought together: a `Group` of drafts becomes one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.headings import word_of
from rulecheck.facts.nodes import Faults, shown
from rulecheck.facts.told import Draft
from rulecheck.facts.values import show_value
from rulecheck.language.diagnostics import located
from rulecheck.measures.days import day_text
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind, RuleSet
from rulecheck.submission import UNTOLD, Origin, Other, Slot

if TYPE_CHECKING:
    from rulecheck.facts.authority.senders import Senders


@dataclass(slots=True, eq=False)
class Group:
    """One subject: what all files say of it. `drafts` by file name and order in the file."""

    kind: Kind
    parent: Group | None
    id: str
    drafts: list[Draft] = field(default_factory=list)
    name: str = ""
    values: dict[Slot, Any] = field(default_factory=dict)
    origins: Mapping[Slot, Origin] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    supporting: dict[Slot, str] = field(default_factory=dict)
    place: Place | None = None
    as_of: int | None = None
    lacking: dict[str, None] = field(default_factory=dict)
    """Kinds of child whose roster lacks what a refused file holds."""

    @property
    def order(self) -> tuple[str, int]:
        return self.drafts[0].file, self.drafts[0].order

    @property
    def shown(self) -> str:
        return self.drafts[0].shown if self.drafts else shown(self.id, self.kind.sensitive)


@dataclass(slots=True)
class Index:
    """The groups of one kind, by id and by name."""

    by_id: dict[str, list[Group]] = field(default_factory=dict)
    by_name: dict[str, list[Group]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Group]:
        return (group for groups in self.by_id.values() for group in groups)

    def add_names(self) -> None:
        self.by_name.clear()
        for group in self:
            for name in dict.fromkeys(name for each in group.drafts for name in each.names):
                self.by_name.setdefault(name, []).append(group)

    def find(self, text: str) -> list[Group]:
        """The groups that a text means: those with this id, else those with this name."""
        return self.by_id.get(text) or self.by_name.get(text) or []


_GIVEN_TWICE: Final = "F401"

Given = Sequence[tuple[Any, Origin]]
"""The values that the drafts of one subject give for one thing, each with its place."""


@dataclass(slots=True)
class Merger:
    """Merges the drafts of each group. What they contradict is added to the `faults` of their files."""

    faults: Mapping[str, Faults]
    rules: RuleSet
    senders: Senders | None

    def merge(self, group: Group) -> None:
        group.drafts.sort(key=lambda each: (each.file, each.order))
        if len(group.drafts) == 1:
            (draft,) = group.drafts
            group.values, group.origins = dict(draft.values), draft.origins
            group.reasons = {rule: text for rule, (text, _) in draft.reasons.items()}
            group.supporting = draft.supporting
        else:
            self._merge_values(group)
            self._merge_reasons(group)
            self._merge_supporting(group)
        names = [(each.written_name, each.origin) for each in group.drafts if each.written_name]
        group.name = self._settle(group, word_of("reserved", "name"), names, self._words_of(group)) or group.id
        self._settle_place(group)
        self._settle_as_of(group)

    def _merge_values(self, group: Group) -> None:
        given: dict[Slot, list[tuple[Any, Origin]]] = {}
        for draft in group.drafts:
            for slot, value in draft.values.items():
                given.setdefault(slot, []).append((value, draft.origins[slot]))
        names = {slot: name for name, slot in group.kind.slots.items()}
        origins: dict[Slot, Origin] = {}
        group.origins = origins
        for slot, tellings in given.items():
            told = [each for each in tellings if each[0] is not UNTOLD] or tellings
            group.values[slot], origins[slot] = told[0]
            if any(_differ(value, told[0][0]) for value, _ in told):
                fact = self.rules.facts[names[slot if isinstance(slot, int) else slot[0]]]
                period = "" if isinstance(slot, int) else f"@{slot[1]}"
                what = (fact.zh + period, fact.id + period)
                self._settle(group, what, told, partial(show_value, fact=fact))

    def _merge_reasons(self, group: Group) -> None:
        given: dict[str, list[tuple[Any, Origin]]] = {}
        for draft in group.drafts:
            for rule, reason in draft.reasons.items():
                given.setdefault(rule, []).append(reason)
        for rule, reasons in given.items():
            group.reasons[rule] = self._settle(group, word_of("reserved", "reasons"), reasons, self._words_of(group))

    @staticmethod
    def _merge_supporting(group: Group) -> None:
        """What several files name in support of one fact supports it together."""
        given: dict[Slot, dict[str, None]] = {}
        for draft in group.drafts:
            for slot, text in draft.supporting.items():
                given.setdefault(slot, {})[text] = None
        group.supporting = {slot: "；".join(texts) for slot, texts in given.items()}

    def _settle_place(self, group: Group) -> None:
        """Its own place, else its parent's, else the files', else what the roster of expected units says."""
        given = [(each.place, each.origin) for each in group.drafts if each.place is not None]
        if not given and group.parent is not None and group.parent.place is not None:
            group.place = group.parent.place
            return
        given = given or [(each.header_place, each.origin) for each in group.drafts if each.header_place is not None]
        what = word_of("reserved", "place")
        group.place = self._settle(group, what, given, lambda place: (place.chinese, place.english))
        if group.place is None and self.senders is not None:
            group.place = self.senders.place(group.id, {each.file for each in group.drafts})

    def _settle_as_of(self, group: Group) -> None:
        """The as-of date of the files that give facts of the subject, which must agree. Files that name it only on
        the way to its members count where there are no others, and then the latest does."""

        def day(draft: Draft) -> int | None:
            return draft.as_of or (day(draft.parent) if draft.parent else None) or draft.header_as_of

        telling = [(day(each), each.origin) for each in group.drafts if each.values and day(each)]
        what = word_of("reserved", "as_of")
        group.as_of = self._settle(group, what, telling, lambda value: (day_text(value, "zh"), day_text(value, "en")))
        if group.as_of is None:
            days = [found for found in map(day, group.drafts) if found]
            group.as_of = max(days, default=group.parent.as_of if group.parent else None)

    def _settle(self, group: Group, what: tuple[str, str], given: Given, show: Callable[[Any], tuple[str, str]]) -> Any:
        """The one value given, None where there is none. Where they differ, each is a fault of its file that names
        another."""
        for value, origin in given:
            other = next((each for each in given if _differ(each[0], value)), None)
            if other is not None:
                self.contradict(group, what, show(value), origin, show(other[0]), other[1])
        return given[0][0] if given else None

    def contradict(
        self,
        group: Group,
        what: tuple[str, str],
        value: tuple[str, str],
        origin: Origin,
        other: tuple[str, str],
        other_origin: Origin,
    ) -> None:
        self.faults[origin.file].add_at(
            _GIVEN_TWICE,
            origin,
            subject=group.shown,
            what=what[0],
            what_en=what[1],
            value=value[0],
            value_en=value[1],
            other=other[0],
            other_en=other[1],
            place=located(other_origin.file, other_origin.where_zh),
            place_en=located(other_origin.file, other_origin.where_en),
        )

    @staticmethod
    def _words_of(group: Group) -> Callable[[Any], tuple[str, str]]:
        return lambda text: (shown(text, group.kind.sensitive), shown(text, group.kind.sensitive))


def _differ(one: Any, other: Any) -> bool:
    """Whether two files say two things; what an open list does not name is the same only by its text."""
    return bool(one != other) or (isinstance(one, Other) and isinstance(other, Other) and one.text != other.text)
