"""A province's table on Spark: `rulecheck batch --engine spark` against the same verdicts by hand in Spark SQL.

    python benchmarks/bulk_spark.py [--count N] [--rounds N] [--threads N]

One session on this machine, warm: what is timed begins with the files and ends with the files of results. By hand that is one
`SELECT` from Parquet to Parquet. Ours is the whole run: files read for their hashes, keys compared, verdicts and summary; once
without and once with the adverse rows and their figures, which the statement by hand does not have. Before anything is timed both
have come to the same verdict in every cell. Ends with status 1 where the target is missed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pyarrow.parquet as parquet
from pyspark.sql import SparkSession

import bulk_sql
from bulk import TABLE, Times, alternating, told
from bulk_check import same
from bulk_numpy import Codes
from bulk_world import AS_OF, asked, load_rules, write_table
from rulecheck.batching.job import Job, Told, carry_out
from rulecheck.batching.spark.session import SETTINGS, SparkMeans, on_this_machine
from rulecheck.rules import model

QUIET = Told(lambda problems: None, lambda folder: None, lambda progress: None)
TICKS = 100
"""Of the kernel's clock, a second."""


def processors() -> float:
    """Seconds that this process and all below it (the engine, its workers) have had of the processors so far."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(each.name)] = int(fields[1])
            used[int(each.name)] = sum(map(int, fields[11:15]))
    own = {int(Path("/proc/self").resolve().name)}
    while more := {each for each, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(used[each] for each in own) / TICKS


def timed(run: Callable[[], object]) -> Times:
    start, before = perf_counter(), processors()
    run()
    return Times(perf_counter() - start, processors() - before, 0)


# --- by hand ---


def by_hand(spark: SparkSession, file: Path, target: Path) -> None:
    """The statement of `bulk_sql` as Spark writes names and types."""
    statement = bulk_sql.select("units").replace('"', "`")
    statement = re.sub(r"::UTINYINT\b", "::TINYINT", statement)
    spark.read.parquet(str(file)).createOrReplaceTempView("units")
    spark.sql(statement).write.mode("overwrite").parquet(str(target))


def calendar(spark: SparkSession, rules: model.RuleSet) -> None:
    days = bulk_sql.calendar_table(rules.calendar, 1)
    spark.createDataFrame(days).createOrReplaceTempView("calendar")
    spark.sql("CACHE TABLE calendar")


# --- ours ---


def ours(rules: model.RuleSet, file: Path, target: Path, threads: int, is_told: bool = False) -> None:
    shutil.rmtree(target, ignore_errors=True)
    carry_out(Job([file], rules, AS_OF.toordinal(), threads=threads, engine="spark", is_told=is_told), target, QUIET)


def codes(folder: Path, nobody: int) -> dict[str, Codes]:
    """The verdicts by rule, in the order of the keys, counted from 0."""
    table = parquet.read_table(folder)
    table = table.sort_by("key" if "key" in table.column_names else "编号")
    return {each.id: table.column(each.id).to_numpy().astype("uint8") - nobody for each in asked(1)}


def session(threads: int) -> SparkSession:
    spark = on_this_machine(SparkMeans("4g", threads)).getOrCreate()
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    return spark


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args()
    rules = load_rules()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / TABLE
        write_table(rules, file, chosen.count)
        spark = session(chosen.threads)
        calendar(spark, rules)
        by_hand(spark, file, folder / "by_hand")
        ours(rules, file, folder / "ours", chosen.threads)
        same("SQL by hand and Spark", codes(folder / "by_hand", 0), codes(folder / "ours" / "verdicts" / "unit", 1))
        print("every verdict the same")
        sides: dict[str, Callable[[], Times]] = {
            "Spark SQL by hand": lambda: timed(lambda: by_hand(spark, file, folder / "by_hand")),
            "rulecheck on Spark": lambda: timed(lambda: ours(rules, file, folder / "ours", chosen.threads)),
            "with adverse rows": lambda: timed(lambda: ours(rules, file, folder / "ours", chosen.threads, True)),
        }
        title = f"Parquet to Parquet on Spark, {chosen.count} subjects x {len(asked(1))} rules, {chosen.threads} threads, warm:"
        kept = told(title, alternating(sides, chosen.rounds), "Spark SQL by hand", {"rulecheck on Spark": 1.0})
        spark.stop()
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
