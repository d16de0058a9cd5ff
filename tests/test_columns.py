"""The evaluator of columns against that of single subjects: random rules over random tables, the same verdicts row by row.

A failure prints the seed; `make_tables(seed)` gives its rules and subjects again, and `lay_out` with `Random(seed)` its frames.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from generate_rules import World
from generate_tables import loosen, make_tables, roots_of, share_on_boundary
from rulecheck.columns import block
from rulecheck.columns.evaluate import Columns
from rulecheck.columns.frame import Frame
from rulecheck.columns.judge import CODES, ColumnJudge, LimbColumns
from rulecheck.columns.numbers import TooLarge
from rulecheck.columns.scope import Scope
from rulecheck.columns.subjects import Subjects
from rulecheck.columns.truths import TO_ROWS, array
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.submission import Subject
from support_frames import lay_out, subjects_of, told

CASES = 20_000
PARTS = 4
SEEDS = 1_000_000
"""Seeds of a part lie this far from those of the next."""
WORLDS = 40
"""Worlds of a part at least, however many cases they have: rows alone do not try many rules."""


def table_of(seed: int) -> tuple[World, list[Subject]]:
    """A world and the subjects that lead to all others; of every third one all members stand in tables of their own."""
    world = make_tables(seed)
    if seed % 3:
        return world, roots_of(world)
    world = loosen(Random(seed), world)
    return world, [each for subjects in world.subjects.values() for each in subjects]


def compare(seed: int) -> Counter[Verdict]:
    """Judges one world both ways; how often each verdict came out."""
    world, subjects = table_of(seed)
    plan = lower(world.rules, world.as_of)
    rows, columns = Judge(plan), ColumnJudge(plan)
    counted: Counter[Verdict] = Counter()
    for frame, of_frame in lay_out(subjects, world.rules, Random(seed)):
        found = columns.verdicts(frame)
        for number, judge in enumerate(rows.judges.get(frame.kind.id, ())):
            expected = [judge.verdict(each) for each in of_frame]
            verdicts = [CODES[each] for each in found.codes[number].tolist()]
            key = judge.plan.period.key if judge.plan.period else None
            where = f"make_tables({seed}): {judge.plan.rule.id}, {judge.plan.tag}, {key}, {frame.kind.id}"
            assert first_difference(verdicts, expected) is None, where
            counted.update(expected)
    return counted


def first_difference(found: Sequence[object], expected: Sequence[object]) -> tuple[int, object, object] | None:
    """The first row in which two lists differ, with what stands there in each."""
    assert len(found) == len(expected)
    pairs = zip(found, expected, strict=True)
    return next(((row, one, other) for row, (one, other) in enumerate(pairs) if one != other), None)


def compare_many(first_seed: int, count: int) -> Counter[Verdict]:
    verdicts: Counter[Verdict] = Counter()
    seed = first_seed
    while verdicts.total() < count or seed < first_seed + WORLDS:
        verdicts += compare(seed)
        seed += 1
    return verdicts


@pytest.mark.parametrize("part", range(PARTS))
def test_columns_give_the_verdicts_of_rows(part: int) -> None:
    verdicts = compare_many(part * SEEDS, CASES // PARTS)

    # The cases must reach every verdict, else their agreement says little.
    assert set(verdicts) == set(Verdict)
    assert verdicts[Verdict.UNDETERMINED] < verdicts.total() / 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(100, 120))
def test_columns_give_the_verdicts_of_rows_on_many_more(part: int) -> None:
    compare_many(part * SEEDS, 50_000)


@pytest.mark.parametrize("part", range(2))
def test_columns_give_the_five_truths_of_rows(part: int) -> None:
    """The truths themselves, of every reading: a wrong one may hide behind another in the verdict."""
    for seed in range(part * SEEDS + 500, part * SEEDS + 530):
        world, subjects = table_of(seed)
        plan = lower(world.rules, world.as_of)
        rows, columns = Judge(plan), Columns(world.rules.calendar, world.rules.places)
        for frame, of_frame in lay_out(subjects, world.rules, Random(seed)):
            for judge in rows.judges.get(frame.kind.id, ()):
                for limb in judge.limbs:
                    truths = LimbColumns(limb.limb, judge.plan, columns).truths
                    try:
                        found = truths(Scope(frame, False, {}))
                    except TooLarge:
                        continue
                    by_row = zip(*([TO_ROWS[each] for each in array(of, frame.count).tolist()] for of in found), strict=True)
                    expected = [limb.truths(each) for each in of_frame]
                    where = f"make_tables({seed}): {judge.plan.rule.id}, {limb.limb.limb.tag}, {frame.kind.id}"
                    assert first_difference(list(by_row), expected) is None, where


@pytest.mark.parametrize("seed", range(15))
def test_blocks_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However a frame is cut, and whether rows with something untold are judged apart or with all others."""
    world, subjects = table_of(seed)
    columns = ColumnJudge(lower(world.rules, world.as_of))
    frames = [frame for frame, _ in lay_out(subjects, world.rules, Random(seed))]
    whole = [columns.verdicts(frame).codes for frame in frames]
    for size, mostly in ((1, 2), (7, 1), (7, 10**6), (1000, 1), (1000, 10**6)):
        monkeypatch.setattr(block, "MOSTLY", mostly)
        monkeypatch.setattr(block.blocks, "__defaults__", (size,))
        for frame, expected in zip(frames, whole, strict=True):
            found = columns.verdicts(frame).codes
            assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def test_numbers_that_fit_are_never_judged_row_by_row() -> None:
    """And those that do not are said to be: with facts of a hundred quadrillion steps both come up."""
    fell_back = judged = 0
    for seed in range(100):
        world, subjects = table_of(seed)
        columns = ColumnJudge(lower(world.rules, world.as_of))
        is_vast = any("_crowd_" in name or "_dust_" in name for name in world.rules.facts)
        for frame, _ in lay_out(subjects, world.rules):
            by_row = columns.verdicts(frame).by_row
            assert is_vast or not by_row, f"make_tables({seed})"
            fell_back += len(by_row)
            judged += len(columns.judgements.get(frame.kind.id, ()))
    assert 0 < fell_back < judged / 10


def test_values_stand_on_the_boundary_on_a_third_of_the_rows() -> None:
    found = [share_on_boundary(make_tables(seed)) for seed in range(60)]
    assert sum(on for on, _ in found) > sum(of for _, of in found) / 3


# --- the frames themselves ---


@pytest.mark.parametrize("seed", range(40))
def test_subjects_come_back_from_their_frames(seed: int) -> None:
    world, subjects = table_of(seed)
    for frame, of_frame in lay_out(subjects, world.rules, Random(seed)):
        expected = [told(each) for each in of_frame]
        assert [told(each) for each in subjects_of(frame, world.rules)] == expected
        assert [told(each) for each in _one_by_one(frame)] == expected


def _one_by_one(frame: Frame) -> list[Subject]:
    """The subjects as the evaluator makes them for an explanation."""
    made = Subjects()
    return [made.at(frame, row) for row in range(frame.count)]
