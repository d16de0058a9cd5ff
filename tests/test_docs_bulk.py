"""`docs/bulk.md` on how large tables are checked: its commands are run, its mapping file read, its listing is what is written."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

import pyarrow.parquet as parquet  # noqa: E402

from rulecheck.batching.declaring.declare import TableHeader, declare  # noqa: E402
from rulecheck.batching.declaring.mapping import read_mapping  # noqa: E402
from rulecheck.facts.headings import Headings  # noqa: E402
from rulecheck.facts.nodes import Faults  # noqa: E402
from rulecheck.rules.load import load  # noqa: E402
from rulecheck.submission import NONE  # noqa: E402
from support_command import call  # noqa: E402

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "bulk.md").read_text(encoding="utf-8")
RUN, WHY = (
    shlex.split(line)[1:]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("rulecheck batch")
)
(MAPPING,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
(LISTING,) = re.findall(r"```\n(结果/\n.*?)```", PAGE, re.DOTALL)
DAYS = [
    ("1", "0001", "2023-03-06", "是", "120分钟"),
    ("3", "0001", "2023-03-07", "是", "119分钟"),
    ("1", "0002", "2023-03-06", "是", "2小时"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "规则").symlink_to(ROOT / "rules")
    schools = {"编号": ["0001", "0002"], "学校类型": ["小学", "小学"], "上课日": ["已报全", "已报全"]}
    parquet.write_table(pa.table(schools), "学校.parquet")
    with Path("上课日.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("编号", "上级", "上课日期", "提供课后服务", "课后服务时长"), *DAYS])
    return tmp_path


def test_the_commands_run(folder: Path) -> None:
    found = call(*RUN)
    assert found.status == 1, found.err
    written = {re.sub(r"/(school|school_day)/", "/单位的英文名/", path) for path in files_in(folder / "结果")}
    listed = set(re.findall(r"\S+/part-00000\.parquet|\b\w+\.(?:parquet|json|txt)", LISTING))
    assert written == {each for each in listed if not each.startswith("faults")}
    column = "after_school_service_on_weekdays.乙"
    rows = parquet.read_table("结果/verdicts/school").select(["key", column]).to_pylist()
    codes = {row["key"]: row[column] for row in rows}
    said = dict(re.findall(r"(\d) (符合|不符合|需说明理由|未达目标|未到完成时限|不适用|无法判定)", PAGE))
    assert {key: said[str(code)] for key, code in codes.items()} == {"0001": "不符合", "0002": "符合"}
    why = call(*WHY)
    assert why.status == 1, why.err
    assert "119分钟" in why.out
    member = re.search(r"`(上课日:\S+?)`", PAGE)
    assert member is not None
    assert call(*WHY[:-1], member[1]).status in (0, 1, 4)


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_mapping_file_is_read() -> None:
    rules, _ = load()
    assert rules is not None
    mapping = read_mapping(MAPPING, Headings(rules), Faults("对照.yaml"))
    tables = [
        table("claims_2023", 编号=pa.string(), 受理日=pa.date32(), 审核完成日=pa.date32()),
        table("单位", 编号=pa.string(), 在编人数=pa.int64(), **{"实缴保障金@2023年": pa.decimal128(18, 6)}, 联系电话=pa.string()),
        table("学校", 编号=pa.string()),
        table("上课日", 编号=pa.string(), 上级=pa.string()),
    ]
    found = declare(rules, tables, mapping)
    assert found.errors == ()
    assert "S325" not in [each.code for each in found.warnings]  # every entry is used
    claims, unit, _, days = found.tables
    assert (claims.kind.zh, claims.facts[1].blank, days.is_complete) == ("失业保险金申领", NONE, True)
    assert [(each.fact.zh, each.unit.text if each.unit else "") for each in unit.facts] == [("编制", ""), ("实缴保障金", "万元")]


def table(name: str, **columns: Any) -> TableHeader:
    return TableHeader(name, f"{name}.parquet", tuple(columns.items()))


def test_the_keys_in_english() -> None:
    rules, _ = load()
    assert rules is not None
    (line,) = re.findall(r"英文键：((?:`\w+` ?)+)", PAGE)
    keys = re.findall(r"`(\w+)`", line)
    text = "".join(f"{key}: {'[school_day]' if key in ('complete', 'ignore') else '{}'}\n" for key in keys)
    assert not read_mapping(text, Headings(rules), Faults("map.yaml")).faults.errors
