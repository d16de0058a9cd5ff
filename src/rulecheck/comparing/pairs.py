"""The rules of two sets side by side: which of them is which, what the two say differently, and worlds between them."""

from __future__ import annotations

from rulecheck.comparing.differences import Version, differences, whole
from rulecheck.comparing.result import Difference, RuleLine
from rulecheck.comparing.wording import told
from rulecheck.comparing.worlds import Worlds
from rulecheck.rules import model


def pairs_of(old: Version, new: Version) -> list[Pair]:
    """Every rule of either set."""
    return [Pair(old, new, before, after) for before, after in paired(old.rules, new.rules)]


class Pair:
    """A rule of the old set, of the new set, or both."""

    def __init__(self, old: Version, new: Version, before: model.Rule | None, after: model.Rule | None) -> None:
        self.before, self.after = before, after
        self.differences: tuple[Difference, ...] = ()
        self.worlds: Worlds | None = None
        if before is not None and after is not None:
            self.differences = differences(old, new, before, after)
            deciding = tuple(each for each in self.differences if each.decides)
            self.worlds = Worlds(old.rules, new.rules, before, after, deciding)
        elif after is not None:
            self.differences = (_whole_rule(after, new.rules, is_new=True),)
        elif before is not None:
            self.differences = (_whole_rule(before, old.rules, is_new=False),)
        self.line = _line(before, after)

    def one_sided(self, limb: str | None, *, is_read: bool) -> tuple[Difference, ...]:
        """Why only one side gives a judgement of a subject: the rule, its limb, who is judged, or the time of the duty; empty
        where the rules do not say. `is_read`: the other side has the subject."""
        if self.worlds is None:
            return self.differences
        for found in (
            tuple(each for each in self.differences if each.what == "limb" and each.limb == limb),
            tuple(each for each in self.differences if each.what == "kind"),
        ):
            if found:
                return found
        return tuple(
            each
            for each in self.differences
            if is_read and (each.what == "every" or (each.what in ("owed", "in_force") and each.limb == limb))
        )


def paired(old: model.RuleSet, new: model.RuleSet) -> list[tuple[model.Rule | None, model.Rule | None]]:
    """Rules of one id are one rule; of those left, rules of one Chinese name in documents of one number."""
    before = {rule.id: rule for rule in old.rules}
    found: list[tuple[model.Rule | None, model.Rule | None]] = []
    left: list[model.Rule] = []
    for rule in new.rules:
        if rule.id in before:
            found.append((before.pop(rule.id), rule))
        else:
            left.append(rule)
    named = {(rule.zh, rule.document.number): rule for rule in before.values()}
    for rule in left:
        was = named.pop((rule.zh, rule.document.number), None)
        if was is not None:
            del before[was.id]
        found.append((was, rule))
    return found + [(rule, None) for rule in before.values()]


def _line(before: model.Rule | None, after: model.Rule | None) -> RuleLine:
    rule = after or before
    assert rule is not None
    document, locator = rule.document, rule.citations[0].locator
    locators = [item.locator for item in document.items]
    item = locators.index(locator) if locator in locators else len(locators)
    return RuleLine(
        old=before.id if before is not None else None,
        new=after.id if after is not None else None,
        title=rule.title,
        document=document,
        locator=locator,
        quote=tuple(quote for citation in rule.citations for quote, _ in citation.quotes),
        position=(document.issued, document.folder, item, rule.id),
    )


def _whole_rule(rule: model.Rule, rules: model.RuleSet, *, is_new: bool) -> Difference:
    lines = whole(rule, rules)
    what = "added" if is_new else "removed"
    return Difference(what, told("what", what), () if is_new else lines, lines if is_new else ())
