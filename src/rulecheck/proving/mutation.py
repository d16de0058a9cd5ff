"""The small changes of each rule, run against its own examples: which of them no example notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rulecheck.dataclass import dataclass, replace
from rulecheck.judging.judge import Judge
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.proving.examples import Case, build, run_case
from rulecheck.proving.mutants import Mutant, mutants
from rulecheck.rules import model


@dataclass(frozen=True, slots=True)
class Tried:
    """The changes of one rule: how many were made, those no example notices, and of these the accepted; `idle`: acceptances
    that there is no such change for."""

    rule: model.Rule
    made: int
    surviving: tuple[Mutant, ...]
    accepted: tuple[Mutant, ...]
    idle: tuple[model.Accepted, ...]

    @property
    def killed(self) -> int:
        return self.made - len(self.surviving) - len(self.accepted)


Prepared = Sequence[tuple[model.RuleExample, Case]]
"""Examples with their subjects, made ready once for all changes."""


def tried(rules: model.RuleSet, only: Iterable[model.Rule]) -> Iterator[Tried]:
    """Every rule with all its changes run. Its examples have to come out as stated."""
    for rule in only:
        ready = prepared(rules, rule)
        made, unnoticed = 0, []
        for mutant in mutants(rules, rule):
            made += 1
            if not is_noticed(rules, rule, mutant.rule, ready):
                unnoticed.append(mutant)
        accepted = tuple(each for each in unnoticed if any(_fits(one, each) for one in rule.accepted))
        idle = tuple(one for one in rule.accepted if one.code[0] == "M" and not any(_fits(one, each) for each in unnoticed))
        surviving = tuple(each for each in unnoticed if each not in accepted)
        yield Tried(rule, made, surviving, accepted, idle)


def _fits(one: model.Accepted, mutant: Mutant) -> bool:
    return one.code == mutant.code and (one.limb is None or one.limb in mutant.limbs)


def prepared(rules: model.RuleSet, rule: model.Rule) -> Prepared:
    return [(example, build(rules, rule, example)) for example in rule.examples]


def is_noticed(rules: model.RuleSet, rule: model.Rule, changed: model.Rule, examples: Prepared) -> bool:
    """Whether an example comes out otherwise than it states once the rule is changed. An example sees the reading that it is
    judged under, and no other: nobody stated what the others say of it."""
    judges: dict[object, dict[tuple[str, int], Judge]] = {}
    for example, case in examples:
        before, after = _seen(rule, example), _seen(changed, example)
        if before == after and rule.every == changed.every:
            continue
        # Only what the example sees is made ready, which takes most of the time.
        narrow = replace(changed, readings=after)
        known = judges.setdefault((example.limb, tuple(reading.name for reading in after)), {})
        if not run_case(rules, narrow, example, case, known).is_right:
            return True
    return False


def _seen(rule: model.Rule, example: model.RuleExample) -> tuple[model.Reading, ...]:
    """The readings that an example is judged under, with the limb that it is about: the one it names, else the default; all
    where none is the default, or where the periods judged are those of all."""
    readings = rule.readings
    if rule.every is None:
        named = [each for each in readings if each.name is not None and example.reading in (each.name.zh, each.name.en)]
        default = [each for each in readings if each.is_default]
        readings = tuple(named or default or readings)
    if example.limb is None:
        return readings
    return tuple(
        replace(each, limbs=tuple(limb for limb in each.limbs if limb.tag == example.limb)) for each in readings
    )


def told(results: Iterable[Tried]) -> list[Diagnostic]:
    """What is to be said about the changes that nothing notices, and about acceptances without one."""
    problems = []
    for result in results:
        problems += [_survivor(result.rule, each) for each in result.surviving]
        problems += [error("M120", each.span, name=each.code) for each in result.idle]
    return problems


def _survivor(rule: model.Rule, mutant: Mutant) -> Diagnostic:
    tags = "、".join(sorted(tag for tag in mutant.limbs if tag is not None))
    name, name_en = (f"{rule.zh}（{tags}）", f"{rule.id} ({tags})") if tags else (rule.zh, rule.id)
    values = {"before": mutant.before, "after": mutant.after, "witness": mutant.witness}
    told: dict[str, str] = {"name": name, "name_en": name_en}
    for key, value in values.items():
        told |= {key: value.zh if value else "", f"{key}_en": value.en if value else ""}
    return error(mutant.code, mutant.span, **told)
