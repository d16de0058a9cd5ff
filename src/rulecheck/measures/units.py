"""Units of measure: a closed table of names, each with its dimension and its exact factor.

The definitions are `dsl/units.txt`, in pint's format and read by pint (nowhere else in the project); signs that pint's
format cannot hold are `dsl/units.toml`. pint is imported when the table is built and never sees a user's text: names
are looked up in the finished table, and numbers are read by `numerals`. `as_data` and `from_data` turn the table into
plain data and back, so that it can be used where pint is not installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

from rulecheck import data
from rulecheck.dataclass import dataclass
from rulecheck.kept import envelope, fetch, keep, payload
from rulecheck.language.diagnostics import closest
from rulecheck.language.syntax import Language

Dimension = tuple[tuple[str, int], ...]
"""Base dimensions with their exponents, sorted by name, none 0: 批次/千人 is `(("人", -1), ("批次", 1))`; shares have
`()`."""

MOST_PARTS = 4
"""Parts of a compound unit: `元/平方米/年` has three."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, simple or compound. `text` and `english` are its canonical names, compound parts joined by `/`.

    `factor` is how many base units of its dimension one of it is: 10000 for 万元, 1/100 for %, 2000/3 for 亩.
    """

    text: str
    english: str
    dimension: Dimension
    factor: Fraction
    english_singular: str


@dataclass(frozen=True, slots=True)
class UnitTable:
    """All units: `units` by the canonical Chinese names of the simple ones, `spellings` from every accepted spelling
    (in the form that `_spelling` gives) to that name."""

    units: Mapping[str, Unit]
    spellings: Mapping[str, str]

    def find(self, text: str) -> Unit | None:
        """The unit of a text as people write it, in either language, width and number; None if a part is not known."""
        parts = [self._simple(part) for part in text.replace("／", "/").split("/")]
        if len(parts) > MOST_PARTS or None in parts:
            return None
        return _compound([part for part in parts if part is not None])

    def _simple(self, text: str) -> Unit | None:
        spelling = _spelling(text)
        name = self.spellings.get(spelling) or self.spellings.get(spelling.lower() if len(spelling) > 3 else "")
        return self.units[name] if name else None

    def names(self, to: Language) -> Mapping[str, str]:
        """Canonical names of simple units into `to`, from the other language: one to one."""
        if to == "en":
            return {unit.text: unit.english for unit in self.units.values()}
        return {unit.english: unit.text for unit in self.units.values()}

    def translate(self, text: str, to: Language) -> str | None:
        """The canonical name in `to` of a unit written in either language, or None when it is not known."""
        unit = self.find(text)
        return None if unit is None else unit.text if to == "zh" else unit.english

    def closest(self, text: str) -> list[str]:
        """Canonical names nearest to a text, in the language it seems to be in; of a compound, with one part mended."""
        parts = text.replace("／", "/").split("/")
        known = [self._simple(part) for part in parts]
        unknown = [index for index, unit in enumerate(known) if unit is None]
        if len(unknown) != 1:
            return []
        wrong = unknown[0]
        spelling = _spelling(parts[wrong])
        to: Language = "en" if spelling.isascii() else "zh"
        names = [("" if unit is None else unit.text if to == "zh" else unit.english) for unit in known]
        known_names = list(self.names("zh" if to == "en" else "en"))
        return ["/".join([*names[:wrong], near, *names[wrong + 1 :]]) for near in closest(spelling, known_names)]

    def base(self, dimension: Dimension) -> Unit:
        """The unit of factor 1 of a dimension, for showing it: 元/户, 平方米; `1` where there is no dimension."""
        for unit in self.units.values():
            if unit.dimension == dimension and unit.factor == 1 and dimension:
                return unit
        above = [self._power(name, exponent) for name, exponent in dimension if exponent > 0]
        below = [self._power(name, -exponent) for name, exponent in dimension if exponent < 0]
        chinese = "/".join(["·".join(text for text, _ in above) or "1", *(text for text, _ in below)])
        english = "/".join(["·".join(text for _, text in above) or "1", *(text for _, text in below)])
        return Unit(chinese, english, dimension, Fraction(1), english)

    def _power(self, name: str, exponent: int) -> tuple[str, str]:
        """Both names of a base unit's power: 平方米, and `秒^2` where no unit is that power."""
        for unit in self.units.values():
            if unit.dimension == ((name, exponent),) and unit.factor == 1:
                return unit.text, unit.english
        chinese, english = self._power(name, 1)
        return f"{chinese}^{exponent}", f"{english}^{exponent}"

    def as_data(self) -> dict[str, Any]:
        """The table as plain data (text, whole numbers, lists), fit for JSON."""
        units = [
            {
                "zh": unit.text,
                "en": unit.english,
                "singular": unit.english_singular,
                "dimension": dict(unit.dimension),
                "factor": list(unit.factor.as_integer_ratio()),
            }
            for unit in self.units.values()
        ]
        return {"units": units, "spellings": dict(self.spellings)}


def from_data(table: Mapping[str, Any]) -> UnitTable:
    """The table that `UnitTable.as_data` gave. ValueError, TypeError or LookupError for anything else."""
    units = [
        Unit(_name(row["zh"]), _name(row["en"]), _powers(row["dimension"]), _factor(*row["factor"]), _name(row["singular"]))
        for row in table["units"]
    ]
    by_name = {unit.text: unit for unit in units}
    return UnitTable(by_name, {spelling: by_name[name].text for spelling, name in dict(table["spellings"]).items()})


def _name(text: object) -> str:
    if text.__class__ is not str:
        raise TypeError("a name is text")
    return str(text)


def _factor(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)


def _powers(given: Mapping[str, int]) -> Dimension:
    if not all(power.__class__ is int for power in given.values()):
        raise TypeError("a power is a whole number")
    return _dimension(given)


@cache
def unit_table() -> UnitTable:
    """The table of `dsl/units.txt` and `dsl/units.toml`, built once, or as it was built before of the very same."""
    key = _key()
    found = payload(data.compiled("units"), key) or fetch(key)
    if found is not None:
        try:
            return from_data(json.loads(found))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
            pass
    table = _built()
    keep(key, _as_json(table))
    return table


def compile_units() -> bytes:
    """What a wheel holds as `compiled/units`."""
    return envelope(_as_json(_built()), _key())


def _built() -> UnitTable:
    return read_table(data.read_text("dsl", "units.txt"), data.read_text("dsl", "units.toml"))


def _as_json(table: UnitTable) -> bytes:
    return json.dumps(table.as_data(), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _key() -> str:
    """Of all that the table depends on: the two files, and this one."""
    code = (content for _, content in data.code(("measures/units.py",)))
    parts = (b"units", data.read_bytes("dsl", "units.txt"), data.read_bytes("dsl", "units.toml"), *code)
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def read_table(definitions: str, names: str) -> UnitTable:
    """A table from pint definitions and the text of a signs file. A fault in either is a programmer's mistake:
    ValueError, or pint's own error for a definition it cannot read."""
    import tomllib

    extra = tomllib.loads(names)
    signs: Mapping[str, str] = extra["signs"]
    factors = _factors(definitions)
    units: dict[str, Unit] = {}
    spellings: dict[str, str] = {}
    for name, others in _lines(definitions):
        sign = signs.get(name)
        english = [sign] if sign else [other for other in others if other.isascii()] or [name]
        factor, dimension = factors[name]
        text = sign or name
        units[text] = Unit(text, english[0], dimension, factor, english[:2][-1])
        for spelling in (name, text, *others):
            _add(spellings, spelling, text)
    for spelling, name in extra["spellings"].items():
        _add(spellings, spelling, signs.get(name, name))
    return UnitTable(units, spellings)


def _lines(definitions: str) -> list[tuple[str, list[str]]]:
    """Each unit's name with its further names, as pint's format has them: `name = definition = symbol = alias …`."""
    lines = [line for line in definitions.splitlines() if line.strip() and not line.startswith("#")]
    fields = [[field.strip() for field in line.split("=")] for line in lines]
    return [(name, others) for name, _, *others in fields]


def _add(spellings: dict[str, str], spelling: str, text: str) -> None:
    key = _spelling(spelling)
    if spellings.setdefault(key, text) != text:
        raise ValueError(f"unit spelling {spelling!r} stands for both {spellings[key]!r} and {text!r}")


def _factors(definitions: str) -> dict[str, tuple[Fraction, Dimension]]:
    """Each unit's exact factor and dimension, by pint."""
    from pint import UnitRegistry  # slow to import; only needed while a table is built

    registry: Any = UnitRegistry(definitions.splitlines(), non_int_type=Fraction, on_redefinition="raise")
    result: dict[str, tuple[Fraction, Dimension]] = {}
    for name, _ in _lines(definitions):
        factor, _ = registry.get_root_units(name)
        powers = {base.strip("[]"): int(power) for base, power in registry.get_dimensionality(name).items()}
        result[name] = (Fraction(factor), _dimension(powers))
    return result


_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_SPACE = re.compile(r"\s+")


def _spelling(text: str) -> str:
    """A spelling with widths and spaces made plain: `ｋｍ` is km, `working days` is working_days, `万 人` is 万人."""
    plain = text.translate(_WIDTHS).strip()
    return _SPACE.sub("_" if plain.isascii() else "", plain)


def _compound(parts: list[Unit]) -> Unit:
    first, *others = parts
    if not others:
        return first
    dimension, factor = first.dimension, first.factor
    for other in others:
        dimension, factor = divide(dimension, other.dimension), factor / other.factor
    below = [other.english_singular for other in others]
    return Unit(
        "/".join(part.text for part in parts),
        "/".join([first.english, *below]),
        dimension,
        factor,
        "/".join([first.english_singular, *below]),
    )


def _dimension(powers: Mapping[str, int]) -> Dimension:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _combine(left: Dimension, right: Dimension, sign: int) -> Dimension:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return _dimension(powers)


def multiply(left: Dimension, right: Dimension) -> Dimension:
    """The dimension of a product."""
    return _combine(left, right, 1)


def divide(left: Dimension, right: Dimension) -> Dimension:
    """The dimension of a quotient."""
    return _combine(left, right, -1)


def exact_text(value: Fraction) -> str:
    """A number as exact text: `50`, `0.72`, `-3`, and `2/3` where no decimal ends."""
    below, places = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while below % prime == 0:
            below, count = below // prime, count + 1
        places = max(places, count)
    if below != 1:
        return f"{value.numerator}/{value.denominator}"
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def describe(value: Fraction, unit: Unit | None, language: Language) -> str:
    """A value, given in base units, as exact text in `unit`: `0.72人`, `102米`, `200/3%`, `0.72 people`, `1 person`."""
    if unit is None:
        return exact_text(value)
    count = value / unit.factor
    number = exact_text(count)
    if language == "zh":
        return number + unit.text
    name = (unit.english_singular if count == 1 else unit.english).replace("_", " ")
    return number + ("" if name[0] in "%‰" else " ") + name
