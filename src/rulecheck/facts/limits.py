"""How much a submission may hold. Checked before the work that it would cost; each limit has its own message."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1024 * 1024

MAXIMUM_BYTES: Final = {
    "yaml": 5 * MEGABYTE,
    "json": 20 * MEGABYTE,
    "csv": 50 * MEGABYTE,
    "xlsx": 50 * MEGABYTE,
    "xls": 50 * MEGABYTE,
    "ods": 50 * MEGABYTE,
}
"""The largest file of each format, as it lies there. A spreadsheet's pictures count; see `MAXIMUM_UNPACKED` for the rest."""

MAXIMUM_FILES: Final = 1_000
"""Files in one run, those passed over included."""

MAXIMUM_CELLS: Final = 2_200_000
"""Values in one file, and in all files of one run together; of a spreadsheet the cells of all its sheets, blank ones between
them included. 100,000 rows of 20 columns pass."""

MAXIMUM_UNPACKED: Final = 128 * MEGABYTE
"""The sheets, texts and formats of a spreadsheet, unpacked. 100,000 rows of 20 columns take 70 to 100 MB of XLSX."""

MAXIMUM_ODD_XML: Final = 64 * MEGABYTE
"""A sheet of XLSX that is not written as nearly all programs write it, and so takes longer to look through; an ODS sheet too."""

MAXIMUM_ENTRIES: Final = 10_000
"""Parts of a spreadsheet file, pictures included."""

MAXIMUM_ELEMENTS: Final = 100_000
"""Formats of a spreadsheet, or sheets, or links between its parts. Excel itself has 65,490 formats."""

MAXIMUM_ROWS: Final = 200_000
"""The number of the last row of a sheet that has content."""

MAXIMUM_COLUMNS: Final = 2_000
"""The number of the last column of a sheet that has content. The form of a place for all rules shipped has some 1,020."""

MAXIMUM_MARKS: Final = 500_000
"""Cells of a spreadsheet that something is to be said of: errors, yes/no, numbers with too many digits, merged areas."""

READER_MEMORY: Final = 480
"""Megabytes of memory for the process that reads spreadsheets."""

READER_SECONDS: Final = 4
"""Of work for one spreadsheet, and for each 2 MB of it another."""

MAXIMUM_DEPTH: Final = 32
"""How deep lists and mappings may stand in one another; folders in folders as well."""

MAXIMUM_TEXT: Final = 10_000
"""Characters of one value or key."""

MAXIMUM_FAULTS: Final = 200
"""Faults listed for one file; how many more there are is said."""

MAXIMUM_FAULTS_KEPT: Final = 2_000
"""Faults found in one file before its reading ends."""
