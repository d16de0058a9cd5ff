"""A section as a table: the columns of a sheet or CSV file, and what each subject has in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Literal

from rulecheck.dataclass import dataclass
from rulecheck.facts.credit_codes import read_credit_code
from rulecheck.language.syntax import Language
from rulecheck.measures.days import day_text
from rulecheck.rules.model import DateType, Kind, Rule
from rulecheck.submission import Roster, Subject
from rulecheck.templates.form import Form, Question, Section
from rulecheck.templates.values import value_text
from rulecheck.templates.wording import evidence_heading, fact_heading, name_of, reserved, say

Role = Literal["kind", "id", "name", "credit_code", "parent", "place", "as_of", "fact", "evidence", "roster", "reasons"]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column. `question` and `period` of a fact or its evidence, `child` of a roster, `rule` of reasons."""

    role: Role
    heading: str
    question: Question | None = None
    period: str | None = None
    child: Kind | None = None
    rule: Rule | None = None


def columns_of(section: Section, language: Language, names_kind: bool = True) -> tuple[Column, ...]:
    """The columns of a section in the order of a form: who, where and when, the facts each with its evidence, members, reasons.

    `names_kind`: whether the table's own name is that of the kind; where it cannot be, each row names it.
    """
    word = partial(reserved, language=language)
    found = [] if names_kind else [Column("kind", word("kind"))]
    found += [Column("id", word("id")), Column("name", word("name"))]
    if section.has_code:
        found.append(Column("credit_code", word("credit_code")))
    if section.parent is not None:
        found.append(Column("parent", word("parent")))
    if section.parent is None or any(map(_place_of_its_own, section.subjects)):
        found.append(Column("place", word("place")))
    if section.parent is None or any(map(_day_of_its_own, section.subjects)):
        found.append(Column("as_of", word("as_of")))
    for question in section.questions:
        found += _of_question(question, section.subjects, language)
    found += [Column("roster", name_of(child, language), child=child) for child in section.children]
    for rule in section.explained:
        heading = f"{word('reasons')}@{rule.zh if language == 'zh' else rule.id}"
        found.append(Column("reasons", heading, rule=rule))
    return tuple(found)


def _of_question(question: Question, subjects: Iterable[Subject], language: Language) -> list[Column]:
    """A column for the fact, or for each period of it, and one for its evidence. Evidence that names a period has a column of
    its own behind that period's."""
    fact, slot = question.fact, question.slot
    proven = {key for each in subjects for key in each.supporting if isinstance(key, tuple) and key[0] == slot}
    found: list[Column] = []
    for period in question.periods if fact.every is not None else (None,):
        found.append(Column("fact", fact_heading(fact, period, language), question, period))
        if period is not None and (slot, period) in proven:
            found.append(Column("evidence", evidence_heading(fact, language, period), question, period))
    return [*found, Column("evidence", evidence_heading(fact, language), question)]


@dataclass(frozen=True, slots=True)
class Namesakes:
    """How often each id and name stands among the subjects of each kind: what a text alone can mean."""

    ids: Counter[tuple[str, str]]
    names: Counter[tuple[str, str]]

    def identity(self, subject: Subject, has_code: bool) -> dict[str, str]:
        """What tells the subject from others, by role. An id that is the name goes as the name alone, as people write it."""
        if has_code and read_credit_code(subject.id) == subject.id:
            return {"credit_code": subject.id, "name": "" if subject.name == subject.id else subject.name}
        if subject.id != subject.name:
            return {"id": subject.id, "name": subject.name}
        is_alone = self.names[subject.kind.id, subject.name] == 1
        return {"name": subject.name} if is_alone else {"id": subject.id, "name": subject.name}

    def parent(self, subject: Subject) -> str:
        """What 上级 says: the id of the parent, or its name where another has the same id."""
        above = subject.parent
        if above is None:
            return ""
        return above.id if self.ids[above.kind.id, above.id] == 1 else above.name


def namesakes(form: Form) -> Namesakes:
    subjects = [each for section in form.sections for each in section.subjects]
    return Namesakes(
        Counter((each.kind.id, each.id) for each in subjects), Counter((each.kind.id, each.name) for each in subjects)
    )


def cell_text(column: Column, subject: Subject, section: Section, known: Namesakes, language: Language) -> str:
    """What a subject has in a column; blank where nothing was said."""
    match column:
        case Column(role="kind"):
            return name_of(section.kind, language)
        case Column(role="id" | "name" | "credit_code" as role):
            return known.identity(subject, section.has_code).get(role, "")
        case Column(role="parent"):
            return known.parent(subject)
        case Column(role="place"):
            return place_text(subject, language)
        case Column(role="as_of"):
            return as_of_text(subject, language)
        case Column(role="fact", question=Question(fact=fact, slot=slot), period=period):
            value = subject.values[slot]
            return value_text(value if period is None else value.get(period), fact, language)
        case Column(role="evidence", question=Question(slot=slot), period=period):
            return subject.supporting.get(slot if period is None else (slot, period), "")
        case Column(role="roster", child=Kind(id=child)):
            return _roster_text(subject.rosters[subject.kind.children[child]], language)
        case Column(role="reasons", rule=Rule(id=rule)):
            return subject.reasons.get(rule, "")
    raise AssertionError(column.role)


def cell_day(column: Column, subject: Subject) -> int | None:
    """The day (an ordinal) that a subject has in a column, None where there is something else or nothing."""
    if column.role == "as_of":
        return subject.as_of
    if column.role != "fact" or column.question is None or not isinstance(column.question.fact.type, DateType):
        return None
    value = subject.values[column.question.slot]
    day = value if column.period is None else value.get(column.period)
    return day if isinstance(day, int) else None


def _roster_text(roster: Roster | None, language: Language) -> str:
    if roster is None:
        return ""
    if roster.is_complete:
        return say("word.complete" if roster.members else "word.none", language)
    return say("word.incomplete", language)


# --- places and days, which members take from what they belong to ---


def place_text(subject: Subject, language: Language) -> str:
    """The place, where the subject does not take it from its parent."""
    if subject.place is None or not _place_of_its_own(subject):
        return ""
    return subject.place.chinese if language == "zh" else subject.place.english


def as_of_text(subject: Subject, language: Language) -> str:
    if subject.as_of is None or not _day_of_its_own(subject):
        return ""
    return day_text(subject.as_of, language)


def _place_of_its_own(subject: Subject) -> bool:
    return subject.place is not None and (subject.parent is None or subject.place != subject.parent.place)


def _day_of_its_own(subject: Subject) -> bool:
    return subject.as_of is not None and (subject.parent is None or subject.as_of != subject.parent.as_of)
