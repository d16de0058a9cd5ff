"""Conditions and requirements as passages: a sentence, or a sentence with numbered lines below it.

Whatever holds together stands on lines of its own, and each line says by 且 or 或 how the next joins it, so that no reader has
to match brackets.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.dataclass import dataclass, replace
from rulecheck.prose.names import Voice, condition_name, members_name
from rulecheck.prose.phrases import EMPTY, join, provision
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence without its end; `parts` are numbered below it and joined by `word` (`and`, `or`, None); `then` goes on after
    them."""

    text: Bilingual
    parts: tuple[Passage, ...] = ()
    word: str | None = None
    then: Passage | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of text before it is wrapped: `depth` steps to the right, behind a `mark` such as （1）."""

    depth: int
    mark: Bilingual
    text: Bilingual


def prefixed(lead: Bilingual, passage: Passage) -> Passage:
    """The passage with some words before it."""
    return replace(passage, text=join([lead, passage.text], "", ""))


# --- conditions ---


def passage_of(test: model.Test, voice: Voice) -> Passage:
    """A condition as a passage; what has no parts of its own is one sentence."""
    match test:
        case model.AllOf():
            return Passage(provision("lists", "all"), _parts(test, voice), "and")
        case model.AnyOf():
            return Passage(provision("lists", "any"), _parts(test, voice), "or")
        case model.Not(part=model.AllOf() as part):
            return Passage(provision("lists", "not_all"), _parts(part, voice))
        case model.Not(part=model.AnyOf() as part):
            return Passage(provision("lists", "not_any"), _parts(part, voice))
        case model.Not(part=part):
            return prefixed(provision("lists", "not"), passage_of(part, voice))
        case model.Every(members=members, test=inner):
            return _quantified("every", members, inner, voice)
        case model.Some(members=members, test=inner):
            return _quantified("some", members, inner, voice)
        case _:
            return Passage(condition_name(test, voice))


def _parts(test: model.AllOf | model.AnyOf, voice: Voice) -> tuple[Passage, ...]:
    """The parts, a line each; those of a part joined by the same word (a definition, say) stand with the others."""
    return tuple(
        passage
        for part in test.parts
        for passage in (_parts(part, voice) if type(part) is type(test) else (passage_of(part, voice),))
    )


def is_list(test: model.Test) -> bool:
    """Whether a test is told as numbered lines."""
    return isinstance(test.part if isinstance(test, model.Not) else test, model.AllOf | model.AnyOf)


def _quantified(word: str, members: model.Collection, inner: model.Test, voice: Voice) -> Passage:
    """每一个… or 至少有一个…: which members are meant stands in brackets where it is one thing, else on lines of its own."""
    within = voice.within(members.kinds[-1])
    of_each = passage_of(inner, within)
    if members.where is None or not is_list(members.where):
        way = f"{word}_of" if is_list(inner) else word
        return prefixed(provision("lists", way, members=members_name(members, voice)), of_each)
    lead = provision("lists", f"{word}_where", members=members_name(members, voice, with_where=False))
    return replace(prefixed(lead, passage_of(members.where, within)), then=prefixed(provision("lists", f"{word}_then"), of_each))


def forbidden(test: model.Test, voice: Voice) -> Passage:
    """What 禁止 forbids, without the denial around it."""
    if isinstance(test, model.AnyOf | model.AllOf):
        name = "forbidden_any" if isinstance(test, model.AnyOf) else "forbidden_all"
        return Passage(provision("lists", name), _parts(test, voice))
    return prefixed(provision("lists", "forbidden"), passage_of(test, voice))


# --- lines ---

MARKS = (
    lambda number: Bilingual(f"（{number}）", f"({number}) "),
    lambda number: Bilingual(f"{chr(0x245F + number)} " if number <= 20 else f"{number}. ", f"({_letters(number)}) "),
    lambda number: Bilingual(f"{_letters(number)}. ", f"{_roman(number)}. "),
)
END = Bilingual("。", ".")
GOES_ON = Bilingual("，", ", ")


def _letters(number: int) -> str:
    """1 a, 26 z, 27 aa."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _roman(number: int) -> str:
    text = ""
    for value, numeral in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        times, number = divmod(number, value)
        text += numeral * times
    return text


def paragraphs(passage: Passage, depth: int, mark: Bilingual = EMPTY, end: Bilingual = END) -> Iterator[Paragraph]:
    """The passage line by line behind a mark, each line closed by what joins it to the next, the last by `end`."""
    yield from _lines(passage, depth, mark, 0, end)


def _lines(passage: Passage, depth: int, mark: Bilingual, level: int, end: Bilingual) -> Iterator[Paragraph]:
    closed = EMPTY if passage.parts else GOES_ON if passage.then is not None else end
    yield Paragraph(depth, mark, join([passage.text, closed], "", ""))
    last = len(passage.parts)
    for number, part in enumerate(passage.parts, start=1):
        if number < last:
            # Behind lines of its own the word would seem to join those.
            part_end = _joint(passage.word if not part.parts else None, is_next_last=number == last - 1)
        else:
            part_end = GOES_ON if passage.then is not None else end
        yield from _lines(part, depth + 1, MARKS[min(level, len(MARKS) - 1)](number), level + 1, part_end)
    if passage.then is not None:
        yield from _lines(passage.then, depth, EMPTY, level, end)


def _joint(word: str | None, *, is_next_last: bool) -> Bilingual:
    """What ends a numbered line: before the last one also the word that joins them all."""
    if word is None or not is_next_last:
        return Bilingual("；", ";")
    told = provision("lists", word)
    return Bilingual(f"；{told.zh}", f"; {told.en}")
