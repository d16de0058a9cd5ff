"""The words of blank forms (`reports/template.toml`) and the names of facts, kinds and columns in the language of a form."""

from __future__ import annotations

from rulecheck.data import read_table
from rulecheck.facts.headings import word_of, words
from rulecheck.language.syntax import Language
from rulecheck.prose.values import period_text as named_period
from rulecheck.rules.model import Fact, Kind


def say(key: str, language: Language, **values: object) -> str:
    """The phrase `section.key`, filled in. A missing phrase is a programmer's mistake and raises KeyError."""
    section, name = key.split(".")
    text: str = read_table("reports", "template.toml")[section][name][language]
    return text.format_map(values)


def kinds_without_code() -> frozenset[str]:
    return frozenset(read_table("reports", "template.toml")["codes"]["without"])


def reserved(word: str, language: Language) -> str:
    """The heading of what is no fact, such as 编号: a word of `dsl/headings.toml`."""
    zh, en = word_of("reserved", word)
    return zh if language == "zh" else en


def name_of(thing: Fact | Kind, language: Language) -> str:
    """The name that a heading gives a fact or kind. A name that a heading word hides gives way to the other language's."""
    name, other = (thing.zh, thing.id) if language == "zh" else (thing.id, thing.zh)
    return other if name in words("reserved") else name


def period_text(key: str, language: Language) -> str:
    """A period key (`2023`, `2023-Q2`, `2023-06`) as a heading has it: 2023年, 2023年第2季度, 2023年6月."""
    return key if language == "en" else named_period(key).zh


def unit_text(fact: Fact, language: Language) -> str:
    """The unit as a heading has it, empty where the fact has none."""
    if fact.unit is None:
        return ""
    return fact.unit.text if language == "zh" else fact.unit.english


def fact_heading(fact: Fact, period: str | None, language: Language) -> str:
    """`编制（人）`, `新增就业人数@2022年（人）`, `posts (people)`."""
    name = name_of(fact, language)
    if period is not None:
        name = f"{name}@{period_text(period, language)}"
    unit = unit_text(fact, language)
    return say("heading.unit", language, name=name, unit=unit) if unit else name


def evidence_heading(fact: Fact, language: Language, period: str | None = None) -> str:
    """`佐证材料（编制）`: the place for what proves a fact."""
    name = name_of(fact, language)
    return say("heading.evidence", language, name=name if period is None else f"{name}@{period_text(period, language)}")
