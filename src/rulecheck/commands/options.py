"""Options that several verbs share, read from text; what cannot be read is told and gives None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from rulecheck.language.diagnostics import Diagnostic, closest, fault
from rulecheck.language.syntax import Language
from rulecheck.measures.places import Place, Places
from rulecheck.rules import model
from rulecheck.rules.cache import ready
from rulecheck.streams import tell_all

LANGUAGES: Final[Mapping[str, Language]] = {"zh": "zh", "en": "en"}


def read_language(text: str) -> Language | None:
    """`zh` or `en`."""
    if text in LANGUAGES:
        return LANGUAGES[text]
    tell_all([one_of("--lang", text, LANGUAGES)], "zh")
    return None


def one_of(option: str, text: str, known: Iterable[str]) -> Diagnostic:
    """The complaint about a word that an option does not know."""
    return fault("X301", option, word=text, known="、".join(known), known_en=", ".join(known))


def read_day(option: str, text: str) -> int | Diagnostic:
    from rulecheck.measures.numerals import Fault, read_date

    day = read_date(text)
    if isinstance(day, Fault):
        return fault("X302", option, text=text)
    return day


def read_place(option: str, text: str, places: Places) -> Place | Diagnostic:
    place = places.find(text)
    return place or fault("X303", option, text=text, near="、".join(closest(text, places.names("en"))))


def load_rules(folder: Path | None, language: Language) -> model.RuleSet | None:
    """The rules, with everything that is to be said about them; None where they cannot be used."""
    rules, problems = ready(folder)
    tell_all(problems, language)
    return rules
