"""A province's table: 1,000,000 subjects x 40 rules against the same by hand, in memory and from file to file.

    python benchmarks/bulk.py [--count N] [--rounds N] [--only PART ...] [--threads N]

The rules are `bulk/rules.rule`, by hand `bulk_numpy.py` and `bulk_sql.py`, the table is `bulk_world.py`'s. Before anything is
timed the sides have come to the same verdict in every cell. What is not there is left out with a word. Ends with status 1 where a
target is missed.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

import bulk_numpy
import bulk_sql
from bulk_check import check, same
from bulk_numpy import Codes, Days
from bulk_world import AS_OF, FOLDER, headings, load_rules, whole_table, write_rules, write_table
from measure import milliseconds, ratios, report, rounds, spread
from rulecheck.columns.frame import Frame
from rulecheck.columns.judge import CODE_OF, CODES, ColumnJudge
from rulecheck.judgement import Verdict
from rulecheck.judging.lower import lower
from rulecheck.judging.plan import Plan
from rulecheck.language.parse import parse
from rulecheck.language.source import Source
from rulecheck.rules import model

PARTITION = 131_072
"""Rows that are made into a frame and judged at a time."""
TABLE = "单位.parquet"
"""A table says by its name what it holds."""
MOST_MEMORY = 1_000_000_000
FEW_FAILING = 0.1
"""Of the figures that miss their limit, the share left to a table as an inspection might find it."""
TOLD_AS: Mapping[str, tuple[Verdict, ...]] = {
    "adverse": (Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT),
    "undetermined": (Verdict.UNDETERMINED,),
}
SHARE_LINEAR = 1.25
"""Ten times the rows may take ten times as long, and so much more."""


class Times(NamedTuple):
    """Of a process: seconds on the clock, of the processors, and the most memory it held, in bytes."""

    clock: float
    processors: float
    memory: int


# --- in memory ---


def declared(rules: model.RuleSet, table: pa.Table) -> Any:
    """What the columns of the table are, as `rulecheck batch` reads them."""
    from rulecheck.batching.declaring.declare import TableHeader, declare

    found = declare(rules, [TableHeader("单位", TABLE, [(each.name, each.type) for each in table.schema])])
    assert not found.errors, found.errors
    return found.tables[0]


def frames(rules: model.RuleSet, table: pa.Table) -> Iterator[Frame]:
    """The table in frames, read as `rulecheck batch` reads it, from columns in memory."""
    from rulecheck.batching.converting.framing import Framing

    plan, framing = declared(rules, table), Framing(rules)
    for first in range(0, len(table), PARTITION):
        part = table.slice(first, PARTITION)
        columns = {number: part.column(number).chunk(0) for number in range(part.num_columns)}
        yield framing.make(plan, columns, len(part), first).frame


def judged(judge: ColumnJudge, found: Iterator[Frame] | list[Frame]) -> list[tuple[Codes, ...]]:
    return [judge.verdicts(frame).codes for frame in found]


def in_memory(rules: model.RuleSet, count: int, turns: int) -> bool:
    """Columns of Arrow in, columns of verdicts out, against numpy by hand."""
    heads, days, plan = headings(rules), Days(rules.calendar), lower(rules, AS_OF.toordinal())
    table, judge = whole_table(rules, count), ColumnJudge(plan)

    def by_hand() -> dict[str, Codes]:
        return bulk_numpy.verdicts(bulk_numpy.sources(table, heads), count, days)

    ready = list(frames(rules, table))
    order = [each.rule.id for each in plan.judgements["unit"]]
    parts = judged(judge, ready)
    # The project's codes begin with nobody's.
    ours = {rule: np.concatenate([part[number] for part in parts]) - np.uint8(1) for number, rule in enumerate(order)}
    same("numpy and columns", by_hand(), ours)
    sources = bulk_numpy.sources(table, heads)
    sides: dict[str, Callable[[], object]] = {
        "numpy by hand": by_hand,
        "columns": lambda: judged(judge, frames(rules, table)),
    }
    # The processors' time, not the clock's: neither side uses more than one of them, and others may be busy.
    kept = report(
        f"in memory, {count} subjects x {len(order)} rules, from Arrow:",
        rounds(sides, turns, process_time),
        "numpy by hand",
        {"columns": 3.0},
    )
    judging: dict[str, Callable[[], object]] = {
        "numpy by hand": lambda: bulk_numpy.verdicts(sources, count, days),
        "columns": lambda: judged(judge, ready),
    }
    report("judging alone, from what numpy can take:", rounds(judging, turns, process_time), "numpy by hand", {})
    return kept


# --- from file to file ---


def process(arguments: list[str], statuses: tuple[int, ...] = (0,)) -> Times:
    """Runs a command to its end and tells what it took."""
    start = perf_counter()
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode not in statuses:
            errors.seek(0)
            raise RuntimeError(errors.read()[-2000:].decode("utf-8", "replace"))
    factor = 1 if sys.platform == "darwin" else 1024
    return Times(perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * factor)


def batch(file: Path, rules: Path, output: Path, threads: int, *options: str) -> Times:
    """`rulecheck batch` as a process of its own; what is complied with and what is not makes no difference."""
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "rulecheck", "batch", str(file), "--rules", str(rules), "--as-of", AS_OF.isoformat()]
    return process([*command, "--output", str(output), "--threads", str(threads), *options], (0, 1, 4))


def by_sql(file: Path, output: Path, sets: int, threads: int) -> Times:
    """The hand-written statement as a process of its own."""
    script = Path(bulk_sql.__file__)
    options = ["--from", str(file), "--to", str(output), "--sets", str(sets), "--threads", str(threads)]
    return process([sys.executable, str(script), *options])


def can_batch() -> bool:
    if find_spec("rulecheck.commands.batch") is None:
        print("left out: there is no `rulecheck batch` here")
        return False
    return True


def alternating(sides: Mapping[str, Callable[[], Times]], turns: int) -> dict[str, list[Times]]:
    """Each side once without counting, then in turn."""
    for run in sides.values():
        run()
    found: dict[str, list[Times]] = {name: [] for name in sides}
    names = list(sides)
    for turn in range(turns):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            found[name].append(sides[name]())
    return found


def told(title: str, found: Mapping[str, list[Times]], against: str, targets: Mapping[str, float]) -> bool:
    kept = report(title, {name: [each.clock for each in times] for name, times in found.items()}, against, targets)
    processors = {name: [each.processors for each in times] for name, times in found.items()}
    for name, times in found.items():
        memory = max(each.memory for each in times) / 1e6
        ratio = f", x {spread(ratios(processors, name, against))}" if name != against else ""
        print(f"    {name}: processors {milliseconds(processors[name])}{ratio}; at most {memory:.0f} MB")
    return kept


def file_to_file(rules: model.RuleSet, count: int, turns: int, threads: int, folder: Path) -> bool:
    """Parquet in, verdict Parquet out, against one COPY; 40 rules and 200."""
    file = folder / TABLE
    write_table(rules, file, count)
    kept = True
    for sets, target in ((1, 1.3), (5, 1.0)):
        print(check(file, sets, 600))
        own = folder / f"rules-{sets}"
        write_rules(own, sets)
        sides: dict[str, Callable[[], Times]] = {
            "COPY by hand": lambda sets=sets: by_sql(file, folder / "by_hand.parquet", sets, threads)  # type: ignore[misc]
        }
        if can_batch():
            sides["rulecheck batch"] = lambda own=own: batch(file, own, folder / "results", threads, "--verdicts-only")  # type: ignore[misc]
            sides["and rows told"] = lambda own=own: batch(file, own, folder / "told", threads)  # type: ignore[misc]
        title = f"Parquet to Parquet, {count} subjects x {40 * sets} rules, {threads} threads:"
        kept = told(title, alternating(sides, turns), "COPY by hand", {"rulecheck batch": target}) and kept
    return kept


def adverse(rules: model.RuleSet, turns: int) -> bool:
    """A partition's adverse and undetermined rows with the figures that decided, against its verdicts alone, both written: of the
    table as it is, and of one where nine in ten figures that miss their limit are put right."""
    if find_spec("rulecheck.batching.results.adverse") is None:
        print("left out: adverse rows are not there yet")
        return True
    found = [adverse_rows(rules, turns, failing) for failing in (1.0, FEW_FAILING)]
    return all(found)


def adverse_rows(rules: model.RuleSet, turns: int, failing: float) -> bool:
    """One of the two tables. `failing`: as `bulk_world.figures` has it."""
    from rulecheck.batching.results.adverse import Adverse
    from rulecheck.batching.results.columns import verdict_columns
    from rulecheck.batching.results.files import WRITERS
    from rulecheck.batching.results.tables import verdict_table
    from rulecheck.judging.judge import Judge

    plan, table = lower(rules, AS_OF.toordinal()), whole_table(rules, PARTITION, failing=failing)
    judge, columns = ColumnJudge(plan), verdict_columns(plan)["unit"]
    teller = Adverse(columns, Judge(plan))

    def verdicts(and_adverse: bool) -> int:
        rows = 0
        for frame in frames(rules, table):
            codes = judge.verdicts(frame).codes
            WRITERS["parquet"](verdict_table(frame, columns, codes), io.BytesIO())
            if and_adverse:
                found = teller.tell(frame, codes).table
                rows += len(found)
                WRITERS["parquet"](found, io.BytesIO())
        return rows

    rows_told = verdicts(True)
    every = np.concatenate([of for part in judged(judge, frames(rules, table)) for of in part])
    counts = np.bincount(every, minlength=len(CODES))
    shares = {name: counts[[CODE_OF[each] for each in of]].sum() / len(every) for name, of in TOLD_AS.items()}
    print(f"{PARTITION} subjects x {len(columns)} rules, of the verdicts", end=" ")
    print(", ".join(f"{share:.1%} {name}" for name, share in shares.items()), end=":")
    print(f" {rows_told} rows told, {rows_told / PARTITION:.1f} a subject")
    sides: dict[str, Callable[[], object]] = {
        "verdicts alone": lambda: verdicts(False),
        "with adverse rows": lambda: verdicts(True),
    }
    times = rounds(sides, turns, process_time)
    kept = report("from Arrow to Parquet, one partition:", times, "verdicts alone", {"with adverse rows": 1.5})
    alone, with_rows = (median(times[name]) for name in sides)
    of_row, of_subject = (with_rows - alone) / rows_told * 1e6, alone / PARTITION * 1e6
    print(f"  a row told costs {of_row:.2f} us, a subject's verdicts {of_subject:.2f} us")
    return kept


def adverse_files(rules: model.RuleSet, count: int, turns: int, threads: int, folder: Path) -> bool:
    """The same of both tables as an auditor has it: from file to file, the whole command with its rows told and without."""
    if not can_batch():
        return True
    kept = True
    for failing in (1.0, FEW_FAILING):
        own = folder / f"failing-{failing}"
        own.mkdir()
        write_table(rules, own / TABLE, count, failing=failing)
        sides: dict[str, Callable[[], Times]] = {
            "verdicts alone": lambda own=own: batch(own / TABLE, FOLDER, folder / "alone", threads, "--verdicts-only"),  # type: ignore[misc]
            "with adverse rows": lambda own=own: batch(own / TABLE, FOLDER, folder / "told", threads),  # type: ignore[misc]
        }
        title = f"from Parquet to Parquet, {count} subjects x 40 rules, {failing:.0%} of the figures that miss their limit left:"
        kept = told(title, alternating(sides, turns), "verdicts alone", {"with adverse rows": 1.5}) and kept
    return kept


def growth(rules: model.RuleSet, count: int, threads: int, folder: Path) -> bool:
    """Ten times as many subjects: the memory held, and how the time grows."""
    if not can_batch():
        return True
    found: list[Times] = []
    for number, size in enumerate((count, 10 * count)):
        (folder / str(number)).mkdir()
        file = folder / str(number) / TABLE
        write_table(rules, file, size)
        if not found:
            batch(file, FOLDER, folder / "results", threads, "--memory", "1GB")
        found.append(batch(file, FOLDER, folder / "results", threads, "--memory", "1GB"))
        print(f"  {size} subjects: {found[-1].clock:.1f} s, at most {found[-1].memory / 1e6:.0f} MB")
        file.unlink()
    grown = found[1].clock / found[0].clock
    kept = found[1].memory <= MOST_MEMORY and grown <= 10 * SHARE_LINEAR
    print(f"  ten times as many take {grown:.1f} times as long: {'kept' if kept else 'MISSED'}")
    return kept


# --- the plan ---


def planning(turns: int, folder: Path) -> bool:
    """From a rule set to what judges columns, against parsing the text of the same rules."""
    kept = True
    for sets in (1, 5):
        own = folder / f"planned-{sets}"
        write_rules(own, sets)
        rules = load_rules(own)
        texts = [(each.name, each.read_text(encoding="utf-8")) for each in sorted(own.glob("*.rule"))]

        def compiled(rules: model.RuleSet = rules) -> tuple[Plan, ColumnJudge]:
            plan = lower(rules, AS_OF.toordinal())
            return plan, ColumnJudge(plan)

        def parsed(texts: list[tuple[str, str]] = texts) -> list[object]:
            return [parse(Source(name, text))[0] for name, text in texts]

        times = rounds({"parsing": parsed, "plan": compiled}, turns, process_time)
        kept = report(f"the plan of {40 * sets} rules:", times, "parsing", {"plan": 3.0}) and kept
    return kept


def main() -> int:
    parts = ("memory", "files", "adverse", "growth", "plan")
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--only", nargs="+", choices=parts, default=parts)
    chosen = options.parse_args()
    rules = load_rules()
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The processes that are timed find modules compiled, as pip does it; the first of each is not counted.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        if "memory" in chosen.only:
            kept = in_memory(rules, chosen.count, chosen.rounds) and kept
        if "files" in chosen.only:
            kept = file_to_file(rules, chosen.count, chosen.rounds, chosen.threads, folder) and kept
        if "adverse" in chosen.only:
            kept = adverse(rules, chosen.rounds) and kept
            kept = adverse_files(rules, chosen.count, chosen.rounds, chosen.threads, folder) and kept
        if "growth" in chosen.only:
            kept = growth(rules, chosen.count, chosen.threads, folder) and kept
        if "plan" in chosen.only:
            kept = planning(chosen.rounds, folder) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
