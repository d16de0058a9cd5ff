"""`rulecheck coverage`: what of each document the rules account for, to the last number, and whether they quote it truly."""

from __future__ import annotations

from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, REFUSED
from rulecheck.commands.deliver import show
from rulecheck.commands.options import load_rules, one_of, read_language
from rulecheck.language.diagnostics import fault
from rulecheck.proving.coverage import survey
from rulecheck.proving.coverage_report import RENDERERS
from rulecheck.proving.sources import read_texts


def coverage(rules: Path | None, *, sources: Path | None, format: str, verbose: bool, language: str) -> int:
    """Tell the state of every numbered item and of every number and bounding word in the texts; status 1 where one is not
    accounted for or a quotation does not hold."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    if format not in RENDERERS:
        streams.tell_all([one_of("--format", format, RENDERERS)], spoken)
        return REFUSED
    if sources is not None and not sources.is_dir():
        streams.tell_all([fault("X306", str(sources))], spoken)
        return REFUSED
    found = load_rules(rules, spoken)
    if found is None:
        return REFUSED
    texts, problems = read_texts(sources, found.documents) if sources is not None else (None, [])
    streams.tell_all(problems, spoken)
    surveyed = survey(found, texts)
    streams.tell_all(surveyed.problems, spoken)
    text = RENDERERS[format](surveyed, spoken, verbose)
    show(text, format)
    return REFUSED if problems else DONE if surveyed.is_complete else FOUND
