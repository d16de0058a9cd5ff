"""Words of the command line to what they give a verb, with every fault found.

`--option value`, `--option=value`, `-o value` and `-ovalue`; options and arguments in any order; after `--` everything is an
argument, and `-` alone always is. Nothing is abbreviated, and an option that does not repeat stands once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from rulecheck.cli.verbs import FOR_ALL, HELP, HELP_VERB, LANGUAGE, VERBS, VERSION, Argument, Option, Verb
from rulecheck.language.diagnostics import Diagnostic, closest, fault
from rulecheck.language.syntax import Language

_LANGUAGES: Final[dict[str, Language]] = {"zh": "zh", "en": "en"}


class Wish(Enum):
    """What is to be done."""

    RUN = "run"
    HELP = "help"
    VERSION = "version"
    NOTHING = "nothing"
    """No verb at all."""


class Asked(NamedTuple):
    """`language` is None where none was chosen. `given` may be used only where there are no problems."""

    wish: Wish
    verb: Verb | None
    given: dict[str, Any]
    language: Language | None
    problems: tuple[Diagnostic, ...] = ()


def read_arguments(words: Sequence[str]) -> Asked:
    """What the words after `rulecheck` ask for."""
    reading = _Reading("rulecheck", (*FOR_ALL, VERSION))
    left = reading.options_first(words)
    language = reading.given.get(LANGUAGE.name)
    if HELP.name not in reading.given and VERSION.name in reading.given:
        return Asked(Wish.VERSION, None, {}, _LANGUAGES.get(language or ""))
    wants_help = HELP.name in reading.given
    if left and left[0] == HELP_VERB:
        wants_help, left = True, left[1:]
        left = reading.options_first(left)
    if not left:
        wish = Wish.HELP if wants_help else Wish.RUN if reading.problems else Wish.NOTHING
        language = reading.given.get(LANGUAGE.name)
        return Asked(wish, None, {}, _LANGUAGES.get(language or ""), tuple(reading.problems))
    verb = VERBS.get(left[0])
    if verb is None:
        # Options after it are not known, but its language is looked for: the message should be understood.
        after = (each for before, each in pairwise(left) if before == LANGUAGE.words[0] and each in _LANGUAGES)
        chosen = _LANGUAGES.get(next(after, language or ""))
        return Asked(Wish.RUN, None, {}, chosen, (*reading.problems, _unknown_verb(left[0])))
    inside = _Reading(f"rulecheck {verb.name}", verb.options, dict(reading.given), reading.problems)
    inside.all(left[1:], verb.argument)
    chosen = _LANGUAGES.get(inside.given.get(LANGUAGE.name, ""))
    if wants_help or inside.given.pop(HELP.name, False):
        return Asked(Wish.HELP, verb, {}, chosen)
    if not inside.problems:
        inside.missing(verb)
    inside.given.setdefault(LANGUAGE.name, "zh")
    return Asked(Wish.RUN, verb, inside.given, chosen, tuple(inside.problems))


class _Reading:
    """The words of one verb, or of `rulecheck` itself, as they are read."""

    def __init__(
        self, name: str, options: Iterable[Option], given: dict[str, Any] | None = None, problems: list[Diagnostic] | None = None
    ) -> None:
        self.name = name
        self.options = {word: option for option in options for word in option.words}
        self.given: dict[str, Any] = given if given is not None else {}
        self.problems: list[Diagnostic] = problems if problems is not None else []

    def options_first(self, words: Sequence[str]) -> Sequence[str]:
        """Reads options up to the first word that is none; that word and all after it."""
        position = 0
        while position < len(words) and _is_option(words[position]):
            position = self._option(words, position)
        return words[position:]

    def all(self, words: Sequence[str], argument: Argument | None) -> None:
        position = 0
        while position < len(words):
            word = words[position]
            if word == "--":
                for each in words[position + 1 :]:
                    self._argument(each, argument)
                return
            if _is_option(word):
                position = self._option(words, position)
            else:
                self._argument(word, argument)
                position += 1

    def missing(self, verb: Verb) -> None:
        """What has to be there and is not."""
        if verb.argument is not None and verb.argument.is_required and verb.argument.name not in self.given:
            from rulecheck.cli.help import argument_shown

            what, what_en = (argument_shown(verb.argument, language) for language in ("zh", "en"))
            self._fault("H104", what=what, what_en=what_en)
        for option in verb.options:
            if option.is_required and option.name not in self.given:
                self._fault("H105", option=option.words[-1])

    def _option(self, words: Sequence[str], position: int) -> int:
        """Reads the option at a position; the position after it."""
        word = words[position]
        name, equals, value = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
        option = self.options.get(name)
        if option is None:
            near = closest(name, (each for each in self.options if each.startswith("--")), 1)
            self._fault("H102", word=name if word.startswith("--") else word, near="".join(near))
            return position + 1
        if not option.takes:
            if equals:
                self._fault("H106", option=name)
            else:
                self._put(option, name, True)
            return position + 1
        if equals:
            self._put(option, name, value)
            return position + 1
        if position + 1 == len(words) or words[position + 1].partition("=")[0] in self.options:
            self._fault("H103", option=name)
            return position + 1
        self._put(option, name, words[position + 1])
        return position + 2

    def _put(self, option: Option, word: str, value: Any) -> None:
        if option.choices and value not in option.choices:
            self._no_such_choice(word, value, option.choices)
            return
        if option.is_path:
            if not value:
                self._fault("H103", option=word)
                return
            value = Path(value)
        if option.is_many:
            self.given.setdefault(option.name, []).append(value)
        elif option.name in self.given and option.takes:
            self._fault("H107", option=word)
        else:
            self.given[option.name] = value

    def _argument(self, word: str, argument: Argument | None) -> None:
        if argument is None or (not argument.is_many and argument.name in self.given):
            # Behind an option that is not known it is likely its value.
            if not self.problems:
                self._fault("H108", word=word)
        elif argument.choices and word not in argument.choices:
            self._no_such_choice(self.name, word, argument.choices)
        elif argument.is_many:
            self.given.setdefault(argument.name, []).append(word)
        else:
            self.given[argument.name] = word

    def _no_such_choice(self, place: str, word: str, known: Sequence[str]) -> None:
        from rulecheck.commands.options import one_of

        self.problems.append(one_of(place, word, known))

    def _fault(self, code: str, **values: str) -> None:
        self.problems.append(fault(code, self.name, **values))


def _is_option(word: str) -> bool:
    return word.startswith("-") and word not in ("-", "--")


def _unknown_verb(word: str) -> Diagnostic:
    near = "".join(closest(word, (*VERBS, HELP_VERB), 1))
    if not near and Path(word).exists():
        return fault("H109", "rulecheck", word=word)
    return fault("H101", "rulecheck", word=word, near=near)
