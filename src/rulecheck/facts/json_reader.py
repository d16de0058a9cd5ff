"""JSON, with numbers as the text that was written and the path of every value (`$.单位[0].编制`).

Depth and size are measured on the text before nodes are built of it.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.flat import below, objects_of
from rulecheck.facts.limits import MAXIMUM_CELLS, MAXIMUM_DEPTH
from rulecheck.facts.nodes import VALUES_OF_A_MAPPING, Cell, Faults, Items, Key, Mapping, Node, Objects, shown

# A string always matches as a whole, closed or not, so that the scan is linear whatever the text.
_STRUCTURE: Final = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*"?|[\[{]|[\]}]|,', re.DOTALL)


class _Constant(str):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """An object, its keys in order and duplicates kept."""

    __slots__ = ()


@dataclass(slots=True)
class _Unopened:
    """A list of flat objects, as read and by key."""

    pairs: list[_Pairs]
    objects: Objects


def read_json(text: str, faults: Faults) -> tuple[Node | None, int]:
    """The tree of a JSON text, None where it is empty or cannot be read, and the number of values met."""
    if not text.strip():
        return None, 0
    if text.count(",") + text.count("[") + text.count("{") * VALUES_OF_A_MAPPING > MAXIMUM_CELLS:  # most cannot hold so much
        count = _measure(text, faults)
        if faults.errors:
            return None, count
    try:
        value = json.loads(text, object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_Constant)
    except json.JSONDecodeError as fault:
        count = _measure(text, faults)
        if not faults.errors:
            faults.add("F141", fault.lineno, column=fault.colno, detail=fault.msg)
        return None, count
    except RecursionError:
        faults.add("F115", 0, depth=MAXIMUM_DEPTH)
        return None, MAXIMUM_CELLS
    lists = _flat_lists(value)
    if lists is not None:
        return _of_flat_lists(value, lists, faults)
    count = _measure(text, faults)
    return (None if faults.errors else _node(value, "$", faults)), count


def _flat_lists(value: object) -> dict[str, Objects] | None:
    """The lists of flat objects in a file that holds nothing else but values, so that nobody need measure how deep it is."""
    if not isinstance(value, _Pairs):
        return None
    found: dict[str, Objects] = {}
    for name, each in value:
        if type(each) is list:
            objects = objects_of(each) if each and all(type(row) is _Pairs for row in each) else None
            if objects is None or name in found:
                return None
            found[name] = objects
        elif isinstance(each, _Pairs):
            return None
    return found


def _of_flat_lists(value: _Pairs, lists: dict[str, Objects], faults: Faults) -> tuple[Node, int]:
    """The file with its lists unopened, and the number of its values, lists and objects included."""
    opened = _Pairs((name, _Unopened(each, lists[name]) if name in lists else each) for name, each in value)
    return _node(opened, "$", faults), VALUES_OF_A_MAPPING + len(value) + sum(
        each.count * (VALUES_OF_A_MAPPING + len(each.names)) for each in lists.values()
    )


def _measure(text: str, faults: Faults) -> int:
    depth = deepest = count = 0
    for match in _STRUCTURE.finditer(text):
        mark = text[match.start()]
        if mark in "[{":
            depth += 1
            count += VALUES_OF_A_MAPPING if mark == "{" else 1
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
    """The node of a value. Recursion is bounded: what is deeper than the limit was refused."""
    match value:
        case _Pairs():
            return _mapping(value, path, faults)
        case _Unopened(pairs, objects):
            return Items([], path, objects, partial(_nodes, pairs, path, faults))
        case list():
            return Items(_nodes(value, path, faults), path)
        case _Constant():
            faults.add("F143", path, value=value)
            return Cell("", path, "null")
        case bool():
            return Cell("true" if value else "false", path, "boolean")
        case str():
            return Cell(value, path)
        case _:
            return Cell("", path, "null")


def _nodes(value: list[Any], path: str, faults: Faults) -> list[Node]:
    return [_node(each, f"{path}[{index}]", faults) for index, each in enumerate(value)]


def _mapping(pairs: _Pairs, path: str, faults: Faults) -> Mapping:
    entries: list[tuple[Key, Node]] = []
    seen: set[str] = set()
    for name, value in pairs:
        path_below = below(path, name)
        if name in seen:
            faults.add("F142", path_below, key=shown(name))
        seen.add(name)
        entries.append((Key(name, path_below), _node(value, path_below, faults)))
    return Mapping(entries, path)
