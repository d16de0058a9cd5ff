"""`rulecheck test`: every example of every rule, and whether a rule has the examples it needs."""

from __future__ import annotations

from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, REFUSED
from rulecheck.commands.options import load_rules, read_language
from rulecheck.judging.truth import in_order
from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, error, message
from rulecheck.language.syntax import Language
from rulecheck.proving.boundaries import lacking
from rulecheck.proving.examples import ExampleResult, run_examples


def test(rules: Path | None, *, language: str) -> int:
    """Tell every example that comes out otherwise and every example that is lacking, then how many there were."""
    spoken = read_language(language)
    if spoken is None:
        return REFUSED
    found = load_rules(rules, spoken)
    if found is None:
        return REFUSED
    results = list(run_examples(found))
    broken = [problem for result in results for problem in result.problems]
    wrong = [otherwise(result, spoken) for result in results if not result.problems and not result.is_right]
    missing = [] if broken else lacking(found)
    streams.tell_all([*broken, *wrong, *missing], spoken)
    counts = {
        "rules": len(found.rules),
        "examples": len(results),
        "right": sum(result.is_right for result in results),
        "missing": len(missing),
    }
    streams.result(message("X320", spoken, {key: str(count) for key, count in counts.items()}) + "\n")
    return REFUSED if broken else FOUND if wrong or missing else DONE


def otherwise(result: ExampleResult, language: Language) -> Diagnostic:
    """An example that came out otherwise: what it says and what came out."""
    assert result.verdict is not None
    possible = "、".join(words.spell("verdicts", verdict, language) for verdict in in_order(result.possible))
    return error(
        "R301",
        result.example.span,
        name=result.rule.zh,
        name_en=result.rule.id,
        verdict=words.spell("verdicts", result.verdict, "zh"),
        verdict_en=words.spell("verdicts", result.verdict, "en"),
        possible=possible if len(result.possible) > 1 else "",
    )
