"""Verdicts: the plan of one as-of date, the meaning written once, and the evaluator of single subjects."""
