"""A folder of rules, read whole: rule files, registered documents, places, the calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from rulecheck import data
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.parse import parse
from rulecheck.language.source import Source
from rulecheck.measures.places import load_places
from rulecheck.measures.units import unit_table
from rulecheck.measures.workdays import load_calendar
from rulecheck.rules import model
from rulecheck.rules.resolve import resolve
from rulecheck.rules.resolve.documents import SOURCE_FILE, read_document

MAXIMUM_RULE_BYTES = 5_000_000


def load(folder: Path | None = None) -> tuple[model.RuleSet | None, list[Diagnostic]]:
    """The rule set of a folder (the rules shipped, by default); None when a fault makes it unusable.

    A folder without `places.yaml` or `calendar/` of its own uses the shipped ones; years it brings are added.
    """
    root = folder or data.folder("rules")
    problems: list[Diagnostic] = []
    if not root.is_dir():
        return None, [fault("X101", root.name)]
    places, found = load_places(root if (root / "places.yaml").is_file() else data.folder("rules"))
    problems += found
    own_calendar = root / "calendar"
    calendar, found = load_calendar(data.folder("dsl") / "calendar", *([own_calendar] if own_calendar.is_dir() else []))
    problems += found
    digest = hashlib.sha256()
    files: list[syntax.File] = []
    documents: list[model.Document] = []
    for path, name in rule_files(root):
        try:
            with path.open("rb") as file:
                content = file.read(MAXIMUM_RULE_BYTES + 1)
        except OSError as problem:
            problems.append(fault("X105", name, reason=problem.strerror or type(problem).__name__))
            continue
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        if path.name == SOURCE_FILE:
            document, found = read_document(path, name, places)
            problems += found
            documents += [document] if document else []
        elif path.suffix == ".rule":
            source, found = read_source(content, name)
            problems += found
            tree, found = parse(source) if source else (None, [])
            problems += found
            files += [tree] if tree else []
    if any(each.severity == "error" for each in problems):
        # Names of a file that did not parse would all come out as unknown: the syntax is put right first.
        return None, sorted(problems, key=Diagnostic.sort_key)
    if not files:
        return None, [fault("X102", root.name)]
    rules, found = resolve(files, documents, places, calendar, unit_table(), digest.hexdigest())
    problems += found
    return (None if any(each.severity == "error" for each in problems) else rules), problems


def rule_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file of the folder that takes part in a verdict with its name relative to it, in the same order everywhere."""
    paths = [path for path in root.rglob("*") if path.is_file() and path.suffix in (".rule", ".yaml")]
    named = ((path, path.relative_to(root).as_posix()) for path in paths)
    return iter(sorted(named, key=lambda each: each[1]))


def read_source(content: bytes, name: str) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a rule file: UTF-8, with or without a byte order mark, of reasonable size."""
    if len(content) > MAXIMUM_RULE_BYTES:
        return None, [fault("X103", name, size=MAXIMUM_RULE_BYTES // 1_000_000)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return None, [fault("X104", name, line=line)]
    return Source(name, text.replace("\r\n", "\n")), []
