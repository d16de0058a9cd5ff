"""The unit of measure that stands outside the headings: on a line of its own, in a title, a note, the name of the sheet.

A unit that is overlooked makes every figure wrong by its factor, so whatever names one counts; two of one sort are a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rulecheck.facts.headings import FactKey
from rulecheck.facts.layout.names import Names, units_of
from rulecheck.facts.layout.words import listed, squeezed
from rulecheck.facts.nodes import Faults, Key, Spot, shown
from rulecheck.measures.units import Dimension, Unit, unit_table
from rulecheck.rules.model import Fact, Kind

_MOST_LETTERS: Final = 400
_WORD: Final = r"(?:计量|金额|数据|面积)?单位"
_IN_BRACKETS: Final = re.compile(
    rf"[（(\[【]\s*(?P<word>{_WORD}\s*[:：]?|units?\s*:|in\s)?\s*(?P<units>[^（()）\[\]【】:：]{{1,20}})[)）\]】]", re.IGNORECASE
)
_ALONE: Final = re.compile(rf"\s*{_WORD}\s*[:：]?\s*(?P<units>\S{{1,20}})\s*")
_SAID: Final = re.compile(
    rf"{_WORD}\s*(?:[:：]|均?为|都?是|统一为)\s*(?P<units>[^\s:：，,。；;（()）]{{1,8}})"
    r"|以(?P<behind>[^\s:：，,。；;（()）以]{1,4})为(?:计量|金额|数据|面积)?单位"
)


def measures_in(text: str) -> list[str]:
    """The units that a title, a note or a name of a sheet gives: `情况表（万元）`, `（单位：万元）`, `单位万元`, `单位均为万元`.
    `（年）` and the like alone say how often the table is handed in."""
    if len(text) > _MOST_LETTERS:
        return []
    alone = _ALONE.fullmatch(text)
    if alone and (units := units_of(alone["units"])):
        return units
    found: list[str] = []
    for bracket in _IN_BRACKETS.finditer(text):
        if bracket["word"] or squeezed(bracket["units"]) not in listed("no_measures"):
            found += units_of(bracket["units"])
    for said in _SAID.finditer(text):
        found += units_of(said["units"] or said["behind"])
    return list(dict.fromkeys(found))


def with_measures(
    kind: Kind, kept: Sequence[tuple[int, Key]], measures: Iterable[str], names: Names, faults: Faults
) -> list[tuple[int, Key]]:
    """The keys with the unit that stands outside the table (`单位：万元`), where they name none and it is of their dimension."""
    texts = list(dict.fromkeys(measures))
    if not texts or not kept:
        return list(kept)
    meanings = [names.headings.meaning(kind, key.text) for _, key in kept]
    open_facts = [each.fact for each in meanings if isinstance(each, FactKey) and each.unit is None and each.fact.unit]
    units = _measures(texts, open_facts, kept[0][1].spot, faults)
    found: list[tuple[int, Key]] = []
    changed: list[str] = []
    for (column, key), meaning in zip(kept, meanings, strict=True):
        is_open = isinstance(meaning, FactKey) and meaning.fact in open_facts and meaning.unit is None
        unit = units.get(meaning.fact.unit.dimension) if is_open and isinstance(meaning, FactKey) and meaning.fact.unit else None
        if unit is not None:
            changed.append(key.text)
            key = Key(f"{key.text}（{unit.text}）", key.spot)
        found.append((column, key))
    if changed:
        faults.warn("S218", kept[0][1].spot, units="、".join(texts), headings="、".join(map(shown, changed)))
    return found


def _measures(texts: Sequence[str], facts: Sequence[Fact], spot: Spot, faults: Faults) -> dict[Dimension, Unit]:
    """The unit for each dimension that some fact has. `百人/亩` is two units where no fact is given in a unit like the whole."""
    dimensions = {fact.unit.dimension for fact in facts if fact.unit}
    found: dict[Dimension, Unit] = {}
    for text in texts:
        whole = unit_table().find(text)
        parts = (
            [whole] if whole and whole.dimension in dimensions else [unit_table().find(each) for each in re.split("[/／]", text)]
        )
        for unit in parts:
            if unit is None or unit.dimension not in dimensions:
                continue
            first = found.setdefault(unit.dimension, unit)
            if first.factor != unit.factor:
                faults.add("S219", spot, unit=unit.text, other=first.text)
    return found
