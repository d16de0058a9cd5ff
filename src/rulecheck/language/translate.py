"""The same tree in the other language: words by the word table, names and units by what the caller gives.

Quotations, locators, lines of text, text literals and comments stay as they are; pairs and texts hold both languages
and only change their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from rulecheck.dataclass import dataclass, field, replace
from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.language.format import format_file
from rulecheck.language.source import Source, Span
from rulecheck.language.syntax import Clause, Comment, File, Language, Name, Pair, Quantity, Type

# Parts of the tree that are not language, or that hold both languages.
_UNTOUCHED = (Pair, Source, Span, Comment, str, int, bool, type(None))
_SIGNS = frozenset("%‰℃㎡㎥")


@dataclass(slots=True)
class _Translator:
    to: Language
    names: Mapping[str, str]
    units: Mapping[str, str]
    problems: list[Diagnostic] = field(default_factory=list)

    def name(self, text: str, span: Span) -> str:
        partner = self.names.get(text)
        if partner is None:
            self.problems.append(error("L140", span, name=text))
        return partner if partner is not None else text

    def unit(self, text: str, span: Span) -> str:
        return "/".join(self._unit_part(part, span) for part in text.split("/"))

    def _unit_part(self, part: str, span: Span) -> str:
        if part in _SIGNS:
            return part
        partner = self.units.get(part)
        if partner is None:
            self.problems.append(error("L141", span, unit=part))
        return partner if partner is not None else part

    def node(self, node: Any) -> Any:
        """The node with every name and unit below it translated; the same object where nothing changed."""
        if isinstance(node, _UNTOUCHED):
            return node
        if isinstance(node, tuple):
            return tuple(self.node(each) for each in node)
        assert is_dataclass(node)
        assert not isinstance(node, type)
        changes: dict[str, Any] = {}
        if isinstance(node, Name):
            changes["text"] = self.name(node.text, node.span)
        elif isinstance(node, Quantity | Type) and node.unit is not None:
            changes["unit"] = self.unit(node.unit, node.span)
        elif isinstance(node, Clause):
            changes |= self._tags(node)
        for part in fields(node):
            if part.name not in changes and part.name != "comments":
                old = getattr(node, part.name)
                new = self.node(old)
                if new is not old:
                    changes[part.name] = new
        return replace(node, **changes) if changes else node

    def _tags(self, clause: Clause) -> dict[str, Any]:
        tags: dict[str, Any] = {}
        if clause.limb is not None:
            tags["limb"] = words.limb_tag(clause.limb, self.to) or clause.limb
        if clause.reading is not None:
            tags["reading"] = self.name(clause.reading, clause.label_span)
        return tags


def translate(file: File, to: Language, names: Mapping[str, str], units: Mapping[str, str]) -> tuple[str, list[Diagnostic]]:
    """The file's formatted text in the language `to`, and names and units without a partner (left as they are).

    `names` maps every declared name to its partner in `to`, `units` every part of a unit (批次 and 千人 of 批次/千人).
    A file that is in `to` already is only formatted.
    """
    if file.language == to:
        return format_file(file), []
    translator = _Translator(to, names, units)
    declarations = translator.node(file.declarations)
    return format_file(replace(file, language=to, declarations=declarations)), translator.problems
