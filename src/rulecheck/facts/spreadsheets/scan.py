"""What a file is, whatever it is called, and whether a reader may see it: the look into a spreadsheet before it is read.

The reader is quick and gives values, but lets itself be led into giving up the process or into taking all memory, shows error
cells as blanks and knows nothing of formats. So every file is looked through first, by code that cannot be led there.
"""

from __future__ import annotations

from typing import Final

from rulecheck.facts.files import SPREADSHEET_BEGINNINGS
from rulecheck.facts.nodes import Faults
from rulecheck.facts.spreadsheets.scan_parts import Archive, Scan, Unfit

_CONTENTS: Final = (
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
    ("Index/Document.iwa", "numbers"),
    ("Index.zip", "numbers"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)
"""Parts by which a zip file is known; what has none of them is taken for XLSX if it has sheets."""

_OTHER: Final = (
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<table", "HTML"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "XML"),
    (b"%pdf-", "PDF"),
    (b"rar!", "RAR"),
)
"""What is often sent under the name of a spreadsheet."""


def scan(content: bytes, faults: Faults) -> Scan | None:
    """The look into a spreadsheet, None where it must not be read."""
    try:
        return _scan(content)
    except Unfit as unfit:
        faults.report(unfit.problem)
        return None


def finish(scanned: Scan, faults: Faults) -> bool:
    """The rest of the look, which may go on while the reader reads; False where the file turns out not to be fit."""
    try:
        for take in scanned.details:
            take()
    except Unfit as unfit:
        faults.report(unfit.problem)
        return False
    return True


def _scan(content: bytes) -> Scan:
    zipped, compound = SPREADSHEET_BEGINNINGS
    if content.startswith(zipped):
        return _scan_zip(content)
    if content.startswith(compound):
        from rulecheck.facts.spreadsheets.scan_xls import scan_xls

        return scan_xls(content)
    beginning = content[:4096].lower()
    for sign, name in _OTHER:
        if sign in beginning:
            raise Unfit("S107", found=name)
    if b"\0" not in beginning and beginning.strip():
        raise Unfit("S108")
    raise Unfit("S102")


def _scan_zip(content: bytes) -> Scan:
    archive = Archive(content)
    is_workbook = any(name.lower().endswith("workbook.xml") for name in archive.names)
    kind = next((kind for part, kind in _CONTENTS if archive.has(part)), "xlsx" if is_workbook else "ZIP")
    if kind == "ods" and not (archive.has("mimetype") and b"spreadsheet" in archive.whole("mimetype")):
        kind = "ODF"
    match kind:
        case "xlsx":
            from rulecheck.facts.spreadsheets.scan_xlsx import scan_xlsx

            return scan_xlsx(archive)
        case "ods":
            from rulecheck.facts.spreadsheets.scan_ods import scan_ods

            return scan_ods(archive)
        case _:
            raise Unfit("S107", found=kind.upper())
