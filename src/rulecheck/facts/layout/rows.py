"""The rows under the headings: which are about subjects, which sum up, sign, explain or repeat, and where the table ends.

A table may have a hundred thousand rows. Only those are looked at one by one that a pass over the columns of ids and names shows
to be unusual; the rest stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.grids import Grid, spot_in
from rulecheck.facts.layout.blocks import Areas, Block, block_at, is_column_numbers
from rulecheck.facts.layout.header import Around, bare_date, is_note, is_number, is_signature, read_words
from rulecheck.facts.layout.measures import measures_in
from rulecheck.facts.layout.names import Names
from rulecheck.facts.layout.totals import first_characters, total_name
from rulecheck.facts.layout.words import listed, longest_first, spaced, squeezed
from rulecheck.facts.nodes import Faults, Key, shown
from rulecheck.rules.model import Kind

_GROUP_NUMBER: Final = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]?|[（(][一二三四五六七八九十]{1,3}[)）]")
"""In the column 序号, over rows with digits there: a group of them."""
_FOOTNOTE: Final = re.compile(r"[*＊※★#①-⑳]\s*[^\W\d_]{2}")
_LISTED: Final = re.compile(r"[（(]?[0-9０-９]{1,2}[)）.．、]\s*[^\W\d_]{2}")
_SENTENCE: Final = re.compile(r"[\u4e00-\u9fff]{2}.{2,}[。；;！]|[\u4e00-\u9fff]{2}.{8,}[，：:]")
_LAST_ROWS: Final = 20
"""Rows at the end of a sheet that are looked at one by one: there stand notes that nothing else shows to be such."""
_SECTION: Final = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]")
_MOST_LOOKED_AT: Final = 60
"""Characters in which a text shows that it is a note."""
_MOST_TOLD: Final = 20
"""Notes and titles of groups that are told one by one."""
_MOST_CHECKED: Final = 8
"""Columns that are looked through for names of totals: more are headings that stand twice."""
_MOST_TRIED: Final = 50
"""Cells of which one must be a name where a further table begins."""
_TITLES: Final = 4
"""Rows of titles that may stand between a gap and the headings of a further table."""


@dataclass(slots=True)
class Total:
    """A row of totals: its position in the grid, its name, how many rows of the table stand before it."""

    row: int
    name: str
    before: int


@dataclass(slots=True)
class Body:
    """`rows`: positions of the rows about subjects. `end`: the position where a further table begins, the end of the grid where
    there is none."""

    rows: Sequence[int]
    totals: list[Total] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class _Found:
    """What is gathered while the unusual rows are looked at in turn."""

    dropped: list[int] = field(default_factory=list)
    totals: list[tuple[int, str]] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)
    """Notes and titles of groups."""
    repeated: list[int] = field(default_factory=list)
    is_in_notes: bool = False
    is_after_gap: bool = False


def read_body(grid: Grid, block: Block, kind: Kind | None, names: Names, areas: Areas, around: Around, faults: Faults) -> Body:
    """The rows below the headings, up to the end or to the headings of a further table."""
    start, end = block.bottom + 1, len(grid.rows)
    found = _Found()
    checked = _checked_columns(block)
    unusual = deque(_unusual(grid, block, start, checked, names))
    while unusual:
        row = unusual.popleft()
        role = _role(grid, row, block, checked, kind, names, areas, found)
        match role:
            case "next":
                end = row
                break
            case "total":
                found.totals.append((row, _total(grid.rows[row], checked, block) or _name(grid.rows[row], block)))
            case "part":
                faults.warn("S224", _first_spot(grid, row), text=shown(_name(grid.rows[row], block)))
            case "whole":
                faults.warn("S225", _first_spot(grid, row), text=shown(_name(grid.rows[row], block)))
            case "words":
                for column in read_words(grid, row, around, kind, names, faults):
                    if date := bare_date(grid.rows[row][column]):
                        around.header.words.setdefault("signed_on", Key(date, spot_in(grid, row, column)))
                        continue
                    faults.warn("S209", spot_in(grid, row, column), text=shown(grid.rows[row][column]))
            case "note" | "section":
                found.passed.append(row)
                if role == "note" and row + 1 < len(grid.rows) and (not unusual or unusual[0] != row + 1):
                    unusual.appendleft(row + 1)  # a note may go on
                if len(found.passed) <= _MOST_TOLD:
                    _tell_passed(grid, row, role, around, faults)
            case "numbers":
                faults.warn("S217", _first_spot(grid, row))
            case "repeated":
                found.repeated.append(row)
        found.is_in_notes = role == "note" or (found.is_in_notes and role in ("blank", "words"))
        found.is_after_gap = role == "blank"
        if role not in ("data", "whole"):
            found.dropped.append(row)
    if found.repeated:
        faults.warn("S208", _first_spot(grid, found.repeated[0]), count=len(found.repeated))
    if len(found.passed) > _MOST_TOLD:
        faults.warn("S223", _first_spot(grid, found.passed[_MOST_TOLD]), count=len(found.passed) - _MOST_TOLD)
    rows: Sequence[int] = range(start, end)
    if found.dropped:
        dropped = set(found.dropped)
        rows = [row for row in rows if row not in dropped]
    return Body(rows, _placed(found.totals, found.dropped, start), end)


def _tell_passed(grid: Grid, row: int, role: str, around: Around, faults: Faults) -> None:
    """Says that a row is a note or the title of a group, and takes what a note says of the unit of measure."""
    if role == "section":
        faults.warn("S210", _first_spot(grid, row), text=shown("".join(map(str.strip, grid.rows[row]))))
        return
    faults.warn("S209", _first_spot(grid, row), text=shown(_first_text(grid, row)))
    for text in filter(None, grid.rows[row]):
        around.measures += measures_in(text)


def _placed(totals: list[tuple[int, str]], dropped: list[int], start: int) -> list[Total]:
    """Each total with the number of rows before it."""
    return [Total(row, name, row - start - bisect_left(dropped, row)) for row, name in totals]


def _checked_columns(block: Block) -> list[int]:
    """The columns in which a row can show that it is no subject: the first, 序号, id and name."""
    filled = [column for column, heading in enumerate(block.headings) if heading]
    named = [*filled[:1], *block.identity, *block.columns_of(frozenset({"kind"}))]
    return sorted({*named, *(column for column in block.numbering if column < max(named))})[:_MOST_CHECKED]


def _unusual(grid: Grid, block: Block, start: int, checked: Sequence[int], names: Names) -> list[int]:
    """The rows to look at, in order: without id and name, after such a row, beginning with a word of totals, notes or signatures,
    repeating the heading."""
    rows = grid.rows[start:] if start else grid.rows
    identity = block.identity or checked
    columns = {column: [row[column] for row in rows] for column in {*identity, *checked}}
    blank: Iterable[int]
    if len(identity) == 1:
        blank = [position for position, text in enumerate(columns[identity[0]]) if not text or text.isspace()]
    else:
        texts_of_rows = zip(*(columns[column] for column in identity), strict=True)
        blank = [position for position, texts in enumerate(texts_of_rows) if not any(map(str.strip, texts))]
    found = {0, *blank}
    found |= {position + 1 for position in blank}
    found.update(range(max(0, len(rows) - _LAST_ROWS), len(rows)))
    for column in checked:
        heading = block.headings[column]
        found.update(_telling(columns[column], names.plain | ({heading.stack[-1]} if heading is not None else set())))
    if block.left_blank:  # notes may stand to the left of the table
        found.update([position for position, row in enumerate(rows) if row[0]])
    return sorted(position + start for position in found if position < len(rows))


def _telling(texts: Sequence[str], known: frozenset[str]) -> list[int]:
    """Where in a column a note, a signature, a total, a section or a heading seems to begin. A few plain passes over the whole
    column pick what is worth a closer look."""
    totals, begins = first_characters(), _beginning().match
    starts = _first_characters() | totals
    found = [position for position, text in enumerate(texts) if text[:1] in starts]
    found = [
        position
        for position in found
        if begins((text := texts[position])[:_MOST_LOOKED_AT]) or (text[:1] in totals and total_name(text))
    ]
    if "计" in "".join(texts):
        found += [position for position, text in enumerate(texts) if "计" in text and total_name(text)]
    if not known.isdisjoint(texts):
        found += [position for position, text in enumerate(texts) if text in known]
    return found


_LOOKED_AT: Final = ("remarks", "parts", "averages", "wholes", "example_rows")
"""Sections with words at the beginning of a row that `_role` knows."""


@cache
def _first_characters() -> frozenset[str]:
    """What `_beginning` can begin with."""
    written = [word for section in ("notes", "header", *_LOOKED_AT) for word in longest_first(section)]
    first = frozenset(each for word in written for each in (word[0], word[0].upper()))
    return first | frozenset(" \u3000\t\n※*＊（(【[一二三四五六七八九十")


@cache
def _beginning() -> re.Pattern[str]:
    """What a note, a line of signatures or the name of a section begins with."""
    notes = "|".join(spaced(word) for word in longest_first("notes"))
    labels = "|".join(spaced(word) for word in longest_first("header"))
    others = "|".join(spaced(word) for section in _LOOKED_AT for word in longest_first(section))
    after_note = r"[:：.．、)）】\]\d一二三四五六七八九十]|\s|\Z"
    after_label = r"(?:[（(][^（()）]{1,10}[)）])?\s*(?:[:：]|\Z)"
    return re.compile(
        rf"\s*[※*＊（(【\[]*\s*(?:(?:{notes})\s*(?:{after_note})|(?:{labels})\s*{after_label}"
        rf"|(?:{others})|[一二三四五六七八九十]{{1,3}}\s*(?:[、)）.．]|\Z))",
        re.IGNORECASE,
    )


def _role(
    grid: Grid, row: int, block: Block, checked: Sequence[int], kind: Kind | None, names: Names, areas: Areas, found: _Found
) -> str:
    cells = grid.rows[row]
    filled = [column for column, text in enumerate(cells) if text.strip()]
    if not filled:
        return "blank"
    if _total(cells, checked, block):
        return "total"
    if row == block.bottom + 1 and is_column_numbers(cells):
        return "numbers"
    if any(names.headings.rules.kind_named(cells[column].strip()) for column in block.columns_of(frozenset({"kind"}))):
        return "data"  # it says so itself, whatever else it is like: `单位` begins a signature as well
    if is_signature(cells):
        return "words"
    name = _name(cells, block)
    if _begins(name, "parts") or squeezed(name) in listed("averages") or _example().match(name):
        return "part"
    alone = cells[filled[0]] if len(filled) == 1 else ""
    if is_note(cells[filled[0]]) and (alone or not _has_subject(filled, block)):
        return "note"
    if _is_repeated(cells, grid, block):
        return "repeated"
    if _begins_table(grid, row, filled, kind, names, areas, found):
        return "next"
    if alone and not is_number(alone) and (found.is_in_notes or _is_remark(grid, row, filled[0], block)):
        return "note"
    if _is_group(grid, row, block):
        has_figures = any(is_number(cells[column]) for column in filled if _is_figure(block, column))
        return "total" if has_figures else "section" if len(filled) <= 2 else "data"  # its number and its name
    if alone and (_SECTION.match(alone.strip()) or _is_merged_across(row, block, areas)) and not is_number(alone):
        return "section"
    return "whole" if squeezed(name) in listed("wholes") else "data"


def _total(cells: Sequence[str], checked: Sequence[int], block: Block) -> str:
    """The name of a total where one may stand: any column, in a row that names nobody."""
    is_named = any(cells[column].strip() for column in block.identity)
    columns = checked if is_named or not block.identity else range(len(cells))
    return next((name for column in columns if (name := total_name(cells[column]))), "")


def _name(cells: Sequence[str], block: Block) -> str:
    """What a row calls itself: its id or name, else its first text."""
    named = (cells[column].strip() for column in (*reversed(block.identity), *range(len(cells))))
    return next(filter(None, named), "")


def _begins(text: str, section: str) -> bool:
    return any(squeezed(text).startswith(word) for word in listed(section))


@cache
def _example() -> re.Pattern[str]:
    """`（示例）某某局`, `例：某某局`."""
    known = "|".join(map(re.escape, longest_first("example_rows")))
    return re.compile(rf"\s*(?:[（(【\[]\s*(?:{known})[^（()）]{{0,4}}[)）】\]]|(?:{known})\s*[:：])", re.IGNORECASE)


def _is_remark(grid: Grid, row: int, column: int, block: Block) -> bool:
    """Whether a text alone in its row is a note without such a word: `以上数据截至…`, a sentence, `1.…` below rows that are not
    numbered so."""
    text = grid.rows[row][column].strip()
    if block.filled <= 1:
        return False
    is_list = _LISTED.match(text) is not None and not _LISTED.match(grid.rows[row - 1][column].strip())
    is_footnote = _FOOTNOTE.match(text) is not None and not _FOOTNOTE.match(grid.rows[row - 1][column].strip())
    return is_list or is_footnote or _begins(text, "remarks") or _SENTENCE.search(text[:_MOST_LOOKED_AT]) is not None


def _is_group(grid: Grid, row: int, block: Block) -> bool:
    """Whether a row is the first of a group, `一、| 大冶市` over `1 | 甲局`, or `一、大冶市` over `甲局`."""
    cells = grid.rows[row]
    for column in block.numbering:
        if _GROUP_NUMBER.fullmatch(cells[column].strip()):
            below = (grid.rows[each][column].strip() for each in range(row + 1, min(len(grid.rows), row + 1 + _LAST_ROWS)))
            return next((text.isdecimal() for text in below if text and not _GROUP_NUMBER.fullmatch(text)), False)
    name = _name(cells, block)
    if not _SECTION.match(name) or row + 1 == len(grid.rows):
        return False
    beside = [_name(grid.rows[each], block) for each in (row - 1, row + 1)]
    after = beside[1]
    return not any(_SECTION.match(text) for text in beside) and bool(after) and not (total_name(after) or is_note(after))


def _is_figure(block: Block, column: int) -> bool:
    return block.headings[column] is not None and column not in block.numbering and column not in block.identity


def _has_subject(filled: Sequence[int], block: Block) -> bool:
    """Whether something stands under the headings beside the first cell."""
    return any(block.headings[column] for column in filled[1:])


def _is_repeated(cells: Sequence[str], grid: Grid, block: Block) -> bool:
    """The headings again, as at the top of a printed page."""
    for row in range(block.top, block.bottom + 1):
        pairs = zip(cells, grid.rows[row], strict=True)
        if all(written == heading or squeezed(written) == squeezed(heading) for written, heading in pairs):
            return True
    return False


def _begins_table(
    grid: Grid, row: int, filled: Sequence[int], kind: Kind | None, names: Names, areas: Areas, found: _Found
) -> bool:
    """Whether the headings of a further table stand here, or in the next rows after a gap and titles."""
    are_names = sum(1 for column in filled if grid.rows[row][column].strip() in names.plain)
    if not found.is_after_gap and are_names * 2 <= len(filled):
        return False
    if _is_clear_at(grid, row, kind, names, areas):
        return True
    if not found.is_after_gap or len(filled) > 1:
        return False
    for below in range(row + 1, min(row + _TITLES, len(grid.rows))):
        if sum(1 for text in grid.rows[below] if text.strip()) > 1:
            return _is_clear_at(grid, below, kind, names, areas)
    return False


def _is_clear_at(grid: Grid, row: int, kind: Kind | None, names: Names, areas: Areas) -> bool:
    """Whether clear headings begin at a row, of the kind of this table or of any."""
    texts = chain.from_iterable(filter(None, cells) for cells in grid.rows[row : row + 2])
    if not any(names.found(None, (text,)) for text in islice(texts, _MOST_TRIED)):
        return False
    found = (block_at(grid, row, each, names, areas) for each in dict.fromkeys((kind, None)))
    return any(block is not None and block.is_clear and block.known * 2 > block.filled for block in found)


def _is_merged_across(row: int, block: Block, areas: Areas) -> bool:
    return any(sum(1 for each in block.headings[area.left : area.right + 1] if each) > 1 for area in areas.get(row, ()))


def _first_text(grid: Grid, row: int) -> str:
    return next(text for text in grid.rows[row] if text.strip())


def _first_spot(grid: Grid, row: int) -> int | str:
    return spot_in(grid, row, next(column for column, text in enumerate(grid.rows[row]) if text.strip()))
