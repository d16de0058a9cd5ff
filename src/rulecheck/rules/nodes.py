"""What stands inside a test or a term of the rule set."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.rules import model


def walk(node: model.Test | model.Term) -> Iterator[model.Test | model.Term]:
    """Every test and term inside a node, itself included."""
    yield node
    match node:
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            inner: tuple[model.Test | model.Term | None, ...] = parts
        case model.Not(part=part):
            inner = (part,)
        case model.Every(members=members, test=test) | model.Some(members=members, test=test):
            inner = (members.where, test)
        case model.Share(members=members, test=test):
            inner = (members.where, test)
        case model.Count(members=members):
            inner = (members.where,)
        case model.Total(members=members, term=term) | model.Distinct(members=members, term=term):
            inner = (members.where, term)
        case model.Compare(left=left, right=right) | model.Sum(left=left, right=right):
            inner = (left, right)
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            inner = (left, right)
        case model.Member(term=term) | model.DateShift(term=term) | model.RolledDate(term=term) | model.WeekdayOf(term=term):
            inner = (term,)
        case model.IsNone(fact=fact):
            inner = (fact,)
        case _:
            inner = ()
    for each in inner:
        if each is not None:
            yield from walk(each)
