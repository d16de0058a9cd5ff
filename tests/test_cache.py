"""What was worked out before is used only for the very same bytes, and only as it was written; else it is worked out anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from rulecheck import data, kept
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.rules import cache, model
from rulecheck.rules.load import load, read_inputs
from rulecheck.rules.resolve import resolve
from support_compiled import ROOT, differences
from support_shell import write_rules

POSIX = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test's own."""
    monkeypatch.setenv("RULECHECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_rules(tmp_path / "rules")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name for every time that rule files are read for what they mean."""
    found: list[str] = []

    def counted(*arguments: object) -> tuple[model.RuleSet, list[Diagnostic]]:
        found.append("read")
        return resolve(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("rulecheck.rules.resolve.resolve", counted)
    return found


def usable(root: Path) -> model.RuleSet:
    found, problems = cache.ready(root)
    assert problems == []
    assert found is not None
    return found


def the_file(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_a_second_run_does_not_read_the_rules_again(folder: Path, rules: Path, readings: list[str]) -> None:
    first, second = usable(rules), usable(rules)
    assert readings == ["read"]
    parsed, _ = load(rules)
    assert differences(parsed, second) == []
    assert differences(first, second) == []


def test_a_copy_elsewhere_is_the_same_rules(folder: Path, rules: Path, readings: list[str], tmp_path: Path) -> None:
    usable(rules)
    shutil.copytree(rules, tmp_path / "copy")
    usable(tmp_path / "copy")
    assert readings == ["read"]


@pytest.mark.parametrize(
    "change",
    [
        lambda root: next(root.rglob("*.rule")).write_text(
            next(root.rglob("*.rule")).read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8"
        ),
        lambda root: next(root.rglob("*.rule")).rename(next(root.rglob("*.rule")).with_name("renamed.rule")),
        lambda root: (root / "calendar").mkdir() or shutil.copy(ROOT / "dsl/calendar/2023.yaml", root / "calendar" / "2023.yaml"),
        lambda root: shutil.copy(ROOT / "rules/places.yaml", root / "places.yaml"),
        lambda root: (root / "more.rule").write_text("# nothing\n", encoding="utf-8"),
    ],
    ids=["a byte more", "another name", "holidays", "places", "a file more"],
)
def test_any_change_is_read(folder: Path, rules: Path, readings: list[str], change: Callable[[Path], object]) -> None:
    usable(rules)
    change(rules)
    found, _ = cache.ready(rules)
    assert readings == ["read", "read"]
    assert differences(load(rules)[0], found) == []


def test_a_change_that_leaves_size_and_time_is_read(folder: Path, rules: Path, readings: list[str]) -> None:
    usable(rules)
    file = next(path for path in rules.rglob("*.rule") if b"50" in path.read_bytes())
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"50", b"51", 1))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert differences(load(rules)[0], usable(rules)) == []
    assert len(readings) == 3


def test_another_version_or_another_program_reads_anew(
    folder: Path, rules: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usable(rules)
    monkeypatch.setattr("rulecheck.rules.load.__version__", "0.0.0")
    usable(rules)
    monkeypatch.setattr("rulecheck.data.code", lambda packages: iter([("language/parse.py", b"another program")]))
    usable(rules)
    assert len(readings) == 3


def test_the_key_is_of_the_bytes_that_are_read(folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Between reading the bytes and working out what they mean the file is changed: what is kept is of what was read.
    before = read_inputs(rules)
    file = next(path for path in rules.rglob("*.rule") if b"50" in path.read_bytes())
    file.write_bytes(file.read_bytes().replace(b"50", b"51"))
    monkeypatch.setattr(cache, "read_inputs", lambda root: before)
    first = usable(rules)
    monkeypatch.undo()
    monkeypatch.setenv("RULECHECK_CACHE", str(folder))
    second = usable(rules)
    assert first.sha256 != second.sha256
    assert differences(load(rules)[0], second) == []


def test_rules_with_a_fault_are_not_kept_and_told_every_time(folder: Path, rules: Path) -> None:
    file = next(rules.rglob("*.rule"))
    file.write_text(file.read_text(encoding="utf-8") + "\n规则：：\n", encoding="utf-8")
    told = [cache.ready(rules) for _ in range(2)]
    assert told[0] == told[1] == load(rules)
    assert told[0][0] is None
    assert not folder.exists()


def test_rules_that_cannot_be_written_down_are_judged_by_all_the_same(
    folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_deep(*_: object) -> bytes:
        raise RecursionError

    monkeypatch.setattr(cache, "compiled", too_deep)
    assert differences(load(rules)[0], usable(rules)) == []


def test_remarks_are_kept_with_the_rules(folder: Path, rules: Path, readings: list[str]) -> None:
    (rules / "calendar").mkdir()
    text = (ROOT / "dsl/calendar/2023.yaml").read_text(encoding="utf-8")
    day = next(line for line in text.splitlines() if line.strip().startswith("- 2023-"))
    (rules / "calendar" / "2023.yaml").write_text(text.replace(day + "\n", "", 1), encoding="utf-8")
    first, second = cache.ready(rules), cache.ready(rules)
    assert [each.code for each in first[1]] == ["U858"]
    assert differences(tuple(first[1]), tuple(second[1])) == []
    assert readings == ["read"]


@pytest.mark.parametrize("part", ["data.py", "dataclass.py", "language/parse.py", "measures/units.py", "rules/resolve/rules.py"])
def test_all_that_the_meaning_depends_on_is_in_the_key(rules: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, code = read_inputs(rules).key, data.code
    monkeypatch.setattr(data, "code", lambda parts: ((name, text + b"#" * (name == part)) for name, text in code(parts)))
    assert read_inputs(rules).key != before


# --- files that are not as they were written ---


def positions(size: int) -> list[int]:
    return sorted({0, 14, 20, 79, 80, 100, 144, 145, 146, size - 1, *range(150, size, size // 16)})


def test_a_byte_that_changed_anywhere_is_noticed(folder: Path, rules: Path, readings: list[str]) -> None:
    usable(rules)
    parsed, _ = load(rules)
    whole = the_file(folder).read_bytes()
    for count, position in enumerate(positions(len(whole)), start=1):
        broken = bytearray(whole)
        broken[position] ^= 1
        the_file(folder).write_bytes(broken)
        assert differences(parsed, usable(rules)) == [], position
        assert len(readings) == 2 * count + 1 - (count - 1), position
        assert the_file(folder).read_bytes() == whole


def test_a_file_cut_short_or_grown_is_noticed(folder: Path, rules: Path) -> None:
    usable(rules)
    parsed, _ = load(rules)
    whole = the_file(folder).read_bytes()
    for content in (b"", *(whole[:size] for size in positions(len(whole))), whole + b"\n", whole * 2, b"\0" * 1000):
        the_file(folder).write_bytes(content)
        assert differences(parsed, usable(rules)) == []
        assert the_file(folder).read_bytes() == whole


@pytest.mark.parametrize(
    "twist",
    [
        lambda head: head.clear(),
        lambda head: head.update(format=2),
        lambda head: head["shared"].reverse(),
        lambda head: head["shared"].clear(),
        lambda head: head["rules"][0].pop(),
        lambda head: head["rules"][0].__setitem__(0, 10_000),
        lambda head: head["rules"][0].__setitem__(2, 7),
        lambda head: head["rest"].reverse(),
        lambda head: head["rest"].__setitem__(-1, "0" * 64),
        lambda head: head["classes"].reverse(),
        lambda head: head["classes"].__setitem__(0, "os.system"),
        lambda head: head["sources"].clear(),
        lambda head: head.update(problems=["t", 1]),
    ],
)
def test_a_file_that_somebody_made_up_gives_no_verdict(
    folder: Path, rules: Path, twist: Callable[[dict[str, object]], object]
) -> None:
    # Its mark, key and digest are right; what it says cannot be, or not of these rules.
    usable(rules)
    parsed, _ = load(rules)
    file = the_file(folder)
    head, *parts = file.read_bytes().split(b"\n", 1)[1].split(b"\n")
    said = json.loads(head)
    twist(said)
    content = b"\n".join([json.dumps(said).encode(), *parts])
    file.write_bytes(kept.envelope(content, file.stem))
    assert differences(parsed, usable(rules)) == []


def test_examples_that_cannot_be_read_are_read_from_the_rules(folder: Path, rules: Path) -> None:
    usable(rules)
    parsed, _ = load(rules)
    file = the_file(folder)
    lines = file.read_bytes().split(b"\n", 1)[1].split(b"\n")
    for row in json.loads(lines[0])["rules"]:
        lines[row[1]] = b'[[],["t",17]]'
    file.write_bytes(kept.envelope(b"\n".join(lines), file.stem))
    assert differences(parsed, usable(rules)) == []


# --- the folder ---


def test_nothing_is_kept_where_nothing_shall_be(folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen in ("off", ""):
        monkeypatch.setenv("RULECHECK_CACHE", chosen)
        usable(rules)
        assert kept.cache_folder() is None
    assert not folder.exists()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x/cache"}, "/x/cache/rulecheck"),
        ("linux", {"XDG_CACHE_HOME": ""}, "/users/someone/.cache/rulecheck"),
        ("linux", {"XDG_CACHE_HOME": "not/absolute"}, None),
        ("linux", {"HOME": "nowhere", "XDG_CACHE_HOME": ""}, None),
        ("darwin", {}, "/users/someone/Library/Caches/rulecheck"),
        ("win32", {"LOCALAPPDATA": "/c/local"}, "/c/local/rulecheck"),
        ("win32", {"LOCALAPPDATA": ""}, None),
        ("linux", {"RULECHECK_CACHE": "/elsewhere"}, "/elsewhere"),
    ],
)
def test_where_the_folder_is(
    platform: str, environment: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RULECHECK_CACHE", raising=False)
    monkeypatch.setenv("HOME", "/users/someone")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    found = kept.cache_folder()
    assert (found.as_posix() if found else None) == expected


@POSIX
@pytest.mark.parametrize("what", ["a file in its place", "read-only", "above it a file"])
def test_a_folder_that_cannot_be_written_is_done_without(
    what: str, folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what == "a file in its place":
        folder.write_text("mine")
    elif what == "above it a file":
        folder.write_text("mine")
        monkeypatch.setenv("RULECHECK_CACHE", str(folder / "inner"))
    else:
        folder.mkdir(mode=0o500)
        if os.access(folder, os.W_OK):
            monkeypatch.setattr("tempfile.mkstemp", _denied)  # the administrator may write anywhere
    assert differences(load(rules)[0], usable(rules)) == []
    assert not folder.is_dir() or list(folder.iterdir()) == []


def _denied(**_: object) -> None:
    raise PermissionError


@POSIX
def test_a_disk_that_is_full_leaves_no_half(folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    usable(rules)
    assert list(folder.iterdir()) == []


@POSIX
def test_a_file_that_others_may_write_is_not_read(folder: Path, rules: Path, readings: list[str]) -> None:
    usable(rules)
    the_file(folder).chmod(0o666)
    usable(rules)
    assert len(readings) == 2
    assert the_file(folder).stat().st_mode & 0o777 == 0o600
    usable(rules)
    assert len(readings) == 2


@POSIX
def test_what_is_no_ordinary_file_is_not_waited_for(folder: Path, rules: Path) -> None:
    usable(rules)
    file = the_file(folder)
    file.unlink()
    os.mkfifo(file)
    usable(rules)
    assert file.is_file()
    file.unlink()
    file.mkdir()
    usable(rules)


def test_the_oldest_go_and_what_is_not_ours_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    keys = [sha256(str(number).encode()).hexdigest() for number in range(6)]
    folder.mkdir()
    (folder / "somebody.tmp").write_text("else")
    for age, key in enumerate(keys):
        kept.keep(key, key.encode())
        os.utime(folder / f"{key}.kept", (1_000_000 + age, 1_000_000 + age))
    assert [kept.fetch(key) is not None for key in keys] == [False, False, False, True, True, True]
    assert (folder / "somebody.tmp").read_text() == "else"
    assert kept.fetch("0" * 64) is None


def test_runs_at_the_same_time_do_not_disturb_one_another(folder: Path, rules: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rulecheck.rules.cache import ready\n"
        "for _ in range(5):\n"
        "    rules, problems = ready(Path(sys.argv[1])); assert rules is not None and not problems\n"
        "    [path.unlink(missing_ok=True) for path in Path(sys.argv[2]).glob('*.kept')]\n"
        "print(rules.sha256)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    runs = [
        subprocess.Popen([sys.executable, "-c", program, str(rules), str(folder)], env=environment, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    said = {run.communicate(timeout=120)[0] for run in runs}
    assert [run.returncode for run in runs] == [0] * 4
    assert len(said) == 1
    assert not [path.name for path in folder.iterdir() if not path.name.endswith(".kept")]
