"""`已核`: what a person has looked at and lets stand, by the code of the check that remarks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from rulecheck.data import read_table
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, closest, error
from rulecheck.rules import model
from rulecheck.rules.resolve.vocabulary import bilingual, clauses

_TABLES: Final = ("lint.toml", "mutants.toml")
"""The messages whose codes can be accepted."""


@cache
def codes() -> frozenset[str]:
    """Every code that `已核` may name."""
    return frozenset(code for name in _TABLES for code in read_table("dsl", "messages", name))


def accepted(declaration: syntax.Declaration) -> tuple[model.Accepted, ...]:
    """What is accepted in a declaration, in the order of the text."""
    return tuple(
        model.Accepted(each.body.code, each.limb, reason, each.span)
        for each in clauses(declaration, "reviewed")
        if isinstance(each.body, syntax.Review) and (reason := bilingual(each.body.reason))
    )


def check_accepted(files: Sequence[syntax.File]) -> Iterator[Diagnostic]:
    """Codes that no check has, and tags that mean nothing here: readings, and limbs of what has none."""
    for file in files:
        for declaration in file.declarations:
            for each in clauses(declaration, "reviewed"):
                assert isinstance(each.body, syntax.Review)
                code = each.body.code
                if code not in codes():
                    yield error("R250", each.body.span, name=code, near="、".join(closest(code, sorted(codes()))))
                if each.reading is not None:
                    yield error("R241", each.label_span)
                if each.limb is not None and declaration.label != "rule":
                    yield error("R219", each.label_span, limb=each.limb)
