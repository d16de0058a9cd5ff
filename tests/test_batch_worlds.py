"""Random worlds as tables through the embedded engine: the verdicts of single subjects, whatever the form of the tables and
however they are cut into partitions.

A failure prints the seed; `make_tables(seed)` gives its rules and subjects again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from generate_rules import FIRST, LAST, World
from generate_tables import make_tables
from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.source import DuckdbSource, plan_tables
from rulecheck.batching.sources.open import open_tables
from rulecheck.batching.sources.table import Table
from rulecheck.columns.frame import Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.settle import Settler
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.settle import settle
from rulecheck.language.diagnostics import render
from rulecheck.rules import model
from rulecheck.submission import Subject
from support_frames import below
from support_tables import Writer, arrow, in_memory, write_csv, write_parquet

CASES = 20_000
PARTS = 4
SEEDS = 1_000_000
LITTLE = Means("300MB", 1)
Key = tuple[str, str, str | None, str | None, str]
"""A judgement: kind, rule, limb, period, subject."""


def world_of(seed: int, roots: Sequence[int] = (1, 5, 20)) -> World:
    """A world as tables can tell it: whoever says nothing of a place is where those above are, and days are of our time."""
    world = make_tables(seed, roots=roots, relations=seed % 3)
    for subjects in world.subjects.values():
        for subject in subjects:
            if subject.place is None and subject.parent is not None:
                subject.place = subject.parent.place
            for name, slot in subject.kind.slots.items():
                if world.rules.facts[name].type == model.DateType() and isinstance(subject.values[slot], int):
                    subject.values[slot] = min(max(subject.values[slot], FIRST - 400), LAST + 400)
    return world


def tables_of(world: World, form: str, random: Random, folder: Path) -> Sequence[Table]:
    rows = Writer(world.rules, random).rows(world.subjects)
    if form == "memory":
        return [in_memory(world.rules.kinds[kind], arrow(of_kind, random)) for kind, of_kind in rows.items()]
    paths = []
    for kind, of_kind in rows.items():
        path = folder / f"{world.rules.kinds[kind].zh}.{form}"
        paths.append(path)
        if form == "csv":
            write_csv(path, of_kind)
        else:
            write_parquet(path, arrow(of_kind, random))
    opened = open_tables(paths, folder)
    assert not opened.faults, [render(each, "zh") for each in opened.faults]
    return opened.tables


def frames_of(world: World, tables: Sequence[Table], random: Random, folder: Path) -> Iterator[Frame]:
    """Every frame of every partition, settled as a run settles it."""
    given = plan_tables(world.rules, tables, None, world.rules.rules)
    assert not given.declared.errors, [render(each, "zh") for each in given.declared.errors]
    settler = Settler(world.rules)
    with DuckdbSource(given, world.rules, None, folder, LITTLE, random.choice((1, 7, 100_000))) as source:
        for family in source.families:
            for root in source.partitions(family, 0):
                settler.settle(root)
                yield from below(root)


def compare(seed: int, form: str, folder: Path) -> Counter[Verdict]:
    """Judges one world both ways; how often each verdict came out."""
    world, random = world_of(seed), Random(seed)
    tables = tables_of(world, form, random, folder)
    plan = lower(world.rules, world.as_of)
    columns = ColumnJudge(plan)
    found: dict[Key, Verdict | None] = {}
    for frame in frames_of(world, tables, random, folder):
        kind = frame.kind.id
        if not frame.count:
            continue  # nobody's members, of whom nobody has a key
        for judgement, codes in zip(plan.judgements.get(kind, ()), columns.verdicts(frame).codes, strict=True):
            period = judgement.period.key if judgement.period else None
            for key, code in zip(frame.keys.to_pylist(), codes.tolist(), strict=True):
                name = (kind, judgement.rule.id, judgement.tag, period, key)
                assert name not in found
                found[name] = CODES[code]
    subjects: list[Subject] = [each for of_kind in world.subjects.values() for each in of_kind]
    settle(world.rules, subjects)
    expected: dict[Key, Verdict] = {}
    for kind, judges in Judge(plan).judges.items():
        for judge in judges:
            period = judge.plan.period.key if judge.plan.period else None
            for subject in world.subjects[kind]:
                expected[kind, judge.plan.rule.id, judge.plan.tag, period, subject.id] = judge.verdict(subject)
    assert found.keys() == expected.keys(), f"make_tables({seed}), {form}"
    for name, verdict in expected.items():
        assert found[name] == verdict, f"make_tables({seed}), {form}: {name}"
    return Counter(expected.values())


def compare_many(first_seed: int, count: int, folder: Path) -> Counter[Verdict]:
    verdicts: Counter[Verdict] = Counter()
    seed = first_seed
    while verdicts.total() < count or seed < first_seed + 12:
        of_seed = folder / str(seed)
        of_seed.mkdir()
        verdicts += compare(seed, ("memory", "csv", "parquet")[seed // 3 % 3], of_seed)
        seed += 1
    return verdicts


@pytest.mark.parametrize("part", range(PARTS))
def test_the_embedded_engine_gives_the_verdicts_of_rows(part: int, tmp_path: Path) -> None:
    verdicts = compare_many(part * SEEDS, CASES // PARTS, tmp_path)
    assert set(verdicts) == set(Verdict)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(100, 120))
def test_the_embedded_engine_gives_the_verdicts_of_rows_on_many_more(part: int, tmp_path: Path) -> None:
    compare_many(part * SEEDS, 50_000, tmp_path)


def test_who_looks_down_from_above_comes_with_all_that_lies_there(tmp_path: Path) -> None:
    """A visit of a part of a unit asks for the sum over all parts of the unit."""
    compare(28, "csv", tmp_path)


def test_what_a_relation_reads_of_members_is_read(tmp_path: Path) -> None:
    """A relation of claims that sums a figure over their people, which no rule asks for."""
    compare(799, "parquet", tmp_path)


def test_a_day_that_is_disputed_is_still_a_day(tmp_path: Path) -> None:
    """A relation takes back the only day that was told in a column, which a limit is reckoned from."""
    compare(100_000_289, "csv", tmp_path)
