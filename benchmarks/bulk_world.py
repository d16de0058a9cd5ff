"""A province's table, invented: subjects by the million, and forty flat rules of the kinds the project is for, or 200 of them.

    python benchmarks/bulk_world.py --rules          writes bulk/rules.rule anew
    python benchmarks/bulk_world.py --table FILE [--count N] [--seed N] [--failing SHARE]

Of the ratios 30 in 100 lie exactly on their boundary and 10 a step beside it, of all facts 2 in 100 were not told, 1 whole in 100
is zero. A fifth of all verdicts is then adverse; `--failing 0.1` puts right nine in ten of the figures that miss their limit.
`bulk_numpy.py` and `bulk_sql.py` have the same rules by hand, in the same order, under the same names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rulecheck.dataclass import dataclass
from rulecheck.rules import model
from rulecheck.rules.load import load

FOLDER = Path(__file__).parent / "bulk"
AS_OF = date(2024, 6, 30)
MISSING = 0.02
ON_BOUNDARY = 0.30
BESIDE = 0.10
NO_WHOLE = 0.01
PART = 250_000
"""Rows made at a time; every part has a seed of its own, so that a longer table begins like a shorter one."""
ROW_GROUP = 125_000

Steps = npt.NDArray[np.int64]


# --- the rules ---


class Written(NamedTuple):
    """A rule: its names, what it says with a place for its figure, and the figure in each of five sets of forty."""

    id: str
    zh: str
    text: str
    figures: tuple[int, int, int, int, int]


RULES: tuple[Written, ...] = (
    # thresholds with conditions and exceptions
    Written(
        "organ_employs",
        "机关安排残疾人就业",
        "  适用情形：单位类别=机关 且 编制 不少于 {}人\n  要求：残疾职工 不少于 1人",
        (50, 51, 60, 67, 40),
    ),
    Written(
        "institution_employs",
        "事业单位安排残疾人就业",
        "  适用情形：单位类别=事业单位 且 编制 不少于 {}人\n  除外情形：机构类型 属于 （中小学、幼儿园）\n"
        "  要求：残疾职工 不少于 1人",
        (67, 66, 50, 51, 80),
    ),
    Written(
        "share_not_reached",
        "未达比例至少安排几人",
        "  适用情形：残疾职工 少于 规定比例×在职职工\n  要求：残疾职工 不少于 {}人",
        (1, 2, 3, 4, 5),
    ),
    Written(
        "service_hours",
        "课后服务时长",
        "  适用情形：单位类别=学校\n  要求：课后服务时长 不少于 {}小时",
        (2, 1, 3, 4, 5),
    ),
    Written("class_size", "班额", "  适用情形：单位类别=学校\n  要求：学生数÷班级数 不超过 {}人/班", (45, 50, 40, 55, 36)),
    Written("pupils_a_teacher", "生师比", "  适用情形：单位类别=学校\n  要求：学生数÷教师数 不超过 {}", (19, 20, 13, 15, 23)),
    Written("teachers_a_form", "班师比", "  适用情形：单位类别=学校\n  要求：教师数÷班级数 不低于 {}人/班", (2, 3, 1, 4, 5)),
    Written("training", "职工培训", "  要求：培训课时 不少于 {}课时", (40, 41, 24, 60, 50)),
    Written("fee_limit", "收费上限", "  除外情形：民办=是\n  禁止：收费标准 超过 {}元", (300, 299, 260, 350, 380)),
    Written("satisfaction_target", "满意度", "  力争：满意度 不低于 {}%", (95, 90, 92, 97, 85)),
    Written("posts_for_disabled", "设置岗位", "  适用情形：单位类别=事业单位\n  鼓励：设置岗位数 不少于 {}个", (1, 2, 3, 4, 5)),
    Written("either_way", "就业安置方式", "  要求：残疾职工 不少于 {}人 或 设置岗位数 不少于 2个", (3, 1, 2, 4, 5)),
    # ratios, their sides in different units
    Written("shop_spacing", "网点间距", "  要求：网点距离 不少于 {}%×间距标准", (60, 50, 70, 80, 100)),
    Written("lit_roads", "亮灯率", "  除外情形：应急维修=是\n  要求：亮灯长度÷道路长度 不低于 {}%", (95, 90, 98, 85, 92)),
    Written(
        "greening",
        "绿地率",
        "  适用情形：单位类别 不属于 （国有企业、其他单位）\n  要求：绿化面积 不少于 {}%×用地面积",
        (35, 30, 40, 25, 45),
    ),
    Written("spending", "预算执行率", "  适用情形：层级 不低于 县级\n  要求：预算支出 不少于 {}%×预算额", (90, 80, 85, 95, 92)),
    Written(
        "small_firms",
        "中小企业采购份额",
        "  适用情形：单位类别 属于 （机关、事业单位） 且 采购总额 不少于 200万元\n  要求：中小企业采购额 不少于 {}%×采购总额",
        (30, 40, 25, 45, 20),
    ),
    Written("deposit_limit", "保证金上限", "  要求：保证金 不超过 {}%×合同额", (10, 5, 3, 8, 2)),
    Written("pipe_repair", "管网修复", "  要求：修复管网 不少于 {}%×隐患管网", (80, 70, 75, 90, 60)),
    Written("water_loss", "漏损率", "  除外情形：老旧管网=是\n  要求：漏损水量÷供水量 不超过 {}%", (9, 10, 8, 12, 7)),
    Written("settled_in_time_share", "按时办结率", "  要求：按时办结数 不少于 {}%×受理数", (98, 95, 90, 99, 97)),
    Written("cadre_share", "残疾干部比例", "  要求：残疾干部 不少于 {}%×干部总数", (15, 10, 12, 20, 18)),
    Written("recycling", "回收率", "  力争：回收量 不少于 {}%×垃圾总量", (35, 30, 40, 38, 25)),
    Written(
        "accessible_parking",
        "无障碍车位比例",
        "  适用情形：车位总数 不少于 50车位\n  要求：无障碍车位 不少于 {}%×车位总数",
        (2, 3, 1, 4, 5),
    ),
    Written("energy_use", "单位面积能耗", "  原则上：年度能耗÷建筑面积 不超过 {}吨标准煤/万平方米", (120, 100, 110, 130, 150)),
    # limits and due dates
    Written("claim_review", "审核时限", "  要求：审核完成日\n  完成时限：受理日+{}个工作日", (5, 3, 4, 6, 7)),
    Written("letter_answer", "来信答复时限", "  要求：答复日\n  完成时限：来信日+{}个工作日", (10, 8, 9, 12, 15)),
    Written("payment", "付款时限", "  要求：付款日\n  完成时限：验收日+{}个工作日", (15, 10, 12, 20, 22)),
    Written("licence", "发证时限", "  适用情形：材料齐全=是\n  要求：发证日\n  完成时限：申请日+{}个工作日", (3, 1, 2, 4, 5)),
    Written("plan_filed", "方案报送", "  要求：方案报送日\n  完成时限：2023年{}月底", (6, 3, 9, 10, 11)),
    Written("budget_published", "预算公开", "  要求：预算公开日\n  完成时限：预算批复日+{}天", (20, 15, 18, 25, 30)),
    Written("contract_archived", "合同备案", "  要求：备案日\n  完成时限：签订日+{}个月", (1, 2, 3, 4, 5)),
    Written(
        "complaint_closed",
        "投诉办结",
        "  除外情形：民办=是\n  要求：投诉办结日\n  完成时限：投诉日+{}天 遇休息日顺延",
        (60, 30, 45, 50, 90),
    ),
    Written("inspection", "定期检查", "  要求：下次检查日\n  完成时限：上次检查日+{}个月", (6, 3, 4, 9, 12)),
    Written("website", "网站无障碍", "  要求：网站无障碍=是\n  完成时限：2024年{}月底", (12, 3, 5, 9, 10)),
    Written("correction", "整改完成率", "  要求：整改完成率 不低于 {}%\n  完成时限：2023年底", (80, 70, 75, 90, 60)),
    # totals and growth over years
    Written(
        "jobs_total",
        "三年新增就业",
        "  要求：合计（新增就业，2022年至2024年） 不少于 {}人\n  完成时限：2024年底",
        (2500, 2400, 2600, 3000, 2000),
    ),
    Written(
        "training_total",
        "两年培训",
        "  要求：合计（培训人次，2022年至2023年） 不少于 {}人次\n  完成时限：2023年底",
        (1500, 1400, 1600, 1800, 1200),
    ),
    Written(
        "investment_total",
        "三年投入",
        "  要求：合计（建设投入，2021年至2023年） 不少于 {}亿元\n  完成时限：2023年底",
        (1, 2, 3, 4, 5),
    ),
    Written("jobs_growth", "新增就业增长", "  要求：新增就业@2023年 不少于 {}%×新增就业@2022年", (110, 105, 100, 120, 95)),
)
ORDINALS = ("", "其二", "其三", "其四", "其五")


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule of one set of forty, with its figure."""

    rule: Written
    set_number: int

    @property
    def id(self) -> str:
        return self.rule.id + (f"_{self.set_number + 1}" if self.set_number else "")

    @property
    def figure(self) -> int:
        return self.rule.figures[self.set_number]

    @property
    def text(self) -> str:
        name = f"{self.rule.zh}规定{ORDINALS[self.set_number]}"
        return f"规则：{name} / {self.id}\n  依据：一\n  核查对象：单位\n{self.rule.text.format(self.figure)}\n"


def asked(sets: int = 1) -> list[Asked]:
    """Forty rules a set, in the order in which they are written; five sets at most."""
    return [Asked(rule, number) for number in range(sets) for rule in RULES]


def rules_text(sets: int = 1) -> str:
    head = "# Forty flat rules of the kinds the project is for; benchmarks/bulk_numpy.py and bulk_sql.py have them by hand.\n"
    return head + "\n".join(each.text for each in asked(sets))


def write_rules(folder: Path, sets: int = 1) -> None:
    """A folder of rules of its own: vocabulary and document as in `bulk/`, and so many sets of the rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("vocabulary.rule", "source.yaml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    (folder / "rules.rule").write_text(rules_text(sets), encoding="utf-8")


def load_rules(folder: Path = FOLDER) -> model.RuleSet:
    rules, problems = load(folder)
    assert rules is not None, problems
    return rules


# --- the table ---


class Ratio(NamedTuple):
    """Part and whole; on the boundary the part is whole × numerator ÷ denominator, both in steps; the largest whole."""

    part: str
    whole: str
    numerator: int
    denominator: int
    most: int


RATIOS = (
    Ratio("pupils", "forms", 45, 1, 60),
    Ratio("teachers", "forms", 2, 1, 60),
    Ratio("shop_distance", "spacing_standard", 6, 1, 200),
    Ratio("lit_length", "road_length", 19, 2, 9_000),
    Ratio("green_area", "site_area", 35, 1, 40_000),
    Ratio("spent", "budget", 9_000, 1, 900_000),
    Ratio("small_firm_purchases", "purchases", 3, 10, 4_000_000_000),
    Ratio("deposit", "contract", 1_000, 1, 3_000_000),
    Ratio("repaired_pipes", "faulty_pipes", 4, 5, 90_000),
    Ratio("leaked_water", "supplied_water", 9, 1, 400_000),
    Ratio("settled_in_time", "accepted_cases", 49, 50, 20_000),
    Ratio("disabled_cadres", "cadres", 3, 20, 400),
    Ratio("recycled", "waste", 7, 20, 600_000),
    Ratio("accessible_spaces", "parking_spaces", 1, 50, 2_000),
    Ratio("energy", "floor_area", 12, 1, 80_000),
    Ratio("disabled_staff", "staff", 3, 200, 1_200),
    Ratio("new_jobs@2023", "new_jobs@2022", 11, 10, 1_600),
)

CHOICES: dict[str, tuple[int, ...]] = {
    # positions in the list of the vocabulary, 1 and 0, or steps
    "unit_type": (0, 0, 1, 1, 2, 3, 3, 4),
    "institution_type": (0, 1, 2, 2),
    "level": (0, 1, 1, 2),
    "posts": (20, 49, 50, 51, 66, 67, 68, 120),
    "service_minutes": (90, 119, 120, 121, 150),
    "training_hours": (24, 39, 40, 41, 60),
    "fee": (26_000, 29_999, 30_000, 30_001, 38_000),
    "satisfaction": (8_850, 9_499, 9_500, 9_720),
    "posts_offered": (0, 1, 2, 3),
    "corrected": (6_000, 7_999, 8_000, 9_200),
    "papers_complete": (1, 1, 1, 0),
    "privately_run": (0, 0, 0, 1),
    "under_repair": (0, 0, 0, 1),
    "old_network": (0, 0, 0, 1),
    "accessible_website": (0, 1),
}

LIMITS = (
    # what begins, what is to be done, the days between where it is done on time and on the last day
    ("accepted_on", "reviewed_on", 7),
    ("letter_on", "answered_on", 14),
    ("delivered_on", "paid_on", 21),
    ("applied_on", "licensed_on", 5),
    ("budget_approved_on", "budget_published_on", 20),
    ("signed_on", "archived_on", 31),
    ("complained_on", "complaint_closed_on", 60),
    ("inspected_on", "next_inspected_on", 182),
)
AT_MOST = frozenset({"pupils", "deposit", "leaked_water", "energy"})
"""The parts that may not go beyond their boundary; the others may not fall short of it."""
CHOICE_LIMITS = {
    # what a choice may not fall short of, in steps; a fee may not go beyond it
    "service_minutes": (120, 1),
    "training_hours": (40, 1),
    "fee": (30_000, -1),
    "satisfaction": (9_500, 1),
    "posts_offered": (2, 1),
    "corrected": (8_000, 1),
}
MOST = {"satisfaction": 10_000, "corrected": 10_000}
"""The whole, in steps of a hundredth of a percent."""
FIRST_DAY, LAST_DAY = date(2022, 3, 1).toordinal(), date(2024, 6, 28).toordinal()

YEARLY = {"new_jobs": 833, "trained": 750, "invested": 3_333}
YEARS = {"new_jobs": (2024,), "trained": (2022, 2023), "invested": (2021, 2022, 2023)}
FILED_BY = date(2023, 6, 30).toordinal()
PLACES = ("黄石市", "大冶市", "阳新县")


def figures(count: int, seed: int, failing: float = 1.0) -> dict[str, Steps]:
    """Every fact as whole steps, by its English name, with `@year` for one a year; nothing is missing yet. `failing`: the share
    that is left of the figures that miss their limit; the others lie as far on its right side, or at the end of what may be."""
    found = _figures(count, seed)
    if failing == 1.0:
        return found
    random = np.random.default_rng((seed, 2))

    def put_right(name: str, limit: Any, sign: int) -> None:
        is_wrong = (sign * (found[name] - limit) < 0) & (random.random(count) >= failing)
        found[name] = np.where(is_wrong, np.clip(2 * limit - found[name], 0, MOST.get(name)), found[name])

    for name, (limit, sign) in CHOICE_LIMITS.items():
        put_right(name, limit, sign)
    for part, whole, numerator, denominator, _ in RATIOS:
        put_right(part, found[whole] * numerator // denominator, -1 if part in AT_MOST else 1)
    for begin, end, days in LIMITS:
        # On the last of the days, which count rest days as they come, a limit of working days is often past.
        put_right(end, found[begin] + days // 2, -1)
        found[end] = np.maximum(found[begin], found[end])
    put_right("plan_filed_on", FILED_BY, -1)
    for name, usual in YEARLY.items():
        for year in YEARS[name]:
            put_right(f"{name}@{year}", usual, 1)
    return found


def _figures(count: int, seed: int) -> dict[str, Steps]:
    random = np.random.default_rng(seed)
    found: dict[str, Steps] = {}
    for name, values in CHOICES.items():
        found[name] = random.choice(np.array(values, np.int64), count)
    for part, whole, numerator, denominator, most in RATIOS:
        if whole not in found:
            wholes = random.integers(1, max(2, most // denominator), count) * denominator
            found[whole] = np.where(random.random(count) < NO_WHOLE, 0, wholes)
        boundary = found[whole] * numerator // denominator
        chance = random.random(count)
        beside = boundary + random.choice(np.array((-1, 1), np.int64), count)
        anywhere = boundary * random.integers(50, 160, count) // 100
        near = np.where(chance < ON_BOUNDARY + BESIDE, beside, anywhere)
        found[part] = np.maximum(np.where(chance < ON_BOUNDARY, boundary, near), 0)
    for begin, end, days in LIMITS:
        found[begin] = random.integers(FIRST_DAY, LAST_DAY, count)
        late = np.maximum(random.integers(-days // 2, max(4, days // 3), count), -days)
        found[end] = found[begin] + days + np.where(random.random(count) < ON_BOUNDARY, 0, late)
    found["plan_filed_on"] = random.integers(date(2023, 6, 25).toordinal(), date(2023, 7, 5).toordinal(), count)
    for name, usual in YEARLY.items():
        for year in YEARS[name]:
            found[f"{name}@{year}"] = usual * random.integers(70, 150, count) // 100
    return found


class Heading(NamedTuple):
    """A column of the table: the fact's English name with its year, the fact, what stands at its head, and its type."""

    name: str
    fact: model.Fact
    text: str
    type: pa.DataType


def headings(rules: model.RuleSet) -> list[Heading]:
    """The columns by the vocabulary's own words, in its order; exact types, the scale of a decimal from the fact's step."""
    wanted = sorted(figures(1, 0), key=lambda name: (list(rules.facts).index(name.partition("@")[0]), name))
    found: list[Heading] = []
    for name in wanted:
        fact_id, _, year = name.partition("@")
        fact = rules.facts[fact_id]
        text = fact.zh + (f"@{year}年" if year else "")
        match fact.type:
            case model.NumberType(unit=unit):
                assert unit is not None
                step = fact.step / unit.factor
                places = len(str(step.denominator)) - 1
                assert (step.numerator, step.denominator) == (1, 10**places), name
                text, type_ = f"{text}（{unit.text}）", pa.decimal128(12, places) if places else pa.int64()
            case model.DateType():
                type_ = pa.date32()
            case model.CategoryType():
                type_ = pa.dictionary(pa.int8(), pa.string())
            case _:
                type_ = pa.bool_()
        found.append(Heading(name, fact, text, type_))
    return found


EPOCH = date(1970, 1, 1).toordinal()


def arrow_column(heading: Heading, values: Steps, is_missing: npt.NDArray[np.bool_]) -> pa.Array:
    """Steps as a column of the heading's type; a decimal's whole number is the number of steps."""
    match heading.fact.type:
        case model.CategoryType(members=members):
            codes = pa.array(values.astype(np.int8), mask=is_missing)
            return pa.DictionaryArray.from_arrays(codes, pa.array([each.zh for each in members], pa.string()))
        case model.DateType():
            return pa.array((values - EPOCH).astype(np.int32), mask=is_missing).cast(pa.date32())
    whole = pa.array(values, mask=is_missing)
    if pa.types.is_decimal(heading.type):
        sides = np.empty((len(values), 2), np.int64)
        sides[:, 0], sides[:, 1] = values, values >> 63
        return pa.Array.from_buffers(heading.type, len(values), [whole.buffers()[0], pa.py_buffer(sides)])
    return whole if heading.type == pa.int64() else whole.cast(heading.type)


def table(rules: model.RuleSet, count: int, seed: int = 1, first: int = 1, failing: float = 1.0) -> pa.Table:
    """One part: `count` subjects, numbered from `first`."""
    told = figures(count, seed, failing)
    random = np.random.default_rng((seed, 1))
    columns: dict[str, Any] = {
        "编号": pa.array(np.arange(first, first + count).astype(np.str_), pa.string()),
        "地区": pa.DictionaryArray.from_arrays(random.integers(0, len(PLACES), count).astype(np.int8), pa.array(PLACES)),
    }
    for heading in headings(rules):
        columns[heading.text] = arrow_column(heading, told[heading.name], random.random(count) < MISSING)
    return pa.table(columns)


def parts(rules: model.RuleSet, count: int, seed: int = 1, failing: float = 1.0) -> Iterator[pa.Table]:
    for number, start in enumerate(range(0, count, PART)):
        yield table(rules, min(PART, count - start), seed * 100_000 + number, start + 1, failing)


def whole_table(rules: model.RuleSet, count: int, seed: int = 1, failing: float = 1.0) -> pa.Table:
    """Everything in memory, in one piece."""
    return pa.concat_tables(list(parts(rules, count, seed, failing))).unify_dictionaries().combine_chunks()


def write_table(rules: model.RuleSet, file: Path, count: int, seed: int = 1, failing: float = 1.0) -> None:
    """The same as Parquet, as DuckDB and Spark write it: decimals of up to 18 digits as integers."""
    writer: pq.ParquetWriter | None = None
    for part in parts(rules, count, seed, failing):
        writer = writer or pq.ParquetWriter(file, part.schema, store_decimal_as_integer=True)
        writer.write_table(part, row_group_size=ROW_GROUP)
    assert writer is not None
    writer.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--rules", action="store_true")
    options.add_argument("--table", type=Path)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--failing", type=float, default=1.0)
    chosen = options.parse_args()
    if chosen.rules:
        (FOLDER / "rules.rule").write_text(rules_text(), encoding="utf-8")
    if chosen.table:
        write_table(load_rules(), chosen.table, chosen.count, chosen.seed, chosen.failing)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
