"""Completion in a shell: the answers to the script that asks (`rulecheck.commands.completion`).

The shell runs the command again with `RULECHECK_COMPLETE` set to its own name and the words up to the cursor as arguments,
and gets an answer a line. No answer means: complete file names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rulecheck import streams
from rulecheck.cli.help import explanation, summary
from rulecheck.cli.verbs import FOR_ALL, HELP_VERB, VERBS, VERSION, Option, Verb
from rulecheck.commands import DONE

_BETWEEN: Final = {"zsh": ":", "fish": "\t"}
"""What stands between an answer and its explanation, in shells that show one."""


def complete(words: Sequence[str], shell: str) -> int:
    """Writes what the last word may become."""
    lines = []
    for answer, text in answers(words):
        between = _BETWEEN.get(shell)
        shown = answer.replace(":", "\\:") if shell == "zsh" else answer
        lines.append(f"{shown}{between}{text}\n" if between and text else f"{answer}\n")
    streams.result("".join(lines))
    return DONE


def answers(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the last of the words may become, each with its explanation; nothing where it is a file, or anything."""
    *before, begun = words or [""]
    position = _verb_position(before)
    verb = VERBS.get(before[position]) if position is not None else None
    if position is not None and (verb is None or "--" in before):
        found: Iterator[tuple[str, str]] = iter(_verbs()) if before[position] == HELP_VERB else iter(())
    else:
        found = _of_verb(verb, before[position + 1 :] if position is not None else before, begun)
    return (each for each in found if each[0].startswith(begun))


def _verb_position(before: Sequence[str]) -> int | None:
    skip = False
    for position, word in enumerate(before):
        if skip or word.startswith("-"):
            skip = not skip and word in FOR_ALL[0].words
            continue
        return position
    return None


def _of_verb(verb: Verb | None, before: Sequence[str], begun: str) -> Iterator[tuple[str, str]]:
    options: tuple[Option, ...] = verb.options if verb is not None else (*FOR_ALL, VERSION)
    last = before[-1] if before else ""
    waiting = next((option for option in options if last in option.words and option.takes), None)
    if waiting is not None:
        yield from ((choice, "") for choice in (*waiting.choices, *waiting.parts))
    elif begun.startswith("-"):
        written = set(before)
        for option in options:
            if option.is_many or not written & set(option.words):
                yield option.words[-1], explanation(verb, option, "zh")
    elif verb is None:
        yield from _verbs()
    elif verb.argument is not None:
        yield from ((choice, "") for choice in verb.argument.choices)


def _verbs() -> list[tuple[str, str]]:
    return [(verb.name, summary(verb, "zh")) for verb in VERBS.values()]
