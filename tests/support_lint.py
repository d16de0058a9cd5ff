"""The small rules of `tests/files/lint`: for each code a file that has the finding, and one that has not."""

from __future__ import annotations

import shutil
from pathlib import Path

from rulecheck.language.diagnostics import help_text, message, render
from rulecheck.linting import findings
from rulecheck.linting.finding import Finding
from rulecheck.proving.sources import read_texts
from rulecheck.rules import model
from rulecheck.rules.load import load

FILES = Path(__file__).parent / "files" / "lint"
SHARED = ("vocabulary.rule", "source.yaml", "sample.txt")


def folder_with(tmp_path: Path, **files: str) -> Path:
    """A rules folder with the shared vocabulary and some files of its own."""
    for name in SHARED:
        shutil.copy(FILES / name, tmp_path / name)
    for name, text in files.items():
        (tmp_path / f"{name}.rule").write_text(text, encoding="utf-8")
    return tmp_path


def loaded(folder: Path) -> model.RuleSet:
    rules, problems = load(folder)
    assert [render(each) for each in problems] == []
    assert rules is not None
    return rules


def found(tmp_path: Path, text: str, *, with_texts: bool = True) -> list[Finding]:
    """What is found in a file beside the shared vocabulary, accepted or not; messages can be filled in."""
    rules = loaded(folder_with(tmp_path, case=text))
    texts, problems = read_texts(FILES, rules.documents) if with_texts else (None, [])
    assert problems == []
    kept = [each for each in findings(rules, texts) if each.diagnostic.file == "case.rule"]
    for each in kept:
        for language in ("zh", "en"):
            assert message(each.code, language, each.remark.values)  # type: ignore[arg-type]
            help_text(each.code, language, each.remark.values)  # type: ignore[arg-type]
    return kept


def left(tmp_path: Path, text: str, *, with_texts: bool = True) -> list[str]:
    """The codes of the findings that are not accepted."""
    return [each.code for each in found(tmp_path, text, with_texts=with_texts) if each.accepted is None]


def rule(quote: str, *clauses: str, kind: str = "单位") -> str:
    """A rule that quotes these words."""
    head = ("规则：样例 / sample_rule", "  依据：一", f"  > {quote}", f"  核查对象：{kind}", '  已核：K120："样例" / "sample"')
    return "\n".join((*head, *(f"  {clause}" for clause in clauses))) + "\n"
