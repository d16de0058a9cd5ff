"""A quick start: a check of one file loads nothing that it does not need, from what a wheel holds or from the cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support_compiled import ROOT, install

HEAVY = ("calamine", "jinja2", "lark", "pint", "pydantic", "python_calamine", "rich", "stdnum", "tomllib", "typer", "xlsxwriter")
"""Third-party code, and what parses the tables that come compiled. The readers of other formats are for other files."""
PARSING = ("rulecheck.language.parse", "rulecheck.rules.resolve", "rulecheck.rules.verify", "rulecheck.templates", "dataclasses")

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

PROGRAM = """
import json, sys
import rulecheck.cli
status = 0
try:
    rulecheck.cli.main()
except SystemExit as end:
    status = end.code
finally:
    print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("installed"))


def run(source: Path, folder: Path, *arguments: str, cache: str = "off") -> tuple[int, str, set[str]]:
    """Status, what was written, and the modules that were loaded."""
    environment = {**os.environ, "PYTHONPATH": str(source), "RULECHECK_CACHE": cache, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120)
    status, modules = json.loads(done.stderr.splitlines()[-1])
    return status, done.stdout, set(modules)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    (tmp_path / "one.yaml").write_text(ONE, encoding="utf-8")
    return tmp_path


def test_a_check_loads_only_what_it_needs(installed: Path, one: Path) -> None:
    status, text, modules = run(installed, one, "check", "one.yaml")
    assert status == 1
    assert "市某某局" in text
    assert sorted(modules & {*HEAVY, *PARSING}) == []


def test_of_the_rules_only_those_about_what_was_handed_in_are_read(installed: Path, one: Path) -> None:
    program = """
import sys
from pathlib import Path
from rulecheck import facts
from rulecheck.checking import run
from rulecheck.rules.cache import ready
rules, _ = ready()
run(rules, facts.read([Path(sys.argv[1])], rules), as_of=None, today=738000)
print(*sorted({rule.kind.id for rule in rules.rules if "readings" in slots(rule)}), len(rules.rules))
""".replace("slots(rule)", "{name for name in ('readings', 'examples') if filled(rule, name)}")
    program = (
        "def filled(rule, name):\n"
        "    for cls in type(rule).__mro__:\n"
        "        if name in vars(cls):\n"
        "            try: vars(cls)[name].__get__(rule); return True\n"
        "            except AttributeError: return False\n"
    ) + program
    done = subprocess.run(
        [sys.executable, "-c", program, str(one / "one.yaml")],
        env={**os.environ, "PYTHONPATH": str(installed), "RULECHECK_CACHE": "off"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    *kinds, count = done.stdout.split()
    assert kinds == ["unit"]
    assert int(count) > 40


def test_it_says_what_the_clone_says(installed: Path, one: Path) -> None:
    for arguments in (("check", "one.yaml"), ("check", "one.yaml", "--format", "json", "--lang", "en"), ("test",)):
        from_wheel = run(installed, one, *arguments)[:2]
        assert from_wheel == run(ROOT / "src", one, *arguments)[:2]


def test_rules_edited_where_they_are_installed_are_read(installed: Path, tmp_path: Path, one: Path) -> None:
    source = Path(shutil.copytree(installed, tmp_path / "edited"))
    file = source / "rulecheck" / "data" / "rules" / "huangshi" / "2022-60" / "2-01-organs.rule"
    text = file.read_text(encoding="utf-8")
    assert "不少于 50人" in text
    file.write_text(text.replace("不少于 50人", "不少于 51人"), encoding="utf-8")
    before = run(ROOT / "src", one, "check", "one.yaml", "--format", "json")[1]
    status, after, modules = run(source, one, "check", "one.yaml", "--format", "json")
    assert "lark" in modules
    assert json.loads(after)["receipt"]["rules"] != json.loads(before)["receipt"]["rules"]
    assert status != 1, "50 posts are no longer enough"


def test_compiled_files_that_are_broken_or_missing_are_not_used(installed: Path, tmp_path: Path, one: Path) -> None:
    source = Path(shutil.copytree(installed, tmp_path / "broken"))
    expected = run(installed, one, "check", "one.yaml")[:2]
    files = [source / "rulecheck" / "data" / "compiled" / name for name in ("rules", "units", "tables")]
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])
    assert run(source, one, "check", "one.yaml")[:2] == expected
    for file in files:
        file.unlink()
    assert run(source, one, "check", "one.yaml")[:2] == expected


def test_a_folder_of_ones_own_is_read_once(installed: Path, one: Path) -> None:
    shutil.copytree(ROOT / "rules", one / "own rules")
    (one / "own rules" / "more.rule").write_text("# a folder of one's own\n", encoding="utf-8")
    arguments = ("check", "one.yaml", "--rules", "own rules")
    cold = run(installed, one, *arguments, cache=str(one / "cache"))
    warm = run(installed, one, *arguments, cache=str(one / "cache"))
    assert cold[:2] == warm[:2]
    assert "lark" in cold[2]
    assert sorted(warm[2] & {*HEAVY}) == []
