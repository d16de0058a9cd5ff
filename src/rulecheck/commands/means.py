"""What a run over large tables may use, read from text: memory and threads."""

from __future__ import annotations

import os
import re
from typing import Final

from rulecheck.language.diagnostics import Diagnostic, fault

MOST_THREADS: Final = 256
LEAST_MEMORY: Final = 256
"""MB."""
DEFAULT_MEMORY: Final = 2_048
_MEMORY: Final = re.compile(r"([0-9]{1,6})(?:\.([0-9]))?\s*(MB|GB|TB|MiB|GiB|M|G)?", re.IGNORECASE)
_MEGABYTES: Final = {"M": 1, "G": 1_024, "T": 1_048_576}


def read_memory(option: str, text: str | None) -> int | Diagnostic:
    """Megabytes."""
    if text is None:
        return DEFAULT_MEMORY
    found = _MEMORY.fullmatch(text.strip())
    if found is None:
        return fault("W102", option, text=text)
    whole, tenth, unit = found.groups()
    megabytes = (int(whole) * 10 + int(tenth or 0)) * _MEGABYTES[(unit or "M")[0].upper()] // 10
    return megabytes if megabytes >= LEAST_MEMORY else fault("W102", option, text=text)


def read_threads(option: str, text: str | None) -> int | Diagnostic:
    """One for each processor where nothing is said, up to eight."""
    if text is None:
        return min(os.cpu_count() or 1, 8)
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    if not is_number or not 1 <= int(text) <= MOST_THREADS:
        return fault("W103", option, text=text, most=MOST_THREADS)
    return int(text)
