"""A rule set as plain data: what comes back is what was written, down to the last field, and judges the same."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from generate_rules import make_rules
from rulecheck import data, facts
from rulecheck.checking import run
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.language.source import Source, Span
from rulecheck.measures import units
from rulecheck.report import render
from rulecheck.rules import model
from rulecheck.rules.compile import NotCompiled, compiled, restored
from rulecheck.rules.load import load
from rulecheck.rules.verify import are_part, is_whole
from support_compiled import ROOT, differences


@cache
def shipped() -> tuple[model.RuleSet, bytes]:
    rules, problems = load()
    assert rules is not None
    return rules, compiled(rules, problems)


def test_every_field_of_the_shipped_rules_comes_back() -> None:
    rules, content = shipped()
    again, problems = restored(content)
    assert differences(rules, again) == []
    assert problems == []
    assert again.files == ()


def test_the_comparison_sees_a_difference() -> None:
    rules, content = shipped()
    again, _ = restored(content.replace(b"huangshi/2022-60", b"huangshi/2022-61"))
    assert differences(rules, again) != []
    one, other = (model.Bound(0, None, kind) for kind in list(rules.kinds.values())[:2])
    assert differences((one, one), (one, other)) != []


@pytest.mark.parametrize("seed", range(25))
def test_every_field_of_random_rules_comes_back(seed: int) -> None:
    rules, _ = make_rules(Random(seed), rules=6)
    assert differences(rules, restored(compiled(rules, []))[0]) == []


def test_it_is_lines_of_json_and_the_same_bytes_every_time() -> None:
    _, content = shipped()
    assert all(isinstance(json.loads(line), dict | list | str) for line in content.split(b"\n"))
    again, problems = restored(content)
    assert compiled(again, problems) == content


def test_what_is_one_within_a_rule_is_one_again() -> None:
    _, content = shipped()
    rules, (again, _) = shipped()[0], restored(content)
    for one, other in zip(rules.rules, again.rules, strict=True):
        limbs = [limb for reading in one.readings for limb in reading.limbs]
        others = [limb for reading in other.readings for limb in reading.limbs]
        assert [[a is b for b in limbs] for a in limbs] == [[a is b for b in others] for a in others]


def test_remarks_come_back_with_their_places() -> None:
    rules, _ = shipped()
    told = Diagnostic("U858", values={"year": "2023", "other": "x"}, severity="warning")
    assert restored(compiled(rules, [told]))[1] == [told]


def test_readings_and_examples_are_read_when_asked_for() -> None:
    _, content = shipped()
    head, *parts = content.split(b"\n")
    broken = b"\n".join([head, *(b"nothing" for _ in parts)])
    rules, _ = restored(broken)
    assert rules.rules[0].title.zh
    with pytest.raises(ValueError, match="Expecting value"):
        _ = rules.rules[0].readings
    with pytest.raises(AttributeError):
        _ = rules.rules[0].nothing_of_the_kind  # type: ignore[attr-defined]


def test_the_examples_are_judged_the_same() -> None:
    def report(rules: model.RuleSet) -> str:
        submission = facts.read([ROOT / "examples"], rules, base=ROOT, records=[ROOT / "examples" / "huangshi-2023-records.yaml"])
        return render(run(rules, submission, as_of=None, today=date(2024, 12, 31).toordinal()), "json", "zh")

    rules, content = shipped()
    expected = report(rules)
    assert '"violated"' in expected
    assert report(restored(content)[0]) == expected


# --- whether what was read can be a rule set ---


def test_the_shipped_rules_are_whole_read_either_way() -> None:
    rules, content = shipped()
    again, _ = restored(content)
    assert is_whole(rules)
    assert is_whole(again)
    assert all(are_part("examples", rule.examples) for rule in again.rules)


HERE = Span(Source("a.rule", "text"), 0, 4)


@pytest.mark.parametrize(
    ("cls", "field", "value"),
    [
        (model.Fact, "zh", 3),
        (model.Fact, "minimum", "0"),
        (model.Fact, "sensitive", 1),
        (model.Fact, "step", 1),
        (model.Fact, "changeable", "sideways"),
        (model.Fact, "type", HERE),
        (model.Fact, "kinds", ["unit"]),
        (model.Fact, "span", Span(HERE.source, 2, 9)),
        (model.Kind, "slots", {"posts": "0"}),
        (model.Kind, "slots", {3: 0}),
        (model.Document, "in_force", (1,)),
        (model.Document, "issued", "2022-11-16"),
        (model.Rule, "readings", ()),
        (model.Rule, "readings", (None,)),
    ],
)
def test_a_field_of_another_type_is_seen(cls: type, field: str, value: Any) -> None:
    rules, _ = restored(shipped()[1])
    tables: dict[type, Any] = {model.Fact: rules.facts, model.Kind: rules.kinds}
    listed: dict[type, Any] = {model.Document: rules.documents, model.Rule: rules.rules}
    one = next(iter(tables[cls].values())) if cls in tables else listed[cls][0]
    object.__setattr__(one, field, value)
    assert is_whole(rules) == (value == ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format": 0}',
        b'{"format":1,"classes":["model.Any"],"sources":[],"shared":[[0]],"rules":[],"rest":[],"problems":["t"]}',
        b'{"format":1,"classes":["os.system"],"sources":[],"shared":[[0,"true"]],"rules":[],"rest":[],"problems":["t"]}',
        b'{"format":1,"classes":["model.date"],"sources":[],"shared":[[0,1,1,1]],"rules":[],"rest":[],"problems":["t"]}',
        b'{"format":1,"classes":[],"sources":[],"shared":[["/",1,0]],"rules":[],"rest":[],"problems":["t"]}',
        b'{"format":1,"classes":[],"sources":[],"shared":[["=",7]],"rules":[],"rest":[],"problems":["t"]}',
        b'{"format":1,"classes":[],"sources":[],"shared":[],"rules":[],"rest":[],"problems":["t"]}',
    ],
)
def test_what_was_not_written_so_is_not_read(content: bytes) -> None:
    with pytest.raises(NotCompiled):
        restored(content)


# --- tables and units ---


def test_the_tables_come_back() -> None:
    lines = data.compile_tables().decode("utf-8").split("\n")[:-1]
    assert len(lines) == len([*(ROOT / "dsl").rglob("*.toml"), *(ROOT / "reports").rglob("*.toml")])
    for line in lines:
        name, _, table = line.split("\t", 2)
        assert json.loads(table) == data.read_table(*name.split("/"))


def test_a_table_is_read_anew_where_its_file_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = data.read_table("dsl", "markers.toml")
    digest = data.sha256(data.read_bytes("dsl", "markers.toml")).hexdigest()
    whole = f"dsl/markers.toml\t{digest}\t" + '{"a":["无"]}'
    cut = [whole.encode()[:size] for size in (0, 5, 30, len(whole) - 8, len(whole) - 3, len(whole) - 1)]
    other = whole.replace(digest, "0" * 64).encode()
    for row, wanted in ((whole.encode(), {"a": ["无"]}), (other, expected), *((each, expected) for each in cut)):
        monkeypatch.setattr(data, "compiled", lambda _, row=row: row)
        data._compiled_tables.cache_clear()
        data.read_table.cache_clear()
        assert data.read_table("dsl", "markers.toml") == wanted
    monkeypatch.undo()
    data._compiled_tables.cache_clear()
    data.read_table.cache_clear()


def test_the_units_come_back() -> None:
    built = units._built()
    again = units.from_data(json.loads(units._as_json(built)))
    assert again == built
    assert list(again.units) == list(built.units)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"zh": 1, "en": "a", "singular": "a", "dimension": {}, "factor": [1, 1]},
        {"zh": "a", "en": "a", "singular": "a", "dimension": {"m": "2"}, "factor": [1, 1]},
        {"zh": "a", "en": "a", "singular": "a", "dimension": [], "factor": [1, 1]},
        {"zh": "a", "en": "a", "singular": "a", "dimension": {}, "factor": [1, 0]},
    ],
)
def test_units_that_were_not_written_so_are_not_read(row: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError, ArithmeticError)):
        units.from_data({"units": [row], "spellings": {}})
