"""Names of terms and tests, in both languages: short, as explanations of a judgement name them, or in full, as a provision is
told to a lawyer, with every boundary said and the names of facts set apart.

One walk over the expressions of the model serves both; what differs is the wording (`phrases.toml`, `prose.toml`) and how much
is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from rulecheck.dataclass import dataclass, replace
from rulecheck.language import words
from rulecheck.prose.phrases import both, has_provision, join, phrase, provision, readable
from rulecheck.prose.values import last_day_text, period_text, season_text, value_text, weekday_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Voice:
    """How names are told: `rules` None, short; else in full.

    `scope`: the kind whose facts are read where the expression stands; `every`: how often the rule is judged.
    """

    rules: model.RuleSet | None = None
    scope: model.Kind | None = None
    every: model.Frequency | None = None

    @property
    def is_full(self) -> bool:
        return self.rules is not None

    def within(self, kind: model.Kind) -> Voice:
        """The voice for what is said of each member of a kind."""
        return replace(self, scope=kind)

    def say(self, section: str, name: str, /, **values: Bilingual | str | int) -> Bilingual:
        """The wording in full where there is one of its own, else the short one."""
        if self.is_full and has_provision(section, name):
            return provision(section, name, **values)
        return phrase(section, name, **values)

    def above(self, steps: int) -> model.Kind | None:
        """The kind `steps` above the one in scope."""
        kind = self.scope
        for _ in range(steps):
            if kind is None or kind.parent is None or self.rules is None:
                return None
            kind = self.rules.kinds[kind.parent]
        return kind


SHORT = Voice()
WIDE_SIGNS = {"+": "＋", "-": "－"}


# --- terms ---


def term_name(term: model.Term, period: str | None = None, voice: Voice = SHORT) -> Bilingual:
    """A term as written: names, signs, constants. `period`: the key of the period being judged, where it is told."""
    match term:
        case model.Literal_(value=value, type=type_):
            return value_text(value, type_)
        case model.FactTerm():
            return _fact_name(term, period, voice)
        case model.ParameterTerm(parameter=parameter):
            return _set_apart(parameter.name, voice)
        case model.Sum(left=left, right=right) | model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            parts = [_part_name(left, term, period, voice), _part_name(right, term, period, voice)]
            sign = sign_of(term)
            # Between words and figures a full-width sign is not taken for a hyphen.
            return join(parts, WIDE_SIGNS.get(sign, sign) if voice.is_full else sign, f" {sign} ")
        case model.Count(members=members):
            return _of_members("count", members, voice)
        case model.Total(members=members, term=inner):
            told = term_name(inner, None, voice.within(members.kinds[-1]))
            return _of_members("total", members, voice, term=told)
        case model.Distinct(members=members, term=inner):
            told = term_name(inner, None, voice.within(members.kinds[-1]))
            return _of_members("distinct", members, voice, term=told)
        case model.Share(members=members, test=test):
            told = condition_name(test, voice.within(members.kinds[-1]))
            several = isinstance(test, model.AllOf | model.AnyOf)
            return _of_members("share", members, voice, test=bracketed(told) if several else told)
        case model.HowMany(tests=tests):
            told = join([condition_name(each, voice) for each in tests], "；", "; ")
            return voice.say("terms", "how_many", tests=told, count=len(tests))
        case model.PeriodTotal(fact=fact, up=up, periods=keys):
            first, last = period_text(keys[0]), period_text(keys[-1])
            name = _above(_set_apart(fact.name, voice), up, voice)
            which = f"period_total_{fact.every}" if voice.is_full else "period_total"
            return voice.say("terms", which, first=first, last=last, term=name)
        case model.DateShift(term=inner, amount=amount, unit=unit):
            return shifted_name(term_name(inner, period, voice), amount, unit, voice)
        case model.RolledDate(term=inner):
            return voice.say("terms", "rolled", day=term_name(inner, period, voice))
        case model.WeekdayOf(term=inner):
            return voice.say("terms", "weekday", day=term_name(inner, period, voice))
        case model.PeriodEnd():
            return voice.say("terms", f"period_end_{voice.every}" if voice.every else "period_end")
        case model.AnnualDay(month=month, day=day):
            return phrase("terms", "annual_day", day=last_day_text(month, day))
        case model.Change(way=way, fact=fact_term):
            # The name of the fact says which period it is; what it is compared with follows from how often it is reported.
            assert fact_term.fact.every is not None
            told = phrase("since", fact_term.fact.every)
            return phrase("terms", way, term=_fact_name(fact_term, period, voice), since=told)
        case _:
            assert_never(term)


def shifted_name(day: Bilingual, amount: int, unit: str, voice: Voice = SHORT) -> Bilingual:
    """So many days, working days or months after a day (before it, if negative)."""
    name = f"shift_{unit}" if abs(amount) != 1 else f"shift_{unit}_one"
    if voice.is_full:
        return provision("terms", name if amount >= 0 else f"{name}_before", day=day, amount=abs(amount))
    return phrase("terms", name, day=day, sign="-" if amount < 0 else "+", amount=abs(amount))


def _fact_name(term: model.FactTerm, period: str | None, voice: Voice) -> Bilingual:
    fact, key = term.fact, term.period
    name = _set_apart(fact.name, voice, is_statement=isinstance(fact.type, model.YesNoType))
    shown = key if isinstance(key, str) else period
    if fact.every is not None and shown:
        name = voice.say("terms", "at_period", period=period_text(shown), term=name)
    elif voice.is_full and isinstance(key, int):
        name = provision("terms", f"{'current' if key == 0 else 'previous'}_{fact.every}", term=name)
    elif key == -1:
        name = phrase("terms", "previous", term=name)
    return _above(name, term.up, voice)


def _set_apart(name: Bilingual, voice: Voice, *, is_statement: bool = False) -> Bilingual:
    """A declared name; in full in quotation marks, in Chinese only one that is itself a statement (已公示)."""
    told = readable(name)
    if not voice.is_full:
        return told
    return Bilingual(f"“{told.zh}”" if is_statement else told.zh, f"“{told.en}”")


def _above(name: Bilingual, up: int, voice: Voice) -> Bilingual:
    """The name of a fact of a subject above the one in scope."""
    owner = voice.above(up) if up and voice.is_full else None
    return name if owner is None else provision("terms", "above", term=name, kind=readable(owner.name))


def sign_of(term: model.Sum | model.Product | model.Quotient) -> str:
    if isinstance(term, model.Sum):
        return "-" if term.is_difference else "+"
    return "×" if isinstance(term, model.Product) else "÷"


def _part_name(part: model.Term, of: model.Sum | model.Product | model.Quotient, period: str | None, voice: Voice) -> Bilingual:
    name = term_name(part, period, voice)
    return bracketed(name) if not isinstance(part, model.Change) and needs_brackets(part, of) else name


def needs_brackets(part: model.Term, of: model.Sum | model.Product | model.Quotient) -> bool:
    """Whether a part of a reckoning would be read otherwise without brackets: `a×（b+c）`, `a-（b-c）`, `a÷（b×c）`."""
    part = part.term if isinstance(part, model.Change) else part
    if isinstance(part, model.Sum):
        return not isinstance(of, model.Sum) or (of.is_difference and part is of.right)
    return isinstance(part, model.Product | model.Quotient) and isinstance(of, model.Quotient) and part is of.right


def bracketed(name: Bilingual) -> Bilingual:
    return Bilingual(f"（{name.zh}）", f"({name.en})")


def _of_members(what: str, members: model.Collection, voice: Voice, **values: Bilingual) -> Bilingual:
    """What is counted or added up over members: `{what}`, and `{what}_where` where only some of them are meant."""
    if voice.is_full:
        return provision("terms", what, members=members_name(members, voice), **values)
    name = readable(members.kinds[-1].name)
    if members.where is None:
        return phrase("terms", what, members=name, **values)
    return phrase("terms", f"{what}_where", members=name, where=condition_name(members.where), **values)


def members_name(members: model.Collection, voice: Voice, *, with_where: bool = True) -> Bilingual:
    """The members of a collection in full: through which kinds, of whom, which of them, and which events count."""
    *through, last = members.kinds
    name = provision("members", "whole", members=readable(last.name))
    for kind in reversed(through):
        name = provision("members", "through", members=name, kind=readable(kind.name))
    owner = voice.above(members.up) if members.up else None
    if owner is not None:
        name = provision("members", "above", members=name, kind=readable(owner.name))
    which = []
    if last.occurs_on is not None and voice.rules is not None:
        day = _set_apart(voice.rules.facts[last.occurs_on].name, voice)
        which.append(provision("members", "events", day=day))
    if members.where is not None and with_where:
        which.append(provision("members", "where", where=condition_name(members.where, voice.within(last))))
    return provision("members", "only", members=name, which=join(which, "、且", " and ")) if which else name


# --- tests ---


def word_of(test: model.Compare) -> Bilingual:
    return both(lambda language: words.spell("comparisons", test.word, language))


def condition_name(test: model.Test, voice: Voice = SHORT) -> Bilingual:
    """A test as written, without figures, within a sentence."""
    match test:
        case model.Compare():
            return _compare_name(test, voice)
        case model.Member():
            return _member_name(test, voice)
        case model.InSeason(term=term, seasons=seasons, negated=negated):
            told = alternatives([season_text(each) for each in seasons])
            return voice.say("tests", "out_of_season" if negated else "in_season", day=term_name(term, None, voice), seasons=told)
        case model.IsNone(fact=fact, negated=negated):
            return voice.say("tests", "is_not_none" if negated else "is_none", term=term_name(fact, None, voice))
        case model.AllOf(parts=parts):
            return _joined(parts, "，且", ", and ", model.AnyOf, voice)
        case model.AnyOf(parts=parts):
            return _joined(parts, "，或", ", or ", model.AllOf, voice)
        case model.Not(part=part):
            return voice.say("tests", "denied", test=condition_name(part, voice))
        case model.Every(members=members, test=inner):
            return voice.say("tests", "every", members=_members_told(members, voice), test=_of_each(inner, members, voice))
        case model.Some(members=members, test=inner):
            return voice.say("tests", "some", members=_members_told(members, voice), test=_of_each(inner, members, voice))
        case _:
            assert_never(test)


def _of_each(test: model.Test, members: model.Collection, voice: Voice) -> Bilingual:
    return condition_name(test, voice.within(members.kinds[-1]))


def _members_told(members: model.Collection, voice: Voice) -> Bilingual:
    if voice.is_full:
        return members_name(members, voice)
    name = readable(members.kinds[-1].name)
    if members.where is None:
        return name
    return phrase("tests", "those_where", members=name, where=condition_name(members.where))


def _joined(parts: Sequence[model.Test], zh: str, en: str, other: type[model.AllOf | model.AnyOf], voice: Voice) -> Bilingual:
    """Parts joined by one word; what is joined by the other word inside stands in brackets."""
    told = []
    for part in parts:
        name = condition_name(part, voice)
        told.append(bracketed(name) if isinstance(part, other) else name)
    return join(told, zh, en)


# --- comparisons ---

MOMENTS = (model.DateType, model.TimeType)


def _compare_name(test: model.Compare, voice: Voice) -> Bilingual:
    left, right = _side_name(test.left, test.right, voice), _side_name(test.right, test.left, voice)
    if not voice.is_full:
        word = word_of(test)
        return Bilingual(f"{left.zh} {word.zh} {right.zh}", f"{left.en} {word.en} {right.en}")
    told = provision("compare", test.word if not words.is_symbol(test.word) else _plain_word(test), left=left, right=right)
    edge = _edge(test)
    return told if edge is None else join([told, provision("edges", edge, right=right)], "", " ")


def _side_name(term: model.Term, other: model.Term, voice: Voice) -> Bilingual:
    """A side of a comparison; a number that a count is compared with is told as one."""
    name = term_name(term, None, voice)
    return counted(name) if isinstance(term, model.Literal_) and is_count(other) else name


def is_count(term: model.Term) -> bool:
    """Whether a term says how many there are."""
    return isinstance(term, model.Count | model.Distinct | model.HowMany)


def counted(number: Bilingual) -> Bilingual:
    """A number of things: in Chinese it has its measure word."""
    return Bilingual(f"{number.zh}个", number.en)


def _plain_word(test: model.Compare) -> str:
    """The word that stands for a sign, by what is compared."""
    if test.relation in ("equal", "unequal"):
        return test.relation
    sort = "moment" if isinstance(test.left.type, MOMENTS) else "rank" if isinstance(test.left.type, model.CategoryType) else ""
    return _PLAIN_WORDS[test.relation, sort]


_PLAIN_WORDS = {
    ("at_least", ""): "at_least",
    ("at_least", "moment"): "no_earlier_than",
    ("at_least", "rank"): "no_lower_than",
    ("at_most", ""): "at_most",
    ("at_most", "moment"): "no_later_than",
    ("at_most", "rank"): "no_higher_than",
    ("more_than", ""): "exceeds",
    ("more_than", "moment"): "later_than",
    ("more_than", "rank"): "higher_than",
    ("less_than", ""): "fewer_than",
    ("less_than", "moment"): "earlier_than",
    ("less_than", "rank"): "lower_than",
}


def _edge(test: model.Compare) -> str | None:
    """Which note says whether the boundary itself is in or out; an equality has none."""
    if test.relation in ("equal", "unequal"):
        return None
    side = "in" if test.relation in ("at_least", "at_most") else "out"
    if isinstance(test.left.type, model.DateType):
        return f"{side}_day"
    if isinstance(test.left.type, model.TimeType):
        return f"{side}_moment"
    return f"{side}_value" if isinstance(test.right, model.Literal_) else f"{side}_equal"


# --- membership ---


def _member_name(test: model.Member, voice: Voice) -> Bilingual:
    values = sorted(value for value in test.values if isinstance(value, int))
    if isinstance(test.term, model.WeekdayOf):
        day = term_name(test.term.term, None, voice)
        return phrase("tests", "not_on" if test.negated else "on", day=day, days=_days_told(values))
    term = term_name(test.term, None, voice)
    shown = [value_text(Fraction(value), test.term.type) for value in values]
    shown += [Bilingual(value, value) for value in sorted(value for value in test.values if isinstance(value, str))]
    if voice.is_full:
        shown = [Bilingual(f"“{each.zh}”", f"“{each.en}”") for each in shown]
    if len(shown) == 1:
        return voice.say("tests", "is_not" if test.negated else "is", term=term, values=shown[0])
    if voice.is_full:
        return provision(
            "tests", "not_in" if test.negated else "in", term=term, values=(listed if test.negated else alternatives)(shown)
        )
    return phrase("tests", "not_in" if test.negated else "in", term=term, values=join(shown))


def alternatives(shown: Sequence[Bilingual]) -> Bilingual:
    """Several, of which one: `甲、乙或丙`; between quotation marks Chinese has no comma."""
    if len(shown) == 1:
        return shown[0]
    return join([listed(shown[:-1]), shown[-1]], "或", " or ")


def listed(shown: Sequence[Bilingual]) -> Bilingual:
    return join(shown, "" if shown[0].zh.startswith("“") else "、", ", ")


def _is_run(days: Sequence[int]) -> bool:
    """Whether weekdays follow one another, so that the first and the last say it."""
    return len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1))


def _days_told(days: Sequence[int]) -> Bilingual:
    if _is_run(days):
        return phrase("terms", "weekdays", first=weekday_text(days[0]), last=weekday_text(days[-1]))
    return alternatives([weekday_text(day) for day in days])
