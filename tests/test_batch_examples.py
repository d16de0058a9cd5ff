"""Every example of every shipped rule through the embedded engine: all of their subjects as tables, read once, then judged as
each example says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.source import DuckdbSource, plan_tables
from rulecheck.batching.sources.open import open_tables
from rulecheck.columns.frame import Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.dataclass import replace
from rulecheck.judging.lower import lower
from rulecheck.language.diagnostics import render
from rulecheck.submission import Origin, Roster, Subject
from support_frames import below
from support_tables import Writer, arrow, write_parquet
from test_columns_examples import groups, shipped, verdict_of

ORIGIN = Origin("examples", "", "", "")


def families(subjects: list[Subject]) -> dict[str, list[Subject]]:
    """The subjects with everybody above and below them, by kind, each with a key of its own."""
    found: dict[str, list[Subject]] = {}

    def take(subject: Subject) -> None:
        of_kind = found.setdefault(subject.kind.id, [])
        of_kind.append(subject)
        subject.id = f"{subject.kind.id}-{len(of_kind)}"
        for roster in subject.rosters:
            for member in roster.members if roster is not None else ():
                take(member)

    for subject in subjects:
        top = subject
        while top.parent is not None:
            slot = top.parent.kind.children[top.kind.id]
            roster = top.parent.rosters[slot]
            # Of the others an example says nothing, unless it does.
            if roster is None:
                top.parent.rosters[slot] = Roster([top], False, ORIGIN)
            elif top not in roster.members:
                roster.members.append(top)
            top = top.parent
        take(top)
    return found


def frames_of(subjects: dict[str, list[Subject]], folder: Path) -> Iterator[Frame]:
    rules, random = replace(shipped(), relations=()), Random(5)
    rows = Writer(rules, random).rows(subjects)
    for kind, of_kind in rows.items():
        write_parquet(folder / f"{rules.kinds[kind].zh}.parquet", arrow(of_kind, random))
    opened = open_tables(sorted(folder.glob("*.parquet")), folder)
    given = plan_tables(rules, opened.tables, None, rules.rules)
    assert not opened.faults
    assert not given.declared.errors, [render(each, "zh") for each in given.declared.errors]
    with DuckdbSource(given, rules, None, folder, Means("500MB", 1), 1_000_000) as source:
        for family in source.families:
            for root in source.partitions(family, 0):
                yield from below(root)


def test_every_example_of_every_shipped_rule(tmp_path: Path) -> None:
    of_groups = list(groups())
    subjects = [case.subject for _, group in of_groups for _, _, case in group.examples]
    frames = list(frames_of(families(subjects), tmp_path))
    places = {key: (each, row) for each in frames if each.count for row, key in enumerate(each.keys.to_pylist())}
    examples = 0
    for (as_of, _, _), group in of_groups:
        columns = ColumnJudge(lower(replace(shipped(), rules=tuple(group.rules.values()), relations=()), as_of))
        found: dict[int, Sequence[Any]] = {}
        for rule, example, case in group.examples:
            frame, row = places[case.subject.id]
            if id(frame) not in found:
                found[id(frame)] = columns.verdicts(frame).codes
            judgements = [
                SimpleNamespace(plan=judge.plan, verdicts={id(case.subject): CODES[codes[row]]})
                for judge, codes in zip(columns.judgements[rule.kind.id], found[id(frame)], strict=True)
                if judge.plan.rule.id == rule.id
            ]
            verdict = verdict_of(rule, example, case, {rule.id: judgements})
            assert verdict == example.verdict, (rule.id, example.span.line, example.span.text, case.subject.id)
            examples += 1
    assert examples > 3_000
