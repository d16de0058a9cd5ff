"""Tables as partitions ready to be judged, by way of DuckDB: opened, declared, linked, framed, and settled as a check does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from rulecheck.batching.converting.framing import Framing, placed
from rulecheck.batching.declaring.declare import Declared, declare
from rulecheck.batching.declaring.mapping import TableMapping
from rulecheck.batching.duckdb.connection import Means
from rulecheck.batching.duckdb.engine import Engine
from rulecheck.batching.duckdb.families import Families
from rulecheck.batching.edges import Edges, edges, facts_read
from rulecheck.batching.sources.table import Table
from rulecheck.columns.frame import Frame
from rulecheck.columns.settle import Settler
from rulecheck.dataclass import dataclass
from rulecheck.measures.places import Place
from rulecheck.rules import model

ROWS: Final = 65_536
"""Rows of a partition, members included: what one thread works on."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a run reads: its tables with what they hold."""

    tables: tuple[Table, ...]
    declared: Declared


def plan_tables(
    rules: model.RuleSet, tables: Sequence[Table], mapping: TableMapping | None, chosen: Iterable[model.Rule] | None
) -> Given:
    """What the tables hold, with every fault of theirs."""
    return Given(tuple(tables), declare(rules, [each.header for each in tables], mapping, chosen))


class DuckdbSource:
    """The partitions of a run. Raises `sources.table.Unreadable` for rows that cannot be read or do not fit together."""

    def __init__(
        self,
        given: Given,
        rules: model.RuleSet,
        place: Place | None,
        scratch: Path,
        means: Means,
        rows: int = ROWS,
        *,
        keys_only: bool = False,
        beside: model.RuleSet | None = None,
    ) -> None:
        """`rows`: of a partition, members included. `keys_only`: no fact is read, to look for a row. `beside`: other rules that
        the same tables are judged by: partitions are cut as for both at once, so that those of either are the same rows."""
        self._place = place
        self._rows = rows
        self._settler = Settler(rules)
        self._settled: set[int] = set()
        self._engine = Engine(given.tables, scratch, means)
        read = facts_read(rules)
        asked = {
            plan.kind.id: [each.number for each in plan.facts if not keys_only and (plan.kind.id, each.fact.id) in read]
            for plan in given.declared.tables
        }
        try:
            pairs = list(zip(given.declared.tables, given.tables, strict=True))
            cut = edges(rules) if beside is None else Edges(edges(rules).segments | edges(beside).segments)
            self._families = Families(self._engine, pairs, rules, cut, Framing(rules).make, asked)
        except BaseException:
            self._engine.close()
            raise

    def __enter__(self) -> DuckdbSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    @property
    def families(self) -> Sequence[str]:
        return [each.kind.id for each in self._families.roots()]

    def partitions(self, family: str, first: int) -> Iterator[Frame]:
        root = next(each for each in self._families.roots() if each.kind.id == family)
        for frame in self._families.partitions(root, self._families.rows_for(root, self._rows), first):
            if frame.parent is not None:
                self._ready_above(frame.parent)
            placed(frame, self._place)
            yield frame

    def _ready_above(self, frame: Frame) -> None:
        """The rows that others look up to, held for the whole run: placed and settled once, before anybody looks."""
        if id(frame) in self._settled:
            return
        if frame.parent is not None:
            self._ready_above(frame.parent)
        placed(frame, self._place)
        self._settler.settle(frame)
        self._settled.add(id(frame))
