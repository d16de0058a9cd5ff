"""A form as CSV: a file for each kind of subject, for spreadsheet programs (UTF-8 with its mark, line ends of Windows).

A text that a spreadsheet program would take for a formula has `'` put before it; the reader takes it away again.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from rulecheck.language.syntax import Language
from rulecheck.templates.form import Form, Section
from rulecheck.templates.tables import Namesakes, cell_text, columns_of, namesakes
from rulecheck.templates.wording import name_of

_MARK: Final = "\ufeff"
_ENDING: Final = ".csv"

_LIKE_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?%?")


def write_csv(form: Form, language: Language) -> dict[str, bytes]:
    """The files of a form, by name: `单位.csv`, or `unit.csv` in English."""
    known = namesakes(form)
    return {file_name(section, language): _file(section, known, language) for section in form.sections}


def file_name(section: Section, language: Language) -> str:
    """The kind's name, where that is fit for a file everywhere; else its English id."""
    name = name_of(section.kind, language)
    return (name if _is_fit(name) else section.kind.id if _is_fit(section.kind.id) else f"{section.kind.id}_") + _ENDING


_NEVER_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^[. ]|[. ]$')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def _is_fit(name: str) -> bool:
    """Whether a file may have the name, on Windows too."""
    return len(name) <= 60 and not _NEVER_IN_NAMES.search(name) and not _DEVICES.fullmatch(name)


def _file(section: Section, known: Namesakes, language: Language) -> bytes:
    names = (name_of(section.kind, language), section.kind.id)
    columns = columns_of(section, language, names_kind=file_name(section, language).removesuffix(_ENDING) in names)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([guarded(column.heading) for column in columns])
    for subject in section.subjects:
        writer.writerow([guarded(cell_text(column, subject, section, known, language)) for column in columns])
    return (_MARK + written.getvalue()).encode()


def guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula. Numbers are what they are."""
    return f"'{text}" if _LIKE_FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
