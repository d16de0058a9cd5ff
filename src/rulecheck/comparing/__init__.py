"""What a change of rules does to verdicts: one submission judged by two rule sets, and the clauses that make the difference."""
