"""Rates, bandwidth and voltage: written in rules and in the headings of sheets, converted, and read back in both languages."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest
import xlsxwriter

from rulecheck import facts
from rulecheck.checking import run
from rulecheck.commands.translate import units
from rulecheck.language.diagnostics import render
from rulecheck.language.format import format_file
from rulecheck.language.parse import parse
from rulecheck.language.source import Source
from rulecheck.language.translate import translate
from rulecheck.measures.units import unit_table
from rulecheck.proving.examples import run_examples
from rulecheck.rules.load import load
from rulecheck.rules.model import RuleSet
from support_explain import DOCUMENT, PLACES

CASES = [
    # Chinese name, English name, unit, step, limit, the same limit in other units, just below it in those
    ("信访批次", "petitions", "批次/千人", "0.01", "3.8批次/千人", "38批次/万人", "37.9批次/万人"),
    ("案件数", "cases_filed", "件/万人", "0.01", "5件/万人", "0.0005件/人", "0.000499件/人"),
    ("户均补贴", "subsidy_each", "元/户", "0.01", "1500元/户", "0.15万元/户", "0.149999万元/户"),
    ("人均藏书", "books_each", "册/人", "0.01", "1.2册/人", "120册/百人", "119册/百人"),
    ("人均面积", "area_each", "平方米/人", "0.01", "30平方米/人", "3000平方米/百人", "2999平方米/百人"),
    ("接入带宽", "bandwidth", "Mbps", "1", "10Gbps", "10000兆比特每秒", "9999Mbps"),
    ("骨干带宽", "backbone", "吉比特每秒", "0.1", "200Mbps", "0.2吉比特每秒", "0.1Gbps"),
    ("供电电压", "voltage", "千伏", "0.1", "110千伏", "110000伏", "109900伏"),
]


def declared() -> str:
    text = ""
    for zh, en, unit, step, limit, same, below in CASES:
        text += dedent(f"""\
            事实：{zh} / {en}
              所属对象：单位
              类型：数量（{unit}）
              步长：{step}{unit}

            规则：{zh}达标 / {en}_enough
              依据：一
              核查对象：单位
              要求：{zh} 不少于 {limit}
              示例：{zh}={limit} → 符合
              示例：{zh}={same} → 符合
              示例：{zh}={below} → 不符合

            """)
    return "对象：单位 / unit\n\n" + text


@cache
def written() -> RuleSet:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "places.yaml").write_text(PLACES, encoding="utf-8")
        (folder / "source.yaml").write_text(DOCUMENT, encoding="utf-8")
        (folder / "rates.rule").write_text(declared(), encoding="utf-8")
        rules, problems = load(folder)
    assert rules is not None, "\n".join(render(each, "zh") for each in problems)
    return rules


def test_the_examples_hold_in_every_unit() -> None:
    assert [(each.rule.id, each.verdict) for each in run_examples(written()) if not each.is_right] == []
    assert len(list(run_examples(written()))) == 3 * len(CASES)


def test_there_and_back_in_english() -> None:
    rules = written()
    file, problems = parse(Source("rates.rule", declared()))
    assert (file is not None, problems) == (True, [])
    assert file is not None
    english, problems = translate(file, "en", rules.names, units("en"))
    assert problems == []
    rates = ("3.8 batches/thousand_people", "0.0005 pieces/people", "0.15 ten_thousand_yuan/households")
    written_so = (*rates, "quantity(Gbps)", "200 Mbps", "110 kilovolts")
    for told in written_so:
        assert told in english
    tree, _ = parse(Source("rates.rule", english))
    assert tree is not None
    back, problems = translate(tree, "zh", {en: zh for zh, en in rules.names.items()}, units("zh"))
    # of several spellings of a unit the canonical one comes back
    canonical = format_file(file).replace("兆比特每秒", "Mbps").replace("吉比特每秒", "Gbps")
    assert (problems, back) == ([], canonical)


def judged(path: Path) -> dict[str, str]:
    rules = written()
    read = facts.read([path], rules, records=[], base=path.parent)
    assert not read.refused, "\n".join(render(each, "zh") for refusal in read.refused for each in refusal.faults)
    return {each.rule: each.verdict for each in run(rules, read, as_of=date(2024, 6, 30).toordinal(), today=0).judgements}


def parted(quantity: str) -> tuple[str, str]:
    """Number and unit."""
    unit = quantity.lstrip("0123456789.")
    return quantity.removesuffix(unit), unit


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("column", "verdict"), [(5, "met"), (6, "violated")])
def test_a_heading_names_the_unit(tmp_path: Path, kind: str, column: int, verdict: str) -> None:
    pairs = [(case[0], *parted(str(case[column]))) for case in CASES]
    heads = ["名称", "地区", *(f"{zh}（{unit}）" for zh, _, unit in pairs)]
    row = ["甲局", "东川县", *(number for _, number, _ in pairs)]
    path = tmp_path / f"单位.{kind}"
    if kind == "csv":
        path.write_text(",".join(heads) + "\n" + ",".join(row) + "\n", encoding="utf-8")
    else:
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet("单位")
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, row[:2])
        for at, number in enumerate(row[2:], start=2):
            sheet.write_number(1, at, float(number))
        book.close()
    assert judged(path) == {f"{case[1]}_enough": verdict for case in CASES}


def test_a_cell_may_name_the_unit_itself(tmp_path: Path) -> None:
    path = tmp_path / "单位.csv"
    path.write_text("名称,地区,接入带宽,供电电压,户均补贴\n甲局,东川县,10Gbps,110 kV,0.15万元/户\n", encoding="utf-8")
    found = judged(path)
    assert [found[f"{name}_enough"] for name in ("bandwidth", "voltage", "subsidy_each")] == ["met"] * 3


@pytest.mark.parametrize("text", ["兆", "千兆", "G", "M", "1G", "MBps", "MBPS", "MB/s"])
def test_what_might_mean_bytes_or_nothing_is_no_bandwidth(text: str) -> None:
    assert unit_table().find(text) is None
