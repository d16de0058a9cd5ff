"""Several files: joined, contradicted, refused; parents in other files; nothing depends on order."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from rulecheck.facts import read
from rulecheck.language.diagnostics import render
from rulecheck.rules.load import load
from rulecheck.submission import NONE, UNTOLD, Submission
from support_facts import CITY, COUNTY, RULE_SET, Desk, advice, codes, only, shown, text_of, value


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(submission: Submission) -> dict[str, list[str]]:
    return {refusal.file: [fault.code for fault in refusal.faults] for refusal in submission.refused}


def unit(lines: str, header: str = "") -> str:
    return f"{header}单位:\n  - " + lines.replace("\n", "\n    ") + "\n"


def test_what_several_files_say_of_one_subject_is_joined(desk: Desk) -> None:
    submission = desk.read({"a.yaml": unit("名称: 甲\n编制: 5"), "b.csv": "核查对象,名称,面积\nunit,甲,3平方米\n"})
    subject = only(submission)
    assert (value(subject, "posts"), value(subject, "area")) == (5, 300)
    assert subject.origins[subject.kind.slots["area"]].file == "b.csv"


def test_the_same_value_in_two_files_is_one_value(desk: Desk) -> None:
    subject = only(desk.read({"b.yaml": unit("名称: 甲\n编制: 5人"), "a.yaml": unit("名称: 甲\n编制: 5")}))
    assert subject.origins[subject.kind.slots["posts"]].file == "a.yaml"


def test_untold_in_one_file_is_told_by_another(desk: Desk) -> None:
    assert value(only(desk.read({"a.yaml": unit("名称: 甲\n编制: /"), "b.yaml": unit("名称: 甲\n编制: 5")})), "posts") == 5


def test_two_values_show_both_places_and_refuse_both_files(desk: Desk) -> None:
    submission = desk.read({"a.yaml": unit("名称: 甲\n编制: 5"), "b.yaml": unit("名称: 甲\n编制: 6")})
    assert refused(submission) == {"a.yaml": ["F401"], "b.yaml": ["F401"]}
    first, second = (text_of(refusal.faults[0]) for refusal in submission.refused)
    assert "“5人”" in first
    assert "b.yaml 第3行是“6人”" in first
    assert "a.yaml 第3行是“5人”" in second
    assert submission.subjects["unit"] == ()


def test_every_file_that_gives_a_contradicted_value_is_refused(desk: Desk) -> None:
    files = {name: unit(f"名称: 甲\n编制: {count}") for name, count in (("a.yaml", 5), ("b.yaml", 5), ("c.yaml", 6))}
    assert set(refused(desk.read(files | {"d.yaml": unit("名称: 甲\n面积: 1")}))) == {"a.yaml", "b.yaml", "c.yaml"}


def test_a_contradiction_refuses_no_other_file(desk: Desk) -> None:
    files = {"a.yaml": unit("名称: 甲\n编制: 5"), "b.yaml": unit("名称: 甲\n编制: 6"), "c.yaml": unit("名称: 乙\n编制: 7")}
    submission = desk.read(files)
    assert [each.name for each in submission.subjects["unit"]] == ["乙"]


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("编号: 1\n名称: 甲", "编号: 1\n名称: 乙", "名称"),
        ("名称: 甲\n地区: 黄石市", "名称: 甲\n地区: 阳新县", "地区"),
        ("名称: 甲\n截至: 2023年1月1日\n编制: 5", "名称: 甲\n截至: 2023年1月2日\n编制: 5", "截至"),
        ("名称: 甲\n撤销日: 无", "名称: 甲\n撤销日: 2023年1月1日", "撤销日"),
        ("名称: 甲\n新增就业人数: {2022年: 1}", "名称: 甲\n新增就业人数: {2022年: 2}", "新增就业人数@2022"),
        ("名称: 甲\n说明理由: {每年报送: 一}", "名称: 甲\n说明理由: {每年报送: 二}", "说明理由"),
        ("名称: 甲\n残疾职工: 空", "名称: 甲\n残疾职工: [{名称: 张三}]", "残疾职工"),
        ("名称: 甲\n单位类别: 机关", "名称: 甲\n单位类别: 事业单位", "单位类别"),
        ("名称: 甲\n是否公开: 无", "名称: 甲\n是否公开: 是", "是否公开"),
    ],
)
def test_every_kind_of_contradiction(desk: Desk, one: str, other: str, what: str) -> None:
    submission = desk.read({"a.yaml": unit(one), "b.yaml": unit(other)})
    assert refused(submission) == {"a.yaml": ["F401"], "b.yaml": ["F401"]}
    for refusal in submission.refused:
        assert f"“{what}”" in text_of(refusal.faults[0])
        assert render(refusal.faults[0], "en")


def test_a_contradiction_of_sensitive_values_does_not_show_them(desk: Desk) -> None:
    submission = desk.read({"a.yaml": unit("名称: 甲\n职工工资: 8888元"), "b.yaml": unit("名称: 甲\n职工工资: 7777元")})
    assert codes(submission) == ["F401", "F401"]
    assert "8888" not in shown(submission)
    assert "7777" not in shown(submission)


def test_periods_of_several_files_are_joined(desk: Desk) -> None:
    files = {f"{year}.yaml": unit(f"名称: 甲\n新增就业人数@{year}年: {year - 2000}") for year in (2022, 2023)}
    assert value(only(desk.read(files)), "new_jobs") == {"2022": 22, "2023": 23}


def test_a_name_alone_means_the_one_unit_that_has_it(desk: Desk) -> None:
    subject = only(desk.read({"a.yaml": unit("名称: 甲\n编制: 5"), "b.yaml": unit("编号: 1\n名称: 甲\n面积: 1")}))
    assert (subject.id, value(subject, "posts"), value(subject, "area")) == ("1", 5, 100)


def test_a_name_of_two_units_is_refused(desk: Desk) -> None:
    files = {
        "a.yaml": unit("名称: 甲\n编制: 5"),
        "b.yaml": unit("编号: 1\n名称: 甲"),
        "c.yaml": unit("编号: 2\n名称: 甲"),
    }
    submission = desk.read(files)
    assert refused(submission) == {"a.yaml": ["F414"]}
    assert [each.id for each in submission.subjects["unit"]] == ["1", "2"]


def test_the_same_subject_twice_in_one_file(desk: Desk) -> None:
    submission = desk.read({"a.yaml": "单位:\n  - 名称: 甲\n    编制: 5\n  - 名称: 甲\n    编制: 5\n"})
    assert refused(submission) == {"a.yaml": ["F407"]}
    assert "第2行" in text_of(submission.refused[0].faults[0])
    assert "第4行" in text_of(submission.refused[0].faults[0])


# --- as-of dates ---


def test_as_of_comes_from_the_file_to_every_subject(desk: Desk) -> None:
    text = "截至: 2023年12月31日\n镇:\n  - 名称: 甲\n    学校: [{名称: 一小}]\n"
    submission = desk.read({"a.yaml": text})
    days = {each.as_of for each in (*submission.subjects["town"], *submission.subjects["school"])}
    assert days == {date(2023, 12, 31).toordinal()}


def test_files_that_name_a_unit_only_on_the_way_to_its_members_may_have_other_dates(desk: Desk) -> None:
    def claims(month: str, name: str) -> str:
        return unit(f"名称: 甲\n残疾职工: [{{名称: {name}}}]", f"截至: 2023年{month}底\n")

    files = {"1.yaml": claims("1月", "张三"), "2.yaml": claims("2月", "李四")}
    subject = only(desk.read(files))
    assert subject.as_of == date(2023, 2, 28).toordinal()
    own = unit("名称: 甲\n编制: 5", "截至: 2022年底\n")
    assert only(desk.read(files | {"3.yaml": own})).as_of == date(2022, 12, 31).toordinal()


# --- places ---


def test_the_place_given_on_the_command_line_comes_last(desk: Desk) -> None:
    files = {"a.yaml": unit("名称: 甲", "地区: 阳新县\n"), "b.yaml": unit("名称: 乙")}
    assert [each.place for each in desk.read(files, place=CITY).subjects["unit"]] == [COUNTY, CITY]
    assert [each.place for each in desk.read(files).subjects["unit"]] == [COUNTY, None]


def test_a_members_own_file_counts_only_where_its_parent_says_nothing(desk: Desk) -> None:
    town = "镇:\n  - 名称: 甲镇\n"
    member = "地区: 阳新县\n学校:\n  - {名称: 一小, 上级: 甲镇}\n"
    assert only(desk.read({"a.yaml": town, "b.yaml": member}, place=CITY), "school").place == COUNTY
    assert only(desk.read({"a.yaml": "地区: 黄石市\n" + town, "b.yaml": member}), "school").place == CITY


# --- parents and rosters over files ---

TOWNS = "编号,名称,人口\nT1,甲镇,900\nT2,乙镇,800\n"


def schools(submission: Submission, town: int) -> tuple[list[str], bool] | None:
    subject = submission.subjects["town"][town]
    found = subject.rosters[subject.kind.children["school"]]
    return None if found is None else ([each.name for each in found.members], found.is_complete)


@pytest.mark.parametrize("parent", ["T1", "甲镇"])
def test_rows_join_the_roster_of_the_parent_they_name(desk: Desk, parent: str) -> None:
    submission = desk.read({"镇.csv": TOWNS, "学校.csv": f"名称,上级,人口\n一小,{parent},90\n二小,{parent},80\n"})
    assert schools(submission, 0) == (["一小", "二小"], True)
    assert schools(submission, 1) is None
    assert all(each.parent is submission.subjects["town"][0] for each in submission.subjects["school"])


def test_parent_and_member_in_one_table(desk: Desk) -> None:
    submission = desk.read({"表.csv": "核查对象,名称,上级\n学校,一小,甲镇\n镇,甲镇,\n"})
    assert schools(submission, 0) == (["一小"], True)


def test_members_of_two_files_make_one_roster(desk: Desk) -> None:
    nested = "镇:\n  - 编号: T1\n    学校: {}\n"
    files = {
        "a.yaml": nested.format("[{名称: 一小}]"),
        "b.yaml": "学校:\n  - {名称: 二小, 上级: T1}\n",
    }
    assert schools(desk.read(files), 0) == (["一小", "二小"], True)
    files["a.yaml"] = nested.format("{未报全: 是, 名单: [{名称: 一小}]}")
    assert schools(desk.read(files), 0) == (["一小", "二小"], False)


def test_an_unknown_parent_gets_the_nearest(desk: Desk) -> None:
    submission = desk.read({"镇.csv": TOWNS, "学校.csv": "名称,上级\n一小,甲真\n"})
    assert refused(submission) == {"学校.csv": ["F410"]}
    assert "甲镇" in advice(submission.refused[0].faults[0])
    assert len(submission.subjects["town"]) == 2


def test_a_parent_that_could_be_two(desk: Desk) -> None:
    submission = desk.read({"镇.csv": "编号,名称\n1,甲镇\n2,甲镇\n", "学校.csv": "名称,上级\n一小,甲镇\n"})
    assert refused(submission) == {"学校.csv": ["F412"]}


def test_a_parent_in_a_refused_file(desk: Desk) -> None:
    submission = desk.read({"镇.csv": "名称,人口\n甲镇,许多\n", "学校.csv": "名称,上级\n一小,甲镇\n"})
    assert refused(submission)["学校.csv"] == ["F411"]
    assert "镇.csv" in text_of(next(each for each in submission.refused if each.file == "学校.csv").faults[0])


def test_a_row_without_parent_is_about_the_one_member_of_that_name(desk: Desk) -> None:
    nested = "镇:\n  - 编号: T1\n    学校: [{名称: 一小}]\n  - 编号: T2\n    学校: [{名称: 二小}]\n"
    submission = desk.read({"a.yaml": nested, "学校.csv": "名称,人口\n一小,90\n"})
    assert [(each.name, value(each, "people")) for each in submission.subjects["school"]] == [("一小", 90), ("二小", UNTOLD)]


def test_a_row_without_parent_that_could_be_two_members(desk: Desk) -> None:
    nested = "镇:\n  - 编号: T1\n    学校: [{名称: 一小}]\n  - 编号: T2\n    学校: [{名称: 一小}]\n"
    assert refused(desk.read({"a.yaml": nested, "学校.csv": "名称,人口\n一小,90\n"})) == {"学校.csv": ["F413"]}


def test_a_row_without_parent_and_without_namesake_stands_alone(desk: Desk) -> None:
    submission = desk.read({"学校.csv": "名称,人口\n一小,90\n"})
    assert only(submission, "school").parent is None


# --- what a refused file takes away ---


def test_a_roster_that_lacks_the_rows_of_a_refused_file_is_not_complete(desk: Desk) -> None:
    files = {"镇.csv": TOWNS, "学校.csv": "名称,上级\n一小,T1\n三小,T2\n", "学校-2.csv": "名称,上级,人口\n二小,T1,许多\n"}
    submission = desk.read(files)
    assert refused(submission) == {"学校-2.csv": ["U810"]}
    assert (schools(submission, 0), schools(submission, 1)) == ((["一小"], False), (["三小"], True))
    assert [(warning.code, warning.file) for warning in submission.warnings] == [("F421", "学校-2.csv")]


@pytest.mark.parametrize("broken", ["名称,上级\n二小,T1,\n三小\n", "名称,上级\n二小,\xff\n", '名称\n"'])
def test_a_broken_table_of_members_leaves_no_roster_complete(desk: Desk, broken: str) -> None:
    content = broken.encode("latin-1", "ignore") if "\xff" in broken else broken
    files = {"镇.csv": TOWNS, "学校.csv": "名称,上级\n一小,T1\n", "学校-2.csv": content}
    submission = desk.read(files)
    assert schools(submission, 0) == (["一小"], False)


def test_a_refused_file_with_nested_members_too(desk: Desk) -> None:
    bad = "镇:\n  - 编号: T1\n    学校: [{名称: 二小, 人口: 许多}]\n"
    files = {"镇.csv": TOWNS, "学校.csv": "名称,上级\n一小,T1\n三小,T2\n", "b.yaml": bad}
    submission = desk.read(files)
    assert (schools(submission, 0), schools(submission, 1)) == ((["一小"], False), (["三小"], True))


# --- references ---


@pytest.mark.parametrize("written", ["U1", "甲局"])
def test_a_reference_becomes_the_id(desk: Desk, written: str) -> None:
    files = {"a.yaml": unit("编号: U1\n名称: 甲局"), "申领.csv": f"编号,经办机构\n1,{written}\n"}
    assert value(only(desk.read(files), "claim"), "office") == "U1"


def test_a_reference_to_nobody_here_stays_as_written(desk: Desk) -> None:
    assert value(only(desk.read({"申领.csv": "编号,经办机构\n1,某局\n"}), "claim"), "office") == "某局"


def test_a_reference_to_two(desk: Desk) -> None:
    files = {"单位.csv": "编号,名称\n1,甲局\n2,甲局\n", "申领.csv": "编号,经办机构\n1,甲局\n"}
    assert refused(desk.read(files)) == {"申领.csv": ["F415"]}


# --- order ---


def fingerprint(submission: Submission) -> object:
    return (
        submission.sha256,
        [
            (kind, each.id, each.name, each.values, each.origins, each.as_of, each.place, each.reasons, each.origin)
            for kind, subjects in submission.subjects.items()
            for each in subjects
        ],
        submission.refused,
        submission.warnings,
    )


def test_the_order_of_arguments_changes_nothing(desk: Desk) -> None:
    files = {
        "a.yaml": unit("名称: 甲\n编制: 5", "截至: 2023年底\n"),
        "b.json": '{"unit": [{"id": "1", "name": "甲", "area": "3"}, {"id": "2", "name": "乙", "posts": 3}]}',
        "单位.csv": "名称,编制,序号\n乙,4,1\n",
        "镇.csv": TOWNS,
    }
    paths = [desk.put(name, content) for name, content in files.items()]
    found = [fingerprint(read(order, RULE_SET)) for order in permutations(paths)]
    assert all(each == found[0] for each in found)


def test_the_order_of_subjects_is_that_of_names_and_lines(desk: Desk) -> None:
    submission = desk.read({"b.yaml": unit("名称: 丙"), "a.yaml": "单位:\n  - 名称: 丁\n  - 名称: 乙\n"})
    assert [each.name for each in submission.subjects["unit"]] == ["丁", "乙", "丙"]


def test_every_kind_is_there(desk: Desk) -> None:
    assert set(desk.read({"a.yaml": unit("名称: 甲")}).subjects) == set(RULE_SET.kinds)


def test_none_and_nothing_are_not_the_same(desk: Desk) -> None:
    assert value(only(desk.read({"a.yaml": unit("名称: 甲\n撤销日: 无")})), "closed_on") is NONE


def test_a_member_that_names_no_parent_goes_back_where_there_are_parents(tmp_path: Path) -> None:
    """Left by itself it would be missing from a list of which the others comply, and the list would pass."""
    rules, _ = load()
    assert rules is not None
    (tmp_path / "地方.csv").write_text("名称,层级\n示例县,县级\n", encoding="utf-8")
    (tmp_path / "残疾人.csv").write_text("编号,上级,信息核对次数\nP0,,0\nP1,示例县,1\n", encoding="utf-8")
    (refused,) = read([tmp_path], rules).refused
    assert (refused.file.rpartition("/")[2], [fault.code for fault in refused.faults]) == ("残疾人.csv", ["F416"])
