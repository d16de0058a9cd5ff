"""`rulecheck completion`: the script by which a shell completes the command line."""

from __future__ import annotations

from rulecheck import streams
from rulecheck.commands import DONE
from rulecheck.data import read_table


def completion(shell: str) -> int:
    """Write what the user's shell is to run once."""
    streams.result(script(shell))
    return DONE


def script(shell: str) -> str:
    return str(read_table("dsl", "help.toml")["completion"][shell]).lstrip("\n")
