"""``kunjing generate``: made-up submissions."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import ENCODINGS, FORMATS, Say, add_output, add_verb, count


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "generate",
        say("生成虚构的报送文件（没有真人）", "make up a submission (nobody real is in it)"),
        run,
        (
            "kunjing generate --children 20 --division 411303 --seed 7 --format xml -o made-up.xml",
            "kunjing generate --children 20 --seed 7 --with-faults all --format jsonl -o faulty.jsonl",
        ),
    )
    parser.add_argument("--children", type=count, required=True, metavar="N", help=say("儿童数", "number of children"))
    parser.add_argument(
        "--division", default="411300", metavar=say("区划", "CODE"), help=say("市或县的区划代码", "city or county")
    )
    parser.add_argument("--period", default="2017Q3", metavar=say("报告期", "PERIOD"), help="2017, 2017Q3, 2017-09")
    parser.add_argument("--seed", type=count, default=0, metavar="S", help=say("同种子同结果", "same seed, same bytes"))
    parser.add_argument("--format", choices=FORMATS, help=say("默认看输出文件名", "default: by the output's name"))
    parser.add_argument(
        "--encoding", choices=ENCODINGS, default="utf-8", help=say("输出文本的编码", "encoding of text output")
    )
    parser.add_argument(
        "--with-faults",
        action="append",
        default=[],
        metavar=say("规则|all", "RULE|all"),
        help=say("放入某条规则（或全部）会发现的错误", "put in faults that a rule (or every one) finds"),
    )
    parser.add_argument(
        "--fault-rate", type=float, default=0.05, metavar="R", help=say("出错的比例", "share of files with a fault")
    )
    parser.add_argument(
        "--fault-log",
        metavar=say("文件", "FILE"),
        help=say("把放入的错误记入此文件（JSON Lines）", "write down the faults put in (JSON Lines)"),
    )
    add_output(parser, say)


def run(args: Any, say: Say) -> int:
    """Make the submission, and put the faults in."""
    from kunjing_exchange.convert import format_of
    from kunjing_exchange.faults import seeder
    from kunjing_exchange.generate import generate
    from kunjing_exchange.wire import open_output, open_writer

    chosen = args.format or format_of(args.output)
    if chosen in ("xlsx", "csv"):
        terminal.refuse_binary(args.output)
    with contextlib.ExitStack() as stack:
        log = None
        if args.fault_log:
            lines = stack.enter_context(terminal.open_text(args.fault_log, force=args.force))

            def log(fault: dict[str, Any]) -> None:
                lines.write(json.dumps(fault) + "\n")

        ids = "all" if "all" in args.with_faults else args.with_faults
        distort = seeder(ids, args.fault_rate, log) if ids else None
        pieces = generate(args.children, division=args.division, period=args.period, seed=args.seed, distort=distort)
        stream = stack.enter_context(open_output(args.output, force=args.force))
        writer = open_writer(chosen, stream, encoding=args.encoding)
        for kind, record in pieces:
            writer.write(kind, record)
        writer.close()
    terminal.note(say(f"已生成 {args.children} 名儿童（{chosen}）", f"{args.children} children made up as {chosen}"))
    return 0
