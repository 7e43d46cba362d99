"""``kunjing assess``: categories, entitlements and differences, explained."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_input, add_jobs, add_output, add_show_values, add_verb, day
from kunjing_exchange.errors import InvalidArgument


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "assess",
        say(
            "对照政策：类别、应享待遇及差异，并说明理由",
            "hold files against the policy: categories, entitlements, differences",
        ),
        run,
        (
            "kunjing assess county.xml --on 2017-09-30 --fail-on never",
            "kunjing assess county.xml --on 2017-09-30 --format json -o differences.json --fail-on never",
        ),
    )
    add_input(parser, say, "--encoding", "--input-encoding")
    parser.add_argument(
        "--on", type=day, required=True, metavar="YYYY-MM-DD", help=say("以哪一天为准", "the day to judge on")
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--policy", metavar=say("文件", "FILE"), help=say("本地政策补充（TOML）", "a place's own overlay (TOML)")
    )
    parser.add_argument(
        "--case", metavar=say("档案编号", "CASE_ID"), help=say("只说明这一份档案", "explain this one file")
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "html"),
        default="text",
        help=say("结果的格式（jsonl：每份档案一行）", "format of the result (jsonl: a line for each file)"),
    )
    parser.add_argument(
        "--fail-on",
        choices=("difference", "never"),
        default="difference",
        help=say("有差异即退出码 1", "exit status 1 where there is a difference"),
    )
    add_output(parser, say)
    add_show_values(parser, say)
    add_jobs(parser, say)


def run(args: Any, say: Say) -> int:
    """Assess and print."""
    from kunjing_exchange import advice, policy
    from kunjing_exchange.assess import assess
    from kunjing_exchange.findings import Verdict

    write = {
        "text": advice.write_text,
        "json": advice.write_json,
        "jsonl": advice.write_json_lines,
        "html": advice.write_html,
    }[args.format]
    with (
        terminal.open_text(args.output, force=args.force) as stream,
        assess(
            args.file,
            on=args.on,
            edition=args.edition or policy.DEFAULT_EDITION,
            overlay=args.policy,
            format=args.input_format,
            encoding=args.input_encoding,
            show_values=args.show_values,
            jobs=args.jobs,
        ) as assessment,
    ):
        cases = None
        if args.case is not None:
            case = assessment.case(args.case)
            if case is None:
                raise InvalidArgument("没有可评估的这份档案", "no such case file that could be assessed")
            cases = [case]
        elif len(assessment) == 1:
            cases = list(assessment)
        write(assessment, cases, stream, say("zh", "en"))
        if assessment.verdict is Verdict.UNDETERMINED:
            return 2
        found = assessment.totals["differences"] if cases is None else [case for case in cases if case.differences]
        return int(args.fail_on != "never" and bool(found))
