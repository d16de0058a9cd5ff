"""Who is who in the tables, before anything is judged: the key of every row, and the row above it that its 上级 means.

A key is what `check` takes for one (docs/decisions/19): 统一社会信用代码, else 编号, else 名称, as `identities` reads them.
A table that nobody refers to is only asked whether all its keys differ, which the engine tells at once where they are plain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import digits
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rulecheck.batching.converting.cells import MOST_SHOWN, CellFault, CellFaults, refuse
from rulecheck.batching.converting.identities import read_keys, read_names
from rulecheck.batching.declaring.declare import NameColumn, TablePlan
from rulecheck.batching.duckdb.connection import text
from rulecheck.batching.duckdb.distinct import MOST_ROWS, all_differ, total_pattern
from rulecheck.batching.duckdb.engine import Engine, column
from rulecheck.batching.sources.straight import is_straight
from rulecheck.batching.sources.table import Table
from rulecheck.data import read_table
from rulecheck.dataclass import dataclass, field
from rulecheck.facts.layout.totals import total_name
from rulecheck.facts.nodes import Problem, shown
from rulecheck.measures.numerals import ends_of_untold, plain
from rulecheck.rules.model import Kind, RuleSet

PLAIN: Final = r"[0-9A-Za-z_\x{4e00}-\x{9fff}（）()·][0-9A-Za-z_\x{4e00}-\x{9fff}（）()·.\-]*"
"""Texts that are their own key, but for the words that say that nothing was told."""
_MANY: Final = 100_000


@dataclass(slots=True, eq=False)
class Linked:
    """A table whose rows are known by key: `plan` and `table` say what it is. `name`, in the engine, has a row for each row of
    the table: `row` (from 0), `key`, and `above`, the row of the table above that it belongs to. Without `name` only the keys
    were looked at, since nothing asks for them again."""

    plan: TablePlan
    table: Table
    above: Linked | None
    name: str
    rows: int
    faults: list[CellFaults] = field(default_factory=list)


def link(engine: Engine, given: Sequence[tuple[TablePlan, Table]], rules: RuleSet) -> dict[str, Linked]:
    """The tables by kind (English id), those above first. Raises Unreadable with every row that has no key, has that of another,
    or belongs to nobody."""
    linked: dict[str, Linked] = {}
    with_members = {plan.kind.parent for plan, _ in given}
    tables = {plan.kind.id: table for plan, table in given}
    for plan in in_order([plan for plan, _ in given]):
        table = tables[plan.kind.id]
        above = linked.get(plan.kind.parent or "")
        parent = rules.kinds[plan.kind.parent] if plan.kind.parent else None
        linker = _Linker(engine, plan, table, above if plan.parent else None, parent)
        found = linker.run(plan.kind.id in with_members)
        linked[plan.kind.id] = found
    refuse((each.plan, each.faults) for each in linked.values())
    return linked


def in_order(plans: Sequence[TablePlan]) -> list[TablePlan]:
    """The tables with those above them first."""
    kinds = {each.kind.id: each for each in plans}

    def rank(plan: TablePlan) -> int:
        above = kinds.get(plan.kind.parent or "")
        return 0 if above is None else 1 + rank(above)

    return sorted(plans, key=rank)


class _Linker:
    """Finds the keys of one table."""

    def __init__(self, engine: Engine, plan: TablePlan, table: Table, above: Linked | None, parent: Kind | None) -> None:
        self.engine, self.plan, self.table, self.above, self.parent = engine, plan, table, above, parent
        self.faults: list[CellFaults] = []
        self.rows = 0
        self.is_sensitive = plan.kind.sensitive
        self.named = f"named_{plan.kind.id}"
        self.name = f"linked_{plan.kind.id}"

    def run(self, has_members: bool) -> Linked:
        named = self.plan.name if has_members and len(self.plan.keys) > 1 else None
        also = [each for each in (named, self.plan.parent) if each is not None]
        is_alone = not has_members and self.plan.parent is None
        if (is_alone and self._glance()) or self._look(also, is_alone):
            return Linked(self.plan, self.table, None, "", self.rows, self.faults)
        self._link_rows(has_members)
        return Linked(self.plan, self.table, self.above, self.name, self.rows, self.faults)

    def _glance(self) -> bool:
        """Whether all is well with the keys of a table that nobody refers to, where a quick look tells: no link is needed."""
        columns = sorted({each.number for each in self.plan.keys})
        if self.table.rows is None or self.table.rows > MOST_ROWS or not is_straight(self.table, columns):
            return False
        batches = self.engine.in_order(self.table, columns, _MANY)
        self.rows = self.table.rows
        return all_differ(self.plan, (dict(zip(columns, each.columns, strict=True)) for each in batches), self.rows)

    def _look(self, also: Sequence[NameColumn], is_alone: bool) -> bool:
        """Looks once at all names, and makes a table of each row's number, key, and where they are asked for its name and
        that of who is above it; NULL where untold. Returns whether nothing more is to be done: nobody refers to the table, and
        its keys all differ."""
        key = self.plan.keys[0]
        odd = [f"NOT {_plain(self._written(key))}"]
        odd += [f"({written} IS NOT NULL AND NOT {_plain(written)})" for written in map(self._written, also)]
        totals = " OR ".join(map(self._may_be_total, self.plan.keys))
        different = f"count(DISTINCT hash({self._written(key)}))" if is_alone else "0"
        asked = f"count(*), {different}, count(*) FILTER ({' OR '.join(odd)}), count(*) FILTER ({totals})"
        relation = self.engine.relation(self.table)
        self.rows, keys, oddly, totalled = self.engine.rows(f"SELECT {asked} FROM {relation}", [self.table])[0]
        if totalled:
            self._find_totals()
        is_plain = not oddly and key.word != "credit_code"
        if is_alone and is_plain and keys == self.rows:
            return True
        if is_plain:
            columns = [("key", key), *((each.word, each) for each in also)]
            listed = ", ".join(f"{self._written(each)} AS {name}" for name, each in columns)
            numbered = f"SELECT row_number() OVER () - 1 AS row, {listed} FROM {relation}"
            self.engine.run(f"CREATE TABLE {self.named} AS {numbered}", [self.table])
        else:
            self._name_rows(also)
        return False

    def _may_be_total(self, name: NameColumn) -> str:
        """Most keys end with a digit, and no total does."""
        written = self._written(name)
        return f"(NOT regexp_matches({written}, '[0-9]$') AND regexp_matches({written}, {text(total_pattern())}))"

    def _find_totals(self) -> None:
        """Rows that sum up others would be judged as subjects."""
        relation = self.engine.relation(self.table)
        for each in self.plan.keys:
            written = self._written(each)
            asked = f"SELECT DISTINCT {written} FROM {relation} WHERE {self._may_be_total(each)}"
            found = self.engine.rows(asked, [self.table])
            totals = ", ".join(text(name) for (name,) in found if total_name(name))
            if totals:
                numbered = f"(SELECT row_number() OVER () - 1 AS row, {written} AS name FROM {relation})"
                self._tell(each.number, f"name IN ({totals})", "name", self._total, numbered)

    def _written(self, name: NameColumn) -> str:
        return f"CAST({self.engine.value(self.table, name.number)} AS VARCHAR)"

    def _name_rows(self, also: Sequence[NameColumn]) -> None:
        """The table of names where some have to be read."""
        numbers = [each.number for each in dict.fromkeys([*self.plan.keys, *also])]
        schema = pa.schema([("row", pa.int64()), ("key", pa.large_string()), *((each.word, pa.large_string()) for each in also)])
        texts = ", ".join(f"{name} VARCHAR" for name in schema.names[1:])
        self.engine.run(f"CREATE TABLE {self.named} (row BIGINT, {texts})")
        columns = ", ".join(f"{self.engine.value(self.table, number)} AS {column(number)}" for number in numbers)
        first = 0
        for batch in self.engine.stream(f"SELECT {columns} FROM {self.engine.relation(self.table)}", _MANY, [self.table]):
            arrays = dict(zip(numbers, batch.columns, strict=True))
            keys, misread = read_keys(self.plan, arrays.__getitem__, batch.num_rows, first)
            read = [read_names(each, arrays[each.number], first) for each in also]
            self.faults += [misread, *(faults for _, faults in read)]
            rows = pa.array(np.arange(first, first + batch.num_rows))
            self.engine.add(self.named, pa.record_batch([rows, keys, *(names for names, _ in read)], schema=schema))
            first += batch.num_rows

    def _link_rows(self, has_members: bool) -> None:
        """The table of keys, with the row above that each belongs to."""
        if self.plan.parent is not None and self.above is not None:
            self._find_above(self.above, self.plan.parent.number)
            self._find_twins("above, key")
        else:
            if self.plan.parent is not None:
                self._tell(self.plan.parent.number, "parent IS NOT NULL", "parent", self._unknown)
            self.engine.run(f"CREATE TABLE {self.name} AS SELECT row, key, NULL::BIGINT AS above FROM {self.named}")
            self._find_twins("key")
        self._keep_names(has_members)

    def _find_above(self, above: Linked, at: int) -> None:
        """By the key of who is meant, else by the name, where just one has it."""
        ways = ["key", *(["name"] if f"name_{above.plan.kind.id}" in self._tables() else [])]
        joins = " ".join(f"LEFT JOIN {way}_{above.plan.kind.id} {way}_above ON n.parent = {way}_above.text" for way in ways)
        found = f"coalesce({', '.join(f'{way}_above.row' for way in ways)})"
        times = f"coalesce({', '.join(f'{way}_above.times' for way in ways)})"
        self.engine.run(
            f"CREATE TABLE {self.name} AS SELECT n.row, n.key, {found} AS above, {times} AS times FROM {self.named} n {joins}"
        )
        wrong = self.engine.rows(f"SELECT count(*) FROM {self.name} WHERE above IS NULL OR times > 1")[0][0]
        if wrong:
            source = f"(SELECT l.row, l.above, l.times, n.parent FROM {self.name} l JOIN {self.named} n ON l.row = n.row)"
            self._tell(at, "parent IS NULL", "NULL", self._no_parent, source)
            self._tell(at, "parent IS NOT NULL AND above IS NULL", "parent", self._unknown, source)
            self._tell(at, "times > 1", "parent", self._several, source)

    def _find_twins(self, together_: str) -> None:
        asked = f"SELECT count(*), count(DISTINCT hash({together_})) FROM {self.name} WHERE key IS NOT NULL"
        rows, different = self.engine.rows(asked)[0]
        if rows == different:
            return
        twins = (
            f"SELECT row, key, first FROM (SELECT row, key, min(row) OVER (PARTITION BY {together_}) AS first FROM {self.name} "
            f"WHERE key IS NOT NULL) WHERE row <> first"
        )
        count = self.engine.rows(f"SELECT count(*) FROM ({twins})")[0][0]
        shown_ = self.engine.rows(f"{twins} ORDER BY row LIMIT {MOST_SHOWN}")
        kind = self.plan.kind
        faults = tuple(
            CellFault(
                row,
                self.plan.keys[0].number,
                Problem(
                    "B301", {"subject": shown(key, self.is_sensitive), "kind": kind.zh, "kind_en": kind.id, "first": first + 1}
                ),
            )
            for row, key, first in shown_
        )
        self.faults += [CellFaults(faults, count)] if count else []

    def _keep_names(self, has_members: bool) -> None:
        """What members may call their parent by: its key, or its name where that is another."""
        if has_members:
            kind = self.plan.kind.id
            one = "min(row) AS row, count(*) AS times"
            self.engine.run(
                f"CREATE TABLE key_{kind} AS SELECT key AS text, {one} FROM {self.name} WHERE key IS NOT NULL GROUP BY key"
            )
            if len(self.plan.keys) > 1 and self.plan.name is not None:
                named = f"SELECT name AS text, {one} FROM {self.named} WHERE name IS NOT NULL GROUP BY name"
                self.engine.run(f"CREATE TABLE name_{kind} AS {named}")
        self.engine.run(f"DROP TABLE {self.named}")

    def _tables(self) -> set[str]:
        return {name for (name,) in self.engine.rows("SELECT table_name FROM duckdb_tables()")}

    # --- what is wrong ---

    def _tell(self, at: int, where: str, value: str, problem: Callable[[Any], Problem], source: str = "") -> None:
        """The rows of which `where` is true, the first of them with what `value` is there."""
        source = source or self.named
        count = self.engine.rows(f"SELECT count(*) FROM {source} WHERE {where}")[0][0]
        if count:
            first = self.engine.rows(f"SELECT row, {value} FROM {source} WHERE {where} ORDER BY row LIMIT {MOST_SHOWN}")
            self.faults.append(CellFaults(tuple(CellFault(row, at, problem(each)) for row, each in first), count))

    def _total(self, name: str) -> Problem:
        return Problem("B307", {"name": shown(name), "kind": self.plan.kind.zh, "kind_en": self.plan.kind.id})

    def _no_parent(self, _: object) -> Problem:
        return Problem("B302", self._parent_values())

    def _unknown(self, parent: str) -> Problem:
        code = "B304" if self.above is None else "B303"
        return Problem(code, {**self._parent_values(), "name": self._shown_parent(parent)})

    def _several(self, parent: str) -> Problem:
        return Problem("B305", {**self._parent_values(), "name": self._shown_parent(parent)})

    def _shown_parent(self, parent: str) -> str:
        return shown(parent, self.parent is not None and self.parent.sensitive)

    def _parent_values(self) -> dict[str, object]:
        assert self.parent is not None
        kind = self.plan.kind
        return {"kind": kind.zh, "kind_en": kind.id, "parent": self.parent.zh, "parent_en": self.parent.id}


def _plain(written: str) -> str:
    """Whether a text is its own key: nothing to cut off, nothing that cannot be seen, no word for untold."""
    words = ", ".join(map(text, untold_words()))
    told = f"regexp_full_match({written}, {text(PLAIN)}) AND lower({written}) NOT IN ({words})"
    # Most keys end with a digit, which none of those words does: the quicker way to know.
    quick = f"regexp_full_match({written}, {text(PLAIN + '[0-9]')})" if ends_of_untold().isdisjoint(digits) else "false"
    return f"CASE WHEN {quick} THEN true ELSE coalesce({told}, false) END"


def untold_words() -> list[str]:
    """The words that say that nothing was told, in small letters."""
    return [plain(each).casefold() for each in read_table("dsl", "markers.toml")["untold"]]
