"""``kunjing reconcile``: a register held against departments' files."""

from __future__ import annotations

import argparse
import pathlib
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.options import Say, add_department_files, add_output, add_show_values, add_verb, count, day

if TYPE_CHECKING:
    from kunjing_exchange.reconcile import Reconciliation

DOCUMENTS = ("text", "json", "html", "xlsx")
_BY_SUFFIX = {".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}


def add(verbs: Any, say: Say) -> None:
    """The verb's options."""
    parser = add_verb(
        verbs,
        say,
        "reconcile",
        say(
            "登记册与部门数据比对：应保未保、应退未退、重复享受、信息矛盾",
            "hold a register against departments' files: missing, to leave, paid twice, contradictions",
        ),
        run,
        (
            "kunjing reconcile county.xml county.xml --on 2017-09-30 --fail-on never",
            "kunjing reconcile county.xml county.xml --numbers-only --fail-on never -o differences.xlsx --show-values",
        ),
    )
    parser.add_argument(
        "register",
        metavar=say("登记册", "REGISTER"),
        help=say("县级报送文件，任何格式", "the county's submission, any format"),
    )
    add_department_files(parser, say)
    parser.add_argument(
        "--on",
        type=day,
        metavar="YYYY-MM-DD",
        help=say("以哪一天为准（默认为登记册截止日期）", "the day (default: last day of the register's period)"),
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    parser.add_argument(
        "--numbers-only",
        action="store_true",
        help=say("只按证件号码比对（不需要附加组件 link）", "match by number only (without the extra link)"),
    )
    for name, default, zh, en in (
        ("match", 0.95, "按相像程度认定同一人的概率", "probability from which a likeness counts"),
        ("look", 0.5, "列出供核实的概率", "probability from which a likeness is listed to be looked at"),
        ("margin", 3.0, "须比次优者高出的权重（比特）", "weight in bits by which the best has to lead"),
    ):
        parser.add_argument(
            f"--{name}",
            type=float,
            default=default,
            metavar="X",
            help=say(f"{zh}（默认 {default}）", f"{en} ({default})"),
        )
    parser.add_argument(
        "--format",
        choices=DOCUMENTS,
        help=say(
            "结果的格式（默认按 -o 的后缀，否则 text）",
            "format of the result (default: by the suffix of -o, else text)",
        ),
    )
    parser.add_argument(
        "--max-differences",
        type=count,
        metavar="N",
        help=say(
            "每类最多列出几条（text 20，html、xlsx 20000）", "how many of each kind to list (text 20; html, xlsx 20000)"
        ),
    )
    parser.add_argument(
        "--fail-on",
        choices=("difference", "never"),
        default="difference",
        help=say("有差异即退出码 1", "exit status 1 where there is a difference"),
    )
    parser.add_argument(
        "--feedback",
        metavar=say("文件夹", "FOLDER"),
        help=say("为每个单位写一份需要核对的清单（CSV）", "write each office a list of what it should look at (CSV)"),
    )
    add_output(parser, say)
    add_show_values(parser, say)


def run(args: argparse.Namespace, say: Say) -> int:
    """Reconcile and print."""
    from kunjing_exchange import policy
    from kunjing_exchange.departments import local_codes
    from kunjing_exchange.documents import reconciliation
    from kunjing_exchange.linkage import Thresholds
    from kunjing_exchange.reconcile import reconcile
    from kunjing_exchange.wire import open_output

    form = args.format or _BY_SUFFIX.get(pathlib.PurePath(args.output).suffix.lower(), "text")
    if args.feedback is not None:
        reconciliation.refuse_existing(args.feedback, force=args.force)
    more: Any = {"lang": say("zh", "en"), "limit": args.max_differences}

    def compare() -> Reconciliation:
        return reconcile(
            args.register,
            args.files,
            on=args.on,
            layouts=[None if name == "auto" else name for name in args.layouts],
            local=local_codes(args.local_codes) if args.local_codes else None,
            edition=args.edition or policy.DEFAULT_EDITION,
            thresholds=Thresholds(args.match, args.look, args.margin),
            likeness=not args.numbers_only,
            show_values=args.show_values,
        )

    # The output is opened first: that it exists already is known before the work, not after.
    if form == "xlsx":
        terminal.refuse_binary(args.output)
        with open_output(args.output, force=args.force) as binary, compare() as found:
            reconciliation.write_workbook(found, binary, **more)
            _feedback(args, found, say)
            differences = any(found.totals["differences"].values())
    else:
        write = {
            "text": reconciliation.write_text,
            "json": reconciliation.write_json,
            "html": reconciliation.write_html,
        }
        with (
            terminal.open_text(args.output, force=args.force, utf8=form == "html") as stream,
            compare() as found,
        ):
            write[form](found, stream, **more)
            _feedback(args, found, say)
            differences = any(found.totals["differences"].values())
    return int(differences and args.fail_on != "never")


def _feedback(args: argparse.Namespace, found: Reconciliation, say: Say) -> None:
    from kunjing_exchange.documents import reconciliation

    if args.feedback is not None:
        for office in reconciliation.write_feedback(found, args.feedback, lang=say("zh", "en"), force=args.force):
            terminal.note(f"{args.feedback}/{office}.csv")
