"""`rulecheck check`: submissions against the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rulecheck import facts, streams
from rulecheck.checking import run
from rulecheck.commands import REFUSED
from rulecheck.commands.deliver import deliver
from rulecheck.commands.options import load_rules, one_of, read_day, read_language, read_place
from rulecheck.dataclass import dataclass
from rulecheck.facts.limits import MAXIMUM_BYTES
from rulecheck.judgement import Report, Verdict
from rulecheck.language.diagnostics import Diagnostic, fault, message
from rulecheck.language.syntax import Language
from rulecheck.report import REFUSALS, RENDERERS, exit_status, render_refusals
from rulecheck.report import render as render_report

FAIL_ON = (Verdict.DEPARTS, Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `check`, as written."""

    facts: Sequence[str]
    rules: Path | None = None
    records: Sequence[Path] = ()
    documents: Sequence[str] = ()
    as_of: str | None = None
    place: str | None = None
    format: str = "text"
    language: str = "zh"
    output: Path | None = None
    fail_on: Sequence[str] = ()
    verbose: bool = False
    headings: Path | None = None
    expected: Path | None = None
    manifest: Path | None = None
    refusals: Path | None = None


def check(request: Request) -> int:
    """Judge, write the report, give the exit status."""
    language = read_language(request.language)
    if language is None:
        return REFUSED
    fail_on = {word.strip() for words in request.fail_on for word in words.split(",")}
    as_of = read_day("--as-of", request.as_of) if request.as_of is not None else None
    problems = [one_of("--fail-on", word, FAIL_ON) for word in sorted(fail_on - set(FAIL_ON))]
    if request.format not in RENDERERS:
        problems.append(one_of("--format", request.format, RENDERERS))
    if isinstance(as_of, Diagnostic):
        problems.append(as_of)
    problems += [*_faults_of_outputs(request), *_faults_of_lists(request)]
    rules = load_rules(request.rules, language) if not problems else None
    place = read_place("--place", request.place, rules.places) if request.place is not None and rules is not None else None
    if isinstance(place, Diagnostic):
        problems.append(place)
    documents = None
    if request.documents and rules is not None:
        from rulecheck.commands.read import documents_named

        documents, unknown = documents_named(request.documents, rules)
        problems += unknown
    streams.tell_all(problems, language)
    if rules is None or problems or isinstance(as_of, Diagnostic) or isinstance(place, Diagnostic):
        return REFUSED
    stdin = streams.read_input(MAXIMUM_BYTES["json"]) if streams.STANDARD in request.facts else None
    paths = [Path(each) for each in request.facts]
    submission = facts.read(
        paths,
        rules,
        place=place,
        records=request.records,
        stdin=stdin,
        headings=request.headings,
        expected=request.expected,
        manifest=request.manifest,
    )
    report = run(rules, submission, as_of=as_of, today=date.today().toordinal(), documents=documents)
    if not (_send_back(report, request, language) and _deliver(report, request, language)):
        return REFUSED
    return exit_status(report, frozenset(Verdict(word) for word in fail_on))


def _deliver(report: Report, request: Request, language: Language) -> bool:
    """The report where it is wanted. Files refused are also told on standard error where the report does not appear."""
    color = request.output is None and streams.wants_color()
    text = render_report(report, request.format, language, verbose=request.verbose, color=color)
    if request.output is not None or request.format != "text":
        streams.tell_all((problem for refusal in report.refused for problem in refusal.faults), language)
    return deliver(text, request.format, request.output, language)


def _send_back(report: Report, request: Request, language: Language) -> bool:
    """The list of what goes back to whom where it is wanted; it is written also where it is empty, so that none of an earlier run
    stays."""
    if request.refusals is None:
        return True
    content = render_refusals(report, _ending(request.refusals), language)
    if not streams.save_bytes(request.refusals, content, language):
        return False
    streams.tell(message("E151", language, {"file": str(request.refusals)}))
    return True


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _faults_of_outputs(request: Request) -> list[Diagnostic]:
    """The output and the list of refusals: two files that overwrite nothing that is read."""
    found = [fault("X312", str(each)) for each in (request.output, request.refusals) if _overwrites(each, request)]
    if request.refusals is not None and _ending(request.refusals) not in REFUSALS:
        found.append(one_of("--refusals", _ending(request.refusals) or str(request.refusals), REFUSALS))
    outputs = [streams.real_path(each) for each in (request.output, request.refusals) if each is not None]
    if len(set(outputs)) < len(outputs):
        found.append(fault("E150", str(request.refusals)))
    return found


def _faults_of_lists(request: Request) -> list[Diagnostic]:
    """The authority's lists are one file each: a folder of them would be several."""
    lists = (request.headings, request.expected, request.manifest)
    return [fault("X305", str(each)) for each in lists if each is not None and each.is_dir()]


def _overwrites(output: Path | None, request: Request) -> bool:
    """Whether an output is one of the files that are read, or lies in a folder that is."""
    if output is None:
        return False
    target = streams.real_path(output)
    own = [each for each in (request.headings, request.expected, request.manifest) if each is not None]
    read = [Path(each) for each in request.facts if each != streams.STANDARD]
    real = [streams.real_path(each) for each in (*read, *request.records, *own)]
    return any(each == target or each in target.parents for each in real)
