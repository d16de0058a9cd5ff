"""A folder of rules and tables for the tests of `rulecheck batch`, the command, and what comes out of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from rulecheck.batching import job as jobs
from rulecheck.commands import batch as command
from support_command import Outcome, call
from support_shell import write_rules

UNITS = [
    {"编号": "U1", "名称": "甲局", "地区": "黄石市", "类别": "机关", "编制": "50", "配备人数": "0"},
    {"编号": "U2", "名称": "乙局", "地区": "黄石市", "类别": "机关", "编制": "50", "配备人数": "1"},
    {"编号": "U3", "名称": "丙局", "地区": "", "类别": "机关", "编制": "", "配备人数": "0"},
    {"编号": "U4", "名称": "丁校", "地区": "黄石市", "类别": "学校", "编制": "90", "配备人数": "0"},
    {"编号": "U5", "名称": "戊局", "地区": "黄石市", "类别": "机关", "编制": "60", "配备人数": "70"},
]
OFFICES = [
    {"编号": "1", "上级": "U1", "窗口数": "0"},
    {"编号": "2", "上级": "U1", "窗口数": "2"},
    {"编号": "1", "上级": "U2", "窗口数": ""},
]
CLAIMS = [
    {"编号": "S1", "地区": "黄石市", "受理日": "2023-03-06", "办结日": "2023-03-13"},
    {"编号": "S2", "地区": "黄石市", "受理日": "2023-03-06", "办结日": "2023-03-14"},
    {"编号": "S3", "地区": "黄石市", "受理日": "2023-03-06", "办结日": ""},
]
DAY = "2023-06-30"


def write_folder(folder: Path) -> None:
    write_rules(folder / "rules")
    (folder / "rules" / "places.yaml").write_text("places:\n  - {zh: 黄石市, en: huangshi, level: city}\n", encoding="utf-8")
    for name, rows in (("单位", UNITS), ("科室", OFFICES), ("申请", CLAIMS)):
        write_table(folder / f"{name}.csv", rows)


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


TABLES = ("单位.csv", "科室.csv", "申请.csv")


def batch(*arguments: object, tables: Sequence[str] = TABLES) -> Outcome:
    return call("batch", *tables, "--rules", "rules", "--as-of", DAY, *arguments)


def small(monkeypatch: pytest.MonkeyPatch, rows: int = 2) -> None:
    """Partitions of a few rows."""
    made = command._job
    monkeypatch.setattr(command, "_job", lambda *given: replace_rows(made(*given), rows))


def replace_rows(job: Any, rows: int) -> Any:
    return None if job is None else jobs.Job(**{name: getattr(job, name) for name in job.__dataclass_fields__} | {"rows": rows})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows_of(folder: Path, what: str, kind: str) -> list[dict[str, Any]]:
    paths = sorted((folder / what / kind).glob("*.parquet"))
    return [row for path in paths for row in parquet.read_table(path).to_pylist()]


def later_claims(folder: Path) -> None:
    """Two of seven are dated after the as-of day, which itself is not later; an empty day says nothing."""
    days = ("2023-03-06", DAY, "2023-07-01", "", "2024-01-02", "2023-06-29", "—")
    claims = [{"编号": f"S{at}", "地区": "黄石市", "受理日": day, "办结日": "2024-05-06"} for at, day in enumerate(days)]
    write_table(folder / "申请.csv", claims)
