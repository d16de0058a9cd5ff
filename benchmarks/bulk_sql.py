"""The forty flat rules by hand in SQL for DuckDB: one `COPY` from Parquet to Parquet, exact decimals and whole numbers.

    python benchmarks/bulk_sql.py [--sets N]                        prints the statement
    python benchmarks/bulk_sql.py [--sets N] --from FILE --to FILE  runs it

Verdicts come out as the codes of `bulk_numpy.CODES`. A comparison with NULL is NULL, and a CASE goes past what is not true, so
the three-valued logic is SQL's own. What SQL does not say is written out: a share of nothing is reached, a division by nothing is
nothing to check. What a limit of working days ends on is joined from a calendar.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bulk_numpy import CODES, FIRST, LAST, month_end
from bulk_world import AS_OF, EPOCH, RULES, Asked, asked
from rulecheck import data
from rulecheck.measures.workdays import Calendar, calendar_of

MET, VIOLATED, DEPARTS, FALLS_SHORT, NOT_DUE, NOT_APPLICABLE, UNDETERMINED = range(7)
assert [each.value for each in CODES] == [
    "met",
    "violated",
    "departs",
    "falls_short",
    "not_due",
    "not_applicable",
    "undetermined",
]

TODAY = f"DATE '{AS_OF.isoformat()}'"


# --- the shapes that verdicts come in ---


def plain(holds: str, failure: int = VIOLATED) -> str:
    return f"CASE WHEN {holds} THEN {MET} WHEN NOT ({holds}) THEN {failure} ELSE {UNDETERMINED} END"


def at_least(part: str, share: str, whole: str, failure: int = VIOLATED) -> str:
    """part ≥ share × whole, neither below zero."""
    return (
        f"CASE WHEN {part} >= {share} * {whole} THEN {MET} WHEN {part} < {share} * {whole} THEN {failure} "
        f"WHEN {whole} = 0 THEN {MET} ELSE {UNDETERMINED} END"
    )


def under(condition: str, verdict: str) -> str:
    return f"CASE WHEN NOT ({condition}) THEN {NOT_APPLICABLE} WHEN {condition} THEN {verdict} ELSE {UNDETERMINED} END"


def done_by(done: str, due: str) -> str:
    return (
        f"CASE WHEN {done} <= {due} THEN {MET} WHEN {due} >= {TODAY} THEN {NOT_DUE} WHEN {done} > {due} THEN {VIOLATED} "
        f"ELSE {UNDETERMINED} END"
    )


def told_sum(columns: tuple[str, ...], bound: int, failure: int) -> str:
    """A total that a missing year cannot make less."""
    told = " + ".join(f"COALESCE({each}, 0)" for each in columns)
    if failure == NOT_DUE:
        return f"CASE WHEN {told} >= {bound} THEN {MET} ELSE {NOT_DUE} END"
    missing = " + ".join(columns)
    return f"CASE WHEN {told} >= {bound} THEN {MET} WHEN {missing} IS NULL THEN {UNDETERMINED} ELSE {failure} END"


JOBS = '"新增就业@{}年（人）"'.format
TRAINED = '"培训人次@{}年（人次）"'.format
INVESTED = '"建设投入@{}年（万元）"'.format

SQL: dict[str, Callable[[int], str]] = {
    # thresholds with conditions and exceptions
    "organ_employs": lambda n: under(f""" "单位类别" = '机关' AND "编制（人）" >= {n}""", plain('"残疾职工（人）" >= 1')),
    "institution_employs": lambda n: under(
        f""" "单位类别" = '事业单位' AND "编制（人）" >= {n} AND "机构类型" NOT IN ('中小学', '幼儿园')""",
        plain('"残疾职工（人）" >= 1'),
    ),
    "share_not_reached": lambda n: (
        f'CASE WHEN "残疾职工（人）" >= 0.015 * "在职职工（人）" OR "在职职工（人）" = 0 THEN {NOT_APPLICABLE} '
        f'WHEN "残疾职工（人）" >= {n} AND "残疾职工（人）" < 0.015 * "在职职工（人）" THEN {MET} '
        f'WHEN "残疾职工（人）" < 0.015 * "在职职工（人）" THEN {VIOLATED} ELSE {UNDETERMINED} END'
    ),
    "service_hours": lambda n: under(""" "单位类别" = '学校'""", plain(f'"课后服务时长（分钟）" >= {n * 60}')),
    "class_size": lambda n: under(
        """ "单位类别" = '学校' AND "班级数（班）" <> 0""", plain(f'"学生数（人）" <= {n} * "班级数（班）"')
    ),
    "pupils_a_teacher": lambda n: under(
        """ "单位类别" = '学校' AND "教师数（人）" <> 0""", plain(f'"学生数（人）" <= {n} * "教师数（人）"')
    ),
    "teachers_a_form": lambda n: under(
        """ "单位类别" = '学校' AND "班级数（班）" <> 0""", plain(f'"教师数（人）" >= {n} * "班级数（班）"')
    ),
    "training": lambda n: plain(f'"培训课时（课时）" >= {n}'),
    "fee_limit": lambda n: under('NOT "民办"', plain(f'"收费标准（元）" <= {n}')),
    "satisfaction_target": lambda n: plain(f'"满意度（%）" >= {n}', FALLS_SHORT),
    "posts_for_disabled": lambda n: under(""" "单位类别" = '事业单位'""", plain(f'"设置岗位数（个）" >= {n}', FALLS_SHORT)),
    "either_way": lambda n: plain(f'"残疾职工（人）" >= {n} OR "设置岗位数（个）" >= 2'),
    # ratios, their sides in different units
    "shop_spacing": lambda n: at_least('"网点距离（米）"', f"{n * 10}", '"间距标准（公里）"'),
    "lit_roads": lambda n: under(
        'NOT "应急维修" AND "道路长度（公里）" <> 0', plain(f'"亮灯长度（米）" >= {n * 10} * "道路长度（公里）"')
    ),
    "greening": lambda n: under(
        """ "单位类别" NOT IN ('国有企业', '其他单位')""", at_least('"绿化面积（平方米）"', f"{n * 100}", '"用地面积（公顷）"')
    ),
    "spending": lambda n: under(
        """ "层级" IN ('县级', '市级')""", at_least('"预算支出（元）"', f"{n * 100}", '"预算额（万元）"')
    ),
    "small_firms": lambda n: under(
        """ "单位类别" IN ('机关', '事业单位') AND "采购总额（元）" >= 2000000""",
        plain(f'"中小企业采购额（万元）" * 10000 >= {share(n)} * "采购总额（元）"'),
    ),
    "deposit_limit": lambda n: (
        f'CASE WHEN "保证金（元）" <= {n * 100} * "合同额（万元）" THEN {MET} '
        f'WHEN "保证金（元）" > {n * 100} * "合同额（万元）" THEN {VIOLATED} '
        f'WHEN "保证金（元）" = 0 THEN {MET} ELSE {UNDETERMINED} END'
    ),
    "pipe_repair": lambda n: at_least('"修复管网（公里）" * 1000', share(n), '"隐患管网（米）"'),
    "water_loss": lambda n: under(
        'NOT "老旧管网" AND "供水量（万立方米）" <> 0', plain(f'"漏损水量（立方米）" <= {n * 100} * "供水量（万立方米）"')
    ),
    "settled_in_time_share": lambda n: at_least('"按时办结数（件）"', share(n), '"受理数（件）"'),
    "cadre_share": lambda n: at_least('"残疾干部（人）"', share(n), '"干部总数（人）"'),
    "recycling": lambda n: at_least('"回收量（公斤）"', f"{n * 10}", '"垃圾总量（吨）"', FALLS_SHORT),
    "accessible_parking": lambda n: under(
        '"车位总数（车位）" >= 50', plain(f'"无障碍车位（车位）" >= {share(n)} * "车位总数（车位）"')
    ),
    "energy_use": lambda n: under(
        '"建筑面积（平方米）" <> 0', plain(f'"年度能耗（吨标准煤）" * 10000 <= {n} * "建筑面积（平方米）"', DEPARTS)
    ),
    # limits and due dates
    "claim_review": lambda n: done_by('"审核完成日"', f"accepted.workdays_{n}"),
    "letter_answer": lambda n: done_by('"答复日"', f"letter.workdays_{n}"),
    "payment": lambda n: done_by('"付款日"', f"delivered.workdays_{n}"),
    "licence": lambda n: under('"材料齐全"', done_by('"发证日"', f"applied.workdays_{n}")),
    "plan_filed": lambda n: plain(f'"方案报送日" <= {day(month_end(2023, n))}'),
    "budget_published": lambda n: done_by('"预算公开日"', f'("预算批复日" + {n})'),
    "contract_archived": lambda n: done_by('"备案日"', f'CAST("签订日" + INTERVAL {n} MONTH AS DATE)'),
    "complaint_closed": lambda n: under('NOT "民办"', done_by('"投诉办结日"', f"complained.rolled_{n}")),
    "inspection": lambda n: done_by('"下次检查日"', f'CAST("上次检查日" + INTERVAL {n} MONTH AS DATE)'),
    "website": lambda n: (
        plain('"网站无障碍"') if month_end(2024, n) < AS_OF.toordinal()
        else f'CASE WHEN "网站无障碍" THEN {MET} ELSE {NOT_DUE} END'
    ),
    "correction": lambda n: plain(f'"整改完成率（%）" >= {n}'),
    # totals and growth over years
    "jobs_total": lambda n: told_sum((JOBS(2022), JOBS(2023), JOBS(2024)), n, NOT_DUE),
    "training_total": lambda n: told_sum((TRAINED(2022), TRAINED(2023)), n, VIOLATED),
    "investment_total": lambda n: told_sum((INVESTED(2021), INVESTED(2022), INVESTED(2023)), n * 10_000, VIOLATED),
    "jobs_growth": lambda n: at_least(JOBS(2023), share(n), JOBS(2022)),
}  # fmt: skip
assert list(SQL) == [rule.id for rule in RULES]

JOINED = {
    # what a rule's limit is counted from, the calendar it is joined with, and the kind of limit
    "claim_review": ("受理日", "accepted", "workdays"),
    "letter_answer": ("来信日", "letter", "workdays"),
    "payment": ("验收日", "delivered", "workdays"),
    "licence": ("申请日", "applied", "workdays"),
    "complaint_closed": ("投诉日", "complained", "rolled"),
}


def share(percent: int) -> str:
    """A share as a decimal; never as a division, which would be a double."""
    return f"{percent // 100}.{percent % 100:02d}"


def day(ordinal: int) -> str:
    return f"(DATE '1970-01-01' + {ordinal - EPOCH})"


# --- the whole statement ---


def calendar_table(calendar: Calendar, sets: int) -> pa.Table:
    """For every day what each limit of the rules ends on: the same working days as the checker's."""
    certain = np.array(calendar.certain, np.int64)
    days = np.arange(FIRST, LAST + 1)
    columns = {"day": days}
    for each in asked(sets):
        kind = JOINED.get(each.rule.id, ("", "", ""))[2]
        if kind == "workdays":
            columns[f"workdays_{each.figure}"] = certain[np.searchsorted(certain, days, "right") + each.figure - 1]
        elif kind == "rolled":
            columns[f"rolled_{each.figure}"] = certain[np.searchsorted(certain, days + each.figure, "left")]
    return pa.table({name: pa.array((found - EPOCH).astype(np.int32)).cast(pa.date32()) for name, found in columns.items()})


def expressions(rules: list[Asked]) -> Iterator[str]:
    for each in rules:
        yield f"({SQL[each.rule.id](each.figure)})::UTINYINT AS {each.id}"


def select(source: str, sets: int = 1) -> str:
    """Key and code of every rule; `source` is a table or a function giving one, and `calendar` stands beside it."""
    columns = ",\n  ".join(expressions(asked(sets)))
    joins = "\n".join(f'LEFT JOIN calendar AS {name} ON {name}.day = told."{start}"' for start, name, _ in JOINED.values())
    return f'SELECT "编号",\n  {columns}\nFROM {source} AS told\n{joins}'


def copy(source: Path, target: Path, sets: int = 1) -> str:
    query = select(f"read_parquet('{source}')", sets)
    return f"COPY (\n{query}\n) TO '{target}' (FORMAT parquet)"


def connect(calendar: Calendar, sets: int = 1, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory with the calendar in it."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    days = calendar_table(calendar, sets)
    connection.register("days", days)
    connection.execute("CREATE TABLE calendar AS SELECT * FROM days")
    connection.unregister("days")
    return connection


def working_days() -> Calendar:
    """The calendar that is shipped, without the rules beside it."""
    notices = {each.name: each.read_bytes() for each in (data.folder("dsl") / "calendar").glob("*.yaml")}
    calendar, problems = calendar_of(notices)
    assert not problems, problems
    return calendar


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--sets", type=int, default=1)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--from", type=Path, dest="source", default=Path("TABLE.parquet"))
    options.add_argument("--to", type=Path, dest="target")
    chosen = options.parse_args()
    statement = copy(chosen.source, chosen.target or Path("VERDICTS.parquet"), chosen.sets)
    if chosen.target is None:
        print(statement)
        return 0
    with connect(working_days(), chosen.sets, chosen.threads) as connection:
        connection.execute(statement).fetchall()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
