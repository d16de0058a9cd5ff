"""What frames say of a change of rules is what single submissions say: the same groups, causes, counts and examples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

from rulecheck import facts
from rulecheck.comparing.compare import Given, compare
from rulecheck.comparing.differences import Version
from rulecheck.comparing.frames import Apart, FramesCompared
from rulecheck.comparing.result import Group
from rulecheck.comparing.trees import Trees
from rulecheck.rules import model
from rulecheck.rules.load import load
from rulecheck.submission import Submission
from support_frames import lay_out
from support_shell import COUNTER_RULE, STAFF_RULE, VOCABULARY, write_rules

DAY = date(2023, 6, 30).toordinal()
BODY = STAFF_RULE.split("  前提")[0]
OLD = {"staff.rule": BODY, "limit.rule": "", "counter.rule": COUNTER_RULE}
CHANGES: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "a condition": {"staff.rule": BODY.replace("50人\n  除", "48人\n  除")},
    "three clauses": {
        "staff.rule": BODY.replace("50人\n  除", "52人\n  除")
        .replace("（学校、医院）", "（医院）")
        .replace("不少于 1人", "不少于 2人")
    },
    "either would do": {"staff.rule": BODY.replace("50人\n  除", "55人\n  除").replace("（学校、医院）", "（学校、医院、机关）")},
    "how far it commands": {"staff.rule": BODY.replace("要求：", "原则上：")},
    "the place": {"staff.rule": BODY.replace("  核查对象：单位\n", "  核查对象：单位\n  适用地区：阳新县\n")},
    "another rule": {"staff.rule": BODY.replace("单位配员 / unit_has_staff", "单位另配员 / unit_has_more")},
    "a rule of members": {"counter.rule": COUNTER_RULE.replace("不少于 1个", "不少于 2个").split("  示例")[0]},
    "a limb more": {"staff.rule": BODY.replace("要求：", "要求（甲）：") + "  要求（乙）：配备人数 不少于 3人\n"},
    "a relation": {"vocabulary.rule": VOCABULARY.replace("须有：配备人数 不超过 编制\n", "须有：配备人数 少于 编制－46人\n")},
    "a relation and a clause": {
        "vocabulary.rule": VOCABULARY.replace("须有：配备人数 不超过 编制\n", "须有：配备人数 少于 编制－46人\n"),
        "staff.rule": BODY.replace("50人\n  除", "48人\n  除"),
    },
    "a relation and clauses that act together": {
        "vocabulary.rule": VOCABULARY.replace("须有：配备人数 不超过 编制\n", "须有：配备人数 少于 编制－46人\n"),
        "staff.rule": BODY.replace("50人\n  除", "55人\n  除")
        .replace("（学校、医院）", "（学校、医院、机关）")
        .replace("不少于 1人", "不少于 3人"),
    },
}


def units(count: int) -> str:
    draw = Random(7)
    lines = ["截至: 2023-06-30", "单位:"]
    for number in range(count):
        told = [f"名称: 第{number}局"]
        told += [f"地区: {place}" for place in [draw.choice(["黄石市", "阳新县", ""])] if place]
        told += [f"编制: {draw.randint(44, 58)}"] if draw.random() < 0.9 else []
        told += [f"配备人数: {draw.randint(0, 3)}"] if draw.random() < 0.9 else []
        told += [f"类别: {draw.choice(['机关', '学校', '医院'])}"] if draw.random() < 0.9 else []
        offices = ", ".join(f"{{名称: {each}科, 窗口数: {draw.randint(0, 3)}}}" for each in range(draw.randint(0, 2)))
        told += [f"科室: [{offices}]"] if offices else []
        lines.append(f"  - {{{', '.join(told)}}}")
    return "\n".join(lines) + "\n"


def told(groups: tuple[Group, ...]) -> list[object]:
    return [
        (
            group.rule.id,
            group.limb,
            [cause.key for cause in group.causes],
            [(way.before, way.after, way.count, [_reasons(each) for each in way.examples]) for way in group.ways],
        )
        for group in groups
    ]


def _reasons(example: object) -> tuple[str, ...]:
    sides = (example.before, example.after)  # type: ignore[attr-defined]
    return tuple("" if each is None else str(each.verdict) for each in sides)


@pytest.mark.parametrize("change", CHANGES)
def test_frames_say_what_submissions_say(change: str, tmp_path: Path) -> None:
    (tmp_path / "报送.yaml").write_text(units(150), encoding="utf-8")
    sets: list[model.RuleSet] = []
    for name, files in (("old", OLD), ("new", {**OLD, **CHANGES[change]})):
        rules, problems = load(write_rules(tmp_path / name, files))
        assert rules is not None, problems
        sets.append(rules)

    def read(rules: model.RuleSet) -> Submission:
        return facts.read([tmp_path / "报送.yaml"], rules)

    given = [Given(rules, read(rules), "", lambda rules=rules: rules.files) for rules in sets]
    expected = compare(given[0], given[1], as_of=DAY, today=DAY)
    versions = [Version(rules, Trees(lambda rules=rules: rules.files, rules.names)) for rules in sets]
    found = FramesCompared(versions[0], versions[1], DAY)
    submissions = [read(rules) for rules in sets]
    for start in (0, 60):  # two partitions
        stop = 60 if start == 0 else 150
        roots = [
            lay_out(submission.subjects["unit"][start:stop], rules).roots["unit"]
            for submission, rules in zip(submissions, sets, strict=True)
        ]
        found.add(roots[0], roots[1])
    groups = found.whole()
    assert [told(each) for each in groups] == [told(each) for each in (expected.groups, expected.appeared, expected.fell_away)]
    assert found.unchanged == expected.unchanged
    rules_found = [(each.rule.id, each.changed, dict(each.verdicts)) for each in found.rules()]
    assert rules_found == [(each.rule.id, each.changed, dict(each.verdicts)) for each in expected.rules]
    assert (change == "nothing") == (not any(groups))


def test_rows_that_are_not_the_same_are_refused(tmp_path: Path) -> None:
    rules, _ = load(write_rules(tmp_path / "rules", OLD))
    assert rules is not None
    (tmp_path / "报送.yaml").write_text(units(3), encoding="utf-8")
    submission = facts.read([tmp_path / "报送.yaml"], rules)
    version = Version(rules, Trees(lambda: rules.files, rules.names))
    roots = [lay_out(submission.subjects["unit"][first:], rules).roots["unit"] for first in (0, 1)]
    with pytest.raises(Apart):
        FramesCompared(version, version, DAY).add(roots[0], roots[1])
