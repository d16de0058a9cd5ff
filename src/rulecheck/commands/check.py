"""`rulecheck check`: submissions against the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rulecheck import facts, streams
from rulecheck.check import run
from rulecheck.commands import REFUSED
from rulecheck.commands.options import load_rules, one_of, read_day, read_language, read_place
from rulecheck.diagnostics import Diagnostic, fault, message, render
from rulecheck.facts.limits import MAXIMUM_BYTES
from rulecheck.judgement import Report, Verdict
from rulecheck.report import RENDERERS, exit_status
from rulecheck.report import render as render_report
from rulecheck.syntax import Language

FAIL_ON = (Verdict.DEPARTS, Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `check`, as written."""

    facts: Sequence[str]
    rules: Path | None = None
    records: Sequence[Path] = ()
    as_of: str | None = None
    place: str | None = None
    format: str = "text"
    language: str = "zh"
    output: Path | None = None
    fail_on: Sequence[str] = ()
    verbose: bool = False


def check(request: Request) -> int:
    """Judge, write the report, give the exit status."""
    language = read_language(request.language)
    if language is None:
        return REFUSED
    problems: list[Diagnostic] = []
    if request.format not in RENDERERS:
        problems.append(one_of("--format", request.format, RENDERERS))
    fail_on = {word.strip() for words in request.fail_on for word in words.split(",")}
    problems += [one_of("--fail-on", word, FAIL_ON) for word in sorted(fail_on - set(FAIL_ON))]
    as_of = None
    if request.as_of is not None:
        as_of = read_day("--as-of", request.as_of)
        problems += [as_of] if isinstance(as_of, Diagnostic) else []
    problems += _overwrites(request)
    if problems:
        streams.tell_all(problems, language)
        return REFUSED
    rules = load_rules(request.rules, language)
    if rules is None:
        return REFUSED
    place = None
    if request.place is not None:
        place = read_place("--place", request.place, rules.places)
        if isinstance(place, Diagnostic):
            streams.tell(render(place, language))
            return REFUSED
    stdin = streams.read_input(MAXIMUM_BYTES["json"]) if streams.STANDARD in request.facts else None
    paths = [Path(each) for each in request.facts]
    submission = facts.read(paths, rules, place=place, records=request.records, stdin=stdin)
    assert not isinstance(as_of, Diagnostic)
    report = run(rules, submission, as_of=as_of, today=date.today().toordinal())
    if not _deliver(report, request, language):
        return REFUSED
    return exit_status(report, frozenset(Verdict(word) for word in fail_on))


def _deliver(report: Report, request: Request, language: Language) -> bool:
    """The report where it is wanted. Files refused are also told on standard error where the report does not appear."""
    color = request.output is None and streams.wants_color()
    text = render_report(report, request.format, language, verbose=request.verbose, color=color)
    if request.output is not None or request.format != "text":
        streams.tell_all((problem for refusal in report.refused for problem in refusal.faults), language)
    if request.output is not None:
        if not streams.save(request.output, text, language):
            return False
        streams.tell(message("X311", language, {"file": str(request.output)}))
    elif request.format == "text":
        streams.result(text)
    else:
        streams.result_bytes(streams.encoded(text))
    return True


def _overwrites(request: Request) -> list[Diagnostic]:
    """The output must be none of the files that are read, nor lie in a folder that is."""
    if request.output is None:
        return []
    target = request.output.resolve()
    read = [Path(each) for each in request.facts if each != streams.STANDARD] + list(request.records)
    return [fault("X312", str(request.output)) for each in read if target == each.resolve() or each.resolve() in target.parents][:1]


