"""Arrow in a process that is our own."""

from __future__ import annotations

import sys
from typing import Final

import pyarrow as pa

_PANDAS: Final = "pandas"


class _NoPandas:
    """Says of pandas that it is not installed, and nothing of anything else."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == _PANDAS:
            raise ModuleNotFoundError(name=name)


def without_pandas() -> None:
    """Arrow imports pandas, where that is installed, the first time it makes an array, lest it is a frame of pandas: 0.15 s and
    40 MB for what nobody can hand in on a command line. It looks once, and here it finds none. Not for a process in which others
    may use the two together."""
    if _PANDAS not in sys.modules:
        finder = _NoPandas()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(finder)
