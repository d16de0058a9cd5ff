"""The texts of the official documents, where they are at hand: split into the items that rules cite, and brought to the
one form in which quotations are looked for and fingerprints are taken.

A text is UTF-8 with a paragraph a line. Copies have faults: items may be missing, paragraphs broken, widths of
punctuation mixed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.rules import model

PREAMBLE: Final = "前言"
"""The locator of what stands before the first section: title, number, addressees, opening paragraphs."""
ANNEX: Final = "附件"
MOST_BYTES: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class TextItem:
    """One item of a text. `locator` as rules cite it: 前言, 一, 二（一）, 二（一）1, 附件. `text`: without its own number, a
    paragraph a line. `line`: where it begins. `is_heading`: nothing but the heading of the items below it."""

    locator: str
    text: str
    line: int
    is_heading: bool = False


# --- one form ---


@cache
def _folds() -> Mapping[int, str]:
    rows: Mapping[str, str] = read_table("dsl", "punctuation.toml")["fold"]
    signs = {ord(character): form for form, characters in rows.items() for character in characters}
    narrow = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    return {code: signs.get(ord(form), form) for code, form in narrow.items()} | signs


def normalise(text: str) -> str:
    """The text without white space and invisible marks, every sign in one form (`dsl/punctuation.toml`)."""
    visible = (each for each in text if not each.isspace() and unicodedata.category(each) not in ("Cf", "Cc"))
    return "".join(visible).translate(_folds())


def fingerprint(text: str) -> str:
    """SHA-256, in hex, of the normalised text."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


# --- items ---

_DIGITS: Final = "一二三四五六七八九"
_SECTION: Final = re.compile(r"\s*([一二三四五六七八九十]{1,3})、")
_HEAD: Final = re.compile(r"\s*[（(]\s*([一二三四五六七八九十]{1,3})\s*[）)]")
_NUMBERED: Final = re.compile(r"\s*([0-9]{1,3})\s*[.．、](?![0-9])")
_ANNEX: Final = re.compile(r"\s*附\s*件\s*[0-9一二三四五六七八九十]*\s*(?:[:：]|$)")
_CLAUSE: Final = re.compile(r"[，,；;：:。](?=.)")


def numeral(text: str) -> int:
    """The number of a Chinese numeral from 一 to 九十九; 0 for anything else."""
    tens, ten, ones = text.rpartition("十")
    if (ten and tens and tens not in _DIGITS) or (ones and ones not in _DIGITS) or len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS.find(tens) + 1 if tens else 1 if ten else 0) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)


@dataclass(slots=True)
class _Draft:
    locator: str
    line: int
    paragraphs: list[str]


@dataclass(slots=True)
class _At:
    """The section, bracketed head and number last met; 0 where there is none."""

    section: int = 0
    head: int = 0
    number: int = 0

    @property
    def locator(self) -> str:
        head = f"（{chinese(self.head)}）" if self.head else ""
        return f"{chinese(self.section)}{head}{self.number or ''}"


def chinese(number: int) -> str:
    """A number from 1 to 99 as a Chinese numeral."""
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones - 1] if ones else ''}"


def split(text: str) -> tuple[TextItem, ...]:
    """The items of a text in its order. A paragraph without a number of its own belongs to the item before it; a number
    that does not rise is no new item but part of a sentence."""
    drafts = [_Draft(PREAMBLE, 1, [])]
    at = _At()
    lines = text.splitlines()
    # A notice may list its annexes before the plan that it issues: the annex is what follows the last section.
    body_ends = max((line for line, each in enumerate(lines, 1) if _SECTION.match(each)), default=0)
    for line, paragraph in enumerate(lines, 1):
        if not paragraph.strip():
            continue
        rest = None if drafts[-1].locator == ANNEX else _begins(paragraph, at)
        if rest is not None:
            drafts.append(_Draft(at.locator, line, [rest]))
        elif _ANNEX.match(paragraph) and drafts[-1].locator != ANNEX and line > body_ends:
            drafts.append(_Draft(ANNEX, line, [paragraph]))
        else:
            drafts[-1].paragraphs.append(paragraph)
    kept = [each for each in drafts if each.paragraphs]
    return tuple(
        TextItem(each.locator, "\n".join(each.paragraphs), each.line, _is_heading(each, after))
        for each, after in zip_longest(kept, kept[1:])
    )


def _begins(paragraph: str, at: _At) -> str | None:
    """What stands behind the number where a paragraph begins an item, whose place is then put into `at`; else None."""
    match = _SECTION.match(paragraph)
    if match and numeral(match[1]) > at.section:
        at.section, at.head, at.number = numeral(match[1]), 0, 0
        return paragraph[match.end() :].strip()
    match = _HEAD.match(paragraph)
    if match and at.section and numeral(match[1]) > at.head:
        at.head, at.number = numeral(match[1]), 0
        return paragraph[match.end() :].strip()
    match = _NUMBERED.match(paragraph)
    if match and at.section and int(match[1]) > at.number:
        at.number = int(match[1])
        return paragraph[match.end() :].strip()
    return None


def _is_heading(draft: _Draft, after: _Draft | None) -> bool:
    """One paragraph without a clause in it, above items of its own."""
    has_items = after is not None and after.locator.startswith(draft.locator) and after.locator != draft.locator
    return has_items and len(draft.paragraphs) == 1 and not _CLAUSE.search(draft.paragraphs[0].strip())


def gaps(items: Iterable[TextItem]) -> tuple[str, ...]:
    """Locators of the numbers that the text leaves out: items that the copy has lost. Where numbers run on over the
    bracketed heads, the one left out is told under the head before it."""
    found: list[str] = []
    head, last, section = "", 0, ""
    for item in items:
        match = re.fullmatch(r"([一二三四五六七八九十]+)((?:（.+）)?)([0-9]+)", item.locator)
        if not match:
            continue
        number, place = int(match[3]), match[1] + match[2]
        if match[1] != section or (place != head and number == 1):
            last, section = 0, match[1]
            head = place
        found += [f"{head}{each}" for each in range(last + 1, number)]
        last, head = number, place
    return tuple(found)


# --- files ---


def read_texts(folder: Path, documents: Iterable[model.Document]) -> tuple[dict[str, tuple[TextItem, ...]], list[Diagnostic]]:
    """The items of every document whose text `folder` holds, by the document's folder, and the texts that cannot be
    read."""
    texts: dict[str, tuple[TextItem, ...]] = {}
    problems: list[Diagnostic] = []
    for document in documents:
        name = document.text
        if not name or Path(name).name != name or "\\" in name:
            problems.append(fault("C320", f"{document.folder}/source.yaml", name=name))
            continue
        text, found = _read(folder / name, name)
        problems += found
        if text is not None:
            texts[document.folder] = split(text)
    return texts, problems


def _read(path: Path, name: str) -> tuple[str | None, list[Diagnostic]]:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        return None, [fault("C321", name)]
    if len(content) > MOST_BYTES:
        return None, [fault("C322", name, size=MOST_BYTES // 1_000_000)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        return None, [fault("C323", name, line=content.count(b"\n", 0, problem.start) + 1)]
