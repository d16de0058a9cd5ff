"""`rulecheck compare`: what a change of rules does to the verdicts on the same submissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from rulecheck import data, facts, streams
from rulecheck.commands import DONE, FOUND, REFUSED, UNDECIDED
from rulecheck.commands.deliver import deliver
from rulecheck.commands.means import read_memory, read_threads
from rulecheck.commands.options import load_rules, one_of, read_day, read_language, read_place
from rulecheck.comparing.compare import Given, compare
from rulecheck.comparing.report_json import render_json
from rulecheck.comparing.report_text import render_text
from rulecheck.comparing.result import Comparison
from rulecheck.dataclass import dataclass
from rulecheck.facts.limits import MAXIMUM_BYTES
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.language.syntax import Language
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.load import load

FORMATS: Final = ("text", "json")
SHIPPED: Final = ("自带", "shipped")
"""Words for the rules that come with the program, where no folder is called so."""
TABLE_ENDINGS: Final = frozenset({".parquet", ".ndjson", ".jsonl", ".sqlite", ".sqlite3", ".db", ".duckdb"})
"""Files that can be nothing but tables."""


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `compare`, as written. `words`: the two folders of rules, then what was handed in."""

    words: Sequence[str]
    documents: Sequence[str] = ()
    as_of: str | None = None
    place: str | None = None
    headings: Path | None = None
    records: Sequence[Path] = ()
    format: str = "text"
    language: str = "zh"
    output: Path | None = None
    everything: bool = False
    tables: bool = False
    memory: str | None = None
    threads: str | None = None

    @property
    def is_of_tables(self) -> bool:
        """Whether what was handed in is read as `batch` reads it."""
        handed_in = self.words[2:]
        return self.tables or any(Path(each).suffix.lower() in TABLE_ENDINGS for each in handed_in)


def compare_rules(request: Request) -> int:
    """Judge by both rule sets, write what differs, give the exit status."""
    language = read_language(request.language)
    if language is None:
        return REFUSED
    problems = _faults(request)
    as_of = read_day("--as-of", request.as_of) if request.as_of is not None else None
    memory, threads = read_memory("--memory", request.memory), read_threads("--threads", request.threads)
    problems += [each for each in (as_of, memory, threads) if isinstance(each, Diagnostic)]
    if problems or isinstance(as_of, Diagnostic):
        streams.tell_all(problems, language)
        return REFUSED
    old_name, new_name, *handed_in = request.words
    folders = (_folder(old_name), _folder(new_name))
    sets = []
    for folder in folders:
        rules = load_rules(folder, language)
        if rules is None:
            return REFUSED
        sets.append(rules)
    narrowed = _narrowed(request.documents, sets, language)
    places = _places(request.place, sets, language)
    if narrowed is None or places is None:
        return REFUSED
    if request.is_of_tables:
        from rulecheck.commands.compare_tables import Means, compared_tables

        sides = [
            (rules, place, name, lambda folder=folder: _files(folder))
            for rules, place, name, folder in zip(narrowed, places, (old_name, new_name), folders, strict=True)
        ]
        assert isinstance(memory, int)
        assert isinstance(threads, int)
        means = Means(memory, threads, lists=request.everything)
        of_tables = compared_tables([Path(each) for each in handed_in], sides, as_of, request.headings, means, language)
        if of_tables is None or not _deliver(of_tables, request, language):
            return REFUSED
        return exit_status(of_tables)
    stdin = streams.read_input(MAXIMUM_BYTES["json"]) if streams.STANDARD in handed_in else None
    paths = [Path(each) for each in handed_in]
    given = [
        Given(
            rules,
            facts.read(paths, rules, place=place, records=request.records, stdin=stdin, headings=request.headings),
            name,
            lambda folder=folder: _files(folder),  # type: ignore[misc]
        )
        for rules, place, name, folder in zip(narrowed, places, (old_name, new_name), folders, strict=True)
    ]
    found = compare(given[0], given[1], as_of=as_of, today=date.today().toordinal())
    return exit_status(found) if _deliver(found, request, language) else REFUSED


def exit_status(found: Comparison) -> int:
    """0: every judgement has the verdict it had. 1: some changed, appeared or fell away. 2: a file was refused by either side, so
    that not everything could be compared. 4: nothing was judged."""
    if any(found.refused):
        return REFUSED
    if found.compared == 0:
        return UNDECIDED
    return FOUND if found.compared > found.unchanged else DONE


def _faults(request: Request) -> list[Diagnostic]:
    problems = []
    if request.format not in FORMATS:
        problems.append(one_of("--format", request.format, FORMATS))
    if len(request.words) < 3:
        problems.append(Diagnostic("X340"))
    if not request.is_of_tables:
        given = {"--memory": request.memory, "--threads": request.threads}
        problems += [fault("X347", option) for option, text in given.items() if text is not None]
    elif request.records:
        problems.append(fault("X348", "--records"))
    if request.headings is not None and request.headings.is_dir():
        problems.append(fault("X305", str(request.headings)))
    if request.output is not None:
        target = streams.real_path(request.output)
        read = [Path(each) for each in request.words if each != streams.STANDARD]
        read += [*request.records, *([request.headings] if request.headings is not None else [])]
        if any(each == target or each in target.parents for each in map(streams.real_path, read)):
            problems.append(fault("X341", str(request.output)))
    return problems


def _folder(word: str) -> Path | None:
    """The folder of rules that a word names; None for the rules shipped."""
    return None if word in SHIPPED and not Path(word).exists() else Path(word)


def _files(folder: Path | None) -> tuple[syntax.File, ...]:
    rules, _ = load(folder if folder is not None else data.folder("rules"))
    return rules.files if rules is not None else ()


def _narrowed(documents: Sequence[str], sets: Sequence[model.RuleSet], language: Language) -> list[model.RuleSet] | None:
    """Both sets with the rules of the documents asked for; a document may be in one of them only."""
    if not documents:
        return list(sets)
    from rulecheck.checking import only_of
    from rulecheck.commands.read import documents_named

    found = [documents_named(documents, rules) for rules in sets]
    unknown = [{each.values["name"] for each in problems} for _, problems in found]
    in_neither = unknown[0] & unknown[1]
    if in_neither:
        streams.tell_all((each for each in found[1][1] if each.values["name"] in in_neither), language)
        return None
    return [only_of(rules, folders) for rules, (folders, _) in zip(sets, found, strict=True)]


def _places(text: str | None, sets: Sequence[model.RuleSet], language: Language) -> list[Place | None] | None:
    """The place in the table of either set; None where one of them has no such place."""
    found: list[Place | None] = []
    for rules in sets:
        place = read_place("--place", text, rules.places) if text is not None else None
        if isinstance(place, Diagnostic):
            streams.tell_all([place], language)
            return None
        found.append(place)
    return found


def _deliver(found: Comparison, request: Request, language: Language) -> bool:
    """The comparison where it is wanted."""
    if request.format == "json":
        text = render_json(found)
    else:
        color = request.output is None and streams.wants_color()
        text = render_text(found, language, everything=request.everything, color=color)
    if request.output is not None or request.format != "text":
        streams.tell_all(_told_once(found), language)
    return deliver(text, request.format, request.output, language)


def _told_once(found: Comparison) -> list[Diagnostic]:
    """The faults of refused files, those of both sides once."""
    faults: dict[tuple[object, ...], Diagnostic] = {}
    for side in found.refused:
        for refusal in side:
            for each in refusal.faults:
                faults.setdefault((each.code, each.place, each.labels, tuple(sorted(each.values.items()))), each)
    return list(faults.values())
