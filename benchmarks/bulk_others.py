"""Seven of the forty rules in other engines, each in its own best idiom, on the same facts: what one verdict costs.

    python benchmarks/bulk_others.py [--count N] [--rounds N]

Those that evaluate a subject at a time (zen-engine, two of CEL, regorus) get a dict a subject, made beforehand, of whole numbers
and texts with None for what was not told; the last day of the limit of working days is given to them as a fact. OpenFisca
computes whole columns and gets figures in their units as its own float32, with a truth beside each for whether it was told. Every
verdict is compared with numpy by hand; of OpenFisca's those that differ are counted. What is not installed is left out with a
word.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa

import bulk_numpy
from bulk import frames, judged
from bulk_numpy import Codes, Days
from bulk_world import AS_OF, EPOCH, FOLDER, RULES, Heading, headings, load_rules, whole_table
from measure import rounds, spread
from rulecheck.columns.judge import ColumnJudge
from rulecheck.judging.lower import lower
from rulecheck.rules import model

CHOSEN = ("organ_employs", "institution_employs", "shop_spacing", "lit_roads", "small_firms", "training", "claim_review")
FACTS = (
    "unit_type", "institution_type", "posts", "disabled_staff", "shop_distance", "spacing_standard", "lit_length", "road_length",
    "under_repair", "purchases", "small_firm_purchases", "training_hours", "accepted_on", "reviewed_on",
)  # fmt: skip
TODAY = AS_OF.toordinal() - EPOCH
TARGET = 100.0
OURS, FROM_ARROW = "columns", "columns, from Arrow"
"""The others' facts are made beforehand in their own form, so ours are too; beside it with the reading of the columns."""

Verdicts = Callable[[], list[Any]]
"""All verdicts of all subjects, a list of codes a subject, in the order of `CHOSEN`."""


# --- the facts ---


def facts(table: pa.Table, heads: list[Heading], days: Days) -> list[dict[str, Any]]:
    """A dict a subject: whole steps, texts of categories, days since 1970, and the last day of the limit."""
    columns: dict[str, list[Any]] = {}
    for head in heads:
        if head.name not in FACTS:
            continue
        found = table.column(head.text)
        if pa.types.is_decimal(head.type):
            found = pa.chunked_array([found.combine_chunks().cast(pa.decimal128(30, head.type.scale))])
            columns[head.name] = [None if each is None else int(each.scaleb(head.type.scale)) for each in found.to_pylist()]
        elif pa.types.is_date(head.type):
            columns[head.name] = found.combine_chunks().cast(pa.int32()).to_pylist()
        else:
            columns[head.name] = found.to_pylist()
    starts = columns.pop("accepted_on")
    ends = days.due(np.array([each or 0 for each in starts], np.int32), "workdays", 5).tolist()
    columns["review_due"] = [None if start is None else end for start, end in zip(starts, ends, strict=True)]
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


# --- one subject at a time ---

MET, VIOLATED, NOT_DUE, NOT_APPLICABLE, UNDETERMINED = 0, 1, 4, 5, 6


def expressions(both: str, either: str) -> list[str]:
    """The seven rules as conditional expressions, which zen and CEL write alike but for `and` and `or`."""
    texts = [
        f"(unit_type != null && unit_type != '机关') || (posts != null && posts < 50) ? {NOT_APPLICABLE} : "
        f"(unit_type == null || posts == null || disabled_staff == null ? {UNDETERMINED} : "
        f"(disabled_staff >= 1 ? {MET} : {VIOLATED}))",
        "(unit_type != null && unit_type != '事业单位') || (posts != null && posts < 67) || "
        f"(institution_type != null && institution_type != '其他机构') ? {NOT_APPLICABLE} : "
        f"(unit_type == null || posts == null || institution_type == null || disabled_staff == null ? {UNDETERMINED} : "
        f"(disabled_staff >= 1 ? {MET} : {VIOLATED}))",
        f"shop_distance == null ? (spacing_standard != null && spacing_standard == 0 ? {MET} : {UNDETERMINED}) : "
        f"(spacing_standard == null ? {UNDETERMINED} : (shop_distance >= 6 * spacing_standard ? {MET} : {VIOLATED}))",
        "(under_repair != null && under_repair == true) || (road_length != null && road_length == 0) ? "
        f"{NOT_APPLICABLE} : (under_repair == null || road_length == null || lit_length == null ? {UNDETERMINED} : "
        f"(lit_length * 10 >= road_length * 95 ? {MET} : {VIOLATED}))",
        "(unit_type != null && unit_type != '机关' && unit_type != '事业单位') || "
        f"(purchases != null && purchases < 200000000) ? {NOT_APPLICABLE} : "
        f"(unit_type == null || purchases == null || small_firm_purchases == null ? {UNDETERMINED} : "
        f"(small_firm_purchases * 10 >= purchases * 3 ? {MET} : {VIOLATED}))",
        f"training_hours == null ? {UNDETERMINED} : (training_hours >= 40 ? {MET} : {VIOLATED})",
        f"review_due == null ? {UNDETERMINED} : (reviewed_on != null && reviewed_on <= review_due ? {MET} : "
        f"(review_due >= {TODAY} ? {NOT_DUE} : (reviewed_on == null ? {UNDETERMINED} : {VIOLATED})))",
    ]
    return [each.replace("&&", both).replace("||", either) for each in texts]


def by_zen(told: list[dict[str, Any]]) -> Verdicts:
    """One compiled expression that gives all seven: the fastest way."""
    import zen

    program = zen.compile_expression(f"[{', '.join(f'({each})' for each in expressions('and', 'or'))}]")
    return lambda: [program.evaluate(each) for each in told]


def by_zen_graph(told: list[dict[str, Any]]) -> Verdicts:
    """A decision of its own kind: a node with an expression a rule, as its editor makes them."""
    import zen

    rules = zip(CHOSEN, expressions("and", "or"), strict=True)
    content = {"expressions": [{"id": rule, "key": rule, "value": text} for rule, text in rules]}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": start, "type": "edge", "sourceId": start, "targetId": end} for start, end in (("in", "rules"), ("rules", "out"))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def verdicts() -> list[Any]:
        found = [decision.evaluate(each)["result"] for each in told]
        return [[each[rule] for rule in CHOSEN] for each in found]

    return verdicts


def by_cel_in_rust(told: list[dict[str, Any]]) -> Verdicts:
    import cel

    program = cel.compile(f"[{', '.join(f'({each})' for each in expressions('&&', '||'))}]")
    return lambda: [program.execute(each) for each in told]


def by_celpy(told: list[dict[str, Any]]) -> Verdicts:
    import celpy

    # It compares nothing with null: what was not told is not there.
    text = f"[{', '.join(f'({each})' for each in expressions('&&', '||'))}]"
    text = re.sub(r"\b(" + "|".join(told[0]) + r")\b", r"unit.\1", text)
    text = re.sub(r"(unit\.\w+) != null", r"has(\1)", text)
    text = re.sub(r"(unit\.\w+) == null", r"!has(\1)", text)
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    known = [{name: value for name, value in each.items() if value is not None} for each in told]
    contexts = [{"unit": celpy.json_to_cel(each)} for each in known]
    return lambda: [program.evaluate(each) for each in contexts]


POLICY = f"""
package checks
import rego.v1

kind_is_not(kinds) if {{ input.unit_type != null; not input.unit_type in kinds }}
kind_is(kinds) if {{ input.unit_type != null; input.unit_type in kinds }}
below(value, limit) if {{ value != null; value < limit }}
reaches(value, limit) if {{ value != null; value >= limit }}

default organ_employs := {UNDETERMINED}
organ_employs := {NOT_APPLICABLE} if kind_is_not({{"机关"}})
else := {NOT_APPLICABLE} if below(input.posts, 50)
else := {MET} if {{ kind_is({{"机关"}}); reaches(input.posts, 50); reaches(input.disabled_staff, 1) }}
else := {VIOLATED} if {{ kind_is({{"机关"}}); reaches(input.posts, 50); below(input.disabled_staff, 1) }}

schools := {{"中小学", "幼儿园"}}
default institution_employs := {UNDETERMINED}
institution_employs := {NOT_APPLICABLE} if kind_is_not({{"事业单位"}})
else := {NOT_APPLICABLE} if below(input.posts, 67)
else := {NOT_APPLICABLE} if input.institution_type in schools
else := {MET} if {{ institution_bound; reaches(input.disabled_staff, 1) }}
else := {VIOLATED} if {{ institution_bound; below(input.disabled_staff, 1) }}
institution_bound if {{ kind_is({{"事业单位"}}); reaches(input.posts, 67); input.institution_type != null }}

default shop_spacing := {UNDETERMINED}
shop_spacing := {MET} if input.spacing_standard == 0
else := {MET} if {{ spacing_told; input.shop_distance >= 6 * input.spacing_standard }}
else := {VIOLATED} if {{ spacing_told; input.shop_distance < 6 * input.spacing_standard }}
spacing_told if {{ input.shop_distance != null; input.spacing_standard != null }}

default lit_roads := {UNDETERMINED}
lit_roads := {NOT_APPLICABLE} if input.under_repair == true
else := {NOT_APPLICABLE} if input.road_length == 0
else := {MET} if {{ lit_told; input.lit_length * 10 >= input.road_length * 95 }}
else := {VIOLATED} if {{ lit_told; input.lit_length * 10 < input.road_length * 95 }}
lit_told if {{ input.under_repair == false; input.road_length != null; input.lit_length != null }}

buyers := {{"机关", "事业单位"}}
default small_firms := {UNDETERMINED}
small_firms := {NOT_APPLICABLE} if kind_is_not(buyers)
else := {NOT_APPLICABLE} if below(input.purchases, 200000000)
else := {MET} if {{ purchases_told; input.small_firm_purchases * 10 >= input.purchases * 3 }}
else := {VIOLATED} if {{ purchases_told; input.small_firm_purchases * 10 < input.purchases * 3 }}
purchases_told if {{ kind_is(buyers); input.purchases != null; input.small_firm_purchases != null }}

default training := {UNDETERMINED}
training := {MET} if reaches(input.training_hours, 40)
else := {VIOLATED} if below(input.training_hours, 40)

default claim_review := {UNDETERMINED}
claim_review := {MET} if {{ input.review_due != null; input.reviewed_on != null; input.reviewed_on <= input.review_due }}
else := {NOT_DUE} if reaches(input.review_due, {TODAY})
else := {VIOLATED} if {{ input.review_due != null; input.reviewed_on != null; input.reviewed_on > input.review_due }}

verdicts := [{", ".join(CHOSEN)}]
"""


def by_regorus(told: list[dict[str, Any]]) -> Verdicts:
    import regorus

    engine = regorus.Engine()
    engine.add_policy("checks.rego", POLICY)

    def verdicts() -> list[Any]:
        found = []
        for each in told:
            engine.set_input(each)
            found.append(engine.eval_rule("data.checks.verdicts"))
        return found

    return verdicts


# --- whole columns ---


def by_openfisca(told: list[dict[str, Any]]) -> Callable[[], Any]:
    """Variables of one entity, a formula a rule; money and lengths in their units, float32 as everywhere in it."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import MONTH
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    unit = build_entity(key="unit", plural="units", label="单位", is_person=True)
    system = TaxBenefitSystem([unit])
    # Steps back to the units in which the facts are asked.
    scales = {"spacing_standard": 100, "road_length": 100, "purchases": 100, "small_firm_purchases": 1_000_000}
    codes = {
        "unit_type": ("机关", "事业单位", "国有企业", "学校", "其他单位"),
        "institution_type": ("中小学", "幼儿园", "其他机构"),
    }
    given: dict[str, Any] = {}

    def declare(name: str, type_: type, formula: Callable[..., Any] | None = None) -> None:
        members: dict[str, Any] = {"value_type": type_, "entity": unit, "definition_period": MONTH, "label": name}
        if formula is not None:
            members["formula"] = formula
        system.add_variable(type(name, (Variable,), members))

    for name in told[0]:
        column = [each[name] for each in told]
        given[f"{name}_told"] = np.array([each is not None for each in column])
        if name in codes:
            values, type_ = np.array([-1 if each is None else codes[name].index(each) for each in column], np.int32), int
        elif name in scales or name in ("shop_distance", "lit_length"):
            values, type_ = np.array([0 if each is None else each / scales.get(name, 1) for each in column], np.float32), float
        elif name == "under_repair":
            values, type_ = np.array([bool(each) for each in column]), bool
        else:
            values, type_ = np.array([each or 0 for each in column], np.int32), int
        given[name] = values
        declare(name, type_)
        declare(f"{name}_told", bool)

    def asked(entity: Any, period: Any, *names: str) -> list[Any]:
        return [entity(each, period) for name in names for each in (name, f"{name}_told")]

    def chosen(excluded: Any, unknown: Any, holds: Any) -> Any:
        return np.select([excluded, unknown, holds], [NOT_APPLICABLE, UNDETERMINED, MET], VIOLATED)

    def organ_employs(entity: Any, period: Any) -> Any:
        kind, is_kind, posts, is_posts, disabled, is_disabled = asked(entity, period, "unit_type", "posts", "disabled_staff")
        excluded = is_kind & (kind != 0) | is_posts & (posts < 50)
        return chosen(excluded, ~(is_kind & is_posts & is_disabled), disabled >= 1)

    def institution_employs(entity: Any, period: Any) -> Any:
        kind, is_kind, posts, is_posts, disabled, is_disabled = asked(entity, period, "unit_type", "posts", "disabled_staff")
        type_, is_type = asked(entity, period, "institution_type")
        excluded = is_kind & (kind != 1) | is_posts & (posts < 67) | is_type & (type_ < 2)
        return chosen(excluded, ~(is_kind & is_posts & is_type & is_disabled), disabled >= 1)

    def shop_spacing(entity: Any, period: Any) -> Any:
        metres, is_metres, kilometres, is_kilometres = asked(entity, period, "shop_distance", "spacing_standard")
        unknown = ~(is_metres & is_kilometres) & ~(is_kilometres & (kilometres == 0))
        return chosen(np.zeros(len(metres), bool), unknown, metres >= 0.6 * kilometres * 1000)

    def lit_roads(entity: Any, period: Any) -> Any:
        lit, is_lit, road, is_road, repair, is_repair = asked(entity, period, "lit_length", "road_length", "under_repair")
        return chosen(repair | is_road & (road == 0), ~(is_lit & is_road & is_repair), lit >= 0.95 * road * 1000)

    def small_firms(entity: Any, period: Any) -> Any:
        kind, is_kind, total, is_total, part, is_part = asked(entity, period, "unit_type", "purchases", "small_firm_purchases")
        excluded = is_kind & (kind > 1) | is_total & (total < 2_000_000)
        return chosen(excluded, ~(is_kind & is_total & is_part), part * 10_000 >= 0.3 * total)

    def training(entity: Any, period: Any) -> Any:
        hours, is_hours = asked(entity, period, "training_hours")
        return chosen(np.zeros(len(hours), bool), ~is_hours, hours >= 40)

    def claim_review(entity: Any, period: Any) -> Any:
        due, is_due, done, is_done = asked(entity, period, "review_due", "reviewed_on")
        met = is_due & is_done & (done <= due)
        return np.select([met, is_due & (due >= TODAY), is_due & is_done], [MET, NOT_DUE, VIOLATED], UNDETERMINED)

    formulas = (organ_employs, institution_employs, shop_spacing, lit_roads, small_firms, training, claim_review)
    assert tuple(each.__name__ for each in formulas) == CHOSEN
    for formula in formulas:
        declare(formula.__name__, int, formula)

    def verdicts() -> Any:
        simulation = SimulationBuilder().build_default_simulation(system, len(told))
        for name, values in given.items():
            simulation.set_input(name, "2024-06", values)
        return np.stack([simulation.calculate(name, "2024-06") for name in CHOSEN])

    return verdicts


# --- side by side ---

BY_SUBJECT: Mapping[str, tuple[str, Callable[[list[dict[str, Any]]], Verdicts]]] = {
    # the package that has to be there
    "zen, one expression": ("zen", by_zen),
    "zen, a graph": ("zen", by_zen_graph),
    "CEL in Rust": ("cel", by_cel_in_rust),
    "celpy": ("celpy", by_celpy),
    "regorus": ("regorus", by_regorus),
}


def seven(folder: Path) -> model.RuleSet:
    """The seven rules alone."""
    for name in ("vocabulary.rule", "source.yaml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    whole = (FOLDER / "rules.rule").read_text(encoding="utf-8").split("\n\n")
    chosen = [each for each in whole if any(f" / {rule}\n" in each for rule in CHOSEN)]
    (folder / "rules.rule").write_text("\n\n".join(chosen).rstrip("\n") + "\n", encoding="utf-8")
    return load_rules(folder)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--large", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    all_rules = load_rules()
    heads, days = headings(all_rules), Days(all_rules.calendar)
    figures = {rule.id: rule.figures[0] for rule in RULES}
    with TemporaryDirectory() as name:
        rules = seven(Path(name))

    def by_hand(table: pa.Table) -> Codes:
        block = bulk_numpy.Block(bulk_numpy.sources(table, heads), 0, len(table))
        return np.stack([bulk_numpy.BY_HAND[rule](block, days, figures[rule]) for rule in CHOSEN])

    judge = ColumnJudge(lower(rules, AS_OF.toordinal()))
    wanted = ["编号", "地区", *(head.text for head in heads if head.name in FACTS)]
    large = whole_table(all_rules, chosen.large)
    narrow = large.select(wanted)
    order = [each.rule.id for each in judge.plan.judgements["unit"]]
    ready = list(frames(rules, narrow))
    parts = judged(judge, ready)
    ours = {rule: np.concatenate([part[number] for part in parts]) - np.uint8(1) for number, rule in enumerate(order)}
    right = by_hand(large)
    assert all((ours[rule] == right[number]).all() for number, rule in enumerate(CHOSEN))

    few = large.slice(0, chosen.count).combine_chunks()
    few_right, told = right[:, : chosen.count], facts(few, heads, days)
    sides: dict[str, Callable[[], object]] = {
        OURS: lambda: judged(judge, ready),
        FROM_ARROW: lambda: judged(judge, frames(rules, narrow)),
    }
    sizes = {OURS: chosen.large, FROM_ARROW: chosen.large}
    for engine, (package, make) in BY_SUBJECT.items():
        if find_spec(package) is None:
            print(f"left out: {engine} is not installed")
            continue
        run = make(told)
        found = np.array([[int(code) for code in each] for each in run()]).T
        assert (found == few_right).all(), (engine, np.argwhere(found != few_right)[:5].tolist())
        sides[engine], sizes[engine] = run, chosen.count
    if find_spec("openfisca_core") is None:
        print("left out: OpenFisca is not installed")
    else:
        run_columns = by_openfisca(facts(large, heads, days))
        wrong = np.count_nonzero(run_columns() != right, axis=1)
        print("OpenFisca, verdicts that differ, float32: " + json.dumps(dict(zip(CHOSEN, wrong.tolist(), strict=True))))
        sides["OpenFisca"], sizes["OpenFisca"] = run_columns, chosen.large
    print("left out: OPA (of the registries' packages none holds it for this Python)")

    times = rounds(sides, chosen.rounds, process_time)
    per_verdict = {name: [each / sizes[name] / len(CHOSEN) * 1e9 for each in seconds] for name, seconds in times.items()}
    print(f"{len(CHOSEN)} rules; nanoseconds of a processor for a verdict:")
    kept = True
    for name, costs in per_verdict.items():
        line = f"  {name:<19} {sizes[name]:>8} subjects  {spread(costs):>34}"
        if name not in (OURS, FROM_ARROW):
            factors = [one / other for one, other in zip(costs, per_verdict[OURS], strict=True)]
            target = 2.0 if name == "OpenFisca" else TARGET
            is_kept = median(factors) >= target
            kept = kept and is_kept
            line += f"   x {spread(factors)}   target {target:g}: {'kept' if is_kept else 'MISSED'}"
        print(line)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
