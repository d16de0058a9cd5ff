"""The files of a run: found, named, sorted, their bytes decoded. Nothing but ordinary files is opened, and no link is
followed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from rulecheck.dataclass import dataclass, field
from rulecheck.facts.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_FILES, MEGABYTE
from rulecheck.facts.nodes import FORBIDDEN, Faults, code_points, shown
from rulecheck.language.diagnostics import Diagnostic, visible
from rulecheck.submission import Refusal

STANDARD_INPUT: Final = "-"
"""Standard input, as an argument and as the name of a file."""

FORMATS: Final = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".et": "xls",
    ".ods": "ods",
}
"""Formats by ending. What a spreadsheet really is, its content says; see `spreadsheets.scan`."""

OTHER_SPREADSHEETS: Final = frozenset({".xlsb", ".numbers", ".ett", ".xlt", ".xltx"})
"""Endings of spreadsheets that are not read; there is advice for them."""

SPREADSHEET_BEGINNINGS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""The first bytes of a zip file (XLSX, ODS) and of a compound file (XLS, and what is protected by a password)."""


@dataclass(slots=True)
class Input:
    """One file to read. `name` as shown, relative with `/`; `path` None is standard input, or what memory holds (`content`)."""

    name: str
    format: str
    path: Path | None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a program hands in from memory, as a file would: its name, whose ending says the format, and its bytes."""

    name: str
    content: bytes


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


def gather(paths: Sequence[Path], stdin: bytes | None, base: Path | None, held: Sequence[Held] = ()) -> Gathered:
    """The files that the arguments stand for, each once, sorted by name.

    A file in a folder argument is named from that folder on (`a/north/x.yaml`), a file argument by its own name;
    where two files would have one name, both are named from a folder further up. With `base`, names are relative to
    it where they can be.
    """
    gathered = Gathered()
    found: dict[Path, _Found] = {}
    for path in sorted(set(paths), key=str):
        if str(path) == STANDARD_INPUT:
            gathered.inputs.append(Input(STANDARD_INPUT, _format_of(stdin or b""), None))
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
    taken = {each.name for each in gathered.inputs}
    for number, given in enumerate(sorted(held, key=lambda each: (each.name, each.content)), start=1):
        name = given.name if given.name not in taken else f"{number}/{given.name}"
        taken.add(name)
        gathered.inputs.append(Input(name, FORMATS[Path(given.name).suffix], None, given.content))
    gathered.inputs.sort(key=lambda each: each.name)
    return gathered


def _format_of(content: bytes) -> str:
    if content.startswith(SPREADSHEET_BEGINNINGS):
        return "xlsx"
    return "json" if content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "yaml"


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
    if ending in OTHER_SPREADSHEETS:
        return _Found(path, shown_parts, code="S119")
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
        if given.content is not None:
            content = given.content
        elif given.path is None:
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


def decode(content: bytes, faults: Faults, is_csv: bool = False) -> str | None:
    """The text of UTF-8 bytes, with or without a byte-order mark, of a CSV file also of GB18030; None where it is neither, or
    holds characters nobody can see. What it was, `encoding_of` says."""
    if content.startswith(_OTHER_MARKS):
        faults.add("F122")
        return None
    if content.startswith(SPREADSHEET_BEGINNINGS):
        faults.add("S120")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        is_other = encoding_of(content) == GB18030
        if not (is_csv and is_other):
            faults.add("F123" if is_other else "F121", content.count(b"\n", 0, fault.start) + 1)
            return None
        text = content.decode("gb18030")
        faults.warn("S121", content.count(b"\n", 0, fault.start) + 1, text=shown(_first_chinese(text)))
    if FORBIDDEN.search(text):
        for match in islice(FORBIDDEN.finditer(text), _MOST_SHOWN):
            faults.add("F112", text.count("\n", 0, match.start()) + 1, characters=code_points(match[0]))
        return None
    return text


UTF8: Final = "UTF-8"
UTF8_MARKED: Final = "UTF-8 BOM"
GB18030: Final = "GB18030"

_UTF8_CHINESE: Final = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")


def encoding_of(content: bytes) -> str:
    """`UTF-8`, `UTF-8 BOM` or `GB18030` (of which GBK and GB2312 are part); empty where it is none of them.

    Nearly any bytes make some text in GB18030. Those of which nearly all Chinese is well-formed UTF-8 are UTF-8 with a damaged
    place.
    """
    marked = content.startswith(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
        return UTF8_MARKED if marked else UTF8
    except UnicodeDecodeError:
        pass
    beyond, chinese = len(_NOT_ASCII.findall(content)), 3 * len(_UTF8_CHINESE.findall(content))
    return "" if marked or chinese * 10 > beyond * 9 or not _is_gb18030(content) else GB18030


def _first_chinese(text: str) -> str:
    """The first piece of a text that tells whether it was read rightly."""
    found = _CHINESE.search(text)
    return found[0] if found else ""


_CHINESE: Final = re.compile(r"[^\x00-\x7f][^\r\n,]*")


def _is_gb18030(content: bytes) -> bool:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True
