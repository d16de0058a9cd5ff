"""Which file comes from which unit of the roster, and where each unit stands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rulecheck.facts.authority.senders import Named, Senders, Sent, remark, standings, tell
from rulecheck.facts.nodes import Faults
from rulecheck.language.diagnostics import render
from rulecheck.submission import Standing, State
from support_facts import CITY, COUNTY, KINDS
from support_lists import roster, told

EXPECTED = roster(
    """
- {代码: DW-01, 全称: 黄石市航标局, 简称: 航标局, 地区: 黄石市, 应报: "单位、申领"}
- {代码: DW-02, 全称: 黄石市桥梁局, 简称: 桥梁局, 地区: 黄石市}
- {代码: DW-03, 全称: 阳新县渡口局, 地区: 阳新县, 应报: 单位}
- {代码: A1429900000000000K, 全称: 云栖基地}
"""
)


def sent(file: str = "1.yaml", *names: str, signed: str = "", kind: str = "unit") -> Sent:
    return Sent(file, tuple(Named(kind, name=name) for name in names), signed)


def of(sent: Sent) -> tuple[list[str], str]:
    """The codes of its units, and what told them."""
    sender = tell(EXPECTED, sent)
    return list(sender.codes), sender.told_by


NAMESAKES = roster(
    """
- {代码: DW-01, 全称: 黄石市航标局, 简称: 航标局}
- {代码: DW-02, 全称: 阳新县航标局, 简称: 县航标局}
"""
)


def test_a_short_name_in_a_file_of_its_namesake_means_neither() -> None:
    senders = Senders(NAMESAKES, {name: tell(NAMESAKES, Sent(name)) for name in ("县航标局/1.yaml", "1.yaml")})
    assert senders.code("航标局", "县航标局/1.yaml") == "航标局"
    assert senders.code("黄石市航标局", "县航标局/1.yaml") == "DW-01"
    assert senders.code("DW-01", "县航标局/1.yaml") == "DW-01"
    assert senders.code("县航标局", "县航标局/1.yaml") == "DW-02"
    assert senders.code("航标局", "1.yaml") == "DW-01"


# --- which file comes from whom ---


def test_its_subjects_tell_a_file() -> None:
    assert of(sent("某某局.yaml", "航标局")) == (["DW-01"], "subjects")
    assert of(sent("1.yaml", "航标局", "黄石市桥梁局", "别的单位")) == (["DW-01", "DW-02"], "subjects")


def test_a_member_belongs_to_the_unit_above_it() -> None:
    unit = Named("unit", name="航标局")
    assert of(Sent("1.yaml", (Named("disabled_employee", above=unit),))) == (["DW-01"], "subjects")
    assert of(Sent("1.yaml", (Named("school", name="青柳小学", parent="桥梁局"),))) == (["DW-02"], "subjects")


def test_a_short_name_within_another_subject_tells_nothing() -> None:
    town = Named("town", name="青柳镇")
    assert of(Sent("1.yaml", (town, Named("school", name="航标局", above=town)))) == ([], "")


def test_its_signature_tells_a_file_of_other_subjects() -> None:
    assert of(sent("桥梁局/1.yaml", "青柳小学", signed="航标局")) == (["DW-01"], "signature")


def test_whoever_signs_somebody_elses_figures_has_reported_too() -> None:
    assert of(sent("1.yaml", "桥梁局", signed="航标局")) == (["DW-02", "DW-01"], "subjects")


def test_else_the_name_of_the_file_or_folder_tells_it() -> None:
    assert of(sent("08航标局/下属单位.xlsx", "星图馆", "声音馆")) == (["DW-01"], "name")
    assert of(sent("08航标局/下属单位.xlsx", signed="某某局")) == (["DW-01"], "name")


def test_a_file_of_nobody() -> None:
    assert of(sent("下属单位.xlsx", "星图馆")) == ([], "")


def test_the_place_of_a_file_is_its_units() -> None:
    assert tell(EXPECTED, sent("1.yaml", "航标局", "桥梁局")).place == CITY
    assert tell(EXPECTED, sent("1.yaml", "航标局", "阳新县渡口局")).place is None
    assert tell(EXPECTED, sent("1.yaml", "云栖基地")).place is None


def test_a_subject_has_its_own_place_on_the_roster_else_its_senders() -> None:
    files = {"1.yaml": tell(EXPECTED, sent("1.yaml", "航标局"))}
    places = Senders(EXPECTED, files)
    assert places.place("阳新县渡口局", ["1.yaml"]) == COUNTY
    assert places.place("星图馆", ["1.yaml"]) == CITY
    assert places.place("星图馆", ["2.yaml"]) is None
    assert places.place("云栖基地", ["1.yaml"]) is None


# --- remarks ---


def remarks(sent: Sent) -> list[str]:
    faults = Faults(sent.file)
    remark(tell(EXPECTED, sent), faults)
    return [render(warning).split("\n")[0] for warning in told(faults.warnings)]


def test_a_file_of_nobody_is_told_by_what_it_calls_itself() -> None:
    assert remarks(sent("1.yaml", "星图馆", "声音馆")) == ["提醒[E130] “星图馆”不在应报单位名录中（名录外）"]
    assert remarks(sent("1.yaml", "星图馆", signed="文化局")) == ["提醒[E130] “文化局”不在应报单位名录中（名录外）"]
    assert [text[:8] for text in remarks(sent("1.yaml"))] == ["提醒[E131]"]


def test_a_file_that_a_unit_sent_may_be_about_others() -> None:
    assert remarks(sent("航标局/1.yaml", "星图馆")) == []


def test_strangers_beside_units_of_the_roster_are_told() -> None:
    (text,) = remarks(sent("1.yaml", "航标局", "星图馆", "声音馆"))
    assert text == "提醒[E132] 其中2个对象不在应报单位名录中（名录外）：星图馆、声音馆"


def test_many_strangers_are_counted() -> None:
    (text,) = remarks(sent("1.yaml", "航标局", *(f"馆{number}" for number in range(1, 8))))
    assert text.endswith("其中7个对象不在应报单位名录中（名录外）：馆1、馆2、馆3、馆4、馆5、馆6")


def test_subjects_of_other_kinds_are_no_strangers() -> None:
    both = Sent("1.yaml", (Named("unit", name="航标局"), Named("claim", id="SQ-1")))
    assert remarks(both) == []


def test_a_name_with_a_credit_code_that_is_not_the_rosters() -> None:
    doubtful = Sent("1.yaml", (Named("unit", credit_code="91429900000000000L", name="云栖基地"),))
    assert of(doubtful) == ([], "")
    assert [text[3:7] for text in remarks(doubtful)] == ["E133", "E130"]


# --- where each unit stands ---


def stand(taken: Sequence[Sent] = (), refused: Sequence[Sent] = (), unread: Sequence[str] = ()) -> dict[str, Standing]:
    of_taken = {each.file: tell(EXPECTED, each) for each in taken}
    of_refused = {each.file: tell(EXPECTED, each) for each in refused}
    found = standings(EXPECTED, of_taken, of_refused, unread, KINDS)
    assert [standing.unit for standing in found] == list(EXPECTED.units)
    return {standing.unit.code: standing for standing in found}


def test_who_sent_nothing_is_silent() -> None:
    standing = stand(taken=[sent("1.yaml", "航标局")])["DW-02"]
    assert (standing.state, standing.files, standing.refused) == (State.SILENT, (), ())


def test_who_sent_something_and_is_to_report_nothing_in_particular_has_reported() -> None:
    standing = stand(taken=[sent("2.yaml", "桥梁局"), sent("1.yaml", "桥梁局")])["DW-02"]
    assert (standing.state, standing.files) == (State.RECEIVED, ("1.yaml", "2.yaml"))


def test_a_kind_that_is_lacking_is_named() -> None:
    standing = stand(taken=[sent("1.yaml", "航标局")])["DW-01"]
    assert standing.state is State.PARTLY
    assert [kind.zh for kind in standing.missing] == ["申领"]


def test_all_that_is_to_be_reported_in_several_files() -> None:
    claims = sent("航标局/申领.csv", "SQ-1", kind="claim")
    assert stand(taken=[sent("1.yaml", "航标局"), claims])["DW-01"].state is State.RECEIVED


def test_that_there_are_none_is_a_report_too() -> None:
    none = Sent("2.yaml", (Named("unit", name="航标局"),), kinds=frozenset({"claim"}))
    assert stand(taken=[none])["DW-01"].state is State.RECEIVED


def test_what_stands_in_a_file_of_several_units_is_each_ones_own() -> None:
    both = Sent("1.yaml", (Named("unit", name="航标局"), Named("unit", name="桥梁局"), Named("claim", parent="桥梁局")))
    assert [kind.zh for kind in stand(taken=[both])["DW-01"].missing] == ["申领"]


def test_refused_files_only() -> None:
    standing = stand(refused=[sent("1.yaml", "阳新县渡口局")])["DW-03"]
    assert (standing.state, standing.refused, standing.missing) == (State.REFUSED, ("1.yaml",), ())


def test_a_file_of_which_nothing_could_be_read_is_told_by_its_name() -> None:
    assert stand(refused=[Sent("阳新县渡口局.yaml")])["DW-03"].state is State.REFUSED


def test_some_taken_and_some_refused() -> None:
    standing = stand(taken=[sent("1.yaml", "阳新县渡口局")], refused=[sent("2.yaml", "阳新县渡口局")])["DW-03"]
    assert (standing.state, standing.files, standing.refused) == (State.PARTLY, ("1.yaml",), ("2.yaml",))


def test_what_was_refused_is_not_lacking_as_well() -> None:
    claims = sent("航标局/申领.csv", "SQ-1", kind="claim")
    assert stand(taken=[sent("1.yaml", "航标局")], refused=[claims])["DW-01"].missing == ()


def test_a_scan_is_no_report_but_is_told() -> None:
    standing = stand(unread=["桥梁局/扫描件.jpg"])["DW-02"]
    assert (standing.state, standing.unread) == (State.SILENT, ("桥梁局/扫描件.jpg",))


@pytest.mark.parametrize("code", ["DW-01", "DW-02", "DW-03", "A1429900000000000K"])
def test_without_any_file_everybody_is_silent(code: str) -> None:
    assert stand()[code].state is State.SILENT
