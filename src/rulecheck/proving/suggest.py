"""Examples that a rule still lacks, for a person to answer: facts without a verdict.

Sought among its own examples with one value moved to a boundary: each that a boundary calls for, or that comes out otherwise
under a change of the rule that no example notices yet, is proposed until nothing is left that can be found so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from rulecheck.dataclass import dataclass, replace
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge
from rulecheck.language import syntax, words
from rulecheck.language.diagnostics import Diagnostic
from rulecheck.language.format import format_bindings
from rulecheck.language.source import Span
from rulecheck.language.syntax import Language
from rulecheck.proving.boundaries import lacking
from rulecheck.proving.examples import build, run_case
from rulecheck.proving.mutants import Mutant
from rulecheck.proving.mutation import tried
from rulecheck.proving.variations import completed, varied
from rulecheck.rules import model

MOST_BASES = 4
"""Examples of a limb whose values are varied: the first of each verdict."""
MOST_MOVES = 3
"""Values that are moved at the same time, one after the other in what was found before."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example without a verdict. `own`: its bindings without the 前提 in front of them."""

    limb: str | None
    reading: str | None
    given: tuple[syntax.Binding, ...]
    own: tuple[syntax.Binding, ...]
    span: Span

    @property
    def leaves_open(self) -> bool:
        """Whether something is not told."""
        return any(_is_open(each.value) for each in self.own)

    def example(self) -> model.RuleExample:
        return model.RuleExample(self.limb, self.reading, (*self.given, *self.own), Verdict.UNDETERMINED, (), self.span)


def _is_open(value: object) -> bool:
    if isinstance(value, syntax.Elements):
        return not value.is_complete or any(_is_open(each.value) for element in value.elements for each in element.bindings)
    return isinstance(value, syntax.Constant) and value.word == "unknown"


def suggested(rules: model.RuleSet, rule: model.Rule) -> Iterator[str]:
    """The lines that are proposed for a rule, its name above them."""
    open_changes = [mutant for result in tried(rules, (rule,)) for mutant in result.surviving]
    open_boundaries = {_key(each) for each in lacking(replace(rules, rules=(rule,)))}
    if not open_changes and not open_boundaries:
        return
    language = next(file.language for file in rules.files if file.source.name == rule.span.source.name)
    tester = _Tester(rules, rule, open_changes, open_boundaries)
    found: list[Candidate] = []
    for _ in range(MOST_MOVES):
        more = tester.best(list(_candidates(rules, rule, found)))
        found += more
        if not more or not tester.wanted:
            break
    if found:
        yield f"# {rule.zh} / {rule.id}"
        for each in found:
            yield _line(rule, each, language)


def _key(problem: Diagnostic) -> Hashable:
    return problem.code, problem.labels[0].span, tuple(sorted(problem.values.items()))


def _line(rule: model.Rule, candidate: Candidate, language: Language) -> str:
    limb = words.limb_tag(candidate.limb, language) if candidate.limb else None
    names = {reading.name.zh: reading.name.en for reading in rule.readings if reading.name is not None}
    reading = names[candidate.reading] if candidate.reading and language == "en" else candidate.reading
    if language == "zh":
        label = f"示例（{limb}）" if limb else "示例"
        label += f"〔{reading}〕：" if reading else "："
    else:
        label = f"Example ({limb})" if limb else "Example"
        label += f" [{reading}]: " if reading else ": "
    return f"  {label}{format_bindings(candidate.own, language)} → ?"


class _Tester:
    """What a candidate would show, for one rule."""

    def __init__(
        self, rules: model.RuleSet, rule: model.Rule, changes: Sequence[Mutant], boundaries: set[Hashable]
    ) -> None:
        self._rules = rules
        self._rule = rule
        self._changes = changes
        self._boundaries = boundaries
        self._judges: list[dict[tuple[str, int], Judge]] = [{} for _ in range(len(changes) + 1)]
        self.wanted: set[Hashable] = {*range(len(changes)), *boundaries}
        """What nothing has shown yet: changes by their number, boundaries by their key."""

    def best(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Few candidates that together show all that any of them shows: each time the one that shows most. One in which
        something is not told only for what no other shows."""
        shows = [(self._shown(each) & self.wanted, each) for each in candidates]
        told = set[Hashable]().union(*(shown for shown, each in shows if not each.leaves_open))
        shows = [(shown - told if each.leaves_open else shown, each) for shown, each in shows]
        chosen: list[Candidate] = []
        while True:
            shown, candidate = max(shows, key=lambda each: len(each[0]), default=(set[Hashable](), None))
            if not shown or candidate is None:
                return chosen
            chosen.append(candidate)
            self.wanted -= shown
            shows = [(rest, each) for before, each in shows if (rest := before - shown)]

    def _shown(self, candidate: Candidate) -> set[Hashable]:
        example = candidate.example()
        case = build(self._rules, self._rule, example)
        if case.problems:
            return set()
        outcomes = []
        for position, rule in enumerate((self._rule, *(each.rule for each in self._changes))):
            result = run_case(self._rules, rule, example, case, self._judges[position])
            outcomes.append((result.verdict, result.possible if result.verdict == Verdict.UNDETERMINED else None))
            if position == 0 and result.verdict is None:
                return set()
        shown: set[Hashable] = {at for at, outcome in enumerate(outcomes[1:]) if outcome != outcomes[0]}
        if self._boundaries & self.wanted:
            extended = replace(self._rule, examples=(*self._rule.examples, example))
            left = {_key(each) for each in lacking(replace(self._rules, rules=(extended,)))}
            shown |= self._boundaries - left
        return shown


def _candidates(rules: model.RuleSet, rule: model.Rule, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Examples of each limb as they are, under every reading, and with one value moved; or those found before, with one more."""
    for base in found:
        reading = next((each for each in rule.readings if each.name and each.name.zh == base.reading), rule.readings[0])
        limb = next(each for each in reading.limbs if base.limb in (None, each.tag))
        for bindings in varied(rules, rule, limb, base.example(), base.own):
            yield replace(base, own=bindings)
    if found:
        return
    own = _own_bindings(rules, rule)
    for limb in rule.readings[0].limbs:
        bases = _bases(rule, limb, own)
        for position, reading in enumerate(rule.readings):
            name = reading.name.zh if position and reading.name is not None else None
            seen = next((each for each in reading.limbs if each.tag == limb.tag), limb)
            for base in bases:
                more = completed(rules, rule, seen, base.example())
                tagged = replace(base, reading=name, own=(*base.own, *more))
                yield tagged
                for bindings in varied(rules, rule, seen, tagged.example(), tagged.own):
                    yield replace(tagged, own=bindings)


def _bases(rule: model.Rule, limb: model.Limb, own: dict[Span, tuple[syntax.Binding, ...]]) -> list[Candidate]:
    """The examples that are varied; an empty one where there is none."""
    found: dict[str, Candidate] = {}
    for each in rule.examples:
        if each.limb in (None, limb.tag) and each.reading is None and each.verdict not in found and each.span in own:
            mine = own[each.span]
            given = each.bindings[: len(each.bindings) - len(mine)]
            found[each.verdict] = Candidate(each.limb, None, given, mine, each.span)
    return list(found.values())[:MOST_BASES] or [Candidate(limb.tag, None, (), (), rule.span)]


def _own_bindings(rules: model.RuleSet, rule: model.Rule) -> dict[Span, tuple[syntax.Binding, ...]]:
    """What each example of the rule binds itself, by its place."""
    return {
        clause.span: clause.body.bindings
        for file in rules.files
        for declaration in file.declarations
        if declaration.label == "rule" and declaration.span == rule.span
        for clause in declaration.clauses
        if isinstance(clause.body, syntax.Example)
    }
