"""The files of a run: found, named, sorted, their bytes decoded. Nothing but ordinary files is opened, and no link is
followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from rulecheck.facts.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_FILES, MEGABYTE
from rulecheck.facts.nodes import FORBIDDEN, Faults, code_points
from rulecheck.language.diagnostics import Diagnostic, visible
from rulecheck.submission import Refusal

STANDARD_INPUT: Final = "-"
"""Standard input, as an argument and as the name of a file."""

FORMATS: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".csv": "csv"}
SPREADSHEETS: Final = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".numbers"})


@dataclass(slots=True)
class Input:
    """One file to read. `name` as shown, relative with `/`; `path` None is standard input."""

    name: str
    format: str
    path: Path | None


@dataclass(slots=True)
class Gathered:
    inputs: list[Input] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """Something met on the way. `shown_parts`: how many of the last parts of its path its name shows. `code`: why it
    is not read, None for a file to read."""

    path: Path
    shown_parts: int
    format: str = ""
    code: str | None = None
    is_warning: bool = False


def gather(paths: Sequence[Path], stdin: bytes | None, base: Path | None) -> Gathered:
    """The files that the arguments stand for, each once, sorted by name.

    A file in a folder argument is named from that folder on (`a/north/x.yaml`), a file argument by its own name;
    where two files would have one name, both are named from a folder further up. With `base`, names are relative to
    it where they can be.
    """
    gathered = Gathered()
    found: dict[Path, _Found] = {}
    for path in sorted(set(paths), key=str):
        if str(path) == STANDARD_INPUT:
            text = (stdin or b"")[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
            gathered.inputs.append(Input(STANDARD_INPUT, "json" if text[:1] in (b"{", b"[") else "yaml", None))
            continue
        for each in _argument(path):
            known = found.setdefault(each.path, each)
            if each.shown_parts > known.shown_parts:
                found[each.path] = each
            if len(found) > MAXIMUM_FILES:
                limit = {"limit": f"{MAXIMUM_FILES:,}"}
                names = sorted({visible(each.resolve().name) for each in paths})
                return Gathered(refused=[Refusal(name, (_fault("F106", name, limit),)) for name in names])
    for name, each in _named(list(found.values()), base):
        _sort_in(gathered, name, each)
    gathered.inputs.sort(key=lambda each: each.name)
    return gathered


def _sort_in(gathered: Gathered, name: str, found: _Found) -> None:
    odd = [*FORBIDDEN.findall(name), *(character for character in "\t\n\r" if character in name)]
    if odd:
        shown = visible(name)
        characters = {"characters": code_points(odd)}
        gathered.refused.append(Refusal(shown, (_fault("F108", shown, characters),)))
    elif found.code is None:
        gathered.inputs.append(Input(name, found.format, found.path))
    else:
        values = {"ending": found.path.suffix, "depth": str(MAXIMUM_DEPTH)}
        if found.is_warning:
            gathered.warnings.append(_fault(found.code, name, values, "warning"))
        else:
            gathered.refused.append(Refusal(name, (_fault(found.code, name, values),)))


def _fault(code: str, name: str, values: dict[str, str], severity: str = "error") -> Diagnostic:
    faults = Faults(name)
    (faults.add if severity == "error" else faults.warn)(code, 0, **values)
    return (faults.errors + faults.warnings)[0]


# --- what an argument stands for ---


def _argument(path: Path) -> list[_Found]:
    """A link that is itself an argument is followed: the user named it."""
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError, ValueError):
        return [_Found(Path(os.path.abspath(path)), 1, code="F101")]
    if stat.S_ISDIR(mode):
        inside = _folder(real, 2 if real.name else 1, 0)
        readable = any(each.code is None or not each.is_warning for each in inside)
        return inside if readable else [*inside, _Found(real, 1, code="F110")]
    if not stat.S_ISREG(mode):
        return [_Found(real, 1, code="F102")]
    return [_file(real, 1, is_argument=True)]


def _folder(folder: Path, shown_parts: int, depth: int) -> list[_Found]:
    if depth > MAXIMUM_DEPTH:
        return [_Found(folder, shown_parts - 1, code="F104")]
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return [_Found(folder, shown_parts - 1, code="F116")]
    found: list[_Found] = []
    for entry in entries:
        path = folder / entry.name
        if entry.is_symlink():
            found.append(_Found(path, shown_parts, code="F103"))
        elif entry.name.startswith((".", "~$")):
            found.append(_Found(path, shown_parts, code="F117", is_warning=True))
        elif entry.is_dir(follow_symlinks=False):
            found += _folder(path, shown_parts + 1, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            found.append(_file(path, shown_parts, is_argument=False))
        else:
            found.append(_Found(path, shown_parts, code="F102"))
        if len(found) > MAXIMUM_FILES:
            break  # refused as a whole; no need to see the rest
    return found


def _file(path: Path, shown_parts: int, is_argument: bool) -> _Found:
    ending = path.suffix.lower()
    if ending in FORMATS:
        return _Found(path, shown_parts, FORMATS[ending])
    if ending in SPREADSHEETS:
        return _Found(path, shown_parts, code="F109")
    return _Found(path, shown_parts, code="F105" if is_argument else "F107", is_warning=not is_argument)


def _named(found: list[_Found], base: Path | None) -> list[tuple[str, _Found]]:
    """Each with the name it is shown by, all different, in the order of the names."""
    root = base.resolve() if base is not None else None

    def name(each: _Found) -> str:
        if root is not None and each.path.is_relative_to(root):
            return each.path.relative_to(root).as_posix()
        return "/".join(each.path.parts[-each.shown_parts :])

    while True:
        names: dict[str, list[_Found]] = {}
        for each in found:
            names.setdefault(name(each), []).append(each)
        alike = [each for group in names.values() if len(group) > 1 for each in group]
        if not alike or all(each.shown_parts >= len(each.path.parts) for each in alike):
            return sorted(((name(each), each) for each in found), key=lambda pair: pair[0])
        for each in alike:
            each.shown_parts += 1


# --- bytes and characters ---


def read_bytes(given: Input, stdin: bytes | None, faults: Faults) -> bytes | None:
    """The content of a file, None where it is too large or cannot be read."""
    limit = MAXIMUM_BYTES[given.format]
    try:
        if given.path is None:
            content = stdin or b""
        else:
            with given.path.open("rb") as file:
                content = file.read(limit + 1)
    except OSError:
        faults.add("F116")
        return None
    if len(content) > limit:
        faults.add("F111", limit=limit // MEGABYTE)
        return None
    return content


_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_MOST_SHOWN: Final = 20


def decode(content: bytes, faults: Faults) -> str | None:
    """The text of UTF-8 bytes, with or without a byte-order mark; None where it is not, or holds characters nobody
    can see."""
    if content.startswith(_OTHER_MARKS):
        faults.add("F122")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        faults.add("F123" if _is_gb18030(content) else "F121", line)
        return None
    if FORBIDDEN.search(text):
        for match in islice(FORBIDDEN.finditer(text), _MOST_SHOWN):
            faults.add("F112", text.count("\n", 0, match.start()) + 1, characters=code_points(match[0]))
        return None
    return text


def _is_gb18030(content: bytes) -> bool:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True
