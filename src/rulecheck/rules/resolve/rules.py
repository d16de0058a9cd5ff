"""Rules, relations and item declarations: whom they bind, when and where, each limb under each reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rulecheck.dataclass import dataclass, field
from rulecheck.language import syntax, words
from rulecheck.language.diagnostics import Diagnostic, error
from rulecheck.measures.places import Place
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.resolve.accepted import accepted
from rulecheck.rules.resolve.expressions import Resolver, Scope
from rulecheck.rules.resolve.vocabulary import bilingual, clause, clauses, interval, text_of

REQUIREMENTS: tuple[model.Modality, ...] = ("must", "must_not", "in_principle", "strive", "encouraged")
STATES: dict[str, model.ItemState] = {
    "not_checkable": "not_checkable",
    "lost": "lost",
    "erratum": "erratum",
    "set_aside": "set_aside",
}
CONDITIONS = (
    syntax.Comparison,
    syntax.Membership,
    syntax.Conjunction,
    syntax.Disjunction,
    syntax.Negation,
    syntax.Quantified,
)
"""What a definition must be to stand for a condition; anything else stands for a value."""
ROLES = {"lead": "lead", "responsible": "responsible", "accountable": "accountable"}


@dataclass(slots=True)
class RuleReader:
    """Reads rules against a finished vocabulary."""

    resolver: Resolver
    problems: list[Diagnostic] = field(default_factory=list)

    # --- one rule ---

    def rule(self, declaration: syntax.Declaration, document: model.Document | None) -> model.Rule | None:
        assert isinstance(declaration.head, syntax.Pair)
        before = len(self.problems) + len(self.resolver.problems)
        self.resolver.expanded = 0
        if document is None:
            self.problems.append(error("C201", declaration.head.span, name=declaration.head.chinese.text))
            return None
        kind = self._kind(declaration)
        if kind is None:
            return None
        scope = Scope(kind, self._frequency(declaration))
        bound = self._bound(declaration, scope)
        place = self._place(declaration) or document.place
        readings = self._readings(declaration, scope, document)
        citations = self._citations(declaration)
        if not citations:
            self.problems.append(error("R201", declaration.head.span, label_zh="依据", label_en="Basis"))
        examples = self._examples(declaration)
        if len(self.problems) + len(self.resolver.problems) > before:
            return None
        zh, english = declaration.head.chinese.text, declaration.head.english.text
        return model.Rule(
            id=english,
            zh=zh,
            title=text_of(declaration, "title") or Bilingual(zh, english.replace("_", " ")),
            document=document,
            citations=citations,
            kind=kind,
            bound=bound,
            place=place,
            every=scope.every,
            readings=readings,
            responsible=tuple(
                model.Responsible(agency, ROLES[each.label])
                for each in clauses(declaration, *ROLES)
                if isinstance(each.body, syntax.Line)
                for agency in split_agencies(each.body.text)
            ),
            see_also=tuple(text for each in clauses(declaration, "see_also") if (text := bilingual(each.body))),
            examples=examples,
            accepted=accepted(declaration),
            span=declaration.span,
        )

    def _kind(self, declaration: syntax.Declaration) -> model.Kind | None:
        found = clause(declaration, "for_each")
        if found is None or not isinstance(found.body, syntax.Names):
            self.problems.append(error("R201", declaration.head.span, label_zh="核查对象", label_en="For each"))
            return None
        vocabulary = self.resolver.vocabulary
        name = found.body.names[0]
        kind = vocabulary.kinds.get(vocabulary.table.id_of(name.text) or "")
        if kind is None:
            self.problems.append(vocabulary.table.unknown(name, "subject"))
        self.problems += [error("R225", more.span) for more in found.body.names[1:]]
        return kind

    def _frequency(self, declaration: syntax.Declaration) -> model.Frequency | None:
        found = clause(declaration, "every")
        word = getattr(found.body, "word", None) if found else None
        return word if word in ("year", "quarter", "month") else None

    def _bound(self, declaration: syntax.Declaration, scope: Scope) -> model.Bound:
        """Who owes the duty: a kind above the subject, or the subject that a reference fact names; default the subject."""
        found = clause(declaration, "bound")
        if found is None or not isinstance(found.body, syntax.Names):
            return model.Bound(kind=scope.kind)
        name = found.body.names[0]
        self.problems += [error("R225", more.span) for more in found.body.names[1:]]
        vocabulary = self.resolver.vocabulary
        english = vocabulary.table.id_of(name.text)
        for up, kind in self.resolver.chain(scope.kind):
            if kind.id == english:
                return model.Bound(up=up, kind=kind)
        term = self.resolver.fact(name, scope)
        if term is None:
            return model.Bound()
        if not isinstance(term.type, model.ReferenceType):
            self.problems.append(error("R216", name.span, name=name.text))
            return model.Bound()
        return model.Bound(reference=term, kind=vocabulary.kinds.get(term.type.kind))

    def _place(self, declaration: syntax.Declaration) -> Place | None:
        found = clause(declaration, "place")
        if found is None or not isinstance(found.body, syntax.Names):
            return None
        name = found.body.names[0]
        self.problems += [error("R229", more.span) for more in found.body.names[1:]]
        place = self.resolver.vocabulary.places.find(name.text)
        if place is None:
            self.problems.append(error("N204", name.span, name=name.text))
        return place

    def _citations(self, declaration: syntax.Declaration) -> tuple[model.Citation, ...]:
        return tuple(
            model.Citation(each.body.text, tuple((quote.text, quote.span) for quote in each.quotes), each.span)
            for each in clauses(declaration, "basis")
            if isinstance(each.body, syntax.Line)
        )

    # --- readings and limbs ---

    def _readings(self, declaration: syntax.Declaration, scope: Scope, document: model.Document) -> tuple[model.Reading, ...]:
        bodies = [each.body for each in clauses(declaration, "reading") if isinstance(each.body, syntax.Reading)]
        names = {name.text for body in bodies for name in (body.name.chinese, body.name.english)}
        for each in declaration.clauses:
            if each.reading is not None and each.reading not in names:
                self.problems.append(error("N208", each.label_span, name=each.reading))
        defaults = [body for body in bodies if body.is_default]
        if len(defaults) > 1:
            self.problems.append(error("R217", defaults[1].span))
        if not bodies:
            return (model.Reading(None, None, True, self._limbs(declaration, scope, document, frozenset())),)
        readings = []
        for body in sorted(bodies, key=lambda each: not each.is_default):
            tags = frozenset((body.name.chinese.text, body.name.english.text))
            limbs = self._limbs(declaration, scope, document, tags)
            name = Bilingual(body.name.chinese.text, body.name.english.text)
            readings.append(model.Reading(name, bilingual(body.reason), body.is_default, limbs))
        return tuple(readings)

    def _limbs(
        self, declaration: syntax.Declaration, scope: Scope, document: model.Document, reading: frozenset[str]
    ) -> tuple[model.Limb, ...]:
        tags = list(dict.fromkeys(each.limb for each in clauses(declaration, *REQUIREMENTS)))
        if not tags:
            self.problems.append(error("R218", declaration.head.span))
        if None in tags and len(tags) > 1:
            untagged = next(each for each in clauses(declaration, *REQUIREMENTS) if each.limb is None)
            self.problems.append(error("R227", untagged.label_span))
        limbs = [self._limb(declaration, tag, scope, document, reading) for tag in tags]
        for each in declaration.clauses:
            if each.limb is not None and each.limb not in tags:
                self.problems.append(error("R219", each.label_span, limb=each.limb))
        return tuple(limb for limb in limbs if limb is not None)

    def chosen(
        self, declaration: syntax.Declaration, label: str, tag: str | None, reading: frozenset[str]
    ) -> list[syntax.Clause]:
        """The clauses of a kind that hold for a limb under a reading: those of the reading in place of the untagged ones."""
        fitting = [each for each in clauses(declaration, label) if each.limb in (None, tag)]
        if label in REQUIREMENTS:
            fitting = [each for each in fitting if each.limb == tag]
        special = [each for each in fitting if each.reading in reading and each.reading is not None]
        chosen = special or [each for each in fitting if each.reading is None]
        # 无 takes a clause away: 除外情形〔口径〕：无.
        return [each for each in chosen if not (isinstance(each.body, syntax.Constant) and each.body.word == "none")]

    def _joined(
        self, found: Sequence[syntax.Clause], scope: Scope, join: type[model.AllOf] | type[model.AnyOf]
    ) -> model.Test | None:
        tests = [test for each in found if (test := self.resolver.test(each.body, scope)) is not None]
        if len(tests) <= 1:
            return tests[0] if tests else None
        flat = [part for test in tests for part in (test.parts if isinstance(test, join) else (test,))]
        return join(tuple(flat), found[0].span)

    def _limb(
        self,
        declaration: syntax.Declaration,
        tag: str | None,
        scope: Scope,
        document: model.Document,
        reading: frozenset[str],
    ) -> model.Limb | None:
        def pick(label: str) -> list[syntax.Clause]:
            return self.chosen(declaration, label, tag, reading)

        commands = [(label, each) for label in REQUIREMENTS for each in pick(label)]
        if not commands:
            return None
        modality = commands[0][0]
        if any(label != modality for label, _ in commands):
            self.problems.append(error("R220", commands[0][1].label_span, commands[-1][1].label_span))
        is_event = len(commands) == 1 and modality != "must_not"
        done = self._event_done(commands[0][1], scope) if is_event else None
        dues = pick("due")
        due = self.resolver.term(dues[-1].body, scope) if dues else None
        if due is not None and not isinstance(due.type, model.DateType):
            self.problems.append(error("R221", dues[-1].span))
        if done is not None and not dues:
            self.problems.append(error("R222", commands[0][1].span))
        requirement = None
        if done is None:
            # Two commands are both owed; of two things forbidden neither may be.
            join = model.AnyOf if modality == "must_not" else model.AllOf
            requirement = self._joined([each for _, each in commands], scope, join)
            if requirement is not None and modality == "must_not":
                requirement = model.Not(requirement, requirement.span)
        partial = pick("partial")
        owed = self._interval(pick("owed"), (document.in_force[0], document.horizon))
        return model.Limb(
            tag=tag,
            modality=modality,
            applies=self._joined(pick("applies"), scope, model.AllOf),
            excepted=self._joined(pick("except"), scope, model.AnyOf),
            requirement=requirement,
            done=done,
            due=due,
            owed=owed,
            in_force=self._interval(pick("in_force"), document.in_force),
            partial=bilingual(partial[-1].body) if partial else None,
            span=commands[0][1].span,
        )

    def _interval(self, found: Sequence[syntax.Clause], otherwise: tuple[int, int | None]) -> tuple[int, int | None]:
        if not found or not isinstance(found[-1].body, syntax.Interval):
            return otherwise
        start, end = interval(found[-1].body)
        if end is not None and end < start:
            self.problems.append(error("U206", found[-1].span))
        return start, end

    def _event_done(self, found: syntax.Clause, scope: Scope) -> model.FactTerm | None:
        """The date fact of an event with limit: a requirement that is a date alone."""
        if not isinstance(found.body, syntax.Name):
            return None
        vocabulary = self.resolver.vocabulary
        fact = vocabulary.facts.get(vocabulary.table.id_of(found.body.text) or "")
        if fact is None or not isinstance(fact.type, model.DateType):
            return None
        return self.resolver.fact(found.body, scope)

    # --- examples ---

    def _examples(self, declaration: syntax.Declaration) -> tuple[model.RuleExample, ...]:
        examples = []
        for each in clauses(declaration, "example"):
            if not isinstance(each.body, syntax.Example):
                continue
            if each.body.possible and each.body.verdict != "undetermined":
                self.problems.append(error("R228", each.body.span))
            given = [
                binding
                for before in clauses(declaration, "given")
                if before.limb in (None, each.limb)
                and before.reading in (None, each.reading)
                and isinstance(before.body, syntax.Bindings)
                for binding in before.body.bindings
            ]
            examples.append(
                model.RuleExample(
                    limb=each.limb,
                    reading=each.reading,
                    bindings=(*given, *each.body.bindings),
                    verdict=each.body.verdict,
                    possible=each.body.possible,
                    span=each.span,
                )
            )
        return tuple(examples)

    # --- definitions and items ---

    def definition(self, declaration: syntax.Declaration) -> None:
        """A definition is read once for each kind it is of, so that a fault in it is told even where nothing uses it."""
        of, means = clause(declaration, "of"), clause(declaration, "means")
        if of is None or means is None or not isinstance(of.body, syntax.Names):
            self.problems.append(error("R201", declaration.head.span, label_zh="所属对象／含义", label_en="Of / Means"))
            return
        vocabulary = self.resolver.vocabulary
        for name in of.body.names:
            kind = vocabulary.kinds.get(vocabulary.table.id_of(name.text) or "")
            if kind is None:
                self.problems.append(vocabulary.table.unknown(name, "subject"))
            else:
                self._try_definition(means.body, kind)

    def _try_definition(self, body: object, kind: model.Kind) -> None:
        """A definition has the period of whatever uses it: it makes sense if it does in one of them."""
        problems, faults = self.resolver.problems, list[list[Diagnostic]]()
        for every in FREQUENCIES:
            self.resolver.problems, self.resolver.expanded = [], 0
            if isinstance(body, CONDITIONS):
                self.resolver.test(body, Scope(kind, every))
            else:
                self.resolver.term(body, Scope(kind, every))
            faults.append(self.resolver.problems)
        self.resolver.problems = problems
        fewest: list[Diagnostic] = min(faults, key=len)
        problems += fewest

    def item(self, declaration: syntax.Declaration, document: model.Document | None) -> model.ItemDeclaration | None:
        """An item declared not checkable, lost, or with an erratum, or words of it set aside; each says why."""
        assert isinstance(declaration.head, syntax.Line)
        if document is None:
            self.problems.append(error("C201", declaration.head.span, name=declaration.head.text))
            return None
        needed = ("printed", "presumed", "authority") if declaration.label == "erratum" else ("because",)
        for label in needed:
            if text_of(declaration, label) is None:
                zh, en = words.spell_label(label, "zh"), words.spell_label(label, "en")
                self.problems.append(error("R201", declaration.head.span, label_zh=zh, label_en=en))
        if declaration.label == "set_aside" and not declaration.quotes:
            self.problems.append(error("R201", declaration.head.span, label_zh=">", label_en=">"))
        return model.ItemDeclaration(
            state=STATES[declaration.label],
            document=document,
            locator=declaration.head.text.strip(),
            because=text_of(declaration, "because"),
            printed=text_of(declaration, "printed"),
            presumed=text_of(declaration, "presumed"),
            authority=text_of(declaration, "authority"),
            quotes=tuple((quote.text, quote.span) for quote in declaration.quotes),
            span=declaration.span,
        )

    # --- relations ---

    def relations(self, declaration: syntax.Declaration) -> list[model.RelationRule]:
        """One relation a kind it is declared of."""
        assert isinstance(declaration.head, syntax.Pair)
        of, holds = clause(declaration, "of"), clause(declaration, "holds")
        if of is None or holds is None or not isinstance(of.body, syntax.Names):
            self.problems.append(error("R201", declaration.head.span, label_zh="所属对象／须有", label_en="Of / Must hold"))
            return []
        found = []
        vocabulary = self.resolver.vocabulary
        for name in of.body.names:
            kind = vocabulary.kinds.get(vocabulary.table.id_of(name.text) or "")
            if kind is None:
                self.problems.append(vocabulary.table.unknown(name, "subject"))
                continue
            test = self.resolver.test(holds.body, Scope(kind, self._frequency(declaration)))
            if test is not None:
                found.append(
                    model.RelationRule(
                        id=declaration.head.english.text,
                        zh=declaration.head.chinese.text,
                        kind=kind,
                        every=self._frequency(declaration),
                        test=test,
                        facts=tuple(dict.fromkeys(facts_of(test))),
                        note=text_of(declaration, "note"),
                        span=declaration.span,
                    )
                )
        return found


FREQUENCIES: tuple[model.Frequency | None, ...] = (None, "year", "quarter", "month")

_AGENCY = re.compile(r"(?:[^（(、，,；;]|[（(][^）)]*[）)])+")


def split_agencies(line: str) -> list[str]:
    """Bodies as printed, split at 、 ， ； outside brackets: 各县（市、区）人民政府 is one."""
    return [part.strip() for part in _AGENCY.findall(line) if part.strip()]


def facts_of(test: object) -> list[model.FactTerm]:
    """Every fact a test or term reads of the subject in scope, in the order of the text (members' facts left out)."""
    match test:
        case model.FactTerm():
            return [test]
        case model.IsNone(fact=fact) | model.WithinTop(fact=fact):
            return [fact]
        case model.PeriodTotal(fact=fact, up=up, periods=keys, span=span):
            return [model.FactTerm(fact, up, key, fact.type, span) for key in keys]
        case model.HowMany(tests=tests):
            return [each for part in tests for each in facts_of(part)]
        case model.Compare(left=left, right=right) | model.Sum(left=left, right=right):
            return [*facts_of(left), *facts_of(right)]
        case model.Product(left=left, right=right) | model.Quotient(left=left, right=right):
            return [*facts_of(left), *facts_of(right)]
        case model.Member(term=term) | model.DateShift(term=term) | model.RolledDate(term=term) | model.WeekdayOf(term=term):
            return facts_of(term)
        case model.InSeason(term=term) | model.Change(term=term):
            return facts_of(term)
        case model.AllOf(parts=parts) | model.AnyOf(parts=parts):
            return [fact for part in parts for fact in facts_of(part)]
        case model.Not(part=part):
            return facts_of(part)
        case _:
            return []
