"""Rows that sum up others: found by their name, and checked against their columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Final

from rulecheck.facts.grids import Column, Table, TotalRow, cell_spot
from rulecheck.facts.headings import listed as headings_listed
from rulecheck.facts.layout.words import listed, squeezed
from rulecheck.facts.nodes import Faults, Problem, shown
from rulecheck.facts.values import amounts
from rulecheck.measures.numerals import Fault, read_marker, read_number
from rulecheck.measures.units import Unit, unit_table
from rulecheck.rules.model import Fact, NumberType
from rulecheck.submission import UNTOLD

_BRACKETED_END: Final = re.compile(r"[（(][^（()）]*[)）]\Z")
_IN_BRACKETS: Final = re.compile(r"[（(]([^（()）]+)[)）]")
_COUNTED: Final = re.compile(r"(?:总计|合计|总共|共计|共|总)[0-9０-９]+[家个户所名人项条]\w{0,4}")
"""`共2家单位`: how many there are, in place of a name."""
_MOST_BEFORE: Final = 10
"""Characters that may stand before a word of totals: `市直单位小计`."""


# --- finding them ---


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Words for the whole and for a part."""
    parts = listed("subtotals")
    return (frozenset(squeezed(word) for word in headings_listed("totals")) | listed("more_totals")) - parts, parts


@cache
def first_characters() -> frozenset[str]:
    """What a cell that names a total can begin with, unless it holds 计: to look only at few of very many cells."""
    first = frozenset(each for words in _words() for word in words for each in (word[0], word[0].upper()))
    return first | frozenset(" \u3000\t\n共")


def words_in_totals() -> frozenset[str]:
    """What the name of every total has in it, in whatever case: to look only at few of very many."""
    whole, parts = _words()
    return whole | parts | {"总", "共"}


def total_name(text: str) -> str:
    """`合计` and the like as it stands in a cell; empty for anything else."""
    whole, parts = _words()
    if len(text) > 4 * _MOST_BEFORE:
        return ""
    name = _plain(text)
    if name in whole or name in parts or _COUNTED.fullmatch(name):
        return text.strip()
    # 市直单位小计, but no unit whose name ends so by chance: Chinese words only
    is_ending = any(name.endswith(word) and len(name) <= len(word) + _MOST_BEFORE for word in whole | parts if not word.isascii())
    return text.strip() if is_ending else ""


def _plain(name: str) -> str:
    """The name of a total as words are compared, without a colon at its end or brackets behind it."""
    return squeezed(_BRACKETED_END.sub("", name.strip().rstrip(":：")))


def _is_part(name: str, names: Sequence[str]) -> bool:
    """Whether a total is one of a part of the rows: by its word, or because something stands before it and there are more."""
    whole, parts = _words()
    plain = _plain(name)
    if any(plain.endswith(word) for word in parts):
        return True
    return plain not in whole and len(names) > 1


def covered(names: Sequence[str], before: Sequence[int], count: int) -> list[tuple[int, int]]:
    """The first and last row that each of the totals of a table sums up, from their names, how many rows stand before each, and
    how many rows there are. The last is smaller than the first where there is none."""
    parts = [number for number, name in enumerate(names) if _is_part(name, names)]
    spans = [(0, count - 1)] * len(names)
    is_above = bool(parts) and before[parts[0]] == 0  # each stands before its rows, not after
    for position, number in enumerate(parts):
        if is_above:
            end = before[parts[position + 1]] if position + 1 < len(parts) else count
            spans[number] = (before[number], end - 1)
        else:
            start = before[parts[position - 1]] if position else 0
            spans[number] = (start, before[number] - 1)
    return spans


# --- checking them ---


def check_totals(table: Table, values: Sequence[Sequence[object]], facts: Sequence[Fact | None], faults: Faults) -> None:
    """Compares each total with the sum of its rows, exactly.

    `values` and `facts` by column of the table; a value is in whole steps of its fact, `UNTOLD` or `NONE`. A total that differs
    is a fault at its cell; where rows are untold the total is not checked, and a warning says so. Amounts that have no sum
    (shares, rates, averages, dates, categories) are passed over.
    """
    for position, (column, fact) in enumerate(zip(table.columns, facts, strict=True)):
        asked = [total for total in table.totals if read_marker(total.texts[position]) is None]
        if fact is None or not asked or not has_sum(fact):
            continue
        amounts = [each if isinstance(each, int) else 0 for each in values[position]]  # known to be none adds nothing
        sums = [0, *accumulate(amounts)]
        untold = [0, *accumulate(each is UNTOLD for each in values[position])]
        for total in asked:
            start, end = total.first, total.last + 1
            if max(start, end) >= len(sums):
                continue  # a row of these was lost to a fault that is told
            _check(
                table, total, column, fact, sums[end] - sums[start], untold[end] - untold[start], total.texts[position], faults
            )


def has_sum(fact: Fact) -> bool:
    """Whether amounts of several subjects can be added: people, money, areas; no shares, rates or averages."""
    if not isinstance(fact.type, NumberType) or fact.unit is None:
        return False
    dimension = fact.unit.dimension
    if not dimension or any(exponent < 0 for _, exponent in dimension):
        return False
    tokens = set(fact.id.split("_"))
    return not any(word in (tokens if word.isascii() else fact.zh) for word in listed("no_sum"))


def _check(table: Table, total: TotalRow, column: Column, fact: Fact, steps: int, untold: int, text: str, faults: Faults) -> None:
    """Compares what a total says with the sum of its rows, in whole steps, of which `untold` rows say nothing."""
    spot = cell_spot(table.sheet, total.number, column.number)
    names: dict[str, object] = {"total": shown(total.name), "fact": fact.zh, "fact_en": fact.id}

    def report(code: str, **more: object) -> None:
        faults.report(Problem(code, {**names, **more}), spot, fact.zh, fact.id)

    rows = total.last + 1 - total.first
    if untold or rows <= 0:
        faults.warn("S232", spot, **names, count=untold, rows=max(rows, 0))
        return
    written = _amount(text, column, fact)
    if isinstance(written, Problem):
        report(written.code, **written.values)
        return
    found = steps * fact.step
    if written != found:
        sums = {name: shown(amount, fact.sensitive) for name, amount in amounts("sum", fact, found).items()}
        report("S231", written=shown(text, fact.sensitive), **sums)


def _amount(text: str, column: Column, fact: Fact) -> Fraction | Problem:
    """The amount that a total says, in base units: in its own unit, else that of the heading, else that of the fact. A total may
    well be larger than what the fact allows for one subject."""
    number = read_number(text)
    if isinstance(number, Fault):
        return Problem("S233", {"written": shown(text, fact.sensitive)})
    unit = unit_table().find(number.unit) if number.unit else _unit_of_heading(column.key.text) or fact.unit
    if unit is None or fact.unit is None or unit.dimension != fact.unit.dimension:
        return Problem("S233", {"written": shown(text, fact.sensitive)})
    return number.value * unit.factor


def _unit_of_heading(heading: str) -> Unit | None:
    found = (unit_table().find(inner.strip()) for inner in _IN_BRACKETS.findall(heading))
    return next((unit for unit in found if unit is not None), None)
