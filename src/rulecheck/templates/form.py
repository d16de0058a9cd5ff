"""What a blank form asks: a section for each kind of subject, with its facts and why each is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rulecheck.dataclass import dataclass
from rulecheck.rules.model import Bilingual, Document, Fact, Kind, Rule
from rulecheck.submission import Subject

FormatName = Literal["xlsx", "csv", "yaml", "json"]


@dataclass(frozen=True, slots=True)
class Use:
    """What reads a fact: a rule, with the number of its document and the items it cites; or a relation between facts, with
    neither."""

    title: Bilingual
    number: str = ""
    locators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One fact that is asked, with its place in `Subject.values`. `periods`: keys of the periods asked for, empty for a fact
    that has none. `target`: the kind that a reference names."""

    fact: Fact
    slot: int
    target: Kind | None
    periods: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """The part of a form about subjects of one kind: a sheet, a CSV file, a list in YAML.

    `children`: the kinds that are part of this one and have a section too. `explained`: rules on which a unit may give its
    reasons (原则上). `has_code`: whether subjects of the kind are bodies that have a 统一社会信用代码. `subjects`: what is
    filled in, empty in a blank form.
    """

    kind: Kind
    parent: Kind | None
    children: tuple[Kind, ...]
    questions: tuple[Question, ...]
    explained: tuple[Rule, ...]
    has_code: bool
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """`sections`: a kind after the one it is part of. `documents`: those whose rules are asked about. `places`: the full names
    that a place may be given by, as in `Place.chinese` and `Place.english`. `rule_names`: each rule's names by its English id."""

    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    places: tuple[Bilingual, ...]
    rule_names: Mapping[str, Bilingual]

    def section(self, kind: str) -> Section | None:
        """The section of a kind, by its English id."""
        return next((each for each in self.sections if each.kind.id == kind), None)
