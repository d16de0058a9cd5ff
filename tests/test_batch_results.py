"""What a run tells of its rows is what the explanation of each row tells; the folder of results is whole or not there."""

from __future__ import annotations

import io
import json
import re
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from generate_rules import make_world
from generate_tables import loosen, make_tables, roots_of
from rulecheck.batching.results import adverse
from rulecheck.batching.results.adverse import Adverse
from rulecheck.batching.results.columns import TOLD as TOLD_OF
from rulecheck.batching.results.columns import column_name, verdict_columns
from rulecheck.batching.results.files import WRITERS
from rulecheck.batching.results.folder import MANIFEST, STAGING, Folder, InUse, read_manifest, usable
from rulecheck.batching.results.missing import Notes, answer_of
from rulecheck.batching.results.part import later_rows
from rulecheck.batching.results.tables import who_of
from rulecheck.batching.results.texts import coded, different, different_rows, quotient_texts, scaled_texts
from rulecheck.batching.results.told_column import ToldColumn
from rulecheck.columns.frame import KNOWN_NONE, NOT_TOLD, TOLD, Column, Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.columns.scope import Scope
from rulecheck.data import read_text
from rulecheck.explaining.describe import plain_value
from rulecheck.explaining.explain import Explainer
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.measures.units import exact_text
from rulecheck.rules import model
from rulecheck.submission import NONE, Subject
from support_batch import rules as small_rules
from support_frames import lay_out
from support_messages import assert_both_languages_name_the_same, assert_each_is_one_sentence_twice

# --- the rows that are told of ---


def compare(rules: model.RuleSet, subjects: list[Subject], as_of: int, noise: Random | None = None) -> int:
    """Holds every row told of against the explanation of its subject; how many there were."""
    plan = lower(rules, as_of)
    judge, columns = Judge(plan), verdict_columns(plan)
    explainer, seen = Explainer(judge, {}), 0
    for frame, rows in lay_out(subjects, rules, noise):
        kind = frame.kind.id
        if not columns.get(kind):
            continue
        codes = ColumnJudge(plan).verdicts(frame).codes
        told = iter(written(Adverse(columns[kind], judge).tell(frame, codes).table).to_pylist())
        for column in columns[kind]:
            for row, subject in enumerate(rows):
                if CODES[codes[column.number][row]] not in TOLD_OF:
                    continue
                found = next(told)
                seen += 1
                figures_are_told(found, subject, rules)
                same_as_explained(found, explainer.explain(judge.judges[kind][column.number], subject), column.name)
        assert next(told, None) is None
    return seen


def written(table: Any) -> Any:
    """What a reader of the file finds."""
    file = io.BytesIO()
    WRITERS["parquet"](table, file)
    found = parquet.read_table(file)
    assert found.to_pydict() == table.to_pydict()
    return found


def figures_are_told(row: dict[str, Any], subject: Subject, rules: model.RuleSet) -> None:
    """The facts of the subject itself, as they were told."""
    for name, fact in row.items():
        if not name.startswith("fact_") or fact is None or fact.partition("@")[0] not in subject.kind.slots:
            continue
        id_, _, period = fact.partition("@")
        value = subject.values[subject.kind.slots[id_]]
        value = (value or {}).get(period) if period else value
        of = rules.facts[id_]
        text, unit = (None, None) if value is None else ("无", None) if value is NONE else (value, None)
        if isinstance(value, int):
            text, unit = plain_value(value * of.step, of.type)
        assert row[name.replace("fact", "value")] == text
        assert unit is None or row[name.replace("fact", "unit")] == unit


def same_as_explained(row: dict[str, Any], judgement: Any, column: str) -> None:
    assert (row["column"], row["verdict"]) == (column, judgement.verdict)
    margin = judgement.margin
    assert (row["margin"], row["margin_unit"]) == ((margin.value, margin.unit) if margin else (None, None))
    if judgement.verdict == "undetermined":
        answer = answer_of(judgement)
        assert (row["missing"] or "", row["awaiting"] or "", row["possible"]) == answer[:3]
    else:
        assert row["missing"] is None
        assert row["possible"] is None


@pytest.mark.parametrize("first", range(0, 30, 5))
def test_rows_told_of_are_those_of_the_explanation(first: int) -> None:
    seen = 0
    for seed in range(first, first + 5):
        world = make_world(seed)
        roots = [each for found in world.subjects.values() for each in found if each.parent is None]
        seen += compare(world.rules, roots, world.as_of, Random(seed))
    assert seen


@pytest.mark.parametrize("first", range(60, 80, 5))
def test_so_are_those_of_tables_with_vast_numbers_and_members_of_their_own(first: int) -> None:
    """Facts of a hundred quadrillion steps, whose rules are judged row by row; members without parents and the like."""
    seen = loose = 0
    for seed in range(first, first + 5):
        world = make_tables(seed, roots=(1, 3, 12))
        seen += compare(world.rules, roots_of(world), world.as_of, Random(seed))
        world = loosen(Random(seed), make_tables(seed, roots=(1, 3, 12)))
        everybody = [each for found in world.subjects.values() for each in found]
        loose += compare(world.rules, everybody, world.as_of, Random(seed))
    assert seen
    assert loose


@pytest.mark.parametrize("size", [1, 3, 20])
def test_they_are_the_same_in_row_groups_of_any_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with dictionaries of its own, and with the rows of a column of verdicts in several of them."""
    groups = 0
    for seed in range(6):
        world = make_world(seed)
        plan = lower(world.rules, world.as_of)
        judge, columns = Judge(plan), verdict_columns(plan)
        roots = [each for found in world.subjects.values() for each in found if each.parent is None]
        for frame, _ in lay_out(roots, world.rules, None):
            if not columns.get(frame.kind.id):
                continue
            codes = ColumnJudge(plan).verdicts(frame).codes
            whole = Adverse(columns[frame.kind.id], judge).tell(frame, codes)
            with monkeypatch.context() as patched:
                patched.setattr(adverse, "ROWS_A_GROUP", size)
                parts = Adverse(columns[frame.kind.id], judge).tell(frame, codes)
            assert parts.table.to_pydict() == whole.table.to_pydict()
            assert parts.harmless == whole.harmless
            written(parts.table)
            groups = max(groups, parts.table.column("margin").num_chunks)
    assert groups > 1


def test_a_row_group_holds_as_many_rows_as_are_told_together() -> None:
    file = io.BytesIO()
    WRITERS["parquet"](pa.table({"margin": pa.nulls(adverse.ROWS_A_GROUP + 5, pa.string())}), file)
    assert parquet.ParquetFile(file).metadata.row_group(0).num_rows == adverse.ROWS_A_GROUP


# --- events after the as-of day ---


@pytest.mark.parametrize(
    ("states", "count"),
    [
        (None, 4),
        ((TOLD, TOLD, TOLD, NOT_TOLD, TOLD, KNOWN_NONE), 2),
        ((NOT_TOLD,) * 6, 0),
        ((KNOWN_NONE,) * 6, 0),
    ],
)
def test_events_told_of_after_the_as_of_day(states: tuple[int, ...] | None, count: int) -> None:
    rules = small_rules()
    kind = next(each for each in rules.kinds.values() if each.occurs_on is not None)
    days = np.array([737_999, 738_000, 738_001, 738_001, 738_400, 739_000])
    column = Column(days, None if states is None else np.array(states, np.uint8))
    assert later_rows(Frame(kind, 6, {kind.slots[kind.occurs_on or ""]: column}), 738_000) == count
    assert later_rows(Frame(kind, 6, {}), 738_000) == 0


# --- exact texts ---


@pytest.mark.parametrize(
    "factor",
    [
        Fraction(1),
        Fraction(1, 100),
        Fraction(1, 10_000),
        Fraction(25),
        Fraction(1, 8),
        Fraction(1, 3),
        Fraction(7, 12),
        Fraction(1, 10**9),
    ],
)
def test_numbers_are_told_as_one_by_one(factor: Fraction) -> None:
    random = Random(1)
    values = [0, 1, -1, 10, 99, 100, -100, 12_345, 2**62, -(2**62), *(random.randint(-(10**9), 10**9) for _ in range(200))]
    texts = scaled_texts(np.array(values, np.int64), factor).to_pylist()
    assert texts == [exact_text(value * factor) for value in values]


@pytest.mark.parametrize("factor", [Fraction(1), Fraction(100), Fraction(1, 60), Fraction(3, 7), Fraction(10**12)])
def test_quotients_are_told_as_one_by_one(factor: Fraction) -> None:
    random = Random(2)
    pairs = [(random.randint(-500, 500), random.choice((1, -1)) * random.randint(1, 500)) for _ in range(400)]
    pairs += [(0, 7), (0, -7), (10**15, 3), (1, 2**40), (-(10**12), 10**11), (1, 5**9)]
    above, below = np.array(pairs, np.int64).T
    texts = quotient_texts(above, below, factor).to_pylist()
    assert texts == [exact_text(Fraction(one, other) * factor) for one, other in pairs]


@pytest.mark.parametrize("values", [[], [5], [3, 3, 1, 2], [0, 10**12, 0, -5], [-1, -1]])
def test_different_values_and_their_places(values: list[int]) -> None:
    found, places = different(np.array(values, np.int64))
    assert found.tolist() == sorted(set(values))
    assert [found[place] for place in places] == values


def test_what_was_not_told_is_no_text() -> None:
    values, told = np.array([1, 0, 3]), np.array([True, False, True])
    found = coded(values, told, lambda each: scaled_texts(each, Fraction(1)))
    assert found.to_pylist() == ["1", None, "3"]
    assert coded(values, np.zeros(3, bool), lambda each: scaled_texts(each, Fraction(1))).to_pylist() == [None] * 3


def test_a_dictionary_holds_each_text_once() -> None:
    found = coded(np.array([0, 1, 2, 1]), None, lambda each: pa.array([("甲", "乙", "甲")[place] for place in each], pa.string()))
    assert found.to_pylist() == ["甲", "乙", "甲", "乙"]
    assert found.dictionary.to_pylist() == ["甲", "乙"]


@pytest.mark.parametrize("values", [[2**70], [2**70, 2**70 + 1], [5, 5, 6], [-(2**65), 1]])
def test_numbers_past_64_bits_are_told_apart_too(values: list[int]) -> None:
    found, places = different(np.array(values, object))
    assert [found[place] for place in places] == values
    texts = coded(np.array(values, object), None, lambda each: scaled_texts(each, Fraction(1, 4)))
    assert texts.to_pylist() == [exact_text(Fraction(value, 4)) for value in values]


def test_rows_that_differ_and_where_each_kind_comes_first() -> None:
    random = Random(4)
    columns = [
        np.array([random.choice((0, 1, 2**40, -(2**62))) for _ in range(300)], np.int64),
        np.array([random.random() < 0.5 for _ in range(300)]),
        np.array([random.choice((2**70, -1)) for _ in range(300)], object),
    ]
    rows, places = different_rows(columns)
    cells = list(zip(*[each.tolist() for each in columns], strict=True))
    assert [cells[rows[place]] for place in places.tolist()] == cells
    assert rows == [cells.index(cells[row]) for row in rows]
    assert len(rows) == len(set(cells))
    assert different_rows([np.empty(0, np.int64)])[0] == []


# --- a column of texts, put together piece by piece ---

FACTORS = [Fraction(*each) for each in ((1, 1), (1, 100), (1, 10**6), (1, 10**9), (1, 60), (7, 3), (10**12, 1))]
SIZES = (9, 400, 10**6, 10**12, 2**61)


def pieces(random: Random, column: ToldColumn, count: int) -> list[str | None]:
    """Tells a column something of every kind, and what its texts are then."""
    told: list[str | None] = []
    while len(told) < count:
        first, size, most = len(told), random.randint(1, 40), random.choice(SIZES)
        values = [random.randint(-most, most) for _ in range(size)]
        marks = [random.random() < 0.8 for _ in range(size)]
        known = None if random.random() < 0.3 else np.array(marks)
        marks = [True] * size if known is None else marks
        factor, kind = random.choice(FACTORS), random.randrange(7)
        texts: list[str | None] = [None] * size
        if kind == 0:
            column.numbers(first, np.array(values, np.int64), known, factor)
            texts = [exact_text(value * factor) for value in values]
        elif kind == 1:
            vast = np.array([value * 2**10 for value in values], object)
            column.numbers(first, vast, known, factor)
            texts = [exact_text(value * 2**10 * factor) for value in values]
        elif kind == 2:
            below = [random.choice((1, -1, 8, 3, 60, 10**7, 2**40)) for _ in range(size)]
            column.quotients(first, np.array(values, np.int64), np.array(below, np.int64), known, factor)
            texts = [exact_text(Fraction(one, other) * factor) for one, other in zip(values, below, strict=True)]
        elif kind == 3:
            days = [random.randint(1, 3_652_059) for _ in range(size)]
            column.days(first, np.array(days, np.int64), known)
            texts = [date.fromordinal(day).isoformat() for day in days]
        elif kind == 4:
            words = [random.choice(("5", "-0.25", "2023-01-01", "无", "=1", "", "1/3", "机关", None)) for _ in range(3)]
            places = np.array([random.randrange(3) for _ in range(size)])
            column.words(slice(first, first + size), places, words)
            texts, marks = [words[place] for place in places], [True] * size
        elif kind == 5:
            texts = [str(value % 7) for value in values]
            column.coded(first, pa.array(texts, pa.string(), mask=~np.array(marks)).dictionary_encode())
        else:
            column.marked(first, np.array(marks), "***")
            texts = ["***"] * size
        told += [text if mark else None for text, mark in zip(texts, marks, strict=True)]
    return told


@pytest.mark.parametrize("seed", range(60))
def test_a_column_has_the_exact_text_of_every_row(seed: int) -> None:
    """Whatever it is put together from, and read back from the file, whose dictionary may not hold a text twice."""
    count = Random(seed).choice((1, 30, 3_000))
    column = ToldColumn(count + 40)
    told = pieces(Random(seed), column, count)
    found = column.array()
    assert found.to_pylist() == told + [None] * (count + 40 - len(told))
    written(pa.table({"value": found}))
    if pa.types.is_dictionary(found.type):
        texts = found.dictionary.to_pylist()
        assert len(texts) == len(set(texts))


def test_a_column_of_which_nothing_is_told() -> None:
    assert ToldColumn(3).array().to_pylist() == [None] * 3
    assert ToldColumn(0).array().to_pylist() == []


def test_texts_that_differ_from_row_to_row_are_not_numbered() -> None:
    few, many = ToldColumn(100), ToldColumn(100)
    few.numbers(0, np.arange(100) % 9, None, Fraction(1, 8))
    many.numbers(0, np.arange(100), None, Fraction(1, 8))
    assert pa.types.is_dictionary(few.array().type)
    assert pa.types.is_string(many.array().type)


@pytest.mark.parametrize("times", [1, 2, 30])
def test_who_the_rows_are(times: int) -> None:
    """Members of two subjects have one id; some have nobody above them."""
    kinds = small_rules().kinds
    below = next(each for each in kinds.values() if each.parent is not None and kinds[each.parent].parent is None)
    above = Frame(kinds[below.parent or ""], 3, {}, keys=pa.array(["甲", "乙", "丙"]), names=pa.array(["一", None, "一"]))
    frame = Frame(below, 4, {}, parent=above, parent_rows=np.array([0, 2, -1, 2]), keys=pa.array(["1", "1", "2", "3"]))
    rows = np.tile(np.array([3, 0, 1, 2]), times)
    who = written(pa.table(dict(who_of(frame, rows)))).to_pydict()
    assert who == {"key": ["3", "1", "1", "2"] * times, "parent": ["丙", "甲", "丙", None] * times}
    names = written(pa.table(dict(who_of(above, rows[rows < 3])))).to_pydict()
    assert names == {"key": ["甲", "乙", "丙"] * times, "name": ["一", None, "一"] * times}


# --- what was noted of a row ---


@pytest.mark.parametrize("count", [1, 30, 31, 32, 70])
def test_rows_have_one_number_only_where_all_marks_are_alike(count: int) -> None:
    random, rows = Random(count), 200
    marks = [np.array([random.randrange(3) for _ in range(rows)], np.uint8) for _ in range(count)]
    for each in marks:
        each[100:] = each[:100]
    for row in range(100, 150):
        changed = random.choice(marks)
        changed[row] = (changed[row] + 1) % 3
    one, other = (Notes(Scope(Frame(small_rules().kinds["unit"], rows, {}), False, {})) for _ in range(2))
    for number, each in enumerate(marks):
        for notes in (one, other):
            notes.small(each)
            notes.small(number % 3)
            if number % 20 == 7:
                notes.large(-number)
    found = one.patterns()
    alike = [tuple(each[row] for each in marks) for row in range(rows)]
    assert len(set(found.tolist())) == len(set(alike))
    assert (found[150:] == found[50:100]).all()
    assert (found == other.patterns()).all()


# --- files ---


def test_csv_is_for_spreadsheet_programs() -> None:
    written = io.BytesIO()
    table = pa.table({"key": ["=1+1", "甲", "-5", "-a"], "met": pa.array([1, 2, 3, 4], pa.uint8())})
    WRITERS["csv"](table, written)
    assert written.getvalue().decode("utf-8-sig").splitlines() == ['"key","met"', '"\'=1+1",1', '"甲",2', '"-5",3', '"\'-a",4']


# --- the folder ---

RUN = {"rules": "a", "tables": [1]}


def begun(root: Path, fingerprint: Any = RUN) -> Folder:
    folder = Folder(root, fingerprint)
    folder.open()
    if not folder.is_whole:
        folder.begin()
    return folder


def part(folder: Folder, number: int) -> None:
    name = f"verdicts/unit/part-{number:05d}.parquet"
    with folder.writing(name) as file:
        file.write(b"verdicts")
    folder.done(f"unit-{number:05d}", {name: 8}, {"rows": number})


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_results_take_their_places_at_the_end(tmp_path: Path) -> None:
    root = tmp_path / "out"
    folder = begun(root)
    part(folder, 0)
    assert not [each for each in names(root) if not each.startswith(STAGING)]
    folder.finish({"summary.json": b"{}"}, folder.files_of("unit-00000"), {"summary": {}})
    assert names(root) == {MANIFEST, "summary.json", "verdicts/unit/part-00000.parquet"}
    manifest = read_manifest(root)
    assert manifest is not None
    assert manifest["files"] == {"summary.json": 2, "verdicts/unit/part-00000.parquet": 8}
    assert begun(root).is_whole


@pytest.mark.parametrize("name", ["fingerprint", "files", "summary", "size"])
@pytest.mark.parametrize("value", [None, 3, [], "text"])
def test_a_manifest_that_lacks_something_is_none(tmp_path: Path, name: str, value: object) -> None:
    whole: dict[str, Any] = {"schema": "rulecheck-batch/1", "fingerprint": RUN, "files": {}, "summary": {}}
    (tmp_path / MANIFEST).write_text(json.dumps(whole), encoding="utf-8")
    assert read_manifest(tmp_path) == whole
    if name == "size":
        if value == 3:
            return
        whole["files"] = {"summary.json": value}
    elif value is None:
        del whole[name]
    else:
        whole[name] = value
    (tmp_path / MANIFEST).write_text(json.dumps(whole), encoding="utf-8")
    assert read_manifest(tmp_path) is None
    refused = usable(tmp_path)
    assert refused is not None
    assert refused.code == "W201"


def test_a_run_goes_on_with_what_has_no_mark(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    part(folder, 0)
    part(folder, 1)
    (folder.staging / "verdicts" / "unit" / "part-00001.parquet").write_bytes(b"cut")
    folder.close()
    again = begun(tmp_path)
    assert again.changed == ()
    assert again.mark("unit-00000") == {"rows": 0}
    assert again.mark("unit-00001") is None
    assert again.mark("unit-00002") is None


def test_another_run_starts_anew_and_says_why(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    part(folder, 0)
    folder.close()
    again = begun(tmp_path, {"rules": "b", "tables": [1]})
    assert again.changed == ("rules",)
    assert again.mark("unit-00000") is None
    assert not (again.staging / "verdicts").exists()


def test_what_another_run_began_stays_until_this_one_begins(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    part(folder, 0)
    folder.close()
    before = names(tmp_path)
    again = Folder(tmp_path, {"rules": "b", "tables": [1]})
    again.open()
    assert (again.changed, again.has_earlier, again.parts()) == (("rules",), True, [])
    again.close()
    assert names(tmp_path) == before
    assert begun(tmp_path).mark("unit-00000") == {"rows": 0}


def test_what_is_whole_stays_until_the_next_is(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    part(folder, 0)
    part(folder, 1)
    folder.finish({}, {**folder.files_of("unit-00000"), **folder.files_of("unit-00001")}, {"summary": {}})
    other = begun(tmp_path, {"rules": "b", "tables": [1]})
    assert other.changed == ("rules",)
    assert (tmp_path / MANIFEST).exists()
    part(other, 0)
    other.finish({"codes.csv": b"0"}, other.files_of("unit-00000"), {"summary": {}})
    assert names(tmp_path) == {MANIFEST, "codes.csv", "verdicts/unit/part-00000.parquet"}


def test_moving_that_was_cut_short_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    folder = begun(tmp_path)
    part(folder, 0)
    moved = []
    replace = os.replace

    def stopped(source: Any, target: Any) -> None:
        if Path(target).name == "verdicts":
            moved.append(target)
            replace(source, target)
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        folder.finish({"summary.json": b"{}"}, folder.files_of("unit-00000"), {"summary": {}})
    monkeypatch.undo()
    folder.close()
    assert moved
    assert not (tmp_path / MANIFEST).exists()
    again = begun(tmp_path)
    assert again.is_moved
    assert again.mark("unit-00000") == {"rows": 0}
    again.finish({"summary.json": b"{}"}, {}, {"summary": {}})
    assert names(tmp_path) == {MANIFEST, "summary.json", "verdicts/unit/part-00000.parquet"}


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    folder = begun(tmp_path)
    with pytest.raises(InUse):
        begun(tmp_path)
    folder.close()
    begun(tmp_path).close()


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    assert usable(tmp_path) is None
    assert usable(tmp_path / "new") is None
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    refused = usable(tmp_path)
    assert refused is not None
    assert refused.code == "W201"
    file = usable(tmp_path / "letter.txt")
    assert file is not None
    assert file.code == "W202"
    lost = usable(tmp_path / "no" / "where")
    assert lost is not None
    assert lost.code == "X313"
    (tmp_path / MANIFEST).write_text(json.dumps({"schema": "other"}), encoding="utf-8")
    assert usable(tmp_path) is not None


def test_names_of_columns() -> None:
    plan = lower(make_world(3).rules, make_world(3).as_of)
    found = [column_name(each) for of_kind in plan.judgements.values() for each in of_kind]
    assert len(found) == len(set(found))
    assert "rule_0@2022" in found


def test_messages_are_used_and_in_both_languages() -> None:
    source = Path(__file__).parents[1] / "src" / "rulecheck"
    used = {code for path in source.rglob("*.py") for code in re.findall(r'"(W\d\d\d)"', path.read_text(encoding="utf-8"))}
    rows = tomllib.loads(read_text("dsl", "messages", "results.toml"))
    assert set(rows) == used
    assert_each_is_one_sentence_twice(rows)
    assert_both_languages_name_the_same(rows)
