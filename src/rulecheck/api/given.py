"""What a program hands in, as the files that it would have written: data as JSON, tables as CSV. So the same readers read it, say
the same of it, and tell the same places."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from rulecheck.facts import Held
from rulecheck.language.diagnostics import Diagnostic, fault

Facts = str | Path | Mapping[str, Any] | Sequence[Any]
"""Paths, data, or tables by kind of subject; one of these or several."""

DATA_FILE: Final = "data.json"
"""What data handed in is called where a place is told."""


class Given(NamedTuple):
    """The paths, what is handed in from memory, and what of that cannot be taken."""

    paths: list[Path]
    held: list[Held]
    problems: list[Diagnostic]


def handed_in(facts: Facts) -> Given:
    """What `facts` stands for."""
    several: Sequence[Any] = facts if isinstance(facts, list | tuple) else [facts]
    given = Given([], [], [])
    for each in several:
        if isinstance(each, str | Path):
            given.paths.append(Path(each))
        elif isinstance(each, Mapping) and each and all(hasattr(table, "__arrow_c_stream__") for table in each.values()):
            from rulecheck.api.tables import as_csv

            for kind, table in each.items():
                content, problems = as_csv(str(kind), table)
                given.held.append(Held(f"{kind}.csv", content))
                given.problems.extend(problems)
        elif isinstance(each, Mapping):
            plain = _plain(each, "$", given.problems)
            given.held.append(Held(DATA_FILE, json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")))
        else:
            given.problems.append(Diagnostic("I103", values={"type": type(each).__name__}))
    return given


def _plain(value: Any, where: str, problems: list[Diagnostic]) -> Any:
    """A value as JSON has it. Decimals become texts: exact, and read as a number is that stands in a table."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return int(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case time() if not (value.second or value.microsecond):
            return value.strftime("%H:%M")
        case Mapping():
            for key in value:
                if not isinstance(key, str):
                    problems.append(fault("I109", DATA_FILE, where, type=type(key).__name__))
            return {str(key): _plain(each, f"{where}.{key}", problems) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each, f"{where}[{number}]", problems) for number, each in enumerate(value)]
    name = type(value).__name__
    problems.append(fault("I101", DATA_FILE, where) if name in _FLOATS else fault("I102", DATA_FILE, where, type=name))
    return None


_FLOATS: Final = frozenset({"float", "float16", "float32", "float64"})
"""By name: numpy's are not loaded here."""
