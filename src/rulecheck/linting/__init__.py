"""Rules that mean something and may yet say other than their clause: `findings` runs every check of the table.

A finding stands until the rule is mended or `已核` accepts it; an acceptance that accepts nothing is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rulecheck.language import syntax
from rulecheck.linting.checks import CHECKS, NEEDLESS, WITH_TEXTS
from rulecheck.linting.finding import Declared, Finding, Library, Remark, RuleView, remark
from rulecheck.proving.sources import TextItem
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.resolve.accepted import accepted


def findings(rules: model.RuleSet, texts: Mapping[str, Sequence[TextItem]] | None = None) -> list[Finding]:
    """Everything there is to remark, in the order of the files. `rules` with their trees (`rules.load`); `texts`: the items of
    the documents by folder, None where none are at hand."""
    library = _library(rules, texts)
    remarks = [(code, each) for code, check in CHECKS.items() for each in check(library)]
    found = [Finding(code, each, _acceptance(code, each)) for code, each in remarks]
    used = {id(each.accepted) for each in found if each.accepted is not None}
    found += [Finding(NEEDLESS, each, None) for each in _needless(library, used)]
    return sorted(found, key=lambda each: each.diagnostic.sort_key())


def _library(rules: model.RuleSet, texts: Mapping[str, Sequence[TextItem]] | None) -> Library:
    declared = tuple(_declared(each) for file in rules.files for each in file.declarations)
    by_span = {each.declaration.span: each for each in declared}
    views = tuple(
        RuleView(rule, by_span[rule.span], tuple(quote for citation in rule.citations for quote in citation.quotes))
        for rule in rules.rules
    )
    return Library(rules, views, declared, texts)


def _declared(declaration: syntax.Declaration) -> Declared:
    head = declaration.head
    zh, en = (head.chinese.text, head.english.text) if isinstance(head, syntax.Pair) else (head.text, head.text)
    return Declared(Bilingual(zh, en), declaration, accepted(declaration))


def _acceptance(code: str, of: Remark) -> model.Accepted | None:
    fitting = (each for each in of.of.accepted if each.code == code and each.limb in (None, of.limb))
    return next(fitting, None)


def _needless(library: Library, used: set[int]) -> Iterator[Remark]:
    """Acceptances of findings that there are not; of those that need the texts only where texts are at hand."""
    for declared in library.declared:
        for each in declared.accepted:
            is_seen = each.code in CHECKS and (library.texts is not None or each.code not in WITH_TEXTS)
            if is_seen and id(each) not in used:
                yield remark(declared, each.span, limb=each.limb, code=each.code)
