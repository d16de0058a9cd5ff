"""The report as JSON, `rulecheck-report/1`: the keys of the Contract (design §8) and a few more, in a fixed order.

`reports/report.schema.json` describes it. Keys of the Contract come first in their order; further keys follow them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from rulecheck.judgement import (
    DataFault,
    Evidence,
    Judgement,
    MissingFact,
    NotChecked,
    Party,
    ReadingUse,
    Report,
    SubjectLine,
    Verdict,
)
from rulecheck.language.diagnostics import Diagnostic, help_text, message
from rulecheck.measures.places import Place
from rulecheck.report.summary import tally
from rulecheck.report.wording import both
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Origin, Received, Refusal, Standing

SCHEMA = "rulecheck-report/1"

Tree = dict[str, Any]


def render_json(report: Report) -> str:
    """The whole report. The same report gives the same bytes."""
    return shielded(json.dumps(report_tree(report), ensure_ascii=False, indent=2)) + "\n"


def report_tree(report: Report) -> Tree:
    """The report as plain dicts, lists and texts."""
    return {
        "schema": SCHEMA,
        "as_of": report.as_of[0] if len(report.as_of) == 1 else sorted(report.as_of),
        "receipt": {
            "engine": report.receipt.engine,
            "rules": report.receipt.rules,
            "facts": report.receipt.facts,
            "calendar": report.receipt.calendar,
        },
        "counts": {str(verdict): count for verdict, count in tally(report.judgements).counts.items()},
        "refused": [refusal_tree(refusal) for refusal in report.refused],
        "not_checked": [_not_checked(line) for line in report.not_checked],
        "judgements": [judgement_tree(judgement) for judgement in report.judgements],
        "preliminary": text_tree(both("preliminary.note")),
        "as_of_source": report.as_of_source,
        "faults": [_data_fault(fault) for fault in report.faults],
        "warnings": [text_tree(warning) for warning in report.warnings],
        "received": [_received(received) for received in report.received],
        "expected": None if report.expected is None else [_standing(standing) for standing in report.expected],
        "replaced": [{"file": file, "by": by} for file, by in report.replaced],
        "documents": None if report.documents is None else list(report.documents),
    }


def judgement_tree(judgement: Judgement) -> Tree:
    """One judgement."""
    return {
        "id": judgement.id,
        "rule": judgement.rule,
        "limb": judgement.limb,
        "period": judgement.period,
        "title": text_tree(judgement.title),
        "document": judgement.document.number or judgement.document.title,
        "locator": judgement.locator,
        "quote": list(judgement.quote),
        "subject": subject_tree(judgement.subject),
        "bound": _party(judgement.bound),
        "as_of": judgement.as_of,
        "verdict": str(judgement.verdict),
        "modality": judgement.modality,
        "partial": _text_or_null(judgement.partial),
        "reason": text_tree(judgement.reason),
        "missing": [_missing(missing) for missing in judgement.missing],
        "possible": _verdicts(judgement.possible),
        "margin": judgement.margin and {"value": judgement.margin.value, "unit": judgement.margin.unit},
        "remedy": [
            {
                "subject": change.subject,
                "fact": change.fact,
                "from": change.from_value,
                "to": change.to_value,
                "unit": change.unit,
                "action": text_tree(change.action),
            }
            for change in judgement.remedy
        ],
        "parameters": [
            {
                "parameter": used.parameter,
                "name": text_tree(used.name),
                "value": used.value,
                "unit": used.unit,
                "source": text_tree(used.source),
                "state": used.state,
            }
            for used in judgement.parameters
        ],
        "reading": judgement.reading and _reading(judgement.reading),
        "by_reason": judgement.by_reason
        and {
            "by": judgement.by_reason.by,
            "document": judgement.by_reason.document,
            "date": judgement.by_reason.date,
            "reason": judgement.by_reason.reason,
        },
        "waived": judgement.waived
        and {
            "by": judgement.waived.by,
            "document": judgement.waived.document,
            "until": judgement.waived.until,
        },
        "responsible": [{"agency": line.agency, "role": line.role} for line in judgement.responsible],
        "evidence": _evidence(judgement.evidence),
        "document_title": judgement.document.title,
        "given_reason": judgement.given_reason,
        "see_also": [text_tree(other) for other in judgement.see_also],
    }


def text_tree(text: Bilingual) -> Tree:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def _text_or_null(text: Bilingual | None) -> Tree | None:
    return None if text is None else text_tree(text)


def _verdicts(verdicts: Iterable[Verdict]) -> list[str]:
    """In the order of the table of design §2, whatever the order found."""
    return [str(verdict) for verdict in Verdict if verdict in set(verdicts)]


def _origin(origin: Origin) -> Tree:
    return {
        "file": origin.file,
        "where": {"zh": origin.where_zh, "en": origin.where_en},
        "written": origin.written or None,
    }


def _party(party: Party) -> Tree:
    return {"type": party.type, "id": party.id, "name": party.name}


def subject_tree(subject: SubjectLine) -> Tree:
    """A subject as judgements name it."""
    return {
        "type": subject.type,
        "id": subject.id,
        "name": subject.name,
        "origin": _origin(subject.origin),
        "parents": [_party(parent) for parent in subject.parents],
    }


def _missing(missing: MissingFact) -> Tree:
    return {
        "fact": missing.fact,
        "subject": missing.subject,
        "awaiting": missing.awaiting,
        "name": text_tree(missing.name),
        "subject_name": missing.subject_name,
        "period": missing.period,
    }


def _reading(reading: ReadingUse) -> Tree:
    return {
        "used": _text_or_null(reading.used),
        "others": [{"name": text_tree(other.name), "verdict": str(other.verdict)} for other in reading.others],
    }


def _evidence(node: Evidence) -> Tree:
    return {
        "text": text_tree(node.text),
        "value": node.value,
        "unit": node.unit,
        "origin": None if node.origin is None else _origin(node.origin),
        "decided": node.decided,
        "children": [_evidence(child) for child in node.children],
    }


def _received(received: Received) -> Tree:
    return {
        "file": received.file,
        "sha256": received.sha256,
        "format": received.format,
        "encoding": received.encoding or None,
        "sheets": list(received.sheets),
        "subjects": received.subjects,
        "values": received.values,
        "signature": {
            "unit": received.unit or None,
            "filled_by": received.filled_by or None,
            "reviewed_by": received.reviewed_by or None,
            "signed_on": received.signed_on or None,
        },
        "units": list(received.units),
        "told_by": received.told_by or None,
    }


def place_tree(place: Place | None) -> Tree | None:
    return None if place is None else {"zh": place.chinese, "en": place.title}


def _standing(standing: Standing) -> Tree:
    unit = standing.unit
    return {
        "code": unit.code,
        "full_name": unit.full_name,
        "short_names": list(unit.short_names),
        "level": unit.level or None,
        "place": place_tree(unit.place),
        "reports": list(unit.reports),
        "state": str(standing.state),
        "files": list(standing.files),
        "refused": list(standing.refused),
        "unread": list(standing.unread),
        "missing": [kind.en for kind in standing.missing],
    }


def refusal_tree(refusal: Refusal) -> Tree:
    """A file not taken, with its faults."""
    return {
        "file": refusal.file,
        "faults": [_diagnostic(fault) for fault in refusal.faults],
        "unit": refusal.unit or None,
        "units": list(refusal.units),
        "told_by": refusal.told_by or None,
        "is_submission": refusal.is_submission,
    }


_LINE = re.compile(r"line ([0-9]+)")


def _diagnostic(diagnostic: Diagnostic) -> Tree:
    span = diagnostic.labels[0].span if diagnostic.labels else None
    values, place = diagnostic.values, diagnostic.place
    told = place.told("en") if place else ""
    line = _LINE.match(told)
    sheet, _, cell = told[1:].rpartition("!") if told.startswith("!") else ("", "", "")
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "line": span.line if span else int(line[1]) if line else None,
        "column": span and span.column,
        "sheet": sheet or None,
        "cell": cell or None,
        "where": {"zh": place.told("zh"), "en": place.told("en")} if place else None,
        "text": {"zh": message(diagnostic.code, "zh", values), "en": message(diagnostic.code, "en", values)},
        "help": {"zh": help_text(diagnostic.code, "zh", values), "en": help_text(diagnostic.code, "en", values)},
    }


def _not_checked(line: NotChecked) -> Tree:
    return {
        "what": line.what,
        "id": line.id,
        "document": line.document,
        "locator": line.locator,
        "reason": text_tree(line.reason),
    }


def _data_fault(fault: DataFault) -> Tree:
    return {
        "relation": fault.relation,
        "name": text_tree(fault.name),
        "subject": subject_tree(fault.subject),
        "text": text_tree(fault.text),
        "origins": [_origin(origin) for origin in fault.origins],
    }


_STEERING = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_NOT_PLAIN = re.compile(r"[^\n -~]")


def shielded(text: str) -> str:
    """The JSON text with characters that could steer a terminal, and halves of pairs, written as JSON escapes: the same
    values, and always UTF-8. Line ends between the values are the writer's own and stay."""
    return "\n".join(
        line if line.isprintable() else _NOT_PLAIN.sub(lambda match: _escaped(match[0]), line) for line in text.split("\n")
    )


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _STEERING:
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + ((code - 0x10000) >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
