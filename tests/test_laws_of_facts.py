"""Laws of facts (design §2) on random rules and subjects: what telling one changes, what is missing, what cures.

That the verdicts are the right ones is `test_reference`; these laws tie them to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from generate_rules import NOTICES, PLACES, Subjects, World, make_world, measure_of, some_value
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge, LimbJudge
from rulecheck.judging.lower import lower
from rulecheck.judging.missing import Gap, MissingFacts
from rulecheck.judging.remedy import Remedies, Step, applied
from rulecheck.measures.workdays import Notice, make_calendar
from rulecheck.rules import model
from rulecheck.rules.resolve.guards import walk
from rulecheck.submission import NONE, UNTOLD, Roster, Subject

ADVERSE = {Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT}


# --- telling ---

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


# --- monotony ---

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
    for seed in range(part * 1_000_000 + 500_000, part * 1_000_000 + 500_090):
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


# --- what is missing ---

SURE_PLACES = [place for place in PLACES.by_id.values() if place.english != "first_city"]
"""Places that say where somebody is; of the city's subjects it is not said in which county."""


@dataclass(frozen=True)
class Asked:
    """One limb judged of one subject, undetermined, with what it waits for."""

    where: str
    world: World
    judge: LimbJudge
    missing: MissingFacts
    subject: Subject
    gaps: tuple[Gap, ...]


def limbs(world: World) -> Iterator[tuple[str, LimbJudge, MissingFacts, Remedies, Sequence[Subject]]]:
    judge = Judge(lower(world.rules, world.as_of))
    for kind, judges in judge.judges.items():
        for each in judges:
            for index, limb in enumerate(each.limbs):
                rule, period = each.plan.rule, each.plan.period
                where = f"{rule.id}, {each.plan.tag}, {period.key if period else None}, reading {index}"
                missing = MissingFacts(limb.limb, rule.place, world.rules.calendar, world.rules.places)
                yield where, limb, missing, Remedies(limb, judge.rows), world.subjects[kind]


def undetermined(seed: int) -> Iterator[Asked]:
    # A quantity that is none without counting as anything leaves open what no fact can settle: an error of the rule.
    world = make_world(seed, untold=(0.1, 0.3), roots=3, bare_none=False)
    for where, judge, missing, _, subjects in limbs(world):
        for subject in subjects:
            if judge.verdict(subject) is Verdict.UNDETERMINED:
                found = f"make_world({seed}, (0.1, 0.3), 3, False): {where}, {subject.id}"
                yield Asked(found, world, judge, missing, subject, missing.find(subject))


def settling(random: Random, asked: Asked, gaps: Sequence[Gap]) -> list[Change]:
    """Everything asked for told, with values of every kind that the declarations allow."""
    world = asked.world
    maker = Subjects(random, world.vocabulary, untold=0)
    maker.made = {kind: [] for kind in world.rules.kinds}
    facts = [(gap, maker.told(world.rules.facts[gap.id])) for gap in gaps if gap.kind == "fact"]
    changes = facts_told(facts)
    rosters: dict[Subject, list[Roster | None]] = {}
    for gap in gaps:
        if gap.kind == "roster":
            assert gap.subject is not None
            of_subject = rosters.setdefault(gap.subject, list(gap.subject.rosters))
            slot = gap.subject.kind.children[gap.id]
            known = of_subject[slot].members if of_subject[slot] else []
            more = [whole(maker, world.rules.kinds[gap.id], gap.subject) for _ in range(random.randint(0, 2))]
            of_subject[slot] = Roster([*known, *more], True, gap.subject.origin)
        elif gap.kind == "place":
            assert gap.subject is not None
            said = gap.subject.place
            inner = [each for each in SURE_PLACES if said is None or PLACES.contains(said, each)]
            changes.append((gap.subject, "place", random.choice(inner)))
        elif gap.kind == "parameter":
            changes.append(all_rows_told(random, world.rules.parameters[gap.id]))
    changes += [(subject, "rosters", each) for subject, each in rosters.items()]
    notices = {notice.year: notice for notice in [*NOTICES, *asked_notices(gaps)]}
    if len(notices) > len(NOTICES):
        changes.append((world.rules, "calendar", make_calendar(notices.values())))
    return changes


def all_rows_told(random: Random, parameter: model.Parameter) -> Change:
    rows = [
        row if isinstance(row.value, model.Exactly) else replace(row, value=model.Exactly(inside(random, parameter, row.value)))
        for row in parameter.values
    ]
    last = model.ParameterValue(None, None, None, None, model.Exactly(inside(random, parameter, None)), True)
    return parameter, "values", (*rows, last)


def asked_notices(gaps: Sequence[Gap]) -> Iterator[Notice]:
    for gap in gaps:
        if gap.kind == "calendar":
            may_day = next(date(int(gap.id), 5, day) for day in (1, 2, 3) if date(int(gap.id), 5, day).weekday() < 5)
            yield Notice(int(gap.id), frozenset({may_day.toordinal()}), frozenset())


def whole(maker: Subjects, kind: model.Kind, parent: Subject) -> Subject:
    """A subject of whom everything is told."""
    made = maker.subject(kind, parent, parent.place or SURE_PLACES[0])
    complete(made)
    return made


def complete(subject: Subject) -> None:
    subject.place = subject.place or SURE_PLACES[0]
    subject.rosters = [Roster(each.members if each else [], True, subject.origin) for each in subject.rosters]
    for roster in subject.rosters:
        for each in roster.members if roster else ():
            complete(each)


def settled(asked: Asked, changes: Sequence[Change]) -> bool:
    """Whether the limb is decided, or waits for nothing but the calendar of days that were told only now."""
    with changed(*changes):
        judge, missing = asked.judge, asked.missing
        if any(not isinstance(thing, Subject) for thing, _, _ in changes):
            name = asked.where.partition(": ")[2].rpartition(", ")[0]
            judge, missing = next((each[1], each[2]) for each in limbs(asked.world) if each[0] == name)
        if judge.verdict(asked.subject) is not Verdict.UNDETERMINED:
            return True
        rest = missing.find(asked.subject)
        return bool(rest) and all(each.kind == "calendar" for each in rest)


@pytest.mark.parametrize("part", range(2))
def test_what_is_missing_settles_the_verdict_whatever_it_turns_out_to_be(part: int) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(part * 1_000_000 + 200_000, part * 1_000_000 + 200_070):
        random = Random(seed)
        for asked in undetermined(seed):
            assert asked.gaps, asked.where
            kinds.update(gap.kind for gap in asked.gaps)
            for _ in range(3):
                assert settled(asked, settling(random, asked, asked.gaps)), f"{asked.where}: {names(asked.gaps)}"
    assert set(kinds) == {"fact", "roster", "place", "parameter", "calendar"}


def names(gaps: Sequence[Gap]) -> list[tuple[str, str, str | None, str | None]]:
    return [(gap.kind, gap.id, gap.subject.id if gap.subject else None, gap.period) for gap in gaps]


def test_what_is_missing_is_the_fewest_but_where_conditions_hang_together() -> None:
    """Conditions are taken as independent (`missing`), so that of two that share a fact one may be asked for in vain: seldom.

    One gap left untold, all values of the others are tried.
    """
    asked_for = dispensable = 0
    for seed in range(700_000, 700_150):
        for asked in undetermined(seed):
            if all(gap.kind == "fact" and len(domain(asked.world, gap)) <= 20 for gap in asked.gaps):
                asked_for += 1
                dispensable += any(is_dispensable(asked, gap) for gap in asked.gaps if len(asked.gaps) in (2, 3))
    assert asked_for > 300
    assert dispensable < asked_for * 0.05


def is_dispensable(asked: Asked, gap: Gap) -> bool:
    others = [each for each in asked.gaps if each is not gap]
    for values in product(*(domain(asked.world, each) for each in others)):
        with changed(*facts_told(zip(others, values, strict=True))):
            if asked.judge.verdict(asked.subject) is Verdict.UNDETERMINED:
                return False
    return True


def facts_told(told: Iterable[tuple[Gap, Any]]) -> list[Change]:
    """Facts told together, several of one subject among them."""
    values: dict[Subject, list[Any]] = {}
    for gap, value in told:
        assert gap.subject is not None
        of_subject = values.setdefault(gap.subject, list(gap.subject.values))
        slot = gap.subject.kind.slots[gap.id]
        of_subject[slot] = value if gap.period is None else {**(of_subject[slot] or {}), gap.period: value}
    return [(subject, "values", each) for subject, each in values.items()]


def domain(world: World, gap: Gap) -> Sequence[Any]:
    """Every value a fact can have, if these are few; else more than are wanted."""
    fact = world.rules.facts[gap.id]
    if isinstance(fact.type, model.TextType):
        return ("东", "西", "南", "北")
    if fact.minimum is None or fact.maximum is None:
        return range(1_000)
    none = [NONE] if fact.may_be_none and fact.none_is is None else []
    return [*range(fact.minimum, fact.maximum + 1), *none]


# --- what cures ---


def facts_read(node: model.Test | model.Term) -> Iterator[str]:
    for each in walk(node):
        if isinstance(each, model.FactTerm | model.PeriodTotal):
            yield each.fact.id


def without_divisors(node: Any) -> Any:
    """A requirement with 1 for every divisor and everybody counted: what is left is what may be moved."""
    if isinstance(node, model.Quotient):
        return without_divisors(node.left)
    if isinstance(node, tuple):
        return tuple(without_divisors(each) for each in node)
    if isinstance(node, model.Collection):
        return replace(node, where=None)
    if isinstance(node, model.Count) or not is_dataclass(node):
        return node
    if isinstance(node, model.Fact | model.FactTerm | model.PeriodTotal | model.Parameter | model.ParameterTerm):
        return node
    return replace(node, **{each.name: without_divisors(getattr(node, each.name)) for each in fields(node)})


@pytest.mark.parametrize("part", range(2))
def test_a_cure_is_enough_no_step_of_it_too_much_and_every_change_an_honest_one(part: int) -> None:
    cures = 0
    verdicts: Counter[Verdict] = Counter()
    for seed in range(part * 1_000_000 + 300_000, part * 1_000_000 + 300_400):
        world = make_world(seed, untold=(0.0, 0.1))
        for where, judge, _, remedies, subjects in limbs(world):
            for subject in subjects:
                if judge.verdict(subject) not in ADVERSE:
                    continue
                cure = remedies.find(subject)
                if not cure:
                    continue
                cures += 1
                name = f"make_world({seed}, (0.0, 0.1)): {where}, {subject.id}"
                assert all(is_honest(step, world.as_of) for step in cure), name
                assert_only_the_requirement_is_moved(judge.limb.limb, cure, name)
                with applied(cure):
                    outcome = judge.outcome(subject)
                verdicts[outcome.verdict] += 1
                if outcome.verdict is not Verdict.MET:
                    # Where what is moved is a condition too, the rule may fall away instead.
                    assert moved(cure) & conditions(judge.limb.limb), name
                    assert not outcome.possible & ADVERSE, name
                for index, step in enumerate(cure):
                    nearer = replace(step, after=step.after - (1 if step.after > step.before else -1))
                    with applied((*cure[:index], nearer, *cure[index + 1 :])):
                        assert judge.verdict(subject) is not Verdict.MET, name
    assert cures > 200
    assert verdicts[Verdict.MET] > cures * 0.9


def moved(cure: Sequence[Step]) -> set[str]:
    return {step.fact.id for step in cure}


def conditions(limb: model.Limb) -> set[str]:
    return {fact for test in (limb.applies, limb.excepted) if test is not None for fact in facts_read(test)}


def is_honest(step: Step, as_of: int) -> bool:
    """In the declared direction and range, and not what is past."""
    fact = step.fact
    direction = {"increase": step.after > step.before, "decrease": step.after < step.before, "either": True}
    in_range = (fact.minimum is None or step.after >= fact.minimum) and (fact.maximum is None or step.after <= fact.maximum)
    is_past = step.period is not None and last_day(step.period) < as_of
    return fact.changeable is not None and direction[fact.changeable] and in_range and not is_past


def assert_only_the_requirement_is_moved(limb: model.Limb, cure: Sequence[Step], name: str) -> None:
    assert limb.requirement is not None
    assert moved(cure) <= set(facts_read(without_divisors(limb.requirement))), name


def last_day(key: str) -> int:
    year, _, rest = key.partition("-")
    month = 12 if not rest else int(rest[1:]) * 3 if rest.startswith("Q") else int(rest)
    following = date(int(year) + month // 12, month % 12 + 1, 1)
    return following.toordinal() - 1
