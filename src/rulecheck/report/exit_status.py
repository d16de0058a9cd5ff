"""The exit status of a check, from its report (Contract, design §8)."""

from __future__ import annotations

from rulecheck.judgement import Report, Verdict

CLEAN = 0
"""Nothing is violated."""
VIOLATED = 1
"""At least one judgement is violated and not waived, or has a verdict that `--fail-on` names."""
REFUSED = 2
"""A file was refused, whatever the others gave."""
UNDECIDED = 4
"""There was no judgement, or every one is undetermined."""


def exit_status(report: Report, fail_on: frozenset[Verdict] = frozenset()) -> int:
    """The status of the process. `fail_on` widens 1 to further verdicts. Silent units change nothing: what was not handed in
    violates no rule, and the report names them."""
    failing = fail_on | {Verdict.VIOLATED}
    if report.refused:
        return REFUSED
    if any(judgement.verdict in failing and judgement.waived is None for judgement in report.judgements):
        return VIOLATED
    if all(judgement.verdict is Verdict.UNDETERMINED for judgement in report.judgements):
        return UNDECIDED
    return CLEAN
