"""Imports point one way, third-party code stays behind its fence, and nothing near a value is a float."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "rulecheck"

# A module imports from the lines above its own, and from its own package. A name stands for a module, or for a package whole.
LAYERS = (
    ("__init__", "dataclass"),
    ("data", "kept"),
    # text and tree: they know no meaning
    ("language",),
    ("measures", "streams"),
    # what the files mean
    ("rules",),
    # what flows between the stages: what is handed in, and what comes out
    ("submission",),
    ("judgement",),
    ("facts", "judging"),
    # words for it: for what the rules say, then for what became of them; and the same judgement over columns
    ("prose", "columns"),
    ("explaining",),
    # whole runs and what is shown of them
    ("checking", "report"),
    ("proving", "templates"),
    # tables of millions of rows
    ("batching",),
    ("comparing",),
    ("linting",),
    ("commands",),
    # the doors: for people at a terminal, for programs
    ("cli", "api"),
    ("__main__",),
)

FENCES = {
    "duckdb": ("batching.duckdb.*",),
    "lark": ("language.parse", "language.parse_*"),
    "numpy": ("batching.*", "columns.*", "comparing.frames"),
    "pint": ("measures.units",),
    "py4j": ("batching.spark.*",),
    "pyarrow": ("api.tables", "batching.*", "columns.*"),
    "pydantic": ("rules.resolve.documents",),
    "pyspark": ("batching.spark.*",),
    "python_calamine": ("facts.spreadsheets.child",),
    "stdnum": ("facts.credit_codes",),
    "xlsxwriter": ("templates.xlsx", "report.refusals_xlsx"),
    "yaml": ("language.yamltext", "facts.yaml_reader", "rules.resolve.documents"),
}

ONLY = {
    # a report knows judgements, not how they came about
    "report": {"data", "judgement", "language", "measures", "rules", "submission"},
    # what is handed in is read without regard to any verdict
    "facts": {"data", "language", "measures", "rules", "submission"},
    # text and tree stand by themselves
    "language": {"data"},
}

FLOATS_ALLOWED = {"language.diagnostics"}
"""Likeness of names, for “did you mean”: no value of anybody's."""

MOST_LINES = 500
LONGER = {"rules.model": 620}
"""Read as one: the types of the whole rule set."""


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imported(module: str) -> set[str]:
    """Everything a module imports, inside functions too, by full name; of this package the modules."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full"
            source = node.module or ""
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                found.add(inner if inner.removeprefix("rulecheck.") in MODULES else source)
    return found


def own(module: str) -> set[str]:
    """The modules of this package that a module imports."""
    names = {name for name in imported(module) if name.split(".")[0] == "rulecheck"}
    return {name.removeprefix("rulecheck.") if name != "rulecheck" else "__init__" for name in names}


def family(module: str) -> str:
    """The package a module stands in, or the module itself. Within a package only a circle is forbidden."""
    return module.split(".")[0]


def layer(module: str) -> int:
    head = module.split(".")[0]
    found = [position for position, names in enumerate(LAYERS) if head in names]
    assert len(found) == 1, f"{head} stands in {len(found)} layers; every module has one"
    return found[0]


def fits(module: str, pattern: str) -> bool:
    return module == pattern or (pattern.endswith("*") and module.startswith(pattern[:-1])) or pattern == f"{module}.*"


@pytest.mark.parametrize("module", MODULES)
def test_imports_come_from_the_layers_below(module: str) -> None:
    above = {name for name in own(module) if layer(name) >= layer(module) and family(name) != family(module)}
    assert not above


def test_no_imports_in_a_circle() -> None:
    # A package and its modules are apart here: `facts` may import `facts.values`, which may not import `facts`.
    graph = {module: own(module) - {module} for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as problem:
        pytest.fail(" imports ".join(reversed(problem.args[1])))


def test_every_layer_is_there() -> None:
    heads = {module.split(".")[0] for module in MODULES}
    assert {name for names in LAYERS for name in names} == heads


@pytest.mark.parametrize("module", MODULES)
def test_third_party_code_stays_behind_its_fence(module: str) -> None:
    foreign = {name.split(".")[0] for name in imported(module)} - set(sys.stdlib_module_names) - {"rulecheck"}
    allowed = {name for name, patterns in FENCES.items() if any(fits(module, pattern) for pattern in patterns)}
    assert foreign <= allowed


@pytest.mark.parametrize("stage", ONLY)
def test_a_stage_knows_only_what_it_needs(stage: str) -> None:
    known = {family(name) for module in MODULES if family(module) == stage for name in own(module)} - {stage, "dataclass"}
    assert known <= ONLY[stage]


@pytest.mark.parametrize("module", sorted(MODULES.keys() - FLOATS_ALLOWED))
def test_no_float(module: str) -> None:
    floats = [
        f"line {node.lineno}"
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert not floats


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_long(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGER.get(module, MOST_LINES)


def test_the_version_is_told_without_loading_the_language() -> None:
    program = "import sys; import rulecheck.cli; print(*sorted({'lark', 'pint', 'pydantic', 'yaml'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
