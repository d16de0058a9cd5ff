"""A form as JSON: a skeleton in which null is nothing said. JSON has no comments; the names say what is asked."""

from __future__ import annotations

import json
from typing import Any

from rulecheck.language.syntax import Language
from rulecheck.templates.form import Form
from rulecheck.templates.tree import Block, Leaf, Listing, Node, tree_of


def write_json(form: Form, language: Language) -> bytes:
    """The text of a form in UTF-8."""
    return (json.dumps(_plain(tree_of(form, language)), ensure_ascii=False, indent=2) + "\n").encode()


def _plain(node: Node) -> Any:
    match node:
        case Leaf(text=text):
            return text or None
        case Block(entries=entries):
            return {entry.key: _plain(entry.node) for entry in entries}
        case Listing(blocks=blocks):
            return [_plain(block) for block in blocks]
