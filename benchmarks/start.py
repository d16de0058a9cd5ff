"""A check of one submission as a whole process, against a typer program that only prints a line, and with all the rules
against those of one document.

    python benchmarks/start.py [--rounds N]

Everything runs from environments of their own into which the project is installed as a wheel. The sides take turns; a side is
a whole process, from its start to its end, with its output thrown away. Ends with status 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from measure import report, rounds

ROOT = Path(__file__).parent.parent

TYPER = "typer program"
CHECK = "check one.yaml"
TARGETS = {CHECK: 1.5}
DOCUMENT = "2022-60"
ALONE = f"{CHECK}, {DOCUMENT} alone"
TARGETS_OF_RULES = {CHECK: 1.3}

PROGRAM = """import typer

app = typer.Typer()


@app.command()
def main(name: str = "world") -> None:
    print(f"hello {name}")


if __name__ == "__main__":
    app()
"""

ONE = """截至: 2023年12月31日
地区: 黄石市
单位:
  - 名称: 市某某局
    单位类别: 机关
    层级: 市级
    编制: 50人
    在职职工总数: 48
    安排残疾人就业人数: 0
"""


def environment(folder: Path, project: Path = ROOT) -> Path:
    """A new environment with the project's wheel in it, its modules compiled as pip does."""
    venv.create(folder, with_pip=True)
    pip = (str(program(folder, "python")), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run([*pip, str(project), "typer"], check=True)
    return folder


def with_one_document(folder: Path) -> Path:
    """The project as if there were no rules but those of one document and what it shares with others."""
    away = shutil.ignore_patterns(".*", "examples", "tests", "docs", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=away)
    for source in sorted((folder / "rules").rglob("source.yaml")):
        if source.parent.name != DOCUMENT:
            shutil.rmtree(source.parent)
    return folder


def program(folder: Path, name: str) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / name


def process(command: Sequence[str], folder: Path, statuses: Sequence[int], cache: Callable[[], Path]) -> Callable[[], None]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RULECHECK"))}

    def run() -> None:
        variables = {**kept, "RULECHECK_CACHE": str(cache())}
        nowhere = subprocess.DEVNULL
        done = subprocess.run(command, cwd=folder, env=variables, stdout=nowhere, stderr=nowhere, check=False)
        assert done.returncode in statuses, command

    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = environment(folder / "environment")
        alone = environment(folder / "one document", with_one_document(folder / "project"))
        (folder / "hello.py").write_text(PROGRAM, encoding="utf-8")
        (folder / "one.yaml").write_text(ONE, encoding="utf-8")
        own = folder / "own rules"
        shutil.copytree(ROOT / "rules", own)
        (own / "more.rule").write_text("# rules of one's own\n", encoding="utf-8")
        python, rulecheck = str(program(place, "python")), str(program(place, "rulecheck"))
        numbers = count()

        def warm() -> Path:
            return folder / "cache"

        def cold() -> Path:
            return folder / f"cache-{next(numbers)}"

        check = [rulecheck, "check", "one.yaml"]
        sides = {
            "python -c pass": process([python, "-c", "pass"], folder, (0,), warm),
            TYPER: process([python, "hello.py"], folder, (0,), warm),
            "--version": process([rulecheck, "--version"], folder, (0,), warm),
            CHECK: process(check, folder, (1,), warm),
            f"{CHECK}, JSON": process([*check, "--format", "json"], folder, (1,), warm),
            "other rules, kept": process([*check, "--rules", own.name], folder, (1,), warm),
            "other rules, first time": process([*check, "--rules", own.name], folder, (1,), cold),
        }
        sides[ALONE] = process([str(program(alone, "rulecheck")), *check[1:]], folder, (1,), warm)
        seconds = rounds(sides, arguments.rounds)
        kept = report(f"Whole processes, {sys.platform}, {arguments.rounds} rounds", seconds, TYPER, TARGETS)
        of_rules = {name: seconds[name] for name in (ALONE, CHECK)}
        kept = report("All the rules against those of one document", of_rules, ALONE, TARGETS_OF_RULES) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
