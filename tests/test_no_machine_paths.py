"""Nothing in the project depends on, or tells of, the machine it was made on: no absolute paths, no package registries."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("src", "dsl", "rules", "reports", "tests", "examples", "benchmarks", "tools", "docs", ".ci")

HOMES = ("work", "root", "home", "Users", "tmp", "opt", "mnt", "srv", "var", "usr", "private", "workspace")
REGISTRIES = ("pypi", "pythonhosted", "npmjs", "anaconda", "index-url", "trusted-host", "mirror", "artifactory", "nexus")

MACHINE = re.compile(
    rf"(?<![\w.~/-])/(?:{'|'.join(HOMES)})(?:/|\b(?![-\w]))"  # a folder at the root of a disk
    r"|(?<!\w)[A-Za-z]:\\(?:Users|Windows|Program)"  # a disk of Windows
    rf"|(?i:(?<!\w)(?:[\w-]+\.)*(?:{'|'.join(REGISTRIES)})(?:\.[\w-]+)+)"  # the host of a registry
    r"|(?i:--(?:extra-)?index-url|--trusted-host)"
    r"|(?<![\d.])(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}(?![\d.])"  # an address inside a network
)
ALLOWED = re.compile(r"^#!/usr/bin/env (?:bash|sh|python3)$|/dev/null")


def tracked() -> Iterator[Path]:
    """The files under version control; in a copy without it, those of the project's folders."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        yield from (ROOT / name for name in listed.decode("utf-8").split("\0") if name and (ROOT / name).is_file())
        return
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def told(text: str) -> list[str]:
    """What a text tells of a machine."""
    return [found.group() for line in text.splitlines() if not ALLOWED.search(line) for found in MACHINE.finditer(line)]


def test_no_file_tells_of_a_machine() -> None:
    files = [path for path in tracked() if path != Path(__file__).resolve()]
    assert len(files) > 100
    found = {
        path.relative_to(ROOT).as_posix(): telling
        for path in files
        if (telling := told(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        (f"open('/{HOMES[2]}/someone/rules')", [f"/{HOMES[2]}/"]),
        ("PATH=/usr/local/bin", ["/usr/"]),
        (r"C:\Users\someone", ["C:\\Users"]),
        ("https://files.pythonhosted.org/packages", ["files.pythonhosted.org"]),
        ("pip install --index-url http://10.1.2.3/simple", ["--index-url", "10.1.2.3"]),
        ("cd /tmp", ["/tmp"]),
        ("a folder of your own: examples/home/x", []),
        ("批次/千人 and/or m/s, 1.10.2", []),
        ("#!/usr/bin/env bash", []),
        ("../shared/sources", []),
    ],
)
def test_what_tells_of_a_machine(text: str, telling: list[str]) -> None:
    assert told(text) == telling
