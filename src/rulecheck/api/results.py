"""What comes back: frozen objects. A judgement, its evidence and what is missing are the types of `rulecheck.judgement`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from rulecheck import judgement
from rulecheck.api.faults import Fault
from rulecheck.comparing import result as comparing
from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import Judgement, Verdict
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.language.syntax import Language
from rulecheck.rules import model
from rulecheck.rules.load import load
from rulecheck.rules.model import Bilingual

LANGUAGES: Final = ("zh", "en")

COLUMNS: Final[Mapping[str, type]] = {
    "id": str,
    "rule": str,
    "limb": str,
    "period": str,
    "title_zh": str,
    "title_en": str,
    "document": str,
    "locator": str,
    "subject_type": str,
    "subject_id": str,
    "subject_name": str,
    "bound": str,
    "as_of": str,
    "verdict": str,
    "waived": bool,
    "margin": str,
    "unit": str,
    "reason_zh": str,
    "reason_en": str,
}
"""Columns of a report as a table. Numbers are exact text, dates `YYYY-MM-DD`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule set ready to judge with. `folder` None: those that come with the program; `remarks`: remarks on reading."""

    rule_set: model.RuleSet = field(repr=False)
    folder: Path | None
    remarks: tuple[Fault, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the files, as receipts tell it."""
        return self.rule_set.sha256

    @property
    def names(self) -> tuple[str, ...]:
        """The English ids of the rules."""
        return tuple(rule.id for rule in self.rule_set.rules)

    @property
    def kinds(self) -> tuple[Bilingual, ...]:
        """The kinds of subject that facts can be about."""
        return tuple(kind.name for kind in self.rule_set.kinds.values())

    @property
    def documents(self) -> tuple[model.Document, ...]:
        return self.rule_set.documents

    def files(self) -> tuple[syntax.File, ...]:
        """The files as trees; read again, since judging does without them."""
        if self.rule_set.files:
            return self.rule_set.files
        found, _ = load(self.folder)
        return found.files if found is not None else ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, or what was handed in from memory, that could not be taken."""

    file: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of one check, in the order of the documents. `whole`: the report that text and JSON are made from.

    Any library that reads the Arrow C interface takes it as a table: `polars.DataFrame(report)`, `pyarrow.table(report)`,
    `pandas.DataFrame.from_arrow(report)`; the columns are `COLUMNS`.
    """

    whole: judgement.Report = field(repr=False)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        return self.whole.judgements

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many judgements have each verdict."""
        from rulecheck.report import tally

        return dict(tally(self.whole.judgements).counts)

    @property
    def refused(self) -> tuple[Refused, ...]:
        return tuple(Refused(each.file, tuple(map(Fault, each.faults))) for each in self.whole.refused)

    @property
    def warnings(self) -> tuple[Bilingual, ...]:
        return self.whole.warnings

    @property
    def receipt(self) -> judgement.Receipt:
        """What the result rests on: the engine and the hashes of rules, facts and calendar."""
        return self.whole.receipt

    @property
    def exit_status(self) -> int:
        """What `rulecheck check` ends with: 0 nothing violated, 1 something is, 2 something refused, 4 nothing decided."""
        from rulecheck.report import exit_status

        return exit_status(self.whole)

    def with_verdict(self, *verdicts: Verdict | str) -> tuple[Judgement, ...]:
        """The judgements that have one of these verdicts."""
        wanted = {Verdict(each) for each in verdicts}
        return tuple(each for each in self.whole.judgements if each.verdict in wanted)

    def text(self, language: Language = "zh", *, verbose: bool = False) -> str:
        """The report as `rulecheck check` prints it."""
        from rulecheck.report import render

        return render(self.whole, "text", language_of(language), verbose=verbose)

    def json(self) -> str:
        """The report as JSON, `rulecheck-report/1`."""
        from rulecheck.report import render

        return render(self.whole, "json", "zh")

    def tree(self) -> dict[str, Any]:
        """The same as dicts and lists."""
        from rulecheck.report.json_report import report_tree

        return report_tree(self.whole)

    def rows(self) -> list[dict[str, Any]]:
        """A flat row for each judgement, with the keys of `COLUMNS`."""
        return [_row(each) for each in self.whole.judgements]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        from rulecheck.api.tables import NOT_INSTALLED, arrow, as_stream

        if arrow() is None:
            raise raised([NOT_INSTALLED])
        return as_stream(self.rows(), COLUMNS, requested_schema)


def _row(of: Judgement) -> dict[str, Any]:
    values = (
        *(of.id, of.rule, of.limb, of.period, of.title.zh, of.title.en, of.document.number or of.document.title, of.locator),
        *(of.subject.type, of.subject.id, of.subject.name, of.bound.name or of.bound.id, of.as_of, str(of.verdict)),
        *(of.waived is not None, of.margin and of.margin.value, of.margin and of.margin.unit, of.reason.zh, of.reason.en),
    )
    return dict(zip(COLUMNS, values, strict=True))


class RulecheckError(Exception):
    """Rules, options or facts that cannot be taken. `faults`: every fault that was found; `report`: on all that could be taken,
    None where nothing was judged."""

    def __init__(self, faults: tuple[Fault, ...], report: Report | None = None) -> None:
        super().__init__(faults, report)
        self.faults = faults
        self.report = report

    def __str__(self) -> str:
        """Every fault in Chinese, and in English below it."""
        return "\n".join(f"{each.render('zh')}\n{each.render('en')}" for each in self.faults if each.is_error)


def raised(problems: Iterable[Diagnostic]) -> RulecheckError:
    """The error of some problems."""
    return RulecheckError(tuple(map(Fault, problems)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change of rules changes; `found` has it all, typed."""

    found: comparing.Comparison = field(repr=False)

    @property
    def changed(self) -> tuple[comparing.Group, ...]:
        """Judgements whose verdict changed, by rule and cause."""
        return self.found.groups

    @property
    def refused(self) -> tuple[tuple[Refused, ...], tuple[Refused, ...]]:
        """What the old and what the new side could not take."""
        old, new = (tuple(Refused(each.file, tuple(map(Fault, each.faults))) for each in side) for side in self.found.refused)
        return old, new

    @property
    def rules(self) -> tuple[comparing.RuleChange, ...]:
        """Every rule that says something else, was added or removed."""
        return self.found.rules

    def text(self, language: Language = "zh", *, everything: bool = False) -> str:
        """The comparison as `rulecheck compare` prints it."""
        from rulecheck.comparing.report_text import render_text

        return render_text(self.found, language_of(language), everything=everything)

    def json(self) -> str:
        """The comparison as JSON, `rulecheck-compare/1`."""
        from rulecheck.comparing.report_json import render_json

        return render_json(self.found)


def language_of(text: str) -> Language:
    """`zh` or `en`."""
    if text == "zh":
        return "zh"
    if text == "en":
        return "en"
    raise raised([Diagnostic("I108", values={"language": text})])
