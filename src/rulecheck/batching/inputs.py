"""The files that a run reads: which they are, how large, and what tells them from any others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path

from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was when the run began. `changed_at` in nanoseconds, compared within the run only."""

    path: Path
    bytes: int
    changed_at: int
    sha256: str


def files_of(arguments: Sequence[Path]) -> Iterator[Path]:
    """The files that the arguments stand for: a folder is its parts, a pattern what it fits."""
    for argument in arguments:
        found = [argument]
        if not argument.exists() and has_magic(str(argument)):
            found = [Path(each) for each in sorted(glob(str(argument)))]
        for path in found:
            if path.is_dir():
                inside = sorted(path.iterdir(), key=lambda each: each.name)
                yield from (each for each in inside if each.is_file() and not each.name.startswith((".", "_")))
            elif path.is_file():
                yield path


def read_inputs(paths: Iterable[Path]) -> tuple[InputFile, ...]:
    """The files with their hashes. OSError where one cannot be read."""
    found = []
    for path in dict.fromkeys(paths):
        with open(path, "rb") as file:
            before = os.fstat(file.fileno())
            found.append(InputFile(path, before.st_size, before.st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest()))
    return tuple(found)


def changed(files: Iterable[InputFile]) -> Iterator[Diagnostic]:
    """The files that are no longer what they were."""
    for each in files:
        try:
            now = each.path.stat()
        except OSError:
            yield fault("W209", str(each.path))
            continue
        if (now.st_size, now.st_mtime_ns) != (each.bytes, each.changed_at):
            yield fault("W209", str(each.path))


def sha256_of(files: Iterable[InputFile]) -> str:
    """What tells the files together from any others, whatever their order and where they lie."""
    lines = sorted(f"{each.path.name}\t{each.sha256}\n" for each in files)
    return hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()
