"""The examples of the rules, run: each is a small submission with the verdict that a person worked out from the clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from rulecheck.dataclass import dataclass, field, replace
from rulecheck.judgement import Verdict
from rulecheck.judging.judge import Judge, RuleJudge
from rulecheck.judging.lower import lower
from rulecheck.judging.truth import single
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, closest, error
from rulecheck.measures.units import unit_table
from rulecheck.rules import model
from rulecheck.rules.resolve.expressions import span_of
from rulecheck.rules.resolve.periods import key_frequency, period_key
from rulecheck.rules.resolve.vocabulary import first_day
from rulecheck.submission import NONE, UNTOLD, Origin, Roster, Subject


@dataclass(slots=True)
class Case:
    """An example made ready to be judged: the subject, when, and what was bound besides facts."""

    subject: Subject
    as_of: int
    period: str | None
    reason_accepted: bool
    parameters: dict[str, model.Exactly]
    problems: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What an example says and what came out; `problems` where it could not be run."""

    rule: model.Rule
    example: model.RuleExample
    verdict: Verdict | None
    possible: frozenset[Verdict]
    problems: tuple[Diagnostic, ...]

    @property
    def is_right(self) -> bool:
        if self.problems or self.verdict is None or self.verdict != self.example.verdict:
            return False
        return not self.example.possible or self.possible == {Verdict(each) for each in self.example.possible}


def run_examples(rules: model.RuleSet, only: Iterable[model.Rule] | None = None) -> Iterator[ExampleResult]:
    """Every example of every rule, in the order of the files."""
    judges: dict[tuple[str, int], Judge] = {}
    for rule in only if only is not None else rules.rules:
        for example in rule.examples:
            case = build(rules, rule, example)
            if case.problems:
                yield ExampleResult(rule, example, None, frozenset(), tuple(case.problems))
                continue
            yield run_case(rules, rule, example, case, judges)


def run_case(
    rules: model.RuleSet,
    rule: model.Rule,
    example: model.RuleExample,
    case: Case,
    judges: dict[tuple[str, int], Judge],
) -> ExampleResult:
    """One example of a rule. `judges`: those made before, by rule and as-of date."""
    key = (rule.id, case.as_of)
    judge = judges.get(key)
    if judge is None or case.parameters:
        judge = judge_of(rules, rule, case)
        if not case.parameters:
            judges[key] = judge
    found = chosen(judge, rule, example, case)
    if not found and _is_outside(rule, example, case):
        return ExampleResult(rule, example, Verdict.NOT_APPLICABLE, frozenset({Verdict.NOT_APPLICABLE}), ())
    if len(found) != 1:
        problem = error("R231", example.span, limbs="、".join(each.plan.tag or "—" for each in found) or "—")
        return ExampleResult(rule, example, None, frozenset(), (problem,))
    possible = possible_under(found[0], example.reading, case.subject)
    verdict = single(possible)
    if case.reason_accepted:
        possible = frozenset(Verdict.MET if each is Verdict.DEPARTS else each for each in possible)
        verdict = single(possible)
    return ExampleResult(rule, example, verdict, possible, ())


def _is_outside(rule: model.Rule, example: model.RuleExample, case: Case) -> bool:
    """Whether an example says of a period that is not judged that nothing is owed in it: outside the time in which the rule
    is, or not begun."""
    if example.verdict != Verdict.NOT_APPLICABLE:
        return False
    limbs = [limb for limb in rule.readings[0].limbs if example.limb in (None, limb.tag)]
    return case.period is not None and key_frequency(case.period) == rule.every and len(limbs) == 1


def judge_of(rules: model.RuleSet, rule: model.Rule, case: Case) -> Judge:
    """A judge of one rule alone, with the parameters that the example supposes."""
    only = replace(rules, rules=(with_parameters(rule, case.parameters),), relations=())
    return Judge(lower(only, case.as_of))


def chosen(judge: Judge, rule: model.Rule, example: model.RuleExample, case: Case) -> list[RuleJudge]:
    """The judgement an example is about: its limb, and its period (by default the last that has begun)."""
    found = [each for each in judge.judges.get(rule.kind.id, ()) if example.limb is None or each.plan.tag == example.limb]
    if rule.every is None or not found:
        return found
    keys = [each.plan.period.key for each in found if each.plan.period]
    wanted = case.period or max(keys)
    return [each for each in found if each.plan.period and each.plan.period.key == wanted]


def possible_under(judge: RuleJudge, reading: str | None, subject: Subject) -> frozenset[Verdict]:
    """What is possible under the reading an example names, else under the default."""
    for limb in judge.limbs:
        name = limb.limb.reading.name
        if reading is not None and name is not None and reading in (name.zh, name.en):
            return limb.outcome(subject).possible
    return judge.possible(subject)


def with_parameters(rule: model.Rule, supposed: Mapping[str, model.Exactly]) -> model.Rule:
    """The rule with some of its parameters fixed, as an example supposes them."""
    if not supposed:
        return rule
    fixed: dict[int, model.Parameter] = {}

    def put(node: Any) -> Any:
        if isinstance(node, model.ParameterTerm) and node.parameter.id in supposed:
            parameter = fixed.setdefault(id(node.parameter), suppose(node.parameter, supposed[node.parameter.id]))
            return replace(node, parameter=parameter, day=None)
        if isinstance(node, model.Collection) or (hasattr(node, "span") and hasattr(type(node), "__dataclass_fields__")):
            return rebuilt(node, put)
        return node

    readings = tuple(
        replace(
            reading,
            limbs=tuple(
                replace(
                    limb,
                    applies=put(limb.applies),
                    excepted=put(limb.excepted),
                    requirement=put(limb.requirement),
                    due=put(limb.due),
                )
                for limb in reading.limbs
            ),
        )
        for reading in rule.readings
    )
    return replace(rule, readings=readings)


EXPRESSIONS = (
    model.Sum,
    model.Product,
    model.Quotient,
    model.Collection,
    model.Count,
    model.Total,
    model.Distinct,
    model.Share,
    model.HowMany,
    model.DateShift,
    model.RolledDate,
    model.WeekdayOf,
    model.Change,
    model.Compare,
    model.Member,
    model.InSeason,
    model.AllOf,
    model.AnyOf,
    model.Not,
    model.Every,
    model.Some,
)


def rebuilt(node: Any, put: Any) -> Any:
    """An expression with `put` applied to each expression directly inside."""
    if not isinstance(node, EXPRESSIONS):
        return node
    changes: dict[str, Any] = {}
    for name in type(node).__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, tuple) and name in ("parts", "tests"):
            changes[name] = tuple(put(each) for each in value)
        elif name in ("left", "right", "term", "test", "part", "members", "where") and value is not None:
            changes[name] = put(value)
    return replace(node, **changes)


def suppose(parameter: model.Parameter, value: model.Exactly) -> model.Parameter:
    row = model.ParameterValue(None, None, None, None, value, is_confirmed=True)
    return replace(parameter, values=(row,))


# --- from bindings to a subject ---


def build(rules: model.RuleSet, rule: model.Rule, example: model.RuleExample) -> Case:
    """The subject of an example, placed in the rule's own place unless 地区= says otherwise."""
    limb = next((each for each in rule.readings[0].limbs if each.tag == example.limb), rule.readings[0].limbs[0])
    end = limb.owed[1] if limb.owed[1] is not None else limb.in_force[1]
    origin = Origin(example.span.source.name, f"第{example.span.line}行", f"line {example.span.line}", example.span.text)
    builder = _Builder(rules, rule, origin)
    builder.subject = builder.new(rule.kind)
    case = Case(builder.subject, end or 0, None, False, {}, builder.problems)
    says_when = False
    for binding in example.bindings:
        says_when = builder.bind(binding, case) or says_when
    if end is None and not says_when:
        builder.problems.append(error("R232", example.span))
    return case


class _Builder:
    """Fills one subject and those above it from bindings."""

    def __init__(self, rules: model.RuleSet, rule: model.Rule, origin: Origin) -> None:
        self._rules = rules
        self._rule = rule
        self._origin = origin
        self.problems: list[Diagnostic] = []
        self.subject: Subject

    def new(self, kind: model.Kind, parent: Subject | None = None) -> Subject:
        """A subject of a kind with everything above it, of which nothing is told."""
        if parent is None and kind.parent is not None:
            parent = self.new(self._rules.kinds[kind.parent])
        return Subject(
            kind=kind,
            id="1",
            name=kind.zh,
            origin=self._origin,
            place=self._rule.place,
            parent=parent,
            values=[UNTOLD] * len(kind.slots),
            rosters=[None] * len(kind.children),
            origins={},
        )

    def bind(self, binding: syntax.Binding, case: Case) -> bool:
        """Take one binding in; True where it says when."""
        target, value = binding.target, binding.value
        if isinstance(target, syntax.Constant):
            return self._bind_target(target, value, case)
        name = target.name if isinstance(target, syntax.At) else target
        english = self._rules.names.get(name.text, name.text)
        if english in self._rules.parameters:
            number = constant_of(value, self._rules.parameters[english].type)
            if number is None:
                self.problems.append(error("R233", span_of(value), name=name.text))
            else:
                case.parameters[english] = model.Exactly(number)
            return False
        self._fill(self.subject, binding)
        return False

    def _bind_target(self, target: syntax.Constant, value: object, case: Case) -> bool:
        if target.word == "as_of" and isinstance(value, syntax.Date):
            case.as_of = first_day(value)
            return True
        if target.word == "period" and isinstance(value, syntax.Period):
            case.period = period_key(value)
        elif target.word == "reason_accepted" and isinstance(value, syntax.Constant):
            case.reason_accepted = value.word == "yes"
        elif target.word == "at_place" and isinstance(value, syntax.Name | syntax.Constant):
            self._place(value)
        else:
            self.problems.append(error("R233", span_of(value), name=target.word))
        return False

    def _place(self, value: syntax.Name | syntax.Constant) -> None:
        place = None
        if isinstance(value, syntax.Name):
            place = self._rules.places.find(value.text)
            if place is None:
                self.problems.append(error("N204", value.span, name=value.text))
        above: Subject | None = self.subject
        while above is not None:
            above.place = place
            above = above.parent

    def _fill(self, subject: Subject, binding: syntax.Binding) -> None:
        target, value = binding.target, binding.value
        assert not isinstance(target, syntax.Constant)
        name = target.name if isinstance(target, syntax.At) else target
        english = self._rules.names.get(name.text, name.text)
        owner: Subject | None = subject
        while owner is not None and english not in owner.kind.slots and english not in owner.kind.children:
            owner = owner.parent
        if owner is None:
            known = [self._rules.facts[fact].zh for fact in subject.kind.slots]
            near = "、".join(closest(name.text, known))
            self.problems.append(error("N209", name.span, name=name.text, kind=subject.kind.zh, near=near))
        elif english in owner.kind.children:
            self._roster(owner, english, value)
        else:
            self._fact(owner, self._rules.facts[english], target, value)

    def _fact(self, owner: Subject, fact: model.Fact, target: syntax.Name | syntax.At, value: object) -> None:
        slot = owner.kind.slots[fact.id]
        typed = typed_value(fact, value)
        if isinstance(typed, _Bad):
            self.problems.append(error(typed.code, span_of(value), name=fact.zh))
            return
        if fact.every is None:
            if isinstance(target, syntax.At):
                self.problems.append(error("R206", target.span, name=fact.zh))
            owner.values[slot] = typed
            return
        key = period_key(target.period) if isinstance(target, syntax.At) else None
        if key is None:
            self.problems.append(error("R205", target.span, name=fact.zh))
            return
        if key_frequency(key) != fact.every:
            self.problems.append(error("R226", target.span, name=fact.zh))
            return
        owner.values[slot] = {**(owner.values[slot] or {}), key: typed}

    def _roster(self, owner: Subject, kind: str, value: object) -> None:
        slot = owner.kind.children[kind]
        if isinstance(value, syntax.Constant) and value.word == "unknown":
            owner.rosters[slot] = None
            return
        if isinstance(value, syntax.Constant) and value.word in ("empty", "none"):
            owner.rosters[slot] = Roster([], True, self._origin)
            return
        if not isinstance(value, syntax.Elements):
            self.problems.append(error("R234", span_of(value), name=self._rules.kinds[kind].zh))
            return
        members: list[Subject] = []
        for element in value.elements:
            for _ in range(element.times):
                member = self.new(self._rules.kinds[kind], owner)
                member.id = member.name = str(len(members) + 1)
                for binding in element.bindings:
                    if isinstance(binding.target, syntax.Constant):
                        self.problems.append(error("R233", binding.span, name=binding.target.word))
                    else:
                        self._fill(member, binding)
                members.append(member)
        owner.rosters[slot] = Roster(members, value.is_complete, self._origin)


@dataclass(frozen=True, slots=True)
class _Bad:
    code: str


def typed_value(fact: model.Fact, value: object) -> Any:
    """A value as an example writes it, as a submission would have it after reading."""
    match value, fact.type:
        case syntax.Constant(word="unknown"), _:
            return UNTOLD
        case syntax.Constant(word="none"), model.YesNoType():
            return 0
        case syntax.Constant(word="none"), _:
            if fact.none_is is not None:
                return fact.none_is
            return NONE if fact.may_be_none else _Bad("R235")
        case syntax.TextLiteral(value=text), model.TextType() | model.ReferenceType():
            return text
        case syntax.Name(text=text), model.ReferenceType() | model.TextType():
            return text
        case syntax.Name(text=text), model.CategoryType(members=members):
            for position, member in enumerate(members):
                if text in (member.zh, member.en):
                    return position
            return _Bad("R233")
        case _:
            number = constant_of(value, fact.type)
            if number is None:
                return _Bad("R233")
            steps = number / fact.step
            if steps.denominator != 1:
                return _Bad("U205")
            within = (fact.minimum is None or steps >= fact.minimum) and (fact.maximum is None or steps <= fact.maximum)
            return steps.numerator if within else _Bad("R236")


def constant_of(value: object, type_: model.Type) -> Fraction | None:
    """A written constant of a type as an exact number in base units; None where it is not one."""
    match value, type_:
        case syntax.Quantity(number=text, unit=unit_text), model.NumberType(unit=declared):
            unit = unit_table().find(unit_text) if unit_text else None
            if unit_text and unit is None:
                return None
            if (unit.dimension if unit else ()) != (declared.dimension if declared else ()):
                return None
            return Fraction(text) * (unit.factor if unit else 1)
        case syntax.Date(), model.DateType():
            return Fraction(first_day(value))
        case syntax.Time(hour=hour, minute=minute), model.TimeType():
            return Fraction(hour * 60 + minute)
        case syntax.Constant(word="yes" | "no" as word), model.YesNoType():
            return Fraction(word == "yes")
        case _:
            return None
