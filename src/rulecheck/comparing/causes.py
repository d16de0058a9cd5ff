"""The cause of a change: the differences that, put back as they were, bring the old verdict back.

A difference is a cause where the old verdict comes back when it alone is put back. Where none does it alone, several changed what
each of them would have changed: then the causes are a smallest set that has to be put back together. Where what can be handed in
changed too (a range, a step, what 无 counts as, a relation), clauses are put back in either vocabulary.
"""

from __future__ import annotations

from typing import NamedTuple

from rulecheck.comparing.result import VOCABULARY, Difference
from rulecheck.comparing.worlds import Key, Vocabulary, Worlds
from rulecheck.judgement import Verdict
from rulecheck.submission import Subject

NOT_SWITCHED = VOCABULARY | {"kind", "limb"}
"""What cannot be put back by itself while the rest stays."""


class Case(NamedTuple):
    """A judgement that changed: the subject as each vocabulary reads it, the day, and the verdict under the old rules."""

    before: Subject
    after: Subject
    day: int
    limb: str | None
    period: str | None
    verdict: Verdict


def causes(worlds: Worlds, differences: tuple[Difference, ...], case: Case) -> tuple[Difference, ...]:
    """The differences that make this judgement come out as it does now, in the order in which they are told; empty where the
    rules do not, so that what was read of the submission must."""
    switches = [each for each in differences if each.decides and each.what not in NOT_SWITCHED]
    of_vocabulary = tuple(each for each in differences if each.what in VOCABULARY)
    keys = frozenset(each.key for each in switches)

    def restored(vocabulary: Vocabulary, put_back: frozenset[Key]) -> bool:
        subject = case.before if vocabulary == "old" else case.after
        return worlds.verdict(vocabulary, put_back, case.day, subject, case.limb, case.period) is case.verdict

    alone = tuple(each for each in switches if restored("new", frozenset((each.key,))))
    if restored("old", frozenset()):
        # The new clauses give the old verdict once the submission is read as it was.
        return alone + of_vocabulary
    if alone:
        return alone
    with_vocabulary = not restored("new", keys)
    vocabulary: Vocabulary = "old" if with_vocabulary else "new"
    needed = keys
    for each in switches:
        if restored(vocabulary, needed - {each.key}):
            needed -= {each.key}
    found = tuple(each for each in switches if each.key in needed)
    return found + (of_vocabulary if with_vocabulary else ())
