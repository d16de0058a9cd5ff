"""One sheet or CSV file, as people send it, into the tables in it: where the headings are, what the rows are about, what is no
data.

What cannot be told for certain is refused with the cell; what is passed over is said. `Table` says what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Grid, Table, spot_in
from rulecheck.facts.headings import Headings
from rulecheck.facts.layout.blocks import Areas, Block, areas_by_row, find_block
from rulecheck.facts.layout.columns import make_tables
from rulecheck.facts.layout.forms import facts_outside, read_form
from rulecheck.facts.layout.header import Around, is_note, is_number, read_words
from rulecheck.facts.layout.heading_map import HeadingMap
from rulecheck.facts.layout.measures import measures_in
from rulecheck.facts.layout.names import Names, kind_of_name
from rulecheck.facts.layout.rows import Body, read_body
from rulecheck.facts.layout.words import listed, squeezed
from rulecheck.facts.nodes import Faults, Problem, shown
from rulecheck.rules.model import Kind

_MOST_UNKNOWN: Final = 30
"""Headings that are told one by one where none of a sheet is known."""
MOST_TABLES: Final = 50
"""Tables on one sheet."""


@dataclass(slots=True)
class _Region:
    """One table of a sheet: its headings, its rows, what stands around it. `top`: the first row above its headings."""

    top: int
    block: Block
    body: Body
    around: Around = field(default_factory=Around)


def read_layout(grid: Grid, headings: Headings, stem_kind: str, mapping: HeadingMap, faults: Faults) -> list[Table]:
    """The tables of a grid, a form as a table of one row; faults and what was passed over go into `faults`.

    `stem_kind`: the kind that the file's name gives, or the name itself where it gives none. Every table's kind is one of the
    rules'. No table without a fault: the sheet holds nothing to read, and a warning says so.
    """
    names = Names(headings, mapping)
    if not any(text and not text.isspace() for row in grid.rows for text in row):
        _pass_over(grid, "S201", faults)
        return []
    if squeezed(grid.sheet) in listed("form_sheets"):
        return []
    areas = areas_by_row(grid)
    if areas is None:
        faults.add("S220", 0, sheet=shown(grid.sheet))
        return []
    if _is_named(grid.sheet, "example_sheets"):
        _pass_over(grid, "S202", faults)
        return []
    kind = kind_of_name(grid.sheet, headings) if grid.sheet else None
    is_named = kind is not None
    if kind is None:
        found = headings.kind(stem_kind)
        kind = found if isinstance(found, Kind) else None
    block = _find(grid, 0, kind, names, areas)
    if not is_named and _is_named(grid.sheet, "passed_sheets") and not (block is not None and block.is_clear):
        _pass_over(grid, "S202", faults)  # what the labels mean, not what anybody reports
        return []
    if block is None and facts_outside(grid, None, kind, names):
        return read_form(grid, kind, names, areas, faults)
    if block is None:
        _no_headings(grid, kind, is_named, names, faults)
        return []
    if _is_form(grid, block, kind, names):
        return read_form(grid, kind, names, areas, faults)
    return _read_tables(grid, block, kind, stem_kind, names, areas, faults)


def _find(grid: Grid, start: int, kind: Kind | None, names: Names, areas: Areas) -> Block | None:
    """The headings, of the kind given; of any kind where they have a column for it, or are clear only so."""
    block = find_block(grid, start, kind, names, areas)
    if kind is not None and (block is None or not block.is_clear or _kind_column(block) is not None):
        other = find_block(grid, start, None, names, areas)
        if other is not None and (block is None or other.is_clear):
            return other
    return block


def _kind_column(block: Block) -> int | None:
    return next(iter(block.columns_of(frozenset({"kind"}))), None)


def _is_form(grid: Grid, block: Block, kind: Kind | None, names: Names) -> bool:
    if block.is_clear or _kind_column(block) is not None:
        return False
    outside = facts_outside(grid, block, kind, names)
    if block.is_alternating:
        return outside > 0 or (block.known > 1 and not any(map(any, grid.rows[block.bottom + 1 :])))
    return outside >= max(1, block.known)


# --- sheets without tables ---


def _is_named(sheet: str, section: str) -> bool:
    return any(word in squeezed(sheet) for word in listed(section))


def _pass_over(grid: Grid, code: str, faults: Faults) -> None:
    if grid.sheet:
        faults.warn(code, 0, sheet=shown(grid.sheet))
    else:
        faults.add("F113")


def _no_headings(grid: Grid, kind: Kind | None, is_named: bool, names: Names, faults: Faults) -> None:
    """A sheet on which no name is known. Notes and lists are passed over; where figures stand, somebody meant to report."""
    has_numbers = any(is_number(text) for row in grid.rows for text in row if text)
    if grid.sheet and not (has_numbers or is_named):
        _pass_over(grid, "S202", faults)
        return
    first = next((row for row, cells in enumerate(grid.rows) if sum(1 for text in cells if text.strip()) > 1), 0)
    texts = [(column, text) for column, text in enumerate(grid.rows[first]) if text.strip() and not is_number(text)]
    if kind is None or not texts or len(texts) > _MOST_UNKNOWN:
        faults.add("S206", 0, sheet=shown(grid.sheet or grid.file))
        return
    for column, text in texts:
        meaning = names.headings.meaning(kind, text)
        if isinstance(meaning, Problem):
            faults.report(meaning, spot_in(grid, first, column))
    if not faults.errors:
        faults.add("S206", 0, sheet=shown(grid.sheet or grid.file))


# --- tables ---


def _read_tables(
    grid: Grid, block: Block, kind: Kind | None, stem_kind: str, names: Names, areas: Areas, faults: Faults
) -> list[Table]:
    regions: list[_Region] = []
    top = 0
    following: Block | None = block
    while following is not None:
        if len(regions) == MOST_TABLES:
            faults.add("S221", spot_in(grid, top, 0), sheet=shown(grid.sheet or grid.file), limit=MOST_TABLES)
            return []
        around = Around()
        body = read_body(grid, following, kind, names, areas, around, faults)
        region = _Region(top, following, body, around)
        regions.append(region)
        top = body.end
        following = _find(grid, top, kind, names, areas) if top < len(grid.rows) else None
    if len(regions) > 1 and _are_bands(regions):
        return read_form(grid, kind, names, areas, faults)
    tables: list[Table] = []
    for number, region in enumerate(regions):
        found = _kind_of(grid, region, kind, stem_kind, len(regions) > 1, names, faults)
        is_given, own = found
        if not is_given:
            continue
        _read_above(grid, region, own, names, faults)
        if number and "unit" not in region.around.header.words:
            region.around.header.words.update({**regions[0].around.header.words, **region.around.header.words})
        if not region.around.measures:
            region.around.measures += [*regions[0].around.measures] if number else measures_in(grid.sheet or stem_kind)
        tables += make_tables(grid, region.block, region.body, region.around, own, names, faults)
    return tables


def _are_bands(regions: Sequence[_Region]) -> bool:
    """Whether the rows of headings belong to one form whose labels stand above their values: one row of values each, and only one
    has a name."""
    return all(len(each.body.rows) <= 1 for each in regions) and sum(1 for each in regions if each.block.identity) <= 1


def _kind_of(
    grid: Grid, region: _Region, kind: Kind | None, stem_kind: str, is_one_of_many: bool, names: Names, faults: Faults
) -> tuple[bool, Kind | None]:
    """Whether the kind of a table is known, and which; None where a column says it."""
    block = region.block
    if _kind_column(block) is not None:
        return True, None
    fitting = [each for each in names.headings.rules.kinds.values() if _fits(block, each, names)]
    if kind is not None and (not is_one_of_many or kind in fitting):
        return True, kind
    titled = [found for text in _titles(grid, region) if (found := kind_of_name(text, names.headings)) is not None]
    if titled and all(each is titled[0] for each in titled):
        return True, titled[0]
    spot = spot_in(grid, block.top, next(column for column, each in enumerate(block.headings) if each))
    if len(fitting) == 1:
        faults.warn("S204", spot, kind=fitting[0].zh, kind_en=fitting[0].id)
        return True, fitting[0]
    if grid.sheet or is_one_of_many:
        kinds = {"kinds": "、".join(each.zh for each in fitting), "kinds_en": ", ".join(each.id for each in fitting)}
        faults.add("S205" if fitting else "S207", spot, sheet=shown(grid.sheet), **kinds)
    else:
        faults.add("F227", 0, **_unknown_kind(stem_kind, names.headings))
    return False, None


def _unknown_kind(stem_kind: str, headings: Headings) -> dict[str, object]:
    problem = headings.kind(stem_kind)
    values = dict(problem.values) if isinstance(problem, Problem) else {}
    return {"name": shown(stem_kind), "near": "", **values}


def _fits(block: Block, kind: Kind, names: Names) -> bool:
    """Whether a kind has every one of the headings."""
    return all(each.called(kind, names) is not None for each in block.headings if each)


def _titles(grid: Grid, region: _Region) -> Iterable[str]:
    rows = grid.rows[region.top : region.block.top]
    return (text for text in chain.from_iterable(rows) if text.strip())


def _read_above(grid: Grid, region: _Region, kind: Kind | None, names: Names, faults: Faults) -> None:
    """Titles and words above the headings. A number among several cells that no label names may be anything, so it is a fault."""
    for row in range(region.top, region.block.top):
        rest = read_words(grid, row, region.around, kind, names, faults)
        for column in rest:
            text = grid.rows[row][column]
            if len(rest) > 1 and is_number(text):
                faults.add("S212", spot_in(grid, row, column), value=shown(text))
            elif is_note(text) or is_number(text):
                faults.warn("S209", spot_in(grid, row, column), text=shown(text))
