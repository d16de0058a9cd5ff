"""Families of tables as rows of one table: every row with the number of its partition, so that a shuffle by it brings together
what belongs together. Partitions are those of the embedded engine, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as fn

from rulecheck.batching.converting.framing import columns_read
from rulecheck.batching.edges import Edges
from rulecheck.batching.spark.links import Linked
from rulecheck.batching.spark.worker import ABOVE, PARTITION, ROW, TABLE, Branch, column, column_in
from rulecheck.dataclass import dataclass

_ROW_ABOVE: Final = "row_above"


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A family: its tables, and how many rows of the one at the top make a partition."""

    top: Branch
    above: tuple[Branch, ...]
    linked: Mapping[int, Linked]
    rows: int

    @property
    def kind(self) -> str:
        return self.top.plan.kind.id

    @property
    def partitions(self) -> int:
        return -(-self.linked[self.top.number].table.rows // self.rows)

    @property
    def stands_alone(self) -> bool:
        """Whether it is one table, whose rows need nobody else's."""
        return not (self.top.below or self.above)

    def frame(self, done: Collection[int]) -> DataFrame:
        """All rows, but those of the partitions that are `done`."""
        parts = [self._top(), *self._members(), *self._looked_up()]
        names: dict[str, Any] = {}
        for part in parts:
            names |= {field.name: field.dataType for field in part.schema.fields}
        found: DataFrame | None = None
        for part in parts:
            told = set(part.columns)
            wide = part.select(*(name if name in told else fn.lit(None).cast(type_).alias(name) for name, type_ in names.items()))
            found = wide if found is None else found.unionByName(wide)
        assert found is not None
        return found.where(~fn.col(PARTITION).isin([*done])) if done else found

    # --- the tables ---

    def _partition(self, row: Column) -> Column:
        # Whole numbers only: the remainder is gone before the division.
        return ((row - row % self.rows) / self.rows).cast("long").alias(PARTITION)

    def _top(self) -> DataFrame:
        linked = self.linked[self.top.number]
        if not self.above:
            rows = linked.table.select(self.top.columns).withColumn(ABOVE, fn.lit(None).cast("long"))
        else:
            rows = linked.table.select(self.top.columns).join(linked.links.select(ROW, ABOVE), ROW)
        return self._told(rows.withColumn(PARTITION, self._partition(fn.col(ROW))), self.top)

    def _members(self) -> Iterator[DataFrame]:
        """Rows below go where the rows above them go."""
        for branch in self.top.below:
            links = self.linked[branch.number].links.select(ROW, ABOVE)
            yield from self._below(branch, links.withColumn(PARTITION, self._partition(fn.col(ABOVE))))

    def _below(self, branch: Branch, links: DataFrame) -> Iterator[DataFrame]:
        yield self._told(self.linked[branch.number].table.select(branch.columns).join(links, ROW), branch)
        for each in branch.below:
            above = links.select(fn.col(ROW).alias(_ROW_ABOVE), PARTITION)
            own = self.linked[each.number].links.select(ROW, ABOVE)
            yield from self._below(each, own.join(above, fn.col(ABOVE) == fn.col(_ROW_ABOVE)).drop(_ROW_ABOVE))

    def _looked_up(self) -> Iterator[DataFrame]:
        """Rows above go to every partition from which somebody looks up to them."""
        links = self.linked[self.top.number].links if self.above else None
        if links is None:
            return
        wanted = links.select(fn.col(ABOVE).alias(ROW), self._partition(fn.col(ROW))).distinct()
        for branch in self.above:
            linked = self.linked[branch.number]
            rows = linked.table.select(branch.columns).join(wanted, ROW)
            if linked.above is None:
                yield self._told(rows.withColumn(ABOVE, fn.lit(None).cast("long")), branch)
                return
            own = linked.links.select(ROW, ABOVE)
            yield self._told(rows.join(own, ROW), branch)
            wanted = own.join(wanted, ROW).select(fn.col(ABOVE).alias(ROW), PARTITION).distinct()

    def _told(self, rows: DataFrame, branch: Branch) -> DataFrame:
        """Rows of a table among those of others."""
        readable = [number for number in branch.columns if number in self.linked[branch.number].table.columns]
        payload = [fn.col(column(number)).alias(column_in(branch.number, number)) for number in readable]
        return rows.select(PARTITION, fn.lit(branch.number).alias(TABLE), ROW, ABOVE, *payload)


def families(linked: Mapping[str, Linked], edges: Edges, asked: Mapping[str, Collection[int]], most: int) -> Iterator[Family]:
    """The families of a run, in the order of the tables, each cut into partitions of about `most` rows."""
    numbers = {kind: number for number, kind in enumerate(linked)}

    def is_below(each: Linked) -> bool:
        return each.above is not None and each.kind in edges.segments

    def branch(each: Linked, with_members: bool) -> Branch:
        below = [other for other in linked.values() if other.above is each and is_below(other)] if with_members else []
        columns = columns_read(each.plan, asked[each.kind])
        return Branch(numbers[each.kind], each.plan, columns, tuple(branch(other, True) for other in below))

    for each in linked.values():
        if is_below(each):
            continue
        above, looked_up = each.above, []
        while above is not None:
            looked_up.append(branch(above, False))
            above = above.above
        top = branch(each, True)
        counts = [linked[kind].table.rows for kind in _kinds(top)]
        rows = max(1, most * counts[0] // max(1, sum(counts)))
        by_number = {number: linked[kind] for kind, number in numbers.items()}
        yield Family(top, tuple(looked_up), by_number, rows)


def _kinds(branch: Branch) -> Iterator[str]:
    yield branch.plan.kind.id
    for below in branch.below:
        yield from _kinds(below)
