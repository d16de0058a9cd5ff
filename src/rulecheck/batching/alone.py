"""Arrow in a process that is our own: what is set there before it is imported for the first time. Not for a process in which
others use it too."""

from __future__ import annotations

import os
import sys
from typing import Final

_PANDAS: Final = "pandas"


class _NoPandas:
    """Says of pandas that it is not installed, and nothing of anything else."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == _PANDAS:
            raise ModuleNotFoundError(name=name)


def make_ready() -> None:
    """Arrow, without what nobody needs on a command line."""
    if "pyarrow" not in sys.modules:
        # Its own takes large pages, and the system half a second to clear them for a million rows.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _hide_pandas()


def _hide_pandas() -> None:
    """Arrow imports pandas, where that is installed, the first time it makes an array, lest it is a frame of pandas: 0.15 s and
    40 MB. It looks once, and here it finds none."""
    import pyarrow as pa

    if _PANDAS not in sys.modules:
        finder = _NoPandas()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(finder)
