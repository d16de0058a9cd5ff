"""The table of checks: a code, and the function that remarks it. To add one: a row here, its message, its bad example."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rulecheck.linting import bodies, quotation, sense
from rulecheck.linting.finding import Library, Remark

Check = Callable[[Library], Iterator[Remark]]

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        # the rule against the words it quotes
        "K101": quotation.boundary_words,
        "K102": quotation.quoted_figures,
        "K103": quotation.unquoted_figures,
        "K104": quotation.exceptions,
        "K105": quotation.modalities,
        "K106": quotation.working_days,
        "K107": quotation.averages,
        "K108": quotation.open_lists,
        "K109": quotation.measured,
        # against the text of its item
        "K110": bodies.missing,
        "K111": bodies.not_printed,
        # against its document and the other rules
        "K112": sense.periods,
        "K113": sense.contradictions,
        # in itself
        "K120": sense.examples,
        "K121": sense.never_applies,
        "K122": sense.never_fails,
        "K123": sense.never_met,
        # the vocabulary
        "K130": sense.conclusions,
        "K131": sense.unread_facts,
        "K132": sense.sources,
    }
)

WITH_TEXTS: Final = frozenset({"K110", "K111"})
"""Checks that need the texts of the documents."""

NEEDLESS: Final = "K140"
"""The code of an acceptance that accepts nothing."""
