"""`source.yaml`: the registered document beside its rules. What is not there is said, nothing is assumed."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.source import Source, decoded
from rulecheck.language.yamltext import Listing, Node, Scalar, Table, read_yaml
from rulecheck.measures.places import Places
from rulecheck.rules import model


class _Strict(BaseModel):
    # YAML is read as text only, so that 012, no or 2022-11-28 stay what the person wrote.
    model_config = ConfigDict(extra="forbid", strict=False)


class _Status(_Strict):
    state: str
    checked_by: str = ""
    checked_on: str = ""


class _Period(_Strict):
    start: date
    end: date | None = None


class _Item(_Strict):
    locator: str
    fingerprint: str = ""


class SourceFile(_Strict):
    """The fields of `source.yaml`."""

    title: str
    number: str
    kind: str
    issuer: str
    binds: str = ""
    issued: date
    place: str = ""
    in_force: _Period
    horizon: date | None = None
    horizon_reason: str = ""
    status: _Status
    basis: list[str] = []
    text: str = ""
    coverage: str = "full"
    items: list[_Item] = []


def _plain(node: Node) -> Any:
    match node:
        case Scalar(text=text):
            return text
        case Listing(items=items):
            return [_plain(each) for each in items]
        case Table(entries=entries):
            return {key.text: _plain(value) for key, value in entries}


def document_of(content: bytes, name: str, places: Places) -> tuple[model.Document | None, list[Diagnostic]]:
    """The document that the bytes of a `source.yaml` register; `name` is its path as shown to the user."""
    try:
        text = decoded(content)
    except UnicodeDecodeError as problem:
        return None, [fault("X104", name, line=content.count(b"\n", 0, problem.start) + 1)]
    node, faults = read_yaml(Source(name, text)) if text.strip() else (None, [])
    if not isinstance(node, Table):
        return None, faults or [fault("C202", name)]
    try:
        fields = SourceFile.model_validate({key: value for key, value in _plain(node).items() if value != ""})
    except ValidationError as problem:
        return None, [fault("C203", name, field=".".join(str(part) for part in each["loc"])) for each in problem.errors()]
    place = places.find(fields.place) if fields.place else None
    problems = [fault("C204", name, place=fields.place)] if fields.place and place is None else []
    start = fields.in_force.start.toordinal()
    if start < fields.issued.toordinal():
        problems.append(fault("C205", name))
    document = model.Document(
        folder=name.rsplit("/", 1)[0] if "/" in name else "",
        title=fields.title,
        number=fields.number,
        kind=fields.kind,
        issuer=fields.issuer,
        issued=fields.issued,
        place=place,
        in_force=(start, fields.in_force.end.toordinal() if fields.in_force.end else None),
        horizon=fields.horizon.toordinal() if fields.horizon else None,
        status={
            "state": fields.status.state,
            "checked_by": fields.status.checked_by,
            "checked_on": fields.status.checked_on,
        },
        basis=tuple(fields.basis),
        text=fields.text,
        coverage="partial" if fields.coverage == "partial" else "full",
        items=tuple(model.Item(each.locator, each.fingerprint) for each in fields.items),
    )
    return document, problems
