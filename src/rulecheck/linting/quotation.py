"""Rules held against the words they quote: bounds, figures, exceptions, modality, days, averages, lists, what is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rulecheck.dataclass import dataclass
from rulecheck.language import words as spelt
from rulecheck.language.source import Span
from rulecheck.linting.figures import (
    Held,
    agree,
    calendar_of,
    dates,
    days_confused,
    figures,
    held,
    months_in,
    numbers_in,
    numerals,
    own_number,
    words,
)
from rulecheck.linting.finding import Library, Remark, RuleView, remark
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual
from rulecheck.rules.nodes import parts_of, walk

_FLIPPED: Final[dict[str, model.Relation]] = {
    "at_least": "at_most", "at_most": "at_least", "more_than": "less_than", "less_than": "more_than",
    "equal": "equal", "unequal": "unequal",
}  # fmt: skip
_DENIED: Final[dict[str, model.Relation]] = {
    "at_least": "less_than", "at_most": "more_than", "more_than": "at_most", "less_than": "at_least",
    "equal": "unequal", "unequal": "equal",
}  # fmt: skip


# --- K101: the boundary word against the operator ---


@dataclass(frozen=True, slots=True)
class Compared:
    """A number with the relation that something must have to it. `relations`: as written, and with what stands before it."""

    number: Held
    relations: frozenset[str]
    span: Span


def boundary_words(library: Library) -> Iterator[Remark]:
    """A figure whose boundary word asks for another relation than every comparison with that figure."""
    for view in library.views:
        compared = [each for limb in view.every_limb for each in _compared(limb)]
        for quote, span in view.quotes:
            for figure in figures(quote, span):
                beside = [each for each in compared if agree(figure, each.number)]
                if figure.bound and beside and not any(figure.bound in each.relations for each in beside):
                    written = spelt.table().words
                    relation = sorted(beside[0].relations)[0]
                    operator = next(word for word in written.values() if word.symbol and word.means == relation)
                    yield remark(
                        view.declared, beside[0].span, figure.span, word=figure.word, figure=figure.text,
                        relation=Bilingual(operator.spellings["zh"][0], operator.spellings["en"][0]),
                    )  # fmt: skip


def _compared(limb: model.Limb) -> Iterator[Compared]:
    for test in (limb.applies, limb.requirement):
        if test is not None:
            yield from _inside(test, is_denied=False, is_exception=False)
    if limb.excepted is not None:
        yield from _inside(limb.excepted, is_denied=False, is_exception=True)
    if limb.due is not None:
        # done on or before the day, or true on it at the latest
        for number in numbers_in(limb.due):
            yield Compared(number, frozenset({"at_most"}), number.span)


def _inside(node: model.Test | model.Term, *, is_denied: bool, is_exception: bool) -> Iterator[Compared]:
    if isinstance(node, model.Compare):
        for side, relation in ((node.right, node.relation), (node.left, _FLIPPED[node.relation])):
            said = {_DENIED[relation] if is_denied else relation}
            if is_exception:
                # 不满3年的除外 and 3年以上的 are the same exception
                said.add(_DENIED[relation])
            for number in _beside(side):
                yield Compared(number, frozenset(said), node.span)
    for part in parts_of(node):
        yield from _inside(part, is_denied=is_denied != isinstance(node, model.Not), is_exception=is_exception)


def _beside(side: model.Term) -> Iterator[Held]:
    """The numbers that make up one side of a comparison; what members are asked for is compared elsewhere."""
    yield from own_number(side)
    if isinstance(side, model.ParameterTerm):
        yield from numbers_in(side)
    if isinstance(side, model.Sum | model.Product | model.Quotient):
        for part in (side.left, side.right):
            yield from _beside(part)
    elif isinstance(side, model.DateShift | model.RolledDate):
        yield from _beside(side.term)


# --- K102, K103, K106: figures ---


def quoted_figures(library: Library) -> Iterator[Remark]:
    """A figure or date of the quotation that occurs nowhere in the rule."""
    for view in library.views:
        numbers = held(view.every_limb)
        years, months = calendar_of(view.declared.declaration)
        horizon = view.rule.document.horizon
        for quote, span in view.quotes:
            for figure in figures(quote, span):
                is_held = any(agree(figure, each) or days_confused(figure, each) for each in numbers)
                if figure.dimension is not None and not is_held:
                    yield remark(view.declared, figure.span, figure=figure.text)
            for text, named_years, named_months in dates(quote):
                known = years | _years_of(view, horizon)
                if not named_years <= known or not named_months <= months | ({12} if named_years else set()):
                    yield remark(view.declared, span, figure=text)


def _years_of(view: RuleView, horizon: int | None) -> set[int]:
    """Years that a rule need not write, since its document's own period says them."""
    ends = [day for limb in view.every_limb for day in (*limb.owed, *limb.in_force, horizon) if day is not None]
    return {_year(day) for day in ends}


def _year(day: int) -> int:
    from datetime import date

    return date.fromordinal(day).year


def unquoted_figures(library: Library) -> Iterator[Remark]:
    """A figure of the requirement that no quotation has; 1 and 0 are how “there is one” and “there is none” are written."""
    for view in library.views:
        if not view.quotes:
            continue
        quoted = [figure for quote, span in view.quotes for figure in figures(quote, span)]
        spelled = set().union(*(numerals(quote) for quote, _ in view.quotes))
        whole = any(re.search("全|所有|均|都|100%", quote) for quote, _ in view.quotes)
        named = set().union(*(months for quote, _ in view.quotes for _, _, months in dates(quote)))
        named |= {12} if any(re.search("年[底末终]", quote) for quote, _ in view.quotes) else set()
        for limb in view.limbs:
            seen: set[Span] = set()
            for test in (limb.requirement, limb.due):
                for each in numbers_in(test) if test is not None else ():
                    is_plain = each.value in (0, 1) and (not _is_share(each) or whole or each.value == 0)
                    told = any(agree(figure, each) or days_confused(figure, each) for figure in quoted)
                    if is_plain or told or each.value in spelled or each.span in seen or _is_parameter(test, each):
                        continue
                    seen.add(each.span)
                    yield remark(view.declared, each.span, limb=limb.tag, figure=each.span.text)
                for month, span in months_in(test) if test is not None else ():
                    if month not in named and span not in seen:
                        seen.add(span)
                        yield remark(view.declared, span, limb=limb.tag, figure=span.text)


def _is_share(number: Held) -> bool:
    return number.dimension == () and not number.is_bare


def _is_parameter(test: model.Test | model.Term | None, number: Held) -> bool:
    return test is not None and any(isinstance(node, model.ParameterTerm) and node.span == number.span for node in walk(test))


def working_days(library: Library) -> Iterator[Remark]:
    """Working days in the quotation and plain days in the rule, or the other way round."""
    for view in library.views:
        numbers = held(view.every_limb)
        for quote, span in view.quotes:
            for figure in figures(quote, span):
                if not any(agree(figure, each) for each in numbers):
                    for each in [each for each in numbers if days_confused(figure, each)][:1]:
                        yield remark(view.declared, each.span, figure.span, figure=figure.text, written=each.span.text)


# --- K104, K105: exceptions and modality ---


def exceptions(library: Library) -> Iterator[Remark]:
    """A word of exception in the quotation, and nothing that is left out in the rule."""
    told = words()["exceptions"]
    patterns = [*(re.escape(word) for word in told["words"]), *told["patterns"]]
    for view in library.views:
        if any(_leaves_out(limb) for limb in view.every_limb):
            continue
        for quote, span in view.quotes:
            found = next((match for pattern in patterns if (match := re.search(pattern, quote))), None)
            if found:
                yield remark(view.declared, span, word=found.group().strip("，,；;。"))


def _leaves_out(limb: model.Limb) -> bool:
    tests = [test for test in (limb.applies, limb.requirement) if test is not None]
    return limb.excepted is not None or any(_is_negative(node) for test in tests for node in walk(test))


def _is_negative(node: model.Test | model.Term) -> bool:
    match node:
        case model.Member(negated=negated) | model.IsNone(negated=negated):
            return negated
        case model.Compare(relation="unequal") | model.Not():
            return True
        case _:
            return False


def modalities(library: Library) -> Iterator[Remark]:
    """原则上, 力争, 鼓励 in the quotation against the requirements, and the other way round."""
    by_word = words()["modalities"]
    for view in library.views:
        asked = {limb.modality for limb in view.every_limb}
        quoted = {word: span for quote, span in view.quotes for word in by_word if word in quote}
        for word, span in quoted.items():
            if not asked & set(by_word[word]):
                yield remark(view.declared, span, word=word, said=word)
        for limb in view.limbs:
            fitting = [word for word, which in by_word.items() if limb.modality in which]
            if fitting and view.quotes and not any(word in quoted for word in fitting):
                said = spelt.label(limb.modality).spellings["zh"][0]
                yield remark(view.declared, limb.span, limb=limb.tag, word=said, said=said)


# --- K107, K108, K109: averages, lists, what is measured ---


def averages(library: Library) -> Iterator[Remark]:
    """每天, 每所, 每户 in the quotation, and a requirement on an average or a share."""
    pattern = re.compile(f"每一?(?:{'|'.join(words()['each']['of'])})")
    for view in library.views:
        found = [(match.group(), span) for quote, span in view.quotes for match in pattern.finditer(quote)]
        for limb in view.limbs if found else ():
            nodes = list(walk(limb.requirement)) if limb.requirement is not None else []
            means = [node for node in nodes if _is_average(node)]
            if means and not any(isinstance(node, model.Every) for node in nodes):
                yield remark(view.declared, means[0].span, found[0][1], limb=limb.tag, word=found[0][0])


def _is_average(node: model.Test | model.Term) -> bool:
    gathered = (model.Count, model.Total, model.PeriodTotal, model.Distinct)
    if isinstance(node, model.Quotient):
        return isinstance(node.left, gathered) or isinstance(node.right, gathered)
    return isinstance(node, model.Share)


def open_lists(library: Library) -> Iterator[Remark]:
    """等 behind a list of the quotation, a closed list in the rule, and no word about it."""
    told = words()["open"]
    inside = re.compile("|".join(told["not_in"]))
    for view in library.views:
        lists = [node for limb in view.limbs for node in _closed_lists(limb)]
        if not lists or _knows_of_open_list(view, told["known"]):
            continue
        for quote, span in view.quotes:
            if re.search("[、”\"][^，,。；;]{0,20}等", inside.sub("＿＿", quote)):
                yield remark(view.declared, lists[0].span, span)
                break


def _closed_lists(limb: model.Limb) -> Iterator[model.Test | model.Term]:
    for test in (limb.applies, limb.requirement):
        for node in walk(test) if test is not None else ():
            if isinstance(node, model.Member) and isinstance(node.term.type, model.CategoryType) and not node.negated:
                if len(node.values) > 1 and not node.term.type.is_open:
                    yield node
            elif isinstance(node, model.AllOf) and test is limb.requirement and sum(map(_is_yes, node.parts)) > 1:
                yield node
            elif isinstance(node, model.Compare):
                # 项数（…） by itself; with ＋其他… behind it the list is open
                yield from (side for side in (node.left, node.right) if isinstance(side, model.HowMany))


def _is_yes(node: model.Test) -> bool:
    return isinstance(node, model.Member | model.Compare) and any(
        isinstance(each, model.FactTerm) and isinstance(each.type, model.YesNoType) for each in walk(node)
    )


def _knows_of_open_list(view: RuleView, known: list[str]) -> bool:
    said = [each.partial for each in view.limbs if each.partial] + [each.reason for each in view.rule.readings if each.reason]
    return any(word in text.zh for text in said for word in known)


def measured(library: Library) -> Iterator[Remark]:
    """新增, 累计, 增加至 in the quotation against what the facts of the requirement say they measure."""
    asked = words()["measures"]
    for view in library.views:
        for quote, span in view.quotes:
            for word, fitting in asked.items():
                if word not in quote:
                    continue
                for limb in view.limbs:
                    terms = list(walk(limb.requirement)) if limb.requirement is not None else []
                    summed = {"cumulative"} if any(isinstance(each, model.PeriodTotal) for each in terms) else set()
                    said = {each.fact.measures: each for each in terms if isinstance(each, model.FactTerm | model.PeriodTotal)}
                    said.pop(None, None)
                    if said and not (said.keys() | summed) & set(fitting):
                        term = next(iter(said.values()))
                        yield remark(view.declared, term.span, span, limb=limb.tag, word=word, name=term.fact.name)




