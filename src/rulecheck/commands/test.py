"""`rulecheck test`: every example of every rule, whether a rule has the examples it needs, and what they do not notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rulecheck import streams
from rulecheck.commands import DONE, FOUND, REFUSED
from rulecheck.commands.options import load_rules, read_language
from rulecheck.commands.read import documents_named, rules_named
from rulecheck.dataclass import dataclass, replace
from rulecheck.judging.truth import in_order
from rulecheck.language import words
from rulecheck.language.diagnostics import Diagnostic, error, message
from rulecheck.language.syntax import Language
from rulecheck.proving.boundaries import lacking
from rulecheck.proving.examples import ExampleResult, run_examples
from rulecheck.rules import model
from rulecheck.rules.load import load


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of `rulecheck test`."""

    language: str
    names: Sequence[str] = ()
    documents: Sequence[str] = ()
    rules: Path | None = None
    mutate: bool = False
    suggest: bool = False


def test(request: Request) -> int:
    """Tell every example that comes out otherwise and every example that is lacking, then how many there were."""
    spoken = read_language(request.language)
    if spoken is None:
        return REFUSED
    every = _loaded(request, spoken)
    found = _chosen(request, every, spoken) if every is not None else None
    if every is None or found is None:
        return REFUSED
    results = list(run_examples(every, found))
    broken = [problem for result in results for problem in result.problems]
    wrong = [otherwise(result, spoken) for result in results if not result.problems and not result.is_right]
    missing = [] if broken else lacking(replace(every, rules=found))
    streams.tell_all([*broken, *wrong, *missing], spoken)
    counts = {
        "rules": len(found),
        "examples": len(results),
        "right": sum(result.is_right for result in results),
        "missing": len(missing),
    }
    status = REFUSED if broken else FOUND if wrong or missing else DONE
    streams.result(message("X320", spoken, {key: str(count) for key, count in counts.items()}) + "\n")
    if (request.mutate or request.suggest) and (broken or wrong):
        streams.tell(message("X323", spoken, {}))
        return status
    if request.mutate:
        status = max(status, mutate(every, found, spoken))
    if request.suggest:
        suggest(every, found, spoken)
    return status


def _loaded(request: Request, spoken: Language) -> model.RuleSet | None:
    """The rules; to propose examples not what is kept ready for judging, since the texts of examples stand in the files alone."""
    if not request.suggest:
        return load_rules(request.rules, spoken)
    found, faults = load(request.rules)
    streams.tell_all(faults, spoken)
    return found


def _chosen(request: Request, every: model.RuleSet, spoken: Language) -> tuple[model.Rule, ...] | None:
    """The rules named and those of the documents named; all, where nothing is named."""
    wanted, problems = rules_named(request.names, every)
    whole, more = documents_named(request.documents, every)
    if problems or more:
        streams.tell_all([*problems, *more], spoken)
        return None
    if not request.names and not request.documents:
        return every.rules
    return tuple(rule for rule in every.rules if rule.id in wanted or rule.document.folder in whole)


def mutate(every: model.RuleSet, found: Sequence[model.Rule], spoken: Language) -> int:
    """Tell every small change of the rules that no example notices, then how many changes there were."""
    from rulecheck.proving.mutation import told, tried

    begun = perf_counter()
    results = list(tried(every, found))
    problems = told(results)
    streams.tell_all(problems, spoken)
    counts = {
        "rules": len(results),
        "made": sum(result.made for result in results),
        "killed": sum(result.killed for result in results),
        "accepted": sum(len(result.accepted) for result in results),
        "surviving": sum(len(result.surviving) for result in results),
    }
    streams.result(message("X321", spoken, {key: str(count) for key, count in counts.items()}) + "\n")
    streams.tell(message("X322", spoken, {"seconds": f"{perf_counter() - begun:.1f}"}))
    return FOUND if problems else DONE


def suggest(every: model.RuleSet, found: Sequence[model.Rule], spoken: Language) -> None:
    """The examples that a person is asked for, as they would stand in the rules, without their verdicts."""
    from rulecheck.proving.suggest import suggested

    lines = [line for rule in found for line in suggested(every, rule)]
    streams.result("".join(f"{line}\n" for line in lines) or message("X324", spoken, {}) + "\n")


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
