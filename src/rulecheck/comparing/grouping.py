"""Changed judgements put together by the rule, the limb and what caused the change. Where they come from (one submission, tables
of millions) is not known here: turns are taken one at a time, and only what is shown of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rulecheck.comparing.result import Difference, Example, Group, RuleLine, Turn, Way
from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import SubjectLine, Verdict

EXAMPLES = 2
"""Judgements explained for each way in which verdicts of a group changed."""

_ORDER = (None, *Verdict)


@dataclass(slots=True)
class _Count:
    """`first`: turns to be explained; `listed`: who, as far as wanted."""

    count: int = 0
    first: list[Turn] = field(default_factory=list)
    listed: list[tuple[SubjectLine, str | None]] = field(default_factory=list)


def grouped(
    turns: Iterable[Turn],
    lines: Callable[[int], RuleLine],
    causes: Callable[[Turn], tuple[Difference, ...]],
    explain: Callable[[Turn], Example],
    line_of: Callable[[Turn], SubjectLine] | None = None,
) -> tuple[Group, ...]:
    """The groups in the order of the documents. `turns` come in the order in which subjects are to be shown; `lines`: what a pair
    of rules is called; `causes`, `explain`: of one turn; `line_of`: names a subject that is listed, None to list nobody."""
    found: dict[tuple[int, str | None, tuple[object, ...]], tuple[tuple[Difference, ...], dict[object, _Count]]] = {}
    for turn in turns:
        because = causes(turn)
        of_group = found.setdefault((turn.rule, turn.limb, tuple(each.key for each in because)), (because, {}))
        count = of_group[1].setdefault((turn.before, turn.after), _Count())
        count.count += 1
        if len(count.first) < EXAMPLES:
            count.first.append(turn)
        if line_of is not None:
            count.listed.append((line_of(turn), turn.period))
    groups = [
        Group(lines(rule), limb, because, tuple(_way(each, explain) for each in sorted(counts.values(), key=_way_order)))
        for (rule, limb, _), (because, counts) in found.items()
    ]
    return tuple(sorted(groups, key=lambda each: (*each.rule.position, each.limb or "", [cause.key for cause in each.causes])))


def _way(of: _Count, explain: Callable[[Turn], Example]) -> Way:
    first = of.first[0]
    return Way(first.before, first.after, of.count, tuple(map(explain, of.first)), tuple(of.listed))


def _way_order(of: _Count) -> tuple[int, int]:
    first = of.first[0]
    return _ORDER.index(first.before), _ORDER.index(first.after)
