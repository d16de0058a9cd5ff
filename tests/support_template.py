"""A small vocabulary with every type of fact and a few rules, submissions made at random over any vocabulary, and what two
submissions must have in common to say the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.facts.credit_codes import read_credit_code
from rulecheck.language.diagnostics import render
from rulecheck.language.syntax import Language
from rulecheck.measures.places import Place
from rulecheck.measures.units import unit_table
from rulecheck.report import render as render_report
from rulecheck.rules.load import load
from rulecheck.rules.model import (
    CategoryType,
    DateType,
    Fact,
    Kind,
    NumberType,
    ReferenceType,
    RuleSet,
    TextType,
    TimeType,
    YesNoType,
)
from rulecheck.rules.resolve import resolve
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Subject, Submission
from rulecheck.templates.build import build, empty_form, fill
from rulecheck.templates.choose import Choice, choose
from rulecheck.templates.form import Form, FormatName
from rulecheck.templates.writers import FORMATS, write
from support_resolve import DOCUMENT, measures, tree

TEXT = """
对象：单位 / unit
对象：镇 / town
对象：学校 / school
  上级：镇
对象：教师 / teacher
  上级：学校
  敏感：是
对象：申领 / claim
  发生日：受理日
  说明："一件申领一条" / "one entry a claim"

事实：编制 / posts
  所属对象：单位
  类型：数量（人）
  范围：0人至1000人
  步长：1人
  提问："核定编制多少人？" / "How many posts are there?"
事实：安排人数 / employed
  所属对象：单位
  类型：数量（人）
  步长：0.01人
  提问："安排残疾人多少人？" / "How many disabled people are employed?"
事实：临时人员 / temporary
  所属对象：单位
  类型：数量（人）
  无计为：0人
事实：开放时长 / opening_length
  所属对象：单位
  类型：数量（小时）
  步长：1分钟
事实：用地 / land
  所属对象：单位
  类型：数量（平方米）
  步长：0.1亩
事实：结余 / surplus
  所属对象：单位
  类型：数量（万元）
  范围：不超过 100万元
  步长：0.01元
  敏感：是
事实：安排比例 / share
  所属对象：单位
  类型：比例
  范围：0%至100%
事实：投诉率 / complaint_rate
  所属对象：单位
  类型：数量（件/千人）
  步长：0.01件/千人
事实：评分 / score
  所属对象：单位
  类型：数量（分）
  步长：0.5分
事实：类别 / sort
  所属对象：单位、学校
  类型：类别（机关 / organ、其他 / other）
事实：级别 / grade
  所属对象：单位
  类型：等级（县级 / county_level、市级 / city_level）
事实：已公开 / published
  所属对象：单位
  类型：是否
  提问："是否已公开？" / "Has it been published?"
事实：成立日 / founded_on
  所属对象：单位
  类型：日期
事实：撤销日 / closed_on
  所属对象：单位
  类型：日期
  可以为无：是
事实：开门时刻 / opens_at
  所属对象：单位
  类型：时刻
事实：情况 / remarks_text
  所属对象：单位、教师
  类型：文本
事实：主管 / overseer
  所属对象：单位、申领
  类型：引用（单位）
事实：新增就业 / new_jobs
  所属对象：单位
  类型：数量（人）
  周期：每年
  提问："本年新增就业多少人？" / "How many new jobs this year?"
事实：流失就业 / lost_jobs
  所属对象：单位
  类型：数量（人）
  周期：每年
事实：检查次数 / inspections
  所属对象：单位
  类型：数量（次）
  周期：每季度
事实：报送日 / reported_on
  所属对象：单位
  类型：日期
  周期：每月
  可以为无：是
事实：人口 / people
  所属对象：镇、学校
  类型：数量（万人）
  步长：1人
事实：在编 / on_staff
  所属对象：教师
  类型：是否
事实：受理日 / accepted_on
  所属对象：申领
  类型：日期
事实：审核完成日 / reviewed_on
  所属对象：申领
  类型：日期
  可以为无：是

关系：流失不多于新增 / lost_within_new
  所属对象：单位
  须有：流失就业@2023年 不超过 新增就业@2023年

规则：安排残疾人 / employs
  标题："编制50人以上的安排残疾人" / "Units with 50 posts employ disabled people"
  依据：一（一）1
  核查对象：单位
  适用情形：编制 不少于 50人
  要求：安排人数 不少于 1人

规则：原则上公开 / publishes
  标题："原则上公开" / "Published in principle"
  依据：一（一）2
  核查对象：单位
  原则上：已公开=是

规则：每年新增就业 / yearly_jobs
  标题："每年新增就业" / "New jobs every year"
  依据：一（二）
  核查对象：单位
  周期：每年
  要求：新增就业 不少于 1人

规则：学校教师在编 / teachers_on_staff
  标题："教师在编" / "Teachers are on the staff"
  依据：二
  核查对象：镇
  要求：每一 学校 满足 （每一 教师 满足 （在编=是））

规则：限时审核 / timely_review
  标题："限时审核" / "Reviewed in time"
  依据：三
  核查对象：申领
  义务主体：主管
  要求：审核完成日
  完成时限：受理日+5个工作日
"""

ORIGIN = Origin("", "", "", "")
TODAY = date(2024, 6, 1).toordinal()
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def small_rules() -> RuleSet:
    places, calendar = measures()
    rules, problems = resolve([tree(TEXT, "small.rule")], (DOCUMENT,), places, calendar, unit_table(), "0" * 64)
    assert [render(each) for each in problems] == []
    return rules


@cache
def shipped_rules() -> RuleSet:
    rules, problems = load(None)
    assert not problems
    assert rules is not None
    return rules


def blank(rules: RuleSet, *, only: Iterable[str] = (), documents: Iterable[str] = (), kinds: Iterable[str] = ()) -> Form:
    """The blank form for names of rules, documents and kinds."""
    choice, problems = choose(rules, tuple(only), tuple(documents), tuple(kinds))
    assert not problems
    return build(rules, choice)


def whole(rules: RuleSet) -> Form:
    return build(rules, Choice())


def filled(rules: RuleSet, subjects: Mapping[str, Iterable[Subject]], form: Form | None = None) -> Form:
    return fill(rules, form or empty_form(rules), subjects)


# --- there and back ---


def written(folder: Path, form: Form, format: FormatName, language: Language) -> list[Path]:
    """The files of a form in a folder."""
    assert format in FORMATS
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in write(form, format, language).items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


def read_back(folder: Path, form: Form, format: FormatName, language: Language, rules: RuleSet) -> Submission:
    return facts.read(written(folder, form, format, language), rules, base=folder)


def told(submission: Submission) -> str:
    """Every fault and warning, for a test that fails."""
    faults = [fault for refusal in submission.refused for fault in refusal.faults]
    return "\n".join(render(each, "zh") for each in (*faults, *submission.warnings))


def said(subjects: Mapping[str, Iterable[Subject]]) -> dict[str, list[Any]]:
    """What subjects say, without where it stands: two submissions that say the same have the same."""
    return {kind: [_said(each) for each in found] for kind, found in subjects.items() if tuple(found)}


def _said(subject: Subject) -> dict[str, Any]:
    values = {name: _plain(subject.values[slot]) for name, slot in subject.kind.slots.items()}
    return {
        "path": _path(subject),
        "name": subject.name,
        "place": subject.place.english if subject.place is not None else None,
        "as_of": subject.as_of,
        "values": {name: value for name, value in values.items() if value is not UNTOLD and value != {}},
        "rosters": {name: _members(subject.rosters[slot]) for name, slot in subject.kind.children.items()},
        "reasons": subject.reasons,
        "supporting": subject.supporting,
    }


def _path(subject: Subject) -> list[str]:
    return [*(_path(subject.parent) if subject.parent is not None else []), subject.id]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if each is not UNTOLD}
    return value


def _members(roster: Roster | None) -> Any:
    return None if roster is None else (roster.is_complete, [each.id for each in roster.members])


def report(rules: RuleSet, subjects: Mapping[str, Iterable[Subject]]) -> Any:
    """The report on subjects but for where facts stand and what files were received."""
    found = {kind: tuple(subjects.get(kind, ())) for kind in rules.kinds}
    for subject in (each for kind in found.values() for each in kind):
        subject.origin, subject.origins = ORIGIN, {}
        for roster in subject.rosters:
            if roster is not None:
                roster.origin = ORIGIN
    submission = Submission(found, (), (), (), "")
    tree = json.loads(render_report(run(rules, submission, as_of=None, today=TODAY), "json", "zh"))
    return {key: tree[key] for key in ("as_of", "counts", "judgements", "faults", "not_checked")}


# --- submissions at random ---

TEXTS = (
    "情况良好", "=1+1", "-3楼", "+86 0714", "@各科室", "'=引号在前", "a: b # c", "- 列表", "{花括号}", "[方括号]", "null", "~x",
    "1e3", "012", "17:30", "yes, no", "“中文引号”", '"英文引号"', "多行\n第二行", "竖线|与\\反斜线", "𠮷㛃", "it's", "%5",
    "&和*", "2/3", "〇〇年", "a  b", "#井号", "，逗号, comma", "?:", "<b>", "是的", "编制", "!叹号", "`反引号`",
)  # fmt: skip

NAMES = (
    "市财政局", "市 审计局", "A-1", "007", "=公式局", "第一小学", "甲（乙）", "O'Neill", "50人", "2023年", "@局", "-局", "丁: 戊",
)  # fmt: skip


def credit_code(number: int) -> str:
    """A code with a right check digit; every third begins with a letter."""
    start = f"{'N1' if number % 3 == 0 else '11'}420200{number:09d}"
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return next(start + letter for letter in letters if read_credit_code(start + letter) == start + letter)


@dataclass
class Subjects:
    """Makes random subjects of every kind. `told`: how often a fact is told."""

    random: Random
    rules: RuleSet
    told: float = 0.7
    made: dict[str, list[Subject]] = field(default_factory=dict)

    def make(self, roots: int) -> dict[str, tuple[Subject, ...]]:
        self.made = {kind: [] for kind in self.rules.kinds}
        for kind in self.rules.kinds.values():
            if kind.parent is None:
                for _ in range(self.random.randint(0 if kind.id != "unit" else 1, roots)):
                    self._subject(kind, None)
        for kind in self.rules.kinds.values():
            if kind.parent is not None and not self.made[kind.parent] and self.random.random() < 0.2:
                self._subject(kind, None)  # a member of which nobody says what it belongs to, where there is nothing it could
        for subjects in self.made.values():
            for subject in subjects:
                self._refer(subject)
        return {kind: tuple(found) for kind, found in self.made.items()}

    def _subject(self, kind: Kind, parent: Subject | None) -> Subject:
        random, number = self.random, len(self.made[kind.id]) + 1
        name = f"{random.choice(NAMES)}{kind.id}{number}"
        id_ = random.choice((name, name, f"{random.choice(('K', '0', '-', '='))}{number}", credit_code(number)))
        place: Place | None = random.choice((None, *list(self.rules.places.by_id.values())[:6]))
        day = random.choice((None, date(2023, 12, 31).toordinal(), date(2024, 2, 29).toordinal()))
        subject = Subject(
            kind=kind,
            id=id_,
            name=random.choice((name, name, id_)),
            origin=ORIGIN,
            place=place or (parent.place if parent is not None else None),
            parent=parent,
            values=[self._value(self.rules.facts[each]) for each in kind.slots],
            rosters=[None] * len(kind.children),
            origins={},
            as_of=day or (parent.as_of if parent is not None else None),
            reasons={rule.id: random.choice(TEXTS) for rule in self.rules.rules if random.random() < 0.1},
        )
        for slot in kind.slots.values():
            if random.random() < 0.15:
                subject.supporting[slot] = random.choice(TEXTS)
            value = subject.values[slot]
            for key in value if isinstance(value, dict) else ():
                if random.random() < 0.1:
                    subject.supporting[slot, key] = random.choice(TEXTS)
        self.made[kind.id].append(subject)
        for child, position in kind.children.items():
            subject.rosters[position] = self._roster(self.rules.kinds[child], subject)
        return subject

    def _roster(self, kind: Kind, parent: Subject) -> Roster | None:
        luck = self.random.random()
        if luck < 0.2:
            return None
        members = [self._subject(kind, parent) for _ in range(self.random.choice((0, 1, 1, 2, 3)))]
        return Roster(members, is_complete=luck < 0.75, origin=ORIGIN)

    def _refer(self, subject: Subject) -> None:
        """References name a unit that is there, or one that is not."""
        for name, slot in subject.kind.slots.items():
            fact = self.rules.facts[name]
            if isinstance(fact.type, ReferenceType) and subject.values[slot] is not UNTOLD:
                known = [each.id for each in self.made[fact.type.kind]]
                subject.values[slot] = self.random.choice([*known, "别处的单位"])

    def _value(self, fact: Fact) -> Any:
        if fact.every is None:
            return self._one(fact)
        keys = {
            "year": ("2022", "2023", "2024"),
            "quarter": ("2022-Q4", "2023-Q1", "2023-Q2"),
            "month": ("2022-12", "2023-01", "2023-10"),
        }[fact.every]
        values = {key: self._one(fact) for key in keys}
        return {key: value for key, value in values.items() if value is not UNTOLD}

    def _one(self, fact: Fact) -> Any:
        random = self.random
        if random.random() >= self.told:
            return UNTOLD
        if fact.may_be_none and fact.none_is is None and random.random() < 0.3:
            return NONE
        match fact.type:
            case YesNoType():
                return random.randint(0, 1)
            case CategoryType(members=members):
                return random.randrange(len(members))
            case TextType():
                return random.choice(TEXTS)
            case ReferenceType():
                return ""
            case DateType():
                low, high = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
                return self._within(fact, random.choice((low, high, random.randint(low, high))))
            case TimeType():
                return random.choice((0, 1, 1439, 1440, random.randint(0, 1440)))
            case NumberType():
                return self._within(fact, random.choice((0, 1, 7, random.randint(0, 99_999), random.randint(-(10**17), 10**17))))
        raise AssertionError(fact.type)

    @staticmethod
    def _within(fact: Fact, value: int) -> int:
        value = value if fact.minimum is None else max(value, fact.minimum)
        return value if fact.maximum is None else min(value, fact.maximum)


def at_random(rules: RuleSet, seed: int, roots: int = 3) -> dict[str, tuple[Subject, ...]]:
    return Subjects(Random(seed), rules).make(roots)
