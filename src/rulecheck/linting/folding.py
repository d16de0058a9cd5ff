"""What a condition comes to whatever is told: tests folded over the declared ranges of facts, narrowed by the conditions that
stand beside them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.judging.truth import NO, NOT, UNKNOWN, YES
from rulecheck.rules import model

Bounds = tuple[Fraction | None, Fraction | None]
Key = tuple[str, int, str | int | None]
"""A fact as an expression reads it: English id, steps up, period."""

OPEN: Final[Bounds] = (None, None)


@dataclass(frozen=True, slots=True)
class Domain:
    """What facts can still be: bounds of those with an order, positions of categories. A fact that is not named can be anything
    that its declaration allows. `is_empty`: nothing fits."""

    bounds: Mapping[Key, Bounds]
    members: Mapping[Key, frozenset[int]]
    is_empty: bool = False


EVERYTHING: Final = Domain({}, {})


def _key(term: model.FactTerm) -> Key:
    return term.fact.id, term.up, term.period


def _fact_bounds(term: model.FactTerm, domain: Domain) -> Bounds:
    low, high = term.fact.minimum, term.fact.maximum
    none_is = term.fact.none_is
    if none_is is not None:
        # 无 counts as this, inside the range or not
        low, high = (None if low is None else min(low, none_is)), (None if high is None else max(high, none_is))
    elif term.fact.may_be_none:
        return OPEN
    declared = (None if low is None else low * term.fact.step, None if high is None else high * term.fact.step)
    return _met(declared, domain.bounds.get(_key(term), OPEN))


def _met(one: Bounds, other: Bounds) -> Bounds:
    lows = [each for each in (one[0], other[0]) if each is not None]
    highs = [each for each in (one[1], other[1]) if each is not None]
    return max(lows, default=None), min(highs, default=None)


def bounds_of(term: model.Term, domain: Domain) -> Bounds:
    """The values that a term can have; open where that is not seen."""
    match term:
        case model.Literal_(value=value):
            return value, value
        case model.FactTerm():
            return _fact_bounds(term, domain)
        case model.ParameterTerm(parameter=parameter):
            return parameter.minimum, parameter.maximum
        case model.Sum(left=left, right=right, is_difference=is_difference):
            low, high = bounds_of(right, domain)
            if is_difference:
                low, high = _negated(high), _negated(low)
            first = bounds_of(left, domain)
            return _added(first[0], low), _added(first[1], high)
        case model.Product(left=left, right=right):
            return _multiplied(bounds_of(left, domain), bounds_of(right, domain))
        case model.Count() | model.Distinct():
            return Fraction(0), None
        case model.HowMany(tests=tests):
            return Fraction(0), Fraction(len(tests))
        case model.Share():
            return Fraction(0), Fraction(1)
        case model.WeekdayOf():
            return Fraction(1), Fraction(7)
        case _:
            return OPEN


def _negated(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _added(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _multiplied(one: Bounds, other: Bounds) -> Bounds:
    """Of factors that are never below zero; open for others."""
    if one[0] is None or other[0] is None or one[0] < 0 or other[0] < 0:
        return OPEN
    return one[0] * other[0], None if one[1] is None or other[1] is None else one[1] * other[1]


def truth(test: model.Test, domain: Domain) -> int:
    """Yes or no where the test is so for everything in the domain, else unknown."""
    match test:
        case model.Compare(left=left, relation=relation, right=right):
            return _compared(bounds_of(left, domain), relation, bounds_of(right, domain), is_same=left == right)
        case model.Member(term=model.FactTerm() as term, values=values, negated=negated):
            allowed = _members(term, domain)
            if allowed is None:
                return UNKNOWN
            found = YES if allowed <= values else UNKNOWN if allowed & values else NO
            return NOT[found] if negated else found
        case model.AllOf(parts=parts):
            narrowed = narrow(domain, test)
            truths = [truth(part, domain) for part in parts]
            return NO if narrowed.is_empty or NO in truths else YES if set(truths) == {YES} else UNKNOWN
        case model.AnyOf(parts=parts):
            truths = [truth(part, domain) for part in parts]
            return YES if YES in truths or _covers(parts, domain) else NO if set(truths) == {NO} else UNKNOWN
        case model.Not(part=part):
            return NOT[truth(part, domain)]
        case _:
            return UNKNOWN


def _covers(parts: tuple[model.Test, ...], domain: Domain) -> bool:
    """Two parts of an “or” of which the one holds wherever the other does not."""
    return any(_remainder(domain, one).is_empty is False and truth(other, _remainder(domain, one)) == YES
               for one in parts for other in parts if one is not other)  # fmt: skip


def _remainder(domain: Domain, test: model.Test) -> Domain:
    """The domain where a simple test does not hold; the domain itself where that is not seen."""
    match test:
        case model.Compare(left=model.FactTerm(), relation=relation, right=model.Literal_()):
            denied = {"at_least": "less_than", "at_most": "more_than", "more_than": "at_most", "less_than": "at_least"}
            if relation in denied:
                return narrow(domain, model.Compare(test.left, denied[relation], test.right, test.word, test.span))  # type: ignore[arg-type]
        case model.Member():
            return narrow(domain, model.Member(test.term, test.values, not test.negated, test.span))
    return domain


def _members(term: model.FactTerm, domain: Domain) -> frozenset[int] | None:
    key = _key(term)
    if key in domain.members:
        return domain.members[key]
    match term.type:
        case model.CategoryType(members=members) if not term.type.is_open:
            return frozenset(range(len(members)))
        case model.YesNoType():
            return frozenset((0, 1))
        case _:
            return None


def _compared(left: Bounds, relation: model.Relation, right: Bounds, *, is_same: bool) -> int:
    if is_same:
        return YES if relation in ("at_least", "at_most", "equal") else NO
    (low, high), (low_right, high_right) = left, right
    above = low is not None and high_right is not None and low >= high_right
    strictly_above = above and low != high_right
    below = high is not None and low_right is not None and high <= low_right
    strictly_below = below and high != low_right
    match relation:
        case "at_least":
            return YES if above else NO if strictly_below else UNKNOWN
        case "more_than":
            return YES if strictly_above else NO if below else UNKNOWN
        case "at_most":
            return YES if below else NO if strictly_above else UNKNOWN
        case "less_than":
            return YES if strictly_below else NO if above else UNKNOWN
        case _:
            exact = above and below
            found = YES if exact else NO if strictly_above or strictly_below else UNKNOWN
            return NOT[found] if relation == "unequal" else found


# --- narrowing ---


def narrow(domain: Domain, test: model.Test | None) -> Domain:
    """The domain where a test holds, as far as that is seen: comparisons of a fact with a constant, members of categories."""
    if test is None or domain.is_empty:
        return domain
    match test:
        case model.AllOf(parts=parts):
            for part in parts:
                domain = narrow(domain, part)
            return domain
        case model.Not(part=model.Compare() | model.Member() as part):
            return _remainder(domain, part)
        case model.Compare(left=model.FactTerm() as term, relation=relation, right=model.Literal_(value=value)):
            return _bounded(domain, term, relation, value)
        case model.Member(term=model.FactTerm() as term, values=values, negated=negated):
            allowed = _members(term, domain)
            if allowed is None:
                return domain
            left = allowed - values if negated else allowed & values
            kept = frozenset(each for each in left if isinstance(each, int))
            return Domain(domain.bounds, {**domain.members, _key(term): kept}, is_empty=not kept)
        case _:
            return domain


def _bounded(domain: Domain, term: model.FactTerm, relation: model.Relation, value: Fraction) -> Domain:
    step = term.fact.step
    on_grid = (value / step).denominator == 1
    above, below = (value + step, value - step) if on_grid else (value, value)
    told: dict[str, Bounds] = {
        "at_least": (value, None), "at_most": (None, value), "more_than": (above, None), "less_than": (None, below),
        "equal": (value, value), "unequal": OPEN,
    }  # fmt: skip
    found = _met(_fact_bounds(term, domain), told[relation])
    is_empty = found[0] is not None and found[1] is not None and found[0] > found[1]
    return Domain({**domain.bounds, _key(term): found}, domain.members, is_empty)
