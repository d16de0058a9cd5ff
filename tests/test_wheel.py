"""The built wheel in an empty environment: grammar, words, rules and wording come with it, and it says what the clone says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
CHECK = ("check", "示例 材料", "--records", "记录.yaml", "--as-of", "2024-12-31", "--format", "json")


class Installed(NamedTuple):
    """The wheel, an environment with nothing but it, and a folder elsewhere that holds the examples."""

    wheel: Path
    python: Path
    folder: Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("wheel")
    run((sys.executable, "-m", "build", "--wheel", "--outdir", str(place / "dist"), str(ROOT)), place)
    (wheel,) = (place / "dist").glob("*.whl")
    run((sys.executable, "-m", "venv", str(place / "empty")), place)
    python = place / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run((str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)), place)
    folder = place / "别 处"
    folder.mkdir()
    shutil.copytree(ROOT / "examples" / "huangshi-2023", folder / "示例 材料")
    shutil.copy(ROOT / "examples" / "huangshi-2023-records.yaml", folder / "记录.yaml")
    return Installed(wheel, python, folder)


def run(command: Sequence[str], folder: Path, status: int = 0, **environment: str) -> bytes:
    """Standard output of a command that must end with a status; nothing of this environment leads it back to the clone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST"))}
    done = subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, check=False, timeout=600)
    assert done.returncode == status, done.stderr.decode("utf-8", "replace")
    return done.stdout


def rulecheck(installed: Installed, *arguments: str, status: int = 0) -> bytes:
    return run((str(installed.python), "-m", "rulecheck", *arguments), installed.folder, status)


def test_the_wheel_holds_the_data_and_nothing_of_the_workshop(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
    data = {path.relative_to(ROOT).as_posix() for top in ("dsl", "rules", "reports") for path in files(ROOT / top)}
    assert {f"rulecheck/data/{name}" for name in data} <= names
    assert {f"rulecheck/data/compiled/{name}" for name in ("rules", "tables", "units")} <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"rulecheck"}
    assert "rulecheck/py.typed" in names


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_command_is_there(installed: Installed) -> None:
    command = installed.python.with_name("rulecheck")
    assert run((str(command), "--version"), installed.folder).startswith(b"rulecheck ")


def test_it_says_byte_for_byte_what_the_clone_says(installed: Installed) -> None:
    from_wheel = rulecheck(installed, *CHECK, status=1)
    from_clone = run(
        (sys.executable, "-m", "rulecheck", *CHECK), installed.folder, status=1, PYTHONPATH=str(ROOT / "src"), PYTHONHASHSEED="1"
    )
    assert b'"verdict": "violated"' in from_wheel
    assert from_wheel == from_clone


def test_it_judges_by_the_rules_that_it_holds_compiled(installed: Installed) -> None:
    program = """
import sys, rulecheck.cli
try:
    rulecheck.cli.main()
except SystemExit:
    print(*sorted({"lark", "pint", "pydantic", "tomllib", "rulecheck.rules.compile"} & set(sys.modules)), file=sys.stderr)
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST"))}
    done = subprocess.run(
        (str(installed.python), "-c", program, *CHECK),
        cwd=installed.folder,
        env={**kept, "RULECHECK_CACHE": "off"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr.split() == ["rulecheck.rules.compile"]


def test_the_source_archive_builds_the_same(installed: Installed, tmp_path: Path) -> None:
    run((sys.executable, "-m", "build", "--outdir", str(tmp_path), str(ROOT)), tmp_path)
    (again,) = tmp_path.glob("*.whl")
    assert contents(again) == contents(installed.wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_its_rules_prove_themselves(installed: Installed) -> None:
    rulecheck(installed, "test")
    rulecheck(installed, "coverage")


def test_what_is_refused_is_refused_there_too(installed: Installed) -> None:
    rulecheck(installed, "check", "没有 这个文件夹", status=2)
