"""The word table `dsl/words.toml`, looked up both ways: what a written word is, and how a thing is written.

A label is a word with a colon behind it. A keyword is a word that is reserved everywhere; a word of an unreserved
section (types, settings, targets, verdicts) means something only where it stands. Every word has an id, the same in
every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.language.syntax import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
RESERVED_SECTIONS = ("words", "functions", "constants", "comparisons")
PLAIN_SECTIONS = ("types", "settings", "targets", "verdicts", "tokens")

# 々 and 〇, the unified ideographs with their extensions, the compatibility ideographs: inside a character class
HAN: Final = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# never part of a word, so that 停车场的车位总数 and 新建且 need no spaces
SPLITTING: Final = ("且", "或", "的")

_TAG_BRACKETS = str.maketrans("（）〔〕：", "()[]:")


@dataclass(frozen=True, slots=True)
class Label:
    """A row of `[labels]`. `order` is its place in the table, which is the formatter's order."""

    id: str
    shape: str
    order: int
    spellings: Mapping[Language, tuple[str, ...]]
    declares: bool = False
    within: frozenset[str] = frozenset()
    """The declarations it may stand in; empty for one that opens a declaration."""
    limb: bool = False
    """May carry a limb tag and a reading tag."""
    repeats: bool = False
    quotes: bool = False
    """May be followed by lines of quotation."""
    words: tuple[str, ...] = ()
    """Ids of the words that a label of shape `word` may say (settings, or the constants yes and no)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A row of any other section. `means` and `symbol` belong to comparisons, `shape` to functions."""

    id: str
    section: str
    spellings: Mapping[Language, tuple[str, ...]]
    means: str = ""
    symbol: bool = False
    shape: str = ""


@dataclass(frozen=True, slots=True)
class WrittenLabel:
    """A label as it stands in a file, taken apart; `limb` and `reading` are the tags as written, without brackets."""

    label: Label
    language: Language
    limb: str | None
    reading: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table. The `by_text` mappings hold every accepted spelling of every language."""

    labels: Mapping[str, Label]
    label_by_text: Mapping[str, tuple[Label, Language]]
    words: Mapping[tuple[str, str], Word]
    """By section and id."""
    word_by_text: Mapping[tuple[str, str], Word]
    """By section and spelling."""
    reserved: Mapping[str, Word]
    """Every keyword, by spelling."""
    limbs: Mapping[Language, tuple[str, ...]]


def _spellings(row: Mapping[str, Any]) -> Mapping[Language, tuple[str, ...]]:
    return MappingProxyType({language: tuple(row[language]) for language in LANGUAGES})


def _label(name: str, order: int, row: Mapping[str, Any]) -> Label:
    flags = {flag: bool(row.get(flag, False)) for flag in ("declares", "limb", "repeats", "quotes")}
    within, said = frozenset(row.get("in", ())), tuple(row.get("words", ()))
    return Label(name, row["shape"], order, _spellings(row), within=within, words=said, **flags)


def _words(raw: Mapping[str, Any]) -> Iterator[Word]:
    for section in RESERVED_SECTIONS + PLAIN_SECTIONS:
        for name, row in raw[section].items():
            rest = {key: row[key] for key in ("means", "symbol", "shape") if key in row}
            yield Word(name, section, _spellings(row), **rest)


@cache
def table() -> Table:
    """The table, read once a process."""
    raw = read_table("dsl", "words.toml")
    labels = {name: _label(name, order, row) for order, (name, row) in enumerate(raw["labels"].items())}
    words = {(word.section, word.id): word for word in _words(raw)}
    written = {(word.section, text): word for word in words.values() for text in _texts(word)}
    return Table(
        labels=MappingProxyType(labels),
        label_by_text=MappingProxyType(
            {text: (label, language) for label in labels.values() for language in LANGUAGES
             for text in label.spellings[language]}
        ),
        words=MappingProxyType(words),
        word_by_text=MappingProxyType(written),
        reserved=MappingProxyType(
            {text: word for (section, text), word in written.items() if section in RESERVED_SECTIONS}
        ),
        limbs=_spellings(raw["limbs"]["tags"]),
    )


def _texts(word: Word) -> Iterator[str]:
    for language in LANGUAGES:
        yield from word.spellings[language]


def label(name: str) -> Label:
    """The label of an id; KeyError for an id that is not in the table."""
    return table().labels[name]


def spell_label(name: str, language: Language) -> str:
    """The canonical spelling of a label, without its colon."""
    return table().labels[name].spellings[language][0]


def spell(section: str, name: str, language: Language) -> str:
    """The canonical spelling of a word: `spell("verdicts", "met", "zh")` is `符合`."""
    return table().words[section, name].spellings[language][0]


def identify(section: str, text: str) -> str | None:
    """The id of a word as written, in whichever language, or None: `identify("settings", "每年")` is `year`."""
    word = table().word_by_text.get((section, text))
    return word.id if word else None


def spellings(section: str, language: Language | None = None) -> list[str]:
    """Every accepted spelling of a section's words, in the table's order."""
    return [
        text
        for (where, _), word in table().words.items()
        if where == section
        for text in (word.spellings[language] if language else _texts(word))
    ]


def is_reserved(text: str) -> bool:
    """Whether the text is a keyword in any language; as a name it then needs 「」."""
    return text in table().reserved


def is_plain_name(text: str) -> bool:
    """Whether a text can stand as a name without 「」: a run of Chinese characters or an ASCII identifier, no keyword,
    and nothing that the lexer parts at 至 (周一至周五)."""
    return _plain_name().fullmatch(text) is not None and not is_reserved(text) and text not in _ends_of_phrases()


@cache
def _ends_of_phrases() -> frozenset[str]:
    """What would make one phrase with a keyword before it: `others` behind `and`."""
    phrases = (text.partition(" ") for text in table().reserved if " " in text)
    return frozenset(rest for first, _, rest in phrases if first in table().reserved)


@cache
def _plain_name() -> re.Pattern[str]:
    constants = "|".join(text for text in spellings("constants", "zh"))
    to = "|".join(table().words["words", "to"].spellings["zh"])
    parted = rf"(?!(?:{constants})?(?:{to})(?:{constants})(?![{HAN}]))"
    return re.compile(rf"[A-Za-z_][A-Za-z0-9_]*|{parted}(?:(?![{''.join(SPLITTING)}])[{HAN}])+")


@lru_cache(maxsize=4096)
def swallowed_keyword(text: str) -> str | None:
    """The first keyword of two and more Chinese characters inside a run (shorter ones are too often part of a word)."""
    found = han_keywords().search(text)
    return found.group() if found else None


@cache
def han_keywords() -> re.Pattern[str]:
    """Finds a keyword of two and more Chinese characters, the longest first; one group."""
    texts = [text for text in table().reserved if re.fullmatch(f"[{HAN}]{{2,}}", text)]
    return re.compile("(" + "|".join(sorted(texts, key=lambda text: (-len(text), text))) + ")")


def means(comparison: str) -> str:
    """The relation that a comparison word stands for: at_least, at_most, more_than, less_than, equal or unequal."""
    return table().words["comparisons", comparison].means


def is_symbol(comparison: str) -> bool:
    """Whether a comparison is written with a symbol (≥) rather than a word (不少于)."""
    return table().words["comparisons", comparison].symbol


def spell_setting(name: str, language: Language) -> str:
    """The canonical spelling of a word that a label of shape `word` may say."""
    section = "settings" if ("settings", name) in table().words else "constants"
    return spell(section, name, language)


def constant_section(name: str) -> str:
    """The section that spells a constant of a tree: constants, targets or verdicts; KeyError for none of them."""
    for section in ("constants", "targets", "verdicts"):
        if (section, name) in table().words:
            return section
    raise KeyError(name)


@lru_cache(maxsize=4096)
def read_label(text: str) -> WrittenLabel | None:
    """The label written as `text` (with tags and colon, spaces anywhere), or None for a word that is no label.

    >>> read_label("要求（甲）〔期末目标〕：").label.id
    'must'
    """
    rest = text.strip(" \t\r\n\u3000\ufeff").translate(_TAG_BRACKETS).removesuffix(":").rstrip()
    rest, reading = _split_tag(rest, "[", "]")
    rest, limb = _split_tag(rest, "(", ")")
    found = table().label_by_text.get(" ".join(rest.split()))
    return WrittenLabel(*found, limb, reading) if found else None


def _split_tag(text: str, opening: str, closing: str) -> tuple[str, str | None]:
    if not text.endswith(closing):
        return text, None
    word, _, tag = text[:-1].rpartition(opening)
    return word.rstrip(), tag.strip()


def limb_tag(tag: str, language: Language) -> str | None:
    """The tag of a limb as written in `language` (甲 or a), whichever language it stands in; None for another text."""
    for tags in table().limbs.values():
        if tag in tags:
            return table().limbs[language][tags.index(tag)]
    return None
