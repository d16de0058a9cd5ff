"""`rulecheck --version`: the version, and what tells the rules and the calendar that are shipped with it from any others."""

from __future__ import annotations

from rulecheck import __version__
from rulecheck.language.diagnostics import message
from rulecheck.language.syntax import Language


def version(language: Language) -> str:
    """Three lines: the program, the shipped rules, the calendar; the hashes are those that a report's receipt shows."""
    from rulecheck.rules.cache import ready

    rules, _ = ready()
    assert rules is not None, "the shipped rules are free of faults"
    calendar = rules.calendar
    values = {
        "rules": rules.sha256,
        "calendar": calendar.sha256,
        "first": str(calendar.years[0]),
        "last": str(calendar.years[-1]),
    }
    return f"rulecheck {__version__}\n" + message("H120", language, values) + "\n"
