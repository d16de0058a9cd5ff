"""What becomes of every number and bounding word of an item: used by a rule that quotes it, set aside with a reason, or
unaccounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rulecheck.dataclass import dataclass
from rulecheck.proving.marks import KINDS, Kind, Mark, marks_of, occurrences
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

Use = Literal["used", "set_aside", "unaccounted"]
USES: tuple[Use, ...] = ("used", "set_aside", "unaccounted")
Figures = Mapping[Kind, Mapping[Use, int]]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of an item that a rule quotes (`rule`) or that are declared (`because`)."""

    text: str
    rule: model.Rule | None
    because: Bilingual | None


@dataclass(frozen=True, slots=True)
class Account:
    """One mark: the rules that quote it, or the reasons why none does."""

    mark: Mark
    rules: tuple[model.Rule, ...]
    reasons: tuple[Bilingual, ...]

    @property
    def use(self) -> Use:
        return "used" if self.rules else "set_aside" if self.reasons else "unaccounted"


@dataclass(frozen=True, slots=True)
class ItemAccounts:
    """The marks of one item of a text, headings too."""

    locator: str
    accounts: tuple[Account, ...]

    @property
    def unaccounted(self) -> tuple[Account, ...]:
        return tuple(each for each in self.accounts if each.use == "unaccounted")


def account(text: str, runs: Sequence[Run]) -> tuple[Account, ...]:
    """Each mark of an item with the runs that hold all of it. A run that stands in the item more than once holds each place."""
    placed = [(run, place) for run in runs for place in occurrences(run.text, text)]
    return tuple(_account(mark, [run for run, (start, end) in placed if start <= mark.start and mark.end <= end])
                 for mark in marks_of(text))


def _account(mark: Mark, runs: Sequence[Run]) -> Account:
    rules = tuple({id(run.rule): run.rule for run in runs if run.rule is not None}.values())
    reasons = tuple(dict.fromkeys(run.because for run in runs if run.because is not None))
    return Account(mark, rules, reasons)


def runs_of(locator: str, rules: Sequence[model.Rule], declarations: Sequence[model.ItemDeclaration]) -> Iterator[Run]:
    """What rules and declarations quote of an item, and what is set aside wherever it stands in the document."""
    for rule in rules:
        for citation in rule.citations:
            if citation.locator == locator:
                yield from (Run(text, rule, None) for text, _ in citation.quotes)
    for each in declarations:
        if each.because is not None and each.locator in (locator, model.WHOLE_TEXT):
            yield from (Run(text, None, each.because) for text, _ in each.quotes)


def figures(items: Sequence[ItemAccounts]) -> Figures:
    """How many numbers and words there are of each use."""
    every = [each for item in items for each in item.accounts]
    return {
        kind: {use: sum(each.mark.kind == kind and each.use == use for each in every) for use in USES} for kind in KINDS
    }
