"""`docs/submissions.md` says what the readers do: its samples are read, its limits are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.facts import limits
from rulecheck.language.parse import MAX_CLAUSE
from rulecheck.rules.load import MAXIMUM_RULE_BYTES, load

PAGE = (Path(__file__).parents[1] / "docs" / "submissions.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_read(sample: str, tmp_path: Path) -> None:
    option = re.match(r"# --(\w+)", sample)
    assert option is not None
    folder = tmp_path / "报送"
    for name in ("单位.xlsx", "单位（修改后）.xlsx"):
        (folder / "湖岸局" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "湖岸局" / name).write_bytes(b"")
    (folder / "单位.csv").write_text("单位全称,在编人数,联系电话,人数\n甲局,5,12,6\n", encoding="utf-8")
    beside = tmp_path / "表.yaml"
    beside.write_text(sample, encoding="utf-8")
    rules, _ = load()
    assert rules is not None
    given: dict[str, Path] = {option[1]: beside}
    found = facts.read([folder], rules, **given)  # type: ignore[arg-type]
    assert not [each for each in found.refused if each.file == beside.name]
    match option[1]:
        case "headings":
            (unit,) = found.subjects["unit"]
            kept = {name: unit.values[slot] for name, slot in unit.kind.slots.items() if unit.values[slot] not in (None, {})}
            assert (unit.name, kept) == ("甲局", {"posts": 5, "staff": 6})
        case "expected":
            assert [(each.unit.code, each.unit.full_name) for each in found.expected or ()] == [("SL-01", "示例市风筝局")]
        case "manifest":
            assert len(found.replaced) == 1


def test_the_limits() -> None:
    megabytes = {name: limit // limits.MEGABYTE for name, limit in limits.MAXIMUM_BYTES.items()}
    assert f"YAML {megabytes['yaml']} MB，JSON {megabytes['json']} MB，CSV {megabytes['csv']} MB" in PAGE
    assert f"{limits.MAXIMUM_UNPACKED // limits.MEGABYTE} MB（ODS {limits.MAXIMUM_ODD_XML // limits.MEGABYTE} MB）" in PAGE
    assert f"{limits.MAXIMUM_ROWS:,} 行，{limits.MAXIMUM_COLUMNS:,} 列" in PAGE
    assert f"{limits.MAXIMUM_CELLS:,} 个值" in PAGE
    assert f"{limits.MAXIMUM_FILES:,} 个文件；{limits.MAXIMUM_DEPTH} 层" in PAGE
    assert f"规则文件 {MAXIMUM_RULE_BYTES // 1000} KB，一条 {MAX_CLAUSE:,} 字" in PAGE
