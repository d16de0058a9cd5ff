"""The same submission under two rule sets: every judgement of either side by side, what changed, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from rulecheck.checking import ENGINE, day_of, numbered, with_path
from rulecheck.comparing.causes import Case, causes
from rulecheck.comparing.differences import Version, tag_of
from rulecheck.comparing.grouping import Groups
from rulecheck.comparing.pairs import Pair, pairs_of
from rulecheck.comparing.result import (
    Comparison,
    Difference,
    Example,
    Group,
    Reworded,
    RuleChange,
    Turn,
)
from rulecheck.comparing.trees import Files, Trees
from rulecheck.comparing.wording import told
from rulecheck.dataclass import dataclass
from rulecheck.explaining.explain import Explainer
from rulecheck.judgement import Judgement, Receipt, Verdict
from rulecheck.judging.judge import Judge, RuleJudge
from rulecheck.judging.lower import lower
from rulecheck.judging.settle import settle
from rulecheck.measures.days import day_text
from rulecheck.rules import model
from rulecheck.submission import Subject, Submission

SubjectKey = tuple[tuple[str, str], ...]
"""A subject by kind and id, then those it is part of."""
JudgementKey = tuple[SubjectKey, int, str | None, str | None]
"""Whose, of which pair of rules, limb and period."""


@dataclass(frozen=True, slots=True)
class Given:
    """One side: the rule set, what the submission is when read with its vocabulary, how the rules are called, and their files
    (read only where the two sides differ)."""

    rules: model.RuleSet
    submission: Submission
    name: str
    files: Callable[[], Files]


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """A judgement that one side gives, explained when it is asked for. `by_clauses`: the verdict before a reason that the
    authority accepted makes up for it."""

    subject: Subject
    judge: RuleJudge
    explainer: Explainer
    day: int
    verdict: Verdict
    by_clauses: Verdict
    order: int

    def judgement(self) -> Judgement:
        return with_path(self.explainer.explain(self.judge, self.subject), self.subject)


def compare(old: Given, new: Given, *, as_of: int | None, today: int) -> Comparison:
    """Every judgement of both sides. A subject is judged as of the option `as_of`, else its own date, else `today` (ordinals).
    The subjects of both submissions are settled in place."""
    versions = (
        Version(old.rules, Trees(old.files, old.rules.names)),
        Version(new.rules, Trees(new.files, new.rules.names)),
    )
    pairs = pairs_of(*versions)
    sides = []
    days: set[int] = set()
    sources: set[str] = set()
    for given, is_new in ((old, False), (new, True)):
        numbers = {(each.after if is_new else each.before): number for number, each in enumerate(pairs)}
        sides.append(_judged(given, numbers, as_of, today, days, sources))
    return _Comparing((old, new), pairs, (sides[0], sides[1])).whole(days, sources)


class _Comparing:
    """Both sides judged."""

    def __init__(
        self,
        given: tuple[Given, Given],
        pairs: Sequence[Pair],
        sides: tuple[Mapping[JudgementKey, _Judged], Mapping[JudgementKey, _Judged]],
    ) -> None:
        self.given, self.pairs, self.sides = given, pairs, sides
        self.judgement = cache(lambda side, key: self.sides[side][key].judgement())
        self.refused = [{refusal.file for refusal in each.submission.refused} for each in given]

    def whole(self, days: set[int], sources: set[str]) -> Comparison:
        before, after = self.sides
        shared = [key for key in after if key in before]
        changed = [key for key in shared if before[key].verdict is not after[key].verdict]
        appeared = [key for key in after if key not in before]
        fell_away = [key for key in before if key not in after]
        return Comparison(
            as_of=tuple(day_text(day, "en") for day in sorted(days)),
            as_of_source="unused" if not sources else sources.pop() if len(sources) == 1 else "mixed",
            receipts=(self._receipt(0), self._receipt(1)),
            names=(self.given[0].name, self.given[1].name),
            refused=(self.given[0].submission.refused, self.given[1].submission.refused),
            groups=self._groups(changed),
            appeared=self._groups(appeared),
            fell_away=self._groups(fell_away),
            reworded=tuple(self._reworded(shared)),
            rules=tuple(self._rules([*changed, *appeared, *fell_away])),
            unchanged=len(shared) - len(changed),
        )

    def _receipt(self, side: int) -> Receipt:
        rules, submission = self.given[side].rules, self.given[side].submission
        return Receipt(ENGINE, rules.sha256, submission.sha256, rules.calendar.sha256)

    # --- what changed verdict ---

    def _groups(self, keys: Sequence[JudgementKey]) -> tuple[Group, ...]:
        before, after = self.sides
        ordered = sorted(keys, key=lambda key: (after[key] if key in after else before[key]).order)
        groups = Groups(lists=True)
        for key in ordered:
            verdicts = (side[key].verdict if key in side else None for side in self.sides)
            turn = Turn(*key, *verdicts)
            groups.add(turn, self._causes(turn), partial(self._example, turn))
        return groups.whole(lambda number: self.pairs[number].line)

    def _causes(self, turn: Turn) -> tuple[Difference, ...]:
        pair, key = self.pairs[turn.rule], _key(turn)
        if turn.before is None or turn.after is None:
            here, other = (0, 1) if turn.before is not None else (1, 0)
            found = pair.one_sided(turn.limb, is_read=self._has_subject(other, turn))
            return found or (self._of_submission(self.sides[here][key].subject, None),)
        assert pair.worlds is not None
        before, after = (side[key] for side in self.sides)
        case = Case(before.subject, after.subject, after.day, turn.limb, turn.period, before.by_clauses)
        return causes(pair.worlds, pair.differences, case) or (self._of_submission(before.subject, after.subject),)

    def _has_subject(self, side: int, turn: Turn) -> bool:
        return any(_path(each) == turn.subject for each in self.given[side].submission.subjects.get(_kind_of(turn), ()))

    def _of_submission(self, *subjects: Subject | None) -> Difference:
        """What was read differs though no rule does: a file that one side refuses, or a name that only one side knows."""
        files = {each.origin.file for each in subjects if each is not None}
        one_sided = self.refused[0] ^ self.refused[1]
        what = "refused" if one_sided and (files & one_sided or len(subjects) > 1) else "submission"
        return Difference("submission", told("what", what), (), (), of=what)

    def _example(self, turn: Turn) -> Example:
        key = _key(turn)
        before, after = (self.judgement(side, key) if key in self.sides[side] else None for side in (0, 1))
        either = after or before
        assert either is not None
        return Example(turn, either.subject, before, after)

    # --- what stayed ---

    def _reworded(self, shared: Sequence[JudgementKey]) -> Iterator[Reworded]:
        """Judgements whose verdict stayed and whose words did not; looked for where rule or figures differ."""
        before, after = self.sides
        for key in sorted(shared, key=lambda key: after[key].order):
            was, now = before[key], after[key]
            if was.verdict is not now.verdict or not self._may_differ(key, was, now):
                continue
            parts = _parts_that_differ(self.judgement(0, key), self.judgement(1, key))
            if parts:
                show = (lambda key=key: self.judgement(0, key)), (lambda key=key: self.judgement(1, key))
                subject = self.judgement(1, key).subject
                yield Reworded(self.pairs[key[1]].line, subject, key[2], key[3], now.verdict, parts, *show)

    def _may_differ(self, key: JudgementKey, was: _Judged, now: _Judged) -> bool:
        return bool(self.pairs[key[1]].differences) or was.subject.disputed.keys() != now.subject.disputed.keys()

    # --- the rules themselves ---

    def _rules(self, moved: Sequence[JudgementKey]) -> Iterator[RuleChange]:
        """Every rule that differs, with what became of its judgements."""
        count = Counter(key[1] for key in moved)
        judged: list[Counter[int]] = [Counter(key[1] for key in side) for side in self.sides]
        verdicts: dict[int, Counter[Verdict]] = {}
        for side in self.sides:
            for key, each in side.items():
                if self.pairs[key[1]].worlds is None:
                    verdicts.setdefault(key[1], Counter())[each.verdict] += 1
        for number, pair in sorted(enumerate(self.pairs), key=lambda each: each[1].line.position):
            if pair.differences:
                found = verdicts.get(number, Counter())
                ordered = {verdict: found[verdict] for verdict in Verdict if found[verdict]}
                yield RuleChange(pair.line, pair.differences, count[number], max(each[number] for each in judged), ordered)


# --- judging one side ---


def _judged(
    given: Given,
    numbers: Mapping[model.Rule | None, int],
    as_of: int | None,
    today: int,
    days: set[int],
    sources: set[str],
) -> dict[JudgementKey, _Judged]:
    """Every judgement of one side. The days and what said so are added to `days` and `sources`."""
    rules, submission = given.rules, given.submission
    positions = numbered(submission.subjects)
    settle(rules, (subject for kind in submission.subjects.values() for subject in kind))
    by_day: dict[int, list[Subject]] = {}
    judged = {rule.kind.id for rule in rules.rules}
    for kind, subjects in submission.subjects.items():
        for subject in subjects if kind in judged else ():
            day, source = day_of(subject, as_of, today)
            by_day.setdefault(day, []).append(subject)
            sources.add(source)
    days.update(by_day)
    recorded = {(each.rule, each.subject) for each in submission.records}
    found: dict[JudgementKey, _Judged] = {}
    for day in sorted(by_day):
        judge = Judge(lower(rules, day, {subject.kind.id for subject in by_day[day]}))
        explainer = Explainer(judge, submission.subjects, submission.records)
        for subject in by_day[day]:
            for each, verdict in judge.verdicts(subject):
                period = each.plan.period.key if each.plan.period else None
                key = (_path(subject), numbers[each.plan.rule], tag_of(each.plan.tag), period)
                is_recorded = (each.plan.rule.id, subject.id) in recorded
                final = explainer.explain(each, subject).verdict if is_recorded else verdict
                found[key] = _Judged(subject, each, explainer, day, final, verdict, positions[id(subject)])
    return found


def _path(subject: Subject) -> SubjectKey:
    found = []
    each: Subject | None = subject
    while each is not None:
        found.append((each.kind.id, each.id))
        each = each.parent
    return tuple(found)


def _key(turn: Turn) -> JudgementKey:
    assert isinstance(turn.subject, tuple)
    return turn.subject, turn.rule, turn.limb, turn.period


def _kind_of(turn: Turn) -> str:
    assert isinstance(turn.subject, tuple)
    return str(turn.subject[0][0])


def _parts_that_differ(before: Judgement, after: Judgement) -> tuple[str, ...]:
    """What of two judgements with one verdict reads otherwise."""
    pairs = {
        "reason": (before.reason, after.reason),
        "possible": (before.possible, after.possible),
        "missing": (before.missing, after.missing),
        "margin": (before.margin, after.margin),
        "remedy": (before.remedy, after.remedy),
        "parameters": (before.parameters, after.parameters),
        "reading": (before.reading, after.reading),
        "partial": (before.partial, after.partial),
        "modality": (before.modality, after.modality),
    }
    return tuple(name for name, (was, now) in pairs.items() if was != now)
