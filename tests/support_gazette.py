"""The sections of examples/gazette, each judged once with the shipped rules, beside what was worked out by hand.

A section is a folder examples/gazette/NAME and a table tests/expected_gazette/NAME.txt. The table's head says what it covers:

    document: 黄政办发〔2022〕58号
    items: 一–二（五）、三（一）      (none: the whole document; a range runs in the order of the document)
    rules: placement_is_published     (by name, instead of items or beside them)
    records: 主管部门记录.yaml        (in the folder's parent; optional, of reasons accepted and waivers)

Several documents: as many heads, each `document:` line beginning one. Then `rule | limb | subject | period | verdict | why`, one
row a line; `-` where there is no limb or period; of an undetermined judgement the possible verdicts may stand in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.judgement import Judgement, Report
from rulecheck.proving.examples import build, chosen, judge_of
from rulecheck.rules.load import load
from rulecheck.rules.model import Document, Rule, RuleSet

GAZETTE = Path(__file__).parents[1] / "examples" / "gazette"
TABLES = Path(__file__).parent / "expected_gazette"
LONG_AFTER = date(2030, 1, 1).toordinal()
"""Today: without effect, since every file names its own as-of date."""

ADVERSE = frozenset({"violated", "departs", "falls_short"})
Key = tuple[str, str | None, str, str | None]
"""Rule, limb, the subject's own id, period."""
Duty = tuple[str, str | None]
"""Rule and limb."""


@dataclass(frozen=True)
class Row:
    """One judgement worked out by hand; `possible` is empty where the table does not say."""

    key: Key
    verdict: str
    possible: frozenset[str]


@dataclass
class Cover:
    """What a section covers of one document."""

    document: str
    items: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """One table: what it covers, its rows, and the records that belong to its folder."""

    name: str
    covers: tuple[Cover, ...]
    records: tuple[Path, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Result:
    """A section's folder as judged."""

    report: Report
    judgements: dict[Key, Judgement]


@cache
def shipped() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


def section_names() -> list[str]:
    """Those with a folder or a table: a folder without a table is not compared with anything, and that is a fault."""
    folders = {each.name for each in GAZETTE.iterdir() if each.is_dir()}
    return sorted(folders | {each.stem for each in TABLES.glob("*.txt")})


@cache
def section(name: str) -> Section:
    covers: list[Cover] = []
    records: list[Path] = []
    rows: list[Row] = []
    for line in (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        word, _, value = (part.strip() for part in line.partition(":"))
        if not line.strip() or line.startswith("#"):
            continue
        if "|" in line:
            rows.append(_row(line))
        elif word == "document":
            covers.append(Cover(value))
        elif word == "items":
            covers[-1].items += value.split("、")
        elif word == "rules":
            covers[-1].rules += re.split(r"[、,\s]+", value)
        elif word == "records":
            records.append(GAZETTE / value)
        else:
            raise AssertionError(f"{name}: {line}")
    return Section(name, tuple(covers), tuple(records), tuple(rows))


def _row(line: str) -> Row:
    rule, limb, subject, period, expected, *_why = (part.strip() for part in line.split("|"))
    verdict, _, possible = expected.rstrip(")").partition(" (")
    left = frozenset(possible.split(", ")) if possible else frozenset()
    return Row((rule, None if limb == "-" else limb, subject, None if period == "-" else period), verdict, left)


@cache
def covered(name: str) -> tuple[Rule, ...]:
    """The rules that a section covers."""
    documents = {each.number: each for each in shipped().documents}
    found = []
    for cover in section(name).covers:
        document = documents[cover.document]
        known = {rule.id for rule in shipped().rules if rule.document is document}
        assert set(cover.rules) <= known, sorted(set(cover.rules) - known)
        everything = not cover.items and not cover.rules
        inside = {locator for item in cover.items for locator in _between(document, item)}
        for rule in shipped().rules:
            if rule.document is document and (
                everything or rule.id in cover.rules or any(each.locator in inside for each in rule.citations)
            ):
                found.append(rule)
    return tuple(found)


def _between(document: Document, written: str) -> list[str]:
    """The locators from the first item of `a–b` to the last; `二（一）` is everything below it too."""
    first, _, last = (part.strip() for part in written.partition("–"))
    order = [each.locator for each in document.items]

    def places(head: str) -> list[int]:
        below = re.compile(re.escape(head) + r"(?!\d)")
        found = [place for place, locator in enumerate(order) if below.match(locator)]
        assert found, f"{document.number}: {head}"
        return found

    return order[places(first)[0] : places(last or first)[-1] + 1]


@cache
def judged(name: str) -> Result:
    rules = shipped()
    submission = facts.read([GAZETTE / name], rules, records=list(section(name).records))
    report = run(rules, submission, as_of=None, today=LONG_AFTER)
    ids = {
        (kind, each.origin.file, each.origin.where_zh): each.id for kind, found in submission.subjects.items() for each in found
    }
    judgements: dict[Key, Judgement] = {}
    for each in report.judgements:
        origin = each.subject.origin
        key = (each.rule, each.limb, ids[each.subject.type, origin.file, origin.where_zh], each.period)
        assert key not in judgements, key
        judgements[key] = each
    return Result(report, judgements)


@cache
def occurring(name: str) -> dict[Duty, frozenset[str]]:
    """Which verdicts the folder gives of each rule and limb."""
    found: dict[Duty, set[str]] = {}
    for key, judgement in judged(name).judgements.items():
        found.setdefault(key[:2], set()).add(str(judgement.verdict))
    return {duty: frozenset(verdicts) for duty, verdicts in found.items()}


AGAINST = {
    "must": "violated",
    "must_not": "violated",
    "in_principle": "departs",
    "strive": "falls_short",
    "encouraged": "falls_short",
}


def allowed(rule: Rule) -> dict[Duty, frozenset[str]]:
    """Which verdicts the form of each limb allows under the default reading, whatever the rule's examples state."""
    found = {}
    for limb in rule.readings[0].limbs:
        verdicts = {"met", "undetermined", AGAINST[limb.modality]}
        if limb.due is not None or limb.done is not None:
            verdicts.add("not_due")
        if limb.applies is not None or limb.excepted is not None:
            verdicts.add("not_applicable")
        found[rule.id, limb.tag] = frozenset(verdicts)
    return found


@cache
def promised(rule: Rule) -> dict[Duty, frozenset[str]]:
    """Which verdicts a rule's own examples state under the default reading.

    Left out: what supposes a parameter that nobody has settled, and periods outside the time of the rule, which are not judged.
    """
    found: dict[Duty, set[str]] = {(rule.id, limb.tag): set() for limb in rule.readings[0].limbs}
    for duty, verdict in _stated(rule):
        found[duty].add(verdict)
    return {duty: frozenset(verdicts) for duty, verdicts in found.items()}


def _stated(rule: Rule) -> Iterator[tuple[Duty, str]]:
    judges = {}
    for example in rule.examples:
        if example.reading is not None:
            continue
        case = build(shipped(), rule, example)
        assert not case.problems, case.problems
        if case.parameters:
            continue
        judge = judges.setdefault(case.as_of, judge_of(shipped(), rule, case))
        for each in chosen(judge, rule, example, case):
            yield (rule.id, each.plan.tag), str(example.verdict)
