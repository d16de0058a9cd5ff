"""Plain data that was worked out before, kept between runs in the user's cache folder, and the shape such files have.

A file counts only for what its key stands for (the SHA-256 of all that its content was made from), only as it was written, and
only if it is this user's own, which no one else may write. Where the folder cannot be written nothing is kept and nothing is
said.

The folder: `RULECHECK_CACHE` (`off`: none), else what the system has for it (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches`;
`%LOCALAPPDATA%`) and in it `rulecheck`.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

MOST_KEPT: Final = 32
"""Files in the folder; the oldest go first."""
MAXIMUM_BYTES: Final = 200_000_000

_MARK: Final = b"rulecheck-kept"
_HEAD_LENGTH: Final = len(_MARK) + 2 * (1 + 64)
_NAME: Final = re.compile(r"[0-9a-f]{64}\.kept")
_TEMPORARY: Final = ".rulecheck-"


def fetch(key: str) -> bytes | None:
    """What was kept under a key; None where nothing is, or not as it was written."""
    folder = cache_folder()
    return payload(_read(_path(folder, key)), key) if folder is not None else None


def keep(key: str, content: bytes) -> None:
    """Keep a content under a key, whole or not at all, so that runs at the same time do not disturb one another."""
    folder = cache_folder()
    if folder is None:
        return
    import tempfile

    with contextlib.suppress(OSError, ValueError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_room(folder)
        handle, name = tempfile.mkstemp(dir=folder, prefix=_TEMPORARY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(envelope(content, key))
            os.replace(name, _path(folder, key))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def envelope(content: bytes, key: str) -> bytes:
    """A file: its mark, what the content was made from, the SHA-256 of the content, the content."""
    return b" ".join((_MARK, key.encode(), sha256(content).hexdigest().encode())) + b"\n" + content


def payload(file: bytes | None, key: str) -> bytes | None:
    """The content of a file that was made from what `key` stands for; None of any other, and of one that is not as it was
    written."""
    if file is None or len(file) <= _HEAD_LENGTH or not file.startswith(_MARK + b" " + key.encode() + b" "):
        return None
    head, content = file[: _HEAD_LENGTH + 1], file[_HEAD_LENGTH + 1 :]
    return content if head.endswith(b" " + sha256(content).hexdigest().encode() + b"\n") else None


def _path(folder: Path, key: str) -> Path:
    return folder / f"{key}.kept"


def cache_folder() -> Path | None:
    """Where data is kept; None where nothing is."""
    chosen = os.environ.get("RULECHECK_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen not in ("", "off") else None
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or os.path.join(home, ".cache")
    return Path(base, "rulecheck") if os.path.isabs(base) else None


def _read(path: Path) -> bytes | None:
    """A file's bytes, if it is an ordinary file of this user (or the administrator) which no one else may write."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAXIMUM_BYTES:
                return None
            if hasattr(os, "geteuid") and (found.st_uid not in (os.geteuid(), 0) or found.st_mode & 0o022):
                return None
            return file.read()
    except (OSError, ValueError):
        return None


def _make_room(folder: Path) -> None:
    """The oldest files go where there are too many, and of those that a run left half-written; other people's stay."""
    with os.scandir(folder) as entries:
        found = [(entry.stat(follow_symlinks=False).st_mtime_ns, entry.name) for entry in entries]
    kept = sorted((each for each in found if _NAME.fullmatch(each[1])), reverse=True)[MOST_KEPT - 1 :]
    begun = sorted((each for each in found if each[1].startswith(_TEMPORARY)), reverse=True)[MOST_KEPT:]
    for _, name in kept + begun:
        with contextlib.suppress(OSError):
            os.unlink(folder / name)
