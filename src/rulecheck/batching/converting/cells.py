"""What is wrong with cells of a column: the first of them with their rows, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rulecheck.batching.declaring.declare import TableHeader, TablePlan
from rulecheck.batching.sources.table import Unreadable
from rulecheck.columns.frame import Whole
from rulecheck.dataclass import dataclass
from rulecheck.facts.nodes import Faults, Problem
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.submission import Origin

MOST_SHOWN: Final = 20
"""Cells of one table that are told one by one."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """`row`: in its table, from 0; `column`: its place in the table, from 0, -1 for the row as a whole."""

    row: int
    column: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class CellFaults:
    """The first faults of a column or table, and the number of all."""

    first: tuple[CellFault, ...] = ()
    count: int = 0

    def __bool__(self) -> bool:
        return self.count > 0


NO_FAULTS: Final = CellFaults()

Rows = int | Whole
"""Where the rows of an array stand in their table: the number of the first, from 0, or the number of each."""


def row_number(rows: Rows, position: int) -> int:
    return rows + position if isinstance(rows, int) else int(rows[position])


def together(faults: Iterable[CellFaults]) -> CellFaults:
    """The faults of several columns and batches of one table."""
    every = [each for each in faults if each]
    first = sorted((fault for each in every for fault in each.first), key=lambda fault: (fault.row, fault.column))
    return CellFaults(tuple(first[:MOST_SHOWN]), sum(each.count for each in every))


def diagnostics(plan: TablePlan, faults: CellFaults) -> tuple[Diagnostic, ...]:
    """The faults as messages, each with its row (the first below the headings is 1) and heading; the last says how many more
    there are."""
    header = plan.header
    told = Faults(header.called)
    for each in faults.first[:MOST_SHOWN]:
        zh, en = _where(header, each)
        told.add_at(each.problem.code, Origin(told.file, zh, en, ""), **each.problem.values)
    more = faults.count - len(told.errors)
    if more > 0:
        zh, en = header.where()
        told.add_at("B202", Origin(told.file, zh, en, ""), count=more)
    return tuple(told.errors)


def refuse(tables: Iterable[tuple[TablePlan, Iterable[CellFaults]]]) -> None:
    """Raises Unreadable with what is wrong with several tables, where anything is."""
    told = [each for plan, faults in tables for each in diagnostics(plan, together(faults))]
    if told:
        raise Unreadable(told)


def _where(header: TableHeader, fault: CellFault) -> tuple[str, str]:
    zh, en = header.where()
    heading = f"“{header.columns[fault.column][0]}”" if fault.column >= 0 else ""
    return f"{zh}数据第{fault.row + 1}行{heading}", f"{en} data row {fault.row + 1} {heading}".strip()
