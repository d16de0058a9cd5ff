"""Spark: the folder of results that the embedded engine makes, byte for byte, and the verdicts of single subjects.

One session for all tests. They are left out where there is no pyspark or no Java.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

import support_boundary as boundary
from generate_rules import World
from rulecheck.batching.duckdb.source import plan_tables
from rulecheck.batching.edges import edges, facts_read
from rulecheck.batching.job import Job, Stopped, Told, carry_out
from rulecheck.batching.results.columns import verdict_columns
from rulecheck.batching.results.folder import STAGING
from rulecheck.batching.sources.open import open_tables
from rulecheck.columns.judge import CODES
from rulecheck.dataclass import replace
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.settle import settle
from rulecheck.language.diagnostics import render
from rulecheck.rules import model
from rulecheck.rules.cache import ready
from rulecheck.submission import Subject
from support_batch import rules as small_rules
from support_batch import shuffled, world, write_csv, write_parquet
from support_tables import Writer, arrow
from test_batch_examples import families as families_of
from test_batch_worlds import world_of
from test_columns_examples import groups, shipped, verdict_of

pytest.importorskip("pyspark", reason="这里没有装 pyspark，Spark 的测试不跑 · there is no pyspark here")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("这里没有 Java 17，Spark 的测试不跑 · there is no Java 17 here", allow_module_level=True)

from rulecheck.batching.spark.families import Family, families
from rulecheck.batching.spark.links import forget, link
from rulecheck.batching.spark.run import _table_judge
from rulecheck.batching.spark.session import SparkMeans, on_this_machine, session
from rulecheck.batching.spark.tables import read
from rulecheck.batching.spark.worker import DONE, PARTITION, Branch, PartitionJudge, Work, packed

pytestmark = pytest.mark.spark

AS_OF = 738_000
CASES = 20_000
WORLDS = 8
Files = Mapping[str, bytes]
Key = tuple[str, str, str]
"""A judgement: kind, column, subject."""


@pytest.fixture(scope="session", autouse=True)
def spark() -> Iterator[Any]:
    """The one session, on this machine, with two threads."""
    made = on_this_machine(SparkMeans(threads=2)).config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield made
    made.stop()


def results(engine: str, tables: Sequence[Path], rules: model.RuleSet, output: Path, **more: Any) -> Files:
    """The files of a run, without what they are called in the manifest by chance."""
    job = Job(tables, rules, more.pop("as_of", AS_OF), threads=2, engine=engine, **more)
    quiet = Told(lambda problems: None, lambda folder: None, lambda progress: None)
    try:
        carry_out(job, output, quiet)
    except Stopped as stopped:
        raise AssertionError([render(each, "zh") for each in stopped.problems]) from stopped
    return {str(each.relative_to(output)): each.read_bytes() for each in sorted(output.rglob("*")) if each.is_file()}


def told(engine: str, tables: Sequence[Path], rules: model.RuleSet, output: Path, **more: Any) -> list[str]:
    """What a run is stopped with."""
    job = Job(tables, rules, AS_OF, threads=2, engine=engine, **more)
    with pytest.raises(Stopped) as stopped:
        carry_out(job, output, Told(lambda problems: None, lambda folder: None, lambda progress: None))
    assert not (output / "manifest.json").exists()
    return [render(each, "zh") for each in stopped.value.problems]


def same(tables: Sequence[Path], rules: model.RuleSet, folder: Path, **more: Any) -> Files:
    """The files of both engines, which are the same."""
    one = results("duckdb", tables, rules, folder / "duckdb", **more)
    other = results("spark", tables, rules, folder / "spark", **more)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    return other


# --- the session ---


@pytest.mark.parametrize(("memory", "java"), [("1024MB", "1024M"), ("2GB", "2G"), ("512m", "512m")])
def test_java_understands_the_memory_it_is_given(memory: str, java: str) -> None:
    assert on_this_machine(SparkMeans(memory))._options["spark.driver.memory"] == java


# --- random worlds ---


def judged_one_by_one(of: World) -> dict[Key, Verdict]:
    subjects: list[Subject] = [each for of_kind in of.subjects.values() for each in of_kind]
    settle(of.rules, subjects)
    plan = lower(of.rules, of.as_of)
    judges = Judge(plan).judges
    return {
        (kind, column.name, subject.id): judges[kind][column.number].verdict(subject)
        for kind, columns in verdict_columns(plan).items()
        for column in columns
        for subject in of.subjects[kind]
    }


def judged_on_spark(of: World, output: Path) -> dict[Key, Verdict | None]:
    by_column = verdicts_in(output)
    return {(*column, key): verdict for column, by_key in by_column.items() for key, verdict in by_key.items()}


def compare(seed: int, folder: Path) -> Counter[Verdict]:
    """Judges a world on Spark, by DuckDB, and one by one."""
    of, random = world_of(seed, roots=(250,)), Random(seed)
    folder.mkdir()
    tables = []
    for kind, rows in Writer(of.rules, random).rows(of.subjects).items():
        tables.append(folder / f"{of.rules.kinds[kind].zh}.parquet")
        parquet.write_table(arrow(rows, random), tables[-1], row_group_size=50)
    same(tables, of.rules, folder, as_of=of.as_of, rows=random.choice((40, 200, 100_000)))
    expected = judged_one_by_one(of)
    found = judged_on_spark(of, folder / "spark")
    assert found.keys() == expected.keys(), f"world_of({seed})"
    for name, verdict in expected.items():
        assert found[name] == verdict, f"world_of({seed}): {name}"
    return Counter(expected.values())


def test_spark_gives_the_verdicts_of_rows(tmp_path: Path) -> None:
    verdicts: Counter[Verdict] = Counter()
    seed = 5_000
    while verdicts.total() < CASES or seed < 5_000 + WORLDS:
        verdicts += compare(seed, tmp_path / str(seed))
        seed += 1
    assert set(verdicts) == set(Verdict)


# --- the examples of the shipped rules ---


def judge_at_once(spark: Any, family: Family, works: Sequence[bytes]) -> None:
    """One job for many plans: the rows of a family reach the workers once, as in a run, and are judged there by each plan in
    turn."""
    numbers = range(family.partitions)
    if family.stands_alone:
        rows = spark.range(0, 2, 1, 2)
        judges: list[Any] = [_table_judge(family, numbers, 2, work) for work in works]
    else:
        rows = family.frame(()).repartition(2, PARTITION).sortWithinPartitions(PARTITION)
        judges = [PartitionJudge(work) for work in works]

    def by_each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held = list(batches)
        for judge in judges:
            yield from judge(iter(held))

    done = rows.mapInArrow(by_each, DONE).collect()
    assert all(each.faults is None and each.stopped is None for each in done)
    assert Counter(each[PARTITION] for each in done) == dict.fromkeys(numbers, len(works))


@pytest.mark.slow
def test_every_example_of_every_shipped_rule(spark: Any, tmp_path: Path) -> None:
    """All subjects of the examples as tables, read and linked once; each as-of date, reading and supposed parameters are a plan
    of their own, with a folder of their own. The verdict is the one that the example states, and that of the rows."""
    of_groups, rules, random = list(groups()), replace(shipped(), relations=()), Random(5)
    subjects = families_of([case.subject for _, group in of_groups for _, _, case in group.examples])
    numbered: dict[str, list[str | None]] = {}
    for kind, rows in Writer(rules, random).rows(subjects).items():
        numbered[kind] = [next(row[name] for name in ("编号", "id") if name in row) for row in rows]
        parquet.write_table(arrow(rows, random), tmp_path / f"{rules.kinds[kind].zh}.parquet", row_group_size=50)
    opened = open_tables(sorted(tmp_path.glob("*.parquet")), tmp_path)
    given = plan_tables(rules, opened.tables, None, rules.rules)
    assert not opened.faults
    assert not given.declared.errors, [render(each, "zh") for each in given.declared.errors]
    facts = facts_read(rules)
    tables = given.declared.tables
    asked = {each.kind.id: [at.number for at in each.facts if (each.kind.id, at.fact.id) in facts] for each in tables}
    plans = [lower(replace(rules, rules=tuple(group.rules.values())), as_of) for (as_of, _, _), group in of_groups]
    folders = [tmp_path / f"group-{number}" for number in range(len(plans))]
    with session(SparkMeans(threads=2)) as found:
        pairs = zip(tables, given.tables, strict=True)
        linked = link([read(found, plan, table, asked[plan.kind.id]) for plan, table in pairs])
        for family in families(linked, edges(rules), asked, 2_000):
            kinds = {each.plan.kind.id for each in branches(family.top)}
            wanted = [
                packed(Work(plan, family.top, family.above, None, str(folder), "parquet", False))
                for plan, folder in zip(plans, folders, strict=True)
                if kinds & {kind for kind, columns in verdict_columns(plan).items() if columns}
            ]
            if wanted:
                judge_at_once(found, family, wanted)
        forget(linked)
    examples = judged = 0
    for (_, group), plan, folder in zip(of_groups, plans, folders, strict=True):
        by_column, columns = verdicts_in(folder / STAGING), verdict_columns(plan)
        judges = Judge(plan).judges
        of_kind: dict[str, list[Subject]] = {}
        for _, _, case in group.examples:
            of_kind.setdefault(case.subject.kind.id, []).append(case.subject)
        by_judgement: dict[str, list[Any]] = {}
        for kind, of_examples in of_kind.items():
            for column in columns[kind]:
                judge, by_key = judges[kind][column.number], by_column[kind, column.name]
                if rules.kinds[kind].sensitive:
                    # Of these the results show the number of the row alone.
                    by_key = {numbered[kind][int(key.removeprefix("***")) - 1]: verdict for key, verdict in by_key.items()}
                verdicts = {id(each): by_key[each.id] for each in of_examples}
                assert verdicts == {id(each): judge.verdict(each) for each in of_examples}, (column.name, plan.as_of)
                judged += len(verdicts)
                by_judgement.setdefault(judge.plan.rule.id, []).append(SimpleNamespace(plan=judge.plan, verdicts=verdicts))
        for rule, example, case in group.examples:
            verdict = verdict_of(rule, example, case, by_judgement)
            assert verdict == example.verdict, (rule.id, example.span.line, example.span.text)
            examples += 1
    assert examples == sum(len(rule.examples) for rule in shipped().rules) > 3_000
    assert judged > 5 * examples


def branches(top: Branch) -> Iterator[Branch]:
    yield top
    for each in top.below:
        yield from branches(each)


def verdicts_in(output: Path) -> Mapping[tuple[str, str], Mapping[str, Verdict]]:
    """By kind and column, the verdict of each key."""
    found = {}
    for folder in (output / "verdicts").iterdir():
        table = parquet.read_table(folder)
        keys = table.column("key").to_pylist()
        for name in table.column_names:
            if name not in ("key", "parent", "place"):
                codes = table.column(name).to_pylist()
                found[folder.name, name] = {key: CODES[code] for key, code in zip(keys, codes, strict=True)}
    return found


# --- exactly on the boundary ---

BESIDE = {0: ("甲", "乙", "丙", "丁"), -1: (), 1: ("甲", "乙", "丙")}
"""The limbs that are met so many millimetres beside the boundary."""


@pytest.mark.parametrize("off", BESIDE)
def test_a_hundred_thousand_shops_on_the_boundary(off: int, tmp_path: Path) -> None:
    """Metres and kilometres mixed in one column of texts: none wrong."""
    (tmp_path / "零售点.csv").write_text(boundary.csv_text(list(boundary.shops(off)), None), encoding="utf-8")
    rules = boundary.rules()
    results("spark", [tmp_path / "零售点.csv"], rules, tmp_path / "out", as_of=738_702, place=rules.places.by_id["qinghe"])
    table = parquet.read_table(tmp_path / "out" / "verdicts" / "shop")
    assert table.num_rows == boundary.CASES
    for tag in "甲乙丙丁":
        (column,) = (table.column(name) for name in table.column_names if name.endswith(f".{tag}"))
        expected = Verdict.MET if tag in BESIDE[off] else Verdict.VIOLATED
        assert {CODES[code] for code in column.unique().to_pylist()} == {expected}


# --- whole families ---


def files_of(folder: Path, cities: int = 40) -> list[Path]:
    made = []
    for kind, rows in world(Random(3), cities).items():
        made.append(folder / f"{kind}.parquet")
        write_parquet(made[-1], shuffled(rows, Random(5)))
    return made


@pytest.mark.parametrize("rows", [20, 1_000_000])
def test_three_levels(rows: int, tmp_path: Path) -> None:
    assert same(files_of(tmp_path), small_rules(), tmp_path, rows=rows)


def test_tables_of_other_formats_and_of_many_files(tmp_path: Path) -> None:
    made = world(Random(4), 30)
    write_csv(tmp_path / "城市.csv", made["城市"])
    parts = tmp_path / "单位 [甲]*{乙}.parquet"
    parts.mkdir()
    for number in range(3):
        write_parquet(parts / f"{'东西 南'[number]}%20.parquet", made["单位"][number::3])
    write_parquet(tmp_path / "员工.parquet", made["员工"])
    headings = tmp_path / "对照.yaml"
    headings.write_text(f"表:\n  '{parts.stem}': 单位\n", encoding="utf-8")
    tables = [tmp_path / "城市.csv", parts, tmp_path / "员工.parquet"]
    assert same(tables, small_rules(), tmp_path, rows=25, headings=headings)


LOOKS_UP = """
规则：试查员工 / looks_up_to_units
  依据：一
  > 试
  核查对象：员工
  适用情形：编制 不少于 50人
  要求：年龄 不少于 16岁
"""


def test_members_that_only_look_up(tmp_path: Path) -> None:
    """Every partition of members comes with the rows that they look up to, and those above them."""
    assert same(files_of(tmp_path), small_rules(LOOKS_UP), tmp_path, rows=10)


def test_files_whose_names_would_do_for_patterns(tmp_path: Path) -> None:
    """Tables in parts and in text, each beside files that it would fit, say what they say by other names."""
    plain, odd, results_of_odd = tmp_path / "1", tmp_path / "[1]", tmp_path / "{1}[2]"
    for folder in (plain, odd, results_of_odd):
        folder.mkdir()
    expected = same(files_of(plain), small_rules(), tmp_path)
    cities, units, staff = (plain / f"{kind}.parquet" for kind in ("城市", "单位", "员工"))
    write_csv(odd / "城市_[1].csv", parquet.read_table(cities).to_pylist())
    whole = parquet.read_table(units)
    (odd / "单位").mkdir()
    for name, part in (("1", whole[:9]), ("[12]", whole[9:20]), ("a", whole[20:33]), ("{a,b}", whole[33:])):
        parquet.write_table(part, odd / "单位" / f"{name}.parquet")
    shutil.copy(staff, odd / "员工_*.parquet")
    shutil.copy(staff, odd / "员工_1.parquet")
    found = same([odd / "城市_[1].csv", odd / "单位", odd / "员工_*.parquet"], small_rules(), results_of_odd)
    assert {name: found[name] for name in found if name.startswith("verdicts/")} == {
        name: expected[name] for name in expected if name.startswith("verdicts/")
    }


def test_tables_that_do_not_fit_together_leave_what_another_run_began(tmp_path: Path) -> None:
    tables, rules, output = files_of(tmp_path), small_rules(), tmp_path / "output"

    def stop(progress: Any) -> None:
        if progress.partitions >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(Job(tables, rules, AS_OF, threads=1, rows=20), output, Told(lambda _: None, lambda _: None, stop))
    begun = {each: each.read_bytes() for each in (output / ".partial").rglob("*") if each.is_file()}
    assert len([each for each in begun if each.parent.name == "parts"]) >= 3
    twice = parquet.read_table(tables[0])
    parquet.write_table(pa.concat_tables([twice, twice[:1]]), tables[0])
    assert any("[B301]" in each for each in told("spark", tables, rules, output, rows=20))
    assert {each: each.read_bytes() for each in (output / ".partial").rglob("*") if each.is_file()} == begun


def test_a_run_is_gone_on_with_by_the_other_engine(tmp_path: Path) -> None:
    tables, rules = files_of(tmp_path), small_rules()
    whole = results("duckdb", tables, rules, tmp_path / "whole", rows=20)

    class Enough(Exception):
        pass

    def stop(progress: Any) -> None:
        if progress.partitions >= 3:
            raise KeyboardInterrupt

    output = tmp_path / "output"
    job = Job(tables, rules, AS_OF, threads=1, rows=20)
    with pytest.raises(KeyboardInterrupt):
        carry_out(job, output, Told(lambda problems: None, lambda folder: None, stop))
    assert (output / ".partial").exists()
    assert results("spark", tables, rules, output, rows=20) == whole


def test_the_rules_that_come_along(tmp_path: Path) -> None:
    """Rules that are kept in compiled form, parts of which are read only when they are asked for, reach the workers."""
    rules, _ = ready(None)
    assert rules is not None
    rows = [{"编号": f"U{number}", "单位类别": "机关", "编制（人）": str(number)} for number in range(40, 60)]
    write_csv(tmp_path / "单位.csv", rows)
    same([tmp_path / "单位.csv"], rules, tmp_path)


# --- what is wrong ---


def test_the_faults_of_rows_are_those_of_the_embedded_engine(tmp_path: Path) -> None:
    made = world(Random(6), 12)
    made["单位"].append(dict(made["单位"][0]))
    made["单位"].append(made["单位"][1] | {"编号": "U999", "上级": "无此城市"})
    made["单位"].append(made["单位"][1] | {"编号": "U998", "上级": None})
    made["员工"].append(made["员工"][0] | {"编号": "a\u200bb"})
    tables = []
    for kind, rows in made.items():
        tables.append(tmp_path / f"{kind}.parquet")
        write_parquet(tables[-1], rows)
    of_spark = told("spark", tables, small_rules(), tmp_path / "spark")
    assert len(of_spark) == 4
    assert of_spark == told("duckdb", tables, small_rules(), tmp_path / "duckdb")


def test_cells_that_cannot_be_read(tmp_path: Path) -> None:
    tables = files_of(tmp_path)
    table = parquet.read_table(tables[2])
    ages = [each if row not in (3, 40) else "十来岁" for row, each in enumerate(["20"] * len(table))]
    at = table.column_names.index("年龄（岁）")
    parquet.write_table(table.set_column(at, "年龄（岁）", pa.array(ages)), tables[2])
    of_spark = told("spark", tables, small_rules(), tmp_path / "spark", rows=20)
    assert of_spark == told("duckdb", tables, small_rules(), tmp_path / "duckdb", rows=20)
    assert "十来岁" in of_spark[0]


def test_nothing_is_filled_into_texts(tmp_path: Path) -> None:
    """What looks like a variable of Spark's, or like SQL, is a text as any other."""
    made = world(Random(7), 5)
    for number, row in enumerate(made["城市"]):
        row["编号"] = ("${env:HOME}", "'; DROP TABLE c0; --", "`c0`", "${spark.app.name}", "a\\b")[number]
    for row in made["单位"]:
        row["上级"] = made["城市"][int((row["上级"] or "C0")[1:])]["编号"]
    tables = []
    for kind, rows in made.items():
        tables.append(tmp_path / f"{kind}.parquet")
        write_parquet(tables[-1], rows)
    same(tables, small_rules(), tmp_path)


@pytest.mark.slow
def test_through_spark_connect(tmp_path: Path) -> None:
    """The same folder from a server of Spark's, in processes of their own: a program has one kind of session only."""
    pytest.importorskip("grpc", reason="Spark Connect 要 grpcio · Spark Connect needs grpcio")
    rows = [{"编号": f"U{number}", "单位类别": "机关", "编制（人）": str(number)} for number in range(40, 60)]
    write_csv(tmp_path / "单位.csv", rows)
    made = {}
    for engine, more in (("duckdb", {}), ("spark", {"SPARK_REMOTE": "local[2]"})):
        command = [sys.executable, "-m", "rulecheck", "batch", str(tmp_path / "单位.csv"), "--as-of", "2023-12-31"]
        command += ["--engine", engine, "--output", str(tmp_path / engine)]
        done = subprocess.run(command, env={**os.environ, **more, "PYSPARK_PYTHON": sys.executable}, capture_output=True)
        assert done.returncode in (0, 1, 4), done.stderr.decode()
        files = sorted(each for each in (tmp_path / engine).rglob("*") if each.is_file())
        made[engine] = {str(each.relative_to(tmp_path / engine)): each.read_bytes() for each in files}
    assert made["duckdb"] == made["spark"]
