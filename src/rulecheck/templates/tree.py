"""A form as nested keys and values, for YAML and JSON: subjects in lists by kind, members inside what they belong to."""

from __future__ import annotations

from collections.abc import Iterable

from rulecheck.dataclass import dataclass
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Kind
from rulecheck.submission import Roster, Subject
from rulecheck.templates.form import Form, Question, Section
from rulecheck.templates.notes import kind_note, members_note, question_note, word_note
from rulecheck.templates.tables import Namesakes, as_of_text, namesakes, place_text
from rulecheck.templates.values import value_text
from rulecheck.templates.wording import (
    evidence_heading,
    fact_heading,
    name_of,
    period_text,
    reserved,
    say,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value as text; blank is nothing said."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    blocks: tuple[Block, ...]


Node = Leaf | Block | Listing


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value. `note`: lines to say above it."""

    key: str
    node: Node
    note: tuple[str, ...] = ()


def tree_of(form: Form, language: Language) -> Block:
    """The whole form. A blank one has a skeleton of each kind, with a member of each kind inside; a filled one the subjects."""
    builder = _Builder(form, language, namesakes(form))
    is_blank = not any(section.subjects for section in form.sections)
    entries = builder.header() if is_blank else []
    for section in form.sections:
        tops = [each for each in section.subjects if each.parent is None]
        if tops:
            entries.append(builder.entry(section.kind, Listing(tuple(builder.subject(each, section) for each in tops))))
        elif section.parent is None and is_blank:
            skeletons = Listing((builder.skeleton(section),))
            entries.append(builder.entry(section.kind, skeletons, kind_note(section.kind, language)))
    return Block(tuple(entries))


@dataclass(frozen=True, slots=True)
class _Builder:
    form: Form
    language: Language
    known: Namesakes

    def header(self) -> list[Entry]:
        words = ("as_of", "place")
        return [self.word(word, note=word_note(word, None, None, self.language)) for word in words]

    def word(self, word: str, text: str = "", note: tuple[str, ...] = ()) -> Entry:
        return Entry(reserved(word, self.language), Leaf(text), note)

    def entry(self, kind: Kind, node: Node, note: tuple[str, ...] = ()) -> Entry:
        return Entry(name_of(kind, self.language), node, note)

    # --- blank ---

    def skeleton(self, section: Section) -> Block:
        """A subject of which nothing is said yet."""
        words = ["id", "name", *(["credit_code"] if section.has_code else [])]
        entries = [self.word(word) for word in words]
        for question in section.questions:
            entries += self.question(question, None)
        for child in section.children:
            below = self.form.section(child.id)
            blocks = (self.skeleton(below),) if below is not None else ()
            entries.append(
                self.entry(child, Listing(blocks), (*members_note(child, self.language), *kind_note(child, self.language)))
            )
        entries += self.reasons(section, None)
        return Block(tuple(entries))

    def question(self, question: Question, subject: Subject | None) -> list[Entry]:
        """A fact, blank or as the subject tells it, and the place for its evidence."""
        fact, slot, language = question.fact, question.slot, self.language
        value = subject.values[slot] if subject is not None else None
        node: Node
        if fact.every is None:
            node = Leaf(value_text(value, fact, language))
        else:
            told = value or {}
            leaves = [(period_text(key, language), Leaf(value_text(told.get(key), fact, language))) for key in question.periods]
            node = Block(tuple(Entry(key, leaf) for key, leaf in leaves))
        entries = [Entry(fact_heading(fact, None, language), node, question_note(question, language) if subject is None else ())]
        supporting = subject.supporting if subject is not None else {}
        entries += [
            Entry(evidence_heading(fact, language, key[1]), Leaf(text))
            for key, text in supporting.items()
            if isinstance(key, tuple) and key[0] == slot
        ]
        if subject is None or slot in supporting:
            entries.append(Entry(evidence_heading(fact, language), Leaf(supporting.get(slot, ""))))
        return entries

    # --- filled in ---

    def subject(self, subject: Subject, section: Section) -> Block:
        language = self.language
        identity = self.known.identity(subject, section.has_code)
        texts = {**identity, "place": place_text(subject, language), "as_of": as_of_text(subject, language)}
        entries = [self.word(word, text) for word, text in texts.items() if text]
        for question in section.questions:
            entries += self.question(question, subject)
        for child in section.children:
            below = self.form.section(child.id)
            roster = subject.rosters[subject.kind.children[child.id]]
            entries.append(self.entry(child, self.roster(roster, below)))
        entries += self.reasons(section, subject)
        return Block(tuple(entries))

    def roster(self, roster: Roster | None, section: Section | None) -> Node:
        if roster is None:
            return Leaf()
        if roster.is_complete and not roster.members:
            return Leaf(say("word.none", self.language))
        blocks = tuple(self.subject(each, section) for each in roster.members if section is not None)
        if roster.is_complete:
            return Listing(blocks)
        return Block(
            (self.word("incomplete", say("word.yes", self.language)), Entry(reserved("list", self.language), Listing(blocks)))
        )

    def reasons(self, section: Section, subject: Subject | None) -> Iterable[Entry]:
        """`说明理由: {规则: 理由}`."""
        if not section.explained or (subject is not None and not subject.reasons):
            return ()
        given = subject.reasons if subject is not None else {}
        rules = [rule for rule in section.explained if subject is None or rule.id in given]
        named = [(rule.zh if self.language == "zh" else rule.id, given.get(rule.id, "")) for rule in rules]
        note = word_note("reasons", section, section.explained[0], self.language) if subject is None else ()
        return (Entry(reserved("reasons", self.language), Block(tuple(Entry(name, Leaf(text)) for name, text in named)), note),)
