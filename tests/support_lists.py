"""Rosters and lists of what was received, from YAML or from cells, for the vocabulary of `support_facts`."""

from __future__ import annotations

from collections.abc import Sequence

from rulecheck.facts.authority.expected import Expected, read_expected
from rulecheck.facts.authority.listings import Listing, Row, rows_of_tree
from rulecheck.facts.grids import Grid
from rulecheck.facts.headings import Headings
from rulecheck.facts.nodes import Faults
from rulecheck.facts.yaml_reader import read_yaml
from rulecheck.language.diagnostics import Diagnostic, render
from support_facts import RULE_SET

HEADINGS = Headings(RULE_SET)


def rows_of_yaml(text: str, listing: Listing, faults: Faults) -> list[Row]:
    tree, _ = read_yaml(text, faults)
    return rows_of_tree(tree, faults, listing)


def grid(*rows: Sequence[str], sheet: str = "名录", top: int = 1, left: int = 1) -> Grid:
    """A sheet whose first row and column have these numbers."""
    return Grid("名录.xlsx", sheet, [list(row) for row in rows], range(top, top + len(rows)), left)


def roster(text: str) -> Expected:
    """A roster in YAML that has no fault."""
    faults = Faults("名录.yaml")
    expected = read_expected(rows_of_yaml(text, "expected", faults), faults, HEADINGS)
    assert expected is not None, [render(fault) for fault in faults.errors]
    return expected


def roster_faults(text: str) -> list[Diagnostic]:
    """The faults of a roster in YAML, each with its message in both languages; such a roster is not used."""
    faults = Faults("名录.yaml")
    assert read_expected(rows_of_yaml(text, "expected", faults), faults, HEADINGS) is None
    return told(faults.errors)


def told(faults: Sequence[Diagnostic]) -> list[Diagnostic]:
    for fault in faults:
        for language in ("zh", "en"):
            assert render(fault, language)
    return list(faults)
