"""What of each registered document the rules account for: the state of every numbered item and, where the texts are at
hand, of every number and bounding word, whether every quotation stands in the item cited, and what has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, closest, error, fault
from rulecheck.proving.accounts import Figures, ItemAccounts, account, figures, runs_of
from rulecheck.proving.marks import marks_of, occurrences
from rulecheck.proving.sources import TextItem, fingerprint, gaps, normalise
from rulecheck.rules import model
from rulecheck.rules.model import SOURCE_FILE, Bilingual

MOST_QUOTED = 40
"""Characters of a line of quotation: operative words, not the document."""

State = Literal["encoded", "partly", "not_checkable", "lost", "unaccounted"]
ACCOUNTING: Final = ("not_checkable", "lost")
"""Declarations that account for an item; an erratum and words set aside say something of a part of it."""
STATES: tuple[State, ...] = ("encoded", "partly", "not_checkable", "lost", "unaccounted")
TextState = Literal["same", "changed", "unrecorded", "absent"]
"""An item in the text against its fingerprint; `absent`: the text has no such item."""


MOST_TOLD: Final = 8
"""Marks named in one message."""


@dataclass(frozen=True, slots=True)
class Change:
    """What can be said of an item whose text is not what it was: the words quoted or declared that it no longer has, the numbers
    and bounding words among them that are gone, and the present ones that nothing accounts for, which may be new."""

    gone: tuple[str, ...]
    marks_gone: tuple[str, ...]
    marks_new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemCoverage:
    """One item. `reasons`: why it is not checkable or lost, or what of it is left out. `text`: None where no text is at hand.
    `change`: where the text has changed."""

    locator: str
    state: State
    rules: tuple[model.Rule, ...]
    reasons: tuple[Bilingual, ...]
    errata: int
    text: TextState | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """`quotations`: how many lines the rules quote; `verified`: how many of them stand in the item cited, None where no text is
    at hand, as `accounts`, which has the numbers and bounding words of the items in the order of the text."""

    document: model.Document
    items: tuple[ItemCoverage, ...]
    quotations: int
    verified: int | None
    accounts: tuple[ItemAccounts, ...] | None

    @property
    def figures(self) -> Figures | None:
        return None if self.accounts is None else figures(self.accounts)

    @property
    def counts(self) -> Mapping[State, int]:
        return {state: sum(item.state == state for item in self.items) for state in STATES}


@dataclass(frozen=True, slots=True)
class Survey:
    """All documents and every fault found. `with_texts`: texts were asked for."""

    documents: tuple[DocumentCoverage, ...]
    problems: tuple[Diagnostic, ...]
    with_texts: bool

    @property
    def is_complete(self) -> bool:
        """Every item is accounted for, of the texts at hand every number too, and nothing contradicts them."""
        return not any(problem.severity == "error" for problem in self.problems)


def survey(rules: model.RuleSet, texts: Mapping[str, Sequence[TextItem]] | None) -> Survey:
    """The coverage of every registered document; `texts` by the document's folder, None where none are at hand."""
    documents: list[DocumentCoverage] = []
    problems: list[Diagnostic] = []
    for document in rules.documents:
        of = _Document(
            document,
            [rule for rule in rules.rules if rule.document is document],
            [each for each in rules.declarations if each.document is document],
            {item.locator: item for item in texts[document.folder]} if texts and document.folder in texts else None,
        )
        covered = of.coverage()
        documents.append(covered)
        problems += of.problems(covered)
    return Survey(tuple(documents), tuple(problems), texts is not None)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document with everything that refers to it. `text`: its items by locator."""

    document: model.Document
    rules: Sequence[model.Rule]
    declarations: Sequence[model.ItemDeclaration]
    text: Mapping[str, TextItem] | None

    # --- states ---

    def coverage(self) -> DocumentCoverage:
        quotations = [(citation, quote) for citation in self._citations() for quote, _ in citation.quotes]
        verified = None
        if self.text is not None:
            verified = sum(self._stands(citation.locator, quote) for citation, quote in quotations)
        items = tuple(self._item(item) for item in self.document.items)
        return DocumentCoverage(self.document, items, len(quotations), verified, self._accounts())

    def _accounts(self) -> tuple[ItemAccounts, ...] | None:
        """The marks of every item of the text, headings too; of a document registered in part, those of the items that a rule
        cites or a declaration names."""
        if self.text is None:
            return None
        named = {each.locator for each in self._citations()} | {each.locator for each in self.declarations}
        return tuple(
            ItemAccounts(locator, account(item.text, tuple(runs_of(locator, self.rules, self.declarations))))
            for locator, item in self.text.items()
            if self.document.coverage == "full" or locator in named
        )

    def _citations(self) -> Iterator[model.Citation]:
        for rule in self.rules:
            yield from rule.citations

    def _item(self, item: model.Item) -> ItemCoverage:
        citing = [rule for rule in self.rules if any(each.locator == item.locator for each in rule.citations)]
        declared = {each.state: each for each in self.declarations if each.locator == item.locator}
        left_out = [limb.partial for rule in citing for limb in rule.readings[0].limbs if limb.partial is not None]
        reasons = [each.because for each in declared.values() if each.state in ACCOUNTING and each.because is not None]
        errata = sum(each.state == "erratum" and each.locator == item.locator for each in self.declarations)
        state: State = "unaccounted"
        if citing:
            state = "partly" if left_out or reasons else "encoded"
        elif "lost" in declared:
            state = "lost"
        elif "not_checkable" in declared:
            state = "not_checkable"
        told = tuple(dict.fromkeys([*reasons, *left_out]))
        text = self._text_state(item)
        change = self._change(item.locator) if text == "changed" else None
        return ItemCoverage(item.locator, state, tuple(citing), told, errata, text, change)

    def _change(self, locator: str) -> Change:
        assert self.text is not None
        text = self.text[locator].text
        runs = tuple(runs_of(locator, self.rules, [each for each in self.declarations if each.locator == locator]))
        gone = tuple(dict.fromkeys(run.text for run in runs if not occurrences(run.text, text)))
        present = {normalise(mark.text) for mark in marks_of(text)}
        lost = dict.fromkeys(mark.text for run in gone for mark in marks_of(run) if normalise(mark.text) not in present)
        every = tuple(runs_of(locator, self.rules, self.declarations))
        new = dict.fromkeys(each.mark.text for each in account(text, every) if each.use == "unaccounted")
        return Change(gone, tuple(lost), tuple(new))

    def _text_state(self, item: model.Item) -> TextState | None:
        if self.text is None:
            return None
        found = self.text.get(item.locator)
        if found is None:
            return "absent"
        if not item.fingerprint:
            return "unrecorded"
        return "same" if fingerprint(found.text) == item.fingerprint.lower() else "changed"

    def _stands(self, locator: str, quote: str) -> bool:
        assert self.text is not None
        if locator == model.WHOLE_TEXT:
            return any(self._stands(each, quote) for each in self.text)
        item = self.text.get(locator)
        return item is not None and normalise(quote) in normalise(item.text)

    # --- faults ---

    def problems(self, covered: DocumentCoverage) -> Iterator[Diagnostic]:
        yield from self._unlisted()
        yield from self._quotations()
        for item in covered.items:
            if item.state == "unaccounted":
                yield fault("C317", self._register, item.locator, number=self.document.number)
        if self.text is not None:
            yield from self._against_text(self.text, covered)
        for accounts in covered.accounts or ():
            marks = [each.mark.text for each in accounts.unaccounted]
            if marks:
                told = "、".join(marks[:MOST_TOLD]) + ("……" if len(marks) > MOST_TOLD else "")
                yield fault("C324", self._register, accounts.locator, count=len(marks), marks=told)

    @property
    def _register(self) -> str:
        folder = self.document.folder
        return f"{folder}/{SOURCE_FILE}" if folder else SOURCE_FILE

    def _unlisted(self) -> Iterator[Diagnostic]:
        """Citations and declarations of items that the document does not list."""
        listed = [item.locator for item in self.document.items]
        for code, each in [("C310", each) for each in self._citations()] + [("C311", each) for each in self.declarations]:
            if each.locator not in listed and not _is_of_whole_text(each):
                near = "、".join(closest(each.locator, listed))
                yield error(code, each.span, locator=each.locator, number=self.document.number, near=near)

    def _quotations(self) -> Iterator[Diagnostic]:
        declared: tuple[model.Citation | model.ItemDeclaration, ...] = (*self._citations(), *self.declarations)
        for citation in declared:
            for quote, span in citation.quotes:
                if len(quote) > MOST_QUOTED:
                    yield error("C313", span, most=MOST_QUOTED, count=len(quote))
                if self.text is not None and not self._stands(citation.locator, quote):
                    elsewhere = [locator for locator in self.text if self._stands(locator, quote)]
                    yield error("C312", span, locator=citation.locator, elsewhere="、".join(elsewhere[:3]))
        for each in self.declarations:
            if self.text is not None and each.printed is not None and not self._stands(each.locator, each.printed.zh):
                yield error("C316", each.span, locator=each.locator)

    def _against_text(self, text: Mapping[str, TextItem], covered: DocumentCoverage) -> Iterator[Diagnostic]:
        listed = {item.locator for item in self.document.items}
        lost = {each.locator for each in self.declarations if each.state == "lost"}
        for item in covered.items:
            if item.change is not None:
                yield fault("C314", self._register, item.locator)
            elif item.text == "absent" and item.locator not in lost:
                yield fault("C319", self._register, item.locator, name=self.document.text)
        if self.document.coverage == "partial":
            return
        for locator, found in text.items():
            if locator not in listed and not found.is_heading:
                yield fault("C315", self._register, locator, name=self.document.text, line=found.line)
        for gap in gaps(text.values()):
            if not any(_same_number(gap, locator) for locator in lost):
                yield fault("C318", self._register, gap, name=self.document.text)


def _is_of_whole_text(of: model.Citation | model.ItemDeclaration) -> bool:
    return isinstance(of, model.ItemDeclaration) and of.state == "set_aside" and of.locator == model.WHOLE_TEXT


_NUMBERED = re.compile(r"([一二三四五六七八九十]+)(?:（.+）)?([0-9]+)")


def _same_number(one: str, other: str) -> bool:
    """The same number of the same section: under which bracketed head a lost item stood cannot be seen from the copy."""
    first, second = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    return first is not None and second is not None and first.groups() == second.groups()
