"""`rulecheck template`: blank forms of what chosen rules ask."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rulecheck import streams
from rulecheck.commands import DONE, REFUSED
from rulecheck.commands.options import load_rules, one_of, read_language
from rulecheck.dataclass import dataclass
from rulecheck.language.diagnostics import Diagnostic, fault, message
from rulecheck.language.syntax import Language
from rulecheck.templates.build import build
from rulecheck.templates.choose import choose
from rulecheck.templates.form import FormatName
from rulecheck.templates.writers import FORMATS, write


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `template`, as written. `only`, `documents`, `kinds`: what the form is for, all rules where empty.
    `format`: None where the ending of the output says it."""

    rules: Path | None = None
    only: Sequence[str] = ()
    documents: Sequence[str] = ()
    kinds: Sequence[str] = ()
    format: str | None = None
    output: Path | None = None
    language: str = "zh"


def template(request: Request) -> int:
    """Write the form, give the exit status. YAML and JSON go to standard output where no file is named; what is there already
    with other content is never overwritten, since somebody may have filled it in."""
    language = read_language(request.language)
    if language is None:
        return REFUSED
    format = FORMATS.get(request.format) if request.format is not None else _format_of(request.output)
    if format is None:
        streams.tell_all([_unknown_format(request)], language)
        return REFUSED
    problem = _unfit(request.output, format)
    if problem is not None:
        streams.tell_all([problem], language)
        return REFUSED
    rules = load_rules(request.rules, language)
    if rules is None:
        return REFUSED
    choice, problems = choose(rules, request.only, request.documents, request.kinds)
    form = build(rules, choice) if not problems else None
    if form is not None and not any(section.questions for section in form.sections):
        problems.append(fault("T105", "rulecheck template"))
    if form is not None and format == "csv" and _is_one_file(request.output) and len(form.sections) > 1:
        problems.append(fault("T118", str(request.output), count=len(form.sections)))
    streams.tell_all(problems, language)
    if form is None or problems:
        return REFUSED
    return _deliver(write(form, format, language), request.output, format, language)


def _format_of(output: Path | None) -> FormatName | None:
    """The format that the ending of a file asks for: a workbook where it has none, None where it means nothing."""
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    return FORMATS.get({"yml": "yaml"}.get(ending, ending)) if ending else "xlsx"


def _unknown_format(request: Request) -> Diagnostic:
    if request.format is not None:
        return one_of("--format", request.format, FORMATS)
    assert request.output is not None
    return fault("T119", str(request.output), ending=request.output.suffix)


def _is_one_file(output: Path | None) -> bool:
    """Whether a CSV form is to be one file, not a folder of them: the output is named like a file."""
    return output is not None and output.suffix.lower() == ".csv" and not output.is_dir()


def _unfit(output: Path | None, format: FormatName) -> Diagnostic | None:
    """What is wrong with the place that the form is to go to, as far as it shows before the form is made."""
    if output is None or str(output) == streams.STANDARD:
        if format == "csv":
            return fault("T112", "--output")
        return fault("T111", "--output") if format == "xlsx" and output is None else None
    if format == "csv":
        is_taken = output.exists() and not output.is_dir() and not _is_one_file(output)
        return fault("T114", str(output)) if is_taken else None
    return fault("T115", str(output)) if output.is_dir() else None


def _deliver(files: Mapping[str, bytes], output: Path | None, format: FormatName, language: Language) -> int:
    if output is None or str(output) == streams.STANDARD:
        for content in files.values():
            streams.result_bytes(content)
        return DONE
    folder = output if format == "csv" and not _is_one_file(output) else None
    paths = {folder / name if folder is not None else output: content for name, content in files.items()}
    taken = [path for path, content in paths.items() if _holds_other(path, content)]
    streams.tell_all((fault("T113", str(path)) for path in taken), language)
    if taken or not _save(paths, folder, language):
        return REFUSED
    streams.tell(message("T117" if folder is not None else "T116", language, {"file": str(output)}))
    return DONE


def _holds_other(path: Path, content: bytes) -> bool:
    """Whether an ordinary file is there with other content; one that cannot be read counts as such."""
    if not path.is_file():
        return False
    try:
        return path.read_bytes() != content
    except OSError:
        return True


def _save(paths: Mapping[Path, bytes], folder: Path | None, language: Language) -> bool:
    """Every file or none: what was written before a failure is taken away again."""
    made: list[Path] = []
    is_new_folder = folder is not None and not folder.exists()
    if folder is not None and is_new_folder and not _make(folder, language):
        return False
    for path, content in paths.items():
        is_new = not path.exists()
        if not streams.save_bytes(path, content, language):
            for each in made:
                with contextlib.suppress(OSError):
                    each.unlink()
            if folder is not None and is_new_folder:
                with contextlib.suppress(OSError):
                    folder.rmdir()
            return False
        made += [path] if is_new else []
    return True


def _make(folder: Path, language: Language) -> bool:
    try:
        folder.mkdir()
    except OSError as problem:
        streams.tell_all([streams.write_fault(folder, problem)], language)
        return False
    return True
