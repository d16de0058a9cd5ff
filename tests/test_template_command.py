"""`rulecheck template`: where forms go, what is never overwritten, what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.commands import DONE, REFUSED
from rulecheck.commands.template import Request, template

RULES = ["after_school_service_on_weekdays", "after_school_service_ends", "unemployment_review_limit"]
"""They ask of three kinds of subject."""


def test_yaml_goes_to_standard_output_where_no_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, format="yaml")) == DONE
    out, err = capsys.readouterr()
    assert out.startswith("# 填报表\n")
    assert "失业保险金申领:\n" in out
    assert err == ""


def test_in_english_everything_but_the_document_is_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(kinds=["unemployment_claim"], format="yaml", language="en")) == DONE
    out = capsys.readouterr().out
    assert "unemployment_claim:\n" in out
    assert "# Example: 2023-06-30\n" in out


@pytest.mark.parametrize(("name", "start"), [("表.xlsx", b"PK"), ("表.json", b"{"), ("表.yml", b"# "), ("表", b"PK")])
def test_the_ending_of_the_file_tells_the_format(name: str, start: bytes, tmp_path: Path) -> None:
    assert template(Request(only=RULES, output=tmp_path / name)) == DONE
    assert (tmp_path / name).read_bytes().startswith(start)


def test_csv_goes_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, format="csv", output=tmp_path / "表")) == DONE
    assert sorted(path.name for path in (tmp_path / "表").iterdir()) == ["上课日.csv", "失业保险金申领.csv", "学校.csv"]
    assert "空白表已写入" in capsys.readouterr().err


def test_one_kind_goes_into_a_csv_file_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "本校.csv"
    assert template(Request(kinds=["失业保险金申领"], output=path)) == DONE
    assert path.read_text(encoding="utf-8-sig").startswith("编号,名称,")
    assert capsys.readouterr().err == f"空白表已写入 {path}\n"
    path.write_text("名称\n甲校\n", encoding="utf-8")
    assert template(Request(kinds=["失业保险金申领"], output=path)) == REFUSED
    assert "错误[T113]" in capsys.readouterr().err


def test_several_kinds_do_not_go_into_one_csv_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, output=tmp_path / "表.csv")) == REFUSED
    assert "错误[T118] CSV 每类对象一个文件，这里有3类" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["表.xls", "表.docx", "表.ods"])
def test_an_ending_that_means_no_format_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, output=tmp_path / name)) == REFUSED
    assert "错误[T119]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("format", "code"), [("xlsx", "T111"), ("csv", "T112"), (None, "T111")])
def test_what_cannot_be_shown_needs_a_place(format: str | None, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, format=format)) == REFUSED
    assert f"错误[{code}]" in capsys.readouterr().err


def test_a_form_that_may_be_filled_in_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.yaml"
    assert template(Request(only=RULES, output=path)) == DONE
    blank = path.read_bytes()
    assert template(Request(only=RULES, output=path)) == DONE  # the same bytes
    path.write_bytes(blank.replace("名称:\n".encode(), "名称: 甲校\n".encode(), 1))
    filled = path.read_bytes()
    assert template(Request(only=RULES, output=path)) == REFUSED
    assert path.read_bytes() == filled
    assert "错误[T113]" in capsys.readouterr().err


def test_one_table_filled_in_stops_the_whole_folder(tmp_path: Path) -> None:
    (tmp_path / "学校.csv").write_text("名称\n甲校\n", encoding="utf-8")
    assert template(Request(only=RULES, format="csv", output=tmp_path)) == REFUSED
    assert [path.name for path in tmp_path.iterdir()] == ["学校.csv"]


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert template(Request(only=RULES, format="csv", output=tmp_path / "没有" / "表")) == REFUSED
    assert "错误[X313]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_takes_away_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rulecheck import streams

    whole = streams.write_whole

    def full(path: Path, content: bytes) -> None:
        if path.name == "失业保险金申领.csv":
            raise OSError(28, "No space left on device")
        whole(path, content)

    monkeypatch.setattr(streams, "write_whole", full)
    assert template(Request(only=RULES, format="csv", output=tmp_path / "表")) == REFUSED
    assert "错误[X310]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_files_and_folders_are_not_mistaken_for_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "表").mkdir()
    assert template(Request(only=RULES, format="xlsx", output=tmp_path / "表")) == REFUSED
    assert "错误[T115]" in capsys.readouterr().err
    (tmp_path / "表2").write_text("", encoding="utf-8")
    assert template(Request(only=RULES, format="csv", output=tmp_path / "表2")) == REFUSED
    assert "错误[T114]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (Request(only=["unemployment_review"], format="yaml"), ("T101", "unemployment_review_limit")),
        (Request(documents=["黄政办发〔2022〕61号"], format="yaml"), ("T102", "黄政办发〔2022〕60号")),
        (Request(kinds=["学生"], format="yaml"), ("T103", "学校")),
        (Request(only=["失业保险金审核时限"], kinds=["学校"], format="yaml"), ("T105", "换一种对象")),
        (Request(format="docx"), ("X301", "xlsx、csv、yaml、json")),
    ],
)
def test_a_choice_that_means_nothing_is_told(
    request_: Request, told: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert template(request_) == REFUSED
    out, err = capsys.readouterr()
    assert out == ""
    assert all(word in err for word in told)


def test_a_document_without_rules_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "规则" / "某市" / "1"
    folder.mkdir(parents=True)
    (folder / "source.yaml").write_text(
        "title: 某通知\nnumber: 某发〔2022〕1号\nkind: 规范性文件\nissuer: 某市人民政府\nissued: 2022-11-16\n"
        "in_force: {start: 2022-11-16}\nstatus: {state: in_force, checked_by: '', checked_on: ''}\n"
        "basis: []\ntext: a.txt\ncoverage: partial\nitems: []\n",
        encoding="utf-8",
    )
    (folder / "a.rule").write_text("对象：单位 / unit\n", encoding="utf-8")
    assert template(Request(rules=tmp_path / "规则", documents=["某发〔2022〕1号"], format="yaml")) == REFUSED
    assert "错误[T104]" in capsys.readouterr().err
