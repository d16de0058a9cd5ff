"""The rows that are told of: every verdict that is adverse, short of a target or undetermined, with the figures that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rulecheck.batching.results.columns import CODES_TOLD, VerdictColumn
from rulecheck.batching.results.figures import LimbFigures, nameless
from rulecheck.batching.results.missing import Missing, Noting
from rulecheck.batching.results.tables import who_of
from rulecheck.batching.results.texts import chosen, constant
from rulecheck.columns.cut import some_of
from rulecheck.columns.evaluate import Columns
from rulecheck.columns.frame import Frame, States
from rulecheck.columns.judge import CODE_OF, CODES
from rulecheck.columns.numbers import TooLarge
from rulecheck.columns.scope import Scope
from rulecheck.columns.subjects import Subjects
from rulecheck.dataclass import dataclass
from rulecheck.explaining.explain import Explainer
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge

UNDETERMINED: Final = CODE_OF[Verdict.UNDETERMINED]
_VERDICTS: Final = pa.array([str(each) for each in CODES[1:]], pa.string())
_IS_TOLD: Final = np.isin(np.arange(len(CODES)), CODES_TOLD)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """The rows told of one frame, and of how many of its undetermined judgements no verdict is possible that is adverse."""

    table: Any
    harmless: Mapping[str, int]


class Adverse:
    """Tells of one kind of subject; made once a plan. Used by one thread at a time."""

    def __init__(self, columns: Sequence[VerdictColumn], judge: Judge) -> None:
        rules = judge.plan.rules
        evaluator, explainer, noting = Columns(rules.calendar, rules.places), Explainer(judge, {}), Noting(rules)
        self._columns = tuple(columns)
        self._figures = [LimbFigures(each, rules, evaluator) for each in columns]
        self._missing = [Missing(each, judge, explainer, noting) for each in columns]
        # One dictionary for all parts, so that none has to be brought together with another.
        self._names = pa.array([each.name for each in columns], pa.string())
        self._explainer = explainer
        self._judges = judge.judges[columns[0].kind] if columns else ()
        self.most_figures = max((len(each.figures) for each in self._figures), default=0)

    def tell(self, frame: Frame, codes: Sequence[States]) -> Told:
        """The rows of a frame that are told, by column and then in their order."""
        parts: list[dict[str, Any]] = []
        harmless: dict[str, int] = {}
        rows_of = []
        bare = nameless(frame)
        for column, figures, missing in zip(self._columns, self._figures, self._missing, strict=True):
            of_column = codes[column.number]
            rows = np.flatnonzero(_IS_TOLD[of_column])
            if not len(rows):
                continue
            rows_of.append(rows)
            parts.append(self._part(column, figures, missing, frame, bare, rows, of_column[rows], harmless))
        rows = np.concatenate(rows_of) if rows_of else np.empty(0, np.int64)
        names = self.names()
        told: dict[str, Any] = dict(who_of(frame, rows))
        for name in names:
            pieces = [part.get(name) for part in parts]
            counts = [len(each) for each in rows_of]
            told[name] = pa.chunked_array(
                [constant(None, count) if piece is None else piece for piece, count in zip(pieces, counts, strict=True)],
                pa.dictionary(pa.int32(), pa.string()),
            )
        return Told(pa.table(told).unify_dictionaries(), harmless)

    def names(self) -> tuple[str, ...]:
        """The columns beside those that say who it is."""
        figures = chain.from_iterable((f"fact_{at}", f"value_{at}", f"unit_{at}") for at in range(1, self.most_figures + 1))
        return ("column", "verdict", "margin", "margin_unit", *figures, "missing", "awaiting", "possible")

    def _part(
        self,
        column: VerdictColumn,
        figures: LimbFigures,
        missing: Missing,
        frame: Frame,
        bare: Frame,
        rows: Any,
        codes: States,
        harmless: dict[str, int],
    ) -> dict[str, Any]:
        count = len(rows)
        found = {
            "column": pa.DictionaryArray.from_arrays(pa.array(np.full(count, column.number, np.int32)), self._names),
            "verdict": pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32) - 1), _VERDICTS),
        }
        scope = Scope(some_of(bare, rows, figures.looks_at_members), False, {})
        try:
            found["margin"], found["margin_unit"] = figures.margin(scope, None)
            for at, figure in enumerate(figures.figures, start=1):
                values = figures.values(figure, scope, None)
                found |= {f"fact_{at}": constant(figure.fact, count), f"value_{at}": values}
                found[f"unit_{at}"] = constant(figure.unit, count)
        except TooLarge:
            # The figures of such a limb are not told; its margin is that of the explanation.
            found["margin"], found["margin_unit"] = self._row_by_row(column, frame, rows)
        open_ = np.flatnonzero(codes == UNDETERMINED)
        if len(open_):
            places, answers = missing.answers(frame, bare, rows[open_])
            answer_at = np.full(count, len(answers), np.int64)
            answer_at[open_] = places
            for name in ("missing", "awaiting", "possible"):
                texts = [getattr(each, name) or None for each in answers]
                found[name] = chosen(answer_at, [*texts, None])
            harmless[column.name] = int(np.array([each.is_harmless for each in answers])[places].sum())
        return found

    def _row_by_row(self, column: VerdictColumn, frame: Frame, rows: Any) -> tuple[Any, Any]:
        subjects, judge = Subjects(), self._judges[column.number]
        margins = [self._explainer.explain(judge, subjects.at(frame, int(row))).margin for row in rows]
        at = np.arange(len(rows))
        return (
            chosen(at, [each.value if each is not None else None for each in margins]),
            chosen(at, [each.unit if each is not None else None for each in margins]),
        )
