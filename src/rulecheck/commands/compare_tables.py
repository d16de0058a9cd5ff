"""`rulecheck compare` on tables of any size: what `batch` reads, judged by two rule sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rulecheck import streams
from rulecheck.commands.batch import missing_packages
from rulecheck.comparing.result import Comparison
from rulecheck.dataclass import dataclass
from rulecheck.language import syntax
from rulecheck.language.diagnostics import fault, message
from rulecheck.language.syntax import Language
from rulecheck.measures.places import Place
from rulecheck.rules import model

if TYPE_CHECKING:
    from rulecheck.batching.run import Progress

Side = tuple[model.RuleSet, Place | None, str, Callable[[], tuple[syntax.File, ...]]]
"""Rules, the place of rows that name none, what the rules are called, their files."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a comparison may use: megabytes of memory, threads; `lists`: whether the subjects that changed are listed."""

    memory: int
    threads: int
    lists: bool


def compared_tables(
    tables: Sequence[Path],
    sides: Sequence[Side],
    as_of: int | None,
    headings: Path | None,
    means: Means,
    language: Language,
) -> Comparison | None:
    """The comparison; None, with everything told, where a side cannot read the tables."""
    missing = missing_packages("duckdb")
    problems = [fault("W101", "--tables", missing="、".join(missing), extra="batch")] if missing else []
    if as_of is None:
        problems.append(fault("X342", "--as-of"))
    if problems or as_of is None:
        streams.tell_all(problems, language)
        return None
    from rulecheck.batching.job import Job
    from rulecheck.comparing.tables import SideStopped, TableSide, Told, compare_tables

    # Half for the engines of both sides, half for what is judged.
    memory = f"{means.memory // 4}MB"
    given = [
        TableSide(Job(tables, rules, as_of, place, headings, is_told=False, memory=memory, threads=means.threads), name, files)
        for rules, place, name, files in sides
    ]

    def tell(progress: Progress) -> None:
        kind = sides[1][0].kinds[progress.family]
        values = {"kind": kind.zh, "kind_en": kind.id, "rows": f"{progress.rows:,}"}
        streams.tell(message("X345", language, values))

    try:
        told = Told(lambda remarks: streams.tell_all(remarks, language), tell)
        return compare_tables(given[0], given[1], told, lists=means.lists)
    except SideStopped as stopped:
        if stopped.side is not None:
            streams.tell(message("X343" if stopped.side == 0 else "X344", language, {}))
        streams.tell_all(stopped.problems, language)
        return None
