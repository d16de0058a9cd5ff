"""`rulecheck fmt`: rule files in their canonical text, in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, REFUSED
from rulecheck.commands.options import read_language
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.format import format_file
from rulecheck.language.parse import parse
from rulecheck.language.syntax import File
from rulecheck.rules.load import MAXIMUM_RULE_BYTES, read_source


def fmt(files: Sequence[str], *, only_check: bool, language: str) -> int:
    """Write every file that is not canonical, or only name it. A folder stands for the rule files in it."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    status = DONE
    for path, name in rule_paths(files):
        content, problems = read_bytes(path, name)
        file, found = parse_rules(content, name) if content is not None else (None, [])
        streams.tell_all([*problems, *found], spoken)
        if file is None or content is None:
            status = REFUSED
            continue
        text = format_file(file)
        _stands(text, name)
        if path is None and not only_check:
            streams.result_bytes(streams.encoded(text))
        elif text.encode() == content:
            continue
        elif only_check:
            streams.result(f"{name}\n")
            status = max(status, FOUND)
        elif path is not None and not streams.save(path, text, spoken):
            status = REFUSED
    return status


def _stands(text: str, name: str) -> None:
    """Formatting must change the looks alone: its text is read again before a file is touched."""
    again, problems = parse_rules(text.encode(), name)
    assert again is not None, problems
    assert format_file(again) == text


def rule_paths(arguments: Sequence[str]) -> Iterator[tuple[Path | None, str]]:
    """Each rule file once, with the name it is shown by; None is standard input."""
    seen: set[Path] = set()
    for argument in arguments:
        if argument == streams.STANDARD:
            yield None, argument
            continue
        path = Path(argument)
        inside = sorted(each for each in path.rglob("*.rule") if each.is_file()) if path.is_dir() else [path]
        for each in inside:
            real = streams.real_path(each)
            if real not in seen:
                seen.add(real)
                yield each, each.as_posix()


def read_bytes(path: Path | None, name: str) -> tuple[bytes | None, list[Diagnostic]]:
    """The content of a rule file, or why it cannot be had."""
    if path is None:
        return streams.read_input(MAXIMUM_RULE_BYTES), []
    try:
        if path.exists() and not path.is_file():
            return None, [fault("X305", name)]
        with path.open("rb") as file:
            return file.read(MAXIMUM_RULE_BYTES + 1), []
    except (OSError, ValueError):
        return None, [fault("X304", name)]


def parse_rules(content: bytes, name: str) -> tuple[File | None, list[Diagnostic]]:
    """The tree of a rule file without faults; None with all of them otherwise."""
    source, problems = read_source(content, name)
    if source is None:
        return None, problems
    file, found = parse(source)
    problems += found
    return (None if any(each.severity == "error" for each in problems) else file), problems
