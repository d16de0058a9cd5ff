"""Inputs made from nothing, in the shape a reader expects and with the names of the shipped vocabulary: they get further
than mutations do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from targets import shipped

_VALUES = (
    "50", "49", "0", "-1", "50人", "50 people", "５０", "1.5", "1.5%", "80%", "0.8", "1/3", "三分之二", "十二", "无",
    "none", "/", "—", "", "未知", "是", "否", "yes", "no", "true", "市级", "机关", "organ", "市级机关",
    "2023年1月19日", "2023-01-19", "2023.1.19", "2023年1月", "2022年", "44945", "12:30", "8时30分", "周五",
    "5个工作日", "120分钟", "2小时", "3万元", "30000元", "1e3", "NaN", "inf", "1,000", "1，000",
    "1000000000000000000000", "黄石市", "武汉市", "[a, b]", "未报全", "=SUM(A1:A9)", "#DIV/0!", "甲、乙", "甲，乙",
    "\t", "甲局", "A1",
)  # fmt: skip
_RESERVED = (
    "名称",
    "编号",
    "地区",
    "截至",
    "上级",
    "统一社会信用代码",
    "name",
    "id",
    "place",
    "as_of",
    "parent",
    "备注",
    "序号",
    "填报人",
)


@cache
def _names() -> tuple[list[str], list[str], list[str]]:
    rules = shipped()
    kinds = [name for kind in rules.kinds.values() for name in (kind.zh, kind.id)]
    facts = [name for fact in rules.facts.values() for name in (fact.zh, fact.id)]
    units = ["人", "元", "万元", "%", "天", "分钟", "户", "个", "米"]
    return kinds, facts, units


def _heading(random: Random) -> str:
    kinds, facts, units = _names()
    name = random.choice(random.choice((facts, facts, facts, kinds, _RESERVED)))
    return name + random.choice(
        ("", "", "", "@2022年", "@2023年1月", f"（{random.choice(units)}）", f"@2023年（{random.choice(units)}）", "?")
    )


def _tree(random: Random, depth: int) -> Any:
    shape = random.random()
    if depth <= 0 or shape < 0.5:
        value = random.choice(_VALUES)
        return random.choice((value, value, value, int(value) if value.isascii() and value.isdigit() else None, True, None, 1.5))
    if shape < 0.8:
        return {_heading(random): _tree(random, depth - 1) for _ in range(random.randint(0, 6))}
    return [_tree(random, depth - 1) for _ in range(random.randint(0, 4))]


def _submission(random: Random) -> dict[str, Any]:
    kinds, _, _ = _names()
    tree: dict[str, Any] = {}
    if random.random() < 0.8:
        tree["截至"] = random.choice(("2023年12月31日", "2023-06-30", "2023年", "昨天"))
    if random.random() < 0.8:
        tree["地区"] = random.choice(("黄石市", "huangshi", "大冶市", "某地"))
    for _ in range(random.randint(1, 3)):
        subjects = [
            {"名称": random.choice("甲乙丙丁"), **{_heading(random): _tree(random, 3) for _ in range(random.randint(0, 12))}}
            for _ in range(random.randint(0, 4))
        ]
        tree[random.choice(kinds)] = random.choice((subjects, subjects, subjects[0] if subjects else None))
    return tree


def json_text(random: Random) -> bytes:
    return json.dumps(_submission(random), ensure_ascii=random.random() < 0.2, indent=random.choice((None, 1))).encode()


def yaml_text(random: Random) -> bytes:
    import yaml

    flow = random.choice((None, True, False))
    return yaml.safe_dump(_submission(random), allow_unicode=True, default_flow_style=flow, sort_keys=False).encode()


def table(random: Random) -> list[list[str]]:
    """Rows as units fill them in: a title, headings, a form's lines, totals, blanks."""
    width = random.randint(1, 10)
    rows: list[list[str]] = []
    for line in ("单位情况统计表", "填报单位：市某某局", "截至：2023年12月31日", "单位：人"):
        if random.random() < 0.3:
            rows.append([line] + [""] * random.randint(0, width))
    headings = [random.choice(("名称", "编号", "统一社会信用代码"))] + [_heading(random) for _ in range(width - 1)]
    rows.append(headings)
    if random.random() < 0.1:
        rows.append([_heading(random) for _ in range(width)])
    for number in range(random.randint(0, 12)):
        row = [f"单位{number if random.random() < 0.9 else 1}"] + [random.choice(_VALUES) for _ in range(width - 1)]
        rows.append(row[: random.randint(0, width)] if random.random() < 0.1 else row)
    if random.random() < 0.3:
        rows.append(
            [random.choice(("合计", "总计", "小计", "合 计"))] + [random.choice(("100", "50", "")) for _ in range(width - 1)]
        )
    if random.random() < 0.3:
        rows.append(["填报人：张某", "审核人：", "日期：2023年1月5日"])
    return rows


def csv_text(random: Random) -> bytes:
    out = io.StringIO()
    writer = csv.writer(
        out, lineterminator=random.choice(("\n", "\r\n")), quoting=random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    )
    writer.writerows(table(random))
    return out.getvalue().encode(random.choice(("utf-8", "utf-8-sig", "gb18030")), "replace")


def workbook(random: Random) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    kinds, _, _ = _names()
    for name in random.sample([*kinds, "Sheet1", "表1"], random.randint(1, 2)):
        sheet = book.add_worksheet(name[:31])
        top, left = random.choice(((0, 0), (0, 0), (3, 2)))
        for at, cells in enumerate(table(random)):
            for across, text in enumerate(cells):
                if text and random.random() < 0.97:
                    sheet.write_string(top + at, left + across, text)
                elif random.random() < 0.5:
                    sheet.write_number(top + at, left + across, random.choice((0, 1, 50, 0.05, 44945, 1e15)))
        if random.random() < 0.3:
            sheet.merge_range(top, left, top, left + 3, "表")
    book.close()
    return out.getvalue()


GENERATORS: dict[str, Callable[[Random], bytes]] = {"json": json_text, "yaml": yaml_text, "csv": csv_text, "xlsx": workbook}
