"""Spreadsheets (XLSX, XLS, ODS, and WPS's .et) as grids of texts: what a person sees in each cell, with its place.

Every file is looked through first (`spreadsheets.scan`) and then read in a process of its own (`child`), which is
started when the first spreadsheet comes and serves the whole run. If it ends or takes too long, the file is refused and the next
one gets a new process.
"""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
from array import array
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Final

from rulecheck.facts.grids import Grid, cell_spot
from rulecheck.facts.limits import MAXIMUM_CELLS, MEGABYTE, READER_MEMORY, READER_SECONDS
from rulecheck.facts.nodes import Faults, shown
from rulecheck.facts.spreadsheets.child import BETWEEN, read_frame, write_frame
from rulecheck.facts.spreadsheets.grids import Read, grids_of
from rulecheck.facts.spreadsheets.scan import finish, scan
from rulecheck.facts.spreadsheets.scan_parts import Scan

_CHILD: Final = Path(__file__).with_name("child.py")
_MEGABYTES_A_SECOND: Final = 2
_LARGE: Final = MEGABYTE // 4
_BUSY: Final = 5 if hasattr(signal, "SIGXCPU") else 1
"""How many times longer than its work a file may take on a busy machine, where the system measures the work itself."""


class Session:
    """The reading of all spreadsheets of one run. To be used with `with`: its process ends there.

    `seconds`: of work for one file; more for a large one.
    """

    def __init__(self, seconds: int = READER_SECONDS) -> None:
        self._seconds = seconds
        self._is_limited = sys.platform == "linux"
        """Whether the system keeps the process from taking more memory than it may. Where it does not, no file is given to it
        before the look into it is done."""
        self._child: subprocess.Popen[bytes] | None = None
        self.started = 0
        """How many processes were started so far."""

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def read(self, content: bytes, name: str, faults: Faults) -> list[Grid]:
        """The sheets of one file that have content and are shown, in the order of the file; none where it is refused. `name`
        as shown; faults and warnings are added to `faults`."""
        if not content[:4096].strip(b"\0 \t\r\n"):
            faults.add("F113")
            return []
        was_enabled = gc.isenabled()
        gc.disable()  # millions of cells, none of which refers to itself
        try:
            return self._grids(content, name, faults)
        finally:
            if was_enabled:
                gc.enable()

    def _grids(self, content: bytes, name: str, faults: Faults) -> list[Grid]:
        self._start()
        found = self._ask(content, faults)
        if found is None:
            return []
        grids = grids_of(name, *found, faults)
        if not grids and not faults.errors:
            faults.add("S109")
        return [] if faults.errors else grids

    # the process

    def _start(self) -> None:
        if self._child is not None and self._child.poll() is None:
            return
        self._end()
        library = find_spec("python_calamine")
        assert library is not None
        assert library.origin is not None
        # In itself, not by way of a virtual environment, which on Windows is a process more, out of reach of limits.
        python = getattr(sys, "_base_executable", "") if sys.platform == "win32" else ""
        # Isolated: neither the current folder nor the environment can put a module in the place of another.
        command = [python or sys.executable, "-I", "-S", str(_CHILD), str(Path(library.origin).parent.parent), str(READER_MEMORY)]
        command.append(str(MAXIMUM_CELLS))
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # only on Windows, where a window would open
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=flags
        )
        self.started += 1
        if sys.platform == "win32":
            from rulecheck.facts.spreadsheets.windows import limit_memory

            self._is_limited = limit_memory(self._child, READER_MEMORY * MEGABYTE)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not yet written to it is of no use any more
                    stream.close()
        child.wait()

    def _ask(self, content: bytes, faults: Faults) -> tuple[Read, Scan] | None:
        """What the look into the file and the process give; None, with a fault, where one of them refuses."""
        child = self._child
        assert child is not None
        assert child.stdin is not None
        assert child.stdout is not None
        seconds = self._seconds + len(content) // MEGABYTE // _MEGABYTES_A_SECOND
        # A large file is given to it at once, since it can do no harm; then both work at the same time.
        is_sent = self._is_limited and len(content) > _LARGE and _sent(child.stdin, seconds, content)
        scanned = scan(content, faults)
        if scanned is None:
            if is_sent:
                self._end()
            return None
        is_late = False

        def stop() -> None:
            nonlocal is_late
            is_late = True
            child.kill()

        timer = Timer(seconds * _BUSY, stop)
        timer.daemon = True
        timer.start()
        try:
            if not is_sent:
                _sent(child.stdin, seconds, content)
            if not finish(scanned, faults):
                self._end()
                return None
            read = _answer(child.stdout)
        finally:
            timer.cancel()
        if read is None:
            self._end()
            is_late = is_late or child.returncode == -getattr(signal, "SIGXCPU", 0)
            faults.add("S110" if is_late else "S111", seconds=seconds)
            return None
        refused = read.told.get("refused")
        if refused == "broken" and _unknown_errors(scanned, faults):
            return None
        if refused is not None:
            faults.add(_REFUSED[refused], limit=f"{MAXIMUM_CELLS:,}")
            return None
        return read, scanned


_REFUSED: Final = {"password": "S101", "broken": "S102", "cells": "S106", "memory": "S111"}


_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#DATA!", "#GETTING_DATA"})
"""What the reader knows."""


def _unknown_errors(scanned: Scan, faults: Faults) -> bool:
    """Whether the file has error cells that keep the reader from reading it; each is named."""
    found = [
        (cell_spot(name, *at), text)
        for name, sheet in scanned.sheets.items()
        for at, text in sheet.errors.items()
        if text not in _ERRORS
    ]
    for spot, text in found:
        faults.add("S122", spot, value=shown(text))
    return bool(found)


def _sent(to: IO[bytes], seconds: int, content: bytes) -> bool:
    """Whether the process took it; where it did not, it gives no answer either."""
    try:
        write_frame(to, str(seconds).encode())
        write_frame(to, content)
        to.flush()
    except OSError:
        return False
    return True


def _answer(back: IO[bytes]) -> Read | None:
    """None where the process ended before it was done."""
    first = read_frame(back)
    if first is None:
        return None
    told = json.loads(first)
    if "refused" in told:
        return Read(told, [], [])
    texts = read_frame(back)
    if texts is None:
        return None
    cells: list[array[int]] = []
    for sheet in told["sheets"]:
        if sheet["shown"] == "yes":
            frame = read_frame(back)
            if frame is None:
                return None
            ids = array("I", frame)
            if sys.byteorder == "big":
                ids.byteswap()
            cells.append(ids)
    return Read(told, texts.decode().split(BETWEEN), cells)
