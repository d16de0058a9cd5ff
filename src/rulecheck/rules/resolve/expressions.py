"""Expressions of the tree to typed terms and tests: every name looked up, every unit checked, definitions put in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rulecheck.dataclass import dataclass, field, replace
from rulecheck.language import syntax, words
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.language.source import Span
from rulecheck.measures.units import divide, multiply
from rulecheck.rules import model
from rulecheck.rules.resolve.changes import CHANGES, change
from rulecheck.rules.resolve.measures import (
    COUNT,
    POINT,
    agree,
    clash,
    combine,
    comparable,
    dimension,
    is_discrete,
    never_negative,
    product_type,
    quotient_type,
)
from rulecheck.rules.resolve.periods import key_frequency, period_key, period_keys, shift
from rulecheck.rules.resolve.seasons import in_season, is_season
from rulecheck.rules.resolve.sets import how_many, measure_fits
from rulecheck.rules.resolve.vocabulary import VocabularyReader, first_day

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = "天"
MOST_EXPANDED = 2_000
"""Definitions put in place in one rule."""
MOST_NESTED = 50
"""How deep those may nest, all together: with `parse.MAX_DEPTH`, as much as the walks over a rule can bear."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the kind of subject its bare names belong to, and how often the rule is judged."""

    kind: model.Kind
    every: model.Frequency | None = None
    definitions: tuple[str, ...] = ()
    """Definitions being put in place, against circles; `nested`: how deep they nest, all together."""
    nested: int = 0


@dataclass(slots=True)
class Resolver:
    """Turns expressions into terms and tests against one vocabulary. A fault gives a diagnostic and None."""

    vocabulary: VocabularyReader
    problems: list[Diagnostic] = field(default_factory=list)
    expanded: int = 0
    """How often a definition was put in its place, since the rule being read began."""

    # --- names ---

    def chain(self, kind: model.Kind) -> Iterable[tuple[int, model.Kind]]:
        """The kind itself and the kinds it is part of, with the steps up to each."""
        up, current = 0, kind
        while True:
            yield up, current
            if current.parent is None or current.parent not in self.vocabulary.kinds:
                return
            up, current = up + 1, self.vocabulary.kinds[current.parent]

    def fact(self, name: syntax.Name, scope: Scope, period: str | int | None = None) -> model.FactTerm | None:
        """The fact of a name as seen from the scope, None (and a diagnostic) when the subject has none such."""
        english = self.vocabulary.table.id_of(name.text)
        fact = self.vocabulary.facts.get(english) if english else None
        if fact is None:
            self.problems.append(self.vocabulary.table.unknown(name, "fact"))
            return None
        for up, kind in self.chain(scope.kind):  # noqa: B007
            if fact.id in kind.slots:
                break
        else:
            owners = "、".join(self.vocabulary.kinds[kind].zh for kind in fact.kinds if kind in self.vocabulary.kinds)
            self.problems.append(error("N205", name.span, name=name.text, kind=scope.kind.zh, owners=owners))
            return None
        if fact.every is not None and period is None:
            if scope.every != fact.every:
                self.problems.append(error("R205", name.span, name=name.text))
                return None
            period = 0
        if fact.every is None and period is not None:
            self.problems.append(error("R206", name.span, name=name.text))
            return None
        if isinstance(period, int) and scope.every != fact.every:
            self.problems.append(error("R240", name.span, name=name.text))
            return None
        if isinstance(period, str) and fact.every is not None and key_frequency(period) != fact.every:
            self.problems.append(error("R226", name.span, name=name.text))
            return None
        return model.FactTerm(fact, up, period, fact.type, name.span)

    def collection(
        self, path: syntax.Name | syntax.Path, where: syntax.Expression | None, scope: Scope, names: int | None = None
    ) -> tuple[model.Collection, Scope] | None:
        """The members a path names, and the scope inside one of them. `names`: how many of the path's names are kinds."""
        parts = path.names if isinstance(path, syntax.Path) else (path,)
        kinds: list[model.Kind] = []
        up = 0
        current = scope.kind
        for name in parts[:names]:
            english = self.vocabulary.table.id_of(name.text)
            kind = self.vocabulary.kinds.get(english) if english else None
            if kind is None:
                self.problems.append(self.vocabulary.table.unknown(name, "subject"))
                return None
            if not kinds:
                found = next((steps for steps, each in self.chain(scope.kind) if kind.id in each.children), None)
                if found is None:
                    self.problems.append(error("N206", name.span, name=name.text, kind=scope.kind.zh))
                    return None
                up = found
            elif kind.id not in current.children:
                self.problems.append(error("N206", name.span, name=name.text, kind=current.zh))
                return None
            kinds.append(kind)
            current = kind
        inner = replace(scope, kind=current)
        test = self.test(where, inner) if where is not None else None
        if where is not None and test is None:
            return None
        return model.Collection(tuple(kinds), up, test, path.span), inner

    # --- terms ---

    def term(self, expression: object, scope: Scope, expected: model.Type | None = None) -> model.Term | None:
        """A value. `expected` helps a bare member name of a category to be understood."""
        match expression:
            case syntax.Name():
                return self._name(expression, scope, expected)
            case syntax.At(name=name, period=period):
                return self.fact(name, scope, period_key(period))
            case syntax.Path(names=names):
                return self._path(names, scope)
            case syntax.Quantity(number=text, unit=unit_text, span=span):
                unit = self.vocabulary.unit(unit_text, span) if unit_text else None
                if unit_text and unit is None:
                    return None
                number = Fraction(text) if unit is None else Fraction(text) * unit.factor
                return model.Literal_(number, model.NumberType(unit), span)
            case syntax.Date(span=span):
                return model.Literal_(Fraction(first_day(expression)), model.DateType(), span)
            case syntax.Time(hour=hour, minute=minute, span=span):
                return model.Literal_(Fraction(hour * 60 + minute), model.TimeType(), span)
            case syntax.Constant(word="period_end", span=span):
                if scope.every is None:
                    self.problems.append(error("R207", span))
                    return None
                return model.PeriodEnd(model.DateType(), span)
            case syntax.Constant(word=word, span=span) if word in WEEKDAYS:
                return model.Literal_(Fraction(WEEKDAYS.index(word) + 1), model.WeekdayType(), span)
            case syntax.Constant(word="yes" | "no" as word, span=span):
                return model.Literal_(Fraction(word == "yes"), model.YesNoType(), span)
            case syntax.Arithmetic():
                return self._arithmetic(expression, scope)
            case syntax.Call(function="weekday", argument=argument, span=span):
                day = self.term(argument, scope)
                if day is not None and not isinstance(day.type, model.DateType):
                    self.problems.append(error("U207", day.span))
                    return None
                return model.WeekdayOf(day, model.WeekdayType(), span) if day else None
            case syntax.Annual(month=month, day=day, span=span):
                if scope.every != "year":
                    self.problems.append(error("R238", span, text=span.text))
                    return None
                return model.AnnualDay(month, day, model.DateType(), span)
            case syntax.Call(function="previous", argument=syntax.Name() as name):
                return self.fact(name, scope, -1)
            case syntax.Call(function=way, argument=argument) if way in CHANGES:
                fact = self.term(argument, scope)
                return change(self.vocabulary, expression, fact, scope.every, self.problems) if fact else None
            case syntax.Aggregate():
                return self._aggregate(expression, scope)
            case syntax.HowMany(conditions=conditions, span=span):
                tests = self._tests(conditions, scope)
                return how_many(tests, span, self.problems) if tests else None
            case syntax.Rolled(term=inner, span=span):
                day = self.term(inner, scope)
                return model.RolledDate(day, model.DateType(), span) if day else None
            case _:
                self.problems.append(error("R208", span_of(expression)))
                return None

    def _name(self, name: syntax.Name, scope: Scope, expected: model.Type | None) -> model.Term | None:
        english = self.vocabulary.table.id_of(name.text)
        if isinstance(expected, model.CategoryType):
            for position, member in enumerate(expected.members):
                if member.en == english:
                    return model.Literal_(Fraction(position), expected, name.span)
        what = self.vocabulary.table.things[english][0] if english else None
        if what == "parameter" and english in self.vocabulary.parameters:
            parameter = self.vocabulary.parameters[english]
            return model.ParameterTerm(parameter, self.governing_day(scope, name.span), parameter.type, name.span)
        if what == "definition" and english in self.vocabulary.definitions:
            return self._definition(name, english, scope)
        if what in (None, "member") and isinstance(expected, model.CategoryType):
            members = "、".join(member.zh for member in expected.members)
            self.problems.append(error("N207", name.span, name=name.text, members=members))
            return None
        return self.fact(name, scope)

    def _definition(self, name: syntax.Name, english: str, scope: Scope) -> model.Term | None:
        body = self._definition_body(name, english, scope)
        return self.term(body[0], body[1]) if body else None

    def _definition_body(self, name: syntax.Name, english: str, scope: Scope) -> tuple[syntax.Expression, Scope] | None:
        if english in scope.definitions:
            self.problems.append(error("R209", name.span, name=name.text))
            return None
        self.expanded += 1
        if self.expanded > MOST_EXPANDED:
            # Definitions that each use the one before twice double with every step.
            if self.expanded == MOST_EXPANDED + 1:
                self.problems.append(error("R230", name.span, most=MOST_EXPANDED))
            return None
        declaration = self.vocabulary.definitions[english]
        means = next((each.body for each in declaration.clauses if each.label == "means"), None)
        if means is None:
            self.problems.append(error("R201", declaration.head.span, label_zh="含义", label_en="Means"))
            return None
        if (nested := scope.nested + syntax.depth(means)) > MOST_NESTED:
            self.problems.append(error("R237", name.span, most=MOST_NESTED))
            return None
        return means, replace(scope, definitions=(*scope.definitions, english), nested=nested)  # type: ignore[return-value]

    def governing_day(self, scope: Scope, span: Span) -> model.FactTerm | None:
        """The date that governs the innermost event in scope: parameters of a season or a year are looked up at it."""
        for up, kind in self.chain(scope.kind):
            if kind.occurs_on is not None and kind.occurs_on in self.vocabulary.facts:
                fact = self.vocabulary.facts[kind.occurs_on]
                return model.FactTerm(fact, up, None, fact.type, span)
        return None

    def _path(self, names: tuple[syntax.Name, ...], scope: Scope) -> model.Term | None:
        """`上级的事实`: a fact of a subject above; facts of members need 合计, 计数 or a quantifier."""
        for up, kind in self.chain(scope.kind):
            if len(names) == 2 and kind.id == self.vocabulary.table.id_of(names[0].text):
                found = self.fact(names[1], replace(scope, kind=kind))
                return replace(found, up=found.up + up) if found else None
        self.problems.append(error("R210", names[0].span))
        return None

    def _arithmetic(self, expression: syntax.Arithmetic, scope: Scope) -> model.Term | None:
        left = self.term(expression.left, scope)
        if expression.operator in "+-" and left is not None and isinstance(left.type, model.DateType):
            shifted = shift(self.vocabulary, left, expression, self.problems)
            if shifted is not None or isinstance(expression.right, syntax.Quantity):
                return shifted
        right = self.term(expression.right, scope)
        if left is None or right is None:
            return None
        if expression.operator in "+-":
            return self._sum(left, right, expression)
        both = (left.type, right.type)
        if not all(isinstance(each, model.NumberType) for each in both):
            self.problems.append(error("U208", expression.span))
            return None
        if expression.operator == "×":
            unit = combine(dimension(left), dimension(right), multiply)
            return model.Product(left, right, product_type(left, right, unit), expression.span)
        unit = combine(dimension(left), dimension(right), divide)
        if not never_negative(right):
            self.problems.append(error("R211", right.span))
            return None
        return model.Quotient(left, right, quotient_type(self.vocabulary, left, right, unit), expression.span)

    def _sum(self, left: model.Term, right: model.Term, expression: syntax.Arithmetic) -> model.Term | None:
        is_difference = expression.operator == "-"
        type_: model.Type
        if is_difference and type(left.type) is type(right.type) is model.DateType:
            type_ = model.NumberType(self.vocabulary.units.find(DAY))
        elif is_difference and type(left.type) is type(right.type) is model.TimeType:
            type_ = model.NumberType(self.vocabulary.units.find("分钟"))
        elif not isinstance(left.type, model.NumberType) or not isinstance(right.type, model.NumberType):
            self.problems.append(error("U208", expression.span))
            return None
        elif not agree(dimension(left), dimension(right)):
            self.problems.append(clash(self.vocabulary, left, right))
            return None
        elif is_difference and dimension(left) == () and dimension(right) == ():
            # The difference of two shares is told in percentage points, never in percent.
            type_ = model.NumberType(self.vocabulary.units.find(POINT))
        else:
            type_ = left.type
        return model.Sum(left, right, is_difference, type_, expression.span)

    def _aggregate(self, expression: syntax.Aggregate, scope: Scope) -> model.Term | None:
        span = expression.span
        if expression.periods is not None:
            return self._period_total(expression, scope)
        takes_fact = expression.function in ("sum", "distinct")
        if takes_fact:
            if not isinstance(expression.path, syntax.Path):
                self.problems.append(error("R212", expression.path.span))
                return None
            reached = self.collection(expression.path, expression.where, scope, names=-1)
            if reached is None:
                return None
            members, inner = reached
            term = self.fact(expression.path.names[-1], inner)
            if term is None:
                return None
            if expression.function == "distinct":
                return model.Distinct(members, term, COUNT, span)
            if not isinstance(term.type, model.NumberType):
                self.problems.append(error("U208", span))
                return None
            return model.Total(members, term, term.type, span)
        reached = self.collection(expression.path, expression.where, scope)
        if reached is None:
            return None
        members, inner = reached
        if expression.function == "count":
            return model.Count(members, COUNT, span)
        test = self.test(expression.test, inner) if expression.test is not None else None
        if test is None:
            return None
        return model.Share(members, test, model.NumberType(self.vocabulary.units.find("%")), span)

    def _period_total(self, expression: syntax.Aggregate, scope: Scope) -> model.Term | None:
        assert expression.periods is not None
        first, last = expression.periods
        if not isinstance(expression.path, syntax.Name) or expression.function != "sum":
            self.problems.append(error("R212", expression.path.span))
            return None
        term = self.fact(expression.path, scope, period_key(first))
        if term is None:
            return None
        if not isinstance(term.type, model.NumberType):
            self.problems.append(error("U208", expression.span))
            return None
        if not measure_fits("period_total", term.fact, expression.path.span, self.problems):
            return None
        keys = period_keys(first, last)
        if not keys:
            self.problems.append(error("U206", expression.span))
            return None
        return model.PeriodTotal(term.fact, term.up, keys, term.type, expression.span)

    # --- tests ---

    def test(self, expression: object, scope: Scope) -> model.Test | None:
        """A condition: something that is true, false or not known of a subject."""
        match expression:
            case syntax.Conjunction(parts=parts, span=span):
                tests = self._tests(parts, scope)
                return model.AllOf(tests, span) if tests else None
            case syntax.Disjunction(parts=parts, span=span):
                tests = self._tests(parts, scope)
                return model.AnyOf(tests, span) if tests else None
            case syntax.Negation(part=part, span=span):
                inner = self.test(part, scope)
                return model.Not(inner, span) if inner else None
            case syntax.Quantified(word=word, path=path, where=where, test=test, span=span):
                reached = self.collection(path, where, scope)
                if reached is None:
                    return None
                members, inner_scope = reached
                inner = self.test(test, inner_scope)
                if inner is None:
                    return None
                return model.Every(members, inner, span) if word == "every" else model.Some(members, inner, span)
            case syntax.Membership():
                return self._membership(expression, scope)
            case syntax.Comparison():
                return self._comparison(expression, scope)
            case syntax.Name():
                return self._bare(expression, scope)
            case _:
                self.problems.append(error("R213", span_of(expression)))
                return None

    def _tests(self, parts: Sequence[syntax.Expression], scope: Scope) -> tuple[model.Test, ...] | None:
        tests = [self.test(part, scope) for part in parts]
        return tuple(each for each in tests if each is not None) if all(tests) else None

    def _bare(self, name: syntax.Name, scope: Scope) -> model.Test | None:
        """A bare name is a condition only if it is a yes/no fact or a definition that is one."""
        english = self.vocabulary.table.id_of(name.text)
        if english in self.vocabulary.definitions:
            body = self._definition_body(name, english, scope)
            return self.test(body[0], body[1]) if body else None
        term = self._name(name, scope, None)
        if term is None:
            return None
        if not isinstance(term.type, model.YesNoType):
            self.problems.append(error("R214", name.span, name=name.text))
            return None
        return model.Member(term, frozenset({1}), False, name.span)

    def _membership(self, expression: syntax.Membership, scope: Scope) -> model.Test | None:
        item = self.term(expression.item, scope)
        if item is None:
            return None
        if isinstance(item.type, model.DateType) and any(map(is_season, expression.choices)):
            return in_season(item, expression, self.problems)
        values: set[int | str] = set()
        for choice in expression.choices:
            if is_season(choice):
                self.problems.append(error("U214", choice.span, text=choice.span.text))
                return None
            if isinstance(choice, syntax.Range):
                low, high = self._choice(choice.low, item, scope), self._choice(choice.high, item, scope)
                if not isinstance(low, int) or not isinstance(high, int) or low > high:
                    self.problems.append(error("U206", choice.span))
                    return None
                values.update(range(low, high + 1))
                continue
            value = self._choice(choice, item, scope)
            if value is None:
                return None
            values.add(value)
        return model.Member(item, frozenset(values), expression.negated, expression.span)

    def _choice(self, choice: syntax.Expression, item: model.Term, scope: Scope) -> int | str | None:
        if isinstance(choice, syntax.TextLiteral) and isinstance(item.type, model.TextType):
            return choice.value
        if isinstance(item.type, model.NumberType | model.DateType | model.TimeType | model.TextType):
            self.problems.append(error("U210", choice.span))
            return None
        literal = self.term(choice, scope, item.type)
        if literal is None:
            return None
        if not isinstance(literal, model.Literal_) or type(literal.type) is not type(item.type):
            self.problems.append(error("U210", choice.span))
            return None
        return literal.value.numerator

    def _comparison(self, expression: syntax.Comparison, scope: Scope) -> model.Test | None:
        relation: model.Relation = words.means(expression.operator)  # type: ignore[assignment]
        for one, other in ((expression.left, expression.right), (expression.right, expression.left)):
            if isinstance(other, syntax.Constant) and other.word == "none":
                term = self.term(one, scope)
                if isinstance(term, model.FactTerm) and relation in ("equal", "unequal"):
                    return model.IsNone(term, relation == "unequal", expression.span)
                self.problems.append(error("R215", expression.span))
                return None
        left_first = not isinstance(expression.left, syntax.Quantity | syntax.Date | syntax.Constant | syntax.TextLiteral)
        one, other = (expression.left, expression.right) if left_first else (expression.right, expression.left)
        if isinstance(other, syntax.TextLiteral):
            return self._text_equal(one, other, relation, expression, scope)
        first = self.term(one, scope)
        second = self.term(other, scope, first.type if first else None)
        if first is None or second is None:
            return None
        left, right = (first, second) if left_first else (second, first)
        if relation in ("equal", "unequal") and isinstance(right, model.Literal_) and is_discrete(left.type, right.type):
            values = frozenset[int | str]({right.value.numerator})
            return model.Member(left, values, relation == "unequal", expression.span)
        if not comparable(left, right, relation):
            self.problems.append(clash(self.vocabulary, left, right))
            return None
        return model.Compare(left, relation, right, expression.operator, expression.span)

    def _text_equal(
        self,
        one: syntax.Expression,
        other: syntax.TextLiteral,
        relation: model.Relation,
        expression: syntax.Comparison,
        scope: Scope,
    ) -> model.Test | None:
        term = self.term(one, scope)
        if term is None:
            return None
        if not isinstance(term.type, model.TextType | model.ReferenceType) or relation not in ("equal", "unequal"):
            self.problems.append(error("U210", other.span))
            return None
        return model.Member(term, frozenset({other.value}), relation == "unequal", expression.span)


def span_of(expression: object) -> Span:
    span = getattr(expression, "span", None)
    assert isinstance(span, Span)
    return span
