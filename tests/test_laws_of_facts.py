"""Laws of facts (design §2) on random rules and subjects: what telling one changes, what is missing, what cures.

That the verdicts are the right ones is `test_reference`; these laws tie them to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from generate_rules import NOTICES, PLACES, Subjects, World, make_world, measure_of, some_value

from rulecheck import model
from rulecheck.judge import Judge, LimbJudge
from rulecheck.judgement import Verdict
from rulecheck.lower import lower
from rulecheck.missing import Gap, MissingFacts
from rulecheck.remedy import Remedies, Step, applied
from rulecheck.submission import NONE, UNTOLD, Roster, Subject
from rulecheck.workdays import Notice, make_calendar

ADVERSE = {Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT}


# --- telling ---------------------------------------------------------------------------------------------------------

Change = tuple[Any, str, Any]
"""An object, the name of what changes of it, and what it becomes."""


@contextmanager
def changed(*changes: Change) -> Iterator[None]:
    """The world with some things changed, put back at the end; rules are frozen for everybody else."""
    with ExitStack() as undo:
        for thing, name, value in changes:
            before = getattr(thing, name)
            object.__setattr__(thing, name, value)
            undo.callback(object.__setattr__, thing, name, before)
        yield


def telling(subject: Subject, fact: model.Fact, key: str | None, value: Any) -> Change:
    slot = subject.kind.slots[fact.id]
    if key is not None:
        value = {**(subject.values[slot] or {}), key: value}
    return subject, "values", [*subject.values[:slot], value, *subject.values[slot + 1 :]]


def untold(world: World) -> Iterator[tuple[Subject, model.Fact, str | None]]:
    """Every fact of every subject that is not told, periods apart."""
    for subjects in world.subjects.values():
        for subject in subjects:
            for name, slot in subject.kind.slots.items():
                fact, value = world.rules.facts[name], subject.values[slot]
                if fact.every is None:
                    keys: Sequence[str | None] = (None,) if value is UNTOLD else ()
                else:
                    keys = [key for key in world.keys(fact.every) if (value or {}).get(key) is UNTOLD]
                yield from ((subject, fact, key) for key in keys)


def row_told(random: Random, parameter: model.Parameter) -> Change:
    """A parameter with one of its open rows settled, within the bounds that were known."""
    open_rows = [index for index, row in enumerate(parameter.values) if not isinstance(row.value, model.Exactly)]
    if not open_rows:
        # Nothing is open but the time and place that no row covers.
        last = model.ParameterValue(None, None, None, None, model.Exactly(inside(random, parameter, None)), True)
        return parameter, "values", (*parameter.values, last)
    index = random.choice(open_rows)
    row = parameter.values[index]
    known = row.value if isinstance(row.value, model.Between) else None
    settled = replace(row, value=model.Exactly(inside(random, parameter, known)))
    return parameter, "values", (*parameter.values[:index], settled, *parameter.values[index + 1 :])


def inside(random: Random, parameter: model.Parameter, known: model.Between | None) -> Fraction:
    """A value that the parameter's declaration and what is known of it allow."""
    lows = [parameter.minimum, known.low if known else None]
    highs = [parameter.maximum, known.high if known else None]
    value = some_value(random, measure_of(parameter.type))
    value = max([value, *(each for each in lows if each is not None)])
    return min([value, *(each for each in highs if each is not None)])


# --- monotony --------------------------------------------------------------------------------------------------------

Key = tuple[str, str | None, str | None, str]


def outcomes(world: World) -> dict[Key, tuple[Verdict, frozenset[Verdict]]]:
    found = {}
    for kind, judges in Judge(lower(world.rules, world.as_of)).judges.items():
        for judge in judges:
            period = judge.plan.period.key if judge.plan.period else None
            for subject in world.subjects[kind]:
                key = (judge.plan.rule.id, judge.plan.tag, period, subject.id)
                found[key] = (judge.verdict(subject), judge.possible(subject))
    return found


def some_telling(random: Random, world: World) -> Change | None:
    """One fact, one place or one parameter told that was not."""
    maker = Subjects(random, world.vocabulary, untold=0)
    facts = list(untold(world))
    unplaced = [each for subjects in world.subjects.values() for each in subjects if each.place is None]
    luck = random.random()
    if luck < 0.1 and world.rules.parameters:
        return row_told(random, random.choice(list(world.rules.parameters.values())))
    if luck < 0.2 and unplaced:
        return random.choice(unplaced), "place", random.choice(list(PLACES.by_id.values()))
    if not facts:
        return None
    subject, fact, key = random.choice(facts)
    return telling(subject, fact, key, maker.told(fact))


@pytest.mark.parametrize("part", range(4))
def test_telling_one_more_only_decides_what_was_open(part: int) -> None:
    moves: Counter[tuple[Verdict, Verdict]] = Counter()
    for seed in range(part * 1_000_000 + 500_000, part * 1_000_000 + 500_060):
        world = make_world(seed, untold=(0.2, 0.4))
        random = Random(seed)
        before = outcomes(world)
        for _ in range(6):
            change = some_telling(random, world)
            if change is None:
                continue
            with changed(change):
                after = outcomes(world)
            for key, (verdict, possible) in before.items():
                now, now_possible = after[key]
                where = f"make_world({seed}, (0.2, 0.4)): {key}, {change[0]} {change[1]}"
                if verdict is Verdict.NOT_DUE:
                    assert now in (Verdict.NOT_DUE, Verdict.MET), where
                elif verdict is not Verdict.UNDETERMINED:
                    assert now is verdict, where
                # Nothing becomes possible but that a duty not due is known to be fulfilled.
                fulfilled = {Verdict.MET} if Verdict.NOT_DUE in possible else set()
                assert now_possible <= possible | fulfilled, where
                moves[verdict, now] += verdict is not now
    assert {after for _, after in moves} >= {Verdict.MET, Verdict.VIOLATED, Verdict.NOT_APPLICABLE, Verdict.NOT_DUE}
    assert moves[Verdict.NOT_DUE, Verdict.MET]
