"""The rows of a table, once they are known, into columns: merged cells filled down, headings without data and data without
headings, the kinds of a table that several share."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from rulecheck.dataclass import dataclass
from rulecheck.facts.grids import Area, Column, Grid, Table, TotalRow, column_letters, spot_in
from rulecheck.facts.headings import Ignored, words
from rulecheck.facts.layout.blocks import Block, Heading
from rulecheck.facts.layout.header import Around, is_number
from rulecheck.facts.layout.measures import with_measures
from rulecheck.facts.layout.names import SKIP, Names
from rulecheck.facts.layout.rows import Body
from rulecheck.facts.layout.totals import covered
from rulecheck.facts.nodes import Faults, Key, Problem, Spot, shown
from rulecheck.rules.model import Kind

_FILLED_DOWN: Final = frozenset({"id", "name", "credit_code", "parent", "place", "kind"})
"""What a cell that is merged over several rows says of each of them."""

_T = TypeVar("_T")


@dataclass(slots=True)
class _Part:
    """The rows of one kind: `key` names it, `picked` are their positions among the rows of the body, None for all of them."""

    kind: Kind
    key: Key
    picked: list[int] | None


def make_tables(
    grid: Grid, block: Block, body: Body, around: Around, kind: Kind | None, names: Names, faults: Faults
) -> list[Table]:
    """The table of one kind, or where a column names the kinds, one of each."""
    heading_spot = spot_in(grid, block.top, next(column for column, each in enumerate(block.headings) if each))
    positions = _fitting_rows(grid, block, body.rows, faults)
    if not positions:
        if not body.rows:
            _say_empty(grid, block, heading_spot, faults)
        return []
    rows = _filled_down(grid, block, positions, faults)
    columns = _columns(rows)
    _check_blank_headings(grid, block, columns, positions, faults)
    numbers = _numbers(grid, positions)
    if kind is not None:
        parts = [_Part(kind, Key(kind.zh, heading_spot), None)]
    else:
        parts = _parts(grid, block, columns, positions, names, faults)
    kept = [_keys(grid, block, columns, part, around, names, faults) for part in parts]
    shared = {column for column, count in Counter(column for keys in kept for column, _ in keys).items() if count > 1}
    made = []
    for part, keys in zip(parts, kept, strict=True):
        if _is_of_one_unit(part, block, len(rows), around):
            made.append(_of_one_unit(grid, keys, columns, positions[0], part, around, numbers))
            continue
        if not keys:  # nothing but a column of kinds
            first = positions[part.picked[0] if part.picked else 0]
            faults.add("F210", spot_in(grid, first, 0), kind=part.kind.zh, kind_en=part.kind.id)
            continue
        marks = _by_column(grid.marks, positions, part.picked)
        raw = _by_column(grid.raw, positions, part.picked)
        made.append(
            Table(
                grid.file,
                grid.sheet,
                part.key,
                _picked(numbers, part.picked),
                [
                    Column(
                        key, grid.left + number, _picked(columns[number], part.picked), marks.get(number, {}), raw.get(number, {})
                    )
                    for number, key in keys
                ],
                totals=_totals(grid, body, [number for number, _ in keys], shared, part.picked, len(rows)),
                header=around.header,
            )
        )
    return made


def _is_of_one_unit(part: _Part, block: Block, count: int, around: Around) -> bool:
    """Whether the only row, without a name, is about the unit that hands it in."""
    is_free = part.kind.parent is None and part.kind.occurs_on is None and part.picked is None
    return is_free and count == 1 and not block.identity and "unit" in around.header.words


def _say_empty(grid: Grid, block: Block, spot: Spot, faults: Faults) -> None:
    """Headings alone say nothing; a figure among them means that they are none."""
    if any(is_number(each.stack[-1]) for each in block.headings if each):
        faults.add("S206", spot, sheet=shown(grid.sheet or grid.file))
    elif grid.sheet:
        faults.warn("S203", spot, sheet=shown(grid.sheet))
    else:
        faults.add("F158", spot)


def _picked(items: Sequence[_T], picked: Sequence[int] | None) -> Sequence[_T]:
    return items if picked is None else [items[position] for position in picked]


def _numbers(grid: Grid, positions: Sequence[int]) -> Sequence[int]:
    if isinstance(positions, range):
        return grid.numbers[positions.start : positions.stop]
    return [grid.numbers[position] for position in positions]


def _by_column(
    given: Mapping[tuple[int, int], _T], positions: Sequence[int], picked: Sequence[int] | None
) -> dict[int, dict[int, _T]]:
    """What is kept by (row, column) of the grid, by column and by row of the table."""
    found: dict[int, dict[int, _T]] = {}
    if given:
        places = {row: place for place, row in enumerate(_picked(positions, picked))}
        for (row, column), value in given.items():
            if row in places:
                found.setdefault(column, {})[places[row]] = value
    return found


# --- rows ---


def _fitting_rows(grid: Grid, block: Block, rows: Sequence[int], faults: Faults) -> Sequence[int]:
    """The rows of a CSV file that have as many cells as its headings; of a sheet, all."""
    if not grid.lengths:
        return rows
    expected = grid.lengths[block.bottom]
    fitting: list[int] = []
    for row in rows:
        count = grid.lengths[row]
        if count == expected or (count > expected and not any(text.strip() for text in grid.rows[row][expected:])):
            fitting.append(row)
        else:
            faults.add("F153" if count > expected else "F154", grid.numbers[row], count=count, expected=expected)
    return rows if len(fitting) == len(rows) else fitting


def _filled_down(grid: Grid, block: Block, positions: Sequence[int], faults: Faults) -> list[list[str]]:
    """The rows, with what is merged over several of them in each where it names them. A figure merged over several rows or
    columns is a fault: it may be of any of them."""
    if isinstance(positions, range):
        rows = grid.rows[positions.start : positions.stop]
    else:
        rows = [grid.rows[position] for position in positions]
    named = set(block.columns_of(_FILLED_DOWN))
    places: dict[int, int] = {}
    for area in grid.merged:
        if area.bottom <= block.bottom:
            continue
        if not places:
            places = {row: place for place, row in enumerate(positions)}
        covered_rows = [row for row in range(area.top, area.bottom + 1) if row in places]
        text = grid.rows[area.top][area.left]
        if not covered_rows or not text.strip():
            continue
        if len(covered_rows) > 1 and area.left in named:
            for row in covered_rows[1:]:
                place = places[row]
                rows[place] = [*rows[place][: area.left], text, *rows[place][area.left + 1 :]]
        elif _is_of_many(block, area, covered_rows):
            faults.add("S211", spot_in(grid, area.top, area.left), value=shown(text))
    return rows


def _is_of_many(block: Block, area: Area, rows: Sequence[int]) -> bool:
    """Whether a merged area covers several rows of figures, or several columns with headings."""
    headed = [heading for heading in block.headings[area.left : area.right + 1] if heading and heading.name is not SKIP]
    counted = [heading for heading in headed if not (isinstance(heading.name, str) and heading.name in words("reserved"))]
    return len(headed) > 1 or (len(rows) > 1 and bool(counted) and area.left not in block.numbering)


# --- columns ---


def _columns(rows: Sequence[list[str]]) -> list[list[str]]:
    """The columns of rows of one length: a slice each of all cells in a line, in half the time that `zip` takes."""
    width = len(rows[0])
    cells = list(chain.from_iterable(rows))
    return [cells[column::width] for column in range(width)]


def _check_blank_headings(
    grid: Grid, block: Block, columns: Sequence[Sequence[str]], positions: Sequence[int], faults: Faults
) -> None:
    for column, heading in enumerate(block.headings):
        if heading is None and any(columns[column]):
            place = next((place for place, text in enumerate(columns[column]) if text.strip()), None)
            if place is not None:
                number = grid.left + column
                name = column_letters(number) if grid.sheet else number
                spot = spot_in(grid, positions[place], column)
                faults.add("F155", spot, column=name, value=shown(columns[column][place]))


def _parts(
    grid: Grid, block: Block, columns: Sequence[Sequence[str]], positions: Sequence[int], names: Names, faults: Faults
) -> list[_Part]:
    """The rows of each kind that the column 核查对象 names."""
    column = block.columns_of(frozenset({"kind"}))[0]
    heading = block.headings[column]
    parts: dict[str, _Part] = {}
    known: dict[str, Kind | Problem] = {}
    for place, text in enumerate(columns[column]):
        spot = spot_in(grid, positions[place], column)
        if not text.strip():
            faults.add("F156", spot, heading=heading.text if heading else "")
            continue
        if text not in known:
            known[text] = names.headings.kind(text)
            if isinstance(known[text], Problem):
                faults.report(known[text], spot)  # type: ignore[arg-type]
        kind = known[text]
        if isinstance(kind, Kind):
            part = parts.setdefault(kind.id, _Part(kind, Key(text.strip(), spot), []))
            assert part.picked is not None
            part.picked.append(place)
    return list(parts.values())


def _keys(
    grid: Grid, block: Block, columns: Sequence[Sequence[str]], part: _Part, around: Around, names: Names, faults: Faults
) -> list[tuple[int, Key]]:
    """The columns to keep, with what each is called. A heading that nothing is called stays as it is written, for whoever reads
    the columns to say so."""
    kept: list[tuple[int, Key]] = []
    taken: dict[str, tuple[int, Heading]] = {}
    for column, heading in enumerate(block.headings):
        name = heading.called(part.kind, names) if heading else None
        if heading is None or name is SKIP:
            continue
        is_shared = part.picked is not None
        if is_shared and (words("reserved").get(heading.text) == "kind" or words("reserved").get(str(name)) == "kind"):
            continue
        if is_shared and name is None and not any(columns[column][place].strip() for place in part.picked or ()):
            continue  # a column for the other kinds of a shared table
        text = name if isinstance(name, str) else heading.text
        meaning = names.headings.meaning(part.kind, text)
        if text in taken and not isinstance(meaning, Ignored):
            _report_twice(grid, heading, column, taken[text], faults)
            continue
        taken[text] = (column, heading)
        kept.append((column, Key(text, spot_in(grid, heading.row, column))))
    return with_measures(part.kind, kept, around.measures, names, faults)


def _report_twice(grid: Grid, heading: Heading, column: int, first: tuple[int, Heading], faults: Faults) -> None:
    numbers = [grid.left + each for each in (first[0], column)]
    shown_numbers: list[Any] = [column_letters(each) if grid.sheet else each for each in numbers]
    where: dict[str, object] = {"first": shown_numbers[0], "second": shown_numbers[1]}
    spot = spot_in(grid, heading.row, column)
    if heading.text == first[1].text:
        faults.add("F152", spot, heading=shown(heading.text), **where)
    else:
        faults.add("S215", spot, heading=shown(heading.text), other=shown(first[1].text), **where)


# --- what stands beside the rows ---


def _totals(
    grid: Grid, body: Body, columns: Sequence[int], shared: set[int], picked: Sequence[int] | None, count: int
) -> tuple[TotalRow, ...]:
    spans = covered([each.name for each in body.totals], [each.before for each in body.totals], count)
    made = []
    for total, (first, last) in zip(body.totals, spans, strict=True):
        if picked is not None:
            first, last = bisect_left(picked, first), bisect_left(picked, last + 1) - 1
        # a total over subjects of several kinds is the total of none of them
        texts = ["" if column in shared else grid.rows[total.row][column] for column in columns]
        made.append(TotalRow(grid.numbers[total.row], total.name, texts, first, last))
    return tuple(made)


def _of_one_unit(
    grid: Grid,
    keys: Sequence[tuple[int, Key]],
    columns: Sequence[Sequence[str]],
    row: int,
    part: _Part,
    around: Around,
    numbers: Sequence[int],
) -> Table:
    """A table of one row without a name: the unit that hands it in, which stands above or below, is what it is about."""
    unit = around.header.words["unit"]
    name = next(word for word, each in words("reserved").items() if each == "name")
    made = [Column(Key(name, unit.spot), grid.left, [unit.text])]
    spots = [unit.spot]
    for column, key in keys:
        marks = {0: grid.marks[row, column]} if (row, column) in grid.marks else {}
        raw = {0: grid.raw[row, column]} if (row, column) in grid.raw else {}
        made.append(Column(key, grid.left + column, columns[column], marks, raw))
        spots.append(spot_in(grid, row, column))
    return Table(grid.file, grid.sheet, part.key, numbers, made, header=around.header, spots=tuple(spots))
