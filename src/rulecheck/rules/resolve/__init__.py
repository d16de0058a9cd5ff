"""From parsed files to a rule set: names resolved, units checked, every rule tied to its document."""

from __future__ import annotations

from collections.abc import Sequence

from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.measures.places import Places
from rulecheck.measures.units import UnitTable
from rulecheck.measures.workdays import Calendar
from rulecheck.rules import model
from rulecheck.rules.resolve.accepted import check_accepted
from rulecheck.rules.resolve.expressions import Resolver
from rulecheck.rules.resolve.guards import check_rule, check_vocabulary
from rulecheck.rules.resolve.rules import RuleReader
from rulecheck.rules.resolve.vocabulary import VocabularyReader

__all__ = ["resolve"]

ITEM_DECLARATIONS = ("not_checkable", "lost", "erratum", "set_aside")


def resolve(
    files: Sequence[syntax.File],
    documents: Sequence[model.Document],
    places: Places,
    calendar: Calendar,
    units: UnitTable,
    sha256: str,
) -> tuple[model.RuleSet, list[Diagnostic]]:
    """The rule set of all files together; usable only when no diagnostic is an error.

    `documents` are the registered ones; a rule belongs to the nearest one in its own folder or above.
    """
    vocabulary = VocabularyReader(units, places)
    vocabulary.read(files)
    resolver = Resolver(vocabulary)
    reader = RuleReader(resolver)
    rules: list[model.Rule] = []
    relations: list[model.RelationRule] = []
    items: list[model.ItemDeclaration] = []
    for file in files:
        document = nearest(file.source.name, documents)
        for declaration in file.declarations:
            if declaration.label == "rule":
                rule = reader.rule(declaration, document)
                if rule is not None:
                    rules.append(rule)
            elif declaration.label == "relation":
                relations.extend(reader.relations(declaration))
            elif declaration.label == "definition":
                reader.definition(declaration)
            elif declaration.label in ITEM_DECLARATIONS:
                item = reader.item(declaration, document)
                items += [item] if item else []
    problems = [*vocabulary.problems, *resolver.problems, *reader.problems]
    problems += check_vocabulary(vocabulary)
    problems += check_accepted(files)
    for rule in rules:
        problems += check_rule(rule)
    table = vocabulary.table
    return (
        model.RuleSet(
            kinds=vocabulary.kinds,
            facts=vocabulary.facts,
            parameters=vocabulary.parameters,
            rules=tuple(sorted(rules, key=lambda rule: (rule.document.folder, rule.id))),
            relations=tuple(relations),
            documents=tuple(sorted(documents, key=lambda document: document.folder)),
            declarations=tuple(items),
            places=places,
            calendar=calendar,
            names=table.english,
            files=tuple(files),
            sha256=sha256,
        ),
        sorted(unique(problems), key=Diagnostic.sort_key),
    )


def unique(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Each fault once: a clause that holds for several limbs and readings is resolved for each of them."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for each in problems:
        key = (each.code, each.file, each.labels, each.place, tuple(sorted(each.values.items())))
        if key not in seen:
            seen.add(key)
            kept.append(each)
    return kept


def nearest(file: str, documents: Sequence[model.Document]) -> model.Document | None:
    """The document of the file's own folder, or of the nearest folder above it."""
    folder = file.rsplit("/", 1)[0] if "/" in file else ""
    fitting = [each for each in documents if folder == each.folder or each.folder == "" or folder.startswith(each.folder + "/")]
    return max(fitting, key=lambda each: len(each.folder), default=None)
