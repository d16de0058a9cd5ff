"""A hundred thousand cases exactly on the 60% boundary through frames: none wrong, nor a millimetre below it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from rulecheck.columns.frame import Column, Frame
from rulecheck.columns.judge import CODES, ColumnJudge
from rulecheck.judgement import Verdict
from rulecheck.judging.lower import lower
from support_boundary import CASES, Shop, rules, shops

AS_OF = date(2024, 6, 30).toordinal()


def frame_of(of: Iterable[Shop]) -> Frame:
    """Shops as whole steps of the declared facts: centimetres and millimetres."""
    kind = rules().kinds["shop"]
    values = np.array([(each.standard, each.distance) for each in of], np.int64)
    columns = {
        kind.slots[name]: Column(np.ascontiguousarray(values[:, place])) for place, name in enumerate(("standard", "distance"))
    }
    place = rules().places.by_id["qinghe"]
    return Frame(kind, len(values), dict(columns), np.zeros(len(values), np.int64), (place,))


@pytest.mark.parametrize(
    ("millimetres_off", "expected"),
    [
        (0, {"甲": Verdict.MET, "乙": Verdict.MET, "丙": Verdict.MET, "丁": Verdict.MET}),
        (-1, {"甲": Verdict.VIOLATED, "乙": Verdict.VIOLATED, "丙": Verdict.VIOLATED, "丁": Verdict.VIOLATED}),
        (1, {"甲": Verdict.MET, "乙": Verdict.MET, "丙": Verdict.MET, "丁": Verdict.VIOLATED}),
    ],
)
def test_every_case_on_and_beside_the_boundary(millimetres_off: int, expected: dict[str, Verdict]) -> None:
    judge = ColumnJudge(lower(rules(), AS_OF))
    found = judge.verdicts(frame_of(shops(millimetres_off)))
    assert not found.by_row
    tags = [each.plan.tag for each in judge.judgements["shop"]]
    for tag, codes in zip(tags, found.codes, strict=True):
        assert tag is not None
        assert len(codes) == CASES
        assert {CODES[code] for code in np.unique(codes)} == {expected[tag]}, tag


def test_what_is_written_of_a_shop_is_exactly_its_steps() -> None:
    for shop in shops():
        assert shop.standard_in_metres() * 100 == shop.standard
        assert shop.distance_in("米") * 1_000 == shop.distance_in("公里") * 1_000_000 == shop.distance
        assert shop.distance * 10 == shop.standard * 60
