"""What a form says about each heading: the question, the clauses that need the answer, an example, what may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rulecheck.language.syntax import Language
from rulecheck.report.wording import pick
from rulecheck.rules.model import CategoryType, DateType, Kind, NumberType, ReferenceType, Rule, TimeType, YesNoType
from rulecheck.templates.form import Form, FormatName, Question, Section, Use
from rulecheck.templates.tables import Column
from rulecheck.templates.values import example_text, member_text, shown, unit_factor
from rulecheck.templates.wording import name_of, reserved, say

_GUIDE: Final[Mapping[FormatName, tuple[str, ...]]] = {
    "xlsx": ("rows", "who", "left_blank", "none", "numbers", "dates", "members", "evidence", "reasons", "as_of"),
    "yaml": ("entries", "who", "untold", "none", "units", "dates", "nested", "evidence", "reasons", "as_of"),
}
"""What each format's instructions say, in this order."""

_MEASURED: Final = {"new": "note.measures_new", "stock": "note.measures_stock", "cumulative": "note.measures_cumulative"}
MOST_CLAUSES: Final = 3
"""Clauses named beside one heading; how many more there are is said, and the list of headings names them all."""


def heading_lines(form: Form, language: Language) -> list[str]:
    """What the form is and what it rests on."""
    named = [say("title.named", language, title=each.title, number=each.number) for each in form.documents]
    lines = [say("title.form", language)]
    return [*lines, say("title.document", language, documents=say("title.join", language).join(named))] if named else lines


def guide(form: Form, format: FormatName, language: Language) -> list[str]:
    """What to do, a sentence or two a line; nothing about what the form does not have."""
    has = {
        "members": any(section.children for section in form.sections),
        "nested": any(section.children for section in form.sections),
        "reasons": any(section.explained for section in form.sections),
    }
    told = [key for key in _GUIDE[format] if has.get(key, True)]
    return [say(f"guide.{key}", language, partial=partial_text(language)) for key in told]


def question_note(question: Question, language: Language) -> tuple[str, ...]:
    """Everything to say about a fact, a line each: the question, the clauses, what it must agree with, how to answer."""
    fact = question.fact
    asked = [pick(text, language) for text in (fact.question, fact.note) if text is not None]
    return tuple(
        " ".join(line.split()) for line in (*asked, *clause_lines(question, language), *answer_lines(question, language))
    )


def clause_lines(question: Question, language: Language) -> list[str]:
    """The first rules that read a fact and how many there are; then the relations it stands in."""
    clauses = [_clause(use, language) for use in question.uses if use.locators]
    if len(clauses) > MOST_CLAUSES:
        clauses = [*clauses[:MOST_CLAUSES], say("note.more", language, count=len(clauses))]
    relations = [pick(use.title, language) for use in question.uses if not use.locators]
    if relations:
        clauses.append(say("note.relation", language, title=say("title.join", language).join(relations)))
    return clauses


def _clause(use: Use, language: Language) -> str:
    return say("note.clause", language, basis=_items(use.number, use.locators), title=pick(use.title, language))


def _items(number: str, locators: Iterable[str]) -> str:
    return f"{number} {'、'.join(locators)}".strip()


def clause_index(question: Question) -> list[str]:
    """Every item that needs a fact, a document a line."""
    items: dict[str, dict[str, None]] = {}
    for use in question.uses:
        items.setdefault(use.number, {}).update(dict.fromkeys(use.locators))
    return [_items(number, locators) for number, locators in items.items() if locators]


def answer_lines(question: Question, language: Language) -> list[str]:
    """How the answer is written: an example, the range or choices, what blank and none mean."""
    fact = question.fact
    lines = [say("note.example", language, example=example_text(fact, language))]
    match fact.type:
        case NumberType() | DateType() | TimeType():
            lines += _range_lines(question, language)
        case YesNoType():
            lines.append(say("note.yes_no", language))
        case CategoryType(members=members):
            names = say("title.join", language).join(member_text(each, language) for each in members)
            lines.append(say("note.choices_open" if fact.type.is_open else "note.choices", language, members=names))
        case ReferenceType() if question.target is not None:
            lines.append(say("note.subject", language, kind=name_of(question.target, language)))
    if fact.measures is not None:
        lines.append(say(_MEASURED[fact.measures], language))
    if fact.every is not None:
        lines.append(say("note.periodic", language))
    if fact.none_is is not None:
        lines.append(say("note.counted", language, value=shown(fact.none_is, fact, language)))
    elif fact.may_be_none:
        lines.append(say("note.may_none", language))
    return [*lines, say("note.blank", language)]


def range_text(question: Question, language: Language) -> str:
    """The range in words, empty where there is none."""
    fact = question.fact
    if isinstance(fact.type, TimeType):
        return ""
    low, high = (None if end is None else shown(end, fact, language) for end in (fact.minimum, fact.maximum))
    if low is not None and high is not None:
        return say("note.range", language, low=low, high=high)
    if low is not None:
        return say("note.low", language, low=low)
    return say("note.high", language, high=high) if high is not None else ""


def _range_lines(question: Question, language: Language) -> list[str]:
    fact = question.fact
    found = range_text(question, language)
    lines = [found] if found else []
    if isinstance(fact.type, NumberType) and fact.step != unit_factor(fact):
        lines.append(say("note.step", language, step=shown(1, fact, language)))
    return lines


def evidence_note(question: Question, language: Language) -> tuple[str, ...]:
    return (say("note.evidence", language, name=name_of(question.fact, language)),)


def roster_note(child: Kind, language: Language) -> tuple[str, ...]:
    """What to say about the column of a table that stands for the members of a kind."""
    return (say("note.roster", language, kind=name_of(child, language)),)


def members_note(child: Kind, language: Language) -> tuple[str, ...]:
    """What to say above the list of members inside what they belong to."""
    return (say("note.members", language, kind=name_of(child, language), partial=partial_text(language)),)


def partial_text(language: Language) -> str:
    """How a list that is not complete is written: `{未报全: 是, 名单: […]}`."""
    return f"{{{reserved('incomplete', language)}: {say('word.yes', language)}, {reserved('list', language)}: […]}}"


def word_note(word: str, section: Section | None, rule: Rule | None, language: Language) -> tuple[str, ...]:
    """What to say about a heading that is no fact, of a section or of the whole form. `rule`: the one that reasons are for."""
    parent = name_of(section.parent, language) if section is not None and section.parent is not None else ""
    title = pick(rule.title, language) if rule is not None else ""
    lines = [say(f"note.{word}", language, kind=parent, rule=title)]
    return (*lines, *kind_note(section.kind, language)) if word == "id" and section is not None else tuple(lines)


def kind_note(kind: Kind, language: Language) -> tuple[str, ...]:
    """What the vocabulary says of a kind."""
    return (pick(kind.note, language),) if kind.note is not None else ()


def column_note(column: Column, section: Section, language: Language) -> tuple[str, ...]:
    """What to say about a column of a table."""
    if column.question is not None:
        note = question_note if column.role == "fact" else evidence_note
        return note(column.question, language)
    if column.child is not None:
        return roster_note(column.child, language)
    return word_note(column.role, section, column.rule, language)
