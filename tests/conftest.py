"""What every test has: a cache folder of its own session, so that nobody's own is read or written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_session() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="rulecheck-cache-") as folder, pytest.MonkeyPatch.context() as patch:
        if "RULECHECK_CACHE" not in os.environ:
            patch.setenv("RULECHECK_CACHE", folder)
        yield
