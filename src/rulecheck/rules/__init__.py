"""The rule set: names resolved, units checked, every rule tied to its document."""
