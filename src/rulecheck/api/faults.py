"""A fault as programs see it: what the command line tells of it, in both languages."""

from __future__ import annotations

from rulecheck.dataclass import dataclass, field
from rulecheck.language.diagnostics import Diagnostic, help_text, message, render
from rulecheck.language.syntax import Language
from rulecheck.rules.model import Bilingual


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault or a remark: what is wrong, where, and what to do, in both languages."""

    diagnostic: Diagnostic = field(repr=False)

    @property
    def code(self) -> str:
        return self.diagnostic.code

    @property
    def is_error(self) -> bool:
        """False for a remark: what it is about was taken all the same."""
        return self.diagnostic.severity == "error"

    @property
    def file(self) -> str:
        """The file it is about; empty where it is about none."""
        return self.diagnostic.file

    @property
    def where(self) -> Bilingual:
        """The place in the file: a line, a cell, a path into JSON; empty where it is the file as a whole."""
        if self.diagnostic.labels:
            line = self.diagnostic.labels[0].span.line
            return Bilingual(f"第{line}行", f"line {line}")
        place = self.diagnostic.place
        return Bilingual(place.told("zh"), place.told("en")) if place is not None else Bilingual("", "")

    @property
    def text(self) -> Bilingual:
        code, values = self.diagnostic.code, self.diagnostic.values
        return Bilingual(message(code, "zh", values), message(code, "en", values))

    @property
    def help(self) -> Bilingual:
        """What to do about it; empty where there is no advice."""
        code, values = self.diagnostic.code, self.diagnostic.values
        return Bilingual(help_text(code, "zh", values), help_text(code, "en", values))

    def render(self, language: Language = "zh") -> str:
        """The fault as lines of text, as the command line shows it."""
        return render(self.diagnostic, language)

    def __repr__(self) -> str:
        return f"Fault({self.code}, {self.text.zh!r})"
