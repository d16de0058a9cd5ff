"""The forty rules of `forty/rules.rule` by hand: a function a rule over a dict row, as a programmer would write them.

A row maps a fact's English name to a `Decimal` (in the unit the fact is asked in), a text, a bool or a `date`; None: nothing
was said; `NOT_DONE`: said not to have happened yet. Facts by year are dicts from year, `towns` is a list of dicts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]

MET, VIOLATED, NOT_DUE, NOT_APPLICABLE, UNDETERMINED = "met", "violated", "not_due", "not_applicable", "undetermined"
DEPARTS, FALLS_SHORT = "departs", "falls_short"
NOT_DONE = "not done"

AS_OF = date(2024, 6, 30)
DAY = timedelta(days=1)

ONE_AND_A_HALF_PERCENT = Decimal("0.015")
TWO_PERCENT = Decimal("0.02")
NINE_PERCENT = Decimal("0.09")
FIFTEEN_PERCENT = Decimal("0.15")
THIRTY_PERCENT = Decimal("0.30")
THIRTY_FIVE_PERCENT = Decimal("0.35")
SIXTY_PERCENT = Decimal("0.60")
EIGHTY_PERCENT = Decimal("0.80")
NINETY_PERCENT = Decimal("0.90")
NINETY_FIVE_PERCENT = Decimal("0.95")
NINETY_EIGHT_PERCENT = Decimal("0.98")
TEN_PERCENT_MORE = Decimal("1.10")


def read_calendar(folder: Path) -> tuple[set[date], set[date]]:
    """Weekdays off and weekend days worked, from the notices of every year."""
    off: set[date] = set()
    work: set[date] = set()
    for path in folder.glob("*.yaml"):
        notice = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # else the key `off` is a truth
        off.update(map(date.fromisoformat, notice["off"]))
        work.update(map(date.fromisoformat, notice["work"]))
    return off, work


OFF, WORK = read_calendar(Path(__file__).parent.parent / "dsl" / "calendar")


def is_working_day(day: date) -> bool:
    return day in WORK if day.weekday() > 4 else day not in OFF


def after_working_days(day: date, count: int) -> date:
    while count:
        day += DAY
        if is_working_day(day):
            count -= 1
    return day


def after_a_month(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def done_by(done: date | str | None, due: date | None) -> str:
    """The verdict on something that is to be done by a day."""
    if due is None:
        return UNDETERMINED
    if isinstance(done, date) and done <= due:
        return MET
    if due >= AS_OF:
        return NOT_DUE
    return UNDETERMINED if done is None else VIOLATED


# --- thresholds with conditions and exceptions ---


def organ_employs(row: Row) -> str:
    kind, posts, disabled = row["unit_type"], row["posts"], row["disabled_staff"]
    if (kind is not None and kind != "organ") or (posts is not None and posts < 50):
        return NOT_APPLICABLE
    if kind is None or posts is None or disabled is None:
        return UNDETERMINED
    return MET if disabled >= 1 else VIOLATED


def institution_employs(row: Row) -> str:
    kind, posts, disabled, type_ = row["unit_type"], row["posts"], row["disabled_staff"], row["institution_type"]
    if (kind is not None and kind != "institution") or (posts is not None and posts < 67):
        return NOT_APPLICABLE
    if type_ in ("primary_or_secondary_school", "kindergarten"):
        return NOT_APPLICABLE
    if kind is None or posts is None or disabled is None or type_ is None:
        return UNDETERMINED
    return MET if disabled >= 1 else VIOLATED


def share_not_reached(row: Row) -> str:
    disabled, staff = row["disabled_staff"], row["staff"]
    if disabled is None or staff is None:
        return UNDETERMINED
    if disabled >= ONE_AND_A_HALF_PERCENT * staff:
        return NOT_APPLICABLE
    return MET if disabled >= 1 else VIOLATED


def service_hours(row: Row) -> str:
    kind, minutes = row["unit_type"], row["service_minutes"]
    if kind is not None and kind != "school":
        return NOT_APPLICABLE
    if kind is None or minutes is None:
        return UNDETERMINED
    return MET if minutes >= 120 else VIOLATED


def class_size(row: Row) -> str:
    kind, pupils, forms = row["unit_type"], row["pupils"], row["forms"]
    if (kind is not None and kind != "school") or forms == 0:
        return NOT_APPLICABLE
    if kind is None or pupils is None or forms is None:
        return UNDETERMINED
    return MET if pupils / forms <= 45 else VIOLATED


def pupils_a_teacher(row: Row) -> str:
    kind, pupils, teachers = row["unit_type"], row["pupils"], row["teachers"]
    if (kind is not None and kind != "school") or teachers == 0:
        return NOT_APPLICABLE
    if kind is None or pupils is None or teachers is None:
        return UNDETERMINED
    return MET if pupils / teachers <= 19 else VIOLATED


def training(row: Row) -> str:
    hours = row["training_hours"]
    if hours is None:
        return UNDETERMINED
    return MET if hours >= 40 else VIOLATED


def fee_limit(row: Row) -> str:
    fee, private = row["fee"], row["privately_run"]
    if private:
        return NOT_APPLICABLE
    if fee is None or private is None:
        return UNDETERMINED
    return MET if fee <= 300 else VIOLATED


def satisfaction_target(row: Row) -> str:
    satisfaction = row["satisfaction"]
    if satisfaction is None:
        return UNDETERMINED
    return MET if satisfaction >= 95 else FALLS_SHORT


def posts_for_disabled(row: Row) -> str:
    kind, posts = row["unit_type"], row["posts_offered"]
    if kind is not None and kind != "institution":
        return NOT_APPLICABLE
    if kind is None or posts is None:
        return UNDETERMINED
    return MET if posts >= 1 else FALLS_SHORT


# --- ratios, their sides in different units ---


def shop_spacing(row: Row) -> str:
    metres, kilometres = row["shop_distance"], row["spacing_standard"]
    if metres is None or kilometres is None:
        return UNDETERMINED
    return MET if metres >= SIXTY_PERCENT * kilometres * 1000 else VIOLATED


def lit_roads(row: Row) -> str:
    metres, kilometres, repair = row["lit_length"], row["road_length"], row["under_repair"]
    if repair or kilometres == 0:
        return NOT_APPLICABLE
    if metres is None or kilometres is None or repair is None:
        return UNDETERMINED
    return MET if metres / (kilometres * 1000) >= NINETY_FIVE_PERCENT else VIOLATED


def greening(row: Row) -> str:
    kind, metres, hectares = row["unit_type"], row["green_area"], row["site_area"]
    if kind in ("state_enterprise", "other_unit"):
        return NOT_APPLICABLE
    if kind is None or metres is None or hectares is None:
        return UNDETERMINED
    return MET if metres >= THIRTY_FIVE_PERCENT * hectares * 10000 else VIOLATED


def spending(row: Row) -> str:
    level, yuan, budget = row["level"], row["spent"], row["budget"]
    if level == "township_level":
        return NOT_APPLICABLE
    if level is None or yuan is None or budget is None:
        return UNDETERMINED
    return MET if yuan >= NINETY_PERCENT * budget * 10000 else VIOLATED


def small_firms(row: Row) -> str:
    kind, part, total = row["unit_type"], row["small_firm_purchases"], row["purchases"]
    if (kind is not None and kind not in ("organ", "institution")) or (total is not None and total < 2_000_000):
        return NOT_APPLICABLE
    if kind is None or part is None or total is None:
        return UNDETERMINED
    return MET if part * 10000 >= THIRTY_PERCENT * total else VIOLATED


def pipe_repair(row: Row) -> str:
    kilometres, metres = row["repaired_pipes"], row["faulty_pipes"]
    if kilometres is None or metres is None:
        return UNDETERMINED
    return MET if kilometres * 1000 >= EIGHTY_PERCENT * metres else VIOLATED


def water_loss(row: Row) -> str:
    leaked, supplied, old = row["leaked_water"], row["supplied_water"], row["old_network"]
    if old or supplied == 0:
        return NOT_APPLICABLE
    if leaked is None or supplied is None or old is None:
        return UNDETERMINED
    return MET if leaked / (supplied * 10000) <= NINE_PERCENT else VIOLATED


def settled_in_time_share(row: Row) -> str:
    settled, accepted = row["settled_in_time"], row["accepted_cases"]
    if settled is None or accepted is None:
        return UNDETERMINED
    return MET if settled >= NINETY_EIGHT_PERCENT * accepted else VIOLATED


def cadre_share(row: Row) -> str:
    disabled, cadres = row["disabled_cadres"], row["cadres"]
    if disabled is None or cadres is None:
        return UNDETERMINED
    return MET if disabled >= FIFTEEN_PERCENT * cadres else VIOLATED


def recycling(row: Row) -> str:
    kilograms, tonnes = row["recycled"], row["waste"]
    if kilograms is None or tonnes is None:
        return UNDETERMINED
    return MET if kilograms >= THIRTY_FIVE_PERCENT * tonnes * 1000 else FALLS_SHORT


def accessible_parking(row: Row) -> str:
    accessible, spaces = row["accessible_spaces"], row["parking_spaces"]
    if spaces is not None and spaces < 50:
        return NOT_APPLICABLE
    if accessible is None or spaces is None:
        return UNDETERMINED
    return MET if accessible >= TWO_PERCENT * spaces else VIOLATED


def energy_use(row: Row) -> str:
    energy, area = row["energy"], row["floor_area"]
    if area == 0:
        return NOT_APPLICABLE
    if energy is None or area is None:
        return UNDETERMINED
    return MET if energy / (area / 10000) <= 120 else DEPARTS


# --- limits and due dates ---


def claim_review(row: Row) -> str:
    start = row["accepted_on"]
    return done_by(row["reviewed_on"], after_working_days(start, 5) if start is not None else None)


def letter_answer(row: Row) -> str:
    start = row["letter_on"]
    return done_by(row["answered_on"], after_working_days(start, 10) if start is not None else None)


def payment(row: Row) -> str:
    start = row["delivered_on"]
    return done_by(row["paid_on"], after_working_days(start, 15) if start is not None else None)


def licence(row: Row) -> str:
    complete, start = row["papers_complete"], row["applied_on"]
    if complete is False:
        return NOT_APPLICABLE
    verdict = done_by(row["licensed_on"], after_working_days(start, 3) if start is not None else None)
    return UNDETERMINED if complete is None else verdict


def plan_filed(row: Row) -> str:
    return done_by(row["plan_filed_on"], date(2023, 6, 30))


def budget_published(row: Row) -> str:
    start = row["budget_approved_on"]
    return done_by(row["budget_published_on"], start + 20 * DAY if start is not None else None)


def contract_archived(row: Row) -> str:
    start = row["signed_on"]
    return done_by(row["archived_on"], after_a_month(start) if start is not None else None)


def complaint_closed(row: Row) -> str:
    private, start = row["privately_run"], row["complained_on"]
    if private:
        return NOT_APPLICABLE
    due = None
    if start is not None:
        due = start + 60 * DAY
        while not is_working_day(due):
            due += DAY
    verdict = done_by(row["complaint_closed_on"], due)
    return UNDETERMINED if private is None else verdict


def website(row: Row) -> str:
    return MET if row["accessible_website"] else NOT_DUE


def correction(row: Row) -> str:
    corrected = row["corrected"]
    if corrected is None:
        return UNDETERMINED
    return MET if corrected >= 80 else VIOLATED


# --- totals over years ---


def jobs_total(row: Row) -> str:
    jobs = row["new_jobs"]
    return MET if sum(jobs[year] or 0 for year in (2022, 2023, 2024)) >= 2500 else NOT_DUE


def training_total(row: Row) -> str:
    trained = row["trained"]
    if sum(trained[year] or 0 for year in (2022, 2023)) >= 1500:
        return MET
    return UNDETERMINED if None in (trained[2022], trained[2023]) else VIOLATED


def investment_total(row: Row) -> str:
    invested = row["invested"]
    if sum(invested[year] or 0 for year in (2021, 2022, 2023)) >= 10000:
        return MET
    return UNDETERMINED if None in (invested[2021], invested[2022], invested[2023]) else VIOLATED


def jobs_growth(row: Row) -> str:
    before, after = row["new_jobs"][2022], row["new_jobs"][2023]
    if before is None or after is None:
        return UNDETERMINED
    return MET if after >= TEN_PERCENT_MORE * before else VIOLATED


# --- nested members ---


def station_in_every_town(row: Row) -> str:
    stations = [town["stations"] for town in row["towns"]]
    if not stations:
        return NOT_APPLICABLE
    if any(number is not None and number < 1 for number in stations):
        return VIOLATED
    return UNDETERMINED if None in stations else MET


def centres_share(row: Row) -> str:
    centres = [town["has_centre"] for town in row["towns"]]
    if not centres:
        return NOT_APPLICABLE
    wanted = EIGHTY_PERCENT * len(centres)
    if centres.count(True) >= wanted:
        return MET
    return VIOLATED if centres.count(True) + centres.count(None) < wanted else UNDETERMINED


def served_total(row: Row) -> str:
    served = [town["served"] for town in row["towns"]]
    if sum(number for number in served if number is not None) >= 15000:
        return MET
    return UNDETERMINED if None in served else VIOLATED


def clinic_somewhere(row: Row) -> str:
    people = [town["town_people"] for town in row["towns"]]
    is_large = any(number is not None and number >= 30000 for number in people)
    if not is_large and None not in people:
        return NOT_APPLICABLE
    clinics = [town["has_clinic"] for town in row["towns"]]
    if not is_large:
        return UNDETERMINED
    if True in clinics:
        return MET
    return UNDETERMINED if None in clinics else VIOLATED


RULES: tuple[Callable[[Row], str], ...] = (
    organ_employs,
    institution_employs,
    share_not_reached,
    service_hours,
    class_size,
    pupils_a_teacher,
    training,
    fee_limit,
    satisfaction_target,
    posts_for_disabled,
    shop_spacing,
    lit_roads,
    greening,
    spending,
    small_firms,
    pipe_repair,
    water_loss,
    settled_in_time_share,
    cadre_share,
    recycling,
    accessible_parking,
    energy_use,
    claim_review,
    letter_answer,
    payment,
    licence,
    plan_filed,
    budget_published,
    contract_archived,
    complaint_closed,
    website,
    correction,
    jobs_total,
    training_total,
    investment_total,
    jobs_growth,
    station_in_every_town,
    centres_share,
    served_total,
    clinic_somewhere,
)


def verdicts(rows: list[Row]) -> list[list[str]]:
    """The verdict of every rule on every row."""
    return [[rule(row) for rule in RULES] for row in rows]
