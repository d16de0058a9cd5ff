"""What reports are built of by hand, with invented units, for the report tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rulecheck.judgement import (
    AcceptedReason,
    Change,
    DataFault,
    Evidence,
    Judgement,
    Margin,
    MissingFact,
    NotChecked,
    Party,
    ReadingUse,
    Receipt,
    Report,
    ResponsibleAgency,
    SubjectLine,
    UsedParameter,
    Verdict,
    Waiver,
)
from rulecheck.rules.model import Bilingual, Document
from rulecheck.submission import Origin, Received, Refusal, Standing


def document(number: str = "黄政办发〔2022〕60号", issued: date = date(2022, 11, 28), title: str = "残疾人就业方案") -> Document:
    return Document(
        folder=f"huangshi/{number}",
        title=title,
        number=number,
        kind="notice",
        issuer="黄石市人民政府办公室",
        issued=issued,
        place=None,
        in_force=(issued.toordinal(), None),
        horizon=None,
        status={},
        basis=(),
        text="",
        coverage="full",
        items=(),
    )


PLAN = document()
SERVICES = document("黄政办发〔2022〕58号", date(2022, 11, 18), "公共服务方案")


def party(name: str | None, id: str | None = None, type: str = "organ") -> Party:
    return Party(type, id or name, name)


def subject(name: str, file: str = "单位.yaml", line: int = 3, parents: Sequence[Party] = (), type: str = "organ") -> SubjectLine:
    return SubjectLine(type, name, name, at(file, line), tuple(parents))


def at(file: str, line: int, written: str = "") -> Origin:
    return Origin(file, f"第{line}行", f"line {line}", written)


def missing(fact: str, zh: str, en: str, awaiting: str = "submitter", subject: str | None = None) -> MissingFact:
    return MissingFact(fact, Bilingual(zh, en), subject, subject, None, awaiting)


EMPLOYS = Bilingual("机关安排残疾人就业", "Organs employ disabled persons")
HOLDS = Bilingual("经比对，符合要求。", "Compared: the requirement holds.")
LEAF = Evidence(Bilingual("要求", "requirement"), None, None, None, True)


def judgement(
    verdict: Verdict,
    *,
    rule: str = "organ_employs",
    title: Bilingual = EMPLOYS,
    limb: str | None = None,
    period: str | None = None,
    document: Document = PLAN,
    locator: str = "二（一）1",
    quote: tuple[str, ...] = (),
    of: SubjectLine | None = None,
    bound: Party | None = None,
    as_of: str = "2024-12-31",
    modality: str = "must",
    partial: Bilingual | None = None,
    reason: Bilingual = HOLDS,
    missing: tuple[MissingFact, ...] = (),
    possible: tuple[Verdict, ...] | None = None,
    margin: Margin | None = None,
    remedy: tuple[Change, ...] = (),
    parameters: tuple[UsedParameter, ...] = (),
    reading: ReadingUse | None = None,
    by_reason: AcceptedReason | None = None,
    waived: Waiver | None = None,
    given_reason: str | None = None,
    responsible: tuple[ResponsibleAgency, ...] = (),
    evidence: Evidence = LEAF,
    see_also: tuple[Bilingual, ...] = (),
) -> Judgement:
    of = of or subject("磁湖区档案馆")
    tags = "".join(f"/{tag}" for tag in (limb, period) if tag)
    return Judgement(
        id=f"{rule}{tags}/{of.id}",
        rule=rule,
        limb=limb,
        period=period,
        title=title,
        document=document,
        locator=locator,
        quote=quote,
        subject=of,
        bound=bound or Party(of.type, of.id, of.name),
        as_of=as_of,
        verdict=verdict,
        modality=modality,
        partial=partial,
        words=lambda: reason,
        missing=missing,
        possible=possible or (verdict,),
        margin=margin,
        remedy=remedy,
        parameters=parameters,
        reading=reading,
        by_reason=by_reason,
        waived=waived,
        given_reason=given_reason,
        responsible=responsible,
        tree=lambda: evidence,
        see_also=see_also,
    )


def report(
    *judgements: Judgement,
    refused: tuple[Refusal, ...] = (),
    faults: tuple[DataFault, ...] = (),
    not_checked: tuple[NotChecked, ...] = (),
    warnings: tuple[Bilingual, ...] = (),
    as_of: tuple[str, ...] = ("2024-12-31",),
    as_of_source: str = "submission",
    received: tuple[Received, ...] = (),
    replaced: tuple[tuple[str, str], ...] = (),
    expected: tuple[Standing, ...] | None = None,
) -> Report:
    return Report(
        as_of=as_of,
        as_of_source=as_of_source,
        receipt=Receipt("rulecheck-zh 0.1.0", "1a" * 32, "2b" * 32, "3c" * 32),
        judgements=judgements,
        refused=refused,
        faults=faults,
        not_checked=not_checked,
        warnings=warnings,
        received=received,
        replaced=replaced,
        expected=expected,
    )


def closed(schema: Any) -> Any:
    """The schema with no key allowed that it does not name: what this version writes is described whole."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    extra = {"additionalProperties": False} if "required" in schema and "type" in schema else {}
    return {key: closed(value) for key, value in schema.items()} | extra
