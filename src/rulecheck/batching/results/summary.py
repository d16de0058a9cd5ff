"""The summary of a run: how often each verdict came out, by rule, document and place; what it rests on; what was not checked.

It is put together from what was counted of each partition, and the same whichever of them were done in which run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rulecheck.batching.results.columns import VerdictColumn
from rulecheck.batching.results.part import NOWHERE
from rulecheck.columns.judge import CODE_OF, CODES
from rulecheck.data import read_table
from rulecheck.dataclass import dataclass, field
from rulecheck.judgement import ATTENTION_FIRST, Receipt, Verdict
from rulecheck.language.syntax import Language
from rulecheck.measures.days import day_text
from rulecheck.report.layout import BLANK, Line, Style, paint, paragraph, table
from rulecheck.report.wording import day, say
from rulecheck.rules import model

SCHEMA: Final = "rulecheck-batch-summary/1"

MOST_UNCHECKED: Final = 10
"""Rules without subjects that the text names; the tree names all."""

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableRead:
    """A file that was read: its name, the kinds of subject in it, how many bytes (None: in memory) and what tells it from any
    other."""

    file: str
    kinds: tuple[str, ...]
    bytes: int | None
    sha256: str


@dataclass(slots=True)
class Counted:
    """What was counted of all partitions. `counts` by kind, column and place, a number for each code; `later`: by kind
    the events that are dated after the as-of day."""

    rows: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    counts: dict[tuple[str, str], dict[str, list[int]]] = field(default_factory=dict)
    harmless: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_row: set[tuple[str, str]] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)

    def add(self, noted: Mapping[str, Any]) -> None:
        """The counts of one partition."""
        self.rows.update(noted["rows"])
        self.told.update(noted["told"])
        self.faults.update(noted.get("faults", {}))
        self.later.update(noted["later"])
        for kind, columns in noted["counts"].items():
            for column, places in columns.items():
                of_column = self.counts.setdefault((kind, column), {})
                for place, numbers in places.items():
                    before = of_column.get(place)
                    of_column[place] = [a + b for a, b in zip(before, numbers, strict=True)] if before else list(numbers)
        for kind, columns in noted["harmless"].items():
            self.harmless.update({(kind, column): count for column, count in columns.items()})
        for kind, columns in noted["by_row"].items():
            self.by_row |= {(kind, column) for column in columns}

    def of(self, kind: str, column: str) -> list[int]:
        """How often each code came out in a column."""
        return _sum(self.counts.get((kind, column), {}).values())

    @property
    def total(self) -> Mapping[Verdict, int]:
        return by_verdict(_sum(numbers for places in self.counts.values() for numbers in places.values()))


def _sum(rows: Iterable[Sequence[int]]) -> list[int]:
    total = [0] * len(CODES)
    for row in rows:
        total = [a + b for a, b in zip(total, row, strict=True)]
    return total


def by_verdict(numbers: Sequence[int]) -> dict[Verdict, int]:
    return {verdict: numbers[code] for verdict, code in CODE_OF.items()}


def summary_tree(
    rules: model.RuleSet,
    columns: Mapping[str, tuple[VerdictColumn, ...]],
    counted: Counted,
    *,
    as_of: int,
    receipt: Receipt,
    tables: Sequence[TableRead],
    documents: Sequence[str] | None,
    is_told: bool,
) -> Tree:
    """The summary as plain dicts, lists and texts; nothing in it hangs on time or machine. `is_told`: whether it was found
    out what is missing of undetermined rows."""
    every = [each for of_kind in columns.values() for each in of_kind]
    by_document: dict[str, list[list[int]]] = {}
    by_place: dict[str, list[list[int]]] = {}
    for each in every:
        numbers = counted.of(each.kind, each.name)
        by_document.setdefault(each.judgement.rule.document.folder, []).append(numbers)
        for place, of_place in counted.counts.get((each.kind, each.name), {}).items():
            by_place.setdefault(place, []).append(of_place)
    documents_of = {each.folder: each for each in rules.documents}
    kinds_read = {each for each, count in counted.rows.items() if count}
    return {
        "schema": SCHEMA,
        "as_of": day_text(as_of, "en"),
        "receipt": {
            "engine": receipt.engine,
            "rules": receipt.rules,
            "facts": receipt.facts,
            "calendar": receipt.calendar,
        },
        "tables": [{"file": each.file, "kinds": list(each.kinds), "bytes": each.bytes, "sha256": each.sha256} for each in tables],
        "documents": None if documents is None else list(documents),
        "rows": dict(sorted(counted.rows.items())),
        "rows_told": dict(sorted(counted.told.items())),
        "counts": _counts(counted.total),
        "undetermined_never_adverse": sum(counted.harmless.values()) if is_told else None,
        "by_rule": [
            {
                "kind": each.kind,
                "column": each.name,
                "rule": each.judgement.rule.id,
                "limb": each.judgement.tag,
                "period": each.judgement.period.key if each.judgement.period is not None else None,
                "title": {"zh": each.judgement.rule.title.zh, "en": each.judgement.rule.title.en},
                "document": each.judgement.rule.document.number or each.judgement.rule.document.title,
                "locator": each.judgement.rule.citations[0].locator,
                "counts": _counts(by_verdict(counted.of(each.kind, each.name))),
                "undetermined_never_adverse": counted.harmless[each.kind, each.name] if is_told else None,
            }
            for each in every
        ],
        "by_document": [
            {"document": documents_of[folder].number or documents_of[folder].title, "counts": _counts(by_verdict(_sum(rows)))}
            for folder, rows in sorted(by_document.items(), key=lambda pair: (documents_of[pair[0]].issued, pair[0]))
        ],
        "by_place": [
            {"place": _place(rules, name), "counts": _counts(by_verdict(_sum(rows)))}
            for name, rows in sorted(by_place.items(), key=lambda pair: (pair[0] == NOWHERE, pair[0]))
        ],
        "judged_row_by_row": [
            {"kind": kind, "column": column, "why": both("row_by_row")} for kind, column in sorted(counted.by_row)
        ],
        "faults": [
            {"relation": each.id, "name": {"zh": each.zh, "en": each.id.replace("_", " ")}, "count": counted.faults[each.id]}
            for each in rules.relations
            if counted.faults[each.id]
        ],
        "later_than_as_of": [
            {"kind": kind, "name": {"zh": rules.kinds[kind].zh, "en": kind.replace("_", " ")}, "count": count}
            for kind, count in sorted(counted.later.items())
        ],
        "not_checked": [
            {"rule": rule.id, "kind": rule.kind.id, "title": {"zh": rule.title.zh, "en": rule.title.en}}
            for rule in rules.rules
            if rule.kind.id not in kinds_read
        ],
    }


def _counts(of: Mapping[Verdict, int]) -> dict[str, int]:
    return {str(verdict): count for verdict, count in of.items()}


def _place(rules: model.RuleSet, name: str) -> Tree | None:
    place = rules.places.by_id.get(name)
    return None if place is None else {"zh": place.chinese, "en": place.title}


def render_tree(tree: Mapping[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


# --- for people ---



def phrase(key: str, language: Language, **values: object) -> str:
    """A phrase of `reports/batch.toml`."""
    text: str = read_table("reports", "batch.toml")["summary"][key][language]
    return text.format_map(values)


def both(key: str, **values: object) -> Tree:
    return {"zh": phrase(key, "zh", **values), "en": phrase(key, "en", **values)}


def render_summary(tree: Mapping[str, Any], rules: model.RuleSet, language: Language, *, color: bool) -> str:
    """The summary as text for a terminal."""
    lines = [Line(phrase("title", language), Style.BOLD)]
    subjects = phrase("join", language).join(
        phrase("subjects", language, count=f"{count:,}", kind=getattr(rules.kinds[kind].name, language).replace("_", " "))
        for kind, count in tree["rows"].items()
    )
    lines += paragraph(phrase("as_of", language, day=day(tree["as_of"], language)))
    if tree["documents"] is not None:
        lines += paragraph(phrase("documents", language, documents=phrase("join", language).join(tree["documents"])))
    lines += paragraph(phrase("read", language, subjects=subjects, tables=len(tree["tables"])))
    judgements = sum(tree["counts"].values())
    lines += paragraph(phrase("judgements", language, count=f"{judgements:,}", rules=len(tree["by_rule"])))
    receipt = {key: value[:12] if key != "engine" else value for key, value in tree["receipt"].items()}
    lines += paragraph(phrase("receipt", language, **receipt))
    if tree["undetermined_never_adverse"]:
        lines += paragraph(phrase("harmless", language, count=f"{tree['undetermined_never_adverse']:,}"))
    for row in tree["later_than_as_of"]:
        values = {"kind": row["name"][language], "count": f"{row['count']:,}", "day": day(tree["as_of"], language)}
        lines += paragraph(phrase("later", language, **values))
    by_rule = [(_rule_name(row, language), row["counts"]) for row in tree["by_rule"]]
    lines += _table("by_rule", by_rule, language)
    lines += _table("by_document", [(row["document"], row["counts"]) for row in tree["by_document"]], language)
    places = [
        (row["place"][language] if row["place"] else phrase("nowhere", language), row["counts"]) for row in tree["by_place"]
    ]
    lines += _table("by_place", places, language)
    faults = [phrase("fault", language, name=row["name"][language], count=f"{row['count']:,}") for row in tree["faults"]]
    lines += _listed("faults", faults, language)
    by_row = [f"{row['column']}：{row['why'][language]}" for row in tree["judged_row_by_row"]]
    lines += _listed("row_by_row_head", by_row, language)
    unchecked = [_rule_name({"limb": None, "period": None, **row}, language) for row in tree["not_checked"]]
    if len(unchecked) > MOST_UNCHECKED:
        unchecked[MOST_UNCHECKED - 1 :] = [phrase("more", language, count=len(unchecked) - MOST_UNCHECKED + 1)]
    lines += _listed("not_checked", unchecked, language)
    return paint(lines, color=color)


def _listed(key: str, rows: Iterable[str], language: Language) -> list[Line]:
    found = [line for row in rows for line in paragraph(row, "  ")]
    return [BLANK, Line(phrase(key, language), Style.BOLD), *found] if found else []


def _rule_name(row: Mapping[str, Any], language: Language) -> str:
    parts = [row["title"][language]]
    parts += [row["limb"]] if row["limb"] else []
    parts += [row["period"]] if row["period"] else []
    return " · ".join(parts)


def _table(key: str, rows: Sequence[tuple[str, Mapping[str, int]]], language: Language) -> list[Line]:
    if not rows:
        return []
    header = [
        phrase(f"head_{key}", language),
        *(say(f"column.{verdict}", language) for verdict in ATTENTION_FIRST),
        say("column.total", language),
    ]
    cells = []
    for name, of in rows:
        counts = [of[str(verdict)] for verdict in ATTENTION_FIRST]
        cells.append([name, *(f"{each:,}" if each else "-" for each in counts), f"{sum(of.values()):,}"])
    return [BLANK, Line(phrase(key, language), Style.BOLD), *(Line(line) for line in table(header, cells))]
