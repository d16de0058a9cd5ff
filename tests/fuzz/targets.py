"""What is fuzzed: for each reader its corpus and one run of it over any bytes, which raises where a promise is broken.

The promises: no exception, whatever the input; every diagnostic can be told in both languages; text that parses is
formatted once and for all; translated there and back it is the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rulecheck import checking, data, facts
from rulecheck.commands.translate import names_of, names_of_folder, shared_names, units
from rulecheck.facts.files import Input
from rulecheck.facts.headings import Headings
from rulecheck.facts.limits import MAXIMUM_CELLS
from rulecheck.facts.nodes import Faults
from rulecheck.facts.one_file import Reading
from rulecheck.language.diagnostics import Diagnostic, render, visible
from rulecheck.language.format import format_file
from rulecheck.language.parse import parse
from rulecheck.language.source import Source
from rulecheck.language.syntax import File
from rulecheck.language.translate import translate
from rulecheck.measures.units import unit_table
from rulecheck.report import render as render_report
from rulecheck.rules import model
from rulecheck.rules.load import load, read_source
from rulecheck.rules.resolve import resolve

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = 738_700  # a day in 2023


class Broken(AssertionError):
    """A promise that was not kept."""


@dataclass(frozen=True, slots=True)
class Target:
    """`run` takes the bytes of one input and a folder of its own to write in."""

    corpus: Callable[[], list[bytes]]
    run: Callable[[bytes, Path], None]


def require(condition: bool, promise: str) -> None:
    if not condition:
        raise Broken(promise)


def harmless(text: str) -> bool:
    """Whether nothing in a text steers a terminal or hides what it says."""
    return all(visible(line) == line for line in text.split("\n"))


def told(problems: Iterable[Diagnostic]) -> None:
    """Every problem in both languages, with nothing left that could steer a terminal."""
    for problem in problems:
        for language in ("zh", "en"):
            text = render(problem, language)  # type: ignore[arg-type]
            require(bool(text.strip()), f"{problem.code} says nothing")
            require(harmless(text), f"{problem.code} shows what must not be shown")


# --- rule files ---


def rule_corpus() -> list[bytes]:
    shipped = sorted(data.folder("rules").rglob("*.rule"))
    more = sorted((ROOT / "benchmarks").rglob("*.rule"))
    reference = (data.folder("dsl") / "reference.md").read_text(encoding="utf-8")
    samples = [part.split("\n", 1)[1] for part in reference.split("```")[1::2] if "\n" in part]
    return [path.read_bytes() for path in (*shipped, *more)] + [sample.encode() for sample in samples]


@cache
def shipped() -> model.RuleSet:
    rules, problems = load(data.folder("rules"))
    assert rules is not None, problems
    return rules


@cache
def vocabulary() -> tuple[File, ...]:
    """The vocabulary files of the shipped rules: a mutated file is resolved beside them."""
    return tuple(file for file in shipped().files if not any(each.label == "rule" for each in file.declarations))


@cache
def partners() -> tuple[dict[str, str], dict[str, str]]:
    folder = data.folder("rules")
    return names_of_folder(folder, "en"), names_of_folder(folder, "zh")


def run_rules(content: bytes, folder: Path) -> None:
    source, problems = read_source(content, "huangshi/2022-60/fuzzed.rule")
    told(problems)
    if source is None:
        return
    file, problems = parse(source)
    told(problems)
    if file is None:
        require(any(each.severity == "error" for each in problems), "no tree and no fault")
        return
    text = format_file(file)
    again = reread(text)
    require(format_file(again) == text, "formatting is not once and for all")
    for base in ((), vocabulary()):
        rules = shipped()
        _, faults = resolve([*base, file], list(rules.documents), rules.places, rules.calendar, unit_table(), "0" * 64)
        told(faults)
    if not any(each.severity == "error" for each in problems):
        there_and_back(file, text)


def there_and_back(file: File, text: str) -> None:
    to, back = ("en", "zh") if file.language == "zh" else ("zh", "en")
    names = dict(zip(("en", "zh"), partners(), strict=True))
    known = {**names[to], **names_of(file, to)}  # type: ignore[arg-type]
    other, problems = translate(file, to, known, units(to))  # type: ignore[arg-type]
    problems += shared_names(file, to, known)  # type: ignore[arg-type]
    told(problems)
    if problems or len(set(known.values())) < len(known):
        return  # names that are not one to one, which the resolver refuses
    translated = reread(other)
    if translated.language != to:
        return  # a text without a label has no language of its own
    here, problems = translate(translated, back, {**names[back], **names_of(translated, back)}, units(back))  # type: ignore[arg-type]
    require(not problems, "a translation that cannot be translated back")
    require(here == text, "translated there and back is another text")


def reread(text: str) -> File:
    """The tree of a text that the formatter made, which is free of faults."""
    file, problems = parse(Source("huangshi/2022-60/fuzzed.rule", text))
    if file is None or any(each.severity == "error" for each in problems):
        raise Broken("formatted text does not parse: " + "; ".join(render(each, "en") for each in problems))
    return file


# --- submissions ---


def submissions(*endings: str) -> Callable[[], list[bytes]]:
    def corpus() -> list[bytes]:
        paths = [path for path in sorted((ROOT / "examples").rglob("*")) if path.is_file()]
        return [path.read_bytes() for path in paths if path.suffix in endings]

    return corpus


def run_submission(name: str) -> Callable[[bytes, Path], None]:
    def run(content: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(content)
        submission = facts.read([path], shipped())
        for refusal in submission.refused:
            require(bool(refusal.faults), "refused without a reason")
            told(refusal.faults)
        told(submission.warnings)
        report = checking.run(shipped(), submission, as_of=None, today=TODAY)
        for format in ("text", "json"):
            for language in ("zh", "en"):
                text = render_report(report, format, language)  # type: ignore[arg-type]
                require(harmless(text), "the report shows what must not be shown")

    return run


def workbooks() -> list[bytes]:
    folders = (ROOT / "tests" / "files", ROOT / "examples")
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".xlsx", ".ods", ".xls")]
    return [path.read_bytes() for path in paths]


@cache
def open_reading() -> Reading:
    """One reading for all cases, as one run has for all its files: a child that dies must not take the next file with it."""
    return Reading(Headings(shipped()))


def run_workbook(content: bytes, folder: Path) -> None:
    for name in ("单位.xlsx", "单位.ods", "单位.xls"):
        reading = open_reading()
        reading.left = MAXIMUM_CELLS
        faults = Faults(name)
        facts = reading.read(Input(name, name.rpartition(".")[2], None), content, faults)
        told(faults.listed())
        told(faults.warnings)
        require(bool(faults.errors or facts.drafts or facts.blocks or facts.told_empty), "nothing read and nothing said")


TARGETS: dict[str, Target] = {
    "rules": Target(rule_corpus, run_rules),
    "yaml": Target(submissions(".yaml"), run_submission("单位.yaml")),
    "json": Target(submissions(".json"), run_submission("单位.json")),
    "csv": Target(submissions(".csv"), run_submission("单位.csv")),
    "xlsx": Target(workbooks, run_workbook),
}
