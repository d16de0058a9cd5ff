"""JSON, with numbers as the text that was written and the path of every value (`$.单位[0].编制`).

Depth and size are measured on the text before anything is built.
"""

from __future__ import annotations

import json
import re
from typing import Final

from rulecheck.facts.limits import MAXIMUM_CELLS, MAXIMUM_DEPTH
from rulecheck.facts.nodes import Cell, Faults, Items, Key, Mapping, Node, shown

# A string always matches as a whole, closed or not, so that the scan is linear whatever the text.
_STRUCTURE: Final = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*"?|[\[{]|[\]}]|,', re.DOTALL)
_PLAIN_KEY: Final = re.compile(r"[^\W\d]\w*\Z")


class _Number(str):
    """A JSON number as written."""

    __slots__ = ()


class _Constant(str):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    __slots__ = ()


class _Pairs(list[tuple[str, object]]):
    """An object, its keys in order and duplicates kept."""

    __slots__ = ()


def read_json(text: str, faults: Faults) -> tuple[Node | None, int]:
    """The tree of a JSON text, None where it is empty or cannot be read, and the number of values met."""
    if not text.strip():
        return None, 0
    count = _measure(text, faults)
    if faults.errors:
        return None, count
    try:
        value = json.loads(text, object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number, parse_constant=_Constant)
    except json.JSONDecodeError as fault:
        faults.add("F141", fault.lineno, column=fault.colno, detail=fault.msg)
        return None, count
    except RecursionError:
        faults.add("F115", 0, depth=MAXIMUM_DEPTH)
        return None, count
    return _node(value, "$", faults), count


def _measure(text: str, faults: Faults) -> int:
    depth = deepest = count = 0
    for match in _STRUCTURE.finditer(text):
        mark = text[match.start()]
        if mark in "[{":
            depth += 1
            count += 1
            deepest = max(deepest, depth)
            if deepest > MAXIMUM_DEPTH:
                faults.add("F115", text.count("\n", 0, match.start()) + 1, depth=MAXIMUM_DEPTH)
                break
        elif mark in "]}":
            depth -= 1
        elif mark == ",":
            count += 1
            if count > MAXIMUM_CELLS:
                faults.add("F114", 0, limit=f"{MAXIMUM_CELLS:,}")
                break
    return count


def _node(value: object, path: str, faults: Faults) -> Node:
    """The node of a value. Recursion is bounded: `_measure` has refused what is deeper than the limit."""
    match value:
        case _Pairs():
            return _mapping(value, path, faults)
        case list():
            return Items([_node(each, f"{path}[{index}]", faults) for index, each in enumerate(value)], path)
        case _Constant():
            faults.add("F143", path, value=value)
            return Cell("", path, "null")
        case _Number():
            return Cell(str(value), path, "number")
        case bool():
            return Cell("true" if value else "false", path, "boolean")
        case str():
            return Cell(value, path)
        case _:
            return Cell("", path, "null")


def _mapping(pairs: _Pairs, path: str, faults: Faults) -> Mapping:
    entries: list[tuple[Key, Node]] = []
    seen: set[str] = set()
    for name, value in pairs:
        below = f"{path}.{name}" if _PLAIN_KEY.match(name) else f"{path}[{json.dumps(name, ensure_ascii=False)}]"
        if name in seen:
            faults.add("F142", below, key=shown(name))
        seen.add(name)
        entries.append((Key(name, below), _node(value, below, faults)))
    return Mapping(entries, path)
