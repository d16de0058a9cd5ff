"""The project's data files (`dsl/`, `rules/`, `reports/`), from a wheel, an editable install or a clone alike.

Tables (`*.toml`) come in the wheel as JSON too, which is read ten times as fast; each is used only while it was made from the
very bytes of its file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `dsl`, `rules` or `reports`: inside the package when installed from a wheel, else beside `src/`."""
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name


@cache
def read_bytes(*parts: str) -> bytes:
    """One data file, the same bytes throughout a process."""
    return folder(parts[0]).joinpath(*parts[1:]).read_bytes()


def read_text(*parts: str) -> str:
    """The text of one data file, `read_text("dsl", "words.toml")`."""
    return read_bytes(*parts).decode("utf-8").replace("\r\n", "\n")


@cache
def read_table(*parts: str) -> Mapping[str, Any]:
    """The table of one `.toml` file, `read_table("dsl", "words.toml")`."""
    made_from, table = _compiled_tables().get("/".join(parts), ("", ""))
    if made_from == sha256(read_bytes(*parts)).hexdigest():
        import json

        with suppress(ValueError):
            found: Mapping[str, Any] = json.loads(table)
            return found
    import tomllib

    return tomllib.loads(read_text(*parts))


@cache
def _compiled_tables() -> Mapping[str, tuple[str, str]]:
    """By name: the SHA-256 of the file it was made from, and the JSON."""
    rows = [row.split("\t", 2) for row in (compiled("tables") or b"").decode("utf-8", "replace").split("\n")]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}


def compile_tables() -> bytes:
    """What a wheel holds as `compiled/tables`: a line a table, with its name and the SHA-256 of its file."""
    import json
    import tomllib

    lines = []
    for top in ("dsl", "reports"):
        for path in sorted(folder(top).rglob("*.toml")):
            parts = (top, *path.relative_to(folder(top)).parts)
            table = json.dumps(tomllib.loads(read_text(*parts)), ensure_ascii=False, separators=(",", ":"))
            lines.append(f"{'/'.join(parts)}\t{sha256(read_bytes(*parts)).hexdigest()}\t{table}\n")
    return "".join(lines).encode("utf-8")


def compiled(name: str) -> bytes | None:
    """A file that was made when the wheel was built; None in a clone or an editable install, which have none."""
    try:
        return (_PACKAGE / "data" / "compiled" / name).read_bytes()
    except OSError:
        return None


def code(parts: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The program text of some of this project's modules (`data.py`) and packages, by name, in a fixed order."""
    for part in parts:
        inside = _PACKAGE / part
        modules = sorted(entry.name for entry in os.scandir(inside)) if inside.is_dir() else ()
        names = (part,) if part.endswith(".py") else tuple(f"{part}/{name}" for name in modules if name.endswith(".py"))
        for name in names:
            with open(_PACKAGE / name, "rb") as file:
                yield name, file.read()
