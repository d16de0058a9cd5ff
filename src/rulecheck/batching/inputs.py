"""What a run reads: which files and tables in memory, how large, and what tells them from any others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault

if TYPE_CHECKING:
    from rulecheck.batching.sources.table import Table


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was when the run began, or a table in memory, whose `path` is but its name. `changed_at` in nanoseconds,
    compared within the run only; `bytes` and `changed_at` are None in memory."""

    path: Path
    bytes: int | None
    changed_at: int | None
    sha256: str

    @property
    def is_held(self) -> bool:
        """Whether it is in memory."""
        return self.changed_at is None


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


class Reading:
    """The files that some arguments stand for, read for their hashes while other things are made ready."""

    def __init__(self, arguments: Sequence[Path]) -> None:
        self._found: tuple[InputFile, ...] = ()
        self._problem: BaseException | None = None
        self._thread = Thread(target=self._read, args=(arguments,), daemon=True)
        self._thread.start()

    def _read(self, arguments: Sequence[Path]) -> None:
        try:
            self._found = read_inputs(files_of(arguments))
        except BaseException as problem:
            self._problem = problem

    def files(self) -> tuple[InputFile, ...]:
        """Waits for them. OSError where one cannot be read."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self._found


class _Hashing:
    """A file that keeps nothing but the hash of what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, content: Any) -> int:
        self.sha256.update(content)
        return len(content)

    def flush(self) -> None: ...


def held_inputs(tables: Iterable[Table]) -> tuple[InputFile, ...]:
    """Tables in memory, with the hash of their headings, types and values; never alike for tables that are not."""
    import pyarrow as pa

    from rulecheck.batching.sources.table import InMemory

    found = []
    for each in tables:
        assert isinstance(each.source, InMemory)
        table, file = each.source.table, _Hashing()
        with pa.ipc.new_stream(pa.PythonFile(file, "w"), table.schema.remove_metadata()) as stream:
            stream.write_table(table.replace_schema_metadata(None))
        found.append(InputFile(Path(each.file), None, None, file.sha256.hexdigest()))
    return tuple(found)


def changed(files: Iterable[InputFile]) -> Iterator[Diagnostic]:
    """The files that are no longer what they were."""
    for each in files:
        if each.is_held:
            continue
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
