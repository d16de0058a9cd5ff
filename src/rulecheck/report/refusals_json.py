"""What goes back to whom, as JSON, `rulecheck-refusals/1`. `reports/refusals.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from rulecheck.judgement import Report
from rulecheck.report.json_report import place_tree, shielded, text_tree
from rulecheck.report.refusals import Item, UnitRefusals, refusals
from rulecheck.report.wording import both

SCHEMA = "rulecheck-refusals/1"

Tree = dict[str, Any]


def render_refusals_json(report: Report) -> str:
    """The whole list in both languages. The same report gives the same bytes."""
    tree = {
        "schema": SCHEMA,
        "receipt": {
            "engine": report.receipt.engine,
            "rules": report.receipt.rules,
            "facts": report.receipt.facts,
            "calendar": report.receipt.calendar,
        },
        "preliminary": text_tree(both("preliminary.note")),
        "units": [_unit(unit) for unit in refusals(report)],
    }
    return shielded(json.dumps(tree, ensure_ascii=False, indent=2)) + "\n"


def _unit(unit: UnitRefusals) -> Tree:
    roster = unit.unit
    return {
        "unit": unit.name or None,
        "code": roster.code if roster is not None else None,
        "level": (roster.level or None) if roster is not None else None,
        "place": place_tree(roster.place) if roster is not None else None,
        "about": list(unit.about),
        "items": [_item(item) for item in unit.items],
    }


def _item(item: Item) -> Tree:
    return {
        "part": str(item.part),
        "file": item.file or None,
        "where": text_tree(item.place) if item.place.zh else None,
        "what": text_tree(item.what),
        "to_do": text_tree(item.to_do),
        "code": item.code or None,
    }
