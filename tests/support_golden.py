"""Golden files: the exact text expected, read and judged by a person when it changes."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "golden"


def golden(name: str, text: str, folder: Path = _FOLDER) -> None:
    """Assert that `text` is the golden file `name` of a folder, to the byte.

    With RULECHECK_GOLDEN=write it is written instead, for a person to read the difference.
    """
    path = folder / name
    if os.environ.get("RULECHECK_GOLDEN") == "write":
        path.write_bytes(text.encode("utf-8"))
    assert path.read_bytes().decode("utf-8") == text
