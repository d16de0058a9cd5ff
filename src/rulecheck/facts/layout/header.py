"""The words above and below a table or form: title, as-of date, place, the line of signatures, the unit of measure, notes.

A label and its value may share a cell (several such pairs too) or stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Grid, Header, spot_in
from rulecheck.facts.layout.measures import measures_in
from rulecheck.facts.layout.names import Names, units_of
from rulecheck.facts.layout.words import label_of, listed, longest_first, meanings, spaced, squeezed
from rulecheck.facts.nodes import Faults, Key, Spot, first_at, shown
from rulecheck.measures.numerals import Fault, read_number
from rulecheck.measures.units import unit_table
from rulecheck.rules.model import Kind

_LABEL: Final = r"[^\W\d_][^\s:：；;，,。]{0,19}(?:\s?[（(][^（()）]{1,10}[)）])?\s*[:：]"
_OPEN_BRACKET: Final = re.compile(r"[（(【\[][^（()）【】\[\]]*\Z")
"""A bracket that a label does not close: `情况表（单位：`."""
_NEXT_LABEL: Final = re.compile(rf"\s+(?={_LABEL})")
_FIRST_LABEL: Final = re.compile(rf"(?P<label>{_LABEL})\s*(?P<value>.*)", re.DOTALL)
_DATE: Final = (
    r"[0-9０-９]{4}\s*年\s*(?:[0-9０-９]{1,2}\s*月\s*(?:[0-9０-９]{1,2}\s*[日号]|[底末])|[底末])"
    r"|[0-9]{4}(?P<mark>[-/.])[0-9]{1,2}(?P=mark)[0-9]{1,2}"
)
_BARE_DATE: Final = re.compile(rf"\s*(?:(?P<date>{_DATE}))\s*")
_DATE_BEHIND: Final = re.compile(rf"(?P<name>.*?)\s+(?P<date>{_DATE})", re.DOTALL)
_WHOLE_BRACKETS: Final = re.compile(r"\s*[（(【\[](?P<inside>.*)[)）】\]]\s*", re.DOTALL)
_DATED: Final = re.compile(rf"(?:截至|截止到?|as of)\s*[:：]?\s*(?P<date>{_DATE})", re.IGNORECASE)
_BLANK_DATE: Final = frozenset("年月日 \u3000\t\n")
_MOST_LETTERS: Final = 400
"""A longer text is a note, not a line of labels."""
_MOST_OF_A_DATE: Final = 60
_BEGINS_NUMBER: Final = frozenset("0123456789０１２３４５６７８９+-＋－−")
_NOTE_MARK: Final = re.compile(r"\A[※*＊（(【\[]*")
_TELEPHONE: Final = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}|0[0-9]{2,3}[-－— ]?[0-9]{7,8}")
SIGNATURE: Final = frozenset({"unit", "filled_by", "reviewed_by", "responsible", "signed_on", "contact"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, with the column of each."""

    label: str
    value: str
    column: int
    value_column: int


@dataclass(slots=True)
class Around:
    """What is gathered from the rows around the tables of a sheet."""

    header: Header = field(default_factory=Header)
    measures: list[str] = field(default_factory=list)
    responsible: Key | None = None
    """Who heads the unit: the reviewer where nobody else is."""


def pairs_of_row(cells: Sequence[str]) -> tuple[list[Pair], list[int]]:
    """The pairs in a row, and the columns of cells that are part of none."""
    pairs: list[Pair] = []
    rest: list[int] = []
    filled = [column for column, text in enumerate(cells) if text.strip()]
    taken: set[int] = set()
    for position, column in enumerate(filled):
        if column in taken:
            continue
        following = filled[position + 1] if position + 1 < len(filled) else None
        found = pairs_of_cell(cells[column])
        if not found and label_of(cells[column]) in meanings("header"):
            found = [(cells[column], "")] if following is not None else []
        if not found:
            rest.append(column)
            continue
        for label, value in found[:-1]:
            pairs.append(Pair(label, value, column, column))
        label, value = found[-1]
        if value or following is None or pairs_of_cell(cells[following]) or label_of(cells[following]) in meanings("header"):
            pairs.append(Pair(label, value, column, column))
        else:
            taken.add(following)
            pairs.append(Pair(label, cells[following].strip(), column, following))
    if any(meanings("header").get(label_of(pair.label)) in SIGNATURE for pair in pairs):
        for column in rest:
            if date := bare_date(cells[column]):
                pairs.append(Pair(label_for("signed_on"), date, column, column))
        rest = [column for column in rest if set(cells[column]) - _BLANK_DATE and not bare_date(cells[column])]
    return pairs, rest


def label_for(name: str) -> str:
    """A label with a meaning of the section `header`."""
    return next(word for word, each in meanings("header").items() if each == name)


def pairs_of_cell(text: str) -> list[tuple[str, str]]:
    """`填报人：张三  审核人：李四`; empty where the text does not begin with a label and a colon."""
    if (":" not in text and "：" not in text) or len(text) > _MOST_LETTERS:
        return []
    whole = _WHOLE_BRACKETS.fullmatch(text)
    plain = _spaced_labels().sub(lambda found: "".join(found[0].split()), (whole["inside"] if whole else text).strip())
    pairs: list[tuple[str, str]] = []
    for part in _NEXT_LABEL.split(plain):
        match = _FIRST_LABEL.fullmatch(part)
        if match is None or _OPEN_BRACKET.search(match["label"]):
            return []
        label, value = match["label"].rstrip(":： "), match["value"].strip()
        while (inner := _glued_label().search(value)) is not None:
            pairs.append((label, value[: inner.start()].strip()))
            label, value = inner["label"], value[inner.end() :].strip()
        pairs.append((label, value))
        dated = _DATE_BEHIND.fullmatch(value)
        if dated and meanings("header").get(label_of(label)) in ("filled_by", "reviewed_by"):
            pairs[-1:] = [(label, dated["name"]), (label_for("signed_on"), dated["date"])]
    return pairs


@cache
def _spaced_labels() -> re.Pattern[str]:
    """A known label with spaces inside it, before its colon."""
    known = "|".join(spaced(word) for word in longest_first("header"))
    return re.compile(rf"(?:{known})(?=\s*(?:[（(][^（()）]{{1,10}}[)）])?\s*[:：])", re.IGNORECASE)


@cache
def _glued_label() -> re.Pattern[str]:
    """A known label that follows a value without a space."""
    known = "|".join(re.escape(word) for word in longest_first("header") if not word.isascii())
    return re.compile(rf"(?<=\S)(?P<label>{known})(?:[（(][^（()）]{{1,10}}[)）])?\s*[:：]")


def read_words(grid: Grid, row: int, around: Around, kind: Kind | None, names: Names, faults: Faults) -> list[int]:
    """Takes the words of a row that is no data into `around`; the columns of cells that say nothing of the kind."""
    cells = grid.rows[row]
    pairs, rest = pairs_of_row(cells)
    for pair in pairs:
        if pair.value:
            take_pair(grid, row, pair, around, kind, names, faults)
    for column in rest:
        take_text(cells[column], spot_in(grid, row, column), around)
    return rest


def take_text(text: str, spot: Spot, around: Around) -> None:
    """Takes what a title says: the day and the unit of measure."""
    dated = _DATED.search(text[:_MOST_LETTERS])
    if dated and "as_of" not in around.header.words:
        around.header.words["as_of"] = Key(dated["date"], spot)
    around.measures += measures_in(text)


def take_pair(grid: Grid, row: int, pair: Pair, around: Around, kind: Kind | None, names: Names, faults: Faults) -> None:
    label = label_of(pair.label)
    spot = spot_in(grid, row, pair.value_column)
    if label in listed("measure") and (units := units_of(pair.value)):
        around.measures += units
        return
    meaning = meanings("header").get(label)
    if meaning is None:
        found = names.found(kind, [pair.label])
        if isinstance(found, str) and names.fact(kind, found) is not None:
            faults.add("S213", spot, name=shown(pair.label))
        elif not is_note(cells_text(pair)):
            faults.warn("F207", spot, name=shown(pair.label))
        else:
            faults.warn("S209", spot, text=shown(cells_text(pair)))
            around.measures += measures_in(pair.value)
        return
    if meaning == "contact":
        faults.warn("F207", spot_in(grid, row, pair.column), name=shown(pair.label))
        return
    written, key = around.header.words, Key(pair.value, spot)
    if meaning == "responsible":
        around.responsible = around.responsible or key
        written.setdefault("reviewed_by", key)
        return
    first = written.get(meaning)
    if first is None or first is around.responsible:
        written[meaning] = key
    elif squeezed(first.text) != squeezed(pair.value):
        faults.add("S214", spot, name=shown(pair.label), value=shown(pair.value), other=shown(first.text), **first_at(first.spot))


def cells_text(pair: Pair) -> str:
    return f"{pair.label}：{pair.value}"


def is_signature(cells: Sequence[str]) -> bool:
    """Whether a row begins with a label of a signature or the like, and holds no figures beside such labels."""
    filled = [text for text in cells if text.strip()]
    first = filled[0] if filled else ""
    if len(filled) == 1 and (meanings("header").get(label_of(first)) in SIGNATURE or bare_date(first) or _is_seal(first)):
        return True
    if not pairs_of_cell(first) and label_of(first) not in meanings("header"):
        return False
    pairs, rest = pairs_of_row(cells)
    rest = [column for column in rest if not _TELEPHONE.fullmatch(cells[column].strip())]
    if any(is_number(cells[column]) for column in rest) or (rest and not pairs_of_cell(first)):
        return False
    return any(meanings("header").get(label_of(pair.label)) is not None for pair in pairs)


def _is_seal(text: str) -> bool:
    """`（盖章）`"""
    return squeezed(text).strip("（()）") in listed("heading_marks")


def bare_date(text: str) -> str:
    """A date that stands alone, as behind signatures."""
    dated = _BARE_DATE.fullmatch(text) if len(text) <= _MOST_OF_A_DATE else None
    return text.strip() if dated and dated["date"] else ""


def is_note(text: str) -> bool:
    """`注：…`, `说明`, `备注 1. …`."""
    return _note().match(_NOTE_MARK.sub("", text.strip())[:_MOST_OF_A_DATE]) is not None


@cache
def _note() -> re.Pattern[str]:
    known = "|".join(spaced(word) for word in longest_first("notes"))
    return re.compile(
        rf"(?:{known})\s*[)）】\]]?\s*(?:[0-9０-９一二三四五六七八九十]{{0,2}}\s*[:：.．、)）】\]]|[0-9]{{1,2}}\s|\Z)",
        re.IGNORECASE,
    )


def is_number(text: str) -> bool:
    """Whether a text is a number, alone or with a unit; `2023年单位情况表` begins with one."""
    if text.strip()[:1] not in _BEGINS_NUMBER:
        return False
    number = read_number(text)
    return not isinstance(number, Fault) and (not number.unit or unit_table().find(number.unit) is not None)
