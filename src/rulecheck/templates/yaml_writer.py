"""A form as YAML, for a text editor: what to do and what each name asks stand in comments.

Texts are written plain where nothing in them can be taken for a mark of YAML, else in double quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from rulecheck.language.syntax import Language
from rulecheck.templates.form import Form
from rulecheck.templates.notes import guide, heading_lines
from rulecheck.templates.tree import Block, Entry, Leaf, Listing, tree_of

_PLAIN: Final = re.compile(r"[^\W_](?:[\w.,%％（）()/@、，。〔〕《》-]| (?! ))*|[0-9]{1,2}:[0-9]{2}")
_NULL: Final = "null"


def write_yaml(form: Form, language: Language) -> bytes:
    """The text of a form in UTF-8."""
    lines = [_comment(line) for line in (*heading_lines(form, language), *guide(form, "yaml", language))]
    return ("\n".join([*lines, *_block(tree_of(form, language), 0)]) + "\n").encode()


def _comment(text: str, indent: int = 0) -> str:
    return f"{' ' * indent}# {text}" if text else "#"


def _block(block: Block, indent: int) -> Iterator[str]:
    for entry in block.entries:
        yield from _entry(entry, indent)


def _entry(entry: Entry, indent: int) -> Iterator[str]:
    yield from (_comment(line, indent) for line in entry.note)
    head = f"{' ' * indent}{scalar(entry.key)}:"
    match entry.node:
        case Leaf(text=""):
            yield head
        case Leaf(text=text):
            yield f"{head} {scalar(text)}"
        case Block(entries=()):
            yield f"{head} {{}}"
        case Listing(blocks=()):
            yield f"{head} []"
        case Block() as block:
            yield head
            yield from _block(block, indent + 2)
        case Listing(blocks=blocks):
            yield head
            for below in blocks:
                yield from _item(below, indent + 2)


def _item(block: Block, indent: int) -> Iterator[str]:
    """A block of a list: its first line that is no comment begins with a dash."""
    lines = list(_block(block, indent + 2))
    first = next((number for number, line in enumerate(lines) if not line.lstrip().startswith("#")), None)
    if first is None:
        yield f"{' ' * indent}- {{}}"
        return
    yield from lines[:first]
    yield f"{' ' * indent}- {lines[first].lstrip()}"
    yield from lines[first + 1 :]


def scalar(text: str) -> str:
    """A text so that YAML gives back the same."""
    is_plain = _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() != _NULL
    return text if is_plain else json.dumps(text, ensure_ascii=False)
