"""A session of Spark that reads what stands there: no names folded, no variables filled in, days in one time zone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pyspark.sql import SparkSession

from rulecheck.dataclass import dataclass

SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    # `${env:HOME}` in a text is a text.
    "spark.sql.variable.substitute": "false",
    # Rows that go to Python at once: few copies, and a batch stays small beside a partition.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    # A file that is damaged or gone stops the run; nothing is left out of it.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}
"""What a run asks of its session, whoever started it."""

_LOCAL: Final[Mapping[str, str]] = {
    "spark.driver.bindAddress": "localhost",
    "spark.driver.host": "localhost",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    # An attempt that was given up must not write beside the one that took its place.
    "spark.speculation": "false",
    "spark.log.level": "ERROR",
}
_TASKS: Final = 4
"""Parts of a shuffle for each thread."""
_TRIES: Final = 4
"""Of a part of the work, before the run stops: a worker that was killed is replaced."""


@dataclass(frozen=True, slots=True)
class SparkMeans:
    """What a run on this machine may use: `memory` of the engine as a job has it (`1024MB`) or as Spark writes sizes (`1024m`),
    `threads`."""

    memory: str | None = None
    threads: int = 1


@contextmanager
def session(means: SparkMeans) -> Iterator[SparkSession]:
    """The session to work in: the one that is there (a notebook, `spark-submit`, SPARK_REMOTE), else one on this machine, which
    ends with the run. Settings that are changed are put back."""
    active = SparkSession.getActiveSession()
    is_given = active is not None or any(name in os.environ for name in _GIVEN)
    found = active or (SparkSession.builder if is_given else on_this_machine(means)).getOrCreate()
    before = {name: found.conf.get(name, None) for name in SETTINGS}
    try:
        for name, value in SETTINGS.items():
            found.conf.set(name, value)
        yield found
    finally:
        if is_given:
            _put_back(found, before)
        else:
            found.stop()


_GIVEN: Final = ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED", "SPARK_ENV_LOADED", "PYSPARK_GATEWAY_PORT")
"""Set where somebody else says where Spark runs; the last by `spark-submit`."""


def on_this_machine(means: SparkMeans) -> Any:
    """A builder of a session whose workers are processes here, of which the network sees nothing."""
    # Workers run on the interpreter that runs this.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    settings = {**_LOCAL, "spark.sql.shuffle.partitions": str(_TASKS * means.threads)}
    if means.memory is not None:
        # Java stops at a size that ends in a B.
        settings["spark.driver.memory"] = means.memory.removesuffix("B")
    builder = SparkSession.builder.appName("rulecheck").master(f"local[{means.threads},{_TRIES}]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder


def _put_back(session: SparkSession, before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            session.conf.unset(name)
        else:
            session.conf.set(name, value)
