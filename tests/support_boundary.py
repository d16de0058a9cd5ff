"""A hundred thousand shops at exactly 60% of the prescribed spacing, in metres and in kilometres: where a float goes wrong in one
case out of six to thirty, by the way it is written, nothing here may.

The spacing standard runs from 0.01 m to 1000.00 m; the distance is 60% of it to the millimetre, so that every one of them is met,
and a millimetre less is violated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rulecheck.rules.model import RuleSet
from support_explain import rule_set

CASES = 100_000

RULES = """
对象：零售点 / shop

事实：间距标准 / standard
  所属对象：零售点
  类型：数量（米）
  步长：0.01米
  范围：0米至1000米

事实：最近距离 / distance
  所属对象：零售点
  类型：数量（米）
  步长：0.001米
  范围：0米至1000000米

规则：间距达标 / spacing
  标题："间距不少于标准的60%" / "At least 60% of the spacing standard"
  依据：一
  核查对象：零售点
  要求（甲）：最近距离 不少于 60%×间距标准
  要求（乙）：最近距离÷间距标准 不低于 60%
  要求（丙）：最近距离×5 不少于 间距标准×3
  要求（丁）：最近距离=60%×间距标准
"""
"""A document of the invented city of `support_explain`: four limbs that say the same of what lies exactly on the boundary."""

Unit = Literal["米", "公里"]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop by its number; `standard` in centimetres, `distance` in millimetres."""

    number: int
    standard: int
    distance: int

    @property
    def key(self) -> str:
        return f"S{self.number:06d}"

    @property
    def is_in_kilometres(self) -> bool:
        """Every other shop tells its distance in kilometres."""
        return self.number % 2 == 0

    def standard_in_metres(self) -> Decimal:
        return Decimal(self.standard).scaleb(-2)

    def distance_in(self, unit: Unit) -> Decimal:
        return Decimal(self.distance).scaleb(-3 if unit == "米" else -6)

    def written(self) -> tuple[str, str]:
        """Standard and distance as a submission tells them, each with its unit, metres and kilometres mixed."""
        unit: Unit = "公里" if self.is_in_kilometres else "米"
        return f"{self.standard_in_metres():f}米", f"{self.distance_in(unit):f}{unit}"


def shops(millimetres_off: int = 0) -> Iterator[Shop]:
    """All shops, each so many millimetres beside the boundary."""
    for number in range(1, CASES + 1):
        yield Shop(number, number, 6 * number + millimetres_off)


def rules() -> RuleSet:
    return rule_set(RULES)


def csv_text(of: Iterable[Shop], unit: Unit | None) -> str:
    """A table of shops. `unit`: the one in the heading of the distances; None: each cell has its own, mixed."""
    heading = "最近距离" if unit is None else f"最近距离（{unit}）"
    lines = [f"编号,间距标准（米）,{heading}"]
    for shop in of:
        distance = shop.written()[1] if unit is None else f"{shop.distance_in(unit):f}"
        lines.append(f"{shop.key},{shop.standard_in_metres():f},{distance}")
    return "\n".join(lines) + "\n"


def columns(of: Iterable[Shop], unit: Unit) -> tuple[dict[str, list[str]], dict[str, list[Decimal]]]:
    """The same as columns by heading, texts and exact decimals apart: for Arrow, and from there Parquet and Spark."""
    keys: list[str] = []
    standards: list[Decimal] = []
    distances: list[Decimal] = []
    for shop in of:
        keys.append(shop.key)
        standards.append(shop.standard_in_metres())
        distances.append(shop.distance_in(unit))
    return {"编号": keys}, {"间距标准（米）": standards, f"最近距离（{unit}）": distances}
