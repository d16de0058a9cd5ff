"""Spreadsheets for the tests: made of the very XML under test, and read through the whole way."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from rulecheck.facts.grids import Grid
from rulecheck.facts.nodes import Faults
from rulecheck.facts.spreadsheets.session import Session

FILES = Path(__file__).parent / "files"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet(rows: str) -> str:
    """A sheet of these rows (XML)."""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cells(*written: str) -> str:
    """A sheet whose first row holds these cells, each the inside of a `<c>` with its further attributes: `s="1"><v>5</v>`."""
    row = "".join(f'<c r="{chr(65 + at)}1"{" " if not each.startswith(">") else ""}{each}</c>' for at, each in enumerate(written))
    return sheet(f'<row r="1">{row}</row>')


def xlsx(*sheets: str, codes: tuple[str, ...] = (), workbook: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook of these sheets, named 表1, 表2 …; style n (from 1) has the n-th number format of `codes`."""
    numbers = range(1, len(sheets) + 1)
    formats = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(codes)))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        + "".join(f'<sheet name="表{each}" sheetId="{each}" r:id="s{each}"/>' for each in numbers)
        + f"</sheets>{workbook}</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
        + "".join(f'<Relationship Id="s{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
        + f'<Relationship Id="t" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
    }
    parts |= {f"xl/worksheets/sheet{each}.xml": text for each, text in zip(numbers, sheets, strict=True)}
    return zipped(parts | (more or {}))


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def ods(table: str) -> bytes:
    """An ODS file with this content of `<office:spreadsheet>`."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"{_HEAD}<office:document-content{spaces}>{body}</office:document-content>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (the shell of XLS, and of protected XLSX) of these streams, each filled up to whole sectors."""
    free, end, table_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors: list[bytes] = []
    table = [table_sector]
    entries = [_entry("Root Entry", 5, end, 0)]
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        first = 1 + len(sectors)
        pieces = [padded[at : at + 512] for at in range(0, len(padded), 512)]
        sectors += pieces
        table += [*range(first + 1, first + len(pieces)), end]
        entries.append(_entry(name, 2, first, len(padded)))
    listed = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    directory = 1 + len(sectors)
    count = len(listed) // 512
    table += [*range(directory + 1, directory + count), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, directory, 0, 4096, end, 0, end, 0, 0) + struct.pack("<108I", *[free] * 108)
    assert len(header) == 512
    assert len(table) <= 128
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + b"".join(sectors) + listed


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1) + struct.pack("<III", *[0xFFFFFFFF] * 3)
    return (entry + bytes(36)).ljust(116, b"\0") + struct.pack("<IQ", first, size)


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zip file by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def read(content: bytes, name: str = "表.xlsx") -> tuple[list[Grid], Faults]:
    faults = Faults(name)
    with Session() as session:
        return session.read(content, name, faults), faults


def the_row(content: bytes) -> list[str]:
    """The one row of the one sheet, of a file without a fault."""
    grids, faults = read(content)
    assert [each.code for each in faults.errors] == []
    (grid,) = grids
    (row,) = grid.rows
    return row


def the_code(content: bytes) -> str:
    """The one fault for which a file is refused."""
    grids, faults = read(content)
    assert grids == []
    (fault,) = faults.errors
    return fault.code


def warned(faults: Faults) -> list[tuple[str, str, str]]:
    """Code, place and count of each warning."""
    return [(each.code, each.place.where if each.place else "", each.values.get("count", "")) for each in faults.warnings]
