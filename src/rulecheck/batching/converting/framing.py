"""From the columns of a table to a frame: every value read as `check` reads it, or told as a fault of its cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa

from rulecheck.batching.converting.cells import MOST_SHOWN, CellFault, CellFaults, Rows, diagnostics, row_number, together
from rulecheck.batching.converting.convert import ColumnReader
from rulecheck.batching.converting.identities import EMPTY, PARTLY, read_keys, read_names, read_places, read_statements
from rulecheck.batching.declaring.declare import FactColumn, TablePlan
from rulecheck.batching.sources.table import Unreadable
from rulecheck.columns.frame import Column, Flags, Frame, Members, Whole
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import Problem
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
        places: Whole | None = None
        listed: tuple[Place, ...] = ()
        if plan.place is not None:
            places, listed, found = read_places(plan.place, columns[plan.place.number], self._places, rows)
            faults.append(found)
        statements: dict[str, Whole] = {}
        for each in plan.statements:
            statements[each.kind.id], found = read_statements(each, columns[each.number], rows)
            faults.append(found)
        if any(faults):
            raise Unreadable(diagnostics(plan, together(faults)))
        frame = Frame(plan.kind, count, values, places, listed, keys=keys, names=names)
        if isinstance(rows, int):
            frame.first = rows
        else:
            frame.numbers = rows
        return Made(frame, statements)

    def _reader(self, plan: TablePlan, column: FactColumn) -> ColumnReader:
        key = plan.kind.id, column.number
        if key not in self._readers:
            self._readers[key] = ColumnReader(column)
        return self._readers[key]


def columns_read(plan: TablePlan, asked: Collection[int] | None) -> tuple[int, ...]:
    """What is read of a table: its keys, its place, what it states of members, and the facts asked for (None: all)."""
    facts = [each.number for each in plan.facts if asked is None or each.number in asked]
    place = [plan.place.number] if plan.place is not None else []
    return tuple(sorted({*(each.number for each in plan.keys), *place, *(each.number for each in plan.statements), *facts}))


# --- members ---


def completeness(plan: TablePlan, below: TablePlan, made: Made, starts: Whole, rows: Rows) -> Flags | None:
    """By row above, whether these are all its members. What is stated to be empty has none in the table either."""
    if below.is_complete:
        return None
    has_any = np.diff(starts) > 0
    codes = made.statements.get(below.kind.id)
    if codes is None:
        return has_any
    wrong = np.flatnonzero((codes == EMPTY) & has_any)
    if len(wrong):
        column = next(each.number for each in plan.statements if each.kind is below.kind)
        problem = Problem("B306", {"kind": below.kind.zh, "kind_en": below.kind.id})
        first = tuple(CellFault(row_number(rows, row), column, problem) for row in wrong[:MOST_SHOWN].tolist())
        raise Unreadable(diagnostics(plan, CellFaults(first, len(wrong))))
    # 已报全 tells nothing where nobody is: having none is said by 无.
    complete: Flags = (has_any & (codes != PARTLY)) | (codes == EMPTY)
    return complete


def add_stated(made: Made, rules: RuleSet) -> None:
    """Members of which there is no table, but a word."""
    for kind, codes in made.statements.items():
        if kind not in made.frame.members:
            none = Frame(rules.kinds[kind], 0, {}, parent=made.frame, parent_rows=np.zeros(0, np.int64))
            starts = np.zeros(made.frame.count + 1, np.int64)
            made.frame.members[kind] = Members(none, starts, codes == EMPTY)


# --- places ---


def placed(frame: Frame, default: Place | None) -> None:
    """Where the rows are that say nothing of it themselves: where those above them are, else at the place given."""
    known = list(frame.place_list)
    places = np.full(frame.count, -1, np.int64) if frame.places is None else frame.places.copy()
    above = frame.parent
    if above is not None and above.places is not None and frame.parent_rows is not None:
        at = _places_at(known, above.place_list)
        inherited = np.append(at, -1)[np.append(above.places, -1)[frame.parent_rows]]
        places = np.where(places < 0, inherited, places)
    if default is not None:
        (at_default,) = _places_at(known, (default,))
        places = np.where(places < 0, at_default, places)
    frame.places, frame.place_list = (places, tuple(known)) if (places >= 0).any() else (None, ())
    for members in frame.members.values():
        placed(members.frame, default)


def _places_at(known: list[Place], wanted: Sequence[Place]) -> Whole:
    """By wanted place where it stands among those known; those that do not yet are put behind."""
    positions = {place.english: number for number, place in enumerate(known)}
    for place in wanted:
        if place.english not in positions:
            positions[place.english] = len(known)
            known.append(place)
    return np.array([positions[place.english] for place in wanted], np.int64)
