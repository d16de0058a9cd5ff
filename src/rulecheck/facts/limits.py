"""How much a submission may hold. Checked before the work that it would cost; each limit has its own message."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1024 * 1024

MAXIMUM_BYTES: Final = {"yaml": 5 * MEGABYTE, "json": 20 * MEGABYTE, "csv": 50 * MEGABYTE}
"""The largest file of each format."""

MAXIMUM_FILES: Final = 1_000
"""Files in one run, those passed over included."""

MAXIMUM_CELLS: Final = 1_000_000
"""Values in one file, and in all files of one run together."""

MAXIMUM_DEPTH: Final = 32
"""How deep lists and mappings may stand in one another; folders in folders as well."""

MAXIMUM_TEXT: Final = 10_000
"""Characters of one value or key."""

MAXIMUM_FAULTS: Final = 200
"""Faults listed for one file; how many more there are is said."""
