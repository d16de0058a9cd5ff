"""What the command line writes and reads: results on standard output, everything else on standard error, files whole or
not at all.

A pipe that the reader closes ends output quietly and changes no exit status.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rulecheck.language.diagnostics import Diagnostic, fault, message, render
from rulecheck.language.syntax import Language

STANDARD = "-"
"""Standard input or output as a file argument."""


is_own_process = False
"""Whether the process runs the command `rulecheck` and nothing else."""


def prepare() -> None:
    """Called where the process is the command's own. No character can make output fail: what the terminal cannot show is
    escaped. Where a standard stream is closed, its number is taken, so that no file opened later is mistaken for it, by this
    process or one it starts."""
    global is_own_process
    is_own_process = True
    with contextlib.suppress(OSError):
        spare = os.open(os.devnull, os.O_RDWR)
        while spare <= 2:
            os.set_inheritable(spare, True)
            spare = os.dup(spare)
        os.close(spare)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(errors="backslashreplace")


def wants_color() -> bool:
    """Colour only on a terminal that can show it, and never where NO_COLOR is set (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout is not None and sys.stdout.isatty()


def tell(text: str) -> None:
    """A message to the user, on standard error, if there is one."""
    if sys.stderr is not None:
        _write(sys.stderr, text if text.endswith("\n") else text + "\n")


MOST_TOLD: Final = 300
"""Problems told at one time; nobody reads more before putting the first right."""


def tell_all(problems: Iterable[Diagnostic], language: Language) -> None:
    """Every problem with its place and what to do about it; of very many the first, and how many more there are."""
    every = list(problems)
    for problem in every[:MOST_TOLD]:
        tell(render(problem, language))
    if len(every) > MOST_TOLD:
        tell(message("X330", language, {"count": str(len(every) - MOST_TOLD)}))


def result(text: str) -> None:
    """A result, on standard output, in the encoding of the terminal."""
    if sys.stdout is None and text:
        raise OutputFailed(os.strerror(errno.EBADF))
    _write(sys.stdout, text)


def result_bytes(content: bytes) -> None:
    """A result that must be the same bytes on every platform."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        result(content.decode("utf-8", "backslashreplace"))
        return
    with _quiet(sys.stdout):
        sys.stdout.flush()
        buffer.write(content)
        buffer.flush()


def _write(stream: Any, text: str) -> None:
    if not text:
        return
    with _quiet(stream):
        stream.write(text)
        stream.flush()


class OutputFailed(Exception):
    """Standard output cannot take the result, such as a disk that is full: no result must pass for a whole one."""


@contextlib.contextmanager
def _quiet(stream: Any) -> Iterator[None]:
    """A closed pipe swallows this output and all that would follow, the interpreter's last flush included."""
    try:
        yield
    except OSError as problem:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(problem, BrokenPipeError) and stream is sys.stdout:
            raise OutputFailed(problem.strerror or type(problem).__name__) from problem


def encoded(text: str) -> bytes:
    """The bytes of a file or of JSON: UTF-8, line ends as they are; a lone surrogate of a file name is escaped."""
    return text.encode("utf-8", "backslashreplace")


_WRITE_FAULTS: Final = dict.fromkeys((errno.ENOENT, errno.ENOTDIR), "X313") | dict.fromkeys(
    (errno.EACCES, errno.EPERM, errno.EROFS), "X314"
)


def save(path: Path, text: str, language: Language) -> bool:
    """Write a file whole or not at all; False, with a message, where it cannot be written."""
    return save_bytes(path, encoded(text), language)


def save_bytes(path: Path, content: bytes, language: Language) -> bool:
    """As `save`, for content that is not text."""
    try:
        write_whole(path, content)
    except OSError as problem:
        tell_all([write_fault(path, problem)], language)
        return False
    return True


def write_fault(path: Path, problem: OSError) -> Diagnostic:
    """Why a file or folder cannot be written."""
    code = _WRITE_FAULTS.get(problem.errno or 0, "X310")
    return fault(code, str(path), reason=problem.strerror or type(problem).__name__)


def write_whole(path: Path, content: bytes) -> None:
    """Through a temporary file beside it that takes its place, so that a reader never sees half a file. What is there and
    is no ordinary file (a device, a pipe) is written to as it is; a link stays and its file is written."""
    path = real_path(path)
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def real_path(path: Path) -> Path:
    """Where a path leads, links followed; a loop of links is left as it is."""
    return Path(os.path.realpath(path))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def read_input(limit: int) -> bytes:
    """Standard input, at most one byte more than `limit`, so that the reader sees it is too much."""
    stream = sys.stdin
    return b"" if stream is None else stream.buffer.read(limit + 1)
