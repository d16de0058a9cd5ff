"""Rows of subjects column by column: what is asked of every cell is asked of the column's distinct texts.

Tables of CSV files and spreadsheets are read here, and lists of flat subjects in YAML and JSON as far as nothing is wrong with
them; `drafts` reads the rest, and finds the same. Faults of cells are told row by row, as a person goes through the table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Mark, Table, column_letters
from rulecheck.facts.headings import (
    ChildKey,
    FactKey,
    Headings,
    Ignored,
    Reserved,
    Supporting,
    clean,
    is_ignored,
    word_of,
    words,
)
from rulecheck.facts.identity import read_code, read_day, read_identifiers, read_place, read_statement
from rulecheck.facts.nodes import Cell, Faults, Key, Problem, Spot, first_at, near, shown
from rulecheck.facts.told import Block, FactColumn, Spots, Told
from rulecheck.facts.values import check_text, period_example, read_value, read_values
from rulecheck.measures.numerals import read_marker
from rulecheck.rules.model import Fact, Kind, NumberType
from rulecheck.submission import Slot


@dataclass(slots=True)
class Rows:
    """Rows about subjects of one kind, by column: `texts` and `marks` of each by row, and the rows that lack the key.

    `is_table`: the columns may serve several kinds.
    """

    kind: Kind
    file: str
    sheet: str
    count: int
    keys: Sequence[Key]
    texts: Sequence[Sequence[str]]
    marks: Sequence[Mapping[int, Mark]]
    raw: Sequence[Mapping[int, str]]
    absent: Sequence[Collection[int]]
    spots: Spots
    is_table: bool


# --- where cells stand ---


@dataclass(slots=True)
class _Lines:
    """A CSV file: the line says where."""

    numbers: Sequence[int]
    names_columns: bool = True

    def row(self, row: int) -> Spot:
        return self.numbers[row]

    def every_row(self, count: int) -> Sequence[Spot]:
        return self.numbers

    def cell(self, row: int, column: int) -> Spot:
        return self.numbers[row]


@dataclass(slots=True)
class _Cells:
    """A sheet: the cell says where. `key` is the column that names the subject, from 0."""

    table: Table
    letters: list[str]
    key: int
    names_columns: bool = False

    def row(self, row: int) -> Spot:
        return self.cell(row, self.key)

    def every_row(self, count: int) -> Sequence[Spot]:
        if self.table.spots:
            return [self.row(row) for row in range(count)]
        before = f"!{self.table.sheet}!{self.letters[self.key]}"
        return [f"{before}{number}" for number in self.table.numbers]

    def cell(self, row: int, column: int) -> Spot:
        if self.table.spots:
            return self.table.spots[column]
        return f"!{self.table.sheet}!{self.letters[column]}{self.table.numbers[row]}"


def _spots(table: Table) -> Spots:
    if not table.sheet and not table.spots:
        return _Lines(table.numbers)
    reserved = [words("reserved").get(clean(each.key.text)) for each in table.columns]
    key = next((reserved.index(name) for name in ("id", "name", "credit_code") if name in reserved), 0)
    return _Cells(table, [column_letters(each.number) for each in table.columns], key)


# --- tables ---


def read_table(table: Table, headings: Headings, faults: Faults, first: int) -> Block | None:
    """The rows of a table; None where its kind is not known. `first`: the order in the file of its first row."""
    kind = _kind(table, headings, faults)
    if kind is None:
        return None
    rows = Rows(
        kind,
        table.file,
        table.sheet,
        len(table.numbers),
        [each.key for each in table.columns],
        [each.texts for each in table.columns],
        [each.marks for each in table.columns],
        [each.raw for each in table.columns],
        [()] * len(table.columns),
        _spots(table),
        is_table=True,
    )
    reader = _Reader(rows, headings, faults, first)
    block = reader.read()
    places = headings.rules.places
    block.header_place = _header_word(table, "place", lambda text: read_place(text, places), faults)
    block.header_as_of = _header_word(table, "as_of", read_day, faults)
    if table.totals:
        _check_totals(table, block, faults)
    return block


def _header_word(table: Table, word: str, read: Callable[[str], Any], faults: Faults) -> Any:
    key = table.header.words.get(word)
    value = read(key.text) if key is not None else None
    if key is not None and isinstance(value, Problem):
        faults.report(value, key.spot, *word_of("reserved", word))
        return None
    return value


def _kind(table: Table, headings: Headings, faults: Faults) -> Kind | None:
    name, spot = table.kind.text, table.kind.spot
    kind = check_text(name) or headings.kind(name)
    if isinstance(kind, Kind):
        return kind
    if is_ignored(clean(name)):
        faults.warn("F207", spot, name=shown(clean(name)))
    else:
        is_stem = spot == 0 and not table.sheet
        faults.report(Problem("F227", kind.values) if is_stem else kind, spot)
    return None


def _check_totals(table: Table, block: Block, faults: Faults) -> None:
    from rulecheck.facts.layout.totals import check_totals

    values: list[Sequence[object]] = [()] * len(table.columns)
    facts: list[Fact | None] = [None] * len(table.columns)
    for column in block.facts:
        if isinstance(column.fact.type, NumberType):
            values[column.number], facts[column.number] = column.values, column.fact
    check_totals(table, values, facts, faults)


def read_flat(rows: Rows, headings: Headings, first: int) -> Block | None:
    """The rows of a YAML or JSON list, None where anything about them needs telling: then `drafts` reads them, with each fault
    and warning at its place."""
    for key in rows.keys:
        match headings.meaning(rows.kind, key.text):
            case FactKey(fact=fact, period=period) if fact.every is None or period is not None:
                pass
            case Reserved(word=word, rest="") if word in _IDENTITY:
                pass
            case Supporting() | ChildKey():
                pass
            case _:
                return None
    faults = Faults(rows.file)
    block = _Reader(rows, headings, faults, first).read()
    return None if faults.errors or faults.warnings else block


_IDENTITY: Final = frozenset({"credit_code", "id", "name", "parent", "place", "as_of"})


# --- the columns of one table ---


@dataclass(slots=True)
class _Found:
    """A fault of a cell, to be told in its turn."""

    row: int
    column: int
    tell: Callable[[], None]


@dataclass(slots=True)
class _Reader:
    rows: Rows
    headings: Headings
    faults: Faults
    first: int
    found: list[_Found] = field(default_factory=list)
    taken: dict[object, Key] = field(default_factory=dict)
    misnamed: set[int] = field(default_factory=set)
    """Rows with a fault in what names the subject: it is not said again that they have no name."""

    def read(self) -> Block:
        rows = self.rows
        block = Block(
            kind=rows.kind,
            file=rows.file,
            sheet=rows.sheet,
            first=self.first,
            count=rows.count,
            spots=rows.spots,
            codes=[""] * rows.count,
            ids=[""] * rows.count,
            names=[""] * rows.count,
            parents=[""] * rows.count,
            places=[None] * rows.count,
            days=[None] * rows.count,
        )
        for number, key in enumerate(rows.keys):
            self._column(block, number, key, self.headings.meaning(rows.kind, key.text))
        block.by_slot = {each.slot: each for each in block.facts}
        self._check_identity(block)
        for each in sorted(self.found, key=lambda each: (each.row, each.column)):
            each.tell()
        return block

    def _column(self, block: Block, number: int, key: Key, meaning: object) -> None:
        match meaning:
            case FactKey():
                self._fact(block, number, key, meaning)
            case Reserved(word, rest):
                if self._is_first(f"{word}@{rest}", key):
                    self._reserved(block, number, key, word, rest)
            case Supporting(slot):
                if self._is_first(f"supporting {slot}", key):
                    self._keep(block.supporting, slot, number, self._values(number, _read_text, clean(key.text)))
            case ChildKey(kind):
                if self._is_first(kind.id, key):
                    read_one = partial(read_statement, kind=kind)
                    self._keep(block.rosters, kind.id, number, self._values(number, read_one, kind.zh, kind.id))
            case Ignored():
                self.faults.warn("F207", key.spot, name=shown(clean(key.text)))
            case Problem(code):
                if not (code == "F204" and self.rows.is_table and self._is_blank(number)):
                    self.faults.report(meaning, key.spot)

    def _keep(self, told: list[Told], what: object, number: int, values: list[Any]) -> None:
        if any(value is not None for value in values):
            told.append(Told(what, number, self.rows.texts[number], values))

    def _is_blank(self, number: int) -> bool:
        return not any(text.strip() for text in self.rows.texts[number])

    # --- facts ---

    def _fact(self, block: Block, number: int, key: Key, meaning: FactKey) -> None:
        fact, texts = meaning.fact, self.rows.texts[number]
        if fact.every is not None and meaning.period is None:
            for row, text in enumerate(texts):
                if read_marker(text) != "untold":
                    names = {"fact": fact.zh, "fact_en": fact.id, **period_example(fact.every)}
                    self._later(row, number, partial(self.faults.add, "F223", self.rows.spots.cell(row, number), **names))
            return
        slot: Slot = meaning.slot if meaning.period is None else (meaning.slot, meaning.period)
        if not self._is_first(slot, key):
            return
        read_all = partial(read_values, fact=fact, heading_unit=meaning.unit)
        values = self._all_values(number, read_all, fact.zh, fact.id, fact)
        remarks: dict[int, str] = {}
        if isinstance(fact.type, NumberType):
            raw = self.rows.raw[number]
            zh, en = word_of("remarks", "rounded")
            rounded = (row for row, mark in self.rows.marks[number].items() if mark is Mark.ROUNDED)
            remarks = {row: f"（{zh} {raw.get(row, '')} · {en}）" for row in rounded}
        block.facts.append(FactColumn(fact, slot, number, texts, values, self.rows.absent[number], remarks))

    # --- what is said of the subject itself ---

    def _reserved(self, block: Block, number: int, key: Key, word: str, rest: str) -> None:
        name = clean(key.text)
        if word == "reasons":
            self._reasons(block, number, key, rest)
        elif rest or word not in _IDENTITY:
            self.faults.add("F208" if word == "records" else "F222", key.spot, name=shown(name))
        elif word == "place":
            places = self.headings.rules.places
            block.places = self._values(number, lambda text: read_place(text, places), "")
        elif word == "as_of":
            block.days = self._values(number, read_day, *word_of("reserved", "as_of"))
        else:
            is_code = word == "credit_code"
            values = self._values(number, read_code, name) if is_code else self._all_values(number, read_identifiers, name)
            if None in values:
                self.misnamed.update(row for row, text in enumerate(values) if text is None)
            texts = [text or "" for text in values]
            match word:
                case "credit_code":
                    block.codes = texts
                case "id":
                    block.ids = texts
                case "name":
                    block.names = texts
                case _:
                    self._parents(block, number, texts)

    def _parents(self, block: Block, number: int, texts: list[str]) -> None:
        block.parents = texts
        kind = self.rows.kind
        if kind.parent is None:
            for row, text in enumerate(texts):
                if text:
                    spot = self.rows.spots.cell(row, number)
                    self._later(row, number, partial(self.faults.add, "F226", spot, kind=kind.zh, kind_en=kind.id))

    def _reasons(self, block: Block, number: int, key: Key, rest: str) -> None:
        """A column `说明理由@规则`."""
        known, name, texts = self.headings.rule_names, clean(rest), self.rows.texts[number]
        if not rest:
            for row, text in enumerate(texts):
                if read_marker(text) != "untold":
                    self._later(row, number, partial(self.faults.add, "F228", self.rows.spots.cell(row, number)))
        elif name not in known:
            self.faults.add("F221", key.spot, name=shown(name), near=near(name, known))
        elif self._is_first(f"reasons {known[name]}", key):
            self._keep(block.reasons, known[name], number, self._values(number, _read_text, clean(key.text)))

    def _check_identity(self, block: Block) -> None:
        kind, keys = self.rows.kind, block.keys()
        for row, key in enumerate(keys) if not all(keys) else ():
            if not key and row not in self.misnamed:
                tell = partial(self.faults.add, "F210", self.rows.spots.row(row), kind=kind.zh, kind_en=kind.id)
                self._later(row, len(self.rows.keys), tell)

    # --- cells ---

    def _values(self, number: int, read: Callable[[str], Any], name: str, name_en: str = "") -> list[Any]:
        return self._all_values(number, lambda texts: {text: read(text) for text in texts}, name, name_en)

    def _all_values(
        self,
        number: int,
        read_all: Callable[[Collection[str]], Mapping[str, Any]],
        name: str,
        name_en: str = "",
        fact: Fact | None = None,
    ) -> list[Any]:
        """What the texts of a column mean, by row; each distinct one is read once. None for a text with a fault, which is kept
        to be told."""
        texts, marks = self.rows.texts[number], self.rows.marks[number]
        known = read_all(dict.fromkeys(texts))
        values = list(known.values() if len(known) == len(texts) else map(known.__getitem__, texts))
        if Problem in set(map(type, known.values())):
            for row, value in enumerate(values):
                if type(value) is Problem and row not in marks:
                    self._problem(row, number, value, name, name_en)
                    values[row] = None
        for row, mark in marks.items():
            values[row] = self._marked(mark, texts[row], values[row], clean(self.rows.keys[number].text), fact)
            if type(values[row]) is Problem:
                self._problem(row, number, values[row], name, name_en)
                values[row] = None
        return values

    @staticmethod
    def _marked(mark: Mark, text: str, value: Any, heading: str, fact: Fact | None) -> Any:
        """The value of a cell that is unusual, or the problem with it."""
        hidden = {"fact": fact.zh if fact else heading, "fact_en": fact.id if fact else heading}
        match mark:
            case Mark.ERROR:
                return Problem("F313", {**hidden, "value": shown(text, fact is not None and fact.sensitive)})
            case Mark.UNREADABLE:
                return Problem("F314", hidden)
            case Mark.ROUNDED:
                return value if fact is not None and isinstance(fact.type, NumberType) else Problem("F315", hidden)
            case Mark.BOOLEAN:
                if fact is None:
                    return Problem("F302", {**hidden, "value": text})
                return read_value(Cell(text.lower(), 0, "boolean"), fact)

    def _problem(self, row: int, number: int, problem: Problem, name: str, name_en: str) -> None:
        spot = self.rows.spots.cell(row, number)
        self._later(row, number, partial(self.faults.report, problem, spot, name, name_en))

    def _later(self, row: int, number: int, tell: Callable[[], None]) -> None:
        self.found.append(_Found(row, number, tell))

    def _is_first(self, what: object, key: Key) -> bool:
        first = self.taken.setdefault(what, key)
        if first is not key and first.text != key.text:  # the same heading twice is the layout's to report
            name, other = shown(clean(key.text)), shown(clean(first.text))
            self.faults.add("F209", key.spot, name=name, other=other, **first_at(first.spot))
        return first is key


def _read_text(text: str) -> str | Problem | None:
    if read_marker(text) == "untold":
        return None
    return check_text(text) or text.strip()
