"""rulecheck from Python: rules are loaded once, facts come as files, as data or as tables, results are typed and do not change.

`rulecheck.load`, `rulecheck.check`, `rulecheck.batch` and `rulecheck.compare` are these functions; `docs/api.md` shows
them at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rulecheck import facts as reading
from rulecheck.api.bulk import Asked, Batch, Rows, RuleCounts, Tables, carry_out, not_installed
from rulecheck.api.faults import Fault
from rulecheck.api.given import Facts, Given, handed_in
from rulecheck.api.results import Comparison, Refused, Report, RulecheckError, Rules, raised
from rulecheck.checking import only_of, run
from rulecheck.commands.means import read_memory, read_threads
from rulecheck.commands.options import read_day, read_place
from rulecheck.commands.read import documents_named
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.cache import ready
from rulecheck.submission import Submission

__all__ = [
    "Batch",
    "Comparison",
    "Facts",
    "Fault",
    "Refused",
    "Report",
    "Rows",
    "RuleCounts",
    "RulecheckError",
    "Rules",
    "Tables",
    "batch",
    "check",
    "compare",
    "load",
]


def load(rules: str | Path | None = None) -> Rules:
    """The rules of a folder; those that come with the program, by default. RulecheckError where they have a fault.

    What was worked out before is used again where the very same bytes are read, as on the command line.
    """
    folder = Path(rules) if rules is not None else None
    found, problems = ready(folder)
    if found is None:
        raise raised(problems)
    return Rules(found, folder, tuple(map(Fault, problems)))


def check(
    facts: Facts,
    rules: Rules | str | Path | None = None,
    *,
    as_of: date | str | None = None,
    place: str | None = None,
    documents: Sequence[str] = (),
    records: Sequence[str | Path] = (),
    headings: str | Path | None = None,
    keep_refused: bool = False,
) -> Report:
    """Every judgement of what is handed in: what `rulecheck check` says, as objects.

    `facts`: paths of files and folders; or what a JSON file would hold, as a dict; or a table (pandas, Polars, Arrow) for each
    kind of subject, by name; or a list of these. `as_of`: the day of judging (default: as the facts say, else today); `place`: of
    subjects that name none; `documents`: by their rules alone, given by number; `records`, `headings`: files, as for the command.

    RulecheckError where rules, options or facts cannot be taken. With `keep_refused`, files with a fault are left out and stand
    in `Report.refused`, as with `rulecheck check`; without it they are an error that carries the report on all the others.
    """
    loaded = _loaded(rules)
    day = _day(as_of)
    submission, chosen = _read(_taken(facts), loaded.rule_set, place, documents, records, headings)
    report = Report(run(loaded.rule_set, submission, as_of=day, today=date.today().toordinal(), documents=chosen))
    if report.refused and not keep_refused:
        raise RulecheckError(tuple(fault for each in report.refused for fault in each.faults), report)
    return report


def batch(
    tables: Tables,
    rules: Rules | str | Path | None = None,
    *,
    as_of: date | str,
    place: str | None = None,
    documents: Sequence[str] = (),
    headings: str | Path | None = None,
    memory: str | None = None,
    threads: int | None = None,
    output: str | Path | None = None,
    verdicts_only: bool = False,
) -> Batch:
    """Tables of any size judged row by row: what `rulecheck batch` does, as objects. Needs `rulecheck-zh[batch]`.

    `tables`: paths of files and folders; or a table (pandas, Polars, Arrow) for each kind of subject, by name; or a list of
    these. `as_of`: the day of judging; `place`: of rows that name none; `documents`: by their rules alone, given by number;
    `headings`: the mapping file; `memory` (`"2GB"`), `threads`: as for the command. `output`: the folder of results, the same
    that the command writes; without it they are kept until the `Batch` and its `Rows` are gone. `verdicts_only`: the adverse
    rows are not told of.

    RulecheckError where rules, options or tables cannot be taken: then nothing was judged.
    """
    loaded = _loaded(rules)
    day = _day(as_of)
    sizes = read_memory("memory", memory), read_threads("threads", None if threads is None else str(threads))
    problems = [*not_installed(), *(each for each in sizes if isinstance(each, Diagnostic))]
    folder = Path(headings) if headings is not None else None
    if folder is not None and folder.is_dir():
        problems.append(fault("X305", str(folder)))
    if day is None:
        problems.append(fault("I113", "as_of"))
    if problems or day is None:
        raise raised(problems)
    chosen = _chosen(documents, loaded.rule_set)
    asked = Asked(
        rules=loaded.rule_set,
        as_of=day,
        place=_place(place, loaded.rule_set),
        documents=None if chosen is None else frozenset(chosen),
        headings=folder,
        memory=int(sizes[0]),  # type: ignore[arg-type]
        threads=int(sizes[1]),  # type: ignore[arg-type]
        is_told=not verdicts_only,
    )
    return carry_out(tables, asked, Path(output) if output is not None else None)


def compare(
    old: Rules | str | Path | None,
    new: Rules | str | Path | None,
    facts: Facts,
    *,
    as_of: date | str | None = None,
    place: str | None = None,
    documents: Sequence[str] = (),
    records: Sequence[str | Path] = (),
    headings: str | Path | None = None,
) -> Comparison:
    """What a change of rules does to the verdicts on the same facts: what `rulecheck compare` says, as objects.

    None stands for the rules that come with the program; the rest is as for `check`. Files that a side refuses stand in
    `Comparison.refused`.
    """
    from rulecheck.comparing.compare import Given as Side
    from rulecheck.comparing.compare import compare as compared

    day, taken = _day(as_of), _taken(facts)
    sides = []
    for name, given in (("old", old), ("new", new)):
        loaded = _loaded(given)
        rule_set = loaded.rule_set
        submission, chosen = _read(taken, rule_set, place, documents, records, headings)
        narrowed = only_of(rule_set, chosen) if chosen is not None else rule_set
        called = loaded.folder.name if loaded.folder is not None else name
        sides.append(Side(narrowed, submission, called, loaded.files))
    return Comparison(compared(sides[0], sides[1], as_of=day, today=date.today().toordinal()))


def _loaded(rules: Rules | str | Path | None) -> Rules:
    return rules if isinstance(rules, Rules) else load(rules)


def _taken(facts: Facts) -> Given:
    """What is handed in; read once, since a stream of a table can be read but once."""
    given = handed_in(facts)
    if given.problems:
        raise raised(given.problems)
    return given


def _day(as_of: date | str | None) -> int | None:
    if as_of is None:
        return None
    if isinstance(as_of, date):
        return as_of.toordinal()
    day = read_day("as_of", as_of)
    if isinstance(day, Diagnostic):
        raise raised([day])
    return day


def _place(place: str | None, rules: model.RuleSet) -> Place | None:
    if place is None:
        return None
    found = read_place("place", place, rules.places)
    if isinstance(found, Diagnostic):
        raise raised([found])
    return found


def _chosen(documents: Sequence[str], rules: model.RuleSet) -> set[str] | None:
    """The folders of the documents chosen; None: all."""
    if not documents:
        return None
    chosen, unknown = documents_named(documents, rules)
    if unknown:
        raise raised(unknown)
    return chosen


def _read(
    facts: Given,
    rules: model.RuleSet,
    place: str | None,
    documents: Sequence[str],
    records: Sequence[str | Path],
    headings: str | Path | None,
) -> tuple[Submission, set[str] | None]:
    """What is handed in, and the folders of the documents chosen (None: all)."""
    found, chosen = _place(place, rules), _chosen(documents, rules)
    submission = reading.read(
        facts.paths,
        rules,
        place=found,
        records=[Path(each) for each in records],
        held=facts.held,
        headings=Path(headings) if headings is not None else None,
    )
    return submission, chosen
