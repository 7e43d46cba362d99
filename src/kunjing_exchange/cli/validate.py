"""``kunjing validate``: everything that is wrong with a submission."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_input, add_jobs, add_output, add_show_values, add_verb, count, day

SHOWN_PER_ID = 100
FAIL_ON = ("error", "warning", "info", "never")


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "validate",
        say("校验报送文件：结构、代码、证件号码和政策规则", "check a submission: schema, codes, identifiers, rules"),
        run,
        ("kunjing validate county.xml", "kunjing validate county.xml --format json -o findings.json --fail-on never"),
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    add_output(parser, say)
    parser.add_argument(
        "--format", choices=("text", "json", "jsonl"), default="text", help=say("结果的格式", "format of the result")
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="YYYY-MM-DD",
        help=say("没有报送头时的截止日期", "day of judging where there is no header"),
    )
    parser.add_argument(
        "--max-findings",
        type=count,
        metavar="N",
        help=say(
            f"最多列出几条（text 为每个编号 {SHOWN_PER_ID} 条，其余格式默认全部）",
            f"how many to list (text: {SHOWN_PER_ID} of each id; else all)",
        ),
    )
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="error",
        help=say("达到此级别即退出码 1", "exit status 1 from this severity up"),
    )
    add_show_values(parser, say)
    add_jobs(parser, say)


def run(args: Any, say: Say) -> int:
    """Validate and print."""
    from kunjing_exchange import listing, policy
    from kunjing_exchange.findings import Severity, Verdict
    from kunjing_exchange.validate import validate

    lang = say("zh", "en")
    file = "<stdin>" if args.file == "-" else args.file
    with (
        terminal.open_text(args.output, force=args.force) as stream,
        validate(
            args.file,
            edition=args.edition or policy.DEFAULT_EDITION,
            format=args.input_format,
            encoding=args.input_encoding,
            as_of=args.as_of,
            show_values=args.show_values,
        ) as findings,
    ):
        if args.format == "json":
            listing.write_json(findings, stream, file=file, lang=lang, limit=args.max_findings)
        elif args.format == "jsonl":
            listing.write_json_lines(findings, stream, lang=lang, limit=args.max_findings)
        else:
            limit = SHOWN_PER_ID if args.max_findings is None else args.max_findings
            paint = terminal.painter(stream)
            listing.write_text(findings, stream, file=file, lang=lang, limit=limit, paint=paint)
        if findings.verdict is Verdict.UNDETERMINED:
            return 2
        worst = findings.worst()
        return int(args.fail_on != "never" and worst is not None and worst.rank >= Severity(args.fail_on).rank)
