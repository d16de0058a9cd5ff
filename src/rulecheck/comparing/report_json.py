"""A comparison as JSON, `rulecheck-compare/1`; `reports/compare.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rulecheck.comparing.result import Comparison, Difference, Example, Group, Reworded, RuleChange, RuleLine, Way
from rulecheck.judgement import Judgement, Receipt, Verdict
from rulecheck.prose.passages import Paragraph
from rulecheck.prose.phrases import join
from rulecheck.report.json_report import judgement_tree, refusal_tree, shielded, subject_tree, text_tree
from rulecheck.report.wording import both

SCHEMA = "rulecheck-compare/1"

Tree = dict[str, Any]


def render_json(comparison: Comparison) -> str:
    """The whole comparison. The same comparison gives the same bytes."""
    return shielded(json.dumps(comparison_tree(comparison), ensure_ascii=False, indent=2)) + "\n"


def comparison_tree(comparison: Comparison) -> Tree:
    """The comparison as plain dicts, lists and texts."""
    old, new = comparison.receipts
    return {
        "schema": SCHEMA,
        "as_of": comparison.as_of[0] if len(comparison.as_of) == 1 else list(comparison.as_of),
        "receipt": {"engine": new.engine, "old": _receipt(old), "new": _receipt(new)},
        "counts": {
            "compared": comparison.compared,
            "changed": comparison.changed,
            "only_new": comparison.only_new,
            "only_old": comparison.only_old,
            "reworded": len(comparison.reworded or ()),
            "unchanged": comparison.unchanged - len(comparison.reworded or ()),
        },
        "refused": {side: list(map(refusal_tree, each)) for side, each in zip(("old", "new"), comparison.refused, strict=True)},
        "changed": list(map(_group, comparison.groups)),
        "only_new": list(map(_group, comparison.appeared)),
        "only_old": list(map(_group, comparison.fell_away)),
        "reworded": list(map(_reworded, comparison.reworded or ())),
        "rules": list(map(_rule_change, comparison.rules)),
        "preliminary": text_tree(both("preliminary.note")),
        "as_of_source": comparison.as_of_source,
        "warnings": list(map(text_tree, comparison.warnings)),
    }


def _receipt(receipt: Receipt) -> Tree:
    return {"rules": receipt.rules, "facts": receipt.facts, "calendar": receipt.calendar}


def _group(group: Group) -> Tree:
    return {
        **_rule(group.rule),
        "limb": group.limb,
        "causes": list(map(_difference, group.causes)),
        "count": group.count,
        "ways": list(map(_way, group.ways)),
    }


def _rule(rule: RuleLine) -> Tree:
    return {
        "rule": rule.id,
        "old_rule": rule.old,
        "new_rule": rule.new,
        "title": text_tree(rule.title),
        "document": rule.document.number or rule.document.title,
        "locator": rule.locator,
        "quote": list(rule.quote),
    }


def _difference(of: Difference) -> Tree:
    return {
        "what": of.what,
        "of": of.of or None,
        "limb": of.limb,
        "reading": of.reading,
        "name": text_tree(of.name),
        "before": _lines(of.before),
        "after": _lines(of.after),
        "through": list(map(text_tree, of.through)),
        "decides": of.decides,
    }


def _lines(lines: Sequence[Paragraph]) -> list[Tree]:
    return [{"depth": each.depth, **text_tree(join([each.mark, each.text], "", ""))} for each in lines]


def _way(way: Way) -> Tree:
    return {
        "from": _verdict(way.before),
        "to": _verdict(way.after),
        "count": way.count,
        "subjects": [{**subject_tree(subject), "period": period} for subject, period in way.listed],
        "examples": list(map(_example, way.examples)),
    }


def _verdict(verdict: Verdict | None) -> str | None:
    return None if verdict is None else str(verdict)


def _example(example: Example) -> Tree:
    return {
        "subject": subject_tree(example.subject),
        "period": example.turn.period,
        "old": _judgement(example.before),
        "new": _judgement(example.after),
    }


def _judgement(judgement: Judgement | None) -> Tree | None:
    return None if judgement is None else judgement_tree(judgement)


def _reworded(of: Reworded) -> Tree:
    return {
        "rule": of.rule.id,
        "limb": of.limb,
        "period": of.period,
        "subject": subject_tree(of.subject),
        "verdict": str(of.verdict),
        "parts": list(of.parts),
        "old": text_tree(of.before().reason),
        "new": text_tree(of.after().reason),
    }


def _rule_change(change: RuleChange) -> Tree:
    return {
        **_rule(change.rule),
        "differences": list(map(_difference, change.differences)),
        "judged": change.judged,
        "changed": change.changed,
        "verdicts": {str(verdict): count for verdict, count in change.verdicts.items()},
    }
