"""One rule in plain sentences: who, where, when, under which conditions, what, by when, and how else it can be read.

Everything is told from the resolved rule, so that what is told is what is judged. What the limbs of a rule share is told once;
of a reading that is not the default only what it changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulecheck.dataclass import dataclass
from rulecheck.language import words
from rulecheck.language.source import Span
from rulecheck.prose.names import Voice, term_name
from rulecheck.prose.parameters import parameter_paragraphs
from rulecheck.prose.passages import END, Paragraph, Passage, forbidden, paragraphs, passage_of
from rulecheck.prose.phrases import EMPTY, both, join, provision, readable
from rulecheck.prose.values import date_text
from rulecheck.rules import model
from rulecheck.rules.citing import body_lists
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import members_of, walk
from rulecheck.rules.resolve.vocabulary import bilingual, clauses


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a rule: its label and what it says. One that is `understood` is told only beside another that differs."""

    label: Bilingual
    passage: Passage
    understood: bool = False


Fields = Mapping[str, Field]
"""By what they are: when, applies, excepted, requirement, due, partial, in the order in which they are told."""


def rule_paragraphs(rule: model.Rule, rules: model.RuleSet) -> Iterator[Paragraph]:
    """The whole rule, its title first."""
    yield Paragraph(0, EMPTY, rule.title)
    yield Paragraph(1, provision("fields", "rule"), provision("rules", "name", zh=rule.zh, en=rule.id))
    for citation in rule.citations:
        basis = provision("rules", "basis", number=rule.document.number, locator=citation.locator)
        yield Paragraph(1, provision("fields", "basis"), basis)
        for quote, _ in citation.quotes:
            yield Paragraph(2, Bilingual("> ", "> "), Bilingual(quote, quote))
    voice = Voice(rules, rule.kind, rule.every)
    yield from _line("who", who_text(rule, voice))
    yield from _line("where", where_text(rule))
    first = rule.readings[0]
    told = {limb.tag: limb_fields(rule, limb, voice) for limb in first.limbs}
    yield from _limbs(told)
    for text in reckoning(rule):
        yield from _line("reckoning", text)
    yield from _readings(rule, told, voice)
    yield from parameter_paragraphs(parameters_used(rule), voice)
    for role in ("lead", "responsible", "accountable"):
        for agencies in body_lists(each.agency for each in rule.responsible if each.role == role):
            yield from _line(role, join([Bilingual(each, each) for each in agencies], "、", "、"))
    for text in rule.see_also:
        yield from _line("see_also", text)
    for text in notes_at(rule.span, rules):
        yield from _line("note", text)


def _line(label: str, text: Bilingual) -> Iterator[Paragraph]:
    """One sentence behind its label."""
    return _labelled(Field(provision("fields", label), Passage(text)), 1)


def _labelled(field: Field, depth: int, lead: Bilingual = EMPTY) -> Iterator[Paragraph]:
    """A field line by line; one that is a whole sentence already gets no second full stop."""
    end = EMPTY if field.passage.text.zh.endswith(("。", "：")) and not field.passage.parts else END
    return paragraphs(field.passage, depth, join([lead, field.label], "", ""), end)


def notes_at(span: Span, rules: model.RuleSet) -> list[Bilingual]:
    """What the author noted of the declaration at a span; it is no part of what is judged and stays in the tree of the file."""
    declarations = (each for file in rules.files for each in file.declarations if each.span == span)
    return [text for each in declarations for note in clauses(each, "note") if (text := bilingual(note.body))]


# --- who and where ---


def who_text(rule: model.Rule, voice: Voice) -> Bilingual:
    """Who is counted and who is bound."""
    counted = provision("rules", "every_one", kind=readable(rule.kind.name))
    bound, kind = rule.bound, readable((rule.bound.kind or rule.kind).name)
    if bound.reference is not None:
        fact = term_name(bound.reference, None, voice)
        told = provision("rules", "bound_named", fact=fact, kind=kind)
    else:
        told = provision("rules", "bound_above" if bound.up else "bound_self", kind=kind)
    return provision("rules", "who", counted=counted, bound=told)


def where_text(rule: model.Rule) -> Bilingual:
    if rule.place is None:
        return provision("rules", "everywhere")
    return provision("rules", "inside", place=Bilingual(rule.place.chinese, rule.place.title))


# --- limbs ---


def limb_fields(rule: model.Rule, limb: model.Limb, voice: Voice) -> Fields:
    """What one limb says under one reading."""

    def told(test: model.Test | None, otherwise: str) -> Passage:
        return passage_of(test, voice) if test is not None else Passage(provision("rules", otherwise))

    partial = Passage(limb.partial if limb.partial is not None else provision("rules", "nothing_left_out"))
    return {
        "when": Field(provision("fields", "when"), Passage(when_text(rule, limb, voice))),
        "applies": Field(provision("fields", "applies"), told(limb.applies, "unconditional")),
        "excepted": Field(provision("fields", "excepted"), told(limb.excepted, "no_exception"), limb.excepted is None),
        "requirement": Field(provision("fields", limb.modality), requirement_passage(limb, voice)),
        "due": Field(provision("fields", "due"), Passage(due_text(rule, limb, voice))),
        "partial": Field(provision("fields", "partial"), partial, limb.partial is None),
    }


def when_text(rule: model.Rule, limb: model.Limb, voice: Voice) -> Bilingual:
    how = [provision("rules", rule.every)] if rule.every is not None else []
    if rule.kind.occurs_on is not None and voice.rules is not None:
        fact = voice.rules.facts[rule.kind.occurs_on]
        day = term_name(model.FactTerm(fact, 0, None, fact.type, limb.span), None, voice)
        how.insert(0, provision("rules", "event", day=day))
    if not how:
        ends = [window[1] for window in (limb.in_force, limb.owed) if window[1] is not None]
        how = [provision("rules", "state" if ends else "state_open")]
    owed = provision("rules", "owed_alike") if limb.owed == limb.in_force else _window("owed", limb.owed)
    return provision("rules", "when", in_force=_window("in_force", limb.in_force), owed=owed, how=join(how, "", " "))


def _window(name: str, window: tuple[int, int | None]) -> Bilingual:
    start, end = window
    if end is None:
        return provision("rules", f"{name}_open", start=date_text(start))
    return provision("rules", name, start=date_text(start), end=date_text(end))


def requirement_passage(limb: model.Limb, voice: Voice) -> Passage:
    if limb.done is not None:
        return Passage(provision("rules", "done", done=term_name(limb.done, None, voice)))
    assert limb.requirement is not None
    if limb.modality == "must_not" and isinstance(limb.requirement, model.Not):
        return forbidden(limb.requirement.part, voice)
    return passage_of(limb.requirement, voice)


def due_text(rule: model.Rule, limb: model.Limb, voice: Voice) -> Bilingual:
    if limb.due is not None:
        return provision("rules", "due_by", due=term_name(limb.due, None, voice))
    if rule.every is not None and limb.modality != "must_not":
        # A duty of a period can be met until the period is over; what is forbidden in it is forbidden at once.
        end = term_name(model.PeriodEnd(model.DateType(), limb.span), None, voice)
        return provision("rules", "due_period", end=end)
    return provision("rules", "due_never" if rule.kind.occurs_on is None else "due_event")


def _limbs(told: Mapping[str | None, Fields]) -> Iterator[Paragraph]:
    """What all limbs share, then each with its own, then what they share again: in the order of the fields."""
    shared = {name for name in FIELDS if len({fields[name] for fields in told.values()}) == 1}
    if len(told) > 1:
        # A limb without its requirement would be an empty heading.
        shared -= {"requirement"}
    own = [position for position, name in enumerate(FIELDS) if name not in shared]
    first_own = own[0] if own else len(FIELDS)
    for name in FIELDS[:first_own]:
        yield from _field(next(iter(told.values()))[name], 1)
    for tag, fields in told.items() if own else ():
        yield Paragraph(1, EMPTY, limb_name(tag))
        for name in FIELDS[first_own:]:
            if name not in shared:
                yield from _field(fields[name], 2, beside_others=True)
    for name in FIELDS[first_own:]:
        if name in shared:
            yield from _field(next(iter(told.values()))[name], 1)


FIELDS = ("when", "applies", "excepted", "requirement", "due", "partial")


def limb_name(tag: str | None) -> Bilingual:
    if tag is None:
        return EMPTY
    return provision("fields", "limb", tag=both(lambda language: words.limb_tag(tag, language) or tag))


def _field(field: Field, depth: int, *, beside_others: bool = False) -> Iterator[Paragraph]:
    if beside_others or not field.understood:
        yield from _labelled(field, depth)


# --- readings ---


def _readings(rule: model.Rule, told: Mapping[str | None, Fields], voice: Voice) -> Iterator[Paragraph]:
    first, *others = rule.readings
    if first.name is None:
        return
    names = [readable(reading.name) for reading in rule.readings if reading.name is not None]
    way = ("several" if others else "only") if first.is_default else "open"
    head = provision("readings", way, count=len(names), default=names[0], first=names[0])
    yield from _line("readings", head)
    for number, reading in enumerate(rule.readings, start=1):
        mark = Bilingual(f"（{number}）", f"({number}) ")
        yield Paragraph(2, mark, _reading_head(reading, names[number - 1]))
        if reading is not first:
            yield from _differences(rule, reading, told, voice)


def _reading_head(reading: model.Reading, name: Bilingual) -> Bilingual:
    title = provision("readings", "default" if reading.is_default else "other", name=name)
    if reading.reason is None:
        return provision("readings", "plain", name=title)
    return provision("readings", "because", name=title, reason=reading.reason)


def _differences(
    rule: model.Rule, reading: model.Reading, told: Mapping[str | None, Fields], voice: Voice
) -> Iterator[Paragraph]:
    """What this reading changes, limb by limb; what every limb changes alike is told once."""
    own = {limb.tag: limb_fields(rule, limb, voice) for limb in reading.limbs}
    changed: dict[Field, list[str | None]] = {}
    for tag in dict.fromkeys([*told, *own]):
        before, after = told.get(tag), own.get(tag)
        if after is None:
            yield from paragraphs(Passage(provision("readings", "no_limb", tag=_tag(tag))), 3)
            continue
        for name in FIELDS:
            if before is None or after[name] != before[name]:
                changed.setdefault(after[name], []).append(tag)
    if not changed and own.keys() == told.keys():
        yield from paragraphs(Passage(provision("readings", "same")), 3)
    for field, tags in changed.items():
        limbs = EMPTY if len(tags) == len(own) else join([limb_name(tag) for tag in tags], "", "")
        yield from _labelled(field, 3, provision("readings", "difference", limbs=limbs))


def _tag(tag: str | None) -> Bilingual:
    return both(lambda language: (words.limb_tag(tag, language) or tag) if tag else "")


# --- how days are counted ---


def reckoning(rule: model.Rule) -> list[Bilingual]:
    """How the days, working days and months of the rule are counted, each once."""
    found: dict[str, None] = {}
    for node in nodes_of(rule):
        if isinstance(node, model.DateShift):
            way = "month_later" if node.unit == "month" else node.unit if node.amount >= 0 else f"{node.unit}_before"
            found[way] = None
        elif isinstance(node, model.RolledDate):
            found["roll"] = None
    return [provision("rules", name) for name in found]


def nodes_of(rule: model.Rule) -> Iterator[model.Test | model.Term]:
    """Every test and term of the rule under all readings."""
    for reading in rule.readings:
        for limb in reading.limbs:
            for part in (limb.applies, limb.excepted, limb.requirement, limb.done, limb.due):
                if part is not None:
                    yield from walk(part)


def parameters_used(rule: model.Rule) -> list[model.ParameterTerm]:
    """The parameters of the rule, each once for every day whose value it takes."""
    found: dict[tuple[str, str | None], model.ParameterTerm] = {}
    for node in nodes_of(rule):
        if isinstance(node, model.ParameterTerm):
            found.setdefault((node.parameter.id, node.day.fact.id if node.day else None), node)
    return list(found.values())


def facts_used(rule: model.Rule, rules: model.RuleSet) -> list[model.Fact]:
    """The facts that the rule reads, each once, in the order of the text; the date that governs an event first."""
    found: dict[str, model.Fact] = {}

    def note(fact: model.Fact) -> None:
        found.setdefault(fact.id, fact)

    if rule.kind.occurs_on is not None:
        note(rules.facts[rule.kind.occurs_on])
    if rule.bound.reference is not None:
        note(rule.bound.reference.fact)
    for node in nodes_of(rule):
        if isinstance(node, model.FactTerm | model.PeriodTotal):
            note(node.fact)
        members = members_of(node)
        for kind in members.kinds if members is not None else ():
            if kind.occurs_on is not None:
                note(rules.facts[kind.occurs_on])
    return list(found.values())
