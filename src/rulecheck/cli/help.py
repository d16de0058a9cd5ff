"""Help as pages of text: 80 columns, in one language or, where none was chosen, in both, Chinese first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rulecheck.cli.verbs import FOR_ALL, HELP, LANGUAGE, VERBS, VERSION, Argument, Option, Verb
from rulecheck.data import read_table
from rulecheck.language.diagnostics import message
from rulecheck.language.syntax import Language

WIDTH: Final = 80
_LEFT: Final = 26
"""Columns of what is explained, after the indent; what is wider has its explanation on the next line."""
_INDENT: Final = "  "


def texts() -> Mapping[str, Any]:
    """The table `dsl/help.toml`."""
    return read_table("dsl", "help.toml")


def page(verb: Verb | None, language: Language | None) -> str:
    """The help of a verb, or of the program."""
    languages: tuple[Language, ...] = (language,) if language is not None else ("zh", "en")
    return "\n".join("".join(f"{line}\n" for line in _page(verb, each)) for each in languages)


def hint(verb: Verb | None, language: Language) -> str:
    """The line below faults of usage: how it is to be written."""
    command = "rulecheck" if verb is None else f"rulecheck {verb.name}"
    return message("H110", language, {"usage": usage(verb, language), "command": command})


def usage(verb: Verb | None, language: Language) -> str:
    """How a verb is written, on one line."""
    words = texts()["words"]
    parts = [words["usage"][language] + "rulecheck"]
    if verb is None:
        return " ".join([*parts, words["verb"][language], "…"])
    parts.append(verb.name)
    parts += [f"{option.words[-1]} {_takes(option, language)}" for option in verb.options if option.is_required]
    if verb.argument is not None:
        parts.append(argument_shown(verb.argument, language))
    return " ".join([*parts, words["some"][language]])


def argument_shown(argument: Argument, language: Language) -> str:
    """An argument as usage shows it, as `FILE…` or `[NAME…]`."""
    shown = "|".join(argument.choices) or str(texts()["values"][argument.takes][language])
    shown += "…" if argument.is_many else ""
    return shown if argument.is_required else f"[{shown}]"


def summary(verb: Verb, language: Language) -> str:
    """A verb in a few words."""
    return str(texts()["verbs"][verb.name]["summary"][language])


def explanation(verb: Verb | None, option: Option | Argument, language: Language) -> str:
    """What an option or argument is for."""
    own = texts()["verbs"][verb.name] if verb is not None else {}
    if isinstance(option, Argument):
        return str(own["arguments"][option.name][language])
    rows = {**texts()["options"], **own.get("options", {})}
    words = texts()["words"]
    text = str(rows[option.name][language])
    text += words["many"][language] if option.is_many else ""
    return text + (words["required"][language] if option.is_required else "")


def _page(verb: Verb | None, language: Language) -> Iterator[str]:
    # Only a page is laid out: a usage line and a completion do without what reports are made of.
    from rulecheck.report.layout import wrap

    words = texts()["words"]
    yield from wrap(usage(verb, language), later=_INDENT * 2, width=WIDTH)
    yield ""
    row = texts()["program"] if verb is None else texts()["verbs"][verb.name]
    yield from wrap(row[language], width=WIDTH)
    if verb is None:
        yield from _section(words["verbs"][language], ((each.name, summary(each, language)) for each in VERBS.values()))
        options: Iterable[Option] = (LANGUAGE, VERSION, HELP)
    else:
        if verb.argument is not None:
            shown = argument_shown(verb.argument, language)
            yield from _section(words["arguments"][language], [(shown, explanation(verb, verb.argument, language))])
        options = (*(each for each in verb.options if each not in FOR_ALL), *FOR_ALL)
    yield from _section(
        words["options"][language], ((_option_shown(each, language), explanation(verb, each, language)) for each in options)
    )
    yield from _section(words["example"][language], ((example, "") for example in row["examples"][language]))
    if verb is None:
        statuses = texts()["statuses"].items()
        yield from _section(words["statuses"][language], ((status, text[language]) for status, text in statuses))
        yield ""
        yield from wrap(words["more"][language], width=WIDTH)


def _takes(option: Option, language: Language) -> str:
    return "|".join(option.choices) or str(texts()["values"][option.takes][language])


def _option_shown(option: Option, language: Language) -> str:
    shown = ", ".join(option.words)
    return f"{shown} {_takes(option, language)}" if option.takes else shown


def _section(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    from rulecheck.report.layout import pad, width_of, wrap

    yield ""
    yield title
    rows = list(rows)
    left = min(_LEFT, max(width_of(shown) for shown, _ in rows))
    for shown, text in rows:
        if not text:
            yield from wrap(shown, first=_INDENT, width=WIDTH)
        elif width_of(shown) <= left:
            yield from wrap(text, first=_INDENT + pad(shown, left) + "  ", width=WIDTH)
        else:
            yield _INDENT + shown
            yield from wrap(text, first=_INDENT + " " * left + "  ", width=WIDTH)
