"""A limit of memory for another process, on Windows, where a process cannot limit itself: a job object with
JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

_EXTENDED_LIMITS: Final = 9
_PROCESS_MEMORY: Final = 0x100
_DIE_ON_UNHANDLED: Final = 0x400
_KILL_ON_CLOSE: Final = 0x2000


def limit_memory(child: subprocess.Popen[bytes], limit: int) -> bool:
    """Limits a process that was just started to so many bytes; whether that was done."""
    if sys.platform != "win32":
        return False
    import ctypes
    from ctypes import wintypes

    class Basic(ctypes.Structure):
        _fields_ = (
            ("process_time", wintypes.LARGE_INTEGER),
            ("job_time", wintypes.LARGE_INTEGER),
            ("flags", wintypes.DWORD),
            ("smallest_set", ctypes.c_size_t),
            ("largest_set", ctypes.c_size_t),
            ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority", wintypes.DWORD),
            ("scheduling", wintypes.DWORD),
        )

    class Extended(ctypes.Structure):
        _fields_ = (
            ("basic", Basic),
            ("counters", ctypes.c_ulonglong * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        return False
    limits = Extended()
    limits.basic.flags = _PROCESS_MEMORY | _DIE_ON_UNHANDLED | _KILL_ON_CLOSE
    limits.process_memory = limit
    is_set = kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    # The handle of the job stays open as long as this process lives; the other one ends with it.
    return bool(is_set and kernel.AssignProcessToJobObject(job, wintypes.HANDLE(int(child._handle))))  # type: ignore[attr-defined,unused-ignore]
