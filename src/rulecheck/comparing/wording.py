"""The words of a comparison (`reports/compare.toml`)."""

from __future__ import annotations

from rulecheck.data import read_table
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Bilingual


def told(section: str, name: str, /, **values: Bilingual | str | int) -> Bilingual:
    """A phrase in both languages; bilingual values go to their own."""
    row = read_table("reports", "compare.toml")[section][name]

    def filled(language: Language) -> str:
        given = {key: getattr(each, language) if isinstance(each, Bilingual) else each for key, each in values.items()}
        return str(row[language]).format_map(given)

    return Bilingual(filled("zh"), filled("en"))


def say(section: str, name: str, language: Language, /, **values: Bilingual | str | int) -> str:
    """A phrase in one language."""
    return str(getattr(told(section, name, **values), language))
