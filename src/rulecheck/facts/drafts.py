"""One file's tree into drafts: subjects with typed values, not yet joined with what other files say of the same
subjects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.columns import read_flat
from rulecheck.facts.flat import rows_of
from rulecheck.facts.headings import (
    ChildKey,
    FactKey,
    Headings,
    Ignored,
    Reserved,
    Supporting,
    clean,
    is_ignored,
    listed,
    word_of,
    words,
)
from rulecheck.facts.identity import read_code, read_day, read_identifier, read_place, read_statement
from rulecheck.facts.layout.words import label_of, meanings
from rulecheck.facts.nodes import (
    Cell,
    Faults,
    Items,
    Key,
    Mapping,
    Node,
    Problem,
    Spot,
    first_at,
    near,
    shown,
    where,
)
from rulecheck.facts.told import Block, Draft, FileFacts, Statement
from rulecheck.facts.values import check_text, from_fault, period_example, read_period_of, read_value
from rulecheck.measures.numerals import Fault, read_marker, read_yes_no
from rulecheck.measures.places import Place
from rulecheck.measures.units import Unit
from rulecheck.rules.model import Fact, Kind
from rulecheck.submission import UNTOLD, Origin, Slot

SIGNATURE: Final = frozenset({"unit", "filled_by", "reviewed_by", "signed_on"})


@dataclass(slots=True)
class _Header:
    place: Place | None = None
    as_of: int | None = None


def read_drafts(tree: Node | None, faults: Faults, headings: Headings) -> FileFacts:
    """The subjects of a file in the order of the file, parents before their members; faults go into `faults`."""
    reader = _Reader(faults, headings)
    if isinstance(tree, Mapping):
        reader.read_top(tree)
    elif tree is not None:
        # A scalar at the top is most often a whole file typed with full-width colons.
        is_wide = isinstance(tree, Cell) and "：" in tree.text
        faults.add("F132" if is_wide else "F214", tree.spot)
    if not (reader.count or reader.told_empty or faults.errors):
        faults.add("F229")
    return FileFacts(faults.file, faults, reader.drafts, reader.blocks, signature=reader.signature, told_empty=reader.told_empty)


class _Reader:
    """Reads the drafts of one file. `header` is complete before the first subject is read."""

    def __init__(self, faults: Faults, headings: Headings) -> None:
        self.faults = faults
        self.headings = headings
        self.header = _Header()
        self.drafts: list[Draft] = []
        self.blocks: list[Block] = []
        self.count = 0
        """Subjects so far."""
        self.misnamed: set[Draft] = set()
        """Those with a fault in what names them: it is not said again that they have no name."""
        self.signature: dict[str, str] = {}
        self.told_empty: set[str] = set()
        """Kinds of which the file says that there are none."""
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
                if self._is_signature(name, node):
                    continue
                if is_ignored(name):
                    self.faults.warn("F207", key.spot, name=shown(name))
                else:
                    self.faults.report(kind, key.spot)
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

    def _is_signature(self, name: str, node: Node) -> bool:
        """Whether a key is one of those that sign a form: 填报单位, 填报人, 审核人, 填报日期."""
        word = meanings("header").get(label_of(name))
        if word not in SIGNATURE or not isinstance(node, Cell):
            return False
        if not _is_untold(node):
            self.signature.setdefault(word, node.text.strip())
        return True

    def _top_kind(self, kind: Kind, node: Node) -> None:
        if isinstance(node, Cell):
            if clean(node.text).lower() in listed("empty"):
                self.told_empty.add(kind.id)
            elif read_marker(node.text) is None:
                value = shown(node.text, kind.sensitive)
                self.faults.add("F215", node.spot, kind=kind.zh, kind_en=kind.id, value=value)
            return
        if isinstance(node, Items) and self._rows(kind, node):
            return
        members = node.nodes if isinstance(node, Items) else [node]
        if not members:
            self.told_empty.add(kind.id)
        for member in members:
            if _is_skeleton(member):
                continue
            if isinstance(member, Mapping):
                self._subject(member, kind, None)
            else:
                self.faults.add("F211", member.spot, kind=kind.zh, kind_en=kind.id)

    def _rows(self, kind: Kind, items: Items) -> bool:
        """Whether a list of flat subjects could be read by columns."""
        rows = rows_of(items, kind, self.faults.file)
        block = read_flat(rows, self.headings, self.count) if rows is not None and rows.count else None
        if block is None:
            return False
        block.header_place, block.header_as_of = self.header.place, self.header.as_of
        self.blocks.append(block)
        self.count += block.count
        return True

    # --- one subject ---

    def _subject(self, node: Mapping, kind: Kind, parent: Draft | None) -> None:
        draft = Draft(
            kind,
            self.faults.file,
            self.count,
            node.spot,
            self._origin(node.spot, ""),
            parent,
            header_place=self.header.place,
            header_as_of=self.header.as_of,
        )
        self.drafts.append(draft)
        self.count += 1
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
                case Supporting(supported):
                    if self._is_first(taken, f"supporting {supported}", key) and self._single(key, below):
                        self._supporting(draft, supported, key, below)
                case ChildKey(child):
                    if self._is_first(taken, child.id, key):
                        children.append((key, child, below))
                case Ignored():
                    self.faults.warn("F207", key.spot, name=shown(clean(key.text)))
                case Problem() as problem:
                    self.faults.report(problem, key.spot)
        if not draft.id and draft not in self.misnamed:
            self.faults.add("F210", draft.spot, kind=draft.kind.zh, kind_en=draft.kind.id)
        for key, child, below in children:
            self._roster(draft, key, child, below)

    def _reserved(self, draft: Draft, word: str, rest: str, key: Key, node: Node) -> None:
        if word == "reasons":
            self._reasons(draft, rest, node)
            return
        if rest or word in ("incomplete", "list", "records", "kind"):
            self.faults.add("F208" if word == "records" else "F222", key.spot, name=shown(clean(key.text)))
            return
        if not self._single(key, node):
            return
        assert isinstance(node, Cell)
        before = len(self.faults.errors)
        match word:
            case "credit_code":
                draft.written_code = self._identifier(node, key, read_code)
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
        if len(self.faults.errors) > before:
            self.misnamed.add(draft)
        draft.origin = self._origin(draft.spot, draft.id)

    def _identifier(self, cell: Cell, key: Key, read: Callable[[str], str | Problem] = read_identifier) -> str:
        name = clean(key.text)
        if cell.form == "boolean":
            written: str | Problem = Problem("F302", {"fact": name, "fact_en": name, "value": cell.text})
        else:
            written = "" if cell.form == "null" else read(cell.text)
        if isinstance(written, Problem):
            self.faults.report(written, cell.spot, name)
            return ""
        return written

    def _supporting(self, draft: Draft, slot: Slot, key: Key, node: Node) -> None:
        assert isinstance(node, Cell)
        if not _is_untold(node):
            problem = check_text(node.text)
            if problem is not None:
                self.faults.report(problem, node.spot, clean(key.text))
            draft.supporting[slot] = node.text.strip()

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
        draft.tell(slot, value, self._origin(cell.spot, cell.text))

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
            stated = None if node.form == "null" else read_statement(node.text, kind)
            if isinstance(stated, Problem):
                self.faults.add("F212", node.spot, kind=kind.zh, kind_en=kind.id)
            elif stated is not None:
                given = (is_complete and stated[0], stated[1])
                draft.rosters[kind.id] = Statement(*given, self._origin(node.spot, node.text))
            return
        members = node.nodes if isinstance(node, Items) else [node]
        if is_complete and members and all(map(_is_skeleton, members)):
            return
        draft.rosters[kind.id] = Statement(is_complete, not members and is_complete, origin)
        for member in members:
            if _is_skeleton(member):
                continue
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
        place = None if cell.form == "null" else read_place(cell.text, self.headings.rules.places)
        if isinstance(place, Problem):
            self.faults.report(place, cell.spot)
            return None
        return place

    def _as_of(self, cell: Cell) -> int | None:
        day = None if cell.form == "null" else read_day(cell.text)
        if isinstance(day, Problem):
            self.faults.report(day, cell.spot, *word_of("reserved", "as_of"))
            return None
        return day

    def _origin(self, spot: Spot, written: str) -> Origin:
        zh, en = where(spot)
        return Origin(self.faults.file, zh, en, written)


def _is_untold(cell: Cell) -> bool:
    return cell.form == "null" or read_marker(cell.text) == "untold"


def _is_skeleton(member: Node) -> bool:
    """Whether a member of a list is the skeleton of a blank form that nobody filled in: names with nothing behind them."""
    return isinstance(member, Mapping) and bool(member.entries) and _is_blank(member)


def _is_blank(node: Node) -> bool:
    """Whether nothing stands there at all. An empty list is a statement, that there are none."""
    if isinstance(node, Cell):
        return node.form == "null" or not node.text.strip()
    if isinstance(node, Mapping):
        return all(_is_blank(below) for _, below in node.entries)
    return bool(node.nodes) and all(map(_is_blank, node.nodes))
