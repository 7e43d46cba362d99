"""``kunjing spark``: validate, report and convert on Apache Spark."""

from __future__ import annotations

import contextlib
import functools
import pathlib
from collections.abc import Callable
from typing import Any

from kunjing_exchange.cli import terminal
from kunjing_exchange.cli.disclosure import add_disclosure, released
from kunjing_exchange.cli.options import Parser, Say, add_actions, add_output, add_show_values, add_verb, day
from kunjing_exchange.errors import ExchangeError, InvalidArgument

LEVELS = ("village", "township", "county", "city", "province")
DOCUMENTS = ("text", "json", "jsonl", "csv")
TABLES = ("text", "json", "csv", "xml")


def add(verbs: Any, say: Say) -> None:
    """The verb's actions and options."""
    parser = add_verb(
        verbs,
        say,
        "spark",
        say(
            "在 Apache Spark 上校验、汇总、转换（附加组件 spark，见 docs/spark.md）",
            "validate, report and convert on Apache Spark (extra spark; docs/spark.md)",
        ),
        None,
        (
            "kunjing spark validate counties --each --format jsonl --master 'local[2]'",
            "kunjing spark convert counties converted --format jsonl --master 'local[2]'",
        ),
    )
    actions = add_actions(parser, say)
    _add_validate(actions, say)
    _add_report(actions, say)
    _add_convert(actions, say)


def _action(actions: Any, say: Say, name: str, summary: str, run: Any, source: str) -> Parser:
    made = add_verb(actions, say, name, summary, _told(run))
    made.add_argument("file", metavar=say("文件", "FILE"), help=source)
    made.add_argument(
        "--master",
        metavar="URL",
        help=say("Spark 主节点，如 local[4]（默认由 spark-submit 决定）", "such as local[4] (default: spark-submit's)"),
    )
    made.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=VALUE",
        help=say("Spark 设置，如 spark.driver.memory=4g", "a setting of Spark, such as spark.driver.memory=4g"),
    )
    return made


def _told(run: Callable[[Any, Say], int]) -> Callable[[Any, Say], int]:
    """The work, with a word of where Spark went if it ends before the work does."""

    @functools.wraps(run)
    def told(args: Any, say: Say) -> int:
        try:
            return run(args, say)
        except Exception as error:
            if _is_gone(error):
                raise ExchangeError(
                    "Spark 中途停止，多因内存不足：请用 --set spark.driver.memory=8g 等加大（见 docs/spark.md）",
                    "Spark stopped, mostly for want of memory: give it more, as with --set spark.driver.memory=8g "
                    "(see docs/spark.md)",
                ) from None
            raise

    return told


def _is_gone(error: Exception) -> bool:
    """Whether Java ended, or had no memory left; a closed pipe is whoever reads our output."""
    if isinstance(error, (ConnectionRefusedError, ConnectionResetError)):
        return True
    name = type(error).__name__
    return name == "Py4JNetworkError" or (name == "Py4JJavaError" and "OutOfMemoryError" in str(error))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ValueError
    return name, value


_setting.__name__ = "setting"


def _add_validate(actions: Any, say: Say) -> None:
    made = _action(
        actions,
        say,
        "validate",
        say("校验一份大的报送，或一个文件夹中的多份报送", "check one large submission, or a folder of submissions"),
        run_validate,
        say(
            "JSON Lines 报送（文件夹即按文件名次序相接的各部分）；加 --each 时为每个文件各是一份报送的文件夹",
            "a submission in JSON Lines (a folder: its parts in the order of their names); with --each a folder of "
            "submissions of any format",
        ),
    )
    made.add_argument(
        "--each",
        action="store_true",
        help=say("文件夹中每个文件各是一份报送", "each file of the folder is a submission of its own"),
    )
    made.add_argument("--format", choices=DOCUMENTS, default="text", help=say("结果的格式", "format of the result"))
    made.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    made.add_argument(
        "--as-of", type=day, metavar="YYYY-MM-DD", help=say("没有报送头时的截止日期", "day where there is no header")
    )
    add_show_values(made, say)
    add_output(made, say)


def _add_report(actions: Any, say: Say) -> None:
    made = _action(
        actions,
        say,
        "report",
        say("由大的报送或 Parquet 数据集生成汇总表", "fill statistical tables from a large submission or a dataset"),
        run_report,
        say(
            "JSON Lines 报送；加 --dataset 时为 Parquet 数据集的文件夹",
            "a submission in JSON Lines; with --dataset the folder of a dataset in Parquet",
        ),
    )
    made.add_argument("--dataset", action="store_true", help=say("输入是 Parquet 数据集", "the input is a dataset"))
    made.add_argument("--table", default="all", metavar=say("表号", "ID"), help=say("汇总表", "which tables"))
    made.add_argument("--by", choices=LEVELS, default="county", help=say("每行是什么", "what a row is"))
    made.add_argument("--period", metavar="2017Q3", help=say("报告期（数据集必须给出）", "period (a dataset wants it)"))
    made.add_argument("--edition", metavar=say("版本", "NAME"), help=say("政策版本", "policy edition"))
    made.add_argument("--format", choices=TABLES, default="text", help=say("结果的格式", "format of the result"))
    add_disclosure(made, say)
    add_output(made, say)


def _add_convert(actions: Any, say: Say) -> None:
    made = _action(
        actions,
        say,
        "convert",
        say("把报送写成 Parquet 数据集，或逐个转换文件夹中的报送", "write a dataset, or convert a folder file by file"),
        run_convert,
        say(
            "parquet：一份 JSON Lines 报送；其他格式：每个文件各是一份报送的文件夹",
            "for parquet one submission in JSON Lines, else a folder of submissions",
        ),
    )
    made.add_argument("target", metavar=say("输出文件夹", "FOLDER"), help=say("写到哪里", "where to"))
    made.add_argument(
        "--format",
        choices=("parquet", "xml", "json", "jsonl", "xlsx"),
        required=True,
        help=say("写成什么格式", "which format to write"),
    )
    made.add_argument(
        "--for-analysis",
        action="store_true",
        help=say("数据集不含姓名、号码、地址和限制字段", "a dataset without names, numbers, addresses"),
    )
    made.add_argument("--whole", action="store_true", help=say("数据集含全部字段", "a dataset of everything"))
    made.add_argument("--force", action="store_true", help=say("覆盖已有的输出", "overwrite the output"))


def _session(args: Any) -> Any:
    """Spark's session; it ends with the process."""
    from kunjing_exchange.spark import open_session

    return open_session(args.master, {"spark.ui.showConsoleProgress": "false", **dict(args.set)})


def run_validate(args: Any, say: Say) -> int:
    """Validate and print."""
    from kunjing_exchange import documents, policy, spark
    from kunjing_exchange.documents import Review
    from kunjing_exchange.findings import Severity, Verdict

    edition, lang = args.edition or policy.DEFAULT_EDITION, say("zh", "en")
    if args.each:
        return _validate_each(args, edition, lang)
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(terminal.open_text(args.output, force=args.force, utf8=args.format == "csv"))
        findings = stack.enter_context(
            spark.validate(_session(args), args.file, edition=edition, as_of=args.as_of, show_values=args.show_values)
        )
        review = stack.enter_context(Review(findings))
        if args.format == "json":
            documents.write_json(review, stream, file=args.file, lang=lang)
        elif args.format == "jsonl":
            documents.write_json_lines(review, stream, lang=lang)
        elif args.format == "csv":
            documents.write_csv(review, stream, lang=lang)
        else:
            documents.write_text(review, stream, file=args.file, lang=lang, paint=terminal.painter(stream))
        if findings.verdict is Verdict.UNDETERMINED:
            return 2
        return int(findings.worst() is Severity.ERROR)


def _validate_each(args: Any, edition: str, lang: str) -> int:
    """One line of JSON for each finding and each file: what can be read while it comes."""
    import json

    from kunjing_exchange import spark
    from kunjing_exchange.findings import Verdict

    if args.format != "jsonl":
        raise InvalidArgument("--each 只写 jsonl：请加 --format jsonl", "--each writes jsonl: add --format jsonl")
    if args.as_of is not None:
        raise InvalidArgument("--each 不能与 --as-of 同用", "--each takes no --as-of")
    status = 0
    with terminal.open_text(args.output, force=args.force) as stream:
        for one in spark.validate_folder(_session(args), args.file, edition=edition, show_values=args.show_values):
            for finding in one.findings:
                stream.write(json.dumps(finding.as_dict(lang)) + "\n")
            last = {"file": one.file, "verdict": one.verdict.value, "summary": one.summary.as_dict()}
            if one.failure is not None:
                last["failure"] = one.failure[lang == "en"]
            stream.write(json.dumps(last) + "\n")
            worst = 2 if one.verdict is Verdict.UNDETERMINED else int(one.summary.by_severity.get("error", 0) > 0)
            status = max(status, worst)
    return status


def run_report(args: Any, say: Say) -> int:
    """Count and print."""
    from kunjing_exchange import policy, spark
    from kunjing_exchange.report import write_report

    edition = args.edition or policy.DEFAULT_EDITION
    names = args.table if args.table == "all" else args.table.split(",")
    if args.dataset and args.period is None:
        raise InvalidArgument("数据集须用 --period 指定报告期", "a dataset wants --period")
    session = _session(args)
    if args.dataset:
        reports = spark.report_dataset(session, args.file, table=names, by=args.by, period=args.period, edition=edition)
    else:
        with spark.validate(session, args.file, edition=edition) as submission:
            reports = spark.report(submission, table=names, by=args.by, period=args.period)
    inside = args.output == "-" and args.format == "text"
    made = released(args, say, [*reports.values()], inside=inside)
    write_report(made, args.output, args.format, say("zh", "en"), force=args.force)
    return 0


def run_convert(args: Any, say: Say) -> int:
    """Write the dataset, or the files; list what failed."""
    from kunjing_exchange import spark

    if args.format == "parquet":
        with spark.validate(_session(args), args.file) as submission:
            spark.export_dataset(
                submission, args.target, for_analysis=args.for_analysis, whole=args.whole, force=args.force
            )
        return 0
    if args.for_analysis or args.whole:
        raise InvalidArgument("--for-analysis 和 --whole 只用于 parquet", "--for-analysis and --whole are for parquet")
    status = 0
    target = pathlib.Path(args.target).absolute()
    for one in spark.convert_folder(_session(args), args.file, target, to=args.format, force=args.force):
        done = (f"{one.target}：{one.records} 条记录，丢失 {one.losses} 处",
                f"{one.target}: {one.records} records, {one.losses} losses")  # fmt: skip
        terminal.note(say(*(one.failure or done)))
        status = max(status, 2 if one.failure is not None else int(one.losses > 0))
    return status
