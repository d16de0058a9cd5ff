"""The authority's own lists, a row an entry: the roster of expected units and the list of what was received. One shape from a
tree (YAML, JSON) or from grids (CSV, spreadsheets); the words of the columns are in `dsl/listings.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.facts.grids import Grid, Mark, spot_in
from rulecheck.facts.headings import clean, is_ignored, listed
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Node, Spot, near, shown
from rulecheck.facts.nodes import Mapping as Entries
from rulecheck.facts.values import check_text
from rulecheck.measures.numerals import read_marker

Listing = Literal["expected", "manifest"]


@dataclass(slots=True)
class Row:
    """One entry. `cells` by the id of the column; what is blank is left out, several texts are from a list."""

    spot: Spot
    cells: dict[str, list[Cell]]

    def text(self, column: str) -> str:
        """What the column says, empty where it says nothing."""
        return self.cells[column][0].text.strip() if column in self.cells else ""

    def at(self, column: str) -> Spot:
        """Where the column's text stands; the row, where it says nothing."""
        return self.cells[column][0].spot if column in self.cells else self.spot


@cache
def _data() -> Mapping[str, Any]:
    return read_table("dsl", "listings.toml")


@cache
def _words(section: str) -> Mapping[str, str]:
    return {word: name for name, row in _data()[section].items() for language in ("zh", "en") for word in row[language]}


@cache
def seals() -> frozenset[str]:
    """What may stand in brackets behind the name of a unit that signs."""
    return frozenset(word for words in _data()["seals"].values() for word in words)


def title_of(listing: Listing) -> tuple[str, str]:
    """What the list is called, Chinese and English."""
    row = _data()["titles"][listing]
    return row["zh"][-1], row["en"][0]


def column_of(listing: Listing, column: str) -> tuple[str, str]:
    """The column's first word, Chinese and English."""
    row = _data()[listing][column]
    return row["zh"][0], row["en"][0]


def _meaning(listing: Listing, text: str) -> str | None:
    """The id of the column that a heading means. English words may have capitals, and blanks for underscores."""
    name = clean(text)
    known = _words(listing)
    return known.get(name) or known.get(name.lower().replace(" ", "_"))


# --- from a tree ---


def rows_of_tree(tree: Node | None, faults: Faults, listing: Listing) -> list[Row]:
    """The entries of a list of mappings, bare or under the list's title."""
    if tree is None:
        if not faults.errors:
            faults.add("F113")
        return []
    nodes: list[Node] = []
    for node in _under_title(tree, listing):
        nodes += node.nodes if isinstance(node, Items) else [node]
    rows = []
    for node in nodes:
        if isinstance(node, Entries):
            rows.append(_row_of(node, faults, listing))
        else:
            zh, en = title_of(listing)
            faults.add("E110", node.spot, title=zh, title_en=en, needed=_needed(listing)[0], needed_en=_needed(listing)[1])
    return _with_what_is_needed(rows, faults, listing)


def _under_title(tree: Node, listing: Listing) -> list[Node]:
    if isinstance(tree, Entries) and tree.entries:
        titles = {word for word, name in _words("titles").items() if name == listing}
        if all(clean(key.text) in titles for key, _ in tree.entries):
            return [node for _, node in tree.entries]
    return [tree]


def _row_of(node: Entries, faults: Faults, listing: Listing) -> Row:
    row = Row(node.spot, {})
    taken: dict[str, Key] = {}
    for key, below in node.entries:
        column = _column(key, taken, faults, listing)
        if column is not None:
            cells = below.nodes if isinstance(below, Items) else [below]
            _keep(row, column, cells, faults, listing)
    return row


def _column(key: Key, taken: dict[str, Key], faults: Faults, listing: Listing) -> str | None:
    """The column that a heading means; None, with a remark, where it means none or one that is there already."""
    column = _meaning(listing, key.text)
    name = clean(key.text)
    if column is None:
        if not is_ignored(name):
            zh, en = title_of(listing)
            faults.warn("E112", key.spot, title=zh, title_en=en, name=shown(name), near=near(name, _words(listing)))
        return None
    if column in taken:
        faults.add("E113", key.spot, name=shown(name), other=shown(clean(taken[column].text)))
        return None
    taken[column] = key
    return column


def _keep(row: Row, column: str, cells: Sequence[Node], faults: Faults, listing: Listing) -> None:
    for cell in cells:
        if not isinstance(cell, Cell):
            faults.add("F213", cell.spot, name=column_of(listing, column)[0])
            continue
        problem = check_text(cell.text)
        if problem is not None:
            faults.report(problem, cell.spot)
        elif cell.form != "null" and read_marker(cell.text) is None:
            row.cells.setdefault(column, []).append(cell)


# --- from grids ---


def rows_of_grids(grids: Sequence[Grid], faults: Faults, listing: Listing) -> list[Row]:
    """The rows below the heading row of every sheet that has one; titles above it are passed over."""
    rows: list[Row] = []
    headed = 0
    for grid in grids:
        top = _heading_row(grid, listing)
        if top is None:
            if len(grids) > 1 and any(any(cells) for cells in grid.rows):
                faults.warn("E114", spot_in(grid, 0, 0), sheet=shown(grid.sheet))
            continue
        headed += 1
        rows += _rows_below(grid, top, faults, listing)
    if not headed and not faults.errors:
        zh, en = title_of(listing)
        needed = _needed(listing)
        faults.add("E111", 0, title=zh, title_en=en, needed=needed[0], needed_en=needed[1])
    return _with_what_is_needed(rows, faults, listing)


def _heading_row(grid: Grid, listing: Listing) -> int | None:
    """The first row that names the column which no entry can do without."""
    needed = _data()["needed"][listing]
    for position, cells in enumerate(grid.rows):
        if any(_meaning(listing, text) == needed for text in cells if text):
            return position
    return None


def _rows_below(grid: Grid, top: int, faults: Faults, listing: Listing) -> Iterator[Row]:
    texts = _filled(grid, top)
    taken: dict[str, Key] = {}
    columns = {
        number: column
        for number, text in enumerate(grid.rows[top])
        if text.strip() and (column := _column(Key(text, spot_in(grid, top, number)), taken, faults, listing)) is not None
    }
    for position in range(top + 1, len(texts)):
        row = Row(spot_in(grid, position, 0), {})
        for number, column in columns.items():
            spot = spot_in(grid, position, number)
            mark = grid.marks.get((position, number))
            if mark in _BROKEN:
                faults.add(_BROKEN[mark], spot, text=shown(texts[position][number]))
            else:
                _keep(row, column, [Cell(texts[position][number], spot)], faults, listing)
        if row.cells and not _is_total(texts[position]):
            yield row


_BROKEN: Final = {Mark.ERROR: "E115", Mark.UNREADABLE: "E115", Mark.ROUNDED: "E105"}


def _filled(grid: Grid, top: int) -> list[list[str]]:
    """The texts below the heading row with merged cells filled in: each of them says what the first one does."""
    texts = [list(cells) for cells in grid.rows]
    for area in grid.merged:
        for position in range(max(area.top, top + 1), area.bottom + 1):
            for number in range(area.left, area.right + 1):
                texts[position][number] = grid.rows[area.top][area.left]
    return texts


def _is_total(cells: Sequence[str]) -> bool:
    first = next((text for text in cells if text.strip()), "")
    return clean(first).lower() in listed("totals")


# --- both ---


def _needed(listing: Listing) -> tuple[str, str]:
    return column_of(listing, _data()["needed"][listing])


def _with_what_is_needed(rows: Sequence[Row], faults: Faults, listing: Listing) -> list[Row]:
    """The rows that have what none can do without."""
    needed = _data()["needed"][listing]
    zh, en = _needed(listing)
    for row in rows:
        if needed not in row.cells:
            faults.add("E116", row.spot, needed=zh, needed_en=en)
    found = [row for row in rows if needed in row.cells]
    if not rows and not faults.errors:
        zh, en = title_of(listing)
        faults.add("E117", 0, title=zh, title_en=en)
    return found
