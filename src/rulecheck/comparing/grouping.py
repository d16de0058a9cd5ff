"""Changed judgements put together by the rule, the limb and what caused the change. Where they come from (one submission, tables
of millions) is not known here: turns are taken one or many at a time, and only what is shown of them is kept."""

from __future__ import annotations

from collections.abc import Callable

from rulecheck.comparing.result import Difference, Example, Group, RuleLine, Turn, Way
from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import SubjectLine, Verdict

EXAMPLES = 2
"""Judgements explained for each way in which verdicts of a group changed."""

LISTED = 10_000
"""Subjects of tables that are listed by name for each way."""
LISTED_IN_ALL = 100_000
"""Of one comparison: what is kept in memory has an end, however many rows there are."""


class Room:
    """How many more subjects a comparison may list."""

    def __init__(self, left: int = LISTED_IN_ALL) -> None:
        self.left = left


_ORDER = (None, *Verdict)

_Way = tuple[Verdict | None, Verdict | None]


@dataclass(slots=True)
class _Count:
    count: int = 0
    examples: list[Example] = field(default_factory=list)
    listed: list[tuple[SubjectLine, str | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Alike:
    """What changed of one rule and limb for one reason."""

    causes: tuple[Difference, ...]
    ways: dict[_Way, _Count] = field(default_factory=dict)


class Groups:
    """Turns as they come, in the order in which subjects are to be shown. `lists`: whether every subject is kept by name as it
    comes; `room`: of those that `keep` takes instead."""

    def __init__(self, *, lists: bool, room: Room | None = None) -> None:
        self._lists = lists
        self._room = room or Room()
        self._found: dict[tuple[int, str | None, tuple[object, ...]], _Alike] = {}

    def add(self, turn: Turn, causes: tuple[Difference, ...], explain: Callable[[], Example], count: int = 1) -> None:
        """A turn, or `count` alike of which it is the first. `explain` is called where it is to be shown."""
        way = self._found.setdefault(self._key(turn, causes), _Alike(causes)).ways.setdefault((turn.before, turn.after), _Count())
        way.count += count
        is_shown = len(way.examples) < EXAMPLES
        if is_shown or self._lists:
            example = explain()
            if is_shown:
                way.examples.append(example)
            if self._lists:
                way.listed.append((example.subject, turn.period))

    def keep(self, turn: Turn, causes: tuple[Difference, ...], count: int, subject: Callable[[int], SubjectLine]) -> None:
        """Keep the names of `count` turns alike of which this is the first, counted before, as far as there is room. `subject`:
        one of them by its number."""
        of = self._found[self._key(turn, causes)].ways[turn.before, turn.after]
        for number in range(min(count, LISTED - len(of.listed), self._room.left)):
            of.listed.append((subject(number), turn.period))
            self._room.left -= 1

    def _key(self, turn: Turn, causes: tuple[Difference, ...]) -> tuple[int, str | None, tuple[object, ...]]:
        return turn.rule, turn.limb, tuple(each.key for each in causes)

    def whole(self, line: Callable[[int], RuleLine]) -> tuple[Group, ...]:
        """The groups in the order of the documents. `line`: what a pair of rules is called."""
        groups = [
            Group(line(rule), limb, alike.causes, tuple(_way(*each) for each in sorted(alike.ways.items(), key=_order)))
            for (rule, limb, _), alike in self._found.items()
        ]
        return tuple(sorted(groups, key=_place))


def _place(of: Group) -> tuple[object, ...]:
    return (*of.rule.position, of.limb or "", [cause.key for cause in of.causes])


def _way(way: _Way, of: _Count) -> Way:
    return Way(*way, of.count, tuple(of.examples), tuple(of.listed))


def _order(of: tuple[_Way, _Count]) -> tuple[int, int]:
    (before, after), _ = of
    return _ORDER.index(before), _ORDER.index(after)
