"""The judgement whole: figures, evidence, paragraph, what is missing and what would cure it."""
