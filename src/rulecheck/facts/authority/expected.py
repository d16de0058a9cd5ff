"""The roster of the units that should report (应报单位名录): who is who, by the codes and names that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.authority.listings import Row
from rulecheck.facts.credit_codes import compact, looks_like_credit_code, narrow, plain_code, read_credit_code
from rulecheck.facts.headings import Headings
from rulecheck.facts.identity import read_place
from rulecheck.facts.nodes import Faults, Problem, Spot, first_at, near, shown
from rulecheck.measures.places import Place, Places
from rulecheck.rules.model import Kind
from rulecheck.submission import ExpectedUnit

# --- who is who ---


@dataclass(frozen=True, slots=True)
class Expected:
    """The units of a roster in its order; `by_code` and `by_name` (full and short names) find each in whatever width."""

    units: tuple[ExpectedUnit, ...]
    by_code: Mapping[str, ExpectedUnit]
    by_name: Mapping[str, ExpectedUnit]

    def find(self, credit_code: str = "", id: str = "", name: str = "", *, with_short_names: bool = True) -> ExpectedUnit | None:
        """The unit that a submission calls by these; None where it is none of the roster's.

        Codes come first, but a running number (1, 2, 3) that happens to be a code says nothing beside a name. A name never goes
        against a credit code: who gives one that is not the unit's is another. A short name alone may be anybody's within another
        subject, so there `with_short_names` is False.
        """
        for code in (credit_code, id):
            unit = self.by_code.get(plain_code(code)) if code else None
            if unit is not None and (self.by_name.get(plain_name(name)) is unit or not (name and _NUMBER.fullmatch(code))):
                return unit
        for text in (name, id):
            unit = self.by_name.get(plain_name(text)) if text else None
            if unit is None or (credit_code and unit.is_credit_code):
                continue
            if with_short_names or plain_name(unit.full_name) == plain_name(text):
                return unit
        return None

    def by_path(self, file: str) -> tuple[ExpectedUnit, ...]:
        """The units that the name of a file, else of a folder around it, holds, the innermost name first; a code where it holds
        no name. A name that is part of a longer one around it (`大冶市/文旅局.xlsx` as well) is that longer one."""
        *folders, last = file.split("/")
        parts = [last.rpartition(".")[0] or last, *reversed(folders)]
        plain = [plain_name(part) for part in parts]
        names = [self._names_in(text) for text in (*plain, "".join(reversed(plain)))]
        for position, found in enumerate(names):
            if found:
                wider = [name for others in names[position + 1 :] for name in others]
                return tuple(dict.fromkeys(self.by_name[self._widest(name, wider)] for name in found))
            coded = self._coded_in(narrow(parts[position]).upper()) if position < len(parts) else ()
            if coded:
                return coded
        return ()

    def _widest(self, name: str, others: Iterable[str]) -> str:
        """The name, or that of another unit around it which holds it: in `大冶市文旅局/文旅局.xlsx` 文旅局 is nobody else's."""
        return next((other for other in others if name in other and self.by_name[other] is not self.by_name[name]), name)

    def _names_in(self, text: str) -> list[str]:
        """The longest name in a text, then what the rest of it holds; in the order of the text."""
        held = [name for name in self.by_name if len(name) >= _SHORTEST_NAME and name in text]
        left, found = text, []
        for name in sorted(held, key=lambda name: (-len(name), name)):
            if name in left and not self._is_elsewhere(name, left):
                left = left.replace(name, "\n")
                found.append(name)
        return sorted(found, key=text.index)

    def _is_elsewhere(self, name: str, text: str) -> bool:
        """Whether a place before the name makes it another unit's: 云栖县文旅局 is not the city's 文旅局."""
        before = _CUT.split(_NOT_CHINESE.split(text[: text.index(name)])[-1])[-1]
        is_placed = name[0] in _PLACE_ENDS or before[-1:] in _PLACE_ENDS
        return bool(before) and before != "市" and is_placed and before + name not in plain_name(self.by_name[name].full_name)

    @staticmethod
    def rivals(text: str, unit: ExpectedUnit, others: Iterable[ExpectedUnit]) -> list[ExpectedUnit]:
        """Those of other units that a text, a short name of `unit`, may be short for as well: it is part of their names. The full
        name of `unit` can mean no other."""
        name = plain_name(text)
        if name == plain_name(unit.full_name):
            return []
        return [
            each
            for each in others
            if each is not unit and any(name in plain_name(known) for known in (each.full_name, *each.short_names))
        ]

    def _coded_in(self, text: str) -> tuple[ExpectedUnit, ...]:
        held = (code for code in self.by_code if len(code) >= _SHORTEST_CODE and code in text)
        whole = (code for code in held if re.search(rf"(?<![0-9A-Z]){re.escape(code)}(?![0-9A-Z])", text))
        return tuple(dict.fromkeys(self.by_code[code] for code in whole))


_SHORTEST_NAME: Final = 2
_SHORTEST_CODE: Final = 5
"""Characters of a name or code that is looked for inside a file name: what is shorter stands there by chance."""

_PLACE_ENDS: Final = frozenset("省市州县区旗乡镇")
_NOT_CHINESE: Final = re.compile(r"[^\u4e00-\u9fff]")
_CUT: Final = re.compile("[年月日度号件送于]")
"""What stands before a name and is no place, as in 2023年度市航标局."""

_NUMBER: Final = re.compile(r"[0-9０-９]{1,4}")
"""What may as well be the number of a row."""


def plain_name(name: str) -> str:
    """A name without blanks, full-width brackets or capitals, so that one written otherwise is the same."""
    return compact(name).casefold()


# --- the roster ---

_BETWEEN: Final = re.compile(r"[、；;，,/|\n]")


def read_expected(rows: Sequence[Row], faults: Faults, headings: Headings) -> Expected | None:
    """The roster of these rows; None where any of them has a fault: with half a roster silence could not be told."""
    reader = _Reader(faults, headings)
    for row in rows:
        reader.read(row)
    if faults.errors or not reader.units:
        return None
    return Expected(tuple(reader.units), reader.by_code, reader.by_name)


class _Reader:
    """Reads the units of one roster, each code and name belonging to one of them."""

    def __init__(self, faults: Faults, headings: Headings) -> None:
        self.faults = faults
        self.headings = headings
        self.units: list[ExpectedUnit] = []
        self.by_code: dict[str, ExpectedUnit] = {}
        self.by_name: dict[str, ExpectedUnit] = {}
        self._first: dict[str, Spot] = {}

    def read(self, row: Row) -> None:
        full_name = row.text("full_name")
        written = row.text("code")
        code: str | Problem = plain_code(written) if written else full_name
        is_credit_code = bool(written) and looks_like_credit_code(written)
        if is_credit_code:
            code = read_credit_code(written)
        if isinstance(code, Problem):
            self.faults.report(code, row.at("code"))
            code = plain_code(written)
        unit = ExpectedUnit(
            code=code,
            full_name=full_name,
            short_names=tuple(dict.fromkeys(name for name, _ in _several(row, "short_names"))),
            level=row.text("level"),
            place=self._place(row, self.headings.rules.places),
            reports=tuple(dict.fromkeys(kind.id for kind in self._kinds(row))),
            is_credit_code=is_credit_code,
        )
        self.units.append(unit)
        if written:
            self._take(self.by_code, plain_code(code), unit, written, "E120", row.at("code"))
        self._take(self.by_name, plain_name(full_name), unit, full_name, "E121", row.at("full_name"))
        for name, spot in _several(row, "short_names"):
            self._take(self.by_name, plain_name(name), unit, name, "E122", spot)

    def _take(self, known: dict[str, ExpectedUnit], key: str, unit: ExpectedUnit, text: str, code: str, spot: Spot) -> None:
        """A code or name for this unit and no other."""
        other = known.setdefault(key, unit)
        if other is not unit:
            values = {"text": shown(text), "unit": shown(unit.full_name), "other": shown(other.full_name)}
            self.faults.add(code, spot, **values, **first_at(self._first[key]))
        self._first.setdefault(key, spot)

    def _place(self, row: Row, places: Places) -> Place | None:
        place = read_place(row.text("place"), places)
        if isinstance(place, Problem):
            self.faults.report(place, row.at("place"))
            return None
        return place

    def _kinds(self, row: Row) -> Iterable[Kind]:
        for name, spot in _several(row, "reports"):
            kind = self.headings.rules.kind_named(name)
            if kind is not None:
                yield kind
            else:
                self.faults.add("F201", spot, name=shown(name), near=near(name, self.headings.kind_names))


def _several(row: Row, column: str) -> list[tuple[str, Spot]]:
    """The texts of a column that may hold several, from a list or with separators between them."""
    return [(text.strip(), cell.spot) for cell in row.cells.get(column, ()) for text in _BETWEEN.split(cell.text) if text.strip()]
