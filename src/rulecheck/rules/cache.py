"""Rule sets that were worked out before: those shipped come compiled in the wheel, others are kept in the user's cache folder.

`ready` gives what `load` gives, without the syntax trees. What was kept counts only for the very bytes it was made from, by the
very program (`Inputs.key`), and only if it is whole: anything else is passed over, worked out anew and written anew.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from rulecheck import data
from rulecheck.kept import envelope, fetch, keep, payload
from rulecheck.language.diagnostics import Diagnostic, fault
from rulecheck.rules import model
from rulecheck.rules.compile import BROKEN, Guard, NotCompiled, compiled, restored
from rulecheck.rules.load import Inputs, made, read_inputs


def ready(folder: Path | None = None) -> tuple[model.RuleSet | None, list[Diagnostic]]:
    """The rule set of a folder (the rules shipped, by default) to judge with: `RuleSet.files` is empty. None when a fault makes
    it unusable."""
    root = folder or data.folder("rules")
    if not root.is_dir():
        return None, [fault("X101", root.name)]
    given = read_inputs(root)
    if given.problems:
        return made(given)
    shipped = payload(data.compiled("rules"), given.key)
    if shipped is not None:
        with contextlib.suppress(NotCompiled):
            return restored(shipped)
    kept = _kept(given)
    if kept is not None:
        return kept
    rules, problems = made(given)
    if rules is not None:
        with contextlib.suppress(*BROKEN):
            # Rules that cannot be written down are not kept; they can be judged by all the same.
            keep(given.key, compiled(rules, problems))
    return rules, problems


def compile_rules() -> bytes:
    """What a wheel holds as `compiled/rules`: the rules shipped. ValueError where they have a fault."""
    given = read_inputs(data.folder("rules"))
    rules, problems = made(given)
    if rules is None:
        raise ValueError([(each.code, each.file) for each in problems])
    return envelope(compiled(rules, problems), given.key)


def _kept(given: Inputs) -> tuple[model.RuleSet, list[Diagnostic]] | None:
    lines = fetch(given.key)
    if lines is None:
        return None
    from rulecheck.rules.verify import are_remarks, is_whole

    try:
        rules, problems = restored(lines, _guard(given))
        is_right = rules.sha256 == given.sha256 and is_whole(rules) and are_remarks(tuple(problems))
        return (rules, problems) if is_right else None
    except BROKEN:
        return None


def _guard(given: Inputs) -> Guard:
    """Examples and acceptances are looked at when they are asked for; those that are not whole are read from the rule files
    again."""

    def guarded(rule: str, name: str, read: Any) -> Any:
        from rulecheck.rules.verify import are_part

        with contextlib.suppress(*BROKEN):
            found = read()
            if are_part(name, found):
                return found
        rules, _ = made(given)
        found = [getattr(each, name) for each in rules.rules if each.id == rule] if rules is not None else []
        if not found:
            raise NotCompiled
        return found[0]

    return guarded
