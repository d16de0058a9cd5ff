"""A folder of rules, read whole: rule files, registered documents, places, the calendar.

`load` reads the files and works out what they mean. `rules.ready` does the same for those who only want to judge, from what
was worked out before wherever the very same bytes have been read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from rulecheck import __version__, data
from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.source import Source, decoded
from rulecheck.measures.places import PLACES_FILE
from rulecheck.rules import model

MAXIMUM_RULE_BYTES: Final = 300_000
"""Of one rule file: about ten times the longest there is, and a few seconds' work."""
_MOST_BYTES: Final = 5_000_000
"""Of any file; what is longer is refused by what reads it."""

_CODE: Final = ("data.py", "dataclass.py", "language", "measures", "rules", "rules/resolve")
"""Modules and packages that decide what a rule file means."""
_MEANING: Final = (".toml", ".txt", ".lark")
"""Endings of the files of `dsl/` that do so."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The bytes that a rule set is made from, read once, by name. `files`: those of the folder that say something; `shipped`:
    the shipped table of places, where the folder has none, and the shipped holiday notices; `problems`: what could not be read.
    `sha256` covers the folder, as the receipt tells it; `key` all that the rule set depends on, the program that reads it
    included."""

    root: Path
    files: Mapping[str, bytes]
    shipped: Mapping[str, bytes]
    problems: tuple[Diagnostic, ...]
    sha256: str
    key: str


def load(folder: Path | None = None) -> tuple[model.RuleSet | None, list[Diagnostic]]:
    """The rule set of a folder (the rules shipped, by default); None when a fault makes it unusable.

    A folder without `places.yaml` or `calendar/` of its own uses the shipped ones; years it brings are added.
    """
    root = folder or data.folder("rules")
    return made(read_inputs(root)) if root.is_dir() else (None, [fault("X101", root.name)])


def read_inputs(root: Path) -> Inputs:
    """Every byte that the rules of a folder depend on."""
    files: dict[str, bytes] = {}
    found, problems = rule_files(root)
    digest = sha256()
    for path, name in found:
        try:
            with path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except OSError as problem:
            problems.append(_not_read(name, problem))
            continue
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + sha256(content).digest())
        if _is_read(name):
            files[name] = content
    dsl = data.folder("dsl")
    shipped = {} if PLACES_FILE in files else _read(data.folder("rules"), (PLACES_FILE,))
    shipped |= _read(dsl, [f"calendar/{name}" for name in _names(dsl / "calendar", (".yaml",))])
    key = sha256(f"rulecheck {__version__}\0".encode())
    for name, content in (*shipped.items(), *_meaning(dsl), *data.code(_CODE)):
        key.update(f"{name}\0{len(content)}\0".encode() + content)
    key.update(digest.digest())
    return Inputs(root, files, shipped, tuple(problems), digest.hexdigest(), key.hexdigest())


def _meaning(dsl: Path) -> Iterator[tuple[str, bytes]]:
    return ((name, data.read_bytes("dsl", name)) for name in _names(dsl, _MEANING))


def _names(folder: Path, endings: tuple[str, ...]) -> list[str]:
    return sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(endings)) if folder.is_dir() else []


def _read(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    found = ((name, folder / name) for name in names)
    return {name: path.read_bytes() for name, path in found if path.is_file()}


def made(given: Inputs) -> tuple[model.RuleSet | None, list[Diagnostic]]:
    """What the bytes mean; None when a fault makes them unusable."""
    # Slow to import, and not wanted where the rules were made before.
    from rulecheck.language.parse import parse
    from rulecheck.measures.places import places_of
    from rulecheck.measures.units import unit_table
    from rulecheck.measures.workdays import calendar_of
    from rulecheck.rules.resolve import resolve
    from rulecheck.rules.resolve.documents import document_of

    problems = list(given.problems)
    places, found = places_of(given.files.get(PLACES_FILE, given.shipped.get(PLACES_FILE)))
    problems += found
    calendar, found = calendar_of(_notices(given.shipped), _notices(given.files))
    problems += found
    files = []
    documents: list[model.Document] = []
    for name, content in given.files.items():
        if name.rpartition("/")[2] == model.SOURCE_FILE:
            document, found = document_of(content, name, places)
            problems += found
            documents += [document] if document else []
        elif name.endswith(".rule"):
            source, found = read_source(content, name)
            problems += found
            tree, found = parse(source) if source else (None, [])
            problems += found
            files += [tree] if tree else []
    if any(each.severity == "error" for each in problems):
        # Names of a file that did not parse would all come out as unknown: the syntax is put right first.
        return None, sorted(problems, key=Diagnostic.sort_key)
    if not files:
        return None, [fault("X102", given.root.name)]
    rules, found = resolve(files, documents, places, calendar, unit_table(), given.sha256)
    problems += found
    return (None if any(each.severity == "error" for each in problems) else rules), problems


def _is_read(name: str) -> bool:
    """Whether a file says something here; another `.yaml` (cases, notes) is only counted in the digest."""
    return name.endswith(".rule") or name == PLACES_FILE or name.rpartition("/")[2] == model.SOURCE_FILE or _is_notice(name)


def _notices(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if _is_notice(name)}


def _is_notice(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == "calendar" and file.endswith(".yaml")


def rule_files(root: Path) -> tuple[list[tuple[Path, str]], list[Diagnostic]]:
    """Every file of the folder that takes part in a verdict with its name relative to it, in the same order everywhere; and what
    cannot be looked into. Links to folders are not followed but told: rules may be there."""
    found: list[tuple[Path, str]] = []
    problems: list[Diagnostic] = []

    def unlisted(problem: OSError) -> None:
        path = Path(problem.filename)
        problems.append(_not_read(path.relative_to(root).as_posix() if path != root else root.name, problem))

    for folder, folders, names in os.walk(root, onerror=unlisted):
        within = os.path.relpath(folder, root).replace(os.sep, "/")
        lead = "" if within == "." else f"{within}/"
        problems += [fault("X106", lead + name) for name in folders if os.path.islink(os.path.join(folder, name))]
        wanted = (name for name in names if os.path.splitext(name)[1] in (".rule", ".yaml"))
        found += [(Path(folder, name), lead + name) for name in wanted if _is_file(os.path.join(folder, name))]
    return sorted(found, key=lambda each: each[1]), problems


def _not_read(name: str, problem: OSError) -> Diagnostic:
    return fault("X105", name, reason=problem.strerror or type(problem).__name__)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


def read_source(content: bytes, name: str) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a rule file: UTF-8, with or without a byte order mark, of reasonable size."""
    if len(content) > MAXIMUM_RULE_BYTES:
        return None, [fault("X103", name, size=MAXIMUM_RULE_BYTES // 1_000)]
    try:
        return Source(name, decoded(content)), []
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return None, [fault("X104", name, line=line)]
