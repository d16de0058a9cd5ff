"""The command line: what each verb and option is called, and the exit status of the process (Contract, design §8).

Everything heavy is imported by the verb that needs it, so that `--help` and `--version` are quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from rulecheck import __version__, streams
from rulecheck.commands import INTERNAL, INTERRUPTED, REFUSED

app = typer.Typer(
    name="rulecheck",
    help="按规则文件核查报送材料，逐条说明依据、数据和整改办法。\n\n"
    "Check submissions against rule files: for every provision the clause, the figures and the cure.",
    epilog="退出码 / exit status: 0 无不符合 nothing violated; 1 有不符合 violated; "
    "2 输入、规则或用法有误 input, rules or usage refused; 3 程序错误 internal error; 4 没有作出任何判断 nothing decided.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="规则文件夹，默认用自带规则 / folder of rules; default: the shipped ones"),
]
Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help="输出语言 / language of the output")]


def _version(wanted: bool) -> None:
    if wanted:
        streams.result(f"rulecheck {__version__}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本 / show the version")
    ] = False,
) -> None:
    pass


@app.command(
    help="核查报送材料：每条规则、每个对象一个结论，附依据、数据和整改办法。\n\n"
    "Check submissions: a verdict for every rule and subject, with the clause, the figures and the cure."
)
def check(
    facts: Annotated[
        list[str],
        typer.Argument(
            metavar="FACTS...",
            help="报送文件或文件夹（YAML、JSON、CSV），- 为标准输入 / files or folders; - is standard input",
            show_default=False,
        ),
    ],
    rules: Rules = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(
            "--records", metavar="FILE", help="主管部门记录（采纳理由、豁免），可多次 / the authority's records, repeatable"
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="截至日期，如 2023-06-30、2023年6月底；默认取报送文件所写，否则取当日 / "
            "judge as of this date; default: the submission's own, else today",
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="PLACE", help="报送中未写地区的，按此地区 / place of subjects that name none"),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="输出格式 / format of the report")] = "text",
    lang: Language = "zh",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="写入文件，完整写成才替换 / write the report to a file, whole or not at all",
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="departs|undetermined",
            help="这些结论也使退出码为1，可多次或用逗号 / verdicts that also give status 1, repeatable or with commas",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="逐项列出，并附比对过程 / list everything, with how it was compared")
    ] = False,
) -> None:
    from rulecheck.commands.check import Request
    from rulecheck.commands.check import check as run

    request = Request(
        facts=facts,
        rules=rules,
        records=records or (),
        as_of=as_of,
        place=place,
        format=format,
        language=lang,
        output=output,
        fail_on=fail_on or (),
        verbose=verbose,
    )
    raise typer.Exit(run(request))


@app.command(
    help="把规则文件改写成规范格式（就地改写，内容不变）。\n\nRewrite rule files in canonical text, in place; the meaning stays."
)
def fmt(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="规则文件或文件夹，- 从标准输入到标准输出 / rule files or folders; - from standard input to standard output",
            show_default=False,
        ),
    ],
    only_check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="只列出需要改写的文件，有则退出码为1 / only name the files that would change; status 1 if there are any",
        ),
    ] = False,
    lang: Language = "zh",
) -> None:
    from rulecheck.commands.fmt import fmt as run

    raise typer.Exit(run(files, only_check=only_check, language=lang))


@app.command(
    help="把规则文件译成另一种语言，写到标准输出。\n\nTranslate a rule file into the other language, to standard output."
)
def translate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="规则文件，- 为标准输入 / a rule file; - is standard input", show_default=False)
    ],
    to: Annotated[str, typer.Option("--to", metavar="zh|en", help="译成哪种语言 / the language wanted", show_default=False)],
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            metavar="DIR",
            help="名称对照取自此规则文件夹，默认为文件所在的规则文件夹 / "
            "folder whose names are used; default: the one the file is in",
        ),
    ] = None,
    lang: Language = "zh",
) -> None:
    from rulecheck.commands.translate import translate as run

    raise typer.Exit(run(file, to=to, rules=rules, language=lang))


@app.command(
    "test",
    help="运行规则中的全部示例，并检查示例是否覆盖各个边界；有错或有缺则退出码为1。\n\n"
    "Run every example of the rules and see that no boundary lacks one; status 1 if one is wrong or lacking.",
)
def run_examples(rules: Rules = None, lang: Language = "zh") -> None:
    from rulecheck.commands.test import test as run

    raise typer.Exit(run(rules, language=lang))


@app.command(
    help="列出每个文件各条目是否已编成规则或已作声明；有遗漏或引文不符则退出码为1。\n\n"
    "The state of every numbered item of each document; status 1 if one is not accounted for or a quotation does not hold."
)
def coverage(
    rules: Rules = None,
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources", metavar="DIR", help="文件原文所在的文件夹，用来核对引文 / folder of the texts, to verify quotations"
        ),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="text|json", help="输出格式 / format")] = "text",
    lang: Language = "zh",
) -> None:
    from rulecheck.commands.coverage import coverage as run

    raise typer.Exit(run(rules, sources=sources, format=format, language=lang))


_INTERNAL: Final = (
    "程序内部错误（{name}），结果不可用；请把所用命令和文件报告给维护者，设 RULECHECK_DEBUG=1 可显示详情。 / "
    "Internal error ({name}): no result; please report it with the command and files used (RULECHECK_DEBUG=1 shows more)."
)


_NO_OUTPUT: Final = "结果无法写到标准输出（{reason}） / the result cannot be written to standard output ({reason})"


def main() -> None:
    """The command `rulecheck`. Ends the process; an error of the program is one line and status 3, never a traceback."""
    streams.prepare()
    try:
        app(prog_name="rulecheck")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except streams.OutputFailed as problem:
        streams.tell(_NO_OUTPUT.format(reason=problem))
        sys.exit(REFUSED)
    except Exception as problem:
        if os.environ.get("RULECHECK_DEBUG"):
            raise
        streams.tell(_INTERNAL.format(name=type(problem).__name__))
        sys.exit(INTERNAL)


if __name__ == "__main__":
    main()
