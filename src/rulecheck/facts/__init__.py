"""Submissions as units hand them in (YAML, JSON, CSV, in either language) into subjects with typed values and their
places.

The only package that knows file formats. A reader per format yields one kind of tree (`nodes`); everything after is
shared: headings, values, drafts of one file, subjects of all files. A file with a fault is refused whole, with all
its faults, and does not stop the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rulecheck.facts.assemble import assemble
from rulecheck.facts.csv_reader import kind_of_stem, read_csv
from rulecheck.facts.drafts import FileFacts, read_drafts
from rulecheck.facts.files import STANDARD_INPUT, Gathered, Input, decode, gather, read_bytes
from rulecheck.facts.headings import Headings, clean, words
from rulecheck.facts.json_reader import read_json
from rulecheck.facts.limits import MAXIMUM_CELLS
from rulecheck.facts.nodes import Faults, Node
from rulecheck.facts.records import read_records
from rulecheck.facts.yaml_reader import read_yaml
from rulecheck.measures.places import Place
from rulecheck.rules.model import Kind, RuleSet
from rulecheck.submission import Record, Refusal, Submission

__all__ = ["STANDARD_INPUT", "read"]


def read(
    paths: Sequence[Path],
    rules: RuleSet,
    *,
    place: Place | None = None,
    records: Sequence[Path] = (),
    stdin: bytes | None = None,
    base: Path | None = None,
) -> Submission:
    """What the files and folders of `paths` hand in; `-` is standard input, whose content is `stdin`.

    `place`: of subjects for which neither they nor their parents nor their file say one. `records`: files of the
    authority's records. `base`: names of files are relative to it where they can be. The result does not depend on
    the order of arguments.
    """
    headings = Headings(rules)
    digest = hashlib.sha256()
    files: list[FileFacts] = []
    gathered, recorded = gather(paths, stdin, base), gather(records, None, base)
    of_records = {each.path for each in recorded.inputs if each.path}  # they may lie in a folder of facts
    left = MAXIMUM_CELLS
    for given in gathered.inputs:
        if given.path in of_records:
            continue
        content, faults = _content(given, stdin, digest)
        facts, count = _read_file(given, content, faults, headings, left)
        left -= count
        files.append(facts)
    subjects = assemble(files, rules, place)

    kept: list[Record] = []
    authority: list[Faults] = []
    for given in recorded.inputs:
        content, faults = _content(given, None, digest)
        tree, _ = _tree(given, content, faults, headings) if content is not None else (None, 0)
        kept += read_records(tree, faults, rules, subjects, [each for each in files if each.faults.errors])
        authority.append(faults)
    every = [each.faults for each in files] + authority
    return Submission(
        subjects=subjects,
        records=tuple(kept),
        refused=_refusals(every, gathered, recorded),
        warnings=tuple(
            sorted(
                [*gathered.warnings, *recorded.warnings, *(warning for each in every for warning in each.warnings)],
                key=lambda each: each.file,
            )
        ),
        sha256=digest.hexdigest(),
    )


def _content(given: Input, stdin: bytes | None, digest: hashlib._Hash) -> tuple[bytes | None, Faults]:
    """A file's bytes, counted in the receipt's hash by name and content; one that is too large to read, by its name."""
    faults = Faults(given.name)
    content = read_bytes(given, stdin, faults)
    digest.update(given.name.encode() + b"\0" + hashlib.sha256(content or b"").digest())
    return content, faults


def _read_file(given: Input, content: bytes | None, faults: Faults, headings: Headings, left: int) -> tuple[FileFacts, int]:
    """The drafts of one file and the number of its values; `left`: how many values the run may still hold."""
    tree, count = _tree(given, content, faults, headings) if content is not None else (None, 0)
    if count > left and not faults.errors:
        faults.add("F120", 0, limit=f"{MAXIMUM_CELLS:,}")
        return FileFacts(faults.file, faults, lost=_kinds_of(given, tree, headings)), count
    was_broken = bool(faults.errors)
    if tree is None and not was_broken:
        faults.add("F113")
    facts = read_drafts(tree, faults, headings, is_table=given.format == "csv")
    if was_broken:
        facts.lost = _kinds_of(given, tree, headings)
    return facts, count


def _tree(given: Input, content: bytes, faults: Faults, headings: Headings) -> tuple[Node | None, int]:
    text = decode(content, faults)
    if text is None or not text.strip():
        return None, 0
    match given.format:
        case "json":
            return read_json(text, faults)
        case "csv":
            return read_csv(text, _stem_kind(given, headings), lambda name: words("reserved").get(clean(name)) == "kind", faults)
        case _:
            return read_yaml(text, faults)


def _stem_kind(given: Input, headings: Headings) -> str:
    stem = given.path.stem if given.path is not None else given.name
    return kind_of_stem(stem, lambda name: isinstance(headings.kind(name), Kind))


def _kinds_of(given: Input, tree: Node | None, headings: Headings) -> set[str]:
    """Kinds of which a broken table may have held rows that were not read: only a table gives members row by row."""
    if given.format != "csv":
        return set()
    names = [key.text for key, _ in tree.entries] if tree is not None and hasattr(tree, "entries") else []
    kinds = [headings.kind(name) for name in (*names, _stem_kind(given, headings))]
    return {kind.id for kind in kinds if isinstance(kind, Kind)}


def _refusals(every: list[Faults], *gathered: Gathered) -> tuple[Refusal, ...]:
    refused = [Refusal(each.file, each.listed()) for each in every if each.errors]
    refused += [refusal for each in gathered for refusal in each.refused]
    return tuple(sorted(refused, key=lambda each: each.file))
