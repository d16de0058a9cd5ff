"""The mapping file (`--headings FILE`): headings as units write them, and what they are called in the vocabulary.

    表头:
      在编人数: 编制
      工资总额: 职工工资（万元）
      2022年就业: 新增就业人数@2022年
    忽略: [联系电话, 传真]
    单位:                     # for tables of this kind only; comes before what is for all
      表头: {单位全称: 名称}

In English `headings`, `ignore` and the id of a kind. Several headings may stand for one name, as units differ; that two of them
do so in one table is a fault of that table.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.headings import Headings, Ignored, clean
from rulecheck.facts.layout.words import meanings, squeezed
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Node, Problem, first_at, near, shown
from rulecheck.facts.nodes import Mapping as Entries
from rulecheck.rules.model import Kind

_EVERY: Final = ""
"""Stands for the kinds together, where a mapping names none."""


OF_KINDS: Final = frozenset({"units", "blank"})
"""Keys of large tables that a kind can have for itself."""


@dataclass(slots=True)
class Entry:
    """What one heading stands for: a key of the vocabulary, empty for a heading to pass over."""

    key: Key
    target: str
    is_used: bool = False


@dataclass(slots=True)
class HeadingMap:
    """Entries by the id of the kind (empty: of every kind) and the heading without white space and case."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    def target(self, kind: Kind | None, heading: str) -> str | None:
        """What a heading stands for, empty where it is passed over, None where the file does not name it. Without a kind, what
        it stands for in any."""
        if not self.entries:
            return None
        name = squeezed(heading)
        wanted = [kind.id, _EVERY] if kind is not None else [each for each, written in self.entries if written == name]
        for each in wanted:
            entry = self.entries.get((each, name))
            if entry is not None:
                entry.is_used = entry.is_used or kind is not None
                return entry.target
        return None

    def warn_unused(self, faults: Faults) -> None:
        """Says which entries no table had; to be asked once every file is read."""
        for entry in self.entries.values():
            if not entry.is_used:
                faults.warn("S325", entry.key.spot, heading=shown(entry.key.text))


NO_MAPPING: Final = HeadingMap()


def read_heading_map(text: str, headings: Headings, faults: Faults) -> HeadingMap:
    """The mapping of a YAML text; every fault in it goes into `faults`, whose file it is."""
    from rulecheck.facts.yaml_reader import read_yaml  # loads yaml, which a run without such a file need not

    tree, _ = read_yaml(text, faults)
    return HeadingMap() if faults.errors else heading_map_of(tree, headings, faults)


def heading_map_of(tree: Node | None, headings: Headings, faults: Faults) -> HeadingMap:
    """The mapping that a file holds, once it is read."""
    found = HeadingMap()
    if not isinstance(tree, Entries):
        faults.add("S321", tree.spot if tree is not None else 0)
        return found
    for key, node in tree.entries:
        if _section_of(key) is not None:
            _read_section(key, node, None, headings, found, faults)
            continue
        kind = headings.kind(key.text)
        if isinstance(kind, Problem) and _is_for_large_tables(key, faults):
            continue
        if isinstance(kind, Problem):
            faults.add("S322", key.spot, name=shown(key.text), near=near(clean(key.text), _known_sections(headings)))
        elif not isinstance(node, Entries):
            faults.add("S321", node.spot)
        else:
            for inner, below in node.entries:
                if _section_of(inner) is None and not _is_for_large_tables(inner, faults, OF_KINDS):
                    faults.add("S322", inner.spot, name=shown(inner.text), near=near(clean(inner.text), meanings("mapping")))
                elif _section_of(inner) is not None:
                    _read_section(inner, below, kind, headings, found, faults)
    return found


def _section_of(key: Key) -> str | None:
    return meanings("mapping").get(squeezed(key.text))


def _is_for_large_tables(key: Key, faults: Faults, among: Collection[str] | None = None) -> bool:
    """Whether a key is one (`among` these) that only `batch` reads, which is told: to pass over a unit would make another figure
    of a number."""
    section = meanings("mapping_of_tables").get(squeezed(key.text))
    is_one = section is not None and (among is None or section in among)
    if is_one:
        faults.add("S328", key.spot, name=shown(key.text))
    return is_one


def _known_sections(headings: Headings) -> list[str]:
    return [*meanings("mapping"), *headings.kind_names]


def _read_section(key: Key, node: Node, kind: Kind | None, headings: Headings, found: HeadingMap, faults: Faults) -> None:
    if _section_of(key) == "ignore":
        written = [node] if isinstance(node, Cell) else node.nodes if isinstance(node, Items) else []
        if isinstance(node, Entries) or not all(isinstance(each, Cell) for each in written):
            faults.add("S323", node.spot)
            return
        for each in written:
            assert isinstance(each, Cell)
            _keep(Key(each.text, each.spot), "", kind, found, faults)
        return
    if not isinstance(node, Entries):
        faults.add("S321", node.spot)
        return
    for heading, target in node.entries:
        if not isinstance(target, Cell) or not target.text.strip():
            faults.add("S324", heading.spot, heading=shown(heading.text))
            continue
        problem = _problem_of(target.text, kind, headings)
        if problem is not None:
            faults.report(problem, target.spot)
        else:
            _keep(heading, target.text.strip(), kind, found, faults)


def _keep(heading: Key, target: str, kind: Kind | None, found: HeadingMap, faults: Faults) -> None:
    name = squeezed(heading.text)
    if not name:
        faults.add("S324", heading.spot, heading="")
        return
    key = (kind.id if kind else _EVERY, name)
    if key in found.entries:
        faults.add("S326", heading.spot, heading=shown(heading.text), **first_at(found.entries[key].key.spot))
        return
    found.entries[key] = Entry(heading, target)


def _problem_of(target: str, kind: Kind | None, headings: Headings) -> Problem | None:
    """What is wrong with a name that a heading is said to stand for; for every kind, it must be one of any."""
    kinds = [kind] if kind is not None else list(headings.rules.kinds.values())
    found = [headings.meaning(each, target) for each in kinds]
    if any(not isinstance(each, Problem | Ignored) for each in found):
        return None
    if kind is not None and isinstance(found[0], Problem):
        return found[0]
    # of several kinds, what is wrong with the name where it is a name at all
    told = next((each for each in found if isinstance(each, Problem) and each.code not in ("F202", "F204", "F205")), None)
    known = [name for fact in headings.rules.facts.values() for name in (fact.zh, fact.id)]
    return told or Problem("S327", {"name": shown(target), "near": near(clean(target), known)})
