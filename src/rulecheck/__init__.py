"""rulecheck: provisions that facts can decide, as rules that a lawyer can read.

From Python: `load`, `check`, `batch`, `compare` and what they give; `rulecheck.api`, loaded when one of them is first asked for.
"""

from __future__ import annotations

__version__ = "0.1.0"

_API = frozenset(
    (
        *("Batch", "Comparison", "Fault", "Refused", "Report", "Rows", "RuleCounts", "RulecheckError", "Rules"),
        *("batch", "check", "compare", "load"),
    )
)


def __getattr__(name: str) -> object:
    """The names of the interface; `__init__.pyi` has their types."""
    if name not in _API:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.api"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_API})
