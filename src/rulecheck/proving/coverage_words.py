"""What is said of an item, of a number and of a change in every report of the coverage: `reports/coverage.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecheck.data import read_table
from rulecheck.language.syntax import Language
from rulecheck.proving.accounts import Account
from rulecheck.proving.coverage import Change, DocumentCoverage, ItemCoverage
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual

BESIDE: Final = 8
"""Characters shown on either side of a mark on a terminal."""


def say(key: str, language: Language, **values: object) -> str:
    section, name = key.split(".")
    table: Mapping[str, Mapping[str, Mapping[str, str]]] = read_table("reports", "coverage.toml")
    return table[section][name][language].format_map(values)


def pick(text: Bilingual, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def _names(rules: tuple[model.Rule, ...], language: Language) -> str:
    return say("line.names", language).join(rule.zh if language == "zh" else rule.id for rule in rules)


def item_told(item: ItemCoverage, language: Language) -> list[str]:
    """The rules, then what is left out or why there are none, then what is to be said of the text."""
    names = _names(item.rules, language)
    told = [names] if names else []
    told += [pick(reason, language) for reason in item.reasons]
    notes = [say(f"text.{item.text}", language)] if item.text not in (None, "same") and item.state != "lost" else []
    notes += [say("line.errata", language, count=item.errata)] if item.errata else []
    told += [say("line.join", language).join(notes)] if notes else []
    return told + (change_told(item.change, language) if item.change is not None else [])


def change_told(change: Change, language: Language) -> list[str]:
    parts = (("gone", change.gone), ("marks_gone", change.marks_gone), ("marks_new", change.marks_new))
    join = say("line.names", language)
    return [say(f"line.{key}", language, words=join.join(words)) for key, words in parts if words]


def figures_told(of: DocumentCoverage, language: Language) -> list[str]:
    """How many numbers and words the text has, and what became of them; nothing where it is not at hand."""
    join = say("line.join", language)
    lines = []
    for kind, uses in (of.figures or {}).items():
        parts = [say("line.count", language, name=say(f"use.{use}", language), count=count) for use, count in uses.items()]
        name = say(f"kind.{kind}", language)
        lines.append(say("line.figures", language, kind=name, total=sum(uses.values()), uses=join.join(parts)))
    return lines


def mark_told(account: Account, language: Language) -> str:
    """A mark with a few characters on either side, to find it by."""
    mark = account.mark
    return say("mark.told", language, before=mark.before[-BESIDE:], text=mark.text, after=mark.after[:BESIDE])


def use_told(account: Account, language: Language) -> str:
    """The rules that use a mark, or the reasons why none does."""
    reasons = say("line.reasons", language).join(pick(each, language) for each in account.reasons)
    return say(f"mark.{account.use}", language, rules=_names(account.rules, language), reasons=reasons)
