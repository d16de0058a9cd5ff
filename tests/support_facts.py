"""A small vocabulary made by hand, and ways to hand in text for it, so that reading is tested without the rule language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from rulecheck.facts import read
from rulecheck.language.diagnostics import Diagnostic, help_text, render
from rulecheck.language.source import Source, Span
from rulecheck.measures.places import Place, make_places
from rulecheck.measures.units import unit_table
from rulecheck.measures.workdays import make_calendar
from rulecheck.rules.model import (
    Bilingual,
    Bound,
    CategoryType,
    DateType,
    Fact,
    Frequency,
    Kind,
    Limb,
    NumberType,
    Reading,
    ReferenceType,
    Rule,
    RuleSet,
    TextType,
    TimeType,
    Type,
    YesNoType,
)
from rulecheck.submission import Subject, Submission

_SPAN = Span(Source("词汇.rule", ""), 0, 0)
_NOTHING = Bilingual("", "")

CITY = Place("黄石市", "huangshi", "Huangshi", "city", None, False, ("黄石",))
COUNTY = Place("阳新县", "yangxin", "Yangxin", "county", "huangshi", False, ("阳新",))


def fact(
    zh: str,
    id: str,
    type: Type,
    *kinds: str,
    step: str = "1",
    low: int | None = None,
    high: int | None = None,
    none_is: int | None = None,
    may_be_none: bool = False,
    every: Frequency | None = None,
    sensitive: bool = False,
) -> Fact:
    return Fact(
        id=id, zh=zh, kinds=kinds or ("unit",), type=type, step=Fraction(step), minimum=low, maximum=high, none_is=none_is,
        may_be_none=may_be_none, changeable=None, action=None, sensitive=sensitive, question=None, note=None, every=every,
        span=_SPAN,
    )  # fmt: skip


def quantity(unit: str) -> NumberType:
    found = unit_table().find(unit)
    assert found is not None
    return NumberType(found)


CATEGORIES = CategoryType(
    (Bilingual("机关", "organ"), Bilingual("事业单位", "institution"), Bilingual("国有企业", "state_enterprise")), False
)

FACTS = (
    fact("编制", "posts", quantity("人"), low=0, high=1000),
    fact("编外人员", "others", quantity("人"), low=0, none_is=0),
    fact("职工工资", "wages", quantity("元"), step="1/100", low=0, sensitive=True),
    fact("安排比例", "ratio", quantity("%"), step="1/10000", low=0, high=10000),
    fact("面积", "area", quantity("平方米"), step="1/100", low=0),
    fact("评分", "score", NumberType(None), low=0, high=10),
    fact("单位类别", "category", CATEGORIES),
    fact("成立日", "founded_on", DateType()),
    fact("撤销日", "closed_on", DateType(), may_be_none=True),
    fact("开门时刻", "opens_at", TimeType()),
    fact("是否公开", "is_public", YesNoType()),
    fact("情况", "remarks_text", TextType()),
    fact("病历", "medical_record", TextType(), sensitive=True),
    fact("新增就业人数", "new_jobs", quantity("人"), every="year", low=0),
    fact("检查次数", "inspections", quantity("次"), every="quarter", low=0),
    fact("用电量", "electricity", NumberType(None), every="month", low=0),
    fact("人口", "people", quantity("人"), "town", "school", low=0),
    fact("经办机构", "office", ReferenceType("unit"), "claim"),
    fact("受理日", "accepted_on", DateType(), "claim"),
)

_KINDS = (
    ("单位", "unit", None, False),
    ("镇", "town", None, False),
    ("学校", "school", "town", False),
    ("班级", "form", "school", False),
    ("申领", "claim", None, False),
    ("残疾职工", "disabled_employee", "unit", True),
)


def _kind(zh: str, id: str, parent: str | None, sensitive: bool) -> Kind:
    slots = {each.id: slot for slot, each in enumerate(each for each in FACTS if id in each.kinds)}
    children = {each[1]: slot for slot, each in enumerate(each for each in _KINDS if each[2] == id)}
    return Kind(id, zh, parent, "accepted_on" if id == "claim" else None, sensitive, slots, children, None, _SPAN)


KINDS = {kind.id: kind for kind in (_kind(*row) for row in _KINDS)}


def _limb(tag: str | None) -> Limb:
    return Limb(tag, "must", None, None, None, None, None, (0, None), (0, None), None, _SPAN)


def _rule(zh: str, id: str, kind: str, every: Frequency | None = None, tags: tuple[str | None, ...] = (None,)) -> Rule:
    readings = (Reading(None, None, True, tuple(_limb(tag) for tag in tags)),)
    return Rule(
        id, zh, _NOTHING, None, (), KINDS[kind], Bound(), None, every, readings, (), (), (), (), _SPAN,  # type: ignore[arg-type]
    )  # fmt: skip


RULES = (
    _rule("至少安排一人", "employs_one", "unit", tags=("甲", "乙")),
    _rule("每年报送", "reports_yearly", "unit", every="year"),
    _rule("学校人数", "school_size", "school"),
)

RULE_SET = RuleSet(
    kinds=KINDS,
    facts={each.id: each for each in FACTS},
    parameters={},
    rules=RULES,
    relations=(),
    documents=(),
    declarations=(),
    places=make_places((CITY, COUNTY)),
    calendar=make_calendar(()),
    names={each.zh: each.id for each in (*KINDS.values(), *FACTS, *RULES)} | {each.zh: each.en for each in CATEGORIES.members},
    files=(),
    sha256="",
)


@dataclass(frozen=True)
class Desk:
    """A folder in which files are handed in."""

    folder: Path

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, files: Mapping[str, str | bytes], **options: Any) -> Submission:
        """What these files give when each is an argument of its own."""
        return read([self.put(name, content) for name, content in files.items()], RULE_SET, **options)


def yaml(text: str) -> Submission:
    """What a YAML text gives, handed in by standard input."""
    return read([Path("-")], RULE_SET, stdin=text.encode())


def json(text: str) -> Submission:
    assert text.lstrip()[0] in "[{"
    return yaml(text)


def only(submission: Submission, kind: str = "unit") -> Subject:
    """The one subject of a kind, from a submission without refusals."""
    assert not submission.refused, shown(submission)
    (subject,) = submission.subjects[kind]
    return subject


def value(subject: Subject, fact_id: str) -> Any:
    return subject.values[subject.kind.slots[fact_id]]


def one_value(fact_id: str, written: str) -> Any:
    """What `written` is read as for a fact of a unit, in YAML."""
    return value(only(yaml(f"单位:\n  - 名称: 甲局\n    {fact_id}: {written}\n")), fact_id)


def faults(submission: Submission) -> list[Diagnostic]:
    return [fault for refusal in submission.refused for fault in refusal.faults]


def codes(submission: Submission) -> list[str]:
    return [fault.code for fault in faults(submission)]


def the_fault(submission: Submission) -> Diagnostic:
    """The only fault, which has a message in both languages."""
    (fault,) = faults(submission)
    for language in ("zh", "en"):
        assert render(fault, language)
    return fault


def fault_of(fact_id: str, written: str) -> Diagnostic:
    """The one fault of a value written for a fact of a unit, in YAML."""
    return the_fault(yaml(f"单位:\n  - 名称: 甲局\n    {fact_id}: {written}\n"))


def text_of(fault: Diagnostic) -> str:
    return render(fault, "zh")


def advice(fault: Diagnostic) -> str:
    return help_text(fault.code, "zh", fault.values)


def shown(submission: Submission) -> str:
    return "\n".join(render(fault) for fault in faults(submission))
