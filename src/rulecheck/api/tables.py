"""Tables of any library that speaks the Arrow C interface (pandas, Polars, pyarrow, DuckDB), in and out. Exact or refused: no
float passes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from rulecheck.language.diagnostics import Diagnostic, fault

NOT_INSTALLED: Final = Diagnostic("I104")


def arrow() -> ModuleType | None:
    """pyarrow, None where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        return None
    module: ModuleType = pyarrow
    return module


def as_csv(kind: str, given: Any) -> tuple[bytes, list[Diagnostic]]:
    """A table as the CSV file of its kind: headings and rows in order, empty where a value is null; and what of it cannot be read
    exactly."""
    library = arrow()
    if library is None:
        return b"", [NOT_INSTALLED]
    table = library.RecordBatchReader.from_stream(given).read_all()
    file = f"{kind}.csv"
    problems: list[Diagnostic] = []
    columns = [_texts(library, file, field, table.column(number), problems) for number, field in enumerate(table.schema)]
    if problems:
        return b"", problems
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.schema.names)
    writer.writerows(zip(*columns, strict=True))
    return written.getvalue().encode("utf-8", "surrogatepass"), []


def _texts(library: Any, file: str, field: Any, column: Any, problems: list[Diagnostic]) -> list[str]:
    """The values of a column as texts."""
    types, kind = library.types, field.type
    if types.is_dictionary(kind):
        kind, column = kind.value_type, column.cast(kind.value_type)
    values: list[Any] = []
    if types.is_floating(kind):
        problems.append(fault("I105", file, column=field.name, type=str(kind)))
    elif types.is_boolean(kind):
        values = ["" if each is None else "是" if each else "否" for each in column.to_pylist()]
    elif types.is_integer(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        values = ["" if each is None else str(each) for each in column.to_pylist()]
    elif types.is_decimal(kind):
        values = ["" if each is None else format(each, "f") for each in column.to_pylist()]
    elif types.is_date(kind):
        values = ["" if each is None else each.isoformat() for each in column.to_pylist()]
    elif types.is_timestamp(kind):
        values = _days(file, field.name, column.cast(library.timestamp("us")).to_pylist(), problems)
    elif types.is_null(kind):
        values = [""] * len(column)
    else:
        problems.append(fault("I106", file, column=field.name, type=str(kind)))
    return values


def _days(file: str, name: str, values: Sequence[Any], problems: list[Diagnostic]) -> list[str]:
    """Timestamps that are midnights, as days."""
    found = []
    for row, each in enumerate(values, start=1):
        if each is not None and each.time() != each.time().min:
            problems.append(fault("I107", file, column=name, row=row))
            return []
        found.append("" if each is None else each.date().isoformat())
    return found


def as_stream(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, type], schema: object) -> Any:
    """Rows as a stream of the Arrow C interface; `columns`: the type of each, str or bool."""
    library: Any = arrow()
    kinds = {str: library.string(), bool: library.bool_()}
    fields = library.schema([(name, kinds[kind]) for name, kind in columns.items()])
    table = library.Table.from_pylist(list(rows), schema=fields)
    return table.__arrow_c_stream__(schema)
