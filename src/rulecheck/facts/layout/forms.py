"""A form: one unit on a sheet, each label beside its value or above it.

Read only where the labels are facts of one kind and no row of headings makes a table. What was taken as what is said; whatever
could be meant in two ways, and every figure that no label names, is a fault at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rulecheck.facts.grids import Column, Grid, Header, Mark, Table, spot_in
from rulecheck.facts.headings import FactKey, Ignored, Reserved, words
from rulecheck.facts.layout.blocks import Areas, Block
from rulecheck.facts.layout.form_cells import Answer, Form, FormCell, Position, is_signed
from rulecheck.facts.layout.header import (
    Pair,
    bare_date,
    is_note,
    is_number,
    label_for,
    pairs_of_cell,
    take_pair,
    take_text,
)
from rulecheck.facts.layout.measures import measures_in, with_measures
from rulecheck.facts.layout.names import SKIP, Names, unit_in, units_of
from rulecheck.facts.layout.words import label_of, listed, squeezed
from rulecheck.facts.nodes import Faults, Key, Problem, Spot, first_at, shown, where
from rulecheck.measures.numerals import Fault, read_number
from rulecheck.measures.units import unit_table
from rulecheck.rules.model import Kind, NumberType

MOST_ROWS: Final = 300
MOST_COLUMNS: Final = 50
"""Of the largest form; a larger sheet is a table."""
_MOST_SHOWN: Final = 8
_SERIAL: Final = re.compile(r"[（(]?[0-9０-９]{1,3}[)）.．、]?")
"""A number in front of a label."""


def facts_outside(grid: Grid, block: Block | None, kind: Kind | None, names: Names) -> int:
    """How many cells outside a row of headings are called like a fact; 0 for what is too long to be a form."""
    if len(grid.rows) > MOST_ROWS or not grid.rows or len(grid.rows[0]) > MOST_COLUMNS:
        return 0
    rows = (row for row in range(len(grid.rows)) if block is None or not block.top <= row <= block.bottom)
    return sum(1 for row in rows for text in grid.rows[row] if text.strip() and any(_facts_in(text, kind, names)))


def _facts_in(text: str, kind: Kind | None, names: Names) -> Iterator[str]:
    """The names of facts in a cell: its text, or the labels in it."""
    for label in (text, *(label for label, value in pairs_of_cell(text) if value)):
        found = names.found(kind, [label])
        if isinstance(found, str) and names.fact(kind, found) is not None:
            yield found


def read_form(grid: Grid, kind: Kind | None, names: Names, areas: Areas, faults: Faults) -> list[Table]:
    """The form as a table of one row, with the place of each value; empty where it cannot be read, and `faults` says why."""
    cells = _cells(grid)
    if kind is None:
        kind = _only_kind(grid, cells, names, faults)
        if kind is None:
            return []
    form = Form(grid, kind, names, areas, faults, {cell.position: cell for cell in cells})
    _find_labels(form)
    _read_pairs(form)
    is_above = _stands_above(form)
    for position, name in list(form.labels.items()):
        if position not in form.taken:
            _read_value(form, form.cells[position], name, is_above)
    _read_signatures(form)
    _read_bare_dates(form)
    _read_evidence(form)
    _read_measures(form)
    _check_rest(form)
    kept = _without_doubles(form)
    if any(answer.text.strip() for answer in kept):
        return [_table(form, kept)]
    if not faults.errors:  # a blank form
        if grid.sheet:
            faults.warn("S202", 0, sheet=shown(grid.sheet))
        else:
            faults.add("F113")
    return []


def _cells(grid: Grid) -> list[FormCell]:
    areas = {(area.top, area.left): area for area in grid.merged}
    found = []
    for row, texts in enumerate(grid.rows):
        for column, text in enumerate(texts):
            if text.strip():
                area = areas.get((row, column))
                found.append(FormCell(row, column, area.bottom if area else row, area.right if area else column, text))
    return found


def _only_kind(grid: Grid, cells: Sequence[FormCell], names: Names, faults: Faults) -> Kind | None:
    """The one kind that has every fact among the labels."""
    facts = [text for cell in cells for text in (cell.text, *(label for label, _ in pairs_of_cell(cell.text)))]
    facts = [text for text in facts if any(_facts_in(text, None, names))]
    fitting = [kind for kind in names.headings.rules.kinds.values() if all(any(_facts_in(text, kind, names)) for text in facts)]
    if len(fitting) == 1:
        faults.warn("S204", spot_in(grid, *cells[0].position), kind=fitting[0].zh, kind_en=fitting[0].id)
        return fitting[0]
    kinds = {"kinds": "、".join(each.zh for each in fitting), "kinds_en": ", ".join(each.id for each in fitting)}
    faults.add("S205" if fitting else "S207", spot_in(grid, *cells[0].position), sheet=shown(grid.sheet or grid.file), **kinds)
    return None


# --- labels and values ---


def _find_labels(form: Form) -> None:
    for cell in form.cells.values():
        if label_of(cell.text) in listed("form_values"):
            form.value_heads.setdefault(cell.column, cell.row)
        section = _section_of(form, cell)
        if (is_number(cell.text) and not section) or label_of(cell.text) in listed("units_row"):
            continue
        found = form.names.found(form.kind, [section, cell.text] if section else [cell.text])
        if found is SKIP:
            form.taken.add(cell.position)
            _take_right(form, cell)
        elif isinstance(found, str):
            meaning = form.names.headings.meaning(form.kind, found)
            if isinstance(meaning, FactKey) or (isinstance(meaning, Reserved) and meaning.word in _RESERVED):
                form.labels[cell.position] = found


_RESERVED: Final = frozenset({"id", "name", "credit_code", "parent", "place", "as_of", "reasons"})


def _section_of(form: Form, cell: FormCell) -> str:
    """What a cell that is merged over this row and others says, to the left of it."""
    for area in form.areas.get(cell.row, ()):
        if area.top < area.bottom and area.right == cell.column - 1:
            return form.grid.rows[area.top][area.left]
    return ""


def _take_right(form: Form, cell: FormCell) -> None:
    position = form.right_of(cell)
    if position is not None:
        form.taken.add(position)


def _read_pairs(form: Form) -> None:
    """Labels and values that share a cell: `编制：50人  在职职工：48人`."""
    for cell in form.cells.values():
        pairs = pairs_of_cell(cell.text)
        if not pairs or cell.position in form.labels or not any(value for _, value in pairs):
            continue
        for label, value in pairs:
            is_measure = label_of(label) in listed("measure") and units_of(value)
            found = form.names.found(form.kind, [label]) if not is_measure else None
            if isinstance(found, str) and not _is_ignored(form, found):
                form.answers.append(Answer(cell, found, value, cell.position, label))
            else:
                pair = Pair(label, value, cell.column, cell.column)
                take_pair(form.grid, cell.row, pair, form.around, form.kind, form.names, form.faults)
        form.taken.add(cell.position)


def _is_ignored(form: Form, name: str) -> bool:
    return isinstance(form.names.headings.meaning(form.kind, name), Ignored)


def _stands_above(form: Form) -> bool:
    """Whether labels stand above their values, not to the left of them: the way in which more of them have one."""
    beside = above = 0
    for position in form.labels:
        cell = form.cells[position]
        beside += form.value_at(form.right_of(cell)) is not None
        above += form.value_at(form.below(cell)) is not None
    return above > beside


def _read_value(form: Form, label: FormCell, name: str, is_above: bool) -> None:
    place = form.below(label) if is_above else _place_beside(form, label)
    other = form.right_of(label) if is_above else form.below(label)
    form.taken.add(label.position)
    value = form.value_at(place)
    fact = form.names.fact(form.kind, name)
    is_amount = fact is not None and isinstance(fact.type, NumberType)
    if not is_above and is_amount and "（" not in name and (between := _unit_between(form, label, place)):
        place, unit = between
        value = form.value_at(place)
        name = f"{name}（{unit}）"
    if not is_above and is_amount and place is not None:
        name = _with_unit_behind(form, name, value, place)
    if value is None:
        misplaced = form.value_at(other)
        if misplaced is not None and is_amount and is_number(misplaced.text) and not _has_label(form, misplaced, is_above):
            form.faults.add("S304", form.spot(misplaced.position), label=shown(label.text), value=shown(misplaced.text))
            form.taken.add(misplaced.position)
            return
        if place is not None:
            form.answers.append(Answer(label, name, "", place, label.text))
        return
    form.taken.add(value.position)
    form.answers.append(Answer(label, name, value.text, value.position, label.text))


def _place_beside(form: Form, label: FormCell) -> Position | None:
    """Where the value of a label belongs: under the heading of the values, where the form has one, else right of the label."""
    under = [column for column, row in form.value_heads.items() if row < label.row and column > label.right]
    return (label.row, min(under)) if under else form.right_of(label)


def _unit_between(form: Form, label: FormCell, place: Position | None) -> tuple[Position, str] | None:
    """`编制 | 人 | 50`: where the value is and its unit."""
    beside = form.value_at(form.right_of(label))
    unit = unit_in(beside.text) if beside is not None else ""
    if beside is None or not unit:
        return None
    behind = form.right_of(beside) if place == beside.position else place
    if behind is None:
        return None
    form.taken.add(beside.position)
    return behind, unit


def _with_unit_behind(form: Form, name: str, value: FormCell | None, place: Position) -> str:
    """The name with the unit that stands behind the value: `编制 | 50 | 人`. Another one of its sort beside it is a fault."""
    cell = form.value_at(form.right_of(value) if value is not None else (place[0], place[1] + 1))
    behind = unit_table().find(unit_in(cell.text)) if cell is not None else None
    if cell is None or behind is None:
        return name
    form.taken.add(cell.position)
    number = read_number(value.text) if value is not None else None
    written = number.unit if number is not None and not isinstance(number, Fault) else ""
    meaning = form.names.headings.meaning(form.kind, name)
    own = unit_table().find(written) if written else meaning.unit if isinstance(meaning, FactKey) else None
    if own is None:
        return name if written else f"{name}（{behind.text}）"
    if own.dimension == behind.dimension and own.factor != behind.factor:
        form.faults.add("S219", form.spot(cell.position), unit=behind.text, other=own.text)
    return name


def _read_measures(form: Form) -> None:
    """The unit of all figures, `单位 | 万元`, and what titles and notes say of it and of the day."""
    for cell in form.cells.values():
        if cell.position in form.taken:
            continue
        take_text(cell.text, form.spot(cell.position), form.around)
        beside = form.value_at(form.right_of(cell))
        if beside is not None and label_of(cell.text) in listed("measure") and (units := units_of(beside.text)):
            form.taken |= {cell.position, beside.position}
            form.around.measures += units
    if not form.around.measures:
        form.around.measures += measures_in(form.grid.sheet)


def _has_label(form: Form, cell: FormCell, is_above: bool) -> bool:
    """Whether a value has a label where the labels of this form stand."""
    position = (cell.row - 1, cell.column) if is_above else (cell.row, cell.column - 1)
    return position in form.labels


def _read_signatures(form: Form) -> None:
    """`填报人 | 张三`: label and value in cells of their own."""
    for cell in list(form.cells.values()):
        if cell.position in form.taken or not is_signed(cell.text):
            continue
        value = form.value_at(form.right_of(cell)) or form.value_at(form.below(cell))
        if value is not None and (_is_passed(form, value) or unit_in(value.text)):
            continue  # `单位` over the units, beside another heading
        form.taken.add(cell.position)
        if value is not None and value.position not in form.taken:
            form.taken.add(value.position)
            pair = Pair(cell.text, value.text.strip(), cell.column, value.column)
            take_pair(form.grid, value.row, pair, form.around, form.kind, form.names, form.faults)


def _read_bare_dates(form: Form) -> None:
    """A date without a label in a row with signatures is that of signing."""
    signed_rows = {cell.row for cell in form.cells.values() if is_signed(cell.text) or _has_signature(cell.text)}
    for cell in form.cells.values():
        if cell.row in signed_rows and cell.position not in form.taken and (date := bare_date(cell.text)):
            form.taken.add(cell.position)
            pair = Pair(label_for("signed_on"), date, cell.column, cell.column)
            take_pair(form.grid, cell.row, pair, form.around, form.kind, form.names, form.faults)


def _has_signature(text: str) -> bool:
    return any(is_signed(label) for label, _ in pairs_of_cell(text))


def _read_evidence(form: Form) -> None:
    """What stands beside a value, under the heading `佐证材料`."""
    heads: dict[int, FormCell] = {}
    for cell in form.cells.values():
        if label_of(cell.text) in listed("evidence") and cell.position not in form.taken:
            heads.setdefault(cell.column, cell)
    for head in heads.values():
        for answer in list(form.answers):
            proof = form.cells.get((answer.label.row, head.column))
            if proof is None or proof.position in form.taken or proof.row <= head.row:
                continue
            name = f"{head.text.strip()}（{_plain(answer.name)}）"
            if not isinstance(form.names.headings.meaning(form.kind, name), Problem):
                form.answers.append(Answer(proof, name, proof.text, proof.position, name))
                form.taken.add(proof.position)


def _plain(name: str) -> str:
    return name.partition("（")[0]


# --- what is left ---


def _check_rest(form: Form) -> None:
    """Figures that no label names are faults, and so are labels that nothing is called, with what stands beside them."""
    by_row: dict[int, list[Answer]] = {}
    for answer in form.answers:
        by_row.setdefault(answer.label.row, []).append(answer)
    for cell in form.cells.values():
        if cell.position in form.taken:
            continue
        if is_note(cell.text):
            form.taken.add(cell.position)
            form.faults.warn("S209", form.spot(cell.position), text=shown(cell.text))
            continue
        right = form.right_of(cell)
        if is_number(cell.text):
            is_named = right in form.labels or (right in form.cells and _is_passed(form, form.cells[right]))
            if is_named and _SERIAL.fullmatch(cell.text.strip()):
                continue
            form.faults.add("S305", form.spot(cell.position), value=shown(cell.text))
            continue
        beside = form.cells.get(right) if right is not None else None
        if beside is None or beside.position in form.taken or beside.position in form.labels:
            _check_text(form, cell, by_row.get(cell.row, []))
            continue
        if _is_passed(form, cell):
            if _is_passed(form, beside):
                continue
            form.faults.warn("F207", form.spot(cell.position), name=shown(cell.text))
        else:
            meaning = form.names.headings.meaning(form.kind, cell.text.rstrip(":： "))
            if isinstance(meaning, Problem):
                form.faults.report(meaning, form.spot(cell.position))
            else:
                form.faults.warn("F207", form.spot(cell.position), name=shown(cell.text))
        form.taken.add(beside.position)


def _check_text(form: Form, cell: FormCell, answers: Sequence[Answer]) -> None:
    """A text that is neither label nor value: a title, unless a label stands before it among the `answers` of its row."""
    before = [answer for answer in answers if answer.label.column < cell.column]
    last = max(before, key=lambda answer: answer.label.column, default=None)
    if last is None:
        return
    if last.text.strip():
        form.faults.warn("S306", form.spot(cell.position), text=shown(cell.text))
    else:
        form.faults.add("S304", form.spot(cell.position), label=shown(last.written), value=shown(cell.text))


def _is_passed(form: Form, cell: FormCell) -> bool:
    """Headings of a form's own columns, and what means nothing to any subject."""
    label = label_of(cell.text)
    if any(label in listed(section) for section in ("form_labels", "form_values", "units_row", "column_numbers", "evidence")):
        return True
    found = form.names.found(form.kind, [cell.text])
    return found is SKIP or (isinstance(found, str) and _is_ignored(form, found))


def _without_doubles(form: Form) -> list[Answer]:
    """One answer a name: two different ones are a fault that shows both cells."""
    kept: dict[str, Answer] = {}
    for answer in form.answers:
        first = kept.get(_plain(answer.name))
        if first is None or not first.text.strip():
            kept[_plain(answer.name)] = answer
        elif answer.text.strip() and squeezed(answer.text) != squeezed(first.text):
            values = {"value": _told(form, answer), "other": _told(form, first)}
            form.faults.add(
                "S302",
                form.spot(answer.position),
                label=shown(answer.written),
                **values,
                **first_at(form.spot(first.position)),
            )
    return list(kept.values())


def _told(form: Form, answer: Answer) -> str:
    fact = form.names.fact(form.kind, answer.name)
    return shown(answer.text, fact is not None and fact.sensitive)


def _table(form: Form, answers: Sequence[Answer]) -> Table:
    grid = form.grid
    columns: list[Column] = []
    spots: list[Spot] = []
    header: Header = form.around.header
    identity = {"id", "name", "credit_code"}
    if not any(words("reserved").get(answer.name) in identity for answer in answers) and "unit" in header.words:
        unit = header.words["unit"]
        name = next(word for word, each in words("reserved").items() if each == "name")
        columns.append(Column(Key(name, unit.spot), grid.left, [unit.text]))
        spots.append(unit.spot)
    keys = [(number, Key(answer.name, form.spot(answer.label.position))) for number, answer in enumerate(answers)]
    keys = with_measures(form.kind, keys, form.around.measures, form.names, form.faults)
    for answer, (_, key) in zip(answers, keys, strict=True):
        row, column = answer.position
        marks: dict[int, Mark] = {0: grid.marks[answer.position]} if answer.position in grid.marks else {}
        raw = {0: grid.raw[answer.position]} if answer.position in grid.raw else {}
        columns.append(Column(key, grid.left + column, [answer.text], marks, raw))
        spots.append(form.spot((row, column)))
    filled = [answer for answer in answers if answer.text.strip()]
    shown_pairs = [
        "“{}”{}".format(shown(answer.written), where(form.spot(answer.position))[0].rpartition("!")[2]) for answer in filled
    ]
    more = "……" if len(filled) > _MOST_SHOWN else ""
    top = min((cell.position for cell in form.cells.values()), default=(0, 0))
    form.faults.warn(
        "S301",
        form.spot(top),
        kind=form.kind.zh,
        kind_en=form.kind.id,
        count=len(filled),
        pairs="、".join(shown_pairs[:_MOST_SHOWN]) + more,
    )
    return Table(
        grid.file,
        grid.sheet,
        Key(form.kind.zh, form.spot(top)),
        [grid.numbers[top[0]]],
        columns,
        header=header,
        spots=tuple(spots),
    )
