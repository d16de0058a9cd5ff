"""What a text says of a subject itself, not of its facts: its codes and names, where and when it is, and of its rosters whether
they are all there. Each reader gives the value, nothing where the text tells nothing, or the `Problem` with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from rulecheck.facts.headings import clean, listed, words
from rulecheck.facts.limits import MAXIMUM_TEXT
from rulecheck.facts.nodes import FORBIDDEN, Problem, code_points, shown
from rulecheck.facts.values import check_text, from_fault
from rulecheck.measures.numerals import Fault, read_date, read_marker, untold_among
from rulecheck.measures.places import Place, Places
from rulecheck.rules.model import Kind

_BREAKS: Final = frozenset("\t\n\r")
_FITTED: Final = re.compile(r"(?<=[\u3400-\u9fff（）()])[ ]*\r?\n[ ]*|[ ]*\r?\n[ ]*(?=[\u3400-\u9fff（）()])")


def read_identifier(text: str) -> str | Problem:
    """编号, 名称 or 上级: the text on one line, empty where untold."""
    problem = check_text(text)
    if problem is not None:
        return problem
    written = _joined(text.strip())
    if not _BREAKS.isdisjoint(written):
        return Problem("F112", {"characters": code_points(sorted(_BREAKS & set(written)))})
    return "" if read_marker(written) == "untold" else written


def _joined(text: str) -> str:
    """A name that was broken into lines to fit its cell. Beside Chinese a break stands for nothing; elsewhere it may part two
    codes, and is left to be refused."""
    return _FITTED.sub("", text) if "\n" in text else text


def read_identifiers(texts: Collection[str]) -> dict[str, str | Problem]:
    """Many of them, each as `read_identifier` reads it."""
    joined = "\n".join(texts)
    is_clean = not FORBIDDEN.search(joined) and "\t" not in joined and "\r" not in joined
    if not (is_clean and joined.count("\n") < len(texts) and max(map(len, texts), default=0) <= MAXIMUM_TEXT):
        return {text: read_identifier(text) for text in texts}
    found: dict[str, str | Problem] = {text: text.strip() for text in texts}
    for text in untold_among(texts):
        found[text] = ""
    return found


def read_code(text: str) -> str | Problem:
    """统一社会信用代码 in its one form, empty where untold."""
    written = read_identifier(text)
    if not written or isinstance(written, Problem):
        return written
    from rulecheck.facts.credit_codes import read_credit_code

    return read_credit_code(written)


def read_place(text: str, places: Places) -> Place | Problem | None:
    problem = check_text(text)
    if problem is not None:
        return problem
    written = text.strip()
    if read_marker(written) == "untold":
        return None
    nearest = "、".join(places.closest(written)) if places.find(written) is None else ""
    return places.find(written) or Problem("F219", {"name": shown(text), "near": nearest})


def read_day(text: str) -> int | Problem | None:
    """截至, as an ordinal."""
    if read_marker(text) == "untold":
        return None
    day = read_date(text)
    return from_fault(day) if isinstance(day, Fault) else day


def read_statement(text: str, kind: Kind) -> tuple[bool, bool] | Problem | None:
    """What a cell says of the roster of `kind`, whose members have a table of their own: whether it is complete, and whether it
    is empty."""
    if read_marker(text) == "untold":
        return None
    word = clean(text).lower()
    if word in listed("empty"):
        return True, True
    match words("statements").get(word):
        case "complete":
            return True, False
        case "incomplete":
            return False, False
    return Problem("F231", {"kind": kind.zh, "kind_en": kind.id, "value": shown(text, kind.sensitive)})
