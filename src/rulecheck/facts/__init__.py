"""Submissions as units hand them in (YAML, JSON, CSV, spreadsheets, in either language) into subjects with typed values and
their places.

The only package that knows file formats. A reader per format yields a tree (`nodes`) or grids of cells (`grids`), these become
drafts or blocks of rows (`told`), and those of all files together subjects (`assemble`). A file with a fault is refused whole,
with all its faults, and does not stop the others.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rulecheck.facts.alike import tell_alike
from rulecheck.facts.assemble import assemble
from rulecheck.facts.files import STANDARD_INPUT, Gathered, Held, Input, decode, gather, read_bytes
from rulecheck.facts.headings import Headings
from rulecheck.facts.nodes import Faults
from rulecheck.facts.one_file import Opened, Reading
from rulecheck.facts.told import FileFacts
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.measures.places import Place
from rulecheck.rules.model import RuleSet
from rulecheck.submission import Received, Record, Refusal, Standing, Subject, Submission

if TYPE_CHECKING:  # what most runs do without is loaded when it is used
    from rulecheck.facts.authority.expected import Expected
    from rulecheck.facts.authority.listings import Listing, Row
    from rulecheck.facts.authority.senders import Sender, Senders

__all__ = ["STANDARD_INPUT", "Held", "read"]

_NOT_A_SUBMISSION: Final = "F107"
"""The remark on a file that is of no kind that can be read."""

_UNSEEN: Final = frozenset({"F101", "F104", "F106", "F116"})
"""Why a folder was not looked into: what lies there is not known, so nobody can be called silent."""


def read(
    paths: Sequence[Path],
    rules: RuleSet,
    *,
    place: Place | None = None,
    records: Sequence[Path] = (),
    stdin: bytes | None = None,
    held: Sequence[Held] = (),
    base: Path | None = None,
    headings: Path | None = None,
    expected: Path | None = None,
    manifest: Path | None = None,
) -> Submission:
    """What the files and folders of `paths` hand in; `-` is standard input, whose content is `stdin`.
    `held`: what a program hands in from memory, as files would.

    `place`: of subjects for which neither they nor their parents nor their file say one. `records`: files of the
    authority's records. `headings`: what headings that differ stand for. `expected`: the roster of the units that should
    report. `manifest`: the list that says which file replaces which. `base`: names of files are relative to it where they
    can be. The result does not depend on the order of arguments.
    """
    with _no_collection(), Reading(Headings(rules)) as reading:
        run = _Run(rules, reading, base)
        run.read_headings(headings)
        run.read_expected(expected)
        own = [*records, *(each for each in (headings, expected, manifest) if each is not None)]
        run.gather(paths, stdin, own, held)
        run.read_manifest(manifest)
        run.read_files(stdin)
        roster = run.roster()
        subjects = assemble(run.files, rules, place, roster)
        tell_alike(subjects, (each.faults for each in run.files))
        kept = run.records(records, subjects, roster)
        run.end()
        return Submission(
            subjects=subjects,
            records=tuple(kept),
            refused=run.refused(),
            warnings=run.warnings(),
            sha256=run.digest.hexdigest(),
            received=run.received(),
            replaced=run.replaced,
            expected=run.standings(),
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes many objects and no garbage in circles: looking for it would take half of the time. What was made counts as
    looked through at the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


class _Run:
    """All files of one run: those handed in (`files`) and the authority's own (`own`)."""

    def __init__(self, rules: RuleSet, reading: Reading, base: Path | None) -> None:
        self.rules = rules
        self.reading = reading
        self.base = base
        self.digest = hashlib.sha256()
        self.hashes: dict[str, str] = {}
        self.gathered = Gathered()
        self.of_authority: list[Gathered] = []
        self.own: list[Faults] = []
        self.files: list[FileFacts] = []
        self.replaced: tuple[tuple[str, str], ...] = ()
        self.expected: Expected | None = None
        self.of_roster: Faults | None = None
        self.senders: dict[str, Sender] = {}

    # --- the authority's own files ---

    def records(self, paths: Sequence[Path], subjects: Mapping[str, Sequence[Subject]], roster: Senders | None) -> list[Record]:
        """The authority's records about these subjects."""
        if not paths:
            return []
        from rulecheck.facts.authority.records import read_records, tree_of_grids

        kept: list[Record] = []
        for opened, faults in self._authority(paths):
            tree = tree_of_grids(opened.grids) if opened.grids else opened.tree
            kept += read_records(tree, faults, self.rules, subjects, self.files, roster)
        return kept

    def _authority(self, paths: Sequence[Path]) -> Iterator[tuple[Opened, Faults]]:
        """Each of these files opened."""
        for given, content, faults in self._own_contents(paths):
            yield self.reading.open(given, content, faults) if content is not None else Opened(), faults

    def _own_contents(self, paths: Sequence[Path]) -> Iterator[tuple[Input, bytes | None, Faults]]:
        gathered = gather(paths, None, self.base)
        self.of_authority.append(gathered)
        for given in gathered.inputs:
            content, faults = self._content(given, None)
            self.own.append(faults)
            yield given, content, faults

    def read_headings(self, path: Path | None) -> None:
        if path is None:
            return
        from rulecheck.facts.layout.heading_map import read_heading_map

        for _, content, faults in self._own_contents([path]):
            text = decode(content, faults) if content is not None else None
            if text is not None:
                self.reading.mapping = read_heading_map(text, self.reading.headings, faults)

    def read_expected(self, path: Path | None) -> None:
        if path is None:
            return
        from rulecheck.facts.authority.expected import read_expected

        for rows, faults in self._listing(path, "expected"):
            self.expected = read_expected(rows, faults, self.reading.headings)
            self.of_roster = faults

    def read_manifest(self, path: Path | None) -> None:
        if path is None:
            return
        from rulecheck.facts.authority.manifest import read_manifest

        for rows, faults in self._listing(path, "manifest"):
            known = [*(given.name for given in self.gathered.inputs), *(each.file for each in self.gathered.refused)]
            self.replaced = read_manifest(rows, faults, known)
            older = {file for file, _ in self.replaced}
            self.gathered.refused = [each for each in self.gathered.refused if each.file not in older]

    def _listing(self, path: Path, listing: Listing) -> Iterator[tuple[list[Row], Faults]]:
        from rulecheck.facts.authority.listings import rows_of_grids, rows_of_tree

        for opened, faults in self._authority([path]):
            if opened.grids:
                yield rows_of_grids(opened.grids, faults, listing), faults
            else:
                yield rows_of_tree(opened.tree, faults, listing), faults

    # --- what was handed in ---

    def gather(self, paths: Sequence[Path], stdin: bytes | None, own: Sequence[Path], held: Sequence[Held]) -> None:
        """The files handed in; the authority's own may lie in a folder of them."""
        self.gathered = gather(paths, stdin, self.base, held)
        if self.of_roster is not None and self._is_unseen():
            self.of_roster.warn("E134")
        not_facts = {given.path for given in gather(own, None, self.base).inputs}
        self.gathered.inputs = [each for each in self.gathered.inputs if each.path is None or each.path not in not_facts]

    def read_files(self, stdin: bytes | None) -> None:
        older = {file for file, _ in self.replaced}
        for given in self.gathered.inputs:
            content, faults = self._content(given, stdin)
            if given.name in older:
                continue
            facts = self.reading.read(given, content, faults)
            facts.sha256 = self.hashes[given.name]
            self.files.append(facts)
        if self.expected is not None:
            self._tell_senders(self.expected)

    def _tell_senders(self, expected: Expected) -> None:
        """Where the files come from; units of the roster get its names, so that one that is called differently is one subject."""
        from rulecheck.facts.authority.senders import learn, namesakes, recognise, remark, sent_of, tell

        sent = {facts.file: sent_of(facts) for facts in self.files}
        self.expected = expected = learn(expected, sent.values())
        for facts in self.files:
            self.senders[facts.file] = tell(expected, sent[facts.file])
            remark(self.senders[facts.file], facts.faults)
            recognise(expected, facts)
        namesakes(expected, sent, self.senders, {facts.file: facts.faults for facts in self.files})

    def roster(self) -> Senders | None:
        """The roster with where each file comes from."""
        if self.expected is None:
            return None
        from rulecheck.facts.authority.senders import Senders

        return Senders(self.expected, self.senders)

    def _content(self, given: Input, stdin: bytes | None) -> tuple[bytes | None, Faults]:
        """A file's bytes, counted in the receipt's hash by name and content; one that is too large to read, by its name."""
        faults = Faults(given.name)
        content = read_bytes(given, stdin, faults)
        of_content = hashlib.sha256(content or b"")
        self.hashes[given.name] = of_content.hexdigest()
        self.digest.update(given.name.encode() + b"\0" + of_content.digest())
        return content, faults

    def end(self) -> None:
        """What can be said only when everything has been read: headings of the mapping file that no table had."""
        if self.reading.mapping is not None:
            self.reading.mapping.warn_unused(self.own[0])  # the mapping is the first of the authority's files to be read

    # --- what comes out ---

    def received(self) -> tuple[Received, ...]:
        found = []
        for each in self.files:
            if not each.faults.errors:
                found.append(self._receipt(each))
        return tuple(sorted(found, key=lambda each: each.file))

    def _receipt(self, file: FileFacts) -> Received:
        subjects, values = file.counted()
        units, told_by = self._sender(file.file)
        return Received(
            file=file.file,
            sha256=file.sha256,
            format=file.format,
            encoding=file.encoding,
            sheets=file.sheets,
            subjects=subjects,
            values=values,
            unit=_signed_by(file),
            filled_by=file.signature.get("filled_by", ""),
            reviewed_by=file.signature.get("reviewed_by", ""),
            signed_on=file.signature.get("signed_on", ""),
            units=units,
            told_by=told_by,
        )

    def refused(self) -> tuple[Refusal, ...]:
        found = [
            Refusal(each.file, each.faults.listed(), _signed_by(each), *self._sender(each.file))
            for each in self.files
            if each.faults.errors
        ]
        found += [Refusal(each.file, each.faults, "", *self._sender(each.file)) for each in self.gathered.refused]
        found += [Refusal(each.file, each.listed(), is_submission=False) for each in self.own if each.errors]
        of_authority = [refusal for gathered in self.of_authority for refusal in gathered.refused]
        found += [Refusal(each.file, each.faults, is_submission=False) for each in of_authority]
        return tuple(sorted(found, key=lambda each: each.file))

    def warnings(self) -> tuple[Diagnostic, ...]:
        gathered = [warning for each in (self.gathered, *self.of_authority) for warning in each.warnings]
        read = [warning for each in self.files for warning in each.faults.warnings]
        own = [warning for each in self.own for warning in each.warnings]
        return tuple(sorted([*gathered, *read, *own], key=lambda each: each.file))

    def standings(self) -> tuple[Standing, ...] | None:
        """Where each unit of the roster stands."""
        if self.expected is None or self._is_unseen():
            return None
        from rulecheck.facts.authority.senders import standings

        taken = {each.file: self.senders[each.file] for each in self.files if not each.faults.errors}
        refused = {each.file: self._sender_of(each.file) for each in self.refused() if each.is_submission}
        unread = [each.file for each in self.gathered.warnings if each.code == _NOT_A_SUBMISSION]
        return standings(self.expected, taken, refused, unread, self.rules.kinds)

    def _is_unseen(self) -> bool:
        """Whether something was not looked into at all."""
        return any(fault.code in _UNSEEN for refusal in self.gathered.refused for fault in refusal.faults)

    def _sender_of(self, file: str) -> Sender:
        assert self.expected is not None
        from rulecheck.facts.authority.senders import Sent, tell

        return self.senders.get(file) or tell(self.expected, Sent(file))

    def _sender(self, file: str) -> tuple[tuple[str, ...], str]:
        """The codes of the units that a file comes from, and what told them."""
        if self.expected is None:
            return (), ""
        told = self._sender_of(file)
        return told.codes, told.told_by


def _signed_by(file: FileFacts) -> str:
    if not file.signature.get("unit"):
        return ""
    from rulecheck.facts.authority.senders import signed_by

    return signed_by(file)
