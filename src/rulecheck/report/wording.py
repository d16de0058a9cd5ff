"""The fixed phrases of the reports (`reports/text.toml`) and the words for verdicts, dates and periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rulecheck.data import read_table
from rulecheck.judgement import Judgement, Verdict
from rulecheck.language.syntax import Language
from rulecheck.measures.units import unit_table
from rulecheck.rules.model import Bilingual


def phrases() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """`reports/text.toml`: section, key, language."""
    return read_table("reports", "text.toml")


def say(key: str, language: Language, **values: object) -> str:
    """The phrase `section.key`, filled in. A missing phrase is a programmer's mistake and raises KeyError."""
    section, name = key.split(".")
    return phrases()[section][name][language].format_map(values)


def both(key: str, **values: object) -> Bilingual:
    return Bilingual(say(key, "zh", **values), say(key, "en", **values))


def pick(text: Bilingual, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def join(texts: Iterable[str], language: Language) -> str:
    """The texts as a list within a sentence."""
    return say("block.join", language).join(texts)


def quoted(text: str, language: Language) -> str:
    """A name in quotation marks; marks inside it become single ones."""
    return say("block.quoted", language, text=text.replace("“", "‘").replace("”", "’"))


def verdict_name(judgement: Judgement, language: Language) -> str:
    """The verdict as users read it, by modality and by whether only part was checked."""
    if judgement.verdict is Verdict.MET and judgement.partial is not None:
        return say("verdict.met_partial", language)
    return _plain_name(judgement.verdict, judgement.modality, language)


def capital(text: str) -> str:
    """The text as a heading begins."""
    return text[:1].upper() + text[1:]


def verdict_names(judgement: Judgement, verdicts: Iterable[Verdict], language: Language) -> str:
    """Verdicts that the judgement could have, as a list."""
    ordered = sorted(verdicts, key=list(Verdict).index)
    return join((_plain_name(verdict, judgement.modality, language) for verdict in ordered), language)


def _plain_name(verdict: Verdict, modality: str, language: Language) -> str:
    encouraged = verdict is Verdict.FALLS_SHORT and modality == "encouraged"
    return say("verdict.falls_short_encouraged" if encouraged else f"verdict.{verdict}", language)


def amount(value: str, unit: str, language: Language) -> str:
    """Exact text with its unit, given by its Chinese name: `0.72人`, `0.72 people`, `60%`; a bare number has none."""
    if language == "zh" or not unit:
        return value + unit
    found = unit_table().find(unit)
    if found is None:
        return f"{value} {unit}"
    name = (found.english_singular if value == "1" else found.english).replace("_", " ")
    return value + ("" if name[0] in "%‰" else " ") + name


def day(text: str, language: Language) -> str:
    """An ISO date as users read it; anything else as it is."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return text
    year, month, of_month = map(int, parts)
    return say("date.day", language, year=year, month=month, day=of_month)


def period(key: str, language: Language) -> str:
    """A period key (`2023`, `2023-Q2`, `2023-06`) as users read it; anything else as it is."""
    year, _, part = key.partition("-")
    if not year.isdecimal():
        return key
    if not part:
        return say("date.year", language, year=year)
    if part[0] == "Q":
        return say("date.quarter", language, year=year, quarter=part[1:])
    return say("date.month", language, year=year, month=int(part)) if part.isdecimal() else key
