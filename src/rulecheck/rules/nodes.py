"""What stands inside a test or a term of the rule set."""

from __future__ import annotations

from collections.abc import Iterator

from rulecheck.rules import model


def walk(node: model.Test | model.Term) -> Iterator[model.Test | model.Term]:
    """Every test and term inside a node, itself included."""
    yield node
    for each in parts_of(node):
        yield from walk(each)


def parts_of(node: model.Test | model.Term) -> tuple[model.Test | model.Term, ...]:
    """The tests and terms right inside a node; where it looks at members, each is about one of them."""
    match node:
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            return parts
        case model.HowMany(tests=tests):
            return tests
        case model.Not(part=part):
            return (part,)
        case model.Every(members=members, test=test) | model.Some(members=members, test=test):
            return (*_where(members), test)
        case model.Share(members=members, test=test):
            return (*_where(members), test)
        case model.Count(members=members):
            return _where(members)
        case model.Total(members=members, term=term) | model.Distinct(members=members, term=term):
            return (*_where(members), term)
        case model.Compare(left=left, right=right) | model.Sum(left=left, right=right):
            return (left, right)
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            return (left, right)
        case model.Member(term=term) | model.DateShift(term=term) | model.RolledDate(term=term) | model.WeekdayOf(term=term):
            return (term,)
        case model.InSeason(term=term) | model.Change(term=term):
            return (term,)
        case model.IsNone(fact=fact):
            return (fact,)
        case _:
            return ()


def _where(members: model.Collection) -> tuple[model.Test, ...]:
    return (members.where,) if members.where is not None else ()


def members_of(node: model.Test | model.Term) -> model.Collection | None:
    """The members that a node looks at, None where it looks at none."""
    quantified = (model.Every, model.Some, model.Count, model.Total, model.Distinct, model.Share)
    return node.members if isinstance(node, quantified) else None
