"""Subjects whose ids differ by spaces or the width of characters alone: they are two, as written, and that is said.

`甲 局` and `甲局` are most often one unit, each with half of its facts; only a person knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rulecheck.facts.headings import folded
from rulecheck.facts.nodes import Faults, shown
from rulecheck.submission import Subject

_LOOSE: Final = re.compile(r"[\s（()）－—–‐‑·・．.]|[^\x00-\x7f㐀-鿿\U00020000-\U0003ffff]")
"""Characters by which two spellings of one name differ."""


def tell_alike(subjects: Mapping[str, Sequence[Subject]], faults: Iterable[Faults]) -> None:
    """A warning in the file of the later of two such subjects of one kind."""
    files: dict[str, Faults] = {}
    for each in faults:
        files.setdefault(each.file, each)
    for members in subjects.values():
        if not members or members[0].kind.sensitive or not _LOOSE.search("\n".join(map(_id, members)).replace("\n", "")):
            continue
        seen: dict[tuple[int, str], Subject] = {}
        for subject in members:
            key = (id(subject.parent), "".join(folded(subject.id).split()))
            first = seen.setdefault(key, subject)
            if first is not subject and first.id != subject.id and subject.origin.file in files:
                place = (f"{first.origin.file} {first.origin.where_zh}", f"{first.origin.file} {first.origin.where_en}")
                files[subject.origin.file].warn_at(
                    "F422", subject.origin, name=shown(subject.id), other=shown(first.id), place=place[0], place_en=place[1]
                )


def _id(subject: Subject) -> str:
    return subject.id
