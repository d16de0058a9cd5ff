"""Findings as text for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from rulecheck.data import read_table
from rulecheck.dataclass import dataclass
from rulecheck.language import words
from rulecheck.language.diagnostics import help_text, message, render
from rulecheck.language.syntax import Language
from rulecheck.linting.checks import NEEDLESS
from rulecheck.linting.finding import Finding

SCHEMA: Final = "rulecheck-lint/1"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in how many rules; `with_texts`: the texts of the documents were at hand."""

    findings: tuple[Finding, ...]
    rules: int
    with_texts: bool

    @property
    def open(self) -> list[Finding]:
        return [each for each in self.findings if each.accepted is None]


def _say(key: str, language: Language, **values: object) -> str:
    text: str = read_table("reports", "lint.toml")["line"][key][language]
    return text.format_map(values)


def render_text(report: Report, language: Language) -> str:
    """Every finding that stands, then how many there are and how many were accepted."""
    blocks = [_block(each, language) for each in report.open]
    counts = {"rules": report.rules, "open": len(report.open), "accepted": len(report.findings) - len(report.open)}
    notes = [] if report.with_texts else [_say("no_texts", language)]
    return "\n\n".join([*blocks, "\n".join([*notes, _say("summary", language, **counts)])]) + "\n"


def _block(finding: Finding, language: Language) -> str:
    shown = render(finding.diagnostic, language)
    return shown if finding.code == NEEDLESS else f"{shown}\n  {accepting(finding, language)}"


def accepting(finding: Finding, language: Language) -> str:
    """How the finding is accepted: where, and the clause."""
    name, limb = finding.remark.of.name, finding.remark.limb
    if language == "zh":
        label = words.spell_label("reviewed", "zh") + (f"（{limb}）" if limb else "") + "："
        return _say("accept", language, name=name.zh, label=label, code=finding.code)
    tag = words.limb_tag(limb, "en") if limb else None
    label = words.spell_label("reviewed", "en") + (f" ({tag})" if tag else "") + ": "
    return _say("accept", language, name=name.en, label=label, code=finding.code)


def render_json(report: Report, language: Language) -> str:
    """Both languages throughout, what is accepted included; the same findings give the same bytes."""
    tree = {
        "schema": SCHEMA,
        "clean": not report.open,
        "with_texts": report.with_texts,
        "counts": {"rules": report.rules, "open": len(report.open), "accepted": len(report.findings) - len(report.open)},
        "findings": [_tree(each) for each in report.findings],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _tree(finding: Finding) -> dict[str, Any]:
    told, accepted = finding.diagnostic, finding.accepted
    return {
        "code": finding.code,
        "declaration": {"kind": finding.remark.of.declaration.label, **_pair(finding.remark.of.name)},
        "limb": finding.remark.limb,
        "text": {language: message(told.code, language, told.values) for language in words.LANGUAGES},
        "help": {language: help_text(told.code, language, told.values) for language in words.LANGUAGES},
        "places": [
            {"file": each.span.source.name, "line": each.span.line, "column": each.span.column, "text": each.span.text}
            for each in told.labels
        ],
        "accepted": None if accepted is None else _pair(accepted.reason),
    }


def _pair(text: Any) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


Renderer = Callable[[Report, Language], str]
RENDERERS: Final[Mapping[str, Renderer]] = {"text": render_text, "json": render_json}
