"""`rulecheck batch`: tables of any size against the rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, INTERNAL, INTERRUPTED, REFUSED, UNDECIDED
from rulecheck.commands.deliver import show
from rulecheck.commands.means import read_memory, read_threads
from rulecheck.commands.options import load_rules, one_of, read_day, read_language, read_place
from rulecheck.dataclass import dataclass
from rulecheck.judgement import Report, Verdict
from rulecheck.language.diagnostics import Diagnostic, fault, message
from rulecheck.language.syntax import Language
from rulecheck.rules import model

if TYPE_CHECKING:
    from rulecheck.batching.inputs import Reading
    from rulecheck.batching.job import Job
    from rulecheck.batching.results.folder import Folder
    from rulecheck.batching.run import Progress

FAIL_ON: Final = (Verdict.DEPARTS, Verdict.UNDETERMINED)
FORMATS: Final = ("parquet", "csv")
REPORTS: Final = ("text", "json")
ENGINES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "duckdb": ("batch", ("duckdb", "numpy", "pyarrow")),
    "spark": ("spark", ("duckdb", "numpy", "pyarrow", "pyspark")),
}
"""By engine the extra that brings it, and the packages that it needs."""

EVERY_SECONDS: Final = 10
"""Between two lines of progress where nobody watches a terminal; where somebody does, one."""


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `batch`, as written."""

    tables: Sequence[str]
    rules: Path | None = None
    documents: Sequence[str] = ()
    as_of: str | None = None
    place: str | None = None
    headings: Path | None = None
    engine: str = "duckdb"
    memory: str | None = None
    threads: str | None = None
    format: str | None = None
    output: Path | None = None
    verdicts_only: bool = False
    explain: str | None = None
    fail_on: Sequence[str] = ()
    language: str = "zh"


def batch(request: Request) -> int:
    """Judge the tables, write the results, give the exit status; or explain one row."""
    language = read_language(request.language)
    if language is None:
        return REFUSED
    fail_on = {word.strip() for words in request.fail_on for word in words.split(",")}
    problems = [one_of("--fail-on", word, FAIL_ON) for word in sorted(fail_on - set(FAIL_ON))]
    problems += _faults_of_options(request)
    as_of = read_day("--as-of", request.as_of or "")
    memory, threads = read_memory("--memory", request.memory), read_threads("--threads", request.threads)
    problems += [each for each in (as_of, memory, threads) if isinstance(each, Diagnostic)]
    reading = _begun(request) if not problems else None
    rules = load_rules(request.rules, language) if not problems else None
    job = None
    if rules is not None:
        assert isinstance(as_of, int)
        assert isinstance(memory, int)
        assert isinstance(threads, int)
        job = _job(request, rules, (as_of, memory, threads), reading, problems)
    streams.tell_all(problems, language)
    if job is None:
        return REFUSED
    statuses = frozenset(Verdict(word) for word in fail_on)
    if request.explain is not None:
        return _explain(job, request, language, statuses)
    return _carry_out(job, request, language, statuses)


# --- options ---


def _faults_of_options(request: Request) -> list[Diagnostic]:
    found = []
    if request.engine not in ENGINES:
        found.append(one_of("--engine", request.engine, ENGINES))
    else:
        missing = missing_packages(request.engine)
        if missing:
            found.append(fault("W101", "--engine", missing="、".join(missing), extra=ENGINES[request.engine][0]))
    formats = FORMATS if request.explain is None else (*FORMATS, *REPORTS)
    if request.format is not None and request.format not in formats:
        found.append(one_of("--format", request.format, formats))
    if request.output is None and request.explain is None:
        found.append(fault("W104", "--output"))
    if request.headings is not None and request.headings.is_dir():
        found.append(fault("X305", str(request.headings)))
    return found


def missing_packages(engine: str) -> list[str]:
    """What an engine needs and is not installed."""
    return [each for each in ENGINES[engine][1] if find_spec(each) is None]


def _begun(request: Request) -> Reading:
    """The tables are read for their hashes while everything else is imported."""
    from rulecheck.batching.inputs import Reading

    return Reading([Path(each) for each in request.tables])


def _job(
    request: Request,
    rules: model.RuleSet,
    given: tuple[int, int, int],
    reading: Reading | None,
    problems: list[Diagnostic],
) -> Job | None:
    if streams.is_own_process and request.engine == "duckdb":
        from rulecheck.batching.alone import make_ready

        make_ready()
    from rulecheck.batching.job import Job

    as_of, memory, threads = given
    place = read_place("--place", request.place, rules.places) if request.place is not None else None
    documents = None
    if request.documents:
        from rulecheck.commands.read import documents_named

        documents, unknown = documents_named(request.documents, rules)
        problems += unknown
    if isinstance(place, Diagnostic):
        problems.append(place)
        return None
    if problems:
        return None
    return Job(
        tables=[Path(each) for each in request.tables],
        rules=rules,
        as_of=as_of,
        place=place,
        headings=request.headings,
        documents=None if documents is None else frozenset(documents),
        format=request.format if request.format in FORMATS else "parquet",
        is_told=not request.verdicts_only,
        # Half for the engine, half for what is judged and written.
        memory=f"{memory // 2}MB",
        threads=threads,
        engine=request.engine,
        reading=reading,
    )


# --- the run ---


def _carry_out(job: Job, request: Request, language: Language, fail_on: frozenset[Verdict]) -> int:
    from rulecheck.batching.job import Stopped, Told, carry_out
    from rulecheck.batching.results.summary import render_summary

    assert request.output is not None
    started = perf_counter()
    telling = _Telling(job.rules, request.output, language)
    told = Told(lambda problems: streams.tell_all(problems, language), telling.begun, telling.progress)
    try:
        summary = carry_out(job, request.output, told)
    except Stopped as stopped:
        streams.tell_all(stopped.problems, language)
        return REFUSED
    except KeyboardInterrupt:
        if telling.folder is None:
            raise
        streams.tell_all([fault("W211", str(request.output), done=len(telling.folder.parts()))], language)
        return INTERRUPTED
    streams.result(render_summary(summary, job.rules, language, color=streams.wants_color()))
    seconds = f"{perf_counter() - started:.1f}"
    streams.tell(message("W302", language, {"folder": str(request.output), "seconds": seconds}))
    return exit_status(summary["counts"], fail_on)


def exit_status(counts: Mapping[str, int], fail_on: frozenset[Verdict]) -> int:
    """The status of the process, from how often each verdict came out (Contract, design §8)."""
    if any(counts[each] for each in fail_on | {Verdict.VIOLATED}):
        return FOUND
    if not any(count for verdict, count in counts.items() if verdict != Verdict.UNDETERMINED):
        return UNDECIDED
    return DONE


class _Telling:
    """What is said while a run goes on: a line every so often. `folder`: where what is done is kept, once the run has begun."""

    def __init__(self, rules: model.RuleSet, output: Path, language: Language) -> None:
        self._rules, self._output, self._language = rules, output, language
        self._started = self._told_at = perf_counter()
        self.folder: Folder | None = None

    def begun(self, folder: Folder) -> None:
        from rulecheck.batching.job import changes

        self.folder = folder
        done = len(folder.parts())
        if folder.is_whole:
            streams.tell(message("W207", self._language, {}))
        elif folder.changed:
            what, what_en = changes(folder.changed)
            streams.tell(message("W206", self._language, {"what": what, "what_en": what_en}))
        elif done:
            streams.tell(message("W205", self._language, {"done": str(done)}))

    def progress(self, progress: Progress) -> None:
        now = perf_counter()
        if now - self._told_at < (1 if _is_terminal() else EVERY_SECONDS):
            return
        self._told_at = now
        kind = self._rules.kinds[progress.family]
        values = {"kind": kind.zh, "kind_en": kind.id, "rows": f"{progress.rows:,}", "seconds": f"{now - self._started:.0f}"}
        streams.tell(message("W301", self._language, values))


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


# --- one row ---


def _explain(job: Job, request: Request, language: Language, fail_on: frozenset[Verdict]) -> int:
    from rulecheck.batching.explain import Differs, explain
    from rulecheck.batching.job import Stopped
    from rulecheck.report import exit_status as status_of
    from rulecheck.report import render

    assert request.explain is not None
    try:
        report: Report = explain(job, request.explain, request.output)
    except Stopped as stopped:
        streams.tell_all(stopped.problems, language)
        return REFUSED
    except Differs as differs:
        streams.tell_all(differs.problems, language)
        return INTERNAL
    format = request.format if request.format in REPORTS else "text"
    text = render(report, format, language, verbose=True, color=streams.wants_color() and format == "text")
    show(text, format)
    return status_of(report, fail_on)
