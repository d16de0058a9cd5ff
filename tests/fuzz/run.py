"""Fuzzing one reader: `python tests/fuzz/run.py --seconds 3600 rules`.

Cases are numbered; case n of a seed is the same input everywhere (`--seed`, `--from`). An input that breaks a promise is
made smaller and kept in `--keep` (default: fuzz-failures/), one for each kind of failure; the run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent.parent / "src")]

from generate import GENERATORS  # noqa: E402
from mutate import minimise, mutate  # noqa: E402
from targets import TARGETS, Target  # noqa: E402

SECONDS_A_CASE = 10


class TooSlow(BaseException):
    """Not an Exception, so that nothing takes it for a fault of the input."""


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """A time limit where the system has one (not Windows)."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def case(name: str, seeds: list[bytes], seed: int, number: int) -> bytes:
    """Input `number` of a seed: a mutation of the corpus, or now and then something made from nothing."""
    random = Random(f"{name}/{seed}/{number}")
    generator = GENERATORS.get(name)
    if generator is not None and random.random() < 0.3:
        made = generator(random)
        return mutate([made], random) if random.random() < 0.5 else made
    return mutate(seeds, random)


def failure(target: Target, content: bytes, folder: Path) -> str | None:
    """What breaks on this input, by kind and place; None where every promise is kept."""
    try:
        with limit(SECONDS_A_CASE):
            target.run(content, folder)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        frames = traceback.extract_tb(problem.__traceback__)
        inside = [frame for frame in frames if "rulecheck" in frame.filename.replace("\\", "/").split("/")]
        place = f"{Path(inside[-1].filename).name}:{inside[-1].name}" if inside else frames[-1].name
        return f"{type(problem).__name__} {place} {str(problem).splitlines()[0][:80] if str(problem) else ''}".strip()
    return None


def fuzz(name: str, *, seed: int, seconds: float, start: int = 0, most: int | None = None) -> tuple[int, dict[str, bytes]]:
    """How many cases were run, and of each kind of failure the first input."""
    target = TARGETS[name]
    seeds = target.corpus()
    found: dict[str, bytes] = {}
    counts: Counter[str] = Counter()
    number, end = start, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end and (most is None or number - start < most):
            content = case(name, seeds, seed, number)
            kind = failure(target, content, Path(folder))
            if kind is not None:
                counts[kind] += 1
                found.setdefault(kind, content)
            number += 1
    return number - start, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="start")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    given = parser.parse_args()
    target, seeds = TARGETS[given.reader], TARGETS[given.reader].corpus()
    number, slowest, kinds = given.start, (0.0, 0), Counter[str]()
    began = told = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() - began < given.seconds:
            content = case(given.reader, seeds, given.seed, number)
            before = time.monotonic()
            kind = failure(target, content, Path(folder))
            slowest = max(slowest, (time.monotonic() - before, number))
            if kind is not None:
                kinds[kind] += 1
                if kinds[kind] == 1:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    file = given.keep / f"{given.reader}-{hashlib.sha256(kind.encode()).hexdigest()[:10]}"
                    file.write_bytes(content)
                    print(f"{given.reader} seed {given.seed} case {number}: {kind}\n  kept in {file}", flush=True)
                    if not kind.startswith(TooSlow.__name__):
                        small = minimise(content, lambda each, kind=kind: failure(target, each, Path(folder)) == kind)
                        file.write_bytes(small)
                        print(f"  smallest: {small[:200]!r}", flush=True)
            number += 1
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{given.reader}: {number - given.start} cases, {sum(kinds.values())} failures of {len(kinds)} kinds, "
                      f"slowest {slowest[0]:.1f} s (case {slowest[1]}), {told - began:.0f} s", flush=True)  # fmt: skip
    print(
        f"{given.reader}: {number - given.start} cases in {time.monotonic() - began:.0f} s, "
        f"failures: {dict(kinds)}, slowest {slowest}"
    )
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
