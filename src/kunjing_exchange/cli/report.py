"""``kunjing report``: a statistical table from an accepted submission."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_input, add_output, add_verb


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "report",
        say("由报送文件生成汇总表", "fill a statistical table from a submission"),
        run,
        (
            "kunjing report county.xml --table HN-2017-1 --by township",
            "kunjing report county.xml --table HN-2017-1 --by county --format xlsx -o table.xlsx",
        ),
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    parser.add_argument("--table", default="HN-2017-1", metavar=say("表号", "ID"), help=say("汇总表", "which table"))
    parser.add_argument(
        "--by", choices=("county", "township"), default="county", help=say("按县区或乡镇分行", "what a row is")
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--format", choices=("text", "json", "xlsx"), default="text", help=say("结果的格式", "format of the table")
    )
    add_output(parser, say)


def run(args: Any, say: Say) -> int:
    """Fill the table and print it."""
    from kunjing_exchange import policy
    from kunjing_exchange.report import Report, report
    from kunjing_exchange.wire import open_output

    lang = say("zh", "en")

    def fill() -> Report:
        return report(
            args.file,
            table=args.table,
            by=args.by,
            edition=args.edition or policy.DEFAULT_EDITION,
            format=args.input_format,
            encoding=args.input_encoding,
        )

    # The output is opened first: that it exists already is known before the work, not after.
    if args.format == "xlsx":
        terminal.refuse_binary(args.output)
        with open_output(args.output, force=args.force) as binary:
            fill().write_xlsx(binary, lang)
        return 0
    with terminal.open_text(args.output, force=args.force) as stream:
        filled = fill()
        if args.format == "json":
            terminal.print_json(filled.as_dict(lang), stream)
        else:
            stream.write(filled.text(lang).rstrip("\n") + "\n")
    return 0
