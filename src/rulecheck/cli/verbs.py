"""The command line as a table: each verb with its arguments and options, and the function it stands for. What is said about
them is in `dsl/help.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

COMPLETING: Final = "RULECHECK_COMPLETE"
"""The environment variable by which a shell asks for completions; its value is the name of the shell."""

Given = Mapping[str, Any]
"""What the command line gives, by the names of the verb's own parameters; what is not written is not there, but `language` is."""


class Option(NamedTuple):
    """An option. `name`: the verb's parameter. `takes`: what its value is, a key of [values] in the help; empty for a switch.
    `choices`: all values it may have. `parts`: values it may have, several with commas, as the verb reads them."""

    name: str
    words: tuple[str, ...]
    takes: str = ""
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    is_many: bool = False
    is_path: bool = False
    is_required: bool = False


class Argument(NamedTuple):
    """What stands without an option before it. `takes` and `choices` as for an option."""

    name: str
    takes: str
    choices: tuple[str, ...] = ()
    is_many: bool = False
    is_required: bool = True


class Verb(NamedTuple):
    name: str
    run: Callable[[Given], int]
    argument: Argument | None
    options: tuple[Option, ...]


def _check(given: Given) -> int:
    from rulecheck.commands.check import Request, check

    return check(Request(**given))


def _batch(given: Given) -> int:
    from rulecheck.commands.batch import Request, batch

    return batch(Request(**given))


def _compare(given: Given) -> int:
    from rulecheck.commands.compare import Request, compare_rules

    return compare_rules(Request(**given))


def _template(given: Given) -> int:
    from rulecheck.commands.template import Request, template

    return template(Request(**given))


def _read(given: Given) -> int:
    from rulecheck.commands.read import read

    names = given.get("names", ())
    return read(
        names,
        rules=given.get("rules"),
        documents=given.get("documents", ()),
        language=given["language"],
        output=given.get("output"),
    )


def _test(given: Given) -> int:
    from rulecheck.commands.test import Request, test

    return test(Request(**given))


def _coverage(given: Given) -> int:
    from rulecheck.commands.coverage import coverage

    return coverage(
        given.get("rules"),
        sources=given.get("sources"),
        format=given.get("format", "text"),
        verbose=given.get("verbose", False),
        language=given["language"],
    )


def _lint(given: Given) -> int:
    from rulecheck.commands.lint import lint

    return lint(given.get("rules"), sources=given.get("sources"), format=given.get("format", "text"), language=given["language"])


def _fmt(given: Given) -> int:
    from rulecheck.commands.fmt import fmt

    return fmt(given["files"], only_check=given.get("only_check", False), language=given["language"])


def _translate(given: Given) -> int:
    from rulecheck.commands.translate import translate

    return translate(given["file"], to=given["to"], rules=given.get("rules"), language=given["language"])


def _completion(given: Given) -> int:
    from rulecheck.commands.completion import completion

    return completion(given["shell"])


HELP: Final = Option("help", ("-h", "--help"))
VERSION: Final = Option("version", ("--version",))
LANGUAGE: Final = Option("language", ("--lang",), "language", choices=("zh", "en"))
_RULES: Final = Option("rules", ("--rules",), "folder", is_path=True)
_OUTPUT: Final = Option("output", ("-o", "--output"), "file", is_path=True)

FOR_ALL: Final = (LANGUAGE, HELP)
"""Options of every verb; they may stand before the verb too."""

SHELLS: Final = ("bash", "zsh", "fish")

VERBS: Final = {
    verb.name: verb
    for verb in (
        Verb(
            "check",
            _check,
            Argument("facts", "submissions", is_many=True),
            (
                _RULES,
                Option("documents", ("--document",), "number", is_many=True),
                Option("as_of", ("--as-of",), "date"),
                Option("place", ("--place",), "place"),
                Option("expected", ("--expected",), "file", is_path=True),
                Option("manifest", ("--manifest",), "file", is_path=True),
                Option("headings", ("--headings",), "file", is_path=True),
                Option("records", ("--records",), "file", is_many=True, is_path=True),
                Option("format", ("--format",), "choice", choices=("text", "json")),
                _OUTPUT,
                Option("refusals", ("--refusals",), "file", is_path=True),
                Option("fail_on", ("--fail-on",), "verdicts", parts=("departs", "undetermined"), is_many=True),
                Option("verbose", ("-v", "--verbose")),
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "batch",
            _batch,
            Argument("tables", "tables", is_many=True),
            (
                _RULES,
                Option("documents", ("--document",), "number", is_many=True),
                Option("as_of", ("--as-of",), "date", is_required=True),
                Option("place", ("--place",), "place"),
                Option("headings", ("--headings",), "file", is_path=True),
                Option("output", ("-o", "--output"), "folder", is_path=True),
                Option("format", ("--format",), "choice", choices=("parquet", "csv", "text", "json")),
                Option("verdicts_only", ("--verdicts-only",)),
                Option("explain", ("--explain",), "row"),
                Option("engine", ("--engine",), "choice", choices=("duckdb", "spark")),
                Option("memory", ("--memory",), "memory"),
                Option("threads", ("--threads",), "count"),
                Option("fail_on", ("--fail-on",), "verdicts", parts=("departs", "undetermined"), is_many=True),
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "compare",
            _compare,
            Argument("words", "compared", is_many=True),
            (
                Option("documents", ("--document",), "number", is_many=True),
                Option("as_of", ("--as-of",), "date"),
                Option("place", ("--place",), "place"),
                Option("headings", ("--headings",), "file", is_path=True),
                Option("records", ("--records",), "file", is_many=True, is_path=True),
                Option("everything", ("--all",)),
                Option("tables", ("--tables",)),
                Option("memory", ("--memory",), "memory"),
                Option("threads", ("--threads",), "count"),
                Option("format", ("--format",), "choice", choices=("text", "json")),
                _OUTPUT,
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "template",
            _template,
            None,
            (
                Option("only", ("--rule",), "name", is_many=True),
                Option("documents", ("--document",), "number", is_many=True),
                Option("kinds", ("--kind",), "name", is_many=True),
                _RULES,
                Option("format", ("--format",), "choice", choices=("xlsx", "csv", "yaml", "json")),
                Option("output", ("-o", "--output"), "path", is_path=True),
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "read",
            _read,
            Argument("names", "name", is_many=True, is_required=False),
            (Option("documents", ("--document",), "number", is_many=True), _RULES, _OUTPUT, LANGUAGE, HELP),
        ),
        Verb(
            "test",
            _test,
            Argument("names", "name", is_many=True, is_required=False),
            (
                Option("documents", ("--document",), "number", is_many=True),
                Option("mutate", ("--mutate",)),
                Option("suggest", ("--suggest",)),
                _RULES,
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "coverage",
            _coverage,
            None,
            (
                _RULES,
                Option("sources", ("--sources",), "folder", is_path=True),
                Option("format", ("--format",), "choice", choices=("text", "json", "html")),
                Option("verbose", ("-v", "--verbose")),
                LANGUAGE,
                HELP,
            ),
        ),
        Verb(
            "lint",
            _lint,
            None,
            (
                _RULES,
                Option("sources", ("--sources",), "folder", is_path=True),
                Option("format", ("--format",), "choice", choices=("text", "json")),
                LANGUAGE,
                HELP,
            ),
        ),
        Verb("fmt", _fmt, Argument("files", "rule_files", is_many=True), (Option("only_check", ("--check",)), LANGUAGE, HELP)),
        Verb(
            "translate",
            _translate,
            Argument("file", "rule_file"),
            (Option("to", ("--to",), "choice", choices=("zh", "en"), is_required=True), _RULES, LANGUAGE, HELP),
        ),
        Verb("completion", _completion, Argument("shell", "choice", choices=SHELLS), (LANGUAGE, HELP)),
    )
}

HELP_VERB: Final = "help"
"""`rulecheck help VERB` is `rulecheck VERB --help`."""
