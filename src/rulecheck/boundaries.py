from rulecheck.diagnostics import Diagnostic
def lacking(rules) -> list[Diagnostic]:
    return []
