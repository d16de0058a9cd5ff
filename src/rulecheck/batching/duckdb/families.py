"""Partitions: so many rows of a table at the top of its family, each with all that belongs below it, as frames that lead to one
another. Rows of the top table come in the order of their file, those below in the order of the rows that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from rulecheck.batching.converting.cells import Rows
from rulecheck.batching.converting.framing import Made, add_stated, columns_read, completeness
from rulecheck.batching.declaring.declare import TablePlan
from rulecheck.batching.duckdb.engine import Engine, column, joined
from rulecheck.batching.duckdb.links import Linked, link
from rulecheck.batching.edges import Edges
from rulecheck.batching.sources.table import Table
from rulecheck.columns.frame import Frame, Members, Whole
from rulecheck.dataclass import dataclass, field
from rulecheck.rules.model import CategoryType, RuleSet, YesNoType

Make = Callable[[TablePlan, Mapping[int, pa.Array], int, Rows], Made]
"""Makes a frame: the plan of the table, the columns by their place in it, how many rows, and where those stand in the table.
Raises Unreadable for what cannot be read."""

_SORTED_AT_ONCE = 65_536


@dataclass(slots=True, eq=False)
class _Streamed:
    """A table of a family. `below`: its members' tables. `taken`: how many of its rows have been given out."""

    linked: Linked
    columns: tuple[int, ...]
    below: list[_Streamed] = field(default_factory=list)
    taken: int = 0

    @property
    def kind(self) -> str:
        return self.linked.plan.kind.id

    @property
    def listed(self) -> frozenset[int]:
        """The columns whose texts are few: answers and categories, places, what is said of members."""
        plan = self.linked.plan
        few = [each.number for each in plan.facts if isinstance(each.fact.type, CategoryType | YesNoType)]
        place = [plan.place.number] if plan.place is not None else []
        own = {each.number for each in (*plan.keys, plan.name, plan.parent) if each is not None}
        return frozenset({*few, *place, *(each.number for each in plan.statements)} - own)


class Families:
    """The tables of a run, linked and cut into families. Raises Unreadable where rows have no key, or the key of another, or
    belong to nobody. `asked`: by kind the columns wanted beside keys, None for all that the plan has."""

    def __init__(
        self,
        engine: Engine,
        given: Sequence[tuple[TablePlan, Table]],
        rules: RuleSet,
        edges: Edges,
        make: Make,
        asked: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        self._engine, self._rules, self._edges, self._make = engine, rules, edges, make
        self.linked = link(engine, given, rules)
        self._asked = {
            kind: columns_read(each.plan, asked.get(kind, ()) if asked is not None else None)
            for kind, each in self.linked.items()
        }
        self._residents: dict[str, Frame] = {}

    def roots(self) -> list[TablePlan]:
        """The tables at the top of their families, in the order given."""
        return [each.plan for each in self.linked.values() if not self._is_below(each)]

    def partitions(self, root: TablePlan, rows: int, start: int = 0) -> Iterator[Frame]:
        """The frames of a family, `rows` rows of its top table at a time. `start`: how many partitions to pass over, which are
        not made into frames."""
        top = self._family(self.linked[root.kind.id])
        followers = {each.kind: _Follower(self._pieces(each)) for each in _every(top) if each is not top}
        above = self._looked_up(top.linked)
        lookups = self._above_in_order(top.linked, rows) if above is not None else None
        batches = self._engine.in_order(top.linked.table, top.columns, rows, top.listed)
        for number, batch in enumerate(batches):
            parent_rows = next(lookups) if lookups is not None else None
            frame = self._tree(top, batch, top.taken, followers, (above, parent_rows) if number >= start else None)
            if frame is not None:
                yield frame

    def rows_for(self, root: TablePlan, most: int) -> int:
        """How many rows of the top table make partitions of about `most` rows, all that stands below included."""
        family = [each.linked.rows for each in _every(self._family(self.linked[root.kind.id]))]
        return max(1, most * family[0] // max(1, sum(family)))

    # --- which table hangs where ---

    def _is_below(self, linked: Linked) -> bool:
        return linked.above is not None and linked.plan.kind.id in self._edges.segments

    def _family(self, linked: Linked) -> _Streamed:
        below = [each for each in self.linked.values() if each.above is linked and self._is_below(each)]
        return _Streamed(linked, self._asked[linked.plan.kind.id], [self._family(each) for each in below])

    def _looked_up(self, linked: Linked) -> Frame | None:
        """All rows of the table above one that streams by itself."""
        if linked.above is None:
            return None
        return self._resident(linked.above)

    def _resident(self, linked: Linked) -> Frame:
        kind = linked.plan.kind.id
        if kind not in self._residents:
            streamed = _Streamed(linked, self._asked[kind])
            query = f"SELECT {self._list(streamed)} FROM {self._engine.relation(linked.table)}"
            count = max(1, linked.rows)
            batch = next(self._engine.stream(query, count, [linked.table]), None)
            above = self._looked_up(linked)
            rows = next(self._above_in_order(linked, count), np.zeros(0, np.int64)) if above is not None else None
            self._residents[kind] = self._made(streamed, batch, 0, above, rows).frame
        return self._residents[kind]

    def _above_in_order(self, linked: Linked, rows: int) -> Iterator[Whole]:
        """By row of the table, in its order, the row above it; -1 for none."""
        query = f"SELECT coalesce(above, -1) FROM {linked.name} ORDER BY row"
        return (_whole(batch.column(0)) for batch in self._engine.stream(query, rows))

    # --- rows below, in the order of those above ---

    def _pieces(self, streamed: _Streamed) -> Iterator[_Piece]:
        """The rows of a table with the positions of the rows that they belong to, which never fall."""
        linked = streamed.linked
        placed = self._placed(linked)
        numbered = f"SELECT row_number() OVER () - 1 AS row, {self._list(streamed)} FROM {self._engine.relation(linked.table)}"
        names = "".join(f", t.{column(number)}" for number in streamed.columns)
        query = f"SELECT p.above, p.row{names} FROM ({numbered}) t JOIN {placed} p ON t.row = p.row ORDER BY p.above, p.row"
        for batch in self._engine.stream(query, _SORTED_AT_ONCE, [linked.table]):
            yield _Piece(_whole(batch.column(0)), _whole(batch.column(1)), batch.select(range(2, batch.num_columns)))

    def _placed(self, linked: Linked) -> str:
        """A table of the engine's: each row with the position of the row above it in the order in which those come."""
        assert linked.above is not None
        if not self._is_below(linked.above):
            return linked.name
        above, name = linked.above, f"placed_{linked.plan.kind.id}"
        order = f"order_{above.plan.kind.id}"
        if not self._has(order):
            position = "row_number() OVER (ORDER BY above, row) - 1"
            self._engine.run(f"CREATE TABLE {order} AS SELECT row, {position} AS position FROM {self._placed(above)}")
        if not self._has(name):
            self._engine.run(
                f"CREATE TABLE {name} AS SELECT l.row, o.position AS above FROM {linked.name} l JOIN {order} o ON l.above = o.row"
            )
        return name

    def _has(self, name: str) -> bool:
        return bool(self._engine.rows(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{name}'"))

    # --- frames ---

    def _tree(
        self,
        streamed: _Streamed,
        batch: pa.RecordBatch | None,
        rows: Rows,
        followers: Mapping[str, _Follower],
        above: tuple[Frame | None, Whole | None] | None,
    ) -> Frame | None:
        """The next rows of a table with all that belongs below them. `above`: the frame that they belong to, and which row of
        it each does; None where they are only passed over."""
        count = batch.num_rows if batch is not None else 0
        low = streamed.taken
        streamed.taken += count
        made = self._made(streamed, batch, rows, *above) if above is not None else None
        for below in streamed.below:
            taken = followers[below.kind].take(low + count)
            frame = self._tree(
                below, taken.batch, taken.rows, followers, (made.frame, taken.above - low) if made is not None else None
            )
            if made is not None and frame is not None:
                starts = np.searchsorted(taken.above, np.arange(low, low + count + 1)).astype(np.int64)
                complete = completeness(streamed.linked.plan, below.linked.plan, made, starts, rows)
                made.frame.members[below.kind] = Members(frame, starts, complete)
        if made is not None:
            add_stated(made, self._rules)
        return made.frame if made is not None else None

    def _made(
        self, streamed: _Streamed, batch: pa.RecordBatch | None, rows: Rows, above: Frame | None, parent_rows: Whole | None
    ) -> Made:
        table = streamed.linked.table
        arrays = batch.columns if batch is not None else [pa.array([], table.types[number]) for number in streamed.columns]
        columns = dict(zip(streamed.columns, arrays, strict=False))
        made = self._make(streamed.linked.plan, columns, batch.num_rows if batch is not None else 0, rows)
        made.frame.parent, made.frame.parent_rows = above, parent_rows
        return made

    def _list(self, streamed: _Streamed) -> str:
        """The columns that are read; a number where none is, so that there are rows."""
        table = streamed.linked.table
        named = (f"{self._engine.value(table, number)} AS {column(number)}" for number in streamed.columns)
        return ", ".join(named) or "1 AS nothing"


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Rows of a table below another: the position of the row above each, its own place in its table, the columns."""

    above: Whole
    rows: Whole
    batch: pa.RecordBatch

    def cut(self, start: int, stop: int) -> _Piece:
        return _Piece(self.above[start:stop], self.rows[start:stop], self.batch.slice(start, stop - start))


class _Follower:
    """Gives out the rows of a table in step with the rows that they belong to."""

    def __init__(self, pieces: Iterator[_Piece]) -> None:
        self._pieces = pieces
        self._left: _Piece | None = None

    def take(self, before: int) -> _Taken:
        """All rows not given out yet that belong to a row above at a position less than `before`."""
        taken: list[_Piece] = []
        while (piece := self._left or next(self._pieces, None)) is not None:
            end = int(np.searchsorted(piece.above, before))
            if end:
                taken.append(piece.cut(0, end))
            self._left = piece.cut(end, len(piece.above)) if end < len(piece.above) else None
            if self._left is not None:
                break
        if not taken:
            return _Taken(np.zeros(0, np.int64), np.zeros(0, np.int64), None)
        above, rows = (np.concatenate(each) for each in zip(*((piece.above, piece.rows) for piece in taken), strict=True))
        return _Taken(above, rows, joined([piece.batch for piece in taken]))


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """As a piece; `batch` is None where there are no rows."""

    above: Whole
    rows: Whole
    batch: pa.RecordBatch | None


def _every(streamed: _Streamed) -> Iterator[_Streamed]:
    yield streamed
    for below in streamed.below:
        yield from _every(below)


def _whole(array: pa.Array) -> Whole:
    found: Whole = array.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return found
