"""The list of what was received (报送清单): which file a later version replaces. Only there is that said; without it two files
for one subject are merged, and what they contradict goes back to both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.facts.authority.listings import Row
from rulecheck.facts.identity import read_day
from rulecheck.facts.nodes import Faults, Problem, Spot, first_at, near, shown


@dataclass(slots=True)
class _Claim:
    """One row: `file` replaces `older`, both as the run calls them."""

    file: str
    older: str
    spot: Spot
    day: int | None


def read_manifest(rows: Sequence[Row], faults: Faults, files: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Which file is replaced by which, sorted; nothing where a row has a fault. `files`: the names of the files of this run.

    A name is a file's whole name in the run, or as much of its end as tells it from the others.
    """
    reader = _Reader(faults, sorted(files))
    for row in rows:
        reader.read(row)
    reader.check()
    return () if faults.errors else tuple(sorted((claim.older, claim.file) for claim in reader.claims))


class _Reader:
    """Reads the rows of one list."""

    def __init__(self, faults: Faults, files: Sequence[str]) -> None:
        self.faults = faults
        self.files = files
        self.claims: list[_Claim] = []
        self._days: dict[str, int] = {}

    def read(self, row: Row) -> None:
        file = self._file(row.text("file"), row.at("file"))
        day = self._day(row)
        if file and day is not None:
            self._days[file] = day
        for cell in row.cells.get("replaces", ()):
            older = self._file(cell.text.strip(), cell.spot)
            if file and older == file:
                self.faults.add("E142", cell.spot, file=shown(file))
            elif file and older:
                self.claims.append(_Claim(file, older, cell.spot, day))

    def _file(self, text: str, spot: Spot) -> str:
        """The file that a name means; empty, with a fault, where it means none or several."""
        name = text.replace("\\", "/").removeprefix("./")
        meant = [file for file in self.files if file == name] or [file for file in self.files if file.endswith(f"/{name}")]
        if len(meant) == 1:
            return meant[0]
        if meant:
            self.faults.add("E141", spot, file=shown(text), files="、".join(meant[:_NAMED]))
        else:
            ends = [file.rpartition("/")[2] for file in self.files]
            self.faults.add("E140", spot, file=shown(text), near=near(name.rpartition("/")[2], [*self.files, *ends]))
        return ""

    def _day(self, row: Row) -> int | None:
        day = read_day(row.text("received_on"))
        if isinstance(day, Problem):
            self.faults.report(day, row.at("received_on"))
            return None
        return day

    def check(self) -> None:
        """No file is replaced by two, none by one that came before it, none by itself through others."""
        first: dict[str, _Claim] = {}
        for claim in self.claims:
            other = first.setdefault(claim.older, claim)
            if other is not claim:
                values = {"file": shown(claim.older), "one": shown(other.file), "other": shown(claim.file)}
                self.faults.add("E143", claim.spot, **values, **first_at(other.spot))
            earlier = self._days.get(claim.older)
            if claim.day is not None and earlier is not None and claim.day < earlier:
                self.faults.add("E145", claim.spot, file=shown(claim.file), older=shown(claim.older))
        by = {older: claim.file for older, claim in first.items()}
        told: set[str] = set()
        for claim in self.claims:
            circle = _circle(claim.older, by)
            if circle and told.isdisjoint(circle):
                told.update(circle)
                self.faults.add("E144", claim.spot, files="、".join(shown(file) for file in circle))


def _circle(start: str, by: dict[str, str]) -> list[str]:
    """The files from `start` round to itself; nothing where it leads elsewhere."""
    path = [start]
    while path[-1] in by:
        after = by[path[-1]]
        if after == start:
            return path
        if after in path:
            return []
        path.append(after)
    return []


_NAMED: Final = 6
