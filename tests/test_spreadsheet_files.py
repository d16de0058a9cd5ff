"""Which files are read as spreadsheets, in which encoding text is read, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.facts.files import decode, encoding_of, gather
from rulecheck.facts.nodes import Faults
from rulecheck.language.diagnostics import Diagnostic
from support_spreadsheets import FILES, cells, xlsx

# rare characters of names, which GBK lacks: of the extension A (two bytes in GB18030 it has not), and of B (four bytes)
RARE = "编号,名称\nU1,㛃𠮷\n"


def decoded(content: bytes, is_csv: bool = True) -> tuple[str | None, list[Diagnostic], list[Diagnostic]]:
    faults = Faults("单位.csv")
    text = decode(content, faults, is_csv)
    return text, faults.errors, faults.warnings


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(RARE.encode(), "UTF-8"), (RARE.encode("utf-8-sig"), "UTF-8 BOM"), (b"a,b\n", "UTF-8"), (RARE.encode("gb18030"), "GB18030")],
)
def test_the_encodings_of_csv(content: bytes, encoding: str) -> None:
    text, errors, warnings = decoded(content)
    assert text == (RARE if b"U1" in content else "a,b\n")
    assert errors == []
    assert encoding_of(content) == encoding
    assert [each.code for each in warnings] == (["S121"] if encoding == "GB18030" else [])


def test_what_was_read_as_gb18030_is_shown() -> None:
    _, _, (warning,) = decoded("id,name\n1,甲局\n".encode("gb18030"))
    assert warning.values == {"text": "甲局"}
    assert warning.place is not None
    assert warning.place.where == "第2行"


def test_other_formats_are_not_read_as_gb18030() -> None:
    text, errors, _ = decoded(RARE.encode("gb18030"), is_csv=False)
    assert (text, [each.code for each in errors]) == (None, ["F123"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (RARE.encode() * 9 + b"\xb9\xab\n", "F121"),  # all but one place is well-formed UTF-8
        (RARE.encode("utf-8-sig") + b"\xb9\xab", "F121"),  # and here the beginning says so
        (b"a,\xff\xff\n", "F121"),
        (RARE.encode("utf-16"), "F122"),
        ("a,\u202eb\n".encode("gb18030"), "F112"),
        (xlsx(cells("><v>1</v>")), "S120"),
        ((FILES / "libreoffice.xls").read_bytes(), "S120"),
    ],
)
def test_what_is_no_csv(content: bytes, code: str) -> None:
    text, errors, _ = decoded(content)
    assert (text, [each.code for each in errors]) == (None, [code])


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.xlsx", "xlsx"), ("a.XLSX", "xlsx"), ("a.xlsm", "xlsx"), ("a.xls", "xls"), ("a.et", "xls"), ("a.ods", "ods")],
)
def test_formats_by_ending(tmp_path: Path, name: str, format: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert [(each.name, each.format) for each in gather([tmp_path / name], None, None).inputs] == [(name, format)]


@pytest.mark.parametrize("ending", [".xlsb", ".numbers", ".xltx"])
def test_spreadsheets_that_are_not_read(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a{ending}").write_bytes(b"x")
    for path in (tmp_path, tmp_path / f"a{ending}"):
        codes = [fault.code for each in gather([path], None, None).refused for fault in each.faults]
        assert "S119" in codes


def test_a_lock_file_of_the_spreadsheet_program_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    (tmp_path / "~$a.xlsx").write_bytes(b"x")
    gathered = gather([tmp_path], None, tmp_path)
    assert [each.name for each in gathered.inputs] == ["a.xlsx"]
    assert [(each.code, each.file) for each in gathered.warnings] == [("F117", "~$a.xlsx")]


@pytest.mark.parametrize(
    ("content", "format"),
    [(xlsx(), "xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"), (b'{"a": 1}', "json"), ("单位: 甲".encode(), "yaml")],
)
def test_what_comes_through_a_pipe(content: bytes, format: str) -> None:
    assert [each.format for each in gather([Path("-")], content, None).inputs] == [format]
