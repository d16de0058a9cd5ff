"""Verdicts of many subjects at once: the walk of `judging.algebra` over columns of whole numbers, in frames of bounded size."""
