"""The documents that rules are made from, as their `source.yaml` registers them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from rulecheck.dataclass import dataclass
from rulecheck.measures.places import Place

SOURCE_FILE = "source.yaml"
"""The file that registers a document, beside its rules."""


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item of a document as `source.yaml` lists it."""

    locator: str
    fingerprint: str


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One registered document (`source.yaml`). `horizon`: the last day of the document's own period, None if it names none."""

    folder: str
    title: str
    number: str
    kind: str
    issuer: str
    issued: date
    place: Place | None
    in_force: tuple[int, int | None]
    horizon: int | None
    status: Mapping[str, str]
    basis: tuple[str, ...]
    text: str
    coverage: Literal["full", "partial"]
    items: tuple[Item, ...]
