"""What the columns and codes of the results mean: one column of verdicts for each (rule, limb, period) of a kind of subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecheck.columns.judge import CODE_OF
from rulecheck.dataclass import dataclass
from rulecheck.judgement import Verdict
from rulecheck.judging.plan import JudgementPlan, Plan
from rulecheck.language import words

KEY: Final = "key"
"""The column that tells a subject from all others of its kind (under the same parent)."""
PARENT: Final = "parent"
"""The key of the subject that this one is part of."""
PLACE: Final = "place"
NAME: Final = "name"
OWN: Final = frozenset({KEY, NAME, PARENT, PLACE})

TOLD: Final = (Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT, Verdict.UNDETERMINED)
"""The verdicts whose rows are told with their figures."""
CODES_TOLD: Final = tuple(CODE_OF[each] for each in TOLD)


@dataclass(frozen=True, slots=True, eq=False)
class VerdictColumn:
    """A column of verdicts. `name` stays the same whatever other rules there are."""

    name: str
    kind: str
    number: int
    """Its place among the judgements of its kind."""
    judgement: JudgementPlan


def verdict_columns(plan: Plan) -> Mapping[str, tuple[VerdictColumn, ...]]:
    """The columns by kind of subject (English id), in the order of the plan."""
    return {
        kind: tuple(VerdictColumn(column_name(each), kind, number, each) for number, each in enumerate(judgements))
        for kind, judgements in plan.judgements.items()
        if judgements
    }


def column_name(of: JudgementPlan) -> str:
    """`rule`, `rule.limb`, `rule@2023`, `rule.limb@2023-Q2`; a rule that is called as one of the other columns is `rule:key`."""
    name = f"rule:{of.rule.id}" if of.rule.id in OWN else of.rule.id
    name += f".{of.tag}" if of.tag is not None else ""
    return name + (f"@{of.period.key}" if of.period is not None else "")


def column_rows(columns: Mapping[str, tuple[VerdictColumn, ...]]) -> list[dict[str, str | None]]:
    """What every column of verdicts stands for, a row each: the side table `columns`."""
    return [
        {
            "kind": each.kind,
            "column": each.name,
            "rule": each.judgement.rule.id,
            "limb": each.judgement.tag,
            "period": each.judgement.period.key if each.judgement.period is not None else None,
            "title_zh": each.judgement.rule.title.zh,
            "title_en": each.judgement.rule.title.en,
            "document": each.judgement.rule.document.number or each.judgement.rule.document.title,
            "locator": each.judgement.rule.citations[0].locator,
            "modality": each.judgement.readings[0].limb.modality,
        }
        for of_kind in columns.values()
        for each in of_kind
    ]


def code_rows() -> list[dict[str, str | int]]:
    """What the codes mean: the side table `codes`."""
    return [
        {
            "code": code,
            "verdict": str(verdict),
            "zh": words.spell("verdicts", verdict, "zh"),
            "en": words.spell("verdicts", verdict, "en"),
        }
        for verdict, code in CODE_OF.items()
    ]
