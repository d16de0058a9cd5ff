"""The verbs of the command line, a module each. Every one returns the exit status of the process (design §8)."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FOUND: Final = 1
"""Something is violated, wrong or unaccounted for."""
REFUSED: Final = 2
"""Input, rules or usage refused."""
INTERNAL: Final = 3
UNDECIDED: Final = 4
"""There was no judgement, or every one is undetermined."""
INTERRUPTED: Final = 130
