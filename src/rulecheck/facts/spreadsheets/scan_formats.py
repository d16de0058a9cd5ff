"""Number formats of spreadsheets: how a code such as `0.0%` or `0"人"` makes a number look."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final

from rulecheck.facts.spreadsheets.scan_parts import Shape

BUILT_IN: Final = {9: "0%", 10: "0.00%"}
"""Formats that a file names by number only, as far as they matter here."""

# A code in pieces: quoted text, an escaped character (`!` is how Chinese versions escape), padding,
# a bracket, one character.
_PIECES: Final = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[[^\]]*\]|(.)', re.DOTALL)
_GENERAL: Final = re.compile("General|G/通用格式")
_DIGITS: Final = frozenset("0#?.,")
_OTHER: Final = frozenset("yYmMdDhHsSbBeE@/")
"""In formats of dates, of texts, of fractions and of powers of ten."""
_SCALED: Final = re.compile(r"[0#?],+(\.|$)")
_TELLING: Final = re.compile(r"[^\W_]|[%‰]")
_EXACT: Final = Context(prec=400)


def shape_of(code: str) -> Shape | None:
    """How a format shows a number that is not negative, None where the number stands as it is."""
    digits, beside, shift = "", ["", ""], 0
    for found in _PIECES.finditer(_GENERAL.sub("#", code)):
        quoted, escaped, plain = found.groups()
        if plain == ";":
            break
        if plain == "%":
            shift += 2
        elif plain in _DIGITS:
            if beside[1].strip():  # characters between digits: 000"-"000; or 0!.0, for ten thousands
                return Shape(is_scaled=True) if "," in code else None
            digits += plain
        elif plain in _OTHER:
            return None
        elif quoted or escaped or (plain and not plain.isascii()):
            beside[bool(digits)] += quoted or escaped or plain
    if _SCALED.search(digits):
        return Shape(is_scaled=True)
    before, after = (text.strip() if _TELLING.search(text) else "" for text in beside)
    filled = len(digits) if len(digits) > 1 and set(digits) == {"0"} else 0
    shape = Shape(shift, filled, before, after)
    return None if shape == Shape() else shape


def shaped(text: str, shape: Shape) -> str:
    """A number's text as the format shows it, with all its digits: no format rounds a fact."""
    if shape.shift:
        moved = f"{Decimal(text).scaleb(shape.shift, _EXACT):f}"
        text = (moved.rstrip("0").rstrip(".") if "." in moved else moved) + "%" * (shape.shift // 2)
    if shape.digits and text.isdecimal():
        text = text.zfill(shape.digits)
    return f"{shape.before}{text}{shape.after}"
