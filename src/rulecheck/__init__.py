"""rulecheck: provisions that facts can decide, as rules that a lawyer can read."""

__version__ = "0.1.0"
