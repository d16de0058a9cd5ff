"""What documents are called: found by number, folder or title, however the brackets and digits of a number were typed.

Numbers of documents come with whatever brackets the keyboard has: 黄政办发〔2022〕60号, [2022], （２０２２）.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from rulecheck.rules.model import Document

Named = TypeVar("Named")

_BRACKETS: Final = str.maketrans({**dict.fromkeys("[〔【({", "〔"), **dict.fromkeys("]〕】)}", "〕"), "\\": "/"})
"""Once full-width forms are as the others."""


def folded(name: str) -> str:
    """A name as it is compared: one kind of brackets and digits, no blanks, small letters."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).strip("/").casefold()


def document_names(document: Document) -> tuple[str, ...]:
    """Everything that a document may be called; the last part of a folder and a title may be those of several."""
    folder = document.folder.rpartition("/")[2]
    return (document.number, document.folder, folder, document.title, f"《{document.title}》")


def by_name(known: Iterable[Named], names_of: Callable[[Named], Iterable[str]]) -> Mapping[str, list[Named]]:
    """Who is called by a folded name."""
    found: dict[str, list[Named]] = {}
    for each in known:
        for name in {folded(text) for text in names_of(each)} - {""}:
            found.setdefault(name, []).append(each)
    return found


def documents_called(names: Sequence[str], documents: Sequence[Document]) -> tuple[tuple[Document, ...], list[str]]:
    """The documents that the names mean, each once, in the order of the names; and the names that mean none."""
    called = by_name(documents, document_names)
    meant = [called.get(folded(name), []) for name in names]
    unknown = [name for name, found in zip(names, meant, strict=True) if not found]
    return tuple(dict.fromkeys(each for found in meant for each in found)), unknown
