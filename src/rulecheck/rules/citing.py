"""How much of a document is repeated in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

MOST_COPIED: Final = 35
"""Characters of one list of bodies. With the word before it that makes the 40 that are cited of a document in one go."""


def body_lists(names: Iterable[str]) -> Iterator[list[str]]:
    """The bodies that a document names, in lists short enough to be cited, in their order; a longer one is told in several."""
    found: list[str] = []
    for name in names:
        if found and len("、".join((*found, name))) > MOST_COPIED:
            yield found
            found = []
        found = [*found, name]
    if found:
        yield found
