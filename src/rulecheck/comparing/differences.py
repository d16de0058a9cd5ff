"""What two versions of a rule say differently, clause by clause: worked out from the resolved rules, so that what is told is what
is judged, and a rule that is only written otherwise (or in the other language) has no difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from rulecheck.comparing.meaning import meaning
from rulecheck.comparing.result import Difference
from rulecheck.comparing.trees import Trees
from rulecheck.comparing.wording import told
from rulecheck.language.words import limb_tag
from rulecheck.prose.documents import fact_text, relation_text
from rulecheck.prose.names import Voice
from rulecheck.prose.parameters import row_text
from rulecheck.prose.passages import Paragraph, paragraphs
from rulecheck.prose.phrases import EMPTY, join, readable
from rulecheck.prose.provisions import facts_used, limb_fields, nodes_of, parameters_used, who_text
from rulecheck.prose.values import bounds_text, value_text, window_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import members_of

Lines = tuple[Paragraph, ...]


class Version(NamedTuple):
    """One rule set with the trees of its files."""

    rules: model.RuleSet
    trees: Trees


class _Clause(NamedTuple):
    """A kind of clause of a limb: what it means, how it is told (a field of `limb_fields`, or a function), and under which labels
    it is written."""

    what: str
    meaning: Callable[[model.Limb], Any]
    field: str
    labels: tuple[str, ...]
    decides: bool = True


COMMANDS: Final = ("must", "must_not", "in_principle", "strive", "encouraged")

CLAUSES: Final = (
    _Clause("in_force", lambda limb: limb.in_force, "", ("in_force",)),
    _Clause("owed", lambda limb: limb.owed, "", ("owed",)),
    _Clause("applies", lambda limb: limb.applies, "applies", ("applies",)),
    _Clause("excepted", lambda limb: limb.excepted, "excepted", ("except",)),
    _Clause("requirement", lambda limb: (limb.modality, limb.requirement, limb.done), "requirement", COMMANDS),
    _Clause("due", lambda limb: limb.due, "due", ("due",)),
    _Clause("partial", lambda limb: limb.partial, "partial", ("partial",), decides=False),
)
"""The clauses of a limb. Every one that decides can be put back as it was by itself (`worlds`)."""

CLAUSE_FIELDS: Final = {
    "in_force": ("in_force",),
    "owed": ("owed",),
    "applies": ("applies",),
    "excepted": ("excepted",),
    "requirement": ("modality", "requirement", "done"),
    "due": ("due",),
}
"""The fields of a limb that a clause stands for."""


def tag_of(limb: str | None) -> str | None:
    """The tag of a limb, the same in both languages."""
    return None if limb is None else limb_tag(limb, "zh") or limb


def reading_name(of: model.Reading) -> str | None:
    return of.name.en if of.name is not None else None


def partner(of: model.Reading, own: model.Rule, other: model.Rule) -> model.Reading | None:
    """The reading of the other version that is this one; the first, where neither is called as any of the others."""
    named = next((each for each in other.readings if reading_name(each) == reading_name(of)), None)
    return named or (other.readings[0] if of is own.readings[0] else None)


def limb_in(reading: model.Reading, tag: str | None) -> model.Limb | None:
    return next((each for each in reading.limbs if tag_of(each.tag) == tag), None)


def differences(old: Version, new: Version, before: model.Rule, after: model.Rule) -> tuple[Difference, ...]:
    """Everything that differs, what a verdict can depend on first."""
    found = [
        *_of_rule(old, new, before, after),
        *_of_limbs(old, new, before, after),
        *_of_parameters(old.rules, new.rules, before, after),
        *_of_calendar(old.rules, new.rules, before, after),
        *_of_places(old.rules, new.rules, before, after),
        *_of_vocabulary(old.rules, new.rules, before, after),
    ]
    return tuple(sorted(found, key=lambda each: not each.decides))


# --- the rule as a whole ---


class _Part(NamedTuple):
    what: str
    meaning: Callable[[model.Rule], Any]
    told: Callable[[model.Rule, model.RuleSet], Sequence[Bilingual]]
    decides: bool


def _place(rule: model.Rule, rules: model.RuleSet) -> list[Bilingual]:
    return [Bilingual(rule.place.chinese, rule.place.title)] if rule.place is not None else []


def _readings(rule: model.Rule, rules: model.RuleSet) -> list[Bilingual]:
    named = [(each, readable(each.name)) for each in rule.readings if each.name is not None]
    return [told("told", "default", name=name) if each.is_default else name for each, name in named]


def _reasons(rule: model.Rule, rules: model.RuleSet) -> list[Bilingual]:
    return [each.reason for each in rule.readings if each.reason is not None]


def _basis(rule: model.Rule, rules: model.RuleSet) -> list[Bilingual]:
    number = rule.document.number or rule.document.title
    lines = []
    for each in rule.citations:
        quotes = "".join(f" “{quote}”" for quote, _ in each.quotes)
        lines.append(Bilingual(f"{number} {each.locator}{quotes}", f"{number}, item {each.locator}{quotes}"))
    return lines


def _agencies(rule: model.Rule, rules: model.RuleSet) -> list[Bilingual]:
    return [told("roles", each.role, agency=each.agency) for each in rule.responsible]


_PARTS: Final = (
    _Part("kind", lambda rule: rule.kind.id, lambda rule, _: [readable(rule.kind.name)], True),
    _Part("every", lambda rule: rule.every, lambda rule, _: [told("every", rule.every)] if rule.every else [], True),
    _Part("place", lambda rule: rule.place and rule.place.english, _place, True),
    _Part("readings", lambda rule: [(reading_name(each), each.is_default) for each in rule.readings], _readings, True),
    _Part("reasons", lambda rule: [each.reason for each in rule.readings], _reasons, False),
    _Part("title", lambda rule: rule.title, lambda rule, _: [rule.title], False),
    _Part(
        "basis",
        lambda rule: (rule.document.number, [(each.locator, [quote for quote, _ in each.quotes]) for each in rule.citations]),
        _basis,
        False,
    ),
    _Part(
        "bound",
        lambda rule: (rule.bound.up, meaning(rule.bound.reference), meaning(rule.bound.kind)),
        lambda rule, rules: [who_text(rule, Voice(rules, rule.kind, rule.every))],
        False,
    ),
    _Part("responsible", lambda rule: rule.responsible, _agencies, False),
    _Part("see_also", lambda rule: rule.see_also, lambda rule, _: rule.see_also, False),
)


def _of_rule(old: Version, new: Version, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    for part in _PARTS:
        if part.meaning(before) != part.meaning(after):
            yield Difference(
                what=part.what,
                name=told("what", part.what),
                before=_lines(part.told(before, old.rules)),
                after=_lines(part.told(after, new.rules)),
                decides=part.decides,
            )


# --- limbs, clause by clause ---


def _of_limbs(old: Version, new: Version, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    for reading in after.readings:
        other = partner(reading, after, before)
        if other is None:
            continue
        is_first = reading is after.readings[0]
        tags = dict.fromkeys(tag_of(limb.tag) for each in (other, reading) for limb in each.limbs)
        for tag in tags:
            was, now = limb_in(other, tag), limb_in(reading, tag)
            if was is None or now is None:
                if is_first:
                    yield _whole_limb(tag, _said(old, before, was, "requirement"), _said(new, after, now, "requirement"))
                continue
            name = None if is_first else reading_name(reading)
            for clause in CLAUSES:
                if meaning(clause.meaning(was)) == meaning(clause.meaning(now)):
                    continue
                if not is_first and _as_default(clause, before, after, was, now, tag):
                    continue
                yield Difference(
                    what=clause.what,
                    name=_named(clause.what, tag, reading.name if not is_first else None),
                    before=_told(old, before, was, clause),
                    after=_told(new, after, now, clause),
                    limb=tag,
                    reading=name,
                    through=_through(old, new, before, after, clause, tag),
                    decides=clause.decides,
                )


def _as_default(
    clause: _Clause, before: model.Rule, after: model.Rule, was: model.Limb, now: model.Limb, tag: str | None
) -> bool:
    """Whether a further reading has the clause of the first one in both versions: what changed there is told once."""
    first = (limb_in(before.readings[0], tag), limb_in(after.readings[0], tag))
    if first[0] is None or first[1] is None:
        return False
    pairs = ((was, first[0]), (now, first[1]))
    return all(meaning(clause.meaning(own)) == meaning(clause.meaning(default)) for own, default in pairs)


def _whole_limb(tag: str | None, before: Lines, after: Lines) -> Difference:
    return Difference("limb", _named("limb", tag, None), before, after, limb=tag)


def _named(what: str, tag: str | None, reading: Bilingual | None) -> Bilingual:
    name = told("what", what)
    if tag is not None:
        spelled = Bilingual(limb_tag(tag, "zh") or tag, limb_tag(tag, "en") or tag)
        name = told("what", "of_limb", name=name, tag=spelled)
    return name if reading is None else told("what", "of_reading", name=name, reading=readable(reading))


def _told(version: Version, rule: model.Rule, limb: model.Limb, clause: _Clause) -> Lines:
    """What a clause says, in sentences; nothing where there is no such clause."""
    if clause.what in ("in_force", "owed"):
        return _lines([window_text(clause.meaning(limb))])
    if clause.meaning(limb) is None:
        return ()
    return _said(version, rule, limb, clause.field)


def _said(version: Version, rule: model.Rule, limb: model.Limb | None, name: str) -> Lines:
    if limb is None:
        return ()
    found = limb_fields(rule, limb, Voice(version.rules, rule.kind, rule.every))[name]
    mark = found.label if name == "requirement" else EMPTY
    return tuple(paragraphs(found.passage, 0, mark))


def _through(
    old: Version, new: Version, before: model.Rule, after: model.Rule, clause: _Clause, tag: str | None
) -> tuple[Bilingual, ...]:
    """What changed that the clause only uses: definitions by their names, or the dates that the document is registered with."""
    if clause.what in ("in_force", "owed"):
        written = [version.trees.has(rule.id, clause.labels) for version, rule in ((old, before), (new, after))]
        return () if any(written) else (told("through", "document"),)
    changed = old.trees.changed_definitions(new.trees, before.id, after.id, clause.labels)
    return tuple(told("through", "definition", name=name) for name in changed)


# --- what rules use ---


def _of_parameters(old: model.RuleSet, new: model.RuleSet, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    used = {term.parameter.id for rule in (before, after) for term in parameters_used(rule)}
    for name in sorted(used & old.parameters.keys() & new.parameters.keys()):
        was, now = old.parameters[name], new.parameters[name]
        if _value_of(was) != _value_of(now):
            yield Difference(
                what="parameter",
                name=told("what", "parameter", name=readable(now.name)),
                before=_lines([row_text(row, was) for row in was.values]),
                after=_lines([row_text(row, now) for row in now.values]),
                of=name,
            )


def _value_of(of: model.Parameter) -> Any:
    return meaning((of.minimum, of.maximum, of.values))


def _of_calendar(old: model.RuleSet, new: model.RuleSet, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    counts = any(
        isinstance(node, model.RolledDate) or (isinstance(node, model.DateShift) and node.unit == "workday")
        for rule in (before, after)
        for node in nodes_of(rule)
    )
    if counts and old.calendar.sha256 != new.calendar.sha256:
        years = [join([told("told", "year", year=year) for year in each.calendar.years]) for each in (old, new)]
        yield Difference("calendar", told("what", "calendar"), _lines(years[:1]), _lines(years[1:]))


def _of_places(old: model.RuleSet, new: model.RuleSet, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    rows = [row for rule in (before, after) for term in parameters_used(rule) for row in term.parameter.values]
    is_used = before.place is not None or after.place is not None or any(row.place is not None for row in rows)
    if not is_used:
        return
    tables = [{each.english: (each.parent, each.level) for each in rules.places.by_id.values()} for rules in (old, new)]
    if tables[0] != tables[1]:
        changed = [name for name in {**tables[0], **tables[1]} if tables[0].get(name) != tables[1].get(name)]
        lines = [[_place_line(rules, name) for name in changed if name in rules.places.by_id] for rules in (old, new)]
        yield Difference("places", told("what", "places"), _lines(lines[0]), _lines(lines[1]))


def _place_line(rules: model.RuleSet, name: str) -> Bilingual:
    place = rules.places.by_id[name]
    if place.parent is None:
        return Bilingual(place.chinese, place.title)
    above = rules.places.by_id[place.parent]
    return told("told", "place_in", place=Bilingual(place.chinese, place.title), above=Bilingual(above.chinese, above.title))


# --- what can be handed in ---


def _of_vocabulary(old: model.RuleSet, new: model.RuleSet, before: model.Rule, after: model.Rule) -> Iterator[Difference]:
    used = [{fact.id: fact for fact in facts_used(rule, rules)} for rule, rules in ((before, old), (after, new))]
    for name in sorted({**used[0], **used[1]}):
        was, now = old.facts.get(name), new.facts.get(name)
        if was is not None and now is not None and _fact_meaning(was) != _fact_meaning(now):
            label = told("what", "fact", name=readable(now.name))
            yield Difference("fact", label, _fact_lines(was, old), _fact_lines(now, new), of=name)
    kinds = [{each.id: each for each in _kinds(rule)} for rule in (before, after)]
    for name in sorted(kinds[0].keys() & kinds[1].keys()):
        events = [each[name].occurs_on for each in kinds]
        if events[0] != events[1]:
            label = told("what", "event", name=readable(kinds[1][name].name))
            lines = [_lines([_fact_name(rules, id)]) if id else () for rules, id in zip((old, new), events, strict=True)]
            yield Difference("event", label, lines[0], lines[1], of=name)
    yield from _of_relations(old, new, set(used[0]) | set(used[1]))


def _of_relations(old: model.RuleSet, new: model.RuleSet, used: set[str]) -> Iterator[Difference]:
    tables = [
        {(each.id, each.kind.id): each for each in rules.relations if not used.isdisjoint(term.fact.id for term in each.facts)}
        for rules in (old, new)
    ]
    for name in sorted({**tables[0], **tables[1]}):
        was, now = (table.get(name) for table in tables)
        if was is None or now is None or (was.every, meaning(was.test)) != (now.every, meaning(now.test)):
            either = now or was
            assert either is not None
            label = told("what", "relation", name=readable(Bilingual(either.zh, either.id)))
            lines = [
                () if each is None else _lines([relation_text(each, rules)]) for each, rules in ((was, old), (now, new))
            ]
            yield Difference("relation", label, lines[0], lines[1], of="/".join(name))


def _kinds(rule: model.Rule) -> Iterator[model.Kind]:
    yield rule.kind
    for node in nodes_of(rule):
        members = members_of(node)
        if members is not None:
            yield from members.kinds


def _fact_name(rules: model.RuleSet, name: str) -> Bilingual:
    return readable(rules.facts[name].name)


def _fact_meaning(of: model.Fact) -> Any:
    ends = [None if end is None else end * of.step for end in (of.minimum, of.maximum, of.none_is)]
    return (of.type, of.step, ends, of.may_be_none, of.every)


def _fact_lines(of: model.Fact, rules: model.RuleSet) -> Lines:
    lines = [fact_text(of, rules)]
    if isinstance(of.type, model.NumberType):
        low, high = (None if end is None else end * of.step for end in (of.minimum, of.maximum))
        step = value_text(of.step, of.type)
        lines.append(told("told", "range", bounds=bounds_text(low, high, of.type), step=step))
    if of.may_be_none:
        lines.append(told("told", "may_be_none"))
    return _lines(lines)


def _lines(texts: Sequence[Bilingual]) -> Lines:
    return tuple(Paragraph(0, EMPTY, text) for text in texts)


def whole(rule: model.Rule, rules: model.RuleSet) -> Lines:
    """What a rule asks, limb by limb: for a rule that only one set has."""
    found: list[Paragraph] = []
    voice = Voice(rules, rule.kind, rule.every)
    for limb in rule.readings[0].limbs:
        field = limb_fields(rule, limb, voice)["requirement"]
        found += paragraphs(field.passage, 0, field.label)
    return tuple(found)
