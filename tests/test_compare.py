"""Two rule sets on one submission: what changes, and which clause, parameter, definition or table is the cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rulecheck import facts
from rulecheck.comparing.compare import Given, compare
from rulecheck.comparing.result import Comparison, Group
from rulecheck.rules.load import load
from support_command import call
from support_shell import COUNTER_RULE, LIMIT_RULE, STAFF_RULE, VOCABULARY, register, write_rules

TODAY = date(2023, 8, 1).toordinal()

UNITS = """截至: 2023-06-30
单位:
  - {名称: 甲局, 地区: 黄石市, 编制: 50, 配备人数: 0, 类别: 机关}
  - {名称: 乙局, 地区: 黄石市, 编制: 45, 配备人数: 1, 类别: 学校}
  - {名称: 丙局, 地区: 黄石市, 编制: 60, 配备人数: 2, 类别: 机关}
"""

Files = Mapping[str, str]


def side(folder: Path, submission: str, files: Files, source: str | None, name: str) -> Given:
    rules, problems = load(write_rules(folder, files, source))
    assert rules is not None, problems
    (folder.parent / "报送.yaml").write_text(submission, encoding="utf-8")
    return Given(rules, facts.read([folder.parent / "报送.yaml"], rules), name, lambda: rules.files)


def compared(
    folder: Path, old: Files, new: Files, submission: str = UNITS, sources: tuple[str | None, str | None] = (None, None)
) -> Comparison:
    sides = [
        side(folder / name, submission, files, source, name)
        for name, files, source in zip(("old", "new"), (old, new), sources, strict=True)
    ]
    return compare(sides[0], sides[1], as_of=None, today=TODAY)


def told(group: Group) -> tuple[str, str | None, list[tuple[str, str]], list[tuple[str | None, str | None, int]]]:
    """Rule, limb, causes, and the ways in which verdicts changed."""
    causes = [(cause.what, cause.of) for cause in group.causes]
    return group.rule.id, group.limb, causes, [(way.before, way.after, way.count) for way in group.ways]


def only(found: Comparison) -> tuple[str, str | None, list[tuple[str, str]], list[tuple[str | None, str | None, int]]]:
    (group,) = found.groups
    assert not found.appeared
    assert not found.fell_away
    return told(group)


# --- nothing changed ---


def test_a_rule_set_and_itself(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {})
    assert (found.changed, found.only_new, found.only_old, found.rules, found.reworded) == (0, 0, 0, (), ())
    assert found.unchanged == found.compared == 3


def test_other_words_for_the_same_are_no_difference(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("编制 不少于 50人", "编制 ≥ 50人").replace("配备人数 不少于 1人", "配备人数 达到 1人")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert (found.changed, found.rules, found.reworded) == (0, (), ())


def test_the_order_of_conditions_is_no_difference(tmp_path: Path) -> None:
    old = STAFF_RULE.replace("编制 不少于 50人\n", "编制 不少于 50人 且 类别=机关\n")
    new = STAFF_RULE.replace("编制 不少于 50人\n", "类别=机关 且 编制 不少于 50人\n")
    assert compared(tmp_path, {"staff.rule": old}, {"staff.rule": new}).rules == ()


# --- one clause ---


def test_a_condition(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {"staff.rule": STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 55人")})
    assert only(found) == ("unit_has_staff", None, [("applies", "")], [("violated", "not_applicable", 1)])
    (way,) = found.groups[0].ways
    (example,) = way.examples
    assert (example.subject.name, [each.name for each, _ in way.listed]) == ("甲局", ["甲局"])
    assert example.before is not None
    assert example.after is not None
    assert "少1人" in example.before.reason.zh
    assert "55人" in example.after.reason.zh
    (cause,) = found.groups[0].causes
    assert ["50人" in line.text.zh for line in cause.before] == [True]
    assert ["55人" in line.text.zh for line in cause.after] == [True]


def test_an_exception(tmp_path: Path) -> None:
    old = STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 40人").replace("配备人数 不少于 1人", "配备人数 不少于 2人")
    new = old.replace("  除外情形：类别 属于 （学校、医院）\n", "")
    found = compared(tmp_path, {"staff.rule": old}, {"staff.rule": new})
    assert only(found) == ("unit_has_staff", None, [("excepted", "")], [("not_applicable", "violated", 1)])
    assert found.groups[0].causes[0].after == ()


def test_a_requirement_and_how_far_it_commands(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("要求：配备人数", "原则上：配备人数")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert only(found) == ("unit_has_staff", None, [("requirement", "")], [("violated", "departs", 1)])


CLAIMS = """截至: 2023-06-30
申请:
  - {编号: 1, 地区: 黄石市, 受理日: 2023-03-06, 办结日: 2023-03-14}
  - {编号: 2, 地区: 黄石市, 受理日: 2023-03-06, 办结日: 2023-03-10}
"""


def test_a_due_date(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {"limit.rule": LIMIT_RULE.replace("5个工作日\n  前", "10个工作日\n  前")}, CLAIMS)
    assert only(found) == ("application_limit", None, [("due", "")], [("violated", "met", 1)])
    # Of the other application only the margin is another; sensitive subjects are shown by number.
    assert [(each.subject.name, each.parts) for each in found.reworded] == [("***2〔报送.yaml:4〕", ("reason", "margin"))]


def test_the_place(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("  核查对象：单位\n", "  核查对象：单位\n  适用地区：阳新县\n")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert {cause.what for group in found.groups for cause in group.causes} == {"place"}


def test_the_period_owed(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("  核查对象：单位\n", "  核查对象：单位\n  考核期：2024年1月1日至2024年12月31日\n")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert told(found.groups[0])[2] == [("owed", "")]
    assert found.groups[0].causes[0].through == ()


def test_dates_registered_of_the_document(tmp_path: Path) -> None:
    later = register().replace("start: 2023-01-01", "start: 2023-07-01")
    found = compared(tmp_path, {}, {}, sources=(None, later))
    causes = {(cause.what, tuple(each.en for each in cause.through)) for group in found.groups for cause in group.causes}
    registered = ("the dates registered of the document changed",)
    assert causes == {("in_force", registered), ("owed", registered)}


# --- what a rule uses ---

SHARE = """参数：配备比例 / staff_ratio
  类型：比例
  来源："测试文件" / "a test document"
  取值：1%
"""
BY_SHARE = STAFF_RULE.split("  前提")[0].replace("配备人数 不少于 1人", "配备人数 不少于 配备比例×编制")


def test_a_parameter(tmp_path: Path) -> None:
    old, new = ({"share.rule": SHARE.replace("1%", share), "staff.rule": BY_SHARE} for share in ("1%", "4%"))
    found = compared(tmp_path, old, new)
    assert only(found) == ("unit_has_staff", None, [("parameter", "staff_ratio")], [("met", "violated", 1)])
    assert [line.text.en for line in found.groups[0].causes[0].after] == ["everywhere, at any time: 4%"]


LARGE = """定义：大单位 / large_unit
  所属对象：单位
  含义：编制 不少于 50人
"""
OF_LARGE = STAFF_RULE.split("  前提")[0].replace("编制 不少于 50人", "大单位")


def test_a_definition(tmp_path: Path) -> None:
    old, new = ({"large.rule": LARGE.replace("50人", count), "staff.rule": OF_LARGE} for count in ("50人", "55人"))
    found = compared(tmp_path, old, new)
    assert only(found) == ("unit_has_staff", None, [("applies", "")], [("violated", "not_applicable", 1)])
    assert [each.zh for each in found.groups[0].causes[0].through] == ["所用定义“大单位”改了"]


def test_the_calendar(tmp_path: Path) -> None:
    notice = tmp_path / "new" / "calendar" / "2023.yaml"
    notice.parent.mkdir(parents=True)
    notice.write_text('year: 2023\nnotice: {number: "", issued: ""}\noff: [2023-03-08]\nwork: []\n', encoding="utf-8")
    found = compared(tmp_path, {}, {}, CLAIMS)
    assert only(found) == ("application_limit", None, [("calendar", "")], [("violated", "met", 1)])


def test_a_relation(tmp_path: Path) -> None:
    old = VOCABULARY
    new = old.replace("须有：配备人数 不超过 编制\n", "须有：配备人数 少于 编制－58人\n")
    found = compared(tmp_path, {}, {"vocabulary.rule": new})
    assert only(found)[2:] == (
        [("relation", "staff_within_posts/unit")],
        [("met", "undetermined", 1), ("violated", "undetermined", 1)],
    )


def test_what_none_counts_as(tmp_path: Path) -> None:
    none_is = VOCABULARY.replace("  步长：1人\n  可整改：只增", "  步长：1人\n  无计为：0人\n  可整改：只增")
    units = UNITS.replace("配备人数: 2", "配备人数: 无")
    old, new = none_is, none_is.replace("无计为：0人", "无计为：1人")
    found = compared(tmp_path, {"vocabulary.rule": old}, {"vocabulary.rule": new}, units)
    assert only(found) == ("unit_has_staff", None, [("fact", "staff_on_duty")], [("violated", "met", 1)])


# --- several changes ---


def test_two_clauses_of_which_both_are_needed(tmp_path: Path) -> None:
    # Putting back either brings the old verdict back: each is a cause.
    new = STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 40人").replace("（学校、医院）", "（医院）")
    units = UNITS.replace("编制: 45, 配备人数: 1", "编制: 45, 配备人数: 0")
    found = compared(tmp_path, {}, {"staff.rule": new}, units)
    assert only(found) == ("unit_has_staff", None, [("applies", ""), ("excepted", "")], [("not_applicable", "violated", 1)])


def test_two_clauses_of_which_either_would_do(tmp_path: Path) -> None:
    # Only both together put back bring the old verdict back.
    new = STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 55人").replace("（学校、医院）", "（学校、医院、机关）")
    found = compared(tmp_path, {}, {"staff.rule": new})
    groups = {tuple(cause.what for cause in group.causes): told(group)[3] for group in found.groups}
    assert groups == {
        ("applies", "excepted"): [("violated", "not_applicable", 1)],
        ("excepted",): [("met", "not_applicable", 1)],
    }


def test_a_change_that_has_no_part_in_it_is_no_cause(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 55人").replace("（学校、医院）", "（医院）")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert only(found) == ("unit_has_staff", None, [("applies", "")], [("violated", "not_applicable", 1)])


# --- only one side judges ---


def test_a_rule_added_and_a_rule_removed(tmp_path: Path) -> None:
    other = STAFF_RULE.replace("单位配员 / unit_has_staff", "单位另配员 / unit_has_more")
    found = compared(tmp_path, {}, {"staff.rule": other})
    assert [told(group) for group in found.appeared] == [
        ("unit_has_more", None, [("added", "")], [(None, "met", 1), (None, "violated", 1), (None, "not_applicable", 1)])
    ]
    assert [told(group)[2] for group in found.fell_away] == [[("removed", "")]]
    assert [(each.rule.old, each.rule.new, dict(each.verdicts)) for each in found.rules] == [
        (None, "unit_has_more", {"met": 1, "violated": 1, "not_applicable": 1}),
        ("unit_has_staff", None, {"met": 1, "violated": 1, "not_applicable": 1}),
    ]


def test_a_rule_with_another_identifier_is_the_same_rule(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {"staff.rule": STAFF_RULE.replace("unit_has_staff", "unit_is_staffed")})
    assert (found.changed, found.only_new, found.only_old, found.unchanged) == (0, 0, 0, 3)


def test_a_limb_added(tmp_path: Path) -> None:
    body = STAFF_RULE.split("  前提")[0]
    old = body.replace("要求：", "要求（甲）：")
    new = old + "  要求（乙）：配备人数 不少于 2人\n"
    found = compared(tmp_path, {"staff.rule": old}, {"staff.rule": new})
    assert [told(group)[:3] for group in found.appeared] == [("unit_has_staff", "乙", [("limb", "")])]
    assert found.changed == found.only_old == 0


def test_periods_that_the_duty_no_longer_touches(tmp_path: Path) -> None:
    rule = """规则：每年培训 / trains
  依据：二（一）1
  > 至少配备1人
  核查对象：单位
  周期：每年
  考核期：2022年1月1日至2023年12月31日
  要求：培训人次 不少于 1人
"""
    source = register().replace("2023-01-01", "2021-01-01")
    new = rule.replace("2022年1月1日", "2023年1月1日")
    units = UNITS.replace("类别: 机关}", "类别: 机关, 培训人次: {2022: 1, 2023: 2}}")
    found = compared(tmp_path, {"trains.rule": rule}, {"trains.rule": new}, units, (source, source))
    assert [told(group)[:3] for group in found.fell_away] == [("trains", None, [("owed", "")])]
    assert {each.turn.period for group in found.fell_away for way in group.ways for each in way.examples} == {"2022"}


def test_a_file_that_one_side_refuses(tmp_path: Path) -> None:
    narrower = VOCABULARY.replace("范围：0人至1000人", "范围：0人至55人", 1)
    found = compared(tmp_path, {}, {"vocabulary.rule": narrower})
    assert [[each.file for each in side] for side in found.refused] == [[], ["报送.yaml"]]
    assert [told(group)[2] for group in found.fell_away] == [[("submission", "refused")]]
    assert found.changed == 0


# --- text alone ---


def test_a_rule_that_says_something_else_with_no_verdict_changed(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("编制 不少于 50人", "编制 不少于 48人")
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert found.changed == 0
    (change,) = found.rules
    assert (change.rule.id, [each.what for each in change.differences], change.changed, change.judged) == (
        "unit_has_staff",
        ["applies"],
        0,
        3,
    )


def test_what_no_verdict_can_depend_on(tmp_path: Path) -> None:
    new = STAFF_RULE.replace("  核查对象：单位\n", '  核查对象：单位\n  牵头单位：市人社局\n  关联规定："另一规定" / "another"\n')
    found = compared(tmp_path, {}, {"staff.rule": new})
    assert [(each.what, each.decides) for each in found.rules[0].differences] == [("responsible", False), ("see_also", False)]


# --- readings ---


def test_a_reading_that_becomes_the_default(tmp_path: Path) -> None:
    body = STAFF_RULE.split("  前提")[0]
    loose = '  口径：从宽 / wide（默认）："至少一人" / "one"\n'
    strict = '  口径：从严 / strict："至少三人" / "three"\n  要求〔从严〕：配备人数 不少于 3人\n'
    old = body + loose + strict
    new = body + loose.replace("（默认）", "") + strict.replace("strict：", "strict（默认）：")
    found = compared(tmp_path, {"staff.rule": old}, {"staff.rule": new})
    assert only(found)[2:] == ([("readings", "")], [("met", "violated", 1)])


def test_members_of_members_are_paired_by_their_path(tmp_path: Path) -> None:
    units = UNITS.rstrip("\n").replace("类别: 学校}", "类别: 学校, 科室: [{名称: 一科, 窗口数: 0}]}").replace(
        "编制: 60, 配备人数: 2, 类别: 机关}", "编制: 60, 配备人数: 2, 类别: 机关, 科室: [{名称: 一科, 窗口数: 1}]}"
    )
    new = COUNTER_RULE.replace("不少于 1个", "不少于 2个").split("  示例")[0]
    found = compared(tmp_path, {}, {"counter.rule": new}, units)
    assert only(found) == ("office_has_counter", None, [("requirement", "")], [("met", "violated", 1)])
    assert [[parent.name for parent in subject.parents] for subject, _ in found.groups[0].ways[0].listed] == [["丙局"]]


# --- the causes of changes to the rules shipped ---


def test_a_rule_set_in_english_says_what_it_says_in_chinese(tmp_path: Path) -> None:
    write_rules(tmp_path / "old")
    for file in (write_rules(tmp_path / "new") / "test").glob("*.rule"):
        file.write_text(call("translate", file, "--to", "en", "--rules", tmp_path / "old").out, encoding="utf-8")
    (tmp_path / "报送.yaml").write_text(UNITS + CLAIMS.partition("\n")[2], encoding="utf-8")
    given = []
    for name in ("old", "new"):
        rules, problems = load(tmp_path / name)
        assert rules is not None, problems
        given.append(Given(rules, facts.read([tmp_path / "报送.yaml"], rules), name, lambda rules=rules: rules.files))
    found = compare(given[0], given[1], as_of=None, today=TODAY)
    assert (found.changed, found.only_new, found.only_old, found.rules, found.reworded) == (0, 0, 0, (), ())
    assert found.compared == 5
