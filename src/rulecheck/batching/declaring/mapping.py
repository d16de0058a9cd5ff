"""The mapping file for large tables: what `facts.layout.heading_map` reads, and four keys more.

    表: {claims_2023: 失业保险金申领}    # what a table holds; 忽略 for one that is not to be read
    计量单位: {工资总额: 万元}           # of a column whose heading names none
    空值: {撤销日: 无}                   # where a blank means that there is none
    齐全: [上课日]                       # kinds of which every member is in its table
    单位:
      计量单位: {人数: 千人}             # in tables of this kind only

In English `tables`, `units`, `blank`, `complete`.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Final, TypeVar

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.files import decode
from rulecheck.facts.headings import Headings, clean
from rulecheck.facts.layout.heading_map import OF_KINDS, HeadingMap, heading_map_of
from rulecheck.facts.layout.words import meanings, squeezed
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Node, Problem, first_at, shown
from rulecheck.facts.nodes import Mapping as Entries
from rulecheck.measures.numerals import read_marker
from rulecheck.measures.units import Unit, unit_table
from rulecheck.rules.model import Kind

_K = TypeVar("_K")

_EVERY: Final = ""
"""Stands for the kinds together."""


@dataclass(slots=True)
class Told:
    """What the file says of one heading or table: `key` is where, `value` a unit, a kind, or nothing more; a table without a kind
    is not to be read."""

    key: Key
    value: Unit | Kind | None = None
    is_used: bool = False


@dataclass(slots=True)
class TableMapping:
    """`units` and `blank` by kind (English id, empty for all) and heading, `tables` by name, `complete` by kind; names without
    white space and case. `faults` are those of the file, with what it is called."""

    faults: Faults = field(default_factory=lambda: Faults(""))
    headings: HeadingMap = field(default_factory=HeadingMap)
    units: dict[tuple[str, str], Told] = field(default_factory=dict)
    blank: dict[tuple[str, str], Told] = field(default_factory=dict)
    complete: dict[str, Told] = field(default_factory=dict)
    tables: dict[str, Told] = field(default_factory=dict)

    def table(self, name: str, file: str) -> Kind | None:
        """The kind of a table, by its own name or else that of its file; None where the file does not say."""
        told = self._of_table(name, file)
        return told.value if told is not None and isinstance(told.value, Kind) else None

    def is_ignored(self, name: str, file: str) -> bool:
        """Whether a table is not to be read."""
        told = self._of_table(name, file)
        return told is not None and told.value is None

    def _of_table(self, name: str, file: str) -> Told | None:
        names = (name, file, PurePath(file).name, PurePath(file).stem)
        told = next((found for each in names if (found := self.tables.get(squeezed(each)))), None)
        if told is not None:
            told.is_used = True
        return told

    def of(self, section: dict[tuple[str, str], Told], kind: Kind, *names: str) -> Told | None:
        """What a section says of a column of a kind, by its heading or its fact's names."""
        wanted = [(each, squeezed(name)) for each in (kind.id, _EVERY) for name in names]
        told = next((found for key in wanted if (found := section.get(key))), None)
        if told is not None:
            told.is_used = True
        return told

    def warn_unused(self) -> None:
        """Says which entries no table had."""
        self.headings.warn_unused(self.faults)
        for code, name, sections in (
            ("S325", "heading", (self.units, self.blank)),
            ("B136", "name", (self.complete, self.tables)),
        ):
            for told in (each for section in sections for each in section.values() if not each.is_used):
                self.faults.warn(code, told.key.spot, **{name: shown(told.key.text)})


def load_mapping(path: Path, name: str, headings: Headings) -> TableMapping:
    """The mapping of a file; `name` is what it is called in messages. Its faults are in `TableMapping.faults`."""
    faults = Faults(name)
    try:
        content = path.read_bytes()
    except OSError:
        faults.add("F101")
        return TableMapping(faults)
    text = decode(content, faults)
    return read_mapping(text, headings, faults) if text is not None else TableMapping(faults)


def read_mapping(text: str, headings: Headings, faults: Faults) -> TableMapping:
    """The mapping of a YAML text; every fault in it goes into `faults`, whose file it is."""
    from rulecheck.facts.yaml_reader import read_yaml

    found = TableMapping(faults)
    tree, _ = read_yaml(text, faults)
    if faults.errors:
        return found
    found.headings = heading_map_of(_without_own(tree, None, headings, found), headings, faults)
    return found


def _without_own(tree: Node | None, kind: Kind | None, headings: Headings, found: TableMapping) -> Node | None:
    """The tree without the sections that are only for large tables, which are read."""
    if not isinstance(tree, Entries):
        return tree
    rest: list[tuple[Key, Node]] = []
    for key, node in tree.entries:
        section = meanings("mapping_of_tables").get(squeezed(key.text))
        named = headings.kind(key.text) if kind is None and section is None else None
        if section is not None and (kind is None or section in OF_KINDS):
            _read_section(section, key, node, kind, headings, found)
        elif isinstance(named, Kind):
            rest.append((key, _without_own(node, named, headings, found) or node))
        else:
            rest.append((key, node))
    return Entries(rest, tree.spot)


def _read_section(section: str, key: Key, node: Node, kind: Kind | None, headings: Headings, found: TableMapping) -> None:
    if section == "complete":
        _read_complete(key, node, headings, found)
        return
    if not isinstance(node, Entries):
        found.faults.add("S321", node.spot)
        return
    for heading, below in node.entries:
        if not isinstance(below, Cell) or not below.text.strip() or not heading.text.strip():
            found.faults.add("S324", heading.spot, heading=shown(heading.text))
        elif section == "tables":
            named = headings.kind(below.text)
            if isinstance(named, Problem) and meanings("mapping").get(squeezed(below.text)) == "ignore":
                _keep(found.tables, squeezed(heading.text), Told(heading), found.faults)
            elif isinstance(named, Problem):
                found.faults.report(named, below.spot)
            else:
                _keep(found.tables, squeezed(heading.text), Told(heading, named), found.faults)
        else:
            _read_of_column(section, heading, below, kind, found)


def _read_of_column(section: str, heading: Key, below: Cell, kind: Kind | None, found: TableMapping) -> None:
    place = (kind.id if kind else _EVERY, squeezed(heading.text))
    if section == "units":
        unit = unit_table().find(below.text.strip())
        if unit is None:
            near = "、".join(unit_table().closest(below.text.strip()))
            found.faults.add("B134", below.spot, unit=shown(below.text), near=near)
        else:
            _keep(found.units, place, Told(heading, unit), found.faults)
    elif read_marker(below.text) != "none":
        found.faults.add("B131", below.spot, value=shown(below.text))
    else:
        _keep(found.blank, place, Told(heading), found.faults)


def _read_complete(key: Key, node: Node, headings: Headings, found: TableMapping) -> None:
    written = [node] if isinstance(node, Cell) else node.nodes if isinstance(node, Items) else []
    if isinstance(node, Entries) or not written or not all(isinstance(each, Cell) for each in written):
        found.faults.add("B133", node.spot, key=clean(key.text))
        return
    for each in written:
        assert isinstance(each, Cell)
        kind = headings.kind(each.text)
        if isinstance(kind, Problem):
            found.faults.report(kind, each.spot)
        elif kind.parent is None:
            found.faults.add("B132", each.spot, kind=kind.zh, kind_en=kind.id)
        else:
            _keep(found.complete, kind.id, Told(Key(each.text, each.spot)), found.faults)


def _keep(section: dict[_K, Told], place: _K, told: Told, faults: Faults) -> None:
    if place in section:
        faults.add("S326", told.key.spot, heading=shown(told.key.text), **first_at(section[place].key.spot))
    else:
        section[place] = told
