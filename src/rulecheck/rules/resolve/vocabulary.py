"""Kinds, facts and parameters from their declarations, and the one table of names that all files share."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Literal, get_args

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass, field
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, closest, error
from rulecheck.language.source import Span
from rulecheck.measures.places import Places
from rulecheck.measures.units import Unit, UnitTable
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

NAMED = ("subject", "fact", "parameter", "definition", "relation", "rule")


def clauses(of: syntax.Declaration, *labels: str) -> Iterator[syntax.Clause]:
    return (clause for clause in of.clauses if clause.label in labels)


def clause(of: syntax.Declaration, label: str) -> syntax.Clause | None:
    return next(clauses(of, label), None)


def bilingual(texts: object) -> Bilingual | None:
    """A text of a clause; where only one language was written it stands for both."""
    if not isinstance(texts, syntax.Texts):
        return None
    chinese, english = texts.chinese, texts.english
    return Bilingual(chinese or english or "", english or chinese or "")


def text_of(of: syntax.Declaration, label: str) -> Bilingual | None:
    found = clause(of, label)
    return bilingual(found.body) if found else None


def is_yes(of: syntax.Declaration, label: str) -> bool:
    found = clause(of, label)
    return found is not None and isinstance(found.body, syntax.Word | syntax.Constant) and found.body.word == "yes"


@cache
def submission_words() -> frozenset[str]:
    """Words that stand for something else in a submission (编号, 名称, 地区 …), in both languages."""
    rows = read_table("dsl", "headings.toml")["reserved"].values()
    return frozenset(word for row in rows for spellings in row.values() for word in spellings)


def taken(what: str, name: str) -> bool:
    """Whether a subject or fact of this name could not be told from a heading of every submission."""
    return what in ("subject", "fact") and name in submission_words()


@dataclass(slots=True)
class NameTable:
    """Chinese name ⇄ English id, one to one over everything declared. `things` says what an English id names."""

    english: dict[str, str] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    things: dict[str, tuple[str, Span]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def declare(self, pair: syntax.Pair, what: str, *, may_repeat: bool = False) -> str:
        """Enter a pair; `may_repeat` for members and readings, that several declarations may share."""
        zh, en = pair.chinese.text, pair.english.text
        self.problems += [
            error("N210", name.span, name=name.text) for name in (pair.chinese, pair.english) if taken(what, name.text)
        ]
        known = self.things.get(en)
        if known and not (may_repeat and known[0] == what and self.english.get(zh) == en):
            self.problems.append(error("N201", pair.english.span, known[1], name=en))
        elif self.english.get(zh, en) != en:
            self.problems.append(
                error("N202", pair.chinese.span, self.things[self.english[zh]][1], name=zh, other=self.english[zh])
            )
        else:
            self.english[zh] = en
            self.chinese[en] = zh
            self.things[en] = (what, pair.span)
        return en

    def id_of(self, name: str) -> str | None:
        """The English id of a name in either language, None when nothing is called so."""
        if name in self.things:
            return name
        return self.english.get(name)

    def known(self, *whats: str) -> list[str]:
        return [name for en, (what, _) in self.things.items() if what in whats for name in (self.chinese[en], en)]

    def unknown(self, name: syntax.Name, *whats: str) -> Diagnostic:
        near = closest(name.text, self.known(*whats) if whats else [*self.english, *self.chinese])
        return error("N203", name.span, name=name.text, near="、".join(near))


def month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def first_day(day: syntax.Date) -> int:
    """A date as an ordinal; `2024年底` is 31 December 2024: the target is missed on 1 January, not before."""
    if day.month is None:
        return date(day.year, 12, 31).toordinal()
    if day.day is None:
        return month_end(day.year, day.month).toordinal()
    return date(day.year, day.month, day.day).toordinal()


def interval(body: syntax.Interval) -> tuple[int, int | None]:
    return first_day(body.start), first_day(body.end) if body.end else None


TEXT_TYPES: dict[str, model.Type] = {
    "date": model.DateType(),
    "time": model.TimeType(),
    "yes_no": model.YesNoType(),
    "text": model.TextType(),
}


MEASURES: tuple[model.Measure, ...] = get_args(model.Measure)


def base_value(number: Fraction, unit: Unit | None) -> Fraction:
    """A written number in base units."""
    return number if unit is None else number * unit.factor


@dataclass(slots=True)
class VocabularyReader:
    """Reads the declarations of all files, in file order, into kinds, facts and parameters."""

    units: UnitTable
    places: Places
    table: NameTable = field(default_factory=NameTable)
    problems: list[Diagnostic] = field(default_factory=list)
    kinds: dict[str, model.Kind] = field(default_factory=dict)
    facts: dict[str, model.Fact] = field(default_factory=dict)
    parameters: dict[str, model.Parameter] = field(default_factory=dict)
    definitions: dict[str, syntax.Declaration] = field(default_factory=dict)

    def read(self, files: Sequence[syntax.File]) -> None:
        declarations = [each for file in files for each in file.declarations]
        for each in declarations:
            if isinstance(each.head, syntax.Pair) and each.label in NAMED:
                self.table.declare(each.head, each.label)
                self._declare_inner(each)
        facts = [each for each in declarations if each.label == "fact"]
        kinds = [each for each in declarations if each.label == "subject"]
        kind_ids = {self._english(each) for each in kinds}
        owners = {self._english(each): self._owners(each, kind_ids) for each in facts}
        for each in facts:
            fact = self._fact(each, owners[self._english(each)])
            if fact:
                self.facts[fact.id] = fact
        parents = {self._english(each): self._parent(each, kind_ids) for each in kinds}
        self._refuse_circles(kinds, parents)
        for each in kinds:
            self._kind(each, parents)
        for each in declarations:
            if each.label == "parameter":
                self._parameter(each)
            elif each.label == "definition":
                self.definitions[self._english(each)] = each
        self.problems = [*self.table.problems, *self.problems]

    def _declare_inner(self, declaration: syntax.Declaration) -> None:
        for each in declaration.clauses:
            if isinstance(each.body, syntax.Type):
                for member in each.body.members:
                    if isinstance(member, syntax.Pair):
                        self.table.declare(member, "member", may_repeat=True)
            elif isinstance(each.body, syntax.Reading):
                self.table.declare(each.body.name, "reading", may_repeat=True)

    @staticmethod
    def _english(declaration: syntax.Declaration) -> str:
        assert isinstance(declaration.head, syntax.Pair)
        return declaration.head.english.text

    def _names_of(self, declaration: syntax.Declaration, label: str, known: Container[str], what: str) -> list[str]:
        found = clause(declaration, label)
        if found is None or not isinstance(found.body, syntax.Names):
            return []
        ids: list[str] = []
        for name in found.body.names:
            english = self.table.id_of(name.text)
            if english is not None and english in known:
                ids.append(english)
            else:
                self.problems.append(self.table.unknown(name, what))
        return ids

    def _owners(self, declaration: syntax.Declaration, kinds: set[str]) -> tuple[str, ...]:
        owners = self._names_of(declaration, "of", kinds, "subject")
        if clause(declaration, "of") is None:
            self.problems.append(error("R201", declaration.head.span, label_zh="所属对象", label_en="Of"))
        return tuple(owners)

    def _parent(self, declaration: syntax.Declaration, kinds: set[str]) -> str | None:
        parents = self._names_of(declaration, "part_of", kinds, "subject")
        found = clause(declaration, "part_of")
        if found is not None and isinstance(found.body, syntax.Names):
            self.problems += [error("R225", more.span) for more in found.body.names[1:]]
        return parents[0] if parents else None

    def _refuse_circles(self, declarations: Sequence[syntax.Declaration], parents: dict[str, str | None]) -> None:
        for each in declarations:
            seen: list[str] = []
            kind: str | None = self._english(each)
            while kind is not None and kind not in seen:
                seen.append(kind)
                kind = parents.get(kind)
            if kind is not None:
                self.problems.append(error("R202", each.head.span, names=" → ".join([*seen, kind])))
                parents[self._english(each)] = None

    def _kind(self, declaration: syntax.Declaration, parents: dict[str, str | None]) -> None:
        assert isinstance(declaration.head, syntax.Pair)
        english = declaration.head.english.text
        own = [fact for fact in self.facts.values() if english in fact.kinds]
        dates = {fact.id for fact in own if isinstance(fact.type, model.DateType)}
        occurs = self._names_of(declaration, "occurs_on", dates, "fact")
        children = [kind for kind, parent in parents.items() if parent == english]
        self.kinds[english] = model.Kind(
            id=english,
            zh=declaration.head.chinese.text,
            parent=parents[english],
            occurs_on=occurs[0] if occurs else None,
            sensitive=is_yes(declaration, "sensitive"),
            slots={fact.id: slot for slot, fact in enumerate(own)},
            children={kind: slot for slot, kind in enumerate(children)},
            note=text_of(declaration, "note"),
            span=declaration.span,
        )

    # --- facts ---

    def _type(self, declaration: syntax.Declaration) -> model.Type | None:
        found = clause(declaration, "type")
        if found is None or not isinstance(found.body, syntax.Type):
            self.problems.append(error("R201", declaration.head.span, label_zh="类型", label_en="Type"))
            return None
        body = found.body
        if body.word in TEXT_TYPES:
            return TEXT_TYPES[body.word]
        if body.word == "share":
            return model.NumberType(self.units.find("%"))
        if body.word == "quantity":
            unit = self.unit(body.unit, body.span) if body.unit else None
            return model.NumberType(unit) if unit or not body.unit else None
        if body.word == "reference":
            kind = self.table.id_of(body.target.text) if body.target else None
            if body.target and (kind is None or self.table.things[kind][0] != "subject"):
                self.problems.append(self.table.unknown(body.target, "subject"))
                return None
            return model.ReferenceType(kind or "")
        members: list[Bilingual] = []
        for member in body.members:
            name = member.english if isinstance(member, syntax.Pair) else member
            english = self.table.id_of(name.text)
            if english is None or self.table.things[english][0] != "member":
                self.problems.append(self.table.unknown(name, "member"))
            else:
                members.append(Bilingual(self.table.chinese[english], english))
        if len(members) < 2:
            self.problems.append(error("R203", body.span))
        return model.CategoryType(tuple(members), is_ranked=body.word == "ranked")

    def unit(self, text: str, span: Span) -> Unit | None:
        """The unit of a text, or a diagnostic that names the nearest known ones."""
        unit = self.units.find(text)
        if unit is None:
            near = "、".join(self.units.closest(text))
            self.problems.append(error("U201", span, unit=text, near=near))
        return unit

    def number(self, expression: object, type_: model.Type, span: Span) -> Fraction | None:
        """A written constant of a type as an exact number in base units (dates as ordinals, times as minutes)."""
        match expression, type_:
            case syntax.Quantity(number=text, unit=unit_text), model.NumberType(unit=declared):
                unit = self.unit(unit_text, expression.span) if unit_text else None
                if unit_text and unit is None:
                    return None
                if (unit.dimension if unit else ()) != (declared.dimension if declared else ()):
                    shown = declared.text if declared else "—"
                    self.problems.append(error("U202", expression.span, unit=unit_text or "—", declared=shown))
                    return None
                return base_value(Fraction(text), unit)
            case syntax.Date(), model.DateType():
                return Fraction(first_day(expression))
            case syntax.Time(hour=hour, minute=minute), model.TimeType():
                return Fraction(hour * 60 + minute)
            case syntax.Constant(word="yes" | "no"), model.YesNoType():
                return Fraction(expression.word == "yes")
            case syntax.Name(text=text), model.CategoryType(members=members) if self.table.id_of(text) in {
                member.en for member in members
            }:
                return Fraction([member.en for member in members].index(self.table.id_of(text) or ""))
            case _:
                self.problems.append(error("U203", getattr(expression, "span", span)))
                return None

    def _fact(self, declaration: syntax.Declaration, kinds: tuple[str, ...]) -> model.Fact | None:
        assert isinstance(declaration.head, syntax.Pair)
        type_ = self._type(declaration)
        if type_ is None:
            return None
        step = self._step(declaration, type_)
        minimum, maximum = self._range(declaration, type_, step)
        none_is = clause(declaration, "none_is")
        counted: int | None = None
        if none_is is not None:
            value = self.number(none_is.body, type_, none_is.span)
            counted = self._steps(value, step, none_is.span) if value is not None else None
        changeable = clause(declaration, "changeable")
        every = clause(declaration, "every")
        return model.Fact(
            id=declaration.head.english.text,
            zh=declaration.head.chinese.text,
            kinds=kinds,
            type=type_,
            step=step,
            minimum=minimum,
            maximum=maximum,
            none_is=counted,
            may_be_none=is_yes(declaration, "may_be_none"),
            changeable=self._changeable(changeable),
            action=text_of(declaration, "action"),
            sensitive=is_yes(declaration, "sensitive"),
            question=text_of(declaration, "question"),
            note=text_of(declaration, "note"),
            every=self._frequency(every),
            span=declaration.span,
            measures=self._measures(declaration, type_, self._frequency(every)),
        )

    def _measures(
        self, declaration: syntax.Declaration, type_: model.Type, every: model.Frequency | None
    ) -> model.Measure | None:
        """What a number counts; what is new is new in a period."""
        found = clause(declaration, "measures")
        if found is None:
            return None
        said = getattr(found.body, "word", None)
        word = next((each for each in MEASURES if each == said), None)
        if not isinstance(type_, model.NumberType):
            self.problems.append(error("R263", found.span))
        elif word == "new" and every is None:
            self.problems.append(error("R264", found.span))
        return word

    def _changeable(self, found: syntax.Clause | None) -> Literal["increase", "decrease", "either"] | None:
        word = getattr(found.body, "word", None) if found else None
        if word == "yes":
            return "either"
        return word if word in ("increase", "decrease", "either") else None

    def _frequency(self, found: syntax.Clause | None) -> model.Frequency | None:
        word = getattr(found.body, "word", None) if found else None
        return word if word in ("year", "quarter", "month") else None

    def _step(self, declaration: syntax.Declaration, type_: model.Type) -> Fraction:
        """A step in base units. Without 步长 it is 1 of the declared unit, and a hundredth of a percent for shares."""
        found = clause(declaration, "step")
        if found is not None:
            step = self.number(found.body, type_, found.span)
            if step is not None and step > 0:
                return step
            if step is not None:
                self.problems.append(error("U204", found.span))
            return Fraction(1)
        if not isinstance(type_, model.NumberType):
            return Fraction(1)
        if type_.unit is not None and type_.unit.dimension == ():
            return Fraction(1, 10_000)
        return base_value(Fraction(1), type_.unit)

    def _steps(self, value: Fraction, step: Fraction, span: Span) -> int | None:
        steps = value / step
        if steps.denominator != 1:
            self.problems.append(error("U205", span))
            return None
        return steps.numerator

    def _range(self, declaration: syntax.Declaration, type_: model.Type, step: Fraction) -> tuple[int | None, int | None]:
        if isinstance(type_, model.CategoryType):
            return 0, len(type_.members) - 1
        if isinstance(type_, model.YesNoType):
            return 0, 1
        if isinstance(type_, model.TimeType):
            return 0, 24 * 60
        found = clause(declaration, "range")
        if found is None or not isinstance(found.body, syntax.Extent):
            # A quantity without 范围 is a count or an amount: never below zero, so that a ratio of it has a sign.
            return (0, None) if isinstance(type_, model.NumberType) else (None, None)
        low, high = self.extent(found.body, type_)
        steps_low = self._steps(low, step, found.span) if low is not None else None
        steps_high = self._steps(high, step, found.span) if high is not None else None
        if steps_low is not None and steps_high is not None and steps_low > steps_high:
            self.problems.append(error("U206", found.span))
        return steps_low, steps_high

    def extent(self, body: syntax.Extent, type_: model.Type) -> tuple[Fraction | None, Fraction | None]:
        low = self.number(body.low, type_, body.span) if body.low is not None else None
        high = self.number(body.high, type_, body.span) if body.high is not None else None
        return low, high

    # --- parameters ---

    def _parameter(self, declaration: syntax.Declaration) -> None:
        assert isinstance(declaration.head, syntax.Pair)
        type_ = self._type(declaration)
        if type_ is None:
            return
        source = text_of(declaration, "origin")
        if source is None:
            self.problems.append(error("R204", declaration.head.span, name=declaration.head.chinese.text))
            source = Bilingual("", "")
        extent = clause(declaration, "range")
        low = high = None
        if extent is not None and isinstance(extent.body, syntax.Extent):
            low, high = self.extent(extent.body, type_)
        rows = [
            self._parameter_value(each.body, type_)
            for each in clauses(declaration, "value")
            if isinstance(each.body, syntax.Value)
        ]
        english = declaration.head.english.text
        self.parameters[english] = model.Parameter(
            id=english,
            zh=declaration.head.chinese.text,
            type=type_,
            minimum=low,
            maximum=high,
            source=source,
            values=tuple(rows),
            span=declaration.span,
        )

    def _parameter_value(self, row: syntax.Value, type_: model.Type) -> model.ParameterValue:
        place = None
        if row.place is not None:
            place = self.places.find(row.place.text)
            if place is None:
                self.problems.append(error("N204", row.place.span, name=row.place.text))
        start, end = interval(row.period) if row.period else (None, None)
        season = None
        if row.season is not None:
            first, last = row.season
            season = ((first.month, first.day), (last.month, last.day))
        value: model.Exactly | model.Between | None = None
        if isinstance(row.value, syntax.Extent):
            value = model.Between(*self.extent(row.value, type_))
        elif row.value is not None:
            number = self.number(row.value, type_, row.span)
            value = model.Exactly(number) if number is not None else None
        return model.ParameterValue(place, start, end, season, value, row.state == "confirmed")
