"""A result where it is wanted: in a file, or on standard output."""

from __future__ import annotations

from pathlib import Path

from rulecheck import streams
from rulecheck.language.diagnostics import message
from rulecheck.language.syntax import Language


def show(text: str, format: str) -> None:
    """On standard output: text in the encoding of the terminal, any other format as the same bytes on every platform."""
    if format == "text":
        streams.result(text)
    else:
        streams.result_bytes(streams.encoded(text))


def deliver(text: str, format: str, output: Path | None, language: Language) -> bool:
    """In the file, which is then named, or on standard output; False, with a message, where the file cannot be written."""
    if output is None:
        show(text, format)
        return True
    if not streams.save(output, text, language):
        return False
    streams.tell(message("X311", language, {"file": str(output)}))
    return True
