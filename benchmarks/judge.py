"""Judging against a plain hand-written loop over `Decimal`: 1,000 subjects x 40 rules, and how both grow to 10,000.

    python benchmarks/judge.py [--rounds N]

The rules are `forty/rules.rule`, the loop is `forty_loop.py`, the figures are `forty_rows.py`. Both sides start from figures in
memory and must come to the same verdict in every cell. The checker's side includes making the plan from the rule set; reading
files and making words are on neither side. Prints medians with the least and the most; ends with status 1 where a target is
missed.
"""

from __future__ import annotations

import argparse
import gc
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import forty_loop
from forty_rows import rows, subjects
from measure import ROUNDS, report, rounds, spread
from rulecheck.explaining.explain import Explainer
from rulecheck.explaining.trace import LimbTrace
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.rules import model
from rulecheck.rules.load import load
from rulecheck.submission import Subject

AS_OF = forty_loop.AS_OF.toordinal()
TARGETS = {"verdicts alone": 8.0, "with evidence": 20.0}
SHOWN = 25
"""Subjects whose every judgement is put into words, to tell what showing costs."""


def load_rules() -> model.RuleSet:
    rules, problems = load(Path(__file__).parent / "forty")
    assert rules is not None, problems
    return rules


def verdicts(rules: model.RuleSet, found: list[Subject]) -> list[list[str]]:
    """The verdict of every rule on every subject."""
    judge = Judge(lower(rules, AS_OF))
    return [[verdict for _, verdict in judge.verdicts(subject)] for subject in found]


def evidence(rules: model.RuleSet, found: list[Subject]) -> Iterator[LimbTrace]:
    """Verdict and evidence tree of every judgement, one after the other; words are made only for what is shown."""
    judge = Judge(lower(rules, AS_OF))
    explainer = Explainer(judge, {})
    for subject in found:
        for each in judge.judges[subject.kind.id]:
            limb = each.limbs[0]
            outcome = limb.outcome(subject)
            yield explainer.trace(limb, subject, outcome.truths)


def words(rules: model.RuleSet, found: list[Subject]) -> int:
    """Whole judgements, in words, with what is missing and what would cure it: what a report shows."""
    judge = Judge(lower(rules, AS_OF))
    explainer = Explainer(judge, {"unit": found})
    letters = 0
    for subject in found:
        for each in judge.judges["unit"]:
            judgement = explainer.explain(each, subject)
            letters += len(judgement.reason.zh) + len(judgement.evidence.text.zh)
    return letters


def sides(rules: model.RuleSet, count: int) -> dict[str, Callable[[], object]]:
    """The three sides over the same figures, after it is sure that they agree."""
    told = rows(count)
    found = subjects(rules, told)
    by_hand = forty_loop.verdicts(told)
    order = [rule.__name__ for rule in forty_loop.RULES]
    judge = Judge(lower(rules, AS_OF))
    places = [order.index(each.plan.rule.id) for each in judge.judges["unit"]]
    for number, (line, ours) in enumerate(zip(by_hand, verdicts(rules, found), strict=True)):
        for place, verdict in zip(places, ours, strict=True):
            assert line[place] == verdict, (number, order[place], line[place], verdict, told[number])
    cells = len(order) * count
    counts = Counter(chain.from_iterable(by_hand))
    told_counts = ", ".join(f"{verdict} {each * 100 / cells:.0f}%" for verdict, each in counts.most_common())
    print(f"{count} subjects x {len(order)} rules = {cells} verdicts, the same on both sides: {told_counts}")
    return {
        "hand-written loop": lambda: forty_loop.verdicts(told),
        "verdicts alone": lambda: verdicts(rules, found),
        "with evidence": lambda: deque(evidence(rules, found), maxlen=0),
    }


def held(rules: model.RuleSet, count: int) -> dict[str, Callable[[], object]]:
    """All evidence in memory at the same time, with Python's garbage collector looking through it, and without."""
    found = subjects(rules, rows(count))

    def without_collector() -> object:
        gc.disable()
        try:
            return list(evidence(rules, found))
        finally:
            gc.enable()

    return {"evidence, all held": lambda: list(evidence(rules, found)), "... collector off": without_collector}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--rounds", type=int, default=ROUNDS)
    count = options.parse_args().rounds
    rules = load_rules()
    small, large = sides(rules, 1_000), sides(rules, 10_000)
    times = rounds(small | held(rules, 1_000), count)
    kept = report("1,000 subjects:", times, "hand-written loop", TARGETS)
    times_large = rounds(large, max(3, count // 3))
    kept = report("10,000 subjects:", times_large, "hand-written loop", TARGETS) and kept
    print("from 1,000 to 10,000 subjects (10 is linear):")
    for name, values in times_large.items():
        print(f"  {name:<18}  x {spread([each / median(times[name]) for each in values])}")
    shown = subjects(rules, rows(SHOWN))
    times_shown = rounds({"in words": lambda: words(rules, shown)}, 3)["in words"]
    each_shown = median(times_shown) / (SHOWN * len(forty_loop.RULES))
    each_traced = median(times["with evidence"]) / (1_000 * len(forty_loop.RULES))
    print(f"putting a judgement into words, for what is shown: {each_shown / each_traced:.0f} times its verdict and evidence")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
