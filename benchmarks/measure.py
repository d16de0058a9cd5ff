"""Timing of several sides against each other: in turn, round after round, so that a busy moment touches all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

ROUNDS = 9

Sides = Mapping[str, Callable[[], object]]


def rounds(sides: Sides, count: int = ROUNDS, clock: Callable[[], float] = perf_counter) -> dict[str, list[float]]:
    """Seconds of each side in each round, after one round that does not count. The order turns from round to round. `clock`:
    `process_time` where the sides take one processor each and the machine is shared."""
    for run in sides.values():
        run()
    names = list(sides)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(count):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()
            start = clock()
            result = sides[name]()
            seconds[name].append(clock() - start)
            del result
    return seconds


def spread(values: list[float], unit: str = "") -> str:
    """`median (least-most)`."""
    return f"{median(values):.2f}{unit} ({min(values):.2f}-{max(values):.2f})"


def milliseconds(seconds: list[float]) -> str:
    return spread([each * 1000 for each in seconds], " ms")


def ratios(seconds: Mapping[str, list[float]], side: str, to: str) -> list[float]:
    """The ratio of two sides in each round."""
    return [one / other for one, other in zip(seconds[side], seconds[to], strict=True)]


def report(title: str, seconds: Mapping[str, list[float]], against: str, targets: Mapping[str, float]) -> bool:
    """Prints every side and its ratio; whether each median keeps its target."""
    print(title)
    width = max(map(len, seconds))
    kept = True
    for name, values in seconds.items():
        line = f"  {name:<{width}}  {milliseconds(values):>28}"
        if name != against:
            found = ratios(seconds, name, against)
            line += f"   x {spread(found)}"
            if name in targets:
                is_kept = median(found) <= targets[name]
                kept = kept and is_kept
                line += f"   target {targets[name]:g}: {'kept' if is_kept else 'MISSED'}"
        print(line)
    return kept
