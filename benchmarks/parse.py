"""Parsing and checking 2,000 lines of rules against bare Lark LALR with positions on the same text.

    python benchmarks/parse.py [--rounds N]

The text is the rule files that are shipped; then the same four times over, under names of their own. Bare Lark is Lark with the
project's grammar and words, keeping positions and making nothing; with its own trees it is shown beside. The checker's side makes
the project's tree, puts declarations and clauses together, resolves every name, checks every unit and gives a whole rule set.
Reading the files and making the parsers is on neither side. Ends with status 1 where the target is missed.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from statistics import median

from measure import ROUNDS, report, rounds, spread
from rulecheck import data
from rulecheck.language import parse_grammar, words
from rulecheck.language.parse import bare_parser, parse
from rulecheck.language.source import Source
from rulecheck.measures.units import unit_table
from rulecheck.rules import model
from rulecheck.rules.load import load, rule_files
from rulecheck.rules.resolve import resolve

BARE = "bare Lark"
TARGETS = {"parse and check": 3.0}
COPIES = "乙丙丁"

Texts = list[tuple[str, str]]
"""Name and text of rule files."""


def shipped() -> Texts:
    files, _ = rule_files(data.folder("rules"))
    return [(name, path.read_text(encoding="utf-8")) for path, name in files if path.suffix == ".rule"]


_WORD = re.compile(
    rf'"[^"\n]*"|[>#][^\n]*|「[^」\n]*」|[A-Za-z_][A-Za-z0-9_]*|(?:(?![{"".join(words.SPLITTING)}])[{words.HAN}])+'
)


def renamed(texts: Texts, names: Mapping[str, str], copy: int) -> Texts:
    """The same rules with a mark on every declared name, so that both can stand in one rule set."""
    declared = {*names, *names.values()}

    def one(found: re.Match[str]) -> str:
        word = found.group()
        if word.startswith("「"):
            return f"「{word[1:-1]}{COPIES[copy]}」"
        if word not in declared:
            return word
        return f"{word}_{copy}" if word.isascii() else word + COPIES[copy]

    return [(name.replace(".rule", f"-{copy}.rule"), _WORD.sub(one, text)) for name, text in texts]


class Nothing:
    """What Lark calls at every reduction, to make nothing."""

    def __getattr__(self, rule: str) -> Callable[[list[object]], None]:
        if rule.startswith("__"):
            raise AttributeError(rule)
        return lambda children: None


def sides(texts: Texts, like: model.RuleSet) -> dict[str, Callable[[], object]]:
    bare, with_trees = parse_grammar.build(Nothing(), propagate_positions=True), bare_parser()
    units = unit_table()

    def parse_all() -> list[object]:
        return [parse(Source(name, text))[0] for name, text in texts]

    def check_all() -> model.RuleSet:
        files = []
        for name, text in texts:
            file, problems = parse(Source(name, text))
            assert file is not None, name
            assert not problems, problems
            files.append(file)
        rules, problems = resolve(files, like.documents, like.places, like.calendar, units, "")
        assert not problems, problems[:3]
        return rules

    count = sum(text.count("\n") for _, text in texts)
    print(f"{count} lines in {len(texts)} files, {len(check_all().rules)} rules")
    return {
        BARE: lambda: [bare.parse(text) for _, text in texts],
        "bare Lark with trees": lambda: [with_trees.parse(text) for _, text in texts],
        "parse": parse_all,
        "parse and check": check_all,
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--rounds", type=int, default=ROUNDS)
    count = options.parse_args().rounds
    rules, problems = load()
    assert rules is not None, problems
    texts = shipped()
    small = sides(texts, rules)
    large = sides([*texts, *(each for copy in range(3) for each in renamed(texts, rules.names, copy))], rules)
    times = rounds(small, count)
    kept = report("as shipped:", times, BARE, TARGETS)
    times_large = rounds(large, max(3, count // 3))
    kept = report("four times as much:", times_large, BARE, TARGETS) and kept
    print("from once to four times (4 is linear):")
    for name, values in times_large.items():
        print(f"  {name:<20}  x {spread([each / median(times[name]) for each in values])}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
