"""Two rule sets compared down to the last field, and the project as a wheel would install it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rulecheck.data import compile_tables
from rulecheck.language.source import Source
from rulecheck.measures.units import compile_units
from rulecheck.rules import model
from rulecheck.rules.cache import compile_rules

ROOT = Path(__file__).parent.parent
ALONE = (model.Fact, model.Kind, model.Parameter, model.Document, model.Rule, model.RelationRule)


def differences(one: Any, other: Any, without: tuple[str, ...] = ("files",)) -> list[str]:
    """Where two values differ, as paths; fields of the names `without` are passed over. Things compared by identity must be one
    on one side exactly where they are on the other."""
    pairs: dict[int, Any] = {}
    back: dict[int, Any] = {}
    kept: list[Any] = []

    def walk(left: Any, right: Any, path: str) -> list[str]:
        if isinstance(left, ALONE):
            if id(left) in pairs or id(right) in back:
                return [] if pairs.get(id(left)) is right and back.get(id(right)) is left else [f"{path}: another one"]
            pairs[id(left)], back[id(right)] = right, left
            kept.extend((left, right))
        if hasattr(type(left), "__dataclass_fields__"):
            same = type(left) is type(right) or isinstance(right, type(left))
            if not same or not isinstance(left, (type(left), model.Rule, Source)):
                return [f"{path}: {type(left).__name__} and {type(right).__name__}"]
            names = [name for name in left.__match_args__ if name not in without]
            return [found for name in names for found in walk(getattr(left, name), getattr(right, name), f"{path}.{name}")]
        if type(left) is not type(right):
            return [f"{path}: {type(left).__name__} and {type(right).__name__}"]
        if isinstance(left, Mapping):
            if list(left) != list(right):
                return [f"{path}: keys"]
            return [found for key in left for found in walk(left[key], right[key], f"{path}[{key}]")]
        if isinstance(left, tuple):
            if len(left) != len(right):
                return [f"{path}: length"]
            parts = enumerate(zip(left, right, strict=True))
            return [found for number, (a, b) in parts for found in walk(a, b, f"{path}[{number}]")]
        return [] if left == right else [f"{path}: {left!r} and {right!r}"]

    return walk(one, other, "")


def install(folder: Path) -> Path:
    """A folder for PYTHONPATH that holds what a wheel installs, what is compiled included."""
    package = folder / "rulecheck"
    shutil.copytree(ROOT / "src" / "rulecheck", package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dsl", "rules", "reports"):
        shutil.copytree(ROOT / name, package / "data" / name)
    (package / "data" / "compiled").mkdir()
    for name, made in (("rules", compile_rules), ("tables", compile_tables), ("units", compile_units)):
        (package / "data" / "compiled" / name).write_bytes(made())
    return folder
