"""What the checks look at, and what they remark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulecheck.dataclass import dataclass
from rulecheck.language import syntax
from rulecheck.language.diagnostics import Diagnostic, Label
from rulecheck.language.source import Span
from rulecheck.proving.sources import TextItem
from rulecheck.rules import model
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration with the names it is called by and what is accepted in it."""

    name: Bilingual
    declaration: syntax.Declaration
    accepted: tuple[model.Accepted, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as it means and as it is written. `quotes`: its lines of quotation with their places."""

    rule: model.Rule
    declared: Declared
    quotes: tuple[tuple[str, Span], ...]

    @property
    def limbs(self) -> tuple[model.Limb, ...]:
        """The limbs of the first reading: the default, where there is one."""
        return self.rule.readings[0].limbs

    @property
    def every_limb(self) -> list[model.Limb]:
        return [limb for reading in self.rule.readings for limb in reading.limbs]


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that is looked at. `texts`: the items of the documents by folder, None where none are at hand."""

    rules: model.RuleSet
    views: tuple[RuleView, ...]
    declared: tuple[Declared, ...]
    texts: Mapping[str, Sequence[TextItem]] | None


@dataclass(frozen=True, slots=True)
class Remark:
    """What one check has to say about a declaration. `limb`: of this limb only. The first of `places` is underlined as it; the
    others are what it is held against."""

    of: Declared
    places: tuple[Span | Label, ...]
    values: Mapping[str, str]
    limb: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with the code of its check. `accepted`: the clause of the declaration that lets it stand."""

    code: str
    remark: Remark
    accepted: model.Accepted | None

    @property
    def diagnostic(self) -> Diagnostic:
        labels = tuple(each if isinstance(each, Label) else Label(each) for each in self.remark.places)
        return Diagnostic(self.code, labels=labels, values=self.remark.values, severity="warning")


def remark(of: Declared, *places: Span | Label, limb: str | None = None, **values: Bilingual | str) -> Remark:
    """A remark; a text in both languages fills `{key}` in Chinese messages and `{key_en}` in English ones."""
    told: dict[str, str] = {}
    for key, value in values.items():
        told |= {key: value.zh, f"{key}_en": value.en} if isinstance(value, Bilingual) else {key: value, f"{key}_en": value}
    return Remark(of, places, told, limb)
