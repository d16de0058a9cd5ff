"""A document item by item, in its own order: what is lost or misprinted, what cannot be checked, and every rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rulecheck.prose.names import Voice, condition_name
from rulecheck.prose.passages import Paragraph
from rulecheck.prose.phrases import EMPTY, join, provision, readable
from rulecheck.prose.provisions import facts_used, nodes_of, notes_at, rule_paragraphs
from rulecheck.prose.values import date_text, value_text, window_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import members_of

Heading = Bilingual
Section = tuple[Heading, Sequence[Paragraph]]
"""A heading (empty for none) and the lines below it, a blank line between sections."""


def told(rules: model.RuleSet, wanted: Collection[str], whole: Collection[str]) -> Iterator[Section]:
    """The rules with the ids `wanted` and the documents (folders) `whole`, then the facts they use and how to read it all."""
    shown: list[model.Rule] = []
    for document in rules.documents:
        of_document = [rule for rule in rules.rules if rule.document is document]
        is_whole = document.folder in whole
        chosen = in_order(document, [rule for rule in of_document if is_whole or rule.id in wanted])
        if chosen or is_whole:
            yield _head(document, is_whole=is_whole)
            yield from _items(document, rules, chosen, is_whole=is_whole)
            shown += chosen
    yield from _facts(rules, shown)
    conventions = ("modalities", "scope", "limit", "missing", "empty", "names")
    lines = [Paragraph(1, Bilingual("- ", "- "), provision("conventions", name)) for name in conventions]
    yield provision("documents", "reading"), lines


def in_order(document: model.Document, rules: Sequence[model.Rule]) -> list[model.Rule]:
    """Rules in the order of the document's items; of one item, in the order of the rule file."""
    positions = {item.locator: position for position, item in enumerate(document.items)}

    def place(rule: model.Rule) -> tuple[int, str, int]:
        found = [positions[each.locator] for each in rule.citations if each.locator in positions]
        return (min(found, default=len(positions)), rule.span.source.name, rule.span.start)

    return sorted(rules, key=place)


# --- documents and items ---


def _head(document: model.Document, *, is_whole: bool) -> Section:
    heading = provision("documents", "head", number=document.number, title=document.title)
    horizon = EMPTY
    if document.horizon is not None:
        horizon = provision("documents", "horizon", day=date_text(document.horizon))
    in_force = provision("documents", "in_force", window=window_text(document.in_force))
    issued = provision(
        "documents",
        "issued",
        issuer=document.issuer,
        kind=document.kind,
        day=date_text(document.issued.toordinal()),
        in_force=in_force,
        horizon=horizon,
    )
    lines = [Paragraph(1, EMPTY, issued)]
    if document.basis:
        basis = join([Bilingual(each, each) for each in document.basis])
        lines.append(Paragraph(1, EMPTY, provision("documents", "basis", basis=basis)))
    by, on = document.status.get("checked_by", ""), document.status.get("checked_on", "")
    signed = provision("documents", "signed", by=by, day=on) if by else provision("documents", "unsigned")
    lines.append(Paragraph(1, EMPTY, signed))
    if is_whole and document.coverage == "partial":
        lines.append(Paragraph(1, EMPTY, provision("documents", "partial")))
    return heading, lines


def _items(document: model.Document, rules: model.RuleSet, chosen: Sequence[model.Rule], *, is_whole: bool) -> Iterator[Section]:
    """Item by item: what was declared of it, then its rules. A rule of several items stands with the first of them. `chosen`: the
    rules in the document's order."""
    declared = [each for each in rules.declarations if each.document is document] if is_whole else []
    names = [item.locator for item in document.items]
    names += [each.locator for each in declared if each.locator not in names]
    names += [rule.citations[0].locator for rule in chosen if not _cites(rule, names)]
    left = list(chosen)
    for locator in dict.fromkeys(names):
        here = [rule for rule in left if any(each.locator == locator for each in rule.citations)]
        left = [rule for rule in left if rule not in here]
        lines = [line for each in declared if each.locator == locator for line in _declaration(each, rules)]
        cited_elsewhere = any(each.locator == locator for rule in chosen for each in rule.citations)
        if not lines and not here:
            if not is_whole or cited_elsewhere:
                continue
            lines = [Paragraph(1, EMPTY, provision("documents", "no_rule"))]
        is_item = locator != model.WHOLE_TEXT
        yield provision("documents", "item" if is_item else "whole_text", locator=locator), lines
        for rule in here:
            yield EMPTY, list(rule_paragraphs(rule, rules))


def _cites(rule: model.Rule, names: Collection[str]) -> bool:
    return any(each.locator in names for each in rule.citations)


def _declaration(declaration: model.ItemDeclaration, rules: model.RuleSet) -> list[Paragraph]:
    notes = [provision("documents", "note", note=note) for note in notes_at(declaration.span, rules)]
    return [Paragraph(1, EMPTY, text) for text in (declaration_text(declaration), *notes)]


def declaration_text(declaration: model.ItemDeclaration) -> Bilingual:
    """Why an item cannot be checked, what of it is lost, or how it is misprinted."""
    if declaration.state == "erratum":
        printed, presumed = declaration.printed or EMPTY, declaration.presumed or EMPTY
        authority = declaration.authority or EMPTY
        return provision("documents", "erratum", printed=printed, presumed=presumed, authority=authority)
    words = [provision("documents", "words", words=text) for text, _ in declaration.quotes]
    key = "not_checkable_words" if words and declaration.state == "not_checkable" else declaration.state
    return provision("documents", key, because=declaration.because or EMPTY, words=join(words))


# --- facts ---


def _facts(rules: model.RuleSet, shown: Sequence[model.Rule]) -> Iterator[Section]:
    """What the rules ask, kind by kind, with what has to be true among it."""
    used = {fact.id: fact for rule in shown for fact in facts_used(rule, rules)}
    kinds: dict[str, model.Kind] = {}
    for rule in shown:
        kinds |= {kind.id: kind for kind in _kinds_of(rule, rules)}
    lines: list[Paragraph] = []
    for kind in kinds.values():
        facts = [fact for fact in used.values() if kind.id in fact.kinds]
        lines.append(Paragraph(1, EMPTY, kind_text(kind, rules)))
        lines += [Paragraph(2, Bilingual("- ", "- "), fact_text(fact, rules)) for fact in facts]
    yield provision("documents", "facts"), lines
    relations = [each for each in rules.relations if all(fact.fact.id in used for fact in each.facts)]
    if relations:
        told = [Paragraph(1, Bilingual("- ", "- "), relation_text(each, rules)) for each in relations]
        yield provision("documents", "relations"), told


def _kinds_of(rule: model.Rule, rules: model.RuleSet) -> Iterator[model.Kind]:
    """The kinds whose facts a rule reads: its own, those it is part of, those of the members it looks at."""
    kind = rule.kind
    yield kind
    while kind.parent is not None:
        kind = rules.kinds[kind.parent]
        yield kind
    for node in nodes_of(rule):
        members = members_of(node)
        if members is not None:
            yield from members.kinds


def kind_text(kind: model.Kind, rules: model.RuleSet) -> Bilingual:
    name = readable(kind.name)
    if kind.parent is not None:
        name = provision("facts", "part_of", kind=name, parent=readable(rules.kinds[kind.parent].name))
    return name if kind.note is None else provision("facts", "kind_note", kind=name, note=kind.note)


def fact_text(fact: model.Fact, rules: model.RuleSet) -> Bilingual:
    """A fact with its type and what is asked: that is what the name means."""
    told = provision("facts", "fact", name=readable(fact.name), type=_type_text(fact, rules))
    if fact.question is not None:
        told = provision("facts", "asked", fact=told, question=fact.question)
    if fact.measures is not None:
        told = provision("facts", f"measures_{fact.measures}", fact=told)
    if fact.note is not None:
        told = provision("facts", "note", fact=told, note=fact.note)
    if fact.none_is is not None:
        told = provision("facts", "none_is", fact=told, value=value_text(fact.none_is * fact.step, fact.type))
    return told


def _type_text(fact: model.Fact, rules: model.RuleSet) -> Bilingual:
    match fact.type:
        case model.NumberType(unit=None):
            told = provision("facts", "bare_number")
        case model.NumberType(unit=unit) if unit is not None:
            told = provision("facts", "number", unit=readable(Bilingual(unit.text, unit.english)))
        case model.CategoryType(members=members, is_ranked=is_ranked):
            names = join([readable(each) for each in members])
            way = "ranked" if is_ranked else "category_open" if fact.type.is_open else "category"
            told = provision("facts", way, members=names)
        case model.ReferenceType(kind=kind):
            told = provision("facts", "reference", kind=readable(rules.kinds[kind].name))
        case model.DateType():
            told = provision("facts", "date")
        case model.TimeType():
            told = provision("facts", "time")
        case model.YesNoType():
            told = provision("facts", "yes_no")
        case _:
            told = provision("facts", "text")
    return told if fact.every is None else provision("facts", f"every_{fact.every}", type=told)


def relation_text(relation: model.RelationRule, rules: model.RuleSet) -> Bilingual:
    voice = Voice(rules, relation.kind, relation.every)
    name = readable(Bilingual(relation.zh, relation.id))
    return provision("facts", "relation", name=name, test=condition_name(relation.test, voice))
