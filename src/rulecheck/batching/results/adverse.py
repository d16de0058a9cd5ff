"""The rows that are told of: every verdict that is adverse, short of a target or undetermined, with the figures that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rulecheck.batching.results.columns import CODES_TOLD, VerdictColumn
from rulecheck.batching.results.figures import LimbFigures, Tell, chosen, nameless
from rulecheck.batching.results.missing import Missing, Noting
from rulecheck.batching.results.tables import plain, who_of
from rulecheck.batching.results.told_column import ToldColumn
from rulecheck.columns.cut import some_of
from rulecheck.columns.evaluate import Columns
from rulecheck.columns.frame import Frame, States, Whole
from rulecheck.columns.judge import CODE_OF, CODES
from rulecheck.columns.numbers import TooLarge
from rulecheck.columns.scope import Scope
from rulecheck.columns.subjects import Subjects
from rulecheck.dataclass import dataclass
from rulecheck.explaining.explain import Explainer
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge

UNDETERMINED: Final = CODE_OF[Verdict.UNDETERMINED]
ROWS_A_GROUP: Final = 1 << 20
"""As many as `files.write_parquet` puts in a row group, of which each has a dictionary of its own: texts of other rows would be
written there for nothing."""
_VERDICTS: Final = pa.array([str(each) for each in CODES[1:]], pa.string())


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
        rows_of = [_rows_told(codes[each.number]) for each in self._columns]
        rows = np.concatenate(rows_of) if rows_of else np.empty(0, np.int64)
        verdicts = [codes[column.number][of_column] for column, of_column in zip(self._columns, rows_of, strict=True)]
        numbers = np.repeat(np.arange(len(self._columns), dtype=np.int32), [len(each) for each in rows_of])
        found: dict[str, Any] = dict(who_of(frame, rows))
        found["column"] = pa.DictionaryArray.from_arrays(pa.array(numbers), self._names)
        every = np.concatenate(verdicts).astype(np.int32) if verdicts else np.empty(0, np.int32)
        found["verdict"] = pa.DictionaryArray.from_arrays(pa.array(every - 1), _VERDICTS)
        harmless: dict[str, int] = {}
        bare = nameless(frame)
        groups = [
            self._group(frame, bare, rows_of, verdicts, first, min(first + ROWS_A_GROUP, len(rows)), harmless)
            for first in range(0, max(len(rows), 1), ROWS_A_GROUP)
        ]
        found |= {name: _joined([each[name] for each in groups]) for name in self.names()}
        return Told(pa.table(found), harmless)

    def _group(
        self,
        frame: Frame,
        bare: Frame,
        rows_of: Sequence[Whole],
        verdicts: Sequence[States],
        begin: int,
        end: int,
        harmless: dict[str, int],
    ) -> dict[str, Any]:
        """The columns of the rows told from number `begin` up to `end`, which is not among them."""
        told = {name: ToldColumn(end - begin) for name in self.names()}
        start = 0
        for column, figures, missing, of_column, codes in zip(
            self._columns, self._figures, self._missing, rows_of, verdicts, strict=True
        ):
            part = slice(max(begin - start, 0), max(end - start, 0))
            rows, first = of_column[part], max(start - begin, 0)
            start += len(of_column)
            if not len(rows):
                continue
            self._tell_figures(told, first, column, figures, frame, bare, rows)
            open_ = np.flatnonzero(codes[part] == UNDETERMINED)
            if len(open_):
                places, answers = missing.answers(frame, bare, rows[open_])
                for name in ("missing", "awaiting", "possible"):
                    told[name].words(open_ + first, places, [getattr(each, name) or None for each in answers])
                count = int(np.array([each.is_harmless for each in answers])[places].sum())
                harmless[column.name] = harmless.get(column.name, 0) + count
        # What a column was put together from is not kept until all of them are done.
        return {name: told.pop(name).array() for name in self.names()}

    def names(self) -> tuple[str, ...]:
        """The columns beside those that say who and what it is."""
        figures = chain.from_iterable((f"fact_{at}", f"value_{at}", f"unit_{at}") for at in range(1, self.most_figures + 1))
        return ("margin", "margin_unit", *figures, "missing", "awaiting", "possible")

    def _tell_figures(
        self,
        told: Mapping[str, ToldColumn],
        first: int,
        column: VerdictColumn,
        figures: LimbFigures,
        frame: Frame,
        bare: Frame,
        rows: Any,
    ) -> None:
        count = len(rows)
        scope = Scope(some_of(bare, rows, figures.looks_at_members), False, {})
        try:
            margin = figures.margin(scope)
            for at, figure in enumerate(figures.figures, start=1):
                figures.values(figure, scope)(told[f"value_{at}"], first)
                told[f"fact_{at}"].same(first, count, figure.fact)
                told[f"unit_{at}"].same(first, count, figure.unit)
        except TooLarge:
            # What of the figures of such a limb is too large is not told; its margin is that of the explanation.
            margin = self._row_by_row(column, frame, rows)
        for tell, name in zip(margin, ("margin", "margin_unit"), strict=True):
            tell(told[name], first)

    def _row_by_row(self, column: VerdictColumn, frame: Frame, rows: Any) -> tuple[Tell, Tell]:
        subjects, judge = Subjects(), self._judges[column.number]
        margins = [self._explainer.explain(judge, subjects.at(frame, int(row))).margin for row in rows]
        at = np.arange(len(rows))
        return (
            chosen(at, [each.value if each is not None else None for each in margins]),
            chosen(at, [each.unit if each is not None else None for each in margins]),
        )


def _rows_told(codes: States) -> Whole:
    """The rows whose verdict is told."""
    is_told = codes == CODES_TOLD[0]
    for code in CODES_TOLD[1:]:
        is_told |= codes == code
    return np.flatnonzero(is_told)


def _joined(groups: Sequence[Any]) -> Any:
    """The groups as one column: of plain texts where one of them has these."""
    if any(pa.types.is_string(each.type) for each in groups):
        groups = [plain(each) for each in groups]
    return pa.chunked_array(groups)
