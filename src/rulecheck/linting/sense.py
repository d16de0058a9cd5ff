"""Whether rules can do what they are for: apply and be broken, within the time of their document, and be proved by examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from rulecheck.judging.truth import NO, YES
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Label
from rulecheck.linting.figures import words
from rulecheck.linting.finding import Declared, Library, Remark, RuleView, remark
from rulecheck.linting.folding import EVERYTHING, Domain, narrow, truth
from rulecheck.proving.boundaries import lacking
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import walk
from rulecheck.rules.resolve.vocabulary import first_day

# --- time ---


def periods(library: Library) -> Iterator[Remark]:
    """A rule that holds, or is due, after its document's own period is over."""
    for view in library.views:
        horizon = view.rule.document.horizon
        if horizon is None:
            continue
        for clause in view.declared.declaration.clauses:
            last = _last_day(clause)
            if last is not None and last > horizon:
                yield remark(view.declared, clause.span, limb=clause.limb, number=view.rule.document.number)


def _last_day(clause: syntax.Clause) -> int | None:
    """The last day that a clause about time names; the end of time where it names none."""
    match clause.label, clause.body:
        case ("in_force" | "owed"), syntax.Interval(end=end):
            return first_day(end) if end is not None else 10**9
        case "due", syntax.Date() as day:
            return first_day(day)
        case _:
            return None


# --- figures of several rules ---


def contradictions(library: Library) -> Iterator[Remark]:
    """Two rules of one document that ask different figures of the same fact, in the same way, for the same time."""
    asked: dict[tuple[object, ...], list[tuple[RuleView, model.Limb, model.Compare, Fraction]]] = defaultdict(list)
    for view in library.views:
        for limb in view.limbs:
            for compare in _figures_of(limb.requirement):
                assert isinstance(compare.right, model.Literal_)
                side = compare.relation in ("at_least", "more_than")
                key = (view.rule.document.folder, view.rule.kind.id, compare.left, side, limb.due, view.rule.every, limb.owed)
                asked[key].append((view, limb, compare, compare.right.value))
    for same in asked.values():
        first, *others = same
        for view, limb, compare, value in others:
            if value != first[3] and view.rule is not first[0].rule and _can_meet(limb, first[1]):
                other = Bilingual(first[0].rule.zh, first[0].rule.id)
                told = Label(first[2].span, f"“{other.zh}”这样要求", f"what “{other.en}” asks")
                yield remark(view.declared, compare.span, told, limb=limb.tag, other=other)


def _figures_of(requirement: model.Test | None) -> Iterator[model.Compare]:
    """Comparisons of one fact, or its sum over periods, with a constant."""
    for node in walk(requirement) if requirement is not None else ():
        match node:
            case model.Compare(left=model.FactTerm() | model.PeriodTotal(), right=model.Literal_(), relation=relation):
                if relation not in ("equal", "unequal"):
                    yield node


def _can_meet(one: model.Limb, other: model.Limb) -> bool:
    """Whether some subject can fall under both."""
    return not _domain(one, _domain(other)).is_empty


# --- conditions ---


def _domain(limb: model.Limb, start: Domain = EVERYTHING) -> Domain:
    return narrow(start, limb.applies)


def never_applies(library: Library) -> Iterator[Remark]:
    """Conditions that nothing can fulfil, an exception that takes everything away, or a duty owed only while not in force."""
    for view in library.views:
        for limb in view.limbs:
            domain = _domain(limb)
            tests = [limb.applies] if limb.applies is not None else []
            if domain.is_empty or any(truth(test, domain) == NO for test in tests):
                yield remark(view.declared, tests[0].span, limb=limb.tag)
            elif limb.excepted is not None and truth(limb.excepted, domain) == YES:
                yield remark(view.declared, limb.excepted.span, limb=limb.tag)
            elif _apart(limb.owed, limb.in_force):
                yield remark(view.declared, _time_of(view, limb), limb=limb.tag)


def _apart(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    return (one[1] is not None and one[1] < other[0]) or (other[1] is not None and other[1] < one[0])


def _time_of(view: RuleView, limb: model.Limb) -> Label:
    clauses = [each for each in view.declared.declaration.clauses if each.label in ("owed", "in_force")]
    return Label(clauses[0].span if clauses else limb.span)


def never_fails(library: Library) -> Iterator[Remark]:
    """A requirement that holds whatever is told."""
    yield from _settled(library, YES)


def never_met(library: Library) -> Iterator[Remark]:
    """A requirement that nothing can fulfil."""
    yield from _settled(library, NO)


def _settled(library: Library, wanted: int) -> Iterator[Remark]:
    for view in library.views:
        for limb in view.limbs:
            domain = _domain(limb)
            if limb.requirement is None or domain.is_empty:
                continue
            if truth(limb.requirement, domain) == wanted:
                yield remark(view.declared, limb.requirement.span, limb=limb.tag)


# --- examples ---


def examples(library: Library) -> Iterator[Remark]:
    """A rule that lacks examples on both sides of its boundaries; `rulecheck test` names each."""
    by_rule = {view.rule.id: view for view in library.views}
    found: dict[str, list[str]] = defaultdict(list)
    for each in lacking(library.rules):
        found[each.values["name_en"].partition(" (")[0]].append(each.code)
    for name, codes in found.items():
        view = by_rule[name]
        yield remark(view.declared, view.declared.declaration.head.span, count=str(len(codes)))


# --- vocabulary ---


def conclusions(library: Library) -> Iterator[Remark]:
    """A yes or no by which a unit judges itself, read by a rule, where figures could decide."""
    told = words()["conclusions"]["words"]
    nodes = [node for view in library.views for limb in view.every_limb for node in _nodes(limb)]
    read = {node.fact.id for node in nodes if isinstance(node, model.FactTerm)}
    for declared in library.declared:
        fact = library.rules.facts.get(declared.name.en)
        if declared.declaration.label != "fact" or fact is None or not isinstance(fact.type, model.YesNoType):
            continue
        said = [fact.zh] + ([fact.question.zh] if fact.question is not None else [])
        word = next((word for word in told if any(word in text for text in said)), None)
        if word is not None and fact.id in read:
            yield remark(declared, declared.declaration.head.span, word=word, name=fact.name)


def _nodes(limb: model.Limb) -> Iterator[model.Test | model.Term]:
    for test in (limb.applies, limb.excepted, limb.requirement, limb.due):
        if test is not None:
            yield from walk(test)


def unread_facts(library: Library) -> Iterator[Remark]:
    """A fact that no rule, definition, relation or subject names."""
    named = {name for declared in library.declared for name in _named(declared)}
    for declared in library.declared:
        if declared.declaration.label == "fact" and named.isdisjoint((declared.name.zh, declared.name.en)):
            yield remark(declared, declared.declaration.head.span, name=declared.name)


def _named(declared: Declared) -> Iterator[str]:
    """The names in a declaration's clauses, those of its examples left out."""
    for clause in declared.declaration.clauses:
        if clause.label not in ("example", "given", "of"):
            yield from _names_in(clause.body)


def _names_in(node: object) -> Iterator[str]:
    if isinstance(node, tuple):
        for each in node:
            yield from _names_in(each)
    elif isinstance(node, syntax.Name):
        yield node.text
    elif type(node).__module__ == syntax.__name__:
        for name in type(node).__match_args__:  # type: ignore[attr-defined]
            yield from _names_in(getattr(node, name))


def sources(library: Library) -> Iterator[Remark]:
    """A parameter whose source names nothing."""
    placeholders = words()["sources"]["placeholders"]
    for declared in library.declared:
        parameter = library.rules.parameters.get(declared.name.en)
        is_named = parameter is None or parameter.source.zh.strip(" 。.") not in placeholders
        if declared.declaration.label == "parameter" and parameter is not None and not is_named:
            yield remark(declared, declared.declaration.head.span, name=parameter.name)

