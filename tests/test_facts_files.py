"""Files and folders: what is read, what is passed over, what is refused, and under which name."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from pathlib import Path

import pytest

from rulecheck.facts import files as files_module
from rulecheck.facts import limits, one_file, read
from rulecheck.language.diagnostics import render
from rulecheck.submission import Submission
from support_facts import RULE_SET, Desk, advice, codes, only, the_fault

UNIT = "单位:\n  - 名称: 甲\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(submission: Submission) -> dict[str, list[str]]:
    return {refusal.file: [fault.code for fault in refusal.faults] for refusal in submission.refused}


def folder(desk: Desk, *names: str) -> Path:
    for name in names:
        desk.put(f"报送/{name}", UNIT.replace("甲", name.replace("/", "")))
    return desk.folder / "报送"


def test_a_folder_is_read_whole_and_sorted_by_name(desk: Desk) -> None:
    submission = read([folder(desk, "b.yaml", "a/z.yaml", "a.yml")], RULE_SET)
    assert [each.origin.file for each in submission.subjects["unit"]] == ["报送/a.yml", "报送/a/z.yaml", "报送/b.yaml"]


def test_a_file_argument_goes_by_its_own_name(desk: Desk) -> None:
    assert only(read([desk.put("x/y.yaml", UNIT)], RULE_SET)).origin.file == "y.yaml"


def test_a_file_given_twice_is_read_once(desk: Desk) -> None:
    path = folder(desk, "a.yaml")
    for order in ([path, path / "a.yaml"], [path / "a.yaml", path, path]):
        assert only(read(order, RULE_SET)).origin.file == "报送/a.yaml"


def test_two_files_of_one_name_are_told_apart(desk: Desk) -> None:
    paths = [desk.put("x/a.yaml", UNIT), desk.put("y/a.yaml", UNIT.replace("甲", "乙")), desk.put("b.yaml", UNIT)]
    submission = read(paths, RULE_SET)
    files = {origin.origin.file for origin in submission.subjects["unit"]}
    assert files == {"b.yaml", "y/a.yaml"}
    assert refused(submission) == {}


def test_names_relative_to_a_base(desk: Desk) -> None:
    path = desk.put("x/y/a.yaml", UNIT)
    assert only(read([path], RULE_SET, base=desk.folder)).origin.file == "x/y/a.yaml"
    assert only(read([path.parent], RULE_SET, base=desk.folder / "x")).origin.file == "y/a.yaml"
    assert only(read([path], RULE_SET, base=desk.folder / "z")).origin.file == "a.yaml"


def test_the_name_does_not_depend_on_where_one_stands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(desk, "a.yaml")
    found = []
    for here, argument in ((desk.folder, "报送"), (path, "."), (path, "../报送/"), (path, str(path))):
        monkeypatch.chdir(here)
        submission = read([Path(argument)], RULE_SET)
        found.append((submission.sha256, only(submission).origin.file))
    assert set(found) == {(found[0][0], "报送/a.yaml")}


def test_other_and_hidden_files_are_reported_and_passed_over(desk: Desk) -> None:
    path = folder(desk, "a.yaml")
    for name in (".hidden.yaml", "说明.md", "~$a.csv", ".git/x.yaml"):
        desk.put(f"报送/{name}", UNIT)
    submission = read([path], RULE_SET)
    assert only(submission)
    assert [(each.file, each.code) for each in submission.warnings] == [
        ("报送/.git", "F117"),
        ("报送/.hidden.yaml", "F117"),
        ("报送/~$a.csv", "F117"),
        ("报送/说明.md", "F107"),
    ]


@pytest.mark.parametrize(("name", "content", "code"), [("b.xlsx", b"PK", "S1"), ("b.xlsb", b"PK", "S119")])
def test_a_spreadsheet_that_cannot_be_read_is_refused(desk: Desk, name: str, content: bytes, code: str) -> None:
    path = folder(desk, "a.yaml")
    desk.put(f"报送/{name}", content)
    submission = read([path], RULE_SET)
    ((file, (found,)),) = refused(submission).items()
    assert file == f"报送/{name}"
    assert found.startswith(code)
    assert len(submission.subjects["unit"]) == 1


@pytest.mark.parametrize(("name", "code"), [("没有.yaml", "F101"), ("a.txt", "F105"), ("空", "F110")])
def test_arguments_that_give_nothing(desk: Desk, name: str, code: str) -> None:
    desk.put("a.txt", UNIT)
    (desk.folder / "空").mkdir()
    submission = read([desk.folder / name], RULE_SET)
    assert refused(submission) == {name: [code]}
    assert advice(the_fault(submission))


def test_a_refused_file_does_not_stop_the_others(desk: Desk) -> None:
    path = folder(desk, "a.yaml", "b.yaml")
    desk.put("报送/c.yaml", "单位: [\n")
    submission = read([path], RULE_SET)
    assert refused(submission) == {"报送/c.yaml": ["F131"]}
    assert len(submission.subjects["unit"]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links need a right")
@pytest.mark.parametrize("target", ["a.yaml", "..", ".", "nowhere"])
def test_links_in_a_folder_are_not_followed(desk: Desk, target: str) -> None:
    path = folder(desk, "a.yaml")
    (path / "link.yaml").symlink_to(target)
    submission = read([path], RULE_SET)
    assert refused(submission) == {"报送/link.yaml": ["F103"]}
    assert len(submission.subjects["unit"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links need a right")
def test_a_fifo_is_never_opened(desk: Desk) -> None:
    path = folder(desk, "a.yaml")
    os.mkfifo(path / "b.yaml")
    assert refused(read([path], RULE_SET)) == {"报送/b.yaml": ["F102"]}
    assert refused(read([path / "b.yaml"], RULE_SET)) == {"b.yaml": ["F102"]}


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links need a right")
def test_a_link_loop_as_an_argument(desk: Desk) -> None:
    loop = desk.folder / "loop.yaml"
    loop.symlink_to(loop)
    assert refused(read([loop], RULE_SET)) == {"loop.yaml": ["F101"]}


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links need a right")
def test_a_link_that_the_user_names_is_followed(desk: Desk) -> None:
    link = desk.folder / "link.yaml"
    link.symlink_to(desk.put("x/a.yaml", UNIT))
    assert only(read([link], RULE_SET)).name == "甲"


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
@pytest.mark.parametrize("name", [b"a\nb.yaml", b"a\x1b[31m.yaml", b"\xff.yaml", "a\u202eb.yaml".encode()])
def test_names_with_invisible_characters(desk: Desk, name: bytes) -> None:
    path = folder(desk, "a.yaml")
    Path(os.fsdecode(os.fsencode(path) + b"/" + name)).write_text(UNIT, encoding="utf-8")
    submission = read([path], RULE_SET)
    fault = the_fault(submission)
    assert fault.code == "F108"
    assert all(line.isprintable() for line in render(fault).splitlines())
    assert submission.refused[0].file.encode()


@pytest.mark.parametrize(("depth", "is_refused"), [(31, False), (32, False), (33, True)])
def test_depth_of_folders(desk: Desk, depth: int, is_refused: bool) -> None:
    path = folder(desk, "a.yaml", "/".join(["d"] * depth) + "/b.yaml")
    assert codes(read([path], RULE_SET)) == (["F104"] if is_refused else [])


@pytest.mark.parametrize(("files", "is_refused"), [(3, False), (4, False), (5, True)])
def test_number_of_files(desk: Desk, monkeypatch: pytest.MonkeyPatch, files: int, is_refused: bool) -> None:
    monkeypatch.setattr(files_module, "MAXIMUM_FILES", 4)
    path = folder(desk, *(f"{number}.yaml" for number in range(files)))
    submission = read([path], RULE_SET)
    assert refused(submission) == ({"报送": ["F106"]} if is_refused else {})
    assert len(submission.subjects["unit"]) == (0 if is_refused else files)


@pytest.mark.parametrize(("name", "format"), [("a.yaml", "yaml"), ("a.json", "json"), ("单位.csv", "csv")])
@pytest.mark.parametrize(("beyond", "is_refused"), [(-1, False), (0, False), (1, True)])
def test_size_of_files(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, format: str, beyond: int, is_refused: bool
) -> None:
    content = {"yaml": UNIT, "json": '{"单位": [{"名称": "甲"}]}', "csv": "名称\n甲\n"}[format].encode()
    monkeypatch.setitem(limits.MAXIMUM_BYTES, format, len(content) - beyond)
    submission = read([desk.put(name, content)], RULE_SET)
    assert codes(submission) == (["F111"] if is_refused else [])


def test_values_of_a_whole_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.yaml": UNIT, "b.yaml": UNIT.replace("甲", "乙")}
    monkeypatch.setattr(one_file, "MAXIMUM_CELLS", 28)  # each holds 14: itself and a subject count 6, its list, a name
    assert refused(desk.read(files)) == {}
    monkeypatch.setattr(one_file, "MAXIMUM_CELLS", 27)
    assert refused(desk.read(files)) == {"b.yaml": ["F120"]}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F113"),
        (b"\xef\xbb\xbf", "F113"),
        (b" \n", "F113"),
        ("单位".encode("utf-16"), "F122"),
        ("单位".encode() + b"\n\xff\xff", "F121"),
        (b"a: \x00", "F112"),
        (b"a: \x1b[31m", "F112"),
        ("a: \ufeff".encode(), "F112"),
    ],
)
@pytest.mark.parametrize("name", ["a.yaml", "a.json", "单位.csv"])
def test_bytes_that_are_no_text(desk: Desk, name: str, content: bytes, code: str) -> None:
    fault = the_fault(desk.read({name: content}))
    assert fault.code == code
    assert advice(fault)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_gb18030_is_named_and_not_guessed(desk: Desk, name: str) -> None:
    fault = the_fault(desk.read({name: "单位: 甲".encode("gb18030")}))
    assert fault.code == "F123"
    assert "另存为 UTF-8" in advice(fault)


def test_the_line_of_a_wrong_byte(desk: Desk) -> None:
    assert "第2行" in render(the_fault(desk.read({"a.yaml": "单位:\n".encode() + b"  - \xff\xff"})))


# --- standard input ---


@pytest.mark.parametrize("content", [UNIT, "\ufeff" + UNIT, '{"单位": [{"名称": "甲"}]}', '\ufeff\n {"单位": [{"名称": "甲"}]}'])
def test_standard_input_is_json_or_yaml(content: str) -> None:
    subject = only(read([Path("-")], RULE_SET, stdin=content.encode()))
    assert subject.name == "甲"
    assert subject.origin.file == "-"


def test_standard_input_beside_files(desk: Desk) -> None:
    submission = read([desk.put("a.yaml", UNIT), Path("-")], RULE_SET, stdin=UNIT.replace("甲", "乙").encode())
    assert [each.origin.file for each in submission.subjects["unit"]] == ["-", "a.yaml"]


def test_nothing_on_standard_input() -> None:
    assert codes(read([Path("-")], RULE_SET)) == ["F113"]


# --- the receipt ---


def test_the_hash_covers_names_and_contents(desk: Desk) -> None:
    def digest(**files: str) -> str:
        return desk.read({f"{name}.yaml": content for name, content in files.items()}).sha256

    other = UNIT.replace("甲", "乙")
    hashes = [digest(a=UNIT), digest(b=UNIT), digest(a=other), digest(a=UNIT, b=other), digest(a=other, b=UNIT)]
    assert len(set(hashes)) == len(hashes)
    assert digest(a=UNIT) == hashes[0]


# --- what was received ---


def test_what_was_received_of_each_file_that_was_taken(desk: Desk) -> None:
    yaml = "填报单位: 甲局\n填报人: 张某\n审核人: 李某\n填报日期: 2024年1月5日\n单位:\n  - 名称: 甲局\n    编制: 5\n    评分: /\n"
    csv = "填报单位：乙局,,填报人：王某\n名称,编制,评分\n乙局,5,6\n丙局,,7\n"
    submission = desk.read(
        {"a.yaml": yaml, "单位.csv": csv.encode("gb18030"), "c.json": '{"单位": [{"名称": "丁", "编制": "x"}]}'}
    )
    first, second = submission.received
    assert (first.file, first.format, first.encoding, first.subjects, first.values) == ("a.yaml", "yaml", "UTF-8", 1, 1)
    assert (first.unit, first.filled_by, first.reviewed_by, first.signed_on) == ("甲局", "张某", "李某", "2024年1月5日")
    assert (second.file, second.format, second.encoding, second.subjects, second.values) == ("单位.csv", "csv", "GB18030", 2, 3)
    assert (second.unit, second.filled_by) == ("乙局", "王某")
    assert first.sha256 == hashlib.sha256(yaml.encode()).hexdigest()


def test_files_of_the_authority_in_a_folder_of_facts_are_no_submissions(desk: Desk) -> None:
    path = folder(desk, "a.yaml")
    roster = desk.put("报送/名录.yaml", "- {全称: 甲}\n")
    submission = read([path], RULE_SET, expected=roster)
    assert [each.file for each in submission.received] == ["报送/a.yaml"]
    assert not submission.refused


@pytest.mark.parametrize("option", ["headings", "expected", "manifest", "records"])
def test_a_list_that_is_not_there_is_refused(desk: Desk, option: str) -> None:
    given = desk.folder / "没有.yaml"
    submission = read([desk.put("a.yaml", UNIT)], RULE_SET, **{option: [given] if option == "records" else given})  # type: ignore[arg-type]
    assert refused(submission) == {"没有.yaml": ["F101"]}
    assert not submission.refused[0].is_submission


def test_headings_that_differ_are_mapped(desk: Desk) -> None:
    table = desk.put("单位.csv", "单位全称,编职\n甲局,5\n")
    mapping = desk.put("表头.yaml", "表头: {单位全称: 名称, 编职: 编制, 评: 评分}\n")
    submission = read([table], RULE_SET, headings=mapping)
    assert only(submission).name == "甲局"
    assert [(each.code, each.file) for each in submission.warnings] == [("S325", "表头.yaml")]


def test_reading_leaves_the_collector_as_it_was(desk: Desk) -> None:
    for is_enabled in (True, False):
        (gc.enable if is_enabled else gc.disable)()
        try:
            read([desk.put("a.yaml", UNIT)], RULE_SET)
            assert gc.isenabled() == is_enabled
        finally:
            gc.enable()
