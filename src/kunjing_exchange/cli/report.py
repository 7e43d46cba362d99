"""``kunjing report``: statistical tables from accepted submissions; ``trace``, ``compare`` and ``rollup``."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.disclosure import add_disclosure, released
from kunjing_exchange.cli.options import FORMATS, Parser, Say, add_jobs, add_output, add_verb, day

if TYPE_CHECKING:
    from kunjing_exchange.findings import Finding
    from kunjing_exchange.report import Change, Report, Return

LEVELS = ("village", "township", "county", "city", "province")
"""The same as ``kunjing_exchange.report.LEVELS``, which is too heavy to import for a help text."""

OUTPUTS = ("text", "json", "xlsx", "html", "pdf", "csv", "xml", "parquet")
"""The same as ``kunjing_exchange.report.FORMATS``."""


def add(verbs: Any, say: Say) -> None:
    """The verb's options, and its actions."""
    parser = add_verb(
        verbs,
        say,
        "report",
        say(
            "由报送文件生成汇总表；另有 kunjing report trace、compare、rollup",
            "fill statistical tables from submissions; there are kunjing report trace, compare and rollup too",
        ),
        run,
        (
            "kunjing report county.xml --table HN-2017-1 --by township",
            "kunjing report trace KJ-T1 total county.xml --by township",
        ),
    )
    parser.add_argument(
        "file",
        nargs="+",
        metavar=say("文件", "FILE"),
        help=say(
            "报送文件，或 kunjing export dataset --whole 写出的文件夹；更正报送与原报送一起给出时以新的为准",
            "submissions, or folders that kunjing export dataset --whole wrote; a correction replaces what it corrects",
        ),
    )
    _add_reading(parser, say)
    parser.add_argument(
        "--table",
        default="HN-2017-1",
        metavar=say("表号", "ID"),
        help=say("汇总表，可用逗号分开，all 为全部", "which table, several with commas between, or all"),
    )
    parser.add_argument(
        "--known-on", type=day, metavar="YYYY-MM-DD", help=say("按此日所知汇总", "count as known on that day")
    )
    _add_tables_format(parser, say)
    add_jobs(parser, say)
    actions = {"trace": _trace_parser(parser, say), "compare": _compare_parser(parser, say)}
    actions["rollup"] = _rollup_parser(parser, say)
    plain = parser.parse_known_args

    def parse(args: Sequence[str], namespace: Any = None) -> Any:
        if args and args[0] in actions:
            return actions[args[0]].parse_known_args(args[1:], namespace)
        return plain(args, namespace)

    # A verb that takes a file as well as actions: the word decides, and a file of that name is ./trace.
    parser.parse_known_args = parse  # type: ignore[method-assign, assignment]


def _add_reading(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--input-format", choices=FORMATS, help=say("输入格式（默认按内容识别）", "input format (default: by content)")
    )
    parser.add_argument(
        "--encoding",
        "--input-encoding",
        dest="input_encoding",
        metavar=say("编码", "NAME"),
        help=say("输入编码（默认自动识别）", "input encoding (default: told by content)"),
    )
    parser.add_argument("--by", choices=LEVELS, default="county", help=say("每行是什么", "what a row is"))
    parser.add_argument(
        "--period",
        metavar="2017Q3",
        help=say("报告期（默认为报送的报告期）", "period (default: that of the submission)"),
    )
    parser.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))


def _add_format(parser: Parser, say: Say, formats: tuple[str, ...]) -> None:
    parser.add_argument("--format", choices=formats, default="text", help=say("结果的格式", "format of the result"))
    add_output(parser, say)


def _add_tables_format(parser: Parser, say: Say) -> None:
    parser.add_argument(
        "--format",
        choices=OUTPUTS,
        help=say(
            "结果的格式（默认按 -o 的后缀，屏幕上为 text）；-o 是文件夹（以 / 结尾、已存在或没有后缀）"
            "时写出工作簿和网页",
            "format of the result (default: by the suffix of -o, text on the screen); a folder as -o (ends with /, is "
            "there, or has no suffix) gets the workbook and the page",
        ),
    )
    add_output(parser, say)
    add_disclosure(parser, say)


def _action(parser: Parser, say: Say, name: str, summary: str, run: Callable[[Any, Say], int]) -> Parser:
    made = Parser(say, prog=f"{parser.prog} {name}", description=summary)
    made.set_defaults(run=run)
    return made


def _trace_parser(parser: Parser, say: Say) -> Parser:
    summary = say("列出一个数字背后的档案编号", "list the case ids behind a figure")
    made = _action(parser, say, "trace", summary, run_trace)
    made.add_argument("table", metavar=say("表号", "TABLE"), help=say("汇总表", "which table"))
    made.add_argument(
        "cell",
        metavar=say("单元格", "CELL"),
        help=say("行政区划/指标，如 411303/category_a；只写指标为合计", "DIVISION/FIGURE, or FIGURE for the total"),
    )
    made.add_argument("file", metavar=say("文件", "FILE"), help=say("报送文件", "submission"))
    _add_reading(made, say)
    _add_format(made, say, ("text", "json"))
    return made


def _compare_parser(parser: Parser, say: Say) -> Parser:
    summary = say(
        "比较两期汇总表（上期或上年同期）", "compare two tables: with the period before, or the same of last year"
    )
    made = _action(parser, say, "compare", summary, run_compare)
    made.add_argument("now", metavar=say("本期", "NOW"), help=say("本期汇总表（JSON）", "tables of now (JSON)"))
    made.add_argument("before", metavar=say("前期", "BEFORE"), help=say("前期汇总表（JSON）", "tables before (JSON)"))
    _add_format(made, say, ("text", "json"))
    return made


def _rollup_parser(parser: Parser, say: Say) -> Parser:
    summary = say(
        "核对并汇总下级上报的汇总表；不能平衡的退出码为 1",
        "check returns and add them; exit status 1 where one does not add up",
    )
    made = _action(parser, say, "rollup", summary, run_rollup)
    made.add_argument(
        "file", nargs="+", metavar=say("汇总表", "RETURN"), help=say("下级汇总表（JSON）", "returns (JSON)")
    )
    made.add_argument("--by", choices=LEVELS, help=say("汇总到哪一级", "level of the sums"))
    made.add_argument(
        "--previous",
        nargs="+",
        default=[],
        metavar=say("上期", "FILE"),
        help=say("上期汇总表（JSON）", "returns before"),
    )
    made.add_argument(
        "--own",
        metavar=say("档案", "FILE"),
        help=say("本级所有的档案报送，用于核对", "the case files, to compare with"),
    )
    _add_tables_format(made, say)
    return made


def run(args: Any, say: Say) -> int:
    """Fill the tables and write them."""
    from kunjing_exchange import policy
    from kunjing_exchange.report import report, table_names
    from kunjing_exchange.report.output import tables_json

    def fill() -> list[Report]:
        names = table_names() if args.table == "all" else tuple(args.table.split(","))
        drawn = _is_folder(args) or _format(args) in ("html", "pdf")
        filled = report(
            args.file,
            table=[*names, "KJ-AGES"] if args.table == "all" and drawn else [*names],
            by=args.by,
            period=args.period,
            known_on=args.known_on,
            edition=args.edition or policy.DEFAULT_EDITION,
            format=args.input_format,
            encoding=args.input_encoding,
            jobs=args.jobs,
        )
        return list(filled.values())

    _write(args, say, fill, lambda reports: tables_json(reports, say("zh", "en")))
    return 0


def run_trace(args: Any, say: Say) -> int:
    """List the case ids."""
    from kunjing_exchange import policy
    from kunjing_exchange.report import trace

    division, slash, column = args.cell.rpartition("/")
    with terminal.open_text(args.output, force=args.force) as stream:
        found = trace(
            args.file,
            args.table,
            column,
            division if slash else None,
            by=args.by,
            period=args.period,
            edition=args.edition or policy.DEFAULT_EDITION,
            format=args.input_format,
            encoding=args.input_encoding,
        )
        if args.format == "json":
            terminal.print_json(
                {"table": args.table, "column": column, "division": division or None, "cases": found}, stream
            )
        else:
            stream.writelines(f"{one}\n" for one in found)
    return 0


def run_compare(args: Any, say: Say) -> int:
    """Compare the tables that both files hold."""
    from kunjing_exchange.report import compare

    now, before = (_readable(path, say) for path in (args.now, args.before))
    lang = say("zh", "en")
    earlier = {one.table.id: one for one in before.reports}
    with terminal.open_text(args.output, force=args.force) as stream:
        pairs = [(one, earlier[one.table.id]) for one in now.reports if one.table.id in earlier]
        changes = [(one, was, compare(one, was)) for one, was in pairs]
        if args.format == "json":
            terminal.print_json(
                [
                    {
                        "table": one.table.id,
                        "now": one.period,
                        "before": was.period,
                        "figures": [change.as_dict(lang) for change in changed],
                    }
                    for one, was, changed in changes
                ],
                stream,
            )
        else:
            for one, was, changed in changes:
                stream.write(f"{one.table.id} {one.period} / {was.period}\n")
                stream.writelines(f"{line}\n" for line in terminal.columns(_changes(changed, say)))
                hidden = sum(change.column.additive and change.difference is None for change in changed)
                if hidden:
                    stream.write(
                        say(f"{hidden} 个数字不公布，不能比较\n", f"{hidden} figures are hidden: not compared\n")
                    )
    return 0


def _changes(changes: list[Change], say: Say) -> list[tuple[Any, ...]]:
    heading = say("行政区划 指标 前期 本期 增减 增减%", "division figure before now change %").split()
    rows: list[tuple[Any, ...]] = [tuple(heading)]
    for change in changes:
        if change.difference:
            name = say(change.name_zh, change.name_en)
            title = " · ".join(
                say("\n".join(change.column.headings_zh), "\n".join(change.column.headings_en)).split("\n")
            )
            rows.append((name, title, change.before, change.now, change.difference, change.percent or ""))
    return rows


def run_rollup(args: Any, say: Say) -> int:
    """Check, add and write; 1 where a return does not add up."""
    from kunjing_exchange.report import read_return, report, rollup

    lang = say("zh", "en")
    returns = [read_return(path) for path in args.file]
    previous = [read_return(path) for path in args.previous]
    own = None
    reports = [one for each in returns for one in each.reports]
    if args.own is not None and reports:
        ids = list(dict.fromkeys(one.table.id for one in reports))
        own = report(args.own, table=ids, by=reports[0].level, period=reports[0].period)
    rolled = rollup(returns, by=args.by, previous=previous, own=own)
    for finding in rolled.findings:
        terminal.note(_finding(finding, lang))

    def as_json(reports: list[Report]) -> dict[str, Any]:
        return dataclasses.replace(rolled, reports={one.table.id: one for one in reports}).as_dict(lang)

    _write(args, say, lambda: list(rolled.reports.values()), as_json)
    return 0 if rolled.adds_up else 1


def _finding(finding: Finding, lang: str) -> str:
    return f"{finding.location.file}: {finding.severity.value} {finding.id} {finding.message(lang)}"


def _readable(path: str, say: Say) -> Return:
    """A file of tables.

    Raises:
        UnreadableInput: it is not of the form.
    """
    from kunjing_exchange.errors import UnreadableInput
    from kunjing_exchange.report import read_return

    found = read_return(path)
    for finding in found.findings:
        raise UnreadableInput(finding.message_zh, finding.message_en, finding_id=finding.id)
    return found


def _is_folder(args: Any) -> bool:
    """Whether the output is a folder: it says so, it is one, or it says no format in any way."""
    if args.output == "-":
        return False
    unsaid = args.format is None and not os.path.splitext(args.output)[1]
    return unsaid or args.output.endswith(("/", os.sep)) or os.path.isdir(args.output)


def _format(args: Any) -> str | None:
    """The format asked for, by name or suffix; None where the suffix is none of them."""
    from kunjing_exchange.report.output import format_of

    return args.format or ("text" if args.output == "-" else format_of(args.output))


def _write(
    args: Any,
    say: Say,
    fill: Callable[[], list[Report]],
    as_json: Callable[[list[Report]], dict[str, Any]],
) -> None:
    """The tables in a format. The output is opened first: that it exists is known before the work, not after.

    Raises:
        InvalidArgument: one format is asked for, and a folder to write it into.
    """
    from kunjing_exchange.errors import InvalidArgument
    from kunjing_exchange.report.output import tables_text, write_folder, write_report

    lang, form = say("zh", "en"), _format(args)

    def made() -> list[Report]:
        inside = args.output == "-" and form == "text"
        return released(args, say, fill(), inside=inside)

    def filled() -> Iterator[Report]:
        yield from made()

    if _is_folder(args):
        if args.format is not None:
            raise InvalidArgument(
                "写入文件夹时不用 --format（写出工作簿和网页）；要一种格式请用 -o 指定文件",
                "a folder gets the workbook and the page, without --format; for one format give a file with -o",
            )
        write_folder(filled(), args.output, lang, force=args.force)
    elif form in ("text", "json"):
        # A terminal of another encoding than UTF-8 is written to as it can show.
        with terminal.open_text(args.output, force=args.force) as stream:
            if form == "json":
                terminal.print_json(as_json(made()), stream)
            else:
                stream.write(tables_text(made(), lang))
    else:
        terminal.refuse_binary(args.output)
        write_report(filled(), args.output, form, lang, force=args.force)
