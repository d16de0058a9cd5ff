"""The folder of results: built up beside what is there, part by part, and put in its place when it is whole.

While a run goes on, everything lies in `.partial`: every file is written under another name, flushed to the disk and renamed,
and a partition counts only once its mark is there. Only at the end do the results take their places, `manifest.json` last: a
folder without it holds nothing that is whole. A run that was stopped goes on with the partitions that have no mark, if it is the
same run.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.streams import write_fault

SCHEMA: Final = "rulecheck-batch/1"
MANIFEST: Final = "manifest.json"
STAGING: Final = ".partial"
_RUN: Final = "run.json"
_READY: Final = "ready.json"
_MARKS: Final = "parts"
_LOCK: Final = "lock"
_SCRATCH: Final = "scratch"
_UNDER_WAY: Final = ".writing"

_TOLD: Final = ("fingerprint", "files", "summary")
"""What a manifest holds beside the name of its schema, each by names."""

Tree = Mapping[str, Any]

OURS: Final = (
    "verdicts",
    "adverse",
    "faults",
    "columns.parquet",
    "columns.csv",
    "codes.parquet",
    "codes.csv",
    "summary.json",
    "summary.txt",
)
"""What a folder of results holds beside its manifest; nothing else in it is ever touched."""


class Folder:
    """A folder of results under way. `changed`: why what was begun there, or is whole there, is not gone on with (names of the
    parts of the fingerprint); empty where there was nothing, or the same. `is_whole`: all is there already, of the same run.
    `has_earlier`: what was begun there before still lies there as it was."""

    def __init__(self, root: Path, fingerprint: Tree) -> None:
        self.root = root
        self.staging = root / STAGING
        self.fingerprint = json.loads(json.dumps(fingerprint))
        self.changed: tuple[str, ...] = ()
        self.is_whole = False
        self.has_earlier = False
        self._lock: Any = None

    # --- opening and closing ---

    def open(self) -> None:
        """Take it and look at what is there, of which nothing is changed. OSError where that cannot be done; `InUse` while
        another run writes to it."""
        whole, begun = read_manifest(self.root), _read(self.staging / _RUN)
        if (
            whole is not None
            and whole["fingerprint"] == self.fingerprint
            and begun is None
            and _is_there(self.root, whole["files"])
        ):
            self.is_whole = True
            return
        if begun is not None and begun.get("fingerprint") != self.fingerprint:
            self.changed = _differences(begun.get("fingerprint"), self.fingerprint)
        elif begun is None and whole is not None:
            self.changed = _differences(whole["fingerprint"], self.fingerprint)
        self.root.mkdir(exist_ok=True)
        self.staging.mkdir(exist_ok=True)
        self._take()
        self.has_earlier = begun is not None
        # Left behind by a run that was killed.
        _remove(self.scratch)

    @property
    def scratch(self) -> Path:
        """For what is needed while a run goes on, and of no use to another."""
        return self.staging / _SCRATCH

    def begin(self) -> None:
        """Make what is there this run's own: what another run began is given up. Not before the tables are known to be of use,
        lest a slip of the pen costs what hours have done."""
        if not self.has_earlier or self.changed:
            for each in self.staging.iterdir():
                if each.name not in (_LOCK, _SCRATCH):
                    _remove(each)
            self._write(_RUN, _bytes({"schema": SCHEMA, "fingerprint": self.fingerprint}))
        self.has_earlier = False

    def _take(self) -> None:
        """The lock, which the system gives back however the run ends."""
        handle = open(self.staging / _LOCK, "wb")  # noqa: SIM115
        with contextlib.suppress(ImportError):
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as problem:
                handle.close()
                raise InUse from problem
        self._lock = handle

    def close(self) -> None:
        """Give back the lock; what was begun stays, to be gone on with."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # --- parts ---

    def mark(self, part: str) -> dict[str, Any] | None:
        """What was noted when a partition was done; None where it is still to be done, or a file of it is not as it was."""
        mark = _read(self.staging / _MARKS / f"{part}.json")
        if mark is None or not (self.is_moved or _is_there(self.staging, mark["files"])):
            return None
        found: dict[str, Any] = mark["noted"]
        return found

    def done(self, part: str, files: Mapping[str, int], noted: Tree) -> None:
        """A partition is done: `files` with their sizes, and what is to be known of it when the run goes on."""
        self._write(f"{_MARKS}/{part}.json", json.dumps({"files": files, "noted": noted}, ensure_ascii=False).encode())

    def parts(self) -> list[str]:
        """The marks that are set, by this run."""
        if self.has_earlier and self.changed:
            return []
        return sorted(each.stem for each in (self.staging / _MARKS).glob("*.json"))

    def files_of(self, part: str) -> dict[str, int]:
        """The files of a part that is done, with their sizes."""
        found: dict[str, int] = (_read(self.staging / _MARKS / f"{part}.json") or {"files": {}})["files"]
        return found

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """A file of the results (`verdicts/unit/part-00000.parquet`) to be written whole."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + _UNDER_WAY)
        with open(beside, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)

    def size(self, name: str) -> int:
        return (self.staging / name).stat().st_size

    def _write(self, name: str, content: bytes) -> None:
        with self.writing(name) as file:
            file.write(content)

    # --- the end ---

    @property
    def is_moved(self) -> bool:
        """Whether everything was ready before, and the moving was cut short."""
        return (self.staging / _READY).exists()

    def finish(self, texts: Mapping[str, bytes], files: Mapping[str, int], manifest: Tree) -> None:
        """Everything is done: `texts` are about the whole, `files` those of the parts. The results take their places."""
        if not self.is_moved:
            for name, content in texts.items():
                self._write(name, content)
            every = {**files, **{name: len(content) for name, content in texts.items()}}
            whole = {"schema": SCHEMA, **manifest, "fingerprint": self.fingerprint, "files": dict(sorted(every.items()))}
            self._write(MANIFEST, _bytes(whole))
            tops = sorted({name.split("/")[0] for name in every})
            self._write(_READY, _bytes({"names": tops}))
        ready = _read(self.staging / _READY) or {"names": []}
        # From here to the last rename the folder has no manifest, and so holds nothing that looks whole.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.root / MANIFEST)
        for name in OURS:
            staged, place = self.staging / name, self.root / name
            if staged.exists() or name not in ready["names"]:
                _remove(place)
            if staged.exists():
                os.replace(staged, place)
        os.replace(self.staging / MANIFEST, self.root / MANIFEST)
        _flush_folder(self.root)
        self.close()
        shutil.rmtree(self.staging, ignore_errors=True)


class InUse(Exception):
    """Another run is writing to the folder."""


def read_manifest(root: Path) -> dict[str, Any] | None:
    """The manifest of a folder of whole results, or None; one that lacks what every run writes is none."""
    found = _read(root / MANIFEST)
    if found is None or found.get("schema") != SCHEMA or not all(isinstance(found.get(each), dict) for each in _TOLD):
        return None
    return found if all(isinstance(size, int) for size in found["files"].values()) else None


def usable(root: Path) -> Diagnostic | None:
    """What is against writing results into a folder: it holds something else. A folder that is not there yet is made."""
    if not root.exists() and not root.is_symlink():
        return None if root.parent.is_dir() else fault("X313", str(root))
    if not root.is_dir():
        return fault("W202", str(root))
    try:
        names = {each.name for each in root.iterdir()}
    except OSError as problem:
        return write_fault(root, problem)
    is_ours = read_manifest(root) is not None or _read(root / STAGING / _RUN) is not None
    # A folder of which nothing but an empty beginning is there was cut short before it could say whose it is.
    return None if is_ours or names <= {STAGING} else fault("W201", str(root))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _bytes(tree: Tree) -> bytes:
    return (json.dumps(tree, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _is_there(root: Path, files: Mapping[str, int]) -> bool:
    try:
        return all((root / name).stat().st_size == size for name, size in files.items())
    except OSError:
        return False


def _differences(before: Any, now: Tree) -> tuple[str, ...]:
    if not isinstance(before, dict):
        return tuple(now)
    return tuple(key for key in now if before.get(key) != now[key]) or tuple(now)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _flush_folder(path: Path) -> None:
    """The renames too are on the disk; not every system can say so of a folder."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
