"""From a rule set and a choice to the form that asks what the chosen rules need; and a form filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rulecheck.dataclass import replace
from rulecheck.rules.model import Bilingual, Document, Fact, Kind, ReferenceType, Rule, RuleSet
from rulecheck.submission import UNTOLD, Slot, Subject
from rulecheck.templates.choose import Choice
from rulecheck.templates.form import Form, Question, Section
from rulecheck.templates.reads import Needs, needs_of, span_keys
from rulecheck.templates.wording import kinds_without_code


def build(rules: RuleSet, choice: Choice) -> Form:
    """The blank form for a choice. A kind brings the rules about it and all of its facts; rules and documents bring the facts
    that they read. Chosen together, kinds narrow down what is asked for the rules."""
    by_rules = bool(choice.rules or choice.documents)
    kinds = {kind.id for kind in choice.kinds}
    chosen = [
        rule
        for rule in rules.rules
        if (rule in choice.rules or rule.document in choice.documents if by_rules else not kinds or rule.kind.id in kinds)
    ]
    needs = needs_of(rules, chosen)
    documents = tuple(document for document in rules.documents if any(rule.document is document for rule in chosen))
    if kinds and by_rules:
        needs = _narrowed(needs, kinds)
    elif kinds:
        for kind in choice.kinds:
            needs.add_kind(kind)
            for name in kind.slots:
                needs.add(kind, rules.facts[name], None)
    sections = [
        _section(rules, kind, needs, tuple(rule for rule in chosen if rule.kind is kind), documents or rules.documents)
        for kind in in_order(rules)
        if kind.id in needs.kinds
    ]
    return Form(documents, tuple(sections), _places(rules), _rule_names(rules))


def fill(rules: RuleSet, form: Form, subjects: Mapping[str, Iterable[Subject]]) -> Form:
    """The form with subjects in it, by English id of their kind. What they tell and the form does not ask is added to it;
    sections about which there is nothing to say are left out."""
    sections: list[Section] = []
    given = {kind: told for kind, each in subjects.items() if (told := tuple(each))}
    for kind in in_order(rules):
        if kind.id not in given:
            continue
        told = given[kind.id]
        section = form.section(kind.id) or Section(kind, _parent(rules, kind), (), (), (), _has_code(kind))
        asked = {question.slot: question for question in section.questions}
        questions = [
            _extended(asked.get(slot) or Question(rules.facts[name], slot, _target(rules, rules.facts[name])), told)
            for name, slot in _facts_in_order(rules, kind)
            if slot in asked or any(_tells(each, slot) for each in told)
        ]
        reasons = {rule for each in told for rule in each.reasons}
        explained = [rule for rule in rules.rules if rule.id in reasons or rule in section.explained]
        children = tuple(
            rules.kinds[child]
            for child, slot in kind.children.items()
            if child in given or any(each.rosters[slot] is not None for each in told)
        )
        sections.append(
            replace(section, children=children, questions=tuple(questions), explained=tuple(explained), subjects=told)
        )
    return replace(form, sections=tuple(sections))


def empty_form(rules: RuleSet) -> Form:
    """A form that asks nothing, to be filled."""
    return Form((), (), _places(rules), _rule_names(rules))


def in_order(rules: RuleSet) -> list[Kind]:
    """The kinds as declared, each with its members behind it."""

    def below(parent: str | None) -> Iterator[Kind]:
        for kind in rules.kinds.values():
            if kind.parent == parent:
                yield kind
                yield from below(kind.id)

    return list(below(None))


# --- parts of a form ---


def _section(rules: RuleSet, kind: Kind, needs: Needs, judged: tuple[Rule, ...], documents: Iterable[Document]) -> Section:
    questions: list[Question] = []
    for name, slot in _facts_in_order(rules, kind):
        fact = rules.facts[name]
        if (kind.id, name) in needs.uses:
            keys = needs.keys[kind.id, name]
            periods = sorted(keys) if keys or fact.every is None else span_keys(fact.every, documents)
            questions.append(Question(fact, slot, _target(rules, fact), tuple(periods), tuple(needs.uses[kind.id, name])))
    return Section(
        kind=kind,
        parent=_parent(rules, kind),
        children=tuple(rules.kinds[child] for child in kind.children if child in needs.kinds),
        questions=tuple(questions),
        explained=tuple(rule for rule in judged if _may_be_explained(rule)),
        has_code=_has_code(kind),
    )


def _facts_in_order(rules: RuleSet, kind: Kind) -> list[tuple[str, int]]:
    """The facts of a kind with their slots, those first that several documents share: what sort of subject it is comes before
    what one document asks of it."""
    return sorted(kind.slots.items(), key=lambda item: rules.facts[item[0]].span.source.name.count("/"))


def _parent(rules: RuleSet, kind: Kind) -> Kind | None:
    return rules.kinds[kind.parent] if kind.parent is not None else None


def _target(rules: RuleSet, fact: Fact) -> Kind | None:
    return rules.kinds.get(fact.type.kind) if isinstance(fact.type, ReferenceType) else None


def _narrowed(needs: Needs, kinds: set[str]) -> Needs:
    """Only what is asked of some kinds, and the names of what they are part of."""
    narrowed = Needs(needs.rules)
    for kind in kinds:
        narrowed.add_kind(needs.rules.kinds[kind])
    narrowed.uses = {key: uses for key, uses in needs.uses.items() if key[0] in kinds}
    narrowed.keys = {key: keys for key, keys in needs.keys.items() if key[0] in kinds}
    return narrowed


def _has_code(kind: Kind) -> bool:
    """Bodies have a code; events, people, members of a list and what `template.toml` names have none."""
    return kind.parent is None and kind.occurs_on is None and not kind.sensitive and kind.id not in kinds_without_code()


def _may_be_explained(rule: Rule) -> bool:
    return any(limb.modality == "in_principle" for reading in rule.readings for limb in reading.limbs)


def _places(rules: RuleSet) -> tuple[Bilingual, ...]:
    return tuple(Bilingual(place.chinese, place.english) for place in rules.places.by_id.values())


def _rule_names(rules: RuleSet) -> dict[str, Bilingual]:
    return {rule.id: Bilingual(rule.zh, rule.id) for rule in rules.rules}


# --- what subjects tell ---


def _tells(subject: Subject, slot: int) -> bool:
    """Whether a subject says anything about a fact: a value, or what proves one."""
    value = subject.values[slot]
    values = value.values() if isinstance(value, dict) else (value,)
    return any(each is not UNTOLD for each in values) or any(slot == _slot(key) for key in subject.supporting)


def _slot(key: Slot) -> int:
    return key if isinstance(key, int) else key[0]


def _extended(question: Question, subjects: Iterable[Subject]) -> Question:
    """The question with every period that one of the subjects tells something of."""
    if question.fact.every is None:
        return question
    slot = question.slot
    told = {key for each in subjects for key, value in each.values[slot].items() if value is not UNTOLD}
    proven = {key[1] for each in subjects for key in each.supporting if isinstance(key, tuple) and key[0] == slot}
    return replace(question, periods=tuple(sorted(told | proven | set(question.periods))))
