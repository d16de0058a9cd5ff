"""Makes the forms in this folder: a form filled in by hand, saved again by LibreOffice. Run by hand when forms look different.

    python tests/files/forms/make.py

Needs openpyxl and LibreOffice (`soffice`), which is not there where the tests run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from test_template_workbook import fill_in_by_hand  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "libreoffice.xlsx"
        fill_in_by_hand(filled, "zh")
        for ending in ("xlsx", "ods", "xls"):
            subprocess.run(["soffice", "--headless", "--convert-to", ending, "--outdir", str(HERE), str(filled)], check=True)


if __name__ == "__main__":
    main()
