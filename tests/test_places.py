"""Places: names in both languages, and which lies in which."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.data import folder
from rulecheck.language.diagnostics import render
from rulecheck.language.source import Source
from rulecheck.measures.places import Place, load_places, read_places

PLACES, PROBLEMS = load_places(folder("rules"))


def find(name: str) -> Place:
    place = PLACES.find(name)
    assert place is not None, name
    return place


def test_the_shipped_table_is_read_without_fault() -> None:
    assert PROBLEMS == []
    assert len(PLACES.by_id) == 14


@pytest.mark.parametrize(
    "name", ["黄石市", "黄石", "huangshi", "Huangshi", "Huangshi City", "huangshi city", " 黄石市\u3000"]
)
def test_one_place_by_all_its_names(name: str) -> None:
    assert find(name).chinese == "黄石市"


@pytest.mark.parametrize("name", ["", "黄石县", "市", "开发区", "黄石市黄石港区"])
def test_other_names_are_not_guessed(name: str) -> None:
    assert PLACES.find(name) is None


def test_the_nearest_name_is_offered() -> None:
    assert "黄石市" in PLACES.closest("黄石县")


def test_short_names_keep_city_and_district_apart() -> None:
    assert find("荆州").chinese == "荆州市"
    assert find("荆州区").level == "county"


@pytest.mark.parametrize(
    ("outer", "inner", "contained"),
    [
        ("黄石市", "黄石市", True),
        ("黄石市", "大冶市", True),
        ("湖北省", "下陆区", True),
        ("大冶市", "黄石市", False),
        ("大冶市", "阳新县", False),
        ("荆州市", "荆州区", True),
        ("武汉市", "天门市", False),
        ("湖北省", "天门市", True),
    ],
)
def test_containment(outer: str, inner: str, contained: bool) -> None:
    assert PLACES.contains(find(outer), find(inner)) is contained


def test_ancestors_go_outwards() -> None:
    assert [place.chinese for place in PLACES.ancestors(find("铁山"))] == ["黄石市", "湖北省"]
    assert [place.chinese for place in PLACES.ancestors(find("天门"))] == ["湖北省"]


def test_the_county_level_of_huangshi_is_that_of_the_addressees() -> None:
    members = [place.chinese for place in PLACES.members(find("黄石"), "county")]
    assert members == ["黄石港区", "西塞山区", "下陆区", "铁山区", "大冶市", "阳新县", "黄石经济技术开发区"]
    assert [place.chinese for place in PLACES.by_id.values() if place.is_zone] == ["黄石经济技术开发区"]


def test_names_are_one_to_one() -> None:
    assert PLACES.names("en")["黄石经济技术开发区"] == "huangshi_development_zone"
    back = PLACES.names("zh")
    assert all(back[english] == chinese for chinese, english in PLACES.names("en").items())
    assert len(back) == len(PLACES.by_id)


def test_a_folder_without_places_has_none(tmp_path: Path) -> None:
    assert load_places(tmp_path)[0].find("黄石市") is None
    assert load_places(tmp_path)[1] == []


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "places.yaml").write_bytes(b"\xff\xfe")
    assert [each.code for each in load_places(tmp_path)[1]] == ["U807"]


ONE = "places:\n- {zh: 甲省, en: jia, level: province, contains: [%s]}\n"


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        (ONE % "{zh: 乙市, en: yi, level: town city}", "U870", "town city"),
        (ONE % "{zh: 乙省, en: yi, level: province}", "U873", "province"),
        (ONE % "{zh: 甲省, en: yi, level: city}", "U871", "{"),
        (ONE % "{zh: 乙市, en: yi, short: [甲省], level: city}", "U871", "{"),
        (ONE % "{zh: 乙市, en: Yi City, level: city}", "U872", "Yi City"),
        (ONE % "{zh: 乙市, level: city}", "U805", "{"),
        (ONE % "{zh: 乙市, en: yi, level: city, short: 乙}", "U806", "乙"),
        (ONE % "{zh: 乙市, en: yi, level: city, functional_zone: maybe}", "U806", "maybe"),
        (ONE % "{zh: 乙市, en: yi, level: city, contains: 丙}", "U806", "丙"),
        (ONE % "{zh: 乙市, en: yi, level: city, parent: jia}", "U804", "parent"),
        (ONE % "乙市", "U806", "乙市"),
        ("regions: []\n", "U805", "r"),
        ("places: {}\n", "U805", "p"),
        ("places: [\n", "U800", ""),
    ],
)
def test_a_faulty_table_is_told_with_its_place(text: str, code: str, underlined: str) -> None:
    _, problems = read_places(Source("places.yaml", text))
    assert [(each.code, each.labels[0].span.text.strip()) for each in problems] == [(code, underlined)]
    assert render(problems[0], "zh")
    assert render(problems[0], "en")
