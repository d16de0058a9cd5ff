"""The values that other instruments set, as a rule uses them: which, from where, when and where each holds, how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulecheck.prose.names import Voice, term_name
from rulecheck.prose.passages import Paragraph
from rulecheck.prose.phrases import EMPTY, provision, readable
from rulecheck.prose.values import bounds_text, date_text, value_text, window_text
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


def parameter_paragraphs(terms: Iterable[model.ParameterTerm], voice: Voice) -> Iterator[Paragraph]:
    """Every parameter once for each day whose value is used."""
    for term in terms:
        yield from _one(term, voice)


def _one(term: model.ParameterTerm, voice: Voice) -> Iterator[Paragraph]:
    parameter = term.parameter
    limits = EMPTY
    if parameter.minimum is not None or parameter.maximum is not None:
        told = bounds_text(parameter.minimum, parameter.maximum, parameter.type)
        limits = provision("parameters", "bounds", bounds=told)
    day = provision("parameters", "today")
    if term.day is not None:
        day = provision("parameters", "that_day", day=term_name(term.day, None, voice))
    head = provision("parameters", "head", name=readable(parameter.name), source=parameter.source, bounds=limits, day=day)
    yield Paragraph(1, provision("fields", "parameters"), head)
    if len(parameter.values) > 1:
        yield Paragraph(2, EMPTY, provision("parameters", "rows"))
    for row in parameter.values:
        yield Paragraph(2, Bilingual("- ", "- "), row_text(row, parameter))


def row_text(row: model.ParameterValue, parameter: model.Parameter) -> Bilingual:
    """`黄石市，2022年11月16日起：待主管部门明确`."""
    place = provision("parameters", "anywhere")
    if row.place is not None:
        place = Bilingual(row.place.chinese, row.place.title)
    value = _value(row.value, parameter)
    state = EMPTY if row.is_confirmed or row.value is None else provision("parameters", "unconfirmed")
    return provision("parameters", "row", place=place, time=_time(row), value=value, state=state)


def _time(row: model.ParameterValue) -> Bilingual:
    if row.start is not None:
        time = window_text((row.start, row.end))
    elif row.end is not None:
        time = provision("parameters", "until", end=date_text(row.end))
    else:
        time = provision("parameters", "always")
    if row.season is None:
        return time
    first, last = (provision("parameters", "month_day", month=month, day=day) for month, day in row.season)
    return provision("parameters", "season", time=time, first=first, last=last)


def _value(value: model.Exactly | model.Between | None, parameter: model.Parameter) -> Bilingual:
    match value:
        case model.Exactly(value=exact):
            return value_text(exact, parameter.type)
        case model.Between(low=low, high=high):
            return provision("parameters", "between", bounds=bounds_text(low, high, parameter.type))
        case None:
            return provision("parameters", "pending")
