"""The headings of a report's sections, and the remark below one."""

from __future__ import annotations

from rulecheck.language.syntax import Language
from rulecheck.report.layout import Line, Style, paragraph
from rulecheck.report.wording import say


def section(key: str, language: Language, style: Style, **values: object) -> list[Line]:
    return [Line(say(f"section.{key}", language, **values), style)]


def note(key: str, language: Language) -> list[Line]:
    return paragraph(say(f"section.{key}", language), "  ", style=Style.DIM)
