"""`docs/tables.md` says what is read of large tables: its sample is read, its table of types is that of the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")

from rulecheck.batching.converting.cells import MOST_SHOWN  # noqa: E402
from rulecheck.batching.declaring.declare import TableHeader, declare  # noqa: E402
from rulecheck.batching.declaring.mapping import read_mapping  # noqa: E402
from rulecheck.facts.headings import Headings  # noqa: E402
from rulecheck.facts.nodes import Faults  # noqa: E402
from rulecheck.rules.load import load  # noqa: E402
from rulecheck.submission import NONE, UNTOLD  # noqa: E402

PAGE = (Path(__file__).parents[1] / "docs" / "tables.md").read_text(encoding="utf-8")
(SAMPLE,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
TEXT, WHOLE, DATE = pa.string(), pa.int64(), pa.date32()


def table(name: str, **columns: Any) -> TableHeader:
    return TableHeader(name, f"{name}.parquet", tuple(columns.items()))


def test_the_sample_is_read() -> None:
    rules, _ = load()
    assert rules is not None
    mapping = read_mapping(SAMPLE, Headings(rules), Faults("对照.yaml"))
    claims = table("claims_2023", claim_no=TEXT, accepted=DATE, reviewed=DATE, etl_time=pa.timestamp("us"))
    tables = [claims, table("单位", 编号=TEXT, 编制=WHOLE, 在职职工总数=WHOLE), table("学校", 编号=TEXT)]
    tables.append(table("上课日", 编号=TEXT, 上级=TEXT))
    found = declare(rules, tables, mapping)
    assert found.errors == ()
    assert "S325" not in [each.code for each in found.warnings]  # every entry is used
    claim, unit, _, day = found.tables
    assert mapping.is_ignored("logs", "库.db")
    assert (claim.kind.zh, claim.ignored, day.is_complete) == ("失业保险金申领", (3,), True)
    assert [(each.fact.zh, each.blank) for each in claim.facts] == [("受理日", UNTOLD), ("审核完成日", NONE)]
    assert [(each.fact.zh, each.unit.text if each.unit else "") for each in unit.facts] == [
        ("编制", "千人"),
        ("在职职工总数", "百人"),
    ]


def test_the_keys_in_english() -> None:
    rules, _ = load()
    assert rules is not None
    text = "tables: {t: unit}\nheadings: {n: posts}\nignore: [x]\nunits: {n: people}\nblank: {}\ncomplete: [school_day]\n"
    mapping = read_mapping(text, Headings(rules), Faults("map.yaml"))
    assert not mapping.faults.errors
    assert "`tables` `headings` `ignore` `units` `blank` `complete`" in PAGE


def test_how_many_faults_are_listed() -> None:
    assert f"先列 {MOST_SHOWN} 处" in PAGE
