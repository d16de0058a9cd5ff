"""Invented rows for the forty rules, and the same rows as the subjects that the checker takes.

Of the ratios 30 in 100 lie on their boundary; of all facts 2 in 100 were not told; a few totals are zero, a few lists empty.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from forty_loop import NOT_DONE, Row, after_working_days
from rulecheck.rules import model
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Subject

MISSING = 0.02
ON_BOUNDARY = 0.30

SPREAD = (Decimal("0.5"), Decimal("0.8"), Decimal("0.95"), Decimal("1.02"), Decimal("1.2"), Decimal("1.6"))
"""How far from its boundary a figure lies that is not on it."""

RATIOS = (
    # part, whole, wholes to choose from, what the part is on the boundary for one of the whole, decimals of the part
    ("pupils", "forms", (6, 12, 18, 24, 36), Decimal(45), 0),
    ("shop_distance", "spacing_standard", (Decimal("0.05"), Decimal("0.1"), Decimal("0.15")), Decimal(600), 0),
    ("lit_length", "road_length", (0, 2, Decimal("12.4"), 60), Decimal(950), 0),
    ("green_area", "site_area", (1, 2, Decimal("4.2"), 12), Decimal(3500), 0),
    ("spent", "budget", (80, Decimal("356.5"), 1200), Decimal(9000), 2),
    ("small_firm_purchases", "purchases", (1_500_000, 2_000_000, 8_000_000), Decimal("0.00003"), 6),
    ("repaired_pipes", "faulty_pipes", (500, 2500, 12000), Decimal("0.0008"), 3),
    ("leaked_water", "supplied_water", (0, 100, 2400), Decimal(900), 0),
    ("settled_in_time", "accepted_cases", (50, 100, 1250), Decimal("0.98"), 0),
    ("disabled_cadres", "cadres", (20, 40, 60), Decimal("0.15"), 0),
    ("recycled", "waste", (2, Decimal("35.2"), 400), Decimal(350), 0),
    ("accessible_spaces", "parking_spaces", (40, 50, 100, 450), Decimal("0.02"), 0),
    ("energy", "floor_area", (0, 5000, 20000), Decimal("0.012"), 3),
    ("disabled_staff", "staff", (40, 200, 400), Decimal("0.015"), 0),
)

CHOICES: dict[str, tuple[Any, ...]] = {
    "unit_type": ("organ", "organ", "institution", "institution", "school", "school", "state_enterprise", "other_unit"),
    "institution_type": ("primary_or_secondary_school", "kindergarten", "other_institution"),
    "level": ("township_level", "county_level", "county_level", "city_level"),
    "posts": tuple(map(Decimal, (20, 49, 50, 51, 66, 67, 68, 120))),
    "teachers": tuple(map(Decimal, (0, 30, 60, 90))),
    "service_minutes": tuple(map(Decimal, (90, 119, 120, 121, 150))),
    "training_hours": tuple(map(Decimal, (24, 39, 40, 41, 60))),
    "fee": tuple(map(Decimal, ("260", "299.99", "300", "300.01", "380"))),
    "satisfaction": tuple(map(Decimal, ("88.5", "94.99", "95", "97.2"))),
    "posts_offered": tuple(map(Decimal, (0, 1, 2))),
    "corrected": tuple(map(Decimal, ("60", "79.99", "80", "92"))),
    "papers_complete": (True, True, True, False),
    "privately_run": (False, False, False, True),
    "under_repair": (False, False, False, True),
    "old_network": (False, False, False, True),
    "accessible_website": (False, True),
}

LIMITS = (
    # the event, the limit, how many days (working days) lie between
    ("accepted_on", "reviewed_on", 5),
    ("letter_on", "answered_on", 10),
    ("delivered_on", "paid_on", 15),
    ("applied_on", "licensed_on", 3),
    ("budget_approved_on", "budget_published_on", 14),
    ("signed_on", "archived_on", 21),
    ("complained_on", "complaint_closed_on", 42),
)

YEARLY = {"new_jobs": 833, "trained": 750, "invested": 3333}
YEARS = (2021, 2022, 2023, 2024)


def rows(count: int, seed: int = 1) -> list[Row]:
    """Rows as a programmer would have them, the same for the same seed."""
    random = Random(seed)
    return [row(random) for _ in range(count)]


def row(random: Random) -> Row:
    found: Row = {name: random.choice(values) for name, values in CHOICES.items()}
    for part, whole, wholes, each, decimals in RATIOS:
        found[whole] = Decimal(random.choice(wholes))
        factor = Decimal(1) if random.random() < ON_BOUNDARY else random.choice(SPREAD)
        found[part] = round(found[whole] * each * factor, decimals)
    for event, limit, days in LIMITS:
        found[event] = date(2022, 3, 1) + timedelta(days=random.randrange(850))
        found[limit] = random.choice(
            (
                NOT_DONE,
                after_working_days(found[event], random.randint(1, days)),
                after_working_days(found[event], days),
                after_working_days(found[event], days + random.randint(0, 3)),
            )
        )
    found["plan_filed_on"] = random.choice((NOT_DONE, date(2023, 6, 29), date(2023, 6, 30), date(2023, 7, 1)))
    found["towns"] = [
        {
            "town_people": Decimal(random.choice((12_000, 18_000, 29_999, 30_000))),
            "stations": Decimal(random.choice((0, 1, 1, 2, 2, 3, 3))),
            "served": Decimal(random.choice((2_000, 3_000, 5_000))),
            "has_centre": random.random() < 0.8,
            "has_clinic": random.random() < 0.3,
        }
        for _ in range(random.choice((0, 3, 4, 5)))
    ]
    for told in (found, *found["towns"]):
        for name in told:
            if name != "towns" and random.random() < MISSING:
                told[name] = None
    for name, usual in YEARLY.items():
        found[name] = {
            year: None if random.random() < MISSING else Decimal(round(usual * random.uniform(0.7, 1.5))) for year in YEARS
        }
    return found


# --- the same for the checker ---


def subjects(rules: model.RuleSet, rows_: list[Row]) -> list[Subject]:
    """The rows as subjects of the kind `unit`, every value with the place it came from, as the readers of files give it."""
    return [subject(rules, "unit", each, number, None) for number, each in enumerate(rows_, start=1)]


def subject(rules: model.RuleSet, kind_id: str, told: Row, number: int, parent: Subject | None) -> Subject:
    kind = rules.kinds[kind_id]
    place = rules.places.find("黄石市")
    found = Subject(
        kind=kind,
        id=str(number),
        name=f"单位{number}",
        origin=origin(number, ""),
        place=place,
        parent=parent,
        values=[UNTOLD] * len(kind.slots),
        rosters=[None] * len(kind.children),
        origins={},
    )
    for name, slot in kind.slots.items():
        fact, value = rules.facts[name], told[name]
        if isinstance(value, dict):
            known = {str(year): whole(fact, each) for year, each in value.items() if each is not None}
            found.values[slot] = known or UNTOLD
            for year in known:
                found.origins[slot, year] = origin(number, known[year])
        elif value is not None:
            found.values[slot] = whole(fact, value)
            found.origins[slot] = origin(number, value)
    for child, slot in kind.children.items():
        members = [subject(rules, child, each, at, found) for at, each in enumerate(told["towns"], start=1)]
        found.rosters[slot] = Roster(members, True, origin(number, ""))
    return found


def origin(number: int, written: Any) -> Origin:
    return Origin("单位.yaml", f"第{number}行", f"line {number}", str(written))


def whole(fact: model.Fact, value: Any) -> Any:
    """A value as the checker keeps it: whole steps, ordinals, positions in a list."""
    if value == NOT_DONE:
        return NONE
    match fact.type:
        case model.NumberType(unit=unit):
            steps = Fraction(value) * (unit.factor if unit is not None else 1) / fact.step
            assert steps.denominator == 1, (fact.id, value)
            return int(steps)
        case model.DateType():
            return value.toordinal()
        case model.CategoryType(members=members):
            return [member.en for member in members].index(value)
        case _:
            return int(value)
