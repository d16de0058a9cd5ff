"""What the reading process answers, and what was seen of the file before, as grids."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.grids import Area, Grid, Mark, cell_spot
from rulecheck.facts.limits import MAXIMUM_CELLS, MAXIMUM_MARKS
from rulecheck.facts.nodes import FORBIDDEN, Faults, code_points
from rulecheck.facts.spreadsheets.scan_formats import shaped
from rulecheck.facts.spreadsheets.scan_parts import Position, Scan, SheetScan

_MOST_SHOWN: Final = 20
_OF_FORMS: Final = "_"
"""How the names of hidden sheets of blank forms begin. Some programs save them as sheets hidden in the ordinary way."""
_DOUBLE: Final = 15
"""Digits of a whole number that the reader gives in full."""


@dataclass(slots=True)
class Read:
    """The answer of the process (`child`). `cells`: by shown sheet, positions in the list of texts."""

    told: dict[str, Any]
    texts: list[str]
    cells: list[array[int]]


def grids_of(name: str, read: Read, scanned: Scan, faults: Faults) -> list[Grid]:
    """The sheets that are shown. Of hidden ones, which nobody who signed the file has seen, only a warning is given; of those
    that no menu can show, and of those of our own forms, not even that: they hold lists to choose from."""
    texts = read.texts
    odd = _odd_texts(texts)
    rounded: dict[int, str] = dict(read.told["rounded"])
    left = MAXIMUM_CELLS
    cells = iter(read.cells)
    grids: list[Grid] = []
    for told in _with_uncalculated(read.told["sheets"], scanned):
        sheet, seen = told["name"], scanned.sheets.get(told["name"]) or SheetScan()
        if FORBIDDEN.search(sheet):
            faults.add("S114", 0, characters=code_points(FORBIDDEN.findall(sheet)))
        ids = next(cells) if told["shown"] == "yes" and told["width"] else array("I")
        if told["shown"] != "yes" or seen.is_hidden:
            if told["shown"] != "never" and not sheet.startswith(_OF_FORMS):
                faults.warn("S112", f"!{sheet}", sheet=sheet)
            continue
        left -= _size(told, seen)
        if left < 0:
            faults.add("S106", limit=f"{MAXIMUM_CELLS:,}")
            return []
        grid = _grid(name, told, list(map(texts.__getitem__, ids)), ids, rounded, seen)
        if len(grid.marks) > MAXIMUM_MARKS:
            faults.add("S123", f"!{sheet}", limit=f"{MAXIMUM_MARKS:,}")
        if odd:
            _report_odd(grid, ids, odd, told, faults)
        scaled = _overlay(grid, seen)
        _report(grid, seen, scaled, faults)
        grids.append(grid)
    return grids


def _with_uncalculated(sheets: list[dict[str, Any]], scanned: Scan) -> Iterator[dict[str, Any]]:
    """With the sheets that hold nothing but formulas without a result, which the reader passes over."""
    known = {told["name"] for told in sheets}
    yield from sheets
    for name, seen in scanned.sheets.items():
        if name not in known and (seen.uncalculated or seen.errors):
            empty = {"top": 0, "left": 0, "width": 0, "height": 0, "merged": []}
            yield {"name": name, "shown": "no" if seen.is_hidden else "yes", **empty}


def _grid(
    name: str, told: dict[str, Any], texts: list[str], ids: array[int], rounded: dict[int, str], seen: SheetScan
) -> Grid:
    top, left, width, height = told["top"], told["left"], told["width"], told["height"]
    rows = [texts[at : at + width] for at in range(0, len(texts), width or 1)]
    grid = Grid(name, told["name"], rows, range(top + 1, top + height + 1), left + 1)
    if rounded:
        for at, each in enumerate(ids):
            if each in rounded:
                grid.marks[divmod(at, width)] = Mark.ROUNDED
                grid.raw[divmod(at, width)] = rounded[each]
    _make_room(grid, _left_out(seen))
    top, left = grid.numbers[0] - 1, grid.left - 1
    merged = [(*first, *last) for first, last in told["merged"]]
    merged += [(row - 1, column - 1, last - 1, end - 1) for row, column, last, end in seen.merged]
    grid.merged = tuple(_areas(merged, top, left, len(grid.rows), len(grid.rows[0])))
    return grid


def _size(told: dict[str, Any], seen: SheetScan) -> int:
    """The cells of a grid that holds also those that the reader left out."""
    rows, columns = [row for row, _ in _left_out(seen)], [column for _, column in _left_out(seen)]
    if told["width"]:
        rows += [told["top"] + 1, told["top"] + told["height"]]
        columns += [told["left"] + 1, told["left"] + told["width"]]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _left_out(seen: SheetScan) -> list[Position]:
    return [*seen.uncalculated, *seen.errors]


def _make_room(grid: Grid, found: list[Position]) -> None:
    """Lengthens the grid on all sides, or makes one of nothing, so that it holds cells that the reader left out."""
    if not found:
        return
    rows, columns = [row for row, _ in found], [column for _, column in found]
    if not grid.rows:
        grid.numbers, grid.left = range(min(rows), max(rows) + 1), min(columns)
        grid.rows = [[""] * (max(columns) - grid.left + 1) for _ in grid.numbers]
        return
    first, start = min(grid.numbers[0], *rows), min(grid.left, *columns)
    last, end = max(grid.numbers[-1], *rows), max(grid.left + len(grid.rows[0]) - 1, *columns)
    above, before, after = grid.numbers[0] - first, grid.left - start, end - grid.left - len(grid.rows[0]) + 1
    if before or after:
        grid.rows = [[""] * before + row + [""] * after for row in grid.rows]
    width = end - start + 1
    grid.rows = [[""] * width for _ in range(above)] + grid.rows + [[""] * width for _ in range(last - grid.numbers[-1])]
    grid.marks = {(row + above, column + before): mark for (row, column), mark in grid.marks.items()}
    grid.raw = {(row + above, column + before): raw for (row, column), raw in grid.raw.items()}
    grid.numbers, grid.left = range(first, last + 1), start


def _areas(merged: list[tuple[int, int, int, int]], top: int, left: int, height: int, width: int) -> Iterator[Area]:
    """Merged areas (rows and columns from 0) as positions in the grid, as far as they lie in it."""
    for first, start, last, end in merged:
        area = Area(max(0, first - top), max(0, start - left), min(height - 1, last - top), min(width - 1, end - left))
        if area.top <= area.bottom and area.left <= area.right and (area.top, area.left) != (area.bottom, area.right):
            yield area


def _overlay(grid: Grid, seen: SheetScan) -> list[Position]:
    """Puts in what the look into the file knows better than the reader. Gives the cells whose number is shown in thousands."""
    rows, top, left = grid.rows, grid.numbers[0], grid.left
    height, width = len(rows), len(rows[0])

    def places(found: Iterable[Position]) -> Iterator[Position]:
        for row, column in found:
            if 0 <= row - top < height and 0 <= column - left < width:
                yield row - top, column - left

    if any(len(raw) > _DOUBLE and raw.lstrip("-").isdecimal() for raw in grid.raw.values()):
        for cell, digits in seen.digits().items():
            for place in places([cell]):
                if place in grid.raw:
                    grid.raw[place] = digits
    for cell, is_true in seen.booleans.items():
        for row, column in places([cell]):
            rows[row][column] = "true" if is_true else "false"
            grid.marks[row, column] = Mark.BOOLEAN
    scaled: list[Position] = []
    known: dict[tuple[str, int], str] = {}
    shapes = seen.shapes
    for number, column, kind in zip(shapes.rows, shapes.columns, shapes.kinds, strict=True):
        row, at = number - top, column - left
        if 0 <= row < height and 0 <= at < width:
            shape = shapes.known[kind]
            written = rows[row][at]
            if shape.is_scaled and _is_number(written):
                scaled.append((number, column))
                grid.marks[row, at] = Mark.UNREADABLE
                continue
            text = known.get((written, kind))
            if text is None:
                text = known[written, kind] = shaped(written, shape) if _is_number(written) else written
            rows[row][at] = text
    for cell, text in seen.texts.items():
        for row, column in places([cell]):
            rows[row][column] = text
    for place in places(seen.uncalculated):
        grid.marks[place] = Mark.UNREADABLE
    for cell, text in seen.errors.items():
        for place in places([cell]):
            rows[place[0]][place[1]] = text
            grid.marks[place] = Mark.ERROR
            grid.raw.pop(place, None)
    return scaled


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


# --- what is to be said of a sheet ---


def _odd_texts(texts: list[str]) -> dict[int, str]:
    """Texts with characters that nobody can see, by their position in the list. Line ends of other systems are put right."""
    joined = "\n".join(texts)
    if "\r" in joined:
        texts[:] = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    if not FORBIDDEN.search(joined):
        return {}
    return {at: text for at, text in enumerate(texts) if FORBIDDEN.search(text)}


def _report_odd(grid: Grid, ids: array[int], odd: dict[int, str], told: dict[str, Any], faults: Faults) -> None:
    found = ((at, odd[text]) for at, text in enumerate(ids) if text in odd)
    for at, text in islice(found, _MOST_SHOWN):
        row, column = divmod(at, told["width"])
        spot = cell_spot(grid.sheet, told["top"] + row + 1, told["left"] + column + 1)
        faults.add("S113", spot, characters=code_points(FORBIDDEN.findall(text)))


def _report(grid: Grid, seen: SheetScan, scaled: list[Position], faults: Faults) -> None:
    def warn(code: str, at: Position | None, count: int) -> None:
        spot = cell_spot(grid.sheet, *at) if at is not None else f"!{grid.sheet}"
        faults.warn(code, spot, count=count)

    if seen.formulas:
        warn("S115", seen.first_formula, seen.formulas)
    if seen.uncalculated:
        warn("S116", min(seen.uncalculated), len(seen.uncalculated))
    if scaled:
        warn("S117", min(scaled), len(scaled))
    if seen.hidden_rows:
        warn("S118", None, seen.hidden_rows)
    if seen.hidden_columns:
        warn("S124", None, seen.hidden_columns)
    if seen.struck:
        warn("S125", min(seen.struck), len(seen.struck))
