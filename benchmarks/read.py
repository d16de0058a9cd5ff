"""Reading submissions against the bare reader of each format: 10,000 subjects x 14 facts, and 100,000 of them from a spreadsheet.

    python benchmarks/read.py [--rounds N] [--rows N] [--sheet-rows N] [--sheet-rounds N]

The checker's side is `facts.read`: from the file to subjects with typed values, every value with its place, faults and totals
looked for. The bare side only takes the file apart: `csv.reader` into lists, `json.loads`, `yaml.load` with `CBaseLoader`,
`python_calamine` to lists. Before anything is timed the four must have given the same values. Prints medians with the least and
the most; ends with status 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook

from measure import ROUNDS, milliseconds, ratios, rounds, spread
from rulecheck import facts
from rulecheck.rules import model
from rulecheck.rules.load import load
from rulecheck.submission import Subject

TARGETS = {"csv": 10.0, "json": 15.0, "yaml": 2.0, "xlsx": 3.0}
BARE: dict[str, Callable[[Path], object]] = {
    "csv": lambda path: list(csv.reader(io.StringIO(path.read_bytes().decode(), newline=""))),
    "json": lambda path: json.loads(path.read_bytes()),
    "yaml": lambda path: yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader),
    "xlsx": lambda path: [
        sheet.to_python(skip_empty_area=False)
        for book in [CalamineWorkbook.from_path(path)]
        for sheet in map(book.get_sheet_by_name, book.sheet_names)
    ],
}
HEADINGS = (
    "编号", "名称", "单位类别", "层级", "编制（人）", "在职职工（人）", "残疾职工（人）", "收费标准（元）", "满意度（%）",
    "预算额（万元）", "预算支出（元）", "建筑面积（平方米）", "民办", "材料齐全", "受理日", "签订日",
)  # fmt: skip
NUMBERS = range(4, 12)


def rows(count: int) -> list[list[str]]:
    """Invented figures; one in fifty is not told."""
    random = Random(1)

    def some(digits: int, decimals: int = 0) -> str:
        whole = str(random.randrange(10**digits))
        return f"{whole}.{random.randrange(10**decimals):0{decimals}}" if decimals else whole

    def day() -> str:
        return (date(2021, 1, 1) + timedelta(random.randrange(1000))).isoformat()

    def row(number: int) -> list[str]:
        cells = [
            f"U{number:06}",
            f"市第{number}局",
            random.choice(("机关", "事业单位", "国有企业")),
            random.choice(("市级", "县级", "乡级")),
            some(3), some(3), some(1), some(2, 1), str(random.randrange(101)), some(4, 2), some(7), some(5),
            random.choice("是否"), random.choice("是否"), day(), day(),
        ]  # fmt: skip
        return [cell if column < 2 or random.random() > 0.02 else "" for column, cell in enumerate(cells)]

    return [row(number) for number in range(count)]


def write_csv(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *table])


def write_json(path: Path, table: list[list[str]]) -> None:
    def value(column: int, text: str) -> object:
        return None if not text else json.loads(text) if column in NUMBERS else text

    units = [{HEADINGS[column]: value(column, text) for column, text in enumerate(row)} for row in table]
    path.write_text(json.dumps({"单位": units}, ensure_ascii=False), encoding="utf-8")


def write_yaml(path: Path, table: list[list[str]]) -> None:
    units = ("\n    ".join(f"{heading}: {text}" for heading, text in zip(HEADINGS, row, strict=True)) for row in table)
    path.write_text("单位:\n" + "".join(f"  - {unit}\n" for unit in units), encoding="utf-8")


def write_xlsx(path: Path, table: list[list[str]]) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("单位")
    for row, cells in enumerate([list(HEADINGS), *table]):
        for column, text in enumerate(cells):
            if row and text and column in NUMBERS:
                sheet.write_number(row, column, float(text))
            elif text:
                sheet.write_string(row, column, text)
    book.close()


WRITERS = {"csv": write_csv, "json": write_json, "yaml": write_yaml, "xlsx": write_xlsx}


def read(path: Path, rules: model.RuleSet) -> tuple[Subject, ...]:
    submission = facts.read([path], rules)
    assert not submission.refused, submission.refused[0].faults[:3]
    return submission.subjects["unit"]


def told(subjects: tuple[Subject, ...]) -> list[object]:
    return [(each.id, each.name, each.values) for each in subjects]


def measured(path: Path, rules: model.RuleSet, count: int) -> bool:
    """Whether the target of one format is kept."""
    name = path.suffix[1:]
    seconds = rounds({"bare": lambda: BARE[name](path), "checker": lambda: read(path, rules)}, count)
    found = ratios(seconds, "checker", "bare")
    kept = median(found) <= TARGETS[name]
    times = f"{milliseconds(seconds['bare']):>28}  {milliseconds(seconds['checker']):>28}"
    print(f"  {name:<5} {times}   x {spread(found)}   target {TARGETS[name]:g}: {'kept' if kept else 'MISSED'}", flush=True)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--sheet-rows", type=int, default=100_000)
    parser.add_argument("--sheet-rounds", type=int, default=5)
    options = parser.parse_args()
    rules, problems = load(Path(__file__).parent / "forty")
    assert rules is not None, problems
    kept = []
    with TemporaryDirectory() as folder:
        table = rows(options.rows)
        paths = {name: Path(folder, f"单位.{name}") for name in WRITERS}
        for name, path in paths.items():
            WRITERS[name](path, table)
        first = told(read(paths["csv"], rules))
        assert all(told(read(path, rules)) == first for path in paths.values()), "the formats differ"
        print(f"{options.rows:,} subjects x {len(HEADINGS) - 2} facts: bare reader, checker, ratio")
        for name in ("yaml", "csv", "json"):
            kept.append(measured(paths[name], rules, options.rounds))
        large = Path(folder, "单位-多.xlsx")
        write_xlsx(large, rows(options.sheet_rows))
        print(f"{options.sheet_rows:,} subjects x {len(HEADINGS) - 2} facts")
        kept.append(measured(large, rules, options.sheet_rounds))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
