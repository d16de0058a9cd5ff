"""The command `rulecheck`: its verbs and options, its help, and the exit status of the process (Contract, design §8).

The command line is a table (`verbs`) read by one short parser (`arguments`): no library stands between the user's words
and the messages about them, and a check starts in a few milliseconds. Everything heavy is imported by the verb that needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from rulecheck import streams
from rulecheck.cli.arguments import Wish, read_arguments
from rulecheck.cli.verbs import COMPLETING
from rulecheck.commands import DONE, INTERNAL, INTERRUPTED, REFUSED

_INTERNAL: Final = (
    "程序内部错误（{name}），结果不可用；请把所用命令和文件报告给维护者，设 RULECHECK_DEBUG=1 可显示详情。 / "
    "Internal error ({name}): no result; please report it with the command and files used (RULECHECK_DEBUG=1 shows more)."
)
_NO_OUTPUT: Final = "结果无法写到标准输出（{reason}） / the result cannot be written to standard output ({reason})"
_INTERRUPTED: Final = "已中断，没有结果 / interrupted, no result"


def main() -> None:
    """The command `rulecheck`. Ends the process; an error of the program is one line and status 3, never a traceback."""
    try:
        streams.prepare()
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        streams.tell(_INTERRUPTED)
        status = INTERRUPTED
    except streams.OutputFailed as problem:
        streams.tell(_NO_OUTPUT.format(reason=problem))
        status = REFUSED
    except Exception as problem:
        if os.environ.get("RULECHECK_DEBUG"):
            raise
        streams.tell(_INTERNAL.format(name=type(problem).__name__))
        status = INTERNAL
    sys.exit(status)


def run(words: Sequence[str]) -> int:
    """What the words after `rulecheck` ask for; the exit status."""
    if COMPLETING in os.environ:
        from rulecheck.cli.completion import complete

        return complete(words, os.environ[COMPLETING])
    asked = read_arguments(words)
    language = asked.language or "zh"
    if asked.wish is Wish.VERSION:
        from rulecheck.cli.version import version

        streams.result(version(language))
        return DONE
    if asked.wish is Wish.HELP:
        from rulecheck.cli.help import page

        streams.result(page(asked.verb, asked.language))
        return DONE
    if asked.wish is Wish.NOTHING:
        from rulecheck.cli.help import page

        streams.tell(page(None, asked.language))
        return REFUSED
    if asked.problems:
        from rulecheck.cli.help import hint

        streams.tell_all(asked.problems, language)
        streams.tell(hint(asked.verb, language))
        return REFUSED
    assert asked.verb is not None
    return asked.verb.run(asked.given)
