"""The command line ``kunjing``: one file a verb, no logic.

Exit status, the same for every output format: 0 clean, 1 findings at or above ``--fail-on``, 2 the work could not be
done. Results go to standard output, everything else to standard error. Nothing heavy is imported before a verb runs.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from kunjing_exchange.cli import (
    assess,
    codes,
    convert,
    demo,
    departments,
    doctor,
    export,
    generate,
    merge,
    policy,
    reconcile,
    report,
    rules,
    schema,
    spark,
    terminal,
    validate,
)
from kunjing_exchange.cli.options import Parser, Say, language, lexicon
from kunjing_exchange.errors import ExchangeError
from kunjing_exchange.workers import start_early

__all__ = ["VERBS", "build_parser", "main"]

VERBS = (
    validate,
    assess,
    reconcile,
    merge,
    convert,
    report,
    export,
    schema,
    codes,
    departments,
    policy,
    rules,
    generate,
    spark,
    doctor,
    demo,
)

CLEAN, FOUND, FAILED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141


def build_parser(say: Say) -> Parser:
    """The whole command line, with its help in one language."""
    from kunjing_exchange import __version__

    parser = Parser(
        say,
        prog="kunjing",
        description=say(
            "困境儿童信息的交换、校验、转换与汇总（豫政办〔2017〕47号）。\n退出码：0 无问题；1 有问题；2 未能完成。",
            "Exchange, validate, convert and report records of children in difficulty.\n"
            "Exit status: 0 clean; 1 findings; 2 the work could not be done.",
        ),
        epilog=say("每个命令的说明：kunjing 命令 --help", "More on a verb: kunjing VERB --help"),
    )
    parser.add_argument(
        "--version", action="version", version=f"kunjing {__version__}", help=say("显示版本", "show the version")
    )
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar=say("命令", "VERB"), title=say("命令", "verbs"), parser_class=Parser
    )
    for verb in VERBS:
        verb.add(verbs, say)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status and raises nothing."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    terminal.prepare()
    lang = language(arguments)
    say = lexicon(lang)
    try:
        status = _run(arguments, say)
        sys.stdout.flush()
    except ExchangeError as error:
        terminal.note(f"kunjing: {error.text(lang)}")
        return FAILED
    except BrokenPipeError:
        terminal.silence()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        _debug()
        about = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or type(error).__name__
        terminal.note(f"kunjing: {about}")
        return FAILED
    except Exception as error:
        _debug()
        terminal.note(
            say(
                f"kunjing：内部错误 {type(error).__name__}（设 KUNJING_DEBUG=1 可看详情）",
                f"kunjing: internal error {type(error).__name__} (KUNJING_DEBUG=1 shows more)",
            )
        )
        return FAILED
    return status


def _run(arguments: list[str], say: Say) -> int:
    try:
        args = build_parser(say).parse_args(arguments)
    except SystemExit as stop:  # argparse's way to end after --help or a usage error
        return stop.code if isinstance(stop.code, int) else CLEAN
    if hasattr(args, "jobs"):
        start_early([args.file] if isinstance(args.file, str) else args.file, args.jobs)
    status: int = args.run(args, say)
    return status


def _debug() -> None:
    """The traceback may hold values of records: only who asks for it gets it."""
    if os.environ.get("KUNJING_DEBUG") == "1":
        traceback.print_exc()
