"""统一社会信用代码 (GB 32100): 18 characters, of which the last checks the others.

The shape is checked here, since stdnum refuses codes that begin with a letter: villages (N), the military (A), others (Y).
"""

from __future__ import annotations

import re
from typing import Final

from rulecheck.facts.nodes import Problem, shown

LENGTH: Final = 18

_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE: Final = re.compile(rf"[{_LETTERS}]{{2}}[0-9]{{6}}[{_LETTERS}]{{10}}")
_PLACE: Final = range(3, 9)
"""The positions, from 1, that name the place of registration: digits only."""

_TWINS: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""The letters that no code has, and what was meant most often."""

_NARROW: Final = {0xFF01 + step: 0x21 + step for step in range(94)}
_SPACE: Final = re.compile(r"\s+")
_SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+")


def read_credit_code(text: str) -> str | Problem:
    """The code in its one form: ASCII capitals and digits without blanks. Full-width and small letters and blanks between are
    how people write it; anything else that is not right is a problem."""
    code = plain_code(text)
    if _SCIENTIFIC.fullmatch(code):
        return Problem("E105", {"text": shown(text)})
    if len(code) != LENGTH:
        return Problem("E101", {"text": shown(text), "count": len(code)})
    for position, letter in enumerate(code, start=1):
        if position in _PLACE and not (letter.isascii() and letter.isdecimal()):
            return Problem("E103", {"text": shown(text), "position": position, "letter": letter})
        if letter not in _LETTERS:
            values = {"text": shown(text), "position": position, "letter": letter, "twin": _TWINS.get(letter, "")}
            return Problem("E102" if letter in _TWINS else "E106", values)
    from stdnum.cn.uscc import calc_check_digit

    right = calc_check_digit(code[:-1])
    if code[-1] != right:
        return Problem("E104", {"text": shown(text), "digit": code[-1], "right": right})
    return code


def narrow(text: str) -> str:
    """A text with full-width letters, digits and marks as ASCII."""
    return text.translate(_NARROW)


def compact(text: str) -> str:
    """A text without blanks and full-width letters."""
    return _SPACE.sub("", narrow(text))


def plain_code(text: str) -> str:
    """A code of whatever kind without blanks, full-width letters or small ones."""
    return compact(text).upper()


def looks_like_credit_code(text: str) -> bool:
    """Whether a code is meant for a credit code: it has its shape, or its length in letters and digits."""
    code = plain_code(text)
    return bool(_SHAPE.fullmatch(code)) or (len(code) == LENGTH and code.isascii() and code.isalnum())
