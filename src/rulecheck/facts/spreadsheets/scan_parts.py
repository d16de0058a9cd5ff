"""What the scans of all spreadsheet formats share: what they find, and the parts of a zip file, unpacked within limits.

Nothing here trusts what a file says of itself: sizes are counted while unpacking, and no entity of a document is ever expanded.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final
from xml.parsers import expat

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import column_letters
from rulecheck.facts.limits import (
    MAXIMUM_CELLS,
    MAXIMUM_COLUMNS,
    MAXIMUM_ELEMENTS,
    MAXIMUM_ENTRIES,
    MAXIMUM_MARKS,
    MAXIMUM_ROWS,
    MAXIMUM_UNPACKED,
    MEGABYTE,
)
from rulecheck.facts.nodes import Problem

Position = tuple[int, int]
"""Row and column of a cell in the file, from 1."""


class Unfit(Exception):
    """The file must not be read further. Raised and caught within the scan."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, values)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a number format shows a number, as far as the text differs from the number itself: moved by `shift` decimal places
    (a percent format: 2), filled up with noughts to `digits`, between `before` and `after`. `is_scaled`: shown in thousands,
    which cannot be told from the number."""

    shift: int = 0
    digits: int = 0
    before: str = ""
    after: str = ""
    is_scaled: bool = False


@dataclass(slots=True)
class Shapes:
    """Cells whose number is shown in another way: row, column and number in `known`, each in a list of its own, since there
    may be millions."""

    known: list[Shape] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("I"))
    kinds: array[int] = field(default_factory=lambda: array("I"))

    def add(self, row: int, column: int, kind: int) -> None:
        self.rows.append(row)
        self.columns.append(column)
        self.kinds.append(kind)


@dataclass(slots=True)
class SheetScan:
    """What the reader does not tell of one sheet. `errors`: texts of error cells. `booleans`: yes/no cells. `uncalculated`:
    formulas without a result. `formulas`: how many there are with one, `first_formula` where the first stands. `digits` looks
    for whole numbers of 16 and more digits, as the file holds them."""

    errors: dict[Position, str] = field(default_factory=dict)
    booleans: dict[Position, bool] = field(default_factory=dict)
    uncalculated: list[Position] = field(default_factory=list)
    formulas: int = 0
    first_formula: Position | None = None
    shapes: Shapes = field(default_factory=Shapes)
    digits: Callable[[], dict[Position, str]] = dict
    texts: dict[Position, str] = field(default_factory=dict)
    """What stands in cells that the reader gives in another form."""
    is_hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
    struck: list[Position] = field(default_factory=list)
    """Filled cells that are struck out."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top, left, bottom, right; only where the reader does not tell."""

    def check(self) -> None:
        """Whether what was found so far can be held."""
        if len(self.errors) + len(self.booleans) + len(self.uncalculated) + len(self.texts) + len(self.merged) > MAXIMUM_MARKS:
            raise too_many()

    def formula(self, at: Position) -> None:
        self.formulas += 1
        self.first_formula = self.first_formula or at


@dataclass(slots=True)
class Scan:
    """Sheets by name. `details` fill the sheets; they may run while the reader reads."""

    sheets: dict[str, SheetScan] = field(default_factory=dict)
    details: list[Callable[[], None]] = field(default_factory=list)


def reaches(row: int, column: int) -> bool:
    """Whether a cell there lies too far out for the table to be held."""
    return row > MAXIMUM_ROWS or column > MAXIMUM_COLUMNS or row * column > MAXIMUM_CELLS


def too_far(sheet: str, row: int, column: int) -> Unfit:
    return Unfit("S105", sheet=sheet, cell=f"{column_letters(column)}{row}", limit=f"{MAXIMUM_CELLS:,}")


def too_large(limit: int = MAXIMUM_UNPACKED) -> Unfit:
    """`limit`: in bytes, unpacked."""
    return Unfit("S103", limit=limit // MEGABYTE)


def too_many() -> Unfit:
    return Unfit("S123", limit=f"{MAXIMUM_MARKS:,}")


# --- zip ---

_CHUNK: Final = 4 * MEGABYTE
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1


class Archive:
    """A zip file in memory. `names`: of its entries, as written. `unpacked` counts the bytes that were unpacked so far."""

    def __init__(self, content: bytes) -> None:
        if content.count(_ENTRY) > MAXIMUM_ENTRIES:  # before any of them takes memory
            raise too_large()
        try:
            with zipfile.ZipFile(BytesIO(content)) as file:
                entries = file.infolist()
        except Exception:  # struct.error, ValueError, UnicodeDecodeError and others, all for the same reason
            raise Unfit("S102") from None
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Unfit("S101")
        self._content = content
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Unfit("S102")  # two parts of one name: which one a reader takes is anybody's guess
        self.names = [entry.filename for entry in entries]
        self.unpacked = 0

    def has(self, name: str) -> bool:
        return name.lower() in self._entries

    def size(self, name: str) -> int:
        """Bytes of an entry unpacked; its `chunks` make sure."""
        return self._entries[name.lower()].file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """An entry's content, piece by piece."""
        entry = self._entries.get(name.lower())
        if entry is None or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unfit("S102")
        start = entry.header_offset
        header = self._content[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size:
            raise Unfit("S102")
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start += _LOCAL_HEADER.size + name_length + extra_length
        packed = self._content[start : start + entry.compress_size]
        if signature != b"PK\x03\x04" or len(packed) < entry.compress_size:
            raise Unfit("S102")
        size = 0
        for chunk in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else iter((packed,)):
            size += len(chunk)
            self.unpacked += len(chunk)
            if self.unpacked > MAXIMUM_UNPACKED:
                raise too_large()
            yield chunk
        if size != entry.file_size:
            raise Unfit("S102")

    def whole(self, name: str) -> bytes:
        return b"".join(self.chunks(name))


def _inflated(packed: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not inflater.eof:
            chunk = inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
            if not chunk and not inflater.eof:
                raise Unfit("S102")  # it stops short
            yield chunk
    except zlib.error:
        raise Unfit("S102") from None


# --- XML ---

XML_FAULTS: Final = (expat.ExpatError, LookupError, ValueError)
"""What the parser raises: for no XML, for an encoding that it does not know, and for one that it cannot read."""


def _refuse_doctype(*_: object) -> None:
    raise Unfit("S104")


def xml_parser() -> expat.XMLParserType:
    """A parser that refuses a document type, and with it every entity. Names come without their namespace's prefix, as
    `namespace name`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def parse(parser: expat.XMLParserType, archive: Archive, part: str) -> None:
    """Runs a part through a parser, to its end."""
    try:
        for chunk in archive.chunks(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except XML_FAULTS:
        raise Unfit("S102") from None


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def local_attributes(attributes: dict[str, str]) -> dict[str, str]:
    return {local(name): value for name, value in attributes.items()}


def elements(archive: Archive, part: str, wanted: frozenset[str]) -> list[tuple[str, dict[str, str]]]:
    """The elements of a part with these (local) names, in their order, with their attributes (local names)."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element in wanted:
            if len(found) == MAXIMUM_ELEMENTS:
                raise too_large()
            found.append((element, local_attributes(attributes)))

    parser = xml_parser()
    parser.StartElementHandler = start
    parse(parser, archive, part)
    return found
