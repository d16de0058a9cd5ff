"""Sentences in both languages with blanks to fill: `dsl/phrases.toml` for judgements, `dsl/prose.toml` for provisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rulecheck.data import read_table
from rulecheck.language import words
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Bilingual

EMPTY = Bilingual("", "")


def phrase(section: str, name: str, /, **values: Bilingual | str | int) -> Bilingual:
    """A sentence of `dsl/phrases.toml`, filled in; bilingual values go to their own language."""
    return _filled(read_table("dsl", "phrases.toml")[section][name], values)


def provision(section: str, name: str, /, **values: Bilingual | str | int) -> Bilingual:
    """A sentence of `dsl/prose.toml`, filled in."""
    return _filled(read_table("dsl", "prose.toml")[section][name], values)


def has_provision(section: str, name: str) -> bool:
    return name in read_table("dsl", "prose.toml")[section]


def _filled(row: Mapping[str, str], values: Mapping[str, Bilingual | str | int]) -> Bilingual:
    filled = [
        row[language].format_map(
            {key: getattr(value, language) if isinstance(value, Bilingual) else value for key, value in values.items()}
        )
        for language in words.LANGUAGES
    ]
    return Bilingual(*filled)


def both(build: Callable[[Language], str]) -> Bilingual:
    return Bilingual(build("zh"), build("en"))


def join(parts: Iterable[Bilingual], zh: str = "、", en: str = ", ") -> Bilingual:
    told = list(parts)
    return Bilingual(zh.join(part.zh for part in told), en.join(part.en for part in told))


def readable(name: Bilingual) -> Bilingual:
    """Both names for a sentence: an English id with spaces."""
    return Bilingual(name.zh, name.en.replace("_", " "))
