"""Dataclasses that are made ready when first used behave as the standard library's."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any, ClassVar

import pytest

from rulecheck.dataclass import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2
    note: str = field(default="", compare=False, repr=False)


@dataclass(slots=True)
class Bag:
    name: str
    items: list[int] = field(default_factory=list)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bag) and self.name == other.name


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    id: str


@dataclass(frozen=True)
class Loose:
    a: int
    b: int = 5

    def __post_init__(self) -> None:
        if self.a < 0:
            raise ValueError("below zero")


def test_it_takes_its_fields_in_order_or_by_name() -> None:
    assert (Point(1).x, Point(1).y, Point(1).note) == (1, 2, "")
    assert (Point(y=4, x=3).x, Point(3, note="n").note) == (3, "n")


@pytest.mark.parametrize(("arguments", "named"), [((), {}), ((1, 2, "", 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})])
def test_it_takes_nothing_else(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    for _ in range(2):  # the first time it is made ready
        with pytest.raises(TypeError):
            Point(*arguments, **named)


def test_it_is_equal_by_what_is_compared() -> None:
    assert Point(1) == Point(1, 2, "another note")
    assert hash(Point(1)) == hash(Point(1, 2, "another note"))
    assert Point(1) != Point(2)
    assert Point(1) != (1, 2)
    assert len({Point(1), Point(1), Point(2)}) == 2


def test_without_eq_it_is_itself_alone() -> None:
    one = Thing("a")
    assert one == one
    assert one != Thing("a")
    assert len({one, Thing("a")}) == 2


def test_a_method_of_its_own_stays() -> None:
    assert Bag("a", [1]) == Bag("a", [2])


def test_what_can_change_is_not_hashed() -> None:
    @dataclass(slots=True)
    class Changing:
        a: int

    with pytest.raises(TypeError):
        hash(Changing(1))


def test_a_frozen_one_does_not_change() -> None:
    for each in (Point(1), Loose(1)):
        for change in (lambda each=each: setattr(each, "x", 3), lambda each=each: delattr(each, "x")):
            with pytest.raises(dataclasses.FrozenInstanceError):
                change()
    bag = Bag("a")
    bag.name = "b"
    assert bag.name == "b"


def test_with_slots_there_is_room_for_its_fields_alone() -> None:
    with pytest.raises(AttributeError):
        Bag("a").other = 1  # type: ignore[attr-defined]
    assert not hasattr(Point(1), "__dict__")
    assert Loose(1).__dict__ == {"a": 1, "b": 5}


def test_a_factory_makes_one_for_each() -> None:
    one, other = Bag("a"), Bag("b")
    one.items.append(1)
    assert other.items == []


def test_what_follows_its_making_is_done() -> None:
    with pytest.raises(ValueError, match="below zero"):
        Loose(-1)


def test_it_shows_itself() -> None:
    assert repr(Point(1, note="hidden")) == "Point(x=1, y=2)"
    bag = Bag("a")
    bag.items.append(bag)  # type: ignore[arg-type]
    assert repr(bag) == "Bag(name='a', items=[...])"


def test_it_is_a_dataclass_to_the_standard_library() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [(each.name, each.type, each.compare) for each in dataclasses.fields(Point)] == [
        ("x", "int", True),
        ("y", "int", True),
        ("note", "str", False),
    ]
    assert dataclasses.replace(Point(1, note="n"), x=2) == Point(2)
    assert dataclasses.fields(Bag)[1].default_factory is list


def test_a_class_that_adds_nothing_has_the_same_fields() -> None:
    @dataclass(frozen=True, slots=True)
    class Plain:
        a: int

    class Heir(Plain):
        __slots__ = ("kept",)

    heir = Heir(3)
    assert dataclasses.replace(heir, a=4).a == 4
    assert type(replace(heir, a=4)) is Heir
    assert Heir(3) == Heir(3)
    assert Plain(3) != Heir(3)


def test_replacing_keeps_the_rest() -> None:
    changed = replace(Point(1, 3, "n"), x=2)
    assert (changed.x, changed.y, changed.note) == (2, 3, "n")
    with pytest.raises(TypeError):
        replace(Point(1), z=1)


def test_it_can_be_matched_copied_and_pickled() -> None:
    match Point(1, 7):
        case Point(1, y):
            assert y == 7
        case _:
            pytest.fail("no match")
    assert copy.deepcopy(Point(1, 3, "n")).note == "n"
    assert pickle.loads(pickle.dumps(Point(1, 3))) == Point(1, 3)


class Marked(Point):
    """A point with room for a mark, which need not be there."""

    __slots__ = ("mark",)


def test_an_heir_is_copied_and_pickled_by_its_fields() -> None:
    for again in (copy.copy(Marked(1, 3)), copy.deepcopy(Marked(1, 3)), pickle.loads(pickle.dumps(Marked(1, 3)))):
        assert (type(again), again.x, again.y) == (Marked, 1, 3)


def test_its_making_can_be_kept_for_later() -> None:
    @dataclass(frozen=True)
    class Late:
        a: int

    first = Late.__init__
    assert Late(1).a == 1
    other = Late.__new__(Late)
    first(other, 2)
    assert other.a == 2


def test_it_can_be_looked_through_once_used() -> None:
    Point(1)
    assert list(inspect.signature(Point).parameters) == ["x", "y", "note"]


def test_what_it_does_not_carry_is_refused() -> None:
    with pytest.raises(TypeError, match="inherits from"):

        @dataclass
        class Heir(Point):  # type: ignore[misc]
            z: int = 0

    with pytest.raises(TypeError, match="factory"):

        @dataclass
        class Shared:
            items: list[int] = []  # noqa: RUF012

    @dataclass
    class Counted:
        a: int
        count: ClassVar[int] = 0

    with pytest.raises(TypeError, match="no field"):
        Counted(1)

    with pytest.raises(TypeError, match="this module"):

        @dataclass
        class Foreign:
            items: int = dataclasses.field(default=1)
