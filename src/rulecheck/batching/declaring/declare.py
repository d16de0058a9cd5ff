"""What the columns of tables mean, before a row of them is read: which kind of subject a table holds, which facts its columns
are, in which unit and of which period. Every fault of every table is found at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Final

import pyarrow as pa

from rulecheck.batching.declaring.column_types import misfit, no_text
from rulecheck.batching.declaring.mapping import TableMapping
from rulecheck.dataclass import dataclass
from rulecheck.facts.headings import ChildKey, FactKey, Headings, Ignored, Reserved, Supporting, clean
from rulecheck.facts.layout.names import SKIP, Names, kind_of_name
from rulecheck.facts.nodes import Cell, Faults, Problem, shown
from rulecheck.facts.one_file import kind_of_stem
from rulecheck.facts.values import period_example, read_value, unlike_units
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.measures.units import Unit
from rulecheck.rules.model import Fact, Kind, Rule, RuleSet
from rulecheck.submission import UNTOLD, Origin, Slot
from rulecheck.templates.reads import Needs, needs_of

# --- what is known of a table ---


@dataclass(frozen=True, slots=True)
class TableHeader:
    """A table before its rows are read. `name` is its own, of a file its stem; `file` what it is called in messages; `columns`
    are the headings with their Arrow types."""

    name: str
    file: str
    columns: Sequence[tuple[str, pa.DataType]]

    @property
    def called(self) -> str:
        """The file in messages; a table that is in no file has its own name."""
        return self.file or self.name

    def where(self, column: int | None = None) -> tuple[str, str]:
        """A column in words, Chinese and English; the table where it is not the whole file."""
        is_whole = not self.file or self.name in (self.file, PurePath(self.file).stem)
        zh, en = ("", "") if is_whole else (f"表“{shown(self.name)}”", f"table “{shown(self.name)}” ")
        if column is None:
            return zh, en.strip()
        heading = self.columns[column][0]
        quoted = f"“{shown(heading)}”" if clean(heading) else ""
        return f"{zh}第{column + 1}列{quoted}", f"{en}column {column + 1} {quoted}".strip()


# --- what its columns mean ---


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column with the values of one fact, of one period for a periodic one. `number` is its place in the table, from 0.

    `unit`: that of numbers which are written without one, None where neither heading nor mapping file gives one: it is then the
    fact's own. `blank`: what a blank stands for, as `Subject.values` holds it.
    """

    number: int
    heading: str
    type: pa.DataType
    fact: Fact
    slot: Slot
    unit: Unit | None = None
    blank: Any = UNTOLD

    @property
    def size(self) -> Fraction:
        """How many steps of the fact one of the unit is."""
        unit = self.unit or self.fact.unit
        return (unit.factor if unit else Fraction(1)) / self.fact.step


@dataclass(frozen=True, slots=True)
class NameColumn:
    """A column that names subjects. `word`: `credit_code`, `id`, `name` or `parent`."""

    number: int
    heading: str
    type: pa.DataType
    word: str


@dataclass(frozen=True, slots=True)
class PlaceColumn:
    number: int
    heading: str
    type: pa.DataType


@dataclass(frozen=True, slots=True)
class StatementColumn:
    """What is said of a subject's members of one kind: 无, 已报全, 未报全."""

    number: int
    heading: str
    type: pa.DataType
    kind: Kind


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What a table holds and what to read of it.

    `keys`: the columns that tell a subject from all others, in the order in which they count (统一社会信用代码, 编号, 名称): its
    key is the first of them that the row tells. `is_complete`: each subject above has all of its members here, and one without a
    row has none. `ignored`: columns that are not read, by number.
    """

    header: TableHeader
    kind: Kind
    keys: tuple[NameColumn, ...]
    parent: NameColumn | None
    place: PlaceColumn | None
    statements: tuple[StatementColumn, ...]
    facts: tuple[FactColumn, ...]
    ignored: tuple[int, ...]
    is_complete: bool = False

    @property
    def name(self) -> NameColumn | None:
        """The column 名称, for what is shown."""
        return next((each for each in self.keys if each.word == "name"), None)

    def slots(self) -> frozenset[Slot]:
        return frozenset(each.slot for each in self.facts)


@dataclass(frozen=True, slots=True)
class Declared:
    """The tables in the order given; not to be used where there are `errors`. `warnings` are remarks."""

    tables: tuple[TablePlan, ...]
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]

    def table(self, kind: Kind) -> TablePlan | None:
        return next((each for each in self.tables if each.kind is kind), None)


# --- the plan ---

_KEYS: Final = ("credit_code", "id", "name")
"""In the order in which they count; a decision of its own, docs/decisions/19."""
UNUSED: Final = "B128"
"""No rule has to do with the subjects of a table."""
_WITHOUT_EFFECT: Final = {"reasons": "B123", "as_of": "B126"}


def declare(
    rules: RuleSet, tables: Sequence[TableHeader], mapping: TableMapping | None = None, chosen: Iterable[Rule] | None = None
) -> Declared:
    """What the tables hold. `chosen`: the rules that are to be judged, None for all."""
    planner = _Planner(rules, mapping or TableMapping())
    plans: list[TablePlan] = []
    for header in tables:
        plan = planner.table(header, plans)
        if plan is not None:
            plans.append(plan)
    for plan in plans:
        planner.check_parent(plan, plans)
    if not planner.has_errors():
        planner.tell_missing(plans, needs_of(rules, rules.rules if chosen is None else chosen))
        planner.mapping.warn_unused()
    every = (planner.mapping.faults, *planner.faults)
    errors = tuple(error for each in every for error in each.listed())
    return Declared(tuple(plans), errors, tuple(warning for each in every for warning in each.warnings))


class _Planner:
    """Plans the tables of one run; names are looked up once each."""

    def __init__(self, rules: RuleSet, mapping: TableMapping) -> None:
        self.rules = rules
        self.mapping = mapping
        self.headings = Headings(rules)
        self.names = Names(self.headings, mapping.headings)
        self.faults: list[Faults] = []
        self.of_file: dict[str, Faults] = {}

    def has_errors(self) -> bool:
        return bool(self.mapping.faults.errors) or any(each.errors for each in self.faults)

    def table(self, header: TableHeader, others: Sequence[TablePlan]) -> TablePlan | None:
        """The plan of one table; None where nothing says what it holds."""
        columns = _Columns(self, header)
        if columns.faults.file not in self.of_file:
            self.of_file[columns.faults.file] = columns.faults
            self.faults.append(columns.faults)
        columns.faults = self.of_file[columns.faults.file]
        kind = self._kind(header, columns)
        if kind is None:
            return None
        twin = next((each for each in others if each.kind is kind), None)
        if twin is not None:
            # Two tables of one database are told apart by their own names.
            other, other_en = (f"{shown(twin.header.called)} {where}".strip() for where in twin.header.where())
            columns.add(None, Problem("B102", {"kind": kind.zh, "kind_en": kind.id, "other": other, "other_en": other_en}))
        return columns.plan(kind)

    def _kind(self, header: TableHeader, columns: _Columns) -> Kind | None:
        """The kind of a table: by the mapping file, its name, its file's name, or the only one that has all of its headings."""
        named = self.mapping.table(header.name, header.file)
        for text in dict.fromkeys((header.name, PurePath(header.file).stem)):
            begun = kind_of_stem(text, lambda name: self.rules.kind_named(clean(name)) is not None)
            named = named or self.rules.kind_named(clean(begun)) or kind_of_name(text, self.headings)
        if named is not None:
            return named
        fitting = [kind for kind in self.rules.kinds.values() if columns.fit(kind)]
        if len(fitting) == 1:
            columns.warn(None, Problem("B125", {"kind": fitting[0].zh, "kind_en": fitting[0].id}))
            return fitting[0]
        columns.add(None, Problem("B101", {"table": shown(header.name)}))
        return None

    # --- tables together ---

    def check_parent(self, plan: TablePlan, plans: Sequence[TablePlan]) -> None:
        """Members without 上级 would be missing from the list of whoever they belong to; where nobody above is handed in, they
        stand by themselves."""
        above = self.rules.kinds[plan.kind.parent] if plan.kind.parent else None
        if above is not None and plan.parent is None and any(each.kind is above for each in plans):
            names = {"kind": plan.kind.zh, "kind_en": plan.kind.id, "parent": above.zh, "parent_en": above.id}
            _tell(self.of_file[plan.header.called].add_at, plan.header, None, Problem("B104", names))

    def tell_missing(self, plans: Sequence[TablePlan], needs: Needs) -> None:
        """Remarks on what rules read and no table has, and on tables that they do not read."""
        kinds = {plan.kind.id for plan in plans}
        for plan in plans:
            told = {each.slot if isinstance(each.slot, int) else each.slot[0] for each in plan.facts}
            wanted = [self.rules.facts[fact] for kind, fact in needs.uses if kind == plan.kind.id]
            missing = [fact for fact in wanted if plan.kind.slots[fact.id] not in told]
            warn = self.of_file[plan.header.called].warn_at
            if plan.kind.id not in needs.kinds:
                _tell(warn, plan.header, None, Problem(UNUSED, {"kind": plan.kind.zh, "kind_en": plan.kind.id}))
            if missing:
                names = "、".join(fact.zh for fact in missing), ", ".join(fact.id for fact in missing)
                values = {"kind": plan.kind.zh, "kind_en": plan.kind.id, "facts": names[0], "facts_en": names[1]}
                _tell(warn, plan.header, None, Problem("B121", values))
            stated = {each.kind.id for each in plan.statements}
            for child in plan.kind.children:
                if child in needs.kinds and child not in kinds and child not in stated:
                    member = self.rules.kinds[child]
                    values = {"kind": member.zh, "kind_en": member.id, "parent": plan.kind.zh, "parent_en": plan.kind.id}
                    _tell(warn, plan.header, None, Problem("B122", values))


def _tell(tell: Callable[..., None], header: TableHeader, column: int | None, problem: Problem) -> None:
    zh, en = header.where(column)
    tell(problem.code, Origin(header.called, zh, en, ""), **problem.values)


class _Columns:
    """The columns of one table."""

    def __init__(self, planner: _Planner, header: TableHeader) -> None:
        self.planner = planner
        self.header = header
        self.faults = Faults(header.called)
        self.taken: dict[object, int] = {}
        self.names: dict[str, NameColumn] = {}
        self.place: PlaceColumn | None = None
        self.statements: list[StatementColumn] = []
        self.facts: list[FactColumn] = []
        self.ignored: list[int] = []
        self.passed: list[str] = []
        """Headings that the mapping file ignores."""

    def add(self, column: int | None, problem: Problem) -> None:
        _tell(self.faults.add_at, self.header, column, problem)

    def warn(self, column: int | None, problem: Problem) -> None:
        _tell(self.faults.warn_at, self.header, column, problem)

    def fit(self, kind: Kind) -> bool:
        """Whether a kind has every one of the headings."""
        return all(self.planner.names.found(kind, [heading]) is not None for heading, _ in self.header.columns)

    def plan(self, kind: Kind) -> TablePlan:
        for number, (heading, type) in enumerate(self.header.columns):
            self._column(kind, number, heading, type)
        if self.passed:
            names = "、".join(map(shown, self.passed))
            self.warn(None, Problem("B124", {"count": len(self.passed), "headings": names}))
        keys = tuple(self.names[word] for word in _KEYS if word in self.names)
        if not any(word in self.taken for word in _KEYS):
            self.add(None, Problem("B103", {"kind": kind.zh, "kind_en": kind.id}))
        complete = self.planner.mapping.complete.get(kind.id)
        if complete is not None:
            complete.is_used = True
        return TablePlan(
            self.header,
            kind,
            keys,
            self.names.get("parent"),
            self.place,
            tuple(self.statements),
            tuple(self.facts),
            tuple(self.ignored),
            complete is not None,
        )

    def _column(self, kind: Kind, number: int, heading: str, type: pa.DataType) -> None:
        found = self.planner.names.found(kind, [heading])
        if found is SKIP:
            self.ignored.append(number)
            self.passed.append(heading)
            return
        if found is None and not clean(heading):
            self.add(number, Problem("B110", {}))
            return
        meaning = self.planner.headings.meaning(kind, found if isinstance(found, str) else heading)
        match meaning:
            case FactKey():
                self._fact(kind, number, heading, type, meaning)
            case Reserved(word, rest):
                self._reserved(kind, number, heading, type, word, rest)
            case ChildKey(child):
                if self._is_first(("members", child.id), number) and self._is_text(number, heading, type):
                    self.statements.append(StatementColumn(number, heading, type, child))
            case Supporting():
                self._pass_over("B123", number, heading)
            case Ignored():
                self._pass_over("F207", number, heading)
            case Problem():
                self.add(number, _surplus(meaning))
                self._no_extras(kind, number, heading)

    def _pass_over(self, code: str, number: int, heading: str) -> None:
        self.ignored.append(number)
        name = shown(clean(heading))
        self.warn(number, Problem(code, {"heading": name, "name": name}))

    def _is_first(self, what: object, number: int) -> bool:
        """Whether no other column tells the same."""
        first = self.taken.setdefault(what, number)
        if first != number:
            heading, other = (shown(clean(self.header.columns[each][0])) for each in (number, first))
            places = {"first": f"第{first + 1}列", "first_en": f"column {first + 1}"}
            self.add(number, Problem("F209", {"name": heading, "other": other, **places}))
        return first == number

    def _is_text(self, number: int, heading: str, type: pa.DataType) -> bool:
        problem = no_text(type, heading)
        if problem is not None:
            self.add(number, problem)
        return problem is None

    # --- what is said of the subject itself ---

    def _reserved(self, kind: Kind, number: int, heading: str, type: pa.DataType, word: str, rest: str) -> None:
        self._no_extras(kind, number, heading)
        if word in _WITHOUT_EFFECT:
            self._pass_over(_WITHOUT_EFFECT[word], number, heading)
        elif word == "kind":
            self.add(number, Problem("B105", {"heading": shown(heading)}))
        elif rest or word not in (*_KEYS, "parent", "place"):
            self.add(number, Problem("F208" if word == "records" else "F222", {"name": shown(clean(heading))}))
        elif word == "parent" and kind.parent is None:
            self.add(number, Problem("F226", {"kind": kind.zh, "kind_en": kind.id}))
        elif self._is_first(word, number) and self._is_text(number, heading, type):
            if word == "place":
                self.place = PlaceColumn(number, heading, type)
            else:
                self.names[word] = NameColumn(number, heading, type, word)

    def _no_extras(self, kind: Kind, number: int, heading: str) -> None:
        """A unit or a meaning of blanks is said of facts only."""
        mapping = self.planner.mapping
        for section in (mapping.units, mapping.blank):
            told = mapping.of(section, kind, heading)
            if told is not None:
                mapping.faults.add("B135", told.key.spot, heading=shown(told.key.text))

    # --- facts ---

    def _fact(self, kind: Kind, number: int, heading: str, type: pa.DataType, meaning: FactKey) -> None:
        fact = meaning.fact
        unit, blank = self._unit(kind, heading, meaning), self._blank(kind, heading, fact)
        if fact.every is not None and meaning.period is None:
            example = period_example(fact.every)
            self.add(number, Problem("B109", {"fact": fact.zh, "fact_en": fact.id, **example}))
            return
        slot: Slot = meaning.slot if meaning.period is None else (meaning.slot, meaning.period)
        if not self._is_first(slot, number):
            return
        problem = misfit(type, heading, fact, unit)
        if problem is not None:
            self.add(number, problem)
            return
        self.facts.append(FactColumn(number, heading, type, fact, slot, unit, blank))

    def _unit(self, kind: Kind, heading: str, meaning: FactKey) -> Unit | None:
        """The unit of bare numbers: the heading's, else the mapping file's."""
        mapping, fact = self.planner.mapping, meaning.fact
        told = mapping.of(mapping.units, kind, heading, fact.zh, fact.id)
        if told is None:
            return meaning.unit
        assert isinstance(told.value, Unit)
        problem = unlike_units(fact, told.value)
        if problem is not None:
            mapping.faults.report(problem, told.key.spot)
            return meaning.unit
        if meaning.unit is not None and meaning.unit.factor != told.value.factor:
            units = {"unit": meaning.unit.text, "unit_en": meaning.unit.english}
            others = {"other": told.value.text, "other_en": told.value.english}
            mapping.faults.add("B108", told.key.spot, fact=fact.zh, fact_en=fact.id, **units, **others)
        return meaning.unit or told.value

    def _blank(self, kind: Kind, heading: str, fact: Fact) -> Any:
        """What a blank stands for: nothing told, unless the mapping file says 无."""
        mapping = self.planner.mapping
        told = mapping.of(mapping.blank, kind, heading, fact.zh, fact.id)
        if told is None:
            return UNTOLD
        value = read_value(Cell(_NONE_WORD, 0), fact)
        if isinstance(value, Problem):
            mapping.faults.report(value, told.key.spot)
            return UNTOLD
        return value


def _surplus(problem: Problem) -> Problem:
    """What is wrong with a heading; of one that nothing is called, that its column may be passed over."""
    if problem.code != "F202":
        return problem
    return Problem("B117" if problem.values["near"] else "B118", problem.values)


_NONE_WORD: Final = "无"
