"""One file after another into what it tells, whatever its format. A reader is loaded when the first file of its format comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.drafts import SIGNATURE, read_drafts
from rulecheck.facts.files import Input, decode, encoding_of
from rulecheck.facts.grids import Grid, Table
from rulecheck.facts.headings import Headings
from rulecheck.facts.limits import MAXIMUM_CELLS
from rulecheck.facts.nodes import VALUES_OF_A_MAPPING, Faults, Node, TooManyFaults
from rulecheck.facts.told import FileFacts
from rulecheck.rules.model import Kind

if TYPE_CHECKING:
    from rulecheck.facts.layout.heading_map import HeadingMap
    from rulecheck.facts.spreadsheets.session import Session

_TREES: Final = frozenset({"yaml", "json"})
_STEM_ENDS: Final = re.compile(r"[-_（(]")


@dataclass(slots=True)
class Opened:
    """A file's content before anything is known of its meaning: a tree, or grids. `count`: its values or cells."""

    tree: Node | None = None
    grids: list[Grid] = field(default_factory=list)
    count: int = 0
    encoding: str = ""

    @property
    def is_blank(self) -> bool:
        return self.tree is None and not self.grids


class Reading:
    """The reading of all files of one run. To be used with `with`: what was started for it ends there.

    `left`: how many values the run may still hold.
    """

    def __init__(self, headings: Headings) -> None:
        self.headings = headings
        self.mapping: HeadingMap | None = None
        self.left = MAXIMUM_CELLS
        self._session: Session | None = None
        self._ending = ExitStack()

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None) -> None:
        self._ending.close()

    def open(self, given: Input, content: bytes, faults: Faults) -> Opened:
        """The content of a file of whatever format; nothing where it cannot be read."""
        if given.format not in (*_TREES, "csv"):
            grids = self._spreadsheets().read(content, given.name, faults)
            return Opened(grids=grids, count=sum(map(_cells, grids)))
        text = decode(content, faults, given.format == "csv")
        if text is None or not text.strip():
            return Opened()
        match given.format:
            case "csv":
                from rulecheck.facts.csv_reader import read_csv

                grid = read_csv(text, given.name, faults)
                opened = Opened(grids=[grid], count=_cells(grid)) if grid is not None else Opened()
            case "json":
                from rulecheck.facts.json_reader import read_json

                tree, count = read_json(text, faults)
                opened = Opened(tree, count=count)
            case _:
                from rulecheck.facts.yaml_reader import read_yaml

                tree, count = read_yaml(text, faults)
                opened = Opened(tree, count=count)
        opened.encoding = encoding_of(content)
        return opened

    def read(self, given: Input, content: bytes | None, faults: Faults) -> FileFacts:
        """What a file tells. `content` None: it could not be read at all, which `faults` says."""
        faults.is_reading = True
        try:
            return self._read(given, content, faults)
        except TooManyFaults:
            return FileFacts(given.name, faults, lost=self._lost(given, ()), format=given.format)
        finally:
            faults.is_reading = False

    def _read(self, given: Input, content: bytes | None, faults: Faults) -> FileFacts:
        opened = self.open(given, content, faults) if content is not None else Opened()
        if opened.count > self.left and not faults.errors:
            faults.add("F120", 0, limit=f"{MAXIMUM_CELLS:,}")
            facts = FileFacts(given.name, faults, lost=self._lost(given, opened.grids))
        elif given.format in _TREES:
            if opened.is_blank and not faults.errors:
                faults.add("F113")
            facts = read_drafts(opened.tree, faults, self.headings)
        else:
            facts = self._read_grids(given, opened.grids, faults)
        if not faults.errors:
            # What is refused is not kept, and takes nothing from the files after it.
            self.left -= opened.count
        facts.format, facts.encoding = given.format, opened.encoding
        facts.sheets = tuple(grid.sheet for grid in opened.grids if grid.sheet)
        return facts

    def _spreadsheets(self) -> Session:
        if self._session is None:
            from rulecheck.facts.spreadsheets.session import Session

            self._session = self._ending.enter_context(Session())
        return self._session

    # --- tables ---

    def _read_grids(self, given: Input, grids: Sequence[Grid], faults: Faults) -> FileFacts:
        from rulecheck.facts.columns import read_table
        from rulecheck.facts.layout.heading_map import NO_MAPPING
        from rulecheck.facts.layout.sheet import read_layout

        facts = FileFacts(given.name, faults)
        if not grids and not faults.errors:
            faults.add("F113")
        stem_kind = self._stem_kind(given)
        mapping = self.mapping or NO_MAPPING
        tables = [table for grid in grids for table in read_layout(grid, self.headings, stem_kind, mapping, faults)]
        was_broken = bool(faults.errors)
        count = 0
        for table in tables:
            block = read_table(table, self.headings, faults, count)
            if block is not None:
                facts.blocks.append(block)
                count += block.count
        facts.signature = _signature(tables)
        if was_broken:
            facts.lost = self._lost(given, grids) | {block.kind.id for block in facts.blocks}
        elif not count and not faults.errors:
            faults.add("F229")
        return facts

    def _lost(self, given: Input, grids: Sequence[Grid]) -> set[str]:
        """Kinds of which a broken table may have held rows that were not read: only a table gives members row by row."""
        if given.format in _TREES:
            return set()
        found = [self.headings.kind(name) for name in (self._stem_kind(given), *(grid.sheet for grid in grids))]
        return {kind.id for kind in found if isinstance(kind, Kind)}

    def _stem_kind(self, given: Input) -> str:
        named = given.path or (Path(given.name) if given.content is not None else None)
        stem = named.stem if named is not None else given.name
        return kind_of_stem(stem, lambda name: isinstance(self.headings.kind(name), Kind))


def kind_of_stem(stem: str, is_kind: Callable[[str], bool]) -> str:
    """The kind that a file's name gives: `单位-2023年`, `单位_甲局`, `单位（市直）` give 单位, `tobacco_shop-2023`
    tobacco_shop. The longest beginning that names a kind counts; where none does, the shortest is told as unknown."""
    ends = [found.start() for found in _STEM_ENDS.finditer(stem)]
    beginnings = [stem.strip(), *(stem[:end].strip() for end in reversed(ends))]
    return next((each for each in beginnings if is_kind(each)), beginnings[-1])


def _cells(grid: Grid) -> int:
    return len(grid.rows) * max(len(grid.rows[0]), VALUES_OF_A_MAPPING) if grid.rows else 0


def _signature(tables: Sequence[Table]) -> dict[str, str]:
    """Who signed a file: for each word what the first table with it says."""
    found: dict[str, str] = {}
    for table in tables:
        for word, key in table.header.words.items():
            if word in SIGNATURE and key.text.strip():
                found.setdefault(word, key.text.strip())
    return found
