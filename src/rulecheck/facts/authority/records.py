"""The authority's own records, reasons accepted and waivers, from files given apart from the facts."""

from __future__ import annotations

from collections.abc import Mapping as Values
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Grid, spot_in
from rulecheck.facts.headings import clean, word_of, words
from rulecheck.facts.identity import read_day
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Mapping, Node, Problem, Spot, first_at, near, shown, where
from rulecheck.facts.told import FileFacts
from rulecheck.facts.values import check_text, read_period_as
from rulecheck.measures.numerals import read_marker
from rulecheck.rules.model import Kind, Rule, RuleSet
from rulecheck.submission import Origin, Record, Subject

if TYPE_CHECKING:
    from rulecheck.facts.authority.senders import Senders

_NEEDED: Final = ("effect", "rule", "subject", "by", "document", "issued")


def read_records(
    tree: Node | None,
    faults: Faults,
    rules: RuleSet,
    subjects: Values[str, Sequence[Subject]],
    files: Sequence[FileFacts],
    senders: Senders | None = None,
) -> list[Record]:
    """The records of one file, in its order; none of them where the file has a fault.

    A record names its subject by id or name, as one of the `files` calls it or as the roster does. A record for a subject whose
    own file was refused is passed over with a warning: it is not the record that is at fault.
    """
    if tree is None:
        if not faults.errors:
            faults.add("F113")
        return []
    reader = _Reader(faults, rules, subjects, files, senders)
    records = [reader.record(node) for node in reader.listed(tree)]
    reader.check_twice()
    return [] if faults.errors else [record for record in records if record is not None]


def tree_of_grids(grids: Sequence[Grid]) -> Mapping:
    """Records in a table, a row a record, as the tree they would be: the first row that names any of a record's keys is the
    heading."""
    rows: list[Node] = []
    for grid in grids:
        known = words("record")
        top = next((row for row, cells in enumerate(grid.rows) if any(clean(text) in known for text in cells)), len(grid.rows))
        for position in range(top + 1, len(grid.rows)):
            entries: list[tuple[Key, Node]] = []
            for column, text in enumerate(grid.rows[position]):
                if text.strip():
                    heading, cell = (spot_in(grid, row, column) for row in (top, position))
                    entries.append((Key(grid.rows[top][column], heading), Cell(text, cell)))
            if entries:
                rows.append(Mapping(entries, spot_in(grid, position, 0)))
    return Mapping([(Key(word_of("reserved", "records")[0], 0), Items(rows, 0))], 0)


@dataclass(slots=True)
class _Given:
    """One record's keys as written, by their ids; those with a fault of their own in `faulty`."""

    spot: Spot
    cells: dict[str, Cell] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)


class _Reader:
    """Reads the records of one file."""

    def __init__(
        self,
        faults: Faults,
        rules: RuleSet,
        subjects: Values[str, Sequence[Subject]],
        files: Sequence[FileFacts],
        senders: Senders | None,
    ) -> None:
        self.faults = faults
        self.subjects = subjects
        self.taken = [each for each in files if not each.faults.errors]
        self.refused = [each for each in files if each.faults.errors]
        self.senders = senders
        self.rules: dict[str, Rule] = {name: rule for rule in rules.rules for name in (rule.zh, rule.id)}
        self.seen: list[tuple[Record, Spot]] = []

    def listed(self, tree: Node) -> list[Mapping]:
        """The records as mappings; anything else in the file is a fault."""
        nodes: list[Node] = []
        if isinstance(tree, Mapping):
            for key, node in tree.entries:
                if words("reserved").get(clean(key.text)) == "records":
                    nodes += node.nodes if isinstance(node, Items) else [node]
                else:
                    self.faults.add("F431", key.spot, name=shown(key.text))
        else:
            self.faults.add("F430", tree.spot)
        for node in nodes:
            if not isinstance(node, Mapping):
                self.faults.add("F430", node.spot)
        return [node for node in nodes if isinstance(node, Mapping)]

    def record(self, node: Mapping) -> Record | None:
        given = self._given(node)
        missing = [name for name in _NEEDED if name not in given.cells]
        for name in [name for name in missing if name not in given.faulty]:
            zh, en = word_of("record", name)
            self.faults.add("F433", given.spot, key=zh, key_en=en)
        effect = self._effect(given)
        rule = self._rule(given)
        issued, until = self._day(given, "issued"), self._day(given, "until")
        if issued is not None and until is not None and until < issued:
            self.faults.add("F437", given.cells["until"].spot)
        if rule is None or missing or effect is None:
            return None
        limb, period = self._limb(given, rule), self._period(given, rule)
        subject = self._subject(given, rule)
        if subject is None:
            return None
        zh, en = where(given.spot)
        record = Record(
            effect=effect,
            rule=rule.id,
            subject=subject,
            limb=limb,
            period=period,
            by=self._text(given, "by"),
            document=self._text(given, "document"),
            issued=issued,
            until=until,
            reason=self._text(given, "reason"),
            origin=Origin(self.faults.file, zh, en, given.cells["rule"].text),
        )
        self.seen.append((record, given.spot))
        return record

    def check_twice(self) -> None:
        """Two records of one effect for the same rule, limb, subject and period."""
        first: dict[tuple[object, ...], Spot] = {}
        for record, spot in self.seen:
            key = (record.effect, record.rule, record.limb, record.subject, record.period)
            if key in first:
                self.faults.add("F438", spot, **first_at(first[key]))
            first.setdefault(key, spot)

    def _given(self, node: Mapping) -> _Given:
        known = words("record")
        given = _Given(node.spot)
        for key, below in node.entries:
            name = known.get(clean(key.text))
            if name is None:
                self.faults.add("F432", key.spot, name=shown(key.text), near=near(clean(key.text), known))
            elif not isinstance(below, Cell):
                self.faults.add("F213", below.spot, name=shown(key.text))
                given.faulty.add(name)
            elif name in given.cells:
                other = first_at(given.cells[name].spot)
                self.faults.add("F209", key.spot, name=shown(key.text), other=word_of("record", name)[0], **other)
            elif below.form != "null" and read_marker(below.text) != "untold":
                problem = check_text(below.text)
                if problem:
                    self.faults.report(problem, below.spot, key.text)
                    given.faulty.add(name)
                else:
                    given.cells[name] = below
        return given

    @staticmethod
    def _text(given: _Given, name: str) -> str:
        return given.cells[name].text.strip() if name in given.cells else ""

    def _effect(self, given: _Given) -> str | None:
        text = self._text(given, "effect")
        effect = words("effects").get(text)
        if text and effect is None:
            self.faults.add("F434", given.cells["effect"].spot, value=shown(text))
        return effect

    def _rule(self, given: _Given) -> Rule | None:
        text = self._text(given, "rule")
        rule = self.rules.get(clean(text))
        if text and rule is None:
            self.faults.add("F221", given.cells["rule"].spot, name=shown(text), near=near(clean(text), self.rules))
        return rule

    def _day(self, given: _Given, name: str) -> int | None:
        if name not in given.cells:
            return None
        day = read_day(given.cells[name].text)
        if isinstance(day, Problem):
            self.faults.report(day, given.cells[name].spot, *word_of("record", name))
            return None
        return day

    def _limb(self, given: _Given, rule: Rule) -> str | None:
        text = self._text(given, "limb").strip("（）()")
        limbs = [limb for reading in rule.readings for limb in reading.limbs]
        tags = list(dict.fromkeys(limb.tag for limb in limbs if limb.tag is not None))
        if not text or text in tags:
            return text or None
        code = "F435" if tags else "F439"
        names: dict[str, object] = {"rule": rule.zh, "rule_en": rule.id, "name": shown(text), "known": "、".join(tags)}
        self.faults.add(code, given.cells["limb"].spot, **names)
        return None

    def _period(self, given: _Given, rule: Rule) -> str | None:
        text = self._text(given, "period")
        if not text:
            return None
        names: dict[str, object] = {"fact": rule.zh, "fact_en": rule.id}
        if rule.every is None:
            self.faults.add("F224", given.cells["period"].spot, **names, period=shown(text))
            return None
        period = read_period_as(text, rule.every, names)
        if isinstance(period, Problem):
            self.faults.report(period, given.cells["period"].spot, *word_of("record", "period"))
            return None
        return period

    def _subject(self, given: _Given, rule: Rule) -> str | None:
        text = self._text(given, "subject")
        spot = given.cells["subject"].spot
        kind = rule.kind
        subjects = self.subjects.get(kind.id, ())
        meant = [each for each in subjects if each.id == text] or [each for each in subjects if each.name == text]
        if not meant:
            ids = self._ids_called(text, kind)
            meant = [each for each in subjects if each.id in ids]
        if len(meant) == 1:
            return meant[0].id
        name = shown(text, kind.sensitive)
        names: dict[str, object] = {"name": name, "kind": kind.zh, "kind_en": kind.id}
        if meant:
            self.faults.add("F412", spot, **names, count=len(meant))
            return None
        for file in self.refused:
            if file.tells_of(kind, text):
                self.faults.warn("F440", spot, **names, file=file.file)
                return None
        known = [] if kind.sensitive else [name for each in subjects for name in (each.id, each.name)]
        # An authority keeps one file for many units: a record of somebody not checked today does not undo the others.
        self.faults.warn("F436", spot, **names, near=near(text, known))
        return None

    def _ids_called(self, text: str, kind: Kind) -> set[str]:
        """The ids of subjects that a file calls so, beside a credit code, or that the roster does."""
        drafts = (draft for file in self.taken for draft in file.every_draft() if draft.kind is kind)
        ids = {draft.id for draft in drafts if text in draft.names}
        return ids | ({self.senders.code(text)} if self.senders is not None else set())
