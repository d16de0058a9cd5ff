"""Files that are broken, or made to do harm: each is refused with one message, quickly and within its memory."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from rulecheck.facts import limits
from rulecheck.facts.nodes import Faults
from rulecheck.facts.spreadsheets import child as spreadsheet_child
from rulecheck.facts.spreadsheets.session import Session
from support_spreadsheets import FILES, cells, compound, ods, parts_of, read, sheet, the_code, the_row, xlsx, zipped

GOOD = (FILES / "xlsxwriter.xlsx").read_bytes()
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def far(cell: str, first: str = "A1") -> str:
    """A sheet with a value in the first cell and one in another."""
    row = "".join(each for each in cell if each.isdigit())
    return sheet(f'<row r="1"><c r="{first}"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>')


# --- how far cells reach ---


@pytest.mark.parametrize("cell", ["XFD1048576", "A200001", "BXY1", "AMJ9999999", "CV22001"])
def test_a_cell_too_far_out(cell: str) -> None:
    assert the_code(xlsx(far(cell))) == "S105"


@pytest.mark.parametrize("cell", ["A200000", "ALL1", "CV22000"])
def test_a_cell_that_is_not_too_far_out(cell: str) -> None:
    assert limits.MAXIMUM_CELLS == 2_200_000  # 100 columns (to CV) of 22,000 rows
    grids, faults = read(xlsx(far(cell)))
    assert faults.errors == []
    assert grids[0].rows[-1][-1] == "1"


def test_the_only_cell_at_the_far_end() -> None:
    _, faults = read(xlsx(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')))
    assert [(each.code, each.values["cell"], each.values["sheet"]) for each in faults.errors] == [("S105", "XFD1048576", "表1")]


@pytest.mark.parametrize(
    "rows",
    [
        # the row says one thing and its cell another; the rows are out of order; the far cell comes in a later piece of the file
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>',
        ONE * 90_000 + '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        ONE * 90_000 + '<row r="1"><c r="ZZZ1"><v>1</v></c></row>' + ONE * 90_000,
    ],
)
def test_a_far_cell_in_disguise(rows: str) -> None:
    assert the_code(xlsx(sheet(rows))) == "S105"


@pytest.mark.parametrize("name", ["number-columns-repeated", "number-rows-repeated"])
def test_repetitions_of_ods(name: str) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    for count, expected in (("1000000000", ["S105"]), ("99999999999999999999", ["S105"]), ("1000", [])):
        of_cell = f' table:{name}="{count}"' if "columns" in name else ""
        of_row = f' table:{name}="{count}"' if "rows" in name else ""
        table = f'<table:table table:name="表"><table:table-row{of_row}>{cell.format(of_cell)}</table:table-row></table:table>'
        _, faults = read(ods(table))
        assert [each.code for each in faults.errors] == expected


def test_too_many_cells_on_all_sheets_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecheck.facts.spreadsheets.session.MAXIMUM_CELLS", 5)
    three = cells("><v>1</v>", "><v>2</v>", "><v>3</v>")
    assert the_code(xlsx(three, three)) == "S106"
    assert the_row(xlsx(three)) == ["1", "2", "3"]


# --- bombs ---


def bomb(megabytes: int, part: str = "xl/worksheets/sheet1.xml", link: str = "") -> bytes:
    """A workbook with a part of so many megabytes, nearly all of them blanks."""
    parts = parts_of(xlsx(sheet(ONE)))
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", f"{link}</Relationships>".encode())
    beginning, end = (parts.pop(part), b"") if part in parts else (b"<x>", b"</x>")
    content = io.BytesIO(zipped(parts))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as file, file.open(part, "w") as stream:
        stream.write(beginning)
        for _ in range(megabytes):
            stream.write(b" " * limits.MEGABYTE)
        stream.write(end)
    return content.getvalue()


def test_a_zip_bomb() -> None:
    content = bomb(130)
    assert len(content) < limits.MEGABYTE
    assert the_code(content) == "S103"


def test_a_zip_bomb_that_lies_about_its_size() -> None:
    content = bytearray(bomb(130))
    part = content.index(b"xl/worksheets/sheet1.xml") - 30
    listed = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", content, part + 22, 1000)
    struct.pack_into("<I", content, listed + 24, 1000)
    assert the_code(bytes(content)) in ("S102", "S103")


@pytest.mark.parametrize("kind", ["sharedStrings", "styles"])
def test_a_bomb_in_the_texts_and_in_the_formats(kind: str) -> None:
    link = f'<Relationship Id="b" Type="x/{kind}" Target="{kind}.xml"/>'
    assert the_code(bomb(130, f"xl/{kind}.xml", link)) == "S103"


@pytest.mark.parametrize("rows", ['<row r="99999999"><c><v>1</v></c></row>', '<row r="1"><c r="A0"><v>1</v></c></row>' * 300_000])
def test_places_that_no_sheet_has(rows: str) -> None:
    grids, faults = read(xlsx(sheet(rows)))
    assert not grids
    assert [each.code for each in faults.errors] in (["S102"], ["S105"])


def test_very_many_formats_sheets_and_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecheck.facts.spreadsheets.scan_parts.MAXIMUM_ELEMENTS", 7)
    assert the_row(xlsx(sheet(ONE), codes=("0", "0.0"))) == ["1"]  # two formats, three styles, and where they begin
    assert the_code(xlsx(sheet(ONE), codes=("0", "0.0", "0.00"))) == "S103"
    assert the_code(xlsx(*[sheet(ONE)] * 8)) == "S103"


def test_very_many_parts() -> None:
    assert the_code(zipped({f"xl/{at}.xml": "" for at in range(limits.MAXIMUM_ENTRIES + 1)})) == "S103"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
def test_an_entity_bomb(part: str) -> None:
    parts = parts_of(xlsx(sheet(ONE.replace(">1<", ">&c;<"))))
    parts[part] = parts[part].replace(b"?>", b"?>" + ENTITIES.encode(), 1)
    assert the_code(zipped(parts)) == "S104"


def test_an_entity_bomb_in_ods() -> None:
    parts = parts_of(ods('<table:table table:name="表"/>'))
    parts["content.xml"] = parts["content.xml"].replace(b"?>", b"?>" + ENTITIES.encode(), 1)
    assert the_code(zipped(parts)) == "S104"


def test_ten_thousand_elements_in_one_another() -> None:
    assert the_code(xlsx(sheet("<row>" * 10_000))) == "S109"


# --- broken files ---


@pytest.mark.parametrize("share", [1, 25, 50, 75, 99])
def test_a_file_cut_short(share: int) -> None:
    assert the_code(GOOD[: len(GOOD) * share // 100]) == "S102"


@pytest.mark.parametrize("name", ["libreoffice.xls", "libreoffice.ods"])
def test_other_formats_cut_short(name: str) -> None:
    content = (FILES / name).read_bytes()
    assert the_code(content[: len(content) // 2]) == "S102"


def test_a_part_cut_short() -> None:
    packed = zlib.compress(sheet(ONE).encode(), wbits=-15)
    assert packed in xlsx(sheet(ONE))
    assert the_code(xlsx(sheet(ONE)).replace(packed, packed[:-4] + b"\0\0\0\0")) == "S102"
    assert the_code(xlsx(sheet(ONE)[:-30])) == "S102"


def test_two_parts_of_one_name() -> None:
    content = io.BytesIO(xlsx(sheet(ONE)))
    with zipfile.ZipFile(content, "a") as file:
        file.writestr("XL/Worksheets/Sheet1.xml", sheet(ONE))
    assert the_code(content.getvalue()) == "S102"


@pytest.mark.parametrize("content", [b"", b"  \r\n", bytes(100)])
def test_an_empty_file(content: bytes) -> None:
    assert the_code(content) == "F113"


def test_a_workbook_without_content() -> None:
    assert the_code(xlsx(sheet(""))) == "S109"
    assert the_code(ods('<table:table table:name="表"/>')) == "S109"


def test_a_workbook_with_nothing_but_a_chart() -> None:
    link = '<Relationship Id="s1" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/>'
    parts = parts_of(xlsx(sheet("")))
    relations = parts["xl/_rels/workbook.xml.rels"].split(b"<Relationship ")[0] + link.encode() + b"</Relationships>"
    chart = {"xl/_rels/workbook.xml.rels": relations, "xl/chartsheets/sheet1.xml": b"<chartsheet/>"}
    assert the_code(zipped(parts | chart)) == "S109"


def test_an_error_that_the_reader_does_not_know_is_named() -> None:
    _, faults = read(xlsx(cells("><v>1</v>", 't="e"><v>#NEW!</v>')))
    assert [(each.code, each.place and each.place.where, each.values) for each in faults.errors] == [
        ("S122", "!表1!B1", {"value": "#NEW!"})
    ]


# --- protected, and other things under the name of a spreadsheet ---


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_files_protected_by_a_password() -> None:
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    assert the_code(compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})) == "S101"
    assert the_code(compound({"Workbook": begin + record(0x2F, bytes(6)) + record(0x0A, b"")})) == "S101"
    parts = parts_of(ods('<table:table table:name="表"/>'))
    manifest = parts["META-INF/manifest.xml"]
    assert manifest.endswith(b"/>")
    manifest = manifest[:-2] + b"><manifest:encryption-data/></manifest:manifest>"
    assert the_code(zipped(parts | {"META-INF/manifest.xml": manifest})) == "S101"
    content = bytearray(GOOD)
    content[6] |= 1
    listed = content.index(b"PK\x01\x02")
    content[listed + 8] |= 1
    assert the_code(bytes(content)) == "S101"


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "S107", "HTML"),
        ('\ufeff<!DOCTYPE HTML PUBLIC "x"><html>'.encode(), "S107", "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "S107", "XML"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "S107", "PDF"),
        (zipped({"word/document.xml": "<x/>"}), "S107", "DOCX"),
        (zipped({"xl/workbook.bin": b"\0"}), "S107", "XLSB"),
        (zipped({"Index/Document.iwa": b"\0"}), "S107", "NUMBERS"),
        (zipped({"a.txt": "x"}), "S107", "ZIP"),
        (compound({"WordDocument": b"x"}), "S107", "DOC"),
        (compound({"Other": b"x"}), "S107", "OLE"),
        ("编号\t名称\nU1\t甲局\n".encode("gb18030"), "S108", None),
        ("编号,名称\nU1,甲局\n".encode(), "S108", None),
        (b"\x00\x01\x02\x03" * 100, "S102", None),
    ],
)
def test_what_is_no_spreadsheet(content: bytes, code: str, found: str | None) -> None:
    _, faults = read(content, "表.xls")
    assert [(each.code, each.values.get("found")) for each in faults.errors] == [(code, found)]


def test_a_spreadsheet_under_another_ending_is_read_as_what_it_is() -> None:
    for name in ("xlsxwriter.xlsx", "libreoffice.xls", "libreoffice.ods"):
        grids, faults = read((FILES / name).read_bytes(), "表.et")
        assert faults.errors == []
        assert [grid.sheet for grid in grids] == ["单位"]


# --- characters ---


@pytest.mark.parametrize(("text", "characters"), [("甲\u202e局", "U+202E"), ("甲\u200b", "U+200B"), ("_x0007_", "U+0007")])
def test_characters_that_nobody_sees(text: str, characters: str) -> None:
    written = sheet(f'<row r="3"><c r="C3"><v>1</v></c><c r="D3" t="inlineStr"><is><t>{text}</t></is></c></row>')
    _, faults = read(xlsx(written))
    assert [(each.code, each.place and each.place.where, each.values) for each in faults.errors] == [
        ("S113", "!表1!D3", {"characters": characters})
    ]


def test_such_characters_in_the_name_of_a_sheet() -> None:
    parts = parts_of(xlsx(sheet(ONE)))
    workbook = parts["xl/workbook.xml"].replace("表1".encode(), "表\u202e1".encode())
    assert the_code(zipped(parts | {"xl/workbook.xml": workbook})) == "S114"


# --- time and memory ---

MEASURED = """
import resource, sys, time
from pathlib import Path
from rulecheck.facts.nodes import Faults
from rulecheck.facts.spreadsheets.session import Session
content, faults = Path(sys.argv[1]).read_bytes(), Faults("x")
with Session() as session:
    grids = session.read(content, "x", faults)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = round(time.process_time() + used.ru_utime + used.ru_stime)
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(*(each.code for each in faults.errors), end="")
print("", seconds, int(most.split()[1]) // 1024, used.ru_maxrss // 1024, sep=",")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures by the means of Linux")
@pytest.mark.parametrize(
    ("name", "code"),
    [("bomb", "S103"), ("far", "S105"), ("one long text", "S111"), ("just small enough", ""), ("odd", "S103")],
)
def test_hostile_files_take_little_time_and_memory(tmp_path: Path, name: str, code: str) -> None:
    long = "x" * 1_000_000
    content = {
        "bomb": lambda: bomb(500),
        "far": lambda: xlsx(far("XFD1048576")),
        # each of a hundred thousand cells is given a copy of one text of a megabyte
        "one long text": lambda: _shared(long, 100_000),
        "just small enough": lambda: bomb(limits.MAXIMUM_UNPACKED // limits.MEGABYTE - 1),
        "odd": lambda: xlsx(sheet("<row><c><v>1</v></c></row>" * 2_700_000)),
    }[name]()
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    found, seconds, *memory = done.stdout.split(",")
    assert found == code
    assert int(seconds) <= 5  # of work of both processes together
    assert max(map(int, memory)) <= 500


def _shared(text: str, count: int) -> bytes:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, count + 1))
    parts = parts_of(xlsx(sheet(rows)))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="b" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'.encode()
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", link)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}"><si><t>{text}</t></si></sst>'.encode()
    return zipped(parts)


# --- the process ---


def test_one_process_for_many_files() -> None:
    with Session() as session:
        assert session.started == 0
        for name in ("xlsxwriter.xlsx", "libreoffice.xls", "libreoffice.ods"):
            faults = Faults(name)
            assert session.read((FILES / name).read_bytes(), name, faults)
        assert session.started == 1


def test_a_crash_ends_one_file_and_not_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell at XFD1048576 makes the library give up its whole process; the look into the file, which sees to that, is off."""
    content = xlsx(far("XFD1048576"))
    with Session() as session:
        with monkeypatch.context() as patch:
            patch.setattr("rulecheck.facts.spreadsheets.scan_xlsx.reaches", lambda row, column: False)
            patch.setattr("rulecheck.facts.spreadsheets.session.MAXIMUM_CELLS", 10**12)
            faults = Faults("坏.xlsx")
            assert session.read(content, "坏.xlsx", faults) == []
            assert [each.code for each in faults.errors] == ["S111"]
        faults = Faults("好.xlsx")
        assert session.read(GOOD, "好.xlsx", faults)
        assert session.started == 2


def test_a_file_that_makes_the_library_give_up_the_process() -> None:
    """`crashing.xls` is `libreoffice.xls` with a few bytes changed: it asks for 122 GB."""
    with Session() as session:
        faults = Faults("坏.xls")
        assert session.read((FILES / "crashing.xls").read_bytes(), "坏.xls", faults) == []
        assert [each.code for each in faults.errors] == ["S111"]
        assert session.read(GOOD, "好.xlsx", Faults("好.xlsx"))
        assert session.started == 2


@pytest.mark.parametrize("program", ["time.sleep(60)", "any(iter(int, 1))"])
def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    """Whether it does nothing at all, or works without end."""
    child = tmp_path / "child.py"
    source = Path(spreadsheet_child.__file__).read_text(encoding="utf-8")
    source = source.replace("import gc\n", "import gc\nimport time\n")
    child.write_text(source.replace("        told, texts", f"        {program}; told, texts"), encoding="utf-8")
    start = time.monotonic()
    with Session(seconds=1) as session:
        with monkeypatch.context() as patch:
            patch.setattr("rulecheck.facts.spreadsheets.session._CHILD", child)
            faults = Faults("慢.xlsx")
            assert session.read(GOOD, "慢.xlsx", faults) == []
            assert [(each.code, each.values["seconds"]) for each in faults.errors] == [("S110", "1")]
        faults = Faults("好.xlsx")
        assert session.read(GOOD, "好.xlsx", faults)
    assert time.monotonic() - start < 30


def test_without_a_limit_of_memory_nothing_is_read_before_it_is_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    with Session() as session:
        monkeypatch.setattr(session, "_is_limited", False)
        sent: list[bytes] = []
        monkeypatch.setattr("rulecheck.facts.spreadsheets.session.write_frame", lambda stream, content: sent.append(content))
        assert session.read(xlsx(far("XFD1048576")), "坏.xlsx", Faults("坏.xlsx")) == []
        assert sent == []
        monkeypatch.undo()
        monkeypatch.setattr(session, "_is_limited", False)
        assert session.read(GOOD, "好.xlsx", Faults("好.xlsx"))


PROGRAM = """
from pathlib import Path
from rulecheck.facts.nodes import Faults
from rulecheck.facts.spreadsheets.session import Session
with Session() as session:
    grids = session.read(Path({given!r}).read_bytes(), "x", Faults("x"))
Path({told!r}).write_text(str(len(grids)))
"""


def program(told: Path, before: str = "") -> str:
    return before + PROGRAM.format(given=str(FILES / "xlsxwriter.xlsx"), told=str(told))


@pytest.mark.parametrize("options", [["-P"], ["-P", "-O"]])
def test_from_any_folder_whatever_lies_there(tmp_path: Path, options: list[str]) -> None:
    for name in ("json", "struct", "python_calamine", "datetime"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the current folder')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(limits.__file__).parents[2])}
    command = [sys.executable, *options, "-c", program(tmp_path / "told")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "told").read_text(encoding="utf-8") == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="closes what Windows does not number like this")
def test_with_all_streams_closed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(limits.__file__).parents[2])}
    command = [sys.executable, "-c", program(tmp_path / "told", "import os; [os.close(each) for each in (0, 1, 2)]")]
    subprocess.run(command, env=environment, check=True)
    assert (tmp_path / "told").read_text(encoding="utf-8") == "1"


def test_too_many_cells_of_which_something_is_to_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("spreadsheets.scan_parts", "spreadsheets.scan_xlsx", "spreadsheets.grids"):
        monkeypatch.setattr(f"rulecheck.facts.{module}.MAXIMUM_MARKS", 2)
    error, merged = 't="e"><v>#N/A</v>', '<mergeCell ref="A1:A2"/>'
    assert the_code(xlsx(cells(error, error, error))) == "S123"
    assert the_code(xlsx(cells(*["><v>0.30000000000000004</v>"] * 3))) == "S123"
    assert the_code(xlsx(sheet(ONE).replace("</worksheet>", f"<mergeCells>{merged * 3}</mergeCells></worksheet>"))) == "S123"
    assert the_row(xlsx(cells(error, error))) == ["#N/A", "#N/A"]
