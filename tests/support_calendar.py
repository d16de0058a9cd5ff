"""Calendars from folders of notices."""

from __future__ import annotations

from pathlib import Path

from rulecheck.language.diagnostics import Diagnostic
from rulecheck.measures.workdays import Calendar, calendar_of


def load_calendar(*folders: Path) -> tuple[Calendar, list[Diagnostic]]:
    """The calendar of the notices of some folders, as a folder of rules has them."""
    notices = ({f"calendar/{path.name}": path.read_bytes() for path in sorted(each.glob("*.yaml"))} for each in folders)
    return calendar_of(*notices)
