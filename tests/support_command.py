"""The command line called in this process, quickly, or as a process of its own, as a user does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rulecheck.cli import run

SOURCE_TREE = Path(__file__).resolve().parent.parent / "src"


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


def call(*arguments: object, stdin: str | bytes | None = None) -> Outcome:
    """The verbs in this process, with streams in UTF-8; an error of the program is raised."""
    given = stdin.encode() if isinstance(stdin, str) else stdin or b""
    streams = [io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="") for content in (given, b"", b"")]
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        status = run([str(each) for each in arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    out, err = (_written(stream) for stream in streams[1:])
    return Outcome(status, out, err)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def process(
    *arguments: object,
    stdin: bytes = b"",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    python: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, *python, "-m", "rulecheck", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(SOURCE_TREE), **(environment or {})},
        timeout=60,
        check=False,
    )
