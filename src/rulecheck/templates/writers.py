"""The formats of forms by name: each turns a form into the files that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecheck.language.syntax import Language
from rulecheck.templates.form import Form, FormatName

FORMATS: Final[Mapping[str, FormatName]] = {"xlsx": "xlsx", "csv": "csv", "yaml": "yaml", "json": "json"}


def write(form: Form, format: FormatName, language: Language) -> dict[str, bytes]:
    """The content of a form by file name: several for CSV, else one with the format's ending. The same form, the same bytes.

    A format's writer is loaded when it is used.
    """
    match format:
        case "xlsx":
            from rulecheck.templates.xlsx import write_xlsx

            return {"form.xlsx": write_xlsx(form, language)}
        case "csv":
            from rulecheck.templates.csv_writer import write_csv

            return write_csv(form, language)
        case "yaml":
            from rulecheck.templates.yaml_writer import write_yaml

            return {"form.yaml": write_yaml(form, language)}
        case "json":
            from rulecheck.templates.json_writer import write_json

            return {"form.json": write_json(form, language)}
