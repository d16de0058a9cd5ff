"""What one file tells: its subjects one by one (`Draft`), or the rows of a table all at once, column by column (`Block`).

A block says the same as its drafts would, without making them: `assemble` takes it whole where every row is a subject of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.nodes import Faults, Spot, shown, where
from rulecheck.measures.days import period_names
from rulecheck.measures.places import Place
from rulecheck.rules.model import Fact, Kind
from rulecheck.submission import UNTOLD, Origin, Slot


@dataclass(slots=True)
class Statement:
    """What a file says of one roster as a whole. `is_empty`: stated to have no members at all."""

    is_complete: bool
    is_empty: bool
    origin: Origin


@dataclass(slots=True, eq=False)
class Draft:
    """One subject as one file gives it. `values` holds what the file mentions, untold values included, `origins` where.

    `written_code`, `written_id` and `written_name` are 统一社会信用代码 (or the code of an expected unit), 编号 and 名称,
    empty where not given. `parent`: the draft it is nested in; `parent_text` what 上级 says. `place` and `as_of` are its own,
    `header_place` and `header_as_of` those of the file or sheet.
    """

    kind: Kind
    file: str
    order: int
    spot: Spot
    origin: Origin
    parent: Draft | None
    sheet: str = ""
    written_code: str = ""
    written_id: str = ""
    written_name: str = ""
    parent_text: str = ""
    place: Place | None = None
    header_place: Place | None = None
    as_of: int | None = None
    header_as_of: int | None = None
    values: dict[Slot, Any] = field(default_factory=dict)
    origins: Mapping[Slot, Origin] = field(default_factory=dict)
    rosters: dict[str, Statement] = field(default_factory=dict)
    reasons: dict[str, tuple[str, Origin]] = field(default_factory=dict)
    supporting: dict[Slot, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.written_code or self.written_id or self.written_name

    @property
    def names(self) -> tuple[str, ...]:
        """What the subject can be called by, apart from its id."""
        return tuple(each for each in (self.written_id, self.written_name) if each and each != self.id)

    @property
    def shown(self) -> str:
        """The subject for a message; not named where its kind is sensitive."""
        return shown(self.written_id or self.written_name or self.written_code, self.kind.sensitive)

    def tell(self, slot: Slot, value: Any, origin: Origin) -> None:
        assert isinstance(self.origins, dict)
        self.values[slot] = value
        self.origins[slot] = origin


# --- rows by columns ---


class Spots(Protocol):
    """Where the rows and cells of a block stand. `names_columns`: a cell's spot is only its line, so that its fact is named
    too."""

    names_columns: bool

    def row(self, row: int) -> Spot: ...

    def every_row(self, count: int) -> Sequence[Spot]: ...

    def cell(self, row: int, column: int) -> Spot: ...


@dataclass(slots=True)
class FactColumn:
    """A fact of every row: `values` by row, `texts` as written. `absent`: rows that do not mention it. `remarks`: what is to be
    said of a text beside it, by row."""

    fact: Fact
    slot: Slot
    number: int
    texts: Sequence[str]
    values: list[Any]
    absent: Collection[int] = ()
    remarks: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """A column of something else: `values` by row, None where a row says nothing. `what` is the id of a child kind or a rule, or
    the slot that is supported."""

    what: Any
    number: int
    texts: Sequence[str]
    values: list[Any]


@dataclass(slots=True, eq=False)
class Block:
    """The rows of one table about subjects of one kind; lists are by row. `first` is the order of the first row in the file.
    `rosters` hold (is complete, is empty), `reasons` and `supporting` texts."""

    kind: Kind
    file: str
    sheet: str
    first: int
    count: int
    spots: Spots
    codes: list[str]
    ids: list[str]
    names: list[str]
    parents: list[str]
    places: list[Place | None]
    days: list[int | None]
    header_place: Place | None = None
    header_as_of: int | None = None
    facts: list[FactColumn] = field(default_factory=list)
    rosters: list[Told] = field(default_factory=list)
    reasons: list[Told] = field(default_factory=list)
    supporting: list[Told] = field(default_factory=list)
    by_slot: dict[Slot, FactColumn] = field(default_factory=dict)
    _drafts: list[Draft] = field(default_factory=list)

    def keys(self) -> list[str]:
        """The id of each row's subject."""
        return [code or id_ or name for code, id_, name in zip(self.codes, self.ids, self.names, strict=True)]

    def texts(self) -> set[str]:
        """All that its subjects are called by."""
        return ({*self.codes, *self.ids, *self.names}) - {""}

    def is_plain(self) -> bool:
        """Whether every row is a subject of its own, whatever the others say: none is a member of anything, all have different
        ids, and none leaves its id to be found from another's."""
        if any(self.parents) or self.kind.parent is not None:
            return False
        for given in (self.codes, self.ids, self.names):
            if all(given):
                return len(set(given)) == self.count
            if any(given):
                return False
        return False

    def row_origins(self) -> list[Origin]:
        """Where the subject of each row stands."""
        file, spots = self.file, self.spots.every_row(self.count)
        return [Origin(file, *where(spot), key) for spot, key in zip(spots, self.keys(), strict=True)]

    def origin(self, row: int) -> Origin:
        """Where the subject of a row stands."""
        key = self.codes[row] or self.ids[row] or self.names[row]
        return Origin(self.file, *where(self.spots.row(row)), key)

    def written(self, row: int, number: int, text: str, column: FactColumn | None = None) -> Origin:
        """Where a cell stands; of a period the column is named with it, as its heading has it."""
        zh, en = where(self.spots.cell(row, number))
        if column is not None and self.spots.names_columns:
            key = column.slot[1] if isinstance(column.slot, tuple) else ""
            of_zh, of_en = (f"@{period_names(key)[0]}", f"@{key}") if key else ("", "")
            zh, en = f"{zh}“{column.fact.zh}{of_zh}”", f"{en} “{column.fact.id}{of_en}”"
        return Origin(self.file, zh, en, text)

    def statements(self, row: int) -> dict[str, Statement]:
        found: dict[str, Statement] = {}
        for each in self.rosters:
            if each.values[row] is not None:
                is_complete, is_empty = each.values[row]
                found[each.what] = Statement(is_complete, is_empty, self.written(row, each.number, each.texts[row]))
        return found

    def drafts(self) -> list[Draft]:
        """The same, row by row."""
        if not self._drafts:
            self._drafts = [self._draft(row) for row in range(self.count)]
        return self._drafts

    def _draft(self, row: int) -> Draft:
        return Draft(
            self.kind,
            self.file,
            self.first + row,
            self.spots.row(row),
            self.origin(row),
            None,
            self.sheet,
            self.codes[row],
            self.ids[row],
            self.names[row],
            self.parents[row],
            self.places[row],
            self.header_place,
            self.days[row],
            self.header_as_of,
            {each.slot: each.values[row] for each in self.facts if row not in each.absent},
            RowOrigins(self, row),
            self.statements(row),
            {
                each.what: (each.values[row], self.written(row, each.number, each.texts[row]))
                for each in self.reasons
                if each.values[row] is not None
            },
            {each.what: each.values[row] for each in self.supporting if each.values[row] is not None},
        )


class RowOrigins(Mapping[Slot, Origin]):
    """Where each value of a row stands, worked out when somebody asks."""

    __slots__ = ("_block", "_row")

    def __init__(self, block: Block, row: int) -> None:
        self._block = block
        self._row = row

    def __getitem__(self, slot: Slot) -> Origin:
        column = self._block.by_slot[slot]
        if self._row in column.absent:
            raise KeyError(slot)
        text = column.texts[self._row]
        if self._row in column.remarks:
            text += column.remarks[self._row]
        return self._block.written(self._row, column.number, text, column)

    def __iter__(self) -> Iterator[Slot]:
        return (each.slot for each in self._block.facts if self._row not in each.absent)

    def __len__(self) -> int:
        return sum(self._row not in each.absent for each in self._block.facts)

    def __repr__(self) -> str:
        return repr(dict(self))


# --- the file ---


@dataclass(slots=True)
class FileFacts:
    """What one file says: `drafts` and `blocks`. `lost`: kinds of which the file holds rows that could not be read at all.
    `signature`: who signed it, as written, by the words of `grids.Header`. `sha256` to `sheets`: for the receipt."""

    file: str
    faults: Faults
    drafts: list[Draft] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    signature: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    format: str = ""
    encoding: str = ""
    sheets: tuple[str, ...] = ()
    told_empty: set[str] = field(default_factory=set)
    """Kinds of which the file says that there are none."""

    def every_draft(self) -> list[Draft]:
        """All subjects one by one, in the order of the file."""
        drafts = [*self.drafts, *(draft for block in self.blocks for draft in block.drafts())]
        return sorted(drafts, key=lambda each: each.order) if self.blocks else drafts

    def kinds(self) -> set[str]:
        """The kinds it holds rows of, read or not."""
        return {each.kind.id for each in self.drafts} | {each.kind.id for each in self.blocks} | self.lost

    def tells_of(self, kind: Kind, text: str) -> bool:
        """Whether it holds a subject of this id or name."""
        of_kind = (each for each in self.every_draft() if each.kind is kind) if kind.id in self.kinds() else ()
        return any(text in (each.id, *each.names) for each in of_kind)

    def counted(self) -> tuple[int, int]:
        """How many subjects and told values."""
        subjects = len(self.drafts) + sum(each.count for each in self.blocks)
        values = sum(value is not UNTOLD for each in self.drafts for value in each.values.values())
        values += sum(len(each.values) - each.values.count(UNTOLD) for block in self.blocks for each in block.facts)
        return subjects, values
