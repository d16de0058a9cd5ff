"""`rulecheck translate`: a rule file in the other language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from rulecheck import data, streams
from rulecheck.commands import DONE, REFUSED
from rulecheck.commands.fmt import parse_rules, read_bytes
from rulecheck.commands.options import LANGUAGES, one_of, read_language
from rulecheck.language.diagnostics import Diagnostic, error, fault
from rulecheck.language.syntax import File, Language, Pair
from rulecheck.language.translate import translate as translate_file
from rulecheck.measures.places import PLACES_FILE, load_places
from rulecheck.measures.units import unit_table
from rulecheck.rules.load import rule_files


def translate(file: str, *, to: str, rules: Path | None, language: str) -> int:
    """Write the file in the language `to` on standard output; a name without a partner refuses the whole."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    if to not in LANGUAGES:
        streams.tell_all([one_of("--to", to, LANGUAGES)], spoken)
        return REFUSED
    if rules is not None and not rules.is_dir():
        streams.tell_all([fault("X101", str(rules))], spoken)
        return REFUSED
    target = LANGUAGES[to]
    path = None if file == streams.STANDARD else Path(file)
    name = file if path is None else path.as_posix()
    content, problems = read_bytes(path, name)
    tree, found = parse_rules(content, name) if content is not None else (None, [])
    streams.tell_all([*problems, *found], spoken)
    if tree is None:
        return REFUSED
    folder = rules or folder_of(path)
    names = {**names_of_folder(folder, target), **names_of(tree, target)}
    text, problems = translate_file(tree, target, names, units(target))
    problems += shared_names(tree, target, names)
    if problems:
        streams.tell_all(problems, spoken)
        return REFUSED
    streams.result_bytes(streams.encoded(text))
    return DONE


def folder_of(path: Path | None) -> Path:
    """The rules folder that a file is part of: the nearest above it that has the table of places, else the shipped."""
    above = streams.real_path(path).parents if path is not None else ()
    return next((folder for folder in above if (folder / PLACES_FILE).is_file()), data.folder("rules"))


def names_of_folder(folder: Path, to: Language) -> dict[str, str]:
    """Every name that the rule files of a folder declare, and every place, to its partner in `to`. Files that cannot be
    read add none: a name that is then missing is told where it stands."""
    places, _ = load_places(folder if (folder / PLACES_FILE).is_file() else data.folder("rules"))
    names = dict(places.names(to))
    files, _ = rule_files(folder)
    for path, name in files:
        if path.suffix == ".rule":
            content, _ = read_bytes(path, name)
            file, _ = parse_rules(content, name) if content is not None else (None, [])
            if file is not None:
                names |= names_of(file, to)
    return names


def names_of(file: File, to: Language) -> dict[str, str]:
    """The pairs of names that a file declares."""
    pairs = [(pair.chinese.text, pair.english.text) for pair in _pairs(file.declarations)]
    return dict(pairs) if to == "en" else {english: chinese for chinese, english in pairs}


def shared_names(file: File, to: Language, names: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Pairs of a file one of whose names stands in another pair, of the file or of the folder, too."""
    partners: dict[str, set[str]] = {}
    for name, partner in names.items():
        partners.setdefault(partner, set()).add(name)
    for pair in _pairs(file.declarations):
        here, there = (pair.chinese, pair.english) if to == "en" else (pair.english, pair.chinese)
        known = names[here.text]
        alike = {here.text} if known != there.text else partners[known] - {here.text}
        for other in sorted(alike):
            yield error("L145", here.span, pair=f"{here.text} / {there.text}", other=f"{other} / {known}")


def _pairs(node: Any) -> Iterator[Pair]:
    if isinstance(node, Pair):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _pairs(each)
    elif is_dataclass(node) and type(node).__module__ == Pair.__module__:
        for field in fields(node):
            yield from _pairs(getattr(node, field.name))


def units(to: Language) -> dict[str, str]:
    """Every spelling of a unit to its name in `to`; canonical names go to canonical names."""
    table = unit_table()
    known = {spelling: table.translate(spelling, to) for spelling in table.spellings}
    return {spelling: name for spelling, name in known.items() if name is not None} | dict(table.names(to))
