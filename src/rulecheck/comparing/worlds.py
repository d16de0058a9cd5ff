"""A rule between its two versions: some clauses as they were, the others as they are now, in the vocabulary of either side, and
what comes out of it. This is how a cause is found: by putting back what may have caused it, and judging again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from rulecheck.comparing.differences import CLAUSE_FIELDS, limb_in, partner, reading_name, tag_of
from rulecheck.comparing.meaning import Binding, Unbound, meaning
from rulecheck.comparing.result import Difference
from rulecheck.dataclass import replace
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge, RuleJudge
from rulecheck.judging.lower import lower
from rulecheck.rules import model
from rulecheck.submission import Subject

Key = tuple[str, str, str, str]
"""`Difference.key`."""
Vocabulary = Literal["old", "new"]


class Worlds:
    """One rule in all that lies between its versions. `differences`: those that decide."""

    def __init__(
        self, old: model.RuleSet, new: model.RuleSet, before: model.Rule, after: model.Rule, differences: tuple[Difference, ...]
    ) -> None:
        self._sets: Mapping[Vocabulary, model.RuleSet] = {"old": old, "new": new}
        self._rules: Mapping[Vocabulary, model.Rule] = {"old": before, "new": after}
        self._differences = {each.key: each for each in differences}
        self._made: dict[tuple[Vocabulary, frozenset[Key]], model.RuleSet | None] = {}
        self._judges: dict[tuple[Vocabulary, frozenset[Key], int], dict[tuple[str | None, str | None], RuleJudge]] = {}

    def verdict(
        self, vocabulary: Vocabulary, put_back: frozenset[Key], day: int, subject: Subject, limb: str | None, period: str | None
    ) -> Verdict | None:
        """What comes out for a subject (as that vocabulary reads it) with some differences put back as they were; None where no
        such rule can be made, or it gives no such judgement."""
        rules = self.rules(vocabulary, put_back)
        if rules is None:
            return None
        at = (vocabulary, put_back, day)
        if at not in self._judges:
            plan = lower(rules, day)
            judges = [each for found in Judge(plan).judges.values() for each in found]
            self._judges[at] = {
                (tag_of(each.plan.tag), each.plan.period.key if each.plan.period else None): each for each in judges
            }
        judge = self._judges[at].get((limb, period))
        return judge.verdict(subject) if judge is not None else None

    def rules(self, vocabulary: Vocabulary, put_back: frozenset[Key]) -> model.RuleSet | None:
        """The rule set with this one rule, ready for any evaluator; None where the names of one version cannot be told in the
        other's vocabulary."""
        at = (vocabulary, put_back)
        if at not in self._made:
            try:
                self._made[at] = self._rule_set(vocabulary, put_back)
            except Unbound:
                self._made[at] = None
        return self._made[at]

    def _side(self, put_back: frozenset[Key], *key: str) -> Vocabulary:
        padded = (*key, "", "", "")[:4]
        return "old" if padded in put_back else "new"

    def _rule_set(self, vocabulary: Vocabulary, put_back: frozenset[Key]) -> model.RuleSet:
        base = self._sets[vocabulary]
        parameters = {}
        for name in {**self._sets["old"].parameters, **self._sets["new"].parameters}:
            side = self._side(put_back, "parameter", "", "", name)
            # What one set alone declares is there for the clauses of that set.
            holder = self._sets[side] if name in self._sets[side].parameters else self._sets["old" if side == "new" else "new"]
            parameters[name] = holder.parameters[name]
        bindings = {side: Binding(self._sets[side], base, parameters) for side in self._sets}
        places = self._of("places", put_back, vocabulary).places
        place = self._rules[self._side(put_back, "place")].place
        if place is not None:
            if place.english not in places.by_id:
                raise Unbound(place.english)
            place = places.by_id[place.english]
        rule = replace(
            self._rules[vocabulary],
            place=place,
            every=self._rules[self._side(put_back, "every")].every,
            readings=self._readings(put_back, bindings),
            kind=base.kinds[self._rules[vocabulary].kind.id],
            examples=(),
            accepted=(),
        )
        calendar = self._of("calendar", put_back, vocabulary).calendar
        return replace(base, rules=(rule,), calendar=calendar, places=places)

    def _of(self, what: str, put_back: frozenset[Key], vocabulary: Vocabulary) -> model.RuleSet:
        """The set that a table comes from; tables that are not among the differences are alike, or not used."""
        if (what, "", "", "") not in self._differences:
            return self._sets[vocabulary]
        return self._sets[self._side(put_back, what)]

    def _readings(self, put_back: frozenset[Key], bindings: Mapping[Vocabulary, Binding]) -> tuple[model.Reading, ...]:
        """The readings as one version has them, each clause from where it is wanted."""
        side = self._side(put_back, "readings")
        other_side: Vocabulary = "new" if side == "old" else "old"
        own, other = self._rules[side], self._rules[other_side]
        found = []
        for reading in own.readings:
            twin = partner(reading, own, other)
            limbs = []
            for limb in reading.limbs:
                tag = tag_of(limb.tag)
                fields: dict[str, Any] = {}
                for what, names in CLAUSE_FIELDS.items():
                    source, holder = self._source(what, tag, reading, twin, own, other, side, put_back, limb)
                    fields |= {name: bindings[source].bound(getattr(holder, name)) for name in names}
                limbs.append(replace(limb, **fields))
            found.append(replace(reading, limbs=tuple(limbs)))
        return tuple(found)

    def _source(
        self,
        what: str,
        tag: str | None,
        reading: model.Reading,
        twin: model.Reading | None,
        own: model.Rule,
        other: model.Rule,
        side: Vocabulary,
        put_back: frozenset[Key],
        limb: model.Limb,
    ) -> tuple[Vocabulary, model.Limb]:
        """Which version a clause of a limb comes from, and the limb that has it there."""
        is_first = reading is own.readings[0]
        name = "" if is_first else reading_name(reading) or ""
        own_key, default_key = (what, tag or "", name, ""), (what, tag or "", "", "")
        key = own_key if own_key in self._differences else default_key
        if key not in self._differences:
            return side, limb
        wanted: Vocabulary = "old" if key in put_back else "new"
        if wanted == side:
            return side, limb
        if not is_first and key == default_key:
            # The clause of the first reading changed; a further reading that has one of its own keeps it.
            first = limb_in(own.readings[0], tag)
            if first is None or not _same_clause(what, limb, first):
                return side, limb
        there = limb_in(twin if twin is not None and (is_first or key == own_key) else other.readings[0], tag)
        return (wanted, there) if there is not None else (side, limb)


def _same_clause(what: str, one: model.Limb, other: model.Limb) -> bool:
    return all(meaning(getattr(one, name)) == meaning(getattr(other, name)) for name in CLAUSE_FIELDS[what])
