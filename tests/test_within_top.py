"""`居前（座位，50%）`: which members make up the head of a ranking, worked out by hand."""

from __future__ import annotations

import pytest

from rulecheck.judgement import Verdict
from rulecheck.proving.boundaries import lacking
from support_explain import judge, node, nodes, one, outlets, rule, rule_set
from support_resolve import requiring, told

RAMPS = "要求：每一 网点 其中 （居前（座位，50%）） 满足 （有坡道）"


def verdict(*rows: str, partial: bool = False, clauses: str = RAMPS) -> Verdict:
    return one(clauses, outlets(*rows, partial=partial)).verdict


def seats(number: int, ramp: str = "是") -> str:
    return f"座位: {number}个, 有坡道: {ramp}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 40 of 100 are greater than 30: not yet half, so 30 belongs; 70 are greater than 20
        ([seats(40), seats(30, "否"), seats(20), seats(10)], Verdict.VIOLATED),
        ([seats(40), seats(30), seats(20, "否"), seats(10, "否")], Verdict.MET),
        # 50 of 100 are exactly half: what follows is no longer needed
        ([seats(50), seats(30, "否"), seats(20, "否")], Verdict.MET),
        # equals at the edge all belong
        ([seats(40), seats(30), seats(30, "否")], Verdict.VIOLATED),
        # without any volume nobody belongs
        ([seats(0, "否"), seats(0, "否")], Verdict.NOT_APPLICABLE),
        ([seats(9, "否")], Verdict.VIOLATED),
    ],
)
def test_who_belongs(rows: list[str], expected: Verdict) -> None:
    assert verdict(*rows) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # at most 1000 seats each: 10 belongs only while the other has at most as many
        (["有坡道: 是", seats(10, "否")], Verdict.UNDETERMINED),
        # nobody can have more than 1000, so that it surely belongs; none never does, whatever the other has
        ([seats(1000), seats(0, "否"), "有坡道: 是"], Verdict.MET),
        ([seats(1000, "否"), "有坡道: 是"], Verdict.VIOLATED),
    ],
)
def test_what_is_not_known(rows: list[str], expected: Verdict) -> None:
    assert verdict(*rows) is expected


def test_a_roster_that_is_not_whole_decides_only_nothing_at_all() -> None:
    assert verdict(seats(50, "否"), partial=True) is Verdict.UNDETERMINED
    count = "要求：计数（网点 其中 居前（座位，50%）） 不少于 1"
    assert verdict(seats(0), partial=True, clauses=count) is Verdict.UNDETERMINED


def test_other_conditions_do_not_narrow_the_ranking() -> None:
    clauses = "要求：每一 网点 其中 （网点类型=流动 且 居前（座位，50%）） 满足 （有坡道）"
    rows = [f"{seats(90)}, 网点类型: 固定", f"{seats(10, '否')}, 网点类型: 流动"]
    assert verdict(*rows, clauses=clauses) is Verdict.NOT_APPLICABLE


def test_its_share_and_the_running_sum_are_told() -> None:
    judgement = one(RAMPS, outlets(seats(40), seats(30, "否"), seats(20), seats(10)))
    found = node(judgement, "座位居前50%")
    assert found.text.zh == "座位居前50%（占全部的30%，比它大的合计占40%）：成立"
    assert found.text.en == "within the top 50% by seats (30% of the whole; those greater make up 40%): holds"
    (other,) = judge(RAMPS, outlets(seats(40), "有坡道: 否"))
    assert [each.text.zh for each in nodes(other.evidence) if each.text.zh.startswith("座位居前")]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("每一 员工 满足 （居前（编制，50%））", ("R271", "居前（编制，50%）")),
        ("每一 员工 满足 （居前（工种，50%））", ("R272", "工种")),
        ("每一 员工 满足 （居前（月薪，0%））", ("R273", "0%")),
        ("每一 员工 满足 （居前（月薪，100.1%））", ("R273", "100.1%")),
        ("每一 员工 满足 （居前（月薪，5元））", ("R273", "5元")),
        ("居前（编制，50%） 不少于 1", ("R208", "居前（编制，50%）")),
    ],
)
def test_a_ranking_with_a_fault(expression: str, expected: tuple[str, ...]) -> None:
    assert told(requiring(expression)) == [expected]


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ("{座位=5个，有坡道=是}{座位=5个，有坡道=未知}", ["R322"]),
        ("{座位=9个，有坡道=是}{座位=1个，有坡道=否}", ["R308"]),
        ("{座位=9个，有坡道=未知}{座位=1个，有坡道=否}", []),
        ("{座位=0个，有坡道=是}", ["R321", "R308"]),
    ],
)
def test_examples_stand_on_both_sides_of_the_edge(members: str, codes: list[str]) -> None:
    rules = rule_set(rule(f"{RAMPS}\n示例：网点={members} → 无法判定"))
    # how the ramp comes out is not a threshold
    assert [each.code for each in lacking(rules) if each.code in ("R308", "R321", "R322")] == codes


def test_who_may_not_belong_is_not_said_to_fail() -> None:
    # of a roster that is not whole the greatest possible belongs for certain, one seat perhaps
    judgement = one(RAMPS, outlets(seats(1000, "否"), seats(1, "否"), partial=True))
    assert judgement.verdict is Verdict.VIOLATED
    assert "应核查的网点2个，符合0个，不符合1个，无法确定1个（不符合的有：1号：" in judgement.reason.zh
    assert "2号" not in judgement.reason.zh
