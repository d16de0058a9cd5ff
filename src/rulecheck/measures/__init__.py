"""Exact measures: units, numbers as people write them, days and working days, places."""
