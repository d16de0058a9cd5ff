"""Which rules, documents and kinds of subject a form is for, from the names a user gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, closest, fault
from rulecheck.rules.called import Named, by_name, document_names, folded
from rulecheck.rules.model import Document, Kind, Rule, RuleSet


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The rules, documents and kinds that a form is for; with none of them it is for all rules."""

    rules: tuple[Rule, ...] = ()
    documents: tuple[Document, ...] = ()
    kinds: tuple[Kind, ...] = ()


def choose(
    rules: RuleSet, only: Sequence[str], documents: Sequence[str], kinds: Sequence[str]
) -> tuple[Choice, list[Diagnostic]]:
    """The choice that names make: rules by either name or title, documents by number, folder or title, kinds by either
    name; and what is wrong with names that mean nothing."""
    problems: list[Diagnostic] = []
    choice = Choice(
        _named(only, rules.rules, _rule_names, ("T101", "--rule"), problems),
        _named(documents, rules.documents, document_names, ("T102", "--document"), problems),
        _named(kinds, tuple(rules.kinds.values()), lambda kind: (kind.zh, kind.id), ("T103", "--kind"), problems),
    )
    ruled = {rule.document for rule in rules.rules}
    problems += [
        fault("T104", "--document", document=each.number or each.title) for each in choice.documents if each not in ruled
    ]
    return choice, problems


def _rule_names(rule: Rule) -> tuple[str, ...]:
    return (rule.zh, rule.id, rule.title.zh, rule.title.en)


def _named(
    names: Sequence[str],
    known: Sequence[Named],
    names_of: Callable[[Named], tuple[str, ...]],
    complaint: tuple[str, str],
    problems: list[Diagnostic],
) -> tuple[Named, ...]:
    """Everything that one of the names means, each once, in the order of the names."""
    called = by_name(known, names_of)
    found: list[Named] = []
    code, option = complaint
    for name in names:
        meant = called.get(folded(name), [])
        if not meant:
            written = dict.fromkeys(text for each in known for text in names_of(each)[:2] if text)
            problems.append(fault(code, option, name=name, near="、".join(closest(name, written))))
        found += meant
    return tuple(dict.fromkeys(found))
