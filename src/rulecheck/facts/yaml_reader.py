"""YAML, read event by event: every scalar is the text that was written, with its line.

Nothing is resolved: `17:30`, `012`, `no` and `1e3` stay text, and the fact's type says what they mean. Whatever makes
one text mean another (anchors, tags, merge keys, several documents) is refused. Events are read in a loop, so depth
costs no stack.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from rulecheck.facts.limits import MAXIMUM_CELLS, MAXIMUM_DEPTH
from rulecheck.facts.nodes import VALUES_OF_A_MAPPING, Cell, Faults, Items, Key, Mapping, Node, first_at, shown

_PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same events, some eight times faster with libyaml
_NULLS: Final = frozenset({"~", "null", "Null", "NULL"})
_WRITES_WIDE_COLON: Final = "："


def read_yaml(text: str, faults: Faults) -> tuple[Node | None, int]:
    """The tree of a YAML text, None where it is empty or cannot be read, and the number of values met."""
    builder = _Builder(faults)
    parser = _PARSER(text)
    try:
        while not builder.is_stopped and parser.check_event():
            builder.take(parser.get_event())
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 0
        _report_syntax(text, line, str(fault.problem or fault.context or ""), faults)
        return None, builder.count
    except yaml.YAMLError as fault:
        faults.add("F131", 0, detail=shown(str(fault)))
        return None, builder.count
    finally:
        if hasattr(parser, "dispose"):
            parser.dispose()
    return (None if builder.is_stopped else builder.root), builder.count


def _report_syntax(text: str, line: int, detail: str, faults: Faults) -> None:
    lines = text.splitlines()
    # libyaml often notices a key without its colon only on the line after it.
    near = [number for number in (line, line - 1) if 0 < number <= len(lines)]
    for number in near:
        written = lines[number - 1]
        if _WRITES_WIDE_COLON in written and ": " not in written and not written.rstrip().endswith(":"):
            faults.add("F132", number)
            return
        if "\t" in written[: len(written) - len(written.lstrip())]:
            faults.add("F133", number)
            return
    faults.add("F131", line, detail=shown(detail))


class _Builder:
    """Builds nodes from events. `stack` holds the open lists and mappings, `keys` the pending key of each open
    mapping."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.root: Node | None = None
        self.count = 0
        self.documents = 0
        self.is_stopped = False
        self.stack: list[Mapping | Items] = []
        self.pending: list[Key | None] = []
        self.seen: list[dict[str, int]] = []

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, kind is yaml.MappingStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
            self.pending.pop()
            self.seen.pop()
        elif kind is yaml.AliasEvent:
            self._refuse_marks(event)
            self._place(Cell("", event.start_mark.line + 1))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self._stop("F137", event.start_mark.line + 1)

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event)
        top = self.stack[-1] if self.stack else None
        if isinstance(top, Mapping) and self.pending[-1] is None:
            self._key(event.value, line, event.implicit[0])
            return
        self._counted(line)
        is_plain = event.implicit[0]
        self._place(Cell(event.value, line, "null" if is_plain and event.value in _NULLS else "text"))

    def _key(self, text: str, line: int, is_plain: bool) -> None:
        if is_plain and text == "<<":
            self.faults.add("F136", line)
        seen = self.seen[-1]
        if text in seen:
            self.faults.add("F134", line, key=shown(text), **first_at(seen[text]))
        seen.setdefault(text, line)
        self.pending[-1] = Key(text, line)

    def _open(self, event: Any, is_mapping: bool) -> None:
        line = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event)
        if len(self.stack) >= MAXIMUM_DEPTH:
            self._stop("F115", line, depth=MAXIMUM_DEPTH)
            return
        self._counted(line, VALUES_OF_A_MAPPING if is_mapping else 1)
        node: Mapping | Items = Mapping([], line) if is_mapping else Items([], line)
        if self.stack and isinstance(self.stack[-1], Mapping) and self.pending[-1] is None:
            self._stop("F138", line)
            return
        self._place(node)
        self.stack.append(node)
        self.pending.append(None)
        self.seen.append({})

    def _place(self, node: Node) -> None:
        if not self.stack:
            if self.root is None:
                self.root = node
            return
        top = self.stack[-1]
        if isinstance(top, Items):
            top.nodes.append(node)
            return
        key = self.pending[-1]
        if key is None:
            # An alias as a key: refused above, and its value must not be taken for the next key.
            self.pending[-1] = Key("", node.spot)
            return
        top.entries.append((key, node))
        self.pending[-1] = None

    def _refuse_marks(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor is not None:
            self.faults.add("F135", line, mark=shown(("*" if type(event) is yaml.AliasEvent else "&") + event.anchor))
        if getattr(event, "tag", None) is not None:
            self.faults.add("F139", line, tag=shown(event.tag))

    def _counted(self, line: int, weight: int = 1) -> None:
        self.count += weight
        if self.count > MAXIMUM_CELLS:
            self._stop("F114", line, limit=f"{MAXIMUM_CELLS:,}")

    def _stop(self, code: str, line: int, **values: object) -> None:
        self.faults.add(code, line, **values)
        self.is_stopped = True
