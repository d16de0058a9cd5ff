"""Sheets written as small text tables: a line a row, cells separated by `|`, `\\n` for a line break inside a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rulecheck.facts.grids import Area, Grid, Table
from rulecheck.facts.headings import Headings
from rulecheck.facts.layout.heading_map import NO_MAPPING, HeadingMap
from rulecheck.facts.layout.sheet import read_layout
from rulecheck.facts.nodes import Faults
from rulecheck.language.diagnostics import Diagnostic, render
from support_facts import RULE_SET

HEADINGS = Headings(RULE_SET)


def grid(text: str, sheet: str = "单位", left: int = 1, top: int = 1, merged: Sequence[str] = ()) -> Grid:
    """The sheet that a text table shows; `left` and `top` are the numbers of its first column and row, `merged` areas such as
    `B1:C2`, counted as if it began at A1."""
    lines = text.strip("\n").split("\n")
    rows = [[cell.strip(" ").replace("\\n", "\n") for cell in line.split("|")] for line in lines]
    width = max(map(len, rows))
    filled = [row + [""] * (width - len(row)) for row in rows]
    name = "报送.xlsx" if sheet else "报送.csv"
    return Grid(name, sheet, filled, range(top, top + len(rows)), left, tuple(map(_area, merged)))


def _area(text: str) -> Area:
    (left, top), (right, bottom) = ((ord(cell[0]) - ord("A"), int(cell[1:]) - 1) for cell in text.split(":"))
    return Area(top, left, bottom, right)


@dataclass
class Layout:
    """What became of a sheet."""

    tables: list[Table]
    faults: Faults

    @property
    def table(self) -> Table:
        assert not self.faults.errors, self.told
        (table,) = self.tables
        return table

    @property
    def columns(self) -> dict[str, list[str]]:
        return {column.key.text: list(column.texts) for column in self.table.columns}

    @property
    def header(self) -> dict[str, str]:
        return {name: key.text for name, key in self.table.header.words.items()}

    @property
    def errors(self) -> list[str]:
        """Each fault: its code and its place."""
        return [told(fault) for fault in self.faults.errors]

    @property
    def warnings(self) -> list[str]:
        return [told(fault) for fault in self.faults.warnings]

    @property
    def told(self) -> str:
        return "\n".join(render(fault, language) for fault in self.faults.errors for language in ("zh", "en"))


def told(fault: Diagnostic) -> str:
    assert render(fault, "zh")
    assert render(fault, "en")
    place = fault.place.where if fault.place else ""
    return f"{fault.code} {place.rpartition('!')[2]}".strip()


def layout(
    text: str,
    sheet: str = "单位",
    stem: str = "报送",
    mapping: HeadingMap = NO_MAPPING,
    left: int = 1,
    top: int = 1,
    merged: Sequence[str] = (),
) -> Layout:
    faults = Faults("报送.xlsx")
    return Layout(read_layout(grid(text, sheet, left, top, merged), HEADINGS, stem, mapping, faults), faults)
