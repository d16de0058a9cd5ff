"""YAML as it was written: every scalar is the text that stands in the file, with its place; nothing is guessed.

`no`, `012`, `17:30` and `1e3` stay these texts. What makes two people read one file differently is refused: a key
given twice, anchors, aliases and tags. Used for the project's own data files, which departments add to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rulecheck.dataclass import dataclass, field
from rulecheck.language.diagnostics import Diagnostic, error, hidden_characters
from rulecheck.language.source import Source, Span

MOST_CHARACTERS = 1_000_000
DEEPEST = 40

if TYPE_CHECKING:
    import yaml


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Node, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in the order of the file; keys are scalars and different from one another."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span = field(compare=False, repr=False)

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Listing | Table


class _Refused(Exception):
    """Ends the reading of one file; carries what is shown."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def read_yaml(source: Source) -> tuple[Node | None, list[Diagnostic]]:
    """The one document of a file, or None with the reason: an empty file, a fault of YAML, or something that is
    refused."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same events, eight times faster where libyaml is there
    whole = Span(source, 0, 0)
    if len(source.text) > MOST_CHARACTERS:
        return None, [error("U803", whole, limit=MOST_CHARACTERS)]
    hidden = hidden_characters(source)
    if hidden:
        return None, hidden
    try:
        events = yaml.parse(source.text, Loader=loader)
        return _document(events, source), []
    except _Refused as refused:
        return None, [refused.diagnostic]
    except yaml.MarkedYAMLError as fault:
        start = _offset(fault.problem_mark or fault.context_mark, source)
        return None, [error("U800", Span(source, start, start + 1), problem=fault.problem or "")]
    except yaml.YAMLError:  # a character that YAML does not allow
        return None, [error("U800", whole, problem="control character")]


def _document(events: Iterator[yaml.Event], source: Source) -> Node:
    import yaml

    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            found = _node(next(events), events, source, 0)
            next(events)  # the end of the document
            following = next(events)
            if isinstance(following, yaml.DocumentStartEvent):
                raise _Refused(error("U802", _span(following, source)))
            return found
    raise _Refused(error("U805", Span(source, 0, 0), key="—"))


def _node(event: yaml.Event, events: Iterator[yaml.Event], source: Source, depth: int) -> Node:
    import yaml

    span = _span(event, source)
    if depth > DEEPEST:
        raise _Refused(error("U803", span, limit=DEEPEST))
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise _Refused(error("U802", span))
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, span)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, source, depth + 1))
        return Listing(tuple(items), span)
    entries: list[tuple[Scalar, Node]] = []
    seen: set[str] = set()
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, source, depth + 1)
        if not isinstance(key, Scalar):
            raise _Refused(error("U806", key.span, key="—"))
        if key.text in seen:
            raise _Refused(error("U801", key.span, key=key.text))
        seen.add(key.text)
        entries.append((key, _node(next(events), events, source, depth + 1)))
    return Table(tuple(entries), span)


def _span(event: yaml.Event, source: Source) -> Span:
    """Where an event stands: a scalar whole, anything else by its first character."""
    import yaml

    start = _offset(event.start_mark, source)
    end = _offset(event.end_mark, source) if isinstance(event, yaml.ScalarEvent) else start + 1
    return Span(source, start, min(max(start, end), len(source.text)))


def _offset(mark: Any, source: Source) -> int:
    return min(mark.index, len(source.text)) if mark else 0
