"""Which file comes from which unit of the roster, and where each unit stands.

A file is told by the subjects in it and by its signature; where neither is on the roster, by the name of the file or of a folder
that it lies in. Whoever is in no file is silent (未报送).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, Literal

from rulecheck.dataclass import dataclass, field, replace
from rulecheck.facts.authority.expected import Expected, plain_name
from rulecheck.facts.authority.listings import seals
from rulecheck.facts.credit_codes import plain_code
from rulecheck.facts.nodes import Faults, Spot, shown
from rulecheck.facts.told import Draft, FileFacts
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind
from rulecheck.submission import ExpectedUnit, Standing, State


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What a file calls one of its subjects; nothing where its kind is sensitive. `parent`: what 上级 says, `above`: the subject
    it is nested in, `place`: where the file says it is. `at`: where it stands, made when asked for."""

    kind: str
    credit_code: str = ""
    id: str = ""
    name: str = ""
    parent: str = ""
    above: Named | None = None
    place: Place | None = None
    at: Callable[[], Spot] = lambda: 0

    @property
    def is_nested(self) -> bool:
        return self.above is not None or bool(self.parent)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one file says of where it comes from: its subjects, who signed it (as written), and kinds of which it holds something
    besides, or of which it says that there are none."""

    file: str
    named: tuple[Named, ...] = ()
    signed: str = ""
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contested:
    """What is `unit`'s and yet may mean `rival`: a short name, in a file that seems to be from `rival`, whose names hold it as
    well; or a code beside a name of `rival`. `fault`: which of the two."""

    fault: Literal["E135", "E136"]
    text: str
    unit: ExpectedUnit
    rival: ExpectedUnit
    spot: Spot


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a file comes from. `kinds`: what it holds of each unit, by the unit's code. `called`: what the file calls its sender
    or its first subject. `strangers`: subjects that stand beside units of the roster and are none of them; `doubtful` (name,
    code, the roster's code): subjects whose name is a unit's and whose credit code is not; `contested`: names and codes that
    may be another unit's."""

    units: tuple[ExpectedUnit, ...] = ()
    told_by: str = ""
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: str = ""
    strangers: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, str, str], ...] = ()
    contested: tuple[Contested, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(unit.code for unit in self.units)

    @property
    def place(self) -> Place | None:
        """The place that the roster gives, where all units of the file share it."""
        places = {unit.place for unit in self.units}
        return next(iter(places)) if len(places) == 1 else None


def tell(expected: Expected, sent: Sent) -> Sender:
    """Where a file comes from: whoever it has subjects of and whoever signed it; where neither is on the roster, by its name."""
    of = _Units(expected, sent)
    units = {unit.code: unit for named in sent.named if (unit := of.unit(named)) is not None}
    told_by = "subjects" if units else ""
    signer = of.signer()
    senders: tuple[ExpectedUnit, ...] = (signer,) if signer is not None else ()
    if not units:
        told_by = "signature" if senders else ""
        if not senders:
            senders = expected.by_path(sent.file)
            told_by = "name" if senders else ""
    kinds: dict[str, set[str]] = {}
    for named in sent.named:
        unit = of.unit(named)
        if unit is not None:
            kinds.setdefault(unit.code, set()).add(named.kind)
    # Who sends a file, or is the only one in it, reports all that it holds.
    for unit in senders or (tuple(units.values()) if len(units) == 1 else ()):
        units.setdefault(unit.code, unit)
        kinds.setdefault(unit.code, set()).update(sent.kinds, (named.kind for named in sent.named))
    return Sender(
        units=tuple(units.values()),
        told_by=told_by,
        kinds={code: frozenset(each) for code, each in kinds.items()},
        called=sent.signed or next((each.name or each.id for each in sent.named if not each.is_nested), ""),
        strangers=of.strangers(sent.named) if told_by == "subjects" else (),
        doubtful=of.doubtful(sent.named),
        contested=of.contested(sent.named),
    )


class _Units:
    """The units of the subjects of one file, each asked for once. A short name that is part of another unit's names is that
    one's where the file seems to be from it: figures must never go to a unit that did not send them."""

    def __init__(self, expected: Expected, sent: Sent) -> None:
        self.expected = expected
        self.sent = sent
        self._found: dict[Named, ExpectedUnit | None] = {}
        self._contested: dict[Named, Contested] = {}
        self._by_path: tuple[ExpectedUnit, ...] | None = None
        self._places: dict[Place, list[ExpectedUnit]] = {}

    def unit(self, named: Named) -> ExpectedUnit | None:
        """The unit that a subject is or is part of."""
        if named not in self._found:
            self._found[named] = self._unit(named)
        return self._found[named]

    def _unit(self, named: Named) -> ExpectedUnit | None:
        found = self.expected.find(named.credit_code, named.id, named.name, with_short_names=not named.is_nested)
        if found is not None:
            code = next((each for each in (named.credit_code, named.id) if self._by_code(each) is found), "")
            if code:
                other = self.expected.find(name=named.name, with_short_names=not named.is_nested) if named.name else None
                if other is None or other is found:
                    return found
                self._contested[named] = Contested("E136", code, found, other, named.at())
                return other
            called = next(each for each in (named.name, named.id) if self.expected.by_name.get(plain_name(each)) is found)
            return self._agreed(named, called, found)
        if named.above is not None:
            return self.unit(named.above)
        found = self.expected.find(id=named.parent, name=named.parent) if named.parent else None
        return self._agreed(named, named.parent, found) if found is not None else None

    def signer(self) -> ExpectedUnit | None:
        """Whoever signed the file."""
        signer = self.expected.find(name=self.sent.signed) if self.sent.signed else None
        return signer and (self._rival(self.sent.signed, signer, self._path()) or signer)

    def contested(self, all_named: Sequence[Named]) -> tuple[Contested, ...]:
        """Names and codes that may be another unit's, of subjects and under the file, each once."""
        found = [self._contested[named] for named in all_named if named in self._contested]
        signer = self.expected.find(name=self.sent.signed) if self.sent.signed else None
        rival = self._rival(self.sent.signed, signer, self._path()) if signer is not None else None
        if signer is not None and rival is not None:
            found.append(Contested("E135", self.sent.signed, signer, rival, 0))
        return tuple({(each.fault, each.text, each.rival.code): each for each in reversed(found)}.values())[::-1]

    def _by_code(self, code: str) -> ExpectedUnit | None:
        return self.expected.by_code.get(plain_code(code)) if code else None

    def _agreed(self, named: Named, text: str, found: ExpectedUnit) -> ExpectedUnit:
        """The unit that a text is a name of, where nothing speaks against it; else the one that it may be."""
        signer = self.signer()
        rival = self._rival(text, found, (*self._path(), *((signer,) if signer is not None else ())), named.place)
        if rival is None:
            return found
        self._contested[named] = Contested("E135", text, found, rival, named.at())
        return rival

    def _rival(
        self, text: str, unit: ExpectedUnit, hints: Collection[ExpectedUnit], place: Place | None = None
    ) -> ExpectedUnit | None:
        """The unit that hints, or else a place, mean by a short name of another; None where they do not speak against it."""
        if unit in hints or plain_code(text) in self.expected.by_code:
            return None
        hinted = self.expected.rivals(text, unit, hints)
        if not hinted and place is not None and place != unit.place:
            hinted = self.expected.rivals(text, unit, self._in(place))
        return hinted[0] if hinted else None

    def _in(self, place: Place) -> Sequence[ExpectedUnit]:
        """The units that the roster has in a place."""
        if place not in self._places:
            self._places[place] = [unit for unit in self.expected.units if unit.place == place]
        return self._places[place]

    def _path(self) -> tuple[ExpectedUnit, ...]:
        if self._by_path is None:
            self._by_path = self.expected.by_path(self.sent.file)
        return self._by_path

    def strangers(self, all_named: Sequence[Named]) -> tuple[str, ...]:
        """Subjects of the kinds that the roster's units in this file are of, which are none of them."""
        tops = [named for named in all_named if not named.is_nested]
        kinds = {named.kind for named in tops if self.unit(named) is not None}
        found = (named for named in tops if named.kind in kinds and self.unit(named) is None)
        return tuple(dict.fromkeys(named.name or named.id or named.credit_code for named in found))

    def doubtful(self, all_named: Sequence[Named]) -> tuple[tuple[str, str, str], ...]:
        found = []
        for named in all_named:
            if named.credit_code and self.unit(named) is None:
                other = self.expected.find(id=named.id, name=named.name, with_short_names=not named.is_nested)
                if other is not None:
                    found.append((named.name or named.id, plain_code(named.credit_code), other.code))
        return tuple(dict.fromkeys(found))


_CONTESTED: Final = frozenset({"E135", "E136"})

_NAMED: Final = 6
"""Names listed in a remark; how many there are is said."""


def remark(told: Sender, faults: Faults) -> None:
    """Remarks on a file, or on subjects in it, of nobody on the roster (名录外). A file whose names may be another unit's goes
    back."""
    for each in told.contested:
        values = {"text": shown(each.text), "unit": shown(each.unit.full_name), "rival": shown(each.rival.full_name)}
        faults.add(each.fault, each.spot, **values)
    for name, code, known in told.doubtful:
        faults.warn("E133", 0, name=shown(name), given=code, known=known)
    if not told.units:
        faults.warn("E130" if told.called else "E131", 0, name=shown(told.called))
    elif told.strangers:
        names = "、".join(shown(name) for name in told.strangers[:_NAMED])
        faults.warn("E132", 0, names=names, count=len(told.strangers))


def namesakes(expected: Expected, sent: Mapping[str, Sent], senders: Mapping[str, Sender], faults: Mapping[str, Faults]) -> None:
    """Remarks on subjects that are none of the roster's, called alike in files of different units: they count as one subject,
    and may be two (two bureaus, each with a 服务中心)."""
    known: dict[tuple[str, str], dict[str, Named]] = {}
    for file in sorted(sent):
        for named in sent[file].named if senders[file].units else ():
            if not named.credit_code and not named.is_nested and expected.find("", named.id, named.name) is None:
                known.setdefault((named.kind, named.id or named.name), {}).setdefault(file, named)
    for (_, called), by_file in known.items():
        first, *others = by_file if called else ("",)
        for file in others:
            if set(senders[file].codes).isdisjoint(senders[first].codes):
                faults[file].warn("E137", by_file[file].at(), name=shown(called), other=first)


# --- the subjects of the files, by the roster ---


def sent_of(file: FileFacts) -> Sent:
    """What a file that was read says of where it comes from."""
    made: dict[Draft, Named] = {}
    for draft in file.drafts:
        above = made.get(draft.parent) if draft.parent is not None else None
        names = (draft.written_code, draft.written_id, draft.written_name, draft.parent_text)
        called = names if _is_named(draft.kind) else ("", "", "", draft.parent_text)
        place = draft.place or draft.header_place
        made[draft] = Named(draft.kind.id, *called, above, place, partial(_of_draft, draft))
    named = list(made.values())
    for block in file.blocks:
        rows = zip(block.codes, block.ids, block.names, block.parents, strict=True)
        if _is_named(block.kind):
            places = (place or block.header_place for place in block.places)
            named += [
                Named(block.kind.id, *row, None, place, partial(block.spots.row, number))
                for number, (row, place) in enumerate(zip(rows, places, strict=True))
            ]
        else:
            named += [Named(block.kind.id, parent=parent) for parent in dict.fromkeys(block.parents)]
    return Sent(file.file, tuple(named), signed_by(file), frozenset(file.kinds() | file.told_empty))


def _of_draft(draft: Draft) -> Spot:
    return draft.spot


_BRACKETS: Final = re.compile(r"[（(]([^（）()]*)[)）]\s*\Z")


def signed_by(file: FileFacts) -> str:
    """The unit that signed a file, as written but for a remark on its seal: `市航标局（盖章）`."""
    text = file.signature.get("unit", "")
    behind = _BRACKETS.search(text)
    return text[: behind.start()].rstrip() if behind and behind[1].strip().lower() in seals() else text


def learn(expected: Expected, files: Iterable[Sent]) -> Expected:
    """The roster with the credit codes that units give beside their names, where it has none for them: another file may give the
    code alone. A code that two units give is nobody's."""
    told: dict[str, dict[str, ExpectedUnit]] = {}
    for file in files:
        of = _Units(expected, file)
        for named in file.named:
            code = plain_code(named.credit_code)
            if not code or code in expected.by_code:
                continue
            unit = expected.find(code, named.id, named.name, with_short_names=not named.is_nested)
            if unit is not None and of.unit(named) is unit:
                told.setdefault(code, {})[unit.code] = unit
    learnt = {code: next(iter(units.values())) for code, units in told.items() if len(units) == 1}
    return replace(expected, by_code={**learnt, **expected.by_code})


def recognise(expected: Expected, file: FileFacts) -> None:
    """Subjects that are units of the roster under the roster's code and full name, so that files which call one unit differently
    tell of one subject. Not in a file that goes back because its names may be another unit's."""
    if any(fault.code in _CONTESTED for fault in file.faults.errors):
        return
    for draft in file.drafts:
        if _is_named(draft.kind):
            is_nested = draft.parent is not None or bool(draft.parent_text)
            unit = expected.find(draft.written_code, draft.written_id, draft.written_name, with_short_names=not is_nested)
            if unit is not None:
                draft.written_code, draft.written_name = unit.code, unit.full_name
    for block in file.blocks:
        if _is_named(block.kind):
            rows = zip(block.codes, block.ids, block.names, block.parents, strict=True)
            for row, (code, id_, name, parent) in enumerate(rows):
                unit = expected.find(code, id_, name, with_short_names=not parent)
                if unit is not None:
                    block.codes[row], block.names[row] = unit.code, unit.full_name


def _is_named(kind: Kind) -> bool:
    """Whether a unit of the roster can be of this kind: no event, and nothing whose names are kept back."""
    return kind.occurs_on is None and not kind.sensitive


@dataclass(frozen=True, slots=True)
class Senders:
    """The roster with where each file of the run comes from: what joining the files asks."""

    expected: Expected
    senders: Mapping[str, Sender]

    def code(self, text: str, file: str = "") -> str:
        """The code of the unit that a text in a file names, else the text; also where it is a short name that may be that of
        whoever sent the file."""
        unit = self.expected.find(id=text, name=text)
        if unit is None:
            return text
        units = self.senders[file].units if file in self.senders else ()
        is_other = unit not in units and plain_code(text) not in self.expected.by_code
        return text if is_other and self.expected.rivals(text, unit, units) else unit.code

    def place(self, id: str, files: Collection[str]) -> Place | None:
        """The place of a subject for which no file says one: its own on the roster, else that of those who sent it."""
        unit = self.expected.find(id=id)
        if unit is not None:
            return unit.place
        places = {self.senders[file].place for file in files if file in self.senders}
        return next(iter(places)) if len(places) == 1 else None


# --- where each unit stands ---


def standings(
    expected: Expected,
    taken: Mapping[str, Sender],
    refused: Mapping[str, Sender],
    unread: Collection[str],
    kinds: Mapping[str, Kind],
) -> tuple[Standing, ...]:
    """Where each unit of the roster stands, in its order. `taken` and `refused`: where each such file comes from; `unread`: files
    that nobody can check, which are told by their names."""
    of_taken, of_refused = _by_unit(taken), _by_unit(refused)
    of_unread = _by_unit({file: Sender(expected.by_path(file)) for file in unread})
    none: dict[str, frozenset[str]] = {}
    found = []
    for unit in expected.units:
        mine, back = of_taken.get(unit.code, none), of_refused.get(unit.code, none)
        held = frozenset[str]().union(*mine.values(), *back.values())
        missing = [kind for kind in unit.reports if kind not in held]
        found.append(
            Standing(
                unit,
                _state(bool(mine), bool(back), bool(missing)),
                files=tuple(sorted(mine)),
                refused=tuple(sorted(back)),
                unread=tuple(sorted(of_unread.get(unit.code, none))),
                missing=tuple(kinds[kind].name for kind in missing) if mine or back else (),
            )
        )
    return tuple(found)


def _by_unit(files: Mapping[str, Sender]) -> dict[str, dict[str, frozenset[str]]]:
    """Unit's code, then file, then what the file holds of the unit."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for file, told in files.items():
        for unit in told.units:
            found.setdefault(unit.code, {})[file] = told.kinds.get(unit.code, frozenset())
    return found


def _state(has_taken: bool, has_refused: bool, lacks: bool) -> State:
    if has_taken:
        return State.PARTLY if has_refused or lacks else State.RECEIVED
    return State.REFUSED if has_refused else State.SILENT
