"""The pipeline of a check: a rule set and a submission in, the whole report out. Reads no files and knows no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from rulecheck import __version__
from rulecheck.dataclass import replace
from rulecheck.explaining.describe import shown_id, shown_name
from rulecheck.explaining.explain import Explainer, party
from rulecheck.judgement import DataFault, Judgement, NotChecked, Receipt, Report, SubjectLine
from rulecheck.judging.judge import Judge
from rulecheck.judging.lower import lower
from rulecheck.judging.settle import Breach, period_in, settle
from rulecheck.language.diagnostics import Diagnostic, located, message
from rulecheck.measures.days import day_text
from rulecheck.prose.names import condition_name, term_name
from rulecheck.prose.phrases import join
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.submission import Origin, Record, Subject, Submission

ENGINE = f"rulecheck {__version__}"


def run(
    rules: model.RuleSet,
    submission: Submission,
    *,
    as_of: int | None,
    today: int,
    documents: Collection[str] | None = None,
    only: Subject | None = None,
) -> Report:
    """Every judgement of a submission. A subject is judged as of the option `as_of`, else its own date, else `today`
    (ordinals). The subjects of the submission are settled in place: facts that contradict one another become untold.
    `documents`: the folders of those whose rules are wanted; all, if None. `only`: the one subject that is judged, where the
    others are there to be looked at."""
    chosen = None
    if documents is not None:
        chosen = tuple(each.number or each.title for each in rules.documents if each.folder in documents)
        rules = only_of(rules, documents)
    positions = numbered(submission.subjects)
    breaches = settle(rules, (subject for kind in submission.subjects.values() for subject in kind))
    judged = {rule.kind.id for rule in rules.rules}
    days: dict[int, list[Subject]] = {}
    sources = set()
    for kind, subjects in submission.subjects.items():
        for subject in subjects if kind in judged else ():
            if only is not None and subject is not only:
                continue
            day, source = day_of(subject, as_of, today)
            days.setdefault(day, []).append(subject)
            sources.add(source)
    if not days and as_of is not None:
        days, sources = {as_of: []}, {"option"}
    found: list[tuple[tuple[object, ...], Judgement]] = []
    for day in sorted(days):
        judge = Judge(lower(rules, day, {subject.kind.id for subject in days[day]}))
        explainer = Explainer(judge, submission.subjects, submission.records)
        for subject in days[day]:
            for each in judge.judges.get(subject.kind.id, ()):
                judgement = with_path(explainer.explain(each, subject), subject)
                found.append((_order(each.plan.rule, judgement, positions[id(subject)]), judgement))
    judgements = tuple(judgement for _, judgement in sorted(found, key=lambda pair: pair[0]))
    return Report(
        as_of=tuple(day_text(day, "en") for day in sorted(days)),
        as_of_source="unused" if not sources else sources.pop() if len(sources) == 1 else "mixed",
        receipt=Receipt(ENGINE, rules.sha256, submission.sha256, rules.calendar.sha256),
        judgements=judgements,
        refused=submission.refused,
        faults=tuple(sorted(map(_data_fault, breaches), key=_fault_order)),
        not_checked=tuple(_not_checked(rules, submission)),
        warnings=(
            *map(_warning, submission.warnings),
            *_record_warnings(rules, submission.records, days),
            *_calendar_warnings(judgements),
            *_later_warnings(days),
        ),
        received=submission.received,
        replaced=submission.replaced,
        expected=submission.expected,
        documents=chosen,
    )


def only_of(rules: model.RuleSet, documents: Collection[str]) -> model.RuleSet:
    """The same vocabulary with the rules and declarations of some documents, named by their folders."""
    return replace(
        rules,
        rules=tuple(each for each in rules.rules if each.document.folder in documents),
        declarations=tuple(each for each in rules.declarations if each.document.folder in documents),
    )


def day_of(subject: Subject, option: int | None, today: int) -> tuple[int, str]:
    """The day a subject is judged as of (an ordinal), and what said so."""
    if option is not None:
        return option, "option"
    return (subject.as_of, "submission") if subject.as_of is not None else (today, "today")


# --- what tells subjects and judgements apart ---


def numbered(subjects: Mapping[str, Sequence[Subject]]) -> dict[int, int]:
    """Each subject's place among its kind as handed in, by `id(subject)`. Of sensitive subjects only this number is shown:
    their origin forgets the id that stood there."""
    places: dict[int, int] = {}
    for kind in subjects.values():
        for number, subject in enumerate(kind, start=1):
            subject.alias = str(number)
            if subject.kind.sensitive:
                subject.origin = replace(subject.origin, written="***")
            places[id(subject)] = number
    return places


def with_path(judgement: Judgement, subject: Subject) -> Judgement:
    """The judgement under an id that no other has: the id of a member is its own only together with those above it."""
    if subject.parent is None:
        return judgement
    path: list[str] = []
    each: Subject | None = subject
    while each is not None:
        path.insert(0, shown_id(each).replace("/", "%2F"))
        each = each.parent
    parts = (judgement.rule, judgement.limb or "-", f"{subject.kind.id}:{'/'.join(path)}", judgement.period or "-")
    return replace(judgement, id="/".join(parts))


def _order(rule: model.Rule, judgement: Judgement, position: int) -> tuple[object, ...]:
    """In the order of the documents and their items; of one rule by limb, then the subjects as handed in."""
    document = rule.document
    locators = [item.locator for item in document.items]
    item = locators.index(judgement.locator) if judgement.locator in locators else len(locators)
    tags = [limb.tag for limb in rule.readings[0].limbs]
    limb = tags.index(judgement.limb) if judgement.limb in tags else len(tags)
    return (document.issued, document.folder, item, rule.id, limb, position, judgement.period or "")


# --- beside the judgements ---


def said(code: str, **values: Bilingual | str | int) -> Bilingual:
    """A message in both languages; bilingual values go to their own."""

    def fill(language: str) -> dict[str, str]:
        return {key: str(getattr(value, language) if isinstance(value, Bilingual) else value) for key, value in values.items()}

    return Bilingual(message(code, "zh", fill("zh")), message(code, "en", fill("en")))


def _data_fault(breach: Breach) -> DataFault:
    relation, subject = breach.relation, breach.subject
    figures = [Bilingual(f"{name.zh} {origin.written}", f"{name.en} {origin.written}") for name, origin in _figures(breach)]
    text = said("C303", test=condition_name(relation.test), figures=join(figures))
    if relation.note is not None:
        text = said("C304", text=text, note=relation.note)
    name = Bilingual(relation.zh, relation.id.replace("_", " "))
    return DataFault(relation.id, name, _line(subject), text, tuple(origin for _, origin in _figures(breach)))


def _line(subject: Subject) -> SubjectLine:
    parents = []
    each = subject.parent
    while each is not None:
        parents.append(party(each))
        each = each.parent
    return SubjectLine(subject.kind.id, shown_id(subject), shown_name(subject), subject.origin, tuple(parents))


def _figures(breach: Breach) -> Iterator[tuple[Bilingual, Origin]]:
    """The facts that contradict one another, with their period, and where they stand; what is sensitive is not repeated."""
    for term in breach.relation.facts:
        owner = breach.subject.above(term.up)
        slot = owner.kind.slots.get(term.fact.id) if owner is not None else None
        if owner is None or slot is None:
            continue
        period = period_in(term, breach.relation, breach.period)
        found = owner.origins.get(slot if period is None else (slot, period))
        if found is not None:
            name = term_name(term, period)
            yield name, replace(found, written="***") if term.fact.sensitive else found


def _fault_order(fault: DataFault) -> tuple[str, ...]:
    return (fault.subject.origin.file, fault.subject.type, fault.subject.id, fault.relation)


def _not_checked(rules: model.RuleSet, submission: Submission) -> Iterator[NotChecked]:
    """Rules of whose subjects none was handed in, and items that the rule files declare not checkable or lost."""
    for rule in rules.rules:
        if not submission.subjects.get(rule.kind.id):
            number, locator = rule.document.number, rule.citations[0].locator
            yield NotChecked("rule", rule.id, number, locator, said("C301", kind=rule.kind.name))
    for each in sorted(rules.declarations, key=lambda each: (each.document.folder, each.locator, each.state)):
        if each.state in ("not_checkable", "lost"):
            because = each.because or said(f"C302_{each.state}")
            yield NotChecked("item", each.locator, each.document.number, each.locator, because)


def _warning(diagnostic: Diagnostic) -> Bilingual:
    """A remark of the reader of submissions on one line, with its place."""
    values, place = diagnostic.values, diagnostic.place
    text = Bilingual(message(diagnostic.code, "zh", values), message(diagnostic.code, "en", values))
    if place is None:
        return said("C307", place=diagnostic.file, text=text)
    return said("C307", place=Bilingual(located(place.file, place.told("zh")), located(place.file, place.told("en"))), text=text)


_CHANGED_BY = {"accepted_reason": frozenset({"in_principle"}), "waiver": frozenset({"must", "must_not"})}
"""The modalities on which a record can have an effect."""


def _record_warnings(rules: model.RuleSet, records: Sequence[Record], days: Collection[int]) -> Iterator[Bilingual]:
    """Records of the authority that can change nothing: no reason makes up for a command, nothing else needs a waiver, and what
    was decided after the day of the check was not yet so."""
    by_id = {rule.id: rule for rule in rules.rules}
    for record in (each for each in records if each.rule in by_id):
        limbs = [limb for reading in by_id[record.rule].readings for limb in reading.limbs]
        modalities = {limb.modality for limb in limbs if record.limb in (None, limb.tag)}
        if modalities.isdisjoint(_CHANGED_BY[record.effect]):
            yield said("C307", place=_place(record.origin), text=said(f"C308_{record.effect}", rule=by_id[record.rule].title))
        elif record.issued is not None and days and record.issued > max(days):
            text = said("C308_later", issued=day_text(record.issued, "en"))
            yield said("C307", place=_place(record.origin), text=text)


def _place(origin: Origin) -> Bilingual:
    return Bilingual(located(origin.file, origin.where_zh), located(origin.file, origin.where_en))


def _later_warnings(days: Mapping[int, Sequence[Subject]]) -> Iterator[Bilingual]:
    """Events that are dated after the day they are checked: a slip of the pen, or an as-of date too early."""
    for day, subjects in sorted(days.items()):
        later = [each for each in subjects if _occurred_on(each) is not None and (_occurred_on(each) or 0) > day]
        if later:
            yield said("C309", count=len(later), kind=later[0].kind.name, day=day_text(day, "en"))


def _occurred_on(subject: Subject) -> int | None:
    """The governing date of an event, where it was told."""
    occurs_on = subject.kind.occurs_on
    value = subject.values[subject.kind.slots[occurs_on]] if occurs_on is not None else None
    return value if isinstance(value, int) else None


def _calendar_warnings(judgements: Sequence[Judgement]) -> Iterator[Bilingual]:
    """Years whose holiday notice is missing where judgements wait for it."""
    waiting = Counter(
        missing.fact.removeprefix("calendar_")
        for judgement in judgements
        for missing in judgement.missing
        if missing.fact.startswith("calendar_")
    )
    for year, count in sorted(waiting.items()):
        yield said("C305", year=year, count=count)
