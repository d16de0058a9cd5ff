"""The process that reads spreadsheets: a script of its own, given workbooks through standard input, answering through standard
output. Whatever a workbook does to the library, the run that started this process goes on.

It imports nothing of this package, so that it starts at once. A frame is its length (four bytes, little-endian) and its bytes.
A request is two frames: the seconds it may take, and the workbook. The answer is a frame of JSON; if it is not a refusal, then a
frame of the distinct texts, with a nought between them; and for each shown sheet a frame of its cells, row by row: which text
each holds, four bytes each, little-endian.
"""

from __future__ import annotations

import datetime
import gc
import json
import struct
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from decimal import ROUND_HALF_UP, Context, Decimal
from io import BytesIO
from itertools import chain, count, islice
from typing import IO, Any, Final

BETWEEN: Final = "\0"
"""Between the texts of an answer. No text that is taken holds it."""

SIGNIFICANT: Final = 15
"""Digits that spreadsheet programs keep of a number."""

_ROUNDING: Final = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_UP)
_LARGEST_WRITTEN_OUT: Final = 21
_SMALLEST_WRITTEN_OUT: Final = -16


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, None where the stream has ended."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack("<I", head)
    content = stream.read(length)
    return content if len(content) == length else None


def write_frame(stream: IO[bytes], content: bytes) -> None:
    stream.write(struct.pack("<I", len(content)))
    stream.write(content)


# --- what a cell holds, as text ---


def number_text(written: str) -> tuple[str, bool]:
    """A number in plain digits, and whether digits beyond the fifteenth were rounded away. `written` is its shortest exact
    form: `1200.0`, `0.30000000000000004`, `1.1e+17`."""
    if written.endswith(".0") and len(written) <= SIGNIFICANT + 2 and written != "-0.0":
        return written[:-2], False
    if len(written) <= SIGNIFICANT + 1 and "e" not in written and "n" not in written and written != "-0.0":
        return written, False
    value = Decimal(written)
    if not value.is_finite():
        return written, False
    rounded = _ROUNDING.create_decimal(value)
    if not _SMALLEST_WRITTEN_OUT < rounded.adjusted() < _LARGEST_WRITTEN_OUT:
        return str(rounded), True
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    # A whole number of more digits than a spreadsheet keeps has lost its last ones already when it was typed.
    return ("0" if text == "-0" else text), rounded != value or value.adjusted() >= SIGNIFICANT


def _time(hours: int, minutes: int, seconds: int) -> str:
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _whole_seconds(microseconds: int) -> int:
    return (microseconds + 500_000) // 1_000_000


def _of_date(value: datetime.date) -> str:
    return value.isoformat()


def _of_moment(value: datetime.datetime) -> str:
    whole = value.replace(microsecond=0) + datetime.timedelta(seconds=_whole_seconds(value.microsecond))
    clock = _time(whole.hour, whole.minute, whole.second)
    return whole.date().isoformat() if clock == "00:00" else f"{whole.date().isoformat()} {clock}"


def _of_time(value: datetime.time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + _whole_seconds(value.microsecond)
    return _time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _of_duration(value: datetime.timedelta) -> str:
    seconds = value.days * 86400 + value.seconds + _whole_seconds(value.microseconds)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return sign + _time(seconds // 3600, seconds // 60 % 60, seconds % 60)


_TEXT_OF: Final[dict[type, Callable[[Any], str]]] = {
    datetime.date: _of_date,
    datetime.datetime: _of_moment,
    datetime.time: _of_time,
    datetime.timedelta: _of_duration,
}


def text_of(value: Any) -> tuple[str, bool]:
    """What a cell holds, as text, and whether digits were rounded away. Whether 1 is a yes is not told here."""
    if isinstance(value, bool):
        return ("1" if value else "0"), False
    known = _TEXT_OF.get(value.__class__)
    return (known(value), False) if known is not None else number_text(repr(value))


# --- a workbook ---

_SHOWN: Final = {"Visible": "yes", "Hidden": "no", "VeryHidden": "never"}


class _Refused(Exception):
    """A word for the caller: why the workbook is not read."""


def _read(content: bytes, most: int) -> tuple[dict[str, Any], list[str], list[array[int]]]:
    import python_calamine as calamine

    # Every distinct value with its number, given when it is first met. Most cells of a large table repeat an earlier one, and
    # no step of this is a step of Python.
    numbers: defaultdict[Any, int] = defaultdict(count().__next__)
    number = numbers.__getitem__
    number("")
    sheets: list[dict[str, Any]] = []
    cells: list[array[int]] = []
    left = most
    try:
        with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for found in workbook.sheets_metadata:
                if found.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(found.name)
                if sheet.start is None or sheet.end is None:
                    continue
                (top, leftmost), (bottom, rightmost) = sheet.start, sheet.end
                height, width = bottom - top + 1, rightmost - leftmost + 1
                shown = _SHOWN[str(found.visible).rpartition(".")[2]]
                told: dict[str, Any] = {"name": found.name, "shown": shown, "top": top, "left": leftmost}
                told |= {"width": width, "height": height, "merged": sheet.merged_cell_ranges or []}
                sheets.append(told)
                if shown != "yes":
                    continue
                left -= height * width
                if left < 0:
                    raise _Refused("cells")
                # Rows above the first are given, columns before the first are not.
                cells.append(array("I", map(number, chain.from_iterable(islice(sheet.iter_rows(), top, None)))))
    except calamine.PasswordError:
        raise _Refused("password") from None
    except calamine.CalamineError:
        raise _Refused("broken") from None
    rounded: dict[int, str] = {}
    texts = [value if value.__class__ is str else _noted(value, numbers, rounded) for value in numbers]
    return {"sheets": sheets, "rounded": list(rounded.items())}, texts, cells


def _noted(value: Any, numbers: defaultdict[Any, int], rounded: dict[int, str]) -> str:
    text, is_rounded = text_of(value)
    if is_rounded:
        written = repr(value)
        rounded[numbers[value]] = f"{Decimal(written):f}" if "e+" in written else written.removesuffix(".0")
    return text


def answer(content: bytes, most: int) -> list[bytes]:
    """The frames that say what is in a workbook, or the word why it is not read: `password`, `broken`, `cells`, `memory`."""
    try:
        told, texts, cells = _read(content, most)
    except _Refused as refused:
        return [_json({"refused": str(refused)})]
    except MemoryError:
        return [_json({"refused": "memory"})]
    except BaseException as problem:
        if isinstance(problem, Exception | KeyboardInterrupt | SystemExit):
            raise
        return [_json({"refused": "broken"})]  # a panic of the library, which is no Exception
    joined = BETWEEN.join(texts)
    if joined.count(BETWEEN) >= len(texts):
        joined = BETWEEN.join(text.replace(BETWEEN, "\1") for text in texts)
    if sys.byteorder == "big":
        for ids in cells:
            ids.byteswap()
    return [_json(told), joined.encode("utf-8", "replace"), *(ids.tobytes() for ids in cells)]


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


def _limit_memory(megabytes: int) -> None:
    """Where the system has it; on Windows whoever starts this process sets the limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
        # Files that are only mapped count here as well, on some systems hundreds of megabytes of words for dates and money.
        resource.setrlimit(resource.RLIMIT_AS, (2 * megabytes << 20, 2 * megabytes << 20))


def _limit_time(seconds: int) -> None:
    """Seconds of work from now on, where the system has such a limit; a busy machine does not count."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, highest = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, highest))


def main() -> None:
    """Arguments: the folder of the library, the limit of memory in megabytes, and the most cells of a workbook."""
    folder, megabytes, most = sys.argv[1:]
    sys.path.append(folder)
    gc.disable()  # nothing here refers to itself, and looking for it in millions of cells takes long
    _limit_memory(int(megabytes))
    given, back = sys.stdin.buffer, sys.stdout.buffer
    while (seconds := read_frame(given)) is not None and (content := read_frame(given)) is not None:
        _limit_time(int(seconds))
        for frame in answer(content, int(most)):
            write_frame(back, frame)
        back.flush()


if __name__ == "__main__":
    main()
