"""One file's tree into drafts: subjects with typed values, not yet joined with what other files say of the same
subjects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rulecheck.facts.headings import ChildKey, FactKey, Headings, Ignored, Reserved, clean, listed, word_of, words
from rulecheck.facts.nodes import (
    Cell,
    Faults,
    Items,
    Key,
    Mapping,
    Node,
    Problem,
    Spot,
    code_points,
    first_at,
    near,
    shown,
    where,
)
from rulecheck.facts.values import check_text, from_fault, period_example, read_period_of, read_value
from rulecheck.measures.numerals import Fault, read_date, read_marker, read_yes_no
from rulecheck.measures.places import Place
from rulecheck.measures.units import Unit
from rulecheck.rules.model import Fact, Kind
from rulecheck.submission import UNTOLD, Origin

Slot = int | tuple[int, str]
"""A fact's place in `Subject.values`, with the period key of a periodic fact."""


@dataclass(slots=True)
class Statement:
    """What a file says of one roster as a whole. `is_empty`: stated to have no members at all."""

    is_complete: bool
    is_empty: bool
    origin: Origin


@dataclass(slots=True, eq=False)
class Draft:
    """One subject as one file gives it. `values` holds what the file mentions, untold values included.

    `written_id` and `written_name` are 编号 and 名称, empty where not given. `parent`: the draft it is nested in;
    `parent_text` what 上级 says. `place` and `as_of` are its own, `header_place` and `header_as_of` those of the
    file.
    """

    kind: Kind
    file: str
    order: int
    spot: Spot
    origin: Origin
    parent: Draft | None
    written_id: str = ""
    written_name: str = ""
    parent_text: str = ""
    place: Place | None = None
    header_place: Place | None = None
    as_of: int | None = None
    header_as_of: int | None = None
    values: dict[Slot, tuple[Any, Origin]] = field(default_factory=dict)
    rosters: dict[str, Statement] = field(default_factory=dict)
    reasons: dict[str, tuple[str, Origin]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.written_id or self.written_name

    @property
    def shown(self) -> str:
        """The subject for a message; not named where its kind is sensitive."""
        return shown(self.id, self.kind.sensitive)


@dataclass(slots=True)
class FileFacts:
    """What one file says. `lost`: kinds of which the file holds rows that could not be read at all."""

    file: str
    faults: Faults
    drafts: list[Draft] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Header:
    place: Place | None = None
    as_of: int | None = None


def read_drafts(tree: Node | None, faults: Faults, headings: Headings, is_table: bool) -> FileFacts:
    """The subjects of a file in the order of the file, parents before their members; faults go into `faults`.

    `is_table`: the file is a table, whose columns may serve several kinds.
    """
    reader = _Reader(faults, headings, is_table)
    if isinstance(tree, Mapping):
        reader.read_top(tree)
    elif tree is not None:
        # A scalar at the top is most often a whole file typed with full-width colons.
        is_wide = isinstance(tree, Cell) and "：" in tree.text
        faults.add("F132" if is_wide else "F214", tree.spot)
    if not (reader.drafts or reader.is_told_empty or faults.errors):
        faults.add("F229")
    return FileFacts(faults.file, faults, reader.drafts)


class _Reader:
    """Reads the drafts of one file. `header` is complete before the first subject is read."""

    def __init__(self, faults: Faults, headings: Headings, is_table: bool) -> None:
        self.faults = faults
        self.headings = headings
        self.is_table = is_table
        self.header = _Header()
        self.drafts: list[Draft] = []
        self.is_told_empty = False
        self._values: dict[tuple[str, str, str, Unit | None], Any] = {}

    # --- the top of the file ---

    def read_top(self, tree: Mapping) -> None:
        subjects: list[tuple[Key, Node]] = []
        taken: dict[str, Key] = {}
        for key, node in tree.entries:
            word = words("reserved").get(clean(key.text))
            if word is not None:
                if self._is_first(taken, word, key):
                    self._header_word(word, key, node)
            else:
                subjects.append((key, node))
        for key, node in subjects:
            problem = check_text(key.text)
            kind = problem or self.headings.kind(key.text)
            if isinstance(kind, Problem):
                name = clean(key.text)
                if name in listed("ignored") or name.lower() in listed("ignored"):
                    self.faults.warn("F207", key.spot, name=shown(name))
                else:
                    is_stem = self.is_table and key.spot == 0
                    self.faults.report(Problem("F227", kind.values) if is_stem else kind, key.spot)
            elif self._is_first(taken, f"kind {kind.id}", key):
                self._top_kind(kind, node)

    def _header_word(self, word: str, key: Key, node: Node) -> None:
        match word:
            case "place" if isinstance(node, Cell):
                self.header.place = self._place(node)
            case "as_of" if isinstance(node, Cell):
                self.header.as_of = self._as_of(node)
            case "records":
                self.faults.add("F208", key.spot)
            case "place" | "as_of":
                self._single(key, node)
            case _:
                self.faults.add("F222", key.spot, name=shown(key.text))

    def _top_kind(self, kind: Kind, node: Node) -> None:
        if isinstance(node, Cell):
            if clean(node.text).lower() in listed("empty"):
                self.is_told_empty = True
            elif read_marker(node.text) is None:
                value = shown(node.text, kind.sensitive)
                self.faults.add("F215", node.spot, kind=kind.zh, kind_en=kind.id, value=value)
            return
        members = node.nodes if isinstance(node, Items) else [node]
        self.is_told_empty = self.is_told_empty or not members
        for member in members:
            if isinstance(member, Mapping):
                self._subject(member, kind, None)
            else:
                self.faults.add("F211", member.spot, kind=kind.zh, kind_en=kind.id)

    # --- one subject ---

    def _subject(self, node: Mapping, kind: Kind, parent: Draft | None) -> None:
        draft = Draft(
            kind,
            self.faults.file,
            len(self.drafts),
            node.spot,
            self._origin(node.spot, ""),
            parent,
            header_place=self.header.place,
            header_as_of=self.header.as_of,
        )
        self.drafts.append(draft)
        taken: dict[object, Key] = {}
        children: list[tuple[Key, Kind, Node]] = []
        for key, below in node.entries:
            match self.headings.meaning(kind, key.text):
                case FactKey(fact, slot, unit, period):
                    if fact.every is None and isinstance(below, Cell):
                        if slot in taken:
                            self._twice(taken[slot], key)
                        else:
                            taken[slot] = key
                            self._keep(draft, slot, below, fact, unit)
                    else:
                        self._fact(draft, key, below, FactKey(fact, slot, unit, period), taken)
                case Reserved(word, rest):
                    if self._is_first(taken, f"{word}@{rest}", key):
                        self._reserved(draft, word, rest, key, below)
                case ChildKey(child):
                    if self._is_first(taken, child.id, key):
                        children.append((key, child, below))
                case Ignored():
                    self.faults.warn("F207", key.spot, name=shown(clean(key.text)))
                case Problem() as problem:
                    is_blank = isinstance(below, Cell) and not below.text.strip()
                    if not (problem.code == "F204" and self.is_table and is_blank):
                        self.faults.report(problem, key.spot)
        self._check_identity(draft)
        for key, child, below in children:
            self._roster(draft, key, child, below)

    def _check_identity(self, draft: Draft) -> None:
        names = {clean(draft.written_id).lower(), clean(draft.written_name).lower()}
        if self.is_table and names & listed("totals"):
            self.faults.add("F220", draft.spot, name=draft.id)
        elif not draft.id:
            self.faults.add("F210", draft.spot, kind=draft.kind.zh, kind_en=draft.kind.id)

    def _reserved(self, draft: Draft, word: str, rest: str, key: Key, node: Node) -> None:
        if word == "reasons":
            self._reasons(draft, rest, node)
            return
        if rest or word in ("incomplete", "list", "records") or (word == "kind" and not self.is_table):
            self.faults.add("F208" if word == "records" else "F222", key.spot, name=shown(clean(key.text)))
            return
        if not self._single(key, node):
            return
        assert isinstance(node, Cell)
        match word:
            case "id":
                draft.written_id = self._identifier(node, key)
            case "name":
                draft.written_name = self._identifier(node, key)
            case "place":
                draft.place = self._place(node)
            case "as_of":
                draft.as_of = self._as_of(node)
            case "parent":
                draft.parent_text = self._identifier(node, key)
                if draft.parent_text and (draft.parent is not None or draft.kind.parent is None):
                    code = "F218" if draft.parent is not None else "F226"
                    self.faults.add(code, node.spot, kind=draft.kind.zh, kind_en=draft.kind.id)
        draft.origin = self._origin(draft.spot, draft.id)

    def _identifier(self, cell: Cell, key: Key) -> str:
        problem = check_text(cell.text)
        if problem is None and (odd := set(cell.text.strip()) & set("\t\n\r")):
            problem = Problem("F112", {"characters": code_points(sorted(odd))})
        if problem is None and cell.form == "boolean":
            problem = Problem("F302", {"fact": clean(key.text), "fact_en": clean(key.text), "value": cell.text})
        if problem is not None:
            self.faults.report(problem, cell.spot, clean(key.text))
            return ""
        return "" if _is_untold(cell) else cell.text.strip()

    def _reasons(self, draft: Draft, rule_name: str, node: Node) -> None:
        """`说明理由: {规则: 理由}`, or a column `说明理由@规则`."""
        given: list[tuple[Key, Node]]
        if rule_name:
            given = [(Key(rule_name, node.spot), node)]
        elif isinstance(node, Mapping):
            given = node.entries
        elif isinstance(node, Cell) and _is_untold(node):
            given = []
        else:
            self.faults.add("F228", node.spot)
            return
        known = self.headings.rule_names
        for key, below in given:
            name = clean(key.text)
            if name not in known:
                self.faults.add("F221", key.spot, name=shown(name), near=near(name, known))
            elif not isinstance(below, Cell):
                self._single(key, below)
            elif not _is_untold(below):
                problem = check_text(below.text)
                if problem:
                    self.faults.report(problem, below.spot)
                elif known[name] in draft.reasons:
                    origin = draft.reasons[known[name]][1]
                    first = {"first": origin.where_zh, "first_en": origin.where_en}
                    self.faults.add("F209", key.spot, name=shown(name), other=shown(name), **first)
                else:
                    draft.reasons[known[name]] = (below.text.strip(), self._origin(below.spot, below.text))

    # --- facts ---

    def _fact(self, draft: Draft, key: Key, node: Node, meaning: FactKey, taken: dict[object, Key]) -> None:
        """A fact that is periodic, or that is not given as one value."""
        fact, slot, unit, period = meaning.fact, meaning.slot, meaning.unit, meaning.period
        names: dict[str, object] = {"fact": fact.zh, "fact_en": fact.id}
        if fact.every is None or period is not None:
            place: Slot = slot if fact.every is None or period is None else (slot, period)
            if self._is_first(taken, place, key) and self._single(key, node):
                assert isinstance(node, Cell)
                self._keep(draft, place, node, fact, unit)
            return
        if isinstance(node, Cell):
            if not _is_untold(node):
                self.faults.add("F223", node.spot, **names, **period_example(fact.every))
            return
        if isinstance(node, Items):
            self.faults.add("F223", node.spot, **names, **period_example(fact.every))
            return
        for inner, below in node.entries:
            found = read_period_of(inner.text, fact)
            if isinstance(found, Problem):
                self.faults.report(found, inner.spot)
            elif self._is_first(taken, (slot, found), inner) and self._single(inner, below):
                assert isinstance(below, Cell)
                self._keep(draft, (slot, found), below, fact, unit)

    def _keep(self, draft: Draft, slot: Slot, cell: Cell, fact: Fact, unit: Unit | None) -> None:
        key = (fact.id, cell.text, cell.form, unit)
        if key in self._values:
            value = self._values[key]
        else:
            value = self._values[key] = read_value(cell, fact, unit)
        if isinstance(value, Problem):
            self.faults.report(value, cell.spot, fact.zh, fact.id)
            value = UNTOLD
        draft.values[slot] = (value, self._origin(cell.spot, cell.text, fact))

    # --- rosters ---

    def _roster(self, draft: Draft, key: Key, kind: Kind, node: Node) -> None:
        origin = self._origin(key.spot if isinstance(key.spot, str) else node.spot, "")
        is_complete = True
        if isinstance(node, Mapping):
            kept = {words("reserved").get(clean(inner.text)): (inner, below) for inner, below in node.entries}
            if "incomplete" in kept or "list" in kept:
                partial = self._partial(kept, len(node.entries), node.spot)
                if partial is None:
                    return
                is_complete, node = partial
        if isinstance(node, Cell):
            if clean(node.text).lower() in listed("empty"):
                draft.rosters[kind.id] = Statement(is_complete, True, self._origin(node.spot, node.text))
            elif not _is_untold(node):
                self.faults.add("F212", node.spot, kind=kind.zh, kind_en=kind.id)
            return
        members = node.nodes if isinstance(node, Items) else [node]
        draft.rosters[kind.id] = Statement(is_complete, not members and is_complete, origin)
        for member in members:
            if isinstance(member, Mapping):
                self._subject(member, kind, draft)
            else:
                self.faults.add("F211", member.spot, kind=kind.zh, kind_en=kind.id)

    def _partial(self, kept: dict[str | None, tuple[Key, Node]], count: int, spot: Spot) -> tuple[bool, Node] | None:
        """Whether `{未报全: 是, 名单: […]}` is complete after all, and its list."""
        if set(kept) != {"incomplete", "list"} or count != len(kept):
            self.faults.add("F216", spot)
            return None
        key, cell = kept["incomplete"]
        if not self._single(key, cell):
            return None
        assert isinstance(cell, Cell)
        answer = read_yes_no(cell.text)
        if isinstance(answer, Fault):
            self.faults.report(from_fault(answer), cell.spot, clean(key.text))
            return None
        return not answer, kept["list"][1]

    # --- small things ---

    def _is_first(self, taken: dict[Any, Key], what: object, key: Key) -> bool:
        if what in taken:
            self._twice(taken[what], key)
            return False
        taken[what] = key
        return True

    def _twice(self, first: Key, key: Key) -> None:
        """One thing given under two names; the same name twice is the reader's to report."""
        if key.text == first.text:
            return
        name, other = shown(clean(key.text)), shown(clean(first.text))
        self.faults.add("F209", key.spot, name=name, other=other, **first_at(first.spot))

    def _single(self, key: Key, node: Node) -> bool:
        if isinstance(node, Cell):
            return True
        self.faults.add("F213", node.spot, name=shown(clean(key.text)))
        return False

    def _place(self, cell: Cell) -> Place | None:
        problem = check_text(cell.text)
        if problem:
            self.faults.report(problem, cell.spot)
            return None
        if _is_untold(cell):
            return None
        places = self.headings.rules.places
        place = places.find(cell.text.strip())
        if place is None:
            self.faults.add("F219", cell.spot, name=shown(cell.text), near="、".join(places.closest(cell.text.strip())))
        return place

    def _as_of(self, cell: Cell) -> int | None:
        if _is_untold(cell):
            return None
        day = read_date(cell.text)
        if isinstance(day, Fault):
            self.faults.report(from_fault(day), cell.spot, *word_of("reserved", "as_of"))
            return None
        return day

    def _origin(self, spot: Spot, written: str, fact: Fact | None = None) -> Origin:
        zh, en = where(spot)
        if fact is not None and self.faults.file.lower().endswith(".csv"):
            # A row of a table holds many figures: the column is named too.
            zh, en = f"{zh}“{fact.zh}”", f"{en} “{fact.id}”"
        return Origin(self.faults.file, zh, en, written)


def _is_untold(cell: Cell) -> bool:
    return cell.form == "null" or read_marker(cell.text) == "untold"
