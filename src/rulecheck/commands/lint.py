"""`rulecheck lint`: where a rule may say other than its clause."""

from __future__ import annotations

from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, REFUSED
from rulecheck.commands.deliver import show
from rulecheck.commands.options import one_of, read_language
from rulecheck.language.diagnostics import fault
from rulecheck.linting import findings
from rulecheck.linting.report import RENDERERS, Report
from rulecheck.proving.sources import read_texts
from rulecheck.rules.load import load


def lint(rules: Path | None, *, sources: Path | None, format: str, language: str) -> int:
    """Tell every finding that is not accepted; status 1 where there is one."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    if format not in RENDERERS:
        streams.tell_all([one_of("--format", format, RENDERERS)], spoken)
        return REFUSED
    if sources is not None and not sources.is_dir():
        streams.tell_all([fault("X306", str(sources))], spoken)
        return REFUSED
    # with the trees: what is written counts beside what it means
    found, problems = load(rules)
    streams.tell_all(problems, spoken)
    if found is None:
        return REFUSED
    texts, unread = read_texts(sources, found.documents) if sources is not None else (None, [])
    streams.tell_all(unread, spoken)
    report = Report(tuple(findings(found, texts)), len(found.rules), texts is not None)
    text = RENDERERS[format](report, spoken)
    show(text, format)
    return REFUSED if unread else FOUND if report.open else DONE
