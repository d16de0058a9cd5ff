"""`examples/inbox-2023/`, a folder as it comes in, end to end: what was read, what goes back to whom, who is silent, and the
verdicts of the rest. Every expectation was worked out by hand from the clauses of 60号 二（一）1 and from the files.

The prescribed ratio is known as 1.5% or more: 1 of 67, 1 of 100 and 2 of 134 are below any such ratio (1.5% of these is 1.005,
1.5 and 2.01).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support_command import call

EXAMPLES = Path(__file__).parents[1] / "examples"
BESIDE = {name: EXAMPLES / f"inbox-2023-{name}" for name in ("expected.xlsx", "manifest.yaml", "headings.yaml")}


@cache
def report(*left_out: str) -> dict[str, Any]:
    """The JSON report of the inbox, without the files beside it that are left out."""
    options = [
        word for name, path in BESIDE.items() if name not in left_out for word in (f"--{name.partition('.')[0]}", str(path))
    ]
    run = call("check", str(EXAMPLES / "inbox-2023"), "--place", "黄石市", "--format", "json", *options)
    assert run.status == 2, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def verdicts(rule: str, *left_out: str) -> dict[str, str]:
    judgements = report(*left_out)["judgements"]
    return {each["subject"]["name"].removeprefix("示例市"): each["verdict"] for each in judgements if each["rule"] == rule}


ORGANS = {
    "风筝局": "violated",  # 50 posts, 48 staff, none employed
    "灯塔局": "not_applicable",  # 49 posts
    "渡船局": "met",  # 51 posts, 1 of 67
    "湖岸局": "met",  # the later version: 1 of 100
    "芦苇局": "met",  # 2 of 134
    "萤火局": "violated",  # 120 posts, none employed
    "雨燕局": "met",  # 50 posts, 2 of 134
    "青石县邮票局": "not_applicable",  # county level
}
INSTITUTIONS = {
    "云杉站": "violated",  # 67 posts, none employed
    "云母馆": "met",  # 68 posts, 1 of 70
    "云石所": "violated",  # 67 posts, none employed
    "云雀园": "not_applicable",  # a kindergarten
}


def test_verdicts_of_organs() -> None:
    found = verdicts("city_organ_employs_disabled")
    assert {name: found[name] for name in ORGANS} == ORGANS
    assert {verdict for name, verdict in found.items() if name not in ORGANS} == {"not_applicable"}


def test_verdicts_of_institutions() -> None:
    found = verdicts("institution_employs_disabled")
    assert {name: found[name] for name in INSTITUTIONS} == INSTITUTIONS
    assert {verdict for name, verdict in found.items() if name not in INSTITUTIONS} == {"not_applicable"}


def test_who_employs_nobody_has_nothing_to_publish() -> None:
    found = verdicts("placement_is_published")
    met = {"渡船局", "湖岸局", "芦苇局", "雨燕局", "云母馆"}
    assert {name for name, verdict in found.items() if verdict == "met"} == met
    assert {found[name] for name in ("风筝局", "萤火局", "云杉站", "云石所")} == {"not_applicable"}


def test_what_goes_back_and_why() -> None:
    refused = {each["file"].partition("/")[2]: {fault["code"] for fault in each["faults"]} for each in report()["refused"]}
    assert set(refused) == {"06堤坝局.xlsx", "08钟楼局/下属单位.xlsx", "10晚风局/单位-人事科.csv", "10晚风局/单位-办公室.csv"}
    assert refused["10晚风局/单位-人事科.csv"] == {"F401"}


@pytest.mark.parametrize(
    ("file", "cell"),
    [("06堤坝局.xlsx", "单位!G2"), ("08钟楼局/下属单位.xlsx", "单位!G4")],
)
def test_a_fault_names_its_cell(file: str, cell: str) -> None:
    (refused,) = [each for each in report()["refused"] if each["file"].endswith(file)]
    assert [cell in json.dumps(fault, ensure_ascii=False) for fault in refused["faults"]] == [True]


def test_who_is_expected_received_refused_and_silent() -> None:
    states: dict[str, set[str]] = {}
    for each in report()["expected"]:
        states.setdefault(each["state"], set()).add(each["full_name"].removeprefix("示例市"))
    assert states == {
        "received": {"风筝局", "灯塔局", "渡船局", "湖岸局", "芦苇局", "云杉站", "萤火局", "雨燕局", "卷云局"},
        "refused": {"堤坝局", "钟楼局", "晚风局"},
        "silent": {"山雀局", "石阶局"},
    }


def test_a_later_version_counts_only_by_the_manifest() -> None:
    (replaced,) = report()["replaced"]
    assert "04湖岸局/单位.xlsx" in json.dumps(replaced, ensure_ascii=False)
    without = {each["file"].partition("/")[2] for each in report("manifest.yaml")["refused"]}
    assert {"04湖岸局/单位.xlsx", "04湖岸局/单位（修改后）.xlsx"} <= without


def test_headings_of_a_units_own_need_the_mapping() -> None:
    without = {each["file"].partition("/")[2] for each in report("headings.yaml")["refused"]}
    assert "13雨燕局/单位.xlsx" in without


def test_figures_are_cited_by_cell() -> None:
    (judgement,) = [
        each
        for each in report()["judgements"]
        if each["rule"] == "city_organ_employs_disabled" and each["subject"]["name"] == "示例市风筝局"
    ]
    written = json.dumps(judgement["evidence"], ensure_ascii=False)
    assert "附件1 单位情况表.xlsx" in written
    assert "!单位!G5" in written  # 编制, in the fifth column of a table that begins at C4
    assert judgement["margin"] == {"value": "-1", "unit": "人"}


def test_the_same_bytes_twice() -> None:
    again = json.dumps(report(), ensure_ascii=False)
    report.cache_clear()
    assert json.dumps(report(), ensure_ascii=False) == again
