"""Who is who, found by Spark: the same questions as `duckdb.links` asks, and the same answers. Names are read by the workers, as
`identities` reads them; keys are matched, and twins and orphans found, by joins and groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as fn

from rulecheck.batching.converting.cells import MOST_SHOWN, CellFault, CellFaults, refuse
from rulecheck.batching.declaring.declare import TablePlan
from rulecheck.batching.duckdb.links import PLAIN, in_order, untold_words
from rulecheck.batching.spark.tables import SparkTable
from rulecheck.batching.spark.worker import ABOVE, NAMED, ROW, NamesReader, column, packed, unpacked
from rulecheck.dataclass import dataclass, field
from rulecheck.facts.nodes import Problem, shown


@dataclass(slots=True, eq=False)
class Linked:
    """A table whose rows are known by key. `links`: for each row its number and `above`, that of the row it belongs to; None
    where nothing asks for it."""

    table: SparkTable
    above: Linked | None
    links: Any = None
    named: Any = None
    faults: list[CellFaults] = field(default_factory=list)

    @property
    def plan(self) -> TablePlan:
        return self.table.plan

    @property
    def kind(self) -> str:
        return self.table.plan.kind.id


def link(tables: Sequence[SparkTable]) -> dict[str, Linked]:
    """The tables by kind (English id), those above first. Raises Unreadable with the rows that have no key, have that of another,
    or belong to nobody."""
    linked: dict[str, Linked] = {}
    by_kind = {each.plan.kind.id: each for each in tables}
    with_members = {plan.kind.parent for plan in (each.plan for each in tables)}
    for plan in in_order([each.plan for each in tables]):
        above = linked.get(plan.kind.parent or "") if plan.parent is not None else None
        found = Linked(by_kind[plan.kind.id], above)
        _Linker(found).run(plan.kind.id in with_members)
        linked[plan.kind.id] = found
    refuse((each.plan, each.faults) for each in linked.values())
    return linked


def forget(linked: Mapping[str, Linked]) -> None:
    """Gives back what was kept for the links."""
    for each in linked.values():
        if each.named is not None:
            each.named.unpersist()


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """What is wrong with a row of which `holds` is true: at which column, by what the row says in `said`."""

    holds: Any
    column: int
    said: str
    problem: Callable[[Any], Problem]


class _Linker:
    """Finds the keys of one table."""

    def __init__(self, found: Linked) -> None:
        self.found, self.plan, self.above = found, found.plan, found.above
        self.is_sensitive = self.plan.kind.sensitive

    def run(self, has_members: bool) -> None:
        if not has_members and self.plan.parent is None and self._is_plainly_different():
            return
        self.found.named = rows = self._named(has_members)
        tests: list[_Test] = []
        if self.plan.parent is not None:
            parent, at = fn.col("parent"), self.plan.parent.number
            if self.above is None:
                tests = [_Test(parent.isNotNull(), at, "parent", self._unknown)]
            else:
                rows = self._with_above(rows, self.above)
                above = fn.col(ABOVE)
                tests = [
                    _Test(parent.isNull(), at, "parent", self._no_parent),
                    _Test(parent.isNotNull() & above.isNull(), at, "parent", self._unknown),
                    _Test(fn.col("times") > 1, at, "parent", self._several),
                ]
        self._tell(rows, tests)
        self.found.links = rows.where(fn.col("faults").isNull())

    # --- the quick way ---

    def _is_plainly_different(self) -> bool:
        """Whether the first column of keys, plainly written, tells all rows apart by itself."""
        key = self.plan.keys[0]
        if key.word == "credit_code" or key.number not in self.found.table.columns:
            return False
        written = fn.col(column(key.number)).cast("string")
        is_plain = written.rlike(rf"^(?:{PLAIN})\z") & ~fn.lower(written).isin(*untold_words())
        rows, plain, different = (
            self.found.table.select([key.number])
            .agg(fn.count("*"), fn.count_if(is_plain), fn.count_distinct(fn.xxhash64(written)))
            .collect()[0]
        )
        return bool(rows == plain == different)

    # --- row by row ---

    def _named(self, has_members: bool) -> DataFrame:
        """Each row's number and key, where they are asked for its name and that of who is above it; null where untold. What
        cannot be read comes in rows of its own, in `faults`."""
        named = self.plan.name if has_members and len(self.plan.keys) > 1 else None
        also = [each for each in (named, self.plan.parent) if each is not None]
        numbers = list(dict.fromkeys(each.number for each in [*self.plan.keys, *also]))
        reader = NamesReader(packed(self.plan), tuple(numbers))
        return self.found.table.select(numbers).mapInArrow(reader, NAMED).persist()

    def _with_above(self, rows: DataFrame, above: Linked) -> DataFrame:
        """By the key of who is meant, else by the name, where just one has it."""
        assert above.named is not None
        found, times = [], []
        joined = rows
        ways = ["key", *(["name"] if len(above.plan.keys) > 1 and above.plan.name is not None else [])]
        for way in ways:
            names = [f"{way}_text", f"{way}_row", f"{way}_times"]
            told = above.named.where(fn.col(way).isNotNull() & fn.col("faults").isNull())
            one = told.groupBy(way).agg(fn.min(ROW), fn.count("*")).toDF(*names)
            joined = joined.join(one, joined["parent"] == one[names[0]], "left")
            found.append(fn.col(names[1]))
            times.append(fn.col(names[2]))
        return joined.select(ROW, "key", "parent", "faults", fn.coalesce(*found).alias(ABOVE), fn.coalesce(*times).alias("times"))

    # --- what is wrong ---

    def _tell(self, rows: DataFrame, tests: Sequence[_Test]) -> None:
        """What could not be read, the rows of which a test is true, and those with the key of another under the same row above:
        counted all at once, and the first looked up only where there are any."""
        is_read = fn.col("faults").isNull()
        above = fn.coalesce(fn.col(ABOVE), fn.lit(-1)) if self.above is not None else fn.lit(-1)
        misread, keys, different, *counts = rows.agg(
            fn.count_if(~is_read),
            fn.count("key"),
            fn.count_distinct(above, "key"),
            *(fn.count_if(is_read & fn.coalesce(each.holds, fn.lit(False))) for each in tests),
        ).collect()[0]
        if misread:
            told = rows.where(~is_read).select("faults").collect()
            self.found.faults += [unpacked(bytes(each.faults)) for each in told]
        for count, test in zip(counts, tests, strict=True):
            if count:
                first = rows.where(is_read & test.holds).orderBy(ROW).limit(MOST_SHOWN).collect()
                faults = tuple(CellFault(each[ROW], test.column, test.problem(each[test.said])) for each in first)
                self.found.faults.append(CellFaults(faults, int(count)))
        if keys != different:
            self._tell_twins(rows.where(fn.col("key").isNotNull()), above, int(keys - different))

    def _tell_twins(self, rows: DataFrame, above: Column, count: int) -> None:
        same = Window.partitionBy(above, "key")
        twins = rows.select(ROW, "key", fn.min(ROW).over(same).alias("first")).where(fn.col(ROW) != fn.col("first"))
        kind = self.plan.kind
        faults = []
        for each in twins.orderBy(ROW).limit(MOST_SHOWN).collect():
            names = {"kind": kind.zh, "kind_en": kind.id, "first": each.first + 1}
            problem = Problem("B301", {"subject": shown(each.key, self.is_sensitive), **names})
            faults.append(CellFault(each[ROW], self.plan.keys[0].number, problem))
        self.found.faults.append(CellFaults(tuple(faults), count))

    def _no_parent(self, _: object) -> Problem:
        return Problem("B302", self._parent_values())

    def _unknown(self, parent: str) -> Problem:
        return Problem("B304" if self.above is None else "B303", {**self._parent_values(), "name": self._shown_parent(parent)})

    def _several(self, parent: str) -> Problem:
        return Problem("B305", {**self._parent_values(), "name": self._shown_parent(parent)})

    def _shown_parent(self, parent: str) -> str:
        return shown(parent, self.above is not None and self.above.plan.kind.sensitive)

    def _parent_values(self) -> dict[str, object]:
        above = self.above.plan.kind if self.above is not None else None
        kind = self.plan.kind
        return {
            "kind": kind.zh,
            "kind_en": kind.id,
            "parent": above.zh if above else "",
            "parent_en": above.id if above else kind.parent or "",
        }
