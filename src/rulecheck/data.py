"""The project's data files (`dsl/`, `rules/`, `reports/`), from a wheel, an editable install or a clone alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `dsl`, `rules` or `reports`: inside the package when installed from a wheel, else beside `src/`."""
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name


def read_text(*parts: str) -> str:
    """The text of one data file, `read_text("dsl", "words.toml")`."""
    return folder(parts[0]).joinpath(*parts[1:]).read_text(encoding="utf-8")
