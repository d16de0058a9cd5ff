"""The cells of a form and what is known of each while it is read."""

from __future__ import annotations

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Grid, spot_in
from rulecheck.facts.layout.blocks import Areas
from rulecheck.facts.layout.header import SIGNATURE, Around
from rulecheck.facts.layout.names import Names
from rulecheck.facts.layout.words import label_of, listed, meanings
from rulecheck.facts.nodes import Faults, Spot
from rulecheck.rules.model import Kind

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell that is not blank, with the last row and column of the area it is merged over."""

    row: int
    column: int
    bottom: int
    right: int
    text: str

    @property
    def position(self) -> Position:
        return self.row, self.column


@dataclass(frozen=True, slots=True)
class Answer:
    """What a label was found to be given: `position` of the value, or of the place left for it; `written` the label itself."""

    label: FormCell
    name: str
    text: str
    position: Position
    written: str


@dataclass(slots=True)
class Form:
    """A form while it is read. `taken`: the cells that are labels, values, or otherwise accounted for."""

    grid: Grid
    kind: Kind
    names: Names
    areas: Areas
    faults: Faults
    cells: dict[Position, FormCell]
    labels: dict[Position, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    taken: set[Position] = field(default_factory=set)
    around: Around = field(default_factory=Around)
    value_heads: dict[int, int] = field(default_factory=dict)
    """The columns under a heading such as `数值`, with the row of the uppermost."""

    def spot(self, position: Position) -> Spot:
        return spot_in(self.grid, *position)

    def right_of(self, cell: FormCell) -> Position | None:
        column = cell.right + 1
        return (cell.row, column) if column < len(self.grid.rows[cell.row]) else None

    def below(self, cell: FormCell) -> Position | None:
        row = cell.bottom + 1
        return (row, cell.column) if row < len(self.grid.rows) else None

    def value_at(self, position: Position | None) -> FormCell | None:
        """The cell at a position, where it is filled, no label and no heading of the form's own columns."""
        cell = self.cells.get(position) if position is not None else None
        if cell is None or cell.position in self.labels or is_signed(cell.text):
            return None
        return None if any(label_of(cell.text) in listed(section) for section in ("form_labels", "form_values")) else cell


def is_signed(text: str) -> bool:
    return meanings("header").get(label_of(text)) in SIGNATURE
