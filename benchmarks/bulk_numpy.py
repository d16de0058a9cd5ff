"""The forty flat rules by hand in numpy, the fastest exact verdicts short of C: whole numbers and masks of what is missing.

    python benchmarks/bulk_numpy.py [--count N]      which size of blocks is fastest, whole columns among them

A rule is a function from a block of columns and its figure to a column of codes. A truth is two masks, surely and surely not. As
whoever writes by hand would, it takes for granted that the days lie within the calendar and that no figure comes near the upper
end of its range; that none is below zero is used where it settles a verdict.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bulk_world import AS_OF, EPOCH, RULES, Heading, asked, headings, load_rules, whole_table
from measure import report, rounds
from rulecheck.judgement import Verdict
from rulecheck.measures.days import add_months
from rulecheck.measures.workdays import Calendar

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[Any]

CODES = tuple(Verdict)
MET, VIOLATED, DEPARTS, FALLS_SHORT, NOT_DUE, NOT_APPLICABLE, UNDETERMINED = (np.uint8(CODES.index(each)) for each in (
    Verdict.MET, Verdict.VIOLATED, Verdict.DEPARTS, Verdict.FALLS_SHORT, Verdict.NOT_DUE, Verdict.NOT_APPLICABLE,
    Verdict.UNDETERMINED,
))  # fmt: skip

TODAY = np.int32(AS_OF.toordinal() - EPOCH)
"""Days are counted as Arrow counts them."""
ROWS_A_BLOCK = 131_072  # the fastest of those tried


# --- from Arrow ---


class Source:
    """A column of Arrow as numpy sees it, without a copy where there need be none: values, and the bits of what was told."""

    __slots__ = ("bits", "values")

    def __init__(self, column: pa.Array) -> None:
        assert column.offset == 0
        self.bits = None
        if column.null_count:
            self.bits = np.frombuffer(column.buffers()[0], np.uint8)
        if pa.types.is_dictionary(column.type):
            column = column.indices
        size, buffer = len(column), column.buffers()[1]
        match column.type:
            case pa.Decimal128Type():
                # Twelve digits: the lower half of each is the whole number.
                self.values: Values = np.frombuffer(buffer, np.int64).reshape(-1, 2)[:size, 0]
            case type_ if type_ == pa.bool_():
                self.values = np.unpackbits(np.frombuffer(buffer, np.uint8), count=size, bitorder="little").view(np.bool_)
            case type_:
                dtype = np.dtype(f"i{type_.bit_width // 8}")
                self.values = np.frombuffer(buffer, dtype)[:size]


class Block:
    """Some rows of every column: `block["posts"]` is its values and where they are missing."""

    def __init__(self, sources: dict[str, Source], first: int, last: int) -> None:
        self._sources, self._first, self._last = sources, first, last
        self._made: dict[str, tuple[Values, Mask]] = {}
        self.count = last - first

    def __getitem__(self, name: str) -> tuple[Values, Mask]:
        made = self._made.get(name)
        if made is None:
            source = self._sources[name]
            values = np.ascontiguousarray(source.values[self._first : self._last])
            if source.bits is None:
                missing = np.zeros(self.count, np.bool_)
            else:
                bits = source.bits[self._first // 8 : (self._last + 7) // 8]
                missing = np.unpackbits(~bits, count=self.count, bitorder="little").view(np.bool_)
            made = self._made[name] = values, missing
        return made


# --- days, once ---

FIRST, LAST = date(2020, 1, 1).toordinal(), date(2025, 6, 30).toordinal()


class Days:
    """What day a limit ends on, for every day of some years: made once and looked up."""

    def __init__(self, calendar: Calendar) -> None:
        self._certain = np.array(calendar.certain, np.int64)
        self._made: dict[tuple[str, int], npt.NDArray[np.int32]] = {}

    def due(self, start: Values, unit: str, amount: int) -> npt.NDArray[np.int32]:
        table = self._made.get((unit, amount))
        if table is None:
            table = self._made[unit, amount] = self._table(unit, amount)
        return table.take(start - np.int32(FIRST - EPOCH), mode="clip")

    def _table(self, unit: str, amount: int) -> npt.NDArray[np.int32]:
        days = np.arange(FIRST, LAST + 1)
        match unit:
            case "workdays":
                ends = self._certain[np.searchsorted(self._certain, days, "right") + amount - 1]
            case "days_rolled":
                ends = self._certain[np.searchsorted(self._certain, days + amount, "left")]
            case "days":
                ends = days + amount
            case _:
                ends = np.array([add_months(int(day), amount) for day in days])
        return (ends - EPOCH).astype(np.int32)


# --- truths to codes ---


def codes(met: Mask, failed: Mask, not_applicable: Mask, failure: np.uint8) -> Codes:
    """At most one of the three holds of a row; where none does, it is undetermined."""
    found = met.view(np.uint8) * UNDETERMINED
    found ^= failed.view(np.uint8) * (UNDETERMINED ^ failure)
    found ^= not_applicable.view(np.uint8) * (UNDETERMINED ^ NOT_APPLICABLE)
    found ^= UNDETERMINED
    return found


def plain(holds: Mask, missing: Mask, failure: np.uint8) -> Codes:
    """A requirement without a condition that is known wherever nothing is missing."""
    found = (holds | missing).view(np.uint8) ^ np.uint8(1)
    if failure != 1:
        found *= failure
    found |= missing.view(np.uint8) * UNDETERMINED
    return found


def under(surely: Mask, surely_not: Mask, holds: Mask, missing: Mask, failure: np.uint8) -> Codes:
    """A requirement under a condition (the exception's contrary taken into it)."""
    known = surely & ~missing
    met = known & holds
    return codes(met, known ^ met, surely_not, failure)


def at_least_share(block: Block, part: str, whole: str, p: int, q: int) -> tuple[Mask, Mask]:
    """part × q ≥ whole × p, and where that is not known: nothing reaches less than a share of nothing."""
    (parts, no_part), (wholes, no_whole) = block[part], block[whole]
    missing = no_part | no_whole
    holds = parts * q >= wholes * p
    settled = no_part & (wholes == 0) & ~no_whole
    return (holds & ~missing) | settled, missing & ~settled


def done_by(done: Values, not_told: Mask, due: npt.NDArray[np.int32], no_due: Mask) -> tuple[Mask, Mask, Mask]:
    """Met, violated and not due of what is to be done by a day."""
    known = ~(no_due | not_told)
    met = known & (done <= due)
    passed = due < TODAY
    return met, (known ^ met) & passed, ~(no_due | met | passed)


def limit(block: Block, days: Days, begin: str, end: str, unit: str, amount: int) -> tuple[Mask, Mask, Mask]:
    start, no_start = block[begin]
    return done_by(*block[end], days.due(start, unit, amount), no_start)


def timed(met: Mask, failed: Mask, not_due: Mask, failure: np.uint8 = VIOLATED) -> Codes:
    found = codes(met, failed, not_due, failure)
    found ^= not_due.view(np.uint8) * (NOT_APPLICABLE ^ NOT_DUE)
    return found


# --- thresholds with conditions and exceptions ---

ORGAN, INSTITUTION, ENTERPRISE, SCHOOL, OTHER = range(5)
KINDERGARTEN = COUNTY = 1


def organ_employs(block: Block, days: Days, figure: int) -> Codes:
    (kind, no_kind), (posts, no_posts), (disabled, no_disabled) = block["unit_type"], block["posts"], block["disabled_staff"]
    is_organ, is_large = kind == ORGAN, posts >= figure
    surely = is_organ & is_large & ~(no_kind | no_posts)
    return under(surely, ~((is_organ | no_kind) & (is_large | no_posts)), disabled >= 1, no_disabled, VIOLATED)


def institution_employs(block: Block, days: Days, figure: int) -> Codes:
    (kind, no_kind), (posts, no_posts), (disabled, no_disabled) = block["unit_type"], block["posts"], block["disabled_staff"]
    type_, no_type = block["institution_type"]
    is_one, is_large, is_other = kind == INSTITUTION, posts >= figure, type_ > KINDERGARTEN
    surely = is_one & is_large & is_other & ~(no_kind | no_posts | no_type)
    not_so = ~((is_one | no_kind) & (is_large | no_posts) & (is_other | no_type))
    return under(surely, not_so, disabled >= 1, no_disabled, VIOLATED)


def share_not_reached(block: Block, days: Days, figure: int) -> Codes:
    reached, unknown = at_least_share(block, "disabled_staff", "staff", 3, 200)
    disabled, no_disabled = block["disabled_staff"]
    return under(~(reached | unknown), reached, disabled >= figure, no_disabled, VIOLATED)


def service_hours(block: Block, days: Days, figure: int) -> Codes:
    (kind, no_kind), (minutes, missing) = block["unit_type"], block["service_minutes"]
    is_school = kind == SCHOOL
    return under(is_school & ~no_kind, ~(is_school | no_kind), minutes >= figure * 60, missing, VIOLATED)


def in_schools(block: Block, part: str, whole: str, sign: int, figure: int) -> Codes:
    """part ÷ whole at most (sign 1) or at least (sign -1) a figure, in schools, where there is a whole."""
    (kind, no_kind), (parts, no_part), (wholes, no_whole) = block["unit_type"], block[part], block[whole]
    is_school, is_some = kind == SCHOOL, wholes != 0
    surely = is_school & is_some & ~(no_kind | no_whole)
    not_so = ~((is_school | no_kind) & (is_some | no_whole))
    bound = wholes * figure
    return under(surely, not_so, parts <= bound if sign > 0 else parts >= bound, no_part, VIOLATED)


def class_size(block: Block, days: Days, figure: int) -> Codes:
    return in_schools(block, "pupils", "forms", 1, figure)


def pupils_a_teacher(block: Block, days: Days, figure: int) -> Codes:
    return in_schools(block, "pupils", "teachers", 1, figure)


def teachers_a_form(block: Block, days: Days, figure: int) -> Codes:
    return in_schools(block, "teachers", "forms", -1, figure)


def training(block: Block, days: Days, figure: int) -> Codes:
    hours, missing = block["training_hours"]
    return plain(hours >= figure, missing, VIOLATED)


def fee_limit(block: Block, days: Days, figure: int) -> Codes:
    (fee, no_fee), (private, no_private) = block["fee"], block["privately_run"]
    return under(~(private | no_private), private & ~no_private, fee <= figure * 100, no_fee, VIOLATED)


def satisfaction_target(block: Block, days: Days, figure: int) -> Codes:
    satisfaction, missing = block["satisfaction"]
    return plain(satisfaction >= figure * 100, missing, FALLS_SHORT)


def posts_for_disabled(block: Block, days: Days, figure: int) -> Codes:
    (kind, no_kind), (posts, missing) = block["unit_type"], block["posts_offered"]
    is_one = kind == INSTITUTION
    return under(is_one & ~no_kind, ~(is_one | no_kind), posts >= figure, missing, FALLS_SHORT)


def either_way(block: Block, days: Days, figure: int) -> Codes:
    (disabled, no_disabled), (posts, no_posts) = block["disabled_staff"], block["posts_offered"]
    employs, offers = disabled >= figure, posts >= 2
    holds = (employs & ~no_disabled) | (offers & ~no_posts)
    return plain(holds, (no_disabled | no_posts) & ~holds, VIOLATED)


# --- ratios ---


def shop_spacing(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "shop_distance", "spacing_standard", figure, 10), VIOLATED)


def lit_roads(block: Block, days: Days, figure: int) -> Codes:
    (lit, no_lit), (road, no_road), (repair, no_repair) = block["lit_length"], block["road_length"], block["under_repair"]
    is_some = road != 0
    surely = is_some & ~(repair | no_repair | no_road)
    not_so = (repair & ~no_repair) | ~(is_some | no_road)
    return under(surely, not_so, lit * 10 >= road * figure, no_lit, VIOLATED)


def greening(block: Block, days: Days, figure: int) -> Codes:
    kind, no_kind = block["unit_type"]
    is_out = (kind == ENTERPRISE) | (kind == OTHER)
    holds, unknown = at_least_share(block, "green_area", "site_area", figure, 1)
    return under(~(is_out | no_kind), is_out & ~no_kind, holds, unknown, VIOLATED)


def spending(block: Block, days: Days, figure: int) -> Codes:
    level, no_level = block["level"]
    is_high = level >= COUNTY
    holds, unknown = at_least_share(block, "spent", "budget", figure * 100, 1)
    return under(is_high & ~no_level, ~(is_high | no_level), holds, unknown, VIOLATED)


def small_firms(block: Block, days: Days, figure: int) -> Codes:
    (kind, no_kind), (total, no_total), (part, no_part) = block["unit_type"], block["purchases"], block["small_firm_purchases"]
    is_one, is_large = kind <= INSTITUTION, total >= 200_000_000
    surely = is_one & is_large & ~(no_kind | no_total)
    not_so = ~((is_one | no_kind) & (is_large | no_total))
    return under(surely, not_so, part * 100 >= total * figure, no_part, VIOLATED)


def deposit_limit(block: Block, days: Days, figure: int) -> Codes:
    (deposit, no_deposit), (contract, no_contract) = block["deposit"], block["contract"]
    settled = no_contract & (deposit == 0) & ~no_deposit
    return plain((deposit <= contract * (figure * 100)) | settled, (no_deposit | no_contract) & ~settled, VIOLATED)


def pipe_repair(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "repaired_pipes", "faulty_pipes", figure, 100), VIOLATED)


def water_loss(block: Block, days: Days, figure: int) -> Codes:
    (leaked, no_leaked), (supplied, no_supplied) = block["leaked_water"], block["supplied_water"]
    old, no_old = block["old_network"]
    is_some = supplied != 0
    surely = is_some & ~(old | no_old | no_supplied)
    not_so = (old & ~no_old) | ~(is_some | no_supplied)
    return under(surely, not_so, leaked <= supplied * figure, no_leaked, VIOLATED)


def settled_in_time_share(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "settled_in_time", "accepted_cases", figure, 100), VIOLATED)


def cadre_share(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "disabled_cadres", "cadres", figure, 100), VIOLATED)


def recycling(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "recycled", "waste", figure, 100), FALLS_SHORT)


def accessible_parking(block: Block, days: Days, figure: int) -> Codes:
    (accessible, missing), (spaces, no_spaces) = block["accessible_spaces"], block["parking_spaces"]
    is_large = spaces >= 50
    return under(is_large & ~no_spaces, ~(is_large | no_spaces), accessible * 100 >= spaces * figure, missing, VIOLATED)


def energy_use(block: Block, days: Days, figure: int) -> Codes:
    (energy, missing), (area, no_area) = block["energy"], block["floor_area"]
    is_some = area != 0
    return under(is_some & ~no_area, ~(is_some | no_area), energy * 10 <= area * figure, missing, DEPARTS)


# --- limits and due dates ---


def claim_review(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "accepted_on", "reviewed_on", "workdays", figure))


def letter_answer(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "letter_on", "answered_on", "workdays", figure))


def payment(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "delivered_on", "paid_on", "workdays", figure))


def under_timed(surely: Mask, surely_not: Mask, three: tuple[Mask, Mask, Mask]) -> Codes:
    met, failed, not_due = (surely & each for each in three)
    found = timed(met, failed, not_due)
    found ^= surely_not.view(np.uint8) * (UNDETERMINED ^ NOT_APPLICABLE)
    return found


def licence(block: Block, days: Days, figure: int) -> Codes:
    complete, unknown = block["papers_complete"]
    three = limit(block, days, "applied_on", "licensed_on", "workdays", figure)
    return under_timed(complete & ~unknown, ~(complete | unknown), three)


def plan_filed(block: Block, days: Days, figure: int) -> Codes:
    filed, missing = block["plan_filed_on"]
    return plain(filed <= np.int32(month_end(2023, figure) - EPOCH), missing, VIOLATED)


def budget_published(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "budget_approved_on", "budget_published_on", "days", figure))


def contract_archived(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "signed_on", "archived_on", "months", figure))


def complaint_closed(block: Block, days: Days, figure: int) -> Codes:
    private, unknown = block["privately_run"]
    three = limit(block, days, "complained_on", "complaint_closed_on", "days_rolled", figure)
    return under_timed(~(private | unknown), private & ~unknown, three)


def inspection(block: Block, days: Days, figure: int) -> Codes:
    return timed(*limit(block, days, "inspected_on", "next_inspected_on", "months", figure))


def month_end(year: int, month: int) -> int:
    """The last day of a month."""
    return add_months(date(year, month, 1).toordinal(), 1) - 1


def website(block: Block, days: Days, figure: int) -> Codes:
    accessible, missing = block["accessible_website"]
    if month_end(2024, figure) - EPOCH < TODAY:
        return plain(accessible, missing, VIOLATED)
    return plain(accessible & ~missing, np.zeros(block.count, np.bool_), NOT_DUE)


def correction(block: Block, days: Days, figure: int) -> Codes:
    corrected, missing = block["corrected"]
    return plain(corrected >= figure * 100, missing, VIOLATED)


# --- totals and growth over years ---


def told_sum(block: Block, names: tuple[str, ...]) -> tuple[Values, Mask]:
    """What was told, added up, and whether a year is missing; a year that is cannot make it less."""
    total, any_missing = np.zeros(block.count, np.int64), np.zeros(block.count, np.bool_)
    for name in names:
        values, missing = block[name]
        total += values * ~missing
        any_missing |= missing
    return total, any_missing


def jobs_total(block: Block, days: Days, figure: int) -> Codes:
    total, _ = told_sum(block, ("new_jobs@2022", "new_jobs@2023", "new_jobs@2024"))
    return (total < figure).view(np.uint8) * NOT_DUE


def training_total(block: Block, days: Days, figure: int) -> Codes:
    total, missing = told_sum(block, ("trained@2022", "trained@2023"))
    holds = total >= figure
    return plain(holds, missing & ~holds, VIOLATED)


def investment_total(block: Block, days: Days, figure: int) -> Codes:
    total, missing = told_sum(block, ("invested@2021", "invested@2022", "invested@2023"))
    holds = total >= figure * 10_000
    return plain(holds, missing & ~holds, VIOLATED)


def jobs_growth(block: Block, days: Days, figure: int) -> Codes:
    return plain(*at_least_share(block, "new_jobs@2023", "new_jobs@2022", figure, 100), VIOLATED)


BY_HAND: dict[str, Callable[[Block, Days, int], Codes]] = {
    each.__name__: each
    for each in (
        organ_employs, institution_employs, share_not_reached, service_hours, class_size, pupils_a_teacher, teachers_a_form,
        training, fee_limit, satisfaction_target, posts_for_disabled, either_way, shop_spacing, lit_roads, greening, spending,
        small_firms, deposit_limit, pipe_repair, water_loss, settled_in_time_share, cadre_share, recycling, accessible_parking,
        energy_use, claim_review, letter_answer, payment, licence, plan_filed, budget_published, contract_archived,
        complaint_closed, inspection, website, correction, jobs_total, training_total, investment_total, jobs_growth,
    )
}  # fmt: skip
assert list(BY_HAND) == [rule.id for rule in RULES]


# --- all of them ---


def sources(table: pa.Table, heads: list[Heading]) -> dict[str, Source]:
    """A table in one piece as columns by the facts' English names."""
    return {each.name: Source(table.column(each.text).chunk(0)) for each in heads}


def verdicts(
    told: dict[str, Source], count: int, days: Days, sets: int = 1, rows_a_block: int = ROWS_A_BLOCK
) -> dict[str, Codes]:
    """The codes of every rule on every row, block by block (a multiple of eight rows)."""
    rules = asked(sets)
    found = {each.id: np.empty(count, np.uint8) for each in rules}
    for first in range(0, count, rows_a_block):
        last = min(first + rows_a_block, count)
        block = Block(told, first, last)
        for each in rules:
            found[each.id][first:last] = BY_HAND[each.rule.id](block, days, each.figure)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    rules = load_rules()
    heads, days = headings(rules), Days(rules.calendar)
    table = whole_table(rules, chosen.count)

    def side(rows_a_block: int) -> Callable[[], object]:
        return lambda: verdicts(sources(table, heads), chosen.count, days, 1, rows_a_block)

    sizes = {f"{size} rows": side(size) for size in (1024 * each for each in (8, 16, 32, 64, 128, 256))}
    times = rounds({"whole columns": side(-(-chosen.count // 8) * 8), **sizes}, chosen.rounds)
    report(f"{chosen.count} subjects x {len(RULES)} rules:", times, "whole columns", {})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
