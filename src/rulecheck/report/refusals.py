"""What goes back to whom (退回清单): files refused, figures that contradict one another, what is still to be reported, by unit.

Every sentence is one that can be sent on to the unit as it is. Any format may show them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.judgement import DataFault, Judgement, MissingFact, Party, Report, SubjectLine
from rulecheck.language.diagnostics import Diagnostic, help_text, message
from rulecheck.language.syntax import Language
from rulecheck.report.blocks import origin_text, title
from rulecheck.report.moves import SUBMITTER, open_judgements, waiting_for
from rulecheck.report.wording import both, join, pick, quoted, say
from rulecheck.rules.model import Bilingual
from rulecheck.submission import ExpectedUnit, Origin, Received, Refusal, Standing, State


class Part(StrEnum):
    """What is asked of the unit, in the order of a list."""

    REFUSED = "refused"
    """A file was not taken: it is to be put right and handed in again."""
    CONTRADICTION = "contradiction"
    """Figures that were taken cannot all be true."""
    MISSING = "missing"
    """A fact is still to be reported."""
    SILENT = "silent"
    """Nothing was received at all, or nothing of a kind that the unit is to report."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be put right. `file` and `place` are empty where it stands in no file; `code` is the message's, or empty."""

    part: Part
    file: str
    place: Bilingual
    what: Bilingual
    to_do: Bilingual
    code: str = ""


@dataclass(frozen=True, slots=True)
class UnitRefusals:
    """What goes back to one unit: `unit` of the roster, else the `name` that tells it. Where nothing tells who it is both are
    empty, and all items are of one file, which is `about` some units of the roster or none."""

    name: str
    unit: ExpectedUnit | None
    items: tuple[Item, ...]
    about: tuple[str, ...] = ()

    def of(self, part: Part) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.part is part)

    @property
    def refused_files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.file for item in self.of(Part.REFUSED)))


_NOTHING: Final = Bilingual("", "")


def refusals(report: Report) -> tuple[UnitRefusals, ...]:
    """The units that something goes back to: those of the roster in its order, then others by name, files of nobody last."""
    addresses = _Addresses(report)
    found: dict[_Address, dict[Item, None]] = {}
    for address, item in _items(report, addresses):
        found.setdefault(address, {})[item] = None
    return tuple(
        addresses.unit(address, tuple(sorted(found[address], key=_order))) for address in sorted(found, key=addresses.rank)
    )


def _order(item: Item) -> tuple[int, str]:
    return list(Part).index(item.part), item.file


# --- to whom ---


@dataclass(frozen=True, slots=True)
class _Address:
    """`code` of a unit of the roster, else the `name` of another, else the one `file` that is nobody's."""

    code: str = ""
    name: str = ""
    file: str = ""


class _Addresses:
    """Whom each file and subject goes back to. Who signed a file answers for all of it; else a subject goes back to itself or
    whoever is above it or bound, as far as the roster knows them, and else with its file to the one unit that this is from."""

    def __init__(self, report: Report) -> None:
        self.units: dict[str, ExpectedUnit] = {standing.unit.code: standing.unit for standing in report.expected or ()}
        files: list[Received | Refusal] = [*report.received, *report.refused]
        self.files = {each.file: each for each in files}
        self._positions = {code: position for position, code in enumerate(self.units)}
        self._codes = {
            _plain(name): code for code, unit in self.units.items() for name in (code, unit.full_name, *unit.short_names)
        }
        self._bounds: dict[tuple[str, str], Party] = {}
        self._about: dict[str, tuple[set[str], set[str]]] = {}
        for judgement in report.judgements:
            subject, bound = judgement.subject, judgement.bound
            self._bounds.setdefault((subject.type, subject.id), bound)
            outermost = subject.parents[-1] if subject.parents else Party(subject.type, subject.id, subject.name)
            about = self._about.setdefault(subject.origin.file, (set(), set()))
            for names, party in zip(about, (outermost, bound), strict=True):
                names.add(party.name or party.id or "")

    def of_file(self, file: str) -> _Address:
        """A file of several units that nobody signed is nobody's: whoever put it together has to be found."""
        source = self.files.get(file)
        if source is not None and source.unit:
            return self._of_name(source.unit)
        if source is not None and source.units:
            return _Address(source.units[0]) if len(source.units) == 1 else _Address(file=file)
        for names in self._about.get(file, ()):  # without a roster: the one whom all of it is about, or who is bound in all of it
            if len(names) == 1 and (name := next(iter(names))) and not name.startswith(_HIDDEN):
                return self._of_name(name)
        return _Address(file=file)

    def of_subject(self, subject: SubjectLine) -> _Address:
        source = self.files.get(subject.origin.file)
        if source is None or not source.unit:
            parties = [Party(subject.type, subject.id, subject.name), *subject.parents]
            bound = self._bounds.get((subject.type, subject.id))
            for party in (*parties, *([bound] if bound is not None else [])):
                for name in (party.id, party.name):
                    if name and _plain(name) in self._codes:
                        return self._of_name(name)
        return self.of_file(subject.origin.file)

    def _of_name(self, name: str) -> _Address:
        code = self._codes.get(_plain(name))
        return _Address(code) if code is not None else _Address(name=name)

    def rank(self, address: _Address) -> tuple[bool, bool, int, str, str]:
        return (not address.code, bool(address.file), self._positions.get(address.code, 0), address.name, address.file)

    def unit(self, address: _Address, items: tuple[Item, ...]) -> UnitRefusals:
        unit = self.units.get(address.code)
        source = self.files.get(address.file)
        about = tuple(self.units[code].full_name for code in source.units if code in self.units) if source is not None else ()
        return UnitRefusals(unit.full_name if unit is not None else address.name or address.code, unit, items, about)


_HIDDEN: Final = "***"
"""How the name of a subject begins that is kept back."""


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


# --- what ---


def _items(report: Report, addresses: _Addresses) -> Iterator[tuple[_Address, Item]]:
    for refusal in report.refused:
        if refusal.is_submission:
            address = addresses.of_file(refusal.file)
            yield from ((address, _refused(refusal.file, fault)) for fault in refusal.faults)
    for fault in report.faults:
        for address in _concerned(fault, addresses):
            yield address, _contradiction(fault)
    yield from _missing(report, addresses)
    for standing in report.expected or ():
        yield from ((_Address(standing.unit.code), item) for item in _silent(standing))


def _in_both(make: Callable[[Language], str]) -> Bilingual:
    return Bilingual(make("zh"), make("en"))


def _refused(file: str, fault: Diagnostic) -> Item:
    values = fault.values
    return Item(
        Part.REFUSED,
        file,
        _in_both(lambda language: place_of(fault, language)),
        _in_both(lambda language: message(fault.code, language, values)),
        _in_both(lambda language: help_text(fault.code, language, values) or say("refusals.put_right", language)),
        fault.code,
    )


def place_of(fault: Diagnostic, language: Language) -> str:
    """Where in its file a fault is."""
    if fault.labels:
        return say("refusals.line", language, line=fault.labels[0].span.line)
    return fault.place.told(language).removeprefix("!") if fault.place is not None else ""


def _concerned(fault: DataFault, addresses: _Addresses) -> Iterable[_Address]:
    """Whoever answers for the subject, and whoever else sent one of the figures."""
    found = [addresses.of_subject(fault.subject)]
    found += [addresses.of_file(origin.file) for origin in fault.origins if origin.file != fault.subject.origin.file]
    return dict.fromkeys(address for address in found if not address.file) or found[:1]


def _contradiction(fault: DataFault) -> Item:
    origins = fault.origins or (fault.subject.origin,)

    def what(language: Language) -> str:
        name = quoted(pick(fault.name, language), language)
        subject = fault.subject.name or fault.subject.id
        return say("refusals.contradiction", language, subject=subject, name=name, text=pick(fault.text, language))

    places = _in_both(lambda language: _places(origins, language))
    return Item(Part.CONTRADICTION, origins[0].file, places, _in_both(what), both("refusals.verify"))


def _places(origins: Sequence[Origin], language: Language) -> str:
    """Where figures stand, each with its file where they are in several."""
    if len({origin.file for origin in origins}) > 1:
        return join((origin_text(origin, language) for origin in origins), language)
    return join(dict.fromkeys(_within_file(origin, language) for origin in origins), language)


def _within_file(origin: Origin, language: Language) -> str:
    return (origin.where_zh if language == "zh" else origin.where_en).removeprefix("!")


def _missing(report: Report, addresses: _Addresses) -> Iterator[tuple[_Address, Item]]:
    """Each fact once, with the rules that wait for it."""
    lines = {judgement.subject.id: judgement.subject for judgement in report.judgements}
    asked: dict[tuple[_Address, str, str, str | None], tuple[SubjectLine, MissingFact, dict[str, Judgement]]] = {}
    for judgement in waiting_for(SUBMITTER, open_judgements(report)):
        for missing in judgement.missing:
            if missing.awaiting == SUBMITTER and not missing.is_disputed:  # what contradicts is an item already
                own = judgement.subject
                line = own if missing.subject in (None, own.id) else lines.get(missing.subject or "", own)
                key = (addresses.of_subject(line), missing.subject or own.id, missing.fact, missing.period)
                _, _, waiting = asked.setdefault(key, (line, missing, {}))
                waiting[judgement.id] = judgement
    for (address, *_), (line, missing, waiting) in asked.items():
        yield address, _to_report(line, missing, waiting.values())


def _to_report(line: SubjectLine, missing: MissingFact, waiting: Iterable[Judgement]) -> Item:
    is_own = missing.subject in (None, line.id)
    subject = line.name or line.id if is_own else missing.subject_name or missing.subject or ""

    def what(language: Language) -> str:
        rules = join(dict.fromkeys(quoted(title(judgement, language), language) for judgement in waiting), language)
        return say("refusals.missing", language, subject=subject, fact=pick(missing.name, language), rules=rules)

    def to_do(language: Language) -> str:
        return say("refusals.report", language, subject=subject, fact=pick(missing.name, language))

    place = _in_both(lambda language: _within_file(line.origin, language)) if is_own else _NOTHING
    return Item(Part.MISSING, line.origin.file if is_own else "", place, _in_both(what), _in_both(to_do))


def _silent(standing: Standing) -> Iterator[Item]:
    for file in standing.unread:
        yield Item(Part.REFUSED, file, _NOTHING, both("refusals.unread"), both("refusals.unread_advice"))
    if standing.state is State.SILENT:
        yield Item(Part.SILENT, "", _NOTHING, both("refusals.silent"), both("refusals.hand_in"))
    for kind in standing.missing:
        yield Item(Part.SILENT, "", _NOTHING, _lacks(kind), both("refusals.hand_in_kind"))


def _lacks(kind: Bilingual) -> Bilingual:
    return _in_both(lambda language: say("refusals.lacks", language, kind=quoted(pick(kind, language), language)))
