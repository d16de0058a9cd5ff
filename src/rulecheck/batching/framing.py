"""From the columns of a table to a frame: every value read as `check` reads it, or told as a fault of its cell."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from rulecheck.batching.cells import CellFaults, Rows, diagnostics, together
from rulecheck.batching.convert import ColumnReader
from rulecheck.batching.declare import FactColumn, TablePlan
from rulecheck.batching.identities import place_list, read_keys, read_names, read_places, read_statements
from rulecheck.batching.tables import Unreadable
from rulecheck.columns.frame import Column, Frame, Whole
from rulecheck.dataclass import dataclass
from rulecheck.measures.places import Place
from rulecheck.rules.model import RuleSet
from rulecheck.submission import Slot


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Rows as a frame that leads nowhere yet, and what they state of their members: by kind (English id), for each row a code of
    `identities`."""

    frame: Frame
    statements: Mapping[str, Whole]


class Framing:
    """Makes the frames of a run. What was read once of a column is kept for the next rows of it."""

    def __init__(self, rules: RuleSet) -> None:
        self._places = rules.places
        self._list: tuple[Place, ...] = place_list(rules.places)
        self._readers: dict[tuple[str, int], ColumnReader] = {}

    def make(self, plan: TablePlan, columns: Mapping[int, pa.Array], count: int, rows: Rows) -> Made:
        """The rows of a table whose columns are given by their places; a fact whose column is not among them is not asked for.
        `rows`: where they stand in the table. Raises Unreadable with the cells that cannot be read."""
        faults: list[CellFaults] = []
        keys, found = read_keys(plan, columns.__getitem__, count, rows)
        faults.append(found)
        names = None
        if plan.name is not None and plan.name.number in columns:
            names, found = read_names(plan.name, columns[plan.name.number], rows)
            faults.append(found)
        values: dict[Slot, Column] = {}
        for column in plan.facts:
            if column.number in columns:
                values[column.slot], found = self._reader(plan, column).read(columns[column.number], rows)
                faults.append(found)
        places = None
        if plan.place is not None:
            places, found = read_places(plan.place, columns[plan.place.number], self._places, rows)
            faults.append(found)
        statements: dict[str, Whole] = {}
        for each in plan.statements:
            statements[each.kind.id], found = read_statements(each, columns[each.number], rows)
            faults.append(found)
        if any(faults):
            raise Unreadable(diagnostics(plan, together(faults)))
        first = rows if isinstance(rows, int) else int(rows[0]) if len(rows) else 0
        listed = self._list if places is not None else ()
        return Made(Frame(plan.kind, count, values, places, listed, first=first, keys=keys, names=names), statements)

    def _reader(self, plan: TablePlan, column: FactColumn) -> ColumnReader:
        return self._readers.setdefault((plan.kind.id, column.number), ColumnReader(column))
