"""Any facts, written in any format and language, are the same facts and give the same report when they are read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecheck.language.syntax import Language
from rulecheck.templates.form import FormatName
from rulecheck.templates.writers import FORMATS
from support_template import LANGUAGES, at_random, filled, read_back, report, said, shipped_rules, small_rules, told, whole

WAYS = [(format, language) for format in FORMATS.values() for language in LANGUAGES]


@pytest.mark.parametrize(("format", "language"), WAYS)
@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_is_read_again(format: FormatName, language: Language, seed: int, tmp_path: Path) -> None:
    rules = small_rules()
    subjects = at_random(rules, seed)
    again = read_back(tmp_path, filled(rules, subjects), format, language, rules)
    assert not again.refused, told(again)
    assert said(again.subjects) == said(subjects)
    assert report(rules, again.subjects) == report(rules, subjects)
    assert not again.warnings, told(again)


@pytest.mark.parametrize(("format", "language"), WAYS)
def test_what_the_shipped_rules_ask_is_read_again(format: FormatName, language: Language, tmp_path: Path) -> None:
    rules = shipped_rules()
    subjects = at_random(rules, 7, roots=2)
    again = read_back(tmp_path, filled(rules, subjects, whole(rules)), format, language, rules)
    assert not again.refused, told(again)
    assert said(again.subjects) == said(subjects)
    assert report(rules, again.subjects) == report(rules, subjects)
    assert not again.warnings, told(again)


@pytest.mark.slow
@pytest.mark.parametrize(("format", "language"), WAYS)
def test_many_more_are_read_again(format: FormatName, language: Language, tmp_path: Path) -> None:
    for rules, seeds in ((small_rules(), range(100, 250)), (shipped_rules(), range(100, 120))):
        for seed in seeds:
            subjects = at_random(rules, seed)
            again = read_back(tmp_path / str(seed), filled(rules, subjects), format, language, rules)
            assert said(again.subjects) == said(subjects), f"seed {seed}: {told(again)}"
            assert report(rules, again.subjects) == report(rules, subjects), f"seed {seed}"
